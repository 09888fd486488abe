//! Version 1 → [`Report`]. A file that is none is told with the place and the remedy.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::error::Category;

use super::v1;
use crate::discover::Reason;
use crate::finding::{
    Balance, CitedLimit, CitedProvision, ColumnReport, Context, ContextCell, Coverage, Evidence,
    FileId, Finding, Fingerprint, IgnoredRow, Input, Missing, NotRun, RecordRef, RecordReport,
    Report, Resolved, ResolvedChange, RuleBalance, RuleInfo, TableId, TableReport, Tool, Tree,
    TreeValue, WaiverNote,
};
use crate::lang::Bilingual;

/// Reads a report written with `--format json`.
///
/// # Errors
/// What the text is instead of a report, where it goes wrong, and what to do.
pub fn read(text: &str) -> Result<Report, Bilingual> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(told("文件是空的", "the file is empty"));
    }
    let parsed: v1::Report<'_> =
        serde_json::from_str(text).map_err(|error| explain(text, &error))?;
    if parsed.schema != v1::SCHEMA {
        return Err(other_schema(&parsed.schema));
    }
    report(parsed)
}

/// Both languages of what is wrong, followed by the remedy.
fn told(zh: &str, en: &str) -> Bilingual {
    Bilingual::new(
        format!("不是可用的核验报告：{zh}。请用 heyan scan --format json --output 重新生成该文件"),
        format!(
            "not a usable report: {en}. Write the file anew with heyan scan --format json --output"
        ),
    )
}

fn other_schema(schema: &str) -> Bilingual {
    let schema: String = schema.chars().take(60).collect();
    told(
        &format!(
            "schema 是“{schema}”，本程序读取“{}”；如由较新版本生成，请升级本程序",
            v1::SCHEMA
        ),
        &format!(
            "its schema is \"{schema}\", and this program reads \"{}\"; where a newer version wrote it, upgrade this program",
            v1::SCHEMA
        ),
    )
}

/// Turns a parse error into what a person can act on.
fn explain(text: &str, error: &serde_json::Error) -> Bilingual {
    #[derive(Deserialize)]
    struct Head {
        schema: Option<serde_json::Value>,
    }
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => told(
            &format!("内容不完整，在第 {line} 行第 {column} 列中断"),
            &format!("it breaks off at line {line}, column {column}"),
        ),
        Category::Syntax | Category::Io => told(
            &format!("第 {line} 行第 {column} 列不是有效的 JSON"),
            &format!("line {line}, column {column} is not valid JSON"),
        ),
        Category::Data => match serde_json::from_str::<Head>(text).map(|head| head.schema) {
            Ok(Some(serde_json::Value::String(schema))) if schema == v1::SCHEMA => told(
                &format!("第 {line} 行第 {column} 列与格式不符（{error}）"),
                &format!("line {line}, column {column} does not fit the format ({error})"),
            ),
            Ok(Some(serde_json::Value::String(schema))) => other_schema(&schema),
            _ => told(
                &format!("这是 JSON，但没有 \"schema\": \"{}\"", v1::SCHEMA),
                &format!("it is JSON, but has no \"schema\": \"{}\"", v1::SCHEMA),
            ),
        },
    }
}

fn report(parsed: v1::Report<'_>) -> Result<Report, Bilingual> {
    let mut findings = Vec::with_capacity(parsed.findings.len());
    for (index, item) in parsed.findings.into_iter().enumerate() {
        findings.push(finding(item, &format!("findings[{index}]"))?);
    }
    let resolved = parsed
        .resolved
        .map(|items| {
            items
                .into_iter()
                .enumerate()
                .map(|(index, item)| self::resolved(item, index))
                .collect::<Result<Vec<_>, _>>()
        })
        .transpose()?;
    Ok(Report {
        tool: Tool {
            version: parsed.tool.version.into_owned(),
            rules: parsed.tool.rules.into_owned(),
        },
        as_of: parsed.as_of.into_owned(),
        lang: parsed.lang.into(),
        inputs: (0..)
            .map(FileId)
            .zip(parsed.inputs)
            .map(|(id, item)| input(id, item))
            .collect(),
        coverage: parsed.coverage.into_iter().map(coverage).collect(),
        balance: balance(parsed.balance),
        findings,
        not_run: parsed.not_run.into_iter().map(not_run).collect(),
        records: parsed.records.into_iter().map(record).collect(),
        resolved,
        rules: parsed.rules.into_iter().map(rule).collect(),
        restated: parsed.restated.into_iter().map(limit).collect(),
        waivers_applied: parsed.waivers_applied,
        notes: owned_all(parsed.notes),
    })
}

fn owned(text: Option<v1::Text<'_>>) -> Option<String> {
    text.map(v1::Text::into_owned)
}

fn owned_or_empty(text: Option<v1::Text<'_>>) -> String {
    owned(text).unwrap_or_default()
}

fn owned_all(texts: Vec<v1::Text<'_>>) -> Vec<String> {
    texts.into_iter().map(v1::Text::into_owned).collect()
}

