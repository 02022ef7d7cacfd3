//! Is it true: digests, signatures, certificate paths, trust stores, timestamps, revocation.

pub mod authenticode;
pub mod catalog;
pub mod certificate;
pub mod code_integrity;
pub mod crypto;
pub mod digest;
pub mod file;
pub mod findings;
pub mod image;
pub mod minisign;
pub mod openpgp;
pub mod origin;
pub mod path;
pub mod profile;
pub mod revocation;
pub(crate) mod signer;
pub mod signify;
pub mod sigstore;
pub mod store;
pub mod timestamp;
pub mod xmldsig;
