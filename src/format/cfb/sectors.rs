//! Sectors and their chains ([MS-CFB] sections 2.3 to 2.5). A sector is given away once: a chain that meets a sector again is
//! malformed, so that following all chains costs no more than one look at each sector.

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Exceeded};
use crate::format::cfb::Odd;
use crate::format::cfb::findings::{
    COMPOUND_FILE_OUT_OF_BOUNDS, SECTOR_CHAIN_LOOP, SECTOR_IN_TWO_CHAINS,
};
use crate::format::cfb::header::Header;
use crate::format::error::Error;
use crate::model::extract::Span;

/// Sectors in one file: 4 GiB of those of 512 bytes, which version 3 cannot exceed, and 32 GiB of the others. What is kept of
/// each takes five bytes.
pub(super) const MAX_SECTORS: u64 = 8 << 20;

/// Ends a chain.
pub(super) const END: u32 = 0xffff_fffe;
/// Belongs to nothing.
pub(super) const FREE: u32 = 0xffff_ffff;
const FAT: u32 = 0xffff_fffd;
const DIFAT: u32 = 0xffff_fffc;

/// The sectors of a file.
#[derive(Debug)]
pub(super) struct Sectors {
    size: u64,
    shift: u32,
    /// The entry of each sector that is in the file, as far as the table reaches.
    next: Vec<u32>,
    /// Given away, one a sector in the file.
    taken: Vec<bool>,
}

impl Sectors {
    /// Reads the table that chains the sectors, whose own sectors the header and a chain of its own list.
    pub(super) fn read(
        blob: &dyn ReadAt,
        header: &Header,
        budget: &Budget<'_>,
        odd: &mut Vec<Odd>,
    ) -> Result<Self, Error> {
        let size = blob.size();
        // The last sector may be cut short: it counts, and what is read of it must be there.
        let sector = header.sector();
        let count = size.saturating_sub(sector).div_ceil(sector);
        if count > MAX_SECTORS {
            return Err(limit("sectors of a compound file", MAX_SECTORS).into());
        }
        let mut sectors = Self {
            size,
            shift: header.shift,
            next: Vec::new(),
            taken: vec![false; usize::try_from(count).unwrap_or_default()],
        };
        let (tables, lists) = sectors.tables(blob, header, budget, odd)?;
        let mut beyond = false;
        for table in &tables {
            budget.check_time()?;
            for entry in words(&sectors.whole(blob, *table)?) {
                if sectors.next.len() < sectors.taken.len() {
                    sectors.next.push(entry);
                } else {
                    beyond |= entry != FREE;
                }
            }
        }
        if beyond {
            odd.push(Odd {
                span: tables.last().map(|s| sectors.at(*s)).unwrap_or_default(),
                what: "the table of sectors goes on behind the end of the file",
            });
        }
        for (all, mark) in [(&tables, FAT), (&lists, DIFAT)] {
            if let Some(one) = all.iter().find(|s| sectors.entry(**s) != Some(mark)) {
                odd.push(Odd {
                    span: sectors.at(*one),
                    what: "a sector of the tables is not marked as one",
                });
            }
        }
        Ok(sectors)
    }

    /// The sectors of the table, and those of the list of them.
    fn tables(
        &mut self,
        blob: &dyn ReadAt,
        header: &Header,
        budget: &Budget<'_>,
        odd: &mut Vec<Odd>,
    ) -> Result<(Vec<u32>, Vec<u32>), Error> {
        let mut listed = header.difat.clone();
        let mut lists = Vec::new();
        let mut next = header.first_difat;
        while next != END && next != FREE {
            budget.check_time()?;
            self.take(next, &lists, 68)?;
            lists.push(next);
            let mut entries = words(&self.whole(blob, next)?);
            next = entries.pop().unwrap_or(END);
            listed.append(&mut entries);
        }
        if u32::try_from(lists.len()) != Ok(header.difat_sectors) {
            odd.push(Odd {
                span: 72..76,
                what: "the header counts other DIFAT sectors than there are",
            });
        }
        let wanted = usize::try_from(header.fat_sectors).unwrap_or(usize::MAX);
        let (used, rest) = listed.split_at(wanted.min(listed.len()));
        if used.len() < wanted || rest.iter().any(|s| *s != FREE) {
            let message =
                format!("the header counts {wanted} sectors of the table, and the list has others");
            return Err(outside(44, message));
        }
        let mut tables = Vec::new();
        for sector in used {
            self.take(*sector, &tables, 76)?;
            tables.push(*sector);
        }
        Ok((tables, lists))
    }

    /// Where a sector stands; the last one of the file may end early.
    pub(super) fn at(&self, sector: u32) -> Span {
        let start = u64::from(sector)
            .saturating_add(1)
            .checked_shl(self.shift)
            .unwrap_or(u64::MAX);
        let end = start.saturating_add(self.sector());
        start.min(self.size)..end.min(self.size)
    }

