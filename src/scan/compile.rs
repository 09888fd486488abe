//! Conditions of one rule on one table as closures over the slots of its records: the fast path of a scan.
//!
//! What a table lacks is folded away once. Points (a full date, an amount) are compared as integers; whatever is not a
//! point, a text or a sum over rows is handed to the [evaluator](super::eval), so that both always agree.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::all::All;
use super::eval::{Frame, Judge};
use super::links::Matches;
use super::notes::Silent;
use super::scene::{Rec, Scene, readable};
use super::shared::{Column, SharedKey};
use super::truth::{Cause, Truth};
use super::value::Value;
use crate::ledger::{Datum, Day, FieldId, FieldType, FlagValue, KindId, Ledger, RelationId};
use crate::rules::expr::{
    Aggregate, Arithmetic, Base, Comparison, FieldPath, Node, Op, Rows, TextTest, Type,
};
use crate::rules::{Duration, Judged, LimitId, LimitValue, Unset};

/// A record under judgement.
pub(crate) struct Row<'r> {
    /// Its data, by slot.
    pub(crate) data: &'r [Datum],
    /// Which record it is.
    pub(crate) rec: Rec,
}

/// A compiled condition.
pub(crate) enum Condition<'a> {
    /// The same for every record of the table.
    Always(Truth),
    /// A closure.
    Fast(Test<'a>),
    /// A closure that walks the expression: judged after the fast ones.
    Slow(Test<'a>),
}

type Test<'a> = Box<dyn Fn(&Row<'_>) -> Truth + Send + Sync + 'a>;

impl Condition<'_> {
    /// Its truth for a record.
    #[inline]
    pub(crate) fn truth(&self, row: &Row<'_>) -> Truth {
        match self {
            Self::Always(truth) => *truth,
            Self::Fast(test) | Self::Slow(test) => test(row),
        }
    }
}

/// A value as far as it can be told without walking the expression.
///
/// A point is whole: money in 1e-8元 (fen times the millionths of a ratio), numbers in millionths, dates in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fast {
    /// Exactly this.
    Point(i64),
    /// There is something, but no point.
    Other,
    /// Nothing.
    Empty(Cause),
    /// The column, ledger or limit is not there.
    Absent,
    /// Something that nobody knows.
    Unknown(Cause),
}

/// Millionths in one.
const MICRO: i64 = 1_000_000;

/// A compiled value.
enum Operand<'a> {
    /// The same for every record of the table.
    Always(Fast),
    /// A threshold that does not exist.
    NoThreshold,
    /// The datum of a slot.
    Slot(usize),
    /// A closure.
    Fast(Box<dyn Fn(&Row<'_>) -> Fast + Send + Sync + 'a>),
}

impl Operand<'_> {
    #[inline]
    fn value(&self, row: &Row<'_>) -> Fast {
        match self {
            Self::Always(value) => *value,
            Self::NoThreshold => Fast::Other,
            Self::Slot(slot) => fast(row.data[*slot]),
            Self::Fast(value) => value(row),
        }
    }
}

/// A datum as a fast value.
#[inline]
fn fast(datum: Datum) -> Fast {
    match datum {
        Datum::Money(fen) => fen.checked_mul(MICRO).map_or(Fast::Other, Fast::Point),
        Datum::Date(span) if span.first == span.last => Fast::Point(i64::from(span.first.number())),
        Datum::Number { mantissa, scale } => {
            micro(mantissa, scale).map_or(Fast::Other, Fast::Point)
        }
        Datum::Empty => Fast::Empty(Cause::CELL),
        Datum::Unreadable => Fast::Unknown(Cause::CELL),
        Datum::Absent => Fast::Absent,
        _ => Fast::Other,
    }
}

/// The datum of a field whose column is optional and not there.
#[inline]
fn perhaps(datum: Datum) -> Fast {
    match datum {
        Datum::Absent => Fast::Empty(Cause::ABSENT),
        datum => fast(datum),
    }
}

#[inline]
fn micro(mantissa: i64, scale: u8) -> Option<i64> {
    let digits = 6_u32.checked_sub(u32::from(scale))?;
    mantissa.checked_mul(10_i64.pow(digits))
}

