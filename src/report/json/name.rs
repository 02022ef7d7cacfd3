//! Distinguished names in RFC 4514 form, so that `Foo, O=Microsoft` in one field cannot look like two.

use crate::base::oid::Oid;
use crate::model::certificate::Name;

/// Short names of the types under 2.5.4 (X.520), by their last arc: RFC 4514 section 3, RFC 4519, and what the CA/Browser Forum
/// adds.
const X520: &[(u8, &str)] = &[
    (3, "CN"),
    (4, "SN"),
    (5, "serialNumber"),
    (6, "C"),
    (7, "L"),
    (8, "ST"),
    (9, "STREET"),
    (10, "O"),
    (11, "OU"),
    (12, "title"),
    (13, "description"),
    (15, "businessCategory"),
    (16, "postalAddress"),
    (17, "postalCode"),
    (18, "postOfficeBox"),
    (42, "givenName"),
    (97, "organizationIdentifier"),
];

/// Short names of other types: RFC 4519, PKCS #9, and the CA/Browser Forum's.
const OTHER: &[(&str, &str)] = &[
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
    ("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"),
    ("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"),
    ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"),
];

/// The short name of an attribute type, else its dotted form.
pub(super) fn attribute_type(oid: &Oid) -> String {
    let short = match oid.as_der() {
        // Nearly all are under 2.5.4, which DER writes as these two octets.
        [0x55, 0x04, last] => X520.iter().find(|(arc, _)| arc == last).map(|(_, s)| *s),
        _ => OTHER.iter().find(|(o, _)| oid.is(o)).map(|(_, s)| *s),
    };
    short.map_or_else(|| oid.to_string(), str::to_owned)
}

/// The whole name as one string (RFC 4514 section 2), most specific first. Values keep their characters; a type without a
/// short name is written dotted with its value as text, not as the `#hex` form, which nobody can read.
pub(super) fn rfc4514(name: &Name) -> String {
    let mut out = String::new();
    let mut previous = None;
    for attribute in reversed_rdns(name) {
        if previous.is_some() {
            out.push(if previous == Some(attribute.rdn) {
                '+'
            } else {
                ','
            });
        }
        previous = Some(attribute.rdn);
        out.push_str(&attribute_type(&attribute.oid));
        out.push('=');
        escape(&attribute.value, &mut out);
    }
    out
}

fn reversed_rdns(name: &Name) -> Vec<&crate::model::certificate::NameAttribute> {
    let mut attributes: Vec<_> = name.attributes.iter().collect();
    attributes.sort_by_key(|a| std::cmp::Reverse(a.rdn));
    attributes
}

/// RFC 4514 section 2.4.
fn escape(value: &str, out: &mut String) {
    let last = value.chars().count().saturating_sub(1);
    for (i, c) in value.chars().enumerate() {
        match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => out.extend(['\\', c]),
            '#' | ' ' if i == 0 => out.extend(['\\', c]),
            ' ' if i == last => out.extend(['\\', c]),
            '\0' => out.push_str("\\00"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rfc4514;
    use crate::base::oid::Oid;
    use crate::model::certificate::{Name, NameAttribute};

    fn name(attributes: &[(&str, usize, &str)]) -> Name {
        Name {
            raw: Vec::new(),
            attributes: attributes
                .iter()
                .map(|(oid, rdn, value)| NameAttribute {
                    oid: Oid::parse(oid).unwrap(),
                    rdn: *rdn,
                    string_tag: 12,
                    value: (*value).to_owned(),
                    faults: Vec::new(),
                })
                .collect(),
        }
    }

    #[test]
    fn a_comma_in_a_value_never_looks_like_a_second_attribute() {
        let hostile = name(&[("2.5.4.6", 0, "US"), ("2.5.4.3", 1, "Foo, O=Microsoft")]);
        assert_eq!(rfc4514(&hostile), "CN=Foo\\, O=Microsoft,C=US");
    }

    #[test]
    fn edges_and_multi_valued_rdns_follow_the_rfc() {
        let odd = name(&[
            ("2.5.4.10", 0, " a "),
            ("2.5.4.11", 1, "#1"),
            ("2.5.4.3", 1, "x\0+y"),
            ("1.2.3.4", 2, ""),
        ]);
        assert_eq!(rfc4514(&odd), "1.2.3.4=,OU=\\#1+CN=x\\00\\+y,O=\\ a\\ ");
        assert_eq!(rfc4514(&name(&[])), "");
        assert_eq!(rfc4514(&name(&[("2.5.4.3", 0, " ")])), "CN=\\ ");
    }
}
