//! The styles of a workbook, as far as dates need them.

use std::collections::HashMap;

use crate::read::number_format;
use crate::read::xml::{Token, Tokens};

/// For each cell style, whether its number format shows a date or a time.
#[derive(Debug, Default)]
pub(super) struct Styles(Vec<bool>);

impl Styles {
    /// Reads the part `styles.xml`.
    pub(super) fn parse(text: &str) -> Self {
        let mut custom: HashMap<u32, bool> = HashMap::new();
        let mut formats = Vec::new();
        let mut in_cell_formats = false;
        for token in Tokens::new(text) {
            match token {
                Token::Start {
                    name: "numFmt",
                    attrs,
                    ..
                } => {
                    if let Some(id) = attrs.number("numFmtId") {
                        let code = attrs.get("formatCode").unwrap_or_default();
                        custom.insert(id, number_format::is_date(&code));
                    }
                }
                Token::Start {
                    name: "cellXfs",
                    empty,
                    ..
                } => in_cell_formats = !empty,
                Token::End("cellXfs") => break,
                Token::Start {
                    name: "xf", attrs, ..
                } if in_cell_formats => {
                    formats.push(attrs.number("numFmtId").unwrap_or(0u32));
                }
                _ => {}
            }
        }
        let is_date = |id: &u32| {
            let built_in = || number_format::is_built_in_date(*id);
            custom.get(id).copied().unwrap_or_else(built_in)
        };
        Self(formats.iter().map(is_date).collect())
    }

    /// Whether a cell style shows its number as a date or a time.
    pub(super) fn is_date(&self, style: u32) -> bool {
        let style = usize::try_from(style).unwrap_or(usize::MAX);
        self.0.get(style).copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::Styles;

    #[test]
    fn custom_formats_win_over_built_in_ones() {
        let text = r#"<styleSheet><numFmts><numFmt numFmtId="14" formatCode="0.00"/><numFmt formatCode="yyyy&quot;年&quot;" numFmtId="176"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="31"/></cellXfs></styleSheet>"#;
        let styles = Styles::parse(text);
        let dates: Vec<bool> = (0..5).map(|style| styles.is_date(style)).collect();
        assert_eq!(dates, [false, false, true, true, false]);
    }
}
