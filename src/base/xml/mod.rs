//! XML 1.0 (fifth edition) with namespaces (third edition) as a bounded tree, and its canonical forms.
//!
//! Strict where a signature depends on it: no document type, so no entities beyond the five predefined ones and nothing
//! external; UTF-8 or UTF-16 only; names, characters and nesting as the grammar has them. Reading is linear in the input, and
//! everything that the input controls has a limit below. Where a node stands in the input is kept for evidence.
//!
//! What it does not do: validate against a schema, resolve anything.

mod attributes;
pub mod canonical;
mod decode;
mod name;
mod peek;
mod read;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

pub use peek::peek;
pub use read::parse;

/// Longest document; manifests of packages with ten thousand files stay under 8 MiB.
pub const MAX_LEN: usize = 16 << 20;
/// Deepest nesting; signed manifests use about a dozen levels.
pub const MAX_DEPTH: usize = 256;
/// Nodes in one document; ten a file in a manifest of fifty thousand.
pub const MAX_NODES: usize = 1 << 19;
/// Attributes and namespace declarations of one element; no vocabulary read here has a hundred.
pub const MAX_ATTRIBUTES: usize = 1024;
/// Attributes and namespace declarations of one document, for the same manifest.
pub const MAX_ALL_ATTRIBUTES: usize = 1 << 20;

/// The namespace that the prefix `xml` is always bound to.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace that the prefix `xmlns` is always bound to.
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// What is wrong with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It has a document type declaration.
    Dtd,
    /// Neither UTF-8 nor UTF-16, or not what it declares, or broken.
    Encoding,
    /// An attribute occurs twice on one element.
    DuplicateAttribute,
    /// Nested more than [`MAX_DEPTH`] deep.
    Depth,
    /// More than [`MAX_ATTRIBUTES`] on one element or [`MAX_ALL_ATTRIBUTES`] in all.
    Attributes,
    /// More than [`MAX_NODES`].
    Nodes,
    /// Longer than [`MAX_LEN`].
    Length,
    /// It breaks another rule of the grammar, or of namespaces.
    Malformed(&'static str),
}

/// Why a document cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} at offset {offset}", fault.text())]
pub struct Error {
    /// What.
    pub fault: Fault,
    /// Where in the input.
    pub offset: u64,
}

impl Fault {
    fn text(self) -> &'static str {
        match self {
            Self::Dtd => "document type declaration",
            Self::Encoding => "not UTF-8 or UTF-16 as declared",
            Self::DuplicateAttribute => "attribute given twice",
            Self::Depth => "nested more than 256 levels deep",
            Self::Attributes => "more attributes than allowed",
            Self::Nodes => "more nodes than allowed",
            Self::Length => "longer than 16 MiB",
            Self::Malformed(what) => what,
        }
    }
}

/// Names a node of one [`Document`]; nodes are numbered in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// An expanded name, with the prefix it was written with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    prefix: Arc<str>,
    local: Arc<str>,
    namespace: Arc<str>,
}

impl Name {
    /// Its part after the colon.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// Its namespace; empty for none.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// It is this name.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        &*self.local == local && &*self.namespace == namespace
    }
}

/// An attribute, its value normalised (XML 1.0 section 3.3.3, as CDATA).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    name: Name,
    value: Box<str>,
}

impl Attribute {
    /// Its name; without a prefix it is in no namespace.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Its value.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// A declaration of a namespace; the empty prefix is the default namespace, the empty name none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Declaration {
    prefix: Arc<str>,
    uri: Arc<str>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Element {
        name: Name,
        attributes: Range<usize>,
        declarations: Range<usize>,
    },
    /// Character data, entities and line ends resolved.
    Text(Box<str>),
    Comment(Box<str>),
    Instruction {
        target: Box<str>,
        data: Box<str>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    kind: Kind,
    parent: Option<usize>,
    /// First node in document order that is not inside this one.
    end: usize,
    /// Where it stands in the input.
    span: Range<u64>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    declarations: Vec<Declaration>,
    root: usize,
}

impl Document {
    /// The document element.
    pub fn root(&self) -> NodeId {
        NodeId(self.root)
    }

    /// Name of an element; `None` for another node.
    pub fn name(&self, id: NodeId) -> Option<&Name> {
        match &self.nodes.get(id.0)?.kind {
            Kind::Element { name, .. } => Some(name),
            Kind::Text(_) | Kind::Comment(_) | Kind::Instruction { .. } => None,
        }
    }

