//! apt repositories made here, signed and served from memory: one property each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bonafide::base::blob::ReadAt;
use bonafide::base::time::Time;
use bonafide::channel::{self, GivenAnchor, Judged, Request};
use bonafide::model::channel::{
    Channel, CheckStatus, ClientDecision, Fetch, FetchOutcome, Provenance,
};
use bonafide::model::collection::{Collected, Collection};
use bonafide::model::digest::{DigestAlgorithm, hex};
use bonafide::verify::digest::hash;

use crate::support::openpgp::{BORN, Key, MADE, Signing, self_signature};

const ROOT: &str = "https://h.example/";

/// A repository in the making, and what its server answers in place of a file.
struct Repo {
    files: BTreeMap<String, Vec<u8>>,
    answers: BTreeMap<String, FetchOutcome>,
}

fn key() -> Key {
    Key::legacy(1, BORN)
}

fn sha256(bytes: &[u8]) -> String {
    hex(&hash(DigestAlgorithm::Sha256, bytes).unwrap())
}

fn package(name: &str, version: &str) -> String {
    let body = format!("{name} {version}");
    format!(
        "Package: {name}\nVersion: {version}\nArchitecture: amd64\nFilename: pool/{name}_{version}.deb\nSize: {}\nSHA256: {}\n\n",
        body.len(),
        sha256(body.as_bytes())
    )
}

/// A suite's release file over indexes, its date in January 2024.
fn release(day: u32, indexes: &[(&str, &[u8])]) -> String {
    let components: Vec<&str> = indexes
        .iter()
        .filter_map(|(path, _)| path.split('/').next())
        .collect();
    let mut text = format!(
        "Origin: O\nSuite: s\nCodename: s\nDate: {}, {day:02} Jan 2024 00:00:00 UTC\nAcquire-By-Hash: no\nComponents: {}\nSHA256:\n",
        ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][usize::try_from(day).unwrap() % 7],
        components.join(" ")
    );
    for (path, bytes) in indexes {
        writeln!(text, " {} {} {path}", sha256(bytes), bytes.len()).unwrap();
    }
    text
}

impl Repo {
    /// Signed by the usual key, with its packages in `main`.
    fn of(day: u32, packages: &[(&str, &str)]) -> Self {
        let index: String = packages.iter().map(|(n, v)| package(n, v)).collect();
        let mut repo = Self::with(day, &[("main/binary-amd64/Packages", index.as_bytes())]);
        for (name, version) in packages {
            let body = format!("{name} {version}").into_bytes();
            repo.files
                .insert(format!("pool/{name}_{version}.deb"), body);
        }
        repo
    }

    fn with(day: u32, indexes: &[(&str, &[u8])]) -> Self {
        let mut files = BTreeMap::new();
        for (path, bytes) in indexes {
            files.insert(format!("dists/s/{path}"), bytes.to_vec());
        }
        let mut repo = Self {
            files,
            answers: BTreeMap::new(),
        };
        repo.sign(&release(day, indexes));
        repo
    }

    fn sign(&mut self, text: &str) {
        let signed = key().clearsign(text, &Signing::new(1)).into_bytes();
        self.files.insert("dists/s/InRelease".to_owned(), signed);
    }

    fn answer(&self, root: &str, url: &str) -> Collected {
        let path = url.strip_prefix(root).unwrap();
        let body = self.files.get(path);
        let outcome = match (self.answers.get(path), body) {
            (Some(outcome), _) => outcome.clone(),
            (None, Some(_)) => FetchOutcome::Whole,
            (None, None) => FetchOutcome::Status(404),
        };
        let body = body.filter(|_| outcome == FetchOutcome::Whole);
        Collected {
            fetch: Fetch {
                url: url.to_owned(),
                outcome,
                size: body.map_or(0, |b| b.len() as u64),
                sha256: body
                    .and_then(|b| hash(DigestAlgorithm::Sha256, b))
                    .unwrap_or_default(),
                ..Fetch::default()
            },
            body: body.map(|b| -> Arc<dyn ReadAt> { Arc::new(b.clone()) }),
            artifact: false,
        }
    }

