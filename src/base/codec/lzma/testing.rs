//! An encoder that writes any symbols at all, those that no other would write among them.

use crate::base::codec::lzma::lzma2_dictionary;

/// A symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    Literal(u8),
    /// Distance less one, length.
    Match(u32, usize),
    /// Which of the four last distances, length.
    Rep(usize, usize),
    ShortRep,
    /// The end marker.
    Marker,
}

/// `lc`, `lp` and `pb` in one byte.
pub(crate) const PROPERTIES: u8 = 0x5d;

/// The range encoder with the model behind it. Its tables are kept by name, so that nothing of the decoder's is shared.
pub(crate) struct Encoder {
    low: u64,
    range: u32,
    cache: u8,
    cached: u64,
    out: Vec<u8>,
    tables: std::collections::HashMap<(&'static str, usize, usize), u16>,
    state: usize,
    reps: [u32; 4],
    /// All that the symbols stand for.
    pub(crate) data: Vec<u8>,
    lc: usize,
    lp: usize,
    pb: usize,
}

impl Encoder {
    pub(crate) fn new(properties: u8) -> Self {
        let byte = usize::from(properties);
        Self {
            low: 0,
            range: u32::MAX,
            cache: 0,
            cached: 1,
            out: Vec::new(),
            tables: Default::default(),
            state: 0,
            reps: [0; 4],
            data: Vec::new(),
            lc: byte % 9,
            lp: byte / 9 % 5,
            pb: byte / 45,
        }
    }

