//! A TOML string that remembers where each of its bytes stands in the file.

use std::ops::Range;
use std::sync::Arc;

/// A string of a TOML file with its place.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The string.
    pub(crate) value: Arc<str>,
    /// Its bytes in the file, quotation marks included.
    pub(crate) span: Range<usize>,
    /// Pairs of a byte of the string and the byte of the file where it stands, ascending. Between two of them the bytes
    /// run in step.
    steps: Vec<(usize, usize)>,
}

impl Text {
    /// The string at a place of a file. `value` is what TOML makes of it.
    pub(crate) fn new(file: &str, span: Range<usize>, value: &str) -> Self {
        let raw = file.get(span.clone()).unwrap_or_default();
        let opening = if raw.starts_with("'''") || raw.starts_with("\"\"\"") {
            // TOML drops a line break right behind the opening marks.
            let behind = &raw[3..];
            3 + if behind.starts_with("\r\n") {
                2
            } else {
                usize::from(behind.starts_with('\n'))
            }
        } else {
            // A text whose quotation marks are missing is recovered as it stands.
            usize::from(raw.starts_with(['\'', '"']))
        };
        let start = span.start + opening;
        let verbatim = file
            .get(start..start + value.len())
            .is_some_and(|there| there == value);
        let steps = if verbatim {
            vec![(0, start)]
        } else {
            escaped_steps(file, start, value)
        };
        Self {
            value: Arc::from(value),
            span,
            steps,
        }
    }

    /// The byte of the file where a byte of the string stands.
    pub(crate) fn place(&self, at: usize) -> usize {
        let index = self.steps.partition_point(|&(from, _)| from <= at);
        let (from, to) = self.steps[index.saturating_sub(1)];
        (to + at.saturating_sub(from)).min(self.span.end)
    }

    /// The bytes of the file where a part of the string stands.
    pub(crate) fn places(&self, part: &Range<usize>) -> Range<usize> {
        self.place(part.start)..self.place(part.end)
    }
}

/// The places of a string with escapes or folded line breaks: character by character, each found again in the file.
fn escaped_steps(file: &str, start: usize, value: &str) -> Vec<(usize, usize)> {
    let mut steps = vec![(0, start)];
    let mut at = start;
    for (index, c) in value.char_indices() {
        let Some(rest) = file.get(at..) else { break };
        let skip = skipped(rest, c).unwrap_or(0);
        at += skip;
        let rest = &rest[skip..];
        steps.push((index, at));
        at += match rest.chars().next() {
            Some('\\') => escape_length(rest),
            Some(there) => there.len_utf8(),
            None => 0,
        };
        steps.push((index + c.len_utf8(), at));
    }
    steps
}

/// The length of what stands in the file and leaves nothing in the string: `\` at the end of a line with the blanks after
/// it, and the `\r` of a line break.
fn skipped(file: &str, next: char) -> Option<usize> {
    if file.starts_with("\r\n") && next == '\n' {
        return Some(1);
    }
    let behind = file.strip_prefix('\\')?;
    let blanks = behind.len() - behind.trim_start().len();
    behind[..blanks].contains('\n').then_some(1 + blanks)
}

/// The length of an escape sequence.
fn escape_length(file: &str) -> usize {
    let second = file[1..].chars().next();
    let wanted = match second {
        Some('u') => 6,
        Some('U') => 10,
        Some('x') => 4,
        Some(c) => 1 + c.len_utf8(),
        None => 1,
    };
    let mut length = wanted.min(file.len());
    while !file.is_char_boundary(length) {
        length += 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn every_byte_is_found_again() {
        for (file, value) in [
            ("a = '开工 < 签订'", "开工 < 签订"),
            ("a = \"开工\"", "开工"),
            ("a = '''\n开工\n签订'''", "开工\n签订"),
            ("a = \"甲 = \\\"乙\\\" 丙\"", "甲 = \"乙\" 丙"),
            ("a = \"\\u7532 丙\"", "甲 丙"),
            ("a = \"\"\"甲 \\\n   丙\"\"\"", "甲 丙"),
        ] {
            let text = Text::new(file, 4..file.len(), value);
            let last = value.char_indices().next_back().expect("not empty").0;
            let place = text.place(last);
            assert_eq!(
                file[place..].chars().next(),
                value[last..].chars().next(),
                "{file}"
            );
            assert!(text.place(value.len()) <= file.len());
        }
    }
}
