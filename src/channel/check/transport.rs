//! T: how it travels.

use std::collections::BTreeSet;

use super::{Check, Group, Said, Scene, list};
use crate::channel::address;
use crate::channel::findings as found;
use crate::format::updater::findings::UPDATE_FEED_OVER_HTTP;
use crate::model::channel::{Fetch, Node, Strength, of_address};
use crate::model::finding::Severity;
use crate::model::updater::Effect;

pub(super) static ALL: &[Check] = &[
    Check {
        id: "T1",
        group: Group::Transport,
        title: "documents are fetched over https",
        severity: Severity::High,
        fix: "serve the feed over https and configure clients so",
        finding: Some(&UPDATE_FEED_OVER_HTTP),
        ask: Some(documents),
    },
    Check {
        id: "T2",
        group: Group::Transport,
        title: "artifacts come over https or are bound by a signed digest",
        severity: Severity::High,
        fix: "serve artifacts over https and name them by digest in a signed document",
        finding: Some(&found::ARTIFACT_OVER_HTTP_UNBOUND),
        ask: Some(artifacts),
    },
    Check {
        id: "T3",
        group: Group::Transport,
        title: "no redirect leads from https to http",
        severity: Severity::High,
        fix: "redirect to https addresses only",
        finding: Some(&found::REDIRECT_TO_HTTP),
        ask: Some(downgrades),
    },
    Check {
        id: "T4",
        group: Group::Transport,
        title: "the client does not fall back to http",
        severity: Severity::High,
        fix: "remove the fallback from the client's configuration",
        finding: Some(&found::HTTP_FALLBACK_ALLOWED),
        ask: Some(fallback),
    },
    Check {
        id: "T5",
        group: Group::Transport,
        title: "no redirect leads to another host",
        severity: Severity::Medium,
        fix: "name the host that serves the files in the configured address, or say in public who operates the other one",
        finding: Some(&found::CROSS_HOST_REDIRECT),
        ask: Some(cross_host),
    },
    Check {
        id: "T6",
        group: Group::Transport,
        title: "TLS 1.2 or newer with a chain that holds",
        severity: Severity::Medium,
        fix: "serve a chain to a public authority over TLS 1.2 or 1.3",
        finding: Some(&found::CHANNEL_TLS_WEAK),
        ask: None,
    },
    Check {
        id: "T7",
        group: Group::Transport,
        title: "strict transport security",
        severity: Severity::Low,
        fix: "send Strict-Transport-Security",
        finding: None,
        ask: Some(strict_transport),
    },
    Check {
        id: "T8",
        group: Group::Transport,
        title: "the client pins a key or certificate",
        severity: Severity::Info,
        fix: "pin the keys that sign, rather than those that transport",
        finding: None,
        ask: None,
    },
    Check {
        id: "T9",
        group: Group::Transport,
        title: "network and country of every host and mirror are known",
        severity: Severity::Info,
        fix: "look the hosts up: --online",
        finding: None,
        ask: None,
    },
    Check {
        id: "T10",
        group: Group::Transport,
        title: "names are resolved by the system alone",
        severity: Severity::Info,
        fix: "remove resolvers that are built in",
        finding: None,
        ask: None,
    },
    Check {
        id: "T11",
        group: Group::Transport,
        title: "no private or intercepting authority stands in the way",
        severity: Severity::Medium,
        fix: "collect again from a network that does not intercept TLS",
        finding: Some(&found::PRIVATE_CA_CHAIN),
        ask: None,
    },
];

/// The address that was asked and every one that answered.
fn addresses(fetch: &Fetch) -> impl Iterator<Item = &str> {
    std::iter::once(fetch.url.as_str()).chain(fetch.hops.iter().map(|h| h.url.as_str()))
}

fn is_plain(address: &str) -> bool {
    of_address(address) == Strength::None
}

fn is_copy(fetch: &Fetch) -> bool {
    fetch.url.starts_with("file:")
}

fn documents(scene: &Scene<'_>) -> Said {
    let fetches = scene.channel.documents.iter().filter_map(|d| d.fetch);
    let fetches: BTreeSet<usize> = fetches.collect();
    let fetches: Vec<&Fetch> = fetches
        .iter()
        .filter_map(|i| scene.channel.fetches.get(*i))
        .collect();
    let plain: Vec<&str> = fetches
        .iter()
        .flat_map(|f| addresses(f))
        .filter(|a| is_plain(a))
        .collect();
    if !plain.is_empty() {
        let said = Said::fail(list(&plain));
        // Signed metadata over http can be watched and held back, not replaced.
        return match scene.paths.strength {
            Strength::Strong => said.at(Severity::Medium),
            _ => said,
        };
    }
    if fetches.is_empty() {
        return Said::unknown("no document was fetched");
    }
    if fetches.iter().any(|f| is_copy(f)) {
        return Said::unknown("a copy on disk says nothing of the way that it came");
    }
    Said::pass(format!("{} documents over https", fetches.len()))
}

