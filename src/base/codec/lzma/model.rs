//! What the next symbol probably is: the probabilities, and one symbol after the other (LZMA specification, "Main Loop").

use crate::base::codec::lzma::Fault;
use crate::base::codec::lzma::literals::Literals;
use crate::base::codec::lzma::range::{Bytes, EVEN, Input, Range, slot};
use crate::base::codec::lzma::window::Window;

/// `kMatchMinLen`.
const MIN_LEN: usize = 2;
/// `kEndPosModelIndex`: from this slot on, the middle bits of a distance are direct.
const END_POS_MODEL: usize = 14;
/// `kNumAlignBits`.
const ALIGN_BITS: u32 = 4;

/// Properties: `lc`, `lp`, `pb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Properties {
    pub(super) literal_context: u32,
    pub(super) literal_position: u32,
    pub(super) position: u32,
}

impl Properties {
    /// "LZMA properties": `(pb * 5 + lp) * 9 + lc`.
    pub(super) fn new(byte: u8) -> Result<Self, Fault> {
        let byte = u32::from(byte);
        if byte >= 9 * 5 * 5 {
            return Err(Fault::Properties);
        }
        Ok(Self {
            literal_context: byte % 9,
            literal_position: byte / 9 % 5,
            position: byte / (9 * 5),
        })
    }

    /// `lc + lp`, which LZMA2 bounds by four.
    pub(super) fn context_bits(self) -> u32 {
        self.literal_context.saturating_add(self.literal_position)
    }
}

/// The state of the decoder between two symbols.
pub(super) struct Model {
    properties: Properties,
    literals: Literals,
    position_mask: usize,
    state: usize,
    /// `rep0` to `rep3`.
    distances: [u32; 4],
    tables: Box<Tables>,
}

/// Probabilities. Tables are as long as the next power of two.
#[derive(Clone)]
struct Tables {
    is_match: [[u16; 16]; 16],
    is_rep: [u16; 16],
    is_rep0: [u16; 16],
    is_rep1: [u16; 16],
    is_rep2: [u16; 16],
    is_rep0_long: [[u16; 16]; 16],
    match_len: Lengths,
    rep_len: Lengths,
    distance_slot: [[u16; 64]; 4],
    distance_special: [u16; 128],
    distance_align: [u16; 16],
}

impl Tables {
    const NEW: Self = Self {
        is_match: [[EVEN; 16]; 16],
        is_rep: [EVEN; 16],
        is_rep0: [EVEN; 16],
        is_rep1: [EVEN; 16],
        is_rep2: [EVEN; 16],
        is_rep0_long: [[EVEN; 16]; 16],
        match_len: Lengths::NEW,
        rep_len: Lengths::NEW,
        distance_slot: [[EVEN; 64]; 4],
        distance_special: [EVEN; 128],
        distance_align: [EVEN; 16],
    };
}

/// `CLenDecoder`.
#[derive(Clone)]
struct Lengths {
    choice: [u16; 2],
    low: [[u16; 8]; 16],
    mid: [[u16; 8]; 16],
    high: [u16; 256],
}

impl Lengths {
    const NEW: Self = Self {
        choice: [EVEN; 2],
        low: [[EVEN; 8]; 16],
        mid: [[EVEN; 8]; 16],
        high: [EVEN; 256],
    };

    #[inline(always)]
    fn decode<I: Input>(&mut self, range: &mut Range<I>, position: usize) -> usize {
        let [choice, choice2] = &mut self.choice;
        if range.bit(choice) == 0 {
            range.tree(row(&mut self.low, position))
        } else if range.bit(choice2) == 0 {
            range.tree(row(&mut self.mid, position)).wrapping_add(8)
        } else {
            range.tree(&mut self.high).wrapping_add(16)
        }
    }
}

#[inline(always)]
fn row<T, const N: usize>(table: &mut [T; N], index: usize) -> &mut T {
    const { assert!(N.is_power_of_two()) }
    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "masked by a length that is a power of two; the inner loop of every .xz file"
    )]
    &mut table[index & (N - 1)]
}

/// The state after a literal: `UpdateState_Literal`.
static AFTER_LITERAL: [usize; 12] = [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5];

