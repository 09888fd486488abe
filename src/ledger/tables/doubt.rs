//! Columns whose values contradict their unit: yuan in a 万元 column, 万元 in a yuan column.

use super::outcome::Made;
use super::tell::of_table;
use crate::finding::{Issue, IssueCell, IssueKind};
use crate::lang::Bilingual;
use crate::ledger::assemble::FoundColumn;
use crate::ledger::{Datum, FieldType, Ledger};
use crate::read::column_letters;

/// Rows that are compared at most.
const SAMPLE: usize = 400;
/// A column of a row that is this many times another of the same row is in another unit. Prices, sums paid and rents of one
/// contract differ by less.
const APART: i64 = 1_000;
/// Below this, contract sums in yuan are hardly yuan (fen).
const SMALL: i64 = 10_000;
/// Above this, sums in 万元 are hardly 万元 (fen): ten thousand 万元 is a hundred million yuan.
const LARGE: i64 = 10_000_000_000;

/// Looks for money columns whose values contradict their unit.
pub(super) fn units(made: &Made<'_, '_, '_>, issues: &mut Vec<Issue>) {
    let ledger = made
        .context
        .kinds
        .get(made.pending.table.segment.mapping.kind);
    let money: Vec<&FoundColumn> = made
        .columns
        .iter()
        .filter(|column| ledger.field(column.field).ty == FieldType::Money)
        .collect();
    let values: Vec<Vec<Option<i64>>> = money
        .iter()
        .map(|column| amounts(made.ledgers, column))
        .collect();
    let mut told = vec![false; money.len()];
    for one in 0..money.len() {
        for other in one + 1..money.len() {
            if told[one] || told[other] {
                continue;
            }
            let (mut pairs, mut above, mut below) = (0_usize, 0_usize, 0_usize);
            for (a, b) in values[one].iter().zip(&values[other]) {
                if let (Some(a), Some(b)) = (*a, *b)
                    && a > 0
                    && b > 0
                {
                    pairs += 1;
                    above += usize::from(a / APART >= b);
                    below += usize::from(b / APART >= a);
                }
            }
            if pairs >= 3 && above.max(below) * 10 >= pairs * 6 {
                // The one that differs from the rest of the table is the doubtful one; of two, both are named.
                let (large, small) = if above > below {
                    (one, other)
                } else {
                    (other, one)
                };
                told[large] = true;
                told[small] = true;
                issues.push(apart(made, money[large], money[small]));
            }
        }
    }
    for (at, column) in money.iter().enumerate() {
        if told[at] {
            continue;
        }
        let mut filled: Vec<i64> = values[at]
            .iter()
            .flatten()
            .copied()
            .filter(|v| *v > 0)
            .collect();
        if filled.len() < 4 {
            continue;
        }
        filled.sort_unstable();
        let median = filled[filled.len() / 2];
        let fractions = filled.iter().filter(|v| *v % 100 != 0).count();
        let small = column.unit.money == 0
            && column.unit.rate.is_none()
            && median < SMALL
            && fractions * 2 >= filled.len()
            && ledger.field(column.field).name.contains("合同金额");
        if small || column.unit.money == 4 && median > LARGE {
            issues.push(magnitude(made, column, small));
        }
    }
}

fn amounts(ledgers: &[Ledger], column: &FoundColumn) -> Vec<Option<i64>> {
    let mut values = Vec::new();
    for ledger in ledgers {
        for record in (0..).take(ledger.len().min(SAMPLE)) {
            values.push(match ledger.get(record, column.field) {
                Datum::Money(fen) => Some(fen),
                _ => None,
            });
        }
    }
    values.truncate(SAMPLE * 4);
    values
}

fn cell(made: &Made<'_, '_, '_>, column: &FoundColumn) -> IssueCell {
    let ledger = made
        .context
        .kinds
        .get(made.pending.table.segment.mapping.kind);
    IssueCell {
        row: made.pending.table.header.1,
        col: column.col,
        header: column.header.to_string(),
        field: ledger.field(column.field).name.clone(),
        raw: column.header.to_string(),
    }
}

fn apart(made: &Made<'_, '_, '_>, large: &FoundColumn, small: &FoundColumn) -> Issue {
    let (a, b) = (column_letters(large.col), column_letters(small.col));
    let mut issue = of_table(
        made,
        IssueKind::UnitDoubt,
        Bilingual::new(
            format!(
                "按所标单位换算，{a}列“{}”多数为{b}列“{}”的一千倍以上，其中一列的单位可能与实际填写不符",
                large.header, small.header
            ),
            format!(
                "By the units given, column {a} “{}” is mostly more than a thousand times column {b} “{}”: one of them may be filled in in another unit",
                large.header, small.header
            ),
        ),
        Bilingual::new(
            "请核对两列的金额单位（元、万元），在表头写明",
            "Check the units (元, 万元) of both columns and state them in the headers",
        ),
    );
    let ledger = made
        .context
        .kinds
        .get(made.pending.table.segment.mapping.kind);
    issue.field.clone_from(&ledger.field(large.field).name);
    issue.cells = vec![cell(made, large), cell(made, small)];
    issue
}

fn magnitude(made: &Made<'_, '_, '_>, column: &FoundColumn, small: bool) -> Issue {
    let col = column_letters(column.col);
    let message = if small {
        Bilingual::new(
            format!(
                "{col}列“{}”未标万元，按元计多数不足一百元，单位可能是万元",
                column.header
            ),
            format!(
                "Column {col} “{}” is read in yuan, which makes most of it less than a hundred yuan: it may be in 万元",
                column.header
            ),
        )
    } else {
        Bilingual::new(
            format!(
                "{col}列“{}”标为万元，换算后多数超过一亿元，单位可能是元",
                column.header
            ),
            format!(
                "Column {col} “{}” is read in 万元, which makes most of it more than a hundred million yuan: it may be in yuan",
                column.header
            ),
        )
    };
    let mut issue = of_table(
        made,
        IssueKind::UnitDoubt,
        message,
        Bilingual::new(
            "请核对该列的金额单位，在表头写明（元、万元）",
            "Check the unit of the column and state it in the header (元, 万元)",
        ),
    );
    let ledger = made
        .context
        .kinds
        .get(made.pending.table.segment.mapping.kind);
    issue.field.clone_from(&ledger.field(column.field).name);
    issue.cells = vec![cell(made, column)];
    issue
}
