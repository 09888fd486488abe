//! The issues of tables, rows and columns, worded in both languages.

use rust_decimal::Decimal;

use super::columns::Doubt;
use super::context::Context;
use super::grid::Grid;
use super::header::is_serial;
use super::outcome::Made;
use super::walk::TotalRow;
use crate::finding::{Issue, IssueCell, IssueKind, TableReport};
use crate::lang::Bilingual;
use crate::ledger::FieldType;
use crate::ledger::assemble::FoundColumn;
use crate::read::{address, column_letters};

/// Cells and rows that one issue lists at most.
const MOST: usize = 60;

/// An issue of a sheet, without a table.
fn of_sheet(
    context: &Context<'_>,
    grid: &Grid<'_>,
    kind: IssueKind,
    message: Bilingual,
    remedy: Bilingual,
) -> Issue {
    let village = context
        .file
        .village
        .clone()
        .or_else(|| super::villages::in_text(&grid.sheet.name, context.hints))
        .or_else(|| super::villages::in_text(&context.stem(), context.hints))
        .unwrap_or_else(|| super::villages::name("", &context.stem()));
    Issue {
        kind,
        file: context.file.id,
        table: None,
        sheet: grid.sheet.name.clone(),
        town: village.town.to_string(),
        village: village.name.to_string(),
        ledger: String::new(),
        field: String::new(),
        records: Vec::new(),
        cells: Vec::new(),
        message,
        remedy,
        unproven: false,
    }
}

/// A sheet with text in which no ledger was recognised.
pub(super) fn unclaimed_sheet(context: &Context<'_>, grid: &Grid<'_>) -> Issue {
    let mut issue = of_sheet(
        context,
        grid,
        IssueKind::UnclaimedSheet,
        Bilingual::new(
            format!(
                "工作表“{}”有内容，但没有找到可识别的台账表头",
                grid.sheet.name
            ),
            format!(
                "Sheet “{}” holds text, but no header of a known ledger was found",
                grid.sheet.name
            ),
        ),
        Bilingual::new(
            "如确是台账，请在 heyan.toml 的 [headers] 中写明表头对应的字段，或补上表头；不是台账可不处理",
            "If it is a ledger, name its headers under [headers] in heyan.toml or give it a header row; otherwise nothing is to be done",
        ),
    );
    issue.cells = grid
        .sheet
        .cells
        .first()
        .map(|cell| place(grid, cell.row, cell.col, "", ""))
        .into_iter()
        .collect();
    issue
}

/// Records of a text file that could not be decoded.
pub(super) fn undecodable(context: &Context<'_>, grid: &Grid<'_>) -> Issue {
    let rows = &grid.sheet.undecodable_rows;
    let mut issue = of_sheet(
        context,
        grid,
        IssueKind::UndecodableText,
        Bilingual::new(
            format!(
                "有{}行的文字编码无法识别，这些行未读入：{}",
                rows.len(),
                list(rows)
            ),
            format!(
                "{} rows could not be decoded and were not read: {}",
                rows.len(),
                list(rows)
            ),
        ),
        Bilingual::new(
            "请用原软件重新导出为 UTF-8 或 GB18030 编码的文件",
            "Export the file again as UTF-8 or GB18030",
        ),
    );
    issue.records = rows
        .iter()
        .take(MOST)
        .map(|row| (String::new(), row + 1))
        .collect();
    issue
}

/// Row numbers for people.
fn list(rows: &[u32]) -> String {
    let mut text = rows
        .iter()
        .take(12)
        .map(|row| (row + 1).to_string())
        .collect::<Vec<_>>()
        .join("、");
    if rows.len() > 12 {
        text.push('…');
    }
    text
}

fn place(grid: &Grid<'_>, row: u32, col: u16, header: &str, field: &str) -> IssueCell {
    IssueCell {
        row,
        col,
        header: header.into(),
        field: field.into(),
        raw: grid
            .cell(row, col)
            .map(|cell| grid.shown(cell))
            .unwrap_or_default(),
    }
}

/// An issue of a table.
pub(super) fn of_table(
    made: &Made<'_, '_, '_>,
    kind: IssueKind,
    message: Bilingual,
    remedy: Bilingual,
) -> Issue {
    Issue {
        kind,
        file: made.context.file.id,
        table: Some(made.id),
        sheet: made.pending.grid.sheet.name.clone(),
        town: made.village.town.to_string(),
        village: made.village.name.to_string(),
        ledger: made
            .context
            .kinds
            .get(made.pending.table.segment.mapping.kind)
            .id
            .clone(),
        field: String::new(),
        records: Vec::new(),
        cells: Vec::new(),
        message,
        remedy,
        unproven: false,
    }
}

