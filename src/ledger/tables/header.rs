//! Where a header stands: bands of one to four rows, scored against every ledger kind.

use std::rc::Rc;
use std::sync::Arc;

use super::columns::{self, Columns, Effort, Mapping, Told};
use super::context::Context;
use super::grid::Grid;
use super::heading::{Heading, headings, is_generic};
use super::lexicon::OfHeading;
use super::normal::{letters, parse, plain};
use super::profile::Profile;
use crate::ledger::KindId;

/// Rows below a header that are looked at.
const REACH: usize = 120;

/// Rows of a header at most.
const TALLEST: u32 = 4;

/// A header band with the tables it heads, left to right.
#[derive(Clone, Debug)]
pub(super) struct Band {
    /// First and last sheet row.
    pub(super) rows: (u32, u32),
    /// The tables beside one another.
    pub(super) segments: Vec<Segment>,
}

/// One table's part of a band.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// First and last column of the table's range: cells outside belong to another table.
    pub(super) cols: (u16, u16),
    /// Its headings.
    pub(super) headings: Vec<Heading>,
    /// What its cells look like.
    pub(super) profiles: Vec<Rc<Profile>>,
    /// As which kind.
    pub(super) mapping: Mapping,
    /// How sure the kind is, 0 to 1.
    pub(super) confidence: f64,
}

/// What speaks for a kind besides the columns: for each kind, points from title rows, sheet and file name.
pub(super) type Support = Vec<f64>;

/// Works the support out when it is needed.
pub(super) type Supporter<'a> = &'a dyn Fn() -> Support;

/// The best header band that begins at a row, within columns, if there is one.
pub(super) fn find(
    grid: &Grid<'_>,
    context: &Context<'_>,
    index: usize,
    cols: (u16, u16),
    support: Supporter<'_>,
) -> Option<Band> {
    let first = grid.number(index);
    if !may_head(grid, context, index, cols) {
        return None;
    }
    let support = &support();
    let forced = forced_last(grid, index, cols);
    let mut best: Option<(f64, Band)> = None;
    for last in first..first + TALLEST {
        if last > first {
            // A row that holds nothing here belongs to the header only where merged cells reach down to it.
            let below = grid
                .index_of(last)
                .filter(|below| !grid.within(*below, cols).is_empty());
            match below {
                Some(below) if !header_like(grid, below, cols) => break,
                None if last > forced => continue,
                _ => {}
            }
        }
        if last < forced {
            continue;
        }
        let Some(band) = evaluate(grid, context, (first, last), cols, support) else {
            continue;
        };
        let bonus = if last > first && hangs_below(grid, (first, last), cols) {
            1.0
        } else {
            0.0
        };
        let score: f64 = band.segments.iter().map(|s| s.mapping.score).sum::<f64>() + bonus
            - 0.3 * f64::from(last - first);
        if best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, band));
        }
    }
    let (_, band) = best?;
    contributes(grid, &band, index, cols).then_some(band)
}

/// A cheap look: enough words of the row and the rows below it are known headers.
fn may_head(grid: &Grid<'_>, context: &Context<'_>, index: usize, cols: (u16, u16)) -> bool {
    if !header_like(grid, index, cols) {
        return false;
    }
    let first = grid.number(index);
    let mut known = 0;
    let mut texts = 0;
    for below in index..grid.len().min(index + TALLEST as usize) {
        if grid.number(below) >= first + TALLEST {
            break;
        }
        for cell in grid.within(below, cols).iter().take(200) {
            let Some(text) = grid.text(cell) else {
                continue;
            };
            if text.len() > 180 {
                continue;
            }
            texts += 1;
            if context.knows(text) {
                known += 1;
            }
        }
        if below > index && !header_like(grid, below, cols) {
            break;
        }
    }
    known >= 2 || known == 1 && texts >= 3
}

