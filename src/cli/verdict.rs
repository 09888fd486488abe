//! A report → the exit code of its run.

use std::collections::BTreeSet;
use std::path::Path;

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::Exit;
use crate::finding::{
    Because, Finding, InputStatus, MissingWhat, NotRun, Report, Severity, Stage, Status, Verdict,
};
use crate::lang::{Bilingual, Lang};
use crate::rules::ScanConfig;

/// Which findings make a run fail: those at or above a severity that count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    fail_on: Severity,
    undetermined: bool,
    baseline: bool,
}

impl Gate {
    /// As the arguments say, else the configuration, and whether there is a baseline.
    pub(super) fn of(matches: &ArgMatches, config: &ScanConfig, baseline: bool) -> Self {
        let given = matches.value_source("fail-on") == Some(ValueSource::CommandLine);
        let asked = matches
            .get_one::<String>("fail-on")
            .and_then(|id| Severity::from_id(id));
        let fail_on = config.fail_on.filter(|_| !given).or(asked);
        Self {
            fail_on: fail_on.unwrap_or(Severity::Major),
            undetermined: matches.get_flag("fail-on-undetermined") || config.fail_on_undetermined,
            baseline,
        }
    }

    /// Whether one of some findings makes the run fail.
    pub(super) fn fails(&self, findings: &[Finding]) -> bool {
        findings
            .iter()
            .any(|finding| counts(finding, self.fail_on, self.undetermined, self.baseline))
    }
}

/// The exit code of a report; where nothing was read or nothing ran, the reason is said on stderr.
pub(super) fn exit(report: &Report, fails: bool, matches: &ArgMatches) -> Exit {
    let mut exit = Exit::Clean;
    let read = |status: InputStatus| report.inputs.iter().any(|input| input.status == status);
    if read(InputStatus::Unreadable) {
        exit = Exit::Unread;
    }
    if let Some(reason) = silent(report, read(InputStatus::Read)) {
        super::warn("", reason.get(report.lang));
        exit = Exit::Unread;
    }
    if fails && !matches.get_flag("exit-zero") {
        exit = exit.or(Exit::Findings);
    }
    exit
}

/// The local limits that nobody set, and the rules that did not run on some records for them.
#[derive(Debug, Default)]
pub(super) struct Unset {
    limits: BTreeSet<String>,
    rules: BTreeSet<String>,
}

impl Unset {
    /// Adds what some rules could not run for.
    pub(super) fn add(&mut self, not_run: &[NotRun]) {
        for one in not_run.iter().filter(|one| one.what == MissingWhat::Limit) {
            if !self.limits.contains(&one.name) {
                self.limits.insert(one.name.clone());
            }
            if !self.rules.contains(&one.rule) {
                self.rules.insert(one.rule.clone());
            }
        }
    }

    /// Adds what others lacked.
    pub(super) fn absorb(&mut self, mut other: Self) {
        self.limits.append(&mut other.limits);
        self.rules.append(&mut other.rules);
    }

    /// Where nobody configured anything and limits are lacking: how many, and the command that writes them down to be filled in.
    pub(super) fn next_step(&self, folder: &Path, lang: Lang) {
        if self.limits.is_empty() {
            return;
        }
        let (limits, rules) = (self.limits.len(), self.rules.len());
        let folder = folder.display();
        let message = Bilingual::new(
            format!(
                "还有 {limits} 项本地限额没有填，{rules} 条规则因此有记录未执行；下一步：heyan init {folder} 写一份待填的 heyan.toml"
            ),
            format!(
                "{limits} local limits are not set, so {rules} rules did not run on some records; next: `heyan init {folder}` writes a heyan.toml to fill in"
            ),
        );
        super::warn("", message.get(lang));
    }
}

/// Why a report says nothing although it names no findings: a scan in which nothing ran is no success.
fn silent(report: &Report, any_read: bool) -> Option<Bilingual> {
    if report.inputs.is_empty() {
        return Some(Bilingual::new(
            "文件夹里没有文件；请把台账（xlsx、xls、ods、csv）放进去，或检查路径",
            "the folder holds no files; put the ledgers (xlsx, xls, ods, csv) into it, or check the path",
        ));
    }
    if !any_read {
        return Some(Bilingual::new(
            "没有读到任何台账文件；报告里列出了每个文件的原因",
            "no ledger file was read; the report lists the reason for each file",
        ));
    }
    if report.balance.by_rule.is_empty()
        || report
            .balance
            .by_rule
            .iter()
            .all(|rule| rule.not_run == rule.records)
    {
        return Some(Bilingual::new(
            "没有一条规则能够执行：没有识别出台账记录，或缺少所需的列、台账和本地限额；用 heyan inspect 查看每张表是怎样识别的",
            "no rule could run: no records were recognised, or the columns, ledgers and local limits they need are missing; `heyan inspect` shows how each sheet was understood",
        ));
    }
    None
}

/// Whether a finding makes a run fail: a violation (or, if asked, an undetermined one) at or above a severity that is
/// neither waived nor on trial and, with a baseline, is new for another reason than a new rule.
fn counts(finding: &Finding, fail_on: Severity, undetermined: bool, baseline: bool) -> bool {
    let verdict = finding.verdict == Verdict::Violation || undetermined;
    let old =
        baseline && (finding.status != Some(Status::New) || finding.because == Some(Because::Rule));
    verdict
        && finding.severity >= fail_on
        && finding.waiver.is_none()
        && finding.stage != Some(Stage::Trial)
        && !old
}
