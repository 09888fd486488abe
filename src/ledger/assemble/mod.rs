//! A table found on a sheet → its [`Ledger`]: cells coerced, periods and votes spread, classes inferred, ids and keys made.

mod capitals;
mod fill;
mod identity;
mod infer;
mod line;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use fill::{Filler, fillers};
pub use line::{Line, LineCell};

use super::coerce::{
    self, CellIssue, Coerced, ColumnUnit, Parts, Raw, Value, bare_ratio, ratio_scale, raw_text,
};
use super::quick::QuickHash;
use super::record::{Column, LedgerBuilder, Origin, Place};
use super::{Datum, FieldId, FieldKind, FieldType, KindId, Kinds, Ledger, LedgerKind};
use crate::finding::{FileId, Issue, IssueCell, IssueKind, TableId};
use crate::lang::Bilingual;
use crate::read::TextId;

/// A table as found on a sheet.
#[derive(Clone, Debug)]
pub struct FoundTable {
    /// Which kind of ledger.
    pub kind: KindId,
    /// The file.
    pub file: FileId,
    /// The file's name in reports.
    pub file_name: Arc<str>,
    /// The sheet's name.
    pub sheet: Arc<str>,
    /// The table's number within the file.
    pub table: TableId,
    /// The title rows above it, for inference.
    pub title: Line,
    /// The columns that a field claims.
    pub columns: Vec<FoundColumn>,
    /// The town and village, for issues.
    pub village: super::VillageName,
}

/// A column that a field claims.
#[derive(Clone, Debug)]
pub struct FoundColumn {
    /// Column of the sheet, counted from zero.
    pub col: u16,
    /// The header as it stands there, the parts of a group header joined by `/`.
    pub header: Arc<str>,
    /// The field.
    pub field: FieldId,
    /// What the header says of its numbers.
    pub unit: ColumnUnit,
}

/// A data row of the table.
#[derive(Clone, Debug)]
pub struct FoundRow<'a> {
    /// Row of the sheet, counted from zero.
    pub row: u32,
    /// The section it stands under (一、出租), for inference.
    pub section: Option<&'a Line>,
    /// Its cells, in the order of [`FoundTable::columns`].
    pub cells: Vec<FoundCell<'a>>,
}

/// A cell of a data row.
#[derive(Clone, Copy, Debug)]
pub struct FoundCell<'a> {
    /// What it holds (for a merged-down cell or a 同上, what the cell it repeats holds).
    pub raw: Raw<'a>,
    /// The stored cell, where it is not at the row and column: row and column counted from zero.
    pub origin: Option<(u32, u16)>,
}

/// Reads the records of a table. What could not be read is added to `issues`.
pub fn assemble<'a>(
    kinds: &Kinds,
    table: &FoundTable,
    rows: impl IntoIterator<Item = FoundRow<'a>>,
    issues: &mut Vec<Issue>,
) -> Ledger {
    let kind = kinds.get(table.kind).clone();
    let mut work = Work::new(table, &kind);
    for row in rows {
        work.read_row(&row);
    }
    work.finish(issues)
}

