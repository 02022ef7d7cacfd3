//! Who is named by a certificate, under whose law, and which vendor that is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bonafide::base::time::Time;
use bonafide::identity::declared::{Signing, declared};
use bonafide::identity::name::{Comparison, Named, compare, legal_names};
use bonafide::identity::{Identified, identify};
use bonafide::jurisdiction::{self, Operators};
use bonafide::model::claim::{Aspect, Strength};
use bonafide::model::evidence::Source;
use bonafide::model::extract::Claimed;
use bonafide::model::finding::Status;
use bonafide::model::party::{Party, Role, Tier, Validation};
use bonafide::model::signature::{
    Integrity, Position, Revocation, RevocationStatus, Signature, SignatureId, TimeBasis,
    Timestamp, TimestampKind, Trust, TrustStatus,
};
use bonafide::vendor::{self, Recognition, Registry};
use bonafide::verify::certificate;
use time::macros::datetime;

use crate::support::keys::Key;
use crate::support::pki::{EV_CODE_SIGNING, PKI, Template, extension, name, policies};
use crate::support::{bytes, corpus, der, table};

const NOW: Time = datetime!(2026-11-24 00:00 UTC);

/// A signature that holds and is trusted, by this certificate.
fn signature(der: &[u8]) -> Signature {
    let certificate = Arc::new(certificate::read(der).unwrap());
    Signature {
        id: SignatureId("1".into()),
        scheme: "authenticode",
        position: Position::Primary,
        span: 0..0,
        integrity: Integrity::Valid,
        digest_algorithm: None,
        signed_digest: Vec::new(),
        computed_digest: Vec::new(),
        signer: Some(Arc::clone(&certificate)),
        trust: Trust {
            status: TrustStatus::Trusted,
            programme: "user".into(),
            root: None,
            reason: String::new(),
            faults: Vec::new(),
            chain: vec![certificate],
            paths_tried: 1,
        },
        time_basis: TimeBasis {
            at: NOW,
            attested: false,
            why: String::new(),
        },
        claimed_time: None,
        timestamps: Vec::new(),
        revocation: Revocation {
            status: RevocationStatus::NotChecked,
            reason: String::new(),
            revoked_at: None,
        },
        opus: None,
        page_hashes: None,
        findings: Vec::new(),
    }
}

/// What the certificate of a trusted signature says of its signer.
struct Facts {
    party: Party,
    findings: BTreeSet<&'static str>,
}

impl Facts {
    fn of(signature: &Signature) -> Self {
        let Identified {
            mut party,
            mut findings,
        } = identify(signature).unwrap();
        let assessed =
            jurisdiction::assess(&mut party, signature, &Operators::default(), NOW.date());
        findings.extend(assessed.findings);
        findings.extend(jurisdiction::review(&mut party));
        Self {
            party,
            findings: findings.iter().map(|f| f.definition.id).collect(),
        }
    }

    /// Claims of one aspect, as `jurisdiction strength`.
    fn claims(&self, aspect: Aspect) -> Vec<String> {
        self.party
            .claims
            .iter()
            .filter(|c| c.aspect == aspect)
            .map(|c| format!("{} {}", c.jurisdiction, c.strength.name()))
            .collect()
    }

    fn seat(&self) -> Vec<String> {
        self.claims(Aspect::Incorporation)
    }

    fn place(&self) -> Vec<String> {
        self.claims(Aspect::PlaceOfBusiness)
    }

    /// Identifiers other than pins, as `scheme jurisdiction value`.
    fn identifiers(&self) -> Vec<String> {
        self.party
            .identifiers
            .iter()
            .filter(|i| !i.scheme.ends_with("sha256"))
            .map(|i| {
                format!(
                    "{} {} {}",
                    i.scheme,
                    i.jurisdiction.as_deref().unwrap_or("-"),
                    i.value
                )
            })
            .collect()
    }
}

