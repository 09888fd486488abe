//! Aggregates over rows: of a relation, of a group, of all records in scope. Members that cannot be read, or of which
//! nobody knows whether they belong, widen the result.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::eval::{Followed, Frame, Judge};
use super::interval::Interval;
use super::notes::Notes;
use super::scene::{Rec, Scene, plain};
use super::truth::{Cause, Truth};
use super::value::{Unit, Value, in_days};
use crate::ledger::FieldId;
use crate::rules::expr::{Aggregate, Arithmetic, Base, Node, Op, Rows, Type};

/// A row of an aggregate: whether it counts, and what it contributes.
struct Row<'a> {
    counts: Truth,
    value: Option<Value<'a>>,
}

impl<'a> Judge<'a> {
    /// An aggregate.
    #[expect(clippy::too_many_arguments, reason = "the parts of one node")]
    pub(crate) fn aggregate<N: Notes>(
        &self,
        node: &'a Node,
        aggregate: Aggregate,
        rows: &'a Rows,
        value: Option<&'a Node>,
        when: Option<&'a Node>,
        frame: Frame<'a>,
        notes: &mut N,
        parts: &mut Vec<N>,
    ) -> Value<'a> {
        let as_condition = matches!(aggregate, Aggregate::Exists | Aggregate::All);
        let of_all =
            matches!(rows, Rows::All) && value.into_iter().chain(when).all(|part| !depends(part));
        if of_all
            && let Some(known) = frame.all.known(node)
            && (!N::KEPT || known.cause() == Cause::NONE)
        {
            return known;
        }
        let members: Vec<(Rec, Truth)> = match rows {
            Rows::Group => frame.group.iter().map(|m| (m.rec, m.belongs)).collect(),
            Rows::All => frame
                .all
                .members
                .iter()
                .map(|m| (m.rec, m.belongs))
                .collect(),
            Rows::Relation(relation) => {
                let kind = self.scene.ledger(frame.record).kind;
                match self.follow(frame.record, kind, *relation, notes) {
                    Followed::Rows(found) => {
                        if N::KEPT {
                            self.note_keys(frame.record, kind, *relation, notes);
                        }
                        found.iter().map(|&rec| (rec, Truth::TRUE)).collect()
                    }
                    Followed::Nothing(value) if as_condition => {
                        return Value::Truth(Truth::unknown(value.cause()));
                    }
                    Followed::Nothing(value) => return value,
                }
            }
        };
        let mut judged = Vec::with_capacity(members.len());
        for (rec, belongs) in members {
            let frame = Frame {
                bound: Some(rec),
                ..frame
            };
            let mut row_notes = N::default();
            let mut counts = belongs;
            if matches!(rows, Rows::Group) && !belongs.is_decided() {
                row_notes.rests_on_members();
            }
            if let Some(when) = when {
                let (truth, when_notes) = self.truth::<N>(when, frame);
                counts = counts.and(truth);
                row_notes.absorb(&when_notes);
            }
            if counts == Truth::FALSE {
                // What kept a row out of a sum is not what the sum is made of; a 存在 or 全部 rests on it.
                if as_condition {
                    notes.absorb(&row_notes);
                }
                continue;
            }
            let value = value.map(|value| {
                let (value, mut value_notes) = self.eval::<N>(value, frame);
                row_notes.absorb(&value_notes);
                if parts.len() < SHOWN_ROWS
                    && let Some(mut tree) = value_notes.take_tree()
                {
                    tree.text = format!("{}〔{}〕", tree.text, self.scene.id(rec));
                    let mut part = N::default();
                    part.set_tree(|| tree);
                    parts.push(part);
                }
                value
            });
            // Of all records of a ledger the evidence tells only those that are lacking: the others are its every row.
            if of_all {
                notes.absorb_lacks(&row_notes);
            } else {
                notes.absorb(&row_notes);
            }
            judged.push(Row { counts, value });
        }
        let result = combine(self.scene, node, aggregate, value, &judged);
        if of_all {
            frame.all.keep(node, &result);
            parts.clear();
        }
        result
    }

    fn note_keys<N: Notes>(
        &self,
        rec: Rec,
        kind: crate::ledger::KindId,
        relation: crate::ledger::RelationId,
        notes: &mut N,
    ) {
        let relation = self.scene.pack.kinds.get(kind).relation(relation);
        let keys: Vec<FieldId> = super::links::key_fields(self.scene, rec, relation);
        for field in keys {
            if self.scene.ledger(rec).has(field) {
                notes.read(rec, field);
            }
        }
    }
}

