//! Puts a workbook together within the limits; every reader writes its cells here.

use std::time::{Duration, Instant};

use super::{Cell, Content, Limits, Region, Sheet, TextId, Workbook};
use crate::discover::Reason;

/// Rows of a sheet, as the largest spreadsheet programs have them.
pub(super) const MAX_ROWS: u32 = 1_048_576;
/// Columns of a sheet, as the largest spreadsheet programs have them.
pub(super) const MAX_COLS: u16 = 16_384;

/// A workbook in the making.
pub(super) struct Assembly<'l> {
    /// The workbook so far.
    pub workbook: Workbook,
    /// The bounds it keeps.
    pub limits: &'l Limits,
    deadline: Option<Instant>,
    ticks: u32,
    cells: usize,
    regions: usize,
}

impl<'l> Assembly<'l> {
    /// An empty workbook; its time runs from now.
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            workbook: Workbook::default(),
            limits,
            deadline: Instant::now().checked_add(Duration::from_secs(limits.seconds)),
            ticks: 0,
            cells: 0,
            regions: 0,
        }
    }

    /// Refuses a text that no cell may have.
    pub(super) fn check_text(&self, text: &str) -> Result<(), Reason> {
        if text.len() > self.limits.cell_text_bytes {
            let most = self.limits.cell_text_bytes;
            return Err(Reason::too_large(
                &format!("单元格文字超过 {most} 字节"),
                &format!("a cell with more than {most} bytes of text"),
            ));
        }
        Ok(())
    }

    /// Stores a text, told apart from others only by its id; `None` for an empty one.
    pub(super) fn text(&mut self, text: &str) -> Result<Option<TextId>, Reason> {
        if text.is_empty() {
            return Ok(None);
        }
        self.check_text(text)?;
        let most = self.limits.text_bytes;
        let texts = &mut self.workbook.texts;
        let fits = texts.bytes() + text.len() <= most;
        fits.then(|| texts.push(text))
            .flatten()
            .map(Some)
            .ok_or_else(|| too_much_text(most))
    }

    /// Stores a text as the content of a cell; `None` for an empty one.
    pub(super) fn text_content(&mut self, text: &str) -> Result<Option<Content>, Reason> {
        Ok(self.text(text)?.map(Content::Text))
    }

    /// Stores a text at the next id, an empty one too: shared strings are named by their place.
    pub(super) fn shared_text(&mut self, text: &str) -> Result<(), Reason> {
        if self.workbook.texts.len() >= self.limits.cells {
            return Err(self.too_many_cells());
        }
        if self.text(text)?.is_none() && self.workbook.texts.push(text).is_none() {
            return Err(too_much_text(self.limits.text_bytes));
        }
        Ok(())
    }

    /// Adds a cell; its place in the order is put right by [`Assembly::add_sheet`].
    #[inline]
    pub(super) fn push(&mut self, sheet: &mut Sheet, cell: Cell) -> Result<(), Reason> {
        if self.cells >= self.limits.cells {
            return Err(self.too_many_cells());
        }
        self.cells += 1;
        sheet.cells.push(cell);
        if self.cells.is_multiple_of(1 << 16) {
            self.check_time()?;
        }
        Ok(())
    }

    /// Refuses at once what could only be refused after filling memory: cells that a file repeats by a number.
    pub(super) fn expect_cells(&self, count: u64) -> Result<(), Reason> {
        let free = self.limits.cells.saturating_sub(self.cells) as u64;
        if count > free {
            return Err(self.too_many_cells());
        }
        Ok(())
    }

    /// Refuses more sheets than there may be.
    pub(super) fn expect_sheets(&self, count: usize) -> Result<(), Reason> {
        if count > self.limits.sheets {
            let most = self.limits.sheets;
            return Err(Reason::too_large(
                &format!("工作表超过 {most} 个"),
                &format!("more than {most} sheets"),
            ));
        }
        Ok(())
    }

    /// Marks rows as hidden, first to last; those beyond the bounds of a sheet are left out.
    pub(super) fn hide_rows(
        &mut self,
        sheet: &mut Sheet,
        first: u32,
        last: u32,
    ) -> Result<(), Reason> {
        for row in first..=last.min(MAX_ROWS - 1) {
            if self.cells >= self.limits.cells {
                return Err(self.too_many_cells());
            }
            self.cells += 1;
            sheet.hidden_rows.push(row);
        }
        Ok(())
    }

    /// Marks columns as hidden, first to last; those beyond the bounds of a sheet are left out.
    pub(super) fn hide_cols(sheet: &mut Sheet, first: u32, last: u32) {
        let known = sheet.hidden_cols.len();
        // Overlapping ranges could pile up; more columns than there are need no mark.
        if known <= usize::from(MAX_COLS) {
            let cols = first..=last.min(u32::from(MAX_COLS) - 1);
            sheet
                .hidden_cols
                .extend(cols.filter_map(|col| u16::try_from(col).ok()));
        }
    }

    /// Adds a merged region; one of a single cell is none.
    pub(super) fn merge(&mut self, sheet: &mut Sheet, region: Region) -> Result<(), Reason> {
        if region.top == region.bottom && region.left == region.right {
            return Ok(());
        }
        if self.regions >= self.limits.regions {
            let most = self.limits.regions;
            return Err(Reason::too_large(
                &format!("合并区域超过 {most} 个"),
                &format!("more than {most} merged regions"),
            ));
        }
        self.regions += 1;
        sheet.merged.push(region);
        self.tick()
    }

    fn too_many_cells(&self) -> Reason {
        let most = self.limits.cells;
        Reason::too_large(
            &format!("非空单元格超过 {most} 个"),
            &format!("more than {most} cells that are not blank"),
        )
    }

    /// Adds a finished sheet: sorts what is out of order, and of two cells at one place keeps the later.
    pub(super) fn add_sheet(&mut self, mut sheet: Sheet) -> Result<(), Reason> {
        self.expect_sheets(self.workbook.sheets.len() + 1)?;
        let place = |cell: &Cell| (cell.row, cell.col);
        if !sheet.cells.is_sorted_by(|a, b| place(a) < place(b)) {
            sheet.cells.sort_by_key(place);
            // `dedup_by` keeps the first of a run, so the later content moves there.
            sheet.cells.dedup_by(|later, kept| {
                let same = place(later) == place(kept);
                if same {
                    kept.content = later.content;
                }
                same
            });
        }
        sheet
            .merged
            .sort_unstable_by_key(|region| (region.top, region.left, region.bottom, region.right));
        sheet.merged.dedup();
        for rows in [&mut sheet.hidden_rows, &mut sheet.undecodable_rows] {
            rows.sort_unstable();
            rows.dedup();
        }
        sheet.hidden_cols.sort_unstable();
        sheet.hidden_cols.dedup();
        sheet.cells.shrink_to_fit();
        self.workbook.sheets.push(sheet);
        Ok(())
    }

    /// Looks at the clock now and then.
    pub(super) fn tick(&mut self) -> Result<(), Reason> {
        self.ticks = self.ticks.wrapping_add(1);
        if self.ticks.is_multiple_of(1 << 16) {
            self.check_time()
        } else {
            Ok(())
        }
    }

    /// Looks at the clock.
    pub(super) fn check_time(&self) -> Result<(), Reason> {
        if self
            .deadline
            .is_some_and(|deadline| Instant::now() > deadline)
        {
            return Err(Reason::timed_out(self.limits.seconds));
        }
        Ok(())
    }
}

/// The texts of a workbook exceed their bound.
pub(super) fn too_much_text(most: usize) -> Reason {
    Reason::too_large(
        &format!("文字共超过 {most} 字节"),
        &format!("more than {most} bytes of text"),
    )
}
