//! The header ([MS-CFB] section 2.2): sizes of sectors, and where the tables start.

use crate::base::blob::ReadAt;
use crate::format::cfb::findings::NOT_COMPOUND_FILE;
use crate::format::cfb::{MAGIC, Odd, u16_at, u32_at};
use crate::format::error::Error;

/// Bytes of the header's fields, whatever the sector size.
pub(super) const LEN: u64 = 512;
/// Sectors of the table that the header lists by itself.
const LISTED: usize = 109;
/// Streams below this length stand in the mini stream; the specification allows no other value.
pub(super) const CUTOFF: u32 = 4096;

/// The fields that locate everything else.
#[derive(Debug)]
pub(super) struct Header {
    /// 3 or 4.
    pub(super) version: u16,
    /// log2 of the sector size.
    pub(super) shift: u32,
    /// Sectors of the directory; 0 in version 3.
    pub(super) directory_sectors: u32,
    pub(super) fat_sectors: u32,
    pub(super) first_directory: u32,
    pub(super) first_mini_fat: u32,
    pub(super) mini_fat_sectors: u32,
    pub(super) first_difat: u32,
    pub(super) difat_sectors: u32,
    /// The first sectors of the table.
    pub(super) difat: Vec<u32>,
}

impl Header {
    pub(super) fn read(blob: &dyn ReadAt, odd: &mut Vec<Odd>) -> Result<Self, Error> {
        let bad = |at: u64, what: String| Error::malformed(&NOT_COMPOUND_FILE, at, what);
        if blob.size() < LEN {
            let message = format!("the file has {} bytes, its header {LEN}", blob.size());
            return Err(bad(0, message));
        }
        let bytes = blob.read_range(0..LEN).map_err(Error::read(0))?;
        let short = |at: usize| u16_at(&bytes, at).unwrap_or_default();
        let long = |at: usize| u32_at(&bytes, at).unwrap_or_default();
        if !bytes.starts_with(MAGIC) {
            return Err(bad(0, "the file does not start as a compound file".into()));
        }
        let version = short(26);
        let shift = short(30);
        match (version, shift) {
            (3, 9) | (4, 12) => {}
            _ => {
                let message =
                    format!("version {version} with sectors of 2^{shift} bytes is not defined");
                return Err(bad(26, message));
            }
        }
        for (at, found, right, what) in [
            (28, u32::from(short(28)), 0xfffe, "the byte order mark"),
            (32, u32::from(short(32)), 6, "the mini sector shift"),
            (56, long(56), CUTOFF, "the mini stream cutoff"),
        ] {
            if found != right {
                return Err(bad(at, format!("{what} is {found}, not {right}")));
            }
        }
        let header = Self {
            version,
            shift: u32::from(shift),
            directory_sectors: long(40),
            fat_sectors: long(44),
            first_directory: long(48),
            first_mini_fat: long(60),
            mini_fat_sectors: long(64),
            first_difat: long(68),
            difat_sectors: long(72),
            difat: (0..LISTED)
                .map(|n| long(n.saturating_mul(4).saturating_add(76)))
                .collect(),
        };
        header.note(blob, &bytes, odd)?;
        Ok(header)
    }

    /// Bytes a sector.
    pub(super) fn sector(&self) -> u64 {
        1u64.checked_shl(self.shift).unwrap_or(LEN)
    }

    /// Fields that locate nothing and have one right value.
    fn note(&self, blob: &dyn ReadAt, bytes: &[u8], odd: &mut Vec<Odd>) -> Result<(), Error> {
        let mut check = |right: bool, span: std::ops::Range<u64>, what: &'static str| {
            if !right {
                odd.push(Odd { span, what });
            }
        };
        let zero = |at: std::ops::Range<usize>| {
            bytes
                .get(at)
                .is_some_and(|field| field.iter().all(|b| *b == 0))
        };
        check(zero(8..24), 8..24, "the header has a class");
        let minor = u16_at(bytes, 24);
        check(minor == Some(0x3e), 24..26, "the minor version is not 0x3e");
        check(zero(34..40), 34..40, "reserved bytes are not zero");
        check(
            self.version == 4 || self.directory_sectors == 0,
            40..44,
            "version 3 counts no directory sectors",
        );
        check(zero(52..56), 52..56, "there is a transaction signature");
        let rest = LEN..self.sector().min(blob.size());
        let padding = blob.read_range(rest.clone()).map_err(Error::read(LEN))?;
        check(
            padding.iter().all(|b| *b == 0),
            rest,
            "the padding of the header is not zero",
        );
        Ok(())
    }
}
