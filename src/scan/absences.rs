//! What a table lacks for a rule: told for most records without evaluating the rule again.

use super::compile::Condition;
use super::judge::Task;
use super::notes::Lack;
use super::scene::{Rec, readable};
use super::truth::Truth;
use crate::ledger::{Day, Ledger, RelationId};
use crate::rules::expr::{Base, FieldPath, Node, Op, Rows};
use crate::rules::{LimitId, Unset};

/// What records of one table that a rule could not run on lack.
pub(crate) struct Absences {
    /// The one thing that the table can lack for the rule, where there is only one.
    only: Option<[Lack; 1]>,
    /// Whether the condition comes to the same for every record.
    constant: bool,
    /// What the first record lacked that the duty certainly binds.
    bound: Option<Vec<Lack>>,
}

impl Absences {
    /// Looks at what a table lacks for a rule.
    pub(crate) fn of(
        task: &Task<'_>,
        village: u32,
        ledger: &Ledger,
        violation: &Condition<'_>,
    ) -> Self {
        let place = (0..)
            .zip(&task.scene().village(village).ledgers)
            .find(|(_, other)| std::ptr::eq(*other, ledger))
            .map_or(0, |(place, _)| place);
        let mut search = Search {
            task,
            at: Rec {
                village,
                ledger: place,
                row: 0,
            },
            ledger,
            found: Vec::new(),
            open: false,
        };
        for node in task.judged.applies.iter().chain([&task.judged.violation]) {
            search.node(node);
        }
        let only = if search.open {
            None
        } else {
            <[Lack; 1]>::try_from(search.found).ok()
        };
        Self {
            only,
            constant: matches!(violation, Condition::Always(_)),
            bound: None,
        }
    }

    /// What a record lacks; `evaluate` tells it where nothing shorter does.
    pub(crate) fn of_record(
        &mut self,
        applies: Truth,
        evaluate: impl FnOnce() -> Vec<Lack>,
    ) -> Vec<Lack> {
        if let Some(only) = &self.only {
            return only.to_vec();
        }
        // Where the duty is certain and the condition constant, what it lacks is constant as well.
        if self.constant && applies == Truth::TRUE {
            return self.bound.get_or_insert_with(evaluate).clone();
        }
        evaluate()
    }
}

/// A search for everything that a table can lack for a rule.
struct Search<'s, 'a> {
    task: &'s Task<'a>,
    at: Rec,
    ledger: &'s Ledger,
    found: Vec<Lack>,
    /// Whether it depends on the record what is lacking.
    open: bool,
}

impl Search<'_, '_> {
    fn add(&mut self, lack: Lack) {
        if !self.found.iter().any(|known| known.is_same(&lack)) {
            self.found.push(lack);
        }
    }

    fn node(&mut self, node: &Node) {
        match &node.op {
            Op::Field(path) => self.path(path),
            Op::Limit(limit) => self.limit(*limit),
            Op::Aggregate {
                rows: Rows::Relation(relation),
                ..
            } => self.relation(*relation),
            Op::Aggregate { .. } => self.open = true,
            _ => {}
        }
        for part in super::walk::children(node) {
            self.node(part);
        }
    }

    fn path(&mut self, path: &FieldPath) {
        if path.base == Base::Bound {
            // The rows may stand in any ledger of the kinds that the relation leads to.
            let scene = self.task.scene();
            let lacking = path.fields.iter().any(|&(kind, field)| {
                scene
                    .ledgers_of(self.at.village, kind)
                    .iter()
                    .any(|&place| {
                        let ledger = &scene.village(self.at.village).ledgers[place as usize];
                        !ledger.has(readable(ledger, field))
                    })
            });
            self.open |= lacking || !path.hop.is_empty();
            return;
        }
        if !path.hop.is_empty() {
            self.open = true;
            return;
        }
        let kind = self.ledger.kind;
        let here = path
            .fields
            .iter()
            .find(|(of, _)| *of == kind)
            .is_some_and(|&(_, field)| self.ledger.has(readable(self.ledger, field)));
        if !here {
            self.add(Lack::Column(self.at, path.name.clone()));
        }
    }

    fn relation(&mut self, relation: RelationId) {
        let scene = self.task.scene();
        let relation = self.ledger.kind_of.relation(relation);
        let unsupplied: Vec<_> = relation
            .to
            .iter()
            .copied()
            .filter(|&to| scene.ledgers_of(self.at.village, to).is_empty())
            .collect();
        if unsupplied.len() == relation.to.len() {
            for to in unsupplied {
                self.add(Lack::Ledger(to));
            }
        } else {
            let keys = relation.on.iter().flatten();
            let lacking = keys
                .map(|pair| pair.here)
                .any(|field| !self.ledger.has(readable(self.ledger, field)));
            let missing_there = relation.on.iter().flatten().any(|pair| {
                relation.to.iter().zip(&pair.there).any(|(&to, there)| {
                    scene.ledgers_of(self.at.village, to).iter().any(|&place| {
                        let ledger = &scene.village(self.at.village).ledgers[place as usize];
                        there.is_none_or(|field| !ledger.has(readable(ledger, field)))
                    })
                })
            });
            self.open |= lacking || missing_there || !unsupplied.is_empty();
        }
    }

    fn limit(&mut self, id: LimitId) {
        let limit = self.task.scene().pack.limit(id);
        let (Some(first), Some(last)) = (limit.values.first(), limit.values.last()) else {
            if limit.unset == Unset::NotRun {
                self.add(Lack::Limit(id));
            }
            return;
        };
        let always = limit.values.len() == 1 && first.from == Day::MIN && last.to == Day::MAX;
        if !always {
            self.add(Lack::Limit(id));
            for path in &self.task.judged.law_date {
                self.path(path);
            }
        }
    }
}