/// Whether what an expression comes to for a row depends on more than the row: on the record that is judged, on the law date or
/// on the group.
fn depends(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |node| {
        found |= match &node.op {
            Op::Field(path) | Op::HasColumn(path) => path.base == Base::Record,
            Op::Limit(_) | Op::Village | Op::Aggregate { .. } => true,
            _ => false,
        };
    });
    found
}

/// Rows whose values an evaluated tree shows; the evidence lists the cells of all.
const SHOWN_ROWS: usize = 50;

fn combine<'a>(
    scene: &Scene<'_>,
    node: &Node,
    aggregate: Aggregate,
    value: Option<&Node>,
    rows: &[Row<'a>],
) -> Value<'a> {
    use Aggregate::{KnownSum, Max, Min, Sum};
    if node.ty == Type::Duration && matches!(aggregate, Sum | KnownSum | Max | Min) {
        let (unit, rows) = lengths(rows);
        return match combine_plain(scene, node, aggregate, value, &rows) {
            Value::Whole(interval, cause) => Value::Length(unit, interval, cause),
            other => other,
        };
    }
    combine_plain(scene, node, aggregate, value, rows)
}

/// Lengths of time as whole numbers of their unit; of days, where they have several.
fn lengths<'a>(rows: &[Row<'a>]) -> (Unit, Vec<Row<'a>>) {
    let of = |row: &Row<'_>| row.value.as_ref()?.length(&Type::Duration);
    let mut units = rows.iter().filter_map(of).flatten().map(|(unit, _)| unit);
    let first = units.next().unwrap_or(Unit::Days);
    let unit = if units.all(|unit| unit == first) {
        first
    } else {
        Unit::Days
    };
    let whole = |row: &Row<'a>| {
        let length = of(row).and_then(|length| match length.as_slice() {
            [(own, span)] if *own == unit => Some(*span),
            several => in_days(several),
        });
        let cause = row.value.as_ref().map_or(Cause::NONE, Value::cause);
        let value = match length {
            Some(span) => Some(Value::whole(span, cause)),
            None => row.value.clone(),
        };
        Row {
            counts: row.counts,
            value,
        }
    };
    (unit, rows.iter().map(whole).collect())
}

fn combine_plain<'a>(
    scene: &Scene<'_>,
    node: &Node,
    aggregate: Aggregate,
    value: Option<&Node>,
    rows: &[Row<'a>],
) -> Value<'a> {
    match aggregate {
        Aggregate::Count => count(rows),
        Aggregate::Exists => Value::Truth(rows.iter().fold(Truth::FALSE, |found, row| {
            found.or(row.counts.and(holds(row)))
        })),
        Aggregate::All => Value::Truth(rows.iter().fold(Truth::TRUE, |all, row| {
            all.and(row.counts.not().or(holds(row)))
        })),
        Aggregate::Sum => counted(
            node,
            sum(
                rows,
                value.is_some_and(|value| never_negative(scene, value)),
            ),
        ),
        Aggregate::KnownSum => {
            let known: Option<Decimal> = rows
                .iter()
                .filter(|row| row.counts == Truth::TRUE)
                .filter_map(|row| match &row.value {
                    Some(Value::Decimal(interval, _)) => interval.as_point(),
                    Some(Value::Whole(interval, _)) => interval.as_point().map(Decimal::from),
                    _ => None,
                })
                .try_fold(Decimal::ZERO, Decimal::checked_add);
            let known = known.map_or(Value::Unknown(Cause::CELL), |sum| {
                Value::Decimal(Interval::point(sum), Cause::NONE)
            });
            counted(node, known)
        }
        Aggregate::Distinct => distinct(rows),
        Aggregate::Max | Aggregate::Min => extreme(rows, aggregate == Aggregate::Max),
        Aggregate::Mean => mean(node, rows),
        Aggregate::Median => median(node, rows),
    }
}

