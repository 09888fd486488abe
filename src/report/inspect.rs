//! `heyan inspect`: what each sheet was taken for and why.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::Style;
use super::clean::visible;
use super::json;
use super::labels;
use super::text::Logged;
use super::width::{columns, cut, pad, pad_left, wrap};
use crate::finding::{Input, InputStatus, MissingWhat, TableReport};
use crate::lang::Lang;

/// What was understood of the inputs.
pub struct Inspection<'a, R> {
    /// Every file with its tables, as in a report.
    pub inputs: &'a [Input],
    /// Every record with its values, in the order of the tables; taken one at a time.
    pub records: R,
    /// Which rules can run on each table, and what the others lack.
    pub rules: &'a [TableRules],
    /// The language of the fixed texts.
    pub lang: Lang,
}

/// Which rules can run on a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRules {
    /// The file's name.
    pub file: String,
    /// The table within the file.
    pub table: u32,
    /// How many rules can run on some record of it at least.
    pub run: usize,
    /// What keeps the others from running: the missing thing, and the titles of the rules that need it.
    pub lacking: Vec<(MissingWhat, String, Vec<String>)>,
}

/// One record as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InspectRecord {
    /// The file's name.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// Its row, counted from 1.
    pub row: u32,
    /// The ledger kind's word.
    pub kind: String,
    /// The town; empty where nothing tells it.
    pub town: String,
    /// The village.
    pub village: String,
    /// Its fields by name, in the order of the columns.
    pub values: Vec<(String, InspectValue)>,
}

/// One field of a record as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InspectValue {
    /// The A1 address of the stored cell; empty where the words stand in the sheet's name.
    pub cell: String,
    /// Its text as it stands there.
    pub raw: String,
    /// Its value as reports print it (money in yuan, dates ISO); `None` where empty or unreadable.
    pub value: Option<String>,
}

#[derive(Serialize)]
struct RecordLine<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    kind: &'a str,
    town: &'a str,
    village: &'a str,
    values: Values<'a>,
}

/// Fields in their order, as an object.
struct Values<'a>(&'a [(String, InspectValue)]);

impl Serialize for Values<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| {
            (
                name,
                Cell {
                    cell: &value.cell,
                    raw: &value.raw,
                    value: value.value.as_deref(),
                },
            )
        }))
    }
}

#[derive(Serialize)]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the format"
)]
struct Cell<'a> {
    cell: &'a str,
    raw: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

impl<R: Iterator<Item = InspectRecord>> Inspection<'_, R> {
    /// Writes it as JSON: `inputs` with the keys of the report, and `records` with their values.
    ///
    /// # Errors
    /// Whatever writing yields.
    pub fn write_json(self, out: &mut dyn Write) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 16, out);
        out.write_all(b"{\"inputs\":")?;
        json::write_inputs(self.inputs.iter(), self.lang, &mut out)?;
        out.write_all(b",\n\"records\":[")?;
        let mut any = false;
        for record in self.records {
            out.write_all(if any { b",\n" } else { b"\n" })?;
            any = true;
            let line = RecordLine {
                file: &record.file,
                sheet: &record.sheet,
                row: record.row,
                kind: &record.kind,
                town: &record.town,
                village: &record.village,
                values: Values(&record.values),
            };
            serde_json::to_writer(&mut out, &line)?;
        }
        out.write_all(if any { b"\n]\n}\n" } else { b"]\n}\n" })?;
        out.flush()
    }

    /// Writes it for a terminal: each file, each table with its columns, reasons and how well they are filled. The records
    /// themselves are left to JSON.
    ///
    /// # Errors
    /// Whatever writing yields.
    pub fn write_text(self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let mut out = BufWriter::new(out);
        let mut out = Logged::new(&mut out);
        let width = if style.width == 0 {
            80
        } else {
            style.width.clamp(40, 160)
        };
        let lang = self.lang;
        for input in self.inputs {
            file(input, self.rules, lang, width, &mut out)?;
        }
        let read = self
            .inputs
            .iter()
            .filter(|input| input.status == InputStatus::Read)
            .count();
        let tables: usize = self.inputs.iter().map(|input| input.tables.len()).sum();
        let records: u64 = self
            .inputs
            .iter()
            .flat_map(|input| &input.tables)
            .map(|table| u64::from(table.records))
            .sum();
        match lang {
            Lang::Zh => writeln!(
                out,
                "读取文件 {read}/{}，台账 {tables} 张，记录 {records} 条",
                self.inputs.len()
            )?,
            Lang::En => writeln!(
                out,
                "{read}/{} files read, {tables} tables, {records} records",
                self.inputs.len()
            )?,
        }
        out.flush()
    }
}

