//! 数据质量, 规则覆盖 and 基线比对.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::{Cell, Formats, Sheet, Target};
use crate::finding::{InputStatus, Resolved, Stage, Topic, Verdict};
use crate::lang::Lang;
use crate::report::labels;
use crate::report::view::View;

/// Data issues, and how every file and table was understood.
pub(super) fn data(
    view: &View<'_>,
    formats: &Formats,
    links: &str,
) -> Result<Worksheet, XlsxError> {
    let lang = view.lang;
    let mut sheet = Sheet::new(lang.pick("数据质量", "Data quality"), formats)?;
    sheet.widths(&[34, 16, 12, 14, 12, 12, 46, 30])?;
    files(view, &mut sheet)?;
    sheet.row += 1;
    issues(view, links, &mut sheet)?;
    Ok(sheet.page)
}

/// Every file, and how its tables were understood.
fn files(view: &View<'_>, sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let lang = view.lang;
    let formats = sheet.formats;
    sheet.line(
        lang.pick("一、文件与台账", "1. Files and tables"),
        &formats.heading,
    )?;
    sheet.head(&match lang {
        Lang::Zh => [
            "文件",
            "工作表",
            "状态",
            "台账",
            "村",
            "记录数",
            "表头、数据行与未识别的列",
            "说明",
        ],
        Lang::En => [
            "File",
            "Sheet",
            "Status",
            "Ledger",
            "Village",
            "Records",
            "Rows and columns not recognised",
            "Remark",
        ],
    })?;
    for input in &view.report.inputs {
        let status = match input.status {
            InputStatus::Read => lang.pick("已读取", "read"),
            InputStatus::Unreadable => lang.pick("未能读取", "not readable"),
            InputStatus::Skipped => lang.pick("跳过", "skipped"),
        };
        let reason = input
            .reason
            .as_ref()
            .map_or("", |reason| reason.message.get(lang));
        if input.tables.is_empty() {
            let remark = if input.status == InputStatus::Read {
                lang.pick("未识别出台账", "no ledger was recognised")
            } else {
                reason
            };
            sheet.cells(&[
                Cell::text(input.file.as_str()),
                Cell::text(""),
                Cell::Center(status.into()),
                Cell::text(""),
                Cell::text(""),
                Cell::Count(0),
                Cell::text(""),
                Cell::text(remark),
            ])?;
        }
        for table in &input.tables {
            let heads: Vec<String> = table.header_rows.iter().map(u32::to_string).collect();
            let rows = table
                .rows
                .map(|(first, last)| format!("{first}–{last}"))
                .unwrap_or_default();
            let unclaimed: Vec<&str> = table
                .columns
                .iter()
                .filter(|column| column.field.is_none())
                .map(|column| column.header.as_str())
                .collect();
            let mut how = match lang {
                Lang::Zh => format!("表头第 {} 行，数据第 {rows} 行", heads.join("、")),
                Lang::En => format!("header rows {}, data rows {rows}", heads.join(", ")),
            };
            if !unclaimed.is_empty() {
                how.push('\n');
                how.push_str(lang.pick("未识别的列：", "columns not recognised: "));
                how.push_str(&unclaimed.join(lang.pick("、", ", ")));
            }
            sheet.cells(&[
                Cell::text(input.file.as_str()),
                Cell::text(table.sheet.as_str()),
                Cell::Center(status.into()),
                Cell::Center(labels::kind(&table.kind, lang).into()),
                Cell::text(labels::village(&table.town, &table.village, lang)),
                Cell::count(table.records),
                Cell::text(how),
                Cell::text(if table.hidden {
                    lang.pick("含隐藏的行、列或工作表", "partly hidden")
                } else {
                    ""
                }),
            ])?;
        }
    }
    Ok(())
}

/// Every data issue, with its cell.
fn issues(view: &View<'_>, links: &str, sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let lang = view.lang;
    let formats = sheet.formats;
    sheet.line(
        lang.pick("二、数据问题", "2. Data issues"),
        &formats.heading,
    )?;
    sheet.head(&match lang {
        Lang::Zh => [
            "文件",
            "工作表",
            "单元格",
            "字段",
            "村",
            "级别",
            "问题描述",
            "建议",
        ],
        Lang::En => [
            "File",
            "Sheet",
            "Cell",
            "Field",
            "Village",
            "Severity",
            "What the ledger shows",
            "Advice",
        ],
    })?;
    for line in view.lines.iter().filter(|line| line.topic() == Topic::Data) {
        if sheet.full() {
            break;
        }
        let finding = line.finding;
        let first = finding.evidence.first();
        let mut message = format!("{}\n{}", finding.title, finding.message);
        if finding.verdict == Verdict::Undetermined {
            message = format!("[{}] {message}", finding.verdict.name(lang));
        }
        sheet.cells(&[
            Cell::text(first.map_or("", |cell| cell.file.as_str())),
            Cell::text(first.map_or("", |cell| cell.sheet.as_str())),
            Cell::Link(
                first.map_or("", |cell| cell.cell.as_str()).into(),
                first.map(|cell| Target {
                    links,
                    file: &cell.file,
                    sheet: &cell.sheet,
                    cell: &cell.cell,
                }),
            ),
            Cell::text(first.map_or("", |cell| cell.field.as_str())),
            Cell::text(labels::village(&finding.town, &finding.village, lang)),
            Cell::Severity(finding.severity),
            Cell::text(message),
            Cell::text(finding.advice.as_str()),
        ])?;
    }
    Ok(())
}

