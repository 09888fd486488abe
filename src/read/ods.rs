//! The layout pass over ods, and its cells by way of calamine.
//!
//! The pass walks over `content.xml` and keeps what calamine does not tell: merged regions, hidden sheets, rows and columns,
//! and where a cell stands, repeated cells as one. What the cells hold it copies into a `content.xml` of its own, side by
//! side and never repeated, so that there is nothing for calamine to multiply.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::assembly::{Assembly, MAX_COLS, MAX_ROWS, too_much_text};
use super::by_calamine::{Contents, OdsCells, Value, beyond_the_sheet, miscounted};
use super::package::Package;
use super::repack::Repacked;
use super::xml::{Attrs, Token, Tokens, unescape};
use super::{Cell, CellError, Content, DateSystem, Limits, Region, Sheet, Workbook};
use super::{iso_date, number};
use crate::discover::Reason;

/// Cells of a row of what calamine is given.
const WIDTH: usize = 256;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let mut assembly = Assembly::new(limits);
    let (package, tables) = lay_out(bytes, &mut assembly)?;
    let mut book = OdsCells::open(package)?;
    let mut contents = Contents::default();
    for (at, mut table) in tables.into_iter().enumerate() {
        let count = book.each_laid(at, |index, value| {
            let block = table.laid.get(index).ok_or_else(miscounted)?;
            // Errors stand as their texts.
            let error = match value {
                Value::Text(text) => CellError::from_text(text).map(Value::Error),
                _ => None,
            };
            let content = contents.of(&mut assembly, &table.sheet, error.unwrap_or(value))?;
            match content {
                Some(content) => block.fill(&mut assembly, &mut table.sheet, content),
                None => Ok(()),
            }
        })?;
        if count != table.laid.len() {
            return Err(miscounted());
        }
        for block in table.without_value {
            block.fill(
                &mut assembly,
                &mut table.sheet,
                Content::FormulaWithoutValue,
            )?;
        }
        assembly.add_sheet(table.sheet)?;
    }
    Ok(assembly.workbook)
}

/// The package for calamine, and the sheets with the places of their cells.
fn lay_out(bytes: &[u8], assembly: &mut Assembly) -> Result<(Vec<u8>, Vec<Table>), Reason> {
    let mut package = Package::open(bytes, assembly.limits)?;
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
    let mut out = Repacked::new();
    out.part(
        "mimetype",
        b"application/vnd.oasis.opendocument.spreadsheet",
    )?;
    out.part("META-INF/manifest.xml", b"<manifest:manifest/>")?;
    out.begin("content.xml")?;
    let mut tables = Vec::new();
    let (mut cells, mut written) = (0, 0);
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
                    cells,
                    written,
                    ..Table::default()
                };
                table.sheet.name = attrs.get("name").unwrap_or_default().into_owned();
                table.sheet.hidden = styles.hidden_tables.contains(&*style);
                assembly.expect_sheets(tables.len() + 1)?;
                let name = tables.len();
                let head = format!(r#"<table:table table:name="{name}"><table:table-row>"#);
                out.write(head.as_bytes())?;
                if !empty {
                    table.read(assembly, &mut tokens, &mut out)?;
                }
                out.write(b"</table:table-row></table:table>")?;
                (cells, written) = (table.cells, table.written);
                tables.push(table);
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
    Ok((out.finish()?, tables))
}

/// The styles that hide a sheet.
#[derive(Default)]
struct Styles {
    current: String,
    hidden_tables: BTreeSet<String>,
}

/// A sheet in the reading.
#[derive(Default)]
struct Table {
    sheet: Sheet,
    row: u32,
    next_row: u32,
    col: u32,
    next_col_info: u32,
    /// Where each cell that calamine is given stands.
    laid: Vec<Block>,
    /// Where formulas stand whose value the file does not store.
    without_value: Vec<Block>,
    /// The cells of the row in the reading begin here, in either list.
    row_starts: (usize, usize),
    /// Cells of this sheet and those before it; the pass counts what will be added later.
    cells: u64,
    /// Bytes written for calamine, for this sheet and those before it.
    written: usize,
    /// The text of the cell in the reading.
    text: String,
}

