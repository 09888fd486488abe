//! [`Report`] → version 1, one element at a time, so that a report of a million records is never held twice.

use std::borrow::Cow;
use std::io::{self, Write};

use rust_decimal::Decimal;
use serde::Serialize;

use super::v1;
use crate::finding::{
    Balance, CitedLimit, CitedProvision, ColumnReport, Context, Coverage, Evidence, Finding, Input,
    Missing, NotRun, RecordRef, RecordReport, Report, Resolved, RuleInfo, TableReport, Tree,
    VillageLists,
};
use crate::lang::Lang;

/// The deepest level of a condition that is written: readers of JSON stop at a depth of 128, and each level takes two.
/// What lies deeper is still told, in the text of its parent.
const TREE_DEPTH: usize = 56;

/// The lists that grow with the records of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Findings,
    NotRun,
    Records,
}

impl List {
    pub(super) const ALL: [Self; 3] = [Self::Findings, Self::NotRun, Self::Records];

    fn key(self) -> &'static str {
        match self {
            Self::Findings => "findings",
            Self::NotRun => "not_run",
            Self::Records => "records",
        }
    }
}

/// Writes the report: a line for each entry, so that two reports can be compared by line.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_with(report, out, &mut |list, out| match list {
        List::Findings => entries(out, report.findings.iter().map(finding)),
        List::NotRun => entries(out, report.not_run.iter().map(not_run)),
        List::Records => entries(out, report.records.iter().map(record)),
    })
}

/// The entries of one list of a village, as they stand between the brackets.
pub(super) fn village(lists: &VillageLists, list: List) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    match list {
        List::Findings => lines(&mut out, lists.findings.iter().map(finding))?,
        List::NotRun => lines(&mut out, lists.not_run.iter().map(not_run))?,
        List::Records => lines(&mut out, lists.records.iter().map(record))?,
    };
    Ok(out)
}

/// Writes the report with the lists that `write_list` writes.
pub(super) fn write_with(
    report: &Report,
    out: &mut dyn Write,
    write_list: &mut dyn FnMut(List, &mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut large = |list: List, out: &mut dyn Write| {
        write!(out, ",\n\"{}\":", list.key())?;
        write_list(list, out)
    };
    let lang = report.lang;
    write!(out, "{{\"schema\":\"{}\"", v1::SCHEMA)?;
    key(out, "tool", &tool(report))?;
    key(out, "as_of", &report.as_of)?;
    key(out, "lang", &super::words::Lang::from(lang))?;
    list(out, "inputs", report.inputs.iter().map(|i| input(i, lang)))?;
    list(out, "coverage", report.coverage.iter().map(coverage))?;
    key(out, "balance", &balance(&report.balance))?;
    for list in List::ALL {
        large(list, out)?;
    }
    match &report.resolved {
        Some(resolved) => list(out, "resolved", resolved.iter().map(self::resolved))?,
        None => key(out, "resolved", &())?,
    }
    list(out, "rules", report.rules.iter().map(rule))?;
    list(out, "restated", report.restated.iter().map(limit))?;
    key(out, "waivers_applied", &report.waivers_applied)?;
    list(out, "notes", report.notes.iter())?;
    out.write_all(b"\n}\n")
}

/// Writes the inputs alone under their key, as the report has them.
pub(in crate::report) fn write_inputs<'a>(
    inputs: impl Iterator<Item = &'a Input>,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    entries(out, inputs.map(|i| input(i, lang)))
}

/// Writes one finding as one line.
pub(in crate::report) fn write_finding(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &self::finding(finding))?;
    out.write_all(b"\n")
}

fn key(out: &mut dyn Write, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, ",\n\"{name}\":")?;
    Ok(serde_json::to_writer(out, value)?)
}

fn list(
    out: &mut dyn Write,
    name: &str,
    items: impl Iterator<Item = impl Serialize>,
) -> io::Result<()> {
    write!(out, ",\n\"{name}\":")?;
    entries(out, items)
}

/// An array with a line for each entry.
fn entries(out: &mut dyn Write, items: impl Iterator<Item = impl Serialize>) -> io::Result<()> {
    out.write_all(b"[")?;
    let any = lines(out, items)?;
    out.write_all(if any { b"\n]" } else { b"]" })
}

/// Entries without their brackets, each on a line of its own; whether there is any.
fn lines(out: &mut dyn Write, items: impl Iterator<Item = impl Serialize>) -> io::Result<bool> {
    let mut any = false;
    for item in items {
        out.write_all(if any { b",\n" } else { b"\n" })?;
        serde_json::to_writer(&mut *out, &item)?;
        any = true;
    }
    Ok(any)
}

