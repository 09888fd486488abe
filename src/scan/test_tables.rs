//! The tables of a rule's test → villages, read by the coercions of a workbook.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::finding::{FileId, TableId};
use crate::lang::Bilingual;
use crate::ledger::assemble::{FoundCell, FoundColumn, FoundRow, FoundTable, Line, assemble};
use crate::ledger::coerce::{ColumnUnit, Raw};
use crate::ledger::{Datum, Day, FieldId, KindId, Ledger, Village, VillageName};
use crate::rules::{Pack, TestTable};

/// The village of rows that name none.
pub(super) const VILLAGE: &str = "本村";
/// The column that puts rows into villages of their own.
const VILLAGE_COLUMN: &str = "村";

/// The villages of some tables by their ledgers' names; only these ledgers are there.
#[cfg(test)]
pub(super) fn villages(
    pack: &Pack,
    tables: &[(String, TestTable)],
    absent: &[&str],
) -> Result<Vec<Village>, Bilingual> {
    let absent: BTreeSet<&str> = absent.iter().copied().collect();
    let names: BTreeSet<VillageName> = tables
        .iter()
        .flat_map(|(_, table)| table.rows.iter().map(|row| village_of(table, row)))
        .collect();
    names
        .into_iter()
        .map(|name| {
            let mut village = Village {
                name,
                ledgers: Vec::new(),
            };
            for (kind, table) in tables {
                let Some(kind) = pack.kinds.find(kind) else {
                    continue;
                };
                let here = |row: &Vec<String>| village_of(table, row) == village.name;
                if table.rows.iter().any(here) {
                    let ledger = ledger(pack, kind, table, &village.name, &absent, true)?;
                    village.ledgers.push(ledger);
                }
            }
            Ok(village)
        })
        .collect()
}

/// The first data row of a test's table as a sheet, counted from zero.
pub(super) const FIRST_ROW: u32 = 1;

pub(super) fn name_of(name: &str) -> VillageName {
    VillageName {
        town: Arc::from(""),
        name: Arc::from(name),
    }
}

pub(super) fn village_of(table: &TestTable, row: &[String]) -> VillageName {
    let column = table.header.iter().position(|name| name == VILLAGE_COLUMN);
    let named = column
        .and_then(|column| row.get(column))
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty());
    name_of(named.unwrap_or(VILLAGE))
}

/// The records of one village in a table of a test.
pub(super) fn ledger(
    pack: &Pack,
    kind: KindId,
    table: &TestTable,
    village: &VillageName,
    absent: &BTreeSet<&str>,
    own: bool,
) -> Result<Ledger, Bilingual> {
    let of_kind = pack.kinds.get(kind);
    let mut columns: Vec<(FieldId, Option<usize>)> = Vec::new();
    for (place, name) in table.header.iter().enumerate() {
        if name == VILLAGE_COLUMN && of_kind.find(name).is_none() {
            continue;
        }
        let field = of_kind.find(name).ok_or_else(|| {
            Bilingual::new(
                format!("{}台账没有“{name}”这个字段", of_kind.name),
                format!("the ledger “{}” has no field “{name}”", of_kind.name),
            )
        })?;
        columns.push((field, Some(place)));
    }
    // What a period or a vote fills has no column of its own beside it, as in a ledger that is written so.
    let filled: BTreeSet<FieldId> = columns
        .iter()
        .flat_map(|(field, _)| of_kind.field(*field).fills.iter())
        .collect();
    for (field, of_field) in (0..).map(FieldId).zip(&of_kind.fields) {
        let given = columns.iter().any(|(known, _)| *known == field);
        let qualified = format!("{}.{}", of_kind.name, of_field.name);
        let gone =
            (own && absent.contains(of_field.name.as_str())) || absent.contains(qualified.as_str());
        if !given && !gone && of_field.always.is_none() && !filled.contains(&field) {
            columns.push((field, None));
        }
    }
    let found = FoundTable {
        kind,
        file: FileId(u32::from(kind.0)),
        file_name: Arc::from(format!("{}.test", of_kind.id)),
        sheet: Arc::from("测试"),
        table: TableId(1),
        title: Line::default(),
        columns: (0..)
            .zip(&columns)
            .map(|(col, (field, _))| FoundColumn {
                col,
                header: Arc::from(of_kind.field(*field).name.as_str()),
                field: *field,
                unit: ColumnUnit::default(),
            })
            .collect(),
        village: village.clone(),
    };
    let rows = (FIRST_ROW..)
        .zip(&table.rows)
        .filter(|(_, row)| village_of(table, row) == *village)
        .map(|(row, cells)| FoundRow {
            row,
            section: None,
            cells: columns
                .iter()
                .map(|(_, place)| {
                    let text = place
                        .and_then(|place| cells.get(place))
                        .map_or("", |cell| cell.trim());
                    FoundCell {
                        raw: if text.is_empty() {
                            Raw::Blank
                        } else {
                            Raw::Text(text)
                        },
                        origin: None,
                    }
                })
                .collect(),
        });
    let mut issues = Vec::new();
    Ok(assemble(&pack.kinds, &found, rows, &mut issues))
}

/// Ten years after the latest date of the rows, so that a duty that came up in them has fallen due.
pub(super) fn day_after_every_row(villages: &[Village]) -> Day {
    let mut latest: Option<Day> = None;
    for ledger in villages.iter().flat_map(|village| &village.ledgers) {
        for record in 0..u32::try_from(ledger.len()).unwrap_or(0) {
            for datum in ledger.row(record) {
                if let Datum::Date(span) | Datum::Period(span) = datum {
                    let day = if span.last == Day::MAX {
                        span.first
                    } else {
                        span.last
                    };
                    latest = latest.max(Some(day));
                }
            }
        }
    }
    latest
        .or_else(|| Day::from_ymd(2025, 12, 31))
        .unwrap_or(Day::MIN)
        .plus_months(120)
}
