//! `channel`: an update channel, its authenticity path and its scorecard.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::subject::Span;
use crate::base::time::rfc3339;
use crate::channel::Judged;
use crate::channel::path::{self, Reached, Way};
use crate::channel::score::Scored;
use crate::model::channel as model;
use crate::model::channel::{FetchOutcome, Node, Outcome};
use crate::model::digest::hex;

/// An update channel. All names, versions and addresses in it are text from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Channel {
    /// Kind: `apt`.
    pub kind: String,
    /// What it calls itself.
    pub name: String,
    /// Where it is served from.
    pub origins: Vec<String>,
    /// How well its artifacts, or where none was asked about its last documents, are vouched for.
    pub path: Path,
    /// What its own client would do.
    pub client: Client,
    /// The scorecard: every check. Unknown is never a pass, and nothing here is summed up.
    pub checks: Vec<Check>,
    /// What is trusted to begin with.
    pub anchors: Vec<Anchor>,
    /// Settings of the client that change what it accepts.
    pub switches: Vec<ClientSwitch>,
    /// What describes the artifacts.
    pub documents: Vec<Document>,
    /// What names what, beside signatures.
    pub bindings: Vec<Binding>,
    /// What is offered, as far as it was asked about.
    pub releases: Vec<Release>,
    /// Files that are offered, as far as they were asked about.
    pub artifacts: Vec<Artifact>,
    /// How everything came.
    pub fetches: Vec<Fetch>,
    /// What it says beside, by its own words.
    pub stated: BTreeMap<String, String>,
}

/// The authenticity path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Path {
    /// The worst of the targets: `none`, `transport-only`, `broken`, `legacy`, `strong`, or `unknown`, which stands outside the order.
    pub strength: String,
    /// The way that decides, as one line; null where there is none.
    pub line: Option<String>,
    /// Its weakest edge, in words; null where it has none weaker than the others.
    pub weakest: Option<String>,
    /// Every target with its best way.
    pub targets: Vec<Target>,
    /// There were more ways than are followed.
    pub cut: bool,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// What its best way is worth.
    pub strength: String,
    /// The best way; null where there is none.
    pub best: Option<Route>,
    /// Other ways that were seen.
    pub others: u64,
}

/// One way from an anchor to a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Route {
    /// Where it starts.
    pub start: String,
    /// From where the start is known: `embedded`, `distro-keyring`, `user-supplied`, `bundled`, `same-origin`, `first-use`, `address`.
    pub provenance: String,
    /// Its edges.
    pub edges: Vec<RouteEdge>,
}

/// One edge of a way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RouteEdge {
    /// `signature`, `digest`, `transport`, `size`.
    pub basis: String,
    /// The algorithms.
    pub label: String,
    /// What it leads to.
    pub to: String,
    /// What it is worth.
    pub strength: String,
}

/// What the channel's own client would do with what came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Client {
    /// `accepts`, `keeps_old`, `rejects`, `unknown`.
    pub decision: String,
    /// By which of its rules.
    pub reasons: Vec<String>,
    /// What it would do with each artifact.
    pub artifacts: Vec<ClientArtifact>,
}

/// What a client would do with one artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientArtifact {
    /// Which.
    pub artifact: String,
    /// As of the documents.
    pub decision: String,
    /// By which of its rules.
    pub reason: String,
}

/// One row of the scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// `T1`.
    pub id: String,
    /// `transport`, `authenticity`, `freshness`, `keys`, `consistency`, `transparency`, `ownership`.
    pub group: String,
    /// What it asks.
    pub title: String,
    /// `pass`, `fail`, `unknown`, `not_applicable`.
    pub status: String,
    /// How bad its failure is here.
    pub severity: String,
    /// On what it rests, or why it is unknown.
    pub evidence: String,
    /// What would fix it.
    pub fix: String,
    /// The finding that its failure raises.
    pub finding: Option<String>,
}

/// A trust anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Anchor {
    /// `key`, `certificate`, `tuf-root`, `keyring`, `publisher`.
    pub what: String,
    /// Its name in its own words.
    pub label: String,
    /// Fingerprint, hexadecimal.
    pub fingerprint: String,
    /// From where it is known.
    pub provenance: String,
    /// Where exactly.
    pub place: String,
}

/// A setting of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientSwitch {
    /// The client's own name for it.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it stands.
    pub place: String,
}

