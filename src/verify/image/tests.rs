use std::io;
use std::time::Duration;

use super::{Error, Request, Scan, checksum_mismatch, scan};
use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Clock, Limits, Stopped};
use crate::base::oid::Oid;
use crate::model::cms::PageHashes;
use crate::model::digest::DigestAlgorithm::{self, Md2, Md5, Sha1, Sha256};
use crate::model::extract::{Coverage, HeaderChecksum, PageLayout, Piece, Span};
use crate::verify::digest::hash;

/// Over the size from which sinks run on threads, and no multiple of the chunk.
const LARGE: usize = (5 << 20) + 4099;

fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    })
    .take(len)
    .collect()
}

fn run(bytes: &[u8], request: &Request<'_>) -> Result<Scan, Error> {
    scan(
        &bytes.to_vec(),
        request,
        &Budget::start(Limits::default(), &Stopped),
    )
}

fn reference(bytes: &[u8], coverage: &Coverage, algorithm: DigestAlgorithm) -> Vec<u8> {
    let mut covered: Vec<u8> = Vec::new();
    for piece in &coverage.pieces {
        match piece {
            Piece::Span(span) => covered.extend(&bytes[span.start as usize..span.end as usize]),
            Piece::Bytes(bytes) => covered.extend(bytes),
            Piece::Zeros(zeros) => covered.resize(covered.len() + *zeros as usize, 0),
        }
    }
    hash(algorithm, &covered).unwrap()
}

fn covering(spans: &[Span], zeros: u64) -> Coverage {
    let mut coverage = Coverage::spans(spans.iter().cloned());
    coverage.pieces.push(Piece::Zeros(zeros));
    coverage
}

#[test]
fn one_pass_gives_what_hashing_each_coverage_by_itself_gives() {
    for len in [0, 1, 700, 524_288, LARGE] {
        let bytes = noise(len);
        let n = len as u64;
        let coverages = [
            covering(&[0..n], 0),
            covering(&[0..n / 3, n / 3 + n / 7..n / 2, n / 2..n], 5000),
            covering(&[], 8),
            Coverage {
                pieces: vec![
                    Piece::Bytes(b"before".to_vec()),
                    Piece::Span(0..n / 2),
                    Piece::Bytes(b"between".to_vec()),
                    Piece::Span(n / 2..n),
                    Piece::Bytes(b"behind".to_vec()),
                ],
                pages: None,
            },
            covering(&[n / 2..n, 0..n / 3, n / 4..n / 2], 1),
        ];
        let covered: Vec<_> = coverages
            .iter()
            .flat_map(|c| [(c, Sha256), (c, Md5), (c, Sha256)])
            .collect();
        let flat = [Sha1, Sha256];
        let scan = run(
            &bytes,
            &Request {
                flat: &flat,
                covered: &covered,
                ..Request::default()
            },
        )
        .unwrap();
        assert_eq!(scan.covered.len(), covered.len());
        for ((coverage, algorithm), digest) in covered.iter().zip(&scan.covered) {
            assert_eq!(
                digest.as_deref(),
                Some(&*reference(&bytes, coverage, *algorithm))
            );
        }
        for algorithm in flat {
            assert_eq!(scan.flat.get(&algorithm), hash(algorithm, &bytes).as_ref());
        }
    }
}

#[test]
fn an_algorithm_that_is_never_computed_has_no_digest() {
    let coverage = covering(&[0..3], 0);
    let request = Request {
        flat: &[Md2],
        covered: &[(&coverage, Md2), (&coverage, Sha1)],
        ..Request::default()
    };
    let scan = run(b"abc", &request).unwrap();
    assert!(scan.flat.is_empty());
    assert_eq!(scan.covered, [None, hash(Sha1, b"abc")]);
}

#[test]
fn coverage_outside_the_file_is_an_error_and_no_digest() {
    for spans in [&[4..6, 0..11][..], &[0..11], &[10..11]] {
        let coverage = covering(spans, 0);
        let request = Request {
            covered: &[(&coverage, Sha1)],
            ..Request::default()
        };
        assert_eq!(run(b"0123456789", &request).unwrap_err(), Error::Coverage);
    }
}

/// The checksum as the format describes it: 16-bit words with end-around carry.
fn slow_checksum(bytes: &[u8], field: usize) -> u32 {
    let mut bytes = bytes.to_vec();
    let size = bytes.len() as u32;
    bytes[field..field + 4].fill(0);
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    let sum = bytes.chunks(2).fold(0u32, |sum, w| {
        let sum = sum + u32::from(u16::from_le_bytes([w[0], w[1]]));
        (sum & 0xffff) + (sum >> 16)
    });
    sum + size
}

#[test]
fn the_checksum_leaves_its_own_field_out_wherever_it_stands() {
    for len in [300, 301, 302, 303, LARGE] {
        let bytes = noise(len);
        for field in [216, 217, 218, 219, 524_286.min(len - 4)] {
            let stated = HeaderChecksum {
                span: field as u64..field as u64 + 4,
                stored: 0,
            };
            let scan = run(
                &bytes,
                &Request {
                    checksum: Some(&stated),
                    ..Request::default()
                },
            )
            .unwrap();
            let expected = slow_checksum(&bytes, field);
            assert_eq!(scan.checksum, Some(expected), "{len} {field}");
            assert!(checksum_mismatch(&stated, expected).is_some());
            let stated = HeaderChecksum {
                stored: expected,
                ..stated
            };
            assert!(checksum_mismatch(&stated, expected).is_none());
        }
    }
}