/// The cell of a heading: its lowest part.
fn header_cell(made: &Made<'_, '_, '_>, at: usize, field: &str) -> IssueCell {
    let heading = &made.pending.table.segment.headings[at];
    let row = heading
        .rows
        .last()
        .copied()
        .unwrap_or(made.pending.table.header.1);
    IssueCell {
        row,
        col: heading.col,
        header: heading.header.clone(),
        field: field.into(),
        raw: heading.header.clone(),
    }
}

/// Columns that are blank, ambiguous, unclaimed or missing.
pub(super) fn columns(made: &Made<'_, '_, '_>, report: &TableReport, issues: &mut Vec<Issue>) {
    let segment = &made.pending.table.segment;
    let ledger = made.context.kinds.get(segment.mapping.kind);
    let mut unclaimed: Vec<usize> = Vec::new();
    for (at, ((heading, choice), column)) in segment
        .headings
        .iter()
        .zip(&segment.mapping.choices)
        .zip(&report.columns)
        .enumerate()
    {
        if let Some(id) = choice.field {
            let field = ledger.field(id);
            let blank = column.filled == 0 && column.unreadable == 0 && report.records > 0;
            let shown = |l: &crate::ledger::Ledger| {
                (0..)
                    .take(l.len())
                    .any(|record| !l.raw(record, id).is_empty())
            };
            if blank
                && !field.optional
                && made.pending.table.form.is_empty()
                && !made.ledgers.iter().any(shown)
            {
                let mut issue = of_table(
                    made,
                    IssueKind::BlankColumn,
                    Bilingual::new(
                        format!(
                            "“{}”列（{}列）整列空白，共{}行",
                            column.header, column.column, report.records
                        ),
                        format!(
                            "Column {} “{}” is blank in all {} rows",
                            column.column, column.header, report.records
                        ),
                    ),
                    Bilingual::new(
                        format!("请补填“{}”；未开展该项工作的注明“/”", field.name),
                        format!("Fill in {}, or write “/” where it does not apply", field.en),
                    ),
                );
                issue.field.clone_from(&field.name);
                issue.cells.push(header_cell(made, at, &field.name));
                issues.push(issue);
            }
            continue;
        }
        if let Some(doubt) = &choice.doubt {
            issues.push(ambiguous(made, at, doubt));
            continue;
        }
        let told = made.pending.places.village == Some(heading.col)
            || made.pending.places.town == Some(heading.col)
            || is_serial(&heading.leaf.full);
        if !told && segment.profiles[at].filled > 0 && !heading.leaf.full.is_empty() {
            unclaimed.push(at);
        }
    }
    if !unclaimed.is_empty() {
        let names: Vec<&str> = unclaimed
            .iter()
            .map(|at| segment.headings[*at].header.as_str())
            .collect();
        let names = names.join("、");
        let mut issue = of_table(
            made,
            IssueKind::UnclaimedColumn,
            Bilingual::new(
                format!("以下列没有对应的字段，未参与检查：{names}"),
                format!("No field claims these columns, they take no part in the checks: {names}"),
            ),
            Bilingual::new(
                format!(
                    "需要时在 heyan.toml 写明，例如 [headers.\"{}\"] 下 \"{}\" = \"字段名\"",
                    ledger.name, segment.headings[unclaimed[0]].header
                ),
                format!(
                    "If needed, tell in heyan.toml, such as \"{}\" = \"field\" under [headers.\"{}\"]",
                    segment.headings[unclaimed[0]].header, ledger.name
                ),
            ),
        );
        issue.cells = unclaimed
            .iter()
            .take(MOST)
            .map(|at| header_cell(made, *at, ""))
            .collect();
        issues.push(issue);
    }
    missing(made, issues);
}

