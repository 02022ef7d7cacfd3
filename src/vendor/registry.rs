//! A vendor as `data/vendors/*.toml` holds it, and the registry of all.
//!
//! Words for relations follow the Beneficial Ownership Data Standard 0.4; identifier schemes follow org-id.guide.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};
use time::Date;

use super::load::{self, Error};
use crate::base::data::VENDORS;
use crate::base::time::parse_date;
use crate::model::claim::{Jurisdiction, Strength};
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

/// Kinds of interest (BODS 0.4 interest types, as far as they occur).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interest {
    /// Owns shares.
    Shareholding,
    /// Holds votes.
    VotingRights,
    /// Influences or controls otherwise.
    OtherInfluenceOrControl,
    /// Both belong to one group; who owns whom is not stated.
    Group,
}

/// A relation between two entities of the registry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Key of the entity that is owned or controlled; `slug/key` for another vendor's.
    pub subject: String,
    /// Key of the owner or controller; `slug/key` for another vendor's.
    pub interested_party: String,
    /// In which way.
    pub interest: Interest,
    /// Percent, as the source states it: `"32.34"`.
    #[serde(default)]
    pub share: Option<String>,
    /// Holds from.
    #[serde(default, deserialize_with = "optional_date")]
    pub from: Option<Date>,
    /// Holds until, exclusive.
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// One sentence that states it, as far as its source goes.
    pub text: String,
    /// The question of `dispute` that it is part of.
    #[serde(default)]
    pub disputed: Option<String>,
    /// Handles of citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// An owner outside the registry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// Key of the entity it owns; the first one where not given.
    #[serde(default)]
    pub of: Option<String>,
    /// Its name.
    pub name: String,
    /// Its country, ISO 3166-1.
    pub country: String,
    /// Percent, as the source states it.
    #[serde(default)]
    pub share: Option<String>,
    /// Since, as exactly as the source says: `2020-03`.
    #[serde(default)]
    pub since: Option<String>,
    /// What a reader must know.
    #[serde(default)]
    pub note: Option<String>,
    /// Handles of citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// What somebody says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
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

/// How far a source can be trusted, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// A law or a notice in an official journal.
    Law,
    /// A company register.
    Register,
    /// A list that an authority keeps.
    OfficialList,
    /// Another document of an authority.
    Official,
    /// The vendor's own statement or filing.
    Vendor,
    /// A data set: names and countries as networks or certificates are registered, which is not where a company is incorporated.
    DataSet,
    /// Press.
    Press,
    /// Resellers, forums, outlets without standing.
    Low,
}

impl Grade {
    /// The word used in data and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Register => "register",
            Self::OfficialList => "official-list",
            Self::Official => "official",
            Self::DataSet => "data-set",
            Self::Vendor => "vendor",
            Self::Press => "press",
            Self::Low => "low",
        }
    }

    /// How strong a claim is that rests on this.
    pub fn strength(self) -> Strength {
        match self {
            Self::Law | Self::Register => Strength::High,
            Self::OfficialList | Self::Official | Self::Vendor => Strength::Medium,
            Self::DataSet | Self::Press | Self::Low => Strength::Low,
        }
    }
}

/// A citation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Handle inside the file.
    pub id: String,
    /// The document.
    pub title: String,
    /// Its address.
    #[serde(default)]
    pub url: Option<String>,
    /// How far it can be trusted.
    pub grade: Grade,
    /// `primary`: the document itself was read; `secondary`: a transcription or report of it.
    pub checked: String,
    /// When it was read.
    #[serde(deserialize_with = "date")]
    pub retrieved: Date,
}

impl Citation {
    /// As evidence prints it.
    pub fn shown(&self) -> String {
        match &self.url {
            Some(url) => format!("{} ({}), {url}", self.title, self.grade.name()),
            None => format!("{} ({})", self.title, self.grade.name()),
        }
    }
}

/// All vendors, indexed by slug.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    pub(super) vendors: BTreeMap<String, Vendor>,
    pub(super) index: super::recognise::Index,
}

static BUNDLED: LazyLock<Result<Registry, Error>> = LazyLock::new(|| Registry::read(VENDORS));

impl Registry {
    /// The registry that ships with the product, read when it is first asked for.
    ///
    /// # Errors
    /// A file of it is broken; a test keeps that from shipping.
    pub fn bundled() -> Result<&'static Self, &'static Error> {
        BUNDLED.as_ref()
    }

    /// Reads and checks `(file stem, text)` pairs.
    ///
    /// # Errors
    /// The first file that breaks a rule.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Error> {
        load::read(files)
    }

    /// The vendor of this slug.
    pub fn vendor(&self, slug: &str) -> Option<&Vendor> {
        self.vendors.get(slug)
    }

    /// An entity by vendor and key.
    pub fn entity(&self, slug: &str, key: &str) -> Option<&Entity> {
        self.vendor(slug)?.entity(key)
    }

    /// All vendors by slug.
    pub fn iter(&self) -> impl Iterator<Item = &Vendor> {
        self.vendors.values()
    }
}

fn yes() -> bool {
    true
}

fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    parse_date(&text).ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is no date of the form YYYY-MM-DD"))
    })
}

fn optional_date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    date(from).map(Some)
}
