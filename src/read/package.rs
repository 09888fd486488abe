//! The parts of a zip package, inflated within bounds: small ones whole, large ones in windows.

use std::io::Cursor;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{Limits, xml};
use crate::discover::Reason;
use crate::discover::zip::{Directory, Entry, ZipError};

/// Parts up to this size are inflated whole.
const WHOLE: u64 = 4 << 20;
/// Bytes of a window of a larger part.
const WINDOW: usize = 512 << 10;
/// The largest part in another encoding than UTF-8 that is read: it is turned into UTF-8 whole.
const MAX_RECODED: u64 = 256 << 20;

/// A zip package in memory.
pub(super) struct Package<'a> {
    bytes: &'a [u8],
    directory: Directory,
    limits: Limits,
    part: Part<'a>,
}

/// The part being read: a window over its content.
pub(super) struct Part<'a> {
    input: &'a [u8],
    stored: bool,
    inflate: Decompress,
    crc: Crc,
    expected_crc: u32,
    size: u64,
    produced: u64,
    /// Bytes that all parts together may still inflate to.
    left: u64,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
}

impl<'a> Package<'a> {
    /// Reads the directory of a package and checks it.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Reason> {
        let directory = Directory::read(&mut Cursor::new(bytes), limits.entries)
            .and_then(|directory| directory.check_overlap().map(|()| directory))
            .map_err(|error| zip_reason(error, limits))?;
        Ok(Self {
            bytes,
            directory,
            limits: *limits,
            part: Part {
                input: &[],
                stored: true,
                inflate: Decompress::new(false),
                crc: Crc::new(),
                expected_crc: 0,
                size: 0,
                produced: 0,
                left: limits.inflated_bytes,
                buffer: Vec::new(),
                start: 0,
                ended: true,
            },
        })
    }

    /// The names of the entries.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.directory.entries.iter().map(|entry| &*entry.name)
    }

    /// Whether there is a part of this name, whatever the case of its letters.
    pub(super) fn has(&self, name: &str) -> bool {
        self.directory.entry(name).is_some()
    }

    /// Begins to read a part; `None` where there is none of this name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<&mut Part<'a>>, Reason> {
        let Some(entry) = self.directory.entry(name) else {
            return Ok(None);
        };
        self.part.begin(entry, self.bytes, &self.limits)?;
        Ok(Some(&mut self.part))
    }

    /// A part as text in UTF-8; `None` where there is none of this name.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Reason> {
        let most = self.limits.part_bytes.min(MAX_RECODED);
        let Some(part) = self.part(name)? else {
            return Ok(None);
        };
        if part.size > most {
            return Err(part_too_large(most));
        }
        while part.fill()? {}
        let bytes = std::mem::take(&mut part.buffer);
        let start = std::mem::take(&mut part.start);
        // Most parts are UTF-8 as they stand, so that nothing need be copied.
        Ok(Some(match String::from_utf8(bytes) {
            Ok(text) if start == 0 => text,
            Ok(text) => text[start..].to_owned(),
            Err(error) => xml::decode(&error.as_bytes()[start..]).into_owned(),
        }))
    }
}

impl<'a> Part<'a> {
    fn begin(&mut self, entry: &Entry, bytes: &'a [u8], limits: &Limits) -> Result<(), Reason> {
        if entry.flags & 1 != 0 {
            return Err(Reason::encrypted());
        }
        self.stored = match entry.method {
            0 => true,
            8 => false,
            _ => {
                return Err(Reason::unsupported(
                    "压缩方式不是 deflate",
                    "compressed by another method than deflate",
                ));
            }
        };
        if entry.size > limits.part_bytes {
            return Err(part_too_large(limits.part_bytes));
        }
        if entry.size > self.left {
            return Err(inflated_too_large(limits.inflated_bytes));
        }
        let range = entry
            .range(bytes)
            .map_err(|error| zip_reason(error, limits))?;
        self.input = &bytes[range];
        self.inflate.reset(false);
        self.crc.reset();
        self.expected_crc = entry.crc;
        self.size = entry.size;
        self.produced = 0;
        self.buffer.clear();
        self.start = 0;
        self.ended = false;
        self.fill()?;
        self.recode()
    }

