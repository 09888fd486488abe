//! `ledgers/<kind>.toml` → ledger kinds, with everything that `extends` one put together.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::lang::Bilingual;
use crate::ledger::{
    Choice, FieldId, FieldKind, FieldType, Fills, KindId, Kinds, LedgerKind, Rate, RelationKind,
    RelationPair,
};
use crate::rules::diagnostic::Sink;
use crate::rules::nearest::nearest;
use crate::rules::problem::Problem;
use crate::rules::syntax::{Document, Table, Text, Value};

/// The words for the types of fields.
const TYPES: [(&str, FieldType); 12] = [
    ("text", FieldType::Text),
    ("money", FieldType::Money),
    ("number", FieldType::Number),
    ("percent", FieldType::Percent),
    ("date", FieldType::Date),
    ("period", FieldType::Period),
    ("length", FieldType::Length),
    ("vote", FieldType::Vote),
    ("flag", FieldType::Flag),
    ("choice", FieldType::Choice),
    ("party", FieldType::Party),
    ("id", FieldType::Id),
];

/// What a period and a vote fill.
const PARTS: [&str; 8] = [
    "start",
    "end",
    "length",
    "expected",
    "present",
    "agreed",
    "opposed",
    "abstained",
];

/// A kind as its files put it: names, not yet ids.
#[derive(Debug, Default)]
struct Draft {
    id: String,
    name: String,
    en: String,
    title: Vec<String>,
    fields: Vec<DraftField>,
    keys: Vec<Vec<Named>>,
    relations: Vec<DraftRelation>,
}

/// A name with the file and the place it was written at.
#[derive(Clone, Debug)]
struct Named {
    file: usize,
    span: Range<usize>,
    text: String,
}

