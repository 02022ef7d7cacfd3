//! Anchors that the user brings: `--trust-root FILE`, PEM or DER. Programme `user`, without rules of its own.

use x509_parser::pem::Pem;

use crate::model::certificate::{CertificateId, Name, SharedCertificate};
use crate::verify::certificate;
use crate::verify::store::StoreError;

/// Most certificates taken from one file: above any root programme, below what would be a mistake in the file named.
const MAX_CERTIFICATES: usize = 5_000;

/// Reads the certificates of one file: one DER certificate, or any number of PEM blocks labelled `CERTIFICATE` (RFC 7468
/// section 5). Blocks with another label are an error rather than skipped, since a key or a request in their place would
/// otherwise leave the user with fewer anchors than meant.
///
/// # Errors
/// No certificate, an unreadable one, another label, or too many.
pub fn read(bytes: &[u8]) -> Result<Vec<SharedCertificate>, StoreError> {
    if bytes.first() == Some(&0x30) {
        return Ok(vec![decode(bytes)?]);
    }
    let mut found = Vec::new();
    for block in Pem::iter_from_buffer(bytes) {
        let block = block.map_err(|e| StoreError::Anchor(e.to_string()))?;
        if block.label != "CERTIFICATE" {
            return Err(StoreError::Anchor(format!(
                "a PEM block labelled {:?} where certificates belong",
                block.label
            )));
        }
        if found.len() >= MAX_CERTIFICATES {
            return Err(StoreError::Anchor(format!(
                "more than {MAX_CERTIFICATES} certificates"
            )));
        }
        found.push(decode(&block.contents)?);
    }
    if found.is_empty() {
        return Err(StoreError::Anchor("no certificate in it".to_owned()));
    }
    Ok(found)
}

fn decode(der: &[u8]) -> Result<SharedCertificate, StoreError> {
    certificate::read(der)
        .map(SharedCertificate::new)
        .map_err(|e| StoreError::Anchor(e.to_string()))
}

/// The user's anchors.
#[derive(Debug, Default)]
pub(super) struct UserAnchors(Vec<SharedCertificate>);

impl UserAnchors {
    pub(super) fn add(&mut self, certificates: impl IntoIterator<Item = SharedCertificate>) {
        for certificate in certificates {
            if self.get(&certificate.id).is_none() {
                self.0.push(certificate);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn fingerprints(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.0.iter().map(|c| c.id.to_string()).collect();
        ids.sort();
        ids
    }

    pub(super) fn with_subject(&self, name: &Name) -> impl Iterator<Item = &SharedCertificate> {
        self.0.iter().filter(move |c| c.subject.raw == name.raw)
    }

    pub(super) fn get(&self, id: &CertificateId) -> Option<&SharedCertificate> {
        self.0.iter().find(|c| c.id == *id)
    }
}
