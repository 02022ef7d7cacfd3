//! The fixtures under `fixtures/`: made by code, compared byte for byte with what is committed.
//!
//! `BONAFIDE_FIXTURES=overwrite cargo test --test suite fixtures::` rewrites them. Every artifact is signed with the published
//! keys in `fixtures/pki` under "bonafide test root"; names of real companies in them are there to be recognised, and say
//! nothing of those companies.

use std::fmt::Write as _;
use std::path::Path;

use bonafide::base::time::{Time, rfc3339};
use bonafide::model::digest::DigestAlgorithm;
use bonafide::model::signature::Integrity;
use bonafide::verify::path::Cache;
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;
use time::macros::datetime;

use crate::support::cms::{self, Signing};
use crate::support::judge::judge;
use crate::support::keys::{Key, armour};
use crate::support::pe::{self, Image, Kind};
use crate::support::pki::{self, EV_CODE_SIGNING, Identity, PKI, STAMPED, Template, name};
use crate::support::{der, root};

/// When the expectations hold, with the test root as the only anchor and `fixtures/pki/ca.crl` at hand.
pub(crate) const JUDGED_AT: Time = datetime!(2026-01-01 00:00 UTC);
const REVOKED_AT: Time = datetime!(2024-06-01 00:00 UTC);

