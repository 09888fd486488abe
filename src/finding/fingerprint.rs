//! What makes two findings the same one, whatever row they moved to.

use std::fmt;

use sha2::{Digest, Sha256};

/// `v1:` and sixteen hex digits; no row, file name or amount goes into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of parts: of a record rule, town, village, id; of a group rule, town, village, the values of
    /// `by`, the id of the earliest member; of an issue without a record issue, village, kind, field.
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // The length before each part keeps ("ab", "c") and ("a", "bc") apart.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digits: String = hash
            .finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self(format!("v1:{digits}"))
    }

    /// The fingerprint as a report spells it; `None` where the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("v1:")?;
        let fits = digits.len() == 16
            && digits
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        fits.then(|| Self(text.to_owned()))
    }

    /// As reports spell it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(Fingerprint::of(&["ab", "c"]), Fingerprint::of(&["a", "bc"]));
        let one = Fingerprint::of(&["late-filing", "松陂镇", "李庄村", "A1"]);
        assert_eq!(Fingerprint::parse(one.as_str()), Some(one));
        assert_eq!(Fingerprint::parse("v1:xyz"), None);
    }
}
