//! Syntax → checked nodes: every name resolved by the ledger kinds, every type known.

mod calls;
mod literals;
mod names;
mod operations;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::syntax::{Expr, ExprKind};
use super::{Comparison, Node, Op, Span, Type};
use crate::lang::Bilingual;
use crate::ledger::{FlagValue, KindId, Kinds};
use crate::rules::Limit;
use crate::rules::problem::Problem;
use names::Bound;

/// Everything that names can mean.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    /// The ledger kinds.
    pub(crate) kinds: &'a Kinds,
    /// The limits, in the order of their ids.
    pub(crate) limits: &'a [Limit],
    /// Patterns that were compiled before: the same words occur in many rules.
    pub(crate) patterns: RefCell<BTreeMap<String, Result<regex::Regex, String>>>,
}

/// Where an expression stands, and so what it may speak of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Everything that names can mean.
    pub(crate) names: &'a Names<'a>,
    /// The kinds that the rule is judged on with this very text: a name must be a field of one of them.
    pub(crate) ledgers: &'a [KindId],
    /// The kind that it is checked for.
    pub(crate) kind: KindId,
    /// What it speaks of.
    pub(crate) about: About<'a>,
}

/// What an expression speaks of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    /// One record, before it is known which records there are: `applies`, `by`, the window.
    Member,
    /// One record.
    Record,
    /// A group; the names in its `by` are the same for all members.
    Group(&'a [String]),
}

/// Checks a condition: its value is true, false or unknown.
pub(crate) fn check_condition(
    expr: &Expr,
    text: &str,
    place: Place<'_>,
) -> Result<Node, Vec<Problem>> {
    let mut checker = Checker::new(text, place);
    let node = checker.condition(expr);
    checker.finish(node)
}

/// Checks an expression whose type does not matter.
pub(crate) fn check_value(expr: &Expr, text: &str, place: Place<'_>) -> Result<Node, Vec<Problem>> {
    let mut checker = Checker::new(text, place);
    let node = checker.value(expr, None);
    checker.finish(node)
}

