//! Files of the LEI system imported, looked up and followed: chains of owners across them and the registry.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::gleif::{
    Relationship, entities_csv, entities_xml, entity, exceptions_csv, lei, relationships_csv,
    relationships_xml, zipped,
};

/// The LEI of the fixture `lei-and-orgid`, whose signer is Example Software GmbH of Berlin.
const SIGNER: &str = "000000BONAFIDETEST03";
const DIRECT: &str = "IS_DIRECTLY_CONSOLIDATED_BY";
const ULTIMATE: &str = "IS_ULTIMATELY_CONSOLIDATED_BY";

fn run(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bonafide"))
        .args(args)
        .env_clear()
        .env("BONAFIDE_DATA", data)
        .current_dir(data)
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

fn import(data: &Path, name: &str, content: &[u8]) -> Output {
    let file = data.join(name);
    std::fs::write(&file, content).unwrap();
    run(data, &["data", "import", file.to_str().unwrap()])
}

fn imported(data: &Path, name: &str, content: &[u8]) {
    let output = import(data, name, content);
    assert!(output.status.success(), "{}", text(&output));
}

fn status(data: &Path, set: &str) -> String {
    let all = text(&run(data, &["data", "status"]));
    let id = format!("gleif/{set}");
    all.lines().find(|l| l.starts_with(&id)).unwrap().to_owned()
}

fn verify(data: &Path, at: &str, format: &str) -> Output {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let artifact = root.join("fixtures/pe/lei-and-orgid/artifact.exe");
    let anchor = root.join("fixtures/pki/root.pem");
    run(
        data,
        &[
            "verify",
            artifact.to_str().unwrap(),
            "--trust-root",
            anchor.to_str().unwrap(),
            "--at",
            at,
            "-f",
            format,
        ],
    )
}

fn report(data: &Path, at: &str) -> Value {
    let output = verify(data, at, "json");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", text(&output)))
}

fn signer(report: &Value) -> &Value {
    let parties = report["parties"].as_object().unwrap();
    let found = parties.values().find(|p| {
        let roles = p["roles"].as_array().unwrap();
        roles.iter().any(|r| r == "signer")
    });
    found.unwrap()
}

fn matched<'r>(report: &'r Value, instrument: &str) -> Option<&'r Value> {
    let matches = signer(report)["matches"].as_array().unwrap();
    matches.iter().find(|m| m["instrument"] == instrument)
}

fn finding<'r>(report: &'r Value, id: &str) -> Option<&'r Value> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().find(|f| f["id"] == id)
}

/// The signer below a holding below the parent.
fn group(parent: &str, parent_name: &str, seat: &'static str) -> (Vec<u8>, Vec<u8>, String) {
    let holding = lei("9999EXAMPLEHOLDING");
    let entities = entities_csv([
        entity(SIGNER, "Example Software GmbH", "DE"),
        entity(&holding, "Example Holding Limited", "CY"),
        entity(parent, parent_name, seat),
    ]);
    let relationships = relationships_csv(&[
        (SIGNER, &holding, DIRECT, "PUBLISHED", "2020-01-01", ""),
        (&holding, parent, DIRECT, "PUBLISHED", "2021-01-01", ""),
    ]);
    (entities, relationships, holding)
}

