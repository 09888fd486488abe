//! Relations: to one and to many, by the first list that both sides have filled, to several kinds.

use super::{Case, Written, check};

const OVERPAID: Written<'static> = Written {
    id: "paid-over-contract",
    ledger: "合同",
    applies: "",
    violation: "合计(付款.付款金额 当 付款.款项性质 ≠ \"退款\") > 合同金额",
    by: &[],
    window: None,
    law_date: &["签订日期"],
    amount: "",
    message: "",
    grades: &[],
    all_villages: false,
};

#[track_caller]
fn overpaid(contract: &str, payments: &str, expect: &str) {
    let rows = format!("合同编号|合同名称|乙方|合同金额\n{contract}");
    let payments = format!("凭证号|合同编号|项目名称|收款方|付款金额|款项性质\n{payments}");
    check(
        OVERPAID,
        Case {
            rows: &rows,
            related: &[("付款", &payments)],
            expect,
            ..Case::default()
        },
    );
}

#[test]
fn a_sum_runs_over_the_rows_that_match() {
    let contract = "A1|路|甲公司|10万元";
    overpaid(contract, "1|A1|||6万元|进度款\n2|A1|||4万元|结算款", "pass");
    overpaid(
        contract,
        "1|A1|||6万元|进度款\n2|A1|||4.01万元|结算款",
        "violation",
    );
    overpaid(contract, "1|A1|||6万元|进度款\n2|A2|||9万元|结算款", "pass");
    overpaid(contract, "1|A1|||6万元|进度款\n2|A1|||9万元|退款", "pass");
    overpaid(contract, "", "pass");
}

#[test]
fn a_sum_with_unread_members_is_open_above() {
    let contract = "A1|路|甲公司|10万元";
    // Proven by what can be read.
    overpaid(
        contract,
        "1|A1|||11万元|进度款\n2|A1|||约4万|结算款",
        "violation",
    );
    overpaid(
        contract,
        "1|A1|||11万元|进度款\n2|A1||||结算款",
        "violation",
    );
    overpaid(
        contract,
        "1|A1|||6万元|进度款\n2|A1|||约4万|结算款",
        "undetermined",
    );
    // The nature of a payment decides whether it counts.
    overpaid(
        contract,
        "1|A1|||6万元|进度款\n2|A1|||9万元|",
        "undetermined",
    );
    overpaid(contract, "1|A1|||6万元|进度款\n2|A1|||3万元|", "pass");
}

#[test]
fn a_later_list_counts_only_where_an_earlier_one_is_not_filled_on_both_sides() {
    let contract = "A1|路|甲公司|10万元";
    overpaid(contract, "1||路|甲公司|11万元|进度款", "violation");
    overpaid(contract, "1|A2|路|甲公司|11万元|进度款", "pass");
    overpaid(
        "|路|甲公司|10万元",
        "1|A2|路|甲公司|11万元|进度款",
        "violation",
    );
    // Nothing tells what the contract belongs to.
    overpaid(
        "||甲公司|10万元",
        "1|A2|路|甲公司|11万元|进度款",
        "undetermined",
    );
}

#[test]
fn numbers_and_names_match_folded() {
    overpaid(
        "Ａ-1|路|甲公司|10万元",
        "1|A-1|||11万元|进度款",
        "violation",
    );
}

#[test]
fn a_ledger_that_was_not_supplied_is_absent() {
    check(
        OVERPAID,
        Case {
            rows: "合同编号|合同金额\nA1|10万元",
            absent: &["付款"],
            expect: "not-run",
            ..Case::default()
        },
    );
    for condition in [
        "存在(付款)",
        "非 存在(付款)",
        "计数(付款) = 0",
        "全部(付款.付款金额 > 0元)",
    ] {
        check(
            Written {
                violation: condition,
                ..OVERPAID
            },
            Case {
                rows: "合同编号|合同金额\nA1|10万元",
                absent: &["付款"],
                expect: "not-run",
                ..Case::default()
            },
        );
    }
}

