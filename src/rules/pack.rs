//! Everything that a scan judges with.

use std::collections::BTreeMap;

use super::{Calendar, Limit, LimitId, Provision, Rule};
use crate::ledger::Kinds;

/// Ledger kinds, rules, limits, law and calendar, checked against one another.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// The ledger kinds.
    pub kinds: Kinds,
    /// The rules, sorted by id.
    pub rules: Vec<Rule>,
    /// The limits, by [`LimitId`].
    pub limits: Vec<Limit>,
    /// The provisions, by id.
    pub law: BTreeMap<String, Provision>,
    /// Working days and holidays.
    pub calendar: Calendar,
    /// SHA-256 of the rules and limits in force, in hex.
    pub digest: String,
    /// Of each rule by id: SHA-256 of the rule as written and of the limits it names, in hex. A report carries it so
    /// that a later one can tell a changed rule from changed cells.
    pub rule_digests: BTreeMap<String, String>,
}

impl Pack {
    /// The limit of an id that this very pack handed out.
    pub fn limit(&self, id: LimitId) -> &Limit {
        &self.limits[usize::from(id.0)]
    }

    /// The limit of a name.
    pub fn find_limit(&self, name: &str) -> Option<LimitId> {
        (0..)
            .map(LimitId)
            .zip(&self.limits)
            .find(|(_, limit)| limit.name == name)
            .map(|(id, _)| id)
    }

    /// The rule of an id.
    pub fn find_rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}
