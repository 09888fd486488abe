//! A checked expression: every name resolved, every type known.
//!
//! A rule is checked once for each ledger kind it is judged on, so that a name means one field. Evaluating a node cannot
//! fail; it can be unknown.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Type;
use crate::ledger::{Day, FieldId, KindId, RelationId};
use crate::rules::{Duration, LimitId};

/// A place in the author's text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Behind the last byte.
    pub end: u32,
}

impl Span {
    /// The place of a range of bytes.
    pub(crate) fn of(range: &std::ops::Range<usize>) -> Self {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: short(range.start),
            end: short(range.end),
        }
    }

    /// The range of bytes.
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// From the start of this to the end of another.
    pub(crate) fn to(self, other: Self) -> Self {
        Self {
            start: self.start,
            end: other.end,
        }
    }
}

/// The index of a choice that the field's table does not have on this ledger kind, but on another kind the rule is judged
/// on: no cell equals it.
pub const NO_CHOICE: u16 = u16::MAX;

/// A checked expression.
#[derive(Clone, Debug)]
pub struct Node {
    /// The author's text of it.
    pub text: Arc<str>,
    /// What it yields.
    pub ty: Type,
    /// What it does.
    pub op: Op,
}

impl Node {
    /// The parts directly under it, in the author's order.
    pub fn parts(&self) -> Vec<&Node> {
        match &self.op {
            Op::Number(_)
            | Op::Money(_)
            | Op::Date(_)
            | Op::Duration(_)
            | Op::Text(_)
            | Op::Choice(_)
            | Op::Flag(_)
            | Op::AsOf
            | Op::Village
            | Op::Limit(_)
            | Op::Field(_)
            | Op::HasColumn(_) => Vec::new(),
            Op::List(parts)
            | Op::And(parts)
            | Op::Or(parts)
            | Op::Default(parts)
            | Op::Call(_, parts) => parts.iter().collect(),
            Op::IsEmpty { operand, .. } | Op::Not(operand) | Op::Negate(operand) => vec![operand],
            Op::Compare(_, a, b)
            | Op::Arithmetic(_, a, b)
            | Op::In {
                operand: a,
                list: b,
                ..
            }
            | Op::Test {
                operand: a,
                with: b,
                ..
            } => vec![a, b],
            Op::If {
                condition,
                then,
                otherwise,
            } => vec![condition, then, otherwise],
            Op::Aggregate { value, when, .. } => {
                value.iter().chain(when).map(|node| &**node).collect()
            }
        }
    }

    /// Calls `visit` for the expression and everything in it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Node)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }
}

