//! Arithmetic on values that may be intervals: money, numbers, dates and lengths of time.

use super::eval::{Judge, missing};
use super::interval::Interval;
use super::truth::Cause;
use super::value::Value;
use crate::ledger::{Day, DaySpan};
use crate::rules::Duration;
use crate::rules::expr::{Arithmetic, Type};

impl<'a> Judge<'a> {
    /// Two operands with their types; not known where one is not.
    pub(crate) fn arithmetic(
        &self,
        operation: Arithmetic,
        (left, left_ty): (Value<'a>, &Type),
        (right, right_ty): (Value<'a>, &Type),
    ) -> Value<'a> {
        let cause = left.cause().needing(right.cause());
        match (&left, &right) {
            (Value::NoThreshold, _) | (_, Value::NoThreshold) => Value::NoThreshold,
            (Value::Decimal(a, _), Value::Decimal(b, _)) => a
                .combine(operation, *b)
                .map_or(Value::Unknown(cause | Cause::CELL), |interval| {
                    Value::decimal(interval, cause)
                }),
            (Value::Whole(a, _), Value::Durations(durations, _)) => {
                let sign = if operation == Arithmetic::Subtract {
                    -1
                } else {
                    1
                };
                durations
                    .iter()
                    .map(|&duration| self.shift(*a, duration, sign))
                    .reduce(Interval::hull)
                    .map_or(Value::Unknown(cause | Cause::CELL), |interval| {
                        Value::whole(interval, cause)
                    })
            }
            (Value::Whole(a, _), Value::Length(unit, length, _)) => {
                let sign = if operation == Arithmetic::Subtract {
                    -1
                } else {
                    1
                };
                let end = |number: Option<i64>| {
                    number
                        .and_then(|number| unit.duration(number))
                        .map_or(Interval { lo: None, hi: None }, |length| {
                            self.shift(*a, length, sign)
                        })
                };
                let (least, most) = if sign > 0 {
                    (length.lo, length.hi)
                } else {
                    (length.hi, length.lo)
                };
                let interval = Interval {
                    lo: end(least).lo,
                    hi: end(most).hi,
                };
                Value::whole(interval, cause)
            }
            (Value::Whole(a, _), Value::Whole(b, _))
                if matches!((left_ty, right_ty), (Type::Date, Type::Months)) =>
            {
                let sign = if operation == Arithmetic::Subtract {
                    -1
                } else {
                    1
                };
                let end = |day: Option<i64>, months: Option<i64>| {
                    let day = Day::from_number(i32::try_from(day?).ok()?);
                    let moved = day.plus_months(months?.saturating_mul(sign));
                    (moved != Day::MIN && moved != Day::MAX).then(|| i64::from(moved.number()))
                };
                let (least, most) = if sign > 0 { (b.lo, b.hi) } else { (b.hi, b.lo) };
                Value::whole(
                    Interval {
                        lo: end(a.lo, least),
                        hi: end(a.hi, most),
                    },
                    cause,
                )
            }
            (Value::Whole(a, _), Value::Whole(b, _)) => {
                let plus =
                    |x: Option<i64>, y: Option<i64>| x.zip(y).map(|(x, y)| x.saturating_add(y));
                let minus =
                    |x: Option<i64>, y: Option<i64>| x.zip(y).map(|(x, y)| x.saturating_sub(y));
                let interval = if operation == Arithmetic::Subtract {
                    Interval {
                        lo: minus(a.lo, b.hi),
                        hi: minus(a.hi, b.lo),
                    }
                } else {
                    Interval {
                        lo: plus(a.lo, b.lo),
                        hi: plus(a.hi, b.hi),
                    }
                };
                Value::whole(interval, cause)
            }
            _ => missing(&[&left, &right]),
        }
    }

    /// A date moved by a length of time.
    pub(crate) fn shift(
        &self,
        date: Interval<i64>,
        duration: Duration,
        sign: i64,
    ) -> Interval<i64> {
        let moved = |end: Option<i64>| -> Interval<i64> {
            let Some(day) = end.and_then(|end| i32::try_from(end).ok()) else {
                return Interval { lo: None, hi: None };
            };
            let day = Day::from_number(day);
            let span = match duration {
                Duration::Days(days) => DaySpan::day(day.plus_days(sign * i64::from(days))),
                Duration::Months(months) => DaySpan::day(day.plus_months(sign * i64::from(months))),
                Duration::WorkingDays(days) if sign > 0 => {
                    self.scene.pack.calendar.plus_workdays(day, days)
                }
                // Back over working days no law counts; the bounds hold without any calendar.
                Duration::WorkingDays(days) => DaySpan {
                    first: day.plus_days(-(i64::from(days) * 2 + 20)),
                    last: day.plus_days(-i64::from(days)),
                },
            };
            let number =
                |day: Day| (day != Day::MIN && day != Day::MAX).then(|| i64::from(day.number()));
            Interval {
                lo: number(span.first),
                hi: number(span.last),
            }
        };
        Interval {
            lo: date.lo.and_then(|_| moved(date.lo).lo),
            hi: date.hi.and_then(|_| moved(date.hi).hi),
        }
    }
}
