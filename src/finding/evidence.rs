//! Cells, records and conditions that decided a finding.

/// One cell that decided a finding, empty ones too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The file's name in the report.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// The A1 address of the stored cell; empty where the words stand in the sheet's name.
    pub cell: String,
    /// The header above it.
    pub header: String,
    /// The field it was read as.
    pub field: String,
    /// Its text as it stands there.
    pub raw: String,
    /// Its value as reports print it; `None` where empty or unreadable.
    pub value: Option<String>,
    /// Whether the value was inferred from the cell, not read in it.
    pub inferred: bool,
}

/// A record that a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordRef {
    /// The record's id.
    pub id: String,
    /// The file's name in the report.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// Its row, counted from 1.
    pub row: u32,
    /// Its first key, for people.
    pub key: String,
}

/// A source row as context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The file's name in the report.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: u32,
    /// The cells of the row that were read, by column.
    pub cells: Vec<ContextCell>,
}

/// One cell of a source row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextCell {
    /// The A1 address.
    pub cell: String,
    /// The text as it stands there.
    pub raw: String,
}

/// A condition as it was evaluated, node by node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The author's text of the node.
    pub text: String,
    /// What it came to.
    pub value: TreeValue,
    /// Its operands.
    pub parts: Vec<Tree>,
}

/// What a node of a condition came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeValue {
    /// ✓
    True,
    /// ✗
    False,
    /// ? : cannot be decided.
    Unknown,
    /// A value, printed.
    Value(String),
}

impl TreeValue {
    /// As reports spell it: `true`, `false`, `unknown`, or the value.
    pub fn text(&self) -> &str {
        match self {
            Self::True => "true",
            Self::False => "false",
            Self::Unknown => "unknown",
            Self::Value(value) => value,
        }
    }
}

/// Something whose lack keeps a rule from being decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What is missing.
    pub what: MissingWhat,
    /// The field's, ledger's or limit's name.
    pub name: String,
    /// The file's name, for a cell or column.
    pub file: String,
    /// The sheet's name, for a cell or column.
    pub sheet: String,
    /// The A1 address, for a cell.
    pub cell: String,
}

/// What can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MissingWhat {
    /// An empty or unreadable cell.
    Cell,
    /// A column that the table does not have.
    Column,
    /// A ledger that the village did not supply.
    Ledger,
    /// A limit that nobody set, or that has no value on the date.
    Limit,
}

impl MissingWhat {
    /// The word of reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::Column => "column",
            Self::Ledger => "ledger",
            Self::Limit => "limit",
        }
    }
}
