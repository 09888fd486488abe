//! Whole scans: what they add up to, their order, their balance, and what cannot run.

use super::{Written, pack, table};
use crate::finding::MissingWhat;
use crate::lang::Lang;
use crate::ledger::{Day, Village};
use crate::rules::{Pack, Rule};
use crate::scan::{Scan, Session, Settings, run, test_tables};

fn settings() -> Settings {
    Settings {
        as_of: Day::from_ymd(2025, 6, 30).expect("a day"),
        lang: Lang::Zh,
        records: true,
    }
}

fn with_rules(pack: &Pack, rules: &[Rule]) -> Pack {
    let mut pack = pack.clone();
    pack.rules = rules.to_vec();
    pack.rules.sort_by(|a, b| a.id.cmp(&b.id));
    pack
}

fn villages(pack: &Pack, tables: &[(&str, &str)]) -> Vec<Village> {
    let tables: Vec<(String, crate::rules::TestTable)> = tables
        .iter()
        .map(|(name, rows)| ((*name).to_owned(), table(rows)))
        .collect();
    test_tables::villages(pack, &tables, &[]).expect("tables of known fields")
}

/// Scans tables by rules; only the ledgers given are there.
pub(super) fn scan(pack: &Pack, rules: &[Rule], tables: &[(&str, &str)]) -> Scan {
    let pack = with_rules(pack, rules);
    run(&pack, &villages(&pack, tables), &settings())
}

fn rules(pack: &Pack) -> Vec<Rule> {
    let base = Written {
        id: "signed-after-start",
        ledger: "合同",
        applies: "合同类别 = \"工程\"",
        violation: "开工日期 < 签订日期",
        law_date: &["签订日期"],
        message: "{开工日期}",
        ..Written::default()
    };
    vec![
        base.rule(pack),
        Written {
            id: "paid-over-contract",
            applies: "",
            violation: "合计(付款.付款金额) > 合同金额",
            ..base
        }
        .rule(pack),
        Written {
            id: "twice",
            applies: "",
            violation: "计数(组) >= 2",
            by: &["乙方"],
            message: "",
            ..base
        }
        .rule(pack),
        Written {
            id: "no-payee",
            ledger: "付款",
            applies: "",
            violation: "收款方 为空",
            law_date: &["付款日期"],
            message: "",
            ..base
        }
        .rule(pack),
    ]
}

const CONTRACTS: &str = "村|合同编号|合同类别|乙方|合同金额|签订日期|开工日期
    李庄|A1|工程|甲公司|10万元|2024-03-10|2024-03-01
    李庄|A2|工程|甲公司|10万元|2024-03-01|2024-03-10
    李庄|A3|服务|乙公司|10万元|2024-03-01|
    王庄|A1|工程|丙公司|10万元|2024-03-01|
    王庄|A2||丙公司|约5万|2024-03-10|2024-03-01";
const PAYMENTS: &str = "村|凭证号|合同编号|收款方|付款金额|付款日期
    李庄|1|A1|甲公司|11万元|2024-04-01
    李庄|2|A9||1万元|2024-04-01";

