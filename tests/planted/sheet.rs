//! Tables as village bookkeepers type them: titles, units, merged headers over two rows, their own words for a column,
//! dates and amounts in all spellings, totals, footers.

use std::collections::BTreeMap;
use std::path::Path;

use heyan::ledger::{FieldId, FieldType, LedgerKind};
use heyan::read::address;
use heyan::rules::Pack;
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::random::Random;
use crate::story::{Story, Table};

/// A cell as it is written.
#[derive(Clone, Debug)]
enum Cell {
    Text(String),
    Number(f64),
    Date(u16, u8, u8),
}

/// A sheet being written.
#[derive(Default)]
struct Page {
    name: String,
    cells: BTreeMap<(u32, u16), Cell>,
    merged: Vec<(u32, u16, u32, u16)>,
}

/// What was written, and where.
#[derive(Default)]
pub(crate) struct Written {
    /// The file's name.
    pub(crate) file: String,
    /// The sheet and row (counted from 1) of each row of the story's own ledger.
    pub(crate) rows: Vec<(String, u32)>,
    /// The sheet and row of every filler row.
    pub(crate) filler: Vec<(String, u32)>,
    /// The text of every text cell, by sheet and address.
    pub(crate) texts: BTreeMap<(String, String), String>,
    /// The columns of the story's own ledger: address letters of the column and its field.
    pub(crate) layout: String,
}

/// How a table is written.
struct Style {
    date: usize,
    /// Powers of ten: 0 元, 4 万元.
    unit: u32,
    /// Whether the headers name the unit, or a line above the table.
    in_header: bool,
    two_rows: bool,
    titled: bool,
}

const OFFICES: [&str; 4] = [
    "村务监督委员会",
    "三资代理服务中心",
    "村股份经济合作社",
    "村民委员会",
];

/// The titles of a kind that say nothing of the class of its records: what they are said to be is in the rows.
fn titles(kind: &LedgerKind) -> Vec<&str> {
    let says = |title: &str| {
        let inferred = kind.fields.iter().filter(|field| !field.infer.is_empty());
        let choices = inferred.flat_map(|field| &field.choices);
        choices
            .flat_map(|choice| std::iter::once(&choice.value).chain(&choice.words))
            .any(|word| title.contains(word.as_str()))
    };
    let silent = kind.title.iter().map(String::as_str);
    let silent: Vec<&str> = silent.filter(|title| !says(title)).collect();
    if silent.is_empty() {
        vec![&kind.title[0]]
    } else {
        silent
    }
}

/// Writes the workbook of a story into a folder.
pub(crate) fn write(pack: &Pack, story: &Story, folder: &Path) -> Written {
    let mut random = Random::of(&format!("sheet {} {}", story.rule, story.case));
    let mut written = Written::default();
    let mut pages: Vec<Page> = Vec::new();
    let one_sheet = story.tables.len() > 1 && random.percent(30);
    let csv = story.tables.len() == 1 && random.percent(20);
    for (number, table) in story.tables.iter().enumerate() {
        let kind = pack.kinds.get(table.kind);
        if pages.is_empty() || !one_sheet {
            pages.push(Page {
                name: if csv {
                    "csv".to_owned()
                } else if one_sheet || random.percent(30) {
                    format!("Sheet{}", number + 1)
                } else {
                    (*random.of_these(&titles(kind))).to_owned()
                },
                ..Page::default()
            });
        }
        let sheets: Vec<String> = pages.iter().map(|page| page.name.clone()).collect();
        let page = pages.last_mut().expect("a page");
        if sheets[..sheets.len() - 1].contains(&page.name) {
            page.name = format!("{}{}", page.name, number + 1);
        }
        let from = page.cells.keys().next_back().map_or(0, |(row, _)| row + 3);
        let style = style(kind, table, &mut random, csv);
        let (rows, filler, layout) =
            put(page, kind, table, from, &story.village, &style, &mut random);
        if number == 0 {
            written.rows = rows
                .into_iter()
                .map(|row| (page.name.clone(), row + 1))
                .collect();
        }
        let of_page = filler.into_iter().map(|row| (page.name.clone(), row + 1));
        written.filler.extend(of_page);
        written.layout = format!("{}{}!{layout} ", written.layout, page.name);
    }
    for page in &pages {
        for (&(row, col), cell) in &page.cells {
            if let Cell::Text(text) = cell {
                written
                    .texts
                    .insert((page.name.clone(), address(row, col)), text.clone());
            }
        }
    }
    written.file = format!(
        "{}{}.{}",
        story.village,
        ["台账", "登记表", "报送", "（新）"][random.below(4)],
        if csv { "csv" } else { "xlsx" }
    );
    let path = folder.join(&written.file);
    if csv {
        std::fs::write(path, text_of(&pages[0])).expect("a file");
    } else {
        save(&pages, &path);
    }
    written
}

