//! LZMA2: LZMA in chunks (The .xz File Format 1.2.1, section 5.3.1; the chunks are those of XZ for Java and of the LZMA SDK,
//! Lzma2Dec.c).

use std::io::{self, Read};

use crate::base::codec::lzma::model::{Model, Properties};
use crate::base::codec::lzma::range::{Bytes, Range, START, State};
use crate::base::codec::lzma::window::Window;
use crate::base::codec::lzma::{Fault, Status};

/// From here on a control byte starts a compressed chunk.
const COMPRESSED: u8 = 0x80;
/// From here on it resets the state as well,
const RESET_STATE: u8 = 0xa0;
/// brings new properties,
const NEW_PROPERTIES: u8 = 0xc0;
/// and resets the dictionary.
const RESET_DICTIONARY: u8 = 0xe0;

/// The dictionary that the one property byte names; `None` for a value that is reserved.
pub fn lzma2_dictionary(property: u8) -> Option<u32> {
    match property {
        0..40 => {
            (2 | u32::from(property & 1)).checked_shl(u32::from(property >> 1).saturating_add(11))
        }
        40 => Some(u32::MAX),
        _ => None,
    }
}

/// An LZMA2 stream, of which no byte more is used than belongs to it.
pub struct Lzma2<R> {
    status: Status,
    chunks: Chunks<R>,
}

impl<R> std::fmt::Debug for Lzma2<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lzma2").finish_non_exhaustive()
    }
}

impl<R: Read> Lzma2<R> {
    /// The caller bounds the dictionary.
    pub fn new(source: R, dictionary: u32) -> Self {
        Self {
            status: Status::Open,
            chunks: Chunks {
                source,
                window: Window::new(dictionary),
                model: None,
                least: RESET_DICTIONARY,
                input: Vec::new(),
                chunk: Chunk::Between,
            },
        }
    }
}

impl<R: Read> Read for Lzma2<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        self.status.read(|| self.chunks.read(buf))
    }
}

impl<R> Lzma2<R> {
    #[cfg(test)]
    pub(super) fn allocated(&self) -> usize {
        self.chunks.window.allocated()
    }
}

struct Chunks<R> {
    source: R,
    window: Window,
    model: Option<Model>,
    /// Least that the next compressed chunk must reset, as a control byte.
    least: u8,
    /// A compressed chunk: at most 64 KiB.
    input: Vec<u8>,
    chunk: Chunk,
}

/// The chunk at hand.
#[derive(Clone, Copy)]
enum Chunk {
    Between,
    Stored {
        left: usize,
    },
    Coded {
        left: usize,
        state: State,
        at: usize,
    },
}

impl<R: Read> Chunks<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if matches!(self.chunk, Chunk::Between) {
            match self.header()? {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        match self.chunk {
            Chunk::Between => Ok(0),
            Chunk::Stored { left } => self.stored(left, buf),
            Chunk::Coded { left, state, at } => Ok(self.coded(left, state, at, buf)?),
        }
    }

    /// The start of the next chunk; `None` at the end of the stream.
    fn header(&mut self) -> io::Result<Option<Chunk>> {
        let [control] = self.array()?;
        match control {
            0 => Ok(None),
            1 | 2 => {
                if control == 1 {
                    self.window.reset();
                    self.least = NEW_PROPERTIES;
                } else if self.least == RESET_DICTIONARY {
                    return Err(Fault::Chunk.into());
                }
                let left = size(u16::from_be_bytes(self.array()?));
                Ok(Some(Chunk::Stored { left }))
            }
            3..COMPRESSED => Err(Fault::Chunk.into()),
            COMPRESSED.. if control < self.least => Err(Fault::Chunk.into()),
            COMPRESSED.. => self.compressed(control).map(Some),
        }
    }

    fn compressed(&mut self, control: u8) -> io::Result<Chunk> {
        let low = size(u16::from_be_bytes(self.array()?));
        let left = (usize::from(control & 0x1f) << 16).saturating_add(low);
        let len = size(u16::from_be_bytes(self.array()?));
        if control >= RESET_DICTIONARY {
            self.window.reset();
        }
        if control >= NEW_PROPERTIES {
            let [byte] = self.array()?;
            let properties = Properties::new(byte)?;
            if properties.context_bits() > 4 {
                return Err(Fault::Properties.into());
            }
            match &mut self.model {
                Some(model) if model.properties() == properties => model.reset(),
                model => *model = Some(Model::new(properties)),
            }
        } else if let (RESET_STATE.., Some(model)) = (control, &mut self.model) {
            model.reset();
        }
        self.least = COMPRESSED;
        self.input.resize(len, 0);
        self.source.read_exact(&mut self.input)?;
        let start = self.input.first_chunk::<START>().ok_or(Fault::Chunk)?;
        Ok(Chunk::Coded {
            left,
            state: State::start(*start)?,
            at: START,
        })
    }

    fn stored(&mut self, left: usize, buf: &mut [u8]) -> io::Result<usize> {
        self.window.make_room(left.min(buf.len()))?;
        let room = self.window.room();
        self.source.read_exact(room)?;
        let len = room.len();
        self.window.written(len);
        let read = self.window.take(buf);
        self.chunk = match left.saturating_sub(read) {
            0 => Chunk::Between,
            left => Chunk::Stored { left },
        };
        Ok(read)
    }

    fn coded(
        &mut self,
        left: usize,
        state: State,
        at: usize,
        buf: &mut [u8],
    ) -> Result<usize, Fault> {
        let model = self.model.as_mut().ok_or(Fault::Chunk)?;
        self.window.make_room(left.min(buf.len()))?;
        let mut range = Range::new(state, Bytes::new(&self.input, at));
        model.symbols(&mut self.window, &mut range, usize::MAX)?;
        let read = self.window.take(buf);
        let left = left.saturating_sub(read);
        if left == 0 {
            range.normalize();
            if self.window.is_pending() {
                return Err(Fault::Past);
            }
            if !range.state().finished() || range.input.at() != self.input.len() {
                return Err(Fault::Unfinished);
            }
            self.chunk = Chunk::Between;
        } else {
            self.chunk = Chunk::Coded {
                left,
                state: range.state(),
                at: range.input.at(),
            };
        }
        Ok(read)
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Sizes are stored less one.
fn size(stored: u16) -> usize {
    usize::from(stored).saturating_add(1)
}
