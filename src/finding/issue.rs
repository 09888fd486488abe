//! A cell, row, table or file that could not be read as it should.

use super::{
    Evidence, FileId, Finding, Fingerprint, Missing, MissingWhat, RecordRef, Severity, TableId,
    Topic, Verdict,
};
use crate::lang::{Bilingual, Lang};
use crate::read::address;

/// A cell, row, table or file that could not be read as it should 数据问题. Data, never an exception; the report tells it as a
/// finding of topic `data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// What kind of issue.
    pub kind: IssueKind,
    /// The file.
    pub file: FileId,
    /// The table, where it belongs to one.
    pub table: Option<TableId>,
    /// The sheet's name; empty for an issue of the file.
    pub sheet: String,
    /// The town and village, where one is known.
    pub town: String,
    /// The village; the file's own where none is known.
    pub village: String,
    /// The ledger kind's word (`contract`); empty where none is known.
    pub ledger: String,
    /// The field, where it concerns one.
    pub field: String,
    /// The records concerned: id and row counted from 1.
    pub records: Vec<(String, u32)>,
    /// The cells concerned.
    pub cells: Vec<IssueCell>,
    /// What is wrong.
    pub message: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
    /// Whether a part of the proof cannot be read, so that what would be a violation is undetermined here.
    pub unproven: bool,
}

/// A cell that an issue is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueCell {
    /// Row counted from zero.
    pub row: u32,
    /// Column counted from zero.
    pub col: u16,
    /// The header above it; empty where there is none.
    pub header: String,
    /// The field it was to be read as; empty where there is none.
    pub field: String,
    /// The text as it stands there.
    pub raw: String,
}

macro_rules! issue_kinds {
    ($($(#[doc = $doc:literal])+ $name:ident $id:literal $zh:literal $en:literal $severity:ident $verdict:ident;)+) => {
        /// The kinds of issue; each has its id, title, severity and the verdict of its finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum IssueKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl IssueKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word of reports, where it stands as `rule`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id),+ }
            }

            /// Its title.
            pub fn title(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($zh, $en)),+ }
            }

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }

            /// A violation where the cell itself proves it, undetermined where it only prevents judging.
            pub fn verdict(self) -> Verdict {
                match self { $(Self::$name => Verdict::$verdict),+ }
            }
        }
    };
}

issue_kinds! {
    /// A date that does not exist or is none.
    InvalidDate "invalid-date" "日期不存在或无法识别" "Date that does not exist or cannot be read" Minor Violation;
    /// An amount that is malformed or vague.
    UnparseableAmount "unparseable-amount" "金额无法识别" "Amount that cannot be read" Minor Violation;
    /// A total that differs from the sum of its rows.
    TotalRowMismatch "total-row-mismatch" "合计与明细不符" "Total that differs from its rows" Minor Violation;
    /// 大写 and digits differ.
    AmountCapitalMismatch "amount-capital-mismatch" "大写金额与小写金额不一致" "Amount in words differs from the figures" Minor Violation;
    /// A number, percentage, flag, vote or period that cannot be read.
    UnreadableValue "unreadable-value" "内容无法识别" "Value that cannot be read" Info Undetermined;
    /// A choice that is not in its table.
    UnknownChoice "unknown-choice" "选项不在对照表中" "Choice that is not in its table" Info Undetermined;
    /// An error value of the spreadsheet program.
    ErrorValue "error-value" "单元格为错误值" "Error value in a cell" Minor Undetermined;
    /// A formula whose value the file does not store.
    FormulaWithoutValue "formula-without-value" "公式没有保存计算结果" "Formula without a stored value" Info Undetermined;
    /// A period whose parts contradict the columns of their own.
    ContradictoryPeriod "contradictory-period" "期限与起止日期不一致" "Period that contradicts its own dates" Minor Undetermined;
    /// A column that the kind usually has and the table does not.
    MissingColumn "missing-column" "台账缺少该列" "Column that the table does not have" Info Undetermined;
    /// A column that is there but wholly blank.
    BlankColumn "blank-column" "整列空白" "Column that is wholly blank" Info Undetermined;
    /// A column claimed by two fields, or a field by two columns.
    AmbiguousColumn "ambiguous-column" "列的含义不能确定" "Column whose meaning is not certain" Info Undetermined;
    /// A column that no field claims.
    UnclaimedColumn "unclaimed-column" "未识别的列" "Column that no field claims" Info Undetermined;
    /// A sheet with text in which no ledger was recognised.
    UnclaimedSheet "unclaimed-sheet" "未识别为台账的工作表" "Sheet not recognised as a ledger" Info Undetermined;
    /// A row that could not be told to be data or not.
    UnclaimedRow "unclaimed-row" "未识别的行" "Row that could not be placed" Info Undetermined;
    /// A table that repeats another.
    DuplicateTable "duplicate-table" "重复的台账" "Table that repeats another" Info Undetermined;
    /// A record that stands in two tables with different values.
    ConflictingRecord "conflicting-record" "同一记录在两处内容不一致" "Record with different values in two tables" Minor Violation;
    /// Values that contradict the unit of their column.
    UnitDoubt "unit-doubt" "金额单位存疑" "Doubtful unit" Info Undetermined;
    /// A remainder below fen was rounded.
    Rounded "rounded" "金额四舍五入到分" "Amount rounded to fen" Info Undetermined;
    /// Data in hidden rows, columns or sheets.
    HiddenData "hidden-data" "隐藏的数据" "Hidden data" Info Undetermined;
    /// Text that could not be decoded.
    UndecodableText "undecodable-text" "文字编码无法识别" "Text that could not be decoded" Minor Undetermined;
    /// Two matches of a link that allows one.
    AmbiguousLink "ambiguous-link" "关联到多条记录" "Link that leads to several records" Info Undetermined;
}

