//! Signatures and certificates made for one property each.

use std::time::Instant;

use bonafide::base::time::Time;
use bonafide::channel::GivenAnchor;
use bonafide::channel::openpgp::Keys;
use bonafide::model::channel::Provenance;
use bonafide::model::digest::hex;
use bonafide::verify::openpgp::{
    Detached, Keyring, Reason, SignatureOutcome, SignatureStatus, Weakness, check_clearsigned,
    check_detached,
};

use crate::support::openpgp::{
    BORN, Key, MADE, SHA1, SHA512, Signing, armor, binding, packet, seconds, self_signature,
    subpacket,
};

const DAY: u32 = 86_400;
const USER: &str = "A <a@example.org>";
const TEXT: &str = "one\n- two\nthree";

fn at(seconds: u32) -> Time {
    Time::from_unix_timestamp(i64::from(seconds)).unwrap()
}

fn key() -> Key {
    Key::legacy(1, BORN)
}

/// The outcome of one signature over [`TEXT`] a day after it was made.
fn outcome(ring: &[u8], signer: &Key, signing: &Signing) -> SignatureOutcome {
    outcome_at(ring, signer, signing, MADE + DAY)
}

fn outcome_at(ring: &[u8], signer: &Key, signing: &Signing, now: u32) -> SignatureOutcome {
    let message = signer.clearsign(TEXT, signing);
    let ring = Keyring::read(ring).unwrap();
    let mut checked = check_clearsigned(message.as_bytes(), &ring, at(now)).unwrap();
    assert_eq!(checked.text.unwrap(), TEXT.as_bytes());
    checked.signatures.pop().unwrap()
}

fn assert_status(outcome: &SignatureOutcome, status: SignatureStatus, reasons: &[Reason]) {
    assert_eq!(
        (outcome.status, outcome.reasons.as_slice()),
        (status, reasons)
    );
}

#[test]
fn every_algorithm_that_is_computed_with_is_good_and_names_its_key() {
    let named = [
        (key(), "Ed25519"),
        (Key::ed25519(2, 4), "Ed25519"),
        (Key::ed25519(3, 6), "Ed25519"),
        (Key::rsa(USUAL), "RSA 2048"),
        (Key::p256(), "ECDSA P-256"),
        (Key::p384(), "ECDSA P-384"),
        (Key::p521(), "ECDSA P-521"),
    ];
    for (key, name) in named {
        let ring = key.certificate(USER, &self_signature().hash(SHA512));
        for kind in [0, 1] {
            let signature = outcome(&ring, &key, &Signing::new(kind).hash(SHA512));
            assert_status(&signature, SignatureStatus::Good, &[]);
            assert_eq!(signature.algorithm, name);
            assert_eq!(signature.hash, "sha512");
            assert_eq!(signature.created, Some(at(MADE)));
            let used = signature.key.unwrap();
            assert_eq!(used.fingerprint, key.fingerprint);
            assert_eq!(used.user_ids, [USER]);
            assert!(!used.is_subkey);
            assert!(signature.weaknesses.is_empty());
        }
    }
}

#[test]
fn small_keys_and_weak_hashes_are_said_and_a_weak_hash_over_the_text_is_not_good() {
    let small = Key::rsa(SMALL);
    let ring = small.certificate(USER, &self_signature().hash(SHA1));
    let signature = outcome(&ring, &small, &Signing::new(1));
    assert_status(&signature, SignatureStatus::Good, &[]);
    let sha1 = bonafide::model::digest::DigestAlgorithm::Sha1;
    assert_eq!(
        signature.weaknesses,
        [Weakness::SmallRsa(1024), Weakness::WeakSelfSignature(sha1)]
    );
    let signature = outcome(&ring, &small, &Signing::new(1).hash(SHA1));
    assert_status(&signature, SignatureStatus::Weak, &[Reason::WeakHash(sha1)]);
    assert_eq!(signature.holds, Some(true));
}

