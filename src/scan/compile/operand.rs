//! Values of a record as closures: literals, limits, fields, sums that rules share, and arithmetic on them.

use super::fast::{
    Fast, MICRO, cause_of, fast, fast_of, is_missing, perhaps, point_of, shifted, unknown,
};
use super::{Compiler, Row};
use crate::ledger::{Datum, Day, FieldId, KindId, Ledger, RelationId};
use crate::rules::expr::{Aggregate, Arithmetic, Base, FieldPath, Node, Op, Rows, Type};
use crate::rules::{Duration, LimitId, LimitValue, Unset};
use crate::scan::eval::Frame;
use crate::scan::links::Matches;
use crate::scan::notes::Silent;
use crate::scan::scene::{Scene, readable};
use crate::scan::shared::{Column, SharedKey};
use crate::scan::truth::Cause;

/// A compiled value.
pub(super) enum Operand<'a> {
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
    pub(super) fn value(&self, row: &Row<'_>) -> Fast {
        match self {
            Self::Always(value) => *value,
            Self::NoThreshold => Fast::Other,
            Self::Slot(slot) => fast(row.data[*slot]),
            Self::Fast(value) => value(row),
        }
    }
}

impl<'a> Compiler<'a> {
    /// Compiles a value; `None` where only walking tells.
    pub(super) fn operand(&self, node: &'a Node) -> Option<Operand<'a>> {
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
    pub(super) fn shared(&self, node: &'a Node) -> Option<Column> {
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
    pub(super) fn field(&self, path: &FieldPath) -> Option<FieldId> {
        let kind = self.ledger.kind;
        let (_, field) = path.fields.iter().find(|(of, _)| *of == kind)?;
        Some(readable(self.ledger, *field))
    }

    /// Where a path's field of the record itself stands; `None` for a path that leads elsewhere.
    pub(super) fn own(&self, path: &FieldPath) -> Option<Own> {
        is_own(path).then(|| own_of(self.ledger, path))
    }
}

/// Where a field stands in a table.
pub(super) enum Own {
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

pub(super) fn is_own(path: &FieldPath) -> bool {
    path.hop.is_empty() && path.base == Base::Record
}

fn day_point<'a>(day: Day) -> Operand<'a> {
    Operand::Always(Fast::Point(i64::from(day.number())))
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
