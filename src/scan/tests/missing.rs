//! Every line of the table “Missing values”, and the interval values.

use super::{Case, Written, check};

/// One contract: a condition, a header, a row, what is absent, the verdict.
#[track_caller]
fn contract(violation: &str, header: &str, row: &str, absent: &[&str], expect: &str) {
    let rows = format!("合同编号 | {header}\nA1 | {row}");
    check(
        Written {
            ledger: "合同",
            violation,
            ..Written::default()
        },
        Case {
            rows: &rows,
            absent,
            expect,
            ..Case::default()
        },
    );
}

#[test]
fn a_comparison_with_something_missing_is_unknown() {
    for (condition, header) in [
        ("合同金额 > 1元", "合同金额"),
        ("合同金额 = 1元", "合同金额"),
        ("签订日期 < 2024-01-01", "签订日期"),
        ("合同类别 = \"工程\"", "合同类别"),
        ("合同类别 ≠ \"工程\"", "合同类别"),
        ("是否备案 = 否", "是否备案"),
        ("合同类别 属于 [\"工程\", \"服务\"]", "合同类别"),
        ("合同类别 不属于 [\"工程\", \"服务\"]", "合同类别"),
    ] {
        contract(condition, header, "", &[], "undetermined");
        contract(condition, header, "某某", &[], "undetermined");
        contract(condition, "合同名称", "路", &[header], "not-run");
    }
    contract("乙方 = \"甲公司\"", "乙方", "", &[], "undetermined");
}

#[test]
fn a_blank_cell_is_empty_and_one_that_cannot_be_read_may_be_anything() {
    for (row, empty, filled) in [
        ("", "violation", "pass"),
        ("—", "violation", "pass"),
        ("待补", "violation", "pass"),
        ("2024-03-01", "pass", "violation"),
        ("2月30日", "undetermined", "undetermined"),
    ] {
        contract("签订日期 为空", "签订日期", row, &[], empty);
        contract("签订日期 非空", "签订日期", row, &[], filled);
    }
    contract("签订日期 为空", "合同名称", "路", &["签订日期"], "not-run");
    contract("签订日期 非空", "合同名称", "路", &["签订日期"], "not-run");
}

#[test]
fn an_empty_text_contains_nothing() {
    for (condition, want) in [
        ("合同名称 包含 \"路\"", "pass"),
        ("合同名称 匹配 \"路|桥\"", "pass"),
        ("合同名称 开头是 \"路\"", "pass"),
        ("合同名称 不包含 \"路\"", "violation"),
    ] {
        contract(condition, "合同名称", "", &[], want);
        contract(condition, "乙方", "甲公司", &["合同名称"], "not-run");
    }
    for (condition, want) in [
        ("合同名称 包含 \"路\"", "violation"),
        ("合同名称 匹配 \"路|桥\"", "violation"),
        ("合同名称 开头是 \"路\"", "violation"),
        ("合同名称 不包含 \"路\"", "pass"),
    ] {
        contract(condition, "合同名称", "路面硬化", &[], want);
    }
}

#[test]
fn an_absent_column_of_an_optional_field_reads_as_empty() {
    for (condition, want) in [
        ("备注 包含 \"抢险\"", "pass"),
        ("备注 不包含 \"抢险\"", "violation"),
        ("备注 匹配 \"抢险\"", "pass"),
        ("备注 为空", "violation"),
        ("备注 非空", "pass"),
        ("备注 = \"抢险\"", "not-run"),
    ] {
        contract(condition, "合同名称", "路", &["备注"], want);
    }
}

#[test]
fn logic_is_strong_kleene() {
    for (condition, want) in [
        ("合同金额 > 1元 且 签订日期 < 2020-01-01", "pass"),
        ("合同金额 > 1元 或 签订日期 > 2020-01-01", "violation"),
        ("非 (合同金额 > 1元)", "undetermined"),
        ("合同金额 > 1元 且 签订日期 > 2020-01-01", "undetermined"),
        ("合同金额 > 1元 或 签订日期 < 2020-01-01", "undetermined"),
    ] {
        contract(condition, "合同金额 | 签订日期", " | 2024-03-01", &[], want);
    }
}