fn ambiguous(made: &Made<'_, '_, '_>, at: usize, doubt: &Doubt) -> Issue {
    let segment = &made.pending.table.segment;
    let ledger = made.context.kinds.get(segment.mapping.kind);
    let heading = &segment.headings[at];
    let col = column_letters(heading.col);
    let (message, remedy, cells) = match doubt {
        Doubt::Fields(one, other) => {
            let (a, b) = (&ledger.field(*one).name, &ledger.field(*other).name);
            (
                Bilingual::new(
                    format!(
                        "{col}列“{}”可能是“{a}”，也可能是“{b}”，未取用",
                        heading.header
                    ),
                    format!(
                        "Column {col} “{}” may be {a} or {b}; it was not read",
                        heading.header
                    ),
                ),
                Bilingual::new(
                    format!(
                        "请在 heyan.toml 的 [headers.\"{}\"] 下写 \"{}\" = \"{a}\" 或 \"{b}\"",
                        ledger.name, heading.header
                    ),
                    format!(
                        "Write \"{}\" = \"{a}\" or \"{b}\" under [headers.\"{}\"] in heyan.toml",
                        heading.header, ledger.name
                    ),
                ),
                vec![header_cell(made, at, a)],
            )
        }
        Doubt::Columns(field, other) => {
            let name = &ledger.field(*field).name;
            let second = &segment.headings[*other];
            let other_col = column_letters(second.col);
            (
                Bilingual::new(
                    format!(
                        "{col}列“{}”与{other_col}列“{}”都像“{name}”，均未取用",
                        heading.header, second.header
                    ),
                    format!(
                        "Columns {col} “{}” and {other_col} “{}” both look like {name}; neither was read",
                        heading.header, second.header
                    ),
                ),
                Bilingual::new(
                    format!(
                        "请在 heyan.toml 的 [headers.\"{}\"] 下写明哪一列是“{name}”，或改正表头",
                        ledger.name
                    ),
                    format!(
                        "Tell under [headers.\"{}\"] in heyan.toml which of them is {name}, or correct the header",
                        ledger.name
                    ),
                ),
                vec![header_cell(made, at, name), header_cell(made, *other, name)],
            )
        }
    };
    let mut issue = of_table(made, IssueKind::AmbiguousColumn, message, remedy);
    issue.field = cells
        .first()
        .map(|cell| cell.field.clone())
        .unwrap_or_default();
    issue.cells = cells;
    issue
}

/// Tells the columns of a key where no key of the kind is complete: such records cannot be told apart or linked.
fn missing(made: &Made<'_, '_, '_>, issues: &mut Vec<Issue>) {
    let ledger = made
        .context
        .kinds
        .get(made.pending.table.segment.mapping.kind);
    let has = |field| made.ledgers.iter().any(|l| l.has(field));
    if ledger.keys.is_empty()
        || made.places.is_empty()
        || ledger
            .keys
            .iter()
            .any(|key| key.iter().all(|field| has(*field)))
    {
        return;
    }
    // The key that lacks the least.
    let Some(key) = ledger
        .keys
        .iter()
        .min_by_key(|key| key.iter().filter(|field| !has(**field)).count())
    else {
        return;
    };
    let names: Vec<&str> = key
        .iter()
        .filter(|field| !has(**field))
        .map(|field| ledger.field(*field).name.as_str())
        .collect();
    let names = names.join("、");
    let mut issue = of_table(
        made,
        IssueKind::MissingColumn,
        Bilingual::new(
            format!("台账没有“{names}”列，无法准确区分和关联各条记录"),
            format!(
                "The table has no column for {names}: its records cannot be told apart and linked for certain"
            ),
        ),
        Bilingual::new(
            format!("请补充“{names}”列"),
            format!("Add the column {names}"),
        ),
    );
    issue.field = names;
    issues.push(issue);
}

/// Rows that could not be placed, and hidden data.
pub(super) fn rows(made: &Made<'_, '_, '_>, issues: &mut Vec<Issue>) {
    let table = &made.pending.table;
    let grid = made.pending.grid;
    if !table.unclaimed.is_empty() {
        let mut issue = of_table(
            made,
            IssueKind::UnclaimedRow,
            Bilingual::new(
                format!(
                    "第{}行既不像记录，也不像合计或说明，未读入",
                    list(&table.unclaimed)
                ),
                format!(
                    "Rows {} look like neither records nor totals nor notes and were not read",
                    list(&table.unclaimed)
                ),
            ),
            Bilingual::new(
                "请核对这些行；是另一张表的，请补上可识别的表头",
                "Check these rows; if they are another table, give it a header that is known",
            ),
        );
        issue.cells = table
            .unclaimed
            .iter()
            .take(MOST)
            .filter_map(|row| {
                grid.index_of(*row)
                    .and_then(|index| grid.within(index, table.segment.cols).first())
            })
            .map(|cell| place(grid, cell.row, cell.col, "", ""))
            .collect();
        issues.push(issue);
    }
    let rows: Vec<(usize, u32)> = table
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| (at, grid.number(row.index)))
        .filter(|(_, row)| grid.row_hidden(*row))
        .collect();
    let cols: Vec<usize> = (0..table.segment.headings.len())
        .filter(|at| grid.col_hidden(table.segment.headings[*at].col))
        .collect();
    if grid.sheet.hidden || !rows.is_empty() || !cols.is_empty() {
        issues.push(hidden(made, &rows, &cols));
    }
}

