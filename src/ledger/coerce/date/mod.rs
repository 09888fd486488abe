//! Dates, in all the spellings of a ledger, as precisely as they are told.

#[cfg(test)]
mod tests;

use super::{Coerced, ColumnUnit, Fault, Raw, fold, number, numeral, placeholder};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, Day, DaySpan, FieldKind};
use crate::read::DateSystem;

/// The years that a ledger's dates can lie in. The first is that of the People's Republic: a date formatted cell that
/// shows an earlier one holds something else, mostly a year typed as a number (2024 is shown as 1905-07-16).
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2200;

/// Why a cell is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such day or month.
    Impossible,
    /// No year is told.
    NoYear,
    /// Two dates or more.
    Range,
    /// A month that may be the first or the tenth: the number 2024.1.
    FirstOrTenth,
    /// A number that can be read as two dates: 201203.
    TwoDates,
    /// A serial of a year that no ledger speaks of.
    OutOfRange,
    /// The text is no date.
    Fault(Fault),
}

/// A date at the front of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Taken<'a> {
    /// The days it can be; none where there is no such day.
    pub(super) span: Option<DaySpan>,
    /// The year.
    pub(super) year: i32,
    /// What stands behind it.
    pub(super) rest: &'a str,
}

/// Reads a date.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    let read = match raw {
        Raw::Serial(serial, system) => from_serial(serial, system),
        Raw::Number(number) => from_number(number, unit.dates),
        Raw::Text(text) => {
            let text = fold::plain(text);
            if placeholder::is_empty(&text, field) {
                return Coerced::datum(Datum::Empty);
            }
            if unit.open && super::period::is_open(&fold::tight(&text)) {
                return Coerced::datum(Datum::Date(DaySpan {
                    first: Day::MIN,
                    last: Day::MAX,
                }));
            }
            parse(&text, unit.dates)
        }
        _ => Err(Refusal::Fault(Fault::OtherType)),
    };
    match read {
        Ok(span) => Coerced::datum(Datum::Date(span)),
        Err(refusal) => refused(refusal),
    }
}

/// The day of a date serial; `None` where no calendar has it.
pub(super) fn of_serial(serial: f64, system: DateSystem) -> Option<Day> {
    // Serial 1 is 1900-01-01; 60 the 29 February that 1900 did not have. 9999-12-31 is the last.
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    let whole = serial.floor() as i32;
    let epoch = |year, month, day| Day::from_ymd(year, month, day);
    match system {
        DateSystem::From1900 => match whole {
            0 | 60 => None,
            1..60 => Some(epoch(1899, 12, 31)?.plus_days(i64::from(whole))),
            _ => Some(epoch(1899, 12, 30)?.plus_days(i64::from(whole))),
        },
        DateSystem::From1904 => Some(epoch(1904, 1, 1)?.plus_days(i64::from(whole))),
    }
}

fn from_serial(serial: f64, system: DateSystem) -> Result<DaySpan, Refusal> {
    let day = of_serial(serial, system).ok_or(Refusal::Impossible)?;
    let year = day.civil().map_or(0, |date| i32::from(date.year()));
    if YEARS.contains(&year) {
        Ok(DaySpan::day(day))
    } else {
        Err(Refusal::OutOfRange)
    }
}

/// A bare number in a date column: 45352, 20240301, 202403, 2024, 2024.3.
fn from_number(number: f64, system: DateSystem) -> Result<DaySpan, Refusal> {
    let decimal = number::shortest(number).ok_or(Refusal::Fault(Fault::TooLarge))?;
    let decimal = decimal.normalize();
    let whole = i64::try_from(decimal.trunc().mantissa()).unwrap_or(-1);
    if decimal.scale() == 0 {
        return from_digits(whole, system);
    }
    if plausible_serial(whole, system) {
        return from_serial(number, system);
    }
    let year = i32::try_from(whole).unwrap_or(0);
    if !YEARS.contains(&year) || decimal.scale() > 2 {
        return Err(Refusal::Fault(Fault::OtherType));
    }
    let digits = u32::try_from(decimal.fract().mantissa()).unwrap_or(0);
    match (decimal.scale(), digits) {
        // A number cell does not tell 2024.1 from 2024.10.
        (1, 1) => Err(Refusal::FirstOrTenth),
        (_, month) => DaySpan::month(year, month).ok_or(Refusal::Impossible),
    }
}

/// Whether a whole number is a date serial of the years 1980 to 2079: what a date cell that lost its format shows.
fn plausible_serial(number: i64, system: DateSystem) -> bool {
    match system {
        DateSystem::From1900 => (29_221..=65_745).contains(&number),
        DateSystem::From1904 => (27_759..=64_283).contains(&number),
    }
}

