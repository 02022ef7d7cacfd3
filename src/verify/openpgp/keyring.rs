//! Keyrings: certificates, found by the ids and fingerprints of their keys.

use std::collections::BTreeMap;

use crate::base::time::Time;
use crate::envelope::openpgp::anomaly::Anomaly;
use crate::envelope::openpgp::armor::{self, Kind};
use crate::envelope::openpgp::certificate::{self, Unread};
use crate::envelope::openpgp::key::PublicKey;
use crate::envelope::openpgp::signature::Signature;
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
    fn new(key: PublicKey, signatures: Vec<Signature>) -> Self {
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
            signatures,
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
}

impl Certificate {
    fn new(raw: certificate::Certificate) -> Self {
        Self {
            primary: Named::new(raw.primary, Vec::new()),
            direct: raw.direct,
            user_ids: raw.user_ids,
            subkeys: raw
                .subkeys
                .into_iter()
                .map(|s| Named::new(s.key, s.signatures))
                .collect(),
            unread: raw.unread,
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

    /// Takes in another copy of the same certificate: what either says counts, above all a revocation.
    fn merge(&mut self, other: Self) {
        self.direct.extend(other.direct);
        self.unread.extend(other.unread);
        for theirs in other.user_ids {
            let ours = self
                .user_ids
                .iter_mut()
                .find(|u| u.octets == theirs.octets && u.is_attribute == theirs.is_attribute);
            match ours {
                Some(ours) => ours.signatures.extend(theirs.signatures),
                None => self.user_ids.push(theirs),
            }
        }
        for theirs in other.subkeys {
            match self.subkeys.iter_mut().find(|s| s.key == theirs.key) {
                Some(ours) => ours.signatures.extend(theirs.signatures),
                None => self.subkeys.push(theirs),
            }
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
        let mut certificates = Vec::new();
        if armor::is_armored(bytes) {
            let armored = armor::read(bytes)?;
            for block in &armored.blocks {
                match block.kind {
                    Kind::PublicKey => {
                        let (found, unread) = certificate::read(&block.octets)?;
                        certificates.extend(found);
                        self.unread.extend(unread);
                    }
                    Kind::Signature | Kind::Other(_) => self.unread.push(Unread {
                        span: block.span.clone(),
                        what: "an armored block of another kind",
                        is_signature: false,
                    }),
                }
            }
            self.anomalies.extend(armored.anomalies);
        } else {
            let (found, unread) = certificate::read(bytes)?;
            certificates = found;
            self.unread.extend(unread);
        }
        for raw in certificates {
            self.insert(Certificate::new(raw));
        }
        self.index();
        Ok(())
    }

    fn insert(&mut self, certificate: Certificate) {
        let known = self
            .by_key_id
            .get(&certificate.primary.key_id)
            .into_iter()
            .flatten()
            .filter(|r| r.subkey.is_none())
            .map(|r| r.certificate)
            .find(|at| {
                self.certificates
                    .get(*at)
                    .is_some_and(|c| c.primary.key == certificate.primary.key)
            });
        if let Some(ours) = known.and_then(|at| self.certificates.get_mut(at)) {
            ours.merge(certificate);
            return;
        }
        let at = self.certificates.len();
        self.by_key_id
            .entry(certificate.primary.key_id)
            .or_default()
            .push(KeyRef {
                certificate: at,
                subkey: None,
            });
        self.certificates.push(certificate);
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

    pub(super) fn named(&self, place: KeyRef) -> Option<&Named> {
        let certificate = self.certificates.get(place.certificate)?;
        match place.subkey {
            None => Some(&certificate.primary),
            Some(at) => certificate.subkeys.get(at),
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
