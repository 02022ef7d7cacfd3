use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

use super::Cab;
use super::testing::{CB_CABINET, Folder, LZX, MSZIP, Plan, STORED};
use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::{Content, Error, Format, Out, Sniff};
use crate::model::extract::{Covers, Extract, Piece, Span};

fn budget() -> Budget<'static> {
    Budget::start(Limits::default(), &Stopped)
}

fn extract(file: &[u8]) -> Result<Extract, Error> {
    Cab.extract(&file.to_vec(), &budget())
}

fn ids(extract: &Extract) -> Vec<&'static str> {
    let faults = extract.signatures.iter().flat_map(|s| &s.faults);
    let all = extract.findings.iter().chain(faults);
    all.map(|f| f.definition.id).collect()
}

/// Members by number.
#[derive(Default)]
struct Taken {
    members: BTreeMap<usize, Vec<u8>>,
    only: Option<usize>,
}

impl Out for Taken {
    fn wants(&self, index: usize) -> bool {
        self.only.is_none_or(|only| only == index)
    }

    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
        let mut bytes = Vec::new();
        std::io::copy(content, &mut bytes).map_err(Error::read(0))?;
        self.members.insert(index, bytes);
        Ok(())
    }
}

type Members = Vec<(String, Result<Vec<u8>, String>)>;

/// Every member with its content or why there is none.
fn members(file: &[u8]) -> Result<Members, Error> {
    members_within(file, &budget())
}

fn members_within(file: &[u8], budget: &Budget<'_>) -> Result<Members, Error> {
    let file = file.to_vec();
    let inside = Cab.open(&file, budget)?.unwrap();
    let mut taken = Taken::default();
    for block in 0..inside.blocks() {
        inside.decode(&file, block, budget, &mut taken)?;
    }
    let entries = inside.entries().iter().enumerate();
    Ok(entries
        .map(|(number, entry)| {
            let content = match &entry.content {
                Content::Unreadable(why) => Err(why.clone()),
                Content::Coded | Content::Stored(_) => Ok(taken.members.remove(&number).unwrap()),
            };
            (entry.path.clone(), content)
        })
        .collect())
}

/// Text that compresses and refers back over the border of a block.
fn text(len: usize) -> Vec<u8> {
    (0..len)
        .map(|i| b"abcdefgh ijk lmnop"[i * i / 7 % 18])
        .collect()
}

#[test]
fn members_come_out_of_each_kind_of_folder() {
    for method in [STORED, MSZIP, LZX] {
        let long = text(100_000);
        let plan = Plan::of(
            method,
            &[("dir\\a.txt", b"hello!"), ("b", b""), ("c.bin", &long)],
        );
        let members = members(&plan.build()).unwrap();
        let expected = [
            ("dir/a.txt", b"hello!".to_vec()),
            ("b", vec![]),
            ("c.bin", long),
        ];
        for ((path, content), (name, wanted)) in members.iter().zip(&expected) {
            assert_eq!(
                (path.as_str(), content.as_ref()),
                (*name, Ok(wanted)),
                "{method}"
            );
        }
        assert_eq!(members.len(), 3);
    }
}

#[test]
fn a_member_alone_comes_out_without_those_before_it() {
    let file = Plan::of(MSZIP, &[("a", &text(70_000)), ("b", b"bee")]).build();
    let inside = Cab.open(&file, &budget()).unwrap().unwrap();
    let mut taken = Taken {
        only: Some(1),
        ..Taken::default()
    };
    inside.decode(&file, 0, &budget(), &mut taken).unwrap();
    assert_eq!(taken.members, BTreeMap::from([(1, b"bee".to_vec())]));
}

