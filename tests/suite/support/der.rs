//! A DER writer (ITU-T X.690): values are nested by nesting calls, so what a fixture contains reads top down.

use bonafide::base::der::tag;
use bonafide::base::oid::Oid;
use bonafide::base::time::Time;

/// Any tag over raw contents.
pub(crate) fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let len = contents.len();
    if len < 0x80 {
        out.push(u8::try_from(len).unwrap());
    } else {
        let octets = len.to_be_bytes();
        let octets = &octets[octets.iter().take_while(|b| **b == 0).count()..];
        out.push(0x80 | u8::try_from(octets.len()).unwrap());
        out.extend_from_slice(octets);
    }
    out.extend_from_slice(contents);
    out
}

pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(tag::SEQUENCE, &parts.concat())
}

/// SET OF, its members in DER order (X.690 section 11.6).
pub(crate) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut sorted = parts.to_vec();
    sorted.sort();
    tlv(tag::SET, &sorted.concat())
}

/// `[n] EXPLICIT`.
pub(crate) fn explicit(n: u8, contents: &[u8]) -> Vec<u8> {
    tlv(tag::explicit(n), contents)
}

/// `[n] IMPLICIT` over a primitive value's contents.
pub(crate) fn implicit(n: u8, contents: &[u8]) -> Vec<u8> {
    tlv(tag::context(n), contents)
}

/// Replaces the tag of an encoded value.
pub(crate) fn retag(tag: u8, mut encoded: Vec<u8>) -> Vec<u8> {
    encoded[0] = tag;
    encoded
}

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    tlv(tag::OID, Oid::parse(dotted).expect(dotted).as_der())
}

pub(crate) fn null() -> Vec<u8> {
    vec![tag::NULL, 0]
}

pub(crate) fn boolean(value: bool) -> Vec<u8> {
    tlv(tag::BOOLEAN, &[if value { 0xff } else { 0 }])
}

pub(crate) fn integer(value: u64) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// INTEGER of a magnitude, in shortest form.
pub(crate) fn unsigned(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|b| **b == 0).count();
    let mut contents = magnitude[zeros..].to_vec();
    if contents.first().is_none_or(|b| *b >= 0x80) {
        contents.insert(0, 0);
    }
    tlv(tag::INTEGER, &contents)
}

pub(crate) fn octets(contents: &[u8]) -> Vec<u8> {
    tlv(tag::OCTET_STRING, contents)
}

/// BIT STRING of whole octets.
pub(crate) fn bits(contents: &[u8]) -> Vec<u8> {
    tlv(tag::BIT_STRING, &[&[0], contents].concat())
}

pub(crate) fn utf8(text: &str) -> Vec<u8> {
    tlv(tag::UTF8_STRING, text.as_bytes())
}

pub(crate) fn printable(text: &str) -> Vec<u8> {
    tlv(tag::PRINTABLE_STRING, text.as_bytes())
}

pub(crate) fn ia5(text: &str) -> Vec<u8> {
    tlv(tag::IA5_STRING, text.as_bytes())
}

/// BMPString.
pub(crate) fn bmp_contents(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

pub(crate) fn generalized_time(at: Time) -> Vec<u8> {
    let text = format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    tlv(tag::GENERALIZED_TIME, text.as_bytes())
}

/// UTCTime until 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5).
pub(crate) fn time(at: Time) -> Vec<u8> {
    if at.year() >= 2050 {
        return generalized_time(at);
    }
    let text = format!(
        "{:02}{:02}{:02}{:02}{:02}{:02}Z",
        at.year() % 100,
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    tlv(tag::UTC_TIME, text.as_bytes())
}
