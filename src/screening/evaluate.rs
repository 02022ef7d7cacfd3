//! Which instruments reach a party at a date: named, by an affiliate rule, or not in force; the three are told apart.
//!
//! A party is taken for a named one by an identifier, by its link to the vendor registry, or by a name whose core is identical
//! after normalisation. Similar names are not compared here. No match is not a clearance.

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use crate::base::time::Time;
use crate::identity::identifiers::LEI;
use crate::identity::name::Comparison;
use crate::model::evidence::Evidence;
use crate::model::party::{AppliesVia, InForce, Match, Party, Tier};
use crate::screening::data::{Instruments, first_citation, names_only, rule_of};
use crate::screening::force;
use crate::screening::instrument::{AffiliateKind, AffiliateRule, Entry, Instrument};
use crate::screening::names::Place;
use crate::screening::ownership::{self, Ownership, Reach, Remembered};
use crate::vendor::gleif::owners::{BY_LEI, lei_of};
use crate::vendor::ownership::EntityRef;

/// What the instruments say of a party, and how far ownership could be followed for it.
#[derive(Debug, Clone, Default)]
pub struct Evaluation {
    /// Every instrument that reaches or might reach the party, by instrument, then entry.
    pub matches: Vec<Match>,
    /// Where a chain of owners was not followed to its end; one that is cut is no evidence of absence.
    pub gaps: Vec<String>,
}

/// Every instrument that reaches or might reach `party` at `at`, by instrument, then entry.
pub fn evaluate(
    party: &Party,
    instruments: &Instruments,
    ownership: &dyn Ownership,
    at: Time,
) -> Vec<Match> {
    follow(party, instruments, ownership, at).matches
}

/// The same, with what was not followed.
pub fn follow(
    party: &Party,
    instruments: &Instruments,
    ownership: &dyn Ownership,
    at: Time,
) -> Evaluation {
    let at = at.date();
    let subject = Subject::new(party, instruments);
    let ownership = Remembered::new(ownership);
    let strangers = strangers(&subject, instruments, &ownership, at);
    let mut matches = Vec::new();
    for instrument in instruments.iter() {
        let mut named: BTreeSet<Option<&str>> = BTreeSet::new();
        for entry in &instrument.entries {
            if let Some(hit) = subject.hit(instrument, entry)
                && let Some(found) = direct(&hit, instrument, entry, at)
            {
                if hit.tier == Tier::Same {
                    named.insert(entry.scope.as_deref());
                }
                matches.push(found);
            }
        }
        matches.extend(affiliates(
            &subject, instrument, &ownership, &strangers, at, &named,
        ));
    }
    matches.sort_by(|a, b| (&a.instrument, &a.entry).cmp(&(&b.instrument, &b.entry)));
    Evaluation {
        matches,
        gaps: ownership.gaps(),
    }
}

/// What of a party is compared.
struct Subject<'p> {
    party: &'p Party,
    entity: Option<EntityRef>,
    /// `entity` as entries write it.
    written: Option<String>,
    named: BTreeMap<Place, Comparison>,
}

/// How a party was taken for an entry.
struct Hit {
    tier: Tier,
    rule: String,
    compared: (String, String),
    verified: bool,
    evidence: Vec<Evidence>,
}

impl<'p> Subject<'p> {
    fn new(party: &'p Party, instruments: &Instruments) -> Self {
        let entity = match &party.vendor {
            Some(link) => Some(EntityRef::new(&link.slug, &link.entity)),
            None => lei_of(party).map(|lei| EntityRef::new(BY_LEI, lei)),
        };
        Self {
            party,
            written: entity.as_ref().map(EntityRef::to_string),
            entity,
            named: instruments.names().compared(party),
        }
    }

    fn hit(&self, instrument: &Instrument, entry: &Entry) -> Option<Hit> {
        if entry.category {
            return self.by_registry(entry);
        }
        self.by_identifier(entry)
            .or_else(|| self.by_registry(entry))
            .or_else(|| self.by_name(instrument, entry))
    }

