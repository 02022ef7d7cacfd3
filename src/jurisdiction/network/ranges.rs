//! Databases of address ranges as text: what ip-location-db, IPFire's and Tor's exports, and geofeeds (RFC 8805) have in common.
//!
//! A row is a prefix or a first and a last address (also as decimal numbers), then a country, or an autonomous system with its
//! organisation. Ranges may nest, and the narrowest answers; of those that cross, the one that starts later. The file is the
//! user's, but its content is from outside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use time::Date;

use super::delegated::{self, Delegation};
use super::{country_of, prefix_or_range};
use crate::base::time::parse_date;
use crate::model::infrastructure::{GeoAnswer, GeoKind};

/// Most rows of one file; the largest public ones have half a million.
const MAX_ROWS: usize = 8_000_000;
/// Ranges within ranges; prefixes cannot nest deeper.
const MAX_NESTING: usize = 129;
/// Comment lines that may state the date.
const MAX_HEAD: usize = 64;

/// Why a database cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A row that is none.
    #[error("row {row}: {why}")]
    Row {
        /// Counted from 1, without comments.
        row: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Nothing in it.
    #[error("no row of addresses")]
    Empty,
    /// Over a limit.
    #[error("over the limit of {0} rows")]
    Rows(usize),
}

/// A database, sorted.
#[derive(Debug)]
pub struct Ranges {
    /// As reports name it.
    name: String,
    kind: GeoKind,
    as_of: Option<Date>,
    crossing: usize,
    v4: Vec<Range>,
    v6: Vec<Range>,
    facts: Vec<Fact>,
}

#[derive(Debug, Clone)]
struct Range {
    first: u128,
    last: u128,
    fact: u32,
    /// The narrowest range around this one.
    outer: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Fact {
    country: Option<String>,
    unusable: Option<String>,
    asn: Option<u32>,
    organization: Option<String>,
}

impl Ranges {
    /// Reads a database; `as_of` holds unless a comment at its head states a date.
    ///
    /// # Errors
    /// A row that is none, or over a limit.
    pub fn read(
        name: impl Into<String>,
        kind: Option<GeoKind>,
        as_of: Option<Date>,
        text: &str,
    ) -> Result<Self, Error> {
        let mut reading = Reading::default();
        let delegated = delegated::is_delegated(text);
        if delegated {
            for row in delegated::read(text) {
                if let Delegation::Addresses(first, last, country) = row {
                    reading.add(first, last, Fact::of_country(&country))?;
                }
            }
        } else {
            reading.rows(text)?;
        }
        if reading.v4.is_empty() && reading.v6.is_empty() {
            return Err(Error::Empty);
        }
        let routes = reading
            .facts
            .keys()
            .all(|f| f.country.is_none() && f.asn.is_some());
        let kind = kind.unwrap_or(match (delegated, routes) {
            (true, _) => GeoKind::Holder,
            (false, true) => GeoKind::Route,
            (false, false) => GeoKind::Location,
        });
        let mut facts: Vec<(Fact, u32)> = reading.facts.into_iter().collect();
        facts.sort_by_key(|(_, id)| *id);
        let ((v4, crossing_v4), (v6, crossing_v6)) = (nest(reading.v4)?, nest(reading.v6)?);
        Ok(Self {
            name: name.into(),
            kind,
            as_of: stated_date(text).or(as_of),
            crossing: crossing_v4.saturating_add(crossing_v6),
            v4,
            v6,
            facts: facts.into_iter().map(|(f, _)| f).collect(),
        })
    }

    /// Its name in reports.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many ranges cross another one, which no database should have and real ones do.
    pub fn crossing(&self) -> usize {
        self.crossing
    }

    /// The answer for an address.
    pub fn find(&self, ip: IpAddr) -> Option<GeoAnswer> {
        let (list, wanted) = match ip {
            IpAddr::V4(v4) => (&self.v4, u128::from(u32::from(v4))),
            IpAddr::V6(v6) => (&self.v6, u128::from(v6)),
        };
        let after = list.partition_point(|r| r.first <= wanted);
        let mut at = after.checked_sub(1).and_then(|i| list.get(i));
        while let Some(range) = at.filter(|r| r.last < wanted) {
            at = range.outer.and_then(|o| list.get(usize::try_from(o).ok()?));
        }
        let range = at?;
        let fact = self.facts.get(usize::try_from(range.fact).ok()?)?;
        let (first, last) = match ip {
            IpAddr::V4(_) => (v4(range.first)?, v4(range.last)?),
            IpAddr::V6(_) => (
                Ipv6Addr::from(range.first).into(),
                Ipv6Addr::from(range.last).into(),
            ),
        };
        Some(GeoAnswer {
            kind: self.kind,
            source: self.name.clone(),
            range: prefix_or_range(first, last),
            country: fact.country.clone(),
            unusable: fact.unusable.clone(),
            asn: fact.asn,
            organization: fact.organization.clone(),
            anycast: false,
            as_of: self.as_of,
            licence: None,
        })
    }

