//! The archive on small files of its own make, damaged ones, and bytes of no kind.

use proptest::prelude::{any, proptest};

use super::Asar;
use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::{Content, Entry, Format as _, Kind, Sniff};

fn archive(json: &str, files: &[u8]) -> Vec<u8> {
    let padded = json.len().next_multiple_of(4);
    let mut out = Vec::new();
    for field in [4, padded + 8, padded + 4, json.len()] {
        out.extend_from_slice(&u32::try_from(field).unwrap().to_le_bytes());
    }
    out.extend_from_slice(json.as_bytes());
    out.resize(16 + padded, 0);
    out.extend_from_slice(files);
    out
}

fn entries(bytes: &[u8]) -> Vec<Entry> {
    let blob = bytes.to_vec();
    let budget = Budget::start(Limits::default(), &Stopped);
    let inside = Asar.open(&blob, &budget).unwrap().unwrap();
    assert_eq!(inside.blocks(), 0);
    inside.entries().to_vec()
}

#[test]
fn files_are_where_the_header_says_and_never_outside() {
    let json = r#"{"files":{"a":{"files":{"b.js":{"size":3,"offset":"0"},"c":{"size":2,"offset":"3"}}},"far":{"size":9,"offset":"1"},
        "out":{"size":1,"unpacked":true},"l":{"link":"a"},"odd":{"size":-1,"offset":"x"}}}"#;
    let bytes = archive(json, b"xyz12");
    let list = entries(&bytes);
    let paths: Vec<&str> = list.iter().map(|e| e.path.as_str()).collect();
    assert_eq!(paths, ["a/b.js", "a/c", "far", "out", "l", "odd"]);
    let stored: Vec<&[u8]> = list
        .iter()
        .filter_map(|e| match &e.content {
            Content::Stored(s) => {
                bytes.get(usize::try_from(s.start).unwrap()..usize::try_from(s.end).unwrap())
            }
            Content::Coded | Content::Unreadable(_) => None,
        })
        .collect();
    assert_eq!(stored, [&b"xyz"[..], b"12"]);
    assert_eq!(list.iter().filter(|e| e.kind == Kind::Special).count(), 1);
    assert!(Asar.detect(&Sniff::of(&bytes)));
    let budget = Budget::start(Limits::default(), &Stopped);
    assert_eq!(
        Asar.extract(&bytes, &budget).unwrap().description,
        "Electron archive, 6 files"
    );
}

#[test]
fn a_header_that_lies_is_malformed_and_too_many_files_are_over_the_limit() {
    let good = archive(r#"{"files":{"a":{"size":1,"offset":"0"}}}"#, b"x");
    let budget = Budget::start(Limits::default(), &Stopped);
    for cut in 0..good.len() - 1 {
        let part = good.get(..cut).unwrap().to_vec();
        assert!(Asar.extract(&part, &budget).is_err(), "cut at {cut}");
    }
    for (at, value) in [(0, 5u8), (4, 0xff), (12, 0xff), (17, b'x')] {
        let mut bad = good.clone();
        *bad.get_mut(at).unwrap() = value;
        assert!(Asar.extract(&bad, &budget).is_err(), "byte {at}");
    }
    let long = format!(
        r#"{{"files":{{"{}":{{"files":{{"b":{{}}}}}}}}}}"#,
        "a".repeat(5000)
    );
    assert!(Asar.open(&archive(&long, b""), &budget).is_err());
    let few = Limits {
        max_members: 1,
        ..Limits::default()
    };
    let two = archive(r#"{"files":{"a":{},"b":{}}}"#, b"");
    assert!(Asar.open(&two, &Budget::start(few, &Stopped)).is_err());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..60, flip in any::<u8>()) {
        let budget = Budget::start(Limits::default(), &Stopped);
        let _ = Asar.open(&bytes, &budget);
        let mut bad = archive(r#"{"files":{"a":{"size":1,"offset":"0"}}}"#, b"x");
        if let Some(byte) = bad.get_mut(at) {
            *byte ^= flip;
        }
        let _ = (Asar.extract(&bad, &budget), Asar.open(&bad, &budget));
    }
}
