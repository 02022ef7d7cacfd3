//! The authenticity path: from a trust anchor, over what it signs and what that names, to the bytes.
//!
//! Every way from an anchor to a target is looked at. A way is worth its weakest edge, the anchor's provenance among them; a
//! target is worth its best way; a channel is worth its worst target. What is not established never raises anything, and where
//! there is no way at all the answer is nothing, never a pass.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::channel::{
    Channel, FetchOutcome, How, Node, Outcome, Provenance, Role, Signature, SignatureStatus,
    Strength, of_address,
};

/// Ways that are followed through one channel; real ones have a dozen a target.
const MAX_WAYS: usize = 10_000;
/// Edges of one way; TUF with delegations and an index has under ten.
const MAX_EDGES: usize = 32;

/// What an edge rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// From where the anchor is known.
    Provenance,
    /// A signature.
    Signature,
    /// A digest.
    Digest,
    /// How it was fetched, or an address alone.
    Transport,
    /// A length alone.
    Size,
}

impl Basis {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Provenance => "provenance",
            Self::Signature => "signature",
            Self::Digest => "digest",
            Self::Transport => "transport",
            Self::Size => "size",
        }
    }
}

/// One edge of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// From here.
    pub from: Node,
    /// To here.
    pub to: Node,
    /// What it rests on.
    pub basis: Basis,
    /// For people: `rsa4096/sha256`.
    pub label: String,
    /// What it is worth.
    pub strength: Strength,
}

/// One way from an anchor, or from the address alone, to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Where it starts.
    pub start: Node,
    /// From where the start is known, and what that is worth.
    pub provenance: (String, Strength),
    /// Its edges, in order; never empty.
    pub edges: Vec<Edge>,
    /// The weakest of all of it.
    pub strength: Strength,
}

impl Way {
    /// The edge that decides, none where it is the provenance of the start.
    pub fn weakest(&self) -> Option<&Edge> {
        let of_edges = self.edges.iter().find(|e| e.strength == self.strength);
        of_edges.filter(|_| self.provenance.1 != self.strength || self.strength == Strength::Strong)
    }

    /// The places on the way, the start first.
    pub fn nodes(&self) -> impl Iterator<Item = Node> {
        std::iter::once(self.start).chain(self.edges.iter().map(|e| e.to))
    }

    /// It rests on a signature at some place.
    pub fn is_signed(&self) -> bool {
        self.edges.iter().any(|e| e.basis == Basis::Signature)
    }
}

/// What a target is worth, and by which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The target.
    pub target: Node,
    /// The best way, where there is one.
    pub best: Option<Way>,
    /// The other ways, best first.
    pub others: Vec<Way>,
    /// What the best way is worth; nothing where there is none.
    pub strength: Strength,
}

/// The ways through a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Each target: the artifacts, or where none was asked about the last documents.
    pub targets: Vec<Reached>,
    /// The worst of them; nothing where there is none.
    pub strength: Strength,
    /// There were more ways than are followed.
    pub cut: bool,
}

impl Paths {
    /// What a place is worth that is a target.
    pub fn of(&self, node: Node) -> Option<&Reached> {
        self.targets.iter().find(|r| r.target == node)
    }

    /// The target that decides.
    pub fn worst(&self) -> Option<&Reached> {
        self.targets.iter().find(|r| r.strength == self.strength)
    }
}

/// The ways to every target of `channel`.
pub fn of(channel: &Channel) -> Paths {
    let graph = Graph::new(channel);
    let mut budget = MAX_WAYS;
    let targets: Vec<Reached> = targets(channel)
        .into_iter()
        .map(|target| reached(target, &graph, channel, &mut budget))
        .collect();
    let strength = targets.iter().map(|t| t.strength).reduce(Strength::and);
    Paths {
        strength: strength.unwrap_or(Strength::None),
        targets,
        cut: budget == 0,
    }
}

/// What one place is worth, target or not.
pub fn to(channel: &Channel, node: Node) -> Reached {
    let mut budget = MAX_WAYS;
    reached(node, &Graph::new(channel), channel, &mut budget)
}

