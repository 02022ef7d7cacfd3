//! The program as a user runs it: exit codes, outputs, dates, evidence, interrupts.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const AT: &str = "2026-06-01";

fn fixture(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/pe")
        .join(case)
        .join("artifact.exe")
}

fn pki(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/pki")
        .join(name)
}

/// The program in a scrubbed environment: no settings, no imported data, no colour, no network.
fn bonafide(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bonafide"));
    command
        .env_clear()
        .env("BONAFIDE_DATA", dir.join("data"))
        .current_dir(dir)
        .stdin(Stdio::null());
    command
}

fn judge(verb: &str, case: &str, more: &[&str]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut command = bonafide(dir.path());
    command
        .arg(verb)
        .arg(fixture(case))
        .arg("--trust-root")
        .arg(pki("root.pem"));
    if !more.contains(&"--at") {
        command.args(["--at", AT]);
    }
    command.args(more).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stdout)))
}

fn report(case: &str, more: &[&str]) -> Value {
    let more: Vec<&str> = more.iter().copied().chain(["-f", "json"]).collect();
    json(&judge("verify", case, &more))
}

/// `(applies_via, in_force)` of an instrument on any party of the report.
fn reach(report: &Value, instrument: &str) -> Option<(String, String)> {
    report["parties"]
        .as_object()
        .unwrap()
        .values()
        .find_map(|party| {
            let found = party["matches"]
                .as_array()?
                .iter()
                .find(|m| m["instrument"] == instrument)?;
            Some((
                found["applies_via"].as_str()?.to_owned(),
                found["in_force"].as_str()?.to_owned(),
            ))
        })
}

fn reasons(report: &Value) -> Vec<String> {
    let instances = report["verdict"]["reasons"].as_array().unwrap();
    let findings = report["findings"].as_array().unwrap();
    instances
        .iter()
        .map(|i| {
            findings.iter().find(|f| &f["instance"] == i).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

fn direct(in_force: &str) -> Option<(String, String)> {
    Some(("direct".into(), in_force.into()))
}

fn affiliate(in_force: &str) -> Option<(String, String)> {
    Some(("affiliate".into(), in_force.into()))
}

#[test]
fn the_exit_code_is_the_verdict() {
    for (case, more, expected) in [
        ("valid-timestamped", &[][..], 0),
        ("eset", &["--policy", "us-federal"], 0),
        ("kaspersky-ao", &["--policy", "us-commercial"], 1),
        (
            "kaspersky-ao",
            &["--policy", "us-commercial", "--fail-on", "never"],
            0,
        ),
        ("kaspersky-ao", &[], 3),
        ("kaspersky-ao", &["--fail-on", "deny"], 0),
        ("gost-key", &[], 3),
        ("self-signed", &[], 3),
        ("unsigned", &[], 4),
        ("tampered", &[], 4),
        ("tampered", &["--fail-on", "never"], 0),
        ("valid-timestamped", &["--policy", "no-such-policy"], 2),
        ("valid-timestamped", &["--config", "no-such-file.toml"], 2),
        ("valid-timestamped", &["--format", "no-such-format"], 2),
    ] {
        let output = judge("verify", case, more);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(code(&output), expected, "{case} {more:?}: {said}");
        assert_eq!(expected == 2, !said.is_empty(), "{case} {more:?}: {said}");
    }
    assert_eq!(
        code(&judge("inspect", "tampered", &[])),
        0,
        "facts have no verdict"
    );
}

#[test]
fn what_cannot_be_examined_is_never_a_pass_and_the_report_is_written_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("text.txt"), "no executable").unwrap();
    std::fs::write(dir.path().join("cut.exe"), "MZ").unwrap();
    for subject in ["missing.exe", "text.txt", "cut.exe"] {
        let output = bonafide(dir.path())
            .args(["verify", subject, "-f", "json"])
            .output()
            .unwrap();
        assert_eq!(code(&output), 5, "{subject}");
        assert_eq!(json(&output)["status"], "error", "{subject}");
    }
    std::fs::remove_file(dir.path().join("cut.exe")).unwrap();
    let output = bonafide(dir.path()).args(["verify", "."]).output().unwrap();
    assert_eq!(
        code(&output),
        5,
        "a directory in which nothing is recognised"
    );
}

#[test]
fn a_directory_goes_on_past_a_bad_member_and_the_worst_decides() {
    let dir = tempfile::tempdir().unwrap();
    for (name, case) in [
        ("a.exe", "valid-timestamped"),
        ("c.exe", "unsigned"),
        ("d.exe", "eset"),
    ] {
        std::fs::copy(fixture(case), dir.path().join(name)).unwrap();
    }
    std::fs::write(dir.path().join("b.exe"), "MZ, and then nothing").unwrap();
    std::fs::write(dir.path().join("notes.txt"), "passed over").unwrap();
    let run = |jobs: &str| {
        bonafide(dir.path())
            .args([
                "verify",
                ".",
                "-f",
                "jsonl",
                "--at",
                AT,
                "--jobs",
                jobs,
                "--trust-root",
            ])
            .arg(pki("root.pem"))
            .output()
            .unwrap()
    };
    let (one, eight) = (run("1"), run("8"));
    assert_eq!(code(&one), 5);
    assert_eq!(
        one.stdout, eight.stdout,
        "the order is the input's, whatever the number of workers"
    );
    let lines: Vec<Value> = String::from_utf8(one.stdout)
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines.len(), 5, "four executables and a summary");
    assert_eq!(lines[4]["type"], "summary");
    assert_eq!(
        (&lines[4]["allow"], &lines[4]["errors"], &lines[4]["deny"]),
        (&2.into(), &1.into(), &1.into())
    );
}

