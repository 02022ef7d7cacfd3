//! Who owns or controls whom, as the registry's files state it, in words of BODS 0.4.

use serde::Deserialize;
use time::Date;

use super::schema::optional_date;

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

/// Whether an interest is held itself or through others (BODS `directOrIndirect`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Directness {
    /// Held itself.
    Direct,
    /// Held through others.
    Indirect,
    /// The source does not say.
    Unknown,
}

impl Directness {
    /// The word used in data and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Indirect => "indirect",
            Self::Unknown => "unknown",
        }
    }
}

/// Why nobody is named (BODS 0.4 `unspecifiedReason`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnspecifiedReason {
    /// There is no beneficial owner.
    NoBeneficialOwners,
    /// The company could not find out.
    SubjectUnableToConfirmOrIdentifyBeneficialOwner,
    /// The owner did not tell.
    InterestedPartyHasNotProvidedInformation,
    /// The company need not disclose.
    SubjectExemptFromDisclosure,
    /// The owner need not be disclosed.
    InterestedPartyExemptFromDisclosure,
    /// Not known.
    Unknown,
    /// Not known to whoever published the statement.
    InformationUnknownToPublisher,
}

impl UnspecifiedReason {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoBeneficialOwners => "there is no beneficial owner",
            Self::SubjectUnableToConfirmOrIdentifyBeneficialOwner => {
                "the company could not identify its beneficial owner"
            }
            Self::InterestedPartyHasNotProvidedInformation => "the owner gave no information",
            Self::SubjectExemptFromDisclosure => "the company need not disclose its owners",
            Self::InterestedPartyExemptFromDisclosure => "the owner need not be disclosed",
            Self::Unknown => "the owner is not known",
            Self::InformationUnknownToPublisher => "the owner is not known to the publisher",
        }
    }
}

/// A statement that an owner is not named.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnspecifiedOwner {
    /// Key of the entity.
    pub of: String,
    /// Why.
    pub reason: UnspecifiedReason,
    /// One sentence that states it, as far as its source goes.
    pub text: String,
    /// Handles of citations.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Cited.
    pub verified: bool,
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
    /// Held itself or through others, where stated.
    #[serde(default)]
    pub direct_or_indirect: Option<Directness>,
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
