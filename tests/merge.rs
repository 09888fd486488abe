//! Scans of single villages add up to the scan of all of them, byte for byte, on the samples.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that runs the program on files"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    let mut arguments = vec!["scan"];
    arguments.extend(workbooks.iter().map(|path| path.to_str().unwrap()));
    arguments.extend(["--config", "samples/heyan.toml", "--no-waivers"]);
    arguments.extend(["--format", "json"]);
    heyan(&arguments)
}

#[test]
fn single_villages_add_up_to_the_joint_scan_in_any_bracketing() {
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
