//! Any bytes as a release file, an index and a configuration of apt: an answer without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| bonafide::channel::apt::probe(data));