struct Checker<'a> {
    text: &'a str,
    place: Place<'a>,
    bound: Option<Bound>,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    fn new(text: &'a str, place: Place<'a>) -> Self {
        Self {
            text,
            place,
            bound: None,
            problems: Vec::new(),
        }
    }

    fn finish(self, node: Option<Node>) -> Result<Node, Vec<Problem>> {
        match node {
            Some(node) if self.problems.is_empty() => Ok(node),
            _ => Err(self.problems),
        }
    }

    fn slice(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "every check ends in it, and a check yields no node where something is wrong"
    )]
    fn node(&self, expr: &Expr, ty: Type, op: Op) -> Option<Node> {
        Some(Node {
            text: Arc::from(self.slice(expr.span)),
            ty,
            op,
        })
    }

    fn problem(&mut self, problem: Problem) -> Option<Node> {
        self.problems.push(problem);
        None
    }

    fn wrong(&mut self, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Option<Node> {
        self.problem(Problem::new(
            span.range(),
            Bilingual::new(zh.into(), en.into()),
        ))
    }

    /// An expression that must be true or false.
    fn condition(&mut self, expr: &Expr) -> Option<Node> {
        let node = self.value(expr, Some(&Type::Flag))?;
        if node.ty == Type::Flag {
            return Some(as_condition(node));
        }
        let written = self.slice(expr.span);
        let name = node.ty.name();
        let problem = Problem::new(
            expr.span.range(),
            Bilingual::new(
                format!("这里要一个条件，{written} 是{}", name.zh),
                format!("a condition is needed here; {written} is {}", name.en),
            ),
        );
        let problem = match node.ty {
            Type::Text | Type::Choice(..) => problem.help(
                format!("写成比较，例如 {written} = \"…\" 或 {written} 非空"),
                format!("make it a comparison: {written} = \"…\" or {written} 非空"),
            ),
            _ => problem.help(
                format!("写成比较，例如 {written} 非空 或 {written} > …"),
                format!("make it a comparison: {written} 非空 or {written} > …"),
            ),
        };
        self.problem(problem)
    }

    /// An expression of any type. `hint` is the type that the place would like, for literals.
    fn value(&mut self, expr: &Expr, hint: Option<&Type>) -> Option<Node> {
        match &expr.kind {
            ExprKind::Number(value, unit) => self.number(expr, *value, *unit),
            ExprKind::Date(day) => self.node(expr, Type::Date, Op::Date(*day)),
            ExprKind::Text(text) => self.literal(expr, text, hint),
            ExprKind::Flag(flag) => self.node(expr, Type::Flag, Op::Flag(*flag)),
            ExprKind::AsOf => self.node(expr, Type::Date, Op::AsOf),
            ExprKind::Village => self.node(expr, Type::Text, Op::Village),
            ExprKind::List(entries) => self.list(expr, entries, hint),
            ExprKind::Limit(name) => self.limit(expr, name),
            ExprKind::Path(path) => self.path(expr, path),
            ExprKind::Call(name, args) => self.call(expr, name, args, hint),
            ExprKind::Negate(operand) => self.negate(expr, operand),
            ExprKind::Not(operand) => {
                let operand = self.condition(operand)?;
                self.node(expr, Type::Flag, Op::Not(Box::new(operand)))
            }
            ExprKind::And(parts) => {
                let parts = self.conditions(parts)?;
                self.node(expr, Type::Flag, Op::And(parts))
            }
            ExprKind::Or(parts) => {
                let parts = self.conditions(parts)?;
                self.node(expr, Type::Flag, Op::Or(parts))
            }
            ExprKind::IsEmpty(operand, negated) => self.is_empty(expr, operand, *negated),
            ExprKind::Compare(comparison, a, b) => self.compare(expr, *comparison, a, b),
            ExprKind::In(operand, list, negated) => self.membership(expr, operand, list, *negated),
            ExprKind::Test(test, operand, with) => self.test(expr, *test, operand, with),
            ExprKind::Arithmetic(operation, a, b) => self.arithmetic(expr, *operation, a, b),
            ExprKind::If(condition, then, otherwise) => {
                self.branch(expr, condition, then, otherwise, hint)
            }
        }
    }

    /// Checks all parts, so that a mistake in one does not hide those of the others.
    fn conditions(&mut self, parts: &[Expr]) -> Option<Vec<Node>> {
        let checked: Vec<Option<Node>> = parts.iter().map(|part| self.condition(part)).collect();
        checked.into_iter().collect()
    }

    fn branch(
        &mut self,
        expr: &Expr,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        hint: Option<&Type>,
    ) -> Option<Node> {
        let condition = self.condition(condition);
        let pair = self.pair(then, otherwise, hint);
        let (condition, (then_node, otherwise_node)) = (condition?, pair?);
        if !self.same_type(&then_node.ty, &otherwise_node.ty) {
            let (a, b) = (then_node.ty.name(), otherwise_node.ty.name());
            let problem = Problem::new(
                otherwise.span.range(),
                Bilingual::new(
                    format!("`则` 是{}，`否则` 是{}，两边要同一种", a.zh, b.zh),
                    format!(
                        "`则` yields {} and `否则` {}; both must be alike",
                        a.en, b.en
                    ),
                ),
            );
            return self.problem(self.with_unit_help(problem, otherwise, &then_node.ty));
        }
        let ty = then_node.ty.clone();
        self.node(
            expr,
            ty,
            Op::If {
                condition: Box::new(condition),
                then: Box::new(then_node),
                otherwise: Box::new(otherwise_node),
            },
        )
    }

    /// Checks two expressions that are to be of one type: the one that is not a literal tells the type of the other.
    fn pair(&mut self, a: &Expr, b: &Expr, hint: Option<&Type>) -> Option<(Node, Node)> {
        if matches!(a.kind, ExprKind::Text(_) | ExprKind::List(_)) {
            let second = self.value(b, hint);
            let first = self.value(a, second.as_ref().map(|node| &node.ty).or(hint));
            return Some((first?, second?));
        }
        let first = self.value(a, hint);
        let second = self.value(b, first.as_ref().map(|node| &node.ty).or(hint));
        Some((first?, second?))
    }

    /// Whether values of two types can stand for one another: the same type, or choices of the same table.
    fn same_type(&self, a: &Type, b: &Type) -> bool {
        match (a, b) {
            (Type::Choice(kind_a, field_a), Type::Choice(kind_b, field_b)) => {
                let kinds = self.place.names.kinds;
                let values = |kind: KindId, field| {
                    kinds
                        .get(kind)
                        .field(field)
                        .choices
                        .iter()
                        .map(|choice| choice.value.as_str())
                        .collect::<Vec<_>>()
                };
                values(*kind_a, *field_a) == values(*kind_b, *field_b)
            }
            (Type::List(a), Type::List(b)) => self.same_type(a, b),
            _ => a == b,
        }
    }
}

/// A flag as a condition: a value that is 是, 否 or 不适用 is asked whether it is 是.
fn as_condition(node: Node) -> Node {
    match node.op {
        Op::Field(_) | Op::Default(_) | Op::Limit(_) => {
            let text = node.text.clone();
            let yes = Node {
                text: Arc::from("是"),
                ty: Type::Flag,
                op: Op::Flag(FlagValue::Yes),
            };
            Node {
                text,
                ty: Type::Flag,
                op: Op::Compare(Comparison::Equal, Box::new(node), Box::new(yes)),
            }
        }
        Op::If {
            condition,
            then,
            otherwise,
        } => Node {
            op: Op::If {
                condition,
                then: Box::new(as_condition(*then)),
                otherwise: Box::new(as_condition(*otherwise)),
            },
            ..node
        },
        _ => node,
    }
}
