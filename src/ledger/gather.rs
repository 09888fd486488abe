//! The ledgers of all files by village; what stands in two tables is counted once.

use std::collections::{BTreeMap, HashMap};

use super::{Datum, FieldId, KindId, Ledger, Origin, Village, VillageName};
use crate::finding::{Issue, IssueCell, IssueKind};
use crate::lang::Bilingual;

/// Differing fields that one issue lists at most.
const MOST: usize = 6;

/// Puts the ledgers together by village (sorted), and marks the records that repeat one of another table.
pub(super) fn gather(ledgers: Vec<(VillageName, Ledger)>) -> (Vec<Village>, Vec<Issue>) {
    let towns = towns(&ledgers);
    let mut by_village: BTreeMap<VillageName, Vec<Ledger>> = BTreeMap::new();
    for (mut village, ledger) in ledgers {
        if village.town.is_empty()
            && let Some(town) = towns.get(&village.name)
        {
            village.town = town.clone();
        }
        by_village.entry(village).or_default().push(ledger);
    }
    let mut issues = Vec::new();
    let villages = by_village
        .into_iter()
        .map(|(name, mut ledgers)| {
            ledgers.sort_by_key(|ledger| (ledger.file, ledger.table));
            mark_copies(&name, &mut ledgers, &mut issues);
            Village { name, ledgers }
        })
        .collect();
    (villages, issues)
}

/// The town of each village's name that is known with one town only: a table that does not tell its town is of that one.
fn towns(ledgers: &[(VillageName, Ledger)]) -> BTreeMap<std::sync::Arc<str>, std::sync::Arc<str>> {
    let mut known: BTreeMap<std::sync::Arc<str>, Vec<std::sync::Arc<str>>> = BTreeMap::new();
    for (village, _) in ledgers {
        let towns = known.entry(village.name.clone()).or_default();
        if !village.town.is_empty() && !towns.contains(&village.town) {
            towns.push(village.town.clone());
        }
    }
    known
        .into_iter()
        .filter_map(|(name, mut towns)| (towns.len() == 1).then(|| (name, towns.remove(0))))
        .collect()
}

/// A record of an earlier table with the same id as one of a later table.
struct Match {
    record: u32,
    earlier: u32,
    /// Fields that both fill alike, and that they fill differently.
    same: usize,
    differs: Vec<FieldId>,
}

impl Match {
    /// Whether the two are the same record: most of what both fill is alike.
    fn is_same_record(&self) -> bool {
        self.same >= self.differs.len()
    }
}

fn mark_copies(village: &VillageName, ledgers: &mut [Ledger], issues: &mut Vec<Issue>) {
    let mut kinds: Vec<KindId> = ledgers.iter().map(|ledger| ledger.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let places: Vec<usize> = (0..ledgers.len())
            .filter(|at| ledgers[*at].kind == kind)
            .collect();
        if places.len() < 2 {
            continue;
        }
        // Matches of each later table with each earlier one.
        let mut matches: BTreeMap<(usize, usize), Vec<Match>> = BTreeMap::new();
        {
            let mut seen: HashMap<&str, (usize, u32)> = HashMap::new();
            for &at in &places {
                let ledger = &ledgers[at];
                for (record, id) in (0_u32..).zip(&ledger.ids) {
                    if id.is_empty() || ledger.is_copy(record) {
                        continue;
                    }
                    match seen.get(&**id) {
                        None => {
                            seen.insert(id, (at, record));
                        }
                        Some(&(earlier_at, earlier)) if earlier_at != at => {
                            let found = compare(ledger, record, &ledgers[earlier_at], earlier);
                            matches.entry((at, earlier_at)).or_default().push(found);
                        }
                        Some(_) => {}
                    }
                }
            }
        }
        for ((at, earlier_at), found) in matches {
            let (same, other): (Vec<&Match>, Vec<&Match>) =
                found.iter().partition(|m| m.is_same_record());
            // Numbers that begin anew in every table say nothing of two records being one.
            let local = other.len() >= 3 && other.len() > same.len();
            for found in &same {
                if !found.differs.is_empty() {
                    issues.push(conflict(village, &ledgers[at], &ledgers[earlier_at], found));
                }
            }
            if !local {
                for found in &other {
                    issues.push(conflict(village, &ledgers[at], &ledgers[earlier_at], found));
                }
            }
            let records: Vec<u32> = same.iter().map(|found| found.record).collect();
            if !records.is_empty() {
                issues.push(duplicate(
                    village,
                    &ledgers[at],
                    &ledgers[earlier_at],
                    &records,
                ));
                let ledger = &mut ledgers[at];
                ledger.copies.resize(ledger.len(), false);
                for record in records {
                    ledger.copies[record as usize] = true;
                }
            }
        }
    }
}