/// A sum of days or of lengths of time is a whole number again.
fn counted<'a>(node: &Node, sum: Value<'a>) -> Value<'a> {
    use rust_decimal::prelude::ToPrimitive;
    match sum {
        Value::Decimal(interval, cause)
            if matches!(node.ty, Type::Days | Type::Months | Type::Duration) =>
        {
            let interval = Interval {
                lo: interval.lo.and_then(|lo| lo.to_i64()),
                hi: interval.hi.and_then(|hi| hi.to_i64()),
            };
            Value::whole(interval, cause)
        }
        other => other,
    }
}

/// Whether the value of a row holds: a condition that is true, a value that is not empty, or the row itself.
fn holds(row: &Row<'_>) -> Truth {
    match &row.value {
        None => Truth::TRUE,
        Some(Value::Truth(truth)) => *truth,
        Some(Value::Flag(_)) => row.value.as_ref().map_or(Truth::TRUE, Value::truth),
        Some(value) => present(value),
    }
}

fn present(value: &Value<'_>) -> Truth {
    match value {
        Value::Empty(_) => Truth::FALSE,
        Value::Absent => Truth::unknown(Cause::ABSENT),
        Value::Unknown(cause) => Truth::unknown(*cause),
        _ => Truth::TRUE,
    }
}

fn count<'a>(rows: &[Row<'_>]) -> Value<'a> {
    let (mut certain, mut possible, mut cause) = (0_i64, 0_i64, Cause::NONE);
    for row in rows {
        // 计数 of a field counts the rows where it is filled.
        let counts = row
            .counts
            .and(row.value.as_ref().map_or(Truth::TRUE, present));
        match counts.decided() {
            Some(true) => {
                certain += 1;
                possible += 1;
            }
            Some(false) => {}
            None => {
                possible += 1;
                cause |= counts.cause();
            }
        }
    }
    Value::Decimal(
        Interval {
            lo: Some(certain.into()),
            hi: Some(possible.into()),
        },
        cause,
    )
}

fn sum<'a>(rows: &[Row<'_>], never_negative: bool) -> Value<'a> {
    let zero = Interval::point(Decimal::ZERO);
    let from_zero = Interval {
        lo: Some(Decimal::ZERO),
        hi: None,
    };
    let (mut total, mut cause) = (zero, Cause::NONE);
    for row in rows {
        let member = match &row.value {
            Some(Value::Decimal(interval, why)) => {
                cause |= *why;
                *interval
            }
            Some(Value::Whole(interval, why)) => {
                cause |= *why;
                Interval {
                    lo: interval.lo.map(Decimal::from),
                    hi: interval.hi.map(Decimal::from),
                }
            }
            other => {
                cause |= other.as_ref().map_or(Cause::CELL, Value::cause);
                if !never_negative {
                    return Value::Unknown(cause);
                }
                from_zero
            }
        };
        let member = if row.counts == Truth::TRUE {
            member
        } else {
            cause |= row.counts.cause();
            member.hull(zero)
        };
        match total.combine(Arithmetic::Add, member) {
            Some(sum) => total = sum,
            None => return Value::Unknown(cause | Cause::CELL),
        }
    }
    Value::decimal(total, cause)
}

/// Whether an expression can never be below zero, as far as its fields tell.
fn never_negative(scene: &Scene<'_>, node: &Node) -> bool {
    match &node.op {
        Op::Number(number) | Op::Money(number) => *number >= Decimal::ZERO,
        Op::Field(path) => path
            .fields
            .iter()
            .all(|&(kind, field)| !scene.pack.kinds.get(kind).field(field).negative),
        Op::Arithmetic(Arithmetic::Add | Arithmetic::Multiply | Arithmetic::Divide, a, b) => {
            never_negative(scene, a) && never_negative(scene, b)
        }
        Op::Default(operands) => operands
            .iter()
            .all(|operand| never_negative(scene, operand)),
        Op::If {
            then, otherwise, ..
        } => never_negative(scene, then) && never_negative(scene, otherwise),
        Op::Limit(_) => true,
        _ => false,
    }
}

