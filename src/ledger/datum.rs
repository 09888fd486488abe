//! What a cell of a record means.

use std::fmt;

use rust_decimal::Decimal;

use super::DaySpan;
use crate::read::TextId;

/// What one field of a record holds: a value, nothing, or something that could not be read.
///
/// Sixteen bytes, so that a record of twenty fields stays within five cache lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datum {
    /// The table has no such column.
    Absent,
    /// The cell is blank or holds a placeholder (`—`, `待补`).
    Empty,
    /// The cell holds something that is not of the field's type; an issue says what.
    Unreadable,
    /// Text; parties and ids too. The id is one of the ledger's own texts.
    Text(TextId),
    /// An entry of the field's table of choices.
    Choice(u16),
    /// A flag.
    Flag(FlagValue),
    /// Money in fen.
    Money(i64),
    /// A number or a ratio (30 % is 0.30): `mantissa` × 10^-`scale`.
    Number {
        /// The digits.
        mantissa: i64,
        /// How many of them stand behind the point.
        scale: u8,
    },
    /// A date as precisely as it is known.
    Date(DaySpan),
    /// A length of time.
    Length(Length),
    /// A period with its first and last day; [`Day::MAX`](super::Day::MAX) where it is open (长期).
    Period(DaySpan),
}

/// The value of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlagValue {
    /// 是
    Yes,
    /// 否
    No,
    /// 不适用
    NotApplicable,
}

impl FlagValue {
    /// The word of the rule language and of every report.
    pub fn text(self) -> &'static str {
        match self {
            Self::Yes => "是",
            Self::No => "否",
            Self::NotApplicable => "不适用",
        }
    }
}

/// A length of time, in months or in days, never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// Whole months; a year is twelve.
    Months(i32),
    /// Days.
    Days(i32),
}

impl fmt::Display for Length {
    /// ISO 8601: `P5Y`, `P6M`, `P180D`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Months(months) if months % 12 == 0 && months != 0 => {
                write!(f, "P{}Y", months / 12)
            }
            Self::Months(months) => write!(f, "P{months}M"),
            Self::Days(days) => write!(f, "P{days}D"),
        }
    }
}

impl Datum {
    /// Money of an amount in yuan, rounded half up (away from zero) to fen; `None` where it is out of range.
    pub fn money(yuan: Decimal) -> Option<Self> {
        use rust_decimal::prelude::ToPrimitive;
        let fen =
            yuan.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        fen.checked_mul(Decimal::ONE_HUNDRED)?
            .to_i64()
            .map(Self::Money)
    }

    /// A number; `None` where its digits do not fit into 64 bits.
    pub fn number(number: Decimal) -> Option<Self> {
        let number = number.normalize();
        let mantissa = i64::try_from(number.mantissa()).ok()?;
        Some(Self::Number {
            mantissa,
            scale: u8::try_from(number.scale()).ok()?,
        })
    }

    /// The decimal of money (in yuan) or of a number; `None` for anything else.
    pub fn decimal(self) -> Option<Decimal> {
        match self {
            Self::Money(fen) => Some(Decimal::new(fen, 2)),
            Self::Number { mantissa, scale } => Some(Decimal::new(mantissa, u32::from(scale))),
            _ => None,
        }
    }

    /// Whether it holds a value.
    pub fn is_value(self) -> bool {
        !matches!(self, Self::Absent | Self::Empty | Self::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::{Datum, Length};

    #[test]
    fn a_datum_is_sixteen_bytes() {
        assert_eq!(size_of::<Datum>(), 16);
    }

    #[test]
    fn lengths_print_as_iso_8601() {
        for (length, want) in [
            (Length::Months(60), "P5Y"),
            (Length::Months(6), "P6M"),
            (Length::Days(180), "P180D"),
            (Length::Months(0), "P0M"),
        ] {
            assert_eq!(length.to_string(), want);
        }
    }
}
