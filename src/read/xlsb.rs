//! The layout pass over xlsb, and its cells by way of calamine.
//!
//! The pass walks over the records of the parts within bounds. It keeps what calamine does not tell: merged regions, hidden
//! sheets, rows and columns, and which cell formats show dates. What the cells hold it copies, record by record, into a
//! package of its own, whose counts are true; calamine reads that cell by cell.

use std::collections::HashMap;

use super::assembly::{Assembly, MAX_COLS, MAX_ROWS};
use super::by_calamine::{Contents, XlsbCells, beyond_the_sheet};
use super::bytes::{f64_at, rk_at, u16_at, u32_at, wide_text};
use super::number_format;
use super::ooxml::{self, Book, Entry, Parts, missing_part};
use super::package::{Package, Part};
use super::repack::Repacked;
use super::xls::known_error;
use super::{DateSystem, Limits, Region, Sheet, Workbook};
use crate::discover::Reason;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let mut assembly = Assembly::new(limits);
    let (package, sheets) = lay_out(bytes, &mut assembly)?;
    let mut book = XlsbCells::open(package)?;
    let mut contents = Contents::default();
    for (at, mut sheet) in sheets.into_iter().enumerate() {
        book.each(at, |place, value| {
            contents.add(&mut assembly, &mut sheet, place, value)
        })?;
        assembly.add_sheet(sheet)?;
    }
    Ok(assembly.workbook)
}

/// The package for calamine, and the sheets without their cells.
fn lay_out(bytes: &[u8], assembly: &mut Assembly) -> Result<(Vec<u8>, Vec<Sheet>), Reason> {
    let mut package = Package::open(bytes, assembly.limits)?;
    let path = ooxml::named_workbook(&mut package)?;
    let path = path.unwrap_or_else(|| "xl/workbook.bin".to_owned());
    let mut book = Book::default();
    let part = package.part(&path)?.ok_or_else(|| missing_part(&path))?;
    each_record(part, assembly, |_, kind, data| {
        book_record(&mut book, kind, data)
    })?;
    assembly.expect_sheets(book.sheets.len())?;
    let parts = Parts::of(&mut package, path)?;
    let mut styles = Styles::default();
    if let Some(part) = package.part(&parts.of_kind("styles", "styles.bin"))? {
        each_record(part, assembly, |_, kind, data| styles.record(kind, data))?;
    }
    let mut out = Repacked::new();
    write_workbook(&mut out, book.sheets.len())?;
    let mut strings = Strings::default();
    if let Some(part) = package.part(&parts.of_kind("sharedStrings", "sharedStrings.bin"))? {
        each_record(part, assembly, |assembly, kind, data| {
            if kind == 19 {
                strings.add(data, assembly)?;
            }
            Ok(true)
        })?;
    }
    strings.write(&mut out)?;
    let mut walk = SheetWalk {
        dates: styles.dates(),
        sizes: strings.sizes,
        laid: 0,
        out: Vec::new(),
    };
    let mut sheets = Vec::new();
    for (at, entry) in book.sheets.iter().enumerate() {
        let mut sheet = entry.sheet(book.date_system);
        out.begin(&format!("xl/worksheets/{at}.bin"))?;
        push(&mut walk.out, 148, &[0; 16]);
        push(&mut walk.out, 145, &[]);
        // A chart sheet has no cells.
        if let Some(("worksheet", target)) = parts.of_sheet(entry) {
            let part = package.part(target)?.ok_or_else(|| missing_part(target))?;
            let mut row = 0;
            each_record(part, assembly, |assembly, kind, data| {
                walk.record(assembly, &mut sheet, &mut row, kind, data)?;
                if walk.out.len() > 1 << 16 {
                    out.write(&walk.out)?;
                    walk.out.clear();
                }
                Ok(true)
            })?;
        }
        push(&mut walk.out, 146, &[]);
        out.write(&walk.out)?;
        walk.out.clear();
        sheets.push(sheet);
    }
    Ok((out.finish()?, sheets))
}

