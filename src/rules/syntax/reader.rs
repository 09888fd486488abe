//! Strict access to a TOML file: every key is asked for by name, every other one is an error with the nearest known one.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Text;
use super::slips;
use crate::lang::Bilingual;
use crate::ledger::Day;
use crate::rules::diagnostic::Sink;
use crate::rules::nearest::nearest;
use crate::rules::problem::Problem;

/// A TOML file, as much of it as could be parsed.
pub(crate) struct Document<'a> {
    table: Spanned<DeTable<'a>>,
    sink: &'a Sink,
    /// Whether its syntax is broken, so that a key may be missing only because its line could not be read.
    broken: bool,
}

/// A table of a TOML file.
pub(crate) struct Table<'a> {
    entries: Vec<Entry<'a>>,
    /// The bytes that stand for the table in messages.
    pub(crate) span: Range<usize>,
    /// Where it is told what goes wrong.
    pub(crate) sink: &'a Sink,
    broken: bool,
    known: RefCell<Vec<&'static str>>,
}

struct Entry<'a> {
    key: &'a str,
    key_span: Range<usize>,
    value: &'a Spanned<DeValue<'a>>,
    used: Cell<bool>,
}

/// A value of a TOML file.
#[derive(Clone)]
pub(crate) struct Value<'a> {
    /// Its key, for messages.
    pub(crate) key: &'a str,
    /// The bytes of its key.
    pub(crate) key_span: Range<usize>,
    node: &'a Spanned<DeValue<'a>>,
    sink: &'a Sink,
    broken: bool,
}

impl<'a> Document<'a> {
    /// Parses a file; slips of TOML are told to the sink.
    pub(crate) fn parse(sink: &'a Sink) -> Self {
        let (table, errors) = DeTable::parse_recoverable(&sink.source.text);
        let broken = !errors.is_empty();
        if broken {
            let places: Vec<(Range<usize>, String)> = errors
                .iter()
                .map(|error| (error.span().unwrap_or(0..0), error.message().to_owned()))
                .collect();
            for problem in slips::explain(&sink.source.text, &places) {
                sink.slip(problem);
            }
        }
        Self {
            table,
            sink,
            broken,
        }
    }

    /// The file's top level.
    pub(crate) fn root(&'a self) -> Table<'a> {
        Table::new(self.table.get_ref(), 0..0, self.sink, self.broken)
    }
}

impl<'a> Table<'a> {
    fn new(table: &'a DeTable<'a>, span: Range<usize>, sink: &'a Sink, broken: bool) -> Self {
        let mut entries: Vec<Entry<'a>> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref(),
                key_span: key.span(),
                value,
                used: Cell::new(false),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span.start);
        Self {
            entries,
            span,
            sink,
            broken,
            known: RefCell::new(Vec::new()),
        }
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &'static str) -> Option<Value<'a>> {
        if !self.known.borrow().contains(&key) {
            self.known.borrow_mut().push(key);
        }
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        entry.used.set(true);
        Some(self.value(entry))
    }

    fn value(&self, entry: &Entry<'a>) -> Value<'a> {
        Value {
            key: entry.key,
            key_span: entry.key_span.clone(),
            node: entry.value,
            sink: self.sink,
            broken: self.broken,
        }
    }

    /// Whether a key is there; it is not asked for by this.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Every key with its value in the order of the file: a table whose keys are names.
    pub(crate) fn all(&self) -> Vec<Value<'a>> {
        self.entries
            .iter()
            .map(|entry| {
                entry.used.set(true);
                self.value(entry)
            })
            .collect()
    }

    /// The value of a key that must be there.
    pub(crate) fn required(&self, key: &'static str, example: &str) -> Option<Value<'a>> {
        let found = self.get(key);
        if found.is_none() && !self.broken {
            self.sink.error(
                Problem::new(
                    self.span.clone(),
                    Bilingual::new(format!("缺少 {key}"), format!("{key} is missing")),
                )
                .help(
                    format!("加一行：{key} = {example}"),
                    format!("add a line: {key} = {example}"),
                ),
            );
        }
        found
    }

    /// A text; `None` where it is not there or no text.
    pub(crate) fn text(&self, key: &'static str) -> Option<Text> {
        self.get(key)?.text()
    }

    /// A text as a plain string; empty where it is not there.
    pub(crate) fn string(&self, key: &'static str) -> String {
        self.text(key)
            .map(|text| text.value.to_string())
            .unwrap_or_default()
    }

    /// A text that must be there.
    pub(crate) fn required_text(&self, key: &'static str, example: &str) -> Option<Text> {
        let text = self.required(key, example)?.text()?;
        if text.value.trim().is_empty() {
            self.sink.error(
                Problem::new(
                    text.span.clone(),
                    Bilingual::new(format!("{key} 是空的"), format!("{key} is empty")),
                )
                .help(
                    format!("例如：{key} = {example}"),
                    format!("for example: {key} = {example}"),
                ),
            );
            return None;
        }
        Some(text)
    }

    /// true or false.
    pub(crate) fn boolean(&self, key: &'static str) -> Option<bool> {
        self.get(key)?.boolean()
    }

    /// A list of texts; a single text is a list of one.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<Text> {
        self.get(key).map(|value| value.texts()).unwrap_or_default()
    }

