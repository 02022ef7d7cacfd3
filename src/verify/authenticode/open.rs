//! Reads all signatures of a file, nested ones too, before anything is hashed.

use std::collections::BTreeSet;

use crate::envelope::{self, Error};
use crate::model::cms::{PageHashes, SignedData};
use crate::model::digest::{DigestAlgorithm, Digests};
use crate::model::extract::{Coverage, Covers, PageLayout, RawSignature};
use crate::model::signature::{Position, SignatureId};
use crate::verify::authenticode::stated::{Stated, stated};
use crate::verify::authenticode::{Measured, countersignature};
use crate::verify::image::Scan;
use crate::verify::signer::algorithm::{is, named_digest};

/// Attribute that holds further signatures.
pub(super) const NESTED: &str = "1.3.6.1.4.1.311.2.4.1";
/// Deepest nesting examined; signers nest one deep, test files of other products three.
const MAX_NESTING: u32 = 4;
/// Signatures in one file, nested ones counted; four is the most seen.
const MAX_SIGNATURES: usize = 64;

/// Different page hash tables compared for one raw signature; two, SHA-1 and SHA-256, is the most that makes sense.
const MAX_PAGE_TABLES: usize = 4;

/// The signatures of one file, read.
#[derive(Debug)]
pub struct Opened<'r> {
    pub(super) nodes: Vec<Node<'r>>,
    raw: &'r [RawSignature],
    requests: Vec<Request>,
}

/// One signature, read.
#[derive(Debug)]
pub(super) struct Node<'r> {
    pub(super) raw: &'r RawSignature,
    /// Which of the raw signatures it is, or is nested in.
    pub(super) index: usize,
    pub(super) id: SignatureId,
    pub(super) position: Position,
    /// Where its envelope starts in the file.
    pub(super) base: u64,
    /// Length of its slot.
    pub(super) len: usize,
    pub(super) read: Result<Box<SignedData>, Error>,
    /// What it states of the file, where its content is of the kind that the container asks for.
    pub(super) content: Option<Result<Stated, Error>>,
    /// Which table of its request holds its page hashes.
    pub(super) page_table: Option<usize>,
    /// It stands beside another in one attribute value set.
    pub(super) surplus: bool,
    /// It is over the octets of the signature it stands on, not over the file.
    pub(super) countersigns: bool,
    /// Nested signatures in it that a limit kept from being read.
    pub(super) unread: usize,
}

/// Reads the signatures of one file.
pub fn open(raw: &[RawSignature]) -> Opened<'_> {
    let mut nodes = Vec::new();
    // Depth-first, parents first; the stack is bounded by the two limits.
    let mut stack: Vec<(Node<'_>, u32)> = Vec::new();
    let own = raw
        .iter()
        .enumerate()
        .filter(|(_, r)| r.envelope != "xmldsig");
    for (index, signature) in own {
        stack.push((top(index, signature), 0));
        while let Some((mut node, depth)) = stack.pop() {
            let room = MAX_SIGNATURES.saturating_sub(nodes.len().saturating_add(stack.len()));
            let mut nested = nested(&node);
            if depth >= MAX_NESTING {
                node.unread = nested.len();
                nested.clear();
            } else if nested.len() >= room {
                node.unread = nested.len().saturating_sub(room);
                nested.truncate(room);
            }
            nodes.push(node);
            let depth = depth.saturating_add(1);
            for (mut child, bytes) in nested.into_iter().rev() {
                child.position = Position::Nested(depth);
                if !child.countersigns {
                    child.fill(&bytes);
                }
                stack.push((child, depth));
            }
        }
    }
    let requests = requests(&mut nodes, raw.len());
    Opened {
        nodes,
        raw,
        requests,
    }
}

impl<'r> Opened<'r> {
    /// Digests to compute, for `image::Request::covered`.
    pub fn covered(&self) -> Vec<(&'r Coverage, DigestAlgorithm)> {
        self.with_requests()
            .flat_map(|(raw, request)| {
                let algorithms = request.algorithms.iter();
                algorithms.flat_map(|a| coverages(raw).map(|c| (c, *a)))
            })
            .collect()
    }

    /// Page hashes to check, for `image::Request::pages`.
    pub fn pages(&self) -> Vec<(Option<&'r PageLayout>, &PageHashes)> {
        self.with_requests()
            .flat_map(|(raw, request)| {
                let layout = raw.covers.coverages().find_map(|c| c.pages.as_ref());
                request.page_hashes.iter().map(move |table| (layout, table))
            })
            .collect()
    }

    /// Deals out what [`Opened::covered`] and [`Opened::pages`] asked for, in their order.
    pub(super) fn measured(&self, scan: &Scan) -> Vec<Measured> {
        let mut digests = scan.covered.iter();
        let mut pages = scan.pages.iter();
        self.with_requests()
            .map(|(raw, request)| {
                let mut measured = Measured {
                    alternatives: vec![Digests::new(); raw.alternatives.len()],
                    beside: vec![Digests::new(); raw.beside.len()],
                    ..Measured::default()
                };
                for algorithm in &request.algorithms {
                    let own: Vec<Option<&[u8]>> = raw
                        .covers
                        .coverages()
                        .map(|_| digests.next()?.as_deref())
                        .collect();
                    if let Some(value) = value(&raw.covers, &own) {
                        measured.digests.insert(*algorithm, value);
                    }
                    let others = measured.alternatives.iter_mut();
                    for other in others.chain(&mut measured.beside) {
                        if let Some(Some(digest)) = digests.next() {
                            other.insert(*algorithm, digest.clone());
                        }
                    }
                }
                measured.pages = pages
                    .by_ref()
                    .take(request.page_hashes.len())
                    .cloned()
                    .collect();
                measured
            })
            .collect()
    }

