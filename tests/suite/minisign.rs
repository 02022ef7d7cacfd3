//! minisign and signify: peers' signatures, and each bit of our own turned.

use std::path::Path;

use bonafide::base::time::Time;
use bonafide::envelope::minisign::{PublicKey, read_public_key};
use bonafide::verify::minisign::{Prehash, Status, check, check_prehashed};
use bonafide::verify::signify;
use ring::signature::{Ed25519KeyPair, KeyPair};

use crate::support::openpgp::base64;
use crate::support::{bytes, corpus, table};

const ID: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[3; 32]).unwrap()
}

fn key() -> PublicKey {
    let key = [&b"Ed"[..], &ID, pair().public_key().as_ref()].concat();
    let file = format!("untrusted comment: a key\n{}\n", base64(&key));
    let read = read_public_key(file.as_bytes()).unwrap();
    assert_eq!(read_public_key(base64(&key).as_bytes()).unwrap(), read);
    read
}

fn prehash(data: &[u8]) -> [u8; 64] {
    let mut hash = Prehash::new();
    hash.update(data);
    hash.finish()
}

const COMMENT: &str = "timestamp:1700000000\tfile:a.bin";

/// A minisign signature; `ED` over the digest, `Ed` over the data.
fn sign(algorithm: &[u8; 2], data: &[u8]) -> String {
    let digest = prehash(data);
    let message = if algorithm == b"ED" { &digest } else { data };
    let signature = pair().sign(message);
    let global = pair().sign(&[signature.as_ref(), COMMENT.as_bytes()].concat());
    let line = [&algorithm[..], &ID, signature.as_ref()].concat();
    format!(
        "untrusted comment: text\n{}\ntrusted comment: {COMMENT}\n{}\n",
        base64(&line),
        base64(global.as_ref())
    )
}

#[test]
fn both_algorithms_are_good_and_their_claims_are_read() {
    for algorithm in [b"ED", b"Ed"] {
        let signature = sign(algorithm, b"data");
        let checked = check(b"data", signature.as_bytes(), &[key()]).unwrap();
        assert_eq!(checked.status, Status::Good);
        assert_eq!(checked.key_id, "0807060504030201");
        assert_eq!(checked.trusted_comment, COMMENT);
        assert_eq!(checked.claims.file.as_deref(), Some("a.bin"));
        let time = Time::from_unix_timestamp(1_700_000_000).unwrap();
        assert_eq!(checked.claims.timestamp, Some(time));
        let streamed = check_prehashed(&prehash(b"data"), signature.as_bytes(), &[key()]).unwrap();
        let expected = match algorithm {
            b"ED" => Status::Good,
            _ => Status::NotComputed,
        };
        assert_eq!(streamed.status, expected);
        let other = check(b"Data", signature.as_bytes(), &[key()]).unwrap();
        assert_eq!(other.status, Status::Bad);
        assert_eq!(
            (other.trusted_comment.as_str(), other.claims.file),
            ("", None)
        );
        let none = check(b"data", signature.as_bytes(), &[]).unwrap();
        assert_eq!((none.status, none.key), (Status::NoKey, None));
    }
}

#[test]
fn what_stands_behind_a_signature_is_said() {
    let signature = sign(b"ED", b"data");
    let longer = format!("{signature}more");
    let checked = check(b"data", longer.as_bytes(), &[key()]).unwrap();
    assert_eq!(checked.status, Status::Good);
    assert_eq!(checked.trailing, Some(signature.len()..longer.len()));
    let crlf = signature.replace('\n', "\r\n");
    let checked = check(b"data", crlf.as_bytes(), &[key()]).unwrap();
    assert_eq!((checked.status, checked.trailing), (Status::Good, None));
}

/// Turns every bit of `file`; where it stays good it must be in `unsigned`.
fn turn(file: &str, unsigned: std::ops::Range<usize>, is_good: impl Fn(&[u8]) -> bool) {
    assert!(is_good(file.as_bytes()));
    let mut file = file.as_bytes().to_vec();
    for bit in 0..file.len() * 8 {
        file[bit / 8] ^= 1 << (bit % 8);
        if is_good(&file) {
            assert!(
                unsigned.contains(&(bit / 8)),
                "bit {bit} at octet {}",
                bit / 8
            );
        }
        file[bit / 8] ^= 1 << (bit % 8);
    }
    for len in 0..file.len() - 1 {
        assert!(!is_good(&file[..len]), "cut at {len}");
    }
}

