//! The findings that this room raises. Each has its long text in `docs/findings/<id>.md`.

use crate::model::finding::{Definition, Dimension, Severity};

macro_rules! definitions {
    ($($name:ident = $id:literal, $severity:ident, $title:literal, [$($reference:literal),*];)*) => {
        $(
            #[doc = $title]
            pub static $name: Definition = Definition {
                id: $id,
                dimension: Dimension::Jurisdiction,
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
    JURISDICTION_CLAIMS_CONFLICT = "jurisdiction-claims-conflict", Medium, "Claims about one jurisdiction contradict each other", [];
    JURISDICTION_DIFFERS_FROM_PLACE = "jurisdiction-differs-from-place", Info, "The signer is incorporated in one country and does business in another", ["CA/B Forum Code Signing BR section 7.1.4.2.4"];
    INCORPORATION_UNKNOWN = "incorporation-unknown", Info, "Nothing says where the party is incorporated", ["CA/B Forum Code Signing BR section 7.1.4.2.3"];
    ISSUER_OPERATED_EXTERNALLY = "issuer-operated-externally", Info, "The issuing authority and its root have different operators", [];
    PKI_OPERATOR_UNKNOWN = "pki-operator-unknown", Info, "The operator of the issuing authority is not known", [];
    AUTHORITY_DISTRUSTED_BEFORE = "authority-distrusted-before", Low, "A root programme ended or limited its trust in an authority of the chain", [];
    TSA_OPERATOR_UNKNOWN = "tsa-operator-unknown", Info, "The operator of the timestamp authority is not known", [];
}
