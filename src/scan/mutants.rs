//! Small changes to a rule that its tests ought to notice: a boundary moved, a part dropped, a question turned round.
//!
//! A mutant that every test lets pass is named, so that its author adds the case that tells the two apart, or lists it in
//! the rule as equivalent with the reason.

use std::collections::BTreeMap;

use super::selftest::Prepared;
use crate::rules::expr::{Comparison, Node, Op, TextTest};
use crate::rules::{Pack, Rule};

/// A mutant that no test of its rule notices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Survivor {
    /// The rule's id.
    pub rule: String,
    /// What was changed, as it is listed under `equivalent`: `violation: 开工日期 < 签订日期 → <=`.
    pub mutant: String,
}

/// What the mutants of a rule came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutants {
    /// How many there are, those listed as equivalent left out.
    pub tried: usize,
    /// Those that no test notices.
    pub survivors: Vec<Survivor>,
    /// Those listed as equivalent that a test does notice, or that there are none of: the list is out of date.
    pub stale: Vec<String>,
}

/// Tries every mutant of a rule against its tests. A rule whose tests fail already has none.
pub fn try_rule(pack: &Pack, rule: &Rule) -> Mutants {
    let prepared = Prepared::of(pack, rule);
    let mut result = Mutants::default();
    if !prepared.pass(rule) {
        return result;
    }
    let mut listed: Vec<&str> = rule
        .equivalent
        .iter()
        .map(|(mutant, _)| mutant.as_str())
        .collect();
    for (mutant, changed) in mutants(rule) {
        let noticed = !prepared.pass(&changed);
        if let Some(place) = listed.iter().position(|listed| *listed == mutant) {
            if !noticed {
                listed.remove(place);
            }
            continue;
        }
        result.tried += 1;
        if !noticed {
            result.survivors.push(Survivor {
                rule: rule.id.clone(),
                mutant,
            });
        }
    }
    result.stale = listed.into_iter().map(str::to_owned).collect();
    result
}

/// Every mutant of a rule with what was changed. Ledgers that share a condition change together.
fn mutants(rule: &Rule) -> Vec<(String, Rule)> {
    let mut found: BTreeMap<(usize, String), Rule> = BTreeMap::new();
    let mut order = 0;
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (index, judged) in rule.judged.iter().enumerate() {
        let applies = judged.applies.iter().map(|node| ("applies", node));
        for (part, node) in applies.chain([("violation", &judged.violation)]) {
            let mut times: BTreeMap<String, usize> = BTreeMap::new();
            for (what, changed) in changes(node) {
                let seen = times.entry(what.clone()).or_default();
                *seen += 1;
                let mutant = if *seen == 1 {
                    format!("{part}: {what}")
                } else {
                    format!("{part}: {what} ({seen})")
                };
                let place = *places.entry(mutant.clone()).or_insert_with(|| {
                    order += 1;
                    order
                });
                let variant = found.entry((place, mutant)).or_insert_with(|| rule.clone());
                if part == "applies" {
                    variant.judged[index].applies = Some(changed);
                } else {
                    variant.judged[index].violation = changed;
                }
            }
        }
    }
    found
        .into_iter()
        .map(|((_, mutant), rule)| (mutant, rule))
        .collect()
}

/// Every expression that differs from this one by one change, with what was changed.
fn changes(node: &Node) -> Vec<(String, Node)> {
    let mut changed = here(node);
    let inside = |op: Op| Node { op, ..node.clone() };
    let mut add = |below: &Node, put: &dyn Fn(Node) -> Op| {
        for (what, part) in changes(below) {
            changed.push((what, inside(put(part))));
        }
    };
    match &node.op {
        Op::Not(operand) => add(operand, &|part| Op::Not(Box::new(part))),
        Op::And(operands) => {
            for (index, operand) in operands.iter().enumerate() {
                add(operand, &|part| Op::And(replaced(operands, index, part)));
            }
        }
        Op::Or(operands) => {
            for (index, operand) in operands.iter().enumerate() {
                add(operand, &|part| Op::Or(replaced(operands, index, part)));
            }
        }
        Op::If {
            condition,
            then,
            otherwise,
        } => {
            add(condition, &|part| Op::If {
                condition: Box::new(part),
                then: then.clone(),
                otherwise: otherwise.clone(),
            });
            add(then, &|part| Op::If {
                condition: condition.clone(),
                then: Box::new(part),
                otherwise: otherwise.clone(),
            });
            add(otherwise, &|part| Op::If {
                condition: condition.clone(),
                then: then.clone(),
                otherwise: Box::new(part),
            });
        }
        Op::Compare(comparison, a, b) => {
            add(a, &|part| {
                Op::Compare(*comparison, Box::new(part), b.clone())
            });
            add(b, &|part| {
                Op::Compare(*comparison, a.clone(), Box::new(part))
            });
        }
        Op::Aggregate {
            aggregate,
            rows,
            value,
            when: Some(when),
        } => {
            add(when, &|part| Op::Aggregate {
                aggregate: *aggregate,
                rows: rows.clone(),
                value: value.clone(),
                when: Some(Box::new(part)),
            });
        }
        _ => {}
    }
    changed
}

