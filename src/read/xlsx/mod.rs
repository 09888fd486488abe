//! Our own reader of xlsx and xlsm: bounded, streaming, no copy of what is not needed.

pub(super) mod fallback;
mod shared_strings;
mod sheet;
mod styles;
mod text;

use super::assembly::Assembly;
use super::ooxml::{self, Book, Entry, Parts, missing_part};
use super::package::Package;
use super::xml::{Token, Tokens};
use super::{DateSystem, Limits, Workbook};
use crate::discover::{Reason, ReasonKind};
use styles::Styles;

/// Why our reader did not read a workbook.
#[derive(Debug)]
pub(super) enum Unread {
    /// No reader may: it hits a bound, its container is broken, or it asks for a password.
    Refused(Reason),
    /// The container is sound, but something in the parts is not as this reader knows it; another one may. The reason is
    /// for the case that none does.
    NotUnderstood(Reason),
}

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Unread> {
    let package = Package::open(bytes, limits).map_err(Unread::Refused)?;
    parts(package, limits).map_err(|reason| match reason.kind {
        ReasonKind::Damaged | ReasonKind::Unsupported => Unread::NotUnderstood(reason),
        _ => Unread::Refused(reason),
    })
}

fn parts(mut package: Package, limits: &Limits) -> Result<Workbook, Reason> {
    let mut assembly = Assembly::new(limits);
    let path = workbook_path(&mut package)?;
    let text = package.text(&path)?;
    let book = read_book(&text.ok_or_else(|| missing_part("workbook.xml"))?)?;
    let parts = Parts::of(&mut package, path)?;
    let styles = match package.text(&parts.of_kind("styles", "styles.xml"))? {
        Some(text) => Styles::parse(&text),
        None => Styles::default(),
    };
    if let Some(part) = package.part(&parts.of_kind("sharedStrings", "sharedStrings.xml"))? {
        shared_strings::read(part, &mut assembly)?;
    }
    for (at, entry) in book.sheets.iter().enumerate() {
        let mut sheet = entry.sheet(book.date_system);
        let usual = parts.beside(&usual_sheet(at));
        let (kind, target) = parts.of_sheet(entry).unwrap_or(("worksheet", &usual));
        // Chart sheets have no cells; macro sheets have no values.
        if matches!(kind, "worksheet" | "dialogsheet") {
            let part = package.part(target)?.ok_or_else(|| missing_part(target))?;
            sheet::read(part, &mut assembly, &mut sheet, &styles)?;
        }
        assembly.add_sheet(sheet)?;
    }
    Ok(assembly.workbook)
}

/// The workbook part: the one the package names, or the one at the usual place.
fn workbook_path(package: &mut Package) -> Result<String, Reason> {
    if let Some(path) = ooxml::named_workbook(package)? {
        return Ok(path);
    }
    if package.has("xl/workbook.xml") {
        return Ok("xl/workbook.xml".to_owned());
    }
    let found = package.names().find(|name| {
        let name = name.rsplit('/').next().unwrap_or(name);
        name.starts_with("workbook") && name.ends_with(".xml")
    });
    found
        .map(str::to_owned)
        .ok_or_else(|| missing_part("workbook.xml"))
}

/// The usual name of a sheet's part, counted from zero, in the folder of the workbook part.
fn usual_sheet(at: usize) -> String {
    format!("worksheets/sheet{}.xml", at + 1)
}

/// A cell, string or tag takes more room than any honest one.
fn unit_too_large(limits: &Limits) -> Reason {
    let most = limits.cell_text_bytes;
    Reason::too_large(
        &format!("单元格文字超过 {most} 字节"),
        &format!("a cell with more than {most} bytes of text"),
    )
}

/// Reads what the workbook part tells.
fn read_book(text: &str) -> Result<Book, Reason> {
    let mut book = Book::default();
    let mut tokens = Tokens::new(text);
    for token in &mut tokens {
        match token {
            Token::Start {
                name: "workbookPr",
                attrs,
                ..
            } if attrs.flag("date1904") => {
                book.date_system = DateSystem::From1904;
            }
            Token::Start {
                name: "sheet",
                attrs,
                ..
            } => book.sheets.push(Entry {
                name: attrs.get("name").unwrap_or_default().into_owned(),
                hidden: attrs.raw("state").is_some_and(|state| state != "visible"),
                relation: attrs.get("id").unwrap_or_default().into_owned(),
            }),
            _ => {}
        }
    }
    if tokens.cut_off {
        return Err(Reason::damaged(
            "workbook.xml 不完整",
            "workbook.xml is cut off",
        ));
    }
    Ok(book)
}
