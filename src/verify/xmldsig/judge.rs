//! One XML signature, start to end. Every fault is collected; none stops the rest.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::base::time::{Time, parse_rfc3339};
use crate::model::certificate::SharedCertificate;
use crate::model::cms::AttributeValue;
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::Covers;
use crate::model::finding::Status;
use crate::model::signature::{Signature, Timestamp};
use crate::model::xmldsig::{SignedXml, XmlSignature};
use crate::verify::authenticode::trust::{self, Verdict};
use crate::verify::authenticode::{Context, certificates, strength};
use crate::verify::findings::signature as f;
use crate::verify::findings::xmldsig as x;
use crate::verify::signer::notes::Notes;
use crate::verify::signer::pool::Pool;
use crate::verify::timestamp::{self, Carrier};
use crate::verify::xmldsig::layer::{self, Ground, Layer};
use crate::verify::xmldsig::{Node, clickonce, opc, reference};

pub(super) fn judge(node: &Node<'_>, context: &Context<'_>) -> Signature {
    let mut notes = Notes::new(&node.id, node.raw.span.start);
    let place = place(node);
    for fault in &node.raw.faults {
        if fault.status == Status::Fail {
            notes.invalid(fault.definition.id);
        }
        notes.push(fault.clone());
    }
    let signed = match &node.read {
        Ok(signed) => signed,
        Err(error) => {
            notes.fail(
                &f::MALFORMED_SIGNATURE,
                format!("the signature cannot be read: {error}"),
                place,
            );
            let verdict = trust::unknown(context, "the signature cannot be read");
            return finish(
                node,
                notes,
                &Layer::default(),
                verdict,
                None,
                Vec::new(),
                None,
            );
        }
    };
    for elsewhere in &signed.elsewhere {
        notes.fail(
            &x::XML_SIGNATURE_ELSEWHERE,
            format!(
                "a further Signature element stands at offset {} of the document",
                signed.document.span(*elsewhere).start
            ),
            place.clone(),
        );
    }
    // Where there is a license the publisher signs there.
    let main = signed
        .license
        .as_ref()
        .map_or(&signed.signature, |l| &l.signature);
    let certificates = [&main.certificates[..], &node.raw.certificates[..]].concat();
    let pool = Pool::read(&certificates, place.clone(), context.cache, &mut notes);
    let (outer, inner) = layers(signed, &pool, context, &place, &mut notes);
    let mut digests: BTreeSet<DigestAlgorithm> = outer.digests.iter().copied().collect();
    digests.extend(inner.iter().flat_map(|l| l.digests.iter().copied()));
    match &node.raw.covers {
        Covers::Parts(parts) => {
            digests.extend(opc::check(
                &signed.signature,
                &outer,
                parts,
                &place,
                &mut notes,
            ));
        }
        Covers::Itself => {
            let license = signed.license.as_ref().zip(inner.as_ref());
            clickonce::check(signed, &outer, license, &place, &mut notes);
        }
        Covers::Uncomputed(_) | Covers::One(_) | Covers::Labelled { .. } => {
            reference::unsupported(
                "an XML signature over this container".into(),
                &place,
                &mut notes,
            );
        }
    }
    unread(signed, &place, &mut notes);
    let signer = inner.as_ref().unwrap_or(&outer).signer.clone();
    if signer.is_none() {
        notes.note(
            &x::SIGNED_BY_KEY_ONLY,
            Status::Review,
            "no certificate says whose key made the signature",
            place.clone(),
        );
    }
    let timestamps = timestamps(signed, main, signer.as_ref(), &pool, context, &mut notes);
    let claimed_time = main.claimed_time.as_deref().and_then(parse_rfc3339);
    let verdict = trust::judge(
        &trust::Case {
            leaf: signer.as_ref(),
            pool: &pool,
            crls: &[],
            timestamps: &timestamps,
            claimed_time,
            place: place.clone(),
        },
        context,
        &mut notes,
    );
    strength::check(
        digests.into_iter().map(Some),
        &verdict.basis,
        place.len(),
        &mut notes,
    );
    let used = certificates::used(&verdict.trust, &timestamps, signer.as_ref());
    certificates::check(&pool, place, &used, context, &mut notes);
    finish(
        node,
        notes,
        &outer,
        verdict,
        signer,
        timestamps,
        claimed_time,
    )
}