#[test]
fn dates_are_judged_at_the_time_that_is_given() {
    let key = key();
    let mortal = self_signature().with(seconds(9, 100 * DAY));
    let ring = key.certificate(USER, &mortal);
    let signing = Signing::new(1).with(seconds(3, 5 * DAY));
    let judge = |now| outcome_at(&ring, &key, &signing, now);
    assert_status(&judge(MADE + DAY), SignatureStatus::Good, &[]);
    assert_eq!(judge(MADE).expires, Some(at(MADE + 5 * DAY)));
    assert_status(
        &judge(MADE + 5 * DAY),
        SignatureStatus::Expired,
        &[Reason::SignatureExpired],
    );
    assert_status(
        &judge(MADE - 1),
        SignatureStatus::NotYetValid,
        &[Reason::MadeInFuture],
    );
    let forever = Signing::new(1);
    let dead = outcome_at(&ring, &key, &forever, BORN + 100 * DAY);
    assert_status(&dead, SignatureStatus::KeyExpired, &[Reason::KeyExpired]);
    assert_eq!(dead.key_alive_when_made, Some(true));
    assert_eq!(dead.key.unwrap().expires, Some(at(BORN + 100 * DAY)));
    let posthumous = outcome_at(
        &ring,
        &key,
        &Signing::new(1).made(BORN + 101 * DAY),
        BORN + 102 * DAY,
    );
    assert_eq!(posthumous.key_alive_when_made, Some(false));
    let premature = outcome(&ring, &key, &Signing::new(1).made(BORN - 1));
    assert_status(
        &premature,
        SignatureStatus::NotYetValid,
        &[Reason::MadeBeforeKey],
    );
    let mut timeless = Signing::new(1);
    timeless.created = None;
    assert_status(
        &outcome(&ring, &key, &timeless),
        SignatureStatus::Malformed,
        &[Reason::NoCreationTime],
    );
}

#[test]
fn the_newest_self_signature_that_holds_speaks() {
    let key = key();
    let prolonged = |signing: &Signing| {
        let mut ring = key.certificate(USER, &self_signature().with(seconds(9, 30 * DAY)));
        ring.extend(packet(2, &key.certify(USER, signing)));
        outcome_at(&ring, &key, &Signing::new(1), BORN + 40 * DAY).status
    };
    let longer = self_signature().with(seconds(9, 60 * DAY));
    assert_eq!(
        prolonged(&longer.clone().made(BORN + DAY)),
        SignatureStatus::Good
    );
    assert_eq!(
        prolonged(&longer.clone().made(BORN + 41 * DAY)),
        SignatureStatus::KeyExpired,
        "one from the future says nothing yet"
    );
    assert_eq!(
        prolonged(&longer.made(BORN + DAY).with(subpacket(0x80 | 99, &[]))),
        SignatureStatus::KeyExpired,
        "nor does one that is not understood"
    );
}

#[test]
fn a_revocation_speaks_against_every_signature_of_the_key() {
    let key = key();
    let revoked = |code: u8, made: u32| {
        let reason = subpacket(29, &[code]);
        let signing = Signing::new(0x20).made(made).with(reason);
        let mut ring = key.primary();
        ring.extend(packet(2, &key.sign(&signing, &[&key.form()])));
        ring.extend(&key.certificate(USER, &self_signature())[key.primary().len()..]);
        outcome(&ring, &key, &Signing::new(1))
    };
    for (code, made) in [(0, MADE), (1, MADE), (2, MADE), (2, MADE + 9 * DAY)] {
        let signature = revoked(code, made);
        assert_status(
            &signature,
            SignatureStatus::KeyRevoked,
            &[Reason::KeyRevoked],
        );
        assert_eq!(signature.key.unwrap().revoked.unwrap().code, code);
    }
    assert_eq!(
        revoked(1, MADE + 9 * DAY).status,
        SignatureStatus::Good,
        "retired later than the judgement time"
    );
}

#[test]
fn a_revocation_of_one_copy_of_a_certificate_counts_for_the_other() {
    let key = key();
    let mut ring = key.certificate(USER, &self_signature());
    ring.extend(key.primary());
    ring.extend(packet(2, &key.sign(&Signing::new(0x20), &[&key.form()])));
    assert_eq!(Keyring::read(&ring).unwrap().certificates().len(), 1);
    assert_eq!(
        outcome(&ring, &key, &Signing::new(1)).status,
        SignatureStatus::KeyRevoked
    );
}

/// A revocation of the key, and the certificate with something behind it.
fn revoked_behind(key: &Key, behind: &[u8]) -> Vec<u8> {
    let revocation = packet(2, &key.sign(&Signing::new(0x20), &[&key.form()]));
    [
        &key.certificate(USER, &self_signature()),
        behind,
        &revocation,
    ]
    .concat()
}

