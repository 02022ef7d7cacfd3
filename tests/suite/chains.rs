//! Chains made here, one property each: what the search does with names, keys, order, anchors and profiles.

use std::sync::Arc;

use bonafide::base::time::{Time, parse_rfc3339};
use bonafide::model::certificate::{Certificate, CertificateId, Name, SharedCertificate};
use bonafide::model::signature::TrustStatus;
use bonafide::verify::certificate;
use bonafide::verify::path::{
    self, Anchor, Anchors, Cache, Judged, Purpose, Query, Refusal, time_basis,
};
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;
use time::macros::datetime;

use crate::support::anchors::{Nobody, Pinned};
use crate::support::corpus;
use crate::support::keys::Key;
use crate::support::pki::{self, Identity, PKI, Template};

const NOW: Time = datetime!(2026-06-01 00:00 UTC);

fn read(identity: &Identity) -> SharedCertificate {
    Arc::new(certificate::read(&identity.certificate).unwrap())
}

fn leaf_template() -> Template {
    Template::leaf(0x61, pki::name(&[("C", "SK"), ("O", "Signer")]))
}

fn leaf() -> SharedCertificate {
    read(&leaf_template().issue(Key::load("signer-rsa2048"), Some(&PKI.ca)))
}

/// A root with the P-384 key.
fn second_root() -> Identity {
    Template {
        serial: vec![9],
        subject: pki::name(&[("O", "bonafide test"), ("CN", "second root")]),
        not_before: datetime!(2020-01-01 00:00 UTC),
        not_after: datetime!(2049-01-01 00:00 UTC),
        extensions: vec![pki::basic_constraints(None), pki::key_usage(&[5, 6])],
        ..leaf_template()
    }
    .issue(Key::load("signer-p384"), None)
}

/// A certificate with the issuing CA's name, for `key`, by `issuer`.
fn namesake(key: &str, issuer: &Identity) -> Identity {
    Template {
        serial: vec![10],
        subject: PKI.ca.name.clone(),
        not_before: datetime!(2020-01-01 00:00 UTC),
        not_after: datetime!(2049-01-01 00:00 UTC),
        extensions: vec![pki::basic_constraints(None), pki::key_usage(&[5, 6])],
        ..leaf_template()
    }
    .issue(Key::load(key), Some(issuer))
}

fn judge(
    leaf: &SharedCertificate,
    supplied: &[SharedCertificate],
    anchors: &dyn Anchors,
    profile: Profile,
) -> Judged {
    path::judge(&Query {
        leaf,
        supplied,
        issuers: &Nobody,
        anchors,
        purpose: Purpose::CodeSigning,
        at: NOW,
        attested: false,
        now: NOW,
        profile,
        revocation: &RevocationEvidence::default(),
        cache: &Cache::default(),
    })
}

/// Root anchors, of which some are refused.
struct Choosy {
    pinned: Pinned,
    refused: Vec<CertificateId>,
    disallowed: Vec<CertificateId>,
}

impl Anchors for Choosy {
    fn issued_by(&self, issuer: &Name) -> Vec<Anchor> {
        self.pinned.issued_by(issuer)
    }

    fn get(&self, id: &CertificateId) -> Option<Anchor> {
        self.pinned.get(id)
    }

    fn admits(
        &self,
        anchor: &Anchor,
        _: &Certificate,
        _: Purpose,
        _: Time,
        _: bool,
    ) -> Result<(), Refusal> {
        if self.refused.contains(&anchor.certificate.id) {
            return Err(Refusal {
                fault: "root-disallowed",
                status: TrustStatus::Distrusted,
                reason: "withdrawn".into(),
            });
        }
        Ok(())
    }

    fn disallowed(&self, certificate: &Certificate) -> Option<String> {
        self.disallowed
            .contains(&certificate.id)
            .then(|| "listed".to_owned())
    }
}

