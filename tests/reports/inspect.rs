//! `inspect`: keys as in the report, values by field, and the text for people.

use heyan::lang::Lang;
use heyan::report::{Format, InspectRecord, InspectValue, Inspection, Style};
use serde_json::{Value, json};

use crate::{example, rendered};

fn records() -> Vec<InspectRecord> {
    let value = |cell: &str, raw: &str, value: Option<&str>| InspectValue {
        cell: cell.into(),
        raw: raw.into(),
        value: value.map(Into::into),
    };
    vec![InspectRecord {
        file: example::BOOK.into(),
        sheet: "合同".into(),
        row: 12,
        kind: "contract".into(),
        town: "霁川镇".into(),
        village: "李庄村".into(),
        values: vec![
            (
                "签订日期".into(),
                value("G12", "2024.3.10", Some("2024-03-10")),
            ),
            ("备案日期".into(), value("N12", "", None)),
        ],
    }]
}

#[test]
fn json_has_the_inputs_of_the_report() {
    let report = example::report(Lang::Zh);
    let mut out = Vec::new();
    Inspection {
        inputs: &report.inputs,
        records: records().into_iter(),
        rules: &[],
        lang: Lang::Zh,
    }
    .write_json(&mut out)
    .expect("memory");
    let inspected: Value = serde_json::from_slice(&out).expect("JSON");
    let whole: Value = serde_json::from_str(&rendered(&report, Format::Json)).expect("JSON");
    assert_eq!(inspected["inputs"], whole["inputs"]);
    assert_eq!(
        inspected["records"],
        json!([{
            "file": example::BOOK, "sheet": "合同", "row": 12, "kind": "contract", "town": "霁川镇", "village": "李庄村",
            "values": {
                "签订日期": {"cell": "G12", "raw": "2024.3.10", "value": "2024-03-10"},
                "备案日期": {"cell": "N12", "raw": ""},
            },
        }])
    );
}

#[test]
fn json_without_records_is_json() {
    let mut out = Vec::new();
    Inspection {
        inputs: &[],
        records: std::iter::empty(),
        rules: &[],
        lang: Lang::En,
    }
    .write_json(&mut out)
    .expect("memory");
    let inspected: Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!(inspected, json!({"inputs": [], "records": []}));
}

#[test]
fn text_snapshot() {
    for (lang, name) in [(Lang::Zh, "inspect-zh"), (Lang::En, "inspect-en")] {
        let report = example::report(lang);
        let mut out = Vec::new();
        Inspection {
            inputs: &report.inputs,
            records: std::iter::empty(),
            rules: &[],
            lang,
        }
        .write_text(&Style::default(), &mut out)
        .expect("memory");
        insta::assert_snapshot!(name, String::from_utf8(out).expect("UTF-8"));
    }
}
