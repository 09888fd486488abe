//! Flags: √ × 是 否 有 无 已备案 未备案 齐全 缺乙方签字, and `/` for 不适用.

use super::{Coerced, Fault, Raw, date, fold, placeholder};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, FieldKind, FlagValue};

/// Whole cells that say yes.
const YES: &[&str] = &[
    "是",
    "v",
    "ⅴ",
    "对勾",
    "是的",
    "有",
    "√",
    "✓",
    "✔",
    "☑",
    "■",
    "对",
    "y",
    "yes",
    "t",
    "true",
    "1",
    "已",
    "齐全",
    "齐",
    "齐备",
    "完整",
    "完备",
    "完善",
    "合格",
    "符合",
    "具备",
    "明确",
    "约定",
    "已约定",
    "通过",
    "同意",
    "备案",
    "完成",
    "已完成",
    "到位",
    "全",
    "双方签章",
    "签章",
    "盖章",
    "签字盖章",
    "双方签字盖章",
    "双方签字",
    "双方盖章",
];

/// Whole cells that say no.
const NO: &[&str] = &[
    "否",
    "不是",
    "无",
    "没有",
    "没",
    "×",
    "✗",
    "✘",
    "☒",
    "✕",
    "❌",
    "х",
    "x",
    "n",
    "no",
    "f",
    "false",
    "0",
    "未",
    "错",
    "缺",
    "缺失",
    "不全",
    "不齐",
    "不齐全",
    "不完整",
    "不完备",
    "不合格",
    "不符合",
    "不具备",
    "不明确",
    "尚未",
    "待备案",
    "待签",
    "待签字",
    "待盖章",
    "待办",
    "办理中",
    "□",
];

/// Beginnings of what does not apply.
const NOT_APPLICABLE: &[&str] = &[
    "不适用",
    "不涉及",
    "无需",
    "无须",
    "毋需",
    "不需",
    "不必",
    "免于",
    "免予",
    "豁免",
    "非必须",
    "无变更",
    "无设计变更",
    "没有变更",
    "未变更",
    "未发生",
    "没有发生",
];

/// Words of what stays below or outside …
const BELOW: &[&str] = &[
    "未达",
    "未到",
    "达不到",
    "不到",
    "不足",
    "低于",
    "不在",
    "不属",
];

/// … the bounds within which a duty holds: 未达备案限额, 不在备案范围.
const BOUNDS: &[&str] = &["限额", "标准", "范围", "规模", "起点", "金额"];

/// Beginnings of a no.
const NEGATIVE: &[&str] = &[
    "尚未", "还未", "暂未", "未", "没有", "没", "无", "不", "缺", "欠", "漏", "仅", "只", "否",
];

/// Negative words that say that nothing is wrong, or that cannot be told without knowing the question.
const TURNED: &[&str] = &[
    "无误",
    "无异议",
    "无缺",
    "无遗漏",
    "不缺",
    "不欠",
    "无问题",
    "无不",
    "不得不",
];

/// Words of an answer that is still open.
const OPEN: &[&str] = &[
    "部分",
    "拟",
    "补",
    "正在",
    "计划",
    "预计",
    "准备",
    "将",
    "疑",
    "不详",
    "不知",
    "不清",
    "不明",
    "未知",
    "不确定",
    "?",
    "是否",
    "基本",
    "大部",
    "待",
    "改",
    "变更",
    "作废",
    "取消",
    "或",
];

/// Beginnings of a yes.
const AFFIRMATIVE: &[&str] = &[
    "已",
    "均已",
    "都已",
    "双方已",
    "全部已",
    "双方均已",
    "经",
    "是",
    "有",
];

/// Endings of a yes: what was to be done, done.
const DONE: &[&str] = &[
    "通过",
    "同意",
    "齐全",
    "完整",
    "完备",
    "签字盖章",
    "双方签章",
    "均签章",
    "均盖章",
    "均签字",
    "双方签字",
    "双方盖章",
    "约定明确",
    "条款明确",
    "表述明确",
];

/// What was done to undo something: 已遗失, 已失效.
const UNDONE: &[&str] = &[
    "遗失", "丢失", "过期", "失效", "终止", "撤销", "解除", "灭失", "损毁", "退回", "注销", "口头",
];

/// The meetings by which a village decides: a cell that names one says that the matter went through it.
const MEETINGS: &[&str] = &[
    "村民代表会议",
    "村民代表大会",
    "村民会议",
    "村民大会",
    "社员代表会议",
    "社员代表大会",
    "社员大会",
    "成员代表会议",
    "成员大会",
    "党员大会",
    "两委会",
    "两委会议",
    "村两委会",
    "村两委会议",
    "村两委联席会议",
    "联席会议",
    "四议两公开",
    "五议两公开",
    "四议一审两公开",
];

