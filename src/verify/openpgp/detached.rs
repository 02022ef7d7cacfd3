//! Signatures that stand apart from what they sign, which may be large: it is hashed as it streams by.

use std::ops::Range;

use crate::base::time::Time;
use crate::envelope::openpgp::Error;
use crate::envelope::openpgp::anomaly::{Anomaly, AnomalyKind};
use crate::envelope::openpgp::armor::{self, Kind};
use crate::envelope::openpgp::packet::{Packets, Tag};
use crate::envelope::openpgp::signature::{self, Signature, SignatureType};
use crate::verify::openpgp::canonical::DocumentHasher;
use crate::verify::openpgp::check::Judge;
use crate::verify::openpgp::keyring::Keyring;
use crate::verify::openpgp::numbers;
use crate::verify::openpgp::outcome::Checked;

/// Signatures over one document: archives have three; each kind of hash among them is computed over all of it.
pub(super) const MAX_SIGNATURES: usize = 32;

/// A signature packet, or why it is none that can be read.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) signature: Result<Signature, Error>,
    /// Where it stands in what was given.
    pub(super) span: Range<usize>,
}

/// How a document is hashed for some of its signatures.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    hash: u8,
    salt: Vec<u8>,
    is_text: bool,
    pub(super) hasher: DocumentHasher,
}

/// Detached signatures that wait for their document.
#[derive(Debug, Clone)]
pub struct Detached {
    armored: bool,
    anomalies: Vec<Anomaly>,
    found: Vec<Found>,
    lanes: Lanes,
}

impl Detached {
    /// Reads the signatures: packets, or armored blocks.
    ///
    /// # Errors
    /// Where there is no signature, or more than are checked.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut anomalies = Vec::new();
        let mut found = Vec::new();
        let armored = armor::is_armored(bytes);
        if armored {
            let read = armor::read(bytes)?;
            anomalies = read.anomalies;
            for block in read.blocks {
                if block.kind == Kind::Signature {
                    packets(&block.octets, Some(&block.span), &mut found, &mut anomalies)?;
                } else {
                    armor::note(&mut anomalies, AnomalyKind::OtherPacket, block.span);
                }
            }
        } else {
            packets(bytes, None, &mut found, &mut anomalies)?;
        }
        if found.is_empty() {
            return Err(Error::new(0, "no signature"));
        }
        let lanes = Lanes::new(&found, false);
        Ok(Self {
            armored,
            anomalies,
            found,
            lanes,
        })
    }

    /// Takes in the next bytes of the document.
    pub fn update(&mut self, bytes: &[u8]) {
        self.lanes.update(bytes);
    }

    /// Judges every signature over what was taken in.
    pub fn finish(self, keyring: &Keyring, at: Time) -> Checked {
        let mut judge = Judge::new(keyring, at, self.anomalies);
        let signatures = self
            .found
            .iter()
            .map(|found| judge.signature(found, &self.lanes))
            .collect();
        Checked {
            body: None,
            text: None,
            armored: self.armored,
            anomalies: judge.into_anomalies(),
            signatures,
        }
    }
}

/// Running hashes, one for each way in which a signature wants its document hashed.
#[derive(Debug, Clone)]
pub(super) struct Lanes {
    lanes: Vec<Lane>,
    /// A message in its frame is text whatever the signature's type says.
    always_text: bool,
}

impl Lanes {
    pub(super) fn new(found: &[Found], always_text: bool) -> Self {
        let mut lanes: Vec<Lane> = Vec::new();
        for signature in found.iter().filter_map(|f| f.signature.as_ref().ok()) {
            let is_text = always_text || signature.signature_type == SignatureType::Text;
            let (hash, salt) = (signature.hash_algorithm, &signature.salt);
            let known = lanes
                .iter()
                .any(|l| l.hash == hash && l.salt == *salt && l.is_text == is_text);
            let hasher = numbers::hash(hash).and_then(|h| DocumentHasher::new(h, salt, is_text));
            if let (false, Some(hasher)) = (known, hasher) {
                lanes.push(Lane {
                    hash,
                    salt: salt.clone(),
                    is_text,
                    hasher,
                });
            }
        }
        Self { lanes, always_text }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        for lane in &mut self.lanes {
            lane.hasher.update(bytes);
        }
    }

    /// The digest that `signature` stands over; `None` for a hash that is not computed.
    pub(super) fn digest(&self, signature: &Signature) -> Option<Vec<u8>> {
        let is_text = self.always_text || signature.signature_type == SignatureType::Text;
        let lane = self.lanes.iter().find(|l| {
            l.hash == signature.hash_algorithm && l.salt == signature.salt && l.is_text == is_text
        })?;
        Some(lane.hasher.clone().finish(&signature.trailer))
    }
}

/// Signature packets among `octets`; inside armor, all of them stand at their block.
pub(super) fn packets(
    octets: &[u8],
    block: Option<&Range<usize>>,
    found: &mut Vec<Found>,
    anomalies: &mut Vec<Anomaly>,
) -> Result<(), Error> {
    for packet in Packets::new(octets) {
        let packet = match packet {
            Ok(packet) => packet,
            // What went before stays; what comes behind is one signature that cannot be read.
            Err(error) => {
                let span = block.cloned().unwrap_or(error.offset..octets.len());
                push(found, Err(error), span)?;
                break;
            }
        };
        let span = block.cloned().unwrap_or(packet.span.clone());
        if packet.tag == Tag::Signature {
            let start = packet.span.start;
            let read = signature::read(&packet.body).map_err(|e| e.after(start));
            push(found, read, span)?;
        } else {
            armor::note(anomalies, AnomalyKind::OtherPacket, span);
        }
    }
    Ok(())
}

fn push(
    found: &mut Vec<Found>,
    signature: Result<Signature, Error>,
    span: Range<usize>,
) -> Result<(), Error> {
    if found.len() >= MAX_SIGNATURES {
        return Err(Error::new(span.start, "more than 32 signatures"));
    }
    found.push(Found { signature, span });
    Ok(())
}
