//! What a rule concludes, and how much it matters.

use crate::lang::Lang;

/// What a rule concludes about one record 结论, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// 不符: decided against the record.
    Violation,
    /// 待核: an empty or unreadable cell is among what would decide it.
    Undetermined,
    /// 未执行: only absent columns, ledgers or unset limits would decide it.
    NotRun,
    /// 未发现: decided in the record's favour.
    Pass,
    /// 不适用: the duty does not bind the record.
    NotApplicable,
}

impl Verdict {
    /// The word of files and reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Undetermined => "undetermined",
            Self::NotRun => "not-run",
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// The verdict of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        [
            Self::Violation,
            Self::Undetermined,
            Self::NotRun,
            Self::Pass,
            Self::NotApplicable,
        ]
        .into_iter()
        .find(|v| v.id() == id)
    }

    /// What people call it.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Violation => lang.pick("不符", "violation"),
            Self::Undetermined => lang.pick("待核", "undetermined"),
            Self::NotRun => lang.pick("未执行", "not run"),
            Self::Pass => lang.pick("未发现", "pass"),
            Self::NotApplicable => lang.pick("不适用", "not applicable"),
        }
    }

    /// Its letter in a record's `verdicts`.
    pub fn letter(self) -> char {
        match self {
            Self::Violation => 'v',
            Self::Undetermined => 'u',
            Self::NotRun => 'x',
            Self::Pass => 'p',
            Self::NotApplicable => '-',
        }
    }
}

/// How much a finding matters 级别, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// 提示
    Info,
    /// 一般
    Minor,
    /// 较重
    Major,
    /// 严重
    Critical,
}

impl Severity {
    /// Every severity, the gravest first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Major, Self::Minor, Self::Info];

    /// The word of files and reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }

    /// The severity of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.id() == id)
    }

    /// What people call it.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Info => lang.pick("提示", "info"),
            Self::Minor => lang.pick("一般", "minor"),
            Self::Major => lang.pick("较重", "major"),
            Self::Critical => lang.pick("严重", "critical"),
        }
    }
}
