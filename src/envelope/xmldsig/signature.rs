//! One Signature element (XML Signature section 4).

use crate::base::xml::{Document, NodeId};
use crate::envelope::Error;
use crate::envelope::xmldsig::{DSIG, algorithm, license, octets, offset, part, reference};
use crate::model::xmldsig::{KeyValue, Reference, Target, Token, XmlSignature};

/// Certificates in one KeyInfo, as in one CMS set.
const MAX_CERTIFICATES: usize = 1024;
/// Timestamps on one signature; one is the most seen.
const MAX_TIMESTAMPS: usize = 8;

/// Of ClickOnce licenses.
const AUTHENTICODE: &str = "http://schemas.microsoft.com/windows/pki/2005/Authenticode";
/// Of OPC packages.
const OPC: &str = "http://schemas.openxmlformats.org/package/2006/digital-signature";

/// Reads the signature at `node`, whose references are resolved inside `scope`.
pub(super) fn read(
    document: &Document,
    node: NodeId,
    scope: NodeId,
) -> Result<XmlSignature, Error> {
    let signed_info = part(document, node, "SignedInfo")?;
    let canonicalization = part(document, signed_info, "CanonicalizationMethod")?;
    let references = reference::of_signed_info(document, signed_info, scope)?;
    let objects: Vec<NodeId> = references
        .iter()
        .filter_map(|r| match r.target {
            Target::Element(target) if document.is(target, DSIG, "Object") => Some(target),
            Target::Element(_) | Target::Document | Target::Part { .. } | Target::Nothing(_) => {
                None
            }
        })
        .collect();
    let mut key_infos = document.named(node, DSIG, "KeyInfo");
    let key_info = key_infos.next();
    if let Some(second) = key_infos.next() {
        return Err(Error::Content {
            expected: "one KeyInfo",
            offset: offset(document, second),
        });
    }
    Ok(XmlSignature {
        node,
        signed_info,
        canonicalization: reference::method(document, canonicalization),
        method: algorithm(document, part(document, signed_info, "SignatureMethod")?),
        value: octets(document, part(document, node, "SignatureValue")?)?,
        certificates: match key_info {
            Some(key_info) => certificates(document, key_info)?,
            None => Vec::new(),
        },
        key: match key_info {
            Some(key_info) => key_value(document, key_info)?,
            None => None,
        },
        manifest: manifest(document, &objects)?,
        claimed_time: claimed_time(document, &objects),
        timestamps: timestamps(document, node)?,
        unread: unread(document, node, &objects),
        references,
    })
}

/// What stands in the signature, is covered by no reference and understood by no reader: anybody can put it there.
fn unread(document: &Document, node: NodeId, objects: &[NodeId]) -> Vec<NodeId> {
    let known = |node: NodeId, names: &[(&str, &str)]| {
        names.iter().any(|(ns, local)| document.is(node, ns, local))
    };
    let mut unread = Vec::new();
    for child in document.children(node) {
        if known(child, &[(DSIG, "KeyInfo")]) {
            for part in document.children(child) {
                let read: &[(&str, &str)] = if known(part, &[(DSIG, "X509Data")]) {
                    &[(DSIG, "X509Certificate")]
                } else if known(part, &[(license::RELDATA, "RelData")]) {
                    &[(license::RIGHTS, "license")]
                } else if known(part, &[(DSIG, "KeyValue")]) {
                    continue;
                } else {
                    unread.push(part);
                    continue;
                };
                unread.extend(document.children(part).filter(|inner| !known(*inner, read)));
            }
        } else if known(child, &[(DSIG, "Object")]) && !objects.contains(&child) {
            let stamps = [(AUTHENTICODE, "Timestamp"), (OPC, "TimeStamp")];
            unread.extend(
                document
                    .children(child)
                    .filter(|inner| !known(*inner, &stamps)),
            );
        } else if !known(
            child,
            &[
                (DSIG, "SignedInfo"),
                (DSIG, "SignatureValue"),
                (DSIG, "Object"),
            ],
        ) {
            unread.push(child);
        }
    }
    unread
}

fn certificates(document: &Document, key_info: NodeId) -> Result<Vec<Vec<u8>>, Error> {
    let mut certificates = Vec::new();
    for data in document.named(key_info, DSIG, "X509Data") {
        for node in document.named(data, DSIG, "X509Certificate") {
            if certificates.len() >= MAX_CERTIFICATES {
                return Err(Error::Limit {
                    what: "certificates",
                    limit: MAX_CERTIFICATES,
                    offset: offset(document, node),
                });
            }
            certificates.push(octets(document, node)?);
        }
    }
    Ok(certificates)
}

fn key_value(document: &Document, key_info: NodeId) -> Result<Option<KeyValue>, Error> {
    let mut values = document.named(key_info, DSIG, "KeyValue");
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if let Some(second) = values.next() {
        return Err(Error::Content {
            expected: "one KeyValue",
            offset: offset(document, second),
        });
    }
    let Some(rsa) = document.only(value, DSIG, "RSAKeyValue") else {
        let kind = document
            .children(value)
            .next()
            .and_then(|k| document.name(k));
        let kind = kind.map_or("", |name| name.local());
        return Ok(Some(KeyValue::Other(kind.to_owned())));
    };
    let number = |local| -> Result<Vec<u8>, Error> {
        let octets = octets(document, part(document, rsa, local)?)?;
        Ok(octets.into_iter().skip_while(|b| *b == 0).collect())
    };
    Ok(Some(KeyValue::Rsa {
        modulus: number("Modulus")?,
        exponent: number("Exponent")?,
    }))
}

/// Only what SignedInfo refers to is read: a Manifest elsewhere is signed by nobody.
fn manifest(document: &Document, objects: &[NodeId]) -> Result<Vec<Reference>, Error> {
    let mut references = Vec::new();
    for object in objects {
        for manifest in document.named(*object, DSIG, "Manifest") {
            references.extend(reference::of_manifest(document, manifest)?);
        }
    }
    Ok(references)
}

fn claimed_time(document: &Document, objects: &[NodeId]) -> Option<String> {
    objects
        .iter()
        .flat_map(|object| document.elements(*object))
        .find(|e| document.is(*e, OPC, "SignatureTime"))
        .and_then(|time| document.only(time, OPC, "Value"))
        .map(|value| document.text(value))
}

fn timestamps(document: &Document, node: NodeId) -> Result<Vec<Token>, Error> {
    let mut tokens = Vec::new();
    for object in document.named(node, DSIG, "Object") {
        let clickonce = document.named(object, AUTHENTICODE, "Timestamp");
        let opc = document
            .named(object, OPC, "TimeStamp")
            .flat_map(|stamp| document.named(stamp, OPC, "EncodedTime"));
        for token in clickonce.chain(opc) {
            if tokens.len() >= MAX_TIMESTAMPS {
                return Err(Error::Limit {
                    what: "timestamps",
                    limit: MAX_TIMESTAMPS,
                    offset: offset(document, token),
                });
            }
            tokens.push(Token {
                node: token,
                bytes: octets(document, token)?,
            });
        }
    }
    Ok(tokens)
}
