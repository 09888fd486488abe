//! The cells of a worksheet.
//!
//! Nearly all cells of real files have one of a few shapes; those are read straight from the bytes. Any other goes
//! through the XML tokenizer, so that the fast way need not know every freedom XML gives.

use std::borrow::Cow;

use super::shared_strings::local;
use super::styles::Styles;
use super::{text, unit_too_large};
use crate::discover::Reason;
use crate::read::assembly::{Assembly, MAX_COLS, MAX_ROWS};
use crate::read::package::Part;
use crate::read::xml::{Attrs, Token, Tokens};
use crate::read::{Cell, CellError, Content, Region, Sheet, TextId, iso_date, number};

/// Reads the part of a worksheet into a sheet.
pub(super) fn read(
    part: &mut Part,
    assembly: &mut Assembly,
    sheet: &mut Sheet,
    styles: &Styles,
) -> Result<(), Reason> {
    let mut scan = Scan {
        assembly,
        sheet,
        styles,
        in_data: false,
        row: 0,
        next_row: 0,
        col: 0,
        skip: None,
    };
    loop {
        let used = scan.read(part.bytes())?;
        part.consume(used);
        scan.assembly.check_time()?;
        if used == 0 && part.bytes().len() > scan.assembly.limits.unit_bytes() {
            return Err(unit_too_large(scan.assembly.limits));
        }
        if !part.fill()? {
            break;
        }
    }
    if scan.in_data || scan.skip.is_some() || !part.bytes().is_empty() {
        return Err(Reason::damaged("工作表不完整", "a sheet is cut off"));
    }
    Ok(())
}

/// End tags inside comments and CDATA sections of one cell that are passed over.
const MOST_TRIES: usize = 32;

struct Scan<'s, 'l> {
    assembly: &'s mut Assembly<'l>,
    sheet: &'s mut Sheet,
    styles: &'s Styles,
    in_data: bool,
    row: u32,
    next_row: u32,
    /// The column of the next cell that does not say where it stands.
    col: u32,
    /// What ends the comment or instruction that is being passed over.
    skip: Option<&'static [u8]>,
}

/// A cell's parts, before they mean anything.
#[derive(Default)]
struct Raw<'a> {
    /// Row and column, where the cell tells them.
    place: Option<(u32, u32)>,
    style: u32,
    kind: Kind,
    value: Option<Cow<'a, [u8]>>,
    /// Whether the value's entities are decoded already.
    decoded: bool,
    inline: Option<Cow<'a, str>>,
    formula: bool,
}

/// The stated type of a cell.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    /// `n`, none, or one that is not known: a number if it is one.
    #[default]
    Number,
    /// `s`
    Shared,
    /// `str`
    String,
    /// `inlineStr`
    Inline,
    /// `b`
    Bool,
    /// `e`
    Error,
    /// `d`
    Date,
}

impl Kind {
    fn of(word: &[u8]) -> Self {
        match word {
            [b's'] => Self::Shared,
            [b'b'] => Self::Bool,
            [b'e'] => Self::Error,
            [b'd'] => Self::Date,
            [b's', b't', b'r'] => Self::String,
            b"inlineStr" => Self::Inline,
            _ => Self::Number,
        }
    }
}

/// What the fast way made of a cell.
enum Fast<'a> {
    /// The cell, and the bytes it takes.
    Cell(Raw<'a>, usize),
    /// A shape it does not know.
    Slow,
    /// The cell is not at hand as a whole.
    More,
}

impl Scan<'_, '_> {
    /// Reads what is at hand as a whole, and tells how many bytes it took.
    fn read(&mut self, bytes: &[u8]) -> Result<usize, Reason> {
        let mut at = 0;
        loop {
            if let Some(end) = self.skip {
                match memchr::memmem::find(&bytes[at..], end) {
                    Some(found) => at += found + end.len(),
                    None => return Ok(at.max(bytes.len().saturating_sub(end.len() - 1))),
                }
                self.skip = None;
            }
            // In most files tags follow each other without a blank between.
            if bytes.get(at) != Some(&b'<') {
                let Some(open) = memchr::memchr(b'<', &bytes[at..]) else {
                    return Ok(bytes.len());
                };
                at += open;
            }
            let rest = &bytes[at..];
            if self.in_data && rest.starts_with(b"<c ") {
                match fast_cell(rest) {
                    Fast::Cell(raw, used) => {
                        self.add(&raw)?;
                        at += used;
                        continue;
                    }
                    Fast::More => return Ok(at),
                    Fast::Slow => {}
                }
            }
            match self.tag(rest)? {
                Some(used) => at += used,
                None => return Ok(at),
            }
        }
    }

