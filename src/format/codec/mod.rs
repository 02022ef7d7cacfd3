//! The codings that containers share: one stream in, one stream out, checked against what the container states of it.
//!
//! Windows and dictionaries are bounded before they are allocated. What comes out is spent from the budget buffer by buffer,
//! so a bomb ends there and nowhere later; and since some codings let much go in for nothing to come out, the time is looked at
//! whenever input is read.

pub(super) mod bzip2;
mod decoded;
pub(super) mod deflate64;
pub mod findings;
pub(super) mod gzip;
mod lzma;
mod source;
#[cfg(test)]
mod tests;
mod zstd;

use std::io::{self, Read};

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::base::codec::xz;
use crate::format::Error;
use crate::format::codec::source::Source;
use crate::model::extract::Span;

pub(in crate::format) use decoded::{Decoded, Stated};

/// Largest zstd window: what `zstd --long` and its levels up to 22 use (RFC 8878, section 3.1.1.1.2, recommends eight MiB at least).
pub(in crate::format) const MAX_WINDOW: u64 = 128 << 20;
/// Largest LZMA dictionary: what `xz -9` and 7-Zip's ultra level use.
pub(in crate::format) const MAX_DICTIONARY: u32 = 64 << 20;

/// A coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Coding {
    /// As they are.
    Stored,
    /// RFC 1951.
    Deflate,
    /// Deflate with a window of 64 KiB.
    Deflate64,
    /// One bzip2 stream.
    Bzip2,
    /// LZMA as zip method 14 frames it (APPNOTE 5.8.8).
    ZipLzma {
        /// An end marker closes the stream (general purpose bit 1).
        marked: bool,
    },
    /// Zstandard frames (RFC 8878).
    Zstd,
    /// Gzip members (RFC 1952).
    Gzip,
    /// bzip2 streams, one after the other.
    Bzip2Streams,
    /// .xz streams.
    Xz,
    /// An .lzma file.
    LzmaAlone,
}

/// Opens a whole document by the ending of its name, as indexes of packages are stored: `.xz`, `.gz`, `.bz2`, `.lzma`, `.zst`, or as
/// it is. The caller bounds what goes in and what comes out; the time is bounded only by that.
///
/// # Errors
/// Where the coding's own header breaks its rules or asks for more memory than is given, and where there is not a byte of it.
pub fn document<'a>(name: &str, blob: &'a dyn ReadAt) -> Result<Box<dyn Read + 'a>, Error> {
    let coding = match name.rsplit('.').next() {
        Some("xz") => Coding::Xz,
        Some("gz") => Coding::Gzip,
        Some("bz2") => Coding::Bzip2Streams,
        Some("lzma") => Coding::LzmaAlone,
        Some("zst") => Coding::Zstd,
        _ => Coding::Stored,
    };
    if coding != Coding::Stored && blob.size() == 0 {
        return Err(Error::malformed(
            &findings::BAD_COMPRESSED_DATA,
            0,
            "no bytes, where a compressed document should be",
        ));
    }
    let opened = open_within(coding, blob, &(0..blob.size()), Stated::default(), None)?;
    Ok(Box::new(opened))
}

/// Opens the coded bytes at `span`.
///
/// # Errors
/// Where the coding's own header breaks its rules or asks for more memory than is given.
pub(in crate::format) fn open<'a>(
    coding: Coding,
    blob: &'a dyn ReadAt,
    span: &Span,
    stated: Stated,
    budget: &'a Budget<'a>,
) -> Result<Decoded<'a>, Error> {
    open_within(coding, blob, span, stated, Some(budget))
}

fn open_within<'a>(
    coding: Coding,
    blob: &'a dyn ReadAt,
    span: &Span,
    stated: Stated,
    budget: Option<&'a Budget<'a>>,
) -> Result<Decoded<'a>, Error> {
    let (mut source, used) = Source::new(blob, span, budget)?;
    let opened: io::Result<Box<dyn Read + 'a>> = match coding {
        Coding::Stored => Ok(Box::new(source)),
        Coding::Deflate => Ok(Box::new(flate2::bufread::DeflateDecoder::new(source))),
        Coding::Deflate64 => Ok(Box::new(deflate64::Inflate64::new(source))),
        Coding::Bzip2 => Ok(Box::new(::bzip2::bufread::BzDecoder::new(source))),
        Coding::ZipLzma { marked } => lzma::zip(&mut source, stated.size.filter(|_| !marked))
            .and_then(|header| header.open(source))
            .map(|reader| -> Box<dyn Read> { Box::new(reader) }),
        Coding::Gzip => Ok(Box::new(gzip::Members::new(source))),
        Coding::Bzip2Streams => Ok(Box::new(bzip2::Streams::new(source))),
        Coding::Xz => Ok(Box::new(xz::Streams::new(source, MAX_DICTIONARY))),
        Coding::LzmaAlone => lzma::alone(&mut source)
            .and_then(|header| header.open(source))
            .map(|reader| -> Box<dyn Read> { Box::new(reader) }),
        Coding::Zstd => Ok(Box::new(zstd::Frames::new(source))),
    };
    let opened = opened.map_err(|error| decoded::broken(span.start, &error))?;
    Ok(Decoded::new(opened, used, span.clone(), stated, budget))
}
