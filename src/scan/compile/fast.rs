//! Values as far as they can be told without walking an expression, and what is done with them.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::ledger::{Datum, Day};
use crate::rules::Duration;
use crate::rules::expr::{Comparison, Type};
use crate::scan::truth::{Cause, Truth};
use crate::scan::value::Value;

/// A value as far as it can be told without walking the expression.
///
/// A point is whole: money in 1e-8元 (fen times the millionths of a ratio), numbers in millionths, dates in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fast {
    /// Exactly this.
    Point(i64),
    /// There is something, but no point.
    Other,
    /// Nothing.
    Empty(Cause),
    /// The column, ledger or limit is not there.
    Absent,
    /// Something that nobody knows.
    Unknown(Cause),
}

/// Millionths in one.
pub(super) const MICRO: i64 = 1_000_000;

/// A datum as a fast value.
#[inline]
pub(super) fn fast(datum: Datum) -> Fast {
    match datum {
        Datum::Money(fen) => fen.checked_mul(MICRO).map_or(Fast::Other, Fast::Point),
        Datum::Date(span) if span.first == span.last => Fast::Point(i64::from(span.first.number())),
        Datum::Number { mantissa, scale } => {
            micro(mantissa, scale).map_or(Fast::Other, Fast::Point)
        }
        Datum::Empty => Fast::Empty(Cause::CELL),
        Datum::Unreadable => Fast::Unknown(Cause::CELL),
        Datum::Absent => Fast::Absent,
        _ => Fast::Other,
    }
}

/// The datum of a field whose column is optional and not there.
#[inline]
pub(super) fn perhaps(datum: Datum) -> Fast {
    match datum {
        Datum::Absent => Fast::Empty(Cause::ABSENT),
        datum => fast(datum),
    }
}

#[inline]
pub(super) fn micro(mantissa: i64, scale: u8) -> Option<i64> {
    let digits = 6_u32.checked_sub(u32::from(scale))?;
    mantissa.checked_mul(10_i64.pow(digits))
}

/// A value of a type as a fast value.
pub(super) fn fast_of(value: &Value<'_>, ty: &Type) -> Fast {
    match value {
        Value::Decimal(interval, _) => interval
            .as_point()
            .and_then(|point| point_of(point, ty))
            .map_or(Fast::Other, Fast::Point),
        Value::Whole(interval, _) => interval.as_point().map_or(Fast::Other, Fast::Point),
        Value::Empty(cause) => Fast::Empty(*cause),
        Value::Absent => Fast::Absent,
        Value::Unknown(cause) => Fast::Unknown(*cause),
        _ => Fast::Other,
    }
}

/// A decimal in the unit of a type; `None` where it is no whole number of it.
pub(super) fn point_of(decimal: Decimal, ty: &Type) -> Option<i64> {
    let unit = match ty {
        Type::Money => Decimal::from(100 * MICRO),
        Type::Number => Decimal::from(MICRO),
        _ => return None,
    };
    let scaled = decimal.checked_mul(unit)?;
    if scaled.fract().is_zero() {
        scaled.to_i64()
    } else {
        None
    }
}

/// The truth of a test on a datum that is no value of its type.
#[inline]
pub(super) fn open(datum: Datum) -> Truth {
    Truth::unknown(if datum == Datum::Absent {
        Cause::ABSENT
    } else {
        Cause::CELL
    })
}

/// What a datum is to 为空: anything that is not empty is there.
#[inline]
pub(super) fn presence(datum: Datum) -> Fast {
    match datum {
        Datum::Empty => Fast::Empty(Cause::CELL),
        Datum::Unreadable => Fast::Unknown(Cause::CELL),
        Datum::Absent => Fast::Absent,
        _ => Fast::Other,
    }
}

pub(super) fn is_missing(value: Fast) -> bool {
    matches!(value, Fast::Empty(_) | Fast::Absent | Fast::Unknown(_))
}

pub(super) fn cause_of(value: Fast) -> Cause {
    match value {
        Fast::Empty(cause) | Fast::Unknown(cause) => cause,
        Fast::Absent => Cause::ABSENT,
        Fast::Point(_) | Fast::Other => Cause::NONE,
    }
}

/// The result of an operation on missing values: absent where only something absent is the cause.
pub(super) fn unknown(cause: Cause) -> Fast {
    if cause == Cause::ABSENT {
        Fast::Absent
    } else {
        Fast::Unknown(cause)
    }
}

pub(super) fn shifted(day: i64, duration: Duration, sign: i64) -> Fast {
    let Ok(number) = i32::try_from(day) else {
        return Fast::Other;
    };
    let day = Day::from_number(number);
    let moved = match duration {
        Duration::Days(days) => day.plus_days(sign * i64::from(days)),
        Duration::Months(months) => day.plus_months(sign * i64::from(months)),
        Duration::WorkingDays(_) => return Fast::Other,
    };
    if moved == Day::MIN || moved == Day::MAX {
        Fast::Other
    } else {
        Fast::Point(i64::from(moved.number()))
    }
}

#[inline]
pub(super) fn holds(comparison: Comparison, a: i64, b: i64) -> bool {
    match comparison {
        Comparison::Equal => a == b,
        Comparison::NotEqual => a != b,
        Comparison::Greater => a > b,
        Comparison::GreaterOrEqual => a >= b,
        Comparison::Less => a < b,
        Comparison::LessOrEqual => a <= b,
    }
}

/// A comparison of fast values; `None` where only walking tells.
#[inline]
pub(super) fn compared(comparison: Comparison, a: Fast, b: Fast) -> Option<Truth> {
    match (a, b) {
        (Fast::Point(a), Fast::Point(b)) => Some(Truth::known(holds(comparison, a, b))),
        (a, b) => unknown_or(a, b),
    }
}

/// Not known, where one of two values is missing and both are told; `None` where only walking tells.
pub(super) fn unknown_or(a: Fast, b: Fast) -> Option<Truth> {
    if matches!(a, Fast::Other) || matches!(b, Fast::Other) {
        return None;
    }
    (is_missing(a) || is_missing(b)).then(|| Truth::unknown(cause_of(a).needing(cause_of(b))))
}
