//! Free text: as it stands there, without what cannot be seen.

use std::borrow::Cow;

use super::{Coerced, Raw, date, fold, number, number_text, placeholder};
use crate::ledger::{Datum, FieldKind};

/// Reads a free text.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind) -> Coerced<'a> {
    match shown(raw, field) {
        Some(text) => Coerced::text(text),
        None => Coerced::datum(Datum::Empty),
    }
}

/// The text of a cell as it is shown, trimmed and on one line; `None` where it says nothing.
pub(super) fn shown<'a>(raw: Raw<'a>, field: &FieldKind) -> Option<Cow<'a, str>> {
    match raw {
        Raw::Text(text) => {
            // A placeholder is short; a text without one of its signs needs no folding.
            let empty = text.len() <= 24 || !field.empty.is_empty();
            if empty && placeholder::is_empty(&fold::plain(text), field) {
                return None;
            }
            Some(one_line(text))
        }
        Raw::Number(number) => Some(Cow::Owned(match number::shortest(number) {
            Some(decimal) => decimal.normalize().to_string(),
            None => number_text(number),
        })),
        Raw::Serial(serial, system) => Some(Cow::Owned(match date::of_serial(serial, system) {
            Some(day) => day.to_string(),
            None => number_text(serial),
        })),
        Raw::Bool(value) => Some(Cow::Borrowed(if value { "TRUE" } else { "FALSE" })),
        Raw::Blank | Raw::Error(_) | Raw::FormulaWithoutValue => None,
    }
}

/// A text without blanks at the ends and without line breaks, and without the apostrophe that keeps a number a text.
fn one_line(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}');
    let text = text.trim_matches(hidden);
    let text = text
        .strip_prefix('\'')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(text);
    if !text.contains(['\n', '\r', '\t']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for line in text
        .split(['\n', '\r', '\t'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use crate::ledger::FieldType;
    use crate::ledger::coerce::Raw;
    use crate::ledger::coerce::testing::{assert_texts, field, print};
    use crate::read::DateSystem;

    #[test]
    fn texts_are_trimmed_and_put_on_one_line() {
        let field = field(FieldType::Text);
        assert_texts(
            &field,
            &[
                (" 抢险工程 ", "抢险工程"),
                ("第一行\n 第二行", "第一行 第二行"),
                ("CX13-0329\r\n（长泰站）", "CX13-0329 （长泰站）"),
                ("'00123", "00123"),
                ("—", "空"),
                ("无", "空"),
                ("/", "空"),
                ("  ", "空"),
                ("无效合同", "无效合同"),
                ("是", "是"),
            ],
        );
        assert_eq!(print(Raw::Number(216_101.0), &field), "216101");
        assert_eq!(print(Raw::Number(1.5), &field), "1.5");
        assert_eq!(
            print(Raw::Serial(45_352.0, DateSystem::From1900), &field),
            "2024-03-01"
        );
    }
}
