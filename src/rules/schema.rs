//! JSON Schemas of the files that authors write, for editors that complete and check TOML by them.

use serde_json::{Value, json};

use super::expr::signatures;
use crate::finding::{Severity, Topic};

/// Each kind of file with its schema: `rule`, `ledger`, `limits`, `law`, `calendar`, `config`.
pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("rule", rule()),
        ("ledger", ledger()),
        ("limits", limits()),
        ("law", law()),
        ("calendar", calendar()),
        ("config", config()),
    ]
}

/// The schema of a kind of file.
pub fn schema(name: &str) -> Option<Value> {
    schemas()
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, schema)| schema)
}

fn file(title: &str, required: &[&str], properties: Value) -> Value {
    let mut schema = object(required, properties);
    if let Value::Object(map) = &mut schema {
        map.insert(
            "$schema".into(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        map.insert("title".into(), json!(title));
    }
    schema
}

#[expect(clippy::needless_pass_by_value, reason = "called with literals")]
fn object(required: &[&str], properties: Value) -> Value {
    json!({
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn text(about: &str) -> Value {
    json!({ "type": "string", "description": about })
}

fn texts(about: &str) -> Value {
    json!({
        "description": about,
        "anyOf": [
            { "type": "string" },
            { "type": "array", "items": { "type": "string" } },
        ],
    })
}

fn flag(about: &str) -> Value {
    json!({ "type": "boolean", "description": about })
}

fn day(about: &str) -> Value {
    json!({ "type": "string", "format": "date", "description": about })
}

#[expect(clippy::needless_pass_by_value, reason = "called with literals")]
fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

#[expect(clippy::needless_pass_by_value, reason = "called with literals")]
fn named(values: Value) -> Value {
    json!({ "type": "object", "additionalProperties": values })
}

fn severity() -> Value {
    let ids: Vec<&str> = Severity::ALL.iter().map(|severity| severity.id()).collect();
    json!({ "enum": ids, "description": "级别 · severity" })
}

fn condition(about: &str) -> Value {
    let functions: Vec<&str> = signatures()
        .iter()
        .map(|signature| signature.name)
        .collect();
    let about = format!("{about} 函数 · functions: {}", functions.join(" "));
    text(&about)
}

fn group() -> Value {
    object(
        &["by"],
        json!({
            "by": texts("这些相同的记录为一组 · records that agree in these are one group"),
            "window": object(&["field", "length"], json!({
                "field": text("日期字段 · the date that orders them"),
                "length": text("首尾最多相隔 · first to last at most, such as 90天 or 限额.拆分窗口"),
            })),
        }),
    )
}

fn rule() -> Value {
    let topics: Vec<&str> = Topic::ALL.iter().map(|topic| topic.id()).collect();
    let title = format!(
        "规则 · a rule: rules/<topic>/<id>.toml, topic one of {}",
        topics.join(" ")
    );
    let shared = json!({
        "ledger": texts("在哪些台账上判 · the ledgers it is judged on"),
        "applies": condition("义务约束谁 · whom the duty binds."),
        "violation": condition("什么情形是不符 · what is not as it should be."),
        "group": group(),
        "law_date": texts("按哪一天的法条和限额，第一个有值的 · the date of the act, first one filled"),
        "amount": condition("涉及金额 · the money at stake."),
        "message": text("台账显示什么，{字段} 填值 · what the ledger shows, with {field} parts"),
        "message_en": text("the same in English"),
    });
    let mut properties = json!({
        "title": text("名称 · what it is called"),
        "title_en": text("the same in English"),
        "severity": severity(),
        "curable": flag("整改后能否消除；既成事实写 false · whether a later scan can show that it was put right"),
        "stage": json!({ "const": "trial", "description": "试行：只报告 · on trial" }),
        "scope": json!({ "enum": ["village", "all"] }),
        "basis": list(text("依据编号 · a provision's id")),
        "overlaps": list(text("只计一次的规则 · a rule it is counted once with")),
        "advice": text("怎么核实 · what to look at"),
        "advice_en": text("the same in English"),
        "why": text("为什么、何时不报、已知误报 · why, when silent, false positives"),
        "why_en": text("the same in English"),
        "grade": list(object(&["when", "severity"], json!({
            "when": condition("什么时候 · when."),
            "severity": severity(),
        }))),
        "also": list(object(&["ledger", "violation"], shared.clone())),
        "equivalent": named(text("为什么等价 · why the mutant is equivalent")),
        "test": list(test()),
    });
    if let (Value::Object(all), Value::Object(shared)) = (&mut properties, shared) {
        all.extend(shared);
    }
    file(
        &title,
        &[
            "title",
            "ledger",
            "severity",
            "violation",
            "message",
            "basis",
        ],
        properties,
    )
}

fn test() -> Value {
    object(
        &["case", "rows", "expect"],
        json!({
            "case": text("说明什么 · what it shows"),
            "ledger": text("哪种台账 · which ledger"),
            "rows": text("表头一行，数据若干行，格间写 | · a header and rows, cells between |"),
            "related": named(text("别的台账的表 · the table of another ledger")),
            "absent": texts("没有的列或台账 · columns and ledgers that are not there"),
            "expect": text("结论，或带 verdict 列的表 · a verdict, or a table with a column verdict"),
            "as_of": day("基准日 · the as-of date"),
            "limits": named(json!({})),
            "message": text("应有的消息 · the message expected"),
            "reads": texts("证据应有的字段 · the fields the evidence is to name"),
            "known_gap": text("为什么还不对 · why it fails still"),
        }),
    )
}

fn ledger() -> Value {
    let types = [
        "text", "money", "number", "percent", "date", "period", "length", "vote", "flag", "choice",
        "party", "id",
    ];
    let field = object(
        &["name"],
        json!({
            "name": text("字段名 · the name that rules use"),
            "en": text("the English name"),
            "type": json!({ "enum": types }),
            "headers": texts("表头的写法 · the headers it is known by"),
            "negative": flag("能否为负 · whether it can be below zero"),
            "fallback": texts("没有这一列时读哪一列 · the field read instead"),
            "empty": texts("表示没有约定的字样 · words that mean that nothing was agreed"),
            "fills": object(&[], json!({
                "start": text(""), "end": text(""), "length": text(""), "expected": text(""),
                "present": text(""), "agreed": text(""), "opposed": text(""), "abstained": text(""),
            })),
            "infer": texts("从哪里推断 · where a choice is inferred from"),
            "choices": named(texts("别的写法 · spellings of it")),
            "optional": flag("没有这一列也不影响判断 · whether its absence leaves nothing unknown"),
            "always": text("只有这一个值 · the one value it has"),
            "per": json!({ "const": "year" }),
        }),
    );
    let relation = object(
        &["name", "to", "on"],
        json!({
            "name": text("关联名 · the name that rules use"),
            "to": texts("通向哪种台账 · the kinds it leads to"),
            "many": flag("是否可能多笔 · whether several matches are meant"),
            "on": list(list(text("字段，或 这里 = 那里 · a field, or here = there"))),
        }),
    );
    file(
        "台账种类 · a ledger kind: rules/ledgers/<kind>.toml",
        &[],
        json!({
            "extends": text("给哪种台账加字段 · the kind it adds to"),
            "kind": text("英文标识 · its word"),
            "name": text("中文名 · its Chinese name"),
            "en": text("its English name"),
            "title": texts("表名、标题里的字样 · words that mark a sheet, a title row or a file name"),
            "field": list(field),
            "key": object(&["fields"], json!({ "fields": list(list(json!({ "type": "string" }))) })),
            "relation": list(relation),
        }),
    )
}

fn limit_value() -> Value {
    json!({
        "description": "带单位的值 · a value with its unit, such as \"20万元\", \"3%\", \"30天\"",
        "type": ["string", "number", "boolean", "array"],
    })
}

fn segment() -> Value {
    object(
        &["value"],
        json!({
            "from": day("从哪天起 · first day in force"),
            "to": day("到哪天止 · last day in force"),
            "value": limit_value(),
            "basis": text("依据编号或文件 · a provision's id, or the document"),
            "restates": flag("改动国家规定 · restates a national limit"),
        }),
    )
}

fn limit_values() -> Value {
    json!({ "anyOf": [limit_value(), segment(), list(segment())] })
}

fn limits() -> Value {
    let limit = object(
        &["name"],
        json!({
            "name": text("名称 · its name"),
            "en": text("its English name"),
            "type": json!({ "enum": ["money", "percent", "number", "duration", "date", "flag", "list", "tiers"] }),
            "scope": json!({ "enum": ["national", "local", "convention"] }),
            "values": limit_values(),
            "ask": text("该找什么、一般在哪个文件 · what to look for, and where"),
            "ask_en": text("the same in English"),
            "unset": json!({ "enum": ["not-run", "none"] }),
        }),
    );
    file(
        "限额 · limits: rules/limits.toml",
        &[],
        json!({ "limit": list(limit) }),
    )
}

fn law() -> Value {
    let provision = object(
        &["id", "article", "text", "grade"],
        json!({
            "id": text("编号 · its id"),
            "article": text("条号 · the article; empty for a document without articles"),
            "text": text("原文 · the exact text"),
            "from": day("施行日 · first day in force"),
            "to": day("失效日 · last day in force"),
            "grade": json!({ "enum": ["A", "B"] }),
            "source": text("在哪里核对的 · where the text was verified"),
            "replaces": texts("替代的旧条 · the versions it replaces"),
            "note": text("适用范围等说明 · a remark on its reach"),
        }),
    );
    file(
        "法规 · a law: rules/law/<law>.toml",
        &["law"],
        json!({
            "law": text("法规名称 · its name"),
            "en": text("its English name"),
            "provision": list(provision),
        }),
    )
}

fn calendar() -> Value {
    file(
        "放假调休 · a year's calendar: rules/calendar/<year>.toml",
        &["holidays", "workdays"],
        json!({
            "source": text("公布文件 · the document"),
            "holidays": list(day("放假的工作日 · a weekday that is free")),
            "workdays": list(day("上班的周末 · a weekend day that is worked")),
        }),
    )
}

fn config() -> Value {
    let header = json!({
        "anyOf": [
            { "type": "string" },
            object(&["field"], json!({
                "field": text("字段；空的表示不读 · the field; empty leaves the column alone"),
                "file": text("哪些文件，可用 * · which files, with *"),
            })),
        ],
    });
    let setting = object(
        &["reason"],
        json!({
            "disable": flag("停用 · leaves the rule out"),
            "severity": severity(),
            "reason": text("为什么 · why"),
        }),
    );
    let waiver = object(
        &["rule", "record", "reason", "approved_by", "expires"],
        json!({
            "rule": text("规则 · the rule"),
            "record": named(json!({ "type": "string" })),
            "reason": text("为什么 · why"),
            "approved_by": text("谁批准的 · who approved it"),
            "expires": day("到哪天止 · the last day on which it counts"),
        }),
    );
    file(
        "heyan.toml",
        &[],
        json!({
            "scan": object(&[], json!({
                "as_of": day("基准日 · the as-of date"),
                "lang": json!({ "enum": ["zh", "en"] }),
                "min_severity": severity(),
                "fail_on": severity(),
                "fail_on_undetermined": flag("待核也算失败 · fails on undetermined verdicts too"),
                "only": texts("只查这些 · only these rules"),
                "skip": texts("不查这些 · not these rules"),
                "rules": texts("规则目录 · rules folders"),
                "baseline": text("上次的报告 · an earlier report"),
                "by_folder": flag("每个子文件夹是一个村 · each subfolder is a village"),
                "seconds_per_file": json!({ "type": "integer", "minimum": 1, "description": "读一个文件最多几秒 · how many seconds reading a file may take" }),
                "megabytes_per_file": json!({ "type": "integer", "minimum": 64, "description": "读一个文件的独立进程最多用多少兆内存 · the megabytes of memory of a process that reads one file" }),
            })),
            "limits": named(limit_values()),
            "headers": named(named(header)),
            "villages": named(object(&[], json!({
                "town": text("乡镇 · its town"),
                "former": texts("曾用名 · former names"),
                "responsible": text("责任单位 · who is responsible"),
            }))),
            "rules": named(setting),
            "waivers": object(&[], json!({
                "longest_months": json!({ "type": "integer", "minimum": 0 }),
                "near_days": json!({ "type": "integer", "minimum": 0 }),
            })),
            "waiver": list(waiver),
        }),
    )
}
