//! What a scan looks at: the villages' ledgers, and the fields of their records as values.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::interval::Interval;
use super::links::Links;
use super::shared::{Column, Shared, SharedKey};
use super::truth::Cause;
use super::value::{Text, Value};
use crate::ledger::{
    Datum, Day, DaySpan, FieldId, FieldType, KindId, Ledger, LedgerKind, Length, RelationId,
    Village,
};
use crate::rules::expr::{FieldPath, Type};
use crate::rules::{Duration, Pack};

/// A record of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Rec {
    /// The village, by its place in the scene.
    pub(crate) village: u32,
    /// The ledger, by its place in the village.
    pub(crate) ledger: u32,
    /// The record, by its place in the ledger.
    pub(crate) row: u32,
}

/// What a scan looks at.
pub(crate) struct Scene<'a> {
    /// What it judges with.
    pub(crate) pack: &'a Pack,
    /// 基准日
    pub(crate) as_of: Day,
    villages: Vec<Stage<'a>>,
    shared: Shared,
}

/// One village of a scene.
struct Stage<'a> {
    village: &'a Village,
    by_kind: Vec<Vec<u32>>,
    links: Links,
}

impl<'a> Scene<'a> {
    /// A scene of some villages, with the relations that are followed in it resolved.
    pub(crate) fn new(
        pack: &'a Pack,
        as_of: Day,
        villages: &'a [Village],
        relations: &[(KindId, RelationId)],
    ) -> Self {
        let mut scene = Self {
            pack,
            as_of,
            villages: Vec::new(),
            shared: Shared::default(),
        };
        let kinds = pack.kinds.iter().count();
        for village in villages {
            let mut by_kind = vec![Vec::new(); kinds];
            for (index, ledger) in (0..).zip(&village.ledgers) {
                if let Some(ledgers) = by_kind.get_mut(usize::from(ledger.kind.0)) {
                    ledgers.push(index);
                }
            }
            scene.villages.push(Stage {
                village,
                by_kind,
                links: Links::default(),
            });
        }
        for index in (0..).take(villages.len()) {
            let links = Links::resolve(&scene, index, relations);
            scene.villages[index as usize].links = links;
        }
        scene
    }

    /// The places of all its villages.
    pub(crate) fn villages(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.villages.len()).unwrap_or(u32::MAX)
    }

    /// A village of this scene.
    pub(crate) fn village(&self, village: u32) -> &'a Village {
        self.villages[village as usize].village
    }

    /// The resolved links of a village.
    pub(crate) fn links(&self, village: u32) -> &Links {
        &self.villages[village as usize].links
    }

    /// An aggregate that rules share.
    pub(crate) fn shared(&self, key: &SharedKey) -> Column {
        let ledgers = &self.village(key.village).ledgers;
        self.shared.column(key, ledgers.iter().map(Ledger::len))
    }

    /// The ledgers of a kind in a village, by their places.
    pub(crate) fn ledgers_of(&self, village: u32, kind: KindId) -> &[u32] {
        self.villages[village as usize]
            .by_kind
            .get(usize::from(kind.0))
            .map_or(&[], Vec::as_slice)
    }

    /// The ledger of a record.
    pub(crate) fn ledger(&self, rec: Rec) -> &'a Ledger {
        &self.village(rec.village).ledgers[rec.ledger as usize]
    }

    /// The ledger kind of a record.
    pub(crate) fn kind(&self, rec: Rec) -> &'a Arc<LedgerKind> {
        &self.ledger(rec).kind_of
    }

    /// Every record of a ledger.
    pub(crate) fn records(&self, village: u32, ledger: u32) -> impl Iterator<Item = Rec> + use<> {
        let rows = self.village(village).ledgers[ledger as usize].len();
        (0..u32::try_from(rows).unwrap_or(u32::MAX)).map(move |row| Rec {
            village,
            ledger,
            row,
        })
    }

    /// The id of a record.
    pub(crate) fn id(&self, rec: Rec) -> &'a str {
        self.ledger(rec)
            .ids
            .get(rec.row as usize)
            .map_or("", |id| id)
    }

    /// The field that a path ends at in a record; `None` where the record's kind has no such field.
    pub(crate) fn field_of(&self, rec: Rec, path: &FieldPath) -> Option<FieldId> {
        let ledger = self.ledger(rec);
        let (_, field) = path.fields.iter().find(|(kind, _)| *kind == ledger.kind)?;
        Some(readable(ledger, *field))
    }

    /// What a field of a record holds, as a value of a type.
    pub(crate) fn value(&self, rec: Rec, field: FieldId, ty: &Type) -> Value<'a> {
        let ledger = self.ledger(rec);
        let kind = ledger.kind_of.field(field);
        match ledger.get(rec.row, field) {
            Datum::Absent if kind.optional => Value::Empty(Cause::ABSENT),
            Datum::Absent => Value::Absent,
            Datum::Empty => Value::Empty(Cause::CELL),
            Datum::Unreadable => Value::Unknown(Cause::CELL),
            Datum::Text(id) => Value::Text(Text {
                text: ledger.text(id).into(),
                folded: matches!(kind.ty, FieldType::Party | FieldType::Id)
                    .then(|| ledger.text(ledger.folded(id)).into()),
            }),
            Datum::Choice(index) => kind
                .choices
                .get(usize::from(index))
                .map_or(Value::Unknown(Cause::CELL), |choice| {
                    Value::Choice(&choice.value)
                }),
            Datum::Flag(flag) => Value::Flag(flag),
            datum @ (Datum::Money(_) | Datum::Number { .. }) => datum
                .decimal()
                .map_or(Value::Unknown(Cause::CELL), |decimal| {
                    Value::Decimal(Interval::point(decimal), Cause::NONE)
                }),
            Datum::Date(span) => day_span(span),
            Datum::Length(length) => length_value(length, ty),
            Datum::Period(span) => Value::Text(Text::plain(span.to_string())),
        }
    }
}

