//! Claims from networks and names: who holds a network, where sources believe it is, who announces it, whose registry a name
//! stands in.
//!
//! Sources stand side by side and none overrides another. The registry's fact is a *holder*, "registered to (RIR)", never a place.
//! A prefix that is announced from many places has no location at all. Specifications: RFC 1591 (country domains), RFC 6890
//! (special addresses), RFC 8805 (geofeeds), RFC 9083 (RDAP). Nothing here asks the network or the clock, and nothing is read
//! from the shipped tables until an address is asked for.

mod assess;
mod delegated;
mod domain;
pub mod findings;
mod iso;
mod mmdb;
mod operators;
pub mod packed;
mod ranges;
pub mod rdap;
#[cfg(test)]
mod tests;
mod tls;

use std::fmt;
use std::net::IpAddr;
use std::sync::LazyLock;

use time::Date;

use crate::base::data;
use crate::base::time::parse_date;
use crate::model::infrastructure::{GeoAnswer, GeoKind};

pub use assess::{Asked, Lookups, assess};
pub use delegated::{Delegation, is_delegated, read as read_delegated};
pub use domain::parts;
pub use mmdb::Mmdb;
pub use operators::{NetworkOperator, NetworkTables, Tld};
pub use ranges::{Error as RangeError, Ranges};

use packed::Packed;

/// Days after which a source's answers are marked as old, unless a setting says otherwise.
pub const DEFAULT_MAX_AGE_DAYS: i32 = 180;

/// Name of the shipped holder table in reports.
pub const HOLDERS: &str = "RIR statistics";
/// Name of the shipped table of announcements.
pub const ROUTES: &str = "announcements";

/// Something that answers about addresses.
pub trait GeoSource: fmt::Debug + Send + Sync {
    /// Its name in reports.
    fn name(&self) -> &str;

    /// Its answer, `None` where it does not know the address.
    ///
    /// # Errors
    /// The source is broken at the place asked.
    fn lookup(&self, ip: IpAddr) -> Result<Option<GeoAnswer>, String>;
}

impl GeoSource for Ranges {
    fn name(&self) -> &str {
        Ranges::name(self)
    }

    fn lookup(&self, ip: IpAddr) -> Result<Option<GeoAnswer>, String> {
        Ok(self.find(ip))
    }
}

/// A packed table as a source.
#[derive(Debug)]
struct Shipped {
    table: Packed,
    kind: GeoKind,
    name: &'static str,
    licence: &'static str,
}

impl GeoSource for Shipped {
    fn name(&self) -> &str {
        self.name
    }

    fn lookup(&self, ip: IpAddr) -> Result<Option<GeoAnswer>, String> {
        let Some(entry) = self.table.find(ip).map_err(|e| e.to_string())? else {
            return Ok(None);
        };
        let asn = entry.symbol.strip_prefix("AS").and_then(|n| n.parse().ok());
        let (country, unusable) = match asn {
            Some(_) => (None, None),
            None => country_of(entry.symbol),
        };
        let operator = asn.and_then(|n| NetworkTables::bundled().by_asn(n));
        Ok(Some(GeoAnswer {
            kind: self.kind,
            source: self.name.to_owned(),
            range: prefix_or_range(entry.first, entry.last),
            country,
            unusable,
            asn,
            organization: operator.map(|o| o.name.clone()),
            anycast: operator.is_some_and(|o| o.anycast),
            as_of: parse_date(&self.table.as_of),
            licence: Some(self.licence.to_owned()),
        }))
    }
}

