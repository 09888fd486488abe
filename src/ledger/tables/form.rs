//! Sheets that hold one contract as a block of labels and values.

use std::rc::Rc;

use super::columns::{Choice, Mapping};
use super::context::Context;
use super::grid::Grid;
use super::header::Segment;
use super::heading::Heading;
use super::normal::{letters, plain};
use super::profile::Profile;
use super::role::is_section;
use super::walk::{DataRow, Table, line};
use crate::lang::Bilingual;
use crate::ledger::assemble::{FoundCell, FoundColumn, FoundRow};
use crate::ledger::coerce::Raw;
use crate::ledger::{FieldId, KindId};

/// Fields that a block names at least.
const LEAST: usize = 4;
/// Rows of a block at most.
const TALLEST: usize = 400;

/// A label with the place of its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    /// The field.
    field: FieldId,
    /// The label as it stands there.
    label: String,
    /// The sheet row and column of the label.
    at: (u32, u16),
    /// The sheet row and column of the value.
    value: (u32, u16),
    /// What stands behind the colon, where label and value share a cell: byte offset into the cell's text.
    inside: Option<usize>,
}

/// Finds the blocks of a sheet: each is a table of one record, blocks of the same kind below one another are its records.
pub(super) fn find(grid: &Grid<'_>, context: &Context<'_>) -> Vec<Table> {
    if grid.len() > TALLEST {
        return Vec::new();
    }
    let labels = labels(grid);
    let titles: Vec<(u32, String)> = (0..grid.len().min(3))
        .map(|index| (grid.number(index), line(grid, index, (0, u16::MAX))))
        .collect();
    let support = context.support(&[], &titles, &grid.sheet.name);
    let mut best: Option<(f64, KindId, Vec<Pair>)> = None;
    for (kind, ledger) in context.kinds.iter() {
        let mut pairs: Vec<Pair> = Vec::new();
        for label in &labels {
            let found = [letters(&label.text), super::normal::parse(&label.text).bare];
            let claim = found.iter().find_map(|word| {
                context
                    .lexicon
                    .exact(word)
                    .iter()
                    .find(|claim| claim.kind == kind)
            });
            let told = context.told(
                &Heading::new(label.at.1, &[(label.at.0, &label.text)]),
                kind,
            );
            let field = match told {
                Some(told) => told,
                None => claim.map(|claim| claim.field),
            };
            if let Some(field) = field {
                pairs.push(Pair {
                    field,
                    label: label.text.clone(),
                    at: label.at,
                    value: label.value,
                    inside: label.inside,
                });
            }
        }
        let mut fields: Vec<FieldId> = pairs
            .iter()
            .filter(|p| !ledger.field(p.field).optional)
            .map(|p| p.field)
            .collect();
        fields.sort_unstable();
        fields.dedup();
        let keyed = ledger
            .keys
            .iter()
            .any(|key| key.iter().any(|field| fields.contains(field)));
        #[expect(clippy::cast_precision_loss, reason = "a form has few fields")]
        let score = fields.len() as f64 + support.get(usize::from(kind.0)).copied().unwrap_or(0.0);
        if fields.len() >= LEAST
            && keyed
            && fields.len() * 2 >= labels.len()
            && best.as_ref().is_none_or(|(s, ..)| score > *s)
        {
            best = Some((score, kind, pairs));
        }
    }
    let Some((_, kind, pairs)) = best else {
        return Vec::new();
    };
    // Labels and values stand on several rows; one row of both is no form.
    if pairs.iter().map(|pair| pair.at.0).min() == pairs.iter().map(|pair| pair.at.0).max() {
        return Vec::new();
    }
    vec![table(grid, kind, pairs)]
}

struct Label {
    text: String,
    at: (u32, u16),
    value: (u32, u16),
    inside: Option<usize>,
}

