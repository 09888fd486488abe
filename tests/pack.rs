//! The rule pack holds its own promises: every rule's tests pass, no change to a condition goes unnoticed, and what it
//! cites and asks for is there.
#![allow(missing_docs, reason = "a test has no users")]

use heyan::lang::Lang;
use heyan::rules::{Grade, Loaded, Unset, build, built_in};
use heyan::scan::{mutants, selftest};

fn loaded() -> Loaded {
    build(&built_in(), None)
}

#[test]
fn the_pack_loads_without_errors_and_warnings() {
    let loaded = loaded();
    let told: Vec<String> = loaded
        .errors
        .iter()
        .chain(&loaded.warnings)
        .map(|diagnostic| {
            format!(
                "{}:{} {}",
                diagnostic.source.name,
                diagnostic.line(),
                diagnostic.message.zh
            )
        })
        .collect();
    assert!(told.is_empty(), "{told:#?}");
    assert!(
        loaded.pack.rules.len() >= 100,
        "the catalogue's rules are there"
    );
}

#[test]
fn every_test_beside_a_rule_passes() {
    let pack = loaded().pack;
    let mut ran = 0;
    let mut failed = Vec::new();
    for rule in &pack.rules {
        for result in selftest::test_rule(&pack, rule, Lang::Zh) {
            ran += 1;
            if result.is_failure() {
                failed.push(result.text(Lang::Zh).unwrap_or_default());
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(ran >= 4 * pack.rules.len(), "only {ran} tests ran");
}

#[test]
fn every_change_to_a_condition_is_noticed_by_a_test() {
    let pack = loaded().pack;
    let mut tried = 0;
    let mut told = Vec::new();
    for rule in &pack.rules {
        let result = mutants::try_rule(&pack, rule);
        tried += result.tried;
        told.extend(
            result
                .survivors
                .iter()
                .map(|survivor| format!("{}: {}", survivor.rule, survivor.mutant)),
        );
        told.extend(
            result
                .stale
                .iter()
                .map(|stale| format!("{}: listed in vain: {stale}", rule.id)),
        );
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(tried >= 1000, "only {tried} mutants were tried");
}

#[test]
fn severities_keep_to_the_grade_of_the_law() {
    use heyan::finding::Severity;
    let pack = loaded().pack;
    for rule in &pack.rules {
        let best = rule
            .basis
            .iter()
            .filter_map(|id| pack.law.get(id))
            .map(|provision| provision.grade)
            .min();
        let most = match best {
            Some(Grade::A) => Severity::Critical,
            Some(Grade::B) => Severity::Minor,
            None => Severity::Info,
        };
        let gravest = rule
            .grades
            .iter()
            .map(|grade| grade.severity)
            .chain([rule.severity])
            .max();
        assert!(gravest <= Some(most), "{} is graver than its law", rule.id);
    }
}

#[test]
fn no_local_number_is_assumed_and_every_one_is_asked_for_in_both_languages() {
    use heyan::rules::LimitScope;
    for limit in &loaded().pack.limits {
        if limit.scope == LimitScope::Local {
            assert!(limit.values.is_empty(), "{} has a value", limit.name);
            assert!(limit.unset == Unset::NotRun, "{}", limit.name);
            assert!(
                !limit.ask.is_empty() && !limit.ask_en.is_empty(),
                "{}",
                limit.name
            );
        }
    }
}

#[test]
fn messages_state_and_never_accuse() {
    for source in built_in() {
        let text = source
            .source
            .text
            .split("[[test]]")
            .next()
            .unwrap_or_default();
        for line in text.lines().filter(|line| {
            ["message", "title", "advice"]
                .iter()
                .any(|key| line.trim_start().starts_with(key))
        }) {
            for word in [
                "违法", "无效", "串标", "套取", "虚构", "贪污", "illegal", "fraud",
            ] {
                assert!(!line.contains(word), "{}: {line}", source.path);
            }
        }
    }
}
