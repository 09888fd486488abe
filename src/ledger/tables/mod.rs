//! The tables of a workbook: where they stand, what their columns mean, which rows are records, and whose they are.
//!
//! `grid` looks cells up, `header` finds headers with `heading`, `columns` (`claims`, `lexicon`, `near`, `profile`) gives their
//! columns to fields, `walk` and `role` tell the rows apart, `form` reads label/value blocks, `villages` finds whose a
//! table is, `rows` hands the records over to `assemble`, `totals` and `doubt` check them, `tell` words the issues.

mod claims;
mod columns;
mod context;
mod doubt;
mod form;
mod grid;
mod header;
mod heading;
pub(super) mod lexicon;
mod near;
mod normal;
mod outcome;
mod profile;
mod role;
mod rows;
mod tell;
#[cfg(test)]
mod tests;
mod totals;
mod units;
mod villages;
mod walk;

use std::collections::BTreeSet;

use context::Context;
use grid::Grid;
use walk::Table;

use super::{FileInfo, Hints, Kinds, Mapped, VillageName};
use crate::finding::TableId;
use crate::lang::Lang;
use crate::read::Workbook;

/// A table found on a sheet, its village not yet settled.
struct Pending<'g, 'a> {
    grid: &'g Grid<'a>,
    table: Table,
    places: villages::Places,
    own: Option<(VillageName, &'static str)>,
}

/// Finds the tables of a workbook and reads their records.
pub(super) fn map(
    workbook: &Workbook,
    file: &FileInfo,
    kinds: &Kinds,
    hints: &Hints,
    lang: Lang,
) -> Mapped {
    let lexicon = kinds.lexicon();
    let context = Context {
        kinds,
        lexicon: &lexicon,
        hints,
        file,
        lang,
    };
    let mut mapped = Mapped::default();
    let grids: Vec<Grid<'_>> = workbook
        .sheets
        .iter()
        .map(|sheet| Grid::new(sheet, &workbook.texts))
        .collect();
    let mut pending: Vec<Pending<'_, '_>> = Vec::new();
    for grid in &grids {
        let found = walk::find(grid, &context);
        let mut tables = found.tables;
        if tables.is_empty() {
            tables = form::find(grid, &context);
        }
        if tables.is_empty() && !grid.sheet.hidden && grid.len() > 0 {
            mapped.issues.push(tell::unclaimed_sheet(&context, grid));
        }
        if !grid.sheet.undecodable_rows.is_empty() {
            mapped.issues.push(tell::undecodable(&context, grid));
        }
        for table in tables {
            let places = villages::places(&table);
            let own = villages::of_table(grid, &context, &table);
            pending.push(Pending {
                grid,
                table,
                places,
                own,
            });
        }
    }
    settle_villages(&mut pending, &context);
    let mut sums = outcome::SheetSums::default();
    let mut last_sheet: Option<*const Grid<'_>> = None;
    for (number, pending) in (1..).zip(pending) {
        if last_sheet != Some(std::ptr::from_ref(pending.grid).cast()) {
            sums = outcome::SheetSums::default();
            last_sheet = Some(std::ptr::from_ref(pending.grid).cast());
        }
        outcome::add(&mut mapped, &context, pending, TableId(number), &mut sums);
    }
    mapped
}

/// Gives a table that nothing names the village of the workbook's others, where they agree, and each village its town,
/// where another table of the workbook tells it.
fn settle_villages(pending: &mut [Pending<'_, '_>], context: &Context<'_>) {
    let known: BTreeSet<VillageName> = pending
        .iter()
        .filter_map(|p| p.own.as_ref().map(|(v, _)| v.clone()))
        .collect();
    let names: BTreeSet<&str> = known.iter().map(|v| &*v.name).collect();
    let town_of = |name: &str| {
        let mut towns: Vec<&VillageName> = known
            .iter()
            .filter(|v| &*v.name == name && !v.town.is_empty())
            .collect();
        towns.dedup();
        (towns.len() == 1).then(|| towns[0].clone())
    };
    let only = (names.len() == 1)
        .then(|| {
            known
                .iter()
                .next_back()
                .map(|v| town_of(&v.name).unwrap_or_else(|| v.clone()))
        })
        .flatten();
    for pending in pending.iter_mut() {
        let (village, from) = match pending.own.take() {
            Some((village, from)) => (village, from),
            None => match &only {
                Some(village) => (village.clone(), "file"),
                None => (villages::name("", &context.stem()), "unknown"),
            },
        };
        let village = if village.town.is_empty() {
            town_of(&village.name).unwrap_or(village)
        } else {
            village
        };
        let village = if village.town.is_empty() && from != "unknown" {
            context
                .town_of_path()
                .map_or(village.clone(), |town| villages::name(&town, &village.name))
        } else {
            village
        };
        pending.own = Some((village, from));
    }
}
