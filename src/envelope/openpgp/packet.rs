//! Packets: header, length in either format, body (RFC 9580 section 4.2).

use std::borrow::Cow;
use std::ops::Range;

use crate::envelope::openpgp::{Error, Octets};

/// Packets read from one input: a keyring of a whole distribution's developers has some hundred thousand.
pub const MAX_PACKETS: usize = 1 << 19;
/// Parts of one packet of partial length: the first has at least 512 octets, so that a packet that needs more is larger than 16 MiB,
/// and no signature or key is.
const MAX_PARTS: usize = 1 << 12;

/// A packet's type (RFC 9580 section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// 2.
    Signature,
    /// 4.
    OnePassSignature,
    /// 6.
    PublicKey,
    /// 8.
    CompressedData,
    /// 10.
    Marker,
    /// 11.
    LiteralData,
    /// 12: local trust of an implementation; ignored.
    Trust,
    /// 13.
    UserId,
    /// 14.
    PublicSubkey,
    /// 17.
    UserAttribute,
    /// 21.
    Padding,
    /// 5 and 7: no business of a verifier.
    Secret,
    /// Any other, by number.
    Other(u8),
}

impl Tag {
    fn from_number(number: u8) -> Self {
        match number {
            2 => Self::Signature,
            4 => Self::OnePassSignature,
            5 | 7 => Self::Secret,
            6 => Self::PublicKey,
            8 => Self::CompressedData,
            10 => Self::Marker,
            11 => Self::LiteralData,
            12 => Self::Trust,
            13 => Self::UserId,
            14 => Self::PublicSubkey,
            17 => Self::UserAttribute,
            21 => Self::Padding,
            other => Self::Other(other),
        }
    }

    /// Types that a reader may skip when it does not know them (RFC 9580 section 4.3: 40 to 63 are not critical).
    pub fn may_be_skipped(self) -> bool {
        match self {
            Self::Marker | Self::Trust | Self::Padding => true,
            Self::Other(number) => number >= 40,
            Self::Signature
            | Self::OnePassSignature
            | Self::PublicKey
            | Self::CompressedData
            | Self::LiteralData
            | Self::UserId
            | Self::PublicSubkey
            | Self::UserAttribute
            | Self::Secret => false,
        }
    }
}

/// A packet, whole.
#[derive(Debug, Clone)]
pub struct Packet<'a> {
    /// Its type.
    pub tag: Tag,
    /// Where it stands, header included.
    pub span: Range<usize>,
    /// Its contents, joined where it came in parts.
    pub body: Cow<'a, [u8]>,
}

/// Reads packets one after another.
#[derive(Debug, Clone)]
pub struct Packets<'a> {
    octets: Octets<'a>,
    count: usize,
    failed: bool,
}

impl<'a> Packets<'a> {
    /// Starts at the front of `bytes`, which hold packets and nothing else.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            octets: Octets::new(bytes),
            count: 0,
            failed: false,
        }
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Result<Packet<'a>, Error>;

    /// The next packet; after an error nothing comes, for there is no finding the next header.
    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.octets.is_empty() {
            return None;
        }
        self.count = self.count.saturating_add(1);
        let read = if self.count > MAX_PACKETS {
            Err(self.octets.error("more than 524288 packets"))
        } else {
            read(&mut self.octets)
        };
        self.failed = read.is_err();
        Some(read)
    }
}

fn read<'a>(octets: &mut Octets<'a>) -> Result<Packet<'a>, Error> {
    let start = octets.at();
    let first = octets.u8()?;
    if first & 0x80 == 0 {
        return Err(Error::new(start, "not a packet header"));
    }
    let (number, body) = if first & 0x40 == 0 {
        (first >> 2 & 0x0f, old_body(octets, first & 3)?)
    } else {
        let number = first & 0x3f;
        (number, new_body(octets, number)?)
    };
    if number == 0 {
        return Err(Error::new(start, "packet type 0"));
    }
    Ok(Packet {
        tag: Tag::from_number(number),
        span: start..octets.at(),
        body,
    })
}

/// RFC 9580 section 4.2.2.
fn old_body<'a>(octets: &mut Octets<'a>, length_type: u8) -> Result<Cow<'a, [u8]>, Error> {
    let len = match length_type {
        0 => usize::from(octets.u8()?),
        1 => octets.u16()?,
        2 => octets.len32()?,
        _ => return Ok(Cow::Borrowed(octets.rest())),
    };
    octets.take(len).map(Cow::Borrowed)
}

enum Length {
    Whole(usize),
    Part(usize),
}

/// RFC 9580 section 4.2.1.
fn new_length(octets: &mut Octets<'_>) -> Result<Length, Error> {
    let first = octets.u8()?;
    Ok(match first {
        0..192 => Length::Whole(usize::from(first)),
        192..224 => {
            let high = usize::from(first.saturating_sub(192)) << 8;
            Length::Whole(
                high.saturating_add(usize::from(octets.u8()?))
                    .saturating_add(192),
            )
        }
        224..255 => Length::Part(1usize << (first & 0x1f)),
        255 => Length::Whole(octets.len32()?),
    })
}

fn new_body<'a>(octets: &mut Octets<'a>, number: u8) -> Result<Cow<'a, [u8]>, Error> {
    let start = octets.at();
    let mut part = match new_length(octets)? {
        Length::Whole(len) => return octets.take(len).map(Cow::Borrowed),
        Length::Part(len) => len,
    };
    // RFC 9580 section 4.2.1.4: of data packets only, and the first part has at least 512 octets.
    if !matches!(number, 8 | 9 | 11 | 18 | 20) {
        return Err(Error::new(
            start,
            "a partial length on a packet that may have none",
        ));
    }
    if part < 512 {
        return Err(Error::new(start, "a first part shorter than 512 octets"));
    }
    let mut joined = Vec::new();
    for _ in 0..MAX_PARTS {
        joined.extend_from_slice(octets.take(part)?);
        match new_length(octets)? {
            Length::Part(len) => part = len,
            Length::Whole(len) => {
                joined.extend_from_slice(octets.take(len)?);
                return Ok(Cow::Owned(joined));
            }
        }
    }
    Err(octets.error("more than 4096 parts in one packet"))
}
