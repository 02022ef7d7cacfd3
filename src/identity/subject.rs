//! Attributes of a distinguished name that identity rests on, by type, each with the label that evidence names it by.

use crate::model::certificate::{Certificate, Name, NameAttribute};
use crate::model::evidence::{Evidence, Source};

/// An attribute type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttributeType {
    /// Contents octets of its object identifier.
    pub der: &'static [u8],
    /// Short label: `O`, `jurisdictionC`.
    pub label: &'static str,
}

macro_rules! attribute_types {
    ($($(#[$doc:meta])* $name:ident = $label:literal, $der:expr;)*) => {
        $($(#[$doc])* pub static $name: AttributeType = AttributeType { der: $der, label: $label };)*

        /// All types with a label.
        pub static ALL: &[&AttributeType] = &[$(&$name),*];
    };
}

attribute_types! {
    /// 2.5.4.3
    COMMON_NAME = "CN", &[0x55, 4, 3];
    /// 2.5.4.4
    SURNAME = "surname", &[0x55, 4, 4];
    /// 2.5.4.5; in EV certificates the registration number.
    SERIAL_NUMBER = "serialNumber", &[0x55, 4, 5];
    /// 2.5.4.6
    COUNTRY = "C", &[0x55, 4, 6];
    /// 2.5.4.7
    LOCALITY = "L", &[0x55, 4, 7];
    /// 2.5.4.8
    STATE = "ST", &[0x55, 4, 8];
    /// 2.5.4.9
    STREET = "streetAddress", &[0x55, 4, 9];
    /// 2.5.4.10
    ORGANIZATION = "O", &[0x55, 4, 10];
    /// 2.5.4.11
    ORGANIZATIONAL_UNIT = "OU", &[0x55, 4, 11];
    /// 2.5.4.15
    BUSINESS_CATEGORY = "businessCategory", &[0x55, 4, 15];
    /// 2.5.4.17
    POSTAL_CODE = "postalCode", &[0x55, 4, 17];
    /// 2.5.4.42
    GIVEN_NAME = "givenName", &[0x55, 4, 42];
    /// 2.5.4.97
    ORGANIZATION_IDENTIFIER = "organizationIdentifier", &[0x55, 4, 97];
    /// 1.3.6.1.4.1.311.60.2.1.1
    JURISDICTION_LOCALITY = "jurisdictionL", &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 1];
    /// 1.3.6.1.4.1.311.60.2.1.2
    JURISDICTION_STATE = "jurisdictionST", &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 2];
    /// 1.3.6.1.4.1.311.60.2.1.3
    JURISDICTION_COUNTRY = "jurisdictionC", &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 3];
    /// 1.2.840.113549.1.9.1
    EMAIL = "emailAddress", &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
    /// 0.9.2342.19200300.100.1.1
    USER_ID = "UID", &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1];
    /// 0.9.2342.19200300.100.1.25
    DOMAIN_COMPONENT = "DC", &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25];
}

/// Values of one type, in encoded order, empty ones left out.
pub fn values<'n>(name: &'n Name, kind: &AttributeType) -> impl Iterator<Item = &'n str> + use<'n> {
    let der = kind.der;
    name.attributes
        .iter()
        .filter(move |a| a.oid.as_der() == der)
        .map(|a| a.value.trim())
        .filter(|v| !v.is_empty())
}

/// The first value of one type.
pub fn first<'n>(name: &'n Name, kind: &AttributeType) -> Option<&'n str> {
    values(name, kind).next()
}

/// Values of one type, each once.
pub fn distinct<'n>(name: &'n Name, kind: &AttributeType) -> Vec<&'n str> {
    let mut found: Vec<&str> = Vec::new();
    for value in values(name, kind) {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

/// The label of an attribute: its short name, else its dotted type.
pub fn label(attribute: &NameAttribute) -> String {
    ALL.iter()
        .find(|kind| kind.der == attribute.oid.as_der())
        .map_or_else(|| attribute.oid.to_string(), |kind| kind.label.to_owned())
}

/// A subject attribute as evidence.
pub fn evidence(
    certificate: &Certificate,
    source: Source,
    kind: &AttributeType,
    value: &str,
) -> Evidence {
    Evidence::certificate(
        source,
        certificate.id,
        &format!("subject.{}", kind.label),
        value,
    )
}

#[cfg(test)]
mod tests {
    use crate::base::oid::Oid;

    #[test]
    fn attribute_types_are_the_registered_identifiers() {
        for (kind, dotted) in [
            (&super::ORGANIZATION_IDENTIFIER, "2.5.4.97"),
            (&super::JURISDICTION_COUNTRY, "1.3.6.1.4.1.311.60.2.1.3"),
            (&super::JURISDICTION_STATE, "1.3.6.1.4.1.311.60.2.1.2"),
            (&super::JURISDICTION_LOCALITY, "1.3.6.1.4.1.311.60.2.1.1"),
            (&super::EMAIL, "1.2.840.113549.1.9.1"),
            (&super::USER_ID, "0.9.2342.19200300.100.1.1"),
            (&super::DOMAIN_COMPONENT, "0.9.2342.19200300.100.1.25"),
        ] {
            assert_eq!(Oid::from_der(kind.der).to_string(), dotted);
        }
    }
}
