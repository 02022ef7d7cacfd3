//! OpenPGP made from nothing: keys by their seeds, certificates, signatures of any kind, right or wrong. Always the same bytes.

use bonafide::envelope::openpgp::armor::crc24;
use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::digest::hash;
use ring::signature::{Ed25519KeyPair, KeyPair};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Sign, PrivateKey};
use signature::hazmat::PrehashSigner;

/// When keys are made unless said otherwise: 2024-01-01.
pub(crate) const BORN: u32 = 1_704_067_200;
/// When signatures are made unless said otherwise: ten days later.
pub(crate) const MADE: u32 = BORN + 864_000;

pub(crate) const SHA1: u8 = 2;
pub(crate) const SHA256: u8 = 8;
pub(crate) const SHA512: u8 = 10;

enum Secret {
    Ed25519(Box<Ed25519KeyPair>),
    Rsa(Box<PrivateKey>),
    P256(Box<p256::ecdsa::SigningKey>),
    P384(Box<p384::ecdsa::SigningKey>),
    P521(Box<p521::ecdsa::SigningKey>),
}

/// A key that signs.
pub(crate) struct Key {
    secret: Secret,
    version: u8,
    algorithm: u8,
    body: Vec<u8>,
    pub(crate) fingerprint: Vec<u8>,
}

fn mpi(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|b| **b == 0).count();
    let magnitude = &magnitude[zeros..];
    let bits = magnitude
        .first()
        .map_or(0, |b| magnitude.len() * 8 - b.leading_zeros() as usize);
    [&u16::try_from(bits).unwrap().to_be_bytes()[..], magnitude].concat()
}

fn curve(oid: &[u8], point: &[u8]) -> Vec<u8> {
    [&[u8::try_from(oid.len()).unwrap()][..], oid, &mpi(point)].concat()
}

/// A packet in the new format with a length of five octets.
pub(crate) fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len()).unwrap();
    [&[0xc0 | tag, 0xff][..], &len.to_be_bytes(), body].concat()
}

/// A subpacket.
pub(crate) fn subpacket(kind: u8, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len() + 1).unwrap();
    [&[0xff][..], &len.to_be_bytes(), &[kind], body].concat()
}

/// A subpacket that holds a number of seconds.
pub(crate) fn seconds(kind: u8, value: u32) -> Vec<u8> {
    subpacket(kind, &value.to_be_bytes())
}

impl Key {
    fn new(secret: Secret, version: u8, created: u32, algorithm: u8, material: &[u8]) -> Self {
        let mut body = vec![version];
        body.extend(created.to_be_bytes());
        body.push(algorithm);
        if version == 6 {
            body.extend(u32::try_from(material.len()).unwrap().to_be_bytes());
        }
        body.extend(material);
        let mut key = Self {
            secret,
            version,
            algorithm,
            body,
            fingerprint: Vec::new(),
        };
        let algorithm = match version {
            6 => DigestAlgorithm::Sha256,
            _ => DigestAlgorithm::Sha1,
        };
        key.fingerprint = hash(algorithm, &key.form()).unwrap();
        key
    }

