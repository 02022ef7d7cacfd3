//! Certificates of the set that no verified path used. Nothing signs the set as a whole, so each is either accounted for or named.

use std::collections::BTreeMap;

use crate::model::certificate::{CertificateId, SharedCertificate};
use crate::model::finding::Status;
use crate::model::signature::{Timestamp, Trust};
use crate::verify::authenticode::Context;
use crate::verify::crypto::Answer;
use crate::verify::findings::signature as f;
use crate::verify::path;
use crate::verify::profile::Profile;
use crate::verify::signer::notes::{Notes, Place};
use crate::verify::signer::pool::Pool;

/// Signatures computed over certificates that no path needs; a stuffed set must not cost more than a chain search does.
const MAX_CHECKS: usize = 400;

/// Certificates that paths and signatures account for.
pub(crate) type Used = BTreeMap<CertificateId, SharedCertificate>;

/// Those of a signature with its timestamps, whose certificates may stand in the signature's own set.
pub(crate) fn used(
    trust: &Trust,
    timestamps: &[Timestamp],
    signer: Option<&SharedCertificate>,
) -> Used {
    let stamps = timestamps
        .iter()
        .flat_map(|t| chain(&t.trust, t.signer.as_ref()));
    chain(trust, signer).chain(stamps).collect()
}

/// Those of one chain.
pub(crate) fn chain<'a>(
    trust: &'a Trust,
    signer: Option<&'a SharedCertificate>,
) -> impl Iterator<Item = (CertificateId, SharedCertificate)> + 'a {
    trust
        .chain
        .iter()
        .chain(signer)
        .map(|c| (c.id, SharedCertificate::clone(c)))
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
pub(crate) fn check(
    pool: &Pool,
    place: Place,
    used: &Used,
    context: &Context<'_>,
    notes: &mut Notes<'_>,
) {
    if context.profile == Profile::IntegrityOnly {
        return;
    }
    let on_paths: Vec<SharedCertificate> = used.values().cloned().collect();
    let unrelated = path::unrelated(&pool.certificates, &on_paths);
    let mut checks = MAX_CHECKS;
    let mut unknown = Vec::new();
    for certificate in &pool.certificates {
        if used.contains_key(&certificate.id) {
            continue;
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
        notes.note(
            &f::UNRELATED_CERTS_PRESENT,
            Status::Review,
            format!(
                "{} certificates of the set have no part in the signature, the first is {}",
                unrelated.len(),
                first.id
            ),
            place.clone(),
        );
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
        match context.cache.certificate(&issuer, certificate) {
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
