//! SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7): which key, and whether it is one that is computed with.

use crate::base::der::{Error, Reader, Tlv, tag};
use crate::base::oid::Oid;
use crate::verify::crypto::integer;
use crate::verify::crypto::names;
use crate::verify::crypto::pss::{self, Parameters, ParametersError};

/// Smallest RSA modulus computed with, in octets: certificates of the 1990s still found on signed files have 1024 bits.
/// Counted in octets because a key sold as 1024 bits may have its top bit clear.
const MIN_RSA_OCTETS: usize = 128;
/// Largest RSA modulus computed with, in bits: no certificate authority issues larger ones, and cost grows with the square.
const MAX_RSA_BITS: usize = 16384;
/// Largest RSA exponent computed with, in bits: the limit of both libraries, against keys built to be slow.
const MAX_RSA_EXPONENT_BITS: usize = 33;

/// Kind of key, by the algorithm identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// rsaEncryption, which any RSA scheme may use.
    Rsa,
    /// id-RSASSA-PSS, bound to that scheme (RFC 4055 section 1.2).
    RsaPss,
    /// id-ecPublicKey.
    Ec,
    /// id-dsa.
    Dsa,
    /// id-Ed25519.
    Ed25519,
    /// Anything else, not computed with.
    Other(Oid),
}

/// What a key says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// Kind of key.
    pub algorithm: KeyAlgorithm,
    /// The kind by name, with curve or size: `RSA 2048`, `EC P-256`, `GOST R 34.10-2012 256`.
    pub name: String,
    /// Size of the modulus (RSA, DSA) or of the field (EC), where known.
    pub bits: Option<usize>,
    /// Named curve or parameter set, by name.
    pub curve: Option<String>,
    /// The curve is spelled out instead of named (RFC 5480 section 2.1.1 forbids it); never computed with.
    pub explicit_parameters: bool,
    /// RSA public exponent, where it fits 64 bits.
    pub exponent: Option<u64>,
}

/// A key that is computed with.
#[derive(Debug)]
pub(super) enum Key<'a> {
    Rsa(RsaKey<'a>),
    Ec(EcKey<'a>),
    Dsa(DsaKey<'a>),
    Ed25519(&'a [u8]),
}

#[derive(Debug)]
pub(super) struct RsaKey<'a> {
    pub(super) n: &'a [u8],
    pub(super) e: &'a [u8],
    /// The key is bound to RSASSA-PSS.
    pub(super) pss_only: bool,
    /// … and to these parameters.
    pub(super) pss_parameters: Option<Parameters>,
}

impl RsaKey<'_> {
    /// Octets of the modulus.
    pub(super) fn octets(&self) -> usize {
        self.n.len()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

#[derive(Debug)]
pub(super) struct EcKey<'a> {
    pub(super) curve: Curve,
    /// ECPoint, compressed or not (RFC 5480 section 2.2).
    pub(super) point: &'a [u8],
}

#[derive(Debug)]
pub(super) struct DsaKey<'a> {
    pub(super) p: &'a [u8],
    pub(super) q: &'a [u8],
    pub(super) g: &'a [u8],
    pub(super) y: &'a [u8],
}

/// Why a key is not computed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyError {
    Malformed(&'static str),
    Unsupported(String),
}

impl From<Error> for KeyError {
    fn from(error: Error) -> Self {
        Self::Malformed(error.what)
    }
}

fn unsupported<T>(what: impl Into<String>) -> Result<T, KeyError> {
    Err(KeyError::Unsupported(what.into()))
}

struct Spki<'a> {
    algorithm: KeyAlgorithm,
    parameters: Option<Tlv<'a>>,
    key: &'a [u8],
}

fn split(spki: &[u8]) -> Result<Spki<'_>, Error> {
    let mut outer = Reader::der(spki);
    let mut fields = outer
        .expect(tag::SEQUENCE, "expected SubjectPublicKeyInfo")?
        .reader();
    outer.finish()?;
    let mut algorithm = fields
        .expect(tag::SEQUENCE, "expected AlgorithmIdentifier")?
        .reader();
    let oid = algorithm.any()?.oid()?;
    let parameters = if algorithm.is_empty() {
        None
    } else {
        Some(algorithm.any()?)
    };
    algorithm.finish()?;
    let key = fields.any()?.bit_string()?;
    fields.finish()?;
    Ok(Spki {
        algorithm: kind(oid),
        parameters,
        key,
    })
}

