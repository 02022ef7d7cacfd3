//! Recognising a party as an entity of the registry: identifier, pinned certificate or key, identical name and country.

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use super::registry::Registry;
use super::schema::{Entity, Vendor};
use crate::identity::identifiers::{
    APPLE_TEAM_ID, CERTIFICATE_SHA256, LEI, MICROSOFT_PUBLISHER_ID, REGISTRATION_NUMBER,
    SPKI_SHA256, normal_number,
};
use crate::identity::name::{Named, NormalName, compare, legal_names, normalise};
use crate::model::claim::{Aspect, Strength};
use crate::model::party::{self, Party, Tier, VendorLink};

/// What recognition came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognition {
    /// The registry does not know the party. That is no statement about the party.
    Unknown,
    /// One entity.
    One(VendorLink),
    /// Several equally good ones; none is chosen.
    Ambiguous(Vec<VendorLink>),
}

impl Recognition {
    /// The one entity, if it is one.
    pub fn link(self) -> Option<VendorLink> {
        match self {
            Self::One(link) => Some(link),
            Self::Unknown | Self::Ambiguous(_) => None,
        }
    }
}

/// Where an entity stands.
type Place = (String, String);

/// One of an entity's names.
#[derive(Debug, Clone)]
struct IndexedName {
    place: Place,
    name: NormalName,
    kind: NameKind,
    /// Cited; a name from memory leads, and says so.
    verified: bool,
}

/// One of an entity's numbers or pins.
#[derive(Debug, Clone)]
struct IndexedNumber {
    place: Place,
    verified: bool,
    /// The registry's own scheme.
    scheme: String,
}

/// Scheme, jurisdiction and value, as a party's identifier has them.
type NumberKey = (String, Option<String>, String);

/// Names and numbers of the entities of some vendors.
#[derive(Debug, Clone, Default)]
struct Index {
    /// By core of the name.
    names: BTreeMap<String, Vec<IndexedName>>,
    numbers: BTreeMap<NumberKey, Vec<IndexedNumber>>,
}

/// Which of its names matched.
#[derive(Debug, Clone, PartialEq, Eq)]
enum NameKind {
    Legal,
    Alias,
    Former(Option<Date>),
    Statute,
}

impl NameKind {
    fn words(&self) -> String {
        match self {
            Self::Legal => "legal name".into(),
            Self::Alias => "alias".into(),
            Self::Former(Some(until)) => format!("former name, until {until}"),
            Self::Former(None) => "former name".into(),
            Self::Statute => "name that a law uses".into(),
        }
    }
}

impl Index {
    fn new<'v>(vendors: impl IntoIterator<Item = &'v Vendor>) -> Self {
        let mut index = Self::default();
        for vendor in vendors {
            for entity in &vendor.entities {
                index.add(&vendor.id, entity);
            }
        }
        index
    }

    fn add(&mut self, slug: &str, entity: &Entity) {
        let place = (slug.to_owned(), entity.key.clone());
        let aliases = entity.aliases.iter().map(|alias| {
            let kind = if alias.former || alias.until.is_some() {
                NameKind::Former(alias.until)
            } else {
                NameKind::Alias
            };
            (alias.name.as_str(), kind, alias.is_cited(entity))
        });
        let statute = entity
            .statute_name
            .as_deref()
            .map(|n| (n, NameKind::Statute, entity.verified));
        let legal = (entity.name.as_str(), NameKind::Legal, entity.name_verified);
        for (name, kind, verified) in std::iter::once(legal).chain(aliases).chain(statute) {
            let normal = normalise(name);
            self.names
                .entry(normal.core.clone())
                .or_default()
                .push(IndexedName {
                    place: place.clone(),
                    name: normal,
                    kind,
                    verified,
                });
        }
        for id in entity.identifiers.iter().filter(|id| !id.conflicts) {
            for key in party_schemes(&id.scheme, &id.value) {
                self.numbers.entry(key).or_default().push(IndexedNumber {
                    place: place.clone(),
                    verified: id.verified,
                    scheme: id.scheme.clone(),
                });
            }
        }
        for pin in &entity.pins {
            self.numbers
                .entry((pin.scheme.clone(), None, pin.value.clone()))
                .or_default()
                .push(IndexedNumber {
                    place: place.clone(),
                    verified: pin.verified,
                    scheme: pin.scheme.clone(),
                });
        }
    }
}

