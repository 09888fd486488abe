//! What a careful auditor would say of every change between two scans.

use super::sample::{Row, Scan, row, values};
use super::{Comparison, MatchedBy, compare, no_values};
use crate::finding::{Because, Report, ResolvedStatus, Status, Verdict};
use crate::lang::Lang;

/// A contract without filing, one signed after the start, and one in order.
fn spring() -> Vec<Row> {
    vec![
        row(
            "李庄村",
            "A1",
            ["修路", "甲公司", "2024-03-10", "2024-03-20", "80000", "否"],
        ),
        row(
            "李庄村",
            "A2",
            ["修渠", "乙公司", "2024-03-10", "2024-03-01", "60000", "是"],
        ),
        row(
            "李庄村",
            "A3",
            ["路灯", "丙公司", "2024-04-10", "2024-04-20", "70000", "是"],
        ),
    ]
}

fn against(before: &[Row], now: &[Row]) -> (Report, Comparison) {
    let baseline = Scan::on("2025-03-31").of(before);
    let mut report = Scan::on("2025-09-30").of(now);
    let comparison = compare(&baseline, &mut report, &values(now));
    (report, comparison)
}

/// Status, verdict before and reason of the only finding of a rule on a record.
fn standing(
    report: &Report,
    rule: &str,
    id: &str,
) -> Option<(Status, Verdict, Option<Verdict>, Option<Because>)> {
    let mut found = report
        .findings
        .iter()
        .filter(|f| f.rule == rule && f.records.iter().any(|r| r.id == id));
    let one = found.next()?;
    assert!(found.next().is_none(), "{rule} twice on {id}");
    Some((one.status.unwrap(), one.verdict, one.was, one.because))
}

/// What became of the finding of a rule on a record, with the fields that changed.
fn became(report: &Report, rule: &str, id: &str) -> Option<(ResolvedStatus, Vec<Change>)> {
    let resolved = report.resolved.as_ref().unwrap();
    let one = resolved
        .iter()
        .find(|r| r.finding.rule == rule && r.finding.records.iter().any(|r| r.id == id))?;
    assert!(!one.why.is_empty());
    let changes = one
        .changes
        .iter()
        .map(|c| (c.field.clone(), c.before.clone(), c.after.clone()));
    Some((one.status, changes.collect()))
}

/// Field, before and after.
type Change = (String, String, String);

fn change(field: &str, before: &str, after: &str) -> Change {
    (field.to_owned(), before.to_owned(), after.to_owned())
}

#[test]
fn the_same_ledgers_bring_nothing_new_and_resolve_nothing() {
    let (report, comparison) = against(&spring(), &spring());
    assert_eq!(report.findings.len(), 2);
    assert!(
        report
            .findings
            .iter()
            .all(|f| f.status == Some(Status::Unchanged) && f.was.is_none() && f.because.is_none())
    );
    assert_eq!(report.resolved.as_deref(), Some(&[][..]));
    assert!(
        comparison
            .matches
            .iter()
            .all(|m| m.by == MatchedBy::Fingerprint)
    );
}

#[test]
fn a_curable_finding_whose_cell_was_corrected_is_rectified_with_the_change() {
    let mut now = spring();
    now[0].filed = "是".to_owned();
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        became(&report, "missing-filing", "A1"),
        Some((
            ResolvedStatus::Rectified,
            vec![change("是否备案", "否", "是")]
        ))
    );
    assert_eq!(
        report.resolved.as_ref().unwrap()[0].changes[0].cell,
        "G4",
        "the address is that of this scan"
    );
}

#[test]
fn a_past_act_is_never_struck_off() {
    let mut now = spring();
    now[1].signed = "2024-02-28".to_owned();
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        became(&report, "signed-after-start", "A2"),
        Some((
            ResolvedStatus::Altered,
            vec![change("签订日期", "2024-03-10", "2024-02-28")]
        ))
    );
}

#[test]
fn a_blanked_cell_leaves_the_finding_open_as_undetermined() {
    let mut now = spring();
    now[0].filed = String::new();
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        standing(&report, "missing-filing", "A1"),
        Some((
            Status::Unchanged,
            Verdict::Undetermined,
            Some(Verdict::Violation),
            None
        ))
    );
    assert_eq!(became(&report, "missing-filing", "A1"), None);
}

#[test]
fn an_amount_edited_below_the_limit_is_altered() {
    let mut now = spring();
    now[0].amount = "49000".to_owned();
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        became(&report, "missing-filing", "A1"),
        Some((
            ResolvedStatus::Altered,
            vec![change("合同金额", "80000", "49000")]
        ))
    );
}

