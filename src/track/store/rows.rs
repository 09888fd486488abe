//! Cases as rows of the table `standing`.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::StoreError;
use super::disk::{waiver_of, waiver_text};
use crate::finding::{Severity, Topic, Verdict};
use crate::track::{Book, Case, Judgement, Seen, State};

const COLUMNS: &str = "number, fingerprint, rule, title, topic, severity, verdict, town, village, date, amount, message, \
     advice, record, place, curable, first_seq, first_day, last_seq, last_day, state, since, reopened, why, changes, \
     responsible, due, note, judged, judged_on, closed, waiver, seen_waiver";

/// Every case.
pub(super) fn load(connection: &Connection) -> Result<Book, StoreError> {
    let mut book = Book::default();
    let mut statement =
        connection.prepare(&format!("SELECT {COLUMNS} FROM standing ORDER BY number"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let case = case(row)?;
        if usize::try_from(case.number).ok() != Some(book.cases.len() + 1) {
            return Err(StoreError::damaged("numbers of cases"));
        }
        book.cases.push(case);
    }
    let mut statement = connection.prepare("SELECT fingerprint, number FROM alias")?;
    let mut rows = statement.query([])?;
    let mut numbers = HashMap::new();
    while let Some(row) = rows.next()? {
        numbers.insert(row.get(0)?, row.get(1)?);
    }
    book.numbers = numbers;
    Ok(book)
}

/// The number of the case of a fingerprint, a former one too.
pub(super) fn number(
    connection: &Connection,
    fingerprint: &str,
) -> Result<Option<u32>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT number FROM alias WHERE fingerprint = ?1")?;
    let mut rows = statement.query([fingerprint])?;
    Ok(match rows.next()? {
        Some(row) => Some(row.get(0)?),
        None => None,
    })
}

/// One case.
pub(super) fn load_one(connection: &Connection, number: u32) -> Result<Case, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM standing WHERE number = ?1"))?;
    let mut rows = statement.query([number])?;
    match rows.next()? {
        Some(row) => case(row),
        None => Err(StoreError::damaged("a case is missing")),
    }
}

/// Writes a case over what was known of it.
pub(super) fn save(connection: &Connection, case: &Case) -> Result<(), StoreError> {
    let marks = (1..=33)
        .map(|n| format!("?{n}"))
        .collect::<Vec<_>>()
        .join(",");
    let mut statement = connection.prepare_cached(&format!(
        "INSERT OR REPLACE INTO standing ({COLUMNS}) VALUES ({marks})"
    ))?;
    let seen = &case.seen;
    let (judged, judged_on) = match &case.judged {
        Some((result, evidence)) => (result.id(), evidence.as_str()),
        None => ("", ""),
    };
    statement.execute(params![
        case.number,
        case.fingerprint,
        seen.rule,
        seen.title,
        seen.topic.id(),
        seen.severity.id(),
        seen.verdict.id(),
        seen.town,
        seen.village,
        seen.date,
        seen.amount,
        seen.message,
        seen.advice,
        seen.key,
        seen.place,
        seen.curable,
        case.first.0,
        case.first.1,
        case.last.0,
        case.last.1,
        case.state.id(),
        case.since,
        case.reopened,
        case.why,
        case.changes,
        case.responsible,
        case.due,
        case.note,
        judged,
        judged_on,
        case.closed,
        waiver_text(case.waiver.as_ref())?,
        waiver_text(seen.waiver.as_ref())?,
    ])?;
    Ok(())
}

/// Remembers under which case a fingerprint is known.
pub(super) fn save_alias(
    connection: &Connection,
    fingerprint: &str,
    number: u32,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO alias (fingerprint, number) VALUES (?1, ?2)")?
        .execute(params![fingerprint, number])?;
    Ok(())
}

fn case(row: &Row<'_>) -> Result<Case, StoreError> {
    let word = |at: usize| -> Result<String, StoreError> { Ok(row.get(at)?) };
    let bad = |what: &str| StoreError::damaged(what);
    let judged: String = word(28)?;
    Ok(Case {
        number: row.get(0)?,
        fingerprint: word(1)?,
        seen: Seen {
            rule: word(2)?,
            title: word(3)?,
            topic: Topic::from_id(row.get_ref(4)?.as_str().unwrap_or_default())
                .ok_or_else(|| bad("topic"))?,
            severity: Severity::from_id(row.get_ref(5)?.as_str().unwrap_or_default())
                .ok_or_else(|| bad("severity"))?,
            verdict: Verdict::from_id(row.get_ref(6)?.as_str().unwrap_or_default())
                .ok_or_else(|| bad("verdict"))?,
            town: word(7)?,
            village: word(8)?,
            date: word(9)?,
            amount: word(10)?,
            message: word(11)?,
            advice: word(12)?,
            key: word(13)?,
            place: word(14)?,
            curable: row.get(15)?,
            waiver: waiver_of(row.get_ref(32)?.as_str().unwrap_or_default())?,
        },
        first: (row.get(16)?, word(17)?),
        last: (row.get(18)?, word(19)?),
        state: State::from_id(row.get_ref(20)?.as_str().unwrap_or_default())
            .ok_or_else(|| bad("state"))?,
        since: word(21)?,
        reopened: row.get(22)?,
        why: word(23)?,
        changes: word(24)?,
        responsible: word(25)?,
        due: word(26)?,
        note: word(27)?,
        judged: match judged.as_str() {
            "" => None,
            id => Some((
                Judgement::from_word(id).ok_or_else(|| bad("judgement"))?,
                word(29)?,
            )),
        },
        closed: word(30)?,
        waiver: waiver_of(row.get_ref(31)?.as_str().unwrap_or_default())?,
    })
}
