//! One digest over parts of the file.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::Piece;
use crate::verify::digest::Hasher;
use crate::verify::image::lanes::{chunks, read};
use crate::verify::image::{Chunk, Error};

/// Zero bytes are hashed from here, in rounds.
static ZEROS: [u8; 4096] = [0; 4096];

/// A running digest over pieces whose spans ascend.
#[derive(Debug)]
pub(super) struct Covered<'a> {
    /// Pieces not yet passed.
    pieces: &'a [Piece],
    /// `None` for an algorithm that is never computed.
    hasher: Option<Hasher>,
}

impl<'a> Covered<'a> {
    pub(super) fn new(pieces: &'a [Piece], algorithm: DigestAlgorithm) -> Self {
        Self {
            pieces,
            hasher: Hasher::new(algorithm),
        }
    }

    pub(super) fn take(&mut self, chunk: Chunk<'_>) {
        let Some(hasher) = &mut self.hasher else {
            return;
        };
        while let [piece, rest @ ..] = self.pieces {
            match piece {
                Piece::Span(span) => {
                    hasher.update(chunk.within(span));
                    if span.end > chunk.end() {
                        return;
                    }
                }
                Piece::Bytes(bytes) => hasher.update(bytes),
                Piece::Zeros(zeros) => pad(hasher, *zeros),
            }
            self.pieces = rest;
        }
    }

    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        // Of a file without bytes no chunk was ever taken.
        self.take(Chunk {
            offset: 0,
            bytes: &[],
        });
        Some(self.hasher?.finish())
    }
}

/// The digest over pieces in whatever order, read piece by piece.
pub(super) fn directly(
    blob: &dyn ReadAt,
    pieces: &[Piece],
    algorithm: DigestAlgorithm,
    budget: &Budget<'_>,
) -> Result<Option<Vec<u8>>, Error> {
    let Some(mut hasher) = Hasher::new(algorithm) else {
        return Ok(None);
    };
    let mut buffer = Vec::new();
    for piece in pieces {
        budget.check_time()?;
        match piece {
            Piece::Bytes(bytes) => hasher.update(bytes),
            Piece::Zeros(zeros) => pad(&mut hasher, *zeros),
            Piece::Span(span) if span.end > blob.size() || span.start > span.end => {
                return Err(Error::Coverage);
            }
            Piece::Span(span) => {
                for (offset, len) in chunks(span) {
                    budget.check_time()?;
                    buffer.resize(len, 0);
                    read(blob, offset, &mut buffer)?;
                    hasher.update(&buffer);
                }
            }
        }
    }
    Ok(Some(hasher.finish()))
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

/// Whether the spans among `pieces` follow each other inside a file of `size` bytes.
pub(super) fn ascend(pieces: &[Piece], size: u64) -> bool {
    let mut reached = 0;
    pieces.iter().all(|piece| match piece {
        Piece::Bytes(_) | Piece::Zeros(_) => true,
        Piece::Span(span) => {
            let follows = span.start >= reached && span.end >= span.start && span.end <= size;
            reached = span.end;
            follows
        }
    })
}
