//! Every bit of small signed files turned, every truncation: never good and clean.

use bonafide::base::time::Time;
use bonafide::verify::openpgp::{
    Checked, Error, Keyring, SignatureStatus, check_clearsigned, check_detached,
};

use crate::support::openpgp::{Key, MADE, Signing, packet, self_signature};

fn at() -> Time {
    Time::from_unix_timestamp(i64::from(MADE) + 3600).unwrap()
}

fn is_good(checked: &Result<Checked, Error>) -> bool {
    checked.as_ref().is_ok_and(|c| {
        c.signatures
            .iter()
            .any(|s| s.status == SignatureStatus::Good)
    })
}

fn is_good_and_clean(checked: &Result<Checked, Error>) -> bool {
    is_good(checked) && checked.as_ref().is_ok_and(|c| c.anomalies.is_empty())
}

fn each_flip(bytes: &[u8], mut check: impl FnMut(&[u8], usize)) {
    let mut bytes = bytes.to_vec();
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        check(&bytes, bit);
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

/// The text that a message says, where it may be believed.
fn believed(checked: Result<Checked, Error>) -> Option<Vec<u8>> {
    is_good_and_clean(&checked).then(|| checked.unwrap().text.unwrap())
}

const TEXT: &str = "Suite: stable\n\n-dash\nend";

#[test]
fn no_turned_bit_of_a_clearsigned_message_is_good_and_clean() {
    for key in [
        Key::legacy(1, crate::support::openpgp::BORN),
        Key::ed25519(2, 4),
        Key::ed25519(3, 6),
        Key::p256(),
    ] {
        let ring = Keyring::read(&key.certificate("A <a@example.org>", &self_signature())).unwrap();
        let message = key.clearsign(TEXT, &Signing::new(1)).into_bytes();
        assert_eq!(
            believed(check_clearsigned(&message, &ring, at())).unwrap(),
            TEXT.as_bytes()
        );
        each_flip(&message, |bytes, bit| {
            let text = believed(check_clearsigned(bytes, &ring, at()));
            assert_eq!(text, None, "bit {bit} at octet {}", bit / 8);
        });
        // Without its last line end a message is the same.
        for len in 0..message.len() - 1 {
            assert!(
                !is_good(&check_clearsigned(&message[..len], &ring, at())),
                "cut at {len}"
            );
        }
    }
}

#[test]
fn no_turned_bit_of_a_detached_signature_is_good_and_clean() {
    let data = b"what was signed";
    for key in [
        Key::legacy(1, crate::support::openpgp::BORN),
        Key::ed25519(3, 6),
    ] {
        let ring = Keyring::read(&key.certificate("A <a@example.org>", &self_signature())).unwrap();
        let signature = packet(2, &key.sign(&Signing::new(0), &[data]));
        assert!(is_good_and_clean(&check_detached(
            data,
            &signature,
            &ring,
            at()
        )));
        each_flip(&signature, |bytes, bit| {
            let checked = check_detached(data, bytes, &ring, at());
            assert!(
                !is_good_and_clean(&checked),
                "bit {bit} at octet {}",
                bit / 8
            );
        });
        each_flip(data, |bytes, bit| {
            let checked = check_detached(bytes, &signature, &ring, at());
            assert!(!is_good(&checked), "bit {bit}");
        });
        for len in 0..signature.len() {
            assert!(!is_good(&check_detached(
                data,
                &signature[..len],
                &ring,
                at()
            )));
        }
    }
}

#[test]
fn a_turned_bit_of_a_keyring_never_makes_another_key_good() {
    let key = Key::legacy(1, crate::support::openpgp::BORN);
    let ring = key.certificate("A <a@example.org>", &self_signature());
    let message = key.clearsign(TEXT, &Signing::new(1)).into_bytes();
    let mut good = 0;
    each_flip(&ring, |bytes, _| {
        let Ok(ring) = Keyring::read(bytes) else {
            return;
        };
        let checked = check_clearsigned(&message, &ring, at());
        if is_good(&checked) {
            good += 1;
            for signature in checked.unwrap().signatures {
                let used = signature.key.unwrap();
                assert_eq!(used.primary_fingerprint, key.fingerprint);
                assert_eq!(used.user_ids, ["A <a@example.org>"]);
            }
        }
    });
    // The hint at the issuer, 14 octets that the self-signature does not cover, and two bit counts of a number.
    assert!(good < 120, "{good}");
}

#[test]
fn any_octets_are_read_without_a_panic() {
    let key = Key::ed25519(2, 4);
    let ring = key.certificate("A", &self_signature());
    let message = key.clearsign(TEXT, &Signing::new(1)).into_bytes();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 1_000_003).unwrap()
    };
    for _ in 0..2000 {
        let (mut ring, mut message) = (ring.clone(), message.clone());
        for _ in 0..4 {
            let (a, b) = (random() % ring.len(), random() % message.len());
            ring[a] = u8::try_from(random() % 256).unwrap();
            message[b] = u8::try_from(random() % 256).unwrap();
        }
        let keyring = Keyring::read(&ring).unwrap_or_default();
        let _ = check_clearsigned(&message, &keyring, at());
        let _ = check_detached(&ring, &message, &keyring, at());
        let _ = check_detached(&message, &ring, &keyring, at());
    }
}