    /// Reads a tag, or a cell of an unusual shape; `None` where it is not at hand as a whole.
    fn tag(&mut self, bytes: &[u8]) -> Result<Option<usize>, Reason> {
        if bytes.starts_with(b"<!--") {
            self.skip = Some(b"-->");
            return Ok(Some(4));
        }
        if bytes.starts_with(b"<?") {
            self.skip = Some(b"?>");
            return Ok(Some(2));
        }
        if bytes.starts_with(b"<![CDATA[") {
            self.skip = Some(b"]]>");
            return Ok(Some(9));
        }
        if bytes.len() < 9 && b"<![CDATA[".starts_with(bytes) {
            return Ok(None);
        }
        let Some(end) = end_of_tag(bytes) else {
            return Ok(None);
        };
        let inside = &bytes[1..end];
        let used = end + 1;
        if let Some(name) = inside.strip_prefix(b"/") {
            if local(name.trim_ascii_end()) == b"sheetData" {
                self.in_data = false;
            }
            return Ok(Some(used));
        }
        let (inside, empty) = match inside.strip_suffix(b"/") {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let name_end = inside.iter().position(u8::is_ascii_whitespace);
        let (name, attrs) = inside.split_at(name_end.unwrap_or(inside.len()));
        match local(name) {
            b"c" if self.in_data => {
                if empty {
                    let attrs = String::from_utf8_lossy(attrs);
                    self.add(&cell_head(Attrs::new(&attrs)))?;
                    return Ok(Some(used));
                }
                return self.slow_cell(bytes, name);
            }
            b"row" if self.in_data => self.start_row(attrs)?,
            b"sheetData" => self.in_data = !empty,
            b"col" => {
                let attrs = String::from_utf8_lossy(attrs);
                hide_cols(Attrs::new(&attrs), self.sheet);
            }
            b"mergeCell" => {
                let attrs = String::from_utf8_lossy(attrs);
                if let Some(region) = Attrs::new(&attrs).raw("ref").and_then(region) {
                    self.assembly.merge(self.sheet, region)?;
                }
            }
            _ => {}
        }
        Ok(Some(used))
    }

    fn start_row(&mut self, attrs: &[u8]) -> Result<(), Reason> {
        let stated = attribute(attrs, b"r").and_then(digits);
        self.row = stated
            .and_then(|row| row.checked_sub(1))
            .unwrap_or(self.next_row);
        self.next_row = self.row.saturating_add(1);
        self.col = 0;
        if attribute(attrs, b"hidden").is_some_and(|value| matches!(value, b"1" | b"true")) {
            self.assembly.hide_rows(self.sheet, self.row, self.row)?;
        }
        Ok(())
    }

    /// A cell by way of the tokenizer; `None` where it is not at hand as a whole.
    fn slow_cell(&mut self, bytes: &[u8], name: &[u8]) -> Result<Option<usize>, Reason> {
        let (mut from, mut tries) = (0, 0);
        // An end tag inside a comment or a CDATA section is none: the tokenizer notices, and the next one is tried.
        while let Some(found) = memchr::memmem::find(&bytes[from..], b"</") {
            from += found + 2;
            let end = from + name.len();
            if bytes.get(from..end) != Some(name) || bytes.get(end) != Some(&b'>') {
                continue;
            }
            let cell = String::from_utf8_lossy(&bytes[..=end]);
            let mut tokens = Tokens::new(&cell);
            let raw = tokenized_cell(&mut tokens);
            if !tokens.cut_off {
                self.add(&raw)?;
                return Ok(Some(end + 1));
            }
            // Each try reads the cell from its start; one that never ends must not be read at every end of another.
            tries += 1;
            if tries == MOST_TRIES {
                return Err(Reason::damaged(
                    "单元格没有结束标记",
                    "a cell without an end",
                ));
            }
        }
        Ok(None)
    }

    fn add(&mut self, raw: &Raw) -> Result<(), Reason> {
        let (row, col) = raw.place.unwrap_or((self.row, self.col));
        self.col = col.saturating_add(1);
        if raw.value.is_none() && raw.inline.is_none() && !raw.formula {
            return Ok(());
        }
        let Some(content) = self.content(raw)? else {
            return Ok(());
        };
        match u16::try_from(col) {
            Ok(col) if col < MAX_COLS && row < MAX_ROWS => {
                self.assembly.push(self.sheet, Cell { row, col, content })
            }
            _ => Err(Reason::damaged(
                "单元格位置超出表格范围",
                "a cell beyond the bounds of a sheet",
            )),
        }
    }

    fn content(&mut self, raw: &Raw) -> Result<Option<Content>, Reason> {
        let value: &[u8] = raw.value.as_deref().unwrap_or_default();
        let typed = match raw.kind {
            Kind::Shared => return self.shared(value),
            Kind::String => return self.string(raw),
            Kind::Inline => {
                return match &raw.inline {
                    Some(text) => self.assembly.text_content(text),
                    // Some programs write the text as the value.
                    None => self.string(raw),
                };
            }
            Kind::Bool => match value.trim_ascii() {
                b"1" => Some(Content::Bool(true)),
                b"0" => Some(Content::Bool(false)),
                word if word.eq_ignore_ascii_case(b"true") => Some(Content::Bool(true)),
                word if word.eq_ignore_ascii_case(b"false") => Some(Content::Bool(false)),
                _ => None,
            },
            Kind::Error => std::str::from_utf8(value)
                .ok()
                .and_then(|text| CellError::from_text(text.trim()))
                .map(Content::Error),
            Kind::Date => std::str::from_utf8(value)
                .ok()
                .and_then(|text| iso_date::serial(text.trim(), self.sheet.date_system))
                .map(Content::DateSerial),
            Kind::Number => number::parse(value).map(|number| {
                if self.styles.is_date(raw.style) {
                    Content::DateSerial(number)
                } else {
                    Content::Number(number)
                }
            }),
        };
        if typed.is_some() {
            return Ok(typed);
        }
        if value.trim_ascii().is_empty() {
            return Ok(raw.formula.then_some(Content::FormulaWithoutValue));
        }
        // A value that is not of its stated type is kept as it stands.
        self.string(raw)
    }

    fn string(&mut self, raw: &Raw) -> Result<Option<Content>, Reason> {
        let value: &[u8] = raw.value.as_deref().unwrap_or_default();
        let text = if raw.decoded {
            Cow::Owned(text::unescape_units(&String::from_utf8_lossy(value)))
        } else {
            text::decoded(value, true)
        };
        self.assembly.text_content(&text)
    }

    fn shared(&mut self, value: &[u8]) -> Result<Option<Content>, Reason> {
        let texts = &self.assembly.workbook.texts;
        let id = digits(value).or_else(|| digits(value.trim_ascii()));
        match id.map(|id| (TextId(id), texts.is_blank(TextId(id)))) {
            Some((_, Some(true))) => Ok(None),
            Some((id, Some(false))) => Ok(Some(Content::Text(id))),
            None if value.trim_ascii().is_empty() => Ok(None),
            Some((_, None)) | None => Err(Reason::damaged(
                "引用的共享文字不存在",
                "a cell names a shared string that is not there",
            )),
        }
    }
}

/// The usual shapes: `<c r= s= t=>` with at most a formula and a plain value or inline text.
fn fast_cell(bytes: &[u8]) -> Fast<'_> {
    let mut raw = Raw::default();
    let mut at = usual_head(bytes, &mut raw);
    // What other attributes there are.
    loop {
        match bytes.get(at) {
            Some(b' ') => at += 1,
            Some(b'>') => {
                at += 1;
                break;
            }
            Some(b'/') => {
                return match bytes.get(at + 1) {
                    Some(b'>') => Fast::Cell(raw, at + 2),
                    Some(_) => Fast::Slow,
                    None => Fast::More,
                };
            }
            Some(&name) => {
                match (bytes.get(at + 1), bytes.get(at + 2)) {
                    (Some(b'='), Some(b'"')) => {}
                    (Some(_), Some(_)) => return Fast::Slow,
                    _ => return Fast::More,
                }
                let start = at + 3;
                let Some(len) = position(&bytes[start..], b'"') else {
                    return Fast::More;
                };
                let value = &bytes[start..start + len];
                match name {
                    b'r' => raw.place = reference(value),
                    b's' => raw.style = digits(value).unwrap_or(u32::MAX),
                    b't' => raw.kind = Kind::of(value),
                    _ => return Fast::Slow,
                }
                at = start + len + 1;
            }
            None => return Fast::More,
        }
    }
    // Children.
    loop {
        let rest = &bytes[at..];
        if rest.starts_with(b"<v>") {
            let Some(len) = position(&rest[3..], b'<') else {
                return Fast::More;
            };
            if !rest[3 + len..].starts_with(b"</v>") {
                return more_or_slow(&rest[3 + len..], b"</v>");
            }
            raw.value = Some(Cow::Borrowed(&rest[3..3 + len]));
            at += len + 7;
        } else if rest.starts_with(b"</c>") {
            return Fast::Cell(raw, at + 4);
        } else if rest.starts_with(b"<f>") || rest.starts_with(b"<f ") {
            let Some(len) = memchr::memchr(b'>', rest) else {
                return Fast::More;
            };
            raw.formula = true;
            at += len + 1;
            if rest[len - 1] != b'/' {
                let rest = &rest[len + 1..];
                let Some(len) = memchr::memchr(b'<', rest) else {
                    return Fast::More;
                };
                if !rest[len..].starts_with(b"</f>") {
                    return more_or_slow(&rest[len..], b"</f>");
                }
                at += len + 4;
            }
        } else if let Some((start, preserve)) = inline_start(rest) {
            let Some(len) = memchr::memchr(b'<', &rest[start..]) else {
                return Fast::More;
            };
            let end = &rest[start + len..];
            if !end.starts_with(b"</t></is>") {
                return more_or_slow(end, b"</t></is>");
            }
            let inside = &rest[start..start + len];
            raw.inline = Some(text::decoded(inside, preserve));
            at += start + len + 9;
        } else if rest.len() < 32 {
            return Fast::More;
        } else {
            return Fast::Slow;
        }
    }
}