/// Digits in a row.
fn from_digits(number: i64, system: DateSystem) -> Result<DaySpan, Refusal> {
    let part = |divisor: i64, modulus: i64| u32::try_from(number / divisor % modulus).unwrap_or(0);
    match number {
        10_000_000..=99_999_999 => {
            let year = i32::try_from(number / 10_000).unwrap_or(0);
            if !YEARS.contains(&year) {
                return Err(Refusal::OutOfRange);
            }
            Day::from_ymd(year, part(100, 100), part(1, 100))
                .map(DaySpan::day)
                .ok_or(Refusal::Impossible)
        }
        100_000..=999_999 => {
            let year = i32::try_from(number / 100).unwrap_or(0);
            let month = YEARS
                .contains(&year)
                .then(|| DaySpan::month(year, part(1, 100)))
                .flatten();
            let short = century(part(10_000, 100))
                .and_then(|year| Day::from_ymd(year, part(100, 100), part(1, 100)))
                .map(DaySpan::day);
            match (month, short) {
                (Some(_), Some(_)) => Err(Refusal::TwoDates),
                (Some(span), None) | (None, Some(span)) => Ok(span),
                (None, None) => Err(Refusal::Impossible),
            }
        }
        1950..=2100 => {
            year_span(i32::try_from(number).unwrap_or(0)).ok_or(Refusal::Fault(Fault::OtherType))
        }
        _ if plausible_serial(number, system) => {
            from_serial(f64::from(i32::try_from(number).unwrap_or(0)), system)
        }
        _ => Err(Refusal::Fault(Fault::OtherType)),
    }
}

/// The year of two digits: 24 is 2024, 98 is 1998; between lies no certain century.
fn century(year: u32) -> Option<i32> {
    match year {
        0..=59 => Some(2000 + i32::try_from(year).unwrap_or(0)),
        80..=99 => Some(1900 + i32::try_from(year).unwrap_or(0)),
        _ => None,
    }
}

/// All days of a year that a ledger can speak of.
pub(super) fn year_span(year: i32) -> Option<DaySpan> {
    if !YEARS.contains(&year) {
        return None;
    }
    Some(DaySpan {
        first: Day::from_ymd(year, 1, 1)?,
        last: Day::from_ymd(year, 12, 31)?,
    })
}

/// A whole folded text as a date.
fn parse(text: &str, system: DateSystem) -> Result<DaySpan, Refusal> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.parse::<i64>() {
            Ok(number) if !text.starts_with('0') => from_digits(number, system),
            _ => Err(Refusal::Fault(Fault::Malformed)),
        };
    }
    let whole = match fold::take_bracket(text) {
        Some((inner, "")) => inner,
        _ => text,
    };
    let begin = match whole.split_once(':') {
        // 签订日期：2024.3.1
        Some((label, rest))
            if label.chars().count() <= 6 && label.chars().all(char::is_alphabetic) =>
        {
            rest.trim_start()
        }
        _ => whole,
    };
    let begin = fold::strip_any(begin, &["已于", "于", "自", "从", "至", "到"])
        .unwrap_or(begin)
        .trim_start();
    let Some(taken) = take(begin) else {
        return Err(no_date(text));
    };
    let rest = after_time(taken.rest);
    if !is_note(rest) {
        return Err(if next_date(rest) {
            Refusal::Range
        } else {
            Refusal::Fault(Fault::of_text(text))
        });
    }
    taken.span.ok_or(Refusal::Impossible)
}

/// What is the matter with a text that does not begin with a date.
fn no_date(text: &str) -> Refusal {
    // 2月30日: no year, and no such day in any.
    let month_day = number::take_whole(text).and_then(|(month, _, rest)| {
        let rest = rest.trim_start().strip_prefix('月')?;
        let (day, _, rest) = number::take_whole(rest.trim_start())?;
        matches!(rest.trim(), "" | "日" | "号").then_some((month, day))
    });
    if let Some((month, day)) = month_day {
        // 2024 is a leap year: what it has not, no year has.
        return if Day::from_ymd(2024, month, day).is_some() {
            Refusal::NoYear
        } else {
            Refusal::Impossible
        };
    }
    if is_three_numbers(text) {
        return Refusal::Impossible;
    }
    Refusal::Fault(Fault::of_text(text))
}

/// Whether a text is three numbers with the marks of a date, the first in the place of the year: 20121.3.5. What it says
/// is a date, and there is none such. 5/3/2021 may be one of two dates.
fn is_three_numbers(text: &str) -> bool {
    let text = text.strip_suffix(['日', '号']).unwrap_or(text);
    let mut parts = text.split(['.', '/', '-', '年', '月']);
    let mut next = || parts.next().map(str::trim).and_then(number::take_whole);
    let (Some((_, first, "")), Some((_, _, "")), Some((_, last, ""))) = (next(), next(), next())
    else {
        return false;
    };
    first >= 3 && last <= 2 && parts.next().is_none()
}