static SHIPPED: LazyLock<Vec<Shipped>> = LazyLock::new(|| {
    let open = |bytes, kind, name, licence| {
        Packed::open(bytes).ok().map(|table| Shipped {
            table,
            kind,
            name,
            licence,
        })
    };
    [
        open(
            data::NETWORK_HOLDERS,
            GeoKind::Holder,
            HOLDERS,
            "CC BY 4.0, Number Resource Organization (nro.net)",
        ),
        open(
            data::NETWORK_ROUTES,
            GeoKind::Route,
            ROUTES,
            "CC BY 4.0, routeviews.org, nro.net, DB-IP.com",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// Every source at hand: those that ship, then the user's.
#[derive(Debug)]
pub struct Networks {
    user: Vec<Box<dyn GeoSource>>,
    shipped: bool,
    max_age_days: i32,
}

impl Default for Networks {
    fn default() -> Self {
        Self {
            user: Vec::new(),
            shipped: true,
            max_age_days: DEFAULT_MAX_AGE_DAYS,
        }
    }
}

impl Networks {
    /// The user's sources beside those that ship.
    pub fn with(user: Vec<Box<dyn GeoSource>>) -> Self {
        Self {
            user,
            ..Self::default()
        }
    }

    /// None at all, for tests that need to know every answer.
    pub fn only(user: Vec<Box<dyn GeoSource>>) -> Self {
        Self {
            shipped: false,
            ..Self::with(user)
        }
    }

    /// The same with another age after which answers are old.
    #[must_use]
    pub fn max_age_days(mut self, days: i32) -> Self {
        self.max_age_days = days;
        self
    }

    /// All answers about an address, and what could not be asked.
    pub fn lookup(&self, ip: IpAddr) -> (Vec<GeoAnswer>, Vec<String>) {
        let shipped: &[Shipped] = if self.shipped {
            SHIPPED.as_slice()
        } else {
            &[]
        };
        let shipped = shipped.iter().map(|s| -> &dyn GeoSource { s });
        let user = self.user.iter().map(AsRef::as_ref);
        let (mut answers, mut broken) = (Vec::new(), Vec::new());
        for source in shipped.chain(user) {
            match source.lookup(ip) {
                Ok(answer) => answers.extend(answer),
                Err(error) => broken.push(format!("{}: {error}", source.name())),
            }
        }
        (answers, broken)
    }

    /// The answer is older than the limit at `today`; one without a date is not known to be fresh.
    pub fn is_stale(&self, answer: &GeoAnswer, today: Date) -> bool {
        answer.as_of.is_none_or(|date| {
            today.to_julian_day().saturating_sub(date.to_julian_day()) > self.max_age_days
        })
    }
}

/// As of when the shipped tables hold, with their name: `(id, date, bytes)`.
pub fn shipped() -> Vec<(&'static str, String, &'static [u8])> {
    [
        ("network/holders", data::NETWORK_HOLDERS),
        ("network/routes", data::NETWORK_ROUTES),
    ]
    .into_iter()
    .map(|(id, bytes)| {
        let as_of = Packed::open(bytes).map(|t| t.as_of).unwrap_or_default();
        (id, as_of, bytes)
    })
    .collect()
}

/// A country, or the word that is none: `EU` and `AP` are regions, `ZZ` and `??` mean unknown.
pub(crate) fn country_of(word: &str) -> (Option<String>, Option<String>) {
    let upper = word.trim().to_ascii_uppercase();
    if is_iso_country(&upper) {
        (Some(upper), None)
    } else if upper.is_empty() {
        (None, None)
    } else {
        (None, Some(word.trim().to_owned()))
    }
}

/// An officially assigned code of ISO 3166-1.
pub fn is_iso_country(code: &str) -> bool {
    iso::is_assigned(code)
}

/// `a/n` where the range is a prefix, else `first-last`.
pub(crate) fn prefix_or_range(first: IpAddr, last: IpAddr) -> String {
    let (a, b, width) = match (first, last) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u32::from(a).into(), u32::from(b).into(), 32u32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (u128::from(a), u128::from(b), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => {
            return format!("{first}-{last}");
        }
    };
    let span: u128 = a ^ b;
    let host = 128u32.saturating_sub(span.leading_zeros());
    let is_prefix = span.checked_add(1).is_none_or(u128::is_power_of_two) && a & span == 0;
    if is_prefix {
        format!("{first}/{}", width.saturating_sub(host))
    } else {
        format!("{first}-{last}")
    }
}
