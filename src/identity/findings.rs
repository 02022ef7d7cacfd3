//! The findings that this room raises. Each has its long text in `docs/findings/<id>.md`.

use crate::model::finding::{Definition, Dimension, Severity};

macro_rules! definitions {
    ($($name:ident = $id:literal, $severity:ident, $title:literal, [$($reference:literal),*];)*) => {
        $(
            #[doc = $title]
            pub static $name: Definition = Definition {
                id: $id,
                dimension: Dimension::Identity,
                severity: Severity::$severity,
                title: $title,
                references: &[$($reference),*],
            };
        )*

        /// All of them; a test holds this list against the documents and the code.
        pub static ALL: &[&Definition] = &[$(&$name),*];
    };
}

definitions! {
    HOMOGLYPH_IN_NAME = "homoglyph-in-name", Medium, "A word of a name disguises itself as another by look-alike letters", ["Unicode TR 39 section 4"];
    SEVERAL_COUNTRIES_IN_SUBJECT = "several-countries-in-subject", Medium, "The signer's certificate names several countries", ["CA/B Forum Code Signing BR section 7.1.4.2"];
    COUNTRY_CODE_UNKNOWN = "country-code-unknown", Low, "The signer's country has no ISO code", ["CA/B Forum Code Signing BR section 7.1.4.2.3"];
    ORG_ID_MALFORMED = "org-id-malformed", Low, "organizationIdentifier cannot be read", ["ETSI EN 319 412-1 section 5.1.4"];
    ORG_ID_MISMATCH = "org-id-mismatch", Medium, "organizationIdentifier and its extension or country disagree", ["CA/B Forum EV Guidelines section 9.8.2"];
    LEI_INVALID = "lei-invalid", Medium, "A Legal Entity Identifier fails its check digits", ["ISO 17442", "ISO/IEC 7064"];
    LEI_CONFLICT = "lei-conflict", Medium, "The certificate holds two different Legal Entity Identifiers", ["ISO 17442"];
    PUBLISHER_MISMATCH = "publisher-mismatch", High, "The publisher of a package is not its signer", ["Windows app package manifest schema, Identity"];
    DECLARED_VENDOR_DIFFERS = "declared-vendor-differs", Low, "The file names a maker other than its signer", [];
}
