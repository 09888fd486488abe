//! A sheet as the file stores it.

use super::{Cell, Texts};

/// The sheets of one file and the texts they share.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    /// The sheets in the order of the file, hidden ones too.
    pub sheets: Vec<Sheet>,
    /// The texts that cells name by their id.
    pub texts: Texts,
}

/// One sheet: the cells that hold something, exactly as stored.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The name on its tab; `csv` for a text file's only sheet.
    pub name: String,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// The cells that are not blank, by row, then column; no place twice.
    pub cells: Vec<Cell>,
    /// Merged regions, by their first cell. The value stands in the first cell.
    pub merged: Vec<Region>,
    /// Hidden rows, ascending.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, ascending.
    pub hidden_cols: Vec<u16>,
    /// How date serials are counted.
    pub date_system: DateSystem,
    /// Records of a text file that could not be decoded, by row: the cells are left out.
    pub undecodable_rows: Vec<u32>,
}

/// How date serials are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateSystem {
    /// Day 1 is 1900-01-01, with the 29 February 1900 that never was.
    #[default]
    From1900,
    /// Day 0 is 1904-01-01.
    From1904,
}

/// A merged region, first to last row and column, counted from zero, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u16,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u16,
}

impl Sheet {
    /// The cells of one row, by column.
    pub fn row(&self, row: u32) -> &[Cell] {
        let start = self.cells.partition_point(|cell| cell.row < row);
        let len = self.cells[start..].partition_point(|cell| cell.row == row);
        &self.cells[start..start + len]
    }

    /// The cell at a place, if it is not blank.
    pub fn cell(&self, row: u32, col: u16) -> Option<&Cell> {
        let at = self
            .cells
            .binary_search_by_key(&(row, col), |cell| (cell.row, cell.col))
            .ok()?;
        self.cells.get(at)
    }

    /// The rows that hold something, ascending, each with its cells.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &[Cell])> {
        self.cells
            .chunk_by(|a, b| a.row == b.row)
            .map(|cells| (cells[0].row, cells))
    }
}
