use flate2::Crc;

use crate::base::budget::Exceeded;
use crate::format::sevenz::SevenZ;
use crate::format::testing::{members, survives};
use crate::format::{Error, Format};

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// An archive around a header of the test's own.
fn archive(packed: &[u8], header: &[u8]) -> Vec<u8> {
    let mut place = (packed.len() as u64).to_le_bytes().to_vec();
    place.extend((header.len() as u64).to_le_bytes());
    place.extend(crc(header).to_le_bytes());
    let mut out = b"7z\xbc\xaf\x27\x1c\x00\x04".to_vec();
    out.extend(crc(&place).to_le_bytes());
    out.extend(place);
    out.extend_from_slice(packed);
    out.extend_from_slice(header);
    out
}

/// One folder with one coder, holding `a/b.txt` ("hello") and `c` ("world").
fn two(coder: &[u8], stated_crc: u32) -> Vec<u8> {
    packed(b"helloworld", coder, stated_crc)
}

/// The same, out of ten packed bytes.
fn packed(packed: &[u8; 10], coder: &[u8], stated_crc: u32) -> Vec<u8> {
    let mut header = vec![0x01, 0x04, 0x06, 0, 1, 0x09, 10, 0, 0x07, 0x0b, 1, 0, 1];
    header.extend_from_slice(coder);
    header.extend([0x0c, 10, 0, 0x08, 0x0d, 2, 0x09, 5, 0x0a, 1]);
    header.extend(crc(b"hello").to_le_bytes());
    header.extend(stated_crc.to_le_bytes());
    header.extend([0, 0]);
    let names: Vec<u8> = "a\\b.txt\0c\0"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    header.extend([0x05, 2, 0x11, names.len() as u8 + 1, 0]);
    header.extend(names);
    header.extend([0, 0]);
    archive(packed, &header)
}

const COPY: &[u8] = &[0x01, 0x00];

#[test]
fn members_of_one_folder_come_out_in_order_with_their_paths() {
    let (members, errors) = members(&SevenZ, &two(COPY, crc(b"world"))).unwrap();
    assert_eq!(errors, []);
    assert_eq!(
        members,
        [
            ("a/b.txt".into(), Ok(b"hello".to_vec())),
            ("c".into(), Ok(b"world".to_vec()))
        ]
    );
}

#[test]
fn a_member_with_another_checksum_fails_at_its_last_read() {
    let (members, errors) = members(&SevenZ, &two(COPY, 7)).unwrap();
    assert!(members[0].1.is_ok());
    assert!(members[1].1.as_ref().unwrap_err().contains("CRC-32"));
    assert_eq!(errors[0].reason(), "sevenz-data");
}

#[test]
fn a_folder_that_does_not_decode_fails_for_each_of_its_members() {
    // An LZMA2 chunk whose properties (0xff) are none.
    let chunk = [0xe0, 0, 9, 0, 4, 0xff, 0, 0, 0, 0];
    let (members, errors) =
        members(&SevenZ, &packed(&chunk, &[0x21, 0x21, 1, 0], crc(b"world"))).unwrap();
    assert!(members.iter().all(|(_, content)| content.is_err()));
    assert_eq!(errors[0].reason(), "sevenz-data");
}

#[test]
fn encryption_unknown_methods_and_large_dictionaries_are_named_and_not_decoded() {
    for (coder, why) in [
        (&[0x04u8, 0x06, 0xf1, 0x07, 0x01][..], "encrypted"),
        (
            &[0x04, 0x04, 0xf7, 0x11, 0x02],
            "7z method 4f71102 (brotli)",
        ),
        (
            &[0x23, 0x03, 0x01, 0x01, 5, 0x5d, 0, 0, 0, 0x40],
            "asks for a dictionary of 1024 MiB, over the limit of 128",
        ),
        (
            &[0x21, 0x21, 1, 99],
            "coder properties that no encoder writes",
        ),
    ] {
        let (members, errors) = members(&SevenZ, &two(coder, 0)).unwrap();
        assert_eq!(errors, []);
        assert!(
            members.iter().all(|(_, c)| c == &Err(why.to_owned())),
            "{why}"
        );
    }
}

#[test]
fn coders_that_feed_each_other_in_a_circle_end() {
    // Two copies, the second bound to itself, the first packed: no chain reaches a packed stream.
    let coder = [0x01, 0x00, 0x01, 0x00, 1, 1];
    let mut bytes = two(&coder, 0);
    let at = bytes.windows(2).position(|w| w == [0x0b, 1]).unwrap();
    bytes[at + 3] = 2;
    let header = bytes.split_off(42);
    let bytes = archive(b"helloworld", &header);
    assert!(members(&SevenZ, &bytes).is_err() || !members(&SevenZ, &bytes).unwrap().1.is_empty());
}

#[test]
fn counts_and_sizes_that_the_header_cannot_hold_allocate_nothing() {
    let huge = [0xff; 9];
    for (before, after) in [
        (&[0x01u8, 0x04, 0x06, 0][..], &[0x09, 1, 0][..]),
        (&[0x01, 0x04, 0x07, 0x0b], &[0, 1]),
        (&[0x01, 0x05], &[0x11, 3]),
    ] {
        let header = [before, &huge[..], after].concat();
        assert_eq!(
            members(&SevenZ, &archive(b"", &header))
                .unwrap_err()
                .reason(),
            "sevenz-header"
        );
    }
    let mut place = [0; 20];
    place[8..16].copy_from_slice(&u64::MAX.to_le_bytes());
    let mut bytes = b"7z\xbc\xaf\x27\x1c\x00\x04".to_vec();
    bytes.extend(crc(&place).to_le_bytes());
    bytes.extend(place);
    assert!(members(&SevenZ, &bytes).is_err());
}

#[test]
fn an_archive_of_nothing_has_no_members() {
    assert_eq!(members(&SevenZ, &archive(b"", b"")).unwrap().0, []);
}

#[test]
fn more_members_than_allowed_are_a_limit() {
    use crate::base::budget::{Budget, Limits, Stopped};
    let limits = Limits {
        max_members: 1,
        ..Limits::default()
    };
    let error = SevenZ
        .open(&two(COPY, 0), &Budget::start(limits, &Stopped))
        .unwrap_err();
    assert!(matches!(error, Error::Limit(Exceeded::Count { .. })));
}

#[test]
fn no_cut_and_no_changed_byte_panics() {
    let bytes = two(COPY, crc(b"world"));
    survives(&SevenZ, &bytes);
    // The same behind checksums that hold.
    let header = &bytes[42..];
    for at in 0..header.len() {
        for value in [0, 1, 0x10, 0x7f, 0x80, 0xff] {
            let mut header = header.to_vec();
            header[at] = value;
            let _ = members(&SevenZ, &archive(b"helloworld", &header));
        }
    }
}
