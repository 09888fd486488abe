//! A report against an earlier one, the baseline: what is new, what is the same, and what became of the rest.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::changes::Values;
use super::locate::{Located, locate_record};
use super::outcome::{Outcome, Pair, RuleChange, outcome};
use crate::finding::{Because, Finding, Fingerprint, RecordReport, Report, Resolved, Status};
use crate::lang::Lang;

/// How the findings of two reports correspond.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Findings of the baseline that go on, in the order of the baseline.
    pub matches: Vec<Match>,
}

/// A finding of the baseline and the one that continues it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The fingerprint it had.
    pub before: Fingerprint,
    /// The fingerprint it has.
    pub now: Fingerprint,
    /// What tells that they are the same.
    pub by: MatchedBy,
}

/// What tells that two findings are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchedBy {
    /// The fingerprint.
    Fingerprint,
    /// The same rule on the same record, whose town only one of the reports knows.
    Record,
    /// The same rule on a record that was renumbered: another key of it.
    Key {
        /// The key that both have.
        key: String,
        /// The id it had.
        before: String,
        /// The id it has.
        now: String,
    },
    /// A group of which most members are the same.
    Members,
}

/// Sets the statuses of `now` against a baseline: `status`, `was` and `because` of its findings, and `resolved` for
/// those of the baseline that it does not have. `values` looks up what a field of a record of `now` holds, for the
/// changes of the deciding cells; where it answers `None`, what the report itself shows is used.
///
/// Apply waivers afterwards, and merge before.
pub fn compare(
    baseline: &Report,
    now: &mut Report,
    values: &dyn Fn(&RecordReport, &str) -> Option<super::NowCell>,
) -> Comparison {
    let (assessed, statuses, resolved) = {
        let pair = Pair::new(baseline, now, values as &Values<'_>);
        let assessed = assess(&pair, &HashSet::new());
        let mut statuses = Vec::with_capacity(now.findings.len());
        for (at, finding) in now.findings.iter().enumerate() {
            statuses.push(match assessed.matches.of_now.get(&at) {
                Some(&before) => {
                    let before = &baseline.findings[before];
                    let was = (before.verdict != finding.verdict).then_some(before.verdict);
                    (Status::Unchanged, was, None)
                }
                None => (Status::New, None, Some(because(finding, &pair))),
            });
        }
        let resolved = assessed.outcomes.iter().map(|(at, became)| {
            let finding = &baseline.findings[*at];
            Resolved {
                finding: finding.clone(),
                fingerprint: finding.fingerprint.clone(),
                status: became.status,
                changes: became.changes.clone(),
                why: became.why.get(now.lang).to_owned(),
            }
        });
        let resolved = resolved.collect();
        (assessed, statuses, resolved)
    };
    let matches = assessed.matches.by_before.into_iter();
    let comparison = Comparison {
        matches: matches
            .map(|(before, (at, by))| Match {
                before: baseline.findings[before].fingerprint.clone(),
                now: now.findings[at].fingerprint.clone(),
                by,
            })
            .collect(),
    };
    let note = renumbered(&comparison, now.lang);
    for (finding, (status, was, because)) in now.findings.iter_mut().zip(statuses) {
        finding.status = Some(status);
        finding.was = was;
        finding.because = because;
    }
    now.resolved = Some(resolved);
    now.notes.extend(note);
    comparison
}

/// How the findings of two reports correspond, by their places in the lists.
pub(super) struct Assessed {
    pub(super) matches: Matches,
    /// What became of those of the earlier report that no finding continues.
    pub(super) outcomes: Vec<(usize, Outcome)>,
}

/// Sets two reports against one another. Findings of the later one in `taken` are spoken for.
pub(super) fn assess(pair: &Pair<'_>, taken: &HashSet<usize>) -> Assessed {
    let matches = matches(pair, taken);
    let findings = pair.before.report.findings.iter().enumerate();
    let outcomes = findings
        .filter(|(at, _)| !matches.by_before.contains_key(at))
        .map(|(at, finding)| (at, outcome(finding, pair)))
        .collect();
    Assessed { matches, outcomes }
}

/// Which finding continues which, by their places in the lists.
#[derive(Default)]
pub(super) struct Matches {
    pub(super) by_before: BTreeMap<usize, (usize, MatchedBy)>,
    pub(super) of_now: BTreeMap<usize, usize>,
}

impl Matches {
    fn put(&mut self, before: usize, now: usize, by: MatchedBy) {
        self.by_before.insert(before, (now, by));
        self.of_now.insert(now, before);
    }
}

/// Matches the findings: by fingerprint first, so that no other way takes one away that is certain.
fn matches(pair: &Pair<'_>, taken: &HashSet<usize>) -> Matches {
    let mut matches = Matches::default();
    let before = &pair.before.report.findings;
    for (at, finding) in before.iter().enumerate() {
        if let Some(now) = pair.now.fingerprint(finding.fingerprint.as_str())
            && !matches.of_now.contains_key(&now)
            && !taken.contains(&now)
            && !number_was_reused(finding, pair)
        {
            matches.put(at, now, MatchedBy::Fingerprint);
        }
    }
    for (at, finding) in before.iter().enumerate() {
        if matches.by_before.contains_key(&at) || finding.records.is_empty() {
            continue;
        }
        if let Some((now, by)) = by_records(finding, pair, &matches, taken) {
            matches.put(at, now, by);
        }
    }
    matches
}

/// Whether the number of a finding's record belongs to another record now, and the record has another one.
fn number_was_reused(finding: &Finding, pair: &Pair<'_>) -> bool {
    finding.records.len() == 1
        && matches!(pair.located(finding).as_slice(), [Located::ByKey { .. }])
}

/// The finding of the same rule on the records of an earlier one, found by their other keys.
fn by_records(
    finding: &Finding,
    pair: &Pair<'_>,
    matched: &Matches,
    taken: &HashSet<usize>,
) -> Option<(usize, MatchedBy)> {
    let village = pair.now.village(&finding.town, &finding.village);
    let located = pair.located(finding);
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for record in located.iter().filter_map(Located::record) {
        let on: BTreeSet<_> = pair
            .now
            .findings_on(&finding.rule, village, &record.id)
            .iter()
            .copied()
            .filter(|now| !matched.of_now.contains_key(now) && !taken.contains(now))
            .collect();
        for now in on {
            *shared.entry(now).or_default() += 1;
        }
    }
    let candidates = shared.into_iter().filter(|(now, members)| {
        let other = &pair.now.report.findings[*now];
        // A group goes on where most of its members do, so that one shared contract does not make it another one.
        let smaller = finding.records.len().min(other.records.len());
        members * 2 > smaller
    });
    let (now, _) = candidates.max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))?;
    let by = match located.as_slice() {
        [Located::ByKey { now, key }] => MatchedBy::Key {
            key: key.clone(),
            before: finding.records[0].id.clone(),
            now: now.id.clone(),
        },
        [_] => MatchedBy::Record,
        _ => MatchedBy::Members,
    };
    Some((now, by))
}