#[test]
fn no_rows_are_not_a_ledger_that_was_not_supplied() {
    for (condition, want) in [
        ("合计(付款.付款金额) = 0元", "violation"),
        ("计数(付款) = 0", "violation"),
        ("最大(付款.付款金额) 为空", "violation"),
        ("最小(付款.付款日期) 为空", "violation"),
        ("平均(付款.付款金额) 为空", "violation"),
        ("中位数(付款.付款金额) 为空", "violation"),
        ("全部(付款.付款金额 > 0元)", "violation"),
        ("存在(付款)", "pass"),
        ("种数(付款.收款方) = 0", "violation"),
    ] {
        check(
            Written {
                violation: condition,
                ..OVERPAID
            },
            Case {
                rows: "合同编号|合同金额\nA1|10万元",
                expect: want,
                ..Case::default()
            },
        );
    }
}

#[test]
fn aggregates_come_to_what_their_rows_say() {
    let payments = "凭证号|合同编号|收款方|付款金额|付款日期|款项性质
                    1|A1|甲公司|1万元|2024-01-01|预付款
                    2|A1|甲公司|2万元|2024-02-01|进度款
                    3|A1|乙公司|6万元|2024-03-01|结算款";
    for (condition, want) in [
        ("最大(付款.付款金额) = 6万元", "violation"),
        ("最小(付款.付款日期) = 2024-01-01", "violation"),
        ("平均(付款.付款金额) = 3万元", "violation"),
        ("中位数(付款.付款金额) = 2万元", "violation"),
        ("种数(付款.收款方) = 2", "violation"),
        ("计数(付款 当 付款.付款日期 < 2024-03-01) = 2", "violation"),
        ("存在(付款 当 付款.款项性质 = \"退款\")", "pass"),
        ("全部(付款.付款金额 >= 1万元)", "violation"),
        ("全部(付款.付款金额 > 1万元)", "pass"),
        ("已知合计(付款.付款金额) = 9万元", "violation"),
    ] {
        check(
            Written {
                violation: condition,
                ..OVERPAID
            },
            Case {
                rows: "合同编号|合同金额\nA1|10万元",
                related: &[("付款", payments)],
                expect: want,
                ..Case::default()
            },
        );
    }
}

#[test]
fn unread_rows_move_an_extreme_outwards_only() {
    let payments = "凭证号|合同编号|付款金额\n1|A1|1万元\n2|A1|约2万";
    for (condition, want) in [
        ("最大(付款.付款金额) >= 1万元", "violation"),
        ("最大(付款.付款金额) > 1万元", "undetermined"),
        ("最小(付款.付款金额) <= 1万元", "violation"),
        ("最小(付款.付款金额) < 1万元", "undetermined"),
        ("平均(付款.付款金额) > 1元", "undetermined"),
        ("已知合计(付款.付款金额) = 1万元", "violation"),
        ("计数(付款) = 2", "violation"),
    ] {
        check(
            Written {
                violation: condition,
                ..OVERPAID
            },
            Case {
                rows: "合同编号|合同金额\nA1|10万元",
                related: &[("付款", payments)],
                expect: want,
                ..Case::default()
            },
        );
    }
}

const BEFORE: Written<'static> = Written {
    ledger: "付款",
    applies: "款项性质 = \"结算款\"",
    violation: "付款日期 < 合同.验收日期 或 合同.验收日期 为空",
    law_date: &["付款日期"],
    ..OVERPAID
};

