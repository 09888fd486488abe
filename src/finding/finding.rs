//! One problem with its evidence.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{Context, Evidence, Fingerprint, Missing, RecordRef, Severity, Topic, Tree, Verdict};

/// A violation or an undetermined verdict with its evidence 问题. Texts are in the language of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's or issue's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// The topic it is listed under.
    pub topic: Topic,
    /// How much it matters.
    pub severity: Severity,
    /// [`Verdict::Violation`] or [`Verdict::Undetermined`].
    pub verdict: Verdict,
    /// Against a baseline: whether it is new.
    pub status: Option<Status>,
    /// Of an unchanged finding, the verdict it had before, where it differs.
    pub was: Option<Verdict>,
    /// Why a new finding is new.
    pub because: Option<Because>,
    /// The waiver that covers it.
    pub waiver: Option<WaiverNote>,
    /// Whether its rule is on trial.
    pub stage: Option<Stage>,
    /// What makes it the same finding in another scan.
    pub fingerprint: Fingerprint,
    /// The town; empty where nothing tells it.
    pub town: String,
    /// The village.
    pub village: String,
    /// The date of the act, ISO; a month where no more is known.
    pub date: Option<String>,
    /// The money at stake in yuan.
    pub amount: Option<Decimal>,
    /// What the ledger shows.
    pub message: String,
    /// What to look at next.
    pub advice: String,
    /// The provisions in force on the law date.
    pub basis: Vec<CitedProvision>,
    /// The limits used.
    pub limits: Vec<CitedLimit>,
    /// The rows of the rule's own ledger that it is about.
    pub records: Vec<RecordRef>,
    /// Every cell that decided it.
    pub evidence: Vec<Evidence>,
    /// The source rows.
    pub context: Vec<Context>,
    /// The evaluated condition; `None` for an issue.
    pub tree: Option<Tree>,
    /// What would decide an undetermined one.
    pub missing: Vec<Missing>,
    /// Findings of the same overlap group and record are counted once: the id of the group they share, the smallest
    /// rule id of the group.
    pub overlap: Option<String>,
    /// Whether a scan can show that it was put right; `false` for a past act.
    pub curable: bool,
}

/// Against a baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The baseline does not have it.
    New,
    /// The baseline has it.
    Unchanged,
}

/// Why a finding is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Because {
    /// The record was not there.
    Record,
    /// Its cells changed.
    Fact,
    /// The rule or its limits are new.
    Rule,
}

/// A rule's stage, where it is not the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Reported, but never fails a run.
    Trial,
}

/// The waiver that covers a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverNote {
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// Until when, ISO.
    pub expires: String,
}

/// A provision as cited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CitedProvision {
    /// Its id under `rules/law/`.
    pub id: String,
    /// The law's name.
    pub law: String,
    /// The article; empty where the law date is unknown (条号待定).
    pub article: String,
    /// Its text.
    pub text: String,
}

/// A limit as used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CitedLimit {
    /// Its name.
    pub name: String,
    /// The value used, printed.
    pub value: String,
    /// Since when it is in force, ISO.
    pub from: Option<String>,
    /// The document that sets it.
    pub basis: String,
    /// Whether `heyan.toml` restates a national one.
    pub restated: bool,
}

impl Finding {
    /// The order of every list: town, village, topic, the gravest first, rule, verdict, then place. It has the village
    /// first, so that reports of different villages add up to the report of all of them.
    pub fn listing_order(&self, other: &Self) -> Ordering {
        let place = |finding: &Self| {
            finding
                .records
                .first()
                .map(|record| (record.file.clone(), record.sheet.clone(), record.row))
        };
        let key = |finding: &Self| {
            (
                finding.topic,
                std::cmp::Reverse(finding.severity),
                finding.verdict,
            )
        };
        let (a, b) = (key(self), key(other));
        (&self.town, &self.village, a.0, a.1, &self.rule, a.2)
            .cmp(&(&other.town, &other.village, b.0, b.1, &other.rule, b.2))
            .then_with(|| place(self).cmp(&place(other)))
            .then_with(|| self.fingerprint.cmp(&other.fingerprint))
    }
}

impl Status {
    /// The word of reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Because {
    /// The word of reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Fact => "fact",
            Self::Rule => "rule",
        }
    }
}
