//! What an evaluation leaves behind besides its value: nothing on the fast path, the whole trail for a finding.

use std::collections::HashSet;
use std::hash::Hash;
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
    /// Adds the reads and limits alone of another part.
    fn absorb_reads(&mut self, other: &Self);
    /// Adds the lacks alone of another part.
    fn absorb_lacks(&mut self, other: &Self);
    /// The value is known: nothing is lacking.
    fn settle(&mut self);
    /// The value is not known. Where nothing is lacking (÷ 0, overflow, no calendar), the cells read are to blame.
    fn blame_reads(&mut self);
    /// The value rests on which records belong to the group; what that lacks is told of the group, and the cells read are
    /// not to blame.
    fn rests_on_members(&mut self);
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
    fn absorb_reads(&mut self, _: &Self) {}
    fn absorb_lacks(&mut self, _: &Self) {}
    fn settle(&mut self) {}
    fn blame_reads(&mut self) {}
    fn rests_on_members(&mut self) {}
    fn set_tree(&mut self, _: impl FnOnce() -> Tree) {}
    fn take_tree(&mut self) -> Option<Tree> {
        None
    }
}

/// Only what is absent is kept: enough to tell why a rule could not run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Absent {
    /// The columns, ledgers and limits that are lacking, each once.
    pub(crate) lacks: Vec<Lack>,
}

impl Notes for Absent {
    const KEPT: bool = true;
    fn read(&mut self, _: Rec, _: FieldId) {}

    fn lack(&mut self, lack: impl FnOnce() -> Lack) {
        let lack = lack();
        if !matches!(lack, Lack::Cell(..)) {
            push_new(&mut self.lacks, lack);
        }
    }

    fn limit(&mut self, _: LimitId, _: usize) {}

    fn absorb(&mut self, other: &Self) {
        for lack in &other.lacks {
            push_new(&mut self.lacks, lack.clone());
        }
    }

    fn absorb_reads(&mut self, _: &Self) {}

    fn absorb_lacks(&mut self, other: &Self) {
        self.absorb(other);
    }

    fn settle(&mut self) {
        self.lacks.clear();
    }

    fn blame_reads(&mut self) {}
    fn rests_on_members(&mut self) {}
    fn set_tree(&mut self, _: impl FnOnce() -> Tree) {}
    fn take_tree(&mut self) -> Option<Tree> {
        None
    }
}

/// Something whose lack keeps a value from being known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

    /// Whether reports tell two lacks in the same words: a column is told by its name, whichever rows it was missed at.
    pub(crate) fn is_told_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Column(_, name), Self::Column(_, other)) => name == other,
            _ => self == other,
        }
    }
}

/// Everything that an evaluation read and lacked, with the evaluated expression.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    /// The cells read, each once, in the order of reading.
    pub(crate) reads: Once<(Rec, FieldId)>,
    /// What is lacking, each once.
    pub(crate) lacks: Once<Lack>,
    /// The limits used.
    pub(crate) limits: Once<(LimitId, usize)>,
    /// The evaluated expression.
    pub(crate) tree: Option<Tree>,
    /// Whether the value rests on which records belong to the group.
    rests_on_members: bool,
}

/// Items in the order they came in, each once.
#[derive(Clone, Debug)]
pub(crate) struct Once<T> {
    items: Vec<T>,
    /// The same items, once there are too many to look through.
    seen: HashSet<T>,
}

/// As many items are looked through faster than they are hashed.
const FEW: usize = 16;

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            seen: HashSet::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Once<T> {
    fn push(&mut self, item: T) {
        if self.items.len() < FEW {
            if !self.items.contains(&item) {
                self.items.push(item);
            }
            return;
        }
        if self.seen.is_empty() {
            self.seen.extend(self.items.iter().cloned());
        }
        if self.seen.insert(item.clone()) {
            self.items.push(item);
        }
    }

    fn clear(&mut self) {
        self.items.clear();
        self.seen.clear();
    }
}

impl<T> std::ops::Deref for Once<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl Notes for Trail {
    const KEPT: bool = true;

    fn read(&mut self, rec: Rec, field: FieldId) {
        self.reads.push((rec, field));
    }

    fn lack(&mut self, lack: impl FnOnce() -> Lack) {
        self.lacks.push(lack());
    }

    fn limit(&mut self, limit: LimitId, segment: usize) {
        self.limits.push((limit, segment));
    }

    fn absorb(&mut self, other: &Self) {
        self.absorb_reads(other);
        self.absorb_lacks(other);
    }

    fn absorb_reads(&mut self, other: &Self) {
        for &read in other.reads.iter() {
            self.reads.push(read);
        }
        for &limit in other.limits.iter() {
            self.limits.push(limit);
        }
    }

    fn absorb_lacks(&mut self, other: &Self) {
        for lack in other.lacks.iter() {
            self.lacks.push(lack.clone());
        }
        self.rests_on_members |= other.rests_on_members;
    }

    fn settle(&mut self) {
        self.lacks.clear();
        self.rests_on_members = false;
    }

    fn blame_reads(&mut self) {
        if self.lacks.is_empty() && !self.rests_on_members {
            for &(rec, field) in self.reads.iter() {
                self.lacks.push(Lack::Cell(rec, field));
            }
        }
    }

    fn rests_on_members(&mut self) {
        self.rests_on_members = true;
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
