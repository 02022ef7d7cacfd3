//! Signature checks already made. Thousands of files share a few issuing certificates.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::model::certificate::{Certificate, CertificateId};
use crate::model::cms::AlgorithmIdentifier;
use crate::verify::crypto::{self, Answer};

/// Answers kept, about 100 bytes each. When full all are dropped: the next files fill it with what they need.
const MAX_ANSWERS: usize = 1 << 16;

/// Signature checks already made, by (issuer key, signed thing); shared by threads, bounded. It changes what a verdict costs,
/// never what it is.
#[derive(Debug, Default)]
pub struct Cache {
    answers: Mutex<HashMap<([u8; 32], CertificateId), Answer>>,
}

impl Cache {
    /// Whether `certificate` carries the signature of this key.
    pub(crate) fn certificate(&self, issuer: &Certificate, certificate: &Certificate) -> Answer {
        self.answer((issuer.spki_sha256, certificate.id), || {
            crypto::verify_message(
                &issuer.spki,
                &certificate.signature_algorithm,
                None,
                certificate.tbs(),
                &certificate.signature,
            )
        })
    }

    /// Whether a CRL or OCSP answer, `whole` of it, carries the signature of this key.
    pub(crate) fn message(
        &self,
        issuer: &Certificate,
        whole: &[u8],
        algorithm: &AlgorithmIdentifier,
        message: &[u8],
        signature: &[u8],
    ) -> Answer {
        let id = CertificateId(Sha256::digest(whole).into());
        self.answer((issuer.spki_sha256, id), || {
            crypto::verify_message(&issuer.spki, algorithm, None, message, signature)
        })
    }

    fn answer(&self, key: ([u8; 32], CertificateId), compute: impl FnOnce() -> Answer) -> Answer {
        let known = self.lock().get(&key).cloned();
        if let Some(answer) = known {
            return answer;
        }
        let answer = compute();
        let mut answers = self.lock();
        if answers.len() >= MAX_ANSWERS {
            answers.clear();
        }
        answers.insert(key, answer.clone());
        answer
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<([u8; 32], CertificateId), Answer>> {
        // A panic elsewhere leaves whole answers behind: each is inserted in one step.
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
