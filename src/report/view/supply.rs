//! What a village is to supply 调阅清单: everything whose lack kept a rule from being decided, grouped by the missing thing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::finding::{Finding, MissingWhat, RecordRef, Report, Verdict};
use crate::report::address;

/// One missing thing of a village.
pub(in crate::report) struct Supply<'a> {
    /// The town.
    pub(in crate::report) town: &'a str,
    /// The village.
    pub(in crate::report) village: &'a str,
    /// What is missing.
    pub(in crate::report) what: MissingWhat,
    /// Its name.
    pub(in crate::report) name: &'a str,
    /// The ledger kind's word of the records concerned; empty where none is known.
    pub(in crate::report) kind: &'a str,
    /// How many records it would decide.
    pub(in crate::report) records: usize,
    /// The cells, for missing cells: file, sheet, address.
    pub(in crate::report) cells: Vec<(&'a str, &'a str, &'a str)>,
    /// The files concerned, for anything else.
    pub(in crate::report) files: Vec<&'a str>,
    /// Titles of the rules it would decide, with their ids.
    pub(in crate::report) rules: Vec<(&'a str, &'a str)>,
    /// What to do, in the words of the rule run.
    pub(in crate::report) message: &'a str,
}

/// First and last row of a table, its number within the file, and its kind.
type Rows<'a> = (u32, u32, u32, &'a str);

/// Which ledger kind a row belongs to.
pub(super) struct Kinds<'a> {
    by_sheet: HashMap<(&'a str, &'a str), Vec<Rows<'a>>>,
    by_table: HashMap<(&'a str, u32), (&'a str, u32)>,
}

impl<'a> Kinds<'a> {
    /// From the tables of the report.
    pub(super) fn of(report: &'a Report) -> Self {
        let mut kinds = Self {
            by_sheet: HashMap::new(),
            by_table: HashMap::new(),
        };
        for input in &report.inputs {
            for table in &input.tables {
                kinds
                    .by_table
                    .insert((&input.file, table.id.0), (&table.kind, table.records));
                if let Some((first, last)) = table.rows {
                    kinds
                        .by_sheet
                        .entry((&input.file, &table.sheet))
                        .or_default()
                        .push((first, last, table.id.0, &table.kind));
                }
            }
        }
        kinds
    }

    /// The kind of a finding's first record.
    pub(super) fn of_finding(&self, finding: &Finding) -> &'a str {
        finding
            .records
            .first()
            .map_or("", |record| self.of_record(record))
    }

    fn of_record(&self, record: &RecordRef) -> &'a str {
        self.table_of(&record.file, &record.sheet, record.row)
            .map_or("", |(_, kind)| kind)
    }

    /// The table that a row stands in: its number within the file and its kind.
    fn table_of(&self, file: &str, sheet: &str, row: u32) -> Option<(u32, &'a str)> {
        self.by_sheet
            .get(&(file, sheet))?
            .iter()
            .find(|(first, last, ..)| (*first..=*last).contains(&row))
            .map(|(_, _, id, kind)| (*id, *kind))
    }

    /// How many records a table has.
    fn records(&self, file: &str, table: u32) -> Option<u32> {
        self.by_table
            .get(&(file, table))
            .map(|(_, records)| *records)
    }
}

#[derive(Default)]
struct Gathered<'a> {
    rows: BTreeSet<(&'a str, &'a str, u32)>,
    cells: BTreeSet<(&'a str, &'a str, &'a str)>,
    tables: BTreeMap<(&'a str, u32), u32>,
    rules: BTreeSet<(&'a str, &'a str)>,
    message: &'a str,
}

/// What sets one missing thing apart: town, village, what it is, its name, the ledger kind.
type Thing<'a> = (&'a str, &'a str, MissingWhat, &'a str, &'a str);

type Things<'a> = BTreeMap<Thing<'a>, Gathered<'a>>;

/// Everything to be supplied: by village, what is missing, most records first.
pub(super) fn of(report: &Report) -> Vec<Supply<'_>> {
    let kinds = Kinds::of(report);
    let mut things = Things::new();
    undetermined(report, &kinds, &mut things);
    not_run(report, &kinds, &mut things);
    let mut supply: Vec<Supply<'_>> = things
        .into_iter()
        .map(|(thing, gathered)| gathered.supply(thing, &kinds))
        .collect();
    supply.sort_by(|a, b| order(a).cmp(&order(b)));
    supply
}

