//! The workbook stream that calamine is given: shared strings, two cell formats, and the cells of each sheet side by side.

use super::records::Record;
use super::{BOF, EOF};
use crate::discover::Reason;
use crate::read::Limits;
use crate::read::assembly::{Assembly, too_much_text};

/// Cells of a row of the stream, as many as the format has.
const WIDTH: usize = 256;
/// The most bytes of a record.
const RECORD: usize = 8224;
const CONTINUE: u16 = 0x003C;
/// More records than an honest workbook's shared strings go over.
const CONTINUED: usize = 1 << 17;

/// The shared strings: the records of the file as they stand, then the texts that stood with their cells.
#[derive(Default)]
pub(super) struct Strings {
    records: Vec<u8>,
    added: Vec<u8>,
    /// Bytes that the characters of each take.
    sizes: Vec<u32>,
    /// Bytes of all texts of cells, a text counted for each cell.
    spread: usize,
}

impl Strings {
    /// Walks over the shared strings of the file. The counts they state are not looked at.
    pub(super) fn read(&mut self, record: &Record, assembly: &mut Assembly) -> Result<(), Reason> {
        if record.data.len() < 8 || !self.sizes.is_empty() {
            return Ok(());
        }
        let mut reader = record.reader(8);
        while !reader.is_empty() {
            let Some(len) = reader.u16() else {
                break;
            };
            let mut size = 0;
            let whole = reader.characters(usize::from(len), |raw, _| size += raw.len());
            if whole.is_none() {
                return Err(super::cut_off());
            }
            assembly.expect_cells(self.sizes.len() as u64 + 1)?;
            self.sizes.push(u32::try_from(size).unwrap_or(u32::MAX));
            assembly.tick()?;
        }
        // calamine shifts the list of these by one for each.
        if record.continued().count() > CONTINUED {
            return Err(too_much_text(assembly.limits.text_bytes));
        }
        push(&mut self.records, 0x00FC, record.data);
        // It takes one without data for a string.
        for data in record.continued().filter(|data| !data.is_empty()) {
            push(&mut self.records, CONTINUE, data);
        }
        Ok(())
    }

    /// Adds a text that stands with its cell, and tells its number.
    pub(super) fn add(&mut self, record: &Record, at: usize, chars: usize) -> Result<u32, Reason> {
        let mut wide = Vec::new();
        // A text that is cut short keeps what there is of it.
        let _ = record.reader(at).characters(chars, |raw, is_wide| {
            if is_wide {
                wide.extend_from_slice(raw);
            } else {
                wide.extend(raw.iter().flat_map(|&byte| [byte, 0]));
            }
        });
        let id = u32::try_from(self.sizes.len()).map_err(|_| too_much_text(0))?;
        self.sizes
            .push(u32::try_from(wide.len()).unwrap_or(u32::MAX));
        let count = u16::try_from(wide.len() / 2).unwrap_or(u16::MAX);
        let mut head = count.to_le_bytes().to_vec();
        for piece in wide.chunks(RECORD - 4) {
            // Each record says anew that its characters have two bytes.
            head.push(1);
            head.extend_from_slice(piece);
            push(&mut self.added, CONTINUE, &head);
            head.clear();
        }
        if !head.is_empty() {
            head.push(1);
            push(&mut self.added, CONTINUE, &head);
        }
        Ok(id)
    }

    /// Counts a cell that names a string; whether the string has any characters.
    pub(super) fn used(&mut self, id: u32, limits: &Limits) -> Result<bool, Reason> {
        let size = usize::try_from(id).ok().and_then(|id| self.sizes.get(id));
        let Some(&size) = size else {
            return Err(Reason::damaged(
                "引用的共享文字不存在",
                "a cell names a shared string that is not there",
            ));
        };
        self.spread = self.spread.saturating_add(size as usize);
        if self.spread > limits.spread_text_bytes {
            return Err(too_much_text(limits.spread_text_bytes));
        }
        Ok(size > 0)
    }
}

