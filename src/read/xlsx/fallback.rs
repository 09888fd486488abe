//! A workbook that our reader does not understand, by way of calamine.
//!
//! The parts that hold cells are inflated within bounds, what they state about their size is taken out, and the cells are
//! counted before calamine is given them. Merged regions and hidden rows and columns are read on the way.

use super::sheet::{hide_cols, region};
use super::{read_book, usual_sheet, workbook_path};
use crate::discover::Reason;
use crate::read::assembly::Assembly;
use crate::read::by_calamine::{Contents, XlsxCells};
use crate::read::ooxml::{Parts, missing_part};
use crate::read::package::Package;
use crate::read::repack::Repacked;
use crate::read::xml::{Token, Tokens};
use crate::read::{Limits, Sheet, Workbook};

/// Reads a workbook.
pub(in crate::read) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let mut assembly = Assembly::new(limits);
    let (package, sheets) = lay_out(bytes, &mut assembly)?;
    let mut book = XlsxCells::open(package)?;
    let mut contents = Contents::default();
    for (at, (mut sheet, has_cells)) in sheets.into_iter().enumerate() {
        if has_cells {
            book.each(at, |place, value| {
                contents.add(&mut assembly, &mut sheet, place, value)
            })?;
        }
        assembly.add_sheet(sheet)?;
    }
    Ok(assembly.workbook)
}

/// The package for calamine, and the sheets without their cells, each with whether it has any.
fn lay_out(bytes: &[u8], assembly: &mut Assembly) -> Result<(Vec<u8>, Vec<(Sheet, bool)>), Reason> {
    let mut package = Package::open(bytes, assembly.limits)?;
    let path = workbook_path(&mut package)?;
    let text = package.text(&path)?;
    let book = read_book(&text.ok_or_else(|| missing_part("workbook.xml"))?)?;
    assembly.expect_sheets(book.sheets.len())?;
    let parts = Parts::of(&mut package, path)?;
    let mut out = Repacked::new();
    write_workbook(&mut out, book.sheets.len())?;
    if let Some(text) = package.text(&parts.of_kind("styles", "styles.xml"))? {
        out.part("xl/styles.xml", without_declaration(&text).as_bytes())?;
    }
    if let Some(text) = package.text(&parts.of_kind("sharedStrings", "sharedStrings.xml"))? {
        write_strings(&mut out, &text, assembly)?;
    }
    let mut sheets = Vec::new();
    let mut cells = 0;
    for (at, entry) in book.sheets.iter().enumerate() {
        let mut sheet = entry.sheet(book.date_system);
        let usual = parts.beside(&usual_sheet(at));
        let (kind, target) = parts.of_sheet(entry).unwrap_or(("worksheet", &usual));
        let has_cells = matches!(kind, "worksheet" | "dialogsheet");
        if has_cells {
            let text = package.text(target)?.ok_or_else(|| missing_part(target))?;
            walk_sheet(&text, &mut sheet, &mut cells, assembly)?;
            let name = format!("xl/worksheets/{at}.xml");
            out.part(&name, without_declaration(&text).as_bytes())?;
        }
        sheets.push((sheet, has_cells));
    }
    Ok((out.finish()?, sheets))
}

