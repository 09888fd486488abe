//! Numbers: figures with grouping commas, and the numbers of people, copies or votes.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::{Coerced, Fault, Raw, fold, numeral, placeholder};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, FieldKind};

/// Figures at the front of a text.
pub(super) struct Figures<'a> {
    /// Their value; never below zero.
    pub(super) value: Decimal,
    /// How many digits stand before the point.
    pub(super) whole: usize,
    /// What stands behind them.
    pub(super) rest: &'a str,
}

/// Takes figures off the front of a folded text: `12,000.50元` → 12000.5, `元`.
///
/// `None` where there are none, or where points and commas do not stand where they can: `27.7927.19`, `1,23`,
/// more than 28 digits.
pub(super) fn take(text: &str) -> Option<Figures<'_>> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut mantissa = 0_i128;
    let mut push = |at: usize| -> Option<()> {
        mantissa = mantissa
            .checked_mul(10)?
            .checked_add(i128::from(bytes[at] - b'0'))?;
        Some(())
    };
    let mut at = 0;
    while digit(at) {
        push(at)?;
        at += 1;
    }
    let mut whole = at;
    if whole == 0 && !(bytes.first() == Some(&b'.') && digit(1)) {
        return None;
    }
    // Groups of three behind one to three digits, by commas or by blanks, not by both.
    let mark = bytes.get(at).copied();
    if let Some(mark @ (b',' | b' ' | b'\'')) = mark {
        let group = |at: usize| digit(at) && digit(at + 1) && digit(at + 2) && !digit(at + 3);
        if whole <= 3 && group(at + 1) {
            while bytes.get(at) == Some(&mark) && group(at + 1) {
                for place in at + 1..at + 4 {
                    push(place)?;
                }
                at += 4;
                whole += 3;
            }
        }
        let wrong = matches!(bytes.get(at), Some(b',' | b'\'')) && digit(at + 1);
        if wrong {
            return None;
        }
    }
    let mut scale = 0;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        while digit(at) {
            push(at)?;
            at += 1;
            scale += 1;
        }
        let again = matches!(bytes.get(at), Some(b'.' | b',')) && (digit(at + 1) || scale == 0);
        if again {
            return None;
        }
    }
    Some(Figures {
        value: Decimal::try_from_i128_with_scale(mantissa, scale).ok()?,
        whole,
        rest: &text[at..],
    })
}

/// A whole number of at most nine digits at the front of a folded text, and what stands behind it.
pub(super) fn take_whole(text: &str) -> Option<(u32, usize, &str)> {
    let end = text
        .bytes()
        .position(|b| !b.is_ascii_digit())
        .unwrap_or(text.len());
    if !(1..=9).contains(&end) {
        return None;
    }
    Some((text[..end].parse().ok()?, end, &text[end..]))
}

/// The shortest decimal of a number cell; `None` for infinities and for more digits than a decimal holds.
pub(super) fn shortest(number: f64) -> Option<Decimal> {
    if !number.is_finite() || number.abs() >= 1e22 {
        return None;
    }
    if let Some((mantissa, scale)) = exact(number) {
        return Some(Decimal::new(mantissa, scale));
    }
    // Display prints the shortest digits that read back as the same float.
    let printed = number.to_string();
    Decimal::from_str_exact(&printed)
        .ok()
        .or_else(|| Decimal::from_f64(number))
}

/// The shortest decimal of a number of at most fifteen digits and six places, without printing it.
///
/// A decimal of at most fifteen digits that has this float as its nearest is the shortest one: ten to the sixth and
/// the mantissa are exact as floats, and division rounds to the nearest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "the mantissa is a whole number below 1e15, and equality with the nearest float is what is asked"
)]
pub(super) fn exact(number: f64) -> Option<(i64, u32)> {
    const POWERS: [f64; 7] = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];
    for (scale, power) in (0..).zip(POWERS) {
        let mantissa = (number * power).round();
        if mantissa.abs() >= 1e15 {
            return None;
        }
        if mantissa / power == number {
            return Some((mantissa as i64, scale));
        }
    }
    None
}

/// Counting words that may stand behind a number: the number is meant whatever is counted.
const COUNTED: &[&str] = &[
    "人次", "人", "名", "位", "个", "份", "次", "票", "户", "宗", "件", "项", "笔", "家", "张",
    "处", "台", "套",
];

