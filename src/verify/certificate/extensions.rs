//! Certificate extensions (RFC 5280 section 4.2). One that cannot be decoded is listed as malformed, a second of one type as
//! a duplicate; whether that stops a path is `verify::path`'s decision.

use x509_parser::extensions::{
    AuthorityInfoAccess, CRLDistributionPoints, DistributionPointName, GeneralName,
};
use x509_parser::prelude::FromDer;

use super::note;
use crate::base::der::{Error, Reader, Tlv, tag};
use crate::base::oid::Oid;
use crate::model::certificate::Extensions;

/// Identifiers by their DER contents octets: id-ce is 2.5.29, id-pe 1.3.6.1.5.5.7.1.
mod id {
    pub(super) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
    pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
    pub(super) const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
    pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
    pub(super) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
    pub(super) const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
    pub(super) const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1d, 32];
    pub(super) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];
    pub(super) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
    pub(super) const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
    /// id-ad-ocsp and id-ad-caIssuers.
    pub(super) const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1];
    pub(super) const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 2];
}

/// Most addresses kept of one kind; real certificates have up to three, and each may be asked over the network.
const MAX_URLS: usize = 16;

/// Reads `[3] EXPLICIT Extensions`.
pub(super) fn read(
    wrapper: &Tlv<'_>,
    oddities: &mut Vec<&'static str>,
) -> Result<Extensions, Error> {
    let mut found = Extensions::default();
    let mut outer = wrapper.reader();
    let list = outer.expect(tag::SEQUENCE, "expected extensions")?;
    outer.finish()?;
    let mut members = list.reader();
    if members.is_empty() {
        note(oddities, "empty extensions");
    }
    let mut seen = std::collections::HashSet::new();
    while !members.is_empty() {
        let member = members.expect(tag::SEQUENCE, "expected an extension")?;
        let mut fields = member.reader();
        let oid = fields
            .expect(tag::OID, "expected an extension's type")?
            .oid()?;
        let critical = critical(&mut fields, oddities)?;
        let value = fields.expect(tag::OCTET_STRING, "expected an extension's value")?;
        fields.finish()?;
        if !seen.insert(oid.clone()) {
            if !found.duplicates.contains(&oid) {
                found.duplicates.push(oid.clone());
            }
        } else if decode(&mut found, &oid, critical, &value).is_none() {
            found.malformed.push(oid.clone());
        }
        found.all.push((oid, critical, value.value.to_vec()));
    }
    Ok(found)
}

/// BOOLEAN DEFAULT FALSE; DER allows only TRUE as 0xff, and leaves FALSE out.
fn critical(fields: &mut Reader<'_>, oddities: &mut Vec<&'static str>) -> Result<bool, Error> {
    let Some(flag) = fields.optional(tag::BOOLEAN)? else {
        return Ok(false);
    };
    match flag.value {
        [0xff] => Ok(true),
        [0] => {
            note(oddities, "default criticality encoded");
            Ok(false)
        }
        [_] => {
            note(oddities, "criticality not DER");
            Ok(true)
        }
        _ => Err(flag.error("expected a BOOLEAN of one octet")),
    }
}

/// `None` where a type that is understood has a value that is not.
fn decode(found: &mut Extensions, oid: &Oid, critical: bool, value: &Tlv<'_>) -> Option<()> {
    match oid.as_der() {
        id::BASIC_CONSTRAINTS => found.basic_constraints = Some(basic_constraints(value.value)?),
        id::KEY_USAGE => found.key_usage = Some(key_usage(value.value)?),
        id::EXTENDED_KEY_USAGE => {
            found.extended_key_usage_critical = critical;
            found.extended_key_usage = Some(oids(value.value)?);
        }
        id::CERTIFICATE_POLICIES => found.policies = policies(value.value)?,
        id::SUBJECT_KEY_ID => {
            found.subject_key_id = Some(whole(value.value, tag::OCTET_STRING)?.value.to_vec());
        }
        id::AUTHORITY_KEY_ID => found.authority_key_id = authority_key_id(value.value)?,
        id::NAME_CONSTRAINTS => found.name_constraints = Some(value.value.to_vec()),
        id::SUBJECT_ALT_NAME => found.subject_alt_name = Some(value.value.to_vec()),
        id::CRL_DISTRIBUTION_POINTS => found.crl_urls = crl_urls(value.value)?,
        id::AUTHORITY_INFO_ACCESS => authority_info_access(found, value.value)?,
        _ => {}
    }
    Some(())
}

