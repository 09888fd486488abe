//! Every rule of the pack through real workbooks: violations and look-alikes planted in messy ledgers of invented villages,
//! read by the whole pipeline, must be found, and must not be.
#![allow(missing_docs, reason = "a test has no users")]
#![allow(clippy::print_stderr, reason = "a failing run shows what it measured")]

mod filler;
mod random;
mod sheet;
mod story;
mod vary;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use heyan::finding::{FileId, Finding, Verdict};
use heyan::lang::Lang;
use heyan::ledger::{self, Day, FileInfo, Mapped};
use heyan::rules::{LimitScope, Pack, SourceText, TestExpectation, build, built_in};
use heyan::{discover, read, scan};

use random::Random;
use sheet::Written;
use story::{Expected, Story, Words};

/// Stories that are scanned together: the same day, the same limits.
struct Batch {
    as_of: String,
    /// Which of the sets of limits.
    limits: usize,
    stories: Vec<Story>,
}

/// Limits by name: set to a value, or known to be unset.
type Limits = BTreeMap<String, Option<String>>;

/// Puts stories together that can be scanned together.
fn batches(stories: Vec<Story>) -> (Vec<Limits>, Vec<Batch>) {
    let mut sets: Vec<Limits> = Vec::new();
    let mut batches: Vec<Batch> = Vec::new();
    for story in stories {
        let fits = |set: &Limits| {
            story
                .limits
                .iter()
                .all(|(name, value)| set.get(name).is_none_or(|known| known == value))
        };
        let limits = sets.iter().position(fits).unwrap_or_else(|| {
            sets.push(Limits::new());
            sets.len() - 1
        });
        sets[limits].extend(story.limits.clone());
        let same = |batch: &Batch| batch.as_of == story.as_of && batch.limits == limits;
        match batches.iter().position(same) {
            Some(at) => batches[at].stories.push(story),
            None => batches.push(Batch {
                as_of: story.as_of.clone(),
                limits,
                stories: vec![story],
            }),
        }
    }
    (sets, batches)
}

/// The pack with the limits of a batch.
fn pack_with(base: &Pack, limits: &Limits) -> Pack {
    let mut text = String::from("[limits]\n");
    for (name, value) in limits {
        let Some(value) = value else { continue };
        let national = base
            .find_limit(name)
            .is_some_and(|id| matches!(base.limit(id).scope, LimitScope::National));
        let restates = if national { ", restates = true" } else { "" };
        let _ = writeln!(
            text,
            "\"{name}\" = [{{ value = \"{value}\", basis = \"县办法\"{restates} }}]"
        );
    }
    let config = Arc::new(SourceText {
        name: "heyan.toml".into(),
        text,
    });
    let loaded = build(&built_in(), Some(&config));
    assert!(
        loaded.errors.is_empty(),
        "{:?}",
        loaded
            .errors
            .iter()
            .map(|error| error.message.zh.clone())
            .collect::<Vec<_>>()
    );
    loaded.pack
}

/// Does something to each thing, on all cores; the results come in the order of the things.
fn each<T: Sync, R: Send>(things: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(thing) = things.get(at) else {
                            return done;
                        };
                        done.push((at, work(at, thing)));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("no panic"))
            .collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The ledgers of every file of a folder, by the file's name: found, opened and mapped.
fn mapped(pack: &Pack, folder: &Path) -> BTreeMap<String, Mapped> {
    let sources = discover::find(&[folder.to_path_buf()]).expect("a folder");
    let mapped = each(&sources, |id, source| {
        let opened = read::open(source, &read::Limits::default()).expect("a workbook");
        let file = FileInfo {
            id: FileId(u32::try_from(id).expect("few files")),
            name: Arc::clone(&source.name),
            village: None,
        };
        let hints = ledger::Hints::default();
        ledger::map(&opened.workbook, &file, &pack.kinds, &hints, Lang::Zh)
    });
    let names = sources.iter().map(|source| source.name.to_string());
    names.zip(mapped).collect()
}

