//! What goes between the process that scans and the one that reads a file: frames with their length before them.
//!
//! These types are of one version; the types that compute do not pass. Nothing told is believed: it goes through the same
//! [`Assembly`] as what a reader finds in a file.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::discover::{FileFormat, Reason, ReasonKind};
use crate::lang::Bilingual;
use crate::read::assembly::{Assembly, MAX_COLS, MAX_ROWS};
use crate::read::{
    Cell, CellError, Content, DateSystem, Limits, Region, Sheet, TextId, Texts, Workbook,
};

/// The version of these types; both ends must know the same one.
const VERSION: u32 = 1;
/// Things of one kind in a frame.
const BATCH: usize = 1 << 14;
/// Bytes of a frame beside the texts in it.
const FRAME: usize = 4 << 20;

/// What the reading process is to do. The bytes of the file follow.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    version: u32,
    format: u8,
    pub bytes: u64,
    file_bytes: u64,
    part_bytes: u64,
    inflated_bytes: u64,
    entries: u64,
    sheets: u64,
    cells: u64,
    text_bytes: u64,
    spread_text_bytes: u64,
    cell_text_bytes: u64,
    regions: u64,
    seconds: u64,
    memory_bytes: u64,
}

/// The formats by their numbers.
const FORMATS: [FileFormat; 4] = [
    FileFormat::Xlsx,
    FileFormat::Xlsb,
    FileFormat::Xls,
    FileFormat::Ods,
];

impl Request {
    pub(super) fn format(&self) -> Option<FileFormat> {
        FORMATS.get(usize::from(self.format)).copied()
    }

    pub(super) fn limits(&self) -> Limits {
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Limits {
            file_bytes: self.file_bytes,
            part_bytes: self.part_bytes,
            inflated_bytes: self.inflated_bytes,
            entries: size(self.entries),
            sheets: size(self.sheets),
            cells: size(self.cells),
            text_bytes: size(self.text_bytes),
            spread_text_bytes: size(self.spread_text_bytes),
            cell_text_bytes: size(self.cell_text_bytes),
            regions: size(self.regions),
            seconds: self.seconds,
            memory_bytes: self.memory_bytes,
        }
    }
}

