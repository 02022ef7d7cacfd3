//! The registry of all vendors.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::load::{self, Error};
use super::schema::{Entity, Vendor};
use crate::base::data::VENDORS;

/// All vendors, indexed by slug.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    pub(super) vendors: BTreeMap<String, Vendor>,
    pub(super) index: super::recognise::Index,
}

static BUNDLED: LazyLock<Result<Registry, Error>> = LazyLock::new(|| Registry::read(VENDORS));

impl Registry {
    /// The registry that ships with the product, read when it is first asked for.
    ///
    /// # Errors
    /// A file of it is broken; a test keeps that from shipping.
    pub fn bundled() -> Result<&'static Self, &'static Error> {
        BUNDLED.as_ref()
    }

    /// Reads and checks `(file stem, text)` pairs.
    ///
    /// # Errors
    /// The first file that breaks a rule.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Error> {
        load::read(files)
    }

    /// The vendor of this slug.
    pub fn vendor(&self, slug: &str) -> Option<&Vendor> {
        self.vendors.get(slug)
    }

    /// An entity by vendor and key.
    pub fn entity(&self, slug: &str, key: &str) -> Option<&Entity> {
        self.vendor(slug)?.entity(key)
    }

    /// All vendors by slug.
    pub fn iter(&self) -> impl Iterator<Item = &Vendor> {
        self.vendors.values()
    }
}
