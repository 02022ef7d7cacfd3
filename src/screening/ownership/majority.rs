//! Owned at least 50 % by named entities, directly or indirectly, in the aggregate.
//!
//! Two least fixed points over the same relations: what is surely owned, by direct shares that are cited, added up over distinct
//! owners; and what may be, where everything that is not evidenced counts in full. A company that is so owned counts as a named one for
//! those below it, which is how "indirectly" is meant. A cycle adds nothing to itself.

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use super::walk::{above, is_cited, upward};
use super::{HALF, Reach, Remembered};
use crate::screening::instrument::AffiliateKind;
use crate::vendor::Directness;
use crate::vendor::ownership::{EntityRef, Interest, Relation};

/// All of it, in hundredths of a percent.
const WHOLE: u16 = 10_000;

type Edges = BTreeMap<EntityRef, Vec<Relation>>;

/// The one answer for the party, given for the nearest named entity; `None` where it is not so owned.
pub(super) fn reaches(
    ownership: &Remembered<'_>,
    party: &EntityRef,
    named: &BTreeSet<EntityRef>,
    at: Date,
) -> Option<Reach> {
    let mut named = named.clone();
    named.remove(party);
    let ways = above(ownership, party, AffiliateKind::AnyAffiliate, at, true);
    let nearest = ways
        .values()
        .filter(|reach| named.contains(&reach.named))
        .min_by_key(|reach| reach.rank())?;
    let edges = upward(ownership, ways.keys(), at);
    let surely = owned(&edges, &named, sure);
    if surely.contains(party) {
        let (path, ends) = counted(&edges, &surely, &named, party);
        return Some(Reach {
            named: ends.first().cloned()?,
            path,
            unknown: None,
        });
    }
    owned(&edges, &named, possible)
        .contains(party)
        .then(|| Reach {
            unknown: Some("the share that listed entities own is not evidenced".into()),
            ..nearest.clone()
        })
}

/// What is owned at least by half by `named` ones and by each other, as `part` counts a relation.
fn owned(
    edges: &Edges,
    named: &BTreeSet<EntityRef>,
    part: fn(&Relation) -> Part,
) -> BTreeSet<EntityRef> {
    let mut all = named.clone();
    loop {
        let before = all.len();
        for (entity, relations) in edges {
            if !all.contains(entity) && half(entity, relations, &all, part) {
                all.insert(entity.clone());
            }
        }
        if all.len() == before {
            return all;
        }
    }
}

/// What one relation contributes.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// Added up with those of other owners.
    Adds(u16),
    /// May be part of what another relation states: counts by itself.
    Alone(u16),
    /// Nothing.
    None,
}

/// As far as it is evidenced: only shares, and only direct ones add up, since an indirect one may be the same shares again.
fn sure(relation: &Relation) -> Part {
    match (relation.interest, relation.held) {
        (Interest::Share(Some(part)), Directness::Direct) if is_cited(relation) => Part::Adds(part),
        (Interest::Share(Some(part)), Directness::Indirect | Directness::Unknown)
            if is_cited(relation) =>
        {
            Part::Alone(part)
        }
        (
            Interest::Share(_)
            | Interest::Votes(_)
            | Interest::Control
            | Interest::Consolidation
            | Interest::Group,
            _,
        ) => Part::None,
    }
}

/// As far as nothing rules it out: control without a stated share may go with all of it.
fn possible(relation: &Relation) -> Part {
    match relation.interest {
        Interest::Share(Some(part)) => Part::Adds(part),
        Interest::Share(None)
        | Interest::Votes(_)
        | Interest::Control
        | Interest::Consolidation
        | Interest::Group => Part::Adds(WHOLE),
    }
}

fn half(
    entity: &EntityRef,
    relations: &[Relation],
    counting: &BTreeSet<EntityRef>,
    part: fn(&Relation) -> Part,
) -> bool {
    // What one owner states twice is not twice as much.
    let mut added: BTreeMap<&EntityRef, u16> = BTreeMap::new();
    for relation in relations {
        let owner = owner(entity, relation);
        if !counting.contains(owner) {
            continue;
        }
        match part(relation) {
            Part::Adds(part) => {
                let most = added.entry(owner).or_default();
                *most = part.max(*most);
            }
            Part::Alone(part) if part >= HALF => return true,
            Part::Alone(_) | Part::None => {}
        }
    }
    added
        .values()
        .fold(0, |sum: u16, part| sum.saturating_add(*part))
        >= HALF
}

/// The far end of a relation that leads up from `entity`.
fn owner<'r>(entity: &EntityRef, relation: &'r Relation) -> &'r EntityRef {
    if relation.subject == *entity {
        &relation.interested_party
    } else {
        &relation.subject
    }
}

/// The relations that count, from the party up, and the named entities that they end at.
fn counted(
    edges: &Edges,
    surely: &BTreeSet<EntityRef>,
    named: &BTreeSet<EntityRef>,
    party: &EntityRef,
) -> (Vec<Relation>, Vec<EntityRef>) {
    let mut path = Vec::new();
    let mut ends = Vec::new();
    let mut seen = BTreeSet::from([party]);
    let mut front = vec![party];
    while !front.is_empty() {
        let mut next = Vec::new();
        for entity in front {
            for relation in edges.get(entity).into_iter().flatten() {
                let owner = owner(entity, relation);
                if !surely.contains(owner) || matches!(sure(relation), Part::None) {
                    continue;
                }
                path.push(relation.clone());
                if !seen.insert(owner) {
                    continue;
                }
                if named.contains(owner) {
                    ends.push(owner.clone());
                } else {
                    next.push(owner);
                }
            }
        }
        front = next;
    }
    (path, ends)
}