#[test]
fn each_file_is_imported_plain_or_zipped_and_its_age_and_licence_are_shown() {
    let parent = lei("9999EXAMPLEPARENT");
    let all = vec![
        entity(SIGNER, "Example Software GmbH", "DE"),
        entity(&parent, "Example Parent", "KY"),
    ];
    let above: [Relationship<'_>; 1] = [(SIGNER, &parent, ULTIMATE, "PUBLISHED", "2020-01-01", "")];
    let none: [(&str, &str, &[&str]); 1] = [(
        &parent,
        "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT",
        &["NATURAL_PERSONS"],
    )];
    let csv = "20261121-0800-gleif-goldencopy-lei2-golden-copy.csv";
    for (set, records, as_of, files) in [
        (
            "lei2",
            2,
            "2026-11-21",
            vec![
                (csv.to_owned(), entities_csv(all.clone())),
                ("a.zip".to_owned(), zipped(csv, entities_csv(all.clone()))),
            ],
        ),
        (
            "lei2",
            2,
            "2026-11-20",
            vec![
                ("a.xml".to_owned(), entities_xml(&all)),
                ("b.zip".to_owned(), zipped("a.xml", entities_xml(&all))),
            ],
        ),
        (
            "rr",
            1,
            "2026-11-20",
            vec![
                ("c.xml".to_owned(), relationships_xml(&above)),
                (
                    "c.zip".to_owned(),
                    zipped("c.xml", relationships_xml(&above)),
                ),
            ],
        ),
        (
            "repex",
            1,
            "2026-11-22",
            vec![(
                "20261122-0800-gleif-goldencopy-repex-golden-copy.csv".to_owned(),
                exceptions_csv(&none),
            )],
        ),
    ] {
        for (name, content) in files {
            let data = tempfile::tempdir().unwrap();
            imported(data.path(), &name, &content);
            let line = status(data.path(), set);
            assert!(line.contains(&format!("{records} records")), "{line}");
            assert!(line.contains(as_of) && line.contains("CC0"), "{line}");
        }
    }
}

#[test]
fn a_chain_of_the_lei_system_ends_at_an_entity_of_the_registry_and_is_printed() {
    let data = tempfile::tempdir().unwrap();
    let parent = lei("9999EXAMPLEPARENT");
    let (entities, relationships, holding) = group(&parent, "AO Kaspersky Lab", "RU");
    imported(data.path(), "lei2.csv", &entities);
    let before = report(data.path(), "2025-10-15");
    assert!(
        matched(&before, "US-ICTS-KASPERSKY").is_none(),
        "no owner is known yet"
    );
    imported(data.path(), "rr.csv", &relationships);
    let report_then = report(data.path(), "2025-10-15");
    let icts = matched(&report_then, "US-ICTS-KASPERSKY").unwrap();
    assert_eq!(
        (&icts["applies_via"], &icts["in_force"], &icts["decisive"]),
        (&"affiliate".into(), &"yes".into(), &true.into())
    );
    let path = icts["path"].as_array().unwrap();
    let first: Vec<&Value> = path.iter().map(|s| &s["subject"]).collect();
    assert_eq!(
        first[..2],
        [&format!("lei/{SIGNER}"), &format!("lei/{holding}")]
    );
    assert_eq!(path[1]["interested_party"], "kaspersky/ao");
    assert_eq!(path[0]["interest"], "accounting-consolidation");
    assert_eq!(path[0]["from"], "2020-01-01");
    // Consolidated accounts state no share: the half that the Entity List's rule asks for is not evidenced.
    let entity_list = |at| {
        let report = report(data.path(), at);
        matched(&report, "US-BIS-EL").map(|m| m["in_force"].clone())
    };
    assert_eq!(entity_list("2025-10-15"), Some("unknown".into()));
    assert_eq!(entity_list("2026-05-01"), Some("no".into()));
    assert_eq!(
        entity_list("2020-06-01"),
        None,
        "the holding was not the parent's yet"
    );
    let said = text(&verify(data.path(), "2025-10-15", "text"));
    let unwrapped = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        unwrapped.contains("Example Software GmbH (DE, LEI 000000BONAFIDETEST03) is directly consolidated in the accounts of Example Holding Limited"),
        "{said}"
    );
    assert!(
        unwrapped.contains("[accounting-consolidation, from 2020-01-01]"),
        "{said}"
    );
    let data_sets = report_then["tool"]["data"].as_array().unwrap();
    for set in ["gleif/lei2", "gleif/rr"] {
        let found = data_sets.iter().find(|d| d["id"] == set).unwrap();
        assert_eq!(found["sha256"].as_str().unwrap().len(), 64);
    }
}

