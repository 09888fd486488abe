//! The header above a column: its leaf, the groups over it, and the unit they name.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Deref;
use std::sync::Arc;

use super::grid::Grid;
use super::normal::{Parsed, canonical, parse};
use super::units::UnitWord;
use crate::ledger::quick::QuickHash;

/// The header above one column.
#[derive(Clone, Debug, Default)]
pub(super) struct Heading {
    /// The column.
    pub(super) col: u16,
    /// The sheet rows that the parts stand in, the outermost first.
    pub(super) rows: Vec<u32>,
    /// What the parts say.
    words: Arc<Words>,
}

/// What the texts above a column say; the same for every column below the same texts.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The texts themselves, each with its length, so that no two lists of texts look alike.
    pub(super) texts: Box<str>,
    /// As it stands there, the parts of a group header joined by `/`.
    pub(super) header: String,
    /// The lowest part that holds words.
    pub(super) leaf: Parsed,
    /// The parts above it, the outermost first.
    pub(super) groups: Vec<Parsed>,
    /// The unit that the leaf names, else a group.
    pub(super) unit: UnitWord,
    generic: bool,
}

/// How many headers a thread remembers at most; then it forgets them all.
const REMEMBERED: usize = 4_096;

thread_local! {
    /// Workbooks of one origin have the same headers, so that they are taken apart once.
    static KNOWN: RefCell<HashMap<Box<str>, Arc<Words>, QuickHash>> = RefCell::default();
}

impl Deref for Heading {
    type Target = Words;

    fn deref(&self) -> &Words {
        &self.words
    }
}

/// Words that say what a cell holds, but not of what: they need a group or a neighbour.
const GENERIC: &[&str] = &[
    "日期",
    "时间",
    "金额",
    "编号",
    "号",
    "名称",
    "单位",
    "情况",
    "数量",
    "方式",
    "比例",
    "类型",
    "状态",
    "类别",
    "起",
    "止",
    "自",
    "至",
    "是否",
    "人",
    "价",
    "内容",
    "说明",
    "年",
    "月",
    "日",
    "数额",
    "结果",
    "开始",
    "结束",
    "开始日期",
    "结束日期",
    "开始时间",
    "结束时间",
    "起始",
    "终止",
    "小计",
    "合计",
];

/// Whether a header says what its cells hold, but not of what.
pub(super) fn is_generic(header: &Parsed) -> bool {
    GENERIC.contains(&header.bare.as_str()) || GENERIC.contains(&header.full.as_str())
}

impl Heading {
    /// The heading of a column from the texts above it: sheet row and text, the outermost first.
    pub(super) fn new(col: u16, texts: &[(u32, &str)]) -> Self {
        let mut key = String::new();
        for (_, text) in texts {
            let _ = write!(key, "{}:{text}", text.len());
        }
        let words = KNOWN.with_borrow_mut(|known| {
            if let Some(words) = known.get(key.as_str()) {
                return words.clone();
            }
            if known.len() >= REMEMBERED {
                known.clear();
            }
            let words = Arc::new(Words::new(&key, texts));
            known.insert(key.into(), words.clone());
            words
        });
        Self {
            col,
            rows: texts.iter().map(|(row, _)| *row).collect(),
            words,
        }
    }
}

impl Words {
    fn new(key: &str, texts: &[(u32, &str)]) -> Self {
        let header = texts
            .iter()
            .map(|(_, text)| text.split_whitespace().collect::<String>())
            .collect::<Vec<_>>()
            .join("/");
        let mut parts: Vec<Parsed> = texts.iter().map(|(_, text)| parse(text)).collect();
        let unit = parts
            .iter()
            .rev()
            .map(|parsed| parsed.unit)
            .find(|unit| !unit.is_none())
            .unwrap_or_default();
        // A lowest row that only names units: the words stand above it.
        while parts.len() > 1 && parts.last().is_some_and(|part| part.full.is_empty()) {
            parts.pop();
        }
        let leaf = parts.pop().unwrap_or_default();
        Self {
            texts: key.into(),
            header,
            generic: is_generic(&leaf),
            leaf,
            groups: parts,
            unit,
        }
    }

    /// Whether the leaf says what its cells hold, but not of what.
    pub(super) fn is_generic(&self) -> bool {
        self.generic
    }

