//! Restricted-party lists from a file and over the loopback: installed whole or not at all, and screened against.

use std::path::Path;
use std::process::{Command, Output};

use bonafide::model::evidence::Evidence;
use bonafide::model::list::{ListEntry, ListedKind, ListedName, ListedNumber, NameKind};
use bonafide::model::party::{Identifier, Party, Role, Tier};
use bonafide::screening::lists::{Answer, Found, Installed, Listed, adapter};
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
fn a_day_that_a_list_gives_itself_stays_where_nothing_changed_and_is_not_to_come() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start();
    let url = format!("un-sc={}", server.url("/un.xml"));
    let update = || run(data.path(), &["data", "update", "--url", &url]);
    let later = String::from_utf8(un(500))
        .unwrap()
        .replace("2026-", "2126-");
    server.body("/un.xml", later.into_bytes());
    let refused = update();
    assert_eq!(refused.status.code(), Some(6), "{}", text(&refused));
    assert!(text(&refused).contains("to come"), "{}", text(&refused));
    let tag = "\"v1\"".to_owned();
    let body = un(500);
    server.on("/un.xml", Reply::Tagged { body, tag });
    assert!(update().status.success());
    let folder = data.path().join("lists/un-sc");
    let current = std::fs::read_to_string(folder.join("current")).unwrap();
    let meta = std::fs::read_dir(folder.join(current.trim()))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|e| e == "json"))
        .unwrap();
    let read =
        || -> serde_json::Value { serde_json::from_slice(&std::fs::read(&meta).unwrap()).unwrap() };
    assert_eq!(read()["stated"], true);
    for (stated, stays) in [
        (serde_json::json!(true), true),
        (serde_json::json!(null), true),
        (serde_json::json!(false), false),
    ] {
        let mut known = read();
        assert_eq!(known["as_of"], "2026-11-20");
        known["stated"] = stated;
        known["retrieved"] = "2026-11-20T08:00:00Z".into();
        std::fs::write(&meta, known.to_string()).unwrap();
        assert!(update().status.success());
        assert_ne!(read()["retrieved"], "2026-11-20T08:00:00Z", "304");
        assert_eq!(read()["as_of"] == "2026-11-20", stays, "{known}");
    }
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

/// An OpenSanctions table of a company of our own making, its namesake abroad, and a person.
const TABLE: &str = "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,dataset,first_seen,last_seen,last_change\n\
    x-1,Company,Exemplar Quarry LLC,Quarrex,,ru,,7700000001,,,,,,2024-01-01,,\n\
    x-2,Company,Exemplar Quarry LLC,,,ae,,,,,,,,2024-01-01,,\n\
    x-3,Person,\"Exemplov, Ivan Petrovich\",,,ru,,,,,,,,2024-01-01,,\n";

