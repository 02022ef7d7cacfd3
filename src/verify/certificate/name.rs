//! Distinguished names (RFC 5280 section 4.1.2.4), with every attribute's string type and faults kept.

use super::note;
use crate::base::der::{Error, Tlv, tag};
use crate::base::text;
use crate::model::certificate::{Name, NameAttribute};

/// Reads a Name. One bad string never fails the whole: its text says so and its faults are listed.
pub(super) fn read(tlv: &Tlv<'_>, oddities: &mut Vec<&'static str>) -> Result<Name, Error> {
    let mut attributes = Vec::new();
    let mut rdns = tlv.reader();
    let mut rdn = 0usize;
    while !rdns.is_empty() {
        let set = rdns.expect(tag::SET, "expected a RelativeDistinguishedName")?;
        let mut members = set.reader();
        if members.is_empty() {
            note(oddities, "empty RelativeDistinguishedName");
        }
        let mut previous: &[u8] = &[];
        while !members.is_empty() {
            let member = members.expect(tag::SEQUENCE, "expected an attribute")?;
            // SET OF is sorted by encoding (X.690 section 11.6); names that are not still mean what they say.
            if member.raw < previous {
                note(oddities, "unsorted RelativeDistinguishedName");
            }
            previous = member.raw;
            attributes.push(attribute(&member, rdn)?);
        }
        rdn = rdn.saturating_add(1);
    }
    Ok(Name {
        raw: tlv.raw.to_vec(),
        attributes,
    })
}

fn attribute(member: &Tlv<'_>, rdn: usize) -> Result<NameAttribute, Error> {
    let mut fields = member.reader();
    let oid = fields
        .expect(tag::OID, "expected an attribute type")?
        .oid()?;
    let value = fields.any()?;
    fields.finish()?;
    let (text, bad) = text::decode(value.tag, value.value);
    let mut faults: Vec<_> = bad.into_iter().collect();
    faults.extend(text::faults(&text));
    Ok(NameAttribute {
        oid,
        rdn,
        string_tag: value.tag,
        value: text,
        faults,
    })
}
