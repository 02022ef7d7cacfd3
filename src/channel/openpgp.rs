//! OpenPGP in channels: keyrings as anchors, outcomes of `verify::openpgp` as signatures of the model.

use crate::channel::{Error, GivenAnchor};
use crate::model::channel::{
    Anchor, AnchorKind, Anomaly, AnomalyKind, Key, KeyFamily, Signature, SignatureStatus, Strength,
};
use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::extract::Span;
use crate::verify::openpgp::{
    self, Keyring, Reason, SignatureOutcome, SignatureStatus as Status, Weakness,
};

/// The keys at hand, each with where it is known from.
#[derive(Debug, Default)]
pub struct Keys {
    /// All of them.
    pub keyring: Keyring,
    /// One for each certificate, in the keyring's order.
    pub anchors: Vec<Anchor>,
    /// Signatures of the keyrings that may revoke a key and are not counted.
    pub anomalies: Vec<Anomaly>,
}

/// Signatures of keyrings that are said one by one; more are counted.
const MAX_UNPLACED: usize = 16;

impl Keys {
    /// Reads keyrings. Of a key that stands in several, the first one says where it is known from.
    ///
    /// # Errors
    /// A keyring that cannot be read: an anchor that the user named must not be left out in silence.
    pub fn read(given: &[GivenAnchor]) -> Result<Self, Error> {
        let mut keys = Self::default();
        for anchor in given {
            keys.keyring
                .add(&anchor.bytes)
                .map_err(|e| Error::Anchor(anchor.provenance.place(), e.to_string()))?;
            for certificate in keys.keyring.certificates().iter().skip(keys.anchors.len()) {
                let label = certificate.claimed_user_ids().next().unwrap_or_default();
                keys.anchors.push(Anchor {
                    what: AnchorKind::Key,
                    label,
                    fingerprint: hex(certificate.fingerprint()),
                    key: None,
                    provenance: anchor.provenance.clone(),
                });
            }
        }
        keys.anomalies = unplaced(&keys.keyring);
        Ok(keys)
    }

    /// Of the anchors, whose signature holds gets the key as it was checked.
    pub fn note(anchors: &mut [Anchor], signatures: &[Signature]) {
        for signature in signatures {
            if let SignatureStatus::Verified(i) = signature.status
                && let Some(anchor) = anchors.get_mut(i)
            {
                anchor.key.get_or_insert_with(|| signature.key.clone());
            }
        }
    }
}

/// A revocation that stands outside any certificate and is of none: of a key that is not there, or damaged.
fn unplaced(keyring: &Keyring) -> Vec<Anomaly> {
    let all = keyring.unplaced();
    let each = all.iter().take(MAX_UNPLACED).map(|outside| {
        let what = match &outside.signature {
            Ok(signature) => {
                let by = openpgp::issuer(signature).map_or("an unnamed key".into(), |i| hex(&i));
                format!("keyring: a signature on keys by {by} outside any certificate, not counted")
            }
            Err(error) => {
                format!("keyring: a signature outside any certificate cannot be read: {error}")
            }
        };
        Anomaly {
            kind: AnomalyKind::Irregular,
            what,
            span: None,
        }
    });
    let mut said: Vec<Anomaly> = each.collect();
    let more = all.len().saturating_sub(MAX_UNPLACED);
    if more > 0 {
        said.push(Anomaly {
            kind: AnomalyKind::Irregular,
            what: format!("keyring: {more} more signatures outside any certificate, not counted"),
            span: None,
        });
    }
    said
}

/// An outcome as a signature of the model; the anchor is the certificate of its key.
pub fn signature(outcome: &SignatureOutcome, signed_span: Option<Span>) -> Signature {
    let digest = digest_named(&outcome.hash);
    let key = key(outcome);
    let words = outcome
        .reasons
        .iter()
        .map(Reason::message)
        .collect::<Vec<_>>()
        .join("; ");
    let status = match (outcome.status, &outcome.key) {
        (Status::Good, Some(key)) => SignatureStatus::Verified(key.certificate),
        // Without a key nothing was checked, whatever the word says.
        (Status::Good | Status::NoKey, _) => SignatureStatus::NoKey,
        (Status::Weak, _) => SignatureStatus::Weak(words),
        (Status::Expired | Status::NotYetValid | Status::KeyExpired, _) => {
            SignatureStatus::Expired(words)
        }
        (Status::KeyRevoked, _) => SignatureStatus::Revoked(words),
        (Status::KeyUnusable, _) => SignatureStatus::KeyUnusable(words),
        (Status::Unsupported, _) => SignatureStatus::Unsupported(words),
        (Status::Malformed | Status::Bad, _) => SignatureStatus::Invalid(words),
    };
    Signature {
        scheme: "openpgp",
        digest,
        strength: match digest {
            Some(_) => Strength::of_signature(&key, digest),
            None => Strength::Unknown,
        },
        key,
        signed_span,
        signed_at: outcome.created,
        expires: outcome.expires,
        claims: std::collections::BTreeMap::new(),
        status,
    }
}

