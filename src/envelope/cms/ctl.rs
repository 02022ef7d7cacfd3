//! CertificateTrustList, the content of security catalogs and of lists of certificates: CTL_INFO and CTL_ENTRY of wincrypt.h as
//! documented on learn.microsoft.com. What the subjects and their attributes mean depends on the list's usage and is read elsewhere.

use crate::base::der::{Error, Reader, Tlv, tag};
use crate::base::oid::Oid;
use crate::base::time::Time;

/// eContentType of a list.
pub const CERTIFICATE_TRUST_LIST: &str = "1.3.6.1.4.1.311.10.1";

/// Most attributes a subject may carry, and most extensions of a list; real ones have at most ten.
const MAX_ATTRIBUTES: usize = 64;
/// Most usages in one list; real ones have one.
const MAX_USAGES: usize = 128;

/// A list, its subjects not yet read.
#[derive(Debug, Clone)]
pub struct List<'a> {
    /// subjectUsage: what the list is for.
    pub usage: Vec<Oid>,
    /// listIdentifier.
    pub identifier: Option<Vec<u8>>,
    /// sequenceNumber.
    pub sequence: Option<Tlv<'a>>,
    /// ctlThisUpdate.
    pub this_update: Time,
    /// ctlNextUpdate.
    pub next_update: Option<Time>,
    /// subjectAlgorithm: what the subject identifiers are.
    pub subject_algorithm: Oid,
    subjects: Option<Tlv<'a>>,
    /// Extension types, undecoded.
    pub extensions: Vec<Oid>,
}

/// A subject, its attributes undecoded.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// subjectIdentifier.
    pub identifier: Tlv<'a>,
    /// subjectAttributes, in order.
    pub attributes: Vec<Attribute<'a>>,
}

/// An attribute of a subject.
#[derive(Debug, Clone)]
pub struct Attribute<'a> {
    /// The whole of it.
    pub whole: Tlv<'a>,
    /// Its type.
    pub kind: Tlv<'a>,
    /// The SET of its values.
    pub values: Tlv<'a>,
}

impl<'a> Attribute<'a> {
    /// Its value.
    ///
    /// # Errors
    /// Where it has none or several.
    pub fn value(&self) -> Result<Tlv<'a>, Error> {
        let mut values = self.values.reader();
        let value = values.any()?;
        values.finish()?;
        Ok(value)
    }
}

/// Reads a list from the contents octets of CertificateTrustList, as `SignedData.content` holds them; errors count from `offset`.
///
/// # Errors
/// Where it is no such list.
pub fn read(content: &[u8], offset: usize) -> Result<List<'_>, Error> {
    let mut fields = Reader::der(content).at(offset);
    if let Some(version) = fields.optional(tag::INTEGER)?
        && version.unsigned()? != 0
    {
        return Err(version.error("trust list version is not 0"));
    }
    let usage = oids(
        fields.expect(tag::SEQUENCE, "expected subjectUsage")?,
        MAX_USAGES,
    )?;
    let identifier = fields
        .optional(tag::OCTET_STRING)?
        .map(|v| v.value.to_vec());
    let sequence = fields.optional(tag::INTEGER)?;
    let this_update = fields.any()?.time()?;
    let next_update = match fields.peek() {
        Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(fields.any()?.time()?),
        _ => None,
    };
    let subject_algorithm = fields
        .expect(tag::SEQUENCE, "expected subjectAlgorithm")?
        .reader()
        .expect(tag::OID, "expected an algorithm")?
        .oid()?;
    let subjects = fields.optional(tag::SEQUENCE)?;
    let extensions = match fields.optional(tag::explicit(0))? {
        Some(list) => extension_types(list)?,
        None => Vec::new(),
    };
    fields.finish()?;
    Ok(List {
        usage,
        identifier,
        sequence,
        this_update,
        next_update,
        subject_algorithm,
        subjects,
        extensions,
    })
}

impl<'a> List<'a> {
    /// Its subjects one by one; the caller bounds their number. The first error ends them.
    pub fn subjects(&self) -> Subjects<'a> {
        Subjects {
            rest: self.subjects.map(|list| list.reader()),
        }
    }
}

/// The subjects of a list.
#[derive(Debug, Clone)]
pub struct Subjects<'a> {
    rest: Option<Reader<'a>>,
}

impl<'a> Iterator for Subjects<'a> {
    type Item = Result<Subject<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = self.rest.as_mut().filter(|rest| !rest.is_empty())?;
        let read = subject(reader);
        if read.is_err() {
            self.rest = None;
        }
        Some(read)
    }
}

fn subject<'a>(reader: &mut Reader<'a>) -> Result<Subject<'a>, Error> {
    let mut fields = reader.expect(tag::SEQUENCE, "expected a subject")?.reader();
    let identifier = fields.expect(tag::OCTET_STRING, "expected subjectIdentifier")?;
    let mut attributes = Vec::new();
    if let Some(set) = fields.optional(tag::SET)? {
        let mut reader = set.reader();
        while !reader.is_empty() {
            if attributes.len() >= MAX_ATTRIBUTES {
                return Err(reader.error("too many attributes on a subject"));
            }
            attributes.push(attribute(
                reader.expect(tag::SEQUENCE, "expected an attribute")?,
            )?);
        }
    }
    fields.finish()?;
    Ok(Subject {
        identifier,
        attributes,
    })
}

fn attribute(whole: Tlv<'_>) -> Result<Attribute<'_>, Error> {
    let mut fields = whole.reader();
    let kind = fields.expect(tag::OID, "expected an attribute type")?;
    let values = fields.expect(tag::SET, "expected attribute values")?;
    fields.finish()?;
    Ok(Attribute {
        whole,
        kind,
        values,
    })
}

/// A SEQUENCE OF OBJECT IDENTIFIER.
///
/// # Errors
/// Where it is none, or longer than `limit`.
pub fn oids(list: Tlv<'_>, limit: usize) -> Result<Vec<Oid>, Error> {
    let mut reader = list.reader();
    let mut found = Vec::new();
    while !reader.is_empty() {
        if found.len() >= limit {
            return Err(reader.error("too many object identifiers"));
        }
        found.push(reader.any()?.oid()?);
    }
    Ok(found)
}

fn extension_types(wrapper: Tlv<'_>) -> Result<Vec<Oid>, Error> {
    let mut inner = wrapper.reader();
    let mut reader = inner.expect(tag::SEQUENCE, "expected extensions")?.reader();
    inner.finish()?;
    let mut found = Vec::new();
    while !reader.is_empty() {
        if found.len() >= MAX_ATTRIBUTES {
            return Err(reader.error("too many extensions"));
        }
        let extension = reader.expect(tag::SEQUENCE, "expected an extension")?;
        found.push(
            extension
                .reader()
                .expect(tag::OID, "expected an extension type")?
                .oid()?,
        );
    }
    Ok(found)
}

/// Text as Windows stores it in attributes: UTF-16, little-endian, to the first NUL.
pub fn utf16_le(value: &[u8]) -> String {
    let (pairs, _) = value.as_chunks::<2>();
    let units = pairs
        .iter()
        .map(|p| u16::from_le_bytes(*p))
        .take_while(|u| *u != 0);
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
