//! Entries of a table: exact spellings, and near ones only where no other can be meant.

use super::{Coerced, Raw, fold, placeholder, text};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Choice, Datum, FieldKind};

/// Characters that turn a word into its contrary: no near spelling crosses them.
const NEGATIONS: &[char] = &['未', '非', '不', '无', '没', '否', '免', '勿', '莫', '反'];

/// Words behind a choice that leave it what it is: 工程类 is 工程.
const SUFFIXES: &[&str] = &["类合同", "类别", "类型", "合同", "方式", "类", "式"];

/// The shortest word that a near spelling may stand for, in characters.
const NEAR_LENGTH: usize = 4;

/// Reads a choice.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind) -> Coerced<'a> {
    let plain = match raw {
        Raw::Text(text) => fold::plain(text),
        Raw::Number(_) => match text::shown(raw, field) {
            Some(text) => text,
            None => return Coerced::datum(Datum::Empty),
        },
        _ => return unknown(&super::raw_text(raw), field),
    };
    let tight = fold::tight(&plain);
    if let Some(index) = find(&tight, &field.choices) {
        return Coerced::datum(Datum::Choice(index));
    }
    if placeholder::is_empty(&plain, field) {
        return Coerced::datum(Datum::Empty);
    }
    let found = noted(&tight, &field.choices)
        .or_else(|| numbered(&tight).and_then(|rest| find(rest, &field.choices)))
        .or_else(|| composed(&tight, &field.choices))
        .or_else(|| near(&tight, &field.choices))
        .or_else(|| told(&tight, field));
    match found {
        Some(index) => Coerced::datum(Datum::Choice(index)),
        None => unknown(&plain, field),
    }
}

/// The entry that the words of a whole text tell, of a field that may be told by words elsewhere too: a class cell that says
/// 鱼塘租赁合同 tells 租赁 as surely as a name does. It must tell one entry alone and negate nothing.
fn told(text: &str, field: &FieldKind) -> Option<u16> {
    if field.infer.is_empty() || text.contains(NEGATIONS) {
        return None;
    }
    infer(text, &field.choices, Source::Heading)
}

fn spellings(choice: &Choice) -> impl Iterator<Item = &str> {
    std::iter::once(choice.value.as_str()).chain(choice.words.iter().map(String::as_str))
}

/// The entry of a folded spelling, 类 or 合同 behind it or not; `None` for none and for two.
fn find(text: &str, choices: &[Choice]) -> Option<u16> {
    let exact = |same: &dyn Fn(&str) -> bool| {
        (0_u16..)
            .zip(choices)
            .filter(|(_, choice)| spellings(choice).any(same))
            .map(|(index, _)| index)
            .collect::<Vec<_>>()
    };
    let hits = exact(&|word| word == text || fold::tight(&fold::plain(word)) == text);
    if let Some(&first) = hits.first() {
        // A table that lists a spelling twice is the table's fault; its first entry counts.
        return Some(first);
    }
    let stem = stem(text);
    let hits = exact(&|word| self::stem(&fold::tight(&fold::plain(word))) == stem);
    match hits[..] {
        [one] => Some(one),
        _ => None,
    }
}

fn stem(text: &str) -> &str {
    SUFFIXES
        .iter()
        .find_map(|suffix| text.strip_suffix(suffix))
        .filter(|stem| stem.chars().count() >= 2)
        .unwrap_or(text)
}

