//! XML 1.0 configuration as a tree of elements. No entity is expanded beside the five and character references, and a document
//! type with declarations of its own is refused.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::{Count, MAX_DEPTH, findings, malformed, offset, too_deep};
use crate::format::Error;
use crate::model::extract::Span;

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Name without its prefix.
    pub name: String,
    /// Attributes by name without prefix, in order; declarations of namespaces are among them.
    pub attributes: Vec<(String, String)>,
    /// Its own text, without white space around it.
    pub text: String,
    /// Elements in it.
    pub children: Vec<Element>,
    /// From its first tag's `<` to its last tag's `>`.
    pub span: Span,
}

impl Element {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.name == name)
    }

    /// The first element down a path of names.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |element, name| element.child(name))
    }

    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The first element of this name at any depth, this one included.
    pub fn find(&self, name: &str) -> Option<&Self> {
        let mut stack = vec![self];
        while let Some(element) = stack.pop() {
            if element.name == name {
                return Some(element);
            }
            stack.extend(element.children.iter().rev());
        }
        None
    }
}

/// Reads the one document that `bytes` are.
///
/// # Errors
/// Where `bytes` are no well-formed XML in UTF-8, declare entities, or are over a limit.
pub fn read(bytes: &[u8]) -> Result<Element, Error> {
    let text = std::str::from_utf8(bytes).map_err(|e| malformed(e.valid_up_to(), "not UTF-8"))?;
    let bom = text
        .len()
        .saturating_sub(text.trim_start_matches('\u{feff}').len());
    let text = text.get(bom..).unwrap_or_default();
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut count = Count::default();
    loop {
        let before = position(&reader, bom);
        let event = reader
            .read_event()
            .map_err(|e| malformed(before, e.to_string()))?;
        let after = position(&reader, bom);
        match event {
            Event::Start(tag) => {
                count.one()?;
                if open.len() >= usize::try_from(MAX_DEPTH).unwrap_or(usize::MAX) {
                    return Err(too_deep());
                }
                open.push(element(&tag, before, after, &mut count)?);
            }
            Event::Empty(tag) => {
                count.one()?;
                let element = element(&tag, before, after, &mut count)?;
                close(element, &mut open, &mut root, after)?;
            }
            Event::End(_) => {
                let Some(mut element) = open.pop() else {
                    return Err(malformed(before, "an element ends that was not open"));
                };
                element.span.end = offset(after);
                element.text = element.text.trim().to_owned();
                close(element, &mut open, &mut root, after)?;
            }
            Event::Text(text) => add(&mut open, &text.xml10_content(), before)?,
            Event::CData(text) => add(&mut open, &text.xml10_content(), before)?,
            Event::GeneralRef(reference) => add(&mut open, &resolve(&reference, before)?, before)?,
            Event::DocType(text) if text.contains('[') => {
                return Err(malformed(before, "the document type declares something"));
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
    }
    match (root, open.is_empty()) {
        (Some(root), true) => Ok(root),
        _ => Err(malformed(
            bytes.len(),
            "an element is missing or not closed",
        )),
    }
}

fn position(reader: &Reader<&[u8]>, bom: usize) -> usize {
    usize::try_from(reader.buffer_position())
        .unwrap_or(usize::MAX)
        .saturating_add(bom)
}

fn element(
    tag: &BytesStart<'_>,
    start: usize,
    end: usize,
    count: &mut Count,
) -> Result<Element, Error> {
    let mut attributes = Vec::new();
    let mut seen = BTreeSet::new();
    // Own check for attributes that stand twice: the reader's compares each with each.
    for attribute in tag.attributes().with_checks(false) {
        count.one()?;
        let attribute = attribute.map_err(|e| malformed(start, e.to_string()))?;
        let full = attribute.key.as_ref().to_owned();
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Explicit1_0)
            .map_err(|e| malformed(start, e.to_string()))?
            .into_owned();
        let local = attribute.key.local_name().as_ref().to_owned();
        if !seen.insert(full) {
            return Err(Error::malformed(
                &findings::DUPLICATE_KEY,
                offset(start),
                format!("attribute \"{}\" stands twice", super::short(&local)),
            ));
        }
        attributes.push((local, value));
    }
    Ok(Element {
        name: tag.local_name().as_ref().to_owned(),
        attributes,
        text: String::new(),
        children: Vec::new(),
        span: offset(start)..offset(end),
    })
}

fn close(
    element: Element,
    open: &mut [Element],
    root: &mut Option<Element>,
    at: usize,
) -> Result<(), Error> {
    match (open.last_mut(), root.is_some()) {
        (Some(parent), _) => parent.children.push(element),
        (None, false) => *root = Some(element),
        (None, true) => return Err(malformed(at, "a second element follows the document's own")),
    }
    Ok(())
}

fn add(open: &mut [Element], text: &str, at: usize) -> Result<(), Error> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(malformed(at, "text stands outside every element")),
    }
    Ok(())
}

fn resolve(reference: &BytesRef<'_>, at: usize) -> Result<String, Error> {
    if let Some(c) = reference
        .resolve_char_ref()
        .map_err(|e| malformed(at, e.to_string()))?
    {
        return Ok(c.to_string());
    }
    let name: &str = reference;
    let text = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => {
            return Err(malformed(
                at,
                "an entity is used that the document does not have",
            ));
        }
    };
    Ok(text.to_owned())
}
