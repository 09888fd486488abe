//! Groups: records that agree in some values and lie within a window of time are judged together.
//!
//! A record for which nobody knows whether the duty binds it, or when it happened, is a maybe-member: it counts for the
//! upper bound only. A record takes the verdict of its worst window. Overlapping windows of one group that are not in order
//! are one case, which names the largest.

use std::collections::{BTreeMap, BTreeSet};

use super::aggregate::fold;
use super::all::All;
use super::eval::{Frame, Judge, Member};
use super::interval::Interval;
use super::judge::{Case, Judgement, NotRunCount, Task, verdict};
use super::notes::{Absent, Notes, Silent};
use super::scene::Rec;
use super::truth::{Cause, Truth};
use super::value::Value;
use crate::finding::Verdict;
use rust_decimal::prelude::ToPrimitive;

use crate::rules::expr::{Aggregate, Comparison, Node, Op, Rows, Type};
use crate::rules::{Duration, Group, Window};

/// A group that is not in order, or that cannot be decided.
#[derive(Clone, Debug)]
pub(crate) struct GroupCase {
    /// The worst verdict of its windows.
    pub(crate) verdict: Verdict,
    /// The values of `by`, as they are compared.
    pub(crate) by: Vec<String>,
    /// The members of its largest window of that verdict.
    pub(crate) members: Vec<Member>,
    /// The records it is about, the earliest first.
    pub(crate) records: Vec<Rec>,
}

/// A member with the days that it can have happened on; without a window, or without a date, any.
#[derive(Clone, Copy)]
struct Dated {
    member: Member,
    when: Option<Interval<i64>>,
}

/// Members that are judged together.
struct Judged {
    members: Vec<Member>,
    /// How many of them, from the first on, take a verdict from it.
    judged: usize,
    truth: Truth,
}

/// Judges every record of a rule with groups.
pub(crate) fn run<'a>(task: &'a Task<'a>, group: &'a Group, all: &'a All) -> Judgement {
    let scene = task.scene();
    let mut verdicts: BTreeMap<Rec, Verdict> = BTreeMap::new();
    let mut judgement = Judgement {
        verdicts: Vec::new(),
        cases: Vec::new(),
        not_run: NotRunCount::default(),
    };
    let mut placed: BTreeMap<Vec<String>, Vec<Member>> = BTreeMap::new();
    let mut stray: Vec<(Member, Vec<Option<String>>, Cause)> = Vec::new();
    for member in task.members() {
        match place(task, group, member.rec) {
            Place::None => {}
            Place::Certain(by) => placed.entry(by).or_default().push(member),
            Place::Unclear(by, cause) => stray.push((member, by, cause)),
        }
    }
    for (by, members) in &placed {
        judge_group(task, group, by, members, all, &mut verdicts, &mut judgement);
    }
    judge_strays(
        task,
        group,
        &placed,
        &stray,
        all,
        &mut verdicts,
        &mut judgement,
    );
    judgement.verdicts = task
        .records()
        .map(|rec| {
            debug_assert!(!(scene.ledger(rec).is_copy(rec.row) && verdicts.contains_key(&rec)));
            verdicts
                .get(&rec)
                .copied()
                .unwrap_or(Verdict::NotApplicable)
        })
        .collect();
    judgement
}

/// Which group a record belongs to.
enum Place {
    /// None: a value of `by` is empty.
    None,
    /// This one.
    Certain(Vec<String>),
    /// Not known, as far as its values are not.
    Unclear(Vec<Option<String>>, Cause),
}

fn place<'a>(task: &Task<'a>, group: &'a Group, rec: Rec) -> Place {
    let mut by = Vec::with_capacity(group.by.len());
    let mut cause = Cause::NONE;
    for node in &group.by {
        let value = task.judge.eval::<Silent>(node, Frame::of(rec)).0;
        if let Value::Empty(_) = value {
            return Place::None;
        }
        let part = fold(&value);
        if part.is_none() {
            cause |= if value.cause() == Cause::NONE {
                Cause::CELL
            } else {
                value.cause()
            };
        }
        by.push(part);
    }
    if cause == Cause::NONE {
        Place::Certain(by.into_iter().flatten().collect())
    } else {
        Place::Unclear(by, cause)
    }
}

