//! The hosts that files name: what can be said of each by its name, its address and what was asked about it.

use std::collections::BTreeMap;

use crate::jurisdiction::network::{self, Asked, Lookups, Networks};
use crate::model::analysis::{Analysis, Subject};
use crate::model::certificate::{CertificateId, SharedCertificate};
use crate::model::endpoint::{EndpointKind, Host};
use crate::model::extract::{Gap, Signing};
use crate::model::finding::{Finding, Status};
use crate::model::infrastructure::HostFacts;
use crate::pipeline::{Context, profile};

/// Hosts of one tree that claims are made about, those that matter most first; a browser names thousands.
const MAX_HOSTS: usize = 256;
/// Hosts of one tree that are asked about over the network.
const MAX_ASKED: usize = 8;

/// What is at hand about hosts.
#[derive(Debug, Clone, Copy)]
pub struct Infrastructure<'a> {
    /// Sources of networks.
    pub networks: &'a Networks,
    /// Answers of the network, by host; none offline.
    pub lookups: &'a BTreeMap<Host, Lookups>,
}

/// Claims about the hosts that are named and may be contacted. What is noticed of a host is said on the first subject that names it.
pub(super) fn named(subjects: &mut [Subject], context: &Context<'_>) -> BTreeMap<Host, HostFacts> {
    let Some(at_hand) = context.infrastructure else {
        return BTreeMap::new();
    };
    let mut first: Vec<(EndpointKind, Host, usize)> = Vec::new();
    let mut known: BTreeMap<Host, usize> = BTreeMap::new();
    for (index, subject) in subjects.iter().enumerate() {
        let contacted = subject.endpoints.iter().filter(|e| e.noise.is_none());
        for endpoint in contacted {
            match known.get(&endpoint.host) {
                Some(at) => {
                    if let Some((kind, _, _)) = first.get_mut(*at) {
                        *kind = (*kind).min(endpoint.kind);
                    }
                }
                None => {
                    known.insert(endpoint.host.clone(), first.len());
                    first.push((endpoint.kind, endpoint.host.clone(), index));
                }
            }
        }
    }
    // Stable: among those of one kind, in the order met.
    first.sort_by_key(|(kind, _, _)| *kind);
    let beyond = first.len().saturating_sub(MAX_HOSTS);
    if let Some(top) = subjects.first_mut().filter(|_| beyond > 0) {
        top.gaps.push(Gap {
            what: format!("claims about {beyond} further hosts"),
            why: format!("only {MAX_HOSTS} are looked at"),
        });
    }
    let anchors = context.store.anchors(profile(None, context));
    let mut hosts = BTreeMap::new();
    for (_, host, index) in first.into_iter().take(MAX_HOSTS) {
        let asked = Asked {
            networks: at_hand.networks,
            operators: context.operators,
            anchors: &anchors,
            now: context.now,
            lookups: at_hand.lookups.get(&host),
        };
        let mut facts = network::assess(&host, &asked);
        if let Some(subject) = subjects.get_mut(index) {
            subject.findings.append(&mut facts.findings);
            subject.gaps.append(&mut facts.gaps);
        }
        hosts.insert(host, facts);
    }
    hosts
}

/// Hosts of an analysis that are worth asking about: those that updates and downloads come from.
pub fn worth_asking(analysis: &Analysis) -> Vec<Host> {
    let mut wanted: Vec<(EndpointKind, &Host)> = Vec::new();
    let endpoints = analysis.subjects.iter().flat_map(|s| &s.endpoints);
    for endpoint in endpoints.filter(|e| e.noise.is_none() && !e.template) {
        let from_here = match endpoint.kind {
            EndpointKind::Update | EndpointKind::Download => true,
            EndpointKind::Api
            | EndpointKind::Telemetry
            | EndpointKind::Unknown
            | EndpointKind::Web => false,
        };
        if from_here && !wanted.iter().any(|(_, h)| *h == &endpoint.host) {
            wanted.push((endpoint.kind, &endpoint.host));
        }
    }
    wanted.sort_by_key(|(kind, _)| *kind);
    let hosts = wanted.into_iter().map(|(_, host)| host.clone());
    hosts.take(MAX_ASKED).collect()
}

/// A host by itself, as `bonafide host` asks: the subject is what the user typed.
pub fn host(typed: &str, host: &Host, context: &Context<'_>) -> Analysis {
    let mut subject = Subject {
        id: "1".to_owned(),
        parent: None,
        path: typed.to_owned(),
        size: 0,
        digests: BTreeMap::new(),
        format: "host",
        description: match host {
            Host::Name(_) => "host name".to_owned(),
            Host::Ip(_) => "network address".to_owned(),
            Host::Template(_) => "pattern of a host".to_owned(),
        },
        profile: profile(None, context).name(),
        signing: Signing::None,
        members: None,
        signatures: Vec::new(),
        signers: BTreeMap::new(),
        claimed: Vec::new(),
        endpoints: Vec::new(),
        updaters: Vec::new(),
        findings: Vec::new(),
        gaps: Vec::new(),
        error: None,
        origin: None,
    };
    let mut hosts = BTreeMap::new();
    if let Some(at_hand) = context.infrastructure {
        let anchors = context.store.anchors(profile(None, context));
        let lookups = at_hand.lookups.get(host);
        let asked = Asked {
            networks: at_hand.networks,
            operators: context.operators,
            anchors: &anchors,
            now: context.now,
            lookups,
        };
        let mut facts = network::assess(host, &asked);
        if facts.addresses.is_empty() {
            let why = match &facts.dns {
                None => "not asked for: offline".to_owned(),
                Some(dns) => match dns.failures.first() {
                    Some(failure) => failure.clone(),
                    None => "no address of it is known to the domain name system".to_owned(),
                },
            };
            facts.findings.push(Finding::new(
                &network::findings::HOST_NOT_RESOLVED,
                Status::Unknown,
                format!("the addresses of {host}: {why}"),
            ));
        }
        if lookups.is_none() {
            subject.gaps.push(Gap {
                what: format!("names, certificates and registrations of {host}"),
                why: "offline; --online asks".to_owned(),
            });
        }
        subject.findings.append(&mut facts.findings);
        subject.gaps.append(&mut facts.gaps);
        hosts.insert(host.clone(), facts);
    }
    Analysis {
        subjects: vec![subject],
        certificates: shown(&hosts),
        parties: BTreeMap::new(),
        hosts,
    }
}

/// Certificates that servers showed.
pub(super) fn shown(
    hosts: &BTreeMap<Host, HostFacts>,
) -> BTreeMap<CertificateId, SharedCertificate> {
    let chains = hosts.values().filter_map(|h| h.tls.as_ref());
    chains
        .flat_map(|t| &t.chain)
        .map(|c| (c.id, c.clone()))
        .collect()
}
