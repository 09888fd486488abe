//! Dates in ISO form, as some file formats store them, into the serials of a sheet.

use super::DateSystem;

/// The date serial of `2021-03-05`, `2021-03-05T12:30:00` or with fractions of a second; `None` for anything else,
/// and for days before March 1900, where the serials of spreadsheet programs disagree.
pub(super) fn serial(text: &str, system: DateSystem) -> Option<f64> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.splitn(3, '-');
    let year: i64 = digits(parts.next()?, 4, 4)?;
    let month: i64 = digits(parts.next()?, 1, 2)?;
    let day: i64 = digits(parts.next()?, 1, 2)?;
    if !(1..=12).contains(&month) || day < 1 || day > days_of_month(year, month) {
        return None;
    }
    let days = days_since_1970(year, month, day);
    let epoch = match system {
        DateSystem::From1900 => days_since_1970(1899, 12, 30),
        DateSystem::From1904 => days_since_1970(1904, 1, 1),
    };
    let first = match system {
        DateSystem::From1900 => days_since_1970(1900, 3, 1),
        DateSystem::From1904 => epoch,
    };
    if days < first {
        return None;
    }
    let fraction = match time {
        Some(time) => day_fraction(time)?,
        None => 0.0,
    };
    // Day counts are below 2^22, so they are exact.
    #[expect(clippy::cast_precision_loss, reason = "at most 3 million")]
    Some((days - epoch) as f64 + fraction)
}

/// `12:30:00`, `12:30`, `12:30:00.000`, with an optional `Z`, as a share of the day.
fn day_fraction(time: &str) -> Option<f64> {
    let mut parts = time.trim_end_matches('Z').splitn(3, ':');
    let hours: f64 = parts.next()?.parse().ok()?;
    let minutes: f64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    let valid = (0.0..24.0).contains(&hours)
        && (0.0..60.0).contains(&minutes)
        && (0.0..60.0).contains(&seconds);
    valid.then_some((hours * 3600.0 + minutes * 60.0 + seconds) / 86400.0)
}

fn digits(text: &str, least: usize, most: usize) -> Option<i64> {
    let valid = (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    valid.then(|| text.parse().ok()).flatten()
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Counted from March, so that the leap day is the last of the year.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::{DateSystem, serial};

    #[test]
    fn serials_are_those_of_a_spreadsheet_program() {
        for (text, want) in [
            ("1900-03-01", Some(61.0)),
            ("2021-03-05", Some(44260.0)),
            ("2021-03-05T12:00:00", Some(44260.5)),
            ("2021-03-05T00:00:00.000", Some(44260.0)),
            ("2000-02-29", Some(36585.0)),
            ("1900-02-28", None),
            ("2021-02-30", None),
            ("2021", None),
            ("PT12H", None),
            ("", None),
        ] {
            assert_eq!(serial(text, DateSystem::From1900), want, "{text}");
        }
        assert_eq!(serial("1904-01-02", DateSystem::From1904), Some(1.0));
    }
}
