//! The directory of a zip file, read without trusting any number in it.
//!
//! Only the central directory is believed, as office programs do; sizes and offsets are checked against the file before
//! they are used, so that no count in a file can make the program allocate or loop.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// One entry of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name as stored, `\` turned into `/`, bytes that are not UTF-8 replaced.
    pub name: String,
    /// The compression method: 0 stored, 8 deflated.
    pub method: u16,
    /// The general purpose flags; bit 0 means encrypted.
    pub flags: u16,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Bytes in the file.
    pub packed: u64,
    /// Bytes of the content, as the directory says.
    pub size: u64,
    /// Where its local header begins, from the start of the file.
    pub offset: u64,
}

/// The directory of a zip file.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The entries in the order of the directory.
    pub entries: Vec<Entry>,
}

/// Why a zip file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZipError {
    /// No end record: the file was cut off, or is no zip file.
    NoDirectory,
    /// A number or a mark is not what the format demands.
    Damaged,
    /// Two entries share bytes, which no honest program writes.
    Overlapping,
    /// More entries than allowed.
    TooManyEntries,
    /// The file could not be read.
    Io(io::ErrorKind),
}

impl From<io::Error> for ZipError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Damaged,
            kind => Self::Io(kind),
        }
    }
}

const END_LEN: u64 = 22;
const END_MARK: &[u8] = b"PK\x05\x06";
const LOCATOR_LEN: u64 = 20;
const LOCATOR_MARK: &[u8] = b"PK\x06\x07";
const END64_MARK: &[u8] = b"PK\x06\x06";
const ENTRY_MARK: &[u8] = b"PK\x01\x02";
const ENTRY_LEN: usize = 46;
const LOCAL_MARK: &[u8] = b"PK\x03\x04";
const LOCAL_LEN: u64 = 30;

impl Directory {
    /// Reads the directory of a file of at most `max_entries` entries.
    ///
    /// # Errors
    /// See [`ZipError`].
    pub fn read<R: Read + Seek>(file: &mut R, max_entries: usize) -> Result<Self, ZipError> {
        let len = file.seek(SeekFrom::End(0))?;
        let (end_at, end) = find_end(file, len)?;
        let mut count = u64::from(u16_at(&end, 10)?);
        let mut size = u64::from(u32_at(&end, 12)?);
        let mut start = u64::from(u32_at(&end, 16)?);
        let mut directory_end = end_at;
        let needs_64 = count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF;
        if needs_64
            && let Some(at) = end_at.checked_sub(LOCATOR_LEN)
            && let locator = read_at(file, at, LOCATOR_LEN)?
            && locator.starts_with(LOCATOR_MARK)
        {
            let end64_at = u64_at(&locator, 8)?;
            if end64_at.checked_add(56).is_none_or(|end| end > len) {
                return Err(ZipError::Damaged);
            }
            let end64 = read_at(file, end64_at, 56)?;
            if !end64.starts_with(END64_MARK) {
                return Err(ZipError::Damaged);
            }
            count = u64_at(&end64, 32)?;
            size = u64_at(&end64, 40)?;
            start = u64_at(&end64, 48)?;
            directory_end = end64_at;
        }
        if count > u64::try_from(max_entries).unwrap_or(u64::MAX) {
            return Err(ZipError::TooManyEntries);
        }
        // Bytes put before the archive move everything; the end record shows by how much.
        let stated_end = start.checked_add(size).ok_or(ZipError::Damaged)?;
        let shift = directory_end
            .checked_sub(stated_end)
            .ok_or(ZipError::Damaged)?;
        let raw = read_at(file, start + shift, size)?;
        // A directory can lie about its count; its bytes cannot hold more entries than this.
        if raw.len() / ENTRY_LEN > max_entries.saturating_mul(32) {
            return Err(ZipError::TooManyEntries);
        }
        let mut entries = Vec::with_capacity(usize::try_from(count).unwrap_or(0).min(256));
        let mut rest = raw.as_slice();
        while rest.starts_with(ENTRY_MARK) {
            if entries.len() == max_entries {
                return Err(ZipError::TooManyEntries);
            }
            let (entry, used) = parse_entry(rest, shift)?;
            entries.push(entry);
            rest = &rest[used..];
        }
        if (entries.len() as u64) < count {
            return Err(ZipError::Damaged);
        }
        Ok(Self { entries })
    }

    /// The entry of a name, whatever the case of its letters; of several the last, as office programs take it.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .rev()
            .find(|entry| entry.name == name)
            .or_else(|| {
                self.entries
                    .iter()
                    .rev()
                    .find(|entry| entry.name.eq_ignore_ascii_case(name))
            })
    }

    /// Refuses entries that share bytes: the trick by which a small file holds the same bomb many times.
    ///
    /// # Errors
    /// [`ZipError::Overlapping`].
    pub fn check_overlap(&self) -> Result<(), ZipError> {
        let mut spans: Vec<(u64, u64)> = self
            .entries
            .iter()
            .map(|entry| {
                let end = entry.offset + LOCAL_LEN;
                (entry.offset, end.saturating_add(entry.packed))
            })
            .collect();
        spans.sort_unstable();
        spans.dedup();
        if spans.windows(2).any(|pair| pair[1].0 < pair[0].1) {
            return Err(ZipError::Overlapping);
        }
        Ok(())
    }
}

