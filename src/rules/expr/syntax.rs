//! An expression as its author wrote it: no name is resolved, no type known.

use rust_decimal::Decimal;

use super::token::Unit;
use super::{Arithmetic, Comparison, Span};
use crate::ledger::{Day, FlagValue};

/// An expression as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr {
    /// Where it stands.
    pub(crate) span: Span,
    /// How deep it is nested; a leaf is 1.
    pub(crate) depth: u16,
    /// What it is.
    pub(crate) kind: ExprKind,
}

/// A name as written, folded, with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Name {
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ExprKind {
    Number(Decimal, Option<Unit>),
    Date(Day),
    Text(String),
    Flag(FlagValue),
    AsOf,
    Village,
    List(Vec<Expr>),
    Limit(Name),
    Path(Vec<Name>),
    Call(Name, Vec<Arg>),
    Negate(Box<Expr>),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    IsEmpty(Box<Expr>, bool),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>, bool),
    Test(Test, Box<Expr>, Box<Expr>),
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
}

/// A test of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Contains,
    ContainsNot,
    StartsWith,
    Matches,
}

/// An argument, with its 当 condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arg {
    pub(crate) value: Expr,
    pub(crate) when: Option<Expr>,
}

impl Expr {
    /// The parts directly under it, in the author's order.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Number(..)
            | ExprKind::Date(_)
            | ExprKind::Text(_)
            | ExprKind::Flag(_)
            | ExprKind::AsOf
            | ExprKind::Village
            | ExprKind::Limit(_)
            | ExprKind::Path(_) => Vec::new(),
            ExprKind::List(parts) | ExprKind::And(parts) | ExprKind::Or(parts) => {
                parts.iter().collect()
            }
            ExprKind::Call(_, args) => args
                .iter()
                .flat_map(|arg| std::iter::once(&arg.value).chain(&arg.when))
                .collect(),
            ExprKind::Negate(one) | ExprKind::Not(one) | ExprKind::IsEmpty(one, _) => vec![one],
            ExprKind::Compare(_, a, b)
            | ExprKind::In(a, b, _)
            | ExprKind::Test(_, a, b)
            | ExprKind::Arithmetic(_, a, b) => vec![a, b],
            ExprKind::If(a, b, c) => vec![a, b, c],
        }
    }
}
