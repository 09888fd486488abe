//! The compound file (CFB, “OLE”) that .xls, .et and encrypted workbooks are packed in.
//!
//! Every chain is followed for at most as many steps as the file has sectors, and nothing is allocated that the file
//! does not hold.

/// What every compound file begins with.
pub const MAGIC: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// The first sector number that means something else than a sector.
const NO_SECTOR: u32 = 0xFFFF_FFFA;
const MINI: usize = 64;
const MINI_LIMIT: u64 = 4096;

/// The compound file cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

/// A compound file.
#[derive(Debug)]
pub struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    streams: Vec<Stream>,
}

#[derive(Debug)]
struct Stream {
    name: String,
    start: u32,
    size: u64,
}

impl<'a> Compound<'a> {
    /// Reads the tables of a compound file.
    ///
    /// # Errors
    /// [`Damaged`] where the header or a chain is not what the format demands.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Damaged> {
        if !bytes.starts_with(MAGIC) || bytes.len() < 512 {
            return Err(Damaged);
        }
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return Err(Damaged),
        };
        let mut file = Self {
            bytes,
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            streams: Vec::new(),
        };
        file.read_fat()?;
        let directory = file.chain(u32_at(bytes, 48)?, u64::MAX)?;
        let mut root = None;
        for entry in directory.chunks_exact(128) {
            match entry[66] {
                5 if root.is_none() => root = Some((u32_at(entry, 116)?, u64_at(entry, 120)?)),
                2 => file.streams.push(Stream {
                    name: entry_name(entry),
                    start: u32_at(entry, 116)?,
                    // The upper half is garbage in files of version 3.
                    size: u64_at(entry, 120)? & 0xFFFF_FFFF,
                }),
                _ => {}
            }
        }
        let (mini_start, mini_size) = root.ok_or(Damaged)?;
        if u32_at(bytes, 64)? > 0 {
            // A broken mini stream spoils only the small streams; the workbook usually lies outside.
            if let Ok(table) = file.chain(u32_at(bytes, 60)?, u64::MAX)
                && let Ok(mini) = file.chain(mini_start, mini_size & 0xFFFF_FFFF)
            {
                file.mini_fat = numbers(&table);
                file.mini = mini;
            }
        }
        Ok(file)
    }

    /// Whether it has a stream of this name, whatever the case of its letters.
    pub fn has(&self, name: &str) -> bool {
        self.stream_entry(name).is_some()
    }

    /// The bytes of a stream; `None` where there is none of this name.
    pub fn stream(&self, name: &str) -> Option<Result<Vec<u8>, Damaged>> {
        let stream = self.stream_entry(name)?;
        Some(if stream.size < MINI_LIMIT {
            self.mini_chain(stream.start, stream.size)
        } else {
            self.chain(stream.start, stream.size)
        })
    }

    fn stream_entry(&self, name: &str) -> Option<&Stream> {
        self.streams
            .iter()
            .find(|stream| stream.name.eq_ignore_ascii_case(name))
    }

    /// How many sectors the file holds, the last perhaps in part.
    fn sectors(&self) -> usize {
        self.bytes
            .len()
            .saturating_sub(self.sector)
            .div_ceil(self.sector)
    }

    /// A sector's bytes, fewer where the file ends within it.
    fn sector(&self, id: u32) -> Result<&'a [u8], Damaged> {
        let start = usize::try_from(id)
            .ok()
            .and_then(|id| id.checked_add(1))
            .and_then(|id| id.checked_mul(self.sector))
            .ok_or(Damaged)?;
        let rest = self.bytes.get(start..).ok_or(Damaged)?;
        if rest.is_empty() {
            return Err(Damaged);
        }
        Ok(&rest[..rest.len().min(self.sector)])
    }

    fn read_fat(&mut self) -> Result<(), Damaged> {
        let mut table = numbers(&self.bytes[76..512]);
        let mut next = u32_at(self.bytes, 68)?;
        let mut steps = 0;
        while next < NO_SECTOR {
            steps += 1;
            if steps > self.sectors() {
                return Err(Damaged);
            }
            let mut more = numbers(self.sector(next)?);
            next = more.pop().ok_or(Damaged)?;
            table.extend(more);
        }
        let mut fat = Vec::new();
        for id in table.into_iter().filter(|&id| id < NO_SECTOR) {
            if fat.len() > self.sectors() {
                break;
            }
            fat.extend(numbers(self.sector(id)?));
        }
        self.fat = fat;
        Ok(())
    }

    fn chain(&self, start: u32, size: u64) -> Result<Vec<u8>, Damaged> {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let mut out = Vec::with_capacity(size.min(self.bytes.len()));
        let mut next = start;
        let mut steps = 0;
        while next < NO_SECTOR && out.len() < size {
            steps += 1;
            if steps > self.sectors() {
                return Err(Damaged);
            }
            out.extend_from_slice(self.sector(next)?);
            next = self
                .fat
                .get(usize::try_from(next).map_err(|_| Damaged)?)
                .copied()
                .ok_or(Damaged)?;
        }
        out.truncate(size);
        Ok(out)
    }

    fn mini_chain(&self, start: u32, size: u64) -> Result<Vec<u8>, Damaged> {
        let size = usize::try_from(size).map_err(|_| Damaged)?;
        let mut out = Vec::with_capacity(size);
        let mut next = start;
        let mut steps = 0;
        while next < NO_SECTOR && out.len() < size {
            steps += 1;
            let at = usize::try_from(next).map_err(|_| Damaged)?;
            let from = at.checked_mul(MINI).ok_or(Damaged)?;
            let rest = self.mini.get(from..).ok_or(Damaged)?;
            if steps > self.mini.len() / MINI + 1 || rest.is_empty() {
                return Err(Damaged);
            }
            out.extend_from_slice(&rest[..rest.len().min(MINI)]);
            next = self.mini_fat.get(at).copied().ok_or(Damaged)?;
        }
        out.truncate(size);
        Ok(out)
    }
}