    fn collected(&self, root: &str, request: &Request) -> Collection {
        let dialect = channel::find("apt").unwrap();
        let mut have = Collection::default();
        loop {
            let wants = dialect.wants(request, &have);
            if wants.is_empty() {
                return have;
            }
            for want in wants {
                have.all.push(self.answer(root, &want.url));
            }
        }
    }

    fn judged(&self, request: &Request, before: Option<&Channel>) -> Judged {
        self.try_judged(request, before).unwrap()
    }

    fn try_judged(
        &self,
        request: &Request,
        before: Option<&Channel>,
    ) -> Result<Judged, channel::Error> {
        let root = request.target.split(' ').find(|w| w.contains("://"));
        let have = self.collected(root.unwrap(), request);
        let at = Time::from_unix_timestamp(i64::from(MADE) + 10 * 86_400).unwrap();
        channel::judge(channel::find("apt").unwrap(), request, &have, before, at)
    }
}

fn request(target: &str, products: &[&str]) -> Request {
    Request {
        target: target.to_owned(),
        anchors: vec![GivenAnchor {
            bytes: key().certificate("O <o@example.org>", &self_signature()),
            provenance: Provenance::UserSupplied("keyring".to_owned()),
        }],
        products: products.iter().map(|p| (*p).to_owned()).collect(),
        ..Request::default()
    }
}

fn usual(products: &[&str]) -> Request {
    request(&format!("{ROOT} s"), products)
}

fn status(judged: &Judged, id: &str) -> CheckStatus {
    let scored = judged.card.iter().find(|s| s.check.id == id).unwrap();
    scored.status
}

fn passes_whole(judged: &Judged) -> bool {
    let id = "channel-authenticated";
    judged.findings.iter().any(|f| f.definition.id == id)
}

#[test]
fn a_sound_repository_passes_whole() {
    let judged = Repo::of(8, &[("foo", "1")]).judged(&usual(&["foo"]), None);
    assert_eq!(judged.client.decision, ClientDecision::Accepts);
    assert!(passes_whole(&judged));
    for id in ["A1", "A2", "A3", "C1", "C3", "F7"] {
        assert_eq!(status(&judged, id), CheckStatus::Pass, "{id}");
    }
}

#[test]
fn a_package_that_no_index_lists_leaves_the_path_open() {
    let judged = Repo::of(8, &[("foo", "1")]).judged(&usual(&["foo", "bar"]), None);
    assert_eq!(status(&judged, "A3"), CheckStatus::Unknown);
    let open = |f: &bonafide::model::finding::Finding| {
        f.definition.id == "artifact-not-bound" && f.status.name() == "unknown"
    };
    assert!(judged.findings.iter().any(open));
}

#[test]
fn an_index_that_did_not_come_or_cannot_be_read_is_no_whole() {
    let index = package("foo", "1");
    let two: [(&str, &[u8]); 2] = [
        ("main/binary-amd64/Packages", index.as_bytes()),
        ("contrib/binary-amd64/Packages", index.as_bytes()),
    ];
    let mut repo = Repo::with(8, &two);
    repo.files
        .insert("pool/foo_1.deb".into(), b"foo 1".to_vec());
    assert!(passes_whole(&repo.judged(&usual(&[]), None)));
    repo.files.remove("dists/s/main/binary-amd64/Packages");
    let judged = repo.judged(&usual(&[]), None);
    assert_eq!(judged.client.decision, ClientDecision::Unknown);
    assert_eq!(status(&judged, "C1"), CheckStatus::Unknown);
    let ids: Vec<_> = judged.findings.iter().map(|f| f.definition.id).collect();
    assert!(ids.contains(&"index-and-artifact-differ"), "{ids:?}");
    assert!(!passes_whole(&judged));

    let two: [(&str, &[u8]); 2] = [
        ("main/binary-amd64/Packages.xz", b"no xz"),
        ("contrib/binary-amd64/Packages", index.as_bytes()),
    ];
    let mut repo = Repo::with(8, &two);
    repo.files
        .insert("pool/foo_1.deb".into(), b"foo 1".to_vec());
    let judged = repo.judged(&usual(&[]), None);
    assert_eq!(judged.client.decision, ClientDecision::Unknown);
    assert!(!passes_whole(&judged));
}

