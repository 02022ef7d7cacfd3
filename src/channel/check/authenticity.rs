//! A: is it what was signed, by somebody whom the client trusts whatever the channel says.

use time::Duration;

use super::{Check, Group, Said, Scene, list};
use crate::channel::findings as found;
use crate::channel::path::{self, Basis, Edge};
use crate::model::channel::{AnomalyKind, Node, Outcome, Signature, SignatureStatus, Strength};
use crate::model::finding::Severity;
use crate::model::updater::Effect;

/// A key without an end that is older than this was never rotated.
const MAX_AGE_WITHOUT_EXPIRY: Duration = Duration::days(5 * 366);

pub(super) static ALL: &[Check] = &[
    Check {
        id: "A1",
        group: Group::Authenticity,
        title: "the metadata are signed",
        severity: Severity::Critical,
        fix: "sign the first document, and name the others by digest in it",
        finding: Some(&found::METADATA_UNSIGNED),
        ask: Some(signed),
    },
    Check {
        id: "A2",
        group: Group::Authenticity,
        title: "a signature holds by an anchor that the channel did not deliver",
        severity: Severity::Critical,
        fix: "ship the key inside the product or with the system",
        finding: Some(&found::METADATA_NOT_AUTHENTICATED),
        ask: Some(anchored),
    },
    Check {
        id: "A3",
        group: Group::Authenticity,
        title: "artifacts are bound by a signed digest or a signature of their own",
        severity: Severity::Critical,
        fix: "name each artifact by SHA-256 or better in a signed document",
        finding: Some(&found::ARTIFACT_NOT_BOUND),
        ask: Some(bound),
    },
    Check {
        id: "A4",
        group: Group::Authenticity,
        title: "the weakest digest on the path is SHA-256 or better",
        severity: Severity::High,
        fix: "use SHA-256 or better for every link",
        finding: Some(&found::WEAK_HASH_ON_PATH),
        ask: Some(digests),
    },
    Check {
        id: "A5",
        group: Group::Authenticity,
        title: "the signatures on the path are of adequate strength",
        severity: Severity::High,
        fix: "sign with Ed25519, ECDSA P-256 or RSA of 3072 bits",
        finding: Some(&found::CHANNEL_SIGNATURE_WEAK),
        ask: Some(schemes),
    },
    Check {
        id: "A6",
        group: Group::Authenticity,
        title: "the keys have an end and are not stale",
        severity: Severity::Medium,
        fix: "give keys an expiry, rotate them before it, and renew their self-signatures with SHA-256",
        finding: Some(&found::CHANNEL_KEY_STALE),
        ask: Some(keys),
    },
    Check {
        id: "A7",
        group: Group::Authenticity,
        title: "who signs the feed is who signs the artifacts",
        severity: Severity::High,
        fix: "pin the full subject of the artifact's signer in the client",
        finding: Some(&found::FEED_AND_ARTIFACT_SIGNERS_DIFFER),
        ask: None,
    },
    Check {
        id: "A8",
        group: Group::Authenticity,
        title: "nothing unsigned stands in or around what is signed",
        severity: Severity::High,
        fix: "serve the signed bytes and nothing else",
        finding: Some(&found::UNSIGNED_BYTES_IN_SIGNED_DOCUMENT),
        ask: Some(unsigned_bytes),
    },
    Check {
        id: "A9",
        group: Group::Authenticity,
        title: "the client does not go on where a check fails",
        severity: Severity::High,
        fix: "set the switches that are named so that a failed check ends the update",
        finding: Some(&found::CLIENT_FAILS_OPEN),
        ask: Some(fails_open),
    },
    Check {
        id: "A10",
        group: Group::Authenticity,
        title: "the anchor is known from elsewhere than the channel",
        severity: Severity::High,
        fix: "ship the key inside the product or with the system",
        finding: Some(&found::ANCHOR_SAME_ORIGIN),
        ask: Some(provenance),
    },
];

