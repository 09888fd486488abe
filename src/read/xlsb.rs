//! Our own reader of xlsb: the records of its binary parts, one after the other.

use std::collections::HashMap;

use super::assembly::{Assembly, MAX_COLS, MAX_ROWS};
use super::bytes::{f64_at, rk_at, u16_at, u32_at, wide_text};
use super::number_format;
use super::package::{Package, Part};
use super::relations::{self, Relations};
use super::xls::error_value;
use super::{Cell, Content, DateSystem, Limits, Region, Sheet, TextId, Workbook};
use crate::discover::Reason;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let mut package = Package::open(bytes, limits)?;
    let mut assembly = Assembly::new(limits);
    let path = workbook_path(&mut package)?;
    let mut book = Book::default();
    let part = package.part(&path)?.ok_or_else(|| missing_part(&path))?;
    each_record(part, &mut assembly, |_, kind, data| book.record(kind, data))?;
    let relations = match package.text(&relations::part_of(&path))? {
        Some(text) => Relations::parse(&text, &path),
        None => Relations::default(),
    };
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let place = |kind: &str, usual: &str| {
        let known = relations.of_kind(kind).map(str::to_owned);
        known.unwrap_or_else(|| format!("{folder}/{usual}"))
    };
    let mut styles = Styles::default();
    if let Some(part) = package.part(&place("styles", "styles.bin"))? {
        each_record(part, &mut assembly, |_, kind, data| {
            styles.record(kind, data)
        })?;
    }
    let dates = styles.dates();
    if let Some(part) = package.part(&place("sharedStrings", "sharedStrings.bin"))? {
        each_record(part, &mut assembly, |assembly, kind, data| {
            // BrtSSTItem: flags, then the text; runs and phonetic guides behind it are left out.
            if kind == 19 {
                let text = wide_text(data, 1)
                    .map(|(text, _)| text)
                    .ok_or_else(cut_off)?;
                assembly.shared_text(&text)?;
            }
            Ok(true)
        })?;
    }
    for entry in &book.sheets {
        let mut sheet = Sheet {
            name: entry.name.clone(),
            hidden: entry.hidden,
            date_system: book.date_system,
            ..Sheet::default()
        };
        if let Some(("worksheet", target)) = relations.by_id(&entry.relation) {
            let part = package.part(target)?.ok_or_else(|| missing_part(target))?;
            let mut row = 0;
            each_record(part, &mut assembly, |assembly, kind, data| {
                sheet_record(assembly, &mut sheet, &dates, &mut row, kind, data)?;
                Ok(true)
            })?;
        }
        assembly.add_sheet(sheet)?;
    }
    Ok(assembly.workbook)
}

fn workbook_path(package: &mut Package) -> Result<String, Reason> {
    if let Some(text) = package.text("_rels/.rels")?
        && let Some(path) = Relations::parse(&text, "").of_kind("officeDocument")
        && package.has(path)
    {
        return Ok(path.to_owned());
    }
    Ok("xl/workbook.bin".to_owned())
}

fn missing_part(name: &str) -> Reason {
    Reason::damaged(
        &format!("缺少部件 {name}"),
        &format!("the part {name} is missing"),
    )
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

/// What the workbook part tells.
#[derive(Default)]
struct Book {
    sheets: Vec<Entry>,
    date_system: DateSystem,
}

struct Entry {
    name: String,
    hidden: bool,
    relation: String,
}

impl Book {
    fn record(&mut self, kind: u16, data: &[u8]) -> Result<bool, Reason> {
        match kind {
            // BrtWbProp
            153 if u32_at(data, 0).is_some_and(|flags| flags & 1 != 0) => {
                self.date_system = DateSystem::From1904;
            }
            // BrtBundleSh
            156 => {
                let (relation, used) = wide_text(data, 8).ok_or_else(cut_off)?;
                let (name, _) = wide_text(data, 8 + used).ok_or_else(cut_off)?;
                self.sheets.push(Entry {
                    name,
                    hidden: u32_at(data, 0) != Some(0),
                    relation,
                });
            }
            _ => {}
        }
        Ok(true)
    }
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

fn sheet_record(
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    dates: &[bool],
    row: &mut u32,
    kind: u16,
    data: &[u8],
) -> Result<(), Reason> {
    let typed = |number: f64| {
        let format = u32_at(data, 4).map_or(0, |style| style & 0x00FF_FFFF);
        let date = usize::try_from(format)
            .ok()
            .and_then(|format| dates.get(format));
        if date == Some(&true) {
            Content::DateSerial(number)
        } else {
            Content::Number(number)
        }
    };
    let content = match kind {
        // BrtRowHdr
        0 => {
            *row = u32_at(data, 0).ok_or_else(cut_off)?;
            if data.get(11).is_some_and(|flags| flags & 0x10 != 0) {
                assembly.hide_rows(sheet, *row, *row)?;
            }
            None
        }
        // BrtColInfo
        60 => {
            if u16_at(data, 16).is_some_and(|flags| flags & 1 != 0) {
                let (first, last) = (u32_at(data, 0).unwrap_or(0), u32_at(data, 4).unwrap_or(0));
                Assembly::hide_cols(sheet, first, last);
            }
            None
        }
        // BrtMergeCell
        176 => {
            if let Some(region) = region(data) {
                assembly.merge(sheet, region)?;
            }
            None
        }
        2 => rk_at(data, 8).map(typed),
        // A number, and a formula's number.
        5 | 9 => f64_at(data, 8).map(typed),
        // An error, and a formula's error.
        3 | 11 => data.get(8).map(|code| Content::Error(error_value(*code))),
        // A truth value, and a formula's.
        4 | 10 => data.get(8).map(|value| Content::Bool(*value != 0)),
        // A text, a formula's text, and one with runs of formatting.
        6 | 8 | 62 => {
            let at = if kind == 62 { 9 } else { 8 };
            let (text, _) = wide_text(data, at).ok_or_else(cut_off)?;
            assembly.text_content(&text)?
        }
        7 => {
            let id = TextId(u32_at(data, 8).ok_or_else(cut_off)?);
            match assembly.workbook.texts.is_blank(id) {
                Some(true) => None,
                Some(false) => Some(Content::Text(id)),
                None => {
                    return Err(Reason::damaged(
                        "引用的共享文字不存在",
                        "a cell names a shared string that is not there",
                    ));
                }
            }
        }
        _ => None,
    };
    let Some(content) = content else {
        return Ok(());
    };
    let col = u32_at(data, 0).and_then(|col| u16::try_from(col).ok());
    match col {
        Some(col) if col < MAX_COLS && *row < MAX_ROWS => assembly.push(
            sheet,
            Cell {
                row: *row,
                col,
                content,
            },
        ),
        _ => Err(Reason::damaged(
            "单元格位置超出表格范围",
            "a cell beyond the bounds of a sheet",
        )),
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
    use super::split;

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
