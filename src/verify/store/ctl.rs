//! Certificate trust lists: Microsoft's signed list of roots (`authroot.stl`) and of disallowed certificates
//! (`disallowedcert.stl`), the content of a CMS SignedData of type 1.3.6.1.4.1.311.10.1.
//!
//! Structure: CTL_INFO and CTL_ENTRY of wincrypt.h as documented on learn.microsoft.com, and the white paper "Microsoft
//! Root Certificate Program" of 2009. A subject's attributes are certificate properties, each an OCTET STRING under
//! 1.3.6.1.4.1.311.10.11.`n`, where `n` is the property's number in wincrypt.h.
//!
//! Reading a list proves nothing: its signature is judged in [`super::import`].

use crate::base::der::{Error, Tlv, tag};
use crate::base::oid::Oid;
use crate::base::time::Time;
use crate::envelope::cms::ctl::{self, oids, utf16_le};
use crate::verify::store::sequence::Sequence;

/// Most subjects read; the root list of 2026 has 555 and the disallowed list some hundreds.
const MAX_SUBJECTS: usize = 16_384;
/// Most usages in one list; real ones have at most a dozen.
const MAX_USAGES: usize = 128;
/// Most certificate policies of one subject.
const MAX_POLICIES: usize = 128;
/// Longest subject identifier: SHA-512.
const MAX_IDENTIFIER: usize = 64;

/// 1.3.6.1.4.1.311.10.11, the arc of certificate properties.
const PROPERTY_ARC: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a, 0x0b];

/// 100-nanosecond steps between 1601-01-01 and 1970-01-01.
const FILETIME_TO_UNIX: i128 = 116_444_736_000_000_000;

/// A trust list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    /// subjectUsage: what the list is for.
    pub usage: Vec<Oid>,
    /// listIdentifier.
    pub identifier: Option<Vec<u8>>,
    /// sequenceNumber.
    pub sequence: Option<Sequence>,
    /// ctlThisUpdate.
    pub this_update: Time,
    /// ctlNextUpdate.
    pub next_update: Option<Time>,
    /// subjectAlgorithm: what the subject identifiers are.
    pub subject_algorithm: Oid,
    /// trustedSubjects, in order.
    pub subjects: Vec<Subject>,
    /// Extension types, undecoded.
    pub extensions: Vec<Oid>,
}

/// One subject with its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// subjectIdentifier: for the root list the SHA-1 of the certificate.
    pub identifier: Vec<u8>,
    /// What the list says of it.
    pub properties: Properties,
}

/// A date that a list may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Date {
    /// The property is not there.
    #[default]
    Absent,
    /// The property is there without a value: a date that was taken back. The list of 2026 has it on eight subjects, one of
    /// them the VeriSign G5 root, on which much valid software rests.
    Cleared,
    /// The date.
    At(Time),
}

impl Date {
    /// The date, where one is set.
    pub fn at(self) -> Option<Time> {
        match self {
            Self::At(time) => Some(time),
            Self::Absent | Self::Cleared => None,
        }
    }
}

/// What a list says of a subject. `None` is a property that is not there, which is not the same as an empty list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties {
    /// Property 9: the usages it may vouch for.
    pub usages: Option<Vec<Oid>>,
    /// Property 11: friendly name; hostile text until the list's signature is checked.
    pub name: String,
    /// Property 98: SHA-256 of the certificate.
    pub sha256: Option<[u8; 32]>,
    /// Property 104: not trusted at and after this time.
    pub disallowed: Date,
    /// Property 122: the usages that property 104 is about; without a date, refused always.
    pub disallowed_usages: Option<Vec<Oid>>,
    /// Property 126: certificates issued at or after this time are not trusted.
    pub not_before: Date,
    /// Property 127: the usages that property 126 is about; without a date, refused always.
    pub not_before_usages: Option<Vec<Oid>>,
    /// Property 105: chain policies of the root programme.
    pub chain_policies: Option<Vec<Oid>>,
    /// Property 83: policies that stand for extended validation.
    pub ev_policies: Vec<Oid>,
    /// Numbers of further properties, which are not interpreted.
    pub other: Vec<u64>,
}