/// One document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// `root`, `timestamp`, `snapshot`, `index`, `manifest`, `signature`, `config`.
    pub role: String,
    /// Its syntax.
    pub format: String,
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// SHA-256, hexadecimal; empty where it did not come.
    pub sha256: String,
    /// Length in bytes.
    pub size: u64,
    /// Whom it says it is of.
    pub identity: BTreeMap<String, String>,
    /// Its version.
    pub version: Option<String>,
    /// When it was issued, in its own words.
    pub issued: Option<String>,
    /// Until when it holds, in its own words.
    pub expires: Option<String>,
    /// Signatures over it, one result each.
    pub signatures: Vec<ChannelSignature>,
    /// What is wrong with its bytes.
    pub anomalies: Vec<Anomaly>,
}

/// Something about a document's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Anomaly {
    /// `unsigned`, `ambiguous`, `irregular`, `malformed`.
    pub kind: String,
    /// What.
    pub what: String,
    /// Where.
    pub location: Option<Span>,
}

/// One signature over a document or an artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelSignature {
    /// Syntax.
    pub scheme: String,
    /// Algorithm of its key.
    pub algorithm: String,
    /// Length of its key.
    pub bits: Option<u32>,
    /// Digest algorithm.
    pub digest: Option<String>,
    /// Key id or fingerprint.
    pub key: String,
    /// Whose key it is, in its own words.
    pub owner: Option<String>,
    /// When the key was made.
    pub key_created: Option<String>,
    /// When the key ends.
    pub key_expires: Option<String>,
    /// When it says that it was made.
    pub signed_at: Option<String>,
    /// When it ends.
    pub expires: Option<String>,
    /// The bytes of the document that it covers; null for all of it.
    pub signed: Option<Span>,
    /// What the signature itself covers of names, versions and times.
    pub claims: BTreeMap<String, String>,
    /// `verified`, `invalid`, `no-key`, `weak`, `expired`, `revoked`, `key-unusable`, `unsupported`, `unchecked`.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
    /// What it would be worth if it holds.
    pub strength: String,
}

/// One thing names another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Binding {
    /// What names.
    pub from: String,
    /// What is named.
    pub to: String,
    /// By what.
    pub how: String,
    /// What that is worth.
    pub strength: String,
    /// `holds`, `fails`, `open`.
    pub outcome: String,
    /// Why.
    pub reason: Option<String>,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Release {
    /// Product or package.
    pub product: String,
    /// Version.
    pub version: String,
    /// Track.
    pub track: Option<String>,
    /// When it was published, in the channel's words.
    pub published: Option<String>,
    /// To how many, where it is staged.
    pub rollout: Option<String>,
    /// The oldest version that may update to it.
    pub min_version: Option<String>,
    /// To be installed at once.
    pub critical: bool,
    /// Release notes.
    pub notes_url: Option<String>,
    /// Platforms.
    pub platforms: Vec<String>,
    /// Its files.
    pub artifacts: Vec<String>,
}

/// A file that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Artifact {
    /// Its name.
    pub name: String,
    /// Addresses.
    pub urls: Vec<String>,
    /// Further places.
    pub mirrors: Vec<Mirror>,
    /// Stated length.
    pub size: Option<u64>,
    /// Stated digests.
    pub digests: BTreeMap<String, String>,
    /// Signatures over it that the channel carries.
    pub signatures: Vec<ChannelSignature>,
    /// The version that it is a difference to.
    pub delta_of: Option<String>,
    /// Who the client demands has signed it.
    pub expected_signer: Option<String>,
    /// It was fetched.
    pub fetched: bool,
}

/// A mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mirror {
    /// Its address.
    pub url: String,
    /// Its country in the channel's own words.
    pub country: Option<String>,
}

/// How something came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fetch {
    /// What was asked.
    pub url: String,
    /// Every answer on the way.
    pub hops: Vec<Hop>,
    /// `whole`, `status`, `failed`, `not_asked`.
    pub outcome: String,
    /// Status or reason.
    pub reason: Option<String>,
    /// Headers kept.
    pub headers: BTreeMap<String, String>,
    /// Length of the body.
    pub size: u64,
    /// SHA-256 of the body.
    pub sha256: String,
    /// When.
    pub at: Option<String>,
    /// From where.
    pub vantage: Option<String>,
}

/// One answer on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hop {
    /// Who was asked.
    pub url: String,
    /// The status; 0 for a redirect that was not followed.
    pub status: u16,
    /// The address that was connected to.
    pub ip: Option<String>,
}

