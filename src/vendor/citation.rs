//! Where a fact comes from: the document, how far it can be trusted, and whether it was read itself.

use serde::{Deserialize, Deserializer};
use time::Date;

use crate::base::time::parse_date;
use crate::model::claim::Strength;

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
    /// An extended-validation certificate: its authority checked name, seat and number in the register, at its date.
    CertificateEv,
    /// The vendor's own statement or filing.
    Vendor,
    /// A certificate without extended validation: the organisation and its place were checked, its seat was not.
    Certificate,
    /// A data set: names and countries as networks or certificates are registered, which is not where a company is incorporated.
    DataSet,
    /// Press.
    Press,
    /// Resellers, forums, outlets without standing.
    Low,
}

impl Grade {
    /// All, best first.
    pub const ALL: [Self; 10] = [
        Self::Law,
        Self::Register,
        Self::OfficialList,
        Self::Official,
        Self::CertificateEv,
        Self::Vendor,
        Self::Certificate,
        Self::DataSet,
        Self::Press,
        Self::Low,
    ];

    /// The word used in data and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Register => "register",
            Self::OfficialList => "official-list",
            Self::Official => "official",
            Self::CertificateEv => "certificate-ev",
            Self::Certificate => "certificate",
            Self::DataSet => "data-set",
            Self::Vendor => "vendor",
            Self::Press => "press",
            Self::Low => "low",
        }
    }

    /// It shows where a name registers networks or signs, from which a seat is only inferred.
    pub fn infers_seat(self) -> bool {
        match self {
            Self::Certificate | Self::DataSet => true,
            Self::Law
            | Self::Register
            | Self::OfficialList
            | Self::Official
            | Self::CertificateEv
            | Self::Vendor
            | Self::Press
            | Self::Low => false,
        }
    }

    /// How strong a claim is that rests on this.
    pub fn strength(self) -> Strength {
        match self {
            Self::Law | Self::Register => Strength::High,
            Self::OfficialList | Self::Official | Self::CertificateEv | Self::Vendor => {
                Strength::Medium
            }
            Self::Certificate | Self::DataSet | Self::Press | Self::Low => Strength::Low,
        }
    }
}

/// How the source was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// The document itself.
    Primary,
    /// A transcription or report of it.
    Secondary,
}

impl Checked {
    /// The word used in data and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
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
    /// Whether the document itself was read.
    pub checked: Checked,
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

/// A day of the form YYYY-MM-DD.
pub(super) fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    parse_date(&text).ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is no date of the form YYYY-MM-DD"))
    })
}
