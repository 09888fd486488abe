//! What the store remembers of one case, and of all scans.

use rusqlite::{Connection, params};

use super::disk::{act_of, changes_of, scan_of};
use super::{Store, StoreError};
use crate::finding::{ResolvedChange, Verdict};
use crate::track::{Act, Tally};

/// Something that happened to a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A scan found it.
    Found {
        /// The entry.
        seq: u32,
        /// The scan's as-of date.
        as_of: String,
        /// The verdict.
        verdict: Verdict,
        /// What told that it is the same, where it was not the fingerprint.
        matched: String,
    },
    /// A scan ought to have found it and did not.
    Missed {
        /// The entry.
        seq: u32,
        /// The scan's as-of date.
        as_of: String,
        /// The word of what became of it.
        status: String,
        /// The deciding cells that changed.
        changes: Vec<ResolvedChange>,
        /// The reason.
        why: String,
    },
    /// A person decided something.
    Decided {
        /// The entry.
        seq: u32,
        /// When.
        at: String,
        /// Who.
        who: String,
        /// What.
        act: Act,
    },
}

impl Event {
    /// The entry.
    pub fn seq(&self) -> u32 {
        match self {
            Self::Found { seq, .. } | Self::Missed { seq, .. } | Self::Decided { seq, .. } => *seq,
        }
    }
}

/// Where a village stood after a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyOfScan {
    /// The entry.
    pub seq: u32,
    /// The scan's as-of date.
    pub as_of: String,
    /// Where the village stood.
    pub tally: Tally,
}

impl Store {
    /// Everything that happened to the case of a fingerprint, in its order.
    ///
    /// # Errors
    /// There is no such case, or the store cannot be read.
    pub fn history(&self, fingerprint: &str) -> Result<Vec<Event>, StoreError> {
        let number = self.number(fingerprint)?;
        let connection = &self.connection;
        let mut events = Vec::new();
        let mut statement = connection.prepare(
            "SELECT s.seq, e.body, s.verdict, coalesce(s.matched, '') FROM sighting s JOIN entry e ON e.seq = s.seq \
             WHERE s.number = ?1",
        )?;
        let mut found = statement.query([number])?;
        while let Some(row) = found.next()? {
            let verdict: String = row.get(2)?;
            events.push(Event::Found {
                seq: row.get(0)?,
                as_of: scan_of(row.get_ref(1)?.as_str().unwrap_or_default())?.as_of,
                verdict: Verdict::from_id(&verdict)
                    .ok_or_else(|| StoreError::damaged("verdict"))?,
                matched: row.get(3)?,
            });
        }
        let mut statement = connection.prepare(
            "SELECT o.seq, e.body, o.status, o.changes, o.why FROM outcome o JOIN entry e ON e.seq = o.seq \
             WHERE o.number = ?1",
        )?;
        let mut missed = statement.query([number])?;
        while let Some(row) = missed.next()? {
            events.push(Event::Missed {
                seq: row.get(0)?,
                as_of: scan_of(row.get_ref(1)?.as_str().unwrap_or_default())?.as_of,
                status: row.get(2)?,
                changes: changes_of(row.get_ref(3)?.as_str().unwrap_or_default())?,
                why: row.get(4)?,
            });
        }
        for (seq, at, who, act) in acts(connection, number)? {
            events.push(Event::Decided { seq, at, who, act });
        }
        events.sort_by_key(Event::seq);
        Ok(events)
    }

    /// Where the villages stood after each scan.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn trend(&self) -> Result<Vec<TallyOfScan>, StoreError> {
        tallies(&self.connection)
    }

    /// The cases whose rules verification confirmed or refuted: rule, title, cases, and how many were judged confirmed,
    /// partly founded and unfounded; by rule.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn by_rule(&self) -> Result<Vec<RuleShare>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT rule, min(title), count(*), sum(judged = 'confirmed'), sum(judged = 'partly'), \
             sum(judged = 'unfounded') FROM standing GROUP BY rule ORDER BY rule",
        )?;
        let shares = statement.query_map([], |row| {
            Ok(RuleShare {
                rule: row.get(0)?,
                title: row.get(1)?,
                cases: row.get(2)?,
                confirmed: row.get(3)?,
                partly: row.get(4)?,
                unfounded: row.get(5)?,
            })
        })?;
        Ok(shares.collect::<Result<_, _>>()?)
    }
}

/// What verification came to, for one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleShare {
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its cases.
    pub cases: u32,
    /// 属实
    pub confirmed: u32,
    /// 部分属实
    pub partly: u32,
    /// 不属实
    pub unfounded: u32,
}

impl RuleShare {
    /// The share of unfounded ones among those that were judged, in percent; `None` where none was.
    pub fn unfounded_percent(&self) -> Option<f64> {
        let judged = self.confirmed + self.partly + self.unfounded;
        (judged > 0).then(|| f64::from(self.unfounded) * 100.0 / f64::from(judged))
    }
}

/// What people decided about a case up to an entry.
pub(super) fn acts_until(
    connection: &Connection,
    number: u32,
    until: u32,
) -> Result<Vec<Act>, StoreError> {
    let acts = acts(connection, number)?;
    let before = acts.into_iter().filter(|(seq, ..)| *seq <= until);
    Ok(before.map(|(.., act)| act).collect())
}

/// Entry, when, who and what.
type Recorded = (u32, String, String, Act);

fn acts(connection: &Connection, number: u32) -> Result<Vec<Recorded>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, at, who, body FROM entry WHERE subject = ?1 AND kind = 'act' ORDER BY seq",
    )?;
    let mut rows = statement.query(params![number])?;
    let mut acts = Vec::new();
    while let Some(row) = rows.next()? {
        let act = act_of(row.get_ref(3)?.as_str().unwrap_or_default())?;
        acts.push((row.get(0)?, row.get(1)?, row.get(2)?, act));
    }
    Ok(acts)
}

pub(super) fn tallies(connection: &Connection) -> Result<Vec<TallyOfScan>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT t.seq, e.body, t.town, t.village, t.open, t.new, t.rectified, t.closed, t.unexplained, t.reopened \
         FROM tally t JOIN entry e ON e.seq = t.seq ORDER BY t.seq, t.town, t.village",
    )?;
    let mut rows = statement.query([])?;
    let mut tallies = Vec::new();
    while let Some(row) = rows.next()? {
        tallies.push(TallyOfScan {
            seq: row.get(0)?,
            as_of: scan_of(row.get_ref(1)?.as_str().unwrap_or_default())?.as_of,
            tally: Tally {
                town: row.get(2)?,
                village: row.get(3)?,
                open: row.get(4)?,
                new: row.get(5)?,
                rectified: row.get(6)?,
                closed: row.get(7)?,
                unexplained: row.get(8)?,
                reopened: row.get(9)?,
            },
        });
    }
    Ok(tallies)
}
