//! The recipes of CONTRIBUTING.md, followed: what a newcomer does with files alone is done here in a folder given with
//! `--rules`, and must work as the recipe says.
#![allow(missing_docs, reason = "a test has no users")]
#![allow(clippy::disallowed_methods, reason = "a test of files")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const LEDGER: &str = "松陂镇青石村合同台账,,,,\n合同编号,合同名称,合同类别,合同定价,签订日期\nA-1,村道硬化,工程,300000,2024-03-01\nA-2,渠道清淤,工程,80000,2024-05-01\n";

fn heyan(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heyan"))
        .args(arguments)
        .current_dir(folder)
        .env("HEYAN_LANG", "en")
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A folder with a ledger and with one file of a rule folder `own`.
fn with(path: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("ledgers")).expect("a folder");
    fs::write(folder.path().join("ledgers/青石村.csv"), LEDGER).expect("a ledger");
    let path = folder.path().join("own").join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
    folder
}

#[test]
fn a_rule_is_one_file_that_is_registered_nowhere() {
    let folder = with(
        "filing/county-filing.toml",
        &heyan::rules::fresh("county-filing"),
    );
    for command in ["check", "test"] {
        let output = heyan(folder.path(), &["rules", command, "own"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let scan = heyan(
        folder.path(),
        &[
            "scan",
            "ledgers",
            "--rules",
            "own",
            "--only",
            "county-filing",
            "--format",
            "json",
        ],
    );
    assert!(said(&scan).contains("\"county-filing\""), "{}", said(&scan));
}

#[test]
fn a_header_word_is_one_entry() {
    let words =
        "extends = \"contract\"\n\n[[field]]\nname = \"合同金额\"\nheaders = [\"合同定价\"]\n";
    let folder = with("ledgers/contract.toml", words);
    let field = |rules: &[&str]| {
        let mut arguments = vec!["inspect", "ledgers", "--format", "json"];
        arguments.extend(rules);
        let output = heyan(folder.path(), &arguments);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", said(&output)));
        report["inputs"][0]["tables"][0]["columns"][3]["why"].clone()
    };
    assert_ne!(
        field(&[]),
        field(&["--rules", "own"]),
        "the word changed nothing"
    );
}

#[test]
fn a_ledger_kind_is_one_file() {
    let kind = r#"kind  = "beehive"
name  = "蜂箱"
en    = "Beehives"
title = ["蜂箱台账"]

[[field]]
name    = "蜂箱号"
en      = "Hive"
type    = "id"
headers = ["蜂箱号"]

[[field]]
name    = "蜂王日期"
en      = "Queen since"
type    = "date"
headers = ["蜂王日期"]

[[field]]
name    = "产蜜量"
en      = "Honey"
type    = "number"
headers = ["产蜜量"]

[key]
fields = [["蜂箱号"]]
"#;
    let folder = with("ledgers/beehive.toml", kind);
    fs::write(
        folder.path().join("ledgers/青石村.csv"),
        "青石村蜂箱台账,,\n蜂箱号,蜂王日期,产蜜量\nF-1,2024-03-01,12\nF-2,2024-04-01,9\n",
    )
    .expect("a ledger");
    let check = heyan(folder.path(), &["rules", "check", "own"]);
    assert_eq!(check.status.code(), Some(0), "{}", said(&check));
    let inspect = heyan(
        folder.path(),
        &["inspect", "ledgers", "--rules", "own", "--format", "json"],
    );
    let report: serde_json::Value = serde_json::from_slice(&inspect.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", said(&inspect)));
    assert_eq!(
        report["inputs"][0]["tables"][0]["kind"],
        "beehive",
        "{}",
        said(&inspect)
    );
}

#[test]
fn the_places_that_the_recipes_name_are_there() {
    let text = fs::read_to_string("CONTRIBUTING.md").expect("CONTRIBUTING.md");
    let mut checked = 0;
    for part in text.split('`').skip(1).step_by(2) {
        let place = part.split(['<', ' ']).next().unwrap_or("");
        let folder = ["src/", "rules/", "tests/", "samples/", "docs/"]
            .iter()
            .any(|start| place.starts_with(start));
        if folder {
            checked += 1;
            assert!(Path::new(place).exists(), "{part}: {place} is not there");
        }
    }
    assert!(checked >= 8, "{checked}");
}