/// A self-issued certificate with this subject.
fn made(subject: &[(&str, &str)], extensions: Vec<Vec<u8>>) -> Facts {
    let template = Template {
        extensions,
        ..Template::leaf(1, name(subject))
    };
    Facts::of(&signature(
        &template.issue(Key::load("signer-p256"), None).certificate,
    ))
}

const EV: &[(&str, &str)] = &[
    ("businessCategory", "Private Organization"),
    ("jurisdictionC", "KY"),
    ("serialNumber", "335109"),
    ("C", "NO"),
    ("L", "Oslo"),
    ("O", "Example Browser Limited"),
];

#[test]
fn the_seat_and_the_place_of_business_are_two_claims() {
    let facts = made(EV, vec![policies(&[EV_CODE_SIGNING])]);
    assert_eq!(facts.party.validation, Validation::Extended);
    assert_eq!(facts.party.validation_rule, "policy OID 2.23.140.1.3");
    assert_eq!(facts.seat(), ["KY high"]);
    assert_eq!(facts.place(), ["NO high"]);
    assert_eq!(facts.identifiers(), ["registration-number KY 335109"]);
    assert!(facts.findings.contains("jurisdiction-differs-from-place"));
    assert!(!facts.findings.contains("jurisdiction-claims-conflict"));
}

#[test]
fn ev_fields_count_without_the_policy_and_alone_they_do_not() {
    assert!(
        made(EV, vec![])
            .party
            .validation_rule
            .contains("jurisdictionCountryName")
    );
    let lone = made(
        &[("jurisdictionC", "KY"), ("C", "NO"), ("O", "Example AS")],
        vec![],
    );
    assert_eq!(lone.party.validation, Validation::Unknown);
    assert_eq!(lone.seat(), ["KY medium"]);
}

#[test]
fn a_country_in_the_subject_is_never_the_seat() {
    let facts = made(
        &[("C", "CH"), ("O", "Example GmbH")],
        vec![policies(&["2.23.140.1.4.1"])],
    );
    assert_eq!(facts.party.validation, Validation::Organization);
    assert_eq!(facts.seat(), [""; 0]);
    assert!(facts.findings.contains("incorporation-unknown"));
}

#[test]
fn two_countries_contradict_each_other_and_neither_is_preferred() {
    let facts = made(
        &[("C", "US"), ("C", "CN"), ("O", "Example")],
        vec![policies(&["2.23.140.1.4.1"])],
    );
    assert_eq!(facts.place(), ["US low", "CN low"]);
    for id in [
        "several-countries-in-subject",
        "jurisdiction-claims-conflict",
    ] {
        assert!(facts.findings.contains(id), "{id}");
    }
    let once = made(&[("C", "US"), ("C", "US"), ("O", "Example")], vec![]);
    assert!(!once.findings.contains("several-countries-in-subject"));
}

#[test]
fn an_authority_that_nobody_trusts_makes_no_strong_claim_and_no_identity() {
    let template = Template::leaf(1, name(EV));
    let mut forged = signature(&template.issue(Key::load("signer-p256"), None).certificate);
    for status in [
        TrustStatus::Untrusted,
        TrustStatus::Distrusted,
        TrustStatus::Unknown,
        TrustStatus::NotChecked,
    ] {
        forged.trust.status = status;
        let facts = Facts::of(&forged);
        assert_eq!(facts.party.roles, BTreeSet::from([Role::ClaimedSigner]));
        assert!(
            facts
                .party
                .claims
                .iter()
                .all(|c| c.strength == Strength::Low)
        );
        assert!(
            facts.party.id.0.starts_with("claimed:"),
            "{}",
            facts.party.id
        );
    }
    forged.trust.status = TrustStatus::Trusted;
    forged.integrity = Integrity::Invalid(vec!["digest-mismatch"]);
    assert_eq!(
        Facts::of(&forged).party.roles,
        BTreeSet::from([Role::ClaimedSigner])
    );
    forged.integrity = Integrity::Valid;
    assert_eq!(
        Facts::of(&forged).party.roles,
        BTreeSet::from([Role::Signer])
    );
}

