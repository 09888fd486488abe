//! Mutants that tests notice, and those they do not.

use super::{Case, Written, pack};
use crate::lang::Lang;
use crate::scan::{mutants, selftest};

const RULE: Written<'static> = Written {
    id: "signed-after-start",
    ledger: "合同",
    applies: "合同类别 = \"工程\" 且 备注 不包含 \"抢险\"",
    violation: "开工日期 < 签订日期",
    by: &[],
    window: None,
    law_date: &["签订日期"],
    amount: "",
    message: "",
    grades: &[],
    all_villages: false,
};

fn case(row: &'static str, expect: &'static str) -> crate::rules::RuleTest {
    Case {
        rows: row,
        expect,
        ..Case::default()
    }
    .test()
}

#[test]
fn a_boundary_that_no_test_touches_is_named() {
    let pack = pack();
    let mut rule = RULE.rule(&pack);
    rule.tests = vec![
        case(
            "合同编号|合同类别|开工日期|签订日期\nA1|工程|2024-03-01|2024-03-10",
            "violation",
        ),
        case(
            "合同编号|合同类别|开工日期|签订日期\nA1|工程|2024-03-11|2024-03-10",
            "pass",
        ),
    ];
    let names = |rule: &crate::rules::Rule| -> Vec<String> {
        let mutants = mutants::try_rule(&pack, rule);
        mutants
            .survivors
            .into_iter()
            .map(|survivor| survivor.mutant)
            .collect()
    };
    assert_eq!(
        names(&rule),
        [
            "applies: − 合同类别 = \"工程\"",
            "applies: − 备注 不包含 \"抢险\"",
            "violation: 开工日期 < 签订日期 → <=",
        ]
    );
    rule.tests.push(case(
        "合同编号|合同类别|开工日期|签订日期\nA1|工程|2024-03-10|2024-03-10",
        "pass",
    ));
    rule.tests.push(case(
        "合同编号|合同类别|开工日期|签订日期\nA1|服务|2024-03-01|2024-03-10",
        "not-applicable",
    ));
    rule.equivalent = vec![
        (
            "applies: − 备注 不包含 \"抢险\"".to_owned(),
            "不写也一样".to_owned(),
        ),
        (
            "violation: 开工日期 < 签订日期 → <=".to_owned(),
            "已过时".to_owned(),
        ),
    ];
    let mutants = mutants::try_rule(&pack, &rule);
    assert_eq!(mutants.survivors, []);
    assert_eq!(mutants.stale, ["violation: 开工日期 < 签订日期 → <="]);
}

#[test]
fn a_failure_tells_line_row_and_tree() {
    let pack = pack();
    let mut rule = RULE.rule(&pack);
    let mut test = case(
        "合同编号|合同类别|开工日期|签订日期\nA1|工程|2024-03-01|2024-03-10",
        "pass",
    );
    test.line = 42;
    rule.tests = vec![test];
    let results = selftest::test_rule(&pack, &rule, Lang::Zh);
    insta::assert_snapshot!(results[0].text(Lang::Zh).expect("a failure"), @r#"
    rules/a-rule.toml:42 a case
      合同编号=A1 | 合同类别=工程 | 开工日期=2024-03-01 | 签订日期=2024-03-10
      应为：未发现；实为：不符
      ✓ 合同类别 = "工程" 且 备注 不包含 "抢险"
        ✓ 合同类别 = "工程"
          · 合同类别 = 工程
        ✓ 备注 不包含 "抢险"
          · 备注 = （空）
      ✓ 开工日期 < 签订日期
        · 开工日期 = 2024-03-01
        · 签订日期 = 2024-03-10
    "#);
    rule.tests[0].known_gap = Some("知道".to_owned());
    assert!(!selftest::test_rule(&pack, &rule, Lang::Zh)[0].is_failure());
    rule.tests[0].expect =
        crate::rules::TestExpectation::Verdict(crate::finding::Verdict::Violation);
    assert!(selftest::test_rule(&pack, &rule, Lang::Zh)[0].is_failure());
}
