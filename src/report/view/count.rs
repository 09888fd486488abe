//! Counts of lines, and the money at stake.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Line;
use crate::finding::{Severity, Status, Verdict};

/// Lines counted.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::report) struct Counts {
    severities: [usize; 4],
    /// Violations that count: neither waived nor on trial.
    pub(in crate::report) violations: usize,
    /// Lines that could not be decided.
    pub(in crate::report) undetermined: usize,
    /// Lines that a waiver covers.
    pub(in crate::report) waived: usize,
    /// Violations of rules on trial.
    pub(in crate::report) trial: usize,
    /// Violations that count and are new against the baseline.
    pub(in crate::report) new: usize,
    /// The money at stake in yuan, a record counted once, hints left out.
    pub(in crate::report) amount: Decimal,
}

impl Counts {
    /// Counts lines.
    pub(in crate::report) fn of<'a, 'b: 'a>(
        lines: impl IntoIterator<Item = &'a Line<'b>> + Clone,
    ) -> Self {
        let mut counts = Self {
            amount: money_at_stake(lines.clone()),
            ..Self::default()
        };
        for line in lines {
            if line.waived() {
                counts.waived += 1;
            } else if line.finding.verdict == Verdict::Undetermined {
                counts.undetermined += 1;
            } else if line.trial() {
                counts.trial += 1;
            } else {
                counts.violations += 1;
                counts.severities[place(line.severity())] += 1;
                counts.new += usize::from(line.finding.status == Some(Status::New));
            }
        }
        counts
    }

    /// Violations of a severity that count.
    pub(in crate::report) fn of_severity(&self, severity: Severity) -> usize {
        self.severities[place(severity)]
    }
}

fn place(severity: Severity) -> usize {
    match severity {
        Severity::Critical => 0,
        Severity::Major => 1,
        Severity::Minor => 2,
        Severity::Info => 3,
    }
}

/// The money at stake in yuan over violations that count and are more than a hint: a hint such as a concentration speaks of
/// whole ledgers and would drown the rest. Several findings about one record speak of the same money: of
/// each first record only the largest amount is taken.
pub(in crate::report) fn money_at_stake<'a, 'b: 'a>(
    lines: impl IntoIterator<Item = &'a Line<'b>>,
) -> Decimal {
    let mut largest: BTreeMap<(&str, &str, u32), Decimal> = BTreeMap::new();
    let mut sum = Decimal::ZERO;
    let counted = lines
        .into_iter()
        .filter(|line| line.counts() && line.severity() > Severity::Info);
    for line in counted {
        let Some(amount) = line.amount() else {
            continue;
        };
        match line.finding.records.first() {
            Some(record) => {
                let known = largest
                    .entry((&record.file, &record.sheet, record.row))
                    .or_default();
                *known = amount.max(*known);
            }
            None => sum = sum.saturating_add(amount),
        }
    }
    largest.into_values().fold(sum, Decimal::saturating_add)
}