/// Reads a number.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind) -> Coerced<'a> {
    let text = match raw {
        Raw::Number(number) => {
            return match shortest(number).and_then(Datum::number) {
                Some(datum) => Coerced::datum(datum),
                None => unreadable(Fault::TooLarge),
            };
        }
        Raw::Text(text) => fold::plain(text),
        _ => return unreadable(Fault::OtherType),
    };
    if placeholder::is_empty(&text, field) {
        return Coerced::datum(Datum::Empty);
    }
    let (negative, figures) = match text.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.as_ref()),
    };
    let figures = fold::strip_any(figures, &["共计", "合计", "共"]).unwrap_or(figures);
    let read = match take(figures) {
        Some(figures) => Some((figures.value, figures.rest)),
        None => numeral::take(figures).map(|(number, rest)| (Decimal::from(number), rest)),
    };
    let Some((value, rest)) = read else {
        return unreadable(Fault::of_text(&text));
    };
    let rest = rest.trim_start();
    if !rest.is_empty() && !COUNTED.contains(&rest) {
        return unreadable(Fault::of_text(&text));
    }
    match Datum::number(if negative { -value } else { value }) {
        Some(datum) => Coerced::datum(datum),
        None => unreadable(Fault::TooLarge),
    }
}

fn unreadable<'a>(fault: Fault) -> Coerced<'a> {
    Coerced::unreadable(
        IssueKind::UnreadableValue,
        fault.message("数字", "a number"),
        Bilingual::new(
            "请核对原始资料，只填阿拉伯数字",
            "Check the source document and enter figures only",
        ),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{shortest, take};
    use crate::ledger::FieldType;
    use crate::ledger::coerce::Raw;
    use crate::ledger::coerce::testing::{assert_texts, field, print};

    #[test]
    fn figures_are_taken() {
        for (text, value, rest) in [
            ("12000", "12000", ""),
            ("12,000.50元", "12000.50", "元"),
            ("1,234,567", "1234567", ""),
            ("480 600.00", "480600.00", ""),
            ("0.5", "0.5", ""),
            (".5", "0.5", ""),
            ("12.万", "12", "万"),
            ("12 万", "12", " 万"),
            ("300,含税", "300", ",含税"),
            ("2024 年", "2024", " 年"),
        ] {
            let figures = take(text).expect(text);
            assert_eq!(figures.value.to_string(), value, "{text}");
            assert_eq!(figures.rest, rest, "{text}");
        }
        for text in [
            "",
            "元",
            "-5",
            "27.7927.19",
            "1,23",
            "12,34,567",
            "1234,567",
            "12..5",
            "1,000,00",
            ".",
            "1.2,3",
            "12345678901234567890123456789012345678901",
        ] {
            assert!(take(text).is_none(), "{text}");
        }
    }

    #[test]
    fn numbers_are_read() {
        let field = field(FieldType::Number);
        assert_texts(
            &field,
            &[
                ("36", "36"),
                ("36人", "36"),
                ("36 人", "36"),
                ("三十六人", "36"),
                ("1,200", "1200"),
                ("１２", "12"),
                ("-3", "-3"),
                ("12.50", "12.5"),
                ("共5份", "5"),
                ("", "空"),
                ("—", "空"),
                ("/", "空"),
                ("无", "空"),
                ("约36", "?"),
                ("36人左右", "?"),
                ("3-5", "?"),
                ("33/36", "?"),
                ("三五个", "?"),
                ("36o", "?"),
            ],
        );
        assert_eq!(print(Raw::Number(12.0), &field), "12");
        assert_eq!(print(Raw::Number(0.1 + 0.2), &field), "0.30000000000000004");
        assert_eq!(print(Raw::Number(f64::NAN), &field), "?");
        assert_eq!(print(Raw::Number(1e300), &field), "?");
        assert_eq!(print(Raw::Bool(true), &field), "?");
    }

    proptest! {
        #[test]
        fn the_shortest_decimal_is_the_printed_one(mantissa in -999_999_999_999_i64..999_999_999_999, scale in 0_u32..12) {
            let decimal = Decimal::new(mantissa, scale);
            let float: f64 = decimal.to_string().parse().expect("a float");
            prop_assert_eq!(shortest(float).map(|d| d.normalize()), Some(decimal.normalize()));
        }

        #[test]
        fn any_float_has_a_decimal_or_none(float in any::<f64>()) {
            let _ = shortest(float);
        }
    }
}
