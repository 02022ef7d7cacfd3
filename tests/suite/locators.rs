//! Subjects that are fetched: packages of all four kinds, addresses, and servers that misbehave. Loopback only.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Clock, Stopped};
use bonafide::source::client::Environment;
use bonafide::source::http::{self, Access, Credential, Deadline, Error, Schemes, Site};
use bonafide::source::locator::Locator;
use bonafide::source::record::{Answer, Bundle, Question};
use bonafide::source::registry::{self, Choice};
use bonafide::source::wire::Wire;
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

use crate::support;
use crate::support::web::{Reply, Server};

const AT: &str = "2026-06-01";

fn artifact() -> Vec<u8> {
    support::bytes(&support::root().join("fixtures/pe/eset/artifact.exe"))
}

fn sha256(bytes: &[u8]) -> String {
    bonafide::model::digest::hex(&Sha256::digest(bytes))
}

struct Ran {
    code: i32,
    stderr: String,
    reports: Vec<Value>,
}

/// The program with no configuration but what `vars` give.
fn run_in(dir: &Path, vars: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_bonafide"))
        .env_clear()
        .env("BONAFIDE_DATA", dir.join("data"))
        .env("HOME", dir.join("home"))
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("npm_config_globalconfig", dir.join("none"))
        .envs(vars.iter().copied())
        .current_dir(dir)
        .stdin(Stdio::null())
        .arg("verify")
        .args(["--at", AT, "-f", "jsonl"])
        .args(arguments)
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stderr: String::from_utf8(output.stderr).unwrap(),
        reports: lines
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .filter(|v: &Value| v["subjects"].is_array())
            .collect(),
    }
}

fn run(vars: &[(&str, &str)], arguments: &[&str]) -> Ran {
    run_in(tempfile::tempdir().unwrap().path(), vars, arguments)
}

fn finding<'v>(report: &'v Value, id: &str) -> Option<&'v Value> {
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["id"] == id)
}

fn statuses(report: &Value) -> Vec<(String, String)> {
    let edges = report["subjects"][0]["origin"]["edges"].as_array().unwrap();
    let word = |v: &Value| v.as_str().unwrap().to_owned();
    edges
        .iter()
        .map(|e| (word(&e["link"]), word(&e["status"])))
        .collect()
}

fn pair(link: &str, status: &str) -> (String, String) {
    (link.to_owned(), status.to_owned())
}

#[test]
fn a_python_release_gives_every_file_of_it_in_both_forms_of_the_index() {
    let file = artifact();
    let hash = sha256(&file);
    let server = Server::start();
    server.body("/files/my_pkg-1.0-py3-none-win_amd64.exe", file.clone());
    server.body("/files/my_pkg-1.0.tar.gz", "nothing of a known format");
    let good = "my_pkg-1.0-py3-none-win_amd64.exe";
    let json = json!({"meta": {"api-version": "1.1"}, "name": "my-pkg", "files": [
        {"filename": good, "url": format!("../../files/{good}"), "hashes": {"sha256": hash}, "yanked": "broken", "size": file.len()},
        {"filename": "my_pkg-1.0.tar.gz", "url": "../../files/my_pkg-1.0.tar.gz", "hashes": {}},
        {"filename": "my_pkg-0.9.tar.gz", "url": "../../files/none", "hashes": {}},
    ]});
    let html = format!(
        "<html><body><a href=\"../../files/{good}#sha256={hash}\" data-yanked=\"broken\">{good}</a>\
         <a href=\"../../files/my_pkg-1.0.tar.gz\">my_pkg-1.0.tar.gz</a></body></html>"
    );
    for body in [json.to_string(), html] {
        server.body("/simple/my-pkg/", body);
        let ran = run(
            &[("PIP_INDEX_URL", &server.url("/simple"))],
            &["pypi:My.Pkg==1"],
        );
        assert_eq!(ran.reports.len(), 2, "{}", ran.stderr);
        let exe = ran
            .reports
            .iter()
            .find(|r| r["subjects"][0]["format"] == "pe")
            .unwrap();
        assert_eq!(
            exe["subjects"][0]["path"],
            format!("pypi:My.Pkg==1!/{good}")
        );
        let origin = &exe["subjects"][0]["origin"];
        assert_eq!(origin["registry"]["configured_by"], "PIP_INDEX_URL");
        assert_eq!(origin["yanked_reason"], "broken");
        assert_eq!(
            statuses(exe),
            [pair("anchor", "unknown"), pair("file", "pass")]
        );
        assert_eq!(
            finding(exe, "registry-hash-matches").unwrap()["status"],
            "pass"
        );
        assert_eq!(finding(exe, "package-yanked").unwrap()["status"], "review");
        assert_eq!(
            finding(exe, "registry-over-http").unwrap()["status"],
            "review"
        );
        assert_eq!(exe["run"]["offline"], false);
        let other = ran
            .reports
            .iter()
            .find(|r| r["subjects"][0]["format"] != "pe")
            .unwrap();
        assert_eq!(
            finding(other, "registry-hash-missing").unwrap()["status"],
            "unknown"
        );
    }
    let one = run(
        &[("PIP_INDEX_URL", &server.url("/simple"))],
        &["pypi:my-pkg==1.0", "--file", "*.exe"],
    );
    assert_eq!(one.reports.len(), 1);
    let newest = run(
        &[("PIP_INDEX_URL", &server.url("/simple"))],
        &["pypi:my-pkg", "--file", "*.exe"],
    );
    assert_eq!(
        newest.reports[0]["subjects"][0]["origin"]["locator"],
        "pypi:my-pkg==1.0"
    );
}

