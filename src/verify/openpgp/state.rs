//! What a certificate comes to at a time: which self-signatures hold, and what they say (RFC 9580 sections 5.2.3.10 and 10.1).

use crate::base::time::Time;
use crate::envelope::openpgp::certificate::UserId;
use crate::envelope::openpgp::key::PublicKey;
use crate::envelope::openpgp::signature::{self, Signature, SignatureType};
use crate::envelope::openpgp::subpacket::Content;
use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::Answer;
use crate::verify::openpgp::keyring::{Certificate, Issuer, Named};
use crate::verify::openpgp::numbers;
use crate::verify::openpgp::work::Work;

/// Key flag: may sign data (RFC 9580 section 5.2.3.29).
const MAY_SIGN: u8 = 0x02;

/// A revocation that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// When it says that it was made.
    pub at: Option<Time>,
    /// Why, by code (RFC 9580 section 5.2.3.31): 0 none, 1 superseded, 2 compromised, 3 retired, 32 user id no longer valid.
    pub code: u8,
    /// Why, in its issuer's words.
    pub text: String,
}

impl Revocation {
    /// The key may have been in other hands at any time: compromise, or no reason given.
    pub fn is_hard(&self) -> bool {
        !matches!(self.code, 1 | 3 | 32)
    }
}

/// A user id at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserIdState {
    /// Its text: a claim of the key's holder.
    pub text: String,
    /// A self-signature holds for it.
    pub is_bound: bool,
    /// It was revoked later than bound.
    pub is_revoked: bool,
    /// Its self-signature calls it the main one.
    pub is_primary: bool,
}

/// A subkey at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubkeyState {
    /// Fingerprint.
    pub fingerprint: Vec<u8>,
    /// Key id.
    pub key_id: [u8; 8],
    /// `RSA 4096`, `Ed25519` ….
    pub algorithm: String,
    /// When it was made.
    pub created: Option<Time>,
    /// The primary key's binding holds.
    pub is_bound: bool,
    /// Its own back signature holds.
    pub is_cross_certified: bool,
    /// Its flags let it sign, or there are none and its algorithm can.
    pub may_sign: bool,
    /// When it expires.
    pub expires: Option<Time>,
    /// Its revocation.
    pub revoked: Option<Revocation>,
    /// Hash of the binding.
    pub binding_hash: Option<DigestAlgorithm>,
    /// Hash of the back signature.
    pub back_hash: Option<DigestAlgorithm>,
}

/// A certificate at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateState {
    /// Fingerprint of the primary key.
    pub fingerprint: Vec<u8>,
    /// Its key id.
    pub key_id: [u8; 8],
    /// `RSA 4096`, `Ed25519` ….
    pub algorithm: String,
    /// Size of the modulus or field.
    pub bits: Option<usize>,
    /// When the key was made.
    pub created: Option<Time>,
    /// A self-signature holds.
    pub is_self_signed: bool,
    /// Hash of the newest self-signature that holds.
    pub self_signature_hash: Option<DigestAlgorithm>,
    /// When the newest self-signature was made.
    pub self_signed_at: Option<Time>,
    /// When the key expires.
    pub expires: Option<Time>,
    /// Its revocation.
    pub revoked: Option<Revocation>,
    /// The flags let the primary key sign, or there are none and its algorithm can.
    pub may_sign: bool,
    /// User ids.
    pub user_ids: Vec<UserIdState>,
    /// Subkeys, in order.
    pub subkeys: Vec<SubkeyState>,
    /// A revocation stands in it that could not be checked: by another key that it lets revoke it, or not computed with.
    pub has_unchecked_revocation: bool,
    /// The work allowed was spent before everything was checked.
    pub limit_reached: bool,
}

