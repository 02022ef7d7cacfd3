//! The name of one finding on one subject, stable across runs: SHA-256 over what makes it this one and nothing that is
//! wording. Waivers, history and fingerprints in other formats rest on it.

use sha2::{Digest, Sha256};

use crate::model::analysis::Subject;
use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::evidence::Locator;
use crate::model::finding::Finding;

/// Changing what goes in changes every instance; then this changes too.
const VERSION: &str = "bonafide/finding/v1";

/// The instance of `finding` on `subject`; `ordinal` counts earlier findings with the same key facts.
///
/// Status is a key fact: a waiver given for a review never covers a failure. Message, excerpt and citation are wording.
pub(super) fn instance(subject: &Subject, finding: &Finding, ordinal: u32) -> String {
    let mut hash = Facts(Sha256::new());
    hash.field(VERSION);
    hash.field(finding.definition.id);
    match subject.digests.get(&DigestAlgorithm::Sha256) {
        Some(digest) => hash.bytes(digest),
        None => hash.field(&subject.path),
    }
    if subject.parent.is_some() {
        // The same file may stand in a package twice.
        hash.field(&subject.path);
    }
    hash.field(finding.status.name());
    hash.field(finding.signature.as_ref().map_or("", |s| &s.0));
    hash.count(finding.parties.len());
    for party in &finding.parties {
        hash.field(&party.0);
    }
    hash.count(finding.evidence.len());
    for evidence in &finding.evidence {
        match &evidence.locator {
            Locator::Bytes { offset, length } => hash.field(&format!("bytes {offset} {length}")),
            Locator::CertificateField { certificate, field } => {
                hash.bytes(&certificate.0);
                hash.field(field);
            }
            Locator::Entry { data, entry } => {
                hash.field(data);
                hash.field(entry);
            }
            Locator::Url(url) => hash.field(url),
        }
    }
    hash.field(&ordinal.to_string());
    hex(&hash.0.finalize())
}

/// Fields with their length before them, so that no two lists of facts hash alike.
struct Facts(Sha256);

impl Facts {
    fn field(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }

    fn count(&mut self, count: usize) {
        self.0
            .update(u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes());
    }
}