#[test]
fn a_deleted_row_is_vanished_and_a_missing_workbook_unknown() {
    let mut now = spring();
    now.remove(0);
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        became(&report, "missing-filing", "A1"),
        Some((ResolvedStatus::Vanished, vec![]))
    );
    let other = vec![row(
        "王庄村",
        "B1",
        ["修路", "丁公司", "2024-03-10", "2024-03-20", "80000", "是"],
    )];
    let (report, _) = against(&spring(), &other);
    for (rule, id) in [("missing-filing", "A1"), ("signed-after-start", "A2")] {
        assert_eq!(
            became(&report, rule, id),
            Some((ResolvedStatus::Unknown, vec![])),
            "{rule}"
        );
    }
}

#[test]
fn a_renumbered_record_goes_on_under_its_new_number() {
    let mut now = spring();
    now[0].no = "B9".to_owned();
    let (report, comparison) = against(&spring(), &now);
    assert_eq!(
        standing(&report, "missing-filing", "B9").map(|s| s.0),
        Some(Status::Unchanged)
    );
    assert_eq!(report.resolved.as_deref(), Some(&[][..]));
    assert!(comparison.matches.iter().any(|m| m.by
        == MatchedBy::Key {
            key: "修路 甲公司 2024-03-10".to_owned(),
            before: "A1".to_owned(),
            now: "B9".to_owned()
        }));
    assert!(
        report.notes.iter().any(|n| n.contains("A1 → B9")),
        "{:?}",
        report.notes
    );
}

#[test]
fn a_renumbered_record_is_not_rectified_even_where_it_complies_now() {
    let mut now = spring();
    now[0].no = "B9".to_owned();
    now[0].filed = "是".to_owned();
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        became(&report, "missing-filing", "A1"),
        Some((
            ResolvedStatus::Altered,
            vec![change("是否备案", "否", "是")]
        ))
    );
    let why = &report.resolved.as_ref().unwrap()[0].why;
    assert!(why.contains("B9"), "{why}");
}

#[test]
fn a_number_that_was_given_to_another_record_does_not_hide_the_first() {
    // A1 became B9, and a contract that is in order took the number A1.
    let mut now = spring();
    now[0].no = "B9".to_owned();
    now.push(row(
        "李庄村",
        "A1",
        ["绿化", "己公司", "2025-05-10", "2025-05-20", "90000", "是"],
    ));
    let (report, _) = against(&spring(), &now);
    assert_eq!(became(&report, "missing-filing", "A1"), None);
    assert_eq!(
        standing(&report, "missing-filing", "B9").map(|s| s.0),
        Some(Status::Unchanged)
    );
    // Nor does it where the other contract is against the same rule.
    now[3].filed = "否".to_owned();
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        standing(&report, "missing-filing", "B9").map(|s| s.0),
        Some(Status::Unchanged)
    );
    assert_eq!(
        standing(&report, "missing-filing", "A1").and_then(|s| s.3),
        Some(Because::Record)
    );
}

#[test]
fn a_record_moved_to_another_workbook_is_the_same_record_and_never_rectified() {
    let mut now = spring();
    now[0].file = "旧合同.xlsx".to_owned();
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        standing(&report, "missing-filing", "A1").map(|s| s.0),
        Some(Status::Unchanged)
    );
    now[0].filed = "是".to_owned();
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        became(&report, "missing-filing", "A1").map(|b| b.0),
        Some(ResolvedStatus::Altered)
    );
    // A new edition of the whole workbook is no move.
    for row in &mut now {
        row.file = "李庄村（秋）.xlsx".to_owned();
    }
    let (report, _) = against(&spring(), &now);
    assert_eq!(
        became(&report, "missing-filing", "A1").map(|b| b.0),
        Some(ResolvedStatus::Rectified)
    );
}

#[test]
fn new_findings_say_why_they_are_new() {
    let mut now = spring();
    now[2].filed = "否".to_owned();
    now.push(row(
        "李庄村",
        "A4",
        ["绿化", "己公司", "2025-05-10", "2025-05-20", "90000", "否"],
    ));
    let (report, _) = against(&spring(), &now);
    let because = |id| standing(&report, "missing-filing", id).and_then(|s| s.3);
    assert_eq!(because("A3"), Some(Because::Fact));
    assert_eq!(because("A4"), Some(Because::Record));
    assert_eq!(because("A1"), None);
}

