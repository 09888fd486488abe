//! The rectification store 整改台账: one `SQLite` file that keeps scans and acts, append-only, and proves every status.
//!
//! A log of entries, each a scan or an act, with who and when, sealed into a chain; the report of each scan as it came;
//! what each scan found of the cases; and the cases as they stand, derived from all of that and from nothing else.
//! Everything that one command writes is one transaction.

mod baseline;
mod disk;
mod error;
mod history;
mod import;
mod rows;
mod schema;
mod verify;

#[cfg(test)]
mod kill_tests;
#[cfg(test)]
mod scale_tests;
#[cfg(test)]
pub(in crate::track) mod story_tests;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params,
};

pub use error::{StoreError, StoreErrorKind};
pub use history::{Event, RuleShare, TallyOfScan};
pub use verify::Verified;

use super::waive::{InForce, WaiverTerms};
use super::{Act, Book, Case, ScanEffect, State};
use crate::finding::{Report, WaiverNote};
use crate::report::json;
use disk::{ScanV1, act_text, changes_text, scan_text, sha256};

/// How long one process waits for another one that is writing.
const PATIENCE: Duration = Duration::from_secs(3);

/// The rectification store.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

/// Who does something, and when; only the command line reads the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Who: a person or an office.
    pub who: String,
    /// When, ISO with time: `2025-03-31T09:00:00+08:00`; its first ten characters are the day.
    pub at: String,
}

impl Stamp {
    /// The day, ISO.
    pub fn day(&self) -> &str {
        self.at.get(..10).unwrap_or(&self.at)
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.who.trim().is_empty() {
            return Err(StoreError::refused(
                "要写明由谁登记：--by 姓名或单位",
                "say who enters it: --by NAME",
            ));
        }
        if !is_day(self.day()) {
            return Err(StoreError::refused(
                format!("时间“{}”不是 ISO 格式", self.at),
                format!("the time “{}” is not ISO", self.at),
            ));
        }
        Ok(())
    }
}

/// What adding a scan came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// The entry.
    pub seq: u32,
    /// The scan's as-of date.
    pub as_of: String,
    /// Findings seen for the first time.
    pub new: usize,
    /// Cases found again.
    pub again: usize,
    /// Of these, cases that had been put right or closed.
    pub reopened: usize,
    /// Cases proved to be put right.
    pub rectified: usize,
    /// Cases whose cells were changed, to be explained.
    pub altered: usize,
    /// Cases whose record is gone.
    pub vanished: usize,
    /// Cases that could not be verified.
    pub unknown: usize,
}

