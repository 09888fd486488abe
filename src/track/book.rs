//! All cases, derived from scans and acts and from nothing else.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Standing;
use super::act::Act;
use super::case::{Case, State};
use super::changes::no_values;
use super::compare::{MatchedBy, assess};
use super::outcome::Pair;
use crate::finding::{Finding, Report, ResolvedChange, ResolvedStatus, Verdict};

/// All cases, by number. The same scans and acts in the same order make the same book: that is how the store proves what
/// it says.
#[derive(Debug, Default, PartialEq)]
pub struct Book {
    pub(super) cases: Vec<Case>,
    pub(super) numbers: HashMap<String, u32>,
}

/// What a scan brought for the cases.
#[derive(Debug, Default, PartialEq)]
pub struct ScanEffect {
    /// Cases that it found, by number.
    pub sightings: Vec<Sighting>,
    /// Cases that it ought to have found and did not, by number.
    pub outcomes: Vec<Missed>,
    /// Where each village stands after it.
    pub tallies: Vec<Tally>,
}

/// A case that a scan found.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// The case.
    pub case: u32,
    /// The fingerprint it has in the scan.
    pub fingerprint: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What told that it is the same: empty for a fingerprint, else the words of a history.
    pub matched: String,
    /// Whether it is new.
    pub new: bool,
}

/// A case that a scan ought to have found and did not.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    /// The case.
    pub case: u32,
    /// What became of it.
    pub status: ResolvedStatus,
    /// The deciding cells that changed.
    pub changes: Vec<ResolvedChange>,
    /// The reason, in the language of the scan.
    pub why: String,
}

/// Where a village stands after a scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The town.
    pub town: String,
    /// The village.
    pub village: String,
    /// Cases on which something is still to be done.
    pub open: u32,
    /// Cases that the scan saw for the first time.
    pub new: u32,
    /// Cases that the scan proved to be put right.
    pub rectified: u32,
    /// Cases closed by hand so far.
    pub closed: u32,
    /// Of the open ones: altered, vanished or not verifiable.
    pub unexplained: u32,
    /// Of the open ones: found again after they had been put right or closed.
    pub reopened: u32,
}

impl Book {
    /// Every case, by number.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The case of a fingerprint, a former one too.
    pub fn find(&self, fingerprint: &str) -> Option<&Case> {
        self.numbers.get(fingerprint).and_then(|n| self.get(*n))
    }

    /// The case of a number.
    pub fn get(&self, number: u32) -> Option<&Case> {
        self.cases
            .get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Case> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.cases.get_mut(at)
    }

    /// The scans whose reports are needed to judge the next one: those that saw a case last which is not yet put right.
    pub fn needed(&self) -> BTreeSet<u32> {
        let waiting = self.cases.iter().filter(|c| c.state != State::Rectified);
        waiting.map(|case| case.last.0).collect()
    }

    /// Enters a scan. `earlier` are the reports of [`Book::needed`], by entry.
    pub fn scan(
        &mut self,
        seq: u32,
        report: &Report,
        earlier: BTreeMap<u32, Report>,
    ) -> ScanEffect {
        let day = report.as_of.as_str();
        let mut effect = ScanEffect::default();
        let mut taken: HashSet<usize> = HashSet::new();
        // The newest report first: it has seen most of the cases, and the latest of each.
        for (entry, mut before) in earlier.into_iter().rev() {
            let waiting: HashMap<&str, u32> = self
                .cases
                .iter()
                .filter(|case| case.state != State::Rectified && case.last.0 == entry)
                .map(|case| (case.fingerprint.as_str(), case.number))
                .collect();
            let number = |finding: &Finding| waiting.get(finding.fingerprint.as_str()).copied();
            before.findings.retain(|finding| number(finding).is_some());
            let numbers: Vec<u32> = before.findings.iter().filter_map(number).collect();
            let pair = Pair::new(&before, report, &no_values);
            let assessed = assess(&pair, &taken);
            for (at, (now, by)) in assessed.matches.by_before {
                taken.insert(now);
                self.see(numbers[at], now, matched(&by), report, seq, &mut effect);
            }
            for (at, outcome) in assessed.outcomes {
                effect.outcomes.push(Missed {
                    case: numbers[at],
                    status: outcome.status,
                    changes: outcome.changes,
                    why: outcome.why.get(report.lang).to_owned(),
                });
            }
        }
        for at in 0..report.findings.len() {
            if taken.contains(&at) {
                continue;
            }
            let fingerprint = report.findings[at].fingerprint.as_str();
            // A case that was put right is not looked for, but known again.
            let known = self.numbers.get(fingerprint).copied();
            let rectified = known.filter(|n| {
                self.get(*n)
                    .is_some_and(|case| case.state == State::Rectified)
            });
            match rectified {
                Some(number) => self.see(number, at, String::new(), report, seq, &mut effect),
                None => self.open(at, report, seq, &mut effect),
            }
        }
        effect.sightings.sort_by_key(|sighting| sighting.case);
        effect.outcomes.sort_by_key(|missed| missed.case);
        for missed in &effect.outcomes {
            let changes = changes_text(&missed.changes);
            if let Some(case) = self.get_mut(missed.case) {
                case.missed(missed.status, &missed.why, &changes, day);
            }
        }
        effect.tallies = self.tallies(day, seq, &effect);
        effect
    }

