//! What is known of one vendor at a date, as data: for `bonafide vendor`.
//!
//! It says what sources say and where. Disputes keep both sides, uncited leads are marked, and nothing is concluded.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

use super::document::SCHEMA_VERSION;
use super::evidence::Evidence;
use super::handle::EvidenceId;
use super::party::Match;
use super::register::Register;
use crate::base::time::{Time, rfc3339};
use crate::model::party::Match as ModelMatch;
use crate::vendor::{Alias as ModelAlias, Entity as ModelEntity, Interest, Vendor};

/// A vendor with its entities, relations and the instruments that reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dossier {
    /// Version of the schema.
    pub schema_version: String,
    /// The judgement time.
    pub at: String,
    /// The vendor.
    pub vendor: String,
    /// What products are called.
    pub brands: Vec<String>,
    /// State of knowledge.
    pub as_of: String,
    /// The facts are due for review at the judgement time.
    pub stale: bool,
    /// Legal entities, each with the instruments that reach it.
    pub entities: Vec<Entity>,
    /// Who owns, controls or shares a group with whom.
    pub relations: Vec<Relation>,
    /// Owners outside the registry.
    pub owners: Vec<Fact>,
    /// Owners that no source names, and why.
    pub unspecified_owners: Vec<Fact>,
    /// What the vendor or others say, by topic. None of it is proof.
    pub statements: Vec<Statement>,
    /// Other facts.
    pub facts: Vec<Fact>,
    /// Questions on which sides differ; both are kept.
    pub disputes: Vec<Dispute>,
    /// What misleads whoever looks this vendor up.
    pub traps: Vec<String>,
    /// Evidence by handle.
    pub evidence: BTreeMap<EvidenceId, Evidence>,
}

/// A legal entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// Key inside the vendor's file.
    pub key: String,
    /// Legal name.
    pub name: String,
    /// A name that a law uses and no company has.
    pub statute_name: Option<String>,
    /// Names that it goes by.
    pub names: Vec<String>,
    /// Names that it went by.
    pub former_names: Vec<String>,
    /// Country of incorporation, with the state where it is cited.
    pub jurisdiction: String,
    /// Place of business in words.
    pub place: Option<String>,
    /// Register numbers and the like.
    pub identifiers: Vec<Fact>,
    /// Certificates and keys known to be its own.
    pub pins: Vec<Fact>,
    /// Where its shares are listed.
    pub public_listings: Vec<Fact>,
    /// What a reader must know.
    pub note: Option<String>,
    /// Cited; what is not is a lead.
    pub verified: bool,
    /// Instruments that name it, reach it, or might.
    pub matches: Vec<Match>,
    /// What the entity itself rests on.
    pub evidence: Vec<EvidenceId>,
}

/// A relation between two entities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Relation {
    /// The entity that is owned or controlled.
    pub subject: String,
    /// The owner or controller.
    pub interested_party: String,
    /// `shareholding`, `voting-rights`, `other-influence-or-control` or `group`.
    pub interest: String,
    /// `direct`, `indirect` or `unknown`, where stated.
    pub direct_or_indirect: Option<String>,
    /// Percent, as the source states it.
    pub share: Option<String>,
    /// Holds from.
    pub from: Option<String>,
    /// Holds until, exclusive.
    pub until: Option<String>,
    /// Holds at the judgement time; an end that is not stated is open.
    pub holds: bool,
    /// The question that it is part of.
    pub disputed: Option<String>,
    /// What is stated.
    #[serde(flatten)]
    pub fact: Fact,
}

/// One statement of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// In words.
    pub text: String,
    /// Cited; what is not is a lead.
    pub verified: bool,
    /// What it rests on.
    pub evidence: Vec<EvidenceId>,
}

/// What somebody says about a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// `audit`, `data-residency` …
    pub topic: String,
    /// What is said, and by whom.
    #[serde(flatten)]
    pub fact: Fact,
}

/// A question with two answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dispute {
    /// The question.
    pub question: String,
    /// The answers.
    pub sides: Vec<Fact>,
}

impl Dossier {
    /// The dossier of `vendor`; `screened` are its entities with what screening found for each at `at`.
    pub fn new(vendor: &Vendor, screened: &[(&ModelEntity, Vec<ModelMatch>)], at: Time) -> Self {
        let mut cited = Cited {
            vendor,
            day: at.date(),
            register: Register::new(None),
        };
        let entities = screened
            .iter()
            .map(|(entity, matches)| cited.entity(entity, matches))
            .collect();
        let relations = cited.relations();
        let owners = vendor.owners.iter().enumerate().map(|(i, o)| {
            let mut text = format!("{} ({})", o.name, o.country);
            for (before, part, after) in [
                (" of ", &o.of, ""),
                (", ", &o.share, " %"),
                (", since ", &o.since, ""),
                ("; ", &o.note, ""),
            ] {
                if let Some(part) = part {
                    text.push_str(&format!("{before}{part}{after}"));
                }
            }
            cited.fact(&format!("owner.{i}"), text, &o.sources, o.verified)
        });
        let owners = owners.collect();
        let unspecified_owners = vendor.unspecified_owners.iter().enumerate().map(|(i, o)| {
            let text = format!("{}: {}; {}", o.of, o.reason.words(), o.text);
            let entry = format!("unspecified_owner.{i}");
            cited.fact(&entry, text, &o.sources, o.verified)
        });
        let unspecified_owners = unspecified_owners.collect();
        let statements = cited.statements();
        let facts =
            vendor.facts.iter().enumerate().map(|(i, f)| {
                cited.fact(&format!("fact.{i}"), f.text.clone(), &f.sources, f.verified)
            });
        let facts = facts.collect();
        let disputes = cited.disputes();
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            at: rfc3339(at),
            vendor: vendor.id.clone(),
            brands: vendor.brands.clone(),
            as_of: vendor.as_of.to_string(),
            stale: at.date() >= vendor.review_by,
            entities,
            relations,
            owners,
            unspecified_owners,
            statements,
            facts,
            disputes,
            traps: vendor.traps.clone(),
            evidence: cited.register.evidence,
        }
    }
}