/// An entry with a note in brackets behind it: 公开招标（线上）. The note must not name another entry or a change.
fn noted(text: &str, choices: &[Choice]) -> Option<u16> {
    let open = text.find('(').filter(|&at| at > 0)?;
    let (note, rest) = fold::take_bracket(&text[open..])?;
    if !rest.is_empty() {
        return None;
    }
    let index = find(&text[..open], choices)?;
    // 直接发包（未达限额） gives the reason, and negates nothing.
    let reason = ["限额", "标准", "小额", "零星", "起点"]
        .iter()
        .any(|word| note.contains(word));
    let changes = note.contains(NEGATIONS) && !reason
        || ["原", "改", "变更", "后", "拟", "流标", "废标", "取消"]
            .iter()
            .any(|word| note.contains(word));
    let other = (0_u16..).zip(choices).any(|(at, choice)| {
        at != index
            && spellings(choice).any(|word| word.chars().count() >= 2 && note.contains(word))
    });
    (!changes && !other).then_some(index)
}

/// What stands behind a number in front of a choice: `1.租赁`, `②工程`.
fn numbered(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || ('①'..='⑳').contains(&c));
    if rest.len() == text.len() {
        return None;
    }
    Some(rest.trim_start_matches(['.', '、', ')', '-', ':']))
}

/// Words that stand between or around the spellings of an entry and leave it what it is.
const FILLERS: &[&str] = &[
    "县", "市", "区", "镇", "乡", "街道", "村", "级", "网上", "线上", "线下", "进行", "通过", "的",
    "在", "(", ")", "/", "-", "、", "方式", "形式", "类", "合同",
];

/// The one entry whose spellings, two at least or with fillers around them, make up a whole text: 镇招投标中心公开交易 where
/// both 镇招投标中心 and 公开交易 are spellings of 平台交易.
fn composed(text: &str, choices: &[Choice]) -> Option<u16> {
    let mut found = None;
    for (index, choice) in (0_u16..).zip(choices) {
        let words: Vec<&str> = spellings(choice)
            .filter(|word| word.chars().count() >= 2)
            .collect();
        if covers(text, &words) {
            if found.is_some() {
                return None;
            }
            found = Some(index);
        }
    }
    found
}

/// Whether words and fillers make up a whole text, with one word at least.
fn covers(text: &str, words: &[&str]) -> bool {
    if !words.iter().any(|word| text.contains(word)) {
        return false;
    }
    // From each place, whether it is reached, and whether by a word.
    let mut reached = vec![(false, false); text.len() + 1];
    reached[0].0 = true;
    for at in 0..text.len() {
        let (bare, with_word) = reached[at];
        let Some(rest) = text.get(at..).filter(|_| bare || with_word) else {
            continue;
        };
        for word in words.iter().filter(|word| rest.starts_with(**word)) {
            reached[at + word.len()].1 = true;
        }
        for filler in FILLERS.iter().filter(|filler| rest.starts_with(**filler)) {
            let next = &mut reached[at + filler.len()];
            next.0 |= bare;
            next.1 |= with_word;
        }
    }
    reached[text.len()].1
}

/// The one entry of which a spelling differs by one replaced or two swapped characters.
fn near(text: &str, choices: &[Choice]) -> Option<u16> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() < NEAR_LENGTH {
        return None;
    }
    let mut found = None;
    for (index, choice) in (0_u16..).zip(choices) {
        if spellings(choice).any(|word| is_near(&chars, word)) {
            if found.is_some() {
                return None;
            }
            found = Some(index);
        }
    }
    found
}

fn is_near(text: &[char], word: &str) -> bool {
    let word: Vec<char> = fold::tight(&fold::plain(word)).chars().collect();
    if word.len() != text.len() {
        return false;
    }
    let differ: Vec<usize> = (0..word.len()).filter(|&at| word[at] != text[at]).collect();
    let negated = |at: usize| NEGATIONS.contains(&word[at]) || NEGATIONS.contains(&text[at]);
    match differ[..] {
        [one] => !negated(one),
        [a, b] => {
            b == a + 1 && word[a] == text[b] && word[b] == text[a] && !negated(a) && !negated(b)
        }
        _ => false,
    }
}

/// How much a text that a choice is inferred from says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ledger) enum Source {
    /// A name, whose head stands last: 工程预算编制服务合同 is a service.
    Name,
    /// A heading, a sheet's name or a title: it must name one entry alone.
    Heading,
}

