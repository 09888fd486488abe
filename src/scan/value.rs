//! What an expression comes to.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::interval::Interval;
use super::truth::{Cause, Truth};
use crate::ledger::FlagValue;
use crate::rules::expr::{Comparison, Type};
use crate::rules::{Duration, Tier};

/// What an expression comes to, known or not.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    /// A condition.
    Truth(Truth),
    /// 是, 否 or 不适用 of a flag field.
    Flag(FlagValue),
    /// Text.
    Text(Text<'a>),
    /// An entry of a table of choices, by its word: tables of two kinds are compared by their words.
    Choice(&'a str),
    /// A number, or money in yuan.
    Decimal(Interval<Decimal>, Cause),
    /// A date (days since 1970-01-01), a number of days or of months.
    Whole(Interval<i64>, Cause),
    /// A length of time, or one of several.
    Durations(Vec<Duration>, Cause),
    /// A length of time between two bounds: what an aggregate over lengths comes to.
    Length(Unit, Interval<i64>, Cause),
    /// A list.
    List(Vec<Value<'a>>),
    /// Tiers.
    Tiers(&'a [Tier]),
    /// Nothing: a blank cell, a link without a match, the greatest of no rows.
    Empty(Cause),
    /// The column or ledger is not there, or the limit is not set.
    Absent,
    /// There is something, or may be, and nobody knows what.
    Unknown(Cause),
    /// A limit that nobody set and that means no threshold then.
    NoThreshold,
}

/// A text, and what it is compared as.
#[derive(Clone, Debug)]
pub(crate) struct Text<'a> {
    /// As it stands there.
    pub(crate) text: Cow<'a, str>,
    /// Folded, for the name of a party and for an id.
    pub(crate) folded: Option<Cow<'a, str>>,
}

impl<'a> Text<'a> {
    /// A text that is compared as it stands.
    pub(crate) fn plain(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            folded: None,
        }
    }

    /// Both as they are compared: folded where one of them is a name or an id.
    pub(crate) fn pair<'b>(&'b self, other: &'b Text<'_>) -> (Cow<'b, str>, Cow<'b, str>) {
        if self.folded.is_none() && other.folded.is_none() {
            (Cow::Borrowed(&*self.text), Cow::Borrowed(&*other.text))
        } else {
            (self.fold(), other.fold())
        }
    }

    /// Its folded form.
    pub(crate) fn fold(&self) -> Cow<'_, str> {
        match &self.folded {
            Some(folded) => Cow::Borrowed(&**folded),
            None => crate::ledger::coerce::fold_party(&self.text),
        }
    }
}

