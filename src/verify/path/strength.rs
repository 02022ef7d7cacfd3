//! Hashes and keys that are too weak to rely on, and since when.

use super::check::Examined;
use super::fault::Fault;
use super::rules::Rules;
use crate::base::time::Time;
use crate::model::certificate::Certificate;
use crate::model::digest::DigestAlgorithm;
use crate::model::finding::Status;
use crate::verify::crypto::{self, KeyAlgorithm};
use crate::verify::findings;

/// 2014-02-11: Microsoft's update against MD5 became mandatory (Security Advisory 2862973). MD5 collisions forged a
/// code-signing certificate in 2012 (Flame), so dates inside a certificate prove nothing: only a verified timestamp counts.
const MD5_UNTIL: i64 = 1_392_076_800;

/// 2020-01-01: the first chosen-prefix collision of SHA-1, which forging a certificate takes, was shown in January 2020 (Leurent
/// and Peyrin, "SHA-1 is a Shambles", IACR ePrint 2020/014); an authority sets notBefore itself. Public authorities were to stop in
/// 2016, but Microsoft went on under roots of its own, and such signatures are on files in use.
const SHA1_UNTIL: i64 = 1_577_836_800;

/// 2014-01-01: RSA and DSA keys under 2048 bits disallowed for signing (NIST SP 800-131A).
const SHORT_KEYS_UNTIL: i64 = 1_388_534_400;

/// Keys under 1024 bits were factored in practice by 2011, when 512-bit certificates signed malware (Microsoft Security
/// Advisory 2641690): never excused.
const NEVER_UNDER: usize = 1024;

/// When the chain is judged, and whether a timestamp says so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Basis {
    pub(super) at: Time,
    pub(super) attested: bool,
}

/// The hash that `certificate` was signed with. Not asked of an anchor: its own signature is not what it is trusted by.
pub(super) fn check_hash(
    certificate: &Certificate,
    rules: &Rules,
    basis: Basis,
    out: &mut Examined,
) {
    let Some(digest) = crypto::digest_algorithm(&certificate.signature_algorithm) else {
        return;
    };
    let (fault, definition, historic) = match digest {
        DigestAlgorithm::Md2 | DigestAlgorithm::Md5 => (
            Fault::WeakHashMd5,
            &findings::signature::WEAK_HASH_MD5,
            basis.attested && basis.at.unix_timestamp() < MD5_UNTIL,
        ),
        DigestAlgorithm::Sha1 => (
            Fault::WeakHashSha1,
            &findings::signature::WEAK_HASH_SHA1,
            certificate.not_before.unix_timestamp() < SHA1_UNTIL,
        ),
        DigestAlgorithm::Sha224
        | DigestAlgorithm::Sha256
        | DigestAlgorithm::Sha384
        | DigestAlgorithm::Sha512 => return,
    };
    if rules.historic && historic {
        out.note(
            definition,
            Status::Review,
            certificate,
            "signatureAlgorithm",
            format!("certificate is signed with {digest}, as was the rule when it was made"),
        );
    } else {
        out.fault(
            fault,
            certificate,
            format!("is signed with {digest}, which proves nothing any more"),
        );
    }
}

/// The key of `certificate`. An anchor's is noted only: the programme answers for it.
pub(super) fn check_key(
    certificate: &Certificate,
    is_anchor: bool,
    rules: &Rules,
    out: &mut Examined,
) {
    let Ok(key) = crypto::key(&certificate.spki) else {
        // A key that cannot be read verifies nothing; the leaf's is tried by whoever checks the signature.
        return;
    };
    if let Some(exponent) = key.exponent
        && exponent < 65_537
    {
        out.note(
            &findings::path::RSA_SMALL_EXPONENT,
            Status::Review,
            certificate,
            "subjectPublicKeyInfo",
            format!("RSA key with the public exponent {exponent}"),
        );
    }
    let minimum = match key.algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss | KeyAlgorithm::Dsa => 2048,
        KeyAlgorithm::Ec => 224,
        KeyAlgorithm::Ed25519 | KeyAlgorithm::Other(_) => return,
    };
    let Some(bits) = key.bits.filter(|bits| *bits < minimum) else {
        return;
    };
    let historic = rules.historic
        && bits >= NEVER_UNDER
        && certificate.not_before.unix_timestamp() < SHORT_KEYS_UNTIL;
    if is_anchor || historic {
        out.note(
            &findings::path::WEAK_KEY,
            Status::Review,
            certificate,
            "subjectPublicKeyInfo",
            format!("key of {bits} bits ({})", key.name),
        );
    } else {
        out.fault(
            Fault::WeakKey,
            certificate,
            format!("has a key of {bits} bits ({})", key.name),
        );
    }
}
