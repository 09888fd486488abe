//! `jsonl`: one finding a line, with the keys of `heyan.report/1`, for pipelines that take them one at a time.

use std::io::{self, Write};

use super::json;
use crate::finding::Report;

/// Writes the findings.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        json::write_finding(finding, out)?;
    }
    Ok(())
}
