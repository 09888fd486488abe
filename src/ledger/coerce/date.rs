//! Dates, in all the spellings of a ledger, as precisely as they are told.

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

/// All days of a year.
fn year_span(year: i32) -> Option<DaySpan> {
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
    let begin = fold::strip_any(text, &["已于", "于", "自", "从", "至", "到"])
        .unwrap_or(text)
        .trim_start();
    let Some(taken) = take(begin) else {
        return Err(no_date(text));
    };
    let rest = after_time(taken.rest);
    if !is_note(rest) {
        return Err(match next_date(rest) {
            true => Refusal::Range,
            false => Refusal::Fault(Fault::of_text(text)),
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
    Refusal::Fault(Fault::of_text(text))
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
    let (mark, rest) = take_mark(rest, &['年', '.', '/', '-'])?;
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
        // 24.3 may be a month of 2024 or a number.
        (!short || spoken).then(|| Taken {
            span: DaySpan::month(year, month),
            year,
            rest,
        })
    };
    let (day_mark, day_text) = match take_mark(rest, &['月', '.', '/', '-']) {
        Some(taken) => taken,
        None if spoken => return None,
        None => return month_only(rest),
    };
    let behind_month = if day_mark == '月' {
        strip_measure(day_text, &["份"])
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
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')))
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
        Refusal::Fault(fault) => (IssueKind::UnreadableValue, fault.message("日期", "date")),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::of_serial;
    use crate::ledger::coerce::testing::{assert_texts, field, print, print_with};
    use crate::ledger::coerce::{ColumnUnit, Raw, cell};
    use crate::ledger::{Day, FieldType};
    use crate::read::DateSystem;

    #[test]
    fn dates_are_read() {
        let field = field(FieldType::Date);
        assert_texts(
            &field,
            &[
                ("2024-3-1", "2024-03-01"),
                ("2024-03-01", "2024-03-01"),
                ("2024/3/1", "2024-03-01"),
                ("2024.3.1", "2024-03-01"),
                ("2024.3.1 ", "2024-03-01"),
                ("2024．3．1", "2024-03-01"),
                ("2024。3。1", "2024-03-01"),
                ("2024—3—1", "2024-03-01"),
                ("2024、3", "?"),
                ("2024.3.1.", "2024-03-01"),
                ("2024.03/01", "2024-03-01"),
                ("2024年3月1日", "2024-03-01"),
                ("2024年3月1号", "2024-03-01"),
                ("2024年3月1", "2024-03-01"),
                ("2024年03月01日", "2024-03-01"),
                ("2021年     01月       28日", "2021-01-28"),
                ("２０２４年３月１日", "2024-03-01"),
                ("2024 年 3 月 1 日", "2024-03-01"),
                ("2024. 3. 1", "2024-03-01"),
                ("2024 3 1", "2024-03-01"),
                ("2024年3.1", "2024-03-01"),
                ("20240301", "2024-03-01"),
                ("24.3.1", "2024-03-01"),
                ("20.3.5", "2020-03-05"),
                ("98.3.5", "1998-03-05"),
                ("24年3月1日", "2024-03-01"),
                ("240301", "2024-03-01"),
                ("二〇二四年三月一日", "2024-03-01"),
                ("二○二四年十二月三十一日", "2024-12-31"),
                ("二零二四年三月廿一日", "2024-03-21"),
                ("贰零贰肆年叁月壹拾伍日", "2024-03-15"),
                ("2024-03-01 10:30", "2024-03-01"),
                ("2024-03-01 00:00:00", "2024-03-01"),
                ("2024-03-01T00:00:00.000Z", "2024-03-01"),
                ("2024/3/1 0:00", "2024-03-01"),
                ("2024年3月1日 上午9时30分", "2024-03-01"),
                ("2024年3月1日星期五", "2024-03-01"),
                ("2024-3-1（周五）", "2024-03-01"),
                ("至2024年12月31日止", "2024-12-31"),
                ("自2020年1月1日起", "2020-01-01"),
                ("2013/5/29交某某", "2013-05-29"),
                ("2024.3.1（补签）", "?"),
                ("2024.3.1（村民代表会议）", "2024-03-01"),
                ("已于2024-3-1备案", "2024-03-01"),
                ("'2024-3-1", "2024-03-01"),
                ("45352", "2024-03-01"),
                ("2024.3", "2024-03"),
                ("2024.10", "2024-10"),
                ("2020.1", "2020-01"),
                ("2024/3", "2024-03"),
                ("2024-03", "2024-03"),
                ("2024年3月", "2024-03"),
                ("2024年3月份", "2024-03"),
                ("24年3月", "2024-03"),
                ("202403", "2024-03"),
                ("2024年", "2024-01-01/2024-12-31"),
                ("2024年度", "2024-01-01/2024-12-31"),
                ("2024", "2024-01-01/2024-12-31"),
                ("", "空"),
                ("—", "空"),
                ("---", "空"),
                ("/", "空"),
                ("无", "空"),
                ("待补", "空"),
            ],
        );
    }

    #[test]
    fn what_is_no_certain_date_is_refused() {
        let field = field(FieldType::Date);
        let mut wrong = Vec::new();
        for (texts, kind) in [
            (
                &[
                    "2021.2.29",
                    "2020/00/12",
                    "2024.11.31",
                    "2024-13-01",
                    "2024年2月30日",
                    "2月30日",
                    "20240230",
                    "2024.13",
                    "202413",
                    "2024.3.32",
                    "二〇二四年二月三十日",
                ][..],
                "invalid-date",
            ),
            (
                &[
                    "3月1日",
                    "分批成立",
                    "按合同约定",
                    "2024.3.1-2024.5.1",
                    "2024年3月1日至5月1日",
                    "2024.3.1、2024.5.1",
                    "2024.3.1/2024.5.1",
                    "2024年3月1日前",
                    "2024.3.1左右",
                    "约2024.3.1",
                    "预计2024年3月",
                    "24.3",
                    "201203",
                    "1/3/2024",
                    "2013/5/29交2000元",
                    "2024-3-1拟备案",
                    "12",
                    "99999999",
                    "是",
                    "HT-2024-3-1",
                    "2024年3月底",
                    "70.3.5",
                    "2024..3.1",
                    "010203",
                    "2O24.3.1",
                ],
                "unreadable-value",
            ),
        ] {
            for text in texts {
                let read = cell(Raw::Text(text), &field, ColumnUnit::default());
                let got = read.issue.map_or("none", |issue| issue.kind.id());
                if got != kind || print(Raw::Text(text), &field) != "?" {
                    wrong.push((text, got));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn numbers_and_serials_are_read() {
        let field = field(FieldType::Date);
        for (raw, want) in [
            (Raw::Serial(45_352.0, DateSystem::From1900), "2024-03-01"),
            (Raw::Serial(45_352.75, DateSystem::From1900), "2024-03-01"),
            (Raw::Serial(43_890.0, DateSystem::From1904), "2024-03-01"),
            (Raw::Serial(60.0, DateSystem::From1900), "?"),
            (Raw::Serial(0.0, DateSystem::From1900), "?"),
            (Raw::Serial(-1.0, DateSystem::From1900), "?"),
            (Raw::Serial(2024.0, DateSystem::From1900), "?"),
            (Raw::Serial(f64::NAN, DateSystem::From1900), "?"),
            (Raw::Serial(1e9, DateSystem::From1900), "?"),
            (Raw::Number(45_352.0), "2024-03-01"),
            (Raw::Number(20_240_301.0), "2024-03-01"),
            (Raw::Number(202_403.0), "2024-03"),
            (Raw::Number(2024.0), "2024-01-01/2024-12-31"),
            (Raw::Number(2024.3), "2024-03"),
            (Raw::Number(2024.12), "2024-12"),
            (Raw::Number(2024.01), "2024-01"),
            (Raw::Number(2024.1), "?"),
            (Raw::Number(2024.13), "?"),
            (Raw::Number(100.0), "?"),
            (Raw::Number(-45_352.0), "?"),
            (Raw::Number(120_000.0), "?"),
        ] {
            assert_eq!(print(raw, &field), want, "{raw:?}");
        }
        let from_1904 = ColumnUnit {
            dates: DateSystem::From1904,
            ..ColumnUnit::default()
        };
        assert_eq!(
            print_with(Raw::Number(43_890.0), &field, from_1904),
            "2024-03-01"
        );
        assert_eq!(
            of_serial(1.0, DateSystem::From1900),
            Day::from_ymd(1900, 1, 1)
        );
        assert_eq!(
            of_serial(59.0, DateSystem::From1900),
            Day::from_ymd(1900, 2, 28)
        );
        assert_eq!(
            of_serial(61.0, DateSystem::From1900),
            Day::from_ymd(1900, 3, 1)
        );
    }

    /// The numeral of a number below one hundred, as dates spell it.
    fn spoken(number: i8) -> String {
        const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
        let (tens, ones) = (
            usize::try_from(number / 10).expect("small"),
            usize::try_from(number % 10).expect("small"),
        );
        match tens {
            0 => DIGITS[ones].to_owned(),
            1 => format!("十{}", DIGITS[ones]),
            _ => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        }
    }

    proptest! {
        #[test]
        fn any_spelling_of_a_date_reads_back(number in 0_i32..40_000, spelling in 0_usize..12) {
            let day = Day::from_number(number);
            let date = day.civil().expect("in range");
            let (y, m, d) = (date.year(), date.month(), date.day());
            let text = match spelling {
                0 => format!("{y}-{m:02}-{d:02}"),
                1 => format!("{y}-{m}-{d}"),
                2 => format!("{y}.{m}.{d}"),
                3 => format!("{y}/{m}/{d}"),
                4 => format!("{y}年{m}月{d}日"),
                5 => format!("{y}年 {m:02}月 {d:02}日"),
                6 => format!("{y}{m:02}{d:02}"),
                7 => format!("{y}．{m}．{d} "),
                8 => format!("{y}-{m:02}-{d:02} 00:00:00"),
                9 => format!("{y}/{m}/{d}星期日"),
                10 => {
                    let year: String = y.to_string().bytes().map(|b| ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"][usize::from(b - b'0')]).collect();
                    format!("{year}年{}月{}日", spoken(m), spoken(d))
                }
                _ => format!("{y}年{m}月{d}号"),
            };
            prop_assert_eq!(print(Raw::Text(&text), &field(FieldType::Date)), day.to_string(), "{}", text);
        }

        #[test]
        fn any_serial_of_both_systems_reads_back(number in 0_i32..40_000) {
            let day = Day::from_number(number);
            let field = field(FieldType::Date);
            let serial = f64::from(number) + 25_569.0;
            prop_assert_eq!(print(Raw::Serial(serial, DateSystem::From1900), &field), day.to_string());
            prop_assert_eq!(print(Raw::Serial(serial - 1462.0, DateSystem::From1904), &field), day.to_string());
        }
    }
}