    fn bit(&mut self, table: (&'static str, usize, usize), bit: usize) {
        let probability = self.tables.entry(table).or_insert(1024);
        let bound = (self.range >> 11) * u32::from(*probability);
        if bit == 0 {
            self.range = bound;
            *probability += (2048 - *probability) >> 5;
        } else {
            self.low += u64::from(bound);
            self.range -= bound;
            *probability -= *probability >> 5;
        }
        self.normalize();
    }

    fn normalize(&mut self) {
        while self.range < 1 << 24 {
            self.range <<= 8;
            self.shift_low();
        }
    }

    fn shift_low(&mut self) {
        if self.low < 0xff00_0000 || self.low > u64::from(u32::MAX) {
            let carry = (self.low >> 32) as u8;
            let mut byte = self.cache;
            while self.cached > 0 {
                self.out.push(byte.wrapping_add(carry));
                byte = 0xff;
                self.cached -= 1;
            }
            self.cache = (self.low >> 24) as u8;
        }
        self.cached += 1;
        self.low = (self.low & 0x00ff_ffff) << 8;
    }

    fn direct(&mut self, value: u32, count: u32) {
        for at in (0..count).rev() {
            self.range >>= 1;
            if value >> at & 1 == 1 {
                self.low += u64::from(self.range);
            }
            self.normalize();
        }
    }

    fn tree(&mut self, name: &'static str, row: usize, value: usize, bits: u32) {
        let mut node = 1;
        for at in (0..bits).rev() {
            let bit = value >> at & 1;
            self.bit((name, row, node), bit);
            node = node << 1 | bit;
        }
    }

    fn reverse(&mut self, name: &'static str, row: usize, value: usize, bits: u32) {
        let mut node = 1;
        for at in 0..bits {
            let bit = value >> at & 1;
            self.bit((name, row, node), bit);
            node = node << 1 | bit;
        }
    }

    fn len(&mut self, names: [&'static str; 4], position: usize, len: usize) {
        let [choice, low, mid, high] = names;
        match len - 2 {
            len @ 0..8 => {
                self.bit((choice, 0, 0), 0);
                self.tree(low, position, len, 3);
            }
            len @ 8..16 => {
                self.bit((choice, 0, 0), 1);
                self.bit((choice, 1, 0), 0);
                self.tree(mid, position, len - 8, 3);
            }
            len => {
                self.bit((choice, 0, 0), 1);
                self.bit((choice, 1, 0), 1);
                self.tree(high, 0, len - 16, 8);
            }
        }
    }

    fn distance(&mut self, distance: u32, len: usize) {
        let slot = match distance {
            0..4 => distance,
            _ => {
                let bits = distance.ilog2();
                bits << 1 | (distance >> (bits - 1) & 1)
            }
        };
        self.tree("slot", (len - 2).min(3), slot as usize, 6);
        if slot < 4 {
            return;
        }
        let bits = (slot >> 1) - 1;
        let rest = distance - ((2 | (slot & 1)) << bits);
        if slot < 14 {
            self.reverse("special", slot as usize, rest as usize, bits);
        } else {
            self.direct(rest >> 4, bits - 4);
            self.reverse("align", 0, rest as usize & 15, 4);
        }
    }

    fn literal(&mut self, literal: u8) {
        let before = self.data.last().copied().unwrap_or_default();
        let position = self.data.len() & ((1 << self.lp) - 1);
        let context = position << self.lc | usize::from(before) >> (8 - self.lc);
        let mut matched = (self.state >= 7).then(|| {
            let at = self.data.len() - 1 - self.reps[0] as usize;
            usize::from(self.data[at])
        });
        let mut symbol = 1;
        for at in (0..8).rev() {
            let bit = usize::from(literal) >> at & 1;
            let node = match matched {
                Some(byte) => ((1 + (byte >> at & 1)) << 8) + symbol,
                None => symbol,
            };
            self.bit(("literal", context, node), bit);
            matched = matched.filter(|byte| byte >> at & 1 == bit);
            symbol = symbol << 1 | bit;
        }
    }

    pub(crate) fn symbol(&mut self, symbol: Symbol) {
        let position = self.data.len() & ((1 << self.pb) - 1);
        let (state, literals) = (self.state, self.state < 7);
        self.bit(
            ("match", state, position),
            usize::from(!matches!(symbol, Symbol::Literal(_))),
        );
        match symbol {
            Symbol::Literal(literal) => {
                self.literal(literal);
                self.data.push(literal);
                self.state = match state {
                    0..4 => 0,
                    4..10 => state - 3,
                    _ => state - 6,
                };
            }
            Symbol::Match(distance, len) => self.fresh(distance, len),
            Symbol::Marker => self.fresh(u32::MAX, 2),
            Symbol::ShortRep => {
                self.bit(("rep", state, 0), 1);
                self.bit(("rep0", state, 0), 0);
                self.bit(("rep0long", state, position), 0);
                self.state = if literals { 9 } else { 11 };
                self.copy(1);
            }
            Symbol::Rep(which, len) => {
                self.bit(("rep", state, 0), 1);
                self.bit(("rep0", state, 0), usize::from(which > 0));
                match which {
                    0 => self.bit(("rep0long", state, position), 1),
                    1 => self.bit(("rep1", state, 0), 0),
                    _ => {
                        self.bit(("rep1", state, 0), 1);
                        self.bit(("rep2", state, 0), which - 2);
                    }
                }
                self.reps[..=which].rotate_right(1);
                self.len(["rlen", "rlow", "rmid", "rhigh"], position, len);
                self.state = if literals { 8 } else { 11 };
                self.copy(len);
            }
        }
    }

    fn fresh(&mut self, distance: u32, len: usize) {
        let position = self.data.len() & ((1 << self.pb) - 1);
        self.bit(("rep", self.state, 0), 0);
        self.len(["mlen", "mlow", "mmid", "mhigh"], position, len);
        self.distance(distance, len);
        self.reps.rotate_right(1);
        self.reps[0] = distance;
        self.state = if self.state < 7 { 7 } else { 10 };
        self.copy(len);
    }

    /// Distances that reach nothing stand for nothing.
    fn copy(&mut self, len: usize) {
        for _ in 0..len {
            let at = self.data.len().checked_sub(self.reps[0] as usize + 1);
            let Some(at) = at else { return };
            self.data.push(self.data[at]);
        }
    }

    /// As a chunk that resets the state.
    pub(crate) fn reset(&mut self) {
        self.tables.clear();
        (self.state, self.reps) = (0, [0; 4]);
    }

    /// Ends the stream, and starts another one with the same state.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        for _ in 0..5 {
            self.shift_low();
        }
        (self.low, self.range, self.cache, self.cached) = (0, u32::MAX, 0, 1);
        std::mem::take(&mut self.out)
    }
}

/// A raw LZMA stream of the symbols, and what they stand for.
pub(crate) fn stream(properties: u8, symbols: &[Symbol]) -> (Vec<u8>, Vec<u8>) {
    let mut encoder = Encoder::new(properties);
    symbols.iter().for_each(|symbol| encoder.symbol(*symbol));
    (encoder.finish(), encoder.data)
}

/// A compressed LZMA2 chunk of `coded` data that decode to `size` bytes.
pub(crate) fn chunk(control: u8, size: usize, properties: Option<u8>, coded: &[u8]) -> Vec<u8> {
    let (size, len) = (size - 1, coded.len() - 1);
    let mut out = vec![control | (size >> 16) as u8];
    out.extend((size as u16).to_be_bytes());
    out.extend((len as u16).to_be_bytes());
    out.extend(properties);
    out.extend(coded);
    out
}

/// A stored LZMA2 chunk.
pub(crate) fn stored(control: u8, data: &[u8]) -> Vec<u8> {
    let mut out = vec![control];
    out.extend((data.len() as u16 - 1).to_be_bytes());
    out.extend(data);
    out
}

/// Symbols of every kind, with matches near and far, short and long, drawn from `seed`.
pub(crate) fn mixed(seed: u32, count: usize) -> Vec<Symbol> {
    let mut random = seed | 1;
    let mut next = move |below: u32| {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        random % below
    };
    let (mut symbols, mut size, mut matches) = (Vec::new(), 0usize, 0);
    while symbols.len() < count {
        let len = match next(4) {
            0 => 2 + next(8),
            1 => 10 + next(8),
            2 => 18 + next(256),
            _ => 2,
        } as usize;
        let symbol = match next(8) {
            kind @ 3..7 if size > 0 => {
                let reach = size.min(1 << next(20)) as u32;
                match kind {
                    3 | 4 => Symbol::Match(next(reach), len),
                    5 if matches > 4 => Symbol::Rep(next(4) as usize, len),
                    6 if matches > 0 => Symbol::ShortRep,
                    _ => Symbol::Literal(b'x'),
                }
            }
            _ => Symbol::Literal(next(256) as u8),
        };
        size += match symbol {
            Symbol::Match(_, len) | Symbol::Rep(_, len) => len,
            _ => 1,
        };
        matches += usize::from(matches!(symbol, Symbol::Match(..)));
        symbols.push(symbol);
    }
    symbols
}

#[test]
fn the_property_byte_names_dictionaries_from_four_kibibytes_to_four_gibibytes() {
    assert_eq!(lzma2_dictionary(0), Some(4 << 10));
    assert_eq!(lzma2_dictionary(1), Some(6 << 10));
    assert_eq!(lzma2_dictionary(24), Some(16 << 20));
    assert_eq!(lzma2_dictionary(39), Some(3 << 30));
    assert_eq!(lzma2_dictionary(40), Some(u32::MAX));
    assert_eq!(lzma2_dictionary(41), None);
}
