//! `档(分档表, 金额)` → text.

use rust_decimal::Decimal;

use crate::rules::Tier;

/// `档(分档表, 金额)`: the entry of the last tier that begins at or below an amount; `None` below the first tier.
pub fn tier(tiers: &[Tier], amount: Decimal) -> Option<&str> {
    tiers
        .iter()
        .rev()
        .find(|tier| tier.from <= amount)
        .map(|tier| tier.entry.as_str())
}

#[cfg(test)]
mod tests {
    use super::tier;
    use crate::rules::Tier;

    #[test]
    fn a_tier_holds_from_its_amount_on() {
        let tiers: Vec<Tier> = [(0, "自行"), (50_000, "询价"), (400_000, "招标")]
            .map(|(from, entry)| Tier {
                from: from.into(),
                entry: entry.to_owned(),
            })
            .into();
        for (amount, want) in [
            (0, Some("自行")),
            (49_999, Some("自行")),
            (50_000, Some("询价")),
            (400_000, Some("招标")),
            (-1, None),
        ] {
            assert_eq!(tier(&tiers, amount.into()), want, "{amount}");
        }
    }
}
