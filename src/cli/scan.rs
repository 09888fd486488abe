//! `heyan scan`: the pipeline on one screen.

use std::path::Path;

use clap::ArgMatches;

use super::output::Outputs;
use super::progress::Progress;
use super::settings::Settings;
use super::{Exit, Failure, compared, stream, take, verdict, watch};
use crate::discover::Source;
use crate::finding::Report;
use crate::lang::Lang;
use crate::ledger::Village;
use crate::report::redact;
use crate::scan;
use crate::scan::Account;

/// Runs `heyan scan`.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    if matches.get_flag("watch") {
        return watch::run(matches, lang, once);
    }
    once(matches, lang)
}

/// One scan.
fn once(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let settings = Settings::of(matches, lang)?;
    let lang = settings.lang;
    let sources = take::find(&settings)?;
    let earlier = settings.baseline.as_deref();
    let config = settings.config_path.as_deref();
    let read: Vec<&Path> = earlier.into_iter().chain(config).collect();
    let outputs = Outputs::open(matches, &sources, &read)?;
    let baseline = earlier.map(compared::read).transpose()?;

    let progress = Progress::of(progress_mode(matches), sources.len(), lang);
    let judging = scan::Settings {
        as_of: settings.as_of,
        lang,
        records: !matches.get_flag("no-records"),
    };
    if stream::possible(&settings, &sources, &outputs, matches) {
        let run = stream::run(&settings, &sources, &outputs, &progress, judging, matches)?;
        if let Some(folder) = unconfigured(matches, &settings) {
            run.unset.next_step(folder, lang);
        }
        return Ok(verdict::exit(&run.report, run.fails, matches));
    }
    let (mut report, villages) = pipeline(&settings, &sources, &progress, judging)?;
    if let Some(baseline) = &baseline {
        compared::with(baseline, &mut report, &villages);
    }
    if !matches.get_flag("no-waivers") {
        compared::waive(&settings.config, &mut report, !settings.partial);
    }
    if let Some(least) = settings.min_severity {
        report.findings.retain(|finding| finding.severity >= least);
    }
    if matches.get_flag("redact") {
        redact(&mut report, &[]);
    }
    outputs.write(&report)?;
    if let Some(folder) = unconfigured(matches, &settings) {
        let mut unset = verdict::Unset::default();
        unset.add(&report.not_run);
        unset.next_step(folder, lang);
    }
    let fails = verdict::Gate::of(matches, &settings.config.scan, baseline.is_some())
        .fails(&report.findings);
    Ok(verdict::exit(&report, fails, matches))
}

/// The folder that a `heyan.toml` could be written into, where there is none yet and messages are wanted.
fn unconfigured<'a>(matches: &ArgMatches, settings: &'a Settings) -> Option<&'a Path> {
    let first = settings.paths.first()?;
    if matches.get_flag("quiet") || super::settings::config_path(matches, Some(first)).is_some() {
        return None;
    }
    if first.is_dir() {
        return Some(first);
    }
    first.parent().map(|folder| {
        if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        }
    })
}

/// discover → read → ledger → scan → finding. The villages are handed back for the comparison with a baseline; with
/// `--by-folder` each was freed as soon as it was judged.
fn pipeline(
    settings: &Settings,
    sources: &[Source],
    progress: &Progress,
    judging: scan::Settings,
) -> Result<(Report, Vec<Village>), Failure> {
    let kinds = &settings.pack.kinds;
    let mut account = Account::new();
    let (scan, kept) = if settings.by_folder {
        let mut session = scan::Session::new(&settings.pack, judging);
        for batch in take::batches(sources, settings) {
            let villages = take::gathered(&batch, settings, progress, &mut account);
            account.add_villages(&villages, kinds);
            for village in villages {
                session.add(village);
            }
        }
        (session.finish(), Vec::new())
    } else {
        let all = take::numbered(sources);
        let villages = take::gathered(&all, settings, progress, &mut account);
        account.add_villages(&villages, kinds);
        (scan::run(&settings.pack, &villages, &judging), villages)
    };
    progress.finish();
    let report = account
        .report(scan, &settings.pack, &judging)
        .map_err(Failure::Bug)?;
    Ok((report, kept))
}

/// How progress is shown: never with `--quiet`.
fn progress_mode(matches: &ArgMatches) -> &str {
    if matches.get_flag("quiet") {
        return "none";
    }
    matches
        .get_one::<String>("progress")
        .map_or("auto", String::as_str)
}
