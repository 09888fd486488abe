//! The pages that are generated from the rules are those in the repository. `UPDATE_DOCS=1 cargo test --test docs` writes
//! them anew.
#![allow(missing_docs, reason = "a test has no users")]
#![allow(clippy::disallowed_methods, reason = "reads and writes the repository")]
#![allow(clippy::print_stdout, reason = "tells what was skipped")]

use std::collections::BTreeMap;
use std::path::Path;

use heyan::lang::Lang;
use heyan::rules::{Loaded, build, built_in, fresh, pages};

fn loaded() -> Loaded {
    build(&built_in(), None)
}

fn updating() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some()
}

#[test]
fn a_page_for_every_rule_and_an_index() {
    let pack = loaded().pack;
    let folder = Path::new("docs/rules");
    let mut wanted: BTreeMap<String, String> = pack
        .rules
        .iter()
        .map(|rule| (format!("{}.md", rule.id), pages::document(&pack, rule)))
        .collect();
    wanted.insert(String::from("README.md"), pages::index(&pack));
    if updating() {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).expect("the folder of the pages");
        for (name, text) in &wanted {
            std::fs::write(folder.join(name), text).expect("a page");
        }
    }
    let mut there: BTreeMap<String, String> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("docs/rules").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        there.insert(name, std::fs::read_to_string(entry.path()).expect("a page"));
    }
    let stale: Vec<&String> = wanted
        .iter()
        .filter(|(name, text)| there.get(*name) != Some(text))
        .map(|(name, _)| name)
        .chain(there.keys().filter(|name| !wanted.contains_key(*name)))
        .collect();
    assert!(
        stale.is_empty(),
        "write the pages anew with UPDATE_DOCS=1 cargo test --test docs: {stale:?}"
    );
}

#[test]
fn the_table_of_the_pack_is_up_to_date() {
    let path = Path::new("rules/README.md");
    let Ok(readme) = std::fs::read_to_string(path) else {
        println!("SKIPPED: rules/README.md absent");
        return;
    };
    let Some(wanted) = pages::with_table(&readme, &loaded().pack) else {
        println!("SKIPPED: the markers of rules/README.md absent");
        return;
    };
    if updating() {
        std::fs::write(path, &wanted).expect("rules/README.md");
    }
    let there = std::fs::read_to_string(path).expect("rules/README.md");
    assert!(
        there == wanted,
        "write the table anew with UPDATE_DOCS=1 cargo test --test docs"
    );
}

#[test]
fn every_rule_of_the_pack_speaks_both_languages() {
    let loaded = loaded();
    let mut silent = Vec::new();
    for rule in &loaded.pack.rules {
        for (what, text) in [
            ("title", &rule.title),
            ("advice", &rule.advice),
            ("why", &rule.why),
        ] {
            // An English text that was left out falls back to the Chinese one.
            if text.zh.trim().is_empty() || text.en.trim().is_empty() || text.zh == text.en {
                silent.push(format!("{}: {what}", rule.id));
            }
        }
    }
    let is_rule = |path: &str| {
        heyan::finding::Topic::ALL
            .iter()
            .any(|topic| path.starts_with(&format!("{}/", topic.id())))
    };
    for source in built_in().iter().filter(|source| is_rule(&source.path)) {
        // A test names the Chinese message only.
        let text = source
            .source
            .text
            .split("[[test]]")
            .next()
            .unwrap_or_default();
        for key in ["message", "title", "advice", "why"] {
            let has = |key: &str| {
                text.lines()
                    .filter(|line| line.split('=').next().is_some_and(|k| k.trim() == key))
                    .count()
            };
            if has(key) != has(&format!("{key}_en")) {
                silent.push(format!("{}: {key}_en", source.path));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn a_new_rule_loads_and_its_page_is_complete() {
    use heyan::rules::{RuleSource, SourceText};
    let mut files = built_in();
    files.push(RuleSource {
        path: String::from("filing/my-rule.toml"),
        source: std::sync::Arc::new(SourceText {
            name: String::from("filing/my-rule.toml"),
            text: fresh("my-rule"),
        }),
    });
    let loaded = build(&files, None);
    let wrong: Vec<String> = loaded
        .errors
        .iter()
        .map(|error| error.render(Lang::Zh, false))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let rule = loaded.pack.find_rule("my-rule").expect("the new rule");
    assert_eq!(rule.tests.len(), 3);
    let zh = pages::page(&loaded.pack, rule, Lang::Zh);
    for part in [
        "备案日期空白",
        "合同金额达到（含）10万元",
        "管理提示",
        "## 例子",
        "| A2 |",
    ] {
        assert!(zh.contains(part), "{part} is not in\n{zh}");
    }
    let en = pages::page(&loaded.pack, rule, Lang::En);
    for part in [
        "is empty",
        "is at least 10万元",
        "management hint",
        "## Examples",
    ] {
        assert!(en.contains(part), "{part} is not in\n{en}");
    }
}
