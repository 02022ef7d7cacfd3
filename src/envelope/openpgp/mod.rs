//! OpenPGP: armor, packets, signatures, keys and the cleartext signature framework. Nothing here verifies anything.
//!
//! Specifications: RFC 9580, RFC 4880, and RFC 6637 and draft-koch-eddsa-for-openpgp for the algorithms that RFC 9580 calls legacy.
//! Signatures of versions 3, 4 and 6 and keys of versions 4 and 6 are read; keys of version 3 are reported by version. Secret keys,
//! encryption and compression are not read: a packet of such a kind is said by its tag.
//!
//! A signature's unhashed subpackets are anybody's to change. They are kept apart, and only ever hints.

pub mod anomaly;
pub mod armor;
pub mod certificate;
pub mod clearsigned;
pub mod key;
pub mod mpi;
pub mod packet;
pub mod signature;
pub mod subpacket;

/// Why bytes are not what they are taken for. Offsets count from the start of the bytes that were given; inside armor, from the
/// start of the octets that came out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} at offset {offset}")]
pub struct Error {
    /// Where.
    pub offset: usize,
    /// What is wrong, as a phrase.
    pub what: &'static str,
}

impl Error {
    pub(crate) fn new(offset: usize, what: &'static str) -> Self {
        Self { offset, what }
    }

    /// The same, counted from `base`.
    pub(crate) fn after(self, base: usize) -> Self {
        Self {
            offset: self.offset.saturating_add(base),
            ..self
        }
    }
}

/// Bytes read from the front, each step bounded by what is there.
#[derive(Debug, Clone)]
pub(crate) struct Octets<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Octets<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(crate) fn error(&self, what: &'static str) -> Error {
        Error::new(self.at, what)
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let end = self
            .at
            .checked_add(count)
            .ok_or_else(|| self.error("a length beyond all bounds"))?;
        let taken = self
            .bytes
            .get(self.at..end)
            .ok_or_else(|| self.error("cut short"))?;
        self.at = end;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let taken = self.take(N)?;
        <[u8; N]>::try_from(taken).map_err(|_| self.error("cut short"))
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Error> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<usize, Error> {
        self.array().map(u16::from_be_bytes).map(usize::from)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_be_bytes)
    }

    /// A length of four octets.
    pub(crate) fn len32(&mut self) -> Result<usize, Error> {
        let value = self.u32()?;
        usize::try_from(value).map_err(|_| self.error("a length beyond all bounds"))
    }

    pub(crate) fn rest(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = self.bytes.len();
        rest
    }
}
