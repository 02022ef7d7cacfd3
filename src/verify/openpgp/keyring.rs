//! Keyrings: certificates, found by the ids and fingerprints of their keys.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::base::time::Time;
use crate::envelope::openpgp::anomaly::Anomaly;
use crate::envelope::openpgp::armor::{self, Block, Kind};
use crate::envelope::openpgp::certificate::{self, Contents, Outside, Unread};
use crate::envelope::openpgp::key::PublicKey;
use crate::envelope::openpgp::signature::{Signature, SignatureType};
use crate::envelope::openpgp::{Error, subpacket};
use crate::model::digest::DigestAlgorithm;
use crate::verify::digest;
use crate::verify::openpgp::state::{self, CertificateState};
use crate::verify::openpgp::work::Work;

/// Magic of GnuPG's keybox at offset 8; a format of its own, which holds packets in blobs.
const KEYBOX: &[u8] = b"KBXf";

/// A key with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) key: PublicKey,
    pub(super) fingerprint: Vec<u8>,
    pub(super) key_id: [u8; 8],
    /// Of a subkey: what was said about it.
    pub(super) signatures: Vec<Signature>,
}

impl Named {
    /// RFC 9580 section 5.5.4.
    fn new(key: PublicKey) -> Self {
        let form = key.hashed_form();
        let (algorithm, left) = if key.version == 6 {
            (DigestAlgorithm::Sha256, true)
        } else {
            (DigestAlgorithm::Sha1, false)
        };
        let fingerprint = digest::hash(algorithm, &form).unwrap_or_default();
        let id = if left {
            fingerprint.first_chunk::<8>()
        } else {
            fingerprint.last_chunk::<8>()
        };
        Self {
            key_id: id.copied().unwrap_or_default(),
            key,
            fingerprint,
            signatures: Vec::new(),
        }
    }
}

/// A certificate of a keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub(super) primary: Named,
    pub(super) direct: Vec<Signature>,
    pub(super) user_ids: Vec<certificate::UserId>,
    pub(super) subkeys: Vec<Named>,
    pub(super) unread: Vec<Unread>,
    /// Where a user id stands, by whether it is an attribute and its octets.
    user_id_places: BTreeMap<(bool, Vec<u8>), usize>,
    /// Where a subkey stands, by its packet's body: a fingerprint over SHA-1 may be two keys'.
    subkey_places: BTreeMap<Vec<u8>, usize>,
}

impl Certificate {
    /// Without anything beside its primary key.
    fn new(primary: Named) -> Self {
        Self {
            primary,
            direct: Vec::new(),
            user_ids: Vec::new(),
            subkeys: Vec::new(),
            unread: Vec::new(),
            user_id_places: BTreeMap::new(),
            subkey_places: BTreeMap::new(),
        }
    }

    /// Fingerprint of the primary key.
    pub fn fingerprint(&self) -> &[u8] {
        &self.primary.fingerprint
    }

    /// Fingerprints of the subkeys.
    pub fn subkey_fingerprints(&self) -> impl Iterator<Item = &[u8]> {
        self.subkeys.iter().map(|s| s.fingerprint.as_slice())
    }

    /// User ids as they stand; nothing says that a self-signature holds for them.
    pub fn claimed_user_ids(&self) -> impl Iterator<Item = String> {
        self.user_ids
            .iter()
            .filter(|u| !u.is_attribute)
            .map(|u| String::from_utf8_lossy(&u.octets).into_owned())
    }

