//! Scans of single villages add up to the scan of all of them, byte for byte, on the samples.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that runs the program on files"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn heyan(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_heyan"))
        .args(arguments)
        .env("HEYAN_LANG", "zh")
        .output()
        .unwrap();
    let code = output.status.code().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(code < 2, "{arguments:?}: {code} {error}");
    output.stdout
}

/// The report of some workbooks as JSON.
fn scan(workbooks: &[PathBuf]) -> Vec<u8> {
    scan_with(
        workbooks,
        &["--config", "samples/heyan.toml", "--no-waivers"],
    )
}

fn scan_with(workbooks: &[PathBuf], options: &[&str]) -> Vec<u8> {
    let mut arguments = vec!["scan"];
    arguments.extend(workbooks.iter().map(|path| path.to_str().unwrap()));
    arguments.extend(options);
    arguments.extend(["--format", "json"]);
    heyan(&arguments)
}

/// The workbooks of the samples, one a village.
fn samples() -> Vec<PathBuf> {
    let mut workbooks: Vec<PathBuf> = fs::read_dir("samples")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let extension = path.extension().and_then(|e| e.to_str());
            matches!(extension, Some("xlsx" | "xls" | "ods" | "csv"))
        })
        .collect();
    workbooks.sort();
    assert!(workbooks.len() >= 4, "{workbooks:?}");
    workbooks
}

#[test]
fn single_villages_add_up_to_the_joint_scan_in_any_bracketing() {
    let workbooks = samples();
    let folder = tempfile::tempdir().unwrap();
    let merge = |name: &str, parts: &[PathBuf]| -> PathBuf {
        let mut arguments = vec!["merge"];
        arguments.extend(parts.iter().map(|path| path.to_str().unwrap()));
        arguments.extend(["--format", "json"]);
        let path = folder.path().join(name);
        fs::write(&path, heyan(&arguments)).unwrap();
        path
    };
    let parts: Vec<PathBuf> = (0..)
        .zip(&workbooks)
        .map(|(at, workbook): (i32, &PathBuf)| {
            let path = folder.path().join(format!("{at}.json"));
            fs::write(&path, scan(std::slice::from_ref(workbook))).unwrap();
            path
        })
        .collect();
    let joint = String::from_utf8(scan(&workbooks)).unwrap();
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    assert_eq!(read(&merge("all.json", &parts)), joint);
    let first = merge("first.json", &parts[..2]);
    let rest = merge("rest.json", &parts[2..]);
    assert_eq!(read(&merge("both.json", &[rest, first])), joint);
}

/// Waivers of the first findings about a record: one in force, one about to end, one expired, one that matches nothing.
fn waivers(report: &Value) -> String {
    let findings = report["findings"].as_array().unwrap().iter();
    let mut about = findings.filter(|finding| {
        let records = finding["records"].as_array().unwrap();
        records.len() == 1
            && records[0]["key"]
                .as_str()
                .is_some_and(|key| !key.is_empty())
    });
    let mut text = String::new();
    for expires in ["2026-03-01", "2025-07-05", "2025-06-29"] {
        let finding = about.next().unwrap();
        let of = |name: &str| finding[name].as_str().unwrap().to_owned();
        let key = finding["records"][0]["key"].as_str().unwrap();
        text += &waiver(&of("rule"), &of("village"), key, expires);
    }
    text + &waiver("missing-filing", "没有的村", "没有-1", "2026-03-01")
}

fn waiver(rule: &str, village: &str, number: &str, expires: &str) -> String {
    format!(
        r#"
[[waiver]]
rule = "{rule}"
record = {{ "村" = "{village}", "合同编号" = "{number}" }}
reason = "已核实"
approved_by = "样例〔2025〕9号"
expires = {expires}
"#
    )
}

#[test]
fn waivers_and_a_baseline_are_applied_to_the_sum_as_to_the_joint_scan() {
    let workbooks = samples();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    // Last time the last village had not handed anything over; this time the first one has not.
    let (earlier, now) = (&workbooks[..workbooks.len() - 1], &workbooks[1..]);
    let (baseline, config) = (path("earlier.json"), path("heyan.toml"));
    fs::write(&baseline, scan(earlier)).unwrap();
    let plain: Value = serde_json::from_slice(&scan(now)).unwrap();
    let text = fs::read_to_string("samples/heyan.toml").unwrap();
    fs::write(&config, text + &waivers(&plain)).unwrap();

    let joint = scan_with(now, &["--config", &config, "--baseline", &baseline]);
    let parts: Vec<String> = (0..)
        .zip(now)
        .map(|(at, workbook): (i32, &PathBuf)| {
            let part = path(&format!("{at}.json"));
            let options = ["--config", &config, "--no-waivers"];
            fs::write(&part, scan_with(std::slice::from_ref(workbook), &options)).unwrap();
            part
        })
        .collect();
    let merge = |options: &[&str]| {
        let mut arguments = vec!["merge"];
        arguments.extend(parts.iter().map(String::as_str));
        arguments.extend(options);
        heyan(&[arguments, vec!["--format", "json"]].concat())
    };
    let merged = merge(&["--config", &config, "--baseline", &baseline]);
    assert_eq!(
        String::from_utf8(merged).unwrap(),
        String::from_utf8(joint.clone()).unwrap()
    );

    let report: Value = serde_json::from_slice(&joint).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let count = |name: &str, value: &str| {
        let with = findings.iter().filter(|f| f[name] == value);
        with.count()
    };
    assert!(findings.iter().filter(|f| !f["waiver"].is_null()).count() >= 2);
    assert!(count("status", "new") > 0 && count("status", "unchanged") > 0);
    assert!(!report["resolved"].as_array().unwrap().is_empty());
    let notes = report["notes"].to_string();
    for word in ["到期", "将于", "没有对应的问题"] {
        assert!(notes.contains(word), "{word}: {notes}");
    }

    let unwaived = merge(&["--config", &config, "--no-waivers"]);
    assert!(serde_json::from_slice::<Value>(&unwaived).unwrap() == plain);

    // A part that had waivers applied is refused, even where they cover nothing in it.
    for (at, workbook) in (0..).zip(now) {
        let part = path(&format!("waived-{at}.json"));
        let options = ["--config", &config];
        fs::write(&part, scan_with(std::slice::from_ref(workbook), &options)).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_heyan"))
            .args(["merge", &part])
            .env("HEYAN_LANG", "zh")
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains("--no-waivers"), "{error}");
    }
}
