//! A quick hash for the texts of a ledger, and a pool that stores each text once.

use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use crate::read::{TextId, Texts};

/// Builds [`QuickHasher`]s.
pub(super) type QuickHash = BuildHasherDefault<QuickHasher>;

/// Multiplies and rotates eight bytes at a time. It does not withstand texts that are made to collide; a ledger of such
/// texts is only slow to read.
#[derive(Default)]
pub(super) struct QuickHasher(u64);

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

/// Finds the id of a text among [`Texts`], by a table of ids: the texts themselves are not stored twice.
#[derive(Debug, Default)]
pub(super) struct Interner {
    /// A power of two of places, each empty or the id of a text whose hash leads there or before.
    places: Vec<u32>,
    len: usize,
}

/// No text.
const EMPTY: u32 = u32::MAX;

impl Interner {
    /// The id of a text, and whether it is new. A text that no longer fits the pool gets the first id.
    pub(super) fn intern(&mut self, texts: &mut Texts, text: &str) -> (TextId, bool) {
        if self.len * 2 >= self.places.len() {
            self.grow(texts);
        }
        let place = match self.find(texts, text) {
            Ok(id) => return (id, false),
            Err(place) => place,
        };
        let Some(id) = texts.push(text) else {
            return (TextId(0), false);
        };
        self.places[place] = id.0;
        self.len += 1;
        (id, true)
    }

    /// The id of a text, or the place that it would take.
    fn find(&self, texts: &Texts, text: &str) -> Result<TextId, usize> {
        let mask = self.places.len() - 1;
        let mut place = start(text, mask);
        loop {
            match self.places[place] {
                EMPTY => return Err(place),
                id if texts.get(TextId(id)) == text => return Ok(TextId(id)),
                _ => place = (place + 1) & mask,
            }
        }
    }

    fn grow(&mut self, texts: &Texts) {
        let size = (self.places.len() * 2).max(64);
        let old = std::mem::replace(&mut self.places, vec![EMPTY; size]);
        for id in old.into_iter().filter(|&id| id != EMPTY) {
            let mut place = start(texts.get(TextId(id)), size - 1);
            while self.places[place] != EMPTY {
                place = (place + 1) & (size - 1);
            }
            self.places[place] = id;
        }
    }
}

/// Where the search for a text begins.
fn start(text: &str, mask: usize) -> usize {
    let hash = QuickHash::default().hash_one(text);
    usize::try_from(hash & u64::try_from(mask).unwrap_or(u64::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    use super::{Interner, QuickHash};
    use crate::read::Texts;

    #[test]
    fn like_texts_hash_apart() {
        let build = QuickHash::default();
        let texts: Vec<String> = (0..100_000).map(|n| format!("HT-2024-{n}")).collect();
        let hashes: HashSet<u64> = texts.iter().map(|text| build.hash_one(text)).collect();
        assert_eq!(hashes.len(), texts.len());
        let low: HashSet<u64> = hashes.iter().map(|hash| hash & 0xffff).collect();
        assert!(low.len() > 45_000, "{} of 65536 places", low.len());
    }

    #[test]
    fn each_text_is_stored_once() {
        let (mut texts, mut interner) = (Texts::new(), Interner::default());
        for round in 0..2 {
            for n in 0..10_000 {
                let text = format!("HT-{n}");
                let (id, new) = interner.intern(&mut texts, &text);
                assert_eq!(new, round == 0);
                assert_eq!(texts.get(id), text);
            }
        }
        assert_eq!(texts.len(), 10_000);
        assert!(interner.intern(&mut texts, "").1);
        assert!(!interner.intern(&mut texts, "").1);
    }
}