impl Store {
    /// Opens a store that is there.
    ///
    /// # Errors
    /// It is missing, damaged, no store, or of a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            let path = path.display();
            return Err(StoreError::new(
                StoreErrorKind::Missing,
                format!("没有整改台账数据库 {path}；先用 heyan track add 报告.json 建立"),
                format!(
                    "there is no rectification store {path}; make one with heyan track add REPORT.json"
                ),
            ));
        }
        Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a store, and makes it where there is none.
    ///
    /// # Errors
    /// It is damaged, no store, of a newer version, or cannot be made.
    pub fn open_or_create(path: &Path) -> Result<Self, StoreError> {
        Self::connect(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let connection =
            Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(PATIENCE)?;
        let mut store = Self {
            connection,
            path: path.to_owned(),
        };
        store.prepare()?;
        Ok(store)
    }

    /// Checks what kind of file it is, that it is whole, and brings it to this version.
    fn prepare(&mut self) -> Result<(), StoreError> {
        let connection = &self.connection;
        let pragma =
            |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        let (application, version) = (pragma("application_id")?, pragma("user_version")?);
        if tables > 0 && application != i64::from(schema::APPLICATION_ID) {
            let path = self.path.display();
            return Err(StoreError::new(
                StoreErrorKind::Damaged,
                format!("{path} 不是核验的整改台账数据库；请检查 --store 路径"),
                format!("{path} is no rectification store of heyan; check --store"),
            ));
        }
        let known = i64::try_from(schema::MIGRATIONS.len()).unwrap_or(i64::MAX);
        if version > known {
            return Err(StoreError::new(
                StoreErrorKind::Damaged,
                "整改台账数据库由较新版本的 heyan 写成；请升级程序".to_owned(),
                "a newer version of heyan wrote this store; upgrade the program".to_owned(),
            ));
        }
        let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if check != "ok" {
            return Err(StoreError::damaged(&check));
        }
        connection.pragma_update(None, "foreign_keys", true)?;
        if version < known {
            self.migrate()?;
        }
        Ok(())
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        // Outside the transaction, where SQLite allows it; the mode stays with the file.
        self.connection.pragma_update(None, "journal_mode", "wal")?;
        let transaction = self.begin()?;
        // Another process may have been faster.
        let version: usize = transaction
            .pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?
            .try_into()
            .unwrap_or(usize::MAX);
        for step in schema::MIGRATIONS.iter().skip(version) {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
        transaction.pragma_update(
            None,
            "user_version",
            i64::try_from(schema::MIGRATIONS.len()).unwrap_or(i64::MAX),
        )?;
        transaction.commit()?;
        Ok(())
    }

    fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Every case as it stands.
    ///
    /// # Errors
    /// The store is damaged or cannot be read.
    pub fn book(&self) -> Result<Book, StoreError> {
        rows::load(&self.connection)
    }

    /// The number of the last entry; zero without any.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn last(&self) -> Result<u32, StoreError> {
        last(&self.connection)
    }

    /// The case of a fingerprint, a former one too, or of the beginning of one that fits no other.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn case(&self, fingerprint: &str) -> Result<Case, StoreError> {
        rows::load_one(&self.connection, self.number(fingerprint)?)
    }

    fn number(&self, fingerprint: &str) -> Result<u32, StoreError> {
        number(&self.connection, fingerprint)
    }

    /// Adds a scan of a day: `text` is the report as `--format json` wrote it.
    ///
    /// # Errors
    /// It is no report, was added before, is older than the last one, or the store cannot be written.
    pub fn add(&mut self, text: &str, stamp: &Stamp) -> Result<Added, StoreError> {
        stamp.check()?;
        let report = json::read(text).map_err(|message| StoreError {
            kind: StoreErrorKind::Refused,
            message,
        })?;
        let digest = sha256(&[text.as_bytes()]);
        let transaction = self.begin()?;
        fits(&transaction, &report, &digest)?;
        let mut book = rows::load(&transaction)?;
        let mut earlier = BTreeMap::new();
        for seq in book.needed() {
            earlier.insert(seq, load_report(&transaction, seq)?);
        }
        let body = scan_text(&ScanV1 {
            as_of: report.as_of.clone(),
            version: report.tool.version.clone(),
            rules: report.tool.rules.clone(),
            findings: u32::try_from(report.findings.len()).unwrap_or(u32::MAX),
            sha256: digest,
        })?;
        let seq = enter(&transaction, "scan", stamp, None, &body)?;
        transaction.execute(
            "INSERT INTO report (seq, bytes) VALUES (?1, ?2)",
            params![seq, deflate(text)?],
        )?;
        let before: Vec<State> = book.cases().iter().map(|case| case.state).collect();
        let effect = book.scan(seq, &report, earlier);
        save_effect(&transaction, seq, &book, &effect)?;
        transaction.commit()?;
        Ok(added(seq, &report.as_of, &book, &effect, &before))
    }

    /// Records what a person decided about the case of a fingerprint.
    ///
    /// # Errors
    /// There is no such case, the act lacks something, or the store cannot be written.
    pub fn act(&mut self, fingerprint: &str, act: &Act, stamp: &Stamp) -> Result<Case, StoreError> {
        let number = self.number(fingerprint)?;
        self.act_all(&[(number, act.clone())], stamp)?;
        rows::load_one(&self.connection, number)
    }

    /// Records the same decision about several cases, about all of them or none; the cases are returned as they stand.
    ///
    /// # Errors
    /// As for one.
    pub fn act_on_all<'f>(
        &mut self,
        fingerprints: impl Iterator<Item = &'f str>,
        act: &Act,
        stamp: &Stamp,
    ) -> Result<Vec<Case>, StoreError> {
        let acts = fingerprints
            .map(|fingerprint| Ok((self.number(fingerprint)?, act.clone())))
            .collect::<Result<Vec<_>, StoreError>>()?;
        self.act_all(&acts, stamp)?;
        let cases = acts.iter();
        cases
            .map(|(number, _)| rows::load_one(&self.connection, *number))
            .collect()
    }

    /// Records several acts, all of them or none.
    ///
    /// # Errors
    /// As for one.
    pub fn act_all(&mut self, acts: &[(u32, Act)], stamp: &Stamp) -> Result<(), StoreError> {
        stamp.check()?;
        for (_, act) in acts {
            check_act(act, stamp.day())?;
        }
        let transaction = self.begin()?;
        record_acts(&transaction, acts, stamp)?;
        transaction.commit()?;
        Ok(())
    }
}

