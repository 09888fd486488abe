//! Flags over `heyan.toml` over defaults → what a run needs.

use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::Failure;
use crate::finding::{Severity, Topic};
use crate::lang::{Bilingual, Lang};
use crate::ledger::{Day, Hints};
use crate::rules::{Config, Loaded, Pack, ScanConfig};

/// What every command that reads ledgers needs.
#[derive(Debug)]
pub(super) struct Settings {
    /// The files and folders to read.
    pub paths: Vec<PathBuf>,
    /// Rules, ledger kinds, limits, law.
    pub pack: Pack,
    /// `heyan.toml`.
    pub config: Config,
    /// What it tells about headers and villages.
    pub hints: Hints,
    /// 基准日
    pub as_of: Day,
    /// The language of the run.
    pub lang: Lang,
    /// Whether each direct subfolder is a village.
    pub by_folder: bool,
    /// Whether rules were left out by `--only` or `--skip`, so that the scan is no full one.
    pub partial: bool,
    /// The file that configures the run.
    pub config_path: Option<PathBuf>,
    /// An earlier report to compare with.
    pub baseline: Option<PathBuf>,
    /// Findings of a lower severity are not listed.
    pub min_severity: Option<Severity>,
    /// The bounds on what a file may cost.
    pub limits: crate::read::Limits,
    /// What reads the formats of a third-party reader; `None` reads them in this process.
    pub isolation: Option<crate::read::Isolation>,
}

impl Settings {
    /// What the command line and `heyan.toml` come to.
    ///
    /// # Errors
    /// A bad date, configuration or rule file; an unknown name in `--only` or `--skip`.
    pub(super) fn of(matches: &ArgMatches, lang: Lang) -> Result<Self, Failure> {
        let paths: Vec<PathBuf> = matches
            .get_many::<PathBuf>("path")
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let config_path = config_path(matches, paths.first().map(PathBuf::as_path));
        let Loaded {
            mut pack,
            config,
            errors,
            ..
        } = super::rules::load(matches, config_path.as_deref(), lang)?;
        let lang = language(matches, &config).unwrap_or(lang);
        // Rules with mistakes that `--skip` names are known by their ids all the same.
        let broken: Vec<String> = errors
            .iter()
            .filter_map(|error| error.rule.clone())
            .collect();
        let partial = select(&mut pack, &broken, matches, &config.scan)?;
        let as_of = match matches.get_one::<String>("as-of") {
            Some(text) => day(text)?,
            None => config.scan.as_of.unwrap_or_else(today),
        };
        if let Some(&jobs) = matches.get_one::<usize>("jobs") {
            // The pool is built once in a process; a second try in the same one (tests) keeps the first.
            let _ = rayon::ThreadPoolBuilder::new()
                .num_threads(jobs)
                .build_global();
        }
        let hints = config.hints.clone();
        let mut limits = crate::read::Limits::default();
        if let Some(seconds) = config.scan.seconds_per_file {
            limits.seconds = u64::from(seconds.max(1));
        }
        if let Some(megabytes) = config.scan.megabytes_per_file {
            limits.memory_bytes = u64::from(megabytes.max(64)) << 20;
        }
        let baseline = matches
            .try_get_one::<PathBuf>("baseline")
            .ok()
            .flatten()
            .cloned()
            .or_else(|| beside(config_path.as_deref(), config.scan.baseline.as_deref()?));
        let min_severity = matches
            .try_get_one::<String>("min-severity")
            .ok()
            .flatten()
            .and_then(|id| Severity::from_id(id))
            .or(config.scan.min_severity);
        let by_folder = matches.get_flag("by-folder") || config.scan.by_folder;
        Ok(Self {
            paths,
            pack,
            config,
            hints,
            as_of,
            lang,
            by_folder,
            partial,
            config_path,
            baseline,
            min_severity,
            limits,
            isolation: super::read_isolated::isolation(),
        })
    }
}

/// The language that `heyan.toml` sets, where neither the command line nor `HEYAN_LANG` names one.
fn language(matches: &ArgMatches, config: &Config) -> Option<Lang> {
    let given = matches.try_get_one::<String>("lang").ok().flatten();
    let named = given.is_some() || std::env::var_os("HEYAN_LANG").is_some_and(|l| !l.is_empty());
    config.scan.lang.filter(|_| !named)
}

