//! Builds the tree from the tokens of a document.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::attributes::{Attributes, normalised, referenced};
use super::decode::{Offsets, decode};
use super::{
    Attribute, Declaration, Document, Error, Fault, Kind, MAX_ALL_ATTRIBUTES, MAX_ATTRIBUTES,
    MAX_DEPTH, MAX_LEN, MAX_NODES, Name, Node, XML_NAMESPACE, XMLNS_NAMESPACE, name,
};

/// Reads a document.
///
/// # Errors
/// Where it is not well-formed, has a document type, is in another encoding, or is over a limit.
pub fn parse(bytes: &[u8]) -> Result<Document, Error> {
    if bytes.len() > MAX_LEN {
        return Err(Error {
            fault: Fault::Length,
            offset: 0,
        });
    }
    let decoded = decode(bytes)?;
    let mut offsets = Offsets::new(&decoded);
    let mut builder = Builder::default();
    let mut reader = Reader::from_str(&decoded.text);
    reader.config_mut().check_comments = true;
    loop {
        let start = position(reader.buffer_position());
        let offset = offsets.at(start);
        let event = reader.read_event();
        let end = offsets.at(position(reader.buffer_position()));
        let at = |fault| Error { fault, offset };
        let event = event.map_err(|_| at(Fault::Malformed("not well-formed")))?;
        if matches!(event, Event::Eof) {
            return builder.finish().map_err(at);
        }
        builder.take(event, offset..end).map_err(at)?;
    }
}

