//! A small XML tokenizer for whole parts: names without prefixes, no entities but the five of XML and numbers.
//!
//! Entity declarations are never expanded and nesting costs nothing, so there is no bomb to go off.

use std::borrow::Cow;

use super::encoding;

/// One token of a part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// A start tag; `empty` where it ends itself.
    Start {
        /// Its name without prefix.
        name: &'a str,
        /// Its attributes.
        attrs: Attrs<'a>,
        /// Whether it ends itself.
        empty: bool,
    },
    /// An end tag, its name without prefix.
    End(&'a str),
    /// Text as it stands, entities not decoded.
    Text(&'a str),
    /// Text of a CDATA section.
    CData(&'a str),
}

/// The attributes of a start tag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Attrs<'a>(&'a str);

/// Walks over the tokens of a part. Comments, processing instructions and declarations are passed over.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// Whether the part ended inside a tag, a comment or a section.
    pub cut_off: bool,
}

impl<'a> Tokens<'a> {
    /// The tokens of a part.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            cut_off: false,
        }
    }

    /// The text up to the end tag of an element whose start tag was just read, markup left out.
    pub(super) fn text_of(&mut self, element: &str) -> String {
        let mut out = String::new();
        for token in self.by_ref() {
            match token {
                Token::End(name) if name == element => break,
                Token::Text(text) => unescape(text, &mut out),
                Token::CData(text) => out.push_str(text),
                Token::Start { .. } | Token::End(_) => {}
            }
        }
        out
    }

    /// What stands up to the end tag of an element whose start tag was just read, markup and all.
    pub(super) fn inside_of(&mut self, element: &str) -> &'a str {
        let all = self.rest;
        let mut before = self.rest.len();
        while let Some(token) = self.next() {
            if token == Token::End(element) {
                return &all[..all.len() - before];
            }
            before = self.rest.len();
        }
        all
    }

    /// Passes over what stands up to `end`; false where it does not come.
    fn pass(&mut self, end: &str) -> Option<&'a str> {
        let found = memchr::memmem::find(self.rest.as_bytes(), end.as_bytes());
        let Some(at) = found else {
            self.rest = "";
            self.cut_off = true;
            return None;
        };
        let inside = &self.rest[..at];
        self.rest = &self.rest[at + end.len()..];
        Some(inside)
    }

    /// Passes over a document type with its declarations.
    fn pass_doctype(&mut self) -> Option<()> {
        let bytes = self.rest.as_bytes();
        let mut brackets = 0i32;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'[' => brackets += 1,
                b']' => brackets -= 1,
                b'>' if brackets <= 0 => {
                    self.rest = &self.rest[at + 1..];
                    return Some(());
                }
                _ => {}
            }
        }
        self.rest = "";
        self.cut_off = true;
        None
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let bytes = self.rest.as_bytes();
        // `>` may stand in an attribute's value; then the quotes before it are odd in number.
        let mut end = memchr::memchr(b'>', bytes);
        if let Some(at) = end
            && memchr::memchr2(b'"', b'\'', &bytes[..at]).is_some()
        {
            end = end_of_tag(bytes);
        }
        let Some(end) = end else {
            self.rest = "";
            self.cut_off = true;
            return None;
        };
        let inside = &self.rest[1..end];
        self.rest = &self.rest[end + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            return Some(Token::End(local(name.trim_ascii_end())));
        }
        let (inside, empty) = match inside.strip_suffix('/') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let (name, attrs) = match inside.find(|c: char| c.is_ascii_whitespace()) {
            Some(at) => inside.split_at(at),
            None => (inside, ""),
        };
        Some(Token::Start {
            name: local(name),
            attrs: Attrs(attrs),
            empty,
        })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let text = memchr::memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len());
            if text > 0 {
                let (text, rest) = self.rest.split_at(text);
                self.rest = rest;
                return Some(Token::Text(text));
            }
            if let Some(rest) = self.rest.strip_prefix("<!--") {
                self.rest = rest;
                self.pass("-->")?;
            } else if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
                self.rest = rest;
                return self.pass("]]>").map(Token::CData);
            } else if self.rest.starts_with("<?") {
                self.pass("?>")?;
            } else if self.rest.starts_with("<!") {
                self.pass_doctype()?;
            } else {
                return self.tag();
            }
        }
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