#[test]
fn a_revocation_counts_wherever_it_stands_in_the_certificate() {
    let key = key();
    let subkey = key.bind(&Key::ed25519(5, 4), &binding(), None);
    for behind in [&[][..], &subkey] {
        let ring = revoked_behind(&key, behind);
        assert_status(
            &outcome(&ring, &key, &Signing::new(1)),
            SignatureStatus::KeyRevoked,
            &[Reason::KeyRevoked],
        );
    }
}

#[test]
fn a_revocation_in_a_file_or_block_of_its_own_counts_for_its_issuer() {
    let (key, other) = (key(), Key::legacy(9, BORN));
    let certificate = key.certificate(USER, &self_signature());
    let revocation = packet(2, &key.sign(&Signing::new(0x20), &[&key.form()]));
    let status = |ring: &[u8]| outcome(ring, &key, &Signing::new(1)).status;
    let armored = armor("PUBLIC KEY BLOCK", &certificate);
    for kind in ["PUBLIC KEY BLOCK", "SIGNATURE"] {
        let ring = armored.clone() + &armor(kind, &revocation);
        assert_eq!(status(ring.as_bytes()), SignatureStatus::KeyRevoked);
    }
    let before = [revocation.as_slice(), &certificate].concat();
    assert_eq!(status(&before), SignatureStatus::KeyRevoked);
    let others = other.certificate(USER, &self_signature());
    let joined = [certificate.as_slice(), &others, &revocation].concat();
    assert_eq!(status(&joined), SignatureStatus::KeyRevoked);
    let turned = [others.as_slice(), &revocation, &certificate].concat();
    assert_eq!(status(&turned), SignatureStatus::KeyRevoked);

    // Each in its own file, in either order.
    for files in [[&certificate, &revocation], [&revocation, &certificate]] {
        let mut ring = Keyring::default();
        for file in files {
            ring.add(file).unwrap();
        }
        assert!(ring.state(0, at(MADE)).unwrap().revoked.is_some());
        assert_eq!(ring.unplaced(), []);
    }
}

#[test]
fn a_revocation_of_some_subkey_outside_the_certificate_leaves_it_unknown() {
    let (key, subkey) = (key(), Key::ed25519(5, 4));
    let revocation = key.sign(&Signing::new(0x28), &[&key.form(), &subkey.form()]);
    let mut ring = packet(2, &revocation);
    ring.extend(key.certificate(USER, &self_signature()));
    assert_status(
        &outcome(&ring, &key, &Signing::new(1)),
        SignatureStatus::Unsupported,
        &[Reason::RevocationUnchecked],
    );
}

#[test]
fn a_revocation_outside_any_certificate_that_is_of_none_is_said() {
    let (key, other) = (key(), Key::legacy(9, BORN));
    let mut unread = other.sign(&Signing::new(0x20), &[&other.form()]);
    unread[0] = 5;
    let mut bytes = packet(2, &other.sign(&Signing::new(0x20), &[&other.form()]));
    bytes.extend(packet(2, &unread));
    bytes.extend(key.certificate(USER, &self_signature()));
    let read = |bytes: Vec<u8>| {
        let given = GivenAnchor {
            bytes,
            provenance: Provenance::DistroKeyring("ring.gpg".to_owned()),
        };
        Keys::read(&[given]).unwrap().anomalies
    };
    let said = read(bytes);
    assert_eq!(said.len(), 2);
    assert!(said[0].what.contains(&hex(&other.fingerprint)), "{said:?}");
    assert_eq!(read(key.certificate(USER, &self_signature())), []);
}

#[test]
fn a_keyring_that_is_refused_leaves_nothing_behind() {
    let key = key();
    let mut ring = Keyring::read(&key.certificate(USER, &self_signature())).unwrap();
    let before = ring.clone();
    let stray = armor("PUBLIC KEY BLOCK", &packet(13, b"nobody's"));
    let broken = "text\n".to_owned() + &stray + &armor("PUBLIC KEY BLOCK", &[0xc6, 9]);
    assert!(ring.add(broken.as_bytes()).is_err());
    assert_eq!(ring, before);
}

