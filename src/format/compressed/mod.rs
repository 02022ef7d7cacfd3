//! One compressed stream: gzip, xz, Zstandard, bzip2, LZMA. Packages for Unix are tar archives in one of them.
//!
//! Specifications: RFC 1952, The .xz File Format 1.2.1, RFC 8878, the bzip2 file format, the .lzma header of LZMA SDK.
//!
//! What this does not prove: that nothing stands behind the part that a decoder reads, unless it says so.

pub mod findings;
mod members;
#[cfg(test)]
mod tests;

use std::io::Read;

use crate::base::blob::{Cursor, ReadAt, Slice};
use crate::base::budget::Budget;
use crate::format::codec::{self, Coding, gzip};
use crate::format::compressed::findings::MANY_GZIP_MEMBERS;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::Extract;
use crate::model::finding::{Finding, Status};

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Compressed;

/// Bytes of a gzip file that are looked at for its members.
const LOOK: u64 = 64 << 10;
/// … and what they may decode to.
const LOOK_DECODED: usize = 1 << 20;
/// Members that start in that many bytes before it is worth telling: programs that write in blocks make them of 64 KiB each.
const MANY: u64 = 1000;

static CARD: Card = Card {
    id: "compressed",
    name: "gzip, xz, Zstandard, bzip2, LZMA",
    extensions: &["gz", "tgz", "xz", "txz", "zst", "bz2", "lzma", "crate"],
    signatures: &[],
    features: &[
        "the decompressed file as a member",
        "checksums of the streams",
    ],
    specifications: &["RFC 1952", "RFC 8878", "The .xz File Format 1.2.1"],
    limits: &[
        ("bytes of Zstandard window", codec::MAX_WINDOW),
        ("bytes of LZMA dictionary", 64 << 20),
    ],
};

/// Which coding a file is in.
pub(super) fn coding(head: &[u8]) -> Option<Coding> {
    const PI: &[u8] = b"\x31\x41\x59\x26\x53\x59";
    const ROOT_OF_PI: &[u8] = b"\x17\x72\x45\x38\x50\x90";
    if head.starts_with(b"\x1f\x8b\x08") {
        return Some(Coding::Gzip);
    }
    if head.starts_with(b"\xfd7zXZ\0") {
        return Some(Coding::Xz);
    }
    if head.starts_with(b"\x28\xb5\x2f\xfd") {
        return Some(Coding::Zstd);
    }
    match head {
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
            if rest.starts_with(PI) || rest.starts_with(ROOT_OF_PI) =>
        {
            Some(Coding::Bzip2Streams)
        }
        // No mark: the properties that every writer uses, a dictionary that is a power of two, and a length of less than a terabyte.
        [0x5d, 0, 0, d2, d3, size @ ..]
            if size.len() >= 8 && u16::from_le_bytes([*d2, *d3]).is_power_of_two() =>
        {
            let unknown = size.starts_with(&[0xff; 8]);
            let plausible = size.get(5..8) == Some(&[0; 3]);
            (unknown || plausible).then_some(Coding::LzmaAlone)
        }
        _ => None,
    }
}

fn name(coding: Coding) -> &'static str {
    match coding {
        Coding::Gzip => "gzip-compressed data",
        Coding::Xz => "xz-compressed data",
        Coding::Zstd => "Zstandard-compressed data",
        Coding::Bzip2Streams => "bzip2-compressed data",
        Coding::LzmaAlone => "LZMA-compressed data",
        Coding::Stored
        | Coding::Deflate
        | Coding::Deflate64
        | Coding::Bzip2
        | Coding::ZipLzma { .. } => "compressed data",
    }
}

impl Format for Compressed {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        match coding(sniff.head) {
            Some(Coding::LzmaAlone) => sniff.has_extension(&["lzma", "tlz"]),
            Some(_) => true,
            // A file that is named so and is nothing else is a broken one.
            None => sniff.has_extension(&["gz", "tgz", "xz", "txz", "zst", "bz2"]),
        }
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        let coding = members::coding_of(blob)?;
        let findings = if coding == Coding::Gzip {
            many_members(blob)?
        } else {
            None
        };
        Ok(Extract {
            format: CARD.id,
            description: name(coding).to_owned(),
            findings: findings.into_iter().collect(),
            ..Extract::default()
        })
    }

    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        budget.spend_members(1)?;
        Ok(Some(Box::new(members::Content1::of(blob)?)))
    }
}

/// A file of very many tiny members costs a decoder far more than its size.
fn many_members(blob: &dyn ReadAt) -> Result<Option<Finding>, Error> {
    let start = Slice::new(blob, 0..blob.size().min(LOOK)).map_err(Error::read(0))?;
    let mut members = gzip::Members::new(std::io::BufReader::new(Cursor::new(start)));
    let mut buf = [0; 4 << 10];
    let mut decoded = 0_usize;
    // What is broken here is told of by whoever decodes the whole.
    while let Ok(read @ 1..) = members.read(&mut buf) {
        decoded = decoded.saturating_add(read);
        if decoded > LOOK_DECODED {
            break;
        }
    }
    let count = members.count();
    let message = format!("{count} members start in the first {LOOK} bytes");
    Ok((count > MANY).then(|| Finding::new(&MANY_GZIP_MEMBERS, Status::Review, message)))
}