fn file(
    input: &Input,
    rules: &[TableRules],
    lang: Lang,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let format = input.format.map_or("", |format| format.id());
    let status = match input.status {
        InputStatus::Read => lang.pick("已读取", "read"),
        InputStatus::Unreadable => lang.pick("未能读取", "not readable"),
        InputStatus::Skipped => lang.pick("跳过", "skipped"),
    };
    writeln!(out, "{}  {format} {status}", visible(&input.file))?;
    if let Some(reason) = &input.reason {
        for line in wrap(&visible(reason.message.get(lang)), width - 2) {
            writeln!(out, "  {line}")?;
        }
    }
    if input.status == InputStatus::Read && input.tables.is_empty() {
        writeln!(
            out,
            "  {}",
            lang.pick(
                "没有识别出台账；可在 heyan.toml 的 [headers] 中指定表头",
                "no ledger was recognised; headers can be named under [headers] in heyan.toml"
            )
        )?;
    }
    for table in &input.tables {
        self::table(table, lang, width, out)?;
        let mut of_table = rules.iter();
        if let Some(rules) = of_table.find(|r| r.file == input.file && r.table == table.id.0) {
            self::rules_of(rules, lang, width, out)?;
        }
        self::to_paste(table, lang, out)?;
    }
    writeln!(out)
}

