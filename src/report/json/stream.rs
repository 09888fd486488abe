//! A report written village by village: what a village adds to the lists is encoded as soon as it is judged, and laid aside, so
//! that no more than the villages at hand are in memory.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use super::encode::{self, List};
use crate::finding::{Report, VillageLists};

/// What a village adds to the lists of a report, as it is written.
#[derive(Debug)]
pub struct Encoded {
    town: String,
    village: String,
    lists: [Vec<u8>; 3],
}

impl Encoded {
    /// Encodes the lists of a village.
    ///
    /// # Errors
    /// None is expected: it writes to memory.
    pub fn of(lists: &VillageLists) -> io::Result<Self> {
        let [findings, not_run, records] = List::ALL.map(|list| encode::village(lists, list));
        Ok(Self {
            town: lists.town.clone(),
            village: lists.village.clone(),
            lists: [findings?, not_run?, records?],
        })
    }
}

/// Villages laid aside until the whole report is known.
#[derive(Debug)]
pub struct Stream<S> {
    spool: S,
    end: u64,
    villages: Vec<Laid>,
}

/// Where the lists of a village were laid.
#[derive(Debug)]
struct Laid {
    town: String,
    village: String,
    lists: [Range<u64>; 3],
}

impl<S: Read + Write + Seek> Stream<S> {
    /// Nothing laid aside yet. `spool` is empty, and holds what is laid aside.
    pub fn new(spool: S) -> Self {
        Self {
            spool,
            end: 0,
            villages: Vec::new(),
        }
    }

    /// Lays a village aside; the villages may come in any order.
    ///
    /// # Errors
    /// Whatever the spool yields, such as a full disk.
    pub fn add(&mut self, village: &Encoded) -> io::Result<()> {
        let mut lists = [0..0, 0..0, 0..0];
        for (range, bytes) in lists.iter_mut().zip(&village.lists) {
            self.spool.write_all(bytes)?;
            let start = self.end;
            self.end += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            *range = start..self.end;
        }
        self.villages.push(Laid {
            town: village.town.clone(),
            village: village.village.clone(),
            lists,
        });
        Ok(())
    }

    /// Writes the whole report: `report` without the lists that were laid aside. The bytes are those of the report with them.
    ///
    /// # Errors
    /// Whatever the spool or `out` yields.
    pub fn write(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        self.villages
            .sort_by(|a, b| (&a.town, &a.village).cmp(&(&b.town, &b.village)));
        let (spool, villages) = (&mut self.spool, &self.villages);
        encode::write_with(report, out, &mut |list, out| {
            out.write_all(b"[")?;
            let mut any = false;
            for village in villages {
                let range = &village.lists[list as usize];
                if range.is_empty() {
                    continue;
                }
                if any {
                    out.write_all(b",")?;
                }
                any = true;
                spool.seek(SeekFrom::Start(range.start))?;
                io::copy(&mut Read::by_ref(spool).take(range.end - range.start), out)?;
            }
            out.write_all(if any { b"\n]" } else { b"]" })
        })
    }
}
