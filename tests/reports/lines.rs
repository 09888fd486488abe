//! `csv`, `jsonl`, `markdown`, `sarif`, `junit` and `github`: snapshots, and what must hold whatever the ledgers hold.

use heyan::lang::Lang;
use heyan::report::Format;
use serde_json::Value;

use crate::{example, rendered};

#[test]
fn snapshots() {
    for (format, name) in [
        (Format::Csv, "csv"),
        (Format::Jsonl, "jsonl"),
        (Format::Markdown, "markdown"),
        (Format::Sarif, "sarif"),
        (Format::Junit, "junit"),
        (Format::Github, "github"),
    ] {
        insta::assert_snapshot!(
            format!("{name}-zh"),
            rendered(&example::report(Lang::Zh), format)
        );
        insta::assert_snapshot!(
            format!("{name}-en"),
            rendered(&example::report(Lang::En), format)
        );
    }
}

#[test]
fn csv_is_a_table_without_formulas() {
    let report = example::report(Lang::Zh);
    let text = rendered(&report, Format::Csv);
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let width = reader.headers().expect("a header").len();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("a table");
    assert_eq!(rows.len(), report.findings.len());
    for row in &rows {
        assert_eq!(row.len(), width);
        for cell in row {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell}"
            );
        }
    }
    // Counted once, shown together.
    let overlap: Vec<&str> = rows
        .iter()
        .filter(|row| matches!(&row[17], "no-bidding-above-limit" | "signed-after-start"))
        .map(|row| &row[0])
        .collect();
    assert_eq!(overlap, ["4", "4"]);
}

#[test]
fn jsonl_has_a_finding_a_line() {
    let report = example::report(Lang::Zh);
    let text = rendered(&report, Format::Jsonl);
    let whole: Value = serde_json::from_str(&rendered(&report, Format::Json)).expect("JSON");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(Value::Array(lines), whole["findings"]);
}

#[test]
fn sarif_fits_the_official_schema() {
    // As published the pattern of a language has an unmatched bracket, which the validator rightly refuses.
    let text = include_str!("../data/sarif/sarif-2.1.0-rtm.5.json");
    let (published, meant) = (
        "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$",
        "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$",
    );
    assert_eq!(text.matches(published).count(), 2);
    let schema: Value = serde_json::from_str(&text.replace(published, meant)).expect("a schema");
    let schema = jsonschema::validator_for(&schema).expect("a usable schema");
    for lang in [Lang::Zh, Lang::En] {
        let value: Value =
            serde_json::from_str(&rendered(&example::report(lang), Format::Sarif)).expect("JSON");
        let errors: Vec<String> = schema
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    assert!(!schema.is_valid(&serde_json::json!({"version": "2.1.0", "runs": [{}]})));
}

#[test]
fn sarif_tells_review_baseline_and_suppression() {
    let value: Value =
        serde_json::from_str(&rendered(&example::report(Lang::Zh), Format::Sarif)).expect("JSON");
    let results = value["runs"][0]["results"].as_array().expect("results");
    let of = |rule: &str, state: &str| {
        results
            .iter()
            .find(|result| result["ruleId"] == rule && result["baselineState"] == state)
            .unwrap_or_else(|| panic!("{rule} {state}"))
    };
    let open = of("late-filing", "updated");
    assert_eq!(
        (open["kind"].as_str(), open["level"].as_str()),
        (Some("review"), Some("none"))
    );
    assert_eq!(
        of("decision-missing", "unchanged")["suppressions"][0]["status"],
        "accepted"
    );
    of("late-filing", "absent");
    let new = of("signed-after-start", "new");
    let location = &new["locations"][0];
    assert_eq!(location["physicalLocation"]["region"]["startLine"], 12);
    assert_eq!(location["physicalLocation"]["region"]["startColumn"], 8);
    assert_eq!(location["logicalLocations"][0]["name"], "H12");
}

#[test]
fn junit_is_xml_that_counts() {
    let text = rendered(&example::report(Lang::Zh), Format::Junit);
    let junit = quick_junit::Report::deserialize_from_str(&text).expect("JUnit");
    // New violations, and nothing that must not fail a run.
    assert_eq!((junit.failures, junit.errors), (2, 1));
    assert!(junit.tests > 15);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn github_lines_are_commands_of_ours_alone() {
    let report = example::report(Lang::Zh);
    let text = rendered(&report, Format::Github);
    for line in text.lines() {
        let command = line.strip_prefix("::").expect("a command");
        let (head, _) = command.split_once("::").expect("its end");
        let level = head.split_once(' ').map_or(head, |(level, _)| level);
        assert!(matches!(level, "error" | "warning" | "notice"), "{line}");
    }
    // A notice, an unreadable file, and the lines of the list.
    assert_eq!(text.lines().count(), 2 + 16);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
}

#[test]
fn markdown_keeps_markup_of_a_ledger_as_text() {
    let text = rendered(&example::report(Lang::Zh), Format::Markdown);
    for markup in [
        "<img",
        "<script",
        "](javascript",
        "@SUM",
        "http://",
        "\u{202e}",
        "\u{1b}",
    ] {
        assert!(!text.contains(markup), "{markup}");
    }
    assert!(text.contains("一是应招标未招标"));
}

#[test]
fn words_accuse_nobody() {
    for format in Format::ALL {
        if format == Format::Xlsx {
            continue;
        }
        let text = rendered(&example::report(Lang::Zh), format);
        for word in ["违法", "无效", "串标", "套取"] {
            assert!(!text.contains(word), "{format:?}: {word}");
        }
        if !matches!(format, Format::Json | Format::Jsonl | Format::Csv) {
            assert!(text.contains("以下为台账线索，需核实"), "{format:?}");
        }
    }
}