    fn pair(seed: u8) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
    }

    /// Ed25519 of RFC 9580.
    pub(crate) fn ed25519(seed: u8, version: u8) -> Self {
        let pair = Self::pair(seed);
        let point = pair.public_key().as_ref().to_vec();
        Self::new(Secret::Ed25519(Box::new(pair)), version, BORN, 27, &point)
    }

    /// Ed25519 in its legacy form.
    pub(crate) fn legacy(seed: u8, created: u32) -> Self {
        let pair = Self::pair(seed);
        let point = [&[0x40], pair.public_key().as_ref()].concat();
        let oid = [0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1];
        let material = curve(&oid, &point);
        Self::new(Secret::Ed25519(Box::new(pair)), 4, created, 22, &material)
    }

    /// Some RSA key, by its primes in hexadecimal.
    pub(crate) fn rsa(primes: [&str; 2]) -> Self {
        let [p, q] = primes
            .map(|hex| BoxedUint::from_be_hex(hex, u32::try_from(hex.len() * 4).unwrap()).unwrap());
        let key = PrivateKey::from_p_q(p, q, BoxedUint::from(65537u64)).unwrap();
        let material = [mpi(&key.n_bytes()), mpi(&key.e_bytes())].concat();
        Self::new(Secret::Rsa(Box::new(key)), 4, BORN, 1, &material)
    }

    pub(crate) fn p256() -> Self {
        let secret = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let point = p256::ecdsa::VerifyingKey::from(&secret).to_sec1_point(false);
        let oid = [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
        let material = curve(&oid, point.as_bytes());
        Self::new(Secret::P256(Box::new(secret)), 4, BORN, 19, &material)
    }

    pub(crate) fn p384() -> Self {
        let secret = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
        let point = p384::ecdsa::VerifyingKey::from(&secret).to_sec1_point(false);
        let material = curve(&[0x2b, 0x81, 4, 0, 0x22], point.as_bytes());
        Self::new(Secret::P384(Box::new(secret)), 4, BORN, 19, &material)
    }

    pub(crate) fn p521() -> Self {
        let mut scalar = [7; 66];
        scalar[0] = 0;
        let secret = p521::ecdsa::SigningKey::from_slice(&scalar).unwrap();
        let point = p521::ecdsa::VerifyingKey::from(&secret).to_sec1_point(false);
        let material = curve(&[0x2b, 0x81, 4, 0, 0x23], point.as_bytes());
        Self::new(Secret::P521(Box::new(secret)), 4, BORN, 19, &material)
    }

    /// As it is hashed.
    pub(crate) fn form(&self) -> Vec<u8> {
        let len = self.body.len();
        let head = match self.version {
            6 => [&[0x9b][..], &u32::try_from(len).unwrap().to_be_bytes()].concat(),
            _ => [&[0x99][..], &u16::try_from(len).unwrap().to_be_bytes()].concat(),
        };
        [head, self.body.clone()].concat()
    }

    pub(crate) fn key_id(&self) -> Vec<u8> {
        match self.version {
            6 => self.fingerprint[..8].to_vec(),
            _ => self.fingerprint[12..].to_vec(),
        }
    }

    fn numbers(&self, algorithm: DigestAlgorithm, hashed: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Ed25519(pair) => {
                let signature = pair.sign(hashed);
                let octets = signature.as_ref();
                match self.algorithm {
                    27 => octets.to_vec(),
                    _ => [mpi(&octets[..32]), mpi(&octets[32..])].concat(),
                }
            }
            Secret::Rsa(key) => {
                let scheme = match algorithm {
                    DigestAlgorithm::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
                    DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
                    _ => Pkcs1v15Sign::new::<sha2::Sha256>(),
                };
                mpi(&key.sign(scheme, hashed).unwrap())
            }
            Secret::P256(key) => {
                let s: p256::ecdsa::Signature = key.sign_prehash(hashed).unwrap();
                let (r, s) = s.split_bytes();
                [mpi(&r), mpi(&s)].concat()
            }
            Secret::P384(key) => {
                let s: p384::ecdsa::Signature = key.sign_prehash(hashed).unwrap();
                let (r, s) = s.split_bytes();
                [mpi(&r), mpi(&s)].concat()
            }
            Secret::P521(key) => {
                let s: p521::ecdsa::Signature = key.sign_prehash(hashed).unwrap();
                let (r, s) = s.split_bytes();
                [mpi(&r), mpi(&s)].concat()
            }
        }
    }

    /// The body of a signature packet over `parts`.
    pub(crate) fn sign(&self, signing: &Signing, parts: &[&[u8]]) -> Vec<u8> {
        let mut hashed = Vec::new();
        if let Some(created) = signing.created {
            hashed.extend(seconds(2, created));
        }
        hashed.extend(subpacket(
            33,
            &[&[self.version], self.fingerprint.as_slice()].concat(),
        ));
        hashed.extend(signing.hashed.concat());
        let unhashed = match &signing.unhashed {
            Some(unhashed) => unhashed.concat(),
            None if self.version == 6 => Vec::new(),
            None => subpacket(16, &self.key_id()),
        };
        let area = |octets: &[u8]| match self.version {
            6 => [&u32::try_from(octets.len()).unwrap().to_be_bytes(), octets].concat(),
            _ => [&u16::try_from(octets.len()).unwrap().to_be_bytes(), octets].concat(),
        };
        let algorithm = match signing.hash {
            SHA1 => DigestAlgorithm::Sha1,
            SHA512 => DigestAlgorithm::Sha512,
            _ => DigestAlgorithm::Sha256,
        };
        let salt = match (self.version, signing.hash) {
            (6, SHA512) => vec![0x5a; 32],
            (6, _) => vec![0x5a; 16],
            _ => Vec::new(),
        };
        let head = [
            &[self.version, signing.kind, self.algorithm, signing.hash][..],
            &area(&hashed),
        ]
        .concat();
        let mut message = salt.clone();
        for part in parts {
            message.extend_from_slice(part);
        }
        message.extend_from_slice(&head);
        message.extend([self.version, 0xff]);
        message.extend(u32::try_from(head.len()).unwrap().to_be_bytes());
        let digest = hash(algorithm, &message).unwrap();
        let mut body = head;
        body.extend(area(&unhashed));
        body.extend(&digest[..2]);
        if self.version == 6 {
            body.push(u8::try_from(salt.len()).unwrap());
            body.extend(salt);
        }
        body.extend(self.numbers(algorithm, &digest));
        body
    }

    /// Its packet as a primary key.
    pub(crate) fn primary(&self) -> Vec<u8> {
        packet(6, &self.body)
    }

    /// Its packet as a subkey.
    pub(crate) fn subkey(&self) -> Vec<u8> {
        packet(14, &self.body)
    }

    /// A certificate: the key, a user id, and its self-signature.
    pub(crate) fn certificate(&self, user_id: &str, self_signature: &Signing) -> Vec<u8> {
        let mut out = self.primary();
        out.extend(packet(13, user_id.as_bytes()));
        out.extend(packet(2, &self.certify(user_id, self_signature)));
        out
    }

    /// A signature over the key and a user id.
    pub(crate) fn certify(&self, user_id: &str, signing: &Signing) -> Vec<u8> {
        let len = u32::try_from(user_id.len()).unwrap().to_be_bytes();
        let parts: [&[u8]; 4] = [&self.form(), &[0xb4], &len, user_id.as_bytes()];
        self.sign(signing, &parts)
    }

    /// A subkey's packet with its binding; with its back signature where `back` says how.
    pub(crate) fn bind(&self, subkey: &Self, signing: &Signing, back: Option<&Signing>) -> Vec<u8> {
        let (primary, form) = (self.form(), subkey.form());
        let parts: [&[u8]; 2] = [&primary, &form];
        let mut signing = signing.clone();
        if let Some(back) = back {
            signing
                .hashed
                .push(subpacket(32, &subkey.sign(back, &parts)));
        }
        let mut out = subkey.subkey();
        out.extend(packet(2, &self.sign(&signing, &parts)));
        out
    }

    /// A clearsigned message.
    pub(crate) fn clearsign(&self, text: &str, signing: &Signing) -> String {
        let signed = text.replace('\n', "\r\n");
        let body = self.sign(signing, &[signed.as_bytes()]);
        let name = match signing.hash {
            SHA1 => "SHA1",
            SHA512 => "SHA512",
            _ => "SHA256",
        };
        let escaped: Vec<String> = text
            .split('\n')
            .map(|line| match line.starts_with('-') {
                true => format!("- {line}"),
                false => line.to_owned(),
            })
            .collect();
        format!(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: {name}\n\n{}\n{}",
            escaped.join("\n"),
            armor("SIGNATURE", &packet(2, &body))
        )
    }
}

