//! Whatever moment a process is killed at, the store opens and proves all it says.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::story_tests::{scratch, text};
use crate::track::sample::{Row, Scan, row};
use crate::track::{Field, Filled, Line, Stamp, Store};

const STORE: &str = "HEYAN_TEST_STORE";

fn stamp() -> Stamp {
    Stamp {
        who: "甲村 会计".to_owned(),
        at: "2025-05-01T09:00:00+08:00".to_owned(),
    }
}

/// Contracts of which every third is put right or undone from one round to the next.
fn rows(round: u32) -> Vec<Row> {
    (0..12_u32)
        .map(|at| {
            let filed = if (at + round).is_multiple_of(3) {
                "是"
            } else {
                "否"
            };
            let no = format!("A{at}");
            row(
                "甲村",
                &no,
                [&no, &no, "2024-03-10", "2024-03-20", "80000", filed],
            )
        })
        .collect()
}

/// Adds scans and imports sheets until it is killed, or `rounds` are done.
fn work(path: &Path, rounds: u32) {
    let mut store = Store::open_or_create(path).unwrap();
    for _ in 0..rounds {
        let round = store.last().unwrap();
        let mut report = Scan::on("2025-03-31").of(&rows(round));
        // No report is the same as another one.
        report.notes.push(format!("round {round}"));
        store.add(&text(&report), &stamp()).unwrap();
        let book = store.book().unwrap();
        let lines = book.cases().iter().map(|case| Line {
            row: case.number,
            fingerprint: case.fingerprint.clone(),
            fields: [(Field::Note, format!("round {round}"))].into(),
        });
        let filled = Filled {
            mark: Some(store.mark().unwrap()),
            columns: [Field::Note].into(),
            lines: lines.collect(),
        };
        let imported = store.import(&filled, &stamp()).unwrap();
        assert_eq!(imported.clashes, []);
    }
}

/// Not a test of its own: what [`kill`] starts.
#[test]
#[ignore = "started by the tests beside it"]
fn writer() {
    if let Some(path) = std::env::var_os(STORE) {
        work(Path::new(&path), u32::MAX);
    }
}

/// Starts writers and kills each at another moment; what it left must open and prove itself.
fn kill(times: u32) {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let (mut folder, mut path) = scratch();
    let (mut added, mut before) = (0, 0);
    for time in 0..times {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["track::store::kill_tests::writer", "--exact", "--ignored"])
            .env(STORE, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // xorshift (Marsaglia, 2003): the same moments in every run, as far as the machine allows.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        std::thread::sleep(Duration::from_micros(2_000 + random % 60_000));
        writer.kill().unwrap();
        writer.wait().unwrap();
        if !path.exists() {
            continue;
        }
        let store = Store::open(&path).unwrap();
        let last = store.last().unwrap();
        assert!(last >= before, "entries were lost");
        added += last - before;
        before = last;
        assert_eq!(store.verify().unwrap().faults, [], "after kill {time}");
        drop(store);
        if last > 300 {
            (folder, path) = scratch();
            before = 0;
        }
    }
    assert!(
        added > times / 4,
        "the writers were killed before they wrote: {added}"
    );
    // And the next one goes on where they left off.
    work(&path, 1);
    assert_eq!(Store::open(&path).unwrap().verify().unwrap().faults, []);
    drop(folder);
}

#[test]
fn a_store_survives_twenty_kills() {
    kill(20);
}

#[test]
#[ignore = "takes a minute; run with --ignored"]
fn a_store_survives_four_hundred_kills() {
    kill(400);
}