/// A cell of the file with the rows and columns it is repeated over, both ends included.
struct Block {
    top: u32,
    bottom: u32,
    left: u16,
    right: u16,
}

impl Block {
    fn fill(
        &self,
        assembly: &mut Assembly,
        sheet: &mut Sheet,
        content: Content,
    ) -> Result<(), Reason> {
        for row in self.top..=self.bottom {
            for col in self.left..=self.right {
                assembly.push(sheet, Cell { row, col, content })?;
            }
        }
        Ok(())
    }
}

impl Table {
    fn read(
        &mut self,
        assembly: &mut Assembly,
        tokens: &mut Tokens,
        out: &mut Repacked,
    ) -> Result<(), Reason> {
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
                    ..
                } => {
                    let repeat = attrs.number("number-rows-repeated").unwrap_or(1u32).max(1);
                    self.row = self.next_row;
                    self.next_row = self.row.saturating_add(repeat);
                    self.col = 0;
                    self.drop_row();
                    if is_hidden(attrs) {
                        assembly.hide_rows(&mut self.sheet, self.row, self.next_row - 1)?;
                    }
                }
                Token::End("table-row") => self.end_row(assembly)?,
                Token::Start {
                    name: name @ ("table-cell" | "covered-table-cell"),
                    attrs,
                    empty,
                } => self.cell(assembly, tokens, (name, attrs, empty), out)?,
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

    /// Begins a row: what stood outside of one is left out.
    fn drop_row(&mut self) {
        self.row_starts = (self.laid.len(), self.without_value.len());
    }

    /// Spreads the cells of a row over the rows it is repeated over.
    fn end_row(&mut self, assembly: &mut Assembly) -> Result<(), Reason> {
        let (laid, without_value) = self.row_starts;
        let blocks = self.laid[laid..]
            .iter_mut()
            .chain(&mut self.without_value[without_value..]);
        // A style over all rows is stored as one row repeated to the end; one that holds something stands there.
        let last = self.next_row.min(MAX_ROWS);
        let mut width = 0;
        for block in blocks {
            block.bottom = last.saturating_sub(1);
            width += u64::from(block.right) - u64::from(block.left) + 1;
        }
        if width > 0 && self.row >= last {
            return Err(beyond_the_sheet());
        }
        let rows = u64::from(last.saturating_sub(self.row));
        self.cells = self.cells.saturating_add(width.saturating_mul(rows));
        assembly.expect_cells(self.cells)?;
        self.drop_row();
        Ok(())
    }

    fn cell(
        &mut self,
        assembly: &mut Assembly,
        tokens: &mut Tokens,
        (name, attrs, empty): (&str, Attrs, bool),
        out: &mut Repacked,
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
        self.text.clear();
        if !empty {
            cell_text(tokens, name, &mut self.text, assembly.limits);
            assembly.check_text(&self.text)?;
        }
        if across > 1 || down > 1 {
            self.merge(assembly, first, across, down)?;
        }
        let held = held(attrs, &self.text);
        if matches!(held, Held::Nothing) {
            return Ok(());
        }
        let last = self.col.min(u32::from(MAX_COLS)).saturating_sub(1);
        let (Ok(left), Ok(right)) = (u16::try_from(first), u16::try_from(last)) else {
            return Err(beyond_the_sheet());
        };
        if left > right {
            return Err(beyond_the_sheet());
        }
        let block = Block {
            top: self.row,
            bottom: self.row,
            left,
            right,
        };
        if matches!(held, Held::FormulaWithoutValue) {
            self.without_value.push(block);
        } else {
            if self.laid.len().is_multiple_of(WIDTH) && !self.laid.is_empty() {
                out.write(b"</table:table-row><table:table-row>")?;
            }
            let written = held.written();
            self.written = self.written.saturating_add(written.len());
            if self.written > assembly.limits.text_bytes {
                return Err(too_much_text(assembly.limits.text_bytes));
            }
            out.write(written.as_bytes())?;
            self.laid.push(block);
        }
        // A row of any length is counted as it goes; its repetition at its end.
        assembly.expect_cells(self.cells + (self.laid.len() - self.row_starts.0) as u64)
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
fn cell_text(tokens: &mut Tokens, cell: &str, text: &mut String, limits: &Limits) {
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
                // A count of blanks; no cell holds more than a line of them, and one that is refused needs no more.
                let count = attrs.number("c").unwrap_or(1usize).min(1024);
                let count = if text.len() > limits.cell_text_bytes {
                    0
                } else {
                    count
                };
                text.extend(std::iter::repeat_n(' ', count));
            }
            Token::Start { name: "tab", .. } => text.push('\t'),
            Token::Start {
                name: "line-break", ..
            } => text.push('\n'),
            Token::Text(raw) if in_paragraph => unescape(raw, text),
            Token::CData(raw) if in_paragraph => text.push_str(raw),
            Token::Start { .. } | Token::End(_) | Token::Text(_) | Token::CData(_) => {}
        }
    }
}

