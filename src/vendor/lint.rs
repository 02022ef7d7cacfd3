//! The rules of the vendor registry: what a file must keep, file by file and across all of them.
//!
//! The same rules hold the compiled-in data and the file of a contributor. A problem names its file, line, entry and rule.

use std::collections::BTreeMap;
use std::fmt;

use super::facts::{self, Place};
use super::load::hundredths;
use super::schema::{Entity, Vendor};
use crate::identity::lei;
use crate::identity::name::normalise;
use crate::identity::register_number;
use crate::jurisdiction::network::is_iso_country;

/// Which rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// TOML, of the documented keys.
    Syntax,
    /// The id is the file's name.
    FileName,
    /// `review_by` is after `as_of`; intervals run forward.
    Dates,
    /// Keys and source handles are unique, and what is referred to exists.
    Reference,
    /// What is verified is cited; a source is used.
    Citation,
    /// Countries are ISO 3166-1, subdivisions ISO 3166-2.
    Country,
    /// Names are there, and one name in one country is one entity.
    Name,
    /// Identifiers have a known scheme and right check digits.
    Identifier,
    /// Pins have a known scheme and form.
    Pin,
    /// Shares are percentages.
    Share,
    /// An address is absolute and of the web.
    Address,
}

impl Rule {
    /// The word used in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::FileName => "file-name",
            Self::Dates => "dates",
            Self::Reference => "reference",
            Self::Citation => "citation",
            Self::Country => "country",
            Self::Name => "name",
            Self::Identifier => "identifier",
            Self::Pin => "pin",
            Self::Share => "share",
            Self::Address => "address",
        }
    }
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File stem.
    pub file: String,
    /// Line of the entry, from one; the head of the file has none.
    pub line: Option<usize>,
    /// Which entry: `entity us, US-EIN 91-1144442`.
    pub entry: String,
    /// Which rule.
    pub rule: Rule,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    /// `eset.toml:12: entity sk, SK-ICO 31333535: check digits are wrong [identifier]`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.toml:", self.file)?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if !self.entry.is_empty() {
            write!(f, " {}:", self.entry)?;
        }
        write!(f, " {} [{}]", self.message, self.rule.name())
    }
}

/// Every problem of these `(file stem, text)` pairs, and the vendors that could be read. Relations may lead to `beside`,
/// the vendors that stand in other files, and names must not be theirs.
pub fn files<'t>(
    texts: impl IntoIterator<Item = (&'t str, &'t str)>,
    beside: &BTreeMap<String, Vendor>,
) -> (BTreeMap<String, Vendor>, Vec<Problem>) {
    let mut vendors = BTreeMap::new();
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for (file, text) in texts {
        match toml::from_str::<Vendor>(text) {
            Ok(vendor) => {
                problems.extend(one(file, text, &vendor));
                vendors.insert(file.to_owned(), vendor);
                read.push((file, text));
            }
            Err(error) => problems.push(syntax(file, text, &error)),
        }
    }
    let mut all: BTreeMap<&str, &Vendor> = beside.iter().map(|(k, v)| (k.as_str(), v)).collect();
    all.extend(vendors.iter().map(|(k, v)| (k.as_str(), v)));
    for (file, text) in &read {
        if let Some(vendor) = vendors.get(*file) {
            let mut lint = Lint::new(file, text, vendor);
            lint.leads_somewhere(&all);
            problems.append(&mut lint.problems);
        }
    }
    let own: BTreeMap<&str, &str> = read.into_iter().collect();
    problems.extend(one_name_one_entity(&all, &own));
    problems.sort_by(|a, b| (&a.file, a.line, a.rule).cmp(&(&b.file, b.line, b.rule)));
    (vendors, problems)
}

/// Every rule that one file breaks by itself.
pub(super) fn one(file: &str, text: &str, vendor: &Vendor) -> Vec<Problem> {
    let mut lint = Lint::new(file, text, vendor);
    lint.head();
    lint.facts();
    for (i, entity) in vendor.entities.iter().enumerate() {
        lint.entity(Place::at("entity", i), entity);
    }
    lint.interests();
    lint.sources();
    lint.problems
}

