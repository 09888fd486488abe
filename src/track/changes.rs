//! Which of the cells that decided a finding hold something else now.

use std::collections::{HashMap, HashSet};

use super::index::Index;
use crate::finding::{Evidence, RecordReport, Report, ResolvedChange, TableReport};

/// What a cell holds in the later scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NowCell {
    /// Its A1 address; empty where the table has no such column.
    pub cell: String,
    /// Its text as it stands there; empty for a blank cell.
    pub raw: String,
}

/// For a comparison of two reports without their ledgers: nothing is known besides what the reports show.
pub fn no_values(_: &RecordReport, _: &str) -> Option<NowCell> {
    None
}

/// Looks up what a field of a record of the later scan holds.
pub(super) type Values<'v> = dyn Fn(&RecordReport, &str) -> Option<NowCell> + 'v;

/// The cells that a report itself shows: those of its evidence, and the rows it gives as context.
pub(super) struct Shown<'a> {
    cells: HashMap<(&'a str, &'a str, &'a str), &'a str>,
    rows: HashSet<(&'a str, &'a str, u32)>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let mut shown = Self {
            cells: HashMap::new(),
            rows: HashSet::new(),
        };
        for finding in &report.findings {
            for evidence in &finding.evidence {
                shown.cells.insert(
                    (&evidence.file, &evidence.sheet, &evidence.cell),
                    &evidence.raw,
                );
            }
            for context in &finding.context {
                shown
                    .rows
                    .insert((&context.file, &context.sheet, context.row));
                for cell in &context.cells {
                    shown
                        .cells
                        .entry((&context.file, &context.sheet, &cell.cell))
                        .or_insert(&cell.raw);
                }
            }
        }
        shown
    }

    /// What a field of a record holds, where the report shows it.
    fn value(&self, now: &Index<'_>, record: &RecordReport, field: &str) -> Option<NowCell> {
        let column = column_of(now, record, field)?;
        let cell = format!("{column}{}", record.row);
        let known = self
            .cells
            .get(&(record.file.as_str(), record.sheet.as_str(), cell.as_str()));
        let raw = match known {
            Some(raw) => (*raw).to_owned(),
            // A row that is given as context lacks only its blank cells.
            None if self.rows.contains(&(
                record.file.as_str(),
                record.sheet.as_str(),
                record.row,
            )) =>
            {
                String::new()
            }
            None => return None,
        };
        Some(NowCell { cell, raw })
    }
}

/// The letters of the column that a field of a record is read from.
fn column_of<'a>(now: &Index<'a>, record: &RecordReport, field: &str) -> Option<&'a str> {
    let table = table_of(now, record)?;
    let column = table
        .columns
        .iter()
        .find(|column| column.field.as_deref() == Some(field))?;
    Some(&column.column)
}

/// The table that a record stands in.
fn table_of<'a>(now: &Index<'a>, record: &RecordReport) -> Option<&'a TableReport> {
    let village = (record.town.as_str(), record.village.as_str());
    now.table(village, &record.file, &record.sheet, Some(record.row))
}

/// Whether a report proves that a field of a record holds a legible value although it does not show the cell: no cell
/// of the column is empty or unreadable.
pub(super) fn column_is_full(now: &Index<'_>, record: &RecordReport, field: &str) -> bool {
    table_of(now, record)
        .into_iter()
        .flat_map(|table| &table.columns)
        .any(|column| {
            column.field.as_deref() == Some(field)
                && column.filled > 0
                && column.empty == 0
                && column.unreadable == 0
        })
}

/// How the deciding cells of a finding compare with now.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Those that hold another text.
    pub(super) changed: Vec<ResolvedChange>,
    /// Whether each of them could be looked up.
    pub(super) complete: bool,
}

impl Changes {
    /// Whether a cell that held something is blank now.
    pub(super) fn blanked(&self) -> bool {
        self.changed
            .iter()
            .any(|change| is_blank(&change.after) && !is_blank(&change.before))
    }
}

/// Whether a cell holds nothing: blank, or one of the dashes that bookkeepers put for it.
pub(super) fn is_blank(raw: &str) -> bool {
    matches!(raw.trim(), "" | "—" | "——" | "-" | "–" | "/" | "待补")
}

/// Sets the deciding cells of a finding against what they hold now. `owner` gives the record of the later scan that a
/// cell belongs to.
pub(super) fn changes<'n>(
    evidence: &[Evidence],
    now: &Index<'n>,
    shown: &Shown<'_>,
    values: &Values<'_>,
    owner: impl Fn(&Evidence) -> Option<&'n RecordReport>,
) -> Changes {
    let mut found = Changes {
        changed: Vec::new(),
        complete: true,
    };
    for cell in evidence {
        let now_cell = owner(cell).and_then(|record| {
            values(record, &cell.field).or_else(|| shown.value(now, record, &cell.field))
        });
        let Some(now_cell) = now_cell else {
            found.complete = false;
            continue;
        };
        let change = ResolvedChange {
            field: cell.field.clone(),
            cell: now_cell.cell,
            before: cell.raw.clone(),
            after: now_cell.raw,
        };
        if change.before.trim() != change.after.trim() && !found.changed.contains(&change) {
            found.changed.push(change);
        }
    }
    found
}