/// How one field is read from a column.
struct Plan<'k, 'a> {
    field: FieldId,
    kind: &'k FieldKind,
    unit: ColumnUnit,
    col: u16,
    header: Arc<str>,
    /// Which of the row's cells.
    cell: usize,
    /// Whether it reads the column of another field, whose issues are told already.
    fallback: bool,
    /// The place of each text in `known`; `None` once the column is seen not to repeat itself.
    memo: Option<HashMap<&'a str, usize, QuickHash>>,
    /// What the texts came to.
    known: Vec<Read>,
    /// How many texts were looked for and found.
    found: usize,
    /// The cells of a ratio column, read when all are known.
    ratios: Vec<(u32, FoundCell<'a>)>,
}

/// What a cell came to, its texts stored.
#[derive(Clone)]
struct Read {
    datum: Datum,
    /// What a period or a vote tells.
    parts: Option<Box<Parts>>,
    /// The text as it stands there, where it differs from what the value prints as.
    raw: Option<TextId>,
    issue: Option<Box<CellIssue>>,
}

/// An issue whose records have no ids yet.
struct Pending {
    issue: Issue,
    records: Vec<u32>,
}

struct Work<'k, 'a> {
    table: &'k FoundTable,
    kind: &'k Arc<LedgerKind>,
    plans: Vec<Plan<'k, 'a>>,
    fillers: Vec<Filler>,
    inferred: Vec<infer::Inference>,
    always: Vec<(FieldId, Datum)>,
    capitals: Option<(usize, usize)>,
    builder: LedgerBuilder,
    pending: Vec<Pending>,
    /// The issues of cells that several records repeat (merged down, 同上), by stored cell and field.
    repeated: HashMap<(u32, u16, FieldId), usize>,
    /// The issues of spellings that a table of choices lacks, by plan and text.
    spellings: HashMap<(usize, &'a str), usize>,
    /// What the plans read in the row at hand.
    reads: Vec<Datum>,
    /// The texts kept of these cells.
    kept: Vec<Option<TextId>>,
    /// What the periods and votes of the row tell, by filler.
    parts: Vec<Parts>,
}

impl<'k, 'a> Work<'k, 'a> {
    fn new(table: &'k FoundTable, kind: &'k Arc<LedgerKind>) -> Self {
        let always: Vec<(FieldId, &FieldKind, &str)> = (0..)
            .map(FieldId)
            .zip(&kind.fields)
            .filter_map(|(id, field)| Some((id, field, field.always.as_deref()?)))
            .collect();
        let mut plans: Vec<Plan<'k, 'a>> = Vec::with_capacity(table.columns.len());
        for (cell, column) in table.columns.iter().enumerate() {
            let taken = plans.iter().any(|plan| plan.field == column.field);
            if taken || always.iter().any(|(field, ..)| *field == column.field) {
                continue;
            }
            plans.push(plan(kind, column, column.field, cell, false));
        }
        let own = plans.len();
        for (id, field) in (0..).map(FieldId).zip(&kind.fields) {
            if plans[..own].iter().any(|plan| plan.field == id) {
                continue;
            }
            let source = field.fallback.iter().find_map(|&other| {
                plans[..own]
                    .iter()
                    .find(|plan| plan.field == other)
                    .map(|plan| plan.cell)
            });
            if let Some(cell) = source {
                plans.push(plan(kind, &table.columns[cell], id, cell, true));
            }
        }
        let fillers = fillers(kind, &plans);
        let mut columns: Vec<Option<Column>> = vec![None; kind.fields.len()];
        let mut present: Vec<FieldId> = Vec::new();
        for plan in &plans {
            present.push(plan.field);
            columns[usize::from(plan.field.0)] = Some(plan.column());
        }
        for filler in &fillers {
            for &(_, field, own) in &filler.targets {
                if own.is_none() && !present.contains(&field) {
                    present.push(field);
                    columns[usize::from(field.0)] = Some(plans[filler.plan].column());
                }
            }
        }
        for (field, ..) in &always {
            present.push(*field);
        }
        let inferred = infer::plan(kind, &present);
        present.extend(
            inferred
                .iter()
                .map(|inference| inference.field)
                .filter(|field| !present.contains(field))
                .collect::<Vec<_>>(),
        );
        let mut builder = LedgerBuilder::new(
            table.kind,
            kind.clone(),
            table.file,
            table.file_name.clone(),
            table.sheet.clone(),
            table.table,
            columns,
            &present,
        );
        let always = always
            .into_iter()
            .map(|(id, field, word)| {
                let read = coerce::cell(Raw::Text(word), field, ColumnUnit::default());
                (id, store(&mut builder, read.value))
            })
            .collect();
        Self {
            table,
            kind,
            reads: Vec::with_capacity(plans.len()),
            kept: vec![None; plans.len()],
            parts: vec![Parts::default(); fillers.len()],
            capitals: capitals::columns(kind, &plans),
            plans,
            fillers,
            inferred,
            always,
            builder,
            pending: Vec::new(),
            repeated: HashMap::new(),
            spellings: HashMap::new(),
        }
    }

    fn read_row(&mut self, row: &FoundRow<'a>) {
        let record = self.builder.begin(row.row);
        self.reads.clear();
        for at in 0..self.plans.len() {
            let cell = row
                .cells
                .get(self.plans[at].cell)
                .copied()
                .unwrap_or(FoundCell {
                    raw: Raw::Blank,
                    origin: None,
                });
            let read = self.read_cell(at, record, row.row, cell);
            self.reads.push(read);
        }
        self.compare_capitals(record, row);
        self.fill(record, row);
        for &(field, datum) in &self.always {
            self.builder.set(record, field, datum);
        }
        for inference in &mut self.inferred {
            inference.apply(&mut self.builder, record, row.section, self.table);
        }
    }

