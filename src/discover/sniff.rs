//! What a file is, by its content; the name only decides what is expected of it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::cfb::{self, Compound};
use super::zip::{Directory, Entry, ZipError};
use super::{FileFormat, Reason, Status};

/// Bytes from the start of a file that decide what it is.
const HEAD: u64 = 4096;
/// Entries of a zip directory that are looked at; the reader's own bound is the same by default.
const MAX_ENTRIES: usize = 100_000;
/// Compound files are read whole to list their streams, up to this size; a larger one is left to its reader.
const MAX_COMPOUND: u64 = 64 << 20;

/// What a file's name promises.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// A spreadsheet that may also be plain text: csv, tsv, xls, et.
    Text,
    /// Plain text that is a table only if it looks like one: txt.
    MaybeText,
    /// A spreadsheet.
    Spreadsheet,
    /// A spreadsheet of a format that is not read.
    Unsupported(&'static str),
    /// Nothing.
    Nothing,
}

/// The words that office programs put before a lock file's name.
const LOCK_PREFIXES: [&str; 2] = ["~$", ".~lock."];

/// Finds a file's status from its name and content.
pub(super) fn status(path: &Path, file_name: &str, bytes: u64) -> Status {
    if LOCK_PREFIXES
        .iter()
        .any(|prefix| file_name.starts_with(prefix))
    {
        return Status::Skipped(Reason::lock_file());
    }
    let promise = promise(file_name);
    if bytes == 0 {
        return refuse(promise, Reason::empty());
    }
    match look(path, promise, bytes) {
        Ok(status) => status,
        Err(error) => Status::Unreadable(Reason::unreadable(&error)),
    }
}

fn promise(file_name: &str) -> Promise {
    let Some((_, extension)) = file_name.rsplit_once('.') else {
        return Promise::Nothing;
    };
    match extension.to_ascii_lowercase().as_str() {
        "csv" | "tsv" | "tab" | "xls" | "xlt" | "et" | "ett" => Promise::Text,
        "txt" => Promise::MaybeText,
        "xlsx" | "xlsm" | "xltx" | "xltm" | "xlsb" | "xlam" | "xla" | "ods" | "ots" => {
            Promise::Spreadsheet
        }
        "numbers" => Promise::Unsupported("Apple Numbers"),
        "fods" => Promise::Unsupported("Flat OpenDocument, fods"),
        "sxc" => Promise::Unsupported("OpenOffice 1, sxc"),
        "dbf" => Promise::Unsupported("dBase, dbf"),
        "wk1" | "wk3" | "wk4" | "wks" | "123" => Promise::Unsupported("Lotus 1-2-3"),
        "gnumeric" => Promise::Unsupported("Gnumeric"),
        _ => Promise::Nothing,
    }
}

/// A file that ought to be a spreadsheet is told as unreadable, any other as skipped.
fn refuse(promise: Promise, reason: Reason) -> Status {
    match promise {
        Promise::Nothing | Promise::MaybeText => Status::Skipped(reason),
        Promise::Text | Promise::Spreadsheet | Promise::Unsupported(_) => {
            Status::Unreadable(reason)
        }
    }
}

/// The status of a file whose content is nothing that is read.
fn unknown(promise: Promise) -> Status {
    match promise {
        Promise::Nothing | Promise::MaybeText => Status::Skipped(Reason::other_file()),
        Promise::Text | Promise::Spreadsheet => Status::Unreadable(Reason::not_a_spreadsheet()),
        Promise::Unsupported(name) => Status::Unreadable(Reason::unsupported(name, name)),
    }
}

fn look(path: &Path, promise: Promise, bytes: u64) -> io::Result<Status> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    (&mut file).take(HEAD).read_to_end(&mut head)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(look_into_zip(&mut file, promise));
    }
    if head.starts_with(cfb::MAGIC) {
        return look_into_compound(file, promise, bytes);
    }
    if let Promise::Unsupported(name) = promise {
        return Ok(Status::Unreadable(Reason::unsupported(name, name)));
    }
    if is_bare_biff(&head) {
        return Ok(refuse(
            promise,
            Reason::unsupported("Excel 4.0 及更早的 xls", "xls of Excel 4.0 or older"),
        ));
    }
    Ok(look_at_text(&head, promise))
}

