//! Installed restricted-party lists against a party: candidates from the store, tiers from the matcher, effect from the instrument.
//!
//! A list is evidence of its day: an entry that gives no day of listing is not known to have been there before the list was read.

use std::collections::BTreeSet;

use time::Date;

use crate::base::time::Time;
use crate::identity::identifiers::normal_number;
use crate::identity::name::Common;
use crate::model::digest::hex;
use crate::model::evidence::{Evidence, Locator, Source};
use crate::model::finding::{Finding, Status};
use crate::model::list::{ListEntry, ListedKind};
use crate::model::party::{AppliesVia, InForce, Match, Party, Tier};
use crate::screening::data::Instruments;
use crate::screening::findings::{LIST_NOT_SCREENED, SCREENING_DATA_STALE};
use crate::screening::instrument::Instrument;
use crate::screening::lists::{Answer, Found, Installed, Listed};
use crate::screening::matching::{Comparison, Subject, Target, compare, keys_of_kind, wanted};

/// Candidates that one party is compared with; a name that has more says too little to be looked up.
const MAX_CANDIDATES: usize = 20_000;

/// Adds what the lists say of `party` to its matches; findings where a list could not answer.
pub fn screen(
    party: &mut Party,
    listed: &dyn Listed,
    instruments: &Instruments,
    at: Time,
) -> Vec<Finding> {
    if listed.lists().is_empty() {
        return Vec::new();
    }
    let Candidates { found, faults } = candidates(party, listed);
    let names = std::iter::once(party.name.as_str()).chain(party.names.iter().map(String::as_str));
    let subject = Subject::new(names, &party.countries, &identifiers(party));
    let common = Common::default();
    let mut matches = Vec::new();
    for found in &found {
        let Some(comparison) = compare(&subject, &Target::of(&found.entry), &common) else {
            continue;
        };
        let Some(list) = listed.lists().get(found.list) else {
            continue;
        };
        add(
            &mut party.matches,
            &mut matches,
            of_entry(&found.entry, list, comparison, instruments, at.date()),
            &found.entry,
        );
    }
    party.matches.append(&mut matches);
    party
        .matches
        .sort_by(|a, b| (&a.instrument, &a.entry).cmp(&(&b.instrument, &b.entry)));
    faults
        .into_iter()
        .map(|fault| {
            let message = format!("{}: {fault}", party.name);
            Finding::new(&LIST_NOT_SCREENED, Status::Unknown, message).party(&party.id)
        })
        .collect()
}

/// Identifiers as lists write them: a Russian VAT number is the ИНН.
fn identifiers(party: &Party) -> Vec<crate::model::party::Identifier> {
    let mut all = party.identifiers.clone();
    for id in &party.identifiers {
        if id.scheme == "vat" && id.jurisdiction.as_deref() == Some("RU") {
            let mut inn = id.clone();
            inn.scheme = "inn".into();
            all.push(inn);
        }
    }
    all
}

/// Entries to compare, and what was not looked up whole.
struct Candidates {
    found: Vec<Found>,
    faults: Vec<String>,
}

/// What one list or one name hides takes no other entry away.
fn candidates(party: &Party, listed: &dyn Listed) -> Candidates {
    let Answer {
        mut found,
        mut faults,
    } = Answer::default();
    for id in identifiers(party) {
        let numbered = listed.by_number(&id.scheme, &normal_number(&id.value));
        found.extend(numbered.found);
        faults.extend(numbered.faults);
    }
    let mut all = BTreeSet::new();
    for name in std::iter::once(&party.name).chain(&party.names) {
        all.extend(wanted(name));
        if listed.persons() {
            all.extend(keys_of_kind(name, ListedKind::Person));
        }
    }
    let all: Vec<String> = all.into_iter().collect();
    let named = listed.by_keys(&all);
    faults.extend(named.faults);
    let mut faults: Vec<String> = faults
        .into_iter()
        .map(|(id, why)| format!("not screened whole against list {id}: {why}"))
        .collect();
    if named.found.len() > MAX_CANDIDATES {
        faults.push(format!(
            "not screened by name against the installed lists: {} entries resemble the name, which is more than {MAX_CANDIDATES}",
            named.found.len()
        ));
    } else {
        found.extend(named.found);
    }
    let mut seen = BTreeSet::new();
    found.retain(|f| {
        seen.insert((f.list, f.entry.list.clone(), f.entry.id.clone()))
            && (listed.persons() || f.entry.kind != ListedKind::Person)
    });
    Candidates { found, faults }
}

/// An entry that the instrument's own file has matched already gets the list's evidence; any other is a match of its own.
fn add(known: &mut [Match], new: &mut Vec<Match>, found: Match, entry: &ListEntry) {
    let same = known.iter_mut().find(|m| {
        m.instrument == found.instrument
            && m.tier >= found.tier
            && (m.decisive || !found.decisive)
            && m.evidence.iter().any(|e| {
                matches!(&e.locator, Locator::Entry { data, entry: id }
                    if data.starts_with("instruments/") && id == &entry.id)
            })
    });
    match same {
        Some(same) => same.evidence.extend(found.evidence),
        None => new.push(found),
    }
}

