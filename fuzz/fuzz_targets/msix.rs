//! Any bytes as a msix package: an answer without a panic, and members that lie in the file.
#![no_main]

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::msix::Msix;
use bonafide::format::{Content, Error, Format, Out};
use libfuzzer_sys::fuzz_target;

/// Reads every member to its end.
struct All;

impl Out for All {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, _: usize, content: &mut dyn std::io::Read) -> Result<(), Error> {
        let _ = std::io::copy(content, &mut std::io::sink());
        Ok(())
    }
}

fuzz_target!(|data: &[u8]| {
    let data = data.to_vec();
    let limits = Limits {
        max_decoded: 16 << 20,
        ..Limits::default()
    };
    let budget = Budget::start(limits, &Stopped);
    if let Ok(out) = Msix.extract(&data, &budget) {
        for claim in &out.claimed {
            assert!(claim.span.end <= data.size());
        }
    }
    let Ok(Some(inside)) = Msix.open(&data, &budget) else {
        return;
    };
    for entry in inside.entries() {
        if let Content::Stored(span) = &entry.content {
            assert!(span.start <= span.end && span.end <= data.size());
        }
    }
    for block in 0..inside.blocks() {
        let _ = inside.decode(&data, block, &budget, &mut All);
    }
});
