use super::Pe;
use super::testing::{HEADERS, Image, OPTIONAL_AT, PE_AT, put16, put32};
use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::{Error, Format};
use crate::model::analysis::ErrorKind;
use crate::model::evidence::Locator;
use crate::model::extract::{Extract, Home, Piece};
use crate::model::finding::Status;
use crate::model::signature::Position;

/// ContentInfo of signedData, as far as an orphan search looks.
const CMS: &[u8] = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02 and so on";

fn extract(bytes: &[u8]) -> Result<Extract, Error> {
    Pe.extract(&bytes.to_vec(), &Budget::start(Limits::default(), &Stopped))
}

fn reason(bytes: &[u8]) -> &'static str {
    extract(bytes).map_or_else(|e| e.reason(), |_| "none")
}

fn findings(out: &Extract) -> Vec<&'static str> {
    out.findings.iter().map(|f| f.definition.id).collect()
}

fn faults(out: &Extract) -> Vec<&'static str> {
    out.signatures
        .iter()
        .flat_map(|s| &s.faults)
        .map(|f| f.definition.id)
        .collect()
}

#[test]
fn a_signature_covers_everything_but_the_checksum_its_directory_entry_and_its_table() {
    for plus in [true, false] {
        let image = Image {
            plus,
            ..Image::signed(CMS)
        };
        let bytes = image.build();
        let out = extract(&bytes).unwrap();
        let [signature] = out.signatures.as_slice() else {
            panic!("{:?}", out.signatures)
        };
        let checksum = (OPTIONAL_AT + 64) as u64;
        let entry = image.directory_at() as u64;
        assert_eq!(
            *signature.covers.first().unwrap().pieces,
            [0..checksum, checksum + 4..entry, entry + 8..2048].map(Piece::Span)
        );
        assert_eq!(signature.span, 2056..bytes.len() as u64);
        assert!(signature.bytes.starts_with(CMS));
        assert_eq!(signature.position, Position::Primary);
        assert!(findings(&out).is_empty() && faults(&out).is_empty() && out.gaps.is_empty());
    }
}

#[test]
fn page_size_is_the_architectures_and_the_header_page_has_the_same_holes() {
    for (machine, page_size) in [(0x8664, 4096), (0x14c, 4096), (0x200, 8192), (0x284, 8192)] {
        let image = Image {
            machine,
            ..Image::signed(CMS)
        };
        let out = extract(&image.build()).unwrap();
        let pages = out.signatures[0]
            .covers
            .first()
            .unwrap()
            .pages
            .clone()
            .unwrap();
        assert_eq!(pages.page_size, page_size);
        let [spans @ .., Piece::Zeros(zeros)] = &pages.header[..] else {
            panic!("{:?}", pages.header)
        };
        assert_eq!(*zeros, u64::from(page_size) - 512);
        let mut hashed = 0;
        for piece in spans {
            let Piece::Span(span) = piece else {
                panic!("{piece:?}")
            };
            hashed += span.end - span.start;
        }
        assert_eq!(hashed, 500);
        assert!(matches!(spans.last(), Some(Piece::Span(s)) if s.end == 512));
        assert_eq!(pages.sections, [512..1024, 1024..2048]);
    }
}

#[test]
fn overlapping_raw_data_has_no_pages() {
    let image = Image::signed(CMS);
    let mut bytes = image.build();
    let second = OPTIONAL_AT + 240 + 40;
    put32(&mut bytes, second + 20, 768);
    assert!(
        extract(&bytes).unwrap().signatures[0]
            .covers
            .first()
            .is_some_and(|c| c.pages.is_none())
    );
}

#[test]
fn no_directory_entry_is_unsigned_and_not_malformed() {
    let plain = Image::default();
    assert!(extract(&plain.build()).unwrap().signatures.is_empty());
    let image = Image {
        directories: 4,
        ..Image::signed(CMS)
    };
    let out = extract(&image.build()).unwrap();
    // The table is still there, and nothing points to it.
    assert_eq!(findings(&out), ["orphaned-signature"]);
    assert_eq!(out.signatures[0].position, Position::Orphan);
    let mut short = plain.build();
    put16(&mut short, PE_AT + 20, 0);
    put16(&mut short, PE_AT + 6, 0);
    let out = extract(&short).unwrap();
    assert!(out.signatures.is_empty() && out.checksum.is_none());
    assert_eq!(out.description, "PE executable, x86-64");
}

