//! Adds reports of different villages up: the result is the report of a scan of all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{FileId, Input, InputStatus, RecordReport, Report, RuleBalance};
use crate::lang::{Bilingual, Lang};

/// Adds reports up that have no village in common. The result is, byte for byte, the report of a scan of all their
/// ledgers, for every rule that looks at one village at a time; a rule that looks at all villages together has seen
/// too little in each of them and is not-run in the result.
///
/// Apply baselines and waivers to the result, not to its parts.
///
/// # Errors
/// Says what the reports do not have in common, or have in common and should not.
pub fn merge(reports: Vec<Report>) -> Result<Report, Bilingual> {
    let mut reports = reports.into_iter();
    let Some(mut sum) = reports.next() else {
        return Err(Bilingual::new(
            "没有可合并的报告；请给出两份以上 JSON 报告",
            "there is nothing to merge; name two or more JSON reports",
        ));
    };
    untouched(&sum)?;
    without_wide_rules(&mut sum);
    for mut other in reports {
        untouched(&other)?;
        comparable(&sum, &other)?;
        disjoint(&sum, &other)?;
        without_wide_rules(&mut other);
        add(&mut sum, other);
    }
    order(&mut sum);
    Ok(sum)
}

/// Refuses a report that was compared with a baseline or has waivers applied.
fn untouched(report: &Report) -> Result<(), Bilingual> {
    let compared = report.resolved.is_some() || report.findings.iter().any(|f| f.status.is_some());
    if compared {
        return Err(Bilingual::new(
            "有报告已与基线对比；请合并未加 --baseline 的报告，合并后再对比",
            "one of the reports was compared with a baseline; merge reports made without --baseline and compare afterwards",
        ));
    }
    if report.waivers_applied || report.findings.iter().any(|f| f.waiver.is_some()) {
        return Err(Bilingual::new(
            "有报告已应用豁免；请合并用 --no-waivers 生成的报告，合并后再应用豁免",
            "one of the reports has waivers applied; merge reports made with --no-waivers and apply waivers afterwards",
        ));
    }
    Ok(())
}

/// Refuses reports that do not speak of the same day, rules, limits and language.
fn comparable(a: &Report, b: &Report) -> Result<(), Bilingual> {
    let differ = |zh: &str, en: &str, a: &str, b: &str| {
        Err(Bilingual::new(
            format!("{zh}不同：{a} 与 {b}；请用同一{zh}重新检查后再合并"),
            format!("the {en} differs: {a} and {b}; scan again with the same {en} before merging"),
        ))
    };
    if a.as_of != b.as_of {
        return differ("基准日", "as-of date", &a.as_of, &b.as_of);
    }
    if a.tool.version != b.tool.version {
        return differ(
            "程序版本",
            "program version",
            &a.tool.version,
            &b.tool.version,
        );
    }
    if a.lang != b.lang {
        let name = |lang: Lang| match lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        };
        return differ("语言", "language", name(a.lang), name(b.lang));
    }
    if let Some((zh, en)) = rule_difference(a, b) {
        return Err(Bilingual::new(
            format!("{zh}；请用同一套规则和限额重新检查后再合并"),
            format!("{en}; scan again with the same rules and limits before merging"),
        ));
    }
    if a.tool.rules != b.tool.rules || a.restated != b.restated {
        return differ(
            "规则包和限额",
            "rules and limits",
            &a.tool.rules,
            &b.tool.rules,
        );
    }
    let listed = |report: &Report| !report.records.is_empty() || report.balance.records == 0;
    if listed(a) != listed(b) {
        return Err(Bilingual::new(
            "有的报告含记录清单，有的不含；请统一是否使用 --no-records",
            "some of the reports list their records and some do not; use --no-records for all or none",
        ));
    }
    Ok(())
}

