//! What every format that is XML refuses, in the same words.

use crate::base::budget::Exceeded;
use crate::base::xml::{self, Fault, MAX_ALL_ATTRIBUTES, MAX_DEPTH, MAX_LEN, MAX_NODES};
use crate::format::Error;
use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &DTD_FORBIDDEN,
    &DUPLICATE_ATTRIBUTE,
    &UNSUPPORTED_ENCODING,
    &MALFORMED_XML,
];

/// A document type declaration.
pub static DTD_FORBIDDEN: Definition = Definition {
    id: "dtd-forbidden",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "XML document has a document type declaration",
    references: &["XML 1.0 section 2.8", "CWE-776", "CWE-611"],
};

/// An attribute given twice.
pub static DUPLICATE_ATTRIBUTE: Definition = Definition {
    id: "duplicate-attribute",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "XML element has an attribute twice",
    references: &["XML 1.0 section 3.1"],
};

/// Neither UTF-8 nor UTF-16.
pub static UNSUPPORTED_ENCODING: Definition = Definition {
    id: "unsupported-encoding",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "XML document is not UTF-8 or UTF-16 as it says",
    references: &["XML 1.0 section 4.3.3"],
};

/// Not well-formed.
pub static MALFORMED_XML: Definition = Definition {
    id: "malformed-xml",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "XML document is not well-formed",
    references: &["XML 1.0", "Namespaces in XML 1.0"],
};

impl From<xml::Error> for Error {
    fn from(error: xml::Error) -> Self {
        let count = |what, limit| Self::Limit(Exceeded::Count { what, limit });
        let definition = match error.fault {
            Fault::Dtd => &DTD_FORBIDDEN,
            Fault::Encoding => &UNSUPPORTED_ENCODING,
            Fault::DuplicateAttribute => &DUPLICATE_ATTRIBUTE,
            Fault::Malformed(_) => &MALFORMED_XML,
            Fault::Depth => {
                let depth = u32::try_from(MAX_DEPTH).unwrap_or(u32::MAX);
                return Self::Limit(Exceeded::Depth(depth));
            }
            Fault::Attributes => return count("attributes", MAX_ALL_ATTRIBUTES),
            Fault::Nodes => return count("XML nodes", MAX_NODES),
            Fault::Length => return count("bytes of XML", MAX_LEN),
        };
        Self::malformed(definition, error.offset, error.to_string())
    }
}
