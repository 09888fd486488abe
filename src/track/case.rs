//! One problem through all scans, with what people decided about it.

use jiff::civil::Date;

use super::act::{Act, Judgement};
use super::waive::{InForce, WaiverTerms};
use crate::finding::{Finding, ResolvedStatus, Severity, Topic, Verdict, WaiverNote};
use crate::lang::Lang;

/// One problem through all scans 整改事项. Its number is given once; its fingerprint changes where its record is renumbered.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its number in the store, counted from 1.
    pub number: u32,
    /// The fingerprint it has now.
    pub fingerprint: String,
    /// The finding as it was last seen.
    pub seen: Seen,
    /// The entry of the scan that saw it first, and its as-of date.
    pub first: (u32, String),
    /// The entry of the scan that saw it last, and its as-of date.
    pub last: (u32, String),
    /// What scans and acts came to.
    pub state: State,
    /// The day of the scan or act that brought it there, ISO.
    pub since: String,
    /// Whether a scan found it again after it had been put right or closed.
    pub reopened: bool,
    /// What the last scan that did not find it said: the reason, and the changes of the deciding cells as one text.
    pub why: String,
    /// The changes it was told with, as one text; tells a further change from one that is known.
    pub changes: String,
    /// 责任单位（人）; empty where nobody is named.
    pub responsible: String,
    /// 整改期限, ISO; empty where none is set.
    pub due: String,
    /// 整改情况: the last note.
    pub note: String,
    /// 核实结果 and what shows it.
    pub judged: Option<(Judgement, String)>,
    /// 处理文号、说明: what closed it by hand.
    pub closed: String,
    /// The waiver that people recorded.
    pub waiver: Option<WaiverNote>,
}

/// A finding as a scan saw it, as far as a list tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The rule's or issue's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// The topic.
    pub topic: Topic,
    /// How much it matters.
    pub severity: Severity,
    /// Violation or undetermined.
    pub verdict: Verdict,
    /// The town.
    pub town: String,
    /// The village.
    pub village: String,
    /// The date of the act, ISO.
    pub date: String,
    /// The money at stake in yuan, as printed.
    pub amount: String,
    /// What the ledger shows.
    pub message: String,
    /// What to look at next.
    pub advice: String,
    /// The first key of its first record.
    pub key: String,
    /// Where its first record stands: `file!sheet!row`.
    pub place: String,
    /// Whether a scan can show that it was put right.
    pub curable: bool,
    /// The waiver of `heyan.toml` that the scan applied.
    pub waiver: Option<WaiverNote>,
}

/// What scans and acts came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// The last scan found it.
    Open,
    /// The deciding cells were changed; to be explained.
    Altered,
    /// Its record is gone; to be explained.
    Vanished,
    /// The last scan could not tell.
    Unknown,
    /// A scan proved that it was put right 销号.
    Rectified,
    /// A person closed it 人工销号.
    Closed,
}

/// What a case stands as on a day: its state, or what a person decided about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// As scans and acts left it.
    State(State),
    /// It is waived on that day.
    Waived,
    /// Verification found nothing in it.
    Unfounded,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Altered,
        Self::Vanished,
        Self::Unknown,
        Self::Rectified,
        Self::Closed,
    ];

    /// The word of the store.
    pub fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Altered => "altered",
            Self::Vanished => "vanished",
            Self::Unknown => "unknown",
            Self::Rectified => "rectified",
            Self::Closed => "closed",
        }
    }

    /// The state of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.id() == id)
    }
}

impl Standing {
    /// The word of the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::State(state) => state.id(),
            Self::Waived => "waived",
            Self::Unfounded => "unfounded",
        }
    }

    /// What people call it.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::State(State::Open) => lang.pick("待整改", "open"),
            Self::State(State::Altered) => lang.pick("已改动待说明", "altered, to be explained"),
            Self::State(State::Vanished) => {
                lang.pick("记录消失待说明", "record gone, to be explained")
            }
            Self::State(State::Unknown) => lang.pick("未能核对", "not verifiable"),
            Self::State(State::Rectified) => lang.pick("已整改销号", "rectified"),
            Self::State(State::Closed) => lang.pick("人工销号", "closed by hand"),
            Self::Waived => lang.pick("豁免", "waived"),
            Self::Unfounded => lang.pick("不属实", "unfounded"),
        }
    }

    /// Whether something is still to be done.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::State(State::Open | State::Altered | State::Vanished | State::Unknown)
        )
    }
}

impl Seen {
    /// A finding as a list tells it.
    pub fn of(finding: &Finding) -> Self {
        let record = finding.records.first();
        let evidence = finding.evidence.first();
        let place = record
            .map(|r| format!("{}!{}!{}", r.file, r.sheet, r.row))
            .or_else(|| evidence.map(|e| format!("{}!{}!{}", e.file, e.sheet, e.cell)));
        Self {
            rule: finding.rule.clone(),
            title: finding.title.clone(),
            topic: finding.topic,
            severity: finding.severity,
            verdict: finding.verdict,
            town: finding.town.clone(),
            village: finding.village.clone(),
            date: finding.date.clone().unwrap_or_default(),
            amount: finding
                .amount
                .map(|a| format!("{a:.2}"))
                .unwrap_or_default(),
            message: finding.message.clone(),
            advice: finding.advice.clone(),
            key: record.map(|r| r.key.clone()).unwrap_or_default(),
            place: place.unwrap_or_default(),
            curable: finding.curable,
            waiver: finding.waiver.clone(),
        }
    }
}

