//! The manifest of a package or bundle: who it says it is.

use crate::base::xml::{self, Document};
use crate::format::msix::PUBLISHER;
use crate::model::extract::{Claimed, Span};

/// Namespaces of all versions of both manifests begin with this.
const NAMESPACE: &str = "http://schemas.microsoft.com/appx/";

/// Reads it, or says which rule it breaks.
pub(super) fn parse(bytes: &[u8], root: &str) -> Result<Document, String> {
    let document = xml::parse(bytes).map_err(|e| e.to_string())?;
    let named = document
        .name(document.root())
        .is_some_and(|n| n.local() == root && n.namespace().starts_with(NAMESPACE));
    if !named {
        return Err(format!("the document element is not {root}"));
    }
    if text(&document, "Identity", Some("Publisher")).is_none() {
        return Err("there is no Identity with a Publisher".into());
    }
    Ok(document)
}

/// What it says of the package, all of it at `span`.
pub(super) fn claims(document: &Document, span: &Span) -> Vec<Claimed> {
    let mut claims = Vec::new();
    for (key, value) in [
        ("Identity.Name", text(document, "Identity", Some("Name"))),
        (PUBLISHER, text(document, "Identity", Some("Publisher"))),
        (
            "Identity.Version",
            text(document, "Identity", Some("Version")),
        ),
        ("DisplayName", property(document, "DisplayName")),
        (
            "PublisherDisplayName",
            property(document, "PublisherDisplayName"),
        ),
    ] {
        if let Some(value) = value {
            claims.push(Claimed {
                key: key.to_owned(),
                value,
                span: span.clone(),
            });
        }
    }
    claims
}

/// An attribute of the only child of this name, or its text.
fn text(document: &Document, element: &str, attribute: Option<&str>) -> Option<String> {
    let root = document.root();
    let namespace = document.name(root)?.namespace();
    let child = document.only(root, namespace, element)?;
    match attribute {
        Some(attribute) => document.attribute(child, attribute).map(str::to_owned),
        None => Some(document.text(child)),
    }
}

fn property(document: &Document, name: &str) -> Option<String> {
    let root = document.root();
    let namespace = document.name(root)?.namespace();
    let properties = document.only(root, namespace, "Properties")?;
    let property = document.only(properties, namespace, name)?;
    Some(document.text(property).trim().to_owned())
}