    fn see(
        &mut self,
        number: u32,
        at: usize,
        matched: String,
        report: &Report,
        seq: u32,
        effect: &mut ScanEffect,
    ) {
        let finding = &report.findings[at];
        let Some(case) = self.get_mut(number) else {
            return;
        };
        case.found(finding, seq, &report.as_of);
        self.numbers.insert(finding.fingerprint.to_string(), number);
        effect.sightings.push(Sighting {
            case: number,
            fingerprint: finding.fingerprint.to_string(),
            verdict: finding.verdict,
            matched,
            new: false,
        });
    }

    fn open(&mut self, at: usize, report: &Report, seq: u32, effect: &mut ScanEffect) {
        let finding = &report.findings[at];
        let number = u32::try_from(self.cases.len() + 1).unwrap_or(u32::MAX);
        self.cases
            .push(Case::new(number, finding, seq, &report.as_of));
        self.numbers.insert(finding.fingerprint.to_string(), number);
        effect.sightings.push(Sighting {
            case: number,
            fingerprint: finding.fingerprint.to_string(),
            verdict: finding.verdict,
            matched: String::new(),
            new: true,
        });
    }

    /// Enters what a person decided about a case, on a day (ISO).
    pub fn act(&mut self, number: u32, act: &Act, day: &str) {
        if let Some(case) = self.get_mut(number) {
            case.decided(act, day);
        }
    }

    /// Where each village stands on a day, by town and village.
    fn tallies(&self, day: &str, seq: u32, effect: &ScanEffect) -> Vec<Tally> {
        let rectified: HashSet<u32> = effect
            .outcomes
            .iter()
            .filter(|missed| missed.status == ResolvedStatus::Rectified)
            .map(|missed| missed.case)
            .collect();
        let mut tallies: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
        for case in &self.cases {
            let (town, village) = (case.seen.town.as_str(), case.seen.village.as_str());
            let tally = tallies.entry((town, village)).or_default();
            let standing = case.standing(day);
            let open = standing.is_open();
            let unexplained = open && standing != Standing::State(State::Open);
            tally.open += u32::from(open);
            tally.new += u32::from(case.first.0 == seq);
            tally.rectified +=
                u32::from(case.state == State::Rectified && rectified.contains(&case.number));
            tally.closed += u32::from(case.state == State::Closed);
            tally.unexplained += u32::from(unexplained);
            tally.reopened += u32::from(open && case.reopened);
        }
        tallies
            .into_iter()
            .map(|((town, village), tally)| Tally {
                town: town.to_owned(),
                village: village.to_owned(),
                ..tally
            })
            .collect()
    }
}

/// Changes as one text.
pub(super) fn changes_text(changes: &[ResolvedChange]) -> String {
    let one = |change: &ResolvedChange| {
        let text = |raw: &str| {
            if raw.trim().is_empty() {
                "（空）".to_owned()
            } else {
                raw.trim().to_owned()
            }
        };
        format!(
            "{}：{} → {}",
            change.field,
            text(&change.before),
            text(&change.after)
        )
    };
    changes.iter().map(one).collect::<Vec<_>>().join("；")
}

/// What told that a finding is the same, for a history; empty for a fingerprint.
fn matched(by: &MatchedBy) -> String {
    match by {
        MatchedBy::Fingerprint => String::new(),
        MatchedBy::Record => "record".to_owned(),
        MatchedBy::Key { key, before, now } => format!("{before} → {now}（{key}）"),
        MatchedBy::Members => "members".to_owned(),
    }
}
