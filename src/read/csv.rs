//! Delimited text → one sheet.
//!
//! Records are split on the raw bytes: no delimiter, quote or line end occurs inside a character of UTF-8 or GB18030.
//! A record is a row of the sheet, empty ones too, so that rows have the numbers a spreadsheet program shows.

use std::borrow::Cow;

use super::assembly::{Assembly, MAX_COLS};
use super::encoding::{self, Records};
use super::{Cell, Limits, Sheet, Workbook};
use crate::discover::Reason;

/// Delimiters that are tried, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Records that are looked at to find the delimiter.
const SAMPLE: usize = 200;
/// The sheet's name.
const NAME: &str = "csv";

/// Reads a text file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let mut assembly = Assembly::new(limits);
    let bytes: Cow<[u8]> = match encoding::wide(bytes) {
        Some((encoding, mark)) => {
            let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
            Cow::Owned(text.into_owned().into_bytes())
        }
        None => Cow::Borrowed(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)),
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    // Programs of old end a text with a control character.
    let bytes = bytes.strip_suffix(b"\x1A").unwrap_or(bytes);
    let (delimiter, first_row) = find_delimiter(bytes);
    let records = Records::choose(
        bytes,
        Splitter::new(bytes, delimiter)
            .filter(|record| !record.raw.is_ascii())
            .map(|record| record.raw),
    );
    let mut sheet = Sheet {
        name: NAME.to_owned(),
        ..Sheet::default()
    };
    let mut splitter = Splitter::new(bytes, delimiter);
    let mut row = 0u32;
    while let Some(record) = splitter.next() {
        if row >= first_row {
            read_record(&mut assembly, &mut sheet, &splitter, &record, row, records)?;
        }
        row = row.checked_add(1).ok_or_else(|| too_many_rows(limits))?;
        if sheet.undecodable_rows.len() > limits.cells {
            return Err(too_many_rows(limits));
        }
        assembly.tick()?;
    }
    assembly.add_sheet(sheet)?;
    Ok(assembly.workbook)
}

fn too_many_rows(limits: &Limits) -> Reason {
    let most = limits.cells;
    Reason::too_large(
        &format!("行数超过 {most}"),
        &format!("more than {most} rows"),
    )
}

fn read_record(
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    splitter: &Splitter,
    record: &Record,
    row: u32,
    records: Records,
) -> Result<(), Reason> {
    let Some(encoding) = records.encoding_of(record.raw) else {
        sheet.undecodable_rows.push(row);
        return Ok(());
    };
    for (at, field) in splitter.fields(record).enumerate() {
        if field.is_empty() {
            continue;
        }
        let Some(col) = u16::try_from(at).ok().filter(|&col| col < MAX_COLS) else {
            return Err(Reason::too_large(
                &format!("一行超过 {MAX_COLS} 列"),
                &format!("a row of more than {MAX_COLS} columns"),
            ));
        };
        let (text, _) = encoding.decode_without_bom_handling(&field);
        // A zero byte is nothing a spreadsheet program shows.
        let text = if text.contains('\0') {
            Cow::Owned(text.replace('\0', ""))
        } else {
            text
        };
        if let Some(content) = assembly.text_content(&text)? {
            assembly.push(sheet, Cell { row, col, content })?;
        }
    }
    Ok(())
}

/// The delimiter, and the first row that is data: a first line `sep=;` is an order to Excel.
fn find_delimiter(bytes: &[u8]) -> (u8, u32) {
    if let Some(rest) = bytes.strip_prefix(b"sep=")
        && let [delimiter, b'\r' | b'\n', ..] = rest
    {
        return (*delimiter, 1);
    }
    let score = |delimiter: u8| {
        let splitter = Splitter::new(bytes, delimiter);
        let mut widths: Vec<usize> = Splitter::new(bytes, delimiter)
            .take(SAMPLE)
            .map(|record| splitter.fields(&record).count())
            .filter(|&width| width > 1)
            .collect();
        widths.sort_unstable();
        // A delimiter cuts most records into the same number of fields; a comma in prose does not.
        widths
            .chunk_by(|a, b| a == b)
            .map(|same| (same.len(), same[0]))
            .max()
            .unwrap_or_default()
    };
    let mut best = (DELIMITERS[0], (0, 0));
    for delimiter in DELIMITERS {
        let found = score(delimiter);
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    (best.0, 0)
}

/// One record: its bytes without the line end.
struct Record<'a> {
    raw: &'a [u8],
    /// Whether quotes mean anything in it.
    quoted: bool,
}

