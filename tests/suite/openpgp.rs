//! OpenPGP signatures of peers' suites, signature by signature beside gpgv where it is installed.

mod flips;
mod keyrings;
mod made;

use std::path::{Path, PathBuf};
use std::process::Command;

use bonafide::base::time::Time;
use bonafide::envelope::openpgp::armor;
use bonafide::verify::openpgp::{Checked, Error, Keyring, check_clearsigned, check_detached};

use crate::support::{bytes, corpus, divergence};

/// A signed file of a suite.
struct Case {
    id: String,
    keyring: PathBuf,
    /// The clearsigned message, or the detached signature.
    signed: PathBuf,
    /// What a detached signature is over.
    data: Option<PathBuf>,
}

impl Case {
    fn check(&self, at: Time) -> Result<Checked, Error> {
        let keyring = Keyring::read(&bytes(&self.keyring))?;
        let signed = bytes(&self.signed);
        match &self.data {
            Some(data) => check_detached(&bytes(data), &signed, &keyring, at),
            None => check_clearsigned(&signed, &keyring, at),
        }
    }

    /// Statuses, in order.
    fn ours(&self, at: Time) -> String {
        match self.check(at) {
            Err(_) => "unreadable".into(),
            Ok(checked) => {
                let names: Vec<&str> = checked.signatures.iter().map(|s| s.status.name()).collect();
                names.join(" ")
            }
        }
    }

    /// What gpgv says of each signature, in our words.
    fn theirs(&self, directory: &Path) -> String {
        let ring = directory.join("ring.gpg");
        std::fs::write(&ring, packets(&bytes(&self.keyring))).unwrap();
        let mut command = Command::new("gpgv");
        command
            .args(["--status-fd", "1", "--homedir"])
            .arg(directory)
            .arg("--keyring")
            .arg(&ring)
            .arg(&self.signed)
            .args(&self.data);
        let output = command.output().unwrap();
        let mut words = Vec::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let mut fields = line.split(' ').skip(1);
            let word = match (fields.next().unwrap_or_default(), fields.nth(5)) {
                ("GOODSIG", _) => "good",
                ("EXPSIG", _) => "expired",
                ("EXPKEYSIG", _) => "key-expired",
                ("REVKEYSIG", _) => "key-revoked",
                ("BADSIG", _) => "bad",
                ("ERRSIG", Some("9")) => "no-key",
                ("ERRSIG", _) => "error",
                _ => continue,
            };
            words.push(word);
        }
        if words.is_empty() {
            words.push("unreadable");
        }
        words.join(" ")
    }
}

/// gpgv reads keyrings without armor only.
fn packets(keyring: &[u8]) -> Vec<u8> {
    if armor::is_armored(keyring) {
        let blocks = armor::read(keyring).unwrap().blocks;
        blocks.into_iter().flat_map(|b| b.octets).collect()
    } else {
        keyring.to_vec()
    }
}

fn has_gpgv() -> bool {
    let found = Command::new("gpgv").arg("--version").output().is_ok();
    if !found {
        println!("skipped: gpgv is not installed");
    }
    found
}

/// Every signed release file of the apt suite.
fn apt_cases(root: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        for side in ["repo-before", "repo"] {
            let suite = folder.join(side).join("dists/stable");
            let pairs = [("InRelease", None), ("Release.gpg", Some("Release"))];
            for (signed, data) in pairs {
                let signed = suite.join(signed);
                if signed.exists() {
                    cases.push(Case {
                        id: format!(
                            "apt/{name}/{side}/{}",
                            signed.file_name().unwrap().display()
                        ),
                        keyring: folder.join("keyring.gpg"),
                        signed,
                        data: data.map(|d| suite.join(d)),
                    });
                }
            }
        }
    }
    cases
}

fn librepo_cases(root: &Path) -> Vec<Case> {
    let mock = root.join("tests/python/tests/servermock/yum_mock/static/01/repodata");
    let expired = root.join("tests/test_data/expired_test");
    let case = |id: &str, keyring: PathBuf, signed: PathBuf, data: PathBuf| Case {
        id: id.into(),
        keyring,
        signed,
        data: Some(data),
    };
    vec![
        case(
            "librepo/repomd",
            mock.join("repomd.xml.key"),
            mock.join("repomd.xml.asc"),
            mock.join("repomd.xml"),
        ),
        case(
            "librepo/repomd-bad",
            mock.join("repomd.xml.key"),
            mock.join("repomd.xml.asc.bad"),
            mock.join("repomd.xml"),
        ),
        case(
            "librepo/expired",
            expired.join("expired_key.asc"),
            expired.join("test_data.txt.asc"),
            expired.join("test_data.txt"),
        ),
    ]
}

fn ostree_cases(root: &Path) -> Vec<Case> {
    let data = root.join("tests/gpg-verify-data");
    ["sig", "sig0", "sig1", "sig2", "sig3", "sig4"]
        .iter()
        .map(|name| Case {
            id: format!("ostree/lgpl2.{name}"),
            keyring: data.join("pubring.gpg"),
            signed: data.join(format!("lgpl2.{name}")),
            data: Some(data.join("lgpl2")),
        })
        .collect()
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    type List = fn(&Path) -> Vec<Case>;
    let suites: [(&str, List, usize); 3] = [
        ("channels/apt-oracle", apt_cases, 72),
        ("channels/rpm-software-management+librepo", librepo_cases, 3),
        ("channels/ostreedev+ostree", ostree_cases, 6),
    ];
    for (suite, list, count) in suites {
        if let Some(root) = corpus(suite) {
            let found = list(&root);
            assert_eq!(found.len(), count, "{suite} is not whole");
            cases.extend(found);
        }
    }
    cases
}

#[test]
fn every_signature_gets_what_gpgv_says_or_the_difference_is_explained() {
    let cases = cases();
    if cases.is_empty() || !has_gpgv() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    // gpgv has no other clock.
    let at = Time::now_utc();
    let compared: Vec<(String, String, String)> = cases
        .iter()
        .map(|case| {
            (
                case.id.clone(),
                case.theirs(directory.path()),
                case.ours(at),
            )
        })
        .collect();
    divergence::compare("gpgv.json", include_str!("data/gpgv.json"), &compared);
}

#[test]
fn what_stands_around_a_signed_release_is_an_anomaly() {
    let Some(root) = corpus("channels/apt-oracle") else {
        return;
    };
    let at = Time::from_unix_timestamp(1_795_500_000).unwrap();
    let expected = [
        ("appended-unsigned", "text-after"),
        ("armor-header-injection", "header"),
        ("crlf", "carriage-returns"),
        ("detached-leading-payload", "text-before"),
        ("detached-trailing-payload", "text-after"),
        ("good-detached", ""),
        ("good-inrelease", ""),
        ("hash-header-missing", "hash-header-missing"),
        ("hash-header-second", "hash-header-mismatch"),
        ("prepended-unsigned", "text-before"),
        ("second-message", "second-message"),
        ("two-sigs-one-unknown", ""),
    ];
    let cases = apt_cases(&root);
    for (name, anomalies) in expected {
        let prefix = format!("apt/{name}/repo/");
        let case = cases.iter().find(|c| c.id.starts_with(&prefix)).unwrap();
        let checked = case.check(at).unwrap();
        let kinds: Vec<&str> = checked.anomalies.iter().map(|a| a.kind.name()).collect();
        assert_eq!(kinds.join(" "), anomalies, "{name}");
    }
    let binary = cases
        .iter()
        .find(|c| c.id.starts_with("apt/detached-binary/"))
        .unwrap();
    assert!(!binary.check(at).unwrap().armored);
}
