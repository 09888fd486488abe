//! Proves the store: every status derived again from the scans and acts alone.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::disk::{act_of, changes_of, scan_of, sha256};
use super::{Stamp, Store, StoreError, history, load_report, load_text, rows, seal};
use crate::lang::Bilingual;
use crate::track::{Book, ScanEffect, Tally};

/// What proving the store came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Scans replayed.
    pub scans: usize,
    /// Acts replayed.
    pub acts: usize,
    /// Cases derived.
    pub cases: usize,
    /// What does not agree; empty where the store proves all it says.
    pub faults: Vec<Bilingual>,
}

/// How many faults are told before the rest is left out.
const TOLD: usize = 50;

impl Verified {
    fn fault(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        if self.faults.len() < TOLD {
            self.faults.push(Bilingual::new(zh.into(), en.into()));
        }
    }
}

impl Store {
    /// Derives every status again from the scans and acts and sets it against what the store says: the seals of all
    /// entries, the digests of the reports, what each scan found, and every case.
    ///
    /// # Errors
    /// The store cannot be read at all.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        let connection = &self.connection;
        let mut verified = Verified::default();
        let check: String =
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if check != "ok" {
            verified.fault(
                format!("数据库文件不完整：{check}"),
                format!("the file is not whole: {check}"),
            );
        }
        let book = replay(connection, &mut verified)?;
        verified.cases = book.cases.len();
        compare(&book, &rows::load(connection)?, &mut verified);
        Ok(verified)
    }
}

/// Replays all entries, and checks the seals and what each scan found on the way.
fn replay(connection: &Connection, verified: &mut Verified) -> Result<Book, StoreError> {
    let mut book = Book::default();
    let mut chain = String::new();
    let mut tallies: BTreeMap<u32, Vec<Tally>> = BTreeMap::new();
    for tally in history::tallies(connection)? {
        tallies.entry(tally.seq).or_default().push(tally.tally);
    }
    let mut statement = connection
        .prepare("SELECT seq, kind, at, who, subject, body, seal FROM entry ORDER BY seq")?;
    let mut entries = statement.query([])?;
    let mut expected = 1_u32;
    while let Some(row) = entries.next()? {
        let seq: u32 = row.get(0)?;
        let kind: String = row.get(1)?;
        let stamp = Stamp {
            at: row.get(2)?,
            who: row.get(3)?,
        };
        let subject: Option<u32> = row.get(4)?;
        let body: String = row.get(5)?;
        let found: String = row.get(6)?;
        if seq != expected {
            verified.fault(
                format!("第 {expected} 项记录缺失"),
                format!("entry {expected} is missing"),
            );
        }
        expected = seq + 1;
        if seal(&chain, seq, &kind, &stamp, subject, &body) != found {
            verified.fault(
                format!("第 {seq} 项记录（{}，{}）被改动过", stamp.at, stamp.who),
                format!(
                    "entry {seq} ({}, {}) was tampered with",
                    stamp.at, stamp.who
                ),
            );
        }
        chain = found;
        if kind == "act" {
            verified.acts += 1;
            let act = act_of(&body)?;
            book.act(subject.unwrap_or(0), &act, stamp.day());
            continue;
        }
        verified.scans += 1;
        let text = load_text(connection, seq)?;
        if sha256(&[text.as_bytes()]) != scan_of(&body)?.sha256 {
            verified.fault(
                format!("第 {seq} 项检查的报告被改动过"),
                format!("the report of entry {seq} was tampered with"),
            );
        }
        let report = load_report(connection, seq)?;
        let mut earlier = BTreeMap::new();
        for needed in book.needed() {
            earlier.insert(needed, load_report(connection, needed)?);
        }
        let effect = book.scan(seq, &report, earlier);
        let tallies = tallies.remove(&seq).unwrap_or_default();
        check_scan(connection, seq, &effect, &tallies, verified)?;
    }
    Ok(book)
}

/// Sets what a scan found against what the store says of it.
fn check_scan(
    connection: &Connection,
    seq: u32,
    effect: &ScanEffect,
    tallies: &[Tally],
    verified: &mut Verified,
) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT number, verdict FROM sighting WHERE seq = ?1 ORDER BY number")?;
    let stored: Vec<(u32, String)> = statement
        .query_map([seq], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let derived = effect.sightings.iter();
    if !derived
        .map(|s| (s.case, s.verdict.id()))
        .eq(stored.iter().map(|(n, v)| (*n, v.as_str())))
    {
        verified.fault(
            format!("第 {seq} 项检查所见问题与报告不一致"),
            format!("what entry {seq} is said to have found is not what its report holds"),
        );
    }
    let mut statement = connection.prepare_cached(
        "SELECT number, status, changes, why FROM outcome WHERE seq = ?1 ORDER BY number",
    )?;
    let mut rows = statement.query([seq])?;
    let mut missed = effect.outcomes.iter();
    let mut agree = true;
    while let Some(row) = rows.next()? {
        let (number, status, why): (u32, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let changes = changes_of(row.get_ref(2)?.as_str().unwrap_or_default())?;
        agree &= missed.next().is_some_and(|missed| {
            missed.case == number
                && missed.status.id() == status
                && missed.changes == changes
                && missed.why == why
        });
    }
    if !agree || missed.next().is_some() {
        verified.fault(
            format!("第 {seq} 项检查的销号、改动结论不能由报告得出"),
            format!("what entry {seq} is said to have resolved does not follow from its report"),
        );
    }
    if effect.tallies != tallies {
        verified.fault(
            format!("第 {seq} 项检查后的各村统计与各项问题不一致"),
            format!("the villages' figures after entry {seq} do not follow from the cases"),
        );
    }
    Ok(())
}

/// Sets the derived cases against those that the store says.
fn compare(derived: &Book, stored: &Book, verified: &mut Verified) {
    if derived.cases.len() != stored.cases.len() {
        let (stored, derived) = (stored.cases.len(), derived.cases.len());
        verified.fault(
            format!("整改台账有 {stored} 项，由检查和登记推得 {derived} 项"),
            format!("the store lists {stored} cases, {derived} follow from its entries"),
        );
    }
    for (derived, stored) in derived.cases.iter().zip(&stored.cases) {
        if derived != stored {
            let fingerprint = &derived.fingerprint;
            verified.fault(
                format!(
                    "{fingerprint} 的状态“{}”不能由检查和登记得出，应为“{}”",
                    stored.state.id(),
                    derived.state.id()
                ),
                format!(
                    "what the store says of {fingerprint} ({}) does not follow from its entries ({})",
                    stored.state.id(),
                    derived.state.id()
                ),
            );
        }
    }
    if derived.numbers != stored.numbers {
        verified.fault(
            "指纹与问题的对应关系不能由检查得出",
            "which fingerprint is which case does not follow from the scans",
        );
    }
}