/// Whether what stands behind a word makes it part of the name of a body or of a party: 合作社, 建设有限公司, 服务中心, 承包方.
fn names_a_body(rest: &str) -> bool {
    const BODIES: &[&str] = &[
        "社", "有限", "公司", "中心", "站", "局", "部", "队", "处", "办", "院", "所", "单位", "方",
        "人", "户", "集团", "厂", "商", "股",
    ];
    BODIES.iter().any(|body| rest.starts_with(body))
}

/// The entry whose words stand in a text; `None` where none does, or it is not certain which.
pub(in crate::ledger) fn infer(text: &str, choices: &[Choice], source: Source) -> Option<u16> {
    // Each occurrence as (end, start, entry).
    let mut found: Vec<(usize, usize, u16)> = Vec::new();
    for (index, choice) in (0_u16..).zip(choices) {
        for word in spellings(choice).filter(|word| !word.is_empty()) {
            found.extend(
                text.match_indices(word)
                    .map(|(start, word)| (start + word.len(), start, index))
                    .filter(|&(end, ..)| !names_a_body(&text[end..])),
            );
        }
    }
    // A word within a longer one says nothing of its own: 承包 in 工程承包.
    let within = |inner: &(usize, usize, u16)| {
        found.iter().any(|outer| {
            outer.1 <= inner.1 && outer.0 >= inner.0 && outer.0 - outer.1 > inner.0 - inner.1
        })
    };
    let free: Vec<_> = found.iter().filter(|hit| !within(hit)).copied().collect();
    let last = *free.iter().max()?;
    let contrary = text[..last.1].ends_with(NEGATIONS);
    let certain = match source {
        Source::Name => free.iter().all(|hit| hit.0 < last.0 || hit.2 == last.2),
        Source::Heading => free.iter().all(|hit| hit.2 == last.2),
    };
    (certain && !contrary).then_some(last.2)
}

