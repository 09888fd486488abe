//! A workbook that came back → its sheets as rows of text, dates ISO.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::discover;
use crate::lang::Bilingual;
use crate::ledger::Day;
use crate::read::{self, Content, DateSystem, Limits, Sheet, Texts};
use crate::track::SheetRow;

/// The sheets of a workbook as rows of text.
///
/// # Errors
/// A file that is not there or cannot be read.
pub(super) fn rows(path: &Path) -> Result<Vec<Vec<SheetRow>>, Failure> {
    let sources = discover::find(&[PathBuf::from(path)]).map_err(Failure::Usage)?;
    let Some(source) = sources.first() else {
        let shown = path.display();
        return Err(Failure::Usage(Bilingual::new(
            format!("没有文件 {shown}"),
            format!("there is no file {shown}"),
        )));
    };
    let limits = Limits::default();
    let opened = match super::read_isolated::isolation() {
        Some(isolation) => read::open_isolated(source, &limits, &isolation),
        None => read::open(source, &limits),
    };
    let opened = opened.map_err(|reason| {
        let (shown, message) = (path.display(), reason.message);
        Failure::Usage(Bilingual::new(
            format!("不能读 {shown}：{}", message.zh),
            format!("cannot read {shown}: {}", message.en),
        ))
    })?;
    let workbook = opened.workbook;
    let sheets = workbook.sheets.iter();
    Ok(sheets
        .map(|sheet| texts_of(sheet, &workbook.texts))
        .collect())
}

fn texts_of(sheet: &Sheet, texts: &Texts) -> Vec<SheetRow> {
    let mut rows: BTreeMap<u32, BTreeMap<u16, String>> = BTreeMap::new();
    for cell in &sheet.cells {
        let text = match cell.content {
            Content::Text(id) => texts.get(id).to_owned(),
            Content::Number(number) => number.to_string(),
            Content::DateSerial(serial) => date(serial, sheet.date_system),
            Content::Bool(truth) => truth.to_string(),
            Content::Error(error) => error.text().to_owned(),
            Content::FormulaWithoutValue => continue,
        };
        rows.entry(cell.row + 1).or_default().insert(cell.col, text);
    }
    let rows = rows.into_iter();
    rows.map(|(row, cells)| SheetRow { row, cells }).collect()
}

/// A serial of a spreadsheet program as ISO; days only.
fn date(serial: f64, system: DateSystem) -> String {
    // Serial 0 of the 1900 system is 1899-12-30 from March 1900 on, for the 29 February 1900 that never was.
    let first = match system {
        DateSystem::From1900 => Day::from_ymd(1899, 12, 30),
        DateSystem::From1904 => Day::from_ymd(1904, 1, 1),
    };
    let whole = serial.floor();
    match first {
        Some(first) if (0.0..3_000_000.0).contains(&whole) => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a whole number below three million"
            )]
            let days = whole as i64;
            first.plus_days(days).to_string()
        }
        _ => serial.to_string(),
    }
}
