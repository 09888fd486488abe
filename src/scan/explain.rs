//! Why a rule fired on a row, or why it did not.

use std::fmt::Write as _;

use super::groups::{group_trail, membership_trail};
use super::judge::{Case, Task};
use super::notes::Trail;
use super::scene::{Rec, Scene};
use super::walk;
use super::{Settings, tell};
use crate::finding::{Fingerprint, Missing, Tree, TreeValue, Verdict};
use crate::ledger::Village;
use crate::rules::{Pack, Rule, Scope};

/// A row of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<'a> {
    /// The file's name in reports, or the end of it.
    pub file: &'a str,
    /// The sheet's name.
    pub sheet: &'a str,
    /// The row, counted from 1.
    pub row: u32,
}

/// What a rule concludes about one record, and why.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The rule's id.
    pub rule: String,
    /// The record's id.
    pub record: String,
    /// The file's name in reports.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: u32,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether the duty binds the record, evaluated; `None` where it binds every one.
    pub applies: Option<Tree>,
    /// The condition, evaluated; of a rule with groups, for each group that the record is or may be in and that is not in
    /// order or undecided. `None` where there is no such group.
    pub violation: Option<Tree>,
    /// What would decide it.
    pub missing: Vec<Missing>,
}

/// What one rule concludes about the records that stand in a row, and why.
pub fn row(
    pack: &Pack,
    villages: &[Village],
    settings: &Settings,
    rule: &str,
    at: &At<'_>,
) -> Vec<Explanation> {
    let rules = || pack.rules.iter().filter(|known| known.id == rule);
    explain(pack, &rules, villages, settings, &Wanted::Row(*at))
}

/// What the rule of a finding concludes about the finding's records, and why.
pub fn fingerprint(
    pack: &Pack,
    villages: &[Village],
    settings: &Settings,
    fingerprint: &Fingerprint,
) -> Vec<Explanation> {
    let wanted = Wanted::Finding(fingerprint);
    explain(pack, &|| pack.rules.iter(), villages, settings, &wanted)
}

/// The evaluated conditions of rules about the records in a row.
pub(super) fn trees(
    pack: &Pack,
    rules: &[Rule],
    villages: &[Village],
    settings: &Settings,
    at: &At<'_>,
) -> Vec<Tree> {
    explain(
        pack,
        &|| rules.iter(),
        villages,
        settings,
        &Wanted::Row(*at),
    )
    .into_iter()
    .flat_map(|explanation| explanation.applies.into_iter().chain(explanation.violation))
    .collect()
}

