//! One digest over parts of the file.

use crate::model::digest::DigestAlgorithm;
use crate::model::extract::Span;
use crate::verify::digest::Hasher;
use crate::verify::image::{Chunk, Error};

/// Zero bytes are hashed from here, in rounds.
static ZEROS: [u8; 4096] = [0; 4096];

/// A running digest over spans that ascend.
#[derive(Debug)]
pub(super) struct Covered<'a> {
    /// Spans not yet passed.
    spans: &'a [Span],
    zeros: u64,
    /// `None` for an algorithm that is never computed.
    hasher: Option<Hasher>,
}

impl<'a> Covered<'a> {
    pub(super) fn new(
        spans: &'a [Span],
        zeros: u64,
        algorithm: DigestAlgorithm,
        size: u64,
    ) -> Result<Self, Error> {
        if !ascend(spans, size) {
            return Err(Error::Coverage);
        }
        Ok(Self {
            spans,
            zeros,
            hasher: Hasher::new(algorithm),
        })
    }

    pub(super) fn take(&mut self, chunk: Chunk<'_>) {
        let Some(hasher) = &mut self.hasher else {
            return;
        };
        while let [span, rest @ ..] = self.spans {
            hasher.update(chunk.within(span));
            if span.end > chunk.end() {
                return;
            }
            self.spans = rest;
        }
    }

    pub(super) fn finish(self) -> Option<Vec<u8>> {
        let mut hasher = self.hasher?;
        pad(&mut hasher, self.zeros);
        Some(hasher.finish())
    }
}

/// Hashes `zeros` zero bytes.
pub(super) fn pad(hasher: &mut Hasher, zeros: u64) {
    let mut left = zeros;
    while left > 0 {
        let some = usize::try_from(left).map_or(ZEROS.len(), |left| left.min(ZEROS.len()));
        hasher.update(ZEROS.get(..some).unwrap_or_default());
        left = left.saturating_sub(u64::try_from(some).unwrap_or(left));
    }
}

/// Whether `spans` follow each other inside a file of `size` bytes.
pub(super) fn ascend(spans: &[Span], size: u64) -> bool {
    let mut reached = 0;
    spans.iter().all(|span| {
        let follows = span.start >= reached && span.end >= span.start && span.end <= size;
        reached = span.end;
        follows
    })
}
