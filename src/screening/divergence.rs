//! Where the answers about one product part: the signer's seat against its owner's, against the maker's that the file names, against
//! another signer's, against the hosts that updates come from. A divergence proves no intent and breaks no rule by itself; it is what a
//! person who decides about trust has to have seen.
//!
//! Only claims are compared. Where either side has none, nothing is said: the absence has findings of its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::identity::findings::DECLARED_VENDOR_DIFFERS;
use crate::model::analysis::Subject;
use crate::model::claim::{Aspect, Claim, Strength};
use crate::model::endpoint::{EndpointKind, Host};
use crate::model::evidence::Evidence;
use crate::model::finding::{Definition, Finding, Status};
use crate::model::infrastructure::HostFacts;
use crate::model::party::{Party, PartyId, Role};
use crate::model::signature::Integrity;
use crate::screening::findings::{
    MAKER_ABROAD, OWNER_ABROAD, SIGNERS_OF_TWO_COUNTRIES, UPDATES_FROM_ABROAD,
};

/// Hosts named in one message.
const MAX_NAMED: usize = 5;

/// What of a host says under whose law it is. Its location is not asked, since sources differ and an anycast address has none; nor is
/// the registry of its name, since half the world is registered under `.com`.
const OF_HOSTS: [Aspect; 2] = [Aspect::NetworkHolder, Aspect::HostingOperator];

/// Adds to each subject what diverges in it; what is true of a party anywhere is said on the first subject that it signs.
pub fn divergences(
    subjects: &mut [Subject],
    parties: &BTreeMap<PartyId, Party>,
    hosts: &BTreeMap<Host, HostFacts>,
) {
    let mut said: BTreeSet<PartyId> = BTreeSet::new();
    for subject in subjects {
        let signers: Vec<&Party> = subject
            .signatures
            .iter()
            .filter(|s| s.integrity == Integrity::Valid)
            .filter_map(|s| subject.signers.get(&s.id))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .filter_map(|id| parties.get(id))
            .filter(|party| vouched(party))
            .collect();
        let mut found: Vec<Finding> = Vec::new();
        for party in &signers {
            if said.insert(party.id.clone()) {
                found.extend(owners(party));
            }
        }
        found.extend(of_two_countries(&signers));
        found.extend(makers(subject, parties));
        found.extend(updates(subject, &signers, hosts));
        subject.findings.append(&mut found);
    }
}

/// Behind a signature that does not hold stands nobody.
fn vouched(party: &Party) -> bool {
    party
        .roles
        .iter()
        .any(|role| matches!(role, Role::Signer | Role::CoSigner))
}

/// Countries of some claims, with what they rest on.
#[derive(Debug, Default)]
struct Seats<'a> {
    countries: BTreeSet<&'a str>,
    evidence: Vec<&'a Evidence>,
}

impl<'a> Seats<'a> {
    fn of(claims: &'a [Claim], aspects: &[Aspect]) -> Self {
        let mut seats = Self::default();
        for claim in claims
            .iter()
            .filter(|c| aspects.contains(&c.aspect) && c.strength > Strength::Low)
        {
            seats.countries.insert(&claim.jurisdiction.country);
            seats.evidence.extend(&claim.evidence);
        }
        seats
    }

    /// Where it is incorporated; where nothing says so, its place of business.
    fn of_party(party: &'a Party) -> Self {
        let incorporated = Self::of(&party.claims, &[Aspect::Incorporation]);
        if incorporated.countries.is_empty() {
            return Self::of(&party.claims, &[Aspect::PlaceOfBusiness]);
        }
        incorporated
    }

    /// Both are known and have nothing in common.
    fn parts_from(&self, other: &Self) -> bool {
        !self.countries.is_empty()
            && !other.countries.is_empty()
            && self.countries.is_disjoint(&other.countries)
    }