fn unknown<'a>(text: &str, field: &FieldKind) -> Coerced<'a> {
    Coerced::unreadable(
        IssueKind::UnknownChoice,
        Bilingual::new(
            format!("“{text}”不在“{}”的对照表中", field.name),
            format!("“{text}” is none of the entries of `{}`", field.en),
        ),
        Bilingual::new(
            "改用对照表中的写法，或在台账种类文件的 choices 中补充这种写法",
            "Use an entry of the table, or add this spelling to `choices` in the ledger kind's file",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::{Source, infer};
    use crate::ledger::coerce::Raw;
    use crate::ledger::coerce::testing::{assert_texts, field, print};
    use crate::ledger::{Choice, FieldType};

    fn choices(table: &[(&str, &[&str])]) -> Vec<Choice> {
        table
            .iter()
            .map(|(value, words)| Choice {
                value: (*value).into(),
                words: words.iter().map(|&word| word.into()).collect(),
            })
            .collect()
    }

    fn methods() -> Vec<Choice> {
        choices(&[
            ("公开招标", &["镇招投标中心公开交易"]),
            ("邀请招标", &[]),
            ("直接发包", &["直接委托", "自行采购（线下）"]),
            ("询价", &["询价采购"]),
        ])
    }

    #[test]
    fn a_class_cell_tells_what_a_name_would() {
        let mut field = field(FieldType::Choice);
        field.choices = choices(&[("租赁", &["出租"]), ("承包", &["发包"]), ("工程", &[])]);
        let asked = &[
            ("鱼塘租赁合同", "租赁"),
            ("机动地发包合同", "承包"),
            ("租赁或承包", "?"),
            ("非租赁合同", "?"),
            ("光伏合作", "?"),
        ];
        field.infer = vec!["合同名称".into()];
        assert_texts(&field, asked);
        field.infer.clear();
        assert_texts(&field, &[("鱼塘租赁合同", "?")]);
    }

    #[test]
    fn choices_are_read() {
        let mut field = field(FieldType::Choice);
        field.choices = methods();
        assert_texts(
            &field,
            &[
                ("公开招标", "公开招标"),
                (" 公开 招标 ", "公开招标"),
                ("公开招标方式", "公开招标"),
                ("镇招投标中心公开交易", "公开招标"),
                ("自行采购(线下)", "直接发包"),
                ("公开招标（线上）", "公开招标"),
                ("直接发包（未达限额）", "直接发包"),
                ("公开招标（未成）", "?"),
                ("1.公开招标", "公开招标"),
                ("③询价", "询价"),
                ("公开招标", "公开招标"),
                ("公开昭标", "公开招标"),
                ("公招开标", "公开招标"),
                ("邀清招标", "邀请招标"),
                ("直接委拖", "直接发包"),
                ("", "空"),
                ("/", "空"),
                ("—", "空"),
                ("无", "空"),
                ("未公开招标", "?"),
                ("非公开招标", "?"),
                ("不开招标", "?"),
                ("招标", "?"),
                ("要求招标", "?"),
                ("公开招标（原直接发包）", "?"),
                ("公开招标/邀请招标", "?"),
                ("询介", "?"),
                ("竞争性谈判", "?"),
            ],
        );
        assert_eq!(print(Raw::Bool(true), &field), "?");
    }

    #[test]
    fn spellings_of_one_entry_may_stand_together() {
        let mut field = field(FieldType::Choice);
        field.choices = choices(&[
            ("平台交易", &["镇招投标中心", "公开交易", "产权交易平台"]),
            ("公开招标", &["招标"]),
            ("直接发包", &["委托"]),
        ]);
        assert_texts(
            &field,
            &[
                ("镇招投标中心公开交易", "平台交易"),
                ("县产权交易平台", "平台交易"),
                ("镇招投标中心（公开交易）", "平台交易"),
                ("网上公开招标", "公开招标"),
                ("未公开招标", "?"),
                ("公开招标委托", "?"),
                ("镇", "?"),
                ("招投标", "?"),
            ],
        );
    }

    #[test]
    fn a_spelling_near_two_entries_is_neither() {
        let mut field = field(FieldType::Choice);
        field.choices = choices(&[("公开招标", &[]), ("公开招租", &[])]);
        assert_eq!(print(Raw::Text("公开招租"), &field), "公开招租");
        assert_eq!(print(Raw::Text("公开招表"), &field), "?");
    }

    #[test]
    fn a_class_is_inferred_from_what_stands_last() {
        let table = choices(&[
            ("租赁", &["资产出租", "出租"]),
            ("承包", &["资源发包"]),
            ("工程", &["工程建设", "工程承包"]),
            ("服务", &["服务"]),
            ("采购", &["物资采购"]),
        ]);
        for (text, source, want) in [
            ("荒山承包合同", Source::Name, Some("承包")),
            ("老粮站二楼租赁合同", Source::Name, Some("租赁")),
            ("工程预算编制服务合同", Source::Name, Some("服务")),
            ("路面硬化工程承包合同", Source::Name, Some("工程")),
            ("热水器采购合同", Source::Name, Some("采购")),
            ("合作协议", Source::Name, None),
            ("一、资产出租", Source::Heading, Some("租赁")),
            ("合同台账", Source::Heading, None),
            ("工程和租赁合同台账", Source::Heading, None),
            ("非工程", Source::Heading, None),
            (
                "付款表 填报单位：李庄村股份经济合作社",
                Source::Heading,
                None,
            ),
            ("李庄村建设工程有限公司", Source::Name, None),
            ("党群服务中心改造工程", Source::Name, Some("工程")),
            ("承租方、出租方一览", Source::Heading, None),
        ] {
            let got =
                infer(text, &table, source).map(|index| table[usize::from(index)].value.as_str());
            assert_eq!(got, want, "{text}");
        }
    }
}
