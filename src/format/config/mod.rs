//! Structured configuration read with care: JSON, the YAML that programs write, property lists of both kinds, XML.
//!
//! Readers of our own, since each value keeps the bytes it stands at as evidence, strings stay strings (`NO` is a country, `1.10` a
//! version), keys that stand twice are refused instead of one of them winning, and nesting, size and count are bounded. Nothing
//! is fetched, included or expanded.
//!
//! Specifications: RFC 8259 (JSON), YAML 1.2.2 (a subset, see [`yaml`]), Apple's property list formats, XML 1.0.

pub mod findings;
pub mod json;
pub mod plist;
#[cfg(test)]
mod tests;
pub mod xml;
pub mod yaml;

use std::collections::BTreeSet;

use crate::base::budget::Exceeded;
use crate::format::Error;
use crate::model::extract::Span;

/// Largest configuration file read: those of real products stay under 100 KB.
pub const MAX_FILE: u64 = 1 << 20;
/// Deepest nesting of values; real configuration stays under ten.
pub const MAX_DEPTH: u32 = 128;
/// Values in one file: an index of a large application has some 300,000.
const MAX_NODES: usize = 1_000_000;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its bytes.
    pub span: Span,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string, without its quotes and escapes.
    Text(String),
    /// A number in the file's own digits, so that nothing is rounded.
    Number(String),
    /// True or false.
    Flag(bool),
    /// Null.
    Nothing,
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in the file's order; no key stands twice.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value under `key` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            Value::Text(_)
            | Value::Number(_)
            | Value::Flag(_)
            | Value::Nothing
            | Value::List(_) => None,
        }
    }

    /// The value under a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The string.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Number(_) | Value::Flag(_) | Value::Nothing | Value::List(_) | Value::Map(_) => {
                None
            }
        }
    }

    /// A scalar in words: strings as they are, numbers in their digits, `true` and `false`.
    pub fn words(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text.clone()),
            Value::Flag(flag) => Some(flag.to_string()),
            Value::Nothing | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// A true value: `true`, or the words that YAML 1.1 and property lists take for it.
    pub fn is_true(&self) -> bool {
        self.words().is_some_and(|w| {
            ["true", "yes", "on", "1"]
                .iter()
                .any(|t| w.eq_ignore_ascii_case(t))
        })
    }

    /// A false value, stated.
    pub fn is_false(&self) -> bool {
        self.words().is_some_and(|w| {
            ["false", "no", "off", "0"]
                .iter()
                .any(|t| w.eq_ignore_ascii_case(t))
        })
    }

    /// An integer, where the number is written as one: `1e0` is none.
    pub fn integer(&self) -> Option<i64> {
        match &self.value {
            Value::Number(digits) => digits.parse().ok(),
            Value::Text(_) | Value::Flag(_) | Value::Nothing | Value::List(_) | Value::Map(_) => {
                None
            }
        }
    }

    /// The elements of a sequence; a scalar or a mapping is one element.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Nothing => &[],
            Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Map(_) => {
                std::slice::from_ref(self)
            }
        }
    }

    /// Entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[(String, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Text(_)
            | Value::Number(_)
            | Value::Flag(_)
            | Value::Nothing
            | Value::List(_) => &[],
        }
    }

    /// Calls `f` with every string, in no order that matters. Iterative: depth is the file's.
    pub fn each_scalar(&self, f: &mut dyn FnMut(&str, &Span)) {
        let mut stack = vec![self];
        while let Some(node) = stack.pop() {
            match &node.value {
                Value::Text(text) => f(text, &node.span),
                Value::List(items) => stack.extend(items),
                Value::Map(entries) => stack.extend(entries.iter().map(|(_, v)| v)),
                Value::Number(_) | Value::Flag(_) | Value::Nothing => {}
            }
        }
    }
}

/// Refuses a mapping in which a key stands twice: readers differ on which of them counts.
fn unique(entries: &[(String, Node)]) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for (key, node) in entries {
        if !seen.insert(key.as_str()) {
            return Err(Error::malformed(
                &findings::DUPLICATE_KEY,
                node.span.start,
                format!("key \"{}\" stands twice in one mapping", short(key)),
            ));
        }
    }
    Ok(())
}

fn short(key: &str) -> String {
    key.chars().take(64).collect()
}

/// Counts values against the limit.
#[derive(Debug, Default)]
struct Count(usize);

impl Count {
    fn one(&mut self) -> Result<(), Error> {
        self.0 = self.0.saturating_add(1);
        if self.0 > MAX_NODES {
            return Err(Exceeded::Count {
                what: "values in a configuration file",
                limit: MAX_NODES,
            }
            .into());
        }
        Ok(())
    }
}

fn too_deep() -> Error {
    Exceeded::Depth(MAX_DEPTH).into()
}

fn offset(at: usize) -> u64 {
    u64::try_from(at).unwrap_or(u64::MAX)
}

fn malformed(at: usize, message: impl Into<String>) -> Error {
    Error::malformed(&findings::CONFIGURATION_MALFORMED, offset(at), message)
}
