//! The Swiss consolidated list (SECO, SESAM), XML: `swiss-sanctions-list` with `target` and `place`.
//!
//! Addresses name places that stand elsewhere in the file, so entries wait until it ends. Form taken from its documentation, not from
//! a published file.

use std::collections::BTreeMap;

use time::Date;

use super::entries::{blank, day};
use super::ofac::push_name;
use super::{Adapter, Each, Error, MAX_RECORDS, Part, numbers, only};
use crate::base::records::markup::{Node, Shape, read};
use crate::model::list::{ListEntry, ListedKind, NameKind};

const SHAPE: Shape = Shape {
    form: "seco-xml",
    root: "swiss-sanctions-list",
    records: &["target", "place"],
    most: MAX_RECORDS,
};
/// Entries that may wait for their places; the list holds some ten thousand.
const MAX_WAITING: usize = 100_000;

/// The adapter.
#[derive(Debug)]
pub(super) struct Xml;

impl Adapter for Xml {
    fn id(&self) -> &'static str {
        SHAPE.form
    }

    fn recognise(&self, start: &[u8]) -> Option<&'static str> {
        String::from_utf8_lossy(start)
            .contains("<swiss-sanctions-list")
            .then_some("list")
    }

    fn read(
        &self,
        list: &str,
        parts: &mut [Part<'_>],
        each: Each<'_>,
    ) -> Result<Option<Date>, Error> {
        let mut places: BTreeMap<String, String> = BTreeMap::new();
        let mut waiting: Vec<(ListEntry, Vec<String>)> = Vec::new();
        let root = read(
            &SHAPE,
            only(SHAPE.form, parts)?,
            &mut |node, digest, record| {
                if places.len().max(waiting.len()) >= MAX_WAITING {
                    return Err(Error::Record {
                        record,
                        why: format!("more than {MAX_WAITING} targets or places"),
                    });
                }
                if node.name == "place" {
                    if let Some(country) = node.all("country").next() {
                        let code = country.attribute("iso-code").to_owned();
                        places.insert(node.attribute("ssid").to_owned(), code);
                    }
                } else {
                    waiting.extend(target(list, &node, digest, record)?);
                }
                Ok(())
            },
        )?;
        for (mut entry, at) in waiting {
            for place in at {
                if let Some(country) = places.get(&place) {
                    numbers::add_country(&mut entry, country);
                }
            }
            each(entry)?;
        }
        Ok(day(root.attribute("date")))
    }
}

/// The entry and the places of its addresses; `None` for a target that was taken off the list.
fn target(
    list: &str,
    node: &Node,
    digest: [u8; 32],
    record: u64,
) -> Result<Option<(ListEntry, Vec<String>)>, Error> {
    let fault = |why: &str| Error::Record {
        record,
        why: why.into(),
    };
    let last = node
        .all("modification")
        .max_by_key(|m| m.attribute("effective-date"));
    if last.is_some_and(|m| m.attribute("modification-type") == "de-listed") {
        return Ok(None);
    }
    let id = node.attribute("ssid");
    let subject = node
        .children
        .iter()
        .find(|c| matches!(c.name.as_str(), "individual" | "entity" | "object"))
        .ok_or_else(|| fault("neither individual nor entity nor object"))?;
    if id.is_empty() {
        return Err(fault("no ssid"));
    }
    let listed = node
        .all("modification")
        .find(|m| m.attribute("modification-type") == "listed");
    let mut entry = ListEntry {
        kind: match subject.name.as_str() {
            "individual" => ListedKind::Person,
            "entity" => ListedKind::Organization,
            _ if subject.attribute("object-type") == "vessel" => ListedKind::Vessel,
            _ => ListedKind::Unknown,
        },
        from: listed.and_then(|m| day(m.attribute("effective-date"))),
        programmes: vec![node.child("sanctions-set-id").into()],
        remarks: subject.child("other-information").into(),
        citation: format!("SECO sanctions list, SSID {id}"),
        ..blank(list, id, digest)
    };
    let mut places = Vec::new();
    let mut found = Vec::new();
    subject.below("name", &mut found);
    for name in found {
        let mut parts: Vec<(&str, &str)> = name
            .all("name-part")
            .map(|p| (p.attribute("order"), p.child("value")))
            .collect();
        parts.sort_by_key(|(order, _)| order.parse::<u32>().unwrap_or(u32::MAX));
        let whole: Vec<&str> = parts.iter().map(|(_, value)| *value).collect();
        let kind = match (name.attribute("quality"), name.attribute("name-type")) {
            ("low", _) => NameKind::Weak,
            (_, "primary-name") if entry.names.is_empty() => NameKind::Primary,
            (_, "formerly-known-as") => NameKind::Former,
            _ => NameKind::Alias,
        };
        push_name(&mut entry, &whole.join(" "), kind);
        // Other spellings are of whole names only where the name has one part.
        if let [_] = parts.as_slice() {
            for variant in name
                .all("name-part")
                .flat_map(|p| p.all("spelling-variant"))
            {
                push_name(&mut entry, variant.text(), NameKind::Alias);
            }
        }
    }
    if entry.names.is_empty() {
        return Err(fault("no name"));
    }
    let mut found = Vec::new();
    subject.below("address", &mut found);
    places.extend(found.iter().map(|a| a.attribute("place-ssid").to_owned()));
    let mut found = Vec::new();
    subject.below("country", &mut found);
    for country in found {
        numbers::add_country(&mut entry, country.attribute("iso-code"));
    }
    Ok(Some((entry, places)))
}