/// Reads `r`, `s` and `t` where they stand in this order, as most programs write them, and tells how far that goes.
fn usual_head(bytes: &[u8], raw: &mut Raw) -> usize {
    let mut at = 3;
    if bytes[at..].starts_with(b"r=\"") {
        let (mut col, mut row) = (0u32, 0u32);
        let mut end = at + 3;
        while let Some(&byte @ b'A'..=b'Z') = bytes.get(end) {
            col = col * 26 + u32::from(byte - b'A') + 1;
            end += 1;
            if end > at + 6 {
                return at;
            }
        }
        let (digits, letters) = (end, end - at - 3);
        while let Some(&byte @ b'0'..=b'9') = bytes.get(end) {
            row = row * 10 + u32::from(byte - b'0');
            end += 1;
            if end > digits + 8 {
                return at;
            }
        }
        if letters == 0 || row == 0 || bytes.get(end) != Some(&b'"') {
            return at;
        }
        raw.place = Some((row - 1, col - 1));
        at = end + 1;
    }
    if bytes[at..].starts_with(b" s=\"") {
        let mut style = 0u32;
        let mut end = at + 4;
        while let Some(&byte @ b'0'..=b'9') = bytes.get(end) {
            style = style * 10 + u32::from(byte - b'0');
            end += 1;
            if end > at + 12 {
                return at;
            }
        }
        if bytes.get(end) != Some(&b'"') {
            return at;
        }
        raw.style = style;
        at = end + 1;
    }
    if bytes[at..].starts_with(b" t=\"s\"") {
        raw.kind = Kind::Shared;
        at += 6;
    }
    at
}

