//! `heyan rules`: list, show, check, test, new, schema, docs; and loading the pack for every command.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use rayon::prelude::*;

use super::{Exit, Failure, output, rule_pages};
use crate::lang::{Bilingual, Lang};
use crate::rules::{self, Loaded, Pack};
use crate::scan::selftest::{self, Outcome};

/// Loads the pack and `heyan.toml` for a command that judges: it refuses to start on any mistake, and names the `--skip`
/// that would let it run.
///
/// # Errors
/// Every mistake of every file was shown on stderr.
pub(super) fn load(
    matches: &ArgMatches,
    config: Option<&Path>,
    lang: Lang,
) -> Result<Loaded, Failure> {
    let loaded = load_all(matches, config, lang)?;
    let skipped: Vec<&str> = matches
        .try_get_many::<String>("skip")
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .chain(&loaded.config.scan.skip)
        .map(String::as_str)
        .collect();
    let left = |rule: &Option<String>| rule.as_deref().is_some_and(|rule| skipped.contains(&rule));
    let bad: Vec<_> = loaded
        .errors
        .iter()
        .filter(|error| !left(&error.rule))
        .collect();
    if bad.is_empty() {
        return Ok(loaded);
    }
    for error in &bad {
        super::warn("", &error.render(lang, output::color_of_stderr()));
    }
    let mut rules: Vec<&str> = bad
        .iter()
        .filter_map(|error| error.rule.as_deref())
        .collect();
    rules.sort_unstable();
    rules.dedup();
    if !rules.is_empty() {
        let skips = rules
            .iter()
            .map(|rule| format!("--skip {rule}"))
            .collect::<Vec<_>>()
            .join(" ");
        let message = Bilingual::new(
            format!("规则文件有误，没有开始检查；改好后再来，或先不用这些规则：{skips}"),
            format!(
                "rule files have mistakes, nothing was checked; mend them, or go on without them: {skips}"
            ),
        );
        super::warn("", message.get(lang));
    }
    Err(Failure::Told(Exit::Usage))
}

/// Loads the pack and `heyan.toml`; rules with mistakes are left out and told in `errors`.
fn load_all(matches: &ArgMatches, config: Option<&Path>, lang: Lang) -> Result<Loaded, Failure> {
    let extra: Vec<PathBuf> = matches
        .try_get_many::<PathBuf>("rules")
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .chain(matches.try_get_one::<PathBuf>("dir").ok().flatten())
        .cloned()
        .collect();
    rules::load(&extra, config).map_err(|errors| {
        for error in &errors {
            super::warn("", &error.render(lang, output::color_of_stderr()));
        }
        Failure::Told(Exit::Usage)
    })
}

/// Runs `heyan rules …`.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    match matches.subcommand() {
        Some(("check", matches)) => check(matches, lang),
        Some(("test", matches)) => test(matches, lang),
        Some(("list", matches)) => rule_pages::list(&readable(matches, lang)?, matches, lang),
        Some(("show", matches)) => rule_pages::show(&readable(matches, lang)?, matches, lang),
        Some(("docs", matches)) => rule_pages::docs(&built_or_given(matches, lang)?, matches, lang),
        Some(("new", matches)) => rule_pages::new(matches, lang),
        Some(("schema", matches)) => rule_pages::schema(matches),
        _ => Ok(Exit::Usage),
    }
}

/// The pack of a command that only reads rules; mistakes are told, and the rules without any shown.
fn readable(matches: &ArgMatches, lang: Lang) -> Result<Pack, Failure> {
    let loaded = load_all(matches, config(matches).as_deref(), lang)?;
    for error in &loaded.errors {
        super::warn("", &error.render(lang, output::color_of_stderr()));
    }
    Ok(loaded.pack)
}

/// The pack of `docs`, whose folder is the one to write to and holds no rules.
fn built_or_given(matches: &ArgMatches, lang: Lang) -> Result<Pack, Failure> {
    let extra: Vec<PathBuf> = matches
        .try_get_many::<PathBuf>("rules")
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let loaded = rules::load(&extra, config(matches).as_deref()).map_err(|errors| {
        for error in &errors {
            super::warn("", &error.render(lang, output::color_of_stderr()));
        }
        Failure::Told(Exit::Usage)
    })?;
    Ok(loaded.pack)
}

/// `heyan rules check [DIR]`: every mistake of every file.
fn check(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let loaded = load_all(matches, config(matches).as_deref(), lang)?;
    let review = rules::review(&loaded);
    for one in loaded.errors.iter().chain(&loaded.warnings).chain(&review) {
        super::warn("", &one.render(lang, output::color_of_stderr()));
    }
    let (rules, errors, warnings) = (
        loaded.pack.rules.len(),
        loaded.errors.len(),
        loaded.warnings.len() + review.len(),
    );
    let line = match lang {
        Lang::Zh => format!("{rules} 条规则可用，{errors} 处错误，{warnings} 处提醒\n"),
        Lang::En => format!("rules in order: {rules}; mistakes: {errors}; warnings: {warnings}\n"),
    };
    output::to_stdout(|out| out.write_all(line.as_bytes()))?;
    Ok(if loaded.errors.is_empty() {
        Exit::Clean
    } else {
        Exit::Usage
    })
}

/// `heyan rules test [DIR]`: the tests beside the rules.
fn test(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let loaded = load_all(matches, config(matches).as_deref(), lang)?;
    for error in &loaded.errors {
        super::warn("", &error.render(lang, output::color_of_stderr()));
    }
    let pack = &loaded.pack;
    let results: Vec<_> = pack
        .rules
        .par_iter()
        .map(|rule| selftest::test_rule(pack, rule, lang))
        .collect::<Vec<_>>()
        .into_iter()
        .flatten()
        .collect();
    let mut text = String::new();
    for failure in results.iter().filter_map(|result| result.text(lang)) {
        text.push_str(&failure);
        text.push('\n');
    }
    let failed = results.iter().filter(|result| result.is_failure()).count();
    let gaps = results
        .iter()
        .filter(|result| matches!(result.outcome, Outcome::KnownGap))
        .count();
    let passed = results.len() - failed - gaps;
    text.push_str(&match lang {
        Lang::Zh => format!(
            "{} 条规则，{passed} 个测试通过，{failed} 个失败，{gaps} 个已知缺口\n",
            pack.rules.len()
        ),
        Lang::En => format!(
            "{} rules: {passed} tests passed, {failed} failed, {gaps} known gaps\n",
            pack.rules.len()
        ),
    });
    output::to_stdout(|out| out.write_all(text.as_bytes()))?;
    let bad = failed > 0 || !loaded.errors.is_empty();
    Ok(if bad { Exit::Usage } else { Exit::Clean })
}

/// The configuration of a command on rules: only the one that is named, so that the tests of a pack do not depend on the
/// folder they are run in.
fn config(matches: &ArgMatches) -> Option<PathBuf> {
    matches.get_one::<PathBuf>("config").cloned()
}