/// Takes a date off the front of a folded text.
pub(super) fn take(text: &str) -> Option<Taken<'_>> {
    let text = text.trim_start();
    let (year, digits, rest) = take_year(text)?;
    if digits == 8 {
        let year_part = i32::try_from(year / 10_000).ok()?;
        let span = Day::from_ymd(year_part, year / 100 % 100, year % 100).map(DaySpan::day);
        return YEARS.contains(&year_part).then_some(Taken {
            span,
            year: year_part,
            rest,
        });
    }
    let short = digits == 2;
    let year = match digits {
        4 => i32::try_from(year)
            .ok()
            .filter(|year| (1900..=2200).contains(year))?,
        2 => century(year)?,
        _ => return None,
    };
    let (mark, rest) = take_mark(rest, &['年', '.', '/', '-', ',', '、'])?;
    let spoken = mark == '年';
    let Some((month, rest)) = take_part(rest, spoken) else {
        // A year alone: 2024年.
        return (spoken && !short).then(|| Taken {
            span: year_span(year),
            year,
            rest: strip_measure(rest, &["度"]),
        });
    };
    let month_only = |rest| {
        // 24.3 may be a month of 2024 or a number, and 2024,3 is no number.
        (!(short || matches!(mark, ',' | '、')) || spoken).then(|| Taken {
            span: DaySpan::month(year, month),
            year,
            rest,
        })
    };
    let (day_mark, day_text) = match take_mark(rest, &['月', '.', '/', '-', ',', '、']) {
        Some((',' | '、', _)) if !matches!(mark, ',' | '、') => return month_only(rest),
        Some(taken) => taken,
        None if spoken => return None,
        None => return month_only(rest),
    };
    let behind_month = if day_mark == '月' {
        // The beginning or the end of a month is a day of it.
        strip_measure(day_text, &["份", "底", "末", "初", "上旬", "中旬", "下旬"])
    } else {
        rest
    };
    let Some((day, rest)) = take_part(day_text, day_mark == '月') else {
        return month_only(behind_month);
    };
    let rest = strip_measure(rest, &["日", "号"]);
    // 2020.1-2.28: another mark between month and day may as well stand between two dates.
    let joined = rest.trim_start().starts_with(['.', '/', '-'])
        && rest.trim_start()[1..]
            .trim_start()
            .starts_with(|c: char| c.is_ascii_digit());
    if day_mark != '月' && !spoken && day_mark != mark && joined {
        return month_only(behind_month);
    }
    Some(Taken {
        span: Day::from_ymd(year, month, day).map(DaySpan::day),
        year,
        rest,
    })
}

/// Month and day without a year at the front of a text: the end of `2024年3月1日至5月31日`.
pub(super) fn take_in_year(text: &str, year: i32) -> Option<Taken<'_>> {
    let text = text.trim_start();
    let (month, rest) = take_part(text, true)?;
    let (mark, rest) = take_mark(rest, &['月', '.', '/', '-'])?;
    match take_part(rest, mark == '月') {
        Some((day, rest)) => Some(Taken {
            span: Day::from_ymd(year, month, day).map(DaySpan::day),
            year,
            rest: strip_measure(rest, &["日", "号"]),
        }),
        None if mark == '月' => Some(Taken {
            span: DaySpan::month(year, month),
            year,
            rest: strip_measure(rest, &["份"]),
        }),
        None => None,
    }
}

/// A year's digits, in figures or in words, how many they are, and what stands behind.
fn take_year(text: &str) -> Option<(u32, usize, &str)> {
    if let Some(taken) = number::take_whole(text) {
        return Some(taken);
    }
    if let Some((year, digits, rest)) = numeral::take_positional(text)
        && matches!(digits, 2 | 4)
        && rest.trim_start().starts_with('年')
    {
        return Some((u32::try_from(year).ok()?, digits, rest));
    }
    None
}

/// One of some marks behind a number, blanks around it skipped; a blank itself counts as a mark between figures.
fn take_mark<'a>(text: &'a str, marks: &[char]) -> Option<(char, &'a str)> {
    let trimmed = text.trim_start();
    let mark = trimmed.chars().next()?;
    if marks.contains(&mark) {
        return Some((mark, trimmed[mark.len_utf8()..].trim_start()));
    }
    let blank = text.len() > trimmed.len() && mark.is_ascii_digit();
    blank.then_some((' ', trimmed))
}

