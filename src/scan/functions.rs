//! The functions of conditions on intervals and on values that are not known.

use rust_decimal::Decimal;

use super::eval::missing;
use super::interval::Interval;
use super::truth::{Cause, Truth};
use super::value::{Text, Value};
use crate::ledger::Day;
use crate::rules::expr::Function;
use crate::rules::{Calendar, functions};

/// Calls a function.
pub(crate) fn call<'a>(
    function: Function,
    arguments: &[Value<'a>],
    calendar: &Calendar,
) -> Value<'a> {
    match (function, arguments) {
        (Function::Normalize, [Value::Text(text)]) => {
            Value::Text(Text::plain(functions::normalize(&text.text).into_owned()))
        }
        (Function::StripSection, [Value::Text(text)]) => {
            Value::Text(Text::plain(functions::strip_section(&text.text)))
        }
        (Function::Similar, [Value::Text(a), Value::Text(b)]) => {
            Value::Truth(Truth::known(functions::similar(&a.text, &b.text)))
        }
        (Function::Similar, [a, b]) => Value::Truth(Truth::unknown(a.cause().needing(b.cause()))),
        (Function::TextLength, [Value::Text(text)]) => {
            let length = functions::text_length(&text.text);
            Value::Decimal(Interval::point(Decimal::from(length)), Cause::NONE)
        }
        // An empty text has no characters, as it contains nothing.
        (Function::TextLength, [Value::Empty(_)]) => {
            Value::Decimal(Interval::point(Decimal::ZERO), Cause::NONE)
        }
        (Function::Year, [Value::Whole(date, cause)]) => {
            let end = |end| day(end).and_then(functions::year).map(Decimal::from);
            Value::decimal(
                Interval {
                    lo: end(date.lo),
                    hi: end(date.hi),
                },
                *cause,
            )
        }
        (Function::Month, [Value::Whole(date, cause)]) => {
            let (first, last) = (day(date.lo), day(date.hi));
            let year = |day: Option<Day>| day.and_then(functions::year);
            let month = |day: Option<Day>| day.and_then(functions::month).map(Decimal::from);
            let interval = if year(first).is_some() && year(first) == year(last) {
                Interval {
                    lo: month(first),
                    hi: month(last),
                }
            } else {
                Interval {
                    lo: Some(Decimal::ONE),
                    hi: Some(Decimal::from(12)),
                }
            };
            Value::decimal(interval, *cause)
        }
        (Function::Years, [Value::Whole(from, a), Value::Whole(to, b)]) => {
            let years = |from, to| {
                day(from)
                    .zip(day(to))
                    .and_then(|(from, to)| functions::years_between(from, to))
            };
            let interval = Interval {
                lo: years(from.hi, to.lo),
                hi: years(from.lo, to.hi),
            };
            Value::decimal(interval, *a | *b)
        }
        (Function::Years, [Value::Durations(durations, cause)]) => durations
            .iter()
            .map(|&duration| functions::years_of(duration).map(Interval::point))
            .reduce(|a, b| a.zip(b).map(|(a, b)| a.hull(b)))
            .flatten()
            .map_or(Value::Unknown(*cause | Cause::CELL), |interval| {
                Value::decimal(interval, *cause)
            }),
        (Function::Years, [Value::Length(unit, length, cause)]) => {
            let years = |end: Option<i64>| functions::years_of(unit.duration(end?)?);
            let interval = Interval {
                lo: years(length.lo),
                hi: years(length.hi),
            };
            Value::decimal(interval, *cause)
        }
        (Function::NextWorkday, [Value::Whole(date, cause)]) => {
            let moved = |end| day(end).map(|day| functions::next_workday(calendar, day));
            let number = |day: Day| i64::from(day.number());
            let interval = Interval {
                lo: moved(date.lo).map(|span| number(span.first)),
                hi: moved(date.hi).map(|span| number(span.last)),
            };
            // Without the year's calendar a document is lacking, but it is the date's cell that a reader can look at.
            Value::whole(interval, *cause)
        }
        (Function::Tier, [Value::Tiers(tiers), Value::Decimal(amount, cause)]) => {
            let at = |amount| functions::tier(tiers, amount);
            match (amount.lo.and_then(at), amount.hi) {
                (Some(low), Some(high)) if at(high) == Some(low) => {
                    Value::Text(Text::plain(low.to_owned()))
                }
                // The last tier has no end.
                (Some(low), None) if tiers.last().is_some_and(|last| last.entry == low) => {
                    Value::Text(Text::plain(low.to_owned()))
                }
                _ => Value::Unknown(*cause | Cause::CELL),
            }
        }
        (_, arguments) => missing(&arguments.iter().collect::<Vec<_>>()),
    }
}

fn day(number: Option<i64>) -> Option<Day> {
    number
        .and_then(|number| i32::try_from(number).ok())
        .map(Day::from_number)
}
