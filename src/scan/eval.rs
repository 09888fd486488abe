//! Evaluates checked expressions by walking them: the one evaluator of findings, explanations, test failures and mutants,
//! and the reference that the compiled conditions are held against.

use std::sync::Arc;

use super::all::All;
use super::functions;
use super::interval::Interval;
use super::limits::{self, ANY_DAY};
use super::links::{Matches, key_fields};
use super::notes::{Lack, Notes};
use super::print::Printer;
use super::scene::{Rec, Scene, day_span};
use super::truth::{Cause, Truth};
use super::value::{Text, Value};
use crate::finding::{Tree, TreeValue};
use crate::lang::Lang;
use crate::ledger::{Day, DaySpan, FieldId, KindId, RelationId};
use crate::rules::expr::{Base, FieldPath, Node, Op, TextTest, Type};
use crate::rules::{Duration, LimitId};

/// Evaluates the expressions of one rule on one ledger kind.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    /// What is looked at.
    pub(crate) scene: &'a Scene<'a>,
    /// The dates that pick limits and provisions, first filled first.
    pub(crate) law_date: &'a [FieldPath],
    /// The language of printed values.
    pub(crate) lang: Lang,
}

/// What an expression is evaluated about.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    /// The record; of a group, its earliest member.
    pub(crate) record: Rec,
    /// The row that the enclosing aggregate runs over.
    pub(crate) bound: Option<Rec>,
    /// 组
    pub(crate) group: &'a [Member],
    /// 全体
    pub(crate) all: &'a All,
    /// What a comparison with a threshold that does not exist counts as.
    ///
    /// Where nobody set a threshold, a duty binds at every amount and no amount exceeds it: true in `applies`, false in
    /// `violation`, and the other way round below each 非.
    pub(crate) vacuous: bool,
}

/// A record that belongs to a group, certainly or perhaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// The record.
    pub(crate) rec: Rec,
    /// Whether it belongs to it: true, or not known.
    pub(crate) belongs: Truth,
}

impl Frame<'_> {
    /// A frame of one record.
    pub(crate) fn of(record: Rec) -> Self {
        Self {
            record,
            bound: None,
            group: &[],
            all: All::none(),
            vacuous: false,
        }
    }
}

/// The record that a path leads to.
pub(crate) enum Reached {
    /// This one.
    Record(Rec),
    /// None, and this is what its fields read as.
    Nothing(Value<'static>),
}

impl<'a> Judge<'a> {
    /// Evaluates an expression.
    pub(crate) fn eval<N: Notes>(&self, node: &'a Node, frame: Frame<'a>) -> (Value<'a>, N) {
        let mut notes = N::default();
        let mut parts: Vec<N> = Vec::new();
        let value = self.step(node, frame, &mut notes, &mut parts);
        if value.cause() == Cause::NONE && !value.is_missing() {
            notes.settle();
        } else {
            notes.blame_reads();
        }
        if N::KEPT {
            let trees = parts.iter_mut().filter_map(N::take_tree).collect();
            notes.set_tree(|| Tree {
                text: node.text.to_string(),
                value: self.shown(node, &value),
                parts: trees,
            });
            if is_literal(node) {
                notes.take_tree();
            }
        }
        (value, notes)
    }

    /// A condition's truth.
    pub(crate) fn truth<N: Notes>(&self, node: &'a Node, frame: Frame<'a>) -> (Truth, N) {
        let (value, notes) = self.eval(node, frame);
        (value.truth(), notes)
    }

    fn shown(&self, node: &Node, value: &Value<'_>) -> TreeValue {
        match (value, &node.ty) {
            (Value::Truth(truth), _) => match truth.decided() {
                Some(true) => TreeValue::True,
                Some(false) => TreeValue::False,
                None => TreeValue::Unknown,
            },
            (value, _) => TreeValue::Value(
                Printer {
                    scene: self.scene,
                    lang: self.lang,
                }
                .value(node, value),
            ),
        }
    }