#[test]
fn what_is_in_another_cabinet_or_cannot_be_decoded_is_named_with_its_reason() {
    let mut plan = Plan::of(2, &[("q", b"quantum")]);
    plan.folders.push(Folder {
        method: 0x1f03,
        files: vec![("l", b"window".to_vec())],
    });
    plan.next = Some("two.cab");
    plan.extra = vec![(0xfffe, "continued", 0, 9), (9, "lost", 0, 1)];
    let reasons: Vec<String> = members(&plan.build())
        .unwrap()
        .into_iter()
        .map(|(_, content)| content.unwrap_err())
        .collect();
    assert_eq!(
        reasons,
        [
            "compressed with Quantum",
            "compressed with LZX, window 2^31",
            "a part of it is in another cabinet of the set, two.cab",
            "it is in folder 9, which is missing",
        ]
    );
}

#[test]
fn a_folder_that_begins_in_another_cabinet_gives_nothing() {
    let mut plan = Plan::of(MSZIP, &[("after", b"after")]);
    plan.previous = Some("one.cab");
    plan.extra = vec![(0xfffd, "before", 0, 9)];
    let members = members(&plan.build()).unwrap();
    assert!(members.iter().all(|(_, content)| content.is_err()));
}

#[test]
fn members_and_folders_that_share_data_are_decoded_once() {
    let mut plan = Plan::of(STORED, &[("a", b"0123456789")]);
    plan.extra = (0..100).map(|_| (0, "again", 0, 10)).collect();
    let file = plan.build();
    let read = members(&file).unwrap();
    assert_eq!(
        read.iter().filter(|(_, content)| content.is_ok()).count(),
        1
    );
    let inside = Cab.open(&file, &budget()).unwrap().unwrap();
    assert_eq!(inside.findings()[0].definition.id, "cab-members-overlap");

    let mut plan = Plan::of(STORED, &[("a", b"0123456789")]);
    plan.folders.push(plan.folders[0].clone());
    let mut file = plan.build();
    let start: [u8; 4] = file[36..40].try_into().unwrap();
    file[44..48].copy_from_slice(&start);
    let reasons = members(&file).unwrap();
    assert!(reasons.iter().all(|(_, content)| content.is_err()));
}

#[test]
fn damage_is_found_by_checksum_length_or_coding() {
    for method in [STORED, MSZIP, LZX] {
        let good = Plan::of(method, &[("a", b"some content")]).build();
        let mut flipped = good.clone();
        *flipped.last_mut().unwrap() ^= 1;
        assert_eq!(members(&flipped).unwrap_err().reason(), "cab-data-damaged");
    }
    let mut plan = Plan::of(STORED, &[("a", b"x")]);
    plan.extra = vec![(0, "too long", 1, 5)];
    assert_eq!(
        members(&plan.build()).unwrap_err().reason(),
        "cab-data-damaged"
    );
}

#[test]
fn what_comes_out_is_spent() {
    let file = Plan::of(MSZIP, &[("zeros", &vec![0; 1 << 20])]).build();
    let limits = Limits {
        max_decoded: 1 << 19,
        ..Limits::default()
    };
    let small = Budget::start(limits, &Stopped);
    assert_eq!(
        members_within(&file, &small).unwrap_err().reason(),
        "over-limit"
    );
    let limits = Limits {
        max_members: 0,
        timeout: Duration::ZERO,
        ..Limits::default()
    };
    let none = Budget::start(limits, &Stopped);
    assert_eq!(
        members_within(&file, &none).unwrap_err().reason(),
        "over-limit"
    );
}

#[test]
fn a_cabinet_longer_than_the_file_is_malformed_and_one_with_data_behind_it_is_shown() {
    let file = Plan::of(STORED, &[("a", b"x")]).build();
    assert!(Cab.detect(&Sniff::of(&file)));
    let mut lie = file.clone();
    lie[CB_CABINET..CB_CABINET + 4].fill(0xff);
    assert_eq!(extract(&lie).unwrap_err().reason(), "cab-out-of-bounds");
    let longer = [file.as_slice(), b"TRAILING"].concat();
    assert_eq!(ids(&extract(&longer).unwrap()), ["data-after-container"]);
    assert!(ids(&extract(&file).unwrap()).is_empty());
}

