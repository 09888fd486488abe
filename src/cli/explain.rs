//! `heyan explain`: why a finding, or why not.

use std::fmt::Write as _;

use clap::ArgMatches;

use super::progress::Progress;
use super::settings::Settings;
use super::{Exit, Failure, output, take};
use crate::finding::{Fingerprint, MissingWhat};
use crate::lang::{Bilingual, Lang};
use crate::ledger;
use crate::scan;
use crate::scan::explain::{self, At, Explanation};

/// Runs `heyan explain FINGERPRINT|RULE [--at FILE!SHEET!ROW] PATH…`: it scans again.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let settings = Settings::of(matches, lang)?;
    let lang = settings.lang;
    let which = matches
        .get_one::<String>("which")
        .map_or("", String::as_str);
    let at = matches
        .get_one::<String>("at")
        .map(|text| place(text))
        .transpose()?;
    let sources = take::find(&settings)?;
    let taken = take::take(&take::numbered(&sources), &settings, &Progress::Silent);
    let (villages, _) = ledger::gather(taken.ledgers, &settings.pack.kinds);
    let judging = scan::Settings {
        as_of: settings.as_of,
        lang,
        records: false,
    };
    let found = match (Fingerprint::parse(which), &at) {
        (Some(fingerprint), _) => {
            explain::fingerprint(&settings.pack, &villages, &judging, &fingerprint)
        }
        (None, Some(at)) => explain::row(
            &settings.pack,
            &villages,
            &judging,
            rule(which, &settings)?,
            at,
        ),
        (None, None) => {
            return Err(Failure::Usage(Bilingual::new(
                format!(
                    "“{which}”不是指纹；说明一条规则请加 --at '文件!工作表!行号'，指纹在报告里，形如 v1:0123456789abcdef"
                ),
                format!(
                    "`{which}` is no fingerprint; for a rule add --at 'file!sheet!row'; fingerprints stand in reports and look like v1:0123456789abcdef"
                ),
            )));
        }
    };
    if found.is_empty() {
        return Err(Failure::Usage(Bilingual::new(
            "这些台账里没有这个指纹或这一行；请检查文件名、工作表、行号（表头行不算记录），heyan inspect 列出识别到的行",
            "these ledgers have no such finding or row; check file, sheet and row (header rows are no records); `heyan inspect` lists the rows that were recognised",
        )));
    }
    let text: String = found
        .iter()
        .map(|one| told(one, lang))
        .collect::<Vec<_>>()
        .join("\n");
    output::to_stdout(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

/// The rule of an id or title.
fn rule<'a>(which: &str, settings: &'a Settings) -> Result<&'a str, Failure> {
    let rules = &settings.pack.rules;
    let meant = rules
        .iter()
        .find(|rule| rule.id == which || rule.title.zh == which || rule.title.en == which);
    meant.map(|rule| rule.id.as_str()).ok_or_else(|| {
        let near = crate::rules::nearest(which, rules.iter().map(|rule| rule.id.as_str()));
        let near = near
            .map(|near| {
                (
                    format!("；是不是 {near}"),
                    format!("; did you mean {near}?"),
                )
            })
            .unwrap_or_default();
        Failure::Usage(Bilingual::new(
            format!("没有规则“{which}”{}", near.0),
            format!("no rule `{which}`{}", near.1),
        ))
    })
}

/// `file!sheet!row`, the row counted from 1. A file's name may hold `!`.
fn place(text: &str) -> Result<At<'_>, Failure> {
    let mut parts = text.rsplitn(3, '!');
    let row = parts.next().and_then(|row| row.trim().parse().ok());
    let (sheet, file) = (parts.next(), parts.next());
    match (file, sheet, row) {
        (Some(file), Some(sheet), Some(row)) => Ok(At {
            file: file.trim(),
            sheet: sheet.trim(),
            row,
        }),
        _ => Err(Failure::Usage(Bilingual::new(
            format!("--at 要写成 '文件!工作表!行号'，例如 '李庄村.xlsx!合同!12'，不是“{text}”"),
            format!(
                "--at: write 'file!sheet!row', such as 'lizhuang.xlsx!Contracts!12', not `{text}`"
            ),
        ))),
    }
}

/// One explanation in words and trees.
fn told(one: &Explanation, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}  {} ! {} ! {}  {}",
        one.rule,
        one.file,
        one.sheet,
        one.row,
        one.verdict.name(lang)
    );
    if let Some(tree) = &one.applies {
        let _ = writeln!(
            text,
            "{}\n{}",
            say("适用条件：", "binds the record:"),
            indented(&explain::draw(tree))
        );
    }
    if let Some(tree) = &one.violation {
        let _ = writeln!(
            text,
            "{}\n{}",
            say("不符条件：", "is not as it should be:"),
            indented(&explain::draw(tree))
        );
    }
    for missing in &one.missing {
        let what = match missing.what {
            MissingWhat::Cell => say("缺单元格", "cell"),
            MissingWhat::Column => say("缺列", "column"),
            MissingWhat::Ledger => say("缺台账", "ledger"),
            MissingWhat::Limit => say("缺限额", "limit"),
        };
        let _ = writeln!(text, "  {what} {} {}", missing.name, missing.cell);
    }
    text
}

fn indented(tree: &str) -> String {
    tree.lines()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
