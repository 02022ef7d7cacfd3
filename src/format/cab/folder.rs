//! The decoded bytes of a folder: its data blocks one after the other (MS-CAB section 2.7).

use flate2::{Decompress, FlushDecompress, Status};
use lzxd::{Lzxd, WindowSize};

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cab::findings::CAB_DATA_DAMAGED;
use crate::format::cab::layout::{u16_at, u32_at};
use crate::format::cab::members::Folder;
use crate::format::error::Error;

/// csum, cbData and cbUncomp.
const BLOCK_HEADER: u64 = 8;
/// Most that a block may hold when decoded (MS-CAB section 2.7, cbUncomp).
const MAX_BLOCK: usize = 0x8000;
/// How far back MSZIP refers, over the borders of blocks (MS-MCI section 2).
const HISTORY: usize = 0x8000;

/// How a folder is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    MsZip,
    /// With the binary logarithm of its window.
    Lzx(u16),
}

impl Method {
    /// Of typeCompress; where it is none that is read, its name.
    pub(super) fn of(kind: u16) -> Result<Self, String> {
        let window = (kind >> 8) & 0x1f;
        match kind & 0x0f {
            0 => Ok(Self::Stored),
            1 => Ok(Self::MsZip),
            2 => Err("compressed with Quantum".into()),
            3 if (15..=21).contains(&window) => Ok(Self::Lzx(window)),
            3 => Err(format!("compressed with LZX, window 2^{window}")),
            other => Err(format!("compressed with method {other}")),
        }
    }
}

enum Decoder {
    Stored,
    MsZip(Decompress, Vec<u8>),
    Lzx(Box<Lzxd>),
}

/// Gives the decoded bytes of a folder in order.
pub(super) struct Stream<'a> {
    blob: &'a dyn ReadAt,
    folder: &'a Folder,
    budget: &'a Budget<'a>,
    decoder: Decoder,
    /// Where the next block stands.
    next: u64,
    /// Blocks not yet read.
    left: u16,
    block: Vec<u8>,
    /// What of `block` was given out.
    given: usize,
    /// How much was given out in all.
    position: u64,
}

impl<'a> Stream<'a> {
    pub(super) fn new(
        blob: &'a dyn ReadAt,
        folder: &'a Folder,
        method: Method,
        budget: &'a Budget<'_>,
    ) -> Self {
        let decoder = match method {
            Method::Stored => Decoder::Stored,
            Method::MsZip => Decoder::MsZip(Decompress::new(false), Vec::new()),
            Method::Lzx(window) => Decoder::Lzx(Box::new(Lzxd::new(window_size(window)))),
        };
        Self {
            blob,
            folder,
            budget,
            decoder,
            next: folder.data.start,
            left: folder.blocks,
            block: Vec::new(),
            given: 0,
            position: 0,
        }
    }

    /// Fills some of `buf`, which is not empty, at least one byte of it.
    pub(super) fn take(&mut self, buf: &mut [u8]) -> Result<usize, Error> {
        let ready = self.ready()?;
        let len = ready.len().min(buf.len());
        for (to, from) in buf.iter_mut().zip(ready) {
            *to = *from;
        }
        self.give(len);
        Ok(len)
    }

    /// Passes over what stands before `position`.
    pub(super) fn skip_to(&mut self, position: u64) -> Result<(), Error> {
        while self.position < position {
            let far = position.saturating_sub(self.position);
            let ready = self.ready()?.len();
            self.give(usize::try_from(far).map_or(ready, |far| far.min(ready)));
        }
        Ok(())
    }

    fn give(&mut self, len: usize) {
        self.given = self.given.saturating_add(len);
        let len = u64::try_from(len).unwrap_or(u64::MAX);
        self.position = self.position.saturating_add(len);
    }

    fn ready(&mut self) -> Result<&[u8], Error> {
        if self.given >= self.block.len() {
            self.next_block()?;
        }
        Ok(self.block.get(self.given..).unwrap_or_default())
    }