#[test]
fn an_owner_that_the_registry_does_not_know_is_reached_by_name_only_where_the_name_surely_is_its() {
    for (name, seat, reached) in [
        ("AO \"Kaspersky Lab\"", "RU", true),
        ("Kaspersky Lab Trading", "DE", false),
        ("Example Parent AG", "CH", false),
    ] {
        let data = tempfile::tempdir().unwrap();
        let parent = lei("9999EXAMPLEPARENT");
        let (entities, relationships, _) = group(&parent, &name.replace('"', "\"\""), seat);
        imported(data.path(), "lei2.csv", &entities);
        imported(data.path(), "rr.csv", &relationships);
        let report = report(data.path(), "2025-10-15");
        assert_eq!(
            matched(&report, "US-ICTS-KASPERSKY").is_some(),
            reached,
            "{name}"
        );
    }
}

#[test]
fn claims_of_a_record_keep_their_basis_and_an_exception_is_shown_as_one() {
    let data = tempfile::tempdir().unwrap();
    let mut signer_record = entity(SIGNER, "Example Software GmbH", "KY");
    signer_record.office = "DE";
    imported(data.path(), "lei2.csv", &entities_csv([signer_record]));
    imported(
        data.path(),
        "repex.csv",
        &exceptions_csv(&[(
            SIGNER,
            "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT",
            &["NATURAL_PERSONS", "NON_PUBLIC"],
        )]),
    );
    let report = report(data.path(), "2026-06-01");
    let claims: Vec<(&str, &str, &str)> = report["claims"]
        .as_object()
        .unwrap()
        .values()
        .filter(|c| c["basis"].as_str().unwrap().starts_with("LEI record"))
        .map(|c| {
            (
                c["aspect"].as_str().unwrap(),
                c["jurisdiction"].as_str().unwrap(),
                c["strength"].as_str().unwrap(),
            )
        })
        .collect();
    for claim in [
        // The certificate's register number is German: the two contradict each other, and both are weakened.
        ("incorporation", "KY", "low"),
        ("place_of_business", "DE", "high"),
        ("place_of_business", "KY", "low"),
    ] {
        assert!(claims.contains(&claim), "{claim:?} in {claims:?}");
    }
    assert!(finding(&report, "jurisdiction-claims-conflict").is_some());
    let exception = finding(&report, "lei-parent-not-reported").unwrap();
    assert_eq!(exception["status"], "unknown");
    let message = exception["message"].as_str().unwrap();
    assert!(
        message.contains("NATURAL_PERSONS (natural persons"),
        "{message}"
    );
    assert!(message.contains("NON_PUBLIC"), "{message}");
    assert_eq!(finding(&report, "lei-record").unwrap()["status"], "pass");
    assert!(finding(&report, "lei-name-differs").is_none());
    assert!(finding(&report, "lei-data-stale").is_none());
}

#[test]
fn an_lei_of_another_company_an_unknown_one_and_old_data_are_said() {
    let data = tempfile::tempdir().unwrap();
    imported(
        data.path(),
        "20260101-x.csv",
        &entities_csv([entity(SIGNER, "Another Company SE", "FR")]),
    );
    let report_then = report(data.path(), "2026-06-01");
    assert_eq!(
        finding(&report_then, "lei-name-differs").unwrap()["status"],
        "review"
    );
    assert_eq!(
        finding(&report_then, "lei-data-stale").unwrap()["status"],
        "unknown"
    );
    let other = lei("9999EXAMPLEOTHER");
    imported(
        data.path(),
        "20260102-x.csv",
        &entities_csv([entity(&other, "Another Company SE", "FR")]),
    );
    let report_then = report(data.path(), "2026-06-01");
    assert_eq!(
        finding(&report_then, "lei-not-found").unwrap()["status"],
        "unknown"
    );
}

