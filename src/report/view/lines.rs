//! Findings → numbered lines; findings of one overlap group that share a record stand on one line.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::finding::{Finding, Report, Severity, Stage, Topic, Verdict};

/// One line of the list.
pub(in crate::report) struct Line<'a> {
    /// 序号, counted from 1.
    pub(in crate::report) number: usize,
    /// The finding that stands for the line: violations first, then the gravest.
    pub(in crate::report) finding: &'a Finding,
    /// Findings of the same overlap group and record, counted once with it.
    pub(in crate::report) others: Vec<&'a Finding>,
    /// Whether its rule fires too often.
    pub(in crate::report) frequent: bool,
    /// The ledger kind's word of its first record; empty where none is known.
    pub(in crate::report) kind: &'a str,
}

impl<'a> Line<'a> {
    /// Town and village.
    pub(in crate::report) fn place(&self) -> (&'a str, &'a str) {
        (&self.finding.town, &self.finding.village)
    }

    /// Every finding of the line, the one that stands for it first.
    pub(in crate::report) fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        std::iter::once(self.finding).chain(self.others.iter().copied())
    }

    /// The topic it is listed under.
    pub(in crate::report) fn topic(&self) -> Topic {
        self.finding.topic
    }

    /// How much it matters.
    pub(in crate::report) fn severity(&self) -> Severity {
        self.finding.severity
    }

    /// Whether it is a violation that counts: neither waived nor on trial.
    pub(in crate::report) fn counts(&self) -> bool {
        self.finding.verdict == Verdict::Violation && !self.waived() && !self.trial()
    }

    /// Whether a waiver covers it.
    pub(in crate::report) fn waived(&self) -> bool {
        self.finding.waiver.is_some()
    }

    /// Whether its rule is on trial.
    pub(in crate::report) fn trial(&self) -> bool {
        self.finding.stage == Some(Stage::Trial)
    }

    /// The money at stake in yuan: the largest of its findings.
    pub(in crate::report) fn amount(&self) -> Option<Decimal> {
        self.findings().filter_map(|finding| finding.amount).max()
    }
}

/// The lines of a report in the order of a list.
pub(super) fn of(report: &Report) -> Vec<Line<'_>> {
    let frequent: Vec<&str> = report
        .balance
        .by_rule
        .iter()
        .filter(|rule| rule.fires_too_often())
        .map(|rule| rule.rule.as_str())
        .collect();
    let kinds = super::supply::Kinds::of(report);
    let mut lines: Vec<Line<'_>> = together(&report.findings)
        .into_iter()
        .map(|mut findings| {
            findings.sort_by(|a, b| standing(a).cmp(&standing(b)));
            let finding = findings.remove(0);
            Line {
                number: 0,
                finding,
                others: findings,
                frequent: frequent.contains(&finding.rule.as_str()),
                kind: kinds.of_finding(finding),
            }
        })
        .collect();
    lines.sort_by(|a, b| order(a.finding).cmp(&order(b.finding)));
    for (number, line) in (1..).zip(&mut lines) {
        line.number = number;
    }
    lines
}

/// Which finding stands for a line: the smallest.
fn standing(finding: &Finding) -> impl Ord + '_ {
    (
        finding.verdict,
        std::cmp::Reverse(finding.severity),
        std::cmp::Reverse(finding.amount),
        &finding.rule,
        &finding.fingerprint,
    )
}

/// The order of the list.
fn order(finding: &Finding) -> impl Ord + '_ {
    let first = finding.records.first();
    (
        // What is shown comes before what is open, so that a village's list begins with what counts.
        (&finding.town, &finding.village, finding.verdict),
        finding.topic,
        std::cmp::Reverse(finding.severity),
        &finding.rule,
        first.map(|record| (&record.file, &record.sheet, record.row)),
        &finding.fingerprint,
    )
}

/// The findings in sets that are counted once: same village, overlap group, waived or not, on trial or not, and a record in
/// common. The sets keep the order of the findings.
fn together(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    // Each finding points to the first of its set.
    let mut leader: Vec<usize> = (0..findings.len()).collect();
    let mut known = HashMap::new();
    for (index, finding) in findings.iter().enumerate() {
        let Some(overlap) = &finding.overlap else {
            continue;
        };
        for record in &finding.records {
            let key = (
                (&finding.town, &finding.village, overlap),
                (&record.file, &record.sheet, record.row),
                (finding.waiver.is_some(), finding.stage),
            );
            let other = *known.entry(key).or_insert(index);
            let (a, b) = (lead(&mut leader, other), lead(&mut leader, index));
            leader[a.max(b)] = a.min(b);
        }
    }
    let mut place = vec![usize::MAX; findings.len()];
    let mut sets: Vec<Vec<&Finding>> = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        let first = lead(&mut leader, index);
        if first == index {
            place[index] = sets.len();
            sets.push(vec![finding]);
        } else {
            sets[place[first]].push(finding);
        }
    }
    sets
}

/// The first of the set that a finding is in; shortens the way there.
fn lead(leader: &mut [usize], mut index: usize) -> usize {
    while leader[index] != index {
        leader[index] = leader[leader[index]];
        index = leader[index];
    }
    index
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::finding::{Finding, Fingerprint, RecordRef, Report, Severity, Topic, Verdict};

    fn finding(rule: &str, severity: Severity, overlap: Option<&str>, rows: &[u32]) -> Finding {
        Finding {
            rule: rule.into(),
            title: rule.into(),
            topic: Topic::Signing,
            severity,
            verdict: Verdict::Violation,
            status: None,
            was: None,
            because: None,
            waiver: None,
            stage: None,
            fingerprint: Fingerprint::of(&[rule, &format!("{rows:?}")]),
            town: String::new(),
            village: "李庄村".into(),
            date: None,
            amount: Some(rows.len().into()),
            message: String::new(),
            advice: String::new(),
            basis: Vec::new(),
            limits: Vec::new(),
            records: rows
                .iter()
                .map(|&row| RecordRef {
                    row,
                    ..RecordRef::default()
                })
                .collect(),
            evidence: Vec::new(),
            context: Vec::new(),
            tree: None,
            missing: Vec::new(),
            overlap: overlap.map(Into::into),
            curable: true,
        }
    }

    #[test]
    fn overlapping_findings_of_a_record_stand_on_one_line() {
        let report = Report {
            findings: vec![
                finding("a", Severity::Minor, Some("a"), &[1]),
                finding("b", Severity::Major, Some("a"), &[2]),
                finding("c", Severity::Info, Some("a"), &[1, 2]),
                finding("d", Severity::Info, Some("d"), &[1]),
                finding("e", Severity::Info, None, &[1]),
            ],
            ..Report::default()
        };
        let lines = of(&report);
        let shown: Vec<(usize, &str, usize)> = lines
            .iter()
            .map(|line| (line.number, line.finding.rule.as_str(), line.others.len()))
            .collect();
        assert_eq!(shown, [(1, "b", 2), (2, "d", 0), (3, "e", 0)]);
        assert_eq!(lines[0].amount(), Some(2.into()));
    }
}