fn text(text: &str) -> v1::Text<'_> {
    Cow::Borrowed(text)
}

fn maybe(text: Option<&String>) -> Option<v1::Text<'_>> {
    text.map(|t| Cow::Borrowed(t.as_str()))
}

/// An empty text says that there is none.
fn filled(text: &str) -> Option<v1::Text<'_>> {
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

/// Yuan with two decimals, as the report spells money.
pub(in crate::report) fn money(amount: Decimal) -> String {
    format!("{:.2}", amount.round_dp(2))
}

fn tool(report: &Report) -> v1::Tool<'_> {
    v1::Tool {
        name: text("heyan"),
        version: text(&report.tool.version),
        rules: text(&report.tool.rules),
    }
}

fn input(input: &Input, lang: Lang) -> v1::Input<'_> {
    v1::Input {
        file: text(&input.file),
        sha256: filled(&input.sha256),
        bytes: input.bytes,
        format: input.format.map(Into::into),
        status: input.status.into(),
        reason: input.reason.as_ref().map(|reason| v1::Reason {
            kind: reason.kind.into(),
            message: text(reason.message.get(lang)),
        }),
        tables: input.tables.iter().map(table).collect(),
    }
}

fn table(table: &TableReport) -> v1::Table<'_> {
    v1::Table {
        id: table.id.0,
        sheet: text(&table.sheet),
        kind: text(&table.kind),
        town: text(&table.town),
        village: text(&table.village),
        village_from: text(&table.village_from),
        header_rows: table.header_rows.clone(),
        rows: table.rows,
        records: table.records,
        confidence: table.confidence,
        columns: table.columns.iter().map(column).collect(),
        ignored_rows: table
            .ignored_rows
            .iter()
            .map(|ignored| v1::IgnoredRow {
                row: ignored.row,
                why: text(&ignored.why),
            })
            .collect(),
        hidden: table.hidden,
    }
}

fn column(column: &ColumnReport) -> v1::Column<'_> {
    v1::Column {
        column: text(&column.column),
        header: text(&column.header),
        field: maybe(column.field.as_ref()),
        unit: maybe(column.unit.as_ref()),
        why: text(&column.why),
        confidence: column.confidence,
        filled: column.filled,
        empty: column.empty,
        unreadable: column.unreadable,
    }
}

fn coverage(coverage: &Coverage) -> v1::Coverage<'_> {
    v1::Coverage {
        town: text(&coverage.town),
        village: text(&coverage.village),
        kind: text(&coverage.kind),
        tables: coverage.tables,
        records: coverage.records,
        from: maybe(coverage.from.as_ref()),
        to: maybe(coverage.to.as_ref()),
    }
}

fn balance(balance: &Balance) -> v1::Balance<'_> {
    v1::Balance {
        records: balance.records,
        issues: balance
            .issues
            .iter()
            .map(|(issue, count)| (text(issue), *count))
            .collect(),
        by_rule: balance
            .by_rule
            .iter()
            .map(|rule| v1::RuleBalance {
                rule: text(&rule.rule),
                records: rule.records,
                violation: rule.violation,
                pass: rule.pass,
                undetermined: rule.undetermined,
                not_applicable: rule.not_applicable,
                not_run: rule.not_run,
                findings: rule.findings,
                digest: text(&rule.digest),
                all_villages: rule.all_villages,
            })
            .collect(),
    }
}

fn finding(finding: &Finding) -> v1::Finding<'_> {
    v1::Finding {
        rule: text(&finding.rule),
        title: text(&finding.title),
        topic: finding.topic.into(),
        severity: finding.severity.into(),
        verdict: finding.verdict.into(),
        status: finding.status.map(Into::into),
        was: finding.was.map(Into::into),
        because: finding.because.map(Into::into),
        waiver: finding.waiver.as_ref().map(|waiver| v1::Waiver {
            reason: text(&waiver.reason),
            approved_by: text(&waiver.approved_by),
            expires: text(&waiver.expires),
        }),
        stage: finding.stage.map(Into::into),
        fingerprint: text(finding.fingerprint.as_str()),
        town: text(&finding.town),
        village: text(&finding.village),
        date: maybe(finding.date.as_ref()),
        amount: finding.amount.map(|amount| money(amount).into()),
        message: text(&finding.message),
        advice: text(&finding.advice),
        basis: finding.basis.iter().map(provision).collect(),
        limits: finding.limits.iter().map(limit).collect(),
        records: finding.records.iter().map(record_ref).collect(),
        evidence: finding.evidence.iter().map(evidence).collect(),
        context: finding.context.iter().map(context).collect(),
        tree: finding.tree.as_ref().map(|t| tree(t, 1)),
        missing: finding.missing.iter().map(missing).collect(),
        overlap: maybe(finding.overlap.as_ref()),
        curable: finding.curable,
    }
}

