//! What every room stands on: bounded reading, decompression, DER, OIDs, text, time, budgets. No I/O and no domain knowledge.

pub mod base64;
pub mod blob;
pub mod budget;
pub mod codec;
pub mod data;
pub mod debian_version;
pub mod der;
pub mod oid;
pub mod records;
pub mod special_address;
pub mod text;
pub mod time;
pub mod xml;
