//! What a table lacks for a rule: told for most records without evaluating the rule again.

use std::collections::HashMap;

use super::compile::{Compiler, Condition, Row};
use super::notes::Lack;
use super::scene::{Rec, readable};
use super::truth::Truth;
use crate::ledger::{Day, FieldId, KindId, RelationId};
use crate::rules::expr::{Base, FieldPath, Node, Op, Rows, Type};
use crate::rules::{Judged, LimitId, Unset};

/// What records of one table that a rule could not run on lack.
pub(crate) struct Absences<'a> {
    compiler: Compiler<'a>,
    judged: &'a Judged,
    /// Made when the first record asks.
    told: Option<Told<'a>>,
}

/// How it is told what a record lacks.
enum Told<'a> {
    /// There is only one thing that the table can lack for the rule.
    Only(Vec<Lack>),
    /// Each term of the conditions lacks the same whenever it is open, so that the truths of the terms tell it.
    Terms {
        terms: Vec<Condition<'a>>,
        seen: HashMap<Vec<Truth>, Vec<Lack>>,
    },
    /// Only evaluating the rule tells.
    Each,
}

impl<'a> Absences<'a> {
    /// Nothing asked yet.
    pub(crate) fn of(compiler: Compiler<'a>, judged: &'a Judged) -> Self {
        Self {
            compiler,
            judged,
            told: None,
        }
    }

    /// What a record lacks; `evaluate` tells it where nothing shorter does.
    pub(crate) fn of_record(
        &mut self,
        row: &Row<'_>,
        evaluate: impl FnOnce() -> Vec<Lack>,
    ) -> Vec<Lack> {
        let (compiler, judged) = (self.compiler, self.judged);
        match self.told.get_or_insert_with(|| Told::of(compiler, judged)) {
            Told::Only(only) => only.clone(),
            Told::Terms { terms, seen } => {
                let truths: Vec<Truth> = terms.iter().map(|term| term.truth(row)).collect();
                seen.entry(truths).or_insert_with(evaluate).clone()
            }
            Told::Each => evaluate(),
        }
    }
}

impl<'a> Told<'a> {
    fn of(compiler: Compiler<'a>, judged: &'a Judged) -> Self {
        let applies = judged.applies.iter().map(|node| (node, true));
        let mut terms = Vec::new();
        for (node, vacuous) in applies.chain([(&judged.violation, false)]) {
            gather(node, vacuous, &mut terms);
        }
        let (mut all, mut alike): (Vec<Lack>, bool) = (Vec::new(), true);
        for (term, _) in &terms {
            let mut search = Search {
                compiler,
                judged,
                found: Vec::new(),
                open: false,
                varies: false,
            };
            search.node(term);
            alike &= !search.open && (search.found.len() < 2 || !search.varies);
            for lack in search.found {
                if !all.iter().any(|known| known.is_same(&lack)) {
                    all.push(lack);
                }
            }
        }
        match (alike, all.len()) {
            (true, 1) => Self::Only(all),
            (true, _) => Self::Terms {
                terms: terms
                    .into_iter()
                    .map(|(term, vacuous)| compiler.condition(term, vacuous))
                    .collect(),
                seen: HashMap::new(),
            },
            (false, _) => Self::Each,
        }
    }
}

/// The terms that 且, 或, 非 and 若 put together.
fn gather<'a>(node: &'a Node, vacuous: bool, terms: &mut Vec<(&'a Node, bool)>) {
    match &node.op {
        Op::And(operands) | Op::Or(operands) => {
            for operand in operands {
                gather(operand, vacuous, terms);
            }
        }
        Op::Not(operand) => gather(operand, !vacuous, terms),
        Op::If {
            condition,
            then,
            otherwise,
        } if node.ty == Type::Flag => {
            for part in [condition, then, otherwise] {
                gather(part, vacuous, terms);
            }
        }
        _ => terms.push((node, vacuous)),
    }
}

/// A search for everything that a table can lack for a term.
struct Search<'a> {
    compiler: Compiler<'a>,
    judged: &'a Judged,
    found: Vec<Lack>,
    /// Whether it depends on the record what is lacking.
    open: bool,
    /// Whether a part of the term is left out for some records, so that what it lacks is not always told.
    varies: bool,
}

