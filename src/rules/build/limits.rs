//! `limits.toml` and `[limits]` of `heyan.toml` → limits with the values in force.

use std::ops::Range;

use rust_decimal::Decimal;

use super::kinds::unknown;
use crate::lang::Bilingual;
use crate::ledger::Day;
use crate::rules::diagnostic::Sink;
use crate::rules::nearest::nearest;
use crate::rules::problem::Problem;
use crate::rules::syntax::{Document, Table, Value};
use crate::rules::{Limit, LimitScope, LimitType, LimitValue, Segment, Tier, Unset};

/// The words for the types of limits.
const TYPES: [(&str, LimitType); 8] = [
    ("money", LimitType::Money),
    ("percent", LimitType::Percent),
    ("number", LimitType::Number),
    ("duration", LimitType::Duration),
    ("date", LimitType::Date),
    ("flag", LimitType::Flag),
    ("list", LimitType::List),
    ("tiers", LimitType::Tiers),
];

const SCOPES: [(&str, LimitScope); 3] = [
    ("national", LimitScope::National),
    ("local", LimitScope::Local),
    ("convention", LimitScope::Convention),
];

const UNSET: [(&str, Unset); 2] = [("not-run", Unset::NotRun), ("none", Unset::None)];

/// The words of files for what reports and people call them.
const CHINESE: [(&str, &str); 16] = [
    ("严重", "critical"),
    ("较重", "major"),
    ("一般", "minor"),
    ("提示", "info"),
    ("不符", "violation"),
    ("未发现", "pass"),
    ("待核", "undetermined"),
    ("不适用", "not-applicable"),
    ("未执行", "not-run"),
    ("国家", "national"),
    ("本地", "local"),
    ("惯例", "convention"),
    ("试行", "trial"),
    ("村", "village"),
    ("全部", "all"),
    ("中文", "zh"),
];

/// A value with the place it was written at.
struct Written {
    segment: Segment,
    span: Range<usize>,
    restates: bool,
}

/// Reads a `limits.toml`. A later file may set the values of a local limit that an earlier one declares.
pub(super) fn limits(sink: &Sink, limits: &mut Vec<Limit>) {
    let document = Document::parse(sink);
    let root = document.root();
    let known_before = limits.len();
    for table in root.tables("limit") {
        limit(&table, limits, known_before);
        table.finish();
    }
    root.finish();
}

fn limit(table: &Table<'_>, limits: &mut Vec<Limit>, known_before: usize) {
    let Some(name) = table.required_text("name", "\"质保金比例上限\"") else {
        return;
    };
    if let Some(index) = limits.iter().position(|limit| limit.name == *name.value) {
        for key in ["en", "type", "scope", "ask", "ask_en", "unset"] {
            let _ = table.get(key);
        }
        let values = table.get("values");
        if index >= known_before || values.is_none() {
            table.sink.error(Problem::new(
                name.span.clone(),
                Bilingual::new(
                    format!("限额 {} 声明了两次", name.value),
                    format!("the limit {} is declared twice", name.value),
                ),
            ));
        } else if let Some(values) = values {
            overlay(&mut limits[index], &values);
        }
        return;
    }
    let ty = table
        .required_text("type", "\"money\"")
        .and_then(|text| word(table.sink, "限额种类", "limit type", &TYPES, &text));
    let scope = table
        .required_text("scope", "\"local\"")
        .and_then(|text| word(table.sink, "scope", "scope", &SCOPES, &text));
    let unset = table
        .text("unset")
        .and_then(|text| word(table.sink, "unset", "unset", &UNSET, &text));
    let en = table.string("en");
    let (ask, ask_en) = (table.string("ask"), table.string("ask_en"));
    let values = table.get("values");
    let (Some(ty), Some(scope)) = (ty, scope) else {
        return;
    };
    let mut limit = Limit {
        en: if en.is_empty() {
            name.value.to_string()
        } else {
            en
        },
        name: name.value.to_string(),
        ty,
        scope,
        values: Vec::new(),
        ask,
        ask_en,
        unset: unset.unwrap_or(Unset::NotRun),
    };
    if let Some(values) = values {
        limit.values = segments(&values, ty)
            .into_iter()
            .map(|written| written.segment)
            .collect();
    } else if scope != LimitScope::Local {
        table.sink.error(
            Problem::new(
                name.span.clone(),
                Bilingual::new(
                    format!("{} 不是本地限额，要写 values", name.value),
                    format!("{} is no local limit and needs its values", name.value),
                ),
            )
            .help(
                "例如：values = [{ from = 2017-07-01, value = \"3%\", basis = \"zbj17-7\" }]",
                "for example: values = [{ from = 2017-07-01, value = \"3%\", basis = \"zbj17-7\" }]",
            ),
        );
    }
    if scope == LimitScope::Local && limit.values.is_empty() && limit.ask.is_empty() {
        table.sink.error(
            Problem::new(
                name.span.clone(),
                Bilingual::new(
                    format!("本地限额 {} 要写 ask：该找什么、一般在哪个文件", name.value),
                    format!(
                        "the local limit {} needs ask: what to look for, and where",
                        name.value
                    ),
                ),
            )
            .help("加一行：ask = \"…\"", "add a line: ask = \"…\""),
        );
    }
    limits.push(limit);
}

