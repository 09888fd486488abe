//! A file found on disk, before it is opened.

use std::path::PathBuf;
use std::sync::Arc;

use super::Reason;

/// One file found on disk, before it is opened.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// Its path relative to the folder given, `/`-separated: the name it has in every report.
    pub name: Arc<str>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it is to be read.
    pub status: Status,
}

/// What is to be done with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is read as this format.
    Readable(FileFormat),
    /// It is no input: told, but not an error.
    Skipped(Reason),
    /// It ought to be an input, but cannot be read.
    Unreadable(Reason),
}

/// The format of a file, found from its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileFormat {
    /// Office Open XML workbook, with macros or without.
    Xlsx,
    /// Binary Office Open XML workbook.
    Xlsb,
    /// BIFF workbook of Excel 5 to 2003, and WPS `.et`.
    Xls,
    /// `OpenDocument` spreadsheet.
    Ods,
    /// Delimited text.
    Csv,
    /// An HTML page with tables, under a spreadsheet's name.
    Html,
    /// XML Spreadsheet 2003.
    XmlSpreadsheet,
}

impl FileFormat {
    /// The word that stands in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xlsb => "xlsb",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::XmlSpreadsheet => "xml",
        }
    }
}
