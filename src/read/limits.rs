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
    /// Cells of a sheet that are not blank.
    pub cells: usize,
    /// Bytes of the texts of a workbook together.
    pub text_bytes: usize,
    /// Bytes of one cell's text.
    pub cell_text_bytes: usize,
    /// Merged regions of a sheet.
    pub regions: usize,
    /// Seconds that reading one file may take.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            part_bytes: 1 << 30,
            inflated_bytes: 2 << 30,
            entries: 100_000,
            sheets: 1_024,
            cells: 50_000_000,
            text_bytes: 1 << 30,
            cell_text_bytes: 1 << 20,
            regions: 1_000_000,
            seconds: 120,
        }
    }
}
