//! OpenPGP signatures over messages and files, checked with the keys of a keyring. Verification only.
//!
//! Specifications: RFC 9580 and RFC 4880. Signatures of versions 3, 4 and 6; RSA, DSA, ECDSA over the NIST curves, and Ed25519 in both
//! forms. Ed448, other curves, SHA-3, RIPEMD-160 and keys of version 3 are unsupported, which is neither good nor bad.
//!
//! A signature is good where its numbers hold, its hash is no weak one, its key may sign, is bound to its certificate both ways, and
//! neither has expired nor been revoked at the judgement time. Times inside signatures are their signers' claims: there is no trusted
//! one in OpenPGP, and a revocation for whatever reason speaks against every signature of the key. Whether the keyring is the right one
//! is not asked here, and user ids are what the holder of the key says.
//!
//! ```
//! # use bonafide::verify::openpgp::{Keyring, check_clearsigned};
//! # let at = bonafide::base::time::parse_rfc3339("2026-01-01").unwrap();
//! let keyring = Keyring::read(b"").unwrap_or_default();
//! assert!(check_clearsigned(b"no message", &keyring, at).is_err());
//! ```

mod canonical;
mod check;
mod detached;
mod keyring;
mod numbers;
mod outcome;
mod state;
mod work;

pub use self::check::{check_clearsigned, check_detached};
pub use self::detached::Detached;
pub use self::keyring::{Certificate, Keyring, issuer};
pub use self::outcome::{Checked, Reason, SignatureOutcome, SignatureStatus, SigningKey, Weakness};
pub use self::state::{CertificateState, Revocation, SubkeyState, UserIdState};
pub use crate::envelope::openpgp::Error;
pub use crate::envelope::openpgp::anomaly::{Anomaly, AnomalyKind};