    /// It is an element of this name.
    pub fn is(&self, id: NodeId, namespace: &str, local: &str) -> bool {
        self.name(id).is_some_and(|n| n.is(namespace, local))
    }

    /// The element that a node stands in.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes.get(id.0)?.parent.map(NodeId)
    }

    /// Attributes of an element in the order written, namespace declarations left out.
    pub fn attributes(&self, id: NodeId) -> &[Attribute] {
        match self.nodes.get(id.0).map(|n| &n.kind) {
            Some(Kind::Element { attributes, .. }) => {
                self.attributes.get(attributes.clone()).unwrap_or_default()
            }
            Some(Kind::Text(_) | Kind::Comment(_) | Kind::Instruction { .. }) | None => &[],
        }
    }

    /// Value of an attribute in no namespace.
    pub fn attribute(&self, id: NodeId, local: &str) -> Option<&str> {
        self.attributes(id)
            .iter()
            .find(|a| a.name.is("", local))
            .map(Attribute::value)
    }

    /// Elements directly inside one, in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.nodes.get(id.0).map_or(0, |n| n.end);
        let mut next = id.0.saturating_add(1);
        std::iter::from_fn(move || {
            while next < end {
                let node = self.nodes.get(next)?;
                let here = next;
                next = node.end;
                if matches!(node.kind, Kind::Element { .. }) {
                    return Some(NodeId(here));
                }
            }
            None
        })
    }

    /// Children of this name.
    pub fn named<'d>(
        &'d self,
        id: NodeId,
        namespace: &'d str,
        local: &'d str,
    ) -> impl Iterator<Item = NodeId> + 'd {
        self.children(id)
            .filter(move |child| self.is(*child, namespace, local))
    }

    /// The only child of this name; `None` where there is none or more than one.
    pub fn only(&self, id: NodeId, namespace: &str, local: &str) -> Option<NodeId> {
        let mut found = self.named(id, namespace, local);
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    /// Every element in an element, itself first, in document order.
    pub fn elements(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.nodes.get(id.0).map_or(0, |n| n.end);
        (id.0..end)
            .filter(|n| {
                matches!(
                    self.nodes.get(*n).map(|n| &n.kind),
                    Some(Kind::Element { .. })
                )
            })
            .map(NodeId)
    }

    /// `inner` is `outer` or stands in it.
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        let end = self.nodes.get(outer.0).map_or(0, |n| n.end);
        (outer.0..end).contains(&inner.0)
    }

    /// All character data in an element, joined.
    pub fn text(&self, id: NodeId) -> String {
        let end = self.nodes.get(id.0).map_or(0, |n| n.end);
        let nodes = self.nodes.get(id.0..end).unwrap_or_default();
        nodes
            .iter()
            .filter_map(|n| match &n.kind {
                Kind::Text(text) => Some(&**text),
                Kind::Element { .. } | Kind::Comment(_) | Kind::Instruction { .. } => None,
            })
            .collect()
    }

    /// Where a node stands in the input.
    pub fn span(&self, id: NodeId) -> Range<u64> {
        self.nodes.get(id.0).map_or(0..0, |n| n.span.clone())
    }

    /// What prefixes are bound to inside an element.
    fn in_scope(&self, id: NodeId) -> Vec<(&str, &str)> {
        let mut chain = Vec::new();
        let mut at = Some(id.0);
        while let Some(node) = at.and_then(|n| self.nodes.get(n)) {
            chain.push(node);
            at = node.parent;
        }
        let mut bound = std::collections::BTreeMap::new();
        for node in chain.into_iter().rev() {
            for declaration in self.declarations_of(node) {
                bound.insert(&*declaration.prefix, &*declaration.uri);
            }
        }
        bound
            .into_iter()
            .filter(|(_, uri)| !uri.is_empty())
            .collect()
    }

    fn declarations_of(&self, node: &Node) -> &[Declaration] {
        match &node.kind {
            Kind::Element { declarations, .. } => self
                .declarations
                .get(declarations.clone())
                .unwrap_or_default(),
            Kind::Text(_) | Kind::Comment(_) | Kind::Instruction { .. } => &[],
        }
    }
}
