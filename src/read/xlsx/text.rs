//! Texts of cells and shared strings.

use std::borrow::Cow;

use crate::read::xml::{self, Token, Tokens};

/// Blanks that count only where `xml:space="preserve"` says so.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// A text as stored between tags: entities and `_xHHHH_` decoded, blanks at its ends kept or not; bytes that are not
/// UTF-8 replaced.
pub(super) fn decoded(raw: &[u8], preserve: bool) -> Cow<'_, str> {
    let mut text = match std::str::from_utf8(raw) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(raw),
    };
    let special = memchr::memchr3(b'&', b'\r', b'_', text.as_bytes()).is_some();
    if special {
        text = Cow::Owned(xml::unescaped(&text).into_owned());
    }
    let blank = |byte: Option<&u8>| byte.is_some_and(|&byte| BLANKS.contains(&char::from(byte)));
    if !preserve && (blank(text.as_bytes().first()) || blank(text.as_bytes().last())) {
        text = Cow::Owned(text.trim_matches(BLANKS).to_owned());
    }
    if special && text.contains("_x") {
        text = Cow::Owned(unescape_units(&text));
    }
    text
}

/// Appends the text of a string item or an inline string: its runs, without phonetic guides.
pub(super) fn push_runs(item: &str, out: &mut String) {
    let mut tokens = Tokens::new(item);
    let mut phonetic = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::Start {
                name: "rPh", empty, ..
            } => phonetic = !empty,
            Token::End("rPh") => phonetic = false,
            Token::Start {
                name: "t",
                attrs,
                empty: false,
            } if !phonetic => {
                let text = tokens.text_of("t");
                let preserve = attrs.raw("space") == Some("preserve");
                let text = if preserve {
                    text.as_str()
                } else {
                    text.trim_matches(BLANKS)
                };
                if text.contains("_x") {
                    out.push_str(&unescape_units(text));
                } else {
                    out.push_str(text);
                }
            }
            _ => {}
        }
    }
}

/// Decodes `_xHHHH_`, one UTF-16 unit each: the way the format writes characters that XML forbids.
pub(super) fn unescape_units(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut high: Option<u16> = None;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        let unit = escape
            .as_bytes()
            .get(2..7)
            .filter(|found| found[4] == b'_' && found[..4].iter().all(u8::is_ascii_hexdigit))
            .and_then(|found| std::str::from_utf8(&found[..4]).ok())
            .and_then(|digits| u16::from_str_radix(digits, 16).ok());
        if high.is_some() && (!before.is_empty() || unit.is_none()) {
            out.push(char::REPLACEMENT_CHARACTER);
            high = None;
        }
        out.push_str(before);
        let Some(unit) = unit else {
            out.push('_');
            rest = &escape[1..];
            continue;
        };
        rest = &escape[7..];
        let units = [high.unwrap_or(unit), unit];
        let pair = if high.is_some() {
            &units[..]
        } else {
            &units[1..]
        };
        match char::decode_utf16(pair.iter().copied()).next() {
            Some(Ok(c)) => {
                out.push(c);
                high = None;
            }
            _ if high.is_none() && (0xD800..0xDC00).contains(&unit) => high = Some(unit),
            _ => {
                out.push(char::REPLACEMENT_CHARACTER);
                high = None;
            }
        }
    }
    if high.is_some() {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{decoded, push_runs, unescape_units};

    #[test]
    fn units_are_decoded_and_the_rest_left() {
        for (text, want) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDE00_", "😀"),
            ("_xD83D_a", "\u{FFFD}a"),
            ("_xD83D", "_xD83D"),
            ("a_x00g0_", "a_x00g0_"),
            ("__x0041_", "_A"),
        ] {
            assert_eq!(unescape_units(text), want, "{text}");
        }
    }

    #[test]
    fn runs_are_joined_and_guides_left_out() {
        let mut out = String::new();
        push_runs(
            "<r><rPr><b/></rPr><t> 合同 </t></r><r><t xml:space=\"preserve\"> a&amp;b</t></r><rPh sb=\"0\"><t>ドウ</t></rPh>",
            &mut out,
        );
        assert_eq!(out, "合同 a&b");
        assert_eq!(decoded(b" \n a b\t", false), "a b");
        assert_eq!(decoded(b" &#10;", false), "");
        assert_eq!(decoded(b" a&lt;\xFF", true), " a<\u{FFFD}");
    }
}
