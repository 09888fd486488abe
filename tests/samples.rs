//! Every sample workbook: a snapshot of the records it becomes, with the cells and texts they were read from.

use std::path::Path;
use std::process::Command;

#[test]
fn every_sample_becomes_the_records_of_its_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut workbooks: Vec<_> = std::fs::read_dir(&folder)
        .expect("samples/")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("xlsx" | "xls" | "ods" | "csv"))
        })
        .collect();
    workbooks.sort();
    assert!(workbooks.len() >= 6, "{workbooks:?}");
    for workbook in workbooks {
        let output = Command::new(env!("CARGO_BIN_EXE_heyan"))
            .args(["inspect", "--format", "json", "--lang", "en"])
            .arg(&workbook)
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{}", workbook.display());
        let inspected: serde_json::Value =
            serde_json::from_slice(&output.stdout).expect("JSON of inspect");
        let lines: Vec<String> = inspected["records"]
            .as_array()
            .expect("a list")
            .iter()
            .map(ToString::to_string)
            .collect();
        let name = workbook.file_stem().unwrap_or_default().to_string_lossy();
        insta::assert_snapshot!(name.as_ref(), lines.join("\n"));
    }
}
