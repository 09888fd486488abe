//! The whole result of a scan, as data.

use std::cmp::Ordering;

use super::{FileId, Finding, Fingerprint, MissingWhat, Severity, Stage, TableId, Topic, Verdict};
use crate::discover::{FileFormat, Reason};
use crate::lang::Lang;

/// The whole result of a scan. The formats of `report` render it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The program and the pack.
    pub tool: Tool,
    /// The day the scan speaks for, ISO.
    pub as_of: String,
    /// The language of its texts.
    pub lang: Lang,
    /// Every file, read or not.
    pub inputs: Vec<Input>,
    /// Who handed over what, for which years.
    pub coverage: Vec<Coverage>,
    /// What became of every record.
    pub balance: Balance,
    /// The findings, sorted.
    pub findings: Vec<Finding>,
    /// Rules that could not run on a table.
    pub not_run: Vec<NotRun>,
    /// Every record with its verdicts; empty with `--no-records`.
    pub records: Vec<RecordReport>,
    /// Against a baseline: what the baseline had and this scan has not. `None` without one.
    pub resolved: Option<Vec<Resolved>>,
    /// What each rule of `balance.by_rule` is, in the same order; rules that found nothing have their title here alone.
    pub rules: Vec<RuleInfo>,
    /// Restated national limits, for the head of every list: name, value, basis.
    pub restated: Vec<super::CitedLimit>,
    /// Whether waivers were applied, though they may cover nothing.
    pub waivers_applied: bool,
    /// Remarks on the run itself, such as an expired waiver.
    pub notes: Vec<String>,
}

/// The program and the pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tool {
    /// The program's version.
    pub version: String,
    /// SHA-256 of the rules and limits in force.
    pub rules: String,
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its place among the inputs.
    pub id: FileId,
    /// Its name.
    pub file: String,
    /// SHA-256 of its bytes in hex; empty where it was not opened.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Its format, where it has a known one.
    pub format: Option<FileFormat>,
    /// What became of it.
    pub status: InputStatus,
    /// Why it was not read.
    pub reason: Option<Reason>,
    /// The tables found in it.
    pub tables: Vec<TableReport>,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InputStatus {
    /// It was read.
    Read,
    /// It ought to have been read and was not.
    Unreadable,
    /// It is no input.
    Skipped,
}

impl InputStatus {
    /// The word of reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unreadable => "unreadable",
            Self::Skipped => "skipped",
        }
    }
}

/// How one table was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableReport {
    /// Its number within the file.
    pub id: TableId,
    /// The sheet.
    pub sheet: String,
    /// The ledger kind's word.
    pub kind: String,
    /// The town; empty where nothing tells it.
    pub town: String,
    /// The village (the first one, where a column names several).
    pub village: String,
    /// Where the village was read: `column`, `title`, `sheet`, `file`, `folder`, `unknown`.
    pub village_from: String,
    /// All rows of the header, counted from 1.
    pub header_rows: Vec<u32>,
    /// First and last data row, counted from 1; `None` without records.
    pub rows: Option<(u32, u32)>,
    /// How many records were read.
    pub records: u32,
    /// How sure the mapping is, 0 to 1.
    pub confidence: f64,
    /// The columns.
    pub columns: Vec<ColumnReport>,
    /// Rows within the table that are no records, counted from 1.
    pub ignored_rows: Vec<IgnoredRow>,
    /// Whether the sheet, or rows or columns of the table, are hidden.
    pub hidden: bool,
}

/// How one column was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnReport {
    /// Its letters.
    pub column: String,
    /// Its header.
    pub header: String,
    /// The field it was given; `None` where no field claims it.
    pub field: Option<String>,
    /// The unit of its amounts.
    pub unit: Option<String>,
    /// The reason, in the language of the run.
    pub why: String,
    /// How sure, 0 to 1.
    pub confidence: f64,
    /// Cells that hold a value, that are empty, that could not be read.
    pub filled: u32,
    /// Cells that are empty.
    pub empty: u32,
    /// Cells that could not be read.
    pub unreadable: u32,
}

/// A row that is no record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoredRow {
    /// Counted from 1.
    pub row: u32,
    /// `title` `blank` `total` `subtotal` `header-repeated` `column-numbers` `section` `note` `footer` `template` `end`.
    pub why: String,
}

/// What one village handed over of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The town.
    pub town: String,
    /// The village.
    pub village: String,
    /// The ledger kind's word.
    pub kind: String,
    /// How many tables.
    pub tables: u32,
    /// How many records, copies left out.
    pub records: u32,
    /// The earliest date of an act, ISO.
    pub from: Option<String>,
    /// The latest.
    pub to: Option<String>,
}

/// What became of every record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Records of all tables.
    pub records: u32,
    /// Issues by kind's word, sorted.
    pub issues: Vec<(String, u32)>,
    /// Each rule's verdicts, counted in records; sorted by rule.
    pub by_rule: Vec<RuleBalance>,
}

