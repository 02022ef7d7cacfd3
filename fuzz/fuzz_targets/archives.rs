//! Any bytes as a zip, a tar archive and a compressed file.
#![no_main]

use bonafide::format::compressed::Compressed;
use bonafide::format::tar::Tar;
use bonafide::format::zip::Zip;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    bonafide_fuzz::whole(&Zip, data);
    bonafide_fuzz::whole(&Tar, data);
    bonafide_fuzz::whole(&Compressed, data);
});
