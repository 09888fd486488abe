//! `heyan.report/1`: the frozen shape of the JSON report.
//!
//! These types are what is on disk; the types that compute have no `Serialize`. Keys may be added in version 1, never
//! renamed, removed or given another meaning. Money is a string in yuan with two decimals, dates are ISO.

#![allow(
    clippy::struct_field_names,
    reason = "the names are those of the format"
)]

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{
    Because, Format, InputStatus, Lang, ReasonWord, ResolvedStatus, Severity, Stage, Status, Topic,
    Verdict, What,
};

/// The word of `schema`.
pub(super) const SCHEMA: &str = "heyan.report/1";

/// Text, borrowed when written and owned when read.
pub(super) type Text<'a> = Cow<'a, str>;

macro_rules! shapes {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)+ })+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Serialize, Deserialize, JsonSchema)]
        pub(super) struct $name<'a> {
            $($(#[doc = $field_doc])* pub(super) $field: $type,)+
        }
    )+};
}

/// The whole result of a scan (heyan.report/1).
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(title = "heyan.report/1")]
pub(super) struct Report<'a> {
    /// `heyan.report/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub(super) schema: Text<'a>,
    /// The program and the pack.
    pub(super) tool: Tool<'a>,
    /// The day the scan speaks for 基准日, ISO.
    pub(super) as_of: Text<'a>,
    /// The language of the texts.
    pub(super) lang: Lang,
    /// Every file under the paths given, read or not.
    pub(super) inputs: Vec<Input<'a>>,
    /// Who handed over what, for which years.
    pub(super) coverage: Vec<Coverage<'a>>,
    /// What became of every record.
    pub(super) balance: Balance<'a>,
    /// The findings, sorted. Leads from the ledgers, to be verified 以下为台账线索，需核实.
    pub(super) findings: Vec<Finding<'a>>,
    /// Rules that could not run on a table, told once per table and missing thing.
    pub(super) not_run: Vec<NotRun<'a>>,
    /// Every record with its verdicts; empty with `--no-records`.
    pub(super) records: Vec<Record<'a>>,
    /// What the baseline had and this scan has not; null without a baseline.
    #[serde(default)]
    pub(super) resolved: Option<Vec<Resolved<'a>>>,
    /// What each rule of `balance.by_rule` is, in the same order.
    #[serde(default)]
    pub(super) rules: Vec<Rule<'a>>,
    /// National limits that the configuration restates.
    #[serde(default)]
    pub(super) restated: Vec<Limit<'a>>,
    /// Whether waivers were applied, though they may cover nothing.
    #[serde(default)]
    pub(super) waivers_applied: bool,
    /// Remarks on the run itself.
    #[serde(default)]
    pub(super) notes: Vec<Text<'a>>,
}

