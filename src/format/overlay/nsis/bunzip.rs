//! bzip2 as NSIS writes it: no stream header, one byte instead of each block's magic number, no checksums and no randomisation.

use std::io::{self, Read};

/// Nine times 100,000, the largest block there is.
const MAX_BLOCK: usize = 900_000;
const BLOCK: u32 = 0x31;
const END: u32 = 0x17;
/// Symbols that are coded with one table before a selector names the next.
const GROUP: usize = 50;
const MAX_BITS: usize = 20;

/// Codes of one table: how many of each length, and the symbols by code.
struct Codes {
    counts: [u16; MAX_BITS + 1],
    symbols: Vec<u16>,
}

impl Codes {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0u16; MAX_BITS + 1];
        let mut symbols = Vec::new();
        for (bits, count) in counts.iter_mut().enumerate().skip(1) {
            let of_length = lengths.iter().zip(0u16..);
            for (_, symbol) in of_length.filter(|(len, _)| usize::from(**len) == bits) {
                *count = count.saturating_add(1);
                symbols.push(symbol);
            }
        }
        Self { counts, symbols }
    }
}

/// Decodes up to the mark of the end.
pub(super) struct Bunzip<R> {
    input: R,
    bits: u32,
    count: u32,
    /// Each entry: where the next byte of the block stands, and in the low eight bits the byte of this place.
    block: Vec<u32>,
    at: u32,
    left: usize,
    /// The byte that is repeated, how often it was met in a row, and how often it still comes.
    last: u8,
    met: u8,
    repeat: u8,
    done: bool,
}

