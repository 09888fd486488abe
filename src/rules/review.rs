//! What `heyan rules check` warns of: rules whose tests leave something open.

use super::build::Loaded;
use super::diagnostic::{Diagnostic, Level, SourceText};
use super::pages::has_boundary;
use super::{Rule, TestExpectation};
use crate::finding::Verdict;
use crate::lang::Bilingual;
use crate::ledger::Day;

/// The words by which the case of a test says that it stands on a boundary.
const BOUNDARY: [&str; 7] = [
    "边界",
    "恰好",
    "正好",
    "刚好",
    "最后一天",
    "同日",
    "boundary",
];

/// Warns of rules without a violation, a pass, an undetermined and a boundary case, and of limits whose segments no test
/// touches.
pub fn review(loaded: &Loaded) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for rule in &loaded.pack.rules {
        let Some(file) = loaded
            .files
            .iter()
            .find(|file| file.source.name == *rule.file)
        else {
            continue;
        };
        let missing = missing(rule);
        if !missing.is_empty() {
            let zh: Vec<&str> = missing.iter().map(|(zh, _)| *zh).collect();
            let en: Vec<&str> = missing.iter().map(|(_, en)| *en).collect();
            warnings.push(warning(
                &file.source,
                rule,
                Bilingual::new(
                    format!("{} 的测试里没有{}", rule.id, zh.join("、")),
                    format!("the tests of {} have no {}", rule.id, en.join(", ")),
                ),
            ));
        }
        for (name, from, to) in untouched(loaded, rule) {
            warnings.push(warning(
                &file.source,
                rule,
                Bilingual::new(
                    format!("限额 {name} 在 {from} 至 {to} 的值没有测试用到"),
                    format!("no test touches the value of {name} from {from} to {to}"),
                ),
            ));
        }
    }
    warnings
}

fn warning(source: &std::sync::Arc<SourceText>, rule: &Rule, message: Bilingual) -> Diagnostic {
    Diagnostic {
        level: Level::Warning,
        source: source.clone(),
        span: 0..0,
        message,
        label: Bilingual::default(),
        helps: Vec::new(),
        rule: Some(rule.id.clone()),
    }
}

/// The kinds of cases that no test shows.
fn missing(rule: &Rule) -> Vec<(&'static str, &'static str)> {
    let shows = |verdict: Verdict| {
        rule.tests.iter().any(|test| match &test.expect {
            TestExpectation::Verdict(expected) => *expected == verdict,
            TestExpectation::Records(table) => {
                let column = table.header.iter().position(|name| name == "verdict");
                let named = table
                    .rows
                    .iter()
                    .filter(|row| column.is_some_and(|column| row[column] == verdict.id()))
                    .count();
                // A row that the table does not name has no finding.
                named > 0 || (verdict == Verdict::Pass && table.rows.len() < test.rows.rows.len())
            }
        })
    };
    let boundary = || {
        rule.tests
            .iter()
            .any(|test| BOUNDARY.iter().any(|word| test.case.contains(word)))
    };
    let mut missing = Vec::new();
    if !shows(Verdict::Violation) {
        missing.push(("不符的", "violation"));
    }
    if !shows(Verdict::Pass) {
        missing.push(("未发现的", "pass"));
    }
    if !shows(Verdict::Undetermined) {
        missing.push(("待核的", "undetermined case"));
    }
    if has_boundary(rule) && !boundary() {
        missing.push((
            "边界上的（名称里写“边界”）",
            "case on the boundary (named 边界)",
        ));
    }
    missing
}

/// The segments of the rule's dated limits in which no cell of any test has its date.
fn untouched(loaded: &Loaded, rule: &Rule) -> Vec<(String, Day, Day)> {
    let days: Vec<Day> = rule
        .tests
        .iter()
        .flat_map(|test| &test.rows.rows)
        .flatten()
        .filter_map(|cell| cell.parse::<jiff::civil::Date>().ok())
        .map(Day::from_civil)
        .collect();
    let mut untouched = Vec::new();
    for id in rule.limits() {
        let limit = loaded.pack.limit(id);
        if limit.values.len() < 2 {
            continue;
        }
        for segment in &limit.values {
            if !days
                .iter()
                .any(|day| (segment.from..=segment.to).contains(day))
            {
                untouched.push((limit.name.clone(), segment.from, segment.to));
            }
        }
    }
    untouched
}
