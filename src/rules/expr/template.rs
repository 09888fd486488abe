//! Messages with `{expr}` parts.

use std::ops::Range;

use crate::lang::Bilingual;
use crate::rules::problem::Problem;

/// A part of a message as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RawPart {
    /// Words, with `{{` and `}}` made one brace.
    Text(String),
    /// The bytes of an expression between braces.
    Expr(Range<usize>),
}

/// The parts of a message.
pub(crate) fn split(text: &str) -> (Vec<RawPart>, Vec<Problem>) {
    let mut parts = Vec::new();
    let mut problems = Vec::new();
    let mut words = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '{' | '}' if chars.peek().is_some_and(|&(_, next)| next == c) => {
                chars.next();
                words.push(c);
            }
            '{' => {
                if let Some(length) = closing(&text[at + 1..]) {
                    if !words.is_empty() {
                        parts.push(RawPart::Text(std::mem::take(&mut words)));
                    }
                    let end = at + 1 + length;
                    parts.push(RawPart::Expr(at + 1..end));
                    while chars.peek().is_some_and(|&(next, _)| next <= end) {
                        chars.next();
                    }
                    continue;
                }
                problems.push(
                    Problem::new(
                        at..at + 1,
                        Bilingual::new("花括号没有关上", "the brace is not closed"),
                    )
                    .help(
                        "写 {字段}；要花括号本身时写 {{",
                        "write {field}; for a brace itself write {{",
                    ),
                );
                words.push(c);
            }
            '}' => {
                problems.push(
                    Problem::new(
                        at..at + 1,
                        Bilingual::new("多出一个 }", "there is a } too many"),
                    )
                    .help(
                        "删去它；要花括号本身时写 }}",
                        "delete it; for a brace itself write }}",
                    ),
                );
            }
            '｛' | '｝' => {
                let half = if c == '｛' { "{" } else { "}" };
                let span = at..at + c.len_utf8();
                problems.push(
                    Problem::new(
                        span.clone(),
                        Bilingual::new("花括号要用半角", "braces must be half-width"),
                    )
                    .replace(span, half),
                );
            }
            c => words.push(c),
        }
    }
    if !words.is_empty() {
        parts.push(RawPart::Text(words));
    }
    (parts, problems)
}

/// The bytes up to the closing brace; texts in quotes may contain braces.
fn closing(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' | '“' | '”' => quoted = !quoted,
            '}' if !quoted => return Some(at),
            '{' if !quoted => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{RawPart, split};

    #[test]
    fn braces_hold_expressions_and_doubled_ones_are_braces() {
        let text = "晚{签订日期 - 开工日期}，{{}}见{默认(a, \"}\")}";
        let (parts, problems) = split(text);
        assert!(problems.is_empty(), "{problems:?}");
        let shown: Vec<String> = parts
            .into_iter()
            .map(|part| match part {
                RawPart::Text(words) => words,
                RawPart::Expr(span) => format!("<{}>", &text[span]),
            })
            .collect();
        assert_eq!(
            shown,
            ["晚", "<签订日期 - 开工日期>", "，{}见", "<默认(a, \"}\")>"]
        );
    }

    #[test]
    fn unclosed_and_full_width_braces_are_told() {
        for text in ["晚{签订日期", "晚签订日期}", "晚｛签订日期｝"] {
            assert!(!split(text).1.is_empty(), "{text}");
        }
    }
}