/// `[limits]` of `heyan.toml`: local values, and restatements of national ones.
pub(super) fn configured(table: &Table<'_>, limits: &mut [Limit]) {
    for value in table.all() {
        let Some(index) = limits.iter().position(|limit| limit.name == value.key) else {
            let near = nearest(value.key, limits.iter().map(|limit| limit.name.as_str()));
            let problem = Problem::new(
                value.key_span.clone(),
                Bilingual::new(
                    format!("没有名叫“{}”的限额", value.key),
                    format!("there is no limit “{}”", value.key),
                ),
            );
            table.sink.error(match near {
                Some(near) => problem.replace(value.key_span.clone(), format!("\"{near}\"")),
                None => problem.help(
                    "`heyan init` 列出全部限额；自己的限额在 --rules 目录的 limits.toml 里声明",
                    "`heyan init` lists all limits; declare own ones in the limits.toml of a --rules folder",
                ),
            });
            continue;
        };
        overlay(&mut limits[index], &value);
    }
}

/// Puts values of a later source over those of a limit: where they are in force, they alone count.
fn overlay(limit: &mut Limit, value: &Value<'_>) {
    let written = segments(value, limit.ty);
    for piece in &written {
        if limit.scope == LimitScope::National && !piece.restates {
            let sink = value.sink();
            sink.error(
                Problem::new(
                    piece.span.clone(),
                    Bilingual::new(
                        format!("{} 由国家（省）规定，改动要写明", limit.name),
                        format!(
                            "{} is set by national law; a change must be declared",
                            limit.name
                        ),
                    ),
                )
                .help(
                    "写 { value = \"…\", basis = \"文件名和文号\", restates = true }",
                    "write { value = \"…\", basis = \"the document\", restates = true }",
                ),
            );
            return;
        }
    }
    let mut kept: Vec<Segment> = std::mem::take(&mut limit.values);
    for piece in &written {
        let (from, to) = (piece.segment.from, piece.segment.to);
        kept = kept
            .into_iter()
            .flat_map(|old| {
                let mut rest = Vec::new();
                if old.from < from {
                    rest.push(Segment {
                        to: old.to.min(from.plus_days(-1)),
                        ..old.clone()
                    });
                }
                if old.to > to {
                    rest.push(Segment {
                        from: old.from.max(to.plus_days(1)),
                        ..old.clone()
                    });
                }
                if old.to < from || old.from > to {
                    rest = vec![old];
                }
                rest
            })
            .collect();
    }
    let national = limit.scope == LimitScope::National;
    kept.extend(written.into_iter().map(|piece| Segment {
        restated: national,
        ..piece.segment
    }));
    kept.sort_by_key(|segment| segment.from);
    limit.values = kept;
}