/// A month or a day: one or two digits, or (where words are spoken) a numeral.
fn take_part(text: &str, spoken: bool) -> Option<(u32, &str)> {
    if let Some((part, digits, rest)) = number::take_whole(text) {
        return (digits <= 2).then_some((part, rest));
    }
    if !spoken {
        return None;
    }
    numeral::take(text)
        .filter(|&(part, _)| part <= 99)
        .and_then(|(part, rest)| Some((u32::try_from(part).ok()?, rest)))
}

fn strip_measure<'a>(text: &'a str, measures: &[&str]) -> &'a str {
    fold::strip_any(text.trim_start(), measures).unwrap_or(text)
}

/// What stands behind the time of day: `2024-03-01 10:30:00`, `2024-03-01T00:00:00Z`.
pub(super) fn after_time(text: &str) -> &str {
    let start = text.trim_start();
    let start = start.strip_prefix('T').unwrap_or(start);
    let start = fold::strip_any(start, &["上午", "下午"]).unwrap_or(start);
    let Some((hour, _, rest)) = number::take_whole(start) else {
        return text;
    };
    if hour > 24 {
        return text;
    }
    if let Some(rest) = fold::strip_any(rest, &["时", "点"]) {
        return match number::take_whole(rest) {
            Some((_, _, rest)) => rest.strip_prefix('分').unwrap_or(rest),
            None => rest.strip_prefix('整').unwrap_or(rest),
        };
    }
    if !rest.starts_with(':') {
        return text;
    }
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | '+')))
        .unwrap_or(rest.len());
    let rest = rest[end..].trim_start();
    fold::strip_any(rest, &["Z", "AM", "PM", "am", "pm"]).unwrap_or(rest)
}

/// Words behind a date that change it or leave it open.
const OPEN: &[&str] = &[
    "前", "后", "左右", "约", "至", "到", "起算", "预计", "拟", "计划", "改", "变更", "作废",
    "取消", "延", "未", "暂", "补", "或", "和", "及", "与", "底", "初", "旬", "期", "?", "~", "、",
    "-",
];

/// Whether what stands behind a date leaves it certain: nothing, the day of the week, or a short remark without a number.
fn is_note(text: &str) -> bool {
    let text = text
        .trim_start_matches([' ', '.', ',', ';', '止', '起'])
        .trim_end();
    if text.is_empty() {
        return true;
    }
    let inner = match fold::take_bracket(text) {
        Some((inner, rest)) if rest.trim().is_empty() => inner,
        _ => text,
    };
    if fold::strip_any(inner, &["星期", "周"]).is_some_and(|day| day.chars().count() == 1) {
        return true;
    }
    let numbers = inner
        .chars()
        .any(|c| c.is_ascii_digit() || numeral::digit(c).is_some() || "十百年月日%".contains(c));
    inner.chars().count() <= 12 && !numbers && !OPEN.iter().any(|word| inner.contains(word))
}

/// Whether another date stands in a text.
fn next_date(text: &str) -> bool {
    text.char_indices()
        .filter(|(_, c)| c.is_ascii_digit())
        .any(|(at, _)| take(&text[at..]).is_some())
        || text.chars().any(|c| "至到~-".contains(c)) && text.bytes().any(|b| b.is_ascii_digit())
}

fn refused<'a>(refusal: Refusal) -> Coerced<'a> {
    let (kind, message) = match refusal {
        Refusal::Impossible => (
            IssueKind::InvalidDate,
            Bilingual::new("日期不存在", "there is no such date"),
        ),
        Refusal::NoYear => (
            IssueKind::UnreadableValue,
            Bilingual::new("日期缺少年份", "the date has no year"),
        ),
        Refusal::Range => (
            IssueKind::UnreadableValue,
            Bilingual::new(
                "同一单元格内有多个日期，不能确定取哪一个",
                "the cell holds several dates, and which is meant is not certain",
            ),
        ),
        Refusal::FirstOrTenth => (
            IssueKind::UnreadableValue,
            Bilingual::new(
                "以数字存储的年月，不能确定是1月还是10月",
                "a month stored as a number: January or October is not certain",
            ),
        ),
        Refusal::TwoDates => (
            IssueKind::UnreadableValue,
            Bilingual::new(
                "六位数字可读作年月，也可读作年月日",
                "six digits that can be a year and month or a full date",
            ),
        ),
        Refusal::OutOfRange => (
            IssueKind::UnreadableValue,
            Bilingual::new(
                "日期的年份超出合理范围，可能误填",
                "the year is out of range and probably mistyped",
            ),
        ),
        Refusal::Fault(fault) => (IssueKind::UnreadableValue, fault.message("日期", "a date")),
    };
    Coerced::unreadable(
        kind,
        message,
        Bilingual::new(
            "核对原件，按 2024-03-01 的写法填写",
            "Check the document and enter the date as 2024-03-01",
        ),
    )
}
