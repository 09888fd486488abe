//! A quick hash for the texts of one column.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds [`QuickHasher`]s.
pub(in crate::ledger) type QuickHash = BuildHasherDefault<QuickHasher>;

/// Multiplies and rotates eight bytes at a time. It does not withstand texts that are made to collide; a column of such
/// texts is only slow to read.
#[derive(Default)]
pub(in crate::ledger) struct QuickHasher(u64);

/// An odd number without pattern: the digits of the golden ratio.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

impl QuickHasher {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    }
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in words.by_ref() {
            let mut array = [0; 8];
            array.copy_from_slice(word);
            self.mix(u64::from_le_bytes(array));
        }
        let mut rest = 0;
        for &byte in words.remainder() {
            rest = rest << 8 | u64::from(byte);
        }
        self.mix(rest ^ (bytes.len() as u64) << 56);
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        // The table takes the high bits for its control bytes and the low ones for the place.
        self.0 ^ self.0 >> 32
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    use super::QuickHash;

    #[test]
    fn like_texts_hash_apart() {
        let build = QuickHash::default();
        let texts: Vec<String> = (0..100_000).map(|n| format!("HT-2024-{n}")).collect();
        let hashes: HashSet<u64> = texts.iter().map(|text| build.hash_one(text)).collect();
        assert_eq!(hashes.len(), texts.len());
        let low: HashSet<u64> = hashes.iter().map(|hash| hash & 0xffff).collect();
        assert!(low.len() > 45_000, "{} of 65536 places", low.len());
    }
}
