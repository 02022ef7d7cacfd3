//! From the subject of a certificate to the party it names.
//!
//! Reads CA/B Forum Code Signing Baseline Requirements 3.10.0, EV Guidelines 2.0.2 and S/MIME Baseline Requirements 1.0.10.
//! What a certificate says is a claim of its issuer; whether the issuer may be believed is `verify`'s answer, and a name
//! that no trusted issuer vouched for is kept apart as a claimed one.

pub mod declared;
mod extension;
pub mod findings;
pub mod identifiers;
pub mod lei;
mod look_alike;
pub mod name;
pub mod organization_identifier;
mod party;
pub mod publisher;
pub mod register_number;
pub mod subject;
mod validation;

pub use party::{Identified, from_certificate, handle, identify, merge, standing};
pub use validation::validation;

use crate::model::certificate::Certificate;
use crate::model::evidence::Source;
use crate::model::finding::{Finding, Status};
use crate::model::party::PartyId;

/// Two capital letters that are not `XX`, the code for "no ISO code exists" (Code Signing BR section 7.1.4.2.3).
pub fn is_country_code(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) && code != "XX"
}

/// Country fields that contradict each other or name no country.
fn country_findings(certificate: &Certificate, source: Source) -> Vec<Finding> {
    let mut found = Vec::new();
    for kind in [&subject::COUNTRY, &subject::JURISDICTION_COUNTRY] {
        let values = subject::distinct(&certificate.subject, kind);
        let evidence = || {
            values
                .iter()
                .map(|v| subject::evidence(certificate, source, kind, v))
        };
        if values.len() > 1 {
            let mut finding = Finding::new(
                &findings::SEVERAL_COUNTRIES_IN_SUBJECT,
                Status::Review,
                format!("the subject has {} as {}", values.join(" and "), kind.label),
            );
            finding.evidence.extend(evidence());
            found.push(finding);
        }
        if let Some(odd) = values
            .iter()
            .find(|v| !is_country_code(&v.to_ascii_uppercase()))
        {
            let mut finding = Finding::new(
                &findings::COUNTRY_CODE_UNKNOWN,
                Status::Unknown,
                format!(
                    "{} of the subject is `{odd}`, which names no country",
                    kind.label
                ),
            );
            finding.evidence.extend(evidence());
            found.push(finding);
        }
    }
    found
}

/// The findings, each about `party`.
fn findings_of(findings: Vec<Finding>, party: &PartyId) -> Vec<Finding> {
    findings.into_iter().map(|f| f.party(party)).collect()
}
