//! The calendar of working days: dates that everyone remembers, and the shape of the files.
#![allow(missing_docs, reason = "a test has no users")]

use heyan::ledger::{Day, DaySpan};
use heyan::rules::{Calendar, build, built_in};

fn calendar() -> Calendar {
    build(&built_in(), None).pack.calendar
}

fn day(text: &str) -> Day {
    Day::from_civil(text.parse().expect("a date"))
}

#[test]
fn well_known_days_are_what_the_state_council_published() {
    let calendar = calendar();
    for (text, holiday, why) in [
        ("2015-09-03", true, "抗战胜利七十周年"),
        ("2015-09-06", false, "纪念日调休，星期日上班"),
        ("2016-02-14", false, "春节调休，星期日上班"),
        ("2018-12-31", true, "元旦连休"),
        ("2018-12-29", false, "元旦调休，星期六上班"),
        ("2019-05-03", true, "当年四月才改的劳动节连休"),
        ("2020-01-31", true, "延长的春节假期"),
        ("2020-02-03", false, "延长到二月二日为止"),
        ("2020-10-08", true, "国庆中秋同日，连休八天"),
        ("2021-02-07", false, "春节调休，星期日上班"),
        ("2023-01-28", false, "春节调休，星期六上班"),
        ("2024-02-09", false, "除夕未放假"),
        ("2024-05-11", false, "劳动节调休，星期六上班"),
        ("2024-05-12", true, "普通星期日"),
        ("2025-01-28", true, "除夕从2025年起放假"),
        ("2025-01-26", false, "春节调休，星期日上班"),
        ("2025-10-08", true, "国庆中秋连休八天"),
        ("2025-03-05", false, "普通星期三"),
    ] {
        assert_eq!(
            calendar.is_holiday(day(text)),
            Some(holiday),
            "{text} {why}"
        );
    }
}

#[test]
fn a_last_day_on_a_holiday_moves_to_the_next_working_day() {
    let calendar = calendar();
    for (from, to) in [
        ("2024-02-10", "2024-02-18"), // 春节；18日星期日上班
        ("2024-10-01", "2024-10-08"),
        ("2023-05-20", "2023-05-22"),
        ("2023-05-19", "2023-05-19"),
        ("2023-12-30", "2024-01-02"), // 跨年：两年的安排都要有
    ] {
        assert_eq!(
            calendar.next_workday(day(from)),
            DaySpan::day(day(to)),
            "{from}"
        );
    }
    assert_eq!(
        calendar.next_workday(day("2040-05-01")),
        DaySpan {
            first: day("2040-05-01"),
            last: day("2040-05-10")
        },
        "without the year's calendar the day is only known to within nine days"
    );
}

#[test]
fn every_year_lists_only_days_that_differ_from_their_weekday() {
    let calendar = calendar();
    let years: Vec<i16> = calendar.exceptions.keys().copied().collect();
    assert_eq!(years, (2015..=2026).collect::<Vec<i16>>());
    for (year, days) in &calendar.exceptions {
        let mut counts = (0, 0);
        for (day, holiday) in days {
            let date = day.civil().expect("a date");
            let weekend = matches!(
                date.weekday(),
                jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
            );
            assert_eq!(*holiday, !weekend, "{date}");
            if *holiday {
                counts.0 += 1;
            } else {
                counts.1 += 1;
            }
        }
        // Eleven statutory days (thirteen from 2025), those on weekends made up for, and bridges paid for by 调休.
        assert!((16..=19).contains(&counts.0), "{year}: {counts:?}");
        assert!((5..=8).contains(&counts.1), "{year}: {counts:?}");
    }
}
