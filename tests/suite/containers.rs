//! The fixtures under `fixtures/containers`, listed and decoded member by member: in each, the signed component comes out as it
//! went in, under the path that reports will show.

use std::io::Read;
use std::process::Command;

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::{Content, Error, Kind, Out, Sniff, detect};
use serde_json::Value;

use crate::support::{bytes, root};

/// File, and how the path of the component inside ends: what stands before it is how tarballs and their coding are shown.
const FIXTURES: &[(&str, &str)] = &[
    ("cab/payload.cab", "payload.cab!/avcore.dll"),
    ("zip/setup.zip", "setup.msi!/data.cab!/avcore.dll"),
    ("7z/setup.7z", "payload.zip!/payload.cab!/avcore.dll"),
    ("7z/setup.7z", "setup.7z!/avcore.dll"),
    (
        "sfx-7z/sfx-7z.exe",
        "[overlay].7z!/payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "sfx-zip/sfx-zip.exe",
        "[overlay].zip!/payload.cab!/avcore.dll",
    ),
    (
        "sfx-zip-adjusted/sfx-zip-adjusted.exe",
        "payload.cab!/avcore.dll",
    ),
    (
        "nsis/setup-nsis.exe",
        "$INSTDIR/data/payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "nsis-zlib/setup-nsis-zlib.exe",
        "$INSTDIR/data/payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "burn/bundle.exe",
        "[attached].cab!/setup.msi!/data.cab!/avcore.dll",
    ),
    (
        "nupkg/fixture.1.0.0.nupkg",
        "lib/net8.0/payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "wheel/fixture-1.0-py3-none-any.whl",
        "fixture/payload.zip!/payload.cab!/avcore.dll",
    ),
    ("vsix/fixture.vsix", "payload.zip!/payload.cab!/avcore.dll"),
    ("msix/fixture.msix", "payload.zip!/payload.cab!/avcore.dll"),
    (
        "tar-gz/release.tar.gz",
        "payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "tar-xz/release.tar.xz",
        "payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "tar-zst/release.tar.zst",
        "payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "tar-bz2/release.tar.bz2",
        "payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "npm/fixture-1.0.0.tgz",
        "package/payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "crate/fixture-1.0.0.crate",
        "fixture-1.0.0/payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "deb/fixture_1.0_all.deb",
        "usr/lib/fixture/payload.zip!/payload.cab!/avcore.dll",
    ),
    (
        "rpm/fixture-1.0-1.noarch.rpm",
        "usr/lib/fixture/payload.zip!/payload.cab!/avcore.dll",
    ),
];

/// Deeper than any fixture.
const DEEPEST: usize = 8;

/// Decoded members by index.
struct Kept(Vec<Option<Vec<u8>>>);

impl Out for Kept {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
        let mut out = Vec::new();
        std::io::copy(content, &mut out).expect("a member that decodes");
        self.0[index] = Some(out);
        Ok(())
    }
}