impl IssueKind {
    /// The kind of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.id() == id)
    }
}

impl Issue {
    /// The issue as a finding of topic `data`, in the language of the run. `file` is the file's name; `ordinal` tells
    /// apart issues that have everything else in common (0 for the first).
    pub fn to_finding(&self, file: &str, ordinal: usize, lang: Lang) -> Finding {
        let record = self.records.first().map_or("", |(id, _)| id.as_str());
        let ordinal = if ordinal == 0 {
            String::new()
        } else {
            ordinal.to_string()
        };
        let parts = [
            self.kind.id(),
            &self.town,
            &self.village,
            &self.ledger,
            record,
            &self.field,
            &ordinal,
        ];
        let verdict = if self.unproven {
            Verdict::Undetermined
        } else {
            self.kind.verdict()
        };
        let evidence = self.cells.iter().map(|cell| Evidence {
            file: file.to_owned(),
            sheet: self.sheet.clone(),
            cell: address(cell.row, cell.col),
            header: cell.header.clone(),
            field: cell.field.clone(),
            raw: cell.raw.clone(),
            value: None,
            inferred: false,
        });
        let records = self.records.iter().map(|(id, row)| RecordRef {
            id: id.clone(),
            file: file.to_owned(),
            sheet: self.sheet.clone(),
            row: *row,
            key: id.clone(),
        });
        let missing = self
            .cells
            .iter()
            .filter(|_| verdict == Verdict::Undetermined)
            .map(|cell| Missing {
                what: MissingWhat::Cell,
                name: if cell.field.is_empty() {
                    cell.header.clone()
                } else {
                    cell.field.clone()
                },
                file: file.to_owned(),
                sheet: self.sheet.clone(),
                cell: address(cell.row, cell.col),
            });
        Finding {
            rule: self.kind.id().to_owned(),
            title: self.kind.title(lang).to_owned(),
            topic: Topic::Data,
            severity: self.kind.severity(),
            verdict,
            status: None,
            was: None,
            because: None,
            waiver: None,
            stage: None,
            fingerprint: Fingerprint::of(&parts),
            town: self.town.clone(),
            village: self.village.clone(),
            date: None,
            amount: None,
            message: self.message.get(lang).to_owned(),
            advice: self.remedy.get(lang).to_owned(),
            basis: Vec::new(),
            limits: Vec::new(),
            records: records.collect(),
            evidence: evidence.collect(),
            context: Vec::new(),
            tree: None,
            missing: missing.collect(),
            overlap: None,
            curable: true,
        }
    }
}
