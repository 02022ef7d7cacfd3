//! Claims from the authorities behind a signature: who operates the issuer, the root and the timestamp authority.
//!
//! Code Signing BR section 3.2.8: an authority must not issue EV certificates to applicants on denied lists *under the law of
//! its own jurisdiction*; that is why the operator's country is a claim of its own.

use std::collections::BTreeSet;

use super::Assessed;
use super::findings;
use super::operators::{Operator, Operators};
use crate::identity::{is_country_code, subject};
use crate::model::certificate::{Certificate, SharedCertificate};
use crate::model::claim::{Aspect, Claim, Jurisdiction, Strength};
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Finding, Status};
use crate::model::party::{Party, PartyId, Role, Validation};
use crate::model::signature::{Integrity, Signature};

/// Who an authority is, by the best rule that answers.
struct Authority<'o> {
    operator: Option<&'o Operator>,
    name: String,
    country: Option<String>,
    basis: &'static str,
    strength: Strength,
    evidence: Vec<Evidence>,
}

/// The operators of the issuing authority and of the root.
pub(super) fn issuer(
    party: &mut Party,
    signature: &Signature,
    operators: &Operators,
    assessed: &mut Assessed,
) {
    let Some(leaf) = &signature.signer else {
        return;
    };
    let chain: Vec<&SharedCertificate> = signature.trust.chain.iter().skip(1).collect();
    let found = match chain.first() {
        Some(issuing) => identify(issuing, operators),
        None => by_issuer_name(leaf, operators),
    };
    let Some(found) = found else {
        assessed.findings.push(
            Finding::new(
                &findings::PKI_OPERATOR_UNKNOWN,
                Status::Unknown,
                "the issuing authority's operator and country are not known",
            )
            .about(&signature.id)
            .party(&party.id)
            .with(Evidence::certificate(
                Source::Embedded,
                leaf.id,
                "issuer",
                "",
            )),
        );
        return;
    };
    let root = chain
        .last()
        .filter(|root| chain.len() > 1 && root.subject.raw != leaf.issuer.raw)
        .and_then(|root| identify(root, operators));
    if let (Some(Some(top)), Some(issuing)) = (root.as_ref().map(|r| r.operator), found.operator)
        && top.id != issuing.id
    {
        assessed.findings.push(
            Finding::new(
                &findings::ISSUER_OPERATED_EXTERNALLY,
                Status::Pass,
                format!(
                    "the issuing authority is operated by {}, its root by {}",
                    issuing.name, top.name
                ),
            )
            .about(&signature.id)
            .party(&party.id)
            .with(issuing.evidence())
            .with(top.evidence()),
        );
    }
    let known = known(&found);
    if let Some(root) = root
        && self::known(&root) != known
    {
        add(
            party,
            assessed,
            signature,
            root,
            Aspect::PkiOperator,
            "root",
        );
    }
    add(
        party,
        assessed,
        signature,
        found,
        Aspect::PkiOperator,
        "issuing authority",
    );
}

/// The operator of each timestamp authority whose token holds.
pub(super) fn timestamps(
    party: &mut Party,
    signature: &Signature,
    operators: &Operators,
    assessed: &mut Assessed,
) {
    for timestamp in &signature.timestamps {
        let holds = match timestamp.integrity {
            Integrity::Valid => true,
            Integrity::Invalid(_) | Integrity::Unverifiable(_) => false,
        };
        let Some(signer) = timestamp.signer.as_ref().filter(|_| holds) else {
            continue;
        };
        match identify(signer, operators).or_else(|| by_issuer_name(signer, operators)) {
            Some(found) => add(
                party,
                assessed,
                signature,
                found,
                Aspect::TsaOperator,
                "timestamp authority",
            ),
            None => assessed.findings.push(
                Finding::new(
                    &findings::TSA_OPERATOR_UNKNOWN,
                    Status::Unknown,
                    "the timestamp authority's operator and country are not known",
                )
                .about(&signature.id)
                .party(&party.id)
                .with(Evidence::certificate(
                    Source::Embedded,
                    signer.id,
                    "subject",
                    "",
                )),
            ),
        }
    }
}

fn known(authority: &Authority<'_>) -> Option<String> {
    authority
        .operator
        .map(|o| o.id.clone())
        .or_else(|| authority.country.clone())
}