#[test]
fn a_month_accuses_nobody_unless_the_whole_of_it_does() {
    for (condition, want) in [
        ("开工日期 < 2021-03-01", "pass"),
        ("开工日期 < 2021-03-31", "undetermined"),
        ("开工日期 <= 2021-03-31", "violation"),
        ("开工日期 < 2021-04-01", "violation"),
        ("开工日期 = 2021-03-15", "undetermined"),
        ("开工日期 = 2021-04-15", "pass"),
        ("开工日期 + 1个月 > 2021-03-31", "violation"),
        ("开工日期 - 2021-02-01 >= 28天", "violation"),
        ("开工日期 - 2021-02-01 > 28天", "undetermined"),
    ] {
        contract(condition, "开工日期", "2021.3", &[], want);
    }
}

#[test]
fn a_term_without_end_is_open_above() {
    for (condition, want) in [
        ("终止日期 < 2020-01-01", "pass"),
        ("终止日期 > 起始日期 + 20年", "undetermined"),
        ("终止日期 为空", "pass"),
    ] {
        contract(condition, "合同期限", "2020.1.1起长期", &[], want);
    }
}

#[test]
fn lengths_are_compared_in_their_unit() {
    for (row, condition, want) in [
        ("20年", "合同年限 > 20年", "pass"),
        ("241个月", "合同年限 > 20年", "violation"),
        ("180天", "合同年限 > 1年", "pass"),
        ("800天", "合同年限 > 2年", "violation"),
        ("365天", "合同年限 > 12个月", "pass"),
    ] {
        contract(condition, "合同年限", row, &[], want);
    }
}

#[test]
fn a_year_ends_on_the_corresponding_day() {
    for (end, want) in [("2024-01-01", "pass"), ("2024-01-02", "violation")] {
        let row = format!("2004-01-01 | {end}");
        contract(
            "终止日期 > 起始日期 + 20年",
            "起始日期 | 终止日期",
            &row,
            &[],
            want,
        );
    }
    contract(
        "终止日期 = 起始日期 + 1个月",
        "起始日期 | 终止日期",
        "2024-01-31 | 2024-02-29",
        &[],
        "violation",
    );
}

#[test]
fn an_unknown_condition_leaves_both_branches() {
    for (condition, want) in [
        (
            "合同金额 > (若 合同类别 = \"工程\" 则 10万元 否则 20万元)",
            "violation",
        ),
        (
            "合同金额 > (若 合同类别 = \"工程\" 则 10万元 否则 40万元)",
            "undetermined",
        ),
        (
            "合同金额 > (若 合同类别 = \"工程\" 则 30万元 否则 40万元)",
            "pass",
        ),
        (
            "若 合同类别 = \"工程\" 则 合同金额 > 1元 否则 合同金额 > 2元",
            "violation",
        ),
        (
            "若 合同类别 = \"工程\" 则 合同金额 > 1元 否则 合同金额 > 90万元",
            "undetermined",
        ),
        (
            "(若 合同类别 = \"工程\" 则 是否备案 否则 是否备案) = 否",
            "violation",
        ),
    ] {
        contract(
            condition,
            "合同金额 | 合同类别 | 是否备案",
            "25万元 | | 否",
            &[],
            want,
        );
    }
}

#[test]
fn the_first_that_is_there_is_taken() {
    for (header, row, absent, want) in [
        (
            "验收日期 | 备案日期",
            "2024-01-05 | 2024-02-01",
            &[][..],
            "violation",
        ),
        ("验收日期 | 备案日期", " | 2024-01-05", &[][..], "violation"),
        ("备案日期", "2024-01-05", &["验收日期"][..], "violation"),
        (
            "验收日期 | 备案日期",
            "约年底 | 2024-01-05",
            &[][..],
            "undetermined",
        ),
        ("验收日期 | 备案日期", " | ", &[][..], "undetermined"),
        ("合同名称", "路", &["验收日期", "备案日期"][..], "not-run"),
        ("备案日期", "", &["验收日期"][..], "undetermined"),
    ] {
        contract(
            "默认(验收日期, 备案日期) < 2024-01-31",
            header,
            row,
            absent,
            want,
        );
    }
    contract(
        "默认(验收日期, 备案日期) 为空",
        "备案日期",
        "",
        &["验收日期"],
        "violation",
    );
    contract(
        "默认(验收日期, 备案日期) 为空",
        "合同名称",
        "路",
        &["验收日期", "备案日期"],
        "not-run",
    );
}

