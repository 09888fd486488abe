//! `heyan diff`: two reports of different days.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command};

use super::output::{Outputs, to_stdout};
use super::{Exit, Failure, compared, merge};
use crate::lang::Lang;
use crate::report;
use crate::track;

/// `diff 对比`
pub(super) fn command(lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let report = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name)
            .value_name(value)
            .value_parser(clap::value_parser!(PathBuf))
            .required(true)
            .help(help)
    };
    let command = Command::new("diff")
        .visible_alias("对比")
        .about(say(
            "对比两份 JSON 报告：新增、仍在、已整改、改动、消失、未能核对",
            "compare two JSON reports: new, unchanged, rectified, altered, vanished, unknown",
        ))
        .after_help(say(
            "两份报告只能显示它们自己列出的单元格；要看每处改动，检查时用 heyan scan --baseline 上次.json。\n\n例：\n  heyan diff 上半年.json 下半年.json\n  heyan diff 上半年.json 下半年.json --output 对比.xlsx",
            "Two reports show only the cells they list themselves; to see every change, scan with heyan scan --baseline LAST.json.\n\nExamples:\n  heyan diff spring.json autumn.json\n  heyan diff spring.json autumn.json --output changes.xlsx",
        ))
        .arg(report("before", "BEFORE.json", say("以前的报告", "the earlier report")))
        .arg(report("now", "NOW.json", say("现在的报告", "the later report")));
    merge::outputs(command, lang)
}

/// Runs `heyan diff`. Without `--format` and `--output` it shows the differences alone; `--format json` writes
/// `heyan.diff/1`; every other format writes the later report with its statuses.
pub(super) fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let reports = ["before", "now"].into_iter();
    let reports = reports.filter_map(|name| matches.get_one::<PathBuf>(name));
    let reports: Vec<&Path> = reports.map(PathBuf::as_path).collect();
    let outputs = Outputs::open(matches, &[], &reports)?;
    let read = |name: &str| match matches.get_one::<PathBuf>(name) {
        Some(path) => compared::read(path),
        None => Err(Failure::Told(Exit::Usage)),
    };
    let (before, mut now) = (read("before")?, read("now")?);
    track::compare(&before, &mut now, &track::no_values);
    if matches.contains_id("output") {
        outputs.write(&now)?;
        return Ok(Exit::Clean);
    }
    match matches.get_one::<String>("format").map(String::as_str) {
        None | Some("text") => to_stdout(|out| report::diff::text(&before, &now, out))?,
        Some("json") => to_stdout(|out| report::diff::json(&before, &now, out))?,
        Some(_) => outputs.write(&now)?,
    }
    Ok(Exit::Clean)
}