impl CertificateState {
    /// User ids that hold, the main one first.
    pub fn bound_user_ids(&self) -> Vec<String> {
        let mut bound: Vec<&UserIdState> = self
            .user_ids
            .iter()
            .filter(|u| u.is_bound && !u.is_revoked)
            .collect();
        bound.sort_by_key(|u| !u.is_primary);
        bound.into_iter().map(|u| u.text.clone()).collect()
    }
}

/// Seconds since 1970 as a time.
pub(super) fn time(seconds: u32) -> Option<Time> {
    Time::from_unix_timestamp(i64::from(seconds)).ok()
}

/// The second that is `after` seconds behind `from`.
pub(super) fn later(from: u32, after: u32) -> Option<Time> {
    Time::from_unix_timestamp(i64::from(from).saturating_add(i64::from(after))).ok()
}

/// Checks the self-signatures of `certificate` and says what they come to at `at`.
pub(super) fn evaluate(certificate: &Certificate, at: Time, work: &mut Work) -> CertificateState {
    let mut scene = Scene {
        certificate,
        form: certificate.primary.key.hashed_form(),
        at,
        work,
        has_designated_revoker: has_designated_revoker(certificate),
        unchecked: certificate.unread.iter().any(|u| u.is_signature),
        limit: false,
    };
    let revoked = scene.revoked(certificate.direct.iter(), SignatureType::KeyRevocation, &[]);
    let direct = scene.newest(certificate.direct.iter(), SignatureType::DirectKey, &[]);
    let mut newest: Option<&Signature> = None;
    let mut user_ids = Vec::new();
    for user_id in &certificate.user_ids {
        let (state, signature) = scene.user_id(user_id);
        if let Some(signature) = signature
            && !state.is_revoked
            && newest.is_none_or(|n| n.created < signature.created)
        {
            newest = Some(signature);
        }
        if !user_id.is_attribute {
            user_ids.push(state);
        }
    }
    // What the direct-key signature does not say, the user ids' may (RFC 9580 section 5.2.3.10): there are such that only name
    // who else may revoke.
    let speakers: Vec<&Signature> = direct.into_iter().chain(newest).collect();
    let newest = speakers.iter().copied().max_by_key(|s| s.created);
    let subkeys = certificate
        .subkeys
        .iter()
        .map(|subkey| scene.subkey(subkey))
        .collect();
    let (has_unchecked_revocation, limit_reached) = (scene.unchecked, scene.limit);
    let key = &certificate.primary.key;
    CertificateState {
        fingerprint: certificate.primary.fingerprint.clone(),
        key_id: certificate.primary.key_id,
        algorithm: key.name(),
        bits: key.bits(),
        created: time(key.created),
        is_self_signed: newest.is_some(),
        self_signature_hash: newest.and_then(|s| numbers::hash(s.hash_algorithm)),
        self_signed_at: newest.and_then(|s| s.created).and_then(time),
        expires: key_expiry(key, &speakers),
        revoked,
        may_sign: may_sign(key, &speakers),
        user_ids,
        subkeys,
        has_unchecked_revocation,
        limit_reached,
    }
}

/// By the first self-signature that says when.
fn key_expiry(key: &PublicKey, speakers: &[&Signature]) -> Option<Time> {
    let seconds = speakers
        .iter()
        .flat_map(|s| s.covered())
        .find_map(|c| match c {
            Content::KeyExpires(seconds) => Some(*seconds),
            _ => None,
        })?;
    (seconds != 0)
        .then(|| later(key.created, seconds))
        .flatten()
}

/// By the first self-signature that has flags; without flags, by what the algorithm can do. Never without a self-signature.
fn may_sign(key: &PublicKey, speakers: &[&Signature]) -> bool {
    let flags = speakers
        .iter()
        .flat_map(|s| s.covered())
        .find_map(|c| match c {
            Content::KeyFlags(flags) => Some(*flags),
            _ => None,
        });
    // 2 is RSA for encryption only, 16 to 18, 25 and 26 cannot sign.
    let able = matches!(key.algorithm, 1 | 3 | 17 | 19 | 22 | 27 | 28);
    !speakers.is_empty() && able && flags.is_none_or(|flags| flags & MAY_SIGN != 0)
}

