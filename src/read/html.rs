//! HTML tables under a spreadsheet's name, the usual export of web systems, → one sheet.
//!
//! The tables stand below each other on one sheet, and text between them has a row of its own, as a spreadsheet program
//! shows such a file. All cells are text.

use std::borrow::Cow;

use super::assembly::{Assembly, MAX_COLS, MAX_ROWS};
use super::xml::{self, Attrs};
use super::{Cell, Limits, Region, Sheet, Workbook, encoding};
use crate::discover::Reason;

/// The sheet's name.
const NAME: &str = "html";
/// The most columns a cell may span, as HTML allows.
const MAX_SPAN: u32 = 1_000;

/// Reads a page.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Reason> {
    let text = encoding::decode_whole(bytes, declared_encoding(bytes).as_deref());
    let mut assembly = Assembly::new(limits);
    let mut page = Page {
        sheet: Sheet {
            name: NAME.to_owned(),
            ..Sheet::default()
        },
        row: None,
        next_row: 0,
        col: 0,
        blocked: Vec::new(),
        cell: None,
        text: String::new(),
        depth: 0,
    };
    read_page(&mut assembly, &mut page, &text)?;
    let Page { sheet, .. } = page;
    assembly.add_sheet(sheet)?;
    Ok(assembly.workbook)
}

/// The `charset` of a page, from its first bytes.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
        .unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

/// A page in the reading.
struct Page {
    sheet: Sheet,
    /// The row being filled; none between rows.
    row: Option<u32>,
    next_row: u32,
    col: u32,
    /// For each column, the first row that no cell from above reaches.
    blocked: Vec<u32>,
    /// The cell being filled: its column, and the columns and rows it spans.
    cell: Option<(u32, u32, u32)>,
    text: String,
    /// How many tables are open.
    depth: usize,
}

fn read_page(assembly: &mut Assembly, page: &mut Page, text: &str) -> Result<(), Reason> {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        page.add_text(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = behind(rest, "-->");
            continue;
        }
        let starts_tag = rest
            .as_bytes()
            .get(1)
            .is_some_and(|&next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'));
        if !starts_tag {
            page.add_text("<");
            rest = &rest[1..];
            continue;
        }
        let end = rest.find('>').unwrap_or(rest.len());
        let inside = rest.get(1..end).unwrap_or_default();
        rest = rest.get(end + 1..).unwrap_or_default();
        let name_end = inside
            .find(|c: char| c.is_ascii_whitespace() || (c == '/' && !inside.starts_with('/')))
            .unwrap_or(inside.len());
        let (name, attrs) = inside.split_at(name_end);
        let name = name.to_ascii_lowercase();
        if matches!(name.as_str(), "script" | "style" | "title" | "xml") {
            let close = format!("</{name}");
            let lower_end = find_ignoring_case(rest, &close);
            rest = behind(lower_end.map_or("", |at| &rest[at..]), ">");
            continue;
        }
        page.tag(assembly, &name, attrs)?;
        assembly.tick()?;
    }
    page.add_text(rest);
    page.end_cell(assembly)?;
    page.end_block(assembly)
}

fn behind<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.match_indices('<').map(|(at, _)| at).find(|&at| {
        text.as_bytes()
            .get(at..at + wanted.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(wanted.as_bytes()))
    })
}

impl Page {
    fn add_text(&mut self, raw: &str) {
        if self.depth == 0 || self.cell.is_some() {
            decode(raw, &mut self.text);
        }
    }