fn hidden(made: &Made<'_, '_, '_>, rows: &[(usize, u32)], cols: &[usize]) -> Issue {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if made.pending.grid.sheet.hidden {
        zh.push("整张工作表".to_string());
        en.push("the whole sheet".to_string());
    }
    if !rows.is_empty() {
        let numbers: Vec<u32> = rows.iter().map(|(_, row)| *row).collect();
        zh.push(format!("{}行记录（第{}行）", rows.len(), list(&numbers)));
        en.push(format!("{} records (rows {})", rows.len(), list(&numbers)));
    }
    let headings = &made.pending.table.segment.headings;
    if !cols.is_empty() {
        let names: Vec<String> = cols
            .iter()
            .map(|at| {
                format!(
                    "{} {}",
                    column_letters(headings[*at].col),
                    headings[*at].header
                )
            })
            .collect();
        zh.push(format!("{}列（{}）", cols.len(), names.join("、")));
        en.push(format!("{} columns ({})", cols.len(), names.join(", ")));
    }
    let mut issue = of_table(
        made,
        IssueKind::HiddenData,
        Bilingual::new(
            format!("台账中有隐藏的数据：{}；已照常读入", zh.join("、")),
            format!(
                "The ledger has hidden data: {}; it was read like the rest",
                en.join(", ")
            ),
        ),
        Bilingual::new("请取消隐藏后核对", "Unhide it and check it"),
    );
    issue.records = rows
        .iter()
        .take(MOST)
        .map(|(at, row)| {
            let id = made
                .places
                .get(*at)
                .and_then(|(ledger, record)| made.ledgers[*ledger].ids.get(*record as usize));
            (id.map(ToString::to_string).unwrap_or_default(), row + 1)
        })
        .collect();
    issue.cells = cols
        .iter()
        .take(MOST)
        .map(|at| header_cell(made, *at, ""))
        .collect();
    issue
}

/// A total that differs from its rows.
pub(super) fn total(
    made: &Made<'_, '_, '_>,
    column: &FoundColumn,
    total: &TotalRow,
    value: Decimal,
    sum: Decimal,
    raw: String,
) -> Issue {
    let row = made.pending.grid.number(total.index);
    let field = made
        .context
        .kinds
        .get(made.pending.table.segment.mapping.kind)
        .field(column.field);
    let yuan = if field.ty == FieldType::Money {
        ("元", " yuan")
    } else {
        ("", "")
    };
    let (value, sum) = (value.normalize(), sum.normalize());
    let difference = (value - sum).normalize();
    let cell = address(row, column.col);
    let mut issue = of_table(
        made,
        IssueKind::TotalRowMismatch,
        Bilingual::new(
            format!(
                "{cell}“{}”的“{}”为{value}{}，其下各行之和为{sum}{}，相差{difference}{}",
                total.label, column.header, yuan.0, yuan.0, yuan.0
            ),
            format!(
                "{cell}: the {} of “{}” is {value}{}, its rows add up to {sum}{}, a difference of {difference}{}",
                total.label, column.header, yuan.1, yuan.1, yuan.1
            ),
        ),
        Bilingual::new(
            "请核对明细有无遗漏、重复或改动，更正合计",
            "Check the rows for omissions, repeats and changes, and correct the total",
        ),
    );
    place_total(&mut issue, made, column, total, raw);
    issue
}

/// A total that cannot be compared, since a row beneath it cannot be read.
pub(super) fn total_unproven(
    made: &Made<'_, '_, '_>,
    column: &FoundColumn,
    total: &TotalRow,
    raw: String,
) -> Issue {
    let cell = address(made.pending.grid.number(total.index), column.col);
    let mut issue = of_table(
        made,
        IssueKind::TotalRowMismatch,
        Bilingual::new(
            format!(
                "{cell}“{}”的“{}”与其下能识别的各行之和不等，但有的行无法识别，尚不能判定",
                total.label, column.header
            ),
            format!(
                "{cell}: the {} of “{}” is not the sum of the rows that can be read, but some row cannot be read; it is not decided",
                total.label, column.header
            ),
        ),
        Bilingual::new(
            "请先更正无法识别的金额，再核对合计",
            "Correct the amounts that cannot be read first, then compare the total",
        ),
    );
    issue.unproven = true;
    place_total(&mut issue, made, column, total, raw);
    issue
}

/// Names the cell and the row of a total.
fn place_total(
    issue: &mut Issue,
    made: &Made<'_, '_, '_>,
    column: &FoundColumn,
    total: &TotalRow,
    raw: String,
) {
    let row = made.pending.grid.number(total.index);
    let kinds = made.context.kinds;
    let kind = kinds.get(made.pending.table.segment.mapping.kind);
    let field = kind.field(column.field);
    issue.field.clone_from(&field.name);
    issue.records.push((total.label.clone(), row + 1));
    issue.cells.push(IssueCell {
        row,
        col: column.col,
        header: column.header.to_string(),
        field: field.name.clone(),
        raw,
    });
}
