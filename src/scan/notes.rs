//! What an evaluation leaves behind besides its value: nothing on the fast path, the whole trail for a finding.

use std::sync::Arc;

use super::scene::Rec;
use crate::finding::Tree;
use crate::ledger::{FieldId, KindId};
use crate::rules::LimitId;

/// What an evaluation leaves behind.
pub(crate) trait Notes: Default {
    /// Whether anything is kept; where it is not, evaluation stops as soon as the value is known.
    const KEPT: bool;
    /// A cell that was read.
    fn read(&mut self, rec: Rec, field: FieldId);
    /// Something whose lack keeps the value from being known.
    fn lack(&mut self, lack: impl FnOnce() -> Lack);
    /// A value of a limit that was used: the limit and the place of its segment.
    fn limit(&mut self, limit: LimitId, segment: usize);
    /// Adds the reads, lacks and limits of another part.
    fn absorb(&mut self, other: &Self);
    /// The value is known: nothing is lacking.
    fn settle(&mut self);
    /// The value is not known. Where nothing is lacking (÷ 0, overflow, no calendar), the cells read are to blame.
    fn blame_reads(&mut self);
    /// The evaluated expression.
    fn set_tree(&mut self, tree: impl FnOnce() -> Tree);
    /// Takes the evaluated expression out.
    fn take_tree(&mut self) -> Option<Tree>;
}

/// Nothing is kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Silent;

impl Notes for Silent {
    const KEPT: bool = false;
    fn read(&mut self, _: Rec, _: FieldId) {}
    fn lack(&mut self, _: impl FnOnce() -> Lack) {}
    fn limit(&mut self, _: LimitId, _: usize) {}
    fn absorb(&mut self, _: &Self) {}
    fn settle(&mut self) {}
    fn blame_reads(&mut self) {}
    fn set_tree(&mut self, _: impl FnOnce() -> Tree) {}
    fn take_tree(&mut self) -> Option<Tree> {
        None
    }
}

/// Something whose lack keeps a value from being known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// An empty, unreadable or imprecise cell.
    Cell(Rec, FieldId),
    /// A column that the table of a record does not have, by its field's name.
    Column(Rec, Arc<str>),
    /// A kind of ledger that the village did not supply.
    Ledger(KindId),
    /// A limit that nobody set, or that has no value on the date.
    Limit(LimitId),
}

impl Lack {
    /// Whether two records of one ledger lack the same thing.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Column(a, name), Self::Column(b, other)) => {
                (a.village, a.ledger) == (b.village, b.ledger) && name == other
            }
            _ => self == other,
        }
    }
}

/// Everything that an evaluation read and lacked, with the evaluated expression.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    /// The cells read, each once, in the order of reading.
    pub(crate) reads: Vec<(Rec, FieldId)>,
    /// What is lacking, each once.
    pub(crate) lacks: Vec<Lack>,
    /// The limits used.
    pub(crate) limits: Vec<(LimitId, usize)>,
    /// The evaluated expression.
    pub(crate) tree: Option<Tree>,
}

impl Notes for Trail {
    const KEPT: bool = true;

    fn read(&mut self, rec: Rec, field: FieldId) {
        push_new(&mut self.reads, (rec, field));
    }

    fn lack(&mut self, lack: impl FnOnce() -> Lack) {
        push_new(&mut self.lacks, lack());
    }

    fn limit(&mut self, limit: LimitId, segment: usize) {
        push_new(&mut self.limits, (limit, segment));
    }

    fn absorb(&mut self, other: &Self) {
        for &read in &other.reads {
            push_new(&mut self.reads, read);
        }
        for lack in &other.lacks {
            push_new(&mut self.lacks, lack.clone());
        }
        for &limit in &other.limits {
            push_new(&mut self.limits, limit);
        }
    }

    fn settle(&mut self) {
        self.lacks.clear();
    }

    fn blame_reads(&mut self) {
        if !self.lacks.is_empty() {
            return;
        }
        for index in 0..self.reads.len() {
            let (rec, field) = self.reads[index];
            push_new(&mut self.lacks, Lack::Cell(rec, field));
        }
    }

    fn set_tree(&mut self, tree: impl FnOnce() -> Tree) {
        self.tree = Some(tree());
    }

    fn take_tree(&mut self) -> Option<Tree> {
        self.tree.take()
    }
}

fn push_new<T: PartialEq>(items: &mut Vec<T>, item: T) {
    if !items.contains(&item) {
        items.push(item);
    }
}