impl<R: Read> Bunzip<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            bits: 0,
            count: 0,
            block: Vec::new(),
            at: 0,
            left: 0,
            last: 0,
            met: 0,
            repeat: 0,
            done: false,
        }
    }

    /// At most 24 bits, the highest first.
    fn take(&mut self, count: u32) -> io::Result<u32> {
        while self.count < count {
            let mut byte = [0u8];
            self.input.read_exact(&mut byte)?;
            let [byte] = byte;
            self.bits = (self.bits << 8) | u32::from(byte);
            self.count = self.count.saturating_add(8);
        }
        self.count = self.count.saturating_sub(count);
        let mask = 1u32.checked_shl(count).ok_or_else(bad)?.wrapping_sub(1);
        Ok(self.bits.checked_shr(self.count).unwrap_or(0) & mask)
    }

    fn number(&mut self, count: u32) -> io::Result<usize> {
        usize::try_from(self.take(count)?).map_err(|_| bad())
    }

    fn symbol(&mut self, codes: &Codes) -> io::Result<u16> {
        let (mut code, mut first, mut index) = (0u32, 0u32, 0u32);
        for count in codes.counts.iter().skip(1) {
            code |= self.take(1)?;
            let count = u32::from(*count);
            if let Some(place) = code.checked_sub(first).filter(|place| *place < count) {
                let at = usize::try_from(index.saturating_add(place)).map_err(|_| bad())?;
                return codes.symbols.get(at).copied().ok_or_else(bad);
            }
            index = index.saturating_add(count);
            first = first.saturating_add(count).saturating_mul(2);
            code = code.saturating_mul(2);
        }
        Err(bad())
    }

    /// Reads a block, or the mark of the end.
    fn fill(&mut self) -> io::Result<()> {
        match self.take(8)? {
            BLOCK => {}
            END => {
                self.done = true;
                return Ok(());
            }
            _ => return Err(bad()),
        }
        let origin = self.number(24)?;
        let mut bytes = self.used()?;
        let (selectors, tables) = self.tables(bytes.len())?;
        let end = u16::try_from(bytes.len().saturating_add(1)).map_err(|_| bad())?;
        self.block.clear();
        let (mut run, mut weight) = (0usize, 1usize);
        for selector in selectors {
            let codes = tables.get(selector).ok_or_else(bad)?;
            for _ in 0..GROUP {
                let symbol = self.symbol(codes)?;
                if symbol < 2 {
                    // Digits of a number in base two whose digits are one and two.
                    run = run.saturating_add(
                        weight.saturating_mul(usize::from(symbol).saturating_add(1)),
                    );
                    weight = weight.saturating_mul(2);
                    if run > MAX_BLOCK {
                        return Err(bad());
                    }
                    continue;
                }
                self.put(bytes.first().copied().ok_or_else(bad)?, run)?;
                (run, weight) = (0, 1);
                if symbol == end {
                    return self.invert(origin);
                }
                let place = usize::from(symbol).saturating_sub(1);
                let front = bytes.get_mut(..=place).ok_or_else(bad)?;
                front.rotate_right(1);
                self.put(bytes.first().copied().ok_or_else(bad)?, 1)?;
            }
        }
        Err(bad())
    }

    fn put(&mut self, byte: u8, times: usize) -> io::Result<()> {
        let len = self.block.len().saturating_add(times);
        if len > MAX_BLOCK {
            return Err(bad());
        }
        self.block.resize(len, u32::from(byte));
        Ok(())
    }

    /// The bytes that occur, in order.
    fn used(&mut self) -> io::Result<Vec<u8>> {
        let groups = self.take(16)?;
        let mut bytes = Vec::new();
        for group in 0..16u8 {
            if groups & (0x8000u32 >> group) == 0 {
                continue;
            }
            let members = self.take(16)?;
            let of_group = (0..16u8).filter(|at| members & (0x8000u32 >> at) != 0);
            bytes.extend(of_group.map(|at| (group << 4) | at));
        }
        if bytes.is_empty() {
            return Err(bad());
        }
        Ok(bytes)
    }

    fn tables(&mut self, bytes: usize) -> io::Result<(Vec<usize>, Vec<Codes>)> {
        let count = self.number(3)?;
        let groups = self.number(15)?;
        if !(2..=6).contains(&count) || groups == 0 {
            return Err(bad());
        }
        let mut order: Vec<usize> = (0..count).collect();
        let mut selectors = Vec::new();
        for _ in 0..groups {
            let mut place = 0usize;
            while self.take(1)? == 1 {
                place = place.saturating_add(1);
                if place >= count {
                    return Err(bad());
                }
            }
            order.get_mut(..=place).ok_or_else(bad)?.rotate_right(1);
            selectors.push(order.first().copied().ok_or_else(bad)?);
        }
        let mut tables = Vec::new();
        for _ in 0..count {
            let mut len = self.take(5)?;
            let mut lengths = Vec::new();
            for _ in 0..bytes.saturating_add(2) {
                loop {
                    if !(1..=20).contains(&len) {
                        return Err(bad());
                    }
                    if self.take(1)? == 0 {
                        break;
                    }
                    len = if self.take(1)? == 0 {
                        len.saturating_add(1)
                    } else {
                        len.saturating_sub(1)
                    };
                }
                lengths.push(u8::try_from(len).map_err(|_| bad())?);
            }
            tables.push(Codes::new(&lengths));
        }
        Ok((selectors, tables))
    }

    /// Links each byte to the next: the Burrows-Wheeler transform backwards.
    fn invert(&mut self, origin: usize) -> io::Result<()> {
        let mut starts = [0u32; 256];
        for entry in &self.block {
            let count = usize::try_from(entry & 0xff)
                .ok()
                .and_then(|at| starts.get_mut(at));
            if let Some(count) = count {
                *count = count.saturating_add(1);
            }
        }
        let mut sum = 0u32;
        for start in &mut starts {
            sum = sum.saturating_add(std::mem::replace(start, sum));
        }
        for at in 0..self.block.len() {
            let byte = self.block.get(at).map_or(0, |entry| entry & 0xff);
            let start = usize::try_from(byte).ok().and_then(|at| starts.get_mut(at));
            let place = start.ok_or_else(bad)?;
            let target = usize::try_from(*place).map_err(|_| bad())?;
            *place = place.saturating_add(1);
            let entry = self.block.get_mut(target).ok_or_else(bad)?;
            *entry |= u32::try_from(at).map_err(|_| bad())? << 8;
        }
        let first = self.block.get(origin).ok_or_else(bad)?;
        self.at = first >> 8;
        self.left = self.block.len();
        (self.met, self.repeat) = (0, 0);
        Ok(())
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        loop {
            if self.repeat > 0 {
                self.repeat = self.repeat.saturating_sub(1);
                return Ok(Some(self.last));
            }
            if self.left == 0 {
                if self.done {
                    return Ok(None);
                }
                self.fill()?;
                continue;
            }
            self.left = self.left.saturating_sub(1);
            let at = usize::try_from(self.at).map_err(|_| bad())?;
            let entry = *self.block.get(at).ok_or_else(bad)?;
            self.at = entry >> 8;
            let byte = u8::try_from(entry & 0xff).map_err(|_| bad())?;
            if self.met == 4 {
                // Behind four of a kind stands how many more there are.
                (self.met, self.repeat) = (0, byte);
                continue;
            }
            self.met = if byte == self.last && self.met > 0 {
                self.met.saturating_add(1)
            } else {
                1
            };
            self.last = byte;
            return Ok(Some(byte));
        }
    }
}

