//! A vendor as `data/vendors/*.toml` holds it.
//!
//! Words for relations follow the Beneficial Ownership Data Standard 0.4; identifier schemes follow org-id.guide.

use serde::{Deserialize, Deserializer};
use time::Date;

use super::citation::{Citation, Grade, date};
use super::interests::{Owner, Relation, UnspecifiedOwner};
use crate::model::claim::Jurisdiction;
use crate::model::evidence::Evidence;

/// One vendor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendor {
    /// File stem: `kaspersky`.
    pub id: String,
    /// What products are called; never used to recognise an entity.
    #[serde(default)]
    pub brands: Vec<String>,
    /// State of knowledge.
    #[serde(deserialize_with = "date")]
    pub as_of: Date,
    /// After this day its facts are shown as stale.
    #[serde(deserialize_with = "date")]
    pub review_by: Date,
    /// Legal entities.
    #[serde(rename = "entity")]
    pub entities: Vec<Entity>,
    /// Relations between entities.
    #[serde(default, rename = "relation")]
    pub relations: Vec<Relation>,
    /// Owners that are no entity of the registry.
    #[serde(default, rename = "owner")]
    pub owners: Vec<Owner>,
    /// Owners that no source names, and why.
    #[serde(default, rename = "unspecified_owner")]
    pub unspecified_owners: Vec<UnspecifiedOwner>,
    /// What the vendor or others say of it.
    #[serde(default, rename = "statement")]
    pub statements: Vec<Statement>,
    /// Questions on which sides differ; both are kept.
    #[serde(default, rename = "dispute")]
    pub disputes: Vec<Dispute>,
    /// Other facts.
    #[serde(default, rename = "fact")]
    pub facts: Vec<Fact>,
    /// What misleads whoever looks this vendor up.
    #[serde(default)]
    pub traps: Vec<String>,
    /// Citations.
    #[serde(default, rename = "source")]
    pub sources: Vec<Citation>,
}

impl Vendor {
    /// The entity of this key.
    pub fn entity(&self, key: &str) -> Option<&Entity> {
        self.entities.iter().find(|e| e.key == key)
    }

    /// The citation of this id.
    pub fn citation(&self, id: &str) -> Option<&Citation> {
        self.sources.iter().find(|s| s.id == id)
    }

    /// The best grade among these sources; `None` without any.
    pub fn grade(&self, sources: &[String]) -> Option<Grade> {
        sources
            .iter()
            .filter_map(|s| self.citation(s))
            .map(|c| c.grade)
            .min()
    }

    /// One piece of evidence for each source of the fact `entry`, or one without a citation where it has none.
    pub fn evidence(&self, entry: &str, excerpt: &str, sources: &[String]) -> Vec<Evidence> {
        let bare = || Evidence::entry(format!("vendors/{}", self.id), entry).excerpt(excerpt);
        let cited: Vec<Evidence> = sources
            .iter()
            .filter_map(|s| self.citation(s))
            .map(|c| bare().cited(c.shown()))
            .collect();
        if cited.is_empty() {
            vec![bare()]
        } else {
            cited
        }
    }
}

/// A legal entity.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Key inside the file: `ao`.
    pub key: String,
    /// Legal name.
    pub name: String,
    /// Other names, with the time they were used.
    #[serde(default, rename = "alias")]
    pub aliases: Vec<Alias>,
    /// A name that a law uses and no company has.
    #[serde(default)]
    pub statute_name: Option<String>,
    /// Country of incorporation, ISO 3166-1.
    pub jurisdiction: String,
    /// ISO 3166-2 code of the register's state, where cited; see `subdivision_verified`.
    #[serde(default)]
    pub subdivision: Option<String>,
    /// The subdivision is cited.
    #[serde(default)]
    pub subdivision_verified: bool,
    /// Country of the place of business, where it is another.
    #[serde(default)]
    pub place_country: Option<String>,
    /// Place of business in words.
    #[serde(default)]
    pub place: Option<String>,
    /// Register numbers and the like.
    #[serde(default, rename = "identifier")]
    pub identifiers: Vec<Identifier>,
    /// Certificates and keys known to be this entity's.
    #[serde(default, rename = "pin")]
    pub pins: Vec<Pin>,
    /// Where its shares are listed (BODS `publicListing`).
    #[serde(default, rename = "public_listing")]
    pub public_listings: Vec<PublicListing>,
    /// What a reader must know.
    #[serde(default)]
    pub note: Option<String>,
    /// Handles of citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The legal name itself is cited; `false` where only the brand is.
    #[serde(default = "yes")]
    pub name_verified: bool,
    /// Cited. What is not is a lead.
    pub verified: bool,
}

