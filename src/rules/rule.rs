//! A checked rule.

use std::sync::Arc;

use super::expr::{FieldPath, Node};
use crate::finding::{Severity, Topic};
use crate::lang::Bilingual;
use crate::ledger::KindId;

/// A rule that was checked against its ledger kinds, so that evaluating it cannot fail.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The file's name: its id everywhere.
    pub id: String,
    /// The folder's name.
    pub topic: Topic,
    /// What it is called.
    pub title: Bilingual,
    /// How much it matters, where no grade is true.
    pub severity: Severity,
    /// Graver or lesser cases; the first that is true wins.
    pub grades: Vec<Graded>,
    /// Whether a scan can show that it was put right; a past act is not curable.
    pub curable: bool,
    /// Whether it is on trial: reported, but never fails a run.
    pub trial: bool,
    /// Whether it looks at one village or at all of them.
    pub scope: Scope,
    /// The ids of the provisions it cites; empty for a 管理提示.
    pub basis: Vec<String>,
    /// The rules it is counted once with.
    pub overlaps: Vec<String>,
    /// What to look at next.
    pub advice: Bilingual,
    /// Why it matters, when it is silent, known false positives.
    pub why: Bilingual,
    /// The rule on each ledger kind it is judged on.
    pub judged: Vec<Judged>,
    /// Its tests.
    pub tests: Vec<RuleTest>,
    /// The file it was read from, for messages.
    pub file: Arc<str>,
    /// Mutants that its author lists as equivalent, each with the reason.
    pub equivalent: Vec<(String, String)>,
}

/// A rule on one ledger kind.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The kind.
    pub kind: KindId,
    /// Whom the duty binds; everyone, where it is left out.
    pub applies: Option<Node>,
    /// What is not as it should be.
    pub violation: Node,
    /// What the condition speaks of, where it is not the single record.
    pub group: Option<Group>,
    /// The date of the act: the first that is filled.
    pub law_date: Vec<FieldPath>,
    /// The money at stake.
    pub amount: Option<Node>,
    /// What the ledger shows.
    pub message: Template,
    /// The same in English.
    pub message_en: Template,
    /// The severities of `[[grade]]`, checked on this kind; parallel to [`Rule::grades`].
    pub grades: Vec<Node>,
}

impl Judged {
    /// Every expression of it.
    pub fn nodes(&self) -> Vec<&Node> {
        let templates = [&self.message, &self.message_en];
        let mut nodes: Vec<&Node> = Vec::new();
        nodes.extend(&self.applies);
        nodes.push(&self.violation);
        if let Some(group) = &self.group {
            nodes.extend(&group.by);
            nodes.extend(group.window.as_ref().map(|window| &window.length));
        }
        nodes.extend(&self.amount);
        nodes.extend(&self.grades);
        for part in templates.into_iter().flat_map(|template| &template.parts) {
            if let TemplatePart::Value(node) = part {
                nodes.push(node);
            }
        }
        nodes
    }
}

impl Rule {
    /// The limits it names, ascending.
    pub fn limits(&self) -> std::collections::BTreeSet<super::LimitId> {
        let mut limits = std::collections::BTreeSet::new();
        for node in self.judged.iter().flat_map(Judged::nodes) {
            node.walk(&mut |node| {
                if let super::expr::Op::Limit(id) = node.op {
                    limits.insert(id);
                }
            });
        }
        limits
    }
}

/// A severity that holds when a condition is true. The condition is checked for each kind: [`Judged::grades`].
#[derive(Clone, Debug)]
pub struct Graded {
    /// The severity.
    pub severity: Severity,
    /// The author's condition.
    pub when: Arc<str>,
}

/// How a rule groups its records.
#[derive(Clone, Debug)]
pub struct Group {
    /// Records that agree in these are one group.
    pub by: Vec<Node>,
    /// A bound on how far apart they are.
    pub window: Option<Window>,
}

/// A bound on how far apart the members of a group are.
#[derive(Clone, Debug)]
pub struct Window {
    /// The date that orders them.
    pub field: FieldPath,
    /// First to last at most this long: days, months, or a duration limit.
    pub length: Node,
}

/// Whether a rule looks at one village or at all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One village at a time.
    Village,
    /// All villages together.
    All,
}

/// A message with expressions in it.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Its parts in order.
    pub parts: Vec<TemplatePart>,
}

/// A part of a message.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Words.
    Text(Arc<str>),
    /// A value.
    Value(Node),
}

/// A test beside the rule.
#[derive(Clone, Debug, Default)]
pub struct RuleTest {
    /// What it shows.
    pub case: String,
    /// The line of the file it begins at, counted from 1.
    pub line: u32,
    /// The ledger whose rows these are; the rule's first where it is left out.
    pub ledger: Option<String>,
    /// The rows of the rule's own ledger.
    pub rows: TestTable,
    /// Rows of other ledgers, by their Chinese name.
    pub related: Vec<(String, TestTable)>,
    /// Columns and ledgers that are not there.
    pub absent: Vec<String>,
    /// What is to come out.
    pub expect: TestExpectation,
    /// The as-of date, ISO; a day long after every row where it is left out.
    pub as_of: Option<String>,
    /// Limits set for the test: name and value.
    pub limits: Vec<(String, String)>,
    /// What the message is to be.
    pub message: Option<String>,
    /// The fields the evidence is to name.
    pub reads: Vec<String>,
    /// Why it fails still.
    pub known_gap: Option<String>,
}

/// A table of a test: its header and its rows, cells as written.
#[derive(Clone, Debug, Default)]
pub struct TestTable {
    /// Names of fields.
    pub header: Vec<String>,
    /// Cells by row; as many as the header has.
    pub rows: Vec<Vec<String>>,
}

/// What is to come out of a test.
#[derive(Clone, Debug)]
pub enum TestExpectation {
    /// One verdict for the only record, or for every record.
    Verdict(crate::finding::Verdict),
    /// A verdict for the records whose key fields are these; every other record must have no finding.
    Records(TestTable),
}

impl Default for TestExpectation {
    fn default() -> Self {
        Self::Verdict(crate::finding::Verdict::Pass)
    }
}
