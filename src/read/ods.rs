//! Our own reader of ods: the text of `content.xml`, rows and cells repeated only where they hold something.

use std::collections::BTreeSet;

use super::assembly::{Assembly, MAX_COLS, MAX_ROWS};
use super::package::Package;
use super::xml::{Attrs, Token, Tokens};
use super::{Cell, CellError, Content, DateSystem, Limits, Region, Sheet, Workbook};
use super::{iso_date, number};
use crate::discover::Reason;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let mut package = Package::open(bytes, limits)?;
    if let Some(manifest) = package.text("META-INF/manifest.xml")? {
        let encrypted = Tokens::new(&manifest).any(|token| {
            matches!(
                token,
                Token::Start {
                    name: "encryption-data",
                    ..
                }
            )
        });
        if encrypted {
            return Err(Reason::encrypted());
        }
    }
    let content = package.text("content.xml")?.ok_or_else(|| {
        Reason::damaged("缺少部件 content.xml", "the part content.xml is missing")
    })?;
    let mut assembly = Assembly::new(limits);
    let mut tokens = Tokens::new(&content);
    let mut styles = Styles::default();
    let mut closed = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::Start {
                name: "style",
                attrs,
                ..
            } => {
                styles.current = attrs.get("name").unwrap_or_default().into_owned();
            }
            Token::Start {
                name: "table-properties",
                attrs,
                ..
            } if attrs.raw("display") == Some("false") => {
                styles.hidden_tables.insert(styles.current.clone());
            }
            Token::Start {
                name: "table",
                attrs,
                empty,
            } => {
                let style = attrs.get("style-name").unwrap_or_default();
                let mut table = Table {
                    sheet: Sheet {
                        name: attrs.get("name").unwrap_or_default().into_owned(),
                        hidden: styles.hidden_tables.contains(&*style),
                        ..Sheet::default()
                    },
                    row: 0,
                    next_row: 0,
                    col: 0,
                    next_col_info: 0,
                };
                if !empty {
                    table.read(&mut assembly, &mut tokens)?;
                }
                assembly.add_sheet(table.sheet)?;
            }
            Token::End(name) => closed |= name == "document-content",
            Token::Start { .. } | Token::Text(_) | Token::CData(_) => {}
        }
    }
    if tokens.cut_off || !closed {
        return Err(Reason::damaged(
            "content.xml 不完整",
            "content.xml is cut off",
        ));
    }
    Ok(assembly.workbook)
}

/// The styles that hide a sheet.
#[derive(Default)]
struct Styles {
    current: String,
    hidden_tables: BTreeSet<String>,
}

/// A sheet in the reading.
struct Table {
    sheet: Sheet,
    row: u32,
    next_row: u32,
    col: u32,
    next_col_info: u32,
}

/// A cell of the row in the reading, with the columns it is repeated over.
struct Repeated {
    content: Content,
    first: u16,
    last: u16,
}

impl Table {
    fn read(&mut self, assembly: &mut Assembly, tokens: &mut Tokens) -> Result<(), Reason> {
        let mut row = Vec::new();
        let mut repeat = 1;
        while let Some(token) = tokens.next() {
            assembly.tick()?;
            match token {
                Token::End("table") => break,
                Token::Start {
                    name: "table-column",
                    attrs,
                    ..
                } => {
                    let count = attrs.number("number-columns-repeated").unwrap_or(1u32);
                    let first = self.next_col_info;
                    self.next_col_info = first.saturating_add(count);
                    if is_hidden(attrs) && count > 0 {
                        Assembly::hide_cols(&mut self.sheet, first, self.next_col_info - 1);
                    }
                }
                Token::Start {
                    name: "table-row",
                    attrs,
                    empty,
                } => {
                    repeat = attrs.number("number-rows-repeated").unwrap_or(1u32);
                    self.row = self.next_row;
                    self.next_row = self.row.saturating_add(repeat);
                    self.col = 0;
                    row.clear();
                    if is_hidden(attrs) && repeat > 0 {
                        assembly.hide_rows(&mut self.sheet, self.row, self.next_row - 1)?;
                    }
                    if empty {
                        repeat = 0;
                    }
                }
                Token::End("table-row") => self.end_row(assembly, &mut row, repeat)?,
                Token::Start {
                    name: name @ ("table-cell" | "covered-table-cell"),
                    attrs,
                    empty,
                } => self.cell(assembly, tokens, name, attrs, empty, &mut row)?,
                // Notes, pictures and their tables stand beside the cells.
                Token::Start {
                    name: name @ ("shapes" | "named-expressions"),
                    empty: false,
                    ..
                } => {
                    tokens.inside_of(name);
                }
                Token::Start { .. } | Token::End(_) | Token::Text(_) | Token::CData(_) => {}
            }
        }
        Ok(())
    }

