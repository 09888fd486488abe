//! The topics, in the order and words of inspection feedback.

use crate::lang::Lang;

/// A topic 方面.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// 备案
    Filing,
    /// 签订
    Signing,
    /// 支付
    Payment,
    /// 监管
    Oversight,
    /// 资金财务
    Funds,
    /// 资产债权债务
    Assets,
    /// 议事决策
    Decisions,
    /// 数据质量
    Data,
}

impl Topic {
    /// Every topic in the order of a report.
    pub const ALL: [Self; 8] = [
        Self::Filing,
        Self::Signing,
        Self::Payment,
        Self::Oversight,
        Self::Funds,
        Self::Assets,
        Self::Decisions,
        Self::Data,
    ];

    /// The word of files and reports; the folder's name under `rules/`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Filing => "filing",
            Self::Signing => "signing",
            Self::Payment => "payment",
            Self::Oversight => "oversight",
            Self::Funds => "funds",
            Self::Assets => "assets",
            Self::Decisions => "decisions",
            Self::Data => "data",
        }
    }

    /// The topic of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.id() == id)
    }

    /// What people call it.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Filing => lang.pick("备案", "Filing"),
            Self::Signing => lang.pick("签订", "Signing"),
            Self::Payment => lang.pick("支付", "Payment"),
            Self::Oversight => lang.pick("监管", "Oversight"),
            Self::Funds => lang.pick("资金财务", "Funds"),
            Self::Assets => lang.pick("资产债权债务", "Assets and debts"),
            Self::Decisions => lang.pick("议事决策", "Decisions"),
            Self::Data => lang.pick("数据质量", "Data quality"),
        }
    }
}
