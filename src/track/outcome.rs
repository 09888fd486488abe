//! What became of a finding that the later scan does not have.

use super::changes::{Changes, Shown, Values, changes, column_is_full, is_blank};
use super::index::Index;
use super::locate::{Located, locate, locate_record};
use super::told::Told;
use crate::finding::{
    Evidence, Finding, IssueKind, RecordReport, Report, ResolvedChange, ResolvedStatus,
};
use crate::lang::{Bilingual, Lang};

/// What became of a finding, and the reason.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) status: ResolvedStatus,
    pub(super) changes: Vec<ResolvedChange>,
    pub(super) why: Bilingual,
}

/// The two reports of a comparison, made fit for looking things up in.
pub(super) struct Pair<'p> {
    pub(super) before: Index<'p>,
    pub(super) now: Index<'p>,
    pub(super) shown: Shown<'p>,
    pub(super) values: &'p Values<'p>,
    told: Told<'p>,
}

/// Whether a rule is the same in both reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuleChange {
    /// It is.
    Same,
    /// It is not.
    Changed,
    /// Some rule or limit changed, and the reports do not tell which.
    Doubtful,
}

impl<'p> Pair<'p> {
    pub(super) fn new(before: &'p Report, now: &'p Report, values: &'p Values<'p>) -> Self {
        Self {
            before: Index::new(before),
            now: Index::new(now),
            shown: Shown::new(now),
            values,
            told: Told::new(now.resolved.as_deref().unwrap_or_default()),
        }
    }

    /// Whether a rule that both reports have is the same in both.
    pub(super) fn rule_change(&self, rule: &str) -> RuleChange {
        let digest = |index: &Index<'_>| {
            index
                .rule(rule)
                .map_or("", |r| r.digest.as_str())
                .to_owned()
        };
        let (before, now) = (digest(&self.before), digest(&self.now));
        if !before.is_empty() && !now.is_empty() {
            return if before == now {
                RuleChange::Same
            } else {
                RuleChange::Changed
            };
        }
        if self.before.report.tool.rules == self.now.report.tool.rules {
            RuleChange::Same
        } else {
            RuleChange::Doubtful
        }
    }

    /// Where the records of a finding are now, in its order.
    pub(super) fn located(&self, finding: &Finding) -> Vec<Located<'p>> {
        let village = (finding.town.as_str(), finding.village.as_str());
        finding
            .records
            .iter()
            .map(|record| locate(record, village, &self.before, &self.now))
            .collect()
    }

    fn changes(&self, finding: &Finding, located: &[Located<'p>]) -> Changes {
        let owner = |evidence: &Evidence| self.owner(evidence, finding, located);
        let values = |record: &RecordReport, field: &str| {
            (self.values)(record, field).or_else(|| self.told.value(record, field))
        };
        changes(&finding.evidence, &self.now, &self.shown, &values, owner)
    }

    /// The record of the later scan that a deciding cell belongs to: a record of the finding, or a related one.
    fn owner(
        &self,
        evidence: &Evidence,
        finding: &Finding,
        located: &[Located<'p>],
    ) -> Option<&'p RecordReport> {
        let row = row_of(&evidence.cell)?;
        let own = finding.records.iter().zip(located).find(|(record, _)| {
            record.file == evidence.file && record.sheet == evidence.sheet && record.row == row
        });
        if let Some((_, located)) = own {
            return located.record();
        }
        if let Some(record) = self.before.at(
            (&finding.town, &finding.village),
            (&evidence.file, &evidence.sheet, row),
        ) {
            return locate_record(record, &self.before, &self.now).record();
        }
        // A merged cell stands above the row it belongs to; with one record there is no doubt which.
        match (finding.records.as_slice(), located) {
            ([record], [located])
                if record.file == evidence.file && record.sheet == evidence.sheet =>
            {
                located.record()
            }
            _ => None,
        }
    }
}

/// The row of an A1 address, counted from 1.
fn row_of(cell: &str) -> Option<u32> {
    cell.trim_start_matches(|c: char| c.is_ascii_alphabetic())
        .parse()
        .ok()
}

