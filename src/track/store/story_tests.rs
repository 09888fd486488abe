//! The store: the story from list to rectification, and what it must never do.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::finding::Report;
use crate::report::{Format, Style, write};
use crate::track::sample::{Row, Scan, row, values};
use crate::track::{Act, Event, Judgement, Stamp, Standing, State, Store, StoreErrorKind, compare};

fn stamp(day: &str) -> Stamp {
    Stamp {
        who: "松陂镇经管站 王敏".to_owned(),
        at: format!("{day}T09:00:00+08:00"),
    }
}

pub(in crate::track) fn text(report: &Report) -> String {
    let mut bytes = Vec::new();
    write(report, Format::Json, &Style::default(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

pub(in crate::track) fn scratch() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("整改.sqlite");
    (folder, path)
}

/// A township in spring: one curable finding each in 甲村, a past act, one of each kind more in 乙村, and 丙村.
fn spring() -> Vec<Row> {
    let ok = |no: &'static str, filed| {
        move |village| {
            row(
                village,
                no,
                [no, "某公司", "2024-03-10", "2024-03-20", "80000", filed],
            )
        }
    };
    let late = |village: &str, no: &str| {
        row(
            village,
            no,
            [no, "迟公司", "2024-03-10", "2024-03-01", "60000", "是"],
        )
    };
    vec![
        ok("A1", "否")("甲村"),
        ok("A2", "否")("甲村"),
        late("甲村", "A3"),
        ok("A4", "否")("甲村"),
        ok("A5", "否")("甲村"),
        ok("A6", "否")("甲村"),
        late("乙村", "B1"),
        ok("B2", "否")("乙村"),
    ]
    .into_iter()
    .map(|mut row| {
        // One firm for each contract, so that none of them is a group.
        row.party = format!("{}{}公司", row.village, row.no);
        row
    })
    .collect()
}

struct Township {
    _folder: TempDir,
    store: Store,
}

impl Township {
    fn new() -> Self {
        let (folder, path) = scratch();
        Self {
            _folder: folder,
            store: Store::open_or_create(&path).unwrap(),
        }
    }

    /// A scan against the store's own baseline, added to the store.
    fn scan(&mut self, day: &'static str, rows: &[Row]) -> crate::track::Added {
        let mut report = Scan::on(day).of(rows);
        if let Ok(baseline) = self.store.baseline() {
            // As it goes through a file.
            let baseline = crate::report::json::read(&text(&baseline)).unwrap();
            compare(&baseline, &mut report, &values(rows));
        }
        self.store.add(&text(&report), &stamp(day)).unwrap()
    }

    /// The case of a rule on a record.
    fn case(&self, rule: &str, key: &str) -> crate::track::Case {
        let book = self.store.book().unwrap();
        let mut found = book
            .cases()
            .iter()
            .filter(|case| case.seen.rule == rule && case.seen.key == key);
        let case = found
            .next()
            .unwrap_or_else(|| panic!("no case {rule} {key}"));
        assert!(found.next().is_none(), "two cases {rule} {key}");
        case.clone()
    }

    fn prove(&self) {
        let verified = self.store.verify().unwrap();
        assert_eq!(verified.faults, []);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
fn from_spring_to_winter_every_status_is_what_a_careful_auditor_would_say() {
    let mut town = Township::new();
    let added = town.scan("2025-03-31", &spring());
    assert_eq!((added.new, added.again), (8, 0));
    town.prove();

    for (rule, key) in [("missing-filing", "A1"), ("signed-after-start", "A3")] {
        let fingerprint = town.case(rule, key).fingerprint;
        for act in [
            Act::Assign("甲村村委会".to_owned()),
            Act::Due("2025-06-30".to_owned()),
        ] {
            town.store
                .act(&fingerprint, &act, &stamp("2025-04-02"))
                .unwrap();
        }
    }

    // Autumn. A1 was filed; A2's cell was blanked; A3's past date was changed; A4's amount was edited below the limit;
    // A5 was deleted; A6 is as it was; 乙村 handed nothing over.
    let mut autumn = spring();
    autumn[0].filed = "是".to_owned();
    autumn[1].filed = String::new();
    autumn[2].signed = "2024-02-28".to_owned();
    autumn[3].amount = "49000".to_owned();
    autumn.retain(|row| row.no != "A5" && row.village == "甲村");
    let added = town.scan("2025-09-30", &autumn);
    assert_eq!(
        (
            added.rectified,
            added.altered,
            added.vanished,
            added.unknown,
            added.new
        ),
        (1, 2, 1, 2, 0)
    );
    let state = |town: &Township, rule: &str, key: &str| town.case(rule, key).state;
    assert_eq!(state(&town, "missing-filing", "A1"), State::Rectified);
    let blanked = town.case("missing-filing", "A2");
    assert_eq!(blanked.state, State::Open);
    assert_eq!(blanked.seen.verdict.id(), "undetermined");
    let past = town.case("signed-after-start", "A3");
    assert_eq!(past.state, State::Altered);
    assert_eq!(past.changes, "签订日期：2024-03-10 → 2024-02-28");
    assert!(past.is_overdue("2025-10-01"));
    assert_eq!(state(&town, "missing-filing", "A4"), State::Altered);
    assert_eq!(state(&town, "missing-filing", "A5"), State::Vanished);
    assert_eq!(state(&town, "missing-filing", "A6"), State::Open);
    assert_eq!(state(&town, "signed-after-start", "B1"), State::Unknown);
    assert_eq!(state(&town, "missing-filing", "B2"), State::Unknown);
    town.prove();

    // The past act is closed on a document; A6 too, although the ledger does not show it.
    for (rule, key) in [("signed-after-start", "A3"), ("missing-filing", "A6")] {
        let fingerprint = town.case(rule, key).fingerprint;
        let act = Act::Close {
            evidence: "镇纪〔2025〕9号，已批评教育".to_owned(),
        };
        let case = town
            .store
            .act(&fingerprint, &act, &stamp("2025-10-10"))
            .unwrap();
        assert_eq!(case.state, State::Closed);
    }

    // Winter: 乙村 is back with B2 put right and B1 as it was; A1's finding is back; A6 still stands in the ledger.
    let mut winter = autumn.clone();
    winter[0].filed = "否".to_owned();
    winter.extend(spring().into_iter().filter(|row| row.village == "乙村"));
    winter.last_mut().unwrap().filed = "是".to_owned();
    let added = town.scan("2025-12-31", &winter);
    assert_eq!(added.reopened, 2, "one had been put right, one closed");
    let back = town.case("missing-filing", "A1");
    assert_eq!((back.state, back.reopened), (State::Open, true));
    let a6 = town.case("missing-filing", "A6");
    assert_eq!(
        (a6.state, a6.reopened),
        (State::Open, true),
        "curable and still found"
    );
    let past = town.case("signed-after-start", "A3");
    assert_eq!(
        past.state,
        State::Closed,
        "the change is the one that was explained"
    );
    assert_eq!(state(&town, "signed-after-start", "B1"), State::Open);
    assert_eq!(state(&town, "missing-filing", "B2"), State::Rectified);
    assert_eq!(state(&town, "missing-filing", "A5"), State::Vanished);
    town.prove();

    // Its date is changed once more: nobody has explained that.
    let mut later = winter.clone();
    later[2].signed = "2024-02-01".to_owned();
    town.scan("2026-03-31", &later);
    let past = town.case("signed-after-start", "A3");
    assert_eq!((past.state, past.reopened), (State::Altered, true));
    town.prove();

    let history = town.store.history(&back.fingerprint).unwrap();
    let words: Vec<String> = history
        .iter()
        .map(|event| match event {
            Event::Found { as_of, verdict, .. } => format!("{as_of} {}", verdict.id()),
            Event::Missed { as_of, status, .. } => format!("{as_of} {status}"),
            Event::Decided { act, .. } => act.id().to_owned(),
        })
        .collect();
    assert_eq!(
        words,
        [
            "2025-03-31 violation",
            "assign",
            "due",
            "2025-09-30 rectified",
            "2025-12-31 violation",
            "2026-03-31 violation"
        ]
    );
    let trend = town.store.trend().unwrap();
    let of = |day: &str, village: &str| {
        let found = trend
            .iter()
            .find(|t| t.as_of == day && t.tally.village == village);
        let tally = &found.unwrap().tally;
        (tally.open, tally.new, tally.rectified, tally.closed)
    };
    assert_eq!(of("2025-03-31", "甲村"), (6, 6, 0, 0));
    assert_eq!(of("2025-09-30", "甲村"), (5, 0, 1, 0));
    assert_eq!(of("2025-12-31", "乙村"), (1, 0, 1, 0));
    assert_eq!(of("2025-12-31", "甲村"), (5, 0, 0, 1));
}

#[test]
fn a_renumbered_case_goes_on_and_is_found_under_both_fingerprints() {
    let mut town = Township::new();
    town.scan("2025-03-31", &spring());
    let before = town.case("missing-filing", "A1").fingerprint;
    let mut autumn = spring();
    autumn[0].no = "新1".to_owned();
    town.scan("2025-09-30", &autumn);
    let case = town.store.case(&before).unwrap();
    assert_eq!(case.seen.key, "新1");
    assert_ne!(case.fingerprint, before);
    assert_eq!(town.store.case(&case.fingerprint).unwrap(), case);
    assert_eq!(
        town.store.case(&before[..11]).unwrap(),
        case,
        "a beginning is enough"
    );
    let matched =
        town.store.history(&before).unwrap().into_iter().any(
            |event| matches!(event, Event::Found { matched, .. } if matched.contains("A1 → 新1")),
        );
    assert!(matched);
    town.prove();
}

#[test]
fn what_verification_found_unfounded_is_remembered_and_counted_by_rule() {
    let mut town = Township::new();
    town.scan("2025-03-31", &spring());
    for (key, result) in [
        ("A1", Judgement::Unfounded),
        ("A2", Judgement::Confirmed),
        ("A4", Judgement::Partly),
        ("A5", Judgement::Confirmed),
    ] {
        let act = Act::Judge {
            result,
            evidence: "查阅备案登记簿".to_owned(),
        };
        let fingerprint = town.case("missing-filing", key).fingerprint;
        town.store
            .act(&fingerprint, &act, &stamp("2025-04-10"))
            .unwrap();
    }
    town.scan("2025-06-30", &spring());
    let case = town.case("missing-filing", "A1");
    assert_eq!(case.standing("2025-06-30"), Standing::Unfounded);
    let shares = town.store.by_rule().unwrap();
    let filing = shares.iter().find(|s| s.rule == "missing-filing").unwrap();
    assert_eq!(
        (
            filing.cases,
            filing.confirmed,
            filing.partly,
            filing.unfounded
        ),
        (6, 2, 1, 1)
    );
    assert_eq!(filing.unfounded_percent(), Some(25.0));
    town.prove();
}

#[test]
fn a_waiver_on_record_ends_by_itself() {
    let mut town = Township::new();
    town.scan("2025-03-31", &spring());
    let fingerprint = town.case("missing-filing", "A1").fingerprint;
    let waive = |expires: &str| Act::Waive {
        reason: "抢修".to_owned(),
        approved_by: "乡农经〔2025〕8号".to_owned(),
        expires: expires.to_owned(),
    };
    let case = town
        .store
        .act(&fingerprint, &waive("2025-12-31"), &stamp("2025-04-01"))
        .unwrap();
    assert_eq!(case.standing("2025-12-31"), Standing::Waived);
    assert_eq!(case.standing("2026-01-01"), Standing::State(State::Open));
    for expires in ["2025-03-01", "2027-01-01", ""] {
        let refused = town
            .store
            .act(&fingerprint, &waive(expires), &stamp("2025-04-01"));
        assert_eq!(
            refused.map_err(|e| e.kind),
            Err(StoreErrorKind::Refused),
            "{expires}"
        );
    }
    town.prove();
}

#[test]
fn what_lacks_its_proof_is_refused() {
    let mut town = Township::new();
    town.scan("2025-03-31", &spring());
    let fingerprint = town.case("missing-filing", "A1").fingerprint;
    let blank = || String::from("  ");
    for act in [
        Act::Assign(blank()),
        Act::Note(blank()),
        Act::Due("六月底".to_owned()),
        Act::Due("2025-02-30".to_owned()),
        Act::Judge {
            result: Judgement::Unfounded,
            evidence: blank(),
        },
        Act::Close { evidence: blank() },
    ] {
        let refused = town.store.act(&fingerprint, &act, &stamp("2025-04-01"));
        assert_eq!(
            refused.map_err(|e| e.kind),
            Err(StoreErrorKind::Refused),
            "{act:?}"
        );
    }
    let nobody = Stamp {
        who: " ".to_owned(),
        ..stamp("2025-04-01")
    };
    let act = Act::Note("已核".to_owned());
    assert!(town.store.act(&fingerprint, &act, &nobody).is_err());
    assert!(
        town.store
            .act("v1:0000000000000000", &act, &stamp("2025-04-01"))
            .is_err()
    );
    assert_eq!(town.store.last().unwrap(), 1, "nothing was entered");
}

#[test]
fn a_scan_is_added_once_and_in_the_order_of_its_day() {
    let mut town = Township::new();
    town.scan("2025-06-30", &spring());
    let again = town.store.add(
        &text(&Scan::on("2025-06-30").of(&spring())),
        &stamp("2025-07-01"),
    );
    let error = again.unwrap_err();
    assert!(error.message.zh.contains("已经登记过"), "{error:?}");
    let older = text(&Scan::on("2025-03-31").of(&spring()));
    let error = town.store.add(&older, &stamp("2025-07-01")).unwrap_err();
    assert!(
        error.message.zh.contains("早于已登记的 2025-06-30"),
        "{error:?}"
    );
    let error = town.store.add("{}", &stamp("2025-07-01")).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Refused);
}

#[test]
fn the_log_can_only_grow_and_tampering_is_told() {
    let (_folder, path) = scratch();
    let mut store = Store::open_or_create(&path).unwrap();
    store
        .add(
            &text(&Scan::on("2025-03-31").of(&spring())),
            &stamp("2025-03-31"),
        )
        .unwrap();
    let fingerprint = store.book().unwrap().cases()[0].fingerprint.clone();
    let act = Act::Note("已核".to_owned());
    store.act(&fingerprint, &act, &stamp("2025-04-01")).unwrap();
    drop(store);
    let raw = || rusqlite::Connection::open(&path).unwrap();
    for statement in [
        "UPDATE entry SET who = 'x'",
        "DELETE FROM entry",
        "DELETE FROM report",
        "UPDATE sighting SET verdict = 'pass'",
        "UPDATE outcome SET status = 'rectified'",
        "DELETE FROM tally",
    ] {
        let done = raw().execute(statement, []);
        assert!(
            statement.contains("outcome") || done.is_err(),
            "{statement} must be refused"
        );
    }
    let faults = |prepare: &str, statement: &str| {
        let connection = raw();
        connection
            .execute_batch(&format!("{prepare}; BEGIN; {statement}; COMMIT"))
            .unwrap();
        drop(connection);
        let verified = Store::open(&path).unwrap().verify().unwrap();
        verified
            .faults
            .iter()
            .map(|f| f.zh.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(faults("", "SELECT 1"), [""; 0]);
    let state = faults(
        "",
        "UPDATE standing SET state = 'rectified' WHERE number = 1",
    );
    assert!(state[0].contains("不能由检查和登记得出"), "{state:?}");
    faults("", "UPDATE standing SET state = 'open' WHERE number = 1");
    let who = faults(
        "DROP TRIGGER entry_stays",
        "UPDATE entry SET who = '他人' WHERE seq = 2",
    );
    assert!(who.iter().any(|f| f.contains("被改动过")), "{who:?}");
}

#[test]
fn another_writer_is_waited_for_and_then_named() {
    let (_folder, path) = scratch();
    let mut store = Store::open_or_create(&path).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let report = text(&Scan::on("2025-03-31").of(&spring()));
    let error = store.add(&report, &stamp("2025-03-31")).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Busy);
    assert!(error.message.zh.contains("另一个 heyan 正在写入"));
    assert!(error.message.en.contains("another heyan is writing"));
    assert_eq!(store.book().unwrap().cases().len(), 0, "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    store.add(&report, &stamp("2025-03-31")).unwrap();
}

#[test]
fn a_file_that_is_no_store_is_told_apart_from_a_damaged_and_a_newer_one() {
    let (folder, path) = scratch();
    assert_eq!(
        Store::open(&path).unwrap_err().kind,
        StoreErrorKind::Missing
    );
    let foreign = folder.path().join("别的.sqlite");
    rusqlite::Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE t (x)")
        .unwrap();
    let error = Store::open(&foreign).unwrap_err();
    assert!(
        error.message.zh.contains("不是核验的整改台账数据库"),
        "{error:?}"
    );
    let text_file = folder.path().join("文本.sqlite");
    std::fs::write(&text_file, "村名,合同\n".repeat(400)).unwrap();
    assert_eq!(
        Store::open(&text_file).unwrap_err().kind,
        StoreErrorKind::Damaged
    );

    let mut store = Store::open_or_create(&path).unwrap();
    store
        .add(
            &self::text(&Scan::on("2025-03-31").of(&spring())),
            &stamp("2025-03-31"),
        )
        .unwrap();
    drop(store);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xA5);
    let damaged = folder.path().join("坏.sqlite");
    std::fs::write(&damaged, bytes).unwrap();
    assert_eq!(
        Store::open(&damaged).unwrap_err().kind,
        StoreErrorKind::Damaged
    );
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let error = Store::open(&path).unwrap_err();
    assert!(error.message.zh.contains("较新版本"), "{error:?}");
}

#[test]
fn a_store_of_the_first_version_is_brought_to_this_one() {
    let (_folder, path) = scratch();
    let connection = rusqlite::Connection::open(&path).unwrap();
    let first = super::first_migration();
    connection.execute_batch(first).unwrap();
    connection
        .pragma_update(None, "application_id", 0x4845_594e)
        .unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    drop(connection);
    let mut store = Store::open(&path).unwrap();
    store
        .add(
            &text(&Scan::on("2025-03-31").of(&spring())),
            &stamp("2025-03-31"),
        )
        .unwrap();
    assert_eq!(store.verify().unwrap().faults, []);
    drop(store);
    let connection = rusqlite::Connection::open(&path).unwrap();
    let indexes: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_master WHERE name = 'sighting_by_case'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(indexes, 1);
}
