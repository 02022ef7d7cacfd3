//! Any bytes as a compound file and as a Windows Installer package: an answer without a panic, and only ranges that lie in the
//! file.
#![no_main]

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::cfb::Cfb;
use bonafide::format::msi::Msi;
use bonafide::format::{Content, Error, Format, Out};
use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::image::{Request, scan};
use libfuzzer_sys::fuzz_target;

struct Sink;

impl Out for Sink {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, _: usize, content: &mut dyn std::io::Read) -> Result<(), Error> {
        std::io::copy(content, &mut std::io::sink()).expect("pieces lie in the file");
        Ok(())
    }
}

fuzz_target!(|data: &[u8]| {
    let data = data.to_vec();
    let budget = Budget::start(Limits::default(), &Stopped);
    for format in [&Msi as &dyn Format, &Cfb] {
        let Ok(out) = format.extract(&data, &budget) else {
            continue;
        };
        for claim in &out.claimed {
            assert!(claim.span.end <= data.size());
        }
        let covered: Vec<_> = out
            .signatures
            .iter()
            .flat_map(|signature| signature.covers.coverages())
            .map(|coverage| (coverage, DigestAlgorithm::Sha1))
            .collect();
        let request = Request {
            covered: &covered,
            ..Request::default()
        };
        let scan = scan(&data, &request, &budget).expect("coverage inside the file");
        assert!(scan.covered.iter().all(Option::is_some));
        let Ok(Some(inside)) = format.open(&data, &budget) else {
            continue;
        };
        for entry in inside.entries() {
            if let Content::Stored(span) = &entry.content {
                data.read_range(span.clone()).expect("inside the file");
            }
        }
        for block in 0..inside.blocks() {
            inside
                .decode(&data, block, &budget, &mut Sink)
                .expect("pieces lie in the file");
        }
    }
});