#[test]
fn a_subkey_or_user_id_that_stands_twice_keeps_its_revocation() {
    let (key, subkey) = (key(), Key::ed25519(5, 4));
    let back = Signing::new(0x19).made(BORN);
    let bound = key.bind(&subkey, &binding(), Some(&back));
    let revocation = key.sign(&Signing::new(0x28), &[&key.form(), &subkey.form()]);
    let mut ring = key.certificate(USER, &self_signature());
    ring.extend(&bound);
    ring.extend(&bound);
    ring.extend(packet(2, &revocation));
    assert_eq!(
        outcome(&ring, &subkey, &Signing::new(1)).status,
        SignatureStatus::KeyRevoked
    );

    let mut ring = key.certificate(USER, &self_signature());
    ring.extend(packet(13, USER.as_bytes()));
    ring.extend(packet(2, &key.certify(USER, &Signing::new(0x30))));
    let state = Keyring::read(&ring).unwrap().state(0, at(MADE)).unwrap();
    assert_eq!(state.user_ids.len(), 1);
    assert!(state.user_ids[0].is_revoked);
}

#[test]
fn a_revocation_of_a_user_id_that_cannot_be_computed_is_unknown() {
    let key = key();
    let with = |made: u32| {
        let revocation = Signing::new(0x30).made(made);
        let mut foreign = key.certify(USER, &revocation);
        foreign[3] = 14;
        let mut ring = key.certificate(USER, &self_signature());
        ring.extend(packet(2, &foreign));
        ring.extend(packet(
            2,
            &key.certify(USER, &Signing::new(0x30).made(MADE)),
        ));
        outcome(&ring, &key, &Signing::new(1)).reasons
    };
    assert!(with(MADE + 1).contains(&Reason::RevocationUnchecked));
    assert!(!with(MADE - 1).contains(&Reason::RevocationUnchecked));
}

#[test]
fn foreign_revocations_and_copies_without_number_take_no_long_time() {
    let (key, other) = (key(), Key::legacy(9, BORN));
    // Two hundred thousand squared, at one step each, is beyond the patience of any suite.
    let forged = packet(2, &other.sign(&Signing::new(0x20), &[&key.form()]));
    let mut ring = key.certificate(USER, &self_signature());
    for _ in 0..200_000 {
        ring.extend(&forged);
    }
    assert_status(
        &outcome(&ring, &key, &Signing::new(1)),
        SignatureStatus::Good,
        &[],
    );

    let mut copy = key.primary();
    for nth in 0..100_000 {
        copy.extend(packet(13, format!("user {nth}").as_bytes()));
    }
    let ring = Keyring::read(&[copy.as_slice(), &copy].concat()).unwrap();
    assert_eq!(ring.certificates()[0].claimed_user_ids().count(), 100_000);
}

#[test]
fn a_forged_revocation_is_nothing_and_one_that_cannot_be_computed_is_unknown() {
    let (key, other) = (key(), Key::legacy(9, BORN));
    let with = |body: &[u8]| {
        let mut ring = key.primary();
        ring.extend(packet(2, body));
        ring.extend(&key.certificate(USER, &self_signature())[key.primary().len()..]);
        outcome(&ring, &key, &Signing::new(1))
    };
    let forged = other.sign(&Signing::new(0x20), &[&key.form()]);
    assert_status(&with(&forged), SignatureStatus::Good, &[]);
    // SHA3-512 in its head.
    let mut foreign = key.sign(&Signing::new(0x20), &[&key.form()]);
    foreign[3] = 14;
    assert_status(
        &with(&foreign),
        SignatureStatus::Unsupported,
        &[Reason::RevocationUnchecked],
    );
}

#[test]
fn a_subkey_signs_only_when_bound_both_ways_and_allowed_to() {
    let (primary, subkey) = (key(), Key::ed25519(5, 4));
    let signing = Signing::new(1);
    let ring = |bound: &[u8]| {
        let mut ring = primary.certificate(USER, &self_signature());
        ring.extend(bound);
        ring
    };
    let back = Signing::new(0x19).made(BORN);
    let good = outcome(
        &ring(&primary.bind(&subkey, &binding(), Some(&back))),
        &subkey,
        &signing,
    );
    assert_status(&good, SignatureStatus::Good, &[]);
    let used = good.key.unwrap();
    assert!(used.is_subkey);
    assert_eq!(used.primary_fingerprint, primary.fingerprint);

    let cases = [
        (subkey.subkey(), Reason::SubkeyNotBound),
        (
            primary.bind(&subkey, &binding(), None),
            Reason::SubkeyNotCrossCertified,
        ),
        (
            Key::legacy(9, BORN).bind(&subkey, &binding(), Some(&back)),
            Reason::SubkeyNotBound,
        ),
        (
            primary.bind(
                &subkey,
                &Signing::new(0x18).made(BORN).with(subpacket(27, &[4])),
                Some(&back),
            ),
            Reason::NotForSigning,
        ),
    ];
    for (bound, reason) in cases {
        let signature = outcome(&ring(&bound), &subkey, &signing);
        assert_status(&signature, SignatureStatus::KeyUnusable, &[reason]);
        assert_eq!(signature.holds, Some(true));
    }
}

