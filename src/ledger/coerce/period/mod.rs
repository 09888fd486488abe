//! Periods: `2020.1.1-2024.12.31`, `5年（2020.1.1-2024.12.31）`, `自2020年1月1日起5年`, `三年`, `长期`.

#[cfg(test)]
mod tests;

use super::{
    CellIssue, Coerced, ColumnUnit, Fault, LengthUnit, Parts, Raw, Value, date, fold, length,
    number, placeholder,
};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, Day, DaySpan, FieldKind, Length};

/// Words of an end that is left open.
const OPEN: &[&str] = &[
    "长期有效",
    "长期",
    "永久",
    "永久性",
    "无固定期限",
    "不定期",
    "无限期",
];

/// What a period cell tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Told {
    start: Option<DaySpan>,
    end: Option<DaySpan>,
    length: Option<Length>,
    contradiction: bool,
}

/// Why a cell is no period.
enum Refusal {
    /// One of its dates does not exist.
    Impossible,
    /// A single date: whether the period begins or ends there is not told.
    OneDate,
    /// It is no period.
    Fault(Fault),
}

/// Reads a period; a length alone is a value too.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    let text = match raw {
        Raw::Text(text) => fold::plain(text),
        // A bare number under `合同期限（年）` is a length; without a unit it may be anything.
        Raw::Number(number) => return bare(raw, number, field, unit),
        Raw::Serial(..) => return refused(&Refusal::OneDate),
        _ => return refused(&Refusal::Fault(Fault::OtherType)),
    };
    if placeholder::is_empty(&text, field) {
        return Coerced::datum(Datum::Empty);
    }
    if unit.length.is_some()
        && let Some(figures) = number::take(&text)
        && figures.rest.is_empty()
    {
        return length_value(raw, field, unit);
    }
    match parse(&text) {
        Ok(told) => coerced(told),
        Err(refusal) => refused(&refusal),
    }
}

fn bare<'a>(raw: Raw<'a>, number: f64, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    // Terms of leases are counted in years; 51 or 60 may as well be days.
    if unit.length.is_some() || (1.0..=30.0).contains(&number) && field_is_term(field) {
        return length_value(raw, field, unit);
    }
    Coerced::unreadable(
        IssueKind::UnitDoubt,
        Bilingual::new(
            "只有数字，不能确定是年、月还是天",
            "a number without a unit: years, months or days is not certain",
        ),
        remedy(),
    )
}

/// Whether bare numbers of a field are years: a field that is named after them.
fn field_is_term(field: &FieldKind) -> bool {
    field.name.contains("年限")
}

fn length_value<'a>(raw: Raw<'a>, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    let unit = ColumnUnit {
        length: unit.length.or(Some(LengthUnit::Years)),
        ..unit
    };
    let mut read = length::read(raw, field, unit);
    if let Value::Datum(Datum::Length(length)) = read.value {
        read.parts.length = Some(length);
    }
    read
}

fn coerced<'a>(told: Told) -> Coerced<'a> {
    let value = match (told.start, told.end, told.length) {
        (None, None, Some(length)) => Datum::Length(length),
        (start, Some(end), _) => Datum::Period(DaySpan {
            first: start.map_or(Day::MIN, |start| start.first),
            last: if told.length.is_some() && !end.is_exact() && end.last.plus_days(-1) == end.first
            {
                // The end is computed; see `end_of`.
                end.first
            } else {
                end.last
            },
        }),
        _ => Datum::Unreadable,
    };
    let issue = if told.contradiction {
        Some(CellIssue {
            kind: IssueKind::ContradictoryPeriod,
            message: Bilingual::new(
                "期限长度与起止日期不一致",
                "the length contradicts the first and last day",
            ),
            remedy: remedy(),
        })
    } else if value == Datum::Unreadable {
        Some(CellIssue {
            kind: IssueKind::UnreadableValue,
            message: Bilingual::new(
                "只写明起始日期，没有写明终止日期或期限",
                "only the first day is told, neither the last day nor a length",
            ),
            remedy: remedy(),
        })
    } else {
        None
    };
    Coerced {
        value: Value::Datum(value),
        parts: Parts {
            start: told.start,
            end: told.end,
            length: told.length.or_else(|| computed_length(told)),
            ..Parts::default()
        },
        issue,
    }
}