/// One fixture.
pub(crate) struct Case {
    /// Its folder.
    pub(crate) name: &'static str,
    /// The property it has, in one sentence.
    pub(crate) about: &'static str,
    /// File name of the artifact.
    pub(crate) file: &'static str,
    pub(crate) build: fn() -> Vec<u8>,
    /// integrity and trust of each signature, in the order of the report; empty where unsigned.
    pub(crate) expected: &'static [(&'static str, &'static str)],
    /// The first signature carries the fixtures' timestamp.
    pub(crate) stamped: bool,
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "unsigned",
        about: "No signature at all.",
        file: "artifact.exe",
        build: || Image::default().build(),
        expected: &[],
        stamped: false,
    },
    Case {
        name: "valid-timestamped",
        about: "One good signature with a good RFC 3161 timestamp; 32 bits.",
        file: "artifact.exe",
        build: valid_timestamped,
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "expired-timestamped",
        about: "The certificate has expired since, and a timestamp from within its validity carries the signature on.",
        file: "artifact.exe",
        build: || sign_stamped(&expired_leaf()),
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "expired",
        about: "The certificate has expired, and no timestamp says when the file was signed.",
        file: "artifact.exe",
        build: || attach(&image(), &[Signing::by(&expired_leaf())]),
        expected: &[("valid", "expired")],
        stamped: false,
    },
    Case {
        name: "tampered",
        about: "One byte of the code differs from what was signed.",
        file: "artifact.exe",
        build: tampered,
        expected: &[("invalid", "trusted")],
        stamped: true,
    },
    Case {
        name: "padding-data",
        about: "Unsigned data stands behind the signature inside its certificate-table entry (MS13-098).",
        file: "artifact.exe",
        build: padding_data,
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "nested-two-signers",
        about: "A second signature, by another signer, is nested in the first.",
        file: "artifact.exe",
        build: nested_two_signers,
        expected: &[("valid", "trusted"), ("valid", "trusted")],
        stamped: true,
    },
    Case {
        name: "two-entries",
        about: "Two certificate-table entries by two signers.",
        file: "artifact.exe",
        build: two_entries,
        expected: &[("valid", "trusted"), ("valid", "trusted")],
        stamped: true,
    },
    Case {
        name: "page-hashes",
        about: "SHA-256 page hashes, all right.",
        file: "artifact.exe",
        build: page_hashes,
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "version-info-disagrees",
        about: "The version resource names another company than the certificate.",
        file: "artifact.exe",
        build: version_info_disagrees,
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "self-signed",
        about: "The signing certificate is its own issuer and no anchor.",
        file: "artifact.exe",
        build: self_signed,
        expected: &[("valid", "untrusted")],
        stamped: true,
    },
    Case {
        name: "revoked",
        about: "The certificate was revoked before the timestamp; the CRL is fixtures/pki/ca.crl.",
        file: "artifact.exe",
        build: || sign_stamped(&revoked_leaf()),
        expected: &[("valid", "revoked")],
        stamped: true,
    },
    Case {
        name: "efi-image",
        about: "An EFI application.",
        file: "artifact.efi",
        build: efi_image,
        expected: GOOD,
        stamped: false,
    },
    Case {
        name: "p521-key",
        about: "ECDSA over P-521 with SHA-512.",
        file: "artifact.exe",
        build: p521_key,
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "gost-key",
        about: "The signer's key is of GOST R 34.10-2012: the file digest agrees, the signature cannot be computed.",
        file: "artifact.exe",
        build: || sign_stamped(&gost_leaf()),
        expected: &[("unverifiable", "trusted")],
        stamped: true,
    },
    Case {
        name: "sm2-key",
        about: "The signer's key is on the SM2 curve: the file digest agrees, the signature cannot be computed.",
        file: "artifact.exe",
        build: || sign_stamped(&sm2_leaf()),
        expected: &[("unverifiable", "trusted")],
        stamped: true,
    },
    Case {
        name: "homoglyph-signer",
        about: "A Cyrillic letter makes the signer's name look like another company's.",
        file: "artifact.exe",
        build: || {
            signed_by(
                11,
                &[
                    ("C", "US"),
                    ("ST", "Washington"),
                    ("L", "Redmond"),
                    ("O", "Mi\u{441}rosoft Corporation"),
                    ("CN", "Mi\u{441}rosoft Corporation"),
                ],
            )
        },
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "bidi-signer",
        about: "A right-to-left override reorders the signer's name on screen.",
        file: "artifact.exe",
        build: || {
            signed_by(
                12,
                &[
                    ("C", "US"),
                    ("L", "Springfield"),
                    ("O", "Example \u{202e}noitaroproC tfosorciM"),
                    ("CN", "Example \u{202e}noitaroproC tfosorciM"),
                ],
            )
        },
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "cyrillic-signer",
        about: "The signer's name is in Cyrillic script throughout.",
        file: "artifact.exe",
        build: || {
            signed_by(
                13,
                &[
                    ("C", "RU"),
                    ("L", "\u{41c}\u{43e}\u{441}\u{43a}\u{432}\u{430}"),
                    (
                        "O",
                        "\u{41e}\u{41e}\u{41e} \u{ab}\u{41f}\u{440}\u{438}\u{43c}\u{435}\u{440}\u{bb}",
                    ),
                    (
                        "CN",
                        "\u{41e}\u{41e}\u{41e} \u{ab}\u{41f}\u{440}\u{438}\u{43c}\u{435}\u{440}\u{bb}",
                    ),
                ],
            )
        },
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "chinese-signer",
        about: "The signer's name is in Chinese, once as UTF8String and once as BMPString.",
        file: "artifact.exe",
        build: chinese_signer,
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "lei-and-orgid",
        about: "The certificate carries a Legal Entity Identifier and an organizationIdentifier, both invented.",
        file: "artifact.exe",
        build: lei_and_orgid,
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "kaspersky-ao",
        about: "EV-style subject of AO Kaspersky Lab, Russia, with matching program name and version resource.",
        file: "artifact.exe",
        build: kaspersky_ao,
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "kaspersky-ch",
        about: "Subject of Kaspersky Lab Switzerland GmbH, Zurich.",
        file: "artifact.exe",
        build: || {
            signed_by(
                22,
                &[
                    ("C", "CH"),
                    ("ST", "Zurich"),
                    ("L", "Zurich"),
                    ("O", "Kaspersky Lab Switzerland GmbH"),
                    ("CN", "Kaspersky Lab Switzerland GmbH"),
                ],
            )
        },
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "eset",
        about: "Subject of ESET, spol. s r.o., Bratislava.",
        file: "artifact.exe",
        build: || {
            signed_by(
                23,
                &[
                    ("C", "SK"),
                    ("L", "Bratislava"),
                    ("O", "ESET, spol. s r.o."),
                    ("CN", "ESET, spol. s r.o."),
                ],
            )
        },
        expected: GOOD,
        stamped: true,
    },
    Case {
        name: "tencent",
        about: "Subject of Tencent Technology(Shenzhen) Company Limited.",
        file: "artifact.exe",
        build: || {
            signed_by(
                24,
                &[
                    ("C", "CN"),
                    ("ST", "Guangdong"),
                    ("L", "Shenzhen"),
                    ("O", "Tencent Technology(Shenzhen) Company Limited"),
                    ("CN", "Tencent Technology(Shenzhen) Company Limited"),
                ],
            )
        },
        expected: GOOD,
        stamped: true,
    },
];