#[test]
fn government_bodies_and_dates_have_no_registration_number() {
    for (category, serial) in [
        ("Government Entity", "12345"),
        ("Private Organization", "2001-05-17"),
        ("Private Organization", "Government"),
    ] {
        let facts = made(
            &[
                ("businessCategory", category),
                ("jurisdictionC", "US"),
                ("serialNumber", serial),
                ("C", "US"),
                ("O", "Example"),
            ],
            vec![],
        );
        assert_eq!(facts.identifiers(), [""; 0], "{category} {serial}");
    }
}

#[test]
fn a_state_register_is_part_of_the_number() {
    let facts = made(
        &[
            ("businessCategory", "Private Organization"),
            ("jurisdictionC", "US"),
            ("jurisdictionST", "Delaware"),
            ("serialNumber", "4869583"),
            ("C", "US"),
            ("ST", "California"),
            ("O", "Example Software, Inc."),
        ],
        vec![],
    );
    assert_eq!(
        facts.identifiers(),
        ["registration-number US+Delaware 4869583"]
    );
    assert_eq!(facts.seat(), ["US (Delaware) high"]);
    assert_eq!(facts.place(), ["US (California) high"]);
    assert!(!facts.findings.contains("jurisdiction-differs-from-place"));
}

fn cabf(scheme: &str, country: &str, reference: &str) -> Vec<u8> {
    extension(
        "2.23.140.3.1",
        false,
        &der::sequence(&[
            der::printable(scheme),
            der::printable(country),
            der::utf8(reference),
        ]),
    )
}

#[test]
fn an_organisation_identifier_must_agree_with_its_extension_and_country() {
    let subject = [
        ("C", "GB"),
        ("O", "Example Labs Limited"),
        ("organizationIdentifier", "NTRGB-04249748"),
    ];
    let good = made(&subject, vec![cabf("NTR", "GB", "04249748")]);
    assert_eq!(good.identifiers(), ["registration-number GB 04249748"]);
    assert_eq!(good.seat(), ["GB high"]);
    assert!(!good.findings.contains("org-id-mismatch"));
    for other in [
        cabf("NTR", "GB", "4249748"),
        cabf("VAT", "GB", "04249748"),
        cabf("NTR", "IE", "04249748"),
    ] {
        assert!(
            made(&subject, vec![other])
                .findings
                .contains("org-id-mismatch")
        );
    }
    let elsewhere = [
        ("C", "FR"),
        ("O", "Example"),
        ("organizationIdentifier", "NTRGB-04249748"),
    ];
    assert!(
        made(&elsewhere, vec![])
            .findings
            .contains("org-id-mismatch")
    );
    let greek = [
        ("C", "GR"),
        ("O", "Example"),
        ("organizationIdentifier", "VATEL-123456789"),
    ];
    assert!(!made(&greek, vec![]).findings.contains("org-id-mismatch"));
    let broken = [
        ("C", "GB"),
        ("O", "Example"),
        ("organizationIdentifier", "04249748"),
    ];
    assert!(made(&broken, vec![]).findings.contains("org-id-malformed"));
    let rubbish = extension("2.23.140.3.1", false, &der::octets(b"x"));
    assert!(
        made(&subject, vec![rubbish])
            .findings
            .contains("org-id-malformed")
    );
}

fn lei_extension(code: &str) -> Vec<u8> {
    extension(
        "1.3.6.1.4.1.52266.1",
        false,
        &der::sequence(&[der::printable(code)]),
    )
}

#[test]
fn an_lei_counts_only_with_its_check_digits() {
    let subject = [("C", "CH"), ("O", "Example")];
    let good = made(&subject, vec![lei_extension("506700GE1G29325QX363")]);
    assert_eq!(good.identifiers(), ["lei - 506700GE1G29325QX363"]);
    let bad = made(&subject, vec![lei_extension("506700GE1G29325QX364")]);
    assert_eq!(bad.identifiers(), [""; 0]);
    assert!(bad.findings.contains("lei-invalid"));
    let two = [
        ("C", "CH"),
        ("O", "Example"),
        ("organizationIdentifier", "LEIXG-HWUPKR0MPOU8FGXBT394"),
    ];
    let two = made(&two, vec![lei_extension("506700GE1G29325QX363")]);
    assert!(two.findings.contains("lei-conflict"));
    assert_eq!(two.identifiers().len(), 2);
}