    /// Group and leaf as one word, in the ways they can be read together.
    pub(super) fn joined(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        if self.groups.is_empty() {
            return found;
        }
        let all: String = self.groups.iter().map(|g| g.full.as_str()).collect();
        let mut heads = vec![all];
        for group in self.groups.iter().rev() {
            heads.push(group.full.clone());
            heads.push(group.bare.clone());
        }
        for head in heads {
            if head.is_empty() {
                continue;
            }
            for leaf in [&self.leaf.full, &self.leaf.bare] {
                for word in [format!("{head}{leaf}"), overlapped(&head, leaf)] {
                    if !found.contains(&word) {
                        found.push(word);
                    }
                }
            }
        }
        found
    }

    /// The leaf's canonical forms.
    pub(super) fn canonical(&self) -> (String, String) {
        (canonical(&self.leaf.full), canonical(&self.leaf.bare))
    }
}

/// Two words as one, what the first ends with and the second begins with written once: 预付款 + 付款日期.
fn overlapped(head: &str, leaf: &str) -> String {
    let mut at = 0;
    for (start, _) in head.char_indices() {
        if leaf.starts_with(&head[start..]) {
            at = head.len() - start;
            break;
        }
    }
    format!("{head}{}", &leaf[at..])
}

/// The headings of the columns of a band of rows: merged cells spread, and a group over blank cells too where the file
/// tells of no merged cells.
pub(super) fn headings(grid: &Grid<'_>, rows: (u32, u32), cols: (u16, u16)) -> Vec<Heading> {
    let mut columns: Vec<u16> = Vec::new();
    for row in rows.0..=rows.1 {
        let Some(index) = grid.index_of(row) else {
            continue;
        };
        for cell in grid.within(index, cols) {
            if grid.text(cell).is_none() {
                continue;
            }
            columns.push(cell.col);
            if let Some(region) = grid.region(row, cell.col) {
                columns.extend(
                    region.left
                        ..=region
                            .right
                            .min(cols.1)
                            .min(region.left.saturating_add(255)),
                );
            }
        }
    }
    columns.sort_unstable();
    columns.dedup();
    columns.truncate(1_024);
    columns
        .iter()
        .filter_map(|&col| {
            let mut texts: Vec<(u32, &str)> = Vec::new();
            for row in rows.0..=rows.1 {
                let found = direct(grid, row, col).or_else(|| {
                    (row < rows.1)
                        .then(|| spread(grid, row, rows.1, col, cols.0))
                        .flatten()
                });
                if let Some((top, text)) = found
                    && texts.last() != Some(&(top, text))
                    && !text.trim().is_empty()
                {
                    texts.push((top, text));
                }
            }
            (!texts.is_empty()).then(|| Heading::new(col, &texts))
        })
        .collect()
}

/// The text at a place, or of the merged region that covers it, with the row where it stands.
fn direct<'a>(grid: &Grid<'a>, row: u32, col: u16) -> Option<(u32, &'a str)> {
    if let Some(cell) = grid.cell(row, col) {
        return grid.text(cell).map(|text| (row, text));
    }
    let region = grid.region(row, col)?;
    let cell = grid.cell(region.top, region.left)?;
    grid.text(cell).map(|text| (region.top, text))
}

/// The text of the nearest cell to the left, where this place is blank, has a leaf below it, and the cell to the left has
/// one too and is not merged itself.
fn spread<'a>(
    grid: &Grid<'a>,
    row: u32,
    last: u32,
    col: u16,
    first: u16,
) -> Option<(u32, &'a str)> {
    let has_leaf = |col: u16| (row + 1..=last).any(|below| grid.cell(below, col).is_some());
    if grid.region(row, col).is_some() || !has_leaf(col) {
        return None;
    }
    let cells = grid.within(grid.index_of(row)?, (first, col));
    let left = cells.last()?;
    if grid.region(row, left.col).is_some() || !has_leaf(left.col) || col - left.col > 12 {
        return None;
    }
    // Every place between has a leaf of its own: else the group ends there.
    if (left.col..col).any(|between| !has_leaf(between)) {
        return None;
    }
    grid.text(left).map(|text| (row, text))
}