const GOOD: &[(&str, &str)] = &[("valid", "trusted")];

fn image() -> Vec<u8> {
    Image::default().build()
}

/// Signs an unsigned image; each signature in an entry of its own.
pub(crate) fn attach(image: &[u8], signings: &[Signing<'_>]) -> Vec<u8> {
    let entries: Vec<Vec<u8>> = signings
        .iter()
        .map(|s| pe::win_certificate(&s.authenticode(&pe::digest(image, s.digest))))
        .collect();
    pe::attach(image, &entries)
}

fn sign_stamped(signer: &Identity) -> Vec<u8> {
    attach(&image(), &[Signing::by(signer).stamped()])
}

fn rsa_leaf(serial: u8, subject: &[(&str, &str)]) -> Identity {
    Template::leaf(serial, name(subject)).issue(Key::load("signer-rsa2048"), Some(&PKI.ca))
}

/// A leaf for this subject, signing with P-256 to stay small.
pub(crate) fn leaf(serial: u8, subject: &[(&str, &str)]) -> Identity {
    Template::leaf(serial, name(subject)).issue(Key::load("signer-p256"), Some(&PKI.ca))
}

fn signed_by(serial: u8, subject: &[(&str, &str)]) -> Vec<u8> {
    sign_stamped(&leaf(serial, subject))
}

const EXAMPLE: &[(&str, &str)] = &[
    ("C", "DE"),
    ("L", "Berlin"),
    ("O", "Example Software GmbH"),
    ("CN", "Example Software GmbH"),
];

/// Signed with RSA, program name and address given: the file that bits are flipped in.
pub(crate) fn valid_timestamped() -> Vec<u8> {
    let image = Image {
        kind: Kind::Pe32,
        ..Image::default()
    }
    .build();
    let signer = rsa_leaf(1, EXAMPLE);
    let signing = Signing {
        program_name: Some("Example"),
        url: Some("https://example.test/"),
        ..Signing::by(&signer).stamped()
    };
    attach(&image, &[signing])
}

fn expired_leaf() -> Identity {
    Template {
        not_after: datetime!(2025-06-01 00:00 UTC),
        ..Template::leaf(2, name(EXAMPLE))
    }
    .issue(Key::load("signer-p256"), Some(&PKI.ca))
}

fn tampered() -> Vec<u8> {
    let mut signed = sign_stamped(&leaf(3, EXAMPLE));
    signed[0x204] ^= 1;
    signed
}

fn padding_data() -> Vec<u8> {
    let image = image();
    let signer = leaf(4, EXAMPLE);
    let signing = Signing::by(&signer).stamped();
    let mut entry = signing.authenticode(&pe::digest(&image, signing.digest));
    entry.extend(b"unsigned data behind the signature: a downloader's address, a serial number");
    pe::attach(&image, &[pe::win_certificate(&entry)])
}

const OTHER: &[(&str, &str)] = &[
    ("C", "FR"),
    ("L", "Lyon"),
    ("O", "Exemple Logiciels SAS"),
    ("CN", "Exemple Logiciels SAS"),
];

fn nested_two_signers() -> Vec<u8> {
    let image = image();
    let (outer, inner) = (leaf(5, EXAMPLE), leaf(6, OTHER));
    let nested = Signing {
        digest: DigestAlgorithm::Sha384,
        ..Signing::by(&inner).stamped()
    }
    .authenticode(&pe::digest(&image, DigestAlgorithm::Sha384));
    let signing = Signing {
        unsigned: vec![cms::attribute(cms::NESTED, &[nested])],
        ..Signing::by(&outer).stamped()
    };
    attach(&image, &[signing])
}

fn two_entries() -> Vec<u8> {
    let (first, second) = (leaf(7, EXAMPLE), leaf(8, OTHER));
    attach(
        &image(),
        &[
            Signing::by(&first).stamped(),
            Signing::by(&second).stamped(),
        ],
    )
}

fn page_hashes() -> Vec<u8> {
    let image = image();
    let signer = leaf(9, EXAMPLE);
    let signing = Signing {
        page_hashes: Some(pe::page_hashes(&image)),
        ..Signing::by(&signer).stamped()
    };
    attach(&image, &[signing])
}

fn version_info_disagrees() -> Vec<u8> {
    let image = Image {
        version_info: &[
            ("CompanyName", "Microsoft Corporation"),
            ("ProductName", "Windows Update"),
            ("OriginalFilename", "update.exe"),
        ],
        ..Image::default()
    }
    .build();
    attach(&image, &[Signing::by(&leaf(10, EXAMPLE)).stamped()])
}

fn self_signed() -> Vec<u8> {
    let signer = Template::leaf(14, name(EXAMPLE)).issue(Key::load("signer-p256"), None);
    let signing = Signing {
        certificates: vec![signer.certificate.clone()],
        ..Signing::by(&signer).stamped()
    };
    attach(&image(), &[signing])
}

/// Names where its CRL is to be had (RFC 5280 section 4.2.1.13); nothing answers there.
fn revoked_leaf() -> Identity {
    let mut template = Template::leaf(15, name(EXAMPLE));
    let url = der::tlv(0x86, b"http://crl.example/ca.crl");
    let point = der::sequence(&[der::tlv(0xa0, &der::tlv(0xa0, &url))]);
    template
        .extensions
        .push(pki::extension("2.5.29.31", false, &der::sequence(&[point])));
    template.issue(Key::load("signer-p256"), Some(&PKI.ca))
}

fn efi_image() -> Vec<u8> {
    let image = Image {
        kind: Kind::Efi,
        ..Image::default()
    }
    .build();
    // Firmware takes RSA; timestamps mean nothing to it.
    attach(&image, &[Signing::by(&rsa_leaf(16, EXAMPLE))])
}

fn p521_key() -> Vec<u8> {
    let signer = Template::leaf(17, name(EXAMPLE)).issue(Key::load("signer-p521"), Some(&PKI.ca));
    let signing = Signing {
        digest: DigestAlgorithm::Sha512,
        ..Signing::by(&signer).stamped()
    };
    attach(&image(), &[signing])
}

/// RFC 9215 section 4.2, with octets in place of a point.
fn gost_leaf() -> Identity {
    let spki = der::sequence(&[
        der::sequence(&[
            der::oid("1.2.643.7.1.1.1.1"),
            der::sequence(&[
                der::oid("1.2.643.7.1.2.1.1.1"),
                der::oid("1.2.643.7.1.1.2.2"),
            ]),
        ]),
        der::bits(&der::octets(&[0x47; 64])),
    ]);
    let key = Key::foreign(spki, der::sequence(&[der::oid("1.2.643.7.1.1.1.1")]));
    let subject = [
        ("C", "RU"),
        ("L", "Moscow"),
        ("O", "OOO Primer"),
        ("CN", "OOO Primer"),
    ];
    Template::leaf(18, name(&subject)).issue(key, Some(&PKI.ca))
}

/// GM/T 0006: id-ecPublicKey on the SM2 curve, SM3 with SM2; octets in place of a point.
fn sm2_leaf() -> Identity {
    let spki = der::sequence(&[
        der::sequence(&[
            der::oid("1.2.840.10045.2.1"),
            der::oid("1.2.156.10197.1.301"),
        ]),
        der::bits(&[&[4][..], &[0x53; 64]].concat()),
    ]);
    let key = Key::foreign(spki, der::sequence(&[der::oid("1.2.156.10197.1.501")]));
    let subject = [
        ("C", "CN"),
        ("L", "Beijing"),
        ("O", "Example Technology Co., Ltd."),
        ("CN", "Example Technology Co., Ltd."),
    ];
    Template::leaf(19, name(&subject)).issue(key, Some(&PKI.ca))
}

fn chinese_signer() -> Vec<u8> {
    const COMPANY: &str =
        "\u{6df1}\u{5733}\u{5e02}\u{793a}\u{4f8b}\u{79d1}\u{6280}\u{6709}\u{9650}\u{516c}\u{53f8}";
    let subject = der::sequence(&[
        pki::attribute("C", der::printable("CN")),
        pki::attribute("ST", der::utf8("\u{5e7f}\u{4e1c}\u{7701}")),
        pki::attribute("L", der::utf8("\u{6df1}\u{5733}\u{5e02}")),
        pki::attribute("O", der::tlv(0x1e, &der::bmp_contents(COMPANY))),
        pki::attribute("CN", der::utf8(COMPANY)),
    ]);
    let signer = Template::leaf(20, subject).issue(Key::load("signer-p256"), Some(&PKI.ca));
    sign_stamped(&signer)
}

fn lei_and_orgid() -> Vec<u8> {
    let subject = [
        ("C", "DE"),
        ("L", "Berlin"),
        ("organizationIdentifier", "NTRDE-HRB 000000"),
        ("O", "Example Software GmbH"),
        ("CN", "Example Software GmbH"),
    ];
    let mut template = Template::leaf(25, name(&subject));
    // CA/Browser Forum EV guidelines: cabfOrganizationIdentifier; Global LEI Foundation: lei.
    template.extensions.push(pki::extension(
        "2.23.140.3.1",
        false,
        &der::sequence(&[
            der::printable("NTR"),
            der::printable("DE"),
            der::utf8("HRB 000000"),
        ]),
    ));
    template.extensions.push(pki::extension(
        "1.3.6.1.4.1.52266.1",
        false,
        &der::sequence(&[der::printable("000000BONAFIDETEST03")]),
    ));
    sign_stamped(&template.issue(Key::load("signer-p256"), Some(&PKI.ca)))
}

fn kaspersky_ao() -> Vec<u8> {
    let image = Image {
        version_info: &[
            ("CompanyName", "AO Kaspersky Lab"),
            ("FileDescription", "bonafide test fixture"),
            ("ProductName", "Kaspersky"),
        ],
        ..Image::default()
    }
    .build();
    // The registration number is invented.
    let subject = [
        ("jurisdictionC", "RU"),
        ("businessCategory", "Private Organization"),
        ("serialNumber", "0000000000000"),
        ("C", "RU"),
        ("L", "Moscow"),
        ("O", "AO Kaspersky Lab"),
        ("CN", "AO Kaspersky Lab"),
    ];
    let mut template = Template::leaf(21, name(&subject));
    template.extensions[2] = pki::policies(&[EV_CODE_SIGNING]);
    let signer = template.issue(Key::load("signer-rsa2048"), Some(&PKI.ca));
    let signing = Signing {
        program_name: Some("Kaspersky"),
        ..Signing::by(&signer).stamped()
    };
    attach(&image, &[signing])
}

/// The CRL of the code signing CA.
pub(crate) fn ca_crl() -> Vec<u8> {
    pki::crl(
        &PKI.ca,
        datetime!(2025-01-01 00:00 UTC),
        datetime!(2049-12-31 00:00 UTC),
        &[(&revoked_leaf().serial, REVOKED_AT)],
    )
}

fn files_of_the_pki() -> Vec<(&'static str, Vec<u8>)> {
    let certificate = |identity: &Identity| {
        armour(
            "CERTIFICATE",
            "TEST ONLY. The private key is published with the source; never trust this certificate.",
            &identity.certificate,
        )
        .into_bytes()
    };
    vec![
        ("root.pem", certificate(&PKI.root)),
        ("ca.pem", certificate(&PKI.ca)),
        ("tsa.pem", certificate(&PKI.tsa)),
        ("ca.crl", ca_crl()),
    ]
}

fn origin(case: &Case) -> String {
    format!(
        "# Made by tests/suite/fixtures.rs; rewrite with BONAFIDE_FIXTURES=overwrite.\n         about = \"{}\"\n         source = \"made by this project: tests/suite/fixtures.rs, keys in fixtures/pki\"\n         licence = \"Apache-2.0 OR MIT\"\n         note = \"TEST ONLY. Signed under 'bonafide test root', whose key is published. Company names in it are there to be recognised and say nothing of those companies.\"\n",
        case.about
    )
}

fn expected(case: &Case) -> String {
    let mut signatures = String::new();
    for (i, (integrity, trust)) in case.expected.iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(
            signatures,
            "{comma}\n    {{ \"integrity\": \"{integrity}\", \"trust\": \"{trust}\" }}"
        );
    }
    if !signatures.is_empty() {
        signatures.push_str("\n  ");
    }
    let timestamp = if case.stamped {
        format!("\"{}\"", rfc3339(STAMPED))
    } else {
        "null".into()
    };
    format!(
        "{{\n  \"at\": \"{}\",\n  \"timestamp\": {timestamp},\n  \"signatures\": [{signatures}]\n}}\n",
        rfc3339(JUDGED_AT)
    )
}

