//! One pass of the rules of one scope over some villages. The only user of rayon.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::all::All;
use super::groups;
use super::judge::{Judgement, NotRunCount, Task};
use super::message;
use super::scene::Scene;
use super::tell;
use super::walk;
use super::{Scan, Settings};
use crate::finding::{Finding, MissingWhat, NotRun, RecordReport, RuleBalance, Verdict};
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

/// How many records of a ledger are judged by all rules before the next ones: their data stay in the nearest cache.
const CHUNK: u32 = 2_048;

/// A piece of work that depends on no other.
enum Job {
    /// A rule with groups, by its task.
    Groups(usize),
    /// All rules without groups on some records of a ledger, by their tasks.
    Rows {
        tasks: Vec<usize>,
        village: u32,
        ledger: u32,
        rows: std::ops::Range<u32>,
    },
}

/// What a task came to on the records of a job: all of its records, or those of a ledger from a row on.
struct Done {
    task: usize,
    from: Option<(u32, u32, u32)>,
    verdicts: Vec<Verdict>,
    findings: Vec<Finding>,
    not_run: NotRunCount,
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
    let all: Vec<All> = tasks.par_iter().map(|(_, task)| task.all()).collect();
    let done: Vec<Vec<Done>> = jobs(&scene, &tasks)
        .into_par_iter()
        .map(|job| perform(&job, &tasks, &all, &overlaps))
        .collect();
    let mut scan = Scan {
        by_rule: no_counts(pack, all_rules),
        ..Scan::default()
    };
    let mut letters = Letters::new(&scene, all_rules.len(), settings.records);
    let mut not_run = BTreeMap::new();
    for done in done.into_iter().flatten() {
        let (index, task) = &tasks[done.task];
        let balance = &mut scan.by_rule[*index];
        for &verdict in &done.verdicts {
            balance.count(verdict);
        }
        balance.findings += u32::try_from(done.findings.len()).unwrap_or(u32::MAX);
        letters.fill(task, *index, done.from, &done.verdicts);
        scan.findings.extend(done.findings);
        tell_once(task, *index, &done.not_run, &mut not_run);
    }
    scan.not_run = not_run.into_values().collect();
    if scope == Scope::Village {
        for village in scene.villages() {
            scan.issues
                .extend(scene.links(village).issues(&scene, village));
        }
    }
    scan.records = letters.records(&scene);
    scan
}

/// The work of some tasks, cut so that several threads can share it.
fn jobs(scene: &Scene<'_>, tasks: &[(usize, Task<'_>)]) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut by_ledger: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
    for (index, (_, task)) in tasks.iter().enumerate() {
        if task.judged.group.is_some() {
            jobs.push(Job::Groups(index));
            continue;
        }
        for village in task.villages.clone() {
            for &ledger in scene.ledgers_of(village, task.judged.kind) {
                by_ledger.entry((village, ledger)).or_default().push(index);
            }
        }
    }
    for ((village, ledger), tasks) in by_ledger {
        let records = scene.village(village).ledgers[ledger as usize].len();
        let records = u32::try_from(records).unwrap_or(u32::MAX);
        let mut from = 0;
        while from < records {
            let to = records.min(from.saturating_add(CHUNK));
            jobs.push(Job::Rows {
                tasks: tasks.clone(),
                village,
                ledger,
                rows: from..to,
            });
            from = to;
        }
    }
    jobs
}

fn perform(
    job: &Job,
    tasks: &[(usize, Task<'_>)],
    all: &[All],
    overlaps: &BTreeMap<&str, &str>,
) -> Vec<Done> {
    let done = |index: usize, from, task: &Task<'_>, judgement: Judgement| {
        let findings = judgement
            .cases
            .iter()
            .map(|case| tell::finding(task, case, &all[index], overlaps))
            .collect();
        Done {
            task: index,
            from,
            verdicts: judgement.verdicts,
            findings,
            not_run: judgement.not_run,
        }
    };
    match job {
        Job::Groups(index) => {
            let task = &tasks[*index].1;
            let judgement = match &task.judged.group {
                Some(group) => groups::run(task, group, &all[*index]),
                None => return Vec::new(),
            };
            vec![done(*index, None, task, judgement)]
        }
        Job::Rows {
            tasks: of_ledger,
            village,
            ledger,
            rows,
        } => of_ledger
            .iter()
            .map(|&index| {
                let task = &tasks[index].1;
                let judgement = task.run_rows(*village, *ledger, rows.clone(), &all[index]);
                done(
                    index,
                    Some((*village, *ledger, rows.start)),
                    task,
                    judgement,
                )
            })
            .collect(),
    }
}

/// What one rule lacked on one table, by what it is and its name.
type LackKey = (usize, u32, u32, MissingWhat, String);

/// Counts what a rule lacked, once per table and missing thing.
fn tell_once(
    task: &Task<'_>,
    rule: usize,
    not_run: &NotRunCount,
    told: &mut BTreeMap<LackKey, NotRun>,
) {
    let scene = task.scene();
    for (village_place, place, lack, records) in not_run.iter() {
        let village = scene.village(*village_place);
        let ledger = &village.ledgers[*place as usize];
        let missing = tell::missing(scene, lack);
        let key = (
            rule,
            *village_place,
            *place,
            missing.what,
            missing.name.clone(),
        );
        told.entry(key)
            .or_insert_with(|| NotRun {
                rule: task.rule.id.clone(),
                town: village.name.town.to_string(),
                village: village.name.name.to_string(),
                file: ledger.file_name.to_string(),
                table: ledger.table.0,
                records: 0,
                what: missing.what,
                name: missing.name,
                message: message::not_run(scene, lack, task.judge.lang),
            })
            .records += records;
    }
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

    /// Fills in the verdicts of a rule: from a row of a ledger on, or for all of its records.
    fn fill(
        &mut self,
        task: &Task<'_>,
        rule: usize,
        from: Option<(u32, u32, u32)>,
        verdicts: &[Verdict],
    ) {
        if !self.kept {
            return;
        }
        if let Some((village, ledger, row)) = from {
            let first = self.starts[village as usize][ledger as usize] + row as usize;
            for (row, verdict) in (first..).zip(verdicts) {
                self.set(row, rule, *verdict);
            }
            return;
        }
        for (rec, verdict) in task.records().zip(verdicts) {
            let row = self.starts[rec.village as usize][rec.ledger as usize] + rec.row as usize;
            self.set(row, rule, *verdict);
        }
    }

    fn set(&mut self, row: usize, rule: usize, verdict: Verdict) {
        let letter = u8::try_from(verdict.letter()).unwrap_or(b'?');
        self.letters[row * self.rules + rule] = letter;
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
