//! What a log entry records (Rekor's entry types), from its canonical body.

use serde::Deserialize;

use crate::base::base64;
use crate::envelope::sigstore::pem;
use crate::envelope::sigstore::{Error, LogEntry, Octets, from_json};

/// Signatures in one entry.
const MAX_SIGNATURES: usize = 16;

/// Who an entry says made the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verifier {
    /// A certificate in DER.
    Certificate(Vec<u8>),
    /// A subjectPublicKeyInfo.
    PublicKey(Vec<u8>),
}

/// What an entry records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// `hashedrekord`: the digest of what is signed.
    Hashed {
        /// Algorithm by name: `sha256`, `SHA2_256`.
        algorithm: String,
        /// The digest.
        digest: Vec<u8>,
        /// The signature.
        signature: Vec<u8>,
        /// Whose it is.
        verifier: Verifier,
    },
    /// `dsse` and `intoto`: an envelope's payload and signatures.
    Enveloped {
        /// Algorithm by name.
        algorithm: String,
        /// Digest of the payload.
        payload_digest: Vec<u8>,
        /// The signatures; none where the entry does not keep them.
        signatures: Vec<(Vec<u8>, Verifier)>,
    },
}

#[derive(Deserialize)]
struct Typed {
    kind: String,
    #[serde(rename = "apiVersion")]
    version: String,
}

#[derive(Deserialize)]
struct Spec<T> {
    spec: T,
}

#[derive(Deserialize)]
struct HexDigest {
    algorithm: String,
    value: String,
}

#[derive(Deserialize)]
struct Base64Digest {
    algorithm: String,
    digest: Octets,
}

#[derive(Deserialize)]
struct Hashed1 {
    data: HashedData1,
    signature: HashedSignature1,
}

