//! XML records one at a time: an element of a list as a small tree, nothing of the rest kept.
//!
//! No document type is read, so that no entity beyond the five of XML 1.0 section 4.6 and character references exists; nesting, nodes
//! and octets of a record have limits. Other encodings than UTF-8 are refused.

use std::io::{self, BufRead, Read};
use std::sync::LazyLock;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use sha2::{Digest, Sha256};

use super::{Error, MAX_RECORD};

/// Deepest nesting; the forms read here use about seven levels.
const MAX_DEPTH: usize = 32;
/// Elements of one record.
const MAX_NODES: usize = 20_000;

/// An element of a record.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// Its local name.
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    text: String,
    pub(crate) children: Vec<Node>,
}

impl Node {
    /// The attribute's value, empty where there is none.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// Its own text.
    pub(crate) fn text(&self) -> &str {
        self.text.trim()
    }

    /// Children of this name.
    pub(crate) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The text of the first child of this name.
    pub(crate) fn child(&self, name: &str) -> &str {
        self.children
            .iter()
            .find(|c| c.name == name)
            .map_or("", Node::text)
    }

    /// The first child of this name, or an empty one.
    pub(crate) fn first(&self, name: &str) -> &Self {
        static NONE: LazyLock<Node> = LazyLock::new(Node::default);
        let found = self.children.iter().find(|c| c.name == name);
        found.unwrap_or(&NONE)
    }

    /// Every element below of this name, at any depth; depth is bounded by the reader.
    pub(crate) fn below<'n>(&'n self, name: &str, found: &mut Vec<&'n Node>) {
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            child.below(name, found);
        }
    }
}

/// Counts what one event may consume, so that a comment or an attribute without an end is an error and not memory.
struct Limited<'r> {
    input: &'r mut dyn BufRead,
    left: usize,
}

impl Read for Limited<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buf.len());
        let (Some(from), Some(to)) = (available.get(..count), buf.get_mut(..count)) else {
            return Ok(0);
        };
        to.copy_from_slice(from);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Limited<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("a record longer than {MAX_RECORD} octets"),
            ));
        }
        let buffer = self.input.fill_buf()?;
        let count = buffer.len().min(self.left);
        Ok(buffer.get(..count).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount);
        self.input.consume(amount);
    }
}

/// What is read of a document.
pub(crate) struct Shape {
    /// The adapter.
    pub(crate) form: &'static str,
    /// Local name of the outermost element.
    pub(crate) root: &'static str,
    /// Local names of the elements that are records.
    pub(crate) records: &'static [&'static str],
    /// Most records.
    pub(crate) most: u64,
}

/// A record and the SHA-256 of its markup.
pub(crate) type Take<'t> = &'t mut dyn FnMut(Node, [u8; 32], u64) -> Result<(), Error>;