fn order<'a>(supply: &Supply<'a>) -> impl Ord + use<'a> {
    (
        (supply.town, supply.village, supply.what),
        std::cmp::Reverse(supply.records),
        supply.name,
        supply.kind,
    )
}

/// What the undetermined findings lack.
fn undetermined<'a>(report: &'a Report, kinds: &Kinds<'a>, things: &mut Things<'a>) {
    let open = report
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Undetermined && finding.waiver.is_none());
    for finding in open {
        let kind = kinds.of_finding(finding);
        for missing in &finding.missing {
            let thing = things
                .entry((
                    &finding.town,
                    &finding.village,
                    missing.what,
                    &missing.name,
                    kind,
                ))
                .or_default();
            thing.rules.insert((&finding.title, &finding.rule));
            thing.rows.extend(
                finding
                    .records
                    .iter()
                    .map(|r| (r.file.as_str(), r.sheet.as_str(), r.row)),
            );
            if !missing.cell.is_empty() {
                thing
                    .cells
                    .insert((&missing.file, &missing.sheet, &missing.cell));
            }
        }
    }
}

/// What kept rules from running on a table.
fn not_run<'a>(report: &'a Report, kinds: &Kinds<'a>, things: &mut Things<'a>) {
    let titles: HashMap<&str, &str> = report
        .findings
        .iter()
        .map(|finding| (finding.rule.as_str(), finding.title.as_str()))
        .chain(
            report
                .rules
                .iter()
                .map(|rule| (rule.rule.as_str(), rule.title.as_str())),
        )
        .collect();
    for not_run in &report.not_run {
        let rule = not_run.rule.as_str();
        let kind = kinds
            .by_table
            .get(&(not_run.file.as_str(), not_run.table))
            .map_or("", |(kind, _)| kind);
        let thing = things
            .entry((
                &not_run.town,
                &not_run.village,
                not_run.what,
                &not_run.name,
                kind,
            ))
            .or_default();
        thing
            .rules
            .insert((titles.get(rule).copied().unwrap_or(rule), rule));
        // Several rules may want the same column of a table: its records count once.
        let records = thing
            .tables
            .entry((&not_run.file, not_run.table))
            .or_default();
        *records = (*records).max(not_run.records);
        if thing.message.is_empty() {
            thing.message = &not_run.message;
        }
    }
}

impl<'a> Gathered<'a> {
    /// How many records it concerns. A record may lack the thing for one rule and keep another from running: no table counts
    /// more than it has.
    fn records(&self, kinds: &Kinds<'a>) -> usize {
        if self.rows.is_empty() && self.tables.is_empty() {
            // A hidden column has cells, but no record of its own.
            return self.cells.len();
        }
        let mut elsewhere = 0;
        let mut tables: BTreeMap<(&str, u32), u32> = self.tables.clone();
        for (file, sheet, row) in &self.rows {
            match kinds.table_of(file, sheet, *row) {
                Some((table, _)) => *tables.entry((file, table)).or_default() += 1,
                None => elsewhere += 1,
            }
        }
        let within: u32 = tables
            .into_iter()
            .map(|((file, table), count)| {
                kinds
                    .records(file, table)
                    .map_or(count, |all| count.min(all))
            })
            .sum();
        elsewhere + usize::try_from(within).unwrap_or(usize::MAX)
    }

    fn supply(self, (town, village, what, name, kind): Thing<'a>, kinds: &Kinds<'a>) -> Supply<'a> {
        let records = self.records(kinds);
        let mut files: Vec<&str> = self.tables.keys().map(|(file, _)| *file).collect();
        files.extend(self.rows.iter().map(|(file, _, _)| *file));
        files.sort_unstable();
        files.dedup();
        let mut cells: Vec<_> = self.cells.into_iter().collect();
        // By row and column, not by letters: N2 before N12.
        cells.sort_by_key(|(file, sheet, cell)| (*file, *sheet, address::parse(cell), *cell));
        Supply {
            town,
            village,
            what,
            name,
            kind,
            records,
            cells,
            files,
            rules: self.rules.into_iter().collect(),
            message: self.message,
        }
    }
}
