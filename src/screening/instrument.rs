//! A legal instrument as `data/instruments/*.toml` holds it: subject matter, effect, affiliate rule, dates, entries, sources.
//!
//! The files are documented in `data/instruments/README.md`. Nothing here says what an instrument means for a use at hand.

use serde::{Deserialize, Deserializer};
use time::Date;

use crate::base::time::parse_date;

/// One instrument.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Stable id: `US-ICTS-KASPERSKY`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who made it: ISO 3166-1.
    pub jurisdiction: String,
    /// The body that issued it.
    pub authority: String,
    /// What it does to the party or its products.
    pub effect: Effect,
    /// What it is about, in one sentence.
    pub subject_matter: String,
    /// What it says it does not reach.
    #[serde(default)]
    pub exclusions: Vec<String>,
    /// What a reader must know beside the facts.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The day up to which its entries were read.
    #[serde(deserialize_with = "date")]
    pub as_of: Date,
    /// The day it was issued; before it there is nothing to match.
    #[serde(default, deserialize_with = "optional_date")]
    pub issued: Option<Date>,
    /// The day it was published, where that differs.
    #[serde(default, deserialize_with = "optional_date")]
    pub published: Option<Date>,
    /// The day it takes effect, where it has no phases.
    #[serde(default, deserialize_with = "optional_date")]
    pub effective: Option<Date>,
    /// The day it ends, exclusive.
    #[serde(default, deserialize_with = "optional_date")]
    pub ends: Option<Date>,
    /// Sources of its own facts (title, effect, dates).
    pub sources: Vec<String>,
    /// Its own facts are cited.
    pub verified: bool,
    /// Phases, in the order that they take effect.
    #[serde(default, rename = "phase")]
    pub phases: Vec<Phase>,
    /// Editions of the list, in order.
    #[serde(default, rename = "edition")]
    pub editions: Vec<Edition>,
    /// Whom it reaches beside those it names.
    pub affiliates: AffiliateRule,
    /// Whom it names.
    #[serde(default, rename = "entry")]
    pub entries: Vec<Entry>,
    /// Its entries are those of the restricted-party list of the same id, where that is installed.
    #[serde(default)]
    pub from_list: bool,
    /// Countries that it names as a set.
    #[serde(default, rename = "country")]
    pub countries: Vec<Country>,
    /// Where its facts come from.
    #[serde(rename = "source")]
    pub citations: Vec<Source>,
}

impl Instrument {
    /// The citation of this id.
    pub fn citation(&self, id: &str) -> Option<&Source> {
        self.citations.iter().find(|s| s.id == id)
    }

    /// Its file under `data/instruments/`, without extension.
    pub fn file(&self) -> String {
        self.id.to_ascii_lowercase()
    }
}

/// What an instrument does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Transactions are prohibited.
    Prohibition,
    /// Public bodies may not buy or use.
    Procurement,
    /// Exports to the party need a licence; using its products is not governed.
    ExportLicence,
    /// Property is blocked.
    Blocking,
    /// Equipment is not authorised.
    EquipmentAuthorisation,
    /// A public designation without an effect of its own.
    Designation,
    /// A warning, not a ban.
    Warning,
}

impl Effect {
    /// The word used in reports and policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prohibition => "prohibition",
            Self::Procurement => "procurement",
            Self::ExportLicence => "export-licence",
            Self::Blocking => "blocking",
            Self::EquipmentAuthorisation => "equipment-authorisation",
            Self::Designation => "designation",
            Self::Warning => "warning",
        }
    }
}

/// A part of an instrument that takes effect by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Short id: `new-agreements`.
    pub id: String,
    /// From this day.
    #[serde(deserialize_with = "date")]
    pub from: Date,
    /// What holds from then on.
    pub text: String,
    /// Its effect, where it differs from the instrument's.
    #[serde(default)]
    pub effect: Option<Effect>,
    /// Sources.
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// One published state of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Its date, which entries name it by.
    #[serde(deserialize_with = "date")]
    pub date: Date,
    /// It adds names to the edition before instead of replacing it.
    #[serde(default)]
    pub adds: bool,
    /// Its names are transcribed here only in part, so that absence from it proves nothing.
    #[serde(default)]
    pub partial: bool,
    /// Sources.
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// Whom an instrument or an entry reaches beside the party it names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AffiliateRule {
    /// Its kind.
    pub kind: AffiliateKind,
    /// The rule in one sentence.
    pub text: String,
    /// Countries whose entities it leaves out: a party is, where every country its evidence gives is one of them.
    #[serde(default)]
    pub except_countries: Vec<String>,
    /// When the rule itself holds; empty where it holds as long as the instrument.
    #[serde(default, rename = "period")]
    pub periods: Vec<Period>,
    /// Sources.
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// Kinds of affiliate rule, by what must be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AffiliateKind {
    /// Named parties only.
    None,
    /// Affiliates, subsidiaries and parents: any ownership or control in either direction, or a common owner.
    AnyAffiliate,
    /// Entities that control, are controlled by, or are under common control with a named one.
    Control,
    /// Entities that a named one controls.
    Controlled,
    /// Entities owned at least 50 % by named ones, directly or indirectly, in the aggregate.
    Majority,
}

