//! Public keys of versions 4 and 6 (RFC 9580 section 5.5.2).

use crate::envelope::openpgp::{Error, Octets, mpi};

/// Curves by the octets of their object identifiers (RFC 9580 section 9.2).
const CURVES: [(&[u8], Curve); 5] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], Curve::P256),
    (&[0x2b, 0x81, 4, 0, 0x22], Curve::P384),
    (&[0x2b, 0x81, 4, 0, 0x23], Curve::P521),
    (&[0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1], Curve::Ed25519),
    // The form of RFC 8410 that some writers have used for the same curve.
    (&[0x2b, 0x65, 0x70], Curve::Ed25519),
];

/// A named curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// Ed25519 in its legacy form.
    Ed25519,
    /// Another, by the octets of its object identifier.
    Other(Vec<u8>),
}

/// The numbers of a key. Magnitudes without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// 1, 2, 3.
    Rsa {
        /// Modulus.
        n: Vec<u8>,
        /// Exponent.
        e: Vec<u8>,
    },
    /// 17.
    Dsa {
        /// Prime.
        p: Vec<u8>,
        /// Order of the group.
        q: Vec<u8>,
        /// Generator.
        g: Vec<u8>,
        /// The key.
        y: Vec<u8>,
    },
    /// 19.
    Ecdsa {
        /// Curve.
        curve: Curve,
        /// Point in the form of SEC 1.
        point: Vec<u8>,
    },
    /// 22.
    EddsaLegacy {
        /// Curve.
        curve: Curve,
        /// Point with a prefix octet.
        point: Vec<u8>,
    },
    /// 27.
    Ed25519([u8; 32]),
    /// An algorithm that only encrypts, or one that is not read.
    Unread,
}

/// A public key or subkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// 4 or 6.
    pub version: u8,
    /// When it was made, in seconds.
    pub created: u32,
    /// Algorithm by number (RFC 9580 section 9.1).
    pub algorithm: u8,
    /// The numbers.
    pub material: Material,
    /// The packet's body as found: what fingerprints and signatures cover.
    pub body: Vec<u8>,
}

impl PublicKey {
    /// What stands for the key in everything that is hashed over it (RFC 9580 sections 5.2.4 and 5.5.4).
    pub fn hashed_form(&self) -> Vec<u8> {
        let len = self.body.len();
        let mut out = Vec::with_capacity(len.saturating_add(5));
        if self.version == 6 {
            out.push(0x9b);
            out.extend(u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes());
        } else {
            out.push(0x99);
            out.extend(u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes());
        }
        out.extend_from_slice(&self.body);
        out
    }

    /// Size of the modulus or field in bits, where known.
    pub fn bits(&self) -> Option<usize> {
        match &self.material {
            Material::Rsa { n, .. } => Some(mpi::bits(n)),
            Material::Dsa { p, .. } => Some(mpi::bits(p)),
            Material::Ecdsa { curve, .. } | Material::EddsaLegacy { curve, .. } => match curve {
                Curve::P256 => Some(256),
                Curve::P384 => Some(384),
                Curve::P521 => Some(521),
                Curve::Ed25519 => Some(255),
                Curve::Other(_) => None,
            },
            Material::Ed25519(_) => Some(255),
            Material::Unread => None,
        }
    }

    /// The algorithm by name: `RSA 4096`, `ECDSA P-256`, `Ed25519`.
    pub fn name(&self) -> String {
        match &self.material {
            Material::Rsa { n, .. } => format!("RSA {}", mpi::bits(n)),
            Material::Dsa { p, .. } => format!("DSA {}", mpi::bits(p)),
            Material::Ecdsa { curve, .. } => format!("ECDSA {}", curve_name(curve)),
            Material::EddsaLegacy {
                curve: Curve::Ed25519,
                ..
            }
            | Material::Ed25519(_) => "Ed25519".into(),
            Material::EddsaLegacy { curve, .. } => format!("EdDSA {}", curve_name(curve)),
            Material::Unread => algorithm_name(self.algorithm),
        }
    }
}