#[test]
fn a_rule_or_limit_that_is_new_never_makes_a_new_fact() {
    let mut low = spring();
    low[2].filed = "否".to_owned();
    let with_limit = |limit| Scan {
        filing_from: limit,
        ..Scan::on("2025-09-30")
    };
    let baseline = with_limit(75_000).of(&low);
    let mut report = with_limit(50_000).of(&low);
    compare(&baseline, &mut report, &values(&low));
    assert_eq!(
        standing(&report, "missing-filing", "A3").and_then(|s| s.3),
        Some(Because::Rule)
    );
    // The other way round the limit rose: nobody put anything right.
    let baseline = with_limit(50_000).of(&low);
    let mut report = with_limit(75_000).of(&low);
    compare(&baseline, &mut report, &values(&low));
    assert_eq!(
        became(&report, "missing-filing", "A3"),
        Some((ResolvedStatus::Unknown, vec![]))
    );
    // A rule that the baseline did not have.
    let few = Scan {
        rules: vec!["missing-filing"],
        ..Scan::on("2025-03-31")
    };
    let baseline = few.of(&spring());
    let mut report = Scan::on("2025-09-30").of(&spring());
    compare(&baseline, &mut report, &values(&spring()));
    assert_eq!(
        standing(&report, "signed-after-start", "A2").and_then(|s| s.3),
        Some(Because::Rule)
    );
    // And one that this scan does not have.
    let baseline = Scan::on("2025-03-31").of(&spring());
    let mut report = few.of(&spring());
    compare(&baseline, &mut report, &values(&spring()));
    assert_eq!(
        became(&report, "signed-after-start", "A2").map(|b| b.0),
        Some(ResolvedStatus::Unknown)
    );
}

#[test]
fn without_rule_digests_a_changed_pack_leaves_it_to_the_cells() {
    let how = |limit| Scan {
        filing_from: limit,
        digests: false,
        ..Scan::on("2025-09-30")
    };
    let mut now = spring();
    now[0].filed = "是".to_owned();
    let baseline = how(50_000).of(&spring());
    let mut report = how(49_000).of(&now);
    compare(&baseline, &mut report, &values(&now));
    assert_eq!(
        became(&report, "missing-filing", "A1").map(|b| b.0),
        Some(ResolvedStatus::Rectified)
    );
    let mut report = how(49_000).of(&now);
    compare(&baseline, &mut report, &no_values);
    assert_eq!(
        became(&report, "missing-filing", "A1").map(|b| b.0),
        Some(ResolvedStatus::Unknown)
    );
}

#[test]
fn a_group_whose_member_was_deleted_is_vanished_and_a_smaller_group_goes_on() {
    let group = |amounts: [&str; 3]| -> Vec<Row> {
        amounts
            .iter()
            .zip(["G1", "G2", "G3"])
            .map(|(amount, no)| {
                row(
                    "李庄村",
                    no,
                    [no, "甲公司", "2024-03-10", "2024-03-20", amount, "是"],
                )
            })
            .collect()
    };
    let before = group(["90000", "90000", "110000"]);
    // Without its first member the group goes on, under another fingerprint.
    let now = before[1..].to_vec();
    let (report, comparison) = against(&before, &now);
    assert_eq!(
        standing(&report, "split-contracts", "G2").map(|s| s.0),
        Some(Status::Unchanged)
    );
    assert!(
        comparison
            .matches
            .iter()
            .any(|m| m.by == MatchedBy::Members)
    );
    // Two members gone: what is left is no group, but nothing was put right.
    let (report, _) = against(&before, &before[..1]);
    assert_eq!(
        became(&report, "split-contracts", "G1").map(|b| b.0),
        Some(ResolvedStatus::Vanished)
    );
    // All members there, the amounts changed.
    let (report, _) = against(&before, &group(["20000", "90000", "80000"]));
    let (status, changes) = became(&report, "split-contracts", "G1").unwrap();
    assert_eq!(status, ResolvedStatus::Altered);
    assert_eq!(changes.len(), 2);
}

#[test]
fn a_data_issue_is_rectified_only_where_the_cell_holds_something_else() {
    let mut before = spring();
    before[2].signed = "2月30日".to_owned();
    let mut now = spring();
    now[2].name = before[2].name.clone();
    let (report, _) = against(&before, &now);
    assert_eq!(
        became(&report, "invalid-date", "A3"),
        Some((
            ResolvedStatus::Rectified,
            vec![change("签订日期", "2月30日", "2024-04-10")]
        ))
    );
    now[2].signed = String::new();
    let (report, _) = against(&before, &now);
    assert_eq!(
        became(&report, "invalid-date", "A3").map(|b| b.0),
        Some(ResolvedStatus::Altered)
    );
    // Two reports alone do not tell what the cell holds now.
    now[2].signed = "2024-04-10".to_owned();
    let baseline = Scan::on("2025-03-31").of(&before);
    let mut report = Scan::on("2025-09-30").of(&now);
    compare(&baseline, &mut report, &no_values);
    assert_eq!(
        became(&report, "invalid-date", "A3").map(|b| b.0),
        Some(ResolvedStatus::Unknown)
    );
}