#[test]
fn what_is_no_pe_says_so_whatever_its_pointer() {
    let bytes = Image::default().build();
    assert_eq!(reason(b""), "not-pe");
    assert_eq!(reason(b"MZ"), "not-pe");
    for pointer in [0, 4, 0x7fff_ffff, 0xffff_fff0, u32::MAX] {
        let mut bytes = bytes.clone();
        put32(&mut bytes, 0x3c, pointer);
        assert_eq!(reason(&bytes), "not-pe", "{pointer:x}");
    }
    let mut rom = bytes.clone();
    put16(&mut rom, OPTIONAL_AT, 0x107);
    assert_eq!(reason(&rom), "not-pe");
    let mut many = bytes;
    put16(&mut many, PE_AT + 6, u16::MAX);
    assert_eq!(reason(&many), "headers-out-of-bounds");
}

#[test]
fn a_table_that_cannot_be_read_is_malformed_and_never_unsigned() {
    let image = Image::signed(CMS);
    let bytes = image.build();
    let directory = image.directory_at();
    let table = 2048;
    let with = |offset: usize, value: u32| {
        let mut bytes = bytes.clone();
        put32(&mut bytes, offset, value);
        reason(&bytes)
    };
    assert_eq!(
        with(directory + 4, u32::MAX),
        "certificate-table-out-of-bounds"
    );
    assert_eq!(with(directory + 4, 48), "certificate-table-out-of-bounds");
    assert_eq!(with(directory, 64), "certificate-table-overlaps-headers");
    assert_eq!(with(directory, 0), "certificate-table-overlaps-headers");
    assert_eq!(
        with(OPTIONAL_AT + 60, u32::MAX),
        "certificate-table-overlaps-headers"
    );
    for length in [0, 4, 7, 8, 4096, 0xffff_fff8, u32::MAX] {
        assert_eq!(with(table, length), "bad-wincert-length", "{length}");
    }
    assert_eq!(with(directory + 4, 16), "wincert-exceeds-table");
    assert_eq!(with(directory + 4, 4), "bad-wincert-length");
    assert_eq!(
        reason(&bytes[..bytes.len() - 1]),
        "certificate-table-out-of-bounds"
    );
}

#[test]
fn a_second_entry_never_hides_behind_the_first() {
    let image = Image {
        entries: vec![
            (0x200, 2, CMS.to_vec()),
            (0x200, 0x0ef1, b"GUID".to_vec()),
            (0x200, 2, b"second".to_vec()),
        ],
        ..Image::default()
    };
    let out = extract(&image.build()).unwrap();
    let positions: Vec<_> = out.signatures.iter().map(|s| s.position.clone()).collect();
    assert_eq!(positions, [Position::Primary, Position::ExtraEntry(3)]);
    assert_eq!(
        findings(&out),
        ["multiple-certificate-entries", "unknown-wincert-type"]
    );
    assert_eq!(out.gaps.len(), 1);
    let mut broken = image.build();
    put32(&mut broken, 2048 + 32, 3);
    assert_eq!(reason(&broken), "bad-wincert-length");
}

#[test]
fn too_many_entries_are_a_limit_and_not_a_silent_stop() {
    let image = Image {
        entries: vec![(0x200, 2, b"12345678".to_vec()); 33],
        ..Image::default()
    };
    let error = extract(&image.build()).unwrap_err();
    assert_eq!(
        (error.reason(), error.kind()),
        ("over-limit", ErrorKind::Limit)
    );
}

#[test]
fn only_another_type_leaves_the_file_unsigned() {
    let image = Image {
        entries: vec![(0x200, 1, CMS.to_vec())],
        ..Image::default()
    };
    let out = extract(&image.build()).unwrap();
    assert!(out.signatures.is_empty());
    assert_eq!(findings(&out), ["unknown-wincert-type"]);
}

#[test]
fn an_old_revision_is_noticed_and_an_undefined_one_fails_the_signature() {
    for (revision, status) in [(0x100, Status::Review), (0x300, Status::Fail)] {
        let mut image = Image::signed(CMS);
        image.entries[0].0 = revision;
        let out = extract(&image.build()).unwrap();
        assert_eq!(faults(&out), ["wincert-revision"]);
        assert_eq!(out.signatures[0].faults[0].status, status);
    }
}

#[test]
fn a_crooked_table_is_noticed() {
    let image = Image::signed(b"30 bytes of contents, unpadded");
    let mut bytes = image.build();
    bytes.truncate(2048 + 38);
    put32(&mut bytes, image.directory_at() + 4, 38);
    let out = extract(&bytes).unwrap();
    assert_eq!(findings(&out), ["certificate-table-not-aligned"]);
    assert_eq!(out.signatures[0].bytes, b"30 bytes of contents, unpadded");
}

