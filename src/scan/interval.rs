//! Ordered values as intervals: a comparison is decided when the whole of both intervals agrees.

use rust_decimal::Decimal;

use crate::rules::expr::{Arithmetic, Comparison};

/// All values from `lo` to `hi`, both included; `None` is without end on that side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval<T> {
    /// The least.
    pub(crate) lo: Option<T>,
    /// The greatest.
    pub(crate) hi: Option<T>,
}

impl<T: Copy + Ord> Interval<T> {
    /// One value.
    pub(crate) fn point(value: T) -> Self {
        Self {
            lo: Some(value),
            hi: Some(value),
        }
    }

    /// The one value it is, if it is one.
    pub(crate) fn as_point(self) -> Option<T> {
        self.lo.filter(|_| self.lo == self.hi)
    }

    /// The least interval that holds both.
    pub(crate) fn hull(self, other: Self) -> Self {
        Self {
            lo: self.lo.zip(other.lo).map(|(a, b)| a.min(b)),
            hi: self.hi.zip(other.hi).map(|(a, b)| a.max(b)),
        }
    }

    /// Compares; `None` where the intervals do not agree as a whole.
    pub(crate) fn compare(self, comparison: Comparison, other: Self) -> Option<bool> {
        match comparison {
            Comparison::Less => self.less(other),
            Comparison::LessOrEqual => other.less(self).map(|greater| !greater),
            Comparison::Greater => other.less(self),
            Comparison::GreaterOrEqual => self.less(other).map(|less| !less),
            Comparison::Equal => self.equal(other),
            Comparison::NotEqual => self.equal(other).map(|equal| !equal),
        }
    }

    fn less(self, other: Self) -> Option<bool> {
        if let (Some(hi), Some(lo)) = (self.hi, other.lo)
            && hi < lo
        {
            return Some(true);
        }
        if let (Some(lo), Some(hi)) = (self.lo, other.hi)
            && lo >= hi
        {
            return Some(false);
        }
        None
    }

    fn equal(self, other: Self) -> Option<bool> {
        if let (Some(a), Some(b)) = (self.as_point(), other.as_point()) {
            return Some(a == b);
        }
        let apart = self.less(other) == Some(true) || other.less(self) == Some(true);
        apart.then_some(false)
    }
}

/// An end of an interval, as the products of corners need it.
#[derive(Clone, Copy)]
enum Bound {
    Below,
    Finite(Decimal),
    Above,
}

impl Interval<Decimal> {
    /// + − × ÷; `None` for overflow and for a divisor that can be zero.
    pub(crate) fn combine(self, operation: Arithmetic, other: Self) -> Option<Self> {
        match operation {
            Arithmetic::Add => Some(Self {
                lo: add(self.lo, other.lo)?,
                hi: add(self.hi, other.hi)?,
            }),
            Arithmetic::Subtract => self.combine(Arithmetic::Add, other.negated()),
            Arithmetic::Multiply => self.corners(other, multiply),
            Arithmetic::Divide => {
                let positive = other.lo.is_some_and(|lo| lo > Decimal::ZERO);
                let negative = other.hi.is_some_and(|hi| hi < Decimal::ZERO);
                if positive || negative {
                    self.corners(other, divide)
                } else {
                    None
                }
            }
        }
    }

    /// Unary −.
    pub(crate) fn negated(self) -> Self {
        Self {
            lo: self.hi.map(|hi| -hi),
            hi: self.lo.map(|lo| -lo),
        }
    }

    fn bounds(self) -> [Bound; 2] {
        [
            self.lo.map_or(Bound::Below, Bound::Finite),
            self.hi.map_or(Bound::Above, Bound::Finite),
        ]
    }

    /// The hull of an operation over the four pairs of ends.
    fn corners(self, other: Self, op: fn(Bound, Bound) -> Option<Bound>) -> Option<Self> {
        let mut hull: Option<Self> = None;
        for a in self.bounds() {
            for b in other.bounds() {
                let corner = match op(a, b)? {
                    // An infinite end opens its side; the other corners bound the other side.
                    Bound::Below => Self {
                        lo: None,
                        hi: Some(Decimal::MIN),
                    },
                    Bound::Above => Self {
                        lo: Some(Decimal::MAX),
                        hi: None,
                    },
                    Bound::Finite(value) => Self::point(value),
                };
                hull = Some(hull.map_or(corner, |hull| hull.hull(corner)));
            }
        }
        hull
    }
}

/// The sum of two ends: `Some(None)` where it is infinite, `None` where it overflows.
#[expect(clippy::option_option, reason = "overflow is not infinity")]
fn add(a: Option<Decimal>, b: Option<Decimal>) -> Option<Option<Decimal>> {
    match (a, b) {
        (Some(a), Some(b)) => a.checked_add(b).map(Some),
        _ => Some(None),
    }
}