/// Why a finding that the baseline does not have is new.
fn because(finding: &Finding, pair: &Pair<'_>) -> Because {
    let known = pair.before.is_of_rule(finding) || !pair.now.is_of_rule(finding);
    // The comparison the other way round finds the records of a new finding in the baseline.
    let earlier: Option<Vec<_>> = finding
        .records
        .iter()
        .map(|record| {
            let village = pair.before.village(&finding.town, &finding.village);
            let now = pair.now.at(
                (&finding.town, &finding.village),
                (&record.file, &record.sheet, record.row),
            )?;
            match locate_record(now, &pair.now, &pair.before) {
                // Its number may have been another record's before.
                Located::Same(before) => locate_record(before, &pair.before, &pair.now)
                    .record()
                    .is_some_and(|again| again.id == now.id)
                    .then_some(before),
                Located::ByKey { now: before, .. } => Some(before),
                Located::Unclear => None,
                Located::Gone { .. } => {
                    let kind = pair.now.kind((&finding.town, &finding.village), record)?;
                    pair.before.record(village, kind, &record.id, None)
                }
            }
        })
        .collect();
    let has_records = !pair.before.report.records.is_empty();
    if pair.now.is_of_rule(finding) && pair.before.rule(&finding.rule).is_none() {
        return if has_records && earlier.is_none() && !finding.records.is_empty() {
            Because::Record
        } else {
            Because::Rule
        };
    }
    let Some(earlier) = earlier.filter(|_| has_records) else {
        return without_earlier_records(finding, pair);
    };
    if finding.records.is_empty() {
        return without_earlier_records(finding, pair);
    }
    let uncovered = earlier
        .iter()
        .any(|record| pair.before.letter(&finding.rule, record) == Some('.'));
    if known && pair.now.is_of_rule(finding) {
        let changed = pair.rule_change(&finding.rule) == RuleChange::Changed;
        if changed || uncovered {
            return Because::Rule;
        }
    }
    Because::Fact
}

/// Why a finding is new whose records the baseline does not list.
fn without_earlier_records(finding: &Finding, pair: &Pair<'_>) -> Because {
    let village = pair.before.village(&finding.town, &finding.village);
    if !finding.records.is_empty() && !pair.before.report.records.is_empty() {
        return Because::Record;
    }
    let kinds: HashSet<_> = finding
        .records
        .iter()
        .filter_map(|record| pair.now.kind((&finding.town, &finding.village), record))
        .collect();
    let supplied = if kinds.is_empty() {
        pair.before.knows(village)
    } else {
        kinds.iter().all(|kind| pair.before.supplied(village, kind))
    };
    if !supplied {
        return Because::Record;
    }
    if pair.now.is_of_rule(finding) && pair.rule_change(&finding.rule) == RuleChange::Changed {
        return Because::Rule;
    }
    Because::Fact
}

/// How many renumbered records a note names.
const NAMED: usize = 20;

/// Tells which findings were matched by another key than the number, so that nobody takes them for new ones.
fn renumbered(comparison: &Comparison, lang: Lang) -> Option<String> {
    let mut changed = BTreeSet::new();
    for found in &comparison.matches {
        if let MatchedBy::Key { before, now, .. } = &found.by {
            changed.insert((before, now));
        }
    }
    if changed.is_empty() {
        return None;
    }
    let named: Vec<_> = changed
        .iter()
        .take(NAMED)
        .map(|(before, now)| format!("{before} → {now}"))
        .collect();
    let more = match (changed.len() > NAMED, lang) {
        (false, _) => "",
        (true, Lang::Zh) => "等",
        (true, Lang::En) => " and more",
    };
    let (count, named) = (changed.len(), named.join(lang.pick("、", ", ")));
    Some(match lang {
        Lang::Zh => format!(
            "与基线相比，{count} 条记录的编号已改，按其他关键字段对上：{named}{more}；请说明改号原因"
        ),
        Lang::En => format!(
            "{count} records have another number than in the baseline and were matched by their other keys: {named}{more}; the new numbers are to be explained"
        ),
    })
}
