//! Any bytes as a restricted-party list, in every form: an answer without a panic, and entries that are named and bounded.
#![no_main]

use std::io::BufRead;

use bonafide::screening::lists::{ALL, recognise};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = recognise(data);
    for adapter in ALL {
        let parts = adapter.parts();
        // The side files of a form get the same octets.
        let mut inputs: Vec<&[u8]> = parts.iter().map(|_| data).collect();
        let mut given: Vec<(&'static str, &mut dyn BufRead)> = parts
            .iter()
            .zip(&mut inputs)
            .map(|(part, input)| (*part, input as &mut dyn BufRead))
            .collect();
        let _ = adapter.read("fuzzed", &mut given, &mut |entry| {
            assert!(entry.names.len() <= 2000 && entry.numbers.len() <= 2001);
            Ok(())
        });
    }
});
