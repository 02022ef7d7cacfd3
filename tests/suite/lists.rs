//! Restricted-party lists from a file and over the loopback: installed whole or not at all, and screened against.

use std::path::Path;
use std::process::{Command, Output};

use bonafide::model::evidence::Evidence;
use bonafide::model::list::ListEntry;
use bonafide::model::party::{Identifier, Role, Tier};
use bonafide::screening::lists::{Found, Installed, Listed, adapter};
use bonafide::screening::matching::keys;

use crate::support;
#[cfg(feature = "net")]
use crate::support::web::{Reply, Server};

fn run(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bonafide"))
        .args(args)
        .env("BONAFIDE_DATA", data)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A UN list of so many entities, of our own making.
fn un(count: usize) -> Vec<u8> {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CONSOLIDATED_LIST dateGenerated=\"2026-11-20T00:00:00Z\"><ENTITIES>",
    );
    for n in 0..count {
        text.push_str(&format!(
            "<ENTITY><FIRST_NAME>EXAMPLE QUARRY {n}</FIRST_NAME><REFERENCE_NUMBER>XXe.{n:04}</REFERENCE_NUMBER></ENTITY>"
        ));
    }
    text.push_str("</ENTITIES></CONSOLIDATED_LIST>");
    text.into_bytes()
}

fn entries(data: &Path) -> String {
    let status = text(&run(data, &["data", "status"]));
    let line = status.lines().find(|l| l.starts_with("lists/un-sc"));
    let line = line.unwrap().to_owned();
    line.split_whitespace().nth(2).unwrap().to_owned()
}

#[test]
fn an_import_shows_what_changed_and_refuses_a_list_that_shrank() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("list.xml");
    let import = |bytes: Vec<u8>, more: &[&str]| {
        std::fs::write(&file, bytes).unwrap();
        let mut args = vec!["data", "import", file.to_str().unwrap()];
        args.extend(more);
        run(data.path(), &args)
    };
    let first = import(un(500), &[]);
    assert!(first.status.success(), "{}", text(&first));
    assert!(text(&first).contains("un-sc: 500 entries as of 2026-11-20"));
    let more = import(un(510), &[]);
    assert!(text(&more).contains("added    10"), "{}", text(&more));
    let shrunk = import(un(405), &[]);
    assert_eq!(shrunk.status.code(), Some(5), "{}", text(&shrunk));
    assert!(text(&shrunk).contains("more than a fifth is gone"));
    assert_eq!(entries(data.path()), "510");
    assert!(import(un(405), &["--accept-shrink"]).status.success());
    assert_eq!(entries(data.path()), "405");
    let page = import(
        b"<html><body>503</body></html>".to_vec(),
        &["--as", "un-sc"],
    );
    assert_eq!(page.status.code(), Some(5));
    assert!(text(&page).contains("not a un-xml file"), "{}", text(&page));
    let cut = import(un(500)[..9000].to_vec(), &[]);
    assert_eq!(cut.status.code(), Some(5), "{}", text(&cut));
    assert_eq!(entries(data.path()), "405");
}

#[cfg(feature = "net")]
#[test]
fn an_update_keeps_the_old_version_whatever_a_server_answers() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start();
    let url = format!("un-sc={}", server.url("/un.xml"));
    let update = |more: &[&str]| {
        let mut args = vec!["data", "update", "--url", &url];
        args.extend(more);
        run(data.path(), &args)
    };
    server.body("/un.xml", un(500));
    let first = update(&[]);
    assert!(first.status.success(), "{}", text(&first));
    let bad = [
        (Reply::Truncated(un(500)), "broke off"),
        (Reply::Body(un(100)), "not plausible"),
        (Reply::Body(un(401)), ""),
        (
            Reply::Body(b"<!DOCTYPE html><html></html>".to_vec()),
            "un-xml",
        ),
        (Reply::Body(b"{\"a\": 1}".to_vec()), "un-xml"),
        (Reply::Body(Vec::new()), "un-xml"),
        (Reply::Body(un(500)[..20_000].to_vec()), ""),
        (Reply::Status(404), "404"),
        (Reply::Status(503), "503"),
        (Reply::To("file:///etc/hostname".into()), "not fetched"),
        (Reply::Drip, "longer than"),
    ];
    for (reply, why) in bad {
        server.on("/un.xml", reply);
        let failed = update(&["--timeout", "1"]);
        let said = text(&failed);
        assert!(said.contains(why), "{why}: {said}");
        if why.is_empty() && failed.status.success() {
            // A fifth may go.
            assert_eq!(entries(data.path()), "401");
            server.body("/un.xml", un(500));
            assert!(update(&[]).status.success());
            continue;
        }
        assert_eq!(failed.status.code(), Some(6), "{said}");
        assert_eq!(entries(data.path()), "500", "{said}");
    }
    server.on(
        "/un.xml",
        Reply::Parts {
            body: un(505),
            each: 30_000,
            tag: "\"v2\"".into(),
        },
    );
    let parts = update(&[]);
    assert!(parts.status.success(), "{}", text(&parts));
    assert_eq!(entries(data.path()), "505");
    update(&[]);
    let asked = server.seen();
    // The rest of a file that broke off is asked for by range; the question whether it changed comes first.
    let first = asked
        .iter()
        .rposition(|r| r.headers.contains_key("if-none-match"));
    let first = &asked[first.expect("asked whether it changed")];
    assert_eq!(first.headers["if-none-match"], "\"v2\"");
    assert!(!first.headers.contains_key("range"));
}

