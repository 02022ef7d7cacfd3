//! The table of who operates which authority: `data/operators/*.toml`, read when it is first asked.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::data::OPERATORS;
use crate::base::time::parse_date;
use crate::identity::is_country_code;
use crate::identity::name::normalise;
use crate::model::certificate::CertificateId;
use crate::model::evidence::Evidence;
use time::Date;

/// Why the table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not TOML, or not of the documented shape.
    #[error("operators/{file}: {message}")]
    Syntax {
        /// The file's stem.
        file: String,
        /// What is wrong, with its place.
        message: String,
    },
    /// A rule of the table is broken.
    #[error("operators/{file}: {message}")]
    Rule {
        /// The file's stem.
        file: String,
        /// Which rule.
        message: String,
    },
}

/// An operator of certificate or timestamp authorities.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// File stem.
    pub id: String,
    /// Legal name.
    pub name: String,
    /// Country of its own legal home, ISO 3166-1.
    pub country: String,
    /// A source was read.
    pub verified: bool,
    /// Organisation names in its authorities' certificates.
    #[serde(default)]
    pub organizations: Vec<String>,
    /// SHA-256 of its roots and issuing authorities.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// What a reader must know.
    #[serde(default)]
    pub note: Option<String>,
    /// Root programmes that ended or limited their trust in it.
    #[serde(default, rename = "distrust")]
    pub distrusts: Vec<Distrust>,
    /// Citations.
    #[serde(default, rename = "source")]
    pub sources: Vec<Citation>,
}

/// That a root programme ended or limited its trust.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distrust {
    /// The programme.
    pub by: String,
    /// Since which day, or year where the source gives no day.
    pub from: String,
    /// For what: most programmes are about TLS server certificates alone.
    pub scope: String,
    /// What was decided, as far as its source goes.
    pub text: String,
    /// Only authorities of these organisation names; all of the operator's where empty.
    #[serde(default)]
    pub organizations: Vec<String>,
    /// Handles of citations.
    pub sources: Vec<String>,
    /// A source that was read says so.
    pub verified: bool,
}

impl Distrust {
    /// The first day that it may hold from.
    pub fn since(&self) -> Option<Date> {
        let year = self.from.len() == 4;
        parse_date(&self.from)
            .or_else(|| parse_date(&format!("{}-01-01", self.from)).filter(|_| year))
    }

    /// It is about an authority of this organisation name.
    pub fn concerns(&self, organization: &str) -> bool {
        let folded = normalise(organization).folded;
        self.organizations.is_empty()
            || self
                .organizations
                .iter()
                .any(|name| normalise(name).folded == folded)
    }
}

/// Where an operator's facts come from.
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
    /// Grade, as in the vendor registry.
    pub grade: String,
    /// `primary`, `secondary` or `none`.
    pub checked: String,
    /// When it was read.
    pub retrieved: String,
}

impl Operator {
    /// The operator's entry as evidence.
    pub fn evidence(&self) -> Evidence {
        let entry = Evidence::entry("operators", self.id.as_str())
            .excerpt(format!("{}, {}", self.name, self.country));
        match self.sources.first() {
            Some(source) => entry.cited(match &source.url {
                Some(url) => format!("{}, {url}", source.title),
                None => source.title.clone(),
            }),
            None => entry,
        }
    }

    /// A distrust of it as evidence, one piece a source.
    pub fn distrust_evidence(&self, distrust: &Distrust) -> Vec<Evidence> {
        let entry = || {
            Evidence::entry("operators", format!("{}.distrust", self.id)).excerpt(format!(
                "{}, {}: {}",
                distrust.by, distrust.from, distrust.text
            ))
        };
        let cited = self
            .sources
            .iter()
            .filter(|s| distrust.sources.contains(&s.id));
        cited
            .map(|source| {
                entry().cited(match &source.url {
                    Some(url) => format!("{}, {url}", source.title),
                    None => source.title.clone(),
                })
            })
            .collect()
    }