/// Compares what two records of a kind both fill.
fn compare(a: &Ledger, record: u32, b: &Ledger, earlier: u32) -> Match {
    let mut found = Match {
        record,
        earlier,
        same: 0,
        differs: Vec::new(),
    };
    for (field, known) in (0..).map(FieldId).zip(&a.kind_of.fields) {
        if known.optional {
            continue;
        }
        let (x, y) = (a.get(record, field), b.get(earlier, field));
        if !x.is_value() || !y.is_value() {
            continue;
        }
        let inferred = |ledger: &Ledger, record| {
            ledger
                .origin(record, field)
                .is_some_and(|origin| origin.inferred)
        };
        if inferred(a, record) || inferred(b, earlier) {
            continue;
        }
        let alike = match (x, y) {
            (Datum::Text(x), Datum::Text(y)) => a.text(a.folded(x)) == b.text(b.folded(y)),
            (x, y) => x == y,
        };
        if alike {
            found.same += 1;
        } else {
            found.differs.push(field);
        }
    }
    found
}

fn issue(
    village: &VillageName,
    ledger: &Ledger,
    kind: IssueKind,
    message: Bilingual,
    remedy: Bilingual,
) -> Issue {
    Issue {
        kind,
        file: ledger.file,
        table: Some(ledger.table),
        sheet: ledger.sheet.to_string(),
        town: village.town.to_string(),
        village: village.name.to_string(),
        ledger: ledger.kind_of.id.clone(),
        field: String::new(),
        records: Vec::new(),
        cells: Vec::new(),
        message,
        remedy,
        unproven: false,
    }
}

fn duplicate(village: &VillageName, ledger: &Ledger, earlier: &Ledger, records: &[u32]) -> Issue {
    let (file, sheet, count) = (&earlier.file_name, &earlier.sheet, records.len());
    let whole = count == ledger.len();
    let message = if whole {
        Bilingual::new(
            format!("本表{count}条记录全部已见于“{file}”工作表“{sheet}”，不重复计算"),
            format!(
                "All {count} records of this table already stand in “{file}”, sheet “{sheet}”; they are not counted again"
            ),
        )
    } else {
        Bilingual::new(
            format!(
                "本表{}条记录中有{count}条已见于“{file}”工作表“{sheet}”，这些记录不重复计算",
                ledger.len()
            ),
            format!(
                "{count} of the {} records of this table already stand in “{file}”, sheet “{sheet}”; these are not counted again",
                ledger.len()
            ),
        )
    };
    let mut issue = issue(
        village,
        ledger,
        IssueKind::DuplicateTable,
        message,
        Bilingual::new(
            "请确认两份台账以哪一份为准，只报送一份",
            "Make sure which of the two holds and hand in only that one",
        ),
    );
    issue.records = records
        .iter()
        .take(200)
        .map(|record| {
            (
                ledger.ids[*record as usize].to_string(),
                ledger.rows[*record as usize] + 1,
            )
        })
        .collect();
    issue
}

fn conflict(village: &VillageName, ledger: &Ledger, earlier: &Ledger, found: &Match) -> Issue {
    let fields = found.differs.iter().take(MOST);
    let row = ledger.rows[found.record as usize] + 1;
    let earlier_row = earlier.rows[found.earlier as usize] + 1;
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    let mut cells = Vec::new();
    for field in fields {
        let known = ledger.kind_of.field(*field);
        let here = ledger.print(found.record, *field).unwrap_or_default();
        let there = earlier.print(found.earlier, *field).unwrap_or_default();
        zh.push(format!("{} {here} / {there}", known.name));
        en.push(format!("{} {here} / {there}", known.en));
        let cell = ledger.origin(found.record, *field).and_then(Origin::cell);
        if let Some((row, col)) = cell {
            let header = ledger
                .columns
                .get(usize::from(field.0))
                .and_then(Option::as_ref);
            cells.push(IssueCell {
                row,
                col,
                header: header
                    .map(|column| column.header.to_string())
                    .unwrap_or_default(),
                field: known.name.clone(),
                raw: ledger.raw(found.record, *field).into_owned(),
            });
        }
    }
    let key = ledger
        .keys
        .get(found.record as usize)
        .and_then(|keys| keys.first())
        .map_or("", |key| key);
    let (file, sheet) = (&earlier.file_name, &earlier.sheet);
    let remedy = if found.is_same_record() {
        Bilingual::new(
            "请核对原件，以一处为准更正",
            "Check the original document and correct the one that is wrong",
        )
    } else {
        Bilingual::new(
            "请核对编号：确是两份合同的分别编号，是同一份的更正内容",
            "Check the number: two contracts need a number each, one contract must read alike in both places",
        )
    };
    let mut issue = issue(
        village,
        ledger,
        IssueKind::ConflictingRecord,
        Bilingual::new(
            format!(
                "“{key}”在本表第{row}行与“{file}”工作表“{sheet}”第{earlier_row}行内容不一致：{}",
                zh.join("；")
            ),
            format!(
                "“{key}” reads differently in row {row} here and in “{file}”, sheet “{sheet}”, row {earlier_row}: {}",
                en.join("; ")
            ),
        ),
        remedy,
    );
    issue.field = found
        .differs
        .first()
        .map(|field| ledger.kind_of.field(*field).name.clone())
        .unwrap_or_default();
    issue
        .records
        .push((ledger.ids[found.record as usize].to_string(), row));
    issue.cells = cells;
    issue
}
