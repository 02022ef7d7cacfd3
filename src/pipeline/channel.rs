//! A channel as a subject: its hosts join the claims, its artifacts go through every stage like any file.

use std::collections::BTreeMap;

use crate::base::time::Time;
use crate::channel::{Error, Judged};
use crate::format::endpoints;
use crate::identity;
use crate::model::analysis::{Analysis, ErrorKind, Subject, SubjectError};
use crate::model::endpoint::{Encoding, Endpoint, EndpointKind, Form, Host};
use crate::model::extract::Signing;
use crate::model::party::VendorLink;
use crate::pipeline::{Context, Examined, hosts, judge, profile, report};
use crate::policy::{self, Policy};
use crate::report::json::{Report, Run, Tool};

/// Addresses of one channel that hosts are taken from; a mirror list has some hundreds.
const MAX_ADDRESSES: usize = 2000;

/// An artifact that was fetched, as examined.
#[derive(Debug)]
pub struct Offered {
    /// Its name in the channel.
    pub name: String,
    /// What was read of it.
    pub examined: Examined,
}

/// Everything known of a channel before a policy speaks. `named` is what the user named.
pub fn channel(
    named: &str,
    judged: Result<&Judged, &Error>,
    offered: &[Offered],
    context: &Context<'_>,
) -> Analysis {
    let mut top = subject(named, context);
    match judged {
        Ok(judged) => {
            top.description = format!("{} channel", judged.channel.kind);
            top.endpoints = addresses(judged);
            top.findings.clone_from(&judged.findings);
            top.gaps.clone_from(&judged.channel.gaps);
        }
        Err(error) => {
            top.error = Some(SubjectError {
                kind: match error {
                    Error::Missing { .. } => ErrorKind::Unavailable,
                    Error::Malformed { .. } => ErrorKind::Malformed,
                    Error::Target(_) | Error::Anchor(..) => ErrorKind::Unreadable,
                },
                reason: match error {
                    Error::Missing { .. } => "channel-not-fetched",
                    Error::Malformed { .. } => "channel-malformed",
                    Error::Target(_) => "not-a-channel",
                    Error::Anchor(..) => "anchor-unreadable",
                }
                .to_owned(),
                message: error.to_string(),
            });
        }
    }
    let mut subjects = vec![top];
    let found = hosts::named(&mut subjects, context);
    let mut analysis = Analysis {
        certificates: hosts::shown(&found),
        subjects,
        parties: BTreeMap::new(),
        hosts: found,
    };
    for (index, one) in offered.iter().enumerate() {
        let id = format!("1.{}", index.saturating_add(1));
        join(&mut analysis, judge(&one.examined, context), &id);
    }
    analysis
}

fn subject(named: &str, context: &Context<'_>) -> Subject {
    Subject {
        id: "1".to_owned(),
        parent: None,
        path: named.to_owned(),
        size: 0,
        digests: BTreeMap::new(),
        format: "channel",
        description: "update channel".to_owned(),
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
    }
}

/// Takes in what was found of an artifact, under the handle `id`.
fn join(into: &mut Analysis, from: Analysis, id: &str) {
    let under = |old: &str| match old.strip_prefix('1') {
        Some(rest) => format!("{id}{rest}"),
        None => format!("{id}.{old}"),
    };
    for mut subject in from.subjects {
        subject.parent = Some(subject.parent.as_deref().map_or("1".to_owned(), under));
        subject.id = under(&subject.id);
        into.subjects.push(subject);
    }
    into.certificates.extend(from.certificates);
    for (id, mut party) in from.parties {
        // Screened each with its own artifact: what was found of either is found of the party.
        let matches = std::mem::take(&mut party.matches);
        let vendor = party.vendor.take();
        identity::merge(&mut into.parties, party);
        let Some(known) = into.parties.get_mut(&id) else {
            continue;
        };
        let tier = |link: &Option<VendorLink>| link.as_ref().map(|link| link.tier);
        if tier(&vendor) > tier(&known.vendor) {
            known.vendor = vendor;
        }
        for found in matches {
            if !known.matches.contains(&found) {
                known.matches.push(found);
            }
        }
    }
    for (host, facts) in from.hosts {
        into.hosts.entry(host).or_insert(facts);
    }
}