fn inline_start(bytes: &[u8]) -> Option<(usize, bool)> {
    if bytes.starts_with(b"<is><t>") {
        Some((7, false))
    } else if bytes.starts_with(b"<is><t xml:space=\"preserve\">") {
        Some((28, true))
    } else {
        None
    }
}

/// Whether bytes may yet become what is wanted, or are something else.
fn more_or_slow<'a>(bytes: &[u8], wanted: &[u8]) -> Fast<'a> {
    if bytes.len() < wanted.len() && wanted.starts_with(bytes) {
        Fast::More
    } else {
        Fast::Slow
    }
}

/// Where a byte first stands. Values of cells are a few bytes long, so a plain loop beats a search with set-up.
fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    let near = bytes.len().min(16);
    match bytes[..near].iter().position(|&byte| byte == wanted) {
        Some(at) => Some(at),
        None => memchr::memchr(wanted, &bytes[near..]).map(|at| near + at),
    }
}

/// The end of a tag, `>` inside quotes passed over.
fn end_of_tag(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', bytes.get(at..)?)?;
        if bytes[at] == b'>' {
            return Some(at);
        }
        at += 2 + memchr::memchr(bytes[at], &bytes[at + 1..])?;
    }
}

/// The value of an attribute without a prefix.
fn attribute<'a>(mut attrs: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    loop {
        let equals = attrs.iter().position(|&byte| byte == b'=')?;
        let name = attrs[..equals].trim_ascii();
        let rest = attrs[equals + 1..].trim_ascii_start();
        let quote = *rest.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
        let len = rest[1..].iter().position(|&byte| byte == quote)?;
        if name == wanted {
            return Some(&rest[1..=len]);
        }
        attrs = &rest[len + 2..];
    }
}

