use super::{NuGet, SIGNATURE};
use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::{Format, Sniff};
use crate::model::extract::{Coverage, Extract, Piece};

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let len = data.len() as u32;
        let mut fields = vec![0; 8];
        fields.extend([crc.sum(), len, len].map(u32::to_le_bytes).concat());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0; 2]);
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04\x14\0");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(*data);
    }
    let (at, count) = (out.len() as u32, entries.len() as u16);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].map(u16::to_le_bytes).concat());
    out.extend([directory.len() as u32, at].map(u32::to_le_bytes).concat());
    out.extend(b"\x07\0comment");
    out
}

fn package(place: usize) -> Vec<u8> {
    let mut entries: Vec<(&str, &[u8])> = vec![("a.nuspec", b"<package/>"), ("lib/a.dll", b"code")];
    entries.insert(place, (SIGNATURE, b"a signature"));
    zip(&entries)
}

fn extract(file: &dyn ReadAt) -> Extract {
    let budget = Budget::start(Limits::default(), &Stopped);
    NuGet.extract(file, &budget).unwrap()
}

fn covered(file: &dyn ReadAt, coverage: &Coverage) -> Vec<u8> {
    let bytes = coverage.pieces.iter().map(|piece| match piece {
        Piece::Span(span) => file.read_range(span.clone()).unwrap(),
        Piece::Bytes(bytes) => bytes.clone(),
        Piece::Zeros(len) => vec![0; *len as usize],
    });
    bytes.collect::<Vec<_>>().concat()
}

#[test]
fn the_digest_is_over_the_package_as_it_was_before_it_was_signed() {
    let unsigned = zip(&[("a.nuspec", b"<package/>"), ("lib/a.dll", b"code")]);
    for place in 0..3 {
        let file = package(place);
        let out = extract(&file);
        assert_eq!(out.signatures[0].bytes, b"a signature");
        let coverage = out.signatures[0].covers.first().unwrap();
        assert_eq!(covered(&file, coverage), unsigned, "{place}");
    }
}

#[test]
fn every_byte_outside_the_signatures_own_records_is_covered() {
    let file = package(1);
    let good = extract(&file);
    let wanted = covered(&file, good.signatures[0].covers.first().unwrap());
    let budget = Budget::start(Limits::default(), &Stopped);
    let records: Vec<usize> = file
        .windows(SIGNATURE.len())
        .enumerate()
        .filter(|(_, w)| *w == SIGNATURE.as_bytes())
        .map(|(at, _)| at)
        .collect();
    let own = |at: usize| {
        let local = records[0] - 30..records[0] + SIGNATURE.len() + b"a signature".len();
        let central = records[1] - 46..records[1] + SIGNATURE.len();
        local.contains(&at) || central.contains(&at)
    };
    for at in (0..file.len()).filter(|at| !own(*at)) {
        let mut bad = file.clone();
        bad[at] ^= 1;
        let Ok(out) = NuGet.extract(&bad, &budget) else {
            continue;
        };
        let signature = &out.signatures[0];
        let faulty = !signature.faults.is_empty();
        let changed = covered(&bad, signature.covers.first().unwrap()) != wanted;
        assert!(faulty || changed, "byte {at}");
    }
}

#[test]
fn what_clients_refuse_is_a_fault_of_the_signature() {
    let faults = |file: &Vec<u8>| -> Vec<&str> {
        let out = extract(file);
        let faults = out.signatures[0].faults.iter();
        faults.map(|f| f.definition.id).collect()
    };
    assert_eq!(faults(&package(2)), [""; 0]);
    let mut appended = package(2);
    appended.extend(b"more");
    assert_eq!(faults(&appended), ["trailing-data"]);
    let moved = [&b"MZ"[..], &package(2)].concat();
    assert_eq!(faults(&moved), ["prepended-data"]);
    let twice = zip(&[(SIGNATURE, b"1"), (SIGNATURE, b"2")]);
    assert_eq!(faults(&twice), ["duplicate-entry"]);
}

#[test]
fn only_the_exact_name_makes_a_signed_package() {
    let detected = |name: &str| NuGet.detect(&Sniff::of(&zip(&[(name, b"1")])));
    assert!(detected(SIGNATURE));
    assert!(!detected(".SIGNATURE.p7s") && !detected("a/.signature.p7s"));
}

#[test]
fn a_nuspec_that_cannot_be_read_is_a_gap() {
    let file = zip(&[("a.nuspec", b"<!DOCTYPE a><a/>"), (SIGNATURE, b"1")]);
    let out = extract(&file);
    assert_eq!((out.claimed.len(), out.gaps.len()), (0, 1));
}
