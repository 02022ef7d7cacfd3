//! Any bytes as a zip, a tar archive and a compressed file: an answer without a panic, only ranges that lie in the file, and
//! members that end at the budget.
#![no_main]

use std::io::Read;

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::codec::findings::BAD_COMPRESSED_DATA;
use bonafide::format::compressed::Compressed;
use bonafide::format::tar::Tar;
use bonafide::format::zip::Zip;
use bonafide::format::{Content, Error, Format, Out};
use libfuzzer_sys::fuzz_target;

struct Sink;

impl Out for Sink {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, _: usize, content: &mut dyn Read) -> Result<(), Error> {
        let copied = std::io::copy(content, &mut std::io::sink());
        let end = content.read(&mut [0; 16]);
        assert!(copied.is_err() || matches!(end, Ok(0)));
        copied
            .map(|_| ())
            .map_err(|e| Error::decoding(&BAD_COMPRESSED_DATA, 0, &e))
    }
}

fuzz_target!(|data: &[u8]| {
    let data = data.to_vec();
    let limits = Limits {
        max_decoded: 4 << 20,
        max_members: 1000,
        ..Limits::default()
    };
    for format in [&Zip as &dyn Format, &Tar, &Compressed] {
        let budget = Budget::start(limits, &Stopped);
        let _ = format.extract(&data, &budget);
        let Ok(Some(inside)) = format.open(&data, &budget) else {
            continue;
        };
        for entry in inside.entries() {
            if let Content::Stored(span) = &entry.content {
                assert!(span.start <= span.end && span.end <= data.size());
            }
        }
        for block in 0..inside.blocks() {
            let _ = inside.decode(&data, block, &budget, &mut Sink);
        }
    }
});