#[test]
fn a_table_inside_a_section_fails_the_signature() {
    let image = Image::signed(CMS);
    let mut bytes = image.build();
    let second = OPTIONAL_AT + 240 + 40;
    put32(&mut bytes, second + 16, 1032);
    let out = extract(&bytes).unwrap();
    assert_eq!(faults(&out), ["signature-inside-image"]);
}

#[test]
fn data_behind_the_table_fails_the_signature_and_is_looked_at() {
    let mut bytes = Image::signed(CMS).build();
    let end = bytes.len() as u64;
    bytes.extend_from_slice(b"PK\x03\x04 and the rest of an archive");
    let out = extract(&bytes).unwrap();
    assert_eq!(faults(&out), ["data-after-certificate-table"]);
    assert_eq!(findings(&out), ["polyglot"]);
    let evidence = &out.signatures[0].faults[0].evidence[0];
    let length = bytes.size() - end;
    assert_eq!(
        evidence.locator,
        Locator::Bytes {
            offset: end,
            length
        }
    );
    assert_eq!(
        out.signatures[0].covers.first().unwrap().pieces.last(),
        Some(&Piece::Span(end..bytes.size()))
    );
}

#[test]
fn a_stripped_signature_is_found_at_the_overlays_start_and_at_the_files_end() {
    let image = Image::signed(CMS);
    let strip = |mut bytes: Vec<u8>| {
        put32(&mut bytes, image.directory_at(), 0);
        put32(&mut bytes, image.directory_at() + 4, 0);
        bytes
    };
    let stripped = strip(image.build());
    let mut appended = stripped.clone();
    appended.extend_from_slice(b"something more");
    let mut behind = stripped.clone();
    behind.splice(2048..2048, [0xee; 4096]);
    for (bytes, at) in [(stripped, 2056), (appended, 2056), (behind, 2056 + 4096)] {
        let out = extract(&bytes).unwrap();
        assert_eq!(findings(&out), ["orphaned-signature"]);
        assert_eq!(out.signatures[0].span.start, at);
        assert_eq!(out.signatures[0].position, Position::Orphan);
    }
    // A signed file inside an installer is no orphan of the installer's.
    let mut carried = strip(image.build());
    carried.splice(2048..2048, [0xee; 64]);
    carried.extend_from_slice(&[0xee; 64]);
    assert!(extract(&carried).unwrap().signatures.is_empty());
}

#[test]
fn the_platform_and_the_description_come_from_the_headers() {
    let told = |subsystem, machine, plus| {
        let image = Image {
            plus,
            machine,
            subsystem,
            ..Image::default()
        };
        let out = extract(&image.build()).unwrap();
        (out.home, out.description)
    };
    assert_eq!(
        told(3, 0x8664, true),
        (Some(Home::Windows), "PE32+ executable, x86-64".into())
    );
    assert_eq!(
        told(10, 0xaa64, true),
        (Some(Home::Uefi), "PE32+ EFI application, ARM64".into())
    );
    let native = "PE32 native image (driver or system process), x86";
    assert_eq!(told(1, 0x14c, false), (Some(Home::Windows), native.into()));
    assert_eq!(told(2, 0x1234, true).1, "PE32+ executable, machine 0x1234");
}

#[test]
fn a_boot_image_may_have_several_entries() {
    let mut image = Image {
        subsystem: 10,
        ..Image::signed(CMS)
    };
    image.entries.push((0x200, 2, CMS.to_vec()));
    let out = extract(&image.build()).unwrap();
    assert_eq!(out.findings[0].status, Status::Pass);
}

#[test]
fn every_truncation_and_every_one_byte_change_gives_an_answer() {
    let mut image = Image::signed(CMS);
    image.sections[0] = super::version::tests::resources(&[("CompanyName", "Example")], 0x1000);
    image.resources = Some(0);
    let bytes = image.build();
    for len in 0..bytes.len() {
        let _ = extract(&bytes[..len]);
    }
    let mut changed = bytes.clone();
    for at in 0..bytes.len() {
        let in_headers = at < HEADERS + 512;
        for value in [0, 1, 0x7f, 0x80, 0xff, bytes[at] ^ 1] {
            changed[at] = value;
            if in_headers || value == 0xff {
                let _ = extract(&changed);
            }
        }
        changed[at] = bytes[at];
    }
}