#[derive(Debug)]
struct DraftField {
    kind: FieldKind,
    fallback: Vec<Named>,
    fills: Vec<(&'static str, Named)>,
    infer: Vec<Named>,
    at: Named,
}

#[derive(Debug)]
struct DraftRelation {
    name: Named,
    to: Vec<Named>,
    many: bool,
    on: Vec<Vec<(Named, Named)>>,
}

/// The kinds of all files, in the order of the files; an extension stands behind what it extends.
pub(super) fn kinds(sinks: &[&Sink]) -> Kinds {
    let mut drafts: Vec<Draft> = Vec::new();
    let documents: Vec<Document<'_>> = sinks.iter().map(|sink| Document::parse(sink)).collect();
    let mut roots: Vec<_> = documents.iter().map(Document::root).enumerate().collect();
    // The name of a file that extends a kind may come before that of the kind.
    roots.sort_by_key(|(_, root)| root.get("extends").is_some());
    for (file, root) in roots {
        read(file, sinks[file], &root, &mut drafts);
        root.finish();
    }
    let linked: Vec<Arc<LedgerKind>> = drafts
        .iter()
        .map(|draft| Arc::new(link(draft, &drafts, sinks)))
        .collect();
    Kinds::new(linked)
}

fn named(file: usize, text: &Text) -> Named {
    Named {
        file,
        span: text.span.clone(),
        text: text.value.to_string(),
    }
}

/// The kind that a file adds to; `None` where there is none of that name.
fn extended(sink: &Sink, root: &Table<'_>, base: &Text, drafts: &[Draft]) -> Option<usize> {
    // What a kind is called is not changed by an extension; the keys are known all the same.
    for key in ["kind", "name", "en"] {
        let _ = root.get(key);
    }
    let found = drafts
        .iter()
        .position(|draft| draft.id == *base.value || draft.name == *base.value);
    if found.is_none() {
        let near = nearest(
            &base.value,
            drafts.iter().flat_map(|d| [d.id.as_str(), d.name.as_str()]),
        );
        sink.error(unknown("台账种类", "ledger kind", base, near));
    }
    found
}

/// The kind that a file declares.
fn declared(sink: &Sink, root: &Table<'_>, drafts: &mut Vec<Draft>) -> Option<usize> {
    let id = root.required_text("kind", "\"contract\"");
    let name = root.required_text("name", "\"合同\"");
    let en = root.required_text("en", "\"Contracts\"");
    let (id, name, en) = (id?, name?, en?);
    if drafts
        .iter()
        .any(|draft| draft.id == *id.value || draft.name == *name.value)
    {
        sink.error(
            Problem::new(
                id.span.clone(),
                Bilingual::new(
                    format!("台账种类 {} 已经有了", id.value),
                    format!("there is a ledger kind {} already", id.value),
                ),
            )
            .help(
                format!("要给它加字段或表头，写 extends = \"{}\"", id.value),
                format!(
                    "to add fields or headers to it, write extends = \"{}\"",
                    id.value
                ),
            ),
        );
        return None;
    }
    drafts.push(Draft {
        id: id.value.to_string(),
        name: name.value.to_string(),
        en: en.value.to_string(),
        ..Draft::default()
    });
    Some(drafts.len() - 1)
}

fn read(file: usize, sink: &Sink, root: &Table<'_>, drafts: &mut Vec<Draft>) {
    let index = match root.text("extends") {
        Some(base) => extended(sink, root, &base, drafts),
        None => declared(sink, root, drafts),
    };
    let Some(index) = index else {
        // What a file without a kind says of its fields is not told to be unknown.
        for key in ["title", "field", "key", "relation"] {
            let _ = root.get(key);
        }
        return;
    };
    let draft = &mut drafts[index];
    draft.title.extend(root.strings("title"));
    for table in root.tables("field") {
        field(file, &table, draft);
        table.finish();
    }
    if let Some(key) = root.get("key").and_then(|value| value.table()) {
        if let Some(fields) = key.required("fields", "[[\"合同编号\"]]") {
            for list in fields.items().unwrap_or_default() {
                let names: Vec<Named> = list.texts().iter().map(|text| named(file, text)).collect();
                if !names.is_empty() {
                    draft.keys.push(names);
                }
            }
        }
        key.finish();
    }
    for table in root.tables("relation") {
        if let Some(relation) = relation(file, &table) {
            draft
                .relations
                .retain(|known| known.name.text != relation.name.text);
            draft.relations.push(relation);
        }
        table.finish();
    }
}

fn field(file: usize, table: &Table<'_>, draft: &mut Draft) {
    let Some(name) = table.required_text("name", "\"签订日期\"") else {
        return;
    };
    let known = draft
        .fields
        .iter()
        .position(|field| field.kind.name == *name.value);
    let ty = match known {
        Some(_) => table.text("type"),
        None => table.required_text("type", "\"date\""),
    };
    let ty = ty.and_then(|text| field_type(table.sink, &text));
    let index = match (known, ty) {
        (Some(index), _) => index,
        (None, Some(ty)) => {
            draft.fields.push(DraftField {
                kind: blank(&name.value, ty),
                fallback: Vec::new(),
                fills: Vec::new(),
                infer: Vec::new(),
                at: named(file, &name),
            });
            draft.fields.len() - 1
        }
        (None, None) => {
            // The other keys are known, whatever the type.
            for key in [
                "en", "headers", "negative", "fallback", "empty", "fills", "infer", "choices",
                "optional", "always", "per",
            ] {
                let _ = table.get(key);
            }
            return;
        }
    };
    let field = &mut draft.fields[index];
    if known.is_some()
        && let Some(ty) = ty
        && field.kind.ty != ty
    {
        table.sink.error(Problem::new(
            name.span.clone(),
            Bilingual::new(
                format!("{} 已经是另一种字段", name.value),
                format!("{} is a field of another type already", name.value),
            ),
        ));
    }
    attributes(file, table, field);
    if field.kind.ty == FieldType::Choice && field.kind.choices.is_empty() {
        table.sink.error(
            Problem::new(
                name.span.clone(),
                Bilingual::new(
                    format!("选项字段 {} 要列出 choices", name.value),
                    format!("the choice field {} must list its choices", name.value),
                ),
            )
            .help(
                "加一行：choices = { \"租赁\" = [\"资产出租\"] }",
                "add a line: choices = { \"租赁\" = [\"资产出租\"] }",
            ),
        );
    }
    if let Some(always) = &field.kind.always
        && field.kind.ty == FieldType::Choice
        && !field
            .kind
            .choices
            .iter()
            .any(|choice| choice.value == *always)
    {
        table.sink.error(Problem::new(
            name.span.clone(),
            Bilingual::new(
                format!("always 的值“{always}”不在 choices 里"),
                format!("the value “{always}” of always is not among the choices"),
            ),
        ));
    }
}

/// What a field's table says besides its name and its type.
fn attributes(file: usize, table: &Table<'_>, field: &mut DraftField) {
    let kind = &mut field.kind;
    if let Some(en) = table.text("en") {
        kind.en = en.value.to_string();
    } else if kind.en.is_empty() {
        kind.en.clone_from(&kind.name);
    }
    extend(&mut kind.headers, table.strings("headers"));
    extend(&mut kind.empty, table.strings("empty"));
    if let Some(negative) = table.boolean("negative") {
        kind.negative = negative;
    }
    if let Some(optional) = table.boolean("optional") {
        kind.optional = optional;
    }
    if let Some(always) = table.text("always") {
        kind.always = Some(always.value.to_string());
    }
    if let Some(per) = table.text("per") {
        if &*per.value == "year" {
            kind.per = Some(Rate::Year);
        } else {
            table.sink.error(
                Problem::new(
                    per.span.clone(),
                    Bilingual::new("per 只能是 year", "per can only be year"),
                )
                .replace(per.span.clone(), "\"year\""),
            );
        }
    }
    field
        .fallback
        .extend(table.texts("fallback").iter().map(|text| named(file, text)));
    field
        .infer
        .extend(table.texts("infer").iter().map(|text| named(file, text)));
    if let Some(fills) = table.get("fills").and_then(|value| value.table()) {
        for part in PARTS {
            if let Some(text) = fills.text(part) {
                field.fills.push((part, named(file, &text)));
            }
        }
        fills.finish();
    }
    if let Some(choices) = table.get("choices").and_then(|value| value.table()) {
        for value in choices.all() {
            let words: Vec<String> = value
                .texts()
                .into_iter()
                .map(|text| text.value.to_string())
                .collect();
            choice(&mut field.kind.choices, value.key, words);
        }
    }
}

fn extend(list: &mut Vec<String>, more: Vec<String>) {
    for word in more {
        if !list.contains(&word) {
            list.push(word);
        }
    }
}

fn choice(choices: &mut Vec<Choice>, value: &str, words: Vec<String>) {
    match choices.iter_mut().find(|choice| choice.value == value) {
        Some(choice) => extend(&mut choice.words, words),
        None => choices.push(Choice {
            value: value.to_owned(),
            words,
        }),
    }
}

fn blank(name: &str, ty: FieldType) -> FieldKind {
    FieldKind {
        name: name.to_owned(),
        en: String::new(),
        ty,
        headers: Vec::new(),
        negative: true,
        fallback: Vec::new(),
        empty: Vec::new(),
        fills: Fills::default(),
        infer: Vec::new(),
        choices: Vec::new(),
        optional: false,
        always: None,
        per: None,
    }
}

fn field_type(sink: &Sink, text: &Text) -> Option<FieldType> {
    let found = TYPES
        .iter()
        .find(|(word, _)| *word == &*text.value)
        .map(|(_, ty)| *ty);
    if found.is_none() {
        let near = nearest(&text.value, TYPES.iter().map(|(word, _)| *word));
        let all: Vec<&str> = TYPES.iter().map(|(word, _)| *word).collect();
        let all = all.join(" ");
        sink.error(
            unknown("字段种类", "field type", text, near)
                .help(format!("种类有：{all}"), format!("types are {all}")),
        );
    }
    found
}

fn relation(file: usize, table: &Table<'_>) -> Option<DraftRelation> {
    let name = table.required_text("name", "\"付款\"");
    let to = table.required("to", "[\"payment\"]");
    let many = table.boolean("many").unwrap_or(false);
    let on = table.required("on", "[[\"合同编号\"]]");
    let on: Vec<Vec<(Named, Named)>> = on?
        .items()
        .unwrap_or_default()
        .iter()
        .map(|list: &Value<'_>| {
            list.texts()
                .iter()
                .map(|text| pair(file, text))
                .collect::<Vec<_>>()
        })
        .filter(|list| !list.is_empty())
        .collect();
    Some(DraftRelation {
        name: named(file, &name?),
        to: to?.texts().iter().map(|text| named(file, text)).collect(),
        many,
        on,
    })
}

