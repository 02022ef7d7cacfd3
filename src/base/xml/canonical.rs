//! Canonical XML 1.0 (W3C, 15 March 2001) and Exclusive XML Canonicalization 1.0 (W3C, 18 July 2002), over what signatures of
//! software cover: a whole document or one element, with at most one element in it left out (the enveloped signature).
//!
//! Node sets of any other shape need XPath and are not built here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Attribute, Document, Kind, Node, NodeId, XML_NAMESPACE};

/// Longest canonical form. Exclusive forms repeat declarations, so a small document can have a form of any length; those of
/// real manifests are about as long as the manifest.
pub const MAX_OUTPUT: u64 = 64 << 20;

/// Which canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Comments are part of it.
    pub comments: bool,
    /// Only namespaces that are used are part of it, and those of these prefixes (`#default` for none); `None` for the
    /// inclusive form.
    pub exclusive: Option<BTreeSet<String>>,
}

impl Method {
    /// Canonical XML 1.0 without comments, what XML Signature section 4.4.3.2 applies where nothing else is said.
    pub const INCLUSIVE: Self = Self {
        comments: false,
        exclusive: None,
    };
    /// Exclusive XML Canonicalization 1.0 without comments.
    pub const EXCLUSIVE: Self = Self {
        comments: false,
        exclusive: Some(BTreeSet::new()),
    };
}

/// What the form is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subset {
    /// One element with all inside it; `None` for the document, with comments and instructions beside its element.
    pub element: Option<NodeId>,
    /// An element to leave out with all inside it.
    pub without: Option<NodeId>,
}

/// The form is longer than [`MAX_OUTPUT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the canonical form is longer than 64 MiB")]
pub struct TooLong;

impl Document {
    /// Hands the canonical form to `out`, piece by piece.
    ///
    /// # Errors
    /// [`TooLong`], after some of it was handed out.
    pub fn canonical(
        &self,
        subset: Subset,
        method: &Method,
        out: &mut dyn FnMut(&[u8]),
    ) -> Result<(), TooLong> {
        let nodes = match subset.element {
            Some(id) => id.0..self.nodes.get(id.0).map_or(id.0, |n| n.end),
            None => 0..self.nodes.len(),
        };
        let mut writer = Writer {
            document: self,
            method,
            out,
            written: 0,
            scope: HashMap::new(),
            rendered: HashMap::new(),
            open: Vec::new(),
        };
        let outside = subset.element.and_then(|id| self.parent(id));
        for (prefix, uri) in outside.map(|id| self.in_scope(id)).unwrap_or_default() {
            writer.scope.insert(prefix, vec![uri]);
        }
        let mut at = nodes.start;
        while at < nodes.end {
            writer.close_before(at)?;
            let Some(node) = self.nodes.get(at) else {
                break;
            };
            if subset.without == Some(NodeId(at)) {
                at = node.end;
                continue;
            }
            writer.node(at, node)?;
            at = at.saturating_add(1);
        }
        writer.close_before(usize::MAX)
    }

    /// The canonical form in memory.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn canonical_octets(&self, subset: Subset, method: &Method) -> Result<Vec<u8>, TooLong> {
        let mut octets = Vec::new();
        self.canonical(subset, method, &mut |piece| octets.extend_from_slice(piece))?;
        Ok(octets)
    }
}

struct Writer<'d, 'o> {
    document: &'d Document,
    method: &'d Method,
    out: &'o mut dyn FnMut(&[u8]),
    written: u64,
    /// What each prefix is bound to here, innermost last.
    scope: HashMap<&'d str, Vec<&'d str>>,
    /// What the output has bound it to here, innermost last.
    rendered: HashMap<&'d str, Vec<&'d str>>,
    open: Vec<Open<'d>>,
}

struct Open<'d> {
    node: &'d Node,
    rendered: Vec<&'d str>,
}

