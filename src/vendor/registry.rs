//! The registry of all vendors. A file of it is read when something asks for it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, OnceLock};

use time::Date;

use super::load::{self, Error};
use super::scan::Scan;
use super::schema::{Entity, Vendor};
use crate::base::data::VENDORS;

/// All vendors by slug.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    files: BTreeMap<String, File>,
    pub(super) scan: Scan,
}

/// A file and, once it was asked for, what it holds.
#[derive(Debug, Clone)]
struct File {
    text: Cow<'static, str>,
    vendor: OnceLock<Option<Vendor>>,
}

static BUNDLED: LazyLock<Result<Registry, Error>> = LazyLock::new(|| {
    let mut registry = Registry::default();
    for (file, text) in VENDORS {
        registry.add(file, Cow::Borrowed(text), OnceLock::new());
    }
    if registry.files.is_empty() {
        return Err(Error(Vec::new()));
    }
    Ok(registry)
});

impl Registry {
    /// The registry that ships with the product. A test holds its files to the rules, so that here each is read only when it
    /// is asked for.
    ///
    /// # Errors
    /// No file was compiled in.
    pub fn bundled() -> Result<&'static Self, &'static Error> {
        BUNDLED.as_ref()
    }

    /// Reads and checks `(file stem, text)` pairs.
    ///
    /// # Errors
    /// Every rule that a file breaks.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Error> {
        load::read(files)
    }

    pub(super) fn add(
        &mut self,
        slug: &str,
        text: Cow<'static, str>,
        vendor: OnceLock<Option<Vendor>>,
    ) {
        self.scan.add(slug, &text);
        self.files.insert(slug.to_owned(), File { text, vendor });
    }

    /// The vendor of this slug.
    pub fn vendor(&self, slug: &str) -> Option<&Vendor> {
        let file = self.files.get(slug)?;
        file.vendor
            .get_or_init(|| toml::from_str(&file.text).ok())
            .as_ref()
    }

    /// An entity by vendor and key.
    pub fn entity(&self, slug: &str, key: &str) -> Option<&Entity> {
        self.vendor(slug)?.entity(key)
    }

    /// All vendors by slug; reads every file.
    pub fn iter(&self) -> impl Iterator<Item = &Vendor> {
        self.files.keys().filter_map(|slug| self.vendor(slug))
    }

    /// Those of these slugs.
    pub(super) fn some<'r>(&'r self, slugs: &BTreeSet<String>) -> impl Iterator<Item = &'r Vendor> {
        slugs.iter().filter_map(|slug| self.vendor(slug))
    }

    /// Day of the oldest entry.
    pub fn as_of(&self) -> Option<Date> {
        self.scan.oldest()
    }
}
