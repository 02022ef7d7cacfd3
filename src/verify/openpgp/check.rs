//! Each signature by itself: the numbers, its own dates, its key, its certificate.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::base::time::Time;
use crate::envelope::openpgp::Error;
use crate::envelope::openpgp::anomaly::{Anomaly, AnomalyKind};
use crate::envelope::openpgp::armor;
use crate::envelope::openpgp::clearsigned;
use crate::envelope::openpgp::key;
use crate::envelope::openpgp::signature::{Signature, SignatureType};
use crate::envelope::openpgp::subpacket::Content;
use crate::verify::crypto::Answer;
use crate::verify::openpgp::detached::{Detached, Found, Lanes, packets};
use crate::verify::openpgp::keyring::{KeyRef, Keyring, Named, issuers};
use crate::verify::openpgp::numbers;
use crate::verify::openpgp::outcome::{
    Checked, Reason, SignatureOutcome, SignatureStatus, SigningKey, Weakness,
};
use crate::verify::openpgp::state::{self, CertificateState, SubkeyState};
use crate::verify::openpgp::work::Work;

/// Smallest RSA modulus that is not called weak, in bits (NIST SP 800-131A).
const STRONG_RSA: usize = 2048;
/// Keys of one id that are tried: ids of eight octets are easily made to collide, and no honest keyring has three of one.
const MAX_CANDIDATES: usize = 8;

/// Checks a clearsigned message.
///
/// # Errors
/// Bytes without a message, or whose signatures are not armored as they must be.
pub fn check_clearsigned(bytes: &[u8], keyring: &Keyring, at: Time) -> Result<Checked, Error> {
    let message = clearsigned::split(bytes)?;
    let mut anomalies = message.anomalies;
    let mut found = Vec::new();
    for block in &message.signatures {
        packets(&block.octets, Some(&block.span), &mut found, &mut anomalies)?;
    }
    if found.is_empty() {
        return Err(Error::new(message.body.end, "no signature"));
    }
    check_hashes(&message.hashes, &found, &message.body, &mut anomalies);
    let mut lanes = Lanes::new(&found, true);
    lanes.update(&message.text);
    let mut judge = Judge::new(keyring, at, anomalies);
    let signatures = found.iter().map(|f| judge.signature(f, &lanes)).collect();
    Ok(Checked {
        body: Some(message.body),
        text: Some(message.text),
        armored: true,
        anomalies: judge.into_anomalies(),
        signatures,
    })
}

/// Checks detached signatures over `data`. For data that is not in memory, see [`Detached`].
///
/// # Errors
/// As [`Detached::read`].
pub fn check_detached(
    data: &[u8],
    signature: &[u8],
    keyring: &Keyring,
    at: Time,
) -> Result<Checked, Error> {
    let mut detached = Detached::read(signature)?;
    detached.update(data);
    Ok(detached.finish(keyring, at))
}

/// Every hash that the headers name should be one that is used; they are no longer needed (RFC 9580 section 7.2) and never decide.
fn check_hashes(
    named: &[String],
    found: &[Found],
    body: &Range<usize>,
    anomalies: &mut Vec<Anomaly>,
) {
    let used: Vec<&str> = found
        .iter()
        .filter_map(|f| f.signature.as_ref().ok())
        .filter_map(|s| numbers::header_name(s.hash_algorithm))
        .collect();
    if named.iter().any(|name| !used.contains(&name.as_str())) {
        let place = body.start..body.start;
        armor::note(anomalies, AnomalyKind::HashHeaderMismatch, place);
    }
}

/// Judges signatures, and remembers certificates already evaluated.
pub(super) struct Judge<'k> {
    keyring: &'k Keyring,
    at: Time,
    work: Work,
    states: BTreeMap<usize, CertificateState>,
    anomalies: Vec<Anomaly>,
}

/// A key that was tried.
struct Tried {
    place: KeyRef,
    answer: Answer,
    reasons: Vec<Reason>,
    weaknesses: Vec<Weakness>,
    alive: Option<bool>,
    key: SigningKey,
}

impl<'k> Judge<'k> {
    pub(super) fn new(keyring: &'k Keyring, at: Time, anomalies: Vec<Anomaly>) -> Self {
        Self {
            keyring,
            at,
            work: Work::new(),
            states: BTreeMap::new(),
            anomalies,
        }
    }

