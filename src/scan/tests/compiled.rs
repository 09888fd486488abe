//! The compiled conditions and the evaluator agree on random expressions and records.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Written, pack, table};
use crate::finding::{MissingWhat, Verdict};
use crate::lang::Lang;
use crate::rules::Pack;
use crate::scan::absences::Absences;
use crate::scan::compile::{Compiler, Row};
use crate::scan::eval::{Frame, Judge};
use crate::scan::judge::verdict;
use crate::scan::notes::{Absent, Lack, Silent, Trail};
use crate::scan::scene::Scene;
use crate::scan::tell;
use crate::scan::truth::Truth;
use crate::scan::{test_tables, walk};

static PACK: LazyLock<Pack> = LazyLock::new(pack);

fn leaf() -> impl Strategy<Value = String> {
    let money = prop::sample::select(vec![
        "合同金额",
        "余额",
        "5万元",
        "0元",
        "100.01元",
        "限额.现金限额",
        "限额.直接发包限额",
        "合计(付款.付款金额)",
        "合计(付款.付款金额 当 付款.款项性质 ≠ \"退款\")",
        "最大(付款.付款金额)",
        "合同金额 × 0.3",
        "合同金额 + 余额",
        "余额 - 1元",
        "默认(余额, 合同金额)",
        "(若 合同类别 = \"工程\" 则 合同金额 否则 余额)",
        "合同金额 × 限额.质保金比例上限",
        "合同金额 ÷ 3",
    ]);
    let date = prop::sample::select(vec![
        "签订日期",
        "开工日期",
        "终止日期",
        "2024-02-29",
        "基准日",
        "签订日期 + 30天",
        "签订日期 + 1个月",
        "签订日期 + 限额.备案时限",
        "终止日期 - 1年",
        "默认(验收日期, 签订日期)",
        "决议.会议日期",
        "默认(备案日期, 决议.会议日期)",
        "顺延(签订日期)",
        "签订日期 + 限额.拆分窗口",
    ]);
    let number = prop::sample::select(vec![
        "质保金比例",
        "限额.质保金比例上限",
        "3%",
        "0.05",
        "合同金额 ÷ 余额",
        "计数(付款)",
        "质保金比例 × 2",
        "年(签订日期)",
    ]);
    let comparison = prop::sample::select(vec!["=", "≠", ">", ">=", "<", "<="]);
    let pair = |operand: prop::sample::Select<&'static str>| {
        (operand.clone(), comparison.clone(), operand)
            .prop_map(|(a, op, b)| format!("{a} {op} {b}"))
    };
    let fixed = prop::sample::select(vec![
        "合同类别 = \"工程\"",
        "合同类别 ≠ \"租赁\"",
        "合同类别 属于 [\"工程\", \"服务\"]",
        "合同类别 不属于 [\"采购\"]",
        "合同类别 属于 限额.应备案类别",
        "是否备案 = 否",
        "是否备案 ≠ 是",
        "备注 匹配 \"抢|修\"",
        "备注 不包含 \"抢\"",
        "合同名称 开头是 \"路\"",
        "合同名称 包含 乙方",
        "乙方 = \"甲(岚溪)有限公司\"",
        "乙方 ≠ 合同编号",
        "合同名称 = \"路\"",
        "备注 为空",
        "备注 非空",
        "合同金额 为空",
        "签订日期 非空",
        "合同期限 为空",
        "决议.会议日期 为空",
        "默认(验收日期, 备案日期) 为空",
        "存在(决议)",
        "存在(付款)",
        "存在(付款 当 付款.付款日期 < 签订日期)",
        "全部(付款.付款金额 > 1元)",
        "有列(是否备案)",
        "有列(备注)",
        "终止日期 - 起始日期 > 365天",
        "合同年限 > 1年",
        "签订日期 - 开工日期 >= 5天",
        "相似(合同名称, 备注)",
        "合同名称 = 备注",
    ])
    .prop_map(str::to_owned);
    prop_oneof![3 => pair(money), 3 => pair(date), 2 => pair(number), 4 => fixed]
}

fn condition() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" 且 "))),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" 或 "))),
            inner.clone().prop_map(|part| format!("非 ({part})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(若 {a} 则 {b} 否则 {c})")),
        ]
    })
}

fn cell(choices: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(choices)
}

const MONEY: &[&str] = &["", "5万元", "100.01元", "0元", "约4万", "33333.33元", "—"];
const DATE: &[&str] = &[
    "",
    "2024-02-29",
    "2024-01-30",
    "2024.2",
    "2月30日",
    "2017-06-30",
    "2017.7",
    "2024-03-30",
];

