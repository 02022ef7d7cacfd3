use std::collections::BTreeSet;

use super::{Signing, copyright_holder, declared};
use crate::model::cms::Opus;
use crate::model::evidence::Source;
use crate::model::extract::Claimed;
use crate::model::party::{Party, PartyId, Role, Validation};
use crate::model::signature::SignatureId;

fn signer(name: &str) -> Party {
    Party {
        id: PartyId("signer".into()),
        name: name.into(),
        names: Vec::new(),
        roles: BTreeSet::from([Role::Signer]),
        certificate: None,
        validation: Validation::Unknown,
        validation_rule: String::new(),
        countries: BTreeSet::new(),
        identifiers: Vec::new(),
        vendor: None,
        claims: Vec::new(),
        matches: Vec::new(),
    }
}

fn makers(signer_name: &str, program: Option<&str>, claims: &[(&str, &str)]) -> Vec<String> {
    let claimed: Vec<Claimed> = claims
        .iter()
        .map(|(key, value)| Claimed {
            key: (*key).into(),
            value: (*value).into(),
            span: 0..8,
        })
        .collect();
    let opus = Opus {
        program_name: program.map(str::to_owned),
        url: None,
    };
    declared(
        Signing {
            signature: &SignatureId("1".into()),
            signer: &signer(signer_name),
            opus: Some(&opus),
            source: Source::Signed,
        },
        &claimed,
    )
    .into_iter()
    .map(|(party, _)| party.name)
    .collect()
}

#[test]
fn the_manufacturer_of_an_installer_is_a_maker_too() {
    let named = [
        ("Manufacturer", "Kaspersky"),
        ("ProductName", "Reseller Suite"),
    ];
    assert_eq!(makers("Reseller Inc.", None, &named), ["Kaspersky"]);
    assert!(makers("Kaspersky", None, &named).is_empty());
}

#[test]
fn a_maker_behind_another_signature_becomes_a_party_of_its_own() {
    assert_eq!(
        makers(
            "Microsoft Corporation",
            Some("Oracle Corporation"),
            &[("CompanyName", "Oracle Corporation")]
        ),
        ["Oracle Corporation"]
    );
    assert_eq!(
        makers(
            "Microsoft Corporation",
            None,
            &[(
                "LegalCopyright",
                "Copyright (C) 2009-2023 Oracle and/or its affiliates, Oracle Corp."
            )]
        )
        .len(),
        1
    );
}

#[test]
fn no_alarm_where_the_names_are_one() {
    for (signer, company) in [
        ("Microsoft Corporation", "Microsoft Corporation"),
        ("Microsoft Corporation", "Microsoft"),
        ("Google LLC", "Google Inc."),
        ("The QT Company Oy", "The Qt Company Ltd."),
        (
            "Future Technology Devices International Ltd",
            "Future Technology Devices International Ltd.",
        ),
        ("Tencent Technology (Shenzhen) Company Limited", "Tencent"),
        ("Json.NET (.NET Foundation)", ".NET Foundation"),
        ("Microsoft Corporation", ""),
        ("Microsoft Corporation", "  "),
    ] {
        assert_eq!(
            makers(signer, None, &[("CompanyName", company)]),
            [""; 0],
            "{signer} / {company}"
        );
    }
    assert_eq!(
        makers("Microsoft Corporation", Some("Microsoft Windows"), &[]),
        [""; 0]
    );
    assert_eq!(makers("Google LLC", Some("Google Chrome"), &[]), [""; 0]);
}

#[test]
fn a_shared_first_letter_string_or_generic_word_is_no_agreement() {
    assert_eq!(
        makers("ESET, spol. s r.o.", None, &[("CompanyName", "ESETec Ltd")]),
        ["ESETec Ltd"]
    );
    assert_eq!(
        makers("Open Solutions Ltd", None, &[("CompanyName", "Open")]),
        ["Open"]
    );
}

#[test]
fn a_copyright_line_names_a_maker_only_where_it_is_a_company() {
    assert_eq!(
        copyright_holder("Copyright © 2001-2024 ESET, spol. s r.o. All rights reserved.")
            .as_deref(),
        Some("ESET, spol. s r.o")
    );
    assert_eq!(copyright_holder("© The project contributors"), None);
    assert_eq!(copyright_holder(""), None);
}