impl Value<'_> {
    /// An interval of numbers or money: a point is known, whatever it was made of.
    pub(crate) fn decimal(interval: Interval<Decimal>, cause: Cause) -> Self {
        Self::Decimal(interval, known_or(&interval, cause))
    }

    /// An interval of dates, days or months: a point is known, whatever it was made of.
    pub(crate) fn whole(interval: Interval<i64>, cause: Cause) -> Self {
        Self::Whole(interval, known_or(&interval, cause))
    }

    /// As a condition.
    pub(crate) fn truth(&self) -> Truth {
        match self {
            Self::Truth(truth) => *truth,
            Self::Flag(flag) => Truth::known(*flag == FlagValue::Yes),
            other => Truth::unknown(other.cause()),
        }
    }

    /// Why it is not known exactly; nothing for a known value.
    pub(crate) fn cause(&self) -> Cause {
        match self {
            Self::Truth(truth) => truth.cause(),
            Self::Decimal(_, cause)
            | Self::Whole(_, cause)
            | Self::Durations(_, cause)
            | Self::Length(_, _, cause)
            | Self::Empty(cause)
            | Self::Unknown(cause) => *cause,
            Self::Absent => Cause::ABSENT,
            Self::List(items) => items
                .iter()
                .fold(Cause::NONE, |cause, item| cause | item.cause()),
            Self::Flag(_)
            | Self::Text(_)
            | Self::Choice(_)
            | Self::Tiers(_)
            | Self::NoThreshold => Cause::NONE,
        }
    }

    /// Whether there is no value to work with.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Empty(_) | Self::Absent | Self::Unknown(_))
    }

    /// Compares two values of one type. A threshold that does not exist is no party to it: `vacuous` is what the
    /// comparison counts as then.
    pub(crate) fn compare(&self, comparison: Comparison, other: &Self, vacuous: bool) -> Truth {
        if matches!(self, Self::NoThreshold) || matches!(other, Self::NoThreshold) {
            return Truth::known(vacuous);
        }
        let cause = self.cause().needing(other.cause());
        let equality = |equal: bool| match comparison {
            Comparison::Equal => Some(equal),
            Comparison::NotEqual => Some(!equal),
            _ => None,
        };
        let decided = match (self, other) {
            (Self::Decimal(a, _), Self::Decimal(b, _)) => a.compare(comparison, *b),
            (Self::Whole(a, _), Self::Whole(b, _)) => a.compare(comparison, *b),
            (Self::Text(a), Self::Text(b)) => {
                let (a, b) = a.pair(b);
                equality(a == b)
            }
            (Self::Choice(a), Self::Choice(b)) => equality(a == b),
            (Self::Choice(a), Self::Text(b)) | (Self::Text(b), Self::Choice(a)) => {
                equality(*a == b.text)
            }
            (Self::Flag(a), Self::Flag(b)) => equality(a == b),
            (Self::Truth(a), Self::Truth(b)) => a
                .decided()
                .zip(b.decided())
                .and_then(|(a, b)| equality(a == b)),
            (Self::Truth(a), Self::Flag(b)) | (Self::Flag(b), Self::Truth(a)) => a
                .decided()
                .and_then(|a| equality(a == (*b == FlagValue::Yes))),
            _ => None,
        };
        Truth::of(decided, cause)
    }

    /// What it can be in either of two cases, of which nobody knows which it is.
    pub(crate) fn hull(self, other: Self, cause: Cause) -> Self {
        let all = cause | self.cause() | other.cause();
        match (self, other) {
            (Self::Truth(a), Self::Truth(b)) => Self::Truth(a.hull(b, cause)),
            (Self::Decimal(a, _), Self::Decimal(b, _)) => Self::decimal(a.hull(b), all),
            (Self::Whole(a, _), Self::Whole(b, _)) => Self::whole(a.hull(b), all),
            (Self::Durations(mut a, _), Self::Durations(b, _)) => {
                for duration in b {
                    if !a.contains(&duration) {
                        a.push(duration);
                    }
                }
                Self::Durations(a, all)
            }
            (
                a @ (Self::Durations(..) | Self::Length(..)),
                b @ (Self::Durations(..) | Self::Length(..)),
            ) => a
                .length(&Type::Duration)
                .zip(b.length(&Type::Duration))
                .and_then(|(a, b)| one_unit(&[a, b].concat()))
                .map_or(Self::Unknown(all), |(unit, span)| {
                    Self::Length(unit, span, all)
                }),
            (Self::Text(a), Self::Text(b)) if a.text == b.text => Self::Text(a),
            (Self::Choice(a), Self::Choice(b)) if a == b => Self::Choice(a),
            (Self::Flag(a), Self::Flag(b)) if a == b => Self::Flag(a),
            (Self::Empty(_), Self::Empty(_)) => Self::Empty(all),
            (Self::Absent, Self::Absent) => Self::Absent,
            (Self::NoThreshold, Self::NoThreshold) => Self::NoThreshold,
            _ => Self::Unknown(all),
        }
    }
}

fn known_or<T: Copy + Ord>(interval: &Interval<T>, cause: Cause) -> Cause {
    match (interval.as_point(), cause) {
        (Some(_), _) => Cause::NONE,
        (None, Cause::NONE) => Cause::CELL,
        (None, cause) => cause,
    }
}