    fn listed(&self) -> String {
        self.countries
            .iter()
            .copied()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn finding(definition: &'static Definition, message: String, sides: [&Seats<'_>; 2]) -> Finding {
    let mut finding = Finding::new(definition, Status::Review, message);
    let mut seen = BTreeSet::new();
    let evidence = sides.iter().flat_map(|side| side.evidence.iter().copied());
    finding
        .evidence
        .extend(evidence.filter(|e| seen.insert((*e).clone())).cloned());
    finding
}

fn owners(party: &Party) -> Option<Finding> {
    let seat = Seats::of_party(party);
    let owner = Seats::of(&party.claims, &[Aspect::Owner, Aspect::Controller]);
    seat.parts_from(&owner).then(|| {
        let message = format!(
            "{}: seat {}, owner or controller {}",
            party.name,
            seat.listed(),
            owner.listed()
        );
        finding(&OWNER_ABROAD, message, [&seat, &owner]).party(&party.id)
    })
}

fn of_two_countries(signers: &[&Party]) -> Option<Finding> {
    let (first, others) = signers.split_first()?;
    let seat = Seats::of_party(first);
    others.iter().find_map(|other| {
        let theirs = Seats::of_party(other);
        seat.parts_from(&theirs).then(|| {
            let message = format!(
                "signed by {} ({}) and by {} ({})",
                first.name,
                seat.listed(),
                other.name,
                theirs.listed()
            );
            finding(&SIGNERS_OF_TWO_COUNTRIES, message, [&seat, &theirs])
                .party(&first.id)
                .party(&other.id)
        })
    })
}

/// A maker that the file names beside its signer, where the registry knows its seat.
fn makers(subject: &Subject, parties: &BTreeMap<PartyId, Party>) -> Vec<Finding> {
    let named = subject.findings.iter().filter(|f| {
        std::ptr::eq(f.definition, &DECLARED_VENDOR_DIFFERS) && f.status != Status::Pass
    });
    named
        .filter_map(|f| {
            let [signer, maker] = f.parties.as_slice() else {
                return None;
            };
            let (signer, maker) = (parties.get(signer)?, parties.get(maker)?);
            let (seat, theirs) = (Seats::of_party(signer), Seats::of_party(maker));
            (vouched(signer) && seat.parts_from(&theirs)).then(|| {
                let message = format!(
                    "signed by {} ({}), made by {} ({}) as the file says",
                    signer.name,
                    seat.listed(),
                    maker.name,
                    theirs.listed()
                );
                finding(&MAKER_ABROAD, message, [&seat, &theirs])
                    .party(&signer.id)
                    .party(&maker.id)
            })
        })
        .collect()
}

/// Hosts that updates and downloads come from, none of which is where a signer is.
fn updates(
    subject: &Subject,
    signers: &[&Party],
    hosts: &BTreeMap<Host, HostFacts>,
) -> Option<Finding> {
    let mut seat = Seats::default();
    for party in signers {
        let of_party = Seats::of_party(party);
        seat.countries.extend(of_party.countries);
        seat.evidence.extend(of_party.evidence);
    }
    let mut served = Seats::default();
    let mut named = BTreeSet::new();
    for endpoint in subject.endpoints.iter().filter(|e| {
        e.noise.is_none() && matches!(e.kind, EndpointKind::Update | EndpointKind::Download)
    }) {
        let Some(facts) = hosts.get(&endpoint.host) else {
            continue;
        };
        let of_host = Seats::of(&facts.claims, &OF_HOSTS);
        if !of_host.countries.is_empty() {
            named.insert(endpoint.host.to_string());
        }
        served.countries.extend(of_host.countries);
        served.evidence.extend(of_host.evidence);
    }
    seat.parts_from(&served).then(|| {
        let hosts: Vec<&str> = named.iter().take(MAX_NAMED).map(String::as_str).collect();
        let more = named.len().saturating_sub(hosts.len());
        let message = format!(
            "signer in {}, updates or downloads under {}: {}{}",
            seat.listed(),
            served.listed(),
            hosts.join(", "),
            if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            }
        );
        let mut found = finding(&UPDATES_FROM_ABROAD, message, [&seat, &served]);
        found.parties.extend(signers.iter().map(|p| p.id.clone()));
        found
    })
}

#[cfg(test)]
mod tests;