impl Case {
    /// A case that a scan sees for the first time.
    pub(super) fn new(number: u32, finding: &Finding, seq: u32, day: &str) -> Self {
        Self {
            number,
            fingerprint: finding.fingerprint.to_string(),
            seen: Seen::of(finding),
            first: (seq, day.to_owned()),
            last: (seq, day.to_owned()),
            state: State::Open,
            since: day.to_owned(),
            reopened: false,
            why: String::new(),
            changes: String::new(),
            responsible: String::new(),
            due: String::new(),
            note: String::new(),
            judged: None,
            closed: String::new(),
            waiver: None,
        }
    }

    /// What it stands as on a day (ISO). A waiver counts from when it was recorded to its last day.
    pub fn standing(&self, day: &str) -> Standing {
        let unfounded = self
            .judged
            .as_ref()
            .is_some_and(|(result, _)| *result == Judgement::Unfounded);
        let waived = [&self.waiver, &self.seen.waiver]
            .into_iter()
            .flatten()
            .any(|note| {
                // How long it may last was checked on the day it was recorded.
                let any_length = WaiverTerms {
                    longest_months: 12_000,
                    near_days: 0,
                };
                InForce::on(note, day, any_length).counts()
            });
        match self.state {
            State::Rectified | State::Closed => Standing::State(self.state),
            _ if unfounded => Standing::Unfounded,
            _ if waived => Standing::Waived,
            _ => Standing::State(self.state),
        }
    }

    /// What it stands as on a day (ISO), with whether it is undetermined or was found again.
    pub fn standing_text(&self, day: &str, lang: Lang) -> String {
        let standing = self.standing(day);
        let mut text = standing.name(lang).to_owned();
        if standing == Standing::State(State::Open) && self.seen.verdict == Verdict::Undetermined {
            text.push_str(lang.pick("（待核）", " (undetermined)"));
        }
        if self.reopened && standing.is_open() {
            text.push_str(lang.pick("（复发）", " (reopened)"));
        }
        text
    }

    /// Whether something is still to be done and its day has passed.
    pub fn is_overdue(&self, day: &str) -> bool {
        !self.due.is_empty() && self.due.as_str() < day && self.standing(day).is_open()
    }

    /// How many days ago a scan saw it first; zero where a date is not legible.
    pub fn age(&self, day: &str) -> i32 {
        let days = |a: &str, b: &str| -> Option<i32> {
            let (a, b) = (a.parse::<Date>().ok()?, b.parse::<Date>().ok()?);
            a.until(b).ok().map(|span| span.get_days())
        };
        days(&self.first.1, day).unwrap_or(0)
    }

    /// A scan found it.
    pub(super) fn found(&mut self, finding: &Finding, seq: u32, day: &str) {
        self.fingerprint = finding.fingerprint.to_string();
        self.seen = Seen::of(finding);
        self.last = (seq, day.to_owned());
        match self.state {
            State::Open => return,
            // A past act stays in the ledger for ever; what closed it still holds.
            State::Closed if !finding.curable => return,
            State::Rectified | State::Closed => self.reopened = true,
            State::Altered | State::Vanished | State::Unknown => {}
        }
        self.enter(State::Open, day);
        self.why.clear();
        self.changes.clear();
    }

    /// A scan did not find it.
    pub(super) fn missed(&mut self, status: ResolvedStatus, why: &str, changes: &str, day: &str) {
        // A report that does not show the cells says nothing about a further change.
        let known = changes.is_empty() || self.changes == changes;
        match (self.state, status) {
            // It was closed before; a further change of a past act is a new fact that nobody has explained.
            (State::Closed, ResolvedStatus::Altered) if !known => self.reopened = true,
            (State::Rectified, _)
            | (
                State::Closed,
                ResolvedStatus::Altered | ResolvedStatus::Vanished | ResolvedStatus::Unknown,
            ) => return,
            _ => {}
        }
        let state = match status {
            ResolvedStatus::Rectified => State::Rectified,
            ResolvedStatus::Altered => State::Altered,
            ResolvedStatus::Vanished => State::Vanished,
            ResolvedStatus::Unknown => State::Unknown,
        };
        // That a scan could not tell leaves standing what is to be explained.
        if status == ResolvedStatus::Unknown
            && matches!(self.state, State::Altered | State::Vanished)
        {
            return;
        }
        if state != self.state {
            self.enter(state, day);
        } else if known && !self.changes.is_empty() {
            return;
        }
        why.clone_into(&mut self.why);
        changes.clone_into(&mut self.changes);
    }

    /// A person decided something.
    pub(super) fn decided(&mut self, act: &Act, day: &str) {
        match act {
            Act::Assign(to) => self.responsible.clone_from(to),
            Act::Due(on) => self.due.clone_from(on),
            Act::Note(text) => self.note.clone_from(text),
            Act::Waive {
                reason,
                approved_by,
                expires,
            } => {
                self.waiver = Some(WaiverNote {
                    reason: reason.clone(),
                    approved_by: approved_by.clone(),
                    expires: expires.clone(),
                });
            }
            Act::Judge { result, evidence } => self.judged = Some((*result, evidence.clone())),
            Act::Close { evidence } => {
                self.closed.clone_from(evidence);
                if self.state != State::Rectified {
                    self.enter(State::Closed, day);
                }
            }
        }
    }

    fn enter(&mut self, state: State, day: &str) {
        self.state = state;
        day.clone_into(&mut self.since);
    }
}