fn position(reader: u64) -> usize {
    usize::try_from(reader).unwrap_or(usize::MAX)
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    declarations: Vec<Declaration>,
    root: Option<usize>,
    /// Open elements.
    open: Vec<usize>,
    /// What each prefix is bound to, innermost last.
    bound: HashMap<Arc<str>, Vec<Arc<str>>>,
    /// Names seen, so that each stands in memory once.
    known: HashSet<Arc<str>>,
    /// The document starts with this event.
    started: bool,
    /// Character data of the text node being read.
    pending: Option<(String, Range<u64>)>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Range<u64>) -> Result<(), Fault> {
        let first = !std::mem::replace(&mut self.started, true);
        match event {
            Event::Text(text) => return self.text(&text, &span),
            Event::CData(text) => return self.characters(&text, &span),
            Event::GeneralRef(reference) => {
                let character = referenced(&reference)?;
                return self.push_text(character.encode_utf8(&mut [0; 4]), &span);
            }
            Event::Start(_)
            | Event::End(_)
            | Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::Eof => self.flush()?,
        }
        match event {
            Event::Start(tag) => self.element(&tag, span),
            Event::Empty(tag) => {
                let end = span.end;
                self.element(&tag, span)?;
                self.close(end)
            }
            Event::End(_) => self.close(span.end),
            Event::Comment(text) => {
                check_characters(&text)?;
                self.add(Kind::Comment(lines(&text).into()), span).map(drop)
            }
            Event::PI(instruction) => {
                let target = instruction.target();
                let data = instruction.content().trim_start_matches(name::is_space);
                if !name::is_ncname(target) || target.eq_ignore_ascii_case("xml") {
                    return Err(Fault::Malformed("not a processing instruction"));
                }
                check_characters(data)?;
                let kind = Kind::Instruction {
                    target: target.into(),
                    data: lines(data).into(),
                };
                self.add(kind, span).map(drop)
            }
            Event::Decl(declaration) if first => match declaration.version() {
                Ok(version) if version == "1.0" => Ok(()),
                _ => Err(Fault::Malformed("not XML 1.0")),
            },
            Event::Decl(_) => Err(Fault::Malformed("XML declaration after the start")),
            Event::DocType(_) => Err(Fault::Dtd),
            // Taken above, or the caller's.
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) | Event::Eof => Ok(()),
        }
    }

    fn finish(mut self) -> Result<Document, Fault> {
        self.flush()?;
        match self.root {
            Some(root) if self.open.is_empty() => Ok(Document {
                nodes: self.nodes,
                attributes: self.attributes,
                declarations: self.declarations,
                root,
            }),
            Some(_) => Err(Fault::Malformed("an element that is not closed")),
            None => Err(Fault::Malformed("no element")),
        }
    }

    fn text(&mut self, text: &str, span: &Range<u64>) -> Result<(), Fault> {
        if self.open.is_empty() && text.chars().all(name::is_space) {
            return Ok(());
        }
        // XML 1.0 section 2.4.
        if text.contains("]]>") {
            return Err(Fault::Malformed("']]>' in text"));
        }
        self.characters(text, span)
    }

    fn characters(&mut self, text: &str, span: &Range<u64>) -> Result<(), Fault> {
        check_characters(text)?;
        self.push_text(&lines(text), span)
    }

    fn push_text(&mut self, text: &str, span: &Range<u64>) -> Result<(), Fault> {
        if self.open.is_empty() {
            return Err(Fault::Malformed("text outside the document element"));
        }
        let (pending, all) = self
            .pending
            .get_or_insert_with(|| (String::new(), span.clone()));
        pending.push_str(text);
        all.end = span.end;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Fault> {
        match self.pending.take() {
            Some((text, span)) => self.add(Kind::Text(text.into()), span).map(drop),
            None => Ok(()),
        }
    }

    fn add(&mut self, kind: Kind, span: Range<u64>) -> Result<usize, Fault> {
        let index = self.nodes.len();
        if index >= MAX_NODES {
            return Err(Fault::Nodes);
        }
        self.nodes.push(Node {
            kind,
            parent: self.open.last().copied(),
            end: index.saturating_add(1),
            span,
        });
        Ok(index)
    }

    fn element(&mut self, tag: &BytesStart<'_>, span: Range<u64>) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault::Depth);
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(Fault::Malformed("a second document element"));
        }
        let (first_attribute, first_declaration) = (self.attributes.len(), self.declarations.len());
        let mut written = Vec::new();
        for attribute in Attributes(tag.attributes_raw()) {
            let (key, literal) = attribute?;
            let count = written
                .len()
                .saturating_add(self.declarations.len().saturating_sub(first_declaration));
            let all = first_attribute
                .saturating_add(first_declaration)
                .saturating_add(count);
            if count >= MAX_ATTRIBUTES || all >= MAX_ALL_ATTRIBUTES {
                return Err(Fault::Attributes);
            }
            let (prefix, local) = name::split(key).ok_or(Fault::Malformed("not a name"))?;
            check_characters(literal)?;
            let value = normalised(literal)?;
            match (prefix, local) {
                ("", "xmlns") => self.declare("", &value)?,
                ("xmlns", prefix) => self.declare(prefix, &value)?,
                _ => written.push((prefix, local, value)),
            }
        }
        self.bind(first_declaration)?;
        let mut seen = HashSet::new();
        for (prefix, local, value) in written {
            let name = self.resolve(prefix, local, false)?;
            if !seen.insert((Arc::clone(&name.namespace), Arc::clone(&name.local))) {
                return Err(Fault::DuplicateAttribute);
            }
            self.attributes.push(Attribute {
                name,
                value: value.into(),
            });
        }
        let qname = tag.name();
        let (prefix, local) = name::split(qname.as_ref()).ok_or(Fault::Malformed("not a name"))?;
        let kind = Kind::Element {
            name: self.resolve(prefix, local, true)?,
            attributes: first_attribute..self.attributes.len(),
            declarations: first_declaration..self.declarations.len(),
        };
        let index = self.add(kind, span)?;
        self.root.get_or_insert(index);
        self.open.push(index);
        Ok(())
    }

    fn close(&mut self, end: u64) -> Result<(), Fault> {
        let index = self
            .open
            .pop()
            .ok_or(Fault::Malformed("an end tag too many"))?;
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(index) else {
            return Ok(());
        };
        node.end = next;
        node.span.end = end;
        if let Kind::Element { declarations, .. } = &node.kind {
            for declaration in self
                .declarations
                .get(declarations.clone())
                .unwrap_or_default()
            {
                if let Some(stack) = self.bound.get_mut(&declaration.prefix) {
                    stack.pop();
                }
            }
        }
        Ok(())
    }

    /// Namespaces in XML 1.0 sections 3 and 5: `xml` and `xmlns` are bound for ever, and only the default can be unbound.
    fn declare(&mut self, prefix: &str, uri: &str) -> Result<(), Fault> {
        let reserved = prefix == "xmlns"
            || uri == XMLNS_NAMESPACE
            || (prefix == "xml") != (uri == XML_NAMESPACE)
            || (uri.is_empty() && !prefix.is_empty());
        if reserved {
            return Err(Fault::Malformed("a namespace that cannot be declared"));
        }
        let declaration = Declaration {
            prefix: self.intern(prefix),
            uri: self.intern(uri),
        };
        self.declarations.push(declaration);
        Ok(())
    }

    fn bind(&mut self, from: usize) -> Result<(), Fault> {
        let declared = self.declarations.get(from..).unwrap_or_default();
        let mut seen = HashSet::new();
        for declaration in declared {
            if !seen.insert(&declaration.prefix) {
                return Err(Fault::DuplicateAttribute);
            }
        }
        for declaration in declared {
            let stack = self
                .bound
                .entry(Arc::clone(&declaration.prefix))
                .or_default();
            stack.push(Arc::clone(&declaration.uri));
        }
        Ok(())
    }

    fn resolve(&mut self, prefix: &str, local: &str, element: bool) -> Result<Name, Fault> {
        let namespace = match prefix {
            "xml" => Some(self.intern(XML_NAMESPACE)),
            "" if !element => Some(self.intern("")),
            _ => self.bound.get(prefix).and_then(|s| s.last()).cloned(),
        };
        let namespace = match namespace {
            Some(namespace) => namespace,
            None if prefix.is_empty() => self.intern(""),
            None => return Err(Fault::Malformed("a prefix that is not bound")),
        };
        Ok(Name {
            prefix: self.intern(prefix),
            local: self.intern(local),
            namespace,
        })
    }

    fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.known.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.known.insert(Arc::clone(&new));
        new
    }
}

fn check_characters(text: &str) -> Result<(), Fault> {
    if text.chars().all(name::is_char) {
        Ok(())
    } else {
        Err(Fault::Malformed("a character that XML does not allow"))
    }
}

/// Line ends as one line feed (XML 1.0 section 2.11).
fn lines(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}
