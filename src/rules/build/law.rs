//! `law/<law>.toml` → provisions; `calendar/<year>.toml` → working days and holidays.

use std::collections::BTreeMap;

use crate::lang::Bilingual;
use crate::ledger::Day;
use crate::rules::diagnostic::Sink;
use crate::rules::problem::Problem;
use crate::rules::syntax::Document;
use crate::rules::{Calendar, Grade, Provision};

const GRADES: [(&str, Grade); 2] = [("A", Grade::A), ("B", Grade::B)];

/// Reads a law file.
pub(super) fn law(sink: &Sink, law: &mut BTreeMap<String, Provision>) {
    let document = Document::parse(sink);
    let root = document.root();
    let name = root.required_text("law", "\"中华人民共和国民法典\"");
    let en = root.string("en");
    for table in root.tables("provision") {
        let id = table.required_text("id", "\"mfd-789\"");
        // A document without articles is cited as a whole.
        let article = table
            .required("article", "\"第七百八十九条\"")
            .and_then(|value| value.text());
        let text = table.required_text("text", "\"…\"");
        let from = table
            .get("from")
            .map_or(Some(Day::MIN), |value| value.day());
        let to = table.get("to").map_or(Some(Day::MAX), |value| value.day());
        let grade = table
            .required_text("grade", "\"A\"")
            .and_then(|grade| super::limits::word(sink, "等级", "grade", &GRADES, &grade));
        let source = table.string("source");
        let replaces = table.strings("replaces");
        let note = table.string("note");
        table.finish();
        let (Some(name), Some(id), Some(article), Some(text), Some(from), Some(to), Some(grade)) =
            (&name, id, article, text, from, to, grade)
        else {
            continue;
        };
        if from > to {
            sink.error(Problem::new(
                table.span.clone(),
                Bilingual::new(
                    format!("from {from} 在 to {to} 之后"),
                    format!("from {from} is later than to {to}"),
                ),
            ));
        }
        let provision = Provision {
            id: id.value.to_string(),
            law: name.value.to_string(),
            en: en.clone(),
            article: article.value.to_string(),
            text: text.value.to_string(),
            from,
            to,
            grade,
            source,
            replaces,
            note,
        };
        if law.insert(id.value.to_string(), provision).is_some() {
            sink.error(Problem::new(
                id.span.clone(),
                Bilingual::new(
                    format!("依据编号 {} 用了两次", id.value),
                    format!("the provision id {} is used twice", id.value),
                ),
            ));
        }
    }
    root.finish();
}

/// Reads the calendar of a year: the days that are not what their weekday says.
pub(super) fn calendar(sink: &Sink, year: &str, calendar: &mut Calendar) {
    let document = Document::parse(sink);
    let root = document.root();
    let mut days: BTreeMap<Day, bool> = BTreeMap::new();
    let _ = root.string("source");
    for (key, holiday) in [("holidays", true), ("workdays", false)] {
        let Some(value) = root.required(key, "[2024-01-01]") else {
            continue;
        };
        let Some(items) = value.items() else {
            value.error(
                format!("{key} 要日期的列表"),
                format!("{key} wants a list of dates"),
            );
            continue;
        };
        for item in items {
            let Some(day) = item.day() else { continue };
            if day
                .civil()
                .is_none_or(|date| date.year().to_string() != year)
            {
                item.error(
                    format!("{day} 不在 {year} 年"),
                    format!("{day} is not in {year}"),
                );
            }
            if days.insert(day, holiday).is_some() {
                item.error(
                    format!("{day} 写了两次"),
                    format!("{day} stands here twice"),
                );
            }
        }
    }
    root.finish();
    match year.parse::<i16>() {
        Ok(year) => {
            calendar.exceptions.insert(year, days);
        }
        Err(_) => sink.error(Problem::new(
            0..0,
            Bilingual::new(
                "日历的文件名要是年份，例如 2024.toml",
                "a calendar file is named after its year: 2024.toml",
            ),
        )),
    }
}
