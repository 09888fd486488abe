//! Amounts in figures and in words, wherever they stand in a cell.

use rust_decimal::Decimal;

use crate::ledger::coerce::{fold, number, numeral};

/// What an amount is worth, and whether the cell itself gave the unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount {
    /// In yuan where `own_unit`, else in the unit of the column.
    pub(super) value: Decimal,
    /// Whether the unit stood in the cell.
    pub(super) own_unit: bool,
}

/// The same amount below zero.
pub(super) fn negated(amount: Amount) -> Amount {
    Amount {
        value: -amount.value,
        ..amount
    }
}

/// An amount in the unit of its column, in yuan.
pub(super) fn scaled(value: Decimal, unit: u32) -> Option<Decimal> {
    if unit == 0 {
        return Some(value);
    }
    value.checked_mul(Decimal::from(10_u64.checked_pow(unit)?))
}

/// An amount at the front of a text, in figures or in words, and what stands behind it.
pub(super) fn take_amount(text: &str) -> Option<(Amount, &str)> {
    let text = text.trim_start();
    take_figures(text).or_else(|| take_words(text))
}

/// The power of ten of 万, 千万, 亿 … at the front of a text, and what stands behind; 0 where there is none.
fn take_power(text: &str) -> (u32, &str) {
    let text = text.trim_start();
    for (word, power) in [
        ("千万", 7),
        ("百万", 6),
        ("十万", 5),
        ("万", 4),
        ("萬", 4),
        ("w", 4),
        ("W", 4),
        ("亿", 8),
        ("億", 8),
        ("千", 3),
        ("百", 2),
        ("仟", 3),
        ("佰", 2),
    ] {
        if let Some(rest) = text.strip_prefix(word) {
            return (power, rest);
        }
    }
    (0, text)
}

/// The word of yuan at the front of a text, and what stands behind.
fn take_yuan(text: &str) -> Option<&str> {
    fold::strip_any(text, &["元人民币", "元", "圆", "圓", "块钱", "块"])
}

/// An amount in figures: `12.5万元`, `12万3千元`, `5元6角`.
fn take_figures(text: &str) -> Option<(Amount, &str)> {
    let first = number::take(text)?;
    let (power, mut rest) = take_power(first.rest);
    let mut value = scaled(first.value, power)?;
    let mut last = power;
    // 12万3千: further terms, each below the one before it.
    while last > 0 && rest.starts_with(|c: char| c.is_ascii_digit()) {
        let next = number::take(rest)?;
        let (power, behind) = take_power(next.rest);
        let term = scaled(next.value, power)?;
        let below = power < last && term < Decimal::from(10_u64.checked_pow(last)?);
        // 12万3 may be 120,003 or 123,000; four digits or 元 leave no doubt.
        let certain = power > 0 || next.whole == 4 || take_yuan(behind).is_some();
        if !below || !certain {
            return None;
        }
        value = value.checked_add(term)?;
        rest = behind;
        last = power;
    }
    let mut own_unit = power > 0;
    if let Some(behind) = take_yuan(rest.trim_start()) {
        own_unit = true;
        let (cents, behind) = take_cents(behind);
        value = value.checked_add(cents)?;
        rest = behind;
    } else if let Some(behind) = rest.strip_prefix('角').filter(|_| power == 0) {
        own_unit = true;
        value /= Decimal::TEN;
        rest = behind;
    } else if power == 0 {
        rest = first.rest;
    }
    Some((Amount { value, own_unit }, rest))
}

/// 角 and 分 behind 元, in figures or words, in yuan; and 整.
fn take_cents(text: &str) -> (Decimal, &str) {
    let mut rest = text;
    let mut cents = Decimal::ZERO;
    for (word, scale) in [('角', 1), ('分', 2)] {
        let zero = rest.strip_prefix('零').unwrap_or(rest);
        let mut chars = zero.chars();
        let digit = chars.next().and_then(|c| {
            numeral::digit(c)
                .map(i64::from)
                .or_else(|| c.to_digit(10).map(i64::from))
        });
        if let Some(digit) = digit
            && let Some(behind) = chars.as_str().strip_prefix(word)
        {
            cents += Decimal::new(digit, scale);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("零").and_then(|r| r.strip_prefix(word)) {
            rest = behind;
        }
    }
    let rest = fold::strip_any(rest, &["整", "正"]).unwrap_or(rest);
    (cents, rest)
}

/// An amount in words: 壹拾贰万叁仟元整, 十二点五万, 伍角.
pub(super) fn take_words(text: &str) -> Option<(Amount, &str)> {
    let (whole, mut rest) = numeral::take(text)?;
    let spelled = &text[..text.len() - rest.len()];
    let mut value = Decimal::from(whole);
    let mut own_unit = numeral::has_big(spelled);
    if let Some(behind) = rest.strip_prefix('点') {
        let (digits, places, behind) = numeral::take_positional(behind)?;
        let (power, behind) = take_power(behind);
        let fraction = Decimal::new(i64::try_from(digits).ok()?, u32::try_from(places).ok()?);
        value = scaled(value.checked_add(fraction)?, power)?;
        own_unit = power > 0;
        rest = behind;
    }
    if let Some(behind) = take_yuan(rest.trim_start()) {
        own_unit = true;
        let (cents, behind) = take_cents(behind);
        value = value.checked_add(cents)?;
        rest = behind;
    } else if let Some(behind) = fold::strip_any(rest, &["整", "正"]) {
        own_unit = true;
        rest = behind;
    } else if let Some(behind) = rest.strip_prefix('角') {
        own_unit = true;
        value /= Decimal::TEN;
        rest = behind;
    } else if !own_unit && numeral::has_magnitude(spelled) {
        return None;
    }
    Some((Amount { value, own_unit }, rest))
}

/// A numeral with 千 and no unit, whole: certain in a yuan column only.
pub(super) fn parse_magnitude(text: &str) -> Option<Decimal> {
    numeral::take(text)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(value, _)| Decimal::from(value))
}
