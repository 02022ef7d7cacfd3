//! `certificates{}`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::key::Key;
use super::name::{attribute_type, rfc4514};
use super::words::TextFault;
use crate::base::time::rfc3339;
use crate::model::certificate::{Certificate as ModelCertificate, Name};
use crate::model::digest::hex;

/// A certificate, by its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// Subject in RFC 4514 form.
    pub subject: String,
    /// Subject, field by field in encoded order, duplicates kept.
    pub subject_fields: Vec<NameField>,
    /// Issuer in RFC 4514 form.
    pub issuer: String,
    /// Issuer, field by field.
    pub issuer_fields: Vec<NameField>,
    /// Contents octets of serialNumber, hexadecimal.
    pub serial: String,
    /// When it is valid.
    pub validity: Validity,
    /// SHA-1, by which Microsoft's lists name certificates.
    pub sha1: String,
    /// SHA-256 over subjectPublicKeyInfo.
    pub spki_sha256: String,
    /// The public key, described; null where it cannot be read.
    pub key: Option<Key>,
    /// Object identifier of the algorithm its issuer signed it with.
    pub signature_algorithm: String,
    /// extKeyUsage; null where the extension is absent.
    pub eku: Option<Vec<String>>,
    /// certificatePolicies.
    pub policies: Vec<String>,
    /// basicConstraints says cA.
    pub ca: bool,
    /// Subject and issuer are the same name.
    pub self_issued: bool,
    /// Where its issuer says that CRLs are.
    pub crl_urls: Vec<String>,
    /// Where its issuer says that OCSP is answered.
    pub ocsp_urls: Vec<String>,
    /// What is odd about its encoding.
    pub oddities: Vec<String>,
}

/// notBefore and notAfter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Validity {
    /// notBefore, RFC 3339.
    pub not_before: String,
    /// notAfter, RFC 3339.
    pub not_after: String,
}

/// One attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NameField {
    /// Short name, else the dotted type.
    pub name: String,
    /// Its type, dotted.
    pub oid: String,
    /// The value: text from outside.
    pub value: String,
    /// Which RelativeDistinguishedName it stands in, from 0.
    pub rdn: usize,
    /// What is wrong with or hostile about the value.
    pub faults: Vec<TextFault>,
}

impl From<&ModelCertificate> for Certificate {
    fn from(certificate: &ModelCertificate) -> Self {
        let extensions = &certificate.extensions;
        Self {
            subject: rfc4514(&certificate.subject),
            subject_fields: fields(&certificate.subject),
            issuer: rfc4514(&certificate.issuer),
            issuer_fields: fields(&certificate.issuer),
            serial: hex(&certificate.serial),
            validity: Validity {
                not_before: rfc3339(certificate.not_before),
                not_after: rfc3339(certificate.not_after),
            },
            sha1: hex(&certificate.sha1),
            spki_sha256: hex(&certificate.spki_sha256),
            key: Key::read(&certificate.spki),
            signature_algorithm: certificate.signature_algorithm.oid.to_string(),
            eku: extensions
                .extended_key_usage
                .as_ref()
                .map(|eku| eku.iter().map(ToString::to_string).collect()),
            policies: extensions
                .policies
                .iter()
                .map(ToString::to_string)
                .collect(),
            ca: extensions.basic_constraints.is_some_and(|(ca, _)| ca),
            self_issued: certificate.is_self_issued(),
            crl_urls: extensions.crl_urls.clone(),
            ocsp_urls: extensions.ocsp_urls.clone(),
            oddities: certificate
                .oddities
                .iter()
                .map(|o| (*o).to_owned())
                .collect(),
        }
    }
}

impl Certificate {
    /// The name to call it by: CN, else O, else OU, else the whole subject.
    pub fn common_name(&self) -> &str {
        ["CN", "O", "OU"]
            .iter()
            .find_map(|wanted| self.subject_fields.iter().find(|f| f.name == *wanted))
            .map_or(&self.subject, |f| &f.value)
    }
}

fn fields(name: &Name) -> Vec<NameField> {
    name.attributes
        .iter()
        .map(|a| NameField {
            name: attribute_type(&a.oid),
            oid: a.oid.to_string(),
            value: a.value.clone(),
            rdn: a.rdn,
            faults: a.faults.iter().map(|f| (*f).into()).collect(),
        })
        .collect()
}
