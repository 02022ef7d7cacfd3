//! Any bytes as Office documents with macros.
#![no_main]

use bonafide::format::office::Office;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| bonafide_fuzz::whole(&Office, data));
