//! `heyan inspect`: how each sheet was understood.

use clap::ArgMatches;

use super::progress::Progress;
use super::settings::Settings;
use super::{Exit, Failure, output, take};
use crate::finding::InputStatus;
use crate::lang::Lang;

/// Runs `heyan inspect`.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let settings = Settings::of(matches, lang)?;
    let sources = take::find(&settings)?;
    let progress = Progress::of("auto", sources.len(), lang);
    let numbered: Vec<_> = (0..).map(crate::finding::FileId).zip(&sources).collect();
    let taken = take::take(&numbered, &settings, &progress);
    progress.finish();
    let json = matches.get_one::<String>("format").is_some_and(|format| format == "json");
    let inspection = crate::report::Inspection {
        inputs: &taken.inputs,
        ledgers: &taken.ledgers,
        issues: &taken.issues,
        pack: &settings.pack,
        lang,
    };
    output::to_stdout(|out| if json { inspection.write_json(out) } else { inspection.write_text(out) })?;
    let unread = taken.inputs.iter().any(|input| input.status == InputStatus::Unreadable);
    let nothing = !taken.inputs.iter().any(|input| input.status == InputStatus::Read);
    Ok(if unread || nothing { Exit::Unread } else { Exit::Clean })
}
