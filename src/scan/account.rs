//! Accounts for every file, table, record and rule: a scan → its [`Report`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Scan, Settings};
use crate::finding::{
    Balance, CitedLimit, Coverage, FileId, Finding, Input, Issue, Report, RuleBalance, RuleInfo,
    Stage, Tool, VillageLists,
};
use crate::lang::{Bilingual, Lang};
use crate::ledger::{Datum, DaySpan, FieldId, FieldType, Kinds, Ledger, Village};
use crate::rules::{Pack, Rule};

/// Accounts for everything that a run takes in.
#[derive(Debug, Default)]
pub struct Account {
    inputs: Vec<Input>,
    names: BTreeMap<FileId, Arc<str>>,
    issues: Vec<Issue>,
    /// Issues that were listed with their village, by kind.
    listed: BTreeMap<&'static str, u32>,
    /// The verdicts of villages that were listed.
    by_rule: Vec<RuleBalance>,
    coverage: Vec<Coverage>,
    records: u32,
}

impl Account {
    /// Nothing taken in yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in files with what could not be read of them.
    pub fn add_files(&mut self, inputs: Vec<Input>, issues: Vec<Issue>) {
        let named = inputs
            .iter()
            .map(|input| (input.id, Arc::from(input.file.as_str())));
        self.names.extend(named);
        self.inputs.extend(inputs);
        self.issues.extend(issues);
    }

    /// Takes in the ledgers of villages.
    pub fn add_villages(&mut self, villages: &[Village], kinds: &Kinds) {
        for village in villages {
            self.coverage.extend(coverage(village, kinds));
            let records = village.ledgers.iter().map(Ledger::len).sum::<usize>();
            self.records += u32::try_from(records).unwrap_or(u32::MAX);
        }
    }

    /// The issues of what was taken in so far, by town and village, to be listed with their village.
    pub fn take_issues(&mut self) -> BTreeMap<(String, String), Vec<Issue>> {
        let mut by_village: BTreeMap<(String, String), Vec<Issue>> = BTreeMap::new();
        for issue in self.issues.drain(..) {
            *self.listed.entry(issue.kind.id()).or_default() += 1;
            let village = (issue.town.clone(), issue.village.clone());
            by_village.entry(village).or_default().push(issue);
        }
        by_village
    }

    /// What a village adds to the lists: its scan, whose counts stay for [`Account::count`], and its issues.
    pub fn lists(
        &self,
        (town, village): (&str, &str),
        scan: &mut Scan,
        mut issues: Vec<Issue>,
        lang: Lang,
    ) -> VillageLists {
        issues.extend(scan.issues.iter().cloned());
        let mut findings = std::mem::take(&mut scan.findings);
        findings.extend(issue_findings(&issues, &self.names, lang));
        findings.sort_by(Finding::listing_order);
        VillageLists {
            town: town.to_owned(),
            village: village.to_owned(),
            findings,
            not_run: std::mem::take(&mut scan.not_run),
            records: std::mem::take(&mut scan.records),
        }
    }

    /// Counts the verdicts and issues of a scan whose lists were taken.
    pub fn count(&mut self, scan: &Scan) {
        for issue in &scan.issues {
            *self.listed.entry(issue.kind.id()).or_default() += 1;
        }
        super::count(&mut self.by_rule, &scan.by_rule);
    }

    /// The report of a scan of what was taken in.
    ///
    /// # Errors
    /// A balance that does not add up: a bug.
    pub fn report(
        mut self,
        mut scan: Scan,
        pack: &Pack,
        settings: &Settings,
    ) -> Result<Report, Bilingual> {
        self.inputs.sort_by_key(|input| input.id);
        self.issues.append(&mut scan.issues);
        let mut by_rule = scan.by_rule;
        super::count(&mut by_rule, &self.by_rule);
        for rule in &mut by_rule {
            rule.digest = pack
                .rule_digests
                .get(&rule.rule)
                .cloned()
                .unwrap_or_default();
        }
        let balance = Balance {
            records: self.records,
            issues: tally(&self.issues, self.listed),
            by_rule,
        };
        check(&balance.by_rule)?;
        let mut findings = scan.findings;
        findings.extend(issue_findings(&self.issues, &self.names, settings.lang));
        findings.sort_by(Finding::listing_order);
        self.coverage
            .sort_by(|a, b| (&a.town, &a.village, &a.kind).cmp(&(&b.town, &b.village, &b.kind)));
        Ok(Report {
            tool: Tool {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                rules: pack.digest.clone(),
            },
            as_of: settings.as_of.to_string(),
            lang: settings.lang,
            inputs: self.inputs,
            coverage: self.coverage,
            balance,
            findings,
            not_run: scan.not_run,
            records: scan.records,
            resolved: None,
            rules: pack
                .rules
                .iter()
                .map(|rule| info(rule, settings.lang))
                .collect(),
            restated: restated(pack),
            waivers_applied: false,
            notes: Vec::new(),
        })
    }
}

