//! What a manifest says of itself and of the files beside it.

use crate::base::base64;
use crate::base::xml::{Document, NodeId};
use crate::model::digest::hex;
use crate::model::extract::{Claimed, Gap};
use crate::model::xmldsig::digest_method;

/// Files given as claims; the rest is counted.
const MAX_FILES: usize = 512;
const V1: &str = "urn:schemas-microsoft-com:asm.v1";
const V2: &str = "urn:schemas-microsoft-com:asm.v2";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Kinds of manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Says where an application is installed and updated from.
    Deployment,
    /// Lists the files of an application.
    Application,
    /// Describes an assembly for the loader.
    SideBySide,
}

impl Kind {
    pub(super) fn of(document: &Document) -> Self {
        let has = |local: &str| {
            document.children(document.root()).any(|c| {
                document
                    .name(c)
                    .is_some_and(|n| n.local() == local && n.namespace() == V2)
            })
        };
        if has("deployment") {
            Self::Deployment
        } else if has("entryPoint") || has("application") {
            Self::Application
        } else {
            Self::SideBySide
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Deployment => "ClickOnce deployment manifest",
            Self::Application => "ClickOnce application manifest",
            Self::SideBySide => "assembly manifest",
        }
    }
}

/// Claims in document order.
pub(super) fn read(document: &Document) -> (Vec<Claimed>, Vec<Gap>) {
    let root = document.root();
    let mut claimed = Vec::new();
    let mut files = 0usize;
    for node in document.elements(root) {
        let Some(name) = document.name(node) else {
            continue;
        };
        if !matches!(name.namespace(), V1 | V2) {
            continue;
        }
        let top = document.parent(node) == Some(root);
        match name.local() {
            "assemblyIdentity" if top => {
                for attribute in [
                    "name",
                    "version",
                    "publicKeyToken",
                    "processorArchitecture",
                    "language",
                ] {
                    claim(
                        document,
                        node,
                        attribute,
                        &format!("assemblyIdentity.{attribute}"),
                        &mut claimed,
                    );
                }
            }
            "description" if top => {
                for attribute in ["publisher", "product", "suiteName", "supportUrl"] {
                    let value = document
                        .attributes(node)
                        .iter()
                        .find(|a| a.name().local() == attribute)
                        .map(|a| a.value().to_owned());
                    push(document, node, attribute, value, &mut claimed);
                }
            }
            "deploymentProvider" => {
                claim(
                    document,
                    node,
                    "codebase",
                    "deploymentProvider",
                    &mut claimed,
                );
            }
            "publisherIdentity" if top => {
                claim(document, node, "name", "publisherIdentity", &mut claimed);
            }
            "file" if top => file(document, node, "name", &mut files, &mut claimed),
            "dependentAssembly" => file(document, node, "codebase", &mut files, &mut claimed),
            _ => {}
        }
    }
    let more = files.saturating_sub(MAX_FILES);
    let gap = (more > 0).then(|| Gap {
        what: format!("{more} further files that the manifest lists"),
        why: format!("only the first {MAX_FILES} are given"),
    });
    (claimed, gap.into_iter().collect())
}

/// A listed file with the digest that the manifest states of it.
fn file(
    document: &Document,
    node: NodeId,
    attribute: &str,
    files: &mut usize,
    claimed: &mut Vec<Claimed>,
) {
    let Some(name) = document.attribute(node, attribute) else {
        return;
    };
    *files = files.saturating_add(1);
    if *files > MAX_FILES {
        return;
    }
    let digest = document
        .children(node)
        .find(|c| document.name(*c).is_some_and(|n| n.local() == "hash"))
        .and_then(|hash| {
            let method = document.only(hash, DSIG, "DigestMethod")?;
            let algorithm = digest_method(document.attribute(method, "Algorithm")?)?;
            let value = document.text(document.only(hash, DSIG, "DigestValue")?);
            let octets = base64::decode(&value)?;
            Some(format!(" {algorithm}:{}", hex(&octets)))
        })
        .unwrap_or_default();
    push(
        document,
        node,
        "file",
        Some(format!("{name}{digest}")),
        claimed,
    );
}

fn claim(
    document: &Document,
    node: NodeId,
    attribute: &str,
    key: &str,
    claimed: &mut Vec<Claimed>,
) {
    let value = document.attribute(node, attribute).map(str::to_owned);
    push(document, node, key, value, claimed);
}

fn push(
    document: &Document,
    node: NodeId,
    key: &str,
    value: Option<String>,
    claimed: &mut Vec<Claimed>,
) {
    claimed.extend(value.map(|value| Claimed {
        key: key.to_owned(),
        value,
        span: document.span(node),
    }));
}