    /// A list of texts as plain strings.
    pub(crate) fn strings(&self, key: &'static str) -> Vec<String> {
        self.texts(key)
            .into_iter()
            .map(|text| text.value.to_string())
            .collect()
    }

    /// The tables of `[[key]]`.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        self.get(key)
            .map(|value| value.tables())
            .unwrap_or_default()
    }

    /// Tells every key that was not asked for.
    pub(crate) fn finish(&self) {
        let known = self.known.borrow();
        for entry in self.entries.iter().filter(|entry| !entry.used.get()) {
            let problem = Problem::new(
                entry.key_span.clone(),
                Bilingual::new(
                    format!("不认识的键 {}", entry.key),
                    format!("unknown key {}", entry.key),
                ),
            );
            let mut keys = known.clone();
            keys.sort_unstable();
            let problem = if let Some(near) = nearest(entry.key, keys.iter().copied()) {
                problem.replace(entry.key_span.clone(), near)
            } else {
                let all = keys.join(" ");
                problem.help(format!("这里可以写：{all}"), format!("keys here are {all}"))
            };
            self.sink.error(problem);
        }
    }
}

impl<'a> Value<'a> {
    /// Where it is told what goes wrong.
    pub(crate) fn sink(&self) -> &'a Sink {
        self.sink
    }

    /// The bytes of the value.
    pub(crate) fn span(&self) -> Range<usize> {
        self.node.span()
    }

    fn wrong(&self, zh: &str, en: &str, typed: Option<String>) {
        let key = self.key;
        let found = kind(self.node.get_ref());
        let problem = Problem::new(
            self.span(),
            Bilingual::new(
                format!("{key} 要{zh}，这里是{}", found.zh),
                format!("{key} wants {en}; this is {}", found.en),
            ),
        );
        self.sink.error(match typed {
            Some(typed) => problem.replace(self.span(), typed),
            None => problem,
        });
    }

    fn written(&self) -> &'a str {
        self.sink.source.text.get(self.span()).unwrap_or_default()
    }

    /// The text it is, without a message where it is none.
    pub(crate) fn as_text(&self) -> Option<Text> {
        match self.node.get_ref() {
            DeValue::String(value) => Some(Text::new(&self.sink.source.text, self.span(), value)),
            _ => None,
        }
    }

    /// A text.
    pub(crate) fn text(&self) -> Option<Text> {
        let text = self.as_text();
        if text.is_none() {
            let written = self.written();
            let plain = matches!(
                self.node.get_ref(),
                DeValue::Integer(_)
                    | DeValue::Float(_)
                    | DeValue::Boolean(_)
                    | DeValue::Datetime(_)
            );
            self.wrong("文字", "a text", plain.then(|| format!("\"{written}\"")));
        }
        text
    }

    /// true or false.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.node.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            DeValue::String(text) => {
                let typed = matches!(&**text, "是" | "true" | "yes" | "1" | "对");
                self.wrong(" true 或 false", "true or false", Some(typed.to_string()));
                None
            }
            _ => {
                self.wrong(" true 或 false", "true or false", None);
                None
            }
        }
    }

    /// true or false, without a message where it is neither.
    pub(crate) fn as_boolean(&self) -> Option<bool> {
        match self.node.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn whole(&self) -> Option<u32> {
        if let DeValue::Integer(value) = self.node.get_ref()
            && let Ok(value) = u32::from_str_radix(value.as_str(), value.radix())
        {
            return Some(value);
        }
        self.wrong("整数", "a whole number", None);
        None
    }

    /// The digits of a number, without a message where it is none.
    pub(crate) fn as_number(&self) -> Option<String> {
        match self.node.get_ref() {
            DeValue::Integer(value) if value.radix() == 10 => Some(value.as_str().to_owned()),
            DeValue::Float(value) => Some(value.as_str().to_owned()),
            _ => None,
        }
    }

    /// A day.
    pub(crate) fn day(&self) -> Option<Day> {
        let day = match self.node.get_ref() {
            DeValue::Datetime(value) if value.time.is_none() => value.date.and_then(|date| {
                Day::from_ymd(
                    i32::from(date.year),
                    u32::from(date.month),
                    u32::from(date.day),
                )
            }),
            DeValue::String(text) => {
                let typed = text
                    .parse::<jiff::civil::Date>()
                    .ok()
                    .map(|date| date.to_string());
                self.wrong("日期（不加引号）", "a date without quotes", typed);
                return None;
            }
            _ => None,
        };
        if day.is_none() {
            self.wrong("日期，例如 2024-03-01", "a date such as 2024-03-01", None);
        }
        day
    }

    /// The day it is, without a message where it is none.
    pub(crate) fn as_day(&self) -> Option<Day> {
        match self.node.get_ref() {
            DeValue::Datetime(value) if value.time.is_none() => value.date.and_then(|date| {
                Day::from_ymd(
                    i32::from(date.year),
                    u32::from(date.month),
                    u32::from(date.day),
                )
            }),
            _ => None,
        }
    }

    /// A list of texts; a single text is a list of one.
    pub(crate) fn texts(&self) -> Vec<Text> {
        match self.node.get_ref() {
            DeValue::String(_) => self.as_text().into_iter().collect(),
            DeValue::Array(_) => self
                .items()
                .unwrap_or_default()
                .iter()
                .filter_map(Self::text)
                .collect(),
            _ => {
                self.wrong("文字的列表，例如 [\"…\"]", "a list of texts: [\"…\"]", None);
                Vec::new()
            }
        }
    }

    /// The entries of a list, without a message where it is none.
    pub(crate) fn items(&self) -> Option<Vec<Value<'a>>> {
        match self.node.get_ref() {
            DeValue::Array(items) => Some(
                items
                    .iter()
                    .map(|item| Value {
                        node: item,
                        ..self.clone()
                    })
                    .collect(),
            ),
            _ => None,
        }
    }

    /// A table, without a message where it is none.
    pub(crate) fn as_table(&self) -> Option<Table<'a>> {
        match self.node.get_ref() {
            DeValue::Table(table) => {
                Some(Table::new(table, self.table_span(), self.sink, self.broken))
            }
            _ => None,
        }
    }

    /// What stands for a table in messages: its first line.
    fn table_span(&self) -> Range<usize> {
        let span = self.span();
        let first = self.sink.source.text[span.clone()]
            .lines()
            .next()
            .map_or(0, str::len);
        if first == 0 {
            self.key_span.clone()
        } else {
            span.start..span.start + first
        }
    }

    /// A table.
    pub(crate) fn table(&self) -> Option<Table<'a>> {
        let table = self.as_table();
        if table.is_none() {
            self.wrong("一张表", "a table", None);
        }
        table
    }

    /// The tables of `[[key]]`, or of a list of `{ … }`.
    pub(crate) fn tables(&self) -> Vec<Table<'a>> {
        match self.node.get_ref() {
            DeValue::Array(_) => self
                .items()
                .unwrap_or_default()
                .iter()
                .filter_map(Self::table)
                .collect(),
            DeValue::Table(_) => {
                let key = self.key;
                self.sink.error(
                    Problem::new(
                        self.key_span.clone(),
                        Bilingual::new(
                            format!("{key} 可以有许多个，要双层方括号"),
                            format!("there can be several {key}: double brackets are needed"),
                        ),
                    )
                    .help(format!("写 [[{key}]]"), format!("write [[{key}]]")),
                );
                Vec::new()
            }
            _ => {
                let key = self.key;
                self.wrong(
                    &format!(" [[{key}]] 这样的表"),
                    &format!("tables such as [[{key}]]"),
                    None,
                );
                Vec::new()
            }
        }
    }

    /// Tells a problem about the value.
    pub(crate) fn error(&self, zh: impl Into<String>, en: impl Into<String>) {
        self.sink.error(Problem::new(
            self.span(),
            Bilingual::new(zh.into(), en.into()),
        ));
    }
}

fn kind(value: &DeValue<'_>) -> Bilingual {
    let (zh, en) = match value {
        DeValue::String(_) => ("文字", "a text"),
        DeValue::Integer(_) | DeValue::Float(_) => ("数字", "a number"),
        DeValue::Boolean(_) => (" true/false", "true or false"),
        DeValue::Datetime(_) => ("日期", "a date"),
        DeValue::Array(_) => ("列表", "a list"),
        DeValue::Table(_) => ("表", "a table"),
    };
    Bilingual::new(zh, en)
}