/// The one value that fills the extension.
fn whole(value: &[u8], tag: u8) -> Option<Tlv<'_>> {
    let mut reader = Reader::der(value);
    let tlv = reader.expect(tag, "").ok()?;
    reader.finish().ok()?;
    Some(tlv)
}

/// RFC 5280 section 4.2.1.9.
fn basic_constraints(value: &[u8]) -> Option<(bool, Option<u32>)> {
    let mut fields = whole(value, tag::SEQUENCE)?.reader();
    let ca = match fields.optional(tag::BOOLEAN).ok()? {
        Some(flag) => matches!(flag.value, [b] if *b != 0),
        None => false,
    };
    let path_len = match fields.optional(tag::INTEGER).ok()? {
        // More than fits is as good as no limit: a path is far shorter.
        Some(n) => Some(u32::try_from(n.unsigned().ok()?).unwrap_or(u32::MAX)),
        None => None,
    };
    fields.finish().ok()?;
    Some((ca, path_len))
}

/// RFC 5280 section 4.2.1.3; bit 0 is the first octet's highest.
fn key_usage(value: &[u8]) -> Option<u16> {
    let bits = whole(value, tag::BIT_STRING)?.value;
    let (unused, octets) = bits.split_first()?;
    if *unused > 7 || (octets.is_empty() && *unused != 0) {
        return None;
    }
    let first = octets.first().copied().unwrap_or(0).reverse_bits();
    let second = octets.get(1).copied().unwrap_or(0).reverse_bits();
    Some(u16::from_le_bytes([first, second]))
}

fn oids(value: &[u8]) -> Option<Vec<Oid>> {
    let mut members = whole(value, tag::SEQUENCE)?.reader();
    let mut found = Vec::new();
    while !members.is_empty() {
        found.push(members.any().ok()?.oid().ok()?);
    }
    Some(found)
}

/// The identifiers of RFC 5280 section 4.2.1.4; qualifiers are not looked at.
fn policies(value: &[u8]) -> Option<Vec<Oid>> {
    let mut members = whole(value, tag::SEQUENCE)?.reader();
    let mut found = Vec::new();
    while !members.is_empty() {
        let member = members.expect(tag::SEQUENCE, "").ok()?;
        found.push(member.reader().any().ok()?.oid().ok()?);
    }
    Some(found)
}

/// RFC 5280 section 4.2.1.1; the inner `Option` is keyIdentifier, which may be left out.
fn authority_key_id(value: &[u8]) -> Option<Option<Vec<u8>>> {
    let mut fields = whole(value, tag::SEQUENCE)?.reader();
    let key = fields.optional(tag::context(0)).ok()?;
    while !fields.is_empty() {
        fields.any().ok()?;
    }
    Some(key.map(|k| k.value.to_vec()))
}

/// RFC 5280 section 4.2.1.13.
fn crl_urls(value: &[u8]) -> Option<Vec<String>> {
    let (rest, points) = CRLDistributionPoints::from_der(value).ok()?;
    let mut urls = Vec::new();
    for point in &points.points {
        if let Some(DistributionPointName::FullName(names)) = &point.distribution_point {
            urls.extend(names.iter().filter_map(url));
        }
    }
    urls.truncate(MAX_URLS);
    rest.is_empty().then_some(urls)
}

/// RFC 5280 section 4.2.2.1.
fn authority_info_access(found: &mut Extensions, value: &[u8]) -> Option<()> {
    let (rest, access) = AuthorityInfoAccess::from_der(value).ok()?;
    for description in &access.accessdescs {
        let list = match description.access_method.as_bytes() {
            id::OCSP => &mut found.ocsp_urls,
            id::CA_ISSUERS => &mut found.issuer_urls,
            _ => continue,
        };
        if list.len() < MAX_URLS {
            list.extend(url(&description.access_location));
        }
    }
    rest.is_empty().then_some(())
}

fn url(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(uri) => Some((*uri).to_owned()),
        _ => None,
    }
}
