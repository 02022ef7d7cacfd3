//! Codings whose decoders are our own: each ends on any input, within memory that grows with what comes out.

mod crc64;
pub mod lzma;
pub mod xz;

#[cfg(test)]
pub(crate) use crc64::Crc64;
