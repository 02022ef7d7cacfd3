//! What a package says of itself in its .nuspec.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::base::xml::parse;
use crate::format::zip::read_entry;
use crate::format::zip::records::{Layout, Record};
use crate::model::extract::{Claimed, Extract, Gap};

/// Real ones have a few kilobytes; release notes make some longer.
pub(super) const MAX_NUSPEC: u64 = 1 << 20;
/// Elements of the metadata that say who and where.
const KEYS: [&str; 8] = [
    "id",
    "version",
    "title",
    "authors",
    "owners",
    "projectUrl",
    "copyright",
    "description",
];

/// Adds the claims of the one manifest; a manifest that cannot be read is a gap, since no signature depends on it.
pub(super) fn read(blob: &dyn ReadAt, layout: &Layout, budget: &Budget<'_>, out: &mut Extract) {
    let manifest = |e: &&Record| e.name.ends_with(".nuspec") && !e.name.contains('/');
    let Some(entry) = layout.entries.iter().find(manifest) else {
        return;
    };
    let span = entry
        .local
        .as_ref()
        .map_or_else(|| entry.central.clone(), |local| local.data.clone());
    let text = read_entry(blob, entry, MAX_NUSPEC, budget).map_err(|e| e.to_string());
    let document = text.and_then(|text| parse(&text).map_err(|e| e.to_string()));
    let document = match document {
        Ok(document) => document,
        Err(why) => {
            out.gaps.push(Gap {
                what: entry.name.clone(),
                why,
            });
            return;
        }
    };
    let root = document.root();
    // The namespace is one of many by version of the schema, or none.
    let local = |id, name: &str| document.name(id).is_some_and(|n| n.local() == name);
    for metadata in document.children(root).filter(|c| local(*c, "metadata")) {
        for element in document.children(metadata) {
            let key = KEYS.iter().find(|key| local(element, key));
            out.claimed.extend(key.map(|key| Claimed {
                key: (*key).to_owned(),
                value: document.text(element).trim().to_owned(),
                span: span.clone(),
            }));
            if local(element, "repository") {
                let url = document.attribute(element, "url");
                out.claimed.extend(url.map(|url| Claimed {
                    key: "repository".to_owned(),
                    value: url.to_owned(),
                    span: span.clone(),
                }));
            }
        }
    }
}
