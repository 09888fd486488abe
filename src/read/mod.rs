//! [`Source`] → [`Sheet`]s: cells exactly as stored. Reading never interprets.

mod assembly;
mod by_calamine;
mod bytes;
mod cell;
mod csv;
mod encoding;
mod guard;
mod html;
mod iso_date;
mod isolate;
mod limits;
mod number;
mod number_format;
mod ods;
mod ooxml;
mod package;
mod relations;
mod repack;
mod sheet;
mod spreadsheet_ml;
mod texts;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

pub use cell::{Cell, CellError, Content, address, column_letters};
pub use isolate::{Isolation, serve};
pub use limits::Limits;
pub use sheet::{DateSystem, Region, Sheet, Workbook};
pub use texts::{TextId, Texts};

use std::fs::File;
use std::io::Read;

use sha2::{Digest, Sha256};

use crate::discover::{FileFormat, Reason, Source, Status};
use xlsx::Unread;

/// What reading a file yields.
#[derive(Debug, Default)]
pub struct Opened {
    /// Its sheets.
    pub workbook: Workbook,
    /// SHA-256 of its bytes in hex.
    pub sha256: String,
}

/// Reads a file that is to be read, in this process: bounds are checked first and a panic is caught, but nothing ends a
/// third-party reader that loops. See [`open_isolated`].
///
/// # Errors
/// The reason why it cannot be, with the remedy.
pub fn open(source: &Source, limits: &Limits) -> Result<Opened, Reason> {
    open_with(source, limits, None)
}

/// Reads a file that is to be read; one that only a third-party reader reads in a process of its own, whose time and
/// memory are limited.
///
/// # Errors
/// The reason why it cannot be, with the remedy.
pub fn open_isolated(
    source: &Source,
    limits: &Limits,
    isolation: &Isolation,
) -> Result<Opened, Reason> {
    open_with(source, limits, Some(isolation))
}

fn open_with(
    source: &Source,
    limits: &Limits,
    isolation: Option<&Isolation>,
) -> Result<Opened, Reason> {
    let format = match &source.status {
        Status::Readable(format) => *format,
        Status::Skipped(reason) | Status::Unreadable(reason) => return Err(reason.clone()),
    };
    let bytes = load(source, limits)?;
    let workbook = parse_with(&bytes, format, limits, isolation)?;
    Ok(Opened {
        workbook,
        sha256: hex(&Sha256::digest(&bytes)),
    })
}

/// Reads the bytes of a file of a known format, in this process. Never panics, whatever the bytes.
///
/// # Errors
/// The reason why they cannot be read, with the remedy.
pub fn parse(bytes: &[u8], format: FileFormat, limits: &Limits) -> Result<Workbook, Reason> {
    parse_with(bytes, format, limits, None)
}

fn parse_with(
    bytes: &[u8],
    format: FileFormat,
    limits: &Limits,
    isolation: Option<&Isolation>,
) -> Result<Workbook, Reason> {
    let third_party = || match isolation {
        Some(isolation) => isolation.read(bytes, format, limits),
        None => by_calamine(bytes, format, limits),
    };
    guard::guarded(|| match format {
        FileFormat::Csv => csv::read(bytes, limits),
        FileFormat::Html => html::read(bytes, limits),
        FileFormat::XmlSpreadsheet => spreadsheet_ml::read(bytes, limits),
        FileFormat::Xlsx => match xlsx::read(bytes, limits) {
            Ok(workbook) => Ok(workbook),
            Err(Unread::Refused(reason)) => Err(reason),
            Err(Unread::NotUnderstood(reason)) => {
                // The reason of our own reader says what is wrong.
                guard::guarded(third_party).map_err(|_| reason)
            }
        },
        FileFormat::Xlsb | FileFormat::Xls | FileFormat::Ods => third_party(),
    })
}

/// Reads what calamine reads, inside bounds that are checked first.
fn by_calamine(bytes: &[u8], format: FileFormat, limits: &Limits) -> Result<Workbook, Reason> {
    match format {
        FileFormat::Xlsb => xlsb::read(bytes, limits),
        FileFormat::Xls => xls::read(bytes, limits),
        FileFormat::Ods => ods::read(bytes, limits),
        _ => xlsx::fallback::read(bytes, limits),
    }
}

fn load(source: &Source, limits: &Limits) -> Result<Vec<u8>, Reason> {
    let most = limits.file_bytes;
    let too_large = || {
        Reason::too_large(
            &format!("文件超过 {} MB", most >> 20),
            &format!("a file of more than {} MB", most >> 20),
        )
    };
    if source.bytes > most {
        return Err(too_large());
    }
    let file = File::open(&source.path).map_err(|error| Reason::unreadable(&error))?;
    let mut bytes = Vec::with_capacity(usize::try_from(source.bytes).unwrap_or(0));
    // The file may have grown since it was listed.
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Reason::unreadable(&error))?;
    if bytes.len() as u64 > most {
        return Err(too_large());
    }
    if bytes.is_empty() {
        return Err(Reason::empty());
    }
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| {
            [
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]
        })
        .map(char::from)
        .collect()
}
