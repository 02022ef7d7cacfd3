use std::io::{Read, Write};

use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::rpm::Rpm;
use crate::format::{Content, Error, Format, Inside, Kind, Out, Sniff};
use crate::model::extract::Extract;

/// One tag of a header.
enum Value {
    Strings(u32, Vec<String>),
    Words(Vec<u32>),
    Halves(Vec<u16>),
}

fn strings(values: &[&str]) -> Value {
    Value::Strings(8, values.iter().map(|v| (*v).to_owned()).collect())
}

fn header(tags: &[(u32, Value)]) -> Vec<u8> {
    let (mut index, mut data) = (Vec::new(), Vec::new());
    for (tag, value) in tags {
        let (kind, width, count, bytes) = match value {
            Value::Strings(kind, values) => {
                let bytes = values.iter().flat_map(|v| [v.as_bytes(), &[0]].concat());
                (*kind, 1, values.len(), bytes.collect::<Vec<u8>>())
            }
            Value::Words(values) => {
                let bytes = values.iter().flat_map(|v| v.to_be_bytes()).collect();
                (4, 4, values.len(), bytes)
            }
            Value::Halves(values) => {
                let bytes = values.iter().flat_map(|v| v.to_be_bytes()).collect();
                (3, 2, values.len(), bytes)
            }
        };
        data.resize(data.len().next_multiple_of(width), 0);
        for word in [*tag, kind, word(data.len()), word(count)] {
            index.extend_from_slice(&word.to_be_bytes());
        }
        data.extend_from_slice(&bytes);
    }
    let mut out = vec![0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];
    out.extend_from_slice(&word(tags.len()).to_be_bytes());
    out.extend_from_slice(&word(data.len()).to_be_bytes());
    [out, index, data].concat()
}

fn word(value: usize) -> u32 {
    u32::try_from(value).unwrap()
}

fn package(signature: &[(u32, Value)], tags: &[(u32, Value)], payload: &[u8]) -> Vec<u8> {
    let mut out = vec![0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 0];
    out.resize(96, 0);
    out.extend(header(signature));
    out.resize(out.len().next_multiple_of(8), 0);
    out.extend(header(tags));
    out.extend_from_slice(payload);
    out
}

fn record(name: &str, mode: u32, content: &[u8]) -> Vec<u8> {
    let (size, name_len) = (word(content.len()), word(name.len() + 1));
    let fields = [1, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name_len, 0];
    let digits: String = fields.iter().map(|f| format!("{f:08x}")).collect();
    let mut out = format!("070701{digits}{name}\0").into_bytes();
    out.resize(out.len().next_multiple_of(4), 0);
    out.extend_from_slice(content);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

/// A record of a large package: the file of this index.
fn indexed(index: u32, content: &[u8]) -> Vec<u8> {
    let mut out = format!("07070X{index:08x}\0\0").into_bytes();
    out.extend_from_slice(content);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `/usr` and, in it, two names of one file, a link, and a file that is not in the payload.
fn tags() -> Vec<(u32, Value)> {
    vec![
        (1000, Value::Strings(6, vec!["example".into()])),
        (1001, Value::Strings(6, vec!["1.0".into()])),
        (1011, Value::Strings(6, vec!["Example GmbH".into()])),
        (1028, Value::Words(vec![4096, 5, 5, 3, 9])),
        (
            1030,
            Value::Halves(vec![0o040_755, 0o100_644, 0o100_644, 0o120_777, 0o100_644]),
        ),
        (1037, Value::Words(vec![0, 0, 0, 0, 64])),
        (1095, Value::Words(vec![1; 5])),
        (1096, Value::Words(vec![1, 2, 2, 3, 4])),
        (1116, Value::Words(vec![0, 1, 1, 1, 1])),
        (1117, strings(&["usr", "a", "b", "link", "log"])),
        (1118, strings(&["/", "/usr/"])),
    ]
}

fn end() -> Vec<u8> {
    record("TRAILER!!!", 0, b"")
}

fn named() -> Vec<u8> {
    [
        record("./usr", 0o040_755, b""),
        record("./usr/a", 0o100_644, b""),
        record("./usr/b", 0o100_644, b"hello"),
        record("./usr/link", 0o120_777, b"a/b"),
        end(),
    ]
    .concat()
}

fn budget() -> Budget<'static> {
    Budget::start(Limits::default(), &Stopped)
}

fn extract(bytes: &[u8]) -> Result<Extract, Error> {
    Rpm.extract(&bytes.to_vec(), &budget())
}

fn open(bytes: &[u8]) -> Result<Box<dyn Inside>, Error> {
    Rpm.open(&bytes.to_vec(), &budget()).map(Option::unwrap)
}

/// Takes everything.
#[derive(Default)]
struct All(Vec<(usize, Vec<u8>)>);

impl Out for All {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
        let mut taken = Vec::new();
        std::io::copy(content, &mut taken).map_err(Error::read(0))?;
        self.0.push((index, taken));
        Ok(())
    }
}

fn decode(bytes: &[u8]) -> Result<Vec<(usize, Vec<u8>)>, Error> {
    let inside = open(bytes)?;
    let mut all = All::default();
    for block in 0..inside.blocks() {
        inside.decode(&bytes.to_vec(), block, &budget(), &mut all)?;
    }
    Ok(all.0)
}