fn distinct<'a>(rows: &[Row<'_>]) -> Value<'a> {
    let (mut certain, mut possible) = (BTreeSet::new(), BTreeSet::new());
    let (mut unread, mut cause) = (0_i64, Cause::NONE);
    for row in rows {
        if let Some(value) = row.value.as_ref().and_then(|value| fold(value)) {
            if row.counts == Truth::TRUE {
                certain.insert(value.clone());
            } else {
                cause |= row.counts.cause();
            }
            possible.insert(value);
        } else {
            unread += 1;
            cause |= row.counts.cause() | row.value.as_ref().map_or(Cause::CELL, Value::cause);
        }
    }
    let size = |set: &BTreeSet<String>| i64::try_from(set.len()).unwrap_or(i64::MAX);
    // Unread members may all be alike, or like one that was read: a single one of them is certain only alone.
    Value::decimal(
        Interval {
            lo: Some(size(&certain).into()),
            hi: Some(size(&possible).saturating_add(unread).into()),
        },
        cause,
    )
}

/// What a value is told apart by, in 种数 and in `by`: the folded text of a known value.
pub(crate) fn fold(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.fold().into_owned()),
        Value::Choice(word) => Some((*word).to_owned()),
        Value::Flag(flag) => Some(flag.text().to_owned()),
        Value::Truth(truth) => truth
            .decided()
            .map(|truth| if truth { "是" } else { "否" }.to_owned()),
        Value::Decimal(interval, _) => interval.as_point().map(plain),
        Value::Whole(interval, _) => interval.as_point().map(|whole| whole.to_string()),
        Value::Durations(durations, _) => match durations.as_slice() {
            [one] => Some(format!("{one:?}")),
            _ => None,
        },
        Value::Length(unit, interval, _) => interval
            .as_point()
            .and_then(|number| unit.duration(number))
            .map(|length| format!("{length:?}")),
        _ => None,
    }
}

/// The greatest or the least. Empty members have none; unreadable ones may be beyond it.
fn extreme<'a>(rows: &[Row<'a>], greatest: bool) -> Value<'a> {
    let (mut best, mut perhaps): (Option<Value<'a>>, Option<Value<'a>>) = (None, None);
    let (mut cause, mut empty, mut absent, mut open) = (Cause::NONE, Cause::NONE, 0_usize, false);
    for row in rows {
        let Some(value) = &row.value else { continue };
        match value {
            Value::Empty(why) => empty |= *why,
            Value::Absent => absent += 1,
            Value::Decimal(..) | Value::Whole(..) if row.counts == Truth::TRUE => {
                best = Some(best.map_or(value.clone(), |best| further(best, value, greatest)));
            }
            Value::Decimal(..) | Value::Whole(..) => {
                cause |= row.counts.cause();
                perhaps =
                    Some(perhaps.map_or(value.clone(), |best| further(best, value, greatest)));
            }
            other => {
                cause |= other.cause() | row.counts.cause();
                open = true;
            }
        }
    }
    let nothing_read = best.is_none() && perhaps.is_none() && !open;
    if nothing_read {
        return if absent > 0 && empty == Cause::NONE {
            Value::Absent
        } else {
            Value::Empty(if empty == Cause::NONE {
                Cause::CELL
            } else {
                empty
            })
        };
    }
    if absent > 0 {
        cause |= Cause::ABSENT;
        open = true;
    }
    let Some(best) = best else {
        return Value::Unknown(cause | empty | Cause::CELL);
    };
    // A member that perhaps belongs can only move the result outwards, and one that cannot be read to any length.
    let best = match perhaps {
        Some(perhaps) => {
            let moved = further(best.clone(), &perhaps, greatest);
            best.hull(moved, cause)
        }
        None => best,
    };
    match best {
        Value::Decimal(interval, why) => {
            Value::Decimal(opened(interval, open, greatest), why | cause)
        }
        Value::Whole(interval, why) => Value::whole(opened(interval, open, greatest), why | cause),
        other => other,
    }
}

fn opened<T: Copy + Ord>(interval: Interval<T>, open: bool, greatest: bool) -> Interval<T> {
    match (open, greatest) {
        (false, _) => interval,
        (true, true) => Interval {
            lo: interval.lo,
            hi: None,
        },
        (true, false) => Interval {
            lo: None,
            hi: interval.hi,
        },
    }
}

