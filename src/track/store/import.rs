//! Enters what people filled in into 整改台账.xlsx.

use std::collections::BTreeMap;

use super::{Stamp, Store, StoreError, check_act, history, last, record_acts, rows};
use crate::track::Act;
use crate::track::sheet::{Clash, ClashKind, Field, Filled, Imported, changes_of};

impl Store {
    /// What an export carries so that its import can tell what people changed from what the store learnt meanwhile: the
    /// last entry and the beginning of its seal.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mark(&self) -> Result<String, StoreError> {
        let seq = last(&self.connection)?;
        Ok(format!("{seq}-{}", seal_of(&self.connection, seq)?))
    }

    /// Enters what people filled in since the export; what the store learnt otherwise meanwhile is left and listed, as
    /// is everything that cannot be entered. All of it is one transaction.
    ///
    /// # Errors
    /// The sheet comes from another store, or the store cannot be written.
    pub fn import(&mut self, filled: &Filled, stamp: &Stamp) -> Result<Imported, StoreError> {
        stamp.check()?;
        let transaction = self.begin()?;
        let since = filled
            .mark
            .as_deref()
            .map(|mark| {
                let (seq, seal) = mark.split_once('-').unwrap_or((mark, ""));
                let seq: u32 = seq.parse().unwrap_or(0);
                match seal_of(&transaction, seq) {
                    Ok(known) if seq > 0 && known == seal => Ok(seq),
                    _ => Err(StoreError::refused(
                        "这份整改台账不是由这个数据库导出的，或登记序号被改动；没有导入",
                        "this sheet was exported from another store, or its entry number was changed; nothing was imported",
                    )),
                }
            })
            .transpose()?;
        let mut imported = Imported::default();
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        let mut numbers = Vec::with_capacity(filled.lines.len());
        for line in &filled.lines {
            let number = rows::number(&transaction, &line.fingerprint)?;
            if let Some(number) = number {
                *counts.entry(number).or_default() += 1;
            }
            numbers.push(number);
        }
        let mut acts: Vec<(u32, Act)> = Vec::new();
        for (line, number) in filled.lines.iter().zip(numbers) {
            let whole = |kind| Clash {
                row: line.row,
                fingerprint: line.fingerprint.clone(),
                field: None,
                sheet: String::new(),
                store: String::new(),
                kind,
            };
            let Some(number) = number else {
                imported.clashes.push(whole(ClashKind::NoCase));
                continue;
            };
            if counts.get(&number).is_some_and(|count| *count > 1) {
                imported.clashes.push(whole(ClashKind::Twice));
                continue;
            }
            let case = rows::load_one(&transaction, number)?;
            let before = match since {
                Some(since) => Some(history::acts_until(&transaction, number, since)?),
                None => None,
            };
            let base = |field: Field| before.as_deref().map(|acts| field.after(acts));
            let (entered, clashes) = changes_of(line, &case, base);
            if entered.is_empty() && clashes.is_empty() {
                imported.unchanged += 1;
            }
            for act in entered {
                check_act(&act, stamp.day())?;
                imported
                    .entered
                    .push((case.fingerprint.clone(), act.clone()));
                acts.push((number, act));
            }
            imported.clashes.extend(clashes);
        }
        record_acts(&transaction, &acts, stamp)?;
        transaction.commit()?;
        Ok(imported)
    }
}

/// The beginning of the seal of an entry, enough to tell two stores apart; empty for entry zero.
fn seal_of(connection: &rusqlite::Connection, seq: u32) -> Result<String, StoreError> {
    if seq == 0 {
        return Ok(String::new());
    }
    let seal: String =
        connection.query_row("SELECT seal FROM entry WHERE seq = ?1", [seq], |row| {
            row.get(0)
        })?;
    Ok(seal.chars().take(12).collect())
}
