//! A table with its village → ledgers, the table's report, and its issues.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::context::Context;
use super::grid::Grid;
use super::header::is_serial;
use super::totals::{self, Checked, Share, Sums};
use super::{Pending, doubt, form, rows, tell, units, villages};
use crate::finding::{ColumnReport, IgnoredRow, TableId, TableReport};
use crate::ledger::assemble::{FoundColumn, FoundTable, Line, LineCell, assemble};
use crate::ledger::coerce::{self, ColumnUnit, Value};
use crate::ledger::{Datum, FieldId, FieldType, KindId, Ledger, Mapped, VillageName};
use crate::read::column_letters;

/// Sums of the earlier tables of a sheet by kind and field: a 总计 at the end may mean them too.
pub(super) type SheetSums = BTreeMap<(KindId, FieldId), Decimal>;

/// What the making of a table's issues and report goes by.
pub(super) struct Made<'m, 'g, 'a> {
    pub(super) context: &'m Context<'m>,
    pub(super) pending: &'m Pending<'g, 'a>,
    pub(super) id: TableId,
    pub(super) village: &'m VillageName,
    pub(super) columns: &'m [FoundColumn],
    /// The ledgers of the table, one for each village.
    pub(super) ledgers: &'m [Ledger],
    /// Of each record in the order of the rows, its ledger and its place in it.
    pub(super) places: &'m [(usize, u32)],
}

/// Reads the records of a table and adds all there is to tell of it.
pub(super) fn add(
    mapped: &mut Mapped,
    context: &Context<'_>,
    mut pending: Pending<'_, '_>,
    id: TableId,
    sums: &mut SheetSums,
) {
    let (own, mut from) = pending
        .own
        .take()
        .unwrap_or_else(|| (villages::name("", &context.stem()), "unknown"));
    let columns = found_columns(&pending, context);
    let serial = serial_column(&pending);
    let (names, village_of, by_column) =
        villages::of_rows(pending.grid, context, &pending.table, pending.places, &own);
    if by_column {
        from = "column";
    }
    let title = title(&pending);
    let kind = pending.table.segment.mapping.kind;
    let found = |village: &VillageName| FoundTable {
        kind,
        file: context.file.id,
        file_name: context.file.name.clone(),
        sheet: Arc::from(pending.grid.sheet.name.as_str()),
        table: id,
        title: title.clone(),
        columns: columns.clone(),
        village: village.clone(),
    };
    let mut ledgers = Vec::new();
    let mut places = Vec::with_capacity(pending.table.rows.len());
    if pending.table.form.is_empty() {
        let sections: Vec<Line> = pending
            .table
            .sections
            .iter()
            .map(|section| line(pending.grid, section))
            .collect();
        let all = rows::Rows::new(pending.grid, &pending.table, &sections, &columns, serial);
        if names.len() == 1 {
            ledgers.push(assemble(
                context.kinds,
                &found(&names[0]),
                all,
                &mut mapped.issues,
            ));
            places.extend(
                (0..)
                    .zip(&pending.table.rows)
                    .map(|(record, _)| (0, record)),
            );
        } else {
            let mut split: Vec<Vec<_>> = names.iter().map(|_| Vec::new()).collect();
            for (row, village) in all.zip(&village_of) {
                let rows = &mut split[*village as usize];
                places.push((
                    *village as usize,
                    u32::try_from(rows.len()).unwrap_or(u32::MAX),
                ));
                rows.push(row);
            }
            for (name, rows) in names.iter().zip(split) {
                ledgers.push(assemble(
                    context.kinds,
                    &found(name),
                    rows,
                    &mut mapped.issues,
                ));
            }
        }
    } else {
        let rows = form::rows(pending.grid, &pending.table, &columns);
        places.extend((0..).zip(&rows).map(|(record, _)| (0, record)));
        ledgers.push(assemble(
            context.kinds,
            &found(&names[0]),
            rows,
            &mut mapped.issues,
        ));
    }
    // A record that `assemble` would leave out must not shift the others.
    places.retain(|(ledger, record)| (*record as usize) < ledgers[*ledger].len());
    let village = names.first().cloned().unwrap_or_default();
    let made = Made {
        context,
        pending: &pending,
        id,
        village: &village,
        columns: &columns,
        ledgers: &ledgers,
        places: &places,
    };
    let report = report(&made, from);
    tell::columns(&made, &report, &mut mapped.issues);
    tell::rows(&made, &mut mapped.issues);
    check_totals(&made, &mut mapped.issues, sums);
    doubt::units(&made, &mut mapped.issues);
    mapped.tables.push(report);
    mapped.ledgers.extend(names.into_iter().zip(ledgers));
}

