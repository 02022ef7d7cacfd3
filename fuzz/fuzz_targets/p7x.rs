//! Any bytes as APPX signature files.
#![no_main]

use bonafide::format::p7x::P7x;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| bonafide_fuzz::whole(&P7x, data));
