//! Whether a number format shows a date or a time.

/// Whether a format that is built into spreadsheet programs shows a date or a time, by its number.
///
/// 27 to 36 and 50 to 58 are the East Asian ones: Chinese programs write 31 for `2021年3月5日` and 57 for `2021年3月`.
pub(super) fn is_built_in_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format code shows a date or a time: its first section has a letter of a date outside of quotes, escapes and
/// brackets, or a span of time in brackets.
pub(super) fn is_date(code: &str) -> bool {
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // The next character stands for itself, is skipped in width, or fills the cell.
            '\\' | '_' | '*' => {
                chars.next();
            }
            '"' => {
                chars.by_ref().find(|&c| c == '"');
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                let first = inside.chars().next().map(|c| c.to_ascii_lowercase());
                let span = first.is_some_and(|first| {
                    matches!(first, 'h' | 'm' | 's')
                        && inside.chars().all(|c| c.to_ascii_lowercase() == first)
                });
                if span {
                    return true;
                }
            }
            // Only the first section counts: the others are for negative numbers, zero and text.
            ';' => return false,
            'd' | 'D' | 'm' | 'M' | 'h' | 'H' | 'y' | 'Y' | 's' | 'S' => return true,
            // AM/PM or A/P; an a alone means nothing.
            'a' | 'A' if matches!(chars.peek(), Some('p' | 'P' | 'm' | 'M' | '/')) => return true,
            // `General` has no letter of a date but is no date in any case: E is the exponent, G stands for itself.
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{is_built_in_date, is_date};

    #[test]
    fn dates_are_told_from_numbers() {
        for code in [
            "yyyy-mm-dd",
            "yyyy\"年\"m\"月\"d\"日\"",
            "[$-804]yyyy/m/d;@",
            "h:mm AM/PM",
            "[h]:mm:ss",
            "mm:ss.0",
            "[DBNum1][$-804]yyyy\"年\"m\"月\"",
            "reserved-0x1F yyyy",
            "A/P h",
            "[ss]",
        ] {
            assert!(is_date(code), "{code}");
        }
        for code in [
            "General",
            "0.00",
            "#,##0.00_);[Red]\\(#,##0.00\\)",
            "\"d\"0",
            "0\\d",
            "0.00E+00",
            "[Magenta]0",
            "0;yyyy",
            "¥#,##0",
            "@",
            "[$USD-409]0",
            "",
        ] {
            assert!(!is_date(code), "{code}");
        }
        for (id, want) in [
            (13, false),
            (14, true),
            (31, true),
            (37, false),
            (49, false),
            (57, true),
            (164, false),
        ] {
            assert_eq!(is_built_in_date(id), want);
        }
    }
}
