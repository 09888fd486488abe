//! One pass of the rules of one scope over some villages. The only user of rayon.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::groups::absent;
use super::judge::{Judgement, Task};
use super::message;
use super::notes::Lack;
use super::scene::{Rec, Scene};
use super::tell;
use super::walk;
use super::{Scan, Settings};
use crate::finding::{Finding, NotRun, RecordReport, RuleBalance, Verdict};
use crate::ledger::Village;
use crate::rules::{Pack, Rule, Scope};

/// Whether there is a rule of a scope.
pub(super) fn any(rules: &[Rule], scope: Scope) -> bool {
    rules.iter().any(|rule| rule.scope == scope)
}

/// A count for each rule, of nothing.
pub(super) fn no_counts(pack: &Pack, rules: &[Rule]) -> Vec<RuleBalance> {
    rules
        .iter()
        .map(|rule| RuleBalance {
            rule: rule.id.clone(),
            digest: pack.rule_digests.get(&rule.id).cloned().unwrap_or_default(),
            all_villages: rule.scope == Scope::All,
            ..RuleBalance::default()
        })
        .collect()
}

/// What one task came to, ready to be put together.
struct Done {
    verdicts: Vec<Verdict>,
    findings: Vec<Finding>,
    not_run: Vec<NotRun>,
}

/// Judges villages by the rules of one scope. In the records' verdicts the other rules have the letter `.`.
pub(super) fn run(
    pack: &Pack,
    all_rules: &[Rule],
    villages: &[Village],
    settings: &Settings,
    scope: Scope,
) -> Scan {
    let rules: Vec<(usize, &Rule)> = all_rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.scope == scope)
        .collect();
    let relations = walk::relations(rules.iter().map(|(_, rule)| *rule));
    let scene = Scene::new(pack, settings.as_of, villages, &relations);
    let overlaps = tell::overlap_groups(all_rules);
    let parts: Vec<std::ops::Range<u32>> = match scope {
        Scope::Village => scene.villages().map(|v| v..v + 1).collect(),
        Scope::All => vec![scene.villages()],
    };
    let tasks: Vec<(usize, Task<'_>)> = parts
        .iter()
        .flat_map(|part| {
            rules.iter().flat_map(|&(index, rule)| {
                let (scene, part) = (&scene, part.clone());
                rule.judged.iter().map(move |judged| {
                    let task = Task::new(scene, rule, judged, part.clone(), settings.lang);
                    (index, task)
                })
            })
        })
        .collect();
    let done: Vec<Done> = tasks
        .par_iter()
        .map(|(_, task)| perform(task, &overlaps))
        .collect();
    let mut scan = Scan {
        by_rule: no_counts(pack, all_rules),
        ..Scan::default()
    };
    let mut letters = Letters::new(&scene, all_rules.len(), settings.records);
    for ((index, task), done) in tasks.iter().zip(done) {
        let balance = &mut scan.by_rule[*index];
        for &verdict in &done.verdicts {
            balance.count(verdict);
        }
        balance.findings += u32::try_from(done.findings.len()).unwrap_or(u32::MAX);
        letters.fill(task, *index, &done.verdicts);
        scan.findings.extend(done.findings);
        scan.not_run.extend(done.not_run);
    }
    if scope == Scope::Village {
        for village in scene.villages() {
            scan.issues
                .extend(scene.links(village).issues(&scene, village));
        }
    }
    scan.records = letters.records(&scene);
    scan
}

fn perform<'a>(task: &'a Task<'a>, overlaps: &BTreeMap<&str, &str>) -> Done {
    let all = task.all();
    // The task borrows the members only for as long as it runs.
    let task: &Task<'_> = task;
    let Judgement {
        verdicts,
        cases,
        not_run,
    } = task.run(&all);
    let findings = cases
        .iter()
        .map(|case| tell::finding(task, case, &all, overlaps))
        .collect();
    Done {
        verdicts,
        findings,
        not_run: told_once(task, &not_run),
    }
}

/// What a rule lacked, once per table and missing thing.
fn told_once(task: &Task<'_>, not_run: &[(Rec, Vec<Lack>)]) -> Vec<NotRun> {
    let scene = task.scene();
    let mut told: BTreeMap<(u32, u32, u8, String), NotRun> = BTreeMap::new();
    for (rec, lacks) in not_run {
        let ledger = scene.ledger(*rec);
        let village = &scene.village(rec.village).name;
        for lack in absent(lacks) {
            let missing = tell::missing(scene, lack);
            let key = (
                rec.village,
                rec.ledger,
                missing.what as u8,
                missing.name.clone(),
            );
            told.entry(key)
                .or_insert_with(|| NotRun {
                    rule: task.rule.id.clone(),
                    town: village.town.to_string(),
                    village: village.name.to_string(),
                    file: ledger.file_name.to_string(),
                    table: ledger.table.0,
                    records: 0,
                    what: missing.what,
                    name: missing.name,
                    message: message::not_run(scene, lack, task.judge.lang),
                })
                .records += 1;
        }
    }
    told.into_values().collect()
}

/// The verdict letters of every record: one row for each record by village, ledger and row, one column for each rule.
struct Letters {
    kept: bool,
    rules: usize,
    /// The first row of each ledger, by village.
    starts: Vec<Vec<usize>>,
    letters: Vec<u8>,
}

impl Letters {
    fn new(scene: &Scene<'_>, rules: usize, kept: bool) -> Self {
        let mut starts = Vec::new();
        let mut records = 0;
        for village in scene.villages() {
            let mut of_village = Vec::new();
            for ledger in &scene.village(village).ledgers {
                of_village.push(records);
                records += ledger.len();
            }
            starts.push(of_village);
        }
        Self {
            kept,
            rules,
            starts,
            letters: if kept {
                vec![b'.'; records * rules]
            } else {
                Vec::new()
            },
        }
    }

    fn fill(&mut self, task: &Task<'_>, rule: usize, verdicts: &[Verdict]) {
        if !self.kept {
            return;
        }
        for (rec, verdict) in task.records().zip(verdicts) {
            let row = self.starts[rec.village as usize][rec.ledger as usize] + rec.row as usize;
            let letter = u8::try_from(verdict.letter()).unwrap_or(b'?');
            self.letters[row * self.rules + rule] = letter;
        }
    }

    fn records(&self, scene: &Scene<'_>) -> Vec<RecordReport> {
        if !self.kept {
            return Vec::new();
        }
        let mut records = Vec::new();
        for village in scene.villages() {
            let name = &scene.village(village).name;
            for (index, ledger) in (0..).zip(&scene.village(village).ledgers) {
                for rec in scene.records(village, index) {
                    let row = self.starts[village as usize][index as usize] + rec.row as usize;
                    let letters = &self.letters[row * self.rules..][..self.rules];
                    records.push(RecordReport {
                        id: scene.id(rec).to_owned(),
                        town: name.town.to_string(),
                        village: name.name.to_string(),
                        kind: ledger.kind_of.id.clone(),
                        file: ledger.file_name.to_string(),
                        sheet: ledger.sheet.to_string(),
                        row: ledger.rows[rec.row as usize] + 1,
                        keys: ledger
                            .keys
                            .get(rec.row as usize)
                            .map(|keys| keys.iter().map(ToString::to_string).collect())
                            .unwrap_or_default(),
                        verdicts: letters.iter().map(|&letter| char::from(letter)).collect(),
                    });
                }
            }
        }
        records
    }
}
