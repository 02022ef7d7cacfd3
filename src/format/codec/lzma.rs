//! LZMA streams with their dictionary bounded before it is allocated.

use std::io::{self, BufRead, Read};

use crate::base::budget::Exceeded;
use crate::base::codec::lzma::Lzma;
use crate::format::codec::MAX_DICTIONARY;

/// What stands before a raw LZMA stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    properties: u8,
    dictionary: u32,
    /// Decoded size; `None` where an end marker closes the stream.
    size: Option<u64>,
}

impl Header {
    /// Opens the stream behind the header.
    pub(super) fn open<R: BufRead>(self, source: R) -> io::Result<Lzma<R>> {
        let needed = self.size.map_or(self.dictionary, |size| {
            self.dictionary.min(u32::try_from(size).unwrap_or(u32::MAX))
        });
        bounded(needed)?;
        Lzma::new(source, self.size, self.properties, needed)
    }
}

/// Refuses a dictionary that is over the limit.
fn bounded(dictionary: u32) -> io::Result<()> {
    if dictionary > MAX_DICTIONARY {
        return Err(io::Error::other(Exceeded::Count {
            what: "bytes of dictionary",
            limit: usize::try_from(MAX_DICTIONARY).unwrap_or(usize::MAX),
        }));
    }
    Ok(())
}

/// The header of zip method 14: version, length of the properties, the properties (APPNOTE 5.8.8).
pub(super) fn zip(source: &mut impl Read, size: Option<u64>) -> io::Result<Header> {
    let mut header = [0; 9];
    source.read_exact(&mut header)?;
    let [_, _, len_low, len_high, properties, d0, d1, d2, d3] = header;
    if u16::from_le_bytes([len_low, len_high]) != 5 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "LZMA properties are not five bytes long",
        ));
    }
    Ok(Header {
        properties,
        dictionary: u32::from_le_bytes([d0, d1, d2, d3]),
        size,
    })
}

/// The header of an .lzma file: properties, dictionary, decoded size or all ones.
pub(super) fn alone(source: &mut impl Read) -> io::Result<Header> {
    let mut header = [0; 13];
    source.read_exact(&mut header)?;
    let [properties, d0, d1, d2, d3, size @ ..] = header;
    let size = Some(u64::from_le_bytes(size)).filter(|size| *size != u64::MAX);
    Ok(Header {
        properties,
        dictionary: u32::from_le_bytes([d0, d1, d2, d3]),
        size,
    })
}