fn judge_group<'a>(
    task: &'a Task<'a>,
    group: &'a Group,
    by: &[String],
    members: &[Member],
    all: &'a All,
    verdicts: &mut BTreeMap<Rec, Verdict>,
    judgement: &mut Judgement,
) {
    if members.len() < least_members(&task.judged.violation) {
        let pass = members
            .iter()
            .map(|member| (member.rec, verdict(member.belongs, Truth::FALSE)));
        verdicts.extend(pass);
        return;
    }
    let windows = windows(task, group.window.as_ref(), members, all);
    // What a record came to: the worst of the windows it is or may be in.
    let mut worst: BTreeMap<Rec, Verdict> = BTreeMap::new();
    for window in &windows {
        for member in window.members.iter().take(window.judged) {
            let reached = verdict(member.belongs, window.truth);
            let entry = worst.entry(member.rec).or_insert(reached);
            *entry = (*entry).min(reached);
        }
    }
    let mut told: BTreeSet<Rec> = BTreeSet::new();
    for component in components(&windows) {
        let worst_of = component
            .iter()
            .map(|&index| verdict(Truth::TRUE, windows[index].truth))
            .min()
            .unwrap_or(Verdict::Pass);
        let of_worst: Vec<usize> = component
            .iter()
            .copied()
            .filter(|&index| verdict(Truth::TRUE, windows[index].truth) == worst_of)
            .collect();
        let mut records: Vec<Rec> = of_worst
            .iter()
            .flat_map(|&index| windows[index].members.iter().take(windows[index].judged))
            .map(|member| member.rec)
            .filter(|rec| worst.get(rec) == Some(&worst_of))
            .collect();
        records.sort_unstable();
        records.dedup();
        let Some(largest) = largest(task, &windows, &of_worst, all) else {
            continue;
        };
        told.extend(&records);
        if records.is_empty() {
            continue;
        }
        sort_by_time(task, group.window.as_ref(), &mut records);
        match worst_of {
            Verdict::Violation | Verdict::Undetermined => {
                judgement.cases.push(Case::Group(GroupCase {
                    verdict: worst_of,
                    by: by.to_vec(),
                    members: windows[largest].members.clone(),
                    records,
                }));
            }
            Verdict::NotRun => {
                let members = &windows[largest].members;
                let lacks = group_trail::<Absent>(task, group, members, all).lacks;
                for rec in records {
                    judgement.not_run.add(rec, &lacks);
                }
            }
            Verdict::Pass | Verdict::NotApplicable => {}
        }
    }
    // Maybe-members of a window that is certainly not in order, and records beside it that cannot be decided.
    for (&rec, &reached) in &worst {
        if !told.contains(&rec) {
            loose(task, group, rec, reached, judgement);
        }
    }
    verdicts.extend(worst);
}

/// A record that cannot be decided by itself: whether the duty binds it, which group it belongs to, or when it happened.
fn loose<'a>(
    task: &Task<'a>,
    group: &'a Group,
    rec: Rec,
    reached: Verdict,
    judgement: &mut Judgement,
) {
    match reached {
        Verdict::Violation | Verdict::Undetermined => {
            judgement.cases.push(Case::Record(rec, reached));
        }
        Verdict::NotRun => {
            let lacks = membership_trail::<Absent>(task, group, rec).lacks;
            judgement.not_run.add(rec, &lacks);
        }
        Verdict::Pass | Verdict::NotApplicable => {}
    }
}

/// Records whose group is not known: undetermined, unless no group that they may belong to could be out of order.
fn judge_strays<'a>(
    task: &'a Task<'a>,
    group: &'a Group,
    placed: &BTreeMap<Vec<String>, Vec<Member>>,
    stray: &[(Member, Vec<Option<String>>, Cause)],
    all: &'a All,
    verdicts: &mut BTreeMap<Rec, Verdict>,
    judgement: &mut Judgement,
) {
    let mut by_known: BTreeMap<&Vec<Option<String>>, Vec<(Member, Cause)>> = BTreeMap::new();
    for (member, by, cause) in stray {
        by_known.entry(by).or_default().push((*member, *cause));
    }
    for (by, members) in by_known {
        let mut candidates: Vec<Member> = members
            .iter()
            .map(|&(member, cause)| Member {
                rec: member.rec,
                belongs: Truth::unknown(cause),
            })
            .collect();
        if by.iter().any(Option::is_some) {
            for (key, others) in placed {
                let agrees = by
                    .iter()
                    .zip(key)
                    .all(|(part, other)| part.as_ref().is_none_or(|part| part == other));
                if agrees {
                    candidates.extend(others.iter().map(|member| maybe(*member)));
                }
            }
        } else {
            candidates.extend(placed.values().flatten().map(|member| maybe(*member)));
        }
        // Without a column nothing tells the records of the table apart: they are not judged, however few they are.
        let has_columns = members.iter().all(|(_, cause)| *cause != Cause::ABSENT);
        let possible = if has_columns {
            evaluate(&task.judge, task, &candidates, all)
        } else {
            Truth::unknown(Cause::ABSENT)
        };
        for (member, cause) in members {
            let truth = if possible == Truth::FALSE {
                Truth::FALSE
            } else {
                Truth::unknown(cause)
            };
            let reached = verdict(member.belongs, truth);
            loose(task, group, member.rec, reached, judgement);
            verdicts.insert(member.rec, reached);
        }
    }
}