/// The workbook part, its relations and two cell formats, General and m/d/yy. Sheets are named by their numbers.
fn write_workbook(out: &mut Repacked, sheets: usize) -> Result<(), Reason> {
    let mut book = Vec::new();
    let mut relations = String::from("<Relationships>");
    for at in 0..sheets {
        let mut entry = vec![0; 8];
        push_text(&mut entry, &format!("r{at}"));
        push_text(&mut entry, &at.to_string());
        push(&mut book, 156, &entry);
        relations.push_str(&format!(
            r#"<Relationship Id="r{at}" Target="worksheets/{at}.bin"/>"#
        ));
    }
    relations.push_str("</Relationships>");
    // The end of the sheets, and a record that stands behind the defined names.
    push(&mut book, 144, &[]);
    push(&mut book, 157, &[]);
    out.part("xl/workbook.bin", &book)?;
    out.part("xl/_rels/workbook.bin.rels", relations.as_bytes())?;
    let mut styles = Vec::new();
    push(&mut styles, 617, &2u32.to_le_bytes());
    for format in [0, 14] {
        push(&mut styles, 47, &[0, 0, format, 0]);
    }
    push(&mut styles, 618, &[]);
    out.part("xl/styles.bin", &styles)
}

/// The shared strings for calamine.
#[derive(Default)]
struct Strings {
    items: Vec<u8>,
    /// Bytes that the characters of each take.
    sizes: Vec<u32>,
}

impl Strings {
    /// Adds an item: flags, then the text; runs and phonetic guides behind it are left out.
    fn add(&mut self, data: &[u8], assembly: &Assembly) -> Result<(), Reason> {
        let text = raw_text(data, 1).ok_or_else(cut_off)?;
        assembly.expect_cells(self.sizes.len() as u64 + 1)?;
        let size = text.len() - 4;
        self.sizes.push(u32::try_from(size).unwrap_or(u32::MAX));
        push_parts(&mut self.items, 19, &[&[0], text]);
        Ok(())
    }

    fn write(&self, out: &mut Repacked) -> Result<(), Reason> {
        let count = u32::try_from(self.sizes.len()).map_err(|_| cut_off())?;
        let mut head = Vec::new();
        push_parts(
            &mut head,
            159,
            &[&count.to_le_bytes(), &count.to_le_bytes()],
        );
        out.begin("xl/sharedStrings.bin")?;
        out.write(&head)?;
        out.write(&self.items)
    }
}

/// A text with its length in four bytes before it, as it stands.
fn raw_text(data: &[u8], at: usize) -> Option<&[u8]> {
    let len = usize::try_from(u32_at(data, at)?).ok()?.checked_mul(2)?;
    data.get(at..)?.get(..len.checked_add(4)?)
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    let len = u32::try_from(text.len()).unwrap_or(0);
    out.extend(len.to_le_bytes());
    out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
}

fn push(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    push_parts(out, kind, &[data]);
}

/// A record whose data stands in several places.
fn push_parts(out: &mut Vec<u8>, kind: u16, parts: &[&[u8]]) {
    let [low, high] = [kind & 0x7F, kind >> 7].map(|half| half.to_le_bytes()[0]);
    if high == 0 {
        out.push(low);
    } else {
        out.extend([low | 0x80, high]);
    }
    let mut len = parts.iter().map(|part| part.len()).sum::<usize>();
    loop {
        let byte = len.to_le_bytes()[0] & 0x7F;
        len >>= 7;
        if len == 0 {
            out.push(byte);
            break;
        }
        out.push(byte | 0x80);
    }
    for part in parts {
        out.extend_from_slice(part);
    }
}

fn cut_off() -> Reason {
    Reason::damaged("部件不完整", "a part is cut off")
}

