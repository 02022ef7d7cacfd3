//! A bundle: the signature, who made it, and what the logs and clocks said.

use serde::Deserialize;

use crate::envelope::dsse::{self, Envelope};
use crate::envelope::sigstore::{Error, Number, Octets, from_json};
use crate::model::digest::DigestAlgorithm;

/// Certificates in one bundle.
const MAX_CERTIFICATES: usize = 16;
/// Log entries in one bundle: one is usual.
const MAX_ENTRIES: usize = 16;
/// Timestamps in one bundle: one is usual.
const MAX_TIMESTAMPS: usize = 16;
/// Hashes of an inclusion proof: a tree of 2^64 leaves needs no more.
const MAX_HASHES: usize = 64;

/// The version by the media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 0.1: a promise of the log is enough.
    V0_1,
    /// 0.2: a proof of inclusion is required.
    V0_2,
    /// 0.3: and one certificate in place of a chain.
    V0_3,
}

/// Whose signature it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// Certificates in DER, the signer's first.
    Certificates(Vec<Vec<u8>>),
    /// A key that is known otherwise, by a name.
    KeyHint(String),
}

/// What a bundle says of the message's digest: a hint that nothing signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageDigest {
    /// The algorithm; `None` for one that is not known.
    pub algorithm: Option<DigestAlgorithm>,
    /// The digest.
    pub digest: Vec<u8>,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The artifact itself.
    Message {
        /// A hint at its digest.
        digest: Option<MessageDigest>,
        /// Its signature.
        signature: Vec<u8>,
    },
    /// An envelope.
    Dsse(Envelope),
}

/// That a leaf stands in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// Which leaf.
    pub log_index: u64,
    /// Root of the tree.
    pub root_hash: Vec<u8>,
    /// Leaves in the tree.
    pub tree_size: u64,
    /// Neighbours on the way up.
    pub hashes: Vec<Vec<u8>>,
    /// The log's word for that root.
    pub checkpoint: Option<String>,
}

/// An entry of a transparency log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Index in the log as a whole.
    pub log_index: u64,
    /// Which log.
    pub log_id: Vec<u8>,
    /// Kind of entry.
    pub kind: String,
    /// Its version.
    pub kind_version: String,
    /// When the log says that it took it in, in seconds; logs of the second generation do not say.
    pub integrated_time: Option<i64>,
    /// The log's promise to take it in.
    pub promise: Option<Vec<u8>>,
    /// That it did.
    pub proof: Option<InclusionProof>,
    /// The entry as it is hashed.
    pub body: Vec<u8>,
    /// The same in base64, as the promise covers it.
    pub body_base64: String,
}

