//! Reports: one evaluation, many renderers. A format never alters a verdict or an exit code.
//!
//! # How to add a renderer
//! One file or folder here with a type that implements [`Renderer`]; its `mod` line and its entry in [`ALL`]; golden files
//! under `tests/suite/data/report/`. It reads [`json::Report`] and nothing else, so that a stored report renders like a fresh
//! one. Every string from outside must be escaped for the target; the test over all renderers with hostile strings holds it.

pub mod catalogue;
pub mod diff;
pub mod documents;
pub mod json;
pub mod jsonl;
pub mod screening;
mod summary;
pub mod text;

use std::fmt::Debug;
use std::io;

pub use summary::Summary;

/// Every renderer; the first is not special.
pub static ALL: &[&dyn Renderer] = &[&json::Json, &jsonl::JsonLines, &text::Text];

/// Writes reports in one format.
pub trait Renderer: Debug + Sync {
    /// The word after `--format`.
    fn id(&self) -> &'static str;

    /// What it is, in a few words for help.
    fn about(&self) -> &'static str;

    /// Writes one top-level subject's report.
    ///
    /// # Errors
    /// What `out` says.
    fn render(
        &self,
        report: &json::Report,
        out: &mut dyn io::Write,
        style: &Style,
    ) -> io::Result<()>;

    /// Writes what follows the last report; called once, also when there was none.
    ///
    /// # Errors
    /// What `out` says.
    fn finish(&self, summary: &Summary, out: &mut dyn io::Write, style: &Style) -> io::Result<()>;
}

/// The renderer of this id.
pub fn find(id: &str) -> Option<&'static dyn Renderer> {
    ALL.iter().find(|r| r.id() == id).copied()
}

/// How to write. Nothing in it changes what is said, save how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Decorate with ANSI colour.
    pub colour: bool,
    /// 0, or the number of `-v`: 1 adds chains and passes, 2 all evidence.
    pub verbosity: u8,
    /// More than one top-level subject may come: known before the first one is written.
    pub several: bool,
    /// Of members, list only those with something found.
    pub only_findings: bool,
    /// Deepest level of members that is listed one by one.
    pub depth: Option<usize>,
}