fn syntax(file: &str, text: &str, error: &toml::de::Error) -> Problem {
    let line = error.span().map(|span| {
        let newlines = text
            .bytes()
            .take(span.start)
            .filter(|b| *b == b'\n')
            .count();
        newlines.saturating_add(1)
    });
    Problem {
        file: file.to_owned(),
        line,
        entry: String::new(),
        rule: Rule::Syntax,
        message: error.message().to_owned(),
    }
}

struct Lint<'v> {
    file: &'v str,
    text: &'v str,
    vendor: &'v Vendor,
    problems: Vec<Problem>,
}

impl<'v> Lint<'v> {
    fn new(file: &'v str, text: &'v str, vendor: &'v Vendor) -> Self {
        Self {
            file,
            text,
            vendor,
            problems: Vec::new(),
        }
    }

    fn check(&mut self, good: bool, place: Option<Place>, rule: Rule, message: impl Into<String>) {
        if !good {
            self.problems.push(Problem {
                file: self.file.to_owned(),
                line: place.and_then(|p| line_of(self.text, p)),
                entry: place.map(|p| entry(self.vendor, p)).unwrap_or_default(),
                rule,
                message: message.into(),
            });
        }
    }

    fn head(&mut self) {
        let vendor = self.vendor;
        self.check(
            vendor.id == self.file,
            None,
            Rule::FileName,
            format!("id `{}` is not the file's name", vendor.id),
        );
        self.check(!vendor.entities.is_empty(), None, Rule::Name, "no entity");
        self.check(
            vendor.review_by > vendor.as_of,
            None,
            Rule::Dates,
            "review_by is not after as_of",
        );
        let mut keys = Vec::new();
        for (i, entity) in vendor.entities.iter().enumerate() {
            let new = !keys.contains(&&entity.key);
            let message = format!("two entities `{}`", entity.key);
            self.check(new, Some(Place::at("entity", i)), Rule::Reference, message);
            keys.push(&entity.key);
        }
    }

    /// A verified fact names a source of this file; an unverified one may, where the source does not carry all of it.
    fn facts(&mut self) {
        for fact in facts::of(self.vendor) {
            let place = Some(fact.place);
            self.check(
                !fact.verified || !fact.sources.is_empty(),
                place,
                Rule::Citation,
                "verified without a source",
            );
            for source in fact.sources {
                let known = self.vendor.citation(source).is_some();
                let message = format!("no source `{source}`");
                self.check(known, place, Rule::Reference, message);
            }
        }
    }

    fn entity(&mut self, place: Place, entity: &Entity) {
        let here = Some(place);
        for code in std::iter::once(&entity.jurisdiction).chain(&entity.place_country) {
            self.country(place, code);
        }
        if let Some(part) = &entity.subdivision {
            let prefix = format!("{}-", entity.jurisdiction);
            let message = format!("subdivision `{part}` is not of {prefix}");
            self.check(part.starts_with(&prefix), here, Rule::Country, message);
        }
        self.check(!entity.name.trim().is_empty(), here, Rule::Name, "no name");
        for (k, alias) in entity.aliases.iter().enumerate() {
            let place = Some(place.inside("alias", k));
            let named = !alias.name.trim().is_empty();
            self.check(named, place, Rule::Name, "an alias without a name");
            self.interval(place, alias.from, alias.until);
        }
        for (k, id) in entity.identifiers.iter().enumerate() {
            let place = Some(place.inside("identifier", k));
            let known = match id.scheme.split_once('-') {
                Some((code, register)) => is_iso_country(code) && !register.is_empty(),
                None => id.scheme == "lei",
            };
            self.check(known, place, Rule::Identifier, "no such scheme");
            let right = match id.scheme.as_str() {
                "lei" => lei::is_valid(&id.value),
                scheme => register_number::check(scheme, &id.value).unwrap_or(!id.value.is_empty()),
            };
            // What another source contradicts is kept as it was written.
            self.check(
                right || id.conflicts,
                place,
                Rule::Identifier,
                "check digits are wrong",
            );
        }
        for (k, pin) in entity.pins.iter().enumerate() {
            let place = Some(place.inside("pin", k));
            let hash = pin.value.len() == 64
                && pin
                    .value
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            let good = match pin.scheme.as_str() {
                "spki-sha256" | "certificate-sha256" => hash,
                "apple-team-id" => {
                    pin.value.len() == 10 && pin.value.bytes().all(|b| b.is_ascii_alphanumeric())
                }
                "microsoft-publisher-id" => !pin.value.is_empty(),
                _ => false,
            };
            self.check(good, place, Rule::Pin, "scheme or form");
        }
        for (k, listing) in entity.public_listings.iter().enumerate() {
            let place = Some(place.inside("public_listing", k));
            let named = listing.exchange.is_some() || listing.isin.is_some();
            self.check(named, place, Rule::Name, "neither exchange nor ISIN");
            self.interval(place, listing.from, listing.until);
        }
    }

