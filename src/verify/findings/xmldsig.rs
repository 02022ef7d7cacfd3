//! Findings about XML signatures.

use crate::model::finding::{Definition, Dimension, Severity};

const DSIG: &str = "W3C XML Signature Syntax and Processing, second edition";
const OPC: &str = "ISO/IEC 29500-2 section 10";

/// A further Signature element.
pub static XML_SIGNATURE_ELSEWHERE: Definition = Definition {
    id: "xml-signature-elsewhere",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A Signature element stands where none belongs",
    references: &[DSIG],
};

/// A reference that points to nothing.
pub static XML_REFERENCE_UNRESOLVED: Definition = Definition {
    id: "xml-reference-unresolved",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A signed reference points to nothing, or to more than one thing",
    references: &["W3C XML Signature, section 4.3.3"],
};

/// A transform that is never applied.
pub static XML_TRANSFORM_REFUSED: Definition = Definition {
    id: "xml-transform-refused",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A signed reference asks for a transform that no software signature needs",
    references: &[
        "W3C XML Signature, section 6.6",
        "W3C XML Signature Best Practices",
    ],
};

/// The signature is over something else.
pub static XML_NOT_OVER_DOCUMENT: Definition = Definition {
    id: "xml-not-over-document",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "XML signature does not cover the document that carries it",
    references: &[DSIG],
};

/// KeyValue is not the key of the signer.
pub static KEY_VALUE_MISMATCH: Definition = Definition {
    id: "key-value-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The key spelled out beside a signature is not its signer's",
    references: &["W3C XML Signature, section 4.4"],
};

/// A signature by a key alone.
pub static SIGNED_BY_KEY_ONLY: Definition = Definition {
    id: "signed-by-key-only",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Signed by a key that no certificate names",
    references: &["W3C XML Signature, section 4.4"],
};

/// The two layers of a ClickOnce manifest do not belong together.
pub static CLICKONCE_LAYERS_DISAGREE: Definition = Definition {
    id: "clickonce-layers-disagree",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Publisher's license does not belong to the manifest",
    references: &["Signature element of ClickOnce manifests"],
};

/// publicKeyToken is another key's.
pub static PUBLIC_KEY_TOKEN_MISMATCH: Definition = Definition {
    id: "public-key-token-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Manifest names another key than the one that signed it",
    references: &["ECMA-335 section II.6.2.1.3"],
};

/// A part that a signature lists is not there.
pub static PART_MISSING: Definition = Definition {
    id: "part-missing",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A signed part is not in the package",
    references: &[OPC],
};

/// A part has another content type than signed.
pub static PART_CONTENT_TYPE: Definition = Definition {
    id: "part-content-type",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A signed part has another content type",
    references: &[OPC],
};

/// Parts that no signature lists.
pub static UNSIGNED_PARTS: Definition = Definition {
    id: "unsigned-parts",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Parts of the package are not covered by its signature",
    references: &[OPC],
};

/// Two parts of one name.
pub static AMBIGUOUS_PART_NAME: Definition = Definition {
    id: "ambiguous-part-name",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Two parts of the package have the same name",
    references: &["ISO/IEC 29500-2 section 6.2"],
};
