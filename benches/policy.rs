//! One evaluation of each built-in policy over the report of a well-signed file; the budget is 0.2 ms.
#![expect(clippy::unwrap_used, reason = "a benchmark stops at its first mistake")]

use bonafide::base::time::parse_date;
use bonafide::policy::{Policy, Settings};
use divan::Bencher;
use serde_json::{Value, json};

fn main() {
    divan::main();
}

fn report() -> Value {
    let party = |role: &str| {
        json!({
            "name": "Example", "names": [], "roles": [role], "certificate": null, "validation": "organization",
            "validation_rule": "r", "countries": ["US"], "identifiers": {}, "vendor": null, "claims": ["C1"],
            "matches": [],
        })
    };
    let finding = json!({
        "id": "checksum-mismatch", "instance": "00", "status": "review", "severity": "low", "dimension": "integrity",
        "title": "t", "message": "m", "subject": "1", "signature": null, "parties": [], "claims": [], "evidence": [],
        "references": [], "rule": null,
    });
    json!({
        "schema_version": "1.0", "run": {"at": "2026-11-24T00:00:00Z"},
        "subjects": [{
            "id": "1", "path": "a.exe", "digests": {"sha256": "00"}, "gaps": [], "error": null,
            "signatures": [{
                "id": "1", "integrity": "valid", "integrity_reason": null, "integrity_reasons": [],
                "digest_algorithm": "sha256", "trust": {"status": "trusted", "reason": "r"},
                "time": {"attested": [{"status": "valid"}]},
                "revocation": {"status": "not_checked", "reason": "offline"},
            }],
        }],
        "parties": {
            "a": party("signer"), "b": party("certificate_authority"), "c": party("timestamp_authority"),
        },
        "claims": {"C1": {
            "party": "a", "aspect": "place_of_business", "jurisdiction": "US", "basis": "subject C",
            "strength": "high", "evidence": [],
        }},
        "findings": vec![finding; 6],
    })
}

#[divan::bench(args = ["default", "us-federal", "strict"])]
fn evaluate(bencher: Bencher, name: &str) {
    let policy = Policy::builtin(name, &Settings::default()).unwrap();
    let report = report();
    let today = parse_date("2026-11-24").unwrap();
    bencher.bench(|| policy.evaluate(&report, today).unwrap());
}