    /// Reads one cell into its field.
    fn read_cell(&mut self, at: usize, record: u32, row: u32, cell: FoundCell<'a>) -> Datum {
        let plan = &mut self.plans[at];
        if let Some((row, col)) = cell.origin {
            let origin = Origin {
                place: Place::Cell(row, col),
                inferred: false,
            };
            self.builder.keep_origin(record, plan.field, origin);
        }
        if plan.kind.ty == FieldType::Percent {
            plan.ratios.push((record, cell));
            return Datum::Empty;
        }
        self.kept[at] = None;
        let filler = self.fillers.iter().position(|filler| filler.plan == at);
        if let Some(filler) = filler {
            self.parts[filler] = Parts::default();
        }
        let fresh;
        let read = match cell.raw {
            Raw::Blank => return Datum::Empty,
            Raw::Text(text) if plan.memo.is_some() => {
                let place = plan.memo.as_ref().and_then(|memo| memo.get(text).copied());
                if let Some(place) = place {
                    plan.found += 1;
                    &plan.known[place]
                } else {
                    fresh = read(&mut self.builder, plan, cell.raw);
                    plan.remember(text, &fresh);
                    &fresh
                }
            }
            _ => {
                fresh = read(&mut self.builder, plan, cell.raw);
                &fresh
            }
        };
        let datum = read.datum;
        self.builder.set(record, plan.field, datum);
        if let Some(raw) = read.raw {
            self.builder.keep_raw_id(record, plan.field, raw);
            self.kept[at] = Some(raw);
        }
        if let (Some(filler), Some(parts)) = (filler, &read.parts) {
            self.parts[filler] = **parts;
        }
        if let Some(issue) = read.issue.clone() {
            self.tell(at, record, row, cell, *issue);
        }
        datum
    }

    /// Notes what is wrong with a cell.
    fn tell(&mut self, at: usize, record: u32, row: u32, cell: FoundCell<'a>, issue: CellIssue) {
        let plan = &self.plans[at];
        if plan.fallback {
            return;
        }
        if let Some((row, col)) = cell.origin {
            let key = (row, col, plan.field);
            if let Some(&known) = self.repeated.get(&key) {
                self.pending[known].records.push(record);
                return;
            }
            self.repeated.insert(key, self.pending.len());
        }
        // One spelling that the table of choices lacks is one thing to put right, however often it stands there.
        if issue.kind == IssueKind::UnknownChoice
            && let Raw::Text(text) = cell.raw
        {
            if let Some(&known) = self.spellings.get(&(at, text)) {
                let cell = plan.issue_cell(row, cell);
                self.pending[known].issue.cells.push(cell);
                self.pending[known].records.push(record);
                return;
            }
            self.spellings.insert((at, text), self.pending.len());
        }
        let cells = vec![plan.issue_cell(row, cell)];
        self.push_issue(
            issue.kind,
            &plan.kind.name.clone(),
            vec![record],
            cells,
            issue.message,
            issue.remedy,
        );
    }

    fn push_issue(
        &mut self,
        kind: IssueKind,
        field: &str,
        records: Vec<u32>,
        cells: Vec<IssueCell>,
        message: Bilingual,
        remedy: Bilingual,
    ) {
        let issue = Issue {
            kind,
            file: self.table.file,
            table: Some(self.table.table),
            sheet: self.table.sheet.to_string(),
            town: self.table.village.town.to_string(),
            village: self.table.village.name.to_string(),
            ledger: self.kind.id.clone(),
            field: field.to_owned(),
            records: Vec::new(),
            cells,
            message,
            remedy,
            unproven: false,
        };
        self.pending.push(Pending { issue, records });
    }

    /// Reads the ratio columns, whose scale shows only when all cells are known.
    fn read_ratios(&mut self) {
        for at in 0..self.plans.len() {
            let cells = std::mem::take(&mut self.plans[at].ratios);
            if cells.is_empty() {
                continue;
            }
            let bare = cells.iter().filter_map(|(_, cell)| bare_ratio(cell.raw));
            match ratio_scale(bare) {
                Some(true) => {
                    self.plans[at].unit.ratio = true;
                    self.plans[at].unit.percent = false;
                }
                Some(false) => self.plans[at].unit.percent = true,
                None => {}
            }
            for (record, cell) in cells {
                let read = read(&mut self.builder, &self.plans[at], cell.raw);
                let plan = &mut self.plans[at];
                self.builder.set(record, plan.field, read.datum);
                if let Some(raw) = read.raw {
                    self.builder.keep_raw_id(record, plan.field, raw);
                }
                if let Some(issue) = read.issue {
                    let row = self.builder.so_far().rows[record as usize];
                    self.tell(at, record, row, cell, *issue);
                }
            }
        }
    }