/// Gives each record of a part to a function, until that says false.
fn each_record(
    part: &mut Part,
    assembly: &mut Assembly,
    mut record: impl FnMut(&mut Assembly, u16, &[u8]) -> Result<bool, Reason>,
) -> Result<(), Reason> {
    loop {
        let mut used = 0;
        let mut beyond = false;
        while let Some((kind, start, end)) = split(&part.bytes()[used..]) {
            let Some(data) = part.bytes().get(used + start..used + end) else {
                beyond = true;
                break;
            };
            if !record(assembly, kind, data)? {
                return Ok(());
            }
            used += end;
            assembly.tick()?;
        }
        part.consume(used);
        if used == 0 && part.bytes().len() > assembly.limits.unit_bytes() {
            let most = assembly.limits.cell_text_bytes;
            return Err(Reason::too_large(
                &format!("一条记录超过 {most} 字节"),
                &format!("a record of more than {most} bytes"),
            ));
        }
        if !part.fill()? {
            if beyond || !part.bytes().is_empty() {
                return Err(cut_off());
            }
            return Ok(());
        }
    }
}

/// The kind of the record that bytes begin with, and where its data begins and ends; `None` where its head is not at hand.
fn split(bytes: &[u8]) -> Option<(u16, usize, usize)> {
    let first = *bytes.first()?;
    let (kind, mut at) = if first & 0x80 == 0 {
        (u16::from(first), 1)
    } else {
        (
            u16::from(first & 0x7F) | u16::from(*bytes.get(1)? & 0x7F) << 7,
            2,
        )
    };
    let mut len = 0usize;
    for shift in [0, 7, 14, 21] {
        let byte = *bytes.get(at)?;
        at += 1;
        len |= usize::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some((kind, at, at + len))
}

/// Takes in what a record of the workbook part tells.
fn book_record(book: &mut Book, kind: u16, data: &[u8]) -> Result<bool, Reason> {
    match kind {
        // BrtWbProp
        153 if u32_at(data, 0).is_some_and(|flags| flags & 1 != 0) => {
            book.date_system = DateSystem::From1904;
        }
        // BrtBundleSh
        156 => {
            let (relation, used) = wide_text(data, 8).ok_or_else(cut_off)?;
            let (name, _) = wide_text(data, 8 + used).ok_or_else(cut_off)?;
            book.sheets.push(Entry {
                name,
                hidden: u32_at(data, 0) != Some(0),
                relation,
            });
        }
        _ => {}
    }
    Ok(true)
}

/// The styles of a workbook, as far as dates need them.
#[derive(Default)]
struct Styles {
    custom: HashMap<u16, bool>,
    formats: Vec<u16>,
    in_cell_formats: bool,
}

impl Styles {
    fn record(&mut self, kind: u16, data: &[u8]) -> Result<bool, Reason> {
        match kind {
            // BrtFmt
            44 => {
                if let (Some(id), Some((code, _))) = (u16_at(data, 0), wide_text(data, 2)) {
                    self.custom.insert(id, number_format::is_date(&code));
                }
            }
            // BrtBeginCellXFs, BrtEndCellXFs
            617 => self.in_cell_formats = true,
            618 => return Ok(false),
            // BrtXF
            47 if self.in_cell_formats => self.formats.push(u16_at(data, 2).unwrap_or(0)),
            _ => {}
        }
        Ok(true)
    }

    /// For each cell format, whether it shows a date or a time.
    fn dates(&self) -> Vec<bool> {
        let is_date = |id: &u16| {
            let built_in = || number_format::is_built_in_date(u32::from(*id));
            self.custom.get(id).copied().unwrap_or_else(built_in)
        };
        self.formats.iter().map(is_date).collect()
    }
}

/// Walks over the records of sheets.
struct SheetWalk {
    /// For each cell format, whether it shows a date or a time.
    dates: Vec<bool>,
    /// Bytes of each shared string.
    sizes: Vec<u32>,
    /// Cells of all sheets so far; the pass counts what will be added later.
    laid: u64,
    /// What goes on to calamine.
    out: Vec<u8>,
}

impl SheetWalk {
    fn record(
        &mut self,
        assembly: &mut Assembly,
        sheet: &mut Sheet,
        row: &mut u32,
        kind: u16,
        data: &[u8],
    ) -> Result<(), Reason> {
        match kind {
            // BrtRowHdr
            0 => {
                *row = u32_at(data, 0).ok_or_else(cut_off)?;
                if data.get(11).is_some_and(|flags| flags & 0x10 != 0) {
                    assembly.hide_rows(sheet, *row, *row)?;
                }
                // Of a row that no sheet has, calamine would take the rest of the sheet for read.
                if *row < MAX_ROWS {
                    push(&mut self.out, 0, &row.to_le_bytes());
                }
            }
            // BrtColInfo
            60 if u16_at(data, 16).is_some_and(|flags| flags & 1 != 0) => {
                let (first, last) = (u32_at(data, 0).unwrap_or(0), u32_at(data, 4).unwrap_or(0));
                Assembly::hide_cols(sheet, first, last);
            }
            // BrtMergeCell
            176 => {
                if let Some(region) = region(data) {
                    assembly.merge(sheet, region)?;
                }
            }
            2..=11 | 62 => {
                let before = self.out.len();
                self.cell(kind, data)?;
                if self.out.len() > before {
                    let col = u32_at(data, 0).unwrap_or(u32::MAX);
                    if *row >= MAX_ROWS || col >= u32::from(MAX_COLS) {
                        return Err(beyond_the_sheet());
                    }
                    self.laid += 1;
                    assembly.expect_cells(self.laid)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Copies a cell; one that holds no value is left out.
    fn cell(&mut self, kind: u16, data: &[u8]) -> Result<(), Reason> {
        let (Some(place), Some(format)) = (data.get(..4), u32_at(data, 4)) else {
            return Ok(());
        };
        let format = usize::try_from(format & 0x00FF_FFFF).unwrap_or(usize::MAX);
        let date = self.dates.get(format).copied().unwrap_or(false);
        let style = u32::from(date).to_le_bytes();
        let mut add = |kind: u16, value: &[u8]| {
            push_parts(&mut self.out, kind, &[place, &style, value]);
        };
        match kind {
            2 if rk_at(data, 8).is_some() => add(2, &data[8..12]),
            // A number, and a formula's number.
            5 | 9 if f64_at(data, 8).is_some() => add(5, &data[8..16]),
            // An error, and a formula's error.
            3 | 11 => {
                if let Some(&code) = data.get(8) {
                    add(3, &[known_error(code)]);
                }
            }
            // A truth value, and a formula's.
            4 | 10 => {
                if let Some(&value) = data.get(8) {
                    add(4, &[value]);
                }
            }
            // A text, a formula's text, and one with runs of formatting.
            6 | 8 | 62 => {
                let at = if kind == 62 { 9 } else { 8 };
                add(6, raw_text(data, at).ok_or_else(cut_off)?);
            }
            7 => {
                let id = u32_at(data, 8).ok_or_else(cut_off)?;
                let size = usize::try_from(id).ok().and_then(|id| self.sizes.get(id));
                match size {
                    Some(0) => {}
                    Some(_) => add(7, &data[8..12]),
                    None => {
                        return Err(Reason::damaged(
                            "引用的共享文字不存在",
                            "a cell names a shared string that is not there",
                        ));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn region(data: &[u8]) -> Option<Region> {
    let at = |at: usize| u32_at(data, at);
    let (a, b) = (at(0)?.min(MAX_ROWS - 1), at(4)?.min(MAX_ROWS - 1));
    let col = |at: usize| Some(u16::try_from(u32_at(data, at)?).ok()?.min(MAX_COLS - 1));
    let (c, d) = (col(8)?, col(12)?);
    Some(Region {
        top: a.min(b),
        left: c.min(d),
        bottom: a.max(b),
        right: c.max(d),
    })
}

#[cfg(test)]
mod tests {
    use super::{push, push_parts, push_text, read, split};
    use crate::read::repack::Repacked;
    use crate::read::{Content, Limits};

    /// A workbook with one sheet of these records, and with counts that lie.
    fn workbook(sheet: &[u8]) -> Vec<u8> {
        let mut entry = vec![0; 8];
        push_text(&mut entry, "r");
        push_text(&mut entry, "A");
        let mut book = Vec::new();
        push(&mut book, 156, &entry);
        let mut strings = Vec::new();
        push(&mut strings, 159, &[0xFF; 8]);
        let mut item = vec![0];
        push_text(&mut item, "one");
        push(&mut strings, 19, &item);
        let mut data = Vec::new();
        push(&mut data, 148, &[0xFF; 16]);
        push(&mut data, 145, &[]);
        data.extend(sheet);
        push(&mut data, 146, &[]);
        let relations = r#"<Relationships><Relationship Id="r" Type="/worksheet" Target="a.bin"/></Relationships>"#;
        let mut package = Repacked::new();
        for (name, content) in [
            ("xl/workbook.bin", &*book),
            ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
            ("xl/sharedStrings.bin", &strings),
            ("xl/a.bin", &data),
        ] {
            package.part(name, content).unwrap();
        }
        package.finish().unwrap()
    }

    /// A row with one cell.
    fn cell(row: u32, col: u32, kind: u16, value: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        push(&mut out, 0, &row.to_le_bytes());
        push_parts(&mut out, kind, &[&col.to_le_bytes(), &[0; 4], value]);
        out
    }

    #[test]
    fn far_cells_are_read_and_counts_not_believed() {
        let sheet = [
            cell(0, 0, 7, &[0; 4]),
            // A formula's error, which calamine alone passes over, with a code that is none.
            cell(1, 0, 11, &[9]),
            cell(1_048_575, 16_383, 5, &2.5f64.to_le_bytes()),
        ];
        let book = read(&workbook(&sheet.concat()), &Limits::default()).unwrap();
        let cells: Vec<_> = book.sheets[0]
            .cells
            .iter()
            .map(|cell| match cell.content {
                Content::Text(id) => (cell.row, cell.col, book.texts.get(id).to_owned()),
                other => (cell.row, cell.col, format!("{other:?}")),
            })
            .collect();
        let want = [
            (0, 0, "one".to_owned()),
            (1, 0, "Error(Value)".to_owned()),
            (1_048_575, 16_383, "Number(2.5)".to_owned()),
        ];
        assert_eq!(cells, want);
    }

    #[test]
    fn what_stands_in_no_sheet_is_told() {
        let number = 2.5f64.to_le_bytes();
        for sheet in [
            cell(1_048_576, 0, 5, &number),
            cell(u32::MAX, 0, 5, &number),
            cell(0, 16_384, 5, &number),
            cell(0, 0, 7, &[1, 0, 0, 0]),
            cell(0, 0, 6, &[0xFF; 6]),
        ] {
            let reason = read(&workbook(&sheet), &Limits::default()).unwrap_err();
            assert_eq!(reason.kind.id(), "damaged");
        }
    }

    #[test]
    fn any_flipped_byte_is_survived() {
        let sheet = [
            cell(0, 0, 7, &[0; 4]),
            cell(1, 1, 2, &[7; 4]),
            cell(2, 2, 4, &[1]),
        ];
        let sheet = sheet.concat();
        for at in 0..sheet.len() {
            for value in [0, 1, 0x7F, 0x80, 0xFF] {
                let mut bad = sheet.clone();
                bad[at] = value;
                let format = crate::discover::FileFormat::Xlsb;
                if let Err(reason) = crate::read::parse(&workbook(&bad), format, &Limits::default())
                {
                    assert_ne!(reason.kind.id(), "crashed", "byte {at}: {value}");
                }
            }
        }
    }

    #[test]
    fn records_are_written_as_they_are_read() {
        for (kind, len) in [(5u16, 18usize), (617, 4), (156, 300), (19, 70_000)] {
            let mut out = Vec::new();
            push_parts(&mut out, kind, &[&vec![7; len - 1], &[7]]);
            let (got, start, end) = split(&out).unwrap();
            assert_eq!((got, end - start, end), (kind, len, out.len()));
        }
    }

    #[test]
    fn heads_of_records_are_taken_apart() {
        assert_eq!(split(&[0x05, 0x10]), Some((5, 2, 18)));
        assert_eq!(split(&[0xE9, 0x04, 0x80, 0x01]), Some((617, 4, 132)));
        assert_eq!(split(&[0xE9]), None);
        assert_eq!(
            split(&[0x05, 0xFF, 0xFF, 0xFF, 0x7F]),
            Some((5, 5, 5 + 0x0FFF_FFFF))
        );
    }
}