#[test]
fn rotating_certificates_of_one_azure_subscriber_share_an_identifier() {
    use crate::support::pki::{CODE_SIGNING, extended_key_usage};
    let subscriber = "1.3.6.1.4.1.311.97.990309390.766961637.194916062.941502583";
    let facts = made(
        &[("C", "US"), ("O", "Example")],
        vec![extended_key_usage(
            &[CODE_SIGNING, "1.3.6.1.4.1.311.97.1.0", subscriber],
            false,
        )],
    );
    assert_eq!(
        facts.identifiers(),
        [format!("microsoft-publisher-id - {subscriber}")]
    );
}

#[test]
fn a_legal_name_in_parentheses_is_one_of_the_names() {
    let facts = made(
        &[
            ("C", "US"),
            ("O", "Json.NET (.NET Foundation)"),
            ("CN", "Json.NET (.NET Foundation)"),
        ],
        vec![],
    );
    assert_eq!(facts.party.name, "Json.NET (.NET Foundation)");
    assert!(facts.party.names.iter().any(|n| n == ".NET Foundation"));
}

#[test]
fn people_of_one_name_are_two_parties_and_one_company_is_one() {
    let issue = |subject: &[(&str, &str)], key: &str, policy: &str| {
        let template = Template {
            extensions: vec![policies(&[policy])],
            ..Template::leaf(1, name(subject))
        };
        Facts::of(&signature(
            &template.issue(Key::load(key), None).certificate,
        ))
        .party
    };
    let person = [("C", "US"), ("O", "Simon Example"), ("CN", "Simon Example")];
    let (a, b) = (
        issue(&person, "signer-p256", "2.23.140.1.4.1"),
        issue(&person, "signer-p384", "2.23.140.1.4.1"),
    );
    assert_eq!(a.validation, Validation::Individual);
    assert_ne!(a.id, b.id);
    let company = [("C", "US"), ("O", "Example, Inc."), ("CN", "Example, Inc.")];
    assert_eq!(
        issue(&company, "signer-p256", "2.23.140.1.4.1").id,
        issue(&company, "signer-p384", "2.23.140.1.4.1").id
    );
}

#[test]
fn the_certificates_of_the_jurisdiction_suite_read_as_their_configuration_says() {
    let Some(folder) = corpus("jurisdiction/certs") else {
        return;
    };
    let facts = |file: &str| Facts::of(&signature(&bytes(&folder.join(file))));

    let ru = facts("ev_ru.der");
    assert_eq!(
        (ru.seat(), ru.place()),
        (vec!["RU high".to_owned()], vec!["RU high".to_owned()])
    );
    assert!(
        ru.identifiers()
            .contains(&"ogrn RU 1027739867473".to_owned())
    );
    let us = facts("ev_us_de.der");
    assert_eq!(us.seat(), ["US (Delaware) high"]);
    assert_eq!(us.place(), ["US (California) high"]);
    let ky = facts("ev_ky_no.der");
    assert_eq!(
        (ky.seat(), ky.place()),
        (vec!["KY high".to_owned()], vec!["NO high".to_owned()])
    );
    assert!(ky.findings.contains("jurisdiction-differs-from-place"));
    let ch = facts("ov_ch.der");
    assert_eq!(ch.party.validation, Validation::Organization);
    assert_eq!(
        (ch.seat(), ch.place()),
        (vec![], vec!["CH (Schaffhausen) high".to_owned()])
    );
    let gb = facts("orgid_ntrgb.der");
    assert_eq!(gb.identifiers(), ["registration-number GB 04249748"]);
    assert_eq!(gb.seat(), ["GB high"]);
    let ca = facts("orgid_ntrus_ca.der");
    assert_eq!(ca.identifiers(), ["registration-number US+CA 12345678"]);
    assert_eq!(ca.seat(), ["US (US-CA) high"]);
    let lei = facts("lei.der");
    assert_eq!(lei.identifiers(), ["lei - 529900T8BM49AURSDO55"]);
    assert_eq!(lei.seat(), [""; 0]);
    let el = facts("vatel.der");
    assert_eq!(el.identifiers(), ["vat EL 123456789"]);
    assert_eq!(el.seat(), [""; 0]);
    let xx = facts("country_xx.der");
    assert_eq!(xx.place(), ["XX low"]);
    assert!(xx.party.countries.is_empty());
    assert!(xx.findings.contains("country-code-unknown"));
    let two = facts("two_countries.der");
    assert_eq!(two.place(), ["US low", "CN low"]);
    assert!(two.findings.contains("jurisdiction-claims-conflict"));
    let apple = facts("apple_devid.der");
    assert_eq!(apple.identifiers(), ["apple-team-id - ABCDE12345"]);
    let bidi = signature(&bytes(&folder.join("bidi_o.der")));
    assert!(identify(&bidi).is_some_and(|i| i.party.name.contains('\u{202e}')));
    for agrees in [&gb, &ca, &lei, &el] {
        assert!(
            !agrees
                .findings
                .iter()
                .any(|f| f.starts_with("org-id") || f.starts_with("lei"))
        );
    }
}