/// The segments of a value: one value, one `{ … }`, or a list of `{ … }`; sorted, overlaps told.
fn segments(value: &Value<'_>, ty: LimitType) -> Vec<Written> {
    let sink = value.sink();
    let mut written = Vec::new();
    let of_tables = value
        .items()
        .filter(|items| !items.is_empty() && items.iter().all(|item| item.as_table().is_some()));
    match of_tables {
        Some(items) if !(ty == LimitType::Tiers && is_tiers(&items)) => {
            for item in items {
                if let Some(table) = item.as_table() {
                    written.extend(segment(&table, item.span(), ty));
                    table.finish();
                }
            }
        }
        _ => match value.as_table() {
            Some(table) if table.has("value") => {
                written.extend(segment(&table, value.span(), ty));
                table.finish();
            }
            _ => {
                if let Some((found, text)) = parse(value, ty) {
                    written.push(Written {
                        segment: Segment {
                            from: Day::MIN,
                            to: Day::MAX,
                            value: found,
                            text,
                            basis: String::new(),
                            restated: false,
                        },
                        span: value.span(),
                        restates: false,
                    });
                }
            }
        },
    }
    written.sort_by_key(|piece| piece.segment.from);
    for pair in written.windows(2) {
        if pair[1].segment.from <= pair[0].segment.to {
            let (from, to) = (
                pair[1].segment.from,
                pair[0].segment.to.min(pair[1].segment.to),
            );
            sink.error(
                Problem::new(
                    pair[1].span.clone(),
                    Bilingual::new(
                        format!("两段的日期重叠：{from} 到 {to}"),
                        format!("two segments overlap: {from} to {to}"),
                    ),
                )
                .help(
                    format!("前一段写 to = {}", pair[1].segment.from.plus_days(-1)),
                    format!(
                        "write to = {} in the earlier one",
                        pair[1].segment.from.plus_days(-1)
                    ),
                ),
            );
        }
    }
    written
}

fn is_tiers(items: &[Value<'_>]) -> bool {
    items
        .iter()
        .all(|item| item.as_table().is_some_and(|table| table.has("entry")))
}

fn segment(table: &Table<'_>, span: Range<usize>, ty: LimitType) -> Option<Written> {
    let from = table.get("from").map(|value| value.day());
    let to = table.get("to").map(|value| value.day());
    let basis = table.string("basis");
    let restates = table.boolean("restates").unwrap_or(false);
    let value = table.required("value", "\"…\"");
    if restates && basis.is_empty() {
        table.sink.error(
            Problem::new(
                span.clone(),
                Bilingual::new(
                    "改动国家规定的限额要写 basis",
                    "a restated national limit needs its basis",
                ),
            )
            .help(
                "加 basis = \"文件名和文号\"",
                "add basis = \"the document\"",
            ),
        );
    }
    let (value, text) = parse(&value?, ty)?;
    let (from, to) = (
        from.unwrap_or(Some(Day::MIN))?,
        to.unwrap_or(Some(Day::MAX))?,
    );
    if from > to {
        table.sink.error(Problem::new(
            span.clone(),
            Bilingual::new(
                format!("from {from} 在 to {to} 之后"),
                format!("from {from} is later than to {to}"),
            ),
        ));
        return None;
    }
    Some(Written {
        segment: Segment {
            from,
            to,
            value,
            text,
            basis,
            restated: false,
        },
        span,
        restates,
    })
}

/// A value as written, and its text.
pub(super) fn parse(value: &Value<'_>, ty: LimitType) -> Option<(LimitValue, String)> {
    let parsed = match ty {
        LimitType::Flag if value.as_boolean().is_some() => {
            let flag = value.as_boolean().unwrap_or(false);
            Ok((
                LimitValue::Flag(flag),
                String::from(if flag { "是" } else { "否" }),
            ))
        }
        LimitType::Date if value.as_day().is_some() => {
            let day = value.as_day()?;
            Ok((LimitValue::Date(day), day.to_string()))
        }
        LimitType::List => {
            let texts: Vec<String> = value
                .texts()
                .into_iter()
                .map(|text| text.value.to_string())
                .collect();
            let text = texts.join("、");
            Ok((LimitValue::List(texts), text))
        }
        LimitType::Tiers if value.as_text().is_none() => return tiers(value),
        LimitType::Number | LimitType::Percent if value.as_number().is_some() => {
            let digits = value.as_number()?;
            LimitValue::parse(ty, &digits).map(|found| (found, digits))
        }
        _ => match value.as_text() {
            Some(text) => LimitValue::parse(ty, &text.value)
                .map(|found| (found, text.value.trim().to_owned())),
            None => Err(example(ty)),
        },
    };
    match parsed {
        Ok(parsed) => Some(parsed),
        Err(example) => {
            let name = type_name(ty);
            value.sink().error(
                Problem::new(
                    value.span(),
                    Bilingual::new(
                        format!("这里要{}", name.zh),
                        format!("{} is needed here", name.en),
                    ),
                )
                .help(format!("例如 {example}"), format!("for example {example}")),
            );
            None
        }
    }
}

fn type_name(ty: LimitType) -> Bilingual {
    let (zh, en) = match ty {
        LimitType::Money => ("带单位的金额", "money with its unit"),
        LimitType::Percent => ("比例", "a ratio"),
        LimitType::Number => ("数字", "a number"),
        LimitType::Duration => ("时长", "a length of time"),
        LimitType::Date => ("日期", "a date"),
        LimitType::Flag => ("“是”或“否”", "是 or 否"),
        LimitType::List => ("文字的列表", "a list of texts"),
        LimitType::Tiers => ("分档表", "a tier table"),
    };
    Bilingual::new(zh, en)
}

/// What a value of a type looks like in the file.
fn example(ty: LimitType) -> &'static str {
    match ty {
        LimitType::Money => "\"20万元\"",
        LimitType::Percent => "\"3%\"",
        LimitType::Number => "\"4\"",
        LimitType::Duration => "\"30天\"、\"1个月\" 或 \"15个工作日\"",
        LimitType::Date => "2024-03-01",
        LimitType::Flag => "\"是\"",
        LimitType::List => "[\"…\", \"…\"]",
        LimitType::Tiers => {
            "[{ from = \"0元\", entry = \"直接发包\" }, { from = \"5万元\", entry = \"询价\" }]"
        }
    }
}

