//! XML Spreadsheet 2003, the format template engines write under `.xls`, → sheets.

use super::assembly::{Assembly, MAX_COLS, MAX_ROWS};
use super::xml::{self, Attrs, Token, Tokens};
use super::{Cell, CellError, Content, DateSystem, Limits, Region, Sheet, Workbook, iso_date};
use crate::discover::Reason;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let text = xml::decode(bytes);
    let mut assembly = Assembly::new(limits);
    let mut tokens = Tokens::new(&text);
    let mut closed = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::Start {
                name: "Worksheet",
                attrs,
                empty,
            } => {
                let mut sheet = Sheet {
                    name: attrs.get("Name").unwrap_or_default().into_owned(),
                    ..Sheet::default()
                };
                if !empty {
                    read_sheet(&mut assembly, &mut sheet, &mut tokens)?;
                }
                assembly.add_sheet(sheet)?;
            }
            // Declared before the sheets: the serials are ours, so only the cells' own dates matter.
            Token::Start { .. } | Token::Text(_) | Token::CData(_) => {}
            Token::End(name) => closed |= name == "Workbook",
        }
    }
    if tokens.cut_off || !closed {
        return Err(Reason::damaged("XML 不完整", "its XML is cut off"));
    }
    Ok(assembly.workbook)
}

/// Where the next cell stands.
#[derive(Default)]
struct Place {
    row: u32,
    next_row: u32,
    next_col: u32,
    next_column_info: u32,
}

fn read_sheet(
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    tokens: &mut Tokens,
) -> Result<(), Reason> {
    let mut place = Place::default();
    while let Some(token) = tokens.next() {
        match token {
            Token::End("Worksheet") => break,
            Token::Start {
                name: "Column",
                attrs,
                ..
            } => {
                let first = index(attrs).unwrap_or(place.next_column_info);
                let last = first.saturating_add(attrs.number("Span").unwrap_or(0));
                if attrs.flag("Hidden") {
                    Assembly::hide_cols(sheet, first, last);
                }
                place.next_column_info = last.saturating_add(1);
            }
            Token::Start {
                name: "Row", attrs, ..
            } => {
                place.row = index(attrs).unwrap_or(place.next_row);
                let last = place.row.saturating_add(attrs.number("Span").unwrap_or(0));
                if attrs.flag("Hidden") {
                    assembly.hide_rows(sheet, place.row, last)?;
                }
                place.next_row = last.saturating_add(1);
                place.next_col = 0;
                assembly.tick()?;
            }
            Token::Start {
                name: "Cell",
                attrs,
                empty,
            } => {
                read_cell(assembly, sheet, tokens, &mut place, attrs, empty)?;
            }
            Token::Start {
                name: "Visible",
                empty: false,
                ..
            } => {
                sheet.hidden = tokens.text_of("Visible").trim() != "SheetVisible";
            }
            Token::Start { .. } | Token::End(_) | Token::Text(_) | Token::CData(_) => {}
        }
    }
    Ok(())
}

/// The `ss:Index` of a row, column or cell, counted from zero.
fn index(attrs: Attrs) -> Option<u32> {
    attrs.number::<u32>("Index")?.checked_sub(1)
}

