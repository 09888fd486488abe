//! Columns of a terminal: a Chinese character takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// The text with blanks behind it up to a number of columns.
pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The text with blanks before it up to a number of columns.
pub(super) fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The text, cut with `…` where it takes more columns than there are.
pub(super) fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// The text in lines of at most `width` columns. Latin words stay whole where they fit a line; Chinese breaks anywhere but
/// before closing punctuation, which may hang over by one character.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(10);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        let size = columns(piece);
        if used + size > width && !line.is_empty() && !hangs(piece) {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        if used == 0 && piece == " " {
            continue;
        }
        if size > width {
            for c in piece.chars() {
                let size = c.width().unwrap_or(0);
                if used + size > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += size;
            }
            continue;
        }
        line.push_str(piece);
        used += size;
    }
    if !line.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The pieces between which a line may break: single wide characters, blanks, and runs of anything else.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if c == ' ' || c.width().unwrap_or(0) > 1 {
            if start < at {
                pieces.push(&text[start..at]);
            }
            let end = at + c.len_utf8();
            pieces.push(&text[at..end]);
            start = end;
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// Punctuation that must not begin a line.
fn hangs(piece: &str) -> bool {
    let mut chars = piece.chars();
    chars
        .next()
        .is_some_and(|c| "，。；：、！？）》”’】〕".contains(c))
        && chars.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::{columns, cut, pad, pad_left, wrap};

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(pad("合同", 6), "合同  ");
        assert_eq!(pad_left("合同", 6), "  合同");
        assert_eq!(cut("合同金额", 5), "合同…");
        assert_eq!(cut("合同", 4), "合同");
    }

    #[test]
    fn lines_break_where_they_may() {
        assert_eq!(
            wrap("台账显示2024-03-01开工，晚9天。", 12),
            ["台账显示", "2024-03-01开", "工，晚9天。"]
        );
        assert_eq!(
            wrap("to be verified later", 12),
            ["to be", "verified", "later"]
        );
        assert_eq!(wrap("abcdefghijklmnop", 10), ["abcdefghij", "klmnop"]);
        assert!(
            wrap(&"字".repeat(100), 33)
                .iter()
                .all(|line| columns(line) <= 33)
        );
        assert!(wrap("", 20).is_empty());
    }
}