/// What a cell holds, as calamine is to be given it.
enum Held<'a> {
    Nothing,
    FormulaWithoutValue,
    /// An attribute with the type it stands for.
    Value(&'static str, &'static str, &'a str),
    Text(Cow<'a, str>),
}

/// What a cell holds, by its attributes and the text it shows. Nothing is given to calamine that would make it refuse the
/// file: a value that is not of its stated type is handed on as the text it is shown as.
fn held<'a>(attrs: Attrs<'a>, text: &'a str) -> Held<'a> {
    let kind = attrs.raw("value-type").unwrap_or_default();
    // Any kind of cell shows an error as its text.
    if CellError::from_text(text).is_some() {
        return Held::Text(text.into());
    }
    let typed = match kind {
        "float" | "currency" | "percentage" => attrs
            .raw("value")
            .map(str::trim)
            .filter(|raw| {
                number::parse(raw.as_bytes()).is_some()
                    && raw
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
                    && !raw.starts_with('+')
            })
            .map(|raw| Held::Value("float", "value", raw)),
        "date" => attrs
            .raw("date-value")
            .filter(|raw| iso_date::serial(raw, DateSystem::From1900).is_some())
            .map(|raw| Held::Value("date", "date-value", raw)),
        "boolean" => attrs.raw("boolean-value").map(|raw| {
            let truth = raw.eq_ignore_ascii_case("true");
            Held::Value(
                "boolean",
                "boolean-value",
                if truth { "true" } else { "false" },
            )
        }),
        _ => None,
    };
    if let Some(typed) = typed {
        return typed;
    }
    let stored = match kind {
        "string" => attrs.get("string-value"),
        "date" => attrs.get("date-value"),
        _ => None,
    };
    let text = match stored {
        Some(stored) if text.is_empty() || kind == "string" => stored,
        _ => text.into(),
    };
    if !text.is_empty() {
        Held::Text(text)
    } else if attrs.raw("formula").is_some() && kind.is_empty() {
        Held::FormulaWithoutValue
    } else {
        Held::Nothing
    }
}

impl Held<'_> {
    /// The cell that calamine is given.
    fn written(&self) -> String {
        let mut out = String::new();
        match self {
            Self::Nothing | Self::FormulaWithoutValue => {}
            Self::Value(kind, attribute, raw) => {
                // Nothing but digits, letters and signs stands in a value that was understood.
                let _ = write!(
                    out,
                    r#"<table:table-cell office:value-type="{kind}" office:{attribute}="{raw}"/>"#
                );
            }
            Self::Text(text) => {
                out.push_str(r#"<table:table-cell office:value-type="string"><text:p>"#);
                for character in text.chars() {
                    match character {
                        '&' => out.push_str("&amp;"),
                        '<' => out.push_str("&lt;"),
                        '>' => out.push_str("&gt;"),
                        '\r' => out.push_str("&#13;"),
                        character => out.push(character),
                    }
                }
                out.push_str("</text:p></table:table-cell>");
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::read::repack::Repacked;
    use crate::read::{Content, Limits, Region, Sheet};

    /// A workbook whose first table holds this.
    fn packed(table: &str) -> Vec<u8> {
        let content = format!(
            "<office:document-content><table:table table:name='甲'>{table}</office:document-content>"
        );
        let mut package = Repacked::new();
        package.part("content.xml", content.as_bytes()).unwrap();
        package.finish().unwrap()
    }

    fn shown(text: &str) -> Result<(Sheet, Vec<String>), String> {
        let mut book = read(&packed(text), &Limits::default())
            .map_err(|reason| reason.kind.id().to_owned())?;
        let sheet = book.sheets.remove(0);
        let shown = sheet.cells.iter().map(|cell| {
            let content = match cell.content {
                Content::Text(id) => book.texts.get(id).to_owned(),
                other => format!("{other:?}"),
            };
            format!("{},{} {content}", cell.row, cell.col)
        });
        let shown = shown.collect();
        Ok((sheet, shown))
    }

    #[test]
    fn cells_are_repeated_where_they_hold_something() {
        let text = r#"<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
            <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
            <table:table-row table:number-rows-repeated="2"><table:table-cell/><table:table-cell office:value-type="float" office:value="1.5" table:number-columns-repeated="2"><text:p>1.5</text:p></table:table-cell></table:table-row>
            <table:table-row table:visibility="filter"><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1" office:value-type="string"><office:annotation><text:p>注</text:p></office:annotation><text:p>a<text:s text:c="2"/>&amp;</text:p><text:p>b</text:p></table:table-cell><table:covered-table-cell office:value-type="string"><text:p>x</text:p></table:covered-table-cell><table:table-cell office:value-type="date" office:date-value="2021-03-05"/><table:table-cell table:formula="of:=1"/></table:table-row>
            <table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row></table:table>"#;
        let (sheet, cells) = shown(text).unwrap();
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
    fn cells_in_two_corners_cost_no_range_between_them() {
        let cell = r#"<table:table-cell office:value-type="float" office:value="1"/>"#;
        let text = format!(
            r#"<table:table-row>{cell}</table:table-row><table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16383"/>{cell}</table:table-row></table:table>"#
        );
        let (_, cells) = shown(&text).unwrap();
        assert_eq!(cells, ["0,0 Number(1.0)", "1048575,16383 Number(1.0)"]);
        let beyond = text.replace("16383", "16384");
        assert_eq!(shown(&beyond).unwrap_err(), "damaged");
    }

    #[test]
    fn values_that_are_none_are_kept_as_the_texts_they_are_shown_as() {
        let cell = |kind: &str, value: &str, shown: &str| {
            format!(
                r#"<table:table-row><table:table-cell office:value-type="{kind}" office:value="{value}" office:date-value="{value}" office:boolean-value="{value}"><text:p>{shown}</text:p></table:table-cell></table:table-row>"#
            )
        };
        let rows = [
            cell("float", "1,5", "一"),
            cell("float", "1e999", "&lt;&#13;"),
            cell("percentage", "0.5", "50%"),
            cell("date", "2021-02-30", "二月三十"),
            cell("boolean", "TRUE", "真"),
            cell("float", "0", "#REF!"),
            cell("time", "PT1H", "1:00"),
        ];
        let (_, cells) = shown(&format!("{}</table:table>", rows.concat())).unwrap();
        assert_eq!(
            cells,
            [
                "0,0 一",
                "1,0 <\r",
                "2,0 Number(0.5)",
                "3,0 二月三十",
                "4,0 Bool(true)",
                "5,0 Error(Ref)",
                "6,0 1:00"
            ]
        );
    }

    #[test]
    fn a_bomb_of_repeats_costs_nothing() {
        let text = r#"<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/></table:table-row></table:table>"#;
        assert_eq!(shown(text).unwrap_err(), "too-large");
    }
}
