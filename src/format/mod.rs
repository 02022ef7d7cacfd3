//! Containers: where the signatures are, which bytes each covers, what the file says of itself.
//!
//! A format never asks whether a signature is true, and never fails a file for a part that no signature needs.
//!
//! # How to add a format
//!
//! 1. One file `src/format/<id>.rs`, or a folder with the same file names as `pe/`: `mod.rs` (card and trait), `layout.rs`
//!    (structures), `extract.rs` (signatures, coverage, anomalies).
//! 2. Its `mod` line and its entry in [`ALL`] below, which stand side by side.
//! 3. Its findings and malformed reasons in `findings.rs`, each with `docs/findings/<id>.md`.
//! 4. One fixture folder, and a fuzz target for its reader.
//!
//! The support table is generated from the [`Card`]s.

mod error;
pub mod findings;

pub mod pe;
/// Every format, in the order they are asked.
pub static ALL: &[&dyn Format] = &[&pe::Pe];

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::model::extract::Extract;

pub use error::Error;

/// Bytes of a file's start that are enough for every [`Format::detect`].
pub const HEAD_LEN: usize = 512;

/// One container format.
pub trait Format: Sync {
    /// What it can do.
    fn card(&self) -> &'static Card;

    /// Whether a file that starts with `head` (at most [`HEAD_LEN`] bytes, fewer where the file is shorter) claims to be of
    /// this format. Cheap and generous: a file that then breaks the rules is malformed, not of another format.
    fn detect(&self, head: &[u8]) -> bool;

    /// Reads what the container holds.
    ///
    /// # Errors
    /// Where the file cannot be read, breaks a rule that its signatures depend on, or is over a limit.
    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error>;
}

/// What a format can do, for the support table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Card {
    /// Stable id, as in reports.
    pub id: &'static str,
    /// Name, for people.
    pub name: &'static str,
    /// Usual file name endings.
    pub extensions: &'static [&'static str],
    /// Signature schemes read.
    pub signatures: &'static [&'static str],
    /// What else is checked or reported.
    pub features: &'static [&'static str],
    /// Specifications followed.
    pub specifications: &'static [&'static str],
    /// Limits on hostile input: what, and how many.
    pub limits: &'static [(&'static str, u64)],
}

/// The format that a file starting with `head` claims to be.
pub fn detect(head: &[u8]) -> Option<&'static dyn Format> {
    ALL.iter().copied().find(|format| format.detect(head))
}

#[cfg(test)]
mod tests {
    use super::{ALL, detect};

    #[test]
    fn ids_are_unique_and_an_empty_file_is_of_no_format() {
        let ids: std::collections::BTreeSet<_> = ALL.iter().map(|f| f.card().id).collect();
        assert_eq!(ids.len(), ALL.len());
        assert!(detect(b"").is_none());
        assert_eq!(detect(b"MZ").map(|f| f.card().id), Some("pe"));
    }
}
