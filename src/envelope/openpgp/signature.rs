//! Signature packets of versions 3, 4 and 6 (RFC 9580 section 5.2).

use crate::envelope::openpgp::subpacket::{self, Content, Subpacket};
use crate::envelope::openpgp::{Error, Octets, mpi};

/// What is signed (RFC 9580 section 5.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureType {
    /// 0x00.
    Binary,
    /// 0x01: text, with its line ends as CR LF.
    Text,
    /// 0x02: nothing but itself.
    Standalone,
    /// 0x10 to 0x13: a user id belongs to a key.
    Certification,
    /// 0x18.
    SubkeyBinding,
    /// 0x19: the subkey's own word, the back signature.
    PrimaryKeyBinding,
    /// 0x1f.
    DirectKey,
    /// 0x20.
    KeyRevocation,
    /// 0x28.
    SubkeyRevocation,
    /// 0x30.
    CertificationRevocation,
    /// Another, by number.
    Other(u8),
}

impl SignatureType {
    fn from_number(number: u8) -> Self {
        match number {
            0x00 => Self::Binary,
            0x01 => Self::Text,
            0x02 => Self::Standalone,
            0x10..=0x13 => Self::Certification,
            0x18 => Self::SubkeyBinding,
            0x19 => Self::PrimaryKeyBinding,
            0x1f => Self::DirectKey,
            0x20 => Self::KeyRevocation,
            0x28 => Self::SubkeyRevocation,
            0x30 => Self::CertificationRevocation,
            other => Self::Other(other),
        }
    }
}

/// The numbers of a signature, by its public-key algorithm. Magnitudes without leading zeros, native octets as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One number.
    Rsa(Vec<u8>),
    /// r and s of DSA, ECDSA and EdDSA in its legacy form.
    Pair(Vec<u8>, Vec<u8>),
    /// Octets of the algorithm's own form: 64 of Ed25519, 114 of Ed448.
    Native(Vec<u8>),
    /// Of an algorithm that is not read.
    Unread,
}

/// A signature packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// 3, 4 or 6.
    pub version: u8,
    /// What is signed.
    pub signature_type: SignatureType,
    /// Public-key algorithm by number (RFC 9580 section 9.1).
    pub public_key_algorithm: u8,
    /// Hash algorithm by number (RFC 9580 section 9.5).
    pub hash_algorithm: u8,
    /// Version 6: hashed before what is signed.
    pub salt: Vec<u8>,
    /// What is hashed after what is signed: the packet's own head and its trailer.
    pub trailer: Vec<u8>,
    /// What the signature covers.
    pub hashed: Vec<Subpacket>,
    /// What anybody could have changed.
    pub unhashed: Vec<Subpacket>,
    /// Version 3 names its issuer outside what it covers.
    pub v3_issuer: Option<[u8; 8]>,
    /// When it says that it was made, in seconds; `None` where it does not say.
    pub created: Option<u32>,
    /// First two octets of the digest: a hint, no security.
    pub left16: [u8; 2],
    /// The numbers.
    pub value: Value,
    /// A number has a bit count that is not its own.
    pub ill_formed: bool,
}

impl Signature {
    /// What the hashed subpackets say, in order.
    pub fn covered(&self) -> impl Iterator<Item = &Content> {
        self.hashed.iter().map(|s| &s.content)
    }

    /// Seconds after its creation that it expires; `None` for never.
    pub fn expires_after(&self) -> Option<u32> {
        self.covered().find_map(|content| match content {
            Content::SignatureExpires(seconds) if *seconds != 0 => Some(*seconds),
            _ => None,
        })
    }

    /// A critical subpacket that is not understood, by type. A notation that is critical is one, too: what it demands is its
    /// signer's own (RFC 9580 section 5.2.3.24).
    pub fn unknown_critical(&self) -> Option<u8> {
        self.hashed
            .iter()
            .filter(|s| s.critical)
            .find_map(|s| match &s.content {
                Content::Unknown(number) => Some(*number),
                Content::Notation(_) => Some(20),
                _ => None,
            })
    }
}

/// Reads the body of a signature packet.
///
/// # Errors
/// A version that is not read, and anything that does not fill the packet exactly.
pub fn read(body: &[u8]) -> Result<Signature, Error> {
    let mut octets = Octets::new(body);
    match octets.u8()? {
        3 => read_v3(octets),
        version @ (4 | 6) => read_v4_or_v6(octets, version, body),
        _ => Err(Error::new(0, "a signature of a version that is not read")),
    }
}