impl AffiliateKind {
    /// The rule asks for control, which a minority does not show.
    pub(super) fn needs_control(self) -> bool {
        match self {
            Self::Control | Self::Controlled => true,
            Self::None | Self::AnyAffiliate | Self::Majority => false,
        }
    }
}

/// A stretch of time in the life of an affiliate rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// From this day.
    #[serde(deserialize_with = "date")]
    pub from: Date,
    /// Until this day, exclusive.
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// What it is then.
    pub state: PeriodState,
    /// In one sentence.
    pub text: String,
    /// Sources.
    pub sources: Vec<String>,
}

/// State of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodState {
    /// In force.
    InForce,
    /// Suspended.
    Suspended,
    /// Not known.
    Unconfirmed,
}

/// One named party, or one row of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Key inside the file, or the list's own number.
    pub id: String,
    /// The name in the instrument's words.
    pub name: String,
    /// Other names that the instrument gives.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// ISO countries that the instrument gives, or that the source of the row gives.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Identifiers that the instrument gives.
    #[serde(default, rename = "identifier")]
    pub identifiers: Vec<EntryIdentifier>,
    /// The registry's entity that it names: `kaspersky/ao`.
    #[serde(default)]
    pub entity: Option<String>,
    /// It names a category of products and no party; `entity` is a maker of such. Whether a product falls in it is not judged.
    #[serde(default)]
    pub category: bool,
    /// What this row is about, where rows differ.
    #[serde(default)]
    pub scope: Option<String>,
    /// Named since this day.
    #[serde(default, deserialize_with = "optional_date")]
    pub from: Option<Date>,
    /// Seen on the list on this day, where the day it joined is not recorded.
    #[serde(default, deserialize_with = "optional_date")]
    pub seen: Option<Date>,
    /// Named until this day, exclusive.
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// Why it cannot be said that it still holds: a term or renewals that are not recorded.
    #[serde(default)]
    pub unconfirmed: Option<String>,
    /// Editions of the list that name it.
    #[serde(default, deserialize_with = "dates")]
    pub editions: Vec<Date>,
    /// Affiliate rule of this row, where it differs from the instrument's.
    #[serde(default)]
    pub affiliates: Option<AffiliateRule>,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Sources.
    pub sources: Vec<String>,
    /// Cited. What is not is shown and never decides.
    pub verified: bool,
}

/// An identifier of an entry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryIdentifier {
    /// As in `model::party::Identifier`.
    pub scheme: String,
    /// Country of its register.
    #[serde(default)]
    pub jurisdiction: Option<String>,
    /// The value.
    pub value: String,
}

/// A country that an instrument names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// In the instrument's words.
    pub name: String,
    /// From this day.
    #[serde(deserialize_with = "date")]
    pub from: Date,
    /// Until this day, exclusive.
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Sources.
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
}

/// Where facts come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Key inside the file.
    pub id: String,
    /// Citation and title.
    pub title: String,
    /// Address, where there is one.
    #[serde(default)]
    pub url: Option<String>,
    /// Kind of source, best first.
    pub grade: Grade,
    /// How it was read.
    pub checked: Checked,
    /// When it was read.
    #[serde(deserialize_with = "date")]
    pub retrieved: Date,
}

impl Source {
    /// One line with the grade and the way it was read.
    pub fn line(&self) -> String {
        let grade = match self.grade {
            Grade::Law => "law",
            Grade::OfficialList => "official list",
            Grade::Official => "official statement",
            Grade::Vendor => "vendor",
            Grade::Press => "press",
        };
        let checked = match self.checked {
            Checked::Primary => "read in the primary source",
            Checked::Secondary => "read through a transcription or report",
            Checked::None => "not read",
        };
        match &self.url {
            Some(url) => format!("{} ({grade}, {checked}) {url}", self.title),
            None => format!("{} ({grade}, {checked})", self.title),
        }
    }
}

/// Kinds of source, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Statute, regulation, or notice in an official journal.
    Law,
    /// A list that an authority publishes.
    OfficialList,
    /// Another statement of an authority.
    Official,
    /// The vendor's own statement.
    Vendor,
    /// Press, law firms, trade bodies.
    Press,
}

/// How a source was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// The source itself.
    Primary,
    /// A transcription of it, or a report on it.
    Secondary,
    /// Not at all; from memory.
    None,
}

fn date<'de, D: Deserializer<'de>>(input: D) -> Result<Date, D::Error> {
    let text = String::deserialize(input)?;
    parse_date(&text)
        .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not a date (YYYY-MM-DD)")))
}

fn optional_date<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Date>, D::Error> {
    date(input).map(Some)
}

fn dates<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Date>, D::Error> {
    Vec::<String>::deserialize(input)?
        .into_iter()
        .map(|text| {
            parse_date(&text).ok_or_else(|| {
                serde::de::Error::custom(format!("{text:?} is not a date (YYYY-MM-DD)"))
            })
        })
        .collect()
}
