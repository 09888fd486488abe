//! `相似(名称, 名称)` → flag.

use std::collections::BTreeMap;

use crate::ledger::coerce::fold_party;

/// From this similarity on two names count as alike: of twelve characters at most two or three may differ.
pub const THRESHOLD: f64 = 0.8;

/// `相似(名称, 名称)`: whether the names of two projects or things are alike: [`similarity`] of at least [`THRESHOLD`].
/// Never for names of persons and firms, where one character makes another one.
pub fn similar(a: &str, b: &str) -> bool {
    similarity(a, b) >= THRESHOLD
}

/// The Dice coefficient of the pairs of neighbouring characters of two folded names, 0 to 1: twice the pairs they share,
/// over the pairs they have. Names of one character are alike only when equal.
pub fn similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (fold_party(a), fold_party(b));
    if a == b {
        return 1.0;
    }
    let pairs = |text: &str| {
        let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut pairs: BTreeMap<(char, char), u32> = BTreeMap::new();
        for pair in chars.windows(2) {
            *pairs.entry((pair[0], pair[1])).or_default() += 1;
        }
        pairs
    };
    let (a, b) = (pairs(&a), pairs(&b));
    let total: u32 = a.values().chain(b.values()).sum();
    if total == 0 {
        return 0.0;
    }
    let shared: u32 = a
        .iter()
        .map(|(pair, count)| (*count).min(b.get(pair).copied().unwrap_or(0)))
        .sum();
    f64::from(2 * shared) / f64::from(total)
}

#[cfg(test)]
mod tests {
    use super::{similar, similarity};

    #[test]
    fn names_that_differ_in_little_are_alike() {
        assert!(similar(
            "村级道路硬化提升改造工程",
            "村级道路硬化提升改造项目工程"
        ));
        assert!(!similar("村级道路硬化工程", "文化礼堂修缮工程"));
        assert!(!similar("甲", "乙"));
        assert!((similarity("甲", "甲") - 1.0).abs() < f64::EPSILON);
        assert!(similarity("", "甲乙") < f64::EPSILON);
    }
}
