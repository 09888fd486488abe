//! The types of the rule language.

use crate::ledger::{FieldId, KindId};

/// The type of an expression. There is no implicit conversion.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A number; a ratio too.
    Number,
    /// Money in yuan.
    Money,
    /// A date.
    Date,
    /// A number of days.
    Days,
    /// A number of months.
    Months,
    /// A number of working days, or a duration limit whose unit may be any of the three.
    Duration,
    /// Text, compared folded where the field is a party or an id.
    Text,
    /// An entry of the table of choices of a field.
    Choice(KindId, FieldId),
    /// True, false or unknown; and 是, 否, 不适用 as the value of a flag field.
    Flag,
    /// A list of values of one type.
    List(Box<Type>),
    /// The entries of a tier limit.
    Tiers,
}

impl Type {
    /// Whether values of the type are ordered, so that they are intervals.
    pub fn is_ordered(&self) -> bool {
        matches!(
            self,
            Self::Number | Self::Money | Self::Date | Self::Days | Self::Months
        )
    }
}
