//! Three-valued truth that remembers why it is not known.

use std::ops::{BitOr, BitOrAssign};

/// Why something is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cause(u8);

impl Cause {
    /// Nothing keeps it from being known.
    pub(crate) const NONE: Self = Self(0);
    /// A cell that is empty, unreadable or imprecise.
    pub(crate) const CELL: Self = Self(4);
    /// A column or ledger that is absent, or a limit that nobody set.
    pub(crate) const ABSENT: Self = Self(8);

    /// The cause of an operation that needs both its operands: where one of them is absent, no cell of the other would
    /// decide it.
    pub(crate) fn needing(self, other: Self) -> Self {
        if self == Self::ABSENT || other == Self::ABSENT {
            Self::ABSENT
        } else {
            self | other
        }
    }

    /// Whether a cell is among the causes.
    pub(crate) fn has_cell(self) -> bool {
        self.0 & Self::CELL.0 != 0
    }
}

impl BitOr for Cause {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Cause {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Strong Kleene truth: whether it can be true, whether it can be false and, if both, why.
///
/// One byte: bit 0 it can be true, bit 1 it can be false, bits 2 and 3 the [`Cause`] of not knowing. The causes of a
/// decided truth are always clear, so that decided truths compare equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Truth(u8);

const CAN_BE_TRUE: u8 = 1;
const CAN_BE_FALSE: u8 = 2;
const UNDECIDED: u8 = CAN_BE_TRUE | CAN_BE_FALSE;
const CAUSES: u8 = 12;

impl Truth {
    /// Certainly true.
    pub(crate) const TRUE: Self = Self(CAN_BE_TRUE);
    /// Certainly false.
    pub(crate) const FALSE: Self = Self(CAN_BE_FALSE);

    /// Certain.
    pub(crate) fn known(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }

    /// Not decided, for this cause; without any cause it is laid to the cells.
    pub(crate) fn unknown(cause: Cause) -> Self {
        let cause = if cause == Cause::NONE {
            Cause::CELL
        } else {
            cause
        };
        Self(UNDECIDED | cause.0)
    }

    /// Decided, or not for this cause.
    pub(crate) fn of(decided: Option<bool>, cause: Cause) -> Self {
        decided.map_or_else(|| Self::unknown(cause), Self::known)
    }

    /// Whether it is certain.
    pub(crate) fn is_decided(self) -> bool {
        self.0 & UNDECIDED != UNDECIDED
    }

    /// The certain value, if there is one.
    pub(crate) fn decided(self) -> Option<bool> {
        match self {
            Self::TRUE => Some(true),
            Self::FALSE => Some(false),
            _ => None,
        }
    }

    /// Why it is not known; nothing for a decided one.
    pub(crate) fn cause(self) -> Cause {
        Cause(self.0 & CAUSES)
    }

    fn settled(can: u8, causes: u8) -> Self {
        if can == UNDECIDED {
            Self(can | causes)
        } else {
            Self(can)
        }
    }

    /// 且: what stays open is laid to the operands that are open.
    pub(crate) fn and(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self::settled(
            (a & b & CAN_BE_TRUE) | ((a | b) & CAN_BE_FALSE),
            (a | b) & CAUSES,
        )
    }

    /// 或: what stays open is laid to the operands that are open.
    pub(crate) fn or(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        Self::settled(
            ((a | b) & CAN_BE_TRUE) | (a & b & CAN_BE_FALSE),
            (a | b) & CAUSES,
        )
    }

    /// 非
    pub(crate) fn not(self) -> Self {
        let swapped = ((self.0 & CAN_BE_TRUE) << 1) | ((self.0 & CAN_BE_FALSE) >> 1);
        Self(swapped | (self.0 & CAUSES))
    }

    /// What holds in either of two cases, of which nobody knows which it is.
    pub(crate) fn hull(self, other: Self, cause: Cause) -> Self {
        if self.is_decided() && self == other {
            return self;
        }
        Self::unknown(self.cause() | other.cause() | cause)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, Truth};

    #[test]
    fn strong_kleene_tables_hold() {
        let (t, f) = (Truth::TRUE, Truth::FALSE);
        let u = Truth::unknown(Cause::CELL);
        for (a, b, and, or) in [
            (t, t, t, t),
            (t, f, f, t),
            (f, f, f, f),
            (f, u, f, u),
            (t, u, u, t),
            (u, u, u, u),
        ] {
            assert_eq!((a.and(b), b.and(a)), (and, and));
            assert_eq!((a.or(b), b.or(a)), (or, or));
        }
        assert_eq!((t.not(), f.not(), u.not()), (f, t, u));
    }

    #[test]
    fn only_what_could_still_decide_is_a_cause() {
        let cell = Truth::unknown(Cause::CELL);
        let absent = Truth::unknown(Cause::ABSENT);
        assert_eq!(cell.and(absent).cause(), Cause::CELL | Cause::ABSENT);
        assert_eq!(absent.and(Truth::TRUE).cause(), Cause::ABSENT);
        assert_eq!(cell.and(Truth::FALSE), Truth::FALSE);
        assert_eq!(
            cell.hull(cell, Cause::ABSENT).cause(),
            Cause::CELL | Cause::ABSENT
        );
        assert_eq!(Truth::TRUE.hull(Truth::TRUE, Cause::CELL), Truth::TRUE);
    }
}
