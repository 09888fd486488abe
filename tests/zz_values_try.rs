//! Scratch.
#![allow(warnings)]
use heyan::{discover, finding::FileId, lang::Lang, ledger::*, read};
use std::sync::Arc;
fn strs(v: Option<&toml::Value>) -> Vec<String> {
    v.and_then(|v| v.as_array())
        .map(|a| a.iter().map(|s| s.as_str().unwrap().to_owned()).collect())
        .unwrap_or_default()
}
pub fn kinds() -> Kinds {
    let mut out = vec![];
    for name in [
        "contract", "project", "payment", "decision", "filing", "receipt",
    ] {
        let t: toml::Value =
            toml::from_str(&std::fs::read_to_string(format!("rules/ledgers/{name}.toml")).unwrap())
                .unwrap();
        let fs = t["field"].as_array().unwrap();
        let names: Vec<String> = fs
            .iter()
            .map(|f| f["name"].as_str().unwrap().to_owned())
            .collect();
        let id = |n: &str| names.iter().position(|x| x == n).map(|i| FieldId(i as u16));
        let fields = fs
            .iter()
            .map(|f| {
                let g = |k: &str| {
                    f.get("fills")
                        .and_then(|x| x.get(k))
                        .and_then(|x| x.as_str())
                        .and_then(|n| id(n))
                };
                FieldKind {
                    name: f["name"].as_str().unwrap().into(),
                    en: f["en"].as_str().unwrap().into(),
                    ty: match f["type"].as_str().unwrap() {
                        "text" => FieldType::Text,
                        "money" => FieldType::Money,
                        "number" => FieldType::Number,
                        "percent" => FieldType::Percent,
                        "date" => FieldType::Date,
                        "period" => FieldType::Period,
                        "vote" => FieldType::Vote,
                        "flag" => FieldType::Flag,
                        "choice" => FieldType::Choice,
                        "party" => FieldType::Party,
                        "id" => FieldType::Id,
                        "length" => FieldType::Length,
                        x => panic!("{x}"),
                    },
                    headers: strs(f.get("headers")),
                    negative: f.get("negative").and_then(|x| x.as_bool()).unwrap_or(true),
                    fallback: strs(f.get("fallback"))
                        .iter()
                        .filter_map(|n| id(n))
                        .collect(),
                    empty: strs(f.get("empty")),
                    fills: Fills {
                        start: g("start"),
                        end: g("end"),
                        length: g("length"),
                        expected: g("expected"),
                        present: g("present"),
                        agreed: g("agreed"),
                        opposed: g("opposed"),
                        abstained: g("abstained"),
                    },
                    infer: strs(f.get("infer")),
                    choices: f
                        .get("choices")
                        .and_then(|c| c.as_table())
                        .map(|t| {
                            t.iter()
                                .map(|(k, v)| Choice {
                                    value: k.clone(),
                                    words: strs(Some(v)),
                                })
                                .collect()
                        })
                        .unwrap_or_default(),
                    optional: f.get("optional").and_then(|x| x.as_bool()).unwrap_or(false),
                    always: f.get("always").and_then(|x| x.as_str()).map(Into::into),
                    per: f.get("per").map(|_| Rate::Year),
                }
            })
            .collect();
        out.push(Arc::new(LedgerKind {
            id: name.into(),
            name: t["name"].as_str().unwrap().into(),
            en: t["en"].as_str().unwrap().into(),
            title: strs(t.get("title")),
            fields,
            keys: t["key"]["fields"]
                .as_array()
                .unwrap()
                .iter()
                .map(|l| strs(Some(l)).iter().filter_map(|n| id(n)).collect())
                .collect(),
            relations: vec![],
        }));
    }
    Kinds::new(out)
}
#[test]
fn try_dev() {
    let kinds = kinds();
    let dir = std::env::var("CORPUS").unwrap_or("../shared/corpora/dev".into());
    let sources = discover::find(&[dir.into()]).unwrap();
    let mut inputs = vec![];
    let mut records = vec![];
    let mut issues = vec![];
    for (i, s) in sources.iter().enumerate() {
        let opened = match read::open(s, &read::Limits::default()) {
            Ok(o) => o,
            Err(e) => continue,
        };
        let file = FileInfo {
            id: FileId(i as u32),
            name: s.name.clone(),
            village: None,
        };
        let mapped = map(&opened.workbook, &file, &kinds, &Hints::default(), Lang::Zh);
        inputs.push(serde_json::json!({"file": &*s.name, "tables": mapped.tables.iter().map(|t| serde_json::json!({"id": t.id.0, "sheet": t.sheet, "kind": t.kind, "header_rows": t.header_rows, "columns": t.columns.iter().map(|c| serde_json::json!({"column": c.column, "header": c.header, "field": c.field, "unit": c.unit})).collect::<Vec<_>>(), "ignored_rows": t.ignored_rows.iter().map(|r| serde_json::json!({"row": r.row, "why": r.why})).collect::<Vec<_>>()})).collect::<Vec<_>>()}));
        for (v, l) in &mapped.ledgers {
            for r in 0..l.len() as u32 {
                let mut values = serde_json::Map::new();
                for f in 0..l.kind_of.fields.len() {
                    let f = FieldId(f as u16);
                    if !l.has(f) {
                        continue;
                    }
                    let raw = l.raw(r, f);
                    let mut m = serde_json::json!({"raw": raw});
                    if let Some(p) = l.print(r, f) {
                        m["value"] = serde_json::json!(p);
                    }
                    values.insert(l.kind_of.field(f).name.clone(), m);
                }
                records.push(serde_json::json!({"file": &*l.file_name, "sheet": &*l.sheet, "row": l.rows[r as usize] + 1, "kind": l.kind_of.id, "id": l.ids[r as usize], "values": values}));
            }
        }
        for i in &mapped.issues {
            issues.push(format!(
                "{} {} {} {} {:?} {}",
                s.name,
                i.sheet,
                i.kind.id(),
                i.field,
                i.cells
                    .iter()
                    .map(|c| format!("{}={}", read::address(c.row, c.col), c.raw))
                    .collect::<Vec<_>>(),
                i.message.zh
            ));
        }
    }
    std::fs::create_dir_all("/tmp/values").unwrap();
    std::fs::write(
        "/tmp/values/inspect.json",
        serde_json::to_string(
            &serde_json::json!({"inputs": inputs, "findings": [], "records": records}),
        )
        .unwrap(),
    )
    .unwrap();
    std::fs::write("/tmp/values/issues.txt", issues.join("\n")).unwrap();
}
