//! Working days and holidays as the State Council published them.

use std::collections::BTreeMap;

use crate::ledger::{Day, DaySpan};

/// Working days and holidays, by year.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// For each year known, the days whose kind differs from the weekday's: `true` for a holiday on a weekday, `false`
    /// for a weekend day that is worked (调休).
    pub exceptions: BTreeMap<i16, BTreeMap<Day, bool>>,
}

/// The longest run of statutory holidays with the weekends about it, beyond which a day is certainly past: used where
/// the year's calendar is not known.
const LONGEST_HOLIDAY: i64 = 9;

impl Calendar {
    /// Whether a day is no working day; `None` where its year is not known.
    pub fn is_holiday(&self, day: Day) -> Option<bool> {
        let date = day.civil()?;
        let exceptions = self.exceptions.get(&date.year())?;
        let weekend = matches!(
            date.weekday(),
            jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
        );
        Some(exceptions.get(&day).copied().unwrap_or(weekend))
    }

    /// The next day that is no holiday, from the day itself on (民法典 第二百零三条); without the year's calendar the
    /// span of nine days in which it certainly lies.
    pub fn next_workday(&self, day: Day) -> DaySpan {
        let mut at = day;
        loop {
            match self.is_holiday(at) {
                None => {
                    return DaySpan {
                        first: day,
                        last: day.plus_days(LONGEST_HOLIDAY),
                    };
                }
                Some(false) => return DaySpan::day(at),
                Some(true) => at = at.plus_days(1),
            }
        }
    }

    /// The day that lies a number of working days later; without the calendar the span in which it certainly lies.
    pub fn plus_workdays(&self, day: Day, count: i32) -> DaySpan {
        let (mut at, mut left) = (day, count);
        while left > 0 {
            at = at.plus_days(1);
            match self.is_holiday(at) {
                // At least the days themselves, at most two weekend days in seven and two long holidays more.
                None => {
                    let count = i64::from(count);
                    return DaySpan {
                        first: day.plus_days(count),
                        last: day.plus_days(count * 7 / 5 + 2 + 2 * LONGEST_HOLIDAY),
                    };
                }
                Some(false) => left -= 1,
                Some(true) => {}
            }
        }
        DaySpan::day(at)
    }
}