    pub(super) fn into_anomalies(self) -> Vec<Anomaly> {
        self.anomalies
    }

    pub(super) fn signature(&mut self, found: &Found, lanes: &Lanes) -> SignatureOutcome {
        match &found.signature {
            Ok(signature) => self.judge(signature, lanes, &found.span),
            Err(error) => unread(error, &found.span),
        }
    }

    fn judge(
        &mut self,
        signature: &Signature,
        lanes: &Lanes,
        span: &Range<usize>,
    ) -> SignatureOutcome {
        let (fingerprint, covered_id) = issuers(&signature.hashed);
        let (hinted_fingerprint, hinted_id) = issuers(&signature.unhashed);
        let key_id = covered_id.or(hinted_id).or(signature.v3_issuer);
        let wanted = fingerprint.clone().or(hinted_fingerprint);
        let mut reasons = self.own_reasons(signature);
        let places = self.candidates(wanted.as_deref(), key_id.as_ref());
        if places.is_empty() {
            reasons.push(match (&wanted, key_id) {
                (None, None) => Reason::NoIssuer,
                (Some(_), _) | (None, Some(_)) => Reason::NoSuchKey,
            });
        }
        let tried = self.best(signature, lanes, &places);
        self.note_form(signature, tried.as_ref(), span);
        let holds = tried.as_ref().and_then(|t| match t.answer {
            Answer::Valid => Some(true),
            Answer::Invalid => Some(false),
            Answer::Unsupported(_) => None,
        });
        let (key, alive, weaknesses) = match tried {
            Some(tried) => {
                reasons.extend(tried.reasons);
                (Some(tried.key), tried.alive, tried.weaknesses)
            }
            None => (None, None, Vec::new()),
        };
        SignatureOutcome {
            status: worst(&reasons, holds),
            reasons,
            holds,
            version: signature.version,
            issuer_fingerprint: fingerprint,
            issuer_key_id: key_id,
            algorithm: key.as_ref().map_or_else(
                || key::algorithm_name(signature.public_key_algorithm),
                |k| k.algorithm.clone(),
            ),
            key,
            hash: numbers::hash_name(signature.hash_algorithm),
            created: signature.created.and_then(state::time),
            expires: expiry(signature),
            key_alive_when_made: alive,
            weaknesses,
            span: span.clone(),
        }
    }

