//! The engine against policies of the test and the built-in ones.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use time::Date;

use super::shape::fields;
use super::{Error, Policy, Settings, run_tests};
use crate::base::data::{FINDING_DOCS, POLICIES, find};
use crate::base::time::parse_date;
use crate::model::analysis::ErrorKind;
use crate::model::claim::{Aspect, Strength};
use crate::model::digest::DigestAlgorithm;
use crate::model::finding::{Dimension, Severity, Status};
use crate::model::party::{AppliesVia, InForce, Role, Tier};
use crate::model::signature::{RevocationStatus, TrustStatus};
use crate::model::verdict::{Decision, Verdict};

fn today() -> Date {
    parse_date("2026-11-24").unwrap()
}

fn settings(text: &str) -> Settings {
    Settings::parse("bonafide.toml", text).unwrap()
}

fn signature(integrity: &str, trust: &str) -> Value {
    json!({
        "id": "1", "integrity": integrity, "integrity_reason": null, "integrity_reasons": ["digest-mismatch"],
        "digest_algorithm": "sha256",
        "trust": {"status": trust, "programme": "windows", "root": null, "reason": "because", "faults": []},
        "time": {"claimed": null, "attested": [{"status": "valid"}]},
        "revocation": {"status": "good", "reason": "fresh", "revoked_at": null},
    })
}

fn report(signatures: &[Value]) -> Value {
    json!({
        "schema_version": "1.0",
        "run": {"at": "2026-11-24T00:00:00Z", "offline": true},
        "status": "complete", "error": null,
        "subjects": [{
            "id": "1", "parent": null, "path": "a.exe", "signing": "expected", "digests": {"sha256": "00"}, "signatures": signatures,
            "gaps": [], "error": null,
        }],
        "certificates": {}, "parties": {}, "claims": {}, "evidence": {}, "findings": [], "dimensions": {},
    })
}

fn verdict(policy: &str, report: &Value) -> Verdict {
    Policy::builtin(policy, &Settings::default())
        .unwrap()
        .evaluate(report, today())
        .unwrap()
}

fn ids(verdict: &Verdict) -> Vec<&str> {
    verdict.reasons.iter().map(|r| r.id.as_str()).collect()
}

fn user(text: &str) -> Result<Policy, Error> {
    Policy::from_text("mine.rego", text, &Settings::default())
}

fn message(result: Result<Policy, Error>) -> String {
    result.unwrap_err().to_string()
}

const HEAD: &str = "package bonafide\nimport rego.v1\n";

#[test]
fn every_builtin_policy_compiles_cites_and_passes_its_own_tests() {
    let names: Vec<&str> = Policy::names().collect();
    assert_eq!(
        names,
        ["default", "eu", "strict", "us-commercial", "us-federal"]
    );
    for name in names {
        let policy = Policy::builtin(name, &Settings::default()).unwrap();
        assert_eq!(policy.identity().id, name);
        assert_eq!(policy.identity().version, "1");
        assert_eq!(policy.identity().sha256.len(), 64);
        let tests = format!("{name}_test");
        let text = find(POLICIES, &tests).unwrap_or_else(|| panic!("no {tests}.rego"));
        let results = run_tests(
            (name, Policy::source(name).unwrap()),
            (&tests, text),
            &Settings::default(),
        )
        .unwrap();
        let failed: Vec<&str> = results
            .iter()
            .filter(|t| !t.passed)
            .map(|t| t.name.as_str())
            .collect();
        assert!(failed.is_empty(), "{name}: {failed:?}");
    }
}

#[test]
fn a_good_file_is_allowed_and_nothing_checked_is_never_an_allow() {
    assert_eq!(
        verdict("default", &report(&[signature("valid", "trusted")])).decision,
        Decision::Allow
    );
    for empty in [
        json!({}),
        json!({"subjects": [], "findings": []}),
        json!(null),
    ] {
        for policy in Policy::names() {
            let verdict = verdict(policy, &empty);
            assert_eq!(verdict.decision, Decision::Review, "{policy} {empty}");
            // That of the Union asks for its list too.
            let reasons = ids(&verdict);
            let other = reasons.iter().filter(|id| **id != "list-not-screened");
            assert_eq!(other.count(), 1);
            assert_eq!(reasons.len() == 2, policy == "eu");
            assert!(reasons.contains(&"nothing-checked"));
        }
    }
}