#[test]
fn the_balance_of_every_rule_adds_up() {
    let pack = pack();
    let scan = scan(
        &pack,
        &rules(&pack),
        &[("合同", CONTRACTS), ("付款", PAYMENTS)],
    );
    let counts: Vec<(&str, [u32; 7])> = scan
        .by_rule
        .iter()
        .map(|b| {
            assert!(b.adds_up(), "{b:?}");
            (
                b.rule.as_str(),
                [
                    b.records,
                    b.violation,
                    b.pass,
                    b.undetermined,
                    b.not_applicable,
                    b.not_run,
                    b.findings,
                ],
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("no-payee", [2, 1, 1, 0, 0, 0, 1]),
            // 王庄 supplied no payments.
            ("paid-over-contract", [5, 1, 2, 0, 0, 2, 1]),
            ("signed-after-start", [5, 1, 1, 2, 1, 0, 3]),
            ("twice", [5, 4, 1, 0, 0, 0, 2]),
        ]
    );
    let letters: Vec<(&str, &str, &str)> = scan
        .records
        .iter()
        .map(|r| (r.village.as_str(), r.kind.as_str(), r.verdicts.as_str()))
        .collect();
    assert_eq!(
        letters,
        [
            ("李庄", "contract", ".vvv"),
            ("李庄", "contract", ".ppv"),
            ("李庄", "contract", ".p-p"),
            ("李庄", "payment", "p..."),
            ("李庄", "payment", "v..."),
            ("王庄", "contract", ".xuv"),
            ("王庄", "contract", ".xuv"),
        ]
    );
}

#[test]
fn what_cannot_run_is_told_once_per_table_and_thing() {
    let pack = pack();
    let scan = scan(
        &pack,
        &rules(&pack),
        &[("合同", CONTRACTS), ("付款", PAYMENTS)],
    );
    let told: Vec<_> = scan
        .not_run
        .iter()
        .map(|n| {
            (
                n.rule.as_str(),
                n.village.as_str(),
                n.what,
                n.name.as_str(),
                n.records,
            )
        })
        .collect();
    assert_eq!(
        told,
        [("paid-over-contract", "王庄", MissingWhat::Ledger, "付款", 2)]
    );
}

#[test]
fn a_group_that_lacks_a_column_counts_each_of_its_records_once() {
    let base = pack();
    let rule = Written {
        id: "shares",
        ledger: "合同",
        violation: "计数(组) >= 2 且 最小(组.合同金额) < 最大(组.余额)",
        by: &["乙方"],
        ..Written::default()
    }
    .rule(&base);
    let pack = with_rules(&base, &[rule]);
    let rows = table(
        "村|合同编号|乙方
        李庄|A1|甲公司
        李庄|A2|甲公司
        李庄|A3|甲公司
        李庄|A4|乙公司
        李庄|A5|乙公司",
    );
    let villages =
        test_tables::villages(&pack, &[("合同".to_owned(), rows)], &["合同金额", "余额"])
            .expect("a table of known fields");
    let told: Vec<(String, u32)> = run(&pack, &villages, &settings())
        .not_run
        .into_iter()
        .map(|n| (n.name, n.records))
        .collect();
    assert_eq!(told, [("余额".to_owned(), 5), ("合同金额".to_owned(), 5)]);
}

#[test]
fn scans_add_up() {
    let pack = with_rules(&pack(), &rules(&pack()));
    let all = run(
        &pack,
        &villages(&pack, &[("合同", CONTRACTS), ("付款", PAYMENTS)]),
        &settings(),
    );
    let mut parts = Scan::default();
    for village in villages(&pack, &[("合同", CONTRACTS), ("付款", PAYMENTS)])
        .into_iter()
        .rev()
    {
        parts.extend(run(&pack, std::slice::from_ref(&village), &settings()));
    }
    parts.sort();
    assert_eq!(format!("{all:?}"), format!("{parts:?}"));
    let mut session = Session::new(&pack, settings());
    for village in villages(&pack, &[("合同", CONTRACTS), ("付款", PAYMENTS)])
        .into_iter()
        .rev()
    {
        session.add(village);
    }
    assert_eq!(format!("{all:?}"), format!("{:?}", session.finish()));
}

#[test]
fn a_session_judges_rules_over_all_villages_at_its_end() {
    let base = pack();
    let mut rules = rules(&base);
    rules.push(
        Written {
            id: "across",
            ledger: "合同",
            violation: "计数(组) >= 2",
            by: &["合同编号"],
            all_villages: true,
            ..Written::default()
        }
        .rule(&base),
    );
    let pack = with_rules(&base, &rules);
    let given = [("合同", CONTRACTS), ("付款", PAYMENTS)];
    let all = run(&pack, &villages(&pack, &given), &settings());
    assert_eq!(all.by_rule[0].violation, 4);
    assert!(
        all.records[0].verdicts.starts_with('v'),
        "{:?}",
        all.records[0]
    );
    let mut session = Session::new(&pack, settings());
    for village in villages(&pack, &given).into_iter().rev() {
        session.add(village);
    }
    assert_eq!(format!("{all:?}"), format!("{:?}", session.finish()));
}

#[test]
fn any_number_of_threads_yields_the_same() {
    let pack = with_rules(&pack(), &rules(&pack()));
    let villages = villages(&pack, &[("合同", CONTRACTS), ("付款", PAYMENTS)]);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        pool.install(|| format!("{:?}", run(&pack, &villages, &settings())))
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(7));
}

