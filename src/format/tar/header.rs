//! One header block (POSIX.1-2017, pax, ustar interchange format; GNU tar manual, Basic Tar Format).

use crate::format::Error;
use crate::format::tar::findings::{BAD_CHECKSUM, BAD_SIZE};

/// Everything in a tar archive is in blocks of this size.
pub(super) const BLOCK: u64 = 512;
const LEN: usize = 512;
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// A header whose checksum holds.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Name with its prefix, as stored.
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) size: u64,
    pub(super) flag: u8,
    /// GNU sparse headers of the old kind continue in further blocks.
    pub(super) extended: bool,
}

/// Whether a file starts like a tar archive: with the mark of ustar or GNU tar, or with a checksum that holds.
pub(super) fn looks_like(head: &[u8]) -> bool {
    let Some(block) = head.get(..LEN) else {
        return false;
    };
    let marked = block.get(257..262) == Some(b"ustar");
    marked || (block.first().is_some_and(|b| *b != 0) && checksum_holds(block))
}

impl Header {
    /// The header at `offset`; `None` for a block of zeros, which ends the archive.
    pub(super) fn read(block: &[u8], offset: u64) -> Result<Option<Self>, Error> {
        if block.iter().all(|b| *b == 0) {
            return Ok(None);
        }
        let field = |range| block.get(range).unwrap_or_default();
        let size = number(field(124..136)).ok_or_else(|| {
            Error::malformed(
                &BAD_SIZE,
                offset.saturating_add(124),
                "a size that is no number of bytes",
            )
        })?;
        if !checksum_holds(block) {
            return Err(Error::malformed(
                &BAD_CHECKSUM,
                offset,
                "the checksum of a header does not hold",
            ));
        }
        let flag = block.get(156).copied().unwrap_or_default();
        // GNU tar puts times and sparse maps where ustar has the prefix; its mark is "ustar" and two spaces.
        let prefix = match field(257..263) {
            b"ustar\0" => text(field(345..500)),
            _ => &[],
        };
        let name = text(field(0..100));
        let name = if prefix.is_empty() {
            name.to_vec()
        } else {
            [prefix, name].join(&b'/')
        };
        Ok(Some(Self {
            name,
            link: text(field(157..257)).to_vec(),
            size,
            flag,
            extended: flag == b'S' && block.get(482).is_some_and(|b| *b != 0),
        }))
    }
}

/// Text up to its first NUL.
pub(super) fn text(field: &[u8]) -> &[u8] {
    field.split(|b| *b == 0).next().unwrap_or_default()
}

/// The sum of all bytes with the field itself as spaces; old writers summed signed bytes.
fn checksum_holds(block: &[u8]) -> bool {
    let Some(stated) = block.get(CHECKSUM).and_then(number) else {
        return false;
    };
    let (mut unsigned, mut signed) = (0_u64, 0_i64);
    for (at, byte) in block.iter().enumerate() {
        let byte = if CHECKSUM.contains(&at) { b' ' } else { *byte };
        unsigned = unsigned.saturating_add(byte.into());
        signed = signed.saturating_add(byte.cast_signed().into());
    }
    stated == unsigned || u64::try_from(signed) == Ok(stated)
}

/// Octal digits between spaces, closed by a space or NUL; or GNU's base 256, marked by the first bit. `None` for anything else
/// and for what is negative.
fn number(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if *first == 0x80 {
        return rest.iter().try_fold(0_u64, |value, byte| {
            value.checked_mul(256)?.checked_add((*byte).into())
        });
    }
    let digits = text(field).trim_ascii();
    digits.iter().try_fold(0_u64, |value, byte| match byte {
        b'0'..=b'7' => value
            .checked_mul(8)?
            .checked_add(byte.wrapping_sub(b'0').into()),
        _ => None,
    })
}