fn overwriting() -> bool {
    std::env::var_os("BONAFIDE_FIXTURES").is_some_and(|v| v == "overwrite")
}

/// Compares with what is committed, or rewrites it.
fn settle(path: &Path, made: &[u8], stale: &mut Vec<String>) {
    if overwriting() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, made).unwrap();
    } else if std::fs::read(path).ok().as_deref() != Some(made) {
        stale.push(path.strip_prefix(root()).unwrap().display().to_string());
    }
}

#[test]
fn every_fixture_is_what_its_recipe_makes() {
    let fixtures = root().join("fixtures");
    let mut stale = Vec::new();
    for (file, made) in files_of_the_pki() {
        settle(&fixtures.join("pki").join(file), &made, &mut stale);
    }
    for case in CASES {
        let folder = fixtures.join("pe").join(case.name);
        let artifact = (case.build)();
        assert!(
            artifact.len() < 12_000,
            "{} has {} bytes",
            case.name,
            artifact.len()
        );
        settle(&folder.join(case.file), &artifact, &mut stale);
        settle(
            &folder.join("ORIGIN.toml"),
            origin(case).as_bytes(),
            &mut stale,
        );
        settle(
            &folder.join("expected.json"),
            expected(case).as_bytes(),
            &mut stale,
        );
    }
    assert!(stale.is_empty(), "not as made: {stale:#?}");
}

