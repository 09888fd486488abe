//! A1 addresses and relative paths as links want them.

use std::fmt::Write as _;

/// Row and column of an A1 address, counted from 1; `None` where it is none.
pub(super) fn parse(cell: &str) -> Option<(u32, u32)> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at(digits);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0;
    for letter in letters.bytes() {
        if !letter.is_ascii_uppercase() {
            return None;
        }
        column = column * 26 + u32::from(letter - b'A') + 1;
    }
    let row = row.parse().ok().filter(|row| *row > 0)?;
    Some((row, column))
}

/// The letters of a column counted from 1.
pub(super) fn letters(mut column: u32) -> String {
    let mut letters = String::new();
    while column > 0 {
        let rest = u8::try_from((column - 1) % 26).unwrap_or(0);
        letters.insert(0, char::from(b'A' + rest));
        column = (column - 1) / 26;
    }
    letters
}

/// A relative path as a URI reference: everything but unreserved characters and `/` is percent-encoded, so that no name can
/// be taken for a scheme, a query or a fragment.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len() * 2);
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::{letters, parse, uri};

    #[test]
    fn addresses() {
        assert_eq!(parse("A1"), Some((1, 1)));
        assert_eq!(parse("AB12"), Some((12, 28)));
        assert_eq!(parse("XFD1048576"), Some((1_048_576, 16_384)));
        for none in ["", "A", "12", "a1", "A0", "A1B", "ABCD1", "第1行"] {
            assert_eq!(parse(none), None, "{none}");
        }
        for column in [1, 26, 27, 702, 703, 16_384] {
            assert_eq!(parse(&format!("{}1", letters(column))), Some((1, column)));
        }
    }

    #[test]
    fn paths_are_only_paths() {
        assert_eq!(uri("a b/x#1?.xlsx"), "a%20b/x%231%3F.xlsx");
        assert_eq!(uri("村.csv"), "%E6%9D%91.csv");
        assert_eq!(uri("javascript:x"), "javascript%3Ax");
    }
}