fn kind(oid: Oid) -> KeyAlgorithm {
    [
        ("1.2.840.113549.1.1.1", KeyAlgorithm::Rsa),
        ("1.2.840.113549.1.1.10", KeyAlgorithm::RsaPss),
        ("1.2.840.10045.2.1", KeyAlgorithm::Ec),
        ("1.2.840.10040.4.1", KeyAlgorithm::Dsa),
        ("1.3.101.112", KeyAlgorithm::Ed25519),
    ]
    .into_iter()
    .find(|(known, _)| oid.is(known))
    .map_or(KeyAlgorithm::Other(oid), |(_, kind)| kind)
}

/// The kind of key alone.
pub(super) fn algorithm(spki: &[u8]) -> Result<KeyAlgorithm, Error> {
    split(spki).map(|s| s.algorithm)
}

/// The key, where it is one that is computed with.
pub(super) fn read(spki: &[u8]) -> Result<Key<'_>, KeyError> {
    let spki = split(spki)?;
    match spki.algorithm {
        KeyAlgorithm::Rsa => {
            // NULL by RFC 3279 section 2.3.1; absent is met and says the same.
            if spki.parameters.is_some_and(|p| p.raw != [tag::NULL, 0]) {
                return Err(KeyError::Malformed("RSA key with parameters"));
            }
            rsa(spki.key, false, None).map(Key::Rsa)
        }
        KeyAlgorithm::RsaPss => {
            let parameters = match spki.parameters {
                None => None,
                Some(tlv) => Some(pss::parameters(tlv.raw).map_err(|e| match e {
                    ParametersError::Malformed(what) => KeyError::Malformed(what),
                    ParametersError::Unsupported(what) => KeyError::Unsupported(what),
                })?),
            };
            rsa(spki.key, true, parameters).map(Key::Rsa)
        }
        KeyAlgorithm::Ec => ec(&spki).map(Key::Ec),
        KeyAlgorithm::Dsa => dsa(&spki).map(Key::Dsa),
        KeyAlgorithm::Ed25519 => match (spki.parameters, spki.key.len()) {
            (None, 32) => Ok(Key::Ed25519(spki.key)),
            _ => Err(KeyError::Malformed("not an Ed25519 key (RFC 8410)")),
        },
        KeyAlgorithm::Other(oid) => unsupported(format!("{} key", names::name(&oid))),
    }
}

fn rsa_integers(key: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let mut outer = Reader::der(key);
    let mut fields = outer
        .expect(tag::SEQUENCE, "expected RSAPublicKey")?
        .reader();
    outer.finish()?;
    let pair = (integer::next(&mut fields)?, integer::next(&mut fields)?);
    fields.finish()?;
    Ok(pair)
}

fn rsa(
    key: &[u8],
    pss_only: bool,
    pss_parameters: Option<Parameters>,
) -> Result<RsaKey<'_>, KeyError> {
    let (n, e) = rsa_integers(key)?;
    check_rsa(n, e)?;
    Ok(RsaKey {
        n,
        e,
        pss_only,
        pss_parameters,
    })
}

/// What an RSA key must be to be computed with; magnitudes without leading zeros.
pub(super) fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), KeyError> {
    let odd = |m: &[u8]| m.last().is_some_and(|b| b & 1 == 1);
    if !odd(n) || !odd(e) {
        return Err(KeyError::Malformed("even RSA modulus or exponent"));
    }
    let bits = integer::bits(n);
    if n.len() < MIN_RSA_OCTETS || bits > MAX_RSA_BITS {
        return unsupported(format!("RSA key of {bits} bits"));
    }
    // With exponent 1 a signature is its own padded digest, which anybody can write down.
    if integer::bits(e) > MAX_RSA_EXPONENT_BITS || e == [1] {
        return unsupported(format!(
            "RSA key with an exponent of {} bits",
            integer::bits(e)
        ));
    }
    Ok(())
}