/// A value of a type as a fast value.
fn fast_of(value: &Value<'_>, ty: &Type) -> Fast {
    match value {
        Value::Decimal(interval, _) => interval
            .as_point()
            .and_then(|point| point_of(point, ty))
            .map_or(Fast::Other, Fast::Point),
        Value::Whole(interval, _) => interval.as_point().map_or(Fast::Other, Fast::Point),
        Value::Empty(cause) => Fast::Empty(*cause),
        Value::Absent => Fast::Absent,
        Value::Unknown(cause) => Fast::Unknown(*cause),
        _ => Fast::Other,
    }
}

/// A decimal in the unit of a type; `None` where it is no whole number of it.
fn point_of(decimal: Decimal, ty: &Type) -> Option<i64> {
    let unit = match ty {
        Type::Money => Decimal::from(100 * MICRO),
        Type::Number => Decimal::from(MICRO),
        _ => return None,
    };
    let scaled = decimal.checked_mul(unit)?;
    if scaled.fract().is_zero() {
        scaled.to_i64()
    } else {
        None
    }
}

/// Compiles the conditions of one rule for one table.
#[derive(Clone, Copy)]
pub(crate) struct Compiler<'a> {
    /// The evaluator that slow parts are handed to.
    pub(crate) judge: Judge<'a>,
    /// The table.
    pub(crate) ledger: &'a Ledger,
    /// The village it belongs to.
    pub(crate) village: u32,
    /// 全体
    pub(crate) all: &'a All,
}

impl<'a> Compiler<'a> {
    /// Any record of the table.
    pub(crate) fn first(&self) -> Rec {
        let place = (0..)
            .zip(&self.judge.scene.village(self.village).ledgers)
            .find(|(_, other)| std::ptr::eq(*other, self.ledger))
            .map_or(0, |(place, _)| place);
        Rec {
            village: self.village,
            ledger: place,
            row: 0,
        }
    }