#[test]
fn integrity_and_trust_decide() {
    let of = |signatures: &[Value]| {
        let verdict = verdict("default", &report(signatures));
        (verdict.decision, ids(&verdict).join(" "))
    };
    let good = signature("valid", "trusted");
    assert_eq!(
        of(&[]),
        (Decision::Deny, "signature-missing nothing-checked".into())
    );
    assert_eq!(
        of(&[signature("invalid", "trusted")]),
        (Decision::Deny, "signature-invalid nothing-checked".into())
    );
    assert_eq!(
        of(&[good.clone(), signature("invalid", "trusted")]),
        (Decision::Deny, "one-signature-invalid".into())
    );
    assert_eq!(
        of(&[signature("unverifiable", "unknown")]).0,
        Decision::Review
    );
    for (trust, decision, id) in [
        ("distrusted", Decision::Deny, "signer-distrusted"),
        ("revoked", Decision::Deny, "certificate-revoked"),
        ("untrusted", Decision::Review, "signer-not-trusted"),
        ("expired", Decision::Review, "signature-expired"),
        ("unknown", Decision::Review, "trust-unknown"),
        ("not_checked", Decision::Review, "trust-not-checked"),
    ] {
        assert_eq!(of(&[signature("valid", trust)]), (decision, id.into()));
    }
}

#[test]
fn a_subject_that_could_not_be_read_is_never_allowed() {
    for (kind, decision) in [
        ("malformed", Decision::Deny),
        ("unsupported", Decision::Review),
        ("unreadable", Decision::Review),
        ("limit", Decision::Review),
        ("internal", Decision::Review),
    ] {
        let mut report = report(&[signature("valid", "trusted")]);
        report["subjects"][0]["error"] =
            json!({"kind": kind, "reason": "x", "message": "at offset 3"});
        assert_eq!(verdict("default", &report).decision, decision, "{kind}");
    }
}

#[test]
fn a_policy_in_another_package_is_an_error_at_its_line() {
    let text = "# mine\npackage mine\nimport rego.v1\ndeny contains \"x\" if true\n";
    assert_eq!(
        message(user(text)),
        "mine.rego:2: the package is mine, and its rules would never be asked; it must be bonafide"
    );
}

#[test]
fn a_policy_without_a_rule_that_speaks_is_an_error_and_not_an_allow() {
    let text = format!("{HEAD}denial contains \"x\" if true\nallow if true\n");
    assert!(message(user(&text)).contains("could only allow"));
}

#[test]
fn a_misspelled_input_path_is_an_error_at_its_line() {
    for (rule, field) in [
        ("deny contains \"x\" if input.subject", "subject"),
        (
            "deny contains \"x\" if {\n\tsome s in input.subjects\n\ts.signature\n}",
            "signature",
        ),
        (
            "deny contains \"x\" if {\n\tsome k, p in input.parties\n\tsome m in p.matches\n\tm.inforce\n}",
            "inforce",
        ),
        ("deny contains \"x\" if input.subjects[_].digest", "digest"),
        ("deny contains \"x\" if input[\"finding\"]", "finding"),
        (
            "deny contains \"x\" if {\n\ts := input.subjects[0]\n\ts.sise > 3\n}",
            "sise",
        ),
        (
            "deny contains \"x\" if bad\nbad if f(input)\nf(signature) if signature.trust.state",
            "state",
        ),
    ] {
        let error = message(user(&format!("{HEAD}{rule}\n")));
        assert!(
            error.contains(&format!("no field {field:?}")),
            "{rule}: {error}"
        );
        assert!(error.starts_with("mine.rego:"), "{error}");
    }
    let error = message(user(&format!(
        "{HEAD}deny contains \"x\" if {{\n\tinput.runn\n}}\n"
    )));
    assert!(error.starts_with("mine.rego:4:"), "{error}");
    let fine = "# input.nonsense in a comment\ndeny contains \"input.nonsense\" if input.run.at == \"input.no\"\n";
    assert!(user(&format!("{HEAD}{fine}")).is_ok());
}

#[test]
fn a_rule_on_jurisdiction_names_its_aspect() {
    let text = format!(
        "{HEAD}deny contains c.jurisdiction if {{\n\tsome c in input.claims\n\tc.jurisdiction == \"RU\"\n}}\n"
    );
    assert!(message(user(&text)).contains("without naming the aspect"));
    let text = text.replace(
        "\tc.jurisdiction ==",
        "\tc.aspect == \"owner\"\n\tc.jurisdiction ==",
    );
    assert!(user(&text).is_ok());
}

