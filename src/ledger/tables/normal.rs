//! Header and label texts folded for comparison.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::units::{self, UnitWord};
use crate::ledger::quick::QuickHash;

/// A text without blanks, line breaks and zero-width characters, in NFKC and lower case.
pub(super) fn plain(text: &str) -> String {
    text.nfkc()
        .filter(|c| !is_blank(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a character is a blank of any width.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}')
}

/// A header text taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parsed {
    /// Everything but punctuation and unit brackets: `乙方（承包方）` is `乙方承包方`.
    pub(super) full: String,
    /// Without its brackets and what they hold: `乙方`.
    pub(super) bare: String,
    /// What the brackets hold, units left out: `承包方`.
    pub(super) inside: Vec<String>,
    /// The parts between slashes, where there are several.
    pub(super) parts: Vec<String>,
    /// The unit that it names.
    pub(super) unit: UnitWord,
}

/// Takes a header text apart.
pub(super) fn parse(text: &str) -> Parsed {
    let plain = plain(text);
    let plain = without_ordinal(&plain);
    let mut parsed = Parsed::default();
    let mut bracket = String::new();
    let mut depth = 0_usize;
    let mut outside = String::new();
    let mut all = String::new();
    for c in plain.chars() {
        match c {
            '(' | '[' | '【' | '〔' | '{' => {
                depth += 1;
                if depth == 1 {
                    bracket.clear();
                    continue;
                }
            }
            ')' | ']' | '】' | '〕' | '}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    close(&mut parsed, &mut all, &bracket);
                    continue;
                }
            }
            _ => {}
        }
        if depth == 0 {
            outside.push(c);
            all.push(c);
        } else {
            bracket.push(c);
        }
    }
    if depth > 0 {
        // A bracket that is never closed.
        close(&mut parsed, &mut all, &bracket);
    }
    let cut = cut_unit(&mut parsed, &outside);
    if cut < outside.len() && all.ends_with(&outside[cut..]) {
        all.truncate(all.len() - (outside.len() - cut));
    }
    let outside = &outside[..cut];
    if outside.contains(['/', '、', '或', '及']) {
        parsed.parts = outside
            .split(['/', '、', '或', '及'])
            .map(letters)
            .filter(|part| part.chars().count() >= 2)
            .collect();
        if parsed.parts.len() < 2 {
            parsed.parts.clear();
        }
    }
    parsed.bare = letters(outside);
    parsed.full = letters(&all);
    parsed
}

fn close(parsed: &mut Parsed, all: &mut String, bracket: &str) {
    if let Some(unit) = units::of_bracket(bracket) {
        parsed.unit = parsed.unit.or(unit);
    } else {
        all.push_str(bracket);
        let inside = letters(bracket);
        if !inside.is_empty() {
            parsed.inside.push(inside);
        }
    }
}

/// Cuts a unit that stands behind the words without brackets; returns where the words end.
fn cut_unit(parsed: &mut Parsed, outside: &str) -> usize {
    if parsed.unit.money.is_none()
        && !parsed.unit.percent
        && let Some((rest, unit)) = units::of_suffix(outside)
    {
        parsed.unit = parsed.unit.or(unit);
        return rest.len();
    }
    outside.len()
}

/// Only letters, digits and `%`.
pub(super) fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric() || *c == '%')
        .collect()
}

/// Without `1.`, `①`, `(3)` or `*` in front of the words. Digits that belong to the words (`2023年`) stay.
fn without_ordinal(text: &str) -> &str {
    let text = text.trim_start_matches(['*', '★', '☆', '●', '•', '·', '-']);
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() < text.len()
        && let Some(rest) = digits.strip_prefix(['.', '、', ')', ':'])
        && rest.chars().next().is_some_and(|c| !c.is_ascii_digit())
    {
        return rest;
    }
    if let Some(rest) = text.strip_prefix('(') {
        let inner = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if inner.len() < rest.len()
            && let Some(rest) = inner.strip_prefix(')')
            && !rest.is_empty()
        {
            return rest;
        }
    }
    text
}