fn look_into_zip(file: &mut File, promise: Promise) -> Status {
    let directory = match Directory::read(file, MAX_ENTRIES) {
        Ok(directory) => directory,
        Err(ZipError::TooManyEntries) => {
            return refuse(
                promise,
                Reason::too_large(
                    "压缩包内文件超过 100000 个",
                    "more than 100000 files in the archive",
                ),
            );
        }
        Err(ZipError::Io(kind)) => {
            return refuse(promise, Reason::unreadable(&io::Error::from(kind)));
        }
        Err(ZipError::NoDirectory | ZipError::Damaged | ZipError::Overlapping) => {
            return match promise {
                Promise::Text | Promise::Spreadsheet => Status::Unreadable(Reason::damaged(
                    "压缩目录残缺",
                    "its zip directory is broken",
                )),
                other => unknown(other),
            };
        }
    };
    match zip_format(file, &directory) {
        Some(format) => Status::Readable(format),
        None => unknown(promise),
    }
}

/// The spreadsheet format that a zip directory shows.
fn zip_format(file: &mut File, directory: &Directory) -> Option<FileFormat> {
    let has = |name: &str| directory.entry(name).is_some();
    if let Some(mimetype) = directory.entry("mimetype") {
        return is_spreadsheet_mimetype(file, mimetype).then_some(FileFormat::Ods);
    }
    if has("xl/workbook.bin") {
        return Some(FileFormat::Xlsb);
    }
    if has("xl/workbook.xml") {
        return Some(FileFormat::Xlsx);
    }
    // The workbook may lie elsewhere; then only its name and the relations of the package show it.
    let workbook = directory.entries.iter().find(|entry| {
        let name = entry.name.rsplit('/').next().unwrap_or(&entry.name);
        let name = name.to_ascii_lowercase();
        let extension = Path::new(&name).extension();
        name.starts_with("workbook") && extension.is_some_and(|e| e == "xml" || e == "bin")
    })?;
    if !has("_rels/.rels") && !has("[Content_Types].xml") {
        return None;
    }
    let binary = Path::new(&workbook.name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("bin"));
    Some(if binary {
        FileFormat::Xlsb
    } else {
        FileFormat::Xlsx
    })
}

fn is_spreadsheet_mimetype(file: &mut File, entry: &Entry) -> bool {
    entry.method == 0
        && entry.peek_stored(file, 100).is_ok_and(|mimetype| {
            mimetype.starts_with(b"application/vnd.oasis.opendocument.spreadsheet")
        })
}

fn look_into_compound(mut file: File, promise: Promise, bytes: u64) -> io::Result<Status> {
    let expected = matches!(promise, Promise::Text | Promise::Spreadsheet);
    if bytes > MAX_COMPOUND {
        return Ok(if expected {
            Status::Readable(FileFormat::Xls)
        } else {
            unknown(promise)
        });
    }
    file.seek(SeekFrom::Start(0))?;
    let mut content = Vec::new();
    file.take(MAX_COMPOUND).read_to_end(&mut content)?;
    let Ok(compound) = Compound::open(&content) else {
        return Ok(if expected {
            Status::Unreadable(Reason::damaged(
                "复合文档结构残缺",
                "its compound file structure is broken",
            ))
        } else {
            unknown(promise)
        });
    };
    Ok(if compound.has("EncryptedPackage") {
        // A protected text document looks the same: only the name tells.
        refuse(promise, Reason::encrypted())
    } else if compound.has("Workbook") || compound.has("Book") {
        Status::Readable(FileFormat::Xls)
    } else {
        unknown(promise)
    })
}