#[test]
fn a_key_without_a_self_signature_or_the_flag_to_sign_is_not_good() {
    let key = key();
    assert_status(
        &outcome(&key.primary(), &key, &Signing::new(1)),
        SignatureStatus::KeyUnusable,
        &[Reason::NoSelfSignature],
    );
    let certifier = Signing::new(0x13).made(BORN).with(subpacket(27, &[1]));
    assert_status(
        &outcome(&key.certificate(USER, &certifier), &key, &Signing::new(1)),
        SignatureStatus::KeyUnusable,
        &[Reason::NotForSigning],
    );
    let direct = Signing::new(0x1f).made(BORN).with(subpacket(27, &[3]));
    let mut ring = key.primary();
    ring.extend(packet(2, &key.sign(&direct, &[&key.form()])));
    assert_status(
        &outcome(&ring, &key, &Signing::new(1)),
        SignatureStatus::Good,
        &[],
    );
}

#[test]
fn unknown_is_its_own_answer() {
    let key = key();
    let ring = key.certificate(USER, &self_signature());
    let other = Key::legacy(9, BORN);
    assert_status(
        &outcome(&ring, &other, &Signing::new(1)),
        SignatureStatus::NoKey,
        &[Reason::NoSuchKey],
    );
    let critical = Signing::new(1).with(subpacket(0x80 | 100, &[]));
    assert_status(
        &outcome(&ring, &key, &critical),
        SignatureStatus::Unsupported,
        &[Reason::UnknownCritical(100)],
    );
    let notation = [0u8, 0, 0, 0, 0, 1, 0, 1, b'n', b'v'];
    let critical = Signing::new(1).with(subpacket(0x80 | 20, &notation));
    assert_eq!(
        outcome(&ring, &key, &critical).status,
        SignatureStatus::Unsupported
    );
    let harmless = Signing::new(1).with(subpacket(20, &notation));
    assert_eq!(
        outcome(&ring, &key, &harmless).status,
        SignatureStatus::Good
    );
    assert_status(
        &outcome(&ring, &key, &Signing::new(0x18)),
        SignatureStatus::KeyUnusable,
        &[Reason::WrongType],
    );
    let mut future = key.sign(&Signing::new(0), &[b"x"]);
    future[0] = 5;
    let ring = Keyring::read(&ring).unwrap();
    let checked = check_detached(b"x", &packet(2, &future), &ring, at(MADE)).unwrap();
    assert_eq!(checked.signatures[0].status, SignatureStatus::Unsupported);
}

#[test]
fn several_signatures_are_each_judged_alone() {
    let (key, other, late) = (key(), Key::legacy(9, BORN), Key::ed25519(4, 6));
    let mut ring = key.certificate(USER, &self_signature());
    ring.extend(late.certificate(USER, &self_signature()));
    let data = b"data";
    let mut signatures = packet(2, &key.sign(&Signing::new(0), &[data]));
    signatures.extend(packet(2, &other.sign(&Signing::new(0), &[data])));
    signatures.extend(packet(2, &key.sign(&Signing::new(0), &[b"else"])));
    signatures.extend(packet(2, &late.sign(&Signing::new(0), &[data])));
    signatures.extend([0xc2, 9]);
    let ring = Keyring::read(&ring).unwrap();
    let armored = armor("SIGNATURE", &signatures);
    for bytes in [signatures.as_slice(), armored.as_bytes()] {
        let checked = check_detached(data, bytes, &ring, at(MADE)).unwrap();
        let statuses: Vec<&str> = checked.signatures.iter().map(|s| s.status.name()).collect();
        assert_eq!(statuses, ["good", "no-key", "bad", "good", "malformed"]);
    }
    assert!(check_detached(data, b"", &ring, at(MADE)).is_err());
    let none = packet(13, b"no signature");
    assert!(check_detached(data, &none, &ring, at(MADE)).is_err());
}