fn artifacts(scene: &Scene<'_>) -> Said {
    let artifacts = &scene.channel.artifacts;
    if artifacts.is_empty() {
        return Said::unknown("no artifact was asked about");
    }
    let mut bad = Vec::new();
    let mut open = Vec::new();
    for (i, artifact) in artifacts.iter().enumerate() {
        let strength = scene.paths.of(Node::Artifact(i)).map(|r| r.strength);
        if matches!(
            strength,
            Some(Strength::Strong | Strength::Legacy | Strength::Broken)
        ) {
            continue;
        }
        let fetch = artifact.fetch.and_then(|f| scene.channel.fetches.get(f));
        let mut all = artifact.urls.iter().map(String::as_str).collect::<Vec<_>>();
        all.extend(artifact.mirrors.iter().map(|m| m.url.as_str()));
        all.extend(fetch.into_iter().flat_map(addresses));
        if all.iter().any(|a| is_plain(a)) {
            bad.push(artifact.name.as_str());
        } else if all.is_empty() || all.iter().any(|a| a.starts_with("file:")) {
            open.push(artifact.name.as_str());
        }
    }
    if !bad.is_empty() {
        return Said::fail(format!(
            "over http and bound by no signed digest: {}",
            list(&bad)
        ));
    }
    if !open.is_empty() {
        return Said::unknown(format!("how it travels is not known of {}", list(&open)));
    }
    Said::pass("every artifact is bound by a signature or comes over https")
}

fn downgrades(scene: &Scene<'_>) -> Said {
    let fetches = &scene.channel.fetches;
    let down: Vec<String> = fetches
        .iter()
        .filter_map(|f| {
            let all: Vec<&str> = addresses(f).collect();
            let pairs = all.iter().zip(all.iter().skip(1));
            pairs
                .filter(|(a, b)| a.starts_with("https:") && is_plain(b))
                .map(|(a, b)| format!("{a} to {b}"))
                .next()
        })
        .collect();
    if !down.is_empty() {
        let said = Said::fail(list(&down));
        return match scene.paths.strength {
            Strength::Strong | Strength::Legacy => said,
            Strength::None | Strength::TransportOnly | Strength::Broken | Strength::Unknown => {
                said.at(Severity::Critical)
            }
        };
    }
    if fetches.is_empty() || fetches.iter().any(is_copy) {
        return Said::unknown("a copy on disk has no redirects");
    }
    Said::pass(format!("{} answers", fetches.len()))
}

fn fallback(scene: &Scene<'_>) -> Said {
    let plain: Vec<String> = scene
        .channel
        .switches
        .iter()
        .filter(|s| s.effect == Effect::PlainTransport)
        .map(|s| format!("{}: {}", s.name, s.value))
        .collect();
    if plain.is_empty() {
        return Said::unknown("no configuration of a client was read that says so");
    }
    Said::fail(list(&plain))
}

fn cross_host(scene: &Scene<'_>) -> Said {
    let fetches = &scene.channel.fetches;
    let mut other = BTreeSet::new();
    for fetch in fetches {
        let asked = address::host(&fetch.url);
        for hop in &fetch.hops {
            let host = address::host(&hop.url);
            if let (Some(host), true) = (&host, host != asked) {
                other.insert(host.clone());
            }
        }
    }
    if !other.is_empty() {
        return Said::fail(list(&other.into_iter().collect::<Vec<_>>()));
    }
    if fetches.is_empty() || fetches.iter().any(is_copy) {
        return Said::unknown("a copy on disk has no redirects");
    }
    Said::pass(format!(
        "{} answers, each of the host that was asked",
        fetches.len()
    ))
}

fn strict_transport(scene: &Scene<'_>) -> Said {
    let over_tls = scene.channel.fetches.iter().filter(|f| {
        let last = f.hops.last().map_or(f.url.as_str(), |h| h.url.as_str());
        last.starts_with("https:")
    });
    let mut seen = 0usize;
    let mut without = BTreeSet::new();
    for fetch in over_tls {
        seen = seen.saturating_add(1);
        let has =
            |(name, _): &(String, String)| name.eq_ignore_ascii_case("strict-transport-security");
        if !fetch.headers.iter().any(has) {
            without.extend(address::host(&fetch.url));
        }
    }
    if seen == 0 {
        return Said::unknown("nothing was fetched over https");
    }
    if without.is_empty() {
        return Said::pass("sent by every host");
    }
    Said::fail(format!(
        "not sent by {}",
        list(&without.into_iter().collect::<Vec<_>>())
    ))
}
