//! Syntax → text that reads as the same syntax.

use std::fmt::{self, Display, Formatter};

use super::lexer::is_plain_name;
use super::syntax::{Expr, ExprKind, Name, Test};
use super::token::Unit;
use super::{Arithmetic, Comparison};

impl Comparison {
    /// The sign of it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "≠",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
        }
    }
}

impl Arithmetic {
    /// The sign of it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "×",
            Self::Divide => "÷",
        }
    }
}

impl Test {
    /// The word of it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Contains => "包含",
            Self::ContainsNot => "不包含",
            Self::StartsWith => "开头是",
            Self::Matches => "匹配",
        }
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if is_plain_name(&self.text) {
            f.write_str(&self.text)
        } else {
            write!(f, "「{}」", self.text)
        }
    }
}

/// A part within another: in brackets, unless it is a leaf or a call.
struct Part<'a>(&'a Expr);

impl Display for Part<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            ExprKind::Negate(_)
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::IsEmpty(..)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Test(..)
            | ExprKind::Arithmetic(..)
            | ExprKind::If(..) => write!(f, "({})", self.0),
            _ => write!(f, "{}", self.0),
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Number(value, unit) => write!(f, "{value}{}", unit.map_or("", Unit::text)),
            ExprKind::Date(day) => write!(f, "{day}"),
            ExprKind::Text(text) => write!(f, "\"{text}\""),
            ExprKind::Flag(flag) => f.write_str(flag.text()),
            ExprKind::AsOf => f.write_str("基准日"),
            ExprKind::Village => f.write_str("村"),
            ExprKind::List(entries) => {
                f.write_str("[")?;
                for (i, entry) in entries.iter().enumerate() {
                    write!(f, "{}{entry}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            ExprKind::Limit(name) => write!(f, "限额.{name}"),
            ExprKind::Path(names) => {
                for (i, name) in names.iter().enumerate() {
                    write!(f, "{}{name}", if i == 0 { "" } else { "." })?;
                }
                Ok(())
            }
            ExprKind::Call(name, args) => {
                write!(f, "{name}(")?;
                for (i, arg) in args.iter().enumerate() {
                    write!(f, "{}{}", if i == 0 { "" } else { ", " }, arg.value)?;
                    if let Some(when) = &arg.when {
                        write!(f, " 当 {when}")?;
                    }
                }
                f.write_str(")")
            }
            ExprKind::Negate(operand) => write!(f, "- {}", Part(operand)),
            ExprKind::Not(operand) => write!(f, "非 {}", Part(operand)),
            ExprKind::And(parts) => chain(f, parts, "且"),
            ExprKind::Or(parts) => chain(f, parts, "或"),
            ExprKind::IsEmpty(operand, negated) => {
                write!(
                    f,
                    "{} {}",
                    Part(operand),
                    if *negated { "非空" } else { "为空" }
                )
            }
            ExprKind::Compare(comparison, a, b) => {
                write!(f, "{} {} {}", Part(a), comparison.text(), Part(b))
            }
            ExprKind::In(operand, list, negated) => write!(
                f,
                "{} {} {}",
                Part(operand),
                if *negated { "不属于" } else { "属于" },
                Part(list)
            ),
            ExprKind::Test(test, a, b) => write!(f, "{} {} {}", Part(a), test.text(), Part(b)),
            ExprKind::Arithmetic(operation, a, b) => {
                write!(f, "{} {} {}", Part(a), operation.text(), Part(b))
            }
            ExprKind::If(condition, then, otherwise) => write!(
                f,
                "若 {} 则 {} 否则 {}",
                Part(condition),
                Part(then),
                Part(otherwise)
            ),
        }
    }
}

fn chain(f: &mut Formatter<'_>, parts: &[Expr], word: &str) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            write!(f, " {word} ")?;
        }
        write!(f, "{}", Part(part))?;
    }
    Ok(())
}
