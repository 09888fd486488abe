//! `文本长度(文字)` → number.

/// `文本长度(文字)`: how many characters a text has, blanks left out.
pub fn text_length(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::text_length;

    #[test]
    fn characters_count_not_bytes() {
        assert_eq!(text_length("甲方 盖章"), 4);
        assert_eq!(text_length(""), 0);
    }
}
