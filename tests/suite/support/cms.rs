//! Makes CMS SignedData as Authenticode and RFC 3161 use it. Every part can be replaced, so that hostile variants are one
//! field away from a good signature.

use bonafide::base::time::Time;
use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::digest::hash;

use super::der;
use super::keys::digest_identifier;
use super::pki::{Identity, PKI};

pub(crate) const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
pub(crate) const INDIRECT_DATA: &str = "1.3.6.1.4.1.311.2.1.4";
pub(crate) const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
pub(crate) const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub(crate) const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub(crate) const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
pub(crate) const OPUS: &str = "1.3.6.1.4.1.311.2.1.12";
pub(crate) const NESTED: &str = "1.3.6.1.4.1.311.2.4.1";
pub(crate) const RFC3161: &str = "1.3.6.1.4.1.311.3.3.1";
pub(crate) const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";

/// A signature to be made.
#[derive(Clone)]
pub(crate) struct Signing<'a> {
    pub(crate) signer: &'a Identity,
    /// The certificate set, in this order.
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) digest: DigestAlgorithm,
    pub(crate) program_name: Option<&'a str>,
    pub(crate) url: Option<&'a str>,
    pub(crate) signing_time: Option<Time>,
    /// SHA-256 page-hash table.
    pub(crate) page_hashes: Option<Vec<u8>>,
    /// Further signed attributes.
    pub(crate) signed: Vec<Vec<u8>>,
    /// Unsigned attributes.
    pub(crate) unsigned: Vec<Vec<u8>>,
    /// An RFC 3161 token by this authority, for this time.
    pub(crate) timestamp: Option<(&'a Identity, Time)>,
}

impl std::fmt::Debug for Signing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signing").finish_non_exhaustive()
    }
}

impl<'a> Signing<'a> {
    /// By a leaf of the shared authority, its certificate and the issuing one enclosed, SHA-256.
    pub(crate) fn by(signer: &'a Identity) -> Self {
        Self {
            signer,
            certificates: vec![signer.certificate.clone(), PKI.ca.certificate.clone()],
            digest: DigestAlgorithm::Sha256,
            program_name: None,
            url: None,
            signing_time: None,
            page_hashes: None,
            signed: Vec::new(),
            unsigned: Vec::new(),
            timestamp: None,
        }
    }

    /// … with the fixtures' timestamp.
    pub(crate) fn stamped(self) -> Self {
        Self {
            timestamp: Some((&PKI.tsa, super::pki::STAMPED)),
            ..self
        }
    }

    /// The ContentInfo of an Authenticode signature over an image with this digest.
    pub(crate) fn authenticode(&self, image_digest: &[u8]) -> Vec<u8> {
        let content = indirect_data(self.digest, image_digest, self.page_hashes.as_deref());
        self.over(INDIRECT_DATA, &content)
    }

    /// … over another kind of container, with `data` as SpcAttributeTypeAndOptionalValue.
    pub(crate) fn indirect(&self, data: &[u8], digest: &[u8]) -> Vec<u8> {
        let content = der::sequence(&[
            data.to_vec(),
            der::sequence(&[digest_identifier(self.digest), der::octets(digest)]),
        ]);
        self.over(INDIRECT_DATA, &content)
    }

    /// The ContentInfo of a signature over `content`, a SEQUENCE of this type.
    pub(crate) fn over(&self, content_type: &str, content: &[u8]) -> Vec<u8> {
        // The digest is over the contents octets of the SEQUENCE (PKCS #7 v1.5 section 9.3).
        let digested = contents(content);
        let mut signed = vec![
            attribute(CONTENT_TYPE, &[der::oid(content_type)]),
            attribute(
                MESSAGE_DIGEST,
                &[der::octets(&hash(self.digest, digested).unwrap())],
            ),
            attribute(OPUS, &[opus(self.program_name, self.url)]),
        ];
        signed.extend(
            self.signing_time
                .map(|at| attribute(SIGNING_TIME, &[der::time(at)])),
        );
        signed.extend(self.signed.clone());
        let info = self.signer_info(&signed);
        signed_data(
            1,
            self.digest,
            content_type,
            content,
            &self.certificates,
            &[info],
        )
    }

    /// The SignerInfo over these signed attributes.
    pub(crate) fn signer_info(&self, signed: &[Vec<u8>]) -> Vec<u8> {
        let signed = der::set(signed);
        let signature = self.signer.key.sign(self.digest, &signed);
        let mut unsigned = self.unsigned.clone();
        if let Some((tsa, at)) = self.timestamp {
            unsigned.push(attribute(RFC3161, &[timestamp(tsa, &signature, at)]));
        }
        let mut parts = vec![
            der::integer(1),
            der::sequence(&[self.signer_issuer(), der::unsigned(&self.signer.serial)]),
            digest_identifier(self.digest),
            der::retag(0xa0, signed),
            self.signer.key.cms_algorithm(self.digest),
            der::octets(&signature),
        ];
        if !unsigned.is_empty() {
            parts.push(der::retag(0xa1, der::set(&unsigned)));
        }
        der::sequence(&parts)
    }