#[test]
fn a_relationship_that_lapsed_or_was_withdrawn_decides_nothing() {
    let parent = lei("9999EXAMPLEPARENT");
    for (registration, expected) in [
        ("PUBLISHED", Some(true)),
        ("LAPSED", Some(false)),
        ("ANNULLED", None),
        ("DUPLICATE", None),
    ] {
        let data = tempfile::tempdir().unwrap();
        imported(
            data.path(),
            "lei2.csv",
            &entities_csv([
                entity(SIGNER, "Example Software GmbH", "DE"),
                entity(&parent, "AO Kaspersky Lab", "RU"),
            ]),
        );
        imported(
            data.path(),
            "rr.csv",
            &relationships_csv(&[(SIGNER, &parent, DIRECT, registration, "2020-01-01", "")]),
        );
        let report = report(data.path(), "2025-10-15");
        let found = matched(&report, "US-ICTS-KASPERSKY").map(|m| m["decisive"] == true);
        assert_eq!(found, expected, "{registration}");
    }
}

#[test]
fn a_bad_file_leaves_the_old_version_in_use() {
    let data = tempfile::tempdir().unwrap();
    let many = |count: usize| {
        let all: Vec<_> = (0..count)
            .map(|n| entity(&lei(&format!("9999EXAMPLE{n:07}")), "Example", "DE"))
            .collect();
        entities_xml(&all)
    };
    imported(data.path(), "a.xml", &many(100));
    let whole = many(101);
    let delta = String::from_utf8(many(101))
        .unwrap()
        .replace("_FULL_", "_DELTA_");
    let zip = zipped("a.xml", whole.clone());
    let mut damaged = zip.clone();
    let middle = damaged.len() / 3;
    damaged[middle] ^= 0x55;
    for (name, bad, why) in [
        ("cut.xml", whole[..whole.len() - 40].to_vec(), "not closed"),
        ("few.xml", many(70), "more than a fifth is gone"),
        ("none.xml", many(0), "no records"),
        ("delta.xml", delta.into_bytes(), "delta"),
        ("damaged.zip", damaged, ""),
    ] {
        let output = import(data.path(), name, &bad);
        assert!(!output.status.success(), "{name}");
        assert!(text(&output).contains(why), "{name}: {}", text(&output));
        assert!(
            status(data.path(), "lei2").contains("100 records"),
            "{name}"
        );
    }
    imported(data.path(), "good.zip", &zip);
    assert!(status(data.path(), "lei2").contains("101 records"));
    let left = std::fs::read_dir(data.path().join("gleif/lei2"))
        .unwrap()
        .count();
    assert_eq!(left, 3, "two versions and the name of the current one");
}

#[cfg(unix)]
#[test]
fn a_kill_at_any_moment_leaves_a_version_whole() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("lei2.csv");
    let write = |count: usize| {
        let all = (0..count).map(|n| entity(&lei(&format!("9999EXAMPLE{n:07}")), "Example", "DE"));
        std::fs::write(&file, entities_csv(all)).unwrap();
    };
    write(3000);
    let path = file.to_str().unwrap();
    assert!(run(data.path(), &["data", "import", path]).status.success());
    for turn in 0..30u64 {
        write(if turn % 2 == 0 { 3100 } else { 3000 });
        let mut child = Command::new(env!("CARGO_BIN_EXE_bonafide"))
            .args(["data", "import", path])
            .env("BONAFIDE_DATA", data.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(turn * 5));
        child.kill().unwrap();
        child.wait().unwrap();
        let line = status(data.path(), "lei2");
        assert!(
            line.contains("3000 records") || line.contains("3100 records"),
            "{line}"
        );
    }
}

#[test]
fn made_identifiers_have_right_check_digits() {
    for stem in ["9999EXAMPLE", "A", "000000BONAFIDETEST"] {
        assert!(bonafide::identity::lei::is_valid(&lei(stem)), "{stem}");
    }
    assert_eq!(lei("000000BONAFIDETEST"), SIGNER);
}
