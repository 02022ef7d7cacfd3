//! What is signed, the signature over it, and whether a log entry records just that.

use crate::envelope::dsse::{self, Envelope, Statement};
use crate::envelope::sigstore::{Body, Content, Error, LogEntry, Material, Verifier, hex};
use crate::model::digest::{DigestAlgorithm, Digests};
use crate::verify::crypto::{self, Answer};
use crate::verify::digest;
use crate::verify::sigstore::check::Artifact;
use crate::verify::sigstore::key;
use crate::verify::sigstore::outcome::{Fault, FaultKind};

/// The octets of the one signature; `None` where an envelope has several, and no single one could be meant.
pub(super) fn signature(content: &Content) -> Option<&[u8]> {
    match content {
        Content::Message { signature, .. } => Some(signature),
        Content::Dsse(envelope) => match envelope.signatures.as_slice() {
            [only] => Some(&only.signature),
            _ => None,
        },
    }
}

/// Checks the signature with `spki`, and that it is over the artifact.
pub(super) fn check(
    content: &Content,
    artifact: &Artifact<'_>,
    spki: &[u8],
    faults: &mut Vec<Fault>,
) -> Option<Statement> {
    match content {
        Content::Message { digest, signature } => {
            if let Some(hint) = digest {
                let ours = hint.algorithm.and_then(|a| artifact.digest(a));
                if ours.is_some_and(|ours| ours != hint.digest) {
                    faults.push(Fault {
                        kind: FaultKind::DigestHint,
                        message: "the bundle is over another digest than the artifact's".into(),
                    });
                }
            }
            let hint = digest.as_ref().and_then(|hint| hint.algorithm);
            settle(verify_artifact(artifact, spki, signature, hint), faults);
            None
        }
        Content::Dsse(envelope) => check_envelope(envelope, artifact, spki, faults),
    }
}

/// With the hash that belongs to the key and, where that does not hold, with the one that the bundle names: there are signers that
/// take SHA-256 whatever the curve.
fn verify_artifact(
    artifact: &Artifact<'_>,
    spki: &[u8],
    signature: &[u8],
    hint: Option<DigestAlgorithm>,
) -> Answer {
    let usual = key::hash(spki);
    let answer = match (artifact, usual) {
        (Artifact::Bytes(bytes), _) => key::verify(spki, bytes, signature),
        (Artifact::Digests(_), None) => {
            Answer::Unsupported("a signature over the artifact itself".into())
        }
        (Artifact::Digests(digests), Some(hash)) => match digests.get(&hash) {
            Some(hashed) => crypto::verify_hashed(spki, hash, hashed, signature),
            None => Answer::Unsupported(format!("the artifact's {hash} is not at hand")),
        },
    };
    match (answer, hint) {
        (Answer::Valid, _) => Answer::Valid,
        (answer, Some(hash)) if usual.is_some_and(|usual| usual != hash) => artifact
            .digest(hash)
            .map(|hashed| crypto::verify_hashed(spki, hash, &hashed, signature))
            .filter(|second| *second == Answer::Valid)
            .unwrap_or(answer),
        (answer, _) => answer,
    }
}

fn check_envelope(
    envelope: &Envelope,
    artifact: &Artifact<'_>,
    spki: &[u8],
    faults: &mut Vec<Fault>,
) -> Option<Statement> {
    let [only] = envelope.signatures.as_slice() else {
        faults.push(Fault {
            kind: FaultKind::Unsupported,
            message: "an envelope with several signatures in a bundle".into(),
        });
        return None;
    };
    let answer = key::verify(spki, &envelope.signed_bytes(), &only.signature);
    let holds = answer == Answer::Valid;
    settle(answer, faults);
    if envelope.payload_type != dsse::IN_TOTO {
        faults.push(Fault {
            kind: FaultKind::Unsupported,
            message: format!("a payload of type {:?}", envelope.payload_type),
        });
        return None;
    }
    match Statement::read(&envelope.payload) {
        Ok(statement) => {
            if !is_about(&statement, artifact) {
                faults.push(Fault {
                    kind: FaultKind::Subject,
                    message: "the statement is not about the artifact".into(),
                });
            }
            holds.then_some(statement)
        }
        Err(error) => {
            faults.push(Fault {
                kind: FaultKind::Statement,
                message: error.to_string(),
            });
            None
        }
    }
}

fn settle(answer: Answer, faults: &mut Vec<Fault>) {
    match answer {
        Answer::Valid => {}
        Answer::Invalid => faults.push(Fault {
            kind: FaultKind::Signature,
            message: "the signature does not hold".into(),
        }),
        Answer::Unsupported(what) => faults.push(Fault {
            kind: FaultKind::Unsupported,
            message: format!("the signature is not computed: {what}"),
        }),
    }
}

/// A key id in the envelope is a hint that nothing signs; one for another key than the bundle's makes readers disagree.
pub(super) fn check_key_ids(content: &Content, material: &Material, faults: &mut Vec<Fault>) {
    let Content::Dsse(envelope) = content else {
        return;
    };
    let differs = |id: &String| match material {
        Material::KeyHint(hint) => id != hint,
        Material::Certificates(_) => true,
    };
    if envelope
        .signatures
        .iter()
        .filter_map(|s| s.key_id.as_ref())
        .any(differs)
    {
        faults.push(Fault {
            kind: FaultKind::KeyId,
            message: "the envelope names another key than the bundle".into(),
        });
    }
}

