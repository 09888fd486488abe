//! The layout pass over xls (BIFF5 and BIFF8) and WPS `.et`, and its cells by way of calamine.
//!
//! The pass walks over the records once, allocating nothing by what a file states about its size. It keeps what calamine
//! does not tell or tells only of some files: hidden sheets, rows and columns, merged regions, which cell formats show
//! dates, and where each cell stands. What the cells hold it copies into a workbook stream of its own, the cells side by
//! side, so that calamine's dense ranges are as large as there are cells and no larger.

mod records;
mod stream;

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::assembly::Assembly;
use super::by_calamine::{Contents, XlsCells, miscounted};
use super::bytes::{f64_at, rk_at, u16_at, u32_at};
use super::{DateSystem, Limits, Region, Sheet, Workbook};
use super::{encoding, number_format, repack};
use crate::discover::Reason;
use crate::discover::cfb::{Compound, Damaged};
use records::{Record, Records};
use stream::{Cells, Strings};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let mut assembly = Assembly::new(limits);
    let (stream, sheets) = lay_out(bytes, &mut assembly)?;
    let mut book = XlsCells::open(repack::compound("Workbook", stream)?)?;
    let mut contents = Contents::default();
    for (at, (mut sheet, places)) in sheets.into_iter().enumerate() {
        let count = book.each_laid(at, |index, value| {
            let &(row, col) = places.get(index).ok_or_else(miscounted)?;
            contents.add(&mut assembly, &mut sheet, (row, u32::from(col)), value)
        })?;
        if count != places.len() {
            return Err(miscounted());
        }
        assembly.add_sheet(sheet)?;
    }
    Ok(assembly.workbook)
}

/// The stream for calamine, and each sheet with the places of its cells.
fn lay_out(
    bytes: &[u8],
    assembly: &mut Assembly,
) -> Result<(Vec<u8>, Vec<(Sheet, Vec<(u32, u16)>)>), Reason> {
    let broken =
        |_: Damaged| Reason::damaged("复合文档结构残缺", "its compound file structure is broken");
    let file = Compound::open(bytes).map_err(broken)?;
    let stream = file
        .stream("Workbook")
        .or_else(|| file.stream("Book"))
        .ok_or_else(|| Reason::damaged("缺少工作簿数据", "it has no workbook stream"))?
        .map_err(broken)?;
    drop(file);
    let mut globals = Globals::read(&stream, assembly)?;
    assembly.expect_sheets(globals.sheets.len())?;
    let mut sheets = Vec::new();
    let mut cells = Vec::new();
    for entry in std::mem::take(&mut globals.sheets) {
        let mut walk = SheetWalk {
            globals: &mut globals,
            assembly,
            sheet: Sheet {
                name: entry.name,
                hidden: entry.hidden,
                ..Sheet::default()
            },
            cells: Cells::default(),
            pending: None,
        };
        walk.sheet.date_system = walk.globals.date_system;
        if entry.has_cells {
            let start = usize::try_from(entry.position).unwrap_or(usize::MAX);
            walk.read(stream.get(start..).ok_or_else(cut_off)?)?;
        }
        let (sheet, mut laid) = (walk.sheet, walk.cells);
        globals.laid += laid.places.len() as u64;
        sheets.push((sheet, std::mem::take(&mut laid.places)));
        cells.push(laid);
    }
    Ok((
        stream::workbook(globals.unicode, &globals.strings, cells),
        sheets,
    ))
}

fn cut_off() -> Reason {
    Reason::damaged("工作簿数据不完整", "its workbook stream is cut off")
}

/// What the workbook as a whole tells.
struct Globals {
    /// Whether texts are those of BIFF8.
    unicode: bool,
    /// The encoding of texts before BIFF8; none where the file does not tell.
    encoding: Option<&'static Encoding>,
    date_system: DateSystem,
    /// For each cell format, whether it shows a date or a time.
    dates: Vec<bool>,
    sheets: Vec<Entry>,
    strings: Strings,
    /// Cells of the sheets that are done.
    laid: u64,
}

/// A sheet as the workbook lists it.
struct Entry {
    name: String,
    hidden: bool,
    position: u32,
    has_cells: bool,
}

