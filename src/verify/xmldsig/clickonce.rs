//! The two layers of a ClickOnce manifest: a signature over the manifest, and in it a license over the manifest's hash, which is
//! where the publisher's certificate stands. Both must be of one key, and of this manifest.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::base::xml::canonical::{Method, Subset};
use crate::base::xml::{Document, NodeId};
use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::xmldsig::{License, SignedXml, Target, XmlSignature};
use crate::verify::findings::xmldsig as x;
use crate::verify::signer::notes::Notes;
use crate::verify::xmldsig::key;
use crate::verify::xmldsig::layer::Layer;
use crate::verify::xmldsig::reference::{hashed, too_long, unsupported};

const ASSEMBLY: &str = "urn:schemas-microsoft-com:asm.v1";

/// Checks that the layers belong to each other and to the manifest.
pub(super) fn check(
    signed: &SignedXml,
    outer: &Layer,
    license: Option<(&License, &Layer)>,
    place: &Range<usize>,
    notes: &mut Notes<'_>,
) {
    let document = &signed.document;
    covers("the manifest", &signed.signature, place, notes);
    let identity = document.only(document.root(), ASSEMBLY, "assemblyIdentity");
    if let Some(key) = &outer.key {
        token(document, identity, key, place, notes);
    }
    let Some((license, inner)) = license else {
        return;
    };
    covers("the license", &license.signature, place, notes);
    let mut disagree = |what: &str| {
        notes.fail(
            &x::CLICKONCE_LAYERS_DISAGREE,
            what.to_owned(),
            place.clone(),
        );
    };
    match (&outer.key, &inner.key) {
        (Some(outer), Some(inner)) if !same_key(outer, inner) => {
            disagree("the manifest and its license were signed with different keys");
        }
        _ => {}
    }
    match (identity, license.identity) {
        (Some(own), Some(licensed))
            if attributes(document, own) == attributes(document, licensed) => {}
        _ => disagree("the license is for another assembly identity than the manifest's"),
    }
    let Some(stated) = license.hash.as_deref().and_then(reversed_hex) else {
        disagree("the license states no hash of the manifest");
        return;
    };
    let algorithm = match stated.len() {
        20 => DigestAlgorithm::Sha1,
        32 => DigestAlgorithm::Sha256,
        48 => DigestAlgorithm::Sha384,
        64 => DigestAlgorithm::Sha512,
        _ => {
            disagree("the license's hash of the manifest has no known length");
            return;
        }
    };
    let manifest = Subset {
        element: None,
        without: Some(signed.signature.node),
    };
    match hashed(document, manifest, &Method::EXCLUSIVE, algorithm) {
        Ok(Some(computed)) if computed == stated => {}
        Ok(Some(computed)) => disagree(&format!(
            "the license is for the manifest with {algorithm} {}, this one has {}",
            hex(&stated),
            hex(&computed)
        )),
        Ok(None) => {}
        Err(_) => too_long(place, notes),
    }
}

fn covers(what: &str, signature: &XmlSignature, place: &Range<usize>, notes: &mut Notes<'_>) {
    if !signature
        .references
        .iter()
        .any(|r| r.target == Target::Document)
    {
        notes.fail(
            &x::XML_NOT_OVER_DOCUMENT,
            format!("no reference covers {what}"),
            place.clone(),
        );
    }
}

/// The same key, however its encoding differs.
fn same_key(a: &[u8], b: &[u8]) -> bool {
    a == b || key::rsa(a).is_some_and(|a| key::rsa(b) == Some(a))
}

fn token(
    document: &Document,
    identity: Option<NodeId>,
    spki: &[u8],
    place: &Range<usize>,
    notes: &mut Notes<'_>,
) {
    let stated = identity.and_then(|i| document.attribute(i, "publicKeyToken"));
    let Some(own) = key::token(spki) else {
        unsupported(
            "the public key token of a key that is not RSA".into(),
            place,
            notes,
        );
        return;
    };
    let own = hex(&own);
    if !stated.is_some_and(|s| s.eq_ignore_ascii_case(&own)) {
        notes.fail(
            &x::PUBLIC_KEY_TOKEN_MISMATCH,
            format!(
                "the manifest's public key token is {}, the key that signed it has {own}",
                stated.unwrap_or("not there")
            ),
            place.clone(),
        );
    }
}

/// By local name: those of the license are in another namespace than the manifest's.
fn attributes(document: &Document, node: NodeId) -> BTreeMap<&str, &str> {
    document
        .attributes(node)
        .iter()
        .map(|a| (a.name().local(), a.value()))
        .collect()
}

/// Hexadecimal written from the last octet to the first.
fn reversed_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .rev()
        .map(|pair| {
            let digit = |c: u8| char::from(c).to_digit(16);
            let [high, low] = pair.map(digit);
            u8::try_from((high? << 4) | low?).ok()
        })
        .collect()
}
