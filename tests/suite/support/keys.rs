//! The committed test keys, and signing with them: always the same bytes (RFC 8017 section 8.2, RFC 6979).

use std::fmt;

use bonafide::base::der::Reader;
use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::digest::hash;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Sign, PrivateKey};
use signature::hazmat::PrehashSigner;

use super::{der, root};

/// A key that signs.
pub(crate) struct Key {
    secret: Secret,
    /// SubjectPublicKeyInfo.
    pub(crate) spki: Vec<u8>,
}

enum Secret {
    Rsa(Box<PrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    /// No key at all: a signature algorithm that is not computed with, and octets in place of signatures.
    Foreign {
        algorithm: Vec<u8>,
    },
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}

impl Key {
    /// Reads `fixtures/pki/<name>.key.pem`.
    pub(crate) fn load(name: &str) -> Self {
        let path = root().join("fixtures/pki").join(format!("{name}.key.pem"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        Self::from_pkcs8(&unarmour(&text))
    }

    /// A key by SubjectPublicKeyInfo and signature algorithm alone.
    pub(crate) fn foreign(spki: Vec<u8>, algorithm: Vec<u8>) -> Self {
        Self {
            secret: Secret::Foreign { algorithm },
            spki,
        }
    }

    fn from_pkcs8(der: &[u8]) -> Self {
        let mut fields = Reader::der(der).any().unwrap().reader();
        fields.any().unwrap();
        let algorithm = fields.any().unwrap();
        let secret = fields.any().unwrap().value;
        let mut algorithm = algorithm.reader();
        let kind = algorithm.any().unwrap().oid().unwrap().to_string();
        match kind.as_str() {
            "1.2.840.113549.1.1.1" => Self::rsa(secret),
            "1.2.840.10045.2.1" => {
                let curve = algorithm.any().unwrap().oid().unwrap().to_string();
                Self::ec(&curve, secret)
            }
            other => panic!("key of kind {other}"),
        }
    }

    fn rsa(secret: &[u8]) -> Self {
        let mut fields = Reader::der(secret).any().unwrap().reader();
        let mut next = || BoxedUint::from_be_slice_vartime(fields.any().unwrap().value);
        let (_, n, e, d, p, q) = (next(), next(), next(), next(), next(), next());
        let key = PrivateKey::from_components(n, e, d, vec![p, q]).unwrap();
        let spki = der::sequence(&[
            der::sequence(&[der::oid("1.2.840.113549.1.1.1"), der::null()]),
            der::bits(&der::sequence(&[
                der::unsigned(&key.n_bytes()),
                der::unsigned(&key.e_bytes()),
            ])),
        ]);
        Self {
            secret: Secret::Rsa(Box::new(key)),
            spki,
        }
    }

    fn ec(curve: &str, secret: &[u8]) -> Self {
        let mut fields = Reader::der(secret).any().unwrap().reader();
        fields.any().unwrap();
        let scalar = fields.any().unwrap().value;
        let (secret, point) = match curve {
            "1.2.840.10045.3.1.7" => {
                let key = p256::ecdsa::SigningKey::from_slice(scalar).unwrap();
                let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
                (Secret::P256(key), point)
            }
            "1.3.132.0.34" => {
                let key = p384::ecdsa::SigningKey::from_slice(scalar).unwrap();
                let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
                (Secret::P384(key), point)
            }
            "1.3.132.0.35" => {
                let key = p521::ecdsa::SigningKey::from_slice(scalar).unwrap();
                let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
                (Secret::P521(key), point)
            }
            other => panic!("curve {other}"),
        };
        let spki = der::sequence(&[
            der::sequence(&[der::oid("1.2.840.10045.2.1"), der::oid(curve)]),
            der::bits(&point),
        ]);
        Self { secret, spki }
    }

    /// AlgorithmIdentifier of a signature in a certificate.
    pub(crate) fn signature_algorithm(&self, digest: DigestAlgorithm) -> Vec<u8> {
        match &self.secret {
            Secret::Rsa(_) => der::sequence(&[
                der::oid(match digest {
                    DigestAlgorithm::Md2 => "1.2.840.113549.1.1.2",
                    DigestAlgorithm::Md5 => "1.2.840.113549.1.1.4",
                    DigestAlgorithm::Sha1 => "1.2.840.113549.1.1.5",
                    DigestAlgorithm::Sha224 => "1.2.840.113549.1.1.14",
                    DigestAlgorithm::Sha256 => "1.2.840.113549.1.1.11",
                    DigestAlgorithm::Sha384 => "1.2.840.113549.1.1.12",
                    DigestAlgorithm::Sha512 => "1.2.840.113549.1.1.13",
                }),
                der::null(),
            ]),
            Secret::P256(_) | Secret::P384(_) | Secret::P521(_) => {
                der::sequence(&[der::oid(match digest {
                    DigestAlgorithm::Sha1 => "1.2.840.10045.4.1",
                    DigestAlgorithm::Sha224 => "1.2.840.10045.4.3.1",
                    DigestAlgorithm::Sha256 => "1.2.840.10045.4.3.2",
                    DigestAlgorithm::Sha384 => "1.2.840.10045.4.3.3",
                    DigestAlgorithm::Sha512 => "1.2.840.10045.4.3.4",
                    DigestAlgorithm::Md2 | DigestAlgorithm::Md5 => panic!("ECDSA with {digest}"),
                })])
            }
            Secret::Foreign { algorithm } => algorithm.clone(),
        }
    }

    /// AlgorithmIdentifier of a signature in CMS: rsaEncryption for RSA, as Windows writes it.
    pub(crate) fn cms_algorithm(&self, digest: DigestAlgorithm) -> Vec<u8> {
        match &self.secret {
            Secret::Rsa(_) => der::sequence(&[der::oid("1.2.840.113549.1.1.1"), der::null()]),
            Secret::P256(_) | Secret::P384(_) | Secret::P521(_) | Secret::Foreign { .. } => {
                self.signature_algorithm(digest)
            }
        }
    }

    /// Signs `message`.
    pub(crate) fn sign(&self, digest: DigestAlgorithm, message: &[u8]) -> Vec<u8> {
        let hashed = hash(digest, message).expect("a digest that is computed");
        match &self.secret {
            Secret::Rsa(key) => {
                let info = der::sequence(&[digest_identifier(digest), der::octets(&hashed)]);
                let scheme = Pkcs1v15Sign {
                    hash_len: Some(hashed.len()),
                    prefix: info[..info.len() - hashed.len()].into(),
                };
                key.sign(scheme, &hashed).unwrap()
            }
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&hashed).unwrap();
                pair(&signature.to_bytes())
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&hashed).unwrap();
                pair(&signature.to_bytes())
            }
            Secret::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&hashed).unwrap();
                pair(&signature.to_bytes())
            }
            Secret::Foreign { .. } => [hashed.clone(), hashed].concat(),
        }
    }

    /// RSA over the digest without DigestInfo, as legacy countersignatures were made.
    pub(crate) fn sign_bare(&self, digest: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Rsa(key) => key.sign(Pkcs1v15Sign::new_unprefixed(), digest).unwrap(),
            Secret::P256(_) | Secret::P384(_) | Secret::P521(_) | Secret::Foreign { .. } => {
                panic!("only RSA has this form")
            }
        }
    }
}

