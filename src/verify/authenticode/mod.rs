//! Authenticode: one signature of a file, judged (Windows Authenticode Portable Executable Signature Format, 2008; RFC 2315).
//!
//! Two steps, so that a file is hashed once whatever the number of its signatures: [`open()`] reads all of them, nested ones too, and
//! says which digests it needs ([`Opened::covered`], [`Opened::pages`]); [`judge()`] takes the scan and gives one verdict a signature. No signature's verdict depends on
//! another's, and none stands for the file: that fold belongs to the caller.
//!
//! What a valid signature proves: the holder of the certificate's key signed this digest, and the file has it. Whether the
//! certificate carries trust is the other answer, [`crate::model::signature::Trust`].

pub(crate) mod certificates;
mod commitment;
mod content;
mod countersignature;
mod judge;
mod open;
mod stated;
pub(crate) mod strength;
#[cfg(test)]
mod tests;
pub(crate) mod trust;
mod unsigned;

use crate::base::time::Time;
use crate::model::digest::Digests;
use crate::model::signature::{PageHashVerdict, Signature};
use crate::verify::image::Scan;
use crate::verify::path::{Anchors, Cache, Issuers};
use crate::verify::profile::Profile;
use crate::verify::revocation::RevocationEvidence;

pub use open::{Opened, open};

/// What a signature is judged by.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The judgement time.
    pub now: Time,
    /// Whose rules.
    pub profile: Profile,
    /// Anchors, of code signing and of time stamping.
    pub anchors: &'a dyn Anchors,
    /// Bundled issuing certificates.
    pub issuers: &'a dyn Issuers,
    /// CRLs and OCSP answers at hand; those inside a signature are added to them.
    pub revocation: &'a RevocationEvidence,
    /// Answers already known.
    pub cache: &'a Cache,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("now", &self.now)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// What was computed for one raw signature.
#[derive(Debug, Clone, Default)]
struct Measured {
    /// Digests of what it covers, by algorithm; labelled ones as the one value that the signature states.
    digests: Digests,
    /// The same for each alternative reading.
    alternatives: Vec<Digests>,
    /// The same for each digest that the container states beside it.
    beside: Vec<Digests>,
    /// One a page hash table, in the order they were asked for.
    pages: Vec<PageHashVerdict>,
}

/// Judges every signature that [`open()`] read. `scan` answers what [`Opened::covered`] and [`Opened::pages`] asked for, in their
/// order; what it lacks makes a signature unverifiable, never valid. The result has parents before the signatures nested in them.
pub fn judge(opened: &Opened<'_>, scan: &Scan, context: &Context<'_>) -> Vec<Signature> {
    let measured = opened.measured(scan);
    opened
        .nodes
        .iter()
        .map(|node| judge::judge(node, measured.get(node.index), context))
        .collect()
}