/// Path and content of every file inside, at any depth.
fn walk(name: &str, data: &Vec<u8>, depth: usize, found: &mut Vec<(String, Vec<u8>)>) {
    let budget = Budget::start(Limits::default(), &Stopped);
    let head = data.get(..512).unwrap_or(data);
    let sniff = Sniff {
        head,
        name,
        blob: data,
    };
    let Some(format) = detect(&sniff).filter(|_| depth < DEEPEST) else {
        return;
    };
    let inside = format
        .open(data, &budget)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let Some(inside) = inside else {
        return;
    };
    let mut kept = Kept(vec![None; inside.entries().len()]);
    for block in 0..inside.blocks() {
        inside
            .decode(data, block, &budget, &mut kept)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for (entry, decoded) in inside.entries().iter().zip(kept.0) {
        let content = match &entry.content {
            Content::Stored(span) => data.read_range(span.clone()).expect("inside the file"),
            Content::Coded => match decoded {
                Some(decoded) => decoded,
                None if entry.kind == Kind::File => panic!("{name}: {} came not out", entry.path),
                None => continue,
            },
            Content::Unreadable(why) => panic!("{name}: {}: {why}", entry.path),
        };
        let path = format!("{name}!/{}", entry.path);
        walk(&path, &content, depth + 1, found);
        found.push((path, content));
    }
}

#[test]
fn every_container_gives_back_the_component_under_its_path() {
    let component = bytes(&root().join("fixtures/pe/kaspersky-ao/artifact.exe"));
    for (file, inside) in FIXTURES {
        let mut found = Vec::new();
        walk(
            file,
            &bytes(&root().join("fixtures/containers").join(file)),
            0,
            &mut found,
        );
        let paths: Vec<&String> = found.iter().map(|(path, _)| path).collect();
        let (_, content) = found
            .iter()
            .find(|(path, _)| path.starts_with(file) && path.ends_with(&format!("/{inside}")))
            .unwrap_or_else(|| panic!("{file}: no {inside} among {paths:#?}"));
        assert!(
            *content == component,
            "{file}: {inside} is not the component"
        );
    }
}

/// What the determination on Kaspersky covers: software of theirs inside somebody else's product.
#[test]
fn a_prohibited_component_is_found_and_denied_however_deep_it_lies() {
    for (file, inside) in FIXTURES {
        let output = Command::new(env!("CARGO_BIN_EXE_bonafide"))
            .env_clear()
            .arg("verify")
            .arg(root().join("fixtures/containers").join(file))
            .args([
                "--no-config",
                "--policy",
                "us-commercial",
                "--at",
                "2026-06-01",
            ])
            .arg("--trust-root")
            .arg(root().join("fixtures/pki/root.pem"))
            .args(["-f", "json"])
            .output()
            .unwrap();
        // Those that their platform expects to be signed have a worse fault: they are not.
        assert!(matches!(output.status.code(), Some(1 | 4)), "{file}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["verdict"]["result"], "deny", "{file}");
        assert_eq!(report["status"], "complete", "{file}");
        let subjects = report["subjects"].as_array().unwrap();
        let ends = format!("/{inside}");
        let component = subjects
            .iter()
            .find(|s| s["path"].as_str().unwrap().ends_with(&ends))
            .unwrap_or_else(|| panic!("{file}: no {inside}"));
        let signer = component["signatures"][0]["signer"].as_str().unwrap();
        assert_eq!(
            report["parties"][signer]["vendor"]["slug"], "kaspersky",
            "{file}"
        );
        let reasons = report["verdict"]["reasons"].as_array().unwrap();
        let prohibited = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["id"] == "prohibition-in-force" && reasons.contains(&f["instance"]));
        assert!(prohibited, "{file}");
    }
}

#[test]
fn spoiled_installers_give_an_answer() {
    for file in [
        "nsis/setup-nsis.exe",
        "nsis-zlib/setup-nsis-zlib.exe",
        "sfx-7z/sfx-7z.exe",
    ] {
        let whole = bytes(&root().join("fixtures/containers").join(file));
        // The stub itself is not what is spoiled.
        let start = whole.len().saturating_sub(5000).max(1024);
        for at in (start..whole.len()).step_by(23) {
            let mut spoiled = whole.clone();
            spoiled[at] ^= 0x55;
            answer(&spoiled);
        }
        for len in (start..whole.len()).step_by(101) {
            answer(&whole[..len].to_vec());
        }
    }
}

/// Opens and decodes, whatever comes of it.
fn answer(data: &Vec<u8>) {
    struct Nowhere;
    impl Out for Nowhere {
        fn wants(&self, _: usize) -> bool {
            true
        }
        fn member(&mut self, _: usize, content: &mut dyn Read) -> Result<(), Error> {
            let _ = std::io::copy(content, &mut std::io::sink());
            Ok(())
        }
    }
    let budget = Budget::start(Limits::default(), &Stopped);
    let format = detect(&Sniff::of(data)).expect("an image");
    if let Ok(Some(inside)) = format.open(data, &budget) {
        for block in 0..inside.blocks() {
            let _ = inside.decode(data, block, &budget, &mut Nowhere);
        }
    }
}