fn maybe(member: Member) -> Member {
    Member {
        rec: member.rec,
        belongs: Truth::unknown(Cause::CELL | member.belongs.cause()),
    }
}

/// The truth of the condition about some members.
fn evaluate<'a>(judge: &Judge<'a>, task: &'a Task<'a>, members: &[Member], all: &All) -> Truth {
    let Some(record) = representative(members) else {
        return Truth::FALSE;
    };
    // The members live only as long as this call; the evaluator borrows them for as long.
    let judge: Judge<'_> = *judge;
    let frame = Frame {
        group: members,
        all,
        ..Frame::of(record)
    };
    judge.truth::<Silent>(&task.judged.violation, frame).0
}

/// The record that stands for a group where a plain field is named: its first certain member.
pub(crate) fn representative(members: &[Member]) -> Option<Rec> {
    members
        .iter()
        .find(|member| member.belongs == Truth::TRUE)
        .or(members.first())
        .map(|member| member.rec)
}

/// The windows of a group with their truths.
fn windows<'a>(
    task: &'a Task<'a>,
    window: Option<&'a Window>,
    members: &[Member],
    all: &All,
) -> Vec<Judged> {
    let judged = |members: Vec<Member>| Judged {
        truth: evaluate(&task.judge, task, &members, all),
        judged: members.len(),
        members,
    };
    let Some(window) = window else {
        return vec![judged(members.to_vec())];
    };
    let mut dated = Vec::new();
    let mut undated = Vec::new();
    for &member in members {
        let (when, cause) = date_of(task, window, member.rec);
        match when {
            Some(_) => dated.push(Dated { member, when }),
            None => undated.push(Member {
                rec: member.rec,
                belongs: member.belongs.and(Truth::unknown(cause)),
            }),
        }
    }
    dated.sort_by_key(|d| {
        let when = d.when.unwrap_or(Interval { lo: None, hi: None });
        (when.lo, when.hi, d.member.rec)
    });
    let imprecise: Vec<usize> = (0..dated.len())
        .filter(|&index| {
            dated[index]
                .when
                .is_none_or(|when| when.as_point().is_none())
        })
        .collect();
    let mut windows = Vec::new();
    let mut reached = 0_usize;
    for (anchor, first) in dated.iter().enumerate() {
        let until = match end_of(task, window, first) {
            Until::At(until) => until,
            Until::Never => Interval { lo: None, hi: None },
            // How long a window is, nobody knows: no two records are certainly within one.
            Until::Unknown(cause) => {
                let open: Vec<Member> = dated
                    .iter()
                    .map(|d| Member {
                        rec: d.member.rec,
                        belongs: d.member.belongs.and(Truth::unknown(cause)),
                    })
                    .chain(undated.iter().copied())
                    .collect();
                return vec![judged(open)];
            }
        };
        let endless = matches!(until, Interval { lo: None, hi: None });
        let mut inside: Vec<Member> = Vec::new();
        let mut add = |other: &Dated, within: Truth| {
            inside.push(Member {
                rec: other.member.rec,
                belongs: other.member.belongs.and(within),
            });
        };
        let Some(start) = first.when else { continue };
        // An earlier record can lie in this window only if its date is imprecise.
        for &earlier in imprecise.iter().take_while(|&&index| index < anchor) {
            let other = &dated[earlier];
            let before = other.when.and_then(|when| when.hi).zip(start.lo);
            if before.is_none_or(|(hi, lo)| hi >= lo) {
                add(other, Truth::unknown(Cause::CELL));
            }
        }
        let mut precise = true;
        let mut last = anchor;
        for (index, other) in dated.iter().enumerate().skip(anchor) {
            let Some(when) = other.when else { continue };
            if !endless
                && let (Some(lo), Some(end)) = (when.lo, until.hi)
                && lo > end
            {
                break;
            }
            last = index;
            precise &= when.as_point().is_some();
            let certain = matches!((when.hi, until.lo), (Some(hi), Some(end)) if hi <= end)
                && start.as_point().is_some();
            add(
                other,
                if endless || index == anchor || certain {
                    Truth::TRUE
                } else {
                    Truth::unknown(Cause::CELL)
                },
            );
        }
        // What the window before holds as well is no window of its own.
        if anchor > 0 && last < reached && precise {
            continue;
        }
        reached = reached.max(last + 1);
        inside.extend(undated.iter().copied());
        windows.push(judged(inside));
        if endless {
            break;
        }
    }
    if !undated.is_empty() {
        // Where nobody knows when a record happened, any of the others may be beside it.
        let judged = undated.len();
        let mut open = undated;
        open.extend(dated.iter().map(|d| maybe(d.member)));
        let truth = evaluate(&task.judge, task, &open, all);
        windows.push(Judged {
            members: open,
            judged,
            truth: if truth == Truth::FALSE {
                truth
            } else {
                Truth::unknown(truth.cause())
            },
        });
    }
    windows
}

