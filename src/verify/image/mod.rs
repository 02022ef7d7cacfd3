//! Everything that needs the whole file, in one pass over it: digests of the file, the digest of each signature's coverage,
//! page hashes and the PE checksum.
//!
//! What is hashed is what was read once, so the digest reported for a file and the one compared with its signature are of the
//! same bytes. Memory does not grow with the file.

mod checksum;
mod coverage;
mod lanes;
mod pages;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Exceeded};
use crate::model::analysis::{ErrorKind, SubjectError};
use crate::model::cms::PageHashes;
use crate::model::digest::{DigestAlgorithm, Digests};
use crate::model::extract::{Coverage, HeaderChecksum, PageLayout, Span};
use crate::model::signature::PageHashVerdict;

use checksum::Checksum;
pub use checksum::checksum_mismatch;
use coverage::{Covered, ascend};
use pages::Pages;

/// What to compute.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// Digests of the whole file.
    pub flat: &'a [DigestAlgorithm],
    /// Digests of what signatures cover.
    pub covered: &'a [(&'a Coverage, DigestAlgorithm)],
    /// Page hashes to check, with how the image is cut into pages; `None` where the format could not say.
    pub pages: &'a [(Option<&'a PageLayout>, &'a PageHashes)],
    /// The checksum that the header states.
    pub checksum: Option<&'a HeaderChecksum>,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// Digests of the whole file.
    pub flat: Digests,
    /// One for each request, in its order; `None` for an algorithm that is never computed.
    pub covered: Vec<Option<Vec<u8>>>,
    /// One for each request, in its order.
    pub pages: Vec<PageHashVerdict>,
    /// The checksum that the file should state, where one was asked for.
    pub checksum: Option<u32>,
}

/// Why a file could not be scanned to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be read.
    #[error("cannot be read at offset {offset}: {message}")]
    Read {
        /// Where.
        offset: u64,
        /// What the operating system says.
        message: String,
    },
    /// It became shorter or longer meanwhile.
    #[error("changed its size while it was read")]
    Changed,
    /// A format asked for bytes outside the file.
    #[error("a signature covers bytes outside the file")]
    Coverage,
    /// Over a limit.
    #[error(transparent)]
    Limit(#[from] Exceeded),
}

impl From<&Error> for SubjectError {
    fn from(error: &Error) -> Self {
        let (kind, reason) = match error {
            Error::Read { .. } => (ErrorKind::Unreadable, "io"),
            Error::Changed => (ErrorKind::Unreadable, "changed-during-scan"),
            Error::Coverage => (ErrorKind::Internal, "internal"),
            Error::Limit(_) => (ErrorKind::Limit, "over-limit"),
        };
        Self {
            kind,
            reason: reason.into(),
            message: error.to_string(),
        }
    }
}

/// Reads the file once and computes everything that `request` names.
///
/// # Errors
/// Where the file cannot be read to its end or changes its size; then nothing is known of any digest.
pub fn scan(blob: &dyn ReadAt, request: &Request<'_>, budget: &Budget<'_>) -> Result<Scan, Error> {
    let size = blob.size();
    let whole = Coverage::spans(std::iter::once(0..size));
    let flat = request.flat.iter().map(|algorithm| (&whole, *algorithm));
    let mut hashes: Vec<(&Coverage, DigestAlgorithm)> = Vec::new();
    for hash in flat.chain(request.covered.iter().copied()) {
        if !hashes.contains(&hash) {
            hashes.push(hash);
        }
    }

    // One pass gives what follows the file's order; the rest (a compound file's streams by name) is read for itself afterwards.
    let (in_order, apart): (Vec<_>, Vec<_>) = hashes
        .into_iter()
        .partition(|(coverage, _)| ascend(&coverage.pieces, size));
    let mut sinks = Vec::new();
    for (coverage, algorithm) in &in_order {
        sinks.push(Sink::Covered(Covered::new(&coverage.pieces, *algorithm)));
    }
    for (layout, hashes) in request.pages {
        sinks.push(Sink::Pages(Pages::new(*layout, hashes, size)?));
    }
    if let Some(stated) = request.checksum {
        sinks.push(Sink::Checksum(Checksum::new(stated)));
    }

    let mut digests = Vec::new();
    let mut scan = Scan::default();
    for sink in lanes::run(blob, sinks, budget)? {
        match sink {
            Sink::Covered(covered) => digests.push(covered.finish()),
            Sink::Pages(pages) => scan.pages.push(pages.finish()),
            Sink::Checksum(checksum) => scan.checksum = Some(checksum.finish(size)),
        }
    }
    for (coverage, algorithm) in &apart {
        digests.push(coverage::directly(
            blob,
            &coverage.pieces,
            *algorithm,
            budget,
        )?);
    }
    let hashes = [in_order, apart].concat();
    let digest_of = |hash: (&Coverage, DigestAlgorithm)| {
        let index = hashes.iter().position(|known| *known == hash)?;
        digests.get(index)?.clone()
    };
    scan.flat = request
        .flat
        .iter()
        .filter_map(|algorithm| Some((*algorithm, digest_of((&whole, *algorithm))?)))
        .collect();
    scan.covered = request
        .covered
        .iter()
        .map(|hash| digest_of(*hash))
        .collect();
    Ok(scan)
}

/// Something that takes in the file, chunk by chunk and in order.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a handful a file, moved once or twice"
)]
enum Sink<'a> {
    Covered(Covered<'a>),
    Pages(Pages<'a>),
    Checksum(Checksum),
}

impl Sink<'_> {
    /// Worth a lane of its own.
    fn is_heavy(&self) -> bool {
        match self {
            Self::Covered(_) | Self::Pages(_) => true,
            Self::Checksum(_) => false,
        }
    }

    fn take(&mut self, chunk: Chunk<'_>) {
        match self {
            Self::Covered(covered) => covered.take(chunk),
            Self::Pages(pages) => pages.take(chunk),
            Self::Checksum(checksum) => checksum.take(chunk),
        }
    }
}

/// Some bytes of the file.
#[derive(Debug, Clone, Copy)]
struct Chunk<'b> {
    offset: u64,
    bytes: &'b [u8],
}

impl<'b> Chunk<'b> {
    fn end(self) -> u64 {
        u64::try_from(self.bytes.len()).map_or(u64::MAX, |len| self.offset.saturating_add(len))
    }

    /// The part of it that lies in `span`; empty where none does.
    fn within(self, span: &Span) -> &'b [u8] {
        let from = usize::try_from(span.start.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let to = usize::try_from(span.end.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        self.bytes
            .get(from..to.min(self.bytes.len()))
            .unwrap_or_default()
    }
}
