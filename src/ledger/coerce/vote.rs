//! The result of a vote in one cell: 应到36人，实到33人，同意31人.

use std::borrow::Cow;

use super::{Coerced, Parts, Raw, Value, fold, number, numeral, placeholder};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, FieldKind};

/// What a number of a vote counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Expected,
    Present,
    Agreed,
    Opposed,
    Abstained,
    /// Something else, whose number is passed over: 请假3人.
    Other,
}

/// The words of each count, longer ones before those that they hold.
const WORDS: &[(&str, Count)] = &[
    ("应到会", Count::Expected),
    ("应参加", Count::Expected),
    ("应出席", Count::Expected),
    ("应参会", Count::Expected),
    ("应到", Count::Expected),
    ("总人数", Count::Expected),
    ("实际到会", Count::Present),
    ("实际参加", Count::Present),
    ("实到会", Count::Present),
    ("实到", Count::Present),
    ("实参加", Count::Present),
    ("参加表决", Count::Present),
    ("参会", Count::Present),
    ("到会", Count::Present),
    ("出席", Count::Present),
    ("不同意", Count::Opposed),
    ("不赞成", Count::Opposed),
    ("反对", Count::Opposed),
    ("同意", Count::Agreed),
    ("赞成", Count::Agreed),
    ("赞同", Count::Agreed),
    ("弃权", Count::Abstained),
    ("请假", Count::Other),
    ("缺席", Count::Other),
    ("列席", Count::Other),
];

/// Words between a count and its number.
const BETWEEN: &[&str] = &[
    "代表", "党员", "社员", "村民", "人数", "票数", "的", "为", "有", "共", "数", "人", "票", ":",
    "=", " ",
];

/// Reads a vote.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind) -> Coerced<'a> {
    let Raw::Text(text) = raw else {
        return unreadable();
    };
    let plain = fold::plain(text);
    if placeholder::is_empty(&plain, field) {
        return Coerced::datum(Datum::Empty);
    }
    match parse(&plain) {
        Some(parts) => Coerced {
            value: Value::Text {
                text: match super::text::shown(raw, field) {
                    Some(text) => text,
                    None => Cow::Borrowed(text),
                },
                folded: None,
            },
            parts,
            issue: None,
        },
        None => unreadable(),
    }
}

