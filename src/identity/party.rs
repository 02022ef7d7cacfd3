//! From a signature to the party that its certificate names.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::identifiers::{self, REGISTRATION_NUMBER};
use super::look_alike;
use super::name::{Parenthesis, fold, parenthesis};
use super::subject::{self, distinct, first};
use super::validation::validation;
use super::{country_findings, findings_of};
use crate::model::certificate::Certificate;
use crate::model::digest::hex;
use crate::model::evidence::Source;
use crate::model::finding::Finding;
use crate::model::party::{Identifier, Party, PartyId, Role, Validation};
use crate::model::signature::{Integrity, Position, Signature, TrustStatus};

/// A party with what was noticed on the way to it.
#[derive(Debug, Clone)]
pub struct Identified {
    /// The party.
    pub party: Party,
    /// About its certificate; each names the party.
    pub findings: Vec<Finding>,
}

/// The party behind a signature; `None` where the signature names no certificate that is at hand.
pub fn identify(signature: &Signature) -> Option<Identified> {
    let certificate = signature.signer.as_ref()?;
    let (role, source) = standing(signature);
    let mut identified = from_certificate(certificate, role, source);
    for finding in &mut identified.findings {
        finding.signature = Some(signature.id.clone());
    }
    Some(identified)
}

/// The part that the signature lets its certificate's subject play, and what its fields are worth as evidence.
///
/// A name is an identity only where the signature holds and an authority of the programme vouched for it. Expiry and
/// revocation do not undo that it vouched; a chain to nowhere means that nobody did.
pub fn standing(signature: &Signature) -> (Role, Source) {
    let holds = match signature.integrity {
        Integrity::Valid => true,
        Integrity::Invalid(_) | Integrity::Unverifiable(_) => false,
    };
    let vouched = match signature.trust.status {
        TrustStatus::Trusted | TrustStatus::Expired | TrustStatus::Revoked => true,
        TrustStatus::Untrusted
        | TrustStatus::Distrusted
        | TrustStatus::Unknown
        | TrustStatus::NotChecked => false,
    };
    if !holds || !vouched {
        return (Role::ClaimedSigner, Source::Embedded);
    }
    match signature.position {
        Position::Primary | Position::Catalog(_) => (Role::Signer, Source::Signed),
        Position::ExtraEntry(_) | Position::Nested(_) => (Role::CoSigner, Source::Signed),
        // Nothing points to it, so the file's signer did not choose it.
        Position::Orphan => (Role::ClaimedSigner, Source::Embedded),
    }
}

/// The party that a certificate's subject names.
pub fn from_certificate(certificate: &Certificate, role: Role, source: Source) -> Identified {
    let subject_name = &certificate.subject;
    let organization = first(subject_name, &subject::ORGANIZATION);
    let common_name = first(subject_name, &subject::COMMON_NAME);
    let name = organization
        .or(common_name)
        .or_else(|| first(subject_name, &subject::ORGANIZATIONAL_UNIT))
        .unwrap_or_default()
        .to_owned();
    let mut names = Vec::new();
    match parenthesis(&name) {
        Some(Parenthesis::LegalName { trade, legal }) => names.extend([legal, trade]),
        Some(Parenthesis::ShortName { legal, short }) => names.extend([legal, short]),
        None => {}
    }
    names.extend(
        distinct(subject_name, &subject::ORGANIZATION)
            .into_iter()
            .map(str::to_owned),
    );
    names.extend(common_name.map(str::to_owned));
    let mut seen = BTreeSet::from([name.clone()]);
    names.retain(|n| seen.insert(n.clone()));

    let (level, rule) = validation(certificate);
    let (ids, mut findings) = identifiers::read(certificate, source);
    findings.extend(look_alike::findings(certificate, source));
    findings.extend(country_findings(certificate, source));

    let countries = countries(certificate, &ids);
    let id = party_id(role, &name, &countries, level, &ids, certificate);
    let party = Party {
        id: id.clone(),
        name,
        names,
        roles: BTreeSet::from([role]),
        certificate: Some(certificate.id),
        validation: level,
        validation_rule: rule,
        countries,
        identifiers: ids,
        vendor: None,
        claims: Vec::new(),
        matches: Vec::new(),
    };
    Identified {
        findings: findings_of(findings, &id),
        party,
    }
}

