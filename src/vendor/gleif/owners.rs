//! Who stands above an entity by the registry's statements and, where they are installed, the LEI system's relationship records.
//!
//! An entity that only the LEI system knows is `lei/LEI`. One that is surely an entity of the registry, by LEI or by name and country,
//! is that entity, so that chains go on from one source into the other.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use super::{DataSet, InstalledSet, LegalEntities};
use crate::identity::identifiers::LEI;
use crate::model::evidence::{Evidence, Locator, Source};
use crate::model::legal_entity::{LeiRecord, LeiRelationship};
use crate::model::party::{Identifier, Party, PartyId, Role, Tier, Validation};
use crate::vendor::Directness;
use crate::vendor::ownership::{EntityRef, Interest, Relation, Standing};
use crate::vendor::registry::Registry;

/// Stands for a vendor where an entity is known by its LEI alone.
pub const BY_LEI: &str = "lei";

/// The registry and the LEI system, asked together.
#[derive(Clone)]
pub struct Owners<'a> {
    registry: &'a Registry,
    leis: &'a dyn LegalEntities,
    state: RefCell<State>,
}

/// What was learnt on the way.
#[derive(Debug, Clone, Default)]
struct State {
    /// LEIs of entities of the registry.
    leis: BTreeMap<EntityRef, String>,
    /// Entities that LEIs stand for.
    places: BTreeMap<String, EntityRef>,
    faults: BTreeSet<String>,
}

impl std::fmt::Debug for Owners<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Owners")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl<'a> Owners<'a> {
    /// Of these two.
    pub fn new(registry: &'a Registry, leis: &'a dyn LegalEntities) -> Self {
        Self {
            registry,
            leis,
            state: RefCell::default(),
        }
    }

    /// The same, with what `party`'s own evidence says of its LEI.
    #[must_use]
    pub fn of_party(self, party: &Party) -> Self {
        if let (Some(lei), Some(link)) = (lei_of(party), &party.vendor)
            && link.tier == Tier::Same
        {
            let place = EntityRef::new(&link.slug, &link.entity);
            let mut state = self.state.borrow_mut();
            state.places.insert(lei.to_owned(), place.clone());
            state.leis.insert(place, lei.to_owned());
        }
        self
    }

    /// Data that could not be read, so that a chain may be longer than it seems.
    pub fn faults(&self) -> Vec<String> {
        self.state.borrow().faults.iter().cloned().collect()
    }

    fn fault(&self, why: String) {
        self.state.borrow_mut().faults.insert(why);
    }

    /// The LEI of an entity, where one is cited.
    fn lei(&self, entity: &EntityRef) -> Option<String> {
        if entity.slug == BY_LEI {
            return Some(entity.key.clone());
        }
        if let Some(known) = self.state.borrow().leis.get(entity) {
            return Some(known.clone());
        }
        let entity = self.registry.entity(&entity.slug, &entity.key)?;
        let cited = |i: &&crate::vendor::Identifier| i.scheme == LEI && i.verified && !i.conflicts;
        entity
            .identifiers
            .iter()
            .find(cited)
            .map(|i| i.value.clone())
    }

    /// Relationship records are found by who is below, so that whoever has an LEI may stand above others.
    pub fn may_own(&self, entity: &EntityRef) -> bool {
        !self.leis.sets().is_empty() && self.lei(entity).is_some()
    }

    fn record(&self, lei: &str) -> Option<LeiRecord> {
        match self.leis.record(lei) {
            Ok(found) => found,
            Err(why) => {
                self.fault(why);
                None
            }
        }
    }

    /// The entity that an LEI stands for: the registry's, where it surely is one.
    fn place(&self, lei: &str, at: Date) -> EntityRef {
        if let Some(known) = self.state.borrow().places.get(lei) {
            return known.clone();
        }
        let link = self
            .record(lei)
            .and_then(|record| self.registry.recognise(&party(&record), at).link())
            .filter(|link| link.tier == Tier::Same && link.verified);
        let place = match link {
            Some(link) => EntityRef::new(&link.slug, &link.entity),
            None => EntityRef::new(BY_LEI, lei),
        };
        let mut state = self.state.borrow_mut();
        state.places.insert(lei.to_owned(), place.clone());
        if place.slug != BY_LEI {
            state.leis.insert(place.clone(), lei.to_owned());
        }
        place
    }

    /// Every relation at `at` in which `entity` is the owned or controlled side, or that has no direction.
    pub fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation> {
        let mut all = if entity.slug == BY_LEI {
            Vec::new()
        } else {
            self.registry.relations(entity, at)
        };
        let Some(lei) = self.lei(entity) else {
            return all;
        };
        let above = match self.leis.above(&lei) {
            Ok(above) => above,
            Err(why) => {
                self.fault(why);
                return all;
            }
        };
        let as_of = self.set(DataSet::Relationships);
        all.extend(above.iter().filter_map(|relationship| {
            let edge = Edge::of(relationship, at)?;
            let parent = self.place(&relationship.parent, at);
            Some(Relation {
                subject: entity.clone(),
                interested_party: parent,
                interest: edge.interest,
                held: edge.held,
                from: relationship.from,
                until: edge.until,
                standing: edge.standing,
                text: format!(
                    "{} {} {}{} (relationship record of the LEI system, {}{})",
                    self.named(&relationship.child),
                    edge.words,
                    self.named(&relationship.parent),
                    edge.doubt,
                    or(&relationship.corroboration, "corroboration not stated"),
                    as_of
                        .map(|s| format!(", as of {}", s.as_of))
                        .unwrap_or_default()
                ),
                evidence: vec![evidence(
                    as_of,
                    DataSet::Relationships,
                    &format!("{} {}", relationship.child, relationship.parent),
                    &relationship.kind,
                )],
            })
        }));
        all
    }

    fn set(&self, set: DataSet) -> Option<&InstalledSet> {
        self.leis.sets().iter().find(|s| s.set == set)
    }

    /// `Example AG (DE, LEI …)`.
    fn named(&self, lei: &str) -> String {
        match self.record(lei) {
            Some(record) => format!(
                "{} ({}, LEI {lei})",
                record.name,
                or(&record.jurisdiction, "no seat")
            ),
            None => format!("LEI {lei}"),
        }
    }

    /// An entity that only the LEI system knows, as a party that instruments may name.
    pub fn stranger(&self, entity: &EntityRef) -> Option<Party> {
        if entity.slug != BY_LEI {
            return None;
        }
        self.record(&entity.key).map(|record| party(&record))
    }
}