fn cell_head(attrs: Attrs<'_>) -> Raw<'_> {
    Raw {
        place: attrs.raw("r").and_then(|raw| reference(raw.as_bytes())),
        style: attrs.number("s").unwrap_or(0),
        kind: Kind::of(attrs.raw("t").unwrap_or_default().as_bytes()),
        ..Raw::default()
    }
}

/// A cell from its tokens, its start tag first.
fn tokenized_cell<'a>(tokens: &mut Tokens<'a>) -> Raw<'a> {
    let mut raw = Raw::default();
    while let Some(token) = tokens.next() {
        match token {
            Token::Start {
                name: "c", attrs, ..
            } => raw = cell_head(attrs),
            Token::Start {
                name: "f", empty, ..
            } => {
                raw.formula = true;
                if !empty {
                    tokens.text_of("f");
                }
            }
            Token::Start {
                name: "v", empty, ..
            } => {
                let value = if empty {
                    String::new()
                } else {
                    tokens.text_of("v")
                };
                raw.value = Some(Cow::Owned(value.into_bytes()));
                raw.decoded = true;
            }
            Token::Start {
                name: "is",
                empty: false,
                ..
            } => {
                let mut out = String::new();
                text::push_runs(tokens.inside_of("is"), &mut out);
                raw.inline = Some(Cow::Owned(out));
            }
            _ => {}
        }
    }
    raw
}

/// A number of digits only.
fn digits(raw: &[u8]) -> Option<u32> {
    if raw.is_empty() || raw.len() > 9 {
        return None;
    }
    let mut sum = 0u32;
    for &byte in raw {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        sum = sum * 10 + u32::from(digit);
    }
    Some(sum)
}

/// Row and column of a reference such as `F12`, counted from zero.
fn reference(raw: &[u8]) -> Option<(u32, u32)> {
    let mut col = 0u32;
    let mut letters = 0;
    while let Some(&byte) = raw.get(letters) {
        let letter = (byte | 0x20).wrapping_sub(b'a');
        if letter > 25 {
            break;
        }
        if letters == 3 {
            return None;
        }
        col = col * 26 + u32::from(letter) + 1;
        letters += 1;
    }
    let row = digits(&raw[letters..])?;
    Some((row.checked_sub(1)?, col.checked_sub(1)?))
}

/// Columns that a `col` element hides.
pub(super) fn hide_cols(attrs: Attrs, sheet: &mut Sheet) {
    if attrs.flag("hidden") {
        let first = attrs.number("min").unwrap_or(1u32).saturating_sub(1);
        let last = attrs.number("max").unwrap_or(first + 1).saturating_sub(1);
        Assembly::hide_cols(sheet, first, last);
    }
}

/// A region such as `A1:B2`, whichever corner stands first.
pub(super) fn region(raw: &str) -> Option<Region> {
    let (a, b) = raw.split_once(':')?;
    let (row_a, col_a) = reference(a.as_bytes())?;
    let (row_b, col_b) = reference(b.as_bytes())?;
    let within = |row: u32| row.min(MAX_ROWS - 1);
    let column = |col: u32| u16::try_from(col).ok().map(|col| col.min(MAX_COLS - 1));
    Some(Region {
        top: within(row_a.min(row_b)),
        left: column(col_a.min(col_b))?,
        bottom: within(row_a.max(row_b)),
        right: column(col_a.max(col_b))?,
    })
}