fn multiply(a: Bound, b: Bound) -> Option<Bound> {
    let sign = |bound| match bound {
        Bound::Below => -1,
        Bound::Above => 1,
        Bound::Finite(value) if value > Decimal::ZERO => 1,
        Bound::Finite(value) if value < Decimal::ZERO => -1,
        Bound::Finite(_) => 0,
    };
    match (a, b) {
        (Bound::Finite(a), Bound::Finite(b)) => a.checked_mul(b).map(Bound::Finite),
        _ => Some(match sign(a) * sign(b) {
            1 => Bound::Above,
            -1 => Bound::Below,
            _ => Bound::Finite(Decimal::ZERO),
        }),
    }
}

fn divide(a: Bound, b: Bound) -> Option<Bound> {
    match (a, b) {
        (Bound::Finite(a), Bound::Finite(b)) => a.checked_div(b).map(Bound::Finite),
        // ∞ ÷ ∞ can be anything: no corner tells.
        (Bound::Below | Bound::Above, Bound::Below | Bound::Above) => None,
        (_, Bound::Below | Bound::Above) => Some(Bound::Finite(Decimal::ZERO)),
        (a, b) => multiply(a, b),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::Interval;
    use crate::rules::expr::{Arithmetic, Comparison};

    fn interval(lo: Option<i64>, hi: Option<i64>) -> Interval<Decimal> {
        Interval {
            lo: lo.map(Decimal::from),
            hi: hi.map(Decimal::from),
        }
    }

    #[test]
    fn a_comparison_is_decided_when_the_whole_of_both_agrees() {
        let (month, open) = (interval(Some(1), Some(31)), interval(Some(10), None));
        for (a, comparison, b, want) in [
            (
                month,
                Comparison::Less,
                interval(Some(32), Some(32)),
                Some(true),
            ),
            (month, Comparison::Less, interval(Some(31), Some(31)), None),
            (
                month,
                Comparison::LessOrEqual,
                interval(Some(31), Some(31)),
                Some(true),
            ),
            (
                month,
                Comparison::Less,
                interval(Some(1), Some(1)),
                Some(false),
            ),
            (
                month,
                Comparison::Greater,
                interval(Some(31), Some(31)),
                Some(false),
            ),
            (month, Comparison::Equal, interval(Some(5), Some(5)), None),
            (
                month,
                Comparison::Equal,
                interval(Some(40), Some(50)),
                Some(false),
            ),
            (
                month,
                Comparison::NotEqual,
                interval(Some(40), Some(50)),
                Some(true),
            ),
            (
                open,
                Comparison::Greater,
                interval(Some(9), Some(9)),
                Some(true),
            ),
            (
                open,
                Comparison::Greater,
                interval(Some(10), Some(10)),
                None,
            ),
            (
                open,
                Comparison::GreaterOrEqual,
                interval(Some(10), Some(10)),
                Some(true),
            ),
            (open, Comparison::Less, open, None),
        ] {
            assert_eq!(a.compare(comparison, b), want, "{a:?} {comparison:?} {b:?}");
        }
    }

    #[test]
    fn arithmetic_keeps_to_the_ends() {
        let (two_to_four, from_three) = (interval(Some(2), Some(4)), interval(Some(3), None));
        for (a, operation, b, want) in [
            (
                two_to_four,
                Arithmetic::Add,
                from_three,
                Some(interval(Some(5), None)),
            ),
            (
                two_to_four,
                Arithmetic::Subtract,
                from_three,
                Some(interval(None, Some(1))),
            ),
            (
                two_to_four,
                Arithmetic::Multiply,
                from_three,
                Some(interval(Some(6), None)),
            ),
            (
                interval(Some(-2), Some(4)),
                Arithmetic::Multiply,
                from_three,
                Some(interval(None, None)),
            ),
            (
                two_to_four,
                Arithmetic::Divide,
                interval(Some(1), Some(2)),
                Some(interval(Some(1), Some(4))),
            ),
            (
                interval(Some(6), Some(6)),
                Arithmetic::Divide,
                from_three,
                Some(interval(Some(0), Some(2))),
            ),
            (
                two_to_four,
                Arithmetic::Divide,
                interval(Some(0), Some(2)),
                None,
            ),
            (
                two_to_four,
                Arithmetic::Divide,
                interval(Some(0), Some(0)),
                None,
            ),
        ] {
            assert_eq!(a.combine(operation, b), want, "{a:?} {operation:?} {b:?}");
        }
    }

    #[test]
    fn overflow_is_unknown_and_never_a_panic() {
        let most = Interval::point(Decimal::MAX);
        assert_eq!(most.combine(Arithmetic::Add, most), None);
        assert_eq!(most.combine(Arithmetic::Multiply, most), None);
    }
}
