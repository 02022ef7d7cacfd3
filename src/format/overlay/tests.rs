use sha1::Sha1;
use sha2::Digest;

use crate::format::coding::sum;
use crate::format::pe::Pe;
use crate::format::pe::testing::{Image, put16, put32};
use crate::format::testing::{Outcome, members};
use crate::format::{Error, Format};

/// A resource directory at `rva` with one resource: its type, name and data.
fn resource(kind: u32, name: u32, data: &[u8], rva: u32) -> Vec<u8> {
    let mut out = vec![0; 88];
    for (at, id) in [(0, kind), (24, name), (48, 0x409)] {
        put16(&mut out, at + 14, 1);
        put32(&mut out, at + 16, id);
    }
    put32(&mut out, 20, 24 | 1 << 31);
    put32(&mut out, 44, 48 | 1 << 31);
    put32(&mut out, 68, 72);
    put32(&mut out, 72, rva + 88);
    put32(&mut out, 76, data.len() as u32);
    out.extend_from_slice(data);
    out
}

/// An image with one resource, and what stands behind it.
fn image(kind: u32, name: u32, data: &[u8], behind: &[u8]) -> Vec<u8> {
    let mut out = Image {
        sections: vec![resource(kind, name, data, 0x1000)],
        resources: Some(0),
        ..Image::default()
    }
    .build();
    out.extend_from_slice(behind);
    out
}

fn plain(behind: &[u8]) -> Vec<u8> {
    let mut out = Image::default().build();
    out.extend_from_slice(behind);
    out
}

fn listed(bytes: &Vec<u8>) -> Vec<(String, Outcome)> {
    members(&Pe, bytes).unwrap().0
}

fn description(bytes: &[u8]) -> String {
    use crate::base::budget::{Budget, Limits, Stopped};
    let budget = Budget::start(Limits::default(), &Stopped);
    Pe.extract(&bytes.to_vec(), &budget).unwrap().description
}

#[test]
fn files_in_resources_are_members_and_other_resources_are_not() {
    let inner = Image::default().build();
    assert_eq!(
        listed(&image(10, 101, &inner, b"")),
        [("[resources]/RCDATA/101".to_owned(), Ok(inner.clone()))]
    );
    // A picture, data that starts like an image by chance, and an empty file.
    assert_eq!(listed(&image(2, 101, &inner, b"")), []);
    let mut chance = vec![b'M'; 4096];
    chance[1] = b'Z';
    assert_eq!(listed(&image(10, 101, &chance, b"")), []);
    assert_eq!(listed(&image(10, 101, b"", b"")), []);
}

#[test]
fn data_behind_an_image_is_a_member_once_it_is_large() {
    assert_eq!(listed(&plain(&[7; 100])), []);
    let large = vec![7; 5000];
    assert_eq!(
        listed(&plain(&large)),
        [("[overlay]".to_owned(), Ok(large))]
    );
}

#[test]
fn an_archive_behind_an_image_has_its_own_ending() {
    let cab = [b"MSCF\0\0\0\0".as_slice(), &[0; 32]].concat();
    let bytes = plain(&cab);
    assert_eq!(listed(&bytes), [("[overlay].cab".to_owned(), Ok(cab))]);
    assert!(description(&bytes).ends_with("with a cabinet behind the image"));
}

#[test]
fn installers_that_are_not_opened_are_named() {
    for (behind, name) in [
        (&b"InstallShield\0rest"[..], "InstallShield installer"),
        (
            b"some data MEI\x0c\x0b\x0a\x0b\x0e table",
            "PyInstaller program",
        ),
        (b"some data ADVINSTSFX", "Advanced Installer bootstrapper"),
    ] {
        let bytes = plain(behind);
        assert_eq!(
            listed(&bytes),
            [("[overlay]".to_owned(), Err(format!("{name}: not opened")))]
        );
        assert!(description(&bytes).ends_with(name));
    }
}

#[test]
fn a_7z_signature_met_by_chance_is_no_archive() {
    let mut chance = vec![0x55; 64];
    chance[8..14].copy_from_slice(b"7z\xbc\xaf\x27\x1c");
    assert_eq!(listed(&plain(&chance)), []);
}

