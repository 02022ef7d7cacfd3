//! Any table against any layout and image: an answer without a panic, and never a match of what the table does not hold.
#![no_main]

use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::base::oid::Oid;
use bonafide::model::cms::PageHashes;
use bonafide::model::extract::{PageLayout, Piece};
use bonafide::verify::image::{Request, scan};
use libfuzzer_sys::fuzz_target;

/// Version, large pages, end of the headers, sections, image, table.
type Input = (bool, bool, u16, Vec<(u16, u16)>, Vec<u8>, Vec<u8>);

fuzz_target!(|input: Input| {
    let (second, large, headers, sections, image, table) = input;
    let layout = PageLayout {
        page_size: if large { 8192 } else { 4096 },
        header: vec![Piece::Span(0..u64::from(headers)), Piece::Zeros(4096)],
        sections: sections
            .iter()
            .map(|(start, len)| u64::from(*start)..u64::from(*start) + u64::from(*len))
            .collect(),
    };
    let version = if second { 2 } else { 1 };
    let hashes = PageHashes {
        kind: Oid::parse(&format!("1.3.6.1.4.1.311.2.3.{version}")).expect("an OID"),
        table,
    };
    let request = Request {
        pages: &[(Some(&layout), &hashes)],
        ..Request::default()
    };
    let budget = Budget::start(Limits::default(), &Stopped);
    if let Ok(scan) = scan(&image, &request, &budget) {
        let verdict = &scan.pages[0];
        assert!(verdict.pages > 0);
        if hashes.table.is_empty() {
            assert!(verdict.malformed.is_some() && !verdict.mismatches.is_empty());
        }
    }
});
