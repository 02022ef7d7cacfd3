//! `subjects[]` and their signatures.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::handle::HostId;
use super::origin::Origin;
use super::updater::Updater;
use super::words::{
    ErrorKind, Integrity, Position, RevocationStatus, Signing, Status, TimestampKind,
    TimestampStatus, TrustStatus,
};
use crate::base::time::rfc3339;
use crate::model::analysis::{
    Analysis, Subject as ModelSubject, SubjectError as ModelSubjectError,
};
use crate::model::certificate::CertificateId;
use crate::model::digest::hex;
use crate::model::extract::Span as ModelSpan;
use crate::model::party::Role;
use crate::model::signature::{
    Integrity as ModelIntegrity, PageHashVerdict, Position as ModelPosition,
    Signature as ModelSignature, Timestamp as ModelTimestamp, Trust as ModelTrust,
};

/// One file or member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Handle inside this report.
    pub id: String,
    /// The container it stands in.
    pub parent: Option<String>,
    /// Path as the user named it, or inside the container: text from outside.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Digests of the whole file by algorithm, hexadecimal.
    pub digests: BTreeMap<String, String>,
    /// Format id, or `unknown`.
    pub format: String,
    /// Finer kind, for people.
    pub description: String,
    /// The policy of verification it was judged under.
    pub profile: String,
    /// Whether such a file is signed by convention: `expected`, `optional` or `none`.
    pub signing: Signing,
    /// What it holds, counted; null where it holds no other files.
    pub members: Option<Members>,
    /// Its signatures, one result each.
    pub signatures: Vec<Signature>,
    /// What it says of itself. No signature check of ours vouches for the words.
    pub claimed: Vec<Claimed>,
    /// Hosts that it names.
    pub endpoints: Vec<HostId>,
    /// How it says that it updates itself.
    #[serde(default)]
    pub updater: Vec<Updater>,
    /// What was not examined.
    pub gaps: Vec<Gap>,
    /// Why it could not be examined at all.
    pub error: Option<SubjectError>,
    /// Where it was fetched from. Left out of members and files, which are most subjects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// What a container holds, counted. Members of which there is something to say are subjects of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Members {
    /// Files in its list.
    pub listed: u64,
    /// Files of a known format, which were examined.
    pub examined: u64,
    /// Files of no format that carries signatures or other files.
    pub other: u64,
    /// Files that were not examined; the gaps say why.
    pub unexamined: u64,
}

/// Why a subject could not be examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectError {
    /// Class of the failure.
    pub kind: ErrorKind,
    /// Reason id, stable.
    pub reason: String,
    /// In one sentence.
    pub message: String,
}

/// One statement of a file about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claimed {
    /// The file's own key.
    pub key: String,
    /// The value: text from outside.
    pub value: String,
    /// Where it stands.
    pub location: Span,
}

/// Something seen but not examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// What was not examined.
    pub what: String,
    /// Why.
    pub why: String,
}

/// Bytes of the subject's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// From the start of the file.
    pub offset: u64,
    /// Length in bytes.
    pub length: u64,
}

/// One signature, judged. Integrity, trust and time are three answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// Handle inside the subject: `1`, `1.1` for the first nested one.
    pub id: String,
    /// `authenticode`.
    pub scheme: String,
    /// Its place among the file's signatures.
    pub position: Position,
    /// Entry of the certificate table counted from 1, or depth of nesting.
    pub position_index: Option<u32>,
    /// The catalog it stands in.
    pub catalog: Option<String>,
    /// Where its envelope stands in the file.
    pub location: Span,
    /// Do the bytes match what was signed, and is the signature over that true.
    pub integrity: Integrity,
    /// Worst reason: a finding id where invalid, the algorithm or form where unverifiable.
    pub integrity_reason: Option<String>,
    /// Every reason, worst first.
    pub integrity_reasons: Vec<String>,
    /// Digest algorithm of the file digest.
    pub digest_algorithm: Option<String>,
    /// The digest it was made over, hexadecimal.
    pub signed_digest: String,
    /// The digest of the file as it is, hexadecimal.
    pub computed_digest: String,
    /// The party that signed.
    pub signer: Option<String>,
    /// SHA-256 of the chain's certificates, leaf first: the trusted path, else the best attempt.
    pub chain: Vec<String>,
    /// Does the chain carry trust.
    pub trust: Trust,
    /// When.
    pub time: SigningTime,
    /// Revocation of the chain.
    pub revocation: Revocation,
    /// What the signer typed in.
    pub opus: Option<Opus>,
    /// Page hashes, where there are any.
    pub page_hashes: Option<PageHashes>,
    /// Instances of the findings about it that are not a pass.
    pub anomalies: Vec<String>,
}

