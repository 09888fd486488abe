//! 整改台账.xlsx, filled in → acts. Nothing is overwritten silently: what cannot be entered is listed.

use std::collections::{BTreeMap, BTreeSet};

use super::Field;
use crate::lang::{Bilingual, Lang};
use crate::track::{Act, Case, Judgement, State};

/// A sheet as people sent it back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The mark of the export it came from; `None` where it was lost.
    pub mark: Option<String>,
    /// The columns that people fill in and that the sheet has.
    pub columns: BTreeSet<Field>,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// One line of the sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The row, counted from 1.
    pub row: u32,
    /// The fingerprint.
    pub fingerprint: String,
    /// What stands in the columns that people fill in.
    pub fields: BTreeMap<Field, String>,
}

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// What was entered: fingerprint and act.
    pub entered: Vec<(String, Act)>,
    /// Lines on which nothing was changed.
    pub unchanged: usize,
    /// What was not entered.
    pub clashes: Vec<Clash>,
}

/// Something that was not entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The row, counted from 1.
    pub row: u32,
    /// The fingerprint.
    pub fingerprint: String,
    /// The column, where it is about one.
    pub field: Option<Field>,
    /// What the sheet says.
    pub sheet: String,
    /// What the store says.
    pub store: String,
    /// Why it was not entered.
    pub kind: ClashKind,
}

/// Why something was not entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClashKind {
    /// The store learnt something else after the export.
    Conflict,
    /// The sheet has the cell empty, the store does not.
    Cleared,
    /// The store has no such case.
    NoCase,
    /// Another line has the same fingerprint.
    Twice,
    /// It is no date.
    NoDate,
    /// It is none of 属实, 部分属实, 不属实.
    NoResult,
    /// 核实结果 without 核实依据, or the other way round.
    HalfJudged,
    /// A scan has already proved it to be put right.
    AlreadyRectified,
}

impl ClashKind {
    /// What a person is told.
    pub fn text(self) -> Bilingual {
        let (zh, en) = match self {
            Self::Conflict => (
                "导出之后整改台账里已登记了别的内容，没有覆盖；请核对后用命令登记",
                "the store learnt something else after the export; not overwritten, enter it by command after checking",
            ),
            Self::Cleared => (
                "表中清空了，整改台账里仍保留原内容",
                "the sheet has it empty; the store keeps what it has",
            ),
            Self::NoCase => (
                "整改台账里没有这个指纹",
                "the store has no case of this fingerprint",
            ),
            Self::Twice => (
                "同一指纹出现两行，都没有采用",
                "two lines have this fingerprint; neither is used",
            ),
            Self::NoDate => (
                "不是日期，请写成 2025-09-30 的样子",
                "no date; write it like 2025-09-30",
            ),
            Self::NoResult => (
                "核实结果只能是 属实、部分属实、不属实",
                "the result is one of confirmed, partly, unfounded",
            ),
            Self::HalfJudged => (
                "核实结果和核实依据要一起填写",
                "a result and what shows it are entered together",
            ),
            Self::AlreadyRectified => (
                "检查已证明整改，不用再销号",
                "a scan already proved it to be put right",
            ),
        };
        Bilingual::new(zh, en)
    }
}

/// A row of a sheet that holds something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// The row, counted from 1.
    pub row: u32,
    /// Its cells that hold something, by column counted from zero, as text; dates ISO.
    pub cells: BTreeMap<u16, String>,
}

