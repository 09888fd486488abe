//! Groups and windows.

use super::{Case, Written, check};

const SPLIT: Written<'static> = Written {
    id: "split-contracts",
    ledger: "合同",
    applies: "发包方式 = \"直接发包\" 且 合同金额 < 40万元",
    violation: "计数(组) >= 2 且 合计(组.合同金额) >= 40万元",
    by: &[
        "乙方",
        "若 合同类别 = \"工程\" 则 \"工程\" 否则 \"货物服务\"",
    ],
    window: Some(("签订日期", "限额.拆分窗口")),
    law_date: &["签订日期"],
    amount: "合计(组.合同金额)",
    message: "{乙方}共{计数(组)}份，合计{合计(组.合同金额)}",
    grades: &[],
    all_villages: false,
};

#[track_caller]
fn split(rows: &str, expect: &str) {
    let rows = format!("合同编号|乙方|合同类别|发包方式|合同金额|签订日期\n{rows}");
    check(
        SPLIT,
        Case {
            rows: &rows,
            expect,
            ..Case::default()
        },
    );
}

#[test]
fn records_that_agree_and_lie_together_are_one_group() {
    split(
        "A1|甲公司|工程|直接发包|25万元|2024-01-01
         A2|甲公司|工程|直接发包|20万元|2024-03-31
         A3|甲公司|工程|直接发包|20万元|2024-07-01
         A4|乙公司|工程|直接发包|30万元|2024-01-01
         A5|甲公司|服务|直接发包|30万元|2024-01-01
         A6|甲公司|工程|公开招标|30万元|2024-01-01
         A7|甲公司|工程|直接发包|50万元|2024-01-01",
        "合同编号|verdict
         A1|violation
         A2|violation
         A3|pass
         A4|pass
         A5|pass
         A6|not-applicable
         A7|not-applicable",
    );
}

#[test]
fn a_window_has_both_its_ends() {
    // 2024-01-01 + 90 days = 2024-03-31
    for (second, want) in [("2024-03-31", "violation"), ("2024-04-01", "pass")] {
        split(
            &format!(
                "A1|甲公司|工程|直接发包|25万元|2024-01-01\nA2|甲公司|工程|直接发包|20万元|{second}"
            ),
            want,
        );
    }
}

#[test]
fn names_fold_into_one_group_and_an_empty_one_joins_none() {
    split(
        "A1|甲（岚溪）公司|工程|直接发包|25万元|2024-01-01
         A2|甲(岚溪)公司|工程|直接发包|20万元|2024-01-02
         A3||工程|直接发包|39万元|2024-01-02
         A4||工程|直接发包|39万元|2024-01-02",
        "合同编号|verdict
         A1|violation
         A2|violation
         A3|not-applicable
         A4|not-applicable",
    );
}

#[test]
fn a_maybe_member_counts_for_the_upper_bound_only() {
    // Nobody knows how A2 was awarded.
    split(
        "A1|甲公司|工程|直接发包|25万元|2024-01-01
         A2|甲公司|工程||20万元|2024-01-02",
        "undetermined",
    );
    split(
        "A1|甲公司|工程|直接发包|25万元|2024-01-01
         A2|甲公司|工程||1万元|2024-01-02",
        "pass",
    );
    // Two certain members prove it; the third is not accused.
    split(
        "A1|甲公司|工程|直接发包|25万元|2024-01-01
         A2|甲公司|工程|直接发包|20万元|2024-01-02
         A3|甲公司|工程||20万元|2024-01-03",
        "合同编号|verdict
         A1|violation
         A2|violation
         A3|undetermined",
    );
}

#[test]
fn a_record_without_a_date_may_lie_beside_any_other() {
    split(
        "A1|甲公司|工程|直接发包|25万元|2024-01-01
         A2|甲公司|工程|直接发包|20万元|",
        "undetermined",
    );
    split("A1|甲公司|工程|直接发包|25万元|", "pass");
    // A month that lies within the window as a whole is no doubt.
    split(
        "A1|甲公司|工程|直接发包|25万元|2024-01-01
         A2|甲公司|工程|直接发包|20万元|2024.2",
        "violation",
    );
    split(
        "A1|甲公司|工程|直接发包|25万元|2024-01-15
         A2|甲公司|工程|直接发包|20万元|2024.4",
        "undetermined",
    );
}

#[test]
fn a_record_whose_group_is_not_known_is_open_only_if_it_could_matter() {
    split(
        "A1|甲公司|工程|直接发包|25万元|2024-01-01
         A2|甲公司||直接发包|20万元|2024-01-02",
        "合同编号|verdict
         A1|pass
         A2|undetermined",
    );
    split(
        "A1|甲公司|工程|直接发包|25万元|2024-01-01
         A2|甲公司||直接发包|10万元|2024-01-02",
        "pass",
    );
}

