//! The certificates that came with a signature.

use crate::base::der::{Reader, tag};
use crate::model::certificate::{Name, SharedCertificate};
use crate::model::cms::SignerIdentifier;
use crate::verify::certificate;
use crate::verify::findings::signature as f;
use crate::verify::path::Cache;
use crate::verify::signer::notes::{Notes, Place};

/// Certificates of one set, in order; duplicates once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pool {
    pub(crate) certificates: Vec<SharedCertificate>,
}

impl Pool {
    /// Reads the set. One that cannot be read is a fault: nothing signs the set as a whole, so damage in it must show.
    pub(crate) fn read(
        set: &[Vec<u8>],
        place: Place,
        cache: &Cache,
        notes: &mut Notes<'_>,
    ) -> Self {
        let mut certificates: Vec<SharedCertificate> = Vec::new();
        for (number, der) in (1usize..).zip(set) {
            match cache.read(der) {
                Ok(read) if certificates.iter().any(|c| c.id == read.id) => {}
                Ok(read) => certificates.push(read),
                Err(error) => notes.fail(
                    &f::DAMAGED_CERTIFICATE,
                    format!("certificate {number} of the set cannot be read: {error}"),
                    place.clone(),
                ),
            }
        }
        Self { certificates }
    }

    /// Those that a SignerInfo names: by the bytes of issuer and serial number; failing that, by an issuer whose strings are equal
    /// but typed differently, as signers that re-encode names write it. Nothing looser: the identifier is not signed.
    pub(crate) fn named(&self, identifier: &SignerIdentifier) -> Vec<SharedCertificate> {
        match identifier {
            SignerIdentifier::SubjectKeyId(id) => {
                self.select(|c| c.extensions.subject_key_id.as_ref() == Some(id))
            }
            SignerIdentifier::IssuerSerial { issuer, serial } => {
                let exact = self.select(|c| &c.issuer.raw == issuer && &c.serial == serial);
                if !exact.is_empty() {
                    return exact;
                }
                let Some(name) = Reader::der(issuer)
                    .any()
                    .ok()
                    .and_then(|tlv| certificate::read_name(&tlv).ok())
                else {
                    return Vec::new();
                };
                self.select(|c| &c.serial == serial && same_strings(&c.issuer, &name))
            }
        }
    }

    fn select(&self, wanted: impl Fn(&SharedCertificate) -> bool) -> Vec<SharedCertificate> {
        self.certificates
            .iter()
            .filter(|c| wanted(c))
            .cloned()
            .collect()
    }
}

/// Equal attribute by attribute, the string types UTF8String, PrintableString and TeletexString being interchangeable.
fn same_strings(a: &Name, b: &Name) -> bool {
    const INTERCHANGEABLE: [u8; 3] = [tag::UTF8_STRING, tag::PRINTABLE_STRING, tag::T61_STRING];
    a.attributes.len() == b.attributes.len()
        && a.attributes.iter().zip(&b.attributes).all(|(x, y)| {
            let types = x.string_tag == y.string_tag
                || (INTERCHANGEABLE.contains(&x.string_tag)
                    && INTERCHANGEABLE.contains(&y.string_tag));
            x.oid == y.oid && x.rdn == y.rdn && x.value == y.value && types
        })
}
