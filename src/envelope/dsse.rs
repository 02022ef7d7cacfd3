//! DSSE envelopes and the in-toto statements inside them.
//!
//! Specifications: the DSSE protocol and envelope, version 1.0; in-toto Attestation Framework, Statement versions 0.1 and 1. What is
//! signed is not the payload but its pre-authentication encoding, which also covers the payload's type.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::base64;

/// Signatures in one envelope: bundles have one.
const MAX_SIGNATURES: usize = 16;
/// Subjects of one statement: a release with a file for each platform and interpreter has some hundred.
const MAX_SUBJECTS: usize = 1 << 14;

/// Payload type of in-toto statements.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// Why bytes are no such envelope or statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not the JSON that belongs there.
    #[error("{0}")]
    Json(String),
    /// A part that is not base64.
    #[error("{0} is not base64")]
    Base64(&'static str),
    /// More of something than allowed, or none of it.
    #[error("{0}")]
    Count(&'static str),
}

/// One signature of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The signature's octets.
    pub signature: Vec<u8>,
    /// A hint at the key; unsigned.
    pub key_id: Option<String>,
}

/// An envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// The payload.
    pub payload: Vec<u8>,
    /// Its signatures.
    pub signatures: Vec<Signature>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawEnvelope {
    payload_type: String,
    payload: String,
    signatures: Vec<RawSignature>,
}

#[derive(Debug, Deserialize)]
struct RawSignature {
    sig: String,
    keyid: Option<String>,
}

impl Envelope {
    /// Reads an envelope.
    ///
    /// # Errors
    /// Anything that is none, or without a signature.
    pub fn read(json: &[u8]) -> Result<Self, Error> {
        let raw: RawEnvelope =
            serde_json::from_slice(json).map_err(|e| Error::Json(e.to_string()))?;
        Self::from_raw(raw)
    }

    pub(super) fn from_raw(raw: RawEnvelope) -> Result<Self, Error> {
        if raw.signatures.is_empty() {
            return Err(Error::Count("an envelope without a signature"));
        }
        if raw.signatures.len() > MAX_SIGNATURES {
            return Err(Error::Count("more than 16 signatures in an envelope"));
        }
        let mut signatures = Vec::new();
        for signature in raw.signatures {
            signatures.push(Signature {
                signature: base64::decode(&signature.sig).ok_or(Error::Base64("a signature"))?,
                key_id: signature.keyid.filter(|id| !id.is_empty()),
            });
        }
        Ok(Self {
            payload_type: raw.payload_type,
            payload: base64::decode(&raw.payload).ok_or(Error::Base64("the payload"))?,
            signatures,
        })
    }

    /// What is signed (DSSE protocol, PAE).
    pub fn signed_bytes(&self) -> Vec<u8> {
        let head = format!(
            "DSSEv1 {} {} {} ",
            self.payload_type.len(),
            self.payload_type,
            self.payload.len()
        );
        [head.as_bytes(), &self.payload].concat()
    }
}

/// What a statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Subject {
    /// Its name: a file, or a package address.
    #[serde(default)]
    pub name: String,
    /// Digests in hexadecimal, by algorithm.
    pub digest: BTreeMap<String, String>,
}

/// An in-toto statement. Its predicate stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// `https://in-toto.io/Statement/v1`, or `v0.1`.
    #[serde(rename = "_type")]
    pub statement_type: String,
    /// What it is about.
    pub subject: Vec<Subject>,
    /// What the predicate is.
    pub predicate_type: String,
}

impl Statement {
    /// Reads a payload of type [`IN_TOTO`].
    ///
    /// # Errors
    /// Anything that is no statement, of another version, or about nothing.
    pub fn read(payload: &[u8]) -> Result<Self, Error> {
        let statement: Self =
            serde_json::from_slice(payload).map_err(|e| Error::Json(e.to_string()))?;
        if !matches!(
            statement.statement_type.as_str(),
            "https://in-toto.io/Statement/v1" | "https://in-toto.io/Statement/v0.1"
        ) {
            return Err(Error::Json("a statement of another version".into()));
        }
        if statement.subject.is_empty() {
            return Err(Error::Count("a statement about nothing"));
        }
        if statement.subject.len() > MAX_SUBJECTS {
            return Err(Error::Count("more than 16384 subjects in a statement"));
        }
        Ok(statement)
    }
}

#[cfg(test)]
mod tests {
    use super::{Envelope, Error, Statement};

    #[test]
    fn what_is_signed_covers_type_and_payload_with_their_lengths() {
        let json = br#"{"payloadType":"http://example.com/HelloWorld","payload":"aGVsbG8gd29ybGQ=","signatures":[{"sig":"AA=="}]}"#;
        let envelope = Envelope::read(json).unwrap();
        // The example of the DSSE protocol.
        assert_eq!(
            envelope.signed_bytes(),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
        assert_eq!(envelope.signatures[0].key_id, None);
    }

    #[test]
    fn an_envelope_without_a_signature_and_a_statement_about_nothing_are_refused() {
        let none = br#"{"payloadType":"a","payload":"","signatures":[]}"#;
        assert!(matches!(Envelope::read(none), Err(Error::Count(_))));
        let twice = br#"{"payloadType":"a","payloadType":"b","payload":"","signatures":[]}"#;
        assert!(matches!(Envelope::read(twice), Err(Error::Json(_))));
        let about = |subject: &str| {
            let json = format!(
                r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{subject}],"predicateType":"p"}}"#
            );
            Statement::read(json.as_bytes())
        };
        assert!(about("").is_err());
        let statement = about(r#"{"name":"a","digest":{"sha256":"00"}}"#).unwrap();
        assert_eq!(statement.subject[0].name, "a");
    }
}
