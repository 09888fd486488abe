//! `heyan read-isolated`: reads one file in a process of its own, for another `heyan`. It is in no help text.

use std::path::PathBuf;
use std::process;

use super::Exit;
use crate::read::{self, Isolation};

/// The word that the command line begins with.
pub(super) const WORD: &str = "read-isolated";

/// Reads the file that comes in on stdin, and ends when the other process does.
pub(super) fn run() -> Exit {
    let gone = || process::exit(i32::from(Exit::Bug.code()));
    if read::serve(std::io::stdin(), std::io::stdout(), gone) {
        Exit::Clean
    } else {
        Exit::Bug
    }
}

/// This program as the one that reads in a process of its own; `None` where it cannot be found.
pub(super) fn isolation() -> Option<Isolation> {
    // Linux knows the program that runs even where its file was replaced meanwhile.
    let running = PathBuf::from("/proc/self/exe");
    let program = if running.exists() {
        running
    } else {
        std::env::current_exe().ok()?
    };
    Some(Isolation {
        program,
        arguments: vec![WORD.into()],
    })
}
