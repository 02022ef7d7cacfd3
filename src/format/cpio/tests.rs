use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::cpio::Cpio;
use crate::format::{Content, Entry, Error, Format, Inside, Kind};

/// One record: name, mode, links, content.
pub(crate) fn record(name: &str, mode: u32, links: u32, content: &[u8]) -> Vec<u8> {
    // inode, mode, uid, gid, links, mtime, size, devices, length of the name, checksum
    let (size, name_len) = (content.len(), name.len() + 1);
    let fields = [
        1,
        mode,
        0,
        0,
        links,
        0,
        u32::try_from(size).unwrap(),
        0,
        0,
        0,
        0,
    ];
    let digits: String = fields.iter().map(|f| format!("{f:08x}")).collect();
    let mut out = format!("070701{digits}{name_len:08x}{:08x}", 0);
    out.push_str(name);
    let mut out = out.into_bytes();
    out.push(0);
    out.resize(out.len().next_multiple_of(4), 0);
    out.extend_from_slice(content);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn archive(records: &[Vec<u8>]) -> Vec<u8> {
    [records.concat(), record("TRAILER!!!", 0, 1, b"")].concat()
}

fn open(bytes: &[u8]) -> Result<Box<dyn Inside>, Error> {
    let budget = Budget::start(Limits::default(), &Stopped);
    Cpio.open(&bytes.to_vec(), &budget).map(Option::unwrap)
}

fn sample() -> Vec<u8> {
    archive(&[
        record("./a", 0o040_755, 2, b""),
        record("./a/first", 0o100_644, 2, b""),
        record("./a/second", 0o100_644, 2, b"hello"),
        record("/dev/null", 0o020_666, 1, b""),
    ])
}

#[test]
fn members_are_listed_with_their_kinds_and_where_they_stand() {
    let bytes = sample();
    let inside = open(&bytes).unwrap();
    let listed: Vec<(&str, Kind)> = inside
        .entries()
        .iter()
        .map(|e| (e.path.as_str(), e.kind))
        .collect();
    assert_eq!(
        listed,
        [
            ("a", Kind::Directory),
            ("a/first", Kind::Special),
            ("a/second", Kind::File),
            ("dev/null", Kind::Special),
        ]
    );
    let Some(Entry {
        content: Content::Stored(span),
        ..
    }) = inside.entries().get(2)
    else {
        panic!("stored");
    };
    let span = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
    assert_eq!(&bytes[span], b"hello");
    assert!(inside.findings().is_empty());
}

#[test]
fn archives_that_follow_each_other_are_one_and_anything_else_is_noted() {
    let twice = [sample(), vec![0; 5000], sample()].concat();
    let inside = open(&twice).unwrap();
    assert_eq!(inside.entries().len(), 8);
    let followed = [sample(), vec![0; 100], b"#!/bin/sh".to_vec()].concat();
    let ids: Vec<_> = open(&followed)
        .unwrap()
        .findings()
        .iter()
        .map(|f| f.definition.id)
        .collect();
    assert_eq!(ids, ["trailing-data"]);
}

#[test]
fn an_archive_cut_anywhere_is_malformed() {
    let bytes = sample();
    let end = bytes.len();
    for cut in 6..end {
        let error = open(&bytes[..cut]).unwrap_err();
        assert_eq!(error.reason(), "cpio-malformed", "{cut}");
    }
}

#[test]
fn a_flipped_bit_never_panics_nor_points_outside_the_file() {
    let bytes = sample();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut mutant = bytes.clone();
            mutant[at] ^= 1 << bit;
            let Ok(inside) = open(&mutant) else { continue };
            for entry in inside.entries() {
                let Content::Stored(span) = &entry.content else {
                    panic!("stored");
                };
                assert!(span.end <= u64::try_from(mutant.len()).unwrap());
            }
        }
    }
}

#[test]
fn members_spend_from_the_budget() {
    let limits = Limits {
        max_members: 3,
        ..Limits::default()
    };
    let budget = Budget::start(limits, &Stopped);
    let error = Cpio.open(&sample(), &budget).unwrap_err();
    assert_eq!(error.reason(), "over-limit");
}
