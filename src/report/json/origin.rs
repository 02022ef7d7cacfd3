//! `subjects[].origin`: where a fetched subject comes from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{EdgeLink, Status};
use crate::model::digest::hex;
use crate::model::origin::{Edge as ModelEdge, Origin as ModelOrigin};

/// Where a subject was fetched from, and what binds its bytes to a registry's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// What the user named, at the version that was taken.
    pub locator: String,
    /// The registry; null for an address that the user named.
    pub registry: Option<Registry>,
    /// Address of the file, without credentials.
    pub url: String,
    /// Addresses that its answer was redirected to, in order.
    pub hops: Vec<String>,
    /// Documents that led to it, in order.
    pub documents: Vec<String>,
    /// The registry withdrew the release.
    pub yanked: bool,
    /// Why, where it says so: text from outside.
    pub yanked_reason: Option<String>,
    /// What the registry says beside digests.
    pub stated: Vec<Stated>,
    /// What binds what, from the registry to the file.
    pub edges: Vec<Edge>,
}

/// The registry that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Registry {
    /// `pypi`, `npm`, `crates`, `deb`.
    pub kind: String,
    /// Its address, without credentials.
    pub address: String,
    /// The user's setting that names it.
    pub configured_by: String,
}

/// One statement of a registry: text from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stated {
    /// The registry's own key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// One edge of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Edge {
    /// Its place in the chain.
    pub link: EdgeLink,
    /// From what to what.
    pub what: String,
    /// The algorithm that binds; null where nothing does.
    pub algorithm: Option<String>,
    /// The digest stated, hexadecimal.
    pub stated: String,
    /// The digest computed, hexadecimal.
    pub computed: String,
    /// What the comparison came to.
    pub status: Status,
    /// Why.
    pub reason: String,
}

impl From<&ModelOrigin> for Origin {
    fn from(origin: &ModelOrigin) -> Self {
        Self {
            locator: origin.locator.clone(),
            registry: origin.registry.as_ref().map(|r| Registry {
                kind: r.kind.to_owned(),
                address: r.address.clone(),
                configured_by: r.configured_by.clone(),
            }),
            url: origin.url.clone(),
            hops: origin.hops.clone(),
            documents: origin.documents.clone(),
            yanked: origin.yanked.is_some(),
            yanked_reason: origin.yanked.clone().filter(|why| !why.is_empty()),
            stated: origin
                .stated
                .iter()
                .map(|s| Stated {
                    key: s.key.clone(),
                    value: s.value.clone(),
                })
                .collect(),
            edges: origin.edges.iter().map(Into::into).collect(),
        }
    }
}

impl From<&ModelEdge> for Edge {
    fn from(edge: &ModelEdge) -> Self {
        Self {
            link: edge.link.into(),
            what: edge.what.clone(),
            algorithm: edge.algorithm.map(|a| a.name().to_owned()),
            stated: hex(&edge.stated),
            computed: hex(&edge.computed),
            status: edge.status.into(),
            reason: edge.reason.clone(),
        }
    }
}
