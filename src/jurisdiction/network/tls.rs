//! What a server's certificates say: whose authority issued them, for which host, for which time.
//!
//! Links are checked by their signatures up to a root of the public list that ships. Name constraints and revocation are not
//! judged here: the question is who vouches for the host, not whether a browser would go there.

use super::assess::{Asked, Draft};
use super::findings;
use crate::base::der::{Reader, tag};
use crate::base::time::rfc3339;
use crate::identity::subject;
use crate::model::certificate::{Certificate, SharedCertificate};
use crate::model::claim::{Aspect, Jurisdiction, Strength};
use crate::model::endpoint::Host;
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Finding, Status};
use crate::model::infrastructure::Tls;
use crate::verify::crypto::{Answer, verify_message};

/// Links followed; public chains have at most four.
const MAX_LINKS: usize = 8;
/// Names of a certificate that are compared; large ones carry a few hundred.
const MAX_NAMES: usize = 2000;
/// GeneralName's tag numbers (RFC 5280 section 4.2.1.6).
const DNS: u8 = 2;
const IP: u8 = 7;

pub(super) fn judge(host: &Host, tls: &Tls, asked: &Asked<'_>, draft: &mut Draft) {
    let Some(leaf) = tls.chain.first() else {
        return;
    };
    let field = |c: &Certificate, name: &str, text: &str| {
        Evidence::certificate(Source::Network, c.id, name, text)
    };
    if !is_for(leaf, host) {
        draft.findings.push(
            Finding::new(
                &findings::TLS_NAME_MISMATCH,
                Status::Review,
                format!("the certificate that {host} shows is for other hosts"),
            )
            .with(field(leaf, "extensions.2.5.29.17", "")),
        );
    }
    if asked.now < leaf.not_before || asked.now > leaf.not_after {
        draft.findings.push(
            Finding::new(
                &findings::TLS_CERTIFICATE_NOT_CURRENT,
                Status::Review,
                format!(
                    "the certificate that {host} shows is valid from {} to {}",
                    rfc3339(leaf.not_before),
                    rfc3339(leaf.not_after)
                ),
            )
            .with(field(leaf, "validity", "")),
        );
    }
    let (public, top) = reaches_public_root(leaf, &tls.chain, asked);
    if !public {
        let issuer = subject::first(&top.issuer, &subject::ORGANIZATION)
            .or_else(|| subject::first(&top.issuer, &subject::COMMON_NAME));
        draft.findings.push(
            Finding::new(
                &findings::TLS_AUTHORITY_UNKNOWN,
                Status::Review,
                format!(
                    "the chain that {host} shows ends at {}, which no public root list at hand names: a private authority, or one that \
                     reads the traffic on the way",
                    issuer.unwrap_or("an authority without a name")
                ),
            )
            .with(field(top, "issuer", issuer.unwrap_or_default())),
        );
    }
    authority(leaf, tls, asked, draft);
}

/// The issuing authority's operator, by the table; its own words are worth less, and those of a private authority nothing.
fn authority(leaf: &SharedCertificate, tls: &Tls, asked: &Asked<'_>, draft: &mut Draft) {
    let issuing = tls.chain.get(1);
    let by_certificate = issuing.and_then(|c| asked.operators.by_certificate(&c.id));
    let organization = subject::first(&leaf.issuer, &subject::ORGANIZATION);
    let by_name = || organization.and_then(|o| asked.operators.by_organization(o));
    let evidence = Evidence::certificate(
        Source::Network,
        leaf.id,
        "issuer.O",
        organization.unwrap_or_default(),
    );
    let Some(operator) = by_certificate.or_else(by_name) else {
        let country = subject::first(&leaf.issuer, &subject::COUNTRY);
        let country = country.map(str::to_ascii_uppercase);
        if let Some(country) = country.filter(|c| super::is_iso_country(c)) {
            draft.claim(
                Aspect::PkiOperator,
                Jurisdiction::country(country),
                "issuer of the server's certificate: its own countryName".into(),
                Strength::Low,
                "certificates that the server shows".into(),
                asked.lookup_date(),
                vec![evidence],
            );
        }
        return;
    };
    let strength = if operator.verified && by_certificate.is_some() {
        Strength::High
    } else if operator.verified {
        Strength::Medium
    } else {
        Strength::Low
    };
    draft.claim(
        Aspect::PkiOperator,
        Jurisdiction::country(operator.country.as_str()),
        format!("issuer of the server's certificate: {}", operator.name),
        strength,
        "operators of certificate and timestamp authorities".into(),
        operator.as_of(),
        vec![evidence, operator.evidence()],
    );
}

/// Follows the chain by name and signature; also says where it ended.
fn reaches_public_root<'c>(
    leaf: &'c SharedCertificate,
    chain: &'c [SharedCertificate],
    asked: &Asked<'_>,
) -> (bool, &'c SharedCertificate) {
    let mut at = leaf;
    for _ in 0..MAX_LINKS {
        if asked.anchors.get(&at.id).is_some() {
            return (true, at);
        }
        let anchors = asked.anchors.issued_by(&at.issuer);
        if anchors.iter().any(|a| signed(at, &a.certificate)) {
            return (true, at);
        }
        let next = chain
            .iter()
            .find(|c| c.subject.raw == at.issuer.raw && c.id != at.id && signed(at, c));
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    (false, at)
}

fn signed(certificate: &Certificate, by: &Certificate) -> bool {
    let answer = verify_message(
        &by.spki,
        &certificate.signature_algorithm,
        None,
        certificate.tbs(),
        &certificate.signature,
    );
    match answer {
        Answer::Valid => true,
        Answer::Invalid | Answer::Unsupported(_) => false,
    }
}

/// Whether subjectAltName names the host (RFC 9525 section 6; the common name is not looked at).
fn is_for(leaf: &Certificate, host: &Host) -> bool {
    let Some(value) = &leaf.extensions.subject_alt_name else {
        return false;
    };
    let mut input = Reader::der(value);
    let Ok(list) = input.expect(tag::SEQUENCE, "") else {
        return false;
    };
    let mut members = list.reader();
    for _ in 0..MAX_NAMES {
        if members.is_empty() {
            return false;
        }
        let Ok(name) = members.any() else {
            return false;
        };
        let fits = match (name.tag & 0x1f, host) {
            (DNS, Host::Name(host)) => {
                std::str::from_utf8(name.value).is_ok_and(|pattern| covers(pattern, host))
            }
            (IP, Host::Ip(std::net::IpAddr::V4(ip))) => name.value == ip.octets(),
            (IP, Host::Ip(std::net::IpAddr::V6(ip))) => name.value == ip.octets(),
            _ => false,
        };
        if fits {
            return true;
        }
    }
    false
}

/// A wildcard is a whole first label and stands for one label (RFC 9525 section 6.3).
fn covers(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(rest) => host
            .split_once('.')
            .is_some_and(|(first, tail)| !first.is_empty() && tail.eq_ignore_ascii_case(rest)),
        None => pattern.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_wildcard_is_one_label() {
        assert!(covers("*.example.com", "www.example.com"));
        assert!(covers("EXAMPLE.com", "example.com"));
        for host in [
            "example.com",
            "a.b.example.com",
            "wwwexample.com",
            ".example.com",
        ] {
            assert!(!covers("*.example.com", host), "{host}");
        }
    }
}
