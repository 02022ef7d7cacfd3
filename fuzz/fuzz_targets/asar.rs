//! Any bytes as Electron archives.
#![no_main]

use bonafide::format::asar::Asar;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| bonafide_fuzz::whole(&Asar, data));