#[test]
fn the_order_of_certificates_and_namesakes_with_other_keys_change_nothing() {
    let (ca, root) = (read(&PKI.ca), read(&PKI.root));
    let decoy = read(&namesake("signer-p256", &PKI.root));
    let stray = read(&second_root());
    let anchors = Pinned(vec![Arc::clone(&root)]);
    let mut supplied = vec![decoy, stray, Arc::clone(&ca), Arc::clone(&root)];
    let leaf = leaf();
    for _ in 0..supplied.len() {
        supplied.rotate_left(1);
        for order in [
            supplied.clone(),
            supplied.iter().rev().map(Arc::clone).collect(),
        ] {
            let judged = judge(&leaf, &order, &anchors, Profile::Windows);
            assert_eq!(judged.trust.status, TrustStatus::Trusted);
            let chain: Vec<_> = judged.trust.chain.iter().map(|c| c.id).collect();
            assert_eq!(chain, [leaf.id, ca.id, root.id]);
            assert_eq!(judged.trust.paths_tried, 1);
        }
    }
}

#[test]
fn a_refusal_by_one_anchor_leaves_the_search_open_for_others() {
    let other = second_root();
    let cross = read(&namesake("ca-rsa2048", &other));
    let (first, second) = (read(&PKI.root), read(&other));
    let supplied = [read(&PKI.ca), cross];
    let mut anchors = Choosy {
        pinned: Pinned(vec![Arc::clone(&first), Arc::clone(&second)]),
        refused: vec![first.id],
        disallowed: Vec::new(),
    };
    let judged = judge(&leaf(), &supplied, &anchors, Profile::Windows);
    assert_eq!(judged.trust.status, TrustStatus::Trusted);
    assert_eq!(judged.trust.root, Some(second.id));

    anchors.refused.push(second.id);
    let judged = judge(&leaf(), &supplied, &anchors, Profile::Windows);
    assert_eq!(judged.trust.status, TrustStatus::Distrusted);
    assert_eq!(judged.trust.faults, ["root-disallowed"]);
}

#[test]
fn a_disallowed_certificate_anywhere_on_the_path_defeats_it() {
    let leaf = leaf();
    for disallowed in [leaf.id, read(&PKI.ca).id, read(&PKI.root).id] {
        let anchors = Choosy {
            pinned: Pinned(vec![read(&PKI.root)]),
            refused: Vec::new(),
            disallowed: vec![disallowed],
        };
        let judged = judge(&leaf, &[read(&PKI.ca)], &anchors, Profile::Windows);
        assert_eq!(judged.trust.status, TrustStatus::Distrusted);
        assert_eq!(judged.trust.faults, ["certificate-disallowed"]);
    }
}

#[test]
fn without_anchors_nothing_is_trusted() {
    let supplied = [read(&PKI.ca), read(&PKI.root)];
    for profile in [
        Profile::Windows,
        Profile::WindowsStrict,
        Profile::Uefi,
        Profile::Kernel,
    ] {
        let judged = judge(&leaf(), &supplied, &Pinned(Vec::new()), profile);
        assert_eq!(judged.trust.status, TrustStatus::Untrusted, "{profile:?}");
        assert_eq!(judged.trust.faults, ["no-path"]);
        assert_eq!(
            judged.trust.chain.len(),
            3,
            "the chain is shown all the same"
        );
    }
    let judged = judge(
        &leaf(),
        &supplied,
        &Pinned(vec![read(&PKI.root)]),
        Profile::IntegrityOnly,
    );
    assert_eq!(judged.trust.status, TrustStatus::NotChecked);
}

#[test]
fn firmware_asks_neither_dates_nor_usages() {
    let old = Template {
        not_before: datetime!(2021-01-01 00:00 UTC),
        not_after: datetime!(2022-01-01 00:00 UTC),
        extensions: Vec::new(),
        ..leaf_template()
    }
    .issue(Key::load("signer-rsa2048"), Some(&PKI.ca));
    let anchors = Pinned(vec![read(&PKI.root)]);
    let supplied = [read(&PKI.ca)];
    let firmware = judge(&read(&old), &supplied, &anchors, Profile::Uefi);
    assert_eq!(firmware.trust.status, TrustStatus::Trusted);
    let windows = judge(&read(&old), &supplied, &anchors, Profile::Windows);
    assert_eq!(windows.trust.status, TrustStatus::Untrusted);
    assert_eq!(windows.trust.faults, ["eku-missing-codesigning", "expired"]);
}

