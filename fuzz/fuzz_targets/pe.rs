//! Any bytes as a PE image: an answer without a panic, and only ranges that lie in the file.
#![no_main]

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::Format;
use bonafide::format::pe::{Pe, unauthenticated};
use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::image::{Request, scan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let data = data.to_vec();
    let budget = Budget::start(Limits::default(), &Stopped);
    let Ok(out) = Pe.extract(&data, &budget) else {
        return;
    };
    for claim in &out.claimed {
        assert!(claim.span.end <= data.size());
    }
    for signature in &out.signatures {
        let found = data
            .read_range(signature.span.clone())
            .expect("inside the file");
        assert_eq!(found, signature.bytes);
        for encoded_len in [found.len() / 2, usize::MAX] {
            unauthenticated(signature, encoded_len);
        }
    }
    let covered: Vec<_> = out
        .signatures
        .iter()
        .flat_map(|signature| signature.covers.coverages())
        .map(|coverage| (coverage, DigestAlgorithm::Sha1))
        .collect();
    let request = Request {
        flat: &[DigestAlgorithm::Sha1],
        covered: &covered,
        checksum: out.checksum.as_ref(),
        ..Request::default()
    };
    let scan = scan(&data, &request, &budget).expect("coverage that one pass can give");
    assert!(scan.covered.iter().all(Option::is_some));
});
