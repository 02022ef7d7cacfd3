//! The checks on one complete path, leaf first and anchor last (RFC 5280 section 6.1, from the code signer's side).

use std::cmp::Ordering;

use super::constraints;
use super::extension as ext;
use super::fault::{Defect, Fault};
use super::rules::{Rules, Usage};
use super::strength::{self, Basis};
use super::{Purpose, conformance, time};
use crate::model::certificate::{Certificate, SharedCertificate};
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Definition, Finding, Status};
use crate::verify::crypto;
use crate::verify::findings;

/// keyUsage bits (RFC 5280 section 4.2.1.3).
const DIGITAL_SIGNATURE: u16 = 1;
const NON_REPUDIATION: u16 = 1 << 1;
pub(super) const KEY_CERT_SIGN: u16 = 1 << 5;

/// What a path is examined for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) purpose: Purpose,
    pub(super) rules: &'a Rules,
    pub(super) basis: Basis,
    /// The leaf's validity may not be extended, and it would have been.
    pub(super) lifetime: bool,
}

/// What came to light about a path.
#[derive(Debug, Clone, Default)]
pub(super) struct Examined {
    pub(super) defects: Vec<Defect>,
    pub(super) notes: Vec<Finding>,
}

impl Examined {
    pub(super) fn fault(&mut self, fault: Fault, certificate: &Certificate, what: impl AsRef<str>) {
        let detail = format!("{} {}", title(certificate), what.as_ref());
        self.defects.push(Defect::new(fault, detail));
    }

    pub(super) fn note(
        &mut self,
        definition: &'static Definition,
        status: Status,
        certificate: &Certificate,
        field: &str,
        message: impl Into<String>,
    ) {
        let evidence =
            Evidence::certificate(Source::Embedded, certificate.id, field, title(certificate));
        self.notes
            .push(Finding::new(definition, status, message).with(evidence));
    }
}

/// A certificate by its common name, else organisation, else hash; hostile text.
pub(crate) fn title(certificate: &Certificate) -> String {
    let attributes = &certificate.subject.attributes;
    let named = [ext::COMMON_NAME, ext::ORGANIZATION]
        .iter()
        .find_map(|oid| attributes.iter().find(|a| a.oid.as_der() == *oid));
    match named {
        Some(attribute) => format!("\u{201c}{}\u{201d}", attribute.value),
        None => certificate.id.to_string(),
    }
}

/// Examines a path. A path of one certificate is a leaf that is itself the anchor: nothing above it could constrain it.
pub(super) fn examine(
    path: &[SharedCertificate],
    question: &Question<'_>,
    comparisons: &mut usize,
) -> Examined {
    let mut out = Examined::default();
    let Some((anchor, below)) = path.split_last() else {
        out.defects
            .push(Defect::new(Fault::NoPath, "an empty path"));
        return out;
    };
    let rules = question.rules;
    let leaf = path.first().unwrap_or(anchor);

    for certificate in path {
        check_extensions(certificate, &mut out);
        if rules.strength {
            let is_anchor = certificate.id == anchor.id && !below.is_empty();
            strength::check_key(certificate, is_anchor, rules, &mut out);
        }
    }
    for certificate in below {
        if !certificate.algorithms_agree {
            out.defects.push(algorithms_differ(certificate));
        }
        if rules.strength {
            strength::check_hash(certificate, rules, question.basis, &mut out);
        }
    }
    check_leaf(leaf, question, &mut out);
    check_validity(path, question, &mut out);
    if !below.is_empty() {
        check_anchor(anchor, &mut out);
        check_issuers(below, question, &mut out);
        check_path_lengths(path, &mut out);
        if let Err(violation) = constraints::check(path, rules.conformance, comparisons) {
            out.defects.push(violation);
        }
    }
    if rules.conformance {
        conformance::check(path, &mut out);
    }
    out
}

/// The outer signatureAlgorithm is not the signed one (RFC 5280 section 4.1.1.2).
pub(super) fn algorithms_differ(certificate: &Certificate) -> Defect {
    Defect::new(
        Fault::AlgorithmMismatch,
        format!(
            "{} names two signature algorithms, of which only the inner one is signed",
            title(certificate)
        ),
    )
}

