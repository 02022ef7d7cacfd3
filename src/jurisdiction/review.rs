//! Contradictions between claims. Run once more after the vendor registry has added its own.

use std::collections::BTreeSet;

use super::findings;
use crate::identity::is_country_code;
use crate::model::claim::{Aspect, Claim, Strength};
use crate::model::finding::{Finding, Status};
use crate::model::party::{Party, Role};

/// Aspects of which a party has one answer, so that two are a contradiction. Owners and authorities may be several.
const SINGLE: [Aspect; 2] = [Aspect::Incorporation, Aspect::PlaceOfBusiness];

/// Compares the party's claims: contradictions inside one aspect lower every claim of it to low, and are findings. A seat
/// other than the place of business is lawful, and worth knowing.
pub fn review(party: &mut Party) -> Vec<Finding> {
    let mut found = Vec::new();
    for aspect in SINGLE {
        let countries = countries(&weighty(&party.claims, aspect));
        if countries.len() < 2 {
            continue;
        }
        let mut finding = Finding::new(
            &findings::JURISDICTION_CLAIMS_CONFLICT,
            Status::Review,
            format!(
                "{} says {}; no answer is preferred",
                aspect.name(),
                countries.iter().cloned().collect::<Vec<_>>().join(" and ")
            ),
        )
        .party(&party.id);
        for claim in party.claims.iter_mut().filter(|c| c.aspect == aspect) {
            claim.strength = Strength::Low;
            finding.evidence.extend(claim.evidence.iter().cloned());
        }
        found.push(finding);
    }
    let seats = weighty(&party.claims, Aspect::Incorporation);
    let places = weighty(&party.claims, Aspect::PlaceOfBusiness);
    if seats.is_empty() {
        if !party.roles.iter().copied().any(signed) {
            return found;
        }
        found.push(
            Finding::new(
                &findings::INCORPORATION_UNKNOWN,
                Status::Unknown,
                format!("nothing at hand says where {} is incorporated", party.name),
            )
            .party(&party.id),
        );
    } else if !places.is_empty() && countries(&seats).is_disjoint(&countries(&places)) {
        let list = |claims: &[&Claim]| countries(claims).into_iter().collect::<Vec<_>>().join(", ");
        let mut finding = Finding::new(
            &findings::JURISDICTION_DIFFERS_FROM_PLACE,
            Status::Review,
            format!(
                "incorporated in {}, place of business {}",
                list(&seats),
                list(&places)
            ),
        )
        .party(&party.id);
        finding.evidence.extend(
            seats
                .iter()
                .chain(&places)
                .flat_map(|c| c.evidence.iter().cloned()),
        );
        found.push(finding);
    }
    found
}

/// The seat is asked of whom a signature names; of an authority, its operator's country is a claim about the signer, and a
/// maker in the file's own words has no evidence at all.
fn signed(role: Role) -> bool {
    match role {
        Role::Signer | Role::CoSigner | Role::ClaimedSigner => true,
        Role::CertificateAuthority | Role::TimestampAuthority | Role::DeclaredVendor => false,
    }
}

/// Claims of one aspect that carry weight; where none does, all.
fn weighty(claims: &[Claim], aspect: Aspect) -> Vec<&Claim> {
    let of_aspect = || {
        claims
            .iter()
            .filter(move |c| c.aspect == aspect && is_country_code(&c.jurisdiction.country))
    };
    let strong: Vec<&Claim> = of_aspect().filter(|c| c.strength > Strength::Low).collect();
    if strong.is_empty() {
        of_aspect().collect()
    } else {
        strong
    }
}

fn countries(claims: &[&Claim]) -> BTreeSet<String> {
    claims
        .iter()
        .map(|c| c.jurisdiction.country.clone())
        .collect()
}
