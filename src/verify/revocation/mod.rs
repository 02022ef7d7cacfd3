//! Revocation: CRLs (RFC 5280 section 6.3) and OCSP answers (RFC 6960), judged; fetching is the shell's work.
//!
//! Three answers stay apart: not revoked, not known although something was at hand, nothing at hand. What a revocation date means
//! for a timestamped signature is Microsoft's rule: the date decides, and a signature attested before it stays good. That a key
//! was compromised is said aloud, since a compromise may be older than the day it was noticed.
//!
//! Not computed with: indirect CRLs and delta CRLs, which answer "unknown".

mod crl;
mod ocsp;
mod request;
#[cfg(test)]
mod tests;

use x509_parser::pem::Pem;

use crate::base::der::{Reader, tag};
use crate::base::time::{Time, rfc3339};
use crate::model::certificate::{Certificate, SharedCertificate};
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Finding, Status};
use crate::model::signature::{Revocation, RevocationStatus};
use crate::verify::findings;
use crate::verify::path::{Cache, title};

pub use request::ocsp_request;

/// CRLs and OCSP answers at hand, undecoded, from the envelope, a replayed bundle, a directory or the network.
#[derive(Debug, Clone, Default)]
pub struct RevocationEvidence {
    /// DER of each CRL.
    pub crls: Vec<Vec<u8>>,
    /// DER of each OCSP response.
    pub ocsp: Vec<Vec<u8>>,
}

impl RevocationEvidence {
    /// Adds the contents of a file: DER, or PEM with `X509 CRL` or `OCSP RESPONSE` blocks.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn add(&mut self, file: &[u8]) -> Result<(), UnknownEvidence> {
        if file.first() == Some(&tag::SEQUENCE) {
            return self.add_der(file.to_vec());
        }
        let before = self.crls.len().saturating_add(self.ocsp.len());
        for block in Pem::iter_from_buffer(file) {
            self.add_der(block.map_err(|_| UnknownEvidence)?.contents)?;
        }
        if self.crls.len().saturating_add(self.ocsp.len()) == before {
            return Err(UnknownEvidence);
        }
        Ok(())
    }

    /// An OCSPResponse starts with an ENUMERATED, a CertificateList with a SEQUENCE.
    fn add_der(&mut self, der: Vec<u8>) -> Result<(), UnknownEvidence> {
        let outer = Reader::ber(&der).any().map_err(|_| UnknownEvidence)?;
        match outer.reader().peek() {
            Some(tag::ENUMERATED) => self.ocsp.push(der),
            Some(tag::SEQUENCE) => self.crls.push(der),
            _ => return Err(UnknownEvidence),
        }
        Ok(())
    }
}

/// A file of evidence is neither a CRL nor an OCSP response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a CRL nor an OCSP response")]
pub struct UnknownEvidence;

/// A question about one path.
pub(crate) struct Scope<'a> {
    /// Leaf first, anchor last.
    pub(crate) path: &'a [SharedCertificate],
    /// Certificates at hand, among which a separate CRL signer may be.
    pub(crate) supplied: &'a [SharedCertificate],
    pub(crate) evidence: &'a RevocationEvidence,
    /// The time basis of the path.
    pub(crate) at: Time,
    /// `at` comes from a verified timestamp.
    pub(crate) attested: bool,
    /// When evidence must be fresh.
    pub(crate) now: Time,
    /// CRLs must be what RFC 5280 section 5 asks.
    pub(crate) conformance: bool,
    pub(crate) compromise_defeats_timestamps: bool,
    pub(crate) cache: &'a Cache,
}

/// Why evidence at hand cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unusable {
    /// Not signed by who may answer.
    BadSignature,
    /// Not in date at the judgement time.
    Stale,
    /// Of a form or scope that is not computed with, or not readable.
    Other,
}

/// What became of the question.
pub(crate) struct Checked {
    pub(crate) revocation: Revocation,
    pub(crate) findings: Vec<Finding>,
    /// The first thing wrong with evidence that was needed.
    pub(crate) unusable: Option<Unusable>,
}

/// What one piece of evidence says of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// It is about something else.
    Silent,
    Good,
    Revoked(Entry),
    Unusable(Unusable, String),
}

/// One revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) at: Time,
    /// CRLReason (RFC 5280 section 5.3.1).
    pub(super) reason: Option<u64>,
    /// When the key is known or suspected to have been compromised (section 5.3.2).
    pub(super) invalid_since: Option<Time>,
}

impl Entry {
    /// From when the certificate must not be relied on.
    fn effective(&self) -> Time {
        self.invalid_since
            .map_or(self.at, |since| since.min(self.at))
    }

    /// keyCompromise, cACompromise or aACompromise.
    fn is_compromise(&self) -> bool {
        matches!(self.reason, Some(1 | 2 | 10))
    }
}

/// The certificate that is asked about, with what its answers are checked by.
pub(super) struct Subject<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) issuer: &'a Certificate,
    /// The path above the certificate, its issuer first.
    pub(super) above: &'a [SharedCertificate],
}

