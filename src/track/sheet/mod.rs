//! 整改台账.xlsx: goes out to those who put things right, and comes back filled in.

mod export;
mod import;

pub use export::export;
pub(in crate::track) use import::changes_of;
pub use import::{Clash, ClashKind, Filled, Imported, Line, SheetRow, read_filled};

use super::{Act, Case};
use crate::lang::Lang;

/// A column that people fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// 责任单位（人）
    Responsible,
    /// 整改期限
    Due,
    /// 整改情况
    Note,
    /// 核实结果
    Result,
    /// 核实依据
    ResultEvidence,
    /// 处理文号及说明
    Closing,
}

impl Field {
    /// Every column that people fill in, in the order of the sheet.
    pub const ALL: [Self; 6] = [
        Self::Responsible,
        Self::Due,
        Self::Note,
        Self::Result,
        Self::ResultEvidence,
        Self::Closing,
    ];

    /// Its header.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Responsible => lang.pick("责任单位（人）", "Responsible"),
            Self::Due => lang.pick("整改期限", "Due"),
            Self::Note => lang.pick("整改情况", "What was done"),
            Self::Result => lang.pick("核实结果", "Verified"),
            Self::ResultEvidence => lang.pick("核实依据", "Verified by"),
            Self::Closing => lang.pick(
                "处理文号及说明（销号）",
                "Document and explanation (closes)",
            ),
        }
    }

    /// What it holds for a case.
    fn of(self, case: &Case) -> String {
        match self {
            Self::Responsible => case.responsible.clone(),
            Self::Due => case.due.clone(),
            Self::Note => case.note.clone(),
            Self::Result => case
                .judged
                .as_ref()
                .map_or("", |(result, _)| result.name(Lang::Zh))
                .to_owned(),
            Self::ResultEvidence => case.judged.as_ref().map_or("", |(_, text)| text).to_owned(),
            Self::Closing => case.closed.clone(),
        }
    }

    /// What it held after some acts.
    pub(super) fn after(self, acts: &[Act]) -> String {
        let of = |act: &Act| match (self, act) {
            (Self::Responsible, Act::Assign(text))
            | (Self::Due, Act::Due(text))
            | (Self::Note, Act::Note(text))
            | (Self::Closing, Act::Close { evidence: text })
            | (Self::ResultEvidence, Act::Judge { evidence: text, .. }) => Some(text.clone()),
            (Self::Result, Act::Judge { result, .. }) => Some(result.name(Lang::Zh).to_owned()),
            _ => None,
        };
        acts.iter().rev().find_map(of).unwrap_or_default()
    }
}
