//! Builds small cabinets for tests. Also a part of the integration tests, by path.
#![allow(dead_code, reason = "each of its users needs a part of it")]

use flate2::{Compress, Compression, FlushCompress};

/// A cabinet to be built.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) folders: Vec<Folder>,
    /// Further files, with iFolder.
    pub(crate) extra: Vec<(u16, &'static str, u32, u32)>,
    /// abReserve of the header.
    pub(crate) reserve: Option<Vec<u8>>,
    pub(crate) previous: Option<&'static str>,
    pub(crate) next: Option<&'static str>,
    /// iCabinet.
    pub(crate) number: u16,
}

/// Files that are compressed together.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    /// typeCompress.
    pub(crate) method: u16,
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
}

pub(crate) const STORED: u16 = 0;
pub(crate) const MSZIP: u16 = 1;
/// With a window of 32 KB.
pub(crate) const LZX: u16 = 0x0f03;

/// Fields that tests spoil.
pub(crate) const CB_CABINET: usize = 8;
pub(crate) const I_CABINET: usize = 34;

impl Plan {
    pub(crate) fn of(method: u16, files: &[(&'static str, &[u8])]) -> Self {
        let files = files.iter().map(|(n, c)| (*n, c.to_vec())).collect();
        Self {
            folders: vec![Folder { method, files }],
            ..Self::default()
        }
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let count: usize = self.folders.iter().map(|f| f.files.len()).sum();
        let mut out = b"MSCF".to_vec();
        out.extend([0; 20]);
        out.extend([3, 1]);
        out.extend((self.folders.len() as u16).to_le_bytes());
        out.extend(((count + self.extra.len()) as u16).to_le_bytes());
        let flags = u16::from(self.previous.is_some())
            | u16::from(self.next.is_some()) << 1
            | u16::from(self.reserve.is_some()) << 2;
        out.extend(flags.to_le_bytes());
        out.extend([0x39, 0x30]);
        out.extend(self.number.to_le_bytes());
        if let Some(reserve) = &self.reserve {
            out.extend((reserve.len() as u16).to_le_bytes());
            out.extend([0, 0]);
            out.extend(reserve);
        }
        for name in [self.previous, self.next].into_iter().flatten() {
            out.extend(name.as_bytes());
            out.extend(b"\0disk\0");
        }
        let folders_at = out.len();
        out.resize(out.len() + 8 * self.folders.len(), 0);
        let files_at = out.len() as u32;
        put32(&mut out, 16, files_at);
        for (number, folder) in self.folders.iter().enumerate() {
            let mut start = 0;
            for (name, content) in &folder.files {
                file(&mut out, number as u16, name, start, content.len() as u32);
                start += content.len() as u32;
            }
        }
        for (folder, name, start, size) in &self.extra {
            file(&mut out, *folder, name, *start, *size);
        }
        for (number, folder) in self.folders.iter().enumerate() {
            let at = folders_at + 8 * number;
            let start = out.len() as u32;
            let blocks = folder.append(&mut out);
            put32(&mut out, at, start);
            out[at + 4..at + 6].copy_from_slice(&blocks.to_le_bytes());
            out[at + 6..at + 8].copy_from_slice(&folder.method.to_le_bytes());
        }
        let size = out.len() as u32;
        put32(&mut out, CB_CABINET, size);
        out
    }

    /// With a reserve that says where `cms` is, and `cms` behind the cabinet, filled up to eight bytes.
    pub(crate) fn signed(&self, cms: &[u8]) -> Vec<u8> {
        let len = cms.len().next_multiple_of(8);
        let mut out = self.ready(len);
        let end = out.len() + len;
        out.extend(cms);
        out.resize(end, 0);
        out
    }

    /// The same before the signature of this length is there: what is to be signed.
    pub(crate) fn ready(&self, signature: usize) -> Vec<u8> {
        let locate = |at: u32| {
            let mut reserve = vec![0, 0, 16, 0];
            reserve.extend(at.to_le_bytes());
            reserve.extend((signature as u32).to_le_bytes());
            reserve.extend([0; 8]);
            Self {
                reserve: Some(reserve),
                ..self.clone()
            }
            .build()
        };
        let size = locate(0).len() as u32;
        locate(size)
    }
}

impl Folder {
    /// Data blocks of at most 32 KB.
    fn append(&self, out: &mut Vec<u8>) -> u16 {
        let content: Vec<u8> = self.files.iter().flat_map(|(_, c)| c.clone()).collect();
        let mut blocks = 0;
        let mut before: &[u8] = &[];
        for (number, chunk) in content.chunks(0x8000).enumerate() {
            let data = match self.method {
                MSZIP => deflated(chunk, before),
                LZX => uncompressed(chunk, number == 0),
                _ => chunk.to_vec(),
            };
            let sizes = [data.len() as u16, chunk.len() as u16].map(u16::to_le_bytes);
            let sum = sum(&sizes.concat(), sum(&data, 0));
            out.extend(sum.to_le_bytes());
            out.extend(sizes.concat());
            out.extend(data);
            before = chunk;
            blocks += 1;
        }
        blocks
    }
}

fn file(out: &mut Vec<u8>, folder: u16, name: &str, start: u32, size: u32) {
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(folder.to_le_bytes());
    // 2024-01-01 00:00, archive, UTF-8.
    out.extend([0x21, 0x58, 0, 0, 0xa0, 0]);
    out.extend(name.as_bytes());
    out.push(0);
}

/// MSZIP: each block refers back to the one before it.
fn deflated(chunk: &[u8], before: &[u8]) -> Vec<u8> {
    let mut deflate = Compress::new(Compression::best(), false);
    if !before.is_empty() {
        deflate.set_dictionary(before).unwrap();
    }
    let mut out = Vec::with_capacity(0x9000);
    out.extend(b"CK");
    deflate
        .compress_vec(chunk, &mut out, FlushCompress::Finish)
        .unwrap();
    out
}

/// LZX: one uncompressed block a chunk, which must be of even length.
fn uncompressed(chunk: &[u8], first: bool) -> Vec<u8> {
    // Bits, from the top of little-endian words: no E8 translation (only first), type 3, 24 bits of length.
    let len = chunk.len() as u64;
    let (bits, count) = if first {
        ((3 << 24) | len, 28)
    } else {
        ((3 << 24) | len, 27)
    };
    let word = (bits << (32 - count)) as u32;
    let mut out = Vec::new();
    for half in [(word >> 16) as u16, word as u16] {
        out.extend(half.to_le_bytes());
    }
    for _ in 0..3 {
        out.extend(1u32.to_le_bytes());
    }
    out.extend(chunk);
    out
}

fn sum(bytes: &[u8], seed: u32) -> u32 {
    bytes.chunks(4).fold(seed, |sum, word| {
        sum ^ match word {
            [a, b, c, d] => u32::from_le_bytes([*a, *b, *c, *d]),
            rest => rest.iter().fold(0, |n, b| (n << 8) | u32::from(*b)),
        }
    })
}

fn put32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}