#[test]
fn a_package_says_what_it_is_and_lists_what_its_payload_has() {
    let bytes = package(&[(1004, strings(&["x"]))], &tags(), &gzip(&named()));
    assert!(Rpm.detect(&Sniff::of(&bytes)));
    let out = extract(&bytes).unwrap();
    assert!(out.gaps.is_empty() && out.findings.is_empty());
    for claim in &out.claimed {
        let span =
            usize::try_from(claim.span.start).unwrap()..usize::try_from(claim.span.end).unwrap();
        assert_eq!(&bytes[span], claim.value.as_bytes());
    }
    let keys: Vec<&str> = out.claimed.iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys, ["Name", "Version", "Vendor"]);
    let inside = open(&bytes).unwrap();
    let listed: Vec<_> = inside
        .entries()
        .iter()
        .map(|e| (e.path.as_str(), e.kind))
        .collect();
    assert_eq!(
        listed,
        [
            ("usr", Kind::Directory),
            ("usr/a", Kind::Special),
            ("usr/b", Kind::File),
            ("usr/link", Kind::Special),
        ]
    );
}

#[test]
fn files_come_out_of_every_coding_and_of_records_with_and_without_names() {
    let numbered = [
        indexed(0, b""),
        indexed(1, b""),
        indexed(2, b"hello"),
        indexed(3, b"a/b"),
        end(),
    ]
    .concat();
    for payload in [named(), gzip(&named()), numbered.clone(), gzip(&numbered)] {
        let bytes = package(&[(1004, strings(&["x"]))], &tags(), &payload);
        assert_eq!(decode(&bytes).unwrap(), [(2, b"hello".to_vec())]);
    }
}

#[test]
fn a_payload_that_differs_from_the_header_is_malformed() {
    let file = |name: &str, content: &[u8]| record(name, 0o100_644, content);
    for records in [
        vec![file("./usr/other", b"x"), end()],
        vec![file("./usr/b", b"hell"), end()],
        vec![file("./usr/a", b"hello"), file("./usr/b", b"hello"), end()],
        vec![file("./usr/b", b"hello"), file("./usr/b", b"hello"), end()],
        vec![file("./usr/log", b"123456789"), end()],
        vec![indexed(7, b""), end()],
        vec![end()],
    ] {
        let bytes = package(&[(1004, strings(&["x"]))], &tags(), &records.concat());
        let reason = decode(&bytes).unwrap_err().reason();
        assert_eq!(reason, "rpm-payload-differs", "{records:?}");
    }
}

#[test]
fn signatures_are_named_as_not_examined() {
    let signature = [(268, strings(&["x"])), (278, strings(&["y"]))];
    let out = extract(&package(&signature, &tags(), &named())).unwrap();
    assert_eq!(out.gaps.len(), 1);
    assert!(out.gaps[0].what.contains("tag 268") && out.gaps[0].what.contains("tag 278"));
}

#[test]
fn a_payload_of_unknown_coding_is_unreadable_and_never_empty() {
    let bytes = package(&[(1004, strings(&["x"]))], &tags(), b"?? unknown");
    let inside = open(&bytes).unwrap();
    assert_eq!(inside.blocks(), 0);
    let unreadable = |e: &crate::format::Entry| matches!(e.content, Content::Unreadable(_));
    assert!(inside.entries().iter().all(unreadable));
    let missing = package(&[(1004, strings(&["x"]))], &tags(), b"");
    assert!(decode(&missing).is_err());
}

#[test]
fn what_follows_the_payload_is_noted_and_what_lacks_is_a_gap() {
    let tags = tags();
    let payload = named();
    let whole = header(&tags).len() + payload.len();
    let stating = |size: usize| {
        let signature = [(1000, Value::Words(vec![word(size)]))];
        extract(&package(&signature, &tags, &payload)).unwrap()
    };
    assert!(stating(whole).findings.is_empty());
    assert_eq!(
        stating(whole - 4).findings[0].definition.id,
        "trailing-data"
    );
    assert_eq!(stating(whole + 4).gaps.len(), 1);
}

#[test]
fn one_long_directory_name_under_many_files_is_bounded() {
    let directory = format!("/{}/", "d".repeat(4000));
    let count = 60_000;
    let bases = vec!["f"; count];
    let tags = [
        (1028, Value::Words(vec![0; count])),
        (1030, Value::Halves(vec![0o100_644; count])),
        (1116, Value::Words(vec![0; count])),
        (1117, strings(&bases)),
        (1118, strings(&[&directory])),
    ];
    let error = open(&package(&[(1004, strings(&["x"]))], &tags, b"")).unwrap_err();
    assert_eq!(error.reason(), "over-limit");
}

#[test]
fn a_package_cut_or_changed_anywhere_gives_an_answer() {
    let bytes = package(&[(1004, strings(&["x"]))], &tags(), &gzip(&named()));
    let end = bytes.len();
    let whole = decode(&bytes).unwrap();
    for cut in 4..end {
        let cut = &bytes[..cut];
        let _ = extract(cut);
        // Where not even the coding is there, nothing comes out and every file is unreadable.
        assert_ne!(
            decode(cut).ok(),
            Some(whole.clone()),
            "{} of {end}",
            cut.len()
        );
    }
    for at in 0..end {
        for bit in 0..8 {
            let mut mutant = bytes.clone();
            mutant[at] ^= 1 << bit;
            let _ = (extract(&mutant), decode(&mutant));
        }
    }
}
