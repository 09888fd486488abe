//! What a person may be told: the vocabulary that everything after `read` shares.

mod evidence;
#[expect(
    clippy::module_inception,
    reason = "the type the folder is named after"
)]
mod finding;
mod fingerprint;
mod issue;
mod place;
mod report;
mod topic;
mod verdict;

pub use evidence::{
    Context, ContextCell, Evidence, Missing, MissingWhat, RecordRef, Tree, TreeValue,
};
pub use finding::{Because, CitedLimit, CitedProvision, Finding, Stage, Status, WaiverNote};
pub use fingerprint::Fingerprint;
pub use issue::{Issue, IssueCell, IssueKind};
pub use place::{FileId, TableId};
pub use report::{
    Balance, ColumnReport, Coverage, IgnoredRow, Input, InputStatus, NotRun, RecordReport, Report,
    Resolved, ResolvedChange, ResolvedStatus, RuleBalance, RuleInfo, TableReport, Tool,
    VillageLists,
};
pub use topic::Topic;
pub use verdict::{Severity, Verdict};