/// The columns that a field claims, with their units.
fn found_columns(pending: &Pending<'_, '_>, context: &Context<'_>) -> Vec<FoundColumn> {
    let table = &pending.table;
    // A unit line further up holds for the sections below it, not for a table with a title of its own.
    let titled = table
        .titles
        .iter()
        .any(|(_, text)| !super::role::is_section(&super::normal::plain(text)));
    let above = if titled { &[] } else { table.above.as_slice() };
    let note = table
        .titles
        .iter()
        .rev()
        .chain(above.iter().rev())
        .map(|(_, text)| text.as_str())
        .chain(std::iter::once(pending.grid.sheet.name.as_str()))
        .find_map(|text| units::of_note(&super::normal::plain(text)));
    let ledger = context.kinds.get(table.segment.mapping.kind);
    table
        .segment
        .headings
        .iter()
        .zip(&table.segment.mapping.choices)
        .filter_map(|(heading, choice)| {
            let field = choice.field?;
            let word = units::of_field(heading, ledger.field(field));
            Some(FoundColumn {
                col: heading.col,
                header: Arc::from(heading.header.as_str()),
                field,
                unit: units::column_unit(word, note, pending.grid.sheet.date_system),
            })
        })
        .collect()
}

/// The column of running numbers.
fn serial_column(pending: &Pending<'_, '_>) -> Option<u16> {
    let segment = &pending.table.segment;
    segment
        .headings
        .iter()
        .find(|heading| is_serial(&heading.leaf.full))
        .map(|heading| heading.col)
}

/// The lines above the table that tell what it is.
fn title(pending: &Pending<'_, '_>) -> Line {
    let table = &pending.table;
    let short = |(_, text): &&(u32, String)| text.chars().count() <= 80;
    let mut lines: Vec<&(u32, String)> = table.titles.iter().filter(short).collect();
    if lines.is_empty() {
        lines.extend(table.above.first());
    }
    let mut title = Line::default();
    for of_row in lines {
        let Line { text, cells } = line(pending.grid, of_row);
        if !title.text.is_empty() {
            title.text.push(' ');
        }
        title.text.push_str(&text);
        title.cells.extend(cells);
    }
    title
}

/// A line of the sheet with the cells that its words stand in.
fn line(grid: &Grid<'_>, (row, text): &(u32, String)) -> Line {
    let cells = grid.index_of(*row).map_or(&[][..], |at| grid.cells(at));
    Line {
        text: text.clone(),
        cells: cells
            .iter()
            .map(|cell| LineCell {
                row: *row,
                col: cell.col,
                text: grid.shown(cell),
            })
            // The row may hold words of a table beside this one.
            .filter(|cell| !cell.text.trim().is_empty() && text.contains(cell.text.trim()))
            .collect(),
    }
}

fn report(made: &Made<'_, '_, '_>, from: &str) -> TableReport {
    let table = &made.pending.table;
    let segment = &table.segment;
    let grid = made.pending.grid;
    let ledger = made.context.kinds.get(segment.mapping.kind);
    let lang = made.context.lang;
    let mut columns: Vec<ColumnReport> = Vec::new();
    for (heading, choice) in segment.headings.iter().zip(&segment.mapping.choices) {
        let mut column = ColumnReport {
            column: column_letters(heading.col),
            header: heading.header.clone(),
            field: choice.field.map(|field| ledger.field(field).name.clone()),
            unit: None,
            why: choice.why.get(lang).to_string(),
            confidence: choice.confidence,
            ..ColumnReport::default()
        };
        if let Some(field) = choice.field {
            let unit = made
                .columns
                .iter()
                .find(|c| c.field == field)
                .map_or_else(ColumnUnit::default, |c| c.unit);
            column.unit = units::print(unit, ledger.field(field));
            (column.filled, column.empty, column.unreadable) = count(made.ledgers, field);
        } else if made.pending.places.village == Some(heading.col) {
            lang.pick("村名列，据此分村", "names the village of each row")
                .clone_into(&mut column.why);
        } else if made.pending.places.town == Some(heading.col) {
            lang.pick("乡镇列", "names the town of each row")
                .clone_into(&mut column.why);
        } else if is_serial(&heading.leaf.full) {
            lang.pick("序号列", "running numbers")
                .clone_into(&mut column.why);
        }
        columns.push(column);
    }
    let numbers = || table.rows.iter().map(|row| grid.number(row.index) + 1);
    let mut ignored: Vec<IgnoredRow> = table
        .titles
        .iter()
        .filter(|_| table.form.is_empty())
        .map(|(row, text)| IgnoredRow {
            row: row + 1,
            why: title_word(text).into(),
        })
        .chain(table.ignored.iter().map(|(row, why)| IgnoredRow {
            row: row + 1,
            why: (*why).into(),
        }))
        .collect();
    ignored.sort_by(|a, b| a.row.cmp(&b.row).then_with(|| a.why.cmp(&b.why)));
    ignored.dedup_by_key(|row| row.row);
    TableReport {
        id: made.id,
        sheet: grid.sheet.name.clone(),
        kind: ledger.id.clone(),
        town: made.village.town.to_string(),
        village: made.village.name.to_string(),
        village_from: from.into(),
        header_rows: (table.header.0..=table.header.1)
            .map(|row| row + 1)
            .collect(),
        rows: numbers().next().zip(numbers().next_back()),
        records: u32::try_from(made.ledgers.iter().map(Ledger::len).sum::<usize>())
            .unwrap_or(u32::MAX),
        confidence: segment.confidence,
        columns,
        ignored_rows: ignored,
        hidden: grid.sheet.hidden
            || table
                .rows
                .iter()
                .any(|row| grid.row_hidden(grid.number(row.index)))
            || segment
                .headings
                .iter()
                .any(|heading| grid.col_hidden(heading.col)),
    }
}