#[test]
fn syntax_errors_name_file_line_and_column() {
    let error = message(user(
        "package bonafide\nimport rego.v1\ndeny contains if {\n",
    ));
    assert!(
        error.contains("mine.rego") && error.contains(":3:"),
        "{error}"
    );
}

#[test]
fn a_policy_that_loops_ends_at_the_time_limit() {
    let text = format!(
        "{HEAD}deny contains \"x\" if {{\n\tsome a in numbers.range(1, 4000)\n\tsome b in numbers.range(1, 4000)\n\tsome c in numbers.range(1, 4000)\n\ta + b + c < 0\n}}\n"
    );
    assert!(message(user(&text)).contains("mine.rego: evaluation failed"));
}

#[test]
fn a_rule_that_gives_no_message_is_an_error() {
    for rule in [
        "deny if true",
        "deny contains 3 if true",
        "deny contains {\"id\": \"x\"} if true",
    ] {
        let policy = user(&format!("{HEAD}{rule}\n")).unwrap();
        assert!(policy.evaluate(&report(&[]), today()).is_err(), "{rule}");
    }
}

#[test]
fn suffixed_rules_and_plain_strings_speak() {
    let policy = user(&format!(
        "{HEAD}violation_a contains \"a\" if true\nwarn_b contains {{\"id\": \"b\", \"msg\": \"m\"}} if true\nwarning contains \"c\" if true\n"
    ))
    .unwrap();
    let verdict = policy
        .evaluate(&report(&[signature("valid", "trusted")]), today())
        .unwrap();
    let got: Vec<_> = verdict
        .reasons
        .iter()
        .map(|r| (r.id.as_str(), r.decision))
        .collect();
    assert_eq!(
        got,
        [("violation_a", Decision::Deny), ("b", Decision::Review)]
    );
    assert_eq!(verdict.reasons[0].rule, "data.bonafide.violation_a");
}

#[test]
fn a_user_policy_may_extend_a_builtin_one() {
    let text =
        format!("# extends: default\n{HEAD}warn_mine contains \"mine\" if input.run.offline\n");
    let policy = user(&text).unwrap();
    let verdict = policy.evaluate(&report(&[]), today()).unwrap();
    assert!(ids(&verdict).contains(&"warn_mine") && ids(&verdict).contains(&"signature-missing"));
    assert!(
        message(user(&format!(
            "# extends: nothing\n{HEAD}deny contains \"x\" if true\n"
        )))
        .contains("there are default")
    );
    let again = format!("# extends: default\n{HEAD}signs(party) if party.name == \"me\"\n");
    assert!(message(user(&again)).starts_with("mine.rego:4: function signs"));
}

#[test]
fn settings_have_lines_types_and_readers() {
    let error = |text: &str| {
        Settings::parse("bonafide.toml", text)
            .and_then(|s| Policy::builtin("default", &s))
            .unwrap_err()
            .to_string()
    };
    assert!(
        error("\n[settings]\ncountrys = [\"RU\"]\n").starts_with(
            "bonafide.toml:3: no rule of policies/default.rego reads settings.countrys"
        )
    );
    assert!(
        error("[settings]\ncountries_of_concern = \"RU\"\n")
            .starts_with("bonafide.toml:2: settings.countries_of_concern must be a list")
    );
    assert!(error("[setings]\nx = 1\n").starts_with("bonafide.toml:1: \"setings\" is not known"));
    assert!(error("[settings\n").starts_with("bonafide.toml:1:"));
    let text = format!("{HEAD}deny contains \"x\" if input.run.at > data.settings.not_before\n");
    assert!(message(user(&text)).contains("mine.rego:3: data.settings.not_before has no value"));
    let set = settings(
        "policy = \"us-federal\"\n[settings]\nnot_before = 2026-01-01\nmax_instrument_age_days = 30\n",
    );
    assert_eq!(
        (set.policy(), set.number("max_instrument_age_days")),
        (Some("us-federal"), Some(30))
    );
    let policy = Policy::from_text("mine.rego", &text, &set).unwrap();
    assert_eq!(
        policy.evaluate(&report(&[]), today()).unwrap().decision,
        Decision::Deny
    );
}

