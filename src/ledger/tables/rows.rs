//! The records of a table, cell by cell, as `assemble` takes them.

use super::grid::Grid;
use super::normal::is_blank;
use super::walk::{DataRow, Table};
use crate::ledger::assemble::{FoundCell, FoundColumn, FoundRow, Line};
use crate::ledger::coerce::Raw;

/// Hands the records of a table over: merged-down cells spread, 同上 resolved.
pub(super) struct Rows<'g, 'a, 't> {
    grid: &'g Grid<'a>,
    table: &'t Table,
    /// The lines of its sections.
    sections: &'t [Line],
    cols: Vec<u16>,
    /// Which columns a row without a running number of its own takes from the row above (no merged cells are told).
    grouped: Vec<bool>,
    serial: Option<u16>,
    merges: bool,
    first: u32,
    last: Vec<FoundCell<'a>>,
    next: usize,
}

impl<'g, 'a, 't> Rows<'g, 'a, 't> {
    /// The records of a table with these columns.
    pub(super) fn new(
        grid: &'g Grid<'a>,
        table: &'t Table,
        sections: &'t [Line],
        columns: &[FoundColumn],
        serial: Option<u16>,
    ) -> Self {
        let cols: Vec<u16> = columns.iter().map(|column| column.col).collect();
        let grouped = if grid.has_merges() {
            vec![false; cols.len()]
        } else {
            grouped(grid, &table.rows, &cols, serial)
        };
        let first = table.rows.first().map_or(0, |row| grid.number(row.index));
        Self {
            grid,
            table,
            sections,
            last: vec![
                FoundCell {
                    raw: Raw::Blank,
                    origin: None
                };
                cols.len()
            ],
            cols,
            grouped,
            serial,
            merges: grid.has_merges(),
            first,
            next: 0,
        }
    }

    fn cell(&self, index: usize, at: usize, continued: bool) -> FoundCell<'a> {
        let (row, col) = (self.grid.number(index), self.cols[at]);
        if let Some(cell) = self.grid.at(index, col) {
            let raw = self.grid.raw(cell);
            if let Raw::Text(text) = raw
                && is_ditto(text)
                && self.last[at].raw != Raw::Blank
            {
                return FoundCell {
                    raw: self.last[at].raw,
                    origin: None,
                };
            }
            return FoundCell { raw, origin: None };
        }
        if self.merges
            && let Some(region) = self.grid.region(row, col)
            && region.left == col
            && region.top < row
            && region.top >= self.first
            && let Some(cell) = self.grid.cell(region.top, col)
        {
            let raw = self.grid.raw(cell);
            // 同上 in a merged cell is what it was resolved to.
            let raw = if matches!(raw, Raw::Text(text) if is_ditto(text)) {
                self.last[at].raw
            } else {
                raw
            };
            return FoundCell {
                raw,
                origin: Some((region.top, col)),
            };
        }
        if continued && self.grouped[at] && self.last[at].raw != Raw::Blank {
            let origin = self.last[at].origin.or_else(|| {
                let above = self.next.checked_sub(1)?;
                Some((self.grid.number(self.table.rows[above].index), col))
            });
            return FoundCell {
                raw: self.last[at].raw,
                origin,
            };
        }
        FoundCell {
            raw: Raw::Blank,
            origin: None,
        }
    }
}

impl<'a: 't, 't> Iterator for Rows<'_, 'a, 't> {
    type Item = FoundRow<'t>;

    fn next(&mut self) -> Option<FoundRow<'t>> {
        let data = *self.table.rows.get(self.next)?;
        let continued = self
            .serial
            .is_some_and(|serial| self.next > 0 && self.grid.at(data.index, serial).is_none());
        let cells: Vec<FoundCell<'a>> = (0..self.cols.len())
            .map(|at| self.cell(data.index, at, continued))
            .collect();
        self.last.clone_from(&cells);
        self.next += 1;
        Some(FoundRow {
            row: self.grid.number(data.index),
            section: self.sections.get(data.section as usize),
            cells,
        })
    }
}

/// Whether a text says “as above”.
pub(super) fn is_ditto(text: &str) -> bool {
    if text.len() > 24 {
        return false;
    }
    let mut chars = text.chars().filter(|c| !is_blank(*c));
    let (first, second, third) = (chars.next(), chars.next(), chars.next());
    matches!(
        (first, second, third),
        (Some('同'), Some('上' | '前'), None)
            | (Some('〃' | '″' | '〞' | '”' | '"' | '＂'), None, _)
            | (Some('"' | '\''), Some('"' | '\''), None)
    )
}

/// Which columns belong to the group, where the file tells of no merged cells: those that every row without a running
/// number leaves blank, and that some row with one fills.
fn grouped(grid: &Grid<'_>, rows: &[DataRow], cols: &[u16], serial: Option<u16>) -> Vec<bool> {
    let none = vec![false; cols.len()];
    let Some(serial) = serial else {
        return none;
    };
    let (mut blank, mut filled) = (vec![true; cols.len()], vec![0_usize; cols.len()]);
    let (mut continued, mut numbered) = (0_usize, 0_usize);
    for row in rows {
        if grid.at(row.index, serial).is_some() {
            numbered += 1;
            for (at, col) in cols.iter().enumerate() {
                filled[at] += usize::from(grid.at(row.index, *col).is_some());
            }
        } else {
            continued += 1;
            for (at, col) in cols.iter().enumerate() {
                blank[at] &= grid.at(row.index, *col).is_none();
            }
        }
    }
    // Without any running numbers, or with all of them, there are no groups. What no group fills is just empty, and what
    // every group leaves to its rows is not of the group.
    if continued == 0 || numbered == 0 || blank.iter().all(|b| !b) || blank.iter().all(|b| *b) {
        return none;
    }
    (0..cols.len())
        .map(|at| blank[at] && filled[at] * 2 >= numbered)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_ditto;

    #[test]
    fn ditto_marks_are_known() {
        for (text, want) in [
            ("同上", true),
            ("同 上", true),
            ("〃", true),
            ("”", true),
            ("同上一年", false),
            ("同意", false),
        ] {
            assert_eq!(is_ditto(text), want, "{text}");
        }
    }
}
