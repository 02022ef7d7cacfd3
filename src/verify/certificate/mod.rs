//! X.509 certificates (ITU-T X.509, RFC 5280 section 4), read into [`Certificate`].
//!
//! The structure is held to DER throughout, so that what was signed has one reading. What real certificate authorities got
//! wrong without changing what was signed (serial numbers, string types, order inside names) is recorded as an oddity and
//! stops nothing. Reading proves nothing: signatures, dates and purposes are `verify::path`'s work.

mod extensions;
mod name;
#[cfg(test)]
mod tests;

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::base::der::{Error as DerError, Reader, Tlv, tag};
use crate::base::time::Time;
use crate::model::certificate::{Certificate, CertificateId, Name};
use crate::model::cms::AlgorithmIdentifier;

/// Longest certificate read. Real ones stay under 16 KiB, those with the largest post-quantum signatures under 64 KiB.
const MAX_LEN: usize = 1 << 20;

/// Deepest nesting of values inside a certificate; RFC 5280's own structures need about ten.
const MAX_DEPTH: usize = 32;

/// Why bytes are no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not the structure that RFC 5280 section 4.1 gives.
    #[error("not a certificate: {0}")]
    Structure(#[from] DerError),
    /// Over the limit.
    #[error("a certificate of {0} bytes is over the limit of {MAX_LEN}")]
    TooLong(usize),
}

/// Reads one certificate, the whole of `der`.
///
/// # Errors
/// Bytes that are not DER, not a certificate, or too many.
pub fn read(der: &[u8]) -> Result<Certificate, Error> {
    if der.len() > MAX_LEN {
        return Err(Error::TooLong(der.len()));
    }
    let mut input = Reader::der(der);
    let outer = input.expect(tag::SEQUENCE, "expected a certificate")?;
    input.finish()?;
    check_nesting(&outer)?;

    let mut fields = outer.reader();
    let tbs = fields.expect(tag::SEQUENCE, "expected tbsCertificate")?;
    let algorithm = fields.expect(tag::SEQUENCE, "expected signatureAlgorithm")?;
    let signature = fields
        .expect(tag::BIT_STRING, "expected signatureValue")?
        .bit_string()?;
    fields.finish()?;

    let mut oddities = Vec::new();
    let body = TbsCertificate::read(&tbs, &mut oddities)?;
    Ok(Certificate {
        id: CertificateId(Sha256::digest(der).into()),
        sha1: Sha1::digest(der).into(),
        der: der.to_vec(),
        version: body.version,
        serial: body.serial,
        subject: body.subject,
        issuer: body.issuer,
        not_before: body.not_before,
        not_after: body.not_after,
        spki: body.spki.to_vec(),
        spki_sha256: Sha256::digest(body.spki).into(),
        tbs: tbs.offset..tbs.offset.saturating_add(tbs.raw.len()),
        signature_algorithm: algorithm_identifier(&algorithm)?,
        algorithms_agree: body.algorithm == algorithm.raw,
        signature: signature.to_vec(),
        extensions: body.extensions,
        oddities,
    })
}

/// Reads an AlgorithmIdentifier (RFC 5280 section 4.1.1.2).
///
/// # Errors
/// Another structure.
pub fn algorithm_identifier(tlv: &Tlv<'_>) -> Result<AlgorithmIdentifier, DerError> {
    let mut fields = tlv.reader();
    let oid = fields.expect(tag::OID, "expected an algorithm")?.oid()?;
    let parameters = if fields.is_empty() {
        None
    } else {
        Some(fields.any()?.raw.to_vec())
    };
    fields.finish()?;
    Ok(AlgorithmIdentifier { oid, parameters })
}

/// Reads a Name (RFC 5280 section 4.1.2.4).
///
/// # Errors
/// Another structure; never for the strings in it.
pub fn read_name(tlv: &Tlv<'_>) -> Result<Name, DerError> {
    name::read(tlv, &mut Vec::new())
}

struct TbsCertificate<'a> {
    version: u32,
    serial: Vec<u8>,
    algorithm: &'a [u8],
    issuer: Name,
    not_before: Time,
    not_after: Time,
    subject: Name,
    spki: &'a [u8],
    extensions: crate::model::certificate::Extensions,
}

