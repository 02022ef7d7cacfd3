//! Sigstore bundles and trusted roots, log entries and checkpoints, as they are written.
//!
//! Specifications: the protobuf messages `dev.sigstore.bundle.v1.Bundle` (versions 0.1 to 0.3) and
//! `dev.sigstore.trustroot.v1.TrustedRoot` in their JSON form; the entry types of Rekor; C2SP tlog-checkpoint and signed-note. Nothing
//! here verifies anything.

mod bundle;
mod checkpoint;
mod entry;
mod pem;
mod trusted_root;

pub use self::bundle::{
    Bundle, Content, InclusionProof, LogEntry, Material, MessageDigest, Version,
};
pub use self::checkpoint::{Checkpoint, NoteSignature};
pub use self::entry::{Body, Verifier};
pub use self::pem::decode as decode_pem;
pub use self::trusted_root::{Authority, Log, TrustedRoot, Window};

use serde::{Deserialize, Deserializer};

use crate::base::base64;
use crate::envelope::dsse;

/// Largest bundle, in octets: the largest seen, with a statement of some hundred subjects, has 200 KiB.
const MAX_LEN: usize = 16 << 20;

/// Why bytes are no such document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not the JSON that belongs there.
    #[error("{0}")]
    Json(String),
    /// A version that is not read.
    #[error("{0:?} is not read")]
    Version(String),
    /// Against the rules of its version.
    #[error("{0}")]
    Form(&'static str),
    /// The envelope inside.
    #[error(transparent)]
    Dsse(#[from] dsse::Error),
}

fn from_json<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, Error> {
    if json.len() > MAX_LEN {
        return Err(Error::Form("more than 16 MiB"));
    }
    serde_json::from_slice(json).map_err(|e| Error::Json(e.to_string()))
}

/// Octets in base64.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Octets(Vec<u8>);

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        base64::decode(&text)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not base64"))
    }
}

/// A whole number, which protobuf writes as a string and others as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Number(u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(u64),
            Text(String),
        }
        match Either::deserialize(from)? {
            Either::Number(number) => Ok(Self(number)),
            Either::Text(text) => text
                .parse()
                .map(Self)
                .map_err(|_| serde::de::Error::custom("not a whole number")),
        }
    }
}

/// Octets in hexadecimal of either case.
pub fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = |pair: &[u8; 2]| {
        let [high, low] = pair.map(|b| char::from(b).to_digit(16));
        u8::try_from(high?.checked_mul(16)?.checked_add(low?)?).ok()
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(digits).collect())
        .flatten()
}