fn style(kind: &LedgerKind, table: &Table, random: &mut Random, csv: bool) -> Style {
    let money: Vec<usize> = (0..table.columns.len())
        .filter(|&at| kind.field(table.columns[at]).ty == FieldType::Money)
        .collect();
    // What is told in 万元 is at least a tenth of it somewhere.
    let large = table.rows.iter().any(|row| {
        money
            .iter()
            .any(|&at| plain(&row.cells[at]).is_some_and(|amount| amount >= Decimal::from(5_000)))
    });
    let cents = table.rows.iter().any(|row| {
        money
            .iter()
            .any(|&at| plain(&row.cells[at]).is_some_and(|amount| amount.fract() != Decimal::ZERO))
    });
    Style {
        date: random.below(6),
        unit: if !money.is_empty() && large && !cents && random.percent(30) {
            4
        } else {
            0
        },
        in_header: random.percent(50),
        two_rows: !csv && random.percent(50),
        titled: true,
    }
}

/// A plain number.
fn plain(text: &str) -> Option<Decimal> {
    let bare = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    bare.then(|| text.parse().ok()).flatten()
}

/// The date of an ISO text.
fn date(text: &str) -> Option<(u16, u8, u8)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    (year.len() == 4 && parts.next().is_none()).then_some((
        year.parse().ok()?,
        month.parse().ok()?,
        day.parse().ok()?,
    ))
}

/// A cell in the words of a bookkeeper.
fn spell(
    kind: &LedgerKind,
    field: FieldId,
    text: &str,
    style: &Style,
    random: &mut Random,
) -> Option<Cell> {
    if text.is_empty() {
        return None;
    }
    let as_text = || Some(Cell::Text(text.to_owned()));
    match kind.field(field).ty {
        FieldType::Date => {
            let Some((year, month, day)) = date(text) else {
                return as_text();
            };
            let style = if random.percent(15) {
                random.below(6)
            } else {
                style.date
            };
            Some(match style {
                0 => Cell::Date(year, month, day),
                1 => Cell::Text(format!("{year}年{month}月{day}日")),
                2 => Cell::Text(format!("{year}.{month}.{day}")),
                3 => Cell::Text(format!("{year}/{month}/{day}")),
                4 => Cell::Text(format!("{year}{month:02}{day:02}")),
                _ => Cell::Text(text.to_owned()),
            })
        }
        FieldType::Money => {
            let Some(amount) = plain(text) else {
                return as_text();
            };
            let scaled = amount / Decimal::from(10_u64.pow(style.unit));
            let number = || {
                Some(Cell::Number(
                    scaled.normalize().to_string().parse().expect("a number"),
                ))
            };
            match random.below(10) {
                0 if style.unit == 0 => Some(Cell::Text(grouped(amount))),
                1 => Some(Cell::Text(format!("{}元", amount.normalize()))),
                2 if amount >= Decimal::from(1_000) => Some(Cell::Text(format!(
                    "{}万元",
                    (amount / Decimal::from(10_000)).normalize()
                ))),
                3 => Some(Cell::Text(scaled.normalize().to_string())),
                4 if style.unit == 0 => Some(Cell::Text(format!("￥{}", amount.normalize()))),
                _ => number(),
            }
        }
        FieldType::Number => match plain(text) {
            Some(number) if random.percent(80) => {
                Some(Cell::Number(number.to_string().parse().expect("a number")))
            }
            _ => as_text(),
        },
        FieldType::Text if kind.field(field).name == "序号" => {
            Some(Cell::Number(text.parse().unwrap_or(0.0)))
        }
        FieldType::Flag => Some(Cell::Text(match (text, style.date % 2) {
            ("是", 1) => "√".to_owned(),
            ("否", 1) => "×".to_owned(),
            _ => text.to_owned(),
        })),
        _ => as_text(),
    }
}

/// `125,000.00`
fn grouped(amount: Decimal) -> String {
    let text = format!("{:.2}", amount.abs());
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    let sign = if amount.is_sign_negative() { "-" } else { "" };
    format!("{sign}{out}.{cents}")
}

