//! Who owns, controls or shares a group with whom, at a date: the registry's relations as affiliate rules ask for them.

use std::collections::BTreeSet;

use time::Date;

use super::citation::Grade;
use super::interests::{self, Directness};
use super::load::hundredths;
use super::registry::Registry;
use super::schema::Vendor;
use crate::model::evidence::Evidence;

/// An entity by vendor and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityRef {
    /// Vendor file.
    pub slug: String,
    /// Entity key.
    pub key: String,
}

impl EntityRef {
    /// Entity `key` of vendor `slug`.
    pub fn new(slug: &str, key: &str) -> Self {
        Self {
            slug: slug.into(),
            key: key.into(),
        }
    }

    /// Reads `slug/key`.
    pub fn parse(text: &str) -> Option<Self> {
        text.split_once('/').map(|(slug, key)| Self::new(slug, key))
    }
}

impl std::fmt::Display for EntityRef {
    /// `kaspersky/ao`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.slug, self.key)
    }
}

/// In which way the interested party is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interest {
    /// Holds shares; percent in hundredths where it is stated.
    Share(Option<u16>),
    /// Holds votes, which is control and no ownership; percent in hundredths where it is stated.
    Votes(Option<u16>),
    /// Controls or decisively influences.
    Control,
    /// Consolidates the accounts of the other: control as its accounting standard defines it, whatever the share.
    Consolidation,
    /// Both belong to one group; who owns whom is not stated.
    Group,
}

impl Interest {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Share(_) => "share",
            Self::Votes(_) => "votes",
            Self::Control => "control",
            Self::Consolidation => "accounting-consolidation",
            Self::Group => "group",
        }
    }

    /// Percent in hundredths, where one is stated.
    pub fn percent(self) -> Option<u16> {
        match self {
            Self::Share(percent) | Self::Votes(percent) => percent,
            Self::Control | Self::Consolidation | Self::Group => None,
        }
    }
}

/// How far a relation is established.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Cited.
    Cited,
    /// Not cited: shown, never decisive.
    Unverified,
    /// Two sides say different things; both are in the text.
    Disputed(String),
}

impl Standing {
    /// The word used in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cited => "cited",
            Self::Unverified => "unverified",
            Self::Disputed(_) => "disputed",
        }
    }
}

/// One relation at the date asked for.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The entity that is owned or controlled.
    pub subject: EntityRef,
    /// The owner or controller.
    pub interested_party: EntityRef,
    /// In which way.
    pub interest: Interest,
    /// Held itself or through others.
    pub held: Directness,
    /// Holds from, where that is stated.
    pub from: Option<Date>,
    /// Holds until, exclusive, where that is stated.
    pub until: Option<Date>,
    /// How far it is established.
    pub standing: Standing,
    /// One sentence that states it, with the grades of its sources.
    pub text: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

impl Registry {
    /// Every relation that an entity has at `at`, on either side, in file order. An interval that is not stated is open.
    pub fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation> {
        let stands = |vendor: &Vendor, end: &str| {
            let (slug, key) = end.split_once('/').unwrap_or((&vendor.id, end));
            slug == entity.slug && key == entity.key
        };
        self.some(&self.scan.relating(&entity.slug))
            .flat_map(|vendor| {
                vendor
                    .relations
                    .iter()
                    .enumerate()
                    .map(move |r| (vendor, r))
            })
            .filter(|(_, (_, r))| {
                r.from.is_none_or(|from| from <= at) && r.until.is_none_or(|until| at < until)
            })
            .filter(|(vendor, (_, r))| {
                stands(vendor, &r.subject) || stands(vendor, &r.interested_party)
            })
            .map(|(vendor, (i, r))| view(vendor, i, r))
            .collect()
    }
}

fn view(vendor: &Vendor, index: usize, relation: &interests::Relation) -> Relation {
    let end = |text: &str| {
        let (slug, key) = text.split_once('/').unwrap_or((&vendor.id, text));
        EntityRef {
            slug: slug.to_owned(),
            key: key.to_owned(),
        }
    };
    let interest = match relation.interest {
        interests::Interest::Shareholding => {
            Interest::Share(relation.share.as_deref().and_then(hundredths))
        }
        interests::Interest::VotingRights => {
            Interest::Votes(relation.share.as_deref().and_then(hundredths))
        }
        interests::Interest::OtherInfluenceOrControl => Interest::Control,
        interests::Interest::Group => Interest::Group,
    };
    let dispute = relation
        .disputed
        .as_ref()
        .and_then(|q| vendor.disputes.iter().find(|d| d.question == *q));
    let standing = match dispute {
        Some(d) => Standing::Disputed(format!(
            "{}: {}; {}: {}",
            d.side_a.by, d.side_a.text, d.side_b.by, d.side_b.text
        )),
        None if relation.verified => Standing::Cited,
        None => Standing::Unverified,
    };
    let grades: BTreeSet<Grade> = relation
        .sources
        .iter()
        .filter_map(|s| vendor.citation(s))
        .map(|c| c.grade)
        .collect();
    let grades: Vec<&str> = grades.into_iter().map(Grade::name).collect();
    let grade = if grades.is_empty() {
        String::new()
    } else {
        format!(" ({})", grades.join(", "))
    };
    Relation {
        subject: end(&relation.subject),
        interested_party: end(&relation.interested_party),
        interest,
        held: relation.direct_or_indirect.unwrap_or(Directness::Unknown),
        from: relation.from,
        until: relation.until,
        standing,
        text: format!("{}{grade}", relation.text),
        evidence: vendor.evidence(
            &format!("relation.{index}"),
            &relation.text,
            &relation.sources,
        ),
    }
}