impl From<&Judged> for Channel {
    fn from(judged: &Judged) -> Self {
        let channel = &judged.channel;
        Self {
            kind: channel.kind.to_owned(),
            name: channel.name.clone(),
            origins: channel.origins.clone(),
            path: path(judged),
            client: client(judged),
            checks: judged.card.iter().map(Into::into).collect(),
            anchors: channel.anchors.iter().map(Into::into).collect(),
            switches: channel
                .switches
                .iter()
                .map(|s| ClientSwitch {
                    name: s.name.clone(),
                    value: s.value.clone(),
                    place: s.place.clone(),
                })
                .collect(),
            documents: channel.documents.iter().map(Into::into).collect(),
            bindings: channel
                .bindings
                .iter()
                .map(|b| binding(channel, b))
                .collect(),
            releases: channel
                .releases
                .iter()
                .map(|r| release(channel, r))
                .collect(),
            artifacts: channel
                .artifacts
                .iter()
                .map(|a| artifact(channel, a))
                .collect(),
            fetches: channel.fetches.iter().map(Into::into).collect(),
            stated: channel.stated.iter().cloned().collect(),
        }
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

fn path(judged: &Judged) -> Path {
    let channel = &judged.channel;
    let decides = judged.paths.worst().and_then(|t| t.best.as_ref());
    Path {
        strength: judged.paths.strength.name().to_owned(),
        line: decides.map(|way| path::line(channel, way)),
        weakest: decides.map(|way| weakest(channel, way)),
        targets: judged
            .paths
            .targets
            .iter()
            .map(|t| target(channel, t))
            .collect(),
        cut: judged.paths.cut,
    }
}

/// The edge that decides, in words.
fn weakest(channel: &model::Channel, way: &Way) -> String {
    match way.weakest() {
        Some(edge) => format!(
            "{} to {}: {}",
            edge.label,
            path::name(channel, edge.to),
            edge.strength
        ),
        None => format!("the anchor is {}: {}", way.provenance.0, way.provenance.1),
    }
}

fn target(channel: &model::Channel, reached: &Reached) -> Target {
    Target {
        name: path::name(channel, reached.target),
        strength: reached.strength.name().to_owned(),
        best: reached.best.as_ref().map(|way| Route {
            start: path::name(channel, way.start),
            provenance: way.provenance.0.clone(),
            edges: way
                .edges
                .iter()
                .map(|e| RouteEdge {
                    basis: e.basis.name().to_owned(),
                    label: e.label.clone(),
                    to: path::name(channel, e.to),
                    strength: e.strength.name().to_owned(),
                })
                .collect(),
        }),
        others: count(reached.others.len()),
    }
}

fn client(judged: &Judged) -> Client {
    Client {
        decision: judged.client.decision.name().to_owned(),
        reasons: judged.client.reasons.clone(),
        artifacts: judged
            .client
            .artifacts
            .iter()
            .map(|(i, decision, why)| ClientArtifact {
                artifact: path::name(&judged.channel, Node::Artifact(*i)),
                decision: decision.name().to_owned(),
                reason: why.clone(),
            })
            .collect(),
    }
}

impl From<&Scored> for Check {
    fn from(scored: &Scored) -> Self {
        Self {
            id: scored.check.id.to_owned(),
            group: scored.check.group.name().to_owned(),
            title: scored.check.title.to_owned(),
            status: scored.status.name().to_owned(),
            severity: scored.severity.name().to_owned(),
            evidence: scored.evidence.clone(),
            fix: scored.check.fix.to_owned(),
            finding: scored.check.finding.map(|f| f.id.to_owned()),
        }
    }
}

impl From<&model::Anchor> for Anchor {
    fn from(anchor: &model::Anchor) -> Self {
        Self {
            what: anchor.what.name().to_owned(),
            label: anchor.label.clone(),
            fingerprint: anchor.fingerprint.clone(),
            provenance: anchor.provenance.name().to_owned(),
            place: anchor.provenance.place(),
        }
    }
}

impl From<&model::Document> for Document {
    fn from(document: &model::Document) -> Self {
        Self {
            role: document.role.name().to_owned(),
            format: document.format.to_owned(),
            name: document.name.clone(),
            url: document.url.clone(),
            sha256: hex(&document.sha256),
            size: document.size,
            identity: owned(&document.identity),
            version: document.version.as_ref().map(|v| v.text.clone()),
            issued: document.issued.map(rfc3339),
            expires: document.expires.map(rfc3339),
            signatures: document.signatures.iter().map(Into::into).collect(),
            anomalies: document
                .anomalies
                .iter()
                .map(|a| Anomaly {
                    kind: a.kind.name().to_owned(),
                    what: a.what.clone(),
                    location: a.span.as_ref().map(Into::into),
                })
                .collect(),
        }
    }
}

fn owned(map: &BTreeMap<&'static str, String>) -> BTreeMap<String, String> {
    map.iter()
        .map(|(k, v)| ((*k).to_owned(), v.clone()))
        .collect()
}

impl From<&model::Signature> for ChannelSignature {
    fn from(signature: &model::Signature) -> Self {
        Self {
            scheme: signature.scheme.to_owned(),
            algorithm: signature.key.algorithm.clone(),
            bits: signature.key.bits,
            digest: signature.digest.map(|d| d.name().to_owned()),
            key: signature.key.id.clone(),
            owner: signature.key.owner.clone(),
            key_created: signature.key.created.map(rfc3339),
            key_expires: signature.key.expires.map(rfc3339),
            signed_at: signature.signed_at.map(rfc3339),
            expires: signature.expires.map(rfc3339),
            signed: signature.signed_span.as_ref().map(Into::into),
            claims: owned(&signature.claims),
            status: signature.status.name().to_owned(),
            reason: signature.status.reason().map(str::to_owned),
            strength: signature.strength.name().to_owned(),
        }
    }
}

fn binding(channel: &model::Channel, binding: &model::Binding) -> Binding {
    let (outcome, reason) = match &binding.outcome {
        Outcome::Holds => ("holds", None),
        Outcome::Fails(why) => ("fails", Some(why.clone())),
        Outcome::Open(why) => ("open", Some(why.clone())),
    };
    Binding {
        from: path::name(channel, binding.from),
        to: path::name(channel, binding.to),
        how: binding.how.label(),
        strength: binding.how.strength().name().to_owned(),
        outcome: outcome.to_owned(),
        reason,
    }
}

fn release(channel: &model::Channel, release: &model::Release) -> Release {
    Release {
        product: release.product.clone(),
        version: release.version.clone(),
        track: release.track.clone(),
        published: release.published.map(rfc3339),
        rollout: release.rollout.clone(),
        min_version: release.min_version.clone(),
        critical: release.critical,
        notes_url: release.notes_url.clone(),
        platforms: release.platforms.clone(),
        artifacts: release
            .artifacts
            .iter()
            .map(|i| path::name(channel, Node::Artifact(*i)))
            .collect(),
    }
}

fn artifact(channel: &model::Channel, artifact: &model::Artifact) -> Artifact {
    let fetch = artifact.fetch.and_then(|i| channel.fetches.get(i));
    Artifact {
        name: artifact.name.clone(),
        urls: artifact.urls.clone(),
        mirrors: artifact
            .mirrors
            .iter()
            .map(|m| Mirror {
                url: m.url.clone(),
                country: m.country.clone(),
            })
            .collect(),
        size: artifact.size,
        digests: owned(&artifact.digests),
        signatures: artifact.signatures.iter().map(Into::into).collect(),
        delta_of: artifact.delta_of.clone(),
        expected_signer: artifact.expected_signer.clone(),
        fetched: fetch.is_some_and(|f| f.outcome == FetchOutcome::Whole),
    }
}

impl From<&model::Fetch> for Fetch {
    fn from(fetch: &model::Fetch) -> Self {
        let (outcome, reason) = match &fetch.outcome {
            FetchOutcome::Whole => ("whole", None),
            FetchOutcome::Status(status) => ("status", Some(status.to_string())),
            FetchOutcome::Failed(why) => ("failed", Some(why.clone())),
            FetchOutcome::NotAsked => ("not_asked", None),
        };
        Self {
            url: fetch.url.clone(),
            hops: fetch
                .hops
                .iter()
                .map(|h| Hop {
                    url: h.url.clone(),
                    status: h.status,
                    ip: h.ip.map(|ip| ip.to_string()),
                })
                .collect(),
            outcome: outcome.to_owned(),
            reason,
            headers: fetch.headers.iter().cloned().collect(),
            size: fetch.size,
            sha256: hex(&fetch.sha256),
            at: fetch.at.map(rfc3339),
            vantage: fetch.vantage.clone(),
        }
    }
}
