//! [`Report`](crate::finding::Report) → bytes, one file per format.

use std::io::{self, Write};

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
}

/// How a report is shown, where a format leaves a choice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether text may be coloured.
    pub color: bool,
    /// The width of the terminal in columns; 80 where there is none.
    pub width: usize,
    /// Only the summary.
    pub summary: bool,
    /// Only the findings, one line each.
    pub quiet: bool,
}

/// Writes a report.
///
/// # Errors
/// Whatever writing yields.
pub fn write(
    report: &Report,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let _ = (report, format, style, out);
    Ok(())
}
