//! Aggregates over relations, computed once for each record however many rules make use of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::compile::Fast;
use super::scene::Rec;
use super::truth::{Cause, Truth};
use crate::ledger::KindId;

/// What tells aggregates apart: on one kind, one text means one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SharedKey {
    /// The village.
    pub(crate) village: u32,
    /// The kind of the records that it is an aggregate of.
    pub(crate) kind: KindId,
    /// How it is written.
    pub(crate) text: Arc<str>,
}

/// The aggregates of a scene.
#[derive(Default)]
pub(crate) struct Shared {
    columns: Mutex<BTreeMap<SharedKey, Column>>,
}

/// One aggregate: a cell for each record of a village, by ledger and row, filled when first asked for.
#[derive(Clone)]
pub(crate) struct Column(Arc<Vec<Vec<OnceLock<Fast>>>>);

impl Shared {
    /// The column of an aggregate; `sizes` are the numbers of records of the village's ledgers.
    pub(crate) fn column(&self, key: &SharedKey, sizes: impl Iterator<Item = usize>) -> Column {
        // Nothing is done while the lock is held that could leave the map half changed.
        let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        columns
            .entry(key.clone())
            .or_insert_with(|| {
                let column = |size| (0..size).map(|_| OnceLock::new()).collect();
                Column(Arc::new(sizes.map(column).collect()))
            })
            .clone()
    }
}

impl Column {
    /// The value for a record.
    pub(crate) fn value(&self, rec: Rec, compute: impl FnOnce() -> Fast) -> Fast {
        match self
            .0
            .get(rec.ledger as usize)
            .and_then(|cells| cells.get(rec.row as usize))
        {
            Some(cell) => *cell.get_or_init(compute),
            None => compute(),
        }
    }

    /// The truth for a record.
    pub(crate) fn truth(&self, rec: Rec, compute: impl FnOnce() -> Truth) -> Truth {
        let told = self.value(rec, || {
            let truth = compute();
            match truth.decided() {
                Some(decided) => Fast::Point(i64::from(decided)),
                None => Fast::Unknown(truth.cause()),
            }
        });
        match told {
            Fast::Point(decided) => Truth::known(decided != 0),
            Fast::Unknown(cause) => Truth::unknown(cause),
            Fast::Other | Fast::Empty(_) | Fast::Absent => Truth::unknown(Cause::CELL),
        }
    }
}