#[test]
fn text_is_the_same_with_either_line_end_and_streamed_in_any_pieces() {
    let key = key();
    let ring = Keyring::read(&key.certificate(USER, &self_signature())).unwrap();
    let text = Signing::new(1);
    let signature = packet(2, &key.sign(&text, &[b"a\r\nb\rc\r\n\r\n"]));
    for written in ["a\nb\rc\n\n", "a\r\nb\rc\r\n\r\n"] {
        for piece in 1..5 {
            let mut detached = Detached::read(&signature).unwrap();
            for chunk in written.as_bytes().chunks(piece) {
                detached.update(chunk);
            }
            let checked = detached.finish(&ring, at(MADE));
            assert_eq!(checked.signatures[0].status, SignatureStatus::Good);
        }
    }
    let binary = packet(2, &key.sign(&Signing::new(0), &[b"a\n"]));
    let checked = check_detached(b"a\r\n", &binary, &ring, at(MADE)).unwrap();
    assert_eq!(checked.signatures[0].status, SignatureStatus::Bad);
}

#[test]
fn the_escape_of_a_line_goes_before_the_white_space_at_its_end() {
    let key = key();
    let ring = Keyring::read(&key.certificate(USER, &self_signature())).unwrap();
    let check = |text: &str, line: &str, written: &str| {
        let message = key.clearsign(text, &Signing::new(1));
        assert!(message.contains(line));
        let message = message.replacen(line, written, 1);
        let checked = check_clearsigned(message.as_bytes(), &ring, at(MADE)).unwrap();
        assert_eq!(checked.signatures[0].status, SignatureStatus::Good);
        assert_eq!(checked.text.unwrap(), text.as_bytes());
        let kinds: Vec<&str> = checked.anomalies.iter().map(|a| a.kind.name()).collect();
        kinds.join(" ")
    };
    assert_eq!(check("a\n\nb", "a\n\nb\n", "a\n- \nb\n"), "");
    assert_eq!(
        check("a\n\nb", "a\n\nb\n", "a\n- \t\nb\n"),
        "trailing-white-space"
    );
    assert_eq!(check("a\n-\nb", "\n- -\n", "\n-\n"), "unescaped-hyphen");
}

#[test]
fn a_keyring_built_to_be_slow_costs_little_and_is_never_good() {
    let key = Key::rsa(USUAL);
    // Each forged self-signature hashes right and fails only in the arithmetic.
    let mut forged = key.certify(USER, &self_signature());
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let mut ring = key.primary();
    ring.extend(packet(13, USER.as_bytes()));
    for _ in 0..20_000 {
        ring.extend(packet(2, &forged));
    }
    let started = Instant::now();
    let signature = outcome(&ring, &key, &Signing::new(1));
    assert_eq!(signature.status, SignatureStatus::Unsupported);
    assert!(signature.reasons.contains(&Reason::LimitReached));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

// Primes drawn for these tests.
const SMALL: [&str; 2] = [
    "C4E0595EB98DBE2C6B3D733671294CC9131AB8095DACF48062E01B4ED49A42B39A4A3C2EB323B668AB22ECD4AE996CB5CE67D0E96CED3BBAF53C0A92895E1AF7",
    "C91A2834C5B454A55911719D758838955B3D74D68B6DE38522B2A9FF272426357274070BE86E32BE02E4E820EC5A21C20EB870A37DF0AB773EDE69B923D8901B",
];
const USUAL: [&str; 2] = [
    "CC7B4D69CDCA819F1B4E9B9B2EFD4C4A228902CA97962F5FBEBA857A7E9D70E6034A1F27849BEF779F4802E1AD1701A72CE0828C3BB6B4A587022902BE280312303E9AAEA09A81776F65904B2899D59F5173E636580090EBA0B83EE4D66EBCEC2C91E3EBF82E3026852AE4E9A6D5BEA11DD45FAABECCC8A1F6F81443A4D343BF",
    "F49936300B1B842AC1C9948A956ADD7E7A51BED65A937BE9D4BED48C5CF0E8639B191E79D358A5FF9169384B502049B7BE891AF9917DABEA0C3C90ED51A5ED28CD8EAEE422643685A2C1AA76CA2A44A5C555336ADAE4EDFACF2D1EF0C126E2A9B31AEA299CCDD0F67BB04D5430626D9C141DE03221376732730A87844CD03A9D",
];
