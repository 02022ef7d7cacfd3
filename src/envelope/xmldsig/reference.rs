//! References and their transforms (XML Signature sections 4.3.3 and 6.6).

use std::collections::BTreeSet;

use crate::base::xml::canonical::Method;
use crate::base::xml::{Document, NodeId};
use crate::envelope::Error;
use crate::envelope::xmldsig::{DSIG, algorithm, octets, offset, part};
use crate::model::xmldsig::{Reference, Target, Transform};

/// References of one SignedInfo; two is the most seen, and each may cost a canonical form of the document.
const MAX_REFERENCES: usize = 8;
/// References of one package manifest; as many files are in no package.
const MAX_PARTS: usize = 1 << 16;
/// Transforms of one reference; two is what makes sense.
const MAX_TRANSFORMS: usize = 4;

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform";
const OPC: &str = "http://schemas.openxmlformats.org/package/2006/digital-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// The references of a SignedInfo, those to elements resolved inside `scope`.
pub(super) fn of_signed_info(
    document: &Document,
    signed_info: NodeId,
    scope: NodeId,
) -> Result<Vec<Reference>, Error> {
    each(document, signed_info, MAX_REFERENCES, |uri| match uri {
        None => Target::Nothing("there is no URI"),
        Some("") => Target::Document,
        Some(uri) => match uri.strip_prefix('#') {
            Some(id) => by_id(document, scope, id),
            None => Target::Nothing("it points outside the document"),
        },
    })
}

/// The references of a package's Manifest: `/name?ContentType=type`.
pub(super) fn of_manifest(document: &Document, manifest: NodeId) -> Result<Vec<Reference>, Error> {
    each(document, manifest, MAX_PARTS, |uri| match uri {
        Some(uri) if uri.starts_with('/') => {
            let (name, query) = match uri.split_once('?') {
                Some((name, query)) => (name, Some(query)),
                None => (uri, None),
            };
            let content_type = query.and_then(|q| q.strip_prefix("ContentType="));
            match (query, content_type) {
                (Some(_), None) => Target::Nothing("it is not the name of a part"),
                (_, content_type) => Target::Part {
                    name: name.to_owned(),
                    content_type: content_type.map(str::to_owned),
                },
            }
        }
        _ => Target::Nothing("it is not the name of a part"),
    })
}

fn each(
    document: &Document,
    parent: NodeId,
    limit: usize,
    target: impl Fn(Option<&str>) -> Target,
) -> Result<Vec<Reference>, Error> {
    let mut references = Vec::new();
    for node in document.named(parent, DSIG, "Reference") {
        if references.len() >= limit {
            return Err(Error::Limit {
                what: "references",
                limit,
                offset: offset(document, node),
            });
        }
        references.push(Reference {
            node,
            target: target(document.attribute(node, "URI")),
            transforms: transforms(document, node)?,
            method: algorithm(document, part(document, node, "DigestMethod")?),
            digest: octets(document, part(document, node, "DigestValue")?)?,
        });
    }
    Ok(references)
}

/// The element of an Id. Without a schema which attribute is one goes by its name, in every case that implementations look
/// for; two elements of one Id are none, whichever an implementation would take.
fn by_id(document: &Document, scope: NodeId, id: &str) -> Target {
    let mut found = document.elements(scope).filter(|element| {
        document
            .attributes(*element)
            .iter()
            .any(|a| a.name().local().eq_ignore_ascii_case("id") && a.value() == id)
    });
    match (found.next(), found.next()) {
        (Some(only), None) => Target::Element(only),
        (Some(_), Some(_)) => Target::Nothing("more than one element has this Id"),
        (None, _) => Target::Nothing("no element has this Id"),
    }
}

fn transforms(document: &Document, reference: NodeId) -> Result<Vec<Transform>, Error> {
    let mut transforms = Vec::new();
    for list in document.named(reference, DSIG, "Transforms") {
        for node in document.children(list) {
            if transforms.len() >= MAX_TRANSFORMS {
                return Err(Error::Limit {
                    what: "transforms",
                    limit: MAX_TRANSFORMS,
                    offset: offset(document, node),
                });
            }
            transforms.push(transform(document, node));
        }
    }
    Ok(transforms)
}

fn transform(document: &Document, node: NodeId) -> Transform {
    match document.attribute(node, "Algorithm") {
        Some(ENVELOPED) => Transform::Enveloped,
        Some(RELATIONSHIPS) => {
            let values = |local: &'static str, attribute: &'static str| -> Vec<String> {
                document
                    .named(node, OPC, local)
                    .filter_map(|n| document.attribute(n, attribute))
                    .map(str::to_owned)
                    .collect()
            };
            Transform::Relationships {
                ids: values("RelationshipReference", "SourceId"),
                types: values("RelationshipsGroupReference", "SourceType"),
            }
        }
        _ => match method(document, node) {
            Ok(method) => Transform::Canonical(method),
            Err(unknown) => Transform::Refused(unknown),
        },
    }
}

/// A canonicalisation method; `Err` names one that is not computed with.
pub(super) fn method(document: &Document, node: NodeId) -> Result<Method, String> {
    let identifier = algorithm(document, node);
    let (comments, exclusive) = match identifier.as_str() {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" => (false, false),
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments" => (true, false),
        EXCLUSIVE => (false, true),
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments" => (true, true),
        _ => return Err(identifier),
    };
    let listed = || -> BTreeSet<String> {
        document
            .named(node, EXCLUSIVE, "InclusiveNamespaces")
            .filter_map(|n| document.attribute(n, "PrefixList"))
            .flat_map(str::split_ascii_whitespace)
            .map(str::to_owned)
            .collect()
    };
    Ok(Method {
        comments,
        exclusive: exclusive.then(listed),
    })
}
