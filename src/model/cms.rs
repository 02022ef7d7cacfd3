//! CMS SignedData (RFC 5652, and PKCS #7 v1.5 as Authenticode uses it), as read; `envelope::cms` fills it.
//!
//! Everything that is hashed or signed is kept as found. Offsets count from the start of the envelope's bytes.

use crate::base::oid::Oid;
use crate::base::time::Time;

/// AlgorithmIdentifier (RFC 5280 section 4.1.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    /// The algorithm.
    pub oid: Oid,
    /// The whole encoding of the parameters, where present.
    pub parameters: Option<Vec<u8>>,
}

/// A SignedData.
#[derive(Debug, Clone)]
pub struct SignedData {
    /// Length of the whole ContentInfo; what follows in the slot is padding.
    pub encoded_len: usize,
    /// The encoding is BER but not DER outside the signed parts.
    pub ber: bool,
    /// The version field, meaningless as a filter.
    pub version: u64,
    /// digestAlgorithms.
    pub digest_algorithms: Vec<AlgorithmIdentifier>,
    /// eContentType.
    pub content_type: Oid,
    /// The octets that messageDigest is over: contents of the eContent's inner value, without tag and length.
    pub content: Vec<u8>,
    /// Identifier octet of the eContent's inner value, which messageDigest does not cover; 0 where there is none.
    pub content_tag: u8,
    /// Where `content` starts in the envelope.
    pub content_offset: usize,
    /// There is no eContent: the signature is over something kept elsewhere.
    pub detached: bool,
    /// X.509 certificates in order, each as DER; duplicates kept.
    pub certificates: Vec<Vec<u8>>,
    /// Certificate choices that are not X.509 (attribute certificates and other formats), skipped.
    pub other_certificates: usize,
    /// crls, each as DER.
    pub crls: Vec<Vec<u8>>,
    /// Revocation information in other formats, skipped.
    pub other_revocation: usize,
    /// signerInfos.
    pub signers: Vec<SignerInfo>,
}

/// How a SignerInfo names its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerIdentifier {
    /// issuerAndSerialNumber.
    IssuerSerial {
        /// DER of the issuer Name.
        issuer: Vec<u8>,
        /// Contents octets of the serial number.
        serial: Vec<u8>,
    },
    /// subjectKeyIdentifier.
    SubjectKeyId(Vec<u8>),
}

/// A SignerInfo.
#[derive(Debug, Clone)]
pub struct SignerInfo {
    /// The version field.
    pub version: u64,
    /// Who signed.
    pub identifier: SignerIdentifier,
    /// digestAlgorithm.
    pub digest_algorithm: AlgorithmIdentifier,
    /// Signed attributes, `None` where absent.
    pub signed_attributes: Option<Attributes>,
    /// signatureAlgorithm.
    pub signature_algorithm: AlgorithmIdentifier,
    /// signature, the octets.
    pub signature: Vec<u8>,
    /// Unsigned attributes.
    pub unsigned_attributes: Vec<Attribute>,
    /// Where the SignerInfo stands in the envelope.
    pub span: std::ops::Range<usize>,
}

/// A set of signed attributes, with the bytes that the signature is over.
#[derive(Debug, Clone)]
pub struct Attributes {
    /// The encoding as found, its leading tag changed to SET OF (RFC 5652 section 5.4).
    pub signed_bytes: Vec<u8>,
    /// The members stand in DER order.
    pub sorted: bool,
    /// The members.
    pub attributes: Vec<Attribute>,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its type.
    pub oid: Oid,
    /// Its values.
    pub values: Vec<AttributeValue>,
    /// Where it stands in the envelope.
    pub span: std::ops::Range<usize>,
}

/// One value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeValue {
    /// Whole, with tag and length.
    pub bytes: Vec<u8>,
    /// Where it stands in the envelope.
    pub offset: usize,
}

/// SpcIndirectDataContent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpcIndirectData {
    /// `data.type`.
    pub data_type: Oid,
    /// messageDigest's algorithm.
    pub digest_algorithm: AlgorithmIdentifier,
    /// messageDigest's value: the file's digest.
    pub digest: Vec<u8>,
    /// Page hashes, where the image carries them.
    pub page_hashes: Option<PageHashes>,
    /// GUID of the subject interface package, as stored, where `data` is SpcSipInfo.
    pub sip: Option<[u8; 16]>,
}

/// Page hashes of a PE image, as signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageHashes {
    /// 1.3.6.1.4.1.311.2.3.1 (SHA-1) or .2 (SHA-256).
    pub kind: Oid,
    /// `{u32 offset, digest}` entries, undecoded.
    pub table: Vec<u8>,
}

/// SpcSpOpusInfo: what the signer typed in when signing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opus {
    /// programName.
    pub program_name: Option<String>,
    /// moreInfo URL.
    pub url: Option<String>,
}

/// TSTInfo (RFC 3161 section 2.4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TstInfo {
    /// TSA policy.
    pub policy: Oid,
    /// messageImprint's algorithm.
    pub imprint_algorithm: AlgorithmIdentifier,
    /// messageImprint's value.
    pub imprint: Vec<u8>,
    /// serialNumber, contents octets.
    pub serial: Vec<u8>,
    /// genTime.
    pub generated_at: Time,
}
