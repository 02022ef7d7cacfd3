//! RFC 3161 responses over the signature, by authorities that the trusted root names.

use crate::base::der::{Reader, tag};
use crate::base::time::Time;
use crate::envelope::cms;
use crate::envelope::sigstore::TrustedRoot;
use crate::model::certificate::SharedCertificate;
use crate::model::signature::{Integrity, SignatureId};
use crate::verify::signer::notes::Notes;
use crate::verify::signer::pool::Pool;
use crate::verify::signer::{self, Expected};
use crate::verify::sigstore::certificate::{
    Chain, Purpose, leaf_problem, links_problem, validity_problem,
};
use crate::verify::sigstore::outcome::{Fault, FaultKind, SignedAt};
use crate::verify::timestamp::rfc3161;

/// Checks one response over `signature`.
pub(super) fn check(
    response: &[u8],
    signature: &[u8],
    root: &TrustedRoot,
) -> Result<SignedAt, Fault> {
    let broken = |message: &str| Fault {
        kind: FaultKind::Timestamp,
        message: message.into(),
    };
    let token = token(response).ok_or_else(|| broken("the timestamp response cannot be read"))?;
    let signed = cms::read(token).map_err(|error| broken(&error.to_string()))?;
    let id = SignatureId(String::new());
    for authority in &root.timestamp_authorities {
        let Some(chain) = Chain::read(authority) else {
            continue;
        };
        let Some((leaf, issuers)) = chain.certificates.split_first() else {
            continue;
        };
        // Only the trusted root's own certificate signs: those that come with the token are anybody's.
        let pool = Pool {
            certificates: vec![SharedCertificate::new(leaf.clone())],
        };
        let mut notes = Notes::new(&id, 0);
        let info = rfc3161::tst_info(&signed, &mut notes);
        let Some(signer) = rfc3161::only_signer(&signed, &mut notes) else {
            return Err(broken("the timestamp has no signature"));
        };
        if pool.named(&signer.identifier).is_empty() {
            continue;
        }
        let checked = signer::check(
            signer,
            Expected {
                content: &signed.content,
                content_types: std::slice::from_ref(&signed.content_type),
                content_type_required: true,
                bare_digest: false,
            },
            &pool,
            &mut notes,
        );
        rfc3161::digest_algorithms(&signed, signer, &mut notes);
        rfc3161::bound_certificate(signer, checked.signer.as_ref(), &mut notes);
        let Some(info) = info else {
            return Err(broken("the timestamp does not say what it is over"));
        };
        rfc3161::imprint(&info, signature, signed.encoded_len, &mut notes);
        match notes.integrity() {
            Integrity::Valid => {}
            Integrity::Invalid { .. } => return Err(broken("the timestamp does not hold")),
            Integrity::Unverifiable { .. } => {
                return Err(Fault {
                    kind: FaultKind::Unsupported,
                    message: "the timestamp is not computed".into(),
                });
            }
        }
        return judge_chain(leaf, issuers, &chain, info.generated_at);
    }
    Err(Fault {
        kind: FaultKind::UntrustedTimestamp,
        message: "the timestamp is by an authority that the trusted root does not name".into(),
    })
}

fn judge_chain(
    leaf: &crate::model::certificate::Certificate,
    issuers: &[crate::model::certificate::Certificate],
    chain: &Chain<'_>,
    at: Time,
) -> Result<SignedAt, Fault> {
    let problem = leaf_problem(leaf, Purpose::Time).or_else(|| links_problem(leaf, issuers));
    if let Some(message) = problem {
        return Err(Fault {
            kind: FaultKind::Timestamp,
            message: format!("the timestamp authority: {message}"),
        });
    }
    match validity_problem(leaf, issuers, chain.authority, at) {
        Some(message) => Err(Fault {
            kind: FaultKind::OutsideValidity,
            message: format!("the timestamp authority: {message}"),
        }),
        None => Ok(SignedAt::Authority(at, chain.authority.uri.clone())),
    }
}

/// The token in a granted response (RFC 3161 section 2.4.2); a token by itself is taken, too.
fn token(response: &[u8]) -> Option<&[u8]> {
    let mut outer = Reader::der(response);
    let sequence = outer.expect(tag::SEQUENCE, "expected a response").ok()?;
    outer.finish().ok()?;
    let mut fields = sequence.reader();
    let first = fields.any().ok()?;
    if first.tag == tag::OID {
        return Some(response);
    }
    // granted, or granted with modifications.
    let status = first.reader().any().ok()?.unsigned().ok()?;
    let token = fields.any().ok()?;
    fields.finish().ok()?;
    (status <= 1).then_some(token.raw)
}