shapes! {
    /// The program and the pack.
    Tool {
        /// `heyan`.
        name: Text<'a>,
        /// The program's version.
        version: Text<'a>,
        /// SHA-256 of rules and limits in force.
        rules: Text<'a>,
    }

    /// One file.
    Input {
        /// Its path relative to the folder given, `/`-separated.
        file: Text<'a>,
        /// SHA-256 of its bytes in hex; null where it was not opened.
        sha256: Option<Text<'a>>,
        /// Its size.
        bytes: u64,
        /// Its format, found from its content; null where it has no known one.
        format: Option<Format>,
        /// What became of it.
        status: InputStatus,
        /// Why it was not read.
        reason: Option<Reason<'a>>,
        /// The tables found in it.
        tables: Vec<Table<'a>>,
    }

    /// Why a file was not read.
    Reason {
        /// A stable word.
        kind: ReasonWord,
        /// What is wrong and what to do.
        message: Text<'a>,
    }

    /// How one table was understood.
    Table {
        /// Its number within the file, counted from 1.
        id: u32,
        /// The sheet's name.
        sheet: Text<'a>,
        /// The ledger kind's word.
        kind: Text<'a>,
        /// The town; empty where nothing tells it.
        town: Text<'a>,
        /// The village.
        village: Text<'a>,
        /// Where the village was read: `column`, `title`, `sheet`, `file`, `folder`, `unknown`.
        village_from: Text<'a>,
        /// All rows of the header, counted from 1.
        header_rows: Vec<u32>,
        /// First and last data row, counted from 1; null without records.
        rows: Option<(u32, u32)>,
        /// How many records were read.
        records: u32,
        /// How sure the mapping is, 0 to 1.
        confidence: f64,
        /// The columns.
        columns: Vec<Column<'a>>,
        /// Rows within the table that are no records.
        ignored_rows: Vec<IgnoredRow<'a>>,
        /// Whether the sheet, or rows or columns of the table, are hidden.
        hidden: bool,
    }

    /// How one column was understood.
    Column {
        /// Its letters.
        column: Text<'a>,
        /// Its header.
        header: Text<'a>,
        /// The field it was given; null where no field claims it.
        field: Option<Text<'a>>,
        /// The unit of its amounts.
        unit: Option<Text<'a>>,
        /// The reason.
        why: Text<'a>,
        /// How sure, 0 to 1.
        confidence: f64,
        /// Cells that hold a value.
        filled: u32,
        /// Cells that are empty.
        empty: u32,
        /// Cells that could not be read.
        unreadable: u32,
    }

    /// A row that is no record.
    IgnoredRow {
        /// Counted from 1.
        row: u32,
        /// A word such as `total` or `footer`.
        why: Text<'a>,
    }

    /// What one village handed over of one kind.
    Coverage {
        /// The town; empty where nothing tells it.
        town: Text<'a>,
        /// The village.
        village: Text<'a>,
        /// The ledger kind's word.
        kind: Text<'a>,
        /// How many tables.
        tables: u32,
        /// How many records, copies left out.
        records: u32,
        /// The earliest date of an act.
        from: Option<Text<'a>>,
        /// The latest.
        to: Option<Text<'a>>,
    }

    /// What became of every record.
    Balance {
        /// Records of all tables.
        records: u32,
        /// Data issues by kind.
        issues: BTreeMap<Text<'a>, u32>,
        /// Each rule's verdicts, counted in records.
        by_rule: Vec<RuleBalance<'a>>,
    }

    /// One rule's verdicts: records = violation + pass + undetermined + `not_applicable` + `not_run`.
    RuleBalance {
        /// The rule's id.
        rule: Text<'a>,
        /// The records of its ledgers.
        records: u32,
        /// 不符
        violation: u32,
        /// 未发现
        pass: u32,
        /// 待核
        undetermined: u32,
        /// 不适用
        not_applicable: u32,
        /// 未执行
        not_run: u32,
        /// Findings, a group counted once.
        findings: u32,
        /// SHA-256 of the rule and the limits it names; empty where it is not known.
        digest: Text<'a>,
        /// Whether the rule looks at all villages together; such a rule is not-run in a merged report.
        all_villages: bool,
    }

    /// A violation or an undetermined verdict with its evidence.
    Finding {
        /// The rule's or data issue's id.
        rule: Text<'a>,
        /// Its title.
        title: Text<'a>,
        /// The topic it is listed under.
        topic: Topic,
        /// How much it matters.
        severity: Severity,
        /// `violation` or `undetermined`.
        verdict: Verdict,
        /// Against a baseline; null without one.
        status: Option<Status>,
        /// Of an unchanged finding, the verdict it had before, where it differs.
        was: Option<Verdict>,
        /// Why a new finding is new.
        because: Option<Because>,
        /// The waiver that covers it.
        waiver: Option<Waiver<'a>>,
        /// `trial` where the rule is on trial.
        stage: Option<Stage>,
        /// What makes it the same finding in another scan: `v1:` and 16 hex digits.
        fingerprint: Text<'a>,
        /// The town; empty where nothing tells it.
        town: Text<'a>,
        /// The village.
        village: Text<'a>,
        /// The date of the act, a month where no more is known.
        date: Option<Text<'a>>,
        /// The money at stake in yuan, two decimals.
        amount: Option<Text<'a>>,
        /// What the ledger shows.
        message: Text<'a>,
        /// What to look at next.
        advice: Text<'a>,
        /// The provisions in force on the date of the act.
        basis: Vec<Provision<'a>>,
        /// The limits used.
        limits: Vec<Limit<'a>>,
        /// The rows of the rule's own ledger that it is about.
        records: Vec<RecordRef<'a>>,
        /// Every cell that decided it, empty ones too.
        evidence: Vec<Evidence<'a>>,
        /// The source rows.
        context: Vec<Context<'a>>,
        /// The evaluated condition; null for a data issue.
        tree: Option<Tree<'a>>,
        /// What would decide an undetermined one.
        missing: Vec<Missing<'a>>,
        /// The overlap group: findings of one group and record are counted once.
        overlap: Option<Text<'a>>,
        /// Whether a later scan can show that it was put right.
        curable: bool,
    }

    /// The waiver that covers a finding.
    Waiver {
        /// Why.
        reason: Text<'a>,
        /// Who approved it.
        approved_by: Text<'a>,
        /// Until when.
        expires: Text<'a>,
    }

    /// A provision as cited.
    Provision {
        /// Its id under `rules/law/`.
        id: Text<'a>,
        /// The law's name.
        law: Text<'a>,
        /// The article; empty where the date of the act is unknown.
        article: Text<'a>,
        /// Its text.
        text: Text<'a>,
    }

    /// A limit as used.
    Limit {
        /// Its name.
        name: Text<'a>,
        /// The value used, printed.
        value: Text<'a>,
        /// Since when it is in force.
        from: Option<Text<'a>>,
        /// The document that sets it.
        basis: Text<'a>,
        /// Whether the configuration restates a national one.
        restated: bool,
    }

    /// A record that a finding is about.
    RecordRef {
        /// The record's id.
        id: Text<'a>,
        /// The file.
        file: Text<'a>,
        /// The sheet.
        sheet: Text<'a>,
        /// Its row, counted from 1.
        row: u32,
        /// Its first key, for people.
        key: Text<'a>,
    }

    /// One cell that decided a finding.
    Evidence {
        /// The file.
        file: Text<'a>,
        /// The sheet.
        sheet: Text<'a>,
        /// The A1 address of the stored cell; empty where the words stand in the sheet's name.
        cell: Text<'a>,
        /// The header above it.
        header: Text<'a>,
        /// The field it was read as.
        field: Text<'a>,
        /// Its text as it stands there.
        raw: Text<'a>,
        /// Its value; null where empty or unreadable.
        value: Option<Text<'a>>,
        /// Whether the value was inferred from the cell, not read in it.
        inferred: bool,
    }

    /// A source row.
    Context {
        /// The file.
        file: Text<'a>,
        /// The sheet.
        sheet: Text<'a>,
        /// The row, counted from 1.
        row: u32,
        /// The cells of the row.
        cells: Vec<ContextCell<'a>>,
    }

    /// One cell of a source row.
    ContextCell {
        /// The A1 address.
        cell: Text<'a>,
        /// The text as it stands there.
        raw: Text<'a>,
    }

    /// A condition as it was evaluated.
    Tree {
        /// The author's text of the node.
        text: Text<'a>,
        /// `true`, `false`, `unknown`, or the value, printed.
        value: Text<'a>,
        /// Its operands.
        parts: Vec<Tree<'a>>,
    }

    /// Something whose lack keeps a rule from being decided.
    Missing {
        /// What is missing.
        what: What,
        /// The field's, ledger's or limit's name.
        name: Text<'a>,
        /// The file, for a cell or column.
        file: Option<Text<'a>>,
        /// The sheet, for a cell or column.
        sheet: Option<Text<'a>>,
        /// The A1 address, for a cell.
        cell: Option<Text<'a>>,
    }

    /// A rule that could not run on a table.
    NotRun {
        /// The rule's id.
        rule: Text<'a>,
        /// The town; empty where nothing tells it.
        town: Text<'a>,
        /// The village.
        village: Text<'a>,
        /// The file.
        file: Text<'a>,
        /// The table within the file.
        table: u32,
        /// How many records it concerns.
        records: u32,
        /// What is missing.
        what: What,
        /// Its name.
        name: Text<'a>,
        /// What to supply.
        message: Text<'a>,
    }

    /// One record with its verdicts.
    Record {
        /// Its id.
        id: Text<'a>,
        /// The town; empty where nothing tells it.
        town: Text<'a>,
        /// The village.
        village: Text<'a>,
        /// The ledger kind's word.
        kind: Text<'a>,
        /// The file.
        file: Text<'a>,
        /// The sheet.
        sheet: Text<'a>,
        /// Its row, counted from 1.
        row: u32,
        /// Its filled keys, the id's first.
        keys: Vec<Text<'a>>,
        /// One letter per rule of `balance.by_rule`: `v` `p` `u` `-` (not applicable) `x` (not run) `.` (not a rule of this ledger).
        verdicts: Text<'a>,
    }

    /// A finding of the baseline that this scan has not.
    Resolved {
        /// Its fingerprint.
        fingerprint: Text<'a>,
        /// What became of it.
        status: ResolvedStatus,
        /// The deciding cells that changed.
        changes: Vec<Change<'a>>,
        /// The reason.
        why: Text<'a>,
        /// The finding as the baseline had it.
        finding: Finding<'a>,
    }

    /// A deciding cell that changed.
    Change {
        /// The field.
        field: Text<'a>,
        /// The A1 address in this scan; empty where the cell is gone.
        cell: Text<'a>,
        /// The text it had.
        before: Text<'a>,
        /// The text it has.
        after: Text<'a>,
    }

    /// What a rule is.
    Rule {
        /// The rule's id.
        rule: Text<'a>,
        /// What it is called.
        title: Text<'a>,
        /// The topic it is listed under.
        topic: Topic,
        /// How much it matters.
        severity: Severity,
        /// `trial` where it is on trial.
        stage: Option<Stage>,
        /// The ids of the provisions it cites.
        basis: Vec<Text<'a>>,
        /// What to look at next.
        advice: Text<'a>,
        /// Why it matters.
        why: Text<'a>,
    }
}
