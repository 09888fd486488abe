//! `heyan inspect`: how each sheet was understood.

use std::collections::BTreeMap;

use clap::ArgMatches;

use super::progress::Progress;
use super::settings::Settings;
use super::{Exit, Failure, output, take};
use crate::finding::{InputStatus, MissingWhat, NotRun};
use crate::lang::Lang;
use crate::ledger::{self, FieldId, KindId, Ledger, Origin, Village, VillageName};
use crate::report::{InspectRecord, InspectValue, Inspection, TableRules};
use crate::scan;

/// Runs `heyan inspect`.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let settings = Settings::of(matches, lang)?;
    let lang = settings.lang;
    let sources = take::find(&settings)?;
    let progress = Progress::of("auto", sources.len(), lang);
    let taken = take::take(&take::numbered(&sources), &settings, &progress);
    progress.finish();
    let (villages, _) = ledger::gather(taken.ledgers, &settings.pack.kinds);
    let json = matches
        .get_one::<String>("format")
        .is_some_and(|format| format == "json");
    // Which rules can run is shown to people; JSON has the tables and the values.
    let rules = if json {
        Vec::new()
    } else {
        rules(&settings, &villages)
    };
    // In the order of the files again: gathering sorts by village.
    let mut ledgers: Vec<(&VillageName, &Ledger)> = villages
        .iter()
        .flat_map(|village| village.ledgers.iter().map(|ledger| (&village.name, ledger)))
        .collect();
    ledgers.sort_by_key(|(_, ledger)| (ledger.file, ledger.table));
    let inspection = Inspection {
        inputs: &taken.inputs,
        records: ledgers.into_iter().flat_map(records),
        rules: &rules,
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

/// Which rules can run on each table, and what the others lack: found by judging, so that it is what a scan would do.
fn rules(settings: &Settings, villages: &[Village]) -> Vec<TableRules> {
    let pack = &settings.pack;
    let judging = scan::Settings {
        as_of: settings.as_of,
        lang: settings.lang,
        records: false,
    };
    let not_run = scan::run(pack, villages, &judging).not_run;
    let mut tables: BTreeMap<(&str, u32), (KindId, usize)> = BTreeMap::new();
    for ledger in villages.iter().flat_map(|village| &village.ledgers) {
        let table = (&*ledger.file_name, ledger.table.0);
        tables.entry(table).or_insert((ledger.kind, 0)).1 += ledger.len();
    }
    let mut by_table: BTreeMap<(&str, u32), Vec<&NotRun>> = BTreeMap::new();
    for lack in &not_run {
        let table = (lack.file.as_str(), lack.table);
        by_table.entry(table).or_default().push(lack);
    }
    let told = |(&(file, table), &(kind, records)): (&(&str, u32), &(KindId, usize))| {
        let not_run = by_table.get(&(file, table)).map_or(&[][..], Vec::as_slice);
        let of_kind = pack.rules.iter();
        let of_kind = of_kind.filter(|rule| rule.judged.iter().any(|judged| judged.kind == kind));
        let mut lacking: BTreeMap<(MissingWhat, &str), Vec<String>> = BTreeMap::new();
        let mut run = 0;
        for rule in of_kind {
            let lacks = not_run
                .iter()
                .filter(|lack| lack.rule == rule.id && lack.records as usize >= records);
            let lacks: Vec<_> = lacks.collect();
            run += usize::from(lacks.is_empty());
            for lack in lacks {
                let titles = lacking.entry((lack.what, lack.name.as_str())).or_default();
                titles.push(rule.title.get(settings.lang).to_owned());
            }
        }
        let lacking = lacking.into_iter();
        TableRules {
            file: file.to_owned(),
            table,
            run,
            lacking: lacking
                .map(|((what, name), titles)| (what, name.to_owned(), titles))
                .collect(),
        }
    };
    tables.iter().map(told).collect()
}

/// The records of a ledger with their values.
fn records<'a>(
    (village, ledger): (&'a VillageName, &'a Ledger),
) -> impl Iterator<Item = InspectRecord> + 'a {
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
                cell: cell.map(Origin::address).unwrap_or_default(),
                raw: ledger.raw(record, field).into_owned(),
                value: ledger
                    .print(record, field)
                    .map(std::borrow::Cow::into_owned),
            };
            (kind.name.clone(), value)
        })
        .collect()
}
