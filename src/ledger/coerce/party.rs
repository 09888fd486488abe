//! Persons, firms and identifiers: the text is kept, a folded form is compared.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::{Coerced, Parts, Raw, Value, text};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, FieldKind, FieldType};

/// Reads a party or an identifier.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind) -> Coerced<'a> {
    if field.ty == FieldType::Id && lost_digits(raw) {
        return Coerced::unreadable(
            IssueKind::UnreadableValue,
            Bilingual::new(
                "编号以数字存储，超过15位的部分已经丢失",
                "the identifier was stored as a number and lost its digits beyond the fifteenth",
            ),
            Bilingual::new(
                "把单元格设为文本格式后，按原件重新填写",
                "Format the cell as text and enter the identifier anew from the document",
            ),
        );
    }
    let Some(text) = text::shown(raw, field) else {
        return Coerced::datum(Datum::Empty);
    };
    let folded = match fold_party(&text) {
        Cow::Borrowed(same) if same.len() == text.len() => None,
        folded => Some(Cow::Owned(folded.into_owned())),
    };
    Coerced {
        value: Value::Text { text, folded },
        parts: Parts::default(),
        issue: None,
    }
}

/// Whether an identifier went through a number that cannot hold it: a spreadsheet program keeps fifteen digits, and shows
/// and exports longer ones as 3.30381E+17.
fn lost_digits(raw: Raw<'_>) -> bool {
    match raw {
        Raw::Number(number) => number.abs() >= 1e15,
        Raw::Text(text) => {
            let text = text.trim();
            let Some((mantissa, exponent)) = text.split_once("E+") else {
                return false;
            };
            let figures = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            mantissa.contains('.') && figures(mantissa) && exponent.parse::<u8>().is_ok()
        }
        _ => false,
    }
}

/// Folds a name for comparison: NFKC, blanks, brackets, dashes, letters in one case, 有限公司/公司.
pub fn fold_party(text: &str) -> Cow<'_, str> {
    if is_folded(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkc() {
        match c {
            c if c.is_whitespace() || c.is_control() => {}
            '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{fe0f}' => {}
            '[' | '{' | '〔' | '【' | '〖' | '⟨' | '〈' => out.push('('),
            ']' | '}' | '〕' | '】' | '〗' | '⟩' | '〉' => out.push(')'),
            '—' | '–' | '−' | '‐' | '‑' | '‒' | '―' | '─' => out.push('-'),
            '·' | '•' | '・' | '∙' | '‧' => out.push('·'),
            c if c.is_ascii_lowercase() => out.push(c.to_ascii_uppercase()),
            c => out.push(c),
        }
    }
    // The legal form is left out of half the cells; what is before it tells the firm.
    for (long, short) in [("有限责任公司", "公司"), ("有限公司", "公司")] {
        if out.contains(long) {
            out = out.replace(long, short);
        }
    }
    Cow::Owned(out)
}

/// Whether a text is certain to stay as it is.
fn is_folded(text: &str) -> bool {
    let plain = text.bytes().all(|b| {
        matches!(b, 0x21..=0x7e)
            && !b.is_ascii_lowercase()
            && !matches!(b, b'[' | b']' | b'{' | b'}')
            || (0x80..=0xbf).contains(&b)
            || (0xe4..=0xe9).contains(&b)
    });
    plain && !text.contains("有限")
}

#[cfg(test)]
mod tests {
    use super::fold_party;
    use crate::ledger::FieldType;
    use crate::ledger::coerce::Raw;
    use crate::ledger::coerce::testing::{field, print};

    #[test]
    fn spellings_of_one_name_fold_to_one() {
        for names in [
            &[
                "朗川市政工程（岚溪）有限公司",
                "朗川市政工程(岚溪)有限公司 ",
                "朗川市政工程 （岚溪）公司",
                "朗川市政工程【岚溪】有限责任公司",
            ][..],
            &[
                "坪岭工〔2021〕2号",
                "坪岭工(2021)2号",
                "坪岭工［２０２１］２号",
                "坪岭工[2021]2 号",
            ],
            &[
                "HT-2021-001",
                "ht-2021-001",
                "ＨＴ－２０２１－００１",
                "HT—2021—001",
            ],
        ] {
            for name in names {
                assert_eq!(fold_party(name), fold_party(names[0]), "{name}");
            }
        }
        assert_ne!(
            fold_party("朗川建设有限公司"),
            fold_party("朗川建筑有限公司")
        );
        assert_ne!(fold_party("HT-2021-001"), fold_party("HT-2021-01"));
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        for name in [
            "A（b） c有限责任公司",
            "李 四",
            "①号",
            "有限公司",
            "有有限公司限公司",
        ] {
            let once = fold_party(name).into_owned();
            if !once.contains("有限公司") {
                assert_eq!(fold_party(&once), once, "{name}");
            }
        }
    }

    #[test]
    fn identifiers_stay_text() {
        let id = field(FieldType::Id);
        for (raw, want) in [
            (Raw::Number(216_101.0), "216101"),
            (Raw::Text("'0012"), "0012"),
            (Raw::Text("HT-2021-001 "), "HT-2021-001"),
            (Raw::Text("无"), "空"),
            (Raw::Text("/"), "空"),
            (
                Raw::Text("256416  （档案编号256407-3）"),
                "256416  （档案编号256407-3）",
            ),
        ] {
            assert_eq!(print(raw, &id), want);
        }
        assert_eq!(print(Raw::Text("/"), &field(FieldType::Party)), "空");
        for lost in [
            Raw::Number(330_381_199_001_011_234.0),
            Raw::Text("3.30381E+17"),
        ] {
            assert_eq!(print(lost, &id), "?");
        }
        assert_eq!(
            print(Raw::Text("330381199001011234"), &id),
            "330381199001011234"
        );
        assert_eq!(print(Raw::Text("2E+1"), &id), "2E+1");
    }
}
