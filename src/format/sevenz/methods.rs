//! The coders of 7z archives, put together into the one stream of a folder.

use std::io::{self, Read};

use lzma_rust2::filter::bcj::BcjReader;
use lzma_rust2::filter::bcj2::Bcj2Reader;
use lzma_rust2::filter::delta::DeltaReader;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::base::codec::lzma::lzma2_dictionary;
use crate::format::codec::bzip2;
use crate::format::codec::deflate64::Inflate64;
use crate::format::coding::{MAX_DICTIONARY, buffered, lzma, lzma2, stream};
use crate::format::sevenz::blocks::{Coder, Feed, Folder};
use crate::model::extract::Span;

/// One large dictionary, and the small ones of BCJ2's side streams.
pub(super) const MAX_MEMORY: u64 = 160 << 20;

const COPY: u64 = 0x00;
const DELTA: u64 = 0x03;
const LZMA: u64 = 0x03_01_01;
const LZMA2: u64 = 0x21;
const PPMD: u64 = 0x03_04_01;
const DEFLATE: u64 = 0x04_01_08;
const DEFLATE64: u64 = 0x04_01_09;
const BZIP2: u64 = 0x04_02_02;
const BCJ2: u64 = 0x03_03_01_1b;
const AES: u64 = 0x06_f1_07_01;

/// Why a folder cannot be decoded, in a few words; `None` where it can.
pub(super) fn refusal(folder: &Folder) -> Option<String> {
    let mut memory = 0u64;
    for coder in &folder.coders {
        if coder.id == AES {
            return Some("encrypted".into());
        }
        let needed = match coder.id {
            LZMA | PPMD => u32_of(coder.properties.get(1..)),
            LZMA2 => coder.properties.first().and_then(|p| lzma2_dictionary(*p)),
            BZIP2 => Some(4 << 20),
            DELTA => coder.properties.first().map(|_| 0),
            COPY | DEFLATE | DEFLATE64 | BCJ2 => Some(0),
            id if branch(id).is_some() => Some(0),
            id => return Some(unknown(id)),
        };
        let Some(needed) = needed else {
            return Some("coder properties that no encoder writes".into());
        };
        if needed > MAX_DICTIONARY {
            return Some(format!(
                "asks for a dictionary of {} MiB, over the limit of 128",
                needed >> 20
            ));
        }
        memory = memory.saturating_add(u64::from(needed));
    }
    (memory > MAX_MEMORY).then(|| "its dictionaries together are over 160 MiB".into())
}

fn unknown(id: u64) -> String {
    let name = match id {
        0x04_f7_11_01 => " (zstd)",
        0x04_f7_11_02 => " (brotli)",
        0x04_f7_11_04 => " (LZ4)",
        _ => "",
    };
    format!("7z method {id:x}{name}")
}

/// The stream that a folder decodes to; `packed` are its own packed streams.
pub(super) fn decoder<'a>(
    blob: &'a dyn ReadAt,
    folder: &Folder,
    packed: &[Span],
    budget: &'a Budget<'a>,
) -> io::Result<Box<dyn Read + 'a>> {
    // Each level is another coder, so a chain that is longer leads in a circle.
    let source = Source {
        blob,
        folder,
        packed,
        budget,
    };
    source.output(folder.main, folder.coders.len())
}

/// What the coders of a folder read from.
struct Source<'a, 'f> {
    blob: &'a dyn ReadAt,
    folder: &'f Folder,
    packed: &'f [Span],
    budget: &'a Budget<'a>,
}

impl<'a> Source<'a, '_> {
    /// What comes out of the coder at `index`.
    fn output(&self, index: usize, depth: usize) -> io::Result<Box<dyn Read + 'a>> {
        let depth = depth
            .checked_sub(1)
            .ok_or_else(|| bad("coders in a circle"))?;
        let coder = self.folder.coders.get(index);
        let coder = coder.ok_or_else(|| bad("no such coder"))?;
        let first = self.folder.first_input(index);
        let feeds = self.folder.feeds.iter().skip(first).take(coder.inputs);
        let inputs = feeds.map(|feed| match feed {
            Feed::Coder(coder) => self.output(*coder, depth),
            Feed::Packed(at) => {
                let span = self.packed.get(*at);
                let span = span.ok_or_else(|| bad("no such packed stream"))?;
                let packed: Box<dyn Read + 'a> =
                    Box::new(stream(self.blob, span.clone(), self.budget)?);
                Ok(packed)
            }
        });
        decode(coder, inputs.collect::<io::Result<Vec<_>>>()?)
    }
}

