//! The program as a user meets it: exit codes, messages that say what to do, the same bytes for any number of threads.
#![allow(clippy::print_stdout, reason = "a skipped test says so loudly")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const FORMATS: [&str; 10] = [
    "text", "json", "jsonl", "csv", "xlsx", "html", "markdown", "sarif", "junit", "github",
];

fn heyan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heyan"))
        .args(arguments)
        .env("HEYAN_LANG", "en")
        .env_remove("NO_COLOR")
        .output()
        .expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal ended it")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn json(arguments: &[&str]) -> serde_json::Value {
    let output = heyan(arguments);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)))
}

#[test]
fn samples_show_findings_of_ten_rules_and_end_with_one() {
    let output = heyan(&["scan", "samples", "--format", "json"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    let rules: std::collections::BTreeSet<_> = findings
        .iter()
        .filter(|finding| finding["verdict"] == "violation" && finding["topic"] != "data")
        .filter_map(|finding| finding["rule"].as_str())
        .collect();
    assert!(rules.len() >= 10, "{rules:?}");
    for finding in findings {
        assert!(
            !finding["evidence"].as_array().expect("a list").is_empty()
                || finding["topic"] == "data",
            "no cells: {finding}"
        );
    }
    let village = |name: &str| {
        findings
            .iter()
            .filter(|finding| {
                finding["village"] == name
                    && finding["verdict"] == "violation"
                    && finding["severity"] != "info"
            })
            .map(|finding| format!("{} {}", finding["rule"], finding["message"]))
            .collect::<Vec<_>>()
    };
    assert!(village("后畈村").is_empty(), "{:#?}", village("后畈村"));
}

#[test]
fn every_format_has_the_same_bytes_for_any_number_of_threads() {
    for format in FORMATS {
        let run = |jobs| heyan(&["scan", "samples", "--format", format, "--jobs", jobs]);
        let (one, two) = (run("1"), run("2"));
        assert!(!one.stdout.is_empty(), "{format}: {}", stderr(&one));
        assert!(one.stdout == two.stdout, "{format} differs");
    }
}

#[test]
fn an_empty_folder_is_told_and_is_no_success() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = heyan(&["scan", &folder.path().to_string_lossy()]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("no files"), "{}", stderr(&output));
}

#[test]
fn a_missing_path_is_named() {
    let output = heyan(&["scan", "no/such/folder"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("no/such/folder"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_rule_file_with_a_typo_is_shown_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let topic = folder.path().join("signing");
    fs::create_dir(&topic).expect("a folder");
    fs::write(
        topic.join("my-rule.toml"),
        "title = \"试\"\nledger = [\"合同\"]\nseverity = \"info\"\nviolation = '合同金頟 > 10万元'\nmessage = '{合同金额}'\nbasis = []\nadvice = \"\"\nwhy = \"\"\n",
    )
    .expect("a file");
    let rules = folder.path().to_string_lossy();
    let output = heyan(&["scan", "samples", "--rules", &rules]);
    assert_eq!(code(&output), 2);
    let told = stderr(&output);
    for part in ["my-rule.toml:4", "合同金额", "--skip my-rule"] {
        assert!(told.contains(part), "{part} is not in: {told}");
    }
    let skipped = heyan(&["scan", "samples", "--rules", &rules, "--skip", "my-rule"]);
    assert_eq!(code(&skipped), 1, "{}", stderr(&skipped));
}

#[test]
fn a_picture_under_a_workbooks_name_is_named_and_the_scan_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("picture.xlsx"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    )
    .expect("a file");
    fs::copy(
        "samples/东岙村合同清单.csv",
        folder.path().join("ledger.csv"),
    )
    .expect("a copy");
    let report = json(&["scan", &folder.path().to_string_lossy(), "--format", "json"]);
    let inputs = report["inputs"].as_array().expect("a list");
    assert_eq!(inputs.len(), 2);
    let picture = inputs
        .iter()
        .find(|input| input["file"] == "picture.xlsx")
        .expect("it is listed");
    assert_eq!(picture["reason"]["kind"], "not-a-spreadsheet");
    assert!(
        !picture["reason"]["message"]
            .as_str()
            .unwrap_or_default()
            .is_empty()
    );
    let output = heyan(&["scan", &folder.path().to_string_lossy()]);
    assert_eq!(code(&output), 3);
}

#[test]
fn a_workbook_with_a_password_is_named_with_the_remedy() {
    let file = Path::new("../shared/corpora/odd/encrypted_pw_123456.xlsx");
    if !file.exists() {
        println!("SKIPPED: {} absent", file.display());
        return;
    }
    let report = json(&["scan", &file.to_string_lossy(), "--format", "json"]);
    assert_eq!(report["inputs"][0]["reason"]["kind"], "encrypted");
    let output = heyan(&["scan", &file.to_string_lossy()]);
    assert_eq!(code(&output), 3);
    assert!(stdout(&output).contains("password"), "{}", stdout(&output));
}

#[test]
fn a_result_never_overwrites_a_ledger_and_leaves_no_half_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = folder.path().join("ledger.csv");
    fs::copy("samples/东岙村合同清单.csv", &ledger).expect("a copy");
    let before = fs::read(&ledger).expect("the ledger");
    let output = heyan(&[
        "scan",
        &folder.path().to_string_lossy(),
        "--output",
        &ledger.to_string_lossy(),
    ]);
    assert_eq!(code(&output), 2);
    assert_eq!(fs::read(&ledger).expect("the ledger"), before);
    let output = heyan(&[
        "scan",
        &folder.path().to_string_lossy(),
        "--output",
        "no/such/folder/list.xlsx",
    ]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("no/such/folder/list.xlsx"));
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
}

#[test]
fn the_order_of_paths_does_not_change_the_result() {
    let a = heyan(&[
        "scan",
        "samples/上坞村三资台账.xlsx",
        "samples/柳塘村工程台账.xls",
        "--format",
        "json",
    ]);
    let b = heyan(&[
        "scan",
        "samples/柳塘村工程台账.xls",
        "samples/上坞村三资台账.xlsx",
        "--format",
        "json",
    ]);
    assert_eq!(stdout(&a), stdout(&b));
}

#[test]
fn unknown_words_get_the_nearest_known_one() {
    let output = heyan(&["scan", "samples", "--only", "late-fling"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("late-filing"),
        "{}",
        stderr(&output)
    );
    let output = heyan(&["scna", "samples"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("scan"), "{}", stderr(&output));
    let output = Command::new(env!("CARGO_BIN_EXE_heyan"))
        .args(["scan", "samples", "--frmat", "json", "--lang", "zh"])
        .output()
        .expect("the program starts");
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("没有这个选项"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn help_is_complete_in_both_languages() {
    for (lang, words) in [
        ("zh", ["用法", "检查", "退出码"]),
        ("en", ["Usage", "check", "Exit codes"]),
    ] {
        let output = heyan(&["--help", "--lang", lang]);
        assert_eq!(code(&output), 0);
        for word in words {
            assert!(stdout(&output).contains(word), "{word} is not in the help");
        }
        for command in ["scan", "inspect", "explain", "rules", "init"] {
            let help = stdout(&heyan(&[command, "--help", "--lang", lang]));
            let chinese = help.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert_eq!(chinese, lang == "zh", "{command}: {help}");
        }
    }
}

#[test]
fn a_total_above_an_unreadable_row_is_undetermined_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = "合同编号,合同名称,乙方,合同金额,签订日期\n\
        A1,门前路硬化工程,甲建设有限公司,10000,2024-01-02\n\
        A2,水渠工程,乙建设有限公司,约3万,2024-02-02\n\
        合计,,,99999,\n";
    fs::write(folder.path().join("青溪村合同台账.csv"), ledger).expect("a file");
    let report = json(&["scan", &folder.path().to_string_lossy(), "--format", "json"]);
    let totals: Vec<_> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|finding| finding["rule"] == "total-row-mismatch")
        .collect();
    assert_eq!(totals.len(), 1);
    assert_eq!(totals[0]["verdict"], "undetermined");
    assert_eq!(totals[0]["evidence"][0]["cell"], "D4");
}

#[test]
fn inspect_tells_which_rules_can_run_and_what_to_paste() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = "合同编号,合同名称,乙方,合同金额,签订日期,经营品种\n\
        A1,门前路硬化工程,甲建设有限公司,10000,2024-01-02,茶\n";
    fs::write(folder.path().join("王家村合同台账.csv"), ledger).expect("a file");
    let path = folder.path().to_string_lossy().into_owned();
    for (lang, words) in [
        ("zh", ["可执行的规则", "缺台账列“备案日期”"]),
        (
            "en",
            ["rules that can run", "column “备案日期” is not there"],
        ),
    ] {
        let told = stdout(&heyan(&["inspect", &path, "--lang", lang]));
        for word in words {
            assert!(told.contains(word), "{word} is not in: {told}");
        }
        assert!(
            told.contains("[headers.\"合同\"]\n      \"经营品种\" = \"\""),
            "{told}"
        );
    }
    // The lines that are printed load, once a field's name is filled in.
    let config = "[headers.\"合同\"]\n\"经营品种\" = \"备注\"\n";
    fs::write(folder.path().join("heyan.toml"), config).expect("a file");
    let told = stdout(&heyan(&["inspect", &path]));
    assert!(!told.contains("[headers."), "{told}");
}

#[test]
fn a_report_written_village_by_village_has_the_bytes_of_the_whole_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = folder.path().join("broken.xlsx");
    fs::write(&broken, b"PK\x03\x04 not much of a workbook").expect("a file");
    let broken = broken.to_str().expect("a name");
    for extra in [
        &[][..],
        &["--min-severity", "major"],
        &["--by-folder"],
        &["--no-records"],
    ] {
        let mut arguments = vec!["scan", "samples", broken, "--no-waivers", "--format"];
        let streamed = {
            let mut arguments = arguments.clone();
            arguments.push("json");
            arguments.extend(extra);
            heyan(&arguments)
        };
        // Beside a format that shows the whole list, the report is put together first.
        arguments.pop();
        let json = folder.path().join("whole.json");
        let text = folder.path().join("whole.txt");
        let (json, text) = (
            json.to_str().expect("a name"),
            text.to_str().expect("a name"),
        );
        arguments.extend(["--output", json, "--output", text]);
        arguments.extend(extra);
        let whole = heyan(&arguments);
        assert_eq!(code(&streamed), 3, "{}", stderr(&streamed));
        assert_eq!(code(&streamed), code(&whole), "{}", stderr(&whole));
        assert_eq!(stderr(&streamed), stderr(&whole));
        let whole = fs::read_to_string(json).expect("a report");
        assert!(stdout(&streamed) == whole, "{extra:?}: the bytes differ");
    }
}

#[test]
fn what_heyan_toml_sets_for_a_scan_holds_where_the_command_line_is_silent() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let ledger = "合同编号,合同名称,乙方,合同金额,签订日期,开工日期,合同类别\n\
        A1,道路硬化工程,朗川建设有限公司,120000,2024-03-10,2024-03-01,工程\n";
    fs::write(at("上坞村合同台账.csv"), ledger).expect("a ledger");
    fs::create_dir_all(at("own/signing")).expect("a folder");
    let rule = "title = \"金额登记\"\nledger = [\"合同\"]\nseverity = \"info\"\nbasis = []\n\
        violation = '合同金额 > 10万元'\nmessage = '{合同金额}'\n";
    fs::write(at("own/signing/own-amount.toml"), rule).expect("a rule");
    let run = |config: &str, more: &[&str]| {
        fs::write(at("heyan.toml"), config).expect("a configuration");
        let path = at("上坞村合同台账.csv");
        let path = path.to_str().expect("a name");
        let mut command = Command::new(env!("CARGO_BIN_EXE_heyan"));
        command.args(["scan", path, "--format", "json"]).args(more);
        let output = command
            .env_remove("HEYAN_LANG")
            .env("LC_ALL", "en_US.UTF-8")
            .output()
            .expect("the program starts");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{config}: {error}: {}", stderr(&output)));
        (code(&output), report)
    };
    let rules = |report: &serde_json::Value| -> Vec<String> {
        let of = |rule: &serde_json::Value| rule["rule"].as_str().map(str::to_owned);
        let rules = report["balance"]["by_rule"].as_array().expect("a list");
        rules.iter().filter_map(of).collect()
    };
    let severities = |report: &serde_json::Value| -> std::collections::BTreeSet<String> {
        let findings = report["findings"].as_array().expect("a list");
        let of = |finding: &serde_json::Value| finding["severity"].as_str().map(str::to_owned);
        findings.iter().filter_map(of).collect()
    };

    let (exit, report) = run("", &[]);
    assert_eq!(exit, 1);
    assert_eq!(report["lang"], "en");

    let (exit, report) = run(
        "[scan]\nas_of = 2025-06-30\nlang = \"zh\"\nfail_on = \"critical\"\n",
        &[],
    );
    assert_eq!(
        (exit, &report["lang"], &report["as_of"]),
        (0, &"zh".into(), &"2025-06-30".into())
    );
    let (exit, _) = run("[scan]\nfail_on = \"critical\"\n", &["--fail-on", "major"]);
    assert_eq!(exit, 1);

    let (_, report) = run("[scan]\nrules = [\"own\"]\n", &[]);
    assert!(severities(&report).contains("info"), "{report}");
    let (_, report) = run("[scan]\nrules = [\"own\"]\nmin_severity = \"major\"\n", &[]);
    assert_eq!(
        severities(&report).into_iter().collect::<Vec<_>>(),
        ["major"]
    );
    let (_, report) = run("[scan]\nonly = [\"signed-after-start\"]\n", &[]);
    assert_eq!(rules(&report), ["signed-after-start"]);
    let (_, report) = run(
        "[scan]\nonly = [\"signed-after-start\"]\n",
        &["--only", "late-filing"],
    );
    assert_eq!(rules(&report), ["late-filing"]);
    let (_, report) = run("[scan]\nskip = [\"signed-after-start\"]\n", &[]);
    assert!(!rules(&report).contains(&"signed-after-start".to_owned()));
    let (_, report) = run("[scan]\nrules = [\"own\"]\n", &[]);
    assert!(rules(&report).contains(&"own-amount".to_owned()));

    let (_, report) = run("", &[]);
    fs::write(at("last.json"), report.to_string()).expect("a report");
    let (exit, report) = run("[scan]\nbaseline = \"last.json\"\n", &[]);
    assert_eq!(exit, 0, "nothing is new");
    assert_eq!(report["findings"][0]["status"], "unchanged");

    let (exit, _) = run(
        "[scan]\nfail_on_undetermined = true\nonly = [\"no-bidding-above-limit\", \"signed-after-start\"]\nfail_on = \"critical\"\n",
        &[],
    );
    assert_eq!(exit, 0, "undetermined ones count by their severity too");
}

#[test]
fn villages_of_folders_stand_once_however_the_report_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = fs::read("samples/东岙村合同清单.csv")
        .or_else(|_| fs::read("samples/后畈村合同登记.csv"))
        .expect("a sample");
    for village in ["上坞村", "旧坞村", "后畈村"] {
        fs::create_dir(folder.path().join(village)).expect("a folder");
        let at = |name: &str| folder.path().join(village).join(name);
        fs::write(at("合同台账.csv"), &ledger).expect("a ledger");
        fs::write(at("付款台账.xlsx"), b"PK\x03\x04 broken").expect("a file");
    }
    // 旧坞村 is a former name.
    let config = "[villages]\n\"上坞村\" = { former = [\"旧坞村\"] }\n";
    fs::write(folder.path().join("heyan.toml"), config).expect("a configuration");
    let path = folder.path().to_str().expect("a name");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let target = |name: &str| {
        let path = elsewhere.path().join(name);
        path.to_str().expect("a name").to_owned()
    };
    let (json, text) = (target("whole.json"), target("whole.txt"));
    heyan(&[
        "scan",
        path,
        "--by-folder",
        "--output",
        &json,
        "--output",
        &text,
    ]);
    for jobs in ["1", "2"] {
        let streamed = heyan(&[
            "scan",
            path,
            "--by-folder",
            "--format",
            "json",
            "--jobs",
            jobs,
        ]);
        let whole = fs::read_to_string(&json).expect("a report");
        assert!(stdout(&streamed) == whole, "the bytes differ");
    }
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&json).expect("a report")).expect("JSON");
    let villages: std::collections::BTreeSet<_> = report["coverage"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|row| row["village"].as_str())
        .collect();
    assert_eq!(
        villages.into_iter().collect::<Vec<_>>(),
        ["上坞村", "后畈村"]
    );
}
