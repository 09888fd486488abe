//! Our readers of workbooks against calamine: the same cells, or a difference that is listed here with its reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use heyan::discover::{self, FileFormat, Status};
use heyan::read::{self, Cell, Content, Limits, Workbook};

/// Folders with workbooks, relative to the project; those that are absent are told.
const FOLDERS: [&str; 4] = [
    "../shared/corpora/public",
    "../shared/corpora/odd",
    "../shared/corpora/dev",
    "samples",
];

/// Every workbook of a format in the folders.
fn workbooks(format: FileFormat) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        if !path.is_dir() {
            println!("SKIPPED: {folder} absent");
            continue;
        }
        let sources = discover::find(&[path]).expect("the folder is there");
        for source in sources {
            if source.status == Status::Readable(format) {
                found.push((source.name.to_string(), source.path));
            }
        }
    }
    found
}

/// A cell's content with its text, so that two workbooks can be compared.
fn shown(cell: &Cell, book: &Workbook) -> String {
    match cell.content {
        Content::Text(id) => format!("text {:?}", book.texts.get(id)),
        other => format!("{other:?}"),
    }
}

/// The first differences of two workbooks, in words.
fn differences(ours: &Workbook, theirs: &Workbook) -> Vec<String> {
    let mut out = Vec::new();
    let names = |book: &Workbook| -> Vec<(String, bool)> {
        let sheets = book.sheets.iter();
        sheets
            .map(|sheet| (sheet.name.clone(), sheet.hidden))
            .collect()
    };
    if names(ours) != names(theirs) {
        out.push(format!("sheets {:?} | {:?}", names(ours), names(theirs)));
        return out;
    }
    for (a, b) in ours.sheets.iter().zip(&theirs.sheets) {
        if a.date_system != b.date_system {
            out.push(format!("{}: date system", a.name));
        }
        if a.merged != b.merged {
            out.push(format!(
                "{}: merged {:?} | {:?}",
                a.name, a.merged, b.merged
            ));
        }
        let mut places: BTreeMap<(u32, u16), [Option<String>; 2]> = BTreeMap::new();
        for cell in &a.cells {
            // calamine does not tell such a cell from a blank one.
            if cell.content != Content::FormulaWithoutValue {
                places.entry((cell.row, cell.col)).or_default()[0] = Some(shown(cell, ours));
            }
        }
        for cell in &b.cells {
            places.entry((cell.row, cell.col)).or_default()[1] = Some(shown(cell, theirs));
        }
        for ((row, col), [x, y]) in places {
            if x != y {
                let at = read::address(row, col);
                out.push(format!("{}!{at}: {x:?} | {y:?}", a.name));
            }
            if out.len() > 5 {
                return out;
            }
        }
    }
    out
}

/// Files whose difference has a reason: the end of the name, and the reason.
const XLSX_EXPLAINED: [(&str, &str); 1] = [(
    "TestIssue773_Template_output.xlsx",
    "calamine panics on it; the file is a template engine's output with blanks inside of tags, and other programs open it",
)];

fn compare(format: FileFormat, explained: &[(&str, &str)]) {
    let limits = Limits::default();
    let mut compared = 0;
    let mut wrong = String::new();
    for (name, path) in workbooks(format) {
        let bytes = std::fs::read(&path).expect("listed a moment ago");
        let ours = read::parse(&bytes, format, &limits);
        let theirs = read::parse_with_calamine(&bytes, format, &limits);
        let difference = match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => {
                compared += 1;
                differences(ours, theirs).join("\n    ")
            }
            (Err(_), Err(_)) => String::new(),
            (Ok(_), Err(reason)) => format!("calamine refuses: {}", reason.message.en),
            (Err(reason), Ok(_)) => format!("we refuse: {}", reason.message.en),
        };
        let explained = explained.iter().any(|(end, _)| name.ends_with(end));
        if !difference.is_empty() && !explained {
            let _ = writeln!(wrong, "{name}\n    {difference}");
        }
    }
    println!("{compared} workbooks compared");
    assert!(wrong.is_empty(), "{wrong}");
}

/// The same for xls.
const XLS_EXPLAINED: [(&str, &str); 2] = [
    (
        "any_sheets.xls",
        "the numbers that a chart sheet keeps for drawing are no cells",
    ),
    (
        "sheet_name_parsing.xls",
        "calamine takes its UTF-16 texts for single bytes",
    ),
];

#[test]
fn xlsx_cells_are_those_of_calamine() {
    compare(FileFormat::Xlsx, &XLSX_EXPLAINED);
}

#[test]
fn xls_cells_are_those_of_calamine() {
    compare(FileFormat::Xls, &XLS_EXPLAINED);
}
