//! Signature syntaxes: how a signature is written, whatever it covers and whoever trusts it. Nothing here verifies anything.
//!
//! # How to add one
//! Write `src/envelope/<id>.rs` (or a folder) with a unit struct that implements [`Envelope`], give [`Opened`] a variant that
//! carries a type of `model`, and name the struct in [`ALL`]. A container format then emits `RawSignature { envelope: "<id>", … }`.
//!
//! Only what stands in a container's slot is such a syntax: the readers of [`openpgp`], [`dsse`], [`minisign`], [`signify`] and
//! [`sigstore`], whose signatures are documents of their own, neither implement [`Envelope`] nor stand in [`ALL`]; `verify` calls them
//! by name.

pub mod cms;
pub mod dsse;
pub mod findings;
pub mod minisign;
pub mod openpgp;
pub mod signify;
pub mod sigstore;
pub mod xmldsig;

use crate::base::der;
use crate::base::xml;
use crate::model::cms::SignedData;
use crate::model::xmldsig::SignedXml;

/// A signature syntax of containers.
pub trait Envelope: Sync {
    /// The id that `RawSignature::envelope` carries.
    fn id(&self) -> &'static str;

    /// Reads the envelope at the start of `bytes`; what follows it is padding of its slot.
    ///
    /// # Errors
    /// Where `bytes` do not start with such an envelope, or it is over a limit.
    fn open(&self, bytes: &[u8]) -> Result<Opened, Error>;
}

/// An envelope, read.
#[derive(Debug, Clone)]
pub enum Opened {
    /// CMS SignedData.
    Cms(Box<SignedData>),
    /// A document with an XML signature.
    Xml(Box<SignedXml>),
}

/// All syntaxes of containers.
pub static ALL: &[&dyn Envelope] = &[&cms::Cms, &xmldsig::XmlDsig];

/// Opens an envelope by its id.
///
/// # Errors
/// [`Error::Unknown`] for an id of none, else what the syntax says.
pub fn open(id: &str, bytes: &[u8]) -> Result<Opened, Error> {
    ALL.iter()
        .find(|e| e.id() == id)
        .ok_or(Error::Unknown)?
        .open(bytes)
}

/// Why an envelope cannot be read. Offsets count from the start of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The encoding, or the structure.
    #[error(transparent)]
    Encoding(#[from] der::Error),
    /// The document.
    #[error(transparent)]
    Xml(#[from] xml::Error),
    /// More of something than allowed.
    #[error("more than {limit} {what} at offset {offset}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// The limit.
        limit: usize,
        /// Where it was reached.
        offset: usize,
    },
    /// The content is not what its type says.
    #[error("expected {expected} at offset {offset}")]
    Content {
        /// What the content type promises.
        expected: &'static str,
        /// Where it should stand.
        offset: usize,
    },
    /// No syntax of this id.
    #[error("no such signature syntax")]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::{ALL, Error, open};

    #[test]
    fn every_syntax_is_found_by_its_id_and_none_by_another() {
        for envelope in ALL {
            assert!(!matches!(open(envelope.id(), &[]), Err(Error::Unknown)));
        }
        assert!(matches!(open("none", &[]), Err(Error::Unknown)));
    }
}