#[derive(Deserialize)]
struct HashedData1 {
    hash: HexDigest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HashedSignature1 {
    content: Octets,
    public_key: Pem,
}

#[derive(Deserialize)]
struct Pem {
    content: Octets,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hashed2 {
    hashed_rekord_v002: Hashed2Inner,
}

#[derive(Deserialize)]
struct Hashed2Inner {
    data: Base64Digest,
    signature: Signature2,
}

#[derive(Deserialize)]
struct Signature2 {
    content: Octets,
    verifier: Verifier2,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verifier2 {
    x509_certificate: Option<Raw>,
    public_key: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    raw_bytes: Octets,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dsse1 {
    payload_hash: HexDigest,
    signatures: Vec<DsseSignature1>,
}

#[derive(Deserialize)]
struct DsseSignature1 {
    signature: Octets,
    verifier: Octets,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dsse2 {
    dsse_v002: Dsse2Inner,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dsse2Inner {
    payload_hash: Base64Digest,
    signatures: Vec<Signature2>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InToto2 {
    content: InToto2Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InToto2Content {
    envelope: InToto2Envelope,
    payload_hash: HexDigest,
}

#[derive(Deserialize)]
struct InToto2Envelope {
    signatures: Vec<InToto2Signature>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InToto2Signature {
    /// Base64 of base64.
    sig: Octets,
    public_key: Octets,
}

impl LogEntry {
    /// What the entry records.
    ///
    /// # Errors
    /// [`Error::Version`] for a kind or version that is not read; anything else where the body is not what its kind says.
    pub fn read_body(&self) -> Result<Body, Error> {
        let typed: Typed = from_json(&self.body)?;
        if typed.kind != self.kind || typed.version != self.kind_version {
            return Err(Error::Form("a log entry of another kind than stated"));
        }
        match (typed.kind.as_str(), typed.version.as_str()) {
            ("hashedrekord", "0.0.1") => hashed1(from_json(&self.body)?),
            ("hashedrekord", "0.0.2") => hashed2(from_json(&self.body)?),
            ("dsse", "0.0.1") => dsse1(from_json(&self.body)?),
            ("dsse", "0.0.2") => dsse2(from_json(&self.body)?),
            ("intoto", "0.0.2") => intoto2(from_json(&self.body)?),
            (kind, version) => Err(Error::Version(format!("{kind} {version}"))),
        }
    }
}

fn hashed1(raw: Spec<Hashed1>) -> Result<Body, Error> {
    let spec = raw.spec;
    Ok(Body::Hashed {
        digest: from_hex(&spec.data.hash.value)?,
        algorithm: spec.data.hash.algorithm,
        signature: spec.signature.content.0,
        verifier: from_pem(&spec.signature.public_key.content)?,
    })
}

fn hashed2(raw: Spec<Hashed2>) -> Result<Body, Error> {
    let spec = raw.spec.hashed_rekord_v002;
    Ok(Body::Hashed {
        algorithm: spec.data.algorithm,
        digest: spec.data.digest.0,
        verifier: from_verifier(spec.signature.verifier)?,
        signature: spec.signature.content.0,
    })
}

fn dsse1(raw: Spec<Dsse1>) -> Result<Body, Error> {
    let pairs = raw.spec.signatures.into_iter();
    Ok(Body::Enveloped {
        payload_digest: from_hex(&raw.spec.payload_hash.value)?,
        algorithm: raw.spec.payload_hash.algorithm,
        signatures: signatures(pairs.map(|s| Ok((s.signature.0, from_pem(&s.verifier)?))))?,
    })
}

fn dsse2(raw: Spec<Dsse2>) -> Result<Body, Error> {
    let spec = raw.spec.dsse_v002;
    let pairs = spec.signatures.into_iter();
    Ok(Body::Enveloped {
        algorithm: spec.payload_hash.algorithm,
        payload_digest: spec.payload_hash.digest.0,
        signatures: signatures(pairs.map(|s| Ok((s.content.0, from_verifier(s.verifier)?))))?,
    })
}

fn intoto2(raw: Spec<InToto2>) -> Result<Body, Error> {
    let content = raw.spec.content;
    let pairs = content.envelope.signatures.into_iter();
    Ok(Body::Enveloped {
        payload_digest: from_hex(&content.payload_hash.value)?,
        algorithm: content.payload_hash.algorithm,
        signatures: signatures(pairs.map(|s| {
            let signature = std::str::from_utf8(&s.sig.0)
                .ok()
                .and_then(base64::decode)
                .ok_or(Error::Form("a signature in a log entry that is not base64"))?;
            Ok((signature, from_pem(&s.public_key)?))
        }))?,
    })
}

fn signatures(
    pairs: impl ExactSizeIterator<Item = Result<(Vec<u8>, Verifier), Error>>,
) -> Result<Vec<(Vec<u8>, Verifier)>, Error> {
    if pairs.len() > MAX_SIGNATURES {
        return Err(Error::Form("more than 16 signatures in a log entry"));
    }
    pairs.collect()
}

fn from_pem(text: &Octets) -> Result<Verifier, Error> {
    match pem::decode(&text.0) {
        Some((label, der)) if label == "CERTIFICATE" => Ok(Verifier::Certificate(der)),
        Some((label, der)) if label == "PUBLIC KEY" => Ok(Verifier::PublicKey(der)),
        _ => Err(Error::Form(
            "a log entry whose key is neither key nor certificate",
        )),
    }
}

fn from_verifier(raw: Verifier2) -> Result<Verifier, Error> {
    match (raw.x509_certificate, raw.public_key) {
        (Some(certificate), None) => Ok(Verifier::Certificate(certificate.raw_bytes.0)),
        (None, Some(key)) => Ok(Verifier::PublicKey(key.raw_bytes.0)),
        _ => Err(Error::Form(
            "a log entry whose key is neither key nor certificate",
        )),
    }
}

fn from_hex(text: &str) -> Result<Vec<u8>, Error> {
    crate::envelope::sigstore::hex(text).ok_or(Error::Form("a digest that is not hexadecimal"))
}
