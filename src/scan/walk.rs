//! Walks over checked expressions: which relations, limits and rows a rule makes use of.

use crate::ledger::{KindId, RelationId};
use crate::rules::expr::{Aggregate, FieldPath, Node, Op, Rows};
use crate::rules::{Judged, Rule, Template, TemplatePart};

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
                node.walk(&mut |node| match &node.op {
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
        node.walk(&mut |node| {
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
    node.walk(&mut |node| {
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