    /// Whom the duty binds.
    pub(crate) fn applies(&self, judged: &'a Judged) -> Condition<'a> {
        judged
            .applies
            .as_ref()
            .map_or(Condition::Always(Truth::TRUE), |applies| {
                self.condition(applies, true)
            })
    }

    /// Compiles a condition. `vacuous` is what a comparison with a threshold that does not exist counts as.
    pub(crate) fn condition(&self, node: &'a Node, vacuous: bool) -> Condition<'a> {
        let compiled = match &node.op {
            Op::And(operands) => Some(self.junction(operands, vacuous, false)),
            Op::Or(operands) => Some(self.junction(operands, vacuous, true)),
            Op::Not(operand) => Some(match self.condition(operand, !vacuous) {
                Condition::Always(truth) => Condition::Always(truth.not()),
                Condition::Fast(test) => Condition::Fast(Box::new(move |row| test(row).not())),
                Condition::Slow(test) => Condition::Slow(Box::new(move |row| test(row).not())),
            }),
            Op::IsEmpty { operand, negated } => self.is_empty(node, operand, *negated, vacuous),
            Op::Compare(comparison, left, right) => {
                self.compare(node, *comparison, left, right, vacuous)
            }
            Op::In {
                operand,
                list,
                negated,
            } => self.within(operand, list, *negated),
            Op::Test {
                test,
                operand,
                with,
            } => self.test(test, operand, with),
            Op::If {
                condition,
                then,
                otherwise,
            } if node.ty == Type::Flag => self.branch(condition, then, otherwise, vacuous),
            Op::Aggregate {
                aggregate: Aggregate::Exists | Aggregate::All,
                rows: Rows::Relation(_),
                ..
            } => self.shared(node).map(|column| {
                let judge = self.judge;
                Condition::Slow(Box::new(move |row: &Row<'_>| {
                    column.truth(row.rec, || {
                        judge.truth::<Silent>(node, Frame::of(row.rec)).0
                    })
                }) as Test<'a>)
            }),
            Op::HasColumn(path) if is_own(path) => {
                let field = self.field(path);
                Some(Condition::Always(Truth::known(
                    field.is_some_and(|field| self.ledger.has(field)),
                )))
            }
            _ => None,
        };
        compiled.unwrap_or_else(|| self.slow(node, vacuous))
    }

    fn slow(&self, node: &'a Node, vacuous: bool) -> Condition<'a> {
        Condition::Slow(self.walk(node, vacuous))
    }

    /// A closure that walks an expression.
    fn walk(&self, node: &'a Node, vacuous: bool) -> Test<'a> {
        let (judge, all) = (self.judge, self.all);
        Box::new(move |row| {
            let frame = Frame {
                all,
                vacuous,
                ..Frame::of(row.rec)
            };
            judge.truth::<Silent>(node, frame).0
        })
    }

    fn junction(&self, operands: &'a [Node], vacuous: bool, any: bool) -> Condition<'a> {
        let decides = Truth::known(any);
        let neutral = Truth::known(!any);
        let mut always = neutral;
        let (mut tests, mut slow): (Vec<Test<'a>>, Vec<Test<'a>>) = (Vec::new(), Vec::new());
        for operand in operands {
            match self.condition(operand, vacuous) {
                Condition::Always(truth) => {
                    always = if any {
                        always.or(truth)
                    } else {
                        always.and(truth)
                    };
                }
                Condition::Fast(test) => tests.push(test),
                Condition::Slow(test) => slow.push(test),
            }
        }
        if always == decides || (tests.is_empty() && slow.is_empty()) {
            return Condition::Always(always);
        }
        let is_slow = tests.is_empty();
        // The order of operands decides nothing, so that those that cost nothing come first.
        tests.append(&mut slow);
        let test: Test<'a> = match (any, <[Test<'a>; 2]>::try_from(tests)) {
            (false, Ok([a, b])) if always == neutral => Box::new(move |row| {
                let first = a(row);
                if first == Truth::FALSE {
                    first
                } else {
                    first.and(b(row))
                }
            }),
            (true, Ok([a, b])) if always == neutral => Box::new(move |row| {
                let first = a(row);
                if first == Truth::TRUE {
                    first
                } else {
                    first.or(b(row))
                }
            }),
            (false, Ok(tests)) => fold_and(tests.into(), always),
            (true, Ok(tests)) => fold_or(tests.into(), always),
            (false, Err(tests)) => fold_and(tests, always),
            (true, Err(tests)) => fold_or(tests, always),
        };
        if is_slow {
            Condition::Slow(test)
        } else {
            Condition::Fast(test)
        }
    }

    fn branch(
        &self,
        condition: &'a Node,
        then: &'a Node,
        otherwise: &'a Node,
        vacuous: bool,
    ) -> Option<Condition<'a>> {
        // A branch that is a flag is no condition, and a hull of flags is no hull of truths.
        if !is_condition(then) || !is_condition(otherwise) {
            return None;
        }
        let (then, otherwise) = (
            self.condition(then, vacuous),
            self.condition(otherwise, vacuous),
        );
        Some(match self.condition(condition, vacuous) {
            Condition::Always(Truth::TRUE) => then,
            Condition::Always(Truth::FALSE) => otherwise,
            condition => {
                let is_slow = matches!(condition, Condition::Slow(_));
                let test: Test<'a> = Box::new(move |row| match condition.truth(row) {
                    Truth::TRUE => then.truth(row),
                    Truth::FALSE => otherwise.truth(row),
                    open => then.truth(row).hull(otherwise.truth(row), open.cause()),
                });
                if is_slow {
                    Condition::Slow(test)
                } else {
                    Condition::Fast(test)
                }
            }
        })
    }

