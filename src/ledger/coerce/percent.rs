//! Ratios: 30%, 0.3, 百分之三十, 三成.

use rust_decimal::Decimal;

use super::{BOUND, Coerced, ColumnUnit, Fault, Raw, VAGUE, fold, number, numeral, placeholder};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, FieldKind};

/// Reads a ratio: 30% is 0.3.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    let text = match raw {
        Raw::Number(number) => {
            return match number::shortest(number) {
                Some(number) => bare(number, unit),
                None => unreadable(
                    IssueKind::UnreadableValue,
                    Fault::TooLarge.message("比例", "a ratio"),
                ),
            };
        }
        Raw::Text(text) => fold::plain(text),
        _ => {
            return unreadable(
                IssueKind::UnreadableValue,
                Fault::OtherType.message("比例", "a ratio"),
            );
        }
    };
    if matches!(&*text, "无" | "没有" | "(无)") {
        // No retention, no advance: a share of nothing, and agreed.
        return ratio_datum(Decimal::ZERO, &text);
    }
    if placeholder::is_empty(&text, field) {
        return Coerced::datum(Datum::Empty);
    }
    let text = fold::tight(&text);
    match parse(&text) {
        Some(Ratio::Of(ratio)) => ratio_datum(ratio, &text),
        Some(Ratio::Bare(number)) => bare(number, unit),
        None => unreadable(
            IssueKind::UnreadableValue,
            Fault::of_text(&text).message("比例", "a ratio"),
        ),
    }
}