/// Issues by kind.
fn tally(issues: &[Issue], mut counts: BTreeMap<&'static str, u32>) -> Vec<(String, u32)> {
    for issue in issues {
        *counts.entry(issue.kind.id()).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(kind, count)| (kind.to_owned(), count))
        .collect()
}

/// Issues as findings. Issues that have everything but their cells in common are told apart by an ordinal.
fn issue_findings(
    issues: &[Issue],
    names: &BTreeMap<FileId, Arc<str>>,
    lang: Lang,
) -> Vec<Finding> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for issue in issues {
        let file = names.get(&issue.file).map_or("", |name| name);
        let first = issue.to_finding(file, 0, lang);
        let ordinal = seen.entry(first.fingerprint.to_string()).or_default();
        findings.push(if *ordinal == 0 {
            first
        } else {
            issue.to_finding(file, *ordinal, lang)
        });
        *ordinal += 1;
    }
    findings
}

/// Every rule's records add up, or the program has a bug.
fn check(rules: &[RuleBalance]) -> Result<(), Bilingual> {
    match rules.iter().find(|rule| !rule.adds_up()) {
        None => Ok(()),
        Some(rule) => Err(Bilingual::new(
            format!(
                "程序错误：规则 {} 的记录数对不上，请把台账和这条信息反馈给我们",
                rule.rule
            ),
            format!(
                "bug: the records of rule {} do not add up; please report this line with the ledger",
                rule.rule
            ),
        )),
    }
}

/// What a rule is, as far as a list tells it.
fn info(rule: &Rule, lang: Lang) -> RuleInfo {
    RuleInfo {
        rule: rule.id.clone(),
        title: rule.title.get(lang).to_owned(),
        topic: rule.topic,
        severity: rule.severity,
        stage: rule.trial.then_some(Stage::Trial),
        basis: rule.basis.clone(),
        advice: rule.advice.get(lang).to_owned(),
        why: rule.why.get(lang).to_owned(),
    }
}

/// The national limits that `heyan.toml` restates.
fn restated(pack: &Pack) -> Vec<CitedLimit> {
    let limits = pack
        .limits
        .iter()
        .flat_map(|limit| limit.values.iter().map(move |segment| (limit, segment)));
    limits
        .filter(|(_, segment)| segment.restated)
        .map(|(limit, segment)| CitedLimit {
            name: limit.name.clone(),
            value: segment.text.clone(),
            from: (segment.from != crate::ledger::Day::MIN).then(|| segment.from.to_string()),
            basis: segment.basis.clone(),
            restated: true,
        })
        .collect()
}

/// What one village handed over, by kind.
fn coverage(village: &Village, kinds: &Kinds) -> Vec<Coverage> {
    let mut rows = Vec::new();
    for (id, kind) in kinds.iter() {
        let ledgers: Vec<&Ledger> = village
            .ledgers
            .iter()
            .filter(|ledger| ledger.kind == id)
            .collect();
        if ledgers.is_empty() {
            continue;
        }
        // The date of the act is the first date that the kind names.
        let date = (0..)
            .map(FieldId)
            .zip(&kind.fields)
            .find(|(_, field)| field.ty == FieldType::Date)
            .map(|(field, _)| field);
        let days: Vec<DaySpan> = ledgers
            .iter()
            .flat_map(|ledger| {
                (0..)
                    .take(ledger.len())
                    .filter_map(move |record| date.map(|field| ledger.get(record, field)))
            })
            .filter_map(|datum| {
                if let Datum::Date(span) = datum {
                    Some(span)
                } else {
                    None
                }
            })
            .collect();
        let records = ledgers
            .iter()
            .map(|ledger| {
                (0..)
                    .take(ledger.len())
                    .filter(|&record| !ledger.is_copy(record))
                    .count()
            })
            .sum::<usize>();
        let mut tables: Vec<_> = ledgers
            .iter()
            .map(|ledger| (ledger.file, ledger.table))
            .collect();
        tables.sort_unstable();
        tables.dedup();
        rows.push(Coverage {
            town: village.name.town.to_string(),
            village: village.name.name.to_string(),
            kind: kind.id.clone(),
            tables: u32::try_from(tables.len()).unwrap_or(u32::MAX),
            records: u32::try_from(records).unwrap_or(u32::MAX),
            from: days
                .iter()
                .map(|span| span.first)
                .min()
                .map(|day| day.to_string()),
            to: days
                .iter()
                .map(|span| span.last)
                .max()
                .map(|day| day.to_string()),
        });
    }
    rows
}
