//! Sigstore bundles: a signature, the short-lived certificate of an identity, and what logs and clocks said of both.
//!
//! Specifications: the Sigstore client specification; RFC 6962 (signed certificate timestamps, inclusion proofs), RFC 3161, C2SP
//! tlog-checkpoint; the Fulcio certificate extensions. All of it is checked offline against a trusted root that the caller brings.
//!
//! A verified bundle says that somebody with this identity, at this issuer, signed these bytes at a time that a log or a clock vouches
//! for, and that the logs took note. It does not say that the identity is the right one: that is the policy's question, and the answer
//! has to name both the identity and the issuer.

mod certificate;
mod check;
mod content;
mod identity;
mod key;
mod log;
mod outcome;
mod sct;
mod timestamp;

pub use self::check::{Artifact, Key, Trust, check, check_attestation, public_good};
pub use self::identity::{Claim, Identity};
pub use self::outcome::{Checked, Fault, FaultKind, LoggedEntry, SignedAt, Status};
pub use crate::envelope::sigstore::{Error, TrustedRoot};
