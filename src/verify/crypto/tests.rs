use ::rsa::traits::PublicKeyParts;
use ::rsa::{BoxedUint, Pkcs1v15Sign, PrivateKey};
use signature::hazmat::PrehashSigner;

use super::algorithm::{Scheme, scheme};
use super::key::{Curve, EcKey, Key, RsaKey};
use super::pss::Parameters;
use super::{
    AlgorithmFit, Answer, KeyAlgorithm, check_algorithm, digest_algorithm, ecdsa, key, name, pss,
    rsa, verify_bare_digest, verify_message,
};
use crate::base::oid::Oid;
use crate::model::cms::AlgorithmIdentifier;
use crate::model::digest::DigestAlgorithm::{self, Md2, Md5, Sha1, Sha224, Sha256, Sha384, Sha512};
use crate::verify::digest::hash;

const COMPUTED: [DigestAlgorithm; 6] = [Md5, Sha1, Sha224, Sha256, Sha384, Sha512];
const MESSAGE: &[u8] = b"what was signed";

// Primes drawn for these tests.
const SMALL: [&str; 2] = [
    "C4E0595EB98DBE2C6B3D733671294CC9131AB8095DACF48062E01B4ED49A42B39A4A3C2EB323B668AB22ECD4AE996CB5CE67D0E96CED3BBAF53C0A92895E1AF7",
    "C91A2834C5B454A55911719D758838955B3D74D68B6DE38522B2A9FF272426357274070BE86E32BE02E4E820EC5A21C20EB870A37DF0AB773EDE69B923D8901B",
];
const USUAL: [&str; 2] = [
    "CC7B4D69CDCA819F1B4E9B9B2EFD4C4A228902CA97962F5FBEBA857A7E9D70E6034A1F27849BEF779F4802E1AD1701A72CE0828C3BB6B4A587022902BE280312303E9AAEA09A81776F65904B2899D59F5173E636580090EBA0B83EE4D66EBCEC2C91E3EBF82E3026852AE4E9A6D5BEA11DD45FAABECCC8A1F6F81443A4D343BF",
    "F49936300B1B842AC1C9948A956ADD7E7A51BED65A937BE9D4BED48C5CF0E8639B191E79D358A5FF9169384B502049B7BE891AF9917DABEA0C3C90ED51A5ED28CD8EAEE422643685A2C1AA76CA2A44A5C555336ADAE4EDFACF2D1EF0C126E2A9B31AEA299CCDD0F67BB04D5430626D9C141DE03221376732730A87844CD03A9D",
];

fn rsa_key(primes: [&str; 2]) -> PrivateKey {
    let [p, q] = primes
        .map(|hex| BoxedUint::from_be_hex(hex, u32::try_from(hex.len() * 4).unwrap()).unwrap());
    PrivateKey::from_p_q(p, q, BoxedUint::from(65537u64)).unwrap()
}

/// RSASSA-PSS with an empty salt would need no randomness, but the library asks for a source of it: a counter does.
struct Counter(u8);

impl ::rsa::rand_core::TryRng for Counter {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from(self.0))
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from(self.0))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for byte in bytes {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}

impl ::rsa::rand_core::TryCryptoRng for Counter {}

fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u16::try_from(contents.len()).unwrap().to_be_bytes() {
        [0, low @ 0..0x80] => out.push(low),
        [0, low] => out.extend([0x81, low]),
        [high, low] => out.extend([0x82, high, low]),
    }
    out.extend(contents);
    out
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

fn oid(dotted: &str) -> Vec<u8> {
    tlv(6, Oid::parse(dotted).unwrap().as_der())
}

fn integer(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|b| **b == 0).count();
    let mut contents = magnitude[zeros..].to_vec();
    if contents.first().is_none_or(|b| *b >= 0x80) {
        contents.insert(0, 0);
    }
    tlv(2, &contents)
}