/// How a register's number appears among a party's identifiers.
pub fn party_schemes(scheme: &str, value: &str) -> Vec<NumberKey> {
    let value = normal_number(value);
    if scheme == LEI {
        return vec![(LEI.into(), None, value)];
    }
    let Some((country, register)) = scheme.split_once('-') else {
        return Vec::new();
    };
    // A state's register is named after the state: `US-DE-CORP`.
    let place = match register.split_once('-') {
        Some((state, _)) => format!("{country}+{state}"),
        None => country.to_owned(),
    };
    let key = |scheme: &str| (scheme.to_owned(), Some(place.clone()), value.clone());
    match register {
        // Tax numbers are no register numbers; certificates do not carry them, lists do.
        "INN" => vec![key("inn")],
        "EIN" => vec![key("ein")],
        "OGRN" => vec![key("ogrn"), key(REGISTRATION_NUMBER)],
        _ => vec![key(REGISTRATION_NUMBER)],
    }
}

impl Registry {
    /// Which entity `party` is. `at` is the day that names and relations are judged at.
    pub fn recognise(&self, party: &Party, at: Date) -> Recognition {
        let by_identifier = self.by_identifier(party);
        if !by_identifier.is_empty() {
            return choose(by_identifier);
        }
        choose(self.by_name(party, at))
    }

    fn by_identifier(&self, party: &Party) -> Vec<VendorLink> {
        const USABLE: &[&str] = &[
            LEI,
            REGISTRATION_NUMBER,
            "inn",
            "ogrn",
            "ein",
            APPLE_TEAM_ID,
            MICROSOFT_PUBLISHER_ID,
            SPKI_SHA256,
            CERTIFICATE_SHA256,
        ];
        let usable: Vec<&party::Identifier> = party
            .identifiers
            .iter()
            .filter(|i| USABLE.contains(&i.scheme.as_str()))
            .collect();
        let files: BTreeSet<String> = usable
            .iter()
            .flat_map(|id| {
                self.scan
                    .numbered(&normal_value(id))
                    .cloned()
                    .collect::<Vec<_>>()
            })
            .collect();
        let index = Index::new(self.some(&files));
        let mut links = Vec::new();
        for id in usable {
            let value = normal_value(id);
            let known = registers(id.jurisdiction.as_deref())
                .into_iter()
                .filter_map(|place| {
                    index
                        .numbers
                        .get(&(id.scheme.clone(), place, value.clone()))
                })
                .flatten();
            for known in known {
                let rule = format!("identical {}, {} of the registry", id.scheme, known.scheme);
                let compared = (id.value.clone(), id.value.clone());
                if let Some(mut link) =
                    self.link(&known.place, Tier::Same, rule, compared, known.verified)
                {
                    link.evidence.push(id.evidence.clone());
                    links.push(link);
                }
            }
        }
        links
    }

