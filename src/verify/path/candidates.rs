//! Who could have issued a certificate. Names lie: several keys run under one name, one key under several, and the order of
//! certificates in an envelope means nothing. So all are found, the likelier ones first.

use std::collections::HashMap;
use std::sync::Arc;

use super::names;
use crate::base::time::Time;
use crate::model::certificate::{Certificate, CertificateId, Name, SharedCertificate};

/// Certificates at hand, by subject.
pub(super) struct Candidates<'a> {
    supplied: &'a [SharedCertificate],
    by_encoding: HashMap<&'a [u8], Vec<usize>>,
    by_normal_form: HashMap<Vec<u8>, Vec<usize>>,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(supplied: &'a [SharedCertificate]) -> Self {
        let mut by_encoding: HashMap<&[u8], Vec<usize>> = HashMap::new();
        let mut by_normal_form: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (index, certificate) in supplied.iter().enumerate() {
            by_encoding
                .entry(&certificate.subject.raw)
                .or_default()
                .push(index);
            by_normal_form
                .entry(names::normal_octets(&certificate.subject))
                .or_default()
                .push(index);
        }
        Self {
            supplied,
            by_encoding,
            by_normal_form,
        }
    }

    /// Supplied certificates whose subject is `issuer`: by encoding, then by comparison; each once.
    pub(super) fn issued_by(&self, issuer: &Name) -> Vec<SharedCertificate> {
        let mut found: Vec<usize> = self
            .by_encoding
            .get(issuer.raw.as_slice())
            .cloned()
            .unwrap_or_default();
        let same = self.by_normal_form.get(&names::normal_octets(issuer));
        for index in same.into_iter().flatten() {
            if !found.contains(index) {
                found.push(*index);
            }
        }
        let mut seen = std::collections::HashSet::new();
        found
            .into_iter()
            .filter_map(|index| self.supplied.get(index))
            .filter(|certificate| seen.insert(certificate.id))
            .map(Arc::clone)
            .collect()
    }
}

/// How well an issuer's key identifier answers the one that the certificate names. A hint: authorities get it wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyMatch {
    /// Equal.
    Yes,
    /// One of them is missing.
    Open,
    /// Different.
    No,
}

/// Compares authorityKeyIdentifier with subjectKeyIdentifier (RFC 5280 section 4.2.1.1).
pub(super) fn key_match(certificate: &Certificate, issuer: &Certificate) -> KeyMatch {
    match (
        &certificate.extensions.authority_key_id,
        &issuer.extensions.subject_key_id,
    ) {
        (Some(asked), Some(own)) if asked == own => KeyMatch::Yes,
        (Some(_), Some(_)) => KeyMatch::No,
        _ => KeyMatch::Open,
    }
}

/// Sorts likelier issuers first: key identifier, in validity, a certification authority, the later one; the hash last, so that
/// the order of the input never decides.
pub(super) fn rank(issuers: &mut [SharedCertificate], certificate: &Certificate, at: Time) {
    issuers.sort_by_cached_key(|issuer| {
        let valid = issuer.not_before <= at && at <= issuer.not_after;
        let authority = matches!(issuer.extensions.basic_constraints, Some((true, _)));
        (
            key_match(certificate, issuer),
            !valid,
            !authority,
            std::cmp::Reverse(issuer.not_after),
            issuer.id,
        )
    });
}

/// Certificates in `supplied` that could not be part of any path up from those in `chain`: nothing that they could have
/// issued, directly or through others, is on it.
pub fn unrelated(
    supplied: &[SharedCertificate],
    chain: &[SharedCertificate],
) -> Vec<SharedCertificate> {
    let candidates = Candidates::new(supplied);
    let mut related: std::collections::HashSet<CertificateId> =
        chain.iter().map(|c| c.id).collect();
    let mut open: Vec<SharedCertificate> = chain.to_vec();
    // Each certificate is opened once.
    while let Some(certificate) = open.pop() {
        for issuer in candidates.issued_by(&certificate.issuer) {
            if related.insert(issuer.id) {
                open.push(issuer);
            }
        }
    }
    let mut seen = related;
    supplied
        .iter()
        .filter(|c| seen.insert(c.id))
        .map(Arc::clone)
        .collect()
}
