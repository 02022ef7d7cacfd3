//! Every single bit of a signed and timestamped file is flipped, and each mutant judged: it may pass for valid only where no
//! signature can reach, and never without a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use bonafide::envelope::cms;
use bonafide::verify::path::Cache;
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;

use crate::fixtures::{JUDGED_AT, valid_timestamped};
use crate::support::judge::{Note, Outcome, judge};
use crate::support::pe::{CHECKSUM, certificate_entry, set_checksum};
use crate::support::pki::PKI;

const THREADS: usize = 2;

/// A part of the file.
#[derive(Debug)]
struct Region {
    name: &'static str,
    range: Range<usize>,
    /// Outside of what a signature can cover: a mutant may pass, with a finding.
    free: bool,
}

/// What came of the flips in one region.
#[derive(Debug, Default)]
struct Tally {
    flips: usize,
    accepted: usize,
    /// Where: file offset and bit.
    places: Vec<(usize, u8)>,
    /// Accepted without a finding that the untouched file does not have.
    silent: Vec<(usize, u8)>,
    /// Findings of accepted mutants.
    findings: BTreeSet<&'static str>,
}

impl Tally {
    fn accept(&mut self, at: usize, bit: u8, outcome: &Outcome, known: &[Note<'_>]) {
        self.accepted += 1;
        self.places.push((at, bit));
        let notes = outcome.notes();
        let mut new = notes.iter().filter(|note| !known.contains(note)).peekable();
        if new.peek().is_none() {
            self.silent.push((at, bit));
        }
        self.findings.extend(new.map(|(id, _, _)| *id));
    }

    fn add(&mut self, other: Self) {
        self.flips += other.flips;
        self.accepted += other.accepted;
        self.places.extend(other.places);
        self.silent.extend(other.silent);
        self.findings.extend(other.findings);
    }
}

#[test]
fn a_flipped_bit_passes_only_where_no_signature_reaches_and_never_in_silence() {
    let file = valid_timestamped();
    let regions = regions(&file);
    let cache = Cache::default();
    let whole = judged(&file, &cache);
    assert!(whole.accepted(), "{whole:#?}");

    let tallies = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|n| {
                let (file, regions, whole) = (&file, &regions, &whole);
                scope.spawn(move || flip(file, n, regions, whole))
            })
            .collect();
        let mut all: BTreeMap<usize, Tally> = BTreeMap::new();
        for worker in workers {
            for (region, tally) in worker.join().unwrap() {
                all.entry(region).or_default().add(tally);
            }
        }
        all
    });

    println!(
        "{:<34} {:>6} {:>9}  findings",
        "region", "flips", "accepted"
    );
    let mut flips = 0;
    let mut wrong = Vec::new();
    for (index, tally) in &tallies {
        let region = &regions[*index];
        flips += tally.flips;
        println!(
            "{:<34} {:>6} {:>9}  {}",
            region.name,
            tally.flips,
            tally.accepted,
            tally.findings.iter().copied().collect::<Vec<_>>().join(" ")
        );
        if !region.free && tally.accepted > 0 {
            wrong.push(format!("{}: accepted at {:x?}", region.name, tally.places));
        }
        if !tally.silent.is_empty() {
            wrong.push(format!(
                "{}: in silence at {:x?}",
                region.name, tally.silent
            ));
        }
    }
    assert_eq!(flips, file.len() * 8, "every bit was tried");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every `THREADS`th octet from `first` on, bit by bit.
fn flip(file: &[u8], first: usize, regions: &[Region], whole: &Outcome) -> BTreeMap<usize, Tally> {
    let cache = Cache::default();
    let known = whole.notes();
    let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
    for at in (first..file.len()).step_by(THREADS) {
        let region = regions
            .iter()
            .position(|r| r.range.contains(&at))
            .expect("every octet has its region");
        for bit in 0..8 {
            let mut mutant = file.to_vec();
            mutant[at] ^= 1 << bit;
            // A wrong CheckSum would be a finding on every mutant and hide that there is no other.
            if !(CHECKSUM..CHECKSUM + 4).contains(&at) {
                set_checksum(&mut mutant);
            }
            let outcome = judged(&mutant, &cache);
            let tally = tallies.entry(region).or_default();
            tally.flips += 1;
            if outcome.accepted() {
                tally.accept(at, bit, &outcome, &known);
            }
        }
    }
    tallies
}

fn judged(file: &[u8], cache: &Cache) -> Outcome {
    judge(
        file,
        JUDGED_AT,
        Profile::Windows,
        &RevocationEvidence::default(),
        cache,
    )
}

/// The parts of the file, the inner before the outer.
fn regions(file: &[u8]) -> Vec<Region> {
    let entry = certificate_entry(file);
    let word = |at: usize| {
        usize::try_from(u32::from_le_bytes(file[at..at + 4].try_into().unwrap())).unwrap()
    };
    let table = word(entry);
    let start = table + 8;
    let signed = cms::read(&file[start..]).unwrap();
    let end = start + signed.encoded_len;
    let signer = &signed.signers[0];
    let at = |range: &Range<usize>| start + range.start..start + range.end;
    let unsigned = &signer.unsigned_attributes;
    let leaf = &signed.certificates[0];
    let find = |certificate: &[u8]| {
        let first = file
            .windows(certificate.len())
            .position(|w| w == certificate)
            .unwrap();
        first..first + certificate.len()
    };
    let content = start + signed.content_offset;
    let region = |name, range, free| Region { name, range, free };
    vec![
        region("CheckSum", CHECKSUM..CHECKSUM + 4, true),
        region("directory entry", entry..entry + 8, false),
        region("headers and image", 0..table, false),
        region("WIN_CERTIFICATE header", table..start, false),
        region(
            "unsigned attributes",
            at(&(unsigned[0].span.start..unsigned[unsigned.len() - 1].span.end)),
            true,
        ),
        region("SignerInfo", at(&signer.span), false),
        region("leaf certificate", find(leaf), false),
        region("CA certificate", find(&PKI.ca.certificate), false),
        region(
            "SpcIndirectDataContent",
            content..content + signed.content.len(),
            false,
        ),
        region("rest of the CMS", start..end, false),
        region("table padding", end..file.len(), true),
    ]
}
