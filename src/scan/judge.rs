//! One rule on one ledger kind: a verdict for every record, and the cases that become findings.

use super::absences::Absences;
use super::all::All;
use super::compile::{Compiler, Row};
use super::eval::{Frame, Judge, Member};
use super::groups::GroupCase;
use super::notes::{Absent, Lack, Notes, Trail};
use super::scene::{Rec, Scene};
use super::truth::Truth;
use super::walk;
use crate::finding::Verdict;
use crate::lang::Lang;
use crate::ledger::Ledger;
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
    /// What the rule could not run for.
    pub(crate) not_run: NotRunCount,
}

/// How many records of each ledger a rule could not be run on for each lack.
#[derive(Clone, Debug, Default)]
pub(crate) struct NotRunCount {
    counts: Vec<(u32, u32, Lack, u32)>,
}

impl NotRunCount {
    /// Adds a record with what is lacking; cells are not what keeps a rule from running.
    pub(crate) fn add(&mut self, rec: Rec, lacks: &[Lack]) {
        for (at, lack) in lacks.iter().enumerate() {
            // A group that lacks a column lacks it at each of its members: the record counts once.
            let told = lacks[..at].iter().any(|known| known.is_told_as(lack));
            if told || matches!(lack, Lack::Cell(..)) {
                continue;
            }
            // There are few of them, and the last is the likeliest.
            let same = |(village, ledger, known, _): &&mut (u32, u32, Lack, u32)| {
                *village == rec.village && *ledger == rec.ledger && known.is_told_as(lack)
            };
            match self.counts.iter_mut().rev().find(same) {
                Some((.., count)) => *count += 1,
                None => self.counts.push((rec.village, rec.ledger, lack.clone(), 1)),
            }
        }
    }

    /// Every ledger, by village and place, with each lack and its number of records.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(u32, u32, Lack, u32)> {
        self.counts.iter()
    }
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
        let mut members = Vec::new();
        for village in self.villages.clone() {
            for &place in scene.ledgers_of(village, self.judged.kind) {
                let ledger = &scene.village(village).ledgers[place as usize];
                let applies = self
                    .compiler(village, ledger, All::none())
                    .applies(self.judged);
                for rec in scene.records(village, place) {
                    if ledger.is_copy(rec.row) {
                        continue;
                    }
                    let data = ledger.row(rec.row);
                    let belongs = applies.truth(&Row { data, rec });
                    if belongs != Truth::FALSE {
                        members.push(Member { rec, belongs });
                    }
                }
            }
        }
        members
    }

    /// Compiles conditions for one table.
    pub(crate) fn compiler(&self, village: u32, ledger: &'a Ledger, all: &'a All) -> Compiler<'a> {
        Compiler {
            judge: self.judge,
            ledger,
            village,
            all,
        }
    }

    /// 全体, where the rule speaks of it.
    pub(crate) fn all(&self) -> All {
        if walk::uses_all(self.judged) {
            All::of(self.members())
        } else {
            All::default()
        }
    }

    /// Judges the records `rows` of one ledger by a rule without groups.
    pub(crate) fn run_rows(
        &'a self,
        village: u32,
        place: u32,
        rows: std::ops::Range<u32>,
        all: &'a All,
    ) -> Judgement {
        let scene = self.scene();
        let ledger = &scene.village(village).ledgers[place as usize];
        let compiler = self.compiler(village, ledger, all);
        let applies = compiler.applies(self.judged);
        let violation = compiler.condition(&self.judged.violation, false);
        let mut absences = Absences::of(compiler, self.judged);
        let mut judgement = Judgement {
            verdicts: Vec::with_capacity(rows.len()),
            cases: Vec::new(),
            not_run: NotRunCount::default(),
        };
        for row in rows {
            let rec = Rec {
                village,
                ledger: place,
                row,
            };
            let verdict = if ledger.is_copy(row) {
                // A copy is the record it repeats, and is judged there.
                Verdict::NotApplicable
            } else {
                let data = ledger.row(row);
                let row = Row { data, rec };
                let bound = applies.truth(&row);
                if bound == Truth::FALSE {
                    Verdict::NotApplicable
                } else {
                    let verdict = verdict(bound, violation.truth(&row));
                    if verdict == Verdict::NotRun {
                        let lacks = absences.of_record(&row, || self.absent(rec, all));
                        judgement.not_run.add(rec, &lacks);
                    }
                    verdict
                }
            };
            if matches!(verdict, Verdict::Violation | Verdict::Undetermined) {
                judgement.cases.push(Case::Record(rec, verdict));
            }
            judgement.verdicts.push(verdict);
        }
        judgement
    }

    /// The verdicts of all its records, and the cases.
    pub(crate) fn judge_all(&'a self, all: &'a All) -> (Vec<Verdict>, Vec<Case>) {
        if let Some(group) = &self.judged.group {
            let judgement = super::groups::run(self, group, all);
            return (judgement.verdicts, judgement.cases);
        }
        let scene = self.scene();
        let (mut verdicts, mut cases) = (Vec::new(), Vec::new());
        for village in self.villages.clone() {
            for &place in scene.ledgers_of(village, self.judged.kind) {
                let rows = scene.village(village).ledgers[place as usize].len();
                let rows = 0..u32::try_from(rows).unwrap_or(u32::MAX);
                let judgement = self.run_rows(village, place, rows, all);
                verdicts.extend(judgement.verdicts);
                cases.extend(judgement.cases);
            }
        }
        (verdicts, cases)
    }

    /// What is absent that keeps the rule from running on a record.
    fn absent(&'a self, rec: Rec, all: &'a All) -> Vec<Lack> {
        let frame = Frame {
            all,
            ..Frame::of(rec)
        };
        let (applies, mut lacks) = self.applies::<Absent>(rec);
        let (violation, more) = self.judge.truth::<Absent>(&self.judged.violation, frame);
        if applies.is_decided() {
            lacks.settle();
        }
        if !violation.is_decided() {
            lacks.absorb(&more);
        }
        lacks.lacks
    }

    /// What decided the verdict of a record of a rule without groups, or could still decide it.
    pub(crate) fn trail(&'a self, rec: Rec, all: &'a All) -> Trail {
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