impl<'a> Attrs<'a> {
    /// The attributes of a tag, from behind its name to before its end.
    pub(super) fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The raw value of an attribute, by its name without prefix.
    pub(super) fn raw(self, wanted: &str) -> Option<&'a str> {
        self.pairs()
            .find(|(name, _)| local(name) == wanted)
            .map(|(_, value)| value)
    }

    /// The value of an attribute, by its name without prefix.
    pub(super) fn get(self, wanted: &str) -> Option<Cow<'a, str>> {
        self.raw(wanted).map(unescaped)
    }

    /// The value of an attribute as a number.
    pub(super) fn number<T: std::str::FromStr>(self, wanted: &str) -> Option<T> {
        self.raw(wanted)?.trim().parse().ok()
    }

    /// Whether an attribute is set to `1` or `true`.
    pub(super) fn flag(self, wanted: &str) -> bool {
        self.raw(wanted)
            .is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
    }

    /// The words between blanks, for markup that leaves its quotes out.
    pub(super) fn words(self) -> impl Iterator<Item = &'a str> {
        self.0.split_ascii_whitespace()
    }

    /// Names with their prefixes, and raw values.
    pub(super) fn pairs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (name, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, after) = after[1..].split_once(quote)?;
            rest = after;
            Some((name.trim(), value))
        })
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// A text with its entities decoded.
pub(super) fn unescaped(raw: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'&', b'\r', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    unescape(raw, &mut out);
    Cow::Owned(out)
}

/// Appends a text with its entities decoded and its line ends made `\n`, as XML demands. What is no entity stays as it is.
pub(super) fn unescape(raw: &str, out: &mut String) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr2(b'&', b'\r', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        if rest.as_bytes()[at] == b'\r' {
            out.push('\n');
            rest = &rest[at + 1..];
            rest = rest.strip_prefix('\n').unwrap_or(rest);
            continue;
        }
        rest = &rest[at..];
        // The longest entity that means anything is `&#x10FFFF;`.
        let window = &rest.as_bytes()[..rest.len().min(12)];
        let decoded =
            memchr::memchr(b';', window).and_then(|end| Some((entity(&rest[1..end])?, end + 1)));
        let (character, used) = decoded.unwrap_or(('&', 1));
        out.push(character);
        rest = &rest[used..];
    }
    out.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|&c| c != '\0')?
        }
    })
}

/// A part in UTF-8, from whatever encoding its mark or its declaration names.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    encoding::decode_whole(bytes, declared_encoding(bytes).as_deref())
}

/// Whether a part declares an encoding that is not a part of UTF-8.
pub(super) fn declares_other_encoding(bytes: &[u8]) -> bool {
    declared_encoding(bytes).is_some_and(|label| {
        let known = ["utf-8", "utf8", "us-ascii", "ascii"];
        !known.iter().any(|known| label.eq_ignore_ascii_case(known))
    })
}

fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(200)];
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(declaration, b"?>")?;
    let declaration = String::from_utf8_lossy(&declaration[..end]);
    Attrs(&declaration).raw("encoding").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Token, Tokens, decode, unescaped};

    fn shown(text: &str) -> (Vec<String>, bool) {
        let mut tokens = Tokens::new(text);
        let mut out = Vec::new();
        for token in tokens.by_ref() {
            out.push(match token {
                Token::Start { name, attrs, empty } => {
                    let pairs: Vec<String> =
                        attrs.pairs().map(|(n, v)| format!(" {n}={v}")).collect();
                    format!("<{name}{}{}", pairs.concat(), if empty { "/" } else { "" })
                }
                Token::End(name) => format!("</{name}"),
                Token::Text(text) => text.to_owned(),
                Token::CData(text) => format!("[{text}"),
            });
        }
        (out, tokens.cut_off)
    }

    #[test]
    fn tokens_are_found() {
        for (text, want) in [
            ("<?xml?><a><!-- <b> -->x</a>", vec!["<a", "x", "</a"]),
            ("<x:a b='1' x:c = \">\"/>", vec!["<a b=1 x:c=>/"]),
            (
                "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a >",
                vec!["<a", "&b;", "</a"],
            ),
            ("<a><![CDATA[<b>]]></a>", vec!["<a", "[<b>", "</a"]),
        ] {
            assert_eq!(
                shown(text),
                (want.iter().map(ToString::to_string).collect(), false)
            );
        }
        for text in ["<a", "<a b='", "<!-- ", "<![CDATA[x", "<!DOCTYPE [", "<?x"] {
            assert!(shown(text).1, "{text}");
        }
    }

    #[test]
    fn entities_are_decoded_and_others_left() {
        for (raw, want) in [
            ("a&amp;b&lt;&#20844;&#x516C;", "a&b<公公"),
            (
                "&bomb; & &#0; &#xFFFFFFFF; &",
                "&bomb; & &#0; &#xFFFFFFFF; &",
            ),
            ("a\r\nb\rc", "a\nb\nc"),
        ] {
            assert_eq!(unescaped(raw), want);
        }
    }

    #[test]
    fn declared_encodings_are_followed() {
        let (gb, _, _) =
            encoding_rs::GB18030.encode("<?xml version='1.0' encoding='GBK'?><a>公</a>");
        assert!(decode(&gb).contains("<a>公</a>"));
        let wide: Vec<u8> = "<a>公</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&[b"\xFF\xFE", &*wide].concat()), "<a>公</a>");
    }
}
