//! Unsigned attributes: anybody can add to them without breaking the signature, so each is named.

use crate::model::cms::{Attribute, SignedData, SignerInfo};
use crate::model::finding::Status;
use crate::verify::authenticode::countersignature;
use crate::verify::authenticode::open::{NESTED, Node};
use crate::verify::findings::signature as f;
use crate::verify::signer::algorithm::is;
use crate::verify::signer::notes::Notes;
use crate::verify::timestamp;

/// Blobs that signing tools are known to add, by what their makers call them.
const KNOWN_BLOBS: &[(&str, &str)] = &[
    (
        "1.3.6.1.4.1.42921.1.2.1",
        "unauthenticated data blob of osslsigncode",
    ),
    ("1.3.6.1.4.1.37476.9000.159.1.1", "unsigned data of jsign"),
];

pub(super) fn check(
    node: &Node<'_>,
    signed: &SignedData,
    first: Option<&SignerInfo>,
    notes: &mut Notes<'_>,
) {
    for attribute in signed.signers.iter().flat_map(|s| &s.unsigned_attributes) {
        let rule = node.raw.content;
        let known = is(&attribute.oid, NESTED)
            || timestamp::carrier(rule, &attribute.oid).is_some()
            || (!node.countersigns && countersignature::holds(rule, &attribute.oid));
        if !known {
            blob(attribute, "", notes);
        } else if attribute.values.is_empty() {
            notes.note(
                &f::MALFORMED_ATTRIBUTE,
                Status::Review,
                format!("unsigned attribute {} has no value", attribute.oid),
                attribute.span.clone(),
            );
        }
    }
    nested(node, first, notes);
}

/// Data that no signature covers, in an attribute that no verifier reads.
pub(crate) fn blob(attribute: &Attribute, whose: &str, notes: &mut Notes<'_>) {
    let size: usize = attribute.values.iter().map(|v| v.bytes.len()).sum();
    let name = KNOWN_BLOBS
        .iter()
        .find(|(dotted, _)| is(&attribute.oid, dotted))
        .map_or(String::new(), |(_, name)| format!(", {name}"));
    notes.note(
        &f::UNAUTHENTICATED_BLOB,
        Status::Review,
        format!(
            "unsigned attribute {}{name} holds {size} bytes{whose} that no signature covers",
            attribute.oid
        ),
        attribute.span.clone(),
    );
}

fn nested(node: &Node<'_>, first: Option<&SignerInfo>, notes: &mut Notes<'_>) {
    let place = || 0..node.len;
    let count: usize = first.map_or(0, |signer| {
        signer
            .unsigned_attributes
            .iter()
            .filter(|a| is(&a.oid, NESTED))
            .map(|a| a.values.len())
            .sum()
    });
    if count > 0 {
        notes.note(
            &f::NESTED_SIGNATURE,
            Status::Pass,
            format!("{count} further signatures are nested in this one"),
            place(),
        );
    }
    if node.unread > 0 {
        notes.fail(
            &f::NESTED_TOO_DEEP,
            format!(
                "{} nested signatures are over the limit of depth or number and were not examined",
                node.unread
            ),
            place(),
        );
    }
}
