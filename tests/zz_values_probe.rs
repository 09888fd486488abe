//! Scratch.
#![allow(warnings)]
use heyan::ledger::{coerce::*, *};
fn f(ty: FieldType) -> FieldKind {
    FieldKind {
        name: "x".into(),
        en: "x".into(),
        ty,
        headers: vec![],
        negative: false,
        fallback: vec![],
        empty: vec![],
        fills: Fills::default(),
        infer: vec![],
        choices: vec![],
        optional: false,
        always: None,
        per: None,
    }
}
fn show(t: &str, ty: FieldType) -> String {
    let fk = f(ty);
    let c = cell(Raw::Text(t), &fk, ColumnUnit::default());
    let v = match c.value {
        Value::Text { text, .. } => text.into_owned(),
        Value::Datum(d) => match d {
            Datum::Money(_) | Datum::Number { .. } => d.decimal().unwrap().normalize().to_string(),
            Datum::Date(s) | Datum::Period(s) => s.to_string(),
            Datum::Length(l) => l.to_string(),
            Datum::Flag(x) => x.text().into(),
            d => format!("{d:?}"),
        },
    };
    let p = c.parts;
    let pp = if p == Parts::default() {
        String::new()
    } else {
        format!(
            " [{:?} {:?} {:?} {:?} {:?} {:?}]",
            p.start.map(|s| s.to_string()),
            p.end.map(|s| s.to_string()),
            p.length.map(|s| s.to_string()),
            p.expected,
            p.present,
            p.agreed
        )
    };
    format!(
        "{t:<34} -> {v}{pp}  {}",
        c.issue.map_or(String::new(), |i| format!(
            "{} {}",
            i.kind.id(),
            i.message.zh
        ))
    )
}
#[test]
fn probe() {
    let t = std::fs::read_to_string("/tmp/values/probe.txt").unwrap();
    let mut ty = FieldType::Text;
    for l in t.lines() {
        match l {
            "#money" => {
                ty = FieldType::Money;
                println!("{l}")
            }
            "#date" => {
                ty = FieldType::Date;
                println!("{l}")
            }
            "#period" => {
                ty = FieldType::Period;
                println!("{l}")
            }
            "#flag" => {
                ty = FieldType::Flag;
                println!("{l}")
            }
            "#percent" => {
                ty = FieldType::Percent;
                println!("{l}")
            }
            "#length" => {
                ty = FieldType::Length;
                println!("{l}")
            }
            "#vote" => {
                ty = FieldType::Vote;
                println!("{l}")
            }
            "#number" => {
                ty = FieldType::Number;
                println!("{l}")
            }
            _ => println!("{}", show(&l.replace("\\n", "\n"), ty)),
        }
    }
}
