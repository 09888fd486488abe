//! `月(日期)` → number.

use crate::ledger::Day;

/// `月(日期)`: the month of a date, 1 to 12; `None` for a day without end.
pub fn month(day: Day) -> Option<i64> {
    day.civil().map(|date| i64::from(date.month()))
}

#[cfg(test)]
mod tests {
    use super::month;
    use crate::ledger::Day;

    #[test]
    fn the_month_counts_from_one() {
        assert_eq!(Day::from_ymd(2024, 12, 31).and_then(month), Some(12));
        assert_eq!(Day::from_ymd(2024, 1, 1).and_then(month), Some(1));
        assert_eq!(month(Day::MAX), None);
    }
}
