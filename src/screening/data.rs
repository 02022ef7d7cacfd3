//! Instruments, read from their TOML text and held to the rules of `data/instruments/README.md`.

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use crate::base::data::INSTRUMENTS;
use crate::screening::instrument::{
    AffiliateKind, AffiliateRule, Checked, Country, Entry, Instrument,
};
use crate::screening::names::Names;

/// Why a data set of instruments cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not TOML, or not of the schema; the message of the reader names line and column.
    #[error("instruments/{file}: {message}")]
    Malformed {
        /// File without extension.
        file: String,
        /// The reader's message.
        message: String,
    },
    /// Breaks a rule of the data set.
    #[error("instruments/{file}: {what}")]
    Rule {
        /// File without extension.
        file: String,
        /// Which rule, where.
        what: String,
    },
}

/// A set of instruments, each valid by itself.
#[derive(Debug, Clone, Default)]
pub struct Instruments {
    all: Vec<Instrument>,
    names: Names,
}

/// A country that an instrument names, at a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountryInSet {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// In the instrument's words.
    pub name: String,
    /// Instrument id.
    pub instrument: String,
    /// The first citation.
    pub citation: String,
    /// Cited.
    pub verified: bool,
}

impl Instruments {
    /// Those that ship with the product.
    ///
    /// # Errors
    /// A shipped file is malformed, which a test excludes.
    pub fn builtin() -> Result<Self, Error> {
        Self::parse(INSTRUMENTS.iter().copied())
    }

    /// Reads (file name without extension, text) pairs.
    ///
    /// # Errors
    /// The first file that is malformed or breaks a rule.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let mut all = Vec::new();
        for (file, text) in files {
            let instrument: Instrument =
                toml::from_str(text).map_err(|error| Error::Malformed {
                    file: file.into(),
                    message: error.to_string(),
                })?;
            validate(file, &instrument)?;
            all.push(instrument);
        }
        all.sort_by(|a, b| a.id.cmp(&b.id));
        let names = Names::new(&all);
        Ok(Self { all, names })
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Instrument> {
        self.all.iter()
    }

    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// There is none; a screening over none answers nothing.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The instrument of this id.
    pub fn get(&self, id: &str) -> Option<&Instrument> {
        self.all.iter().find(|i| i.id == id)
    }

    /// The oldest day that any list was read up to, which is the age of a negative answer.
    pub fn as_of(&self) -> Option<Date> {
        self.all.iter().map(|i| i.as_of).min()
    }

    /// Countries that `instrument` names at `at`.
    pub fn countries(&self, instrument: &str, at: Date) -> Vec<CountryInSet> {
        let Some(instrument) = self.get(instrument) else {
            return Vec::new();
        };
        instrument
            .countries
            .iter()
            .filter(|c| c.from <= at && c.until.is_none_or(|until| at < until))
            .map(|c| CountryInSet {
                code: c.code.clone(),
                name: c.name.clone(),
                instrument: instrument.id.clone(),
                citation: first_citation(instrument, &c.sources),
                verified: c.verified,
            })
            .collect()
    }

    /// Every country set at `at`: instrument id to codes. Policies see it as `data.settings.country_sets`.
    pub fn country_sets(&self, at: Date) -> BTreeMap<String, BTreeSet<String>> {
        self.all
            .iter()
            .filter(|i| !i.countries.is_empty())
            .map(|i| {
                let codes = self.countries(&i.id, at).into_iter().map(|c| c.code);
                (i.id.clone(), codes.collect())
            })
            .collect()
    }
}

/// One line of the best citation among `sources`.
pub(super) fn first_citation(instrument: &Instrument, sources: &[String]) -> String {
    sources
        .iter()
        .filter_map(|id| instrument.citation(id))
        .min_by_key(|s| (s.grade, s.checked))
        .map(|s| s.line())
        .unwrap_or_default()
}

