//! A baseline out of the store: every case that is not yet put right, whichever scan saw it last.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Store, StoreError, load_report, rows};
use crate::finding::{Finding, RecordReport, Report, RuleBalance};
use crate::track::State;

impl Store {
    /// A report to be used as the baseline of the next scan: the last scan's, with the findings of every case that is not
    /// yet put right, each as the scan that saw it last had it. So the next scan tells of all of them which deciding
    /// cells were changed, also of those that the last scan could not find.
    ///
    /// # Errors
    /// There is no scan yet, or the store cannot be read.
    pub fn baseline(&self) -> Result<Report, StoreError> {
        let connection = &self.connection;
        let last: u32 = connection.query_row(
            "SELECT coalesce(max(seq), 0) FROM entry WHERE kind = 'scan'",
            [],
            |row| row.get(0),
        )?;
        if last == 0 {
            return Err(StoreError::refused(
                "整改台账里还没有检查结果；先用 heyan track add 报告.json",
                "the store has no scan yet; add one with heyan track add REPORT.json",
            ));
        }
        let book = rows::load(connection)?;
        let mut base = load_report(connection, last)?;
        base.resolved = None;
        base.notes.clear();
        let mut wanted: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
        for case in book.cases() {
            if case.state != State::Rectified {
                let of_scan = wanted.entry(case.last.0).or_default();
                of_scan.insert(case.fingerprint.clone());
            }
        }
        let of_last = wanted.remove(&last).unwrap_or_default();
        base.findings
            .retain(|finding| of_last.contains(finding.fingerprint.as_str()));
        for (seq, fingerprints) in wanted.into_iter().rev() {
            add_older(&mut base, load_report(connection, seq)?, &fingerprints);
        }
        for finding in &mut base.findings {
            finding.status = None;
            finding.was = None;
            finding.because = None;
        }
        base.findings.sort_by(Finding::listing_order);
        Ok(base)
    }
}

/// Adds findings of an older report, with what is needed to find their records again.
fn add_older(base: &mut Report, older: Report, fingerprints: &BTreeSet<String>) {
    let findings: Vec<Finding> = older
        .findings
        .into_iter()
        .filter(|finding| fingerprints.contains(finding.fingerprint.as_str()))
        .collect();
    add_rules(base, &older.balance.by_rule, &findings);
    let known: HashSet<(String, String, String)> = base
        .records
        .iter()
        .map(|record| {
            (
                record.village.clone(),
                record.kind.clone(),
                record.id.clone(),
            )
        })
        .collect();
    let named: HashSet<(&str, &str)> = findings
        .iter()
        .flat_map(|f| {
            f.records
                .iter()
                .map(|r| (f.village.as_str(), r.id.as_str()))
        })
        .collect();
    let rules: Vec<&str> = older
        .balance
        .by_rule
        .iter()
        .map(|r| r.rule.as_str())
        .collect();
    let places: Vec<Option<usize>> = base
        .balance
        .by_rule
        .iter()
        .map(|rule| rules.iter().position(|id| *id == rule.rule))
        .collect();
    for record in older.records {
        let key = (
            record.village.clone(),
            record.kind.clone(),
            record.id.clone(),
        );
        let is_named = named.contains(&(record.village.as_str(), record.id.as_str()));
        if !is_named || known.contains(&key) {
            continue;
        }
        let letters: Vec<char> = record.verdicts.chars().collect();
        let letter = |place: &Option<usize>| place.and_then(|at| letters.get(at).copied());
        let verdicts = places.iter().map(|p| letter(p).unwrap_or('.')).collect();
        base.records.push(RecordReport { verdicts, ..record });
    }
    let files: HashSet<String> = base.inputs.iter().map(|input| input.file.clone()).collect();
    let more = older
        .inputs
        .into_iter()
        .filter(|i| !files.contains(&i.file));
    base.inputs.extend(more);
    let supplied: HashSet<_> = base
        .coverage
        .iter()
        .map(|c| (c.town.clone(), c.village.clone(), c.kind.clone()))
        .collect();
    let more = older
        .coverage
        .into_iter()
        .filter(|c| !supplied.contains(&(c.town.clone(), c.village.clone(), c.kind.clone())));
    base.coverage.extend(more);
    base.findings.extend(findings);
}

/// Rules of older findings that the last scan did not have are told without figures, so that they count as known.
fn add_rules(base: &mut Report, older: &[RuleBalance], findings: &[Finding]) {
    let needed: BTreeSet<&str> = findings.iter().map(|f| f.rule.as_str()).collect();
    for rule in older.iter().filter(|r| needed.contains(r.rule.as_str())) {
        if base.balance.by_rule.iter().any(|r| r.rule == rule.rule) {
            continue;
        }
        let at = base.balance.by_rule.partition_point(|r| r.rule < rule.rule);
        base.balance.by_rule.insert(
            at,
            RuleBalance {
                rule: rule.rule.clone(),
                digest: rule.digest.clone(),
                all_villages: rule.all_villages,
                ..RuleBalance::default()
            },
        );
        for record in &mut base.records {
            let byte = record
                .verdicts
                .char_indices()
                .nth(at)
                .map_or(record.verdicts.len(), |(byte, _)| byte);
            record.verdicts.insert(byte, '.');
        }
    }
}
