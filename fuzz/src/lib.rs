//! What every format target asks of any bytes: an answer without a panic, signatures and members that lie in the file, and decoding
//! that ends at the budget.

use std::io::Read;

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::codec::findings::BAD_COMPRESSED_DATA;
use bonafide::format::{Content, Error, Format, Out};

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

/// Reads `data` as `format`, lists its members and decodes them all.
pub fn whole(format: &dyn Format, data: &[u8]) {
    let data = data.to_vec();
    let limits = Limits {
        max_decoded: 4 << 20,
        max_members: 1000,
        ..Limits::default()
    };
    let budget = Budget::start(limits, &Stopped);
    if let Ok(extract) = format.extract(&data, &budget) {
        for signature in &extract.signatures {
            let span = &signature.span;
            assert!(span.start <= span.end && span.end <= data.size());
        }
    }
    let Ok(Some(inside)) = format.open(&data, &budget) else {
        return;
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
