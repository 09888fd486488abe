//! `json`: the whole report for other programs, and for baselines, merging and comparing.

mod decode;
mod encode;
mod stream;
mod v1;
mod words;

use std::io::{self, Write};

use crate::finding::Report;

pub use decode::read;
pub(super) use encode::{money, write_finding, write_inputs};
pub use stream::{Encoded, Stream};

/// Writes the whole report as `heyan.report/1`.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    encode::write(report, out)
}

/// The JSON Schema of the report, generated from the types that are written; ends with a line break.
pub fn schema() -> String {
    let schema = schemars::schema_for!(v1::Report<'static>);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
