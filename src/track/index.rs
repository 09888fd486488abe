//! A report made fit for looking things up in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::finding::{
    Finding, Input, InputStatus, RecordRef, RecordReport, Report, RuleBalance, TableReport,
};

/// Town and village.
pub(super) type VillageKey<'a> = (&'a str, &'a str);

/// Looks up records, rules and findings of one report.
pub(super) struct Index<'a> {
    pub(super) report: &'a Report,
    by_id: HashMap<(VillageKey<'a>, &'a str, &'a str), Vec<&'a RecordReport>>,
    by_key: HashMap<(VillageKey<'a>, &'a str, &'a str), Vec<&'a RecordReport>>,
    by_place: HashMap<(&'a str, &'a str, u32), Vec<&'a RecordReport>>,
    by_record: HashMap<(&'a str, VillageKey<'a>, &'a str), Vec<usize>>,
    by_fingerprint: HashMap<&'a str, usize>,
    rules: HashMap<&'a str, (usize, &'a RuleBalance)>,
    supplied: BTreeSet<(VillageKey<'a>, &'a str)>,
    towns: BTreeMap<&'a str, BTreeSet<&'a str>>,
    inputs: HashMap<&'a str, Vec<&'a Input>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let mut index = Self {
            report,
            by_id: HashMap::new(),
            by_key: HashMap::new(),
            by_place: HashMap::new(),
            by_record: HashMap::new(),
            by_fingerprint: HashMap::new(),
            rules: HashMap::new(),
            supplied: BTreeSet::new(),
            towns: BTreeMap::new(),
            inputs: HashMap::new(),
        };
        for record in &report.records {
            let village = (record.town.as_str(), record.village.as_str());
            index
                .by_id
                .entry((village, &record.kind, &record.id))
                .or_default()
                .push(record);
            for key in &record.keys {
                index
                    .by_key
                    .entry((village, &record.kind, key))
                    .or_default()
                    .push(record);
            }
            index
                .by_place
                .entry((&record.file, &record.sheet, record.row))
                .or_default()
                .push(record);
            index.see(village);
        }
        for (at, finding) in report.findings.iter().enumerate() {
            let village = (finding.town.as_str(), finding.village.as_str());
            index
                .by_fingerprint
                .entry(finding.fingerprint.as_str())
                .or_insert(at);
            for record in &finding.records {
                index
                    .by_record
                    .entry((&finding.rule, village, &record.id))
                    .or_default()
                    .push(at);
            }
            index.see(village);
        }
        for (at, rule) in report.balance.by_rule.iter().enumerate() {
            index.rules.insert(&rule.rule, (at, rule));
        }
        for coverage in &report.coverage {
            let village = (coverage.town.as_str(), coverage.village.as_str());
            index.supplied.insert((village, &coverage.kind));
            index.see(village);
        }
        for input in &report.inputs {
            index.inputs.entry(&input.file).or_default().push(input);
        }
        index
    }

    fn see(&mut self, (town, village): VillageKey<'a>) {
        self.towns.entry(village).or_default().insert(town);
    }

    /// The same village in this report. A town that only one of the two reports knows does not make it another one,
    /// as long as the name stands for one village.
    pub(super) fn village<'b>(&self, town: &'b str, village: &'b str) -> VillageKey<'b>
    where
        'a: 'b,
    {
        let Some((&name, towns)) = self.towns.get_key_value(village) else {
            return (town, village);
        };
        if towns.contains(town) || towns.len() != 1 {
            return (town, village);
        }
        match towns.first() {
            Some(&only) if town.is_empty() || only.is_empty() => (only, name),
            _ => (town, village),
        }
    }

    /// Whether the village handed over a ledger of the kind.
    pub(super) fn supplied(&self, village: VillageKey<'_>, kind: &str) -> bool {
        self.supplied.contains(&(village, kind))
    }

    /// Whether the village handed over anything.
    pub(super) fn knows(&self, (town, village): VillageKey<'_>) -> bool {
        self.towns
            .get(village)
            .is_some_and(|towns| towns.contains(town))
    }

    /// A record by its id; where two tables hold it, the one at the same place.
    pub(super) fn record(
        &self,
        village: VillageKey<'_>,
        kind: &str,
        id: &str,
        near: Option<&RecordReport>,
    ) -> Option<&'a RecordReport> {
        let found = self.by_id.get(&(village, kind, id))?;
        near.and_then(|near| {
            let same_sheet = |r: &&&RecordReport| r.file == near.file && r.sheet == near.sheet;
            found.iter().find(same_sheet)
        })
        .or_else(|| found.first())
        .copied()
    }

    /// Every record that has a key.
    pub(super) fn keyed<'x>(
        &'x self,
        village: VillageKey<'x>,
        kind: &'x str,
        key: &'x str,
    ) -> &'x [&'a RecordReport] {
        self.by_key
            .get(&(village, kind, key))
            .map_or(&[], Vec::as_slice)
    }

    /// The record at a place: file, sheet, row counted from 1. In a merged report two villages can have a file of the
    /// same name; the village decides then.
    pub(super) fn at(
        &self,
        village: VillageKey<'_>,
        (file, sheet, row): (&str, &str, u32),
    ) -> Option<&'a RecordReport> {
        let here = self.by_place.get(&(file, sheet, row))?;
        here.iter()
            .find(|record| (record.town.as_str(), record.village.as_str()) == village)
            .or_else(|| here.first())
            .copied()
    }

    /// The ledger kind of a record that a finding names: from the list of records, else from the table it stands in.
    pub(super) fn kind(&self, village: VillageKey<'_>, record: &RecordRef) -> Option<&'a str> {
        let place = (record.file.as_str(), record.sheet.as_str(), record.row);
        if let Some(found) = self.at(village, place) {
            return Some(&found.kind);
        }
        self.table(village, &record.file, &record.sheet, Some(record.row))
            .map(|table| table.kind.as_str())
    }

    /// The table at a place, or the first of a sheet.
    pub(super) fn table(
        &self,
        (town, village): VillageKey<'_>,
        file: &str,
        sheet: &str,
        row: Option<u32>,
    ) -> Option<&'a TableReport> {
        let here = |table: &&&'a TableReport| {
            table.sheet == sheet
                && row.is_none_or(|row| {
                    table
                        .rows
                        .is_some_and(|(first, last)| (first..=last).contains(&row))
                })
        };
        let tables: Vec<&'a TableReport> = self
            .inputs
            .get(file)?
            .iter()
            .flat_map(|input| &input.tables)
            .collect();
        let own = |table: &&&'a TableReport| table.town == town && table.village == village;
        tables
            .iter()
            .filter(here)
            .find(own)
            .or_else(|| tables.iter().find(here))
            .copied()
    }

    /// The finding of a fingerprint, by its place in the list.
    pub(super) fn fingerprint(&self, fingerprint: &str) -> Option<usize> {
        self.by_fingerprint.get(fingerprint).copied()
    }

    /// The findings of a rule that name a record, by their places in the list.
    pub(super) fn findings_on<'x>(
        &'x self,
        rule: &'x str,
        village: VillageKey<'x>,
        id: &'x str,
    ) -> &'x [usize] {
        self.by_record
            .get(&(rule, village, id))
            .map_or(&[], Vec::as_slice)
    }

    /// A rule's line of the balance.
    pub(super) fn rule(&self, id: &str) -> Option<&'a RuleBalance> {
        self.rules.get(id).map(|(_, rule)| *rule)
    }

    /// The letter of a rule on a record.
    pub(super) fn letter(&self, rule: &str, record: &RecordReport) -> Option<char> {
        let (at, _) = self.rules.get(rule)?;
        record.verdicts.chars().nth(*at)
    }

    /// Whether a file of the name was among the files.
    pub(super) fn has_file(&self, file: &str) -> bool {
        self.inputs.contains_key(file)
    }

    /// Whether a file is there and was read.
    pub(super) fn was_read(&self, file: &str) -> bool {
        self.inputs
            .get(file)
            .is_some_and(|inputs| inputs.iter().any(|i| i.status == InputStatus::Read))
    }

    /// Whether a finding comes from a rule and not from a data issue.
    pub(super) fn is_of_rule(&self, finding: &Finding) -> bool {
        finding.tree.is_some() || self.rules.contains_key(finding.rule.as_str())
    }
}
