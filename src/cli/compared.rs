//! Baselines and waivers, applied to the report of a run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Failure;
use crate::finding::{RecordReport, Report};
use crate::lang::Bilingual;
use crate::ledger::{Ledger, Origin, Village};
use crate::report::json;
use crate::rules::Config;
use crate::track::{self, NowCell, Waiver, WaiverTerms, Waivers};

/// Reads a report that an earlier run wrote.
///
/// # Errors
/// A file that cannot be read or is no report: the message names it and what to do.
pub(super) fn read(path: &Path) -> Result<Report, Failure> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::Usage(Bilingual::new(
            format!("不能读 {shown}：{error}；请给出 heyan scan --format json 写的报告"),
            format!(
                "cannot read {shown}: {error}; name a report that `heyan scan --format json` wrote"
            ),
        ))
    })?;
    json::read(&text).map_err(|error| {
        Failure::Usage(Bilingual::new(
            format!("{shown}：{}", error.zh),
            format!("{shown}: {}", error.en),
        ))
    })
}

/// Compares a report with a baseline. The villages' ledgers tell what the deciding cells hold now.
pub(super) fn with(baseline: &Report, report: &mut Report, villages: &[Village]) {
    let index: BTreeMap<(&str, &str, u32, &str), (&Ledger, u32)> = villages
        .iter()
        .flat_map(|village| &village.ledgers)
        .flat_map(|ledger| {
            let kind = ledger.kind_of.id.as_str();
            (0..).zip(&ledger.rows).map(move |(record, &row)| {
                (
                    (&*ledger.file_name, &*ledger.sheet, row + 1, kind),
                    (ledger, record),
                )
            })
        })
        .collect();
    let value = |record: &RecordReport, field: &str| {
        let &(ledger, number) = index.get(&(
            record.file.as_str(),
            record.sheet.as_str(),
            record.row,
            record.kind.as_str(),
        ))?;
        let field = ledger.kind_of.find(field)?;
        let cell = ledger
            .origin(number, field)
            .map(Origin::address)
            .unwrap_or_default();
        Some(NowCell {
            cell,
            raw: ledger.raw(number, field).into_owned(),
        })
    };
    track::compare(baseline, report, &value);
}

/// Applies the waivers of `heyan.toml`; `full`: no rule was left out.
pub(super) fn waive(config: &Config, report: &mut Report, full: bool) {
    let waivers: Vec<Waiver> = config
        .waivers
        .iter()
        .map(|entry| Waiver {
            rule: entry.rule.clone(),
            record: entry.record.iter().cloned().collect(),
            reason: entry.reason.clone(),
            approved_by: entry.approved_by.clone(),
            expires: entry.expires.to_string(),
            line: entry.line,
        })
        .collect();
    let terms = WaiverTerms {
        longest_months: config.waiver_terms.longest_months,
        near_days: config.waiver_terms.near_days,
    };
    Waivers::new(&waivers, terms).apply(report, full);
}