fn curve_name(curve: &Curve) -> String {
    match curve {
        Curve::P256 => "P-256".into(),
        Curve::P384 => "P-384".into(),
        Curve::P521 => "P-521".into(),
        Curve::Ed25519 => "Ed25519".into(),
        Curve::Other(oid) => match oid.as_slice() {
            [0x2b, 0x81, 4, 0, 0x0a] => "secp256k1".into(),
            [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7] => "brainpoolP256r1".into(),
            [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11] => "brainpoolP384r1".into(),
            [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13] => "brainpoolP512r1".into(),
            [0x2b, 0x65, 0x71] => "Ed448".into(),
            _ => "over an unknown curve".into(),
        },
    }
}

/// A public-key algorithm by name (RFC 9580 section 9.1).
pub fn algorithm_name(number: u8) -> String {
    match number {
        1..=3 => "RSA".into(),
        16 | 20 => "Elgamal".into(),
        17 => "DSA".into(),
        18 => "ECDH".into(),
        19 => "ECDSA".into(),
        22 => "EdDSA".into(),
        25 => "X25519".into(),
        26 => "X448".into(),
        27 => "Ed25519".into(),
        28 => "Ed448".into(),
        other => format!("public-key algorithm {other}"),
    }
}

/// Reads the body of a public key or subkey packet.
///
/// # Errors
/// A version that is not read, and numbers that do not fill the packet exactly.
pub fn read(body: &[u8]) -> Result<PublicKey, Error> {
    let mut octets = Octets::new(body);
    let version = octets.u8()?;
    if !matches!(version, 4 | 6) {
        return Err(Error::new(0, "a key of a version that is not read"));
    }
    let created = octets.u32()?;
    let algorithm = octets.u8()?;
    if version == 6 {
        let len = octets.len32()?;
        if body.len().checked_sub(octets.at()) != Some(len) {
            return Err(octets.error("key material of another length than stated"));
        }
    } else if body.len() > usize::from(u16::MAX) {
        return Err(octets.error("a version 4 key longer than its fingerprint can cover"));
    }
    Ok(PublicKey {
        version,
        created,
        algorithm,
        material: material(&mut octets, algorithm)?,
        body: body.to_vec(),
    })
}

fn material(octets: &mut Octets<'_>, algorithm: u8) -> Result<Material, Error> {
    let mut number = || mpi::next(octets).map(|i| i.magnitude.to_vec());
    let material = match algorithm {
        1..=3 => Material::Rsa {
            n: number()?,
            e: number()?,
        },
        17 => Material::Dsa {
            p: number()?,
            q: number()?,
            g: number()?,
            y: number()?,
        },
        19 => Material::Ecdsa {
            curve: curve(octets)?,
            point: mpi::next(octets)?.magnitude.to_vec(),
        },
        22 => Material::EddsaLegacy {
            curve: curve(octets)?,
            point: mpi::next(octets)?.magnitude.to_vec(),
        },
        27 => Material::Ed25519(octets.array()?),
        _ => {
            octets.rest();
            Material::Unread
        }
    };
    if octets.is_empty() {
        Ok(material)
    } else {
        Err(octets.error("octets left over in a key packet"))
    }
}

fn curve(octets: &mut Octets<'_>) -> Result<Curve, Error> {
    let len = octets.u8()?;
    // RFC 9580 section 9.2: 0 and 0xff are reserved.
    if matches!(len, 0 | 0xff) {
        return Err(octets.error("a curve of a reserved length"));
    }
    let oid = octets.take(usize::from(len))?;
    Ok(CURVES
        .into_iter()
        .find(|(known, _)| *known == oid)
        .map_or_else(|| Curve::Other(oid.to_vec()), |(_, curve)| curve))
}
