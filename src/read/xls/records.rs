//! The records of a workbook stream, and texts that run over several of them.

use crate::read::bytes::{push_utf16, u16_at};

/// The record that goes on where the one before had no more room.
const CONTINUE: u16 = 0x003C;

/// One record with those that continue it.
pub(super) struct Record<'a> {
    /// What it is.
    pub kind: u16,
    /// Its bytes, without those that continue it.
    pub data: &'a [u8],
    /// The bytes of the records that continue it.
    more: &'a [u8],
}

/// Walks over records.
pub(super) struct Records<'a> {
    rest: &'a [u8],
    /// Whether the stream ended inside a record.
    pub cut_off: bool,
}

impl<'a> Records<'a> {
    /// The records of a stream from here on.
    pub(super) fn new(stream: &'a [u8]) -> Self {
        Self {
            rest: stream,
            cut_off: false,
        }
    }
}

/// The kind and data of the record that bytes begin with, and what follows it.
fn split(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let kind = u16_at(bytes, 0)?;
    let len = usize::from(u16_at(bytes, 2)?);
    let data = bytes.get(4..)?;
    Some((kind, data.get(..len)?, &data[len..]))
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let Some((kind, data, after)) = split(self.rest) else {
            // Zeros behind the last record fill its sector.
            self.cut_off = self.rest.iter().any(|&byte| byte != 0);
            self.rest = &[];
            return None;
        };
        let mut rest = after;
        while let Some((CONTINUE, _, next)) = split(rest) {
            rest = next;
        }
        let more = &after[..after.len() - rest.len()];
        self.rest = rest;
        Some(Record { kind, data, more })
    }
}

impl<'a> Record<'a> {
    /// The data of the records that continue it.
    pub(super) fn continued(&self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = self.more;
        std::iter::from_fn(move || {
            let (_, data, next) = split(rest)?;
            rest = next;
            Some(data)
        })
    }

    /// A reader of the record's bytes from a position on, over those that continue it.
    pub(super) fn reader(&self, at: usize) -> Reader<'a> {
        Reader {
            now: self.data.get(at..).unwrap_or_default(),
            later: self.more,
        }
    }
}

/// Reads on from a record into those that continue it.
pub(super) struct Reader<'a> {
    now: &'a [u8],
    later: &'a [u8],
}

impl Reader<'_> {
    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.now.is_empty() && self.later.is_empty()
    }

    /// Goes on to the next record where this one is used up; false at the end.
    fn advance(&mut self) -> bool {
        while self.now.is_empty() {
            match split(self.later) {
                Some((_, data, rest)) => {
                    self.now = data;
                    self.later = rest;
                }
                None => return false,
            }
        }
        true
    }

    fn byte(&mut self) -> Option<u8> {
        self.advance();
        let (&first, rest) = self.now.split_first()?;
        self.now = rest;
        Some(first)
    }

    /// A number of two bytes.
    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0 && self.advance() {
            let step = count.min(self.now.len());
            self.now = &self.now[step..];
            count -= step;
        }
    }

    /// A text of BIFF8 whose length stood before. `None` where the bytes end before.
    pub(super) fn text(&mut self, chars: usize, out: &mut String) -> Option<()> {
        self.characters(chars, |raw, wide| {
            if wide {
                push_utf16(raw, out);
            } else {
                out.extend(raw.iter().copied().map(char::from));
            }
        })
    }

    /// Gives the characters of a text of BIFF8 whose length stood before, piece by piece, each of two bytes or of one:
    /// flags, characters, then formatting runs and phonetic guides, which are left out. `None` where the bytes end before.
    pub(super) fn characters(
        &mut self,
        mut chars: usize,
        mut give: impl FnMut(&[u8], bool),
    ) -> Option<()> {
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.u16()? } else { 0 };
        let guides = if flags & 4 != 0 { self.u32()? } else { 0 };
        let mut wide = flags & 1 != 0;
        while chars > 0 {
            if self.now.is_empty() {
                if !self.advance() {
                    return None;
                }
                // The next record says anew how wide its characters are.
                wide = self.byte()? & 1 != 0;
                continue;
            }
            let size = if wide { 2 } else { 1 };
            let here = chars.min(self.now.len() / size);
            if here == 0 {
                return None;
            }
            let (raw, rest) = self.now.split_at(here * size);
            give(raw, wide);
            self.now = rest;
            chars -= here;
        }
        self.skip(usize::from(runs) * 4);
        self.skip(usize::try_from(guides).unwrap_or(usize::MAX));
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::Records;

    #[test]
    fn a_text_goes_on_in_the_next_record() {
        // Two narrow characters, then a record that goes on with two wide ones.
        let mut stream = vec![0xFC, 0, 3, 0, 0, b'a', b'b'];
        stream.extend([0x3C, 0, 5, 0, 1, 0x16, 0x4E, b'c', 0]);
        let record = Records::new(&stream).next().unwrap();
        let mut out = String::new();
        record.reader(0).text(4, &mut out).unwrap();
        assert_eq!(out, "ab世c");
        assert!(record.reader(0).text(9, &mut String::new()).is_none());
    }

    #[test]
    fn a_cut_is_told_and_padding_is_not() {
        let mut records = Records::new(&[0x0A, 0, 0, 0, 0, 0]);
        assert!(records.by_ref().count() == 1 && !records.cut_off);
        let mut records = Records::new(&[0x0A, 0, 9, 0, 1]);
        assert!(records.by_ref().count() == 0 && records.cut_off);
    }
}