#[test]
fn an_npm_package_is_bound_by_its_integrity_and_signatures_are_a_gap() {
    let file = artifact();
    let server = Server::start();
    server.body("/@s/a/-/a-1.2.3.tgz", file.clone());
    let packument = |dist: Value| {
        json!({"name": "@s/a", "dist-tags": {"latest": "1.2.3"}, "versions": {"1.2.3": {"name": "@s/a", "dist": dist}}}).to_string()
    };
    let tarball = server.url("/@s/a/-/a-1.2.3.tgz");
    let sri = format!("sha512-{}", base64(&Sha512::digest(&file)));
    let vars = [("npm_config_registry", server.url("/"))];
    let vars = [(vars[0].0, vars[0].1.as_str())];
    server.body("/@s%2fa", packument(json!({"tarball": tarball, "integrity": sri, "signatures": [{"keyid": "k", "sig": "s"}]})));
    for locator in ["npm:@s/a@1.2.3", "npm:@s/a"] {
        let ran = run(&vars, &[locator]);
        let report = &ran.reports[0];
        assert_eq!(report["subjects"][0]["path"], "npm:@s/a@1.2.3!/a-1.2.3.tgz");
        assert_eq!(
            statuses(report),
            [pair("anchor", "unknown"), pair("file", "pass")]
        );
        let gaps = report["subjects"][0]["gaps"].to_string();
        assert!(gaps.contains("registry signatures"), "{gaps}");
    }
    let sha1 = bonafide::model::digest::hex(&sha1::Sha1::digest(&file));
    server.body(
        "/@s%2fa",
        packument(json!({"tarball": tarball, "shasum": sha1})),
    );
    let weak = run(&vars, &["npm:@s/a"]);
    assert_eq!(
        finding(&weak.reports[0], "registry-hash-weak").unwrap()["status"],
        "review"
    );
    let wrong = format!("sha512-{}", base64(&[7; 64]));
    server.body(
        "/@s%2fa",
        packument(json!({"tarball": tarball, "integrity": wrong})),
    );
    let wrong = run(&vars, &["npm:@s/a"]);
    assert_eq!(
        finding(&wrong.reports[0], "registry-hash-mismatch").unwrap()["status"],
        "fail"
    );
    assert!(finding(&wrong.reports[0], "registry-hash-matches").is_none());
    assert_eq!(wrong.reports[0]["verdict"]["result"], "deny");
    let none = run(&vars, &["npm:@s/a@9.9.9"]);
    assert_eq!(none.code, 5);
    assert_eq!(none.reports[0]["error"]["reason"], "package-not-found");
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |w, b| (w << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = char::from(LETTERS[(word >> (18 - 6 * at)) as usize & 63]);
            out.push(if at <= chunk.len() { letter } else { '=' });
        }
    }
    out
}

