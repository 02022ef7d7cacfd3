//! The PE checksum (PE format, CheckSum of the optional header): the one's complement sum of the file's 16-bit words without
//! the field itself, plus the file's length. Windows asks for it on drivers and boot files only; no signature covers it.

use crate::model::evidence::{Evidence, Source};
use crate::model::extract::{HeaderChecksum, Span};
use crate::model::finding::{Finding, Status};
use crate::verify::findings::CHECKSUM_MISMATCH;
use crate::verify::image::Chunk;

/// The sum so far.
#[derive(Debug)]
pub(super) struct Checksum {
    field: Span,
    /// Of 32-bit words, which is the same as of 16-bit words modulo 65,535; wide enough for any file.
    sum: u128,
    /// What the field itself has added to `sum`.
    own: u128,
}

impl Checksum {
    pub(super) fn new(stated: &HeaderChecksum) -> Self {
        Self {
            field: stated.span.clone(),
            sum: 0,
            own: 0,
        }
    }

    /// Chunks start at multiples of four, as [`super::lanes`] cuts them.
    pub(super) fn take(&mut self, chunk: Chunk<'_>) {
        let (words, rest) = chunk.bytes.as_chunks::<4>();
        // Cannot overflow: a chunk has far fewer than 2^32 words.
        let sum = words.iter().fold(0u64, |sum, w| {
            sum.wrapping_add(u64::from(u32::from_le_bytes(*w)))
        });
        let mut last = [0; 4];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        self.sum = self
            .sum
            .saturating_add(u128::from(sum))
            .saturating_add(u128::from(u32::from_le_bytes(last)));
        let at = self.field.start.max(chunk.offset);
        for (byte, offset) in chunk.within(&self.field).iter().zip(at..) {
            let place = offset.checked_rem(4).unwrap_or(0).saturating_mul(8);
            self.own = self
                .own
                .saturating_add(u128::from(u64::from(*byte) << place));
        }
    }

    pub(super) fn finish(self, size: u64) -> u32 {
        let sum = match self.sum.saturating_sub(self.own) {
            0 => 0,
            // End-around carry never makes a positive sum zero.
            sum => sum
                .saturating_sub(1)
                .checked_rem(0xffff)
                .unwrap_or(0)
                .saturating_add(1),
        };
        let total = sum.saturating_add(u128::from(size)) & 0xffff_ffff;
        u32::try_from(total).unwrap_or(0)
    }
}

/// The finding where the header does not state the sum that the file has. Linkers are free to state none.
pub fn checksum_mismatch(stated: &HeaderChecksum, computed: u32) -> Option<Finding> {
    let (status, states) = match stated.stored {
        stored if stored == computed => return None,
        0 => (Status::Pass, "no checksum".to_owned()),
        stored => (Status::Review, format!("the checksum 0x{stored:08x}")),
    };
    let message = format!("the header states {states}, and the file has 0x{computed:08x}");
    let length = stated.span.end.saturating_sub(stated.span.start);
    let evidence = Evidence::bytes(Source::Embedded, stated.span.start, length);
    Some(Finding::new(&CHECKSUM_MISMATCH, status, message).with(evidence))
}