#[test]
fn a_timestamp_counts_from_its_time_unless_it_lies_ahead_or_the_leaf_is_for_life() {
    let leaf = leaf();
    let at = |text| parse_rfc3339(text).unwrap();
    let (basis, fault) = time_basis(&leaf, Some(at("2025-01-01")), NOW);
    assert!(basis.attested && basis.at == at("2025-01-01") && fault.is_none());
    let (basis, fault) = time_basis(&leaf, None, NOW);
    assert!(!basis.attested && basis.at == NOW && fault.is_none());
    let (basis, fault) = time_basis(&leaf, Some(at("2027-01-01")), NOW);
    assert!(!basis.attested && basis.at == NOW);
    assert_eq!(fault, Some("timestamp-in-future"));
    let lifetime = Template {
        extensions: vec![pki::extended_key_usage(
            &[pki::CODE_SIGNING, "1.3.6.1.4.1.311.10.3.13"],
            false,
        )],
        ..leaf_template()
    }
    .issue(Key::load("signer-rsa2048"), Some(&PKI.ca));
    let (basis, fault) = time_basis(&read(&lifetime), Some(at("2025-01-01")), NOW);
    assert!(!basis.attested && basis.at == NOW && fault.is_none());
}

/// A certificate made with a length of more octets than it needs, which is not DER: what was signed would have two encodings.
const NOT_DER: [&str; 3] = [
    "rsa-2048-redun-len.x509.pem",
    "rsa-2048-redun-len.x509.der",
    "rsa-2048-2-certs.x509.pem",
];

/// Files of one certificate or many, as suites hold them: what x509-parser reads is read, and the same.
#[test]
fn every_certificate_of_the_suites_reads_as_it_does_elsewhere() {
    use x509_parser::prelude::{FromDer as _, X509Certificate};
    let Some(root) = corpus("README.md") else {
        return;
    };
    let mut stack = vec![root.parent().unwrap().to_path_buf()];
    let mut compared = 0;
    let mut refused = 0;
    let mut wrong = Vec::new();
    while let Some(folder) = stack.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                stack.push(path);
                continue;
            }
            let certificate = path
                .extension()
                .is_some_and(|e| ["pem", "crt", "cer", "der"].iter().any(|x| e == *x));
            let Ok(bytes) = std::fs::read(&path) else {
                continue;
            };
            if !certificate {
                continue;
            }
            let blocks: Vec<Vec<u8>> = x509_parser::pem::Pem::iter_from_buffer(&bytes)
                .filter_map(Result::ok)
                .filter(|block| block.label == "CERTIFICATE")
                .map(|block| block.contents)
                .chain([bytes.clone()])
                .collect();
            for der in blocks {
                let Ok((rest, theirs)) = X509Certificate::from_der(&der) else {
                    continue;
                };
                match certificate::read(&der) {
                    Ok(ours)
                        if ours.serial == theirs.raw_serial()
                            && ours.subject.raw == theirs.subject().as_raw()
                            && ours.issuer.raw == theirs.issuer().as_raw()
                            && ours.spki == theirs.public_key().raw
                            && ours.tbs() == theirs.tbs_certificate.as_ref()
                            && ours.not_after.unix_timestamp()
                                == theirs.validity().not_after.timestamp() =>
                    {
                        compared += 1;
                    }
                    Ok(_) => wrong.push(format!("{}: read differently", path.display())),
                    // Bytes behind the certificate are refused here.
                    Err(_) if !rest.is_empty() => {}
                    Err(_) if NOT_DER.iter().any(|name| path.ends_with(name)) => refused += 1,
                    Err(error) => wrong.push(format!("{}: {error}", path.display())),
                }
            }
        }
    }
    println!("certificates of the suites: {compared} read alike");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(compared > 700, "{compared}");
    assert_eq!(refused, NOT_DER.len(), "one of them reads now");
}