/// Finds the lines of a sheet.
///
/// # Errors
/// No row of the first fifty is the header with 指纹.
pub fn read_filled(rows: &[SheetRow]) -> Result<Filled, Bilingual> {
    let is_fingerprint = |cell: &str| matches!(folded(cell).as_str(), "指纹" | "fingerprint");
    let head = rows
        .iter()
        .take_while(|row| row.row <= 50)
        .position(|row| row.cells.values().any(|cell| is_fingerprint(cell)));
    let Some((head, titles)) = head.and_then(|at| Some((at, rows.get(at)?))) else {
        return Err(Bilingual::new(
            "表中没有“指纹”列，不是导出的整改台账；请用 heyan track export 重新导出",
            "there is no column “Fingerprint”; export the sheet anew with heyan track export",
        ));
    };
    let mut named = titles.cells.iter().filter(|(_, cell)| is_fingerprint(cell));
    let fingerprint_at = named.next().map_or(0, |(at, _)| *at);
    let columns: Vec<(u16, Field)> = titles
        .cells
        .iter()
        .filter_map(|(at, title)| Some((*at, field_of(title)?)))
        .collect();
    let above = rows[..head].iter().flat_map(|row| row.cells.values());
    let mark = above.into_iter().find_map(|cell| {
        let rest = cell
            .trim()
            .strip_prefix("登记序号：")
            .or_else(|| cell.trim().strip_prefix("entry:"))?;
        Some(rest.trim().to_owned())
    });
    let mut filled = Filled {
        mark,
        columns: columns.iter().map(|(_, field)| *field).collect(),
        lines: Vec::new(),
    };
    for SheetRow { row, cells } in rows.iter().skip(head + 1) {
        let cell = |at: u16| cells.get(&at).map_or("", |text| text.trim());
        let fingerprint = cell(fingerprint_at);
        if fingerprint.is_empty() || is_fingerprint(fingerprint) {
            continue;
        }
        let mut fields: BTreeMap<Field, String> = BTreeMap::new();
        for (at, field) in &columns {
            let text = cell(*at).replace("\r\n", "\n");
            // 责任单位 and 责任人 in two columns are one thing.
            let filled_in = fields.entry(*field).or_default();
            if !text.is_empty() && !filled_in.is_empty() {
                filled_in.push(' ');
            }
            filled_in.push_str(&text);
        }
        filled.lines.push(Line {
            row: *row,
            fingerprint: fingerprint.to_owned(),
            fields,
        });
    }
    Ok(filled)
}

/// The column that a header names.
fn field_of(title: &str) -> Option<Field> {
    let title = folded(title);
    let known = Field::ALL.into_iter().find(|field| {
        [Lang::Zh, Lang::En]
            .iter()
            .any(|lang| folded(field.name(*lang)) == title)
    });
    known.or(match title.as_str() {
        "责任单位" | "责任人" | "整改责任人" | "整改责任单位" | "unit" | "person" => {
            Some(Field::Responsible)
        }
        "整改时限" | "完成时限" => Some(Field::Due),
        "整改措施" | "整改进展" | "measures" => Some(Field::Note),
        "处理文号及说明" | "处理文号" | "销号依据" => Some(Field::Closing),
        _ => None,
    })
}

