//! The certificate of a signer or a clock under the chain that the trusted root gives: no path is searched, it is the one that stands
//! there.

use crate::base::time::{Time, rfc3339};
use crate::envelope::sigstore::Authority;
use crate::model::certificate::Certificate;
use crate::verify::certificate;
use crate::verify::crypto::{self, Answer};

/// id-kp-codeSigning.
const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
/// id-kp-timeStamping.
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
/// keyUsage bit digitalSignature (RFC 5280 section 4.2.1.3).
const DIGITAL_SIGNATURE: u16 = 1;
/// keyUsage bit keyCertSign.
const KEY_CERT_SIGN: u16 = 1 << 5;
/// Extensions that may be critical, because they are looked at: key usage, alternative name, basic constraints, extended key usage.
const UNDERSTOOD: [&str; 4] = ["2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.37"];

/// What a leaf must be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Sign code.
    Code,
    /// Sign timestamps.
    Time,
}

/// An authority with its certificates read.
#[derive(Debug, Clone)]
pub(super) struct Chain<'r> {
    pub(super) authority: &'r Authority,
    /// As they stand in the trusted root.
    pub(super) certificates: Vec<Certificate>,
}

impl<'r> Chain<'r> {
    /// `None` where a certificate of the trusted root cannot be read.
    pub(super) fn read(authority: &'r Authority) -> Option<Self> {
        let certificates: Result<Vec<_>, _> = authority
            .chain
            .iter()
            .map(|der| certificate::read(der))
            .collect();
        Some(Self {
            authority,
            certificates: certificates.ok()?,
        })
    }
}

/// Whether `issuer` signed `subject`.
pub(super) fn issued(issuer: &Certificate, subject: &Certificate) -> Answer {
    if issuer.subject.raw != subject.issuer.raw || !subject.algorithms_agree {
        return Answer::Invalid;
    }
    crypto::verify_message(
        &issuer.spki,
        &subject.signature_algorithm,
        None,
        subject.tbs(),
        &subject.signature,
    )
}

/// What is wrong with a leaf by itself.
pub(super) fn leaf_problem(leaf: &Certificate, purpose: Purpose) -> Option<String> {
    let extensions = &leaf.extensions;
    if !extensions.duplicates.is_empty() || !extensions.malformed.is_empty() {
        return Some("the certificate has extensions that are repeated or cannot be read".into());
    }
    if let Some(unknown) = unknown_critical(leaf) {
        return Some(unknown);
    }
    if extensions.basic_constraints.is_some_and(|(ca, _)| ca) {
        return Some("the certificate is one of an authority".into());
    }
    if extensions
        .key_usage
        .is_none_or(|bits| bits & DIGITAL_SIGNATURE == 0)
    {
        return Some("the certificate may not make signatures".into());
    }
    let wanted = match purpose {
        Purpose::Code => CODE_SIGNING,
        Purpose::Time => TIME_STAMPING,
    };
    let purposes = extensions.extended_key_usage.as_deref().unwrap_or_default();
    if !purposes.iter().any(|oid| oid.is(wanted)) {
        return Some("the certificate is for another purpose".into());
    }
    None
}

fn unknown_critical(certificate: &Certificate) -> Option<String> {
    certificate
        .extensions
        .all
        .iter()
        .find(|(oid, critical, _)| *critical && !UNDERSTOOD.iter().any(|known| oid.is(known)))
        .map(|(oid, _, _)| format!("critical extension {oid} is not understood"))
}

/// What is wrong with the links from `leaf` up through `issuers`, the first of which issued it.
pub(super) fn links_problem(leaf: &Certificate, issuers: &[Certificate]) -> Option<String> {
    let mut below = leaf;
    for (depth, issuer) in (0u32..).zip(issuers) {
        match issued(issuer, below) {
            Answer::Valid => {}
            Answer::Invalid => return Some("a certificate is not signed by its issuer".into()),
            Answer::Unsupported(what) => return Some(format!("not computed with: {what}")),
        }
        let may_issue = match issuer.extensions.basic_constraints {
            Some((true, limit)) => limit.is_none_or(|limit| depth <= limit),
            Some((false, _)) | None => false,
        };
        let signs = issuer
            .extensions
            .key_usage
            .is_none_or(|bits| bits & KEY_CERT_SIGN != 0);
        if !may_issue || !signs {
            return Some("an issuer may not issue certificates".into());
        }
        if let Some(unknown) = unknown_critical(issuer) {
            return Some(unknown);
        }
        below = issuer;
    }
    None
}

/// The first certificate that `at` is outside of, or the authority's window in the trusted root.
pub(super) fn validity_problem(
    leaf: &Certificate,
    issuers: &[Certificate],
    authority: &Authority,
    at: Time,
) -> Option<String> {
    let what = if !authority.valid.contains(at) {
        "the time for which the trusted root names its authority"
    } else if !(leaf.not_before..=leaf.not_after).contains(&at) {
        "the certificate's validity"
    } else if !issuers
        .iter()
        .all(|c| (c.not_before..=c.not_after).contains(&at))
    {
        "the validity of an issuer's certificate"
    } else {
        return None;
    };
    Some(format!("{} is outside {what}", rfc3339(at)))
}
