//! 全体: the records that a rule looks at, and what aggregates over all of them came to.

use std::sync::{Mutex, PoisonError};

use super::eval::Member;
use super::value::Value;
use crate::rules::expr::Node;

/// 全体, with what its aggregates came to.
#[derive(Debug, Default)]
pub(crate) struct All {
    /// The records.
    pub(crate) members: Vec<Member>,
    known: Mutex<Vec<(usize, Value<'static>)>>,
}

static NONE: All = All {
    members: Vec::new(),
    known: Mutex::new(Vec::new()),
};

impl All {
    /// No records, for a rule that does not speak of them.
    pub(crate) fn none() -> &'static Self {
        &NONE
    }

    /// These records.
    pub(crate) fn of(members: Vec<Member>) -> Self {
        Self {
            members,
            known: Mutex::default(),
        }
    }

    /// What an aggregate over all records came to before: it is the same whatever group or record asks for it.
    ///
    /// A node is told by its place in memory: the rule outlives these records.
    pub(crate) fn known(&self, node: &Node) -> Option<Value<'static>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .iter()
            .find(|(place, _)| *place == std::ptr::from_ref(node).addr())
            .map(|(_, value)| value.clone())
    }

    /// Keeps what an aggregate came to.
    pub(crate) fn keep(&self, node: &Node, value: &Value<'_>) {
        let value = match value {
            Value::Decimal(interval, cause) => Value::Decimal(*interval, *cause),
            Value::Whole(interval, cause) => Value::Whole(*interval, *cause),
            Value::Truth(truth) => Value::Truth(*truth),
            _ => return,
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.push((std::ptr::from_ref(node).addr(), value));
    }
}