/// Header words for the columns, none of which another column of the table goes by.
fn headers(
    kind: &LedgerKind,
    columns: &[FieldId],
    style: &Style,
    random: &mut Random,
) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for &column in columns {
        let field = kind.field(column);
        let fits = |word: &String| {
            // A header in yuan stands above no 万元.
            !(taken.contains(word) || style.unit == 4 && word.contains('元'))
                && columns.iter().all(|&other| {
                    other == column
                        || !kind.field(other).headers.contains(word)
                            && kind.field(other).name != *word
                })
        };
        let mut chosen = field.name.clone();
        for _ in 0..8 {
            let word = random.of_these(&field.headers).clone();
            if fits(&word) {
                chosen = word;
                break;
            }
        }
        taken.push(chosen);
    }
    taken
}

/// What a header says beneath a group that says the rest.
const LEAVES: [&str; 6] = ["日期", "时间", "金额", "编号", "情况", "单位"];

/// Writes a table from a row on; the rows of the story, the filler rows, and the columns in words.
fn put(
    page: &mut Page,
    kind: &LedgerKind,
    table: &Table,
    from: u32,
    village: &str,
    style: &Style,
    random: &mut Random,
) -> (Vec<u32>, Vec<u32>, String) {
    let width = u16::try_from(table.columns.len()).expect("few columns");
    let text = |page: &mut Page, row: u32, col: u16, text: String| {
        page.cells.insert((row, col), Cell::Text(text));
    };
    let mut row = from;
    if style.titled {
        let titles = titles(kind);
        let title = random.of_these(&titles);
        let title = match random.below(3) {
            0 => format!("{village}{title}"),
            1 => format!("松陂镇{village}2022年度{title}"),
            _ => format!("{village}{title}（截至2024年底）"),
        };
        text(page, row, 0, title);
        page.merged.push((row, 0, row, width - 1));
        row += 1;
    }
    if style.unit == 4 && !style.in_header {
        text(page, row, width.saturating_sub(2), "单位：万元".to_owned());
        row += 1;
    } else if style.unit == 0 && random.percent(20) {
        text(page, row, 0, format!("填报单位：{village}    单位：元"));
        row += 1;
    }
    let words = headers(kind, &table.columns, style, random);
    let dressed: Vec<String> = words
        .iter()
        .zip(&table.columns)
        .map(|(word, column)| {
            let money = kind.field(*column).ty == FieldType::Money && !word.contains('元');
            if money && style.unit == 4 && style.in_header {
                format!("{word}（万元）")
            } else if money && style.unit == 0 && style.in_header && random.percent(50) {
                format!("{word}（元）")
            } else {
                word.clone()
            }
        })
        .collect();
    let layout: Vec<String> = (0..)
        .zip(&dressed)
        .zip(&table.columns)
        .map(|((col, word), column)| {
            format!(
                "{}={word}→{}",
                heyan::read::column_letters(col),
                kind.field(*column).name
            )
        })
        .collect();
    row = put_header(page, row, &dressed, style);
    let numbers = table
        .columns
        .first()
        .is_some_and(|column| kind.field(*column).name == "序号");
    let (mut rows, mut filler) = (Vec::new(), Vec::new());
    let mut places: Vec<(usize, u32)> = Vec::new();
    let mut sums: Vec<Option<Decimal>> = vec![Some(Decimal::ZERO); table.columns.len()];
    for (number, of_table) in table.rows.iter().enumerate() {
        for (at, column) in table.columns.iter().enumerate() {
            let serial = (number + 1).to_string();
            let cell_text = if at == 0 && numbers {
                &serial
            } else {
                &of_table.cells[at]
            };
            if let Some(sum) = &mut sums[at] {
                match plain(cell_text) {
                    Some(amount) => *sum += amount,
                    None if cell_text.is_empty() => {}
                    None => sums[at] = None,
                }
            }
            if let Some(cell) = spell(kind, *column, cell_text, style, random) {
                page.cells
                    .insert((row, u16::try_from(at).expect("few")), cell);
            }
        }
        match of_table.of_story {
            Some(at) => places.push((at, row)),
            None if of_table.filler => filler.push(row),
            None => {}
        }
        row += 1;
    }
    places.sort_unstable();
    rows.extend(places.into_iter().map(|(_, row)| row));
    if random.percent(50) {
        text(
            page,
            row,
            0,
            (*random.of_these(&["合计", "合  计", "总计"])).to_owned(),
        );
        for (at, column) in table.columns.iter().enumerate().skip(1) {
            if kind.field(*column).ty == FieldType::Money
                && let Some(sum) = sums[at]
            {
                let scaled = sum / Decimal::from(10_u64.pow(style.unit));
                let number = scaled.normalize().to_string().parse().expect("a number");
                page.cells
                    .insert((row, u16::try_from(at).expect("few")), Cell::Number(number));
            }
        }
        row += 1;
    }
    if random.percent(40) {
        text(
            page,
            row,
            0,
            format!("填报人：程某    审核：{}", random.of_these(&OFFICES)),
        );
    }
    (rows, filler, layout.join(" "))
}

