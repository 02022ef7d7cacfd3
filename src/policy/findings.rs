//! The findings that this room raises. Each has its long text in `docs/findings/<id>.md`.

use crate::model::finding::Definition;

/// All of them; a test holds this list against the documents and the code.
pub static ALL: &[&Definition] = &[];
