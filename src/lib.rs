//! Heyan 核验 checks village contract and engineering-project ledgers against rule files and lists what does not comply.
//!
//! The modules stand in the order of the work: [`discover`] → [`read`] → [`ledger`] → ([`rules`]) → [`scan`] →
//! [`finding`] → [`report`] | [`track`]; [`cli`] alone knows them all.

pub mod cli;
pub mod discover;
pub mod finding;
pub mod lang;
pub mod ledger;
pub mod read;
pub mod report;
pub mod rules;
pub mod scan;
pub mod track;