enum Wanted<'a> {
    Row(At<'a>),
    Finding(&'a Fingerprint),
}

fn explain<'a, R: Iterator<Item = &'a Rule>>(
    pack: &Pack,
    rules: &dyn Fn() -> R,
    villages: &[Village],
    settings: &Settings,
    wanted: &Wanted<'_>,
) -> Vec<Explanation> {
    let relations = walk::relations(rules());
    let scene = Scene::new(pack, settings.as_of, villages, &relations);
    let overlaps = tell::overlap_groups(&pack.rules);
    let mut explanations = Vec::new();
    for rule in rules() {
        for judged in &rule.judged {
            let parts: Vec<std::ops::Range<u32>> = match rule.scope {
                Scope::Village => scene.villages().map(|v| v..v + 1).collect(),
                Scope::All => vec![scene.villages()],
            };
            for part in parts {
                let task = Task::new(&scene, rule, judged, part, settings.lang);
                explain_task(&task, wanted, &overlaps, &mut explanations);
            }
        }
    }
    explanations
}

fn explain_task<'a>(
    task: &'a Task<'a>,
    wanted: &Wanted<'_>,
    overlaps: &std::collections::BTreeMap<&str, &str>,
    explanations: &mut Vec<Explanation>,
) {
    if let Wanted::Row(at) = wanted
        && !task.records().any(|rec| stands_at(task.scene(), rec, at))
    {
        return;
    }
    let all = task.all();
    let task: &Task<'_> = task;
    let (verdicts, cases) = task.judge_all(&all);
    let about: Vec<(Rec, Verdict)> = match wanted {
        Wanted::Row(at) => task
            .records()
            .zip(verdicts.iter().copied())
            .filter(|(rec, _)| stands_at(task.scene(), *rec, at))
            .collect(),
        Wanted::Finding(fingerprint) => cases
            .iter()
            .filter(|case| tell::finding(task, case, &all, overlaps).fingerprint == **fingerprint)
            .flat_map(|case| match case {
                Case::Record(rec, verdict) => vec![(*rec, *verdict)],
                Case::Group(group) => group
                    .records
                    .iter()
                    .map(|rec| (*rec, group.verdict))
                    .collect(),
            })
            .collect(),
    };
    for (rec, verdict) in about {
        let (_, mut applies) = task.applies::<Trail>(rec);
        let applies_tree = applies.tree.take();
        let (violation, lacks) = match &task.judged.group {
            None => {
                let mut trail = task.trail(rec, &all);
                let tree = trail.tree.take();
                // The joint tree has the duty before the condition.
                let tree = match (&task.judged.applies, tree) {
                    (Some(_), Some(mut tree)) => tree.parts.pop(),
                    (_, tree) => tree,
                };
                (tree, trail.lacks)
            }
            Some(group) => {
                let case = cases.iter().find_map(|case| match case {
                    Case::Group(case) if case.records.contains(&rec) => Some(case),
                    _ => None,
                });
                match case {
                    Some(case) => {
                        let mut trail = group_trail::<Trail>(task, group, &case.members, &all);
                        (trail.tree.take(), trail.lacks)
                    }
                    None => {
                        let peers = super::groups::peers(task, group, rec);
                        let tree = if peers.is_empty() {
                            None
                        } else {
                            group_trail::<Trail>(task, group, &peers, &all).tree.take()
                        };
                        (tree, membership_trail::<Trail>(task, group, rec).lacks)
                    }
                }
            }
        };
        let ledger = task.scene().ledger(rec);
        let open = matches!(verdict, Verdict::Undetermined | Verdict::NotRun);
        explanations.push(Explanation {
            rule: task.rule.id.clone(),
            record: task.scene().id(rec).to_owned(),
            file: ledger.file_name.to_string(),
            sheet: ledger.sheet.to_string(),
            row: ledger.rows[rec.row as usize] + 1,
            verdict,
            applies: applies_tree,
            violation,
            missing: if open {
                lacks
                    .iter()
                    .map(|lack| tell::missing(task.scene(), lack))
                    .collect()
            } else {
                Vec::new()
            },
        });
    }
}

fn stands_at(scene: &Scene<'_>, rec: Rec, at: &At<'_>) -> bool {
    let ledger = scene.ledger(rec);
    let file = &*ledger.file_name;
    let same_file = file == at.file
        || file
            .strip_suffix(at.file)
            .is_some_and(|before| before.ends_with('/'));
    same_file && *ledger.sheet == *at.sheet && ledger.rows[rec.row as usize] + 1 == at.row
}

/// A tree as text, one node a line, with ✓ ✗ ? before conditions and the value behind the others.
pub fn draw(tree: &Tree) -> String {
    let mut text = String::new();
    draw_into(tree, 0, &mut text);
    text.truncate(text.trim_end().len());
    text
}

fn draw_into(tree: &Tree, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let _ = match &tree.value {
        TreeValue::True => writeln!(text, "{indent}✓ {}", tree.text),
        TreeValue::False => writeln!(text, "{indent}✗ {}", tree.text),
        TreeValue::Unknown => writeln!(text, "{indent}? {}", tree.text),
        TreeValue::Value(value) => writeln!(text, "{indent}· {} = {value}", tree.text),
    };
    for part in &tree.parts {
        draw_into(part, depth + 1, text);
    }
}
