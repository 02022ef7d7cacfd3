//! Certificates of the set that no verified path used. Nothing signs the set as a whole, so each is either accounted for or named.

use std::collections::BTreeSet;

use crate::model::certificate::{CertificateId, SharedCertificate};
use crate::model::cms::SignedData;
use crate::model::finding::{Finding, Status};
use crate::model::signature::{Timestamp, Trust};
use crate::verify::authenticode::Context;
use crate::verify::crypto::{self, Answer};
use crate::verify::findings::signature as f;
use crate::verify::profile::Profile;
use crate::verify::signer::notes::Notes;
use crate::verify::signer::pool::Pool;

/// Signatures computed over certificates that no path needs; a stuffed set must not cost more than a chain search does.
const MAX_CHECKS: usize = 400;

/// Certificates that paths and signatures account for.
pub(super) fn used(
    trust: &Trust,
    timestamps: &[Timestamp],
    signer: Option<&SharedCertificate>,
) -> BTreeSet<CertificateId> {
    let chains = timestamps
        .iter()
        .flat_map(|t| t.trust.chain.iter().chain(&t.signer));
    trust
        .chain
        .iter()
        .chain(signer)
        .chain(chains)
        .map(|c| c.id)
        .collect()
}

/// What came to light about one certificate.
enum State {
    /// An issuer at hand signed it.
    Sound,
    /// Issuers of its name are at hand and none of them signed it.
    Damaged,
    /// Its issuer is not at hand, or signs with what is not computed.
    Unknown,
}

/// Notes certificates beside the paths: unrelated ones, damaged ones, ones that nothing at hand can vouch for.
pub(super) fn check(
    signed: &SignedData,
    pool: &Pool,
    used: &BTreeSet<CertificateId>,
    context: &Context<'_>,
    notes: &mut Notes<'_>,
) {
    let place = 0..signed.encoded_len;
    if context.profile == Profile::IntegrityOnly {
        return;
    }
    let related = related(pool, used);
    let mut checks = MAX_CHECKS;
    let mut unrelated = Vec::new();
    let mut unknown = Vec::new();
    for certificate in &pool.certificates {
        if used.contains(&certificate.id) {
            continue;
        }
        if !related.contains(&certificate.id) {
            unrelated.push(certificate);
        }
        match state(certificate, pool, context, &mut checks) {
            State::Sound => {}
            State::Damaged => notes.fail(
                &f::DAMAGED_CERTIFICATE,
                format!(
                    "certificate {} of the set does not carry its issuer's signature",
                    certificate.id
                ),
                place.clone(),
            ),
            State::Unknown => unknown.push(certificate),
        }
    }
    if let Some(first) = unrelated.first()
        && !notes.has(&f::UNRELATED_CERTS_PRESENT)
    {
        notes.push(Finding::new(
            &f::UNRELATED_CERTS_PRESENT,
            Status::Review,
            format!(
                "{} certificates of the set have no part in the signature, the first is {}",
                unrelated.len(),
                first.id
            ),
        ));
    }
    if let Some(first) = unknown.first() {
        notes.note(
            &f::UNVERIFIED_CERTIFICATE,
            Status::Review,
            format!(
                "{} certificates of the set that no path used could not be checked, the first is {}",
                unknown.len(),
                first.id
            ),
            place,
        );
    }
}

/// Used ones and, step by step, whatever carries the name of an issuer of theirs: cross-certificates and roots are related
/// though the path took another way.
fn related(pool: &Pool, used: &BTreeSet<CertificateId>) -> BTreeSet<CertificateId> {
    let mut related = used.clone();
    let mut frontier: Vec<&SharedCertificate> = pool
        .certificates
        .iter()
        .filter(|c| used.contains(&c.id))
        .collect();
    // Each certificate enters the frontier once, so the set's limit bounds this.
    while let Some(subject) = frontier.pop() {
        for issuer in &pool.certificates {
            if issuer.subject.raw == subject.issuer.raw && related.insert(issuer.id) {
                frontier.push(issuer);
            }
        }
    }
    related
}

fn state(
    certificate: &SharedCertificate,
    pool: &Pool,
    context: &Context<'_>,
    checks: &mut usize,
) -> State {
    if !certificate.algorithms_agree {
        return State::Damaged;
    }
    if context.anchors.get(&certificate.id).is_some() {
        return State::Sound;
    }
    let supplied = pool
        .certificates
        .iter()
        .filter(|c| c.subject.raw == certificate.issuer.raw)
        .cloned();
    let bundled = context.issuers.issued_by(&certificate.issuer);
    let anchors = context
        .anchors
        .issued_by(&certificate.issuer)
        .into_iter()
        .map(|a| a.certificate);
    let mut state = State::Unknown;
    for issuer in supplied.chain(bundled).chain(anchors) {
        let Some(left) = checks.checked_sub(1) else {
            return State::Unknown;
        };
        *checks = left;
        let answer = crypto::verify_message(
            &issuer.spki,
            &certificate.signature_algorithm,
            None,
            certificate.tbs(),
            &certificate.signature,
        );
        match answer {
            Answer::Valid => return State::Sound,
            Answer::Unsupported(_) => return State::Unknown,
            Answer::Invalid => {
                if is_named(certificate, &issuer) {
                    state = State::Damaged;
                }
            }
        }
    }
    state
}

/// `issuer` is the very one that the certificate means: authorities run several keys under one name, so the name alone says little.
fn is_named(certificate: &SharedCertificate, issuer: &SharedCertificate) -> bool {
    if certificate.id == issuer.id {
        return true;
    }
    match (
        &certificate.extensions.authority_key_id,
        &issuer.extensions.subject_key_id,
    ) {
        (Some(authority), Some(subject)) => authority == subject,
        _ => false,
    }
}
