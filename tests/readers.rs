//! Our reading of workbooks against calamine's of the file as it stands: the same cells, or a difference that is listed
//! here with its reason.
#![allow(clippy::print_stdout, reason = "a skipped test says so loudly")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::panic;
use std::path::{Path, PathBuf};

use calamine::{Data, DataRef, Dimensions, Ods, Reader, SheetVisible, Xls, Xlsb, Xlsx, XlsxError};
use heyan::discover::{self, FileFormat, Status};
use heyan::read::{self, CellError, Content, DateSystem, Limits, Region, Workbook};

/// Folders with workbooks, relative to the project; those that are absent are told.
const FOLDERS: [&str; 4] = [
    "../shared/corpora/public",
    "../shared/corpora/odd",
    "../shared/corpora/dev",
    "samples",
];

/// Files whose difference has a reason: the end of the name, and the reason.
const EXPLAINED: [(&str, &str); 5] = [
    (
        "TestIssue773_Template_output.xlsx",
        "calamine panics on it: a template engine put blanks inside of its tags; other programs open it",
    ),
    (
        "any_sheets.xls",
        "the numbers that a chart sheet keeps for drawing are no cells",
    ),
    (
        "any_sheets.xlsb",
        "calamine refuses a workbook with a chart sheet",
    ),
    (
        "sheet_name_parsing.xls",
        "calamine takes its UTF-16 texts for single bytes",
    ),
    (
        "date.ods",
        "times of the day are told as shown, 10:10:10, where calamine has PT10H10M10S",
    ),
];

/// A workbook as both readers see it.
#[derive(Debug, PartialEq)]
struct Seen {
    sheets: Vec<SeenSheet>,
}

#[derive(Debug, Default, PartialEq)]
struct SeenSheet {
    name: String,
    hidden: bool,
    from_1904: bool,
    /// None where the reader does not tell.
    merged: Option<Vec<[u32; 4]>>,
    cells: BTreeMap<(u32, u32), String>,
}

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

fn ours(book: &Workbook) -> Seen {
    let corners = |region: &Region| {
        let (left, right) = (u32::from(region.left), u32::from(region.right));
        [region.top, left, region.bottom, right]
    };
    let sheets = book.sheets.iter().map(|sheet| SeenSheet {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        from_1904: sheet.date_system == DateSystem::From1904,
        merged: Some(sheet.merged.iter().map(corners).collect()),
        cells: sheet
            .cells
            .iter()
            // calamine does not tell such a cell from a blank one.
            .filter(|cell| cell.content != Content::FormulaWithoutValue)
            .map(|cell| {
                let content = match cell.content {
                    Content::Text(id) => format!("{:?}", book.texts.get(id)),
                    Content::Number(number) | Content::DateSerial(number) => {
                        let date = matches!(cell.content, Content::DateSerial(_));
                        format!("{number:?}{}", if date { " date" } else { "" })
                    }
                    Content::Bool(value) => value.to_string(),
                    Content::Error(error) => error.text().to_owned(),
                    Content::FormulaWithoutValue => String::new(),
                };
                ((cell.row, u32::from(cell.col)), content)
            })
            .collect(),
    });
    Seen {
        sheets: sheets.collect(),
    }
}

/// The content of a cell; `None` for a blank one.
fn shown(data: &Data) -> Option<String> {
    let text = |text: &str| (!text.is_empty()).then(|| format!("{text:?}"));
    match data {
        Data::Empty => None,
        Data::Int(number) => Some(format!("{:?}", f64::from(i32::try_from(*number).ok()?))),
        Data::Float(number) => Some(format!("{number:?}")),
        Data::Bool(value) => Some(value.to_string()),
        Data::DateTime(date) => Some(format!("{:?} date", date.as_f64())),
        Data::DateTimeIso(iso) => match serial(iso) {
            Some(serial) => Some(format!("{serial:?} date")),
            None => text(iso),
        },
        Data::DurationIso(iso) => text(iso),
        Data::String(value) => text(value),
        Data::Error(error) => Some(error.to_string()),
    }
}

/// The serial of an ISO date, by way of jiff.
fn serial(iso: &str) -> Option<f64> {
    let time: jiff::civil::DateTime = match iso.parse() {
        Ok(time) => time,
        Err(_) => iso
            .parse::<jiff::civil::Date>()
            .ok()?
            .to_datetime(jiff::civil::Time::midnight()),
    };
    let epoch = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    let seconds = time.duration_since(epoch).as_secs_f64();
    Some(seconds / 86400.0)
}

fn corners(regions: &[Dimensions]) -> Vec<[u32; 4]> {
    let mut corners: Vec<[u32; 4]> = regions
        .iter()
        .map(|region| [region.start.0, region.start.1, region.end.0, region.end.1])
        .filter(|[top, left, bottom, right]| (top, left) != (bottom, right))
        .collect();
    corners.sort_unstable();
    corners.dedup();
    corners
}

fn new_sheet(meta: &calamine::Sheet, from_1904: bool) -> SeenSheet {
    SeenSheet {
        name: meta.name.clone(),
        hidden: meta.visible != SheetVisible::Visible,
        from_1904,
        ..SeenSheet::default()
    }
}

fn add_ref(sheet: &mut SeenSheet, place: (u32, u32), data: &DataRef) {
    if let Some(content) = shown(&data.clone().into()) {
        sheet.cells.insert(place, content);
    }
}

