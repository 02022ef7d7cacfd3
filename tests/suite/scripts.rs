//! Signed scripts, judged whole.

use std::ops::Range;

use bonafide::model::digest::DigestAlgorithm;
use bonafide::model::signature::Integrity;
use bonafide::verify::digest::hash;

use crate::support::cms::Signing;
use crate::support::der;
use crate::support::pki::PKI;
use crate::support::root;
use crate::support::signed::{Bench, Judged};

const POWERSHELL: [u8; 16] = [
    0x1f, 0xcc, 0x3b, 0x60, 0x59, 0x4b, 0x08, 0x4e, 0xb7, 0x24, 0xd2, 0xc6, 0x29, 0x7e, 0xf3, 0x51,
];
const JSCRIPT: [u8; 16] = [
    0x10, 0xe0, 0xc9, 0x06, 0xce, 0x38, 0xd4, 0x11, 0xa2, 0xa3, 0x00, 0x10, 0x4b, 0xd3, 0x50, 0x90,
];

/// SpcSipInfo of a package.
fn sip(version: u64, package: &[u8]) -> Vec<u8> {
    let mut info = vec![der::integer(version), der::octets(package)];
    info.extend([0; 5].map(der::integer));
    der::sequence(&[der::oid("1.3.6.1.4.1.311.2.1.30"), der::sequence(&info)])
}

fn base64(bytes: &[u8]) -> String {
    let armour = crate::support::keys::armour("X", "", bytes);
    armour.lines().filter(|l| !l.starts_with('-')).collect()
}

/// `text` with a block, `hashed` being what is signed.
fn sign(text: &str, hashed: &[u8], package: &[u8; 16], [begin, end, prefix]: [&str; 3]) -> Vec<u8> {
    let digest = hash(DigestAlgorithm::Sha256, hashed).unwrap();
    let cms = Signing::by(&PKI.leaf)
        .stamped()
        .indirect(&sip(65536, package), &digest);
    let mut out = format!("{text}\r\n{begin}\r\n");
    for line in base64(&cms).as_bytes().chunks(64) {
        out += &format!("{prefix}{}\r\n", std::str::from_utf8(line).unwrap());
    }
    (out + end + "\r\n").into_bytes()
}

const BLOCK: [&str; 3] = [
    "# SIG # Begin signature block",
    "# SIG # End signature block",
    "# ",
];
const JS_BLOCK: [&str; 3] = [
    "// SIG // Begin signature block",
    "// SIG // End signature block",
    "// SIG // ",
];

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn powershell(text: &str) -> Vec<u8> {
    sign(text, &wide(text), &POWERSHELL, BLOCK)
}

fn judge(file: &[u8]) -> Judged {
    bench().judge_named("script.ps1", file).unwrap()
}

fn bench() -> Bench {
    Bench::at("2026-01-01T00:00:00Z").with_roots(&root().join("fixtures/pki/root.pem"))
}

#[test]
fn a_signed_script_is_valid_and_any_change_to_its_text_is_seen() {
    let good = powershell("Write-Host \"zażółć\"\r\n");
    assert!(judge(&good).is_valid(), "{}", judge(&good).shown());
    let mut changed = good;
    changed[0] ^= 0x20;
    assert!(judge(&changed).reasons().contains("digest-mismatch"));
}

#[test]
fn code_appended_to_a_signed_script_makes_it_invalid() {
    let mut file = powershell("Write-Host 1");
    file.extend(b"Remove-Item C:\\ -Recurse\r\n");
    let judged = judge(&file);
    assert!(judged.reasons().contains("text-after-signature"));
    assert!(!judged.reasons().contains("digest-mismatch"));
}

#[test]
fn a_checkout_that_converted_line_endings_is_called_by_its_name() {
    let file = powershell("Write-Host 1\r\nWrite-Host 2");
    let text = String::from_utf8(file).unwrap().replace("\r\n", "\n");
    let reasons = judge(text.as_bytes()).reasons();
    assert_eq!(
        reasons.into_iter().collect::<Vec<_>>(),
        ["signature-damaged-by-line-endings"]
    );
}

#[test]
fn a_signature_of_one_kind_of_script_counts_for_no_other() {
    let text = "f()";
    let hashed = [wide(text), vec![3, 0, 0, 0]].concat();
    let js = sign(text, &hashed, &JSCRIPT, JS_BLOCK);
    assert!(judge(&js).is_valid(), "{}", judge(&js).shown());
    let wrong = sign(text, &hashed, &POWERSHELL, JS_BLOCK);
    assert!(judge(&wrong).reasons().contains("content-type-mismatch"));
}

#[test]
fn a_script_signed_in_another_encoding_is_valid_and_said() {
    let text = "Write-Host \"día\"";
    let read: String = text.bytes().map(char::from).collect();
    let judged = judge(&sign(text, &wide(&read), &POWERSHELL, BLOCK));
    assert!(judged.is_valid() && judged.ids().contains("script-read-otherwise"));
}

#[test]
fn a_flipped_bit_passes_only_in_unsigned_attributes_and_never_in_silence() {
    let file = powershell("a");
    let whole = judge(&file);
    let known = whole.ids();
    assert!(whole.is_valid());
    let cms = &whole.extract.signatures[0].bytes;
    let signed = bonafide::envelope::cms::read(cms).unwrap();
    let free = &signed.signers[0].unsigned_attributes[0].span;
    let bench = bench();
    let (mut accepted, mut flips) = (0, 0);
    for at in 0..file.len() {
        for bit in 0..8 {
            // One bit of each byte in the base64, every bit elsewhere.
            let inside: Range<usize> = 40..file.len() - 40;
            if inside.contains(&at) && bit != at % 7 {
                continue;
            }
            let mut mutant = file.clone();
            mutant[at] ^= 1 << bit;
            flips += 1;
            let judged = bench.judge_named("script.ps1", &mutant).unwrap();
            if judged.is_valid() {
                accepted += 1;
                let new = judged.ids().into_iter().any(|id| !known.contains(id));
                assert!(new, "accepted in silence at {at}, bit {bit}");
                let changed = &judged.extract.signatures[0].bytes;
                let place = cms.iter().zip(changed).position(|(a, b)| a != b);
                assert!(
                    place.is_some_and(|at| free.contains(&at)),
                    "{at}, bit {bit}: {place:?}"
                );
            }
        }
    }
    println!("{accepted} of {flips} mutants accepted, each with a finding");
}

#[test]
fn an_unsigned_script_has_no_signature() {
    let judged = judge(b"Write-Host 1");
    assert_eq!(
        (judged.extract.format, judged.signatures.len()),
        ("script", 0)
    );
    assert!(!judged.is_valid());
}

#[test]
fn a_block_that_is_no_signature_is_malformed_and_not_absent() {
    let file = b"a\r\n# SIG # Begin signature block\r\n# AAAA\r\n# SIG # End signature block\r\n";
    let judged = judge(file);
    assert!(matches!(
        &judged.signatures[0].integrity,
        Integrity::Invalid(_)
    ));
}