/// The signature over the document, and the one in its license.
fn layers(
    signed: &SignedXml,
    pool: &Pool,
    context: &Context<'_>,
    place: &Range<usize>,
    notes: &mut Notes<'_>,
) -> (Layer, Option<Layer>) {
    let ground = Ground {
        document: &signed.document,
        scope: None,
        pool,
        place,
    };
    let Some(license) = &signed.license else {
        return (layer::check(ground, &signed.signature, notes), None);
    };
    let own = Pool::read(
        &signed.signature.certificates,
        place.clone(),
        context.cache,
        notes,
    );
    let outer = layer::check(
        Ground {
            pool: &own,
            ..ground
        },
        &signed.signature,
        notes,
    );
    let inner = Ground {
        scope: Some(license.node),
        ..ground
    };
    (outer, Some(layer::check(inner, &license.signature, notes)))
}

fn timestamps(
    signed: &SignedXml,
    main: &XmlSignature,
    signer: Option<&SharedCertificate>,
    pool: &Pool,
    context: &Context<'_>,
    notes: &mut Notes<'_>,
) -> Vec<Timestamp> {
    let values: Vec<AttributeValue> = main
        .timestamps
        .iter()
        .map(|token| AttributeValue {
            bytes: token.bytes.clone(),
            offset: usize::try_from(signed.document.span(token.node).start).unwrap_or(usize::MAX),
        })
        .collect();
    timestamp::evaluate_values(
        &timestamp::Scene {
            signature: &main.value,
            pool,
            leaf: signer,
            cache: context.cache,
            base: notes.base(),
        },
        values.iter().map(|value| (Carrier::SignedData, value)),
        context,
        notes,
    )
}

/// Elements inside the signatures that nothing covers and nothing reads.
fn unread(signed: &SignedXml, place: &Range<usize>, notes: &mut Notes<'_>) {
    let license = signed.license.as_ref().map(|l| &l.signature);
    let all: Vec<u64> = [Some(&signed.signature), license]
        .into_iter()
        .flatten()
        .flat_map(|signature| &signature.unread)
        .map(|node| signed.document.span(*node).start)
        .collect();
    if let Some(first) = all.first() {
        notes.note(
            &f::UNAUTHENTICATED_BLOB,
            Status::Review,
            format!(
                "{} elements inside the signature are covered by nothing, the first at offset {first} of the document",
                all.len()
            ),
            place.clone(),
        );
    }
}

/// The slot; inside one that is coded, offsets of the document say nothing.
fn place(node: &Node<'_>) -> Range<usize> {
    let len = node.raw.span.end.saturating_sub(node.raw.span.start);
    0..usize::try_from(len).unwrap_or(usize::MAX)
}

fn finish(
    node: &Node<'_>,
    notes: Notes<'_>,
    outer: &Layer,
    verdict: Verdict,
    signer: Option<SharedCertificate>,
    timestamps: Vec<Timestamp>,
    claimed_time: Option<Time>,
) -> Signature {
    let digest = outer.whole.as_ref().or(outer.elements.first());
    Signature {
        id: node.id.clone(),
        scheme: node.raw.content.scheme,
        position: node.raw.position.clone(),
        span: node.raw.span.clone(),
        integrity: notes.integrity(),
        digest_algorithm: digest.map(|d| d.algorithm),
        signed_digest: digest.map(|d| d.signed.clone()).unwrap_or_default(),
        computed_digest: digest.map(|d| d.computed.clone()).unwrap_or_default(),
        signer,
        trust: verdict.trust,
        time_basis: verdict.basis,
        claimed_time,
        timestamps,
        revocation: verdict.revocation,
        opus: None,
        page_hashes: None,
        findings: notes.into_findings(),
    }
}
