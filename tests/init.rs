//! `heyan init`: the file it writes loads, names what the folder holds, and is never written over another.
#![allow(missing_docs, reason = "a test has no users")]
#![allow(clippy::disallowed_methods, reason = "a test of files")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const LEDGER: &str = "松陂镇青石村合同台账,,,,,\n合同编号,合同名称,合同类别,乙方,合同金额,签订日期,档案柜号\nA-1,村道硬化,工程,甲公司,300000,2024-03-01,7\nA-2,渠道清淤,工程,乙公司,80000,2024-05-01,8\n";

fn heyan(arguments: &[&str], lang: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heyan"))
        .args(arguments)
        .env("HEYAN_LANG", lang)
        .output()
        .expect("the program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("青石村.csv"), LEDGER).expect("a ledger");
    folder
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn the_file_names_what_the_folder_holds_and_loads() {
    for lang in ["zh", "en"] {
        let folder = folder();
        let dir = text(folder.path());
        let output = heyan(&["init", &dir], lang);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let file = folder.path().join("heyan.toml");
        let written = fs::read_to_string(&file).expect("heyan.toml");
        for part in [
            "\"松陂镇/青石村\" = { responsible = \"\" }",
            "# \"工程直接发包限额\" = [{ from = YYYY-MM-DD, value = \"  万元\", basis = \"\" }]",
            "no-bidding-above-limit",
            "[headers.\"合同\"]",
            "# \"档案柜号\" = \"\"",
        ] {
            assert!(written.contains(part), "{part}\n{written}");
        }
        let scan = heyan(
            &["scan", &dir, "--as-of", "2025-06-30", "--exit-zero"],
            lang,
        );
        assert_eq!(
            scan.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&scan.stderr)
        );
    }
}

#[test]
fn every_blank_filled_in_loads_too() {
    let folder = folder();
    let dir = text(folder.path());
    heyan(&["init", &dir], "zh");
    let file = folder.path().join("heyan.toml");
    let filled: String = fs::read_to_string(&file)
        .expect("heyan.toml")
        .lines()
        .map(|line| {
            let open = line.strip_prefix("# ").filter(|rest| {
                rest.starts_with('"') && rest.contains(" = ") || rest.starts_with("as_of")
            });
            let line = open.unwrap_or(line);
            let line = line
                .replace("value = YYYY-MM-DD", "value = 2020-01-01")
                .replace("YYYY-MM-DD", "2025-06-30")
                .replace("= \"  ", "= \"10")
                .replace("天/个月/年", "天")
                .replace("value = \"\"", "value = \"3\"")
                .replace("是/否", "是")
                .replace("basis = \"\"", "basis = \"县农〔2021〕12号\"");
            format!("{line}\n")
        })
        .filter(|line| !line.contains("value = []"))
        .collect();
    fs::write(&file, &filled).expect("heyan.toml");
    let scan = heyan(&["scan", &dir, "--exit-zero"], "zh");
    assert_eq!(
        scan.status.code(),
        Some(0),
        "{}\n{filled}",
        String::from_utf8_lossy(&scan.stderr)
    );
}

#[test]
fn a_scan_without_configuration_ends_with_the_next_command() {
    let folder = folder();
    let dir = text(folder.path());
    let before = heyan(&["scan", &dir, "--exit-zero"], "en");
    let told = String::from_utf8_lossy(&before.stderr).into_owned();
    assert!(told.contains(&format!("`heyan init {dir}`")), "{told}");
    heyan(&["init", &dir], "en");
    let after = heyan(&["scan", &dir, "--exit-zero"], "en");
    let told = String::from_utf8_lossy(&after.stderr).into_owned();
    assert!(!told.contains("heyan init"), "{told}");
}

#[test]
fn a_path_that_is_not_there_names_its_neighbour() {
    let folder = folder();
    let wrong = folder.path().join("青石材.csv");
    let output = heyan(&["scan", &text(&wrong)], "en");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("Did you mean") && told.contains("青石村.csv"),
        "{told}"
    );
}

#[test]
fn a_file_that_is_there_is_left_alone() {
    let folder = folder();
    let file = folder.path().join("heyan.toml");
    fs::write(&file, "# mine\n").expect("a file");
    let output = heyan(&["init", &text(folder.path())], "en");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("was left as it is"),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(fs::read_to_string(&file).expect("a file"), "# mine\n");
}

#[test]
fn the_chinese_name_works_and_a_folder_without_ledgers_gets_every_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = heyan(&["初始化", &text(folder.path())], "zh");
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("0 种台账"), "{}", stdout(&output));
    let written = fs::read_to_string(folder.path().join("heyan.toml")).expect("heyan.toml");
    assert!(written.contains("没有认出任何台账"), "{written}");
    assert!(written.contains("# \"合同备案时限\""), "{written}");
}
