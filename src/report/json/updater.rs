//! `subjects[].updater`: configuration of updaters found in a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::subject::Span;
use super::words::{UpdaterEffect, UpdaterKind};
use crate::model::updater::UpdaterConfig;

/// How a product updates itself, as a file of its own says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Updater {
    /// Whose configuration.
    pub kind: UpdaterKind,
    /// Path of the file that holds it: text from outside.
    pub source: String,
    /// Where it looks for updates.
    pub feeds: Vec<Feed>,
    /// What it is told to trust.
    pub anchors: Vec<UpdateAnchor>,
    /// Settings that change what it accepts.
    pub switches: Vec<Switch>,
    /// The start of the file, where it is text: text from outside.
    pub excerpt: String,
}

/// Where updates are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Feed {
    /// Its address: text from outside.
    pub url: String,
    /// Put together by the updater's own rule, not written like this in the file.
    pub derived: bool,
    /// Where the setting stands.
    pub location: Span,
}

/// What an updater is told to trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateAnchor {
    /// What it is: `ed25519-public-key`, `publisher-name`, `openpgp-keyring` ….
    pub what: String,
    /// Its value, or the SHA-256 of a key ring: text from outside.
    pub value: String,
    /// Where it stands.
    pub location: Span,
}

/// A setting that changes what an updater accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Switch {
    /// The client's own name for it.
    pub name: String,
    /// Its value, or that it is missing: text from outside.
    pub value: String,
    /// What it does.
    pub effect: UpdaterEffect,
    /// Where it stands.
    pub location: Span,
}

impl From<&UpdaterConfig> for Updater {
    fn from(config: &UpdaterConfig) -> Self {
        Self {
            kind: config.kind.into(),
            source: config.source.clone(),
            feeds: config
                .feeds
                .iter()
                .map(|f| Feed {
                    url: f.url.clone(),
                    derived: f.derived,
                    location: (&f.span).into(),
                })
                .collect(),
            anchors: config
                .anchors
                .iter()
                .map(|a| UpdateAnchor {
                    what: a.what.to_owned(),
                    value: a.value.clone(),
                    location: (&a.span).into(),
                })
                .collect(),
            switches: config
                .switches
                .iter()
                .map(|s| Switch {
                    name: s.name.clone(),
                    value: s.value.clone(),
                    effect: s.effect.into(),
                    location: (&s.span).into(),
                })
                .collect(),
            excerpt: config.excerpt.clone(),
        }
    }
}
