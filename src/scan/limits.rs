//! Limits at a law date: the value in force, or the hull of those in force where the date is not one day.

use super::interval::Interval;
use super::truth::Cause;
use super::value::{Text, Value};
use crate::ledger::{Day, DaySpan, FlagValue};
use crate::rules::{Limit, LimitValue, Segment, Unset};

/// A limit at a law date: its value, and the segments it was taken from by their places.
pub(crate) struct InForce<'a> {
    /// The value.
    pub(crate) value: Value<'a>,
    /// The segments.
    pub(crate) segments: Vec<usize>,
}

/// The value of a limit on a law date. Before the first value and after an ended one it is absent, never extrapolated;
/// on a date that is not known it is known only where it is the same on every date.
pub(crate) fn in_force(limit: &Limit, date: DaySpan, unclear: Cause) -> InForce<'_> {
    let nothing = |value| InForce {
        value,
        segments: Vec::new(),
    };
    if limit.values.is_empty() {
        return nothing(match limit.unset {
            Unset::None => Value::NoThreshold,
            Unset::NotRun => Value::Absent,
        });
    }
    let segments: Vec<usize> = (0..limit.values.len())
        .filter(|&place| {
            let segment = &limit.values[place];
            segment.from <= date.last && date.first <= segment.to
        })
        .collect();
    if !covers(segments.iter().map(|&place| &limit.values[place]), date) {
        // A date that is unclear might lie where there is a value: then the date is what is missing.
        return nothing(if segments.is_empty() || unclear == Cause::NONE {
            Value::Absent
        } else {
            Value::Unknown(unclear)
        });
    }
    let value = segments
        .iter()
        .map(|&place| value_of(&limit.values[place]))
        .reduce(|a, b| a.hull(b, unclear))
        .unwrap_or(Value::Absent);
    let value = match value {
        Value::Durations(durations, _) if durations.len() == 1 => {
            Value::Durations(durations, Cause::NONE)
        }
        other => other,
    };
    InForce { value, segments }
}

/// Whether segments, sorted by their first day, leave no day of a span out.
fn covers<'a>(segments: impl Iterator<Item = &'a Segment>, date: DaySpan) -> bool {
    let mut next = date.first;
    for segment in segments {
        if segment.from > next {
            return false;
        }
        if segment.to >= date.last {
            return true;
        }
        next = segment.to.plus_days(1);
    }
    false
}

fn value_of(segment: &Segment) -> Value<'_> {
    match &segment.value {
        LimitValue::Money(value) | LimitValue::Number(value) => {
            Value::Decimal(Interval::point(*value), Cause::NONE)
        }
        LimitValue::Duration(duration) => Value::Durations(vec![*duration], Cause::NONE),
        LimitValue::Date(day) => {
            Value::Whole(Interval::point(i64::from(day.number())), Cause::NONE)
        }
        LimitValue::Flag(flag) => Value::Flag(if *flag { FlagValue::Yes } else { FlagValue::No }),
        LimitValue::List(texts) => Value::List(
            texts
                .iter()
                .map(|text| Value::Text(Text::plain(text.as_str())))
                .collect(),
        ),
        LimitValue::Tiers(tiers) => Value::Tiers(tiers),
    }
}

/// Every day there is: the law date of an act whose date nobody knows.
pub(crate) const ANY_DAY: DaySpan = DaySpan {
    first: Day::MIN,
    last: Day::MAX,
};

#[cfg(test)]
mod tests {
    use super::{ANY_DAY, in_force};
    use crate::ledger::{Day, DaySpan};
    use crate::rules::{Limit, LimitScope, LimitType, LimitValue, Segment, Unset};
    use crate::scan::truth::Cause;
    use crate::scan::value::Value;

    fn day(text: &str) -> Day {
        Day::from_civil(text.parse().expect("a date"))
    }

    fn limit(segments: &[(&str, &str, i64)], unset: Unset) -> Limit {
        Limit {
            name: "上限".to_owned(),
            en: String::new(),
            ty: LimitType::Number,
            scope: LimitScope::Local,
            values: segments
                .iter()
                .map(|&(from, to, value)| Segment {
                    from: if from.is_empty() { Day::MIN } else { day(from) },
                    to: if to.is_empty() { Day::MAX } else { day(to) },
                    value: LimitValue::Number(value.into()),
                    text: value.to_string(),
                    basis: String::new(),
                    restated: false,
                })
                .collect(),
            ask: String::new(),
            ask_en: String::new(),
            unset,
        }
    }

    fn shown(limit: &Limit, first: &str, last: &str) -> String {
        let date = DaySpan {
            first: day(first),
            last: day(last),
        };
        let unclear = if first == last {
            Cause::NONE
        } else {
            Cause::CELL
        };
        show(&in_force(limit, date, unclear).value)
    }

    fn show(value: &Value<'_>) -> String {
        match value {
            Value::Decimal(interval, _) => match interval.as_point() {
                Some(point) => point.to_string(),
                None => format!("{}..{}", interval.lo.expect("lo"), interval.hi.expect("hi")),
            },
            Value::Absent => "absent".to_owned(),
            Value::NoThreshold => "none".to_owned(),
            Value::Unknown(_) => "unknown".to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_limit_holds_on_its_days_and_is_never_extrapolated() {
        let dated = limit(
            &[
                ("2016-12-27", "2017-06-30", 5),
                ("2017-07-01", "2020-12-31", 3),
            ],
            Unset::NotRun,
        );
        for (first, last, want) in [
            ("2016-12-26", "2016-12-26", "absent"),
            ("2016-12-27", "2016-12-27", "5"),
            ("2017-06-30", "2017-06-30", "5"),
            ("2017-07-01", "2017-07-01", "3"),
            ("2020-12-31", "2020-12-31", "3"),
            ("2021-01-01", "2021-01-01", "absent"),
            ("2017-06-01", "2017-07-31", "3..5"),
            ("2017-08-01", "2017-08-31", "3"),
            ("2016-12-01", "2016-12-31", "unknown"),
        ] {
            assert_eq!(shown(&dated, first, last), want, "{first}..{last}");
        }
        assert_eq!(
            show(&in_force(&dated, ANY_DAY, Cause::CELL).value),
            "unknown"
        );
        let always = limit(&[("", "", 7)], Unset::NotRun);
        assert_eq!(show(&in_force(&always, ANY_DAY, Cause::CELL).value), "7");
    }

    #[test]
    fn a_gap_between_two_values_is_no_value() {
        let gap = limit(
            &[("2019-01-01", "2019-12-31", 5), ("2021-01-01", "", 3)],
            Unset::NotRun,
        );
        assert_eq!(shown(&gap, "2020-06-01", "2020-06-01"), "absent");
        assert_eq!(shown(&gap, "2019-06-01", "2021-06-01"), "unknown");
    }

    #[test]
    fn an_unset_limit_is_absent_or_no_threshold() {
        assert_eq!(
            shown(&limit(&[], Unset::NotRun), "2020-01-01", "2020-01-01"),
            "absent"
        );
        assert_eq!(
            shown(&limit(&[], Unset::None), "2020-01-01", "2020-01-01"),
            "none"
        );
    }
}
