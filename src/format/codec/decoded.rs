//! A member as it comes out, held against what its container states of it.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::base::budget::{Budget, Exceeded};
use crate::format::Error;
use crate::format::codec::findings::{BAD_COMPRESSED_DATA, CRC_MISMATCH, SIZE_MISMATCH};
use crate::model::extract::Span;

/// What a container states of a member.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::format) struct Stated {
    /// Length when decoded.
    pub(in crate::format) size: Option<u64>,
    /// CRC-32 of the decoded bytes.
    pub(in crate::format) crc: Option<u32>,
    /// The coded bytes end where their span ends.
    pub(in crate::format) whole: bool,
}

/// Decoded bytes, spent from a budget as they come out. Before the last read says that there is no more, everything that the
/// container states of them was compared.
pub(in crate::format) struct Decoded<'a> {
    inner: Box<dyn Read + 'a>,
    used: Rc<Cell<u64>>,
    span: Span,
    stated: Stated,
    crc: flate2::Crc,
    size: u64,
    budget: Option<&'a Budget<'a>>,
    /// The end was reached and compared, or the coding is broken: there is nothing more.
    ended: bool,
}

impl std::fmt::Debug for Decoded<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded")
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

impl<'a> Decoded<'a> {
    pub(super) fn new(
        inner: Box<dyn Read + 'a>,
        used: Rc<Cell<u64>>,
        span: Span,
        stated: Stated,
        budget: Option<&'a Budget<'a>>,
    ) -> Self {
        Self {
            inner,
            used,
            span,
            stated,
            crc: flate2::Crc::new(),
            size: 0,
            budget,
            ended: false,
        }
    }

    /// Bytes of the span that the decoder did not use.
    pub(in crate::format) fn left(&self) -> u64 {
        let len = self.span.end.saturating_sub(self.span.start);
        len.saturating_sub(self.used.get())
    }

    /// Everything, where it is at most `limit` bytes long.
    pub(in crate::format) fn all(mut self, limit: u64) -> Result<Vec<u8>, Error> {
        let offset = self.span.start;
        let mut out = Vec::new();
        let mut buf = [0; 8 << 10];
        loop {
            let read = self
                .read(&mut buf)
                .map_err(|e| Error::decoding(&BAD_COMPRESSED_DATA, offset, &e))?;
            let Some(bytes) = buf.get(..read).filter(|b| !b.is_empty()) else {
                return Ok(out);
            };
            out.extend_from_slice(bytes);
            if u64::try_from(out.len()).unwrap_or(u64::MAX) > limit {
                return Err(Error::Limit(Exceeded::Size(limit)));
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if let Some(budget) = self.budget {
            budget.spend_decoded(len)?;
        }
        self.size = self.size.saturating_add(len);
        if self.stated.crc.is_some() {
            self.crc.update(bytes);
        }
        match self.stated.size {
            Some(stated) if self.size > stated => {
                let message = format!("more than the {stated} bytes stated come out");
                Err(Error::malformed(&SIZE_MISMATCH, self.span.start, message))
            }
            _ => Ok(()),
        }
    }

    /// Everything that the container states came out, and only the mark of the end is missing: writers of app packages flush
    /// each block and never close the stream.
    fn lacks_its_end(&self, error: &io::Error) -> bool {
        let all_used = self.span.end.saturating_sub(self.span.start) == self.used.get();
        error.kind() == io::ErrorKind::UnexpectedEof
            && all_used
            && self.stated.whole
            && self.stated.crc.is_some()
            && self.stated.size == Some(self.size)
    }

    fn end(&self) -> Result<(), Error> {
        let at = self.span.start;
        if let Some(stated) = self.stated.size.filter(|stated| *stated != self.size) {
            let message = format!("{} bytes come out, not the {stated} stated", self.size);
            return Err(Error::malformed(&SIZE_MISMATCH, at, message));
        }
        let crc = self.crc.sum();
        if let Some(stated) = self.stated.crc.filter(|stated| *stated != crc) {
            let message =
                format!("what comes out has CRC-32 {crc:08x}, not {stated:08x} as stated");
            return Err(Error::malformed(&CRC_MISMATCH, at, message));
        }
        let left = self.left();
        if self.stated.whole && left > 0 {
            let message =
                format!("{left} bytes follow the end of the coded data inside the member");
            return Err(Error::malformed(
                &SIZE_MISMATCH,
                self.span.end.saturating_sub(left),
                message,
            ));
        }
        Ok(())
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.ended || buf.is_empty() {
            return Ok(0);
        }
        // Whatever fails below, a decoder that has failed is not asked again.
        self.ended = true;
        let read = match self.inner.read(buf) {
            Ok(read) => read,
            Err(error) if self.lacks_its_end(&error) => 0,
            Err(error) => {
                // Decoders put their own words around what stopped their input.
                self.budget
                    .map_or(Ok(()), Budget::check_time)
                    .map_err(io::Error::other)?;
                return Err(io::Error::other(broken(self.span.start, &error)));
            }
        };
        match buf.get(..read).filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => {
                self.take(bytes).map_err(io::Error::other)?;
                self.ended = false;
            }
            None => self.end().map_err(io::Error::other)?,
        }
        Ok(read)
    }
}

/// What a decoder's own failure comes to.
pub(super) fn broken(offset: u64, error: &io::Error) -> Error {
    Error::decoding(&BAD_COMPRESSED_DATA, offset, error)
}