#[test]
fn a_crate_is_found_through_a_configuration_file_and_bound_by_its_checksum() {
    let file = artifact();
    let server = Server::start();
    server.body(
        "/i/config.json",
        json!({"dl": server.url("/dl")}).to_string(),
    );
    let line = |vers: &str, yanked: bool| {
        json!({"name": "my_crate", "vers": vers, "deps": [], "cksum": sha256(&file), "features": {}, "yanked": yanked}).to_string()
    };
    let lines = [
        line("1.0.0", false),
        "not json".into(),
        line("1.1.0", true),
        line("2.0.0-rc.1", false),
    ]
    .join("\n");
    server.body("/i/my/_c/my_crate", lines);
    server.body("/dl/my_crate/1.0.0/download", file.clone());
    server.body("/dl/my_crate/1.1.0/download", file.clone());
    let dir = tempfile::tempdir().unwrap();
    let cargo = dir.path().join("home/.cargo");
    std::fs::create_dir_all(&cargo).unwrap();
    let config = format!(
        "[source.crates-io]\nreplace-with = 'm'\n[source.m]\nregistry = 'sparse+{}'\n",
        server.url("/i/")
    );
    std::fs::write(cargo.join("config.toml"), config).unwrap();
    let newest = run_in(dir.path(), &[], &["crates:my_crate"]);
    let report = &newest.reports[0];
    assert_eq!(
        report["subjects"][0]["path"], "crates:my_crate@1.0.0!/my_crate-1.0.0.crate",
        "{}",
        newest.stderr
    );
    assert_eq!(
        statuses(report),
        [pair("anchor", "unknown"), pair("file", "pass")]
    );
    let yanked = run_in(dir.path(), &[], &["crates:my_crate@1.1.0"]);
    assert_eq!(
        finding(&yanked.reports[0], "package-yanked").unwrap()["status"],
        "review"
    );
}

/// A repository with one suite; `spoil` may change the text of Packages after its digest is taken.
fn repository(server: &Server, spoil: impl Fn(String) -> String, by_hash: bool) {
    let file = artifact();
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let stanza = |version: &str, path: &str| {
        format!(
            "Package: tool\nVersion: {version}\nArchitecture: all\nFilename: {path}\nSize: {}\nSHA256: {}\n\n",
            file.len(),
            sha256(&file)
        )
    };
    let packages =
        stanza("1:0.9-1", "pool/tool_0.9_all.deb") + &stanza("2.0~rc1-1", "pool/tool_2.0_all.deb");
    let digest = sha256(packages.as_bytes());
    let path = format!("main/binary-{arch}/Packages");
    let release = format!(
        "Suite: stable\nDate: Mon, 01 Jun 2026 00:00:00 UTC\nValid-Until: Mon, 08 Jun 2026 00:00:00 UTC\n{}SHA256:\n {digest} {} {path}\n",
        if by_hash {
            "Acquire-By-Hash: yes\n"
        } else {
            ""
        },
        packages.len()
    );
    let signed = format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{release}-----BEGIN PGP SIGNATURE-----\n\nAA==\n-----END PGP SIGNATURE-----\n"
    );
    server.body("/debian/dists/stable/InRelease", signed);
    let served = if by_hash {
        format!("main/binary-{arch}/by-hash/SHA256/{digest}")
    } else {
        path
    };
    server.body(&format!("/debian/dists/stable/{served}"), spoil(packages));
    server.body("/debian/pool/tool_0.9_all.deb", file);
}

#[test]
fn a_debian_package_hangs_on_a_chain_whose_first_link_is_unknown() {
    for by_hash in [true, false] {
        let server = Server::start();
        repository(&server, |text| text, by_hash);
        let registry = server.url("/debian") + " stable main contrib";
        let ran = run(&[], &["deb:tool", "--registry", &registry]);
        let report = &ran.reports[0];
        assert_eq!(
            report["subjects"][0]["path"], "deb:tool=1:0.9-1!/tool_0.9_all.deb",
            "{}",
            ran.stderr
        );
        assert_eq!(
            statuses(report),
            [
                pair("anchor", "unknown"),
                pair("document", "pass"),
                pair("file", "pass")
            ]
        );
        let origin = &report["subjects"][0]["origin"];
        assert!(
            origin["edges"][0]["reason"]
                .as_str()
                .unwrap()
                .contains("not verified")
        );
        let stated = origin["stated"].to_string();
        assert!(
            stated.contains("Valid-Until") && stated.contains("08 Jun 2026"),
            "{stated}"
        );
        assert!(
            report["subjects"][0]["gaps"]
                .to_string()
                .contains("OpenPGP")
        );
    }
}

#[test]
fn a_broken_link_of_the_chain_is_denied_although_the_last_one_holds() {
    let server = Server::start();
    repository(&server, |text| text + "\n", false);
    let registry = server.url("/debian") + " stable main";
    let ran = run(&[], &["deb:tool=1:0.9-1", "--registry", &registry]);
    let report = &ran.reports[0];
    assert_eq!(
        statuses(report),
        [
            pair("anchor", "unknown"),
            pair("document", "fail"),
            pair("file", "pass")
        ]
    );
    assert!(finding(report, "registry-hash-mismatch").is_some());
    assert_eq!(report["verdict"]["result"], "deny");
}