    fn end_row(
        &mut self,
        assembly: &mut Assembly,
        row: &mut Vec<Repeated>,
        repeat: u32,
    ) -> Result<(), Reason> {
        if row.is_empty() {
            return Ok(());
        }
        // A style over all rows is stored as one row repeated to the end; one that holds something stands there.
        let last = self.next_row.min(MAX_ROWS);
        if self.row >= last || repeat == 0 {
            return Ok(());
        }
        let width: u64 = row
            .iter()
            .map(|cell| u64::from(cell.last) - u64::from(cell.first) + 1)
            .sum();
        assembly.expect_cells(width.saturating_mul(u64::from(last - self.row)))?;
        for at in self.row..last {
            for cell in &*row {
                for col in cell.first..=cell.last {
                    let content = cell.content;
                    let cell = Cell {
                        row: at,
                        col,
                        content,
                    };
                    assembly.push(&mut self.sheet, cell)?;
                }
            }
        }
        row.clear();
        Ok(())
    }

    fn cell(
        &mut self,
        assembly: &mut Assembly,
        tokens: &mut Tokens,
        name: &str,
        attrs: Attrs,
        empty: bool,
        row: &mut Vec<Repeated>,
    ) -> Result<(), Reason> {
        let count = attrs
            .number("number-columns-repeated")
            .unwrap_or(1u32)
            .max(1);
        let first = self.col;
        self.col = first.saturating_add(count);
        let (across, down) = (
            attrs
                .number("number-columns-spanned")
                .unwrap_or(1u32)
                .max(1),
            attrs.number("number-rows-spanned").unwrap_or(1u32).max(1),
        );
        let text = if empty {
            String::new()
        } else {
            cell_text(tokens, name)
        };
        if across > 1 || down > 1 {
            self.merge(assembly, first, across, down)?;
        }
        let Some(content) = content(assembly, attrs, &text)? else {
            return Ok(());
        };
        let last = self.col.min(u32::from(MAX_COLS)).saturating_sub(1);
        if let (Ok(first), Ok(last)) = (u16::try_from(first), u16::try_from(last))
            && first <= last
        {
            row.push(Repeated {
                content,
                first,
                last,
            });
            return Ok(());
        }
        Err(Reason::damaged(
            "单元格位置超出表格范围",
            "a cell beyond the bounds of a sheet",
        ))
    }

    fn merge(
        &mut self,
        assembly: &mut Assembly,
        first: u32,
        across: u32,
        down: u32,
    ) -> Result<(), Reason> {
        let right = first
            .saturating_add(across - 1)
            .min(u32::from(MAX_COLS) - 1);
        let bottom = self.row.saturating_add(down - 1).min(MAX_ROWS - 1);
        let (Ok(left), Ok(right)) = (u16::try_from(first), u16::try_from(right)) else {
            return Ok(());
        };
        if left > right || self.row > bottom {
            return Ok(());
        }
        let region = Region {
            top: self.row,
            left,
            bottom,
            right,
        };
        assembly.merge(&mut self.sheet, region)
    }
}

fn is_hidden(attrs: Attrs) -> bool {
    matches!(attrs.raw("visibility"), Some("collapse" | "filter"))
}

/// The paragraphs of a cell, one on a line; notes and pictures are left out.
fn cell_text(tokens: &mut Tokens, cell: &str) -> String {
    let mut text = String::new();
    let mut paragraphs = 0;
    let mut in_paragraph = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::End(name) if name == cell => break,
            Token::Start {
                name: name @ ("annotation" | "frame" | "table"),
                empty: false,
                ..
            } => {
                tokens.inside_of(name);
            }
            Token::Start {
                name: "p", empty, ..
            } => {
                if paragraphs > 0 {
                    text.push('\n');
                }
                paragraphs += 1;
                in_paragraph = !empty;
            }
            Token::End("p") => in_paragraph = false,
            Token::Start {
                name: "s", attrs, ..
            } => {
                // A count of blanks; no cell holds more than a line of them.
                let count = attrs.number("c").unwrap_or(1usize).min(1024);
                text.extend(std::iter::repeat_n(' ', count));
            }
            Token::Start { name: "tab", .. } => text.push('\t'),
            Token::Start {
                name: "line-break", ..
            } => text.push('\n'),
            Token::Text(raw) if in_paragraph => super::xml::unescape(raw, &mut text),
            Token::CData(raw) if in_paragraph => text.push_str(raw),
            Token::Start { .. } | Token::End(_) | Token::Text(_) | Token::CData(_) => {}
        }
    }
    text
}