    /// What speaks against a signature whoever made it.
    fn own_reasons(&self, signature: &Signature) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if let Some(number) = signature.unknown_critical() {
            reasons.push(Reason::UnknownCritical(number));
        }
        match signature.signature_type {
            SignatureType::Binary | SignatureType::Text => {}
            SignatureType::Standalone
            | SignatureType::Certification
            | SignatureType::SubkeyBinding
            | SignatureType::PrimaryKeyBinding
            | SignatureType::DirectKey
            | SignatureType::KeyRevocation
            | SignatureType::SubkeyRevocation
            | SignatureType::CertificationRevocation
            | SignatureType::Other(_) => reasons.push(Reason::WrongType),
        }
        match numbers::hash(signature.hash_algorithm) {
            Some(hash) if hash.is_weak() => reasons.push(Reason::WeakHash(hash)),
            Some(_) => {}
            None => reasons.push(Reason::NotComputed(numbers::hash_name(
                signature.hash_algorithm,
            ))),
        }
        match signature.created.and_then(state::time) {
            None => reasons.push(Reason::NoCreationTime),
            Some(created) if created > self.at => reasons.push(Reason::MadeInFuture),
            Some(_) => {}
        }
        if expiry(signature).is_some_and(|end| end <= self.at) {
            reasons.push(Reason::SignatureExpired);
        }
        reasons
    }

    /// Keys that the signature may be by. A fingerprint decides; a key id is only a hint that more than one key may answer to.
    fn candidates(&self, fingerprint: Option<&[u8]>, id: Option<&[u8; 8]>) -> Vec<KeyRef> {
        match (fingerprint, id) {
            (Some(fingerprint), _) => self.keyring.with_fingerprint(fingerprint),
            (None, Some(id)) => self.keyring.with_key_id(id).to_vec(),
            (None, None) => Vec::new(),
        }
    }

    /// The key with the best outcome: one that verifies before one that does not, then the one with the least against it.
    fn best(&mut self, signature: &Signature, lanes: &Lanes, places: &[KeyRef]) -> Option<Tried> {
        let hashed = lanes.digest(signature);
        let mut best: Option<(bool, SignatureStatus, Tried)> = None;
        for place in places.iter().take(MAX_CANDIDATES) {
            let Some(tried) = self.attempt(signature, hashed.as_deref(), *place) else {
                continue;
            };
            let rank = (
                tried.answer != Answer::Valid,
                worst(&tried.reasons, Some(true)),
            );
            if best
                .as_ref()
                .is_none_or(|(fails, status, _)| rank < (*fails, *status))
            {
                best = Some((rank.0, rank.1, tried));
            }
        }
        best.map(|(_, _, tried)| tried)
    }

    fn attempt(
        &mut self,
        signature: &Signature,
        hashed: Option<&[u8]>,
        place: KeyRef,
    ) -> Option<Tried> {
        let keyring = self.keyring;
        let named = keyring.named(place)?;
        let mut reasons = Vec::new();
        let answer = match hashed {
            None => Answer::Unsupported(numbers::hash_name(signature.hash_algorithm)),
            Some(_) if !self.work.spend(&named.key, 0) => {
                reasons.push(Reason::LimitReached);
                Answer::Unsupported("limit reached".into())
            }
            Some(hashed) => numbers::verify(&named.key, signature, hashed),
        };
        match &answer {
            Answer::Valid => {}
            Answer::Invalid => reasons.push(Reason::DoesNotVerify),
            Answer::Unsupported(what) => reasons.push(Reason::NotComputed(what.clone())),
        }
        let state = self.state(place.certificate)?;
        let subkey = place.subkey.and_then(|at| state.subkeys.get(at));
        let mut weaknesses = Vec::new();
        judge_key(&state, subkey, place, &mut reasons);
        weaken(named, &state, subkey, &mut weaknesses);
        let key = signing_key(named, &state, subkey, place)?;
        self.judge_times(&key, &mut reasons);
        let made = signature.created.and_then(state::time);
        if made.is_some_and(|made| made < key.created) {
            reasons.push(Reason::MadeBeforeKey);
        }
        let alive = made.map(|made| made >= key.created && key.expires.is_none_or(|e| made < e));
        Some(Tried {
            place,
            answer,
            reasons,
            weaknesses,
            alive,
            key,
        })
    }

    fn judge_times(&self, key: &SigningKey, reasons: &mut Vec<Reason>) {
        if key.revoked.is_some() {
            reasons.push(Reason::KeyRevoked);
        }
        if key.expires.is_some_and(|end| end <= self.at) {
            reasons.push(Reason::KeyExpired);
        }
    }

    fn state(&mut self, certificate: usize) -> Option<CertificateState> {
        if let Some(state) = self.states.get(&certificate) {
            return Some(state.clone());
        }
        let found = self.keyring.certificates().get(certificate)?;
        let state = state::evaluate(found, self.at, &mut self.work);
        self.states.insert(certificate, state.clone());
        Some(state)
    }

    /// What is out of form about the packet, good or not.
    fn note_form(&mut self, signature: &Signature, tried: Option<&Tried>, span: &Range<usize>) {
        let mut note = |kind| armor::note(&mut self.anomalies, kind, span.clone());
        if signature.ill_formed {
            note(AnomalyKind::IntegerLength);
        }
        let says_more = |content: &Content| {
            !matches!(
                content,
                Content::Issuer(_) | Content::IssuerFingerprint(..) | Content::EmbeddedSignature(_)
            )
        };
        if signature
            .unhashed
            .iter()
            .any(|s| s.critical || says_more(&s.content))
        {
            note(AnomalyKind::UnhashedSubpacket);
        }
        if let Some(named) = tried.and_then(|t| self.keyring.named(t.place)) {
            let differs = |content: &Content| match content {
                Content::Issuer(id) => *id != named.key_id,
                Content::IssuerFingerprint(_, fingerprint) => *fingerprint != named.fingerprint,
                _ => false,
            };
            let all = signature.hashed.iter().chain(&signature.unhashed);
            if all.map(|s| &s.content).any(differs) {
                note(AnomalyKind::IssuerHint);
            }
        }
    }
}

