//! What people decide about a case.

use crate::lang::Lang;

/// Something that a person decided and put on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Who has to put it right 责任单位（人）.
    Assign(String),
    /// Until when, ISO 整改期限.
    Due(String),
    /// What was done, or is to be known 整改情况.
    Note(String),
    /// It is excused until a day 豁免.
    Waive {
        /// Why.
        reason: String,
        /// Who approved it.
        approved_by: String,
        /// The last day on which it counts, ISO.
        expires: String,
    },
    /// What verification came to 核实结果.
    Judge {
        /// The result.
        result: Judgement,
        /// What shows it.
        evidence: String,
    },
    /// It is closed by hand 人工销号.
    Close {
        /// Number of the document and explanation.
        evidence: String,
    },
}

/// What verification of a finding came to 核实结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Judgement {
    /// 属实
    Confirmed,
    /// 部分属实
    Partly,
    /// 不属实
    Unfounded,
}

impl Judgement {
    /// Every judgement.
    pub const ALL: [Self; 3] = [Self::Confirmed, Self::Partly, Self::Unfounded];

    /// The word of the command line and of the store.
    pub fn id(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Partly => "partly",
            Self::Unfounded => "unfounded",
        }
    }

    /// What people call it.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Confirmed => lang.pick("属实", "confirmed"),
            Self::Partly => lang.pick("部分属实", "partly"),
            Self::Unfounded => lang.pick("不属实", "unfounded"),
        }
    }

    /// The judgement of a word, in either language.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim();
        Self::ALL.into_iter().find(|j| {
            j.id() == word.to_ascii_lowercase()
                || j.name(Lang::Zh) == word
                || j.name(Lang::En) == word
        })
    }
}

impl Act {
    /// The word of the store.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Assign(_) => "assign",
            Self::Due(_) => "due",
            Self::Note(_) => "note",
            Self::Waive { .. } => "waive",
            Self::Judge { .. } => "judge",
            Self::Close { .. } => "close",
        }
    }

    /// What a history says of it.
    pub fn text(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Assign(to), Lang::Zh) => format!("责任单位（人）：{to}"),
            (Self::Assign(to), Lang::En) => format!("responsible: {to}"),
            (Self::Due(on), Lang::Zh) => format!("整改期限：{on}"),
            (Self::Due(on), Lang::En) => format!("due on {on}"),
            (Self::Note(text), Lang::Zh) => format!("整改情况：{text}"),
            (Self::Note(text), Lang::En) => format!("note: {text}"),
            (
                Self::Waive {
                    reason,
                    approved_by,
                    expires,
                },
                Lang::Zh,
            ) => format!("豁免至 {expires}：{reason}（{approved_by}批准）"),
            (
                Self::Waive {
                    reason,
                    approved_by,
                    expires,
                },
                Lang::En,
            ) => format!("waived until {expires}: {reason} (approved by {approved_by})"),
            (Self::Judge { result, evidence }, Lang::Zh) => {
                format!("核实结果：{}（{evidence}）", result.name(lang))
            }
            (Self::Judge { result, evidence }, Lang::En) => {
                format!("verified: {} ({evidence})", result.name(lang))
            }
            (Self::Close { evidence }, Lang::Zh) => format!("人工销号：{evidence}"),
            (Self::Close { evidence }, Lang::En) => format!("closed by hand: {evidence}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Judgement;

    #[test]
    fn judgements_are_known_in_both_languages() {
        for (word, want) in [
            ("属实", Some(Judgement::Confirmed)),
            (" 部分属实 ", Some(Judgement::Partly)),
            ("Unfounded", Some(Judgement::Unfounded)),
            ("大概", None),
        ] {
            assert_eq!(Judgement::from_word(word), want);
        }
    }
}
