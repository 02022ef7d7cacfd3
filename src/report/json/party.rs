//! `parties{}`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::handle::{ClaimId, EvidenceId};
use super::register::Register;
use super::words::{AppliesVia, InForce, Role, Tier, Validation};
use crate::model::party::{
    AppliesVia as ModelAppliesVia, InForce as ModelInForce, Match as ModelMatch,
    OwnershipStep as ModelStep, Party as ModelParty, VendorLink,
};

/// A party: an identity as evidence states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Party {
    /// Its name as evidence gives it: text from outside.
    pub name: String,
    /// Other names of the same evidence.
    pub names: Vec<String>,
    /// The parts it plays.
    pub roles: BTreeSet<Role>,
    /// The certificate it is known by.
    pub certificate: Option<String>,
    /// How far its identity was verified.
    pub validation: Validation,
    /// Which rule says so.
    pub validation_rule: String,
    /// Country codes that its own evidence gives.
    pub countries: BTreeSet<String>,
    /// Identifiers by scheme: `lei`, `registration-number` ….
    pub identifiers: BTreeMap<String, Vec<Identifier>>,
    /// The entity of the vendor registry that it was recognised as.
    pub vendor: Option<Vendor>,
    /// Claims of jurisdiction about it.
    pub claims: Vec<ClaimId>,
    /// Legal instruments that name it, reach it, or might.
    pub matches: Vec<Match>,
}

/// A number or code that identifies a legal entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identifier {
    /// The value, normalised.
    pub value: String,
    /// ISO country, with `+state` where the register is a state's.
    pub jurisdiction: Option<String>,
    /// What it rests on.
    pub evidence: Vec<EvidenceId>,
}

/// An entity of the vendor registry, and how it was recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Vendor {
    /// The vendor.
    pub slug: String,
    /// The entity's key in the vendor's file.
    pub entity: String,
    /// The registry's name of the entity.
    pub name: String,
    /// How surely.
    pub tier: Tier,
    /// Which rule fired.
    pub rule: String,
    /// What was compared.
    pub compared: Compared,
    /// Every fact it rests on is cited; an uncited one is a lead and never decides.
    pub verified: bool,
    /// What it rests on.
    pub evidence: Vec<EvidenceId>,
}

/// The two normal forms that a rule compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Compared {
    /// The party's.
    pub party: String,
    /// The record's.
    pub record: String,
}

impl From<&(String, String)> for Compared {
    fn from((party, record): &(String, String)) -> Self {
        Self {
            party: party.clone(),
            record: record.clone(),
        }
    }
}

/// One instrument that names a party, reaches it, or might.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Match {
    /// Its id: `US-ICTS-KASPERSKY`.
    pub instrument: String,
    /// Its title.
    pub title: String,
    /// The entry that matched, in the instrument's words.
    pub entry: String,
    /// How surely party and entry are one.
    pub tier: Tier,
    /// Which rule fired.
    pub rule: String,
    /// What was compared.
    pub compared: Compared,
    /// How it reaches the party.
    pub applies_via: AppliesVia,
    /// The ownership facts it reaches the party by, one sentence a step; empty unless `affiliate`.
    pub steps: Vec<String>,
    /// The same steps in full: between whom, in which way, since when.
    pub path: Vec<OwnershipStep>,
    /// Whether it is in force at the judgement time.
    pub in_force: InForce,
    /// Why not, or why that cannot be said.
    pub in_force_reason: Option<String>,
    /// `prohibition`, `procurement`, `export-licence`, `blocking` ….
    pub effect: String,
    /// What it is about.
    pub subject_matter: String,
    /// The phase in force.
    pub phase: Option<String>,
    /// Effective from this day.
    pub effective_from: Option<String>,
    /// Every fact it rests on is cited and verified.
    pub decisive: bool,
    /// What it rests on.
    pub evidence: Vec<EvidenceId>,
}