fn provision(provision: &CitedProvision) -> v1::Provision<'_> {
    v1::Provision {
        id: text(&provision.id),
        law: text(&provision.law),
        article: text(&provision.article),
        text: text(&provision.text),
    }
}

fn limit(limit: &CitedLimit) -> v1::Limit<'_> {
    v1::Limit {
        name: text(&limit.name),
        value: text(&limit.value),
        from: maybe(limit.from.as_ref()),
        basis: text(&limit.basis),
        restated: limit.restated,
    }
}

fn record_ref(record: &RecordRef) -> v1::RecordRef<'_> {
    v1::RecordRef {
        id: text(&record.id),
        file: text(&record.file),
        sheet: text(&record.sheet),
        row: record.row,
        key: text(&record.key),
    }
}

fn evidence(evidence: &Evidence) -> v1::Evidence<'_> {
    v1::Evidence {
        file: text(&evidence.file),
        sheet: text(&evidence.sheet),
        cell: text(&evidence.cell),
        header: text(&evidence.header),
        field: text(&evidence.field),
        raw: text(&evidence.raw),
        value: maybe(evidence.value.as_ref()),
        inferred: evidence.inferred,
    }
}

fn context(context: &Context) -> v1::Context<'_> {
    v1::Context {
        file: text(&context.file),
        sheet: text(&context.sheet),
        row: context.row,
        cells: context
            .cells
            .iter()
            .map(|cell| v1::ContextCell {
                cell: text(&cell.cell),
                raw: text(&cell.raw),
            })
            .collect(),
    }
}

fn tree(tree: &Tree, depth: usize) -> v1::Tree<'_> {
    v1::Tree {
        text: text(&tree.text),
        value: text(tree.value.text()),
        parts: if depth < TREE_DEPTH {
            tree.parts
                .iter()
                .map(|part| self::tree(part, depth + 1))
                .collect()
        } else {
            Vec::new()
        },
    }
}

fn missing(missing: &Missing) -> v1::Missing<'_> {
    v1::Missing {
        what: missing.what.into(),
        name: text(&missing.name),
        file: filled(&missing.file),
        sheet: filled(&missing.sheet),
        cell: filled(&missing.cell),
    }
}

fn not_run(not_run: &NotRun) -> v1::NotRun<'_> {
    v1::NotRun {
        rule: text(&not_run.rule),
        town: text(&not_run.town),
        village: text(&not_run.village),
        file: text(&not_run.file),
        table: not_run.table,
        records: not_run.records,
        what: not_run.what.into(),
        name: text(&not_run.name),
        message: text(&not_run.message),
    }
}

fn record(record: &RecordReport) -> v1::Record<'_> {
    v1::Record {
        id: text(&record.id),
        town: text(&record.town),
        village: text(&record.village),
        kind: text(&record.kind),
        file: text(&record.file),
        sheet: text(&record.sheet),
        row: record.row,
        keys: record.keys.iter().map(|key| text(key)).collect(),
        verdicts: text(&record.verdicts),
    }
}

fn resolved(resolved: &Resolved) -> v1::Resolved<'_> {
    v1::Resolved {
        fingerprint: text(resolved.fingerprint.as_str()),
        status: resolved.status.into(),
        changes: resolved
            .changes
            .iter()
            .map(|change| v1::Change {
                field: text(&change.field),
                cell: text(&change.cell),
                before: text(&change.before),
                after: text(&change.after),
            })
            .collect(),
        why: text(&resolved.why),
        finding: finding(&resolved.finding),
    }
}

fn rule(rule: &RuleInfo) -> v1::Rule<'_> {
    v1::Rule {
        rule: text(&rule.rule),
        title: text(&rule.title),
        topic: rule.topic.into(),
        severity: rule.severity.into(),
        stage: rule.stage.map(Into::into),
        basis: rule.basis.iter().map(|id| text(id)).collect(),
        advice: text(&rule.advice),
        why: text(&rule.why),
    }
}
