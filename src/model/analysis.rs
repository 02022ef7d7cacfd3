//! Everything known of one top-level subject before a policy speaks.

use std::collections::BTreeMap;

use super::certificate::{CertificateId, SharedCertificate};
use super::digest::Digests;
use super::endpoint::{Endpoint, Host};
use super::extract::{Claimed, Gap, Signing};
use super::finding::Finding;
use super::infrastructure::HostFacts;
use super::origin::Origin;
use super::party::{Party, PartyId};
use super::signature::{Signature, SignatureId};
use super::updater::UpdaterConfig;

/// One file or member.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Handle inside the report, `1` for the top-level one.
    pub id: String,
    /// The container it stands in.
    pub parent: Option<String>,
    /// Path as the user named it, or inside the container; hostile text.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Digests of the whole file.
    pub digests: Digests,
    /// Format id, or `unknown`.
    pub format: &'static str,
    /// Finer kind, for people.
    pub description: String,
    /// The policy of verification it was judged under: `windows`, `uefi` ….
    pub profile: &'static str,
    /// Whether such a file is signed by convention.
    pub signing: Signing,
    /// What it holds, where it holds other files.
    pub members: Option<Members>,
    /// Its signatures, judged.
    pub signatures: Vec<Signature>,
    /// The party behind each signature.
    pub signers: BTreeMap<SignatureId, PartyId>,
    /// What it says of itself.
    pub claimed: Vec<Claimed>,
    /// Addresses that it names, those that matter most first.
    pub endpoints: Vec<Endpoint>,
    /// Configuration of updaters that it is or holds.
    pub updaters: Vec<UpdaterConfig>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What was not examined.
    pub gaps: Vec<Gap>,
    /// Why it could not be examined at all.
    pub error: Option<SubjectError>,
    /// Where it was fetched from; a member comes from its parent.
    pub origin: Option<Origin>,
}

/// What a container holds, counted. Nothing that was listed is missing from the sum of `examined`, `other` and `unexamined`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Members {
    /// Files in its list; directories and links are not counted.
    pub listed: u64,
    /// Files of a known format, which were examined; those worth telling of are subjects of their own.
    pub examined: u64,
    /// Files that were decoded whole and are of no format that carries signatures or other files.
    pub other: u64,
    /// Files that could not be had or were not opened: each is named or counted among the gaps.
    pub unexamined: u64,
}

/// Why a subject could not be examined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectError {
    /// Class of the failure.
    pub kind: ErrorKind,
    /// Reason id, stable: `not-pe`, `certificate-table-out-of-bounds`, `io`.
    pub reason: String,
    /// In one sentence, with the offset where there is one.
    pub message: String,
}

/// Classes of failure, which decide the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// Cannot be read.
    Unreadable,
    /// Claims to be a format and breaks its rules.
    Malformed,
    /// No format of ours.
    Unsupported,
    /// Has to be fetched and could not be.
    Unavailable,
    /// Over a limit.
    Limit,
    /// A fault of this program.
    Internal,
}

impl ErrorKind {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Malformed => "malformed",
            Self::Unsupported => "unsupported",
            Self::Unavailable => "unavailable",
            Self::Limit => "limit",
            Self::Internal => "internal",
        }
    }
}

/// A top-level subject with all that hangs on it.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The subject and its members, parents first. Never empty.
    pub subjects: Vec<Subject>,
    /// Certificates that any signature shows.
    pub certificates: BTreeMap<CertificateId, SharedCertificate>,
    /// Parties, with their claims and matches.
    pub parties: BTreeMap<PartyId, Party>,
    /// Hosts that something is known of.
    pub hosts: BTreeMap<Host, HostFacts>,
}
