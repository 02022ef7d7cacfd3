//! What the registry adds to a party: the link, claims of seat and owners, and what a reader must know.

use std::collections::BTreeMap;

use time::Date;

use super::findings;
use super::ownership::{EntityRef, Interest, Relation, Standing};
use super::recognise::Recognition;
use super::registry::Registry;
use super::schema::{Entity, Vendor};
use crate::identity::findings::DECLARED_VENDOR_DIFFERS;
use crate::model::claim::{Aspect, Claim, Jurisdiction, Strength};
use crate::model::evidence::Evidence;
use crate::model::finding::{Finding, Status};
use crate::model::party::{Party, PartyId, Role, Tier, VendorLink};

/// Recognises `party` and adds what the registry cites about it. Runs before the last `jurisdiction::review`.
pub fn enrich(party: &mut Party, registry: &Registry, at: Date) -> Vec<Finding> {
    match registry.recognise(party, at) {
        Recognition::Unknown => Vec::new(),
        Recognition::Ambiguous(links) => vec![ambiguous(party, &links)],
        Recognition::One(link) => {
            let found = about_link(party, &link, registry, at);
            party.vendor = Some(link);
            found
        }
    }
}

fn ambiguous(party: &Party, links: &[VendorLink]) -> Finding {
    let names: Vec<String> = links
        .iter()
        .map(|l| format!("{} ({}/{})", l.entity_name, l.slug, l.entity))
        .collect();
    let mut finding = Finding::new(
        &findings::VENDOR_POSSIBLE_MATCH,
        Status::Review,
        format!(
            "{} could be any of {}; none is assumed",
            party.name,
            names.join(", ")
        ),
    )
    .party(&party.id);
    finding
        .evidence
        .extend(links.iter().flat_map(|l| l.evidence.iter().cloned()));
    finding
}

fn about_link(party: &mut Party, link: &VendorLink, registry: &Registry, at: Date) -> Vec<Finding> {
    let Some((vendor, entity)) = registry
        .vendor(&link.slug)
        .and_then(|v| Some((v, v.entity(&link.entity)?)))
    else {
        return Vec::new();
    };
    let mut found = vec![recognised(party, link)];
    if link.tier != Tier::Same {
        return found;
    }
    let relations = registry.relations(
        &EntityRef {
            slug: link.slug.clone(),
            key: link.entity.clone(),
        },
        at,
    );
    let vouched = is_vouched(party);
    party.claims.extend(
        claims(party, registry, vendor, entity, &relations)
            .into_iter()
            .map(|mut claim| {
                if !vouched {
                    claim.strength = Strength::Low;
                }
                claim
            }),
    );
    found.extend(leads(party, vendor, entity, link));
    if at >= vendor.review_by {
        found.push(
            Finding::new(
                &findings::VENDOR_FACTS_STALE,
                Status::Unknown,
                format!(
                    "what the registry says of {} is of {} and was due for review by {}",
                    vendor.id, vendor.as_of, vendor.review_by
                ),
            )
            .party(&party.id)
            .with(Evidence::entry(
                format!("vendors/{}", vendor.id),
                "review_by",
            )),
        );
    }
    for relation in &relations {
        if let Standing::Disputed(sides) = &relation.standing {
            let mut finding = Finding::new(
                &findings::VENDOR_FACTS_DISPUTED,
                Status::Review,
                format!("{} [{sides}]", relation.text),
            )
            .party(&party.id);
            finding.evidence.extend(relation.evidence.iter().cloned());
            found.push(finding);
        }
    }
    found
}

/// A name in the file's own words is not yet the entity; what is known of the entity is no claim about the file's party.
pub(super) fn is_vouched(party: &Party) -> bool {
    party.roles.iter().any(|role| match role {
        Role::Signer | Role::CoSigner | Role::CertificateAuthority | Role::TimestampAuthority => {
            true
        }
        Role::ClaimedSigner | Role::DeclaredVendor => false,
    })
}

fn recognised(party: &Party, link: &VendorLink) -> Finding {
    let (definition, status, verb) = match link.tier {
        Tier::Same => (&findings::VENDOR_RECOGNISED, Status::Pass, "is"),
        Tier::Group => (
            &findings::VENDOR_POSSIBLE_MATCH,
            Status::Review,
            "is a possible affiliate of",
        ),
        Tier::Review => (&findings::VENDOR_POSSIBLE_MATCH, Status::Review, "could be"),
    };
    let mut finding = Finding::new(
        definition,
        status,
        format!(
            "{} {verb} {} ({}/{}) by: {} [{} = {}]",
            party.name,
            link.entity_name,
            link.slug,
            link.entity,
            link.rule,
            link.compared.0,
            link.compared.1
        ),
    )
    .party(&party.id);
    finding.evidence.extend(link.evidence.iter().cloned());
    finding
}