/// Splits bytes into records.
struct Splitter<'a> {
    rest: &'a [u8],
    delimiter: u8,
    /// Cleared at a quote that nothing closes: it is a character then, and so are those behind it.
    quotes: bool,
}

impl<'a> Splitter<'a> {
    fn new(bytes: &'a [u8], delimiter: u8) -> Self {
        Self {
            rest: bytes,
            delimiter,
            quotes: true,
        }
    }

    /// Where the record that starts here ends, line breaks inside quotes passed over; `None` where a quote stays open.
    fn end_of_record(&self) -> Option<usize> {
        let bytes = self.rest;
        if !self.quotes {
            return Some(memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len()));
        }
        let mut at = 0;
        let mut field_start = true;
        loop {
            if field_start && bytes.get(at) == Some(&b'"') {
                at = close_of_quote(bytes, at + 1)?;
            }
            let found = memchr::memchr3(self.delimiter, b'\r', b'\n', &bytes[at..]);
            match found.map(|offset| at + offset) {
                None => return Some(bytes.len()),
                Some(end) if bytes[end] == self.delimiter => {
                    at = end + 1;
                    field_start = true;
                }
                Some(end) => return Some(end),
            }
        }
    }

    fn fields<'r>(&self, record: &Record<'r>) -> Fields<'r> {
        Fields {
            rest: Some(record.raw),
            delimiter: self.delimiter,
            quotes: record.quoted,
        }
    }
}

/// Where a quoted text ends, behind its closing quote; `from` is behind the opening one.
fn close_of_quote(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(b'"', bytes.get(at..)?)? + 1;
        if bytes.get(at) == Some(&b'"') {
            at += 1;
        } else {
            return Some(at);
        }
    }
}

impl<'a> Iterator for Splitter<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = if let Some(end) = self.end_of_record() {
            end
        } else {
            self.quotes = false;
            memchr::memchr2(b'\r', b'\n', self.rest).unwrap_or(self.rest.len())
        };
        let (raw, rest) = self.rest.split_at(end);
        self.rest = match rest {
            [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
            [] => rest,
        };
        Some(Record {
            raw,
            quoted: self.quotes,
        })
    }
}

/// The fields of a record, quotes taken off.
struct Fields<'a> {
    rest: Option<&'a [u8]>,
    delimiter: u8,
    quotes: bool,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Cow<'a, [u8]>;

    fn next(&mut self) -> Option<Cow<'a, [u8]>> {
        let bytes = self.rest?;
        let closed = if self.quotes && bytes.first() == Some(&b'"') {
            close_of_quote(bytes, 1)
        } else {
            None
        };
        let start = closed.unwrap_or(0);
        let end = memchr::memchr(self.delimiter, &bytes[start..])
            .map_or(bytes.len(), |offset| start + offset);
        self.rest = bytes.get(end + 1..);
        let field = match closed {
            None => Cow::Borrowed(&bytes[..end]),
            Some(close) => {
                let inside = &bytes[1..close - 1];
                if end == close && !inside.contains(&b'"') {
                    Cow::Borrowed(inside)
                } else {
                    // Text behind the closing quote belongs to the field, as spreadsheet programs take it.
                    let mut field = unquote(inside);
                    field.extend_from_slice(&bytes[close..end]);
                    Cow::Owned(field)
                }
            }
        };
        Some(field)
    }
}

