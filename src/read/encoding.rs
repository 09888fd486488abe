//! Finds the encoding of a text file: by its mark, by its bytes, record by record where a file mixes two.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that are looked at to guess an encoding.
const SAMPLE: usize = 1 << 20;

/// The encoding of a file whose mark or whose zero bytes show UTF-16, with the length of the mark.
pub(super) fn wide(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some((UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => return Some((UTF_16BE, 2)),
        _ => {}
    }
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |side: usize| {
        sample
            .iter()
            .skip(side)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    // Without a mark: the delimiters and digits of a table show as zero bytes on one side.
    if odd >= 4 && even == 0 && odd * 8 >= sample.len() {
        Some((UTF_16LE, 0))
    } else if even >= 4 && odd == 0 && even * 8 >= sample.len() {
        Some((UTF_16BE, 0))
    } else {
        None
    }
}

/// A whole text in UTF-8: by its mark, by the encoding it declares, or by its bytes.
pub(super) fn decode_whole<'a>(bytes: &'a [u8], declared: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = wide(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let declared = declared
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .filter(|&encoding| encoding != UTF_8);
    let encoding = declared.unwrap_or_else(|| guess(bytes));
    encoding.decode_without_bom_handling(bytes).0
}

/// The encoding of bytes that are not UTF-8.
pub(super) fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if looks_like_gb2312(sample) {
        return GB18030;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let encoding = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    // GB18030 holds every GBK text and more.
    if encoding == encoding_rs::GBK {
        GB18030
    } else {
        encoding
    }
}

/// Whether nearly all bytes beyond ASCII pair up as characters of GB2312, the everyday part of GB18030.
///
/// UTF-8 read as GB18030 fails this: its trail bytes lie below 0xA1.
pub(super) fn looks_like_gb2312(bytes: &[u8]) -> bool {
    let (mut common, mut other) = (0usize, 0usize);
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first < 0x80 {
            continue;
        }
        match tail {
            [0xA1..=0xFE, after @ ..] if (0xA1..=0xF7).contains(first) => {
                common += 1;
                rest = after;
            }
            _ => other += 1,
        }
    }
    common > 0 && other * 20 <= common
}

/// How the records of a text file are decoded.
#[derive(Clone, Copy)]
pub(super) struct Records {
    main: &'static Encoding,
}

impl Records {
    /// Chooses the encoding most records are in. `records` are those that are not ASCII.
    pub(super) fn choose<'a>(bytes: &[u8], records: impl Iterator<Item = &'a [u8]>) -> Self {
        let (mut utf8, mut other) = (0usize, 0usize);
        for record in records {
            match std::str::from_utf8(record) {
                Ok(_) => utf8 += 1,
                Err(_) => other += 1,
            }
        }
        let main = if bytes.starts_with(b"\xEF\xBB\xBF") || utf8 >= other {
            UTF_8
        } else {
            guess(bytes)
        };
        Self { main }
    }

    /// Decodes a record; `None` where it is in no encoding that the file can be in.
    ///
    /// A record of another encoding than most is only believed where its bytes leave no doubt, so that no garbage is
    /// taken for a cell.
    pub(super) fn encoding_of(self, record: &[u8]) -> Option<&'static Encoding> {
        let utf8 = std::str::from_utf8(record).is_ok();
        if self.main == UTF_8 {
            if utf8 {
                return Some(UTF_8);
            }
            return looks_like_gb2312(record).then_some(GB18030);
        }
        if utf8 && !record.is_ascii() && !looks_like_gb2312(record) {
            return Some(UTF_8);
        }
        self.main
            .decode_without_bom_handling_and_without_replacement(record)
            .map(|_| self.main)
    }
}

#[cfg(test)]
mod tests {
    use super::{Records, decode_whole, looks_like_gb2312, wide};
    use encoding_rs::{GB18030, UTF_8};

    #[test]
    fn encodings_are_told_apart() {
        let (gb, _, _) = GB18030.encode("合同编号，村道硬化工程");
        assert!(looks_like_gb2312(&gb));
        assert!(!looks_like_gb2312("合同编号，村道硬化工程".as_bytes()));
        assert_eq!(decode_whole(&gb, None), "合同编号，村道硬化工程");
        assert_eq!(decode_whole(b"\xFF\xFEa\0b\0", None), "ab");
        assert_eq!(wide(b"\0a\0,\0b\0\n").map(|found| found.1), Some(0));
        assert!(wide(b"ab,cd").is_none());
    }

    #[test]
    fn a_record_of_another_encoding_is_believed_only_without_doubt() {
        let (gb, _, _) = GB18030.encode("砚洲村村道硬化工程");
        let utf8 = "砚洲村村道硬化工程".as_bytes();
        let mostly_utf8 = Records::choose(utf8, [utf8].into_iter());
        assert_eq!(mostly_utf8.encoding_of(&gb), Some(GB18030));
        assert_eq!(mostly_utf8.encoding_of(&utf8[..4]), None);
        let mostly_gb = Records::choose(&gb, [&*gb].into_iter());
        assert_eq!(mostly_gb.encoding_of(utf8), Some(UTF_8));
        assert_eq!(mostly_gb.encoding_of(&gb), Some(GB18030));
        assert_eq!(mostly_gb.encoding_of(b"\xB4"), None);
    }
}
