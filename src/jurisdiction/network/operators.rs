//! Operators of networks and of top-level domains: `data/network/*.toml`, read when they are first asked.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::data::{self, NETWORK};
use crate::base::time::parse_date;
use crate::model::evidence::Evidence;
use crate::model::infrastructure::HostOperator;

/// An operator of networks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkOperator {
    /// Its id.
    pub id: String,
    /// Legal name, or what the announcements carry where nothing better was read.
    pub name: String,
    /// Legal home.
    pub country: String,
    /// Autonomous systems.
    pub asns: Vec<u32>,
    /// Announced from many places.
    pub anycast: bool,
    /// The legal home was read in a source.
    pub verified: bool,
    /// Citations.
    #[serde(default, rename = "source")]
    pub sources: Vec<Citation>,
}

/// Where a legal home was read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The document.
    pub title: String,
    /// Its address.
    #[serde(default)]
    pub url: Option<String>,
    /// `primary` or `secondary`.
    pub checked: String,
    /// When it was read.
    pub retrieved: String,
}

/// The registry of a top-level domain.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tld {
    /// Without a dot.
    pub name: String,
    /// Country of the operator.
    pub country: String,
    /// The operator.
    pub operator: String,
    /// Read in a source.
    pub verified: bool,
    /// What a reader must know.
    #[serde(default)]
    pub note: Option<String>,
    /// The source.
    #[serde(default)]
    pub source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatorFile {
    operator: Vec<NetworkOperator>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TldFile {
    tld: Vec<Tld>,
}

/// Both tables.
#[derive(Debug, Default)]
pub struct NetworkTables {
    operators: Vec<NetworkOperator>,
    by_asn: BTreeMap<u32, usize>,
    tlds: BTreeMap<String, Tld>,
}

static BUNDLED: LazyLock<Result<NetworkTables, String>> = LazyLock::new(|| {
    let text = |name| data::find(NETWORK, name).unwrap_or_default();
    NetworkTables::read(text("operators"), text("tlds"))
});

impl NetworkTables {
    /// The tables that ship with the product; empty where one is broken, which a test keeps from shipping.
    pub fn bundled() -> &'static Self {
        static EMPTY: LazyLock<NetworkTables> = LazyLock::new(NetworkTables::default);
        BUNDLED.as_ref().unwrap_or(&EMPTY)
    }

    /// Reads and checks both files.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(operators: &str, tlds: &str) -> Result<Self, String> {
        let operators: OperatorFile = toml::from_str(operators).map_err(|e| e.to_string())?;
        let tlds: TldFile = toml::from_str(tlds).map_err(|e| e.to_string())?;
        let mut tables = Self::default();
        for operator in operators.operator {
            let id = &operator.id;
            if !super::is_iso_country(&operator.country) {
                return Err(format!("{id}: `{}` is no country", operator.country));
            }
            if operator.verified == operator.sources.is_empty() {
                return Err(format!("{id}: verified means that it has a source"));
            }
            if operator
                .sources
                .iter()
                .any(|s| parse_date(&s.retrieved).is_none())
            {
                return Err(format!("{id}: a source has no date"));
            }
            let index = tables.operators.len();
            for asn in &operator.asns {
                if tables.by_asn.insert(*asn, index).is_some() {
                    return Err(format!("{id}: AS{asn} stands in two places"));
                }
            }
            tables.operators.push(operator);
        }
        for tld in tlds.tld {
            if tld.verified == tld.source.is_none() {
                return Err(format!(
                    ".{}: verified means that it has a source",
                    tld.name
                ));
            }
            tables.tlds.insert(tld.name.clone(), tld);
        }
        Ok(tables)
    }

    /// The operator that announces under this number.
    pub fn by_asn(&self, asn: u32) -> Option<&NetworkOperator> {
        self.operators.get(*self.by_asn.get(&asn)?)
    }

    /// The registry of a top-level domain that is not simply its country's.
    pub fn tld(&self, name: &str) -> Option<&Tld> {
        self.tlds.get(name)
    }

    /// All operators, in file order.
    pub fn operators(&self) -> impl Iterator<Item = &NetworkOperator> {
        self.operators.iter()
    }
}

impl NetworkOperator {
    /// As the model keeps it, recognised by `asn`.
    pub fn recognised(&self, asn: u32) -> HostOperator {
        HostOperator {
            id: self.id.clone(),
            name: self.name.clone(),
            country: self.country.clone(),
            asn,
            anycast: self.anycast,
        }
    }

    /// Its entry as evidence.
    pub fn evidence(&self) -> Evidence {
        let entry = Evidence::entry("network/operators", self.id.as_str())
            .excerpt(format!("{}, {}", self.name, self.country));
        match self.sources.first() {
            Some(source) => entry.cited(match &source.url {
                Some(url) => format!("{}, {url}", source.title),
                None => source.title.clone(),
            }),
            None => entry,
        }
    }
}

impl Tld {
    /// Its entry as evidence.
    pub fn evidence(&self) -> Evidence {
        let entry = Evidence::entry("network/tlds", self.name.as_str())
            .excerpt(format!("{}, {}", self.operator, self.country));
        match &self.source {
            Some(source) => entry.cited(source.clone()),
            None => entry,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BUNDLED, NetworkTables};

    #[test]
    fn the_tables_that_ship_are_whole() {
        let tables = BUNDLED.as_ref().unwrap();
        assert!(tables.operators().count() > 40);
        assert_eq!(tables.by_asn(13335).unwrap().id, "cloudflare");
        assert!(tables.by_asn(13335).unwrap().anycast);
        assert_eq!(tables.tld("uk").unwrap().country, "GB");
        assert_eq!(tables.tld("su").unwrap().country, "RU");
        assert_eq!(tables.tld("eu").unwrap().country, "EU");
    }

    #[test]
    fn a_country_without_a_source_is_not_verified() {
        let operator = |extra: &str| {
            format!(
                "[[operator]]\nid = \"x\"\nname = \"X\"\ncountry = \"US\"\nasns = [1]\nanycast = false\n{extra}"
            )
        };
        let tlds = "tld = []";
        assert!(NetworkTables::read(&operator("verified = false"), tlds).is_ok());
        assert!(NetworkTables::read(&operator("verified = true"), tlds).is_err());
    }
}
