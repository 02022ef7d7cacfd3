use super::Script;
use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::{Format, Sniff};
use crate::model::extract::{Coverage, Covers, Extract, Piece};

fn extract(file: &[u8]) -> Extract {
    let budget = Budget::start(Limits::default(), &Stopped);
    Script.extract(&file.to_vec(), &budget).unwrap()
}

fn faults(file: &[u8]) -> Vec<&'static str> {
    let out = extract(file);
    out.signatures[0]
        .faults
        .iter()
        .map(|f| f.definition.id)
        .collect()
}

fn hashed(coverage: &Coverage) -> &[u8] {
    let [Piece::Bytes(bytes)] = &coverage.pieces[..] else {
        panic!("derived bytes");
    };
    bytes
}

fn covered(file: &[u8]) -> Vec<u8> {
    let out = extract(file);
    let Covers::One(coverage) = &out.signatures[0].covers else {
        panic!("one digest");
    };
    hashed(coverage).to_vec()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// `MAUCAQE=` is `30 05 02 01 01`.
const BLOCK: &str =
    "\r\n# SIG # Begin signature block\r\n# MAUCAQE=\r\n# SIG # End signature block\r\n";

fn powershell(text: &str) -> String {
    format!("{text}{BLOCK}")
}

#[test]
fn each_kind_is_told_by_its_block() {
    let block = |begin: &str, line: &str, end: &str| format!("a\r\n{begin}\r\n{line}\r\n{end}\r\n");
    for (file, name) in [
        (powershell("a"), "PowerShell script, UTF-8"),
        (
            block(
                "<!-- SIG # Begin signature block -->",
                "<!-- MAUCAQE= -->",
                "<!-- SIG # End signature block -->",
            ),
            "PowerShell XML, Windows-1252",
        ),
        (
            block(
                "/* SIG # Begin signature block */",
                "/* MAUCAQE= */",
                "/* SIG # End signature block */",
            ),
            "Managed Object Format, UTF-8",
        ),
        (
            block(
                "// SIG // Begin signature block",
                "// SIG // MAUCAQE=",
                "// SIG // End signature block",
            ),
            "JScript, Windows-1252",
        ),
        (
            block(
                "'' SIG '' Begin signature block",
                "'' SIG '' MAUCAQE=",
                "'' SIG '' End signature block",
            ),
            "VBScript, Windows-1252",
        ),
        (
            block("<signature>", "** SIG ** MAUCAQE=", "</signature>"),
            "Windows Script File, UTF-8",
        ),
    ] {
        let out = extract(file.as_bytes());
        assert_eq!(out.description, name);
        let [signature] = &out.signatures[..] else {
            panic!("one signature in {name}");
        };
        assert_eq!(signature.bytes, [0x30, 5, 2, 1, 1]);
        assert_eq!(signature.span, 1..file.len() as u64);
        assert!(signature.faults.is_empty(), "{name}");
    }
}

#[test]
fn powershell_is_hashed_as_utf16_with_its_byte_order_mark() {
    assert_eq!(covered(powershell("día").as_bytes()), wide("día"));
    let marked = format!("\u{feff}{}", powershell("día"));
    assert_eq!(covered(marked.as_bytes()), wide("\u{feff}día"));
    assert_eq!(covered(&wide(&marked)), wide("\u{feff}día"));
    let swapped: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(covered(&swapped), wide("\u{feff}día"));
    // In no encoding but that of the code page.
    let mut latin = b"d\xeda".to_vec();
    latin.extend(BLOCK.as_bytes());
    assert_eq!(covered(&latin), wide("día"));
}

#[test]
fn another_encoding_is_tried_only_where_it_makes_a_difference() {
    let out = extract(powershell("día").as_bytes());
    let alternatives = &out.signatures[0].alternatives;
    assert_eq!(hashed(&alternatives[0].coverage), wide("dÃ\u{ad}a"));
    assert!(
        extract(powershell("dia").as_bytes()).signatures[0]
            .alternatives
            .is_empty()
    );
}

#[test]
fn host_scripts_end_in_their_length_and_enclose_their_block() {
    let js = "f()\r\n// SIG // Begin signature block\r\n// SIG // MAUCAQE=\r\n// SIG // End signature block\r\n";
    assert_eq!(
        covered(js.as_bytes()),
        [wide("f()"), vec![3, 0, 0, 0]].concat()
    );
    let marked = format!("\u{feff}{js}");
    assert_eq!(
        covered(marked.as_bytes()),
        [wide("f()"), vec![3, 0, 0, 0]].concat()
    );
    let wsf = "<job>\r\n<signature>\r\n** SIG ** MAUCAQE=\r\n</signature>\r\n</job>";
    assert_eq!(
        covered(wsf.as_bytes()),
        [wide("<job></job>"), vec![11, 0, 0, 0]].concat()
    );
    let out = extract(wsf.as_bytes());
    let other = hashed(&out.signatures[0].alternatives[0].coverage);
    assert_eq!(other, [wide("<job></job>"), vec![5, 0, 0, 0]].concat());
}

#[test]
fn text_behind_the_block_is_a_fault_and_blank_text_is_shown() {
    let file = powershell("a") + "Remove-Item x";
    assert_eq!(faults(file.as_bytes()), ["text-after-signature"]);
    assert_eq!(covered(file.as_bytes()), wide("a"));
    let blank = extract((powershell("a") + "\r\n \r\n").as_bytes());
    assert!(blank.signatures[0].faults.is_empty());
    assert_eq!(blank.findings[0].definition.id, "text-after-signature");
}

#[test]
fn converted_line_endings_are_named_and_undone_for_comparison() {
    let file = powershell("a\r\nb").replace("\r\n", "\n");
    assert_eq!(
        faults(file.as_bytes()),
        ["signature-damaged-by-line-endings"]
    );
    let out = extract(file.as_bytes());
    assert_eq!(
        hashed(&out.signatures[0].alternatives[0].coverage),
        wide("a\r\nb")
    );
}

#[test]
fn a_block_can_be_written_in_one_way_only() {
    for (from, to) in [
        ("MAUCAQE=", "MAUCAQF="),
        ("MAUCAQE=", "MAUCAQ"),
        ("MAUCAQE=", "MAUC=QE="),
        ("# MAUCAQE=", "#  MAUCAQE="),
        ("# MAUCAQE=\r\n", "# MA\r\n# UCAQE=\r\n"),
        ("# MAUCAQE=\r\n", "\r\n# MAUCAQE=\r\n"),
        ("# SIG # End", "# SIG # end"),
    ] {
        let file = powershell("a").replace(from, to);
        let all = faults(file.as_bytes());
        assert_eq!(all, ["malformed-signature-block"], "{to}");
    }
    let long = powershell("a").replace("MAUCAQE=", &"A".repeat(68));
    assert_eq!(faults(long.as_bytes()), ["malformed-signature-block"]);
    let two = powershell("a") + BLOCK.trim_start();
    assert!(faults(two.as_bytes()).contains(&"multiple-signature-blocks"));
    for stray in [
        "a\r\n# SIG # End signature block\r\n",
        " # SIG # Begin signature block\r\n",
    ] {
        let out = extract(stray.as_bytes());
        assert!(out.signatures.is_empty());
        assert_eq!(out.findings[0].definition.id, "malformed-signature-block");
    }
}

#[test]
fn two_texts_never_come_to_the_same_bytes() {
    let mut bad = b"\xef\xbb\xbfa\xff".to_vec();
    bad.extend(BLOCK.as_bytes());
    assert_eq!(faults(&bad), ["malformed-signature-block"]);
    let mut odd = wide(&format!("\u{feff}{}", powershell("a")));
    odd.push(b'x');
    assert_eq!(faults(&odd), ["malformed-signature-block"]);
}

#[test]
fn scripts_are_known_by_name_or_by_block() {
    let detect = |name: &str, file: &str| {
        let held = file.as_bytes().to_vec();
        Script.detect(&Sniff {
            name,
            ..Sniff::of(&held)
        })
    };
    assert!(detect("a.ps1", "x") && detect("dir/A.VBS", ""));
    assert!(!detect("a.js", "x") && !detect("a.txt", "x"));
    assert!(detect("noname", &powershell("x")));
    let js = format!("// SIG // Begin signature block\n{}", "x".repeat(9000));
    assert!(detect("a.js", &js) && !detect("a.txt", &js));
}

#[test]
fn no_truncation_or_flip_panics() {
    let file = powershell("día\r\n").into_bytes();
    for at in 0..file.len() {
        extract(&file[..at]);
        for bit in 0..8 {
            let mut mutant = file.clone();
            mutant[at] ^= 1 << bit;
            extract(&mutant);
        }
    }
}