    fn with_requests(&self) -> impl Iterator<Item = (&'r RawSignature, &Request)> {
        self.raw.iter().zip(&self.requests)
    }
}

/// Everything that digests of one raw signature may be over: first what it covers, then its alternatives, then what is beside
/// it.
fn coverages(raw: &RawSignature) -> impl Iterator<Item = &Coverage> {
    let others = raw.alternatives.iter().map(|a| &a.coverage);
    let beside = raw.beside.iter().map(|b| &b.coverage);
    raw.covers.coverages().chain(others).chain(beside)
}

/// The value that a signature states, of the digests that it is made of; `None` where one of them was not computed.
fn value(covers: &Covers, digests: &[Option<&[u8]>]) -> Option<Vec<u8>> {
    match (covers, digests) {
        (Covers::One(_), [Some(digest)]) => Some(digest.to_vec()),
        (Covers::Itself | Covers::Uncomputed(_) | Covers::One(_) | Covers::Parts(_), _) => None,
        (Covers::Labelled { magic, parts }, _) => {
            let mut value = magic.to_vec();
            for ((label, _), digest) in parts.iter().zip(digests) {
                value.extend_from_slice(label);
                value.extend_from_slice((*digest)?);
            }
            (parts.len() == digests.len()).then_some(value)
        }
    }
}

/// What is needed over the coverage of one raw signature, for it and for all nested in it.
#[derive(Debug, Clone, Default)]
struct Request {
    algorithms: BTreeSet<DigestAlgorithm>,
    page_hashes: Vec<PageHashes>,
}

fn requests(nodes: &mut [Node<'_>], raw: usize) -> Vec<Request> {
    let mut requests = vec![Request::default(); raw];
    for node in nodes {
        let (Some(Ok(content)), Some(request)) = (&node.content, requests.get_mut(node.index))
        else {
            continue;
        };
        request
            .algorithms
            .extend(named_digest(&content.digest_algorithm));
        let Some(table) = &content.page_hashes else {
            continue;
        };
        let known = request.page_hashes.iter().position(|t| t == table);
        node.page_table = known.or_else(|| {
            let next = request.page_hashes.len();
            (next < MAX_PAGE_TABLES).then(|| {
                request.page_hashes.push(table.clone());
                next
            })
        });
    }
    requests
}

impl Node<'_> {
    fn fill(&mut self, bytes: &[u8]) {
        self.len = bytes.len();
        self.read = match envelope::open(self.raw.envelope, bytes) {
            Ok(envelope::Opened::Cms(signed)) => Ok(signed),
            // Those are judged by `verify::xmldsig`.
            Ok(envelope::Opened::Xml(_)) => Err(Error::Unknown),
            Err(error) => Err(error),
        };
        self.content = self
            .read
            .as_ref()
            .ok()
            .and_then(|signed| stated(self.raw.content, signed));
    }
}

fn top(index: usize, raw: &RawSignature) -> Node<'_> {
    let mut node = Node {
        raw,
        index,
        id: SignatureId(index.saturating_add(1).to_string()),
        position: raw.position.clone(),
        base: raw.span.start,
        len: 0,
        read: Err(Error::Unknown),
        content: None,
        page_table: None,
        surplus: false,
        countersigns: false,
        unread: 0,
    };
    node.fill(&raw.bytes);
    node
}

/// The signatures directly inside one, unread, each with its bytes.
fn nested<'r>(node: &Node<'r>) -> Vec<(Node<'r>, Vec<u8>)> {
    let Ok(signed) = &node.read else {
        return Vec::new();
    };
    let mut found = Vec::new();
    // A countersignature on a countersignature is nobody's business.
    let countersigned = |oid| !node.countersigns && countersignature::holds(node.raw.content, oid);
    let all = signed
        .signers
        .iter()
        .flat_map(|s| s.unsigned_attributes.iter().map(move |a| (s, a)));
    for (signer, attribute) in all {
        let countersigns = countersigned(&attribute.oid);
        if !is(&attribute.oid, NESTED) && !countersigns {
            continue;
        }
        for (nth, value) in attribute.values.iter().enumerate() {
            let offset = u64::try_from(value.offset).unwrap_or(u64::MAX);
            let number = found.len().saturating_add(1);
            let child = Node {
                raw: node.raw,
                index: node.index,
                id: SignatureId(format!("{}.{number}", node.id)),
                position: Position::Nested(0),
                base: node.base.saturating_add(offset),
                len: value.bytes.len(),
                read: if countersigns {
                    countersignature::read(&value.bytes, signer, signed).map(Box::new)
                } else {
                    Err(Error::Unknown)
                },
                content: None,
                page_table: None,
                surplus: nth > 0 && !countersigns,
                countersigns,
                unread: 0,
            };
            found.push((child, value.bytes.clone()));
        }
    }
    found
}