/// Writes the header over one row, or over two with groups where neighbours share their first words.
fn put_header(page: &mut Page, row: u32, words: &[String], style: &Style) -> u32 {
    let col = |at: usize| u16::try_from(at).expect("few columns");
    if !style.two_rows {
        for (at, word) in words.iter().enumerate() {
            page.cells.insert((row, col(at)), Cell::Text(word.clone()));
        }
        return row + 1;
    }
    let split = |word: &str| -> Option<(String, String)> {
        let leaf = LEAVES.iter().find(|leaf| word.ends_with(**leaf))?;
        let group = word.strip_suffix(leaf)?;
        (group.chars().count() >= 2).then(|| (group.to_owned(), (*leaf).to_owned()))
    };
    let mut at = 0;
    while at < words.len() {
        let mut end = at + 1;
        if let Some((group, _)) = split(&words[at]) {
            while end < words.len() && split(&words[end]).is_some_and(|(of, _)| of == group) {
                end += 1;
            }
            if end - at > 1 {
                page.cells.insert((row, col(at)), Cell::Text(group));
                page.merged.push((row, col(at), row, col(end - 1)));
                for (place, word) in words.iter().enumerate().take(end).skip(at) {
                    let leaf = split(word).expect("a leaf").1;
                    page.cells.insert((row + 1, col(place)), Cell::Text(leaf));
                }
                at = end;
                continue;
            }
        }
        page.cells
            .insert((row, col(at)), Cell::Text(words[at].clone()));
        page.merged.push((row, col(at), row + 1, col(at)));
        at = end.min(at + 1);
    }
    row + 2
}

fn save(pages: &[Page], path: &Path) {
    let mut workbook = Workbook::new();
    let date_format = Format::new().set_num_format("yyyy-mm-dd");
    let plain = Format::new();
    for page in pages {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&page.name).expect("a sheet name");
        for &(top, left, bottom, right) in &page.merged {
            if (top, left) != (bottom, right) {
                sheet
                    .merge_range(top, left, bottom, right, "", &plain)
                    .expect("cells to merge");
            }
        }
        for (&(row, col), cell) in &page.cells {
            match cell {
                Cell::Text(text) => sheet.write_string(row, col, text).map(|_| ()),
                Cell::Number(number) => sheet.write_number(row, col, *number).map(|_| ()),
                Cell::Date(year, month, day) => {
                    let date = ExcelDateTime::from_ymd(*year, *month, *day);
                    match date {
                        Ok(date) => sheet
                            .write_datetime_with_format(row, col, &date, &date_format)
                            .map(|_| ()),
                        Err(_) => sheet
                            .write_string(row, col, format!("{year}-{month}-{day}"))
                            .map(|_| ()),
                    }
                }
            }
            .expect("a cell");
        }
    }
    workbook.save(path).expect("a workbook");
}

fn text_of(page: &Page) -> String {
    let (mut rows, mut cols) = (0, 0);
    for &(row, col) in page.cells.keys() {
        rows = rows.max(row + 1);
        cols = cols.max(col + 1);
    }
    let mut out = String::new();
    for row in 0..rows {
        let line: Vec<String> = (0..cols)
            .map(|col| match page.cells.get(&(row, col)) {
                None => String::new(),
                Some(Cell::Text(text)) if text.contains([',', '"', '\n']) => {
                    format!("\"{}\"", text.replace('"', "\"\""))
                }
                Some(Cell::Text(text)) => text.clone(),
                Some(Cell::Number(number)) => number.to_string(),
                Some(Cell::Date(year, month, day)) => format!("{year}-{month:02}-{day:02}"),
            })
            .collect();
        out.push_str(&line.join(","));
        out.push('\n');
    }
    out
}