    /// Evaluates an operand, and keeps what it leaves behind.
    fn part<N: Notes>(
        &self,
        node: &'a Node,
        frame: Frame<'a>,
        notes: &mut N,
        parts: &mut Vec<N>,
    ) -> Value<'a> {
        let (value, part) = self.eval::<N>(node, frame);
        if N::KEPT {
            notes.absorb(&part);
            parts.push(part);
        }
        value
    }

    fn step<N: Notes>(
        &self,
        node: &'a Node,
        frame: Frame<'a>,
        notes: &mut N,
        parts: &mut Vec<N>,
    ) -> Value<'a> {
        match &node.op {
            Op::Number(number) | Op::Money(number) => {
                Value::Decimal(Interval::point(*number), Cause::NONE)
            }
            Op::Date(day) => day_value(*day),
            Op::Duration(duration) => literal_duration(*duration, &node.ty),
            Op::Text(text) => Value::Text(Text::plain(&**text)),
            Op::Choice(index) => self.choice(&node.ty, *index),
            Op::Flag(flag) => Value::Flag(*flag),
            Op::List(items) => Value::List(
                items
                    .iter()
                    .map(|item| self.part(item, frame, notes, parts))
                    .collect(),
            ),
            Op::AsOf => day_value(self.scene.as_of),
            Op::Village => {
                let name = &self.scene.village(frame.record.village).name.name;
                Value::Text(Text::plain(&**name))
            }
            Op::Limit(limit) => self.limit(*limit, frame, notes),
            Op::Field(path) => self.field(path, &node.ty, frame, notes),
            Op::IsEmpty { operand, negated } => {
                let empty = match self.part(operand, frame, notes, parts) {
                    Value::Empty(_) => Truth::TRUE,
                    Value::Absent => Truth::unknown(Cause::ABSENT),
                    Value::Unknown(cause) => Truth::unknown(cause),
                    _ => Truth::FALSE,
                };
                Value::Truth(if *negated { empty.not() } else { empty })
            }
            Op::Not(operand) => {
                let frame = Frame {
                    vacuous: !frame.vacuous,
                    ..frame
                };
                Value::Truth(self.part(operand, frame, notes, parts).truth().not())
            }
            Op::And(operands) => self.junction(operands, frame, notes, parts, false),
            Op::Or(operands) => self.junction(operands, frame, notes, parts, true),
            Op::Compare(comparison, left, right) => {
                let a = self.part(left, frame, notes, parts);
                let b = self.part(right, frame, notes, parts);
                Value::Truth(
                    a.compare_lengths(&left.ty, *comparison, &b, &right.ty)
                        .unwrap_or_else(|| a.compare(*comparison, &b, frame.vacuous)),
                )
            }
            Op::In {
                operand,
                list,
                negated,
            } => {
                let operand = self.part(operand, frame, notes, parts);
                let list = self.part(list, frame, notes, parts);
                let within = contains(&operand, &list, frame.vacuous);
                Value::Truth(if *negated { within.not() } else { within })
            }
            Op::Test {
                test,
                operand,
                with,
            } => {
                let operand = self.part(operand, frame, notes, parts);
                let with = self.part(with, frame, notes, parts);
                Value::Truth(test_text(test, &operand, &with))
            }
            Op::Arithmetic(operation, left, right) => {
                let a = self.part(left, frame, notes, parts);
                let b = self.part(right, frame, notes, parts);
                self.arithmetic(*operation, (a, &left.ty), (b, &right.ty))
            }
            Op::Negate(operand) => match self.part(operand, frame, notes, parts) {
                Value::Decimal(interval, cause) => Value::Decimal(interval.negated(), cause),
                Value::Whole(interval, cause) => Value::Whole(
                    Interval {
                        lo: interval.hi.and_then(i64::checked_neg),
                        hi: interval.lo.and_then(i64::checked_neg),
                    },
                    cause,
                ),
                other => missing(&[&other]),
            },
            Op::If {
                condition,
                then,
                otherwise,
            } => {
                let (chosen, condition_notes) = self.truth::<N>(condition, frame);
                notes.absorb(&condition_notes);
                parts.push(condition_notes);
                match chosen.decided() {
                    Some(true) => self.part(then, frame, notes, parts),
                    Some(false) => self.part(otherwise, frame, notes, parts),
                    None => {
                        let then = self.part(then, frame, notes, parts);
                        let otherwise = self.part(otherwise, frame, notes, parts);
                        // A flag field is a condition as well, so that branches of both forms agree.
                        if node.ty == Type::Flag
                            && !matches!((&then, &otherwise), (Value::Flag(_), Value::Flag(_)))
                        {
                            Value::Truth(then.truth().hull(otherwise.truth(), chosen.cause()))
                        } else {
                            then.hull(otherwise, chosen.cause())
                        }
                    }
                }
            }
            Op::Default(operands) => self.default(operands, frame, notes, parts),
            Op::HasColumn(path) => {
                let truth = match self.reach(path, frame, notes) {
                    Reached::Record(rec) => {
                        let ledger = self.scene.ledger(rec);
                        Truth::known(
                            self.scene
                                .field_of(rec, path)
                                .is_some_and(|field| ledger.has(field)),
                        )
                    }
                    Reached::Nothing(Value::Empty(_)) => Truth::FALSE,
                    Reached::Nothing(value) => Truth::unknown(value.cause()),
                };
                Value::Truth(truth)
            }
            Op::Call(function, arguments) => {
                let values: Vec<Value<'a>> = arguments
                    .iter()
                    .map(|argument| self.part(argument, frame, notes, parts))
                    .collect();
                functions::call(*function, &values, &self.scene.pack.calendar)
            }
            Op::Aggregate {
                aggregate,
                rows,
                value,
                when,
            } => self.aggregate(
                node,
                *aggregate,
                rows,
                value.as_deref(),
                when.as_deref(),
                frame,
                notes,
                parts,
            ),
        }
    }

    /// 且 and 或: all operands are evaluated, and those that decided it, or still could, are kept.
    fn junction<N: Notes>(
        &self,
        operands: &'a [Node],
        frame: Frame<'a>,
        notes: &mut N,
        parts: &mut Vec<N>,
        any: bool,
    ) -> Value<'a> {
        let mut result = Truth::known(!any);
        let mut truths = Vec::new();
        for operand in operands {
            let (truth, part) = self.truth::<N>(operand, frame);
            result = if any {
                result.or(truth)
            } else {
                result.and(truth)
            };
            if N::KEPT {
                truths.push(truth);
                parts.push(part);
            } else if result == Truth::known(any) {
                break;
            }
        }
        for (truth, part) in truths.into_iter().zip(&*parts) {
            if truth == result || (!result.is_decided() && !truth.is_decided()) {
                notes.absorb(part);
            }
        }
        Value::Truth(result)
    }

    /// The first operand that is neither absent nor empty. Empty where one is empty and none has a value; absent only
    /// where all are.
    fn default<N: Notes>(
        &self,
        operands: &'a [Node],
        frame: Frame<'a>,
        notes: &mut N,
        parts: &mut Vec<N>,
    ) -> Value<'a> {
        let mut empty = false;
        let mut cause = Cause::NONE;
        for operand in operands {
            match self.part(operand, frame, notes, parts) {
                Value::Empty(why) => {
                    empty = true;
                    cause |= why;
                }
                Value::Absent => cause |= Cause::ABSENT,
                value => return value,
            }
        }
        if empty {
            Value::Empty(cause)
        } else {
            Value::Absent
        }
    }

    fn choice(&self, ty: &Type, index: u16) -> Value<'a> {
        let Type::Choice(kind, field) = ty else {
            return Value::Unknown(Cause::CELL);
        };
        let kind = self.scene.pack.kinds.get(*kind);
        // An index outside the table stands for a word that no cell of this kind can hold.
        let choice = kind.field(*field).choices.get(usize::from(index));
        Value::Choice(choice.map_or("", |choice| &choice.value))
    }

    /// A limit at the law date of the record, or of the members of the group.
    fn limit<N: Notes>(&self, id: LimitId, frame: Frame<'a>, notes: &mut N) -> Value<'a> {
        let limit = self.scene.pack.limit(id);
        let (date, cause) = self.law_span(frame, notes);
        let found = limits::in_force(limit, date, cause);
        for &segment in &found.segments {
            notes.limit(id, segment);
        }
        if matches!(found.value, Value::Absent) {
            notes.lack(|| Lack::Limit(id));
        }
        found.value
    }

    /// The days that the date of the act can be, and why it is not one day.
    ///
    /// A rule that declares no `law_date` judges a state of things: it speaks for the as-of date.
    pub(crate) fn law_span<N: Notes>(&self, frame: Frame<'a>, notes: &mut N) -> (DaySpan, Cause) {
        if self.law_date.is_empty() {
            return (DaySpan::day(self.scene.as_of), Cause::NONE);
        }
        if frame.group.is_empty() {
            return self.law_date_of(frame.record, notes);
        }
        let mut hull: Option<(DaySpan, Cause)> = None;
        for member in frame.group {
            let (span, cause) = self.law_date_of(member.rec, notes);
            hull = Some(match hull {
                None => (span, cause),
                Some((so_far, why)) => {
                    let both = DaySpan {
                        first: so_far.first.min(span.first),
                        last: so_far.last.max(span.last),
                    };
                    (both, why | cause)
                }
            });
        }
        let (span, cause) = hull.unwrap_or((ANY_DAY, Cause::ABSENT));
        // Members with dates of their own leave it open which value binds them together: their cells are the cause.
        if span.is_exact() || cause != Cause::NONE {
            (span, cause)
        } else {
            (span, Cause::CELL)
        }
    }

    /// The days that the date of a record's act can be.
    pub(crate) fn law_date_of<N: Notes>(&self, record: Rec, notes: &mut N) -> (DaySpan, Cause) {
        if self.law_date.is_empty() {
            return (DaySpan::day(self.scene.as_of), Cause::NONE);
        }
        let mut why = Cause::NONE;
        for path in self.law_date {
            match self.field(path, &Type::Date, Frame::of(record), notes) {
                Value::Whole(interval, cause) => {
                    let day = |end: Option<i64>, open| {
                        end.and_then(|end| i32::try_from(end).ok())
                            .map_or(open, Day::from_number)
                    };
                    let span = DaySpan {
                        first: day(interval.lo, Day::MIN),
                        last: day(interval.hi, Day::MAX),
                    };
                    return (span, cause);
                }
                Value::Empty(cause) => why |= cause,
                Value::Absent => why |= Cause::ABSENT,
                other => return (ANY_DAY, other.cause() | Cause::CELL),
            }
        }
        (ANY_DAY, why)
    }

    /// The record that a path starts from.
    fn base(path: &FieldPath, frame: Frame<'a>) -> Rec {
        match path.base {
            Base::Record => frame.record,
            Base::Bound => frame.bound.unwrap_or(frame.record),
        }
    }

    /// The record that a path leads to.
    pub(crate) fn reach<N: Notes>(
        &self,
        path: &FieldPath,
        frame: Frame<'a>,
        notes: &mut N,
    ) -> Reached {
        let start = Self::base(path, frame);
        if path.hop.is_empty() {
            return Reached::Record(start);
        }
        let kind = self.scene.ledger(start).kind;
        let Some(&(_, relation)) = path.hop.iter().find(|(from, _)| *from == kind) else {
            notes.lack(|| Lack::Column(start, path.relation.clone()));
            return Reached::Nothing(Value::Absent);
        };
        let found = self.follow(start, kind, relation, notes);
        match found {
            Followed::Rows([]) => {
                if N::KEPT {
                    self.lack_keys(start, kind, relation, notes);
                }
                Reached::Nothing(Value::Empty(Cause::CELL))
            }
            Followed::Rows([only]) => {
                if N::KEPT {
                    self.read_keys(start, *only, kind, relation, notes);
                }
                Reached::Record(*only)
            }
            Followed::Rows(_) => {
                if N::KEPT {
                    self.lack_keys(start, kind, relation, notes);
                }
                Reached::Nothing(Value::Unknown(Cause::CELL))
            }
            Followed::Nothing(value) => Reached::Nothing(value),
        }
    }

    /// The records that a relation of a record leads to.
    pub(crate) fn follow<N: Notes>(
        &self,
        start: Rec,
        kind: KindId,
        relation: RelationId,
        notes: &mut N,
    ) -> Followed<'a> {
        let links = self.scene.links(start.village);
        match links.of(start, kind, relation) {
            Matches::NoLedger => {
                for &to in &self.scene.pack.kinds.get(kind).relation(relation).to {
                    notes.lack(|| Lack::Ledger(to));
                }
                Followed::Nothing(Value::Absent)
            }
            Matches::Open(cause) => {
                if N::KEPT {
                    self.lack_keys(start, kind, relation, notes);
                }
                Followed::Nothing(if *cause == Cause::ABSENT {
                    Value::Absent
                } else {
                    Value::Unknown(*cause)
                })
            }
            Matches::Found(records) => Followed::Rows(records),
        }
    }

    /// The key cells that a link went by, on both sides.
    fn read_keys<N: Notes>(
        &self,
        here: Rec,
        there: Rec,
        kind: KindId,
        relation: RelationId,
        notes: &mut N,
    ) {
        let relation = self.scene.pack.kinds.get(kind).relation(relation);
        let (from, to) = (self.scene.ledger(here), self.scene.ledger(there));
        let Some(target) = relation.to.iter().position(|kind| *kind == to.kind) else {
            return;
        };
        let fields = |list: &[crate::ledger::RelationPair]| -> Vec<(FieldId, Option<FieldId>)> {
            list.iter()
                .map(|pair| (pair.here, pair.there.get(target).copied().flatten()))
                .collect()
        };
        let used = relation.on.iter().map(|list| fields(list)).find(|list| {
            list.iter().all(|&(a, b)| {
                let a = super::scene::readable(from, a);
                let b = b.map(|b| super::scene::readable(to, b));
                from.get(here.row, a).is_value()
                    && b.is_some_and(|b| to.get(there.row, b).is_value())
            })
        });
        for (a, b) in used.into_iter().flatten() {
            notes.read(here, super::scene::readable(from, a));
            if let Some(b) = b {
                notes.read(there, super::scene::readable(to, b));
            }
        }
    }

    /// The key cells of a link that leads nowhere certain: read, and lacking.
    pub(crate) fn lack_keys<N: Notes>(
        &self,
        rec: Rec,
        kind: KindId,
        relation: RelationId,
        notes: &mut N,
    ) {
        let relation = self.scene.pack.kinds.get(kind).relation(relation);
        let ledger = self.scene.ledger(rec);
        for field in key_fields(self.scene, rec, relation) {
            if ledger.has(field) {
                notes.read(rec, field);
                notes.lack(|| Lack::Cell(rec, field));
            } else {
                notes.lack(|| {
                    Lack::Column(rec, Arc::from(ledger.kind_of.field(field).name.as_str()))
                });
            }
        }
        for &to in &relation.to {
            if self.scene.ledgers_of(rec.village, to).is_empty() {
                notes.lack(|| Lack::Ledger(to));
            }
        }
    }

    /// What a field reads as.
    pub(crate) fn field<N: Notes>(
        &self,
        path: &FieldPath,
        ty: &Type,
        frame: Frame<'a>,
        notes: &mut N,
    ) -> Value<'a> {
        let rec = match self.reach(path, frame, notes) {
            Reached::Record(rec) => rec,
            Reached::Nothing(value) => return value,
        };
        let Some(field) = self.scene.field_of(rec, path) else {
            notes.lack(|| Lack::Column(rec, path.name.clone()));
            return Value::Absent;
        };
        let value = self.scene.value(rec, field, ty);
        if N::KEPT {
            if self.scene.ledger(rec).has(field) && value.cause() != Cause::ABSENT {
                notes.read(rec, field);
                if value.cause() != Cause::NONE {
                    notes.lack(|| Lack::Cell(rec, field));
                }
            } else {
                notes.lack(|| Lack::Column(rec, path.name.clone()));
            }
        }
        value
    }
}