/// `SEQUENCE { r, s }` of a fixed-length signature.
fn pair(fixed: &[u8]) -> Vec<u8> {
    let (r, s) = fixed.split_at(fixed.len() / 2);
    der::sequence(&[der::unsigned(r), der::unsigned(s)])
}

/// AlgorithmIdentifier of a digest.
pub(crate) fn digest_identifier(digest: DigestAlgorithm) -> Vec<u8> {
    der::sequence(&[
        der::oid(match digest {
            DigestAlgorithm::Md2 => "1.2.840.113549.2.2",
            DigestAlgorithm::Md5 => "1.2.840.113549.2.5",
            DigestAlgorithm::Sha1 => "1.3.14.3.2.26",
            DigestAlgorithm::Sha224 => "2.16.840.1.101.3.4.2.4",
            DigestAlgorithm::Sha256 => "2.16.840.1.101.3.4.2.1",
            DigestAlgorithm::Sha384 => "2.16.840.1.101.3.4.2.2",
            DigestAlgorithm::Sha512 => "2.16.840.1.101.3.4.2.3",
        }),
        der::null(),
    ])
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The octets between BEGIN and END of a PEM file.
pub(crate) fn unarmour(text: &str) -> Vec<u8> {
    let body = text
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN"))
        .skip(1)
        .take_while(|line| !line.starts_with("-----END"))
        .flat_map(str::bytes)
        .filter(|b| *b != b'=');
    let (mut out, mut buffer, mut held) = (Vec::new(), 0u32, 0);
    for byte in body {
        let value = ALPHABET.iter().position(|a| *a == byte).expect("base64");
        buffer = (buffer << 6) | u32::try_from(value).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((buffer >> held) & 0xff).unwrap());
        }
    }
    out
}

/// A PEM file (RFC 7468) with a line of explanation before it.
pub(crate) fn armour(label: &str, explanation: &str, der: &[u8]) -> String {
    let mut body = String::new();
    for chunk in der.chunks(3) {
        let word = chunk
            .iter()
            .fold(0u32, |word, b| (word << 8) | u32::from(*b))
            << (8 * (3 - chunk.len()));
        for i in 0..4 {
            body.push(if i <= chunk.len() {
                char::from(ALPHABET[usize::try_from((word >> (18 - 6 * i)) & 63).unwrap()])
            } else {
                '='
            });
        }
    }
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "{explanation}\n-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}