/// The greater or lesser of two ordered values, end by end.
fn further<'a>(a: Value<'a>, b: &Value<'a>, greatest: bool) -> Value<'a> {
    fn ends<T: Copy + Ord>(a: Interval<T>, b: Interval<T>, greatest: bool) -> Interval<T> {
        if greatest {
            Interval {
                lo: match (a.lo, b.lo) {
                    (Some(x), Some(y)) => Some(x.max(y)),
                    (x, y) => x.or(y),
                },
                hi: a.hi.zip(b.hi).map(|(x, y)| x.max(y)),
            }
        } else {
            Interval {
                lo: a.lo.zip(b.lo).map(|(x, y)| x.min(y)),
                hi: match (a.hi, b.hi) {
                    (Some(x), Some(y)) => Some(x.min(y)),
                    (x, y) => x.or(y),
                },
            }
        }
    }
    match (&a, b) {
        (Value::Decimal(x, why), Value::Decimal(y, other)) => {
            Value::decimal(ends(*x, *y, greatest), *why | *other)
        }
        (Value::Whole(x, why), Value::Whole(y, other)) => {
            Value::whole(ends(*x, *y, greatest), *why | *other)
        }
        _ => a,
    }
}

/// The known values of rows that certainly count; `Err` with what the result is where they do not tell it.
fn known_values<'a>(rows: &[Row<'_>]) -> Result<(Vec<Decimal>, bool), Value<'a>> {
    let (mut values, mut whole, mut cause, mut absent) = (Vec::new(), false, Cause::NONE, 0_usize);
    for row in rows {
        cause |= row.counts.cause();
        match &row.value {
            Some(Value::Empty(_)) | None => {}
            Some(Value::Absent) => absent += 1,
            Some(Value::Decimal(interval, why)) => match interval.as_point() {
                Some(value) => values.push(value),
                None => cause |= *why | Cause::CELL,
            },
            Some(Value::Whole(interval, why)) => match interval.as_point() {
                Some(value) => {
                    whole = true;
                    values.push(value.into());
                }
                None => cause |= *why | Cause::CELL,
            },
            Some(other) => cause |= other.cause() | Cause::CELL,
        }
    }
    if absent > 0 && values.is_empty() && cause == Cause::NONE {
        return Err(Value::Absent);
    }
    if absent > 0 {
        cause |= Cause::ABSENT;
    }
    if cause != Cause::NONE {
        return Err(Value::Unknown(cause));
    }
    if values.is_empty() {
        return Err(Value::Empty(Cause::CELL));
    }
    Ok((values, whole))
}

fn mean<'a>(node: &Node, rows: &[Row<'_>]) -> Value<'a> {
    let (values, whole) = match known_values(rows) {
        Ok(known) => known,
        Err(value) => return value,
    };
    let count = Decimal::from(values.len());
    let mean = values
        .into_iter()
        .try_fold(Decimal::ZERO, Decimal::checked_add)
        .and_then(|sum| sum.checked_div(count));
    exact(node, mean, whole)
}

fn median<'a>(node: &Node, rows: &[Row<'_>]) -> Value<'a> {
    let (mut values, whole) = match known_values(rows) {
        Ok(known) => known,
        Err(value) => return value,
    };
    values.sort_unstable();
    let middle = values.len() / 2;
    let median = if values.len() % 2 == 1 {
        Some(values[middle])
    } else {
        values[middle - 1]
            .checked_add(values[middle])
            .and_then(|sum| sum.checked_div(Decimal::TWO))
    };
    exact(node, median, whole)
}

/// A mean of days, months or dates is rounded down to a whole one.
fn exact<'a>(node: &Node, value: Option<Decimal>, whole: bool) -> Value<'a> {
    use rust_decimal::prelude::ToPrimitive;
    let Some(value) = value else {
        return Value::Unknown(Cause::CELL);
    };
    if whole || matches!(node.ty, Type::Date | Type::Days | Type::Months) {
        return value
            .floor()
            .to_i64()
            .map_or(Value::Unknown(Cause::CELL), |value| {
                Value::Whole(Interval::point(value), Cause::NONE)
            });
    }
    Value::Decimal(Interval::point(value), Cause::NONE)
}