    /// Turns a part in another encoding into UTF-8, and drops a mark.
    fn recode(&mut self) -> Result<(), Reason> {
        let head = &self.buffer[..self.buffer.len().min(200)];
        if head.starts_with(b"\xEF\xBB\xBF") {
            self.start = 3;
            return Ok(());
        }
        let wide = matches!(
            head,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..]
        );
        if !wide && !xml::declares_other_encoding(head) {
            return Ok(());
        }
        if self.size > MAX_RECODED {
            return Err(part_too_large(MAX_RECODED));
        }
        while self.fill()? {}
        let text = xml::decode(&self.buffer).into_owned();
        self.buffer = text.into_bytes();
        Ok(())
    }

    /// The bytes at hand that were not consumed yet.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Marks bytes at hand as done with.
    pub(super) fn consume(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.buffer.len());
    }

    /// Brings in more bytes behind those at hand; false where there are no more.
    ///
    /// The window grows only where nothing of it was consumed.
    pub(super) fn fill(&mut self) -> Result<bool, Reason> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        let wanted = if self.size <= WHOLE {
            usize::try_from(self.size).unwrap_or(WINDOW)
        } else {
            WINDOW.max(self.buffer.len().saturating_mul(2))
        };
        // A byte more than the part holds lets the stream show its end at once.
        self.buffer
            .reserve((wanted + 1).saturating_sub(self.buffer.len()));
        let before = self.buffer.len();
        if self.stored {
            let take = self.input.len().min(self.buffer.capacity() - before);
            let (now, later) = self.input.split_at(take);
            self.buffer.extend_from_slice(now);
            self.input = later;
            self.ended = later.is_empty();
        } else {
            self.inflate_some()?;
        }
        let fresh = &self.buffer[before..];
        self.crc.update(fresh);
        self.produced += fresh.len() as u64;
        self.left = self.left.saturating_sub(fresh.len() as u64);
        // Size and sum are told by the directory; a part that does not keep to them is not to be believed.
        let wrong = self.produced > self.size
            || (self.ended && (self.produced != self.size || self.crc.sum() != self.expected_crc));
        if wrong {
            return Err(Reason::damaged(
                "压缩内容与目录不符",
                "a part does not agree with the zip directory",
            ));
        }
        Ok(true)
    }

    fn inflate_some(&mut self) -> Result<(), Reason> {
        // A part that fits as a whole needs no memory of what came before.
        let flush = if self.size <= WHOLE {
            FlushDecompress::Finish
        } else {
            FlushDecompress::None
        };
        while self.buffer.len() < self.buffer.capacity() && !self.ended {
            let (read, written) = (self.inflate.total_in(), self.buffer.len());
            let status = self
                .inflate
                .decompress_vec(self.input, &mut self.buffer, flush)
                .map_err(|_| broken_stream())?;
            let used = usize::try_from(self.inflate.total_in() - read).unwrap_or(usize::MAX);
            self.input = self.input.get(used..).unwrap_or_default();
            match status {
                Status::StreamEnd => self.ended = true,
                // No step in either direction: the stream was cut off.
                Status::Ok | Status::BufError if used == 0 && self.buffer.len() == written => {
                    return Err(broken_stream());
                }
                Status::Ok | Status::BufError => {}
            }
        }
        Ok(())
    }
}

fn broken_stream() -> Reason {
    Reason::damaged("压缩数据残缺", "its compressed data is broken")
}

fn part_too_large(most: u64) -> Reason {
    Reason::too_large(
        &format!("一个部件解压后超过 {} MB", most >> 20),
        &format!("a part of more than {} MB once inflated", most >> 20),
    )
}

fn inflated_too_large(most: u64) -> Reason {
    Reason::too_large(
        &format!("解压后共超过 {} MB", most >> 20),
        &format!("more than {} MB once inflated", most >> 20),
    )
}

fn zip_reason(error: ZipError, limits: &Limits) -> Reason {
    match error {
        ZipError::NoDirectory | ZipError::Damaged | ZipError::Io(_) => {
            Reason::damaged("压缩目录残缺", "its zip directory is broken")
        }
        ZipError::Overlapping => {
            Reason::damaged("压缩包条目互相重叠", "entries of its zip directory overlap")
        }
        ZipError::TooManyEntries => {
            let most = limits.entries;
            Reason::too_large(
                &format!("压缩包内文件超过 {most} 个"),
                &format!("more than {most} files in the archive"),
            )
        }
    }
}