#[test]
fn settings_are_part_of_the_policy_identity() {
    let plain = Policy::builtin("default", &Settings::default()).unwrap();
    let tuned = Policy::builtin(
        "default",
        &settings("[settings]\nprohibiting_instruments = [\"X\"]\n"),
    )
    .unwrap();
    assert_ne!(plain.identity().sha256, tuned.identity().sha256);
}

#[test]
fn a_waiver_needs_a_date_and_a_reason() {
    let error = |text: &str| {
        Settings::parse("bonafide.toml", text)
            .unwrap_err()
            .to_string()
    };
    assert!(error("[[waiver]]\nfinding = \"x\"\nreason = \"y\"\n").contains("needs until"));
    assert!(error("[[waiver]]\nfinding = \"x\"\nuntil = 2027-01-01\n").contains("needs reason"));
    assert!(
        error("[[waiver]]\nfinding = \"x\"\nuntil = 2027-01-01\nreason = \" \"\n")
            .contains("not empty")
    );
    assert!(
        error("[[waiver]]\nfinding = \"x\"\nuntil = \"soon\"\nreason = \"y\"\n")
            .starts_with("bonafide.toml:3:")
    );
    assert!(error("[[waiver]]\nfindng = \"x\"\n").contains("no \"findng\""));
}

fn with_waiver(signatures: &[Value], waiver: &str) -> Verdict {
    Policy::builtin(
        "default",
        &settings(&format!("[[waiver]]\n{waiver}\nreason = \"agreed\"\n")),
    )
    .unwrap()
    .evaluate(&report(signatures), today())
    .unwrap()
}

#[test]
fn a_waived_reason_stays_visible_and_no_longer_decides() {
    let expired = [signature("valid", "expired")];
    let verdict = with_waiver(
        &expired,
        "finding = \"signature-expired\"\nuntil = 2026-11-24",
    );
    assert_eq!(verdict.decision, Decision::Allow);
    assert_eq!(verdict.reasons[0].waiver.as_ref().unwrap().reason, "agreed");
}

#[test]
fn an_expired_waiver_is_ignored_and_said() {
    let expired = [signature("valid", "expired")];
    let verdict = with_waiver(
        &expired,
        "finding = \"signature-expired\"\nuntil = 2026-11-23",
    );
    assert_eq!(verdict.decision, Decision::Review);
    assert_eq!(ids(&verdict), ["signature-expired", "waiver-expired"]);
    let unrelated = with_waiver(
        &[signature("valid", "trusted")],
        "finding = \"other\"\nuntil = 2020-01-01",
    );
    assert_eq!(unrelated.decision, Decision::Allow);
}

#[test]
fn no_blanket_waiver_turns_an_invalid_or_unknown_signature_into_an_allow() {
    let second = [
        signature("valid", "trusted"),
        signature("invalid", "trusted"),
    ];
    let blanket = with_waiver(
        &second,
        "finding = \"one-signature-invalid\"\nuntil = 2027-01-01",
    );
    assert_eq!(blanket.decision, Decision::Deny);
    assert!(ids(&blanket).contains(&"waiver-needs-instance"));
    let instance = blanket.reasons[0].instance.clone();
    let one = with_waiver(
        &second,
        &format!(
            "finding = \"one-signature-invalid\"\ninstance = \"{instance}\"\nuntil = 2027-01-01"
        ),
    );
    assert_eq!(one.decision, Decision::Allow);
    let unsigned = verdict("default", &report(&[]));
    let named = with_waiver(
        &[],
        &format!(
            "finding = \"signature-missing\"\ninstance = \"{}\"\nuntil = 2027-01-01",
            unsigned.reasons[0].instance
        ),
    );
    assert_eq!(
        named.decision,
        Decision::Review,
        "waived, but nothing was checked"
    );
}

#[test]
fn an_instance_names_one_reason_on_one_file_and_not_its_wording() {
    let one = verdict("default", &report(&[]));
    let mut reworded = report(&[]);
    reworded["subjects"][0]["path"] = json!("b.exe");
    assert_eq!(
        verdict("default", &reworded).reasons[0].instance,
        one.reasons[0].instance
    );
    let mut other = report(&[]);
    other["subjects"][0]["digests"]["sha256"] = json!("01");
    assert_ne!(
        verdict("default", &other).reasons[0].instance,
        one.reasons[0].instance
    );
}