    fn is_empty(
        &self,
        node: &'a Node,
        operand: &'a Node,
        negated: bool,
        vacuous: bool,
    ) -> Option<Condition<'a>> {
        let operand = self.operand(operand)?;
        let truth = move |value: Fast| {
            let empty = match value {
                Fast::Point(_) | Fast::Other => Truth::FALSE,
                Fast::Empty(_) => Truth::TRUE,
                Fast::Absent => Truth::unknown(Cause::ABSENT),
                Fast::Unknown(cause) => Truth::unknown(cause),
            };
            if negated { empty.not() } else { empty }
        };
        Some(match operand {
            Operand::Always(value) => Condition::Always(truth(value)),
            Operand::NoThreshold => self.slow(node, vacuous),
            Operand::Slot(slot) => {
                Condition::Fast(Box::new(move |row| truth(presence(row.data[slot]))))
            }
            Operand::Fast(value) => Condition::Fast(Box::new(move |row| truth(value(row)))),
        })
    }

    fn compare(
        &self,
        node: &'a Node,
        comparison: Comparison,
        left: &'a Node,
        right: &'a Node,
        vacuous: bool,
    ) -> Option<Condition<'a>> {
        match (&left.ty, &right.ty) {
            (Type::Choice(..) | Type::Flag | Type::Text, _) => {
                return self.compare_words(comparison, left, right);
            }
            (a, b) if a != b => return None,
            (Type::Money | Type::Number | Type::Date | Type::Days, _) => {}
            _ => return None,
        }
        let (a, b) = (self.operand(left)?, self.operand(right)?);
        let walk = self.walk(node, vacuous);
        Some(match (a, b) {
            (Operand::NoThreshold, _) | (_, Operand::NoThreshold) => {
                Condition::Always(Truth::known(vacuous))
            }
            (Operand::Slot(slot), Operand::Always(Fast::Point(bound))) => {
                Condition::Fast(Box::new(move |row| match fast(row.data[slot]) {
                    Fast::Point(value) => Truth::known(holds(comparison, value, bound)),
                    other => unknown_or(other, Fast::Point(bound)).unwrap_or_else(|| walk(row)),
                }))
            }
            (Operand::Slot(a), Operand::Slot(b)) => Condition::Fast(Box::new(move |row| {
                compared(comparison, fast(row.data[a]), fast(row.data[b]))
                    .unwrap_or_else(|| walk(row))
            })),
            (Operand::Always(a), Operand::Always(b)) => match compared(comparison, a, b) {
                Some(truth) => Condition::Always(truth),
                None => Condition::Slow(walk),
            },
            (a, b) => Condition::Fast(Box::new(move |row| {
                compared(comparison, a.value(row), b.value(row)).unwrap_or_else(|| walk(row))
            })),
        })
    }

    /// = and ≠ of choices, flags and texts against a literal, and of two names.
    fn compare_words(
        &self,
        comparison: Comparison,
        left: &'a Node,
        right: &'a Node,
    ) -> Option<Condition<'a>> {
        let negated = match comparison {
            Comparison::Equal => false,
            Comparison::NotEqual => true,
            _ => return None,
        };
        let Op::Field(path) = &left.op else {
            return None;
        };
        let slot = match self.own(path)? {
            Own::Slot(slot) | Own::Perhaps(slot) => slot,
            Own::Missing(value) => {
                return Some(Condition::Always(Truth::unknown(cause_of(value))));
            }
        };
        let field = self.field(path)?;
        let ledger = self.ledger;
        match &right.op {
            Op::Choice(index) if self.same_table(&left.ty, field) && left.ty == right.ty => {
                let index = *index;
                Some(Condition::Fast(Box::new(move |row| match row.data[slot] {
                    Datum::Choice(choice) => Truth::known((choice == index) != negated),
                    datum => open(datum),
                })))
            }
            Op::Flag(flag) => {
                let flag: FlagValue = *flag;
                Some(Condition::Fast(Box::new(move |row| match row.data[slot] {
                    Datum::Flag(value) => Truth::known((value == flag) != negated),
                    datum => open(datum),
                })))
            }
            Op::Text(text) if left.ty == Type::Text => {
                let folded = self.is_folded(field);
                let wanted = if folded {
                    crate::ledger::coerce::fold_party(text).into_owned()
                } else {
                    text.to_string()
                };
                Some(Condition::Fast(Box::new(move |row| match row.data[slot] {
                    Datum::Text(id) => {
                        let id = if folded { ledger.folded(id) } else { id };
                        Truth::known((ledger.text(id) == wanted) != negated)
                    }
                    datum => open(datum),
                })))
            }
            Op::Field(other) if left.ty == Type::Text && right.ty == Type::Text => {
                let Own::Slot(there) = self.own(other)? else {
                    return None;
                };
                if !self.is_folded(field) || !self.is_folded(self.field(other)?) {
                    return None;
                }
                Some(Condition::Fast(Box::new(move |row| {
                    match (row.data[slot], row.data[there]) {
                        (Datum::Text(a), Datum::Text(b)) => {
                            Truth::known((ledger.folded(a) == ledger.folded(b)) != negated)
                        }
                        _ => Truth::unknown(Cause::CELL),
                    }
                })))
            }
            _ => None,
        }
    }

    fn within(&self, operand: &'a Node, list: &'a Node, negated: bool) -> Option<Condition<'a>> {
        let (Op::Field(path), Op::List(items)) = (&operand.op, &list.op) else {
            return None;
        };
        let field = self.field(path)?;
        if !self.same_table(&operand.ty, field) {
            return None;
        }
        let mut among = vec![false; self.ledger.kind_of.field(field).choices.len()];
        for item in items {
            let Op::Choice(index) = &item.op else {
                return None;
            };
            if let Some(place) = among.get_mut(usize::from(*index)) {
                *place = true;
            }
        }
        Some(match self.own(path)? {
            Own::Missing(value) => Condition::Always(Truth::unknown(cause_of(value))),
            Own::Slot(slot) | Own::Perhaps(slot) => {
                Condition::Fast(Box::new(move |row| match row.data[slot] {
                    Datum::Choice(choice) => {
                        let found = among.get(usize::from(choice)).copied().unwrap_or(false);
                        Truth::known(found != negated)
                    }
                    datum => open(datum),
                }))
            }
        })
    }

    fn test(&self, test: &'a TextTest, operand: &'a Node, with: &'a Node) -> Option<Condition<'a>> {
        let (Op::Field(path), Op::Text(with)) = (&operand.op, &with.op) else {
            return None;
        };
        let negated = matches!(test, TextTest::ContainsNot);
        let field = self.field(path)?;
        let slot = match self.own(path)? {
            Own::Missing(Fast::Empty(_)) => return Some(Condition::Always(Truth::known(negated))),
            Own::Missing(value) => {
                return Some(Condition::Always(Truth::unknown(cause_of(value))));
            }
            Own::Slot(slot) | Own::Perhaps(slot) => slot,
        };
        if self.ledger.kind_of.field(field).ty != FieldType::Text {
            return None;
        }
        let ledger = self.ledger;
        Some(Condition::Fast(Box::new(move |row| match row.data[slot] {
            Datum::Empty => Truth::known(negated),
            Datum::Text(id) => {
                let text = ledger.text(id);
                let found = match test {
                    TextTest::Contains | TextTest::ContainsNot => text.contains(&**with),
                    TextTest::StartsWith => text.starts_with(&**with),
                    TextTest::Matches(pattern) => pattern.is_match(text),
                };
                Truth::known(found != negated)
            }
            datum => open(datum),
        })))
    }

    /// Compiles a value; `None` where only walking tells.
    fn operand(&self, node: &'a Node) -> Option<Operand<'a>> {
        match &node.op {
            Op::Number(number) | Op::Money(number) => {
                point_of(*number, &node.ty).map(|point| Operand::Always(Fast::Point(point)))
            }
            Op::Date(day) => Some(day_point(*day)),
            Op::AsOf => Some(day_point(self.judge.scene.as_of)),
            Op::Duration(Duration::Days(days)) if node.ty == Type::Days => {
                Some(Operand::Always(Fast::Point(i64::from(*days))))
            }
            Op::Limit(limit) => self.limit(*limit, &node.ty),
            Op::Field(path) if path.hop.is_empty() => match self.own(path)? {
                Own::Perhaps(slot) => {
                    Some(Operand::Fast(Box::new(move |row| perhaps(row.data[slot]))))
                }
                Own::Slot(slot) => Some(Operand::Slot(slot)),
                Own::Missing(value) => Some(Operand::Always(value)),
            },
            Op::Field(path) => self.hop(path),
            Op::Default(operands) => {
                let operands: Vec<Operand<'a>> = operands
                    .iter()
                    .map(|operand| self.operand(operand))
                    .collect::<Option<_>>()?;
                if operands
                    .iter()
                    .any(|operand| matches!(operand, Operand::NoThreshold))
                {
                    return None;
                }
                Some(Operand::Fast(Box::new(move |row| first(&operands, row))))
            }
            Op::Arithmetic(operation, left, right) => self.arithmetic(*operation, left, right),
            Op::Aggregate {
                aggregate,
                rows: Rows::Relation(_),
                ..
            } if !matches!(aggregate, Aggregate::Exists | Aggregate::All) => {
                let column = self.shared(node)?;
                let (judge, ty) = (self.judge, &node.ty);
                Some(Operand::Fast(Box::new(move |row| {
                    column.value(row.rec, || {
                        let value = judge.eval::<Silent>(node, Frame::of(row.rec)).0;
                        fast_of(&value, ty)
                    })
                })))
            }
            _ => None,
        }
    }

    /// An aggregate over a relation, shared by all rules that make use of it. What it comes to must depend on the record
    /// alone: not on the law date of the rule, on 组 or on 全体.
    fn shared(&self, node: &'a Node) -> Option<Column> {
        let mut alone = true;
        node.walk(&mut |part| {
            alone &= match &part.op {
                Op::Limit(_) => false,
                Op::Aggregate { rows, .. } => matches!(rows, Rows::Relation(_)),
                _ => true,
            };
        });
        alone.then(|| {
            self.judge.scene.shared(&SharedKey {
                village: self.village,
                kind: self.ledger.kind,
                text: node.text.clone(),
            })
        })
    }

    fn arithmetic(
        &self,
        operation: Arithmetic,
        left: &'a Node,
        right: &'a Node,
    ) -> Option<Operand<'a>> {
        let sign = match operation {
            Arithmetic::Subtract => -1,
            _ => 1,
        };
        let adds = matches!(operation, Arithmetic::Add | Arithmetic::Subtract);
        if left.ty == Type::Date && right.ty != Type::Date && adds {
            let date = self.operand(left)?;
            let duration = self.duration(right)?;
            return Some(Operand::Fast(Box::new(move |row| match date.value(row) {
                Fast::Point(day) => shifted(day, duration, sign),
                Fast::Empty(cause) | Fast::Unknown(cause) => unknown(cause),
                other => other,
            })));
        }
        let combine: fn(i64, i64) -> Option<i64> = match (operation, &left.ty, &right.ty) {
            (Arithmetic::Add, a, b) if a == b && *a != Type::Date => i64::checked_add,
            (Arithmetic::Subtract, a, b) if a == b => i64::checked_sub,
            (Arithmetic::Multiply, Type::Money, Type::Number)
            | (Arithmetic::Multiply, Type::Number, Type::Money | Type::Number) => |a, b| {
                // The millionths of both are divided out where that leaves no rest.
                let product = i128::from(a) * i128::from(b);
                let micro = i128::from(MICRO);
                (product % micro == 0)
                    .then(|| i64::try_from(product / micro).ok())
                    .flatten()
            },
            _ => return None,
        };
        let (a, b) = (self.operand(left)?, self.operand(right)?);
        if matches!(a, Operand::NoThreshold) || matches!(b, Operand::NoThreshold) {
            return Some(Operand::NoThreshold);
        }
        Some(Operand::Fast(Box::new(move |row| {
            match (a.value(row), b.value(row)) {
                (Fast::Point(a), Fast::Point(b)) => combine(a, b).map_or(Fast::Other, Fast::Point),
                (a, b) if is_missing(a) || is_missing(b) => {
                    // What is beside a missing value may be imprecise, which only walking tells.
                    if matches!(a, Fast::Other) || matches!(b, Fast::Other) {
                        Fast::Other
                    } else {
                        unknown(cause_of(a).needing(cause_of(b)))
                    }
                }
                _ => Fast::Other,
            }
        })))
    }

    /// A length of time that is the same for every record.
    fn duration(&self, node: &'a Node) -> Option<Duration> {
        let duration = match &node.op {
            Op::Duration(duration) => *duration,
            Op::Limit(limit) => {
                let limit = self.judge.scene.pack.limit(*limit);
                match limit.values.as_slice() {
                    [only] if only.from == Day::MIN && only.to == Day::MAX => match only.value {
                        LimitValue::Duration(duration) => duration,
                        _ => return None,
                    },
                    _ => return None,
                }
            }
            _ => return None,
        };
        (!matches!(duration, Duration::WorkingDays(_))).then_some(duration)
    }

    fn limit(&self, id: LimitId, ty: &Type) -> Option<Operand<'a>> {
        let limit = self.judge.scene.pack.limit(id);
        if limit.values.is_empty() {
            return Some(match limit.unset {
                Unset::None => Operand::NoThreshold,
                Unset::NotRun => Operand::Always(Fast::Absent),
            });
        }
        let mut points = Vec::with_capacity(limit.values.len());
        for segment in &limit.values {
            let point = match &segment.value {
                LimitValue::Money(value) | LimitValue::Number(value) => point_of(*value, ty)?,
                LimitValue::Date(day) => i64::from(day.number()),
                _ => return None,
            };
            points.push((segment.from, segment.to, point));
        }
        if let [(Day::MIN, Day::MAX, point)] = points.as_slice() {
            return Some(Operand::Always(Fast::Point(*point)));
        }
        let at = move |day: Day| {
            points
                .iter()
                .find(|(from, to, _)| *from <= day && day <= *to)
                .map_or(Fast::Absent, |(_, _, point)| Fast::Point(*point))
        };
        let Some(path) = self.judge.law_date.first() else {
            return Some(Operand::Always(at(self.judge.scene.as_of)));
        };
        let Own::Slot(slot) = self.own(path)? else {
            return None;
        };
        Some(Operand::Fast(Box::new(move |row| match row.data[slot] {
            Datum::Date(span) if span.is_exact() => at(span.first),
            _ => Fast::Other,
        })))
    }

    /// A field of the record that a to-one relation leads to.
    fn hop(&self, path: &'a FieldPath) -> Option<Operand<'a>> {
        if path.base != Base::Record {
            return None;
        }
        let kind = self.ledger.kind;
        let &(_, relation): &(KindId, RelationId) =
            path.hop.iter().find(|(from, _)| *from == kind)?;
        let scene: &'a Scene<'a> = self.judge.scene;
        let village = self.village;
        // For each ledger of the village, what the field is there.
        let there: Vec<Own> = scene
            .village(village)
            .ledgers
            .iter()
            .map(|ledger| own_of(ledger, path))
            .collect();
        let links = scene.links(village);
        Some(Operand::Fast(Box::new(move |row| {
            match links.of(row.rec, kind, relation) {
                Matches::NoLedger => Fast::Absent,
                Matches::Open(Cause::ABSENT) => Fast::Absent,
                Matches::Open(cause) => Fast::Unknown(*cause),
                Matches::Found(found) => match &**found {
                    [] => Fast::Empty(Cause::CELL),
                    [rec] => match &there[rec.ledger as usize] {
                        Own::Slot(slot) => fast(scene.ledger(*rec).row(rec.row)[*slot]),
                        Own::Perhaps(slot) => perhaps(scene.ledger(*rec).row(rec.row)[*slot]),
                        Own::Missing(value) => *value,
                    },
                    _ => Fast::Unknown(Cause::CELL),
                },
            }
        })))
    }

    /// The field of the record itself that a path means, after fallbacks.
    fn field(&self, path: &FieldPath) -> Option<FieldId> {
        let kind = self.ledger.kind;
        let (_, field) = path.fields.iter().find(|(of, _)| *of == kind)?;
        Some(readable(self.ledger, *field))
    }

    /// Where a path's field of the record itself stands; `None` for a path that leads elsewhere.
    fn own(&self, path: &FieldPath) -> Option<Own> {
        is_own(path).then(|| own_of(self.ledger, path))
    }

    /// Whether the indices of a choice's cells are those of a type's table.
    fn same_table(&self, ty: &Type, field: FieldId) -> bool {
        *ty == Type::Choice(self.ledger.kind, field)
    }

    fn is_folded(&self, field: FieldId) -> bool {
        matches!(
            self.ledger.kind_of.field(field).ty,
            FieldType::Party | FieldType::Id
        )
    }
}