fn of_entry(
    entry: &ListEntry,
    list: &Installed,
    comparison: Comparison,
    instruments: &Instruments,
    at: Date,
) -> Match {
    let id = if entry.list == list.id {
        list.instrument.clone()
    } else {
        entry.list.to_ascii_uppercase()
    };
    let instrument = instruments.get(&id);
    let in_force = in_force(entry, list, at);
    let verified = instrument.is_some_and(|i| i.verified);
    Match {
        title: instrument.map_or_else(|| list.title.clone(), |i| i.title.clone()),
        effect: instrument.map_or("designation", |i| i.effect.name()).into(),
        subject_matter: instrument.map_or_else(
            || "what the listing means is not recorded here; read its source".to_owned(),
            |i: &Instrument| i.subject_matter.clone(),
        ),
        instrument: id,
        entry: entry
            .names
            .first()
            .map_or_else(String::new, |n| n.text.clone()),
        decisive: verified && comparison.tier == Tier::Same && in_force == InForce::Yes,
        applies_via: match comparison.tier {
            Tier::Same | Tier::Review => AppliesVia::Direct,
            Tier::Group => AppliesVia::None,
        },
        tier: comparison.tier,
        rule: comparison.rule.into(),
        compared: comparison.compared,
        path: Vec::new(),
        in_force,
        phase: None,
        effective_from: entry.from,
        evidence: vec![evidence(entry, list)],
    }
}

fn in_force(entry: &ListEntry, list: &Installed, at: Date) -> InForce {
    match (entry.from, entry.until) {
        (Some(from), _) if at < from => InForce::No(format!("listed since {from}")),
        (_, Some(until)) if until <= at => InForce::No(format!("listed until {until}")),
        (None, _) if at < list.as_of => InForce::Unknown(format!(
            "the list gives no day of listing and was read as of {}",
            list.as_of
        )),
        (Some(_) | None, _) => InForce::Yes,
    }
}

fn evidence(entry: &ListEntry, list: &Installed) -> Evidence {
    let record = hex(&entry.raw_sha256);
    let name = entry.names.first().map_or("", |n| n.text.as_str());
    Evidence {
        source: Source::User,
        locator: Locator::Entry {
            data: format!("lists/{}", list.id),
            entry: entry.id.clone(),
        },
        excerpt: Some(name.to_owned()),
        citation: Some(format!(
            "{}; list {} as of {}, sha256 {}; record sha256 {record}",
            entry.citation, list.id, list.as_of, list.sha256
        )),
        observed_at: Some(list.as_of.midnight().assume_utc()),
    }
}

/// The lists themselves, once a report: stale at the judgement time, or installed and not readable.
pub fn about_lists(listed: &dyn Listed, at: Time) -> Vec<Finding> {
    let mut findings = Vec::new();
    for list in listed.lists() {
        if let Some(age) = stale(list, at.date()) {
            let message = format!(
                "list {} is as of {}, {age} days before the judgement time; its limit is {}",
                list.id, list.as_of, list.fresh_days
            );
            findings.push(Finding::new(
                &SCREENING_DATA_STALE,
                Status::Unknown,
                message,
            ));
        }
    }
    for (id, why) in listed.broken() {
        findings.push(Finding::new(
            &LIST_NOT_SCREENED,
            Status::Unknown,
            format!("list {id} is installed and was not screened: {why}"),
        ));
    }
    findings
}

/// Days of age, where over the list's limit.
pub fn stale(list: &Installed, at: Date) -> Option<i64> {
    let age = i64::from(at.to_julian_day()).saturating_sub(i64::from(list.as_of.to_julian_day()));
    (age > list.fresh_days).then_some(age)
}

/// Whether the list is of a later day: whom it had taken off by then it no longer names.
pub fn is_later(list: &Installed, at: Date) -> bool {
    at < list.as_of
}

/// Which lists answered, for a negative answer: `lists us-ofac-sdn as of 2026-11-25`.
pub(super) fn screened(listed: &dyn Listed) -> String {
    let lists: Vec<String> = listed
        .lists()
        .iter()
        .map(|l| format!("{} as of {}", l.id, l.as_of))
        .collect();
    if lists.is_empty() {
        return "no restricted-party list is installed".into();
    }
    let persons = if listed.persons() {
        "natural persons too"
    } else {
        // An entry whose list does not say what it names may be one of a natural person.
        "entries marked as natural persons left out"
    };
    // The affiliate rules of instruments whose entries are on a list are not applied.
    format!(
        "lists {}; {persons}; owners were not held against them",
        lists.join(", ")
    )
}