    /// What inside it was not read.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// Takes in a copy as it was read: what any copy says counts, above all a revocation. A user id or subkey that stands twice, in
    /// one copy or in two, becomes one.
    fn merge(&mut self, raw: certificate::Certificate) {
        self.direct.extend(raw.direct);
        self.unread.extend(raw.unread);
        for theirs in raw.user_ids {
            let key = (theirs.is_attribute, theirs.octets.clone());
            let next = self.user_ids.len();
            let at = *self.user_id_places.entry(key).or_insert(next);
            match self.user_ids.get_mut(at) {
                Some(ours) => ours.signatures.extend(theirs.signatures),
                None => self.user_ids.push(theirs),
            }
        }
        for theirs in raw.subkeys {
            let next = self.subkeys.len();
            let place = self.subkey_places.entry(theirs.key.body.clone());
            let at = *place.or_insert(next);
            match self.subkeys.get_mut(at) {
                Some(ours) => ours.signatures.extend(theirs.signatures),
                None => self.subkeys.push(Named {
                    signatures: theirs.signatures,
                    ..Named::new(theirs.key)
                }),
            }
        }
    }

    /// Takes in a signature that its primary key made and that stood elsewhere. Which subkey one of those is about is not known.
    fn add_elsewhere(&mut self, signature: &Signature, span: &Range<usize>) {
        if signature.signature_type == SignatureType::SubkeyRevocation {
            self.unread.push(Unread {
                span: span.clone(),
                what: "a revocation of a subkey outside its certificate",
                is_signature: true,
            });
        } else {
            self.direct.push(signature.clone());
        }
    }
}

/// Where a key stands: its certificate, and which subkey it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyRef {
    pub(super) certificate: usize,
    pub(super) subkey: Option<usize>,
}

/// Certificates to check signatures with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyring {
    certificates: Vec<Certificate>,
    by_key_id: BTreeMap<[u8; 8], Vec<KeyRef>>,
    unread: Vec<Unread>,
    anomalies: Vec<Anomaly>,
    /// Signatures on keys outside any certificate whose certificate is not here, or not yet.
    unplaced: Vec<Outside>,
    /// Revocations in a certificate that name another issuer, by certificate and place in its direct signatures: one file behind
    /// another makes them, and the issuer's certificate may be yet to come.
    foreign: Vec<(usize, usize)>,
}

