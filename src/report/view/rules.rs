//! Each rule with its verdicts, its title and why it did not run.

use std::collections::{BTreeMap, HashMap};

use crate::finding::{Finding, MissingWhat, Report, RuleBalance, RuleInfo};

/// One rule of the balance.
pub(in crate::report) struct RuleView<'a> {
    /// Its verdicts.
    pub(in crate::report) balance: &'a RuleBalance,
    /// Its title; its id where the report does not tell it.
    pub(in crate::report) title: &'a str,
    /// What it is, where the report tells it.
    pub(in crate::report) info: Option<&'a RuleInfo>,
    /// A finding of it, where there is one.
    pub(in crate::report) example: Option<&'a Finding>,
    /// What kept it from running, with the number of records.
    pub(in crate::report) lacks: Vec<(MissingWhat, &'a str, u32)>,
}

/// The rules of a report, in the order of the balance.
pub(super) fn of(report: &Report) -> Vec<RuleView<'_>> {
    let info: HashMap<&str, &RuleInfo> = report
        .rules
        .iter()
        .map(|info| (info.rule.as_str(), info))
        .collect();
    let mut examples: HashMap<&str, &Finding> = HashMap::new();
    for finding in &report.findings {
        examples.entry(&finding.rule).or_insert(finding);
    }
    let mut lacks: HashMap<&str, BTreeMap<(MissingWhat, &str), u32>> = HashMap::new();
    for not_run in &report.not_run {
        *lacks
            .entry(&not_run.rule)
            .or_default()
            .entry((not_run.what, &not_run.name))
            .or_default() += not_run.records;
    }
    report
        .balance
        .by_rule
        .iter()
        .map(|balance| {
            let rule = balance.rule.as_str();
            let info = info.get(rule).copied();
            let example = examples.get(rule).copied();
            RuleView {
                balance,
                title: info
                    .map(|info| info.title.as_str())
                    .or(example.map(|finding| finding.title.as_str()))
                    .unwrap_or(rule),
                info,
                example,
                lacks: lacks
                    .remove(rule)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|((what, name), records)| (what, name, records))
                    .collect(),
            }
        })
        .collect()
}