/// What the stories of a rule came to.
#[derive(Clone, Copy, Default)]
struct Score {
    planted: usize,
    found: usize,
    look_alikes: usize,
    near_misses: usize,
}

#[test]
fn what_is_planted_is_found_and_look_alikes_are_not() {
    let base = build(&built_in(), None).pack;
    let words = Words::of_built_in();
    let (mut stories, mut varied) = (Vec::new(), 0);
    for rule in &base.rules {
        for test in &rule.tests {
            // What lacks a column or a ledger is no story of a row.
            let not_run = matches!(test.expect, TestExpectation::Verdict(Verdict::NotRun));
            // Of those in which nothing can be decided, a third is enough.
            let open = matches!(test.expect, TestExpectation::Verdict(Verdict::Undetermined));
            let kept = !open || Random::of(&format!("{} {}", rule.id, test.case)).below(3) == 0;
            if not_run || !kept || test.known_gap.is_some() {
                continue;
            }
            let number = stories.len();
            let (test, is_other) = vary::vary(&base, rule, test);
            varied += usize::from(is_other);
            stories.push(Story::of(&base, rule, &test, &words, number));
        }
    }
    let told = stories.len();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut wrong = Vec::new();
    let (limits, batches) = batches(stories);
    eprintln!(
        "{told} stories, {varied} of them with other numbers or names, in {} batches",
        batches.len()
    );
    let folder = tempfile::tempdir().expect("a folder");
    let written: Vec<Vec<Written>> = batches
        .iter()
        .map(|batch| {
            let write = |story| sheet::write(&base, story, folder.path());
            batch.stories.iter().map(write).collect()
        })
        .collect();
    if let Some(keep) = std::env::var_os("PLANTED_KEEP") {
        for written in written.iter().flatten() {
            let to = Path::new(&keep).join(&written.file);
            std::fs::copy(folder.path().join(&written.file), to).expect("a folder to keep them in");
        }
    }
    let mut mapped = mapped(&base, folder.path());
    let work: Vec<Mutex<Vec<_>>> = written
        .iter()
        .map(|written| {
            let files = written
                .iter()
                .filter_map(|written| mapped.remove(&written.file));
            Mutex::new(files.flat_map(|file| file.ledgers).collect())
        })
        .collect();
    let packs = each(&limits, |_, limits| pack_with(&base, limits));
    let findings = each(&batches, |at, batch| {
        let pack = &packs[batch.limits];
        let ledgers = std::mem::take(&mut *work[at].lock().expect("no panic"));
        let (villages, _) = ledger::gather(ledgers, &pack.kinds);
        let settings = scan::Settings {
            as_of: Day::from_civil(batch.as_of.parse().expect("a date")),
            lang: Lang::Zh,
            records: false,
        };
        scan::run(pack, &villages, &settings).findings
    });
    let (ordinary, open) = on_ordinary_rows(&written, &findings);
    wrong.extend(ordinary);
    for ((batch, written), findings) in batches.iter().zip(&written).zip(&findings) {
        for (story, written) in batch.stories.iter().zip(written) {
            let score = scores.entry(story.rule.clone()).or_default();
            check(story, written, findings, score, &mut wrong);
        }
    }
    let planted: usize = scores.values().map(|score| score.planted).sum();
    let found: usize = scores.values().map(|score| score.found).sum();
    let look_alikes: usize = scores.values().map(|score| score.look_alikes).sum();
    let near_misses: usize = scores.values().map(|score| score.near_misses).sum();
    let rules: usize = scores
        .values()
        .filter(|score| score.planted > 0 && score.look_alikes > 0)
        .count();
    eprintln!(
        "rules {rules}/{}; planted {found}/{planted}; near misses {near_misses}/{look_alikes}",
        base.rules.len()
    );
    eprintln!("undecided on ordinary rows: {open:?}");
    for line in &wrong {
        eprintln!("{line}");
    }
    assert!(wrong.is_empty(), "{} things are wrong", wrong.len());
}