/// What no path may rest on, wherever it stands (RFC 5280 section 4.2; RFC 5480 section 2.1.1 for the curve).
fn check_extensions(certificate: &Certificate, out: &mut Examined) {
    if crypto::key(&certificate.spki).is_ok_and(|key| key.explicit_parameters) {
        out.fault(
            Fault::ExplicitEcParameters,
            certificate,
            "spells out its curve instead of naming it, as forgeries of CVE-2020-0601 do",
        );
    }
    let extensions = &certificate.extensions;
    if let Some(oid) = extensions.duplicates.first() {
        out.fault(
            Fault::DuplicateExtension,
            certificate,
            format!("has the extension {oid} more than once"),
        );
    }
    if let Some(oid) = extensions.malformed.first() {
        out.fault(
            Fault::MalformedExtension,
            certificate,
            format!("has an extension {oid} that cannot be decoded"),
        );
    }
    for (oid, critical, _) in &extensions.all {
        if *critical && !ext::UNDERSTOOD.contains(&oid.as_der()) {
            out.fault(
                Fault::UnknownCriticalExtension,
                certificate,
                format!("has the critical extension {oid}, which is not understood"),
            );
        }
        if *critical && ext::POLICY.contains(&oid.as_der()) {
            out.note(
                &findings::path::POLICY_CONSTRAINTS_NOT_CHECKED,
                Status::Unknown,
                certificate,
                "extensions",
                format!("the path constrains certificate policies (extension {oid}), which are not evaluated"),
            );
        }
    }
}

fn check_leaf(leaf: &Certificate, question: &Question<'_>, out: &mut Examined) {
    check_usage(leaf, question, out);
    let asked = match question.purpose {
        Purpose::CodeSigning | Purpose::TrustListSigning => DIGITAL_SIGNATURE,
        // RFC 3161 section 2.3 leaves it open which of the two a timestamp authority has.
        Purpose::TimeStamping => DIGITAL_SIGNATURE | NON_REPUDIATION,
        Purpose::Any => return,
    };
    if let Some(bits) = leaf.extensions.key_usage
        && question.rules.leaf_key_usage
        && bits & asked == 0
    {
        out.fault(
            Fault::LeafKeyUsage,
            leaf,
            "has a key usage without digital signature",
        );
    }
}

fn check_usage(leaf: &Certificate, question: &Question<'_>, out: &mut Examined) {
    let stated = leaf.extensions.extended_key_usage.as_deref();
    let has = |usage: &[u8]| stated.is_some_and(|list| list.iter().any(|o| o.as_der() == usage));
    match question.rules.usage {
        Usage::Ignored => {}
        Usage::WherePresent(usage) => {
            if stated.is_some() && !has(usage) && !has(ext::ANY_USAGE) {
                out.fault(Fault::MissingUsage, leaf, "is not for this usage");
            }
        }
        Usage::Stated { any } => {
            let (usage, fault) = match question.purpose {
                Purpose::CodeSigning => (ext::CODE_SIGNING, Fault::MissingCodeSigning),
                Purpose::TimeStamping => (ext::TIME_STAMPING, Fault::MissingTimeStamping),
                Purpose::TrustListSigning => (ext::TRUST_LIST_SIGNING, Fault::MissingUsage),
                Purpose::Any => return,
            };
            // RFC 3161 section 2.3: timeStamping alone. That the extension be critical is asked too, and often not done.
            if question.purpose == Purpose::TimeStamping && has(usage) {
                if stated.is_some_and(|list| list.iter().any(|o| o.as_der() != usage)) {
                    out.fault(
                        Fault::TimeStampingNotExclusive,
                        leaf,
                        "is for more than time stamping",
                    );
                } else if !leaf.extensions.extended_key_usage_critical {
                    out.note(
                        &findings::path::TSA_EKU_NOT_CRITICAL,
                        Status::Review,
                        leaf,
                        "extensions.2.5.29.37",
                        "timestamp authority whose extended key usage is not critical",
                    );
                }
                return;
            }
            let by_any = any && question.purpose == Purpose::CodeSigning && has(ext::ANY_USAGE);
            if !has(usage) && !by_any {
                out.fault(fault, leaf, missing(question.purpose, stated.is_none()));
            }
        }
    }
}

fn missing(purpose: Purpose, absent: bool) -> &'static str {
    match (purpose, absent) {
        (_, true) => "states no extended key usage",
        (Purpose::CodeSigning, false) => "is not for code signing",
        (Purpose::TimeStamping, false) => "is not for time stamping",
        (Purpose::TrustListSigning, false) => "is not for signing trust lists",
        (Purpose::Any, false) => "is not for this usage",
    }
}

