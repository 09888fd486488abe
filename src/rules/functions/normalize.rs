//! `规范(文字)` → text.

use std::borrow::Cow;

use crate::ledger::coerce::fold_party;

/// `规范(文字)`: a name without what does not tell names apart: full and half width, blanks, the form of brackets, 有限公司
/// and 公司. It is what names of parties and ids are compared as anyway.
pub fn normalize(text: &str) -> Cow<'_, str> {
    fold_party(text)
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn a_plain_name_stays() {
        assert_eq!(normalize("李庄村"), "李庄村");
    }
}
