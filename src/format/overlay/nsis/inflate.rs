//! Deflate as NSIS writes it: RFC 1951, but for stored blocks, whose length may stand without its complement. Builds of NSIS
//! differ in that.

use std::io::{self, Read};

/// RFC 1951 section 2: matches reach back 32 KiB.
const WINDOW: usize = 32 << 10;
const MAX_BITS: usize = 15;

const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];
const DISTANCES: [(u16, u8); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];
const CODE_ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// Codes of one alphabet: how many of each length, and the symbols by code.
#[derive(Debug, Default)]
struct Codes {
    counts: [u16; MAX_BITS + 1],
    symbols: Vec<u16>,
}

impl Codes {
    fn new(lengths: &[u8]) -> io::Result<Self> {
        let mut codes = Self::default();
        for bits in 1..=MAX_BITS {
            let of_length = lengths.iter().zip(0u16..);
            let of_length = of_length.filter(|(len, _)| usize::from(**len) == bits);
            let before = codes.symbols.len();
            codes.symbols.extend(of_length.map(|(_, symbol)| symbol));
            let count = codes.symbols.len().saturating_sub(before);
            if let Some(slot) = codes.counts.get_mut(bits) {
                *slot = u16::try_from(count).map_err(|_| bad())?;
            }
        }
        // More codes than bits can tell apart.
        let mut left = 1i32;
        for count in codes.counts.iter().skip(1) {
            left = left.saturating_mul(2).saturating_sub(i32::from(*count));
            if left < 0 {
                return Err(bad());
            }
        }
        Ok(codes)
    }
}

enum State {
    /// Between blocks.
    Between,
    Stored(u32),
    Coded {
        literals: Codes,
        distances: Codes,
    },
    Done,
}

/// Decodes a stream up to its last block.
pub(super) struct Inflate<R> {
    input: R,
    bits: u32,
    count: u32,
    last: bool,
    /// Whether stored blocks have the complement of their length; the first one tells.
    complement: Option<bool>,
    state: State,
    window: Vec<u8>,
    at: usize,
    filled: usize,
    /// A match that has not been written whole: length and distance.
    copy: (usize, usize),
}

