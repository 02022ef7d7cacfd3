use std::io::Write;

use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::deb::Deb;
use crate::format::{Content, Error, Format, Sniff};
use crate::model::extract::Extract;

const CONTROL: &str = "Package: example\nVersion: 1.0-2\nMaintainer: Example GmbH <a@b.example>\n\
                       Description: text\n Homepage: not a field\nHomepage: https://example.test\n";

fn member(name: &str, content: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
        0,
        0,
        0,
        100_644,
        content.len()
    )
    .into_bytes();
    out.extend_from_slice(content);
    if !content.len().is_multiple_of(2) {
        out.push(b'\n');
    }
    out
}

fn tar(files: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in files {
        let mut header = vec![0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[156] = b'0';
        out.extend_from_slice(&header);
        out.extend_from_slice(content.as_bytes());
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn parts() -> Vec<Vec<u8>> {
    let control = gzip(&tar(&[("./md5sums", "x"), ("./control", CONTROL)]));
    vec![
        member("debian-binary", b"2.0\n"),
        member("control.tar.gz", &control),
        member("data.tar.gz", &gzip(&tar(&[("./usr/bin/x", "x")]))),
    ]
}

fn package(parts: &[Vec<u8>]) -> Vec<u8> {
    [b"!<arch>\n".to_vec(), parts.concat()].concat()
}

fn extract(bytes: &[u8]) -> Result<Extract, Error> {
    Deb.extract(&bytes.to_vec(), &Budget::start(Limits::default(), &Stopped))
}

fn ids(out: &Extract) -> Vec<&'static str> {
    out.findings.iter().map(|f| f.definition.id).collect()
}

#[test]
fn a_package_says_what_it_is_and_lists_its_members() {
    let bytes = package(&parts());
    assert!(Deb.detect(&Sniff::of(&bytes)));
    let out = extract(&bytes).unwrap();
    assert_eq!(out.description, "Debian package, format 2.0");
    assert!(out.findings.is_empty() && out.gaps.is_empty());
    let claimed: Vec<_> = out
        .claimed
        .iter()
        .map(|c| (c.key.as_str(), c.value.as_str()))
        .collect();
    assert_eq!(
        claimed,
        [
            ("Package", "example"),
            ("Version", "1.0-2"),
            ("Maintainer", "Example GmbH <a@b.example>"),
            ("Homepage", "https://example.test"),
        ]
    );
    let inside = Deb
        .open(&bytes, &Budget::start(Limits::default(), &Stopped))
        .unwrap()
        .unwrap();
    let names: Vec<&str> = inside.entries().iter().map(|e| e.path.as_str()).collect();
    assert_eq!(names, ["debian-binary", "control.tar.gz", "data.tar.gz"]);
    let Content::Stored(span) = &inside.entries()[0].content else {
        panic!("stored")
    };
    assert_eq!(*span, 68..72);
}

#[test]
fn a_library_of_object_files_is_no_package() {
    let mut bytes = b"!<arch>\n".to_vec();
    bytes.extend(member("/", b"symbols"));
    assert!(!Deb.detect(&Sniff::of(&bytes)));
}

#[test]
fn a_second_control_or_data_archive_is_named_whatever_its_coding() {
    let mut parts = parts();
    parts.insert(2, member("control.tar", b"x"));
    assert_eq!(
        ids(&extract(&package(&parts)).unwrap()),
        ["duplicate-member"]
    );
}

#[test]
fn a_signature_inside_is_named_and_counts_as_not_examined() {
    let mut parts = parts();
    parts.push(member("_gpgorigin", b"sig"));
    let out = extract(&package(&parts)).unwrap();
    assert_eq!(ids(&out), ["embedded-signature-unverified"]);
    assert_eq!(out.gaps.len(), 1);
}

#[test]
fn other_members_and_a_wrong_order_are_noted() {
    let mut with_more = parts();
    with_more.push(member("payload.sh", b"x"));
    assert_eq!(
        ids(&extract(&package(&with_more)).unwrap()),
        ["unexpected-member"]
    );
    let mut swapped = parts();
    swapped.swap(1, 2);
    assert_eq!(
        ids(&extract(&package(&swapped)).unwrap()),
        ["unexpected-member"]
    );
}

#[test]
fn a_package_without_its_parts_is_malformed() {
    for missing in 0..3 {
        let mut parts = parts();
        parts.remove(missing);
        assert_eq!(
            extract(&package(&parts)).unwrap_err().reason(),
            "deb-malformed"
        );
    }
    let other = package(&[member("debian-binary", b"3.0\n")]);
    assert_eq!(extract(&other).unwrap_err().reason(), "deb-malformed");
}

#[test]
fn a_package_cut_or_changed_anywhere_gives_an_answer() {
    let bytes = package(&parts());
    let end = bytes.len();
    for cut in 8..end {
        let _ = extract(&bytes[..cut]);
    }
    for at in 0..end {
        for bit in 0..8 {
            let mut mutant = bytes.clone();
            mutant[at] ^= 1 << bit;
            let Ok(out) = extract(&mutant) else { continue };
            for claim in &out.claimed {
                assert!(claim.span.end <= u64::try_from(end).unwrap());
            }
        }
    }
}

#[test]
fn a_size_beyond_the_file_is_malformed_and_allocates_nothing() {
    let mut bytes = package(&parts());
    bytes[56..66].copy_from_slice(b"9999999999");
    assert_eq!(extract(&bytes).unwrap_err().reason(), "deb-malformed");
    bytes[56..66].copy_from_slice(b"-4        ");
    assert_eq!(extract(&bytes).unwrap_err().reason(), "deb-malformed");
}
