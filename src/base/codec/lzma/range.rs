//! The range decoder (LZMA specification, "Range Decoder").

use crate::base::codec::lzma::Fault;

/// `kTopValue`: below this, another byte is taken in.
const TOP: u32 = 1 << 24;
/// `kNumBitModelTotalBits`.
const MODEL_BITS: u32 = 11;
/// `kNumMoveBits`.
const MOVE_BITS: u32 = 5;
/// Makes the step of a probability toward a zero out of that toward a one: `p - ((p + this) >> 5)` is
/// `p + ((2048 - p) >> 5)`.
const TOWARD_ZERO: i16 = (1 << MOVE_BITS) - 1 - (1 << MODEL_BITS);
/// `PROB_INIT_VAL`: zero and one are equally likely.
pub(super) const EVEN: u16 = 1 << (MODEL_BITS - 1);
/// Bytes that start a stream.
pub(super) const START: usize = 5;

/// Coded bytes. Past the last of them zeros come, and that they came is remembered.
pub(super) trait Input {
    fn byte(&mut self) -> u8;

    /// More bytes were asked for than there are.
    fn overrun(&self) -> bool;
}

/// Bytes in memory.
pub(super) struct Bytes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }
}

impl Input for Bytes<'_> {
    #[inline(always)]
    fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at = self.at.wrapping_add(1);
        byte
    }

    #[inline(always)]
    fn overrun(&self) -> bool {
        self.at > self.bytes.len()
    }
}

/// What lies between two symbols of a stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    range: u32,
    code: u32,
}

impl State {
    /// The first five bytes, of which the first is zero.
    pub(super) fn start(bytes: [u8; START]) -> Result<Self, Fault> {
        let [0, code @ ..] = bytes else {
            return Err(Fault::Corrupt);
        };
        let code = u32::from_be_bytes(code);
        if code == u32::MAX {
            return Err(Fault::Corrupt);
        }
        Ok(Self {
            range: u32::MAX,
            code,
        })
    }

    /// `IsFinishedOK`: an encoder leaves nothing in the code.
    pub(super) fn finished(&self) -> bool {
        self.code == 0
    }
}

/// The decoder while it has its input at hand.
pub(super) struct Range<I> {
    pub(super) input: I,
    state: State,
    /// A direct bit was found where no encoder gets to.
    corrupt: bool,
}

impl<I: Input> Range<I> {
    pub(super) fn new(state: State, input: I) -> Self {
        Self {
            input,
            state,
            corrupt: false,
        }
    }

    pub(super) fn state(&self) -> State {
        self.state
    }

    #[inline(always)]
    pub(super) fn normalize(&mut self) {
        if self.state.range < TOP {
            self.state.range <<= 8;
            self.state.code = self.state.code << 8 | u32::from(self.input.byte());
        }
    }

    /// `DecodeBit`.
    #[inline(always)]
    pub(super) fn bit(&mut self, probability: &mut u16) -> usize {
        self.normalize();
        let State { range, code } = self.state;
        let bound = (range >> MODEL_BITS).wrapping_mul(u32::from(*probability));
        let one = code >= bound;
        // Chosen without a branch: in most places either answer is as likely.
        let mask = u32::from(one).wrapping_neg();
        self.state.range = (bound & !mask) | (range.wrapping_sub(bound) & mask);
        self.state.code = code.wrapping_sub(bound & mask);
        let before = probability.cast_signed();
        let toward = if one { 0 } else { TOWARD_ZERO };
        *probability = before
            .wrapping_sub(before.wrapping_add(toward) >> MOVE_BITS)
            .cast_unsigned();
        usize::from(one)
    }

    /// `BitTreeDecode`, most significant bit first; `N` is two to the number of bits.
    #[inline(always)]
    pub(super) fn tree<const N: usize>(&mut self, probabilities: &mut [u16; N]) -> usize {
        let mut node = 1;
        for _ in 0..const { N.trailing_zeros() } {
            node = node << 1 | self.bit(slot(probabilities, node));
        }
        node ^ N
    }

    /// `BitTreeReverseDecode` of `count` bits, in a table where the root of the tree is at `root`.
    #[inline(always)]
    pub(super) fn reverse<const N: usize>(
        &mut self,
        probabilities: &mut [u16; N],
        root: usize,
        count: u32,
    ) -> usize {
        let mut node: usize = 1;
        let mut value = 0;
        for at in 0..count {
            let bit = self.bit(slot(probabilities, root.wrapping_add(node)));
            node = node << 1 | bit;
            value |= bit << (at & 31);
        }
        value
    }

    /// `DecodeDirectBits`.
    #[inline(always)]
    pub(super) fn direct(&mut self, count: u32) -> u32 {
        let mut value: u32 = 0;
        for _ in 0..count {
            self.normalize();
            let State { range, code } = &mut self.state;
            *range >>= 1;
            let less = code.wrapping_sub(*range);
            let zero = (less >> 31).wrapping_neg();
            *code = less.wrapping_add(*range & zero);
            self.corrupt |= *code == *range;
            value = (value << 1).wrapping_add(zero.wrapping_add(1));
        }
        value
    }

    /// What went wrong since the input is at hand.
    #[inline(always)]
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.corrupt {
            Err(Fault::Corrupt)
        } else if self.input.overrun() {
            Err(Fault::Cut)
        } else {
            Ok(())
        }
    }
}

/// The probability at `index`, which every caller keeps inside the table.
#[inline(always)]
pub(super) fn slot<const N: usize>(table: &mut [u16; N], index: usize) -> &mut u16 {
    const { assert!(N.is_power_of_two()) }
    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "masked by a length that is a power of two; the inner loop of every .xz file"
    )]
    &mut table[index & (N - 1)]
}