fn expiry(signature: &Signature) -> Option<Time> {
    state::later(signature.created?, signature.expires_after()?)
}

/// Whether the certificate lets this key sign.
fn judge_key(
    state: &CertificateState,
    subkey: Option<&SubkeyState>,
    place: KeyRef,
    reasons: &mut Vec<Reason>,
) {
    if !state.is_self_signed {
        reasons.push(Reason::NoSelfSignature);
    }
    match (place.subkey, subkey) {
        (None, _) => {
            if state.is_self_signed && !state.may_sign {
                reasons.push(Reason::NotForSigning);
            }
        }
        (Some(_), Some(subkey)) if subkey.is_bound => {
            if !subkey.may_sign {
                reasons.push(Reason::NotForSigning);
            } else if !subkey.is_cross_certified {
                reasons.push(Reason::SubkeyNotCrossCertified);
            }
        }
        (Some(_), _) => reasons.push(Reason::SubkeyNotBound),
    }
    if state.has_unchecked_revocation {
        reasons.push(Reason::RevocationUnchecked);
    }
    if state.limit_reached {
        reasons.push(Reason::LimitReached);
    }
}

fn weaken(
    named: &Named,
    state: &CertificateState,
    subkey: Option<&SubkeyState>,
    weaknesses: &mut Vec<Weakness>,
) {
    let bits = named.key.bits().unwrap_or(0);
    match named.key.algorithm {
        1..=3 if bits < STRONG_RSA => weaknesses.push(Weakness::SmallRsa(bits)),
        17 => weaknesses.push(Weakness::Dsa(bits)),
        _ => {}
    }
    let weak = |hash: Option<crate::model::digest::DigestAlgorithm>| hash.filter(|h| h.is_weak());
    if let Some(hash) = weak(state.self_signature_hash) {
        weaknesses.push(Weakness::WeakSelfSignature(hash));
    }
    if let Some(hash) = weak(subkey.and_then(|s| s.binding_hash)) {
        weaknesses.push(Weakness::WeakBinding(hash));
    }
    if let Some(hash) = weak(subkey.and_then(|s| s.back_hash)) {
        weaknesses.push(Weakness::WeakBackSignature(hash));
    }
}

fn signing_key(
    named: &Named,
    state: &CertificateState,
    subkey: Option<&SubkeyState>,
    place: KeyRef,
) -> Option<SigningKey> {
    let ends = [state.expires, subkey.and_then(|s| s.expires)];
    let of_subkey = subkey.and_then(|s| s.revoked.clone());
    Some(SigningKey {
        certificate: place.certificate,
        primary_fingerprint: state.fingerprint.clone(),
        fingerprint: named.fingerprint.clone(),
        key_id: named.key_id,
        is_subkey: place.subkey.is_some(),
        algorithm: named.key.name(),
        bits: named.key.bits(),
        created: state::time(named.key.created)?,
        expires: ends.into_iter().flatten().min(),
        revoked: state.revoked.clone().or(of_subkey),
        user_ids: state.bound_user_ids(),
    })
}

/// Nothing against a signature is good only where its numbers were seen to hold.
fn worst(reasons: &[Reason], holds: Option<bool>) -> SignatureStatus {
    let worst = reasons.iter().map(Reason::status).max();
    match (holds, worst) {
        (Some(true), None) => SignatureStatus::Good,
        (_, Some(worst)) => worst,
        (Some(false), None) => SignatureStatus::Bad,
        (None, None) => SignatureStatus::Unsupported,
    }
}

fn unread(error: &Error, span: &Range<usize>) -> SignatureOutcome {
    let reason = if error.what.ends_with("of a version that is not read") {
        Reason::NotComputed(error.what.into())
    } else {
        Reason::Malformed(error.what, error.offset)
    };
    SignatureOutcome {
        status: reason.status(),
        reasons: vec![reason],
        holds: None,
        version: 0,
        issuer_fingerprint: None,
        issuer_key_id: None,
        key: None,
        algorithm: String::new(),
        hash: String::new(),
        created: None,
        expires: None,
        key_alive_when_made: None,
        weaknesses: Vec::new(),
        span: span.clone(),
    }
}