/// A file with headers up to 600, and sections behind them that stand in the file in another order than in the table.
fn paged(page_size: u32) -> (Vec<u8>, PageLayout) {
    let bytes = noise(30_000);
    let layout = PageLayout {
        page_size,
        header: vec![
            Piece::Span(0..100),
            Piece::Span(104..200),
            Piece::Span(208..600),
            Piece::Zeros(u64::from(page_size) - 600),
        ],
        sections: vec![10_000..22_500, 1024..9216, 29_000..29_001],
    };
    (bytes, layout)
}

fn table(bytes: &[u8], layout: &PageLayout, algorithm: DigestAlgorithm) -> Vec<u8> {
    let header = Coverage {
        pieces: layout.header.clone(),
        pages: None,
    };
    let mut out = vec![0; 4];
    out.extend(reference(bytes, &header, algorithm));
    let page_size = layout.page_size as usize;
    for section in &layout.sections {
        let raw = &bytes[section.start as usize..section.end as usize];
        for (number, page) in raw.chunks(page_size).enumerate() {
            out.extend((section.start as u32 + (number * page_size) as u32).to_le_bytes());
            let mut page = page.to_vec();
            page.resize(page_size, 0);
            out.extend(hash(algorithm, &page).unwrap());
        }
    }
    out.extend((layout.sections.last().unwrap().end as u32).to_le_bytes());
    out.extend(vec![0; algorithm.output_len()]);
    out
}

fn page_hashes(version: u8, table: Vec<u8>) -> PageHashes {
    PageHashes {
        kind: Oid::parse(&format!("1.3.6.1.4.1.311.2.3.{version}")).unwrap(),
        table,
    }
}

#[test]
fn page_hashes_hold_for_both_versions_and_both_page_sizes() {
    for (version, algorithm) in [(1, Sha1), (2, Sha256)] {
        for page_size in [4096, 8192] {
            let (bytes, layout) = paged(page_size);
            let hashes = page_hashes(version, table(&bytes, &layout, algorithm));
            let request = Request {
                pages: &[(Some(&layout), &hashes)],
                ..Request::default()
            };
            let verdict = run(&bytes, &request).unwrap().pages.remove(0);
            assert_eq!((verdict.malformed, verdict.algorithm), (None, algorithm));
            assert_eq!(verdict.pages, if page_size == 4096 { 8 } else { 5 });
            assert!(verdict.mismatches.is_empty());
        }
    }
}

#[test]
fn a_changed_byte_is_found_in_its_page() {
    let (bytes, layout) = paged(4096);
    let hashes = page_hashes(2, table(&bytes, &layout, Sha256));
    let pages: &[(Option<&PageLayout>, &PageHashes)] = &[(Some(&layout), &hashes)];
    let request = Request {
        pages,
        ..Request::default()
    };
    for (at, page) in [
        (0, Some(0)),
        (101, None),
        (205, None),
        (599, Some(0)),
        (700, None),
        (1024, Some(1024)),
        (9215, Some(5120)),
        (14_096, Some(14_096)),
        (22_499, Some(22_288)),
        (25_000, None),
        (29_000, Some(29_000)),
    ] {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        let verdict = run(&bytes, &request).unwrap().pages.remove(0);
        assert_eq!(verdict.mismatches, Vec::from_iter(page), "{at}");
    }
}

#[test]
fn a_table_that_does_not_fit_the_image_is_malformed() {
    let (bytes, layout) = paged(4096);
    let good = table(&bytes, &layout, Sha256);
    let check = |layout: Option<&PageLayout>, hashes: &PageHashes| {
        let request = Request {
            pages: &[(layout, hashes)],
            ..Request::default()
        };
        run(&bytes, &request).unwrap().pages.remove(0)
    };
    for len in [0, 35, 36, good.len() - 36, good.len() - 1] {
        let verdict = check(Some(&layout), &page_hashes(2, good[..len].to_vec()));
        assert!(verdict.malformed.is_some(), "{len}");
    }
    let mut unterminated = good.clone();
    *unterminated.last_mut().unwrap() = 1;
    assert!(
        check(Some(&layout), &page_hashes(2, unterminated))
            .malformed
            .is_some()
    );
    assert!(
        check(None, &page_hashes(2, good.clone()))
            .malformed
            .is_some()
    );
    assert!(
        check(Some(&layout), &page_hashes(3, good))
            .malformed
            .is_some()
    );
}

/// A file that has changed since it was opened.
struct Changing {
    bytes: Vec<u8>,
    opened_with: u64,
}

impl ReadAt for Changing {
    fn size(&self) -> u64 {
        self.opened_with
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.bytes.read_exact_at(offset, buf)
    }
}

#[test]
fn a_file_that_grows_or_shrinks_has_no_digest() {
    let budget = Budget::start(Limits::default(), &Stopped);
    let request = Request {
        flat: &[Sha256, Sha1],
        ..Request::default()
    };
    for len in [1000, LARGE] {
        for opened_with in [len as u64 - 1, len as u64 + 1] {
            let blob = Changing {
                bytes: noise(len),
                opened_with,
            };
            assert_eq!(scan(&blob, &request, &budget).unwrap_err(), Error::Changed);
        }
    }
}

struct Running(std::sync::atomic::AtomicU64);

impl Clock for Running {
    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.0.fetch_add(60, std::sync::atomic::Ordering::Relaxed))
    }
}

#[test]
fn time_spent_ends_the_scan() {
    let clock = Running(0.into());
    let budget = Budget::start(Limits::default(), &clock);
    let request = Request {
        flat: &[Sha256, Sha1],
        ..Request::default()
    };
    assert!(matches!(
        scan(&noise(LARGE), &request, &budget),
        Err(Error::Limit(_))
    ));
}