impl Entry {
    /// Where the packed content lies in the bytes of the file.
    ///
    /// # Errors
    /// [`ZipError::Damaged`] where the local header is not there or the content reaches beyond the file.
    pub fn range(&self, bytes: &[u8]) -> Result<Range<usize>, ZipError> {
        let at = usize::try_from(self.offset).map_err(|_| ZipError::Damaged)?;
        let head = bytes.get(at..).ok_or(ZipError::Damaged)?;
        let start = at
            .checked_add(content_offset(head)?)
            .ok_or(ZipError::Damaged)?;
        let packed = usize::try_from(self.packed).map_err(|_| ZipError::Damaged)?;
        let end = start.checked_add(packed).ok_or(ZipError::Damaged)?;
        if end > bytes.len() {
            return Err(ZipError::Damaged);
        }
        Ok(start..end)
    }

    /// The first bytes of a stored entry, at most `most`, straight from the file.
    ///
    /// # Errors
    /// See [`ZipError`].
    pub fn peek_stored<R: Read + Seek>(
        &self,
        file: &mut R,
        most: u64,
    ) -> Result<Vec<u8>, ZipError> {
        let header = read_at(file, self.offset, LOCAL_LEN)?;
        let start = self.offset + content_offset(&header)? as u64;
        read_at(file, start, self.packed.min(most))
    }
}

/// How far behind the start of its local header the content of an entry begins.
fn content_offset(header: &[u8]) -> Result<usize, ZipError> {
    if !header.starts_with(LOCAL_MARK) {
        return Err(ZipError::Damaged);
    }
    let name = usize::from(u16_at(header, 26)?);
    let extra = usize::from(u16_at(header, 28)?);
    Ok(30 + name + extra)
}

/// The end record and where it begins.
fn find_end<R: Read + Seek>(file: &mut R, len: u64) -> Result<(u64, Vec<u8>), ZipError> {
    // Most files have no comment, so a short look at the end is enough; a comment is at most 64 KiB.
    for look in [512, 0xFFFF + END_LEN] {
        let look = look.min(len);
        let at = len - look;
        let tail = read_at(file, at, look)?;
        let found = memchr::memmem::rfind_iter(&tail, END_MARK).find(|&pos| {
            u16_at(&tail, pos + 20)
                .is_ok_and(|comment| pos as u64 + END_LEN + u64::from(comment) <= look)
        });
        if let Some(pos) = found {
            let end = tail[pos..].to_vec();
            return Ok((at + pos as u64, end));
        }
        if look == len {
            break;
        }
    }
    Err(ZipError::NoDirectory)
}

fn parse_entry(raw: &[u8], shift: u64) -> Result<(Entry, usize), ZipError> {
    let name_len = usize::from(u16_at(raw, 28)?);
    let extra_len = usize::from(u16_at(raw, 30)?);
    let comment_len = usize::from(u16_at(raw, 32)?);
    let used = ENTRY_LEN + name_len + extra_len + comment_len;
    if raw.len() < used {
        return Err(ZipError::Damaged);
    }
    let name = String::from_utf8_lossy(&raw[ENTRY_LEN..ENTRY_LEN + name_len]).replace('\\', "/");
    let mut size = u64::from(u32_at(raw, 24)?);
    let mut packed = u64::from(u32_at(raw, 20)?);
    let mut offset = u64::from(u32_at(raw, 42)?);
    let mut extra = &raw[ENTRY_LEN + name_len..ENTRY_LEN + name_len + extra_len];
    while extra.len() >= 4 {
        let id = u16_at(extra, 0)?;
        let len = usize::from(u16_at(extra, 2)?);
        let Some(body) = extra.get(4..4 + len) else {
            break;
        };
        if id == 1 {
            // Zip64: the fields that did not fit stand here, in this order.
            let mut at = 0;
            for field in [&mut size, &mut packed, &mut offset] {
                if *field == 0xFFFF_FFFF {
                    *field = u64_at(body, at)?;
                    at += 8;
                }
            }
        }
        extra = &extra[4 + len..];
    }
    let offset = offset.checked_add(shift).ok_or(ZipError::Damaged)?;
    if offset.checked_add(LOCAL_LEN).is_none() {
        return Err(ZipError::Damaged);
    }
    let entry = Entry {
        name,
        method: u16_at(raw, 10)?,
        flags: u16_at(raw, 8)?,
        crc: u32_at(raw, 16)?,
        packed,
        size,
        offset,
    };
    Ok((entry, used))
}

