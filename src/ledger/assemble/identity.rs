//! Who a record is: its keys, and an id that no other record of the table has.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use crate::ledger::quick::QuickHash;
use crate::ledger::{Datum, FieldId, Ledger};

/// Between the values of one key.
const WITHIN: char = '|';

/// Between an id and what tells it from an equal one.
const BEYOND: &str = " ¦ ";

/// Makes the keys and ids of a ledger's records.
///
/// The id is the first filled key; equal ones are told apart by the next filled key, then by an ordinal over their
/// values. Rows take no part: a ledger that was sorted anew has the same ids.
pub(super) fn identify(ledger: &mut Ledger) {
    let count = ledger.len();
    let lists = ledger.kind_of.keys.clone();
    let records = u32::try_from(count).unwrap_or(u32::MAX);
    let mut keys: Vec<Box<[Box<str>]>> = Vec::with_capacity(count);
    let mut buffer = String::new();
    for record in 0..records {
        let filled: Box<[Box<str>]> = lists
            .iter()
            .filter_map(|fields| {
                buffer.clear();
                write_key(ledger, record, fields, &mut buffer)?;
                Some(Box::from(buffer.as_str()))
            })
            .collect();
        keys.push(filled);
    }
    ledger.ids = ids(ledger, &keys);
    ledger.keys = keys;
}

/// Writes a key, folded; `None` where one of its fields is not filled.
fn write_key(ledger: &Ledger, record: u32, fields: &[FieldId], out: &mut String) -> Option<()> {
    for (at, &field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(WITHIN);
        }
        match ledger.get(record, field) {
            Datum::Text(id) => out.push_str(ledger.text(ledger.folded(id))),
            datum if datum.is_value() => out.push_str(&ledger.print(record, field)?),
            _ => return None,
        }
    }
    (!fields.is_empty()).then_some(())
}

fn ids(ledger: &Ledger, keys: &[Box<[Box<str>]>]) -> Vec<Box<str>> {
    let mut seen: HashMap<&str, u32, QuickHash> =
        HashMap::with_capacity_and_hasher(keys.len(), QuickHash::default());
    for record in keys {
        *seen.entry(first(record)).or_default() += 1;
    }
    let mut ids: Vec<Box<str>> = Vec::with_capacity(keys.len());
    let mut equal: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (record, filled) in keys.iter().enumerate() {
        let id = first(filled);
        if seen[id] == 1 && !id.is_empty() {
            ids.push(id.into());
            continue;
        }
        let longer = match filled.get(1) {
            Some(next) => format!("{id}{BEYOND}{next}"),
            None => id.to_owned(),
        };
        equal.entry(longer.clone()).or_default().push(record);
        ids.push(longer.into());
    }
    for (id, mut records) in equal {
        if records.len() > 1 {
            records.sort_by_cached_key(|&record| values(ledger, record));
        }
        for (ordinal, record) in (1_usize..).zip(records) {
            // A record without any key has nothing but its ordinal.
            if ordinal > 1 || id.is_empty() {
                ids[record] = format!("{id}#{ordinal}").into();
            }
        }
    }
    ids
}

/// The key that a record's id begins with; empty where it has none.
fn first(keys: &[Box<str>]) -> &str {
    keys.first().map_or("", |key| key)
}

/// All values of a record in the order of its kind's fields.
fn values(ledger: &Ledger, record: usize) -> String {
    let record = u32::try_from(record).unwrap_or(u32::MAX);
    let mut out = String::new();
    for at in 0..ledger.kind_of.fields.len() {
        let field = FieldId(u16::try_from(at).unwrap_or(u16::MAX));
        if let Some(printed) = ledger.print(record, field) {
            let _ = write!(out, "{at}={printed}\u{1f}");
        }
    }
    out
}