/// Judges revocation of every certificate below the anchor.
pub(crate) fn check(scope: &Scope<'_>) -> Checked {
    let mut tally = Tally::default();
    for (position, (certificate, issuer)) in
        scope.path.iter().zip(scope.path.iter().skip(1)).enumerate()
    {
        let subject = Subject {
            certificate,
            issuer,
            above: scope.path.get(position.saturating_add(1)..).unwrap_or(&[]),
        };
        match words(&subject, scope) {
            Word::Silent => tally.silent.push(title(certificate)),
            Word::Good => tally.good = tally.good.saturating_add(1),
            Word::Revoked(entry) => tally.revoked(certificate, entry, scope),
            Word::Unusable(why, reason) => {
                tally.unusable.get_or_insert((why, reason));
            }
        }
    }
    tally.fold()
}

/// The gravest answer: one that revokes counts whatever others say, one that cannot be used only where none can.
fn words(subject: &Subject<'_>, scope: &Scope<'_>) -> Word {
    let crls = scope
        .evidence
        .crls
        .iter()
        .map(|der| crl::ask(der, subject, scope));
    let ocsp = scope
        .evidence
        .ocsp
        .iter()
        .map(|der| ocsp::ask(der, subject, scope));
    let mut answer = Word::Silent;
    for word in crls.chain(ocsp) {
        answer = match (answer, word) {
            (Word::Revoked(a), Word::Revoked(b)) => {
                Word::Revoked(if b.effective() < a.effective() { b } else { a })
            }
            (Word::Revoked(entry), _) | (_, Word::Revoked(entry)) => Word::Revoked(entry),
            (Word::Good, _) | (_, Word::Good) => Word::Good,
            (Word::Unusable(a, x), Word::Unusable(b, y)) => {
                if b < a {
                    Word::Unusable(b, y)
                } else {
                    Word::Unusable(a, x)
                }
            }
            (Word::Unusable(why, reason), Word::Silent)
            | (Word::Silent, Word::Unusable(why, reason)) => Word::Unusable(why, reason),
            (Word::Silent, Word::Silent) => Word::Silent,
        };
    }
    answer
}

#[derive(Default)]
struct Tally {
    good: usize,
    silent: Vec<String>,
    unusable: Option<(Unusable, String)>,
    revoked: Option<(Time, String)>,
    /// Revoked, but after the signature is known to have existed.
    later: Option<(Time, String)>,
    findings: Vec<Finding>,
}

impl Tally {
    fn revoked(&mut self, certificate: &Certificate, entry: Entry, scope: &Scope<'_>) {
        let date = rfc3339(entry.at);
        let spared = scope.attested && scope.at < entry.effective();
        let defeated = scope.compromise_defeats_timestamps && entry.is_compromise();
        if spared {
            let basis = rfc3339(scope.at);
            self.find(
                &findings::path::REVOKED_AFTER_SIGNING,
                certificate,
                format!(
                    "{} was revoked {date}, after the signature was timestamped {basis}",
                    title(certificate)
                ),
            );
            if entry.is_compromise() {
                self.find(
                    &findings::path::KEY_COMPROMISE,
                    certificate,
                    format!("the key of {} was reported compromised {date}; when it was lost is not known", title(certificate)),
                );
            }
        }
        if spared && !defeated {
            let reason = format!(
                "{} was revoked {date}, after the attested time",
                title(certificate)
            );
            self.later.get_or_insert((entry.at, reason));
        } else {
            let since = match entry.invalid_since {
                Some(since) => format!(" and is invalid since {}", rfc3339(since)),
                None => String::new(),
            };
            let reason = format!("{} was revoked {date}{since}", title(certificate));
            self.revoked.get_or_insert((entry.at, reason));
        }
    }

    fn find(
        &mut self,
        definition: &'static crate::model::finding::Definition,
        certificate: &Certificate,
        message: String,
    ) {
        let evidence = Evidence::certificate(
            Source::Signed,
            certificate.id,
            "serialNumber",
            crate::model::digest::hex(&certificate.serial),
        );
        self.findings
            .push(Finding::new(definition, Status::Review, message).with(evidence));
    }

    fn fold(self) -> Checked {
        let answered = self.good > 0 || self.later.is_some();
        let revocation = |status, reason: String, revoked_at| Revocation {
            status,
            reason,
            revoked_at,
        };
        let unusable = self.unusable.as_ref().map(|(why, _)| *why);
        let revocation = match (self.revoked, self.unusable, self.later) {
            (Some((at, reason)), _, _) => revocation(RevocationStatus::Revoked, reason, Some(at)),
            (None, Some((_, reason)), later) => {
                revocation(RevocationStatus::Unknown, reason, later.map(|(at, _)| at))
            }
            (None, None, later) if answered && !self.silent.is_empty() => revocation(
                RevocationStatus::Unknown,
                format!("no answer for {}", self.silent.join(", ")),
                later.map(|(at, _)| at),
            ),
            (None, None, Some((at, reason))) => {
                revocation(RevocationStatus::Good, reason, Some(at))
            }
            (None, None, None) if answered => revocation(
                RevocationStatus::Good,
                "no certificate below the anchor is revoked".to_owned(),
                None,
            ),
            (None, None, None) => revocation(
                RevocationStatus::NotChecked,
                "no CRL or OCSP answer was at hand".to_owned(),
                None,
            ),
        };
        Checked {
            revocation,
            findings: self.findings,
            unusable,
        }
    }
}