/// The name of a place, for people; hostile text.
pub fn name(channel: &Channel, node: Node) -> String {
    match node {
        Node::Origin => match channel.origins.first() {
            Some(origin) => origin.clone(),
            None => "the configured address".to_owned(),
        },
        Node::Anchor(i) => channel.anchors.get(i).map_or_else(String::new, |a| {
            format!("{} ({})", a.label, a.provenance.name())
        }),
        Node::Document(i) => channel
            .documents
            .get(i)
            .map_or_else(String::new, |d| d.name.clone()),
        Node::Artifact(i) => channel
            .artifacts
            .get(i)
            .map_or_else(String::new, |a| a.name.clone()),
    }
}

/// A way as one line: `key (distro-keyring) —rsa4096/sha256→ InRelease —sha256→ Packages`.
pub fn line(channel: &Channel, way: &Way) -> String {
    let mut out = name(channel, way.start);
    for edge in &way.edges {
        out.push_str(&format!(" —{}→ {}", edge.label, name(channel, edge.to)));
    }
    out
}

/// The artifacts; where none was asked about, the documents from which no other follows.
fn targets(channel: &Channel) -> Vec<Node> {
    if !channel.artifacts.is_empty() {
        return (0..channel.artifacts.len()).map(Node::Artifact).collect();
    }
    let names_more = |i: usize| {
        channel
            .bindings
            .iter()
            .any(|b| b.from == Node::Document(i) && matches!(b.to, Node::Document(_)))
    };
    let shown = channel.documents.iter().enumerate();
    shown
        .filter(|(i, d)| !matches!(d.role, Role::Signature | Role::Config) && !names_more(*i))
        .map(|(i, _)| Node::Document(i))
        .collect()
}

struct Graph {
    from: BTreeMap<Node, Vec<Edge>>,
}

impl Graph {
    fn new(channel: &Channel) -> Self {
        let mut graph = Self {
            from: BTreeMap::new(),
        };
        for (i, document) in channel.documents.iter().enumerate() {
            let needed = document.needed();
            graph.signed(channel, &document.signatures, needed, Node::Document(i));
            // A client that is told an address goes there for the first documents; the others it finds by them.
            if !is_named(channel, Node::Document(i)) {
                graph.fetched(channel, document.fetch, Node::Document(i));
            }
        }
        for (i, artifact) in channel.artifacts.iter().enumerate() {
            graph.signed(channel, &artifact.signatures, 1, Node::Artifact(i));
            if !is_named(channel, Node::Artifact(i)) {
                graph.fetched(channel, artifact.fetch, Node::Artifact(i));
            }
        }
        for binding in &channel.bindings {
            let strength = match binding.outcome {
                Outcome::Holds => binding.how.strength(),
                Outcome::Open(_) => binding.how.strength().and(Strength::Unknown),
                Outcome::Fails(_) => continue,
            };
            graph.add(Edge {
                from: binding.from,
                to: binding.to,
                basis: basis(&binding.how),
                label: binding.how.label(),
                strength,
            });
        }
        graph
    }

    fn add(&mut self, edge: Edge) {
        self.from.entry(edge.from).or_default().push(edge);
    }

    /// An edge from each anchor whose signature holds; what cannot be computed with is an edge of unknown worth from the address.
    fn signed(&mut self, channel: &Channel, signatures: &[Signature], needed: usize, to: Node) {
        let holds = |s: &Signature| matches!(s.status, SignatureStatus::Verified(_));
        if keys_of(signatures, holds) >= needed {
            for signature in signatures {
                if let SignatureStatus::Verified(anchor) = signature.status {
                    self.add(Edge {
                        from: Node::Anchor(anchor),
                        to,
                        basis: Basis::Signature,
                        label: label(signature),
                        strength: signature.strength,
                    });
                }
            }
            return;
        }
        let perhaps = |s: &Signature| holds(s) || is_open(channel, s);
        let open = signatures.iter().find(|s| is_open(channel, s));
        if let Some(signature) = open.filter(|_| keys_of(signatures, perhaps) >= needed) {
            self.add(Edge {
                from: Node::Origin,
                to,
                basis: Basis::Signature,
                label: label(signature),
                strength: Strength::Unknown,
            });
        }
    }

    /// An edge from the configured address, as good as the worst hop.
    fn fetched(&mut self, channel: &Channel, fetch: Option<usize>, to: Node) {
        let Some(fetch) = fetch.and_then(|i| channel.fetches.get(i)) else {
            return;
        };
        if fetch.outcome != FetchOutcome::Whole {
            return;
        }
        let hops = fetch.hops.iter().map(|h| of_address(&h.url));
        let strength = hops.fold(of_address(&fetch.url), Strength::and);
        self.add(Edge {
            from: Node::Origin,
            to,
            basis: Basis::Transport,
            label: fetch.url.split(':').next().unwrap_or_default().to_owned(),
            strength,
        });
    }
}