/// The first rule that the reports do not have in common, in words.
fn rule_difference(a: &Report, b: &Report) -> Option<(String, String)> {
    let rules = |report: &Report| -> BTreeMap<String, String> {
        let rules = report.balance.by_rule.iter();
        rules.map(|r| (r.rule.clone(), r.digest.clone())).collect()
    };
    let (a, b) = (rules(a), rules(b));
    let all: BTreeSet<_> = a.keys().chain(b.keys()).collect();
    all.into_iter()
        .find_map(|rule| match (a.get(rule), b.get(rule)) {
            (Some(a), Some(b)) if a == b => None,
            (Some(_), Some(_)) => Some((
                format!("规则 {rule} 或其限额在两份报告中不同"),
                format!("rule {rule} or its limits differ between the reports"),
            )),
            _ => Some((
                format!("规则 {rule} 只在其中一份报告中执行"),
                format!("rule {rule} is part of only one of the reports"),
            )),
        })
}

/// Refuses reports that have a village or a file in common.
fn disjoint(a: &Report, b: &Report) -> Result<(), Bilingual> {
    if let Some((town, village)) = villages(a).intersection(&villages(b)).next() {
        return Err(Bilingual::new(
            format!("两份报告都有{town}{village}；同一村的台账请放在一次检查里"),
            format!(
                "both reports have the village {}; check all ledgers of a village in one scan",
                format!("{town} {village}").trim()
            ),
        ));
    }
    let files = |report: &Report| -> BTreeMap<String, String> {
        let filled = |input: &&Input| {
            input.status == InputStatus::Read
                && !input.sha256.is_empty()
                && input.tables.iter().any(|table| table.records > 0)
        };
        let inputs = report.inputs.iter().filter(filled);
        inputs.map(|i| (i.sha256.clone(), i.file.clone())).collect()
    };
    let (of_a, of_b) = (files(a), files(b));
    if let Some((sha, file)) = of_a.iter().find(|(sha, _)| of_b.contains_key(*sha)) {
        let other = of_b.get(sha).map_or("", String::as_str);
        return Err(Bilingual::new(
            format!("两份报告含有同一个文件（内容完全相同）：{file} 与 {other}"),
            format!("both reports hold the same file (equal in every byte): {file} and {other}"),
        ));
    }
    Ok(())
}

/// Town and village of everything that a report tells.
fn villages(report: &Report) -> BTreeSet<(&str, &str)> {
    let coverage = report.coverage.iter().map(|c| (&c.town, &c.village));
    let records = report.records.iter().map(|r| (&r.town, &r.village));
    let findings = report.findings.iter().map(|f| (&f.town, &f.village));
    coverage
        .chain(records)
        .chain(findings)
        .filter(|(_, village)| !village.is_empty())
        .map(|(town, village)| (town.as_str(), village.as_str()))
        .collect()
}

/// Turns every rule that looks at all villages together into one that was not run.
fn without_wide_rules(report: &mut Report) {
    let wide: Vec<bool> = report
        .balance
        .by_rule
        .iter()
        .map(|rule| rule.all_villages)
        .collect();
    if !wide.contains(&true) {
        return;
    }
    let mut names = BTreeSet::new();
    for rule in &mut report.balance.by_rule {
        if rule.all_villages {
            names.insert(rule.rule.clone());
            *rule = RuleBalance {
                rule: rule.rule.clone(),
                records: rule.records,
                not_run: rule.records,
                digest: rule.digest.clone(),
                all_villages: true,
                ..RuleBalance::default()
            };
        }
    }
    report.findings.retain(|f| !names.contains(&f.rule));
    report.not_run.retain(|n| !names.contains(&n.rule));
    for record in &mut report.records {
        record.verdicts = record
            .verdicts
            .chars()
            .zip(wide.iter().chain(std::iter::repeat(&false)))
            .map(|(letter, wide)| if *wide && letter != '.' { 'x' } else { letter })
            .collect();
    }
    for name in names {
        report.notes.push(match report.lang {
            Lang::Zh => {
                format!("规则 {name} 要把所有村放在一起看，合并的报告中未执行；需要时对全部台账一次检查")
            }
            Lang::En => format!(
                "rule {name} looks at all villages together and is not run in a merged report; check all ledgers in one scan to run it"
            ),
        });
    }
}