/// Rows of a comma-separated file with quoted fields (RFC 4180), by the names in its first line.
fn comma_separated(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows = Vec::new();
    let (mut row, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    let names: Vec<String> = rows.remove(0);
    rows.into_iter()
        .map(|row| names.iter().cloned().zip(row).collect())
        .collect()
}

/// The best comparison between two names in the words that certificates and lists write.
fn best(query: &str, query_country: &str, entry: &str, entry_country: &str) -> Option<Comparison> {
    let set = |country: &str| -> BTreeSet<String> {
        Some(country.to_owned())
            .filter(|c| !c.is_empty())
            .into_iter()
            .collect()
    };
    let (qc, ec) = (set(query_country), set(entry_country));
    let mut found: Vec<Comparison> = Vec::new();
    for a in legal_names(query) {
        for b in legal_names(entry) {
            found.extend(compare(
                Named {
                    name: &a,
                    countries: &qc,
                },
                Named {
                    name: &b,
                    countries: &ec,
                },
            ));
        }
    }
    found.into_iter().max_by_key(|c| c.tier)
}

#[test]
fn exact_names_over_the_vendor_pairs_make_no_false_identity() {
    let Some(file) = corpus("jurisdiction/names/vendor-pairs.csv") else {
        return;
    };
    let registry = Registry::bundled().unwrap();
    let entity = |name: &str, country: &str| {
        let mut party = made(&[("O", name)], vec![]).party;
        party.countries = BTreeSet::from([country.to_owned()]);
        let link = registry.recognise(&party, NOW.date()).link()?;
        (link.tier == Tier::Same).then_some((link.slug, link.entity))
    };
    let mut counts: BTreeMap<(String, Option<&'static str>), usize> = BTreeMap::new();
    let mut same_by_registry = 0;
    for row in comma_separated(&String::from_utf8(bytes(&file)).unwrap()) {
        let found = best(
            &row["query"],
            &row["query_country"],
            &row["list_entry"],
            &row["list_country"],
        )
        .map(|c| c.tier);
        let expected = row["expected"].as_str();
        if found == Some(Tier::Same) {
            assert_eq!(expected, "same", "{row:?}");
        }
        if expected == "none" {
            assert_eq!(found, None, "{row:?}");
        }
        // What names alone cannot say, the registry's aliases do.
        let (a, b) = (
            entity(&row["query"], &row["query_country"]),
            entity(&row["list_entry"], &row["list_country"]),
        );
        if a.is_some() && a == b {
            assert_eq!(expected, "same", "{row:?}");
            same_by_registry += usize::from(found != Some(Tier::Same));
        }
        *counts
            .entry((expected.to_owned(), found.map(Tier::name)))
            .or_default() += 1;
    }
    println!(
        "vendor pairs, expected and found by exact names: {counts:?}; {same_by_registry} more by the registry"
    );
    let same = counts
        .get(&("same".to_owned(), Some("same")))
        .copied()
        .unwrap_or(0);
    assert_eq!((same, same_by_registry), (14, 2), "{counts:?}");
}

#[test]
fn signers_of_the_real_corpus_have_a_name_and_are_recognised_as_the_registry_can() {
    let Some(file) = corpus("real/real.tsv") else {
        return;
    };
    let registry = Registry::bundled().unwrap();
    let mut recognised = BTreeSet::new();
    let mut organisations = 0;
    for row in table(&file).iter().filter(|r| !r["signer_o"].is_empty()) {
        organisations += 1;
        let facts = made(
            &[
                ("C", &row["signer_c"]),
                ("O", &row["signer_o"]),
                ("CN", &row["signer_cn"]),
            ],
            vec![],
        );
        let named = legal_names(&facts.party.name);
        assert!(named.iter().all(|n| !n.core.is_empty()), "{row:?}");
        match registry.recognise(&facts.party, NOW.date()) {
            Recognition::Unknown => {}
            Recognition::One(link) => {
                recognised.insert(format!(
                    "{} = {}/{} {}",
                    row["signer_o"],
                    link.slug,
                    link.entity,
                    link.tier.name()
                ));
            }
            Recognition::Ambiguous(links) => panic!("{row:?} {links:?}"),
        }
    }
    println!("real signers: {organisations} rows, recognised: {recognised:#?}");
    for expected in [
        "Microsoft Corporation = microsoft/us same",
        "Google LLC = google/us same",
        "Tencent Technology (Shenzhen) Company Limited = tencent/shenzhen same",
        "The QT Company Oy = qt/fi same",
    ] {
        assert!(recognised.contains(expected), "{expected}");
    }
}

/// A leaf under the fixtures' authority, with the chain and one timestamp of the fixtures' timestamp authority.
fn chained() -> Signature {
    let leaf = Template::leaf(1, name(&[("C", "CH"), ("O", "Example GmbH")]))
        .issue(Key::load("signer-p256"), Some(&PKI.ca));
    let mut signature = signature(&leaf.certificate);
    let read = |der: &[u8]| Arc::new(certificate::read(der).unwrap());
    let root = read(&PKI.root.certificate);
    signature
        .trust
        .chain
        .extend([read(&PKI.ca.certificate), Arc::clone(&root)]);
    let tsa = read(&PKI.tsa.certificate);
    signature.timestamps.push(Timestamp {
        kind: TimestampKind::Rfc3161,
        at: Some(NOW),
        integrity: Integrity::Valid,
        trust: signature.trust.clone(),
        usable: true,
        reason: String::new(),
        signer: Some(tsa),
        span: 0..0,
    });
    signature
}

fn operator(id: &str, country: &str, verified: bool, keys: &str) -> String {
    let source = if verified {
        "[[source]]\nid = \"s\"\ntitle = \"t\"\ngrade = \"vendor\"\nchecked = \"primary\"\nretrieved = \"2026-11-24\"\n"
    } else {
        ""
    };
    format!(
        "id = {id:?}\nname = \"{id} Ltd\"\ncountry = {country:?}\nverified = {verified}\n{keys}\n{source}"
    )
}

fn authorities(files: &[(&str, &str)]) -> (Vec<String>, BTreeSet<String>, BTreeSet<&'static str>) {
    let operators = Operators::read(files).unwrap();
    let signature = chained();
    let mut party = identify(&signature).unwrap().party;
    let assessed = jurisdiction::assess(&mut party, &signature, &operators, NOW.date());
    let claims = party
        .claims
        .iter()
        .filter(|c| matches!(c.aspect, Aspect::PkiOperator | Aspect::TsaOperator))
        .map(|c| {
            format!(
                "{} {} {}",
                c.aspect.name(),
                c.jurisdiction,
                c.strength.name()
            )
        })
        .collect();
    let parties = assessed
        .authorities
        .iter()
        .map(|p| p.id.0.clone())
        .collect();
    let findings = assessed.findings.iter().map(|f| f.definition.id).collect();
    (claims, parties, findings)
}

#[test]
fn an_authority_in_the_table_by_certificate_is_surer_than_by_name_and_a_lead_is_weak() {
    let ca = certificate::read(&PKI.ca.certificate).unwrap().id;
    let issuer = operator("issuer", "BE", true, &format!("certificates = [\"{ca}\"]"));
    let by_name = operator("test", "PL", true, "organizations = [\"bonafide test\"]");
    let lead = operator("test", "PL", false, "organizations = [\"bonafide test\"]");

    let (claims, parties, findings) = authorities(&[("issuer", &issuer), ("test", &by_name)]);
    assert_eq!(
        claims,
        [
            "pki_operator PL medium",
            "pki_operator BE high",
            "tsa_operator PL medium"
        ]
    );
    assert_eq!(
        parties,
        BTreeSet::from(["operator:issuer".to_owned(), "operator:test".to_owned()])
    );
    assert!(findings.contains("issuer-operated-externally"));

    let (claims, _, findings) = authorities(&[("test", &lead)]);
    assert_eq!(claims, ["pki_operator PL low", "tsa_operator PL low"]);
    assert!(findings.is_empty());
}

#[test]
fn an_authority_that_nothing_describes_is_unknown_and_said_to_be() {
    let (claims, parties, findings) = authorities(&[]);
    assert!(claims.is_empty() && parties.is_empty());
    assert_eq!(
        findings,
        BTreeSet::from(["pki-operator-unknown", "tsa-operator-unknown"])
    );
}

/// Messages about a table whose one operator runs the fixtures' authorities.
fn distrusted(table: &str, signature: &Signature, now: Time) -> Vec<(Status, String)> {
    let operators = Operators::read(&[("test", table)]).unwrap();
    let mut party = identify(signature).unwrap().party;
    let assessed = jurisdiction::assess(&mut party, signature, &operators, now.date());
    assessed
        .findings
        .into_iter()
        .filter(|f| f.definition.id == "authority-distrusted-before")
        .map(|f| (f.status, f.message))
        .collect()
}

#[test]
fn a_distrust_is_said_of_the_chains_that_it_concerns_from_its_day_on() {
    let distrust = |more: &str| {
        format!(
            "{}\n[[distrust]]\nby = \"A programme\"\nfrom = \"2025-03-01\"\nscope = \"TLS server certificates\"\ntext = \"roots removed\"\nsources = [\"s\"]\n{more}",
            operator("test", "PL", true, "organizations = [\"bonafide test\"]")
        )
    };
    let cited = distrust("verified = true\n");
    let found = distrusted(&cited, &chained(), NOW);
    assert_eq!(
        found.len(),
        2,
        "once above the signer, once above the timestamp: {found:#?}"
    );
    assert!(found.iter().all(|(status, _)| *status == Status::Review));
    assert!(found[0].1.contains("since 2025-03-01"), "{found:#?}");
    let before = datetime!(2025-02-28 12:00 UTC);
    assert!(distrusted(&cited, &chained(), before).is_empty());
    let other = distrust("verified = true\norganizations = [\"Another CA\"]\n");
    assert!(distrusted(&other, &chained(), NOW).is_empty());
    let mut invalid = chained();
    invalid.integrity = Integrity::Invalid(vec!["bad-signature"]);
    assert!(distrusted(&cited, &invalid, NOW).is_empty());
    let lead = distrusted(&distrust("verified = false\n"), &chained(), NOW);
    assert_eq!(lead.len(), 2, "{lead:#?}");
    assert!(lead.iter().all(|(status, message)| {
        *status == Status::Unknown && message.contains("decides nothing")
    }));
    let hearsay = cited.replace("sources = [\"s\"]", "sources = [\"hearsay\"]");
    assert!(Operators::read(&[("test", &hearsay)]).is_err());
}

#[test]
fn an_authority_and_a_timestamp_authority_in_a_country_of_concern_are_said_by_aspect() {
    let table = operator("test", "RU", true, "organizations = [\"bonafide test\"]");
    let operators = Operators::read(&[("test", &table)]).unwrap();
    let signature = chained();
    let mut party = identify(&signature).unwrap().party;
    jurisdiction::assess(&mut party, &signature, &operators, NOW.date());
    let instruments = bonafide::screening::Instruments::builtin().unwrap();
    let found = bonafide::screening::about_party(
        &party,
        &instruments,
        &bonafide::screening::lists::NoLists,
        NOW,
        180,
    );
    for aspect in ["pki_operator RU", "tsa_operator RU"] {
        let said = |f: &bonafide::model::finding::Finding| {
            f.definition.id == "country-of-concern" && f.message.contains(aspect)
        };
        assert!(found.iter().any(said), "{aspect}: {found:#?}");
    }
}

#[test]
fn every_shipped_distrust_names_its_sources() {
    let all: Vec<_> = Operators::bundled()
        .unwrap()
        .iter()
        .flat_map(|o| o.distrusts.iter().map(move |d| (o, d)))
        .collect();
    assert!(all.len() >= 12, "{}", all.len());
    for (operator, distrust) in all {
        let evidence = operator.distrust_evidence(distrust);
        assert_eq!(evidence.len(), distrust.sources.len(), "{}", operator.id);
        assert!(evidence.iter().all(|e| e.citation.is_some()));
    }
}

#[test]
fn a_timestamp_that_does_not_hold_makes_no_claim() {
    let mut signature = chained();
    signature.timestamps.first_mut().unwrap().integrity = Integrity::Invalid(vec!["bad-signature"]);
    let table = operator("test", "PL", true, "organizations = [\"bonafide test\"]");
    let operators = Operators::read(&[("test", &table)]).unwrap();
    let mut party = identify(&signature).unwrap().party;
    jurisdiction::assess(&mut party, &signature, &operators, NOW.date());
    assert!(party.claims.iter().all(|c| c.aspect != Aspect::TsaOperator));
}

#[test]
fn a_seat_that_the_registry_contradicts_is_another_company_of_the_name() {
    let mut facts = made(
        &[
            ("businessCategory", "Private Organization"),
            ("jurisdictionC", "KZ"),
            ("serialNumber", "77"),
            ("C", "SK"),
            ("O", "ESET, spol. s r.o."),
        ],
        vec![policies(&[EV_CODE_SIGNING])],
    );
    vendor::enrich(&mut facts.party, Registry::bundled().unwrap(), NOW.date());
    let link = facts.party.vendor.unwrap();
    assert_eq!((link.tier, link.slug.as_str()), (Tier::Group, "eset"));
    assert!(
        link.rule.contains("incorporated elsewhere"),
        "{}",
        link.rule
    );
}

#[test]
fn a_maker_of_the_signers_own_vendor_is_no_news() {
    let registry = Registry::bundled().unwrap();
    let settled = |maker: &str| {
        let mut signer = made(
            &[("C", "RU"), ("O", "AO Kaspersky Lab")],
            vec![policies(&["2.23.140.1.4.1"])],
        )
        .party;
        let claimed = [Claimed {
            key: "CompanyName".into(),
            value: maker.into(),
            span: 0..4,
        }];
        let signing = Signing {
            signature: &SignatureId("1".into()),
            signer: &signer,
            opus: None,
            source: Source::Signed,
        };
        let (mut made, finding) = declared(signing, &claimed).pop().unwrap();
        vendor::enrich(&mut signer, registry, NOW.date());
        vendor::enrich(&mut made, registry, NOW.date());
        let parties = [signer, made]
            .into_iter()
            .map(|p| (p.id.clone(), p))
            .collect();
        let mut findings = [finding];
        vendor::settle_declared(&parties, &mut findings);
        findings[0].status
    };
    assert_eq!(settled("Kaspersky Labs Limited"), Status::Pass);
    assert_eq!(settled("ESET, spol. s r.o."), Status::Review);
}
