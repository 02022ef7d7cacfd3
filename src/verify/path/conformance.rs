//! What RFC 5280 asks of authorities and real ones did not always do. None of it makes a signature false, so only a judgement
//! by that profile counts it.

use super::check::{Examined, KEY_CERT_SIGN};
use super::extension as ext;
use super::fault::Fault;
use super::time;
use crate::model::certificate::{Certificate, SharedCertificate};

/// Checks every certificate, the anchor included.
pub(super) fn check(path: &[SharedCertificate], out: &mut Examined) {
    for (position, certificate) in path.iter().enumerate() {
        let issues = position > 0;
        // Who issued an anchor is nobody's question.
        let has_issuer = position.saturating_add(1) < path.len();
        for (broken, what) in broken(certificate, issues, has_issuer) {
            if broken {
                out.fault(Fault::Nonconforming, certificate, what);
            }
        }
    }
}

fn broken(certificate: &Certificate, issues: bool, has_issuer: bool) -> [(bool, &'static str); 14] {
    let extensions = &certificate.extensions;
    let critical = |oid: &[u8]| {
        extensions
            .all
            .iter()
            .find(|(o, _, _)| o.as_der() == oid)
            .map(|(_, critical, _)| *critical)
    };
    let claims_ca = matches!(extensions.basic_constraints, Some((true, _)));
    let certifies = extensions.key_usage.map(|bits| bits & KEY_CERT_SIGN != 0);
    [
        (
            !certificate.algorithms_agree,
            "names two signature algorithms (section 4.1.1.2)",
        ),
        (
            certificate.issuer.attributes.is_empty(),
            "names no issuer (section 4.1.2.4)",
        ),
        (
            issues && certificate.subject.attributes.is_empty(),
            "is an authority without a name (section 4.1.2.6)",
        ),
        (
            certificate.not_after < certificate.not_before
                || time::compare(certificate, certificate.not_before).is_ne(),
            "ends before it begins (section 4.1.2.5)",
        ),
        (
            critical(ext::AUTHORITY_KEY_ID) == Some(true),
            "has a critical authority key identifier (section 4.2.1.1)",
        ),
        (
            has_issuer && extensions.authority_key_id.is_none() && !certificate.is_self_issued(),
            "has no authority key identifier (section 4.2.1.1)",
        ),
        (
            critical(ext::SUBJECT_KEY_ID) == Some(true),
            "has a critical subject key identifier (section 4.2.1.2)",
        ),
        (
            (issues || claims_ca) && extensions.subject_key_id.is_none(),
            "is an authority without a subject key identifier (section 4.2.1.2)",
        ),
        (
            issues && critical(ext::BASIC_CONSTRAINTS) != Some(true),
            "is an authority without critical basic constraints (section 4.2.1.9)",
        ),
        (
            claims_ca && certifies == Some(false),
            "is an authority whose key usage does not allow it (section 4.2.1.9)",
        ),
        (
            !claims_ca && certifies == Some(true),
            "may sign certificates but is no authority (section 4.2.1.9)",
        ),
        (
            extensions.name_constraints.is_some()
                && (!claims_ca || critical(ext::NAME_CONSTRAINTS) != Some(true)),
            "has name constraints that are not critical or not an authority's (section 4.2.1.10)",
        ),
        (
            critical(ext::POLICY_CONSTRAINTS) == Some(false),
            "has policy constraints that are not critical (section 4.2.1.11)",
        ),
        (
            critical(ext::AUTHORITY_INFO_ACCESS) == Some(true),
            "has critical authority information (section 4.2.2.1)",
        ),
    ]
}