impl<R: Read> Inflate<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            bits: 0,
            count: 0,
            last: false,
            complement: None,
            state: State::Between,
            window: vec![0; WINDOW],
            at: 0,
            filled: 0,
            copy: (0, 0),
        }
    }

    fn take(&mut self, count: u32) -> io::Result<u32> {
        while self.count < count {
            let mut byte = [0u8];
            self.input.read_exact(&mut byte)?;
            let [byte] = byte;
            self.bits |= u32::from(byte).checked_shl(self.count).ok_or_else(bad)?;
            self.count = self.count.saturating_add(8);
        }
        let mask = 1u32.checked_shl(count).unwrap_or(0).wrapping_sub(1);
        let taken = self.bits & mask;
        self.bits = self.bits.checked_shr(count).unwrap_or(0);
        self.count = self.count.saturating_sub(count);
        Ok(taken)
    }

    fn block(&mut self) -> io::Result<State> {
        self.last = self.take(1)? == 1;
        match self.take(2)? {
            0 => {
                self.take(self.count & 7)?;
                let len = self.take(16)?;
                self.complement(len)?;
                Ok(State::Stored(len))
            }
            1 => {
                let lengths: Vec<u8> = (0..288u16)
                    .map(|symbol| match symbol {
                        0..144 => 8,
                        144..256 => 9,
                        256..280 => 7,
                        _ => 8,
                    })
                    .collect();
                Ok(State::Coded {
                    literals: Codes::new(&lengths)?,
                    distances: Codes::new(&[5; 30])?,
                })
            }
            2 => self.dynamic(),
            _ => Err(bad()),
        }
    }

    /// Passes over the complement of `len` where there is one.
    fn complement(&mut self, len: u32) -> io::Result<()> {
        if len == 0 || self.complement == Some(false) {
            return Ok(());
        }
        let next = self.take(16)?;
        let has = next == len ^ 0xffff;
        match self.complement.replace(has) {
            // Whole bytes only are left here, so what was taken is all there was.
            None if !has => (self.bits, self.count) = (next, 16),
            Some(true) if !has => return Err(bad()),
            _ => {}
        }
        Ok(())
    }

    fn dynamic(&mut self) -> io::Result<State> {
        let literals = usize::try_from(self.take(5)?)
            .map_err(|_| bad())?
            .saturating_add(257);
        let distances = usize::try_from(self.take(5)?)
            .map_err(|_| bad())?
            .saturating_add(1);
        let codes = usize::try_from(self.take(4)?)
            .map_err(|_| bad())?
            .saturating_add(4);
        let mut lengths = [0u8; 19];
        for place in CODE_ORDER.iter().take(codes) {
            let len = u8::try_from(self.take(3)?).map_err(|_| bad())?;
            *lengths.get_mut(*place).ok_or_else(bad)? = len;
        }
        let code = Codes::new(&lengths)?;
        let all = literals.saturating_add(distances);
        let mut lengths: Vec<u8> = Vec::new();
        while lengths.len() < all {
            let (value, times) = match self.symbol(&code)? {
                symbol @ 0..=15 => (u8::try_from(symbol).map_err(|_| bad())?, 1),
                16 => (
                    *lengths.last().ok_or_else(bad)?,
                    self.take(2)?.saturating_add(3),
                ),
                17 => (0, self.take(3)?.saturating_add(3)),
                _ => (0, self.take(7)?.saturating_add(11)),
            };
            for _ in 0..times {
                lengths.push(value);
            }
        }
        if lengths.len() > all {
            return Err(bad());
        }
        let (literals, distances) = lengths.split_at_checked(literals).ok_or_else(bad)?;
        Ok(State::Coded {
            literals: Codes::new(literals)?,
            distances: Codes::new(distances)?,
        })
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

    fn emit(&mut self, byte: u8) {
        if let Some(slot) = self.window.get_mut(self.at) {
            *slot = byte;
        }
        self.at = self.at.wrapping_add(1) % WINDOW;
        self.filled = self.filled.saturating_add(1).min(WINDOW);
    }

    /// The next byte; `None` at the end.
    fn byte(&mut self) -> io::Result<Option<u8>> {
        loop {
            let (left, distance) = self.copy;
            if left > 0 {
                self.copy = (left.saturating_sub(1), distance);
                let from = self.at.wrapping_add(WINDOW).wrapping_sub(distance) % WINDOW;
                let byte = self.window.get(from).copied().unwrap_or_default();
                self.emit(byte);
                return Ok(Some(byte));
            }
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Ok(None),
                State::Between if self.last => {}
                State::Between => self.state = self.block()?,
                State::Stored(0) => self.state = State::Between,
                State::Stored(left) => {
                    self.state = State::Stored(left.saturating_sub(1));
                    let byte = u8::try_from(self.take(8)?).map_err(|_| bad())?;
                    self.emit(byte);
                    return Ok(Some(byte));
                }
                State::Coded {
                    literals,
                    distances,
                } => {
                    let symbol = self.symbol(&literals)?;
                    if symbol == 256 {
                        self.state = State::Between;
                        continue;
                    }
                    if symbol > 256 {
                        self.copy = self.matched(symbol, &distances)?;
                    }
                    self.state = State::Coded {
                        literals,
                        distances,
                    };
                    if let Ok(byte) = u8::try_from(symbol) {
                        self.emit(byte);
                        return Ok(Some(byte));
                    }
                }
            }
        }
    }

    fn matched(&mut self, symbol: u16, distances: &Codes) -> io::Result<(usize, usize)> {
        let of = |table: &[(u16, u8)], at: u16| table.get(usize::from(at)).copied().ok_or_else(bad);
        let (base, extra) = of(&LENGTHS, symbol.saturating_sub(257))?;
        let length = u32::from(base).saturating_add(self.take(u32::from(extra))?);
        let code = self.symbol(distances)?;
        let (base, extra) = of(&DISTANCES, code)?;
        let distance = u32::from(base).saturating_add(self.take(u32::from(extra))?);
        let distance = usize::try_from(distance).map_err(|_| bad())?;
        if distance > self.filled {
            return Err(bad());
        }
        Ok((usize::try_from(length).map_err(|_| bad())?, distance))
    }
}

impl<R: Read> Read for Inflate<R> {
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
    io::Error::new(io::ErrorKind::InvalidData, "broken deflate data")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::Inflate;

    fn all(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        std::io::copy(&mut Inflate::new(bytes), &mut out).map(|_| out)
    }

    #[test]
    fn what_deflate_compresses_comes_back() {
        let mut text = b"abcabcabcabc the same and the same again ".repeat(2000);
        text.extend((0..70_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()));
        for level in [0, 1, 6, 9] {
            let level = flate2::Compression::new(level);
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
            encoder.write_all(&text).unwrap();
            assert!(all(&encoder.finish().unwrap()).unwrap() == text);
        }
    }

    #[test]
    fn stored_blocks_may_lack_the_complement_of_their_length() {
        let stream = [0, 3, 0, b'a', b'b', b'c', 1, 2, 0, b'd', b'e'];
        assert_eq!(all(&stream).unwrap(), b"abcde");
        let stream = [0, 1, 0, 0xfe, 0xff, b'a', 1, 1, 0, 0xfe, 0xff, b'b'];
        assert_eq!(all(&stream).unwrap(), b"ab");
    }

    #[test]
    fn broken_streams_end_in_an_error() {
        for stream in [
            &[][..],
            &[6],
            &[1, 5, 0, b'a'],
            // A match before anything was written.
            &[0x03, 0x02],
            &[0x05, 0xff, 0xff, 0xff],
        ] {
            assert!(all(stream).is_err(), "{stream:x?}");
        }
    }
}
