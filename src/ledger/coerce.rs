//! Text or number → value: one file for each type of field.

use std::borrow::Cow;

use super::{Datum, FieldKind, Rate};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::read::{CellError, DateSystem};

/// A cell as stored, its text at hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Raw<'a> {
    /// Nothing.
    Blank,
    /// Text.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A number that the file formats as a date.
    Serial(f64, DateSystem),
    /// A truth value.
    Bool(bool),
    /// An error value.
    Error(CellError),
    /// A formula whose value the file does not store.
    FormulaWithoutValue,
}

/// What the header says of a column's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnUnit {
    /// The unit of bare amounts, as a power of ten of yuan: 0 元, 3 千元, 4 万元, 8 亿元.
    pub money: u32,
    /// The rate of bare amounts: `(万元/月)` is per month.
    pub rate: Option<HeaderRate>,
    /// Whether bare numbers are percentages: `(%)`.
    pub percent: bool,
    /// Whether bare numbers of a length are years, months or days.
    pub length: Option<LengthUnit>,
    /// The date system of bare serials.
    pub dates: DateSystem,
}

/// The rate that a header gives for bare amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderRate {
    /// 元/年
    PerYear,
    /// 元/月
    PerMonth,
    /// Any other: a bare amount cannot be read.
    Other,
}

/// The unit of bare lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthUnit {
    /// 年
    Years,
    /// 月
    Months,
    /// 天
    Days,
}

/// What a cell came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Coerced<'a> {
    /// The value; the text of a `Text` stands beside it.
    pub value: Value<'a>,
    /// What a period or a vote fills besides.
    pub parts: Parts,
    /// What is wrong with the cell: always there for an unreadable one.
    pub issue: Option<CellIssue>,
}

/// A value that may need a text of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A value that needs none: never `Datum::Text`, never `Datum::Absent`.
    Datum(Datum),
    /// A text, and what it is compared as.
    Text {
        /// As it stands there, trimmed.
        text: Cow<'a, str>,
        /// Folded; `None` where it is compared as it stands.
        folded: Option<Cow<'a, str>>,
    },
}

/// What a period or a vote fills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// A period's first day.
    pub start: Option<super::DaySpan>,
    /// A period's last day; an open one (长期) is from the start to [`Day::MAX`](super::Day::MAX).
    pub end: Option<super::DaySpan>,
    /// A period's length.
    pub length: Option<super::Length>,
    /// 应到人数
    pub expected: Option<u32>,
    /// 实到人数
    pub present: Option<u32>,
    /// 同意人数
    pub agreed: Option<u32>,
    /// 反对人数
    pub opposed: Option<u32>,
    /// 弃权人数
    pub abstained: Option<u32>,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellIssue {
    /// The kind.
    pub kind: IssueKind,
    /// What is wrong.
    pub message: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
}

/// Reads a cell as a field's type says.
pub fn cell<'a>(raw: Raw<'a>, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    let _ = (raw, field, unit, Rate::Year);
    Coerced {
        value: Value::Datum(Datum::Empty),
        parts: Parts::default(),
        issue: None,
    }
}

/// Folds a name for comparison: NFKC, blanks, brackets, 有限公司/公司.
pub fn fold_party(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