#[test]
fn the_kaspersky_determination_is_retraced_by_entity_and_date() {
    let ao = |at: &str| report("kaspersky-ao", &["--policy", "us-commercial", "--at", at]);
    let before = ao("2024-06-01");
    assert_eq!(reach(&before, "US-ICTS-KASPERSKY"), None, "not issued yet");
    assert_eq!(reach(&before, "US-BIS-EL"), None);
    let issued = ao("2024-07-01");
    assert_eq!(
        reach(&issued, "US-ICTS-KASPERSKY"),
        affiliate("no"),
        "issued, not yet effective"
    );
    assert_eq!(reach(&issued, "US-BIS-EL"), direct("yes"));
    assert_eq!(issued["verdict"]["result"], "review");

    let phase = |report: &Value| {
        report["parties"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|p| p["matches"].as_array().unwrap().clone())
            .find(|m| m["instrument"] == "US-ICTS-KASPERSKY")
            .unwrap()["phase"]
            .clone()
    };
    let (first, second) = (ao("2024-09-28"), ao("2024-09-29"));
    assert_eq!(first["verdict"]["result"], "deny");
    assert_ne!(
        phase(&first),
        phase(&second),
        "updates end with the second phase"
    );
    assert!(reasons(&second).contains(&"prohibition-in-force".to_owned()));
    assert_eq!(reach(&second, "US-FCC-COVERED"), direct("yes"));

    let swiss = report("kaspersky-ch", &["--policy", "us-commercial"]);
    assert_eq!(swiss["verdict"]["result"], "deny");
    assert_eq!(reach(&swiss, "US-ICTS-KASPERSKY"), affiliate("yes"));
    let steps = swiss["parties"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|p| p["matches"].as_array().unwrap().clone())
        .find(|m| m["instrument"] == "US-ICTS-KASPERSKY")
        .unwrap()["steps"]
        .clone();
    assert!(
        steps.as_array().is_some_and(|s| !s.is_empty()),
        "the ownership facts are printed: {steps}"
    );
    let swiss_at = |at: &str| reach(&report("kaspersky-ch", &["--at", at]), "US-BIS-EL");
    assert_eq!(
        swiss_at("2026-05-01"),
        affiliate("no"),
        "the affiliates rule is suspended"
    );
    assert_eq!(
        swiss_at("2026-11-24"),
        affiliate("unknown"),
        "its resumption is not confirmed"
    );

    let eset = report("eset", &["--policy", "us-federal"]);
    assert_eq!(eset["verdict"]["result"], "allow");
    for party in eset["parties"].as_object().unwrap().values() {
        assert_eq!(party["matches"].as_array().unwrap().len(), 0, "{party}");
    }
}

