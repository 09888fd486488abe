//! What became of the problems of an earlier scan: new, rectified, altered, vanished, overdue.
//!
//! [`compare`] sets two reports against one another, [`Waivers`] say what is excused, [`merge`] adds reports of
//! different villages up. None of them touches a file or reads the clock.

mod act;
mod book;
mod case;
mod changes;
mod compare;
mod index;
mod list;
mod locate;
mod merge;
mod outcome;
mod sheet;
mod show;
mod store;
mod told;
mod trend;
mod waive;

pub use act::{Act, Judgement};
pub use book::{Book, Missed, ScanEffect, Sighting, Tally};
pub use case::{Case, Seen, Standing, State};
pub use changes::{NowCell, no_values};
pub use compare::{Comparison, Match, MatchedBy, compare};
pub use list::{Filter, Which};
pub use merge::merge;
pub use sheet::{Clash, ClashKind, Field, Filled, Imported, Line, SheetRow, export, read_filled};
pub use show::{
    added_text, history_text, imported_text, list_json, list_text, rules_text, trend_text,
    verified_text,
};
pub use store::{
    Added, Event, RuleShare, Stamp, Store, StoreError, StoreErrorKind, TallyOfScan, Verified,
};
pub use trend::trend_svg;
pub use waive::{InForce, Waiver, WaiverTally, WaiverTerms, Waivers};

#[cfg(test)]
mod compare_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sheet_tests;
