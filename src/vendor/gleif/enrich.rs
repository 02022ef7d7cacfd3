//! What the LEI system's records add to a party: where it is incorporated and has its offices, who consolidates it, why nobody is named.

use std::collections::BTreeSet;

use time::Date;

use super::owners::{Owners, country, evidence, lei_of, or};
use super::{DataSet, FRESH_DAYS, LegalEntities, meaning};
use crate::identity::identifiers::LEI;
use crate::identity::is_country_code;
use crate::identity::name::{Named, compare, legal_names, normalise};
use crate::model::claim::{Aspect, Claim, Jurisdiction, Strength};
use crate::model::evidence::{Evidence, Locator};
use crate::model::finding::{Finding, Status};
use crate::model::legal_entity::LeiRecord;
use crate::model::party::{Party, Tier};
use crate::vendor::enrich::is_vouched;
use crate::vendor::findings::{
    LEI_DATA_STALE, LEI_NAME_DIFFERS, LEI_NOT_FOUND, LEI_PARENT_NOT_REPORTED, LEI_RECORD,
};
use crate::vendor::ownership::{EntityRef, Relation, Standing};
use crate::vendor::registry::Registry;

/// Adds what the installed records say of `party`, by its own LEI or by that of the registry's entity that it surely is.
pub fn enrich_by_lei(
    party: &mut Party,
    registry: &Registry,
    leis: &dyn LegalEntities,
    at: Date,
) -> Vec<Finding> {
    if leis.sets().is_empty() && leis.broken().is_empty() {
        return Vec::new();
    }
    let Some(lei) = lei_of(party)
        .map(str::to_owned)
        .or_else(|| of_registry(party, registry))
    else {
        return Vec::new();
    };
    let mut found = stale(party, leis, at);
    match leis.record(&lei) {
        Ok(Some(record)) => found.extend(about_record(party, &record, leis)),
        Ok(None) => found.extend(not_found(party, &lei, leis)),
        Err(why) => found.push(unread(party, &lei, &why)),
    }
    found.extend(about_parents(party, &lei, registry, leis, at));
    found
}

/// The cited LEI of the registry's entity that the party is.
fn of_registry(party: &Party, registry: &Registry) -> Option<String> {
    let link = party.vendor.as_ref().filter(|l| l.tier == Tier::Same)?;
    let entity = registry.entity(&link.slug, &link.entity)?;
    let cited = entity
        .identifiers
        .iter()
        .find(|i| i.scheme == LEI && i.verified && !i.conflicts)?;
    Some(cited.value.clone())
}

fn stale(party: &Party, leis: &dyn LegalEntities, at: Date) -> Vec<Finding> {
    let old = leis.sets().iter().filter_map(|set| {
        let age = i64::from(at.to_julian_day()).saturating_sub(i64::from(set.as_of.to_julian_day()));
        (age > FRESH_DAYS).then(|| {
            format!(
                "gleif/{} is as of {}, {age} days before the judgement time; its limit is {FRESH_DAYS}",
                set.set.id(),
                set.as_of
            )
        })
    });
    old.map(|message| Finding::new(&LEI_DATA_STALE, Status::Unknown, message).party(&party.id))
        .collect()
}

fn of_set(leis: &dyn LegalEntities, set: DataSet, entry: &str, excerpt: &str) -> Evidence {
    let installed = leis.sets().iter().find(|s| s.set == set);
    evidence(installed, set, entry, excerpt)
}

fn not_found(party: &Party, lei: &str, leis: &dyn LegalEntities) -> Option<Finding> {
    let set = leis.sets().iter().find(|s| s.set == DataSet::Entities)?;
    let message = format!(
        "{}: LEI {lei} is not among the {} records of level 1 as of {}",
        party.name, set.records, set.as_of
    );
    Some(Finding::new(&LEI_NOT_FOUND, Status::Unknown, message).party(&party.id))
}

/// An answer that could not be read is none, and no silence.
fn unread(party: &Party, lei: &str, why: &str) -> Finding {
    let message = format!(
        "{}: LEI {lei}: the LEI system's data could not be read: {why}",
        party.name
    );
    Finding::new(&LEI_NOT_FOUND, Status::Unknown, message).party(&party.id)
}

fn about_record(party: &mut Party, record: &LeiRecord, leis: &dyn LegalEntities) -> Vec<Finding> {
    let resting = of_set(leis, DataSet::Entities, &record.lei, &record.name);
    let corroboration = or(&record.corroboration, "corroboration not stated");
    let message = format!(
        "{}: LEI {} is {} of {} (entity {}, registration {}, {corroboration})",
        party.name,
        record.lei,
        record.name,
        or(&record.jurisdiction, "no stated jurisdiction"),
        or(&record.status, "status not stated"),
        or(&record.registration, "not stated"),
    );
    let mut found = vec![
        Finding::new(&LEI_RECORD, Status::Pass, message)
            .party(&party.id)
            .with(resting.clone()),
    ];
    let named = is_named(party, record);
    if !named {
        let message = format!(
            "the party is {:?}, its LEI {} stands for {:?}",
            party.name, record.lei, record.name
        );
        found.push(
            Finding::new(&LEI_NAME_DIFFERS, Status::Review, message)
                .party(&party.id)
                .with(resting.clone()),
        );
    }
    let strength = strength(party, record, named);
    let (seat, part) = match record.jurisdiction.split_once('-') {
        Some((country, _)) => (country, Some(record.jurisdiction.clone())),
        None => (record.jurisdiction.as_str(), None),
    };
    let seat = Jurisdiction {
        country: seat.to_owned(),
        subdivision: part,
    };
    let office = |country: &str| Jurisdiction::country(country);
    let claims = [
        (Aspect::Incorporation, seat, "legal jurisdiction", strength),
        (
            Aspect::PlaceOfBusiness,
            office(&record.headquarters_country),
            "headquarters address",
            strength,
        ),
        (
            Aspect::PlaceOfBusiness,
            office(&record.legal_country),
            // An address for papers, often of an agent: where it differs from the headquarters that is no contradiction.
            "legal (registered) address, which may be an agent's",
            Strength::Low,
        ),
    ];
    let as_of = leis
        .sets()
        .iter()
        .find(|s| s.set == DataSet::Entities)
        .map(|s| s.as_of);
    let id = party.id.clone();
    party.claims.extend(
        claims
            .into_iter()
            .filter(|(_, place, ..)| is_country_code(&place.country))
            .map(|(aspect, jurisdiction, basis, strength)| Claim {
                party: id.clone(),
                aspect,
                jurisdiction,
                basis: format!("LEI record: {basis} ({corroboration})"),
                strength,
                source: DataSet::Entities.title().into(),
                as_of,
                valid_from: None,
                valid_to: None,
                evidence: vec![resting.clone()],
            }),
    );
    found
}

