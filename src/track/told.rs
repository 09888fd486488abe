//! What a report knows of cells it does not list: the changes of an earlier comparison.

use std::collections::HashMap;

use super::NowCell;
use crate::finding::{RecordReport, Resolved, ResolvedStatus};

/// What a report that was itself compared with a baseline tells of the cells behind findings that are gone.
pub(super) struct Told<'r> {
    cells: HashMap<(&'r str, &'r str, &'r str), NowCell>,
}

impl<'r> Told<'r> {
    pub(super) fn new(resolved: &'r [Resolved]) -> Self {
        let mut cells = HashMap::new();
        for resolved in resolved {
            let certain = matches!(
                resolved.status,
                ResolvedStatus::Rectified | ResolvedStatus::Altered
            );
            // A group has cells of several records under one field name; the report shows those by themselves.
            let [record] = resolved.finding.records.as_slice() else {
                continue;
            };
            if !certain {
                continue;
            }
            for change in &resolved.changes {
                let cell = NowCell {
                    cell: change.cell.clone(),
                    raw: change.after.clone(),
                };
                let village = resolved.finding.village.as_str();
                cells.insert((village, record.id.as_str(), change.field.as_str()), cell);
            }
        }
        Self { cells }
    }

    pub(super) fn value(&self, record: &RecordReport, field: &str) -> Option<NowCell> {
        let (village, id) = (record.village.as_str(), record.id.as_str());
        self.cells.get(&(village, id, field)).cloned()
    }
}