    fn signer_issuer(&self) -> Vec<u8> {
        issuer_of(&self.signer.certificate)
    }
}

/// The issuer Name of a certificate.
pub(crate) fn issuer_of(certificate: &[u8]) -> Vec<u8> {
    use bonafide::base::der::Reader;
    let mut outer = Reader::der(certificate).any().unwrap().reader();
    let mut tbs = outer.any().unwrap().reader();
    for _ in 0..3 {
        tbs.any().unwrap();
    }
    tbs.any().unwrap().raw.to_vec()
}

/// The contents octets of one encoded value.
pub(crate) fn contents(encoded: &[u8]) -> &[u8] {
    bonafide::base::der::Reader::der(encoded)
        .any()
        .unwrap()
        .value
}

pub(crate) fn attribute(dotted: &str, values: &[Vec<u8>]) -> Vec<u8> {
    der::sequence(&[der::oid(dotted), der::set(values)])
}

/// ContentInfo of a SignedData whose eContent is `content`, encoded.
pub(crate) fn signed_data(
    version: u64,
    digest: DigestAlgorithm,
    content_type: &str,
    content: &[u8],
    certificates: &[Vec<u8>],
    signer_infos: &[Vec<u8>],
) -> Vec<u8> {
    let body = der::sequence(&[
        der::integer(version),
        der::set(&[digest_identifier(digest)]),
        der::sequence(&[der::oid(content_type), der::explicit(0, content)]),
        der::tlv(0xa0, &certificates.concat()),
        der::set(signer_infos),
    ]);
    der::sequence(&[der::oid(SIGNED_DATA), der::explicit(0, &body)])
}

/// SpcIndirectDataContent of a PE image.
pub(crate) fn indirect_data(
    digest: DigestAlgorithm,
    value: &[u8],
    page_hashes: Option<&[u8]>,
) -> Vec<u8> {
    let link = match page_hashes {
        // file [2] { unicode [0] "" }
        None => der::explicit(2, &der::implicit(0, &[])),
        Some(table) => {
            let hashes = der::set(&[der::sequence(&[
                der::oid("1.3.6.1.4.1.311.2.3.2"),
                der::set(&[der::octets(table)]),
            ])]);
            let class = [
                0xa6, 0xb5, 0x86, 0xd5, 0xb4, 0xa1, 0x24, 0x66, 0xae, 0x05, 0xa2, 0x17, 0xda, 0x8e,
                0x60, 0xd6,
            ];
            der::explicit(1, &[der::octets(&class), der::octets(&hashes)].concat())
        }
    };
    der::sequence(&[
        der::sequence(&[
            der::oid("1.3.6.1.4.1.311.2.1.15"),
            der::sequence(&[der::bits(&[]), der::explicit(0, &link)]),
        ]),
        der::sequence(&[digest_identifier(digest), der::octets(value)]),
    ])
}

fn opus(program_name: Option<&str>, url: Option<&str>) -> Vec<u8> {
    let mut parts = Vec::new();
    if let Some(text) = program_name {
        parts.push(der::explicit(
            0,
            &der::implicit(0, &der::bmp_contents(text)),
        ));
    }
    if let Some(url) = url {
        parts.push(der::explicit(1, &der::implicit(0, url.as_bytes())));
    }
    der::sequence(&parts)
}

/// An RFC 3161 token over `signature`.
pub(crate) fn timestamp(tsa: &Identity, signature: &[u8], at: Time) -> Vec<u8> {
    let digest = DigestAlgorithm::Sha256;
    timestamp_over(tsa, &hash(digest, signature).unwrap(), at)
}

/// An RFC 3161 token with this SHA-256 message imprint.
pub(crate) fn timestamp_over(tsa: &Identity, imprint: &[u8], at: Time) -> Vec<u8> {
    let digest = DigestAlgorithm::Sha256;
    let info = der::sequence(&[
        der::integer(1),
        // Under the enterprise number reserved for examples (RFC 5612).
        der::oid("1.3.6.1.4.1.32473.1"),
        der::sequence(&[digest_identifier(digest), der::octets(imprint)]),
        der::integer(1),
        der::generalized_time(at),
    ]);
    let certificate_hash = hash(digest, &tsa.certificate).unwrap();
    let signed = [
        attribute(CONTENT_TYPE, &[der::oid(TST_INFO)]),
        attribute(SIGNING_TIME, &[der::time(at)]),
        attribute(
            MESSAGE_DIGEST,
            &[der::octets(&hash(digest, &info).unwrap())],
        ),
        attribute(
            SIGNING_CERTIFICATE_V2,
            &[der::sequence(&[der::sequence(&[der::sequence(&[
                der::octets(&certificate_hash),
            ])])])],
        ),
    ];
    let signing = Signing {
        certificates: Vec::new(),
        ..Signing::by(tsa)
    };
    signed_data(
        3,
        digest,
        TST_INFO,
        &der::octets(&info),
        std::slice::from_ref(&tsa.certificate),
        &[signing.signer_info(&signed)],
    )
}
