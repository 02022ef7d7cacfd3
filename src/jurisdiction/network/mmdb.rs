//! MaxMind DB files that the user brings: MaxMind's, IPinfo's, DB-IP's and others differ in the names of their fields only.

use std::net::IpAddr;

use maxminddb::Reader;
use serde_json::Value;
use time::{Date, OffsetDateTime};

use super::{GeoSource, country_of};
use crate::model::infrastructure::{GeoAnswer, GeoKind};

/// An opened database.
#[derive(Debug)]
pub struct Mmdb {
    name: String,
    kind: GeoKind,
    as_of: Option<Date>,
    reader: Reader<Vec<u8>>,
}

impl Mmdb {
    /// Opens a database; without `kind`, its own type says what it speaks about.
    ///
    /// # Errors
    /// Not such a file, or a broken one.
    pub fn read(
        name: impl Into<String>,
        kind: Option<GeoKind>,
        bytes: Vec<u8>,
    ) -> Result<Self, String> {
        let reader = Reader::from_source(bytes).map_err(|e| e.to_string())?;
        let metadata = reader.metadata();
        let by_type = if metadata.database_type.to_ascii_lowercase().contains("asn") {
            GeoKind::Route
        } else {
            GeoKind::Location
        };
        let built = i64::try_from(metadata.build_epoch).ok();
        let built = built.and_then(|b| OffsetDateTime::from_unix_timestamp(b).ok());
        Ok(Self {
            name: name.into(),
            kind: kind.unwrap_or(by_type),
            as_of: built
                .filter(|b| b.unix_timestamp() > 0)
                .map(OffsetDateTime::date),
            reader,
        })
    }
}

impl GeoSource for Mmdb {
    fn name(&self) -> &str {
        &self.name
    }

    fn lookup(&self, ip: IpAddr) -> Result<Option<GeoAnswer>, String> {
        if ip.is_ipv6() && self.reader.metadata().ip_version == 4 {
            return Ok(None);
        }
        let found = self.reader.lookup(ip).map_err(|e| e.to_string())?;
        let Some(record) = found.decode::<Value>().map_err(|e| e.to_string())? else {
            return Ok(None);
        };
        let range = found.network().map_err(|e| e.to_string())?.to_string();
        let said = country(&record);
        let (country, unusable) = match said {
            Some(word) => country_of(word),
            None => (None, None),
        };
        Ok(Some(GeoAnswer {
            kind: self.kind,
            source: self.name.clone(),
            range,
            country,
            unusable,
            asn: asn(&record),
            organization: text(
                &record,
                &[
                    "/autonomous_system_organization",
                    "/as_name",
                    "/asname",
                    "/organization",
                ],
            ),
            anycast: ["/traits/is_anycast", "/is_anycast", "/anycast"]
                .iter()
                .any(|p| record.pointer(p).and_then(Value::as_bool).unwrap_or(false)),
            as_of: self.as_of,
            licence: None,
        }))
    }
}

/// `registered_country` is the registry's, not a location, and is not taken for one.
fn country(record: &Value) -> Option<&str> {
    ["/country/iso_code", "/country_code", "/country"]
        .iter()
        .find_map(|p| record.pointer(p).and_then(Value::as_str))
}

fn asn(record: &Value) -> Option<u32> {
    let found = ["/autonomous_system_number", "/asn"]
        .iter()
        .find_map(|p| record.pointer(p))?;
    match found {
        Value::String(text) => text.strip_prefix("AS").unwrap_or(text).parse().ok(),
        other => other.as_u64().and_then(|n| u32::try_from(n).ok()),
    }
}

fn text(record: &Value, pointers: &[&str]) -> Option<String> {
    pointers
        .iter()
        .find_map(|p| record.pointer(p).and_then(Value::as_str))
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
}