/// The word of a line above a table.
fn title_word(text: &str) -> &'static str {
    let folded = super::normal::plain(text);
    if super::role::is_section(&folded) {
        "section"
    } else if super::role::is_note(&folded) || folded.chars().count() > 60 {
        "note"
    } else {
        "title"
    }
}

/// Cells of a field that hold a value, are empty, cannot be read.
fn count(ledgers: &[Ledger], field: FieldId) -> (u32, u32, u32) {
    let mut counts = (0, 0, 0);
    for ledger in ledgers {
        let Some(slot) = ledger.slot(field) else {
            continue;
        };
        for record in (0..).take(ledger.len()) {
            match ledger.row(record)[slot] {
                Datum::Empty | Datum::Absent => counts.1 += 1,
                Datum::Unreadable => counts.2 += 1,
                _ => counts.0 += 1,
            }
        }
    }
    counts
}

/// Checks every total row, column by column.
fn check_totals(
    made: &Made<'_, '_, '_>,
    issues: &mut Vec<crate::finding::Issue>,
    sheet_sums: &mut SheetSums,
) {
    let table = &made.pending.table;
    let grid = made.pending.grid;
    let kind = table.segment.mapping.kind;
    let ledger = made.context.kinds.get(kind);
    let several = made.context.file.village.is_none() && !sheet_sums.is_empty();
    if table.totals.is_empty() && !table.form.is_empty() {
        return;
    }
    for column in made.columns {
        let field = ledger.field(column.field);
        if !matches!(field.ty, FieldType::Money | FieldType::Number) {
            continue;
        }
        let shares = || {
            made.places
                .iter()
                .map(|(at, record)| totals::share(&made.ledgers[*at], *record, column.field))
        };
        if !table.totals.is_empty() {
            let sums = Sums::new(shares());
            let before = several
                .then(|| sheet_sums.get(&(kind, column.field)).copied())
                .flatten();
            for (at, total) in table.totals.iter().enumerate() {
                let Some(cell) = grid.at(total.index, column.col) else {
                    continue;
                };
                let raw = grid.raw(cell);
                let Value::Datum(datum) = coerce::cell(raw, field, column.unit).value else {
                    continue;
                };
                let Some(value) = datum.decimal() else {
                    continue;
                };
                let half = half_digit(raw, column.unit, field.ty);
                let checked =
                    totals::check(&table.totals, at, &table.breaks, &sums, value, half, before);
                let shown = grid.shown(cell);
                match checked {
                    Checked::Differs(sum) => {
                        issues.push(tell::total(made, column, total, value, sum, shown));
                    }
                    Checked::Undetermined => {
                        issues.push(tell::total_unproven(made, column, total, shown));
                    }
                    Checked::Agrees | Checked::Nothing => {}
                }
            }
        }
        let sum = shares().fold(Decimal::ZERO, |sum, share| match share {
            Share::Amount(amount) => sum.checked_add(amount).unwrap_or(sum),
            Share::Nothing | Share::Unknown => sum,
        });
        let entry = sheet_sums.entry((kind, column.field)).or_default();
        *entry = entry.checked_add(sum).unwrap_or(*entry);
    }
}

/// Half a unit of a total's last digit, in yuan: a total may be rounded to whole 万元, but not to less than it shows.
fn half_digit(raw: coerce::Raw<'_>, unit: ColumnUnit, ty: FieldType) -> Decimal {
    let shown = match raw {
        coerce::Raw::Text(text) => super::normal::plain(text),
        coerce::Raw::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let decimals = shown.split_once('.').map_or(0, |(_, tail)| {
        tail.bytes().take_while(u8::is_ascii_digit).count()
    });
    let decimals = u32::try_from(decimals).unwrap_or(0).min(12);
    // What a spreadsheet program computed may carry noise far behind the point.
    let half = Decimal::new(5, decimals + 1);
    if ty != FieldType::Money {
        return if decimals == 0 {
            Decimal::new(1, 6)
        } else {
            half
        };
    }
    let scaled = half
        .checked_mul(Decimal::from(10_u64.pow(unit.money.min(8))))
        .unwrap_or(half);
    scaled.max(Decimal::new(5, 3))
}
