//! Names made to deceive whoever reads them, and oddities of their encoding. A hostile name does not make a signature
//! invalid; it is said, and every renderer escapes it.

use std::collections::BTreeMap;

use unicode_normalization::char::is_combining_mark;

use super::findings;
use super::script::{Disguise, disguises};
use super::subject;
use crate::base::der::tag;
use crate::base::text::{self, TextFault};
use crate::model::certificate::{Certificate, NameAttribute};
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Definition, Finding, Severity, Status};

/// Marks on one letter. Vietnamese and polytonic Greek need two, Thai and Hebrew three.
const MAX_COMBINING_RUN: usize = 4;

/// Everything hostile or odd about the certificate's subject, each id once.
pub fn findings(certificate: &Certificate, source: Source) -> Vec<Finding> {
    let name = &certificate.subject;
    if name.attributes.is_empty() {
        return vec![
            Finding::new(
                &findings::EMPTY_SUBJECT,
                Status::Review,
                "the certificate's subject names nobody",
            )
            .with(Evidence::certificate(source, certificate.id, "subject", "")),
        ];
    }
    let mut found: BTreeMap<&'static str, Finding> = BTreeMap::new();
    for attribute in &name.attributes {
        let label = subject::label(attribute);
        for (definition, what) in faults(attribute) {
            let evidence = Evidence::certificate(
                source,
                certificate.id,
                &format!("subject.{label}"),
                attribute.value.as_str(),
            );
            let finding = found.entry(definition.id).or_insert_with(|| {
                Finding::new(
                    definition,
                    status(definition),
                    format!("{label} of the subject {what}"),
                )
            });
            finding.evidence.push(evidence);
        }
    }
    found.into_values().collect()
}

/// A matter of encoding is noted; a matter of deceit is for a person.
fn status(definition: &Definition) -> Status {
    match definition.severity {
        Severity::Info => Status::Pass,
        Severity::Low | Severity::Medium | Severity::High | Severity::Critical => Status::Review,
    }
}

fn faults(attribute: &NameAttribute) -> Vec<(&'static Definition, String)> {
    let mut found = Vec::new();
    let mut faults = text::faults(&attribute.value);
    faults.extend(&attribute.faults);
    faults.sort_unstable();
    faults.dedup();
    for fault in faults {
        found.push(match fault {
            TextFault::BadEncoding => (
                &findings::MALFORMED_STRING,
                "holds octets that its string type does not allow".to_owned(),
            ),
            TextFault::Control => (
                &findings::CONTROL_CHARS_IN_NAME,
                "holds control characters".to_owned(),
            ),
            TextFault::Nul => (
                &findings::CONTROL_CHARS_IN_NAME,
                "holds a NUL, which cuts the name short in some software (CVE-2009-2408)"
                    .to_owned(),
            ),
            TextFault::Bidi => (
                &findings::BIDI_CONTROLS_IN_NAME,
                "holds bidirectional controls, which reorder what is seen".to_owned(),
            ),
            TextFault::Invisible => (
                &findings::INVISIBLE_CHARS_IN_NAME,
                "holds invisible characters".to_owned(),
            ),
            TextFault::Markup => (&findings::MARKUP_IN_NAME, "holds markup".to_owned()),
            TextFault::Formula => (
                &findings::FORMULA_PREFIX_IN_NAME,
                "begins like a spreadsheet formula".to_owned(),
            ),
            TextFault::TooLong => (
                &findings::OVERSIZE_NAME,
                format!("is longer than {} characters", text::MAX_SHOWN),
            ),
        });
    }
    if matches!(
        attribute.string_tag,
        tag::BMP_STRING | tag::UNIVERSAL_STRING | tag::T61_STRING
    ) {
        found.push((
            &findings::LEGACY_STRING_TYPE,
            "is encoded as a string type that RFC 5280 keeps for old certificates only".to_owned(),
        ));
    }
    if imitates_attributes(&attribute.value) {
        found.push((
            &findings::DN_DELIMITER_IN_NAME,
            "imitates further name attributes".to_owned(),
        ));
    }
    if has_stacked_marks(&attribute.value) {
        found.push((
            &findings::EXCESS_COMBINING,
            format!("stacks more than {MAX_COMBINING_RUN} combining marks on one letter"),
        ));
    }
    for disguise in disguises(&attribute.value) {
        found.push(match disguise {
            Disguise::Mixed(reads) => (
                &findings::MIXED_SCRIPT_NAME,
                format!("mixes scripts inside one word, which reads as `{reads}`"),
            ),
            Disguise::LookAlike(reads) => (
                &findings::HOMOGLYPH_IN_NAME,
                format!("has a word of another script's look-alikes, which reads as `{reads}`"),
            ),
        });
    }
    found
}

/// A delimiter followed by `KEY=`: a one-line rendering of the name would show an attribute that is not there.
fn imitates_attributes(value: &str) -> bool {
    const KEYS: &[&str] = &[
        "cn",
        "o",
        "ou",
        "c",
        "l",
        "st",
        "s",
        "dc",
        "e",
        "emailaddress",
        "serialnumber",
        "street",
        "uid",
        "sn",
        "t",
    ];
    value
        .split(['/', ',', ';', '+', '\n'])
        .skip(1)
        .filter_map(|part| part.split_once('='))
        .any(|(key, _)| KEYS.contains(&key.trim().to_ascii_lowercase().as_str()))
}

fn has_stacked_marks(value: &str) -> bool {
    let mut run = 0usize;
    value.chars().any(|c| {
        run = if is_combining_mark(c) {
            run.saturating_add(1)
        } else {
            0
        };
        run > MAX_COMBINING_RUN
    })
}

#[cfg(test)]
mod tests {
    use super::{has_stacked_marks, imitates_attributes};

    #[test]
    fn ordinary_punctuation_is_no_delimiter() {
        for name in [
            "Foo, Inc.",
            "AC/DC Software",
            "a=b",
            "Krüger & Söhne, OHG",
            "1+1=2 GmbH",
        ] {
            assert!(!imitates_attributes(name), "{name}");
        }
        for name in [
            "Foo/CN=Microsoft Corporation",
            "Foo, O=Microsoft Corporation",
            "x; ou = y",
        ] {
            assert!(imitates_attributes(name), "{name}");
        }
    }

    #[test]
    fn letters_with_the_marks_of_living_scripts_are_not_stacked() {
        assert!(!has_stacked_marks("Vie\u{302}\u{323}t Nam"));
        assert!(has_stacked_marks("i\u{301}\u{301}\u{301}\u{301}\u{301}"));
    }
}
