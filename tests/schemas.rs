//! The JSON Schemas of rule files: the files of the pack fit them, and mistakes do not.
#![allow(missing_docs, reason = "a test has no users")]

use std::path::Path;

use heyan::rules::{built_in, fresh, schema, schemas};
use serde_json::Value;

/// TOML as JSON, dates as their text.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(items) => Value::Array(items.into_iter().map(json).collect()),
        toml::Value::Table(table) => Value::Object(
            table
                .into_iter()
                .map(|(key, value)| (key, json(value)))
                .collect(),
        ),
    }
}

fn parsed(text: &str) -> Value {
    json(toml::Value::Table(text.parse().expect("TOML")))
}

fn validator(name: &str) -> jsonschema::Validator {
    jsonschema::validator_for(&schema(name).expect("a schema")).expect("a valid schema")
}

/// The schema of a file by its path.
fn kind(path: &str) -> &'static str {
    match path.split('/').next() {
        Some("limits.toml") => "limits",
        Some("ledgers") => "ledger",
        Some("law") => "law",
        Some("calendar") => "calendar",
        _ => "rule",
    }
}

#[test]
fn every_file_of_the_pack_fits_its_schema() {
    let validators: Vec<(&str, jsonschema::Validator)> = schemas()
        .iter()
        .map(|(name, _)| (*name, validator(name)))
        .collect();
    let mut wrong = Vec::new();
    for file in built_in() {
        let value = parsed(&file.source.text);
        let (_, validator) = validators
            .iter()
            .find(|(name, _)| *name == kind(&file.path))
            .expect("a schema");
        wrong.extend(
            validator
                .iter_errors(&value)
                .map(|error| format!("{}: {} at {}", file.path, error, error.instance_path())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_new_rule_fits_and_mistakes_do_not() {
    let rule = validator("rule");
    let good = fresh("my-rule");
    assert!(rule.is_valid(&parsed(&good)));
    for (from, to) in [
        ("severity = \"info\"", "severity = \"mild\""),
        ("ledger   =", "ledgers   ="),
        ("curable  = true", "curable  = \"true\""),
        ("expect = \"pass\"", "expects = \"pass\""),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        assert!(!rule.is_valid(&parsed(&bad)), "{to}");
    }
    let config = validator("config");
    assert!(config.is_valid(&parsed(
        "[limits]\n\"甲\" = [{ from = 2021-07-01, value = \"20万元\", basis = \"乙\" }]\n[headers.\"合同\"]\n\"价\" = { field = \"合同金额\" }"
    )));
    assert!(!config.is_valid(&parsed("[limit]\n\"甲\" = \"20万元\"")));
    assert!(!config.is_valid(&parsed("[[waiver]]\nrule = \"a\"")));
}

#[test]
fn the_schemas_in_the_repository_are_those_of_the_program() {
    let mut stale = Vec::new();
    for (name, schema) in schemas() {
        let path = Path::new("docs/schema").join(format!("{name}.schema.json"));
        let wanted = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &wanted).expect("a schema");
        }
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&*wanted) {
            stale.push(path);
        }
    }
    assert!(
        stale.is_empty(),
        "write them anew with UPDATE_DOCS=1 cargo test --test schemas: {stale:?}"
    );
}
