//! The words that stand in version 1, each bound to the variant it means.
//!
//! They are written out a second time on purpose: a renamed variant or a changed word elsewhere in the program must not
//! change a file format that others read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::discover::{FileFormat, ReasonKind};
use crate::finding;
use crate::lang;

macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident is $of:path { $($variant:ident $word:literal),+ $(,)? })+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub(super) enum $name {
            $(#[serde(rename = $word)] $variant),+
        }

        impl From<$of> for $name {
            fn from(value: $of) -> Self {
                use $of as Of;
                match value { $(Of::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $of {
            fn from(value: $name) -> Self {
                use $of as Of;
                match value { $($name::$variant => Of::$variant),+ }
            }
        }
    )+};
}

words! {
    /// The language of the texts.
    Lang is lang::Lang { Zh "zh", En "en" }

    /// The format of a file, found from its content.
    Format is FileFormat {
        Xlsx "xlsx", Xlsb "xlsb", Xls "xls", Ods "ods", Csv "csv", Html "html", XmlSpreadsheet "xml",
    }

    /// What became of a file.
    InputStatus is finding::InputStatus { Read "read", Unreadable "unreadable", Skipped "skipped" }

    /// Why a file was not read.
    ReasonWord is ReasonKind {
        Encrypted "encrypted", Damaged "damaged", Empty "empty", NotASpreadsheet "not-a-spreadsheet",
        Unsupported "unsupported", TooLarge "too-large", TimedOut "timed-out", LockFile "lock-file",
        Crashed "crashed",
    }

    /// The topic a finding is listed under.
    Topic is finding::Topic {
        Filing "filing", Signing "signing", Payment "payment", Oversight "oversight", Funds "funds",
        Assets "assets", Decisions "decisions", Data "data",
    }

    /// How much a finding matters.
    Severity is finding::Severity { Info "info", Minor "minor", Major "major", Critical "critical" }

    /// What a rule concludes.
    Verdict is finding::Verdict {
        Violation "violation", Undetermined "undetermined", NotRun "not-run", Pass "pass",
        NotApplicable "not-applicable",
    }

    /// Against a baseline.
    Status is finding::Status { New "new", Unchanged "unchanged" }

    /// Why a finding is new.
    Because is finding::Because { Record "record", Fact "fact", Rule "rule" }

    /// A rule's stage, where it is not the usual one.
    Stage is finding::Stage { Trial "trial" }

    /// What is missing.
    What is finding::MissingWhat { Cell "cell", Column "column", Ledger "ledger", Limit "limit" }

    /// What became of a finding of the baseline.
    ResolvedStatus is finding::ResolvedStatus {
        Rectified "rectified", Altered "altered", Vanished "vanished", Unknown "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::{Severity, Topic, Verdict};
    use crate::finding;

    fn word<T: serde::Serialize>(value: T) -> String {
        serde_json::to_string(&value)
            .expect("a word")
            .trim_matches('"')
            .to_owned()
    }

    #[test]
    fn the_words_are_those_of_the_program() {
        for topic in finding::Topic::ALL {
            assert_eq!(word(Topic::from(topic)), topic.id());
        }
        for severity in finding::Severity::ALL {
            assert_eq!(word(Severity::from(severity)), severity.id());
        }
        for verdict in [finding::Verdict::NotRun, finding::Verdict::NotApplicable] {
            assert_eq!(word(Verdict::from(verdict)), verdict.id());
        }
    }
}
