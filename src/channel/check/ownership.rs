//! O: who stands behind it, and whether that changed.

use std::collections::BTreeSet;

use super::{Check, Group, Pair, Pairs, Said, Scene, list};
use crate::channel::findings as found;
use crate::model::channel::{Channel, SignatureStatus};
use crate::model::finding::Severity;

pub(super) static ALL: &[Check] = &[
    Check {
        id: "O1",
        group: Group::Ownership,
        title: "feed domain, artifact signer and declared vendor are one",
        severity: Severity::Medium,
        fix: "say in public who operates the channel for whom",
        finding: Some(&found::CHANNEL_OWNER_DIFFERS),
        ask: None,
    },
    Check {
        id: "O2",
        group: Group::Ownership,
        title: "countries of signer, hosting and authority",
        severity: Severity::Info,
        fix: "see the claims of jurisdiction",
        finding: None,
        ask: None,
    },
    Check {
        id: "O3",
        group: Group::Ownership,
        title: "nobody behind it is on a restricted-party list",
        severity: Severity::Critical,
        fix: "see the matches",
        finding: None,
        ask: None,
    },
    Check {
        id: "O4",
        group: Group::Ownership,
        title: "the publisher is the one that it was",
        severity: Severity::High,
        fix: "ask the publisher for a statement of the change that the old key signs",
        finding: Some(&found::CHANNEL_PUBLISHER_CHANGED),
        ask: Some(continuity),
    },
    Check {
        id: "O5",
        group: Group::Ownership,
        title: "hosting that is shared with others",
        severity: Severity::Low,
        fix: "serve the channel from machines of its own",
        finding: None,
        ask: None,
    },
];

/// Keys whose signatures hold, over documents and artifacts.
fn signers(channel: &Channel) -> BTreeSet<&str> {
    let documents = channel.documents.iter().map(|d| &d.signatures);
    let artifacts = channel.artifacts.iter().map(|a| &a.signatures);
    documents
        .chain(artifacts)
        .flatten()
        .filter(|s| matches!(s.status, SignatureStatus::Verified(_)))
        .map(|s| s.key.id.as_str())
        .collect()
}

fn continuity(scene: &Scene<'_>) -> Said {
    let Some(before) = scene.before else {
        return Said::unknown("no earlier state is at hand");
    };
    let mut changed = Vec::new();
    let pairs = Pairs::of(before, scene.channel);
    for Pair {
        was: old, is: new, ..
    } in &pairs.all
    {
        let keys: BTreeSet<&str> = old
            .identity
            .keys()
            .chain(new.identity.keys())
            .copied()
            .collect();
        for key in keys {
            let (was, is) = (old.identity.get(key), new.identity.get(key));
            if was != is {
                let word = |v: Option<&String>| v.map_or("nothing", String::as_str).to_owned();
                changed.push(format!("{key} from {} to {}", word(was), word(is)));
            }
        }
    }
    let (was, is) = (signers(before), signers(scene.channel));
    let no_signer = was.is_empty();
    if !was.is_empty() && was.is_disjoint(&is) {
        let word = |keys: BTreeSet<&str>| {
            let keys: Vec<&str> = keys.into_iter().collect();
            if keys.is_empty() {
                "nobody".to_owned()
            } else {
                list(&keys)
            }
        };
        changed.push(format!("signed by {}, then by {}", word(was), word(is)));
    }
    if !changed.is_empty() {
        return Said::fail(list(&changed));
    }
    if !pairs.all.iter().any(|p| p.head) {
        return Said::unknown("no document of the earlier state is one of this");
    }
    if no_signer {
        return Said::unknown("no signature of the earlier state held");
    }
    Said::pass("the same names and keys as before")
}
