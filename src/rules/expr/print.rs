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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::super::parser::parse;
    use super::super::syntax::{Arg, Expr, ExprKind, Name, Test};
    use super::super::token::Unit;
    use super::super::{Arithmetic, Comparison, Span};
    use crate::ledger::{Day, FlagValue};

    fn expr(kind: ExprKind) -> Expr {
        Expr {
            span: Span::default(),
            depth: 1,
            kind,
        }
    }

    fn name() -> impl Strategy<Value = Name> {
        prop::sample::select(vec![
            "合同金额",
            "非税收入",
            "且",
            "合同金额（元）",
            "PPP项目",
            "a b",
            "是否备案",
        ])
        .prop_map(|text| Name {
            span: Span::default(),
            text: text.to_owned(),
        })
    }

    fn leaf() -> impl Strategy<Value = Expr> {
        let units: Vec<Option<Unit>> = std::iter::once(None)
            .chain(Unit::ALL.iter().map(|(_, unit)| Some(*unit)))
            .collect();
        prop_oneof![
            (0..10_000_000_i64, 0..4_u32, prop::sample::select(units)).prop_map(
                |(digits, scale, unit)| ExprKind::Number(Decimal::new(digits, scale), unit)
            ),
            (1..20_000_i32).prop_map(|day| ExprKind::Date(Day::from_number(day))),
            "[a-c甲乙|（）=]{0,6}".prop_map(ExprKind::Text),
            prop::sample::select(vec![
                FlagValue::Yes,
                FlagValue::No,
                FlagValue::NotApplicable
            ])
            .prop_map(ExprKind::Flag),
            Just(ExprKind::AsOf),
            Just(ExprKind::Village),
            name().prop_map(ExprKind::Limit),
            prop::collection::vec(name(), 1..4).prop_map(ExprKind::Path),
        ]
        .prop_map(expr)
    }

    fn any_expr() -> impl Strategy<Value = Expr> {
        leaf().prop_recursive(5, 40, 4, |inner| {
            let one = inner.clone().prop_map(Box::new);
            let pair = (one.clone(), one.clone());
            let comparisons = prop::sample::select(vec![
                Comparison::Equal,
                Comparison::NotEqual,
                Comparison::Greater,
                Comparison::GreaterOrEqual,
                Comparison::Less,
                Comparison::LessOrEqual,
            ]);
            let operations = prop::sample::select(vec![
                Arithmetic::Add,
                Arithmetic::Subtract,
                Arithmetic::Multiply,
                Arithmetic::Divide,
            ]);
            let tests = prop::sample::select(vec![
                Test::Contains,
                Test::ContainsNot,
                Test::StartsWith,
                Test::Matches,
            ]);
            let arg = (inner.clone(), prop::option::of(inner.clone()))
                .prop_map(|(value, when)| Arg { value, when });
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(ExprKind::List),
                prop::collection::vec(inner.clone(), 2..4).prop_map(ExprKind::And),
                prop::collection::vec(inner.clone(), 2..4).prop_map(ExprKind::Or),
                one.clone().prop_map(ExprKind::Negate),
                one.clone().prop_map(ExprKind::Not),
                (one.clone(), any::<bool>()).prop_map(|(a, negated)| ExprKind::IsEmpty(a, negated)),
                (comparisons, pair.clone()).prop_map(|(c, (a, b))| ExprKind::Compare(c, a, b)),
                (operations, pair.clone()).prop_map(|(o, (a, b))| ExprKind::Arithmetic(o, a, b)),
                (tests, pair.clone()).prop_map(|(t, (a, b))| ExprKind::Test(t, a, b)),
                (pair, any::<bool>()).prop_map(|((a, b), negated)| ExprKind::In(a, b, negated)),
                (one.clone(), one.clone(), one).prop_map(|(a, b, c)| ExprKind::If(a, b, c)),
                (name(), prop::collection::vec(arg, 0..3))
                    .prop_map(|(name, args)| ExprKind::Call(name, args)),
            ]
            .prop_map(expr)
        })
    }

    proptest! {
        #[test]
        fn a_printed_expression_reads_as_the_same(written in any_expr()) {
            let text = written.to_string();
            let read = parse(&text, &|_| true);
            prop_assert!(read.is_ok(), "{}: {:?}", text, read);
            prop_assert_eq!(read.map(|read| read.to_string()).unwrap_or_default(), text);
        }
    }
}
