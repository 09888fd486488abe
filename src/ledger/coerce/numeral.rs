//! Chinese numerals: 一百二十万, 壹拾贰万叁仟, 廿三, 二〇二四.

/// What a character of a numeral stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// 零 to 九.
    Digit(u8),
    /// 十 百 千.
    Unit(u16),
    /// 廿 卅 卌.
    Tens(u8),
    /// 万 亿.
    Big(u32),
}

/// 万, the section that Chinese counts in.
const TEN_THOUSAND: u32 = 10_000;

fn sign(c: char) -> Option<Sign> {
    Some(match c {
        '零' | '〇' | '○' => Sign::Digit(0),
        '一' | '壹' | '弌' => Sign::Digit(1),
        '二' | '贰' | '貳' | '两' | '兩' | '弍' => Sign::Digit(2),
        '三' | '叁' | '參' | '叄' => Sign::Digit(3),
        '四' | '肆' => Sign::Digit(4),
        '五' | '伍' => Sign::Digit(5),
        '六' | '陆' | '陸' => Sign::Digit(6),
        '七' | '柒' => Sign::Digit(7),
        '八' | '捌' => Sign::Digit(8),
        '九' | '玖' => Sign::Digit(9),
        '十' | '拾' => Sign::Unit(10),
        '百' | '佰' => Sign::Unit(100),
        '千' | '仟' => Sign::Unit(1000),
        '廿' => Sign::Tens(20),
        '卅' => Sign::Tens(30),
        '卌' => Sign::Tens(40),
        '万' | '萬' => Sign::Big(TEN_THOUSAND),
        '亿' | '億' => Sign::Big(100_000_000),
        _ => return None,
    })
}

/// A single digit, 零 to 九.
pub(super) fn digit(c: char) -> Option<u8> {
    match sign(c) {
        Some(Sign::Digit(digit)) => Some(digit),
        _ => None,
    }
}

/// Splits the numeral characters at the front of a text off.
fn split(text: &str) -> (&str, &str) {
    let end = text
        .char_indices()
        .find(|&(_, c)| sign(c).is_none())
        .map_or(text.len(), |(at, _)| at);
    text.split_at(end)
}

/// A numeral at the front of a text and what stands behind it.
///
/// `None` where there is none, or where its signs are not those of one certain number: 一百二 may be 102 or 120.
pub(super) fn take(text: &str) -> Option<(u64, &str)> {
    let (numeral, rest) = split(text);
    Some((value(numeral)?, rest))
}

/// Digits one after another, 二〇二四, at the front of a text and what stands behind them; at most eighteen.
pub(super) fn take_positional(text: &str) -> Option<(u64, usize, &str)> {
    let mut value = 0_u64;
    let mut digits = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let Some(digit) = digit(c) else {
            break;
        };
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
        digits += 1;
        end = at + c.len_utf8();
    }
    (1..=18)
        .contains(&digits)
        .then(|| (value, digits, &text[end..]))
}

/// Whether a numeral counts in 万 or 亿.
pub(super) fn has_big(numeral: &str) -> bool {
    numeral
        .chars()
        .any(|c| matches!(sign(c), Some(Sign::Big(_))))
}

/// Whether a numeral names a magnitude of its own: 千, 万 or 亿.
pub(super) fn has_magnitude(numeral: &str) -> bool {
    numeral
        .chars()
        .any(|c| matches!(sign(c), Some(Sign::Big(_) | Sign::Unit(1000))))
}

/// The number of a whole numeral.
pub(super) fn value(numeral: &str) -> Option<u64> {
    let mut signs = Vec::with_capacity(8);
    for c in numeral.chars() {
        signs.push(sign(c)?);
    }
    if signs.is_empty() {
        return None;
    }
    let (hundred_millions, rest) = part(&signs, 100_000_000);
    let (ten_thousands, ones) = part(rest, TEN_THOUSAND);
    let mut total = 0_u64;
    if let Some(signs) = hundred_millions {
        // 亿 counts up to 万亿: its own part may hold a 万.
        let (high, low) = part(signs, TEN_THOUSAND);
        let high = match high {
            Some(high) => section(high, false)?.checked_mul(u64::from(TEN_THOUSAND))?,
            None => 0,
        };
        let low = if low.is_empty() && high > 0 {
            0
        } else {
            section(low, high > 0)?
        };
        total = (high + low).checked_mul(100_000_000)?;
    }
    if let Some(signs) = ten_thousands {
        total += section(signs, total > 0)?.checked_mul(u64::from(TEN_THOUSAND))?;
    }
    if ones.is_empty() {
        // 万 alone says no number.
        return (hundred_millions.is_some() || ten_thousands.is_some()).then_some(total);
    }
    Some(total + section(ones, hundred_millions.is_some() || ten_thousands.is_some())?)
}