/// `[{ from = "0元", entry = "…" }, …]`, ascending.
fn tiers(value: &Value<'_>) -> Option<(LimitValue, String)> {
    let mut tiers: Vec<Tier> = Vec::new();
    let Some(items) = value.items().filter(|items| !items.is_empty()) else {
        let example = example(LimitType::Tiers);
        value.sink().error(
            Problem::new(
                value.span(),
                Bilingual::new("这里要分档表", "a tier table is needed here"),
            )
            .help(format!("例如 {example}"), format!("for example {example}")),
        );
        return None;
    };
    let mut words = Vec::new();
    for item in items {
        let table = item.table()?;
        let from = table.required("from", "\"5万元\"");
        let entry = table.required_text("entry", "\"询价\"");
        table.finish();
        let (from, entry) = (from?, entry?);
        let (LimitValue::Money(amount), text) = parse(&from, LimitType::Money)? else {
            return None;
        };
        if tiers.last().is_some_and(|last| last.from >= amount) {
            from.error("各档的起点要从小到大", "tiers must ascend");
            return None;
        }
        words.push(format!("{text}:{}", entry.value));
        tiers.push(Tier {
            from: amount,
            entry: entry.value.to_string(),
        });
    }
    Some((LimitValue::Tiers(tiers), words.join("；")))
}

/// One of a few words.
pub(super) fn word<T: Copy>(
    sink: &Sink,
    zh: &str,
    en: &str,
    words: &[(&str, T)],
    text: &crate::rules::syntax::Text,
) -> Option<T> {
    let found = words
        .iter()
        .find(|(word, _)| *word == &*text.value)
        .map(|(_, value)| *value);
    if found.is_none() {
        let english = CHINESE
            .iter()
            .find(|(chinese, english)| {
                *chinese == &*text.value && words.iter().any(|(word, _)| word == english)
            })
            .map(|(_, english)| *english);
        let near = english.or_else(|| nearest(&text.value, words.iter().map(|(word, _)| *word)));
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let all = all.join("、");
        sink.error(
            unknown(zh, en, text, near).help(format!("可以写：{all}"), format!("one of {all}")),
        );
    }
    found
}

