//! Any bytes as a signed list: an answer without a panic, and a catalog whose members are found by their own digests.
#![no_main]

use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::cat::Cat;
use bonafide::format::{Format, Sniff};
use bonafide::verify::catalog::{FileDigests, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let data = data.to_vec();
    let _ = Cat.detect(&Sniff::of(&data));
    let budget = Budget::start(Limits::default(), &Stopped);
    let Ok(out) = Cat.extract(&data, &budget) else {
        return;
    };
    let Some(catalog) = out.signatures.first().and_then(read) else {
        return;
    };
    assert!(catalog.find(&FileDigests::default()).is_none());
});