#[test]
fn a_bundle_whose_container_reaches_past_the_end_is_not_examined() {
    let mut header = vec![0; 512];
    for (at, value) in [
        (0, 0x00f1_4300),
        (4, 2),
        (24, 1024),
        (40, 1),
        (44, 1),
        (48, u32::MAX),
    ] {
        put32(&mut header, at, value);
    }
    let mut bytes = Image {
        sections: vec![header],
        ..Image::default()
    }
    .build();
    let name = crate::format::pe::testing::OPTIONAL_AT + 240;
    bytes[name..name + 8].copy_from_slice(b".wixburn");
    let [(path, Err(why))] = &listed(&bytes)[..] else {
        panic!("one member that cannot be read");
    };
    assert_eq!(path, "[overlay]");
    assert!(why.starts_with("WiX Burn bundle: "), "{why}");
}

const MAGIC: &[u8] = b"rDlPtS\xcd\xe6\xd7\x7b\x0b\x2a";

/// A block stream of one chunk, not compressed.
fn block(data: &[u8]) -> Vec<u8> {
    let mut rest = (data.len() as u32 + 4).to_le_bytes().to_vec();
    rest.push(0);
    let mut out = sum(&rest).to_le_bytes().to_vec();
    out.extend(rest);
    out.extend(sum(data).to_le_bytes());
    out.extend_from_slice(data);
    out
}

/// What a test may spoil.
struct Setup {
    version: &'static str,
    flags: u16,
    digest_of: &'static [u8],
    slice: u32,
}

const CONTENT: &[u8] = b"the content of a file";

impl Default for Setup {
    fn default() -> Self {
        Self {
            version: "6.2.0) (u)",
            flags: 0,
            digest_of: CONTENT,
            slice: 0,
        }
    }
}

impl Setup {
    /// An Inno Setup installer with one file, `{app}\a.dll`.
    fn build(&self) -> Vec<u8> {
        let text = |text: &str| {
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [&(units.len() as u32).to_le_bytes()[..], &units].concat()
        };
        let mut headers = text("Fixture");
        headers.extend([9; 40]);
        headers.extend([text(""), text("{app}\\a.dll")].concat());
        headers.extend([0; 8 * 4 + 43]);

        let mut location = vec![0; 74];
        put32(&mut location, 0, self.slice);
        put32(&mut location, 4, self.slice);
        location[20..28].copy_from_slice(&(CONTENT.len() as u64).to_le_bytes());
        location[28..36].copy_from_slice(&(CONTENT.len() as u64).to_le_bytes());
        location[36..56].copy_from_slice(&Sha1::digest(self.digest_of));
        put16(&mut location, 72, self.flags);

        let engine = [b"MZ".as_slice(), &[0x90; 30]].concat();
        let mut title = format!("Inno Setup Setup Data ({}", self.version).into_bytes();
        title.resize(64, 0);
        let start = image(10, 11111, &[0; 44], b"").len();
        let mut behind = [title, block(&headers), block(&location)].concat();
        let engine_at = start + behind.len();
        behind.extend(block(&engine));
        let data_at = start + behind.len();
        behind.extend_from_slice(b"zlb\x1a");
        behind.extend_from_slice(CONTENT);

        let mut table = MAGIC.to_vec();
        for value in [
            1,
            0,
            engine_at,
            engine.len(),
            sum(&engine) as usize,
            start,
            data_at,
        ] {
            table.extend((value as u32).to_le_bytes());
        }
        table.extend(sum(&table).to_le_bytes());
        image(10, 11111, &table, &behind)
    }
}

#[test]
fn an_inno_setup_installer_holds_its_engine_and_its_files() {
    let bytes = Setup::default().build();
    let (members, errors) = members(&Pe, &bytes).unwrap();
    assert_eq!(errors, []);
    assert!(description(&bytes).ends_with("Inno Setup 6.2.0 installer"));
    assert_eq!(members[0].0, "[setup].exe");
    assert!(members[0].1.as_ref().unwrap().starts_with(b"MZ"));
    assert_eq!(members[1], ("{app}/a.dll".to_owned(), Ok(CONTENT.to_vec())));
}

#[test]
fn a_file_with_another_digest_than_the_installer_states_fails() {
    let setup = Setup {
        digest_of: b"something else",
        ..Setup::default()
    };
    let (members, errors) = members(&Pe, &setup.build()).unwrap();
    assert!(members[1].1.as_ref().unwrap_err().contains("digest"));
    // The reader that is dropped has said so already.
    assert!(errors.iter().all(|e| e.reason() == "installer-data"));
}

