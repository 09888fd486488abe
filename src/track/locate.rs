//! Finds a record of an earlier report in a later one: by its id, then by its other keys.

use super::index::Index;
use crate::finding::{RecordRef, RecordReport};

/// Where a record of the earlier report is in the later one.
#[derive(Clone, Debug)]
pub(super) enum Located<'n> {
    /// Under the same id.
    Same(&'n RecordReport),
    /// Under another id, known by another key.
    ByKey {
        /// The record.
        now: &'n RecordReport,
        /// The key that it shares with the earlier one.
        key: String,
    },
    /// Several records share its other key.
    Unclear,
    /// Not there. The kind of its ledger, where the earlier report tells it.
    Gone {
        /// The ledger kind's word.
        kind: Option<String>,
    },
}

impl<'n> Located<'n> {
    pub(super) fn record(&self) -> Option<&'n RecordReport> {
        match self {
            Self::Same(now) | Self::ByKey { now, .. } => Some(now),
            Self::Unclear | Self::Gone { .. } => None,
        }
    }
}

/// Finds the record that a finding of the earlier report names.
pub(super) fn locate<'n>(
    named: &RecordRef,
    (town, village): (&str, &str),
    before: &Index<'_>,
    now: &Index<'n>,
) -> Located<'n> {
    let Some(kind) = before.kind((town, village), named) else {
        return Located::Gone { kind: None };
    };
    let at = before.at((town, village), (&named.file, &named.sheet, named.row));
    let record = at
        .filter(|record| record.id == named.id)
        .or_else(|| before.record((town, village), kind, &named.id, at));
    match record {
        Some(record) => locate_record(record, before, now),
        // The earlier report was written without its records: the id is all there is.
        None => match now.record(now.village(town, village), kind, &named.id, None) {
            Some(found) => Located::Same(found),
            None => Located::Gone {
                kind: Some(kind.to_owned()),
            },
        },
    }
}

/// Finds a record of the earlier report.
pub(super) fn locate_record<'n>(
    record: &RecordReport,
    before: &Index<'_>,
    now: &Index<'n>,
) -> Located<'n> {
    let village_before = (record.town.as_str(), record.village.as_str());
    let village = now.village(&record.town, &record.village);
    let kind = record.kind.as_str();
    let same = now.record(village, kind, &record.id, Some(record));
    // A key that two records of the earlier report share tells neither of them.
    let telling = record
        .keys
        .iter()
        .filter(|key| before.keyed(village_before, kind, key).len() == 1);
    // Only a record whose id the earlier report did not have can be one that was renumbered.
    let fresh = |found: &&&RecordReport| {
        before
            .record(village_before, kind, &found.id, None)
            .is_none()
    };
    for key in telling {
        if same.is_some_and(|same| same.keys.contains(key)) {
            continue;
        }
        let candidates: Vec<_> = now.keyed(village, kind, key).iter().filter(fresh).collect();
        match candidates.as_slice() {
            [] => {}
            // Its number may have gone to another record meanwhile: the other key decides.
            [one] => {
                return Located::ByKey {
                    now: one,
                    key: key.clone(),
                };
            }
            _ if same.is_none() => return Located::Unclear,
            _ => {}
        }
    }
    match same {
        Some(same) => Located::Same(same),
        None => Located::Gone {
            kind: Some(kind.to_owned()),
        },
    }
}
