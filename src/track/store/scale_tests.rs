//! A county's store: a hundred thousand findings over twenty scans.

use std::time::{Duration, Instant};

use super::story_tests::{scratch, text};
use crate::lang::Lang;
use crate::track::sample::{Scan, row};
use crate::track::{Filter, Stamp, Store, Which, export, list_text};

const DAYS: [&str; 20] = [
    "2024-01-31",
    "2024-02-29",
    "2024-03-31",
    "2024-04-30",
    "2024-05-31",
    "2024-06-30",
    "2024-07-31",
    "2024-08-31",
    "2024-09-30",
    "2024-10-31",
    "2024-11-30",
    "2024-12-31",
    "2025-01-31",
    "2025-02-28",
    "2025-03-31",
    "2025-04-30",
    "2025-05-31",
    "2025-06-30",
    "2025-07-31",
    "2025-08-31",
];

/// Every scan brings five thousand findings more, so that the last one has a hundred thousand.
#[test]
#[ignore = "takes minutes; run in release with --ignored --nocapture"]
#[expect(clippy::print_stderr, reason = "its figures are what it is run for")]
fn a_hundred_thousand_findings_over_twenty_scans_list_and_export_in_under_two_seconds_each() {
    let (_folder, path) = scratch();
    let mut rows = Vec::new();
    let mut store = Store::open_or_create(&path).unwrap();
    for (scan, day) in (0_u32..).zip(DAYS) {
        for at in 0..5_000_u32 {
            let no = format!("HT-{scan}-{at}");
            let village = format!("{}村", at % 200);
            rows.push(row(
                &village,
                &no,
                [
                    &format!("{village}{at}号道路硬化工程施工合同"),
                    &format!("{no}建筑工程有限公司"),
                    "2023-03-10",
                    "2023-03-20",
                    "80000",
                    "否",
                ],
            ));
        }
        let how = Scan {
            rules: vec!["missing-filing"],
            ..Scan::on(day)
        };
        let report = text(&how.of(&rows));
        let stamp = Stamp {
            who: "县经管站".to_owned(),
            at: format!("{day}T09:00:00+08:00"),
        };
        let begun = Instant::now();
        store.add(&report, &stamp).unwrap();
        eprintln!(
            "add {scan}: {:?} for {} MB",
            begun.elapsed(),
            report.len() >> 20
        );
    }
    drop(store);
    eprintln!(
        "store: {} MB",
        std::fs::metadata(&path).unwrap().len() >> 20
    );

    let begun = Instant::now();
    let store = Store::open(&path).unwrap();
    let opened = begun.elapsed();
    let book = store.book().unwrap();
    let filter = Filter {
        which: Which::All,
        ..Filter::default()
    };
    let cases = filter.cases(&book, "2025-09-01");
    let list = list_text(&cases, "2025-09-01", Lang::Zh);
    let listed = begun.elapsed();
    eprintln!(
        "open {opened:?}, open and list {listed:?}, {} lines",
        list.lines().count()
    );
    assert_eq!(list.lines().count(), 100_002);

    let begun = Instant::now();
    let store = Store::open(&path).unwrap();
    let book = store.book().unwrap();
    let cases = filter.cases(&book, "2025-09-01");
    let bytes = export(&cases, "2025-09-01", &store.mark().unwrap(), Lang::Zh).unwrap();
    let exported = begun.elapsed();
    eprintln!("open and export {exported:?}, {} MB", bytes.len() >> 20);
    assert_eq!(cases.len(), 100_000);
    assert!(listed < Duration::from_secs(2), "list took {listed:?}");
    assert!(
        exported < Duration::from_secs(2),
        "export took {exported:?}"
    );
}
