//! Lengths of time: 三年, 24个月, 180天, and bare numbers in the unit of the header.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Coerced, ColumnUnit, Fault, LengthUnit, Raw, fold, number, numeral, placeholder};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, FieldKind, Length};

/// The longest term in years that a bare number can mean: land of the collective is let for at most seventy
/// (农村土地承包法 第二十一条, forest land).
const LONGEST_YEARS: i64 = 70;

/// Reads a length of time.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    let text = match raw {
        Raw::Number(number) => {
            let Some(number) = number::shortest(number) else {
                return unreadable(Fault::TooLarge);
            };
            return bare(number, unit);
        }
        Raw::Text(text) => fold::plain(text),
        _ => return unreadable(Fault::OtherType),
    };
    if placeholder::is_empty(&text, field) {
        return Coerced::datum(Datum::Empty);
    }
    let tight = fold::tight(&text);
    if let Some(length) = parse(&tight) {
        return Coerced::datum(Datum::Length(length));
    }
    if let Some((number, rest)) = take_number(&tight)
        && rest.is_empty()
    {
        return bare(number, unit);
    }
    // 2020.1.1-2024.12.31 under 合同年限 tells the length by its ends.
    if let Some(length) = super::period::length_of(&text) {
        return Coerced::datum(Datum::Length(length));
    }
    unreadable(Fault::of_text(&text))
}

fn bare<'a>(number: Decimal, unit: ColumnUnit) -> Coerced<'a> {
    let length = match unit.length {
        Some(LengthUnit::Years) => months(number * Decimal::from(12)),
        Some(LengthUnit::Months) => months(number),
        Some(LengthUnit::Days) => days(number),
        // Without a unit years are meant, as long as a term can be that long and no number of months is likelier: 36.
        None if number <= Decimal::from(LONGEST_YEARS) && !is_months(number) => {
            months(number * Decimal::from(12))
        }
        None => {
            return Coerced::unreadable(
                IssueKind::UnitDoubt,
                Bilingual::new(
                    "不能确定是年、月还是天",
                    "years, months or days: which is meant is not certain",
                ),
                remedy(),
            );
        }
    };
    match length {
        Some(length) => Coerced::datum(Datum::Length(length)),
        None => unreadable(Fault::OtherType),
    }
}

/// Whether a bare number is a usual number of months: two years or more of twelve.
fn is_months(number: Decimal) -> bool {
    let twelve = Decimal::from(12);
    number > twelve && (number % twelve).is_zero()
}

fn whole(number: Decimal) -> Option<i32> {
    (number.fract().is_zero() && number > Decimal::ZERO)
        .then(|| number.to_i32())
        .flatten()
}

fn months(number: Decimal) -> Option<Length> {
    whole(number).map(Length::Months)
}

fn days(number: Decimal) -> Option<Length> {
    whole(number).map(Length::Days)
}

/// The length that a folded text without blanks tells, all of it.
pub(super) fn parse(text: &str) -> Option<Length> {
    let mut rest = strip_lead(text);
    if let Some(stripped) = rest
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        rest = strip_lead(stripped);
    }
    let (length, behind) = take(rest)?;
    // 3年（36个月） tells one length twice.
    if let Some((inner, "")) = fold::take_bracket(behind) {
        return (parse(inner) == Some(length)).then_some(length);
    }
    fold::strip_any(behind, &["整", "止"])
        .unwrap_or(behind)
        .trim_start_matches(['.', ',', ';'])
        .is_empty()
        .then_some(length)
}

/// Strips what may stand in front of a length: 共3年, 为期3年, 合同期限：3年, 自签订之日起3年.
pub(super) fn strip_lead(text: &str) -> &str {
    let mut rest = text.trim_start_matches([',', ';', ':', '.', ' ', '、', '/']);
    if let Some((lead, behind)) = rest.split_once("之日起")
        && !lead
            .chars()
            .any(|c| c.is_ascii_digit() || numeral::digit(c).is_some())
    {
        rest = behind;
    }
    if let Some((label, behind)) = rest.split_once(':')
        && label.chars().count() <= 8
        && !label.chars().any(|c| c.is_ascii_digit())
    {
        rest = behind;
    }
    loop {
        rest = rest.trim_start_matches([' ', ',', ':']);
        match fold::strip_any(
            rest,
            &[
                "合同签订后",
                "签订后",
                "开工后",
                "公示",
                "共计",
                "总计",
                "合计",
                "共",
                "计",
                "为期",
                "租期",
                "租赁期",
                "承包期",
                "工期",
                "期限",
                "有效期",
                "期",
                "为",
                "起",
            ],
        ) {
            Some(behind) => rest = behind,
            None => return rest,
        }
    }
}