/// Reads the list from the contents octets of CertificateTrustList, as `SignedData.content` holds them.
///
/// # Errors
/// Where it is no such list, or over a limit; offsets count from the start of `content`.
pub fn read(content: &[u8]) -> Result<TrustList, Error> {
    let list = ctl::read(content, 0)?;
    let sequence = list.sequence.as_ref().map(Sequence::read).transpose()?;
    let mut subjects = Vec::new();
    for one in list.subjects() {
        let one = one?;
        if subjects.len() >= MAX_SUBJECTS {
            return Err(one.identifier.error("too many subjects in the trust list"));
        }
        subjects.push(subject(&one)?);
    }
    Ok(TrustList {
        usage: list.usage,
        identifier: list.identifier,
        sequence,
        this_update: list.this_update,
        next_update: list.next_update,
        subject_algorithm: list.subject_algorithm,
        subjects,
        extensions: list.extensions,
    })
}

fn subject(read: &ctl::Subject<'_>) -> Result<Subject, Error> {
    let identifier = read.identifier;
    if identifier.value.is_empty() || identifier.value.len() > MAX_IDENTIFIER {
        return Err(identifier.error("subject identifier is no digest"));
    }
    let mut properties = Properties::default();
    let mut seen = Vec::new();
    for attribute in &read.attributes {
        let number = property(attribute, &mut properties)?;
        // Which of two would count is not defined, so neither may win silently.
        if seen.contains(&number) {
            return Err(attribute.whole.error("a property is given twice"));
        }
        seen.push(number);
    }
    Ok(Subject {
        identifier: identifier.value.to_vec(),
        properties,
    })
}

fn property(attribute: &ctl::Attribute<'_>, properties: &mut Properties) -> Result<u64, Error> {
    let kind = attribute.kind;
    let number = property_number(&kind.oid()?).ok_or(kind.error("not a certificate property"))?;
    let value = attribute.value()?;
    if value.tag != tag::OCTET_STRING {
        return Err(value.error("expected an OCTET STRING"));
    }
    match number {
        9 => properties.usages = Some(wrapped_oids(value)?),
        11 => properties.name = utf16_le(value.value),
        83 => properties.ev_policies = policies(value)?,
        98 => {
            let digest = value.value.try_into();
            properties.sha256 = Some(digest.map_err(|_| value.error("not a SHA-256"))?);
        }
        104 => properties.disallowed = date(value)?,
        105 => properties.chain_policies = Some(wrapped_oids(value)?),
        122 => properties.disallowed_usages = Some(wrapped_oids(value)?),
        126 => properties.not_before = date(value)?,
        127 => properties.not_before_usages = Some(wrapped_oids(value)?),
        other => properties.other.push(other),
    }
    Ok(number)
}

fn property_number(oid: &Oid) -> Option<u64> {
    let rest = oid.as_der().strip_prefix(PROPERTY_ARC)?;
    // Property numbers are 32-bit in wincrypt.h, five octets at most.
    if rest.is_empty() || rest.len() > 5 {
        return None;
    }
    let (last, leading) = rest.split_last()?;
    if *last >= 0x80 || leading.iter().any(|b| *b < 0x80) {
        return None;
    }
    Some(
        rest.iter()
            .fold(0u64, |n, b| (n << 7) | u64::from(*b & 0x7f)),
    )
}

/// FILETIME: little-endian count of 100 ns since 1601-01-01.
fn date(value: Tlv<'_>) -> Result<Date, Error> {
    if value.value.is_empty() {
        return Ok(Date::Cleared);
    }
    let bytes: [u8; 8] = value
        .value
        .try_into()
        .map_err(|_| value.error("not a FILETIME"))?;
    i128::from(u64::from_le_bytes(bytes))
        .checked_sub(FILETIME_TO_UNIX)
        .and_then(|ticks| ticks.checked_mul(100))
        .and_then(|nanos| Time::from_unix_timestamp_nanos(nanos).ok())
        .map(Date::At)
        .ok_or(value.error("FILETIME out of range"))
}

/// A SEQUENCE OF OBJECT IDENTIFIER inside the OCTET STRING.
fn wrapped_oids(value: Tlv<'_>) -> Result<Vec<Oid>, Error> {
    let mut inner = value.reader();
    let list = oids(
        inner.expect(tag::SEQUENCE, "expected a list of usages")?,
        MAX_USAGES,
    )?;
    inner.finish()?;
    Ok(list)
}