/// Claims that the registry cites. What it does not cite is no claim: [`leads`] names it.
fn claims(
    party: &Party,
    registry: &Registry,
    vendor: &Vendor,
    entity: &Entity,
    relations: &[Relation],
) -> Vec<Claim> {
    let mut claims = Vec::new();
    let strength = |sources: &[String]| {
        vendor
            .grade(sources)
            .map_or(Strength::Low, |g| g.strength())
    };
    let mut add = |aspect, jurisdiction, basis: String, strength, evidence| {
        claims.push(Claim {
            party: party.id.clone(),
            aspect,
            jurisdiction,
            basis,
            strength,
            source: format!("vendor registry, {}", vendor.id),
            as_of: Some(vendor.as_of),
            valid_from: None,
            valid_to: None,
            evidence,
        });
    };
    let entry = format!("entity.{}", entity.key);
    if entity.verified {
        add(
            Aspect::Incorporation,
            entity.seat(),
            match vendor.grade(&entity.sources) {
                Some(grade) if grade.infers_seat() => {
                    "vendor registry; inferred from where it registers networks or signs, no source states the seat".into()
                }
                Some(_) | None => "vendor registry".into(),
            },
            strength(&entity.sources),
            vendor.evidence(&entry, &entity.name, &entity.sources),
        );
        if let Some(country) = &entity.place_country {
            add(
                Aspect::PlaceOfBusiness,
                Jurisdiction::country(country.as_str()),
                "vendor registry".into(),
                strength(&entity.sources),
                vendor.evidence(
                    &entry,
                    entity.place.as_deref().unwrap_or(country),
                    &entity.sources,
                ),
            );
        }
    }
    for relation in relations.iter().filter(|r| {
        r.standing == Standing::Cited && r.subject.slug == vendor.id && r.subject.key == entity.key
    }) {
        let aspect = match relation.interest {
            Interest::Share(_) => Aspect::Owner,
            Interest::Votes(_) | Interest::Control | Interest::Consolidation => Aspect::Controller,
            // A group without a direction has no owner to name.
            Interest::Group => continue,
        };
        let owner = &relation.interested_party;
        if let Some(owner) = registry.entity(&owner.slug, &owner.key) {
            add(
                aspect,
                owner.seat(),
                relation.text.clone(),
                Strength::Medium,
                relation.evidence.clone(),
            );
        }
    }
    for (i, owner) in vendor.owners.iter().enumerate() {
        let of = owner
            .of
            .as_deref()
            .or_else(|| vendor.entities.first().map(|e| e.key.as_str()));
        if !owner.verified || of != Some(entity.key.as_str()) {
            continue;
        }
        let share = owner
            .share
            .as_ref()
            .map(|s| format!(", {s} %"))
            .unwrap_or_default();
        let since = owner
            .since
            .as_ref()
            .map(|s| format!(", since {s}"))
            .unwrap_or_default();
        add(
            Aspect::Owner,
            Jurisdiction::country(owner.country.as_str()),
            format!("vendor registry: {}{share}{since}", owner.name),
            strength(&owner.sources),
            vendor.evidence(&format!("owner.{i}"), &owner.name, &owner.sources),
        );
    }
    claims
}

/// What the registry has of this entity without a citation: shown, decisive of nothing.
fn leads(party: &Party, vendor: &Vendor, entity: &Entity, link: &VendorLink) -> Option<Finding> {
    let mut uncited = Vec::new();
    if !entity.verified {
        uncited.push(format!(
            "{} is incorporated in {}",
            entity.name, entity.jurisdiction
        ));
    } else if !entity.name_verified || !link.verified {
        uncited.push(format!("{} is the entity's legal name", entity.name));
    }
    if let Some(part) = entity
        .subdivision
        .as_ref()
        .filter(|_| !entity.subdivision_verified)
    {
        uncited.push(format!("its register is that of {part}"));
    }
    uncited.extend(
        vendor
            .owners
            .iter()
            .filter(|o| !o.verified)
            .map(|o| format!("{} ({}) owns it", o.name, o.country)),
    );
    uncited.extend(
        vendor
            .relations
            .iter()
            .filter(|r| {
                !r.verified
                    && r.disputed.is_none()
                    && (r.subject == entity.key || r.interested_party == entity.key)
            })
            .map(|r| r.text.clone()),
    );
    if uncited.is_empty() {
        return None;
    }
    Some(
        Finding::new(
            &findings::VENDOR_ENTRY_UNVERIFIED,
            Status::Unknown,
            format!("not cited, a lead only: {}", uncited.join("; ")),
        )
        .party(&party.id)
        .with(Evidence::entry(
            format!("vendors/{}", vendor.id),
            format!("entity.{}", entity.key),
        )),
    )
}

/// A maker that the file declares is no news where signer and maker are one vendor of the registry.
pub fn settle_declared(parties: &BTreeMap<PartyId, Party>, findings: &mut [Finding]) {
    for finding in findings {
        if !std::ptr::eq(finding.definition, &DECLARED_VENDOR_DIFFERS) {
            continue;
        }
        let slugs: Vec<&str> = finding
            .parties
            .iter()
            .filter_map(|id| parties.get(id)?.vendor.as_ref())
            .map(|link| link.slug.as_str())
            .collect();
        if let [signer, maker] = slugs.as_slice()
            && signer == maker
        {
            finding.status = Status::Pass;
            finding.message.push_str("; both are of one vendor");
        }
    }
}
