//! Built-in policies over the report of a file with everything on it: what each makes of the same facts.

use bonafide::base::time::parse_date;
use bonafide::model::verdict::Decision;
use bonafide::policy::{Policy, Settings};
use bonafide::screening::Instruments;
use serde_json::{Value, json};

fn listed(instrument: &str, via: &str, force: &str, effect: &str) -> Value {
    json!({
        "instrument": instrument, "title": "t", "entry": "e", "tier": "same", "rule": "r",
        "compared": {"party": "a", "record": "b"}, "applies_via": via, "steps": [], "in_force": force,
        "in_force_reason": null, "effect": effect, "subject_matter": "s", "phase": null,
        "effective_from": "2020-01-01", "decisive": true, "evidence": ["E1"],
    })
}

/// A well-signed file whose signer has these matches and this place of business.
fn report(matches: &[Value], country: &str) -> Value {
    json!({
        "schema_version": "1.0", "run": {"at": "2026-11-24T00:00:00Z"},
        "subjects": [{
            "id": "1", "path": "a.exe", "digests": {"sha256": "00"}, "gaps": [], "error": null,
            "signatures": [{
                "id": "1", "integrity": "valid", "integrity_reason": null, "integrity_reasons": [],
                "digest_algorithm": "sha256", "trust": {"status": "trusted", "reason": "r"},
                "time": {"attested": [{"status": "valid"}]}, "revocation": {"status": "good", "reason": "r"},
            }],
        }],
        "parties": {"a": {
            "name": "Example", "names": [], "roles": ["signer"], "certificate": null, "validation": "organization",
            "validation_rule": "r", "countries": [country], "identifiers": {}, "vendor": null, "claims": ["C1"],
            "matches": matches,
        }},
        "claims": {"C1": {
            "party": "a", "aspect": "place_of_business", "jurisdiction": country, "basis": "subject C",
            "strength": "high", "evidence": [],
        }},
        "findings": [],
    })
}

/// Decisions of default, us-commercial, us-federal, strict.
fn decisions(report: &Value) -> [Decision; 4] {
    let today = parse_date("2026-11-24").unwrap();
    let sets = Instruments::builtin().unwrap().country_sets(today);
    let settings = Settings::default().with_country_sets(sets);
    ["default", "us-commercial", "us-federal", "strict"].map(|name| {
        Policy::builtin(name, &settings)
            .unwrap()
            .evaluate(report, today)
            .unwrap()
            .decision
    })
}

#[test]
fn each_policy_makes_of_the_same_facts_what_it_says() {
    use Decision::{Allow, Deny, Review};
    for (matches, country, expected) in [
        (vec![], "US", [Allow, Allow, Allow, Allow]),
        (vec![], "RU", [Review, Review, Review, Deny]),
        (
            vec![listed(
                "US-ICTS-KASPERSKY",
                "affiliate",
                "yes",
                "prohibition",
            )],
            "CH",
            [Review, Deny, Deny, Deny],
        ),
        (
            vec![listed(
                "US-ICTS-KASPERSKY",
                "affiliate",
                "unknown",
                "prohibition",
            )],
            "CH",
            [Review, Review, Review, Review],
        ),
        (
            vec![listed("US-NDAA2018-1634", "direct", "yes", "procurement")],
            "CH",
            [Review, Review, Deny, Review],
        ),
        (
            vec![listed("US-DOD-1260H", "direct", "yes", "designation")],
            "US",
            [Review, Review, Review, Review],
        ),
        (
            vec![listed("US-DOD-1260H", "direct", "yes", "procurement")],
            "US",
            [Review, Review, Deny, Review],
        ),
        (
            vec![listed("US-BIS-EL", "affiliate", "no", "export-licence")],
            "CH",
            [Allow, Allow, Allow, Allow],
        ),
    ] {
        let report = report(&matches, country);
        assert_eq!(decisions(&report), expected, "{matches:?} {country}");
    }
}

#[test]
fn the_examples_of_the_documentation_work() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.md"));
    let block = |language: &str| {
        let (_, after) = text.split_once(&format!("```{language}\n")).unwrap();
        after.split_once("```").unwrap().0
    };
    let settings = Settings::parse("bonafide.toml", block("toml")).unwrap();
    assert_eq!(settings.policy(), Some("us-commercial"));
    assert_eq!(settings.waivers().len(), 1);
    Policy::builtin("us-commercial", &settings).unwrap();
    let policy = Policy::from_text("mine.rego", block("rego"), &settings).unwrap();
    assert_eq!(policy.identity().version, "1");
    for name in Policy::names() {
        assert!(text.contains(&format!("| `{name}` |")), "{name}");
    }
}
