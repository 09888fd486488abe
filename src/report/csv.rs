//! `csv`: one finding a line for other tables; UTF-8 with a byte order mark, so that Excel and WPS read it as such.
//!
//! Texts that a spreadsheet program would take for a formula get a `'` before them; amounts are plain numbers in yuan.
//! Findings that are counted once share their number.

use std::io::{self, Write};

use super::clean::{no_formula, visible};
use super::json::money;
use super::labels;
use super::view::{Line, View};
use crate::finding::Finding;
use crate::lang::Lang;

/// Writes the list.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(out);
    csv.write_record(heads(view.lang))?;
    for line in &view.lines {
        for finding in line.findings() {
            let row = row(line, finding, view.lang);
            csv.write_record(row.iter().map(|cell| no_formula(cell).into_owned()))?;
        }
    }
    csv.flush()
}

/// The first line. The notice that heads every list stands in it, because a line of its own would not be a table any more.
fn heads(lang: Lang) -> [&'static str; 19] {
    match lang {
        Lang::Zh => [
            "序号",
            "镇",
            "村",
            "方面",
            "级别",
            "结论",
            "问题",
            "问题描述（台账线索，需核实）",
            "涉及金额",
            "发生时间",
            "依据",
            "限额",
            "证据位置",
            "原值",
            "建议",
            "状态",
            "豁免",
            "规则",
            "指纹",
        ],
        Lang::En => [
            "no",
            "town",
            "village",
            "topic",
            "severity",
            "verdict",
            "title",
            "message (a lead from the ledgers, to be verified)",
            "amount",
            "date",
            "basis",
            "limits",
            "places",
            "raw",
            "advice",
            "status",
            "waiver",
            "rule",
            "fingerprint",
        ],
    }
}

fn row(line: &Line<'_>, finding: &Finding, lang: Lang) -> [String; 19] {
    let shown = |text: &str| visible(text).into_owned();
    let between = lang.pick("；", "; ");
    let places: Vec<String> = finding
        .evidence
        .iter()
        .map(|cell| labels::place(&cell.file, &cell.sheet, &cell.cell))
        .collect();
    let raw: Vec<String> = finding
        .evidence
        .iter()
        .map(|cell| format!("{}={}", visible(&cell.field), labels::raw(&cell.raw, lang)))
        .collect();
    let limits: Vec<String> = finding
        .limits
        .iter()
        .map(|limit| labels::limit(limit, lang))
        .collect();
    [
        line.number.to_string(),
        shown(&finding.town),
        shown(&finding.village),
        finding.topic.name(lang).to_owned(),
        finding.severity.name(lang).to_owned(),
        finding.verdict.name(lang).to_owned(),
        shown(&finding.title),
        shown(&finding.message),
        finding.amount.map(money).unwrap_or_default(),
        finding.date.as_deref().map(shown).unwrap_or_default(),
        labels::basis(finding, lang),
        limits.join(between),
        places.join(between),
        raw.join(between),
        shown(&finding.advice),
        labels::standing(finding, lang),
        finding
            .waiver
            .as_ref()
            .map(|waiver| labels::waiver(waiver, lang))
            .unwrap_or_default(),
        shown(&finding.rule),
        finding.fingerprint.to_string(),
    ]
}