/// The unit of a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Days.
    Days,
    /// Months; a year is twelve.
    Months,
    /// Working days.
    WorkingDays,
}

impl Unit {
    /// So many of it; `None` beyond what a length can be.
    pub(crate) fn duration(self, number: i64) -> Option<Duration> {
        let number = i32::try_from(number).ok()?;
        Some(match self {
            Self::Days => Duration::Days(number),
            Self::Months => Duration::Months(number),
            Self::WorkingDays => Duration::WorkingDays(number),
        })
    }
}

/// Lengths as one interval in their unit, or in days where they have several.
pub(crate) fn one_unit(lengths: &[(Unit, Interval<i64>)]) -> Option<(Unit, Interval<i64>)> {
    let (unit, first) = *lengths.first()?;
    if lengths.iter().all(|(other, _)| *other == unit) {
        let all = lengths.iter().map(|(_, span)| *span);
        return Some((unit, all.fold(first, Interval::hull)));
    }
    in_days(lengths).map(|span| (Unit::Days, span))
}

impl Value<'_> {
    /// Compares two lengths of time of types; `None` where neither is a length whose unit the type leaves open.
    ///
    /// Lengths in one unit compare exactly. Otherwise both are taken in days: a year has 365 or 366, a month besides 28 to
    /// 31, and so many working days lie within at most half as many days more and two long holidays.
    pub(crate) fn compare_lengths(
        &self,
        ty: &Type,
        comparison: Comparison,
        other: &Self,
        other_ty: &Type,
    ) -> Option<Truth> {
        let open = |value: &Self| matches!(value, Self::Durations(..) | Self::Length(..));
        if !open(self) && !open(other) {
            return None;
        }
        let (a, b) = (self.length(ty)?, other.length(other_ty)?);
        let decided = match (a.as_slice(), b.as_slice()) {
            ([(unit, a)], [(other, b)]) if unit == other => a.compare(comparison, *b),
            _ => in_days(&a)?.compare(comparison, in_days(&b)?),
        };
        Some(Truth::of(decided, self.cause().needing(other.cause())))
    }

    /// A length of time, unit by unit.
    pub(crate) fn length(&self, ty: &Type) -> Option<Vec<(Unit, Interval<i64>)>> {
        match (self, ty) {
            (Self::Length(unit, interval, _), _) => Some(vec![(*unit, *interval)]),
            (Self::Whole(interval, _), Type::Days) => Some(vec![(Unit::Days, *interval)]),
            (Self::Whole(interval, _), Type::Months) => Some(vec![(Unit::Months, *interval)]),
            (Self::Durations(durations, _), _) => {
                let mut units: Vec<(Unit, Interval<i64>)> = Vec::new();
                for duration in durations {
                    let (unit, number) = match *duration {
                        Duration::Days(days) => (Unit::Days, days),
                        Duration::Months(months) => (Unit::Months, months),
                        Duration::WorkingDays(days) => (Unit::WorkingDays, days),
                    };
                    let point = Interval::point(i64::from(number));
                    match units.iter_mut().find(|(known, _)| *known == unit) {
                        Some((_, span)) => *span = span.hull(point),
                        None => units.push((unit, point)),
                    }
                }
                Some(units)
            }
            _ => None,
        }
    }
}

/// The days that lengths can be.
pub(crate) fn in_days(units: &[(Unit, Interval<i64>)]) -> Option<Interval<i64>> {
    units
        .iter()
        .map(|&(unit, span)| match unit {
            Unit::Days => span,
            Unit::Months => Interval {
                lo: span
                    .lo
                    .map(|m| m.div_euclid(12) * 365 + m.rem_euclid(12) * 28),
                hi: span
                    .hi
                    .map(|m| m.div_euclid(12) * 366 + m.rem_euclid(12) * 31),
            },
            Unit::WorkingDays => Interval {
                lo: span.lo,
                hi: span.hi.map(|days| days.saturating_mul(3) / 2 + 20),
            },
        })
        .reduce(Interval::hull)
}
