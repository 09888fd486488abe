//! `heyan init`.

use clap::ArgMatches;

use super::{Exit, Failure};
use crate::lang::Lang;

pub(super) fn run(_: &ArgMatches, _: Lang) -> Result<Exit, Failure> {
    Ok(Exit::Usage)
}
