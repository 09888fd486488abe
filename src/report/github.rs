//! `github`: annotations in GitHub Actions. Every line is one workflow command; nothing from a ledger can begin another.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::clean::visible;
use super::labels;
use super::view::View;
use crate::discover::FileFormat;
use crate::finding::{Finding, InputStatus, Severity, Verdict};
use crate::lang::Lang;

/// Writes the annotations.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = view.lang;
    let counts = &view.counts;
    let total = match lang {
        Lang::Zh => format!(
            "{}：不符 {}，待核 {}，涉及 {}",
            labels::head(lang),
            counts.violations,
            counts.undetermined,
            labels::money(counts.amount, lang)
        ),
        Lang::En => format!(
            "{}: {} violations, {} undetermined, {} at stake",
            labels::head(lang),
            counts.violations,
            counts.undetermined,
            labels::money(counts.amount, lang)
        ),
    };
    command(out, "notice", &[("title", "heyan")], &total)?;
    for input in &view.report.inputs {
        if input.status == InputStatus::Unreadable {
            let message = input
                .reason
                .as_ref()
                .map_or("", |reason| reason.message.get(lang));
            let title = lang.pick("未能读取", "not readable");
            command(
                out,
                "error",
                &[("file", &input.file), ("title", title)],
                message,
            )?;
        }
    }
    // Of these files the rows are lines.
    let lines: BTreeSet<&str> = view
        .report
        .inputs
        .iter()
        .filter(|input| input.format == Some(FileFormat::Csv))
        .map(|input| input.file.as_str())
        .collect();
    for line in &view.lines {
        let finding = line.finding;
        let quiet = line.waived() || line.trial() || finding.verdict == Verdict::Undetermined;
        let level = match finding.severity {
            _ if quiet => "notice",
            Severity::Critical | Severity::Major => "error",
            Severity::Minor => "warning",
            Severity::Info => "notice",
        };
        let title = format!(
            "{} {} [{}]",
            labels::village(&finding.town, &finding.village, lang),
            finding.title,
            finding.rule
        );
        let (file, row) = place(finding);
        let row = row.to_string();
        let mut properties = vec![("file", file)];
        if lines.contains(file) {
            properties.push(("line", row.as_str()));
        }
        properties.push(("title", &title));
        let mut message = finding.message.clone();
        let places: Vec<String> = finding
            .evidence
            .iter()
            .map(|cell| labels::place(&cell.file, &cell.sheet, &cell.cell))
            .collect();
        for (word, text) in [
            (lang.pick("单元格", "cells"), places.join(" ")),
            (lang.pick("依据", "law"), labels::basis(finding, lang)),
            (lang.pick("建议", "advice"), finding.advice.clone()),
            (lang.pick("状态", "status"), labels::standing(finding, lang)),
        ] {
            if !text.is_empty() {
                message.push_str(lang.pick("；", "; "));
                message.push_str(word);
                message.push(' ');
                message.push_str(&text);
            }
        }
        command(out, level, &properties, &message)?;
    }
    Ok(())
}

/// The file and row to point at: the first cell's, else the first record's.
fn place(finding: &Finding) -> (&str, u32) {
    let row = finding.records.first().map_or(1, |record| record.row);
    match (finding.evidence.first(), finding.records.first()) {
        (Some(cell), _) => (
            &cell.file,
            super::address::parse(&cell.cell).map_or(row, |(row, _)| row),
        ),
        (None, Some(record)) => (&record.file, row),
        (None, None) => ("", row),
    }
}

/// One workflow command.
fn command(
    out: &mut dyn Write,
    level: &str,
    properties: &[(&str, &str)],
    message: &str,
) -> io::Result<()> {
    write!(out, "::{level}")?;
    let filled = properties.iter().filter(|(_, value)| !value.is_empty());
    for (index, (name, value)) in filled.enumerate() {
        let between = if index == 0 { ' ' } else { ',' };
        write!(out, "{between}{name}={}", escape(value, true))?;
    }
    writeln!(out, "::{}", escape(message, false))
}

/// A text within a command: what ends a property or the line is percent-encoded, as the runner decodes it.
fn escape(text: &str, property: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '%' => escaped.push_str("%25"),
            ':' if property => escaped.push_str("%3A"),
            ',' if property => escaped.push_str("%2C"),
            c => escaped.push(c),
        }
    }
    escaped
}
