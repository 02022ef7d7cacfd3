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
    CONTROL_CHARS_IN_NAME = "control-chars-in-name", Medium, "A name in the signer's certificate holds control characters", ["CVE-2009-2408"];
    BIDI_CONTROLS_IN_NAME = "bidi-controls-in-name", Medium, "A name in the signer's certificate holds bidirectional controls", ["Unicode TR 36 section 2.5"];
    INVISIBLE_CHARS_IN_NAME = "invisible-chars-in-name", Medium, "A name in the signer's certificate holds invisible characters", ["Unicode TR 36 section 2.5"];
    MIXED_SCRIPT_NAME = "mixed-script-name", Medium, "One word of a name mixes Latin with a look-alike script", ["Unicode TR 39 section 5"];
    HOMOGLYPH_IN_NAME = "homoglyph-in-name", Medium, "A word of a name is made of another script's look-alikes", ["Unicode TR 39 section 4"];
    MARKUP_IN_NAME = "markup-in-name", Low, "A name in the signer's certificate holds markup", [];
    FORMULA_PREFIX_IN_NAME = "formula-prefix-in-name", Low, "A name in the signer's certificate begins like a spreadsheet formula", [];
    DN_DELIMITER_IN_NAME = "dn-delimiter-in-name", Medium, "A name attribute imitates further attributes", ["RFC 4514 section 2.4"];
    OVERSIZE_NAME = "oversize-name", Low, "A name attribute is far over the permitted length", ["RFC 5280 appendix A.1"];
    EXCESS_COMBINING = "excess-combining", Low, "A name stacks combining marks", ["Unicode TR 36 section 2.9"];
    MALFORMED_STRING = "malformed-string", Low, "A name holds octets that its string type does not allow", ["RFC 5280 section 4.1.2.4"];
    LEGACY_STRING_TYPE = "legacy-string-type", Info, "A name is encoded in a legacy string type", ["RFC 5280 section 4.1.2.4"];
    EMPTY_SUBJECT = "empty-subject", Medium, "The signer's certificate names nobody", ["RFC 5280 section 4.1.2.6"];
    SEVERAL_COUNTRIES_IN_SUBJECT = "several-countries-in-subject", Medium, "The signer's certificate names several countries", ["CA/B Forum Code Signing BR section 7.1.4.2"];
    COUNTRY_CODE_UNKNOWN = "country-code-unknown", Low, "The signer's country has no ISO code", ["CA/B Forum Code Signing BR section 7.1.4.2.3"];
    ORG_ID_MALFORMED = "org-id-malformed", Low, "organizationIdentifier cannot be read", ["ETSI EN 319 412-1 section 5.1.4"];
    ORG_ID_MISMATCH = "org-id-mismatch", Medium, "organizationIdentifier and its extension or country disagree", ["CA/B Forum EV Guidelines section 9.8.2"];
    LEI_INVALID = "lei-invalid", Medium, "A Legal Entity Identifier fails its check digits", ["ISO 17442", "ISO/IEC 7064"];
    LEI_CONFLICT = "lei-conflict", Medium, "The certificate holds two different Legal Entity Identifiers", ["ISO 17442"];
    DECLARED_VENDOR_DIFFERS = "declared-vendor-differs", Low, "The file names a maker other than its signer", [];
}
