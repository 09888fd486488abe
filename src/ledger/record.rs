//! The records of one table.

use std::borrow::Cow;
use std::sync::Arc;

use super::quick::Interner;
use super::{Datum, FieldId, KindId, LedgerKind};
use crate::finding::{FileId, TableId};
use crate::read::{TextId, Texts};

/// The records of one table that belong to one village.
///
/// A record is a row of [`Datum`]s, one for each field that the table has a column for. Raw text is kept only where it
/// differs from what the value prints as, and a cell's place only where it is not row × column.
#[derive(Debug)]
pub struct Ledger {
    /// Which kind of ledger.
    pub kind: KindId,
    /// The same, in full.
    pub kind_of: Arc<LedgerKind>,
    /// The file it stands in.
    pub file: FileId,
    /// The file's name in reports.
    pub file_name: Arc<str>,
    /// The sheet's name.
    pub sheet: Arc<str>,
    /// The table of the report.
    pub table: TableId,
    /// For each field of the kind, the column it is read from; `None` where the table has none.
    pub columns: Vec<Option<Column>>,
    /// The sheet row of each record, counted from zero.
    pub rows: Vec<u32>,
    /// The id of each record: its first filled key, made unique within the table.
    pub ids: Vec<Box<str>>,
    /// Every filled key of each record, folded, the id's first (without what made it unique).
    pub keys: Vec<Box<[Box<str>]>>,
    /// Records that repeat a record of another table: they take no part in sums, groups and links. Empty = none.
    pub copies: Vec<bool>,
    texts: Texts,
    folded: Vec<TextId>,
    slots: Vec<u16>,
    width: usize,
    data: Vec<Datum>,
    raws: Noted<TextId>,
    origins: Noted<Origin>,
}

/// The column that a field is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Column of the sheet, counted from zero.
    pub col: u16,
    /// The header as it stands there, the parts of a group header joined by `/`.
    pub header: Arc<str>,
}

/// Where a datum comes from when it is not the cell at the record's row and the field's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Where its words stand.
    pub place: Place,
    /// Whether the value was inferred from there (a class from a name), not read in it.
    pub inferred: bool,
}

/// Where words stand. Rows and columns are those of the sheet, counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a cell of a data row (a merged cell's first row).
    Cell(u32, u16),
    /// In a title or section line.
    Heading(u32, u16),
    /// In the sheet's name, which has no cell.
    SheetName,
}

impl Origin {
    /// The stored cell; `None` where the words stand in none.
    pub fn cell(self) -> Option<(u32, u16)> {
        match self.place {
            Place::Cell(row, col) | Place::Heading(row, col) => Some((row, col)),
            Place::SheetName => None,
        }
    }

    /// The A1 address of the stored cell; empty where the words stand in none.
    pub fn address(self) -> String {
        self.cell()
            .map_or_else(String::new, |(row, col)| crate::read::address(row, col))
    }
}

/// What few data of a ledger have, by record and field, in the order of both once the ledger is finished.
type Noted<T> = Vec<((u32, FieldId), T)>;

/// What was noted of a datum.
fn noted<T>(notes: &Noted<T>, record: u32, field: FieldId) -> Option<&T> {
    let at = notes
        .binary_search_by_key(&(record, field), |(place, _)| *place)
        .ok()?;
    notes.get(at).map(|(_, note)| note)
}

/// Puts notes in order; the last of one datum holds.
fn settle<T: Copy>(notes: &mut Noted<T>) {
    // Notes that came late lie behind; what is in order already is one run of the sort.
    notes.sort_by_key(|(place, _)| *place);
    notes.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = next.1;
        }
        same
    });
    notes.shrink_to_fit();
}

/// No column: the marker in `slots`.
const NO_SLOT: u16 = u16::MAX;

impl Ledger {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What a field of a record holds.
    pub fn get(&self, record: u32, field: FieldId) -> Datum {
        match self.slots.get(usize::from(field.0)) {
            Some(&slot) if slot != NO_SLOT => {
                self.data[record as usize * self.width + usize::from(slot)]
            }
            _ => Datum::Absent,
        }
    }

    /// Where the data of a field stand in [`Ledger::row`]; `None` where the table has no column for it.
    pub fn slot(&self, field: FieldId) -> Option<usize> {
        self.slots
            .get(usize::from(field.0))
            .filter(|&&slot| slot != NO_SLOT)
            .map(|&slot| usize::from(slot))
    }

    /// All data of a record, by slot.
    pub fn row(&self, record: u32) -> &[Datum] {
        &self.data[record as usize * self.width..][..self.width]
    }

