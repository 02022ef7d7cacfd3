//! The scan over whole files: windows' edges, encodings, folding, limits.

use proptest::prelude::{any, proptest};
use proptest::{prop_assert, prop_assert_eq};

use super::{Known, Limits, scan};
use crate::base::budget::{self, Budget, Stopped};
use crate::model::endpoint::{Encoding, Endpoint, Endpoints, Form, Noise};

fn run(bytes: &[u8]) -> Endpoints {
    with(bytes, &Known::default(), &Limits::default())
}

fn with(bytes: &[u8], known: &Known<'_>, limits: &Limits) -> Endpoints {
    let budget = Budget::start(budget::Limits::default(), &Stopped);
    scan(&bytes.to_vec(), known, limits, &budget)
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn texts(out: &Endpoints) -> Vec<&str> {
    out.found.iter().map(|e| e.text.as_str()).collect()
}

fn at(bytes: &[u8], e: &Endpoint) -> Vec<u8> {
    let range = usize::try_from(e.span.start).unwrap()..usize::try_from(e.span.end).unwrap();
    bytes.get(range).unwrap().to_vec()
}

#[test]
fn an_address_is_found_across_every_edge_of_a_window_and_once() {
    let edge = 256 << 10;
    for text in ["https://update.vendor.com/feed", "update.vendor.com"] {
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (wide(text), Encoding::Utf16Le),
        ] {
            for before in 0..=bytes.len() + 2 {
                let mut file = vec![0u8; edge - before];
                file.extend_from_slice(&bytes);
                file.extend_from_slice(&[0; 64]);
                let out = run(&file);
                assert_eq!(
                    texts(&out),
                    [text],
                    "{before} bytes before the edge, {encoding:?}"
                );
                let found = out.found.first().unwrap();
                assert_eq!((found.occurrences, found.encoding), (1, encoding));
                assert_eq!(at(&file, found), bytes);
            }
        }
    }
}

#[test]
fn two_byte_characters_are_found_at_odd_offsets_too() {
    for before in 1..6 {
        let mut file = vec![0xffu8; before];
        file.extend_from_slice(&wide("http://vendor.com/x"));
        file.extend_from_slice(&[1, 0xff]);
        assert_eq!(texts(&run(&file)), ["http://vendor.com/x"], "{before}");
    }
}

#[test]
fn a_user_string_of_dotnet_ends_at_its_flag_byte() {
    // ECMA-335 II.24.2.4: length, UTF-16, one byte; the next blob follows at once.
    let mut heap = vec![0u8];
    for text in ["https://api.vendor.com/v1", "abc"] {
        heap.push(u8::try_from(text.len() * 2 + 1).unwrap());
        heap.extend_from_slice(&wide(text));
        heap.push(0);
    }
    assert_eq!(texts(&run(&heap)), ["https://api.vendor.com/v1"]);
}

#[test]
fn escaped_slashes_of_json_are_read() {
    let file = br#"{"feed":"https:\/\/update.vendor.com\/v1","x":1}"#;
    let out = run(file);
    assert_eq!(texts(&out), ["https://update.vendor.com/v1"]);
    assert_eq!(
        at(file, out.found.first().unwrap()),
        br"https:\/\/update.vendor.com\/v1"
    );
}

#[test]
fn equal_addresses_fold_and_the_plain_reading_wins() {
    let file = b"\0http://V.com\0http://v.com/\0http://v.com:80\0";
    let out = run(file);
    assert_eq!(out.found.len(), 1);
    assert_eq!(out.found.first().unwrap().occurrences, 3);

    let file = b"\0http://vendor.com/page\0";
    let signature = 0..20u64;
    let spans = std::slice::from_ref(&signature);
    assert_eq!(
        with(file, &Known { signatures: spans }, &Limits::default())
            .found
            .first()
            .unwrap()
            .noise,
        None
    );
    let all = 0..40u64;
    let spans = std::slice::from_ref(&all);
    let noise = with(file, &Known { signatures: spans }, &Limits::default())
        .found
        .first()
        .unwrap()
        .noise;
    assert_eq!(noise, Some(Noise::CertificateService));
}

#[test]
fn what_matters_most_comes_first_and_noise_last() {
    let file = b"\0http://www.w3.org/2000/svg\0https://www.vendor.com/\0https://%s/x\0https://update.vendor.com/\0https://cdn.vendor.com/a\0";
    assert_eq!(
        texts(&run(file)),
        [
            "https://update.vendor.com/",
            "https://cdn.vendor.com/a",
            "https://www.vendor.com/",
            "https://%s/x",
            "http://www.w3.org/2000/svg"
        ]
    );
}

#[test]
fn too_many_addresses_and_too_large_a_file_are_gaps() {
    let many: String = (0..2_500)
        .map(|i| format!("https://a{i}.vendor.com/\n"))
        .collect();
    let out = run(many.as_bytes());
    assert_eq!(out.found.len(), 2_000);
    assert_eq!(out.gaps.len(), 1);
    let out = with(
        b"https://vendor.com/",
        &Known::default(),
        &Limits { max_size: 4 },
    );
    assert!(out.found.is_empty());
    assert_eq!(out.gaps.len(), 1);
    assert!(run(b"").gaps.is_empty());
}

#[test]
fn beginnings_without_an_end_cost_little_and_are_said() {
    for part in ["http://", "https://a", "http://http:", "a.", "://", ".a.\0"] {
        let file = part.repeat((300 << 10) / part.len());
        let out = run(file.as_bytes());
        assert!(out.found.len() < 2, "{part}");
    }
    let out = run(wide("http://").repeat(10_000).as_slice());
    assert!(out.found.is_empty());
}

proptest! {
    #[test]
    fn what_is_reported_stands_there(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..400, wide_text in any::<bool>()) {
        let text = "https://update.vendor.com/";
        let encoded = if wide_text { wide(text) } else { text.as_bytes().to_vec() };
        let at = at.min(bytes.len());
        // What ends and starts it, so that neighbours cannot be read as part of it.
        let mut piece = vec![0, 0, 0xff];
        piece.extend_from_slice(&encoded);
        piece.extend_from_slice(&[0, 0xff, 0]);
        bytes.splice(at..at, piece);
        let out = run(&bytes);
        prop_assert!(out.found.iter().any(|e| e.key == text));
        for e in &out.found {
            prop_assert!(e.span.end <= u64::try_from(bytes.len()).unwrap());
            if e.form == Form::Url && e.encoding == Encoding::Utf8 {
                prop_assert_eq!(String::from_utf8_lossy(&super::tests::at(&bytes, e)).into_owned(), e.text.clone());
            }
        }
    }

    #[test]
    fn no_text_of_marks_makes_a_scan_panic(text in "(https?|ws|://|:\\\\/\\\\/|[.:/@{}%$a-c0\\[\\]é\u{0}])*") {
        run(text.as_bytes());
        run(&wide(&text));
    }
}
