//! Affiliate rules over ownership facts: which named entity reaches a party, by which steps, and how sure that is.
//!
//! Only relations that the vendor registry states are walked. What is not evidenced is not assumed: a share that nobody
//! states leaves a percentage rule unknown, and an unverified or disputed relation never decides.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use crate::screening::instrument::AffiliateKind;
use crate::vendor::Registry;
use crate::vendor::ownership::{EntityRef, Interest, Relation, Standing};

/// What screening asks the vendor registry.
pub trait Ownership {
    /// Every relation that `entity` has at `at`, on either side.
    fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation>;
}

impl Ownership for Registry {
    fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation> {
        Self::relations(self, entity, at)
    }
}

/// No relation is known.
#[derive(Debug, Clone, Copy)]
pub struct NoOwnership;

impl Ownership for NoOwnership {
    fn relations(&self, _: &EntityRef, _: Date) -> Vec<Relation> {
        Vec::new()
    }
}

/// Answers at one date, remembered: every instrument asks about the same few entities.
pub(super) struct Remembered<'o> {
    ownership: &'o dyn Ownership,
    known: RefCell<BTreeMap<(EntityRef, Date), Vec<Relation>>>,
}

impl<'o> Remembered<'o> {
    pub(super) fn new(ownership: &'o dyn Ownership) -> Self {
        Self {
            ownership,
            known: RefCell::default(),
        }
    }
}

impl Ownership for Remembered<'_> {
    fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation> {
        self.known
            .borrow_mut()
            .entry((entity.clone(), at))
            .or_insert_with(|| self.ownership.relations(entity, at))
            .clone()
    }
}

/// How a rule reaches a party.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    /// The named entity at the far end.
    pub named: EntityRef,
    /// The relations on the way, party first.
    pub path: Vec<Relation>,
    /// Why it cannot be said, where it cannot.
    pub unknown: Option<String>,
}

impl Reach {
    /// Every step is cited.
    pub(super) fn is_cited(&self) -> bool {
        self.path.iter().all(|r| r.standing == Standing::Cited)
    }

    /// Every step as a sentence, with what it lacks.
    pub(super) fn steps(&self) -> Vec<String> {
        self.path
            .iter()
            .map(|r| match &r.standing {
                Standing::Cited => r.text.clone(),
                Standing::Unverified => format!("{} [unverified]", r.text),
                Standing::Disputed(sides) => format!("{} [disputed: {sides}]", r.text),
            })
            .collect()
    }

    fn rank(&self) -> (bool, bool, usize) {
        (self.unknown.is_some(), !self.is_cited(), self.path.len())
    }
}

/// Longest chain walked: a listed parent at the top of a real group stands at most four levels above what it sells through,
/// and sideways once; a longer one would be a mistake in the registry.
const MAX_STEPS: usize = 8;

/// Most entities visited for one party, against a registry file that relates everybody to everybody.
const MAX_ENTITIES: usize = 256;

/// Direction of travel. A common owner is reached by going up, then down; never down, then up, which would join the
/// unrelated owners of one joint venture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heading {
    Up,
    Down,
}

/// The best reach of every named entity under a rule of this kind.
pub(super) fn reaches(
    ownership: &dyn Ownership,
    party: &EntityRef,
    named: &BTreeSet<EntityRef>,
    kind: AffiliateKind,
    at: Date,
) -> Vec<Reach> {
    match kind {
        AffiliateKind::None => Vec::new(),
        AffiliateKind::AnyAffiliate | AffiliateKind::Control | AffiliateKind::Controlled => {
            walk(ownership, party, named, kind, at)
        }
        AffiliateKind::Majority => majority(ownership, party, named, at),
    }
}

fn walk(
    ownership: &dyn Ownership,
    party: &EntityRef,
    named: &BTreeSet<EntityRef>,
    kind: AffiliateKind,
    at: Date,
) -> Vec<Reach> {
    let mut found: Vec<Reach> = Vec::new();
    let mut seen = BTreeSet::from([(party.clone(), Heading::Up, false)]);
    let mut front: Vec<(EntityRef, Heading, Reach)> = vec![(
        party.clone(),
        Heading::Up,
        Reach {
            named: party.clone(),
            path: Vec::new(),
            unknown: None,
        },
    )];
    for _ in 0..MAX_STEPS {
        let mut next = Vec::new();
        for (entity, heading, reach) in front {
            for relation in ownership.relations(&entity, at) {
                let Some((other, heading)) = step(&entity, heading, &relation, kind) else {
                    continue;
                };
                let mut onward = reach.clone();
                onward.named = other.clone();
                if onward.unknown.is_none() {
                    onward.unknown = doubt(&relation, kind);
                }
                onward.path.push(relation);
                let weak = onward.unknown.is_some() || !onward.is_cited();
                if seen.len() >= MAX_ENTITIES || !seen.insert((other.clone(), heading, weak)) {
                    continue;
                }
                if named.contains(&other) {
                    found.push(onward.clone());
                }
                next.push((other, heading, onward));
            }
        }
        front = next;
    }
    best(found)
}