    fn by_identifier(&self, entry: &Entry) -> Option<Hit> {
        let (ours, theirs) = self.party.identifiers.iter().find_map(|ours| {
            let theirs = entry.identifiers.iter().find(|theirs| {
                // A number means nothing without its register.
                theirs.scheme == ours.scheme
                    && theirs.value == ours.value
                    && theirs.jurisdiction == ours.jurisdiction
            })?;
            Some((ours, theirs))
        })?;
        Some(Hit {
            tier: Tier::Same,
            rule: format!("equal {}", ours.scheme),
            compared: (ours.value.clone(), theirs.value.clone()),
            verified: true,
            evidence: vec![ours.evidence.clone()],
        })
    }

    fn by_registry(&self, entry: &Entry) -> Option<Hit> {
        let link = self.party.vendor.as_ref()?;
        if self.written.is_none() || self.written != entry.entity {
            return None;
        }
        Some(Hit {
            tier: link.tier,
            rule: format!(
                "vendor registry: {}/{}, {}",
                link.slug, link.entity, link.rule
            ),
            compared: link.compared.clone(),
            verified: link.verified,
            evidence: link.evidence.clone(),
        })
    }

    fn by_name(&self, instrument: &Instrument, entry: &Entry) -> Option<Hit> {
        if self.named.is_empty() {
            return None;
        }
        let found = self.named.get(&(instrument.id.clone(), entry.id.clone()))?;
        let known_as_another = self.party.vendor.as_ref().is_some_and(|link| {
            link.tier == Tier::Same && entry.entity.is_some() && self.written != entry.entity
        });
        (!known_as_another).then(|| Hit {
            tier: found.tier,
            rule: found.rule.into(),
            compared: found.compared.clone(),
            verified: true,
            evidence: Vec::new(),
        })
    }
}

/// The registry's entity that an entry names, whose form `validate` holds; else the one that its LEI stands for.
fn entity_of(entry: &Entry) -> Option<EntityRef> {
    if let Some(entity) = &entry.entity {
        return EntityRef::parse(entity);
    }
    let lei = entry.identifiers.iter().find(|i| i.scheme == LEI)?;
    Some(EntityRef::new(BY_LEI, &lei.value))
}

/// An owner that the registry does not know, and what it is compared by.
type Stranger = (EntityRef, Party, BTreeMap<Place, Comparison>);

fn strangers(
    subject: &Subject<'_>,
    instruments: &Instruments,
    ownership: &Remembered<'_>,
    at: Date,
) -> Vec<Stranger> {
    let Some(party) = &subject.entity else {
        return Vec::new();
    };
    ownership
        .strangers(party, at)
        .into_iter()
        .map(|(place, stranger)| {
            let named = instruments.names().compared(&stranger);
            (place, stranger, named)
        })
        .collect()
}

/// The entities that an entry names: the registry's, and owners that surely are the named one, each with how it was taken for it.
fn targets(
    instrument: &Instrument,
    entry: &Entry,
    strangers: &[Stranger],
) -> Vec<(EntityRef, Option<Hit>)> {
    let mut targets: Vec<(EntityRef, Option<Hit>)> =
        entity_of(entry).map(|e| (e, None)).into_iter().collect();
    for (place, stranger, named) in strangers {
        let subject = Subject {
            party: stranger,
            entity: None,
            written: None,
            named: named.clone(),
        };
        let hit = subject.hit(instrument, entry);
        if let Some(hit) = hit.filter(|h| h.tier == Tier::Same && h.verified)
            && targets.iter().all(|(known, _)| known != place)
        {
            targets.push((place.clone(), Some(hit)));
        }
    }
    targets
}