/// Words that mean the same in a header, the longer first: `(from, to)`.
///
/// They are the usual variants of everyday Chinese, not of any one ledger: 时间 for 日期, 金额 for 价款, 单位 for 人.
const SAME: &[(&str, &str)] = &[
    ("送审", "送审"),
    ("报审", "送审"),
    ("审计", "审定"),
    ("审核", "审定"),
    ("审价", "审定价"),
    ("质量保证金", "质保金"),
    ("工程质保金", "质保金"),
    ("保修金", "质保金"),
    ("租赁期", "合同期"),
    ("承包期", "合同期"),
    ("承租期", "合同期"),
    ("出租期", "合同期"),
    ("租用期", "合同期"),
    ("履约期", "合同期"),
    ("履行期", "合同期"),
    ("服务期", "合同期"),
    ("经营期", "合同期"),
    ("流转期", "合同期"),
    ("最近一次", "最近"),
    ("最后一次", "最近"),
    ("最后", "最近"),
    ("末次", "最近"),
    ("已收", "实收"),
    ("已缴", "实收"),
    ("已交", "实收"),
    ("实缴", "实收"),
    ("实交", "实收"),
    ("应缴", "应收"),
    ("应交", "应收"),
    ("尚欠", "欠收"),
    ("拖欠", "欠收"),
    ("欠缴", "欠收"),
    ("欠交", "欠收"),
    ("欠收", "欠收"),
    ("未收", "欠收"),
    ("未缴", "欠收"),
    ("承包款", "租金"),
    ("承包费", "租金"),
    ("承包金", "租金"),
    ("租赁费", "租金"),
    ("租赁款", "租金"),
    ("赞成", "同意"),
    ("出席", "到会"),
    ("参会", "到会"),
    ("形式", "方式"),
    ("招投标", "招标"),
    ("单位名称", "方"),
    ("方名称", "方"),
    ("方单位", "方"),
    ("人名称", "方"),
    ("人姓名", "方"),
    ("方姓名", "方"),
    ("年月日", "日期"),
    ("总金额", "价"),
    ("总价款", "价"),
    ("总造价", "价"),
    ("价款总额", "价"),
    ("金额", "价"),
    ("价款", "价"),
    ("价格", "价"),
    ("总价", "价"),
    ("造价", "价"),
    ("数额", "价"),
    ("总额", "价"),
    ("时间", "日期"),
    ("年月", "日期"),
    ("签定", "签订"),
    ("签署", "签订"),
    ("签约", "签订"),
    ("订立", "签订"),
    ("编号", "号"),
    ("号码", "号"),
    ("文号", "号"),
    ("字号", "号"),
    ("名称", "名"),
    ("姓名", "名"),
    ("单位", "方"),
    ("公司", "方"),
    ("企业", "方"),
    ("机构", "方"),
    ("完工", "竣工"),
    ("截止", "终止"),
    ("到期", "终止"),
    ("届满", "终止"),
    ("期满", "终止"),
    ("结束", "终止"),
    ("起止", "起止"),
    ("开始", "起始"),
    ("协议", "合同"),
    ("工程项目", "项目"),
    ("建设项目", "项目"),
    ("工程", "项目"),
    ("付款", "付"),
    ("支付", "付"),
    ("拨付", "付"),
    ("收款", "收"),
    ("是否", ""),
    ("有无", ""),
    ("已否", ""),
    ("与否", ""),
    ("情况", ""),
    ("状况", ""),
    ("本次", ""),
    ("本期", ""),
    ("本笔", ""),
    ("的", ""),
];

/// What adds nothing at the end of a header.
const TAILS: &[&str] = &["合计", "总计", "标准", "登记", "信息", "栏", "列"];

/// Single characters that mean the same at the end of a header.
const SAME_AT_END: &[(char, &str)] = &[
    ('日', "日期"),
    ('额', "价"),
    ('人', "方"),
    ('者', "方"),
    ('户', "方"),
];

/// [`SAME`] by the first character of what is replaced, in its order.
static SAME_BY_FIRST: LazyLock<HashMap<char, Vec<(&str, &str)>, QuickHash>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Vec<(&str, &str)>, QuickHash> = HashMap::default();
    for &(from, to) in SAME {
        by_first
            .entry(from.chars().next().unwrap_or_default())
            .or_default()
            .push((from, to));
    }
    by_first
});

/// The canonical form of a folded header: variants of a word become one.
pub(super) fn canonical(letters: &str) -> String {
    let by_first = &*SAME_BY_FIRST;
    let mut out = String::with_capacity(letters.len());
    let mut rest = letters;
    for tail in TAILS {
        if let Some(short) = rest.strip_suffix(tail)
            && short.chars().count() >= 2
        {
            rest = short;
        }
    }
    while let Some(c) = rest.chars().next() {
        let same = by_first.get(&c).map_or(&[][..], Vec::as_slice);
        if let Some((from, to)) = same.iter().find(|(from, _)| rest.starts_with(from)) {
            out.push_str(to);
            rest = &rest[from.len()..];
        } else {
            let after = &rest[c.len_utf8()..];
            match SAME_AT_END.iter().find(|(end, _)| *end == c) {
                Some((_, to)) if after.is_empty() && !out.is_empty() => out.push_str(to),
                _ => out.push(c),
            }
            rest = after;
        }
    }
    if out.is_empty() { letters.into() } else { out }
}

#[cfg(test)]
mod tests {
    use super::{canonical, parse, plain};

    #[test]
    fn blanks_breaks_and_widths_do_not_matter() {
        for (text, want) in [
            ("备  注", "备注"),
            ("合同价\n（万元）", "合同价(万元)"),
            ("Ｎｏ．", "no."),
            ("序\u{3000}号", "序号"),
        ] {
            assert_eq!(plain(text), want);
        }
    }

    #[test]
    fn headers_come_apart() {
        for (text, full, bare, money) in [
            ("乙方（承包方）", "乙方承包方", "乙方", None),
            ("合同价款（万元）", "合同价款", "合同价款", Some(4)),
            ("合同金额/元", "合同金额", "合同金额", Some(0)),
            ("合同金额 万元", "合同金额", "合同金额", Some(4)),
            ("*合同（协议）编号", "合同协议编号", "合同编号", None),
            ("3.付款日期：", "付款日期", "付款日期", None),
            ("(2)付款日期", "付款日期", "付款日期", None),
            ("金额(单位：人民币千元", "金额", "金额", Some(3)),
        ] {
            let parsed = parse(text);
            assert_eq!(
                (parsed.full.as_str(), parsed.bare.as_str()),
                (full, bare),
                "{text}"
            );
            assert_eq!(parsed.unit.money, money, "{text}");
        }
        assert_eq!(parse("工程名称/项目名称").parts, ["工程名称", "项目名称"]);
    }

    #[test]
    fn variants_become_one() {
        for (a, b) in [
            ("签约时间", "签订日期"),
            ("合同总金额", "合同价款"),
            ("监理单位", "监理人"),
            ("是否备案", "备案情况"),
            ("支付时间", "付款日期"),
            ("工程名称", "项目名称"),
        ] {
            assert_eq!(canonical(a), canonical(b));
        }
        assert_ne!(canonical("开工日期"), canonical("竣工日期"));
        assert_ne!(canonical("甲方"), canonical("乙方"));
    }
}