/// The length from the first to the last day: whole months where it is that, else days (the first does not count,
/// 民法典 第二百零一条); `None` where a day is not exact or the end is open.
fn computed_length(told: Told) -> Option<Length> {
    let (start, end) = (told.start?, told.end?);
    if !start.is_exact() || !end.is_exact() || end.last == Day::MAX || end.first < start.first {
        return None;
    }
    if let Some(months) = months_between(start.first, end.first) {
        return Some(Length::Months(months));
    }
    end.first
        .number()
        .checked_sub(start.first.number())
        .map(Length::Days)
}

/// The whole months of a period, its last day included or not.
fn months_between(first: Day, last: Day) -> Option<i32> {
    let (from, to) = (first.civil()?, last.plus_days(1).civil()?);
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month());
    [months, months - 1]
        .into_iter()
        .filter(|&months| months > 0)
        .find(|&months| {
            let end = first.plus_months(i64::from(months));
            end == last || end == last.plus_days(1)
        })
}

/// The last day of a period that is told by its first day and its length.
///
/// A lease of five years from 2020-01-01 is written as ending on 2024-12-31 and, by 民法典 第二百零二条, ends on the
/// corresponding day, 2025-01-01; a period of days is counted with and without its first day. Both are kept.
fn end_of(start: DaySpan, length: Length) -> DaySpan {
    let end = |day: Day| match length {
        Length::Months(months) => day.plus_months(i64::from(months)),
        Length::Days(days) => day.plus_days(i64::from(days)),
    };
    DaySpan {
        first: end(start.first).plus_days(-1),
        last: end(start.last),
    }
}

/// The whole months of a period that a folded text tells by its first and last day.
pub(super) fn length_of(text: &str) -> Option<Length> {
    // 2024年 is a year, not a length of one.
    if !text.contains(['-', '~', '至', '到', '起']) {
        return None;
    }
    let told = parse(text).ok().filter(|told| !told.contradiction)?;
    match told.length.or_else(|| computed_length(told))? {
        Length::Months(months) => Some(Length::Months(months)),
        Length::Days(_) => None,
    }
}

fn parse(text: &str) -> Result<Told, Refusal> {
    let fault = || Refusal::Fault(Fault::of_text(text));
    let tight = fold::tight(text);
    if let Some(length) = length::parse(&tight) {
        return Ok(Told {
            length: Some(length),
            ..Told::default()
        });
    }
    if is_open(&tight) {
        return Ok(Told {
            end: Some(open_from(None)),
            ..Told::default()
        });
    }
    // 5年（2020.1.1-2024.12.31）, 3年，自2020年1月1日起
    let mut told = Told::default();
    let mut rest = length::strip_lead(text);
    if let Some((length, behind)) = length::take(rest)
        && !behind.is_empty()
    {
        told.length = Some(length);
        rest = behind;
    }
    rest = rest.trim_start_matches([' ', ',', ':', ';', '、', '/']);
    if let Some((inner, behind)) = fold::take_bracket(rest) {
        if !is_tail(behind) {
            return Err(fault());
        }
        rest = inner;
    }
    range(rest, &mut told, fault)?;
    Ok(told)
}