/// Whether a row may be part of a header: words, hardly any numbers, no sentences.
fn header_like(grid: &Grid<'_>, index: usize, cols: (u16, u16)) -> bool {
    let (mut words, mut others) = (0_usize, 0_usize);
    for cell in grid.within(index, cols).iter().take(400) {
        match grid.text(cell) {
            Some(text) if is_word(text) => words += 1,
            _ => others += 1,
        }
    }
    words >= 1 && others * 3 <= words
}

/// Whether a text may be a header: short, and no number, date or filled-in label.
fn is_word(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > 180 {
        return false;
    }
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > 0 && (digits * 2 > text.chars().count() || first.is_ascii_digit() && digits >= 4) {
        return false;
    }
    !matches!(first, '¥' | '￥' | '√' | '×')
}

/// The last row that a cell of the row is merged down to, where most of its columns are merged alike.
fn forced_last(grid: &Grid<'_>, index: usize, cols: (u16, u16)) -> u32 {
    let row = grid.number(index);
    let mut last = row;
    for cell in grid.within(index, cols).iter().take(400) {
        if let Some(region) = grid.region(row, cell.col)
            && region.top == row
            && region.bottom < row + TALLEST
            && region.left == region.right
        {
            last = last.max(region.bottom);
        }
    }
    last
}

/// Whether every cell of the lower rows hangs below a cell merged over several columns, and not every column has one; or,
/// where the file tells of no merged cells, needs the words above it to mean anything (起, 止, 日期, 金额).
fn hangs_below(grid: &Grid<'_>, rows: (u32, u32), cols: (u16, u16)) -> bool {
    let mut hanging = 0;
    for row in rows.0 + 1..=rows.1 {
        let Some(index) = grid.index_of(row) else {
            continue;
        };
        for cell in grid.within(index, cols) {
            let parent = (rows.0..row)
                .rev()
                .find_map(|above| grid.region(above, cell.col));
            match parent {
                Some(region) if region.right > region.left && region.bottom < row => hanging += 1,
                _ if is_generic(&grid.text(cell).map(parse).unwrap_or_default()) => hanging += 1,
                _ => return false,
            }
        }
    }
    hanging > 0
}

/// Whether the first row of a band is part of it: it holds a leaf that is claimed, or groups over several leaves.
fn contributes(grid: &Grid<'_>, band: &Band, index: usize, cols: (u16, u16)) -> bool {
    let row = band.rows.0;
    if band.rows.0 == band.rows.1 {
        return true;
    }
    let cells = grid.within(index, cols);
    let labels = cells
        .iter()
        .filter_map(|cell| grid.text(cell))
        .any(|text| text.contains(['：', ':']) || is_sheet_label(&letters(&plain(text))));
    let claimed_leaf = band.segments.iter().any(|segment| {
        segment
            .headings
            .iter()
            .zip(&segment.mapping.choices)
            .any(|(heading, choice)| choice.field.is_some() && heading.rows.last() == Some(&row))
    });
    if claimed_leaf {
        return true;
    }
    if labels {
        return false;
    }
    // One cell over a whole table is its title.
    let titled = band.segments.iter().all(|segment| {
        let first = segment.headings[0].header.split('/').next();
        segment.headings.iter().all(|h| {
            h.rows.first() == Some(&row) && h.rows.len() > 1 && h.header.split('/').next() == first
        })
    });
    if titled {
        return false;
    }
    let columns: usize = band.segments.iter().map(|s| s.headings.len()).sum();
    let widest = cells
        .iter()
        .map(|cell| {
            grid.region(row, cell.col)
                .map_or(1, |r| usize::from(r.right - r.left) + 1)
        })
        .max()
        .unwrap_or(0);
    cells.len() >= 2 || widest >= 2 && widest * 10 <= columns * 7
}

/// Labels of the lines above a table, which are no headers.
fn is_sheet_label(letters: &str) -> bool {
    matches!(
        letters,
        "填报单位"
            | "编制单位"
            | "单位名称"
            | "填报日期"
            | "填报时间"
            | "编制日期"
            | "制表日期"
            | "制表单位"
            | "金额单位"
            | "计量单位"
            | "填表人"
            | "填报人"
            | "年度"
    )
}