/// Trust, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trust {
    /// The answer.
    pub status: TrustStatus,
    /// Trust programme that was asked.
    pub programme: String,
    /// SHA-256 of the anchor reached, trusted or not.
    pub root: Option<String>,
    /// Why, in one sentence.
    pub reason: String,
    /// Fault ids of the best path, empty where trusted.
    pub faults: Vec<String>,
}

/// What is known of when it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SigningTime {
    /// The signer's own claim.
    pub claimed: Option<String>,
    /// The time the chain was judged by.
    pub basis: TimeBasis,
    /// Every timestamp on it.
    pub attested: Vec<Timestamp>,
}

/// The time by which a chain is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimeBasis {
    /// The time.
    pub at: String,
    /// From a verified timestamp, not the judgement time.
    pub attested: bool,
    /// Why this one.
    pub why: String,
}

/// A timestamp and its own verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Timestamp {
    /// The time it states.
    pub at: Option<String>,
    /// Kind of token.
    pub kind: TimestampKind,
    /// What it is worth.
    pub status: TimestampStatus,
    /// Why.
    pub reason: String,
    /// The timestamp authority, as a party.
    pub by: Option<String>,
    /// SHA-256 of the timestamp authority's certificate.
    pub certificate: Option<String>,
    /// SHA-256 of its chain's certificates, leaf first.
    pub chain: Vec<String>,
    /// Does its chain carry trust.
    pub trust: Trust,
    /// Where it stands in the file.
    pub location: Span,
}

/// Revocation, with how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Revocation {
    /// The answer.
    pub status: RevocationStatus,
    /// Why, or by what.
    pub reason: String,
    /// When the certificate was revoked.
    pub revoked_at: Option<String>,
}

/// SpcSpOpusInfo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opus {
    /// programName: text from outside, signed.
    pub program_name: Option<String>,
    /// moreInfo URL: text from outside, signed.
    pub url: Option<String>,
}

/// Page hashes, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageHashes {
    /// `pass` where every page matches, `fail` otherwise.
    pub status: Status,
    /// Their algorithm.
    pub algorithm: String,
    /// Pages compared.
    pub pages: u64,
    /// Offsets of pages that differ or that the table lacks; the first few.
    pub mismatches: Vec<u64>,
    /// Why the table cannot be applied to the file.
    pub malformed: Option<String>,
}

impl From<&ModelSpan> for Span {
    fn from(span: &ModelSpan) -> Self {
        Self {
            offset: span.start,
            length: span.end.saturating_sub(span.start),
        }
    }
}

impl From<&ModelSubjectError> for SubjectError {
    fn from(error: &ModelSubjectError) -> Self {
        Self {
            kind: error.kind.into(),
            reason: error.reason.clone(),
            message: error.message.clone(),
        }
    }
}

impl Subject {
    pub(super) fn new(
        subject: &ModelSubject,
        endpoints: Vec<HostId>,
        analysis: &Analysis,
        findings: &[Finding],
    ) -> Self {
        Self {
            id: subject.id.clone(),
            parent: subject.parent.clone(),
            path: subject.path.clone(),
            size: subject.size,
            digests: subject
                .digests
                .iter()
                .map(|(a, d)| (a.name().to_owned(), hex(d)))
                .collect(),
            format: subject.format.to_owned(),
            description: subject.description.clone(),
            profile: subject.profile.to_owned(),
            signing: subject.signing.into(),
            members: subject.members.map(|m| Members {
                listed: m.listed,
                examined: m.examined,
                other: m.other,
                unexamined: m.unexamined,
            }),
            signatures: subject
                .signatures
                .iter()
                .map(|s| Signature::new(s, subject, analysis, findings))
                .collect(),
            claimed: subject
                .claimed
                .iter()
                .map(|c| Claimed {
                    key: c.key.clone(),
                    value: c.value.clone(),
                    location: (&c.span).into(),
                })
                .collect(),
            endpoints,
            updater: subject.updaters.iter().map(Into::into).collect(),
            gaps: subject
                .gaps
                .iter()
                .map(|g| Gap {
                    what: g.what.clone(),
                    why: g.why.clone(),
                })
                .collect(),
            error: subject.error.as_ref().map(Into::into),
            origin: subject.origin.as_ref().map(Into::into),
        }
    }
}

