//! Every fact of a vendor's file in one list, so that the rules and the count of citations are asked of all alike.

use std::collections::BTreeMap;

use super::citation::{Checked, Grade};
use super::schema::Vendor;

/// What a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// That an entity exists, and where it is incorporated.
    Entity,
    /// Another name of an entity.
    Name,
    /// A number in a register.
    Identifier,
    /// A certificate or key.
    Pin,
    /// A listing of shares.
    PublicListing,
    /// A relation between entities.
    Relation,
    /// An owner outside the registry.
    Owner,
    /// That an owner is not named.
    UnspecifiedOwner,
    /// What somebody says.
    Statement,
    /// One side of a dispute.
    Side,
    /// Another fact.
    Other,
}

impl FactKind {
    /// The word used in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entity => "entity and seat",
            Self::Name => "other name",
            Self::Identifier => "identifier",
            Self::Pin => "certificate or key",
            Self::PublicListing => "public listing",
            Self::Relation => "relation",
            Self::Owner => "owner",
            Self::UnspecifiedOwner => "unspecified owner",
            Self::Statement => "statement",
            Self::Side => "side of a dispute",
            Self::Other => "other fact",
        }
    }
}

/// Where a fact stands in its file: the n-th table of a name, and the n-th table inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// `entity` of `[[entity]]`.
    pub(super) table: &'static str,
    /// Counted from zero.
    pub(super) index: usize,
    /// `identifier` of `[[entity.identifier]]`, counted inside its entity.
    pub(super) inner: Option<(&'static str, usize)>,
}

impl Place {
    pub(super) fn at(table: &'static str, index: usize) -> Self {
        Self {
            table,
            index,
            inner: None,
        }
    }

    pub(super) fn inside(self, table: &'static str, index: usize) -> Self {
        Self {
            inner: Some((table, index)),
            ..self
        }
    }
}

/// One fact.
#[derive(Debug, Clone, Copy)]
pub(super) struct FactRef<'v> {
    pub(super) kind: FactKind,
    pub(super) place: Place,
    pub(super) sources: &'v [String],
    /// Said to be cited.
    pub(super) verified: bool,
}

/// All facts of `vendor`, in the order of the schema.
pub(super) fn of(vendor: &Vendor) -> Vec<FactRef<'_>> {
    let mut all = Vec::new();
    let mut add = |kind, place, sources, verified| {
        all.push(FactRef {
            kind,
            place,
            sources,
            verified,
        });
    };
    for (i, entity) in vendor.entities.iter().enumerate() {
        let here = Place::at("entity", i);
        add(FactKind::Entity, here, &entity.sources, entity.verified);
        for (k, a) in entity.aliases.iter().enumerate() {
            let cited = a.is_cited(entity);
            add(
                FactKind::Name,
                here.inside("alias", k),
                a.basis(entity),
                cited,
            );
        }
        for (k, id) in entity.identifiers.iter().enumerate() {
            let place = here.inside("identifier", k);
            add(FactKind::Identifier, place, &id.sources, id.verified);
        }
        for (k, pin) in entity.pins.iter().enumerate() {
            add(
                FactKind::Pin,
                here.inside("pin", k),
                &pin.sources,
                pin.verified,
            );
        }
        for (k, listing) in entity.public_listings.iter().enumerate() {
            let place = here.inside("public_listing", k);
            add(
                FactKind::PublicListing,
                place,
                &listing.sources,
                listing.verified,
            );
        }
    }
    for (i, r) in vendor.relations.iter().enumerate() {
        add(
            FactKind::Relation,
            Place::at("relation", i),
            &r.sources,
            r.verified,
        );
    }
    for (i, o) in vendor.owners.iter().enumerate() {
        add(
            FactKind::Owner,
            Place::at("owner", i),
            &o.sources,
            o.verified,
        );
    }
    for (i, o) in vendor.unspecified_owners.iter().enumerate() {
        let place = Place::at("unspecified_owner", i);
        add(FactKind::UnspecifiedOwner, place, &o.sources, o.verified);
    }
    for (i, s) in vendor.statements.iter().enumerate() {
        add(
            FactKind::Statement,
            Place::at("statement", i),
            &s.sources,
            s.verified,
        );
    }
    for (i, dispute) in vendor.disputes.iter().enumerate() {
        for side in [&dispute.side_a, &dispute.side_b] {
            add(FactKind::Side, Place::at("dispute", i), &side.sources, true);
        }
    }
    for (i, f) in vendor.facts.iter().enumerate() {
        add(
            FactKind::Other,
            Place::at("fact", i),
            &f.sources,
            f.verified,
        );
    }
    all
}

/// Facts counted by what they rest on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<(FactKind, Option<(Grade, Checked)>), usize>,
}

impl Tally {
    /// The facts of `vendors`. A fact counts once, by the best grade among its sources; an uncited one apart.
    pub fn of<'v>(vendors: impl IntoIterator<Item = &'v Vendor>) -> Self {
        let mut tally = Self::default();
        for vendor in vendors {
            for fact in of(vendor) {
                let best = fact
                    .sources
                    .iter()
                    .filter_map(|s| vendor.citation(s))
                    .map(|c| (c.grade, c.checked))
                    .min()
                    .filter(|_| fact.verified);
                let count = tally.counts.entry((fact.kind, best)).or_default();
                *count = count.saturating_add(1);
            }
        }
        tally
    }

    /// Kinds that occur.
    pub fn kinds(&self) -> impl Iterator<Item = FactKind> {
        let mut kinds: Vec<FactKind> = self.counts.keys().map(|(kind, _)| *kind).collect();
        kinds.dedup();
        kinds.into_iter()
    }

    /// How many facts `wanted` takes.
    pub fn count(&self, wanted: impl Fn(FactKind, Option<(Grade, Checked)>) -> bool) -> usize {
        self.counts
            .iter()
            .filter(|((kind, basis), _)| wanted(*kind, *basis))
            .fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }
}
