//! The tokens of the rule language.

use rust_decimal::Decimal;

use super::Span;
use crate::ledger::Day;

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// Where.
    pub(crate) span: Span,
    /// What.
    pub(crate) kind: TokenKind,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind {
    /// A name, full-width letters folded; `「」` taken off.
    Name(String),
    /// A number with its unit.
    Number(Decimal, Option<Unit>),
    /// A date.
    Date(Day),
    /// A text, quotes taken off.
    Text(String),
    /// A word of the language.
    Word(Word),
    /// A sign.
    Sign(Sign),
    /// Behind the last one.
    End,
}

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Yuan,
    ThousandYuan,
    TenThousandYuan,
    HundredMillionYuan,
    Percent,
    PerMille,
    Days,
    WorkingDays,
    Months,
    Years,
}

impl Unit {
    /// Every unit with its text, the longer ones first.
    pub(crate) const ALL: [(&'static str, Self); 10] = [
        ("个工作日", Self::WorkingDays),
        ("千元", Self::ThousandYuan),
        ("万元", Self::TenThousandYuan),
        ("亿元", Self::HundredMillionYuan),
        ("个月", Self::Months),
        ("元", Self::Yuan),
        ("天", Self::Days),
        ("年", Self::Years),
        ("%", Self::Percent),
        ("‰", Self::PerMille),
    ];

    /// Its text.
    pub(crate) fn text(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, unit)| *unit == self)
            .map_or("", |(text, _)| text)
    }
}

/// A word of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Or,
    And,
    Not,
    IsEmpty,
    IsFilled,
    In,
    NotIn,
    Contains,
    ContainsNot,
    Matches,
    StartsWith,
    If,
    Then,
    Else,
    When,
    Yes,
    No,
    NotApplicable,
    AsOf,
    Village,
    Limit,
}

impl Word {
    /// Every word with its text, the longer ones first.
    pub(crate) const ALL: [(&'static str, Self); 21] = [
        ("不属于", Self::NotIn),
        ("不包含", Self::ContainsNot),
        ("开头是", Self::StartsWith),
        ("不适用", Self::NotApplicable),
        ("基准日", Self::AsOf),
        ("为空", Self::IsEmpty),
        ("非空", Self::IsFilled),
        ("属于", Self::In),
        ("包含", Self::Contains),
        ("匹配", Self::Matches),
        ("否则", Self::Else),
        ("限额", Self::Limit),
        ("或", Self::Or),
        ("且", Self::And),
        ("非", Self::Not),
        ("若", Self::If),
        ("则", Self::Then),
        ("当", Self::When),
        ("是", Self::Yes),
        ("否", Self::No),
        ("村", Self::Village),
    ];

    /// The word of a text.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, word)| *word)
    }

    /// Its text.
    pub(crate) fn text(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, word)| *word == self)
            .map_or("", |(text, _)| text)
    }

    /// Whether it joins or tests operands, so that it is easily glued to one.
    pub(crate) fn is_operator(self) -> bool {
        !matches!(
            self,
            Self::Yes | Self::No | Self::NotApplicable | Self::AsOf | Self::Village | Self::Limit
        )
    }
}

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Dot,
    Comma,
    Open,
    Close,
    OpenList,
    CloseList,
}

impl Sign {
    /// Its text.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "≠",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "×",
            Self::Divide => "÷",
            Self::Dot => ".",
            Self::Comma => ",",
            Self::Open => "(",
            Self::Close => ")",
            Self::OpenList => "[",
            Self::CloseList => "]",
        }
    }
}