    fn tag(&mut self, assembly: &mut Assembly, name: &str, attrs: &str) -> Result<(), Reason> {
        match name {
            "table" => {
                self.end_cell(assembly)?;
                self.end_block(assembly)?;
                self.depth += 1;
                self.row = None;
                self.blocked.clear();
            }
            "/table" => {
                self.end_cell(assembly)?;
                self.depth = self.depth.saturating_sub(1);
                self.row = None;
                self.blocked.clear();
                self.text.clear();
            }
            "tr" => {
                self.end_cell(assembly)?;
                self.start_row()?;
            }
            "/tr" => {
                self.end_cell(assembly)?;
                self.row = None;
            }
            "td" | "th" => {
                self.end_cell(assembly)?;
                self.start_cell(Attrs::new(attrs))?;
            }
            "/td" | "/th" => self.end_cell(assembly)?,
            "br" | "br/" => self.text.push('\n'),
            "p" | "/p" | "div" | "/div" | "h1" | "/h1" | "h2" | "/h2" | "h3" | "/h3" | "li"
            | "/li" | "body" => {
                if self.depth == 0 {
                    self.end_block(assembly)?;
                } else if !self.text.trim().is_empty() {
                    self.text.push('\n');
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn start_row(&mut self) -> Result<(), Reason> {
        if self.next_row >= MAX_ROWS {
            return Err(Reason::too_large(
                &format!("行数超过 {MAX_ROWS}"),
                &format!("more than {MAX_ROWS} rows"),
            ));
        }
        self.row = Some(self.next_row);
        self.next_row += 1;
        self.col = 0;
        Ok(())
    }

    fn start_cell(&mut self, attrs: Attrs) -> Result<(), Reason> {
        let row = if let Some(row) = self.row {
            row
        } else {
            self.start_row()?;
            self.next_row - 1
        };
        while self.blocked_until(self.col) > row {
            self.col += 1;
        }
        let span = |name: &str| attrs.number::<u32>(name).or_else(|| unquoted(attrs, name));
        let across = span("colspan").unwrap_or(1).clamp(1, MAX_SPAN);
        let down = span("rowspan").unwrap_or(1).clamp(1, 65_534);
        self.cell = Some((self.col, across, down));
        self.text.clear();
        Ok(())
    }

    fn blocked_until(&self, col: u32) -> u32 {
        let at = usize::try_from(col).unwrap_or(usize::MAX);
        self.blocked.get(at).copied().unwrap_or(0)
    }

    fn end_cell(&mut self, assembly: &mut Assembly) -> Result<(), Reason> {
        let (Some((at, across, down)), Some(row)) = (self.cell.take(), self.row) else {
            return Ok(());
        };
        self.col = at + across;
        let text = collapse(&self.text);
        let out_of_bounds = u32::from(MAX_COLS) < at + across;
        let (Ok(col), false) = (u16::try_from(at), out_of_bounds) else {
            return Err(Reason::too_large(
                &format!("一行超过 {MAX_COLS} 列"),
                &format!("a row of more than {MAX_COLS} columns"),
            ));
        };
        if down > 1 {
            let last = usize::try_from(at + across).unwrap_or(0);
            if self.blocked.len() < last {
                self.blocked.resize(last, 0);
            }
            for until in self.blocked.iter_mut().take(last).skip(usize::from(col)) {
                *until = row + down;
            }
        }
        let region = Region {
            top: row,
            left: col,
            bottom: (row + down - 1).min(MAX_ROWS - 1),
            right: u16::try_from(at + across - 1).unwrap_or(col),
        };
        assembly.merge(&mut self.sheet, region)?;
        if let Some(content) = assembly.text_content(&text)? {
            assembly.push(&mut self.sheet, Cell { row, col, content })?;
        }
        self.text.clear();
        Ok(())
    }

    /// Text outside of tables becomes a row.
    fn end_block(&mut self, assembly: &mut Assembly) -> Result<(), Reason> {
        let text = collapse(&self.text);
        self.text.clear();
        if self.depth > 0 || text.is_empty() {
            return Ok(());
        }
        self.start_row()?;
        self.row = None;
        let row = self.next_row - 1;
        if let Some(content) = assembly.text_content(&text)? {
            assembly.push(
                &mut self.sheet,
                Cell {
                    row,
                    col: 0,
                    content,
                },
            )?;
        }
        Ok(())
    }
}

/// An attribute whose value stands without quotes: `colspan=8`.
fn unquoted(attrs: Attrs, wanted: &str) -> Option<u32> {
    attrs.words().find_map(|word| {
        let (name, value) = word.split_once('=')?;
        let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
        name.eq_ignore_ascii_case(wanted)
            .then(|| digits.parse().ok())?
    })
}

/// Blanks run together, lines kept, ends trimmed.
fn collapse(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        line.split([' ', '\t', '\r', '\u{a0}'])
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Appends text with HTML's everyday entities decoded; line breaks of the source are blanks.
fn decode(raw: &str, out: &mut String) {
    let raw: Cow<str> = if raw.contains(['\n', '\r']) {
        Cow::Owned(raw.replace(['\n', '\r'], " "))
    } else {
        Cow::Borrowed(raw)
    };
    if !raw.contains('&') {
        out.push_str(&raw);
        return;
    }
    const NAMED: [(&str, &str); 14] = [
        ("&nbsp;", "\u{a0}"),
        ("&ensp;", " "),
        ("&emsp;", " "),
        ("&yen;", "¥"),
        ("&middot;", "·"),
        ("&mdash;", "—"),
        ("&ndash;", "–"),
        ("&hellip;", "…"),
        ("&ldquo;", "“"),
        ("&rdquo;", "”"),
        ("&lsquo;", "‘"),
        ("&rsquo;", "’"),
        ("&times;", "×"),
        ("&radic;", "√"),
    ];
    let mut rest: &str = &raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((name, text)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
            out.push_str(text);
            rest = &rest[name.len()..];
        } else {
            // Up to the next `&`, the entities of XML.
            let end = rest[1..].find('&').map_or(rest.len(), |next| next + 1);
            xml::unescape(&rest[..end], out);
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::read::{Content, Limits, Region};

    fn cells(page: &[u8]) -> (Vec<String>, Vec<Region>) {
        let book = read(page, &Limits::default()).unwrap();
        let sheet = &book.sheets[0];
        let cells = sheet
            .cells
            .iter()
            .map(|cell| match cell.content {
                Content::Text(id) => format!("{},{} {}", cell.row, cell.col, book.texts.get(id)),
                other => panic!("{other:?}"),
            })
            .collect();
        (cells, sheet.merged.clone())
    }

    #[test]
    fn tables_become_rows() {
        let page = "<html><head><style>td{}</style></head><body><p>某村</p><TABLE border=1><tr><td colspan=2>合同&nbsp;台账
            <tr><th rowspan='2'>甲<br>乙</th><td> a &lt; b </td></tr><tr><td>c</table>注：无</body>";
        let (cells, merged) = cells(page.as_bytes());
        assert_eq!(
            cells,
            [
                "0,0 某村",
                "1,0 合同 台账",
                "2,0 甲\n乙",
                "2,1 a < b",
                "3,1 c",
                "4,0 注：无"
            ]
        );
        let region = |top, left, bottom, right| Region {
            top,
            left,
            bottom,
            right,
        };
        assert_eq!(merged, [region(1, 0, 1, 1), region(2, 0, 3, 0)]);
    }

    #[test]
    fn the_declared_encoding_is_used() {
        let text = "<meta charset=\"gb2312\"><table><tr><td>村道</td></tr></table>";
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        assert_eq!(cells(&gb).0, ["0,0 村道"]);
    }

    #[test]
    fn any_cut_is_survived() {
        let page =
            "<table><tr><td colspan=99999999>a&amp;<td rowspan=9>b</td></tr><script>x</script>";
        for cut in 0..page.len() {
            let _ = read(&page.as_bytes()[..cut], &Limits::default());
        }
    }
}
