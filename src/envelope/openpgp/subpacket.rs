//! Signature subpackets (RFC 9580 section 5.2.3.7).

use crate::envelope::openpgp::{Error, Octets};

/// Subpackets in one area: real signatures have fewer than twenty, notations included.
const MAX_SUBPACKETS: usize = 1024;

/// A notation (RFC 9580 section 5.2.3.24): a name and a value that its signer made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notation {
    /// `name@domain`.
    pub name: String,
    /// Its value.
    pub value: Vec<u8>,
}

/// What a subpacket says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// 2: when the signature was made, in seconds.
    Created(u32),
    /// 3: seconds after its creation that the signature expires; never where 0.
    SignatureExpires(u32),
    /// 9: seconds after the key's creation that the key expires; never where 0.
    KeyExpires(u32),
    /// 16: key id of the issuer.
    Issuer([u8; 8]),
    /// 20.
    Notation(Notation),
    /// 25: this user id is the main one.
    PrimaryUserId(bool),
    /// 27: what the key may do; the first octet's bits.
    KeyFlags(u8),
    /// 28: the user id that the signer speaks as.
    SignersUserId(Vec<u8>),
    /// 29: why something is revoked: a code and a text.
    RevocationReason(u8, Vec<u8>),
    /// 32: a whole signature packet's body, as the back signature of a signing subkey.
    EmbeddedSignature(Vec<u8>),
    /// 33: version and fingerprint of the issuer.
    IssuerFingerprint(u8, Vec<u8>),
    /// 12: a key that may revoke this one.
    RevocationKey,
    /// A type that is known and bears on nothing that is judged here: preferences, exportability, trust, policy addresses ….
    Known(u8),
    /// A type that is not known.
    Unknown(u8),
}

/// A subpacket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subpacket {
    /// A reader that does not understand it must not accept the signature.
    pub critical: bool,
    /// What it says.
    pub content: Content,
}

/// Reads an area, whole.
pub(super) fn area(bytes: &[u8]) -> Result<Vec<Subpacket>, Error> {
    let mut octets = Octets::new(bytes);
    let mut found = Vec::new();
    while !octets.is_empty() {
        if found.len() >= MAX_SUBPACKETS {
            return Err(octets.error("more than 1024 subpackets"));
        }
        let len = length(&mut octets)?;
        let start = octets.at();
        let body = octets.take(len)?;
        found.push(read(body).map_err(|e| e.after(start))?);
    }
    Ok(found)
}

fn length(octets: &mut Octets<'_>) -> Result<usize, Error> {
    let first = octets.u8()?;
    Ok(match first {
        0..192 => usize::from(first),
        192..255 => {
            let high = usize::from(first.saturating_sub(192)) << 8;
            high.saturating_add(usize::from(octets.u8()?))
                .saturating_add(192)
        }
        255 => octets.len32()?,
    })
}

fn read(body: &[u8]) -> Result<Subpacket, Error> {
    let mut octets = Octets::new(body);
    let kind = octets.u8()?;
    let critical = kind & 0x80 != 0;
    let number = kind & 0x7f;
    let content = match number {
        2 => Content::Created(octets.u32()?),
        3 => Content::SignatureExpires(octets.u32()?),
        9 => Content::KeyExpires(octets.u32()?),
        12 => {
            octets.rest();
            Content::RevocationKey
        }
        16 => Content::Issuer(octets.array()?),
        20 => Content::Notation(notation(&mut octets)?),
        25 => Content::PrimaryUserId(octets.u8()? != 0),
        27 => Content::KeyFlags(octets.rest().first().copied().unwrap_or(0)),
        28 => Content::SignersUserId(octets.rest().to_vec()),
        29 => Content::RevocationReason(octets.u8()?, octets.rest().to_vec()),
        32 => Content::EmbeddedSignature(octets.rest().to_vec()),
        33 => {
            let version = octets.u8()?;
            let fingerprint = octets.rest().to_vec();
            // RFC 9580 section 5.2.3.35.
            let expected = if version >= 5 { 32 } else { 20 };
            if fingerprint.len() != expected {
                return Err(octets.error("an issuer fingerprint of the wrong length"));
            }
            Content::IssuerFingerprint(version, fingerprint)
        }
        4..=7 | 11 | 21..=24 | 26 | 30 | 31 | 34 | 35 | 37..=39 => {
            octets.rest();
            Content::Known(number)
        }
        other => {
            octets.rest();
            Content::Unknown(other)
        }
    };
    if octets.is_empty() {
        Ok(Subpacket { critical, content })
    } else {
        Err(octets.error("octets left over in a subpacket"))
    }
}

fn notation(octets: &mut Octets<'_>) -> Result<Notation, Error> {
    octets.take(4)?;
    let (name, value) = (octets.u16()?, octets.u16()?);
    Ok(Notation {
        name: String::from_utf8_lossy(octets.take(name)?).into_owned(),
        value: octets.take(value)?.to_vec(),
    })
}