/// Where a field stands in a table.
enum Own {
    /// In this slot.
    Slot(usize),
    /// In this slot where a name tells it; the column is optional and not there, so that it reads as empty elsewhere.
    Perhaps(usize),
    /// Nowhere, and this is what it reads as.
    Missing(Fast),
}

fn own_of(ledger: &Ledger, path: &FieldPath) -> Own {
    let Some(&(_, field)) = path.fields.iter().find(|(of, _)| *of == ledger.kind) else {
        return Own::Missing(Fast::Absent);
    };
    let field = readable(ledger, field);
    match ledger.slot(field) {
        Some(slot)
            if ledger.columns[usize::from(field.0)].is_none()
                && ledger.kind_of.field(field).optional =>
        {
            Own::Perhaps(slot)
        }
        Some(slot) => Own::Slot(slot),
        None if ledger.kind_of.field(field).optional => Own::Missing(Fast::Empty(Cause::ABSENT)),
        None => Own::Missing(Fast::Absent),
    }
}

/// Whether a flag is true, false or unknown, and not the value of a flag field.
fn is_condition(node: &Node) -> bool {
    match &node.op {
        Op::And(_)
        | Op::Or(_)
        | Op::Not(_)
        | Op::Compare(..)
        | Op::IsEmpty { .. }
        | Op::In { .. }
        | Op::Test { .. }
        | Op::HasColumn(_) => true,
        Op::If {
            then, otherwise, ..
        } => is_condition(then) && is_condition(otherwise),
        _ => false,
    }
}

