//! The class of a record where its column is absent or blank: from the words of its choices in a name, the section, the
//! sheet or the title. What is inferred is marked so.

use std::collections::HashMap;

use super::FoundTable;
use crate::ledger::coerce::{Source, infer_choice};
use crate::ledger::quick::QuickHash;
use crate::ledger::record::{LedgerBuilder, Origin};
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
    sections: HashMap<Box<str>, Option<u16>>,
    /// What the sheet's name and the title came to, once they were asked.
    headings: HashMap<&'static str, Option<u16>>,
}

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
                headings: HashMap::new(),
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
        section: &str,
        table: &FoundTable,
    ) {
        if builder.so_far().get(record, self.field) != Datum::Empty {
            return;
        }
        for source in &self.sources {
            let choices = &self.choices;
            let heading = |text: &str| infer_choice(text, choices, Source::Heading);
            let (found, from) = match *source {
                From::Field(field) => {
                    let Datum::Text(id) = builder.so_far().get(record, field) else {
                        continue;
                    };
                    let found = *self.names.entry(id).or_insert_with(|| {
                        infer_choice(builder.so_far().text(id), choices, Source::Name)
                    });
                    (found, Some(field))
                }
                From::Section => {
                    let known = self.sections.get(section).copied();
                    let found = known.unwrap_or_else(|| heading(section));
                    if known.is_none() {
                        self.sections.insert(section.into(), found);
                    }
                    (found, None)
                }
                From::Sheet => (
                    *self
                        .headings
                        .entry("sheet")
                        .or_insert_with(|| heading(&table.sheet)),
                    None,
                ),
                From::Title => (
                    *self
                        .headings
                        .entry("title")
                        .or_insert_with(|| heading(&table.title)),
                    None,
                ),
            };
            let Some(index) = found else {
                continue;
            };
            builder.set(record, self.field, Datum::Choice(index));
            let heading = match *source {
                From::Section => section,
                From::Sheet => &table.sheet,
                From::Title => &table.title,
                From::Field(_) => "",
            };
            note(builder, record, self.field, from, heading);
            return;
        }
    }
}

/// Marks a choice as inferred, from the cell of a field or from a heading.
fn note(
    builder: &mut LedgerBuilder,
    record: u32,
    field: FieldId,
    from: Option<FieldId>,
    heading: &str,
) {
    let ledger = builder.so_far();
    let row = ledger.rows[record as usize];
    let place = match from {
        Some(from) => ledger.place(record, from),
        // A heading has no cell of its own here: the blank cell that it stands in for, or the first of the row.
        None => ledger.columns[usize::from(field.0)]
            .as_ref()
            .or_else(|| {
                ledger
                    .columns
                    .iter()
                    .flatten()
                    .min_by_key(|column| column.col)
            })
            .map(|column| (row, column.col)),
    };
    let raw = match from.map(|from| ledger.get(record, from)) {
        Some(Datum::Text(id)) => Some(id),
        _ => None,
    };
    if let Some((row, col)) = place {
        let origin = Origin {
            row,
            col,
            inferred: true,
        };
        builder.keep_origin(record, field, origin);
    }
    match raw {
        Some(id) => builder.keep_raw_id(record, field, id),
        None => builder.keep_raw(record, field, heading),
    }
}
