//! The bounds that keep a hostile file from costing memory or time.

/// Bounds on what one file may cost. A bound that is hit is told in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it lies on disk.
    pub file_bytes: u64,
    /// Bytes of one part once inflated.
    pub part_bytes: u64,
    /// Bytes of all parts read, once inflated.
    pub inflated_bytes: u64,
    /// Entries of the zip directory.
    pub entries: usize,
    /// Sheets.
    pub sheets: usize,
    /// Cells of a workbook that are not blank, hidden rows counted too.
    pub cells: usize,
    /// Bytes of the texts of a workbook together.
    pub text_bytes: usize,
    /// Bytes of the texts of all cells of a workbook, a text counted for each cell that holds it, where a reader keeps a
    /// copy for each.
    pub spread_text_bytes: usize,
    /// Bytes of one cell's text.
    pub cell_text_bytes: usize,
    /// Merged regions of a workbook.
    pub regions: usize,
    /// Seconds that reading one file may take. A reader of our own looks at the clock; a process of its own is ended.
    pub seconds: u64,
    /// Bytes of memory of a process that reads one file.
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            part_bytes: 1 << 30,
            inflated_bytes: 2 << 30,
            entries: 100_000,
            sheets: 1_024,
            cells: 20_000_000,
            text_bytes: 1 << 30,
            spread_text_bytes: 256 << 20,
            cell_text_bytes: 1 << 20,
            regions: 1_000_000,
            seconds: 60,
            memory_bytes: 1 << 30,
        }
    }
}

impl Limits {
    /// Bytes that one cell, string or tag may take in a file before it is decoded: six for each byte of its text, for
    /// entities, and room for attributes.
    pub(super) fn unit_bytes(&self) -> usize {
        self.cell_text_bytes
            .saturating_mul(6)
            .saturating_add(1 << 16)
    }
}