/// The days that a record can have happened on; `None`, with the reason, where nobody knows.
fn date_of<'a>(task: &Task<'a>, window: &'a Window, rec: Rec) -> (Option<Interval<i64>>, Cause) {
    let mut notes = Silent;
    match task
        .judge
        .field(&window.field, &Type::Date, Frame::of(rec), &mut notes)
    {
        Value::Whole(interval, _) => (Some(interval), Cause::NONE),
        other => (None, other.cause()),
    }
}

/// The last day of a window.
enum Until {
    /// Within these days.
    At(Interval<i64>),
    /// There is no last day.
    Never,
    /// Nobody knows, for this cause.
    Unknown(Cause),
}

/// The last day of the window that begins with a record.
fn end_of<'a>(task: &Task<'a>, window: &'a Window, first: &Dated) -> Until {
    let Some(start) = first.when else {
        return Until::Unknown(Cause::CELL);
    };
    let length = task
        .judge
        .eval::<Silent>(&window.length, Frame::of(first.member.rec))
        .0;
    let moved = match (&length, &window.length.ty) {
        (Value::NoThreshold, _) => return Until::Never,
        (Value::Durations(durations, _), _) => durations
            .iter()
            .map(|&duration| task.judge.shift(start, duration, 1))
            .reduce(Interval::hull),
        (Value::Whole(length, _), Type::Months) => length.as_point().and_then(|months| {
            let months = i32::try_from(months).ok()?;
            Some(task.judge.shift(start, Duration::Months(months), 1))
        }),
        (Value::Whole(length, _), _) => length.as_point().and_then(|days| {
            let days = i32::try_from(days).ok()?;
            Some(task.judge.shift(start, Duration::Days(days), 1))
        }),
        _ => None,
    };
    if let Some(Interval {
        lo: Some(lo),
        hi: Some(hi),
    }) = moved
    {
        Until::At(Interval {
            lo: Some(lo),
            hi: Some(hi),
        })
    } else {
        let cause = length.cause();
        Until::Unknown(if cause == Cause::NONE {
            Cause::CELL
        } else {
            cause
        })
    }
}

/// Windows that are not in order and share a certain member, put together.
fn components(windows: &[Judged]) -> Vec<Vec<usize>> {
    let mut owner: BTreeMap<Rec, usize> = BTreeMap::new();
    let mut components: Vec<Vec<usize>> = Vec::new();
    for (index, window) in windows.iter().enumerate() {
        if window.truth == Truth::FALSE {
            continue;
        }
        let mut joined: Vec<usize> = window
            .members
            .iter()
            .filter(|member| member.belongs == Truth::TRUE)
            .filter_map(|member| owner.get(&member.rec).copied())
            .collect();
        joined.sort_unstable();
        joined.dedup();
        let target = joined.first().copied().unwrap_or(components.len());
        if target == components.len() {
            components.push(Vec::new());
        }
        components[target].push(index);
        for &other in joined.iter().skip(1) {
            let moved = std::mem::take(&mut components[other]);
            for value in owner.values_mut() {
                if *value == other {
                    *value = target;
                }
            }
            components[target].extend(moved);
        }
        for member in &window.members {
            if member.belongs == Truth::TRUE {
                owner.insert(member.rec, target);
            }
        }
    }
    components.retain(|component| !component.is_empty());
    for component in &mut components {
        component.sort_unstable();
    }
    components
}