/// RFC 9580 section 5.2.2.
fn read_v3(mut octets: Octets<'_>) -> Result<Signature, Error> {
    if octets.u8()? != 5 {
        return Err(Error::new(
            1,
            "a version 3 signature that covers other than 5 octets",
        ));
    }
    let trailer = octets.take(5)?.to_vec();
    let (kind, seconds) = match trailer.as_slice() {
        [kind, seconds @ ..] => (*kind, <[u8; 4]>::try_from(seconds).unwrap_or_default()),
        [] => return Err(octets.error("cut short")),
    };
    let issuer = octets.array()?;
    let public_key_algorithm = octets.u8()?;
    let hash_algorithm = octets.u8()?;
    let left16 = octets.array()?;
    let (value, ill_formed) = value(&mut octets, public_key_algorithm)?;
    Ok(Signature {
        version: 3,
        signature_type: SignatureType::from_number(kind),
        public_key_algorithm,
        hash_algorithm,
        salt: Vec::new(),
        trailer,
        hashed: Vec::new(),
        unhashed: Vec::new(),
        v3_issuer: Some(issuer),
        created: Some(u32::from_be_bytes(seconds)),
        left16,
        value,
        ill_formed,
    })
}

/// RFC 9580 section 5.2.3.
fn read_v4_or_v6(mut octets: Octets<'_>, version: u8, body: &[u8]) -> Result<Signature, Error> {
    let kind = octets.u8()?;
    let public_key_algorithm = octets.u8()?;
    let hash_algorithm = octets.u8()?;
    let hashed = read_area(&mut octets, version)?;
    let head = body.get(..octets.at()).unwrap_or_default();
    let trailer = trailer(version, head);
    let unhashed = read_area(&mut octets, version)?;
    let left16 = octets.array()?;
    let salt = if version == 6 {
        let len = usize::from(octets.u8()?);
        octets.take(len)?.to_vec()
    } else {
        Vec::new()
    };
    let created = hashed.iter().find_map(|s| match s.content {
        Content::Created(seconds) => Some(seconds),
        _ => None,
    });
    let (value, ill_formed) = value(&mut octets, public_key_algorithm)?;
    Ok(Signature {
        version,
        signature_type: SignatureType::from_number(kind),
        public_key_algorithm,
        hash_algorithm,
        salt,
        trailer,
        hashed,
        unhashed,
        v3_issuer: None,
        created,
        left16,
        value,
        ill_formed,
    })
}

fn read_area(octets: &mut Octets<'_>, version: u8) -> Result<Vec<Subpacket>, Error> {
    let len = if version == 6 {
        octets.len32()?
    } else {
        octets.u16()?
    };
    let start = octets.at();
    subpacket::area(octets.take(len)?).map_err(|e| e.after(start))
}

/// RFC 9580 section 5.2.4: the head, then version, 0xff and the head's length.
fn trailer(version: u8, head: &[u8]) -> Vec<u8> {
    let mut out = head.to_vec();
    out.extend([version, 0xff]);
    out.extend(u32::try_from(head.len()).unwrap_or(u32::MAX).to_be_bytes());
    out
}

/// The numbers, and whether one is out of form.
fn value(octets: &mut Octets<'_>, algorithm: u8) -> Result<(Value, bool), Error> {
    let read = match algorithm {
        1 | 3 => {
            let number = mpi::next(octets)?;
            (Value::Rsa(number.magnitude.to_vec()), !number.in_form)
        }
        17 | 19 | 22 => {
            let (r, s) = (mpi::next(octets)?, mpi::next(octets)?);
            (
                Value::Pair(r.magnitude.to_vec(), s.magnitude.to_vec()),
                !(r.in_form && s.in_form),
            )
        }
        27 => (Value::Native(octets.take(64)?.to_vec()), false),
        28 => (Value::Native(octets.take(114)?.to_vec()), false),
        _ => {
            octets.rest();
            (Value::Unread, false)
        }
    };
    if octets.is_empty() {
        Ok(read)
    } else {
        Err(octets.error("octets left over in a signature packet"))
    }
}