/// Records acts within a transaction.
fn record_acts(
    connection: &Connection,
    acts: &[(u32, Act)],
    stamp: &Stamp,
) -> Result<(), StoreError> {
    for (number, act) in acts {
        let mut case = rows::load_one(connection, *number)?;
        if let Act::Close { .. } = act
            && case.state == State::Rectified
        {
            return Err(StoreError::refused(
                format!("{} 已由检查证明整改，不用再销号", case.fingerprint),
                format!("a scan already proved {} to be put right", case.fingerprint),
            ));
        }
        case.decided(act, stamp.day());
        enter(connection, "act", stamp, Some(*number), &act_text(act)?)?;
        rows::save(connection, &case)?;
    }
    Ok(())
}

/// Refuses an act that lacks what makes it one.
fn check_act(act: &Act, day: &str) -> Result<(), StoreError> {
    let empty = |text: &str| text.trim().is_empty();
    match act {
        Act::Assign(text) | Act::Note(text) if empty(text) => Err(StoreError::refused(
            "内容为空，没有登记",
            "there is nothing to enter",
        )),
        Act::Due(on) if !is_day(on) => Err(StoreError::refused(
            format!("整改期限“{on}”要写成 2025-09-30 的样子"),
            format!("write the due day “{on}” like 2025-09-30"),
        )),
        Act::Judge { evidence, .. } if empty(evidence) => Err(StoreError::refused(
            "登记核实结果要写依据：--evidence",
            "a judgement needs its evidence: --evidence",
        )),
        Act::Close { evidence } if empty(evidence) => Err(StoreError::refused(
            "人工销号要写处理文号、说明：--evidence",
            "closing by hand needs the document and an explanation: --evidence",
        )),
        Act::Waive {
            reason,
            approved_by,
            expires,
        } => {
            let note = WaiverNote {
                reason: reason.clone(),
                approved_by: approved_by.clone(),
                expires: expires.clone(),
            };
            match InForce::on(&note, day, WaiverTerms::default()) {
                InForce::Yes | InForce::EndsSoon => Ok(()),
                InForce::Expired => Err(StoreError::refused(
                    format!("豁免有效期 {expires} 已过"),
                    format!("the waiver's last day, {expires}, has passed"),
                )),
                InForce::TooLong => Err(StoreError::refused(
                    format!("豁免最长 12 个月，{expires} 太远"),
                    format!("a waiver lasts at most 12 months; {expires} is too far ahead"),
                )),
                InForce::Incomplete => Err(StoreError::refused(
                    "豁免要有理由、批准人和有效期：--reason --approved-by --expires 2025-12-31",
                    "a waiver needs --reason, --approved-by and --expires 2025-12-31",
                )),
            }
        }
        _ => Ok(()),
    }
}

