//! A signed image, judged from its bytes: format, envelope and verification in the order the product runs them.

use std::collections::BTreeSet;
use std::path::Path;

use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::base::time::{Time, parse_rfc3339};
use bonafide::format::pe::Pe;
use bonafide::format::{Error, Format, Sniff, detect};
use bonafide::model::certificate::SharedCertificate;
use bonafide::model::extract::Extract;
use bonafide::model::finding::Finding;
use bonafide::model::signature::{Integrity, Position, Signature, TrustStatus};
use bonafide::verify::authenticode::{self, Context};
use bonafide::verify::certificate;
use bonafide::verify::image::{self, Request};
use bonafide::verify::path::Cache;
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;
use bonafide::verify::store::TrustStore;

use super::bytes;

/// What files are judged by.
pub(crate) struct Bench {
    pub(crate) store: TrustStore,
    pub(crate) now: Time,
    pub(crate) profile: Profile,
    pub(crate) revocation: RevocationEvidence,
    pub(crate) cache: Cache,
}

/// A file, judged.
pub(crate) struct Judged {
    pub(crate) extract: Extract,
    pub(crate) signatures: Vec<Signature>,
}

impl Bench {
    pub(crate) fn at(now: &str) -> Self {
        Self {
            store: TrustStore::bundled(),
            now: parse_rfc3339(now).expect("a time"),
            profile: Profile::Windows,
            revocation: RevocationEvidence::default(),
            cache: Cache::default(),
        }
    }

    /// With the certificates of a PEM file as anchors.
    pub(crate) fn with_roots(mut self, pem: &Path) -> Self {
        self.store = self.store.with_user(certificates(pem));
        self
    }

    /// As an image.
    pub(crate) fn judge(&self, file: &[u8]) -> Result<Judged, Error> {
        self.judge_as(&Pe, file)
    }

    /// As what its name and content make it.
    pub(crate) fn judge_named(&self, name: &str, file: &[u8]) -> Result<Judged, Error> {
        let held = file.to_vec();
        let sniff = Sniff {
            name,
            ..Sniff::of(&held)
        };
        self.judge_as(detect(&sniff).expect("a format that is read"), file)
    }

    fn judge_as(&self, format: &dyn Format, file: &[u8]) -> Result<Judged, Error> {
        let file = file.to_vec();
        let budget = Budget::start(Limits::default(), &Stopped);
        let extract = format.extract(&file, &budget)?;
        let opened = authenticode::open(&extract.signatures);
        let scan = image::scan(
            &file,
            &Request {
                covered: &opened.covered(),
                pages: &opened.pages(),
                ..Request::default()
            },
            &budget,
        )
        .expect("a file in memory can be read");
        let anchors = self.store.anchors(self.profile);
        let signatures = authenticode::judge(
            &opened,
            &scan,
            &Context {
                now: self.now,
                profile: self.profile,
                anchors: &anchors,
                issuers: &self.store,
                revocation: &self.revocation,
                cache: &self.cache,
            },
        );
        Ok(Judged {
            extract,
            signatures,
        })
    }
}

impl Judged {
    /// Signatures that something points to.
    pub(crate) fn counted(&self) -> impl Iterator<Item = &Signature> {
        self.signatures
            .iter()
            .filter(|s| s.position != Position::Orphan)
    }

    /// Every signature of the file holds and carries trust, and there is one.
    pub(crate) fn is_valid(&self) -> bool {
        self.counted().next().is_some() && self.counted().all(is_valid)
    }

    pub(crate) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.extract
            .findings
            .iter()
            .chain(self.signatures.iter().flat_map(|s| &s.findings))
    }

    pub(crate) fn ids(&self) -> BTreeSet<&'static str> {
        self.findings().map(|f| f.definition.id).collect()
    }

    /// Why signatures do not hold or carry no trust, as ids.
    pub(crate) fn reasons(&self) -> BTreeSet<&'static str> {
        let mut reasons = BTreeSet::new();
        for signature in self.counted().filter(|s| !is_valid(s)) {
            if let Integrity::Invalid(faults) = &signature.integrity {
                reasons.extend(faults.iter().copied());
            }
            reasons.extend(signature.trust.faults.iter().copied());
        }
        reasons
    }

    /// One line a signature, for a failing test to show.
    pub(crate) fn shown(&self) -> String {
        self.signatures
            .iter()
            .map(|s| {
                let ids: Vec<&str> = s.findings.iter().map(|f| f.definition.id).collect();
                let stamps: Vec<String> = s
                    .timestamps
                    .iter()
                    .map(|t| format!("{} {:?} {}", t.kind.name(), t.integrity, t.reason))
                    .collect();
                format!(
                    "{} {:?} {} {:?} ({}) {:?} {stamps:?}\n",
                    s.id,
                    s.integrity,
                    s.trust.status.name(),
                    s.trust.faults,
                    s.trust.reason,
                    ids
                )
            })
            .collect()
    }
}

/// Integrity holds and the chain carries trust.
pub(crate) fn is_valid(signature: &Signature) -> bool {
    signature.integrity == Integrity::Valid && signature.trust.status == TrustStatus::Trusted
}

/// The certificates of a PEM file.
pub(crate) fn certificates(pem: &Path) -> Vec<SharedCertificate> {
    let text = String::from_utf8(bytes(pem)).expect("PEM");
    text.split("-----BEGIN CERTIFICATE-----")
        .skip(1)
        .map(|block| {
            let body: String = block
                .split("-----END")
                .next()
                .unwrap_or_default()
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect();
            certificate::read(&base64(&body))
                .expect("a certificate")
                .into()
        })
        .collect()
}

/// RFC 4648, for PEM in suites.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0u32;
    let mut held = 0;
    let mut out = Vec::new();
    for byte in text.bytes().filter(|b| *b != b'=') {
        let value = ALPHABET.iter().position(|a| *a == byte).expect("base64");
        bits = (bits << 6) | u32::try_from(value).expect("six bits");
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).expect("eight bits"));
        }
    }
    out
}
