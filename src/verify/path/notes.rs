//! What is worth knowing about the certificates of a path though it decides nothing: hostile names, odd serial numbers, anchors
//! past their date.

use std::collections::BTreeSet;

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript as _};

use super::check::{Examined, title};
use super::strength::Basis;
use super::{Anchor, time};
use crate::base::der::tag;
use crate::base::text::TextFault;
use crate::base::time::{Time, rfc3339};
use crate::model::certificate::{Certificate, NameAttribute, SharedCertificate};
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Definition, Finding, Status};
use crate::verify::findings::path as f;

/// More marks than this on one letter are no language's spelling; stacked, they paint over neighbouring lines.
const MAX_COMBINING: usize = 4;

/// Findings on a path, leaf first, that reached `anchor` or nothing.
pub(super) fn about(
    path: &[SharedCertificate],
    anchor: Option<&Anchor>,
    basis: Basis,
    now: Time,
) -> Vec<Finding> {
    let mut out = Examined::default();
    let anchor = anchor.map(|a| &a.certificate);
    for (position, certificate) in path.iter().enumerate() {
        let is_anchor = position > 0 && anchor.is_some_and(|a| a.id == certificate.id);
        if is_anchor {
            continue;
        }
        if certificate
            .oddities
            .iter()
            .any(|o| o.starts_with("serial") || o.starts_with("negative serial"))
        {
            out.note(
                &f::SERIAL_NONCONFORMING,
                Status::Review,
                certificate,
                "serialNumber",
                format!(
                    "serial number of {} is not a positive number of at most 20 octets",
                    title(certificate)
                ),
            );
        }
        let names = name_findings(certificate);
        // Old string types are common in authorities' names and worth a word only in the signer's.
        out.notes.extend(
            names
                .into_iter()
                .filter(|n| position == 0 || n.definition.id != f::LEGACY_STRING_TYPE.id),
        );
    }
    if let (Some(anchor), Some(leaf)) = (anchor, path.first()) {
        about_anchor(anchor, path, &mut out);
        about_time(anchor, leaf, basis, now, &mut out);
    }
    out.notes
}

fn about_anchor(anchor: &Certificate, path: &[SharedCertificate], out: &mut Examined) {
    let below = || path.iter().filter(|c| c.id != anchor.id);
    if path.len() == 1 {
        out.note(
            &f::LEAF_IS_TRUST_ANCHOR,
            Status::Review,
            anchor,
            "subject",
            "the signer's certificate is itself an anchor: nobody else vouches for it",
        );
    }
    if let Some(twin) = below().find(|c| c.spki == anchor.spki) {
        out.note(
            &f::ANCHOR_SAME_KEY_DIFFERENT_CERT,
            Status::Review,
            twin,
            "subjectPublicKeyInfo",
            format!(
                "{} has the key of the anchor {} but is another certificate",
                title(twin),
                title(anchor)
            ),
        );
    }
    if anchor.version == 0 {
        out.note(
            &f::ANCHOR_V1,
            Status::Review,
            anchor,
            "version",
            format!("the anchor {} is a version 1 certificate", title(anchor)),
        );
    }
}

fn about_time(
    anchor: &Certificate,
    leaf: &Certificate,
    basis: Basis,
    now: Time,
    out: &mut Examined,
) {
    // An anchor that has ended covers a leaf that has: one cause, one finding.
    if time::compare(anchor, now).is_gt() {
        out.note(
            &f::ANCHOR_EXPIRED_NOW,
            Status::Review,
            anchor,
            "validity.notAfter",
            format!(
                "the anchor {} expired {}",
                title(anchor),
                rfc3339(anchor.not_after)
            ),
        );
    } else if basis.attested
        && time::compare(leaf, now).is_gt()
        && time::compare(leaf, basis.at).is_eq()
    {
        out.note(
            &f::EXPIRED_NOW_BUT_TIMESTAMPED,
            Status::Review,
            leaf,
            "validity.notAfter",
            format!(
                "the certificate expired {}, the timestamp of {} is within its validity",
                rfc3339(leaf.not_after),
                rfc3339(basis.at)
            ),
        );
    }
}

