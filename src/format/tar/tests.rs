use super::Tar;
use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::{Content, Format, Kind, Sniff};
use crate::model::finding::Status;

/// Sets size and checksum of a header block with this name and type.
fn header(name: &str, flag: u8, size: &[u8], link: &str) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(124, size);
    put(148, b"        ");
    put(156, &[flag]);
    put(157, link.as_bytes());
    put(257, b"ustar\x0000");
    seal(&mut block);
    block
}

fn seal(block: &mut [u8]) {
    block[148..156].copy_from_slice(b"        ");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

fn member(name: &str, flag: u8, data: &[u8]) -> Vec<u8> {
    let mut out = header(name, flag, format!("{:011o}\0", data.len()).as_bytes(), "");
    out.extend(data);
    out.resize(out.len().next_multiple_of(512), 0);
    out
}

fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let len = (rest..rest + 5)
            .find(|len| len.to_string().len() + rest == *len)
            .unwrap();
        text += &format!("{len} {key}={value}\n");
    }
    member("PaxHeaders/x", b'x', text.as_bytes())
}

fn tar(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut out = parts.concat();
    out.resize(out.len() + 1024, 0);
    out
}

fn budget() -> Budget<'static> {
    Budget::start(Limits::default(), &Stopped)
}

fn list(file: &Vec<u8>) -> Vec<(String, Kind, Option<Vec<u8>>)> {
    let inside = Tar.open(file, &budget()).unwrap().unwrap();
    let content = |content: &Content| match content {
        Content::Stored(span) => Some(file.read_range(span.clone()).unwrap()),
        Content::Coded | Content::Unreadable(_) => None,
    };
    inside
        .entries()
        .iter()
        .map(|e| (e.path.clone(), e.kind, content(&e.content)))
        .collect()
}

fn files(file: &Vec<u8>) -> Vec<(String, Vec<u8>)> {
    list(file)
        .into_iter()
        .filter_map(|(path, _, data)| Some((path, data?)))
        .collect()
}

fn ids(file: &dyn ReadAt) -> Vec<&'static str> {
    match Tar.extract(file, &budget()) {
        Ok(out) => out.findings.iter().map(|f| f.definition.id).collect(),
        Err(error) => vec![error.reason()],
    }
}

fn named(pairs: &[(&str, &[u8])]) -> Vec<(String, Vec<u8>)> {
    pairs
        .iter()
        .map(|(name, data)| ((*name).to_owned(), data.to_vec()))
        .collect()
}

#[test]
fn names_come_from_the_header_its_prefix_a_long_name_or_a_pax_header() {
    let mut prefixed = member("file", b'0', b"2");
    prefixed[345..350].copy_from_slice(b"a/dir");
    seal(&mut prefixed[..512]);
    let long = "long/".repeat(50);
    let gnu = member("././@LongLink", b'L', &[long.as_bytes(), b"\0"].concat());
    let file = tar(&[
        member("plain", b'0', b"1"),
        prefixed,
        gnu,
        member("cut", b'0', b"3"),
        pax(&[("mtime", "1.5"), ("path", "päx/name")]),
        member("cut", b'0', b"4"),
        member("after", 0, b"5"),
    ]);
    assert_eq!(
        files(&file),
        named(&[
            ("plain", b"1"),
            ("a/dir/file", b"2"),
            (&long, b"3"),
            ("päx/name", b"4"),
            ("after", b"5")
        ])
    );
    assert_eq!(ids(&file), [""; 0]);
}

#[test]
fn a_pax_size_moves_the_next_header_too() {
    let inner = member("hidden", b'0', b"x");
    // The header's own size says that nothing follows it; a reader that steps by it sees the hidden member.
    let size = inner.len().to_string();
    let mut outer = header("outer", b'0', b"00000000000\0", "");
    outer.extend(&inner);
    let file = tar(&[pax(&[("size", &size)]), outer, member("last", b'0', b"y")]);
    assert_eq!(files(&file), named(&[("outer", &inner), ("last", b"y")]));
    assert_eq!(ids(&file), ["pax-size-override"]);
    let agreed = tar(&[pax(&[("size", "1")]), member("a", b'0', b"1")]);
    assert_eq!(ids(&agreed), [""; 0]);
}