    fn interests(&mut self) {
        let vendor = self.vendor;
        for (i, relation) in vendor.relations.iter().enumerate() {
            let place = Some(Place::at("relation", i));
            self.share(place, relation.share.as_deref());
            self.interval(place, relation.from, relation.until);
            let two = relation.subject != relation.interested_party;
            self.check(two, place, Rule::Reference, "a relation to itself");
            if let Some(question) = &relation.disputed {
                let known = vendor.disputes.iter().any(|d| d.question == *question);
                let message = format!("no dispute asks `{question}`");
                self.check(known, place, Rule::Reference, message);
            }
        }
        for (i, owner) in vendor.owners.iter().enumerate() {
            let place = Place::at("owner", i);
            self.country(place, &owner.country);
            self.share(Some(place), owner.share.as_deref());
            let of = owner.of.as_deref();
            let known = of.is_none_or(|key| vendor.entity(key).is_some());
            self.check(known, Some(place), Rule::Reference, "no such entity");
        }
        for (i, owner) in vendor.unspecified_owners.iter().enumerate() {
            let known = vendor.entity(&owner.of).is_some();
            let place = Some(Place::at("unspecified_owner", i));
            self.check(known, place, Rule::Reference, "no such entity");
        }
    }

    fn sources(&mut self) {
        let vendor = self.vendor;
        let used: Vec<&String> = facts::of(vendor).iter().flat_map(|f| f.sources).collect();
        let mut ids = Vec::new();
        for (i, source) in vendor.sources.iter().enumerate() {
            let place = Some(Place::at("source", i));
            let message = format!("two sources `{}`", source.id);
            self.check(!ids.contains(&&source.id), place, Rule::Reference, message);
            ids.push(&source.id);
            let message = format!("nothing rests on source `{}`", source.id);
            self.check(used.contains(&&source.id), place, Rule::Citation, message);
            let titled = !source.title.trim().is_empty();
            self.check(titled, place, Rule::Citation, "a source without a title");
            let of_the_web = source.url.as_deref().is_none_or(|url| {
                ["https://", "http://"]
                    .iter()
                    .any(|scheme| url.starts_with(scheme))
                    && !url.contains(char::is_whitespace)
            });
            self.check(of_the_web, place, Rule::Address, "no web address");
        }
    }

    fn leads_somewhere(&mut self, all: &BTreeMap<&str, &Vendor>) {
        let vendor = self.vendor;
        for (i, relation) in vendor.relations.iter().enumerate() {
            for end in [&relation.subject, &relation.interested_party] {
                let (slug, key) = end.split_once('/').unwrap_or((self.file, end));
                let known = all.get(slug).is_some_and(|v| v.entity(key).is_some());
                let place = Some(Place::at("relation", i));
                let message = format!("`{end}` is no entity");
                self.check(known, place, Rule::Reference, message);
            }
        }
    }

    fn country(&mut self, place: Place, code: &str) {
        let message = format!("`{code}` is no country code");
        self.check(is_iso_country(code), Some(place), Rule::Country, message);
    }