fn is_sure(strength: Strength) -> bool {
    match strength {
        Strength::Broken | Strength::Legacy | Strength::Strong => true,
        Strength::None | Strength::TransportOnly | Strength::Unknown => false,
    }
}

/// Whether a signature is there to be checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carries {
    No,
    Perhaps,
    Yes,
}

fn carries(signatures: &[Signature]) -> Carries {
    let opaque = |s: &Signature| {
        matches!(
            s.status,
            SignatureStatus::Unsupported(_) | SignatureStatus::Unchecked(_)
        )
    };
    if signatures.is_empty() {
        Carries::No
    } else if signatures.iter().all(opaque) {
        Carries::Perhaps
    } else {
        Carries::Yes
    }
}

fn signed(scene: &Scene<'_>) -> Said {
    let heads: Vec<_> = scene.heads().collect();
    if heads.is_empty() {
        return Said::unknown("no document came");
    }
    let of = |wanted: Carries| -> Vec<&str> {
        let all = heads
            .iter()
            .filter(|(_, d)| carries(&d.signatures) == wanted);
        all.map(|(_, d)| d.name.as_str()).collect()
    };
    let unsigned = of(Carries::No);
    if !unsigned.is_empty() {
        return Said::fail(format!("no signature over {}", list(&unsigned)));
    }
    let perhaps = of(Carries::Perhaps);
    if !perhaps.is_empty() {
        return Said::unknown(format!(
            "a signature that is not computed with over {}",
            list(&perhaps)
        ));
    }
    Said::pass(format!("signature over {}", list(&of(Carries::Yes))))
}

/// Everything that carries signatures, with how many must hold.
fn sites<'a>(scene: &Scene<'a>) -> Vec<(&'a str, &'a [Signature], usize)> {
    let channel = scene.channel;
    let documents = channel
        .documents
        .iter()
        .map(|d| (d.name.as_str(), d.signatures.as_slice(), d.needed()));
    let artifacts = channel
        .artifacts
        .iter()
        .map(|a| (a.name.as_str(), a.signatures.as_slice(), 1));
    documents
        .chain(artifacts)
        .filter(|(_, s, _)| !s.is_empty())
        .collect()
}

fn anchored(scene: &Scene<'_>) -> Said {
    let sites = sites(scene);
    if sites.is_empty() {
        return Said::fail("nothing carries a signature");
    }
    let mut bad = Vec::new();
    let mut open = Vec::new();
    let mut good = Vec::new();
    for (name, signatures, needed) in sites {
        let independent = |s: &Signature| match s.status {
            SignatureStatus::Verified(anchor) => scene
                .channel
                .anchors
                .get(anchor)
                .is_some_and(|a| is_sure(a.provenance.strength())),
            SignatureStatus::Invalid(_)
            | SignatureStatus::NoKey
            | SignatureStatus::Weak(_)
            | SignatureStatus::Expired(_)
            | SignatureStatus::Revoked(_)
            | SignatureStatus::KeyUnusable(_)
            | SignatureStatus::Unsupported(_)
            | SignatureStatus::Unchecked(_) => false,
        };
        if path::keys_of(signatures, independent) >= needed {
            good.push(name);
            continue;
        }
        let words: Vec<String> = signatures
            .iter()
            .map(|s| match s.status.reason() {
                Some(why) if !why.is_empty() => format!("{} ({why})", s.status.name()),
                _ => s.status.name().to_owned(),
            })
            .collect();
        let said = format!("{name}: {}", list(&words));
        if signatures.iter().any(|s| path::is_open(scene.channel, s)) {
            open.push(said);
        } else {
            bad.push(said);
        }
    }
    if !bad.is_empty() {
        return Said::fail(list(&bad));
    }
    if !open.is_empty() {
        return Said::unknown(list(&open));
    }
    Said::pass(list(&good))
}

