//! Every total row against its readable rows.

use rust_decimal::Decimal;

use super::walk::TotalRow;
use crate::ledger::{Datum, FieldId, Ledger};

/// What a field of each record of a table adds to a total, in the order of the rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Share {
    /// An amount.
    Amount(Decimal),
    /// Nothing: empty, or repeated from a cell above.
    Nothing,
    /// Something that cannot be read.
    Unknown,
}

/// What a record's field adds to a total.
pub(super) fn share(ledger: &Ledger, record: u32, field: FieldId) -> Share {
    let own_row = ledger.rows.get(record as usize).copied();
    if ledger
        .origin(record, field)
        .is_some_and(|origin| origin.cell().map(|(row, _)| row) != own_row || origin.inferred)
    {
        return Share::Nothing;
    }
    match ledger.get(record, field) {
        Datum::Unreadable => Share::Unknown,
        datum => datum.decimal().map_or(Share::Nothing, Share::Amount),
    }
}

/// Sums of shares up to each place, so that any run of rows is summed at once.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    amounts: Vec<Decimal>,
    unknown: Vec<u32>,
    known: Vec<u32>,
}

impl Sums {
    /// Sums up the shares of a column.
    pub(super) fn new(shares: impl Iterator<Item = Share>) -> Self {
        let (mut amounts, mut unknown, mut known) = (vec![Decimal::ZERO], vec![0], vec![0]);
        for share in shares {
            let (mut amount, mut unread, mut read) = (
                *amounts.last().unwrap_or(&Decimal::ZERO),
                *unknown.last().unwrap_or(&0),
                *known.last().unwrap_or(&0),
            );
            match share {
                Share::Amount(value) => {
                    amount = amount.checked_add(value).unwrap_or(amount);
                    read += 1;
                }
                Share::Nothing => {}
                Share::Unknown => unread += 1,
            }
            amounts.push(amount);
            unknown.push(unread);
            known.push(read);
        }
        Self {
            amounts,
            unknown,
            known,
        }
    }

    /// How many rows there are.
    fn len(&self) -> usize {
        self.amounts.len() - 1
    }

    /// The sum of the rows from one place to another, and whether all of them can be read.
    fn sum(&self, from: usize, to: usize) -> (Decimal, bool) {
        let (from, to) = (from.min(self.len()), to.min(self.len()));
        (
            self.amounts[to] - self.amounts[from],
            self.unknown[to] == self.unknown[from],
        )
    }

    fn known(&self, from: usize, to: usize) -> u32 {
        let (from, to) = (from.min(self.len()), to.min(self.len()));
        self.known[to].saturating_sub(self.known[from])
    }
}

/// What a total was found to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Checked {
    /// It is the sum of its rows.
    Agrees,
    /// It is not: the sum of its rows.
    Differs(Decimal),
    /// A row beneath it cannot be read.
    Undetermined,
    /// No row beneath it holds an amount.
    Nothing,
}

/// Checks the total at a place among a table's totals. `before` is the sum of earlier tables of the sheet for the same
/// field, which a 总计 at the end may mean too. `half` is half a unit of the total's last digit.
///
/// A total may close a section, a page or the whole table; it agrees where it is the sum of any run of rows that it can
/// mean, and is compared with the likeliest where it is none.
pub(super) fn check(
    totals: &[TotalRow],
    at: usize,
    breaks: &[usize],
    sums: &Sums,
    value: Decimal,
    half: Decimal,
    before: Option<Decimal>,
) -> Checked {
    let total = &totals[at];
    let end = total.before;
    let mut starts: Vec<usize> = Vec::new();
    // The likeliest first: a subtotal since the last total of any kind, a total since the last one like it.
    let last_any = totals[..at]
        .iter()
        .rev()
        .map(|t| t.before)
        .find(|before| *before < end)
        .unwrap_or(0);
    let last_like = totals[..at]
        .iter()
        .rev()
        .filter(|t| !t.subtotal)
        .map(|t| t.before)
        .find(|before| *before < end)
        .unwrap_or(0);
    let section = breaks
        .iter()
        .rev()
        .copied()
        .find(|place| *place < end)
        .unwrap_or(0);
    let accumulated = total.label.contains("累计")
        || total.label.contains("总计")
        || total.label.contains("总合计");
    if total.subtotal {
        starts.extend([last_any, section, last_like, 0]);
    } else if accumulated {
        starts.extend([0, last_like, last_any, section]);
    } else if totals[..at].iter().any(|t| !t.subtotal) {
        starts.extend([last_like, section, last_any, 0]);
    } else {
        starts.extend([0, section, last_any]);
    }
    starts.extend(breaks.iter().copied().filter(|place| *place < end));
    starts.extend(
        totals[..at]
            .iter()
            .map(|t| t.before)
            .filter(|before| *before < end),
    );
    let likeliest = starts[0];
    if end == 0 || sums.known(likeliest, end) == 0 && sums.sum(likeliest, end).1 {
        return Checked::Nothing;
    }
    for start in &starts {
        let (sum, _) = sums.sum(*start, end);
        if (sum - value).abs() <= half {
            return Checked::Agrees;
        }
    }
    if let Some(before) = before {
        let (sum, _) = sums.sum(0, end);
        if (before + sum - value).abs() <= half {
            return Checked::Agrees;
        }
    }
    // Rows below the total belong to it where it stands on top.
    let (whole, all_read) = sums.sum(0, sums.len());
    if (whole - value).abs() <= half {
        return Checked::Agrees;
    }
    let (sum, read) = sums.sum(likeliest, end);
    if !read || !all_read && starts.iter().any(|s| !sums.sum(*s, end).1) {
        return Checked::Undetermined;
    }
    Checked::Differs(sum)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Checked, Share, Sums, check};
    use crate::ledger::tables::walk::TotalRow;

    fn total(label: &str, subtotal: bool, before: usize) -> TotalRow {
        TotalRow {
            index: 0,
            subtotal,
            label: label.into(),
            before,
        }
    }

    #[test]
    fn totals_close_sections_pages_or_the_whole() {
        let amount = |n: i64| Share::Amount(Decimal::from(n));
        let sums = Sums::new([1, 2, 3, 4].map(amount).into_iter());
        let totals = [
            total("小计", true, 2),
            total("小计", true, 4),
            total("合计", false, 4),
        ];
        let half = Decimal::new(5, 3);
        let at = |at, value: i64| check(&totals, at, &[], &sums, Decimal::from(value), half, None);
        assert_eq!(at(0, 3), Checked::Agrees);
        assert_eq!(at(1, 7), Checked::Agrees);
        assert_eq!(at(1, 8), Checked::Differs(Decimal::from(7)));
        assert_eq!(at(2, 10), Checked::Agrees);
        assert_eq!(at(2, 11), Checked::Differs(Decimal::from(10)));
    }

    #[test]
    fn an_unreadable_row_leaves_the_total_undetermined() {
        let sums = Sums::new([Share::Amount(Decimal::ONE), Share::Unknown].into_iter());
        let totals = [total("合计", false, 2)];
        let half = Decimal::new(5, 3);
        assert_eq!(
            check(&totals, 0, &[], &sums, Decimal::TEN, half, None),
            Checked::Undetermined
        );
    }
}