    fn finish(mut self, issues: &mut Vec<Issue>) -> Ledger {
        self.read_ratios();
        let mut ledger = self.builder.finish();
        identity::identify(&mut ledger);
        issues.extend(self.pending.into_iter().map(|pending| {
            let records = pending
                .records
                .iter()
                .map(|&record| {
                    let at = record as usize;
                    (ledger.ids[at].to_string(), ledger.rows[at] + 1)
                })
                .collect();
            Issue {
                records,
                ..pending.issue
            }
        }));
        ledger
    }
}

impl<'a> Plan<'_, 'a> {
    /// Keeps what a text came to; gives the memo up where few texts come again.
    fn remember(&mut self, text: &'a str, read: &Read) {
        const TRIAL: usize = 4_096;
        let Some(memo) = &mut self.memo else {
            return;
        };
        if memo.len() >= TRIAL && self.found < memo.len() {
            self.memo = None;
            self.known = Vec::new();
            return;
        }
        memo.insert(text, self.known.len());
        self.known.push(read.clone());
    }

    fn column(&self) -> Column {
        Column {
            col: self.col,
            header: self.header.clone(),
        }
    }

    fn is_money(&self) -> bool {
        self.kind.ty == FieldType::Money && !self.fallback
    }

    fn issue_cell(&self, row: u32, cell: FoundCell<'_>) -> IssueCell {
        let (row, col) = cell.origin.unwrap_or((row, self.col));
        IssueCell {
            row,
            col,
            header: self.header.to_string(),
            field: self.kind.name.clone(),
            raw: raw_text(cell.raw).into_owned(),
        }
    }
}

fn plan<'k, 'a>(
    kind: &'k LedgerKind,
    column: &FoundColumn,
    field: FieldId,
    cell: usize,
    fallback: bool,
) -> Plan<'k, 'a> {
    let ends = kind
        .fields
        .iter()
        .any(|other| other.fills.end == Some(field));
    Plan {
        field,
        kind: kind.field(field),
        unit: ColumnUnit {
            open: ends,
            ..column.unit
        },
        col: column.col,
        header: column.header.clone(),
        cell,
        fallback,
        memo: Some(HashMap::default()),
        known: Vec::new(),
        found: 0,
        ratios: Vec::new(),
    }
}

/// Reads a cell and stores its texts.
fn read(builder: &mut LedgerBuilder, plan: &Plan<'_, '_>, raw: Raw<'_>) -> Read {
    let Coerced {
        value,
        parts,
        issue,
    } = coerce::cell(raw, plan.kind, plan.unit);
    let datum = store(builder, value);
    let kept = if prints_as(builder, plan, datum, raw) {
        None
    } else {
        Some(builder.intern(&raw_text(raw)))
    };
    Read {
        datum,
        parts: (parts != Parts::default()).then(|| Box::new(parts)),
        raw: kept,
        issue: issue.map(Box::new),
    }
}

/// The datum of a value, its text stored.
fn store(builder: &mut LedgerBuilder, value: Value<'_>) -> Datum {
    match value {
        Value::Datum(datum) => datum,
        Value::Text { text, folded } => Datum::Text(match folded {
            Some(folded) => builder.intern_folded(&text, &folded),
            None => builder.intern(&text),
        }),
    }
}

/// Whether a cell as it stands there is what its value prints as.
fn prints_as(builder: &LedgerBuilder, plan: &Plan<'_, '_>, datum: Datum, raw: Raw<'_>) -> bool {
    match (raw, datum) {
        // The usual cells of a workbook, told without printing: yuan and plain numbers, full dates.
        (Raw::Number(number), Datum::Money(fen)) => {
            plan.unit.money == 0 && plan.unit.rate.is_none() && is_cents(number, fen)
        }
        (Raw::Number(_), Datum::Number { .. }) => plan.kind.ty == FieldType::Number,
        (Raw::Serial(..), Datum::Date(span)) => span.is_exact(),
        _ => match builder.so_far().print_datum(plan.field, datum) {
            Some(printed) => printed == raw_text(raw),
            None => raw_text(raw).is_empty(),
        },
    }
}

/// Whether a number is exactly an amount of fen.
#[expect(
    clippy::float_cmp,
    clippy::cast_precision_loss,
    reason = "equality with the nearest float is what is asked; larger amounts are kept as text"
)]
fn is_cents(number: f64, fen: i64) -> bool {
    fen.abs() < 1_000_000_000_000_000 && fen as f64 / 100.0 == number
}
