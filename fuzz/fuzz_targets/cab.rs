//! Any bytes as a cabinet: an answer without a panic, ranges that lie in the file, members no longer than they say.
#![no_main]

use std::io::Read;

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::cab::Cab;
use bonafide::format::{Content, Error, Format, Inside, Out};
use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::image::{Request, scan};
use libfuzzer_sys::fuzz_target;

struct Counted<'i>(&'i dyn Inside);

impl Out for Counted<'_> {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
        let entry = &self.0.entries()[index];
        assert_eq!(entry.content, Content::Coded);
        let len = std::io::copy(content, &mut std::io::sink());
        assert!(len.is_err() || len.ok() == entry.size);
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
    if let Ok(out) = Cab.extract(&data, &budget) {
        let mut covered = Vec::new();
        for signature in &out.signatures {
            let found = data.read_range(signature.span.clone());
            assert_eq!(found.expect("inside the file"), signature.bytes);
            let others = signature.alternatives.iter().map(|a| &a.coverage);
            covered.extend(
                signature
                    .covers
                    .coverages()
                    .chain(others)
                    .map(|coverage| (coverage, DigestAlgorithm::Sha1)),
            );
        }
        let request = Request {
            covered: &covered,
            ..Request::default()
        };

        scan(&data, &request, &budget).expect("coverage inside the file");
    }
    if let Ok(Some(inside)) = Cab.open(&data, &budget) {
        for block in 0..inside.blocks() {
            let _ = inside.decode(&data, block, &budget, &mut Counted(&*inside));
        }
    }
});