impl Signature {
    fn new(
        signature: &ModelSignature,
        subject: &ModelSubject,
        analysis: &Analysis,
        findings: &[Finding],
    ) -> Self {
        let reasons: Vec<String> = match &signature.integrity {
            ModelIntegrity::Valid => Vec::new(),
            ModelIntegrity::Invalid(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            ModelIntegrity::Unverifiable(what) => vec![what.clone()],
        };
        let (position_index, catalog) = match &signature.position {
            ModelPosition::Primary | ModelPosition::Orphan => (None, None),
            ModelPosition::ExtraEntry(n) | ModelPosition::Nested(n) => (Some(*n), None),
            ModelPosition::Catalog(name) => (None, Some(name.clone())),
        };
        Self {
            id: signature.id.to_string(),
            scheme: signature.scheme.to_owned(),
            position: (&signature.position).into(),
            position_index,
            catalog,
            location: (&signature.span).into(),
            integrity: (&signature.integrity).into(),
            integrity_reason: reasons.first().cloned(),
            integrity_reasons: reasons,
            digest_algorithm: signature.digest_algorithm.map(|a| a.name().to_owned()),
            signed_digest: hex(&signature.signed_digest),
            computed_digest: hex(&signature.computed_digest),
            signer: subject.signers.get(&signature.id).map(ToString::to_string),
            chain: chain(&signature.trust),
            trust: (&signature.trust).into(),
            time: SigningTime {
                claimed: signature.claimed_time.map(rfc3339),
                basis: TimeBasis {
                    at: rfc3339(signature.time_basis.at),
                    attested: signature.time_basis.attested,
                    why: signature.time_basis.why.clone(),
                },
                attested: signature
                    .timestamps
                    .iter()
                    .map(|t| Timestamp::new(t, analysis))
                    .collect(),
            },
            revocation: Revocation {
                status: signature.revocation.status.into(),
                reason: signature.revocation.reason.clone(),
                revoked_at: signature.revocation.revoked_at.map(rfc3339),
            },
            opus: signature.opus.as_ref().map(|o| Opus {
                program_name: o.program_name.clone(),
                url: o.url.clone(),
            }),
            page_hashes: signature.page_hashes.as_ref().map(Into::into),
            anomalies: findings
                .iter()
                .filter(|f| {
                    f.subject == subject.id
                        && f.signature.as_deref() == Some(signature.id.0.as_str())
                        && f.status != Status::Pass
                })
                .map(|f| f.instance.clone())
                .collect(),
        }
    }
}

impl Timestamp {
    fn new(timestamp: &ModelTimestamp, analysis: &Analysis) -> Self {
        let certificate = timestamp.signer.as_ref().map(|c| c.id);
        Self {
            at: timestamp.at.map(rfc3339),
            kind: timestamp.kind.into(),
            status: timestamp.into(),
            reason: timestamp.reason.clone(),
            by: certificate.and_then(|id| authority(id, analysis)),
            certificate: certificate.map(|id| id.to_string()),
            chain: chain(&timestamp.trust),
            trust: (&timestamp.trust).into(),
            location: (&timestamp.span).into(),
        }
    }
}

fn authority(certificate: CertificateId, analysis: &Analysis) -> Option<String> {
    analysis
        .parties
        .values()
        .find(|p| p.certificate == Some(certificate) && p.roles.contains(&Role::TimestampAuthority))
        .map(|p| p.id.to_string())
}

fn chain(trust: &ModelTrust) -> Vec<String> {
    trust.chain.iter().map(|c| c.id.to_string()).collect()
}

impl From<&ModelTrust> for Trust {
    fn from(trust: &ModelTrust) -> Self {
        Self {
            status: trust.status.into(),
            programme: trust.programme.clone(),
            root: trust.root.map(|r| r.to_string()),
            reason: trust.reason.clone(),
            faults: trust.faults.iter().map(|f| (*f).to_owned()).collect(),
        }
    }
}

impl From<&PageHashVerdict> for PageHashes {
    fn from(verdict: &PageHashVerdict) -> Self {
        let good =
            verdict.mismatches.is_empty() && verdict.malformed.is_none() && verdict.pages > 0;
        Self {
            status: if good { Status::Pass } else { Status::Fail },
            algorithm: verdict.algorithm.name().to_owned(),
            pages: u64::try_from(verdict.pages).unwrap_or(u64::MAX),
            mismatches: verdict.mismatches.clone(),
            malformed: verdict.malformed.clone(),
        }
    }
}