fn direct(hit: &Hit, instrument: &Instrument, entry: &Entry, at: Date) -> Option<Match> {
    let state = force::of(instrument, entry, at)?;
    let mut evidence = vec![entry_evidence(instrument, entry)];
    evidence.extend(hit.evidence.iter().cloned());
    let named = !entry.category;
    let decisive = named && hit.tier == Tier::Same && hit.verified && state.verified;
    Some(Match {
        // A possible affiliate and a maker of a kind of product are recognised, not reached.
        applies_via: match hit.tier {
            Tier::Same | Tier::Review if named => AppliesVia::Direct,
            Tier::Same | Tier::Review | Tier::Group => AppliesVia::None,
        },
        tier: hit.tier,
        rule: if named {
            hit.rule.clone()
        } else {
            "a category of products; whether one falls in it is not judged".into()
        },
        compared: hit.compared.clone(),
        decisive,
        evidence,
        ..shell(instrument, entry, state)
    })
}

/// One match for each scope of the instrument that an affiliate rule reaches and no entry names.
fn affiliates(
    subject: &Subject<'_>,
    instrument: &Instrument,
    ownership: &Remembered<'_>,
    strangers: &[Stranger],
    at: Date,
    named: &BTreeSet<Option<&str>>,
) -> Vec<Match> {
    let Some(party) = &subject.entity else {
        return Vec::new();
    };
    // A relation of the registry stands on both its sides, so that who has none is related to nobody there.
    if ownership.relations(party, at).is_empty() && !ownership.may_own(party) {
        return Vec::new();
    }
    let mut rows: BTreeMap<Option<&str>, Vec<Row<'_>>> = BTreeMap::new();
    for entry in &instrument.entries {
        let scope = entry.scope.as_deref();
        if named.contains(&scope) || entry.category {
            continue;
        }
        let targets = targets(instrument, entry, strangers);
        if !targets.is_empty() {
            rows.entry(scope).or_default().push(Row { entry, targets });
        }
    }
    let mut matches = Vec::new();
    for entries in rows.into_values() {
        let mut by_kind: BTreeMap<AffiliateKind, Vec<Reach>> = BTreeMap::new();
        let found = entries
            .iter()
            .filter(|row| may_reach(subject, rule_of(instrument, row.entry)))
            .filter_map(|row| {
                let rule = rule_of(instrument, row.entry);
                let reaches = by_kind.entry(rule.kind).or_insert_with(|| {
                    let listed = listed_under(instrument, &entries, rule, at);
                    ownership::reaches(ownership, party, &listed, rule.kind, at)
                });
                let (reach, hit) = reaches.iter().find_map(|reach| {
                    let target = row.targets.iter().find(|(t, _)| *t == reach.named)?;
                    Some((reach, target.1.as_ref()))
                })?;
                affiliate(subject, instrument, row.entry, rule, (reach, hit), at)
            })
            .min_by_key(|m| (m.in_force != InForce::Yes, !m.decisive, steps(m)));
        matches.extend(found.map(|mut m| {
            // Who is known by a certified LEI alone is surely that entity.
            if let Some(link) = &subject.party.vendor {
                m.tier = m.tier.min(link.tier);
                m.decisive &= link.tier == Tier::Same && link.verified;
            }
            m
        }));
    }
    matches
}

/// An entry and the entities that it names.
struct Row<'i> {
    entry: &'i Entry,
    targets: Vec<(EntityRef, Option<Hit>)>,
}

/// The rule reaches beyond the named, and does not leave out the party's country.
fn may_reach(subject: &Subject<'_>, rule: &AffiliateRule) -> bool {
    let countries = &subject.party.countries;
    let left_out = !countries.is_empty()
        && countries
            .iter()
            .all(|country| rule.except_countries.contains(country));
    !names_only(rule) && !left_out
}

