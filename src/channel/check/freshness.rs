//! F: is it the newest, and would anybody notice if it were not.

use std::cmp::Ordering;

use time::Duration;

use super::{Check, Group, Pair, Pairs, Said, Scene, list};
use crate::channel::findings as found;
use crate::channel::path;
use crate::model::channel::{Document, Node, Release, Role, SignatureStatus, Strength};
use crate::model::finding::Severity;
use crate::model::updater::Effect;

/// How far a document that says what is newest may bind a client to it.
const MAX_HORIZON_OF_NEWEST: Duration = Duration::days(14);
/// How far a document that changes rarely may.
const MAX_HORIZON_OF_OTHERS: Duration = Duration::days(366);

pub(super) static ALL: &[Check] = &[
    Check {
        id: "F1",
        group: Group::Freshness,
        title: "the metadata are dated, and not in the future",
        severity: Severity::Medium,
        fix: "date the signed document",
        finding: Some(&found::METADATA_DATE_MISSING_OR_FUTURE),
        ask: Some(issued),
    },
    Check {
        id: "F2",
        group: Group::Freshness,
        title: "the metadata say until when they hold",
        severity: Severity::Medium,
        fix: "put an expiry into the signed document, and renew it in time",
        finding: Some(&found::METADATA_HAS_NO_EXPIRY),
        ask: Some(has_expiry),
    },
    Check {
        id: "F3",
        group: Group::Freshness,
        title: "the expiry is near enough to matter",
        severity: Severity::Medium,
        fix: "sign what is newest for at most 14 days, and what changes rarely for at most a year",
        finding: Some(&found::METADATA_EXPIRY_FAR),
        ask: Some(horizon),
    },
    Check {
        id: "F4",
        group: Group::Freshness,
        title: "the metadata have not expired",
        severity: Severity::High,
        fix: "ask the origin rather than a mirror; a server that goes on serving what expired holds updates back",
        finding: Some(&found::METADATA_EXPIRED),
        ask: Some(expired),
    },
    Check {
        id: "F5",
        group: Group::Freshness,
        title: "nothing went back since it was last seen",
        severity: Severity::Critical,
        fix: "find out who serves an older state, and why",
        finding: Some(&found::CHANNEL_ROLLBACK),
        ask: Some(monotonic),
    },
    Check {
        id: "F6",
        group: Group::Freshness,
        title: "the version is covered by a signature",
        severity: Severity::High,
        fix: "sign the document that names versions, or put the version into what is signed",
        finding: Some(&found::VERSION_NOT_SIGNED),
        ask: Some(version_signed),
    },
    Check {
        id: "F7",
        group: Group::Freshness,
        title: "name, version and time that signatures carry agree with the feed",
        severity: Severity::Medium,
        fix: "sign each release with its own name and version in the signature",
        finding: Some(&found::SIGNATURE_CLAIMS_DIFFER),
        ask: None,
    },
    Check {
        id: "F8",
        group: Group::Freshness,
        title: "the client refuses older versions",
        severity: Severity::Medium,
        fix: "switch downgrades off",
        finding: Some(&found::DOWNGRADE_ALLOWED),
        ask: Some(downgrade),
    },
    Check {
        id: "F9",
        group: Group::Freshness,
        title: "the client looks at dates",
        severity: Severity::High,
        fix: "switch the client's checks of dates on",
        finding: Some(&found::CLIENT_IGNORES_FRESHNESS),
        ask: Some(ignores),
    },
];

fn issued(scene: &Scene<'_>) -> Said {
    let heads: Vec<_> = scene.heads().map(|(_, d)| d).collect();
    if heads.is_empty() {
        return Said::unknown("no document came");
    }
    let future: Vec<String> = heads
        .iter()
        .filter_map(|d| Some((d, d.issued.filter(|t| *t > scene.at)?)))
        .map(|(d, t)| format!("{} is of {t}", d.name))
        .collect();
    if !future.is_empty() {
        return Said::fail(list(&future)).at(Severity::High);
    }
    let undated: Vec<&str> = heads
        .iter()
        .filter(|d| d.issued.is_none())
        .map(|d| d.name.as_str())
        .collect();
    if !undated.is_empty() {
        return Said::fail(format!("no date in {}", list(&undated)));
    }
    let dates: Vec<String> = heads
        .iter()
        .filter_map(|d| Some(format!("{} of {}", d.name, d.issued?.date())))
        .collect();
    Said::pass(list(&dates))
}

fn has_expiry(scene: &Scene<'_>) -> Said {
    let heads: Vec<_> = scene.heads().map(|(_, d)| d).collect();
    if heads.is_empty() {
        return Said::unknown("no document came");
    }
    let endless: Vec<&str> = heads
        .iter()
        .filter(|d| d.expires.is_none())
        .map(|d| d.name.as_str())
        .collect();
    if !endless.is_empty() {
        return Said::fail(format!(
            "{} can be served for ever: no expiry in it",
            list(&endless)
        ));
    }
    Said::pass(list(&ends(&heads)))
}

fn ends(documents: &[&Document]) -> Vec<String> {
    let with = documents.iter().filter_map(|d| Some((d, d.expires?)));
    with.map(|(d, t)| format!("{} until {}", d.name, t.date()))
        .collect()
}