/// A range or a start, and what may follow it.
fn range(text: &str, told: &mut Told, fault: impl Fn() -> Refusal) -> Result<(), Refusal> {
    let begin = strip_label(text);
    let (from, begin) = match fold::strip_any(begin, &["自", "从"]) {
        Some(rest) => (true, rest),
        None => (false, begin),
    };
    if let Some(behind) = fold::strip_any(begin, &["截止到", "截止至", "截至", "截止", "至", "到"])
    {
        // Only the last day: 至2024年12月31日止.
        let end = date::take(behind).ok_or_else(&fault)?;
        if !is_tail(end.rest) || told.length.is_some() {
            return Err(fault());
        }
        told.end = Some(end.span.ok_or(Refusal::Impossible)?);
        return Ok(());
    }
    if let Some(years) = of_years(begin) {
        (told.start, told.end) = (Some(years.0), Some(years.1));
        check_length(told);
        return Ok(());
    }
    let start = date::take(begin).ok_or_else(&fault)?;
    let start_day = start.span.ok_or(Refusal::Impossible);
    let rest = date::after_time(start.rest).trim_start();
    let (begins, rest) = match fold::strip_any(rest, &["开始", "起算", "起"]) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = rest.trim_start_matches([' ', ',', ';']);
    if let Some(behind) = connector(rest) {
        let start_day = start_day?;
        told.start = Some(start_day);
        return finish_range(behind, start.year, told, fault);
    }
    let marked = from || begins;
    if is_tail(rest) {
        let start_day = start_day?;
        return match told.length {
            Some(length) if marked => {
                told.start = Some(start_day);
                told.end = Some(end_of(start_day, length));
                Ok(())
            }
            None if marked => {
                told.start = Some(start_day);
                Ok(())
            }
            _ => Err(Refusal::OneDate),
        };
    }
    // 自2020年1月1日起5年, 2020.1.1（5年）
    let behind = fold::tight(rest);
    if is_open(&behind) {
        let start_day = start_day?;
        told.start = Some(start_day);
        told.end = Some(open_from(Some(start_day)));
        return Ok(());
    }
    match length::parse(&behind) {
        Some(length) if told.length.is_none() => {
            let start_day = start_day?;
            told.start = Some(start_day);
            told.length = Some(length);
            told.end = Some(end_of(start_day, length));
            Ok(())
        }
        _ => Err(fault()),
    }
}

/// Two bare years: `2021-2024`, `2021-2024年`; one that is told whole: `2021年度`; two months of one: `2021年1-12月`.
fn of_years(text: &str) -> Option<(DaySpan, DaySpan)> {
    let (only, _, rest) = number::take_whole(text)?;
    if let Some(rest) = rest.trim_start().strip_prefix('年') {
        let only = i32::try_from(only).ok()?;
        let year = date::year_span(only)?;
        if matches!(rest.trim(), "" | "度" | "全年") {
            return Some((DaySpan::day(year.first), DaySpan::day(year.last)));
        }
        let (first, _, rest) = number::take_whole(rest.trim_start())?;
        let rest = fold::strip_any(rest.trim_start(), &["-", "至", "~", "到"])?.trim_start();
        let (last, _, rest) = number::take_whole(rest)?;
        let rest = rest.trim_start().strip_prefix('月')?;
        let fits = first <= last && is_tail(rest);
        return fits.then(|| Some((DaySpan::month(only, first)?, DaySpan::month(only, last)?)))?;
    }
    let (first, digits, rest) = number::take_whole(text)?;
    let rest = fold::strip_any(rest.trim_start(), &["-", "至", "~", "到"])?.trim_start();
    let (last, more, rest) = number::take_whole(rest)?;
    let rest = fold::strip_any(rest, &["年度", "年"]).unwrap_or(rest);
    let fits = digits == 4 && more == 4 && first <= last && is_tail(rest);
    let year = |year: u32| date::year_span(i32::try_from(year).ok()?);
    fits.then(|| Some((year(first)?, year(last)?)))?
}

/// The end of a range and the length that may be told behind it.
fn finish_range(
    text: &str,
    year: i32,
    told: &mut Told,
    fault: impl Fn() -> Refusal,
) -> Result<(), Refusal> {
    let tight = fold::tight(text);
    if is_open(&tight) || matches!(&*tight, "今" | "至今" | "现在") {
        told.end = Some(open_from(told.start));
        return Ok(());
    }
    let (end, same_year) = match date::take(text) {
        Some(end) => (end, false),
        None => (date::take_in_year(text, year).ok_or_else(&fault)?, true),
    };
    let end_day = end.span.ok_or(Refusal::Impossible)?;
    // 2024年11月1日至3月31日 ends in another year, which is not told.
    if same_year && told.start.is_some_and(|start| end_day.last < start.first) {
        return Err(fault());
    }
    told.end = Some(end_day);
    let rest = date::after_time(end.rest).trim_start();
    let rest = fold::strip_any(rest, &["为止", "止", "结束", "到期", "终止"]).unwrap_or(rest);
    if is_tail(rest) {
        check_length(told);
        return Ok(());
    }
    let behind = fold::tight(rest);
    match length::parse(&behind) {
        Some(length) if told.length.is_none() => {
            told.length = Some(length);
            check_length(told);
            Ok(())
        }
        _ if is_remark(&behind) => {
            check_length(told);
            Ok(())
        }
        _ => Err(fault()),
    }
}