struct Scene<'c, 'w> {
    certificate: &'c Certificate,
    /// The primary key as it is hashed.
    form: Vec<u8>,
    at: Time,
    work: &'w mut Work,
    /// Another key may revoke this one.
    has_designated_revoker: bool,
    unchecked: bool,
    limit: bool,
}

impl<'c> Scene<'c, '_> {
    /// Checks one signature of `by` over the primary key and `parts`.
    fn holds(&mut self, by: &PublicKey, signature: &Signature, parts: &[&[u8]]) -> Answer {
        let octets = parts.iter().map(|p| p.len()).sum::<usize>();
        if !self.work.spend(by, octets.saturating_add(self.form.len())) {
            self.limit = true;
            return Answer::Unsupported("limit reached".into());
        }
        let mut all: Vec<&[u8]> = vec![&self.form];
        all.extend(parts);
        match numbers::digest(signature, &all) {
            Some(hashed) => numbers::verify(by, signature, &hashed),
            None => Answer::Unsupported(numbers::hash_name(signature.hash_algorithm)),
        }
    }

    /// Made by the primary key, as far as it says; one that says nothing is tried.
    fn is_own(&self, signature: &Signature) -> bool {
        Issuer::of(signature).may_be(&self.certificate.primary)
    }

    /// In force at the judgement time by its own dates, and understood.
    fn counts(&self, signature: &Signature) -> bool {
        let Some(created) = signature.created else {
            return false;
        };
        let begun = time(created).is_some_and(|t| t <= self.at);
        let over = signature
            .expires_after()
            .and_then(|after| later(created, after))
            .is_some_and(|end| end <= self.at);
        // MD5 is no longer taken from anybody; a forger could have made it.
        let weak = numbers::hash(signature.hash_algorithm) == Some(DigestAlgorithm::Md5);
        begun && !over && !weak && signature.unknown_critical().is_none()
    }

    /// The newest self-signature of this type that counts and holds. A revocation that is not computed with is unchecked.
    fn newest(
        &mut self,
        signatures: impl Iterator<Item = &'c Signature>,
        kind: SignatureType,
        parts: &[&[u8]],
    ) -> Option<&'c Signature> {
        let mut candidates: Vec<&Signature> = signatures
            .filter(|s| s.signature_type == kind && self.is_own(s) && self.counts(s))
            .collect();
        candidates.sort_by_key(|s| std::cmp::Reverse(s.created));
        let key = &self.certificate.primary.key;
        candidates
            .into_iter()
            .find(|s| match self.holds(key, s, parts) {
                Answer::Valid => true,
                Answer::Invalid => false,
                Answer::Unsupported(_) => {
                    self.unchecked |= kind == SignatureType::CertificationRevocation;
                    false
                }
            })
    }

    /// The first revocation that holds. One made later than the judgement time counts where its reason reaches back.
    fn revoked(
        &mut self,
        signatures: impl Iterator<Item = &'c Signature>,
        kind: SignatureType,
        parts: &[&[u8]],
    ) -> Option<Revocation> {
        let mut found: Option<Revocation> = None;
        for signature in signatures.filter(|s| s.signature_type == kind) {
            if !self.is_own(signature) {
                self.unchecked |= self.has_designated_revoker;
                continue;
            }
            let revocation = revocation(signature);
            let early = revocation.at.is_none_or(|t| t <= self.at);
            if !early && !revocation.is_hard() {
                continue;
            }
            let key = &self.certificate.primary.key;
            match self.holds(key, signature, parts) {
                Answer::Valid => {
                    if found.as_ref().is_none_or(|f| !f.is_hard()) {
                        found = Some(revocation);
                    }
                }
                Answer::Invalid => {}
                Answer::Unsupported(_) => self.unchecked = true,
            }
        }
        found
    }

    /// RFC 9580 section 5.2.4: 0xb4 or 0xd1, the length, the octets; version 3 has the octets alone.
    fn user_id(&mut self, user_id: &'c UserId) -> (UserIdState, Option<&'c Signature>) {
        let mut head = vec![if user_id.is_attribute { 0xd1 } else { 0xb4 }];
        let len = u32::try_from(user_id.octets.len()).unwrap_or(u32::MAX);
        head.extend(len.to_be_bytes());
        let parts: [&[u8]; 2] = [&head, &user_id.octets];
        let bound = self.newest(
            user_id.signatures.iter(),
            SignatureType::Certification,
            &parts,
        );
        // One that was bound again later is revoked no longer.
        let later = |s: &&Signature| bound.is_none_or(|bound| s.created >= bound.created);
        let revoked = self.newest(
            user_id.signatures.iter().filter(later),
            SignatureType::CertificationRevocation,
            &parts,
        );
        let state = UserIdState {
            text: String::from_utf8_lossy(&user_id.octets).into_owned(),
            is_bound: bound.is_some(),
            is_revoked: revoked.is_some(),
            is_primary: bound
                .is_some_and(|s| s.covered().any(|c| *c == Content::PrimaryUserId(true))),
        };
        (state, bound)
    }

    fn subkey(&mut self, subkey: &'c Named) -> SubkeyState {
        let form = subkey.key.hashed_form();
        let parts: [&[u8]; 1] = [&form];
        let revoked = self.revoked(
            subkey.signatures.iter(),
            SignatureType::SubkeyRevocation,
            &parts,
        );
        let binding = self.newest(
            subkey.signatures.iter(),
            SignatureType::SubkeyBinding,
            &parts,
        );
        let speakers: Vec<&Signature> = binding.into_iter().collect();
        let back = binding.and_then(|binding| self.back_signature(&subkey.key, binding, &parts));
        SubkeyState {
            fingerprint: subkey.fingerprint.clone(),
            key_id: subkey.key_id,
            algorithm: subkey.key.name(),
            created: time(subkey.key.created),
            is_bound: binding.is_some(),
            is_cross_certified: back.is_some(),
            may_sign: may_sign(&subkey.key, &speakers),
            expires: key_expiry(&subkey.key, &speakers),
            revoked,
            binding_hash: binding.and_then(|s| numbers::hash(s.hash_algorithm)),
            back_hash: back.and_then(|s| numbers::hash(s.hash_algorithm)),
        }
    }

    /// The subkey's own signature over both keys, inside the binding and in either of its areas (RFC 9580 section 10.1.5).
    fn back_signature(
        &mut self,
        subkey: &PublicKey,
        binding: &Signature,
        parts: &[&[u8]],
    ) -> Option<Signature> {
        binding
            .hashed
            .iter()
            .chain(&binding.unhashed)
            .filter_map(|s| match &s.content {
                Content::EmbeddedSignature(body) => signature::read(body).ok(),
                _ => None,
            })
            .find(|back| {
                back.signature_type == SignatureType::PrimaryKeyBinding
                    && self.counts(back)
                    && self.holds(subkey, back, parts) == Answer::Valid
            })
    }
}

fn has_designated_revoker(certificate: &Certificate) -> bool {
    let ids = certificate.user_ids.iter().flat_map(|u| &u.signatures);
    certificate
        .direct
        .iter()
        .chain(ids)
        .any(|s| s.covered().any(|c| *c == Content::RevocationKey))
}

fn revocation(signature: &Signature) -> Revocation {
    let (code, text) = signature
        .covered()
        .find_map(|content| match content {
            Content::RevocationReason(code, text) => {
                Some((*code, String::from_utf8_lossy(text).into_owned()))
            }
            _ => None,
        })
        .unwrap_or_default();
    Revocation {
        at: signature.created.and_then(time),
        code,
        text,
    }
}