/// What became of a finding of the earlier report that no finding of the later one continues.
pub(super) fn outcome(finding: &Finding, pair: &Pair<'_>) -> Outcome {
    let now = pair.now.report;
    let village = pair.now.village(&finding.town, &finding.village);
    if finding.records.is_empty() {
        return without_records(finding, pair);
    }
    if now.records.is_empty() && now.balance.records > 0 {
        return unknown(
            "本次报告不含记录清单，无法核对；请不加 --no-records 重新检查",
            "this report has no list of records to compare with; scan again without --no-records",
        );
    }
    let located = pair.located(finding);
    if let Some(missing) = gone(finding, &located, pair) {
        return missing;
    }
    if !pair.now.knows(village) && located.iter().all(|l| l.record().is_none()) {
        return not_supplied(finding, "");
    }
    if pair.before.is_of_rule(finding) || pair.now.is_of_rule(finding) {
        of_rule(finding, &located, pair)
    } else {
        of_issue(finding, &located, pair)
    }
}

/// The outcome where a record of the finding cannot be found; `None` where all of them are there.
fn gone(finding: &Finding, located: &[Located<'_>], pair: &Pair<'_>) -> Option<Outcome> {
    let village = pair.now.village(&finding.town, &finding.village);
    for (record, located) in finding.records.iter().zip(located) {
        let kind = match located {
            Located::Same(_) | Located::ByKey { .. } => continue,
            Located::Unclear => {
                return Some(unknown(
                    format!(
                        "记录 {} 的编号已不存在，其他关键字段与多条记录相同，无法确定是哪一条",
                        record.key
                    ),
                    format!(
                        "the number of record {} is gone and several records share its other key; it is not certain which one it is",
                        record.key
                    ),
                ));
            }
            Located::Gone { kind } => kind.as_deref(),
        };
        let Some(kind) = kind else {
            return Some(unknown(
                format!("基线报告没有写明记录 {} 属于哪种台账，无法核对", record.key),
                format!(
                    "the baseline does not tell which ledger record {} belongs to",
                    record.key
                ),
            ));
        };
        if pair.now.has_file(&record.file) && !pair.now.was_read(&record.file) {
            return Some(unknown(
                format!("本次无法读取原文件 {}，未能核对", record.file),
                format!(
                    "the file it stood in, {}, could not be read this time",
                    record.file
                ),
            ));
        }
        if !pair.now.supplied(village, kind) {
            return Some(not_supplied(finding, kind));
        }
        let (zh, en) = if pair.now.was_read(&record.file) {
            (
                format!("{}仍在，其中已没有该记录", record.file),
                format!(
                    "{} is still there, but the record is not in it",
                    record.file
                ),
            )
        } else {
            (
                format!("原文件 {} 本次未提供", record.file),
                format!(
                    "the file it stood in, {}, was not supplied this time",
                    record.file
                ),
            )
        };
        return Some(Outcome {
            status: ResolvedStatus::Vanished,
            changes: Vec::new(),
            why: Bilingual::new(
                format!(
                    "该村本次提供了同类台账，但按编号和其他关键字段都找不到记录 {}（{zh}）；请说明去向",
                    record.key
                ),
                format!(
                    "the village supplied this kind of ledger, but record {} is found neither by its number nor by its other keys ({en}); to be explained",
                    record.key
                ),
            ),
        });
    }
    None
}

/// The outcome of a rule's finding whose records are all there.
fn of_rule(finding: &Finding, located: &[Located<'_>], pair: &Pair<'_>) -> Outcome {
    let Some(_) = pair.now.rule(&finding.rule) else {
        return unknown("本次未执行该规则", "the rule was not part of this scan");
    };
    let records: Vec<_> = located.iter().filter_map(Located::record).collect();
    let letters: Vec<_> = records
        .iter()
        .map(|record| pair.now.letter(&finding.rule, record).unwrap_or('.'))
        .collect();
    let has = |letter| letters.contains(&letter);
    if has('v') || has('u') {
        return still_open(finding, &records, pair);
    }
    if has('x') {
        return not_run(finding, pair);
    }
    if has('.') {
        return unknown(
            "规则已改动，不再检查这种台账",
            "the rule changed and no longer looks at this kind of ledger",
        );
    }
    let found = pair.changes(finding, located);
    judge(finding, located, found, has('-'), pair)
}

/// The outcome where the rule now decides in the records' favour, or does not bind them any more.
fn judge(
    finding: &Finding,
    located: &[Located<'_>],
    found: Changes,
    not_applicable: bool,
    pair: &Pair<'_>,
) -> Outcome {
    let rule_change = pair.rule_change(&finding.rule);
    let changed = !found.changed.is_empty();
    let blanked = found.blanked();
    let cells = what_changed(&found);
    if !finding.curable && changed {
        return altered(
            found.changed,
            format!("该问题属已发生的行为，改台账不能消除；{}，请说明", cells.zh),
            format!(
                "it is about a past act, which no change of the ledger undoes; {}; to be explained",
                cells.en
            ),
        );
    }
    match rule_change {
        RuleChange::Changed => {
            return Outcome {
                changes: found.changed,
                ..unknown(
                    format!("规则或限额已改动，不能据此认定已整改；{}", cells.zh),
                    format!(
                        "the rule or its limits changed, so this does not show that it was put right; {}",
                        cells.en
                    ),
                )
            };
        }
        RuleChange::Doubtful if !changed => {
            return unknown(
                format!("规则包已改动，不能确定是规则变了还是台账改了；{}", cells.zh),
                format!(
                    "the rule pack changed, so it is not certain whether the rule or the ledger did; {}",
                    cells.en
                ),
            );
        }
        RuleChange::Doubtful | RuleChange::Same => {}
    }
    if !finding.curable {
        return altered(
            found.changed,
            format!("该问题属已发生的行为，改台账不能消除；{}，请说明", cells.zh),
            format!(
                "it is about a past act, which no change of the ledger undoes; {}; to be explained",
                cells.en
            ),
        );
    }
    if not_applicable {
        return altered(
            found.changed,
            format!("改动后规则不再适用于该记录；{}，请说明", cells.zh),
            format!(
                "after the change the rule no longer binds the record; {}; to be explained",
                cells.en
            ),
        );
    }
    if blanked {
        return altered(
            found.changed,
            format!("决定性单元格被清空；{}，请补正或说明", cells.zh),
            format!(
                "a cell that decided it was blanked; {}; to be filled in or explained",
                cells.en
            ),
        );
    }
    if let Some(moved) = moved(finding, located, pair) {
        return altered(
            found.changed,
            format!("{}；{}，请说明", moved.zh, cells.zh),
            format!("{}; {}; to be explained", moved.en, cells.en),
        );
    }
    Outcome {
        status: ResolvedStatus::Rectified,
        changes: found.changed,
        why: Bilingual::new(
            format!("同一记录现已符合规则；{}", cells.zh),
            format!("the same record now complies; {}", cells.en),
        ),
    }
}

/// Says that a record was renumbered or moved to another workbook; `None` where every one is where it was. A new
/// edition of the workbook under another name is no move: the old one is then not among the files any more.
fn moved(finding: &Finding, located: &[Located<'_>], pair: &Pair<'_>) -> Option<Bilingual> {
    finding
        .records
        .iter()
        .zip(located)
        .find_map(|(record, located)| match located {
            Located::ByKey { now, key } => Some(Bilingual::new(
                format!(
                    "记录的编号由 {} 改为 {}（按 {key} 对上）",
                    record.id, now.id
                ),
                format!(
                    "the record was renumbered from {} to {} (matched by {key})",
                    record.id, now.id
                ),
            )),
            Located::Same(now) if now.file != record.file && pair.now.was_read(&record.file) => {
                Some(Bilingual::new(
                    format!("记录由 {} 移至 {}", record.file, now.file),
                    format!("the record was moved from {} to {}", record.file, now.file),
                ))
            }
            _ => None,
        })
}

/// The outcome where records are still against the rule, but the list has no finding that continues this one.
fn still_open(finding: &Finding, records: &[&RecordReport], pair: &Pair<'_>) -> Outcome {
    let village = pair.now.village(&finding.town, &finding.village);
    let other = records
        .iter()
        .flat_map(|record| pair.now.findings_on(&finding.rule, village, &record.id))
        .next()
        .and_then(|&at| pair.now.report.findings.get(at));
    match other {
        Some(other) => unknown(
            format!("记录仍不符合或待核，已并入问题 {}", other.fingerprint),
            format!(
                "the record is still against the rule or undetermined, as part of finding {}",
                other.fingerprint
            ),
        ),
        None => unknown(
            "记录仍不符合或待核，但本次清单没有列出（可能被筛除）",
            "the record is still against the rule or undetermined, but this list leaves it out",
        ),
    }
}

/// The outcome where the rule could not run on the record.
fn not_run(finding: &Finding, pair: &Pair<'_>) -> Outcome {
    let lack = pair
        .now
        .report
        .not_run
        .iter()
        .find(|n| n.rule == finding.rule && n.village == finding.village);
    match lack {
        Some(lack) => unknown(
            format!("本次缺少“{}”，规则未能执行", lack.name),
            format!("the rule could not run for lack of “{}”", lack.name),
        ),
        None => unknown(
            "规则本次未能在该记录上执行",
            "the rule could not run on the record this time",
        ),
    }
}

/// The outcome of a data issue about records that are all there.
fn of_issue(finding: &Finding, located: &[Located<'_>], pair: &Pair<'_>) -> Outcome {
    let found = pair.changes(finding, located);
    let cells = what_changed(&found);
    let still_blank = found.changed.iter().any(|change| is_blank(&change.after));
    if still_blank {
        return altered(
            found.changed,
            format!("单元格被清空，未补正；{}", cells.zh),
            format!(
                "the cell was blanked instead of being corrected; {}",
                cells.en
            ),
        );
    }
    let full = || {
        !finding.evidence.is_empty()
            && finding.evidence.iter().all(|cell| {
                pair.owner(cell, finding, located)
                    .is_some_and(|record| column_is_full(&pair.now, record, &cell.field))
            })
    };
    if found.changed.is_empty() && !full() {
        return if found.complete && !finding.evidence.is_empty() {
            unknown(
                "单元格没有变化，程序的识别或相关内容有变，不能据此认定已整改",
                "its cells did not change; something else did, which does not show that it was put right",
            )
        } else {
            unknown(
                "报告没有写明该单元格现在的内容，无法认定；检查时用 --baseline 指向上一次报告即可判断",
                "the report does not show what the cell holds now; scanning with --baseline tells",
            )
        };
    }
    if let Some(moved) = moved(finding, located, pair) {
        return altered(
            found.changed,
            format!("{}；{}，请说明", moved.zh, cells.zh),
            format!("{}; {}; to be explained", moved.en, cells.en),
        );
    }
    if !finding.curable {
        return altered(
            found.changed,
            format!("{}，请说明", cells.zh),
            format!("{}; to be explained", cells.en),
        );
    }
    Outcome {
        status: ResolvedStatus::Rectified,
        changes: found.changed,
        why: Bilingual::new(
            format!("该数据问题已不存在；{}", cells.zh),
            format!("the data issue is gone; {}", cells.en),
        ),
    }
}

/// The outcome of a finding about a file, sheet, table or column.
fn without_records(finding: &Finding, pair: &Pair<'_>) -> Outcome {
    let village = pair.now.village(&finding.town, &finding.village);
    let place = finding.evidence.first();
    let own = (finding.town.as_str(), finding.village.as_str());
    let table = |row: Option<u32>| {
        let place = place?;
        pair.before.table(own, &place.file, &place.sheet, row)
    };
    let kind = place
        .and_then(|place| row_of(&place.cell))
        .and_then(|row| table(Some(row)))
        .or_else(|| table(None))
        .map(|table| table.kind.as_str());
    let checked = match (kind, place) {
        (Some(kind), _) => pair.now.supplied(village, kind),
        (None, Some(place)) => pair.now.was_read(&place.file),
        (None, None) => pair.now.knows(village),
    };
    if !checked {
        return not_supplied(finding, kind.unwrap_or_default());
    }
    let total = IssueKind::from_id(&finding.rule) == Some(IssueKind::TotalRowMismatch);
    if total && !kind.is_some_and(|kind| has_total(pair, village, kind)) {
        return altered(
            Vec::new(),
            "合计行已不在台账中，请说明".to_owned(),
            "the row of totals is not in the ledger any more; to be explained".to_owned(),
        );
    }
    if !finding.curable {
        return altered(
            Vec::new(),
            "该问题已不存在，但不能凭台账消除，请说明".to_owned(),
            "it is gone, but a ledger cannot strike it off; to be explained".to_owned(),
        );
    }
    Outcome {
        status: ResolvedStatus::Rectified,
        changes: Vec::new(),
        why: Bilingual::new(
            "该村本次提供了同类台账，其中已没有这个问题",
            "the village supplied the ledger again and the issue is gone",
        ),
    }
}

/// Whether a table of the village's ledgers of a kind has a row of totals.
fn has_total(pair: &Pair<'_>, (town, village): (&str, &str), kind: &str) -> bool {
    pair.now
        .report
        .inputs
        .iter()
        .flat_map(|input| &input.tables)
        .filter(|table| table.kind == kind && table.town == town && table.village == village)
        .flat_map(|table| &table.ignored_rows)
        .any(|row| row.why == "total" || row.why == "subtotal")
}

/// Says which of the deciding cells changed.
fn what_changed(found: &Changes) -> Bilingual {
    if found.changed.is_empty() {
        return if found.complete {
            Bilingual::new(
                "决定性单元格没有变化，变的是相关台账或基准日",
                "its own cells did not change, so a related ledger or the as-of date did",
            )
        } else {
            Bilingual::new(
                "报告没有写明单元格现在的内容",
                "the report does not show what its cells hold now",
            )
        };
    }
    let list = |lang: Lang| {
        let one = |change: &ResolvedChange| {
            let text = |raw: &str| {
                if raw.trim().is_empty() {
                    lang.pick("（空）", "(blank)").to_owned()
                } else {
                    raw.trim().to_owned()
                }
            };
            let (before, after) = (text(&change.before), text(&change.after));
            match lang {
                Lang::Zh => format!("{}由 {before} 改为 {after}", change.field),
                Lang::En => format!("{} changed from {before} to {after}", change.field),
            }
        };
        found
            .changed
            .iter()
            .map(one)
            .collect::<Vec<_>>()
            .join(lang.pick("、", ", "))
    };
    Bilingual::new(list(Lang::Zh), list(Lang::En))
}

fn altered(changes: Vec<ResolvedChange>, zh: String, en: String) -> Outcome {
    Outcome {
        status: ResolvedStatus::Altered,
        changes,
        why: Bilingual::new(zh, en),
    }
}

fn unknown(zh: impl Into<String>, en: impl Into<String>) -> Outcome {
    Outcome {
        status: ResolvedStatus::Unknown,
        changes: Vec::new(),
        why: Bilingual::new(zh.into(), en.into()),
    }
}

fn not_supplied(finding: &Finding, kind: &str) -> Outcome {
    let village = &finding.village;
    if kind.is_empty() {
        return unknown(
            format!("{village}本次没有提供原台账，未能核对"),
            format!("{village} did not supply the ledger this time"),
        );
    }
    let name = |lang| crate::report::kind_name(kind, lang);
    unknown(
        format!("{village}本次没有提供{}台账，未能核对", name(Lang::Zh)),
        format!(
            "{village} did not supply its ledger of {} this time",
            name(Lang::En)
        ),
    )
}
