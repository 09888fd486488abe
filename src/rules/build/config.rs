//! `heyan.toml` → [`Config`].

use super::kinds::unknown;
use super::limits::word;
use crate::finding::Severity;
use crate::lang::{Bilingual, Lang};
use crate::ledger::{HeaderHint, Kinds, VillageHint};
use crate::rules::Limit;
use crate::rules::config::{Config, RuleSetting, ScanConfig, WaiverEntry};
use crate::rules::diagnostic::{Sink, line_of};
use crate::rules::nearest::nearest;
use crate::rules::problem::Problem;
use crate::rules::syntax::{Document, Table, Value};

/// The words for severities.
pub(super) const SEVERITIES: [(&str, Severity); 4] = [
    ("critical", Severity::Critical),
    ("major", Severity::Major),
    ("minor", Severity::Minor),
    ("info", Severity::Info),
];

const LANGUAGES: [(&str, Lang); 2] = [("zh", Lang::Zh), ("en", Lang::En)];

/// Reads `heyan.toml`; its limits are put over those of the pack.
pub(super) fn config(sink: &Sink, kinds: &Kinds, limits: &mut [Limit]) -> Config {
    let document = Document::parse(sink);
    let root = document.root();
    let mut config = Config::default();
    if let Some(table) = table_of(&root, "scan") {
        config.scan = scan(&table);
        table.finish();
    }
    if let Some(table) = table_of(&root, "limits") {
        super::limits::configured(&table, limits);
    }
    if let Some(table) = table_of(&root, "headers") {
        for value in table.all() {
            headers(sink, &value, kinds, &mut config.hints.headers);
        }
    }
    if let Some(table) = table_of(&root, "villages") {
        for value in table.all() {
            config.hints.villages.extend(village(&value));
        }
    }
    if let Some(table) = table_of(&root, "rules") {
        for value in table.all() {
            config.rules.extend(rule(sink, &value));
        }
    }
    if let Some(table) = table_of(&root, "waivers") {
        let terms = &mut config.waiver_terms;
        if let Some(months) = table.get("longest_months").and_then(|value| value.whole()) {
            terms.longest_months = months;
        }
        if let Some(days) = table.get("near_days").and_then(|value| value.whole()) {
            terms.near_days = days;
        }
        table.finish();
    }
    for table in root.tables("waiver") {
        config.waivers.extend(waiver(sink, &table));
        table.finish();
    }
    root.finish();
    config
}

fn table_of<'a>(root: &Table<'a>, key: &'static str) -> Option<Table<'a>> {
    root.get(key)?.table()
}

fn scan(table: &Table<'_>) -> ScanConfig {
    let severity = |key| {
        table
            .text(key)
            .and_then(|text| word(table.sink, "级别", "severity", &SEVERITIES, &text))
    };
    ScanConfig {
        as_of: table.get("as_of").and_then(|value| value.day()),
        lang: table
            .text("lang")
            .and_then(|text| word(table.sink, "语言", "language", &LANGUAGES, &text)),
        min_severity: severity("min_severity"),
        fail_on: severity("fail_on"),
        fail_on_undetermined: table.boolean("fail_on_undetermined").unwrap_or(false),
        only: table.strings("only"),
        skip: table.strings("skip"),
        rules: table.strings("rules"),
        baseline: table.text("baseline").map(|text| text.value.to_string()),
        by_folder: table.boolean("by_folder").unwrap_or(false),
        seconds_per_file: table
            .get("seconds_per_file")
            .and_then(|value| value.whole()),
        megabytes_per_file: table
            .get("megabytes_per_file")
            .and_then(|value| value.whole()),
    }
}

