//! A line above records with the cells that its words stand in.

/// A title, or a section line (一、出租).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its words, cell by cell.
    pub text: String,
    /// The cells that hold them, from left to right.
    pub cells: Vec<LineCell>,
}

/// A cell of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineCell {
    /// Row of the sheet, counted from zero.
    pub row: u32,
    /// Column of the sheet, counted from zero.
    pub col: u16,
    /// The text as it stands there.
    pub text: String,
}

impl Line {
    /// The cell whose own words say what the line says: where only the line as a whole says it, the first one.
    pub(super) fn cell_that(&self, says: impl Fn(&str) -> bool) -> Option<usize> {
        let told = self.cells.iter().position(|cell| says(&cell.text));
        told.or_else(|| (!self.cells.is_empty()).then_some(0))
    }
}