impl<'a> TbsCertificate<'a> {
    fn read(tbs: &Tlv<'a>, oddities: &mut Vec<&'static str>) -> Result<Self, DerError> {
        let mut fields = tbs.reader();
        let version = version(&mut fields, oddities)?;
        let serial = fields.expect(tag::INTEGER, "expected serialNumber")?;
        check_serial(&serial, oddities)?;
        let algorithm = fields.expect(tag::SEQUENCE, "expected signature")?.raw;
        let issuer = name::read(&fields.expect(tag::SEQUENCE, "expected issuer")?, oddities)?;
        let validity = fields.expect(tag::SEQUENCE, "expected validity")?;
        let mut dates = validity.reader();
        let not_before = date(&dates.any()?, oddities)?;
        let not_after = date(&dates.any()?, oddities)?;
        dates.finish()?;
        let subject = name::read(&fields.expect(tag::SEQUENCE, "expected subject")?, oddities)?;
        let spki = fields
            .expect(tag::SEQUENCE, "expected subjectPublicKeyInfo")?
            .raw;
        for (unique_id, constructed) in [
            (tag::context(1), tag::explicit(1)),
            (tag::context(2), tag::explicit(2)),
        ] {
            if fields.optional(unique_id)?.is_some() || fields.optional(constructed)?.is_some() {
                note(oddities, "unique identifier");
            }
        }
        let extensions = match fields.optional(tag::explicit(3))? {
            Some(wrapper) => {
                if version != 2 {
                    note(oddities, "extensions in a certificate that is not v3");
                }
                extensions::read(&wrapper, oddities)?
            }
            None => crate::model::certificate::Extensions::default(),
        };
        fields.finish()?;
        Ok(Self {
            version,
            serial: serial.value.to_vec(),
            algorithm,
            issuer,
            not_before,
            not_after,
            subject,
            spki,
            extensions,
        })
    }
}

/// DEFAULT v1 (RFC 5280 section 4.1.2.1).
fn version(fields: &mut Reader<'_>, oddities: &mut Vec<&'static str>) -> Result<u32, DerError> {
    let Some(wrapper) = fields.optional(tag::explicit(0))? else {
        return Ok(0);
    };
    let mut inner = wrapper.reader();
    let value = inner.expect(tag::INTEGER, "expected version")?;
    inner.finish()?;
    let version = u32::try_from(value.unsigned()?)
        .ok()
        .filter(|v| *v <= 2)
        .ok_or(value.error("no version of X.509"))?;
    if version == 0 {
        note(oddities, "default version encoded");
    }
    Ok(version)
}

/// A positive number of at most 20 octets (RFC 5280 section 4.1.2.2), which many authorities did not keep to.
fn check_serial(serial: &Tlv<'_>, oddities: &mut Vec<&'static str>) -> Result<(), DerError> {
    match serial.value {
        [] => return Err(serial.error("serialNumber without octets")),
        value if value.iter().all(|b| *b == 0) => note(oddities, "serial zero"),
        [first, ..] if *first >= 0x80 => note(oddities, "negative serial"),
        _ => {}
    }
    if matches!(serial.value, [0, second, ..] if *second < 0x80)
        || matches!(serial.value, [0xff, second, ..] if *second >= 0x80)
    {
        note(oddities, "serial not minimal");
    }
    if serial.value.len() > 20 {
        note(oddities, "serial over 20 octets");
    }
    Ok(())
}

/// UTCTime or GeneralizedTime in Zulu with seconds and without fraction (RFC 5280 section 4.1.2.5).
fn date(tlv: &Tlv<'_>, oddities: &mut Vec<&'static str>) -> Result<Time, DerError> {
    let time = tlv.time()?;
    let length = if tlv.tag == tag::UTC_TIME { 13 } else { 15 };
    if tlv.value.len() != length || tlv.value.last() != Some(&b'Z') {
        note(oddities, "date not in the form of RFC 5280");
    }
    if tlv.tag == tag::GENERALIZED_TIME && time.year() < 2050 {
        note(oddities, "date before 2050 as GeneralizedTime");
    }
    Ok(time)
}

/// Every value inside is DER too: one level at a time, each constructed value followed, none recursed into.
fn check_nesting(outer: &Tlv<'_>) -> Result<(), DerError> {
    let mut open = vec![outer.reader()];
    while let Some(reader) = open.last_mut() {
        if reader.is_empty() {
            open.pop();
            continue;
        }
        let tlv = reader.any()?;
        if tlv.tag & tag::CONSTRUCTED != 0 {
            if open.len() >= MAX_DEPTH {
                return Err(tlv.error("nested too deeply"));
            }
            open.push(tlv.reader());
        }
    }
    Ok(())
}

/// Once each: a name with a thousand odd strings is one oddity.
fn note(oddities: &mut Vec<&'static str>, oddity: &'static str) {
    if !oddities.contains(&oddity) {
        oddities.push(oddity);
    }
}