/// A path of `heyan.toml`, which is relative to it.
fn beside(config: Option<&Path>, path: &str) -> Option<PathBuf> {
    Some(config?.parent()?.join(path))
}

/// `--config`, else `heyan.toml` in the first path's folder or above it.
pub(super) fn config_path(matches: &ArgMatches, first: Option<&Path>) -> Option<PathBuf> {
    if let Some(given) = matches.get_one::<PathBuf>("config") {
        return Some(given.clone());
    }
    config_in(Some(first.unwrap_or(Path::new("."))))
}

/// The `heyan.toml` in a folder (of a file: in its folder) or the nearest one above it.
pub(super) fn config_in(path: Option<&Path>) -> Option<PathBuf> {
    let path = path?;
    // The parent of a bare name is the empty path, which means here.
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    let path = path.canonicalize().ok()?;
    let start = if path.is_dir() {
        path.as_path()
    } else {
        path.parent()?
    };
    start
        .ancestors()
        .map(|folder| folder.join("heyan.toml"))
        .find(|file| file.is_file())
}

/// Leaves out the rules that `--only` does not name or `--skip` names; whether any was left out.
fn select(
    pack: &mut Pack,
    left_out: &[String],
    matches: &ArgMatches,
    config: &ScanConfig,
) -> Result<bool, Failure> {
    let words = |name: &str, configured: &[String]| match matches.get_many::<String>(name) {
        Some(given) => given.cloned().collect::<Vec<_>>(),
        None => configured.to_vec(),
    };
    let (only, skip) = (words("only", &config.only), words("skip", &config.skip));
    for word in only.iter().chain(&skip) {
        if !pack.rules.iter().any(|rule| meant(rule, word))
            && !left_out.contains(word)
            && Topic::from_id(word).is_none()
            && crate::finding::IssueKind::from_id(word).is_none()
        {
            let near = crate::rules::nearest(word, pack.rules.iter().map(|rule| rule.id.as_str()));
            let (zh, en) = match near {
                Some(near) => (
                    format!(
                        "没有规则、方面或标题“{word}”；是不是想写 {near}？heyan rules list 列出全部"
                    ),
                    format!(
                        "no rule, topic or title `{word}`; did you mean {near}? `heyan rules list` names them all"
                    ),
                ),
                None => (
                    format!("没有规则、方面或标题“{word}”；heyan rules list 列出全部"),
                    format!("no rule, topic or title `{word}`; `heyan rules list` names them all"),
                ),
            };
            return Err(Failure::Usage(Bilingual::new(zh, en)));
        }
    }
    let before = pack.rules.len();
    pack.rules.retain(|rule| {
        (only.is_empty() || only.iter().any(|word| meant(rule, word)))
            && !skip.iter().any(|word| meant(rule, word))
    });
    Ok(pack.rules.len() < before)
}

/// Whether a word of `--only` or `--skip` means a rule: its id, topic or title.
fn meant(rule: &crate::rules::Rule, word: &str) -> bool {
    rule.id == word
        || rule.topic.id() == word
        || rule.topic.name(Lang::Zh) == word
        || rule.title.zh == word
        || rule.title.en == word
}

/// A day of the command line.
fn day(text: &str) -> Result<Day, Failure> {
    text.parse::<jiff::civil::Date>()
        .map(Day::from_civil)
        .map_err(|_| {
            Failure::Usage(Bilingual::new(
                format!("--as-of 不是日期：“{text}”，请写成 2025-06-30"),
                format!("--as-of: `{text}` is no date; write it like 2025-06-30"),
            ))
        })
}

/// Today by the machine's clock in China's time, which has had one offset and no summer time since 1992.
fn today() -> Day {
    Day::from_number(i32::try_from(seconds() / 86_400).unwrap_or(0))
}

/// Now in China, ISO with time: what an entry of the rectification store is stamped with.
pub(super) fn now() -> String {
    let seconds = seconds();
    let day = Day::from_number(i32::try_from(seconds / 86_400).unwrap_or(0));
    let of_day = seconds % 86_400;
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{day}T{hour:02}:{minute:02}:{second:02}+08:00")
}

/// Seconds since 1970 by the clocks of China. `SOURCE_DATE_EPOCH`, which reproducible builds set, stands for the clock.
fn seconds() -> u64 {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok();
    let clock = || {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
    };
    let utc = fixed
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or_else(clock);
    utc.saturating_add(8 * 3_600)
}