fn theirs(bytes: &[u8], format: FileFormat) -> Option<Seen> {
    let mut sheets = Vec::new();
    match format {
        FileFormat::Xlsx => {
            let mut book = Xlsx::new(Cursor::new(bytes)).ok()?;
            for meta in book.sheets_metadata().to_vec() {
                let mut sheet = new_sheet(&meta, book.has_1904_epoch());
                let regions = book.merge_cells_by_sheet_name(&meta.name);
                sheet.merged = Some(corners(&regions.unwrap_or_default()));
                match book.worksheet_cells_reader(&meta.name) {
                    Ok(mut cells) => {
                        while let Some(cell) = cells.next_cell().ok()? {
                            add_ref(&mut sheet, cell.get_position(), cell.get_value());
                        }
                    }
                    Err(XlsxError::NotAWorksheet(_)) => {}
                    Err(_) => return None,
                }
                sheets.push(sheet);
            }
        }
        FileFormat::Xlsb => {
            let mut book = Xlsb::new(Cursor::new(bytes)).ok()?;
            for meta in book.sheets_metadata().to_vec() {
                let mut sheet = new_sheet(&meta, book.has_1904_epoch());
                let mut cells = book.worksheet_cells_reader(&meta.name).ok()?;
                while let Some(cell) = cells.next_cell().ok()? {
                    add_ref(&mut sheet, cell.get_position(), cell.get_value());
                }
                sheets.push(sheet);
            }
        }
        FileFormat::Xls => {
            let book = Xls::new(Cursor::new(bytes)).ok()?;
            let from_1904 = book.has_1904_epoch();
            let metas = book.sheets_metadata().to_vec();
            let merged: Vec<_> = metas
                .iter()
                .map(|meta| {
                    corners(
                        &book
                            .merge_cells_by_sheet_name(&meta.name)
                            .unwrap_or_default(),
                    )
                })
                .collect();
            sheets = ranges(book, from_1904)?;
            for (sheet, merged) in sheets.iter_mut().zip(merged) {
                sheet.merged = Some(merged);
            }
        }
        FileFormat::Ods => {
            sheets = ranges(Ods::new(Cursor::new(bytes)).ok()?, false)?;
            // calamine keeps an error of ods as its text.
            for content in sheets.iter_mut().flat_map(|sheet| sheet.cells.values_mut()) {
                if let Some(error) = CellError::from_text(content.trim_matches('"')) {
                    error.text().clone_into(content);
                }
            }
        }
        FileFormat::Csv | FileFormat::Html | FileFormat::XmlSpreadsheet => return None,
    }
    Some(Seen { sheets })
}

fn ranges<'b, R: Reader<Cursor<&'b [u8]>>>(mut book: R, from_1904: bool) -> Option<Vec<SeenSheet>> {
    let mut sheets = Vec::new();
    for meta in book.sheets_metadata().to_vec() {
        let mut sheet = new_sheet(&meta, from_1904);
        let range = book.worksheet_range(&meta.name).ok()?;
        if let Some((top, left)) = range.start() {
            for (row, col, data) in range.used_cells() {
                let place = (
                    top + u32::try_from(row).ok()?,
                    left + u32::try_from(col).ok()?,
                );
                if let Some(content) = shown(data) {
                    sheet.cells.insert(place, content);
                }
            }
        }
        sheets.push(sheet);
    }
    Some(sheets)
}

/// The first differences, in words.
fn differences(ours: &Seen, theirs: &Seen) -> String {
    let heads = |book: &Seen| -> Vec<(String, bool, bool)> {
        let sheets = book.sheets.iter();
        sheets
            .map(|sheet| (sheet.name.clone(), sheet.hidden, sheet.from_1904))
            .collect()
    };
    let mut out = String::new();
    if heads(ours) != heads(theirs) {
        let _ = writeln!(out, "    {:?} | {:?}", heads(ours), heads(theirs));
        return out;
    }
    for (a, b) in ours.sheets.iter().zip(&theirs.sheets) {
        if b.merged.is_some() && a.merged != b.merged {
            let _ = writeln!(out, "    {}: {:?} | {:?}", a.name, a.merged, b.merged);
        }
        let places = a.cells.keys().chain(b.cells.keys());
        let wrong = places.filter(|&place| a.cells.get(place) != b.cells.get(place));
        for place in wrong.take(5) {
            let (x, y) = (a.cells.get(place), b.cells.get(place));
            let _ = writeln!(out, "    {} {place:?}: {x:?} | {y:?}", a.name);
        }
    }
    out
}

fn compare(format: FileFormat) {
    let mut compared = 0;
    let mut wrong = String::new();
    for (name, path) in workbooks(format) {
        let bytes = std::fs::read(&path).expect("listed a moment ago");
        let ours = read::parse(&bytes, format, &Limits::default());
        let theirs = panic::catch_unwind(|| theirs(&bytes, format))
            .ok()
            .flatten();
        let difference = match (&ours, &theirs) {
            (Ok(book), Some(theirs)) => {
                compared += 1;
                differences(&self::ours(book), theirs)
            }
            (Err(_), None) => String::new(),
            (Ok(_), None) => "    calamine refuses it\n".to_owned(),
            (Err(reason), Some(_)) => format!("    we refuse it: {}\n", reason.message.en),
        };
        let explained = EXPLAINED.iter().any(|(end, _)| name.ends_with(end));
        if !difference.is_empty() && !explained {
            let _ = write!(wrong, "{name}\n{difference}");
        }
    }
    println!("{}: {compared} workbooks compared", format.id());
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn xlsx_cells_are_those_of_calamine() {
    compare(FileFormat::Xlsx);
}

#[test]
fn xls_cells_are_those_of_calamine() {
    compare(FileFormat::Xls);
}

#[test]
fn ods_cells_are_those_of_calamine() {
    compare(FileFormat::Ods);
}

#[test]
fn xlsb_cells_are_those_of_calamine() {
    compare(FileFormat::Xlsb);
}
