//! What a claim or a finding rests on: a byte range, a certificate field, a data entry, a recorded answer.

use super::certificate::CertificateId;
use crate::base::time::Time;

/// Where a fact comes from, which decides how far it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Covered by a signature that verified.
    Signed,
    /// In the file, covered by nothing that verified.
    Embedded,
    /// Fetched or replayed.
    Network,
    /// Ships with this product: trust roots, vendor registry, instruments.
    Bundled,
    /// Given by the user: a flag, a setting, a file of theirs.
    User,
    /// Computed from other evidence.
    Derived,
}

/// How to find it again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Locator {
    /// Bytes of the subject's file.
    Bytes {
        /// From the start of the file.
        offset: u64,
        /// Length in bytes.
        length: u64,
    },
    /// A field of a certificate in the report's table.
    CertificateField {
        /// Which certificate.
        certificate: CertificateId,
        /// Field in dotted form: `subject.O`, `extensions.2.5.29.37`, `validity.notAfter`.
        field: String,
    },
    /// An entry of a data set that ships with the product or was given by the user.
    Entry {
        /// Data set: `vendors/kaspersky`, `instruments/us-icts-kaspersky`, `trust-roots/windows`, `operators`.
        data: String,
        /// Key inside it.
        entry: String,
    },
    /// A recorded network answer.
    Url(String),
}

/// One piece of evidence. The report gives it a handle (`E1`); equal pieces share one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Where the fact comes from.
    pub source: Source,
    /// How to find it again.
    pub locator: Locator,
    /// The fact itself, as found; hostile text, escaped only where it is printed.
    pub excerpt: Option<String>,
    /// For citations: the primary source, such as `89 FR 52362`, with its address where there is one.
    pub citation: Option<String>,
    /// When it was observed or, for data, as of when it holds.
    pub observed_at: Option<Time>,
}

impl Evidence {
    /// Bytes of the subject's own file.
    pub fn bytes(source: Source, offset: u64, length: u64) -> Self {
        Self {
            source,
            locator: Locator::Bytes { offset, length },
            excerpt: None,
            citation: None,
            observed_at: None,
        }
    }

    /// A field of a certificate.
    pub fn certificate(
        source: Source,
        certificate: CertificateId,
        field: &str,
        excerpt: impl Into<String>,
    ) -> Self {
        Self {
            source,
            locator: Locator::CertificateField {
                certificate,
                field: field.into(),
            },
            excerpt: Some(excerpt.into()),
            citation: None,
            observed_at: None,
        }
    }

    /// An entry of shipped data.
    pub fn entry(data: impl Into<String>, entry: impl Into<String>) -> Self {
        Self {
            source: Source::Bundled,
            locator: Locator::Entry {
                data: data.into(),
                entry: entry.into(),
            },
            excerpt: None,
            citation: None,
            observed_at: None,
        }
    }

    /// The same with an excerpt.
    #[must_use]
    pub fn excerpt(mut self, text: impl Into<String>) -> Self {
        self.excerpt = Some(text.into());
        self
    }

    /// The same with a citation.
    #[must_use]
    pub fn cited(mut self, citation: impl Into<String>) -> Self {
        self.citation = Some(citation.into());
        self
    }
}