impl Search<'_> {
    fn add(&mut self, lack: Lack) {
        if !self.found.iter().any(|known| known.is_same(&lack)) {
            self.found.push(lack);
        }
    }

    /// Any record of the table.
    fn at(&self) -> Rec {
        self.compiler.first()
    }

    fn lacks(&self, village: u32, kind: KindId, field: FieldId) -> bool {
        let scene = self.compiler.judge.scene;
        scene.ledgers_of(village, kind).iter().any(|&place| {
            let ledger = &scene.village(village).ledgers[place as usize];
            !ledger.has(readable(ledger, field))
        })
    }

    fn node(&mut self, node: &Node) {
        match &node.op {
            Op::Field(path) => self.path(path),
            Op::Default(_) | Op::If { .. } => self.varies = true,
            Op::Limit(limit) => self.limit(*limit),
            Op::Aggregate {
                rows: Rows::Relation(relation),
                ..
            } => {
                self.varies = true;
                self.relation(*relation);
            }
            Op::Aggregate { .. } => self.open = true,
            _ => {}
        }
        for part in node.parts() {
            self.node(part);
        }
    }

    fn path(&mut self, path: &FieldPath) {
        let at = self.at();
        let ledger = self.compiler.ledger;
        if path.base == Base::Bound || !path.hop.is_empty() {
            self.varies = true;
            if path.base == Base::Bound && !path.hop.is_empty() {
                self.open = true;
                return;
            }
            if path.base == Base::Record {
                match path.hop.iter().find(|(from, _)| *from == ledger.kind) {
                    Some(&(_, relation)) => self.relation(relation),
                    None => self.add(Lack::Column(at, path.relation.clone())),
                }
            }
            // The rows may stand in any ledger of the kinds that the relation leads to.
            let lacking = path
                .fields
                .iter()
                .any(|&(kind, field)| self.lacks(at.village, kind, field));
            if lacking {
                self.add(Lack::Column(at, path.name.clone()));
                self.open |= path.fields.len() > 1;
            }
            return;
        }
        let here = path
            .fields
            .iter()
            .find(|(of, _)| *of == ledger.kind)
            .map(|&(_, field)| readable(ledger, field))
            .filter(|&field| ledger.has(field));
        // A class without a column is there where a name tells it, and absent where none does.
        let inferred = here.is_some_and(|field| {
            ledger.columns[usize::from(field.0)].is_none()
                && !ledger.kind_of.field(field).infer.is_empty()
        });
        if here.is_none() || inferred {
            self.add(Lack::Column(at, path.name.clone()));
        }
    }

    fn relation(&mut self, relation: RelationId) {
        let scene = self.compiler.judge.scene;
        let ledger = self.compiler.ledger;
        let village = self.compiler.village;
        let relation = ledger.kind_of.relation(relation);
        let unsupplied: Vec<_> = relation
            .to
            .iter()
            .copied()
            .filter(|&to| scene.ledgers_of(village, to).is_empty())
            .collect();
        if unsupplied.len() == relation.to.len() {
            for to in unsupplied {
                self.add(Lack::Ledger(to));
            }
            return;
        }
        let keys_here = relation
            .on
            .iter()
            .flatten()
            .all(|pair| ledger.has(readable(ledger, pair.here)));
        let keys_there = relation.on.iter().flatten().all(|pair| {
            relation
                .to
                .iter()
                .zip(&pair.there)
                .all(|(&to, there)| there.is_some_and(|field| !self.lacks(village, to, field)))
        });
        self.open |= !keys_here || !keys_there || !unsupplied.is_empty();
    }

    fn limit(&mut self, id: LimitId) {
        let limit = self.compiler.judge.scene.pack.limit(id);
        let (Some(first), Some(last)) = (limit.values.first(), limit.values.last()) else {
            if limit.unset == Unset::NotRun {
                self.add(Lack::Limit(id));
            }
            return;
        };
        let always = limit.values.len() == 1 && first.from == Day::MIN && last.to == Day::MAX;
        if !always {
            self.add(Lack::Limit(id));
            for path in &self.judged.law_date {
                self.varies = true;
                self.path(path);
            }
        }
    }
}