fn spki(algorithm: &[Vec<u8>], key: &[u8]) -> Vec<u8> {
    sequence(&[sequence(algorithm), tlv(3, &[&[0], key].concat())])
}

fn rsa_spki(n: &[u8], e: &[u8]) -> Vec<u8> {
    spki(
        &[oid("1.2.840.113549.1.1.1"), vec![5, 0]],
        &sequence(&[integer(n), integer(e)]),
    )
}

fn spki_of(private: &PrivateKey) -> Vec<u8> {
    rsa_spki(&private.n_bytes(), &private.e_bytes())
}

fn algorithm(dotted: &str, parameters: Option<&[u8]>) -> AlgorithmIdentifier {
    AlgorithmIdentifier {
        oid: Oid::parse(dotted).unwrap(),
        parameters: parameters.map(<[u8]>::to_vec),
    }
}

fn info_prefix(digest: DigestAlgorithm) -> Vec<u8> {
    let dotted = match digest {
        Md2 => "1.2.840.113549.2.2",
        Md5 => "1.2.840.113549.2.5",
        Sha1 => "1.3.14.3.2.26",
        Sha224 => "2.16.840.1.101.3.4.2.4",
        Sha256 => "2.16.840.1.101.3.4.2.1",
        Sha384 => "2.16.840.1.101.3.4.2.2",
        Sha512 => "2.16.840.1.101.3.4.2.3",
    };
    let value = vec![0; digest.output_len()];
    let info = sequence(&[sequence(&[oid(dotted), vec![5, 0]]), tlv(4, &value)]);
    info[..info.len() - value.len()].to_vec()
}

fn sign_pkcs1(private: &PrivateKey, digest: DigestAlgorithm) -> Vec<u8> {
    let hashed = hash(digest, MESSAGE).unwrap();
    let scheme = Pkcs1v15Sign {
        hash_len: Some(hashed.len()),
        prefix: info_prefix(digest).into(),
    };
    private.sign(scheme, &hashed).unwrap()
}

fn usual_rsa<'k>(n: &'k [u8], e: &'k [u8]) -> RsaKey<'k> {
    RsaKey {
        n,
        e,
        pss_only: false,
        pss_parameters: None,
    }
}

/// A signature with one bit flipped here and there, one too short, one too long, and none at all.
fn spoiled(signature: &[u8]) -> Vec<Vec<u8>> {
    let mut out: Vec<Vec<u8>> = (0..signature.len())
        .step_by(9)
        .map(|i| {
            let mut flipped = signature.to_vec();
            flipped[i] ^= 1 << (i % 8);
            flipped
        })
        .collect();
    out.push(signature[..signature.len() - 1].to_vec());
    out.push([signature, &[0]].concat());
    out.push([&[0], signature].concat());
    out.push(Vec::new());
    out
}

#[test]
fn both_libraries_agree_on_rsa_pkcs1_and_take_nothing_spoiled() {
    for primes in [SMALL, USUAL] {
        let private = rsa_key(primes);
        let (n, e) = (private.n_bytes(), private.e_bytes());
        let key = usual_rsa(&n, &e);
        for digest in COMPUTED {
            let good = sign_pkcs1(&private, digest);
            let with_ring = |signature: &[u8]| {
                rsa::ring_parameters(&key, digest)
                    .map(|ring| rsa::verify_with_ring(&key, ring, MESSAGE, signature))
            };
            let tail = |signature: &[u8]| {
                rsa::verify_without_ring(&key, digest, MESSAGE, signature) == Answer::Valid
            };
            assert!(tail(&good), "{digest}");
            assert_ne!(with_ring(&good), Some(false), "{digest}");
            for bad in spoiled(&good) {
                assert!(!tail(&bad), "{digest}");
                assert_ne!(with_ring(&bad), Some(true), "{digest}");
            }
        }
    }
}

