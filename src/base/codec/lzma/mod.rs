//! LZMA and LZMA2, decoded within bounds (Igor Pavlov, lzma-specification.txt; The .xz File Format 1.2.1, section 5.3.1).
//!
//! Every rule that the specification states is held to, and what breaks one is an error: a stream that is cut, a distance past
//! what was decoded, an end marker where none may be, a chunk that is not used up. A decoder that has failed fails for good.
//! Each symbol gives a byte or ends the stream, and memory grows with what comes out and not with what is asked for.

mod literals;
mod lzma2;
mod model;
mod range;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod window;

use std::io::{self, BufRead, Read};

use crate::base::codec::lzma::model::{Model, Properties};
use crate::base::codec::lzma::range::{Bytes, Input, Range, START, State};
use crate::base::codec::lzma::window::Window;

pub use lzma2::{Lzma2, lzma2_dictionary};

/// More bytes than any one symbol takes: 22 modelled bits of at most seven bits each, and 26 direct ones (`LZMA_REQUIRED_INPUT_MAX`
/// of the reference decoder is 20).
const AHEAD: usize = 32;

/// Where a stream breaks the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("the LZMA properties are none")]
    Properties,
    #[error("the range coder is in a state that no encoder leaves")]
    Corrupt,
    #[error("the LZMA data break off")]
    Cut,
    #[error("a match reaches back past the dictionary")]
    Distance,
    #[error("an LZMA end marker where none may be")]
    Marker,
    #[error("a match reaches past the end of the LZMA data")]
    Past,
    #[error("the LZMA data go on where they should end")]
    Unfinished,
    #[error("an LZMA2 chunk is none that may follow here")]
    Chunk,
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        let kind = match fault {
            Fault::Cut => io::ErrorKind::UnexpectedEof,
            Fault::Properties
            | Fault::Corrupt
            | Fault::Distance
            | Fault::Marker
            | Fault::Past
            | Fault::Unfinished
            | Fault::Chunk => io::ErrorKind::InvalidData,
        };
        Self::new(kind, fault)
    }
}

/// Whether there is more to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Open,
    Ended,
    Failed,
}

impl Status {
    /// Reads once from a decoder that is open.
    fn read(&mut self, read: impl FnOnce() -> io::Result<usize>) -> io::Result<usize> {
        match self {
            Self::Ended => return Ok(0),
            Self::Failed => return Err(io::Error::other("the LZMA data broke off before")),
            Self::Open => {}
        }
        let result = read();
        match result {
            Ok(0) => *self = Self::Ended,
            Ok(_) => {}
            Err(_) => *self = Self::Failed,
        }
        result
    }
}

/// A raw LZMA stream, of which no byte more is used than belongs to it.
pub struct Lzma<R> {
    status: Status,
    stream: Stream<R>,
}

impl<R> std::fmt::Debug for Lzma<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lzma").finish_non_exhaustive()
    }
}

impl<R: BufRead> Lzma<R> {
    /// `size` bytes, which an end marker may follow, or where none is given as many as come before an end marker. The caller
    /// bounds the dictionary.
    ///
    /// # Errors
    /// Where the properties or the first bytes are none of LZMA's.
    pub fn new(
        mut source: R,
        size: Option<u64>,
        properties: u8,
        dictionary: u32,
    ) -> io::Result<Self> {
        let model = Model::new(Properties::new(properties)?);
        let mut start = [0; START];
        source.read_exact(&mut start)?;
        Ok(Self {
            status: Status::Open,
            stream: Stream {
                source,
                state: State::start(start)?,
                model,
                window: Window::new(dictionary),
                left: size,
            },
        })
    }
}

impl<R: BufRead> Read for Lzma<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        self.status.read(|| self.stream.read(buf))
    }
}

struct Stream<R> {
    source: R,
    state: State,
    model: Model,
    window: Window,
    /// Bytes to come, where their number is known.
    left: Option<u64>,
}

impl<R: BufRead> Stream<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = self.left.map_or(usize::MAX, |left| {
            usize::try_from(left).unwrap_or(usize::MAX)
        });
        if most == 0 {
            self.end()?;
            return Ok(0);
        }
        self.window.make_room(most.min(buf.len()))?;
        let marked = self.decode()?;
        let read = self.window.take(buf);
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
            if *left > 0 && marked {
                return Err(Fault::Marker.into());
            }
            if *left == 0 && self.window.is_pending() {
                return Err(Fault::Past.into());
            }
        } else if marked {
            self.left = Some(0);
            self.finish()?;
        }
        Ok(read)
    }

    /// Symbols until the window is full; true at the end marker.
    fn decode(&mut self) -> io::Result<bool> {
        while self.window.has_room() {
            let buffered = self.source.fill_buf()?;
            let result = match buffered.len().checked_sub(AHEAD) {
                Some(safe @ 1..) => {
                    let mut range = Range::new(self.state, Bytes::new(buffered, 0));
                    let result = self.model.symbols(&mut self.window, &mut range, safe);
                    self.state = range.state();
                    let used = range.input.at();
                    self.source.consume(used);
                    result
                }
                _ => self.symbol()?,
            };
            match result {
                Ok(()) => {}
                Err(Fault::Marker) => return Ok(true),
                Err(fault) => return Err(fault.into()),
            }
        }
        Ok(false)
    }

    /// One symbol, where the bytes at hand may not do for it.
    fn symbol(&mut self) -> io::Result<Result<(), Fault>> {
        self.slowly(|model, window, range| model.symbol(window, range))
    }

    fn slowly<T>(
        &mut self,
        run: impl FnOnce(&mut Model, &mut Window, &mut Range<OneByOne<'_, R>>) -> T,
    ) -> io::Result<T> {
        let mut range = Range::new(
            self.state,
            OneByOne {
                source: &mut self.source,
                failure: None,
            },
        );
        let result = run(&mut self.model, &mut self.window, &mut range);
        self.state = range.state();
        match range.input.failure {
            Some(error) => Err(error),
            None => Ok(result),
        }
    }

    /// Where as many bytes came as were stated: nothing is left, or an end marker.
    fn end(&mut self) -> io::Result<()> {
        if self.finish().is_ok() {
            return Ok(());
        }
        match self.symbol()? {
            Err(Fault::Marker) => self.finish(),
            Err(fault) => Err(fault.into()),
            Ok(()) => Err(Fault::Unfinished.into()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.slowly(|_, _, range| range.normalize())?;
        if self.state.finished() {
            Ok(())
        } else {
            Err(Fault::Unfinished.into())
        }
    }
}

/// Bytes straight from a source.
struct OneByOne<'a, R> {
    source: &'a mut R,
    failure: Option<io::Error>,
}

impl<R: BufRead> Input for OneByOne<'_, R> {
    fn byte(&mut self) -> u8 {
        let mut byte = [0];
        if let Err(error) = self.source.read_exact(&mut byte) {
            self.failure.get_or_insert(error);
        }
        let [byte] = byte;
        byte
    }

    fn overrun(&self) -> bool {
        self.failure.is_some()
    }
}
