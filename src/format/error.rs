//! Why a container cannot be examined.

use std::io;

use crate::base::budget::Exceeded;
use crate::model::analysis::{ErrorKind, SubjectError};
use crate::model::finding::Definition;

/// Why a container cannot be examined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input cannot be read.
    #[error("cannot be read at offset {offset}: {message}")]
    Read {
        /// Where.
        offset: u64,
        /// What the operating system says.
        message: String,
    },
    /// The file breaks a rule of its format that its signatures depend on.
    #[error("{message} at offset {offset}")]
    Malformed {
        /// Which rule, with its long text.
        definition: &'static Definition,
        /// Where.
        offset: u64,
        /// What was found.
        message: String,
    },
    /// Over a limit.
    #[error(transparent)]
    Limit(#[from] Exceeded),
}

impl Error {
    pub(super) fn malformed(
        definition: &'static Definition,
        offset: u64,
        message: impl Into<String>,
    ) -> Self {
        Self::Malformed {
            definition,
            offset,
            message: message.into(),
        }
    }

    /// For `map_err` on a read at `offset`.
    pub(super) fn read(offset: u64) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Read {
            offset,
            message: error.to_string(),
        }
    }

    /// What a decoder's `Read` failed with: one of our own errors that passed through it, a spent budget, or coding that
    /// breaks its rules (`definition`).
    pub fn decoding(definition: &'static Definition, offset: u64, error: &io::Error) -> Self {
        let inner = error.get_ref();
        if let Some(own) = inner.and_then(|e| e.downcast_ref::<Self>()) {
            return own.clone();
        }
        if let Some(limit) = inner.and_then(|e| e.downcast_ref::<Exceeded>()) {
            return Self::Limit(*limit);
        }
        Self::malformed(definition, offset, error.to_string())
    }

    /// The stable reason: `not-pe`, `certificate-table-out-of-bounds`, `io`, `over-limit`.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Read { .. } => "io",
            Self::Malformed { definition, .. } => definition.id,
            Self::Limit(_) => "over-limit",
        }
    }

    /// Its class, which decides the exit code.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Read { .. } => ErrorKind::Unreadable,
            Self::Malformed { .. } => ErrorKind::Malformed,
            Self::Limit(_) => ErrorKind::Limit,
        }
    }
}

impl From<&Error> for SubjectError {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind(),
            reason: error.reason().to_owned(),
            message: error.to_string(),
        }
    }
}