/// The workbook part and its relations. Sheets are named by their numbers.
fn write_workbook(out: &mut Repacked, sheets: usize) -> Result<(), Reason> {
    let mut book = String::from("<workbook><sheets>");
    let mut relations = String::from("<Relationships>");
    for at in 0..sheets {
        book.push_str(&format!(r#"<sheet name="{at}" r:id="r{at}"/>"#));
        relations.push_str(&format!(
            r#"<Relationship Id="r{at}" Type="/worksheet" Target="worksheets/{at}.xml"/>"#
        ));
    }
    book.push_str("</sheets></workbook>");
    relations.push_str("</Relationships>");
    let head = r#"<Relationships><Relationship Id="r" Type="/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    out.part("_rels/.rels", head.as_bytes())?;
    out.part("xl/workbook.xml", book.as_bytes())?;
    out.part("xl/_rels/workbook.xml.rels", relations.as_bytes())
}

/// The shared strings without the counts they state, by which calamine reserves memory.
fn write_strings(out: &mut Repacked, text: &str, assembly: &Assembly) -> Result<(), Reason> {
    let mut tokens = Tokens::new(text);
    let inside = tokens.find(|token| matches!(token, Token::Start { name: "sst", .. }));
    out.begin("xl/sharedStrings.xml")?;
    out.write(b"<sst>")?;
    if let Some(Token::Start { empty: false, .. }) = inside {
        let items = tokens.inside_of("sst");
        let count = Tokens::new(items)
            .filter(|token| matches!(token, Token::Start { name: "si", .. }))
            .count();
        assembly.expect_cells(count as u64)?;
        out.write(items.as_bytes())?;
    }
    out.write(b"</sst>")
}

/// Counts the cells of a sheet and reads what is merged and hidden.
fn walk_sheet(
    text: &str,
    sheet: &mut Sheet,
    cells: &mut u64,
    assembly: &mut Assembly,
) -> Result<(), Reason> {
    let mut next_row = 0u32;
    for token in Tokens::new(text) {
        assembly.tick()?;
        let Token::Start { name, attrs, .. } = token else {
            continue;
        };
        match name {
            "c" => {
                *cells += 1;
                assembly.expect_cells(*cells)?;
            }
            "row" => {
                let row = attrs.number("r").unwrap_or(next_row + 1).saturating_sub(1);
                next_row = row.saturating_add(1).min(u32::MAX - 1);
                if attrs.flag("hidden") {
                    assembly.hide_rows(sheet, row, row)?;
                }
            }
            "col" => hide_cols(attrs, sheet),
            "mergeCell" => {
                if let Some(region) = attrs.raw("ref").and_then(region) {
                    assembly.merge(sheet, region)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A part without its declaration: it is UTF-8 by now, whatever it says.
fn without_declaration(text: &str) -> &str {
    match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or(text, |(_, rest)| rest),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use crate::discover::FileFormat;
    use crate::read::repack::Repacked;
    use crate::read::xlsx::{self, Unread};
    use crate::read::{Content, Limits, parse};

    /// A workbook whose only sheet is this, with strings that lie about their number.
    fn workbook(sheet: &str) -> Vec<u8> {
        let book = r#"<?xml version="1.0" encoding="UTF-8"?><workbook><sheets><sheet name="甲" r:id="x"/></sheets></workbook>"#;
        let relations = r#"<Relationships><Relationship Id="x" Type="/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
        let strings = r#"<sst uniqueCount="99999999999999"><si><t>甲&amp;乙</t></si><si><t>丙</t></si></sst>"#;
        let mut package = Repacked::new();
        for (name, content) in [
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/sharedStrings.xml", strings),
            ("xl/worksheets/sheet1.xml", sheet),
        ] {
            package.part(name, content.as_bytes()).unwrap();
        }
        package.finish().unwrap()
    }

    /// A sheet whose cells are whole and whose end is missing.
    const CUT: &str = r#"<?xml version="1.0"?><worksheet><cols><col min="2" max="2" hidden="1"/></cols><sheetData><row r="2" hidden="1"><c r="A2" t="s"><v>0</v></c><c r="XFD2"><v>1.5</v></c></row></sheetData><mergeCells><mergeCell ref="A2:B2"/><mergeCell ref="#;

    #[test]
    fn what_our_reader_does_not_understand_calamine_reads() {
        let bytes = workbook(CUT);
        let own = xlsx::read(&bytes, &Limits::default());
        assert!(matches!(own, Err(Unread::NotUnderstood(_))));
        let book = parse(&bytes, FileFormat::Xlsx, &Limits::default()).unwrap();
        let sheet = &book.sheets[0];
        assert_eq!(sheet.name, "甲");
        let cells: Vec<_> = sheet
            .cells
            .iter()
            .map(|cell| (cell.row, cell.col))
            .collect();
        assert_eq!(cells, [(1, 0), (1, 16_383)]);
        let Content::Text(id) = sheet.cells[0].content else {
            panic!("a text");
        };
        assert_eq!(book.texts.get(id), "甲&乙");
        assert_eq!(sheet.merged.len(), 1);
        assert_eq!(
            (&*sheet.hidden_rows, &*sheet.hidden_cols),
            (&[1][..], &[1][..])
        );
    }

    #[test]
    fn bounds_hold_before_calamine_is_asked() {
        let bytes = workbook(CUT);
        let limits = Limits {
            cells: 1,
            ..Limits::default()
        };
        let reason = super::read(&bytes, &limits).unwrap_err();
        assert_eq!(reason.kind.id(), "too-large");
    }

    #[test]
    fn a_cell_without_an_end_is_not_tried_at_every_end_of_another() {
        let cells = "<c r=\"A1\"><v>1</v></c>".repeat(20_000);
        let sheet = format!("<worksheet><sheetData><row><c r=\"A1\"><!-- {cells}");
        let start = std::time::Instant::now();
        let own = xlsx::read(&workbook(&sheet), &Limits::default());
        assert!(matches!(own, Err(Unread::NotUnderstood(_))));
        assert!(start.elapsed().as_secs() < 5);
        // One end inside a comment is no end.
        let sheet = "<worksheet><sheetData><row><c r=\"A1\"><!-- </c> --><v>7</v></c></row></sheetData></worksheet>";
        let book = xlsx::read(&workbook(sheet), &Limits::default()).unwrap();
        assert_eq!(book.sheets[0].cells[0].content, Content::Number(7.0));
    }

    #[test]
    fn what_nobody_understands_is_told_by_our_reader() {
        for sheet in [
            "<worksheet><sheetData><row><c><v>1",
            "<worksheet><sheetData><row><c t='s'><v>7</v></c></row></sheetData></worksheet>",
        ] {
            let reason = parse(&workbook(sheet), FileFormat::Xlsx, &Limits::default()).unwrap_err();
            assert_eq!(reason.kind.id(), "damaged");
        }
    }
}
