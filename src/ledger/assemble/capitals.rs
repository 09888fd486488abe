//! The amount in words beside the figures: the two must agree.

use super::{FoundRow, Plan, Work};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::coerce::{ColumnUnit, Raw, raw_text};
use crate::ledger::{Datum, LedgerKind};

/// The amount in words, and the fields whose figures it repeats: the first that the kind has.
const AMOUNT_IN_WORDS: &str = "大写金额";
const AMOUNT_IN_FIGURES: &[&str] = &["合同金额", "付款金额", "收款金额"];

/// The columns of the amount in words and of the figures, where a table has both.
pub(super) fn columns(kind: &LedgerKind, plans: &[Plan<'_, '_>]) -> Option<(usize, usize)> {
    let position = |name: &str| {
        let field = kind.find(name)?;
        plans
            .iter()
            .position(|plan| plan.field == field && plan.is_money())
    };
    position(AMOUNT_IN_WORDS).zip(AMOUNT_IN_FIGURES.iter().find_map(|name| position(name)))
}

impl<'a> Work<'_, 'a> {
    /// Compares the amount in words with the figures.
    pub(super) fn compare_capitals(&mut self, record: u32, row: &FoundRow<'a>) {
        let Some((words, figures)) = self.capitals else {
            return;
        };
        let (Datum::Money(in_words), Datum::Money(in_figures)) =
            (self.reads[words], self.reads[figures])
        else {
            return;
        };
        let off = in_words.abs_diff(in_figures);
        if off == 0 {
            return;
        }
        let cell = |at: usize| row.cells[self.plans[at].cell];
        // 12.35万元 may be 123,456元 rounded to the places shown; it says nothing against the words.
        if off <= rounding(cell(figures).raw, self.plans[figures].unit) {
            return;
        }
        let cells = [words, figures]
            .iter()
            .map(|&at| self.plans[at].issue_cell(row.row, cell(at)))
            .collect();
        let yuan = |fen: i64| Datum::Money(fen).decimal().unwrap_or_default();
        let (words_yuan, figures_yuan) = (yuan(in_words), yuan(in_figures));
        let field = self.plans[figures].kind.name.clone();
        self.push_issue(
            IssueKind::AmountCapitalMismatch,
            &field,
            vec![record],
            cells,
            Bilingual::new(
                format!("大写金额为 {words_yuan} 元，{field}为 {figures_yuan} 元，两者不一致"),
                format!(
                    "the amount in words is {words_yuan} yuan, the figures say {figures_yuan} yuan"
                ),
            ),
            Bilingual::new(
                "对照合同或凭证原件，更正填错的一处",
                "Compare with the contract or voucher and correct the one that is wrong",
            ),
        );
    }
}

/// The most that figures of a 万元 column may be off by the places they show, in fen; 0 for figures in yuan and for
/// fewer than two places.
fn rounding(raw: Raw<'_>, unit: ColumnUnit) -> u64 {
    let Raw::Number(number) = raw else {
        return 0;
    };
    let text = raw_text(Raw::Number(number));
    let places = text
        .split_once('.')
        .map_or(0, |(_, places)| u32::try_from(places.len()).unwrap_or(0));
    if unit.money == 0 || places < 2 {
        return 0;
    }
    // Half of the last place shown: 12.35万元 is good to 50元, which is 5,000 fen.
    10_u64
        .checked_pow((unit.money + 2).saturating_sub(places))
        .map_or(0, |last| last / 2)
}
