//! Any bytes as ClickOnce manifests.
#![no_main]

use bonafide::format::clickonce::ClickOnce;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| bonafide_fuzz::whole(&ClickOnce, data));