/// Which of the two scales the bare numbers of a column are in, from all of them: `Some(true)` for ratios where 1 is the
/// whole, `Some(false)` for percentages where 100 is, `None` where they do not tell.
///
/// A spreadsheet program stores 3% as 0.03, also under a header that says (%); so numbers that are all below 1 are
/// ratios there, and numbers of which one is above 1 are percentages.
pub(in crate::ledger) fn scale_of(numbers: impl Iterator<Item = f64>) -> Option<bool> {
    let mut below = false;
    let mut above = false;
    for number in numbers {
        below |= number > 0.0 && number < 1.0;
        above |= number > 1.0;
    }
    match (below, above) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// The bare number that a cell of a ratio column holds.
pub(in crate::ledger) fn bare_number(raw: Raw<'_>) -> Option<f64> {
    use rust_decimal::prelude::ToPrimitive;
    match raw {
        Raw::Number(number) => Some(number),
        Raw::Text(text) => match parse(&fold::tight(&fold::plain(text))) {
            Some(Ratio::Bare(number)) => number.to_f64(),
            _ => None,
        },
        _ => None,
    }
}

enum Ratio {
    /// With its own sign.
    Of(Decimal),
    /// A number without one.
    Bare(Decimal),
}

fn parse(text: &str) -> Option<Ratio> {
    let text = strip_label(text);
    if let Some(words) = text.strip_prefix("百分之") {
        let (value, rest) = take_number(words)?;
        return rest
            .is_empty()
            .then(|| Ratio::Of(value / Decimal::ONE_HUNDRED));
    }
    let (value, rest) = take_number(text)?;
    match rest {
        "" => Some(Ratio::Bare(value)),
        "%" => Some(Ratio::Of(value / Decimal::ONE_HUNDRED)),
        "‰" => Some(Ratio::Of(value / Decimal::ONE_THOUSAND)),
        "成" => Some(Ratio::Of(value / Decimal::TEN)),
        _ => None,
    }
}

/// Strips what a share is of, in front of it: 合同价的30%, 质保金5%. Words of a bound or a rough figure stay.
fn strip_label(text: &str) -> &str {
    let Some(at) = text.find(|c: char| c.is_ascii_digit()) else {
        return text;
    };
    let (label, rest) = text.split_at(at);
    let plain = rest.ends_with(['%', '‰'])
        && label.chars().count() <= 8
        && label.chars().all(|c| c.is_alphabetic() || c == ':')
        && !label.chars().any(|c| numeral::digit(c).is_some())
        && !label.starts_with("百分之")
        && !VAGUE.iter().chain(BOUND).any(|word| label.contains(word));
    if plain { rest } else { text }
}

fn take_number(text: &str) -> Option<(Decimal, &str)> {
    if let Some(figures) = number::take(text) {
        return Some((figures.value, figures.rest));
    }
    let (whole, rest) = numeral::take(text)?;
    let whole = Decimal::from(whole);
    let Some(rest) = rest.strip_prefix('点') else {
        return Some((whole, rest));
    };
    let (digits, places, rest) = numeral::take_positional(rest)?;
    let fraction = Decimal::new(i64::try_from(digits).ok()?, u32::try_from(places).ok()?);
    Some((whole.checked_add(fraction)?, rest))
}

fn bare<'a>(number: Decimal, unit: ColumnUnit) -> Coerced<'a> {
    if number.is_zero() {
        return ratio_datum(number, "");
    }
    if number < Decimal::ZERO {
        return unreadable(
            IssueKind::UnreadableValue,
            Fault::OtherType.message("比例", "a ratio"),
        );
    }
    let (one, hundred) = (Decimal::ONE, Decimal::ONE_HUNDRED);
    if unit.ratio && number <= one {
        return ratio_datum(number, "");
    }
    if unit.percent && number >= one && number <= hundred {
        return ratio_datum(number / hundred, "");
    }
    if !unit.percent && number < one {
        return ratio_datum(number, "");
    }
    if !unit.ratio && number > one && number <= hundred {
        return ratio_datum(number / hundred, "");
    }
    let out = number > hundred;
    unreadable(
        if out {
            IssueKind::UnreadableValue
        } else {
            IssueKind::UnitDoubt
        },
        if out {
            Fault::OtherType.message("比例", "a ratio")
        } else {
            Bilingual::new(
                "不能确定是百分数还是小数",
                "a percentage or a fraction: which is meant is not certain",
            )
        },
    )
}

fn ratio_datum<'a>(ratio: Decimal, text: &str) -> Coerced<'a> {
    match Datum::number(ratio) {
        Some(datum) => Coerced::datum(datum),
        None => unreadable(
            IssueKind::UnreadableValue,
            Fault::of_text(text).message("比例", "a ratio"),
        ),
    }
}

fn unreadable<'a>(kind: IssueKind, message: Bilingual) -> Coerced<'a> {
    Coerced::unreadable(
        kind,
        message,
        Bilingual::new(
            "按 30% 的写法填写比例",
            "Enter the ratio with its sign, as 30%",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::{bare_number, scale_of};
    use crate::ledger::FieldType;
    use crate::ledger::coerce::testing::{assert_texts, field, print, print_with};
    use crate::ledger::coerce::{ColumnUnit, Raw};

    #[test]
    fn ratios_are_read() {
        let field = field(FieldType::Percent);
        assert_texts(
            &field,
            &[
                ("30%", "0.3"),
                ("30％", "0.3"),
                ("30 %", "0.3"),
                ("2.5%", "0.025"),
                ("120%", "1.2"),
                ("0.3", "0.3"),
                ("30", "0.3"),
                ("0", "0"),
                ("0%", "0"),
                ("3‰", "0.003"),
                ("百分之三十", "0.3"),
                ("百分之二点五", "0.025"),
                ("百分之30", "0.3"),
                ("三成", "0.3"),
                ("合同价的30%", "0.3"),
                ("", "空"),
                ("/", "空"),
                ("无", "0"),
                ("质保金5%", "0.05"),
                ("预付30%", "0.3"),
                ("按结算价的3%", "0.03"),
                ("1", "?"),
                ("130", "?"),
                ("30%-40%", "?"),
                ("不超过30%", "?"),
                ("约30%", "?"),
                ("19600元", "?"),
                ("-3", "?"),
                ("3.0.1%", "?"),
                ("按合同", "?"),
            ],
        );
        assert_eq!(print(Raw::Number(0.03), &field), "0.03");
        assert_eq!(print(Raw::Number(3.0), &field), "0.03");
        assert_eq!(print(Raw::Number(1.0), &field), "?");
        assert_eq!(print(Raw::Number(0.29), &field), "0.29");
    }

    #[test]
    fn the_header_and_the_column_tell_the_scale() {
        let field = field(FieldType::Percent);
        let percent = ColumnUnit {
            percent: true,
            ..ColumnUnit::default()
        };
        let ratio = ColumnUnit {
            ratio: true,
            ..ColumnUnit::default()
        };
        for (number, with_percent, with_ratio) in [
            (30.0, "0.3", "?"),
            (1.0, "0.01", "1"),
            (0.5, "?", "0.5"),
            (0.0, "0", "0"),
            (100.0, "1", "?"),
        ] {
            assert_eq!(
                print_with(Raw::Number(number), &field, percent),
                with_percent
            );
            assert_eq!(print_with(Raw::Number(number), &field, ratio), with_ratio);
        }
        assert_eq!(scale_of([0.03, 0.0, 0.05, 1.0].into_iter()), Some(true));
        assert_eq!(scale_of([3.0, 1.0].into_iter()), Some(false));
        assert_eq!(scale_of([1.0].into_iter()), None);
        assert_eq!(scale_of([0.5, 30.0].into_iter()), None);
        assert_eq!(bare_number(Raw::Text("30")), Some(30.0));
        assert_eq!(bare_number(Raw::Text("30%")), None);
    }
}