#[test]
fn encrypted_files_further_disks_and_unknown_versions_are_named() {
    let encrypted = Setup {
        flags: 1 << 6,
        ..Setup::default()
    };
    assert_eq!(listed(&encrypted.build())[1].1, Err("encrypted".to_owned()));
    let disk = Setup {
        slice: 1,
        ..Setup::default()
    };
    assert_eq!(
        listed(&disk.build())[1].1,
        Err("on another disk".to_owned())
    );
    for version in ["6.5.0)", "5.4.3) (u)", "7.0.0)"] {
        let unknown = Setup {
            version,
            ..Setup::default()
        };
        let members = listed(&unknown.build());
        let number = version.split(')').next().unwrap();
        assert_eq!(
            members,
            [(
                "[overlay]".to_owned(),
                Err(format!(
                    "Inno Setup {number} installer: this version is not read"
                ))
            )]
        );
    }
}

#[test]
fn no_cut_and_no_changed_byte_of_an_inno_setup_installer_panics() {
    let bytes = Setup::default().build();
    for len in 512..bytes.len() {
        let _ = members(&Pe, &bytes[..len].to_vec());
    }
    for at in 512..bytes.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut spoiled = bytes.clone();
            spoiled[at] ^= change;
            let _ = members(&Pe, &spoiled);
        }
    }
}

/// An NSIS header with one SetOutPath and two files, Unicode strings.
fn nsis_header(offsets: [u32; 2]) -> Vec<u8> {
    let entries: [[u32; 7]; 3] = [
        [11, 1, 1, 0, 0, 0, 0],
        [20, 0, 10, offsets[0], 0, 0, 0],
        [20, 0, 16, offsets[1], 0, 0, 0],
    ];
    // At 1 the variable $INSTDIR and "\data"; at 10 and 16 two names.
    let mut strings: Vec<u16> = vec![0, 3, 0x8080 | 21];
    strings.extend("\\data".encode_utf16().chain([0, 0]));
    strings.resize(10, 0);
    strings.extend("a.dll\0b.exe\0".encode_utf16());
    let entries_at = 4 + 8 * 8;
    let strings_at = entries_at + 3 * 28;
    let mut out = vec![0; 4 + 8 * 8];
    put32(&mut out, 4 + 2 * 8, entries_at);
    put32(&mut out, 4 + 2 * 8 + 4, 3);
    put32(&mut out, 4 + 3 * 8, strings_at);
    out.extend(entries.as_flattened().iter().flat_map(|v| v.to_le_bytes()));
    out.extend(strings.iter().flat_map(|unit| unit.to_le_bytes()));
    out
}

/// An installer that is not compressed, with files at these offsets.
fn nsis(offsets: [u32; 2]) -> Vec<u8> {
    let header = nsis_header(offsets);
    let mut data = (header.len() as u32).to_le_bytes().to_vec();
    data.extend_from_slice(&header);
    for content in [b"first", b"other"] {
        data.extend(5u32.to_le_bytes());
        data.extend_from_slice(content);
    }
    let mut behind = vec![0; 4];
    behind.extend_from_slice(b"\xef\xbe\xad\xdeNullsoftInst");
    behind.extend((header.len() as u32).to_le_bytes());
    behind.extend((data.len() as u32 + 28).to_le_bytes());
    behind.extend(data);
    plain(&behind)
}

#[test]
fn an_nsis_installer_that_is_not_compressed_stores_its_files() {
    let bytes = nsis([0, 9]);
    assert!(description(&bytes).ends_with("NSIS installer"));
    assert_eq!(
        listed(&bytes),
        [
            ("$INSTDIR/data/a.dll".to_owned(), Ok(b"first".to_vec())),
            ("$INSTDIR/data/b.exe".to_owned(), Ok(b"other".to_vec()))
        ]
    );
}

#[test]
fn an_nsis_file_outside_the_data_is_a_gap_and_one_extracted_twice_is_one_member() {
    assert_eq!(
        listed(&nsis([0, 9999]))[1].1,
        Err("lies outside the installer's data".to_owned())
    );
    assert_eq!(listed(&nsis([0, 0])).len(), 1);
}

#[test]
fn no_cut_and_no_changed_byte_of_an_nsis_installer_panics() {
    let bytes = nsis([0, 9]);
    let start = Image::default().build().len();
    for len in start..bytes.len() {
        let _ = members(&Pe, &bytes[..len].to_vec());
    }
    for at in start..bytes.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut spoiled = bytes.clone();
            spoiled[at] ^= change;
            let _ = members(&Pe, &spoiled);
        }
    }
}

#[test]
fn a_limit_inside_an_installer_is_a_limit_and_not_a_gap() {
    use crate::base::budget::{Budget, Limits, Stopped};
    let limits = Limits {
        max_members: 1,
        ..Limits::default()
    };
    let error = Pe
        .open(&nsis([0, 9]), &Budget::start(limits, &Stopped))
        .unwrap_err();
    assert!(matches!(error, Error::Limit(_)));
}