#[test]
fn a_path_leads_to_the_first_kind_with_a_match() {
    let payment = "凭证号|合同编号|付款日期|款项性质\n1|A1|2024-02-01|结算款";
    let contracts = "合同编号|验收日期\nA1|2024-03-01";
    let works = "合同编号|验收日期\nA1|2024-01-01";
    fn case<'a>(rows: &'a str, related: &'a [(&'a str, &'a str)], expect: &'a str) -> Case<'a> {
        Case {
            rows,
            related,
            expect,
            ..Case::default()
        }
    }
    check(
        BEFORE,
        case(
            payment,
            &[("合同", contracts), ("工程项目", works)],
            "violation",
        ),
    );
    check(BEFORE, case(payment, &[("工程项目", works)], "pass"));
    check(
        BEFORE,
        case(
            payment,
            &[("工程项目", "合同编号|验收日期\nA1|")],
            "violation",
        ),
    );
    check(
        BEFORE,
        case(
            payment,
            &[("工程项目", "合同编号|验收日期\nA1|不详细")],
            "undetermined",
        ),
    );
    // The contracts may hold it, and were not supplied.
    check(
        BEFORE,
        Case {
            absent: &["合同"],
            ..case(
                payment,
                &[("工程项目", "合同编号|验收日期\nA2|2024-01-01")],
                "not-run",
            )
        },
    );
}

#[test]
fn two_matches_of_a_link_to_one_are_unreadable() {
    check(
        BEFORE,
        Case {
            rows: "凭证号|合同编号|付款日期|款项性质\n1|A1|2024-02-01|结算款",
            related: &[(
                "合同",
                "合同编号|合同名称|验收日期\nA1|路|2024-03-01\nA1|桥|2024-03-02",
            )],
            expect: "undetermined",
            reads: &["合同编号"],
            ..Case::default()
        },
    );
}

#[test]
fn a_record_without_a_match_has_none() {
    let missing = Written {
        violation: "决议编号 为空 或 非 存在(决议)",
        ..OVERPAID
    };
    let related: &[(&str, &str)] = &[("决议", "决议编号|会议日期\nJ1|2024-01-01")];
    for (number, want) in [("J1", "pass"), ("J2", "violation"), ("", "violation")] {
        let rows = format!("合同编号|决议编号\nA1|{number}");
        check(
            missing,
            Case {
                rows: &rows,
                related,
                expect: want,
                ..Case::default()
            },
        );
    }
}

#[test]
fn rows_may_speak_of_the_record_they_belong_to() {
    let renewed = Written {
        violation: "非 存在(同标的合同 当 同标的合同.起始日期 > 终止日期)",
        ..OVERPAID
    };
    check(
        renewed,
        Case {
            rows: "合同编号|合同名称|起始日期|终止日期
                   A1|塘|2020-01-01|2022-12-31
                   A2|塘|2023-01-01|2025-12-31",
            expect: "合同编号|verdict\nA1|pass\nA2|violation",
            ..Case::default()
        },
    );
}

#[test]
fn one_more_hop_may_follow_behind_a_group() {
    let over = Written {
        ledger: "付款",
        violation: "合计(组.付款金额) > 默认(最大(组.合同.审定金额), 最大(组.合同.合同金额))",
        by: &["合同编号"],
        law_date: &["付款日期"],
        applies: "",
        ..OVERPAID
    };
    let payments = "凭证号|合同编号|付款金额\n1|A1|6万元\n2|A1|5万元\n3|A2|1万元\n4||9万元";
    check(
        over,
        Case {
            rows: payments,
            related: &[(
                "工程项目",
                "合同编号|合同金额|审定金额\nA1|12万元|10万元\nA2|5万元|",
            )],
            expect: "凭证号|verdict\n1|violation\n2|violation\n3|pass\n4|not-applicable",
            reads: &["付款金额", "合同编号", "审定金额"],
            ..Case::default()
        },
    );
    check(
        over,
        Case {
            rows: payments,
            related: &[("合同", "合同编号|合同金额\nA1|12万元\nA2|5万元")],
            expect: "凭证号|verdict\n1|pass\n2|pass\n3|pass\n4|not-applicable",
            ..Case::default()
        },
    );
}