/// A repository of the given day, judged with an earlier one of the other day that was served elsewhere.
fn after_a_move(was: u32, is: u32) -> Judged {
    let earlier = Repo::of(was, &[("foo", "1")])
        .judged(&request("file:/// s", &["foo"]), None)
        .channel;
    Repo::of(is, &[("foo", "1")]).judged(&usual(&["foo"]), Some(&earlier))
}

#[test]
fn what_went_back_is_seen_across_a_move_to_another_address() {
    let back = after_a_move(9, 8);
    assert_eq!(status(&back, "F5"), CheckStatus::Fail);
    let on = after_a_move(8, 9);
    assert_eq!(status(&on, "F5"), CheckStatus::Pass);
    assert_eq!(status(&on, "O4"), CheckStatus::Pass);
}

#[test]
fn where_nothing_is_compared_nothing_passes() {
    let repo = Repo::of(8, &[("foo", "1")]);
    let good = repo.judged(&usual(&["foo"]), None).channel;
    let mut no_head = good.clone();
    no_head.documents.clear();
    no_head.bindings.clear();
    let mut no_key = good.clone();
    no_key.documents[0].signatures.clear();
    let mut no_date = good;
    no_date.documents[0].issued = None;
    for (before, check) in [
        (&no_head, "O4"),
        (&no_head, "F5"),
        (&no_key, "O4"),
        (&no_date, "F5"),
    ] {
        let judged = repo.judged(&usual(&["foo"]), Some(before));
        assert_eq!(status(&judged, check), CheckStatus::Unknown, "{check}");
    }
}

#[test]
fn what_nobody_signed_passes_no_check_of_what_it_says() {
    let mut repo = Repo::of(8, &[("foo", "1")]);
    let index = package("foo", "1");
    let text = release(8, &[("main/binary-amd64/Packages", index.as_bytes())]);
    repo.files.remove("dists/s/InRelease");
    repo.files
        .insert("dists/s/Release".into(), text.into_bytes());
    let judged = repo.judged(&usual(&[]), None);
    for id in ["F7", "C3"] {
        assert_eq!(status(&judged, id), CheckStatus::Unknown, "{id}");
    }
}

#[test]
fn a_strong_table_does_not_speak_for_an_index_that_only_a_weak_one_lists() {
    let mut repo = Repo::of(8, &[("foo", "1")]);
    let index = package("foo", "1");
    let md5 = hex(&hash(DigestAlgorithm::Md5, index.as_bytes()).unwrap());
    let text = format!(
        "{}MD5Sum:\n {md5} {} main/binary-amd64/Packages\n",
        release(8, &[("other", b"x")]).replace("other\nSHA256", "main\nSHA256"),
        index.len()
    );
    repo.sign(&text);
    let judged = repo.judged(&usual(&["foo"]), None);
    assert_eq!(status(&judged, "C3"), CheckStatus::Fail);
    assert_eq!(judged.client.decision, ClientDecision::Rejects);
}

