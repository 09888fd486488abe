//! [`Rule`]s × ledgers → sorted findings and verdict counts. A function: same ledgers, rules, limits and
//! as-of date, same result, for any number of threads.

mod absences;
mod account;
mod aggregate;
mod all;
mod arithmetic;
mod compile;
mod eval;
pub mod explain;
mod functions;
mod groups;
mod interval;
mod judge;
mod limits;
mod links;
mod message;
pub mod mutants;
mod notes;
mod pass;
mod print;
mod scene;
pub mod selftest;
mod shared;
mod tell;
mod test_tables;
#[cfg(test)]
mod tests;
mod truth;
mod value;
mod walk;

pub use account::Account;

use crate::finding::{Finding, Issue, NotRun, RecordReport, RuleBalance};
use crate::lang::Lang;
use crate::ledger::{Day, Village};
use crate::rules::{Pack, Rule, Scope};

/// What a scan depends on besides ledgers and pack.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// 基准日
    pub as_of: Day,
    /// The language of messages.
    pub lang: Lang,
    /// Whether every record is listed with its verdicts.
    pub records: bool,
}

/// What a scan came to.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// The findings, sorted.
    pub findings: Vec<Finding>,
    /// Each rule's verdicts, sorted by rule.
    pub by_rule: Vec<RuleBalance>,
    /// Rules that could not run on a table.
    pub not_run: Vec<NotRun>,
    /// Every record with its verdicts.
    pub records: Vec<RecordReport>,
    /// Ambiguous links.
    pub issues: Vec<Issue>,
}

/// Judges the ledgers of all villages by all rules of the pack.
pub fn run(pack: &Pack, villages: &[Village], settings: &Settings) -> Scan {
    run_rules(pack, &pack.rules, villages, settings)
}

/// Judges one village by itself, which is all that a pack asks whose rules [look at villages one by one](by_village).
pub fn run_village(pack: &Pack, village: &Village, settings: &Settings) -> Scan {
    let mut scan = pass::run(
        pack,
        &pack.rules,
        std::slice::from_ref(village),
        settings,
        Scope::Village,
    );
    scan.sort();
    scan
}

/// Whether every rule of a pack looks at one village at a time.
pub fn by_village(pack: &Pack) -> bool {
    !pass::any(&pack.rules, Scope::All)
}

/// A scan of nothing: a count of zero for every rule.
pub fn nothing(pack: &Pack) -> Scan {
    Scan {
        by_rule: pass::no_counts(pack, &pack.rules),
        ..Scan::default()
    }
}

/// Judges by some rules that were checked against the pack.
fn run_rules(pack: &Pack, rules: &[Rule], villages: &[Village], settings: &Settings) -> Scan {
    let mut scan = pass::run(pack, rules, villages, settings, Scope::Village);
    if pass::any(rules, Scope::All) {
        scan.overlay(pass::run(pack, rules, villages, settings, Scope::All));
    }
    scan.sort();
    scan
}

/// Judges villages one after the other, each freed as soon as no rule needs it any longer.
///
/// Rules that look at all villages are judged at the end, on the villages with ledgers they look at.
pub struct Session<'a> {
    pack: &'a Pack,
    settings: Settings,
    scan: Scan,
    /// The villages that rules over all of them look at, and which of the scan's records are theirs.
    kept: Vec<(Village, std::ops::Range<usize>)>,
}

impl<'a> Session<'a> {
    /// No village yet.
    pub fn new(pack: &'a Pack, settings: Settings) -> Self {
        Self {
            pack,
            settings,
            scan: nothing(pack),
            kept: Vec::new(),
        }
    }

    /// Judges a village. Each village must come once, with all its ledgers.
    pub fn add(&mut self, village: Village) {
        let of_village = pass::run(
            self.pack,
            &self.pack.rules,
            std::slice::from_ref(&village),
            &self.settings,
            Scope::Village,
        );
        let from = self.scan.records.len();
        self.scan.extend(of_village);
        if pass::any(&self.pack.rules, Scope::All) {
            let records = from..self.scan.records.len();
            self.kept.push((village, records));
        }
    }

    /// The scan of all villages that were added.
    pub fn finish(mut self) -> Scan {
        if pass::any(&self.pack.rules, Scope::All) {
            // In the order of `run`, whatever order they came in.
            self.kept.sort_by(|a, b| a.0.name.cmp(&b.0.name));
            let mut records = Vec::new();
            for (_, range) in &self.kept {
                records.extend(
                    self.scan
                        .records
                        .get(range.clone())
                        .unwrap_or_default()
                        .iter()
                        .cloned(),
                );
            }
            if !self.scan.records.is_empty() {
                self.scan.records = records;
            }
            let villages: Vec<Village> = self.kept.drain(..).map(|(village, _)| village).collect();
            let across = pass::run(
                self.pack,
                &self.pack.rules,
                &villages,
                &self.settings,
                Scope::All,
            );
            self.scan.overlay(across);
        }
        self.scan.sort();
        self.scan
    }
}

impl Scan {
    /// Adds a scan of other villages. [`Scan::sort`] puts the whole in order.
    pub fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.not_run.extend(other.not_run);
        self.records.extend(other.records);
        self.issues.extend(other.issues);
        count(&mut self.by_rule, &other.by_rule);
    }

    /// Puts everything in the order of a report, whatever order the villages came in.
    ///
    /// Findings stand in their [listing order](Finding::listing_order), records by village, file, sheet and row.
    pub fn sort(&mut self) {
        self.findings.sort_by(Finding::listing_order);
        self.not_run.sort();
        self.records.sort_by(RecordReport::listing_order);
        self.issues.sort_by(|a, b| {
            (a.file, a.table, a.kind, &a.records).cmp(&(b.file, b.table, b.kind, &b.records))
        });
    }

    /// Adds what other rules came to on the very same records.
    fn overlay(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.not_run.extend(other.not_run);
        count(&mut self.by_rule, &other.by_rule);
        for (record, more) in self.records.iter_mut().zip(other.records) {
            record.verdicts = record
                .verdicts
                .chars()
                .zip(more.verdicts.chars())
                .map(|(own, other)| if own == '.' { other } else { own })
                .collect();
        }
    }
}

/// Adds verdict counts to others, both sorted by rule.
fn count(by_rule: &mut Vec<RuleBalance>, more: &[RuleBalance]) {
    for counted in more {
        match by_rule.binary_search_by(|balance| balance.rule.cmp(&counted.rule)) {
            Ok(at) => by_rule[at].add(counted),
            Err(at) => by_rule.insert(at, counted.clone()),
        }
    }
}
