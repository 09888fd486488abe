//! Our own reader of xlsx and xlsm: bounded, streaming, no copy of what is not needed.

pub(super) mod fallback;
mod shared_strings;
mod sheet;
mod styles;
mod text;

use super::assembly::Assembly;
use super::package::Package;
use super::relations::{self, Relations};
use super::xml::{Token, Tokens};
use super::{DateSystem, Limits, Sheet, Workbook};
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
    let text = package
        .text(&path)?
        .ok_or_else(|| missing_part("workbook.xml"))?;
    let book = Book::parse(&text)?;
    let relations = match package.text(&relations::part_of(&path))? {
        Some(text) => Relations::parse(&text, &path),
        None => Relations::default(),
    };
    let beside = |name: &str| match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{name}"),
        None => name.to_owned(),
    };
    let part = |kind: &str, usual: &str| {
        let known = relations.of_kind(kind).map(str::to_owned);
        known.unwrap_or_else(|| beside(usual))
    };
    let styles = match package.text(&part("styles", "styles.xml"))? {
        Some(text) => Styles::parse(&text),
        None => Styles::default(),
    };
    if let Some(part) = package.part(&part("sharedStrings", "sharedStrings.xml"))? {
        shared_strings::read(part, &mut assembly)?;
    }
    for (at, entry) in book.sheets.iter().enumerate() {
        let mut sheet = Sheet {
            name: entry.name.clone(),
            hidden: entry.hidden,
            date_system: book.date_system,
            ..Sheet::default()
        };
        // Without relations, the usual names hold.
        let usual = beside(&format!("worksheets/sheet{}.xml", at + 1));
        let (kind, target) = relations
            .by_id(&entry.relation)
            .unwrap_or(("worksheet", &usual));
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
    if let Some(text) = package.text("_rels/.rels")?
        && let Some(path) = Relations::parse(&text, "").of_kind("officeDocument")
        && package.has(path)
    {
        return Ok(path.to_owned());
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

fn missing_part(name: &str) -> Reason {
    Reason::damaged(
        &format!("缺少部件 {name}"),
        &format!("the part {name} is missing"),
    )
}

/// A cell, string or tag takes more room than any honest one.
fn unit_too_large(limits: &Limits) -> Reason {
    let most = limits.cell_text_bytes;
    Reason::too_large(
        &format!("单元格文字超过 {most} 字节"),
        &format!("a cell with more than {most} bytes of text"),
    )
}

/// What the workbook part tells.
#[derive(Debug, Default)]
struct Book {
    sheets: Vec<Entry>,
    date_system: DateSystem,
}

/// A sheet as the workbook lists it.
#[derive(Debug)]
struct Entry {
    name: String,
    hidden: bool,
    relation: String,
}

impl Book {
    fn parse(text: &str) -> Result<Self, Reason> {
        let mut book = Self::default();
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
}