/// What following a relation yields.
pub(crate) enum Followed<'a> {
    /// These records.
    Rows(&'a [Rec]),
    /// None, and this is what they read as.
    Nothing(Value<'static>),
}

fn is_literal(node: &Node) -> bool {
    matches!(
        node.op,
        Op::Number(_)
            | Op::Money(_)
            | Op::Date(_)
            | Op::Duration(_)
            | Op::Text(_)
            | Op::Choice(_)
            | Op::Flag(_)
    ) || matches!(&node.op, Op::List(items) if items.iter().all(is_literal))
}

fn day_value(day: Day) -> Value<'static> {
    day_span(DaySpan::day(day))
}

fn literal_duration(duration: Duration, ty: &Type) -> Value<'static> {
    match (duration, ty) {
        (Duration::Days(number), Type::Days) | (Duration::Months(number), Type::Months) => {
            Value::Whole(Interval::point(i64::from(number)), Cause::NONE)
        }
        _ => Value::Durations(vec![duration], Cause::NONE),
    }
}

/// What an operation of values yields when one is missing.
pub(crate) fn missing(operands: &[&Value<'_>]) -> Value<'static> {
    if operands
        .iter()
        .any(|value| matches!(value, Value::NoThreshold))
    {
        return Value::NoThreshold;
    }
    let cause = operands
        .iter()
        .fold(Cause::NONE, |cause, value| cause.needing(value.cause()));
    match cause {
        Cause::ABSENT => Value::Absent,
        Cause::NONE => Value::Unknown(Cause::CELL),
        cause => Value::Unknown(cause),
    }
}

/// 属于
fn contains(operand: &Value<'_>, list: &Value<'_>, vacuous: bool) -> Truth {
    let Value::List(items) = list else {
        return match list {
            Value::NoThreshold => Truth::known(vacuous),
            other => Truth::unknown(operand.cause().needing(other.cause())),
        };
    };
    if operand.is_missing() {
        return Truth::unknown(operand.cause());
    }
    items.iter().fold(Truth::FALSE, |within, item| {
        within.or(operand.compare(crate::rules::expr::Comparison::Equal, item, vacuous))
    })
}

/// 包含, 不包含, 匹配, 开头是. An empty text contains nothing.
fn test_text(test: &TextTest, operand: &Value<'_>, with: &Value<'_>) -> Truth {
    let negated = matches!(test, TextTest::ContainsNot);
    if let Value::Empty(_) = operand {
        return Truth::known(negated);
    }
    let choice;
    let text = match operand {
        Value::Text(text) => text,
        // An entry of a table of choices is tested by its word.
        Value::Choice(word) => {
            choice = Text::plain(*word);
            &choice
        }
        other => return Truth::unknown(other.cause().needing(with.cause())),
    };
    if let TextTest::Matches(pattern) = test {
        return Truth::known(pattern.is_match(&text.text));
    }
    let Value::Text(with) = with else {
        return Truth::unknown(with.cause());
    };
    let (text, with) = text.pair(with);
    let found = match test {
        TextTest::StartsWith => text.starts_with(&*with),
        _ => text.contains(&*with),
    };
    Truth::known(found != negated)
}
