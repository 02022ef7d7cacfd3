//! The hostile-pe suite: one lie about a signed image each.

/// What the format alone must say; the verdicts are in the rest of this file.
mod structure {
    use std::collections::BTreeSet;

    use bonafide::base::budget::{Budget, Limits, Stopped};
    use bonafide::envelope::{self, Opened};
    use bonafide::format::findings::SHARED;
    use bonafide::format::pe::findings;
    use bonafide::format::pe::{Pe, unauthenticated};
    use bonafide::format::{Error, Format as _};
    use bonafide::model::extract::Extract;
    use bonafide::model::signature::Position;

    use crate::support::{bytes, corpus, table};

    fn extract(file: &[u8]) -> Result<Extract, Error> {
        Pe.extract(&file.to_vec(), &Budget::start(Limits::default(), &Stopped))
    }

    /// Every finding that the format raises, its look behind each signature included.
    fn noticed(out: &Extract) -> BTreeSet<&'static str> {
        let mut all = out.findings.clone();
        for signature in &out.signatures {
            all.extend(signature.faults.iter().cloned());
            if let Ok(Opened::Cms(cms)) = envelope::open(signature.envelope, &signature.bytes) {
                all.extend(unauthenticated(signature, cms.encoded_len));
            }
        }
        all.iter().map(|finding| finding.definition.id).collect()
    }

    #[test]
    fn every_row_has_the_reason_and_the_findings_that_the_suite_expects() {
        let Some(suite) = corpus("reliability/hostile-pe") else {
            return;
        };
        let ours: BTreeSet<&str> = findings::ALL.iter().chain(SHARED).map(|d| d.id).collect();
        let rows = table(&suite.join("MANIFEST.tsv"));
        assert!(rows.len() >= 50, "{} rows", rows.len());
        for row in rows {
            let name = &row["file"];
            let expected: Vec<&str> = row["expected"].split('|').collect();
            let reasons: Vec<&str> = row["reason"].split('|').filter(|r| !r.is_empty()).collect();
            match extract(&bytes(&suite.join(name))) {
                Err(error) => {
                    assert!(expected.contains(&"MALFORMED"), "{name}: {error}");
                    if !reasons.is_empty() {
                        assert!(
                            reasons.contains(&error.reason()),
                            "{name}: {}",
                            error.reason()
                        );
                    }
                }
                Ok(out) => {
                    assert_ne!(expected, ["MALFORMED"], "{name}");
                    let signed = out
                        .signatures
                        .iter()
                        .any(|s| s.position != Position::Orphan);
                    assert_eq!(signed, !expected.contains(&"UNSIGNED"), "{name}");
                    let wanted: BTreeSet<&str> = row["findings"]
                        .split(',')
                        .filter(|id| ours.contains(id))
                        .collect();
                    if !row["findings"].is_empty() || expected == ["VALID"] {
                        assert_eq!(noticed(&out), wanted, "{name}");
                    }
                }
            }
        }
    }
}

/// What the whole of verification makes of each row, with the suite's own roots as anchors.
mod verdicts {
    use std::collections::BTreeSet;

    use bonafide::model::signature::Signature;

    use crate::support::signed::{Bench, is_valid};
    use crate::support::{bytes, corpus, table};

    /// A time at which the suite's leaf holds and its expired one has ended.
    const NOW: &str = "2026-06-01T00:00:00Z";

    fn bench() -> Option<Bench> {
        let suite = corpus("reliability/hostile-pe")?;
        Some(Bench::at(NOW).with_roots(&suite.join("roots.pem")))
    }

    #[test]
    fn every_row_has_the_verdict_the_reason_and_the_findings_that_the_suite_expects() {
        let (Some(suite), Some(bench)) = (corpus("reliability/hostile-pe"), bench()) else {
            return;
        };
        let mut wrong = Vec::new();
        for row in table(&suite.join("MANIFEST.tsv")) {
            let name = &row["file"];
            let expected: Vec<&str> = row["expected"].split('|').collect();
            let reasons: BTreeSet<&str> =
                row["reason"].split('|').filter(|r| !r.is_empty()).collect();
            let wanted: BTreeSet<&str> = row["findings"]
                .split(',')
                .filter(|f| !f.is_empty())
                .collect();
            // What the format refuses is the structure's test.
            let Ok(judged) = bench.judge(&bytes(&suite.join(name))) else {
                assert!(expected.contains(&"MALFORMED"), "{name}");
                continue;
            };
            let verdict = match (judged.counted().next(), judged.is_valid()) {
                (None, _) => "UNSIGNED",
                (Some(_), true) => "VALID",
                (Some(_), false) => "INVALID",
            };
            if !expected.contains(&verdict) {
                wrong.push(format!(
                    "{name}: {verdict}, expected {expected:?}\n{}",
                    judged.shown()
                ));
            }
            // The suite's reason for a file whose signatures disagree is the fold over them.
            let one_bad = judged.counted().any(|s| !is_valid(s)) && judged.counted().any(is_valid);
            let mut ours = judged.reasons();
            if one_bad {
                ours.insert("one-signature-invalid");
            }
            if verdict == "INVALID" && !reasons.is_empty() && ours.is_disjoint(&reasons) {
                wrong.push(format!("{name}: {ours:?}, expected {reasons:?}"));
            }
            let ids = judged.ids();
            if verdict == "VALID" && ids != wanted {
                wrong.push(format!("{name}: findings {ids:?}, expected {wanted:?}"));
            } else if !wanted.is_subset(&ids) {
                wrong.push(format!("{name}: findings {ids:?} lack some of {wanted:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn the_signer_of_a_file_with_a_decoy_is_whose_key_signed_it() {
        let (Some(suite), Some(bench)) = (corpus("reliability/hostile-pe"), bench()) else {
            return;
        };
        let judged = bench
            .judge(&bytes(&suite.join("15-decoy-cert-first.exe")))
            .unwrap();
        let signer = |s: &Signature| s.signer.as_ref().unwrap().subject.attributes.clone();
        let names: Vec<String> = signer(&judged.signatures[0])
            .into_iter()
            .map(|a| a.value)
            .collect();
        assert!(
            names.contains(&"Example Signing Ltd".to_owned()),
            "{names:?}"
        );
    }
}