/// Reads a flag.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind) -> Coerced<'a> {
    let text = match raw {
        Raw::Bool(true) | Raw::Number(1.0) => return Coerced::datum(Datum::Flag(FlagValue::Yes)),
        Raw::Bool(false) | Raw::Number(0.0) => return Coerced::datum(Datum::Flag(FlagValue::No)),
        Raw::Text(text) => fold::plain(text),
        _ => return unreadable(Fault::OtherType),
    };
    if let Some(flag) = of_table(&text, field) {
        return Coerced::datum(Datum::Flag(flag));
    }
    if placeholder::is_empty(&text, field) {
        return Coerced::datum(Datum::Empty);
    }
    match parse(&text) {
        Some(flag) => Coerced::datum(Datum::Flag(flag)),
        None => unreadable(Fault::of_text(&text)),
    }
}

/// The value that a field's own table gives for a spelling, where it has one.
fn of_table(text: &str, field: &FieldKind) -> Option<FlagValue> {
    let choice = field
        .choices
        .iter()
        .find(|choice| choice.value == text || choice.words.iter().any(|word| word == text))?;
    match choice.value.as_str() {
        "是" => Some(FlagValue::Yes),
        "否" => Some(FlagValue::No),
        "不适用" => Some(FlagValue::NotApplicable),
        _ => None,
    }
}

/// The flag that a folded text tells; `None` where it is not certain.
fn parse(text: &str) -> Option<FlagValue> {
    let tight = fold::tight(text);
    if tight.bytes().all(|b| matches!(b, b'/' | b'\\')) {
        return Some(FlagValue::NotApplicable);
    }
    // 签章：无 names what is asked, 2024.3.1村民代表会议通过 when it was answered.
    let answer = match tight.split_once(':') {
        Some((label, rest)) if label.chars().count() <= 6 && !rest.is_empty() => rest,
        _ => match date::take(&tight) {
            Some(date) if date.span.is_some() => date.rest,
            _ => &*tight,
        },
    };
    // A bracket or a second clause is a note; it must not say the contrary. What is open is still a no.
    let mut clauses = answer
        .split([',', ';', '、', '(', ')', '.', ':', '!'])
        .filter(|clause| !clause.is_empty());
    let flag = clause(clauses.next()?)?;
    for note in clauses {
        let turns = clause(note).is_some_and(|other| other != flag)
            || note.contains('但')
            || flag != FlagValue::No && OPEN.iter().any(|word| note.contains(word))
            || flag == FlagValue::No && note.contains('已')
            || NEGATIVE.iter().any(|word| note.starts_with(word)) && flag == FlagValue::Yes;
        if turns {
            return None;
        }
    }
    Some(flag)
}

fn clause(text: &str) -> Option<FlagValue> {
    let lower = text.to_ascii_lowercase();
    if YES.contains(&lower.as_str()) {
        return Some(FlagValue::Yes);
    }
    if NO.contains(&lower.as_str()) {
        return Some(FlagValue::No);
    }
    if matches!(lower.as_str(), "n/a" | "na" | "免" | "不用")
        || starts(text, NOT_APPLICABLE)
        || contains(text, BELOW) && contains(text, BOUNDS)
    {
        return Some(FlagValue::NotApplicable);
    }
    // √是 says it twice.
    if let Some(rest) = text.strip_prefix(['√', '✓', '✔'])
        && clause(rest) == Some(FlagValue::Yes)
    {
        return Some(FlagValue::Yes);
    }
    if NO
        .iter()
        .any(|word| word.chars().count() >= 2 && text.ends_with(word))
        && !text.starts_with('有')
    {
        return Some(FlagValue::No);
    }
    if text.starts_with("已补") {
        // Late, but done.
        return Some(FlagValue::Yes);
    }
    if contains(text, OPEN) || contains(text, TURNED) || text.contains('但') || offers_two(text) {
        return None;
    }
    if starts(text, NEGATIVE) {
        return Some(FlagValue::No);
    }
    // 乙方未签字: a no that begins with who.
    if contains(text, &["未", "没", "缺", "漏", "不"]) {
        let who = starts(text, &["甲方", "乙方", "双方", "一方", "丙方", "均", "都"]);
        return who.then_some(FlagValue::No);
    }
    if contains(text, UNDONE) {
        return None;
    }
    let one_side = starts(text, &["甲方", "乙方", "丙方", "一方"]);
    let yes = starts(text, AFFIRMATIVE)
        || text.contains('已') && !one_side
        || DONE.iter().any(|word| text.ends_with(word)) && !one_side
        || MEETINGS
            .iter()
            .any(|word| text.strip_suffix("程序").unwrap_or(text).ends_with(word));
    yes.then_some(FlagValue::Yes)
}

