//! How long each stage of a scan takes by itself, on one thread: read, map, gather and judge.
//!
//! `cargo bench --bench stages -- PATH [read]`: with the word `read`, only reading. Without a path it
//! takes the samples.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::print_stdout, reason = "a program that tells what it measured")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use heyan::finding::FileId;
use heyan::lang::Lang;
use heyan::ledger::{self, Day, FileInfo, Hints};
use heyan::{discover, read, rules, scan};

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let path = arguments.first().map_or("samples", String::as_str);
    let only_read = arguments.get(1).is_some_and(|word| word == "read");

    let pack = rules::build(&rules::built_in(), None).pack;
    let hints = Hints::default();
    let limits = read::Limits::default();
    let sources = discover::find(&[PathBuf::from(path)]).expect("a path that is there");

    let (mut reading, mut mapping) = (Duration::ZERO, Duration::ZERO);
    let (mut files, mut cells, mut records) = (0_usize, 0_usize, 0_usize);
    let mut ledgers = Vec::new();
    for (id, source) in (0..).map(FileId).zip(&sources) {
        let start = Instant::now();
        let Ok(opened) = read::open(source, &limits) else {
            continue;
        };
        reading += start.elapsed();
        files += 1;
        let sheets = opened.workbook.sheets.iter();
        cells += sheets.map(|sheet| sheet.cells.len()).sum::<usize>();
        if only_read {
            continue;
        }
        let file = FileInfo {
            id,
            name: Arc::clone(&source.name),
            village: None,
        };
        let start = Instant::now();
        let mapped = ledger::map(&opened.workbook, &file, &pack.kinds, &hints, Lang::Zh);
        mapping += start.elapsed();
        let of_file = mapped.ledgers.iter();
        records += of_file.map(|(_, ledger)| ledger.len()).sum::<usize>();
        ledgers.extend(mapped.ledgers);
    }
    println!("{files} files, {cells} cells, {records} records");
    println!("read   {:8.3} s", reading.as_secs_f64());
    if only_read {
        return;
    }
    println!("map    {:8.3} s", mapping.as_secs_f64());

    let start = Instant::now();
    let (villages, _) = ledger::gather(ledgers, &pack.kinds);
    println!("gather {:8.3} s", start.elapsed().as_secs_f64());

    let settings = scan::Settings {
        as_of: Day::from_ymd(2025, 6, 30).expect("a day"),
        lang: Lang::Zh,
        records: false,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a pool of threads");
    let start = Instant::now();
    let scan = pool.install(|| scan::run(&pack, &villages, &settings));
    println!(
        "judge  {:8.3} s, {} findings",
        start.elapsed().as_secs_f64(),
        scan.findings.len()
    );
}