fn spans(extract: &Extract) -> Vec<Span> {
    let Covers::One(coverage) = &extract.signatures[0].covers else {
        panic!("one digest");
    };
    let spans = coverage.pieces.iter().map(|piece| match piece {
        Piece::Span(span) => span.clone(),
        Piece::Bytes(_) | Piece::Zeros(_) => panic!("bytes of the file"),
    });
    spans.collect()
}

#[test]
fn a_signature_behind_the_cabinet_covers_all_but_the_reserve() {
    let file = Plan::of(STORED, &[("a", b"x")]).signed(b"\x30\x06some-cms");
    let out = extract(&file).unwrap();
    let end = file.len() as u64 - 16;
    assert_eq!(out.signatures[0].span, end..end + 16);
    assert_eq!(spans(&out), [0..4, 8..36, 40..42, 60..end]);
    assert!(out.signatures[0].alternatives.is_empty());
    assert!(ids(&out).is_empty());
    let mut set = Plan::of(STORED, &[("a", b"x")]);
    set.next = Some("two.cab");
    let out = extract(&set.signed(b"\x30\x06some-cms")).unwrap();
    assert_eq!(out.signatures[0].alternatives.len(), 1);
}

#[test]
fn every_header_field_that_nothing_signs_is_shown_when_it_is_odd() {
    let file = Plan::of(STORED, &[("a", b"x")]).signed(b"\x30\x06some-cms");
    for at in [4, 7, 38, 39, 52, 59] {
        let mut odd = file.clone();
        odd[at] = 1;
        let found = extract(&odd).map(|out| ids(&out));
        assert_eq!(found.unwrap(), ["cab-unsigned-header-field"], "{at}");
    }
    let mut behind = file.clone();
    behind.extend(b"more");
    assert_eq!(
        ids(&extract(&behind).unwrap()),
        ["data-after-container", "cab-signature-misplaced"]
    );
    let mut past = file.clone();
    past[51] = 1;
    assert_eq!(
        extract(&past).unwrap_err().reason(),
        "cab-signature-out-of-bounds"
    );
    let mut inside = file;
    inside[44..48].fill(0);
    assert!(ids(&extract(&inside).unwrap()).contains(&"cab-signature-misplaced"));
}

#[test]
fn a_signature_inside_the_reserve_is_found_and_application_data_is_none() {
    let cms = b"\x30\x06inside".to_vec();
    let mut plan = Plan::of(STORED, &[("a", b"x")]);
    plan.reserve = Some([&[3, 0, 8, 0][..], b"app", &cms].concat());
    let out = extract(&plan.build()).unwrap();
    assert_eq!(out.signatures[0].bytes, cms);
    let end = plan.build().len() as u64;
    assert_eq!(spans(&out), [0..4, 8..36, 40..42, 44..47, 55..end]);
    plan.reserve = Some(b"data of an application".to_vec());
    assert!(extract(&plan.build()).unwrap().signatures.is_empty());
}

#[test]
fn truncated_and_mutated_cabinets_give_answers() {
    for method in [STORED, MSZIP, LZX] {
        let mut plan = Plan::of(method, &[("a", &text(900)), ("b", b"bb")]);
        plan.next = Some("n");
        let file = plan.signed(b"\x30\x06some-cms");
        for len in 0..file.len() {
            let _ = extract(&file[..len]);
            let _ = members(&file[..len]);
        }
        // Without checksums, so that mutants reach the decoders.
        let data = file
            .windows(8)
            .rposition(|w| w[6..8] == 902u16.to_le_bytes());
        let mut bare = file;
        bare[data.unwrap()..][..4].fill(0);
        for at in 0..bare.len() {
            for bit in 0..8 {
                let mut mutant = bare.clone();
                mutant[at] ^= 1 << bit;
                let _ = extract(&mutant);
                let _ = members(&mutant);
            }
        }
    }
}