fn replaced(operands: &[Node], index: usize, part: Node) -> Vec<Node> {
    let mut operands = operands.to_vec();
    operands[index] = part;
    operands
}

/// The changes of a node itself.
fn here(node: &Node) -> Vec<(String, Node)> {
    let with = |op: Op| Node { op, ..node.clone() };
    match &node.op {
        Op::Compare(comparison, a, b) => {
            let other = match comparison {
                Comparison::Greater => Comparison::GreaterOrEqual,
                Comparison::GreaterOrEqual => Comparison::Greater,
                Comparison::Less => Comparison::LessOrEqual,
                Comparison::LessOrEqual => Comparison::Less,
                Comparison::Equal => Comparison::NotEqual,
                Comparison::NotEqual => Comparison::Equal,
            };
            let mut changed = vec![(
                format!("{} → {}", node.text, other.text()),
                with(Op::Compare(other, a.clone(), b.clone())),
            )];
            let turned = match comparison {
                Comparison::Greater | Comparison::GreaterOrEqual => Some(Comparison::Less),
                Comparison::Less | Comparison::LessOrEqual => Some(Comparison::Greater),
                Comparison::Equal | Comparison::NotEqual => None,
            };
            if let Some(turned) = turned {
                changed.push((
                    format!("{} → {}", node.text, turned.text()),
                    with(Op::Compare(turned, a.clone(), b.clone())),
                ));
            }
            changed
        }
        Op::And(operands) | Op::Or(operands) if operands.len() > 1 => (0..operands.len())
            .map(|index| {
                let mut rest = operands.clone();
                let dropped = rest.remove(index);
                let op = if rest.len() == 1 {
                    rest.remove(0).op
                } else if matches!(node.op, Op::And(_)) {
                    Op::And(rest)
                } else {
                    Op::Or(rest)
                };
                (format!("− {}", dropped.text), with(op))
            })
            .collect(),
        Op::Not(operand) => vec![(
            format!("{} → {}", node.text, operand.text),
            (**operand).clone(),
        )],
        Op::IsEmpty { operand, negated } => vec![(
            format!("{} → {}", node.text, if *negated { "为空" } else { "非空" }),
            with(Op::IsEmpty {
                operand: operand.clone(),
                negated: !negated,
            }),
        )],
        Op::In {
            operand,
            list,
            negated,
        } => vec![(
            format!(
                "{} → {}",
                node.text,
                if *negated { "属于" } else { "不属于" }
            ),
            with(Op::In {
                operand: operand.clone(),
                list: list.clone(),
                negated: !negated,
            }),
        )],
        Op::Test {
            test: TextTest::Contains,
            operand,
            with: text,
        } => vec![(
            format!("{} → 不包含", node.text),
            with(Op::Test {
                test: TextTest::ContainsNot,
                operand: operand.clone(),
                with: text.clone(),
            }),
        )],
        Op::If {
            condition,
            then,
            otherwise,
        } => vec![
            (format!("若 {} → 是", condition.text), (**then).clone()),
            (format!("若 {} → 否", condition.text), (**otherwise).clone()),
        ],
        Op::Aggregate {
            aggregate,
            rows,
            value,
            when: Some(when),
        } => vec![(
            format!("− 当 {}", when.text),
            with(Op::Aggregate {
                aggregate: *aggregate,
                rows: rows.clone(),
                value: value.clone(),
                when: None,
            }),
        )],
        _ => Vec::new(),
    }
}
