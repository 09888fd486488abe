//! One line of the list with its evidence, as a template takes it: every text made visible, none escaped yet.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::finding::{Finding, Status, Tree, TreeValue, Verdict};
use crate::lang::Lang;
use crate::report::address;
use crate::report::clean::visible;
use crate::report::labels;
use crate::report::view::Line;

/// Nodes of a condition that are shown.
const NODES: usize = 60;

/// Columns and rows of an excerpt that are shown.
const COLUMNS: usize = 30;
const ROWS: usize = 40;

/// One line.
#[derive(Serialize)]
pub(super) struct Entry {
    id: String,
    number: usize,
    village_index: usize,
    topic_id: &'static str,
    topic: &'static str,
    severity_id: &'static str,
    severity: String,
    states: String,
    title: String,
    key: String,
    amount: String,
    tags: Vec<String>,
    message: String,
    parts: Vec<Part>,
}

/// One finding of the line.
#[derive(Serialize)]
struct Part {
    title: String,
    message: String,
    facts: String,
    cells: Vec<CellRow>,
    excerpts: Vec<Excerpt>,
    tree: Vec<Node>,
    laws: Vec<Law>,
    limits: Vec<String>,
    missing: String,
    advice: String,
    waiver: String,
    rule: String,
    fingerprint: String,
}

#[derive(Serialize)]
struct CellRow {
    place: String,
    header: String,
    raw: String,
    value: String,
}

