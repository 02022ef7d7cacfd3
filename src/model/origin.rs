//! Where a fetched subject comes from, and what vouches for its bytes on the way: a chain of edges from a registry to the file.

use super::digest::DigestAlgorithm;
use super::extract::Gap;
use super::finding::Status;

/// How a subject came here. A file that the user named by path has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What the user named: a package locator or an address.
    pub locator: String,
    /// The registry that was asked; `None` for an address.
    pub registry: Option<Registry>,
    /// Address that the file was asked at, without credentials.
    pub url: String,
    /// Addresses that answers were redirected to, in order.
    pub hops: Vec<String>,
    /// Addresses of documents that led to the file, in order.
    pub documents: Vec<String>,
    /// The registry withdrew this release, with its reason, which may be empty.
    pub yanked: Option<String>,
    /// What the registry says beside digests: dates, suites, sizes. Text from outside.
    pub stated: Vec<Stated>,
    /// What binds what, from the registry to the file.
    pub edges: Vec<Edge>,
    /// What the registry offers and nobody looked at.
    pub gaps: Vec<Gap>,
}

/// The registry that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry {
    /// Kind: `pypi`, `npm`, `crates`, `deb`.
    pub kind: &'static str,
    /// Its address, without credentials.
    pub address: String,
    /// Which of the user's settings names it: a file, a variable, a flag.
    pub configured_by: String,
}

/// One statement of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The registry's own key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// What one edge of the chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// A signature, or the lack of one, over the document that the chain starts from.
    Anchor,
    /// One document names the next by digest.
    Document,
    /// The last document names the file by digest.
    File,
}

impl Link {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anchor => "anchor",
            Self::Document => "document",
            Self::File => "file",
        }
    }
}

/// One edge of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Its place.
    pub link: Link,
    /// From what to what, for people.
    pub what: String,
    /// The algorithm that binds, where one is named.
    pub algorithm: Option<DigestAlgorithm>,
    /// The digest stated; empty where there is none.
    pub stated: Vec<u8>,
    /// The digest of what came; empty where none was computed.
    pub computed: Vec<u8>,
    /// What the comparison came to: a weak algorithm that agrees is `Review`.
    pub status: Status,
    /// Why, in one sentence.
    pub reason: String,
}

impl Edge {
    /// Two digests compared.
    pub fn compared(
        link: Link,
        what: impl Into<String>,
        algorithm: DigestAlgorithm,
        stated: Vec<u8>,
        computed: Vec<u8>,
    ) -> Self {
        let (status, reason) = if stated.len() != algorithm.output_len() || computed.is_empty() {
            (
                Status::Unknown,
                format!("the digest stated is no {algorithm} value"),
            )
        } else if stated != computed {
            (
                Status::Fail,
                format!("{algorithm} differs from what is stated"),
            )
        } else if algorithm.is_weak() {
            (
                Status::Review,
                format!("{algorithm} agrees, for which collisions can be made"),
            )
        } else {
            (Status::Pass, format!("{algorithm} agrees"))
        };
        Self {
            link,
            what: what.into(),
            algorithm: Some(algorithm),
            stated,
            computed,
            status,
            reason,
        }
    }

    /// An edge that nothing was computed for.
    pub fn open(link: Link, what: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            link,
            what: what.into(),
            algorithm: None,
            stated: Vec::new(),
            computed: Vec::new(),
            status: Status::Unknown,
            reason: reason.into(),
        }
    }
}

impl Origin {
    /// Every address that was used, documents first.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let all = self.documents.iter().chain([&self.url]).chain(&self.hops);
        all.map(String::as_str)
    }
}
