//! A certificate authority for tests (RFC 5280): names, certificates, revocation lists, and the one that the fixtures share.

use std::sync::LazyLock;

use bonafide::base::time::Time;
use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::digest::hash;
use time::macros::datetime;

use super::der;
use super::keys::Key;

/// When the fixtures' timestamps were made.
pub(crate) const STAMPED: Time = datetime!(2025-01-01 00:00 UTC);

/// id-kp-codeSigning.
pub(crate) const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
/// id-kp-timeStamping.
pub(crate) const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
/// CA/Browser Forum: EV code signing.
pub(crate) const EV_CODE_SIGNING: &str = "2.23.140.1.3";
/// CA/Browser Forum: code signing with a verified organisation or individual.
pub(crate) const OV_CODE_SIGNING: &str = "2.23.140.1.4.1";

/// A certificate with its key.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) key: Key,
    pub(crate) certificate: Vec<u8>,
    /// Its subject, encoded.
    pub(crate) name: Vec<u8>,
    /// Its serial number, the magnitude.
    pub(crate) serial: Vec<u8>,
}

/// What a certificate shall say.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) serial: Vec<u8>,
    /// Name, encoded.
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: Time,
    pub(crate) not_after: Time,
    pub(crate) extensions: Vec<Vec<u8>>,
    pub(crate) digest: DigestAlgorithm,
}

impl Template {
    /// A code-signing leaf with an organisation-validated policy.
    pub(crate) fn leaf(serial: u8, subject: Vec<u8>) -> Self {
        Self {
            // Twelve octets, as CAs draw them; the first keeps it positive.
            serial: [&[0x5a; 11][..], &[serial]].concat(),
            subject,
            not_before: datetime!(2024-01-01 00:00 UTC),
            not_after: datetime!(2049-01-01 00:00 UTC),
            extensions: vec![
                key_usage(&[0]),
                extended_key_usage(&[CODE_SIGNING], false),
                policies(&[OV_CODE_SIGNING]),
            ],
            digest: DigestAlgorithm::Sha256,
        }
    }

    /// Issues it under `issuer`, or under its own key.
    pub(crate) fn issue(&self, key: Key, issuer: Option<&Identity>) -> Identity {
        let signing = issuer.map_or(&key, |i| &i.key);
        let mut extensions = self.extensions.clone();
        extensions.push(subject_key_id(&key));
        extensions.push(authority_key_id(signing));
        let algorithm = signing.signature_algorithm(self.digest);
        let tbs = der::sequence(&[
            der::explicit(0, &der::integer(2)),
            der::unsigned(&self.serial),
            algorithm.clone(),
            issuer.map_or_else(|| self.subject.clone(), |i| i.name.clone()),
            der::sequence(&[der::time(self.not_before), der::time(self.not_after)]),
            self.subject.clone(),
            key.spki.clone(),
            der::explicit(3, &der::sequence(&extensions)),
        ]);
        let signature = signing.sign(self.digest, &tbs);
        Identity {
            certificate: der::sequence(&[tbs, algorithm, der::bits(&signature)]),
            name: self.subject.clone(),
            serial: self.serial.clone(),
            key,
        }
    }
}

/// A Name of one attribute a RDN: `name(&[("C", "SK"), ("O", "…")])`. Countries are PrintableString, the rest UTF8String.
pub(crate) fn name(attributes: &[(&str, &str)]) -> Vec<u8> {
    let rdns: Vec<Vec<u8>> = attributes
        .iter()
        .map(|(kind, value)| {
            let value = match *kind {
                "C" | "jurisdictionC" | "serialNumber" => der::printable(value),
                _ => der::utf8(value),
            };
            attribute(kind, value)
        })
        .collect();
    der::sequence(&rdns)
}

/// One RDN of one attribute with an encoded value.
pub(crate) fn attribute(kind: &str, value: Vec<u8>) -> Vec<u8> {
    let oid = match kind {
        "CN" => "2.5.4.3",
        "serialNumber" => "2.5.4.5",
        "C" => "2.5.4.6",
        "L" => "2.5.4.7",
        "ST" => "2.5.4.8",
        "street" => "2.5.4.9",
        "O" => "2.5.4.10",
        "OU" => "2.5.4.11",
        "businessCategory" => "2.5.4.15",
        "postalCode" => "2.5.4.17",
        "organizationIdentifier" => "2.5.4.97",
        "jurisdictionL" => "1.3.6.1.4.1.311.60.2.1.1",
        "jurisdictionST" => "1.3.6.1.4.1.311.60.2.1.2",
        "jurisdictionC" => "1.3.6.1.4.1.311.60.2.1.3",
        dotted => dotted,
    };
    der::set(&[der::sequence(&[der::oid(oid), value])])
}

pub(crate) fn extension(dotted: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts = vec![der::oid(dotted)];
    if critical {
        parts.push(der::boolean(true));
    }
    parts.push(der::octets(value));
    der::sequence(&parts)
}

pub(crate) fn basic_constraints(path_len: Option<u64>) -> Vec<u8> {
    let mut parts = vec![der::boolean(true)];
    parts.extend(path_len.map(der::integer));
    extension("2.5.29.19", true, &der::sequence(&parts))
}

