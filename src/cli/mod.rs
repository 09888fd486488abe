//! Arguments and `heyan.toml` → settings; the pipeline on one screen; the exit code. The only place that knows every stage,
//! the clock and the environment.

mod args;
mod compared;
mod diff;
mod exit;
mod explain;
mod init;
mod inspect;
mod language;
mod merge;
mod output;
mod progress;
mod read_isolated;
mod rule_pages;
mod rules;
mod scan;
mod settings;
mod shell;
mod staged;
mod stream;
mod take;
mod track;
mod track_args;
mod track_sheet;
mod verdict;
mod watch;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

pub use args::command;
pub use exit::{Exit, Failure};

use crate::lang::Lang;

/// Runs the program with the given arguments, the program's name first.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    // Started once for each file of some formats: it needs nothing of what follows.
    if arguments
        .get(1)
        .is_some_and(|word| word == read_isolated::WORD)
    {
        return read_isolated::run().into();
    }
    let lang = language::of(&arguments);
    let outcome = match command(lang).try_get_matches_from(arguments) {
        Ok(matches) => dispatch(&matches, lang),
        Err(error) => Ok(language::refuse(&error, lang)),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            tell(&failure, lang);
            failure.exit().into()
        }
    }
}

/// One subcommand, one file.
fn dispatch(matches: &clap::ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    match matches.subcommand() {
        Some(("scan", matches)) => scan::run(matches, lang),
        Some(("inspect", matches)) => inspect::run(matches, lang),
        Some(("explain", matches)) => explain::run(matches, lang),
        Some(("rules", matches)) => rules::run(matches, lang),
        Some(("diff", matches)) => diff::run(matches),
        Some(("merge", matches)) => merge::run(matches, lang),
        Some(("track", matches)) => track::run(matches, lang),
        Some(("init", matches)) => init::run(matches, lang),
        Some(("completions", matches)) => shell::completions(matches, lang),
        Some(("man", matches)) => shell::man(matches, lang),
        _ => Ok(Exit::Usage),
    }
}

/// Says on stderr what stopped the run.
fn tell(failure: &Failure, lang: Lang) {
    let message = match failure {
        Failure::Told(_) | Failure::ClosedPipe => return,
        Failure::Usage(message) | Failure::Output(message) | Failure::Bug(message) => {
            message.get(lang)
        }
    };
    warn(lang.pick("错误：", "error: "), message);
}

/// One line on stderr. A stderr that is closed is no reason to stop.
fn warn(head: &str, message: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{head}{message}");
}