/// Dates of everything below the anchor, and of the anchor where the rules ask (RFC 5280 section 6.1.3 (a)(2)).
fn check_validity(path: &[SharedCertificate], question: &Question<'_>, out: &mut Examined) {
    let rules = question.rules;
    for (position, certificate) in path.iter().enumerate() {
        let is_anchor = position > 0 && position.saturating_add(1) == path.len();
        if !rules.validity || (is_anchor && !rules.anchor_validity) {
            continue;
        }
        if certificate.not_after < certificate.not_before {
            out.fault(
                Fault::ValidityInverted,
                certificate,
                "ends before it begins",
            );
            continue;
        }
        let until = crate::base::time::rfc3339(certificate.not_after);
        match time::compare(certificate, question.basis.at) {
            Ordering::Equal => {}
            Ordering::Less => out.fault(
                Fault::NotYetValid,
                certificate,
                format!(
                    "is valid from {} only",
                    crate::base::time::rfc3339(certificate.not_before)
                ),
            ),
            Ordering::Greater if is_anchor => {
                out.fault(
                    Fault::AnchorExpired,
                    certificate,
                    format!("expired {until}"),
                );
            }
            Ordering::Greater if position == 0 && question.lifetime => out.fault(
                Fault::ExpiredLifetimeSigning,
                certificate,
                format!("expired {until} and is for lifetime signing, which no timestamp extends"),
            ),
            Ordering::Greater => {
                out.fault(Fault::Expired, certificate, format!("expired {until}"));
            }
        }
    }
}

/// An anchor is trusted as it is, but one that says it is no authority is trusted for itself only.
fn check_anchor(anchor: &Certificate, out: &mut Examined) {
    let signs = anchor
        .extensions
        .key_usage
        .map(|bits| bits & KEY_CERT_SIGN != 0);
    let is_ca = match anchor.extensions.basic_constraints {
        Some((ca, _)) => ca && signs != Some(false),
        // Version 1 has no extensions, and roots of the 1990s none that say.
        None => signs != Some(false),
    };
    if !is_ca {
        out.fault(
            Fault::AnchorNotACa,
            anchor,
            "is an anchor but no certification authority",
        );
    }
}

/// Issuing certificates below the anchor (RFC 5280 section 6.1.4 (k), (n)), and the nesting of usages that Windows and the
/// CA/Browser Forum apply.
fn check_issuers(below: &[SharedCertificate], question: &Question<'_>, out: &mut Examined) {
    let usage = match (question.rules.usage, question.purpose) {
        (Usage::Ignored, _) | (Usage::Stated { .. }, Purpose::Any) => None,
        (Usage::WherePresent(usage), _) => Some(usage),
        (Usage::Stated { .. }, Purpose::CodeSigning) => Some(ext::CODE_SIGNING),
        (Usage::Stated { .. }, Purpose::TimeStamping) => Some(ext::TIME_STAMPING),
        (Usage::Stated { .. }, Purpose::TrustListSigning) => Some(ext::TRUST_LIST_SIGNING),
    };
    for issuer in below.iter().skip(1) {
        // Version 1 cannot say that it is an authority; it is one only as an anchor.
        let ca = matches!(issuer.extensions.basic_constraints, Some((true, _)));
        if issuer.version != 2 || !ca {
            out.fault(
                Fault::NotACa,
                issuer,
                "issues certificates but is no certification authority",
            );
        }
        if issuer
            .extensions
            .key_usage
            .is_some_and(|bits| bits & KEY_CERT_SIGN == 0)
        {
            out.fault(
                Fault::IssuerKeyUsage,
                issuer,
                "issues certificates but its key usage does not allow it",
            );
        }
        let permits = match (usage, &issuer.extensions.extended_key_usage) {
            (Some(usage), Some(list)) => list
                .iter()
                .any(|o| o.as_der() == usage || o.as_der() == ext::ANY_USAGE),
            _ => true,
        };
        if !permits {
            out.fault(
                Fault::UsageNotPermittedByIssuer,
                issuer,
                "may issue certificates for other usages only",
            );
        }
    }
}

/// pathLenConstraint counts the certificates between the issuer and the leaf, self-issued ones left out (RFC 5280 section 4.2.1.9).
fn check_path_lengths(path: &[SharedCertificate], out: &mut Examined) {
    let mut following: u32 = 0;
    for issuer in path.iter().skip(1) {
        if let Some((_, Some(limit))) = issuer.extensions.basic_constraints
            && following > limit
        {
            out.fault(
                Fault::PathLength,
                issuer,
                format!("allows {limit} issuers below it and has {following}"),
            );
        }
        if !issuer.is_self_issued() {
            following = following.saturating_add(1);
        }
    }
}