/// How a signature is made.
#[derive(Debug, Clone)]
pub(crate) struct Signing {
    pub(crate) kind: u8,
    pub(crate) hash: u8,
    pub(crate) created: Option<u32>,
    /// Subpackets that it covers, beside its time and issuer.
    pub(crate) hashed: Vec<Vec<u8>>,
    /// Subpackets that it does not; the issuer's key id by default.
    pub(crate) unhashed: Option<Vec<Vec<u8>>>,
}

impl Signing {
    /// Of this type, over SHA-256.
    pub(crate) fn new(kind: u8) -> Self {
        Self {
            kind,
            hash: SHA256,
            created: Some(MADE),
            hashed: Vec::new(),
            unhashed: None,
        }
    }

    /// With another subpacket that it covers.
    pub(crate) fn with(mut self, subpacket: Vec<u8>) -> Self {
        self.hashed.push(subpacket);
        self
    }

    pub(crate) fn hash(mut self, hash: u8) -> Self {
        self.hash = hash;
        self
    }

    pub(crate) fn made(mut self, at: u32) -> Self {
        self.created = Some(at);
        self
    }
}

/// A self-signature made when the key was, with flags to certify and sign.
pub(crate) fn self_signature() -> Signing {
    Signing::new(0x13).made(BORN).with(subpacket(27, &[3]))
}

/// A binding made when the key was, with the flag to sign.
pub(crate) fn binding() -> Signing {
    Signing::new(0x18).made(BORN).with(subpacket(27, &[2]))
}

/// Base64 in lines of 64 digits.
pub(crate) fn base64_lines(octets: &[u8]) -> String {
    let digits = base64(octets);
    let mut out = String::new();
    for line in digits.as_bytes().chunks(64) {
        out.push_str(std::str::from_utf8(line).unwrap());
        out.push('\n');
    }
    out
}

pub(crate) fn base64(octets: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in octets.chunks(3) {
        let mut word = 0u32;
        for at in 0..3 {
            word = word << 8 | u32::from(chunk.get(at).copied().unwrap_or(0));
        }
        for at in 0..4usize {
            if at > chunk.len() {
                out.push('=');
            } else {
                let digit = word >> (18 - 6 * at) & 63;
                out.push(char::from(DIGITS[digit as usize]));
            }
        }
    }
    out
}

/// Armor with its checksum.
pub(crate) fn armor(kind: &str, octets: &[u8]) -> String {
    let sum = crc24(octets).to_be_bytes();
    format!(
        "-----BEGIN PGP {kind}-----\n\n{}={}\n-----END PGP {kind}-----\n",
        base64_lines(octets),
        base64(&sum[1..])
    )
}
