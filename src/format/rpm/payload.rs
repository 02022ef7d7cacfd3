//! The stream that comes out of the payload, record by record.

use std::io::{self, BufReader, Read};

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::codec::{self, Coding, Decoded, Stated};
use crate::format::compressed;
use crate::format::cpio::Feed;
use crate::format::rpm::findings::RPM_MALFORMED;
use crate::model::extract::Span;

/// Bytes passed over at once.
const PIECE: usize = 64 << 10;

/// How a payload that starts like this is coded. The magic decides, not the header's word for it: rpm reads a plain payload
/// under any name.
pub(super) fn coding(head: &[u8]) -> Option<Coding> {
    let plain = head.is_empty() || head.starts_with(b"07070");
    compressed::coding(head).or(plain.then_some(Coding::Stored))
}

/// The decoded payload.
pub(super) struct Stream<'a> {
    decoder: BufReader<Decoded<'a>>,
    /// Where the payload stands in the package, for errors.
    start: u64,
    /// Bytes that came out so far.
    at: u64,
}

impl<'a> Stream<'a> {
    pub(super) fn open(
        coding: Coding,
        blob: &'a dyn ReadAt,
        span: &Span,
        budget: &'a Budget<'a>,
    ) -> Result<Self, Error> {
        let decoded = codec::open(coding, blob, span, Stated::default(), budget)?;
        Ok(Self {
            decoder: BufReader::with_capacity(PIECE, decoded),
            start: span.start,
            at: 0,
        })
    }

    /// Passes over bytes, which must be there.
    pub(super) fn pass(&mut self, bytes: u64) -> Result<(), Error> {
        Body::new(self, bytes).finish()
    }

    /// Reads to the end, where codings keep their checksums. Only zeros may follow the last record.
    pub(super) fn end(mut self) -> Result<bool, Error> {
        let mut piece = vec![0; PIECE];
        loop {
            match self.read(&mut piece) {
                Ok(0) => return Ok(true),
                Ok(read) => {
                    let bytes = piece.get(..read).unwrap_or_default();
                    if bytes.iter().any(|byte| *byte != 0) {
                        return Ok(false);
                    }
                }
                Err(error) => return Err(self.error(&error)),
            }
        }
    }

    fn error(&self, error: &io::Error) -> Error {
        Error::decoding(&RPM_MALFORMED, self.start, error)
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buf)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        self.at = self.at.saturating_add(bytes);
        Ok(read)
    }
}

impl Feed for Stream<'_> {
    fn at(&self) -> u64 {
        self.at
    }

    fn fill(&mut self, buf: &mut [u8]) -> Result<(), Error> {
        self.read_exact(buf).map_err(|error| self.error(&error))
    }

    fn skip(&mut self, bytes: u64) -> Result<(), Error> {
        self.pass(bytes)
    }
}

/// The content of one record; a payload that ends inside it is an error, not an end.
pub(super) struct Body<'s, 'a> {
    stream: &'s mut Stream<'a>,
    left: u64,
    fault: Option<Error>,
}

impl<'s, 'a> Body<'s, 'a> {
    pub(super) fn new(stream: &'s mut Stream<'a>, size: u64) -> Self {
        Self {
            stream,
            left: size,
            fault: None,
        }
    }

    /// Why reading it failed, where it did.
    pub(super) fn fault(&mut self) -> Result<(), Error> {
        self.fault.take().map_or(Ok(()), Err)
    }

    /// Passes over what is left of it.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        if self.left == 0 {
            return Ok(());
        }
        let mut piece = vec![0; PIECE];
        loop {
            match self.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) => return Err(self.fault.take().unwrap_or(self.stream.error(&error))),
            }
        }
    }
}

impl Read for Body<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(buf.len());
        let Some(buf) = buf.get_mut(..len).filter(|buf| !buf.is_empty()) else {
            return Ok(0);
        };
        let result = match self.stream.read(buf) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            result => result,
        };
        match result {
            Ok(read) => {
                self.left = self
                    .left
                    .saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
                Ok(read)
            }
            Err(error) => {
                let fault = self.stream.error(&error);
                self.fault = Some(fault.clone());
                Err(io::Error::other(fault))
            }
        }
    }
}