#[test]
fn links_devices_and_sparse_files_have_no_content_of_their_own() {
    let size = b"00000000017\0";
    let file = tar(&[
        header("link", b'2', size, "to"),
        header("hard", b'1', size, "to"),
        header("pipe", b'6', size, ""),
        header("dir/", b'5', size, ""),
        member("sparse", b'S', b"map"),
        member("to", b'7', b"1"),
    ]);
    let kinds: Vec<_> = list(&file)
        .into_iter()
        .map(|(path, kind, data)| (path, kind, data.is_some_and(|d| !d.is_empty())))
        .collect();
    let expect = |path: &str, kind, content| (path.to_owned(), kind, content);
    assert_eq!(
        kinds,
        [
            expect("link", Kind::Special, false),
            expect("hard", Kind::Special, false),
            expect("pipe", Kind::Special, false),
            expect("dir/", Kind::Directory, false),
            expect("sparse", Kind::File, false),
            expect("to", Kind::File, true),
        ]
    );
    let out = Tar.extract(&file, &budget()).unwrap();
    let found: Vec<_> = out
        .findings
        .iter()
        .map(|f| (f.definition.id, f.status))
        .collect();
    assert_eq!(
        found,
        [
            ("symlink-entry", Status::Pass),
            ("hardlink-entry", Status::Pass),
            ("device-entry", Status::Review)
        ]
    );
}

#[test]
fn what_breaks_the_walk_is_malformed_and_what_came_before_is_listed() {
    let good = member("a", b'0', b"1");
    let bad = |change: fn(&mut Vec<u8>)| {
        let mut next = member("b", b'0', b"2");
        change(&mut next);
        let file = tar(&[good.clone(), next]);
        assert_eq!(files(&file), named(&[("a", b"1")]));
        ids(&file)
    };
    assert_eq!(bad(|b| b[0] = b'c'), ["bad-checksum"]);
    assert_eq!(
        bad(|b| b[124..136].copy_from_slice(b"-0000000001\0")),
        ["bad-size"]
    );
    assert_eq!(bad(|b| b[124..136].fill(0xff)), ["bad-size"]);
    let huge = |b: &mut Vec<u8>| {
        b[124..136].copy_from_slice(&[0x80, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0]);
        seal(&mut b[..512]);
    };
    assert_eq!(bad(huge), ["truncated-archive"]);
    let torn = tar(&[
        good.clone(),
        member("x", b'x', b"99 path=a\n"),
        good.clone(),
    ]);
    assert_eq!(ids(&torn), ["bad-pax-header"]);
}

#[test]
fn what_stands_behind_the_end_is_a_member_unless_it_is_padding() {
    let mut file = tar(&[member("a", b'0', b"1")]);
    file.resize(10_240, 0);
    assert_eq!(ids(&file), [""; 0]);
    file.extend(b"more");
    assert_eq!(ids(&file), ["trailing-data"]);
    assert!(files(&file)[1].1.ends_with(b"more"));
}

#[test]
fn packages_are_told_by_what_makes_them_one() {
    for (name, expected) in [
        ("package/package.json", "npm package, 1 entry"),
        ("x-1.0/Cargo.toml.orig", "Rust crate, 1 entry"),
        ("x-1.0/PKG-INFO", "Python source distribution, 1 entry"),
        ("./a", "tar archive, 1 entry"),
    ] {
        let file = tar(&[member(name, b'0', b"")]);
        assert_eq!(Tar.extract(&file, &budget()).unwrap().description, expected);
        assert!(Tar.detect(&Sniff::of(&file)));
    }
}

#[test]
fn limits_end_a_walk() {
    let crowd = tar(&vec![member("a", b'0', b""); 20]);
    let few = || {
        Budget::start(
            Limits {
                max_members: 19,
                ..Limits::default()
            },
            &Stopped,
        )
    };
    assert_eq!(Tar.open(&crowd, &few()).unwrap_err().reason(), "over-limit");
    assert_eq!(
        Tar.extract(&crowd, &few()).unwrap_err().reason(),
        "over-limit"
    );
    let long = tar(&[member("x", b'x', &vec![b' '; (1 << 20) + 1])]);
    assert_eq!(ids(&long), ["over-limit"]);
}

#[test]
fn no_cut_and_no_flipped_bit_panics_or_lists_data_outside_the_file() {
    let good = tar(&[
        pax(&[("path", "long/name"), ("size", "3")]),
        member("cut", b'0', b"abc"),
        header("link", b'2', b"00000000000\0", "../to"),
    ]);
    for cut in 0..good.len() {
        let _ = files(&good[..cut].to_vec());
    }
    for bit in (0..good.len() * 8).step_by(3) {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let _ = files(&bad);
        let _ = ids(&bad);
    }
}