#[test]
fn every_handle_of_a_verdict_leads_to_evidence() {
    let report = report("kaspersky-ao", &["--policy", "us-commercial"]);
    for finding in report["findings"].as_array().unwrap() {
        for handle in finding["evidence"].as_array().unwrap() {
            assert!(
                report["evidence"].get(handle.as_str().unwrap()).is_some(),
                "{finding}"
            );
        }
    }
    let denied = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["id"] == "prohibition-in-force")
        .unwrap();
    let citations: Vec<&str> = denied["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|h| report["evidence"][h.as_str().unwrap()]["citation"].as_str())
        .collect();
    assert!(
        citations.iter().any(|c| c.contains("89 FR 52434")),
        "{citations:?}"
    );
}

#[test]
fn the_same_input_and_time_give_the_same_bytes() {
    let run = || judge("verify", "nested-two-signers", &["-f", "json"]).stdout;
    assert_eq!(run(), run());
}

#[test]
fn formats_go_to_their_own_files_and_never_change_the_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let output = bonafide(dir.path())
        .args([
            "verify",
            "-f",
            "json=a.json",
            "-f",
            "text=a.txt",
            "-f",
            "jsonl",
            "--at",
            AT,
            "--trust-root",
        ])
        .arg(pki("root.pem"))
        .arg(fixture("tampered"))
        .output()
        .unwrap();
    assert_eq!(code(&output), 4);
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    let whole: Value = serde_json::from_str(&read("a.json")).unwrap();
    assert_eq!(whole["verdict"]["result"], "deny");
    assert!(read("a.txt").starts_with("DENY"));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);
    let quiet = judge("verify", "tampered", &["-q"]);
    assert_eq!((code(&quiet), quiet.stdout.len()), (4, 0));
}

#[test]
fn standard_input_is_a_subject() {
    let dir = tempfile::tempdir().unwrap();
    let output = bonafide(dir.path())
        .args(["-", "--at", AT, "-f", "json", "--trust-root"])
        .arg(pki("root.pem"))
        .stdin(std::fs::File::open(fixture("valid-timestamped")).unwrap())
        .output()
        .unwrap();
    assert_eq!(code(&output), 0);
    assert_eq!(json(&output)["subjects"][0]["path"], "-");
}

#[test]
fn revocation_is_not_checked_until_evidence_is_given_and_then_it_decides() {
    let revocation = |more: &[&str]| {
        let report = report("revoked", more);
        (
            report["subjects"][0]["signatures"][0]["revocation"]["status"].clone(),
            report["verdict"]["result"].clone(),
        )
    };
    let crl = pki("ca.crl");
    let crl = crl.to_str().unwrap();
    assert_eq!(revocation(&[]).0, "not_checked");
    assert_eq!(
        revocation(&["--revocation", crl]),
        ("revoked".into(), "deny".into())
    );
    let good = report("valid-timestamped", &["--revocation", crl]);
    assert_ne!(
        good["subjects"][0]["signatures"][0]["revocation"]["status"],
        "revoked"
    );
}

