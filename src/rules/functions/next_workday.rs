//! `顺延(日期)` → date.

use crate::ledger::{Day, DaySpan};
use crate::rules::Calendar;

/// `顺延(日期)`: the next day that is no statutory holiday, from the day itself on (民法典 第二百零三条); without the
/// year's calendar the days in which it certainly lies.
pub fn next_workday(calendar: &Calendar, day: Day) -> DaySpan {
    if day == Day::MIN || day == Day::MAX {
        return DaySpan::day(day);
    }
    calendar.next_workday(day)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::next_workday;
    use crate::ledger::{Day, DaySpan};
    use crate::rules::Calendar;

    #[test]
    fn a_deadline_on_a_holiday_moves_and_one_without_a_calendar_is_a_span() {
        let day = |y, m, d| Day::from_ymd(y, m, d).expect("a day");
        // 2024-10-01 to 07 are holidays, Saturday 2024-10-12 is worked.
        let exceptions = [
            (1, true),
            (2, true),
            (3, true),
            (4, true),
            (7, true),
            (12, false),
        ]
        .map(|(d, holiday)| (day(2024, 10, d), holiday));
        let calendar = Calendar {
            exceptions: BTreeMap::from([(2024, BTreeMap::from(exceptions))]),
        };
        assert_eq!(
            next_workday(&calendar, day(2024, 10, 1)),
            DaySpan::day(day(2024, 10, 8))
        );
        assert_eq!(
            next_workday(&calendar, day(2024, 10, 12)),
            DaySpan::day(day(2024, 10, 12))
        );
        assert_eq!(
            next_workday(&calendar, day(2024, 9, 30)),
            DaySpan::day(day(2024, 9, 30))
        );
        assert_eq!(
            next_workday(&calendar, day(2031, 5, 1)),
            DaySpan {
                first: day(2031, 5, 1),
                last: day(2031, 5, 10)
            }
        );
        assert_eq!(next_workday(&calendar, Day::MAX), DaySpan::day(Day::MAX));
    }
}
