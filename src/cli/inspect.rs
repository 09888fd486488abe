//! `heyan inspect`: how each sheet was understood.

use clap::ArgMatches;

use super::progress::Progress;
use super::settings::Settings;
use super::{Exit, Failure, output, take};
use crate::finding::InputStatus;
use crate::lang::Lang;
use crate::ledger::{FieldId, Ledger, VillageName};
use crate::read::address;
use crate::report::{InspectRecord, InspectValue, Inspection};

/// Runs `heyan inspect`.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let settings = Settings::of(matches, lang)?;
    let sources = take::find(&settings)?;
    let progress = Progress::of("auto", sources.len(), lang);
    let taken = take::take(&take::numbered(&sources), &settings, &progress);
    progress.finish();
    let inspection = Inspection {
        inputs: &taken.inputs,
        records: taken.ledgers.iter().flat_map(records),
        lang,
    };
    let json = matches
        .get_one::<String>("format")
        .is_some_and(|format| format == "json");
    output::to_stdout(|out| {
        if json {
            inspection.write_json(out)
        } else {
            inspection.write_text(&output::style(), out)
        }
    })?;
    let is = |status: InputStatus| taken.inputs.iter().any(|input| input.status == status);
    if is(InputStatus::Unreadable) || !is(InputStatus::Read) {
        Ok(Exit::Unread)
    } else {
        Ok(Exit::Clean)
    }
}

/// The records of a ledger with their values.
fn records((village, ledger): &(VillageName, Ledger)) -> impl Iterator<Item = InspectRecord> {
    (0..)
        .zip(&ledger.rows)
        .map(move |(record, &row)| InspectRecord {
            file: ledger.file_name.to_string(),
            sheet: ledger.sheet.to_string(),
            row: row + 1,
            kind: ledger.kind_of.id.clone(),
            town: village.town.to_string(),
            village: village.name.to_string(),
            values: values(ledger, record),
        })
}

/// The fields of a record that have a cell or a value, in the order of the kind.
fn values(ledger: &Ledger, record: u32) -> Vec<(String, InspectValue)> {
    let fields = (0..).map(FieldId).zip(&ledger.kind_of.fields);
    fields
        .filter(|(field, _)| ledger.has(*field))
        .map(|(field, kind)| {
            let cell = ledger.origin(record, field);
            let value = InspectValue {
                cell: cell.map(|at| address(at.row, at.col)).unwrap_or_default(),
                raw: ledger.raw(record, field).into_owned(),
                value: ledger
                    .print(record, field)
                    .map(std::borrow::Cow::into_owned),
            };
            (kind.name.clone(), value)
        })
        .collect()
}
