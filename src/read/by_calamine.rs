//! The only file that knows calamine: what the cells hold of a workbook that a layout pass of ours has checked and
//! repacked.
//!
//! A layout pass hands over nothing but cells, in containers and with counts of our own making, so that nothing a file
//! states about its size reaches calamine; where a cell stands, what is merged and what is hidden is kept by the pass.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{CellErrorType, Data, DataRef, Ods, Reader, Xls, Xlsb, Xlsx};

use super::assembly::{Assembly, MAX_COLS, MAX_ROWS};
use super::{Cell, CellError, Content, Sheet, TextId, iso_date};
use crate::discover::Reason;

/// What calamine found in a cell.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(f64),
    DateSerial(f64),
    /// A date in ISO form.
    Date(&'a str),
    Bool(bool),
    Error(CellError),
}

/// An open workbook of a layout pass, its sheets named by their numbers.
pub(super) struct Opened<R>(R);

/// An xls workbook.
pub(super) type XlsCells = Opened<Xls<Cursor<Vec<u8>>>>;
/// An ods workbook.
pub(super) type OdsCells = Opened<Ods<Cursor<Vec<u8>>>>;
/// An xlsb workbook.
pub(super) type XlsbCells = Opened<Xlsb<Cursor<Vec<u8>>>>;
/// An xlsx workbook.
pub(super) type XlsxCells = Opened<Xlsx<Cursor<Vec<u8>>>>;

impl<R> Opened<R>
where
    R: Reader<Cursor<Vec<u8>>>,
    R::Error: std::fmt::Debug,
{
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, Reason> {
        R::new(Cursor::new(bytes)).map(Self).map_err(broken)
    }

    /// Gives the cells of a sheet, which were laid side by side, in their order, and tells how many there are.
    pub(super) fn each_laid(
        &mut self,
        sheet: usize,
        mut give: impl FnMut(usize, Value) -> Result<(), Reason>,
    ) -> Result<usize, Reason> {
        let range = self.0.worksheet_range(&sheet.to_string()).map_err(broken)?;
        let mut count = 0;
        for data in range.rows().flatten() {
            let value = match data {
                Data::Empty => continue,
                #[expect(clippy::cast_precision_loss, reason = "of 30 bits")]
                Data::Int(number) => Value::Number(*number as f64),
                Data::Float(number) => Value::Number(*number),
                Data::Bool(truth) => Value::Bool(*truth),
                Data::DateTime(date) => Value::DateSerial(date.as_f64()),
                Data::Error(error) => Value::Error(error_value(error)),
                Data::DateTimeIso(text) => Value::Date(text),
                Data::String(text) | Data::DurationIso(text) => Value::Text(text),
            };
            give(count, value)?;
            count += 1;
        }
        Ok(count)
    }
}

impl XlsbCells {
    /// Gives the cells of a sheet with their rows and columns, one after the other.
    pub(super) fn each(&mut self, sheet: usize, give: impl Give) -> Result<(), Reason> {
        let reader = self.0.worksheet_cells_reader(&sheet.to_string());
        let mut reader = reader.map_err(broken)?;
        each_in_turn(|| reader.next_cell(), give)
    }
}

impl XlsxCells {
    /// Gives the cells of a sheet with their rows and columns, one after the other.
    pub(super) fn each(&mut self, sheet: usize, give: impl Give) -> Result<(), Reason> {
        let reader = self.0.worksheet_cells_reader(&sheet.to_string());
        let mut reader = reader.map_err(broken)?;
        each_in_turn(|| reader.next_cell(), give)
    }
}

/// Takes a cell with its row and column.
pub(super) trait Give: FnMut((u32, u32), Value) -> Result<(), Reason> {}

impl<G: FnMut((u32, u32), Value) -> Result<(), Reason>> Give for G {}

fn each_in_turn<'a, E: std::fmt::Debug>(
    mut next: impl FnMut() -> Result<Option<calamine::Cell<DataRef<'a>>>, E>,
    mut give: impl Give,
) -> Result<(), Reason> {
    while let Some(cell) = next().map_err(broken)? {
        if let Some(value) = borrowed(cell.get_value()) {
            give(cell.get_position(), value)?;
        }
    }
    Ok(())
}

fn borrowed<'a>(data: &'a DataRef) -> Option<Value<'a>> {
    Some(match data {
        DataRef::Empty => return None,
        #[expect(clippy::cast_precision_loss, reason = "of 30 bits")]
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(number) => Value::Number(*number),
        DataRef::Bool(truth) => Value::Bool(*truth),
        DataRef::DateTime(date) => Value::DateSerial(date.as_f64()),
        DataRef::Error(error) => Value::Error(error_value(error)),
        DataRef::DateTimeIso(text) => Value::Date(text),
        DataRef::SharedString(text) => Value::Text(text),
        DataRef::String(text) | DataRef::DurationIso(text) => Value::Text(text),
    })
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

/// calamine's own words can hold parts of the content, so they are not passed on.
fn broken(_: impl std::fmt::Debug) -> Reason {
    Reason::damaged("内部结构无法识别", "its structure cannot be understood")
}

/// Writes what calamine found into a workbook; a text is stored once however many cells hold it.
#[derive(Default)]
pub(super) struct Contents {
    known: HashMap<Box<str>, TextId>,
}

impl Contents {
    /// The content of a cell; `None` for a blank one.
    pub(super) fn of(
        &mut self,
        assembly: &mut Assembly,
        sheet: &Sheet,
        value: Value,
    ) -> Result<Option<Content>, Reason> {
        let content = match value {
            Value::Text(text) => return self.text(assembly, text),
            Value::Number(number) if number.is_finite() => Content::Number(number),
            Value::DateSerial(number) if number.is_finite() => Content::DateSerial(number),
            Value::Number(_) | Value::DateSerial(_) => return Ok(None),
            Value::Date(text) => match iso_date::serial(text, sheet.date_system) {
                Some(serial) => Content::DateSerial(serial),
                None => return self.text(assembly, text),
            },
            Value::Bool(truth) => Content::Bool(truth),
            Value::Error(error) => Content::Error(error),
        };
        Ok(Some(content))
    }

    fn text(&mut self, assembly: &mut Assembly, text: &str) -> Result<Option<Content>, Reason> {
        if let Some(&id) = self.known.get(text) {
            return Ok(Some(Content::Text(id)));
        }
        let id = assembly.text(text)?;
        if let Some(id) = id {
            self.known.insert(text.into(), id);
        }
        Ok(id.map(Content::Text))
    }

    /// Adds a cell where it stands.
    pub(super) fn add(
        &mut self,
        assembly: &mut Assembly,
        sheet: &mut Sheet,
        (row, col): (u32, u32),
        value: Value,
    ) -> Result<(), Reason> {
        let Some(content) = self.of(assembly, sheet, value)? else {
            return Ok(());
        };
        match u16::try_from(col) {
            Ok(col) if col < MAX_COLS && row < MAX_ROWS => {
                assembly.push(sheet, Cell { row, col, content })
            }
            _ => Err(beyond_the_sheet()),
        }
    }
}

/// A cell stands where no sheet has one.
pub(super) fn beyond_the_sheet() -> Reason {
    Reason::damaged(
        "单元格位置超出表格范围",
        "a cell beyond the bounds of a sheet",
    )
}

/// calamine gave another number of cells than it was handed.
pub(super) fn miscounted() -> Reason {
    Reason::damaged("单元格数目不符", "its cells do not add up")
}