#[test]
fn without_a_configuration_nobody_is_asked_and_the_user_is_told_how() {
    for (locator, word) in [
        ("pypi:a==1", "PIP_INDEX_URL"),
        ("npm:a@1.0.0", ".npmrc"),
        ("crates:a@1.0.0", "config.toml"),
    ] {
        let ran = run(&[], &[locator]);
        assert_eq!(ran.code, 6, "{locator}");
        let error = &ran.reports[0]["error"];
        assert_eq!(error["kind"], "unavailable");
        assert_eq!(error["reason"], "registry-not-configured");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains(word) && message.contains("--registry"),
            "{message}"
        );
    }
    for wrong in [
        "pypi:a>=1",
        "npm:a@latest",
        "crates:a@1",
        "deb:a_b",
        "http://",
    ] {
        assert_eq!(run(&[], &[wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn an_address_is_a_subject_and_a_run_can_be_repeated_without_its_server() {
    let server = Server::start();
    server.on("/a.exe", Reply::To("/b.exe".into()));
    server.body("/b.exe", artifact());
    let dir = tempfile::tempdir().unwrap();
    let url = server
        .url("/a.exe")
        .replace("http://", "http://user:secret@");
    let live = run_in(dir.path(), &[], &[&url, "--record", "bundle.json"]);
    let report = &live.reports[0];
    assert_eq!(report["subjects"][0]["path"], server.url("/a.exe"));
    assert_eq!(report["subjects"][0]["format"], "pe");
    assert_eq!(
        report["subjects"][0]["origin"]["hops"],
        json!([server.url("/b.exe")])
    );
    assert_eq!(report["subjects"][0]["origin"]["registry"], Value::Null);
    assert!(finding(report, "registry-hash-missing").is_none());
    let bundle = std::fs::read_to_string(dir.path().join("bundle.json")).unwrap();
    assert!(!bundle.contains("secret") && !report.to_string().contains("secret"));
    assert!(
        server
            .seen()
            .iter()
            .all(|r| r.headers["authorization"].starts_with("Basic "))
    );
    let before = server.seen().len();
    let mut again = run_in(dir.path(), &[], &[&url, "--replay", "bundle.json"]);
    assert_eq!(server.seen().len(), before);
    assert_eq!(again.reports[0]["run"]["offline"], true);
    again.reports[0]["run"]["offline"] = json!(false);
    assert_eq!(&again.reports[0], report);
    let other = run_in(
        dir.path(),
        &[],
        &[&server.url("/c.exe"), "--replay", "bundle.json"],
    );
    assert_eq!(other.code, 6);
    let gone = run(&[], &[&server.url("/c.exe")]);
    assert_eq!(
        (
            gone.code,
            gone.reports[0]["error"]["reason"].as_str().unwrap()
        ),
        (6, "answer-not-ok")
    );
}

/// By address.
type Documents = Vec<(&'static str, String)>;

/// Documents of each kind that a release is found in, with what names the registry.
fn documents() -> [(&'static str, &'static str, Documents); 4] {
    let hash = "ab".repeat(32);
    let packages =
        format!("Package: ab\nVersion: 1\nFilename: pool/ab_1.deb\nSize: 1\nSHA256: {hash}\n");
    let release = format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSuite: s\nSHA256:\n {} 1 main/binary-{}/Packages\n\
         -----BEGIN PGP SIGNATURE-----\n\nAA\n-----END PGP SIGNATURE-----\n",
        sha256(packages.as_bytes()),
        architecture()
    );
    let list: &'static str = match architecture() {
        "amd64" => "http://h.example/dists/s/main/binary-amd64/Packages",
        _ => "http://h.example/dists/s/main/binary-arm64/Packages",
    };
    let page = format!(
        "<!-- x --><a href=\"ab-1.zip#sha256={hash}\" data-requires-python='&gt;=3'>ab-1.zip</a>"
    );
    let packument = json!({"name": "ab", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {"dist":
        {"tarball": "http://h.example/ab-1.0.0.tgz", "integrity": "sha512-AAAA", "shasum": "00"}}}});
    let line = json!({"name": "ab", "vers": "1.0.0", "cksum": hash, "yanked": false});
    [
        (
            "pypi:ab",
            "http://h.example",
            vec![("http://h.example/ab/", page)],
        ),
        (
            "npm:ab",
            "http://h.example",
            vec![("http://h.example/ab", packument.to_string())],
        ),
        (
            "crates:ab",
            "http://h.example",
            vec![
                ("http://h.example/2/ab", line.to_string()),
                (
                    "http://h.example/config.json",
                    r#"{"dl":"http://h.example/{crate}/{version}"}"#.into(),
                ),
            ],
        ),
        (
            "deb:ab",
            "http://h.example s main",
            vec![
                ("http://h.example/dists/s/InRelease", release),
                (list, packages),
            ],
        ),
    ]
}

fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        _ => "arm64",
    }
}

