//! Every line of the table “Verdicts”, limits by date, and what a finding says.

use super::{Case, Written, check};
use crate::finding::Severity;

const BOUND: Written<'static> = Written {
    id: "signed-after-start",
    ledger: "合同",
    applies: "合同类别 = \"工程\"",
    violation: "开工日期 < 签订日期",
    by: &[],
    window: None,
    law_date: &["签订日期"],
    amount: "合同金额",
    message: "{开工日期}开工，{签订日期}签订，晚{签订日期 - 开工日期}，金额{合同金额}，备注{备注}",
    grades: &[],
    all_villages: false,
};

#[test]
fn each_verdict_comes_when_the_table_says() {
    for (header, row, absent, want) in [
        // applies true, condition against the record
        (
            "合同类别|开工日期|签订日期",
            "工程|2024-03-01|2024-03-10",
            &[][..],
            "violation",
        ),
        (
            "合同类别|开工日期|签订日期",
            "工程|2024-03-10|2024-03-10",
            &[],
            "pass",
        ),
        // applies false
        (
            "合同类别|开工日期|签订日期",
            "服务|2024-03-01|2024-03-10",
            &[],
            "not-applicable",
        ),
        (
            "合同类别|开工日期|签订日期",
            "服务||",
            &[],
            "not-applicable",
        ),
        // applies not known, condition in the record's favour
        (
            "合同类别|开工日期|签订日期",
            "|2024-03-10|2024-03-01",
            &[],
            "pass",
        ),
        (
            "开工日期|签订日期",
            "2024-03-10|2024-03-01",
            &["合同类别"],
            "pass",
        ),
        // a cell is among what would decide it
        (
            "合同类别|开工日期|签订日期",
            "|2024-03-01|2024-03-10",
            &[],
            "undetermined",
        ),
        (
            "合同类别|开工日期|签订日期",
            "工程||2024-03-10",
            &[],
            "undetermined",
        ),
        (
            "合同类别|开工日期|签订日期",
            "工程|不详细|2024-03-10",
            &[],
            "undetermined",
        ),
        (
            "合同类别|签订日期",
            "|2024-03-10",
            &["开工日期"],
            "undetermined",
        ),
        // only a column would: whatever is written into the cell beside it, nothing is decided
        ("合同类别|签订日期", "工程|", &["开工日期"], "not-run"),
        (
            "合同类别|签订日期",
            "工程|2024-03-10",
            &["开工日期"],
            "not-run",
        ),
        (
            "开工日期|签订日期",
            "2024-03-01|2024-03-10",
            &["合同类别"],
            "not-run",
        ),
    ] {
        let rows = format!("合同编号|{header}\nA1|{row}");
        check(
            BOUND,
            Case {
                rows: &rows,
                absent,
                expect: want,
                ..Case::default()
            },
        );
    }
}

#[test]
fn a_message_prints_values_as_people_write_them() {
    check(
        BOUND,
        Case {
            rows: "合同编号|合同类别|开工日期|签订日期|合同金额|备注
                   A1|工程|2024-03-01|2024-03-10|110万元|",
            expect: "violation",
            message: "2024-03-01开工，2024-03-10签订，晚9天，金额1,100,000元，备注（空）",
            reads: &["开工日期", "签订日期", "合同类别"],
            ..Case::default()
        },
    );
}

#[test]
fn an_unset_limit_is_not_run_unless_it_means_no_threshold() {
    let over = |limit: &'static str| Written {
        violation: if limit == "直接" {
            "合同金额 >= 限额.直接发包限额"
        } else {
            "合同金额 > 限额.现金限额"
        },
        applies: "",
        ..BOUND
    };
    let rows = "合同编号|合同金额|签订日期\nA1|50万元|2024-01-01";
    let case = |expect| Case {
        rows,
        expect,
        ..Case::default()
    };
    check(over("直接"), case("not-run"));
    check(
        over("直接"),
        Case {
            limits: &[("直接发包限额", "50万元")],
            ..case("violation")
        },
    );
    check(
        over("直接"),
        Case {
            limits: &[("直接发包限额", "500000.01元")],
            ..case("pass")
        },
    );
    // No ceiling: nothing exceeds it. No floor: everyone is bound.
    check(over("现金"), case("pass"));
    let floor = Written {
        applies: "合同金额 >= 限额.备案起点",
        violation: "备案日期 为空",
        ..BOUND
    };
    check(floor, case("violation"));
    check(
        floor,
        Case {
            limits: &[("备案起点", "100万元")],
            ..case("not-applicable")
        },
    );
    let not_below = Written {
        applies: "非 (合同金额 < 限额.备案起点)",
        ..floor
    };
    check(not_below, case("violation"));
}