fn bound(scene: &Scene<'_>) -> Said {
    let artifacts = &scene.channel.artifacts;
    if artifacts.is_empty() {
        return Said::unknown("no artifact was asked about");
    }
    let mut bad = Vec::new();
    let mut open = Vec::new();
    for (i, artifact) in artifacts.iter().enumerate() {
        let reached = scene.paths.of(Node::Artifact(i));
        let strength = reached.map_or(Strength::None, |r| r.strength);
        if is_sure(strength) {
            continue;
        }
        let perhaps = reached.is_some_and(|r| {
            r.best
                .iter()
                .chain(&r.others)
                .any(|w| w.is_signed() && w.strength == Strength::Unknown)
        });
        if perhaps || strength == Strength::Unknown {
            open.push(artifact.name.as_str());
        } else {
            bad.push(artifact.name.as_str());
        }
    }
    if !bad.is_empty() {
        return Said::fail(format!("no signed path to {}", list(&bad)));
    }
    if !open.is_empty() {
        return Said::unknown(format!("not established for {}", list(&open)));
    }
    Said::pass(format!(
        "a signed path to each of {} artifacts",
        artifacts.len()
    ))
}

/// Edges of this kind on the best ways, as far as they are established.
fn edges<'a>(scene: &Scene<'a>, basis: Basis) -> Vec<&'a Edge> {
    let ways = scene.paths.targets.iter().filter_map(|t| t.best.as_ref());
    ways.flat_map(|w| &w.edges)
        .filter(|e| e.basis == basis && e.strength != Strength::Unknown)
        .collect()
}

fn weaker_than_strong(edges: &[&Edge]) -> Option<(Strength, Vec<String>)> {
    let weak: Vec<&&Edge> = edges
        .iter()
        .filter(|e| matches!(e.strength, Strength::Broken | Strength::Legacy))
        .collect();
    let worst = weak.iter().map(|e| e.strength).reduce(Strength::and)?;
    let mut labels: Vec<String> = weak.iter().map(|e| e.label.clone()).collect();
    labels.sort();
    labels.dedup();
    Some((worst, labels))
}

fn digests(scene: &Scene<'_>) -> Said {
    let edges = edges(scene, Basis::Digest);
    // A digest that decides alone for a client is as weak on a path that nothing signs.
    let named = &scene.channel.bindings;
    let weak_named = named.iter().any(|b| {
        matches!(b.how.strength(), Strength::Broken | Strength::Legacy)
            && b.outcome == Outcome::Holds
            && !named.iter().any(|o| {
                o.to == b.to && o.outcome == Outcome::Holds && o.how.strength() == Strength::Strong
            })
    });
    match weaker_than_strong(&edges) {
        Some((Strength::Broken, labels)) => Said::fail(list(&labels)).at(Severity::Critical),
        Some((_, labels)) => Said::fail(list(&labels)),
        None if weak_named => Said::fail("a link has no digest better than SHA-1"),
        None if edges.is_empty() => Said::unknown("no digest is on the path"),
        None => {
            let mut labels: Vec<&str> = edges.iter().map(|e| e.label.as_str()).collect();
            labels.sort_unstable();
            labels.dedup();
            Said::pass(list(&labels))
        }
    }
}

fn schemes(scene: &Scene<'_>) -> Said {
    let all = sites(scene);
    let signatures: Vec<&Signature> = all.iter().flat_map(|(_, s, _)| *s).collect();
    let weak: Vec<String> = signatures
        .iter()
        .filter(|s| {
            let counts = matches!(
                s.status,
                SignatureStatus::Verified(_) | SignatureStatus::Weak(_)
            );
            counts && matches!(s.strength, Strength::Broken | Strength::Legacy)
        })
        .map(|s| {
            let digest = s.digest.map(|d| format!("/{d}")).unwrap_or_default();
            format!("{}{digest}", s.key.algorithm)
        })
        .collect();
    if !weak.is_empty() {
        return Said::fail(list(&weak));
    }
    let edges = edges(scene, Basis::Signature);
    match weaker_than_strong(&edges) {
        Some((_, labels)) => Said::fail(list(&labels)),
        None if edges.is_empty() => Said::unknown("no signature that holds is on the path"),
        None => {
            let mut labels: Vec<&str> = edges.iter().map(|e| e.label.as_str()).collect();
            labels.sort_unstable();
            labels.dedup();
            Said::pass(list(&labels))
        }
    }
}

