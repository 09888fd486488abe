//! `--watch`: checks again whenever a file under the paths changes.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::ArgMatches;
use ignore::WalkBuilder;

use super::{Exit, Failure};
use crate::lang::Lang;

/// How often the files are looked at. Village workbooks are saved by hand; a second is soon enough.
const EVERY: Duration = Duration::from_secs(1);

/// Runs a scan now and after every change, until it is interrupted.
pub(super) fn run(
    matches: &ArgMatches,
    lang: Lang,
    scan: fn(&ArgMatches, Lang) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let mut paths: Vec<PathBuf> = matches
        .get_many::<PathBuf>("path")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    paths.extend(super::settings::config_path(
        matches,
        paths.first().map(PathBuf::as_path),
    ));
    paths.extend(
        matches
            .get_many::<PathBuf>("rules")
            .into_iter()
            .flatten()
            .cloned(),
    );
    loop {
        // A result that is written among the ledgers is no change of a ledger, so the state is taken after the scan.
        if let Err(failure) = scan(matches, lang) {
            if matches!(failure, Failure::ClosedPipe) {
                return Ok(Exit::Clean);
            }
            super::tell(&failure, lang);
        }
        let seen = state(&paths);
        super::warn(
            "",
            lang.pick(
                "等待文件变动，Ctrl-C 结束",
                "waiting for changes, Ctrl-C ends it",
            ),
        );
        while state(&paths) == seen {
            std::thread::sleep(EVERY);
        }
    }
}

/// Name, size and time of every file.
fn state(paths: &[PathBuf]) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let mut state: Vec<_> = paths.iter().flat_map(|path| files(path)).collect();
    state.sort();
    state
}

fn files(path: &Path) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    WalkBuilder::new(path)
        .standard_filters(false)
        .build()
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let data = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some((entry.into_path(), data.len(), data.modified().ok()))
        })
        .collect()
}