/// Entities that the instrument names at `at` and that share `rule`: an aggregate rule counts them together.
fn listed_under(
    instrument: &Instrument,
    entries: &[Row<'_>],
    rule: &AffiliateRule,
    at: Date,
) -> BTreeSet<EntityRef> {
    entries
        .iter()
        .filter(|row| rule_of(instrument, row.entry).kind == rule.kind)
        .filter(|row| force::of(instrument, row.entry, at).is_some())
        .flat_map(|row| row.targets.iter().map(|(target, _)| target.clone()))
        .collect()
}

fn affiliate(
    subject: &Subject<'_>,
    instrument: &Instrument,
    entry: &Entry,
    rule: &AffiliateRule,
    (reach, hit): (&Reach, Option<&Hit>),
    at: Date,
) -> Option<Match> {
    let state = force::of(instrument, entry, at)?;
    let of_rule = force::rule(rule, at)?;
    let of_reach = match &reach.unknown {
        Some(why) => InForce::Unknown(why.clone()),
        None => InForce::Yes,
    };
    let in_force = force::both(force::both(state.in_force.clone(), of_rule), of_reach);
    let cited = reach.is_cited();
    let mut evidence = vec![
        entry_evidence(instrument, entry),
        rule_evidence(instrument, rule),
    ];
    match &subject.party.vendor {
        Some(link) => evidence.extend(link.evidence.iter().cloned()),
        None => {
            let by_lei = subject.party.identifiers.iter().filter(|i| i.scheme == LEI);
            evidence.extend(by_lei.map(|i| i.evidence.clone()));
        }
    }
    evidence.extend(hit.into_iter().flat_map(|h| h.evidence.iter().cloned()));
    evidence.extend(reach.path.iter().flat_map(|r| r.evidence.iter().cloned()));
    let mut seen = BTreeSet::new();
    evidence.retain(|e| seen.insert(e.clone()));
    let decisive = cited && state.verified && rule.verified;
    Some(Match {
        applies_via: AppliesVia::Affiliate(reach.steps()),
        path: reach.recorded(),
        tier: if cited { Tier::Same } else { Tier::Group },
        rule: match hit {
            Some(hit) => format!(
                "affiliate rule: {}; {} is taken for the named one by: {} [{} = {}]",
                rule.text, reach.named, hit.rule, hit.compared.0, hit.compared.1
            ),
            None => format!("affiliate rule: {}", rule.text),
        },
        compared: (
            subject
                .entity
                .as_ref()
                .map(EntityRef::to_string)
                .unwrap_or_default(),
            reach.named.to_string(),
        ),
        decisive,
        evidence,
        in_force,
        ..shell(instrument, entry, state)
    })
}

fn steps(found: &Match) -> usize {
    match &found.applies_via {
        AppliesVia::Affiliate(steps) => steps.len(),
        AppliesVia::Direct | AppliesVia::None => 0,
    }
}

/// What a match says of its instrument, whoever is matched.
fn shell(instrument: &Instrument, entry: &Entry, state: force::State<'_>) -> Match {
    Match {
        instrument: instrument.id.clone(),
        title: instrument.title.clone(),
        entry: entry.name.clone(),
        tier: Tier::Review,
        rule: String::new(),
        compared: (String::new(), String::new()),
        applies_via: AppliesVia::None,
        path: Vec::new(),
        in_force: state.in_force,
        effect: state.effect.name().into(),
        subject_matter: entry
            .scope
            .clone()
            .unwrap_or_else(|| instrument.subject_matter.clone()),
        phase: state.phase.map(|p| p.text.clone()),
        effective_from: state.effective_from,
        decisive: false,
        evidence: Vec::new(),
    }
}

fn entry_evidence(instrument: &Instrument, entry: &Entry) -> Evidence {
    let mut evidence = Evidence::entry(
        format!("instruments/{}", instrument.file()),
        entry.id.clone(),
    )
    .excerpt(entry.name.clone())
    .cited(first_citation(instrument, &entry.sources));
    evidence.observed_at = Some(instrument.as_of.midnight().assume_utc());
    evidence
}

fn rule_evidence(instrument: &Instrument, rule: &AffiliateRule) -> Evidence {
    let mut evidence = Evidence::entry(format!("instruments/{}", instrument.file()), "affiliates")
        .excerpt(rule.text.clone())
        .cited(first_citation(instrument, &rule.sources));
    evidence.observed_at = Some(instrument.as_of.midnight().assume_utc());
    evidence
}
