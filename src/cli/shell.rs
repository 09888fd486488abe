//! `heyan completions` and `heyan man`: what a shell and `man` want to know of the command line.

use clap::ArgMatches;
use clap_complete::Shell;

use super::{Exit, Failure, args, output};
use crate::lang::Lang;

/// Runs `heyan completions SHELL`.
pub(super) fn completions(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let Some(&shell) = matches.get_one::<Shell>("shell") else {
        return Ok(Exit::Usage);
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::command(lang), "heyan", &mut script);
    output::to_stdout(|out| out.write_all(&script))?;
    Ok(Exit::Clean)
}

/// Runs `heyan man [COMMAND]`: one page in roff.
pub(super) fn man(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let mut command = args::command(lang);
    command.build();
    if let Some(name) = matches.get_one::<String>("command") {
        let Some(sub) = command.find_subcommand(name) else {
            let (zh, en) = (format!("没有命令“{name}”"), format!("no command `{name}`"));
            return Err(Failure::Usage(crate::lang::Bilingual::new(zh, en)));
        };
        command = sub.clone();
    }
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut page);
    output::to_stdout(|out| rendered.and_then(|()| out.write_all(&page)))?;
    Ok(Exit::Clean)
}
