//! What was collected of a channel: every answer with its bytes, and what to ask for next.

use std::fmt;
use std::sync::Arc;

use super::channel::{Fetch, FetchOutcome};
use super::extract::Gap;
use crate::base::blob::ReadAt;

/// Something that a channel's dialect wants to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    /// Its address; `file:///…` names a place below the root of a copy on disk.
    pub url: String,
    /// Most bytes it may have.
    pub limit: u64,
    /// What it is, for progress and gaps: `Packages of main`.
    pub what: String,
    /// It need not be there.
    pub optional: bool,
    /// It is a file that is offered, and is examined like any other.
    pub artifact: bool,
}

impl Want {
    /// A document without which the channel cannot be read.
    pub fn document(url: impl Into<String>, what: impl Into<String>, limit: u64) -> Self {
        Self {
            url: url.into(),
            limit,
            what: what.into(),
            optional: false,
            artifact: false,
        }
    }

    /// The same, but it need not be there.
    #[must_use]
    pub fn if_there(mut self) -> Self {
        self.optional = true;
        self
    }

    /// A file that is offered.
    pub fn artifact(url: impl Into<String>, what: impl Into<String>, limit: u64) -> Self {
        Self {
            artifact: true,
            ..Self::document(url, what, limit)
        }
    }
}

/// One answer.
#[derive(Clone)]
pub struct Collected {
    /// How it came.
    pub fetch: Fetch,
    /// Its bytes, where they came whole.
    pub body: Option<Arc<dyn ReadAt>>,
    /// It is a file that is offered.
    pub artifact: bool,
}

impl fmt::Debug for Collected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collected")
            .field("fetch", &self.fetch)
            .field("artifact", &self.artifact)
            .finish_non_exhaustive()
    }
}

/// Everything that was collected of one channel, in the order it came.
#[derive(Debug, Clone, Default)]
pub struct Collection {
    /// The answers.
    pub all: Vec<Collected>,
    /// What was wanted and not asked for.
    pub gaps: Vec<Gap>,
}

impl Collection {
    /// Index of the answer to what was asked at `url`.
    pub fn index(&self, url: &str) -> Option<usize> {
        self.all.iter().position(|c| c.fetch.url == url)
    }

    /// The answer to what was asked at `url`.
    pub fn get(&self, url: &str) -> Option<&Collected> {
        self.all.iter().find(|c| c.fetch.url == url)
    }

    /// The bytes that stand at `url`, of at most `limit`; none where they did not come whole.
    pub fn bytes(&self, url: &str, limit: u64) -> Option<Vec<u8>> {
        let found = self.get(url)?;
        if found.fetch.outcome != FetchOutcome::Whole {
            return None;
        }
        let body = found.body.as_ref()?;
        if body.size() > limit {
            return None;
        }
        body.read_range(0..body.size()).ok()
    }

    /// It was asked for, whatever came of it.
    pub fn asked(&self, url: &str) -> bool {
        self.get(url).is_some()
    }
}