#[test]
fn every_fixture_is_judged_as_it_was_made_to_be() {
    let revocation = RevocationEvidence {
        crls: vec![ca_crl()],
        ..RevocationEvidence::default()
    };
    let cache = Cache::default();
    for case in CASES {
        let profile = if case.file.ends_with(".efi") {
            Profile::Uefi
        } else {
            Profile::Windows
        };
        let outcome = judge(&(case.build)(), JUDGED_AT, profile, &revocation, &cache);
        assert_eq!(outcome.error, None, "{}", case.name);
        let judged: Vec<(&str, &str)> = outcome
            .signatures
            .iter()
            .map(|s| {
                let integrity = match s.integrity {
                    Integrity::Valid => "valid",
                    Integrity::Invalid(_) => "invalid",
                    Integrity::Unverifiable(_) => "unverifiable",
                };
                (integrity, s.trust.status.name())
            })
            .collect();
        assert_eq!(judged, case.expected, "{}: {outcome:#?}", case.name);
        let stamped = outcome.signatures.first().is_some_and(|s| {
            s.time_basis.at == STAMPED && s.time_basis.attested && s.timestamps.len() == 1
        });
        assert_eq!(stamped, case.stamped, "{}", case.name);
    }
}

#[test]
fn no_folder_is_without_a_recipe() {
    if overwriting() {
        return;
    }
    let mut found: Vec<String> = std::fs::read_dir(root().join("fixtures/pe"))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let mut known: Vec<&str> = CASES.iter().map(|c| c.name).collect();
    found.sort();
    known.sort_unstable();
    assert_eq!(found, known);
}
