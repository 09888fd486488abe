//! Typical mistakes of people who write rules: each is told what to type, in both languages.
#![allow(missing_docs, reason = "a test has no users")]

use std::sync::Arc;

use heyan::lang::Lang;
use heyan::rules::{Diagnostic, RuleSource, SourceText, build};

/// The good rule that the cases spoil.
const GOOD: &str = r#"title = "先施工后签合同"
title_en = "Work started before the contract was signed"
ledger = ["合同"]
severity = "major"
curable = false
law_date = ["签订日期"]
applies = '合同类别 = "工程" 且 非 (备注 匹配 "抢险|应急")'
violation = '开工日期 < 签订日期'
amount = '合同金额'
message = '台账显示{合同编号}需核实'
basis = ["mfd-789"]

[[test]]
case = "补签"
rows = '''
合同类别 | 开工日期   | 签订日期   | 备注
工程     | 2024-03-01 | 2024-03-10 |
'''
expect = "violation"
"#;

struct Case {
    name: String,
    told: String,
    path: String,
    text: String,
}

fn cases() -> Vec<Case> {
    let data = include_str!("mistakes/cases.txt");
    data.split("\n### ").skip(1).map(case).collect()
}

fn case(text: &str) -> Case {
    let mut lines = text.trim_end().lines();
    let name = lines.next().expect("a name").trim().to_owned();
    let told = lines
        .next()
        .and_then(|line| line.strip_prefix("> "))
        .expect("what is told")
        .to_owned();
    let body: Vec<&str> = lines.collect();
    match body.first().and_then(|line| line.strip_prefix("@ ")) {
        Some(path) => Case {
            name,
            told,
            path: path.to_owned(),
            text: body[1..].join("\n"),
        },
        None => Case {
            name,
            told,
            path: String::from("signing/case.toml"),
            text: spoiled(&body),
        },
    }
}

/// The good rule with some lines exchanged.
fn spoiled(body: &[&str]) -> String {
    let mut entries: Vec<(String, String)> = parts(GOOD);
    for (key, lines) in parts(&body.join("\n")) {
        if let Some(left_out) = key.strip_prefix("- ") {
            entries.retain(|(known, _)| known != left_out);
            continue;
        }
        match entries.iter_mut().find(|(known, _)| *known == key) {
            Some(entry) => entry.1 = lines,
            None => entries.insert(11.min(entries.len()), (key, lines)),
        }
    }
    entries.into_iter().map(|(_, lines)| lines + "\n").collect()
}

/// The keys of a file with their lines.
fn parts(text: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if inside {
            let last = parts.last_mut().expect("inside a text");
            last.1.push('\n');
            last.1.push_str(line);
            inside = !line.contains("'''");
            continue;
        }
        let key = if line.starts_with("- ") {
            line
        } else {
            line.split(['=', '＝', ':'])
                .next()
                .unwrap_or_default()
                .trim()
        };
        parts.push((key.to_owned(), line.to_owned()));
        inside = line.matches("'''").count() == 1;
    }
    parts
}

/// A small pack with the rule that settings and waivers name.
fn pack() -> Vec<RuleSource> {
    [
        (
            "ledgers/contract.toml",
            include_str!("mistakes/pack/ledgers/contract.toml"),
        ),
        (
            "ledgers/payment.toml",
            include_str!("mistakes/pack/ledgers/payment.toml"),
        ),
        (
            "ledgers/project.toml",
            include_str!("mistakes/pack/ledgers/project.toml"),
        ),
        (
            "law/civil-code.toml",
            include_str!("mistakes/pack/law/civil-code.toml"),
        ),
        ("limits.toml", include_str!("mistakes/pack/limits.toml")),
        ("signing/signed-after-start.toml", GOOD),
    ]
    .into_iter()
    .map(|(path, text)| RuleSource {
        path: path.to_owned(),
        source: Arc::new(SourceText {
            name: path.to_owned(),
            text: text.to_owned(),
        }),
    })
    .collect()
}

fn diagnostics(path: &str, text: &str) -> Vec<Diagnostic> {
    let name = format!("我的规则/{path}");
    let source = Arc::new(SourceText {
        name: name.clone(),
        text: text.to_owned(),
    });
    let mut files = pack();
    let mut config = None;
    if path == "heyan.toml" {
        config = Some(source);
    } else {
        files.push(RuleSource {
            path: path.to_owned(),
            source,
        });
    }
    let loaded = build(&files, config.as_ref());
    loaded
        .errors
        .into_iter()
        .filter(|error| error.source.name == name)
        .collect()
}

#[test]
fn the_good_rule_is_good() {
    let found = diagnostics("signing/case.toml", GOOD);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_mistake_is_told_what_to_type() {
    let cases = cases();
    assert!(cases.len() >= 40);
    let mut silent = Vec::new();
    for case in &cases {
        let found = diagnostics(&case.path, &case.text);
        let told = found.iter().any(|diagnostic| {
            let helps = diagnostic.helps.iter().map(|help| &help.text);
            [&diagnostic.message, &diagnostic.label]
                .into_iter()
                .chain(helps)
                .any(|text| text.zh.contains(&case.told))
        });
        if !told {
            silent.push(format!("{}: {}", case.name, shown(&found, Lang::Zh)));
        }
        for diagnostic in &found {
            assert!(
                !diagnostic.message.en.is_empty() && !diagnostic.message.zh.is_empty(),
                "{}",
                case.name
            );
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

fn shown(found: &[Diagnostic], lang: Lang) -> String {
    found
        .iter()
        .map(|diagnostic| diagnostic.render(lang, false) + "\n")
        .collect()
}

fn all(lang: Lang) -> String {
    let mut text = String::new();
    for case in cases() {
        let found = shown(&diagnostics(&case.path, &case.text), lang);
        text.push_str(&["### ", &case.name, "\n", &found, "\n"].concat());
    }
    text
}

#[test]
fn messages_in_chinese() {
    insta::assert_snapshot!(all(Lang::Zh));
}

#[test]
fn messages_in_english() {
    insta::assert_snapshot!(all(Lang::En));
}