#[test]
fn a_signature_that_did_not_come_is_not_one_that_is_missing() {
    let mut repo = Repo::of(8, &[("foo", "1")]);
    repo.files.remove("dists/s/InRelease");
    let text = release(8, &[]).into_bytes();
    repo.files.insert("dists/s/Release".into(), text);
    for (name, outcome) in [
        ("InRelease", FetchOutcome::Failed("timed out".into())),
        ("Release.gpg", FetchOutcome::Failed("timed out".into())),
        ("Release.gpg", FetchOutcome::Status(503)),
    ] {
        repo.answers.clear();
        repo.answers.insert(format!("dists/s/{name}"), outcome);
        let error = repo.try_judged(&usual(&[]), None).unwrap_err();
        let expected = matches!(&error, channel::Error::Missing { what, .. } if what == name);
        assert!(expected, "{error}");
    }
    repo.answers.clear();
    let judged = repo.judged(&usual(&[]), None);
    assert_eq!(status(&judged, "A1"), CheckStatus::Fail);
}

#[test]
fn without_a_keyring_at_hand_the_path_is_open_and_not_broken() {
    let repo = Repo::of(8, &[("foo", "1")]);
    let mut request = usual(&["foo"]);
    request.anchors.clear();
    let judged = repo.judged(&request, None);
    assert_eq!(status(&judged, "A3"), CheckStatus::Unknown);
    assert_eq!(status(&judged, "A5"), CheckStatus::Unknown);
}