fn replayed(locator: &str, registry: &str, documents: &[(&str, Vec<u8>)]) -> usize {
    let mut bundle = Bundle::default();
    for (url, body) in documents {
        let question = Question {
            url: (*url).to_owned(),
            sent: Vec::new(),
        };
        let answer = Answer {
            at: bonafide::base::time::parse_rfc3339(AT).unwrap(),
            status: 200,
            body: body.clone(),
            error: None,
            hops: Vec::new(),
        };
        bundle.insert(question, answer);
    }
    let env = Environment {
        vars: BTreeMap::new(),
        cwd: "/".into(),
        etc: "/".into(),
    };
    let choice = Choice {
        registry: Some(registry),
        file: None,
    };
    let locator = Locator::parse(locator).unwrap().unwrap();
    let wire = Wire::replay(Arc::new(bundle));
    let files = registry::files(&locator, choice, &env, &wire, &Stopped).unwrap_or_default();
    assert!(files.iter().all(|f| !f.name.contains(['/', '\\'])));
    files.len()
}

#[test]
fn cut_and_flipped_documents_of_every_registry_end_without_a_fault() {
    for (locator, registry, documents) in documents() {
        let whole: Vec<(&str, Vec<u8>)> = documents
            .iter()
            .map(|(u, d)| (*u, d.clone().into_bytes()))
            .collect();
        assert_eq!(replayed(locator, registry, &whole), 1, "{locator}");
        for which in 0..whole.len() {
            for at in 0..whole[which].1.len() {
                let mut cut = whole.clone();
                cut[which].1.truncate(at);
                replayed(locator, registry, &cut);
                for bit in [0x01, 0x20, 0x80] {
                    let mut flipped = whole.clone();
                    flipped[which].1[at] ^= bit;
                    replayed(locator, registry, &flipped);
                }
            }
        }
    }
}

// ---- The wire itself. ----

fn access(server: &Server) -> Access {
    Access {
        schemes: Schemes::Both,
        named: Site::of(&server.url("/").parse().unwrap())
            .into_iter()
            .collect(),
        hosts: Vec::new(),
        credentials: Vec::new(),
    }
}

const LONG: Duration = Duration::from_secs(600);

fn download(access: &Access, url: &str, limit: u64) -> Result<Vec<u8>, Error> {
    let deadline = Deadline::start(LONG, &Stopped);
    let url = url.parse().unwrap();
    let came = http::download(access, &url, limit, &deadline, &|_, _| {})?;
    Ok(came.file.read_range(0..came.file.size()).unwrap())
}

#[test]
fn what_breaks_off_is_taken_up_where_it_broke() {
    let server = Server::start();
    let body: Vec<u8> = (0..1000u32).flat_map(u32::to_le_bytes).collect();
    server.on(
        "/f",
        Reply::Parts {
            body: body.clone(),
            each: 1500,
            tag: "\"v1\"".into(),
        },
    );
    assert_eq!(
        download(&access(&server), &server.url("/f"), 1 << 20).unwrap(),
        body
    );
    let ranges: Vec<_> = server
        .seen()
        .iter()
        .map(|r| r.headers.get("range").cloned())
        .collect();
    assert_eq!(
        ranges,
        [None, Some("bytes=1500-".into()), Some("bytes=3000-".into())]
    );
    assert_eq!(server.seen()[1].headers["if-range"], "\"v1\"");
}

