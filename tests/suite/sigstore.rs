//! Sigstore bundles of peers' suites: each is accepted or rejected as its name says.

use std::path::{Path, PathBuf};

use bonafide::base::time::{Time, parse_rfc3339};
use bonafide::envelope::sigstore::{Body, Bundle, Verifier, decode_pem, hex};
use bonafide::model::digest::{DigestAlgorithm, Digests};
use bonafide::verify::sigstore::{
    Artifact, Checked, Error, FaultKind, Key, Status, Trust, TrustedRoot, check, check_attestation,
    public_good,
};
use serde_json::Value;

use crate::support::{bytes, corpus, divergence};

const WORKFLOW: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

fn at() -> Time {
    parse_rfc3339("2026-11-25").unwrap()
}

fn text(path: &Path) -> Option<String> {
    path.exists()
        .then(|| String::from_utf8(bytes(path)).unwrap().trim().to_owned())
}

/// What a case of the conformance suite comes to.
fn conform(case: &Path) -> Result<Checked, Error> {
    let root = match case.join("trusted_root.json") {
        own if own.exists() => TrustedRoot::read(&bytes(&own))?,
        _ => public_good()?,
    };
    let own = case.join("artifact");
    let artifact = if own.exists() {
        bytes(&own)
    } else {
        bytes(&case.join("../a.txt"))
    };
    let mut keys = Vec::new();
    if let Some(pem) = text(&case.join("key.pub")) {
        // One of them is no key at all.
        let (_, spki) = decode_pem(pem.as_bytes()).ok_or(Error::Form("no key"))?;
        keys.push(Key {
            hint: None,
            spki,
            valid: (None, None),
        });
    }
    let trust = Trust {
        root: &root,
        keys: &keys,
        at: at(),
    };
    check(
        &bytes(&case.join("bundle.sigstore.json")),
        Artifact::Bytes(&artifact),
        &trust,
    )
}

/// Accepted means verified, and by the identity that the case asks for.
fn verdict(case: &Path) -> (String, String) {
    let checked = match conform(case) {
        Ok(checked) => checked,
        Err(error) => return ("reject".into(), error.to_string()),
    };
    let why = format!("{} {:?}", checked.status.name(), checked.faults);
    let name = text(&case.join("identity")).unwrap_or(WORKFLOW.into());
    let issuer = text(&case.join("issuer")).unwrap_or(ISSUER.into());
    let is_asked_for = match &checked.identity {
        Some(identity) => identity.is(&name, &issuer),
        None => case.join("key.pub").exists(),
    };
    let verdict = if checked.status == Status::Verified && is_asked_for {
        "accept"
    } else {
        "reject"
    };
    (verdict.into(), why)
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .collect();
    found.sort();
    found
}

#[test]
fn every_case_of_the_conformance_suite_is_accepted_or_rejected_as_its_name_says() {
    let suite = "channels/sigstore+sigstore-conformance/test/assets/bundle-verify";
    let Some(root) = corpus(suite) else {
        return;
    };
    let mut compared = Vec::new();
    for case in folders(&root) {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let expected = if name.ends_with("_fail") {
            "reject"
        } else {
            "accept"
        };
        let (verdict, why) = verdict(&case);
        println!("{name}: {verdict} ({why})");
        compared.push((name, expected.to_owned(), verdict));
    }
    assert_eq!(compared.len(), 70);
    divergence::compare("sigstore-conformance.json", "[]", &compared);
}

#[test]
fn a_log_without_a_promise_must_count_when_others_say_that_was_signed() {
    let suite = "channels/sigstore+sigstore-conformance/test/assets/bundle-verify";
    let Some(root) = corpus(suite) else {
        return;
    };
    let case = root.join("rekor2-happy-path");
    let artifact = bytes(&root.join("a.txt"));
    let mut document: Value =
        serde_json::from_slice(&bytes(&case.join("trusted_root.json"))).unwrap();
    let mut with_end = |end: &str| {
        for log in document["tlogs"].as_array_mut().unwrap() {
            log["publicKey"]["validFor"]["end"] = end.into();
        }
        let trusted = TrustedRoot::read(&serde_json::to_vec(&document).unwrap()).unwrap();
        let trust = Trust {
            root: &trusted,
            keys: &[],
            at: at(),
        };
        let bundle = bytes(&case.join("bundle.sigstore.json"));
        check(&bundle, Artifact::Bytes(&artifact), &trust).unwrap()
    };
    assert_eq!(with_end("2099-01-01T00:00:00Z").status, Status::Verified);
    let late = with_end("2025-04-17T00:00:00Z");
    assert_eq!(late.status, Status::Failed);
    let kinds: Vec<FaultKind> = late.faults.iter().map(|f| f.kind).collect();
    assert_eq!(kinds, [FaultKind::OutsideValidity]);
}

/// Attestations of one package as a registry serves them.
fn attestations(path: &Path) -> Vec<Vec<u8>> {
    let document: Value = serde_json::from_slice(&bytes(path)).unwrap();
    let list = document["attestations"].as_array().unwrap().clone();
    list.iter()
        .map(|a| serde_json::to_vec(&a["bundle"]).unwrap())
        .collect()
}

