//! The class of a record where its column is absent or blank: from the words of its choices in a name, the section, the
//! sheet or the title. What is inferred is marked so.

use std::collections::HashMap;

use super::{FoundTable, Line};
use crate::ledger::coerce::{Source, infer_choice};
use crate::ledger::quick::QuickHash;
use crate::ledger::record::{LedgerBuilder, Origin, Place};
use crate::ledger::{Choice, Datum, FieldId, FieldType, LedgerKind};
use crate::read::TextId;

/// How one choice is inferred.
pub(super) struct Inference {
    /// The choice.
    pub(super) field: FieldId,
    choices: Vec<Choice>,
    sources: Vec<From>,
    /// What each name came to.
    names: HashMap<TextId, Option<u16>, QuickHash>,
    /// What each section came to.
    sections: HashMap<Box<str>, Told>,
    /// What the sheet's name and the title came to, once they were asked.
    sheet: Option<Told>,
    title: Option<Told>,
}

/// The choice that a line tells, with the place of the cell that tells it.
type Told = Option<(u16, Option<usize>)>;

/// Where a choice is inferred from.
enum From {
    Field(FieldId),
    Section,
    Sheet,
    Title,
}

/// The choices that a table of a kind infers, whose fields `present` has or which a heading tells.
pub(super) fn plan(kind: &LedgerKind, present: &[FieldId]) -> Vec<Inference> {
    (0..)
        .map(FieldId)
        .zip(&kind.fields)
        .filter(|(_, field)| {
            field.ty == FieldType::Choice && field.always.is_none() && !field.infer.is_empty()
        })
        .filter_map(|(id, field)| {
            let sources: Vec<From> = field
                .infer
                .iter()
                .filter_map(|source| match source.as_str() {
                    "section" => Some(From::Section),
                    "sheet" => Some(From::Sheet),
                    "title" => Some(From::Title),
                    name => kind
                        .find(name)
                        .filter(|source| present.contains(source) && *source != id)
                        .map(From::Field),
                })
                .collect();
            (!sources.is_empty()).then(|| Inference {
                field: id,
                choices: field.choices.clone(),
                sources,
                names: HashMap::default(),
                sections: HashMap::new(),
                sheet: None,
                title: None,
            })
        })
        .collect()
}

impl Inference {
    /// Infers the choice of a record that has none.
    pub(super) fn apply(
        &mut self,
        builder: &mut LedgerBuilder,
        record: u32,
        section: Option<&Line>,
        table: &FoundTable,
    ) {
        if builder.so_far().get(record, self.field) != Datum::Empty {
            return;
        }
        let choices = &self.choices;
        let heading = |text: &str| infer_choice(text, choices, Source::Heading);
        let line = |line: &Line| {
            let choice = heading(&line.text)?;
            Some((choice, line.cell_that(|text| heading(text) == Some(choice))))
        };
        for source in &self.sources {
            match *source {
                From::Field(field) => {
                    let Datum::Text(id) = builder.so_far().get(record, field) else {
                        continue;
                    };
                    let told = *self.names.entry(id).or_insert_with(|| {
                        infer_choice(builder.so_far().text(id), choices, Source::Name)
                    });
                    let Some(choice) = told else { continue };
                    builder.set(record, self.field, Datum::Choice(choice));
                    if let Some((row, col)) = builder.so_far().place(record, field) {
                        note(builder, record, self.field, Place::Cell(row, col));
                    }
                    builder.keep_raw_id(record, self.field, id);
                }
                From::Section => {
                    let Some(section) = section else { continue };
                    let known = self.sections.get(section.text.as_str()).copied();
                    let told = known.unwrap_or_else(|| line(section));
                    if known.is_none() {
                        self.sections.insert(section.text.as_str().into(), told);
                    }
                    let Some((choice, cell)) = told else { continue };
                    builder.set(record, self.field, Datum::Choice(choice));
                    note_line(builder, record, self.field, section, cell);
                }
                From::Title => {
                    let told = *self.title.get_or_insert_with(|| line(&table.title));
                    let Some((choice, cell)) = told else { continue };
                    builder.set(record, self.field, Datum::Choice(choice));
                    note_line(builder, record, self.field, &table.title, cell);
                }
                From::Sheet => {
                    let told = *self
                        .sheet
                        .get_or_insert_with(|| Some((heading(&table.sheet)?, None)));
                    let Some((choice, _)) = told else { continue };
                    builder.set(record, self.field, Datum::Choice(choice));
                    note(builder, record, self.field, Place::SheetName);
                    builder.keep_raw(record, self.field, &table.sheet);
                }
            }
            return;
        }
        // No cell of a column is empty where there is no column: the table does not tell the class.
        let ledger = builder.so_far();
        if ledger.columns[usize::from(self.field.0)].is_none() {
            builder.set(record, self.field, Datum::Absent);
        }
    }
}

/// Marks a choice as inferred from a cell of a line.
fn note_line(
    builder: &mut LedgerBuilder,
    record: u32,
    field: FieldId,
    line: &Line,
    cell: Option<usize>,
) {
    let cell = cell.and_then(|cell| line.cells.get(cell).or_else(|| line.cells.first()));
    if let Some(cell) = cell {
        note(builder, record, field, Place::Heading(cell.row, cell.col));
        builder.keep_raw(record, field, &cell.text);
    }
}

/// Marks a choice as inferred.
fn note(builder: &mut LedgerBuilder, record: u32, field: FieldId, place: Place) {
    let origin = Origin {
        place,
        inferred: true,
    };
    builder.keep_origin(record, field, origin);
}
