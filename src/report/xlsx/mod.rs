//! `xlsx`: the format most people open, in Excel, WPS and `LibreOffice`.
//!
//! Sheets: 汇总, 问题清单, 证据, 待核与调阅清单, 整改台账, 数据质量, 规则覆盖, and 基线比对 where there is a baseline. The same report
//! gives the same bytes: the file's date of creation is the as-of date.

mod lists;
mod quality;
mod sheet;
mod summary;

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use sheet::Formats;

use super::Style;
use super::labels;
use super::view::View;

/// Writes the workbook.
pub(super) fn write(view: &View<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let bytes = workbook(view, style).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn workbook(view: &View<'_>, style: &Style) -> Result<Vec<u8>, XlsxError> {
    let lang = view.lang;
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::parse_from_str(&view.report.as_of)
        .or_else(|_| ExcelDateTime::from_ymd(2000, 1, 1))?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(lang.pick("台账核验问题清单", "List of leads from the ledgers"))
            .set_comment(labels::head(lang))
            .set_creation_datetime(&created),
    );
    let formats = Formats::of(lang);
    workbook.push_worksheet(summary::sheet(view, &formats)?);
    workbook.push_worksheet(lists::findings(view, &formats, &style.links)?);
    workbook.push_worksheet(lists::evidence(view, &formats, &style.links)?);
    workbook.push_worksheet(lists::supply(view, &formats)?);
    workbook.push_worksheet(lists::rectification(view, &formats)?);
    workbook.push_worksheet(quality::data(view, &formats, &style.links)?);
    workbook.push_worksheet(quality::rules(view, &formats)?);
    if let Some(resolved) = &view.report.resolved {
        workbook.push_worksheet(quality::resolved(resolved, &formats)?);
    }
    workbook.save_to_buffer()
}