/// Texts with a value to their right, or behind a colon.
fn labels(grid: &Grid<'_>) -> Vec<Label> {
    let mut labels = Vec::new();
    for index in 0..grid.len() {
        let cells = grid.cells(index);
        let mut skip = false;
        for (at, cell) in cells.iter().enumerate().take(64) {
            if std::mem::take(&mut skip) {
                continue;
            }
            let Some(text) = grid.text(cell) else {
                continue;
            };
            let trimmed = text.trim();
            if trimmed.chars().count() > 60 {
                continue;
            }
            let colon = trimmed.find(['：', ':']);
            let behind = colon.map(|colon| {
                let rest = &trimmed[colon..];
                rest.trim_start_matches(['：', ':']).trim()
            });
            let row = cell.row;
            if let (Some(colon), Some(behind)) = (colon, behind)
                && !behind.is_empty()
            {
                let offset = text.len() - text.trim_start().len() + colon;
                let offset = offset + text[offset..].len()
                    - text[offset..]
                        .trim_start_matches(['：', ':', ' ', '\u{3000}'])
                        .len();
                labels.push(Label {
                    text: trimmed[..colon].to_string(),
                    at: (row, cell.col),
                    value: (row, cell.col),
                    inside: Some(offset),
                });
                continue;
            }
            // The value stands in the next cell, right behind the label or the cells it is merged over.
            let right = grid
                .region(row, cell.col)
                .map_or(cell.col, |region| region.right);
            let value = cells
                .get(at + 1)
                .filter(|next| next.col == right.saturating_add(1));
            let label = trimmed.trim_end_matches(['：', ':']);
            if is_section(&plain(label)) {
                continue;
            }
            if let Some(value) = value {
                labels.push(Label {
                    text: label.to_string(),
                    at: (row, cell.col),
                    value: (row, value.col),
                    inside: None,
                });
                skip = true;
            }
        }
    }
    labels
}

/// A table of the records that the pairs make: a label that comes again begins the next record.
fn table(grid: &Grid<'_>, kind: KindId, pairs: Vec<Pair>) -> Table {
    let mut records: Vec<Vec<Pair>> = vec![Vec::new()];
    for pair in pairs {
        let record = records.last_mut().expect("there is always one");
        if record.iter().any(|known| known.field == pair.field) {
            // A form may say the same twice (金额 in figures and in words); a new one begins with its first label.
            if record
                .first()
                .is_some_and(|first| first.field == pair.field)
            {
                records.push(vec![pair]);
            }
            continue;
        }
        record.push(pair);
    }
    let first = records[0].first().map_or(0, |pair| pair.at.0);
    let last = records[0].last().map_or(0, |pair| pair.at.0);
    let mut headings = Vec::new();
    let mut choices = Vec::new();
    for pair in &records[0] {
        let mut heading = Heading::new(pair.at.1, &[(pair.at.0, &pair.label)]);
        heading.col = pair.value.1;
        headings.push(heading);
        choices.push(Choice {
            field: Some(pair.field),
            confidence: 0.95,
            why: Bilingual::new(
                "标签一致，值在其右",
                "the label is a known word, its value stands beside it",
            ),
            doubt: None,
        });
    }
    let profiles = headings
        .iter()
        .map(|_| Rc::new(Profile::default()))
        .collect();
    let claimed = choices.len();
    let rows = records
        .iter()
        .filter_map(|record| grid.index_of(record.first()?.at.0))
        .map(|index| DataRow { index, section: 0 })
        .collect();
    let titles = (0..grid.len())
        .map(|index| (grid.number(index), line(grid, index, (0, u16::MAX))))
        .take_while(|(row, _)| *row < first)
        .collect();
    Table {
        header: (first, last),
        segment: Segment {
            cols: (0, u16::MAX),
            headings,
            profiles,
            mapping: Mapping {
                kind,
                choices,
                score: 0.0,
                claimed,
            },
            confidence: 0.9,
        },
        titles,
        above: Vec::new(),
        rows,
        totals: Vec::new(),
        breaks: Vec::new(),
        sections: vec![(0, String::new())],
        ignored: Vec::new(),
        unclaimed: Vec::new(),
        form: records,
    }
}

/// The records of a form, as `assemble` takes them.
pub(super) fn rows<'t, 'a: 't>(
    grid: &Grid<'a>,
    table: &'t Table,
    columns: &[FoundColumn],
) -> Vec<FoundRow<'t>> {
    table
        .form
        .iter()
        .filter_map(|record| {
            let row = record.first()?.at.0;
            let cells = columns
                .iter()
                .map(|column| {
                    let pair = record.iter().find(|pair| pair.field == column.field);
                    let cell = pair.and_then(|pair| {
                        grid.cell(pair.value.0, pair.value.1)
                            .map(|cell| (pair, cell))
                    });
                    let Some((pair, cell)) = cell else {
                        return FoundCell {
                            raw: Raw::Blank,
                            origin: None,
                        };
                    };
                    let raw = match (grid.raw(cell), pair.inside) {
                        (Raw::Text(text), Some(offset)) => {
                            Raw::Text(text.get(offset..).unwrap_or(text))
                        }
                        (raw, _) => raw,
                    };
                    FoundCell {
                        raw,
                        origin: Some(pair.value),
                    }
                })
                .collect();
            Some(FoundRow {
                row,
                section: None,
                cells,
            })
        })
        .collect()
}