/// What stands before a big unit (the last of its kind), and what behind; all behind where it does not occur.
fn part(signs: &[Sign], big: u32) -> (Option<&[Sign]>, &[Sign]) {
    match signs.iter().rposition(|&sign| sign == Sign::Big(big)) {
        Some(at) => (Some(&signs[..at]), &signs[at + 1..]),
        None => (None, signs),
    }
}

/// A number below ten thousand; `follows` where a higher part stands before it.
fn section(signs: &[Sign], follows: bool) -> Option<u64> {
    let mut sum = 0_u64;
    let mut last = 10_000_u16;
    let mut after_zero = false;
    let mut seen = false;
    let mut at = 0;
    while let Some(&sign) = signs.get(at) {
        let next = signs.get(at + 1).copied();
        match (sign, next) {
            (Sign::Digit(digit), Some(Sign::Unit(unit))) => {
                if unit >= last {
                    return None;
                }
                sum += u64::from(digit) * u64::from(unit);
                last = unit;
                after_zero = digit == 0;
                at += 2;
            }
            (Sign::Digit(0), _) => {
                after_zero = true;
                at += 1;
            }
            (Sign::Digit(digit), None) => {
                // Behind 百, 千 or 万 a bare digit is as often the next lower unit (一百二 = 120): not certain.
                let certain = last == 10 || after_zero || !seen && !follows;
                if !certain {
                    return None;
                }
                sum += u64::from(digit);
                last = 1;
                at += 1;
            }
            (Sign::Unit(10), _) if !seen => {
                sum += 10;
                last = 10;
                after_zero = false;
                at += 1;
            }
            (Sign::Tens(tens), _) if last > 10 => {
                sum += u64::from(tens);
                last = 10;
                after_zero = false;
                at += 1;
            }
            _ => return None,
        }
        seen = true;
    }
    seen.then_some(sum)
}

/// The formal numeral of a number below 万亿, as cheques spell it: 壹拾贰万叁仟.
#[cfg(test)]
pub(super) fn spell(number: u64) -> String {
    const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
    const UNITS: [(u64, &str); 4] = [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")];
    if number == 0 {
        return "零".to_owned();
    }
    let mut out = String::new();
    let mut pending_zero = false;
    for (big, name) in [(100_000_000, "亿"), (10_000, "万"), (1, "")] {
        let part = number / big % 10_000;
        if part == 0 {
            pending_zero |= !out.is_empty();
            continue;
        }
        for (unit, word) in UNITS {
            let digit = part / unit % 10;
            if digit == 0 {
                pending_zero |= !out.is_empty();
                continue;
            }
            if pending_zero {
                out.push('零');
                pending_zero = false;
            }
            out.push(DIGITS[usize::try_from(digit).unwrap_or(0)]);
            out.push_str(word);
        }
        out.push_str(name);
        pending_zero = false;
        // A part that ends in zeros needs a 零 before what follows only where that is below 1000, which the loop
        // of the next part notes itself.
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{spell, take, take_positional, value};

    #[test]
    fn numerals_are_read() {
        for (text, want) in [
            ("一", 1),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("廿三", 23),
            ("卅", 30),
            ("一百零五", 105),
            ("一百二十", 120),
            ("一百一十五", 115),
            ("两千", 2000),
            ("一千零一", 1001),
            ("一千零一十", 1010),
            ("一万五百", 10_500),
            ("一万零五", 10_005),
            ("十二万", 120_000),
            ("一百二十万", 1_200_000),
            ("壹拾贰万叁仟", 123_000),
            ("拾贰万", 120_000),
            ("壹万零仟零佰零拾零", 10_000),
            ("叁佰陆拾伍万肆仟叁佰贰拾壹", 3_654_321),
            ("壹亿", 100_000_000),
            ("壹亿零伍", 100_000_005),
            ("一亿二千万", 120_000_000),
            ("一千二百万零三百", 12_000_300),
            ("两万亿", 2_000_000_000_000),
            ("零", 0),
        ] {
            assert_eq!(value(text), Some(want), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_certain_number_is_refused() {
        for text in [
            "",
            "万",
            "亿",
            "百",
            "一百二",
            "一万五",
            "一十百",
            "一二三",
            "百百",
            "二十十",
            "一千千",
            "十十",
            "三万万",
            "三几",
            "五千六",
            "一万三千五",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn digits_in_a_row_are_a_year() {
        assert_eq!(take_positional("二〇二四年"), Some((2024, 4, "年")));
        assert_eq!(take_positional("贰零零玖"), Some((2009, 4, "")));
        assert_eq!(take_positional("年"), None);
        assert_eq!(take("三年半"), Some((3, "年半")));
    }

    proptest! {
        #[test]
        fn a_spelled_number_reads_back(number in 0_u64..1_000_000_000_000) {
            prop_assert_eq!(value(&spell(number)), Some(number), "{}", spell(number));
        }

        #[test]
        fn nothing_panics(text in "[零一二三四五六七八九十百千万亿廿卅两〇]{0,24}") {
            let _ = value(&text);
            let _ = take_positional(&text);
        }
    }
}
