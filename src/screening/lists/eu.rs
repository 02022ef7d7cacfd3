//! The EU's consolidated list of financial sanctions, XML: `export` with `sanctionEntity`.
//!
//! Form taken from its documentation, not from a published file.

use time::Date;

use super::entries::{blank, day};
use super::ofac::push_name;
use super::{Adapter, Each, Error, MAX_RECORDS, Part, numbers, only};
use crate::base::records::markup::{Node, Shape, read};
use crate::model::list::{ListEntry, ListedKind, NameKind};

const SHAPE: Shape = Shape {
    form: "eu-xml",
    root: "export",
    records: &["sanctionEntity"],
    most: MAX_RECORDS,
};

/// The adapter.
#[derive(Debug)]
pub(super) struct Xml;

impl Adapter for Xml {
    fn id(&self) -> &'static str {
        SHAPE.form
    }

    fn recognise(&self, start: &[u8]) -> Option<&'static str> {
        let text = String::from_utf8_lossy(start);
        (text.contains("<export") && text.contains("generationDate")).then_some("list")
    }

    fn read(
        &self,
        list: &str,
        parts: &mut [Part<'_>],
        each: Each<'_>,
    ) -> Result<Option<Date>, Error> {
        let root = read(
            &SHAPE,
            only(SHAPE.form, parts)?,
            &mut |node, digest, number| each(entry(list, &node, digest, number)?),
        )?;
        Ok(day(root.attribute("generationDate")))
    }
}

/// The kind by the subject's classification code or word.
pub(super) fn kind(word: &str) -> ListedKind {
    match word.to_ascii_lowercase().as_str() {
        "e" | "enterprise" | "entity" => ListedKind::Organization,
        "p" | "person" => ListedKind::Person,
        _ => ListedKind::Unknown,
    }
}

fn entry(list: &str, node: &Node, digest: [u8; 32], record: u64) -> Result<ListEntry, Error> {
    let id = [
        node.attribute("euReferenceNumber"),
        node.attribute("logicalId"),
    ]
    .into_iter()
    .find(|id| !id.is_empty());
    let Some(id) = id else {
        return Err(Error::Record {
            record,
            why: "no reference number".into(),
        });
    };
    let subject = node.all("subjectType").next();
    let regulation = node.all("regulation").next();
    let of = |name: &str| regulation.map_or("", |r| r.attribute(name));
    let mut entry = ListEntry {
        kind: kind(subject.map_or("", |s| {
            let code = s.attribute("classificationCode");
            if code.is_empty() {
                s.attribute("code")
            } else {
                code
            }
        })),
        from: day(node.attribute("designationDate")).or_else(|| day(of("entryIntoForceDate"))),
        programmes: vec![of("programme").into()],
        remarks: node.child("remark").into(),
        citation: format!("EU consolidated list {id}, {}", of("numberTitle")),
        ..blank(list, id, digest)
    };
    for alias in node.all("nameAlias") {
        let kind = match alias.attribute("strong") {
            "false" => NameKind::Weak,
            _ if entry.names.is_empty() => NameKind::Primary,
            _ => NameKind::Alias,
        };
        push_name(&mut entry, alias.attribute("wholeName"), kind);
    }
    if entry.names.is_empty() {
        return Err(Error::Record {
            record,
            why: "no name".into(),
        });
    }
    for name in ["address", "citizenship", "identification"] {
        for place in node.all(name) {
            numbers::add_country(&mut entry, place.attribute("countryIso2Code"));
        }
    }
    for id in node.all("identification") {
        let country = Some(id.attribute("countryIso2Code"));
        let label = id.attribute("identificationTypeDescription");
        numbers::add(&mut entry, label, id.attribute("number"), country);
    }
    Ok(entry)
}
