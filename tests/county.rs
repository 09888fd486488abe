//! A second, invented county: its own rules, ledger kind, law and limits beside the built-in ones, from files to findings.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that runs the program on files"
)]

use std::collections::BTreeSet;
use std::process::{Command, Output};

use serde_json::Value;

fn heyan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heyan"))
        .args(arguments)
        .env("HEYAN_LANG", "zh")
        .output()
        .unwrap()
}

const PACK: [&str; 2] = ["--config", "tests/county/heyan.toml"];

#[test]
fn the_rules_of_the_county_pass_their_own_tests() {
    let output = heyan(&["rules", "test", "tests/county/rules"]);
    let told = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{error}");
}

#[test]
fn its_ledgers_come_to_what_an_auditor_would_list() {
    let rules = [
        "yx-split",
        "yx-bond",
        "yx-tier",
        "yx-paid-over",
        "yx-paid-before-meeting",
        "yx-well-twice",
        "yx-well-term",
        "yx-many-wells",
    ];
    let mut arguments = vec![
        "scan",
        "tests/county/villages",
        "--rules",
        "tests/county/rules",
    ];
    arguments.extend(PACK);
    arguments.extend(rules.iter().flat_map(|rule| ["--only", rule]));
    arguments.extend(["--format", "json"]);
    let output = heyan(&arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found: BTreeSet<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| text(&finding["rule"]).starts_with("yx-"))
        .map(|finding| {
            let records = finding["records"].as_array().unwrap().iter();
            let keys: Vec<String> = records.map(|record| text(&record["key"])).collect();
            let [rule, severity, verdict] =
                ["rule", "severity", "verdict"].map(|name| text(&finding[name]));
            format!("{rule} {severity} {verdict} {}", keys.join(","))
        })
        .collect();
    let expected = [
        // The window has both its ends; the third contract lies outside.
        "yx-split major violation D1,D2",
        // The limit of the day it was signed: a tenth until 2021, a twentieth since.
        "yx-bond major violation D5",
        // A bond that nobody wrote down stays open.
        "yx-bond major undetermined D1",
        "yx-bond major undetermined D2",
        "yx-bond major undetermined D3",
        "yx-tier major violation D5",
        // The refund is not counted; the severity grows with the excess.
        "yx-paid-over minor violation D1",
        "yx-paid-over critical violation D3",
        "yx-paid-over minor violation D4",
        // From the contract or the well over the payment to the meeting.
        "yx-paid-before-meeting major violation D3",
        "yx-paid-before-meeting major violation J1",
        "yx-well-twice minor violation J2,J2",
        "yx-well-term major violation J2",
        "yx-well-term major undetermined J2",
        // Over both villages: 5年 + 3年 + 3年.
        "yx-many-wells minor violation J1,J1,J3",
    ];
    let expected: BTreeSet<String> = expected.map(str::to_owned).into();
    assert_eq!(found, expected);
    let restated = report["restated"].to_string();
    assert!(restated.contains("质保金比例上限"), "{restated}");
}