#[test]
fn overlapping_windows_are_one_finding_that_names_the_largest() {
    let pack = super::pack();
    let rule = SPLIT.rule(&pack);
    let rows = "合同编号|乙方|合同类别|发包方式|合同金额|签订日期
                A1|甲公司|工程|直接发包|21万元|2024-01-01
                A2|甲公司|工程|直接发包|22万元|2024-03-01
                A3|甲公司|工程|直接发包|23万元|2024-05-01
                A4|甲公司|工程|直接发包|30万元|2024-12-01
                A5|甲公司|工程|直接发包|31万元|2024-12-02";
    let scan = super::whole::scan(&pack, &[rule], &[("合同", rows)]);
    let told: Vec<(Vec<&str>, &str)> = scan
        .findings
        .iter()
        .map(|finding| {
            (
                finding.records.iter().map(|r| r.key.as_str()).collect(),
                finding.message.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (vec!["A1", "A2", "A3"], "甲公司共2份，合计450,000元"),
            (vec!["A4", "A5"], "甲公司共2份，合计610,000元"),
        ]
    );
    assert_eq!(scan.by_rule[0].violation, 5);
    assert_eq!(scan.by_rule[0].findings, 2);
    // Every member's deciding cells are there.
    let cells: Vec<&str> = scan.findings[0]
        .evidence
        .iter()
        .filter(|cell| ["乙方", "合同金额", "签订日期"].contains(&cell.field.as_str()))
        .map(|cell| cell.raw.as_str())
        .collect();
    assert_eq!(cells.len(), 9, "{cells:?}");
}

#[test]
fn a_number_used_twice_is_a_group_of_two() {
    let unique = Written {
        violation: "计数(组) >= 2",
        by: &["合同编号"],
        window: None,
        applies: "",
        message: "",
        amount: "",
        ..SPLIT
    };
    check(
        unique,
        Case {
            rows: "合同编号|合同名称\nA1|路\nA2|桥\nA1|塘\n|渠\n|坝",
            expect: "合同名称|verdict\n路|violation\n塘|violation\n桥|pass\n渠|not-applicable\n坝|not-applicable",
            reads: &["合同编号"],
            ..Case::default()
        },
    );
}

#[test]
fn an_unset_window_is_not_run_where_it_matters() {
    let rows = "合同编号|乙方|合同类别|发包方式|合同金额|签订日期
                A1|甲公司|工程|直接发包|25万元|2024-01-01
                A2|甲公司|工程|直接发包|20万元|2024-01-02
                A3|乙公司|工程|直接发包|20万元|2024-01-02";
    let pack = {
        let mut pack = super::pack();
        let id = pack.find_limit("拆分窗口").expect("a limit");
        pack.limits[usize::from(id.0)].values.clear();
        pack
    };
    let rule = SPLIT.rule(&pack);
    let scan = super::whole::scan(&pack, &[rule], &[("合同", rows)]);
    let letters: Vec<&str> = scan.records.iter().map(|r| r.verdicts.as_str()).collect();
    assert_eq!(letters, ["x", "x", "p"]);
    assert_eq!(scan.not_run.len(), 1);
    assert_eq!(
        (scan.not_run[0].name.as_str(), scan.not_run[0].records),
        ("拆分窗口", 2)
    );
}

#[test]
fn all_records_of_the_ledger_can_be_spoken_of() {
    let share = Written {
        violation: "合计(组.合同金额) >= 已知合计(全体.合同金额) × 0.5",
        by: &["乙方"],
        window: None,
        applies: "合同类别 属于 [\"工程\", \"服务\"]",
        message: "占{已知合计(全体.合同金额)}",
        amount: "",
        ..SPLIT
    };
    check(
        share,
        Case {
            rows: "合同编号|乙方|合同类别|合同金额
                   A1|甲公司|工程|30万元
                   A2|甲公司|服务|30万元
                   A3|乙公司|工程|40万元
                   A4|丙公司|租赁|900万元
                   A5|丁公司|工程|约3万",
            expect: "合同编号|verdict\nA1|violation\nA2|violation\nA3|pass\nA4|not-applicable\nA5|undetermined",
            message: "占1,000,000元（另有1笔未能读取，未计入）",
            ..Case::default()
        },
    );
}

#[test]
fn a_rule_over_all_villages_groups_across_them() {
    let shared = Written {
        violation: "种数(组.决议编号) >= 2",
        by: &["乙方"],
        window: None,
        applies: "",
        message: "",
        amount: "",
        all_villages: true,
        ..SPLIT
    };
    let rows = "村|合同编号|乙方|决议编号
                李庄|A1|甲公司|J1
                王庄|B1|甲公司|J2
                王庄|B2|乙公司|J3";
    let expect = "合同编号|verdict\nA1|violation\nB1|violation\nB2|pass";
    check(
        shared,
        Case {
            rows,
            expect,
            ..Case::default()
        },
    );
    let alone = Written {
        all_villages: false,
        ..shared
    };
    check(
        alone,
        Case {
            rows,
            expect: "pass",
            ..Case::default()
        },
    );
}

/// What a group of one firm's contracts comes to over lengths of time.
#[track_caller]
fn terms(violation: &'static str, terms: &[&str], absent: &[&str], expect: &str) {
    let column = if absent.is_empty() {
        "合同年限"
    } else {
        "备注"
    };
    let mut rows = format!("合同编号|乙方|{column}");
    let mut verdicts = String::from("合同编号|verdict");
    for (at, term) in terms.iter().enumerate() {
        rows += &format!("\nA{at}|甲公司|{term}");
        verdicts += &format!("\nA{at}|{expect}");
    }
    let written = Written {
        id: "terms",
        ledger: "合同",
        violation,
        by: &["乙方"],
        message: "{最大(组.合同年限)}，共{合计(组.合同年限)}",
        ..Written::default()
    };
    check(
        written,
        Case {
            rows: &rows,
            absent,
            expect: &verdicts,
            ..Case::default()
        },
    );
}

#[test]
fn lengths_of_time_have_a_greatest_and_a_least() {
    for (condition, want) in [
        ("最大(组.合同年限) > 5年", "violation"),
        ("最大(组.合同年限) > 6年", "pass"),
        ("最大(组.合同年限) = 72个月", "violation"),
        ("最小(组.合同年限) < 3年", "pass"),
        ("最小(组.合同年限) <= 3年", "violation"),
        ("最大(组.合同年限 当 组.合同年限 < 6年) >= 5年", "pass"),
        ("年数(最大(组.合同年限)) >= 6", "violation"),
        ("2020-01-01 + 最大(组.合同年限) > 2025-12-31", "violation"),
        ("2020-01-01 + 最大(组.合同年限) > 2026-01-01", "pass"),
        ("2020-01-01 - 最小(组.合同年限) < 2017-01-01", "pass"),
    ] {
        terms(condition, &["3年", "6年"], &[], want);
    }
    // An unread member can be beyond the greatest, never below it.
    terms(
        "最大(组.合同年限) > 5年",
        &["约三年", "6年"],
        &[],
        "violation",
    );
    terms(
        "最大(组.合同年限) > 6年",
        &["约三年", "6年"],
        &[],
        "undetermined",
    );
    terms(
        "最小(组.合同年限) < 7年",
        &["约三年", "6年"],
        &[],
        "violation",
    );
    terms(
        "最小(组.合同年限) < 6年",
        &["约三年", "6年"],
        &[],
        "undetermined",
    );
    // A blank one has none.
    terms("最大(组.合同年限) > 6年", &["", "6年"], &[], "pass");
    terms("最大(组.合同年限) 为空", &["", ""], &[], "violation");
    terms(
        "最大(组.合同年限) > 6年",
        &["", ""],
        &["合同年限", "合同期限"],
        "not-run",
    );
}

#[test]
fn lengths_of_time_add_up() {
    for (condition, want) in [
        ("合计(组.合同年限) > 9年", "pass"),
        ("合计(组.合同年限) >= 9年", "violation"),
        ("合计(组.合同年限) = 108个月", "violation"),
        ("已知合计(组.合同年限) > 8年", "violation"),
        ("合计(组.合同年限 当 组.合同年限 > 10年) > 1天", "pass"),
    ] {
        terms(condition, &["3年", "6年"], &[], want);
    }
    terms(
        "合计(组.合同年限) > 5年",
        &["约三年", "6年"],
        &[],
        "violation",
    );
    terms(
        "合计(组.合同年限) > 6年",
        &["约三年", "6年"],
        &[],
        "undetermined",
    );
    terms(
        "已知合计(组.合同年限) > 6年",
        &["约三年", "6年"],
        &[],
        "pass",
    );
    terms(
        "合计(组.合同年限) > 6年",
        &["", ""],
        &["合同年限", "合同期限"],
        "not-run",
    );
}

#[test]
fn lengths_in_different_units_are_taken_in_days_and_decide_only_what_every_month_allows() {
    for (condition, want) in [
        ("最大(组.合同年限) > 300天", "violation"),
        ("最大(组.合同年限) > 11个月", "violation"),
        // A year has 365 or 366 days.
        ("最大(组.合同年限) > 365天", "undetermined"),
        ("最大(组.合同年限) > 366天", "pass"),
        ("最小(组.合同年限) < 181天", "violation"),
        ("合计(组.合同年限) >= 545天", "violation"),
        ("合计(组.合同年限) > 545天", "undetermined"),
        ("合计(组.合同年限) > 546天", "pass"),
    ] {
        terms(condition, &["180天", "1年"], &[], want);
    }
}

#[test]
fn days_between_dates_add_up() {
    let written = Written {
        id: "days",
        ledger: "合同",
        violation: "合计(组.签订日期 - 组.开工日期) > 10天",
        by: &["乙方"],
        message: "{合计(组.签订日期 - 组.开工日期)}",
        ..Written::default()
    };
    for (last, want) in [
        ("2024-03-12", "violation"),
        ("2024-03-11", "pass"),
        ("2月30日", "undetermined"),
    ] {
        let rows = format!(
            "合同编号|乙方|开工日期|签订日期\nA1|甲公司|2024-03-01|2024-03-06\nA2|甲公司|2024-03-06|{last}"
        );
        let expect = format!("合同编号|verdict\nA1|{want}\nA2|{want}");
        check(
            written,
            Case {
                rows: &rows,
                expect: &expect,
                ..Case::default()
            },
        );
    }
}
