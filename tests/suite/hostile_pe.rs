//! The hostile-pe suite: one lie about a signed image each.

/// What the format alone must say; the verdicts are in the rest of this file.
mod structure {
    use std::collections::BTreeSet;

    use bonafide::base::budget::{Budget, Limits, Stopped};
    use bonafide::envelope::{self, Opened};
    use bonafide::format::pe::{Pe, unauthenticated};
    use bonafide::format::{Error, Format as _, findings};
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
        let ours: BTreeSet<&str> = findings::ALL.iter().map(|d| d.id).collect();
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
