//! Containers of our own making for what a layout pass has checked: sizes and counts in them are true.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::discover::Reason;
use crate::discover::cfb::MAGIC;

/// A zip package with stored parts, in memory.
pub(super) struct Repacked(ZipWriter<Cursor<Vec<u8>>>);

impl Repacked {
    pub(super) fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    /// Begins a part; what is [written](Repacked::write) next is its content.
    pub(super) fn begin(&mut self, name: &str) -> Result<(), Reason> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(true);
        self.0.start_file(name, options).map_err(|_| too_large())
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        self.0.write_all(bytes).map_err(|_| too_large())
    }

    /// A whole part.
    pub(super) fn part(&mut self, name: &str, content: &[u8]) -> Result<(), Reason> {
        self.begin(name)?;
        self.write(content)
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, Reason> {
        self.0
            .finish()
            .map(Cursor::into_inner)
            .map_err(|_| too_large())
    }
}

/// Writing to memory fails only where the format has no room for so much.
fn too_large() -> Reason {
    Reason::too_large("内容过多", "too much content")
}

const SECTOR: usize = 4096;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const TABLE: u32 = 0xFFFF_FFFD;
/// Table sectors that the head of a compound file has room for.
const TABLES: usize = 109;

/// A compound file that holds one stream.
pub(super) fn compound(name: &str, mut stream: Vec<u8>) -> Result<Vec<u8>, Reason> {
    // Shorter streams are kept in another way; what stands behind the last record is not looked at.
    if stream.len() < SECTOR {
        stream.resize(SECTOR, 0);
    }
    let size = stream.len();
    let sectors = size.div_ceil(SECTOR);
    let mut tables = 1;
    while tables * (SECTOR / 4) < tables + 1 + sectors {
        tables += 1;
    }
    if tables > TABLES {
        return Err(too_large());
    }
    let number = |count: usize| u32::try_from(count).unwrap_or(FREE);
    let directory = number(tables);
    let mut out = Vec::with_capacity((2 + tables + sectors) * SECTOR);
    out.extend_from_slice(MAGIC);
    out.resize(24, 0);
    for word in [0x3E_u16, 4, 0xFFFE, 12, 6] {
        out.extend(word.to_le_bytes());
    }
    out.resize(40, 0);
    let head = [
        1,
        number(tables),
        directory,
        0,
        number(SECTOR),
        END_OF_CHAIN,
        0,
        END_OF_CHAIN,
        0,
    ];
    for word in head {
        out.extend(word.to_le_bytes());
    }
    for at in 0..TABLES {
        let table = if at < tables { number(at) } else { FREE };
        out.extend(table.to_le_bytes());
    }
    out.resize(SECTOR, 0);
    let first = tables + 1;
    for id in 0..tables * (SECTOR / 4) {
        let next = if id < tables {
            TABLE
        } else if id == tables || id + 1 == first + sectors {
            END_OF_CHAIN
        } else if id < first + sectors {
            number(id + 1)
        } else {
            FREE
        };
        out.extend(next.to_le_bytes());
    }
    entry(&mut out, "Root Entry", 5, 0, 0);
    entry(&mut out, name, 2, number(first), size);
    out.resize((2 + tables) * SECTOR, 0);
    out.append(&mut stream);
    out.resize((2 + tables + sectors) * SECTOR, 0);
    Ok(out)
}

/// An entry of the directory.
fn entry(out: &mut Vec<u8>, name: &str, kind: u8, start: u32, size: usize) {
    let at = out.len();
    out.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    let length = u16::try_from(out.len() - at + 2).unwrap_or(u16::MAX);
    out.resize(at + 64, 0);
    out.extend(length.to_le_bytes());
    out.extend([kind, 1]);
    // No neighbours; the second entry is the child of the first.
    let child = if kind == 5 { 1 } else { FREE };
    for link in [FREE, FREE, child] {
        out.extend(link.to_le_bytes());
    }
    out.resize(at + 116, 0);
    out.extend(start.to_le_bytes());
    out.extend((size as u64).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::compound;
    use crate::discover::cfb::Compound;

    #[test]
    fn a_stream_comes_back_from_a_compound_file() {
        for size in [0, 1, 4096, 4097, 5_000_000] {
            let stream: Vec<u8> = (0..size).map(|at: u32| at.to_le_bytes()[0]).collect();
            let file = compound("Workbook", stream.clone()).unwrap();
            let back = Compound::open(&file)
                .unwrap()
                .stream("workbook")
                .unwrap()
                .unwrap();
            assert_eq!(back[..stream.len()], stream, "{size}");
            assert!(back[stream.len()..].iter().all(|&byte| byte == 0));
        }
    }
}
