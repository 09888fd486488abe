//! `年(日期)` → number.

use crate::ledger::Day;

/// `年(日期)`: the year of a date; `None` for a day without end.
pub fn year(day: Day) -> Option<i64> {
    day.civil().map(|date| i64::from(date.year()))
}

#[cfg(test)]
mod tests {
    use super::year;
    use crate::ledger::Day;

    #[test]
    fn the_year_is_that_of_the_calendar() {
        assert_eq!(Day::from_ymd(2024, 12, 31).and_then(year), Some(2024));
        assert_eq!(Day::from_ymd(2025, 1, 1).and_then(year), Some(2025));
        assert_eq!(year(Day::MAX), None);
    }
}