fn validate(file: &str, instrument: &Instrument) -> Result<(), Error> {
    let check = |holds: bool, what: String| {
        if holds {
            Ok(())
        } else {
            Err(Error::Rule {
                file: file.into(),
                what,
            })
        }
    };
    check(
        instrument.file() == file,
        format!("the id {} does not name this file", instrument.id),
    )?;
    let cited = |what: &str, sources: &[String], verified: bool| {
        let mut read = false;
        for id in sources {
            let Some(source) = instrument.citation(id) else {
                return check(false, format!("{what}: no source {id:?}"));
            };
            read |= source.checked != Checked::None;
        }
        check(!sources.is_empty(), format!("{what}: no source"))?;
        check(
            !verified || read,
            format!("{what}: verified, but none of its sources was read"),
        )
    };
    cited("instrument", &instrument.sources, instrument.verified)?;
    let rule = |what: &str, rule: &AffiliateRule| {
        cited(what, &rule.sources, rule.verified)?;
        for period in &rule.periods {
            cited(what, &period.sources, rule.verified)?;
        }
        check(
            rule.periods.is_sorted_by_key(|p| p.from),
            format!("{what}: periods out of order"),
        )
    };
    rule("affiliates", &instrument.affiliates)?;
    for phase in &instrument.phases {
        cited(&phase.id, &phase.sources, phase.verified)?;
    }
    check(
        instrument.phases.is_sorted_by_key(|p| p.from),
        "phases out of order".into(),
    )?;
    check(
        instrument.editions.is_sorted_by_key(|e| e.date),
        "editions out of order".into(),
    )?;
    for edition in &instrument.editions {
        cited("edition", &edition.sources, edition.verified)?;
    }
    let mut ids = BTreeSet::new();
    for entry in &instrument.entries {
        check(
            ids.insert(&entry.id),
            format!("two entries are called {}", entry.id),
        )?;
        cited(&entry.id, &entry.sources, entry.verified)?;
        validate_entry(instrument, entry, &check)?;
        if let Some(own) = &entry.affiliates {
            rule(&entry.id, own)?;
        }
    }
    for country in &instrument.countries {
        cited(&country.code, &country.sources, country.verified)?;
        validate_country(country, &check)?;
    }
    let names = [
        !instrument.entries.is_empty(),
        !instrument.countries.is_empty(),
        instrument.from_list,
    ];
    check(
        names.into_iter().filter(|named| *named).count() == 1,
        "names parties, or countries, or takes its entries from a list".into(),
    )
}

fn validate_entry(
    instrument: &Instrument,
    entry: &Entry,
    check: &impl Fn(bool, String) -> Result<(), Error>,
) -> Result<(), Error> {
    check(
        entry.editions.is_empty() == instrument.editions.is_empty(),
        format!("{}: editions on one side only", entry.id),
    )?;
    for date in &entry.editions {
        check(
            instrument.editions.iter().any(|e| e.date == *date),
            format!("{}: no edition of {date}", entry.id),
        )?;
    }
    check(
        [entry.from, entry.seen, instrument.issued]
            .iter()
            .any(Option::is_some)
            || !entry.editions.is_empty(),
        format!("{}: no date", entry.id),
    )?;
    check(
        entry.countries.iter().all(|c| is_country_code(c)),
        format!("{}: countries are ISO 3166-1 alpha-2", entry.id),
    )?;
    check(
        entry
            .entity
            .as_deref()
            .is_none_or(|e| e.split('/').filter(|part| !part.is_empty()).count() == 2),
        format!("{}: entity is vendor/entity", entry.id),
    )
}

fn validate_country(
    country: &Country,
    check: &impl Fn(bool, String) -> Result<(), Error>,
) -> Result<(), Error> {
    check(
        is_country_code(&country.code),
        format!("{}: not ISO 3166-1 alpha-2", country.code),
    )
}

fn is_country_code(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}

/// The rule that applies to `entry`.
pub(super) fn rule_of<'i>(instrument: &'i Instrument, entry: &'i Entry) -> &'i AffiliateRule {
    entry.affiliates.as_ref().unwrap_or(&instrument.affiliates)
}

/// `rule` reaches nobody beside the named.
pub(super) fn names_only(rule: &AffiliateRule) -> bool {
    rule.kind == AffiliateKind::None
}