    fn next_block(&mut self) -> Result<(), Error> {
        let at = self.next;
        let bad = |message: &str| Error::malformed(&CAB_DATA_DAMAGED, at, message);
        let Some(left) = self.left.checked_sub(1) else {
            return Err(bad("a member reaches past the end of its folder"));
        };
        self.left = left;
        let reserve = u64::from(self.folder.reserve);
        let header_end = at.saturating_add(BLOCK_HEADER).saturating_add(reserve);
        if header_end > self.folder.data.end {
            return Err(bad("a data block reaches past the end of its folder"));
        }
        let header = self
            .blob
            .read_range(at..header_end)
            .map_err(Error::read(at))?;
        let sum = u32_at(&header, 0).unwrap_or_default();
        let coded = u16_at(&header, 4).unwrap_or_default();
        let decoded = usize::from(u16_at(&header, 6).unwrap_or_default());
        if decoded == 0 {
            return Err(bad(
                "the rest of the folder is in the next cabinet of the set",
            ));
        }
        if decoded > MAX_BLOCK {
            return Err(bad("a data block holds more than 32 KB"));
        }
        let end = header_end.saturating_add(u64::from(coded));
        if end > self.folder.data.end {
            return Err(bad("a data block reaches past the end of its folder"));
        }
        let data = self
            .blob
            .read_range(header_end..end)
            .map_err(Error::read(header_end))?;
        let computed = checksum(header.get(4..).unwrap_or_default(), checksum(&data, 0));
        if sum != 0 && sum != computed {
            return Err(bad("the checksum of a data block is wrong"));
        }
        self.budget
            .spend_decoded(u64::try_from(decoded).unwrap_or(u64::MAX))?;
        self.block = self.decoder.decode(data, decoded).map_err(|m| bad(&m))?;
        self.given = 0;
        self.next = end;
        Ok(())
    }
}

impl Decoder {
    fn decode(&mut self, data: Vec<u8>, len: usize) -> Result<Vec<u8>, String> {
        let block = match self {
            Self::Stored => data,
            Self::MsZip(inflate, history) => ms_zip(inflate, history, &data, len)?,
            Self::Lzx(lzx) => lzx
                .decompress_next(&data, len)
                .map_err(|e| format!("LZX: {e}"))?
                .to_vec(),
        };
        if block.len() != len {
            return Err("a data block holds less or more than it says".into());
        }
        Ok(block)
    }
}

/// A block is `CK` and a deflate stream of its own, which refers back to what the blocks before it held.
fn ms_zip(
    inflate: &mut Decompress,
    history: &mut Vec<u8>,
    data: &[u8],
    len: usize,
) -> Result<Vec<u8>, String> {
    let deflated = data
        .strip_prefix(b"CK")
        .ok_or("a data block is not MSZIP")?;
    inflate.reset(false);
    if !history.is_empty() {
        inflate
            .set_dictionary(history)
            .map_err(|e| format!("MSZIP: {e}"))?;
    }
    let mut block = Vec::with_capacity(len);
    let status = inflate
        .decompress_vec(deflated, &mut block, FlushDecompress::Finish)
        .map_err(|e| format!("MSZIP: {e}"))?;
    match status {
        Status::StreamEnd => {}
        Status::Ok | Status::BufError => {
            return Err("a data block holds less or more than it says".into());
        }
    }
    history.extend_from_slice(&block);
    let surplus = history.len().saturating_sub(HISTORY);
    history.drain(..surplus);
    Ok(block)
}

fn window_size(log: u16) -> WindowSize {
    match log {
        16 => WindowSize::KB64,
        17 => WindowSize::KB128,
        18 => WindowSize::KB256,
        19 => WindowSize::KB512,
        20 => WindowSize::MB1,
        21 => WindowSize::MB2,
        _ => WindowSize::KB32,
    }
}

/// The checksum of MS-CAB section 3.1: words are combined with XOR, and the last one to three bytes count from the left.
pub(super) fn checksum(bytes: &[u8], seed: u32) -> u32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let sum = words
        .iter()
        .fold(seed, |sum, word| sum ^ u32::from_le_bytes(*word));
    sum ^ rest
        .iter()
        .fold(0, |last, byte| (last << 8) | u32::from(*byte))
}
