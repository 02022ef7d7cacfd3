//! Matches and claims as findings. Every negative answer carries its age and says that it is not a clearance.

use time::Date;

use crate::base::time::Time;
use crate::model::evidence::Evidence;
use crate::model::finding::{Definition, Finding, Status};
use crate::model::party::{AppliesVia, InForce, Match, Party, Tier};
use crate::screening::data::{CountryInSet, Instruments};
use crate::screening::findings::{
    COUNTRY_OF_CONCERN, INSTRUMENT_NOT_IN_FORCE, NAMED_BY_INSTRUMENT, OWNERSHIP_CHAIN_INCOMPLETE,
    REACHED_BY_AFFILIATE_RULE, SCREENING_CLEAR, SCREENING_DATA_STALE,
};
use crate::screening::listed;
use crate::screening::lists::Listed;

/// Age in days beyond which a negative answer becomes unknown, unless a setting says otherwise: lists move by the month.
pub const DEFAULT_MAX_AGE_DAYS: i64 = 180;

/// Findings about one party whose `matches` and `claims` are filled in.
pub fn about_party(
    party: &Party,
    instruments: &Instruments,
    listed: &dyn Listed,
    at: Time,
    max_age_days: i64,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = party
        .matches
        .iter()
        .map(|m| about_match(party, m))
        .collect();
    if findings.is_empty() {
        findings.push(negative(
            party,
            instruments,
            listed,
            at.date(),
            max_age_days,
        ));
    }
    findings.extend(about_countries(party, instruments, at.date()));
    findings
}

/// The data themselves, once a report: older than the limit at the judgement time, or absent.
pub fn about_data(instruments: &Instruments, at: Time, max_age_days: i64) -> Option<Finding> {
    let message = match instruments.as_of() {
        None => "no instrument data are loaded".to_owned(),
        Some(as_of) => {
            let age = stale(as_of, at.date(), max_age_days)?;
            format!(
                "the oldest list was read on {as_of}, {age} days before the judgement time; the limit is {max_age_days}"
            )
        }
    };
    Some(Finding::new(
        &SCREENING_DATA_STALE,
        Status::Unknown,
        message,
    ))
}

/// Where owners could not be followed: what an affiliate rule does not reach then is not known to be out of its reach.
pub fn about_chain(party: &Party, gaps: &[String]) -> Option<Finding> {
    (!gaps.is_empty()).then(|| {
        let message = format!("{}: {}", party.name, gaps.join("; "));
        Finding::new(&OWNERSHIP_CHAIN_INCOMPLETE, Status::Unknown, message).party(&party.id)
    })
}

/// Days of age, where over the limit.
fn stale(as_of: Date, at: Date, max_age_days: i64) -> Option<i64> {
    let age = i64::from(at.to_julian_day()).saturating_sub(i64::from(as_of.to_julian_day()));
    (age > max_age_days).then_some(age)
}

fn about_match(party: &Party, found: &Match) -> Finding {
    let (definition, status) = classify(found);
    let mut message = format!("{} {}", party.name, verb(found));
    if let Some(phase) = &found.phase {
        message.push_str(&format!("; {phase}"));
    }
    match &found.in_force {
        InForce::Yes => {}
        InForce::No(why) => message.push_str(&format!("; not in force: {why}")),
        InForce::Unknown(why) => {
            message.push_str(&format!("; not known whether it applies: {why}"))
        }
    }
    if !found.decisive {
        message.push_str("; a lead that decides nothing");
    }
    let mut finding = Finding::new(definition, status, message).party(&party.id);
    finding.evidence.clone_from(&found.evidence);
    finding
}

fn classify(found: &Match) -> (&'static Definition, Status) {
    let definition = match (&found.in_force, &found.applies_via) {
        (InForce::No(_), _) => return (&INSTRUMENT_NOT_IN_FORCE, Status::Review),
        (_, AppliesVia::Affiliate(_)) => &REACHED_BY_AFFILIATE_RULE,
        (_, AppliesVia::None) if found.tier == Tier::Group => &REACHED_BY_AFFILIATE_RULE,
        (_, AppliesVia::Direct | AppliesVia::None) => &NAMED_BY_INSTRUMENT,
    };
    let status = match found.in_force {
        InForce::Yes if found.decisive => Status::Review,
        InForce::Yes | InForce::Unknown(_) | InForce::No(_) => Status::Unknown,
    };
    (definition, status)
}

