//! Our own reader of xls (BIFF5 and BIFF8) and WPS `.et`: one pass over the records, nothing allocated by what a file
//! states about its size.

mod records;

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::assembly::Assembly;
use super::bytes::{f64_at, rk_at, u16_at, u32_at};
use super::{Cell, CellError, Content, DateSystem, Limits, Region, Sheet, TextId, Workbook};
use super::{encoding, number_format};
use crate::discover::Reason;
use crate::discover::cfb::{Compound, Damaged};
use records::{Record, Records};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let broken =
        |_: Damaged| Reason::damaged("复合文档结构残缺", "its compound file structure is broken");
    let file = Compound::open(bytes).map_err(broken)?;
    let stream = file
        .stream("Workbook")
        .or_else(|| file.stream("Book"))
        .ok_or_else(|| Reason::damaged("缺少工作簿数据", "it has no workbook stream"))?
        .map_err(broken)?;
    drop(file);
    let mut assembly = Assembly::new(limits);
    let globals = Globals::read(&stream, &mut assembly)?;
    for entry in &globals.sheets {
        let mut sheet = Sheet {
            name: entry.name.clone(),
            hidden: entry.hidden,
            date_system: globals.date_system,
            ..Sheet::default()
        };
        if entry.has_cells {
            let start = usize::try_from(entry.position).unwrap_or(usize::MAX);
            let part = stream.get(start..).ok_or_else(cut_off)?;
            let mut reader = SheetReader {
                globals: &globals,
                assembly: &mut assembly,
                sheet: &mut sheet,
                pending: None,
            };
            reader.read(part)?;
        }
        assembly.add_sheet(sheet)?;
    }
    Ok(assembly.workbook)
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
                0x00FC => shared_strings(&record, assembly)?,
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

/// The shared strings, straight into the texts: the n-th has the id n. The counts they state are not looked at.
fn shared_strings(record: &Record, assembly: &mut Assembly) -> Result<(), Reason> {
    let mut reader = record.reader(8);
    let mut text = String::new();
    while !reader.is_empty() {
        text.clear();
        let Some(len) = reader.u16() else {
            break;
        };
        let whole = reader.text(usize::from(len), &mut text);
        if whole.is_none() && text.is_empty() {
            break;
        }
        assembly.shared_text(&text)?;
        assembly.tick()?;
    }
    Ok(())
}

struct SheetReader<'s, 'l> {
    globals: &'s Globals,
    assembly: &'s mut Assembly<'l>,
    sheet: &'s mut Sheet,
    /// The formula whose text is in a record to come.
    pending: Option<(u32, u16)>,
}

impl SheetReader<'_, '_> {
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
                _ => self.record(&record)?,
            }
        }
        if records.cut_off {
            return Err(cut_off());
        }
        Ok(())
    }

    fn record(&mut self, record: &Record) -> Result<(), Reason> {
        // A record that is too short to be what it says is passed over.
        let _ = self.known_record(record).transpose()?;
        Ok(())
    }

    fn known_record(&mut self, record: &Record) -> Option<Result<(), Reason>> {
        let data = record.data;
        match record.kind {
            0x0203 => Some(self.number(data, f64_at(data, 6)?)),
            0x027E => Some(self.number(data, rk_at(data, 6)?)),
            0x00BD => self.numbers(data),
            0x00FD => {
                let id = TextId(u32_at(data, 6)?);
                match self.assembly.workbook.texts.is_blank(id) {
                    Some(true) => None,
                    Some(false) => Some(self.push(place(data)?, Content::Text(id))),
                    None => Some(Err(Reason::damaged(
                        "引用的共享文字不存在",
                        "a cell names a shared string that is not there",
                    ))),
                }
            }
            0x0204 | 0x00D6 => {
                let text = self.globals.text(record, 6, false)?;
                Some(self.text(place(data)?, &text))
            }
            0x0205 => {
                let content = match data.get(7)? {
                    0 => Content::Bool(*data.get(6)? != 0),
                    _ => Content::Error(error_value(*data.get(6)?)),
                };
                Some(self.push(place(data)?, content))
            }
            0x0006 => self.formula(data),
            0x0207 => {
                let place = self.pending.take()?;
                let text = self.globals.text(record, 0, false)?;
                Some(self.text(place, &text))
            }
            0x0208 => {
                let row = u32::from(u16_at(data, 0)?);
                let hidden = data.get(12)? & 0x20 != 0;
                hidden.then(|| self.assembly.hide_rows(self.sheet, row, row))
            }
            0x007D => {
                let (first, last) = (u16_at(data, 0)?, u16_at(data, 2)?);
                if u16_at(data, 8)? & 1 != 0 {
                    // The last column of all stands for the rest of the sheet.
                    Assembly::hide_cols(self.sheet, u32::from(first), u32::from(last.min(255)));
                }
                None
            }
            0x00E5 => self.merged(data),
            _ => None,
        }
    }

    fn number(&mut self, data: &[u8], number: f64) -> Result<(), Reason> {
        let Some(place) = place(data) else {
            return Ok(());
        };
        let format = u16_at(data, 4).unwrap_or(0);
        self.push(place, self.typed(format, number))
    }

    fn typed(&self, format: u16, number: f64) -> Content {
        if self.globals.is_date(format) {
            Content::DateSerial(number)
        } else {
            Content::Number(number)
        }
    }

    /// Several numbers of a row in one record.
    fn numbers(&mut self, data: &[u8]) -> Option<Result<(), Reason>> {
        let (row, mut col) = place(data)?;
        let end = data.len().checked_sub(2)?;
        for pair in data.get(4..end)?.chunks_exact(6) {
            let content = self.typed(u16_at(pair, 0)?, rk_at(pair, 2)?);
            if let Err(reason) = self.push((row, col), content) {
                return Some(Err(reason));
            }
            col = col.checked_add(1)?;
        }
        None
    }

    fn formula(&mut self, data: &[u8]) -> Option<Result<(), Reason>> {
        self.pending = None;
        let place = place(data)?;
        if u16_at(data, 12)? != 0xFFFF {
            return Some(self.number(data, f64_at(data, 6)?));
        }
        let content = match data[6] {
            0 => {
                self.pending = Some(place);
                return None;
            }
            1 => Content::Bool(data[8] != 0),
            2 => Content::Error(error_value(data[8])),
            // An empty text.
            _ => return None,
        };
        Some(self.push(place, content))
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
            if let Err(reason) = self.assembly.merge(self.sheet, region) {
                return Some(Err(reason));
            }
        }
        None
    }

    fn text(&mut self, place: (u32, u16), text: &str) -> Result<(), Reason> {
        match self.assembly.text_content(text)? {
            Some(content) => self.push(place, content),
            None => Ok(()),
        }
    }

    fn push(&mut self, (row, col): (u32, u16), content: Content) -> Result<(), Reason> {
        self.assembly.push(self.sheet, Cell { row, col, content })
    }
}

/// Row and column of a cell record.
fn place(data: &[u8]) -> Option<(u32, u16)> {
    Some((u32::from(u16_at(data, 0)?), u16_at(data, 2)?))
}

/// The error value of a code; one that is not known is `#VALUE!`.
pub(super) fn error_value(code: u8) -> CellError {
    match code {
        0x00 => CellError::Null,
        0x07 => CellError::Div0,
        0x17 => CellError::Ref,
        0x1D => CellError::Name,
        0x24 => CellError::Num,
        0x2A => CellError::NA,
        0x2B => CellError::GettingData,
        _ => CellError::Value,
    }
}