fn decode<'a>(
    coder: &Coder,
    mut inputs: Vec<Box<dyn Read + 'a>>,
) -> io::Result<Box<dyn Read + 'a>> {
    let properties = coder.properties.as_slice();
    if coder.id == BCJ2 {
        if inputs.len() != 4 {
            return Err(bad("BCJ2 without four inputs"));
        }
        return Ok(Box::new(Bcj2Reader::new(inputs, coder.unpacked)));
    }
    let input = inputs.pop().ok_or_else(|| bad("a coder without input"))?;
    if !inputs.is_empty() {
        return Err(bad("a coder with more inputs than it has"));
    }
    let first = || {
        properties
            .first()
            .copied()
            .ok_or_else(|| bad("no properties"))
    };
    Ok(match coder.id {
        COPY => input,
        LZMA => {
            let dictionary = u32_of(properties.get(1..)).ok_or_else(|| bad("no properties"))?;
            let size = Some(coder.unpacked);
            Box::new(lzma(buffered(input), size, first()?, dictionary)?)
        }
        LZMA2 => Box::new(lzma2(input, first()?)?),
        PPMD => {
            let memory = u32_of(properties.get(1..)).ok_or_else(|| bad("no properties"))?;
            let decoder = ppmd_rust::Ppmd7Decoder::new(input, u32::from(first()?), memory);
            Box::new(decoder.map_err(|_| bad("PPMd properties"))?)
        }
        DEFLATE => Box::new(flate2::read::DeflateDecoder::new(input)),
        DEFLATE64 => Box::new(Inflate64::new(buffered(input))),
        BZIP2 => Box::new(bzip2::Streams::new(buffered(input))),
        DELTA => Box::new(DeltaReader::new(
            input,
            usize::from(first()?).saturating_add(1),
        )),
        id => match branch(id) {
            Some(new) => Box::new(new(input, 0)),
            None => return Err(bad("a method that is not read")),
        },
    })
}

type Branch<'a> = fn(Box<dyn Read + 'a>, usize) -> BcjReader<Box<dyn Read + 'a>>;

fn branch<'a>(id: u64) -> Option<Branch<'a>> {
    Some(match id {
        0x04 | 0x03_03_01_03 => BcjReader::new_x86,
        0x05 | 0x03_03_02_05 => BcjReader::new_ppc,
        0x06 | 0x03_03_04_01 => BcjReader::new_ia64,
        0x07 | 0x03_03_05_01 => BcjReader::new_arm,
        0x08 | 0x03_03_07_01 => BcjReader::new_arm_thumb,
        0x09 | 0x03_03_08_05 => BcjReader::new_sparc,
        0x0a => BcjReader::new_arm64,
        0x0b => BcjReader::new_riscv,
        _ => return None,
    })
}

fn u32_of(bytes: Option<&[u8]>) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes?.first_chunk()?))
}

fn bad(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::{BCJ2, Coder, DELTA, branch, decode};

    /// Bytes that look like instructions of each kind now and then, handed out in pieces of changing length.
    struct Pieces {
        left: usize,
        random: u32,
    }

    impl Read for Pieces {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            const SEEDS: [u8; 12] = [
                0xe8, 0xe9, 0x0f, 0x80, 0xff, 0, 0xeb, 0x48, 0x17, 0xef, 0x94, 0xf0,
            ];
            self.random = self.random.wrapping_mul(1_664_525).wrapping_add(1);
            let len = (self.random >> 20) as usize % 5000 + 1;
            let len = len.min(buf.len()).min(self.left);
            for byte in &mut buf[..len] {
                self.random = self.random.wrapping_mul(1_664_525).wrapping_add(1);
                let [.., low, high] = self.random.to_le_bytes();
                *byte = if high & 1 == 0 {
                    SEEDS[usize::from(low) % SEEDS.len()]
                } else {
                    low
                };
            }
            self.left -= len;
            Ok(len)
        }
    }

    fn read(id: u64, properties: &[u8], inputs: usize, size: usize) -> io::Result<usize> {
        let coder = Coder {
            id,
            inputs,
            properties: properties.to_vec(),
            unpacked: size as u64,
        };
        let input = |number: usize| -> Box<dyn Read> {
            Box::new(Pieces {
                left: size,
                random: (number + size) as u32,
            })
        };
        let mut stream = decode(&coder, (0..inputs).map(input).collect())?;
        let (mut buf, mut out) = ([0; 777], 0);
        loop {
            match stream.read(&mut buf)? {
                0 => return Ok(out),
                read => out += read,
            }
        }
    }

    #[test]
    fn a_filter_gives_as_many_bytes_as_it_takes_and_ends() {
        for size in (0..40).chain([4095, 4096, 4097, 100_000]) {
            for id in (4..=0x0b).filter(|id| branch(*id).is_some()) {
                assert_eq!(read(id, &[], 1, size).unwrap(), size, "{id}");
            }
            assert_eq!(read(DELTA, &[255], 1, size).unwrap(), size);
        }
    }

    #[test]
    fn the_filter_of_four_streams_ends_on_any_of_them() {
        for size in (0..40).chain([4095, 262_143, 300_000]) {
            if let Ok(out) = read(BCJ2, &[], 4, size) {
                assert!(out <= size);
            }
        }
    }
}