fn key(outcome: &SignatureOutcome) -> Key {
    let hinted = outcome
        .issuer_fingerprint
        .as_deref()
        .map(hex)
        .or_else(|| outcome.issuer_key_id.map(|id| hex(&id)));
    let Some(found) = &outcome.key else {
        return Key {
            family: family(&outcome.algorithm),
            algorithm: outcome.algorithm.to_ascii_lowercase(),
            bits: None,
            id: hinted.unwrap_or_default(),
            created: None,
            expires: None,
            owner: None,
        };
    };
    Key {
        family: family(&found.algorithm),
        algorithm: found.algorithm.to_ascii_lowercase().replace(' ', ""),
        bits: found.bits.and_then(|b| u32::try_from(b).ok()),
        id: hex(&found.fingerprint),
        created: Some(found.created),
        expires: found.expires,
        owner: found.user_ids.first().cloned(),
    }
}

/// By the name that `verify::openpgp` gives an algorithm.
fn family(algorithm: &str) -> KeyFamily {
    match algorithm.split(' ').next() {
        Some("RSA") => KeyFamily::Rsa,
        Some("DSA") => KeyFamily::Dsa,
        Some("ECDSA") => KeyFamily::Ecdsa,
        Some("EdDSA" | "Ed25519" | "Ed448") => KeyFamily::EdDsa,
        _ => KeyFamily::Other,
    }
}

fn digest_named(name: &str) -> Option<DigestAlgorithm> {
    [
        DigestAlgorithm::Md5,
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha224,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ]
    .into_iter()
    .find(|d| d.name() == name)
}

/// What is out of form in or around signatures, by the check that it belongs to.
pub fn anomaly(found: &openpgp::Anomaly) -> Anomaly {
    use openpgp::AnomalyKind as Kind;
    let kind = match found.kind {
        Kind::TextBefore
        | Kind::TextBetween
        | Kind::TextAfter
        | Kind::SecondMessage
        | Kind::Header
        | Kind::OtherPacket
        | Kind::UnhashedSubpacket => AnomalyKind::Unsigned,
        Kind::HashHeaderMissing
        | Kind::HashHeaderMismatch
        | Kind::UnescapedHyphen
        | Kind::TrailingWhiteSpace
        | Kind::CarriageReturns
        | Kind::ArmorChecksum
        | Kind::ArmorTail
        | Kind::IssuerHint
        | Kind::IntegerLength => AnomalyKind::Irregular,
    };
    let span = |at: usize| u64::try_from(at).unwrap_or(u64::MAX);
    Anomaly {
        kind,
        what: found.kind.name().to_owned(),
        span: Some(span(found.span.start)..span(found.span.end)),
    }
}

/// What weakens the keys whose signatures hold: self-signatures and bindings over SHA-1.
pub fn key_weaknesses(outcomes: &[SignatureOutcome]) -> Vec<String> {
    let mut out = Vec::new();
    for outcome in outcomes.iter().filter(|o| o.status == Status::Good) {
        let id = outcome.key.as_ref().map(|k| hex(&k.key_id));
        let id = id.unwrap_or_default();
        for weakness in &outcome.weaknesses {
            let words = match weakness {
                Weakness::SmallRsa(_) | Weakness::Dsa(_) => continue,
                Weakness::WeakSelfSignature(d) => format!("self-signature of {id} over {d}"),
                Weakness::WeakBinding(d) => format!("binding of subkey {id} over {d}"),
                Weakness::WeakBackSignature(d) => format!("back signature of {id} over {d}"),
            };
            if !out.contains(&words) {
                out.push(words);
            }
        }
    }
    out
}

/// Whether a fingerprint that a configuration allows is this key's, or its certificate's; with `!` behind it only the key itself.
pub fn is_allowed(outcome: &SignatureOutcome, fingerprints: &[String]) -> bool {
    let Some(key) = &outcome.key else {
        return false;
    };
    fingerprints.iter().any(|wanted| {
        let (wanted, exact) = match wanted.strip_suffix('!') {
            Some(bare) => (bare, true),
            None => (wanted.as_str(), false),
        };
        let same = |print: &[u8]| hex(print).eq_ignore_ascii_case(wanted);
        same(&key.fingerprint) || (!exact && same(&key.primary_fingerprint))
    })
}