/// The registry's key, which the log entry of a valid attestation records.
fn registry_key(attestation: &[u8], hint: &str) -> Key {
    let bundle = Bundle::read(attestation).unwrap();
    let Ok(Body::Enveloped { signatures, .. }) = bundle.entries[0].read_body() else {
        panic!("another kind of entry");
    };
    let Verifier::PublicKey(spki) = &signatures[0].1 else {
        panic!("no key");
    };
    Key {
        hint: Some(hint.into()),
        spki: spki.clone(),
        valid: (None, Some(parse_rfc3339("2025-01-29").unwrap())),
    }
}

#[test]
fn attestations_of_packages_hold_or_fail_as_their_names_say() {
    let Some(root) = corpus("channels/npm+pacote/test/fixtures/sigstore") else {
        return;
    };
    let hint = "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA";
    let valid = attestations(&root.join("valid-attestations.json"));
    let keys = [registry_key(&valid[1], hint)];
    let sha512 = "282c0c5fa936d264321643581b65d3de5c0af6ed4fdfac12f5851115df39cc25cfaf0ad22d908487bfef30114d61c25746206d1834be4f8fd1659178f77cc004";
    let digests = Digests::from([(DigestAlgorithm::Sha512, hex(sha512).unwrap())]);
    let trusted = public_good().unwrap();
    let trust = Trust {
        root: &trusted,
        keys: &keys,
        at: at(),
    };
    let verified = |json: &[u8]| match check(json, Artifact::Digests(&digests), &trust) {
        Ok(checked) => {
            let name = "pkg:npm/sigstore@0.4.0";
            let named = checked
                .statement
                .as_ref()
                .is_some_and(|s| s.subject.iter().all(|s| s.name == name));
            println!("  {:?} {:?}", checked.status, checked.faults);
            checked.status == Status::Verified && named
        }
        Err(error) => {
            println!("  {error}");
            false
        }
    };
    let mut compared = Vec::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&root)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        println!("{name}");
        let all = attestations(&file).iter().filter(|a| !verified(a)).count() == 0;
        let word = |accept| if accept { "accept" } else { "reject" }.to_owned();
        let expected = word(name.starts_with("valid-"));
        compared.push((name, expected, word(all)));
    }
    assert_eq!(compared.len(), 8);
    divergence::compare(
        "npm-attestations.json",
        include_str!("data/npm-attestations.json"),
        &compared,
    );
    // Without the key nothing is said of the keyed one.
    let stranger = Trust { keys: &[], ..trust };
    let checked = check(&valid[1], Artifact::Digests(&digests), &stranger).unwrap();
    assert_eq!(checked.status, Status::NoKey);
    assert_eq!(checked.key_hint.as_deref(), Some(hint));
}

#[test]
fn attestations_of_a_python_index_are_read_and_those_of_the_public_instance_hold() {
    let Some(root) = corpus("channels/trailofbits+pypi-attestations/test/assets") else {
        return;
    };
    let trusted = public_good().unwrap();
    let trust = Trust {
        root: &trusted,
        keys: &[],
        at: at(),
    };
    let (mut seen, mut judged) = (0, 0);
    for entry in std::fs::read_dir(&root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".attestation") {
            continue;
        }
        let bundle = Bundle::read_attestation(&bytes(&path)).unwrap();
        assert!(!bundle.entries.is_empty(), "{name}");
        let artifact = name
            .trim_end_matches(".attestation")
            .trim_end_matches(".publish")
            .trim_end_matches(".slsa");
        let artifact = root.join(artifact);
        if artifact.exists() {
            let data = bytes(&artifact);
            let checked = check_attestation(&bytes(&path), Artifact::Bytes(&data), &trust).unwrap();
            // Two are of the staging instance, whose authorities the public root does not name.
            let is_staging = name.starts_with("rfc8785-");
            let verified = checked.status == Status::Verified;
            assert_eq!(verified, !is_staging, "{name}: {:?}", checked.faults);
            judged += 1;
        }
        seen += 1;
    }
    assert_eq!((seen, judged), (7, 6));
}

#[test]
fn a_turned_bit_never_changes_what_a_verified_bundle_says() {
    let suite = "channels/sigstore+sigstore-conformance/test/assets/bundle-verify";
    let Some(root) = corpus(suite) else {
        return;
    };
    let artifact = bytes(&root.join("a.txt"));
    for (name, own_root) in [
        ("happy-path-v0.3", false),
        ("happy-path-intoto-in-dsse-v3", false),
        ("rekor2-happy-path", true),
    ] {
        let case = root.join(name);
        let trusted = if own_root {
            TrustedRoot::read(&bytes(&case.join("trusted_root.json"))).unwrap()
        } else {
            public_good().unwrap()
        };
        let trust = Trust {
            root: &trusted,
            keys: &[],
            at: at(),
        };
        let mut json = bytes(&case.join("bundle.sigstore.json"));
        let original = check(&json, Artifact::Bytes(&artifact), &trust).unwrap();
        assert_eq!(original.status, Status::Verified);
        // A prime step meets every part of the document.
        for bit in (0..json.len() * 8).step_by(127) {
            json[bit / 8] ^= 1 << (bit % 8);
            if let Ok(checked) = check(&json, Artifact::Bytes(&artifact), &trust)
                && checked.status == Status::Verified
            {
                assert_eq!(checked, original, "{name}: bit {bit}");
            }
            json[bit / 8] ^= 1 << (bit % 8);
        }
    }
}