#[test]
fn a_limit_is_taken_at_the_law_date() {
    let retention = Written {
        applies: "",
        violation: "质保金比例 > 限额.质保金比例上限",
        ..BOUND
    };
    for (signed, share, want) in [
        ("2017-06-30", "5%", "pass"),
        ("2017-07-01", "5%", "violation"),
        ("2017-07-01", "3%", "pass"),
        ("2016-12-26", "5%", "not-run"),
        // A month with both values in force: 4% is over one and under the other.
        ("2017.7", "4%", "violation"),
        ("", "4%", "undetermined"),
        ("2017-06-31", "4%", "undetermined"),
    ] {
        let rows = format!("合同编号|签订日期|质保金比例\nA1|{signed}|{share}");
        check(
            retention,
            Case {
                rows: &rows,
                expect: want,
                ..Case::default()
            },
        );
    }
    check(
        retention,
        Case {
            rows: "合同编号|质保金比例\nA1|4%",
            absent: &["签订日期"],
            expect: "not-run",
            ..Case::default()
        },
    );
}

#[test]
fn the_first_grade_that_is_true_gives_the_severity() {
    let pack = super::pack();
    let mut rule = Written {
        grades: &[
            ("签订日期 - 开工日期 > 30天", Severity::Critical),
            ("合同金额 < 1万元", Severity::Minor),
        ],
        ..BOUND
    }
    .rule(&pack);
    rule.tests = Vec::new();
    for (row, want) in [
        ("工程|2024-01-01|2024-03-10|5万元", Severity::Critical),
        ("工程|2024-03-01|2024-03-10|5000元", Severity::Minor),
        ("工程|2024-03-01|2024-03-10|", Severity::Major),
    ] {
        let rows = format!("合同编号|合同类别|开工日期|签订日期|合同金额\nA1|{row}");
        let scan = super::whole::scan(&pack, std::slice::from_ref(&rule), &[("合同", &rows)]);
        assert_eq!(scan.findings.len(), 1);
        assert_eq!(scan.findings[0].severity, want, "{row}");
    }
}

#[test]
fn provisions_are_those_in_force_on_the_law_date() {
    let pack = super::pack();
    let rule = BOUND.rule(&pack);
    for (start, signed, want) in [
        ("2019-03-01", "2019-03-10", vec!["第一条"]),
        ("2021-03-01", "2021-03-10", vec!["第二条"]),
    ] {
        let rows = format!("合同编号|合同类别|开工日期|签订日期\nA1|工程|{start}|{signed}");
        let scan = super::whole::scan(&pack, std::slice::from_ref(&rule), &[("合同", &rows)]);
        let cited: Vec<&str> = scan.findings[0]
            .basis
            .iter()
            .map(|b| b.article.as_str())
            .collect();
        assert_eq!(cited, want);
        assert_eq!(scan.findings[0].date.as_deref(), Some(signed));
    }
    let unsigned = Written {
        applies: "",
        violation: "备案日期 为空",
        ..BOUND
    }
    .rule(&pack);
    let scan = super::whole::scan(&pack, &[unsigned], &[("合同", "合同编号|签订日期\nA1|")]);
    assert_eq!(scan.findings[0].date, None);
    let cited: Vec<&str> = scan.findings[0]
        .basis
        .iter()
        .map(|b| b.article.as_str())
        .collect();
    assert_eq!(cited, [""], "the law alone, once");
}
