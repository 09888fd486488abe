//! Walks over checked expressions: which relations, limits and rows a rule makes use of.

use crate::ledger::{KindId, RelationId};
use crate::rules::expr::{Aggregate, FieldPath, Node, Op, Rows};
use crate::rules::{Judged, Rule, Template, TemplatePart};

/// Calls a function on a node and on every node below it.
pub(crate) fn each<'a>(node: &'a Node, f: &mut impl FnMut(&'a Node)) {
    f(node);
    for part in children(node) {
        each(part, f);
    }
}

/// The direct operands of a node.
pub(crate) fn children(node: &Node) -> Vec<&Node> {
    match &node.op {
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
        Op::List(nodes)
        | Op::And(nodes)
        | Op::Or(nodes)
        | Op::Default(nodes)
        | Op::Call(_, nodes) => nodes.iter().collect(),
        Op::IsEmpty { operand, .. } | Op::Not(operand) | Op::Negate(operand) => vec![operand],
        Op::Compare(_, a, b) | Op::Arithmetic(_, a, b) => vec![a, b],
        Op::In { operand, list, .. } => vec![operand, list],
        Op::Test { operand, with, .. } => vec![operand, with],
        Op::If {
            condition,
            then,
            otherwise,
        } => vec![condition, then, otherwise],
        Op::Aggregate { value, when, .. } => value.iter().chain(when).map(|node| &**node).collect(),
    }
}

/// Every expression of a rule on one kind.
pub(crate) fn expressions(judged: &Judged) -> impl Iterator<Item = &Node> {
    let group = judged.group.iter().flat_map(|group| {
        group
            .by
            .iter()
            .chain(group.window.iter().map(|window| &window.length))
    });
    judged
        .applies
        .iter()
        .chain([&judged.violation])
        .chain(group)
        .chain(&judged.amount)
        .chain(&judged.grades)
        .chain(values(&judged.message))
        .chain(values(&judged.message_en))
}

/// The expressions of a message.
fn values(template: &Template) -> impl Iterator<Item = &Node> {
    template.parts.iter().filter_map(|part| match part {
        TemplatePart::Text(_) => None,
        TemplatePart::Value(node) => Some(node),
    })
}

/// The paths of a rule on one kind that stand outside its expressions.
fn loose_paths(judged: &Judged) -> impl Iterator<Item = &FieldPath> {
    let window = judged
        .group
        .iter()
        .filter_map(|group| group.window.as_ref());
    judged
        .law_date
        .iter()
        .chain(window.map(|window| &window.field))
}

/// The relations that rules follow, sorted.
pub(crate) fn relations<'a>(
    rules: impl IntoIterator<Item = &'a Rule>,
) -> Vec<(KindId, RelationId)> {
    let mut found = Vec::new();
    for rule in rules {
        for judged in &rule.judged {
            for path in loose_paths(judged) {
                found.extend(path.hop.iter().copied());
            }
            for node in expressions(judged) {
                each(node, &mut |node| match &node.op {
                    Op::Field(path) | Op::HasColumn(path) => found.extend(path.hop.iter().copied()),
                    Op::Aggregate {
                        rows: Rows::Relation(relation),
                        ..
                    } => found.push((judged.kind, *relation)),
                    _ => {}
                });
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a rule on one kind speaks of 全体.
pub(crate) fn uses_all(judged: &Judged) -> bool {
    let mut found = false;
    for node in expressions(judged) {
        each(node, &mut |node| {
            found |= matches!(
                &node.op,
                Op::Aggregate {
                    rows: Rows::All,
                    ..
                }
            );
        });
    }
    found
}

/// Whether an expression leaves out what cannot be read.
pub(crate) fn leaves_out(node: &Node) -> bool {
    let mut found = false;
    each(node, &mut |node| {
        found |= matches!(
            &node.op,
            Op::Aggregate {
                aggregate: Aggregate::KnownSum,
                ..
            }
        );
    });
    found
}