    /// Whether a field has a column, a filling column or an inference here.
    pub fn has(&self, field: FieldId) -> bool {
        self.slot(field).is_some()
    }

    /// A text of this ledger.
    pub fn text(&self, id: TextId) -> &str {
        self.texts.get(id)
    }

    /// The id of a text's folded form: equal ids are equal names. (NFKC, blanks, brackets, 有限公司/公司.)
    pub fn folded(&self, id: TextId) -> TextId {
        self.folded.get(id.0 as usize).copied().unwrap_or(id)
    }

    /// Whether a record repeats one of another table.
    pub fn is_copy(&self, record: u32) -> bool {
        self.copies.get(record as usize).copied().unwrap_or(false)
    }

    /// The cell that a field of a record was read from: row and column counted from zero, and whether the value was
    /// only inferred there. `None` where there is no such column and no such cell.
    pub fn origin(&self, record: u32, field: FieldId) -> Option<Origin> {
        if let Some(origin) = noted(&self.origins, record, field) {
            return Some(*origin);
        }
        let column = self.columns.get(usize::from(field.0))?.as_ref()?;
        Some(Origin {
            place: Place::Cell(self.rows[record as usize], column.col),
            inferred: false,
        })
    }

    /// The text of the cell as it stands there; empty for a blank or absent one.
    pub fn raw(&self, record: u32, field: FieldId) -> Cow<'_, str> {
        match noted(&self.raws, record, field) {
            Some(&id) => Cow::Borrowed(self.texts.get(id)),
            None => self.print(record, field).unwrap_or_default(),
        }
    }

    /// The value as reports print it: money in yuan, dates ISO; `None` where there is none.
    pub fn print(&self, record: u32, field: FieldId) -> Option<Cow<'_, str>> {
        let datum = self.get(record, field);
        if let Datum::Period(span) = datum
            && let Some(printed) = self.print_months(record, field, span)
        {
            return Some(Cow::Owned(printed));
        }
        self.print_datum(field, datum)
    }

    /// A period of which an end is known to the month only, as `2013-06/2015-03`; `None` for any other. How precisely its
    /// ends are known stands in the fields that it fills.
    fn print_months(&self, record: u32, field: FieldId, span: super::DaySpan) -> Option<String> {
        let fills = &self.kind_of.field(field).fills;
        let end = |of: Option<FieldId>, day: super::Day| match self.get(record, of?) {
            Datum::Date(span) if span.is_month() && (span.first == day || span.last == day) => {
                Some(span.to_string())
            }
            _ => None,
        };
        let (start, last) = (end(fills.start, span.first), end(fills.end, span.last));
        if start.is_none() && last.is_none() {
            return None;
        }
        Some(format!(
            "{}/{}",
            start.unwrap_or_else(|| span.first.to_string()),
            last.unwrap_or_else(|| if span.last == super::Day::MAX {
                "长期".to_owned()
            } else {
                span.last.to_string()
            })
        ))
    }

    /// The cell of a record's field while the ledger is being built: as [`Ledger::origin`], but searched from the end.
    pub(super) fn place(&self, record: u32, field: FieldId) -> Option<(u32, u16)> {
        let noted = self
            .origins
            .iter()
            .rev()
            .take_while(|((at, _), _)| *at == record)
            .find(|((_, of), _)| *of == field);
        if let Some((_, origin)) = noted {
            return origin.cell();
        }
        let column = self.columns.get(usize::from(field.0))?.as_ref()?;
        Some((*self.rows.get(record as usize)?, column.col))
    }

    /// A datum of a field as reports print it.
    pub(super) fn print_datum(&self, field: FieldId, datum: Datum) -> Option<Cow<'_, str>> {
        let printed = match datum {
            Datum::Absent | Datum::Empty | Datum::Unreadable => return None,
            Datum::Text(id) => return Some(Cow::Borrowed(self.texts.get(id))),
            Datum::Choice(index) => {
                let choices = &self.kind_of.field(field).choices;
                return choices
                    .get(usize::from(index))
                    .map(|choice| Cow::Owned(choice.value.clone()));
            }
            Datum::Flag(flag) => return Some(Cow::Borrowed(flag.text())),
            datum @ (Datum::Money(_) | Datum::Number { .. }) => {
                datum.decimal().map(|d| d.normalize().to_string())?
            }
            Datum::Date(span) if span.last == super::Day::MAX => "长期".to_owned(),
            Datum::Date(span) => span.to_string(),
            Datum::Length(length) => length.to_string(),
            Datum::Period(span) => {
                let day = |day: super::Day| match day.civil() {
                    Some(_) => day.to_string(),
                    None if day == super::Day::MAX => "长期".to_owned(),
                    None => String::new(),
                };
                match (span.first, span.last) {
                    (super::Day::MIN, super::Day::MAX) => "长期".to_owned(),
                    (first, last) => format!("{}/{}", day(first), day(last)),
                }
            }
        };
        Some(Cow::Owned(printed))
    }
}