/// A header without blanks, width and case.
fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What is to be entered for one line, and what is not. `base` gives what a column held at the export; `None` where
/// that is not known.
pub(in crate::track) fn changes_of(
    line: &Line,
    case: &Case,
    base: impl Fn(Field) -> Option<String>,
) -> (Vec<Act>, Vec<Clash>) {
    let mut acts = Vec::new();
    let mut clashes = Vec::new();
    let mut changed: BTreeMap<Field, String> = BTreeMap::new();
    let clash = |field: Field, sheet: &str, kind: ClashKind| Clash {
        row: line.row,
        fingerprint: line.fingerprint.clone(),
        field: Some(field),
        sheet: sheet.to_owned(),
        store: field.of(case),
        kind,
    };
    for (field, sheet) in &line.fields {
        let sheet = match normal(*field, sheet) {
            Ok(sheet) => sheet,
            Err(kind) => {
                clashes.push(clash(*field, sheet, kind));
                continue;
            }
        };
        let store = field.of(case);
        if sheet == store {
            continue;
        }
        let base = base(*field);
        if base.as_deref() == Some(sheet.as_str()) {
            // The sheet says what it said when it went out; the store has learnt something since.
            continue;
        }
        if sheet.is_empty() {
            if base.is_some() {
                clashes.push(clash(*field, "", ClashKind::Cleared));
            }
            continue;
        }
        let moved = match base {
            Some(base) => base != store,
            None => !store.is_empty(),
        };
        if moved {
            clashes.push(clash(*field, &sheet, ClashKind::Conflict));
            continue;
        }
        changed.insert(*field, sheet);
    }
    for (field, text) in &changed {
        match field {
            Field::Responsible => acts.push(Act::Assign(text.clone())),
            Field::Due => acts.push(Act::Due(text.clone())),
            Field::Note => acts.push(Act::Note(text.clone())),
            Field::Closing if case.state == State::Rectified => {
                clashes.push(clash(*field, text, ClashKind::AlreadyRectified));
            }
            Field::Closing => acts.push(Act::Close {
                evidence: text.clone(),
            }),
            Field::Result | Field::ResultEvidence => {}
        }
    }
    let judged = [Field::Result, Field::ResultEvidence];
    if let Some(first) = judged.iter().find(|field| changed.contains_key(*field)) {
        let text = |field: Field| {
            changed
                .get(&field)
                .cloned()
                .unwrap_or_else(|| field.of(case))
        };
        let (result, evidence) = (text(Field::Result), text(Field::ResultEvidence));
        match Judgement::from_word(&result) {
            Some(result) if !evidence.is_empty() => acts.push(Act::Judge { result, evidence }),
            _ => clashes.push(clash(*first, &changed[first], ClashKind::HalfJudged)),
        }
    }
    (acts, clashes)
}

/// What a cell says, in the form that the store keeps.
fn normal(field: Field, text: &str) -> Result<String, ClashKind> {
    let text = text.trim();
    match field {
        _ if text.is_empty() => Ok(String::new()),
        Field::Due => day_of(text).ok_or(ClashKind::NoDate),
        Field::Result => Judgement::from_word(text)
            .map(|result| result.name(Lang::Zh).to_owned())
            .ok_or(ClashKind::NoResult),
        _ => Ok(text.to_owned()),
    }
}

/// The day (ISO) that people write as 2025-9-30, 2025.9.30, 2025/9/30 or 2025年9月30日; also the serial number that a
/// spreadsheet program leaves of a date whose format was lost, from 2000 to 2099.
fn day_of(text: &str) -> Option<String> {
    if let Ok(serial @ 36_526..=73_050) = text.parse::<i32>() {
        // Serial 36526 is 2000-01-01.
        let days = jiff::Span::new().try_days(serial - 36_526).ok()?;
        let first = jiff::civil::Date::new(2000, 1, 1).ok()?;
        return first.checked_add(days).ok().map(|day| day.to_string());
    }
    let text = text.trim().trim_end_matches('日');
    let mut parts = text.split(['-', '.', '/', '年', '月']);
    let mut number = |digits: std::ops::RangeInclusive<usize>| {
        let part = parts.next()?.trim();
        digits.contains(&part.len()).then_some(())?;
        part.parse::<i16>().ok()
    };
    let (year, month, day) = (number(4..=4)?, number(1..=2)?, number(1..=2)?);
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    if parts.next().is_some() {
        return None;
    }
    Some(date.ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::{SheetRow, day_of, read_filled};

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, want) in [
            ("2025-09-30", Some("2025-09-30")),
            ("2025.9.3", Some("2025-09-03")),
            ("2025/9/30", Some("2025-09-30")),
            ("2025年9月30日", Some("2025-09-30")),
            ("2025-02-30", None),
            ("25-09-30", None),
            ("9月底", None),
            ("45838", Some("2025-06-30")),
            ("30", None),
            ("2025-09-30-1", None),
        ] {
            assert_eq!(day_of(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn a_sheet_without_fingerprints_is_refused_with_what_to_do() {
        let rows = [SheetRow {
            row: 1,
            cells: [(0, "村".to_owned()), (1, "问题".to_owned())].into(),
        }];
        let error = read_filled(&rows).unwrap_err();
        assert!(error.zh.contains("heyan track export"), "{error:?}");
    }
}