/// What an expression does.
#[derive(Clone, Debug)]
pub enum Op {
    /// A number.
    Number(Decimal),
    /// Money in yuan.
    Money(Decimal),
    /// A day.
    Date(Day),
    /// Days, months or working days.
    Duration(Duration),
    /// A text.
    Text(Arc<str>),
    /// An entry of the table that the type names; [`NO_CHOICE`] where the table of this kind does not have it.
    Choice(u16),
    /// 是, 否 or 不适用.
    Flag(crate::ledger::FlagValue),
    /// A list.
    List(Vec<Node>),
    /// 基准日
    AsOf,
    /// 村
    Village,
    /// 限额.名 at the law date of the record or of the group's members.
    Limit(LimitId),
    /// A field.
    Field(FieldPath),
    /// `为空`; with `negated`, `非空`.
    IsEmpty {
        /// The field, path or call.
        operand: Box<Node>,
        /// Whether it is 非空.
        negated: bool,
    },
    /// 非
    Not(Box<Node>),
    /// 且, flattened.
    And(Vec<Node>),
    /// 或, flattened.
    Or(Vec<Node>),
    /// A comparison of two values of one type.
    Compare(Comparison, Box<Node>, Box<Node>),
    /// 属于; with `negated`, 不属于. A list limit holds texts: a choice is then compared by its value.
    In {
        /// The value.
        operand: Box<Node>,
        /// A list of the same type: a literal one or a list limit.
        list: Box<Node>,
        /// Whether it is 不属于.
        negated: bool,
    },
    /// 包含, 不包含, 匹配, 开头是.
    Test {
        /// Which test.
        test: TextTest,
        /// The text tested.
        operand: Box<Node>,
        /// The text it is tested with.
        with: Box<Node>,
    },
    /// + − × ÷ of types that the table of operations allows.
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    /// Unary −.
    Negate(Box<Node>),
    /// 若 … 则 … 否则 …
    If {
        /// The condition.
        condition: Box<Node>,
        /// The value where it is true.
        then: Box<Node>,
        /// The value where it is false.
        otherwise: Box<Node>,
    },
    /// 默认: the first that is neither absent nor empty.
    Default(Vec<Node>),
    /// 有列: whether the table has the column.
    HasColumn(FieldPath),
    /// A function of its arguments' values.
    Call(Function, Vec<Node>),
    /// An aggregate over rows.
    Aggregate {
        /// Which.
        aggregate: Aggregate,
        /// Over which rows.
        rows: Rows,
        /// What is aggregated, evaluated for each row; for 全部 the condition; `None` for 计数 and 存在.
        value: Option<Box<Node>>,
        /// The 当 condition.
        when: Option<Box<Node>>,
    },
}

/// A field of a record that can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPath {
    /// The record that the path starts from.
    pub base: Base,
    /// The to-one relation that is followed from it, by the kind of the record it starts from: a relation of the bound
    /// rows may lead to several kinds. Empty where none is followed.
    pub hop: Vec<(KindId, RelationId)>,
    /// The relation's name, for messages; empty where none is followed.
    pub relation: Arc<str>,
    /// The field of each kind that the path can end at. A kind without such a field is left out: the field is absent there.
    pub fields: Vec<(KindId, FieldId)>,
    /// The field's name.
    pub name: Arc<str>,
}

/// The record that a path starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// The record that is judged (in `by`, `applies` and the window of a group, the member). In the condition, the message
    /// and the amount of a group it occurs only for fields that `by` names: all members agree in them, so that any member
    /// will do.
    Record,
    /// The row that the enclosing aggregate runs over.
    Bound,
}

/// The rows that an aggregate runs over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rows {
    /// The matches of a relation of the record.
    Relation(RelationId),
    /// 组: the members of the group.
    Group,
    /// 全体: all records of the ledger in scope for which `applies` is not false.
    All,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// =
    Equal,
    /// ≠
    NotEqual,
    /// >
    Greater,
    /// ≥
    GreaterOrEqual,
    /// <
    Less,
    /// ≤
    LessOrEqual,
}

/// A test of a text.
#[derive(Clone, Debug)]
pub enum TextTest {
    /// 包含
    Contains,
    /// 不包含
    ContainsNot,
    /// 开头是
    StartsWith,
    /// 匹配, with the pattern compiled.
    Matches(regex::Regex),
}

/// An operation of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// +
    Add,
    /// −
    Subtract,
    /// ×
    Multiply,
    /// ÷
    Divide,
}

/// An aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// 合计
    Sum,
    /// 已知合计: leaves out what cannot be read.
    KnownSum,
    /// 计数
    Count,
    /// 种数: counts different values after folding.
    Distinct,
    /// 最大
    Max,
    /// 最小
    Min,
    /// 平均
    Mean,
    /// 中位数
    Median,
    /// 存在
    Exists,
    /// 全部
    All,
}

/// A function of values; each has its file under `functions/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// 规范
    Normalize,
    /// 去标段
    StripSection,
    /// 相似
    Similar,
    /// 年
    Year,
    /// 月
    Month,
    /// 年数
    Years,
    /// 文本长度
    TextLength,
    /// 顺延
    NextWorkday,
    /// 档
    Tier,
}
