//! One Signature element against its document: its references, its value, and whose key made it.

use std::ops::Range;

use crate::base::xml::canonical::Subset;
use crate::base::xml::{Document, NodeId};
use crate::model::certificate::SharedCertificate;
use crate::model::digest::DigestAlgorithm;
use crate::model::xmldsig::{Target, XmlSignature};
use crate::verify::crypto::{self, Answer};
use crate::verify::findings::signature as f;
use crate::verify::findings::xmldsig as x;
use crate::verify::signer::algorithm::{Refusal, fits};
use crate::verify::signer::notes::Notes;
use crate::verify::signer::pool::Pool;
use crate::verify::xmldsig::key;
use crate::verify::xmldsig::method;
use crate::verify::xmldsig::reference::{self, Compared, unsupported};

/// Certificates whose keys are tried; X509Data has no rule of order, and real ones hold a chain.
const MAX_KEYS: usize = 16;

/// What a signature came to; faults are in the notes.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    /// The key that made it, where one did.
    pub(super) key: Option<Vec<u8>>,
    /// The certificate of that key; where none made it, the first.
    pub(super) signer: Option<SharedCertificate>,
    /// Digest algorithms of references and value.
    pub(super) digests: Vec<DigestAlgorithm>,
    /// The reference to what the signature stands in.
    pub(super) whole: Option<Compared>,
    /// The references to single elements.
    pub(super) elements: Vec<Compared>,
}

/// What a layer is checked in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) document: &'a Document,
    /// What "the document" means; `None` for all of it.
    pub(super) scope: Option<NodeId>,
    pub(super) pool: &'a Pool,
    pub(super) place: &'a Range<usize>,
}

/// Checks one Signature element, all of it.
pub(super) fn check(ground: Ground<'_>, signature: &XmlSignature, notes: &mut Notes<'_>) -> Layer {
    let mut layer = Layer::default();
    let place = ground.place;
    for reference in &signature.references {
        let compared = reference::check(
            ground.document,
            signature.node,
            ground.scope,
            reference,
            place,
            notes,
        );
        let Some(compared) = compared else { continue };
        layer.digests.push(compared.algorithm);
        match reference.target {
            Target::Document => layer.whole = Some(compared),
            Target::Element(_) => layer.elements.push(compared),
            Target::Part { .. } | Target::Nothing(_) => {}
        }
    }
    value(ground, signature, &mut layer, notes);
    let differs = match (&signature.key, &layer.key) {
        (Some(stated), Some(used)) => key::is(stated, used) == Some(false),
        (None, _) | (_, None) => false,
    };
    if differs {
        notes.fail(
            &x::KEY_VALUE_MISMATCH,
            "KeyValue is not the key of the certificate that made the signature",
            place.clone(),
        );
    }
    layer
}

fn value(ground: Ground<'_>, signature: &XmlSignature, layer: &mut Layer, notes: &mut Notes<'_>) {
    let place = ground.place;
    layer.signer = ground.pool.certificates.first().cloned();
    let canonical = match &signature.canonicalization {
        Ok(canonical) => canonical,
        Err(unknown) => {
            unsupported(format!("canonicalisation {unknown}"), place, notes);
            return;
        }
    };
    let Some(method) = method::method(&signature.method) else {
        unsupported(
            format!("signature method {}", signature.method),
            place,
            notes,
        );
        return;
    };
    layer.digests.push(method.digest);
    let subset = Subset {
        element: Some(signature.signed_info),
        without: None,
    };
    let Ok(message) = ground.document.canonical_octets(subset, canonical) else {
        reference::too_long(place, notes);
        return;
    };
    let Some(octets) = method.value(&signature.value) else {
        notes.fail(
            &f::BAD_SIGNATURE,
            "the signature value is not two numbers",
            place.clone(),
        );
        return;
    };
    let certificates = ground.pool.certificates.iter().take(MAX_KEYS);
    let mut keys: Vec<(Vec<u8>, Option<&SharedCertificate>)> =
        certificates.map(|c| (c.spki.clone(), Some(c))).collect();
    if keys.is_empty() {
        let stated = signature.key.as_ref();
        keys.extend(stated.and_then(key::spki).map(|spki| (spki, None)));
        if keys.is_empty() && stated.is_some() {
            unsupported("the kind of KeyValue".into(), place, notes);
            return;
        }
    }
    if keys.is_empty() {
        notes.fail(
            &f::SIGNER_CERTIFICATE_MISSING,
            "there is neither a certificate nor a key beside the signature",
            place.clone(),
        );
        return;
    }
    let mut wrong = None;
    let mut unknown = None;
    for (spki, certificate) in keys {
        match fits(&method.identifier, method.digest, &spki) {
            Ok(()) => {}
            Err(Refusal::Unsupported(what)) => {
                unknown.get_or_insert(what);
                continue;
            }
            Err(Refusal::Wrong(definition, message)) => {
                wrong.get_or_insert((definition, message));
                continue;
            }
        }
        let digest = Some(method.digest);
        match crypto::verify_message(&spki, &method.identifier, digest, &message, &octets) {
            Answer::Valid => {
                layer.signer = certificate.cloned();
                layer.key = Some(spki);
                notes.proven();
                return;
            }
            Answer::Invalid => {
                let message = "the signature holds under no key beside it".to_owned();
                wrong = Some((&f::BAD_SIGNATURE, message));
            }
            Answer::Unsupported(what) => {
                unknown.get_or_insert(what);
            }
        }
    }
    match (unknown, wrong) {
        (Some(what), _) => unsupported(what, place, notes),
        (None, Some((definition, message))) => notes.fail(definition, message, place.clone()),
        (None, None) => notes.unverifiable("no key was tried"),
    }
}