#[test]
fn a_recorded_answer_replays_without_the_network_and_a_changed_one_is_refused() {
    let facts = json(&judge("inspect", "revoked", &["-f", "json"]));
    let urls: Vec<String> = facts["certificates"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|c| c["crl_urls"].as_array().cloned().unwrap_or_default())
        .map(|u| u.as_str().unwrap().to_owned())
        .collect();
    let Some(url) = urls.first() else {
        panic!("the revoked fixture names no CRL address");
    };
    let crl = std::fs::read(pki("ca.crl")).unwrap();
    let crl = if crl.starts_with(b"-----") {
        bonafide_pem(&crl)
    } else {
        crl
    };
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let digest = {
        use sha2::Digest;
        hex(&sha2::Sha256::digest(&crl))
    };
    let bundle = serde_json::json!({"bundle_version": "1", "answers": [
        {"url": url, "at": "2026-06-01T00:00:00Z", "status": 200, "sha256": digest, "body_hex": hex(&crl)}
    ]});
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("answers.json");
    std::fs::write(&path, bundle.to_string()).unwrap();
    let replayed = report("revoked", &["--replay", path.to_str().unwrap()]);
    assert_eq!(
        replayed["subjects"][0]["signatures"][0]["revocation"]["status"],
        "revoked"
    );

    std::fs::write(
        &path,
        bundle
            .to_string()
            .replacen("\"sha256\":\"", "\"sha256\":\"00", 1),
    )
    .unwrap();
    assert_eq!(
        code(&judge(
            "verify",
            "revoked",
            &["--replay", path.to_str().unwrap()]
        )),
        2
    );
}

fn bonafide_pem(pem: &[u8]) -> Vec<u8> {
    x509_parser::pem::parse_x509_pem(pem).unwrap().1.contents
}

#[test]
fn settings_and_waivers_come_from_the_nearest_file_and_expired_ones_do_not_help() {
    let reasons_of = |toml: &str| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("bonafide.toml"), toml).unwrap();
        std::fs::create_dir(dir.path().join("below")).unwrap();
        let output = bonafide(&dir.path().join("below"))
            .args([
                "verify",
                "-f",
                "json",
                "--at",
                AT,
                "--policy",
                "us-commercial",
                "--trust-root",
            ])
            .arg(pki("root.pem"))
            .arg(fixture("kaspersky-ch"))
            .output()
            .unwrap();
        (code(&output), output)
    };
    let waiver = |until: &str| {
        format!(
            "[[waiver]]\nfinding = \"prohibition-in-force\"\nuntil = {until}\nreason = \"licence BIS-1\"\nby = \"legal\"\n"
        )
    };
    let (waived, output) = reasons_of(&waiver("2027-01-01"));
    assert_eq!(waived, 3, "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        json(&output)["verdict"]["waived"][0]["reason"],
        "licence BIS-1"
    );
    assert_eq!(reasons_of(&waiver("2026-01-01")).0, 1);
    let (code, output) = reasons_of("[settings]\nno_such_setting = 1\n");
    assert_eq!(code, 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("bonafide.toml:2"));
}

#[test]
fn an_allow_list_denies_whoever_is_not_on_it_vouched_for_or_not() {
    let of = |case: &str, list: &str| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        std::fs::write(&path, format!("[allow]\nsigners = [\"{list}\"]\n")).unwrap();
        code(&judge(
            "verify",
            case,
            &["--config", path.to_str().unwrap()],
        ))
    };
    assert_eq!(of("eset", "eset"), 0, "by the vendor registry");
    assert_eq!(of("eset", "somebody-else"), 1);
    assert_eq!(
        of("self-signed", "somebody-else"),
        1,
        "nobody vouched for it"
    );
    assert_eq!(
        of("gost-key", "somebody-else"),
        1,
        "it could not be verified"
    );
}

#[test]
fn an_extra_anchor_is_said_in_the_report_and_without_it_nothing_is_trusted() {
    let with = report("valid-timestamped", &[]);
    assert_eq!(with["run"]["trust_roots"].as_array().unwrap().len(), 1);
    let dir = tempfile::tempdir().unwrap();
    let output = bonafide(dir.path())
        .args(["verify", "-f", "json", "--at", AT])
        .arg(fixture("valid-timestamped"))
        .output()
        .unwrap();
    assert_eq!(code(&output), 3);
    assert_eq!(
        json(&output)["subjects"][0]["signatures"][0]["trust"]["status"],
        "untrusted"
    );
}