/// One step of ownership or control on the way from a party to a named entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnershipStep {
    /// The entity that is owned or controlled: `vendor/entity` of the registry, or `lei/LEI` where only the LEI system knows it.
    pub subject: String,
    /// The owner or controller.
    pub interested_party: String,
    /// `share`, `votes`, `control`, `accounting-consolidation` or `group`.
    pub interest: String,
    /// Percent, where it is stated: `32.34`.
    pub share: Option<String>,
    /// `direct`, `indirect` or `unknown`.
    pub direct_or_indirect: String,
    /// `cited`, `unverified` or `disputed`.
    pub standing: String,
    /// Holds from this day.
    pub from: Option<String>,
    /// Holds until this day, exclusive.
    pub until: Option<String>,
    /// The statement itself.
    pub text: String,
}

impl From<&ModelStep> for OwnershipStep {
    fn from(step: &ModelStep) -> Self {
        Self {
            subject: step.subject.clone(),
            interested_party: step.interested_party.clone(),
            interest: step.interest.into(),
            share: step.percent.map(percent),
            direct_or_indirect: step.held.into(),
            standing: step.standing.into(),
            from: step.from.map(|d| d.to_string()),
            until: step.until.map(|d| d.to_string()),
            text: step.text.clone(),
        }
    }
}

/// Hundredths of a percent as a decimal number without needless zeros.
fn percent(hundredths: u16) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    let text = format!("{whole}.{part:02}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Party {
    pub(super) fn new(party: &ModelParty, register: &mut Register) -> Self {
        let claims = register.claims(party);
        let vendor = party.vendor.as_ref().map(|v| Vendor::new(v, register));
        let matches = party
            .matches
            .iter()
            .map(|m| Match::new(m, register))
            .collect();
        let mut identifiers: BTreeMap<String, Vec<Identifier>> = BTreeMap::new();
        for identifier in &party.identifiers {
            identifiers
                .entry(identifier.scheme.clone())
                .or_default()
                .push(Identifier {
                    value: identifier.value.clone(),
                    jurisdiction: identifier.jurisdiction.clone(),
                    evidence: register.cite(None, std::slice::from_ref(&identifier.evidence)),
                });
        }
        Self {
            name: party.name.clone(),
            names: party.names.clone(),
            roles: party.roles.iter().map(|r| (*r).into()).collect(),
            certificate: party.certificate.map(|c| c.to_string()),
            validation: party.validation.into(),
            validation_rule: party.validation_rule.clone(),
            countries: party.countries.clone(),
            identifiers,
            vendor,
            claims,
            matches,
        }
    }
}

impl Vendor {
    fn new(link: &VendorLink, register: &mut Register) -> Self {
        Self {
            slug: link.slug.clone(),
            entity: link.entity.clone(),
            name: link.entity_name.clone(),
            tier: link.tier.into(),
            rule: link.rule.clone(),
            compared: (&link.compared).into(),
            verified: link.verified,
            evidence: register.cite(None, &link.evidence),
        }
    }
}

impl Match {
    pub(super) fn new(found: &ModelMatch, register: &mut Register) -> Self {
        Self {
            instrument: found.instrument.clone(),
            title: found.title.clone(),
            entry: found.entry.clone(),
            tier: found.tier.into(),
            rule: found.rule.clone(),
            compared: (&found.compared).into(),
            applies_via: (&found.applies_via).into(),
            steps: match &found.applies_via {
                ModelAppliesVia::Affiliate(steps) => steps.clone(),
                ModelAppliesVia::Direct | ModelAppliesVia::None => Vec::new(),
            },
            path: found.path.iter().map(OwnershipStep::from).collect(),
            in_force: (&found.in_force).into(),
            in_force_reason: match &found.in_force {
                ModelInForce::Yes => None,
                ModelInForce::No(why) | ModelInForce::Unknown(why) => Some(why.clone()),
            },
            effect: found.effect.clone(),
            subject_matter: found.subject_matter.clone(),
            phase: found.phase.clone(),
            effective_from: found.effective_from.map(|d| d.to_string()),
            decisive: found.decisive,
            evidence: register.cite(None, &found.evidence),
        }
    }
}

/// Matches of one party with the evidence they rest on, outside a report.
pub fn screened(matches: &[ModelMatch]) -> (Vec<Match>, BTreeMap<EvidenceId, Evidence>) {
    let mut register = Register::new(None);
    let matches = matches
        .iter()
        .map(|m| Match::new(m, &mut register))
        .collect();
    (matches, register.evidence)
}