#[test]
fn both_libraries_agree_on_rsa_pss_and_our_decoder_with_them() {
    let private = rsa_key(USUAL);
    let (n, e) = (private.n_bytes(), private.e_bytes());
    let key = usual_rsa(&n, &e);
    for digest in [Sha256, Sha384, Sha512] {
        for salt in [0, 20, digest.output_len()] {
            let hashed = hash(digest, MESSAGE).unwrap();
            let good = match digest {
                Sha256 => {
                    let scheme = ::rsa::pss::Pss::<sha2::Sha256>::new_with_salt(salt);
                    private.sign_with_rng(&mut Counter(1), scheme, &hashed)
                }
                Sha384 => {
                    let scheme = ::rsa::pss::Pss::<sha2::Sha384>::new_with_salt(salt);
                    private.sign_with_rng(&mut Counter(2), scheme, &hashed)
                }
                _ => {
                    let scheme = ::rsa::pss::Pss::<sha2::Sha512>::new_with_salt(salt);
                    private.sign_with_rng(&mut Counter(3), scheme, &hashed)
                }
            }
            .unwrap();
            let parameters = Parameters {
                hash: digest,
                mask: digest,
                salt,
            };
            let ours = |parameters: &Parameters, signature: &[u8]| {
                pss::verify_without_ring(&key, parameters, MESSAGE, signature) == Answer::Valid
            };
            let ring = pss::ring_parameters(&key, &parameters);
            assert_eq!(ring.is_some(), salt == digest.output_len());
            assert!(ours(&parameters, &good), "{digest} {salt}");
            assert!(ring.is_none_or(|r| rsa::verify_with_ring(&key, r, MESSAGE, &good)));
            for bad in spoiled(&good) {
                assert!(!ours(&parameters, &bad), "{digest} {salt}");
                assert!(!ring.is_some_and(|r| rsa::verify_with_ring(&key, r, MESSAGE, &bad)));
            }
            for other in [
                Parameters {
                    salt: salt + 1,
                    ..parameters.clone()
                },
                Parameters {
                    mask: Sha1,
                    ..parameters.clone()
                },
            ] {
                assert!(!ours(&other, &good), "{other:?}");
            }
        }
    }
}

#[test]
fn both_libraries_agree_on_ecdsa_and_take_nothing_spoiled() {
    let p256 = ::p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let p384 = ::p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
    let p521 = ::p521::ecdsa::SigningKey::from_slice(&[&[0, 7][..], &[7; 64]].concat()).unwrap();
    let points = [
        (
            Curve::P256,
            p256.verifying_key()
                .to_sec1_point(false)
                .as_bytes()
                .to_vec(),
        ),
        (
            Curve::P384,
            p384.verifying_key()
                .to_sec1_point(false)
                .as_bytes()
                .to_vec(),
        ),
        (
            Curve::P521,
            p521.verifying_key()
                .to_sec1_point(false)
                .as_bytes()
                .to_vec(),
        ),
    ];
    let mut compared = 0;
    for (curve, point) in &points {
        let key = EcKey {
            curve: *curve,
            point,
        };
        for digest in COMPUTED {
            let hashed = hash(digest, MESSAGE).unwrap();
            let fixed = match curve {
                Curve::P256 => {
                    let s: ::p256::ecdsa::Signature = p256.sign_prehash(&hashed).unwrap();
                    s.to_bytes().to_vec()
                }
                Curve::P384 => {
                    let s: ::p384::ecdsa::Signature = p384.sign_prehash(&hashed).unwrap();
                    s.to_bytes().to_vec()
                }
                Curve::P521 => {
                    let s: ::p521::ecdsa::Signature = p521.sign_prehash(&hashed).unwrap();
                    s.to_bytes().to_vec()
                }
            };
            let (r, s) = fixed.split_at(fixed.len() / 2);
            let good = sequence(&[integer(r), integer(s)]);
            let ring = ecdsa::ring_algorithm(&key, digest);
            compared += usize::from(ring.is_some());
            let with_ring = |signature: &[u8]| {
                ring.map(|ring| {
                    ring::signature::UnparsedPublicKey::new(ring, point)
                        .verify(MESSAGE, signature)
                        .is_ok()
                })
            };
            let tail = |signature: &[u8]| {
                ecdsa::verify_without_ring(&key, digest, MESSAGE, signature) == Answer::Valid
            };
            assert!(tail(&good), "{curve:?} {digest}");
            assert_ne!(with_ring(&good), Some(false), "{curve:?} {digest}");
            for bad in spoiled(&good) {
                assert!(!tail(&bad), "{curve:?} {digest}");
                assert_ne!(with_ring(&bad), Some(true), "{curve:?} {digest}");
            }
        }
    }
    assert_eq!(compared, 4, "two curves by two hashes are common to both");
}

