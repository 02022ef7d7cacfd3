//! Transferable public keys (RFC 9580 section 10.1): a primary key, what is said of it, its user ids and its subkeys, as they stand.

use std::ops::Range;

use crate::envelope::openpgp::Error;
use crate::envelope::openpgp::key::{self, PublicKey};
use crate::envelope::openpgp::packet::{Packet, Packets, Tag};
use crate::envelope::openpgp::signature::{self, Signature, SignatureType};

/// Certificates in one keyring: a distribution's developers are some thousand.
const MAX_CERTIFICATES: usize = 1 << 16;

/// A user id with the signatures that follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserId {
    /// Its octets: UTF-8 by convention only.
    pub octets: Vec<u8>,
    /// A user attribute (an image) and no text.
    pub is_attribute: bool,
    /// What was said about it.
    pub signatures: Vec<Signature>,
}

/// A subkey with the signatures that follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subkey {
    /// The key.
    pub key: PublicKey,
    /// What was said about it.
    pub signatures: Vec<Signature>,
}

/// A certificate as it stands; nothing in it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Where it stands among the packets.
    pub span: Range<usize>,
    /// The primary key.
    pub primary: PublicKey,
    /// Signatures on the primary key itself.
    pub direct: Vec<Signature>,
    /// User ids and attributes.
    pub user_ids: Vec<UserId>,
    /// Subkeys.
    pub subkeys: Vec<Subkey>,
    /// What inside it was not read.
    pub unread: Vec<Unread>,
}

/// A packet that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Where it stands.
    pub span: Range<usize>,
    /// Why, as a phrase.
    pub what: &'static str,
    /// It is a signature, so that a revocation could be among what is not known.
    pub is_signature: bool,
}

/// A signature outside any certificate: it may revoke one that stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Where it stands.
    pub span: Range<usize>,
    /// The signature, or why it could not be read.
    pub signature: Result<Signature, Error>,
}

/// What stands among packets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Certificates, in order; there may be several copies of one.
    pub certificates: Vec<Certificate>,
    /// Signatures outside them.
    pub outside: Vec<Outside>,
    /// What else outside them was not read.
    pub unread: Vec<Unread>,
}

/// What stands among `bytes`, which are packets.
///
/// # Errors
/// Packets that cannot be told apart, or too many of them.
pub fn read(bytes: &[u8]) -> Result<Contents, Error> {
    let mut contents = Contents::default();
    // Whether packets belong to the last certificate: not those behind a primary key that was not read.
    let mut inside = false;
    for packet in Packets::new(bytes) {
        let packet = packet?;
        match packet.tag {
            Tag::PublicKey => match key::read(&packet.body) {
                Ok(primary) => {
                    if contents.certificates.len() >= MAX_CERTIFICATES {
                        return Err(Error::new(
                            packet.span.start,
                            "more than 65536 certificates",
                        ));
                    }
                    inside = true;
                    contents.certificates.push(Certificate {
                        span: packet.span,
                        primary,
                        direct: Vec::new(),
                        user_ids: Vec::new(),
                        subkeys: Vec::new(),
                        unread: Vec::new(),
                    });
                }
                Err(error) => {
                    inside = false;
                    contents.unread.push(not_read(packet, error.what));
                }
            },
            tag if tag.may_be_skipped() => {}
            tag => match contents.certificates.last_mut().filter(|_| inside) {
                Some(certificate) => add(certificate, packet),
                None if tag == Tag::Signature => contents.outside.push(Outside {
                    signature: signature::read(&packet.body),
                    span: packet.span,
                }),
                None => contents
                    .unread
                    .push(not_read(packet, "a packet outside any certificate")),
            },
        }
    }
    Ok(contents)
}

fn not_read(packet: Packet<'_>, what: &'static str) -> Unread {
    Unread {
        is_signature: packet.tag == Tag::Signature,
        span: packet.span,
        what,
    }
}

fn add(certificate: &mut Certificate, packet: Packet<'_>) {
    certificate.span.end = packet.span.end;
    match packet.tag {
        Tag::UserId | Tag::UserAttribute => certificate.user_ids.push(UserId {
            is_attribute: packet.tag == Tag::UserAttribute,
            octets: packet.body.into_owned(),
            signatures: Vec::new(),
        }),
        Tag::PublicSubkey => match key::read(&packet.body) {
            Ok(key) => certificate.subkeys.push(Subkey {
                key,
                signatures: Vec::new(),
            }),
            Err(error) => certificate.unread.push(not_read(packet, error.what)),
        },
        Tag::Signature => match signature::read(&packet.body) {
            Ok(signature) => add_signature(certificate, signature),
            Err(error) => certificate.unread.push(not_read(packet, error.what)),
        },
        _ => certificate
            .unread
            .push(not_read(packet, "a packet that belongs to no certificate")),
    }
}

/// Signatures follow what they are about, but those on the primary key itself count wherever they stand: writers put revocations
/// at the end. One behind a subkey that was not read lands on the one before it, where it does not hold.
fn add_signature(certificate: &mut Certificate, signature: Signature) {
    let about_primary = matches!(
        signature.signature_type,
        SignatureType::KeyRevocation | SignatureType::DirectKey
    );
    let list = if about_primary {
        &mut certificate.direct
    } else if let Some(subkey) = certificate.subkeys.last_mut() {
        &mut subkey.signatures
    } else if let Some(user_id) = certificate.user_ids.last_mut() {
        &mut user_id.signatures
    } else {
        &mut certificate.direct
    };
    list.push(signature);
}