impl<R: Read> Read for Bunzip<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut read = 0usize;
        for slot in buf {
            match self.byte()? {
                Some(byte) => *slot = byte,
                None => break,
            }
            read = read.saturating_add(1);
        }
        Ok(read)
    }
}

fn bad() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "broken bzip2 data")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::Bunzip;

    /// The bits of `bytes`, the highest of each first.
    fn bits(bytes: &[u8]) -> Vec<bool> {
        let of = |byte: &u8| {
            (0..8)
                .map(|at| byte & (0x80u8 >> at) != 0)
                .collect::<Vec<_>>()
        };
        bytes.iter().flat_map(of).collect()
    }

    /// One block of bzip2, as NSIS would have written it.
    fn stream(text: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
        encoder.write_all(text).unwrap();
        let all = bits(&encoder.finish().unwrap());
        let footer = bits(&[0x17, 0x72, 0x45, 0x38, 0x50, 0x90]);
        let end = all
            .windows(48)
            .rposition(|window| window == footer)
            .unwrap();
        // Header, magic number, CRC and the bit for randomisation come before the block's own fields.
        let mut kept = bits(&[0x31]);
        kept.extend(&all[32 + 48 + 32 + 1..end]);
        kept.extend(bits(&[0x17]));
        kept.resize(kept.len().next_multiple_of(8), false);
        kept.chunks(8)
            .map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | u8::from(*bit)))
            .collect()
    }

    fn all(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        std::io::copy(&mut Bunzip::new(bytes), &mut out).map(|_| out)
    }

    #[test]
    fn what_bzip2_compresses_comes_back() {
        let mixed: Vec<u8> = (0..50_000u32)
            .flat_map(|n| (n.wrapping_mul(2_654_435_761) >> (n % 17)).to_le_bytes())
            .collect();
        for text in [
            &b"a"[..],
            b"aaaa",
            &[b'x'; 1000],
            b"to be or not to be",
            &mixed,
        ] {
            assert!(all(&stream(text)).unwrap() == text);
        }
    }

    #[test]
    fn spoiled_streams_end() {
        let good = stream(b"to be or not to be, that is the question");
        for at in 0..good.len() {
            let _ = all(&good[..at]);
            for bit in 0..8 {
                let mut spoiled = good.clone();
                spoiled[at] ^= 1 << bit;
                let _ = all(&spoiled);
            }
        }
        assert!(all(b"").is_err());
        assert_eq!(all(&[0x17]).unwrap(), b"");
    }
}