#[test]
fn only_what_rules_read_is_handed_over_and_a_whole_input_is_whole() {
    let text = format!("{HEAD}deny contains \"x\" if {{\n\tall := input\n\tall.evidence.E1\n}}\n");
    let mut report = report(&[]);
    report["evidence"]["E1"] = json!({});
    assert_eq!(
        user(&text)
            .unwrap()
            .evaluate(&report, today())
            .unwrap()
            .decision,
        Decision::Deny
    );
}

#[test]
fn every_reason_of_a_builtin_policy_is_explained() {
    let known: Vec<&str> = FINDING_DOCS.iter().map(|(id, _)| *id).collect();
    for name in Policy::names() {
        let text = Policy::source(name).unwrap();
        let mut rest = text;
        while let Some((_, after)) = rest.split_once("contains {\"id\": \"") {
            let (id, after) = after.split_once('"').unwrap();
            assert!(known.contains(&id), "{name}: {id}");
            rest = after;
        }
    }
}

#[test]
fn the_shape_that_rules_are_held_to_is_the_published_schema() {
    let schema: Value = serde_json::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/report-1.0.json"
    )))
    .unwrap();
    for (name, definition) in [
        ("run", "Run"),
        ("subject", "Subject"),
        ("subject_error", "SubjectError"),
        ("claimed", "Claimed"),
        ("gap", "Gap"),
        ("origin", "Origin"),
        ("registry", "Registry"),
        ("stated", "Stated"),
        ("edge", "Edge"),
        ("signature", "Signature"),
        ("trust", "Trust"),
        ("time", "SigningTime"),
        ("timestamp", "Timestamp"),
        ("revocation", "Revocation"),
        ("party", "Party"),
        ("vendor", "Vendor"),
        ("match", "Match"),
        ("claim", "Claim"),
        ("host", "Host"),
        ("address", "Address"),
        ("finding", "Finding"),
        ("dimension", "DimensionStatus"),
        ("input", ""),
    ] {
        let properties = match definition {
            "" => &schema["properties"],
            _ => &schema["$defs"][definition]["properties"],
        };
        let published: BTreeSet<&str> = properties
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .filter(|field| *field != "verdict")
            .collect();
        let known: BTreeSet<&str> = fields(name).unwrap().iter().map(|(f, _)| *f).collect();
        assert_eq!(known, published, "{name}");
    }
}

#[test]
fn the_words_that_rules_compare_with_are_the_models() {
    let text: String = Policy::names()
        .map(|n| Policy::source(n).unwrap())
        .collect();
    let words = [
        TrustStatus::Distrusted.name(),
        TrustStatus::Revoked.name(),
        TrustStatus::Untrusted.name(),
        TrustStatus::Expired.name(),
        TrustStatus::Unknown.name(),
        TrustStatus::NotChecked.name(),
        RevocationStatus::NotChecked.name(),
        RevocationStatus::Revoked.name(),
        DigestAlgorithm::Md5.name(),
        DigestAlgorithm::Sha1.name(),
        Status::Fail.name(),
        Status::Review.name(),
        Severity::Critical.name(),
        Dimension::Integrity.name(),
        Dimension::Identity.name(),
        Dimension::Instruments.name(),
        Dimension::Jurisdiction.name(),
        Aspect::Incorporation.name(),
        Aspect::PlaceOfBusiness.name(),
        Aspect::Owner.name(),
        Aspect::Controller.name(),
        Strength::Medium.name(),
        Role::Signer.name(),
        Role::CoSigner.name(),
        Tier::Same.name(),
        AppliesVia::Direct.name(),
        AppliesVia::Affiliate(Vec::new()).name(),
        InForce::Yes.name(),
        InForce::No(String::new()).name(),
        InForce::Unknown(String::new()).name(),
        ErrorKind::Malformed.name(),
    ];
    for word in words {
        assert!(text.contains(&format!("\"{word}\"")), "{word}");
    }
}

#[test]
fn two_reasons_of_one_rule_have_two_instances() {
    let mut report = report(&[signature("valid", "trusted")]);
    report["subjects"][0]["gaps"] = json!([
        {"what": "a", "why": "w"},
        {"what": "b", "why": "w"},
    ]);
    let verdict = verdict("strict", &report);
    let instances: BTreeSet<&str> = verdict
        .reasons
        .iter()
        .map(|r| r.instance.as_str())
        .collect();
    assert_eq!((verdict.reasons.len(), instances.len()), (2, 2));
}