    fn share(&mut self, place: Option<Place>, share: Option<&str>) {
        let good = share.is_none_or(|s| hundredths(s).is_some());
        self.check(good, place, Rule::Share, "share is a percentage like 32.34");
    }

    fn interval(
        &mut self,
        place: Option<Place>,
        from: Option<time::Date>,
        until: Option<time::Date>,
    ) {
        let forward = from.zip(until).is_none_or(|(from, until)| from < until);
        self.check(forward, place, Rule::Dates, "the interval runs backward");
    }
}

/// A name as it is compared: its core, its legal forms, its country.
type Spoken<'c> = (String, Vec<String>, &'c str);

/// Two current names of one core, form and country would never be told apart.
fn one_name_one_entity(all: &BTreeMap<&str, &Vendor>, own: &BTreeMap<&str, &str>) -> Vec<Problem> {
    let mut holders: BTreeMap<Spoken<'_>, Vec<(&str, Place)>> = BTreeMap::new();
    for (file, vendor) in all {
        for (i, entity) in vendor.entities.iter().enumerate() {
            let current = entity
                .aliases
                .iter()
                .filter(|a| !a.former && a.until.is_none());
            let names = std::iter::once(&entity.name).chain(current.map(|a| &a.name));
            for name in names {
                let name = normalise(name);
                let forms = name.forms.iter().map(|f| format!("{f:?}")).collect();
                let key = (name.core, forms, entity.jurisdiction.as_str());
                let here = (*file, Place::at("entity", i));
                let known = holders.entry(key).or_default();
                if !known.contains(&here) {
                    known.push(here);
                }
            }
        }
    }
    let mut problems = Vec::new();
    for ((core, _, country), places) in holders.iter().filter(|(_, places)| places.len() > 1) {
        for (file, place) in places {
            let (Some(text), Some(vendor)) = (own.get(file), all.get(file)) else {
                continue;
            };
            let others: Vec<&str> = places
                .iter()
                .filter(|p| *p != &(*file, *place))
                .map(|p| p.0)
                .collect();
            problems.push(Problem {
                file: (*file).to_owned(),
                line: line_of(text, *place),
                entry: entry(vendor, *place),
                rule: Rule::Name,
                message: format!(
                    "`{core}` in {country} is also a name of an entity of {}",
                    others.join(", ")
                ),
            });
        }
    }
    problems
}

/// The entry in words.
fn entry(vendor: &Vendor, place: Place) -> String {
    let entity = || vendor.entities.get(place.index);
    let number = place.index.saturating_add(1);
    let outer = match place.table {
        "entity" => entity().map(|e| format!("entity {}", e.key)),
        "source" => vendor
            .sources
            .get(place.index)
            .map(|s| format!("source {}", s.id)),
        table => Some(format!("{table} {number}")),
    };
    let inner = place.inner.and_then(|(table, k)| {
        let entity = entity()?;
        Some(match table {
            "alias" => format!(", alias {}", entity.aliases.get(k)?.name),
            "identifier" => {
                let id = entity.identifiers.get(k)?;
                format!(", {} {}", id.scheme, id.value)
            }
            "pin" => format!(", pin {}", entity.pins.get(k)?.value),
            table => format!(", {table} {}", k.saturating_add(1)),
        })
    });
    format!("{}{}", outer.unwrap_or_default(), inner.unwrap_or_default())
}

/// Line of the header of a table, from one. Headers stand on lines of their own.
fn line_of(text: &str, place: Place) -> Option<usize> {
    let header = format!("[[{}]]", place.table);
    let mut outer = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.trim() == header)
        .map(|(at, _)| at)
        .skip(place.index);
    let start = outer.next()?;
    let end = outer.next();
    let at = match place.inner {
        None => start,
        Some((table, k)) => {
            let inner = format!("[[{}.{table}]]", place.table);
            text.lines()
                .enumerate()
                .take(end.unwrap_or(usize::MAX))
                .skip(start)
                .filter(|(_, line)| line.trim() == inner)
                .map(|(at, _)| at)
                .nth(k)?
        }
    };
    at.checked_add(1)
}