#[test]
fn a_rule_can_ask_for_the_column() {
    let rule = "若 有列(是否备案) 则 (是否备案 = 否 或 是否备案 为空) 否则 备案日期 为空";
    contract(rule, "是否备案", "", &[], "violation");
    contract(rule, "是否备案", "是", &[], "pass");
    contract(rule, "备案日期", "", &["是否备案"], "violation");
    contract(rule, "备案日期", "2024-01-01", &["是否备案"], "pass");
    contract(rule, "合同名称", "路", &["是否备案", "备案日期"], "not-run");
}

#[test]
fn division_by_nothing_is_unknown() {
    contract(
        "合同金额 ÷ 余额 > 1",
        "合同金额 | 余额",
        "5万元 | 0元",
        &[],
        "undetermined",
    );
    contract(
        "合同金额 ÷ 余额 > 1",
        "合同金额 | 余额",
        "5万元 | 1万元",
        &[],
        "violation",
    );
    contract(
        "合同金额 × 9999999999999999999 × 9999999999999999999 > 1元",
        "合同金额",
        "5万元",
        &[],
        "undetermined",
    );
}

#[test]
fn names_are_compared_folded_and_other_texts_are_not() {
    contract(
        "乙方 = \"霁光建设有限公司\"",
        "乙方",
        "霁光建设有限公司",
        &[],
        "violation",
    );
    contract(
        "乙方 = \"霁光建设(岚溪)有限公司\"",
        "乙方",
        "霁光建设（岚溪） 有限公司",
        &[],
        "violation",
    );
    contract("乙方 开头是 \"霁光\"", "乙方", "霁光建设", &[], "violation");
    contract("合同名称 = \"路\"", "合同名称", "桥", &[], "pass");
}

#[test]
fn functions_take_intervals() {
    for (condition, row, want) in [
        ("年(签订日期) = 2024", "2024-03", "violation"),
        ("月(签订日期) = 3", "2024-03", "violation"),
        ("顺延(签订日期) > 2024-03-01", "2024-03-01", "undetermined"),
        ("顺延(签订日期) > 2024-03-10", "2024-03-01", "pass"),
        ("年(签订日期) = 2024", "", "undetermined"),
    ] {
        contract(condition, "签订日期", row, &[], want);
    }
    contract(
        "年数(起始日期, 终止日期) > 5",
        "起始日期 | 终止日期",
        "2020-01-01 | 2024-12-31",
        &[],
        "pass",
    );
    contract("年数(合同年限) >= 20", "合同年限", "20年", &[], "violation");
    contract(
        "文本长度(合同名称) = 4",
        "合同名称",
        "路面 硬化",
        &[],
        "violation",
    );
    contract("文本长度(合同名称) = 0", "合同名称", "", &[], "violation");
    contract(
        "去标段(合同名称) = \"道路硬化工程\"",
        "合同名称",
        "道路硬化工程二标段",
        &[],
        "violation",
    );
    contract(
        "相似(合同名称, \"道路硬化工程\")",
        "合同名称",
        "道路硬化工程",
        &[],
        "violation",
    );
    for (amount, want) in [
        ("4.99万元", "pass"),
        ("5万元", "violation"),
        ("40万元", "pass"),
    ] {
        contract(
            "档(限额.发包分档, 合同金额) = \"询价\"",
            "合同金额",
            amount,
            &[],
            want,
        );
    }
}

#[test]
fn a_list_limit_is_a_convention() {
    contract(
        "合同类别 属于 限额.应备案类别",
        "合同类别",
        "工程",
        &[],
        "violation",
    );
    contract(
        "合同类别 属于 限额.应备案类别",
        "合同类别",
        "服务",
        &[],
        "pass",
    );
}