fn input(id: FileId, input: v1::Input<'_>) -> Input {
    Input {
        id,
        file: input.file.into_owned(),
        sha256: owned_or_empty(input.sha256),
        bytes: input.bytes,
        format: input.format.map(Into::into),
        status: input.status.into(),
        reason: input.reason.map(|reason| {
            // The file holds the language of its run only.
            let message = reason.message.into_owned();
            Reason {
                kind: reason.kind.into(),
                message: Bilingual::new(message.clone(), message),
            }
        }),
        tables: input.tables.into_iter().map(table).collect(),
    }
}

fn table(table: v1::Table<'_>) -> TableReport {
    TableReport {
        id: TableId(table.id),
        sheet: table.sheet.into_owned(),
        kind: table.kind.into_owned(),
        town: table.town.into_owned(),
        village: table.village.into_owned(),
        village_from: table.village_from.into_owned(),
        header_rows: table.header_rows,
        rows: table.rows,
        records: table.records,
        confidence: table.confidence,
        columns: table.columns.into_iter().map(column).collect(),
        ignored_rows: table
            .ignored_rows
            .into_iter()
            .map(|ignored| IgnoredRow {
                row: ignored.row,
                why: ignored.why.into_owned(),
            })
            .collect(),
        hidden: table.hidden,
    }
}

fn column(column: v1::Column<'_>) -> ColumnReport {
    ColumnReport {
        column: column.column.into_owned(),
        header: column.header.into_owned(),
        field: owned(column.field),
        unit: owned(column.unit),
        why: column.why.into_owned(),
        confidence: column.confidence,
        filled: column.filled,
        empty: column.empty,
        unreadable: column.unreadable,
    }
}

fn coverage(coverage: v1::Coverage<'_>) -> Coverage {
    Coverage {
        town: coverage.town.into_owned(),
        village: coverage.village.into_owned(),
        kind: coverage.kind.into_owned(),
        tables: coverage.tables,
        records: coverage.records,
        from: owned(coverage.from),
        to: owned(coverage.to),
    }
}

fn balance(balance: v1::Balance<'_>) -> Balance {
    Balance {
        records: balance.records,
        issues: balance
            .issues
            .into_iter()
            .map(|(issue, count)| (issue.into_owned(), count))
            .collect(),
        by_rule: balance
            .by_rule
            .into_iter()
            .map(|rule| RuleBalance {
                rule: rule.rule.into_owned(),
                records: rule.records,
                violation: rule.violation,
                pass: rule.pass,
                undetermined: rule.undetermined,
                not_applicable: rule.not_applicable,
                not_run: rule.not_run,
                findings: rule.findings,
                digest: rule.digest.into_owned(),
                all_villages: rule.all_villages,
            })
            .collect(),
    }
}

fn finding(finding: v1::Finding<'_>, at: &str) -> Result<Finding, Bilingual> {
    let fingerprint = self::fingerprint(&finding.fingerprint, at)?;
    let amount = finding
        .amount
        .map(|amount| {
            Decimal::from_str_exact(&amount).map_err(|_| {
                told(
                    &format!("{at}.amount “{amount}” 不是金额"),
                    &format!("{at}.amount \"{amount}\" is no amount"),
                )
            })
        })
        .transpose()?;
    Ok(Finding {
        rule: finding.rule.into_owned(),
        title: finding.title.into_owned(),
        topic: finding.topic.into(),
        severity: finding.severity.into(),
        verdict: finding.verdict.into(),
        status: finding.status.map(Into::into),
        was: finding.was.map(Into::into),
        because: finding.because.map(Into::into),
        waiver: finding.waiver.map(|waiver| WaiverNote {
            reason: waiver.reason.into_owned(),
            approved_by: waiver.approved_by.into_owned(),
            expires: waiver.expires.into_owned(),
        }),
        stage: finding.stage.map(Into::into),
        fingerprint,
        town: finding.town.into_owned(),
        village: finding.village.into_owned(),
        date: owned(finding.date),
        amount,
        message: finding.message.into_owned(),
        advice: finding.advice.into_owned(),
        basis: finding.basis.into_iter().map(provision).collect(),
        limits: finding.limits.into_iter().map(limit).collect(),
        records: finding.records.into_iter().map(record_ref).collect(),
        evidence: finding.evidence.into_iter().map(evidence).collect(),
        context: finding.context.into_iter().map(context).collect(),
        tree: finding.tree.map(tree),
        missing: finding.missing.into_iter().map(missing).collect(),
        overlap: owned(finding.overlap),
        curable: finding.curable,
    })
}

fn fingerprint(text: &str, at: &str) -> Result<Fingerprint, Bilingual> {
    Fingerprint::parse(text).ok_or_else(|| {
        told(
            &format!("{at}.fingerprint “{text}” 不是指纹（v1: 加 16 位十六进制数字）"),
            &format!("{at}.fingerprint \"{text}\" is none (v1: and 16 hex digits)"),
        )
    })
}

fn provision(provision: v1::Provision<'_>) -> CitedProvision {
    CitedProvision {
        id: provision.id.into_owned(),
        law: provision.law.into_owned(),
        article: provision.article.into_owned(),
        text: provision.text.into_owned(),
    }
}