/// Per rule: violation, pass, undetermined, not applicable, not run and why.
pub(super) fn rules(view: &View<'_>, formats: &Formats) -> Result<Worksheet, XlsxError> {
    let lang = view.lang;
    let mut sheet = Sheet::new(lang.pick("规则覆盖", "Rules"), formats)?;
    let notice = lang.pick(
        "记录 = 不符 + 未发现 + 待核 + 不适用 + 未执行；触发率 = 不符 ÷（不符 + 未发现）",
        "records = violation + pass + undetermined + not applicable + not run; rate = violation ÷ (violation + pass)",
    );
    sheet.list_head(
        notice,
        &match lang {
            Lang::Zh => [
                ("规则", 28),
                ("名称", 24),
                ("方面", 10),
                ("级别", 9),
                ("记录", 9),
                ("不符", 9),
                ("未发现", 9),
                ("待核", 9),
                ("不适用", 9),
                ("未执行", 9),
                ("问题数", 9),
                ("触发率", 9),
                ("说明", 44),
            ],
            Lang::En => [
                ("Rule", 28),
                ("Title", 28),
                ("Topic", 10),
                ("Severity", 10),
                ("Records", 9),
                ("Violation", 10),
                ("Pass", 9),
                ("Undetermined", 13),
                ("Not applicable", 10),
                ("Not run", 9),
                ("Findings", 9),
                ("Rate", 9),
                ("Remark", 44),
            ],
        },
    )?;
    for rule in &view.rules {
        let balance = rule.balance;
        let topic = rule
            .info
            .map(|info| info.topic)
            .or(rule.example.map(|finding| finding.topic));
        let severity = rule
            .info
            .map(|info| info.severity)
            .or(rule.example.map(|finding| finding.severity));
        let judged = balance.violation + balance.pass;
        let mut remarks = Vec::new();
        if balance.fires_too_often() {
            remarks.push(labels::frequent(lang).to_owned());
        }
        if rule
            .info
            .is_some_and(|info| info.stage == Some(Stage::Trial))
        {
            remarks.push(lang.pick("试行", "on trial").to_owned());
        }
        if balance.records == 0 {
            remarks.push(
                lang.pick("没有该台账的记录", "no records of its ledgers")
                    .to_owned(),
            );
        }
        for (what, name, records) in &rule.lacks {
            remarks.push(match lang {
                Lang::Zh => format!(
                    "缺{}“{name}”：{records} 条未执行",
                    labels::what(*what, lang)
                ),
                Lang::En => format!(
                    "lacks {} {name}: {records} not run",
                    labels::what(*what, lang)
                ),
            });
        }
        sheet.cells(&[
            Cell::text(balance.rule.as_str()),
            Cell::text(rule.title),
            Cell::Center(topic.map_or("", |topic| topic.name(lang)).into()),
            severity.map_or(Cell::text(""), Cell::Severity),
            Cell::count(balance.records),
            Cell::count(balance.violation),
            Cell::count(balance.pass),
            Cell::count(balance.undetermined),
            Cell::count(balance.not_applicable),
            Cell::count(balance.not_run),
            Cell::count(balance.findings),
            Cell::Share((judged > 0).then(|| f64::from(balance.violation) / f64::from(judged))),
            Cell::text(remarks.join("\n")),
        ])?;
    }
    sheet.filtered()
}

/// Against a baseline: what it had and this scan has not.
pub(super) fn resolved(resolved: &[Resolved], formats: &Formats) -> Result<Worksheet, XlsxError> {
    let lang = formats.lang;
    let mut sheet = Sheet::new(lang.pick("基线比对", "Baseline"), formats)?;
    let notice = lang.pick(
        "上次有而本次没有的问题；“台账已改动”“记录消失”需说明，不能据此销号",
        "Findings of the baseline that are gone; altered and vanished ones are to be explained, not struck off",
    );
    sheet.list_head(
        notice,
        &match lang {
            Lang::Zh => [
                ("村", 16),
                ("问题", 22),
                ("记录", 20),
                ("去向", 20),
                ("字段", 16),
                ("单元格", 10),
                ("原内容", 22),
                ("现内容", 22),
                ("说明", 34),
                ("指纹", 21),
            ],
            Lang::En => [
                ("Village", 16),
                ("Problem", 22),
                ("Record", 20),
                ("Now", 22),
                ("Field", 16),
                ("Cell", 10),
                ("Before", 22),
                ("After", 22),
                ("Why", 34),
                ("Fingerprint", 21),
            ],
        },
    )?;
    for item in resolved {
        if sheet.full() {
            break;
        }
        let finding = &item.finding;
        let of = |pick: fn(&crate::finding::ResolvedChange) -> &str| {
            let lines: Vec<&str> = item.changes.iter().map(pick).collect();
            lines.join("\n")
        };
        sheet.cells(&[
            Cell::text(labels::village(&finding.town, &finding.village, lang)),
            Cell::text(finding.title.as_str()),
            Cell::text(
                finding
                    .records
                    .first()
                    .map_or("", |record| record.key.as_str()),
            ),
            Cell::text(labels::resolved(item.status, lang)),
            Cell::text(of(|change| &change.field)),
            Cell::text(of(|change| &change.cell)),
            Cell::text(of(|change| &change.before)),
            Cell::text(of(|change| &change.after)),
            Cell::text(item.why.as_str()),
            Cell::text(item.fingerprint.as_str()),
        ])?;
    }
    sheet.filtered()
}