fn rows() -> impl Strategy<Value = (String, String)> {
    let contract = (
        cell(&["A1", "A2", "", "甲"]),
        cell(&["路", "桥", "", "路面"]),
        cell(&["工程", "服务", "租赁", "", "某类"]),
        cell(&["甲（岚溪）公司", "乙公司", ""]),
        (cell(MONEY), cell(MONEY)),
        (cell(DATE), cell(DATE), cell(DATE)),
        (cell(&["是", "否", "/", ""]), cell(&["抢修", "", "路"])),
        (cell(&["3%", "5%", "0.03", "", "若干"]), cell(&["J1", "J2", ""])),
        cell(&["2020-01-01至2021-01-01", "长期", "5年", "", "2020.1.1起长期"]),
    )
        .prop_map(|(id, name, class, party, (a, b), (x, y, z), (flag, remark), (share, decision), term)| {
            format!("{id}|{name}|{class}|{party}|{a}|{b}|{x}|{y}|{z}|{flag}|{remark}|{share}|{decision}|{term}")
        });
    let payment = (
        cell(&["A1", "A2", ""]),
        cell(MONEY),
        cell(DATE),
        cell(&["退款", "进度款", ""]),
    )
        .prop_map(|(id, amount, date, nature)| format!("{id}|{amount}|{date}|{nature}"));
    (
        prop::collection::vec(contract, 1..6),
        prop::collection::vec(payment, 0..4),
    )
        .prop_map(|(contracts, payments)| (contracts.join("\n"), payments.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("HEYAN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400), ..ProptestConfig::default() })]

    #[test]
    fn both_evaluators_agree(
        condition in condition(),
        (contracts, payments) in rows(),
        absent in prop::sample::subsequence(vec!["备注", "签订日期", "合同金额", "合同类别", "是否备案", "合同编号", "决议编号"], 0..3),
        supplied in prop::sample::subsequence(vec!["付款", "决议"], 0..=2),
        vacuous: bool,
    ) {
        let contracts = format!("合同编号|合同名称|合同类别|乙方|合同金额|余额|签订日期|开工日期|验收日期|是否备案|备注|质保金比例|决议编号|合同期限\n{contracts}");
        let payments = format!("合同编号|付款金额|付款日期|款项性质\n{payments}");
        let decisions = "决议编号|会议日期\nJ1|2024-02-29";
        let mut tables = vec![("合同".to_owned(), table(&contracts))];
        if supplied.contains(&"付款") {
            tables.push(("付款".to_owned(), table(&payments)));
        }
        if supplied.contains(&"决议") {
            tables.push(("决议".to_owned(), table(decisions)));
        }
        let villages = test_tables::villages(&PACK, &tables, &absent).expect("tables of known fields");
        let rule = Written {
            ledger: "合同",
            violation: &condition,
            law_date: &["签订日期", "开工日期"],
            ..Written::default()
        }
        .rule(&PACK);
        let as_of = super::day("2024-03-01");
        let scene = Scene::new(&PACK, as_of, &villages, &walk::relations([&rule]));
        let judged = &rule.judged[0];
        let judge = Judge { scene: &scene, law_date: &judged.law_date, lang: Lang::Zh };
        for &place in scene.ledgers_of(0, judged.kind) {
            let ledger = &villages[0].ledgers[place as usize];
            let compiler = Compiler { judge, ledger, village: 0, all: crate::scan::all::All::none() };
            let compiled = compiler.condition(&judged.violation, vacuous);
            let mut absences = Absences::of(compiler, judged);
            for rec in scene.records(0, place) {
                let frame = Frame { vacuous, ..Frame::of(rec) };
                let (walked, _) = judge.truth::<Silent>(&judged.violation, frame);
                let (recorded, trail) = judge.truth::<Trail>(&judged.violation, frame);
                let fast = compiled.truth(&Row { data: ledger.row(rec.row), rec });
                prop_assert_eq!(walked, fast, "{} at {:?}", &condition, rec);
                prop_assert_eq!(walked, recorded, "{} at {:?}", &condition, rec);
                // What a rule cannot run for is told as walking would tell it.
                if verdict(Truth::TRUE, recorded) == Verdict::NotRun && !vacuous {
                    let named = |lacks: &[Lack]| -> BTreeSet<(MissingWhat, String)> {
                        lacks
                            .iter()
                            .filter(|lack| !matches!(lack, Lack::Cell(..)))
                            .map(|lack| tell::missing(&scene, lack))
                            .map(|missing| (missing.what, missing.name))
                            .collect()
                    };
                    let row = Row { data: ledger.row(rec.row), rec };
                    let told = absences.of_record(&row, || {
                        let (_, absent) = judge.truth::<Absent>(&judged.violation, frame);
                        absent.lacks
                    });
                    prop_assert_eq!(named(&told), named(&trail.lacks), "{} at {:?}", &condition, rec);
                }
                // What is not decided names what is lacking, and what is decided lacks nothing.
                if !trail.reads.is_empty() || walked.is_decided() {
                    prop_assert_eq!(trail.lacks.is_empty(), walked.is_decided(), "{} lacks {:?}", &condition, &trail.lacks);
                }
            }
        }
    }
}
