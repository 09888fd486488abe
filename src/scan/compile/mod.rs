//! Conditions of one rule on one table as closures over the slots of its records: the fast path of a scan.
//!
//! What a table lacks is folded away once. Points (a full date, an amount) are compared as integers; whatever is not a
//! point, a text or a sum over rows is handed to the [evaluator](crate::scan::eval), so that both always agree.

mod fast;
mod operand;

pub(crate) use fast::Fast;
use fast::{cause_of, compared, fast, holds, open, presence, unknown_or};
use operand::{Operand, Own, is_own};

use crate::ledger::{Datum, FieldId, FieldType, FlagValue, Ledger};
use crate::rules::Judged;
use crate::rules::expr::{Aggregate, Comparison, Node, Op, Rows, TextTest, Type};
use crate::scan::all::All;
use crate::scan::eval::{Frame, Judge};
use crate::scan::notes::Silent;
use crate::scan::scene::Rec;
use crate::scan::truth::{Cause, Truth};

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