#[test]
fn a_fingerprint_does_not_move_with_its_row_or_its_amount() {
    let pack = pack();
    let rules = rules(&pack);
    let header = "合同编号|合同类别|乙方|合同金额|签订日期|开工日期";
    let record = "A1|工程|甲公司|10万元|2024-03-10|2024-03-01";
    let dearer = "A1|工程|甲公司|99万元|2024-03-10|2024-03-02";
    let other = "A0|服务|乙公司|1万元|2024-03-10|2024-03-01";
    let print = |rows: &str| {
        let scan = scan(&pack, &rules, &[("合同", rows)]);
        let finding = scan
            .findings
            .iter()
            .find(|f| f.rule == "signed-after-start");
        finding.expect("a finding").fingerprint.clone()
    };
    let first = print(&format!("{header}\n{record}"));
    assert_eq!(first, print(&format!("{header}\n{other}\n{dearer}")));
}

#[test]
fn a_copy_takes_no_part() {
    let pack = with_rules(&pack(), &rules(&pack()));
    let mut villages = villages(
        &pack,
        &[(
            "合同",
            "合同编号|合同类别|乙方|签订日期|开工日期\nA1|工程|甲公司|2024-03-10|2024-03-01\nA1|工程|甲公司|2024-03-10|2024-03-01",
        )],
    );
    villages[0].ledgers[0].copies = vec![false, true];
    let scan = run(&pack, &villages, &settings());
    let letters: Vec<&str> = scan.records.iter().map(|r| r.verdicts.as_str()).collect();
    assert_eq!(letters, [".xvp", ".---"]);
    assert_eq!(scan.findings.len(), 1);
}

#[test]
fn an_ambiguous_link_is_an_issue() {
    let pack = pack();
    let rule = Written {
        ledger: "付款",
        violation: "付款日期 < 合同.签订日期",
        ..Written::default()
    }
    .rule(&pack);
    let scan = scan(
        &pack,
        &[rule],
        &[
            ("付款", "凭证号|合同编号|付款日期\n1|A1|2024-01-01"),
            (
                "合同",
                "合同编号|合同名称|签订日期\nA1|路|2024-02-01\nA1|桥|2024-02-01",
            ),
        ],
    );
    assert_eq!(scan.issues.len(), 1);
    assert_eq!(
        scan.issues[0].kind,
        crate::finding::IssueKind::AmbiguousLink
    );
    assert_eq!(scan.findings.len(), 1);
}

#[test]
fn a_sum_over_perhaps_members_blames_what_keeps_them_open_alone() {
    let pack = pack();
    let rule = Written {
        id: "advances",
        ledger: "付款",
        applies: "款项性质 = \"预付款\"",
        violation: "合计(组.付款金额) > 10万元",
        law_date: &["付款日期"],
        by: &["合同编号"],
        ..Written::default()
    }
    .rule(&pack);
    let rows = "凭证号|合同编号|款项性质|付款金额|付款日期
        1|A1|预付款|8万元|2024-03-10
        2|A1||4万元|2024-03-11";
    let scan = scan(&pack, &[rule], &[("付款", rows)]);
    let [finding] = scan.findings.as_slice() else {
        panic!("one group: {:?}", scan.findings);
    };
    let missing: Vec<(&str, &str)> = finding
        .missing
        .iter()
        .map(|missing| (missing.name.as_str(), missing.cell.as_str()))
        .collect();
    assert_eq!(missing, [("款项性质", "C3")]);
}
