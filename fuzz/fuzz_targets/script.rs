//! Any bytes as a script: an answer without a panic, and a block that lies in the file.
#![no_main]

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::script::Script;
use bonafide::format::{Format, Sniff};
use bonafide::model::extract::Piece;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let data = data.to_vec();
    let _ = Script.detect(&Sniff::of(&data));
    let budget = Budget::start(Limits::default(), &Stopped);
    let out = Script
        .extract(&data, &budget)
        .expect("any text is a script");
    for signature in &out.signatures {
        assert!(signature.span.start <= signature.span.end && signature.span.end <= data.size());
        let others = signature.alternatives.iter().map(|a| &a.coverage);
        for coverage in signature.covers.coverages().chain(others) {
            let derived = |piece: &Piece| matches!(piece, Piece::Bytes(_));
            assert!(coverage.pieces.iter().all(derived));
        }
    }
});