/// Scores a band against every kind.
fn evaluate(
    grid: &Grid<'_>,
    context: &Context<'_>,
    rows: (u32, u32),
    cols: (u16, u16),
    support: &Support,
) -> Option<Band> {
    let all = headings(grid, rows, cols);
    if all.len() < 2 {
        return None;
    }
    let below = sample(grid, context, rows.1, cols);
    let mut segments = Vec::new();
    let parts = split(&all);
    let many = parts.len() > 1;
    for (at, part) in parts.iter().enumerate() {
        let range = if many {
            let start = if at == 0 { cols.0 } else { part[0].col };
            let end = parts
                .get(at + 1)
                .map_or(cols.1, |next| next[0].col.saturating_sub(1));
            (start, end)
        } else {
            cols
        };
        if let Some(segment) = segment(grid, context, part, range, below.clone(), support) {
            segments.push(segment);
        }
    }
    (!segments.is_empty()).then_some(Band { rows, segments })
}

/// The rows below a header whose cells are looked at: not beyond a blank row or another header.
fn sample(
    grid: &Grid<'_>,
    context: &Context<'_>,
    last: u32,
    cols: (u16, u16),
) -> std::ops::Range<usize> {
    let start = grid.first_after(last);
    let mut end = start;
    while end < grid.len().min(start + REACH) {
        let gap = end > start && grid.number(end) > grid.number(end - 1) + 1;
        if gap && end >= start + 3 {
            break;
        }
        let cells = grid.within(end, cols);
        if header_like(grid, end, cols) && cells.len() >= 3 {
            let known = cells
                .iter()
                .take(40)
                .filter_map(|cell| grid.text(cell))
                .filter(|text| context.knows(text))
                .count();
            if known >= 3 {
                break;
            }
        }
        end += 1;
    }
    start..end
}

/// Maps one table's headings as each kind and takes the best.
fn segment(
    grid: &Grid<'_>,
    context: &Context<'_>,
    headings: &[Heading],
    cols: (u16, u16),
    below: std::ops::Range<usize>,
    support: &Support,
) -> Option<Segment> {
    let profiles: Vec<Rc<Profile>> = headings
        .iter()
        .map(|h| grid.profile(h.col, below.clone()))
        .collect();
    let known: Vec<Arc<OfHeading>> = headings
        .iter()
        .map(|heading| context.lexicon.of_heading(heading))
        .collect();
    let table = Columns {
        headings,
        known: &known,
        profiles: &profiles,
    };
    let mut ranked = rank(context, table, support, false);
    // Near spellings are looked for where known words do not settle it, and for the columns left over.
    if ranked.first().is_none_or(|m| m.claimed < 4) {
        ranked = rank(context, table, support, true);
    }
    if let Some(first) = ranked.first_mut() {
        let kind = first.kind;
        let told = told(context, headings, kind);
        let mut best = columns::map(
            table,
            kind,
            context.kinds.get(kind),
            context.lexicon,
            &told,
            Effort::Full,
        );
        if best.claimed > 0 {
            best.score += support.get(usize::from(kind.0)).copied().unwrap_or(0.0);
        }
        *first = best;
    }
    let second = ranked.get(1).map_or(0.0, |m| m.score);
    let best = ranked.into_iter().next()?;
    let named = headings.iter().filter(|h| !h.leaf.full.is_empty()).count();
    let claimed = best.choices.iter().filter(|c| c.field.is_some()).count();
    #[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
    let share = claimed as f64 / named.max(1) as f64;
    let supported = support
        .get(usize::from(best.kind.0))
        .is_some_and(|s| *s > 0.9);
    let enough = best.claimed >= 6 && share >= 0.35
        || best.claimed >= 3 && share >= 0.5
        || best.claimed >= 2 && share >= if supported { 0.6 } else { 0.65 };
    if !enough || is_form(headings, &best) {
        return None;
    }
    let margin = ((best.score - second) / best.score.max(1.0)).clamp(0.0, 0.4) / 0.4;
    let confidence =
        ((0.55 * share.min(1.0) + 0.45 * (0.6 + 0.4 * margin)) * 100.0).round() / 100.0;
    Some(Segment {
        cols,
        headings: headings.to_vec(),
        profiles,
        mapping: best,
        confidence: confidence.clamp(0.0, 1.0),
    })
}

