//! `heyan scan`: the pipeline on one screen.

use clap::ArgMatches;

use super::account::Account;
use super::output::Outputs;
use super::progress::Progress;
use super::settings::Settings;
use super::{Exit, Failure, take};
use crate::finding::{Because, InputStatus, Report, Severity, Stage, Status, Verdict};
use crate::lang::{Bilingual, Lang};
use crate::{ledger, scan};

/// Runs `heyan scan`.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let settings = Settings::of(matches, lang)?;
    let sources = take::find(&settings)?;
    let outputs = Outputs::open(matches, &sources)?;
    let report = report(&settings, &sources, matches)?;
    outputs.write(&report)?;
    Ok(exit(&report, matches))
}

/// The pipeline: discover → read → ledger → scan → finding.
fn report(settings: &Settings, sources: &[crate::discover::Source], matches: &ArgMatches) -> Result<Report, Failure> {
    let mode = if matches.get_flag("quiet") { "none" } else { matches.get_one::<String>("progress").map_or("auto", String::as_str) };
    let progress = Progress::of(mode, sources.len(), settings.lang);
    let judging = scan::Settings { as_of: settings.as_of, lang: settings.lang, records: !matches.get_flag("no-records") };
    let mut account = Account::default();
    for batch in take::batches(sources, settings) {
        let taken = take::take(&batch, settings, &progress);
        let (villages, mut issues) = ledger::gather(taken.ledgers, &settings.pack.kinds);
        issues.extend(taken.issues);
        account.add_inputs(taken.inputs, issues);
        account.add_villages(&villages, scan::run(&settings.pack, &villages, &judging), &settings.pack.kinds);
    }
    progress.finish();
    account.report(settings).map_err(Failure::Bug)
}

/// The exit code of a report.
fn exit(report: &Report, matches: &ArgMatches) -> Exit {
    let unread = report.inputs.iter().any(|input| input.status == InputStatus::Unreadable);
    let nothing_read = !report.inputs.iter().any(|input| input.status == InputStatus::Read);
    let no_rule_ran = report.balance.by_rule.iter().all(|rule| rule.not_run == rule.records);
    if nothing_read {
        super::warn("", &nothing(report).get(report.lang).to_owned());
    } else if no_rule_ran {
        super::warn("", report.lang.pick(
            "没有一条规则能够执行：没有识别出台账记录，或缺少所需的列、台账和本地限额。heyan inspect 显示每张表是怎样识别的",
            "no rule could run: no records were recognised, or the columns, ledgers and local limits they need are missing. `heyan inspect` shows how each sheet was understood",
        ));
    }
    let mut exit = if unread || nothing_read || no_rule_ran { Exit::Unread } else { Exit::Clean };
    if !matches.get_flag("exit-zero") && counts(report, matches) {
        exit = exit.or(Exit::Findings);
    }
    exit
}

/// What to say when nothing was read.
fn nothing(report: &Report) -> Bilingual {
    if report.inputs.is_empty() {
        Bilingual::new("文件夹里没有文件；请把台账（xlsx、xls、ods、csv）放进去，或检查路径", "the folder holds no files; put the ledgers (xlsx, xls, ods, csv) into it, or check the path")
    } else {
        Bilingual::new("没有读到任何台账文件；上面列出了每个文件的原因", "no ledger file was read; the reason for each file is listed above")
    }
}

/// Whether any finding makes the run fail: a violation (or, if asked, an undetermined one) at or above `--fail-on` that is
/// neither waived nor on trial and, with a baseline, is new for another reason than a new rule.
fn counts(report: &Report, matches: &ArgMatches) -> bool {
    let fail_on = matches.get_one::<String>("fail-on").and_then(|id| Severity::from_id(id)).unwrap_or(Severity::Major);
    report.findings.iter().any(|finding| {
        let verdict = finding.verdict == Verdict::Violation || matches.get_flag("fail-on-undetermined");
        let old = report.resolved.is_some() && (finding.status != Some(Status::New) || finding.because == Some(Because::Rule));
        verdict && finding.severity >= fail_on && finding.waiver.is_none() && finding.stage != Some(Stage::Trial) && !old
    })
}
