//! A village and what it handed over.

use std::sync::Arc;

use super::Ledger;

/// A village is told by its town and its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VillageName {
    /// The town; empty where nothing tells it.
    pub town: Arc<str>,
    /// The village.
    pub name: Arc<str>,
}

/// All ledgers of one village, in the order of their files and tables.
#[derive(Debug, Default)]
pub struct Village {
    /// Which village.
    pub name: VillageName,
    /// Its ledgers. Links, sums and groups stay within them.
    pub ledgers: Vec<Ledger>,
}