/// Adds a report to another one; [`order`] puts the parts in their places.
fn add(sum: &mut Report, other: Report) {
    sum.inputs.extend(other.inputs);
    sum.coverage.extend(other.coverage);
    sum.findings.extend(other.findings);
    sum.not_run.extend(other.not_run);
    sum.records.extend(other.records);
    sum.notes.extend(other.notes);
    sum.balance.records += other.balance.records;
    sum.balance.issues.extend(other.balance.issues);
    for rule in other.balance.by_rule {
        let of_sum = &mut sum.balance.by_rule;
        if let Some(of_sum) = of_sum.iter_mut().find(|r| r.rule == rule.rule) {
            of_sum.add(&rule);
        }
    }
}

/// The order of a scan.
fn order(report: &mut Report) {
    report
        .inputs
        .sort_by(|a, b| (&a.file, &a.sha256, a.bytes).cmp(&(&b.file, &b.sha256, b.bytes)));
    for (id, input) in (0..).map(FileId).zip(&mut report.inputs) {
        input.id = id;
    }
    report
        .coverage
        .sort_by(|a, b| (&a.town, &a.village, &a.kind).cmp(&(&b.town, &b.village, &b.kind)));
    report
        .findings
        .sort_by(crate::finding::Finding::listing_order);
    report.not_run.sort();
    report.records.sort_by(RecordReport::listing_order);
    report.notes.sort();
    report.notes.dedup();
    let mut issues: BTreeMap<String, u32> = BTreeMap::new();
    for (kind, count) in report.balance.issues.drain(..) {
        *issues.entry(kind).or_default() += count;
    }
    report.balance.issues = issues.into_iter().collect();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sample::{Row, Scan, row, values};
    use super::super::{compare, merge};
    use crate::finding::{Report, Verdict};
    use crate::lang::Lang;

    const DAY: &str = "2025-06-30";

    fn one(village: &str, filed: &str) -> Vec<Row> {
        vec![row(
            village,
            "A1",
            ["修路", village, "2024-03-10", "2024-03-20", "80000", filed],
        )]
    }

    fn error_of(a: Report, b: Report) -> String {
        let error = merge(vec![a, b]).unwrap_err();
        assert!(!error.en.is_empty());
        error.zh.into_owned()
    }

    #[test]
    fn what_differs_is_named() {
        let scan = Scan::on(DAY);
        let (a, b) = (scan.of(&one("甲村", "否")), scan.of(&one("乙村", "否")));
        assert!(merge(vec![a.clone(), b.clone()]).is_ok());
        assert!(error_of(a.clone(), scan.of(&one("甲村", "是"))).contains("都有甲村"));
        assert!(
            error_of(a.clone(), Scan::on("2025-07-01").of(&one("乙村", "否")))
                .contains("基准日不同：2025-06-30 与 2025-07-01")
        );
        let other_limit = Scan {
            filing_from: 1,
            ..scan.clone()
        };
        assert!(error_of(a.clone(), other_limit.of(&one("乙村", "否"))).contains("missing-filing"));
        let fewer = Scan {
            rules: vec!["missing-filing"],
            ..scan.clone()
        };
        assert!(
            error_of(a.clone(), fewer.of(&one("乙村", "否")))
                .contains("contractor-in-many-villages 只在")
        );
        let unlisted = Scan {
            records: false,
            ..scan.clone()
        };
        assert!(error_of(a.clone(), unlisted.of(&one("乙村", "否"))).contains("--no-records"));
        let english = Report {
            lang: Lang::En,
            ..b.clone()
        };
        assert!(error_of(a.clone(), english).contains("语言不同"));
        let mut copy = b.clone();
        copy.inputs[0].sha256 = a.inputs[0].sha256.clone();
        assert!(error_of(a.clone(), copy).contains("同一个文件"));
        let mut compared = b.clone();
        compare(&b, &mut compared, &values(&[]));
        assert!(error_of(a, compared).contains("基线"));
        assert!(merge(Vec::new()).is_err());
    }

    #[test]
    fn a_rule_over_all_villages_is_not_run_in_a_merged_report() {
        let parts: Vec<_> = ["甲村", "乙村", "丙村"]
            .iter()
            .map(|village| {
                let mut rows = one(village, "否");
                rows[0].party = "同一公司".to_owned();
                rows
            })
            .collect();
        let joint = Scan::on(DAY).of(&parts.concat());
        assert_eq!(
            joint.balance.by_rule[0].violation, 3,
            "the joint scan sees it"
        );
        let merged = merge(parts.iter().map(|rows| Scan::on(DAY).of(rows)).collect()).unwrap();
        let wide = &merged.balance.by_rule[0];
        assert_eq!((wide.not_run, wide.violation), (3, 0));
        assert!(wide.adds_up());
        assert!(merged.records.iter().all(|r| r.verdicts.starts_with('x')));
        assert!(
            merged
                .findings
                .iter()
                .all(|f| f.rule == "missing-filing" && f.verdict == Verdict::Violation)
        );
        assert_eq!(merged.notes.len(), 1);
    }

    /// Merges the reports of parts in a random bracketing.
    fn bracketed(mut reports: Vec<Report>, picks: &[usize]) -> Report {
        let mut picks = picks.iter().cycle();
        while reports.len() > 1 {
            let at = picks.next().unwrap() % (reports.len() - 1);
            let pair = vec![reports.remove(at), reports.remove(at)];
            reports.insert(at, merge(pair).unwrap());
        }
        merge(reports).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn any_partition_by_village_in_any_bracketing_is_the_joint_scan(
            cells in proptest::collection::vec((0..6_u8, 0..4_u8, 0..3_u8, 0..3_u8, 0..3_u8, 1..4_u8, 0..3_u8), 1..24),
            part_of in proptest::collection::vec(0..4_usize, 6),
            picks in proptest::collection::vec(0..100_usize, 1..6),
        ) {
            let rows: Vec<Row> = cells
                .iter()
                .enumerate()
                .map(|(at, &(village, party, signed, started, filed, amount, file))| {
                    let mut row = row(
                        &format!("{village}村"),
                        &format!("A{at}"),
                        [
                            &format!("合同{at}"),
                            &format!("{party}公司"),
                            ["2024-03-10", "2月30日", ""][usize::from(signed)],
                            ["2024-03-01", "2024-04-01", ""][usize::from(started)],
                            &format!("{}", u32::from(amount) * 45_000),
                            ["是", "否", ""][usize::from(filed)],
                        ],
                    );
                    row.file = format!("{village}村/{file}.xlsx");
                    row
                })
                .collect();
            let narrow = Scan {
                rules: vec!["missing-filing", "signed-after-start", "split-contracts"],
                ..Scan::on(DAY)
            };
            let wide = Scan::on(DAY);
            for scan in [&narrow, &wide] {
                let parts: Vec<Report> = (0..4)
                    .map(|part| {
                        let in_part = |row: &&Row| {
                            let village = row.village.as_bytes()[0] - b'0';
                            part_of[usize::from(village)] == part
                        };
                        rows.iter().filter(in_part).cloned().collect::<Vec<_>>()
                    })
                    .filter(|rows| !rows.is_empty())
                    .map(|rows| scan.of(&rows))
                    .collect();
                // A joint scan of narrow rules is itself; one with a wide rule is that with the rule not run.
                let joint = if std::ptr::eq(scan, &raw const narrow) {
                    scan.of(&rows)
                } else {
                    merge(vec![scan.of(&rows)]).unwrap()
                };
                prop_assert_eq!(bracketed(parts, &picks), joint);
            }
        }
    }
}
