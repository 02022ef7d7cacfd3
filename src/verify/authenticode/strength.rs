//! Digests with practical collisions: what they still prove depends on when the signature is known to have existed.

use std::collections::BTreeSet;

use crate::base::time::{Time, parse_rfc3339};
use crate::model::digest::DigestAlgorithm;
use crate::model::finding::Status;
use crate::model::signature::TimeBasis;
use crate::verify::findings::signature as f;
use crate::verify::signer::notes::Notes;

/// From here on an MD5 signature proves nothing: the day Microsoft's update against MD5 became mandatory (Security Advisory
/// 2862973). A chosen-prefix collision had forged a code-signing certificate in 2012 (Flame). Only a verified timestamp before
/// it counts: a signing time that the signer states, or dates of its certificate, say nothing of when a collision was made.
const MD5_UNTIL: &str = "2014-02-11T00:00:00Z";

/// Judges the digests of the file and of the signature.
pub(crate) fn check(
    algorithms: impl IntoIterator<Item = Option<DigestAlgorithm>>,
    basis: &TimeBasis,
    len: usize,
    notes: &mut Notes<'_>,
) {
    let distinct: BTreeSet<DigestAlgorithm> = algorithms.into_iter().flatten().collect();
    for algorithm in distinct {
        match algorithm {
            // Named, never computed with; the signature is unverifiable already.
            DigestAlgorithm::Md2 => {}
            DigestAlgorithm::Md5 => md5(basis, len, notes),
            DigestAlgorithm::Sha1 => notes.note(
                &f::WEAK_HASH_SHA1,
                Status::Review,
                "SHA-1: two files with one digest can be made (SHAttered, 2017)",
                0..len,
            ),
            DigestAlgorithm::Sha224
            | DigestAlgorithm::Sha256
            | DigestAlgorithm::Sha384
            | DigestAlgorithm::Sha512 => {}
        }
    }
}

fn md5(basis: &TimeBasis, len: usize, notes: &mut Notes<'_>) {
    if basis.attested && is_historic(basis.at) {
        notes.note(
            &f::WEAK_HASH_MD5,
            Status::Review,
            "MD5, in a signature attested before MD5 was withdrawn",
            0..len,
        );
    } else {
        notes.fail(
            &f::WEAK_HASH_MD5,
            "MD5, and no timestamp shows that the signature is older than MD5's withdrawal",
            0..len,
        );
    }
}

/// Before MD5's withdrawal.
pub(crate) fn is_historic(at: Time) -> bool {
    parse_rfc3339(MD5_UNTIL).is_some_and(|until| at < until)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::base::time::parse_rfc3339;
    use crate::model::digest::DigestAlgorithm;
    use crate::model::signature::{Integrity, SignatureId, TimeBasis};
    use crate::verify::signer::notes::Notes;

    fn judged(algorithm: DigestAlgorithm, at: &str, attested: bool) -> (Integrity, usize) {
        let id = SignatureId("1".into());
        let mut notes = Notes::new(&id, 0);
        notes.proven();
        let basis = TimeBasis {
            at: parse_rfc3339(at).unwrap(),
            attested,
            why: String::new(),
        };
        check([Some(algorithm); 2], &basis, 0, &mut notes);
        (notes.integrity(), notes.into_findings().len())
    }

    #[test]
    fn md5_counts_only_where_a_timestamp_attests_its_age() {
        let refused = (Integrity::Invalid(vec!["weak-hash-md5"]), 1);
        assert_eq!(
            judged(DigestAlgorithm::Md5, "2008-07-25", true),
            (Integrity::Valid, 1)
        );
        assert_eq!(judged(DigestAlgorithm::Md5, "2024-01-01", true), refused);
        assert_eq!(judged(DigestAlgorithm::Md5, "2008-07-25", false), refused);
    }

    #[test]
    fn sha1_is_said_and_sha2_is_not() {
        assert_eq!(
            judged(DigestAlgorithm::Sha1, "2024-01-01", false),
            (Integrity::Valid, 1)
        );
        assert_eq!(
            judged(DigestAlgorithm::Sha256, "2024-01-01", false),
            (Integrity::Valid, 0)
        );
    }
}