/// keyUsage with these bits of RFC 5280 section 4.2.1.3, all below 8.
pub(crate) fn key_usage(bits: &[u8]) -> Vec<u8> {
    let octet = bits.iter().fold(0u8, |octet, bit| octet | (0x80 >> bit));
    let unused = u8::try_from(octet.trailing_zeros()).unwrap();
    extension("2.5.29.15", true, &der::tlv(3, &[unused, octet]))
}

pub(crate) fn extended_key_usage(purposes: &[&str], critical: bool) -> Vec<u8> {
    let purposes: Vec<Vec<u8>> = purposes.iter().map(|p| der::oid(p)).collect();
    extension("2.5.29.37", critical, &der::sequence(&purposes))
}

pub(crate) fn policies(policies: &[&str]) -> Vec<u8> {
    let information: Vec<Vec<u8>> = policies
        .iter()
        .map(|p| der::sequence(&[der::oid(p)]))
        .collect();
    extension("2.5.29.32", false, &der::sequence(&information))
}

/// SHA-1 of the SubjectPublicKeyInfo (RFC 7093 section 2 names the choices; any unique value does).
fn key_id(key: &Key) -> Vec<u8> {
    hash(DigestAlgorithm::Sha1, &key.spki).unwrap()
}

fn subject_key_id(key: &Key) -> Vec<u8> {
    extension("2.5.29.14", false, &der::octets(&key_id(key)))
}

fn authority_key_id(key: &Key) -> Vec<u8> {
    extension(
        "2.5.29.35",
        false,
        &der::sequence(&[der::implicit(0, &key_id(key))]),
    )
}

/// A full CRL of `issuer` that revokes these serial numbers for key compromise (RFC 5280 section 5).
pub(crate) fn crl(
    issuer: &Identity,
    this_update: Time,
    next_update: Time,
    revoked: &[(&[u8], Time)],
) -> Vec<u8> {
    let algorithm = issuer.key.signature_algorithm(DigestAlgorithm::Sha256);
    let reason = extension("2.5.29.21", false, &der::tlv(0x0a, &[1]));
    let entries: Vec<Vec<u8>> = revoked
        .iter()
        .map(|(serial, at)| {
            der::sequence(&[
                der::unsigned(serial),
                der::time(*at),
                der::sequence(std::slice::from_ref(&reason)),
            ])
        })
        .collect();
    let extensions = der::sequence(&[
        authority_key_id(&issuer.key),
        extension("2.5.29.20", false, &der::integer(1)),
    ]);
    let mut parts = vec![
        der::integer(1),
        algorithm.clone(),
        issuer.name.clone(),
        der::time(this_update),
        der::time(next_update),
    ];
    // revokedCertificates is absent where there is none (RFC 5280 section 5.1.2.6).
    if !entries.is_empty() {
        parts.push(der::sequence(&entries));
    }
    parts.push(der::explicit(0, &extensions));
    let tbs = der::sequence(&parts);
    let signature = issuer.key.sign(DigestAlgorithm::Sha256, &tbs);
    der::sequence(&[tbs, algorithm, der::bits(&signature)])
}

/// The authority that the fixtures share.
#[derive(Debug)]
pub(crate) struct Pki {
    /// `bonafide test root`.
    pub(crate) root: Identity,
    /// `bonafide test code signing CA`, under the root.
    pub(crate) ca: Identity,
    /// `bonafide test TSA`, under the root.
    pub(crate) tsa: Identity,
    /// `Example Software GmbH`, a signer under the CA.
    pub(crate) leaf: Identity,
}

/// Built once a process.
pub(crate) static PKI: LazyLock<Pki> = LazyLock::new(|| {
    let (not_before, not_after) = (
        datetime!(2020-01-01 00:00 UTC),
        datetime!(2049-12-31 23:59:59 UTC),
    );
    let template = |serial: u8, cn: &str, extensions: Vec<Vec<u8>>| Template {
        serial: vec![serial],
        subject: name(&[("O", "bonafide test"), ("CN", cn)]),
        not_before,
        not_after,
        extensions,
        digest: DigestAlgorithm::Sha256,
    };
    let root = template(
        1,
        "bonafide test root",
        vec![basic_constraints(None), key_usage(&[5, 6])],
    )
    .issue(Key::load("root-rsa3072"), None);
    let ca = template(
        2,
        "bonafide test code signing CA",
        vec![
            basic_constraints(Some(0)),
            key_usage(&[5, 6]),
            extended_key_usage(&[CODE_SIGNING], false),
        ],
    )
    .issue(Key::load("ca-rsa2048"), Some(&root));
    let tsa = template(
        3,
        "bonafide test TSA",
        vec![key_usage(&[0]), extended_key_usage(&[TIME_STAMPING], true)],
    )
    .issue(Key::load("tsa-rsa2048"), Some(&root));
    let subject = name(&[
        ("C", "DE"),
        ("L", "Berlin"),
        ("O", "Example Software GmbH"),
        ("CN", "Example Software GmbH"),
    ]);
    let leaf = Template::leaf(0x60, subject).issue(Key::load("signer-p256"), Some(&ca));
    Pki {
        root,
        ca,
        tsa,
        leaf,
    }
});
