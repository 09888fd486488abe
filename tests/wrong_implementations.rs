//! Ways to get the law wrong that a specialist would spot at once, each with the test of a rule (or the check here) that
//! such an implementation fails.
#![allow(missing_docs, reason = "a test has no users")]

use heyan::lang::Lang;
use heyan::ledger::Day;
use heyan::rules::{Pack, build, built_in};
use heyan::scan::selftest;

/// What is done wrong; the rule; the beginning of the case that catches it.
const CAUGHT: &[(u32, &str, &str)] = &[
    // 1 One threshold of 4 million for every project.
    (1, "must-tender-not-tendered", "400万元一刀切是错的"),
    (1, "no-bidding-above-limit", "400万元一刀切是错的"),
    // 3 Periods of tenders put on inquiries and selections.
    (3, "tender-period-too-short", "误报：询价三天收齐报价"),
    (3, "signed-late-after-award", "误报：询价不适用"),
    (3, "fewer-than-three-bidders", "误报：询价两家"),
    // 4 The wrong base for bonds.
    (4, "bid-bond-over-2pct", "分母不是合同价"),
    (4, "performance-bond-over-10pct", "分母是中标合同金额"),
    // 5 Retention measured by the contract price, or by one ceiling for all times.
    (5, "retention-over-3pct", "没有比例一列：按审定金额比"),
    (5, "retention-over-3pct", "边界与版本"),
    // 6 Bonds, retentions and deposits mixed up.
    (
        6,
        "performance-bond-over-10pct",
        "误报：质保金、押金不是履约保证金",
    ),
    // 7 Twenty years for every contract.
    (
        7,
        "lease-over-20-years",
        "误报：承包、家庭承包、流转不是租赁",
    ),
    (7, "lease-over-20-years", "误报：续订的两份不累加"),
    (7, "lease-over-20-years", "边界：二十年的对应日可以"),
    // 9 A fifth for deposits and bonds.
    (9, "earnest-over-20pct", "误报：押金不是定金"),
    // 10 Rules for public bodies put on villages.
    (
        10,
        "paid-over-share-before-acceptance",
        "没有约定、没有本地上限：183号文",
    ),
    (10, "change-over-ratio", "没有设定：采购法的10%不套用"),
    (
        10,
        "settlement-over-contract-10pct-without-change-approval",
        "政府采购法的10%不套用",
    ),
    // 11 Every settlement without an audit told.
    (11, "paid-in-full-before-audit", "没有审计约定：不适用"),
    (11, "paid-before-settlement-audit", "未审计先结算不是一律"),
    // 12 Majorities of different bodies mixed up.
    (12, "votes-not-enough", "边界"),
    (12, "major-matter-two-thirds", "普通出租不套三分之二"),
    (12, "decision-missing", "误报：会议类型不同的决议也是决议"),
    // 14 Every contract signed by the villagers' committee told.
    (14, "wrong-party-a", "未设集体经济组织时村委会可代行"),
    // 16 The limit of 1,000 put on wages.
    (16, "cash-payment-over-limit", "边界与误报：工资"),
    // 17 A national ban on claims across years.
    (17, "cross-year-claim", "没有国家禁令"),
    // 18 Transfers taken for cash spent from receipts.
    (18, "spent-from-cash-receipts", "误报：转账不是现金坐支"),
    // 19 Building permits from 300,000 for every project.
    (19, "no-building-permit", "误报：村道不适用"),
    (19, "no-building-permit", "边界"),
    // 20 Filing of completion asked of every project.
    (20, "completion-not-filed", "误报：路灯工程没有许可"),
    // 21 The same day, or a month alone, told as the wrong order.
    (21, "decision-after-signing", "误报：同一天先会后签"),
    (21, "decision-after-signing", "误报：只到月份"),
    // 22 A yearly rent taken for the total, or the other way round.
    (22, "no-bidding-above-limit", "误报：合同总额大、年租金小"),
    (22, "earnest-over-20pct", "误报：首年租金不是标的额"),
    // 24 The fifteen days of a province put on every works contract.
    (24, "works-contract-not-filed", "本地没有设定"),
    // 26 A default put in the place of a local number.
    (26, "missing-filing", "本地没有设定"),
    (26, "award-weaker-than-tier", "没有设定分档"),
    (26, "no-acceptance-after-completion", "本地没有设定宽限"),
];

fn pack() -> Pack {
    build(&built_in(), None).pack
}

#[test]
fn each_has_a_test_that_catches_it_and_passes() {
    let pack = pack();
    for &(number, id, case) in CAUGHT {
        let rule = pack
            .find_rule(id)
            .unwrap_or_else(|| panic!("{number}: no rule {id}"));
        let results = selftest::test_rule(&pack, rule, Lang::En);
        let found = results
            .iter()
            .find(|result| result.case.starts_with(case))
            .unwrap_or_else(|| panic!("{number}: {id} has no case {case}"));
        assert!(!found.is_failure(), "{number}: {id} {case}");
    }
}

/// 2: article 4 of the Tender Law binds projects subject to tender by law, not small works that were split.
#[test]
fn splitting_below_the_national_limits_does_not_cite_article_4() {
    let pack = pack();
    let rule = pack.find_rule("split-contracts").expect("the rule");
    assert!(!rule.basis.iter().any(|id| id == "zbf-4" || id == "zbf-49"));
}

/// 8, 15, 25: no message speaks of validity, of ‘no contract’ after expiry, or of intent.
#[test]
fn messages_do_not_judge_validity_or_intent() {
    for source in built_in() {
        let head = source
            .source
            .text
            .split("[[test]]")
            .next()
            .unwrap_or_default();
        for line in head.lines().filter(|line| line.starts_with("message")) {
            for word in [
                "无效",
                "作废合同",
                "隐瞒",
                "套取",
                "虚构",
                "无合同",
                " void",
                "invalid",
            ] {
                assert!(!line.contains(word), "{}: {line}", source.path);
            }
        }
    }
    let pack = pack();
    let rule = pack
        .find_rule("expired-not-renewed-still-collecting")
        .expect("the rule");
    assert!(rule.basis.iter().any(|id| id == "mfd-734"));
}

/// 13: the articles of 2018 end where those of 2025 begin. 23: the Land Contracting Law is in force.
#[test]
fn renumbered_articles_do_not_overlap_and_law_in_force_is_open_ended() {
    let law = pack().law;
    for (old, new) in [
        ("cz18-24-1", "cz25-28"),
        ("cz18-26", "cz25-30"),
        ("cz18-30", "cz25-35"),
        ("cz18-34", "cz25-39"),
        ("fp19-20", "fp23-19"),
        ("fp19-21", "fp23-20"),
        ("kj17-27", "kj24-25"),
        ("htf-214", "mfd-705"),
        ("zbj16-7", "zbj17-7"),
        ("3hl-7", "16hl-5"),
    ] {
        let (old, new) = (&law[old], &law[new]);
        assert_eq!(old.to.plus_days(1), new.from, "{} and {}", old.id, new.id);
        assert!(new.replaces.contains(&old.id), "{}", new.id);
    }
    for id in ["tdcb-36", "tdcb-38-3", "tdcb-52"] {
        assert_eq!(law[id].to, Day::MAX, "{id}");
    }
}