/// Hosts of every address that was asked, answered or named: documents as updates, artifacts as downloads.
fn addresses(judged: &Judged) -> Vec<Endpoint> {
    let channel = &judged.channel;
    let mut all: Vec<(&str, EndpointKind)> = Vec::new();
    let artifacts: Vec<usize> = channel.artifacts.iter().filter_map(|a| a.fetch).collect();
    for (i, fetch) in channel.fetches.iter().enumerate() {
        let kind = if artifacts.contains(&i) {
            EndpointKind::Download
        } else {
            EndpointKind::Update
        };
        all.push((&fetch.url, kind));
        all.extend(fetch.hops.iter().map(|h| (h.url.as_str(), kind)));
    }
    for artifact in &channel.artifacts {
        let urls = artifact.urls.iter().map(String::as_str);
        let mirrors = artifact.mirrors.iter().map(|m| m.url.as_str());
        all.extend(urls.chain(mirrors).map(|u| (u, EndpointKind::Download)));
    }
    all.extend(
        channel
            .origins
            .iter()
            .map(|o| (o.as_str(), EndpointKind::Update)),
    );
    let mut found: BTreeMap<(Host, Option<u16>), Endpoint> = BTreeMap::new();
    for (url, kind) in all.into_iter().take(MAX_ADDRESSES) {
        if url.starts_with("file:") {
            continue;
        }
        let Some((host, port)) = endpoints::named(url) else {
            continue;
        };
        let key = (host.clone(), port);
        match found.get_mut(&key) {
            Some(known) => {
                known.kind = known.kind.min(kind);
                known.occurrences = known.occurrences.saturating_add(1);
            }
            None => {
                let endpoint = Endpoint {
                    text: url.to_owned(),
                    key: url.to_owned(),
                    form: Form::Url,
                    host,
                    port,
                    userinfo: false,
                    template: false,
                    span: 0..0,
                    encoding: Encoding::Utf8,
                    kind,
                    noise: None,
                    occurrences: 1,
                };
                found.insert(key, endpoint);
            }
        }
    }
    found.into_values().collect()
}

/// The report of a channel, with the policy's verdict where one is asked.
///
/// # Errors
/// Where the policy cannot be evaluated.
pub fn channel_report(
    analysis: &Analysis,
    judged: Option<&Judged>,
    tool: &Tool,
    run: &Run,
    policy: Option<&Policy>,
    now: Time,
) -> Result<Report, policy::Error> {
    let mut facts = report(analysis, tool, run, None, now)?;
    facts.channel = judged.map(Into::into);
    super::decided(facts, policy, now)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::join;
    use crate::identity::declared::maker;
    use crate::model::analysis::Analysis;
    use crate::model::evidence::Evidence;
    use crate::model::party::{AppliesVia, Identifier, InForce, Match, Party, Role, Tier};

    fn analysis(party: Party) -> Analysis {
        Analysis {
            subjects: Vec::new(),
            certificates: BTreeMap::new(),
            parties: BTreeMap::from([(party.id.clone(), party)]),
            hosts: BTreeMap::new(),
        }
    }

    fn named(entry: &str) -> Match {
        Match {
            instrument: "X".into(),
            title: "X".into(),
            entry: entry.into(),
            effect: "designation".into(),
            subject_matter: String::new(),
            tier: Tier::Same,
            rule: "number".into(),
            compared: (String::new(), String::new()),
            applies_via: AppliesVia::Direct,
            path: Vec::new(),
            in_force: InForce::Yes,
            phase: None,
            effective_from: None,
            decisive: true,
            evidence: Vec::new(),
        }
    }

    #[test]
    fn what_a_later_artifact_says_of_a_party_joins_what_an_earlier_one_said() {
        let first = maker("Example Quarry", Role::DeclaredVendor);
        let mut second = maker("Example Quarry", Role::Signer);
        second.identifiers.push(Identifier {
            scheme: "inn".into(),
            jurisdiction: Some("RU".into()),
            value: "7700000001".into(),
            evidence: Evidence::entry("test", "inn"),
        });
        second.matches = vec![named("a"), named("b")];
        let mut third = first.clone();
        third.matches = vec![named("a")];
        let mut whole = analysis(first);
        join(&mut whole, analysis(second), "1.1");
        join(&mut whole, analysis(third), "1.2");
        let [party] = whole.parties.values().collect::<Vec<_>>()[..] else {
            panic!("{:#?}", whole.parties);
        };
        assert_eq!(party.roles.len(), 2);
        assert_eq!(party.identifiers.len(), 1);
        assert_eq!(party.matches, [named("a"), named("b")]);
    }
}
