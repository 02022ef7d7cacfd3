//! The findings that this room raises, and its reasons for calling a file malformed, format by format. Each has its long text in
//! `docs/findings/<id>.md`.

use crate::format::pe;
use crate::model::finding::Definition;

/// All of them, a list a format; a test holds these lists against the documents and the code.
pub static ALL: &[&[&Definition]] = &[pe::findings::ALL];
