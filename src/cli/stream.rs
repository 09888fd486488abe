//! `heyan scan` to JSON alone: each village is judged, encoded and freed before the next ones, so that memory is bounded by what
//! is in flight and not by what is found.

use std::collections::BTreeMap;
use std::io;

use clap::ArgMatches;
use rayon::prelude::*;

use super::Failure;
use super::output::Outputs;
use super::progress::Progress;
use super::settings::Settings;
use super::take;
use super::verdict::{Gate, Unset};
use crate::discover::Source;
use crate::finding::{Issue, Report};
use crate::lang::Bilingual;
use crate::ledger::Village;
use crate::report::json::{Encoded, Stream};
use crate::scan::{self, Account, Scan};

/// Villages for each thread that are judged before any of them is laid aside.
const AT_ONCE: usize = 4;

/// As much of the lists is kept in memory; the rest goes to a temporary file.
const IN_MEMORY: usize = 8 << 20;

type Spool = tempfile::SpooledTempFile;

/// Whether a run can be written village by village: its rules look at one village at a time, nothing that is applied to the
/// whole report is asked for, and no village comes twice, as one may whose folder has files of it beside.
pub(super) fn possible(
    settings: &Settings,
    sources: &[Source],
    outputs: &Outputs,
    matches: &ArgMatches,
) -> bool {
    let beside = settings.by_folder && sources.iter().any(|source| !source.name.contains('/'));
    let whole = settings.baseline.is_some()
        || matches.get_flag("redact")
        || (!matches.get_flag("no-waivers") && !settings.config.waivers.is_empty());
    outputs.only_json() && scan::by_village(&settings.pack) && !whole && !beside
}

/// What a run came to besides the report that it wrote.
pub(super) struct Outcome {
    /// The report without its lists.
    pub(super) report: Report,
    /// Whether a finding makes the run fail.
    pub(super) fails: bool,
    /// The local limits that rules lacked.
    pub(super) unset: Unset,
}

/// What is on its way from the villages to the report.
struct Flow<'a> {
    settings: &'a Settings,
    judging: scan::Settings,
    gate: Gate,
    account: Account,
    stream: Stream<Spool>,
    fails: bool,
    unset: Unset,
    /// The issues of villages that no ledger is of.
    rest: BTreeMap<(String, String), Vec<Issue>>,
}

/// One village, judged and encoded.
struct Done {
    scan: Scan,
    encoded: io::Result<Encoded>,
    fails: bool,
    unset: Unset,
}

/// Runs discover → read → ledger → scan → report, and writes the report.
pub(super) fn run(
    settings: &Settings,
    sources: &[Source],
    outputs: &Outputs,
    progress: &Progress,
    judging: scan::Settings,
    matches: &ArgMatches,
) -> Result<Outcome, Failure> {
    let mut flow = Flow {
        settings,
        judging,
        gate: Gate::of(matches, &settings.config.scan, false),
        account: Account::new(),
        stream: Stream::new(Spool::new(IN_MEMORY)),
        fails: false,
        unset: Unset::default(),
        rest: BTreeMap::new(),
    };
    let batches = if settings.by_folder {
        take::batches(sources, settings)
    } else {
        vec![take::numbered(sources)]
    };
    for batch in batches {
        let villages = take::gathered(&batch, settings, progress, &mut flow.account);
        let kinds = &settings.pack.kinds;
        flow.account.add_villages(&villages, kinds);
        flow.villages(villages)?;
    }
    flow.rest()?;
    progress.finish();
    let report = flow
        .account
        .report(scan::nothing(&settings.pack), &settings.pack, &judging)
        .map_err(Failure::Bug)?;
    outputs.write_stream(&mut flow.stream, &report)?;
    Ok(Outcome {
        report,
        fails: flow.fails,
        unset: flow.unset,
    })
}

impl Flow<'_> {
    /// Judges villages and lays them aside.
    fn villages(&mut self, villages: Vec<Village>) -> Result<(), Failure> {
        let mut issues = self.account.take_issues();
        let at_once = rayon::current_num_threads() * AT_ONCE;
        let mut villages = villages.into_iter();
        loop {
            let next: Vec<(Village, Vec<Issue>)> = villages
                .by_ref()
                .take(at_once)
                .map(|village| {
                    let name = (village.name.town.to_string(), village.name.name.to_string());
                    let issues = issues.remove(&name).unwrap_or_default();
                    (village, issues)
                })
                .collect();
            if next.is_empty() {
                break;
            }
            let done: Vec<Done> = next
                .into_par_iter()
                .map(|(village, issues)| {
                    let scan = scan::run_village(&self.settings.pack, &village, &self.judging);
                    let name = (&*village.name.town, &*village.name.name);
                    self.encode(name, scan, issues)
                })
                .collect();
            for done in done {
                self.lay(done)?;
            }
        }
        for (village, issues) in issues {
            self.rest.entry(village).or_default().extend(issues);
        }
        Ok(())
    }

    /// Lays aside the issues of villages that no ledger is of.
    fn rest(&mut self) -> Result<(), Failure> {
        for ((town, village), issues) in std::mem::take(&mut self.rest) {
            let done = self.encode((&town, &village), Scan::default(), issues);
            self.lay(done)?;
        }
        Ok(())
    }

    fn encode(&self, name: (&str, &str), mut scan: Scan, issues: Vec<Issue>) -> Done {
        let mut lists = self
            .account
            .lists(name, &mut scan, issues, self.judging.lang);
        if let Some(least) = self.settings.min_severity {
            lists.findings.retain(|finding| finding.severity >= least);
        }
        let mut unset = Unset::default();
        unset.add(&lists.not_run);
        Done {
            scan,
            encoded: Encoded::of(&lists),
            fails: self.gate.fails(&lists.findings),
            unset,
        }
    }

    fn lay(&mut self, done: Done) -> Result<(), Failure> {
        self.account.count(&done.scan);
        self.fails |= done.fails;
        self.unset.absorb(done.unset);
        done.encoded
            .and_then(|encoded| self.stream.add(&encoded))
            .map_err(|error| {
                let folder = std::env::temp_dir();
                let folder = folder.display();
                Failure::Output(Bilingual::new(
                    format!("不能写临时文件（{folder}）：{error}；请检查磁盘空间，或用 TMPDIR 指定别的文件夹"),
                    format!("cannot write a temporary file in {folder}: {error}; check the disk space, or name another folder in TMPDIR"),
                ))
            })
    }
}