/// Of how many keys there are such signatures: one that stands there twice counts once.
pub(super) fn keys_of(signatures: &[Signature], such: impl Fn(&Signature) -> bool) -> usize {
    let ids = signatures.iter().filter(|s| such(s)).map(|s| &s.key.id);
    ids.collect::<BTreeSet<_>>().len()
}

/// Whether it holds is not established: it cannot be computed with, or no anchor is at hand to check it by.
pub(super) fn is_open(channel: &Channel, signature: &Signature) -> bool {
    match signature.status {
        SignatureStatus::NoKey => channel.anchors.is_empty(),
        SignatureStatus::Unsupported(_) | SignatureStatus::Unchecked(_) => true,
        SignatureStatus::Verified(_)
        | SignatureStatus::Invalid(_)
        | SignatureStatus::Weak(_)
        | SignatureStatus::Expired(_)
        | SignatureStatus::Revoked(_)
        | SignatureStatus::KeyUnusable(_) => false,
    }
}

fn label(signature: &Signature) -> String {
    let digest = signature.digest.map(|d| format!("/{d}"));
    format!("{}{}", signature.key.algorithm, digest.unwrap_or_default())
}

fn is_named(channel: &Channel, node: Node) -> bool {
    channel.bindings.iter().any(|b| b.to == node)
}

fn basis(how: &How) -> Basis {
    match how {
        How::Signature { .. } => Basis::Signature,
        How::Digest(_) | How::OtherDigest { .. } => Basis::Digest,
        How::Size => Basis::Size,
        How::Address(_) => Basis::Transport,
    }
}

fn reached(target: Node, graph: &Graph, channel: &Channel, budget: &mut usize) -> Reached {
    let mut ways = Vec::new();
    let anchors = (0..channel.anchors.len()).map(Node::Anchor);
    for start in anchors.chain([Node::Origin]) {
        let provenance = match start {
            Node::Anchor(i) => channel.anchors.get(i).map(|a| &a.provenance),
            Node::Origin | Node::Document(_) | Node::Artifact(_) => None,
        };
        for edges in walk(start, target, graph, budget) {
            ways.push(way(start, provenance, edges));
        }
    }
    // Stable: among equals the one with fewer edges, then in the order of the anchors.
    ways.sort_by_key(|w| (std::cmp::Reverse(w.strength.rank()), w.edges.len()));
    let strength = ways.iter().map(|w| w.strength).reduce(Strength::or);
    let mut ways = ways.into_iter();
    Reached {
        target,
        best: ways.next(),
        others: ways.collect(),
        strength: strength.unwrap_or(Strength::None),
    }
}

fn way(start: Node, provenance: Option<&Provenance>, edges: Vec<Edge>) -> Way {
    let provenance = match provenance {
        Some(p) => (p.name().to_owned(), p.strength()),
        // The address is the client's own; its worth is that of the edges that lead from it.
        None => ("address".to_owned(), Strength::Strong),
    };
    let strength = edges.iter().map(|e| e.strength);
    Way {
        start,
        strength: strength.fold(provenance.1, Strength::and),
        provenance,
        edges,
    }
}

/// Every way from `start` to `target` that meets no place twice.
fn walk(start: Node, target: Node, graph: &Graph, budget: &mut usize) -> Vec<Vec<Edge>> {
    let mut found = Vec::new();
    let mut open: Vec<Vec<Edge>> = vec![Vec::new()];
    while let Some(so_far) = open.pop() {
        if *budget == 0 {
            break;
        }
        *budget = budget.saturating_sub(1);
        let here = so_far.last().map_or(start, |e| e.to);
        if here == target && !so_far.is_empty() {
            found.push(so_far);
            continue;
        }
        if so_far.len() >= MAX_EDGES {
            continue;
        }
        for edge in graph.from.get(&here).into_iter().flatten().rev() {
            let again = edge.to == start || so_far.iter().any(|e| e.to == edge.to);
            if !again {
                let mut next = so_far.clone();
                next.push(edge.clone());
                open.push(next);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
