//! Periods and votes, spread over the fields that they fill.

use super::{FoundRow, Plan, Work};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::coerce::{Parts, raw_text};
use crate::ledger::record::{Origin, Place};
use crate::ledger::{Datum, Day, DaySpan, FieldId, FieldType, LedgerKind, Length};

/// A period or a vote and what it fills.
pub(super) struct Filler {
    /// The plan of the period or vote.
    pub(super) plan: usize,
    /// Each part, the field it fills, and the plan of that field's own column.
    pub(super) targets: Vec<(Part, FieldId, Option<usize>)>,
}

/// A part of a period or a vote.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Start,
    End,
    Length,
    Expected,
    Present,
    Agreed,
    Opposed,
    Abstained,
}

impl Part {
    /// The datum of a part; `None` where the cell does not tell it.
    fn of(self, parts: &Parts) -> Option<Datum> {
        let number = |number: Option<u32>| {
            number.map(|number| Datum::Number {
                mantissa: i64::from(number),
                scale: 0,
            })
        };
        match self {
            Self::Start => parts.start.map(Datum::Date),
            Self::End => parts.end.map(Datum::Date),
            Self::Length => parts.length.map(Datum::Length),
            Self::Expected => number(parts.expected),
            Self::Present => number(parts.present),
            Self::Agreed => number(parts.agreed),
            Self::Opposed => number(parts.opposed),
            Self::Abstained => number(parts.abstained),
        }
    }
}

/// What the periods and votes among the columns fill.
pub(super) fn fillers(kind: &LedgerKind, plans: &[Plan<'_, '_>]) -> Vec<Filler> {
    let mut fillers = Vec::new();
    for (at, plan) in plans.iter().enumerate() {
        let fills = &plan.kind.fills;
        let targets: Vec<_> = [
            (Part::Start, fills.start),
            (Part::End, fills.end),
            (Part::Length, fills.length),
            (Part::Expected, fills.expected),
            (Part::Present, fills.present),
            (Part::Agreed, fills.agreed),
            (Part::Opposed, fills.opposed),
            (Part::Abstained, fills.abstained),
        ]
        .into_iter()
        .filter_map(|(part, field)| {
            let field = field.filter(|&field| fits(part, kind.field(field).ty))?;
            let own = plans.iter().position(|plan| plan.field == field);
            Some((part, field, own))
        })
        .collect();
        if !targets.is_empty() {
            fillers.push(Filler { plan: at, targets });
        }
    }
    fillers
}

/// Whether a field can hold a part.
fn fits(part: Part, ty: FieldType) -> bool {
    match part {
        Part::Start | Part::End => ty == FieldType::Date,
        Part::Length => ty == FieldType::Length,
        _ => ty == FieldType::Number,
    }
}

impl<'a> Work<'_, 'a> {
    /// Spreads periods and votes over the fields that they fill.
    pub(super) fn fill(&mut self, record: u32, row: &FoundRow<'a>) {
        for filler in 0..self.fillers.len() {
            let at = self.fillers[filler].plan;
            let datum = self.reads[at];
            let mut parts = self.parts[filler];
            let starts = self.known_start(filler);
            if let (Some(end), Some(start)) = (&mut parts.end, parts.start.or(starts))
                && end.last == Day::MAX
            {
                // 长期 beside a column for the first day: it ends on no day before that one.
                end.first = start.first;
            }
            for target in 0..self.fillers[filler].targets.len() {
                let (part, field, own) = self.fillers[filler].targets[target];
                let told = part.of(&parts);
                let before = own.map(|own| self.reads[own]);
                match (told, before) {
                    (Some(told), None | Some(Datum::Empty)) => {
                        self.builder.set(record, field, told);
                        self.note_source(record, row, at, field, own.is_some());
                    }
                    (None, None) if datum == Datum::Unreadable => {
                        self.builder.set(record, field, datum);
                        self.note_source(record, row, at, field, false);
                    }
                    (Some(told), Some(before)) if contradicts(part, told, before, &parts) => {
                        if let Some(own) = own {
                            self.tell_contradiction(record, row, at, own);
                        }
                    }
                    (None, None) if datum != Datum::Empty => {
                        // The cell says something, though nothing of this part.
                        self.note_source(record, row, at, field, false);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The first day that a column of its own tells beside a period.
    fn known_start(&self, filler: usize) -> Option<DaySpan> {
        let (.., own) = self.fillers[filler]
            .targets
            .iter()
            .find(|(part, ..)| *part == Part::Start)?;
        match self.reads[(*own)?] {
            Datum::Date(span) => Some(span),
            _ => None,
        }
    }

    /// Notes that a field was read from the cell of a period or a vote.
    fn note_source(
        &mut self,
        record: u32,
        row: &FoundRow<'a>,
        at: usize,
        field: FieldId,
        moved: bool,
    ) {
        let plan = &self.plans[at];
        let Some(cell) = row.cells.get(plan.cell) else {
            return;
        };
        if moved || cell.origin.is_some() {
            let (row, col) = cell.origin.unwrap_or((row.row, plan.col));
            let origin = Origin {
                place: Place::Cell(row, col),
                inferred: false,
            };
            self.builder.keep_origin(record, field, origin);
        }
        // What fills several fields is longer than any of them prints.
        let raw = match self.kept[at] {
            Some(raw) => raw,
            None => self.builder.intern(&raw_text(cell.raw)),
        };
        self.builder.keep_raw_id(record, field, raw);
    }

    fn tell_contradiction(&mut self, record: u32, row: &FoundRow<'a>, at: usize, own: usize) {
        let cells = [at, own]
            .iter()
            .filter_map(|&at| {
                let plan = &self.plans[at];
                Some(plan.issue_cell(row.row, *row.cells.get(plan.cell)?))
            })
            .collect();
        let (period, own) = (
            self.plans[at].kind.name.clone(),
            self.plans[own].kind.name.clone(),
        );
        self.push_issue(
            IssueKind::ContradictoryPeriod,
            &own,
            vec![record],
            cells,
            Bilingual::new(
                format!("“{own}”与“{period}”所写不一致，按“{own}”一列读取"),
                format!("`{own}` and `{period}` disagree; the column `{own}` was taken"),
            ),
            Bilingual::new(
                "对照合同，更正填错的一处",
                "Compare with the contract and correct the one that is wrong",
            ),
        );
    }
}

/// Whether a part of a period contradicts the column of its own: by more than the one day by which an end that is
/// included differs from one that is not.
fn contradicts(part: Part, told: Datum, own: Datum, parts: &Parts) -> bool {
    let apart =
        |a: DaySpan, b: DaySpan| a.last.plus_days(1) < b.first || b.last.plus_days(1) < a.first;
    match (part, told, own) {
        (_, Datum::Date(told), Datum::Date(own)) => apart(told, own),
        (Part::Length, Datum::Length(told), Datum::Length(own)) => {
            if let (Some(start), Some(end)) = (parts.start, parts.end) {
                let to = |day: Day| match own {
                    Length::Months(months) => day.plus_months(i64::from(months)),
                    Length::Days(days) => day.plus_days(i64::from(days)),
                };
                let ends = DaySpan {
                    first: to(start.first).plus_days(-1),
                    last: to(start.last),
                };
                return apart(ends, end);
            }
            match (told, own) {
                (Length::Months(told), Length::Months(own))
                | (Length::Days(told), Length::Days(own)) => told != own,
                _ => false,
            }
        }
        _ => false,
    }
}
