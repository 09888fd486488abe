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
    /// A length of time in days, months or working days: a literal in working days, a duration limit, or a field such as
    /// 合同年限. Compared with one of its kind or with a literal.
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
    /// A period or the result of a vote: it has no value of its own and can only be asked whether it is empty.
    Period,
}

impl Type {
    /// Whether values of the type are ordered, so that they are intervals.
    pub fn is_ordered(&self) -> bool {
        matches!(
            self,
            Self::Number | Self::Money | Self::Date | Self::Days | Self::Months | Self::Duration
        )
    }
}

impl Type {
    /// What people call it.
    pub fn name(&self) -> crate::lang::Bilingual {
        let (zh, en) = match self {
            Self::Number => ("数字", "a number"),
            Self::Money => ("金额", "money"),
            Self::Date => ("日期", "a date"),
            Self::Days => ("天数", "days"),
            Self::Months => ("月数", "months"),
            Self::Duration => ("时长", "a length of time"),
            Self::Text => ("文字", "text"),
            Self::Choice(..) => ("选项", "a choice"),
            Self::Flag => ("是否", "yes or no"),
            Self::List(_) => ("列表", "a list"),
            Self::Tiers => ("分档表", "a tier table"),
            Self::Period => ("期限", "a period"),
        };
        crate::lang::Bilingual::new(zh, en)
    }
}
