//! One rule on one ledger kind: a verdict for every record, and the cases that become findings.

use super::eval::{Frame, Judge, Member};
use super::groups::{self, GroupCase};
use super::notes::{Lack, Notes, Silent, Trail};
use super::scene::{Rec, Scene};
use super::truth::Truth;
use super::walk;
use crate::finding::Verdict;
use crate::lang::Lang;
use crate::rules::{Judged, Rule};

/// A rule on one ledger kind, over the villages that it looks at together.
pub(crate) struct Task<'a> {
    /// The rule.
    pub(crate) rule: &'a Rule,
    /// The rule on the kind.
    pub(crate) judged: &'a Judged,
    /// One village, or all of them.
    pub(crate) villages: std::ops::Range<u32>,
    /// The evaluator.
    pub(crate) judge: Judge<'a>,
}

/// What a rule came to on one ledger kind.
pub(crate) struct Judgement {
    /// A verdict for every record: by village, ledger and row.
    pub(crate) verdicts: Vec<Verdict>,
    /// What becomes a finding.
    pub(crate) cases: Vec<Case>,
    /// The records that the rule could not run on, with what is lacking.
    pub(crate) not_run: Vec<(Rec, Vec<Lack>)>,
}

/// What becomes a finding.
#[derive(Clone, Debug)]
pub(crate) enum Case {
    /// One record.
    Record(Rec, Verdict),
    /// A group.
    Group(GroupCase),
}

/// The verdict of a record for which the duty `applies` and the condition `violation` came to these truths.
pub(crate) fn verdict(applies: Truth, violation: Truth) -> Verdict {
    if applies == Truth::FALSE {
        return Verdict::NotApplicable;
    }
    if violation == Truth::FALSE {
        return Verdict::Pass;
    }
    let both = applies.and(violation);
    match both.decided() {
        Some(true) => Verdict::Violation,
        Some(false) => Verdict::Pass,
        None if both.cause().has_cell() => Verdict::Undetermined,
        None => Verdict::NotRun,
    }
}

impl<'a> Task<'a> {
    /// A rule on one ledger kind.
    pub(crate) fn new(
        scene: &'a Scene<'a>,
        rule: &'a Rule,
        judged: &'a Judged,
        villages: std::ops::Range<u32>,
        lang: Lang,
    ) -> Self {
        Self {
            rule,
            judged,
            villages,
            judge: Judge {
                scene,
                law_date: &judged.law_date,
                lang,
            },
        }
    }

    /// What it looks at.
    pub(crate) fn scene(&self) -> &'a Scene<'a> {
        self.judge.scene
    }

    /// Every record of its kind: by village, ledger and row.
    pub(crate) fn records(&self) -> impl Iterator<Item = Rec> + use<'a> {
        let (scene, kind) = (self.scene(), self.judged.kind);
        self.villages.clone().flat_map(move |village| {
            scene
                .ledgers_of(village, kind)
                .iter()
                .flat_map(move |&ledger| scene.records(village, ledger))
        })
    }

    /// Whom the duty binds.
    pub(crate) fn applies<N: Notes>(&self, rec: Rec) -> (Truth, N) {
        match &self.judged.applies {
            None => (Truth::TRUE, N::default()),
            Some(applies) => {
                let frame = Frame {
                    vacuous: true,
                    ..Frame::of(rec)
                };
                self.judge.truth(applies, frame)
            }
        }
    }

    /// The records for which the duty is not known not to bind, copies left out.
    pub(crate) fn members(&self) -> Vec<Member> {
        let scene = self.scene();
        self.records()
            .filter(|rec| !scene.ledger(*rec).is_copy(rec.row))
            .map(|rec| Member {
                rec,
                belongs: self.applies::<Silent>(rec).0,
            })
            .filter(|member| member.belongs != Truth::FALSE)
            .collect()
    }

    /// 全体, where the rule speaks of it.
    pub(crate) fn all(&self) -> Vec<Member> {
        if walk::uses_all(self.judged) {
            self.members()
        } else {
            Vec::new()
        }
    }

    /// Judges every record.
    pub(crate) fn run(&'a self, all: &'a [Member]) -> Judgement {
        match &self.judged.group {
            Some(group) => groups::run(self, group, all),
            None => self.run_records(all),
        }
    }

    fn run_records(&'a self, all: &'a [Member]) -> Judgement {
        let scene = self.scene();
        let mut judgement = Judgement {
            verdicts: Vec::new(),
            cases: Vec::new(),
            not_run: Vec::new(),
        };
        for rec in self.records() {
            let verdict = if scene.ledger(rec).is_copy(rec.row) {
                // A copy is the record it repeats, and is judged there.
                Verdict::NotApplicable
            } else {
                self.judge_record(rec, all)
            };
            match verdict {
                Verdict::Violation | Verdict::Undetermined => {
                    judgement.cases.push(Case::Record(rec, verdict));
                }
                Verdict::NotRun => {
                    let trail = self.trail(rec, all);
                    judgement.not_run.push((rec, trail.lacks));
                }
                Verdict::Pass | Verdict::NotApplicable => {}
            }
            judgement.verdicts.push(verdict);
        }
        judgement
    }

    /// The verdict of one record of a rule without groups.
    pub(crate) fn judge_record(&'a self, rec: Rec, all: &'a [Member]) -> Verdict {
        let applies = self.applies::<Silent>(rec).0;
        if applies == Truth::FALSE {
            return Verdict::NotApplicable;
        }
        let frame = Frame {
            all,
            ..Frame::of(rec)
        };
        let violation = self.judge.truth::<Silent>(&self.judged.violation, frame).0;
        verdict(applies, violation)
    }

    /// What decided the verdict of a record of a rule without groups, or could still decide it.
    pub(crate) fn trail(&'a self, rec: Rec, all: &'a [Member]) -> Trail {
        let frame = Frame {
            all,
            ..Frame::of(rec)
        };
        let applies = self.applies::<Trail>(rec);
        let violation = self.judge.truth::<Trail>(&self.judged.violation, frame);
        join(applies, violation)
    }
}

/// What decided the joint verdict of the duty and the condition, or could still decide it.
pub(crate) fn join(applies: (Truth, Trail), violation: (Truth, Trail)) -> Trail {
    use crate::finding::{Tree, TreeValue};
    let mut trail = Trail::default();
    let (applies, mut applies_trail) = applies;
    let (violation, mut violation_trail) = violation;
    let both = applies.and(violation);
    for (truth, part) in [(applies, &applies_trail), (violation, &violation_trail)] {
        if truth == both || (!both.is_decided() && !truth.is_decided()) {
            trail.absorb(part);
        }
    }
    if both.is_decided() {
        trail.settle();
    }
    trail.tree = match (applies_trail.take_tree(), violation_trail.take_tree()) {
        (None, tree) | (tree, None) => tree,
        (Some(first), Some(second)) => Some(Tree {
            text: format!("({}) 且 ({})", first.text, second.text),
            value: match both.decided() {
                Some(true) => TreeValue::True,
                Some(false) => TreeValue::False,
                None => TreeValue::Unknown,
            },
            parts: vec![first, second],
        }),
    };
    trail
}