/// The one LEI of a party's own evidence; several contradict each other, which is a finding of its own.
pub fn lei_of(party: &Party) -> Option<&str> {
    let all: BTreeSet<&str> = party
        .identifiers
        .iter()
        .filter(|i| i.scheme == LEI)
        .map(|i| i.value.as_str())
        .collect();
    match all.into_iter().collect::<Vec<_>>().as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

/// `text`, or what stands for nothing.
pub(super) fn or<'t>(text: &'t str, nothing: &'t str) -> &'t str {
    if text.is_empty() { nothing } else { text }
}

/// The country of `US-DE` and of `GB`.
pub(super) fn country(jurisdiction: &str) -> &str {
    jurisdiction.split('-').next().unwrap_or_default()
}

/// A record as a party: what it says of itself, to be recognised and compared.
fn party(record: &LeiRecord) -> Party {
    let countries = [country(&record.jurisdiction), &record.headquarters_country];
    Party {
        id: PartyId(format!("lei:{}", record.lei)),
        name: record.name.clone(),
        names: Vec::new(),
        roles: BTreeSet::from([Role::DeclaredVendor]),
        certificate: None,
        validation: Validation::Unknown,
        validation_rule: format!(
            "record of the LEI system, {}",
            or(&record.corroboration, "corroboration not stated")
        ),
        countries: countries
            .into_iter()
            .filter(|c| crate::identity::is_country_code(c))
            .map(str::to_owned)
            .collect(),
        identifiers: vec![Identifier {
            scheme: LEI.into(),
            jurisdiction: None,
            value: record.lei.clone(),
            evidence: evidence(None, DataSet::Entities, &record.lei, &record.name),
        }],
        vendor: None,
        claims: Vec::new(),
        matches: Vec::new(),
    }
}

/// A record as evidence: the user's own data, with the version that it was read in.
pub(super) fn evidence(
    installed: Option<&InstalledSet>,
    set: DataSet,
    entry: &str,
    excerpt: &str,
) -> Evidence {
    Evidence {
        source: Source::User,
        locator: Locator::Entry {
            data: format!("gleif/{}", set.id()),
            entry: entry.to_owned(),
        },
        excerpt: Some(excerpt.to_owned()),
        citation: Some(match installed {
            Some(installed) => format!(
                "{}, as of {}, sha256 {}, {}",
                set.title(),
                installed.as_of,
                installed.sha256,
                set.licence()
            ),
            None => format!("{}, {}", set.title(), set.licence()),
        }),
        observed_at: installed.map(|i| i.as_of.midnight().assume_utc()),
    }
}

/// What a relationship record says of who stands above whom.
struct Edge {
    interest: Interest,
    held: Directness,
    words: String,
    until: Option<Date>,
    standing: Standing,
    doubt: String,
}

impl Edge {
    /// `None` where the record is no such statement, does not hold at `at`, or was withdrawn.
    fn of(record: &LeiRelationship, at: Date) -> Option<Self> {
        let under = match record.standard.as_str() {
            "" => String::new(),
            standard => format!(" under {standard}"),
        };
        let consolidated = |how: &str| format!("is {how} consolidated in the accounts{under} of");
        let (interest, held, words) = match record.kind.as_str() {
            "IS_DIRECTLY_CONSOLIDATED_BY" => (
                Interest::Consolidation,
                Directness::Direct,
                consolidated("directly"),
            ),
            "IS_ULTIMATELY_CONSOLIDATED_BY" => (
                Interest::Consolidation,
                Directness::Indirect,
                consolidated("ultimately"),
            ),
            "IS_INTERNATIONAL_BRANCH_OF" => (
                Interest::Control,
                Directness::Direct,
                "is an international branch of".to_owned(),
            ),
            // Funds and their managers: management is neither ownership nor control of the manager's other companies.
            _ => return None,
        };
        if matches!(
            record.registration.as_str(),
            "ANNULLED" | "DUPLICATE" | "CANCELLED" | "PENDING_VALIDATION"
        ) {
            return None;
        }
        // The record names the last day; here a relation holds until a day, exclusive.
        let until = record.to.and_then(Date::next_day);
        if record.from.is_some_and(|from| at < from) || until.is_some_and(|until| until <= at) {
            return None;
        }
        let ended = record.status != "ACTIVE" || record.registration == "RETIRED";
        let doubt = if ended && until.is_none() {
            ", ended on a day that is not given".to_owned()
        } else if record.registration == "LAPSED" {
            match record.updated {
                Some(day) => format!(", not renewed, last changed on {day}"),
                None => ", not renewed".to_owned(),
            }
        } else {
            String::new()
        };
        Some(Self {
            interest,
            held,
            words,
            until,
            standing: if doubt.is_empty() {
                Standing::Cited
            } else {
                Standing::Unverified
            },
            doubt,
        })
    }
}