#[test]
fn a_weak_validator_resumes_nothing_and_a_short_answer_is_an_error() {
    let server = Server::start();
    server.on(
        "/weak",
        Reply::Parts {
            body: vec![1; 4000],
            each: 1500,
            tag: "W/\"v1\"".into(),
        },
    );
    server.on("/short", Reply::Truncated(vec![2; 100]));
    for path in ["/weak", "/short"] {
        let error = download(&access(&server), &server.url(path), 1 << 20).unwrap_err();
        assert!(
            matches!(&error, Error::Unreachable(why) if why.contains("broke off")),
            "{error}"
        );
    }
    assert_eq!(server.seen().len(), 10, "five attempts each");
    assert!(
        server
            .seen()
            .iter()
            .all(|r| !r.headers.contains_key("range"))
    );
}

#[test]
fn a_body_over_the_limit_stops_announced_or_not() {
    let server = Server::start();
    server.on("/endless", Reply::Endless);
    server.body("/long", vec![0; 5000]);
    for path in ["/endless", "/long"] {
        assert_eq!(
            download(&access(&server), &server.url(path), 4096),
            Err(Error::Size(4096))
        );
        let deadline = Deadline::start(LONG, &Stopped);
        let url = server.url(path).parse().unwrap();
        assert_eq!(
            http::get(&access(&server), &url, "*/*", 4096, &deadline),
            Err(Error::Size(4096))
        );
    }
    assert!(download(&access(&server), &server.url("/long"), 5000).is_ok());
}

/// A clock that runs fast: each look takes a second.
#[derive(Default)]
struct Fast(std::sync::atomic::AtomicU64);

impl Clock for Fast {
    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    }
}

#[test]
fn a_server_that_drips_is_left() {
    let server = Server::start();
    server.on("/drip", Reply::Drip);
    let url = server.url("/drip").parse().unwrap();
    for limit in [10, 100_000] {
        let clock = Fast::default();
        let deadline = Deadline::start(Duration::from_secs(limit), &clock);
        let error =
            http::download(&access(&server), &url, 1 << 20, &deadline, &|_, _| {}).unwrap_err();
        assert!(matches!(error, Error::Time(_)), "{error}");
        let deadline = Deadline::start(Duration::from_secs(10), &clock);
        assert!(matches!(
            http::get(&access(&server), &url, "*/*", 1 << 20, &deadline),
            Err(Error::Time(_))
        ));
    }
}

#[test]
fn redirects_are_few_and_lead_to_no_private_place_that_nobody_named() {
    let (server, inner) = (Server::start(), Server::start());
    inner.body("/secret", "s");
    server.on("/loop", Reply::To("/loop".into()));
    server.on("/inner", Reply::To(inner.url("/secret")));
    server.on("/file", Reply::To("file:///etc/hostname".into()));
    server.on("/meta", Reply::To("http://169.254.169.254/".into()));
    for (path, why) in [
        ("/loop", "redirects"),
        ("/inner", "not a public"),
        ("/file", "scheme file"),
        ("/meta", "not a public"),
    ] {
        let error = download(&access(&server), &server.url(path), 100).unwrap_err();
        assert!(error.to_string().contains(why), "{path}: {error}");
    }
    assert!(inner.seen().is_empty());
    assert_eq!(
        server.seen().iter().filter(|r| r.path == "/loop").count(),
        6
    );
    let nobody = Access::public(Schemes::Both);
    assert!(
        download(&nobody, &server.url("/loop"), 100)
            .unwrap_err()
            .to_string()
            .contains("not a public")
    );
    let vouched = Access {
        hosts: vec!["127.0.0.1".into()],
        ..access(&server)
    };
    assert!(download(&vouched, &server.url("/inner"), 100).is_ok());
    assert!(download(&vouched, &server.url("/file"), 100).is_err());
    assert!(download(&vouched, &server.url("/meta"), 100).is_err());
}

#[test]
fn credentials_do_not_follow_a_redirect_to_another_site() {
    let (server, other) = (Server::start(), Server::start());
    other.body("/f", "f");
    server.body("/here", "h");
    server.on("/away", Reply::To(other.url("/f")));
    server.on("/stay", Reply::To("/here".into()));
    let mut access = access(&server);
    access
        .named
        .extend(Site::of(&other.url("/").parse().unwrap()));
    access.credentials.extend(Credential::header(
        &server.url("/").parse().unwrap(),
        "Bearer t".into(),
    ));
    assert_eq!(download(&access, &server.url("/away"), 100).unwrap(), b"f");
    assert_eq!(download(&access, &server.url("/stay"), 100).unwrap(), b"h");
    assert!(
        server
            .seen()
            .iter()
            .all(|r| r.headers["authorization"] == "Bearer t")
    );
    assert!(
        other
            .seen()
            .iter()
            .all(|r| !r.headers.contains_key("authorization"))
    );
}
