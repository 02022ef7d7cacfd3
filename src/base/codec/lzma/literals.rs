//! Literals (LZMA specification, "Literal Decoding").

use crate::base::codec::lzma::model::Properties;
use crate::base::codec::lzma::range::{EVEN, Input, Range, slot};

/// Probabilities of one context: 0x300 of them, in a table as long as the next power of two.
type Table = [u16; 0x400];

/// A table for each context.
pub(super) struct Literals {
    tables: Vec<Table>,
    /// Which reset each table last followed. A chunk of LZMA2 may ask for a reset every few bytes, and eight mebibytes of tables
    /// are not to be filled each time.
    fresh: Vec<u64>,
    resets: u64,
    position_mask: usize,
    context_bits: u32,
}

impl Literals {
    pub(super) fn new(properties: Properties) -> Self {
        let Properties {
            literal_context,
            literal_position,
            ..
        } = properties;
        let contexts = 1 << (literal_context.wrapping_add(literal_position) & 15);
        Self {
            // Zeros are asked of the system and touched when needed.
            tables: vec![[0; 0x400]; contexts],
            fresh: vec![0; contexts],
            resets: 1,
            position_mask: !(usize::MAX << (literal_position & 7)),
            context_bits: literal_context,
        }
    }

    pub(super) fn reset(&mut self) {
        self.resets = self.resets.saturating_add(1);
    }

    /// A literal at `position`, behind the byte `before`; `matched` is the byte at the last distance, where a match came last.
    #[inline(always)]
    pub(super) fn decode<I: Input>(
        &mut self,
        range: &mut Range<I>,
        position: usize,
        before: u8,
        matched: Option<u8>,
    ) -> u8 {
        let high = usize::from(before) >> (8u32.wrapping_sub(self.context_bits) & 15);
        let context =
            ((position & self.position_mask) << (self.context_bits & 15)).wrapping_add(high);
        let (Some(table), Some(fresh)) =
            (self.tables.get_mut(context), self.fresh.get_mut(context))
        else {
            return 0;
        };
        if *fresh != self.resets {
            *fresh = self.resets;
            *table = [EVEN; 0x400];
        }
        let mut symbol = 1;
        match matched {
            None => {
                for _ in 0..8 {
                    symbol = symbol << 1 | range.bit(slot(table, symbol));
                }
            }
            Some(matched) => {
                // As long as the bits agree, the bit of `matched` chooses among two more trees.
                let mut matched = usize::from(matched);
                let mut agree = 0x100;
                for _ in 0..8 {
                    matched <<= 1;
                    let expected = matched & agree;
                    let node = agree.wrapping_add(expected).wrapping_add(symbol);
                    let bit = range.bit(slot(table, node));
                    symbol = symbol << 1 | bit;
                    agree &= if bit == 0 { !expected } else { expected };
                }
            }
        }
        let [literal, ..] = symbol.to_le_bytes();
        literal
    }
}