/// A vendor's file with the evidence collected so far.
struct Cited<'v> {
    vendor: &'v Vendor,
    day: Date,
    register: Register,
}

impl Cited<'_> {
    fn evidence(&mut self, entry: &str, text: &str, sources: &[String]) -> Vec<EvidenceId> {
        let evidence = self.vendor.evidence(entry, text, sources);
        self.register.cite(None, &evidence)
    }

    fn fact(&mut self, entry: &str, text: String, sources: &[String], verified: bool) -> Fact {
        Fact {
            evidence: self.evidence(entry, &text, sources),
            text,
            verified,
        }
    }

    fn entity(&mut self, entity: &ModelEntity, matches: &[ModelMatch]) -> Entity {
        let entry = format!("entity.{}", entity.key);
        let evidence = self.evidence(&entry, &entity.name, &entity.sources);
        let day = self.day;
        let names = |former: bool| {
            let aliases = entity
                .aliases
                .iter()
                .filter(move |a| is_former(a, day) == former);
            aliases.map(|a| a.name.clone()).collect()
        };
        let identifiers = entity.identifiers.iter().map(|i| {
            let conflict = if i.conflicts {
                ", and another source gives another"
            } else {
                ""
            };
            let text = format!("{} {}{conflict}", i.scheme, i.value);
            self.fact(&entry, text, &i.sources, i.verified)
        });
        let identifiers = identifiers.collect();
        let pins = entity.pins.iter().map(|p| {
            let text = format!("{} {}", p.scheme, p.value);
            self.fact(&entry, text, &p.sources, p.verified)
        });
        let pins = pins.collect();
        let public_listings = entity.public_listings.iter().map(|l| {
            let parts = [&l.exchange, &l.symbol, &l.isin];
            let mut text = parts.map(|p| p.as_deref().unwrap_or_default()).join(" ");
            for (before, day) in [(", from ", l.from), (", until ", l.until)] {
                if let Some(day) = day {
                    text.push_str(&format!("{before}{day}"));
                }
            }
            let text = text.trim().to_owned();
            self.fact(&entry, text, &l.sources, l.verified)
        });
        let public_listings = public_listings.collect();
        Entity {
            key: entity.key.clone(),
            name: entity.name.clone(),
            statute_name: entity.statute_name.clone(),
            names: names(false),
            former_names: names(true),
            jurisdiction: entity.seat().to_string(),
            place: entity.place.clone(),
            identifiers,
            pins,
            public_listings,
            note: entity.note.clone(),
            verified: entity.verified,
            evidence,
            matches: matches
                .iter()
                .map(|m| Match::new(m, &mut self.register))
                .collect(),
        }
    }

    /// By topic, in the order of `Topic::ALL`.
    fn statements(&mut self) -> Vec<Statement> {
        let mut all: Vec<_> = self.vendor.statements.iter().enumerate().collect();
        all.sort_by_key(|(_, s)| s.topic);
        all.into_iter()
            .map(|(i, s)| Statement {
                topic: s.topic.name().to_owned(),
                fact: self.fact(
                    &format!("statement.{i}"),
                    format!("{}: {}", s.by, s.text),
                    &s.sources,
                    s.verified,
                ),
            })
            .collect()
    }

    fn relations(&mut self) -> Vec<Relation> {
        let day = self.day;
        let all = self.vendor.relations.iter().enumerate();
        all.map(|(i, r)| Relation {
            subject: r.subject.clone(),
            interested_party: r.interested_party.clone(),
            interest: interest(r.interest).to_owned(),
            direct_or_indirect: r.direct_or_indirect.map(|d| d.name().to_owned()),
            share: r.share.clone(),
            from: r.from.map(|d| d.to_string()),
            until: r.until.map(|d| d.to_string()),
            holds: r.from.is_none_or(|from| from <= day) && r.until.is_none_or(|until| day < until),
            disputed: r.disputed.clone(),
            fact: self.fact(
                &format!("relation.{i}"),
                r.text.clone(),
                &r.sources,
                r.verified,
            ),
        })
        .collect()
    }

    fn disputes(&mut self) -> Vec<Dispute> {
        let all = self.vendor.disputes.iter().enumerate();
        all.map(|(i, d)| Dispute {
            question: d.question.clone(),
            sides: [&d.side_a, &d.side_b]
                .into_iter()
                .map(|side| {
                    let text = format!("{}: {}", side.by, side.text);
                    self.fact(&format!("dispute.{i}"), text, &side.sources, true)
                })
                .collect(),
        })
        .collect()
    }
}

fn is_former(alias: &ModelAlias, day: Date) -> bool {
    alias.former || alias.until.is_some_and(|until| until <= day)
}

fn interest(interest: Interest) -> &'static str {
    match interest {
        Interest::Shareholding => "shareholding",
        Interest::VotingRights => "voting-rights",
        Interest::OtherInfluenceOrControl => "other-influence-or-control",
        Interest::Group => "group",
    }
}
