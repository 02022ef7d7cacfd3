//! A party against one listed entry, in tiers: identifiers, then equal names, then names that resemble each other.
//!
//! [`keys`] says what an entry is kept under and [`wanted`] what a party is looked up by; a store of entries hands the candidates to [`compare`].
//! Only an identifier, or an equal name with an agreeing country and legal form, is `same`. No match is not a clearance.

use std::collections::BTreeSet;

use crate::identity::identifiers::{LEI, REGISTRATION_NUMBER, normal_number};
use crate::identity::name::{
    Common, Named, Variant, may_be_one_person, person_keys, resemble, variants,
};
pub use crate::identity::name::{keys, wanted};
use crate::model::list::{ListEntry, ListedKind, ListedNumber, NameKind};
use crate::model::party::{Identifier, Tier};

pub use crate::identity::name::Comparison;

/// What of a party is compared, normalised once.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// Every name that its evidence gives.
    pub names: Vec<Variant>,
    /// ISO 3166-1 codes; empty where unknown.
    pub countries: BTreeSet<String>,
    /// Numbers as `(scheme, country, folded value)`.
    pub numbers: Vec<Number>,
}

impl Subject {
    /// Reads the texts of its names, its countries and identifiers.
    pub fn new<'a>(
        names: impl Iterator<Item = &'a str>,
        countries: &BTreeSet<String>,
        identifiers: &[Identifier],
    ) -> Self {
        Self {
            names: names.flat_map(variants).collect(),
            countries: countries.clone(),
            numbers: identifiers
                .iter()
                .map(|id| number_of(&id.scheme, id.jurisdiction.as_deref(), &id.value))
                .collect(),
        }
    }
}

/// An entry, normalised once.
#[derive(Debug, Clone)]
pub struct Target {
    /// Every name, with the most that a match by it says.
    pub names: Vec<Variant>,
    /// ISO 3166-1 codes; empty where unknown.
    pub countries: BTreeSet<String>,
    /// Numbers as `(scheme, country, folded value)`.
    pub numbers: Vec<Number>,
    /// It names a natural person.
    pub is_person: bool,
}

impl Target {
    /// Normalises a list's entry.
    pub fn of(entry: &ListEntry) -> Self {
        Self {
            names: entry
                .names
                .iter()
                .flat_map(|name| {
                    let most = match name.kind {
                        NameKind::Primary | NameKind::Alias | NameKind::Former => Tier::Same,
                        // The list itself says that this name leads to others.
                        NameKind::Weak => Tier::Review,
                    };
                    variants(&name.text).into_iter().map(move |mut variant| {
                        variant.most = variant.most.min(most);
                        variant
                    })
                })
                .collect(),
            countries: entry.countries.iter().cloned().collect(),
            numbers: entry.numbers.iter().map(number).collect(),
            is_person: entry.kind == ListedKind::Person,
        }
    }
}

/// Scheme, country and folded value.
pub type Number = (String, Option<String>, String);

fn number(listed: &ListedNumber) -> Number {
    number_of(&listed.scheme, listed.country.as_deref(), &listed.value)
}

/// A number as it is compared.
pub fn number_of(scheme: &str, country: Option<&str>, value: &str) -> Number {
    (
        scheme.to_owned(),
        country.map(str::to_owned),
        normal_number(value),
    )
}

/// A short or weak alias leads to a house or to a person's desk, however equal it is.
fn capped(mut found: Comparison, most: Tier) -> Comparison {
    if found.tier > most {
        found.tier = most;
        found.rule = "same name, of which one is a short or weak alias";
    }
    found
}

/// Numbers that belong to one register each, whatever country a list writes beside them.
fn is_of_one_register(scheme: &str) -> bool {
    matches!(scheme, LEI | "inn" | "ogrn" | "imo")
}

/// Shortest number that identifies: below it lists hold counters and years.
const MIN_NUMBER: usize = 5;

/// The best that speaks for `subject` being the entry; `None` where nothing does.
pub fn compare(subject: &Subject, target: &Target, common: &Common) -> Option<Comparison> {
    by_number(subject, target).or_else(|| by_name(subject, target, common))
}

pub(super) fn by_number(subject: &Subject, target: &Target) -> Option<Comparison> {
    for (scheme, country, value) in &subject.numbers {
        if scheme == "other" || value.chars().count() < MIN_NUMBER {
            continue;
        }
        let equal = target.numbers.iter().any(|(s, c, v)| {
            // A register's number means nothing without its country; a state's register is a country's.
            let registers_agree = is_of_one_register(scheme)
                || matches!((country, c), (Some(ours), Some(theirs)) if same_register(scheme, ours, theirs));
            s == scheme && v == value && registers_agree
        });
        if equal {
            let shown = match country {
                Some(country) => format!("{scheme} {country} {value}"),
                None => format!("{scheme} {value}"),
            };
            return Some(Comparison {
                tier: Tier::Same,
                rule: "identical identifier",
                compared: (shown.clone(), shown),
            });
        }
    }
    None
}

fn same_register(scheme: &str, ours: &str, theirs: &str) -> bool {
    if ours == theirs {
        return true;
    }
    // Registers of states number apart: `US+Delaware` is not `US`.
    scheme != REGISTRATION_NUMBER && ours.get(..2) == theirs.get(..2)
}

/// One name of each.
pub(super) fn of_names(
    subject: &Subject,
    ours: &Variant,
    target: &Target,
    theirs: &Variant,
    common: &Common,
) -> Option<Comparison> {
    if target.is_person {
        return may_be_one_person(&ours.name, &theirs.name).then(|| Comparison {
            tier: Tier::Review,
            rule: "words of a natural person's name",
            compared: (ours.name.folded.clone(), theirs.name.folded.clone()),
        });
    }
    let found = resemble(
        Named {
            name: &ours.name,
            countries: &subject.countries,
        },
        Named {
            name: &theirs.name,
            countries: &target.countries,
        },
        common,
    )?;
    Some(capped(found, ours.most.min(theirs.most)))
}

/// What the names of an entry are kept under, by what it names; persons are looked up by the same.
pub fn keys_of_kind(text: &str, kind: ListedKind) -> Vec<String> {
    match kind {
        ListedKind::Person => variants(text)
            .iter()
            .flat_map(|variant| person_keys(&variant.name))
            .collect(),
        ListedKind::Organization
        | ListedKind::Vessel
        | ListedKind::Aircraft
        | ListedKind::Unknown => keys(text),
    }
}

fn by_name(subject: &Subject, target: &Target, common: &Common) -> Option<Comparison> {
    let mut best: Option<Comparison> = None;
    for ours in &subject.names {
        for theirs in &target.names {
            let Some(found) = of_names(subject, ours, target, theirs, common) else {
                continue;
            };
            if best.as_ref().is_none_or(|best| best.tier < found.tier) {
                best = Some(found);
            }
        }
    }
    best
}
