//! Containers: where the signatures are, which bytes each covers, what the file says of itself.
//!
//! A format never asks whether a signature is true, and never fails a file for a part that no signature needs. What holds other
//! files lists and decodes them through [`Inside`]; the pipeline decides which are opened, and examines each like any file.
//!
//! # How to add a format
//!
//! 1. One file `src/format/<id>.rs`, or a folder with the same file names as `pe/`: `mod.rs` (card and trait), `layout.rs`
//!    (structures), `extract.rs` (signatures, coverage, anomalies).
//! 2. Its `mod` line and its entry in [`ALL`] below, which stand side by side.
//!    A container of files also has `members.rs` ([`Inside`]).
//! 3. Its findings and malformed reasons in a `findings.rs` of its own, named in [`findings::ALL`], each with
//!    `docs/findings/<id>.md`.
//! 4. One fixture folder, and a fuzz target for its reader.
//!
//! The support table is generated from the [`Card`]s.

pub mod codec;
mod coding;
pub mod config;
pub mod endpoints;
mod error;
mod fields;
pub mod findings;
mod inside;
pub mod listing;
mod look;
pub mod overlay;
mod unexamined;
pub mod updater;

pub mod asar;
pub mod cab;
pub mod cat;
pub mod cfb;
pub mod clickonce;
pub mod compressed;
pub mod cpio;
pub mod deb;
pub mod msi;
pub mod msix;
pub mod nuget;
pub mod office;
pub mod p7x;
pub mod pe;
pub mod rpm;
pub mod script;
pub mod sevenz;
pub mod tar;
#[cfg(test)]
pub(crate) mod testing;
pub mod vsix;
pub mod xml;
pub mod zip;

/// Every format, in the order they are asked.
pub static ALL: &[&dyn Format] = &[
    &pe::Pe,
    &msi::Msi,
    &cfb::Cfb,
    &cab::Cab,
    &deb::Deb,
    &rpm::Rpm,
    &cpio::Cpio,
    &cat::Cat,
    &clickonce::ClickOnce,
    &p7x::P7x,
    &msix::Msix,
    &office::Office,
    &vsix::Vsix,
    &nuget::NuGet,
    &zip::Zip,
    &sevenz::SevenZ,
    &asar::Asar,
    &tar::Tar,
    &compressed::Compressed,
    &script::Script,
];

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::model::extract::Extract;

pub use error::Error;
pub use inside::{Content, Entry, Inside, Kind, Out};
pub use unexamined::unexamined;

/// Bytes of a file's start that are enough for every [`Format::detect`].
pub const HEAD_LEN: usize = 512;

/// One container format.
pub trait Format: Sync {
    /// What it can do.
    fn card(&self) -> &'static Card;

    /// Whether a file claims to be of this format. Cheap and generous: a file that then breaks the rules is malformed, not of
    /// another format. Formats that are special cases of another stand before it in [`ALL`].
    fn detect(&self, sniff: &Sniff<'_>) -> bool;

    /// Reads what the container holds.
    ///
    /// # Errors
    /// Where the file cannot be read, breaks a rule that its signatures depend on, or is over a limit.
    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error>;

    /// Opens what holds other files; `None` for what holds none.
    ///
    /// # Errors
    /// Where the list of members cannot be read; what could be read of the container itself stands in [`Format::extract`].
    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        let _ = (blob, budget);
        Ok(None)
    }
}

/// What a format may look at to recognise a file.
#[derive(Clone, Copy)]
pub struct Sniff<'a> {
    /// The first [`HEAD_LEN`] bytes, fewer where the file is shorter.
    pub head: &'a [u8],
    /// File name or path, for formats without a magic number (scripts); never trusted where the content can tell.
    pub name: &'a str,
    /// The file, for those whose mark stands elsewhere.
    pub blob: &'a dyn ReadAt,
}

impl std::fmt::Debug for Sniff<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sniff")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<'a> Sniff<'a> {
    /// Of bytes in memory that have no name.
    pub fn of(bytes: &'a Vec<u8>) -> Self {
        Self {
            head: bytes.get(..HEAD_LEN).unwrap_or(bytes),
            name: "",
            blob: bytes,
        }
    }

    /// The name ends in one of these extensions, given in lower case without the dot.
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        let name = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        name.rsplit_once('.').is_some_and(|(_, extension)| {
            extensions.iter().any(|e| extension.eq_ignore_ascii_case(e))
        })
    }
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

/// The format that a file claims to be.
pub fn detect(sniff: &Sniff<'_>) -> Option<&'static dyn Format> {
    ALL.iter().copied().find(|format| format.detect(sniff))
}

#[cfg(test)]
mod tests {
    use super::{ALL, Sniff, detect};

    #[test]
    fn ids_are_unique_and_an_empty_file_is_of_no_format() {
        let ids: std::collections::BTreeSet<_> = ALL.iter().map(|f| f.card().id).collect();
        assert_eq!(ids.len(), ALL.len());
        assert!(detect(&Sniff::of(&Vec::new())).is_none());
        let pe = detect(&Sniff::of(&b"MZ".to_vec()));
        assert_eq!(pe.map(|f| f.card().id), Some("pe"));
    }
}