/// Takes a length off the front of a text: 5年6个月, 一年半, 180日历天.
pub(super) fn take(text: &str) -> Option<(Length, &str)> {
    if let Some(rest) = text.strip_prefix("半年") {
        return Some((Length::Months(6), rest));
    }
    let (number, rest) = take_number(text)?;
    let rest = rest.trim_start();
    // 60（日历天）
    let rest = match fold::take_bracket(rest) {
        Some((unit, "")) if !unit.starts_with(|c: char| c.is_ascii_digit()) => unit,
        _ => rest,
    };
    if fold::strip_any(rest, &["个工作日", "工作日"]).is_some() {
        // Working days are no length that a calendar tells.
        return None;
    }
    if let Some(behind) = strip_years(rest) {
        if number > Decimal::ONE_HUNDRED {
            // 2024年 is a date.
            return None;
        }
        let years = number.checked_mul(Decimal::from(12))?;
        if let Some(behind) = behind.strip_prefix('半') {
            return Some((months(years.checked_add(Decimal::from(6))?)?, behind));
        }
        let and = fold::strip_any(behind, &["零", "又", "加", "+"]).unwrap_or(behind);
        if let Some((more, more_rest)) = take_number(and)
            && let Some(behind) = strip_months(more_rest)
        {
            return Some((months(years.checked_add(more)?)?, behind));
        }
        return Some((months(years)?, behind));
    }
    if let Some(behind) = fold::strip_any(rest, &["个季度", "季度"]) {
        return Some((months(number.checked_mul(Decimal::from(3))?)?, behind));
    }
    if let Some(behind) = strip_months(rest) {
        if behind.starts_with('半') {
            // Half a month is fourteen to sixteen days: no one length.
            return None;
        }
        return Some((months(number)?, behind));
    }
    if let Some(behind) = fold::strip_any(rest, &["个星期", "星期", "周"]) {
        return Some((days(number.checked_mul(Decimal::from(7))?)?, behind));
    }
    fold::strip_any(
        rest,
        &[
            "个日历天",
            "个日历日",
            "日历天",
            "日历日",
            "历天",
            "天(日历天)",
            "个自然日",
            "自然日",
            "天",
            "日",
        ],
    )
    .and_then(|behind| Some((days(number)?, behind)))
}

fn strip_years(text: &str) -> Option<&str> {
    let rest = fold::strip_any(text, &["个周年", "周年", "个年头", "年整", "年"])?;
    // 2024年3月 is a date, and 3年期 a length.
    Some(fold::strip_any(rest, &["期", "整"]).unwrap_or(rest))
}

fn strip_months(text: &str) -> Option<&str> {
    fold::strip_any(text, &["个月", "月"])
}

fn take_number(text: &str) -> Option<(Decimal, &str)> {
    if let Some(figures) = number::take(text) {
        // Lengths have few digits; four or more are a year.
        return (figures.whole <= 5).then_some((figures.value, figures.rest));
    }
    numeral::take(text).map(|(number, rest)| (Decimal::from(number), rest))
}

fn remedy() -> Bilingual {
    Bilingual::new(
        "按合同填写并写明单位，例如 3年、18个月、180天",
        "Enter the length with its unit, as 3年, 18个月 or 180天",
    )
}

fn unreadable<'a>(fault: Fault) -> Coerced<'a> {
    Coerced::unreadable(
        IssueKind::UnreadableValue,
        fault.message("期限", "a length of time"),
        remedy(),
    )
}

#[cfg(test)]
mod tests {
    use crate::ledger::FieldType;
    use crate::ledger::coerce::testing::{assert_texts, field, print_with};
    use crate::ledger::coerce::{ColumnUnit, LengthUnit, Raw};

    #[test]
    fn lengths_are_read() {
        let field = field(FieldType::Length);
        assert_texts(
            &field,
            &[
                ("三年", "P3Y"),
                ("5年", "P5Y"),
                ("5 年", "P5Y"),
                ("５年", "P5Y"),
                ("十年", "P10Y"),
                ("二十年整", "P20Y"),
                ("18个月", "P18M"),
                ("24月", "P2Y"),
                ("一年半", "P18M"),
                ("1.5年", "P18M"),
                ("5年6个月", "P66M"),
                ("三年零六个月", "P42M"),
                ("半年", "P6M"),
                ("180天", "P180D"),
                ("120日历天", "P120D"),
                ("45日", "P45D"),
                ("两周", "P14D"),
                ("共3年", "P3Y"),
                ("为期三年", "P3Y"),
                ("合同期限：3年", "P3Y"),
                ("自签订之日起3年", "P3Y"),
                ("3年期", "P3Y"),
                ("（三年）", "P3Y"),
                ("3", "P3Y"),
                ("36", "?"),
                ("2020.1.1-2024.12.31", "P5Y"),
                ("60（日历天）", "P60D"),
                ("3年（36个月）", "P3Y"),
                ("3年（24个月）", "?"),
                ("开工后60天", "P60D"),
                ("30", "P30Y"),
                ("三", "P3Y"),
                ("未约定", "空"),
                ("无", "空"),
                ("/", "空"),
                ("90", "?"),
                ("0", "?"),
                ("不超过18个月", "?"),
                ("3-5年", "?"),
                ("三到五年", "?"),
                ("约3年", "?"),
                ("30个工作日", "?"),
                ("长期", "?"),
                ("2024年", "?"),
                ("2024年3月", "?"),
                ("两三年", "?"),
                ("1.3年", "?"),
            ],
        );
    }

    #[test]
    fn bare_numbers_take_the_unit_of_the_header() {
        let field = field(FieldType::Length);
        for (number, length, want) in [
            (3.0, None, "P3Y"),
            (2.5, None, "P30M"),
            (90.0, None, "?"),
            (90.0, Some(LengthUnit::Days), "P90D"),
            (18.0, Some(LengthUnit::Months), "P18M"),
            (3.0, Some(LengthUnit::Years), "P3Y"),
            (1.7, Some(LengthUnit::Days), "?"),
            (-3.0, None, "?"),
        ] {
            let unit = ColumnUnit {
                length,
                ..ColumnUnit::default()
            };
            assert_eq!(
                print_with(Raw::Number(number), &field, unit),
                want,
                "{number}"
            );
        }
    }
}