fn ec<'a>(spki: &Spki<'a>) -> Result<EcKey<'a>, KeyError> {
    let parameters = spki
        .parameters
        .ok_or(KeyError::Malformed("EC key without parameters"))?;
    match parameters.tag {
        tag::OID => {}
        // Explicit parameters let the holder choose a curve on which an existing signature fits (CVE-2020-0601).
        tag::SEQUENCE => return unsupported("explicit EC parameters"),
        tag::NULL => return unsupported("EC key with inherited parameters"),
        _ => return Err(KeyError::Malformed("EC key parameters")),
    }
    let oid = parameters.oid()?;
    let known = [
        ("1.2.840.10045.3.1.7", Curve::P256),
        ("1.3.132.0.34", Curve::P384),
        ("1.3.132.0.35", Curve::P521),
    ];
    let Some((_, curve)) = known.into_iter().find(|(known, _)| oid.is(known)) else {
        return unsupported(format!("EC curve {}", names::name(&oid)));
    };
    Ok(EcKey {
        curve,
        point: spki.key,
    })
}

fn dsa<'a>(spki: &Spki<'a>) -> Result<DsaKey<'a>, KeyError> {
    let Some(parameters) = spki.parameters else {
        return unsupported("DSA key with inherited parameters");
    };
    if parameters.tag != tag::SEQUENCE {
        return Err(KeyError::Malformed("expected Dss-Parms"));
    }
    let mut fields = parameters.reader();
    let (p, q, g) = (
        integer::next(&mut fields)?,
        integer::next(&mut fields)?,
        integer::next(&mut fields)?,
    );
    fields.finish()?;
    let mut outer = Reader::der(spki.key);
    let y = integer::next(&mut outer)?;
    outer.finish()?;
    check_dsa(p, q)?;
    Ok(DsaKey { p, q, g, y })
}

/// The four pairs of FIPS 186-4 section 4.2; magnitudes without leading zeros.
pub(super) fn check_dsa(p: &[u8], q: &[u8]) -> Result<(), KeyError> {
    match (integer::bits(p), integer::bits(q)) {
        (1024, 160) | (2048, 224 | 256) | (3072, 256) => Ok(()),
        (l, n) => unsupported(format!("DSA key of {l} and {n} bits")),
    }
}

/// Everything a key says of itself, also one that is not computed with.
pub(super) fn describe(spki: &[u8]) -> Result<KeyInfo, Error> {
    let spki = split(spki)?;
    let mut info = KeyInfo {
        name: String::new(),
        algorithm: spki.algorithm.clone(),
        bits: None,
        curve: None,
        explicit_parameters: false,
        exponent: None,
    };
    match &spki.algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => {
            let (n, e) = rsa_integers(spki.key)?;
            let bits = integer::bits(n);
            info.bits = Some(bits);
            info.exponent = integer::small(e);
            info.name = match spki.algorithm {
                KeyAlgorithm::RsaPss => format!("RSASSA-PSS {bits}"),
                _ => format!("RSA {bits}"),
            };
        }
        KeyAlgorithm::Ec => describe_curve(&spki, &mut info),
        KeyAlgorithm::Dsa => {
            info.bits = spki
                .parameters
                .and_then(|p| integer::next(&mut p.reader()).ok())
                .map(integer::bits);
            info.name = match info.bits {
                Some(bits) => format!("DSA {bits}"),
                None => "DSA".into(),
            };
        }
        KeyAlgorithm::Ed25519 => {
            info.bits = Some(255);
            info.name = "Ed25519".into();
        }
        KeyAlgorithm::Other(oid) => {
            info.name = names::name(oid);
            // GOST keys name their curve first in a SEQUENCE of parameter sets (RFC 4491, RFC 9215 section 4.2).
            info.curve = spki
                .parameters
                .and_then(|p| p.reader().any().ok())
                .and_then(|first| first.oid().ok())
                .map(|set| names::name(&set));
        }
    }
    Ok(info)
}

fn describe_curve(spki: &Spki<'_>, info: &mut KeyInfo) {
    let named = spki.parameters.and_then(|p| p.oid().ok());
    match named {
        Some(oid) => {
            let curve = names::name(&oid);
            info.bits = names::curve_bits(&oid);
            info.name = format!("EC {curve}");
            info.curve = Some(curve);
        }
        None => {
            info.explicit_parameters = spki.parameters.is_some_and(|p| p.tag == tag::SEQUENCE);
            info.name = if info.explicit_parameters {
                "EC with explicit parameters".into()
            } else {
                "EC".into()
            };
        }
    }
}
