//! A signature by a key alone: which scheme it is follows from the key, as the Sigstore algorithm registry has it.

use crate::base::oid::Oid;
use crate::model::cms::AlgorithmIdentifier;
use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::{self, Answer, KeyAlgorithm};

/// Scheme and hash of a key.
fn scheme(spki: &[u8]) -> Result<(AlgorithmIdentifier, Option<DigestAlgorithm>), Answer> {
    let info = crypto::key(spki).map_err(|_| Answer::Invalid)?;
    let (dotted, hash) = match (&info.algorithm, info.bits) {
        (KeyAlgorithm::Ec, Some(256)) => ("1.2.840.10045.4.3.2", Some(DigestAlgorithm::Sha256)),
        (KeyAlgorithm::Ec, Some(384)) => ("1.2.840.10045.4.3.3", Some(DigestAlgorithm::Sha384)),
        (KeyAlgorithm::Ec, Some(521)) => ("1.2.840.10045.4.3.4", Some(DigestAlgorithm::Sha512)),
        (KeyAlgorithm::Rsa, Some(_)) => ("1.2.840.113549.1.1.11", Some(DigestAlgorithm::Sha256)),
        (KeyAlgorithm::Ed25519, _) => ("1.3.101.112", None),
        _ => return Err(Answer::Unsupported(info.name)),
    };
    let oid = Oid::parse(dotted).ok_or(Answer::Invalid)?;
    Ok((
        AlgorithmIdentifier {
            oid,
            parameters: None,
        },
        hash,
    ))
}

/// The hash that a key signs over; `None` where it signs the message itself.
pub(super) fn hash(spki: &[u8]) -> Option<DigestAlgorithm> {
    scheme(spki).ok().and_then(|(_, hash)| hash)
}

/// Checks a signature over a message.
pub(super) fn verify(spki: &[u8], message: &[u8], signature: &[u8]) -> Answer {
    match scheme(spki) {
        Ok((algorithm, _)) => crypto::verify_message(spki, &algorithm, None, message, signature),
        Err(answer) => answer,
    }
}