fn is_own(path: &FieldPath) -> bool {
    path.hop.is_empty() && path.base == Base::Record
}

fn day_point<'a>(day: Day) -> Operand<'a> {
    Operand::Always(Fast::Point(i64::from(day.number())))
}

/// The truth of a test on a datum that is no value of its type.
#[inline]
fn open(datum: Datum) -> Truth {
    Truth::unknown(if datum == Datum::Absent {
        Cause::ABSENT
    } else {
        Cause::CELL
    })
}

/// What a datum is to 为空: anything that is not empty is there.
#[inline]
fn presence(datum: Datum) -> Fast {
    match datum {
        Datum::Empty => Fast::Empty(Cause::CELL),
        Datum::Unreadable => Fast::Unknown(Cause::CELL),
        Datum::Absent => Fast::Absent,
        _ => Fast::Other,
    }
}

fn is_missing(value: Fast) -> bool {
    matches!(value, Fast::Empty(_) | Fast::Absent | Fast::Unknown(_))
}

fn cause_of(value: Fast) -> Cause {
    match value {
        Fast::Empty(cause) | Fast::Unknown(cause) => cause,
        Fast::Absent => Cause::ABSENT,
        Fast::Point(_) | Fast::Other => Cause::NONE,
    }
}

/// The result of an operation on missing values: absent where only something absent is the cause.
fn unknown(cause: Cause) -> Fast {
    if cause == Cause::ABSENT {
        Fast::Absent
    } else {
        Fast::Unknown(cause)
    }
}

