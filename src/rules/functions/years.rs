//! `年数(起, 止)` and `年数(期限)` → number.

use rust_decimal::Decimal;

use crate::ledger::Day;
use crate::rules::Duration;

/// `年数(起, 止)`: how many years from a first to a last day, both included, as leases state them: 2020-01-01 to
/// 2024-12-31 is 5. Whole months count a twelfth, the days that remain a 365th; rounded to four digits. Negative where the
/// last day lies before the first; `None` for days without end.
pub fn years_between(first: Day, last: Day) -> Option<Decimal> {
    let end = last.plus_days(1);
    if end < first {
        return years_between(end, first.plus_days(-1)).map(|years| -years);
    }
    let (from, to) = (first.civil()?, end.civil()?);
    let mut months = (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month())
        - i64::from(from.month());
    if first.plus_months(months) > end {
        months -= 1;
    }
    let days = end.number() - first.plus_months(months).number();
    let years =
        Decimal::from(months) / Decimal::from(12) + Decimal::from(days) / Decimal::from(365);
    Some(years.round_dp(4).normalize())
}

/// `年数(期限)`: how many years a length of time is: a twelfth of its months, a 365th of its days; rounded to four digits.
/// Working days have none.
pub fn years_of(duration: Duration) -> Option<Decimal> {
    let years = match duration {
        Duration::Months(months) => Decimal::from(months) / Decimal::from(12),
        Duration::Days(days) => Decimal::from(days) / Decimal::from(365),
        Duration::WorkingDays(_) => return None,
    };
    Some(years.round_dp(4).normalize())
}

#[cfg(test)]
mod tests {
    use super::{years_between, years_of};
    use crate::ledger::Day;
    use crate::rules::Duration;

    fn day(text: &str) -> Day {
        Day::from_civil(text.parse().expect("a date"))
    }

    #[test]
    fn years_count_both_ends() {
        for (first, last, want) in [
            ("2020-01-01", "2024-12-31", "5"),
            ("2020-01-01", "2020-06-30", "0.5"),
            ("2020-03-15", "2021-03-14", "1"),
            ("2020-01-01", "2020-01-01", "0.0027"),
            ("2020-01-02", "2020-01-01", "0"),
            ("2024-12-31", "2020-01-01", "-4.9961"),
        ] {
            let years = years_between(day(first), day(last)).expect("years");
            assert_eq!(years.to_string(), want, "{first} {last}");
        }
        assert_eq!(years_between(day("2020-01-01"), Day::MAX), None);
    }

    #[test]
    fn a_length_has_years() {
        let shown = |duration| years_of(duration).map(|years| years.to_string());
        assert_eq!(shown(Duration::Months(240)).as_deref(), Some("20"));
        assert_eq!(shown(Duration::Days(365)).as_deref(), Some("1"));
        assert_eq!(shown(Duration::WorkingDays(5)), None);
    }
}
