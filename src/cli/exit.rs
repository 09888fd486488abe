//! Exit codes, and what stops a run before it has a result.

use std::process::ExitCode;

use crate::lang::Bilingual;

/// How a run ended; the highest of 70, 2, 3, 1, 0 counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    #[default]
    Clean,
    /// Violations that count.
    Findings,
    /// An input could not be read, nothing was read, or no rule ran.
    Unread,
    /// Bad arguments, configuration or rule files.
    Usage,
    /// A bug.
    Bug,
}

impl Exit {
    /// The number the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Unread => 3,
            Self::Usage => 2,
            Self::Bug => 70,
        }
    }

    /// The one that counts of two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let rank = |exit: Self| match exit {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Unread => 2,
            Self::Usage => 3,
            Self::Bug => 4,
        };
        if rank(self) >= rank(other) {
            self
        } else {
            other
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// What stops a run before it has a result.
#[derive(Debug)]
pub enum Failure {
    /// The user can put it right: arguments, configuration, rule files, a path.
    Usage(Bilingual),
    /// The same, already written to stderr in full.
    Told(Exit),
    /// Output could not be written.
    Output(Bilingual),
    /// Whoever reads the output closed it: success.
    ClosedPipe,
    /// A bug.
    Bug(Bilingual),
}

impl Failure {
    /// How the process ends.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Output(_) => Exit::Usage,
            Self::Told(exit) => *exit,
            Self::ClosedPipe => Exit::Clean,
            Self::Bug(_) => Exit::Bug,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_highest_of_70_2_3_1_0_counts() {
        let order = [
            Exit::Clean,
            Exit::Findings,
            Exit::Unread,
            Exit::Usage,
            Exit::Bug,
        ];
        for (i, low) in order.iter().enumerate() {
            for high in &order[i..] {
                assert_eq!(low.or(*high), *high);
                assert_eq!(high.or(*low), *high);
            }
        }
        assert_eq!(order.map(Exit::code), [0, 1, 3, 2, 70]);
    }
}
