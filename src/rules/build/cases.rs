//! `[[test]]` → tests whose names and values were checked.

use super::limits::parse as parse_limit;
use super::limits::word;
use crate::finding::Verdict;
use crate::lang::Bilingual;
use crate::ledger::{KindId, LedgerKind};
use crate::rules::diagnostic::line_of;
use crate::rules::expr::Names;
use crate::rules::nearest::nearest;
use crate::rules::problem::Problem;
use crate::rules::syntax::{Table, Text, Value};
use crate::rules::{RuleTest, TestExpectation, TestTable};

/// The words for verdicts.
const VERDICTS: [(&str, Verdict); 5] = [
    ("violation", Verdict::Violation),
    ("pass", Verdict::Pass),
    ("undetermined", Verdict::Undetermined),
    ("not-applicable", Verdict::NotApplicable),
    ("not-run", Verdict::NotRun),
];

/// The column of a test's table that says which village a row is of.
const VILLAGE: &str = "村";

/// The tests of a rule file that is judged on these kinds.
pub(super) fn tests(root: &Table<'_>, kinds: &[KindId], names: &Names<'_>) -> Vec<RuleTest> {
    root.tables("test")
        .iter()
        .filter_map(|table| {
            let test = test(table, kinds, names);
            table.finish();
            test
        })
        .collect()
}

fn test(table: &Table<'_>, kinds: &[KindId], names: &Names<'_>) -> Option<RuleTest> {
    let sink = table.sink;
    let case = table.required_text("case", "\"补签\"");
    let ledger_text = table.text("ledger");
    let own = match &ledger_text {
        None => kinds.first().copied(),
        Some(text) => {
            let found = names
                .kinds
                .find(&text.value)
                .filter(|kind| kinds.contains(kind));
            if found.is_none() {
                let known: Vec<&str> = kinds
                    .iter()
                    .map(|&kind| names.kinds.get(kind).name.as_str())
                    .collect();
                let near = nearest(&text.value, known.iter().copied());
                let all = known.join("、");
                sink.error(
                    super::kinds::unknown("规则台账", "ledger of the rule", text, near).help(
                        format!("规则的台账有：{all}"),
                        format!("the rule's ledgers are {all}"),
                    ),
                );
            }
            found
        }
    };
    let kind = own.map(|kind| &**names.kinds.get(kind));
    let rows = table
        .required_text("rows", "'''\n合同编号 | 签订日期\nA1 | 2024-03-01\n'''")
        .and_then(|text| grid(table, &text, kind, &[VILLAGE]));
    let related = related(table, names);
    let absent = absent(table, kind, names);
    let expect = table
        .required_text("expect", "\"violation\"")
        .and_then(|text| expectation(table, &text, kind));
    let as_of = table.get("as_of").and_then(|value| match value.as_text() {
        // A quoted date is what other keys of a test look like; both are clear.
        Some(text) => text
            .value
            .parse::<jiff::civil::Date>()
            .map(|date| date.to_string())
            .inspect_err(|_| {
                value.error(
                    "as_of 要日期，例如 2024-03-01",
                    "as_of wants a date such as 2024-03-01",
                );
            })
            .ok(),
        None => value.day().map(|day| day.to_string()),
    });
    let limits = limits(table, names);
    let message = table.text("message").map(|text| text.value.to_string());
    let reads: Vec<String> = table
        .texts("reads")
        .iter()
        .map(|text| {
            readable(table, text, kind, names);
            text.value.to_string()
        })
        .collect();
    let known_gap = table.text("known_gap").map(|text| text.value.to_string());
    Some(RuleTest {
        case: case?.value.to_string(),
        line: u32::try_from(line_of(&sink.source.text, table.span.start)).unwrap_or(u32::MAX),
        ledger: ledger_text.map(|text| text.value.to_string()),
        rows: rows?,
        related,
        absent,
        expect: expect?,
        as_of,
        limits,
        message,
        reads,
        known_gap,
    })
}

