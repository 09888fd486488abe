//! Results go where they are asked for, and nothing else is lost for it.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that runs the program on files"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const FORMATS: [&str; 10] = [
    "text", "json", "jsonl", "csv", "xlsx", "html", "markdown", "sarif", "junit", "github",
];

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heyan"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("HEYAN_LANG", "en");
    command
}

fn heyan(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// A folder with a ledger, a broken workbook, a picture and a configuration.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ledger = "合同编号,合同名称,乙方,合同金额,签订日期,开工日期,合同类别\n\
        A1,道路硬化工程,朗川建设有限公司,120000,2024-03-10,2024-03-01,工程\n\
        A2,沟渠清淤工程,朗川建设有限公司,80000,2024-03-01,2024-03-10,工程\n";
    fs::write(folder.path().join("上坞村合同台账.csv"), ledger).unwrap();
    fs::write(
        folder.path().join("broken.xlsx"),
        b"PK\x03\x04 no workbook at all",
    )
    .unwrap();
    fs::write(folder.path().join("photo.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    fs::write(
        folder.path().join("heyan.toml"),
        "[scan]\nas_of = 2025-06-30\n",
    )
    .unwrap();
    folder
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn nothing_that_a_run_reads_is_overwritten() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let last = heyan(folder.path(), &["scan", ".", "--format", "json"]).stdout;
    let elsewhere = tempfile::tempdir().unwrap();
    let baseline = elsewhere.path().join("last.json");
    fs::write(&baseline, last).unwrap();
    fs::hard_link(at("上坞村合同台账.csv"), elsewhere.path().join("hard.csv")).unwrap();
    let hard = elsewhere.path().join("hard.csv");
    let (baseline, hard) = (baseline.to_str().unwrap(), hard.to_str().unwrap());
    for target in [
        "csv=上坞村合同台账.csv",
        "csv=./../x/上坞村合同台账.csv",
        "xlsx=broken.xlsx",
        "json=photo.png",
        "json=heyan.toml",
        &format!("json={baseline}"),
        &format!("csv={hard}"),
    ] {
        let target = target.replace(
            "../x/",
            &format!(
                "../{}/",
                folder.path().file_name().unwrap().to_str().unwrap()
            ),
        );
        let path = target.split_once('=').unwrap().1;
        let before = fs::read(folder.path().join(path)).unwrap();
        let output = heyan(
            folder.path(),
            &["scan", ".", "--baseline", baseline, "--output", &target],
        );
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{target}: {said}");
        assert!(said.contains("choose another name"), "{target}: {said}");
        assert_eq!(
            fs::read(folder.path().join(path)).unwrap(),
            before,
            "{target}"
        );
    }
    let merged = heyan(
        elsewhere.path(),
        &["merge", "last.json", "--output", "last.json"],
    );
    assert_eq!(merged.status.code(), Some(2));
    let compared = heyan(
        elsewhere.path(),
        &["diff", "last.json", "last.json", "--output", "last.json"],
    );
    assert_eq!(compared.status.code(), Some(2));
}

#[test]
fn an_earlier_result_among_the_files_is_replaced() {
    let folder = folder();
    let output = ["--output", "report.html", "--output", "report.json"];
    let arguments = [&["scan", "."], &output[..]].concat();
    for _ in 0..2 {
        let output = heyan(folder.path(), &arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{said}");
    }
    let json = fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert!(json.contains("signed-after-start"));
}

#[test]
fn a_closed_pipe_is_success_in_every_format() {
    let folder = folder();
    for format in FORMATS {
        let mut child = command(folder.path(), &["scan", ".", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(0), "{format}: {said}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::FileTypeExt as _;
    use std::time::{Duration, Instant};

    use super::*;

    fn pipe(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    #[test]
    fn a_pipe_is_written_into_and_stays_one() {
        let folder = folder();
        let elsewhere = tempfile::tempdir().unwrap();
        let fifo = elsewhere.path().join("results");
        pipe(&fifo);
        let mut reader = Command::new("cat")
            .arg(&fifo)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let target = format!("json={}", fifo.display());
        let output = heyan(folder.path(), &["scan", ".", "--output", &target]);
        let is_pipe = fs::symlink_metadata(&fifo).unwrap().file_type().is_fifo();
        let wrote = output.status.code() == Some(3);
        if !is_pipe || !wrote {
            reader.kill().unwrap();
        }
        assert!(is_pipe, "the pipe was replaced");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{said}");
        let read = reader.wait_with_output().unwrap().stdout;
        let report: serde_json::Value = serde_json::from_slice(&read).unwrap();
        assert_eq!(report["schema"], "heyan.report/1");
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = folder();
        let elsewhere = tempfile::tempdir().unwrap();
        let real = elsewhere.path().join("real.json");
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, folder.path().join("link.json")).unwrap();
        heyan(
            folder.path(),
            &["scan", "上坞村合同台账.csv", "--output", "link.json"],
        );
        assert!(
            fs::symlink_metadata(folder.path().join("link.json"))
                .unwrap()
                .is_symlink()
        );
        assert!(
            fs::read_to_string(&real)
                .unwrap()
                .contains("heyan.report/1")
        );
    }

    #[test]
    fn an_interrupted_run_leaves_no_half_of_its_results() {
        let folder = folder();
        let results = tempfile::tempdir().unwrap();
        pipe(&results.path().join("blocked"));
        let at = |name: &str| results.path().join(name).to_str().unwrap().to_owned();
        for signal in ["-INT", "-TERM"] {
            // Nobody reads the pipe: the run waits there with the other result written.
            let blocked = format!("html={}", at("blocked"));
            let mut child = command(
                folder.path(),
                &[
                    "scan",
                    ".",
                    "--output",
                    &at("list.json"),
                    "--output",
                    &blocked,
                ],
            )
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
            let start = Instant::now();
            while names(results.path()).len() < 2 {
                assert!(
                    start.elapsed() < Duration::from_secs(30),
                    "nothing was written"
                );
                std::thread::sleep(Duration::from_millis(5));
            }
            std::thread::sleep(Duration::from_millis(200));
            let pid = child.id().to_string();
            let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
            assert!(sent.success());
            let ended = child.wait().unwrap();
            assert_eq!(ended.code(), Some(130), "{signal}");
            assert_eq!(names(results.path()), ["blocked"], "{signal}");
        }
    }

    #[test]
    fn a_sheet_that_reaches_to_the_last_column_does_not_exhaust_the_memory() {
        let folder = tempfile::tempdir().unwrap();
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        for row in 0..20_000 {
            sheet.write_number(row, 16_383, 1).unwrap();
        }
        workbook.save(folder.path().join("filled.xlsx")).unwrap();
        let program = env!("CARGO_BIN_EXE_heyan");
        let script = format!(
            "ulimit -v 3000000; exec {program} track import filled.xlsx --store cases.db --by 甲"
        );
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(folder.path())
            .env("HEYAN_LANG", "en")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("Fingerprint"), "{said}");
    }
}