#[test]
fn many_names_are_screened_against_installed_lists_and_persons_only_where_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let list = data.path().join("targets.simple.csv");
    std::fs::write(&list, TABLE).unwrap();
    let names = data.path().join("names.csv");
    std::fs::write(
        &names,
        "name,country,inn\nExemplar Quarry,Russia,\nIvan Exemplov,RU,\nAnother House,RU,77 0000-0001\nNobody Atall,??,\n",
    )
    .unwrap();
    let folder = data.path().join("kept");
    let (list, names) = (list.to_str().unwrap(), names.to_str().unwrap());
    let kept = folder.to_str().unwrap();
    // The folder that is named wins over the environment's.
    let run = |args: &[&str]| run(data.path(), args);
    let imported = run(&[
        "data",
        "import",
        list,
        "--as-of",
        "2026-11-24",
        "--accept-shrink",
        "--data-dir",
        kept,
    ]);
    assert!(imported.status.success(), "{}", text(&imported));
    let screen = |at: &str, more: &[&str]| -> (Option<i32>, serde_json::Value) {
        let mut args = vec![
            "vendor",
            "--screen",
            names,
            "-f",
            "json",
            "--at",
            at,
            "--data-dir",
            kept,
        ];
        args.extend(more);
        let output = run(&args);
        let json = serde_json::from_slice(&output.stdout);
        (
            output.status.code(),
            json.unwrap_or_else(|_| panic!("{}", text(&output))),
        )
    };
    let today = "2026-11-25";
    let (code, found) = screen(today, &[]);
    assert_eq!(code, Some(3));
    let entries = |row: usize| -> Vec<String> {
        let matches = found["rows"][row]["matches"].as_array().unwrap();
        let pair = |m: &serde_json::Value| {
            format!(
                "{} {}",
                m["entry"].as_str().unwrap(),
                m["tier"].as_str().unwrap()
            )
        };
        matches.iter().map(pair).collect()
    };
    assert_eq!(entries(0), ["x-1 same", "x-2 group"]);
    assert!(entries(1).is_empty(), "a person nobody asked for");
    assert!(entries(2).is_empty(), "a number of no scheme says nothing");
    assert_eq!(found["rows"][3]["result"], "none");
    assert_eq!(found["persons"], false);
    assert_eq!(found["lists"][0]["as_of"], "2026-11-24");
    let (_, found) = screen(today, &["--persons"]);
    assert_eq!(found["rows"][1]["matches"][0]["tier"], "review");
    assert_eq!(found["rows"][1]["matches"][0]["entry"], "x-3");
    let (code, found) = screen("2028-01-01", &[]);
    assert_eq!(code, Some(3), "a list that is stale");
    assert_eq!(found["rows"][3]["result"], "unknown");
    let (_, found) = screen("2026-11-23", &[]);
    assert_eq!(
        found["rows"][3]["result"], "unknown",
        "a list of a later day"
    );
    let person = |more: &[&str]| {
        let mut args = vec!["vendor", "Ivan Exemplov", "--data-dir", kept];
        args.extend(more);
        text(&run(&args))
    };
    assert!(person(&["--persons"]).contains("OPENSANCTIONS"));
    assert!(!person(&[]).contains("OPENSANCTIONS"));
    // A list that cannot be read is no list without matches.
    let current = std::fs::read_to_string(folder.join("lists/opensanctions/current")).unwrap();
    let index = folder
        .join("lists/opensanctions")
        .join(current.trim())
        .join("index.bin");
    let whole = std::fs::read(&index).unwrap();
    std::fs::write(&index, &whole[..whole.len() / 3]).unwrap();
    let (code, found) = screen(today, &[]);
    assert_eq!(code, Some(6));
    assert!(
        found["not_screened"]["opensanctions"].is_string(),
        "{found}"
    );
    assert_eq!(found["rows"][3]["result"], "unknown");
}

#[test]
fn a_list_that_cannot_be_read_takes_no_match_of_another_away() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("list");
    for list in [TABLE.as_bytes(), &un(3)] {
        std::fs::write(&file, list).unwrap();
        let args = ["data", "import", file.to_str().unwrap(), "--accept-shrink"];
        let imported = run(data.path(), &args);
        assert!(imported.status.success(), "{}", text(&imported));
    }
    let folder = data.path().join("lists/opensanctions");
    let current = std::fs::read_to_string(folder.join("current")).unwrap();
    let index = folder.join(current.trim()).join("index.bin");
    let whole = std::fs::read(&index).unwrap();
    std::fs::write(&index, &whole[..whole.len() / 3]).unwrap();
    let found = text(&run(data.path(), &["vendor", "EXAMPLE QUARRY 1"]));
    assert!(found.contains("UN-SC"), "{found}");
    assert!(found.contains("against list opensanctions"), "{found}");
}

#[test]
fn the_report_says_which_lists_can_be_read_and_the_policy_of_the_union_asks_for_its_own() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("list.xml");
    std::fs::write(&file, un(3)).unwrap();
    let args = ["data", "import", file.to_str().unwrap(), "--accept-shrink"];
    assert!(run(data.path(), &args).status.success());
    let subject = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let report = || -> serde_json::Value {
        let output = run(
            data.path(),
            &["verify", subject, "--policy", "eu", "-f", "json"],
        );
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output)))
    };
    let known = report();
    assert_eq!(known["run"]["lists"], serde_json::json!(["UN-SC"]));
    let findings = known["findings"].as_array().unwrap();
    assert!(findings.iter().any(|f| f["id"] == "list-not-screened"));
    let folder = data.path().join("lists/un-sc");
    let current = std::fs::read_to_string(folder.join("current")).unwrap();
    std::fs::write(folder.join(current.trim()).join("index.bin"), "cut").unwrap();
    assert_eq!(report()["run"]["lists"], serde_json::json!([]));
}

/// A list in memory, walked.
struct Walked {
    lists: Vec<Installed>,
    entries: Vec<ListEntry>,
}

impl Walked {
    fn of(&self, keep: impl Fn(&ListEntry) -> bool) -> Answer {
        let kept = self.entries.iter().filter(|e| keep(e));
        let found = kept.map(|e| Found {
            list: 0,
            entry: e.clone(),
        });
        Answer {
            found: found.collect(),
            ..Answer::default()
        }
    }
}