#[derive(Serialize)]
struct Excerpt {
    place: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Column {
    letters: String,
    header: String,
}

#[derive(Serialize)]
struct Row {
    number: u32,
    cells: Vec<Excerpted>,
}

#[derive(Clone, Default, Serialize)]
struct Excerpted {
    text: String,
    marked: bool,
}

#[derive(Serialize)]
struct Node {
    depth: usize,
    class: &'static str,
    sign: &'static str,
    text: String,
    value: String,
}

#[derive(Serialize)]
struct Law {
    cited: String,
    text: String,
}

impl Entry {
    /// Of a line; the village's place is what the filter compares.
    pub(super) fn of(line: &Line<'_>, village_index: usize, lang: Lang) -> Self {
        let finding = line.finding;
        let mut tags = Vec::new();
        if finding.verdict == Verdict::Undetermined {
            tags.push(finding.verdict.name(lang).to_owned());
        }
        let standing = labels::standing(finding, lang);
        if !standing.is_empty() {
            tags.push(standing);
        }
        if line.frequent {
            tags.push(labels::frequent(lang).to_owned());
        }
        Self {
            id: finding.fingerprint.as_str().replace(':', "-"),
            number: line.number,
            village_index,
            topic_id: finding.topic.id(),
            topic: finding.topic.name(lang),
            severity_id: finding.severity.id(),
            severity: format!(
                "{} {}",
                labels::sign(finding.severity),
                finding.severity.name(lang)
            ),
            states: states(line),
            title: shown(&finding.title),
            key: finding
                .records
                .first()
                .map(|record| shown(&record.key))
                .unwrap_or_default(),
            amount: line
                .amount()
                .map(|amount| labels::money(amount, lang))
                .unwrap_or_default(),
            tags,
            message: shown(&finding.message),
            parts: line
                .findings()
                .enumerate()
                .map(|(index, finding)| part(finding, index > 0, lang))
                .collect(),
        }
    }
}

/// The words that the status filter looks for.
fn states(line: &Line<'_>) -> String {
    let mut states = Vec::new();
    if line.waived() {
        states.push("waived");
    } else if line.finding.verdict == Verdict::Undetermined {
        states.push("undetermined");
    } else if line.trial() {
        states.push("trial");
    } else {
        states.push("violation");
    }
    match line.finding.status {
        Some(Status::New) => states.push("new"),
        Some(Status::Unchanged) => states.push("unchanged"),
        None => {}
    }
    states.join(" ")
}

fn shown(text: &str) -> String {
    visible(text).into_owned()
}

fn part(finding: &Finding, titled: bool, lang: Lang) -> Part {
    let between = lang.pick("、", ", ");
    let mut facts = Vec::new();
    if let Some(amount) = finding.amount {
        facts.push(format!(
            "{} {}",
            lang.pick("涉及", "at stake"),
            labels::money(amount, lang)
        ));
    }
    if let Some(date) = &finding.date {
        facts.push(shown(date));
    }
    let records: Vec<String> = finding
        .records
        .iter()
        .take(12)
        .map(|record| match lang {
            Lang::Zh => format!("{}（第{}行）", visible(&record.key), record.row),
            Lang::En => format!("{} (row {})", visible(&record.key), record.row),
        })
        .collect();
    facts.push(records.join(between));
    let missing: Vec<String> = finding
        .missing
        .iter()
        .map(|missing| {
            format!(
                "{} {} {}",
                labels::what(missing.what, lang),
                visible(&missing.name),
                labels::place(&missing.file, &missing.sheet, &missing.cell)
            )
        })
        .collect();
    let mut tree = Vec::new();
    if let Some(root) = &finding.tree {
        nodes(root, 0, &mut tree);
    }
    Part {
        title: if titled {
            shown(&finding.title)
        } else {
            String::new()
        },
        message: shown(&finding.message),
        facts: facts.join(" · "),
        cells: finding
            .evidence
            .iter()
            .map(|cell| CellRow {
                place: labels::place(&cell.file, &cell.sheet, &cell.cell),
                header: shown(&cell.header),
                raw: labels::raw(&cell.raw, lang),
                value: match (&cell.value, cell.inferred) {
                    (Some(value), true) => {
                        format!("{}{}", visible(value), lang.pick("（推断）", " (inferred)"))
                    }
                    (Some(value), false) => shown(value),
                    (None, _) => String::new(),
                },
            })
            .collect(),
        excerpts: excerpts(finding, lang),
        tree,
        laws: laws(finding, lang),
        limits: finding
            .limits
            .iter()
            .map(|limit| labels::limit(limit, lang))
            .collect(),
        missing: missing.join(between),
        advice: shown(&finding.advice),
        waiver: finding
            .waiver
            .as_ref()
            .map(|waiver| labels::waiver(waiver, lang))
            .unwrap_or_default(),
        rule: shown(&finding.rule),
        fingerprint: finding.fingerprint.to_string(),
    }
}

fn laws(finding: &Finding, lang: Lang) -> Vec<Law> {
    if finding.basis.is_empty() {
        return vec![Law {
            cited: labels::hint(finding, lang).to_owned(),
            text: String::new(),
        }];
    }
    finding
        .basis
        .iter()
        .map(|provision| Law {
            cited: labels::cited(provision, lang),
            text: shown(&provision.text),
        })
        .collect()
}

/// The nodes of a condition, in the order they are read.
fn nodes(tree: &Tree, depth: usize, into: &mut Vec<Node>) {
    if into.len() >= NODES {
        return;
    }
    let (class, sign, value) = match &tree.value {
        TreeValue::True => ("true", "✓", String::new()),
        TreeValue::False => ("false", "✗", String::new()),
        TreeValue::Unknown => ("unknown", "?", String::new()),
        TreeValue::Value(value) => ("value", "·", shown(value)),
    };
    into.push(Node {
        depth: depth.min(5),
        class,
        sign,
        text: shown(&tree.text),
        value,
    });
    for part in &tree.parts {
        nodes(part, depth + 1, into);
    }
}

/// The source rows as small tables, one for each sheet, with the deciding cells marked.
fn excerpts(finding: &Finding, lang: Lang) -> Vec<Excerpt> {
    let marked: BTreeSet<(&str, &str, &str)> = finding
        .evidence
        .iter()
        .map(|cell| (cell.file.as_str(), cell.sheet.as_str(), cell.cell.as_str()))
        .collect();
    let mut sheets: Vec<(&str, &str)> = Vec::new();
    for row in &finding.context {
        let sheet = (row.file.as_str(), row.sheet.as_str());
        if !sheets.contains(&sheet) {
            sheets.push(sheet);
        }
    }
    sheets
        .into_iter()
        .map(|(file, sheet)| {
            let mut columns: BTreeMap<u32, String> = BTreeMap::new();
            let rows: Vec<_> = finding
                .context
                .iter()
                .filter(|row| (row.file.as_str(), row.sheet.as_str()) == (file, sheet))
                .take(ROWS)
                .collect();
            for cell in rows.iter().flat_map(|row| &row.cells) {
                if let Some((_, column)) = address::parse(&cell.cell) {
                    columns.entry(column).or_default();
                }
            }
            for cell in &finding.evidence {
                if (cell.file.as_str(), cell.sheet.as_str()) == (file, sheet)
                    && let Some((_, column)) = address::parse(&cell.cell)
                {
                    let header = columns.entry(column).or_default();
                    // A title has no header, and leaves that of the column below it.
                    if !cell.header.is_empty() {
                        *header = shown(&cell.header);
                    }
                }
            }
            let columns: Vec<(u32, String)> = columns.into_iter().take(COLUMNS).collect();
            Excerpt {
                place: labels::place(file, sheet, ""),
                rows: rows
                    .iter()
                    .map(|row| Row {
                        number: row.row,
                        cells: columns
                            .iter()
                            .map(|(column, _)| {
                                let at = format!("{}{}", address::letters(*column), row.row);
                                let marked = marked.contains(&(file, sheet, at.as_str()));
                                let text = row
                                    .cells
                                    .iter()
                                    .find(|cell| cell.cell == at)
                                    .map_or("", |cell| cell.raw.as_str());
                                Excerpted {
                                    text: if marked {
                                        labels::raw(text, lang)
                                    } else {
                                        shown(text)
                                    },
                                    marked,
                                }
                            })
                            .collect(),
                    })
                    .collect(),
                columns: columns
                    .iter()
                    .map(|(column, header)| Column {
                        letters: address::letters(*column),
                        header: header.clone(),
                    })
                    .collect(),
            }
        })
        .collect()
}