/// `合同编号`, or `合同名称 = 项目名称`: here and there.
fn pair(file: usize, text: &Text) -> (Named, Named) {
    let part = |part: &str| Named {
        file,
        span: text.span.clone(),
        text: part.trim().to_owned(),
    };
    match text.value.split_once(['=', '＝']) {
        Some((here, there)) => (part(here), part(there)),
        None => (part(&text.value), part(&text.value)),
    }
}

/// An unknown name, with the nearest known one.
pub(super) fn unknown(zh: &str, en: &str, text: &Text, near: Option<&str>) -> Problem {
    let problem = Problem::new(
        text.span.clone(),
        Bilingual::new(
            format!("没有名叫“{}”的{zh}", text.value),
            format!("there is no {en} “{}”", text.value),
        ),
    );
    match near {
        Some(near) => problem.replace(text.span.clone(), format!("\"{near}\"")),
        None => problem,
    }
}

/// Names → ids.
fn link(draft: &Draft, drafts: &[Draft], sinks: &[&Sink]) -> LedgerKind {
    let find = |name: &Named, what: &Draft| -> Option<FieldId> {
        let found = what
            .fields
            .iter()
            .position(|field| field.kind.name == name.text)
            .and_then(|index| u16::try_from(index).ok())
            .map(FieldId);
        if found.is_none() {
            missing_field(name, what, sinks);
        }
        found
    };
    let mut fields = Vec::new();
    for field in &draft.fields {
        let mut kind = field.kind.clone();
        kind.fallback = field
            .fallback
            .iter()
            .filter_map(|name| find(name, draft))
            .collect();
        kind.infer = field
            .infer
            .iter()
            .filter(|name| {
                matches!(name.text.as_str(), "section" | "sheet" | "title")
                    || find(name, draft).is_some()
            })
            .map(|name| name.text.clone())
            .collect();
        for (part, name) in &field.fills {
            let id = find(name, draft);
            let slot = match *part {
                "start" => &mut kind.fills.start,
                "end" => &mut kind.fills.end,
                "length" => &mut kind.fills.length,
                "expected" => &mut kind.fills.expected,
                "present" => &mut kind.fills.present,
                "agreed" => &mut kind.fills.agreed,
                "opposed" => &mut kind.fills.opposed,
                _ => &mut kind.fills.abstained,
            };
            *slot = id;
        }
        fields.push(kind);
    }
    twice_known(draft, sinks);
    let keys = draft
        .keys
        .iter()
        .map(|key| key.iter().filter_map(|name| find(name, draft)).collect())
        .collect();
    let relations = draft
        .relations
        .iter()
        .map(|relation| link_relation(relation, draft, drafts, sinks))
        .collect();
    LedgerKind {
        id: draft.id.clone(),
        name: draft.name.clone(),
        en: draft.en.clone(),
        title: draft.title.clone(),
        fields,
        keys,
        relations,
    }
}