/// Whether a text is a day, ISO.
pub(super) fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// Refuses a scan that was added before or is older than the last one.
fn fits(connection: &Connection, report: &Report, digest: &str) -> Result<(), StoreError> {
    if !is_day(&report.as_of) {
        return Err(StoreError::refused(
            format!("报告的基准日“{}”不是日期", report.as_of),
            format!("the report's as-of date “{}” is no date", report.as_of),
        ));
    }
    let mut statement =
        connection.prepare("SELECT body FROM entry WHERE kind = 'scan' ORDER BY seq")?;
    let bodies = statement.query_map([], |row| row.get::<_, String>(0))?;
    for body in bodies {
        let scan = disk::scan_of(&body?)?;
        if scan.sha256 == digest {
            return Err(StoreError::refused(
                format!("这份报告（基准日 {}）已经登记过", scan.as_of),
                format!("this report (as of {}) was added before", scan.as_of),
            ));
        }
        if scan.as_of > report.as_of {
            return Err(StoreError::refused(
                format!(
                    "报告的基准日 {} 早于已登记的 {}；请按时间先后登记",
                    report.as_of, scan.as_of
                ),
                format!(
                    "the report speaks for {}, before {} which was added already; add reports in the order of their days",
                    report.as_of, scan.as_of
                ),
            ));
        }
    }
    Ok(())
}

fn last(connection: &Connection) -> Result<u32, StoreError> {
    Ok(
        connection.query_row("SELECT coalesce(max(seq), 0) FROM entry", [], |row| {
            row.get(0)
        })?,
    )
}

fn number(connection: &Connection, fingerprint: &str) -> Result<u32, StoreError> {
    if let Some(number) = rows::number(connection, fingerprint)? {
        return Ok(number);
    }
    let begins = if fingerprint.starts_with("v1:") {
        fingerprint.to_owned()
    } else {
        format!("v1:{fingerprint}")
    };
    let plain = begins[3..].bytes().all(|b| b.is_ascii_hexdigit());
    let mut found = Vec::new();
    if plain && begins.len() >= 7 {
        let mut statement = connection.prepare(
            "SELECT DISTINCT number FROM alias WHERE fingerprint >= ?1 AND fingerprint < ?1 || 'g' LIMIT 2",
        )?;
        for number in statement.query_map([&begins], |row| row.get(0))? {
            found.push(number?);
        }
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(StoreError::refused(
            format!("整改台账里没有问题 {fingerprint}；heyan track list 列出指纹"),
            format!("there is no case {fingerprint}; heyan track list shows the fingerprints"),
        )),
        _ => Err(StoreError::refused(
            format!("有几个问题的指纹以 {fingerprint} 开头，请写全"),
            format!("several fingerprints begin with {fingerprint}; write the whole one"),
        )),
    }
}

