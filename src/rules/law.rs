//! Provisions: one version of one article of one law.

use crate::ledger::Day;

/// One version of one article of one law, with its text and the dates it was in force 依据.
#[derive(Clone, Debug)]
pub struct Provision {
    /// Its id: `mfd-789`.
    pub id: String,
    /// The law's name.
    pub law: String,
    /// The law's English name.
    pub en: String,
    /// The article: 第七百八十九条.
    pub article: String,
    /// The exact text.
    pub text: String,
    /// First day in force; [`Day::MIN`] where it is open.
    pub from: Day,
    /// Last day in force; [`Day::MAX`] where it is in force still.
    pub to: Day,
    /// How well the text is verified.
    pub grade: Grade,
    /// Where the text was verified.
    pub source: String,
    /// The ids of the versions it replaces.
    pub replaces: Vec<String>,
    /// A remark on its reach.
    pub note: String,
}

/// How well a text is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// Word for word against a collection of laws.
    A,
    /// Word for word against a third party's page.
    B,
}

/// The date of the act that picks limits and provisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LawDate {
    /// Known as precisely as this.
    Known(crate::ledger::DaySpan),
    /// Not known: provisions are cited without article numbers (条号待定).
    Unknown,
}