/// Where one relation leads from `entity`, if the rule follows it.
fn step(
    entity: &EntityRef,
    heading: Heading,
    relation: &Relation,
    kind: AffiliateKind,
) -> Option<(EntityRef, Heading)> {
    let up = relation.subject == *entity;
    let other = if up {
        &relation.interested_party
    } else {
        &relation.subject
    };
    if other == entity {
        return None;
    }
    if relation.interest == Interest::Group {
        // A group has no direction; a rule that needs one cannot follow it, except as a question.
        return Some((other.clone(), heading));
    }
    let heading = match (heading, up) {
        (Heading::Up, true) => Heading::Up,
        (Heading::Up | Heading::Down, false) => Heading::Down,
        (Heading::Down, true) => return None,
    };
    if kind == AffiliateKind::Controlled && heading == Heading::Down {
        return None;
    }
    if matches!(kind, AffiliateKind::Control | AffiliateKind::Controlled)
        && matches!(relation.interest, Interest::Share(Some(share)) if share <= HALF)
    {
        return None;
    }
    Some((other.clone(), heading))
}

/// Why a relation leaves a rule of this kind unanswered.
fn doubt(relation: &Relation, kind: AffiliateKind) -> Option<String> {
    match kind {
        AffiliateKind::None | AffiliateKind::AnyAffiliate => None,
        AffiliateKind::Control => match relation.interest {
            Interest::Share(Some(_)) | Interest::Control => None,
            Interest::Share(None) => Some("the share, hence control, is not evidenced".into()),
            Interest::Group => Some("who controls whom in the group is not evidenced".into()),
        },
        AffiliateKind::Controlled => match relation.interest {
            Interest::Share(Some(_)) | Interest::Control => None,
            Interest::Share(None) => Some("the share, hence control, is not evidenced".into()),
            Interest::Group => Some("who controls whom in the group is not evidenced".into()),
        },
        AffiliateKind::Majority => None,
    }
}

/// Fifty percent, in hundredths of a percent.
const HALF: u16 = 5_000;

/// Owned at least 50 % by named ones, directly or indirectly, in the aggregate.
fn majority(
    ownership: &dyn Ownership,
    party: &EntityRef,
    named: &BTreeSet<EntityRef>,
    at: Date,
) -> Vec<Reach> {
    // The answer is one for the party; it is given for the nearest named entity, or not at all.
    let Some(mut reach) = walk(ownership, party, named, AffiliateKind::AnyAffiliate, at)
        .into_iter()
        .find(|r| leads_up(party, r))
    else {
        return Vec::new();
    };
    match owned(ownership, party, named, at, MAX_STEPS) {
        Owned::Yes => {}
        Owned::No => return Vec::new(),
        Owned::Unknown => {
            reach.unknown = Some("the share that listed entities own is not evidenced".into());
        }
    }
    vec![reach]
}

/// Every step goes to an owner, or its direction is not stated.
fn leads_up(party: &EntityRef, reach: &Reach) -> bool {
    let mut entity = party;
    reach.path.iter().all(|r| {
        let up = r.subject == *entity;
        entity = if up { &r.interested_party } else { &r.subject };
        up || r.interest == Interest::Group
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owned {
    Yes,
    No,
    Unknown,
}

/// Depth is bounded by `left`; a cycle runs into that bound and ends as unknown.
fn owned(
    ownership: &dyn Ownership,
    entity: &EntityRef,
    named: &BTreeSet<EntityRef>,
    at: Date,
    left: usize,
) -> Owned {
    let Some(left) = left.checked_sub(1) else {
        return Owned::Unknown;
    };
    let mut total: u16 = 0;
    let mut unknown = false;
    for relation in ownership.relations(entity, at) {
        if relation.interest == Interest::Group {
            unknown = true;
            continue;
        }
        if relation.subject != *entity {
            continue;
        }
        let owner = &relation.interested_party;
        let counts = if named.contains(owner) {
            Owned::Yes
        } else {
            owned(ownership, owner, named, at, left)
        };
        match (counts, relation.interest) {
            (Owned::No, _) => {}
            (Owned::Yes, Interest::Share(Some(share))) if relation.standing == Standing::Cited => {
                total = total.saturating_add(share);
            }
            (Owned::Yes | Owned::Unknown, _) => unknown = true,
        }
    }
    if total >= HALF {
        Owned::Yes
    } else if unknown {
        Owned::Unknown
    } else {
        Owned::No
    }
}

/// The best reach of each named entity, best first.
fn best(mut found: Vec<Reach>) -> Vec<Reach> {
    found.sort_by_key(Reach::rank);
    let mut seen = BTreeSet::new();
    found.retain(|r| seen.insert(r.named.clone()));
    found
}