/// The cells of a sheet, side by side, and their places in the file.
#[derive(Default)]
pub(super) struct Cells {
    records: Vec<u8>,
    pub places: Vec<(u32, u16)>,
}

impl Cells {
    /// Writes a record whose first fields are the next row, column and format of the stream.
    fn push(&mut self, kind: u16, place: (u32, u16), date: bool, rest: &[&[u8]]) {
        let at = self.places.len();
        self.places.push(place);
        let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
        let len = 6 + rest.iter().map(|part| part.len()).sum::<usize>();
        self.records.extend(kind.to_le_bytes());
        self.records.extend(short(len));
        self.records.extend(short(at / WIDTH));
        self.records.extend(short(at % WIDTH));
        self.records.extend(u16::from(date).to_le_bytes());
        for part in rest {
            self.records.extend_from_slice(part);
        }
    }

    pub(super) fn number(&mut self, place: (u32, u16), date: bool, raw: &[u8]) {
        self.push(0x0203, place, date, &[raw]);
    }

    pub(super) fn packed(&mut self, place: (u32, u16), date: bool, raw: &[u8]) {
        self.push(0x027E, place, date, &[raw]);
    }

    pub(super) fn shared(&mut self, place: (u32, u16), id: u32) {
        self.push(0x00FD, place, false, &[&id.to_le_bytes()]);
    }

    pub(super) fn truth_or_error(&mut self, place: (u32, u16), value: u8, is_error: bool) {
        self.push(0x0205, place, false, &[&[value, u8::from(is_error)]]);
    }

    /// A text before BIFF8, in UTF-8. Spreadsheet programs have room for 255 characters there.
    pub(super) fn label(&mut self, place: (u32, u16), text: &str) -> Result<(), Reason> {
        let most = usize::from(u16::MAX) - 8;
        let len = u16::try_from(text.len())
            .ok()
            .filter(|_| text.len() <= most);
        let len = len.ok_or_else(|| too_much_text(most))?.to_le_bytes();
        self.push(0x0204, place, false, &[&len, text.as_bytes()]);
        Ok(())
    }

    /// Whether there is no room for more cells in a sheet.
    pub(super) fn full(&self) -> bool {
        self.places.len() >= WIDTH << 16
    }
}

/// The whole stream. Its sheets are named by their numbers.
pub(super) fn workbook(unicode: bool, strings: &Strings, sheets: Vec<Cells>) -> Vec<u8> {
    let begin = |kind: u8| {
        let version = if unicode { 6 } else { 5 };
        [0, version, kind, 0, 0, 0, 0, 0]
    };
    let mut out = Vec::new();
    push(&mut out, BOF, &begin(5));
    if !unicode {
        push(&mut out, 0x0042, &65001_u16.to_le_bytes());
    }
    // The formats General and m/d/yy.
    for format in [0u8, 14] {
        push(&mut out, 0x00E0, &[0, 0, format, 0]);
    }
    let mut positions = Vec::new();
    for at in 0..sheets.len() {
        let name = at.to_string();
        let mut entry = vec![0; 6];
        entry.push(u8::try_from(name.len()).unwrap_or(0));
        if unicode {
            entry.push(0);
        }
        entry.extend(name.bytes());
        positions.push(out.len() + 4);
        push(&mut out, 0x0085, &entry);
    }
    if unicode {
        if strings.records.is_empty() {
            push(&mut out, 0x00FC, &[0; 8]);
        } else {
            out.extend_from_slice(&strings.records);
        }
        out.extend_from_slice(&strings.added);
    }
    push(&mut out, EOF, &[]);
    for (cells, position) in sheets.into_iter().zip(positions) {
        // A stream has room for less than 4 GiB, as a compound file has.
        let start = u32::try_from(out.len()).unwrap_or(0);
        out[position..position + 4].copy_from_slice(&start.to_le_bytes());
        push(&mut out, BOF, &begin(0x10));
        out.extend_from_slice(&cells.records);
        drop(cells);
        push(&mut out, EOF, &[]);
    }
    out
}

fn push(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend(u16::try_from(data.len()).unwrap_or(0).to_le_bytes());
    out.extend_from_slice(data);
}