fn limit(limit: v1::Limit<'_>) -> CitedLimit {
    CitedLimit {
        name: limit.name.into_owned(),
        value: limit.value.into_owned(),
        from: owned(limit.from),
        basis: limit.basis.into_owned(),
        restated: limit.restated,
    }
}

fn record_ref(record: v1::RecordRef<'_>) -> RecordRef {
    RecordRef {
        id: record.id.into_owned(),
        file: record.file.into_owned(),
        sheet: record.sheet.into_owned(),
        row: record.row,
        key: record.key.into_owned(),
    }
}

fn evidence(evidence: v1::Evidence<'_>) -> Evidence {
    Evidence {
        file: evidence.file.into_owned(),
        sheet: evidence.sheet.into_owned(),
        cell: evidence.cell.into_owned(),
        header: evidence.header.into_owned(),
        field: evidence.field.into_owned(),
        raw: evidence.raw.into_owned(),
        value: owned(evidence.value),
        inferred: evidence.inferred,
    }
}

fn context(context: v1::Context<'_>) -> Context {
    Context {
        file: context.file.into_owned(),
        sheet: context.sheet.into_owned(),
        row: context.row,
        cells: context
            .cells
            .into_iter()
            .map(|cell| ContextCell {
                cell: cell.cell.into_owned(),
                raw: cell.raw.into_owned(),
            })
            .collect(),
    }
}

fn tree(tree: v1::Tree<'_>) -> Tree {
    Tree {
        text: tree.text.into_owned(),
        value: match &*tree.value {
            "true" => TreeValue::True,
            "false" => TreeValue::False,
            "unknown" => TreeValue::Unknown,
            value => TreeValue::Value(value.to_owned()),
        },
        parts: tree.parts.into_iter().map(self::tree).collect(),
    }
}

fn missing(missing: v1::Missing<'_>) -> Missing {
    Missing {
        what: missing.what.into(),
        name: missing.name.into_owned(),
        file: owned_or_empty(missing.file),
        sheet: owned_or_empty(missing.sheet),
        cell: owned_or_empty(missing.cell),
    }
}

fn not_run(not_run: v1::NotRun<'_>) -> NotRun {
    NotRun {
        rule: not_run.rule.into_owned(),
        town: not_run.town.into_owned(),
        village: not_run.village.into_owned(),
        file: not_run.file.into_owned(),
        table: not_run.table,
        records: not_run.records,
        what: not_run.what.into(),
        name: not_run.name.into_owned(),
        message: not_run.message.into_owned(),
    }
}

fn record(record: v1::Record<'_>) -> RecordReport {
    RecordReport {
        id: record.id.into_owned(),
        town: record.town.into_owned(),
        village: record.village.into_owned(),
        kind: record.kind.into_owned(),
        file: record.file.into_owned(),
        sheet: record.sheet.into_owned(),
        row: record.row,
        keys: owned_all(record.keys),
        verdicts: record.verdicts.into_owned(),
    }
}

fn resolved(resolved: v1::Resolved<'_>, index: usize) -> Result<Resolved, Bilingual> {
    let at = format!("resolved[{index}]");
    Ok(Resolved {
        fingerprint: fingerprint(&resolved.fingerprint, &at)?,
        status: resolved.status.into(),
        changes: resolved
            .changes
            .into_iter()
            .map(|change| ResolvedChange {
                field: change.field.into_owned(),
                cell: change.cell.into_owned(),
                before: change.before.into_owned(),
                after: change.after.into_owned(),
            })
            .collect(),
        why: resolved.why.into_owned(),
        finding: finding(resolved.finding, &format!("{at}.finding"))?,
    })
}

fn rule(rule: v1::Rule<'_>) -> RuleInfo {
    RuleInfo {
        rule: rule.rule.into_owned(),
        title: rule.title.into_owned(),
        topic: rule.topic.into(),
        severity: rule.severity.into(),
        stage: rule.stage.map(Into::into),
        basis: owned_all(rule.basis),
        advice: rule.advice.into_owned(),
        why: rule.why.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_wrong_file_is_told_with_place_and_remedy() {
        let cases = [
            ("", "空", "empty"),
            ("台账,金额\n", "第 1 行", "line 1"),
            (
                "{\"schema\":\"heyan.report/1\",\n\"tool\":",
                "第 2 行",
                "line 2",
            ),
            (
                "{\"schema\":\"heyan.report/9\"}",
                "heyan.report/9",
                "heyan.report/9",
            ),
            (
                "{\"version\":\"2.1.0\",\"runs\":[]}",
                "没有 \"schema\"",
                "no \"schema\"",
            ),
            ("[1,2]", "没有 \"schema\"", "no \"schema\""),
            (
                "{\"schema\":\"heyan.report/1\",\n\"tool\":3}",
                "第 2 行",
                "line 2",
            ),
        ];
        for (text, zh, en) in cases {
            let told = read(text).expect_err(text);
            assert!(told.zh.contains(zh), "{text:?}: {}", told.zh);
            assert!(told.en.contains(en), "{text:?}: {}", told.en);
            assert!(told.zh.contains("heyan scan --format json"), "{text:?}");
        }
    }
}
