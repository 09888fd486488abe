//! Cells that are filled and say nothing: `—`, `/`, `待补`.

use crate::ledger::{FieldKind, FieldType};

/// Words that say that nothing stands here, whatever the type of the field.
const NOTHING: &[&str] = &[
    "待补",
    "待补充",
    "待补录",
    "待填",
    "待填写",
    "待填报",
    "待录入",
    "未填",
    "未填写",
    "空",
    "空白",
    "暂无",
    "暂缺",
    "缺",
    "null",
    "NULL",
    "none",
    "None",
    "nil",
];

/// Words that say that there is nothing to be told; in a flag they are an answer.
const NONE: &[&str] = &["无", "没有", "不适用", "不涉及", "n/a", "N/A"];

/// Words of a period or a length on which nothing was agreed.
const NOT_AGREED: &[&str] = &[
    "未约定",
    "无约定",
    "没有约定",
    "未作约定",
    "未明确",
    "未注明",
    "未写明",
    "未载明",
    "无期限约定",
    "未约定期限",
];

/// Words of a price, a date or a number that is still to be agreed.
const TO_BE_AGREED: &[&str] = &[
    "待定",
    "未定",
    "另定",
    "待议",
    "面议",
    "另议",
    "另行约定",
    "另行协商",
    "另行确定",
    "待确定",
    "待确认",
    "未确定",
    "暂未确定",
    "尚未确定",
    "待核定",
];

/// Whether a text says that what a date is asked of was not done yet: 未验收, 尚未备案, 在建.
fn is_undone(text: &str) -> bool {
    let verb = super::fold::strip_any(text, &["尚未", "还未", "暂未", "未"]);
    let short = |verb: &str| (1..=4).contains(&verb.chars().count());
    let plain = text.chars().all(char::is_alphabetic);
    plain && (verb.is_some_and(short) || matches!(text, "在建" | "施工中" | "进行中" | "办理中"))
}

/// Whether a folded text stands for a blank cell of a field.
pub(super) fn is_empty(text: &str, field: &FieldKind) -> bool {
    if text.is_empty() {
        return true;
    }
    // Placeholders are short, but a field's own list may hold longer words.
    if text.len() <= 24 && is_placeholder(text, field.ty) {
        return true;
    }
    !field.empty.is_empty() && is_of(text, &field.empty)
}

fn is_placeholder(text: &str, ty: FieldType) -> bool {
    if text
        .bytes()
        .all(|b| matches!(b, b'-' | b'_' | b' ' | b'~' | b'.' | b'*'))
    {
        return true;
    }
    let bare = bare(text);
    let slash = text.bytes().all(|b| matches!(b, b'/' | b'\\' | b' '));
    if NOTHING.contains(&bare) {
        return true;
    }
    match ty {
        FieldType::Flag => false,
        FieldType::Period | FieldType::Length => {
            slash || NONE.contains(&bare) || NOT_AGREED.contains(&bare)
        }
        FieldType::Date if is_undone(bare) => true,
        FieldType::Money | FieldType::Number | FieldType::Percent | FieldType::Date => {
            slash || NONE.contains(&bare) || TO_BE_AGREED.contains(&bare)
        }
        _ => slash || NONE.contains(&bare),
    }
}

/// Whether a folded text is one of a field's own words for nothing.
fn is_of(text: &str, words: &[String]) -> bool {
    let bare = bare(text);
    words
        .iter()
        .any(|word| word == text || word == bare || super::fold::plain(word) == bare)
}

/// A text without brackets around the whole and without a full stop behind it: `（空）`, `无。`
fn bare(text: &str) -> &str {
    let text = text.trim_end_matches(['.', ',', ';', '!']);
    match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) if !inner.contains(['(', ')']) => inner.trim(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::is_empty;
    use crate::ledger::FieldType;
    use crate::ledger::coerce::fold::plain;
    use crate::ledger::coerce::testing::field;

    #[test]
    fn placeholders_are_nothing() {
        let money = field(FieldType::Money);
        for text in [
            "",
            " ",
            "—",
            "--",
            "---",
            "/",
            "／",
            "//",
            "－",
            "待补",
            "（空）",
            "无",
            "暂无。",
            "待补充",
            "N/A",
            "*",
        ] {
            assert!(is_empty(&plain(text), &money), "{text}");
        }
        for text in ["0", "不详", "无效", "-5", "空调"] {
            assert!(!is_empty(&plain(text), &money), "{text}");
        }
    }

    #[test]
    fn what_says_nothing_depends_on_the_type() {
        let flag = field(FieldType::Flag);
        assert!(is_empty("-", &flag));
        assert!(!is_empty("/", &flag));
        assert!(!is_empty("无", &flag));
        assert!(is_empty("未约定", &field(FieldType::Period)));
        assert!(!is_empty("未约定", &field(FieldType::Text)));
        let mut money = field(FieldType::Money);
        money.empty = vec!["见合同".into(), "据实（按量）".into()];
        assert!(is_empty("见合同", &money));
        assert!(is_empty("(见合同)", &money));
        assert!(is_empty("据实(按量)", &money));
        assert!(!is_empty("另行", &money));
        assert!(is_empty("待定", &field(FieldType::Date)));
        assert!(!is_empty("待定", &field(FieldType::Text)));
        for text in ["未验收", "尚未备案", "在建", "未开工"] {
            assert!(is_empty(text, &field(FieldType::Date)), "{text}");
            assert!(!is_empty(text, &field(FieldType::Money)), "{text}");
        }
        assert!(!is_empty("未于2024年3月1日", &field(FieldType::Date)));
        assert!(!is_empty("未知何时签订的", &field(FieldType::Date)));
    }
}