impl Listed for Walked {
    fn lists(&self) -> &[Installed] {
        &self.lists
    }

    fn broken(&self) -> &[(String, String)] {
        &[]
    }

    fn by_number(&self, scheme: &str, value: &str) -> Answer {
        self.of(|e| {
            e.numbers
                .iter()
                .any(|n| n.scheme == scheme && n.value == value)
        })
    }

    fn by_keys(&self, wanted: &[String]) -> Answer {
        self.of(|e| {
            let mut names = e.names.iter().flat_map(|n| keys(&n.text));
            names.any(|key| wanted.contains(&key))
        })
    }
}

fn sdn(as_of: time::Date) -> Installed {
    Installed {
        id: "us-ofac-sdn".into(),
        instrument: "US-OFAC-SDN".into(),
        title: "SDN".into(),
        as_of,
        sha256: "00".into(),
        entries: 8976,
        fresh_days: 7,
    }
}

/// An entry of our own making with an ИНН.
fn listed(id: &str, name: &str, inn: &str) -> ListEntry {
    ListEntry {
        list: "us-ofac-sdn".into(),
        id: id.into(),
        kind: ListedKind::Organization,
        names: vec![ListedName {
            text: name.into(),
            kind: NameKind::Primary,
        }],
        countries: vec!["RU".into()],
        numbers: vec![ListedNumber {
            scheme: "inn".into(),
            label: "Tax ID No.".into(),
            value: inn.into(),
            country: Some("RU".into()),
        }],
        from: bonafide::base::time::parse_date("2020-01-01"),
        until: None,
        programmes: Vec::new(),
        remarks: String::new(),
        citation: "made".into(),
        raw_sha256: [0; 32],
    }
}

fn numbered(name: &str, inn: &str) -> Party {
    let mut party = bonafide::identity::declared::maker(name, Role::DeclaredVendor);
    party.identifiers.push(Identifier {
        scheme: "inn".into(),
        jurisdiction: Some("RU".into()),
        value: inn.into(),
        evidence: Evidence::entry("test", "inn"),
    });
    party
}

#[test]
fn a_name_that_too_many_entries_resemble_hides_no_match_by_number() {
    let same = |n: u32| listed(&format!("f-{n}"), "Exemplar Quarry", "5000000000");
    let mut entries: Vec<ListEntry> = (0..20_001).map(same).collect();
    entries.push(listed("hit", "Something Else Entirely", "7700000001"));
    let walked = Walked {
        lists: vec![sdn(bonafide::base::time::parse_date("2026-11-24").unwrap())],
        entries,
    };
    let mut party = numbered("Exemplar Quarry", "7700000001");
    let at = bonafide::base::time::parse_rfc3339("2026-11-25").unwrap();
    let instruments = bonafide::screening::Instruments::builtin().unwrap();
    let faults = bonafide::screening::screen(&mut party, &walked, &instruments, at);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert_eq!(faults[0].definition.id, "list-not-screened");
    let [found] = party.matches.as_slice() else {
        panic!("{:?}", party.matches);
    };
    assert_eq!(found.entry, "Something Else Entirely");
    assert!(found.decisive);
}

#[test]
fn a_match_that_decides_is_not_folded_into_one_that_does_not() {
    let walked = Walked {
        lists: vec![sdn(bonafide::base::time::parse_date("2026-11-24").unwrap())],
        entries: vec![listed("hit", "Exemplar Quarry", "7700000001")],
    };
    let at = bonafide::base::time::parse_rfc3339("2026-11-25").unwrap();
    let instruments = bonafide::screening::Instruments::builtin().unwrap();
    let mut party = numbered("Exemplar Quarry", "7700000001");
    assert!(bonafide::screening::screen(&mut party, &walked, &instruments, at).is_empty());
    let mut own = party.matches[0].clone();
    own.evidence = vec![Evidence::entry("instruments/us-ofac-sdn", "hit")];
    for decisive in [true, false] {
        own.decisive = decisive;
        party.matches = vec![own.clone()];
        bonafide::screening::screen(&mut party, &walked, &instruments, at);
        assert!(party.matches.iter().any(|m| m.decisive), "{decisive}");
        assert_eq!(party.matches.len(), if decisive { 1 } else { 2 });
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
        lists: vec![sdn(day)],
        entries,
    };
    let mut party = numbered("Совсем другое имя", "7718668887");
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
