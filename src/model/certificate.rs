//! An X.509 certificate, read once; later rooms take everything they need from here.

use std::fmt;
use std::sync::Arc;

use super::cms::AlgorithmIdentifier;
use super::digest::hex;
use crate::base::oid::Oid;
use crate::base::text::TextFault;
use crate::base::time::Time;

/// SHA-256 of the DER encoding: a certificate's identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateId(pub [u8; 32]);

impl fmt::Display for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A certificate shared between chains, pools and reports.
pub type SharedCertificate = Arc<Certificate>;

/// A certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// SHA-256 of `der`.
    pub id: CertificateId,
    /// SHA-1 of `der`, by which Microsoft's lists name certificates.
    pub sha1: [u8; 20],
    /// The encoding.
    pub der: Vec<u8>,
    /// 0 for v1, 2 for v3.
    pub version: u32,
    /// Contents octets of serialNumber.
    pub serial: Vec<u8>,
    /// Subject.
    pub subject: Name,
    /// Issuer.
    pub issuer: Name,
    /// notBefore.
    pub not_before: Time,
    /// notAfter.
    pub not_after: Time,
    /// subjectPublicKeyInfo, the whole encoding.
    pub spki: Vec<u8>,
    /// SHA-256 of `spki`.
    pub spki_sha256: [u8; 32],
    /// tbsCertificate, the whole encoding: what the issuer signed.
    pub tbs: std::ops::Range<usize>,
    /// signatureAlgorithm, the outer one.
    pub signature_algorithm: AlgorithmIdentifier,
    /// The inner signature field is byte-equal to the outer (RFC 5280 section 4.1.1.2).
    pub algorithms_agree: bool,
    /// signatureValue.
    pub signature: Vec<u8>,
    /// Extensions that path building and identity use.
    pub extensions: Extensions,
    /// Oddities that do not stop it from being read: `negative serial`, `serial over 20 octets` ….
    pub oddities: Vec<&'static str>,
}

impl Certificate {
    /// tbsCertificate's bytes.
    pub fn tbs(&self) -> &[u8] {
        self.der.get(self.tbs.clone()).unwrap_or_default()
    }

    /// Subject and issuer are the same name.
    pub fn is_self_issued(&self) -> bool {
        self.subject.raw == self.issuer.raw
    }
}

/// Extensions, decoded.
#[derive(Debug, Clone, Default)]
pub struct Extensions {
    /// basicConstraints: (cA, pathLenConstraint).
    pub basic_constraints: Option<(bool, Option<u32>)>,
    /// keyUsage, bit n of the RFC 5280 numbering at `1 << n`: digitalSignature 0, keyCertSign 5, cRLSign 6.
    pub key_usage: Option<u16>,
    /// extKeyUsage.
    pub extended_key_usage: Option<Vec<Oid>>,
    /// extKeyUsage is critical.
    pub extended_key_usage_critical: bool,
    /// certificatePolicies, the policy identifiers.
    pub policies: Vec<Oid>,
    /// subjectKeyIdentifier.
    pub subject_key_id: Option<Vec<u8>>,
    /// authorityKeyIdentifier.keyIdentifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// nameConstraints, the extension's value undecoded.
    pub name_constraints: Option<Vec<u8>>,
    /// subjectAltName, the extension's value undecoded.
    pub subject_alt_name: Option<Vec<u8>>,
    /// CRL distribution point addresses.
    pub crl_urls: Vec<String>,
    /// OCSP responders.
    pub ocsp_urls: Vec<String>,
    /// caIssuers addresses.
    pub issuer_urls: Vec<String>,
    /// Types that occur more than once (RFC 5280 section 4.2 forbids it); the first value is the one decoded.
    pub duplicates: Vec<Oid>,
    /// Types that this product understands, with a value that is not what their specification gives.
    pub malformed: Vec<Oid>,
    /// Every extension in order: identifier, critical, value.
    pub all: Vec<(Oid, bool, Vec<u8>)>,
}

impl Extensions {
    /// The value of the first extension of this type.
    pub fn get(&self, oid: &Oid) -> Option<&[u8]> {
        self.all
            .iter()
            .find(|(o, _, _)| o == oid)
            .map(|(_, _, v)| v.as_slice())
    }
}

/// A distinguished name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// DER of the Name, which is what issuer and subject are compared by first.
    pub raw: Vec<u8>,
    /// Attributes in encoded order, duplicates kept; attributes of one RDN share its index.
    pub attributes: Vec<NameAttribute>,
}

/// One AttributeTypeAndValue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAttribute {
    /// Its type.
    pub oid: Oid,
    /// Which RelativeDistinguishedName it stands in.
    pub rdn: usize,
    /// Tag of the value.
    pub string_tag: u8,
    /// The value decoded; hostile text.
    pub value: String,
    /// What is wrong with or hostile about the value.
    pub faults: Vec<TextFault>,
}

impl Name {
    /// Values of one attribute type, in order.
    pub fn values<'n>(&'n self, oid: &'n Oid) -> impl Iterator<Item = &'n str> {
        self.attributes
            .iter()
            .filter(move |a| &a.oid == oid)
            .map(|a| a.value.as_str())
    }

    /// The first value of one attribute type.
    pub fn first(&self, oid: &Oid) -> Option<&str> {
        self.attributes
            .iter()
            .find(|a| &a.oid == oid)
            .map(|a| a.value.as_str())
    }
}
