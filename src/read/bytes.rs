//! Little-endian numbers and UTF-16 texts of binary formats; `None` where the bytes end before.

/// A number of two bytes.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|raw| u16::from_le_bytes(*raw))
}

/// A number of four bytes.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|raw| u32::from_le_bytes(*raw))
}

/// A float of eight bytes; `None` also for one that is no number.
pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    let raw = bytes.get(at..)?.first_chunk()?;
    Some(f64::from_le_bytes(*raw)).filter(|number| number.is_finite())
}

/// The number packed as `RK`: an integer or the upper half of a float, perhaps a hundred times too large.
pub(super) fn rk_at(bytes: &[u8], at: usize) -> Option<f64> {
    let raw = u32_at(bytes, at)?;
    let number = if raw & 2 != 0 {
        f64::from(raw.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(raw & !3) << 32)
    };
    let number = if raw & 1 != 0 { number / 100.0 } else { number };
    Some(number).filter(|number| number.is_finite())
}

/// Appends UTF-16 text; half characters are replaced.
pub(super) fn push_utf16(bytes: &[u8], out: &mut String) {
    let units = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    out.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

/// A text with its length in four bytes before it, as xlsb stores it, and the bytes it takes in all.
pub(super) fn wide_text(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let len = usize::try_from(u32_at(bytes, at)?).ok()?.checked_mul(2)?;
    let raw = bytes.get(at + 4..)?.get(..len)?;
    let mut text = String::with_capacity(len / 2);
    push_utf16(raw, &mut text);
    Some((text, len + 4))
}

#[cfg(test)]
mod tests {
    use super::{rk_at, wide_text};

    #[test]
    fn packed_numbers_are_unpacked() {
        for (raw, want) in [
            (0x0000_0006u32, 1.0),
            (0x0000_0007, 0.01),
            (0xFFFF_FFFE, -1.0),
            (0x3FF0_0000, 1.0),
            (0x40C8_1C81, 123.46),
        ] {
            let got = rk_at(&raw.to_le_bytes(), 0).unwrap();
            assert!((got - want).abs() < 0.02, "{raw:x}: {got}");
        }
    }

    #[test]
    fn a_length_beyond_the_end_is_none() {
        assert_eq!(
            wide_text(b"\x02\0\0\0a\0b\0c", 0),
            Some(("ab".to_owned(), 8))
        );
        assert_eq!(wide_text(b"\xFF\xFF\xFF\xFFa\0", 0), None);
        assert_eq!(wide_text(b"\x02\0\0\0a\0b", 0), None);
    }
}