/// What any rule of the pack says of ordinary rows: violations, and how often each rule could not decide.
fn on_ordinary_rows(
    written: &[Vec<Written>],
    findings: &[Vec<Finding>],
) -> (Vec<String>, BTreeMap<String, usize>) {
    let (mut told, mut open) = (Vec::new(), BTreeMap::new());
    for (written, findings) in written.iter().zip(findings) {
        let ordinary: BTreeSet<(&str, &str, u32)> = written
            .iter()
            .flat_map(|written| {
                let places = written.filler.iter();
                places.map(|(sheet, row)| (written.file.as_str(), sheet.as_str(), *row))
            })
            .collect();
        for finding in findings {
            let at = finding.records.iter().find(|record| {
                ordinary.contains(&(record.file.as_str(), record.sheet.as_str(), record.row))
            });
            let Some(record) = at else { continue };
            if finding.verdict == Verdict::Violation {
                told.push(format!(
                    "{} an ordinary row is told: {}!{}!{}: {}",
                    finding.rule, record.file, record.sheet, record.row, finding.message
                ));
            } else {
                *open.entry(finding.rule.clone()).or_default() += 1;
            }
        }
    }
    (told, open)
}

/// Compares what a story plants with what was found.
fn check(
    story: &Story,
    written: &Written,
    findings: &[Finding],
    score: &mut Score,
    wrong: &mut Vec<String>,
) {
    let own: Vec<&Finding> = findings
        .iter()
        .filter(|finding| {
            finding.rule == story.rule
                && finding
                    .records
                    .iter()
                    .any(|record| record.file == written.file)
        })
        .collect();
    let at = |place: &(String, u32), verdict: Verdict| {
        own.iter().copied().find(|finding| {
            finding.verdict == verdict
                && finding.records.iter().any(|record| {
                    record.file == written.file && record.sheet == place.0 && record.row == place.1
                })
        })
    };
    let mut tell = |what: &str, place: &(String, u32)| {
        wrong.push(format!(
            "{} “{}” {}!{}!{}: {what}\n      {}",
            story.rule, story.case, written.file, place.0, place.1, written.layout
        ));
    };
    for (place, expected) in written.rows.iter().zip(&story.expect) {
        let violation = at(place, Verdict::Violation);
        match expected {
            Expected::Planted => {
                score.planted += 1;
                match violation {
                    None => tell("planted and not found", place),
                    Some(finding) => {
                        score.found += 1;
                        for field in &story.reads {
                            if !finding.evidence.iter().any(|cell| cell.field == *field) {
                                tell(&format!("the evidence does not name {field}"), place);
                            }
                        }
                        for cell in &finding.evidence {
                            if let Some(text) =
                                written.texts.get(&(cell.sheet.clone(), cell.cell.clone()))
                                && cell.raw.trim() != text.trim()
                            {
                                tell(
                                    &format!(
                                        "{} holds “{text}”, told is “{}”",
                                        cell.cell, cell.raw
                                    ),
                                    place,
                                );
                            }
                        }
                    }
                }
            }
            Expected::LookAlike => {
                score.look_alikes += 1;
                if violation.is_some() {
                    score.near_misses += 1;
                    tell("a look-alike is told", place);
                } else if at(place, Verdict::Undetermined).is_some() {
                    tell("a look-alike is undetermined", place);
                }
            }
            Expected::Unproven => {
                if violation.is_some() {
                    score.near_misses += 1;
                    tell("what cannot be decided is told", place);
                }
            }
        }
    }
    for place in &written.filler {
        if let Some(finding) = at(place, Verdict::Violation) {
            score.near_misses += 1;
            tell(
                &format!("an ordinary row is told: {}", finding.message),
                place,
            );
        }
    }
}