/// A table in a text: a header and rows, cells between `|`; `extra` names are allowed as columns besides the fields.
fn grid(
    table: &Table<'_>,
    text: &Text,
    kind: Option<&LedgerKind>,
    extra: &[&str],
) -> Option<TestTable> {
    let mut at = 0;
    let mut lines: Vec<(usize, &str)> = Vec::new();
    for line in text.value.split('\n') {
        if !line.trim().is_empty() {
            lines.push((at, line));
        }
        at += line.len() + 1;
    }
    let Some((&(header_at, header), rows)) = lines.split_first() else {
        table.sink.error(Problem::new(
            text.span.clone(),
            Bilingual::new("测试的表是空的", "the test's table is empty"),
        ));
        return None;
    };
    let framed = header.trim_start().starts_with('|');
    let names = cells(header, framed);
    if let Some(kind) = kind {
        for &(offset, name) in &names {
            column(table, text, header_at + offset, name, kind, extra);
        }
    }
    let mut found = TestTable {
        header: names.into_iter().map(|(_, cell)| cell.to_owned()).collect(),
        rows: Vec::new(),
    };
    for &(row_at, row) in rows {
        let mut row_cells: Vec<String> = cells(row, framed)
            .into_iter()
            .map(|(_, cell)| cell.to_owned())
            .collect();
        // A closing bar is no empty cell more.
        if row_cells.len() == found.header.len() + 1
            && row_cells.last().is_some_and(String::is_empty)
        {
            row_cells.pop();
        }
        if row_cells.len() != found.header.len() {
            let (want, have) = (found.header.len(), row_cells.len());
            let span = text.places(&(row_at..row_at + row.trim_end().len()));
            table.sink.error(
                Problem::new(
                    span,
                    Bilingual::new(
                        format!("表头有 {want} 列，这一行有 {have} 格"),
                        format!("the header has {want} columns, this row {have} cells"),
                    ),
                )
                .help(
                    "格与格之间写 |；空格子也要留位置",
                    "cells stand between |; an empty one keeps its place",
                ),
            );
            continue;
        }
        found.rows.push(row_cells);
    }
    Some(found)
}

/// The cells of a line with their places in it.
fn cells(line: &str, framed: bool) -> Vec<(usize, &str)> {
    let mut offset = 0;
    let mut found = Vec::new();
    for part in line.split(['|', '｜']) {
        // Cells are padded with blanks of one byte, which are cut off faster by themselves.
        let part_start = part.trim_ascii_start().trim_start();
        let blanks = part.len() - part_start.len();
        found.push((offset + blanks, part_start.trim_ascii_end().trim_end()));
        offset += part.len();
        offset += line[offset..].chars().next().map_or(0, char::len_utf8);
    }
    if framed {
        found.remove(0);
        if found.last().is_some_and(|(_, cell)| cell.is_empty()) {
            found.pop();
        }
    }
    found
}

fn column(
    table: &Table<'_>,
    text: &Text,
    at: usize,
    name: &str,
    kind: &LedgerKind,
    extra: &[&str],
) {
    if kind.find(name).is_some() || extra.contains(&name) {
        return;
    }
    let span = text.places(&(at..at + name.len()));
    let near = nearest(name, kind.fields.iter().map(|field| field.name.as_str()));
    let problem = Problem::new(
        span.clone(),
        Bilingual::new(
            format!("{}没有“{name}”这个字段", kind.name),
            format!("{} has no field “{name}”", kind.name),
        ),
    );
    table.sink.error(match near {
        Some(near) => problem.replace(span, near),
        None => problem,
    });
}