impl Globals {
    fn read(stream: &[u8], assembly: &mut Assembly) -> Result<Self, Reason> {
        let mut globals = Self {
            unicode: true,
            encoding: None,
            date_system: DateSystem::From1900,
            dates: Vec::new(),
            sheets: Vec::new(),
            strings: Strings::default(),
            laid: 0,
        };
        let mut custom: HashMap<u16, bool> = HashMap::new();
        let mut formats = Vec::new();
        let mut records = Records::new(stream);
        let mut begun = false;
        for record in &mut records {
            let data = record.data;
            match record.kind {
                BOF => {
                    begun = true;
                    globals.unicode = u16_at(data, 0).is_none_or(|version| version >= 0x0600);
                }
                0x0009 | 0x0209 | 0x0409 if !begun => {
                    return Err(Reason::unsupported(
                        "Excel 4.0 及更早的 xls",
                        "xls of Excel 4.0 or older",
                    ));
                }
                // Every kind of encryption begins with this record.
                0x002F if data.iter().any(|&byte| byte != 0) => return Err(Reason::encrypted()),
                0x0042 => globals.encoding = u16_at(data, 0).and_then(code_page),
                0x0022 if u16_at(data, 0) == Some(1) => {
                    globals.date_system = DateSystem::From1904;
                }
                0x041E => {
                    if let Some(id) = u16_at(data, 0) {
                        let code = globals
                            .text(&record, 2, !globals.unicode)
                            .unwrap_or_default();
                        custom.insert(id, number_format::is_date(&code));
                    }
                }
                0x00E0 => formats.push(u16_at(data, 2).unwrap_or(0)),
                0x0085 => {
                    let name = globals.text(&record, 6, true).unwrap_or_default();
                    globals.sheets.push(Entry {
                        name,
                        hidden: data.get(4).is_some_and(|state| state & 3 != 0),
                        position: u32_at(data, 0).ok_or_else(cut_off)?,
                        has_cells: matches!(data.get(5), Some(0 | 1)),
                    });
                }
                0x00FC => globals.strings.read(&record, assembly)?,
                EOF => break,
                _ => {}
            }
            assembly.tick()?;
        }
        if records.cut_off || !begun {
            return Err(cut_off());
        }
        globals.dates = formats
            .iter()
            .map(|id| {
                let built_in = || number_format::is_built_in_date(u32::from(*id));
                custom.get(id).copied().unwrap_or_else(built_in)
            })
            .collect();
        Ok(globals)
    }

    /// A text with its length before it, in one byte or two.
    fn text(&self, record: &Record, at: usize, short: bool) -> Option<String> {
        let data = record.data;
        let (len, start) = if short {
            (usize::from(*data.get(at)?), at + 1)
        } else {
            (usize::from(u16_at(data, at)?), at + 2)
        };
        if self.unicode {
            let mut text = String::new();
            // A text that is cut short keeps what there is of it.
            let _ = record.reader(start).text(len, &mut text);
            return Some(text);
        }
        let rest = data.get(start..)?;
        let raw = &rest[..len.min(rest.len())];
        let encoding = self.encoding.unwrap_or_else(|| encoding::guess(raw));
        Some(encoding.decode_without_bom_handling(raw).0.into_owned())
    }

    fn is_date(&self, format: u16) -> bool {
        self.dates
            .get(usize::from(format))
            .copied()
            .unwrap_or(false)
    }
}