impl Keyring {
    /// Reads certificates: packets, or any number of armored blocks. Copies of one certificate become one.
    ///
    /// # Errors
    /// Bytes that are neither. Empty input is a keyring without certificates.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut keyring = Self::default();
        keyring.add(bytes)?;
        Ok(keyring)
    }

    /// Takes in the certificates of another file.
    ///
    /// # Errors
    /// As [`Keyring::read`]; the keyring is then as it was.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if bytes.get(8..12) == Some(KEYBOX) {
            return Err(Error::new(8, "a GnuPG keybox, which is not read"));
        }
        let (contents, anomalies) = if armor::is_armored(bytes) {
            let armored = armor::read(bytes)?;
            (blocks(&armored.blocks)?, armored.anomalies)
        } else {
            (certificate::read(bytes)?, Vec::new())
        };
        // Nothing fails from here on.
        self.anomalies.extend(anomalies);
        self.unread.extend(contents.unread);
        for raw in contents.certificates {
            self.insert(raw);
        }
        self.index();
        self.place_outside(contents.outside);
        self.place_foreign();
        Ok(())
    }

    fn insert(&mut self, raw: certificate::Certificate) {
        let primary = Named::new(raw.primary.clone());
        let places = self.by_key_id.entry(primary.key_id).or_default();
        let known = places
            .iter()
            .filter(|r| r.subkey.is_none())
            .map(|r| r.certificate)
            .find(|at| {
                self.certificates
                    .get(*at)
                    .is_some_and(|c| c.primary.key == primary.key)
            });
        let at = known.unwrap_or_else(|| {
            let at = self.certificates.len();
            places.push(KeyRef {
                certificate: at,
                subkey: None,
            });
            self.certificates.push(Certificate::new(primary));
            at
        });
        let Some(ours) = self.certificates.get_mut(at) else {
            return;
        };
        let before = ours.direct.len();
        ours.merge(raw);
        let added = ours.direct.iter().enumerate().skip(before);
        let foreign = added.filter(|(_, s)| {
            s.signature_type == SignatureType::KeyRevocation && !Issuer::of(s).may_be(&ours.primary)
        });
        self.foreign.extend(foreign.map(|(nth, _)| (at, nth)));
    }

    /// Gives signatures on keys that stand outside any certificate to the one that their issuer names.
    fn place_outside(&mut self, outside: Vec<Outside>) {
        let waiting = std::mem::take(&mut self.unplaced);
        for outside in waiting.into_iter().chain(outside) {
            let Ok(signature) = &outside.signature else {
                self.unplaced.push(outside);
                continue;
            };
            let owners = match signature.signature_type {
                SignatureType::KeyRevocation
                | SignatureType::DirectKey
                | SignatureType::SubkeyRevocation => self.certificates_of(signature),
                // Of which user id, and in whose certificate, it does not say.
                SignatureType::CertificationRevocation => Vec::new(),
                SignatureType::Binary
                | SignatureType::Text
                | SignatureType::Standalone
                | SignatureType::Certification
                | SignatureType::SubkeyBinding
                | SignatureType::PrimaryKeyBinding
                | SignatureType::Other(_) => {
                    self.unread.push(Unread {
                        span: outside.span,
                        what: "a signature outside any certificate",
                        is_signature: true,
                    });
                    continue;
                }
            };
            for owner in &owners {
                if let Some(owner) = self.certificates.get_mut(*owner) {
                    owner.add_elsewhere(signature, &outside.span);
                }
            }
            if owners.is_empty() {
                self.unplaced.push(outside);
            }
        }
    }

    /// Gives revocations that stand in another certificate than their issuer's to that one, too.
    fn place_foreign(&mut self) {
        for (at, nth) in std::mem::take(&mut self.foreign) {
            let found = self.certificates.get(at);
            let Some(signature) = found.and_then(|c| c.direct.get(nth)) else {
                continue;
            };
            let owners = self.certificates_of(signature);
            if owners.is_empty() {
                self.foreign.push((at, nth));
                continue;
            }
            let signature = signature.clone();
            for owner in owners {
                if let Some(owner) = self.certificates.get_mut(owner) {
                    owner.add_elsewhere(&signature, &(0..0));
                }
            }
        }
    }

    /// Certificates whose primary key a signature names as its issuer; none where it names nobody.
    fn certificates_of(&self, signature: &Signature) -> Vec<usize> {
        let places = match Issuer::of(signature) {
            Issuer::Fingerprint(fingerprint) => self.with_fingerprint(&fingerprint),
            Issuer::KeyId(id) => self.with_key_id(&id).to_vec(),
            Issuer::Unnamed => Vec::new(),
        };
        places
            .into_iter()
            .filter(|place| place.subkey.is_none())
            .map(|place| place.certificate)
            .collect()
    }

    fn index(&mut self) {
        self.by_key_id.clear();
        for (certificate, found) in self.certificates.iter().enumerate() {
            let primary = (None, &found.primary);
            let subkeys = found.subkeys.iter().enumerate().map(|(i, s)| (Some(i), s));
            for (subkey, named) in std::iter::once(primary).chain(subkeys) {
                self.by_key_id
                    .entry(named.key_id)
                    .or_default()
                    .push(KeyRef {
                        certificate,
                        subkey,
                    });
            }
        }
    }

    /// The certificates, in order.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// What was not read outside any certificate: keys of version 3, foreign packets.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// Signatures on keys outside any certificate that bear on none of this keyring as far as they say, or could not be read.
    pub fn unplaced(&self) -> &[Outside] {
        &self.unplaced
    }

    /// What is out of form about the armor.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.anomalies
    }

    /// The certificate that has a key with this fingerprint, by index.
    pub fn find(&self, fingerprint: &[u8]) -> Option<usize> {
        self.certificates.iter().position(|c| {
            c.fingerprint() == fingerprint || c.subkey_fingerprints().any(|f| f == fingerprint)
        })
    }

    /// What a certificate comes to at a time, its self-signatures checked; `None` beyond the last.
    pub fn state(&self, certificate: usize, at: Time) -> Option<CertificateState> {
        let found = self.certificates.get(certificate)?;
        Some(state::evaluate(found, at, &mut Work::new()))
    }

    pub(super) fn with_key_id(&self, id: &[u8; 8]) -> &[KeyRef] {
        self.by_key_id.get(id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn with_fingerprint(&self, fingerprint: &[u8]) -> Vec<KeyRef> {
        let ends = [
            fingerprint.first_chunk::<8>(),
            fingerprint.last_chunk::<8>(),
        ];
        let places = ends.into_iter().flatten();
        places
            .flat_map(|id| self.with_key_id(id))
            .filter(|p| {
                self.named(**p)
                    .is_some_and(|n| n.fingerprint == fingerprint)
            })
            .copied()
            .collect()
    }

    pub(super) fn named(&self, place: KeyRef) -> Option<&Named> {
        let certificate = self.certificates.get(place.certificate)?;
        match place.subkey {
            None => Some(&certificate.primary),
            Some(at) => certificate.subkeys.get(at),
        }
    }
}

/// What stands in armored blocks. Certificates count in blocks of keys only, signatures in blocks of either kind: revocations are
/// written as both.
fn blocks(blocks: &[Block]) -> Result<Contents, Error> {
    let mut contents = Contents::default();
    let other = |block: &Block| Unread {
        span: block.span.clone(),
        what: "an armored block of another kind",
        is_signature: false,
    };
    for block in blocks {
        if matches!(block.kind, Kind::Other(_)) {
            contents.unread.push(other(block));
            continue;
        }
        let found = certificate::read(&block.octets)?;
        contents.unread.extend(found.unread);
        let outside = found.outside.into_iter().map(|outside| Outside {
            span: block.span.clone(),
            ..outside
        });
        contents.outside.extend(outside);
        if block.kind == Kind::PublicKey {
            contents.certificates.extend(found.certificates);
        } else if !found.certificates.is_empty() {
            contents.unread.push(other(block));
        }
    }
    Ok(contents)
}

/// Fingerprint or key id that a signature names as its issuer's, covered or only hinted at; `None` where it names nobody.
pub fn issuer(signature: &Signature) -> Option<Vec<u8>> {
    match Issuer::of(signature) {
        Issuer::Fingerprint(fingerprint) => Some(fingerprint),
        Issuer::KeyId(id) => Some(id.to_vec()),
        Issuer::Unnamed => None,
    }
}

/// Whom a signature names as its issuer, covered or only hinted at.
pub(super) enum Issuer {
    Fingerprint(Vec<u8>),
    KeyId([u8; 8]),
    Unnamed,
}

impl Issuer {
    pub(super) fn of(signature: &Signature) -> Self {
        let (fingerprint, id) = issuers(&signature.hashed);
        let (hinted_fingerprint, hinted_id) = issuers(&signature.unhashed);
        let id = id.or(hinted_id).or(signature.v3_issuer);
        match (fingerprint.or(hinted_fingerprint), id) {
            (Some(fingerprint), _) => Self::Fingerprint(fingerprint),
            (None, Some(id)) => Self::KeyId(id),
            (None, None) => Self::Unnamed,
        }
    }

    /// Whether `key` could be it: one that is not named could be any.
    pub(super) fn may_be(&self, key: &Named) -> bool {
        match self {
            Self::Fingerprint(fingerprint) => *fingerprint == key.fingerprint,
            Self::KeyId(id) => *id == key.key_id,
            Self::Unnamed => true,
        }
    }
}

/// Key ids and fingerprints that one area of a signature names as its issuer's.
pub(super) fn issuers(area: &[subpacket::Subpacket]) -> (Option<Vec<u8>>, Option<[u8; 8]>) {
    let mut named = (None, None);
    for subpacket in area {
        match &subpacket.content {
            subpacket::Content::IssuerFingerprint(_, fingerprint) => {
                named.0.get_or_insert_with(|| fingerprint.clone());
            }
            subpacket::Content::Issuer(id) => {
                named.1.get_or_insert(*id);
            }
            _ => {}
        }
    }
    named
}