    /// As of when its facts hold: the newest citation.
    pub fn as_of(&self) -> Option<Date> {
        self.sources
            .iter()
            .filter_map(|s| parse_date(&s.retrieved))
            .max()
    }
}

/// The table, indexed.
#[derive(Debug, Clone, Default)]
pub struct Operators {
    all: Vec<Operator>,
    by_certificate: BTreeMap<String, usize>,
    by_organization: BTreeMap<String, usize>,
}

static BUNDLED: LazyLock<Result<Operators, Error>> = LazyLock::new(|| Operators::read(OPERATORS));

impl Operators {
    /// The table that ships with the product.
    ///
    /// # Errors
    /// A file of it is broken; a test keeps that from shipping.
    pub fn bundled() -> Result<&'static Self, &'static Error> {
        BUNDLED.as_ref()
    }

    /// Reads and checks `(file stem, text)` pairs.
    ///
    /// # Errors
    /// The first file that is broken, or two files that claim one certificate or name.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Error> {
        let mut table = Self::default();
        for (file, text) in files {
            let operator: Operator = toml::from_str(text).map_err(|e| Error::Syntax {
                file: (*file).to_owned(),
                message: e.to_string(),
            })?;
            table.add(file, operator).map_err(|message| Error::Rule {
                file: (*file).to_owned(),
                message,
            })?;
        }
        Ok(table)
    }

    fn add(&mut self, file: &str, operator: Operator) -> Result<(), String> {
        if operator.id != file {
            return Err(format!("id `{}` is not the file's name", operator.id));
        }
        if !is_country_code(&operator.country) {
            return Err(format!("`{}` is no country code", operator.country));
        }
        if operator.verified && !operator.sources.iter().any(|s| s.checked != "none") {
            return Err("verified without a source that was read".into());
        }
        if let Some(source) = operator
            .sources
            .iter()
            .find(|s| parse_date(&s.retrieved).is_none())
        {
            return Err(format!("source `{}` has no date", source.id));
        }
        for distrust in &operator.distrusts {
            if distrust.since().is_none() {
                return Err(format!("distrust by {} has no date", distrust.by));
            }
            let read = |id: &String| {
                let source = operator.sources.iter().find(|s| s.id == *id);
                source.map(|s| s.checked != "none")
            };
            let sources: Option<Vec<bool>> = distrust.sources.iter().map(read).collect();
            let sources =
                sources.ok_or_else(|| format!("distrust by {}: no such source", distrust.by))?;
            if sources.is_empty() || (distrust.verified && !sources.contains(&true)) {
                return Err(format!(
                    "distrust by {} has no source that was read",
                    distrust.by
                ));
            }
        }
        let index = self.all.len();
        for hash in &operator.certificates {
            let hash = hash.to_ascii_lowercase();
            if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(format!("`{hash}` is no SHA-256"));
            }
            if self.by_certificate.insert(hash.clone(), index).is_some() {
                return Err(format!("certificate {hash} stands in two places"));
            }
        }
        for name in &operator.organizations {
            let key = normalise(name).folded;
            match self.by_organization.insert(key, index) {
                Some(other) if other != index => {
                    return Err(format!("organisation `{name}` stands in two files"));
                }
                _ => {}
            }
        }
        self.all.push(operator);
        Ok(())
    }

    /// The operator of this very authority.
    pub fn by_certificate(&self, id: &CertificateId) -> Option<&Operator> {
        self.all.get(*self.by_certificate.get(&id.to_string())?)
    }

    /// The operator whose authorities carry this organisation name.
    pub fn by_organization(&self, name: &str) -> Option<&Operator> {
        self.all
            .get(*self.by_organization.get(&normalise(name).folded)?)
    }

    /// All, in file order.
    pub fn iter(&self) -> impl Iterator<Item = &Operator> {
        self.all.iter()
    }
}