/// The encoding of a code page; none for UTF-16, which is no encoding of single bytes.
fn code_page(page: u16) -> Option<&'static Encoding> {
    let label = match page {
        936 => "gb18030",
        932 => "shift_jis",
        949 => "euc-kr",
        950 => "big5",
        874 => "windows-874",
        1250 => "windows-1250",
        1251 => "windows-1251",
        1252 | 32_769 => "windows-1252",
        1253 => "windows-1253",
        1254 => "windows-1254",
        1255 => "windows-1255",
        1256 => "windows-1256",
        1257 => "windows-1257",
        1258 => "windows-1258",
        10_000 | 32_768 => "macintosh",
        10_007 => "x-mac-cyrillic",
        65_001 => "utf-8",
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

struct SheetWalk<'s, 'l> {
    globals: &'s mut Globals,
    assembly: &'s mut Assembly<'l>,
    sheet: Sheet,
    cells: Cells,
    /// The formula whose text is in a record to come.
    pending: Option<(u32, u16)>,
}

impl SheetWalk<'_, '_> {
    fn read(&mut self, stream: &[u8]) -> Result<(), Reason> {
        let mut records = Records::new(stream);
        // Charts on the sheet bring records of their own between a BOF and an EOF.
        let mut depth = 0usize;
        for record in &mut records {
            self.assembly.tick()?;
            match record.kind {
                BOF => depth += 1,
                EOF if depth <= 1 => return Ok(()),
                EOF => depth -= 1,
                _ if depth > 1 => {}
                // A record that is too short to be what it says is passed over.
                _ => self.record(&record).unwrap_or(Ok(()))?,
            }
        }
        if records.cut_off {
            return Err(cut_off());
        }
        Ok(())
    }

    fn record(&mut self, record: &Record) -> Option<Result<(), Reason>> {
        let data = record.data;
        match record.kind {
            0x0203 => self.number(data),
            0x027E => {
                rk_at(data, 6)?;
                Some(self.packed(place(data)?, data.get(4..10)?))
            }
            0x00BD => self.numbers(data),
            0x00FD => Some(self.shared(place(data)?, u32_at(data, 6)?)),
            0x0204 | 0x00D6 => Some(self.text(place(data)?, record, 6)),
            0x0205 => Some(self.truth_or_error(place(data)?, *data.get(6)?, *data.get(7)? != 0)),
            0x0006 => self.formula(data),
            0x0207 => {
                let place = self.pending.take()?;
                Some(self.text(place, record, 0))
            }
            0x0208 => {
                let row = u32::from(u16_at(data, 0)?);
                let hidden = data.get(12)? & 0x20 != 0;
                hidden.then(|| self.assembly.hide_rows(&mut self.sheet, row, row))
            }
            0x007D => {
                let (first, last) = (u16_at(data, 0)?, u16_at(data, 2)?);
                if u16_at(data, 8)? & 1 != 0 {
                    // The last column of all stands for the rest of the sheet.
                    Assembly::hide_cols(
                        &mut self.sheet,
                        u32::from(first),
                        u32::from(last.min(255)),
                    );
                }
                None
            }
            0x00E5 => self.merged(data),
            _ => None,
        }
    }

    /// Room for one more cell; the pass counts what will be added later.
    fn expect(&self) -> Result<(), Reason> {
        let count = self.globals.laid + self.cells.places.len() as u64 + 1;
        // A sheet has no more room; the stream neither.
        let count = if self.cells.full() { u64::MAX } else { count };
        self.assembly.expect_cells(count)
    }

    fn number(&mut self, data: &[u8]) -> Option<Result<(), Reason>> {
        f64_at(data, 6)?;
        let (place, format) = (place(data)?, u16_at(data, 4)?);
        let date = self.globals.is_date(format);
        Some(
            self.expect()
                .map(|()| self.cells.number(place, date, &data[6..14])),
        )
    }

    fn packed(&mut self, place: (u32, u16), raw: &[u8]) -> Result<(), Reason> {
        let format = u16_at(raw, 0).unwrap_or(0);
        let date = self.globals.is_date(format);
        self.expect()?;
        self.cells.packed(place, date, &raw[2..]);
        Ok(())
    }

    /// Several numbers of a row in one record.
    fn numbers(&mut self, data: &[u8]) -> Option<Result<(), Reason>> {
        let (row, mut col) = place(data)?;
        let end = data.len().checked_sub(2)?;
        for pair in data.get(4..end)?.chunks_exact(6) {
            rk_at(pair, 2)?;
            if let Err(reason) = self.packed((row, col), pair) {
                return Some(Err(reason));
            }
            col = col.checked_add(1)?;
        }
        None
    }

    fn shared(&mut self, place: (u32, u16), id: u32) -> Result<(), Reason> {
        self.expect()?;
        if self.globals.strings.used(id, self.assembly.limits)? {
            self.cells.shared(place, id);
        }
        Ok(())
    }

    fn truth_or_error(
        &mut self,
        place: (u32, u16),
        value: u8,
        is_error: bool,
    ) -> Result<(), Reason> {
        self.expect()?;
        let value = if is_error { known_error(value) } else { value };
        self.cells.truth_or_error(place, value, is_error);
        Ok(())
    }

    fn formula(&mut self, data: &[u8]) -> Option<Result<(), Reason>> {
        self.pending = None;
        let place = place(data)?;
        if u16_at(data, 12)? != 0xFFFF {
            return self.number(data);
        }
        match data[6] {
            0 => {
                self.pending = Some(place);
                None
            }
            kind @ (1 | 2) => Some(self.truth_or_error(place, data[8], kind == 2)),
            // An empty text.
            _ => None,
        }
    }

    /// A text that stands with its cell. It joins the shared strings, as only those may go on in a further record; before
    /// BIFF8, where there are none, it is handed on in UTF-8, as calamine knows but one encoding for a workbook.
    fn text(&mut self, place: (u32, u16), record: &Record, at: usize) -> Result<(), Reason> {
        self.expect()?;
        if self.globals.unicode {
            let Some(len) = u16_at(record.data, at) else {
                return Ok(());
            };
            let id = self.globals.strings.add(record, at + 2, usize::from(len))?;
            return self.shared(place, id);
        }
        let text = self.globals.text(record, at, false).unwrap_or_default();
        if text.is_empty() {
            return Ok(());
        }
        self.cells.label(place, &text)
    }

    fn merged(&mut self, data: &[u8]) -> Option<Result<(), Reason>> {
        let count = usize::from(u16_at(data, 0)?);
        for raw in data.get(2..)?.chunks_exact(8).take(count) {
            let (a, b) = (u16_at(raw, 0)?, u16_at(raw, 2)?);
            let (c, d) = (u16_at(raw, 4)?, u16_at(raw, 6)?);
            let region = Region {
                top: u32::from(a.min(b)),
                left: c.min(d),
                bottom: u32::from(a.max(b)),
                right: c.max(d),
            };
            if let Err(reason) = self.assembly.merge(&mut self.sheet, region) {
                return Some(Err(reason));
            }
        }
        None
    }
}

/// Row and column of a cell record.
fn place(data: &[u8]) -> Option<(u32, u16)> {
    Some((u32::from(u16_at(data, 0)?), u16_at(data, 2)?))
}

/// The code of an error value; one that is not known is that of `#VALUE!`.
pub(super) fn known_error(code: u8) -> u8 {
    match code {
        0x00 | 0x07 | 0x0F | 0x17 | 0x1D | 0x24 | 0x2A | 0x2B => code,
        _ => 0x0F,
    }
}

#[cfg(test)]
mod tests;