/// Notes a length that its own dates contradict, and goes by the dates.
fn check_length(told: &mut Told) {
    let (Some(start), Some(end), Some(length)) = (told.start, told.end, told.length) else {
        return;
    };
    let computed = end_of(start, length);
    if end.last < computed.first || computed.last < end.first {
        told.contradiction = true;
        told.length = None;
    }
}

/// Whether a folded text without blanks leaves an end open: 长期.
pub(super) fn is_open(text: &str) -> bool {
    let text = text.trim_matches(['(', ')', '.', ',', ' ']);
    OPEN.contains(&text)
}

/// An end that is left open.
fn open_from(start: Option<DaySpan>) -> DaySpan {
    DaySpan {
        first: start.map_or(Day::MIN, |start| start.first),
        last: Day::MAX,
    }
}

/// What stands behind the mark between two dates.
fn connector(text: &str) -> Option<&str> {
    // 2020-01-01/2024-12-31, as ISO 8601 writes it, and two dates one below the other.
    let bare = text.strip_prefix('/').unwrap_or(text).trim_start();
    if date::take(bare).is_some_and(|end| is_tail(end.rest) && end.year >= 1900) {
        return Some(bare);
    }
    let rest = fold::strip_any(
        text,
        &["起至", "起到", "至", "到", "--", "-", "~", "→", "=>"],
    )?;
    let rest = rest.trim_start_matches(['-', '~', '>', ' ']);
    Some(
        fold::strip_any(rest, &["至", "到"])
            .unwrap_or(rest)
            .trim_start(),
    )
}

/// Strips a label in front of a period: `租赁期限：`, `合同期：`.
fn strip_label(text: &str) -> &str {
    let text = text.trim_start();
    if let Some((label, rest)) = text.split_once(':')
        && label.chars().count() <= 8
        && !label.chars().any(|c| c.is_ascii_digit())
    {
        return rest.trim_start();
    }
    fold::strip_any(
        text,
        &[
            "租赁期限",
            "承包期限",
            "合同期限",
            "履行期限",
            "服务期限",
            "租期",
            "承包期",
            "合同期",
            "期限",
            "工期",
        ],
    )
    .unwrap_or(text)
    .trim_start()
}

/// Whether nothing that matters stands behind a period.
fn is_tail(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, ' ' | '.' | ',' | ';' | ')' | '、') || c == '止')
}

/// Whether a short remark without numbers stands behind a range: `（续签）`.
fn is_remark(text: &str) -> bool {
    let Some((inner, "")) = fold::take_bracket(text) else {
        return false;
    };
    inner.chars().count() <= 8
        && !inner
            .chars()
            .any(|c| c.is_ascii_digit() || super::numeral::digit(c).is_some())
        && !["改", "延", "变更", "终止", "解除", "作废", "约", "暂", "未"]
            .iter()
            .any(|word| inner.contains(word))
}

fn remedy() -> Bilingual {
    Bilingual::new(
        "核对合同，按 2020-01-01至2024-12-31 或 5年 的写法填写",
        "Check the contract and enter the term as 2020-01-01至2024-12-31 or 5年",
    )
}

fn refused<'a>(refusal: &Refusal) -> Coerced<'a> {
    let (kind, message) = match *refusal {
        Refusal::Impossible => (
            IssueKind::InvalidDate,
            Bilingual::new("期限中的日期不存在", "a date of the term does not exist"),
        ),
        Refusal::OneDate => (
            IssueKind::UnreadableValue,
            Bilingual::new(
                "只有一个日期，不能确定是起始还是终止",
                "a single date: whether the term begins or ends there is not certain",
            ),
        ),
        Refusal::Fault(fault) => (IssueKind::UnreadableValue, fault.message("期限", "a term")),
    };
    Coerced::unreadable(kind, message, remedy())
}
