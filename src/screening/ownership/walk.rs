//! Affiliation: from the party up to its owners, from each named entity up to its owners, and where the two meet.
//!
//! Whoever is owned by, owns, or has a common owner with a named entity meets it that way. Owners of one joint venture do not: they
//! have a subsidiary in common and no owner.

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use super::{HALF, MAX_ENTITIES, MAX_STEPS, Ownership as _, Reach, Remembered};
use crate::screening::instrument::AffiliateKind;
use crate::vendor::ownership::{EntityRef, Interest, Relation, Standing};

/// The best way from one entity to each of its owners and the members of its group, itself by no step.
type Above = BTreeMap<EntityRef, Reach>;

/// The best reach of every named entity, best first.
pub(super) fn reaches(
    ownership: &Remembered<'_>,
    party: &EntityRef,
    named: &BTreeSet<EntityRef>,
    kind: AffiliateKind,
    at: Date,
) -> Vec<Reach> {
    let ours = above(ownership, party, kind, at, true);
    let mut found: Vec<Reach> = named
        .iter()
        .filter(|target| *target != party)
        .filter_map(|target| {
            // Whom the named one controls is reached; what controls the named one, and its sisters, are not.
            let upward = kind != AffiliateKind::Controlled;
            let theirs = above(ownership, target, kind, at, upward);
            meet(&ours, &theirs, target)
        })
        .collect();
    found.sort_by_key(Reach::rank);
    found
}

/// The best entity that both lead to.
fn meet(ours: &Above, theirs: &Above, target: &EntityRef) -> Option<Reach> {
    theirs
        .iter()
        .filter_map(|(place, far)| {
            let mut reach = ours.get(place)?.clone();
            reach.named = target.clone();
            reach.unknown = reach.unknown.or_else(|| far.unknown.clone());
            reach.path.extend(far.path.iter().rev().cloned());
            Some(reach)
        })
        .min_by_key(Reach::rank)
}

/// Every owner of `start` and, where `upward`, theirs; members of a group whose direction nobody states count for both.
pub(super) fn above(
    ownership: &Remembered<'_>,
    start: &EntityRef,
    kind: AffiliateKind,
    at: Date,
    upward: bool,
) -> Above {
    let mut settled = Above::new();
    // An edge never makes a way better, so that the best open one is settled.
    let mut open = BTreeMap::from([(
        ((false, false, 0), start.clone()),
        Reach {
            named: start.clone(),
            path: Vec::new(),
            unknown: None,
        },
    )]);
    while let Some(((_, entity), reach)) = open.pop_first() {
        if settled.contains_key(&entity) {
            continue;
        }
        if settled.len() >= MAX_ENTITIES {
            ownership.gap(format!(
                "more than {MAX_ENTITIES} entities are related to {start}; the others were not followed"
            ));
            break;
        }
        let relations = ownership.relations(&entity, at);
        let onward = relations
            .into_iter()
            .filter_map(|relation| Some((step(&entity, &relation, kind, upward)?, relation)))
            .filter(|(other, _)| !settled.contains_key(other));
        for (other, relation) in onward {
            if reach.path.len() >= MAX_STEPS {
                ownership.gap(format!(
                    "the chain above {start} goes on after {MAX_STEPS} steps and was not followed"
                ));
                break;
            }
            let mut next = reach.clone();
            next.named = other.clone();
            next.unknown = next.unknown.or_else(|| doubt(&relation, kind));
            next.path.push(relation);
            open.entry((next.rank(), other)).or_insert(next);
        }
        settled.insert(entity, reach);
    }
    settled
}

/// Where one relation leads from `entity`, if the rule follows it.
fn step(
    entity: &EntityRef,
    relation: &Relation,
    kind: AffiliateKind,
    upward: bool,
) -> Option<EntityRef> {
    let owned = relation.subject == *entity;
    let other = if owned {
        &relation.interested_party
    } else {
        &relation.subject
    };
    let follows = match relation.interest {
        Interest::Group => true,
        Interest::Share(Some(part)) | Interest::Votes(Some(part)) if kind.needs_control() => {
            owned && upward && part > HALF
        }
        Interest::Share(_) | Interest::Votes(_) | Interest::Control | Interest::Consolidation => {
            owned && upward
        }
    };
    (follows && other != entity).then(|| other.clone())
}

/// Why a relation leaves a rule of this kind unanswered.
fn doubt(relation: &Relation, kind: AffiliateKind) -> Option<String> {
    if !kind.needs_control() {
        return None;
    }
    match relation.interest {
        Interest::Share(Some(_))
        | Interest::Votes(Some(_))
        | Interest::Control
        | Interest::Consolidation => None,
        Interest::Share(None) | Interest::Votes(None) => {
            Some("the share, hence control, is not evidenced".into())
        }
        Interest::Group => Some("who controls whom in the group is not evidenced".into()),
    }
}

/// Whether a relation is cited and undisputed.
pub(super) fn is_cited(relation: &Relation) -> bool {
    match relation.standing {
        Standing::Cited => true,
        Standing::Unverified | Standing::Disputed(_) => false,
    }
}

/// Every relation that leads up from one of `entities`, or has no direction, each once.
pub(super) fn upward<'e>(
    ownership: &Remembered<'_>,
    entities: impl Iterator<Item = &'e EntityRef>,
    at: Date,
) -> BTreeMap<EntityRef, Vec<Relation>> {
    let mut all = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for entity in entities {
        if !seen.insert(entity) {
            continue;
        }
        let relations = ownership.relations(entity, at);
        let up = relations
            .into_iter()
            .filter(|r| r.subject == *entity || r.interest == Interest::Group)
            .collect();
        all.insert(entity.clone(), up);
    }
    all
}