fn table(table: &TableReport, lang: Lang, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let rows = match table.rows {
        Some((first, last)) => format!("{first}–{last}"),
        None => lang.pick("无", "none").to_owned(),
    };
    let header_rows: Vec<String> = table.header_rows.iter().map(u32::to_string).collect();
    let header_rows = header_rows.join("、");
    let village = labels::village(&table.town, &table.village, lang);
    let from = labels::village_from(&table.village_from, lang);
    let kind = labels::kind(&table.kind, lang);
    let sheet = visible(&table.sheet);
    let sure = percent(table.confidence);
    let line = match lang {
        Lang::Zh => format!(
            "[{}] {sheet} → {kind}台账（把握 {sure}）· {village}（据{from}）· 表头第 {header_rows} 行 · 数据第 {rows} 行 · {} 条{}",
            table.id.0,
            table.records,
            if table.hidden {
                " · 含隐藏内容"
            } else {
                ""
            },
        ),
        Lang::En => format!(
            "[{}] {sheet} → {kind} ({sure} sure) · {village} (from {from}) · header rows {header_rows} · data rows {rows} · {} records{}",
            table.id.0,
            table.records,
            if table.hidden {
                " · partly hidden"
            } else {
                ""
            },
        ),
    };
    writeln!(out)?;
    for (index, line) in wrap(&line, width - 4).iter().enumerate() {
        writeln!(out, "{}{line}", if index == 0 { "  " } else { "    " })?;
    }
    self::columns_of(table, lang, width, out)?;
    if !table.ignored_rows.is_empty() {
        let mut by_why: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for ignored in &table.ignored_rows {
            by_why
                .entry(&ignored.why)
                .or_default()
                .push(ignored.row.to_string());
        }
        let words: Vec<String> = by_why
            .into_iter()
            .map(|(why, rows)| {
                format!("{} {}", visible(labels::ignored(why, lang)), rows.join(","))
            })
            .collect();
        let line = match lang {
            Lang::Zh => format!("非数据行：{}", words.join("；")),
            Lang::En => format!("rows that are no data: {}", words.join("; ")),
        };
        for line in wrap(&line, width - 4) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

/// Which rules can run, and what the others lack.
fn rules_of(rules: &TableRules, lang: Lang, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let line = match lang {
        Lang::Zh => format!("可执行的规则：{} 条", rules.run),
        Lang::En => format!("rules that can run: {}", rules.run),
    };
    writeln!(out, "    {line}")?;
    for (what, name, titles) in &rules.lacking {
        let what = labels::what(*what, lang);
        let (name, titles) = (visible(name), titles.join(lang.pick("、", ", ")));
        let line = match lang {
            Lang::Zh => format!("缺{what}“{name}”，不能执行：{titles}"),
            Lang::En => format!("{what} “{name}” is not there; cannot run: {titles}"),
        };
        for (at, line) in wrap(&line, width - 8).iter().enumerate() {
            writeln!(out, "      {}{line}", if at == 0 { "" } else { "  " })?;
        }
    }
    Ok(())
}

/// The lines of `heyan.toml` that would tell what the columns mean that no field claims.
fn to_paste(table: &TableReport, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let unclaimed = table.columns.iter().filter(|column| column.field.is_none());
    let headers: Vec<&str> = unclaimed
        .map(|column| column.header.as_str())
        .filter(|header| !header.trim().is_empty())
        .collect();
    if headers.is_empty() {
        return Ok(());
    }
    let kind = labels::kind(&table.kind, Lang::Zh);
    let line = lang.pick(
        "没认出的列可在 heyan.toml 里说明（等号后写字段名；留空表示不用这一列）：",
        "say in heyan.toml what a column means (a field's name; blank leaves the column alone):",
    );
    writeln!(out, "    {line}\n      [headers.\"{kind}\"]")?;
    for header in headers {
        // A TOML text: what would end it or break its line is escaped.
        let header = visible(header).replace('\\', "\\\\").replace('"', "\\\"");
        writeln!(out, "      \"{header}\" = \"\"")?;
    }
    Ok(())
}

fn columns_of(
    table: &TableReport,
    lang: Lang,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let heads = [
        lang.pick("列", "col"),
        lang.pick("表头", "header"),
        lang.pick("字段", "field"),
        lang.pick("单位", "unit"),
        lang.pick("有值", "filled"),
        lang.pick("空", "empty"),
        lang.pick("未读", "unread"),
        lang.pick("理由", "why"),
    ]
    .map(str::to_owned);
    let mut rows = vec![heads];
    for column in &table.columns {
        rows.push([
            visible(&column.column).into_owned(),
            cut(&visible(&column.header), 22),
            column
                .field
                .as_ref()
                .map_or_else(|| "—".to_owned(), |field| visible(field).into_owned()),
            column
                .unit
                .as_ref()
                .map_or_else(String::new, |unit| visible(unit).into_owned()),
            column.filled.to_string(),
            column.empty.to_string(),
            column.unreadable.to_string(),
            format!("{} {}", percent(column.confidence), visible(&column.why)),
        ]);
    }
    let widths: [usize; 8] =
        std::array::from_fn(|at| rows.iter().map(|row| columns(&row[at])).max().unwrap_or(0));
    // The reasons go on under themselves.
    let before: usize = 4 + widths[..7].iter().map(|width| width + 1).sum::<usize>();
    let room = width.saturating_sub(before).max(20);
    for row in &rows {
        let mut line = String::from("    ");
        for (at, (cell, size)) in row.iter().zip(widths).take(7).enumerate() {
            let cell = match at {
                4..=6 => pad_left(cell, size),
                _ => pad(cell, size),
            };
            line.push_str(&cell);
            line.push(' ');
        }
        let why = wrap(&row[7], room);
        line.push_str(why.first().map_or("", String::as_str));
        writeln!(out, "{}", line.trim_end())?;
        for more in why.iter().skip(1) {
            writeln!(out, "{}{more}", " ".repeat(before))?;
        }
    }
    Ok(())
}

/// A share between 0 and 1 in percent.
fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}
