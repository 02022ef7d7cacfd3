//! Signatures made in tests: every field has a right value that a test may replace by a wrong one.

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

use crate::base::der::tag;
use crate::base::oid::Oid;
use crate::model::digest::DigestAlgorithm;
use crate::verify::digest;
use crate::verify::signer::{CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME};

pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const SHA1: &str = "1.3.14.3.2.26";
pub(crate) const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
pub(crate) const DATA: &str = "1.2.840.113549.1.7.1";

pub(crate) fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let len = u32::try_from(contents.len()).unwrap().to_be_bytes();
    match contents.len() {
        0..=0x7f => out.push(len[3]),
        0x80..=0xff => out.extend([0x81, len[3]]),
        0x100..=0xffff => out.extend([0x82, len[2], len[3]]),
        _ => out.extend([0x83, len[1], len[2], len[3]]),
    }
    out.extend(contents);
    out
}

pub(crate) fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(tag::SEQUENCE, &parts.concat())
}

pub(crate) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(tag::SET, &parts.concat())
}

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    tlv(tag::OID, Oid::parse(dotted).unwrap().as_der())
}

pub(crate) fn int(n: u8) -> Vec<u8> {
    tlv(tag::INTEGER, &[n])
}

pub(crate) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(tag::OCTET_STRING, bytes)
}

pub(crate) fn algorithm(dotted: &str) -> Vec<u8> {
    seq(&[oid(dotted)])
}

pub(crate) fn with_null(dotted: &str) -> Vec<u8> {
    seq(&[oid(dotted), tlv(tag::NULL, &[])])
}

pub(crate) fn attribute(dotted: &str, values: &[Vec<u8>]) -> Vec<u8> {
    seq(&[oid(dotted), set(values)])
}

pub(crate) fn utc(text: &str) -> Vec<u8> {
    tlv(tag::UTC_TIME, text.as_bytes())
}

pub(crate) fn name(common: &str) -> Vec<u8> {
    let cn = seq(&[oid("2.5.4.3"), tlv(tag::UTF8_STRING, common.as_bytes())]);
    seq(&[set(&[cn])])
}

/// A key with a certificate that it issued to itself.
pub(crate) struct Holder {
    key: EcdsaKeyPair,
    random: SystemRandom,
    pub(crate) issuer: Vec<u8>,
    pub(crate) serial: u8,
    pub(crate) certificate: Vec<u8>,
}

impl Holder {
    pub(crate) fn new(common: &str, serial: u8) -> Self {
        let random = SystemRandom::new();
        let algorithm_used = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm_used, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm_used, pkcs8.as_ref(), &random).unwrap();
        let mut bits = vec![0];
        bits.extend(key.public_key().as_ref());
        let spki = seq(&[
            seq(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]),
            tlv(tag::BIT_STRING, &bits),
        ]);
        let issuer = name(common);
        let tbs = seq(&[
            tlv(tag::explicit(0), &int(2)),
            int(serial),
            algorithm(ECDSA_SHA256),
            issuer.clone(),
            seq(&[utc("200101000000Z"), utc("300101000000Z")]),
            issuer.clone(),
            spki,
        ]);
        let mut signature = vec![0];
        signature.extend(key.sign(&random, &tbs).unwrap().as_ref());
        let certificate = seq(&[
            tbs,
            algorithm(ECDSA_SHA256),
            tlv(tag::BIT_STRING, &signature),
        ]);
        Self {
            key,
            random,
            issuer,
            serial,
            certificate,
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key
            .sign(&self.random, message)
            .unwrap()
            .as_ref()
            .to_vec()
    }
}

/// A SignerInfo to be made.
#[derive(Clone)]
pub(crate) struct Signer<'h> {
    pub(crate) holder: &'h Holder,
    pub(crate) version: u8,
    pub(crate) issuer: Vec<u8>,
    pub(crate) serial: u8,
    pub(crate) digest_algorithm: Vec<u8>,
    pub(crate) signature_algorithm: Vec<u8>,
    /// `None` where the SignerInfo is to have none.
    pub(crate) attributes: Option<Vec<Vec<u8>>>,
    pub(crate) sorted: bool,
    pub(crate) unsigned: Vec<Vec<u8>>,
    pub(crate) signature: Option<Vec<u8>>,
}

impl<'h> Signer<'h> {
    /// Over `content` as `content_type`, all of it right.
    pub(crate) fn new(holder: &'h Holder, content_type: &str, content: &[u8]) -> Self {
        Self {
            holder,
            version: 1,
            issuer: holder.issuer.clone(),
            serial: holder.serial,
            digest_algorithm: with_null(SHA256),
            signature_algorithm: algorithm(ECDSA_SHA256),
            attributes: Some(vec![
                attribute(CONTENT_TYPE, &[oid(content_type)]),
                message_digest(content),
            ]),
            sorted: true,
            unsigned: Vec::new(),
            signature: None,
        }
    }

    pub(crate) fn signing_time(mut self, text: &str) -> Self {
        let time = attribute(SIGNING_TIME, &[utc(text)]);
        self.attributes.get_or_insert_default().push(time);
        self
    }

    fn attribute_set(&self) -> Option<Vec<u8>> {
        let mut attributes = self.attributes.clone()?;
        if self.sorted {
            attributes.sort();
        }
        Some(set(&attributes))
    }

    /// The octets of the signature, made anew unless the test gave them.
    pub(crate) fn signed(mut self) -> Self {
        let message = self.attribute_set().unwrap_or_default();
        self.signature
            .get_or_insert_with(|| self.holder.sign(&message));
        self
    }

    pub(crate) fn encode(self) -> Vec<u8> {
        let signer = self.signed();
        let mut parts = vec![
            int(signer.version),
            seq(&[signer.issuer.clone(), int(signer.serial)]),
            signer.digest_algorithm.clone(),
        ];
        if let Some(mut set) = signer.attribute_set() {
            set[0] = tag::explicit(0);
            parts.push(set);
        }
        parts.push(signer.signature_algorithm.clone());
        parts.push(octets(&signer.signature.clone().unwrap()));
        if !signer.unsigned.is_empty() {
            parts.push(tlv(tag::explicit(1), &signer.unsigned.concat()));
        }
        seq(&parts)
    }
}

pub(crate) fn message_digest(content: &[u8]) -> Vec<u8> {
    let hash = digest::hash(DigestAlgorithm::Sha256, content).unwrap();
    attribute(MESSAGE_DIGEST, &[octets(&hash)])
}

/// A SignedData to be made.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) version: u8,
    pub(crate) digest_algorithms: Vec<Vec<u8>>,
    pub(crate) content_type: String,
    /// The whole eContent value.
    pub(crate) content: Vec<u8>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) signers: Vec<Vec<u8>>,
}

impl Signed {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let content = seq(&[
            oid(&self.content_type),
            tlv(tag::explicit(0), &self.content),
        ]);
        let signed = seq(&[
            int(self.version),
            set(&self.digest_algorithms),
            content,
            tlv(tag::explicit(0), &self.certificates.concat()),
            set(&self.signers),
        ]);
        seq(&[oid("1.2.840.113549.1.7.2"), tlv(tag::explicit(0), &signed)])
    }
}
