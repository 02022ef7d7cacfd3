//! From the verdicts of a file's signatures to what they say of the file. One result a signature and never any-of: a good
//! signature does not hide a bad one, and a file without one has none.

use crate::model::digest::hex;
use crate::model::evidence::{Evidence, Source};
use crate::model::extract::{Extract, Signing};
use crate::model::finding::{Finding, Status};
use crate::model::signature::{
    Integrity, Position, RevocationStatus, Signature, Trust, TrustStatus,
};
use crate::verify::findings::file::{
    CERTIFICATE_REVOKED, ONE_SIGNATURE_INVALID, REVOCATION_UNKNOWN, SIGNATURE_EXPIRED,
    SIGNATURE_INVALID, SIGNATURE_MISSING, SIGNATURE_UNVERIFIABLE, SIGNATURE_VALID,
    SIGNER_DISTRUSTED, SIGNER_NOT_TRUSTED, SIGNER_TRUSTED, SIGNING_TIME_NOT_ATTESTED,
    TRUST_NOT_CHECKED, TRUST_UNKNOWN,
};
use crate::verify::profile::Profile;
use crate::verify::store::TrustStore;

/// What the signatures say of the file; `top` where the user named it, not met it inside another. Under UEFI an image that dbx names loses the trust of every signature on it.
pub fn findings(
    extract: &Extract,
    top: bool,
    signatures: &mut [Signature],
    image_sha256: Option<&[u8]>,
    profile: Profile,
    store: &TrustStore,
) -> Vec<Finding> {
    let mut found = Vec::new();
    if profile == Profile::Uefi {
        found.extend(forbidden_image(signatures, image_sha256, store));
    }
    if signatures.iter().all(|s| s.position == Position::Orphan) {
        found.extend(missing(extract, top));
    }
    let mixed = signatures.iter().any(|s| s.integrity == Integrity::Valid)
        && signatures
            .iter()
            .any(|s| matches!(s.integrity, Integrity::Invalid(_)));
    if mixed {
        found.push(Finding::new(
            &ONE_SIGNATURE_INVALID,
            Status::Fail,
            "one signature holds and another does not; no platform says which one counts",
        ));
    }
    for signature in signatures.iter() {
        found.extend(integrity(signature));
        found.extend(trust(signature));
        found.extend(time(signature));
        found.extend(revocation(signature));
    }
    found
}

/// Nobody signs archives, and few sign scripts; of an executable inside something else the container may still be signed.
fn missing(extract: &Extract, top: bool) -> Option<Finding> {
    let status = match (extract.signing, top) {
        (Signing::Expected | Signing::Optional, true) => Status::Fail,
        (Signing::Expected, false) => Status::Review,
        (Signing::Optional, false) | (Signing::None, _) => return None,
    };
    let message = format!(
        "this {} carries no signature that its loader would find",
        extract.format
    );
    Some(Finding::new(&SIGNATURE_MISSING, status, message))
}

fn about(signature: &Signature, finding: Finding) -> Finding {
    let evidence = match &signature.position {
        // It stands in another file.
        Position::Catalog(name) => Evidence {
            source: Source::Derived,
            ..Evidence::entry(format!("catalog/{name}"), hex(&signature.signed_digest))
        },
        Position::Primary | Position::ExtraEntry(_) | Position::Nested(_) | Position::Orphan => {
            Evidence::bytes(
                Source::Embedded,
                signature.span.start,
                signature.span.end.saturating_sub(signature.span.start),
            )
        }
    };
    finding.about(&signature.id).with(evidence)
}

fn integrity(signature: &Signature) -> Option<Finding> {
    let (definition, status, message) = match &signature.integrity {
        Integrity::Valid => (
            &SIGNATURE_VALID,
            Status::Pass,
            "the file is what was signed, and the signature over it holds".to_owned(),
        ),
        Integrity::Invalid(reasons) => (
            &SIGNATURE_INVALID,
            Status::Fail,
            format!("the signature does not hold: {}", reasons.join(", ")),
        ),
        Integrity::Unverifiable(what) => (
            &SIGNATURE_UNVERIFIABLE,
            Status::Unknown,
            format!("not computed with: {what}"),
        ),
    };
    Some(about(signature, Finding::new(definition, status, message)))
}

/// Of a signature that does not hold the chain says nothing more.
fn trust(signature: &Signature) -> Option<Finding> {
    if matches!(signature.integrity, Integrity::Invalid(_)) {
        return None;
    }
    let (definition, status) = match signature.trust.status {
        TrustStatus::Trusted => (&SIGNER_TRUSTED, Status::Pass),
        TrustStatus::Untrusted => (&SIGNER_NOT_TRUSTED, Status::Review),
        TrustStatus::Expired => (&SIGNATURE_EXPIRED, Status::Review),
        TrustStatus::Revoked => (&CERTIFICATE_REVOKED, Status::Fail),
        TrustStatus::Distrusted => (&SIGNER_DISTRUSTED, Status::Fail),
        TrustStatus::Unknown => (&TRUST_UNKNOWN, Status::Unknown),
        TrustStatus::NotChecked => (&TRUST_NOT_CHECKED, Status::Unknown),
    };
    let mut finding = Finding::new(definition, status, signature.trust.reason.clone());
    for (certificate, field) in [
        (signature.trust.chain.first(), "subject"),
        (signature.trust.chain.last(), "subject"),
    ] {
        if let Some(certificate) = certificate {
            let name = certificate
                .subject
                .attributes
                .last()
                .map(|a| a.value.as_str())
                .unwrap_or_default();
            finding = finding.with(Evidence::certificate(
                Source::Embedded,
                certificate.id,
                field,
                name,
            ));
        }
    }
    Some(about(signature, finding))
}

fn time(signature: &Signature) -> Option<Finding> {
    if !signature.timestamps.is_empty() || signature.position == Position::Orphan {
        return None;
    }
    let message =
        "no timestamp: when it was signed is not attested, and it ends with its certificate";
    Some(about(
        signature,
        Finding::new(&SIGNING_TIME_NOT_ATTESTED, Status::Review, message),
    ))
}

fn revocation(signature: &Signature) -> Option<Finding> {
    if matches!(signature.integrity, Integrity::Invalid(_)) {
        return None;
    }
    match signature.revocation.status {
        RevocationStatus::Good | RevocationStatus::Revoked => None,
        RevocationStatus::Unknown | RevocationStatus::NotChecked => Some(about(
            signature,
            Finding::new(
                &REVOCATION_UNKNOWN,
                Status::Unknown,
                signature.revocation.reason.clone(),
            ),
        )),
    }
}

fn forbidden_image(
    signatures: &mut [Signature],
    image_sha256: Option<&[u8]>,
    store: &TrustStore,
) -> Option<Finding> {
    let image: &[u8; 32] = image_sha256?.try_into().ok()?;
    let trusts: Vec<&Trust> = signatures
        .iter()
        .filter(|s| s.integrity == Integrity::Valid)
        .map(|s| &s.trust)
        .collect();
    let finding = store.uefi_verdict(image, &trusts).finding()?;
    for signature in signatures.iter_mut() {
        signature.trust.status = TrustStatus::Distrusted;
        signature.trust.reason.clone_from(&finding.message);
    }
    Some(finding.with(Evidence::entry("trust-roots/uefi", hex(image))))
}
