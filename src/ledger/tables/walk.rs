//! From the header down: which rows are records, and what the others are.

use super::context::Context;
use super::grid::Grid;
use super::header::{self, Band, Segment, is_serial};
use super::normal::{letters, plain};
use super::role::{self, Role, Use};
use crate::ledger::{FieldType, LedgerKind};

/// Rows without a header that are looked at one after another before the search is given up.
const PATIENCE: usize = 2_000;
/// Blank rows of one gap that are told at most.
const MOST_BLANKS: u32 = 40;
/// Rows of tables that are looked at for a new header at most.
const MOST_LOOKS: usize = 20_000;

/// A table as found: its header, its rows and what each of them is.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// First and last sheet row of the header.
    pub(super) header: (u32, u32),
    /// Its columns.
    pub(super) segment: Segment,
    /// The lines above it that belong to it: sheet row and text.
    pub(super) titles: Vec<(u32, String)>,
    /// Lines above earlier tables of the sheet, which hold for this one too (单位：万元): sheet row and text.
    pub(super) above: Vec<(u32, String)>,
    /// Its records.
    pub(super) rows: Vec<DataRow>,
    /// Its totals.
    pub(super) totals: Vec<TotalRow>,
    /// How many records stand before each section head, repeated header or total of the whole.
    pub(super) breaks: Vec<usize>,
    /// The sections, by [`DataRow::section`]; the first is what stands above the header, or empty. Sheet row and text.
    pub(super) sections: Vec<(u32, String)>,
    /// Rows that are no records: sheet row and the word of reports.
    pub(super) ignored: Vec<(u32, &'static str)>,
    /// Rows that could not be placed.
    pub(super) unclaimed: Vec<u32>,
    /// The labels and values of a block, record by record; empty for a table with a header.
    pub(super) form: Vec<Vec<super::form::Pair>>,
}

/// A record's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct DataRow {
    /// Its place among the filled rows of the sheet.
    pub(super) index: usize,
    /// Its section.
    pub(super) section: u32,
}

/// A total.
#[derive(Clone, Debug)]
pub(super) struct TotalRow {
    /// Its place among the filled rows of the sheet.
    pub(super) index: usize,
    /// Whether it is a subtotal.
    pub(super) subtotal: bool,
    /// Its word.
    pub(super) label: String,
    /// How many records stand before it.
    pub(super) before: usize,
}

/// What a sheet holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Its tables, from the top.
    pub(super) tables: Vec<Table>,
    /// Lines that belong to no table.
    pub(super) loose: Vec<(u32, String)>,
}

/// Rows in which the first headers of tables beside one another are looked for.
const TOP: usize = 40;

/// Finds the tables of a sheet.
pub(super) fn find(grid: &Grid<'_>, context: &Context<'_>) -> Found {
    let blocks = beside(grid, context);
    if blocks.is_empty() {
        return find_within(grid, context, (0, u16::MAX));
    }
    let mut found = Found::default();
    for block in blocks {
        let mut part = find_within(grid, context, block);
        found.tables.append(&mut part.tables);
        found.loose.append(&mut part.loose);
    }
    found
        .tables
        .sort_by_key(|table| (table.header.0, table.segment.cols.0));
    found
}

/// The columns of tables that stand beside one another with a blank column between them, each with a header of its own;
/// none where the sheet is one after the other.
fn beside(grid: &Grid<'_>, context: &Context<'_>) -> Vec<(u16, u16)> {
    let blocks = grid.column_blocks(3);
    if !(2..=6).contains(&blocks.len()) {
        return Vec::new();
    }
    let mut heads = Vec::new();
    for block in &blocks {
        let support = || context.support(&[], &[], &grid.sheet.name);
        let band = (0..grid.len().min(TOP)).find_map(|index| {
            if grid.within(index, *block).is_empty() {
                return None;
            }
            header::find(grid, context, index, *block, &support)
        });
        let Some(band) = band else {
            return Vec::new();
        };
        heads.push(band);
    }
    let kind = |band: &Band| band.segments[0].mapping.kind;
    let serial = |band: &Band| {
        band.segments[0]
            .headings
            .iter()
            .any(|heading| is_serial(&heading.leaf.full))
    };
    let apart = heads.windows(2).all(|pair| {
        kind(&pair[0]) != kind(&pair[1]) || serial(&pair[1]) || same_headers(&pair[0], &pair[1])
    });
    if apart { blocks } else { Vec::new() }
}

fn same_headers(a: &Band, b: &Band) -> bool {
    let shown = |band: &Band| {
        band.segments[0]
            .headings
            .iter()
            .map(|h| h.header.clone())
            .collect::<Vec<_>>()
    };
    shown(a) == shown(b)
}