/// Builds a [`Ledger`] record by record.
#[derive(Debug)]
pub struct LedgerBuilder {
    ledger: Ledger,
    interner: Interner,
    /// Where the notes of the record at hand begin, raw texts and places.
    from: (usize, usize),
}

impl LedgerBuilder {
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a different fact of the table"
    )]
    /// A ledger without records. `present` are the fields that get a slot: those with a column, and those that a
    /// period, a vote, an inference or `always` fills; `columns` the columns of those that have one.
    pub fn new(
        kind: KindId,
        kind_of: Arc<LedgerKind>,
        file: FileId,
        file_name: Arc<str>,
        sheet: Arc<str>,
        table: TableId,
        columns: Vec<Option<Column>>,
        present: &[FieldId],
    ) -> Self {
        let mut slots = vec![NO_SLOT; kind_of.fields.len()];
        for (slot, field) in (0..NO_SLOT).zip(present) {
            slots[usize::from(field.0)] = slot;
        }
        let ledger = Ledger {
            kind,
            kind_of,
            file,
            file_name,
            sheet,
            table,
            columns,
            rows: Vec::new(),
            ids: Vec::new(),
            keys: Vec::new(),
            copies: Vec::new(),
            texts: Texts::new(),
            folded: Vec::new(),
            slots,
            width: present.len(),
            data: Vec::new(),
            raws: Vec::new(),
            origins: Vec::new(),
        };
        Self {
            ledger,
            interner: Interner::default(),
            from: (0, 0),
        }
    }

    /// The id of a text, stored once.
    pub fn intern(&mut self, text: &str) -> TextId {
        let (id, new) = self.interner.intern(&mut self.ledger.texts, text);
        if new {
            self.ledger.folded.push(id);
        }
        id
    }

    /// The id of a text that is compared folded.
    pub fn intern_folded(&mut self, text: &str, folded: &str) -> TextId {
        let id = self.intern(text);
        let folded = self.intern(folded);
        self.ledger.folded[id.0 as usize] = folded;
        id
    }

    /// Begins a record at a sheet row (counted from zero) with every field empty; its number is returned.
    pub fn begin(&mut self, row: u32) -> u32 {
        let record = u32::try_from(self.ledger.rows.len()).unwrap_or(u32::MAX);
        // Notes come in the order of records; within each they are few and put in order here.
        let (raws, origins) = self.from;
        self.ledger.raws[raws..].sort_by_key(|(place, _)| *place);
        self.ledger.origins[origins..].sort_by_key(|(place, _)| *place);
        self.from = (self.ledger.raws.len(), self.ledger.origins.len());
        self.ledger.rows.push(row);
        self.ledger
            .data
            .resize(self.ledger.data.len() + self.ledger.width, Datum::Empty);
        record
    }

    /// Sets a field of a record; a field without a slot is left out.
    pub fn set(&mut self, record: u32, field: FieldId, datum: Datum) {
        if let Some(slot) = self.ledger.slot(field) {
            self.ledger.data[record as usize * self.ledger.width + slot] = datum;
        }
    }

    /// Keeps the text of a cell that differs from what its value prints as.
    pub fn keep_raw(&mut self, record: u32, field: FieldId, raw: &str) {
        let id = self.intern(raw);
        self.keep_raw_id(record, field, id);
    }

    /// Keeps the text of a cell that is stored already.
    pub fn keep_raw_id(&mut self, record: u32, field: FieldId, raw: TextId) {
        self.ledger.raws.push(((record, field), raw));
    }

    /// Notes that a datum does not come from the cell at the record's row and the field's column.
    pub fn keep_origin(&mut self, record: u32, field: FieldId, origin: Origin) {
        self.ledger.origins.push(((record, field), origin));
    }

    /// What has been set so far; raw texts and places are not found before it is finished.
    pub fn so_far(&self) -> &Ledger {
        &self.ledger
    }

    /// The ledger.
    pub fn finish(mut self) -> Ledger {
        settle(&mut self.ledger.raws);
        settle(&mut self.ledger.origins);
        self.ledger
    }
}
