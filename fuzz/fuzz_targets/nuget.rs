//! Any bytes as NuGet packages.
#![no_main]

use bonafide::format::nuget::NuGet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| bonafide_fuzz::whole(&NuGet, data));