/// The field that is read for a field: itself where the table has it, else its first fallback that the table has.
pub(crate) fn readable(ledger: &Ledger, field: FieldId) -> FieldId {
    if ledger.has(field) {
        return field;
    }
    let fallback = &ledger.kind_of.field(field).fallback;
    fallback
        .iter()
        .copied()
        .find(|&fallback| ledger.has(fallback))
        .unwrap_or(field)
}

/// A span of days as a date: a span of several is laid to its cell.
pub(crate) fn day_span(span: DaySpan) -> Value<'static> {
    let cause = if span.is_exact() {
        Cause::NONE
    } else {
        Cause::CELL
    };
    Value::Whole(
        Interval {
            lo: (span.first != Day::MIN).then(|| i64::from(span.first.number())),
            hi: (span.last != Day::MAX).then(|| i64::from(span.last.number())),
        },
        cause,
    )
}

/// A length in the unit of a type. A length in the other unit is an interval: a month has 28 to 31 days.
fn length_value(length: Length, ty: &Type) -> Value<'static> {
    if *ty == Type::Duration {
        let duration = match length {
            Length::Months(months) => Duration::Months(months),
            Length::Days(days) => Duration::Days(days),
        };
        return Value::Durations(vec![duration], Cause::NONE);
    }
    let (interval, exact) = match (length, ty) {
        (Length::Months(months), Type::Days) => {
            let months = i64::from(months);
            (
                Interval {
                    lo: Some(months * 28),
                    hi: Some(months * 31),
                },
                false,
            )
        }
        (Length::Days(days), Type::Days) => (Interval::point(i64::from(days)), true),
        (Length::Months(months), _) => (Interval::point(i64::from(months)), true),
        (Length::Days(days), _) => {
            let days = i64::from(days);
            (
                Interval {
                    lo: Some(days.div_euclid(31)),
                    hi: Some((days + 27).div_euclid(28)),
                },
                false,
            )
        }
    };
    let cause = if exact { Cause::NONE } else { Cause::CELL };
    Value::Whole(interval, cause)
}

/// A decimal without its trailing zeros, as text.
pub(crate) fn plain(decimal: Decimal) -> String {
    decimal.normalize().to_string()
}