/// One subject has a strong digest that is the artifact's, and no known digest of it is another.
fn is_about(statement: &Statement, artifact: &Artifact<'_>) -> bool {
    statement.subject.iter().any(|subject| {
        let known = [
            ("sha256", DigestAlgorithm::Sha256),
            ("sha384", DigestAlgorithm::Sha384),
            ("sha512", DigestAlgorithm::Sha512),
        ];
        let compared: Vec<bool> = known
            .into_iter()
            .filter_map(|(name, algorithm)| {
                let stated = subject.digest.get(name)?;
                let ours = artifact.digest(algorithm)?;
                // One that is not even hexadecimal is another.
                Some(hex(stated).as_ref() == Some(&ours))
            })
            .collect();
        !compared.is_empty() && compared.into_iter().all(|same| same)
    })
}

/// Whether `entry` records this content, this signature and this key.
pub(super) fn check_entry(
    entry: &LogEntry,
    content: &Content,
    artifact: &Artifact<'_>,
    verifier: &Verifier,
    faults: &mut Vec<Fault>,
) {
    let mut mismatch = |message: &str| {
        faults.push(Fault {
            kind: FaultKind::EntryMismatch,
            message: message.into(),
        });
    };
    let body = match entry.read_body() {
        Ok(body) => body,
        Err(Error::Version(what)) => {
            faults.push(Fault {
                kind: FaultKind::Unsupported,
                message: format!("a log entry of kind {what:?}"),
            });
            return;
        }
        Err(error) => return mismatch(&error.to_string()),
    };
    match (&body, content) {
        (
            Body::Hashed {
                algorithm,
                digest,
                signature: recorded,
                verifier: by,
            },
            _,
        ) => {
            let ours = hash_named(algorithm).and_then(|hash| match content {
                Content::Message { .. } => artifact.digest(hash),
                Content::Dsse(envelope) => digest::hash(hash, &envelope.signed_bytes()),
            });
            if ours.as_ref() != Some(digest) {
                mismatch("the log entry records another digest");
            }
            if signature(content) != Some(recorded) {
                mismatch("the log entry records another signature");
            }
            if by != verifier {
                mismatch("the log entry records another key or certificate");
            }
        }
        (
            Body::Enveloped {
                algorithm,
                payload_digest,
                signatures,
            },
            Content::Dsse(envelope),
        ) => {
            let ours = hash_named(algorithm).and_then(|h| digest::hash(h, &envelope.payload));
            if ours.as_ref() != Some(payload_digest) {
                mismatch("the log entry records another payload");
            }
            let same = envelope.signatures.len() == signatures.len()
                && envelope.signatures.iter().all(|ours| {
                    signatures
                        .iter()
                        .any(|(recorded, by)| *recorded == ours.signature && by == verifier)
                });
            if !same {
                mismatch("the log entry records other signatures or another certificate");
            }
        }
        (Body::Enveloped { .. }, Content::Message { .. }) => {
            mismatch("the log entry records an envelope");
        }
    }
}

fn hash_named(name: &str) -> Option<DigestAlgorithm> {
    match name {
        "sha256" | "SHA2_256" => Some(DigestAlgorithm::Sha256),
        "sha384" | "SHA2_384" => Some(DigestAlgorithm::Sha384),
        "sha512" | "SHA2_512" => Some(DigestAlgorithm::Sha512),
        _ => None,
    }
}

impl Artifact<'_> {
    /// Its digest, where it is at hand or can be computed.
    pub(super) fn digest(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => digest::hash(algorithm, bytes),
            Self::Digests(digests) => Digests::get(digests, &algorithm).cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check_entry, is_about};
    use crate::envelope::dsse::Statement;
    use crate::envelope::sigstore::{Content, LogEntry, Verifier};
    use crate::model::digest::{DigestAlgorithm, hex};
    use crate::verify::digest::hash;
    use crate::verify::sigstore::check::Artifact;

    #[test]
    fn a_digest_that_is_not_hexadecimal_is_another_than_the_artifacts() {
        let artifact = Artifact::Bytes(b"artifact");
        let ours = hash(DigestAlgorithm::Sha512, b"artifact").unwrap();
        let about = |sha256: &str| {
            let json = format!(
                r#"{{"_type":"https://in-toto.io/Statement/v1","predicateType":"p","subject":[{{"name":"a","digest":{{"sha512":"{}"{sha256}}}}}]}}"#,
                hex(&ours)
            );
            is_about(&Statement::read(json.as_bytes()).unwrap(), &artifact)
        };
        assert!(about(""));
        assert!(!about(r#","sha256":"no hexadecimal""#));
    }

    #[test]
    fn the_kind_of_an_entry_is_quoted() {
        let kind = "a\u{1b}[2K";
        let body = serde_json::json!({ "kind": kind, "apiVersion": "1" });
        let entry = LogEntry {
            log_index: 0,
            log_id: Vec::new(),
            kind: kind.to_owned(),
            kind_version: "1".to_owned(),
            integrated_time: None,
            promise: None,
            proof: None,
            body: body.to_string().into_bytes(),
            body_base64: String::new(),
        };
        let content = Content::Message {
            digest: None,
            signature: Vec::new(),
        };
        let mut faults = Vec::new();
        check_entry(
            &entry,
            &content,
            &Artifact::Bytes(b""),
            &Verifier::PublicKey(Vec::new()),
            &mut faults,
        );
        assert_eq!(faults.len(), 1);
        assert!(!faults[0].message.contains('\u{1b}'), "{faults:?}");
    }
}