fn keys(scene: &Scene<'_>) -> Said {
    let all = sites(scene);
    let verified = all
        .iter()
        .flat_map(|(_, s, _)| *s)
        .filter(|s| matches!(s.status, SignatureStatus::Verified(_)));
    let mut stale = Vec::new();
    let mut open = Vec::new();
    let mut good = Vec::new();
    for signature in verified {
        let key = &signature.key;
        let label = format!("{} {}", key.algorithm, key.id);
        match (key.expires, key.created) {
            (Some(expires), _) if expires <= scene.at => {
                stale.push(format!("{label} ended {}", expires.date()));
            }
            (Some(expires), _) => good.push(format!("{label} ends {}", expires.date())),
            (None, Some(created)) => {
                let at = scene.at.unix_timestamp();
                let age = at.saturating_sub(created.unix_timestamp());
                if age > MAX_AGE_WITHOUT_EXPIRY.whole_seconds() {
                    stale.push(format!("{label} of {} has no end", created.date()));
                } else {
                    good.push(format!("{label} of {}", created.date()));
                }
            }
            (None, None) => open.push(label),
        }
    }
    if !stale.is_empty() {
        return Said::fail(list(&stale));
    }
    if !open.is_empty() {
        return Said::unknown(format!("no date is known of {}", list(&open)));
    }
    if good.is_empty() {
        return Said::unknown("no signature holds");
    }
    Said::pass(list(&good))
}

fn unsigned_bytes(scene: &Scene<'_>) -> Said {
    let found: Vec<String> = scene
        .channel
        .documents
        .iter()
        .flat_map(|d| d.anomalies.iter().map(move |a| (d, a)))
        .filter(|(_, a)| a.kind == AnomalyKind::Unsigned)
        .map(|(d, a)| format!("{}: {}", d.name, a.what))
        .collect();
    if !found.is_empty() {
        return Said::fail(list(&found));
    }
    if sites(scene).is_empty() {
        return Said::unknown("nothing carries a signature");
    }
    Said::pass("the signatures cover all of their documents")
}

fn fails_open(scene: &Scene<'_>) -> Said {
    let open: Vec<String> = scene
        .channel
        .switches
        .iter()
        .filter(|s| match s.effect {
            Effect::AcceptsUnsigned
            | Effect::UnsignedIndex
            | Effect::WeakDigest
            | Effect::GivesUpChecking => true,
            Effect::IgnoresFreshness
            | Effect::AllowsDowngrade
            | Effect::PlainTransport
            | Effect::Stricter => false,
        })
        .map(|s| format!("{}: {} ({})", s.name, s.value, s.place))
        .collect();
    if open.is_empty() {
        return Said::unknown("no configuration of a client was read that says so");
    }
    Said::fail(list(&open))
}

fn provenance(scene: &Scene<'_>) -> Said {
    let mut good = Vec::new();
    let mut bad = Vec::new();
    for (_, signatures, _) in sites(scene) {
        for signature in signatures {
            let SignatureStatus::Verified(anchor) = signature.status else {
                continue;
            };
            let Some(anchor) = scene.channel.anchors.get(anchor) else {
                continue;
            };
            let said = format!("{}: {}", anchor.label, anchor.provenance.name());
            let into = if is_sure(anchor.provenance.strength()) {
                &mut good
            } else {
                &mut bad
            };
            if !into.contains(&said) {
                into.push(said);
            }
        }
    }
    if !bad.is_empty() {
        return Said::fail(list(&bad));
    }
    if good.is_empty() {
        return Said::unknown("no signature holds");
    }
    Said::pass(list(&good))
}
