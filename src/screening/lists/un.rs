//! The consolidated list of the UN Security Council, XML: `CONSOLIDATED_LIST` with `INDIVIDUAL` and `ENTITY`.
//!
//! Names of persons are in up to four parts; the quality of an alias is `Good`, `Low`, `a.k.a.` or `f.k.a.`. The form has no register
//! numbers of companies. Form seen in a published file of 2026.

use time::Date;

use super::entries::{blank, day};
use super::ofac::push_name;
use super::{Adapter, Each, Error, MAX_RECORDS, Part, numbers, only};
use crate::base::records::markup::{Node, Shape, read};
use crate::model::list::{ListEntry, ListedKind, NameKind};

const SHAPE: Shape = Shape {
    form: "un-xml",
    root: "CONSOLIDATED_LIST",
    records: &["INDIVIDUAL", "ENTITY"],
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
        String::from_utf8_lossy(start)
            .contains("<CONSOLIDATED_LIST")
            .then_some("list")
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
        Ok(day(root.attribute("dateGenerated")))
    }
}

fn entry(list: &str, node: &Node, digest: [u8; 32], record: u64) -> Result<ListEntry, Error> {
    let id = node.child("REFERENCE_NUMBER");
    let name: Vec<&str> = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"]
        .iter()
        .map(|part| node.child(part))
        .filter(|part| !part.is_empty())
        .collect();
    if id.is_empty() || name.is_empty() {
        return Err(Error::Record {
            record,
            why: "no reference number or no name".into(),
        });
    }
    let (kind, alias, address) = match node.name.as_str() {
        "INDIVIDUAL" => (ListedKind::Person, "INDIVIDUAL_ALIAS", "INDIVIDUAL_ADDRESS"),
        _ => (ListedKind::Organization, "ENTITY_ALIAS", "ENTITY_ADDRESS"),
    };
    let mut entry = ListEntry {
        kind,
        from: day(node.child("LISTED_ON")),
        programmes: vec![node.child("UN_LIST_TYPE").into()],
        remarks: node.child("COMMENTS1").into(),
        citation: format!("UN Security Council consolidated list, {id}"),
        ..blank(list, id, digest)
    };
    push_name(&mut entry, &name.join(" "), NameKind::Primary);
    push_name(
        &mut entry,
        node.child("NAME_ORIGINAL_SCRIPT"),
        NameKind::Alias,
    );
    for alias in node.all(alias) {
        let kind = match alias.child("QUALITY").to_ascii_lowercase().as_str() {
            "low" => NameKind::Weak,
            "f.k.a." => NameKind::Former,
            _ => NameKind::Alias,
        };
        push_name(&mut entry, alias.child("ALIAS_NAME"), kind);
    }
    for address in node.all(address) {
        numbers::add_country(&mut entry, address.child("COUNTRY"));
    }
    for nationality in node.all("NATIONALITY") {
        for value in nationality.all("VALUE") {
            numbers::add_country(&mut entry, value.text());
        }
    }
    Ok(entry)
}
