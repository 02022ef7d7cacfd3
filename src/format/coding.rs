//! What every decoder of members needs: bytes counted against the budget, a dictionary that a file may ask for, lengths and
//! checksums that hold at the last read, and limits that keep their kind on the way through `io::Read`.

use std::io::{self, BufRead, BufReader, Read};

use flate2::Crc;

use crate::base::blob::{Cursor, ReadAt, Slice};
use crate::base::budget::{Budget, Exceeded};
use crate::base::codec::lzma::{Lzma, Lzma2, lzma2_dictionary};
use crate::format::{Error, Out};
use crate::model::extract::Span;
use crate::model::finding::Definition;

/// The largest dictionary a decoder allocates; 7-Zip's highest preset asks for 64 MiB, and nothing in the field for more than this.
pub(super) const MAX_DICTIONARY: u32 = 128 << 20;
/// Bytes read or skipped at a time.
const SKIP: usize = 64 << 10;

/// A part of an input as a stream. Buffered, since decoders ask for single bytes.
pub(super) fn stream<'a>(
    blob: &'a dyn ReadAt,
    span: Span,
    budget: &'a Budget<'a>,
) -> io::Result<impl BufRead + 'a> {
    let cursor = Cursor::new(Slice::new(blob, span)?);
    Ok(buffered(Timed::new(cursor, Some(budget))))
}

/// For decoders that use up no byte more than is theirs.
pub(super) fn buffered<R: Read>(input: R) -> BufReader<R> {
    BufReader::with_capacity(SKIP, input)
}

/// LZMA without a header: `properties` and `dictionary` as their container states them; ends at `size`, or at its own mark.
pub(super) fn lzma<R: BufRead>(
    input: R,
    size: Option<u64>,
    properties: u8,
    dictionary: u32,
) -> io::Result<Lzma<R>> {
    check_dictionary(dictionary)?;
    Lzma::new(input, size, properties, dictionary)
}

/// LZMA2 with the dictionary that its one property byte names.
pub(super) fn lzma2<R: Read>(input: R, property: u8) -> io::Result<Lzma2<R>> {
    let size = lzma2_dictionary(property).unwrap_or(u32::MAX);
    check_dictionary(size)?;
    Ok(Lzma2::new(input, size))
}

fn check_dictionary(size: u32) -> io::Result<()> {
    if size > MAX_DICTIONARY {
        let message = format!("a dictionary of {size} bytes, over the limit of 128 MiB");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(())
}

/// Looks at the time whenever input is read: a decoder may take in much that nothing comes out of.
pub(super) struct Timed<'b, R> {
    inner: R,
    budget: Option<&'b Budget<'b>>,
}

impl<'b, R> Timed<'b, R> {
    pub(super) fn new(inner: R, budget: Option<&'b Budget<'b>>) -> Self {
        Self { inner, budget }
    }
}

impl<R: Read> Read for Timed<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.budget
            .map_or(Ok(()), Budget::check_time)
            .map_err(io::Error::other)?;
        self.inner.read(buf)
    }
}

/// Counts what comes out of a decoder, and asks it nothing more once it has failed or ended: what a decoder does then is its own
/// affair, and there are some that never return.
pub(super) struct Counted<'b, 'c, R> {
    inner: R,
    budget: &'b Budget<'c>,
    last: Option<Last>,
}

/// How a stream came to its end.
enum Last {
    End,
    Failure(io::Error),
}

impl<'b, 'c, R: Read> Counted<'b, 'c, R> {
    pub(super) fn new(inner: R, budget: &'b Budget<'c>) -> Self {
        Self {
            inner,
            budget,
            last: None,
        }
    }

    fn next(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = match self.inner.read(buf) {
            Ok(read) => read,
            Err(error) => {
                // Decoders put their own words around what stopped their input.
                self.budget.check_time().map_err(io::Error::other)?;
                return Err(error);
            }
        };
        self.budget
            .spend_decoded(u64::try_from(read).unwrap_or(u64::MAX))
            .map_err(io::Error::other)?;
        Ok(read)
    }
}

impl<R: Read> Read for Counted<'_, '_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        match &self.last {
            Some(Last::End) => return Ok(0),
            Some(Last::Failure(error)) => return Err(again(error)),
            None => {}
        }
        let read = self.next(buf);
        match &read {
            Ok(0) => self.last = Some(Last::End),
            Ok(_) => {}
            Err(error) => self.last = Some(Last::Failure(again(error))),
        }
        read
    }
}

