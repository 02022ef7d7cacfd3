//! Real keyrings and peers' test keys: what they come to, beside gpg where it is installed.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use bonafide::base::time::Time;
use bonafide::model::digest::hex;
use bonafide::verify::openpgp::{Keyring, SubkeyState};

use crate::support::{bytes, corpus};

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    found.sort();
    found
}

/// Fingerprint and expiry of each key, as gpg lists them; `None` where gpg is not installed.
fn gpg(file: &Path, home: &Path) -> Option<BTreeSet<(String, String)>> {
    let output = Command::new("gpg")
        .arg("--homedir")
        .arg(home)
        .args(["--batch", "--with-colons", "--show-keys"])
        .arg(file)
        .output()
        .ok()?;
    let mut expires = String::new();
    let mut found = BTreeSet::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let fields: Vec<&str> = line.split(':').collect();
        match fields[0] {
            "pub" | "sub" => expires = fields[6].to_owned(),
            "fpr" => {
                found.insert((fields[9].to_lowercase(), expires.clone()));
            }
            _ => {}
        }
    }
    Some(found)
}

fn ours(ring: &Keyring, at: Time) -> BTreeSet<(String, String)> {
    let seconds = |t: Option<Time>| t.map_or(String::new(), |t| t.unix_timestamp().to_string());
    let mut found = BTreeSet::new();
    for index in 0..ring.certificates().len() {
        let state = ring.state(index, at).unwrap();
        found.insert((hex(&state.fingerprint), seconds(state.expires)));
        for subkey in state.subkeys {
            found.insert((hex(&subkey.fingerprint), seconds(subkey.expires)));
        }
    }
    found
}

#[test]
fn keyrings_of_this_system_come_to_what_gpg_lists() {
    let at = Time::now_utc();
    let home = tempfile::tempdir().unwrap();
    let mut keys = 0;
    for file in ["/usr/share/keyrings", "/etc/apt/trusted.gpg.d"]
        .iter()
        .flat_map(|folder| files(Path::new(folder)))
    {
        let ring = Keyring::read(&bytes(&file)).unwrap();
        let Some(listed) = gpg(&file, home.path()) else {
            println!("skipped: gpg is not installed");
            return;
        };
        let ours = ours(&ring, at);
        assert_eq!(ours, listed, "{}", file.display());
        keys += ours.len();
        for index in 0..ring.certificates().len() {
            let state = ring.state(index, at).unwrap();
            assert!(!state.limit_reached && !state.has_unchecked_revocation);
            println!(
                "{} {} {} self {:?} revoked {} subkeys {:?}",
                file.file_name().unwrap().display(),
                hex(&state.fingerprint),
                state.algorithm,
                state.self_signature_hash,
                state.revoked.is_some(),
                state
                    .subkeys
                    .iter()
                    .map(|s| (s.is_bound, s.is_cross_certified, s.may_sign, s.binding_hash))
                    .collect::<Vec<_>>()
            );
        }
    }
    if keys == 0 {
        println!("skipped: this system has no keyring with a key");
    } else {
        println!("{keys} keys agree");
    }
}

/// A subkey that signs: bound, signed back, allowed to.
fn signs(subkey: &SubkeyState) -> bool {
    subkey.is_bound && subkey.is_cross_certified && subkey.may_sign
}

/// What lies beside the test keys and is not judged with them, by the end of its name, with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    (".secret", "secret keys are not read"),
    ("privkey.pem", "a secret key in another format"),
    ("keyidcollision1.asc", "a secret key by its armor"),
    ("keyidcollision2.asc", "a secret key by its armor"),
    ("keyidcollision1.pub", "judged by the test of key ids"),
    ("keyidcollision2.pub", "judged by the test of key ids"),
    (
        "unknown",
        "a folder of keys of an algorithm that is not read",
    ),
];

#[test]
fn peers_test_keys_come_to_what_their_names_say() {
    let Some(root) = corpus("platforms/rpm/tests/data/keys") else {
        return;
    };
    let at = Time::from_unix_timestamp(1_790_000_000).unwrap();
    let judged = RefCell::new(BTreeSet::new());
    let state = |name: &str| {
        judged.borrow_mut().insert(name.to_owned());
        let ring = Keyring::read(&bytes(&root.join(name))).unwrap();
        assert_eq!(ring.certificates().len(), 1, "{name}");
        let state = ring.state(0, at).unwrap();
        assert!(state.is_self_signed, "{name}");
        state
    };
    for name in [
        "CVE-2021-3521-badbind.asc",
        "CVE-2021-3521-nosubsig.asc",
        "CVE-2021-3521-nosubsig-last.asc",
        "type-confusion.asc",
    ] {
        let state = state(name);
        assert!(
            !state.subkeys.is_empty() && !state.subkeys.iter().any(signs),
            "{name}"
        );
    }
    for name in [
        "alice.asc",
        "rpm.org-v6-ed25519-test.asc",
        "rpm.org-v6-rsa4k-test.asc",
    ] {
        let state = state(name);
        assert!(state.subkeys.iter().any(signs), "{name}: {state:?}");
        assert!(state.subkeys.iter().all(|s| s.revoked.is_none()), "{name}");
    }
    assert!(
        state("alice-revoked-subkey.asc").subkeys[0]
            .revoked
            .is_some()
    );
    let expired = state("alice-expired-subkey.asc").subkeys[0].expires;
    assert!(expired.is_some_and(|t| t < at));
    for name in [
        "different-creation-times.asc",
        "rpm.org-ed25519-test.pub",
        "rpm.org-nistp256-test.pub",
        "rpm.org-rsa-2048-add-subkey.asc",
        "rpm.org-rsa-2048-test.pgp",
        "rpm.org-rsa-2048-test.pub",
    ] {
        assert!(state(name).may_sign, "{name}");
    }
    for file in files(&root) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        match LEFT_OUT.iter().find(|(end, _)| name.ends_with(end)) {
            Some((_, reason)) => println!("left out: {name}: {reason}"),
            None => assert!(judged.borrow().contains(&name), "{name} is not judged"),
        }
    }
}

#[test]
fn two_keys_with_one_id_are_told_apart() {
    let Some(root) = corpus("platforms/rpm/tests/data/keys") else {
        return;
    };
    let mut ring = Keyring::default();
    for name in ["keyidcollision1.pub", "keyidcollision2.pub"] {
        ring.add(&bytes(&root.join(name))).unwrap();
    }
    let at = Time::from_unix_timestamp(1_790_000_000).unwrap();
    let (one, two) = (ring.state(0, at).unwrap(), ring.state(1, at).unwrap());
    assert_eq!(one.key_id, two.key_id);
    assert_ne!(one.fingerprint, two.fingerprint);
    assert_eq!(ring.find(&one.fingerprint), Some(0));
    assert_eq!(ring.find(&two.fingerprint), Some(1));
}