#[test]
fn a_compressed_point_is_the_same_key() {
    let signing = ::p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let hashed = hash(Sha256, MESSAGE).unwrap();
    let fixed: ::p256::ecdsa::Signature = signing.sign_prehash(&hashed).unwrap();
    let bytes = fixed.to_bytes();
    let (r, s) = bytes.split_at(32);
    let signature = sequence(&[integer(r), integer(s)]);
    for compress in [false, true] {
        let point = signing.verifying_key().to_sec1_point(compress);
        let spki = spki(
            &[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")],
            point.as_bytes(),
        );
        let ecdsa = algorithm("1.2.840.10045.4.3.2", None);
        assert_eq!(
            verify_message(&spki, &ecdsa, None, MESSAGE, &signature),
            Answer::Valid
        );
    }
}

#[test]
fn unsupported_sizes_exponents_and_hashes_are_never_called_invalid() {
    let sha256_rsa = algorithm("1.2.840.113549.1.1.11", Some(&[5, 0]));
    let answer = |n: &[u8], e: &[u8]| {
        verify_message(
            &rsa_spki(n, e),
            &sha256_rsa,
            None,
            MESSAGE,
            &vec![1; n.len()],
        )
    };
    for (octets, supported) in [
        (64, false),
        (127, false),
        (128, true),
        (2048, true),
        (2049, false),
    ] {
        let n = vec![0xff; octets];
        let is = !matches!(answer(&n, &[1, 0, 1]), Answer::Unsupported(_));
        assert_eq!(is, supported, "{octets} octets");
    }
    let n = [0xff; 256];
    assert!(
        matches!(answer(&n, &[1]), Answer::Unsupported(_)),
        "an exponent of 1 lets anybody write a signature"
    );
    assert!(matches!(answer(&n, &[0xff; 5]), Answer::Unsupported(_)));
    assert_eq!(
        answer(&n, &[2]),
        Answer::Invalid,
        "an even exponent is no key"
    );

    let private = rsa_key(USUAL);
    let md2 = algorithm("1.2.840.113549.1.1.2", Some(&[5, 0]));
    assert_eq!(
        verify_message(&spki_of(&private), &md2, None, MESSAGE, &[0; 256]),
        Answer::Unsupported("MD2 with RSA".into())
    );
}

#[test]
fn keys_of_other_kinds_are_named_and_never_computed_with() {
    let gost = spki(
        &[
            oid("1.2.643.7.1.1.1.1"),
            sequence(&[oid("1.2.643.7.1.2.1.1.1"), oid("1.2.643.7.1.1.2.2")]),
        ],
        &tlv(4, &[7; 64]),
    );
    let info = key(&gost).unwrap();
    assert_eq!(info.name, "GOST R 34.10-2012 256");
    assert_eq!(info.curve.as_deref(), Some("tc26-gost-3410-12-256-A"));
    let streebog = algorithm("1.2.643.7.1.1.3.2", None);
    assert_eq!(
        verify_message(&gost, &streebog, None, MESSAGE, &[1; 64]),
        Answer::Unsupported("Streebog-256 with GOST R 34.10-2012".into())
    );
    let sm2 = spki(
        &[oid("1.2.840.10045.2.1"), oid("1.2.156.10197.1.301")],
        &[4; 65],
    );
    assert_eq!(key(&sm2).unwrap().name, "EC SM2");
    for (scheme, named) in [
        ("1.2.156.10197.1.501", "SM3 with SM2"),
        ("1.2.840.10045.4.3.2", "EC curve SM2"),
    ] {
        assert_eq!(
            verify_message(&sm2, &algorithm(scheme, None), None, MESSAGE, &[1; 64]),
            Answer::Unsupported(named.into())
        );
    }
    let explicit = spki(
        &[oid("1.2.840.10045.2.1"), sequence(&[vec![2, 1, 1]])],
        &[4; 65],
    );
    assert!(key(&explicit).unwrap().explicit_parameters);
    assert_eq!(
        verify_message(
            &explicit,
            &algorithm("1.2.840.10045.4.3.2", None),
            None,
            MESSAGE,
            &[1; 64]
        ),
        Answer::Unsupported("explicit EC parameters".into())
    );
    let ml_dsa = spki(&[oid("2.16.840.1.101.3.4.3.19")], &[1; 2592]);
    let info = key(&ml_dsa).unwrap();
    assert_eq!(info.name, "ML-DSA-87");
    assert!(matches!(info.algorithm, KeyAlgorithm::Other(_)));
    assert_eq!(name(&Oid::parse("1.3.101.113").unwrap()), "Ed448");
}

#[test]
fn a_signature_algorithm_of_another_key_or_hash_is_told_apart_and_invalid() {
    let private = rsa_key(USUAL);
    let spki = spki_of(&private);
    let good = sign_pkcs1(&private, Sha256);
    let check = |dotted: &str, parameters: Option<&[u8]>, digest| {
        let algorithm = algorithm(dotted, parameters);
        let answer = verify_message(&spki, &algorithm, digest, MESSAGE, &good);
        (check_algorithm(&spki, &algorithm, digest), answer)
    };
    const NULL: Option<&[u8]> = Some(&[5, 0]);
    let fits = (AlgorithmFit::Fits, Answer::Valid);
    assert_eq!(check("1.2.840.113549.1.1.1", NULL, Some(Sha256)), fits);
    assert_eq!(check("1.2.840.113549.1.1.11", NULL, Some(Sha256)), fits);
    assert_eq!(check("1.2.840.113549.1.1.11", None, None), fits);
    for (dotted, fit) in [
        ("1.2.840.10045.4.3.2", AlgorithmFit::KeyMismatch),
        ("1.2.840.10040.4.3", AlgorithmFit::KeyMismatch),
        ("1.3.101.112", AlgorithmFit::KeyMismatch),
        ("2.16.840.1.101.3.4.2.1", AlgorithmFit::KeyMismatch),
        ("1.2.840.113549.1.1.13", AlgorithmFit::DigestMismatch),
    ] {
        assert_eq!(check(dotted, None, Some(Sha256)), (fit, Answer::Invalid));
    }
    for parameters in [&[4, 0][..], &[5, 0, 0], &[0x30, 0], &[]] {
        let (fit, answer) = check("1.2.840.113549.1.1.11", Some(parameters), None);
        assert!(matches!(fit, AlgorithmFit::Malformed(_)), "{parameters:?}");
        assert_eq!(answer, Answer::Invalid);
    }
    let (fit, _) = check("1.2.840.113549.1.1.1", NULL, None);
    assert!(
        matches!(fit, AlgorithmFit::Malformed(_)),
        "no hash is named anywhere"
    );
    assert_eq!(
        check("1.2.3.4", None, Some(Sha256)).1,
        Answer::Unsupported("1.2.3.4".into())
    );
}

#[test]
fn trailing_data_in_a_key_makes_it_invalid() {
    let private = rsa_key(USUAL);
    let good = sign_pkcs1(&private, Sha256);
    let sha256_rsa = algorithm("1.2.840.113549.1.1.11", Some(&[5, 0]));
    let (n, e) = (private.n_bytes(), private.e_bytes());
    let rsa = || oid("1.2.840.113549.1.1.1");
    let inner = sequence(&[integer(&n), integer(&e)]);
    for bad in [
        [&spki_of(&private)[..], &[0]].concat(),
        spki(&[rsa(), vec![5, 0]], &[&inner[..], &[0]].concat()),
        spki(&[rsa(), vec![5, 0], vec![5, 0]], &inner),
        spki(&[rsa(), vec![4, 0]], &inner),
        spki(
            &[rsa(), vec![5, 0]],
            &sequence(&[integer(&n), integer(&e), integer(&[1])]),
        ),
        Vec::new(),
    ] {
        assert_eq!(
            verify_message(&bad, &sha256_rsa, None, MESSAGE, &good),
            Answer::Invalid
        );
    }
}

#[test]
fn a_bare_digest_is_taken_by_its_own_door_only() {
    let private = rsa_key(USUAL);
    let spki = spki_of(&private);
    let digest = hash(Sha1, MESSAGE).unwrap();
    let bare = private
        .sign(Pkcs1v15Sign::new_unprefixed(), &digest)
        .unwrap();
    let sha1_rsa = algorithm("1.2.840.113549.1.1.5", Some(&[5, 0]));
    assert_eq!(verify_bare_digest(&spki, &digest, &bare), Answer::Valid);
    assert_eq!(
        verify_message(&spki, &sha1_rsa, None, MESSAGE, &bare),
        Answer::Invalid
    );
    let whole = sign_pkcs1(&private, Sha1);
    assert_eq!(verify_bare_digest(&spki, &digest, &whole), Answer::Invalid);
    for bad in spoiled(&bare) {
        assert_eq!(verify_bare_digest(&spki, &digest, &bad), Answer::Invalid);
    }
    let empty = private.sign(Pkcs1v15Sign::new_unprefixed(), &[]).unwrap();
    assert_ne!(verify_bare_digest(&spki, &[], &empty), Answer::Valid);
}

#[test]
fn pss_parameters_have_defaults_and_one_encoding() {
    let pss =
        |parameters: Option<&[u8]>| scheme(&algorithm("1.2.840.113549.1.1.10", parameters), None);
    assert_eq!(
        pss(Some(&[0x30, 0])),
        Ok(Scheme::RsaPss(Parameters {
            hash: Sha1,
            mask: Sha1,
            salt: 20
        }))
    );
    let sha256 = sequence(&[oid("2.16.840.1.101.3.4.2.1"), vec![5, 0]]);
    let full = |trailer: u8| {
        sequence(&[
            tlv(0xa0, &sha256),
            tlv(
                0xa1,
                &sequence(&[oid("1.2.840.113549.1.1.8"), sha256.clone()]),
            ),
            tlv(0xa2, &[2, 1, 32]),
            tlv(0xa3, &[2, 1, trailer]),
        ])
    };
    assert_eq!(
        pss(Some(&full(1))),
        Ok(Scheme::RsaPss(Parameters {
            hash: Sha256,
            mask: Sha256,
            salt: 32
        }))
    );
    for bad in [
        None,
        Some(full(2)),
        Some([full(1), vec![0]].concat()),
        Some(sequence(&[tlv(0xa2, &[2, 2, 0, 32])])),
        Some(sequence(&[tlv(0xa2, &[2, 1, 0x80])])),
        Some(sequence(&[tlv(0xa2, &[2, 1, 32]), tlv(0xa0, &sha256)])),
        Some(vec![5, 0]),
    ] {
        assert!(
            matches!(pss(bad.as_deref()), Err(super::SchemeError::Malformed(_))),
            "{bad:?}"
        );
    }
}

#[test]
fn a_key_bound_to_pss_takes_no_other_scheme_and_no_weaker_parameters() {
    let sha256 = sequence(&[oid("2.16.840.1.101.3.4.2.1"), vec![5, 0]]);
    let parameters = |salt: u8| {
        sequence(&[
            tlv(0xa0, &sha256),
            tlv(
                0xa1,
                &sequence(&[oid("1.2.840.113549.1.1.8"), sha256.clone()]),
            ),
            tlv(0xa2, &[2, 1, salt]),
        ])
    };
    let private = rsa_key(USUAL);
    let inner = sequence(&[integer(&private.n_bytes()), integer(&private.e_bytes())]);
    let bound = spki(&[oid("1.2.840.113549.1.1.10"), parameters(32)], &inner);
    let fit = |dotted: &str, parameters: &[u8]| {
        check_algorithm(&bound, &algorithm(dotted, Some(parameters)), None)
    };
    assert_eq!(
        fit("1.2.840.113549.1.1.10", &parameters(32)),
        AlgorithmFit::Fits
    );
    assert_eq!(
        fit("1.2.840.113549.1.1.10", &parameters(20)),
        AlgorithmFit::KeyMismatch
    );
    assert_eq!(
        fit("1.2.840.113549.1.1.10", &[0x30, 0]),
        AlgorithmFit::KeyMismatch
    );
    assert_eq!(
        fit("1.2.840.113549.1.1.11", &[5, 0]),
        AlgorithmFit::KeyMismatch
    );
    let digest = hash(Sha1, MESSAGE).unwrap();
    let bare = private
        .sign(Pkcs1v15Sign::new_unprefixed(), &digest)
        .unwrap();
    assert_eq!(verify_bare_digest(&bound, &digest, &bare), Answer::Invalid);
}

#[test]
fn the_hash_of_an_identifier_is_found_in_digests_and_signatures() {
    let of =
        |dotted: &str, parameters: Option<&[u8]>| digest_algorithm(&algorithm(dotted, parameters));
    assert_eq!(of("2.16.840.1.101.3.4.2.1", Some(&[5, 0])), Some(Sha256));
    assert_eq!(of("2.16.840.1.101.3.4.2.1", None), Some(Sha256));
    assert_eq!(of("2.16.840.1.101.3.4.2.1", Some(&[4, 0])), None);
    assert_eq!(of("1.2.840.113549.1.1.5", Some(&[5, 0])), Some(Sha1));
    assert_eq!(of("1.2.840.113549.1.1.2", Some(&[5, 0])), Some(Md2));
    assert_eq!(of("1.2.840.10045.4.3.3", None), Some(Sha384));
    assert_eq!(of("1.2.840.113549.1.1.1", Some(&[5, 0])), None);
    assert_eq!(of("1.2.643.7.1.1.2.2", None), None);
    let specified = sequence(&[oid("2.16.840.1.101.3.4.2.3")]);
    assert_eq!(of("1.2.840.10045.4.3", Some(&specified)), Some(Sha512));
}

#[test]
fn a_key_of_each_kind_is_described() {
    let private = rsa_key(SMALL);
    let info = key(&spki_of(&private)).unwrap();
    assert_eq!((info.name.as_str(), info.bits), ("RSA 1024", Some(1024)));
    assert_eq!(info.exponent, Some(65537));
    let p521 = spki(&[oid("1.2.840.10045.2.1"), oid("1.3.132.0.35")], &[4; 133]);
    let info = key(&p521).unwrap();
    assert_eq!((info.name.as_str(), info.bits), ("EC P-521", Some(521)));
    let read = key::read(&p521);
    assert!(matches!(
        read,
        Ok(Key::Ec(EcKey {
            curve: Curve::P521,
            ..
        }))
    ));
}