/// certificatePolicies (RFC 5280 section 4.2.1.4), the identifiers only.
fn policies(value: Tlv<'_>) -> Result<Vec<Oid>, Error> {
    let mut inner = value.reader();
    let mut reader = inner
        .expect(tag::SEQUENCE, "expected certificate policies")?
        .reader();
    inner.finish()?;
    let mut found = Vec::new();
    while !reader.is_empty() {
        if found.len() >= MAX_POLICIES {
            return Err(reader.error("too many policies"));
        }
        let policy = reader.expect(tag::SEQUENCE, "expected a policy")?;
        found.push(
            policy
                .reader()
                .expect(tag::OID, "expected a policy identifier")?
                .oid()?,
        );
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Date, read};
    use crate::base::der::tag;
    use crate::base::oid::Oid;
    use crate::base::time::rfc3339;

    fn tlv(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
        let value = parts.concat();
        let mut out = vec![tag];
        match u8::try_from(value.len()) {
            Ok(short) if short < 0x80 => out.push(short),
            _ => {
                out.push(0x82);
                out.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            }
        }
        out.extend(value);
        out
    }

    fn oid(dotted: &str) -> Vec<u8> {
        tlv(tag::OID, &[Oid::parse(dotted).unwrap().as_der().to_vec()])
    }

    fn property(number: u32, value: &[u8]) -> Vec<u8> {
        let kind = oid(&format!("1.3.6.1.4.1.311.10.11.{number}"));
        let value = tlv(tag::OCTET_STRING, &[value.to_vec()]);
        tlv(tag::SEQUENCE, &[kind, tlv(tag::SET, &[value])])
    }

    fn list(properties: &[Vec<u8>]) -> Vec<u8> {
        let subject = tlv(
            tag::SEQUENCE,
            &[
                tlv(tag::OCTET_STRING, &[vec![7; 20]]),
                tlv(tag::SET, properties),
            ],
        );
        [
            tlv(tag::SEQUENCE, &[oid("1.3.6.1.4.1.311.10.3.9")]),
            tlv(tag::INTEGER, &[vec![0x14, 1]]),
            tlv(tag::UTC_TIME, &[b"261023231835Z".to_vec()]),
            tlv(tag::SEQUENCE, &[oid("1.3.14.3.2.26")]),
            tlv(tag::SEQUENCE, &[subject]),
        ]
        .concat()
    }

    #[test]
    fn dates_absent_taken_back_and_set_are_three_things() {
        let read = |p: &[Vec<u8>]| read(&list(p)).unwrap().subjects[0].properties.clone();
        assert_eq!(read(&[]).disallowed, Date::Absent);
        assert_eq!(read(&[property(104, &[])]).disallowed, Date::Cleared);
        let date = [0x00, 0x80, 0xc8, 0x2b, 0x68, 0x86, 0xd7, 0x01];
        let set = read(&[property(104, &date)]).disallowed.at().unwrap();
        assert_eq!(rfc3339(set), "2021-08-01T00:00:00Z");
        let unset = read(&[property(200, b"x")]);
        assert_eq!(unset.other, [200]);
    }

    #[test]
    fn a_property_given_twice_is_refused_as_neither_may_win() {
        let twice = list(&[property(104, &[]), property(104, &[0; 8])]);
        assert!(read(&twice).is_err());
    }

    #[test]
    fn broken_properties_are_errors_and_not_absent_ones() {
        for bad in [
            property(104, &[0; 7]),
            property(98, &[0; 31]),
            property(9, b"\x30\x03\x02\x01\x05"),
            property(9, b"\x30\x00x"),
            property(104, &[0xff; 8]),
        ] {
            assert!(read(&list(&[bad])).is_err());
        }
    }

    #[test]
    fn no_truncation_or_flip_panics_and_no_truncation_passes() {
        let whole = list(&[property(104, &[0; 8]), property(11, b"n\0\0\0")]);
        assert!(read(&whole).is_ok());
        for end in 0..whole.len() {
            // Without its subjects the list is a well-formed empty one.
            let subjects = whole.len() - end;
            let cut = read(&whole[..end]);
            assert!(
                cut.is_err() || cut.is_ok_and(|l| l.subjects.is_empty()),
                "{subjects}"
            );
        }
        for at in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            let _ = read(&flipped);
        }
    }
}