/// The largest of some windows: the one with most money at stake, then the one with most members, then the earliest.
fn largest<'a>(task: &'a Task<'a>, windows: &[Judged], of: &[usize], all: &All) -> Option<usize> {
    let size = |index: usize| {
        let members = &windows[index].members;
        let certain = members
            .iter()
            .filter(|member| member.belongs == Truth::TRUE)
            .count();
        let amount = representative(members)
            .zip(task.judged.amount.as_ref())
            .and_then(|(record, amount)| {
                let judge: Judge<'_> = task.judge;
                let frame = Frame {
                    group: members,
                    all,
                    ..Frame::of(record)
                };
                match judge.eval::<Silent>(amount, frame).0 {
                    Value::Decimal(interval, _) => interval.lo,
                    _ => None,
                }
            });
        (amount, certain)
    };
    of.iter()
        .copied()
        .max_by_key(|&index| (size(index), std::cmp::Reverse(index)))
}

/// Puts records in the order of the window's date, else of the law date; those without come last, and equal ones stand by id.
fn sort_by_time<'a>(task: &Task<'a>, window: Option<&'a Window>, records: &mut [Rec]) {
    let scene = task.scene();
    records.sort_by_cached_key(|&rec| {
        let when = if let Some(window) = window {
            date_of(task, window, rec).0.and_then(|when| when.lo)
        } else {
            let (span, cause) = task.judge.law_date_of(rec, &mut Silent);
            (cause == Cause::NONE || span.first != crate::ledger::Day::MIN)
                .then(|| i64::from(span.first.number()))
        };
        (when.is_none(), when, scene.id(rec).to_owned(), rec)
    });
}

/// What decided a group, or could still decide it: the condition, and for every member why it belongs.
pub(crate) fn group_trail<'a, N: Notes>(
    task: &'a Task<'a>,
    group: &'a Group,
    members: &[Member],
    all: &All,
) -> N {
    let Some(record) = representative(members) else {
        return N::default();
    };
    let judge: Judge<'_> = task.judge;
    let frame = Frame {
        group: members,
        all,
        ..Frame::of(record)
    };
    let (truth, mut trail) = judge.truth::<N>(&task.judged.violation, frame);
    for member in members {
        let membership = membership_trail::<N>(task, group, member.rec);
        trail.absorb_reads(&membership);
        if !truth.is_decided() && member.belongs != Truth::TRUE {
            trail.absorb_lacks(&membership);
        }
    }
    trail
}

/// Why a record belongs to its group: the duty, the values of `by` and the date of the window.
pub(crate) fn membership_trail<'a, N: Notes>(task: &Task<'a>, group: &'a Group, rec: Rec) -> N {
    let (_, mut applies) = task.applies::<N>(rec);
    let mut trail = N::default();
    trail.absorb(&applies);
    for node in &group.by {
        let (_, by) = task.judge.eval::<N>(node, Frame::of(rec));
        trail.absorb(&by);
    }
    if let Some(window) = &group.window {
        let mut date = N::default();
        task.judge
            .field(&window.field, &Type::Date, Frame::of(rec), &mut date);
        trail.absorb(&date);
        let (_, length) = task.judge.eval::<N>(&window.length, Frame::of(rec));
        trail.absorb(&length);
    }
    if let Some(tree) = applies.take_tree() {
        trail.set_tree(|| tree);
    }
    trail
}

/// How many members a group must have for the condition to hold at all, as far as it says so itself: `计数(组) >= 2`.
fn least_members(violation: &Node) -> usize {
    match &violation.op {
        Op::And(operands) => operands.iter().map(least_members).max().unwrap_or(0),
        Op::Compare(comparison, left, right) => {
            let counts = matches!(
                &left.op,
                Op::Aggregate {
                    aggregate: Aggregate::Count,
                    rows: Rows::Group,
                    value: None,
                    ..
                }
            );
            let Op::Number(number) = &right.op else {
                return 0;
            };
            let number = number.to_usize().unwrap_or(0);
            match comparison {
                Comparison::GreaterOrEqual | Comparison::Equal if counts => number,
                Comparison::Greater if counts => number.saturating_add(1),
                _ => 0,
            }
        }
        _ => 0,
    }
}

/// The members of a record's group, whatever the window; none where it has no group.
pub(crate) fn peers<'a>(task: &Task<'a>, group: &'a Group, rec: Rec) -> Vec<Member> {
    let Place::Certain(by) = place(task, group, rec) else {
        return Vec::new();
    };
    task.members()
        .into_iter()
        .filter(
            |member| matches!(place(task, group, member.rec), Place::Certain(other) if other == by),
        )
        .collect()
}
