//! A folder of ledgers → findings, stage by stage: `cargo run --example scan_folder -- samples`.
#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use std::path::PathBuf;
use std::sync::Arc;

use heyan::finding::{FileId, Verdict};
use heyan::lang::{Bilingual, Lang};
use heyan::ledger::{self, Day, FileInfo};
use heyan::{discover, read, rules, scan};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "samples".into());
    let said = |message: Bilingual| message.en;

    let pack = rules::build(&rules::built_in(), None).pack;
    let mut mapped = Vec::new();
    let sources = discover::find(&[PathBuf::from(folder)]).map_err(said)?;
    for (id, source) in (0..).map(FileId).zip(&sources) {
        // A file that cannot be read has a reason, and is no error.
        let Ok(opened) = read::open(source, &read::Limits::default()) else {
            continue;
        };
        let file = FileInfo {
            id,
            name: Arc::clone(&source.name),
            village: None,
        };
        let hints = ledger::Hints::default();
        mapped.extend(ledger::map(&opened.workbook, &file, &pack.kinds, &hints, Lang::En).ledgers);
    }
    let (villages, _issues) = ledger::gather(mapped, &pack.kinds);

    let settings = scan::Settings {
        as_of: Day::from_ymd(2025, 6, 30).ok_or("no such day")?,
        lang: Lang::En,
        records: false,
    };
    let scan = scan::run(&pack, &villages, &settings);
    let violations = scan
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Violation);
    for finding in violations {
        println!("{} {}: {}", finding.village, finding.rule, finding.message);
    }
    Ok(())
}