fn horizon(scene: &Scene<'_>) -> Said {
    let mut far = Vec::new();
    let mut near = Vec::new();
    for (_, document) in scene.documents() {
        let Some(expires) = document.expires else {
            continue;
        };
        let most = match document.role {
            Role::Timestamp | Role::Index => MAX_HORIZON_OF_NEWEST,
            Role::Root | Role::Snapshot | Role::Manifest | Role::Signature | Role::Config => {
                MAX_HORIZON_OF_OTHERS
            }
        };
        let from = document.issued.unwrap_or(scene.at);
        let seconds = expires
            .unix_timestamp()
            .saturating_sub(from.unix_timestamp());
        let days = Duration::seconds(seconds).whole_days();
        let said = format!("{} for {days} days", document.name);
        if days > most.whole_days() {
            far.push(said);
        } else {
            near.push(said);
        }
    }
    if !far.is_empty() {
        return Said::fail(list(&far));
    }
    if near.is_empty() {
        return Said::unknown("no document says until when it holds");
    }
    Said::pass(list(&near))
}

fn expired(scene: &Scene<'_>) -> Said {
    let with: Vec<&Document> = scene
        .documents()
        .map(|(_, d)| d)
        .filter(|d| d.expires.is_some())
        .collect();
    let over: Vec<&Document> = with
        .iter()
        .copied()
        .filter(|d| d.expires.is_some_and(|t| t <= scene.at))
        .collect();
    if !over.is_empty() {
        return Said::fail(list(&ends(&over)));
    }
    if with.is_empty() {
        return Said::unknown("no document says until when it holds");
    }
    Said::pass(list(&ends(&with)))
}

fn monotonic(scene: &Scene<'_>) -> Said {
    let Some(before) = scene.before else {
        return Said::unknown("no earlier state is at hand");
    };
    let pairs = Pairs::of(before, scene.channel);
    let mut back = Vec::new();
    let mut compared = Vec::new();
    let mut open: Vec<String> = pairs
        .alone
        .iter()
        .map(|name| format!("{name} has no counterpart"))
        .collect();
    for Pair {
        was: old,
        is: new,
        head,
    } in pairs.all
    {
        let numbers = |d: &Document| d.version.as_ref().and_then(|v| v.number);
        if let (Some(was), Some(is)) = (numbers(old), numbers(new)) {
            let said = format!("{} from {was} to {is}", new.name);
            if is < was {
                back.push(said);
            } else {
                compared.push(said);
            }
            continue;
        }
        match (old.issued, new.issued) {
            (Some(was), Some(is)) => {
                let said = format!("{} of {was}, then of {is}", new.name);
                if is < was {
                    back.push(said);
                } else {
                    compared.push(said);
                }
            }
            (Some(was), None) => back.push(format!("{} of {was}, then without a date", new.name)),
            (None, _) if head => open.push(format!("{} had no date", new.name)),
            (None, _) => {}
        }
    }
    for new in &scene.channel.releases {
        let same = |r: &&Release| r.product == new.product && r.platforms == new.platforms;
        let newest = before.releases.iter().filter(same).max_by(|a, b| {
            let order = (scene.order)(&a.version, &b.version);
            order.unwrap_or(Ordering::Equal)
        });
        let Some(old) = newest else { continue };
        let said = format!("{} from {} to {}", new.product, old.version, new.version);
        match (scene.order)(&new.version, &old.version) {
            Some(Ordering::Less) => back.push(said),
            Some(Ordering::Equal | Ordering::Greater) => compared.push(said),
            None => open.push(format!("{said}, in no order that is known")),
        }
    }
    if !back.is_empty() {
        return Said::fail(list(&back));
    }
    if !open.is_empty() {
        return Said::unknown(format!("not compared: {}", list(&open)));
    }
    if compared.is_empty() {
        return Said::unknown("nothing in it counts up");
    }
    Said::pass(list(&compared))
}

fn version_signed(scene: &Scene<'_>) -> Said {
    let releases = &scene.channel.releases;
    if releases.is_empty() {
        return Said::unknown("no release was asked about");
    }
    let mut bare = Vec::new();
    let mut open = Vec::new();
    for release in releases {
        let in_signature = release.artifacts.iter().any(|i| {
            let artifact = scene.channel.artifacts.get(*i);
            artifact.is_some_and(|a| {
                a.signatures.iter().any(|s| {
                    matches!(s.status, SignatureStatus::Verified(_))
                        && s.claims.get("version") == Some(&release.version)
                })
            })
        });
        let named_in = release.document.map_or(Strength::None, |i| {
            path::to(scene.channel, Node::Document(i)).strength
        });
        let said = format!("{} {}", release.product, release.version);
        match named_in {
            Strength::Strong | Strength::Legacy | Strength::Broken => {}
            _ if in_signature => {}
            Strength::Unknown => open.push(said),
            Strength::None | Strength::TransportOnly => bare.push(said),
        }
    }
    if !bare.is_empty() {
        return Said::fail(list(&bare));
    }
    if !open.is_empty() {
        return Said::unknown(format!("not established for {}", list(&open)));
    }
    Said::pass(format!("{} releases in signed documents", releases.len()))
}

fn switched(scene: &Scene<'_>, effect: Effect) -> Said {
    let on: Vec<String> = scene
        .channel
        .switches
        .iter()
        .filter(|s| s.effect == effect)
        .map(|s| format!("{}: {} ({})", s.name, s.value, s.place))
        .collect();
    if on.is_empty() {
        return Said::unknown("no configuration of a client was read that says so");
    }
    Said::fail(list(&on))
}

fn downgrade(scene: &Scene<'_>) -> Said {
    switched(scene, Effect::AllowsDowngrade)
}

fn ignores(scene: &Scene<'_>) -> Said {
    switched(scene, Effect::IgnoresFreshness)
}
