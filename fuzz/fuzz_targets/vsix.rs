//! Any bytes as a Visual Studio extension: an answer without a panic, and signatures that stand inside the file.
#![no_main]

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::Format;
use bonafide::format::vsix::Vsix;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let data = data.to_vec();
    let budget = Budget::start(Limits::default(), &Stopped);
    let Ok(extract) = Vsix.extract(&data, &budget) else {
        return;
    };
    for signature in &extract.signatures {
        assert!(signature.span.start <= signature.span.end && signature.span.end <= data.size());
    }
});
