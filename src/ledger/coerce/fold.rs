//! One spelling for what looks the same: full-width forms, blanks, dashes, brackets.

use std::borrow::Cow;

/// A text as values are read from it: full-width forms, dashes, brackets and currency signs in one spelling each,
/// runs of blanks and line breaks as one blank, none at the ends, no apostrophe in front (the mark that a spreadsheet
/// program puts before a number kept as text).
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match fold_char(c) {
            Some(' ') if out.is_empty() || out.ends_with(' ') => {}
            Some('\'') if out.is_empty() => {}
            Some(c) => out.push(c),
            None => {}
        }
    }
    out.truncate(out.trim_end().len());
    Cow::Owned(out)
}

/// Whether [`plain`] would leave a text as it is.
fn is_plain(text: &str) -> bool {
    let mut last = b' ';
    for &b in text.as_bytes() {
        // Chinese characters that stay as they are begin with the bytes E4 to E9.
        let stays = matches!(b, 0x21..=0x7e) && !matches!(b, b'[' | b']' | b'{' | b'}')
            || b == b' ' && last != b' '
            || (0x80..=0xbf).contains(&b)
            || (0xe4..=0xe9).contains(&b);
        if !stays {
            return false;
        }
        last = b;
    }
    !text.starts_with('\'') && !text.ends_with(' ') && !text.is_empty()
}

/// One character folded; `None` where it shows nothing.
fn fold_char(c: char) -> Option<char> {
    Some(match c {
        '\u{ff01}'..='\u{ff5e}' => {
            let folded = char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c);
            return fold_char(folded);
        }
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{2060}' | '\u{fe0f}' | '\u{fe0e}' => {
            return None;
        }
        c if c.is_whitespace() || c.is_control() => ' ',
        '—' | '–' | '−' | '‐' | '‑' | '‒' | '―' | '─' | '━' | '﹣' | '﹘' | '￣' => {
            '-'
        }
        '〜' | '∼' | '˜' | '∽' => '~',
        '。' | '｡' | '·' | '•' | '・' | '∙' => '.',
        '[' | '{' | '〔' | '【' | '〖' | '﹙' => '(',
        ']' | '}' | '〕' | '】' | '〗' | '﹚' => ')',
        '￥' | '¥' | '﹩' => '¥',
        '‘' | '’' | '`' | '´' | '′' => '\'',
        '﹪' | '٪' => '%',
        '∕' | '⁄' | '╱' => '/',
        '﹐' => ',',
        '∶' | '﹕' => ':',
        c => c,
    })
}

/// A text without its blanks.
pub(super) fn tight(text: &str) -> Cow<'_, str> {
    if text.contains(' ') {
        Cow::Owned(text.chars().filter(|&c| c != ' ').collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The rest of a text behind the first of some beginnings that it has.
pub(super) fn strip_any<'a>(text: &'a str, beginnings: &[&str]) -> Option<&'a str> {
    beginnings.iter().find_map(|word| text.strip_prefix(word))
}

/// Splits a bracketed beginning off: `(含税)整` → `含税`, `整`. Brackets within it are kept.
pub(super) fn take_bracket(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with('(') {
        return None;
    }
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some((text[1..at].trim(), &text[at + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{plain, take_bracket, tight};

    #[test]
    fn what_looks_the_same_is_the_same() {
        for (text, want) in [
            ("12000", "12000"),
            ("１２，０００．５０", "12,000.50"),
            ("  2024年\u{3000} 3月\n1日 ", "2024年 3月 1日"),
            ("'0012", "0012"),
            ("‘0012", "0012"),
            ("2024—3－1", "2024-3-1"),
            ("【含税】〔2014〕［a］", "(含税)(2014)(a)"),
            ("￥5 ¥6", "¥5 ¥6"),
            ("\u{feff}是\u{200b}", "是"),
            ("2024。3。1", "2024.3.1"),
            ("２０％", "20%"),
            ("", ""),
            ("   ", ""),
        ] {
            assert_eq!(plain(text), want, "{text:?}");
            assert_eq!(plain(want), want, "{want:?} is folded already");
        }
    }

    #[test]
    fn brackets_and_blanks_come_off() {
        assert_eq!(take_bracket("(含税)整"), Some(("含税", "整")));
        assert_eq!(take_bracket("(a(b)c)d"), Some(("a(b)c", "d")));
        assert_eq!(take_bracket("(a"), None);
        assert_eq!(take_bracket("a)"), None);
        assert_eq!(tight("1 2 3"), "123");
    }
}