#[test]
fn a_report_shows_changes_of_rows_it_gives_as_context() {
    let mut now = spring();
    // The row is still against one rule, so the report shows it whole.
    now[0].filed = "是".to_owned();
    now[0].started = String::new();
    let baseline = Scan::on("2025-03-31").of(&spring());
    let mut report = Scan::on("2025-09-30").of(&now);
    compare(&baseline, &mut report, &no_values);
    assert_eq!(
        became(&report, "missing-filing", "A1"),
        Some((
            ResolvedStatus::Rectified,
            vec![change("是否备案", "否", "是")]
        ))
    );
}

#[test]
fn an_unreadable_workbook_leaves_its_findings_unknown() {
    let mut before = spring();
    before[1].file = "乙.xlsx".to_owned();
    let now: Vec<_> = spring().into_iter().filter(|r| r.no != "A2").collect();
    let baseline = Scan::on("2025-03-31").of(&before);
    let mut report = Scan::on("2025-09-30").of(&now);
    let mut broken = report.inputs[0].clone();
    broken.file = "乙.xlsx".to_owned();
    broken.status = crate::finding::InputStatus::Unreadable;
    broken.tables.clear();
    report.inputs.push(broken);
    compare(&baseline, &mut report, &values(&now));
    assert_eq!(
        became(&report, "signed-after-start", "A2").map(|b| b.0),
        Some(ResolvedStatus::Unknown)
    );
}

#[test]
fn a_town_that_only_one_report_knows_makes_no_other_village() {
    let baseline = Scan::on("2025-03-31").of(&spring());
    let mut now = Scan::on("2025-09-30").of(&spring());
    for finding in &mut now.findings {
        finding.town = "松陂镇".to_owned();
        finding.fingerprint = crate::finding::Fingerprint::of(&["松陂镇", &finding.rule]);
    }
    for record in &mut now.records {
        record.town = "松陂镇".to_owned();
    }
    for coverage in &mut now.coverage {
        coverage.town = "松陂镇".to_owned();
    }
    compare(&baseline, &mut now, &no_values);
    assert!(
        now.findings
            .iter()
            .all(|f| f.status == Some(Status::Unchanged))
    );
    assert_eq!(now.resolved.as_deref(), Some(&[][..]));
}

#[test]
fn both_languages_give_the_reason() {
    let mut now = spring();
    now[1].signed = "2024-02-28".to_owned();
    let baseline = Scan::on("2025-03-31").of(&spring());
    let mut report = Scan::on("2025-09-30").of(&now);
    report.lang = Lang::En;
    compare(&baseline, &mut report, &values(&now));
    assert_eq!(
        report.resolved.as_ref().unwrap()[0].why,
        "it is about a past act, which no change of the ledger undoes; 签订日期 changed from 2024-03-10 to 2024-02-28; to be explained"
    );
}

#[test]
fn two_reports_are_told_apart_in_text_and_json() {
    let mut now = spring();
    now[0].filed = String::new();
    now[1].signed = "2024-02-28".to_owned();
    now[2].filed = "否".to_owned();
    let baseline = Scan::on("2025-03-31").of(&spring());
    let mut report = Scan::on("2025-09-30").of(&now);
    compare(&baseline, &mut report, &values(&now));
    let mut text = Vec::new();
    crate::report::diff::text(&baseline, &report, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let told: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(
        told[0],
        "2025-03-31 → 2025-09-30：新增 1；仍在 1；已整改 0；台账已改动，需说明 1；记录消失，需说明 0；本次未能核验 0",
    );
    let line = |start: &str| told.iter().position(|l| l.starts_with(start)).unwrap();
    assert_eq!(told[line("新增 (1)") + 2], "记录的内容有变");
    assert_eq!(told[line("仍在，结论有变 (1)") + 2], "不符 → 待核");
    assert!(
        told[line("台账已改动，需说明 (1)") + 2].contains("签订日期由 2024-03-10 改为 2024-02-28")
    );
    let mut json = Vec::new();
    crate::report::diff::json(&baseline, &report, &mut json).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["schema"], "heyan.diff/1");
    assert_eq!(json["counts"]["altered"], 1);
    let statuses: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["new", "unchanged", "altered"]);
    assert_eq!(json["findings"][2]["changes"][0]["after"], "2024-02-28");
}

#[test]
fn a_report_that_was_compared_before_knows_the_changes_it_was_told() {
    let mut now = spring();
    now[1].signed = "2024-02-28".to_owned();
    let baseline = Scan::on("2025-03-31").of(&spring());
    let mut report = Scan::on("2025-09-30").of(&now);
    compare(&baseline, &mut report, &values(&now));
    let told = report.resolved.clone();
    compare(&baseline, &mut report, &no_values);
    assert_eq!(report.resolved, told);
}