#[test]
fn a_turned_bit_stays_good_only_in_the_untrusted_comment() {
    // The text, without the line's end.
    let text = 19..23;
    for algorithm in [b"ED", b"Ed"] {
        turn(&sign(algorithm, b"data"), text.clone(), |signature| {
            check(b"data", signature, &[key()]).is_ok_and(|c| c.status == Status::Good)
        });
    }
    let signature = [&b"Ed"[..], &ID, pair().sign(b"data").as_ref()].concat();
    let detached = format!("untrusted comment: text\n{}\n", base64(&signature));
    turn(&detached, text.clone(), |signature| {
        signify::check(b"data", signature, &[key()])
            .is_ok_and(|c| c.status == signify::Status::Good && c.trailing.is_none())
    });
    let embedded = format!("{detached}data");
    turn(&embedded, text, |file| {
        signify::check_embedded(file, &[key()]).is_ok_and(|c| c.status == signify::Status::Good)
    });
}

#[test]
fn every_signature_of_the_minisign_suite_is_judged_as_minisign_does() {
    let Some(root) = corpus("channels/minisign") else {
        return;
    };
    let keys = [read_public_key(&bytes(&root.join("pk.pub"))).unwrap()];
    let mut rows = 0;
    for row in table(&root.join("ORACLE.tsv")) {
        let (file, exit) = (&row["file"], &row["minisign_0.11_exit"]);
        let (file, data) = match file.split_once(" on ") {
            Some((file, data)) => (file, data),
            None => (file.as_str(), "app-1.2.3.tar.gz"),
        };
        let checked = check(&bytes(&root.join(data)), &bytes(&root.join(file)), &keys);
        let got = match &checked {
            Err(_) => "2",
            Ok(c) if c.status == Status::Good => "0",
            Ok(_) => "1",
        };
        assert_eq!(got, exit, "{file} on {data}: {checked:?}");
        rows += 1;
        let Ok(checked) = checked else { continue };
        match file {
            "other-key.minisig" => {
                assert_eq!(checked.status, Status::NoKey);
                assert_eq!(checked.key_id, "F608C1A547D2E3E2");
            }
            "trusted-comment-tampered.minisig" => assert_eq!(checked.status, Status::CommentBad),
            // Good and for another file: the claims are there to be compared.
            "replay-name.minisig" => {
                assert_eq!(checked.claims.file.as_deref(), Some("app-1.0.0.tar.gz"));
            }
            _ => {}
        }
    }
    assert_eq!(rows, 10);
}

#[test]
fn a_vector_of_another_implementation_holds() {
    let Some(root) = corpus("platforms/minisign-verify") else {
        return;
    };
    let text = String::from_utf8(bytes(&root.join("README.md"))).unwrap();
    let quoted = |after: &str, end: &str| {
        let start = text.find(after).unwrap() + after.len();
        let len = text[start..].find(end).unwrap();
        text[start..start + len].to_owned()
    };
    let keys = [read_public_key(quoted("PublicKey::from_base64(\"", "\"").as_bytes()).unwrap()];
    let signature = quoted("Signature::decode(\n    \"", "\"").replace("\\t", "\t");
    let checked = check(b"test", signature.as_bytes(), &keys).unwrap();
    assert_eq!(checked.status, Status::Good);
    assert_eq!(checked.claims.file.as_deref(), Some("test"));
}

#[test]
fn signify_tells_orders_from_a_forgery() {
    let Some(root) = corpus("platforms/signify-openbsd/regress") else {
        return;
    };
    let read = |name: &str| bytes(&Path::new(&root).join(name));
    let keys = [read_public_key(&read("regresskey.pub")).unwrap()];
    let status = |name: &str| {
        let signature = read(&format!("{name}.sig"));
        signify::check(&read(name), &signature, &keys)
            .unwrap()
            .status
    };
    assert_eq!(status("orders.txt"), signify::Status::Good);
    assert_eq!(status("forgery.txt"), signify::Status::Bad);
}
