use std::io::{Read, Write};

use super::Compressed;
use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::codec::findings::BAD_COMPRESSED_DATA;
use crate::format::{Error, Format, Inside, Out, Sniff};

fn gzip(name: Option<&str>, data: &[u8]) -> Vec<u8> {
    let builder = flate2::GzBuilder::new();
    let builder = match name {
        Some(name) => builder.filename(name),
        None => builder,
    };
    let mut out = builder.write(Vec::new(), flate2::Compression::default());
    out.write_all(data).unwrap();
    out.finish().unwrap()
}

fn budget() -> Budget<'static> {
    Budget::start(Limits::default(), &Stopped)
}

#[derive(Default)]
struct Keep(Vec<u8>);

impl Out for Keep {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, _: usize, content: &mut dyn Read) -> Result<(), Error> {
        let kept = std::io::copy(content, &mut self.0);
        kept.map(|_| ())
            .map_err(|e| Error::decoding(&BAD_COMPRESSED_DATA, 0, &e))
    }
}

fn open(file: &dyn ReadAt) -> Box<dyn Inside> {
    Compressed.open(file, &budget()).unwrap().unwrap()
}

#[test]
fn the_member_has_the_last_part_of_the_name_in_the_header_or_none() {
    for (stated, path) in [
        (Some("../x/a.tar"), "a.tar"),
        (Some("a"), "a"),
        (None, ""),
        (Some("x/"), ""),
    ] {
        assert_eq!(open(&gzip(stated, b"1")).entries()[0].path, path);
    }
}

#[test]
fn content_before_trailing_data_is_handed_out_and_the_data_are_told_of() {
    let mut file = gzip(None, b"words");
    file.extend(b"more");
    let mut keep = Keep::default();
    let end = open(&file).decode(&file, 0, &budget(), &mut keep);
    assert_eq!(end.unwrap_err().reason(), "trailing-data");
    assert_eq!(keep.0, b"words");
}

#[test]
fn only_a_crowd_of_members_is_told_of() {
    let ids = |count| {
        let file = gzip(None, b"1").repeat(count);
        let out = Compressed.extract(&file, &budget()).unwrap();
        out.findings
            .iter()
            .map(|f| f.definition.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(1), [""; 0]);
    assert_eq!(ids(1000), [""; 0]);
    assert_eq!(ids(1001), ["many-gzip-members"]);
}

#[test]
fn lzma_is_recognised_only_where_the_name_says_it_as_well() {
    let mut file = b"\x5d\0\0\x80\0".to_vec();
    file.extend([0xff; 8]);
    let sniff = |name| Sniff {
        head: &file,
        name,
        blob: &file,
    };
    assert!(Compressed.detect(&sniff("a.lzma")));
    assert!(!Compressed.detect(&sniff("a")));
}
