use super::{CATALOG_USAGE, Cat, SIGNED_DATA, TRUST_LIST};
use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::{Format, Sniff};
use crate::model::extract::Covers;

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let mut out = vec![tag, 0x82];
    out.extend((value.len() as u16).to_be_bytes());
    out.extend(value);
    out
}

fn oid(value: &[u8]) -> Vec<u8> {
    [&[6, value.len() as u8], value].concat()
}

/// A list with this content type and usage, and `rest` behind the usage.
fn list(content_type: &[u8], usage: &[u8], rest: &[u8]) -> Vec<u8> {
    let list = tlv(0x30, &[&tlv(0x30, &[&oid(usage)]), rest]);
    let content = tlv(0x30, &[&oid(content_type), &tlv(0xa0, &[&list])]);
    let signed = tlv(0x30, &[&[2, 1, 1], &tlv(0x31, &[&[0; 40]]), &content]);
    tlv(0x30, &[&oid(SIGNED_DATA), &tlv(0xa0, &[&signed])])
}

fn description(file: Vec<u8>) -> String {
    assert!(Cat.detect(&Sniff::of(&file)));
    let budget = Budget::start(Limits::default(), &Stopped);
    let out = Cat.extract(&file, &budget).unwrap();
    assert_eq!(out.signatures[0].covers, Covers::Itself);
    assert_eq!(out.signatures[0].bytes, file);
    out.description
}

#[test]
fn lists_are_told_from_each_other_and_from_other_signed_data() {
    let members = [0; 2000];
    assert_eq!(
        description(list(TRUST_LIST, CATALOG_USAGE, &members)),
        "security catalog"
    );
    assert_eq!(
        description(list(TRUST_LIST, &[0x2b, 6, 1], &members)),
        "certificate trust list"
    );
    let other = list(
        &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 1, 4],
        CATALOG_USAGE,
        &members,
    );
    assert!(!Cat.detect(&Sniff::of(&other)));
}

#[test]
fn no_start_of_a_list_panics() {
    let file = list(TRUST_LIST, CATALOG_USAGE, &[]);
    for len in 0..file.len() {
        let start = file[..len].to_vec();
        let recognised = Cat.detect(&Sniff::of(&start));
        assert!(!recognised || len > 80, "{len}");
    }
    for at in 0..file.len() {
        for value in [0, 0x7f, 0x80, 0x84, 0xff] {
            let mut mutant = file.clone();
            mutant[at] = value;
            let _ = Cat.detect(&Sniff::of(&mutant));
        }
    }
}