impl<'d> Writer<'d, '_> {
    fn put(&mut self, text: &str) -> Result<(), TooLong> {
        let len = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.written = self.written.saturating_add(len);
        if self.written > MAX_OUTPUT {
            return Err(TooLong);
        }
        (self.out)(text.as_bytes());
        Ok(())
    }

    /// `text` with each character that has an escape replaced by it.
    fn escaped(
        &mut self,
        text: &str,
        escape: fn(u8) -> Option<&'static str>,
    ) -> Result<(), TooLong> {
        let mut from = 0usize;
        for (at, byte) in text.bytes().enumerate() {
            if let Some(escape) = escape(byte) {
                self.put(text.get(from..at).unwrap_or_default())?;
                self.put(escape)?;
                from = at.saturating_add(1);
            }
        }
        self.put(text.get(from..).unwrap_or_default())
    }

    fn node(&mut self, index: usize, node: &'d Node) -> Result<(), TooLong> {
        // Section 2.1: a line feed parts what stands beside the document element from it.
        let after_root = node.parent.is_none() && index > self.document.root;
        let before_root = node.parent.is_none() && index < self.document.root;
        match &node.kind {
            Kind::Text(text) => self.escaped(text, text_escape),
            Kind::Comment(_) if !self.method.comments => Ok(()),
            Kind::Comment(text) => {
                self.put(if after_root { "\n<!--" } else { "<!--" })?;
                self.put(text)?;
                self.put(if before_root { "-->\n" } else { "-->" })
            }
            Kind::Instruction { target, data } => {
                self.put(if after_root { "\n<?" } else { "<?" })?;
                self.put(target)?;
                if !data.is_empty() {
                    self.put(" ")?;
                    self.put(data)?;
                }
                self.put(if before_root { "?>\n" } else { "?>" })
            }
            Kind::Element { .. } => self.element(node),
        }
    }

    fn element(&mut self, node: &'d Node) -> Result<(), TooLong> {
        let Kind::Element {
            name, attributes, ..
        } = &node.kind
        else {
            return Ok(());
        };
        let own = self
            .document
            .attributes
            .get(attributes.clone())
            .unwrap_or_default();
        let declarations = self.document.declarations_of(node);
        for declaration in declarations {
            let stack = self.scope.entry(&declaration.prefix).or_default();
            stack.push(&declaration.uri);
        }
        let apex = self.open.is_empty();
        let mut namespaces: BTreeMap<&str, &str> = BTreeMap::new();
        match &self.method.exclusive {
            None if apex => namespaces.extend(self.scope.keys().map(|p| (*p, self.bound(p)))),
            None => namespaces.extend(declarations.iter().map(|d| (&*d.prefix, &*d.uri))),
            Some(listed) => {
                let used = own
                    .iter()
                    .map(|a| &*a.name.prefix)
                    .filter(|p| !p.is_empty());
                for prefix in used.chain([&*name.prefix]) {
                    namespaces.insert(prefix, self.bound(prefix));
                }
                let is_listed = |prefix: &str| {
                    let word = if prefix.is_empty() {
                        "#default"
                    } else {
                        prefix
                    };
                    listed.contains(word)
                };
                if apex {
                    let listed = self.scope.keys().filter(|p| is_listed(p));
                    namespaces.extend(listed.map(|p| (*p, self.bound(p))));
                } else if !listed.is_empty() {
                    let listed = declarations.iter().filter(|d| is_listed(&d.prefix));
                    namespaces.extend(listed.map(|d| (&*d.prefix, &*d.uri)));
                }
            }
        }
        namespaces.retain(|prefix, uri| {
            let known = self.rendered.get(prefix).and_then(|s| s.last()).copied();
            *prefix != "xml" && known.unwrap_or_default() != *uri
        });
        self.put("<")?;
        self.qname(&name.prefix, &name.local)?;
        for (prefix, uri) in &namespaces {
            self.put(if prefix.is_empty() {
                " xmlns"
            } else {
                " xmlns:"
            })?;
            self.put(prefix)?;
            self.put("=\"")?;
            self.escaped(uri, attribute_escape)?;
            self.put("\"")?;
        }
        for attribute in self.in_order(node, own, apex) {
            self.put(" ")?;
            self.qname(&attribute.name.prefix, &attribute.name.local)?;
            self.put("=\"")?;
            self.escaped(&attribute.value, attribute_escape)?;
            self.put("\"")?;
        }
        for (prefix, uri) in &namespaces {
            self.rendered.entry(prefix).or_default().push(uri);
        }
        self.open.push(Open {
            node,
            rendered: namespaces.into_keys().collect(),
        });
        self.put(">")
    }

    /// Attributes by namespace, then by local name. The inclusive form gives the apex the `xml:` attributes of the elements
    /// around it (section 2.4).
    fn in_order(&self, node: &'d Node, own: &'d [Attribute], apex: bool) -> Vec<&'d Attribute> {
        let mut all: Vec<&Attribute> = own.iter().collect();
        if apex && self.method.exclusive.is_none() {
            let mut known: HashSet<&str> = own
                .iter()
                .filter(|a| &*a.name.namespace == XML_NAMESPACE)
                .map(|a| &*a.name.local)
                .collect();
            let mut around = node.parent;
            while let Some(outer) = around {
                for attribute in self.document.attributes(NodeId(outer)) {
                    let inherited = &*attribute.name.namespace == XML_NAMESPACE;
                    if inherited && known.insert(&attribute.name.local) {
                        all.push(attribute);
                    }
                }
                around = self.document.nodes.get(outer).and_then(|n| n.parent);
            }
        }
        all.sort_by(|a, b| {
            let key = |a: &'d Attribute| (&*a.name.namespace, &*a.name.local);
            key(a).cmp(&key(b))
        });
        all
    }

    fn bound(&self, prefix: &str) -> &'d str {
        let stack = self.scope.get(prefix);
        stack.and_then(|s| s.last()).copied().unwrap_or_default()
    }

    fn qname(&mut self, prefix: &str, local: &str) -> Result<(), TooLong> {
        if !prefix.is_empty() {
            self.put(prefix)?;
            self.put(":")?;
        }
        self.put(local)
    }

    /// Closes the elements that end before the node of this index.
    fn close_before(&mut self, index: usize) -> Result<(), TooLong> {
        while let Some(open) = self.open.pop_if(|open| open.node.end <= index) {
            if let Kind::Element { name, .. } = &open.node.kind {
                self.put("</")?;
                self.qname(&name.prefix, &name.local)?;
                self.put(">")?;
            }
            for prefix in open.rendered {
                if let Some(stack) = self.rendered.get_mut(prefix) {
                    stack.pop();
                }
            }
            for declaration in self.document.declarations_of(open.node) {
                if let Some(stack) = self.scope.get_mut(&*declaration.prefix) {
                    stack.pop();
                }
            }
        }
        Ok(())
    }
}

/// Section 2.3, text nodes.
fn text_escape(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}

/// Section 2.3, attribute nodes.
fn attribute_escape(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}
