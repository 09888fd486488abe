//! Why a file was not read.

use crate::lang::Bilingual;

/// Why a file was not read, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The kind, a stable word of the report.
    pub kind: ReasonKind,
    /// What a person is told: what is wrong and what to do.
    pub message: Bilingual,
}

/// The kinds of reason, stable words of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReasonKind {
    /// The file asks for a password.
    Encrypted,
    /// The file is of a known format, but broken.
    Damaged,
    /// The file has no bytes.
    Empty,
    /// The content is no spreadsheet, whatever its name says.
    NotASpreadsheet,
    /// A spreadsheet of a format that is not read.
    Unsupported,
    /// A bound on sizes was hit.
    TooLarge,
    /// The time bound was hit.
    TimedOut,
    /// A lock file that an open office program left.
    LockFile,
    /// The reader failed in a way it should not: a bug.
    Crashed,
}

impl ReasonKind {
    /// Every kind, in the order of the report's documentation.
    pub const ALL: [Self; 9] = [
        Self::Encrypted,
        Self::Damaged,
        Self::Empty,
        Self::NotASpreadsheet,
        Self::Unsupported,
        Self::TooLarge,
        Self::TimedOut,
        Self::LockFile,
        Self::Crashed,
    ];

    /// The word that stands in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::Empty => "empty",
            Self::NotASpreadsheet => "not-a-spreadsheet",
            Self::Unsupported => "unsupported",
            Self::TooLarge => "too-large",
            Self::TimedOut => "timed-out",
            Self::LockFile => "lock-file",
            Self::Crashed => "crashed",
        }
    }
}