/// Appends an entry, sealed with all before it; its number is returned.
fn enter(
    connection: &Connection,
    kind: &str,
    stamp: &Stamp,
    subject: Option<u32>,
    body: &str,
) -> Result<u32, StoreError> {
    let before: Option<(u32, String)> = connection
        .prepare_cached("SELECT seq, seal FROM entry ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, chain) = before.map_or((1, String::new()), |(seq, seal)| (seq + 1, seal));
    let seal = seal(&chain, seq, kind, stamp, subject, body);
    connection
        .prepare_cached(
            "INSERT INTO entry (seq, kind, at, who, subject, body, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![seq, kind, stamp.at, stamp.who, subject, body, seal])?;
    Ok(seq)
}

/// The seal of an entry: the digest of all that it says and of the seal before it.
fn seal(
    chain: &str,
    seq: u32,
    kind: &str,
    stamp: &Stamp,
    subject: Option<u32>,
    body: &str,
) -> String {
    let (seq, subject) = (seq.to_string(), subject.unwrap_or(0).to_string());
    let parts = [chain, &seq, kind, &stamp.at, &stamp.who, &subject, body];
    sha256(&parts.map(str::as_bytes))
}

/// Writes what a scan brought for the cases.
fn save_effect(
    connection: &Connection,
    seq: u32,
    book: &Book,
    effect: &ScanEffect,
) -> Result<(), StoreError> {
    let mut sighting = connection.prepare_cached(
        "INSERT INTO sighting (seq, number, fingerprint, verdict, matched) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for seen in &effect.sightings {
        let matched = (!seen.matched.is_empty()).then_some(seen.matched.as_str());
        // The fingerprint is worth keeping only where it is not the one that the case had before.
        let fingerprint = (seen.new || matched.is_some()).then_some(seen.fingerprint.as_str());
        sighting.execute(params![
            seq,
            seen.case,
            fingerprint,
            seen.verdict.id(),
            matched
        ])?;
        rows::save_alias(connection, &seen.fingerprint, seen.case)?;
    }
    let mut outcome = connection.prepare_cached(
        "INSERT INTO outcome (seq, number, status, changes, why) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for missed in &effect.outcomes {
        outcome.execute(params![
            seq,
            missed.case,
            missed.status.id(),
            changes_text(&missed.changes)?,
            missed.why
        ])?;
    }
    let mut tally = connection.prepare_cached(
        "INSERT INTO tally (seq, town, village, open, new, rectified, closed, unexplained, reopened) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for of_village in &effect.tallies {
        tally.execute(params![
            seq,
            of_village.town,
            of_village.village,
            of_village.open,
            of_village.new,
            of_village.rectified,
            of_village.closed,
            of_village.unexplained,
            of_village.reopened
        ])?;
    }
    let touched = effect.sightings.iter().map(|seen| seen.case);
    let touched = touched.chain(effect.outcomes.iter().map(|missed| missed.case));
    for case in touched.filter_map(|number| book.get(number)) {
        rows::save(connection, case)?;
    }
    Ok(())
}

fn added(seq: u32, as_of: &str, book: &Book, effect: &ScanEffect, before: &[State]) -> Added {
    use crate::finding::ResolvedStatus;
    let was = |case: u32| {
        let at = usize::try_from(case).ok()?.checked_sub(1)?;
        before.get(at).copied()
    };
    let count = |status| {
        effect
            .outcomes
            .iter()
            .filter(|m| m.status == status)
            .count()
    };
    Added {
        seq,
        as_of: as_of.to_owned(),
        new: effect.sightings.iter().filter(|s| s.new).count(),
        again: effect.sightings.iter().filter(|s| !s.new).count(),
        reopened: effect
            .sightings
            .iter()
            .filter(|s| matches!(was(s.case), Some(State::Rectified | State::Closed)))
            .filter(|s| {
                book.get(s.case)
                    .is_some_and(|case| case.state == State::Open)
            })
            .count(),
        rectified: count(ResolvedStatus::Rectified),
        altered: count(ResolvedStatus::Altered),
        vanished: count(ResolvedStatus::Vanished),
        unknown: count(ResolvedStatus::Unknown),
    }
}

/// The report of a scan as it came.
fn load_report(connection: &Connection, seq: u32) -> Result<Report, StoreError> {
    let text = load_text(connection, seq)?;
    json::read(&text).map_err(|error| StoreError::damaged(error.get(crate::lang::Lang::En)))
}

fn load_text(connection: &Connection, seq: u32) -> Result<String, StoreError> {
    let bytes: Vec<u8> =
        connection.query_row("SELECT bytes FROM report WHERE seq = ?1", [seq], |row| {
            row.get(0)
        })?;
    let mut text = String::new();
    flate2::read::ZlibDecoder::new(bytes.as_slice())
        .read_to_string(&mut text)
        .map_err(|error| StoreError::damaged(&error.to_string()))?;
    Ok(text)
}

fn deflate(text: &str) -> Result<Vec<u8>, StoreError> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder
        .write_all(text.as_bytes())
        .and_then(|()| encoder.finish())
        .map_err(|error| StoreError::damaged(&error.to_string()))
}

/// The schema as the first version made it.
#[cfg(test)]
pub(super) fn first_migration() -> &'static str {
    schema::MIGRATIONS[0]
}
