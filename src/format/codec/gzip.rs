//! Gzip members, one after the other (RFC 1952).

use std::io::{self, BufRead, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// Longest file name or comment in a header; no file system takes longer ones.
const MAX_TEXT: u64 = 4096;

const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// Members until the source holds something else. Zeros behind the last one are padding of tapes and are passed over.
pub(in crate::format) struct Members<R> {
    source: R,
    inflate: Decompress,
    crc: Crc,
    /// Members begun.
    count: u64,
    state: State,
    name: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    Inside,
    Ended,
}

impl<R: BufRead> Members<R> {
    pub(in crate::format) fn new(source: R) -> Self {
        Self {
            source,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            count: 0,
            state: State::Between,
            name: None,
        }
    }

    /// Members begun so far.
    pub(in crate::format) fn count(&self) -> u64 {
        self.count
    }

    /// The file name in the header of the first member, once that was read.
    pub(in crate::format) fn name(&self) -> Option<&[u8]> {
        self.name.as_deref()
    }

    /// Starts the next member; false where there is none.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            let waiting = self.source.fill_buf()?;
            let zeros = if self.count == 0 {
                0
            } else {
                waiting.iter().take_while(|b| **b == 0).count()
            };
            match waiting.get(zeros) {
                Some(0x1f) if zeros == 0 => break,
                Some(_) if self.count > 0 => return Ok(false),
                Some(_) => return Err(invalid("no gzip header")),
                None if zeros == 0 => return Ok(false),
                None => self.source.consume(zeros),
            }
        }
        self.header()?;
        self.count = self.count.saturating_add(1);
        self.inflate.reset(false);
        self.crc.reset();
        Ok(true)
    }

    fn header(&mut self) -> io::Result<()> {
        let mut fixed = [0; 10];
        self.source.read_exact(&mut fixed)?;
        let [0x1f, 0x8b, 8, flags, ..] = fixed else {
            return Err(invalid("no gzip header"));
        };
        if flags & RESERVED != 0 {
            return Err(invalid("reserved flags in a gzip header"));
        }
        if flags & FEXTRA != 0 {
            let mut len = [0; 2];
            self.source.read_exact(&mut len)?;
            let len = u64::from(u16::from_le_bytes(len));
            if io::copy(&mut self.source.by_ref().take(len), &mut io::sink())? < len {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if flags & FNAME != 0 {
            let name = self.text()?;
            self.name.get_or_insert(name);
        }
        if flags & FCOMMENT != 0 {
            self.text()?;
        }
        if flags & FHCRC != 0 {
            self.source.read_exact(&mut [0; 2])?;
        }
        Ok(())
    }

    fn text(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.source
            .by_ref()
            .take(MAX_TEXT)
            .read_until(0, &mut text)?;
        match text.pop() {
            Some(0) => Ok(text),
            _ => Err(invalid("endless text in a gzip header")),
        }
    }

    fn trailer(&mut self) -> io::Result<()> {
        let mut trailer = [0; 8];
        self.source.read_exact(&mut trailer)?;
        let [c0, c1, c2, c3, s0, s1, s2, s3] = trailer;
        if u32::from_le_bytes([c0, c1, c2, c3]) != self.crc.sum() {
            return Err(invalid("the CRC-32 of a gzip member does not hold"));
        }
        // ISIZE is the length modulo 2^32 (RFC 1952, section 2.3.1).
        if u32::from_le_bytes([s0, s1, s2, s3]) != self.crc.amount() {
            return Err(invalid("the length of a gzip member does not hold"));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            match self.state {
                State::Ended => return Ok(0),
                State::Between => {
                    self.state = if self.begin()? {
                        State::Inside
                    } else {
                        State::Ended
                    };
                    continue;
                }
                State::Inside => {}
            }
            let input = self.source.fill_buf()?;
            let at_end = input.is_empty();
            let (taken, given) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self
                .inflate
                .decompress(input, buf, FlushDecompress::None)
                .map_err(|e| invalid(&e.to_string()))?;
            let taken = self.inflate.total_in().saturating_sub(taken);
            let given = self.inflate.total_out().saturating_sub(given);
            self.source
                .consume(usize::try_from(taken).unwrap_or(usize::MAX));
            let given = usize::try_from(given).unwrap_or(usize::MAX);
            self.crc.update(buf.get(..given).unwrap_or_default());
            if status == Status::StreamEnd {
                self.trailer()?;
                self.state = State::Between;
            } else if given == 0 && (at_end || taken == 0) {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if given > 0 {
                return Ok(given);
            }
        }
    }
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
