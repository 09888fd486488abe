//! The known name that an unknown one is most likely meant to be.

use unicode_normalization::UnicodeNormalization;

/// The nearest of the known names, first come first served; `None` where none is near.
///
/// Near is: the same after NFKC and without blanks; one of the two contains the other (two characters at least); the same
/// characters in another order; or an optimal-string-alignment distance of at most a third of the longer name.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(word);
    known
        .into_iter()
        .filter_map(|name| score(&wanted, &folded(name)).map(|score| (score, name)))
        .min_by_key(|(score, _)| *score)
        .map(|(_, name)| name)
}

fn folded(word: &str) -> Vec<char> {
    word.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'))
        .collect()
}

/// How far apart two names are, in hundredths of the longer one; `None` where they are not near.
fn score(word: &[char], name: &[char]) -> Option<usize> {
    let longer = word.len().max(name.len());
    let shorter = word.len().min(name.len());
    if longer == 0 {
        return None;
    }
    if word == name {
        return Some(0);
    }
    let distance = distance(word, name);
    let mut near = (distance * 3 <= longer || (distance == 1 && shorter >= 2))
        .then_some(distance * 100 / longer);
    if sorted(word) == sorted(name) {
        near = near.min(Some(40)).or(Some(40));
    }
    // 工程台账 is meant as 工程项目: half of the name in one piece.
    if near.is_none() && common(word, name) >= 2.max(longer.div_ceil(2)) {
        near = Some(70);
    }
    if shorter >= 2 && (contains(word, name) || contains(name, word)) {
        near = near
            .min(Some(40 + (longer - shorter) * 20 / longer))
            .or(Some(40 + (longer - shorter) * 20 / longer));
    }
    near
}

/// The length of the longest piece that two names share.
fn common(a: &[char], b: &[char]) -> usize {
    (1..=a.len().min(b.len()))
        .rev()
        .find(|&length| a.windows(length).any(|piece| contains(b, piece)))
        .unwrap_or(0)
}

fn sorted(word: &[char]) -> Vec<char> {
    let mut word = word.to_vec();
    word.sort_unstable();
    word
}

fn contains(long: &[char], short: &[char]) -> bool {
    long.windows(short.len()).any(|part| part == short)
}

/// Characters to insert, remove, replace or swap with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let known = ["签订日期", "备案日期", "合同金额", "发包方式", "乙方"];
        for (word, want) in [
            ("签定日期", Some("签订日期")),
            ("签 订日期", Some("签订日期")),
            ("日期备案", Some("备案日期")),
            ("金额", Some("合同金额")),
            ("合同金额（元）", Some("合同金额")),
            ("发包方工", Some("发包方式")),
            ("天气", None),
            ("丙方", Some("乙方")),
        ] {
            assert_eq!(nearest(word, known), want, "{word}");
        }
        assert_eq!(nearest("sevrity", ["severity", "stage"]), Some("severity"));
        assert_eq!(nearest("law-date", ["law_date"]), Some("law_date"));
    }
}