impl Model {
    pub(super) fn new(properties: Properties) -> Self {
        Self {
            properties,
            literals: Literals::new(properties),
            position_mask: mask(properties.position),
            state: 0,
            distances: [0; 4],
            tables: Box::new(Tables::NEW),
        }
    }

    pub(super) fn properties(&self) -> Properties {
        self.properties
    }

    /// As at the start of a stream.
    pub(super) fn reset(&mut self) {
        self.literals.reset();
        self.state = 0;
        self.distances = [0; 4];
        self.tables.as_mut().clone_from(&Tables::NEW);
    }

    /// Symbols until the window is full or the input is used up to `until`.
    pub(super) fn symbols(
        &mut self,
        window: &mut Window,
        range: &mut Range<Bytes<'_>>,
        until: usize,
    ) -> Result<(), Fault> {
        while window.has_room() && range.input.at() < until {
            self.symbol(window, range)?;
        }
        Ok(())
    }

    /// One symbol. Each either gives at least one byte or ends the stream, so that nothing goes on for ever.
    #[inline(always)]
    pub(super) fn symbol<I: Input>(
        &mut self,
        window: &mut Window,
        range: &mut Range<I>,
    ) -> Result<(), Fault> {
        let position = window.at() & self.position_mask;
        let tables = self.tables.as_mut();
        if range.bit(slot(row(&mut tables.is_match, self.state), position)) == 0 {
            let [distance, ..] = self.distances;
            let matched = (self.state >= 7).then(|| window.back(wide(distance)));
            let literal = self
                .literals
                .decode(range, window.at(), window.back(0), matched);
            self.state = AFTER_LITERAL.get(self.state).copied().unwrap_or_default();
            window.put(literal);
            return range.check();
        }
        let [r0, r1, r2, r3] = self.distances;
        let literals_before = self.state < 7;
        let len = if range.bit(slot(&mut tables.is_rep, self.state)) == 0 {
            self.state = if literals_before { 7 } else { 10 };
            let len = tables.match_len.decode(range, position);
            let distance = tables.distance(range, len);
            self.distances = [distance, r0, r1, r2];
            if distance == u32::MAX {
                range.check()?;
                return Err(Fault::Marker);
            }
            len
        } else {
            if range.bit(slot(&mut tables.is_rep0, self.state)) == 0 {
                let long = slot(row(&mut tables.is_rep0_long, self.state), position);
                if range.bit(long) == 0 {
                    self.state = if literals_before { 9 } else { 11 };
                    range.check()?;
                    return window.repeat(wide(r0), 1);
                }
            } else if range.bit(slot(&mut tables.is_rep1, self.state)) == 0 {
                self.distances = [r1, r0, r2, r3];
            } else if range.bit(slot(&mut tables.is_rep2, self.state)) == 0 {
                self.distances = [r2, r0, r1, r3];
            } else {
                self.distances = [r3, r0, r1, r2];
            }
            self.state = if literals_before { 8 } else { 11 };
            tables.rep_len.decode(range, position)
        };
        range.check()?;
        let [distance, ..] = self.distances;
        window.repeat(wide(distance), len.wrapping_add(MIN_LEN))
    }
}

impl Tables {
    /// `DecodeDistance`.
    #[inline(always)]
    fn distance<I: Input>(&mut self, range: &mut Range<I>, len: usize) -> u32 {
        let slot = range.tree(row(&mut self.distance_slot, len.min(3)));
        if slot < 4 {
            return narrow(slot);
        }
        let count = narrow(slot >> 1).wrapping_sub(1);
        let base = (2 | (slot & 1)) << (count & 31);
        if slot < END_POS_MODEL {
            let root = base.wrapping_sub(slot);
            let low = range.reverse(&mut self.distance_special, root, count);
            return narrow(base.wrapping_add(low));
        }
        let direct = range.direct(count.wrapping_sub(ALIGN_BITS)) << ALIGN_BITS;
        let low = range.reverse(&mut self.distance_align, 0, ALIGN_BITS);
        narrow(base).wrapping_add(direct).wrapping_add(narrow(low))
    }
}

fn mask(bits: u32) -> usize {
    !(usize::MAX << (bits & 7))
}

#[inline(always)]
fn wide(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Distances have 32 bits, and their parts no more.
#[inline(always)]
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