impl Repo {
    fn write(&self, dir: &Path) {
        for (name, bytes) in &self.files {
            let path = dir.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
}

/// The program asked about the copy below `dir`, and the findings of its report.
fn checked(dir: &Path, repo: &Repo) -> Vec<(String, String)> {
    let copy = dir.join("copy");
    if copy.exists() {
        std::fs::remove_dir_all(&copy).unwrap();
    }
    std::fs::create_dir_all(&copy).unwrap();
    repo.write(&copy);
    let keyring = key().certificate("O <o@example.org>", &self_signature());
    std::fs::write(dir.join("k.gpg"), keyring).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_bonafide"))
        .env_clear()
        .env("BONAFIDE_DATA", dir.join("data"))
        .current_dir(dir)
        .args([
            "channel", "check", "copy", "--kind", "apt", "--set", "suite=s",
        ])
        .args([
            "--keyring",
            "k.gpg",
            "--history",
            "h",
            "--at",
            "2024-01-20",
            "-f",
            "json",
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let report: serde_json::Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"));
    let checks = report["channel"]["checks"].as_array().cloned();
    let word = |c: &serde_json::Value, k: &str| c[k].as_str().unwrap().to_owned();
    checks
        .unwrap_or_default()
        .iter()
        .map(|c| (word(c, "id"), word(c, "status")))
        .collect()
}

#[test]
fn a_history_rests_on_the_last_state_that_nothing_spoke_against() {
    let dir = tempfile::tempdir().unwrap();
    let f5 = |day: u32| {
        let checks = checked(dir.path(), &Repo::of(day, &[("foo", "1")]));
        let (_, status) = checks.into_iter().find(|(id, _)| id == "F5").unwrap();
        status
    };
    assert_eq!(f5(9), "unknown");
    assert_eq!(f5(9), "pass");
    assert_eq!(f5(8), "fail");
    // The rollback that was seen is no state to compare with.
    assert_eq!(f5(8), "fail");
    // Nor is an outage, and it stops nothing.
    let mut out = Repo::of(9, &[("foo", "1")]);
    out.files.retain(|name, _| name.starts_with("pool"));
    assert!(checked(dir.path(), &out).is_empty());
    assert_eq!(f5(8), "fail");
    assert_eq!(f5(9), "pass");
}

#[test]
fn a_signed_by_that_is_no_fingerprint_restricts_all_the_same() {
    let repo = Repo::of(8, &[("foo", "1")]);
    let signed_by = |value: &str| {
        let mut request = usual(&["foo"]);
        request.options.insert("signed-by".into(), value.into());
        repo.judged(&request, None).client.decision
    };
    assert_eq!(signed_by("DEADBEEF"), ClientDecision::Rejects);
    assert_eq!(signed_by(&hex(&key().fingerprint)), ClientDecision::Accepts);
    assert_eq!(
        signed_by("/usr/share/keyrings/o.gpg"),
        ClientDecision::Accepts
    );
}

#[test]
fn two_digests_of_one_algorithm_leave_the_file_open() {
    let good = package("foo", "1");
    let index = format!(
        "{}SHA256: {}\n",
        good.trim_end_matches('\n').to_owned() + "\n",
        "ab".repeat(32)
    );
    let mut repo = Repo::with(8, &[("main/binary-amd64/Packages", index.as_bytes())]);
    repo.files
        .insert("pool/foo_1.deb".into(), b"foo 1".to_vec());
    let judged = repo.judged(&usual(&["foo"]), None);
    assert_eq!(status(&judged, "A3"), CheckStatus::Unknown);
    assert_eq!(status(&judged, "C5"), CheckStatus::Fail);
    assert!(!passes_whole(&judged));
}

#[test]
fn a_release_file_that_lost_its_date_is_no_progress() {
    use bonafide::channel::compare::{ChangeKind, changes};
    let dated = Repo::of(8, &[("foo", "1")]);
    let mut undated = Repo::of(8, &[("foo", "1")]);
    let index = package("foo", "1");
    let text = release(8, &[("main/binary-amd64/Packages", index.as_bytes())]);
    let lines = text
        .split_inclusive('\n')
        .filter(|l| !l.starts_with("Date:"));
    undated.sign(&lines.collect::<String>());
    let (before, after) = (
        dated.judged(&usual(&[]), None),
        undated.judged(&usual(&[]), None),
    );
    let found = changes(channel::find("apt").unwrap(), &before, &after);
    let of_file = found.iter().find(|c| c.what == "InRelease").unwrap();
    assert_eq!(of_file.kind, ChangeKind::Rollback);
}

fn channel_verb(dir: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_bonafide"))
        .env_clear()
        .env("BONAFIDE_DATA", dir.join("data"))
        .current_dir(dir)
        .arg("channel")
        .args(args)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn configured_sources_that_are_not_read_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    let verb = |args: &[&str]| channel_verb(dir.path(), args);

    write("bad.sources", "Types: deb\nno field\n");
    let (code, text) = verb(&["check", "bad.sources"]);
    assert_eq!(code, Some(5), "{text}");
    assert!(text.contains("without a field name"), "{text}");

    write("two.list", &"deb https://h.example/ s main\n".repeat(2));
    let (code, text) = verb(&["diff", "two.list", "two.list"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("names several channels"), "{text}");

    let (code, text) = verb(&["check", "--kind", "tuf", "two.list"]);
    assert_ne!(code, Some(0), "{text}");
}

#[test]
fn a_configuration_inside_a_package_is_shown_safely_and_never_as_a_part_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let member = |name: &str, text: String| {
        let name = format!("etc/apt/sources.list.d/{name}.list");
        (name, text.into_bytes())
    };
    let members = [
        member("long", "deb https://h.example/ s main\n".repeat(200)),
        member("odd", "deb https://h.example/\u{202e} s main\n".to_owned()),
    ];
    let archive = crate::support::zip::archive(&members, false);
    std::fs::write(dir.path().join("x.zip"), archive).unwrap();
    let (_, text) = channel_verb(dir.path(), &["discover", "x.zip"]);
    assert!(text.contains("no more of it was kept"), "{text}");
    assert!(!text.contains("bonafide channel check"), "{text}");
    let (_, text) = channel_verb(dir.path(), &["discover", "--json", "x.zip"]);
    assert!(
        text.contains("\\u202e") && !text.contains('\u{202e}'),
        "{text}"
    );
    let (code, text) = channel_verb(dir.path(), &["check", "x.zip"]);
    assert_eq!(code, Some(5), "{text}");
}