/// Doubled quotes into single ones.
fn unquote(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut doubled = false;
    for &byte in bytes {
        if byte == b'"' && doubled {
            doubled = false;
            continue;
        }
        doubled = byte == b'"';
        out.push(byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::read::{Content, Limits};
    use encoding_rs::GB18030;

    /// The rows as text, and the rows that could not be decoded.
    fn rows(bytes: &[u8]) -> (Vec<String>, Vec<u32>) {
        let book = read(bytes, &Limits::default()).unwrap();
        let sheet = &book.sheets[0];
        assert_eq!(sheet.name, "csv");
        let rows = sheet
            .rows()
            .map(|(row, cells)| {
                let cells: Vec<String> = cells
                    .iter()
                    .map(|cell| match cell.content {
                        Content::Text(id) => format!("{}={}", cell.col, book.texts.get(id)),
                        other => panic!("{other:?}"),
                    })
                    .collect();
                format!("{row}: {}", cells.join(" "))
            })
            .collect();
        (rows, sheet.undecodable_rows.clone())
    }

    #[test]
    fn records_are_the_rows_a_spreadsheet_program_shows() {
        for (text, want) in [
            ("a,b\r\nc,d", vec!["0: 0=a 1=b", "1: 0=c 1=d"]),
            ("a,b\rc,d\r", vec!["0: 0=a 1=b", "1: 0=c 1=d"]),
            ("a,b\n\n,d\n", vec!["0: 0=a 1=b", "2: 1=d"]),
            ("a\tb\nc,1\td\n", vec!["0: 0=a 1=b", "1: 0=c,1 1=d"]),
            ("a;b\nc;1,5\n", vec!["0: 0=a 1=b", "1: 0=c 1=1,5"]),
            ("sep=|\nc|d\n", vec!["1: 0=c 1=d"]),
            ("\"a\nb\",c\nd,e\n", vec!["0: 0=a\nb 1=c", "1: 0=d 1=e"]),
            ("\"a\"\"b\",\"\"\n", vec!["0: 0=a\"b"]),
            (
                "\"沿街\"店面,b\nc,d",
                vec!["0: 0=沿街店面 1=b", "1: 0=c 1=d"],
            ),
            ("a \"x\" b,c\nd,e", vec!["0: 0=a \"x\" b 1=c", "1: 0=d 1=e"]),
            ("\"open,b\nc,d\n", vec!["0: 0=\"open 1=b", "1: 0=c 1=d"]),
            ("a\0b,c\n", vec!["0: 0=ab 1=c"]),
            ("", vec![]),
        ] {
            assert_eq!(rows(text.as_bytes()).0, want, "{text:?}");
        }
    }

    #[test]
    fn the_encoding_is_found_and_a_broken_row_is_told() {
        let text = "合同,乙方\n村道,某公司\n";
        let want = ["0: 0=合同 1=乙方", "1: 0=村道 1=某公司"];
        let (gb, _, _) = GB18030.encode(text);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xFF\xFE".as_slice(), &wide].concat();
        let bom = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &gb, &marked, &bom] {
            assert_eq!(rows(bytes).0, want);
        }
        let broken = [text.as_bytes(), b"\xE5\x90,x\n"].concat();
        assert_eq!(rows(&broken), (want.map(String::from).to_vec(), vec![2]));
        let mixed = [&*gb, "台账,乙方\n".as_bytes()].concat();
        assert_eq!(rows(&mixed).0[2], "2: 0=台账 1=乙方");
    }

    #[test]
    fn any_bytes_are_survived() {
        let seed = "\"a\",\"b\"\"\r\n\u{feff}合同;\t|\0\"".as_bytes();
        for cut in 0..seed.len() {
            for byte in [0, b'"', b'\n', 0xFF] {
                let mut bytes = seed.to_vec();
                bytes[cut] = byte;
                let _ = read(&bytes, &Limits::default());
                let _ = read(&bytes[cut..], &Limits::default());
            }
        }
    }
}