/// Countries that the certificate's own fields give, for matching by name and country.
fn countries(certificate: &Certificate, ids: &[Identifier]) -> BTreeSet<String> {
    let name = &certificate.subject;
    distinct(name, &subject::COUNTRY)
        .into_iter()
        .chain(distinct(name, &subject::JURISDICTION_COUNTRY))
        .map(str::to_ascii_uppercase)
        .chain(
            ids.iter()
                .filter(|i| i.scheme == REGISTRATION_NUMBER)
                .filter_map(|i| i.jurisdiction.as_deref()?.get(..2).map(str::to_owned)),
        )
        .filter(|c| crate::identity::is_country_code(c))
        .collect()
}

/// A handle derived from what identifies the party, so that one party of two signatures is one. What is only claimed never
/// shares a handle with what is vouched for, and two people of one name are told apart by their keys.
fn party_id(
    role: Role,
    name: &str,
    countries: &BTreeSet<String>,
    level: Validation,
    ids: &[Identifier],
    certificate: &Certificate,
) -> PartyId {
    let mut id = String::new();
    if role == Role::ClaimedSigner {
        id.push_str("claimed:");
    }
    id.push_str(&handle(name));
    for country in countries {
        id.push('.');
        id.push_str(&country.to_ascii_lowercase());
    }
    match level {
        Validation::Extended => {
            if let Some(number) = ids.iter().find(|i| i.scheme == REGISTRATION_NUMBER) {
                id.push('.');
                id.push_str(&number.value.to_ascii_lowercase());
            }
        }
        Validation::Organization | Validation::Platform => {}
        Validation::Individual | Validation::Unknown => {
            id.push('.');
            id.push_str(&hex(certificate.spki_sha256.get(..4).unwrap_or_default()));
        }
    }
    PartyId(id)
}

/// Longest readable part of a handle.
const MAX_SLUG: usize = 48;

/// A readable, safe handle for a hostile text. Where folding to ASCII loses something, a digest of the text keeps handles apart.
pub fn handle(text: &str) -> String {
    let folded = fold(text);
    let plain: String = folded
        .chars()
        .map(|c| if c == ' ' { '-' } else { c })
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(MAX_SLUG)
        .collect();
    let plain = plain.trim_matches('-');
    if plain.len() == folded.len() && !plain.is_empty() {
        return plain.to_owned();
    }
    let digest: [u8; 32] = Sha256::digest(folded.as_bytes()).into();
    let digest = hex(digest.get(..4).unwrap_or_default());
    if plain.is_empty() {
        format!("party-{digest}")
    } else {
        format!("{plain}-{digest}")
    }
}

/// Adds a party to those of a report; one that is there already gains what the other knows.
pub fn merge(parties: &mut BTreeMap<PartyId, Party>, party: Party) {
    let Some(known) = parties.get_mut(&party.id) else {
        parties.insert(party.id.clone(), party);
        return;
    };
    known.roles.extend(party.roles);
    known.countries.extend(party.countries);
    for name in party.names {
        if name != known.name && !known.names.contains(&name) {
            known.names.push(name);
        }
    }
    for id in party.identifiers {
        if !known.identifiers.iter().any(|k| {
            (&k.scheme, &k.jurisdiction, &k.value) == (&id.scheme, &id.jurisdiction, &id.value)
        }) {
            known.identifiers.push(id);
        }
    }
    for claim in party.claims {
        if !known.claims.contains(&claim) {
            known.claims.push(claim);
        }
    }
    // Extended before organisation before the rest: the better-vouched reading of one and the same handle.
    if party.validation < known.validation {
        known.validation = party.validation;
        known.validation_rule = party.validation_rule;
    }
    if known.certificate.is_none() {
        known.certificate = party.certificate;
    }
}

#[cfg(test)]
mod tests {
    use super::handle;

    #[test]
    fn handles_are_safe_and_do_not_collide_where_folding_loses_letters() {
        assert_eq!(handle("AO Kaspersky Lab"), "ao-kaspersky-lab");
        assert_ne!(
            handle("成都密思听科技有限公司"),
            handle("深圳市腾讯计算机系统有限公司")
        );
        for hostile in ["", "\u{1b}[2J\u{202e}<b>", "../../etc", &"x".repeat(10_000)] {
            let handle = handle(hostile);
            assert!(
                !handle.is_empty()
                    && handle.len() < 64
                    && handle
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || c == '-'),
                "{handle}"
            );
        }
    }
}
