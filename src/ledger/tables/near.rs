//! How alike two header words are.

/// Likeness below which two words are not taken for one another.
pub(super) const LEAST: f64 = 0.70;

/// Characters that turn a word into another when they are there in one of two words only: 开工 is not 竣工, 未付 not 已付,
/// 预付款 not 付款, 送审价 not 审定价.
const TELLING: &str = "未不非无免反预应实已累欠余原新副甲乙丙起止自至始终开竣验收审监设勘理质保押缴退首尾次期末进结决算送核定减增变更计划上下前后年季月日天大小写出入借贷正负旧名号价款量率比例方类别地址电话账户卡证件面积评标投招中流转主备公档归签概估农亩催成转让商提动解";

/// Words that may stand before a header without changing what it means: 出租资产名称, 小型工程名称, 会议决议编号.
const BEFORE: &[&str] = &[
    "合同", "项目", "小型", "建设", "村级", "村", "集体", "出租", "租赁", "承包", "发包", "会议",
    "具体", "所属", "对应", "相关", "主要", "最终", "本", "该", "单位", "档案", "镇", "经济",
    "施工", "农村", "三资", "资源", "资产", "各", "其",
];

/// Characters that add nothing to what a header means.
const NEUTRAL: &str = "本该各其此村组社集体具主要基相关所及与和或是否情况信息填写之为的同合项目";

/// How alike two words are in canonical form, 0 to 1; 0 where what differs changes the meaning.
///
/// The measure is twice the longest common subsequence over the length of both. What is left over decides: only neutral
/// characters (该, 主要 …) raise it, a telling one (未, 预, 开/竣, 甲/乙) makes it 0.
pub(super) fn likeness(a: &[char], b: &[char]) -> f64 {
    if a == b {
        return 1.0;
    }
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    if short < 2 || long > 24 || short * 3 < long {
        return 0.0;
    }
    if !a.iter().any(|c| b.contains(c)) {
        return 0.0;
    }
    // What a header ends with says what it is.
    if b.len() >= 3 && a.ends_with(b) && is_before(&a[..a.len() - b.len()]) {
        return 0.84;
    }
    let (common, mut left) = leftovers(a, b);
    #[expect(clippy::cast_precision_loss, reason = "words are short")]
    let likeness = 2.0 * common as f64 / (a.len() + b.len()) as f64;
    if likeness < 0.6 {
        return 0.0;
    }
    if left.iter().all(|c| NEUTRAL.contains(*c)) {
        return (likeness + 0.12).min(0.97);
    }
    left.retain(|c| !NEUTRAL.contains(*c));
    if left.iter().any(|c| TELLING.contains(*c)) {
        return 0.0;
    }
    // The last character is the head of the word: 委托方 is not 委托方式.
    let head = if a.last() == b.last() { 0.0 } else { 0.15 };
    let foreign = if left.len() >= 2 { 0.06 } else { 0.0 };
    let brief = if short < 3 { 0.1 } else { 0.0 };
    likeness - head - foreign - brief
}

/// Whether characters are nothing but words that may stand before a header.
fn is_before(chars: &[char]) -> bool {
    let text: String = chars.iter().collect();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let Some(word) = BEFORE.iter().find(|word| rest.starts_with(**word)) else {
            return false;
        };
        rest = &rest[word.len()..];
    }
    true
}

/// Whether two words differ by one replaced character of five or more, or two swapped ones of four or more: a slip of the
/// pen. Not where one of them changes the meaning.
pub(super) fn is_slip(a: &[char], b: &[char]) -> bool {
    if a.len() != b.len() || a.len() < 4 {
        return false;
    }
    let differing: Vec<usize> = (0..a.len()).filter(|at| a[*at] != b[*at]).collect();
    match differing[..] {
        [at] => a.len() >= 5 && !TELLING.contains(a[at]) && !TELLING.contains(b[at]),
        [at, next] => next == at + 1 && a[at] == b[next] && a[next] == b[at],
        _ => false,
    }
}

/// The length of the longest common subsequence, and the characters of both that are not of it.
fn leftovers(a: &[char], b: &[char]) -> (usize, Vec<char>) {
    let width = b.len() + 1;
    let mut table = vec![0_usize; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] = if a[i] == b[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut left) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
        } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
            left.push(a[i]);
            i += 1;
        } else {
            left.push(b[j]);
            j += 1;
        }
    }
    left.extend(&a[i..]);
    left.extend(&b[j..]);
    (table[0], left)
}

#[cfg(test)]
mod tests {
    use super::{LEAST, likeness};
    use crate::ledger::tables::normal::canonical;

    fn alike(a: &str, b: &str) -> f64 {
        let chars = |text: &str| canonical(text).chars().collect::<Vec<_>>();
        likeness(&chars(a), &chars(b))
    }

    #[test]
    fn near_spellings_are_near() {
        for (a, b) in [
            ("本次付款金额", "付款金额"),
            ("合同签订日期", "签订日期"),
            ("村集体合同编号", "合同编号"),
        ] {
            assert!(alike(a, b) >= LEAST, "{a} {b} {}", alike(a, b));
        }
    }

    #[test]
    fn slips_are_taken_for_what_they_are() {
        let slip = |a: &str, b: &str| {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            super::is_slip(&a, &b)
        };
        assert!(slip("合同签汀日期", "合同签订日期") && slip("合同编号", "合同号编"));
        assert!(
            !slip("开工日期", "竣工日期")
                && !slip("甲方名称", "乙方名称")
                && !slip("签汀日", "签订日")
        );
    }

    #[test]
    fn opposites_are_not() {
        for (a, b) in [
            ("开工日期", "竣工日期"),
            ("甲方名称", "乙方名称"),
            ("未付款金额", "付款金额"),
            ("预付款金额", "付款金额"),
            ("累计付款金额", "付款金额"),
            ("备案日期", "备案编号"),
            ("起始日期", "终止日期"),
            ("送审金额", "审定金额"),
            ("应收金额", "实收金额"),
        ] {
            assert!(alike(a, b) < LEAST, "{a} {b} {}", alike(a, b));
        }
    }
}