/// The numbers that a text tells; `None` where it tells none, or one count twice.
fn parse(text: &str) -> Option<Parts> {
    if text.contains("分之") {
        // A share of the members is no number of them.
        return None;
    }
    let mut parts = Parts::default();
    let mut rest = text;
    // The number may stand before its word (36人应到) or behind (应到36人); the first of the cell decides.
    let mut number_first = None;
    let mut number: Option<u32> = None;
    let mut count: Option<Count> = None;
    while let Some(c) = rest.chars().next() {
        if let Some((found, behind)) = take_number(rest, count.is_some()) {
            number_first.get_or_insert(count.is_none());
            rest = behind;
            if number_first == Some(true) {
                number = Some(found);
            } else if let Some(of) = count.take() {
                note(&mut parts, of, found)?;
            }
        } else if let Some((of, behind)) = take_count(rest) {
            let behind_all = behind;
            rest = behind;
            if number_first == Some(true)
                && let Some(found) = number.take()
            {
                note(&mut parts, of, found)?;
            } else {
                if number_first == Some(true) {
                    return None;
                }
                count = Some(of);
                rest = skip_between(behind_all);
            }
        } else if let Some(behind) = take_unanimous(rest) {
            // All that were there agreed: their number is told, nobody opposed or abstained.
            rest = behind;
            let present = parts.present?;
            note(&mut parts, Count::Agreed, present)?;
        } else {
            if !matches!(c, ' ' | '(' | ')') && "，,;；.。、".contains(c) {
                count = None;
                number = number.filter(|_| number_first == Some(true) && c == ' ');
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    let any = parts.expected.is_some()
        || parts.present.is_some()
        || parts.agreed.is_some()
        || parts.opposed.is_some()
        || parts.abstained.is_some();
    any.then_some(parts)
}

/// A number of people; one in words only where a count waits for it or people are counted, as 两 in 两委会 counts none.
fn take_number(text: &str, awaited: bool) -> Option<(u32, &str)> {
    let (number, rest) = if let Some((number, _, rest)) = number::take_whole(text) {
        (number, rest)
    } else {
        let (number, rest) = numeral::take(text)?;
        (u32::try_from(number).ok()?, rest)
    };
    // 一致 is no count.
    if rest.starts_with('致') {
        return None;
    }
    let rest = rest.trim_start();
    let counted = awaited || text.starts_with(|c: char| c.is_ascii_digit());
    if !counted && fold::strip_any(rest, &["人", "名", "票", "位", "户"]).is_none() {
        return None;
    }
    Some((
        number,
        fold::strip_any(rest, &["人次", "人", "名", "票", "位", "户"]).unwrap_or(rest),
    ))
}

fn take_count(text: &str) -> Option<(Count, &str)> {
    WORDS
        .iter()
        .find_map(|&(word, count)| text.strip_prefix(word).map(|rest| (count, rest)))
}

fn take_unanimous(text: &str) -> Option<&str> {
    fold::strip_any(
        text,
        &[
            "全票同意",
            "全票通过",
            "全部同意",
            "全体同意",
            "一致同意",
            "一致通过",
            "一致表决通过",
        ],
    )
}

fn skip_between(mut text: &str) -> &str {
    while let Some(rest) = fold::strip_any(text, BETWEEN) {
        text = rest;
    }
    text
}

/// Notes a count; `None` where it was told before with another number.
fn note(parts: &mut Parts, count: Count, number: u32) -> Option<()> {
    let slot = match count {
        Count::Expected => &mut parts.expected,
        Count::Present => &mut parts.present,
        Count::Agreed => &mut parts.agreed,
        Count::Opposed => &mut parts.opposed,
        Count::Abstained => &mut parts.abstained,
        Count::Other => return Some(()),
    };
    let before = slot.replace(number);
    (before.is_none() || before == Some(number)).then_some(())
}

fn unreadable<'a>() -> Coerced<'a> {
    Coerced::unreadable(
        IssueKind::UnreadableValue,
        Bilingual::new(
            "没有识别出应到、实到、同意等人数",
            "no numbers of members expected, present or in favour were found",
        ),
        Bilingual::new(
            "按会议记录填写，例如 应到36人，实到33人，同意31人",
            "Enter the numbers of the minutes, as 应到36人，实到33人，同意31人",
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::ledger::FieldType;
    use crate::ledger::coerce::testing::field;
    use crate::ledger::coerce::{ColumnUnit, Parts, Raw, cell};

    #[test]
    fn votes_are_read() {
        let field = field(FieldType::Vote);
        let parts = |expected: u32, present: u32, agreed: u32| Parts {
            expected: Some(expected),
            present: Some(present),
            agreed: Some(agreed),
            ..Parts::default()
        };
        let against = Parts {
            opposed: Some(1),
            abstained: Some(1),
            ..parts(36, 33, 31)
        };
        for (text, want) in [
            ("应到36人，实到33人，同意31人", parts(36, 33, 31)),
            ("应到36人，实到33人，同意31票，反对1票，弃权1票", against),
            ("应到36，实到33，同意31", parts(36, 33, 31)),
            ("两委会：应到36人，参会33人，同意31人", parts(36, 33, 31)),
            ("应到代表36人、实到33人、赞成31人", parts(36, 33, 31)),
            ("应到会36人;实际到会33人;同意31人", parts(36, 33, 31)),
            ("应到：36人 实到：33人 同意：31人", parts(36, 33, 31)),
            ("36人应到，33人实到，31人同意", parts(36, 33, 31)),
            (
                "应到三十六人，实到三十三人，同意三十一人",
                parts(36, 33, 31),
            ),
            ("应到36人，实到33人，全票通过", parts(36, 33, 33)),
            ("应到36人，实到33人，一致同意", parts(36, 33, 33)),
            ("应到人数36，实到人数33，同意人数31", parts(36, 33, 31)),
            (
                "应到36人，请假3人，实到33人，同意31人，不同意1人，弃权1人",
                against,
            ),
        ] {
            let read = cell(Raw::Text(text), &field, ColumnUnit::default());
            assert_eq!(read.parts, want, "{text}");
            assert_eq!(read.issue, None, "{text}");
        }
        for text in [
            "33/36",
            "全票通过",
            "通过",
            "三分之二同意",
            "同意31人，同意30人",
        ] {
            let read = cell(Raw::Text(text), &field, ColumnUnit::default());
            assert!(read.issue.is_some(), "{text}");
        }
    }
}
