//! Puts a configuration together.

use sha2::{Digest as _, Sha256};

use super::Path;
use crate::format::config::Node;
use crate::model::digest::hex;
use crate::model::extract::Span;
use crate::model::updater::{
    Anchor, Effect, Feed, MAX_EXCERPT, Switch, UpdaterConfig, UpdaterKind,
};

/// Feeds, anchors and switches kept of one file; a list of sources has a handful.
const MAX_KEPT: usize = 64;

pub(super) struct Draft(UpdaterConfig);

impl Draft {
    pub(super) fn new(kind: UpdaterKind, path: &Path<'_>, bytes: &[u8]) -> Self {
        let head = bytes.get(..MAX_EXCERPT).unwrap_or(bytes);
        let text = match std::str::from_utf8(head) {
            Ok(text) => text,
            // Cut inside a character, or no text.
            Err(error) if error.error_len().is_none() => head
                .get(..error.valid_up_to())
                .and_then(|h| std::str::from_utf8(h).ok())
                .unwrap_or_default(),
            Err(_) => "",
        };
        Self(UpdaterConfig {
            kind,
            source: path.whole.to_owned(),
            feeds: Vec::new(),
            anchors: Vec::new(),
            switches: Vec::new(),
            excerpt: text.to_owned(),
        })
    }

    pub(super) fn feed(&mut self, url: impl Into<String>, span: Span) {
        self.push_feed(url.into(), false, span);
    }

    /// A feed that the updater puts together from other settings.
    pub(super) fn derived(&mut self, url: impl Into<String>, span: Span) {
        self.push_feed(url.into(), true, span);
    }

    fn push_feed(&mut self, url: String, derived: bool, span: Span) {
        if self.0.feeds.len() < MAX_KEPT && !url.is_empty() {
            self.0.feeds.push(Feed { url, derived, span });
        }
    }

    pub(super) fn anchor(&mut self, what: &'static str, value: impl Into<String>, span: Span) {
        let value = value.into();
        if self.0.anchors.len() < MAX_KEPT && !value.is_empty() {
            self.0.anchors.push(Anchor { what, value, span });
        }
    }

    pub(super) fn switch(
        &mut self,
        name: &str,
        value: impl Into<String>,
        effect: Effect,
        span: Span,
    ) {
        if self.0.switches.len() < MAX_KEPT {
            self.0.switches.push(Switch {
                name: name.to_owned(),
                value: value.into(),
                effect,
                span,
            });
        }
    }

    /// The strings of `node`, a scalar or a list of them, as feeds.
    pub(super) fn feeds(&mut self, node: Option<&Node>) {
        for item in node.map(Node::items).unwrap_or_default() {
            if let Some(url) = item.text() {
                self.feed(url, item.span.clone());
            }
        }
    }

    /// The strings of `node`, a scalar or a list of them, as anchors.
    pub(super) fn anchors(&mut self, what: &'static str, node: Option<&Node>) {
        for item in node.map(Node::items).unwrap_or_default() {
            if let Some(value) = item.text() {
                self.anchor(what, value, item.span.clone());
            }
        }
    }

    /// `effect` where `key` of `map` is true.
    pub(super) fn if_true(&mut self, map: &Node, key: &str, effect: Effect) {
        if let Some(node) = map.get(key).filter(|n| n.is_true()) {
            self.switch(
                key,
                node.words().unwrap_or_default(),
                effect,
                node.span.clone(),
            );
        }
    }

    pub(super) fn has_feeds(&self) -> bool {
        !self.0.feeds.is_empty()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.feeds.is_empty() && self.0.anchors.is_empty() && self.0.switches.is_empty()
    }

    pub(super) fn done(self) -> UpdaterConfig {
        self.0
    }
}

/// The lines of a text and the place of each, without their line feeds.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (&str, u64)> {
    let mut at = 0u64;
    bytes
        .split_inclusive(|b| *b == b'\n')
        .filter_map(move |raw| {
            let start = at;
            at = at.saturating_add(u64::try_from(raw.len()).unwrap_or(u64::MAX));
            let line = std::str::from_utf8(raw).ok()?;
            Some((line.trim_end_matches(['\r', '\n']), start))
        })
}

/// Where `part`, a part of `line`, stands, `line` being at `start`.
pub(super) fn place(line: &str, start: u64, part: &str) -> Span {
    let before = line.find(part).unwrap_or(0);
    let from = start.saturating_add(u64::try_from(before).unwrap_or(u64::MAX));
    from..from.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX))
}

/// The whole file.
pub(super) fn whole(bytes: &[u8]) -> Span {
    0..u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// SHA-256 of the whole file, by which a key ring is named.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
