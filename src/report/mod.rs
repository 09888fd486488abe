//! [`Report`] → bytes, one file per format, over one flat view made once.
//!
//! | format | for |
//! |---|---|
//! | `text` | the terminal: a glance, then the cells |
//! | `json` | programs, baselines, merging: everything, frozen as `heyan.report/1` |
//! | `jsonl` | pipelines: one finding a line |
//! | `csv` | other tables: one finding a line, opens in Excel and WPS |
//! | `xlsx` | the inspector's desk: lists, evidence with links to the cells, the rectification ledger to fill in |
//! | `html` | reading, filtering and printing in a browser, one file |
//! | `markdown` | the draft of the feedback, to be pasted into a document |
//! | `sarif` | code-scanning platforms |
//! | `junit` | CI servers |
//! | `github` | annotations in GitHub Actions |

mod address;
mod clean;
mod csv;
pub mod diff;
mod github;
mod html;
mod inspect;
pub mod json;
mod jsonl;
mod junit;
mod labels;
mod markdown;
mod redact;
mod sarif;
mod text;
mod view;
mod width;
mod xlsx;

use std::io::{self, BufWriter, Write};
use std::path::Path;

pub(crate) use clean::visible;
pub use inspect::{InspectRecord, InspectValue, Inspection, TableRules};
pub(crate) use labels::kind as kind_name;
pub use redact::{NAME_FIELDS, Redactor, redact};
use view::View;
pub(crate) use width::{columns, pad};

use crate::finding::Report;

/// A format of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// For the terminal.
    Text,
    /// `heyan.report/1`.
    Json,
    /// One finding a line.
    Jsonl,
    /// One finding a line, for a spreadsheet program.
    Csv,
    /// A workbook.
    Xlsx,
    /// A self-contained page.
    Html,
    /// A draft of the feedback.
    Markdown,
    /// SARIF 2.1.0.
    Sarif,
    /// `JUnit` XML.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Json,
        Self::Jsonl,
        Self::Csv,
        Self::Xlsx,
        Self::Html,
        Self::Markdown,
        Self::Sarif,
        Self::Junit,
        Self::Github,
    ];

    /// The word of the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
        }
    }

    /// The format of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// The format that a file's name asks for; `None` where its extension tells none.
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        if name.ends_with(".sarif.json") {
            return Some(Self::Sarif);
        }
        match name.rsplit_once('.')?.1 {
            "txt" | "text" | "log" => Some(Self::Text),
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "sarif" => Some(Self::Sarif),
            "xml" => Some(Self::Junit),
            _ => None,
        }
    }
}

/// How a report is shown, where a format leaves a choice.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Whether text may be coloured.
    pub color: bool,
    /// The width of the terminal in columns; 80 where there is none.
    pub width: usize,
    /// Only the summary.
    pub summary: bool,
    /// Only the findings, one line each.
    pub quiet: bool,
    /// The way from the folder of the report to the folder that was scanned, `/`-separated and ending in `/`; empty where they
    /// are the same. Links to source cells begin with it.
    pub links: String,
}

/// Writes a report.
///
/// # Errors
/// Whatever writing yields; a broken pipe is an error like any other here.
pub fn write(
    report: &Report,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    match format {
        Format::Json => json::write(report, &mut out)?,
        Format::Jsonl => jsonl::write(report, &mut out)?,
        Format::Text => text::write(&View::of(report), style, &mut out)?,
        Format::Csv => csv::write(&View::of(report), &mut out)?,
        Format::Markdown => markdown::write(&View::of(report), &mut out)?,
        Format::Sarif => sarif::write(&View::of(report), &mut out)?,
        Format::Junit => junit::write(&View::of(report), &mut out)?,
        Format::Github => github::write(&View::of(report), &mut out)?,
        Format::Xlsx => xlsx::write(&View::of(report), style, &mut out)?,
        Format::Html => html::write(&View::of(report), &mut out)?,
    }
    out.flush()
}