/// A bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Its version.
    pub version: Version,
    /// Whose signature it is.
    pub material: Material,
    /// Log entries.
    pub entries: Vec<LogEntry>,
    /// RFC 3161 responses over the signature.
    pub timestamps: Vec<Vec<u8>>,
    /// What is signed.
    pub content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawBundle {
    media_type: String,
    verification_material: RawMaterial,
    message_signature: Option<RawMessage>,
    dsse_envelope: Option<dsse::RawEnvelope>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMaterial {
    certificate: Option<RawCertificate>,
    x509_certificate_chain: Option<RawChain>,
    public_key: Option<RawHint>,
    #[serde(default)]
    tlog_entries: Vec<RawEntry>,
    timestamp_verification_data: Option<RawTimestamps>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCertificate {
    raw_bytes: Octets,
}

#[derive(Deserialize)]
struct RawChain {
    certificates: Vec<RawCertificate>,
}

#[derive(Deserialize)]
struct RawHint {
    #[serde(default)]
    hint: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTimestamps {
    #[serde(default)]
    rfc3161_timestamps: Vec<RawTimestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTimestamp {
    signed_timestamp: Octets,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMessage {
    message_digest: Option<RawDigest>,
    signature: Octets,
}

#[derive(Deserialize)]
struct RawDigest {
    algorithm: String,
    digest: Octets,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEntry {
    #[serde(default)]
    log_index: Number,
    log_id: RawLogId,
    kind_version: RawKind,
    integrated_time: Option<Number>,
    inclusion_promise: Option<RawPromise>,
    inclusion_proof: Option<RawProof>,
    canonicalized_body: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawLogId {
    pub(super) key_id: Octets,
}

#[derive(Deserialize)]
struct RawKind {
    kind: String,
    version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPromise {
    signed_entry_timestamp: Octets,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawProof {
    #[serde(default)]
    log_index: Number,
    root_hash: Octets,
    tree_size: Number,
    #[serde(default)]
    hashes: Vec<Octets>,
    checkpoint: Option<RawCheckpoint>,
}

#[derive(Deserialize)]
struct RawCheckpoint {
    #[serde(default)]
    envelope: String,
}

#[derive(Deserialize)]
struct RawAttestation {
    version: u32,
    verification_material: RawAttestationMaterial,
    envelope: RawAttestationEnvelope,
}

#[derive(Deserialize)]
struct RawAttestationMaterial {
    certificate: Octets,
    transparency_entries: Vec<RawEntry>,
}

#[derive(Deserialize)]
struct RawAttestationEnvelope {
    statement: Octets,
    signature: Octets,
}

impl Bundle {
    /// Reads an attestation of a Python package index (PEP 740), which is a bundle of version 0.3 in other words.
    ///
    /// # Errors
    /// Another version than 1, and anything that is no attestation.
    pub fn read_attestation(json: &[u8]) -> Result<Self, Error> {
        let raw: RawAttestation = from_json(json)?;
        if raw.version != 1 {
            return Err(Error::Version(format!("attestation {}", raw.version)));
        }
        let material = raw.verification_material;
        if material.transparency_entries.len() > MAX_ENTRIES {
            return Err(Error::Form("more than 16 log entries"));
        }
        let entries = material.transparency_entries.into_iter().map(entry);
        Ok(Self {
            version: Version::V0_3,
            material: Material::Certificates(vec![material.certificate.0]),
            entries: entries.collect::<Result<_, _>>()?,
            timestamps: Vec::new(),
            content: Content::Dsse(Envelope {
                payload_type: dsse::IN_TOTO.into(),
                payload: raw.envelope.statement.0,
                signatures: vec![dsse::Signature {
                    signature: raw.envelope.signature.0,
                    key_id: None,
                }],
            }),
        })
    }

    /// Reads a bundle.
    ///
    /// # Errors
    /// A version that is not read, and anything against the rules of one that is.
    pub fn read(json: &[u8]) -> Result<Self, Error> {
        let raw: RawBundle = from_json(json)?;
        let version = version(&raw.media_type)?;
        let material = material(&raw.verification_material)?;
        let content = match (raw.message_signature, raw.dsse_envelope) {
            (Some(message), None) => Content::Message {
                digest: message.message_digest.map(|d| MessageDigest {
                    algorithm: algorithm(&d.algorithm),
                    digest: d.digest.0,
                }),
                signature: message.signature.0,
            },
            (None, Some(envelope)) => Content::Dsse(Envelope::from_raw(envelope)?),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Error::Form(
                    "not one of a message signature and an envelope",
                ));
            }
        };
        let raw = raw.verification_material;
        if raw.tlog_entries.len() > MAX_ENTRIES {
            return Err(Error::Form("more than 16 log entries"));
        }
        let entries = raw.tlog_entries.into_iter().map(entry);
        let timestamps = raw
            .timestamp_verification_data
            .map(|data| data.rfc3161_timestamps)
            .unwrap_or_default();
        if timestamps.len() > MAX_TIMESTAMPS {
            return Err(Error::Form("more than 16 timestamps"));
        }
        Ok(Self {
            version,
            material,
            entries: entries.collect::<Result<_, _>>()?,
            timestamps: timestamps
                .into_iter()
                .map(|t| t.signed_timestamp.0)
                .collect(),
            content,
        })
    }
}

fn version(media_type: &str) -> Result<Version, Error> {
    match media_type {
        "application/vnd.dev.sigstore.bundle+json;version=0.1" => Ok(Version::V0_1),
        "application/vnd.dev.sigstore.bundle+json;version=0.2" => Ok(Version::V0_2),
        "application/vnd.dev.sigstore.bundle+json;version=0.3"
        | "application/vnd.dev.sigstore.bundle.v0.3+json" => Ok(Version::V0_3),
        other => Err(Error::Version(other.to_owned())),
    }
}

fn material(raw: &RawMaterial) -> Result<Material, Error> {
    let chain = raw.x509_certificate_chain.as_ref();
    match (&raw.certificate, chain, &raw.public_key) {
        (Some(certificate), None, None) => Ok(Material::Certificates(vec![
            certificate.raw_bytes.0.clone(),
        ])),
        (None, Some(chain), None) => {
            if chain.certificates.is_empty() {
                return Err(Error::Form("a chain without certificates"));
            }
            if chain.certificates.len() > MAX_CERTIFICATES {
                return Err(Error::Form("more than 16 certificates"));
            }
            let certificates = chain.certificates.iter();
            Ok(Material::Certificates(
                certificates.map(|c| c.raw_bytes.0.clone()).collect(),
            ))
        }
        (None, None, Some(key)) => Ok(Material::KeyHint(key.hint.clone())),
        _ => Err(Error::Form("not one of a certificate, a chain and a key")),
    }
}

fn algorithm(name: &str) -> Option<DigestAlgorithm> {
    match name {
        "SHA2_256" => Some(DigestAlgorithm::Sha256),
        "SHA2_384" => Some(DigestAlgorithm::Sha384),
        "SHA2_512" => Some(DigestAlgorithm::Sha512),
        _ => None,
    }
}

fn entry(raw: RawEntry) -> Result<LogEntry, Error> {
    let body = crate::base::base64::decode(&raw.canonicalized_body)
        .ok_or(Error::Form("a log entry that is not base64"))?;
    let proof = raw.inclusion_proof.map(|proof| {
        if proof.hashes.len() > MAX_HASHES {
            return Err(Error::Form("more than 64 hashes in a proof"));
        }
        Ok(InclusionProof {
            log_index: proof.log_index.0,
            root_hash: proof.root_hash.0,
            tree_size: proof.tree_size.0,
            hashes: proof.hashes.into_iter().map(|h| h.0).collect(),
            checkpoint: proof
                .checkpoint
                .map(|c| c.envelope)
                .filter(|c| !c.is_empty()),
        })
    });
    Ok(LogEntry {
        log_index: raw.log_index.0,
        log_id: raw.log_id.key_id.0,
        kind: raw.kind_version.kind,
        kind_version: raw.kind_version.version,
        integrated_time: raw
            .integrated_time
            .and_then(|n| i64::try_from(n.0).ok())
            .filter(|seconds| *seconds != 0),
        promise: raw
            .inclusion_promise
            .map(|promise| promise.signed_entry_timestamp.0),
        proof: proof.transpose()?,
        body,
        body_base64: raw.canonicalized_body,
    })
}