fn entry_name(entry: &[u8]) -> String {
    let len = usize::from(u16::from_le_bytes([entry[64], entry[65]])).min(64);
    let units = entry[..len]
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .take_while(|&unit| unit != 0);
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .map(|raw| u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]))
        .collect()
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Damaged> {
    let raw = bytes.get(at..).and_then(|rest| rest.first_chunk());
    raw.map(|raw| u16::from_le_bytes(*raw)).ok_or(Damaged)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Damaged> {
    let raw = bytes.get(at..).and_then(|rest| rest.first_chunk());
    raw.map(|raw| u32::from_le_bytes(*raw)).ok_or(Damaged)
}

fn u64_at(bytes: &[u8], at: usize) -> Result<u64, Damaged> {
    let raw = bytes.get(at..).and_then(|rest| rest.first_chunk());
    raw.map(|raw| u64::from_le_bytes(*raw)).ok_or(Damaged)
}

#[cfg(test)]
mod tests {
    use super::{Compound, MAGIC};

    /// A compound file with one stream, `Workbook`, of one 4096-byte chain.
    fn sample() -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.resize(512, 0);
        bytes[24..32].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0]);
        bytes[32] = 6;
        bytes[44] = 1;
        bytes[48] = 1;
        bytes[60..64].copy_from_slice(&[0xFE, 0xFF, 0xFF, 0xFF]);
        bytes[68..72].copy_from_slice(&[0xFE, 0xFF, 0xFF, 0xFF]);
        bytes[76..512].fill(0xFF);
        bytes[76..80].fill(0);
        let mut fat = vec![0xFFFF_FFFDu32, 0xFFFF_FFFE];
        fat.extend([3, 4, 5, 6, 7, 8, 9, 0xFFFF_FFFE]);
        fat.resize(128, 0xFFFF_FFFF);
        bytes.extend(fat.iter().flat_map(|id| id.to_le_bytes()));
        let mut directory = vec![0u8; 512];
        for (at, name, kind, start, size) in [
            (0, "Root Entry", 5, u32::MAX, 0u32),
            (128, "Workbook", 2, 2, 4096),
        ] {
            for (i, unit) in name.encode_utf16().enumerate() {
                directory[at + 2 * i..at + 2 * i + 2].copy_from_slice(&unit.to_le_bytes());
            }
            directory[at + 64] = u8::try_from(2 * name.len() + 2).unwrap();
            directory[at + 66] = kind;
            directory[at + 116..at + 120].copy_from_slice(&start.to_le_bytes());
            directory[at + 120..at + 124].copy_from_slice(&size.to_le_bytes());
        }
        bytes.extend(directory);
        bytes.extend((0..4096u32).map(|i| u8::try_from(i / 512).unwrap()));
        bytes
    }

    #[test]
    fn streams_are_put_together_from_their_chain() {
        let bytes = sample();
        let file = Compound::open(&bytes).unwrap();
        let stream = file.stream("workbook").unwrap().unwrap();
        assert_eq!(stream.len(), 4096);
        assert_eq!((stream[0], stream[4095]), (0, 7));
        assert!(!file.has("Book"));
    }

    #[test]
    fn loops_and_lies_end() {
        let mut bytes = sample();
        bytes[512 + 4 * 5] = 3; // the chain runs in a circle
        let file = Compound::open(&bytes).unwrap();
        assert!(
            file.stream("Workbook")
                .unwrap()
                .is_ok_and(|s| s.len() == 4096)
        );
        for at in 0..1536 {
            for value in [0, 1, 0x7F, 0xFF] {
                let mut bad = bytes.clone();
                bad[at] = value;
                if let Ok(file) = Compound::open(&bad) {
                    let _ = file.stream("Workbook");
                }
            }
        }
        for cut in 0..bytes.len() {
            if let Ok(file) = Compound::open(&bytes[..cut]) {
                let _ = file.stream("Workbook");
            }
        }
    }
}