fn related(table: &Table<'_>, names: &Names<'_>) -> Vec<(String, TestTable)> {
    let Some(related) = table.get("related").and_then(|value| value.table()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for value in related.all() {
        let Some(kind) = names.kinds.find(value.key) else {
            unknown_ledger(&value, names);
            continue;
        };
        let kind = names.kinds.get(kind);
        if let Some(grid) = value
            .text()
            .and_then(|text| grid(table, &text, Some(kind), &[VILLAGE]))
        {
            found.push((kind.name.clone(), grid));
        }
    }
    found
}

fn unknown_ledger(value: &Value<'_>, names: &Names<'_>) {
    let near = nearest(
        value.key,
        names.kinds.iter().map(|(_, kind)| kind.name.as_str()),
    );
    let problem = Problem::new(
        value.key_span.clone(),
        Bilingual::new(
            format!("没有名叫“{}”的台账种类", value.key),
            format!("there is no ledger kind “{}”", value.key),
        ),
    );
    value.sink().error(match near {
        Some(near) => problem.replace(value.key_span.clone(), format!("\"{near}\"")),
        None => problem,
    });
}

/// Columns of the own ledger, ledgers, and columns of other ledgers (`付款.付款日期`).
fn absent(table: &Table<'_>, kind: Option<&LedgerKind>, names: &Names<'_>) -> Vec<String> {
    table
        .texts("absent")
        .iter()
        .map(|text| {
            let name = &*text.value;
            let known = kind.is_none_or(|kind| kind.find(name).is_some())
                || names.kinds.find(name).is_some()
                || name.split_once('.').is_some_and(|(ledger, field)| {
                    names
                        .kinds
                        .find(ledger)
                        .is_some_and(|kind| names.kinds.get(kind).find(field).is_some())
                });
            if !known {
                let near = nearest(
                    name,
                    kind.iter()
                        .flat_map(|kind| &kind.fields)
                        .map(|field| field.name.as_str())
                        .chain(names.kinds.iter().map(|(_, kind)| kind.name.as_str())),
                );
                table.sink.error(super::kinds::unknown(
                    "列或台账",
                    "column or ledger",
                    text,
                    near,
                ));
            }
            text.value.to_string()
        })
        .collect()
}

/// A field that evidence can name: of the own ledger, or of any other.
fn readable(table: &Table<'_>, text: &Text, kind: Option<&LedgerKind>, names: &Names<'_>) {
    let field = text.value.rsplit('.').next().unwrap_or_default();
    let known = names
        .kinds
        .iter()
        .any(|(_, kind)| kind.find(field).is_some());
    if !known {
        let near = nearest(
            field,
            kind.iter()
                .flat_map(|kind| &kind.fields)
                .map(|field| field.name.as_str()),
        );
        table
            .sink
            .error(super::kinds::unknown("字段", "field", text, near));
    }
}

fn limits(table: &Table<'_>, names: &Names<'_>) -> Vec<(String, String)> {
    let Some(limits) = table.get("limits").and_then(|value| value.table()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for value in limits.all() {
        let Some(limit) = names.limits.iter().find(|limit| limit.name == value.key) else {
            let near = nearest(
                value.key,
                names.limits.iter().map(|limit| limit.name.as_str()),
            );
            let problem = Problem::new(
                value.key_span.clone(),
                Bilingual::new(
                    format!("没有名叫“{}”的限额", value.key),
                    format!("there is no limit “{}”", value.key),
                ),
            );
            value.sink().error(match near {
                Some(near) => problem.replace(value.key_span.clone(), format!("\"{near}\"")),
                None => problem,
            });
            continue;
        };
        // A whole table of tiers or a list may also be written as one text.
        let text = match value.as_text() {
            Some(text) if crate::rules::LimitValue::parse(limit.ty, &text.value).is_ok() => {
                Some(text.value.to_string())
            }
            _ => parse_limit(&value, limit.ty).map(|(_, text)| text),
        };
        if let Some(text) = text {
            found.push((limit.name.clone(), text));
        }
    }
    found
}

fn expectation(
    table: &Table<'_>,
    text: &Text,
    kind: Option<&LedgerKind>,
) -> Option<TestExpectation> {
    let sink = table.sink;
    if !text.value.contains(['|', '\n']) {
        return word(sink, "结论", "verdict", &VERDICTS, text).map(TestExpectation::Verdict);
    }
    let grid = grid(table, text, kind, &["verdict", VILLAGE])?;
    let Some(column) = grid.header.iter().position(|name| name == "verdict") else {
        sink.error(
            Problem::new(
                text.span.clone(),
                Bilingual::new(
                    "expect 的表缺 verdict 列",
                    "the table of expect has no column verdict",
                ),
            )
            .help(
                "表头写 合同编号 | verdict",
                "make the header 合同编号 | verdict",
            ),
        );
        return None;
    };
    for row in &grid.rows {
        let verdict = &row[column];
        if Verdict::from_id(verdict).is_none() {
            let start = text.value.find(verdict.as_str()).unwrap_or(0);
            let span = text.places(&(start..start + verdict.len()));
            let near = nearest(verdict, VERDICTS.iter().map(|(word, _)| *word));
            let problem = Problem::new(
                span.clone(),
                Bilingual::new(
                    format!("没有名叫“{verdict}”的结论"),
                    format!("there is no verdict “{verdict}”"),
                ),
            );
            sink.error(match near {
                Some(near) => problem.replace(span, near),
                None => problem.help(
                    "结论有：violation pass undetermined not-applicable not-run",
                    "verdicts are violation pass undetermined not-applicable not-run",
                ),
            });
            return None;
        }
    }
    Some(TestExpectation::Records(grid))
}
