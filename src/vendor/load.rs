//! Reading and checking of registry files: every fact cites or says that it does not, codes are codes, intervals run forward.

use std::collections::{BTreeMap, BTreeSet};

use super::recognise::Index;
use super::registry::{Registry, Vendor};
use crate::identity::{is_country_code, lei};

/// Why the registry cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not TOML, or not of the documented shape.
    #[error("vendors/{file}: {message}")]
    Syntax {
        /// The file's stem.
        file: String,
        /// What is wrong, with its place.
        message: String,
    },
    /// Rules of the registry are broken.
    #[error("vendors/{file}: {}", .broken.join("; "))]
    Rules {
        /// The file's stem.
        file: String,
        /// All that are broken in this file.
        broken: Vec<String>,
    },
}

pub(super) fn read(files: &[(&str, &str)]) -> Result<Registry, Error> {
    let mut vendors = BTreeMap::new();
    for (file, text) in files {
        let vendor: Vendor = toml::from_str(text).map_err(|e| Error::Syntax {
            file: (*file).to_owned(),
            message: e.to_string(),
        })?;
        let mut broken = lint(&vendor);
        if vendor.id != *file {
            broken.push(format!("id `{}` is not the file's name", vendor.id));
        }
        if !broken.is_empty() {
            return Err(Error::Rules {
                file: (*file).to_owned(),
                broken,
            });
        }
        vendors.insert(vendor.id.clone(), vendor);
    }
    let unknown = relations_to_nowhere(&vendors);
    if let Some((file, broken)) = unknown.into_iter().next() {
        return Err(Error::Rules { file, broken });
    }
    let index = Index::new(&vendors);
    Ok(Registry { vendors, index })
}

/// Every rule that `vendor` breaks.
pub(super) fn lint(vendor: &Vendor) -> Vec<String> {
    let mut lint = Lint {
        vendor,
        broken: Vec::new(),
    };
    lint.header();
    for entity in &vendor.entities {
        lint.entity(entity);
    }
    for relation in &vendor.relations {
        let what = format!(
            "relation {} -> {}",
            relation.subject, relation.interested_party
        );
        lint.cited(&what, &relation.sources, relation.verified);
        lint.percent(&what, relation.share.as_deref());
        lint.interval(&what, relation.from, relation.until);
        lint.check(relation.subject != relation.interested_party, || {
            format!("{what}: to itself")
        });
        if let Some(question) = &relation.disputed {
            let known = vendor.disputes.iter().any(|d| d.question == *question);
            lint.check(known, || format!("{what}: no dispute asks `{question}`"));
        }
    }
    for owner in &vendor.owners {
        let what = format!("owner {}", owner.name);
        lint.cited(&what, &owner.sources, owner.verified);
        lint.code(&what, &owner.country);
        lint.percent(&what, owner.share.as_deref());
        let known = owner
            .of
            .as_ref()
            .is_none_or(|key| vendor.entity(key).is_some());
        lint.check(known, || format!("{what}: no such entity"));
    }
    for statement in &vendor.statements {
        lint.cited("statement", &statement.sources, statement.verified);
    }
    for fact in &vendor.facts {
        lint.cited("fact", &fact.sources, fact.verified);
    }
    for dispute in &vendor.disputes {
        for side in [&dispute.side_a, &dispute.side_b] {
            lint.cited("dispute", &side.sources, true);
        }
    }
    lint.broken
}

struct Lint<'v> {
    vendor: &'v Vendor,
    broken: Vec<String>,
}

