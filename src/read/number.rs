//! Numbers as files write them.

/// Powers of ten that a float holds exactly.
const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// The float nearest to a decimal number; `None` for anything else, infinities included.
pub(super) fn parse(raw: &[u8]) -> Option<f64> {
    let (negative, digits) = match raw {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let mut mantissa = 0u64;
    let mut decimals = None;
    // Up to 15 digits are exact as an integer, and one division of exact numbers is rounded once.
    if digits.is_empty() || digits.len() > 16 {
        return parse_any(raw);
    }
    let mut count = 0usize;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                count += 1;
                if let Some(decimals) = &mut decimals {
                    *decimals += 1;
                }
            }
            b'.' if decimals.is_none() => decimals = Some(0usize),
            _ => return parse_any(raw),
        }
    }
    if count == 0 || count > 15 {
        return parse_any(raw);
    }
    #[expect(clippy::cast_precision_loss, reason = "below 10^15, which is exact")]
    let value = mantissa as f64 / EXACT[decimals.unwrap_or(0)];
    Some(if negative { -value } else { value })
}

fn parse_any(raw: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(raw).ok()?.trim_ascii();
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_number_is_none() {
        for (raw, want) in [
            ("1", Some(1.0)),
            ("-0.5", Some(-0.5)),
            ("1.5E-3", Some(0.0015)),
            (" 7\n", Some(7.0)),
            ("12345678901234567890", Some(12_345_678_901_234_567_890.0)),
            (".", None),
            ("-", None),
            ("", None),
            ("1.2.3", None),
            ("inf", None),
            ("NaN", None),
            ("1,5", None),
        ] {
            assert_eq!(parse(raw.as_bytes()), want, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn it_is_what_the_standard_library_says(raw in "-?[0-9]{1,18}(\\.[0-9]{0,12})?") {
            prop_assert_eq!(parse(raw.as_bytes()), raw.parse::<f64>().ok());
        }
    }
}