    fn by_name(&self, party: &Party, at: Date) -> Vec<VendorLink> {
        let names = legal_names(&party.name);
        let index = Index::new(self.some(&self.scan.named(&names)));
        let mut links = Vec::new();
        for name in names {
            for IndexedName {
                place,
                name: theirs,
                kind,
                verified,
            } in index.names.get(&name.core).into_iter().flatten()
            {
                let Some(entity) = self.entity(&place.0, &place.1) else {
                    continue;
                };
                let countries = countries(entity);
                let Some(comparison) = compare(
                    Named {
                        name: &name,
                        countries: &party.countries,
                    },
                    Named {
                        name: theirs,
                        countries: &countries,
                    },
                ) else {
                    continue;
                };
                let (tier, conflict) = seat_conflict(party, entity, comparison.tier);
                let not_yet = entity
                    .aliases
                    .iter()
                    .any(|a| a.name == theirs.original && a.from.is_some_and(|from| from > at));
                if not_yet {
                    continue;
                }
                let rule = format!("{}{conflict}; {}", comparison.rule, kind.words());
                links.extend(self.link(place, tier, rule, comparison.compared, *verified));
            }
        }
        links
    }

    fn link(
        &self,
        (slug, key): &Place,
        tier: Tier,
        rule: String,
        compared: (String, String),
        verified: bool,
    ) -> Option<VendorLink> {
        let vendor = self.vendor(slug)?;
        let entity = vendor.entity(key)?;
        Some(VendorLink {
            slug: slug.clone(),
            entity: key.clone(),
            entity_name: entity.name.clone(),
            tier,
            rule,
            compared,
            verified: verified && entity.verified,
            evidence: vendor.evidence(&format!("entity.{key}"), &entity.name, &entity.sources),
        })
    }
}

/// The registers that a certificate's `US+Delaware` may mean: the state's, and the country's where it has one for all.
fn registers(jurisdiction: Option<&str>) -> Vec<Option<String>> {
    let Some(text) = jurisdiction else {
        return vec![None];
    };
    let Some((country, state)) = text.split_once('+') else {
        return vec![Some(text.to_owned())];
    };
    let code = STATES
        .iter()
        .find(|(_, name)| country == "US" && name.eq_ignore_ascii_case(state))
        .map_or(state, |(code, _)| *code);
    vec![Some(format!("{country}+{code}")), Some(country.to_owned())]
}

/// States of the USA, whose registers are the states' own, as certificates spell them out (Code Signing BR 7.1.4.2.4).
const STATES: [(&str, &str); 51] = [
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
];

fn normal_value(id: &party::Identifier) -> String {
    match id.scheme.as_str() {
        REGISTRATION_NUMBER | "inn" | "ogrn" | "ein" => normal_number(&id.value),
        _ => id.value.clone(),
    }
}

fn countries(entity: &Entity) -> BTreeSet<String> {
    std::iter::once(entity.jurisdiction.clone())
        .chain(entity.place_country.clone())
        .collect()
}

/// A seat that an authority verified and that is not the entity's makes another company of the same name.
fn seat_conflict(party: &Party, entity: &Entity, tier: Tier) -> (Tier, &'static str) {
    let seats: Vec<&str> = party
        .claims
        .iter()
        .filter(|c| c.aspect == Aspect::Incorporation && c.strength > Strength::Low)
        .map(|c| c.jurisdiction.country.as_str())
        .collect();
    if tier == Tier::Same && !seats.is_empty() && !seats.contains(&entity.jurisdiction.as_str()) {
        (Tier::Group, ", but incorporated elsewhere")
    } else {
        (tier, "")
    }
}

/// The best tier decides; several entities in it are not told apart by guessing.
fn choose(mut links: Vec<VendorLink>) -> Recognition {
    let Some(best) = links.iter().map(|l| l.tier).max() else {
        return Recognition::Unknown;
    };
    links.retain(|l| l.tier == best);
    // The same entity by two names or numbers is one entity; the cited link comes first.
    links.sort_by(|a, b| (&a.slug, &a.entity, !a.verified).cmp(&(&b.slug, &b.entity, !b.verified)));
    links.dedup_by(|b, a| (&a.slug, &a.entity) == (&b.slug, &b.entity));
    match links.len() {
        1 => links.pop().map_or(Recognition::Unknown, Recognition::One),
        _ => Recognition::Ambiguous(links),
    }
}