#[cfg(feature = "net")]
#[test]
fn a_private_address_is_asked_only_where_the_user_names_it() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start();
    let other = Server::start();
    other.body("/x", un(500));
    server.on("/un.xml", Reply::To(other.url("/x")));
    let url = format!("un-sc={}", server.url("/un.xml"));
    let refused = run(data.path(), &["data", "update", "--url", &url]);
    assert!(
        text(&refused).contains("not a public address"),
        "{}",
        text(&refused)
    );
}

#[cfg(unix)]
#[test]
fn a_kill_at_any_moment_leaves_a_version_whole() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("list.xml");
    std::fs::write(&file, un(600)).unwrap();
    let path = file.to_str().unwrap();
    assert!(run(data.path(), &["data", "import", path]).status.success());
    for turn in 0..40u64 {
        let count = if turn % 2 == 0 { 610 } else { 600 };
        std::fs::write(&file, un(count)).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_bonafide"))
            .args(["data", "import", path])
            .env("BONAFIDE_DATA", data.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(turn * 3));
        child.kill().unwrap();
        child.wait().unwrap();
        let left = entries(data.path());
        assert!(left == "600" || left == "610", "{left}");
    }
    let found = run(data.path(), &["vendor", "Example Quarry 7"]);
    assert!(text(&found).contains("UN-SC"), "{}", text(&found));
}

/// A list in memory, walked.
struct Walked {
    lists: Vec<Installed>,
    entries: Vec<ListEntry>,
}

impl Walked {
    fn of(&self, keep: impl Fn(&ListEntry) -> bool) -> Result<Vec<Found>, String> {
        let kept = self.entries.iter().filter(|e| keep(e));
        Ok(kept
            .map(|e| Found {
                list: 0,
                entry: e.clone(),
            })
            .collect())
    }
}

impl Listed for Walked {
    fn lists(&self) -> &[Installed] {
        &self.lists
    }

    fn broken(&self) -> &[(String, String)] {
        &[]
    }

    fn by_number(&self, scheme: &str, value: &str) -> Result<Vec<Found>, String> {
        self.of(|e| {
            e.numbers
                .iter()
                .any(|n| n.scheme == scheme && n.value == value)
        })
    }

    fn by_keys(&self, wanted: &[String]) -> Result<Vec<Found>, String> {
        self.of(|e| {
            let mut names = e.names.iter().flat_map(|n| keys(&n.text));
            names.any(|key| wanted.contains(&key))
        })
    }
}

#[test]
fn the_real_ofac_list_names_positive_technologies_by_number_whatever_the_spelling() {
    let Some(corpus) = support::corpus("jurisdiction/lists/test_testdata_bench_sdn.csv") else {
        return;
    };
    let mut file = std::io::BufReader::new(std::fs::File::open(corpus).unwrap());
    let mut entries = Vec::new();
    let input: &mut dyn std::io::BufRead = &mut file;
    adapter("ofac-csv")
        .unwrap()
        .read("us-ofac-sdn", &mut [("primary", input)], &mut |entry| {
            entries.push(entry);
            Ok(())
        })
        .unwrap();
    assert_eq!(entries.len(), 8976);
    entries.retain(|e| !e.numbers.is_empty());
    let day = bonafide::base::time::parse_date("2021-06-01").unwrap();
    let walked = Walked {
        lists: vec![Installed {
            id: "us-ofac-sdn".into(),
            title: "SDN".into(),
            as_of: day,
            sha256: "00".into(),
            entries: 8976,
            fresh_days: 7,
        }],
        entries,
    };
    let mut party = bonafide::identity::declared::maker("Совсем другое имя", Role::DeclaredVendor);
    party.identifiers.push(Identifier {
        scheme: "inn".into(),
        jurisdiction: Some("RU".into()),
        value: "7718668887".into(),
        evidence: Evidence::entry("test", "inn"),
    });
    let at = bonafide::base::time::parse_rfc3339("2026-11-25").unwrap();
    let instruments = bonafide::screening::Instruments::builtin().unwrap();
    let unanswered = bonafide::screening::screen(&mut party, &walked, &instruments, at);
    assert!(unanswered.is_empty());
    let [found] = party.matches.as_slice() else {
        panic!("{:?}", party.matches);
    };
    assert_eq!(
        (found.instrument.as_str(), found.tier),
        ("US-OFAC-SDN", Tier::Same)
    );
    assert!(found.entry.contains("POZITIV TEKNOLODZHIZ"));
    assert!(found.decisive);
    assert_eq!(found.effect, "blocking");
    let stale = bonafide::screening::about_lists(&walked, at);
    assert_eq!(stale[0].definition.id, "screening-data-stale");
}