/// Reads exactly `len` bytes, growing the buffer only by what is really there.
fn read_at<R: Read + Seek>(file: &mut R, at: u64, len: u64) -> Result<Vec<u8>, ZipError> {
    file.seek(SeekFrom::Start(at))?;
    let mut buffer = Vec::new();
    file.take(len).read_to_end(&mut buffer)?;
    if (buffer.len() as u64) < len {
        return Err(ZipError::Damaged);
    }
    Ok(buffer)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, ZipError> {
    let raw = bytes.get(at..).and_then(|rest| rest.first_chunk());
    raw.map(|raw| u16::from_le_bytes(*raw))
        .ok_or(ZipError::Damaged)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, ZipError> {
    let raw = bytes.get(at..).and_then(|rest| rest.first_chunk());
    raw.map(|raw| u32::from_le_bytes(*raw))
        .ok_or(ZipError::Damaged)
}

fn u64_at(bytes: &[u8], at: usize) -> Result<u64, ZipError> {
    let raw = bytes.get(at..).and_then(|rest| rest.first_chunk());
    raw.map(|raw| u64::from_le_bytes(*raw))
        .ok_or(ZipError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::{Directory, ZipError};
    use std::io::Cursor;

    /// A zip file with stored entries; `same` puts every local offset to the first.
    fn zip(entries: &[(&str, &str)], same: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for (name, content) in entries {
            let offset = if same { 0 } else { out.len() };
            let len = u32::try_from(content.len()).unwrap();
            let name_len = u16::try_from(name.len()).unwrap();
            out.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
            out.extend(len.to_le_bytes());
            out.extend(len.to_le_bytes());
            out.extend(name_len.to_le_bytes());
            out.extend([0, 0]);
            out.extend(name.bytes());
            out.extend(content.bytes());
            directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
            directory.extend(len.to_le_bytes());
            directory.extend(len.to_le_bytes());
            directory.extend(name_len.to_le_bytes());
            directory.extend([0; 12]);
            directory.extend(u32::try_from(offset).unwrap().to_le_bytes());
            directory.extend(name.bytes());
        }
        let count = u16::try_from(entries.len()).unwrap();
        let start = u32::try_from(out.len()).unwrap();
        out.extend(&directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend([0, 0]);
        out
    }

    fn read(bytes: &[u8]) -> Result<Directory, ZipError> {
        Directory::read(&mut Cursor::new(bytes), 10)
    }

    #[test]
    fn entries_are_found_and_their_content_too() {
        let bytes = zip(&[("a.xml", "one"), ("xl\\B.xml", "two2")], false);
        let directory = read(&bytes).unwrap();
        let entry = directory.entry("xl/b.xml").unwrap();
        assert_eq!(&bytes[entry.range(&bytes).unwrap()], b"two2");
        directory.check_overlap().unwrap();
    }

    #[test]
    fn bytes_before_the_archive_move_everything() {
        let mut bytes = b"MZ stub".to_vec();
        bytes.extend(zip(&[("a.xml", "one")], false));
        let directory = read(&bytes).unwrap();
        let entry = directory.entry("a.xml").unwrap();
        assert_eq!(&bytes[entry.range(&bytes).unwrap()], b"one");
    }

    #[test]
    fn damage_is_told_and_never_trusted() {
        let good = zip(&[("a.xml", "one"), ("b.xml", "two")], false);
        assert_eq!(
            read(&good[..good.len() / 2]).unwrap_err(),
            ZipError::NoDirectory
        );
        let mut lies = good.clone();
        let end = lies.len();
        lies[end - 14..end - 10].copy_from_slice(&[7, 0, 7, 0]);
        assert_eq!(read(&lies).unwrap_err(), ZipError::Damaged);
        lies[end - 14..end - 10].copy_from_slice(&[0xF0, 0xFF, 0xF0, 0xFF]);
        assert_eq!(read(&lies).unwrap_err(), ZipError::TooManyEntries);
        let same = zip(&[("a.xml", "one"), ("b.xml", "longer")], true);
        assert_eq!(
            read(&same).unwrap().check_overlap().unwrap_err(),
            ZipError::Overlapping
        );
    }

    #[test]
    fn any_cut_and_any_flipped_byte_is_survived() {
        let good = zip(&[("a.xml", "one"), ("b.xml", "two")], false);
        for cut in 0..good.len() {
            let _ = read(&good[..cut]);
        }
        for at in 0..good.len() {
            for value in [0, 1, 0x7F, 0xFF] {
                let mut bad = good.clone();
                bad[at] = value;
                if let Ok(directory) = read(&bad) {
                    for entry in &directory.entries {
                        let _ = entry.range(&bad);
                    }
                    let _ = directory.check_overlap();
                }
            }
        }
    }
}