/// Whether a text leaves two answers to choose from: 有/无. A slash between figures is a share: 2/3以上.
fn offers_two(text: &str) -> bool {
    let mut parts = text.split('/');
    let mut before = parts.next().unwrap_or_default();
    parts.any(|after| {
        let figures = before.ends_with(|c: char| c.is_ascii_digit())
            && after.starts_with(|c: char| c.is_ascii_digit());
        before = after;
        !figures
    })
}

fn starts(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.starts_with(word))
}

fn contains(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

fn unreadable<'a>(fault: Fault) -> Coerced<'a> {
    let message = match fault {
        Fault::OtherType => fault.message("是否", "yes or no"),
        _ => Bilingual::new(
            "不能确定是“是”还是“否”",
            "yes or no: which is meant is not certain",
        ),
    };
    Coerced::unreadable(
        IssueKind::UnreadableValue,
        message,
        Bilingual::new(
            "核对原件后填写 是、否 或 /（不适用）",
            "Check the document and enter 是, 否 or / (not applicable)",
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::ledger::coerce::Raw;
    use crate::ledger::coerce::testing::{assert_texts, field, print};
    use crate::ledger::{Choice, FieldType};
    use crate::read::DateSystem;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of spellings")]
    fn flags_are_read() {
        let field = field(FieldType::Flag);
        let mut pairs = Vec::new();
        for (texts, want) in [
            (
                &[
                    "是",
                    " 是 ",
                    "有",
                    "√",
                    "✓",
                    "✔",
                    "Y",
                    "yes",
                    "TRUE",
                    "1",
                    "已备案",
                    "已备案（2024-3-1）",
                    "已于2024-3-1备案",
                    "齐全",
                    "完整",
                    "双方已签章",
                    "已签字盖章",
                    "镇政府已批复",
                    "√ 是",
                    "已补备案",
                    "甲乙双方签字",
                    "2021.3.5村民代表会议",
                    "经村民代表会议2/3以上通过",
                    "四议两公开程序",
                    "2024-3-1已备案",
                    "甲乙双方已签字盖章",
                    "V",
                    "✔\u{fe0f}",
                    "条款明确",
                    "村民代表会议通过",
                    "经村民代表会议表决通过",
                    "村民代表会议",
                    "是，编号12",
                    "有违约条款",
                    "通过",
                    "（是）",
                    "是。",
                    "√ ",
                    "五议两公开",
                    "双方签字盖章",
                    "均已盖章",
                    "明确",
                ][..],
                "是",
            ),
            (
                &[
                    "否",
                    "无",
                    "×",
                    "✗",
                    "x",
                    "X",
                    "N",
                    "0",
                    "未备案",
                    "尚未备案",
                    "没有",
                    "未签章",
                    "缺乙方签字",
                    "缺失",
                    "不齐全",
                    "无违约条款",
                    "未约定",
                    "乙方未签字",
                    "签章不全",
                    "否（正在办理）",
                    "手续不齐全",
                    "签章：无",
                    "待备案",
                    "未通过",
                    "仅甲方盖章",
                    "不完整",
                ],
                "否",
            ),
            (
                &[
                    "/",
                    "／",
                    "不适用",
                    "不涉及",
                    "无需备案",
                    "不需要",
                    "N/A",
                    "免于备案",
                    "未达限额",
                    "不在备案范围",
                    "//",
                    "无变更",
                    "未发生变更",
                ],
                "不适用",
            ),
            (&["", "—", "--", "待补", "暂无", "空"], "空"),
            (
                &[
                    "○",
                    "部分齐全",
                    "甲方已签章",
                    "不知道",
                    "有/无",
                    "2024-3-1拟备案",
                    "原件已遗失",
                    "已失效",
                    "口头同意",
                    "按季度结算",
                    "拟备案",
                    "正在补办",
                    "是/否",
                    "2024-3-1",
                    "甲方已签章，乙方未签章",
                    "否，已补备案",
                    "无误",
                    "县农备〔2021〕12号",
                    "不详",
                    "2",
                    "是否",
                    "甲方签章",
                    "已备案但未盖章",
                    "违约方承担10%违约金",
                    "有缺失",
                    "补签",
                ],
                "?",
            ),
        ] {
            for text in texts {
                pairs.push((*text, want));
            }
        }
        assert_texts(&field, &pairs);
        assert_eq!(print(Raw::Bool(true), &field), "是");
        assert_eq!(print(Raw::Number(0.0), &field), "否");
        assert_eq!(print(Raw::Number(2.0), &field), "?");
        assert_eq!(
            print(Raw::Serial(45_352.0, DateSystem::From1900), &field),
            "?"
        );
    }

    #[test]
    fn a_field_may_have_a_table_of_its_own() {
        let mut field = field(FieldType::Flag);
        field.choices = vec![Choice {
            value: "是".into(),
            words: vec!["○".into()],
        }];
        assert_eq!(print(Raw::Text("○"), &field), "是");
        assert_eq!(print(Raw::Text("否"), &field), "否");
    }
}