fn link_relation(
    relation: &DraftRelation,
    draft: &Draft,
    drafts: &[Draft],
    sinks: &[&Sink],
) -> RelationKind {
    let mut to = Vec::new();
    for name in &relation.to {
        let found = drafts
            .iter()
            .position(|draft| draft.id == name.text || draft.name == name.text);
        to.extend(found);
        if found.is_none() {
            let near = nearest(&name.text, drafts.iter().map(|draft| draft.id.as_str()));
            tell(
                name,
                sinks,
                format!("没有名叫“{}”的台账种类", name.text),
                format!("there is no ledger kind “{}”", name.text),
                near,
            );
        }
    }
    let position = |what: &Draft, name: &str| {
        what.fields
            .iter()
            .position(|field| field.kind.name == name)
            .and_then(|index| u16::try_from(index).ok())
            .map(FieldId)
    };
    let mut on = Vec::new();
    for pairs in &relation.on {
        let mut linked = Vec::new();
        for (here, there) in pairs {
            let Some(own) = position(draft, &here.text) else {
                missing_field(here, draft, sinks);
                continue;
            };
            let ends: Vec<Option<FieldId>> = to
                .iter()
                .map(|&index| position(&drafts[index], &there.text))
                .collect();
            if ends.iter().all(Option::is_none)
                && let Some(&first) = to.first()
            {
                missing_field(there, &drafts[first], sinks);
                continue;
            }
            linked.push(RelationPair {
                here: own,
                there: ends,
            });
        }
        on.push(linked);
    }
    RelationKind {
        name: relation.name.text.clone(),
        to: to
            .into_iter()
            .filter_map(|index| u16::try_from(index).ok())
            .map(KindId)
            .collect(),
        many: relation.many,
        on,
    }
}

fn missing_field(name: &Named, what: &Draft, sinks: &[&Sink]) {
    let near = nearest(
        &name.text,
        what.fields.iter().map(|field| field.kind.name.as_str()),
    );
    tell(
        name,
        sinks,
        format!("{}没有“{}”这个字段", what.name, name.text),
        format!("{} has no field “{}”", what.name, name.text),
        near,
    );
}

fn tell(name: &Named, sinks: &[&Sink], zh: String, en: String, near: Option<&str>) {
    let problem = Problem::new(name.span.clone(), Bilingual::new(zh, en));
    sinks[name.file].error(match near {
        Some(near) => problem.replace(name.span.clone(), format!("\"{near}\"")),
        None => problem,
    });
}

/// The same header for two fields would make its column ambiguous.
fn twice_known(draft: &Draft, sinks: &[&Sink]) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for field in &draft.fields {
        for header in &field.kind.headers {
            if !seen.insert(header) {
                let other = draft
                    .fields
                    .iter()
                    .find(|other| other.kind.headers.contains(header))
                    .map_or("", |other| other.kind.name.as_str());
                sinks[field.at.file].error(Problem::new(
                    field.at.span.clone(),
                    Bilingual::new(
                        format!("表头“{header}”同时属于 {other} 和 {}", field.kind.name),
                        format!(
                            "the header “{header}” belongs to both {other} and {}",
                            field.kind.name
                        ),
                    ),
                ));
            }
        }
    }
}
