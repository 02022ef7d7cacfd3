//! Certificates read and signature checks made already. Thousands of files share a few issuing certificates.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::model::certificate::{Certificate, CertificateId, SharedCertificate};
use crate::model::cms::AlgorithmIdentifier;
use crate::verify::certificate;
use crate::verify::crypto::{self, Answer};

/// Answers kept, about 100 bytes each. When full all are dropped: the next files fill it with what they need.
const MAX_ANSWERS: usize = 1 << 16;

/// Certificates kept, about 10 KiB each. When full all are dropped.
const MAX_CERTIFICATES: usize = 512;

/// Signature checks already made, by (issuer key, signed thing), and certificates already read, by their bytes; shared by
/// threads, bounded. It changes what a verdict costs, never what it is.
#[derive(Debug, Default)]
pub struct Cache {
    answers: Mutex<HashMap<([u8; 32], CertificateId), Answer>>,
    certificates: Mutex<HashMap<CertificateId, SharedCertificate>>,
}

impl Cache {
    /// The certificate that `der` encodes.
    ///
    /// # Errors
    /// As [`certificate::read`].
    pub(crate) fn read(&self, der: &[u8]) -> Result<SharedCertificate, certificate::Error> {
        let id = CertificateId(Sha256::digest(der).into());
        let kept = || {
            self.certificates
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let known = kept().get(&id).cloned();
        if let Some(certificate) = known {
            return Ok(certificate);
        }
        let read = SharedCertificate::new(certificate::read(der)?);
        let mut certificates = kept();
        if certificates.len() >= MAX_CERTIFICATES {
            certificates.clear();
        }
        certificates.insert(id, SharedCertificate::clone(&read));
        Ok(read)
    }

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