/// What the match says, in the words that the law allows: named, reached, possibly.
fn verb(found: &Match) -> String {
    let entry = format!(
        "{} ({:?}, effect: {})",
        found.instrument, found.entry, found.effect
    );
    match (&found.applies_via, found.tier) {
        (AppliesVia::Direct, Tier::Same) => format!("is named in {entry}"),
        (AppliesVia::Direct, Tier::Group | Tier::Review) => {
            format!("may be named in {entry} ({})", found.rule)
        }
        (AppliesVia::Affiliate(steps), Tier::Same) => {
            format!(
                "is reached by the affiliate rule of {entry}: {}",
                steps.join("; ")
            )
        }
        (AppliesVia::Affiliate(steps), Tier::Group | Tier::Review) => {
            format!(
                "may be an affiliate under {entry}, {}",
                through(steps, "not every one cited and undisputed")
            )
        }
        (AppliesVia::None, Tier::Group) => {
            format!("may be an affiliate of a party named in {entry}")
        }
        (AppliesVia::None, Tier::Same | Tier::Review) => {
            format!("makes products that {entry} may cover: {}", found.rule)
        }
    }
}

/// The steps themselves stand in the match, with their evidence.
fn through(steps: &[String], how: &str) -> String {
    match steps.len() {
        1 => format!("through 1 relation, {how}"),
        count => format!("through {count} relations, {how}"),
    }
}

fn negative(
    party: &Party,
    instruments: &Instruments,
    listed: &dyn Listed,
    at: Date,
    max_age_days: i64,
) -> Finding {
    let nameless = party.name.trim().is_empty() && party.identifiers.is_empty();
    let (status, message) = match instruments.as_of() {
        None => (
            Status::Unknown,
            "nothing was screened: no instrument data are loaded".to_owned(),
        ),
        Some(_) if nameless => (
            Status::Unknown,
            "nothing was screened: the party has neither a name nor an identifier".to_owned(),
        ),
        Some(as_of) => {
            let later = listed.lists().iter().any(|l| listed::is_later(l, at));
            let old = stale(as_of, at, max_age_days).is_some()
                || later
                || listed
                    .lists()
                    .iter()
                    .any(|l| listed::stale(l, at).is_some())
                || !listed.broken().is_empty();
            let status = if old { Status::Unknown } else { Status::Pass };
            let mut lists = listed::screened(listed);
            if later {
                lists.push_str("; a list stands for a day after the judgement time");
            }
            // An instrument whose entries are on a list says nothing where the list is not installed.
            let count = instruments.iter().filter(|i| !i.from_list).count();
            (
                status,
                format!(
                    "{}: no match in {count} instruments as of {as_of}; {lists}; this is not a clearance",
                    party.name
                ),
            )
        }
    };
    let mut finding = Finding::new(&SCREENING_CLEAR, status, message).party(&party.id);
    let own = instruments.iter().filter(|i| !i.from_list);
    finding.evidence.extend(own.map(|i| {
        let mut evidence = Evidence::entry(format!("instruments/{}", i.file()), "entry");
        evidence.observed_at = Some(i.as_of.midnight().assume_utc());
        evidence
    }));
    finding
}

fn about_countries(party: &Party, instruments: &Instruments, at: Date) -> Vec<Finding> {
    let sets: Vec<CountryInSet> = instruments
        .iter()
        .flat_map(|i| instruments.countries(&i.id, at))
        .collect();
    let mut findings = Vec::new();
    for claim in &party.claims {
        let Some(country) = sets.iter().find(|c| c.code == claim.jurisdiction.country) else {
            continue;
        };
        let status = if country.verified {
            Status::Review
        } else {
            Status::Unknown
        };
        let message = format!(
            "{}: {} {} ({}), which {} lists",
            party.name,
            claim.aspect.name(),
            claim.jurisdiction,
            claim.basis,
            country.instrument
        );
        let mut finding = Finding::new(&COUNTRY_OF_CONCERN, status, message)
            .party(&party.id)
            .with(
                Evidence::entry(
                    format!("instruments/{}", country.instrument.to_ascii_lowercase()),
                    country.code.clone(),
                )
                .excerpt(country.name.clone())
                .cited(country.citation.clone()),
            );
        finding.evidence.extend(claim.evidence.iter().cloned());
        findings.push(finding);
    }
    findings
}