/// Whether labels and values take turns: a row of a form, not a header.
fn is_form(headings: &[Heading], mapping: &Mapping) -> bool {
    let claimed: Vec<bool> = mapping
        .choices
        .iter()
        .map(|choice| choice.field.is_some())
        .collect();
    let unclaimed = claimed.iter().filter(|c| !**c).count();
    let adjacent = |at: usize| headings[at].col + 1 == headings[at + 1].col;
    let together = (1..claimed.len()).any(|at| claimed[at - 1] && claimed[at] && adjacent(at - 1));
    let behind = (1..claimed.len())
        .filter(|at| claimed[at - 1] && !claimed[*at] && adjacent(at - 1))
        .count();
    unclaimed >= 1 && !together && behind * 3 >= (claimed.len() - unclaimed) * 2
}

fn rank(context: &Context<'_>, table: Columns<'_>, support: &Support, near: bool) -> Vec<Mapping> {
    let mut ranked: Vec<Mapping> = context
        .kinds
        .iter()
        .map(|(kind, ledger)| {
            let told = told(context, table.headings, kind);
            let effort = if near { Effort::Near } else { Effort::Known };
            let mut mapping = columns::map(table, kind, ledger, context.lexicon, &told, effort);
            if mapping.claimed > 0 {
                mapping.score += support.get(usize::from(kind.0)).copied().unwrap_or(0.0);
            }
            mapping
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.kind.cmp(&b.kind)));
    ranked
}

/// What `heyan.toml` says of the headings.
fn told(context: &Context<'_>, headings: &[Heading], kind: KindId) -> Vec<Told> {
    if context.hints.headers.is_empty() {
        return Vec::new();
    }
    headings
        .iter()
        .map(|heading| context.told(heading, kind))
        .collect()
}

/// Splits headings into tables beside one another: a second column of running numbers, or the same run of headers again.
fn split(all: &[Heading]) -> Vec<Vec<Heading>> {
    let mut parts: Vec<Vec<Heading>> = vec![Vec::new()];
    for (at, heading) in all.iter().enumerate() {
        let part = parts.last_mut().expect("there is always one");
        let starts = !part.is_empty()
            && part.len() >= 2
            && (is_serial(&heading.leaf.full) && part.iter().any(|h| is_serial(&h.leaf.full))
                || repeats(part, &all[at..])
                || is_serial(&heading.leaf.full) && all[at - 1].col + 1 < heading.col);
        if starts && all.len() - at >= 2 {
            parts.push(vec![heading.clone()]);
        } else {
            part.push(heading.clone());
        }
    }
    parts
}

/// Whether what follows begins with the same headers as the part, three at least.
fn repeats(part: &[Heading], rest: &[Heading]) -> bool {
    let same = part
        .iter()
        .zip(rest)
        .take_while(|(a, b)| a.header == b.header)
        .count();
    same >= 3 && same >= part.len().min(4)
}

/// Whether a folded header is that of a column of running numbers.
pub(super) fn is_serial(letters: &str) -> bool {
    matches!(
        letters,
        "序号" | "序" | "项次" | "行次" | "no" | "顺序号" | "行号" | "编次" | "顺号"
    )
}

/// Whether a text is a known header word: for the cheap look.
pub(super) fn known(lexicon: &super::lexicon::Lexicon, text: &str) -> bool {
    let parsed = parse(text);
    lexicon.knows(&parsed.full) || lexicon.knows(&parsed.bare) || is_serial(&parsed.full)
}
