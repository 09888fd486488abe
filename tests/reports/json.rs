//! `json`: the schema, the snapshot, and that nothing is lost on the way there and back.

use heyan::finding::{Report, Tree, TreeValue};
use heyan::lang::Lang;
use heyan::report::{Format, json};
use serde_json::Value;

use crate::{example, rendered};

#[test]
fn snapshot() {
    insta::assert_snapshot!(rendered(&example::report(Lang::Zh), Format::Json));
}

#[test]
fn fits_its_schema() {
    let schema: Value = serde_json::from_str(&json::schema()).expect("a schema");
    let schema = jsonschema::validator_for(&schema).expect("a usable schema");
    for report in [
        example::report(Lang::Zh),
        example::report(Lang::En),
        Report::default(),
    ] {
        let value: Value = serde_json::from_str(&rendered(&report, Format::Json)).expect("JSON");
        let errors: Vec<String> = schema
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    assert!(!schema.is_valid(&serde_json::json!({"schema": "heyan.report/1"})));
}

/// Set `UPDATE_SCHEMA=1` to write the file anew after a key was added.
#[test]
fn the_schema_in_the_repository_is_the_generated_one() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/schema/report-1.schema.json"
    );
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, json::schema()).expect("docs/schema can be written");
    }
    let kept = std::fs::read_to_string(path).expect("docs/schema/report-1.schema.json");
    assert!(
        kept == json::schema(),
        "docs/schema/report-1.schema.json is not what the types generate; run this test with UPDATE_SCHEMA=1"
    );
}

#[test]
fn there_and_back() {
    for lang in [Lang::Zh, Lang::En] {
        let report = example::report(lang);
        let text = rendered(&report, Format::Json);
        let again = json::read(&text).expect("our own report");
        assert_eq!(rendered(&again, Format::Json), text);
        assert_eq!(again.findings, report.findings);
        assert_eq!(again.resolved, report.resolved);
        assert_eq!(again.balance, report.balance);
        assert_eq!(again.records, report.records);
        assert_eq!(again.not_run, report.not_run);
        assert_eq!(again.coverage, report.coverage);
        assert_eq!(again.rules, report.rules);
    }
}

#[test]
fn a_deep_condition_can_be_read_back() {
    let mut tree = Tree {
        text: "leaf".into(),
        value: TreeValue::Unknown,
        parts: Vec::new(),
    };
    for _ in 0..500 {
        tree = Tree {
            text: "非".into(),
            value: TreeValue::Unknown,
            parts: vec![tree],
        };
    }
    let mut report = example::report(Lang::Zh);
    report.findings[0].tree = Some(tree);
    json::read(&rendered(&report, Format::Json)).expect("a readable depth");
}

#[test]
fn a_wrong_amount_or_fingerprint_is_told_with_its_place() {
    let text = rendered(&example::report(Lang::Zh), Format::Json);
    let wrong = text.replacen("\"5200.00\"", "\"五千\"", 1);
    let told = json::read(&wrong).expect_err("no amount");
    assert!(told.zh.contains("findings[0].amount"), "{}", told.zh);
    let wrong = text.replacen("\"fingerprint\":\"v1:", "\"fingerprint\":\"v2:", 1);
    let told = json::read(&wrong).expect_err("no fingerprint");
    assert!(told.en.contains("findings[0].fingerprint"), "{}", told.en);
}