    /// Every row as `(first, last, autonomous system)`, for the builder of the packed table.
    pub fn routes(&self) -> Vec<(IpAddr, IpAddr, u32)> {
        let v4s = self
            .v4
            .iter()
            .filter_map(|r| Some((v4(r.first)?, v4(r.last)?, r)));
        let v6s = self.v6.iter().map(|r| {
            let ends = (Ipv6Addr::from(r.first), Ipv6Addr::from(r.last));
            (IpAddr::from(ends.0), IpAddr::from(ends.1), r)
        });
        v4s.chain(v6s)
            .filter_map(|(first, last, range)| {
                let fact = self.facts.get(usize::try_from(range.fact).ok()?)?;
                Some((first, last, fact.asn?))
            })
            .collect()
    }

    /// Every row as `(first, last, country)`, for the builder of the packed table.
    pub fn countries(&self) -> Vec<(IpAddr, IpAddr, String)> {
        let v4s = self
            .v4
            .iter()
            .filter_map(|r| Some((v4(r.first)?, v4(r.last)?, r)));
        let v6s = self.v6.iter().map(|r| {
            let ends = (Ipv6Addr::from(r.first), Ipv6Addr::from(r.last));
            (IpAddr::from(ends.0), IpAddr::from(ends.1), r)
        });
        v4s.chain(v6s)
            .filter_map(|(first, last, range)| {
                let fact = self.facts.get(usize::try_from(range.fact).ok()?)?;
                // A country beside an autonomous system is that of the announcement.
                let country = fact.country.clone().filter(|_| fact.asn.is_none());
                Some((first, last, country?))
            })
            .collect()
    }
}

fn v4(number: u128) -> Option<IpAddr> {
    u32::try_from(number).ok().map(|n| Ipv4Addr::from(n).into())
}

#[derive(Default)]
struct Reading {
    v4: Vec<Range>,
    v6: Vec<Range>,
    facts: std::collections::BTreeMap<Fact, u32>,
}

impl Reading {
    fn rows(&mut self, text: &str) -> Result<(), Error> {
        let body = text
            .lines()
            .find(|l| !l.starts_with('#') && !l.trim().is_empty());
        let delimiter = if body.is_some_and(|l| l.contains('\t')) {
            b'\t'
        } else {
            b','
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .comment(Some(b'#'))
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let mut row = 0usize;
        loop {
            row = row.saturating_add(1);
            let fault = |why| Error::Row { row, why };
            if !reader
                .read_record(&mut record)
                .map_err(|_| fault("is no text"))?
            {
                return Ok(());
            }
            let Some((first, last, rest)) = addresses(&record) else {
                // The names of the columns, and nothing else, may stand before the first address.
                if row == 1 && !record.iter().next().is_some_and(starts_like_an_address) {
                    continue;
                }
                return Err(fault("starts with no address"));
            };
            let fields: Vec<&str> = record.iter().skip(rest).map(str::trim).collect();
            self.add(first, last, Fact::of(&fields))
                .map_err(|error| match error {
                    Error::Row { why, .. } => Error::Row { row, why },
                    other => other,
                })?;
        }
    }

    fn add(&mut self, first: IpAddr, last: IpAddr, fact: Fact) -> Result<(), Error> {
        let count = self.v4.len().saturating_add(self.v6.len());
        if count >= MAX_ROWS {
            return Err(Error::Rows(MAX_ROWS));
        }
        let next = u32::try_from(self.facts.len()).map_err(|_| Error::Rows(MAX_ROWS))?;
        let fact = *self.facts.entry(fact).or_insert(next);
        let (list, first, last) = match (first, last) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                (&mut self.v4, u32::from(a).into(), u32::from(b).into())
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => (&mut self.v6, u128::from(a), u128::from(b)),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => {
                let why = "mixes versions of addresses";
                return Err(Error::Row { row: count, why });
            }
        };
        if first > last {
            let why = "runs backwards";
            return Err(Error::Row { row: count, why });
        }
        list.push(Range {
            first,
            last,
            fact,
            outer: None,
        });
        Ok(())
    }
}

/// Sorts the widest first among those that start together, and tells each the one around it.
/// Ranges that cross are counted; the one that starts later answers where both hold.
fn nest(mut list: Vec<Range>) -> Result<(Vec<Range>, usize), Error> {
    let mut crossing = 0usize;
    list.sort_by_key(|r| (r.first, std::cmp::Reverse(r.last)));
    let mut open: Vec<(u128, u32)> = Vec::new();
    for (index, range) in list.iter_mut().enumerate() {
        while open.last().is_some_and(|(last, _)| *last < range.first) {
            open.pop();
        }
        if let Some((last, outer)) = open.last() {
            if range.last > *last {
                crossing = crossing.saturating_add(1);
            }
            range.outer = Some(*outer);
        }
        if open.len() >= MAX_NESTING {
            let row = index.saturating_add(1);
            let why = "nests too deeply";
            return Err(Error::Row { row, why });
        }
        let id = u32::try_from(index).map_err(|_| Error::Rows(MAX_ROWS))?;
        open.push((range.last, id));
    }
    Ok((list, crossing))
}

fn starts_like_an_address(field: &str) -> bool {
    field.starts_with(|c: char| c.is_ascii_digit()) || field.contains(':')
}

/// First and last address of a row, and how many fields they take.
fn addresses(record: &csv::StringRecord) -> Option<(IpAddr, IpAddr, usize)> {
    let start = record.get(0)?.trim();
    if let Some((base, length)) = start.split_once('/') {
        let (first, last) = prefix(base.parse().ok()?, length.parse().ok()?)?;
        return Some((first, last, 1));
    }
    let first = address(start)?;
    let Some(last) = record.get(1).and_then(|f| address(f.trim())) else {
        // RFC 8805 section 2.1.1: an address alone is a prefix of full length.
        return Some((first, first, 1));
    };
    Some((first, last, 2))
}

/// In its own notation, or as a number, which is of IPv6 where IPv4 has none so large.
fn address(text: &str) -> Option<IpAddr> {
    if let Ok(ip) = text.parse() {
        return Some(ip);
    }
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: u128 = text.parse().ok()?;
    Some(match u32::try_from(number) {
        Ok(small) => Ipv4Addr::from(small).into(),
        Err(_) => Ipv6Addr::from(number).into(),
    })
}

fn prefix(base: IpAddr, length: u32) -> Option<(IpAddr, IpAddr)> {
    match base {
        IpAddr::V4(ip) if length <= 32 => {
            let mask = u32::MAX.checked_shr(length).unwrap_or(0);
            let number = u32::from(ip);
            Some((
                Ipv4Addr::from(number & !mask).into(),
                Ipv4Addr::from(number | mask).into(),
            ))
        }
        IpAddr::V6(ip) if length <= 128 => {
            let mask = u128::MAX.checked_shr(length).unwrap_or(0);
            let number = u128::from(ip);
            Some((
                Ipv6Addr::from(number & !mask).into(),
                Ipv6Addr::from(number | mask).into(),
            ))
        }
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}

impl Fact {
    fn of_country(word: &str) -> Self {
        let (country, unusable) = country_of(word);
        Self {
            country,
            unusable,
            ..Self::default()
        }
    }

    /// Country first, or autonomous system first and then country or organisation, in either order.
    fn of(fields: &[&str]) -> Self {
        let first = fields.first().copied().unwrap_or_default();
        let Some(asn) = asn(first) else {
            return Self::of_country(first);
        };
        let mut fact = Self::default();
        for field in fields.iter().skip(1).filter(|f| !f.is_empty()) {
            let looks_like_country =
                field.len() == 2 && field.bytes().all(|b| b.is_ascii_uppercase() || b == b'?');
            if looks_like_country
                && fields.len() > 2
                && fact.country.is_none()
                && fact.unusable.is_none()
            {
                (fact.country, fact.unusable) = country_of(field);
            } else if fact.organization.is_none() {
                fact.organization = Some((*field).to_owned());
            }
        }
        // Zero is no autonomous system (RFC 7607): such rows say that nobody announces the range.
        fact.asn = (asn != 0).then_some(asn);
        fact
    }
}

fn asn(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("AS").unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// A date that a comment at the head states.
fn stated_date(text: &str) -> Option<Date> {
    text.lines()
        .take(MAX_HEAD)
        .take_while(|l| l.starts_with('#'))
        .flat_map(|l| l.split(|c: char| !(c.is_ascii_digit() || c == '-')))
        .filter(|word| word.len() == 10)
        .find_map(parse_date)
}

#[cfg(test)]
mod tests {
    use super::{Error, Ranges};
    use crate::model::infrastructure::GeoKind;

    fn read(text: &str) -> Ranges {
        Ranges::read("sample", None, None, text).unwrap()
    }

    fn country(ranges: &Ranges, ip: &str) -> Option<String> {
        ranges.find(ip.parse().unwrap()).and_then(|a| a.country)
    }

    #[test]
    fn every_notation_in_use_is_read() {
        for text in [
            "77.74.176.0,77.74.183.255,CH\n",
            "1296740352,1296742399,CH\n",
            "# as of 2026-06-17\n77.74.176.0/21,CH\n",
            "77.74.176.0/21,CH,CH-ZH,Zurich,\n",
            "start,end,country\n77.74.176.0,77.74.183.255,CH\n",
            "77.74.176.0\t77.74.183.255\t200107\tCH\tKASPERSKY\n",
        ] {
            let ranges = read(text);
            assert_eq!(
                country(&ranges, "77.74.181.1").as_deref(),
                Some("CH"),
                "{text}"
            );
            assert_eq!(country(&ranges, "77.74.184.0"), None, "{text}");
        }
        let answer = read("2001:db8::,2001:db8::ffff,64500,\"Example, Ltd\"\n");
        let answer = answer.find("2001:db8::1".parse().unwrap()).unwrap();
        assert_eq!(answer.kind, GeoKind::Route);
        assert_eq!(answer.asn, Some(64500));
        assert_eq!(answer.organization.as_deref(), Some("Example, Ltd"));
    }

    #[test]
    fn what_is_no_country_is_unknown_and_says_what_it_was() {
        for word in ["EU", "AP", "??", "ZZ", "ch", "-"] {
            let answer = read(&format!("77.74.176.0/21,{word}\n"));
            let answer = answer.find("77.74.181.1".parse().unwrap()).unwrap();
            let known = word == "ch";
            assert_eq!(answer.country.is_some(), known, "{word}");
            assert_eq!(answer.unusable.is_some(), !known, "{word}");
        }
    }

    #[test]
    fn the_narrowest_of_nested_ranges_answers_and_crossing_ones_are_counted() {
        let nested = read("10.0.0.0/8,US\n10.1.0.0/16,DE\n10.1.2.0/24,CH\n11.0.0.0/8,FR\n");
        for (ip, answer) in [
            ("10.0.0.1", Some("US")),
            ("10.1.0.1", Some("DE")),
            ("10.1.2.3", Some("CH")),
            ("10.1.3.0", Some("DE")),
            ("10.2.0.0", Some("US")),
            ("11.0.0.0", Some("FR")),
            ("12.0.0.0", None),
        ] {
            assert_eq!(country(&nested, ip).as_deref(), answer, "{ip}");
        }
        assert_eq!(nested.crossing(), 0);
        let crossing = read("10.0.0.0,10.0.0.9,US\n10.0.0.5,10.0.0.20,DE\n");
        assert_eq!(crossing.crossing(), 1);
        for (ip, answer) in [
            ("10.0.0.4", Some("US")),
            ("10.0.0.7", Some("DE")),
            ("10.0.0.20", Some("DE")),
            ("10.0.0.21", None),
        ] {
            assert_eq!(country(&crossing, ip).as_deref(), answer, "{ip}");
        }
    }

    #[test]
    fn a_row_that_is_none_is_an_error_that_names_it() {
        for (text, row) in [
            ("10.0.0.0/8,US\nnonsense,DE\n", 2),
            ("10.0.0.0/40,US\n", 1),
            ("10.0.0.9,10.0.0.1,US\n", 1),
            ("10.0.0.1,::2,US\n", 1),
        ] {
            match Ranges::read("x", None, None, text) {
                Err(Error::Row { row: at, .. }) => assert_eq!(at, row, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        assert!(matches!(
            Ranges::read("x", None, None, "<!doctype html>\n"),
            Err(Error::Empty)
        ));
    }

    #[test]
    fn a_date_at_the_head_is_the_date() {
        let stated = read("# Created on 2026-06-17 by somebody\n10.0.0.0/8,US\n");
        let answer = stated.find("10.0.0.1".parse().unwrap()).unwrap();
        assert_eq!(
            answer.as_of.map(|d| d.to_string()).as_deref(),
            Some("2026-06-17")
        );
    }
}