#[test]
fn reference_verbs_answer() {
    let dir = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let output = bonafide(dir.path()).args(words).output().unwrap();
        (code(&output), String::from_utf8(output.stdout).unwrap())
    };
    assert!(
        run(&["explain", "digest-mismatch"])
            .1
            .contains("What it rests on")
    );
    assert_eq!(run(&["explain", "no-such-finding"]).0, 2);
    assert!(run(&["explain"]).1.lines().count() > 40);
    let (code, policies) = run(&["policy", "list"]);
    assert_eq!(code, 0);
    for name in ["default", "us-commercial", "us-federal", "strict"] {
        assert!(policies.contains(name));
        assert!(
            run(&["policy", "show", name])
                .1
                .contains("package bonafide")
        );
    }
    assert!(run(&["data", "status", "--at", AT]).1.contains("555"));
    let (code, dossier) = run(&["vendor", "kaspersky", "--at", AT]);
    assert_eq!(code, 0);
    assert!(
        dossier.contains("Kaspersky Lab Switzerland GmbH") && dossier.contains("Not legal advice")
    );
    let (code, _) = run(&["vendor", "Nobody Has Heard Of This Company 12"]);
    assert_eq!(code, 6);
    let schema: Value = serde_json::from_str(&run(&["schema"]).1).unwrap();
    assert!(schema["properties"]["verdict"].is_object());
    assert!(run(&["completions", "bash"]).1.contains("bonafide"));
    assert!(run(&["man"]).1.contains(".TH"));
    assert_eq!(run(&["--no-such-flag"]).0, 2);
    assert!(run(&["--help"]).1.contains("Exit codes"));
    assert_eq!(
        run(&["verify", "pypi:some>=1"]).0,
        2,
        "said plainly instead of no such file"
    );
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_does_not_turn_a_deny_into_an_allow() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = bonafide(dir.path())
        .args([
            "verify",
            "--at",
            AT,
            "--policy",
            "us-commercial",
            "-f",
            "json=kept.json",
            "-f",
            "text",
            "--trust-root",
        ])
        .arg(pki("root.pem"))
        .arg(fixture("kaspersky-ch"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(dir.path().join("kept.json").is_file());
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_run_and_leaves_no_half_written_report() {
    let dir = tempfile::tempdir().unwrap();
    let big = dir.path().join("big.exe");
    std::fs::copy(fixture("unsigned"), &big).unwrap();
    // Sparse: hours of zeros to hash, no room on disk.
    std::fs::OpenOptions::new()
        .write(true)
        .open(&big)
        .unwrap()
        .set_len(1 << 42)
        .unwrap();
    let mut child = bonafide(dir.path())
        .args([
            "verify",
            "big.exe",
            "--max-size",
            "9000G",
            "--timeout",
            "100000",
            "-f",
            "json",
            "-o",
            "report.json",
        ])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let left: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["big.exe"], "neither a report nor a temporary file");
}

/// The README's tables are the generated ones, and what it shows is what the program prints.
#[test]
fn the_readme_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let readme = read("README.md");
    let codes = read("docs/exit-codes.md");
    for row in codes.lines().filter(|l| l.starts_with('|')) {
        assert!(readme.contains(row), "exit codes: {row}");
    }
    for format in bonafide::format::ALL {
        assert!(
            readme.contains(format.card().name),
            "support table: {}",
            format.card().name
        );
    }
    for policy in bonafide::policy::Policy::names() {
        assert!(readme.contains(&format!("`{policy}`")), "policy {policy}");
    }
    let vendors = std::fs::read_dir(root.join("data/vendors")).unwrap();
    let toml = |entry: &std::fs::DirEntry| entry.path().extension().is_some_and(|e| e == "toml");
    let vendors = vendors
        .filter(|entry| toml(entry.as_ref().unwrap()))
        .count();
    assert!(readme.contains(&format!("{vendors} vendors")));
    trycmd::TestCases::new().case(root.join("README.md").to_str().unwrap());
}