/// What the reading process tells: texts, then each sheet followed by what belongs to it, then the end; or why not.
#[derive(Debug, Serialize, Deserialize)]
enum Frame {
    /// Texts, numbered in the order they come in.
    Texts(Vec<String>),
    Sheet {
        name: String,
        hidden: bool,
        from_1904: bool,
    },
    Cells(Vec<FrameCell>),
    /// Top, left, bottom, right.
    Merged(Vec<[u32; 4]>),
    HiddenRows(Vec<u32>),
    HiddenCols(Vec<u32>),
    End,
    Refused {
        kind: String,
        zh: String,
        en: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct FrameCell {
    row: u32,
    col: u32,
    content: FrameContent,
}

#[derive(Debug, Serialize, Deserialize)]
enum FrameContent {
    Text(u32),
    Number(f64),
    DateSerial(f64),
    Bool(bool),
    /// As a spreadsheet program numbers it in [`CellError::ALL`].
    Error(u8),
    FormulaWithoutValue,
}

/// What was told is not of this version, or breaks off.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Garbled;

impl From<io::Error> for Garbled {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl From<postcard::Error> for Garbled {
    fn from(_: postcard::Error) -> Self {
        Self
    }
}

/// Sends the request and the bytes of the file.
pub(super) fn send_request(
    out: &mut impl Write,
    bytes: &[u8],
    format: FileFormat,
    limits: &Limits,
) -> Result<(), Garbled> {
    let number = FORMATS.iter().position(|&known| known == format);
    let request = Request {
        version: VERSION,
        format: number.and_then(|at| u8::try_from(at).ok()).ok_or(Garbled)?,
        bytes: bytes.len() as u64,
        file_bytes: limits.file_bytes,
        part_bytes: limits.part_bytes,
        inflated_bytes: limits.inflated_bytes,
        entries: limits.entries as u64,
        sheets: limits.sheets as u64,
        cells: limits.cells as u64,
        text_bytes: limits.text_bytes as u64,
        spread_text_bytes: limits.spread_text_bytes as u64,
        cell_text_bytes: limits.cell_text_bytes as u64,
        regions: limits.regions as u64,
        seconds: limits.seconds,
        memory_bytes: limits.memory_bytes,
    };
    send(out, &request)?;
    out.write_all(bytes)?;
    Ok(out.flush()?)
}

/// Receives a request; the bytes of the file are still to be read.
pub(super) fn receive_request(input: &mut impl Read) -> Result<Request, Garbled> {
    let request: Request = next(input, FRAME, &mut Vec::new())?;
    if request.version == VERSION {
        Ok(request)
    } else {
        Err(Garbled)
    }
}

fn send(out: &mut impl Write, frame: &impl Serialize) -> Result<(), Garbled> {
    let bytes = postcard::to_stdvec(frame)?;
    let len = u32::try_from(bytes.len()).map_err(|_| Garbled)?;
    out.write_all(&len.to_le_bytes())?;
    Ok(out.write_all(&bytes)?)
}

/// The next frame, of at most this length; the buffer is kept for the one after it.
fn next<T: DeserializeOwned>(
    input: &mut impl Read,
    most: usize,
    buffer: &mut Vec<u8>,
) -> Result<T, Garbled> {
    let mut len = [0; 4];
    input.read_exact(&mut len)?;
    let len = usize::try_from(u32::from_le_bytes(len)).map_err(|_| Garbled)?;
    if len > most {
        return Err(Garbled);
    }
    buffer.clear();
    buffer.resize(len, 0);
    input.read_exact(buffer)?;
    let (frame, rest) = postcard::take_from_bytes(buffer)?;
    if rest.is_empty() {
        Ok(frame)
    } else {
        Err(Garbled)
    }
}

/// Tells what reading a file came to.
pub(super) fn tell(out: &mut impl Write, result: &Result<Workbook, Reason>) -> Result<(), Garbled> {
    send(out, &VERSION)?;
    match result {
        Ok(workbook) => {
            tell_texts(out, &workbook.texts)?;
            for sheet in &workbook.sheets {
                tell_sheet(out, sheet)?;
            }
            send(out, &Frame::End)?;
        }
        Err(reason) => {
            let frame = Frame::Refused {
                kind: reason.kind.id().to_owned(),
                zh: reason.message.zh.clone().into_owned(),
                en: reason.message.en.clone().into_owned(),
            };
            send(out, &frame)?;
        }
    }
    Ok(out.flush()?)
}

fn tell_texts(out: &mut impl Write, texts: &Texts) -> Result<(), Garbled> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    for id in 0..texts.len() {
        let text = texts.get(TextId(u32::try_from(id).map_err(|_| Garbled)?));
        batch.push(text.to_owned());
        bytes += text.len();
        if bytes > FRAME / 4 || batch.len() == BATCH {
            send(out, &Frame::Texts(std::mem::take(&mut batch)))?;
            bytes = 0;
        }
    }
    send(out, &Frame::Texts(batch))
}

fn tell_sheet(out: &mut impl Write, sheet: &Sheet) -> Result<(), Garbled> {
    let head = Frame::Sheet {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        from_1904: sheet.date_system == DateSystem::From1904,
    };
    send(out, &head)?;
    for cells in sheet.cells.chunks(BATCH) {
        send(out, &Frame::Cells(cells.iter().map(told_cell).collect()))?;
    }
    for regions in sheet.merged.chunks(BATCH) {
        let corners = |region: &Region| {
            let (left, right) = (u32::from(region.left), u32::from(region.right));
            [region.top, left, region.bottom, right]
        };
        send(out, &Frame::Merged(regions.iter().map(corners).collect()))?;
    }
    for rows in sheet.hidden_rows.chunks(BATCH) {
        send(out, &Frame::HiddenRows(rows.to_vec()))?;
    }
    for cols in sheet.hidden_cols.chunks(BATCH) {
        let cols = cols.iter().map(|&col| u32::from(col));
        send(out, &Frame::HiddenCols(cols.collect()))?;
    }
    Ok(())
}

fn told_cell(cell: &Cell) -> FrameCell {
    FrameCell {
        row: cell.row,
        col: u32::from(cell.col),
        content: match cell.content {
            Content::Text(id) => FrameContent::Text(id.0),
            Content::Number(number) => FrameContent::Number(number),
            Content::DateSerial(number) => FrameContent::DateSerial(number),
            Content::Bool(truth) => FrameContent::Bool(truth),
            Content::Error(error) => {
                let at = CellError::ALL.iter().position(|&known| known == error);
                FrameContent::Error(at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX))
            }
            Content::FormulaWithoutValue => FrameContent::FormulaWithoutValue,
        },
    }
}

/// Receives what reading a file came to, within the bounds that a reader has to keep.
pub(super) fn receive(
    input: &mut impl Read,
    limits: &Limits,
) -> Result<Result<Workbook, Reason>, Garbled> {
    let mut buffer = Vec::new();
    // The last text of a frame may be as long as a text may be.
    let most = limits.cell_text_bytes.saturating_add(FRAME);
    let version: u32 = next(input, FRAME, &mut buffer)?;
    if version != VERSION {
        return Err(Garbled);
    }
    let mut assembly = Assembly::new(limits);
    let mut sheet: Option<Sheet> = None;
    loop {
        let frame: Frame = next(input, most, &mut buffer)?;
        match frame {
            Frame::Refused { kind, zh, en } => {
                let kind = ReasonKind::ALL.into_iter().find(|known| known.id() == kind);
                return Ok(Err(Reason {
                    kind: kind.ok_or(Garbled)?,
                    message: Bilingual::new(zh, en),
                }));
            }
            Frame::End => {
                if let Some(sheet) = sheet.take()
                    && let Err(reason) = assembly.add_sheet(sheet)
                {
                    return Ok(Err(reason));
                }
                return Ok(Ok(assembly.workbook));
            }
            frame => {
                if let Err(reason) = take(frame, &mut assembly, &mut sheet)? {
                    return Ok(Err(reason));
                }
            }
        }
    }
}

/// Takes in a frame that is not the last.
fn take(
    frame: Frame,
    assembly: &mut Assembly,
    current: &mut Option<Sheet>,
) -> Result<Result<(), Reason>, Garbled> {
    let result = match (frame, current) {
        (Frame::Texts(texts), None) => texts.iter().try_for_each(|text| {
            let stored = assembly.text(text)?;
            // An empty text would move the numbers of those behind it.
            stored.map(|_| ()).ok_or_else(Reason::crashed)
        }),
        (
            Frame::Sheet {
                name,
                hidden,
                from_1904,
            },
            current,
        ) => {
            let date_system = if from_1904 {
                DateSystem::From1904
            } else {
                DateSystem::From1900
            };
            let before = current.replace(Sheet {
                name,
                hidden,
                date_system,
                ..Sheet::default()
            });
            before.map_or(Ok(()), |sheet| assembly.add_sheet(sheet))
        }
        (Frame::Cells(cells), Some(sheet)) => {
            for cell in cells {
                let cell = believed(&cell, &assembly.workbook.texts).ok_or(Garbled)?;
                if let Err(reason) = assembly.push(sheet, cell) {
                    return Ok(Err(reason));
                }
            }
            Ok(())
        }
        (Frame::Merged(regions), Some(sheet)) => {
            for [top, left, bottom, right] in regions {
                let region = Region {
                    top,
                    left: column(left).ok_or(Garbled)?,
                    bottom,
                    right: column(right).ok_or(Garbled)?,
                };
                if top > bottom || left > right || bottom >= MAX_ROWS {
                    return Err(Garbled);
                }
                if let Err(reason) = assembly.merge(sheet, region) {
                    return Ok(Err(reason));
                }
            }
            Ok(())
        }
        (Frame::HiddenRows(rows), Some(sheet)) => rows
            .into_iter()
            .try_for_each(|row| assembly.hide_rows(sheet, row, row)),
        (Frame::HiddenCols(cols), Some(sheet)) => {
            for col in cols {
                Assembly::hide_cols(sheet, col, col);
            }
            Ok(())
        }
        _ => return Err(Garbled),
    };
    Ok(result)
}

fn column(col: u32) -> Option<u16> {
    u16::try_from(col).ok().filter(|&col| col < MAX_COLS)
}

/// A cell that may stand in a sheet and names a text that is there.
fn believed(cell: &FrameCell, texts: &Texts) -> Option<Cell> {
    let finite = |number: f64| Some(number).filter(|number| number.is_finite());
    let content = match cell.content {
        FrameContent::Text(id) => {
            let id = TextId(id);
            texts.is_blank(id).filter(|blank| !blank)?;
            Content::Text(id)
        }
        FrameContent::Number(number) => Content::Number(finite(number)?),
        FrameContent::DateSerial(number) => Content::DateSerial(finite(number)?),
        FrameContent::Bool(truth) => Content::Bool(truth),
        FrameContent::Error(at) => Content::Error(*CellError::ALL.get(usize::from(at))?),
        FrameContent::FormulaWithoutValue => Content::FormulaWithoutValue,
    };
    Some(Cell {
        row: Some(cell.row).filter(|&row| row < MAX_ROWS)?,
        col: column(cell.col)?,
        content,
    })
}
