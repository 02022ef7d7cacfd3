//! Algorithms and curves by name, also those that are never computed with: a report names what it could not verify.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::base::oid::Oid;

/// A table by identifier. Looked up by encoding: X.690 section 8.19.2 forbids leading 0x80 octets in an arc, and an identifier
/// that carries them must not pass for the one without.
pub(super) fn by_oid<T: Copy>(table: &[(&str, T)]) -> HashMap<Oid, T> {
    table
        .iter()
        .filter_map(|(dotted, value)| Some((Oid::parse(dotted)?, *value)))
        .collect()
}

/// The name people know an algorithm or curve by, else dotted notation.
pub fn name(oid: &Oid) -> String {
    static BY_OID: LazyLock<HashMap<Oid, &str>> = LazyLock::new(|| by_oid(NAMES));
    BY_OID
        .get(oid)
        .map_or_else(|| oid.to_string(), |name| (*name).to_owned())
}

/// Size of a named curve's field.
pub(super) fn curve_bits(oid: &Oid) -> Option<usize> {
    CURVE_BITS
        .iter()
        .find(|(known, _)| oid.is(known))
        .map(|(_, bits)| *bits)
}

/// From RFC 3279, 4055, 4491, 5480, 5639, 5758, 7091, 8410, 8692, 9215, 9688, 9881, 9909, the NIST register of algorithms and
/// GM/T 0006 (OSCCA).
const NAMES: &[(&str, &str)] = &[
    // Keys.
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.7", "RSAES-OAEP"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.2.840.10045.2.1", "EC"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.10046.2.1", "X9.42 DH"),
    ("1.3.14.3.2.12", "DSA (OIW)"),
    ("1.3.101.110", "X25519"),
    ("1.3.101.111", "X448"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("1.3.132.1.12", "ECDH"),
    ("1.2.643.2.2.19", "GOST R 34.10-2001"),
    ("1.2.643.2.2.20", "GOST R 34.10-94"),
    ("1.2.643.7.1.1.1.1", "GOST R 34.10-2012 256"),
    ("1.2.643.7.1.1.1.2", "GOST R 34.10-2012 512"),
    ("1.2.804.2.1.1.1.1.3.1.1", "DSTU 4145-2002"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
    ("2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s"),
    ("2.16.840.1.101.3.4.3.21", "SLH-DSA-SHA2-128f"),
    ("2.16.840.1.101.3.4.3.22", "SLH-DSA-SHA2-192s"),
    ("2.16.840.1.101.3.4.3.23", "SLH-DSA-SHA2-192f"),
    ("2.16.840.1.101.3.4.3.24", "SLH-DSA-SHA2-256s"),
    ("2.16.840.1.101.3.4.3.25", "SLH-DSA-SHA2-256f"),
    ("2.16.840.1.101.3.4.3.26", "SLH-DSA-SHAKE-128s"),
    ("2.16.840.1.101.3.4.3.27", "SLH-DSA-SHAKE-128f"),
    ("2.16.840.1.101.3.4.3.28", "SLH-DSA-SHAKE-192s"),
    ("2.16.840.1.101.3.4.3.29", "SLH-DSA-SHAKE-192f"),
    ("2.16.840.1.101.3.4.3.30", "SLH-DSA-SHAKE-256s"),
    ("2.16.840.1.101.3.4.3.31", "SLH-DSA-SHAKE-256f"),
    // Curves and parameter sets.
    ("1.2.840.10045.3.1.1", "P-192"),
    ("1.3.132.0.33", "P-224"),
    ("1.2.840.10045.3.1.7", "P-256"),
    ("1.3.132.0.34", "P-384"),
    ("1.3.132.0.35", "P-521"),
    ("1.3.132.0.8", "secp160r1"),
    ("1.3.132.0.9", "secp160k1"),
    ("1.3.132.0.30", "secp160r2"),
    ("1.3.132.0.31", "secp192k1"),
    ("1.3.132.0.32", "secp224k1"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1"),
    ("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1"),
    ("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.8", "brainpoolP256t1"),
    ("1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.12", "brainpoolP384t1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
    ("1.3.36.3.3.2.8.1.1.14", "brainpoolP512t1"),
    ("1.2.156.10197.1.301", "SM2"),
    ("1.2.643.2.2.35.1", "GostR3410-2001-CryptoPro-A"),
    ("1.2.643.2.2.35.2", "GostR3410-2001-CryptoPro-B"),
    ("1.2.643.2.2.35.3", "GostR3410-2001-CryptoPro-C"),
    ("1.2.643.2.2.36.0", "GostR3410-2001-CryptoPro-XchA"),
    ("1.2.643.2.2.36.1", "GostR3410-2001-CryptoPro-XchB"),
    ("1.2.643.7.1.2.1.1.1", "tc26-gost-3410-12-256-A"),
    ("1.2.643.7.1.2.1.1.2", "tc26-gost-3410-12-256-B"),
    ("1.2.643.7.1.2.1.1.3", "tc26-gost-3410-12-256-C"),
    ("1.2.643.7.1.2.1.1.4", "tc26-gost-3410-12-256-D"),
    ("1.2.643.7.1.2.1.2.1", "tc26-gost-3410-12-512-A"),
    ("1.2.643.7.1.2.1.2.2", "tc26-gost-3410-12-512-B"),
    ("1.2.643.7.1.2.1.2.3", "tc26-gost-3410-12-512-C"),
    // Signatures.
    ("1.2.840.113549.1.1.2", "MD2 with RSA"),
    ("1.2.840.113549.1.1.3", "MD4 with RSA"),
    ("1.2.840.113549.1.1.4", "MD5 with RSA"),
    ("1.2.840.113549.1.1.5", "SHA-1 with RSA"),
    ("1.3.14.3.2.29", "SHA-1 with RSA"),
    ("1.2.840.113549.1.1.14", "SHA-224 with RSA"),
    ("1.2.840.113549.1.1.11", "SHA-256 with RSA"),
    ("1.2.840.113549.1.1.12", "SHA-384 with RSA"),
    ("1.2.840.113549.1.1.13", "SHA-512 with RSA"),
    ("1.2.840.113549.1.1.15", "SHA-512/224 with RSA"),
    ("1.2.840.113549.1.1.16", "SHA-512/256 with RSA"),
    ("2.16.840.1.101.3.4.3.13", "SHA3-224 with RSA"),
    ("2.16.840.1.101.3.4.3.14", "SHA3-256 with RSA"),
    ("2.16.840.1.101.3.4.3.15", "SHA3-384 with RSA"),
    ("2.16.840.1.101.3.4.3.16", "SHA3-512 with RSA"),
    ("1.3.36.3.3.1.2", "RIPEMD-160 with RSA"),
    ("1.3.6.1.5.5.7.6.30", "RSASSA-PSS with SHAKE128"),
    ("1.3.6.1.5.5.7.6.31", "RSASSA-PSS with SHAKE256"),
    ("1.3.6.1.5.5.7.6.32", "ECDSA with SHAKE128"),
    ("1.3.6.1.5.5.7.6.33", "ECDSA with SHAKE256"),
    ("1.2.840.10045.4.1", "ECDSA with SHA-1"),
    ("1.2.840.10045.4.2", "ECDSA with the recommended hash"),
    ("1.2.840.10045.4.3", "ECDSA with a specified hash"),
    ("1.2.840.10045.4.3.1", "ECDSA with SHA-224"),
    ("1.2.840.10045.4.3.2", "ECDSA with SHA-256"),
    ("1.2.840.10045.4.3.3", "ECDSA with SHA-384"),
    ("1.2.840.10045.4.3.4", "ECDSA with SHA-512"),
    ("2.16.840.1.101.3.4.3.9", "ECDSA with SHA3-224"),
    ("2.16.840.1.101.3.4.3.10", "ECDSA with SHA3-256"),
    ("2.16.840.1.101.3.4.3.11", "ECDSA with SHA3-384"),
    ("2.16.840.1.101.3.4.3.12", "ECDSA with SHA3-512"),
    ("1.2.840.10040.4.3", "DSA with SHA-1"),
    ("1.3.14.3.2.27", "DSA with SHA-1"),
    ("2.16.840.1.101.3.4.3.1", "DSA with SHA-224"),
    ("2.16.840.1.101.3.4.3.2", "DSA with SHA-256"),
    ("2.16.840.1.101.3.4.3.3", "DSA with SHA-384"),
    ("2.16.840.1.101.3.4.3.4", "DSA with SHA-512"),
    ("1.2.643.2.2.3", "GOST R 34.11-94 with GOST R 34.10-2001"),
    ("1.2.643.2.2.4", "GOST R 34.11-94 with GOST R 34.10-94"),
    ("1.2.643.7.1.1.3.2", "Streebog-256 with GOST R 34.10-2012"),
    ("1.2.643.7.1.1.3.3", "Streebog-512 with GOST R 34.10-2012"),
    ("1.2.156.10197.1.501", "SM3 with SM2"),
    ("1.2.156.10197.1.504", "SM3 with RSA"),
    // Hashes.
    ("1.2.840.113549.2.2", "MD2"),
    ("1.2.840.113549.2.4", "MD4"),
    ("1.2.840.113549.2.5", "MD5"),
    ("1.3.14.3.2.26", "SHA-1"),
    ("2.16.840.1.101.3.4.2.4", "SHA-224"),
    ("2.16.840.1.101.3.4.2.1", "SHA-256"),
    ("2.16.840.1.101.3.4.2.2", "SHA-384"),
    ("2.16.840.1.101.3.4.2.3", "SHA-512"),
    ("2.16.840.1.101.3.4.2.5", "SHA-512/224"),
    ("2.16.840.1.101.3.4.2.6", "SHA-512/256"),
    ("2.16.840.1.101.3.4.2.7", "SHA3-224"),
    ("2.16.840.1.101.3.4.2.8", "SHA3-256"),
    ("2.16.840.1.101.3.4.2.9", "SHA3-384"),
    ("2.16.840.1.101.3.4.2.10", "SHA3-512"),
    ("2.16.840.1.101.3.4.2.11", "SHAKE128"),
    ("2.16.840.1.101.3.4.2.12", "SHAKE256"),
    ("1.3.36.3.2.1", "RIPEMD-160"),
    ("1.2.643.2.2.9", "GOST R 34.11-94"),
    ("1.2.643.7.1.1.2.2", "Streebog-256"),
    ("1.2.643.7.1.1.2.3", "Streebog-512"),
    ("1.2.156.10197.1.401", "SM3"),
    ("1.2.840.113549.1.1.8", "MGF1"),
];

const CURVE_BITS: &[(&str, usize)] = &[
    ("1.2.840.10045.3.1.1", 192),
    ("1.3.132.0.33", 224),
    ("1.2.840.10045.3.1.7", 256),
    ("1.3.132.0.34", 384),
    ("1.3.132.0.35", 521),
    ("1.3.132.0.8", 160),
    ("1.3.132.0.9", 160),
    ("1.3.132.0.30", 160),
    ("1.3.132.0.31", 192),
    ("1.3.132.0.32", 224),
    ("1.3.132.0.10", 256),
    ("1.3.36.3.3.2.8.1.1.1", 160),
    ("1.3.36.3.3.2.8.1.1.3", 192),
    ("1.3.36.3.3.2.8.1.1.5", 224),
    ("1.3.36.3.3.2.8.1.1.7", 256),
    ("1.3.36.3.3.2.8.1.1.8", 256),
    ("1.3.36.3.3.2.8.1.1.9", 320),
    ("1.3.36.3.3.2.8.1.1.11", 384),
    ("1.3.36.3.3.2.8.1.1.12", 384),
    ("1.3.36.3.3.2.8.1.1.13", 512),
    ("1.3.36.3.3.2.8.1.1.14", 512),
    ("1.2.156.10197.1.301", 256),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CURVE_BITS, NAMES, name};
    use crate::base::oid::Oid;

    #[test]
    fn every_entry_is_an_identifier_and_stands_once() {
        for table in [
            NAMES.iter().map(|(oid, _)| *oid).collect::<Vec<_>>(),
            CURVE_BITS.iter().map(|(oid, _)| *oid).collect(),
        ] {
            let unique: BTreeSet<_> = table.iter().collect();
            assert_eq!(unique.len(), table.len());
            for oid in table {
                assert!(Oid::parse(oid).is_some(), "{oid}");
            }
        }
    }

    #[test]
    fn a_padded_arc_does_not_pass_for_the_identifier_it_imitates() {
        let real = Oid::parse("1.3.101.112").unwrap();
        assert_eq!(name(&real), "Ed25519");
        let mut padded = real.as_der().to_vec();
        padded.insert(1, 0x80);
        assert_eq!(name(&Oid::from_der(&padded)), "1.3.101.112");
    }
}
