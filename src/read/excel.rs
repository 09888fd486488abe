//! The only file that knows calamine.

use std::io::Cursor;

use calamine::{
    CellErrorType, Data, DataRef, Dimensions, Ods, OdsError, Reader, SheetVisible, Xls, XlsError,
    Xlsb, XlsbError, Xlsx, XlsxError,
};

use super::assembly::{Assembly, MAX_COLS, MAX_ROWS};
use super::{Cell, CellError, Content, DateSystem, Limits, Region, Sheet, Workbook, iso_date};
use crate::discover::Reason;

/// Reads an xlsx or xlsm workbook.
pub(super) fn read_xlsx(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => Reason::encrypted(),
        error => damaged(&error),
    })?;
    let mut assembly = Assembly::new(limits);
    let date_system = date_system(book.has_1904_epoch());
    for meta in book.sheets_metadata().to_vec() {
        let mut sheet = new_sheet(&meta, date_system);
        if let Ok(regions) = book.merge_cells_by_sheet_name(&meta.name) {
            add_regions(&mut assembly, &mut sheet, &regions)?;
        }
        match book.worksheet_cells_reader(&meta.name) {
            Ok(mut cells) => {
                while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
                    let place = cell.get_position();
                    add_ref(&mut assembly, &mut sheet, place, cell.get_value())?;
                }
            }
            // A chart has no cells.
            Err(XlsxError::NotAWorksheet(_)) => {}
            Err(error) => return Err(damaged(&error)),
        }
        assembly.add_sheet(sheet)?;
    }
    Ok(assembly.workbook)
}

/// Reads an xlsb workbook.
pub(super) fn read_xlsb(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let mut book = Xlsb::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsbError::Password => Reason::encrypted(),
        error => damaged(&error),
    })?;
    let mut assembly = Assembly::new(limits);
    let date_system = date_system(book.has_1904_epoch());
    for meta in book.sheets_metadata().to_vec() {
        let mut sheet = new_sheet(&meta, date_system);
        let mut cells = book
            .worksheet_cells_reader(&meta.name)
            .map_err(|error| damaged(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
            let place = cell.get_position();
            add_ref(&mut assembly, &mut sheet, place, cell.get_value())?;
        }
        assembly.add_sheet(sheet)?;
    }
    Ok(assembly.workbook)
}

/// Reads an xls workbook.
pub(super) fn read_xls(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Reason::encrypted(),
        error => damaged(&error),
    })?;
    let date_system = date_system(book.has_1904_epoch());
    let mut regions = Vec::new();
    for meta in book.sheets_metadata() {
        regions.push(
            book.merge_cells_by_sheet_name(&meta.name)
                .unwrap_or_default(),
        );
    }
    read_ranges(book, &regions, date_system, limits)
}

/// Reads an ods workbook.
pub(super) fn read_ods(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let book = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => Reason::encrypted(),
        error => damaged(&error),
    })?;
    read_ranges(book, &[], DateSystem::From1900, limits)
}

fn read_ranges<'b, R>(
    mut book: R,
    regions: &[Vec<Dimensions>],
    date_system: DateSystem,
    limits: &Limits,
) -> Result<Workbook, Reason>
where
    R: Reader<Cursor<&'b [u8]>>,
{
    let mut assembly = Assembly::new(limits);
    for (at, meta) in book.sheets_metadata().to_vec().iter().enumerate() {
        let mut sheet = new_sheet(meta, date_system);
        if let Some(regions) = regions.get(at) {
            add_regions(&mut assembly, &mut sheet, regions)?;
        }
        let range = book
            .worksheet_range(&meta.name)
            .map_err(|error| damaged(&error))?;
        if let Some((top, left)) = range.start() {
            for (row, col, data) in range.used_cells() {
                let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
                let col = left.saturating_add(u32::try_from(col).unwrap_or(u32::MAX));
                add(&mut assembly, &mut sheet, (row, col), data)?;
            }
        }
        assembly.add_sheet(sheet)?;
    }
    Ok(assembly.workbook)
}

fn new_sheet(meta: &calamine::Sheet, date_system: DateSystem) -> Sheet {
    Sheet {
        name: meta.name.clone(),
        hidden: meta.visible != SheetVisible::Visible,
        date_system,
        ..Sheet::default()
    }
}

fn date_system(is_1904: bool) -> DateSystem {
    if is_1904 {
        DateSystem::From1904
    } else {
        DateSystem::From1900
    }
}

fn add_regions(
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    regions: &[Dimensions],
) -> Result<(), Reason> {
    for region in regions {
        let (Ok(left), Ok(right)) = (u16::try_from(region.start.1), u16::try_from(region.end.1))
        else {
            continue;
        };
        let region = Region {
            top: region.start.0,
            left,
            bottom: region.end.0,
            right,
        };
        assembly.merge(sheet, region)?;
    }
    Ok(())
}

fn add_ref(
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    place: (u32, u32),
    data: &DataRef,
) -> Result<(), Reason> {
    match data {
        DataRef::SharedString(text) => add_text(assembly, sheet, place, text),
        data => add(assembly, sheet, place, &data.clone().into()),
    }
}

fn add(
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    place: (u32, u32),
    data: &Data,
) -> Result<(), Reason> {
    let content = match data {
        Data::Empty => return Ok(()),
        // Serials of whole days; no spreadsheet holds integers that a float cannot.
        #[expect(clippy::cast_precision_loss, reason = "the file stores a float")]
        Data::Int(number) => Content::Number(*number as f64),
        Data::Float(number) => Content::Number(*number),
        Data::Bool(truth) => Content::Bool(*truth),
        Data::DateTime(date) => Content::DateSerial(date.as_f64()),
        Data::Error(error) => Content::Error(error_value(error)),
        Data::DateTimeIso(text) => match iso_date::serial(text, sheet.date_system) {
            Some(serial) => Content::DateSerial(serial),
            None => return add_text(assembly, sheet, place, text),
        },
        Data::String(text) | Data::DurationIso(text) => {
            return add_text(assembly, sheet, place, text);
        }
    };
    add_content(assembly, sheet, place, content)
}

fn add_text(
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    place: (u32, u32),
    text: &str,
) -> Result<(), Reason> {
    match assembly.text_content(text)? {
        Some(content) => add_content(assembly, sheet, place, content),
        None => Ok(()),
    }
}

fn add_content(
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    (row, col): (u32, u32),
    content: Content,
) -> Result<(), Reason> {
    match u16::try_from(col) {
        Ok(col) if col < MAX_COLS && row < MAX_ROWS => {
            assembly.push(sheet, Cell { row, col, content })
        }
        _ => Err(Reason::damaged(
            "单元格位置超出表格范围",
            "a cell beyond the bounds of a sheet",
        )),
    }
}

fn error_value(error: &CellErrorType) -> CellError {
    match error {
        CellErrorType::Div0 => CellError::Div0,
        CellErrorType::NA => CellError::NA,
        CellErrorType::Name => CellError::Name,
        CellErrorType::Null => CellError::Null,
        CellErrorType::Num => CellError::Num,
        CellErrorType::Ref => CellError::Ref,
        CellErrorType::Value => CellError::Value,
        CellErrorType::GettingData => CellError::GettingData,
    }
}

/// The library's own words can hold parts of the content, so they are not passed on.
fn damaged(_: &impl std::fmt::Debug) -> Reason {
    Reason::damaged("内部结构无法识别", "its structure cannot be understood")
}