/// `[headers."合同"]`: `"合同价" = "合同金额"`, or `"合同价" = { field = "合同金额", file = "*甲村*" }`; an empty field leaves
/// the column alone.
fn headers(sink: &Sink, value: &Value<'_>, kinds: &Kinds, hints: &mut Vec<HeaderHint>) {
    let Some(kind) = kinds.find(value.key) else {
        let near = nearest(value.key, kinds.iter().map(|(_, kind)| kind.name.as_str()));
        let problem = Problem::new(
            value.key_span.clone(),
            Bilingual::new(
                format!("没有名叫“{}”的台账种类", value.key),
                format!("there is no ledger kind “{}”", value.key),
            ),
        );
        sink.error(match near {
            Some(near) => problem.replace(value.key_span.clone(), format!("\"{near}\"")),
            None => problem,
        });
        return;
    };
    let kind = kinds.get(kind);
    let Some(table) = value.table() else { return };
    for entry in table.all() {
        let (field, file) = match entry.as_table() {
            Some(inner) => {
                let field = inner
                    .required("field", "\"合同金额\"")
                    .and_then(|v| v.text());
                let file = inner.text("file").map(|text| text.value.to_string());
                inner.finish();
                (field, file)
            }
            None => (entry.text(), None),
        };
        let Some(field) = field else { continue };
        if !field.value.is_empty() && kind.find(&field.value).is_none() {
            let near = nearest(
                &field.value,
                kind.fields.iter().map(|field| field.name.as_str()),
            );
            sink.error(unknown(
                &format!("{}字段", kind.name),
                &format!("field of {}", kind.name),
                &field,
                near,
            ));
            continue;
        }
        hints.push(HeaderHint {
            kind: kind.id.clone(),
            file,
            header: entry.key.to_owned(),
            field: (!field.value.is_empty()).then(|| field.value.to_string()),
        });
    }
}

/// `[villages."甲镇/李庄村"]`
fn village(value: &Value<'_>) -> Option<VillageHint> {
    let table = value.table()?;
    let town = table.string("town");
    let former = table.strings("former");
    let responsible = table.string("responsible");
    table.finish();
    let (town, name) = match value.key.rsplit_once('/') {
        Some((before, name)) => (before.to_owned(), name.to_owned()),
        None => (town, value.key.to_owned()),
    };
    Some(VillageHint {
        town,
        name,
        former,
        responsible,
    })
}

fn rule(sink: &Sink, value: &Value<'_>) -> Option<RuleSetting> {
    let table = value.table()?;
    let disable = table.boolean("disable").unwrap_or(false);
    let severity = table
        .text("severity")
        .and_then(|text| word(sink, "级别", "severity", &SEVERITIES, &text));
    let reason = table.required_text("reason", "\"为什么\"");
    table.finish();
    if !disable && severity.is_none() {
        sink.error(
            Problem::new(
                value.key_span.clone(),
                Bilingual::new(
                    "要写 disable = true 或 severity",
                    "disable = true or severity is needed",
                ),
            )
            .help(
                "例如：severity = \"minor\"",
                "for example: severity = \"minor\"",
            ),
        );
    }
    Some(RuleSetting {
        rule: value.key.to_owned(),
        disable,
        severity,
        reason: reason?.value.to_string(),
        line: line(sink, value.key_span.start),
    })
}

fn line(sink: &Sink, at: usize) -> u32 {
    u32::try_from(line_of(&sink.source.text, at)).unwrap_or(u32::MAX)
}

fn waiver(sink: &Sink, table: &Table<'_>) -> Option<WaiverEntry> {
    let rule = table.required_text("rule", "\"signed-after-start\"");
    let record = table.required("record", "{ \"村\" = \"李庄村\", \"合同编号\" = \"A1\" }");
    let reason = table.required_text("reason", "\"…\"");
    let approved_by = table.required_text("approved_by", "\"乡农经〔2024〕8号\"");
    let expires = table
        .required("expires", "2025-03-14")
        .and_then(|value| value.day());
    let record = record.and_then(|value| value.table());
    let fields: Vec<(String, String)> = record
        .as_ref()?
        .all()
        .iter()
        .filter_map(|value| Some((value.key.to_owned(), value.text()?.value.to_string())))
        .collect();
    if fields.is_empty() {
        sink.error(
            Problem::new(
                table.span.clone(),
                Bilingual::new("record 是空的", "record is empty"),
            )
            .help(
                "写 record = { \"村\" = \"李庄村\", \"合同编号\" = \"A1\" }",
                "write record = { \"村\" = \"李庄村\", \"合同编号\" = \"A1\" }",
            ),
        );
        return None;
    }
    Some(WaiverEntry {
        rule: rule?.value.to_string(),
        record: fields,
        reason: reason?.value.to_string(),
        approved_by: approved_by?.value.to_string(),
        expires: expires?,
        line: line(sink, table.span.start),
    })
}