/// By the table's certificates, then by its organisation names, then by what the certificate says of itself.
fn identify<'o>(certificate: &Certificate, operators: &'o Operators) -> Option<Authority<'o>> {
    let named = |field: &str, value: &str| {
        Evidence::certificate(Source::Embedded, certificate.id, field, value)
    };
    let organization = subject::first(&certificate.subject, &subject::ORGANIZATION);
    if let Some(operator) = operators.by_certificate(&certificate.id) {
        return Some(by_table(
            operator,
            "operator table, by certificate",
            Strength::High,
            named("certificate", &certificate.id.to_string()),
        ));
    }
    if let Some(operator) = organization.and_then(|o| operators.by_organization(o)) {
        return Some(by_table(
            operator,
            "operator table, by the authority's organizationName",
            Strength::Medium,
            named("subject.O", organization.unwrap_or_default()),
        ));
    }
    let country = subject::first(&certificate.subject, &subject::COUNTRY)?;
    by_words(
        country,
        organization,
        "the authority certificate's own countryName",
        named("subject.C", country),
    )
}

/// By the issuer name alone, where the authority's certificate is not at hand.
fn by_issuer_name<'o>(
    certificate: &Certificate,
    operators: &'o Operators,
) -> Option<Authority<'o>> {
    let named = |field: &str, value: &str| {
        Evidence::certificate(Source::Embedded, certificate.id, field, value)
    };
    let organization = subject::first(&certificate.issuer, &subject::ORGANIZATION);
    // A self-issued certificate names itself as its authority; that says nothing about any operator.
    if certificate.is_self_issued() {
        return None;
    }
    if let Some(operator) = organization.and_then(|o| operators.by_organization(o)) {
        return Some(by_table(
            operator,
            "operator table, by the issuer's organizationName",
            Strength::Medium,
            named("issuer.O", organization.unwrap_or_default()),
        ));
    }
    let country = subject::first(&certificate.issuer, &subject::COUNTRY)?;
    by_words(
        country,
        organization,
        "countryName of the issuer name",
        named("issuer.C", country),
    )
}

fn by_table<'o>(
    operator: &'o Operator,
    basis: &'static str,
    strength: Strength,
    evidence: Evidence,
) -> Authority<'o> {
    Authority {
        operator: Some(operator),
        name: operator.name.clone(),
        country: Some(operator.country.clone()),
        basis,
        strength: if operator.verified {
            strength
        } else {
            Strength::Low
        },
        evidence: vec![evidence, operator.evidence()],
    }
}

fn by_words<'o>(
    country: &str,
    organization: Option<&str>,
    basis: &'static str,
    evidence: Evidence,
) -> Option<Authority<'o>> {
    let country = country.to_ascii_uppercase();
    is_country_code(&country).then(|| Authority {
        operator: None,
        name: organization.unwrap_or("an unnamed authority").to_owned(),
        country: Some(country),
        basis,
        strength: Strength::Low,
        evidence: vec![evidence],
    })
}

fn add(
    party: &mut Party,
    assessed: &mut Assessed,
    signature: &Signature,
    authority: Authority<'_>,
    aspect: Aspect,
    part: &str,
) {
    let role = if aspect == Aspect::TsaOperator {
        Role::TimestampAuthority
    } else {
        Role::CertificateAuthority
    };
    let id = PartyId(match authority.operator {
        Some(operator) => format!("operator:{}", operator.id),
        None => format!("operator:{}", crate::identity::handle(&authority.name)),
    });
    if let Some(country) = &authority.country {
        let claim = Claim {
            party: party.id.clone(),
            aspect,
            jurisdiction: Jurisdiction::country(country.as_str()),
            basis: format!("{part}: {}", authority.basis),
            strength: authority.strength,
            source: match authority.operator {
                Some(_) => "operators of certificate and timestamp authorities".to_owned(),
                None => format!("certificates of signature {}", signature.id),
            },
            as_of: authority.operator.and_then(Operator::as_of),
            valid_from: None,
            valid_to: None,
            evidence: authority.evidence.clone(),
        };
        let known = party.claims.iter().any(|c| {
            c.aspect == claim.aspect
                && c.jurisdiction == claim.jurisdiction
                && c.evidence == claim.evidence
        });
        if !known {
            party.claims.push(claim);
        }
    }
    assessed.authorities.push(Party {
        id,
        name: authority.name,
        names: Vec::new(),
        roles: BTreeSet::from([role]),
        certificate: None,
        validation: Validation::Unknown,
        validation_rule: authority.basis.to_owned(),
        countries: authority.country.into_iter().collect(),
        identifiers: Vec::new(),
        vendor: None,
        claims: Vec::new(),
        matches: Vec::new(),
    });
}
