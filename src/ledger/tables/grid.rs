//! A sheet with its rows at hand and its merged regions looked up by cell.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::profile::Profile;
use crate::ledger::coerce::Raw;
use crate::read::{Cell, Content, Region, Sheet, Texts};

/// Regions with more cells than this are looked for one by one.
const LARGE: u64 = 4_096;
/// How many cells of small regions are kept at most.
const MOST_CELLS: usize = 4_000_000;
/// How many large regions are looked through at most.
const MOST_LARGE: usize = 256;

/// A sheet with its rows at hand and its merged regions looked up by cell.
#[derive(Debug)]
pub(super) struct Grid<'a> {
    /// The sheet.
    pub(super) sheet: &'a Sheet,
    texts: &'a Texts,
    /// Row number, first cell and the one behind the last.
    rows: Vec<(u32, usize, usize)>,
    small: HashMap<(u32, u16), Region>,
    large: Vec<Region>,
    /// Profiles made before, by column and rows: bands of different heights stand above the same cells.
    profiles: RefCell<HashMap<(u16, usize, usize), Rc<Profile>>>,
}

/// How many profiles are remembered at most.
const MOST_PROFILES: usize = 4_096;

impl<'a> Grid<'a> {
    /// Indexes a sheet.
    pub(super) fn new(sheet: &'a Sheet, texts: &'a Texts) -> Self {
        let mut rows = Vec::new();
        let mut start = 0;
        for (row, cells) in sheet.rows() {
            rows.push((row, start, start + cells.len()));
            start += cells.len();
        }
        let mut small = HashMap::new();
        let mut large = Vec::new();
        for region in &sheet.merged {
            if region.bottom < region.top || region.right < region.left {
                continue;
            }
            let cells = u64::from(region.bottom - region.top + 1)
                * u64::from(region.right - region.left + 1);
            if cells <= 1 {
                continue;
            }
            if cells <= LARGE && small.len() < MOST_CELLS {
                for row in region.top..=region.bottom {
                    for col in region.left..=region.right {
                        small.insert((row, col), *region);
                    }
                }
            } else if large.len() < MOST_LARGE {
                large.push(*region);
            }
        }
        Self {
            sheet,
            texts,
            rows,
            small,
            large,
            profiles: RefCell::default(),
        }
    }

    /// What the cells of a column look like in some of the filled rows.
    pub(super) fn profile(&self, col: u16, rows: Range<usize>) -> Rc<Profile> {
        let key = (col, rows.start, rows.end);
        if let Some(known) = self.profiles.borrow().get(&key) {
            return known.clone();
        }
        let profile = Rc::new(Profile::of(self, col, rows));
        let mut profiles = self.profiles.borrow_mut();
        if profiles.len() >= MOST_PROFILES {
            profiles.clear();
        }
        profiles.insert(key, profile.clone());
        profile
    }

    /// How many rows hold something.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The sheet row of the n-th row that holds something.
    pub(super) fn number(&self, index: usize) -> u32 {
        self.rows[index].0
    }

    /// The cells of the n-th row that holds something.
    pub(super) fn cells(&self, index: usize) -> &'a [Cell] {
        let (_, start, end) = self.rows[index];
        &self.sheet.cells[start..end]
    }

    /// The cells of the n-th row within columns, both included; none where the last is left of the first.
    pub(super) fn within(&self, index: usize, cols: (u16, u16)) -> &'a [Cell] {
        let cells = self.cells(index);
        if cols == (0, u16::MAX) {
            return cells;
        }
        let start = cells.partition_point(|cell| cell.col < cols.0);
        let end = cells.partition_point(|cell| cell.col <= cols.1);
        cells.get(start..end).unwrap_or_default()
    }

    /// The place of a sheet row among the rows that hold something.
    pub(super) fn index_of(&self, row: u32) -> Option<usize> {
        self.rows.binary_search_by_key(&row, |r| r.0).ok()
    }

    /// The place of the first filled row below a sheet row.
    pub(super) fn first_after(&self, row: u32) -> usize {
        self.rows.partition_point(|r| r.0 <= row)
    }

    /// The cell of the n-th row at a column.
    pub(super) fn at(&self, index: usize, col: u16) -> Option<&'a Cell> {
        let cells = self.cells(index);
        cells
            .binary_search_by_key(&col, |cell| cell.col)
            .ok()
            .map(|at| &cells[at])
    }

    /// The cell at a place of the sheet.
    pub(super) fn cell(&self, row: u32, col: u16) -> Option<&'a Cell> {
        self.at(self.index_of(row)?, col)
    }

    /// The text of a cell that holds text.
    pub(super) fn text(&self, cell: &Cell) -> Option<&'a str> {
        match cell.content {
            Content::Text(id) => Some(self.texts.get(id)),
            _ => None,
        }
    }

    /// What a cell shows, roughly: its text, or its number.
    pub(super) fn shown(&self, cell: &Cell) -> String {
        match cell.content {
            Content::Text(id) => self.texts.get(id).to_string(),
            Content::Number(n) | Content::DateSerial(n) => n.to_string(),
            Content::Bool(b) => if b { "TRUE" } else { "FALSE" }.to_string(),
            Content::Error(error) => error.text().to_string(),
            Content::FormulaWithoutValue => String::new(),
        }
    }

    /// A cell as the coercions take it.
    pub(super) fn raw(&self, cell: &Cell) -> Raw<'a> {
        match cell.content {
            Content::Text(id) => Raw::Text(self.texts.get(id)),
            Content::Number(n) => Raw::Number(n),
            Content::DateSerial(n) => Raw::Serial(n, self.sheet.date_system),
            Content::Bool(b) => Raw::Bool(b),
            Content::Error(error) => Raw::Error(error),
            Content::FormulaWithoutValue => Raw::FormulaWithoutValue,
        }
    }

    /// The merged region that covers a place.
    pub(super) fn region(&self, row: u32, col: u16) -> Option<Region> {
        self.small.get(&(row, col)).copied().or_else(|| {
            self.large
                .iter()
                .find(|r| (r.top..=r.bottom).contains(&row) && (r.left..=r.right).contains(&col))
                .copied()
        })
    }

    /// Whether the sheet tells of merged regions at all.
    pub(super) fn has_merges(&self) -> bool {
        !self.small.is_empty() || !self.large.is_empty()
    }

    /// Runs of columns that hold something, each at least `least` wide, with a wholly blank column between them.
    pub(super) fn column_blocks(&self, least: usize) -> Vec<(u16, u16)> {
        let mut used = vec![
            false;
            usize::from(
                self.sheet
                    .cells
                    .iter()
                    .map(|cell| cell.col)
                    .max()
                    .unwrap_or(0)
            ) + 1
        ];
        for cell in &self.sheet.cells {
            used[usize::from(cell.col)] = true;
        }
        let mut blocks: Vec<(u16, u16)> = Vec::new();
        for (col, _) in (0_u16..).zip(&used).filter(|(_, used)| **used) {
            match blocks.last_mut() {
                Some(block) if block.1 + 1 == col => block.1 = col,
                _ => blocks.push((col, col)),
            }
        }
        if blocks
            .iter()
            .any(|block| usize::from(block.1 - block.0) + 1 < least)
        {
            return Vec::new();
        }
        blocks
    }

    /// Whether a row is hidden.
    pub(super) fn row_hidden(&self, row: u32) -> bool {
        self.sheet.hidden_rows.binary_search(&row).is_ok()
    }

    /// Whether a column is hidden.
    pub(super) fn col_hidden(&self, col: u16) -> bool {
        self.sheet.hidden_cols.binary_search(&col).is_ok()
    }
}