/// As far as the issuer of the LEI checked it; nothing more than a lead where the record lapsed, is of another name, or where nobody
/// vouches for the party.
fn strength(party: &Party, record: &LeiRecord, named: bool) -> Strength {
    let current = record.registration == "ISSUED" && record.status == "ACTIVE";
    if !current || !named || !is_vouched(party) {
        return Strength::Low;
    }
    match record.corroboration.as_str() {
        "FULLY_CORROBORATED" => Strength::High,
        "PARTIALLY_CORROBORATED" | "ENTITY_SUPPLIED_ONLY" => Strength::Medium,
        _ => Strength::Low,
    }
}

/// One of the party's names is one of the record's, whatever the country.
fn is_named(party: &Party, record: &LeiRecord) -> bool {
    let theirs: Vec<_> = std::iter::once(&record.name)
        .chain(record.other_names.iter().map(|(_, name)| name))
        .map(|name| normalise(name))
        .collect();
    let nowhere = BTreeSet::new();
    std::iter::once(&party.name)
        .chain(&party.names)
        .flat_map(|name| legal_names(name))
        .any(|ours| {
            theirs.iter().any(|theirs| {
                let [ours, theirs] = [&ours, theirs].map(|name| Named {
                    name,
                    countries: &nowhere,
                });
                compare(ours, theirs).is_some()
            })
        })
}

/// Who consolidates the party, as claims of control; why nobody is named, as findings.
fn about_parents(
    party: &mut Party,
    lei: &str,
    registry: &Registry,
    leis: &dyn LegalEntities,
    at: Date,
) -> Vec<Finding> {
    let owners = Owners::new(registry, leis);
    let above: Vec<Relation> = owners.relations(&EntityRef::new(super::owners::BY_LEI, lei), at);
    let mut found = Vec::new();
    let records = leis.above(lei).unwrap_or_else(|why| {
        found.push(unread(party, lei, &why));
        Vec::new()
    });
    let vouched = is_vouched(party);
    for relation in above.iter().filter(|r| r.standing == Standing::Cited) {
        let parent = records.iter().find_map(|r| {
            let entry = format!("{} {}", r.child, r.parent);
            let named = |e: &Evidence| matches!(&e.locator, Locator::Entry { entry: at, .. } if *at == entry);
            relation.evidence.iter().any(named).then_some(&r.parent)
        });
        let Some(Ok(Some(record))) = parent.map(|parent| leis.record(parent)) else {
            continue;
        };
        if !is_country_code(country(&record.jurisdiction)) {
            continue;
        }
        let claim = Claim {
            party: party.id.clone(),
            aspect: Aspect::Controller,
            jurisdiction: Jurisdiction::country(country(&record.jurisdiction)),
            basis: relation.text.clone(),
            strength: if vouched {
                Strength::Medium
            } else {
                Strength::Low
            },
            source: DataSet::Relationships.title().into(),
            as_of: None,
            valid_from: relation.from,
            valid_to: relation.until,
            evidence: relation.evidence.clone(),
        };
        if !party.claims.contains(&claim) {
            party.claims.push(claim);
        }
    }
    found.extend(not_reported(party, lei, leis));
    found
}

fn not_reported(party: &Party, lei: &str, leis: &dyn LegalEntities) -> Vec<Finding> {
    let exceptions = match leis.exceptions(lei) {
        Ok(exceptions) => exceptions,
        Err(why) => return vec![unread(party, lei, &why)],
    };
    exceptions
        .iter()
        .map(|exception| {
            let which = match exception.category.as_str() {
                "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT" => "direct parent".to_owned(),
                "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT" => "ultimate parent".to_owned(),
                other => other.to_owned(),
            };
            let reasons: Vec<String> = exception
                .reasons
                .iter()
                .map(|reason| match meaning(reason) {
                    Some(words) => format!("{reason} ({words})"),
                    None => reason.clone(),
                })
                .collect();
            let reasons = reasons.join(", ");
            let message = format!(
                "{}: no {which} is reported to the LEI system: {reasons}",
                party.name
            );
            Finding::new(&LEI_PARENT_NOT_REPORTED, Status::Unknown, message)
                .party(&party.id)
                .with(of_set(
                    leis,
                    DataSet::Exceptions,
                    lei,
                    &exception.reasons.join(", "),
                ))
        })
        .collect()
}
