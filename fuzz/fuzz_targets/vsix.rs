//! Any bytes as Visual Studio extensions.
#![no_main]

use bonafide::format::vsix::Vsix;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| bonafide_fuzz::whole(&Vsix, data));
