//! What the one pass over a file costs, against a plain SHA-256 of the same bytes.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::base::oid::Oid;
use bonafide::model::cms::PageHashes;
use bonafide::model::digest::DigestAlgorithm::{Sha1, Sha256};
use bonafide::model::extract::{Coverage, HeaderChecksum, PageLayout, Piece};
use bonafide::verify::digest::hash;
use bonafide::verify::image::{Request, Scan, scan};
use divan::Bencher;
use divan::counter::BytesCount;

/// A small library, and one that threads are worth it for.
const SIZES: [usize; 2] = [40 << 10, 128 << 20];

fn main() {
    divan::main();
}

/// An image with its signature's usual coverage: all but two holes in the headers and a table at the end.
fn image(size: usize) -> (Vec<u8>, Coverage, HeaderChecksum) {
    let end = u64::try_from(size).unwrap();
    let table = end.saturating_sub(10_000);
    let header = [0..344, 348..424, 432..1024].map(Piece::Span);
    let coverage = Coverage {
        pages: Some(PageLayout {
            page_size: 4096,
            header: header.into_iter().chain([Piece::Zeros(3072)]).collect(),
            sections: std::iter::once(1024..table).collect(),
        }),
        ..Coverage::spans([0..344, 348..424, 432..table])
    };
    let checksum = HeaderChecksum {
        span: 344..348,
        stored: 0,
    };
    (vec![0x5a; size], coverage, checksum)
}

fn run(file: &dyn ReadAt, request: &Request<'_>) -> Scan {
    scan(file, request, &Budget::start(Limits::default(), &Stopped)).unwrap()
}

#[divan::bench(args = SIZES)]
fn plain_sha256(bencher: Bencher<'_, '_>, size: usize) {
    let (file, ..) = image(size);
    bencher
        .counter(BytesCount::new(size))
        .bench_local(|| hash(Sha256, &file));
}

#[divan::bench(args = SIZES)]
fn one_signature(bencher: Bencher<'_, '_>, size: usize) {
    let (file, coverage, checksum) = image(size);
    let request = Request {
        flat: &[Sha256],
        covered: &[(&coverage, Sha256)],
        checksum: Some(&checksum),
        ..Request::default()
    };
    bencher
        .counter(BytesCount::new(size))
        .bench_local(|| run(&file, &request));
}

#[divan::bench(args = SIZES)]
fn two_signatures(bencher: Bencher<'_, '_>, size: usize) {
    let (file, coverage, checksum) = image(size);
    let request = Request {
        flat: &[Sha256],
        covered: &[(&coverage, Sha1), (&coverage, Sha256)],
        checksum: Some(&checksum),
        ..Request::default()
    };
    bencher
        .counter(BytesCount::new(size))
        .bench_local(|| run(&file, &request));
}

#[divan::bench(args = SIZES)]
fn one_signature_with_page_hashes(bencher: Bencher<'_, '_>, size: usize) {
    let (file, coverage, checksum) = image(size);
    let hashes = PageHashes {
        kind: Oid::parse("1.3.6.1.4.1.311.2.3.2").unwrap(),
        table: Vec::new(),
    };
    let request = Request {
        flat: &[Sha256],
        covered: &[(&coverage, Sha256)],
        pages: &[(coverage.pages.as_ref(), &hashes)],
        checksum: Some(&checksum),
    };
    bencher
        .counter(BytesCount::new(size))
        .bench_local(|| run(&file, &request));
}
