//! Text from ledgers made safe to show: what a terminal, a log or a page would obey is shown instead of sent.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text on one line, with every character that is not seen but does something made visible: control characters
/// (terminal escapes among them) as control pictures, line breaks as `⏎`, bidirectional controls, zero-width and other
/// invisible characters as `⟨U+202E⟩`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' => shown.push('⏎'),
            '\t' => shown.push(' '),
            '\0'..='\u{1f}' => {
                shown.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'));
            }
            '\u{7f}' => shown.push('␡'),
            c if acts(c) => {
                // Writing into a String cannot fail.
                let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Whether a character does something without being seen.
fn acts(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{e0000}'..='\u{e007f}')
}

/// A text that a spreadsheet program would take for a formula, told apart: `'` before `=`, `+`, `-`, `@`, tab and line
/// break, also behind leading blanks and in full width.
pub(super) fn no_formula(text: &str) -> Cow<'_, str> {
    let first = text
        .trim_start_matches([' ', '\u{3000}', '\u{a0}'])
        .chars()
        .next();
    if matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    ) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{no_formula, visible};

    #[test]
    fn what_acts_is_shown() {
        let cases = [
            ("合同（一）", "合同（一）"),
            ("\u{1b}[31m红\u{1b}[0m", "␛[31m红␛[0m"),
            ("\u{9b}31m", "⟨U+009B⟩31m"),
            ("甲\u{202e}乙\u{2066}", "甲⟨U+202E⟩乙⟨U+2066⟩"),
            ("一行\r\n二行\n三行", "一行⏎二行⏎三行"),
            ("a\tb\0c\u{7f}", "a b␀c␡"),
            ("\u{feff}x\u{200b}y", "⟨U+FEFF⟩x⟨U+200B⟩y"),
        ];
        for (text, shown) in cases {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn formulas_are_told_apart() {
        for text in [
            "=1+1", "+86", "-5", "@SUM", " =1", "\t=1", "＝1", "\u{a0}=1",
        ] {
            assert_eq!(no_formula(text), format!("'{text}"));
        }
        for text in ["合同", "1=1", "a@b", ""] {
            assert_eq!(no_formula(text), text);
        }
    }
}