fn content(assembly: &mut Assembly, attrs: Attrs, text: &str) -> Result<Option<Content>, Reason> {
    let kind = attrs.raw("value-type").unwrap_or_default();
    if let Some(error) = CellError::from_text(text) {
        return Ok(Some(Content::Error(error)));
    }
    let typed = match kind {
        "float" | "currency" | "percentage" => attrs
            .raw("value")
            .and_then(|raw| number::parse(raw.as_bytes()))
            .map(Content::Number),
        "date" => attrs
            .raw("date-value")
            .and_then(|raw| iso_date::serial(raw, DateSystem::From1900))
            .map(Content::DateSerial),
        "boolean" => attrs
            .raw("boolean-value")
            .map(|raw| Content::Bool(raw.eq_ignore_ascii_case("true"))),
        _ => None,
    };
    if typed.is_some() {
        return Ok(typed);
    }
    let stored = match kind {
        "string" => attrs.get("string-value"),
        "date" => attrs.get("date-value"),
        _ => None,
    };
    let text = match &stored {
        Some(stored) if text.is_empty() || kind == "string" => stored,
        _ => text,
    };
    if text.is_empty() && attrs.raw("formula").is_some() && kind.is_empty() {
        return Ok(Some(Content::FormulaWithoutValue));
    }
    assembly.text_content(text)
}

#[cfg(test)]
mod tests {
    use super::{Table, Tokens};
    use crate::read::assembly::Assembly;
    use crate::read::{Content, Limits, Region, Sheet};

    fn read(text: &str, limits: &Limits) -> Result<(Sheet, Vec<String>), String> {
        let mut assembly = Assembly::new(limits);
        let mut table = Table {
            sheet: Sheet::default(),
            row: 0,
            next_row: 0,
            col: 0,
            next_col_info: 0,
        };
        table
            .read(&mut assembly, &mut Tokens::new(text))
            .map_err(|reason| reason.kind.id().to_owned())?;
        let texts = &assembly.workbook.texts;
        let shown = table.sheet.cells.iter().map(|cell| {
            let content = match cell.content {
                Content::Text(id) => texts.get(id).to_owned(),
                other => format!("{other:?}"),
            };
            format!("{},{} {content}", cell.row, cell.col)
        });
        let shown = shown.collect();
        Ok((table.sheet, shown))
    }

    #[test]
    fn cells_are_repeated_where_they_hold_something() {
        let text = r#"<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
            <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
            <table:table-row table:number-rows-repeated="2"><table:table-cell/><table:table-cell office:value-type="float" office:value="1.5" table:number-columns-repeated="2"><text:p>1.5</text:p></table:table-cell></table:table-row>
            <table:table-row table:visibility="filter"><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1" office:value-type="string"><office:annotation><text:p>注</text:p></office:annotation><text:p>a<text:s text:c="2"/>&amp;</text:p><text:p>b</text:p></table:table-cell><table:covered-table-cell office:value-type="string"><text:p>x</text:p></table:covered-table-cell><table:table-cell office:value-type="date" office:date-value="2021-03-05"/><table:table-cell table:formula="of:=1"/></table:table-row>
            <table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row></table:table>"#;
        let (sheet, cells) = read(text, &Limits::default()).unwrap();
        assert_eq!(
            cells,
            [
                "3,1 Number(1.5)",
                "3,2 Number(1.5)",
                "4,1 Number(1.5)",
                "4,2 Number(1.5)",
                "5,0 a  &\nb",
                "5,1 x",
                "5,2 DateSerial(44260.0)",
                "5,3 FormulaWithoutValue"
            ]
        );
        assert_eq!(
            (&*sheet.hidden_rows, &*sheet.hidden_cols),
            ([5].as_slice(), [2].as_slice())
        );
        assert_eq!(
            sheet.merged,
            [Region {
                top: 5,
                left: 0,
                bottom: 5,
                right: 1
            }]
        );
    }

    #[test]
    fn a_bomb_of_repeats_costs_nothing() {
        let text = r#"<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/></table:table-row></table:table>"#;
        assert_eq!(read(text, &Limits::default()).unwrap_err(), "too-large");
    }
}