impl Lint<'_> {
    fn check(&mut self, good: bool, message: impl FnOnce() -> String) {
        if !good {
            self.broken.push(message());
        }
    }

    fn header(&mut self) {
        let vendor = self.vendor;
        self.check(!vendor.entities.is_empty(), || "no entity".into());
        self.check(vendor.review_by > vendor.as_of, || {
            "review_by is not after as_of".into()
        });
        let mut keys = BTreeSet::new();
        for entity in &vendor.entities {
            self.check(keys.insert(&entity.key), || {
                format!("two entities `{}`", entity.key)
            });
        }
        let mut ids = BTreeSet::new();
        for source in &vendor.sources {
            self.check(ids.insert(&source.id), || {
                format!("two sources `{}`", source.id)
            });
            let word = matches!(source.checked.as_str(), "primary" | "secondary");
            self.check(word, || {
                format!("source `{}`: checked is primary or secondary", source.id)
            });
        }
    }

    fn entity(&mut self, entity: &super::Entity) {
        let what = format!("entity {}", entity.key);
        self.cited(&what, &entity.sources, entity.verified);
        self.code(&what, &entity.jurisdiction);
        if let Some(country) = &entity.place_country {
            self.code(&what, country);
        }
        if let Some(part) = &entity.subdivision {
            let prefix = format!("{}-", entity.jurisdiction);
            self.check(part.starts_with(&prefix), || {
                format!("{what}: subdivision `{part}` is not of {prefix}")
            });
        }
        self.check(!entity.name.trim().is_empty(), || {
            format!("{what}: no name")
        });
        for alias in &entity.aliases {
            self.check(!alias.name.trim().is_empty(), || {
                format!("{what}: an alias without a name")
            });
            self.interval(&what, alias.from, alias.until);
        }
        for id in &entity.identifiers {
            let what = format!("{what}, {} {}", id.scheme, id.value);
            self.cited(&what, &id.sources, id.verified);
            let good = match id.scheme.split_once('-') {
                Some((country, _)) => is_country_code(country),
                None => id.scheme == "lei" && lei::is_valid(&id.value),
            };
            self.check(good, || {
                format!("{what}: no such scheme, or check digits wrong")
            });
        }
        for pin in &entity.pins {
            let what = format!("{what}, pin {}", pin.value);
            self.cited(&what, &pin.sources, pin.verified);
            let hash = pin.value.len() == 64
                && pin
                    .value
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            let good = match pin.scheme.as_str() {
                "spki-sha256" | "certificate-sha256" => hash,
                "apple-team-id" | "microsoft-publisher-id" => !pin.value.is_empty(),
                _ => false,
            };
            self.check(good, || format!("{what}: scheme or form"));
        }
    }

    /// A verified fact names a source of this file; an unverified one may, where the source does not carry all of it.
    fn cited(&mut self, what: &str, sources: &[String], verified: bool) {
        self.check(!verified || !sources.is_empty(), || {
            format!("{what}: verified without a source")
        });
        for source in sources {
            let known = self.vendor.citation(source).is_some();
            self.check(known, || format!("{what}: no source `{source}`"));
        }
    }

    fn code(&mut self, what: &str, country: &str) {
        self.check(is_country_code(country), || {
            format!("{what}: `{country}` is no country code")
        });
    }

    fn percent(&mut self, what: &str, share: Option<&str>) {
        let good = share.is_none_or(|s| hundredths(s).is_some());
        self.check(good, || format!("{what}: share is a percentage like 32.34"));
    }

    fn interval(&mut self, what: &str, from: Option<time::Date>, until: Option<time::Date>) {
        let forward = from.zip(until).is_none_or(|(from, until)| from < until);
        self.check(forward, || format!("{what}: the interval runs backward"));
    }
}

/// `32.34` as 3234; nothing over 100 %.
pub(super) fn hundredths(percent: &str) -> Option<u16> {
    let (whole, part) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let scale = if part.len() == 1 { 10 } else { 1 };
    let hundredths = whole
        .parse::<u16>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part.parse::<u16>().ok()?.checked_mul(scale)?)?;
    (hundredths <= 10_000).then_some(hundredths)
}

fn relations_to_nowhere(vendors: &BTreeMap<String, Vendor>) -> BTreeMap<String, Vec<String>> {
    let mut broken: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for vendor in vendors.values() {
        for end in vendor
            .relations
            .iter()
            .flat_map(|r| [&r.subject, &r.interested_party])
        {
            let (slug, key) = end.split_once('/').unwrap_or((&vendor.id, end));
            let known = vendors.get(slug).is_some_and(|v| v.entity(key).is_some());
            if !known {
                broken
                    .entry(vendor.id.clone())
                    .or_default()
                    .push(format!("relation to `{end}`, which is no entity"));
            }
        }
    }
    broken
}
