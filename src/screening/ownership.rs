//! Affiliate rules over ownership facts: which named entity reaches a party, by which steps, and how sure that is.
//!
//! Only stated relations are walked. What is not evidenced is not assumed: a share that nobody states leaves a percentage rule
//! unknown, and an unverified or disputed relation never decides. Shares and control are kept apart: votes and consolidated
//! accounts show control, never how much is owned.

mod majority;
#[cfg(test)]
mod tests;
mod walk;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use crate::model::party::{OwnershipStep, Party};
use crate::screening::instrument::AffiliateKind;
use crate::vendor::Registry;
use crate::vendor::gleif::owners::Owners;
use crate::vendor::ownership::{EntityRef, Relation, Standing};

/// Who owns or controls whom, as far as anybody states it.
pub trait Ownership {
    /// Every relation at `at` in which `entity` is the owned or controlled side or that has no direction; those in which it is the
    /// owner may be there too.
    fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation>;

    /// An entity that the registry does not know, as a party that an instrument may name.
    fn stranger(&self, _: &EntityRef) -> Option<Party> {
        None
    }

    /// Others may be stated to stand below `entity`, although [`Ownership::relations`] has nothing of it.
    fn may_own(&self, _: &EntityRef) -> bool {
        false
    }

    /// Data that could not be read, so that a chain may be longer than it seems.
    fn faults(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Ownership for Registry {
    fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation> {
        Self::relations(self, entity, at)
    }
}

impl Ownership for Owners<'_> {
    fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation> {
        Self::relations(self, entity, at)
    }

    fn stranger(&self, entity: &EntityRef) -> Option<Party> {
        Self::stranger(self, entity)
    }

    fn may_own(&self, entity: &EntityRef) -> bool {
        Self::may_own(self, entity)
    }

    fn faults(&self) -> Vec<String> {
        Self::faults(self)
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

/// Answers at one date, remembered: every instrument asks about the same few entities. It notes what was not followed.
pub(super) struct Remembered<'o> {
    ownership: &'o dyn Ownership,
    known: RefCell<BTreeMap<(EntityRef, Date), Vec<Relation>>>,
    gaps: RefCell<BTreeSet<String>>,
}

impl<'o> Remembered<'o> {
    pub(super) fn new(ownership: &'o dyn Ownership) -> Self {
        Self {
            ownership,
            known: RefCell::default(),
            gaps: RefCell::default(),
        }
    }

    fn gap(&self, why: String) {
        self.gaps.borrow_mut().insert(why);
    }

    /// What was not followed, and why.
    pub(super) fn gaps(&self) -> Vec<String> {
        let mut gaps = self.gaps.borrow().clone();
        gaps.extend(self.ownership.faults());
        gaps.into_iter().collect()
    }

    /// Entities above `party` that the registry does not know, each as a party.
    pub(super) fn strangers(&self, party: &EntityRef, at: Date) -> Vec<(EntityRef, Party)> {
        walk::above(self, party, AffiliateKind::AnyAffiliate, at, true)
            .into_keys()
            .filter(|place| place != party)
            .filter_map(|place| Some((place.clone(), self.ownership.stranger(&place)?)))
            .collect()
    }
}

impl Ownership for Remembered<'_> {
    fn may_own(&self, entity: &EntityRef) -> bool {
        self.ownership.may_own(entity)
    }

    fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation> {
        let place = (entity.clone(), at);
        if let Some(known) = self.known.borrow().get(&place) {
            return known.clone();
        }
        let mut found = self.ownership.relations(entity, at);
        if found.len() > MAX_RELATIONS {
            found.truncate(MAX_RELATIONS);
            self.gap(format!(
                "{entity} has more than {MAX_RELATIONS} relations; the others were not followed"
            ));
        }
        self.known.borrow_mut().insert(place, found.clone());
        found
    }
}

/// How a rule reaches a party.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    /// The named entity at the far end.
    pub named: EntityRef,
    /// The relations on the way, party first. Where several owners add up, all that count.
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

    /// Every step as it is recorded.
    pub(super) fn recorded(&self) -> Vec<OwnershipStep> {
        self.path
            .iter()
            .map(|r| OwnershipStep {
                subject: r.subject.to_string(),
                interested_party: r.interested_party.to_string(),
                interest: r.interest.name(),
                percent: r.interest.percent(),
                held: r.held.name(),
                standing: r.standing.name(),
                from: r.from,
                until: r.until,
                text: r.text.clone(),
            })
            .collect()
    }

    fn rank(&self) -> (bool, bool, usize) {
        (self.unknown.is_some(), !self.is_cited(), self.path.len())
    }
}

/// Longest chain walked from either end: a listed parent at the top of a real group stands at most four levels above what it
/// sells through, and sideways once; a longer one would be a mistake in the data.
const MAX_STEPS: usize = 8;

/// Most entities visited from one end, against data that relate everybody to everybody.
const MAX_ENTITIES: usize = 256;

/// Most relations of one entity that are followed; a company has a handful of owners that anybody states.
const MAX_RELATIONS: usize = 512;

/// Fifty percent, in hundredths of a percent.
const HALF: u16 = 5_000;

/// The best reach of every named entity under a rule of this kind.
pub(super) fn reaches(
    ownership: &Remembered<'_>,
    party: &EntityRef,
    named: &BTreeSet<EntityRef>,
    kind: AffiliateKind,
    at: Date,
) -> Vec<Reach> {
    match kind {
        AffiliateKind::None => Vec::new(),
        AffiliateKind::AnyAffiliate | AffiliateKind::Control | AffiliateKind::Controlled => {
            walk::reaches(ownership, party, named, kind, at)
        }
        AffiliateKind::Majority => majority::reaches(ownership, party, named, at)
            .into_iter()
            .collect(),
    }
}
