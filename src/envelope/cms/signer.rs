//! SignerInfo (RFC 5652 section 5.3) and its attributes.

use super::{Walk, algorithm};
use crate::base::der::{Reader, Tlv, tag};
use crate::envelope::Error;
use crate::model::cms::{Attribute, AttributeValue, Attributes, SignerIdentifier, SignerInfo};

/// Attributes in one set; real signers write under ten.
const MAX_ATTRIBUTES: usize = 64;
/// Values of one attribute; one for every signed attribute, a few for nested signatures and timestamps.
const MAX_VALUES: usize = 32;

/// Reads a SignerInfo that stands alone, as the value of a PKCS #9 countersignature attribute. Returns whether it was BER.
///
/// # Errors
/// Where the encoding is broken, something follows it, or something is over a limit.
pub fn read(input: &[u8]) -> Result<(SignerInfo, bool), Error> {
    let mut walk = Walk::default();
    let mut reader = Reader::ber(input);
    let tlv = walk.any(&mut reader)?;
    reader.finish()?;
    let signer = from_tlv(&mut walk, tlv)?;
    Ok((signer, walk.ber))
}

pub(super) fn from_tlv(walk: &mut Walk, tlv: Tlv<'_>) -> Result<SignerInfo, Error> {
    if tlv.tag != tag::SEQUENCE {
        return Err(tlv.error("expected SignerInfo").into());
    }
    let mut fields = tlv.reader();
    let version = walk
        .take(&mut fields, tag::INTEGER, "expected version")?
        .unsigned()?;
    let identifier = identifier(walk, &mut fields)?;
    let digest_algorithm =
        algorithm(walk.take(&mut fields, tag::SEQUENCE, "expected digestAlgorithm")?)?;
    let signed_attributes = match walk.optional(&mut fields, tag::explicit(0))? {
        Some(set) => Some(signed(set)?),
        None => None,
    };
    let signature_algorithm =
        algorithm(walk.take(&mut fields, tag::SEQUENCE, "expected signatureAlgorithm")?)?;
    let signature = walk.any(&mut fields)?;
    let signature = walk.octets(signature)?;
    let unsigned_attributes = match walk.optional(&mut fields, tag::explicit(1))? {
        Some(set) => attributes(walk, set.reader())?,
        None => Vec::new(),
    };
    fields.finish()?;
    Ok(SignerInfo {
        version,
        identifier,
        digest_algorithm,
        signed_attributes,
        signature_algorithm,
        signature,
        unsigned_attributes,
        span: span(tlv),
    })
}

fn identifier(walk: &mut Walk, fields: &mut Reader<'_>) -> Result<SignerIdentifier, Error> {
    let sid = walk.any(fields)?;
    match sid.tag {
        tag::SEQUENCE => {
            let mut inner = sid.reader();
            let issuer = walk.take(&mut inner, tag::SEQUENCE, "expected issuer")?;
            let serial = walk.take(&mut inner, tag::INTEGER, "expected serialNumber")?;
            inner.finish()?;
            Ok(SignerIdentifier::IssuerSerial {
                issuer: issuer.raw.to_vec(),
                serial: serial.value.to_vec(),
            })
        }
        SUBJECT_KEY_ID => Ok(SignerIdentifier::SubjectKeyId(sid.value.to_vec())),
        _ => Err(sid.error("expected a signer identifier").into()),
    }
}

const SUBJECT_KEY_ID: u8 = tag::context(0);

/// Signed attributes are held to DER (RFC 5652 section 5.3), save for the order of the set: the bytes are hashed as found.
fn signed(set: Tlv<'_>) -> Result<Attributes, Error> {
    if set.ber {
        return Err(set.error("signed attributes are not DER").into());
    }
    let mut signed_bytes = set.raw.to_vec();
    if let Some(first) = signed_bytes.first_mut() {
        *first = tag::SET;
    }
    let reader = || Reader::der(set.value).at(set.value_offset);
    Ok(Attributes {
        signed_bytes,
        sorted: is_sorted(reader())?,
        attributes: attributes(&mut Walk::default(), reader())?,
    })
}

/// Members in ascending order of their encodings (X.690 section 11.6).
fn is_sorted(mut reader: Reader<'_>) -> Result<bool, Error> {
    let mut last: &[u8] = &[];
    while !reader.is_empty() {
        let next = reader.any()?.raw;
        if next < last {
            return Ok(false);
        }
        last = next;
    }
    Ok(true)
}

fn attributes(walk: &mut Walk, mut reader: Reader<'_>) -> Result<Vec<Attribute>, Error> {
    let mut all = Vec::new();
    while !reader.is_empty() {
        if all.len() >= MAX_ATTRIBUTES {
            return Err(Error::Limit {
                what: "attributes",
                limit: MAX_ATTRIBUTES,
                offset: reader.offset(),
            });
        }
        let tlv = walk.take(&mut reader, tag::SEQUENCE, "expected Attribute")?;
        let mut fields = tlv.reader();
        let oid = walk
            .take(&mut fields, tag::OID, "expected attrType")?
            .oid()?;
        let set = walk.take(&mut fields, tag::SET, "expected attrValues")?;
        fields.finish()?;
        let values = walk
            .each(set, "attribute values", MAX_VALUES)?
            .into_iter()
            .map(|value| AttributeValue {
                bytes: value.raw.to_vec(),
                offset: value.offset,
            })
            .collect();
        all.push(Attribute {
            oid,
            values,
            span: span(tlv),
        });
    }
    Ok(all)
}

fn span(tlv: Tlv<'_>) -> std::ops::Range<usize> {
    tlv.offset..tlv.offset.saturating_add(tlv.raw.len())
}
