//! The parts of a package by name.

use std::collections::BTreeMap;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::base::xml;
use crate::format::Error;
use crate::format::zip::read_entry;
use crate::format::zip::records::{Layout, Record};

pub(super) const MANIFEST: &str = "AppxManifest.xml";
pub(super) const BUNDLE_MANIFEST: &str = "AppxMetadata/AppxBundleManifest.xml";
pub(super) const BLOCK_MAP: &str = "AppxBlockMap.xml";
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";
pub(super) const SIGNATURE: &str = "AppxSignature.p7x";
/// The catalog of a package's executables.
pub const CODE_INTEGRITY: &str = "AppxMetadata/CodeIntegrity.cat";

/// The most that the XML reader takes; a package of ten gigabytes has a block map of a third of it.
#[expect(clippy::as_conversions, reason = "usize is at most 64 bits wide")]
pub(super) const MAX_XML: u64 = xml::MAX_LEN as u64;
/// Signatures with their chains and timestamps stay under 32 KiB.
pub(super) const MAX_SIGNATURE: u64 = 4 << 20;
/// Catalogs hold some hundred bytes an executable.
pub(super) const MAX_CATALOG: u64 = 16 << 20;

/// The parts of one package.
pub(super) struct Parts<'b> {
    pub(super) blob: &'b dyn ReadAt,
    pub(super) layout: Layout,
    /// Entries by what their names decode to.
    by_name: BTreeMap<String, usize>,
}

impl<'b> Parts<'b> {
    pub(super) fn read(blob: &'b dyn ReadAt, budget: &Budget<'_>) -> Result<Self, Error> {
        let layout = Layout::strict(blob, budget)?;
        let mut by_name = BTreeMap::new();
        for (index, entry) in layout.entries.iter().enumerate() {
            by_name.entry(decoded(&entry.name)).or_insert(index);
        }
        Ok(Self {
            blob,
            layout,
            by_name,
        })
    }

    /// The part of this name, compared as stored in the zip.
    pub(super) fn named(&self, name: &str) -> Option<&Record> {
        self.layout.named(name).map(|(record, _)| record)
    }

    /// The part that a manifest or block map names: with backslashes, and nothing encoded.
    pub(super) fn listed(&self, name: &str) -> Option<(usize, &Record)> {
        let index = *self.by_name.get(&name.replace('\\', "/"))?;
        Some((index, self.layout.entries.get(index)?))
    }

    /// Everything in a part.
    pub(super) fn content(
        &self,
        record: &Record,
        limit: u64,
        budget: &Budget<'_>,
    ) -> Result<Vec<u8>, Error> {
        read_entry(self.blob, record, limit, budget)
    }
}

/// A part name without percent encoding (OPC, part names are URIs); what is no encoding stays as it is.
pub(super) fn decoded(name: &str) -> String {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let byte = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match byte {
            Some((high, low)) => {
                out.push((high << 4) | low);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| name.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}
