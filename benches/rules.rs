//! How long rules take to load.
#![allow(missing_docs, reason = "a benchmark has no users")]

use std::sync::Arc;

use heyan::rules::{RuleSource, SourceText, build, built_in};

fn main() {
    divan::main();
}

/// The whole built-in pack: every file parsed, every rule checked on each of its ledgers.
#[divan::bench]
fn whole_pack(bencher: divan::Bencher<'_, '_>) {
    let files = built_in();
    bencher.bench(|| build(&files, None));
}

/// Ledger kinds, limits, law and calendar alone.
#[divan::bench]
fn without_rules(bencher: divan::Bencher<'_, '_>) {
    let files = without_rule_files();
    bencher.bench(|| build(&files, None));
}

/// A hundred rules of one condition of five terms each: lexed, parsed and checked. The time of `without_rules` is in it.
#[divan::bench]
fn a_hundred_conditions(bencher: divan::Bencher<'_, '_>) {
    let mut files = without_rule_files();
    for index in 0..100 {
        let text = "title = \"甲\"\nledger = [\"合同\"]\nseverity = \"info\"\nbasis = []\nmessage = '甲'\n\
            violation = '合同类别 = \"工程\" 且 非 (备注 匹配 \"抢险|应急\") 且 合同金额 >= 40万元 且 开工日期 < 签订日期 且 乙方 非空'\n";
        let path = format!("signing/rule-{index}.toml");
        files.push(RuleSource {
            source: Arc::new(SourceText {
                name: path.clone(),
                text: text.to_owned(),
            }),
            path,
        });
    }
    bencher.bench(|| build(&files, None));
}

fn without_rule_files() -> Vec<RuleSource> {
    let shared = ["ledgers/", "law/", "calendar/", "limits.toml"];
    built_in()
        .into_iter()
        .filter(|file| shared.iter().any(|start| file.path.starts_with(start)))
        .collect()
}
