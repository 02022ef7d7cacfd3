//! The suite apt-oracle: repositories with what a real apt did with each. Its client's verdict is ours wherever the question is the
//! same, and what apt takes without a word is flagged.

use std::path::Path;

use bonafide::channel::Judged;
use bonafide::model::channel::ClientDecision;

use crate::support::channel::{failed, judged, request, time};
use crate::support::{bytes, corpus, divergence};

/// What apt accepts and a reader has to be told of, by the check that tells.
const FLAGGED: &[(&str, &str)] = &[
    ("no-valid-until-old", "F2"),
    ("valid-until-10y", "F3"),
    ("no-date", "F1"),
    ("key-rsa1024", "A5"),
    ("key-dsa1024", "A5"),
    ("crlf", "C5"),
    ("armor-header-injection", "A8"),
    ("hash-header-missing", "C5"),
    ("hash-header-second", "C5"),
    ("release-duplicate-field", "C5"),
    ("release-duplicate-entry", "C5"),
    ("release-two-paragraphs", "C5"),
    ("release-path-traversal", "C5"),
    ("suite-mismatch", "F7"),
    ("deb-no-hash", "A3"),
    ("deb-md5-only", "A4"),
    ("deb-tampered", "C1"),
    ("S-suite-change", "O4"),
    ("S-key-change-trusted", "O4"),
    ("S-package-version-rollback", "F5"),
    ("S-date-rollback", "F5"),
];

/// The clock ran on while the suite was made, and signatures carry its times.
const GENERATION: std::time::Duration = std::time::Duration::from_secs(40);

/// One good signature among others: said by a finding of its own.
const SEVERAL: [&str; 2] = ["two-sigs-one-expired", "two-sigs-one-unknown"];

fn decision(judged: &Judged) -> &'static str {
    match judged.client.decision {
        ClientDecision::Accepts => "accept",
        ClientDecision::Rejects => "reject",
        ClientDecision::KeepsOld => "keep-old",
        ClientDecision::Unknown => "unknown",
    }
}

struct Case {
    name: String,
    verdict: String,
    /// The last run could download the package.
    download: bool,
    before: Option<Judged>,
    after: Judged,
}

fn case(dir: &Path) -> Case {
    let expect: serde_json::Value =
        serde_json::from_slice(&bytes(&dir.join("expect.json"))).unwrap();
    let at = time(expect["now"].as_str().unwrap()) + GENERATION;
    let of = |tree: &str| {
        let root = dir.join(tree);
        let mut request = request(&root, &dir.join("keyring.gpg"));
        request
            .options
            .insert("suite".to_owned(), "stable".to_owned());
        if let Some(print) = expect["signed_by"].as_str().filter(|p| p.len() > 1) {
            request
                .options
                .insert("signed-by".to_owned(), print.to_owned());
        }
        (root, request)
    };
    let before = dir.join("repo-before").is_dir().then(|| {
        let (root, request) = of("repo-before");
        judged("apt", &root, &request, None, at)
    });
    let (root, request) = of("repo");
    let earlier = before.as_ref().map(|b| &b.channel);
    let after = judged("apt", &root, &request, earlier, at);
    let runs = expect["runs"].as_array().unwrap();
    Case {
        name: expect["name"].as_str().unwrap().to_owned(),
        verdict: expect["verdict"].as_str().unwrap().to_owned(),
        download: runs.last().unwrap()["download"] == "ok",
        before,
        after,
    }
}

fn cases() -> Option<Vec<Case>> {
    let suite = corpus("channels/apt-oracle")?;
    let mut dirs: Vec<_> = std::fs::read_dir(suite)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .collect();
    dirs.sort();
    let cases: Vec<Case> = dirs.iter().map(|d| case(d)).collect();
    assert_eq!(cases.len(), 64, "the suite is not whole");
    Some(cases)
}

#[test]
fn what_apt_did_is_what_its_rules_here_come_to() {
    let Some(cases) = cases() else { return };
    let mut rows = Vec::new();
    for case in &cases {
        let expected = match case.verdict.as_str() {
            "silently-keep-old" | "warn-keep-old" => "keep-old",
            other => other,
        };
        let mut actual = decision(&case.after).to_owned();
        if let Some(before) = &case.before {
            assert_eq!(decision(before), "accept", "{}: its first state", case.name);
        }
        if actual != expected {
            actual.push_str(&format!(" {:?}", case.after.client.reasons));
        }
        rows.push((case.name.clone(), expected.to_owned(), actual));
        // Where the update went through, the file is installed if and only if apt could fetch it.
        if expected == "accept" {
            let installs = case
                .after
                .client
                .artifacts
                .iter()
                .any(|(_, d, _)| *d == ClientDecision::Accepts);
            rows.push((
                format!("{}: file", case.name),
                case.download.to_string(),
                installs.to_string(),
            ));
        }
    }
    divergence::compare(
        "apt-oracle.json",
        include_str!("data/apt-oracle.json"),
        &rows,
    );
}

#[test]
fn what_apt_takes_without_a_word_is_flagged() {
    let Some(cases) = cases() else { return };
    let find = |name: &str| cases.iter().find(|c| c.name == name).unwrap();
    let mut silent = Vec::new();
    for (name, check) in FLAGGED {
        let failed = failed(&find(name).after);
        if !failed.contains(check) {
            silent.push(format!("{name}: {check} does not fail, but {failed:?}"));
        }
    }
    for name in SEVERAL {
        let ids: Vec<_> = find(name)
            .after
            .findings
            .iter()
            .map(|f| f.definition.id)
            .collect();
        if !ids.contains(&"channel-signature-not-verified") {
            silent.push(format!("{name}: {ids:?}"));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// A control without a fault has no fault: what fails on it is only what the suite leaves out of all its cases.
#[test]
fn the_clean_cases_fail_nothing_but_by_hash() {
    let Some(cases) = cases() else { return };
    for name in [
        "good-inrelease",
        "good-detached",
        "key-ed",
        "key-nist256",
        "signed-by-fpr",
    ] {
        let case = cases.iter().find(|c| c.name == name).unwrap();
        let failed: Vec<_> = failed(&case.after)
            .into_iter()
            .filter(|id| !matches!(*id, "C2" | "A6"))
            .collect();
        assert!(failed.is_empty(), "{name}: {failed:?}");
        assert_eq!(case.after.paths.strength.name(), "strong", "{name}");
    }
}
