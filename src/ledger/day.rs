//! Days and spans of days.

use std::fmt;

/// A calendar day, as the number of days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(i32);

/// Days of the first day of 1970 in a count from 0000-03-01, for the civil-from-days method.
const EPOCH_FROM_MARCH: i32 = 719_468;

impl Day {
    /// Before every day that a ledger can hold.
    pub const MIN: Self = Self(i32::MIN);
    /// After every day that a ledger can hold: the end of an open span (长期).
    pub const MAX: Self = Self(i32::MAX);

    /// The day of a date of the proleptic Gregorian calendar; `None` where there is no such day.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = jiff::civil::Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        );
        date.ok().map(Self::from_civil)
    }

    /// The day of a civil date.
    pub fn from_civil(date: jiff::civil::Date) -> Self {
        // Howard Hinnant's days_from_civil, with years that begin in March.
        let (y, m, d) = (
            i32::from(date.year()),
            i32::from(date.month()),
            i32::from(date.day()),
        );
        let y = if m <= 2 { y - 1 } else { y };
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - EPOCH_FROM_MARCH)
    }

    /// The civil date; `None` for [`Day::MIN`], [`Day::MAX`] and days out of the years -9999 to 9999.
    pub fn civil(self) -> Option<jiff::civil::Date> {
        let z = self.0.checked_add(EPOCH_FROM_MARCH)?;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        jiff::civil::Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
        .ok()
    }

    /// The number of days since 1970-01-01.
    pub fn number(self) -> i32 {
        self.0
    }

    /// The day of a number of days since 1970-01-01.
    pub fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// The day some days later (or earlier); the ends stay where they are.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        if self == Self::MIN || self == Self::MAX {
            return self;
        }
        let moved = i64::from(self.0).saturating_add(days);
        Self(i32::try_from(moved.clamp(i64::from(i32::MIN), i64::from(i32::MAX))).unwrap_or(self.0))
    }

    /// The corresponding day some months later (or earlier), or the last of that month where there is none
    /// (民法典 第二百零二条); the ends stay where they are.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let Some(date) = self.civil() else {
            return self;
        };
        let beyond = if months < 0 { Self::MIN } else { Self::MAX };
        let Ok(months) = i32::try_from(months) else {
            return beyond;
        };
        date.checked_add(jiff::Span::new().try_months(months).unwrap_or_default())
            .map_or(beyond, Self::from_civil)
    }
}

impl fmt::Display for Day {
    /// ISO 8601: `2024-03-01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.civil() {
            Some(date) => write!(f, "{date}"),
            None if *self == Self::MAX => f.write_str("∞"),
            None => f.write_str("-∞"),
        }
    }
}

/// The days a date can be, first to last, both included: one day for a full date, a month for `2021.3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DaySpan {
    /// The earliest.
    pub first: Day,
    /// The latest.
    pub last: Day,
}

impl DaySpan {
    /// A span of one day.
    pub fn day(day: Day) -> Self {
        Self {
            first: day,
            last: day,
        }
    }

    /// All days of a month; `None` where there is no such month.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let first = Day::from_ymd(year, month, 1)?;
        Some(Self {
            first,
            last: first.plus_months(1).plus_days(-1),
        })
    }

    /// Whether it is one certain day.
    pub fn is_exact(self) -> bool {
        self.first == self.last
    }

    /// Whether it is exactly the days of one month.
    pub fn is_month(self) -> bool {
        self.first.civil().is_some_and(|d| d.day() == 1)
            && self.first.plus_months(1).plus_days(-1) == self.last
    }
}

impl fmt::Display for DaySpan {
    /// `2024-03-01` for a day, `2024-03` for a month, `2024-01-01/2024-03-31` for any other span.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_exact() {
            write!(f, "{}", self.first)
        } else if self.is_month() {
            let iso = self.first.to_string();
            f.write_str(iso.get(..7).unwrap_or(&iso))
        } else {
            write!(f, "{}/{}", self.first, self.last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, DaySpan};

    #[test]
    fn every_day_of_four_centuries_reads_back() {
        for number in -60_000..100_000 {
            let day = Day::from_number(number);
            let date = day.civil().expect("in range");
            assert_eq!(Day::from_civil(date), day);
        }
        assert_eq!(Day::from_ymd(1970, 1, 1), Some(Day::from_number(0)));
        assert_eq!(Day::from_ymd(2021, 2, 30), None);
    }

    #[test]
    fn months_keep_the_corresponding_day_or_clamp() {
        let day = |y, m, d| Day::from_ymd(y, m, d).expect("a day");
        assert_eq!(day(2004, 1, 1).plus_months(240), day(2024, 1, 1));
        assert_eq!(day(2024, 1, 31).plus_months(1), day(2024, 2, 29));
        assert_eq!(Day::MAX.plus_months(1), Day::MAX);
    }

    #[test]
    fn spans_print_as_precisely_as_they_are_known() {
        assert_eq!(
            DaySpan::month(2024, 2).expect("a month").to_string(),
            "2024-02"
        );
        assert_eq!(
            DaySpan::day(Day::from_ymd(2024, 2, 1).expect("a day")).to_string(),
            "2024-02-01"
        );
    }
}