/// Hands every record to `take`; returns the outermost element with its attributes alone.
pub(crate) fn read(shape: &Shape, input: &mut dyn BufRead, take: Take<'_>) -> Result<Node, Error> {
    let mut reader = Reader::from_reader(Limited {
        input,
        left: MAX_RECORD,
    });
    let mut buffer = Vec::new();
    let mut root: Option<Node> = None;
    let mut outside = 0usize;
    let mut closed = false;
    let mut stack: Vec<Node> = Vec::new();
    let mut hash = Sha256::new();
    let mut nodes = 0usize;
    let mut count = 0u64;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let event = event.map_err(|error| malformed(shape, count, &error))?;
        let record = count.saturating_add(1);
        let fault = move |why: &str| Error::Record {
            record,
            why: why.into(),
        };
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let empty = matches!(event, Event::Empty(_));
                let node = element(start).map_err(|why| fault(&why))?;
                if stack.is_empty() {
                    let known = root.is_some();
                    if !known && node.name != shape.root {
                        return Err(Error::Form {
                            form: shape.form,
                            why: format!(
                                "the outermost element is {:.40?}, not {:?}",
                                node.name, shape.root
                            ),
                        });
                    }
                    if closed {
                        return Err(fault("an element after the end"));
                    }
                    let is_record = known && shape.records.contains(&node.name.as_str());
                    if !is_record {
                        closed |= empty && !known;
                        root.get_or_insert(node);
                        outside = outside.saturating_add(usize::from(!empty));
                        if outside > MAX_DEPTH {
                            return Err(fault("nested too deeply"));
                        }
                        reader.get_mut().left = MAX_RECORD;
                        continue;
                    }
                    hash = Sha256::new();
                    nodes = 0;
                }
                hash.update(b"<");
                hash.update(start.as_bytes());
                hash.update(b">");
                nodes = nodes.saturating_add(1);
                if stack.len() >= MAX_DEPTH || nodes > MAX_NODES {
                    return Err(fault("nested too deeply, or too many elements"));
                }
                stack.push(node);
                if empty {
                    close(&mut stack, &mut hash, &mut count, take)?;
                }
            }
            Event::End(ref end) => {
                if stack.is_empty() {
                    outside = outside.saturating_sub(1);
                    closed |= outside == 0;
                } else {
                    hash.update(b"</");
                    hash.update(end.as_bytes());
                    hash.update(b">");
                    close(&mut stack, &mut hash, &mut count, take)?;
                }
            }
            Event::Text(ref text) => {
                hash.update(text.as_bytes());
                put(&mut stack, text);
            }
            Event::CData(ref text) => {
                hash.update(text.as_bytes());
                put(&mut stack, text);
            }
            Event::GeneralRef(ref reference) => {
                hash.update(reference.as_bytes());
                let text = quick_xml::escape::unescape(&format!("&{};", &**reference))
                    .map_err(|_| fault("an entity that XML does not define"))?
                    .into_owned();
                put(&mut stack, &text);
            }
            Event::DocType(_) if root.is_none() => {
                return Err(Error::Form {
                    form: shape.form,
                    why: "document type declaration".into(),
                });
            }
            Event::DocType(_) => return Err(fault("document type declaration")),
            Event::Decl(ref declaration) => {
                let utf8 = match declaration.encoding() {
                    None => true,
                    Some(Ok(name)) => name.eq_ignore_ascii_case("utf-8"),
                    Some(Err(_)) => false,
                };
                if !utf8 {
                    return Err(fault("another encoding than UTF-8"));
                }
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => {
                let root = root.filter(|_| closed && stack.is_empty());
                return root.ok_or_else(|| Error::Form {
                    form: shape.form,
                    why: "the document ends before its outermost element does".into(),
                });
            }
        }
        if stack.is_empty() {
            reader.get_mut().left = MAX_RECORD;
        }
        if count > shape.most {
            return Err(fault("too many records"));
        }
    }
}

fn malformed(shape: &Shape, count: u64, error: &quick_xml::Error) -> Error {
    if count == 0 {
        return Error::Form {
            form: shape.form,
            why: error.to_string(),
        };
    }
    Error::Record {
        record: count.saturating_add(1),
        why: error.to_string(),
    }
}

fn put(stack: &mut [Node], text: &str) {
    if let Some(node) = stack.last_mut() {
        node.text.push_str(text);
    }
}

fn close(
    stack: &mut Vec<Node>,
    hash: &mut Sha256,
    count: &mut u64,
    take: Take<'_>,
) -> Result<(), Error> {
    let Some(node) = stack.pop() else {
        return Ok(());
    };
    match stack.last_mut() {
        Some(parent) => parent.children.push(node),
        None => {
            *count = count.saturating_add(1);
            let digest = std::mem::replace(hash, Sha256::new()).finalize();
            take(node, digest.into(), *count)?;
        }
    }
    Ok(())
}

fn element(start: &BytesStart<'_>) -> Result<Node, String> {
    let mut node = Node {
        name: start.local_name().as_ref().to_owned(),
        ..Node::default()
    };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let key = attribute.key.local_name().as_ref().to_owned();
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|e| e.to_string())?;
        node.attributes.push((key, value.into_owned()));
        if node.attributes.len() > MAX_DEPTH {
            return Err("too many attributes".into());
        }
    }
    Ok(node)
}
