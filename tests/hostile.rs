//! Files from other programs' test suites and odd containers: each is read or refused with a reason; nothing panics.
#![allow(clippy::print_stdout, reason = "a skipped test says so loudly")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use heyan::discover::{self, Status};
use heyan::read::{self, Isolation, Limits};

/// A folder of the corpora beside the project; `None`, loudly, where it is absent.
fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpora")
        .join(name);
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: {} absent", path.display());
    None
}

/// What became of a file: `read`, or the status and kind of reason.
fn outcomes(folder: &Path) -> BTreeMap<String, String> {
    let sources = discover::find(&[folder.to_path_buf()]).expect("the folder is there");
    let limits = Limits::default();
    let isolation = Isolation {
        program: env!("CARGO_BIN_EXE_heyan").into(),
        arguments: vec!["read-isolated".into()],
    };
    let mut outcomes = BTreeMap::new();
    let mut slow = String::new();
    for source in sources {
        let start = Instant::now();
        let outcome = match &source.status {
            Status::Skipped(reason) => format!("skipped {}", reason.kind.id()),
            Status::Unreadable(reason) => format!("unreadable {}", reason.kind.id()),
            Status::Readable(format) => match read::open_isolated(&source, &limits, &isolation) {
                Ok(opened) => {
                    check_shape(&source.name, &opened.workbook);
                    "read".to_owned()
                }
                Err(reason) => {
                    assert!(!reason.message.zh.is_empty() && !reason.message.en.is_empty());
                    format!("unreadable {} ({})", reason.kind.id(), format.id())
                }
            },
        };
        if start.elapsed() > Duration::from_secs(30) {
            let _ = writeln!(slow, "{} took {:?}", source.name, start.elapsed());
        }
        outcomes.insert(source.name.to_string(), outcome);
    }
    assert!(slow.is_empty(), "{slow}");
    outcomes
}

/// The promises of [`heyan::read::Sheet`]: cells in order, no place twice, no empty text.
fn check_shape(name: &str, book: &read::Workbook) {
    for sheet in &book.sheets {
        let ordered = sheet
            .cells
            .is_sorted_by(|a, b| (a.row, a.col) < (b.row, b.col));
        assert!(ordered, "{name} {}", sheet.name);
        assert!(sheet.hidden_rows.is_sorted_by(|a, b| a < b));
        assert!(sheet.hidden_cols.is_sorted_by(|a, b| a < b));
        for cell in &sheet.cells {
            if let read::Content::Text(id) = cell.content {
                assert!(!book.texts.get(id).is_empty(), "{name} {}", sheet.name);
            }
        }
    }
}

#[test]
fn odd_containers_are_read_or_refused_as_they_should() {
    let Some(folder) = corpus("odd") else { return };
    let outcomes = outcomes(&folder);
    let expected = std::fs::read_to_string(folder.join("expected.json")).expect("listed");
    let expected: serde_json::Value = serde_json::from_str(&expected).expect("JSON");
    let mut wrong = String::new();
    for entry in expected.as_array().expect("a list") {
        let file = entry["file"].as_str().expect("a name");
        let got = outcomes.get(file).map_or("not listed", String::as_str);
        let expect = entry["expect"].as_str().expect("words");
        let kinds: Vec<&str> = match &entry["reason"] {
            serde_json::Value::String(kind) => vec![kind],
            serde_json::Value::Array(kinds) => kinds.iter().filter_map(|k| k.as_str()).collect(),
            _ => Vec::new(),
        };
        let refused = kinds.iter().any(|kind| got.split(' ').nth(1) == Some(kind));
        let good = if expect.starts_with("read") {
            got == "read" || refused
        } else {
            refused
        };
        if !good {
            let _ = writeln!(wrong, "{file}: {expect}: {got}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn files_of_other_test_suites_are_read_or_refused_with_a_reason() {
    let Some(folder) = corpus("public") else {
        return;
    };
    let outcomes = outcomes(&folder);
    let mut counts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, outcome) in &outcomes {
        counts.entry(outcome).or_default().push(name);
    }
    for (outcome, names) in &counts {
        println!("{outcome}: {}", names.len());
        if *outcome != "read" {
            for name in names {
                println!("    {name}");
            }
        }
    }
    assert!(counts["read"].len() > 600);
}
