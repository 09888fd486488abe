//! [`Sheet`](crate::read::Sheet) + [`LedgerKind`]s → [`Ledger`]s of typed records, and issues for whatever could not be read.
//!
//! Mapping never fails: what cannot be read is an [`Issue`].

mod datum;
mod day;
mod kind;
mod quick;
mod record;
mod village;

pub use datum::{Datum, FlagValue, Length};
pub use day::{Day, DaySpan};
pub use kind::{
    Choice, FieldId, FieldKind, FieldType, Fills, KindId, Kinds, LedgerKind, Rate, RelationId,
    RelationKind, RelationPair,
};
pub use record::{Column, Ledger, LedgerBuilder, Origin, Place};
pub use village::{Village, VillageName};

pub mod assemble;
pub mod coerce;
mod gather;
mod hints;
mod tables;

pub use hints::{HeaderHint, Hints, VillageHint};

use std::sync::Arc;

use crate::finding::{FileId, Issue, TableReport};
use crate::lang::Lang;
use crate::read::Workbook;

/// The file that a workbook was read from.
#[derive(Clone, Debug)]
pub struct FileInfo {
    /// Its place among the inputs.
    pub id: FileId,
    /// Its name in reports, `/`-separated, folders included.
    pub name: Arc<str>,
    /// The village that a folder stands for (`--by-folder`).
    pub village: Option<VillageName>,
}

/// What a workbook became.
#[derive(Debug, Default)]
pub struct Mapped {
    /// The ledgers, each with its village. One table with a 村 column becomes one ledger for each village.
    pub ledgers: Vec<(VillageName, Ledger)>,
    /// How each table was understood.
    pub tables: Vec<TableReport>,
    /// Whatever could not be read as it should.
    pub issues: Vec<Issue>,
}

/// Finds the tables of a workbook and reads their records. Never fails: see [`Mapped::issues`].
pub fn map(
    workbook: &Workbook,
    file: &FileInfo,
    kinds: &Kinds,
    hints: &Hints,
    lang: Lang,
) -> Mapped {
    tables::map(workbook, file, kinds, hints, lang)
}

/// Puts the ledgers of all files together by village (sorted), and marks the records that repeat one of another table.
pub fn gather(ledgers: Vec<(VillageName, Ledger)>, kinds: &Kinds) -> (Vec<Village>, Vec<Issue>) {
    let _ = kinds;
    gather::gather(ledgers)
}
