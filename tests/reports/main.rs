//! One fixed report, one snapshot per format, and what must hold of each format whatever the ledgers hold.

#![allow(
    clippy::disallowed_methods,
    reason = "scratch files for programs that open them, and a folder to keep examples in"
)]
#![allow(
    clippy::print_stdout,
    reason = "a test that is skipped says so, a measurement says what it measured"
)]

mod example;
mod html;
mod inspect;
mod json;
mod lines;
mod redact;
mod speed;
mod text;
mod xlsx;

use heyan::finding::Report;
use heyan::report::{Format, Style, write};

/// The report in a format, as bytes.
fn bytes(report: &Report, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    write(report, format, &Style::default(), &mut out).expect("writing into memory");
    out
}

/// The report in a format, as text.
fn rendered(report: &Report, format: Format) -> String {
    String::from_utf8(bytes(report, format)).expect("UTF-8")
}