impl LimitValue {
    /// The value of a type that a text stands for, as `heyan.toml` and `limits.toml` write it; tiers as
    /// `0元:直接发包；5万元:询价`.
    ///
    /// # Errors
    /// An example of how such a value is written.
    pub fn parse(ty: LimitType, text: &str) -> Result<Self, &'static str> {
        let text: String = text
            .chars()
            .map(|c| match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
                c => c,
            })
            .collect();
        let text = text.trim();
        let found = match ty {
            LimitType::Money => money(text).map(Self::Money),
            LimitType::Percent => percent(text).map(Self::Number),
            LimitType::Number => text.parse().ok().map(Self::Number),
            LimitType::Duration => duration(text).map(Self::Duration),
            LimitType::Date => text
                .parse::<jiff::civil::Date>()
                .ok()
                .map(|date| Self::Date(Day::from_civil(date))),
            LimitType::Flag => match text {
                "是" | "true" => Some(Self::Flag(true)),
                "否" | "false" => Some(Self::Flag(false)),
                _ => None,
            },
            LimitType::List => Some(Self::List(
                text.split(['、', ','])
                    .map(|word| word.trim().to_owned())
                    .filter(|word| !word.is_empty())
                    .collect(),
            )),
            LimitType::Tiers => text
                .split(['、', ',', ';'])
                .map(|tier| {
                    let (from, entry) = tier.trim().split_once([':', '起', ' '])?;
                    Some(Tier {
                        from: money(from)?,
                        entry: entry.trim().to_owned(),
                    })
                })
                .collect::<Option<Vec<_>>>()
                .filter(|tiers| tiers.windows(2).all(|pair| pair[0].from < pair[1].from))
                .map(Self::Tiers),
        };
        found.ok_or_else(|| example(ty))
    }
}

/// Splits digits from their unit.
fn number(text: &str) -> Option<(Decimal, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    Some((text[..end].parse().ok()?, text[end..].trim()))
}

fn money(text: &str) -> Option<Decimal> {
    let (value, unit) = number(text)?;
    let factor = match unit {
        "元" => 1,
        "千元" => 1_000,
        "万元" => 10_000,
        "亿元" => 100_000_000,
        _ => return None,
    };
    value.checked_mul(Decimal::from(factor))
}

fn percent(text: &str) -> Option<Decimal> {
    let (value, unit) = number(text)?;
    match unit {
        "%" => value.checked_div(Decimal::ONE_HUNDRED),
        "‰" => value.checked_div(Decimal::ONE_THOUSAND),
        // 3 could be 3% or 300%; a ratio of at most one is clear.
        "" if value <= Decimal::ONE => Some(value),
        _ => None,
    }
}

fn duration(text: &str) -> Option<crate::rules::Duration> {
    use rust_decimal::prelude::ToPrimitive;

    use crate::rules::Duration;
    let (value, unit) = number(text)?;
    if !value.fract().is_zero() {
        return None;
    }
    let count = value.to_i32()?;
    match unit {
        "天" | "日" => Some(Duration::Days(count)),
        "个月" => Some(Duration::Months(count)),
        "年" => count.checked_mul(12).map(Duration::Months),
        "个工作日" => Some(Duration::WorkingDays(count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{LimitType, LimitValue};

    #[test]
    fn values_are_read_by_their_type() {
        for (ty, text, want) in [
            (LimitType::Money, "20万元", Some("Money(200000)")),
            (LimitType::Money, "２０万元", Some("Money(200000)")),
            (LimitType::Money, "20万", None),
            (LimitType::Money, "200000", None),
            (LimitType::Percent, "3%", Some("Number(0.03)")),
            (LimitType::Percent, "0.5", Some("Number(0.5)")),
            (LimitType::Percent, "3", None),
            (
                LimitType::Duration,
                "15个工作日",
                Some("Duration(WorkingDays(15))"),
            ),
            (LimitType::Duration, "20年", Some("Duration(Months(240))")),
            (LimitType::Duration, "30", None),
            (LimitType::Flag, "是", Some("Flag(true)")),
            (
                LimitType::List,
                "现金、转账",
                Some("List([\"现金\", \"转账\"])"),
            ),
            (
                LimitType::Tiers,
                "0元:直接发包；5万元:询价",
                Some(
                    "Tiers([Tier { from: 0, entry: \"直接发包\" }, Tier { from: 50000, entry: \"询价\" }])",
                ),
            ),
        ] {
            let parsed = LimitValue::parse(ty, text).ok().map(|v| format!("{v:?}"));
            assert_eq!(parsed.as_deref(), want, "{text}");
        }
    }
}