/// The same failure, which [`failed`] takes for the same.
fn again(error: &io::Error) -> io::Error {
    if let Some(exceeded) = error.get_ref().and_then(|e| e.downcast_ref::<Exceeded>()) {
        return io::Error::other(*exceeded);
    }
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

/// What reading gave, as an error of the container: a limit stays a limit, and what the operating system says stays that;
/// anything else is `definition`.
pub(super) fn failed(
    definition: &'static Definition,
    offset: u64,
    what: &str,
) -> impl FnOnce(io::Error) -> Error {
    move |error| {
        if let Some(exceeded) = error.get_ref().and_then(|e| e.downcast_ref::<Exceeded>()) {
            return Error::Limit(*exceeded);
        }
        if error.raw_os_error().is_some() {
            return Error::read(offset)(error);
        }
        Error::malformed(definition, offset, format!("{what}: {error}"))
    }
}

/// Exactly `left` bytes, whose CRC-32 is `crc` where one is stated.
pub(super) struct Exact<R> {
    inner: R,
    left: u64,
    sum: Crc,
    crc: Option<u32>,
}

impl<R: Read> Exact<R> {
    pub(super) fn new(inner: R, size: u64, crc: Option<u32>) -> Self {
        Self {
            inner,
            left: size,
            sum: Crc::new(),
            crc,
        }
    }
}

impl<R: Read> Read for Exact<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let len = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(buf.len());
        if len == 0 {
            return match self.crc {
                Some(stated) if stated != self.sum.sum() => Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!(
                        "CRC-32 is {:08x}, and {stated:08x} is stated",
                        self.sum.sum()
                    ),
                )),
                _ => Ok(0),
            };
        }
        let part = buf.get_mut(..len).unwrap_or_default();
        let read = self.inner.read(part)?;
        if read == 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("ends {} bytes early", self.left),
            ));
        }
        self.sum.update(part.get(..read).unwrap_or_default());
        self.left = self
            .left
            .saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

/// A member inside a decoded stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Its place among the entries.
    pub(super) index: usize,
    /// From the start of the stream.
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) crc: Option<u32>,
}

/// Hands out the members of one stream, whose offsets ascend, and reads no further than the last that is wanted.
pub(super) fn deal(
    stream: &mut dyn Read,
    parts: &[Part],
    out: &mut dyn Out,
    definition: &'static Definition,
    at: u64,
) -> Result<(), Error> {
    let mut reached = 0u64;
    for part in until_last_wanted(parts, out, |part| part.index) {
        if !out.wants(part.index) {
            continue;
        }
        skip(&mut *stream, reached, part.offset, definition, at)?;
        let mut content = Exact::new(&mut *stream, part.size, part.crc);
        out.member(part.index, &mut content)?;
        drain(&mut content).map_err(failed(definition, at, "in a member"))?;
        reached = part.offset.saturating_add(part.size);
    }
    Ok(())
}

/// The members up to the last that is wanted: nothing behind it needs decoding.
pub(super) fn until_last_wanted<'p, P>(
    parts: &'p [P],
    out: &dyn Out,
    index: impl Fn(&P) -> usize,
) -> &'p [P] {
    let last = parts.iter().rposition(|part| out.wants(index(part)));
    last.and_then(|last| parts.get(..=last)).unwrap_or_default()
}

/// Passes over a stream from where it stands to `offset`, which must not lie behind.
pub(super) fn skip(
    stream: &mut dyn Read,
    reached: u64,
    offset: u64,
    definition: &'static Definition,
    at: u64,
) -> Result<(), Error> {
    let gap = offset
        .checked_sub(reached)
        .ok_or_else(|| Error::malformed(definition, at, "two members share bytes of a stream"))?;
    drain(&mut Exact::new(stream, gap, None)).map_err(failed(definition, at, "before a member"))
}

/// Reads to the end, for what the end checks.
pub(super) fn drain(stream: &mut dyn Read) -> io::Result<()> {
    let mut buf = vec![0; SKIP];
    while stream.read(&mut buf)? > 0 {}
    Ok(())
}

/// The whole of a stream whose size is known beforehand, which `limit` bounds.
pub(super) fn whole(stream: &mut dyn Read, size: u64, limit: u64) -> io::Result<Vec<u8>> {
    if size > limit {
        let message = format!("{size} bytes, over the limit of {limit}");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let mut out = Vec::new();
    let mut exact = Exact::new(stream, size, None);
    io::copy(&mut exact, &mut out)?;
    Ok(out)
}

/// CRC-32 of bytes in memory.
pub(super) fn sum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::{Counted, drain, failed};
    use crate::base::budget::{Budget, Exceeded, Limits, Stopped};
    use crate::format::Error;
    use crate::format::sevenz::findings::SEVENZ_DATA;

    /// Answers once, and must not be asked again.
    struct Once(Option<io::Result<usize>>);

    impl Read for Once {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            self.0.take().expect("asked again")
        }
    }

    #[test]
    fn a_decoder_that_has_failed_or_ended_is_not_asked_again() {
        let budget = Budget::start(Limits::default(), &Stopped);
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "broken");
        let mut stream = Counted::new(Once(Some(Err(broken()))), &budget);
        for _ in 0..3 {
            assert_eq!(
                drain(&mut stream).unwrap_err().to_string(),
                broken().to_string()
            );
        }
        let mut stream = Counted::new(Once(Some(Ok(0))), &budget);
        for _ in 0..3 {
            assert!(drain(&mut stream).is_ok());
        }
    }

    #[test]
    fn a_limit_stays_a_limit_when_it_is_asked_for_again() {
        let limits = Limits {
            max_decoded: 0,
            ..Limits::default()
        };
        let budget = Budget::start(limits, &Stopped);
        let mut stream = Counted::new(Once(Some(Ok(1))), &budget);
        for _ in 0..2 {
            let error = drain(&mut stream).unwrap_err();
            assert_eq!(
                failed(&SEVENZ_DATA, 0, "")(error),
                Error::Limit(Exceeded::Decoded(0))
            );
        }
    }
}
