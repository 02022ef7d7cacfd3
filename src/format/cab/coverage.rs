//! Which bytes of a cabinet a signature is over.
//!
//! From the start to the signature, without: reserved1; the three sizes of the reserve; the length of the reserve's second
//! structure, and that structure, which holds the signature or says where it is. Tools agree on all of it save for four bytes:
//! some hash iCabinet and the length of the first structure, with that structure; others leave those out and hash the last four bytes of a
//! 20-byte reserve instead. In a cabinet that is no part of a set all of them are zero, and the two readings come to the same.

use crate::format::cab::layout::HEADER_LEN;
use crate::model::extract::{Coverage, Span};

const RESERVED1: Span = 4..8;
const I_CABINET: u64 = 34;

/// Where the two structures of the header's reserve stand. Nothing documents them; this is what signers write.
#[derive(Debug, Clone)]
pub(super) struct Structures {
    /// Length of the first.
    pub(super) first_len: Span,
    /// Length of the second.
    pub(super) second_len: Span,
    pub(super) first: Span,
    pub(super) second: Span,
}

/// The reading that includes the cabinet's number in its set.
pub(super) fn with_number(structures: &Structures, reserve: &Span, end: u64) -> Coverage {
    Coverage::spans(not_empty([
        0..RESERVED1.start,
        RESERVED1.end..HEADER_LEN,
        structures.first_len.clone(),
        structures.first.clone(),
        reserve.end..end,
    ]))
}

/// The reading that includes the end of the reserve instead.
pub(super) fn with_filler(reserve: &Span, end: u64) -> Coverage {
    Coverage::spans(not_empty([
        0..RESERVED1.start,
        RESERVED1.end..I_CABINET,
        reserve.end.saturating_sub(4)..end,
    ]))
}

fn not_empty<const N: usize>(spans: [Span; N]) -> impl Iterator<Item = Span> {
    spans.into_iter().filter(|span| !span.is_empty())
}