/// One rule's verdicts, counted in records of its ledgers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleBalance {
    /// The rule's id.
    pub rule: String,
    /// The records of its ledgers: the sum of the five that follow.
    pub records: u32,
    /// 不符
    pub violation: u32,
    /// 未发现
    pub pass: u32,
    /// 待核
    pub undetermined: u32,
    /// 不适用
    pub not_applicable: u32,
    /// 未执行
    pub not_run: u32,
    /// Findings: violations and undetermined ones, a group counted once.
    pub findings: u32,
    /// SHA-256 of the rule as written and of the limits it names, in hex: what tells a changed rule from changed
    /// cells when two reports are compared. Empty where it is not known.
    pub digest: String,
    /// Whether the rule looks at all villages together; such a rule is not-run in a merged report.
    pub all_villages: bool,
}

impl RuleBalance {
    /// Adds one record's verdict.
    pub fn count(&mut self, verdict: Verdict) {
        self.records += 1;
        match verdict {
            Verdict::Violation => self.violation += 1,
            Verdict::Undetermined => self.undetermined += 1,
            Verdict::NotRun => self.not_run += 1,
            Verdict::Pass => self.pass += 1,
            Verdict::NotApplicable => self.not_applicable += 1,
        }
    }

    /// Adds the counts of the same rule on other records.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.violation += other.violation;
        self.pass += other.pass;
        self.undetermined += other.undetermined;
        self.not_applicable += other.not_applicable;
        self.not_run += other.not_run;
        self.findings += other.findings;
    }

    /// Whether the records add up.
    pub fn adds_up(&self) -> bool {
        self.records
            == self.violation + self.pass + self.undetermined + self.not_applicable + self.not_run
    }

    /// Whether more than a third of the records that could be judged are violations (触发率过高，先核对口径).
    pub fn fires_too_often(&self) -> bool {
        let judged = self.violation + self.pass;
        judged >= 9 && self.violation * 3 > judged
    }
}

/// What a rule is, as far as a list tells it. Texts are in the language of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// The rule's id.
    pub rule: String,
    /// What it is called.
    pub title: String,
    /// The topic it is listed under.
    pub topic: Topic,
    /// How much it matters, where no grade is true.
    pub severity: Severity,
    /// Whether it is on trial.
    pub stage: Option<Stage>,
    /// The ids of the provisions it cites.
    pub basis: Vec<String>,
    /// What to look at next.
    pub advice: String,
    /// Why it matters, when it is silent, known false positives.
    pub why: String,
}

/// A rule that could not run on a table, told once per table and missing thing. Their order is that of the fields: the village
/// first, so that reports of different villages add up to the report of all of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotRun {
    /// The town.
    pub town: String,
    /// The village.
    pub village: String,
    /// The rule's id.
    pub rule: String,
    /// The file's name.
    pub file: String,
    /// The table within the file.
    pub table: u32,
    /// How many records it concerns.
    pub records: u32,
    /// What is missing.
    pub what: MissingWhat,
    /// Its name.
    pub name: String,
    /// What to supply, in the language of the run.
    pub message: String,
}

/// One record with its verdicts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordReport {
    /// Its id.
    pub id: String,
    /// The town.
    pub town: String,
    /// The village.
    pub village: String,
    /// The ledger kind's word.
    pub kind: String,
    /// The file's name.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// Its row, counted from 1.
    pub row: u32,
    /// Its filled keys, the id's first.
    pub keys: Vec<String>,
    /// One letter per rule of `balance.by_rule`.
    pub verdicts: String,
}

impl RecordReport {
    /// The order of a report: by town, village, file, sheet and row.
    pub fn listing_order(&self, other: &Self) -> Ordering {
        (&self.town, &self.village, &self.file, &self.sheet)
            .cmp(&(&other.town, &other.village, &other.file, &other.sheet))
            .then_with(|| self.row.cmp(&other.row))
            .then_with(|| (&self.kind, &self.id).cmp(&(&other.kind, &other.id)))
    }
}

/// What one village adds to the lists of a report, each in the order of the report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VillageLists {
    /// The town; empty where nothing tells it.
    pub town: String,
    /// The village.
    pub village: String,
    /// Its findings.
    pub findings: Vec<Finding>,
    /// The rules that could not run on its tables.
    pub not_run: Vec<NotRun>,
    /// Its records with their verdicts.
    pub records: Vec<RecordReport>,
}

/// A finding of the baseline that this scan has not.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The finding as the baseline had it.
    pub finding: Finding,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// What became of it.
    pub status: ResolvedStatus,
    /// The deciding cells that changed.
    pub changes: Vec<ResolvedChange>,
    /// The reason, in the language of the run.
    pub why: String,
}

/// What became of a finding of the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResolvedStatus {
    /// Curable, the same record, now decided in its favour.
    Rectified,
    /// The deciding cells were changed; to be explained.
    Altered,
    /// The record is gone although its village and ledger kind were supplied.
    Vanished,
    /// Village × kind not supplied, rule not run or changed.
    Unknown,
}

impl ResolvedStatus {
    /// The word of reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Rectified => "rectified",
            Self::Altered => "altered",
            Self::Vanished => "vanished",
            Self::Unknown => "unknown",
        }
    }
}

/// A deciding cell that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedChange {
    /// The field.
    pub field: String,
    /// The A1 address in this scan; empty where the cell is gone.
    pub cell: String,
    /// The text it had.
    pub before: String,
    /// The text it has.
    pub after: String,
}
