//! C: does it fit together, and is it the same for everybody.

use super::{Check, Group, Said, Scene, list};
use crate::channel::findings as found;
use crate::channel::path;
use crate::model::channel::{AnomalyKind, Outcome};
use crate::model::finding::Severity;

pub(super) static ALL: &[Check] = &[
    Check {
        id: "C1",
        group: Group::Consistency,
        title: "digests and sizes that are stated are those of what came",
        severity: Severity::Critical,
        fix: "serve the files that the index names",
        finding: Some(&found::INDEX_AND_ARTIFACT_DIFFER),
        ask: Some(stated),
    },
    Check {
        id: "C2",
        group: Group::Consistency,
        title: "documents can be asked for by their digest",
        severity: Severity::Low,
        fix: "publish by digest, so that an update in progress is no mixture",
        finding: Some(&found::NO_CONSISTENT_SNAPSHOT),
        ask: None,
    },
    Check {
        id: "C3",
        group: Group::Consistency,
        title: "documents of different times cannot be mixed",
        severity: Severity::Medium,
        fix: "name all documents of one state in one signed document",
        finding: Some(&found::MIX_AND_MATCH_POSSIBLE),
        ask: None,
    },
    Check {
        id: "C4",
        group: Group::Consistency,
        title: "two vantages or mirrors see the same",
        severity: Severity::Critical,
        fix: "compare what differs, and find out who is served what",
        finding: Some(&found::SPLIT_VIEW),
        ask: None,
    },
    Check {
        id: "C5",
        group: Group::Consistency,
        title: "every document can be read in one way only",
        severity: Severity::Medium,
        fix: "write each field and entry once, in one paragraph",
        finding: Some(&found::AMBIGUOUS_METADATA),
        ask: Some(ambiguous),
    },
    Check {
        id: "C6",
        group: Group::Consistency,
        title: "the size of every artifact is stated",
        severity: Severity::Low,
        fix: "state sizes, so that a client can stop an endless answer",
        finding: Some(&found::NO_SIZE_STATED),
        ask: Some(sizes),
    },
];

fn stated(scene: &Scene<'_>) -> Said {
    let channel = scene.channel;
    let mut bad = Vec::new();
    let mut held = 0usize;
    let mut open = Vec::new();
    for binding in &channel.bindings {
        match &binding.outcome {
            Outcome::Holds => held = held.saturating_add(1),
            Outcome::Fails(why) => bad.push(format!("{}: {why}", path::name(channel, binding.to))),
            Outcome::Open(why) => open.push(format!("{}: {why}", path::name(channel, binding.to))),
        }
    }
    if !bad.is_empty() {
        return Said::fail(list(&bad));
    }
    if !open.is_empty() {
        return Said::unknown(list(&open));
    }
    if held == 0 {
        return Said::unknown("nothing names anything by digest or size");
    }
    Said::pass(format!("{held} links"))
}

fn ambiguous(scene: &Scene<'_>) -> Said {
    let documents = &scene.channel.documents;
    let found: Vec<String> = documents
        .iter()
        .flat_map(|d| d.anomalies.iter().map(move |a| (d, a)))
        .filter(|(_, a)| match a.kind {
            AnomalyKind::Ambiguous | AnomalyKind::Irregular | AnomalyKind::Malformed => true,
            AnomalyKind::Unsigned => false,
        })
        .map(|(d, a)| format!("{}: {}", d.name, a.what))
        .collect();
    if !found.is_empty() {
        return Said::fail(list(&found));
    }
    if documents.is_empty() {
        return Said::unknown("no document came");
    }
    Said::pass(format!("{} documents", documents.len()))
}

fn sizes(scene: &Scene<'_>) -> Said {
    let artifacts = &scene.channel.artifacts;
    if artifacts.is_empty() {
        return Said::unknown("no artifact was asked about");
    }
    let without: Vec<&str> = artifacts
        .iter()
        .filter(|a| a.size.is_none())
        .map(|a| a.name.as_str())
        .collect();
    if without.is_empty() {
        return Said::pass(format!("{} artifacts", artifacts.len()));
    }
    Said::fail(list(&without))
}