impl Entity {
    /// Its seat.
    pub fn seat(&self) -> Jurisdiction {
        Jurisdiction {
            country: self.jurisdiction.clone(),
            subdivision: self
                .subdivision
                .clone()
                .filter(|_| self.subdivision_verified),
        }
    }
}

/// Another name of an entity.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The name, in its own script.
    pub name: String,
    /// Used from.
    #[serde(default, deserialize_with = "optional_date")]
    pub from: Option<Date>,
    /// Used until, exclusive.
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// No longer its name; `until` may be unknown.
    #[serde(default)]
    pub former: bool,
    /// Handles of citations; without any it rests on those of the entity.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Cited, by itself or with the entity.
    #[serde(default = "yes")]
    pub verified: bool,
}

impl Alias {
    /// It has a citation: its own, or that of `entity`.
    pub fn is_cited(&self, entity: &Entity) -> bool {
        self.verified && (!self.sources.is_empty() || entity.verified)
    }

    /// What it rests on.
    pub fn basis<'a>(&'a self, entity: &'a Entity) -> &'a [String] {
        if self.sources.is_empty() {
            &entity.sources
        } else {
            &self.sources
        }
    }
}

/// A number in a register.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// org-id.guide scheme (`CZ-ICO`), or `lei`.
    pub scheme: String,
    /// The number, with its leading zeros.
    pub value: String,
    /// Another source gives another number: kept, never used to recognise.
    #[serde(default)]
    pub conflicts: bool,
    /// Handles of citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// A certificate or key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// `spki-sha256`, `certificate-sha256`, `apple-team-id` or `microsoft-publisher-id`.
    pub scheme: String,
    /// Its value.
    pub value: String,
    /// Handles of citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// A listing of shares.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicListing {
    /// The exchange, as the source names it.
    #[serde(default)]
    pub exchange: Option<String>,
    /// Ticker or securities code.
    #[serde(default)]
    pub symbol: Option<String>,
    /// ISIN (ISO 6166).
    #[serde(default)]
    pub isin: Option<String>,
    /// Listed from.
    #[serde(default, deserialize_with = "optional_date")]
    pub from: Option<Date>,
    /// Listed until, exclusive.
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// Handles of citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// What a statement is about. A statement on any of them is what somebody says, never proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Who owns or controls it.
    Ownership,
    /// That it acts independently of its owner or state.
    Independence,
    /// Places where source code can be read.
    TransparencyCentre,
    /// Audits and certifications.
    Audit,
    /// Bills of materials.
    Sbom,
    /// Rewards for reported faults.
    BugBounty,
    /// How faults are received and fixed.
    VulnerabilityHandling,
    /// Where data are kept and processed.
    DataResidency,
    /// What is recorded of users.
    NoLogs,
    /// Requests of authorities.
    LawfulAccess,
    /// Anything else, and replies to this registry.
    Reply,
}

impl Topic {
    /// All, in the order reports use.
    pub const ALL: [Self; 11] = [
        Self::Ownership,
        Self::Independence,
        Self::TransparencyCentre,
        Self::Audit,
        Self::Sbom,
        Self::BugBounty,
        Self::VulnerabilityHandling,
        Self::DataResidency,
        Self::NoLogs,
        Self::LawfulAccess,
        Self::Reply,
    ];

    /// The word used in data and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ownership => "ownership",
            Self::Independence => "independence",
            Self::TransparencyCentre => "transparency-centre",
            Self::Audit => "audit",
            Self::Sbom => "sbom",
            Self::BugBounty => "bug-bounty",
            Self::VulnerabilityHandling => "vulnerability-handling",
            Self::DataResidency => "data-residency",
            Self::NoLogs => "no-logs",
            Self::LawfulAccess => "lawful-access",
            Self::Reply => "reply",
        }
    }
}

/// What somebody says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// About what.
    pub topic: Topic,
    /// Who.
    pub by: String,
    /// What.
    pub text: String,
    /// Handles of citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// A question with two answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// The question.
    pub question: String,
    /// One answer.
    pub side_a: Side,
    /// The other.
    pub side_b: Side,
}

/// One side of a dispute.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// Who says it.
    pub by: String,
    /// What.
    pub text: String,
    /// Handles of citations.
    pub sources: Vec<String>,
}

/// Another fact.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What.
    pub text: String,
    /// Handles of citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

fn yes() -> bool {
    true
}

pub(super) fn optional_date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    date(from).map(Some)
}