/// Finds the tables of a sheet within columns.
fn find_within(grid: &Grid<'_>, context: &Context<'_>, cols: (u16, u16)) -> Found {
    let mut found = Found::default();
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut above: Vec<(u32, String)> = Vec::new();
    let (mut index, mut searched) = (0, 0);
    while index < grid.len() {
        if grid.within(index, cols).is_empty() {
            index += 1;
            continue;
        }
        if searched < PATIENCE {
            let support = || context.support(&above, &lines, &grid.sheet.name);
            if let Some(band) = header::find(grid, context, index, cols, &support) {
                let titles = std::mem::take(&mut lines);
                let (stop, tables, rest) = walk(grid, context, band, &titles, &above, cols);
                for table in &tables {
                    above.extend(table.titles.iter().cloned());
                }
                above = above.split_off(above.len().saturating_sub(24));
                found.tables.extend(tables);
                lines = rest;
                index = stop.max(index + 1);
                searched = 0;
                continue;
            }
        }
        searched += 1;
        if lines.len() < PATIENCE {
            lines.push((grid.number(index), line(grid, index, cols)));
        }
        index += 1;
    }
    found.loose = lines;
    found
}

/// The texts of a row in one line.
pub(super) fn line(grid: &Grid<'_>, index: usize, cols: (u16, u16)) -> String {
    let mut text = String::new();
    for cell in grid.within(index, cols).iter().take(40) {
        if text.len() > 600 {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(grid.shown(cell).trim());
    }
    text
}

/// One table that is being walked down.
struct Walker {
    table: Table,
    uses: Vec<Use>,
    /// Lines since the last record: a title or section of what follows.
    recent: Vec<(u32, String, Role)>,
    last_row: u32,
    fresh: bool,
    closed: bool,
}

/// Walks down from a header until another one begins; returns the place to go on from, the tables, and the lines that
/// belong to what follows.
fn walk(
    grid: &Grid<'_>,
    context: &Context<'_>,
    band: Band,
    titles: &[(u32, String)],
    above: &[(u32, String)],
    all: (u16, u16),
) -> (usize, Vec<Table>, Vec<(u32, String)>) {
    let mut done = Vec::new();
    let rows = band.rows;
    let mut walkers: Vec<Walker> = band
        .segments
        .into_iter()
        .map(|segment| Walker::new(context, rows, segment, titles.to_vec(), above))
        .collect();
    let mut index = grid.first_after(rows.1);
    let mut looks = 0;
    while index < grid.len() {
        let roles = roles(grid, index, &walkers);
        let doubtful = |told: &Told| !told.certain && !told.lone;
        if roles.iter().flatten().any(doubtful) && looks < MOST_LOOKS {
            looks += 1;
            let site = Site {
                grid,
                context,
                above,
                index,
            };
            match head_again(&site, &mut walkers, &mut done, &roles, all) {
                Next::Row => {}
                Next::On(next) => {
                    index = next;
                    continue;
                }
                Next::Stop => {
                    let mut rest = Vec::new();
                    for mut walker in walkers {
                        rest.extend(walker.give_back());
                        done.push(walker.table);
                    }
                    rest.sort_unstable();
                    rest.dedup();
                    return (index, done, rest);
                }
            }
        }
        for (walker, told) in walkers.iter_mut().zip(roles) {
            if let Some(told) = told {
                walker.take(grid, index, told.role);
            }
        }
        index += 1;
    }
    done.extend(walkers.into_iter().map(|walker| walker.table));
    done.sort_by_key(|table| (table.header.0, table.segment.cols.0));
    (index, done, Vec::new())
}

/// What a row is to one table.
#[derive(Clone, Copy)]
struct Told {
    role: Role,
    /// Whether it cannot be a header.
    certain: bool,
    /// Whether it is one cell: by itself no header.
    lone: bool,
}

/// What a row is to each table beside one another; `None` where it holds nothing there.
fn roles(grid: &Grid<'_>, index: usize, walkers: &[Walker]) -> Vec<Option<Told>> {
    walkers
        .iter()
        .map(|walker| {
            let cells = grid.within(index, walker.table.segment.cols);
            if cells.is_empty() {
                return None;
            }
            if walker.fresh && role::is_column_numbers(grid, cells) {
                return Some(Told {
                    role: Role::ColumnNumbers,
                    certain: true,
                    lone: false,
                });
            }
            let (role, certain) = role::of(grid, cells, &walker.uses);
            Some(Told {
                role,
                certain,
                lone: cells.len() < 2,
            })
        })
        .collect()
}

/// Where the walk stands.
struct Site<'s, 'a> {
    grid: &'s Grid<'a>,
    context: &'s Context<'s>,
    above: &'s [(u32, String)],
    index: usize,
}

/// How the walk goes on.
enum Next {
    /// The row is none of a header.
    Row,
    /// A header was taken: on from a row below it.
    On(usize),
    /// Another table begins over all columns.
    Stop,
}

/// Looks whether a header begins at the row: that of the tables once more, that of a table over all columns, or that of a
/// new table below one of several beside one another.
fn head_again(
    site: &Site<'_, '_>,
    walkers: &mut [Walker],
    done: &mut Vec<Table>,
    roles: &[Option<Told>],
    all: (u16, u16),
) -> Next {
    let Site {
        grid,
        context,
        above,
        index,
    } = *site;
    let lines: Vec<(u32, String)> = walkers
        .iter()
        .flat_map(|w| w.recent.iter().map(|(row, text, _)| (*row, text.clone())))
        .collect();
    let support = || context.support(above, &lines, &grid.sheet.name);
    if roles.iter().flatten().all(|told| !told.certain)
        && let Some(band) = header::find(grid, context, index, all, &support)
    {
        if same_tables(walkers, &band) {
            for walker in walkers {
                walker.repeat(band.rows);
            }
            return Next::On(grid.first_after(band.rows.1));
        }
        if walkers.len() == 1 || band.segments.len() != 1 || band.segments[0].headings.len() > 4 {
            return Next::Stop;
        }
    }
    if walkers.len() == 1 {
        return Next::Row;
    }
    let mut last = None;
    for (walker, told) in walkers.iter_mut().zip(roles) {
        if told.is_none_or(|told| told.certain || told.lone) {
            continue;
        }
        let cols = walker.table.segment.cols;
        let Some(mut band) = header::find(grid, context, index, cols, &support) else {
            continue;
        };
        if band.segments.len() != 1 {
            continue;
        }
        if same_table(walker, &band.segments[0]) {
            walker.repeat(band.rows);
        } else {
            let titles = walker.give_back();
            let mut segment = band.segments.remove(0);
            segment.cols = cols;
            let next = Walker::new(context, band.rows, segment, titles, above);
            done.push(std::mem::replace(walker, next).table);
        }
        last = last.max(Some(band.rows.1));
    }
    let Some(last) = last else {
        return Next::Row;
    };
    // The rows of the other tables beside the new header.
    let stop = grid.first_after(last);
    for between in index..stop {
        for walker in walkers.iter_mut() {
            let row = grid.number(between);
            let cells = grid.within(between, walker.table.segment.cols);
            if !cells.is_empty() && (walker.last_row < row || walker.table.header.0 > row) {
                let (role, _) = role::of(grid, cells, &walker.uses);
                walker.take(grid, between, role);
            }
        }
    }
    Next::On(stop)
}

fn same_tables(walkers: &[Walker], band: &Band) -> bool {
    walkers.len() == band.segments.len()
        && walkers
            .iter()
            .zip(&band.segments)
            .all(|(walker, segment)| same_table(walker, segment))
}

/// Whether a header is that of the table once more: the same headers at the same columns.
fn same_table(walker: &Walker, segment: &Segment) -> bool {
    let one = &walker.table.segment;
    let shown = |segment: &Segment| {
        segment
            .headings
            .iter()
            .map(|heading| (heading.col, letters(&plain(&heading.header))))
            .collect::<Vec<_>>()
    };
    let (a, b) = (shown(one), shown(segment));
    let same = a.iter().filter(|heading| b.contains(heading)).count();
    same * 10 >= a.len().max(b.len()) * 9
}

impl Walker {
    fn new(
        context: &Context<'_>,
        rows: (u32, u32),
        segment: Segment,
        titles: Vec<(u32, String)>,
        above: &[(u32, String)],
    ) -> Self {
        let uses = uses(&segment, context.kinds.get(segment.mapping.kind));
        let section = titles
            .last()
            .filter(|(_, text)| role::is_section(&plain(text)))
            .cloned()
            .unwrap_or_default();
        Self {
            table: Table {
                header: rows,
                segment,
                titles,
                above: above.to_vec(),
                rows: Vec::new(),
                totals: Vec::new(),
                breaks: Vec::new(),
                sections: vec![section],
                ignored: Vec::new(),
                unclaimed: Vec::new(),
                form: Vec::new(),
            },
            uses,
            recent: Vec::new(),
            last_row: rows.1,
            fresh: true,
            closed: false,
        }
    }

    /// Puts a row where it belongs.
    fn take(&mut self, grid: &Grid<'_>, index: usize, role: Role) {
        let row = grid.number(index);
        let cols = self.table.segment.cols;
        let gap = row.saturating_sub(self.last_row + 1);
        let role = if self.closed && role != Role::Footer && role != Role::End {
            Role::Unclaimed
        } else {
            role
        };
        match role {
            Role::Data => {
                if gap > 0 {
                    let first = self.last_row + 1;
                    for blank in first..row.min(first + MOST_BLANKS) {
                        self.table.ignored.push((blank, "blank"));
                    }
                }
                self.recent.clear();
                let section = u32::try_from(self.table.sections.len() - 1).unwrap_or(0);
                self.table.rows.push(DataRow { index, section });
            }
            Role::Total | Role::Subtotal => {
                self.recent.clear();
                let label = grid
                    .within(index, cols)
                    .iter()
                    .filter_map(|cell| grid.text(cell))
                    .find(|text| role::total(&letters(&plain(text))).is_some())
                    .unwrap_or_default();
                self.table.totals.push(TotalRow {
                    index,
                    subtotal: role == Role::Subtotal,
                    label: label.split_whitespace().collect(),
                    before: self.table.rows.len(),
                });
                self.note(row, role);
            }
            Role::Section => {
                let text = line(grid, index, cols);
                self.table.breaks.push(self.table.rows.len());
                self.table.sections.push((row, text.clone()));
                self.recent.push((row, text, role));
                self.note(row, role);
            }
            Role::Unclaimed => {
                let text = line(grid, index, cols);
                let wordy = grid
                    .within(index, cols)
                    .iter()
                    .filter(|cell| grid.text(cell).is_some())
                    .count()
                    >= 3;
                // What looks like the header of a table that no kind claims ends this one.
                if wordy && (gap > 0 || !self.recent.is_empty()) && !self.table.rows.is_empty() {
                    self.closed = true;
                }
                self.recent.push((row, text, role));
                self.table.unclaimed.push(row);
                self.note(row, role);
            }
            Role::Note | Role::Footer | Role::End | Role::Template | Role::ColumnNumbers => {
                if role != Role::Template && role != Role::ColumnNumbers {
                    self.recent.push((row, line(grid, index, cols), role));
                }
                self.note(row, role);
            }
        }
        self.last_row = row;
        self.fresh = false;
    }

    fn note(&mut self, row: u32, role: Role) {
        if let Some(id) = role.id() {
            self.table.ignored.push((row, id));
        }
    }

    /// Takes a repeated header.
    fn repeat(&mut self, rows: (u32, u32)) {
        for row in rows.0..=rows.1 {
            self.table.ignored.push((row, "header-repeated"));
        }
        self.table.breaks.push(self.table.rows.len());
        self.last_row = rows.1;
        self.fresh = true;
        self.closed = false;
    }

    /// Takes the lines back that turn out to be the title of another table.
    fn give_back(&mut self) -> Vec<(u32, String)> {
        let mut lines: Vec<(u32, String)> = Vec::new();
        while let Some((row, text, role)) = self.recent.pop() {
            if matches!(role, Role::Footer | Role::End) {
                break;
            }
            if role == Role::Note && !role::is_caption(&plain(&text)) && !lines.is_empty() {
                // A note below the table above stays with it.
                break;
            }
            self.table.ignored.retain(|(ignored, _)| *ignored != row);
            self.table.unclaimed.retain(|unclaimed| *unclaimed != row);
            lines.push((row, text));
        }
        lines.reverse();
        lines
    }
}

/// What each column is to the telling of rows.
fn uses(segment: &Segment, ledger: &LedgerKind) -> Vec<Use> {
    let mut uses = Vec::new();
    for (heading, (choice, profile)) in segment
        .headings
        .iter()
        .zip(segment.mapping.choices.iter().zip(&segment.profiles))
    {
        let usage = if is_serial(&heading.leaf.full)
            || choice.field.is_none() && profile.is_serial()
        {
            Use::Serial
        } else {
            match choice.field.map(|field| ledger.field(field)) {
                None => Use::None,
                Some(field) => match field.ty {
                    FieldType::Date | FieldType::Money | FieldType::Number | FieldType::Percent => {
                        Use::Typed
                    }
                    FieldType::Text if field.optional => Use::Remark,
                    _ => Use::Words,
                },
            }
        };
        let at = usize::from(heading.col);
        if uses.len() <= at {
            uses.resize(at + 1, Use::None);
        }
        uses[at] = usage;
    }
    uses
}