/// What is hostile about the subject of a certificate, or wrong with its encoding: each kind once, with the attributes.
pub fn name_findings(certificate: &Certificate) -> Vec<Finding> {
    let attributes = &certificate.subject.attributes;
    if attributes.is_empty() {
        return vec![finding(
            certificate,
            &f::EMPTY_SUBJECT,
            "subject",
            String::new(),
        )];
    }
    let mut seen: BTreeSet<&'static str> = BTreeSet::new();
    let mut found = Vec::new();
    for attribute in attributes {
        for definition in hostile(attribute) {
            if seen.insert(definition.id) {
                let field = format!("subject.{}", attribute.oid);
                found.push(finding(
                    certificate,
                    definition,
                    &field,
                    attribute.value.clone(),
                ));
            }
        }
    }
    found
}

fn finding(
    certificate: &Certificate,
    definition: &'static Definition,
    field: &str,
    excerpt: String,
) -> Finding {
    let message = format!("{}: {}", definition.title, title(certificate));
    Finding::new(definition, Status::Review, message).with(Evidence::certificate(
        Source::Embedded,
        certificate.id,
        field,
        excerpt,
    ))
}

fn hostile(attribute: &NameAttribute) -> Vec<&'static Definition> {
    let mut found: Vec<&'static Definition> =
        attribute.faults.iter().map(|f| of_fault(*f)).collect();
    let value = &attribute.value;
    if value.contains("](") {
        found.push(&f::MARKUP_IN_NAME);
    }
    if is_mixed_script(value) {
        found.push(&f::MIXED_SCRIPT_NAME);
    }
    if has_delimiter(value) {
        found.push(&f::DN_DELIMITER_IN_NAME);
    }
    if has_stacked_marks(value) {
        found.push(&f::EXCESS_COMBINING);
    }
    let legacy = matches!(
        attribute.string_tag,
        tag::BMP_STRING | tag::T61_STRING | tag::UNIVERSAL_STRING
    );
    // A string that cannot be decoded has said so already.
    if legacy && !attribute.faults.contains(&TextFault::BadEncoding) {
        found.push(&f::LEGACY_STRING_TYPE);
    }
    found
}

fn of_fault(fault: TextFault) -> &'static Definition {
    match fault {
        TextFault::BadEncoding => &f::MALFORMED_STRING,
        TextFault::Control | TextFault::Nul => &f::CONTROL_CHARS_IN_NAME,
        TextFault::Bidi => &f::BIDI_CONTROLS_IN_NAME,
        TextFault::Invisible => &f::INVISIBLE_CHARS_IN_NAME,
        TextFault::Markup => &f::MARKUP_IN_NAME,
        TextFault::Formula => &f::FORMULA_PREFIX_IN_NAME,
        TextFault::TooLong => &f::OVERSIZE_NAME,
    }
}

/// A word whose letters come from scripts that look alike (Unicode TR 39 section 5.1). Words of different scripts side by side are
/// how many companies are named, and Chinese, Japanese and Korean mix theirs.
fn is_mixed_script(value: &str) -> bool {
    value
        .split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .any(|word| {
            let scripts: BTreeSet<&str> = word
                .chars()
                .map(|c| c.script())
                .filter(|s| confusable(*s))
                .map(|s| s.short_name())
                .collect();
            scripts.len() > 1
        })
}

fn confusable(script: Script) -> bool {
    matches!(
        script,
        Script::Latin
            | Script::Cyrillic
            | Script::Greek
            | Script::Armenian
            | Script::Cherokee
            | Script::Coptic
            | Script::Georgian
            | Script::Lisu
    )
}

/// What another attribute would look like where the name is printed on one line: `Foo, O=Other` or `Foo/CN=Other`.
fn has_delimiter(value: &str) -> bool {
    value.split([',', '/', ';', '+']).skip(1).any(|rest| {
        rest.trim_start().split_once('=').is_some_and(|(key, _)| {
            let key = key.trim_end();
            !key.is_empty()
                && key.len() <= 24
                && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        })
    })
}

fn has_stacked_marks(value: &str) -> bool {
    let mut run = 0usize;
    value.chars().any(|c| {
        run = if is_combining_mark(c) {
            run.saturating_add(1)
        } else {
            0
        };
        run > MAX_COMBINING
    })
}