    /// Bytes a sector.
    pub(super) fn sector(&self) -> u64 {
        1u64.checked_shl(self.shift).unwrap_or(1)
    }

    fn entry(&self, sector: u32) -> Option<u32> {
        self.next.get(usize::try_from(sector).ok()?).copied()
    }

    /// The sectors of the chain that starts with `first`, all given to it. `named` is where the file names the first one.
    pub(super) fn chain(&mut self, first: u32, named: u64) -> Result<Vec<u32>, Error> {
        let mut chain = Vec::new();
        let mut next = first;
        while next != END {
            self.take(next, &chain, named)?;
            chain.push(next);
            next = self.entry(next).ok_or_else(|| {
                let message = format!("the table of sectors does not reach sector {next}");
                outside(self.at(next).start, message)
            })?;
        }
        Ok(chain)
    }

    /// Gives a sector to a chain, which has those of `chain` already.
    fn take(&mut self, sector: u32, chain: &[u32], named: u64) -> Result<(), Error> {
        let count = self.taken.len();
        let place = usize::try_from(sector).ok();
        let Some(taken) = place.and_then(|at| self.taken.get_mut(at)) else {
            let named = chain.last().map_or(named, |last| self.at(*last).start);
            let message = format!("sector {sector} is named, and the file has {count}");
            return Err(outside(named, message));
        };
        if !*taken {
            *taken = true;
            return Ok(());
        }
        let own = chain.contains(&sector);
        let (definition, message) = if own {
            (&SECTOR_CHAIN_LOOP, "is reached again by its own chain")
        } else {
            (&SECTOR_IN_TWO_CHAINS, "belongs to another chain already")
        };
        let message = format!("sector {sector} {message}");
        Err(Error::malformed(definition, self.at(sector).start, message))
    }

    /// The bytes of a sector that must be there to its end.
    pub(super) fn whole(&self, blob: &dyn ReadAt, sector: u32) -> Result<Vec<u8>, Error> {
        let span = self.at(sector);
        if span.end.saturating_sub(span.start) < self.sector() {
            let message = format!("sector {sector} of a table is cut short by the end of the file");
            return Err(outside(span.start, message));
        }
        let start = span.start;
        blob.read_range(span).map_err(Error::read(start))
    }

    /// What belongs to no chain: sectors between those that do, and everything behind the last one. Notes those that the table
    /// calls used.
    pub(super) fn left(&self, odd: &mut Vec<Odd>) -> Left {
        let end = self.taken.iter().rposition(|taken| *taken);
        let mut between: Vec<Span> = Vec::new();
        let mut lost = None;
        for (sector, taken) in (0u32..).zip(&self.taken) {
            if *taken {
                continue;
            }
            if self.entry(sector).is_some_and(|entry| entry != FREE) {
                lost.get_or_insert(sector);
            }
            if usize::try_from(sector).ok() < end {
                join(&mut between, self.at(sector));
            }
        }
        if let Some(sector) = lost {
            odd.push(Odd {
                span: self.at(sector),
                what: "sectors are marked as used and belong to nothing",
            });
        }
        let last = end.and_then(|at| u32::try_from(at).ok());
        Left {
            between,
            behind: last.map_or(self.sector().min(self.size), |s| self.at(s).end)..self.size,
        }
    }
}

/// What belongs to no chain.
#[derive(Debug)]
pub(super) struct Left {
    /// Free sectors.
    pub(super) between: Vec<Span>,
    /// What follows the last sector that belongs to a chain.
    pub(super) behind: Span,
}

/// Adds `span`, to the one before where it continues it.
pub(super) fn join(spans: &mut Vec<Span>, span: Span) {
    match spans.last_mut() {
        Some(last) if last.end == span.start => last.end = span.end,
        _ if span.is_empty() => {}
        _ => spans.push(span),
    }
}

/// Little-endian 32-bit words.
pub(super) fn words(bytes: &[u8]) -> Vec<u32> {
    let (words, _) = bytes.as_chunks::<4>();
    words.iter().map(|word| u32::from_le_bytes(*word)).collect()
}

pub(super) fn outside(offset: u64, message: impl Into<String>) -> Error {
    Error::malformed(&COMPOUND_FILE_OUT_OF_BOUNDS, offset, message)
}

pub(super) fn limit(what: &'static str, limit: u64) -> Exceeded {
    Exceeded::Count {
        what,
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn neighbours_become_one_span_and_gaps_stay() {
        let mut spans = Vec::new();
        for span in [0..4, 4..8, 12..16, 16..16, 20..20] {
            join(&mut spans, span);
        }
        assert_eq!(spans, [0..8, 12..16]);
    }
}