/// 默认
fn first(operands: &[Operand<'_>], row: &Row<'_>) -> Fast {
    let (mut empty, mut cause) = (false, Cause::NONE);
    for operand in operands {
        match operand.value(row) {
            Fast::Empty(why) => {
                empty = true;
                cause |= why;
            }
            Fast::Absent => cause |= Cause::ABSENT,
            value => return value,
        }
    }
    if empty {
        Fast::Empty(cause)
    } else {
        Fast::Absent
    }
}

fn shifted(day: i64, duration: Duration, sign: i64) -> Fast {
    let Ok(number) = i32::try_from(day) else {
        return Fast::Other;
    };
    let day = Day::from_number(number);
    let moved = match duration {
        Duration::Days(days) => day.plus_days(sign * i64::from(days)),
        Duration::Months(months) => day.plus_months(sign * i64::from(months)),
        Duration::WorkingDays(_) => return Fast::Other,
    };
    if moved == Day::MIN || moved == Day::MAX {
        Fast::Other
    } else {
        Fast::Point(i64::from(moved.number()))
    }
}

#[inline]
fn holds(comparison: Comparison, a: i64, b: i64) -> bool {
    match comparison {
        Comparison::Equal => a == b,
        Comparison::NotEqual => a != b,
        Comparison::Greater => a > b,
        Comparison::GreaterOrEqual => a >= b,
        Comparison::Less => a < b,
        Comparison::LessOrEqual => a <= b,
    }
}

/// A comparison of fast values; `None` where only walking tells.
#[inline]
fn compared(comparison: Comparison, a: Fast, b: Fast) -> Option<Truth> {
    match (a, b) {
        (Fast::Point(a), Fast::Point(b)) => Some(Truth::known(holds(comparison, a, b))),
        (a, b) => unknown_or(a, b),
    }
}

/// Not known, where one of two values is missing and both are told; `None` where only walking tells.
fn unknown_or(a: Fast, b: Fast) -> Option<Truth> {
    if matches!(a, Fast::Other) || matches!(b, Fast::Other) {
        return None;
    }
    (is_missing(a) || is_missing(b)).then(|| Truth::unknown(cause_of(a).needing(cause_of(b))))
}

fn fold_and(tests: Vec<Test<'_>>, always: Truth) -> Test<'_> {
    Box::new(move |row| {
        let mut result = always;
        for test in &tests {
            result = result.and(test(row));
            if result == Truth::FALSE {
                break;
            }
        }
        result
    })
}

fn fold_or(tests: Vec<Test<'_>>, always: Truth) -> Test<'_> {
    Box::new(move |row| {
        let mut result = always;
        for test in &tests {
            result = result.or(test(row));
            if result == Truth::TRUE {
                break;
            }
        }
        result
    })
}
