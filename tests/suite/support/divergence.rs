//! Where a suite and this product differ, with the reason: a data file for each suite, held to in both directions.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// One case on which the answers differ.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Divergence {
    pub(crate) id: String,
    pub(crate) expected: String,
    pub(crate) actual: String,
    pub(crate) reason: String,
}

/// Compares what a suite expects with what came out; `cases` are (id, expected, actual). Returns how many agree.
pub(crate) fn compare(file: &str, known: &str, cases: &[(String, String, String)]) -> usize {
    let known: Vec<Divergence> = serde_json::from_str(known).unwrap();
    let mut open: BTreeMap<&str, &Divergence> = BTreeMap::new();
    for divergence in &known {
        assert!(
            !divergence.reason.is_empty(),
            "{file}: {} has no reason",
            divergence.id
        );
        assert!(
            open.insert(&divergence.id, divergence).is_none(),
            "{file}: {} stands twice",
            divergence.id
        );
    }
    let mut agreed = 0;
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (id, expected, actual) in cases {
        seen.insert(id.as_str());
        if expected == actual {
            agreed += 1;
            if open.contains_key(id.as_str()) {
                wrong.push(format!("{id}: agrees now; take it out of {file}"));
            }
            continue;
        }
        match open.get(id.as_str()) {
            Some(d) if d.expected == *expected && d.actual == *actual => {}
            Some(d) => wrong.push(format!(
                "{id}: {file} says {} instead of {}, but it is {actual} instead of {expected}",
                d.actual, d.expected
            )),
            None => wrong.push(format!("{id}: expected {expected}, got {actual}")),
        }
    }
    for id in open.keys().filter(|id| !seen.contains(*id)) {
        wrong.push(format!("{id}: in {file} but not in the suite"));
    }
    println!(
        "{file}: {agreed} of {} agree, {} known divergences",
        cases.len(),
        known.len()
    );
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    agreed
}
