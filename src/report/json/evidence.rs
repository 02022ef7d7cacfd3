//! `evidence{}` and `claims{}`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::handle::{EvidenceId, HostId};
use super::words::{Aspect, Source, Strength};
use crate::base::time::rfc3339;
use crate::model::claim::Claim as ModelClaim;
use crate::model::evidence::{Evidence as ModelEvidence, Locator as ModelLocator};

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Where the fact comes from, which decides how far it can be trusted.
    pub source: Source,
    /// The subject whose file `bytes` counts in, where it is about one.
    pub subject: Option<String>,
    /// How to find it again.
    #[serde(flatten)]
    pub locator: Locator,
    /// The fact itself, as found: text from outside.
    pub excerpt: Option<String>,
    /// The primary source of a data entry.
    pub citation: Option<String>,
    /// When it was observed or, for data, as of when it holds.
    pub observed_at: Option<String>,
}

/// How to find a piece of evidence again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "locator", rename_all = "kebab-case")]
pub enum Locator {
    /// Bytes of the subject's file.
    Bytes {
        /// From the start of the file.
        offset: u64,
        /// Length in bytes.
        length: u64,
    },
    /// A field of a certificate in `certificates`.
    CertificateField {
        /// Its SHA-256.
        certificate: String,
        /// Field in dotted form: `subject.O`.
        field: String,
    },
    /// An entry of a data set.
    DataEntry {
        /// The data set: `vendors/kaspersky`.
        data: String,
        /// Key inside it.
        entry: String,
    },
    /// A recorded network answer.
    Url {
        /// Its address.
        url: String,
    },
}

impl From<&ModelLocator> for Locator {
    fn from(locator: &ModelLocator) -> Self {
        match locator {
            ModelLocator::Bytes { offset, length } => Self::Bytes {
                offset: *offset,
                length: *length,
            },
            ModelLocator::CertificateField { certificate, field } => Self::CertificateField {
                certificate: certificate.to_string(),
                field: field.clone(),
            },
            ModelLocator::Entry { data, entry } => Self::DataEntry {
                data: data.clone(),
                entry: entry.clone(),
            },
            ModelLocator::Url(url) => Self::Url { url: url.clone() },
        }
    }
}

impl Evidence {
    /// `evidence` as the report shows it; `subject` is the one it was found in.
    pub(super) fn new(evidence: &ModelEvidence, subject: Option<&str>) -> Self {
        Self {
            source: evidence.source.into(),
            subject: subject.map(str::to_owned),
            locator: (&evidence.locator).into(),
            excerpt: evidence.excerpt.clone(),
            citation: evidence.citation.clone(),
            observed_at: evidence.observed_at.map(rfc3339),
        }
    }
}

/// One claim of jurisdiction about one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// The party it is about; null where it is about a host.
    pub party: Option<String>,
    /// The host it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostId>,
    /// What it is about.
    pub aspect: Aspect,
    /// ISO 3166-1 alpha-2; `XX` where the source says that no code exists.
    pub jurisdiction: String,
    /// State or province, as the source writes it.
    pub subdivision: Option<String>,
    /// The rule or field that gives it.
    pub basis: String,
    /// How sure.
    pub strength: Strength,
    /// The data set or document.
    pub source: String,
    /// As of when the source holds.
    pub as_of: Option<String>,
    /// Holds from this day.
    pub valid_from: Option<String>,
    /// Holds until this day, exclusive.
    pub valid_to: Option<String>,
    /// What it rests on.
    pub evidence: Vec<EvidenceId>,
}

impl Claim {
    pub(super) fn new(claim: &ModelClaim, evidence: Vec<EvidenceId>) -> Self {
        Self {
            party: Some(claim.party.to_string()),
            host: None,
            aspect: claim.aspect.into(),
            jurisdiction: claim.jurisdiction.country.clone(),
            subdivision: claim.jurisdiction.subdivision.clone(),
            basis: claim.basis.clone(),
            strength: claim.strength.into(),
            source: claim.source.clone(),
            as_of: claim.as_of.map(|d| d.to_string()),
            valid_from: claim.valid_from.map(|d| d.to_string()),
            valid_to: claim.valid_to.map(|d| d.to_string()),
            evidence,
        }
    }
}