/// A workbook stream without its compound file: Excel 2 to 4 wrote it like that.
fn is_bare_biff(head: &[u8]) -> bool {
    matches!(
        head,
        [
            0x09,
            0x00 | 0x02 | 0x04,
            0x04 | 0x06,
            0x00,
            0x00 | 0x02 | 0x03 | 0x04,
            0x00,
            ..
        ]
    )
}

fn look_at_text(head: &[u8], promise: Promise) -> Status {
    let text = as_text(head);
    let lower = text.to_ascii_lowercase();
    let start = lower.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    if start.starts_with("<?xml") || start.starts_with("<workbook") || start.starts_with("<ss:") {
        let spreadsheet = start.contains("urn:schemas-microsoft-com:office:spreadsheet")
            && start.contains("workbook");
        if spreadsheet && !start.contains("<html") {
            return Status::Readable(FileFormat::XmlSpreadsheet);
        }
    }
    if matches!(promise, Promise::Text | Promise::Spreadsheet) {
        let html = [
            "<!doctype html",
            "<html",
            "<head",
            "<meta",
            "<body",
            "<table",
            "<style",
            "<div",
        ];
        if html.iter().any(|tag| start.starts_with(tag))
            || (start.starts_with('<') && (start.contains("<html") || start.contains("<table")))
        {
            return Status::Readable(FileFormat::Html);
        }
        if start.starts_with("mime-version:") {
            return Status::Unreadable(Reason::unsupported("单个文件网页 mht", "web archive, mht"));
        }
    }
    let text_allowed = matches!(promise, Promise::Text | Promise::MaybeText);
    if text_allowed && is_text(head) {
        return Status::Readable(FileFormat::Csv);
    }
    unknown(promise)
}

/// The head as text, good enough to look for tags in it.
fn as_text(head: &[u8]) -> String {
    let wide = |bytes: &[u8], from: fn([u8; 2]) -> u16| -> String {
        let units = bytes.chunks_exact(2).map(|pair| from([pair[0], pair[1]]));
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match head {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(head).into_owned(),
    }
}

/// Whether bytes are text in some encoding: a byte order mark, or hardly any control characters.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return true;
    }
    let control =
        |&&byte: &&u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A);
    let controls = head.iter().filter(control).count();
    // UTF-16 without a mark: the zero bytes of ASCII and of the delimiters stand on one side only.
    let zeros = |side: usize| {
        head.iter()
            .skip(side)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let one_sided = even.min(odd) == 0 && even.max(odd) * 8 >= head.len();
    one_sided || controls * 50 <= head.len()
}

#[cfg(test)]
mod tests {
    use super::{Promise, look_at_text, promise};
    use crate::discover::{FileFormat, Status};

    fn format(name: &str, content: &[u8]) -> Option<FileFormat> {
        match look_at_text(content, promise(name)) {
            Status::Readable(format) => Some(format),
            Status::Skipped(_) | Status::Unreadable(_) => None,
        }
    }

    #[test]
    fn text_is_told_apart_by_content_and_name() {
        let csv = "合同编号,乙方\n".as_bytes();
        let xml = b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">";
        for (name, content, want) in [
            ("a.csv", csv, Some(FileFormat::Csv)),
            ("a.XLS", csv, Some(FileFormat::Csv)),
            ("a.txt", csv, Some(FileFormat::Csv)),
            ("a.xlsx", csv, None),
            ("a.md", csv, None),
            ("a.xls", b"<table><tr><td>1", Some(FileFormat::Html)),
            ("a.html", b"<table><tr><td>1", None),
            ("a.xls", xml, Some(FileFormat::XmlSpreadsheet)),
            ("a.xml", xml, Some(FileFormat::XmlSpreadsheet)),
            (
                "a.csv",
                b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0",
                None,
            ),
            ("a.csv", b"a\0,\0b\0\r\0\n\0", Some(FileFormat::Csv)),
        ] {
            assert_eq!(format(name, content), want, "{name}");
        }
        assert!(promise("README") == Promise::Nothing);
    }
}