fn read_cell(
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    tokens: &mut Tokens,
    place: &mut Place,
    attrs: Attrs,
    empty: bool,
) -> Result<(), Reason> {
    let at = index(attrs).unwrap_or(place.next_col);
    let across = attrs.number::<u32>("MergeAcross").unwrap_or(0);
    let down = attrs.number::<u32>("MergeDown").unwrap_or(0);
    let last_col = at.saturating_add(across);
    let last_row = place.row.saturating_add(down);
    place.next_col = last_col.saturating_add(1);
    let (Ok(col), true) = (
        u16::try_from(at),
        at < u32::from(MAX_COLS) && place.row < MAX_ROWS,
    ) else {
        return Err(Reason::damaged(
            "单元格位置超出表格范围",
            "a cell beyond the bounds of a sheet",
        ));
    };
    let region = Region {
        top: place.row,
        left: col,
        bottom: last_row.min(MAX_ROWS - 1),
        right: u16::try_from(last_col)
            .unwrap_or(MAX_COLS)
            .min(MAX_COLS - 1),
    };
    assembly.merge(sheet, region)?;
    let mut content = None;
    let mut has_data = false;
    if !empty {
        while let Some(token) = tokens.next() {
            match token {
                Token::End("Cell") => break,
                Token::Start {
                    name: "Data",
                    attrs,
                    empty,
                } => {
                    has_data = true;
                    if !empty {
                        let kind = attrs.raw("Type").unwrap_or("String");
                        let text = tokens.text_of("Data");
                        content = data(assembly, kind, &text)?;
                    }
                }
                Token::Start {
                    name: "Comment",
                    empty: false,
                    ..
                } => {
                    // A comment holds a `Data` of its own.
                    tokens.text_of("Comment");
                }
                Token::Start { .. } | Token::End(_) | Token::Text(_) | Token::CData(_) => {}
            }
        }
    }
    if content.is_none() && !has_data && attrs.raw("Formula").is_some() {
        content = Some(Content::FormulaWithoutValue);
    }
    if let Some(content) = content {
        assembly.push(
            sheet,
            Cell {
                row: place.row,
                col,
                content,
            },
        )?;
    }
    Ok(())
}

fn data(assembly: &mut Assembly, kind: &str, text: &str) -> Result<Option<Content>, Reason> {
    let typed = match kind {
        "Number" => text.trim().parse().ok().map(Content::Number),
        "DateTime" => iso_date::serial(text.trim(), DateSystem::From1900).map(Content::DateSerial),
        "Boolean" => match text.trim() {
            "1" => Some(Content::Bool(true)),
            "0" => Some(Content::Bool(false)),
            _ => None,
        },
        "Error" => CellError::from_text(text.trim()).map(Content::Error),
        _ => None,
    };
    match typed {
        Some(content) => Ok(Some(content)),
        None => assembly.text_content(text),
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::read::{Content, Limits, Region};

    const BOOK: &str = r#"<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
        xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="台账"><Table>
        <Column ss:Index="3" ss:Hidden="1"/>
        <Row><Cell ss:MergeAcross="2"><Data ss:Type="String">合同 &amp; <B>台账</B></Data></Cell></Row>
        <Row ss:Index="4" ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="Number">1.5</Data></Cell>
        <Cell><Data ss:Type="DateTime">2021-03-05T00:00:00.000</Data><Comment><Data>x</Data></Comment></Cell>
        <Cell ss:Formula="=A1"/></Row></Table></Worksheet></Workbook>"#;

    #[test]
    fn cells_stand_where_the_indexes_say() {
        let book = read(BOOK.as_bytes(), &Limits::default()).unwrap();
        let sheet = &book.sheets[0];
        assert_eq!(sheet.name, "台账");
        let cells: Vec<_> = sheet.cells.iter().map(|c| (c.row, c.col)).collect();
        assert_eq!(cells, [(0, 0), (3, 1), (3, 2), (3, 3)]);
        let Content::Text(id) = sheet.cells[0].content else {
            panic!("no text")
        };
        assert_eq!(book.texts.get(id), "合同 & 台账");
        assert_eq!(sheet.cells[1].content, Content::Number(1.5));
        assert_eq!(sheet.cells[2].content, Content::DateSerial(44260.0));
        assert_eq!(sheet.cells[3].content, Content::FormulaWithoutValue);
        assert_eq!(
            sheet.merged,
            [Region {
                top: 0,
                left: 0,
                bottom: 0,
                right: 2
            }]
        );
        assert_eq!(
            (&*sheet.hidden_rows, &*sheet.hidden_cols),
            ([3].as_slice(), [2].as_slice())
        );
    }

    #[test]
    fn a_cut_is_told() {
        for cut in (0..BOOK.len()).filter(|&cut| BOOK.is_char_boundary(cut)) {
            assert!(read(&BOOK.as_bytes()[..cut], &Limits::default()).is_err());
        }
    }
}
