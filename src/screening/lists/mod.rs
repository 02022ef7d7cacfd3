//! Restricted-party lists: one adapter a published form, each to [`ListEntry`].
//!
//! An adapter is pure: the octets of a file in, entries out. Fetching, keeping and swapping versions is the shell's work. To add a list,
//! write one file here with an [`Adapter`], and name it in [`ALL`] in alphabetical order.

use std::io;

use crate::model::list::ListEntry;

/// Reads one published form of one list or family of lists.
pub trait Adapter: Sync {
    /// Names the form on the command line and in reports: `us-ofac-sdn`.
    fn id(&self) -> &'static str;

    /// Hands every entry of `input` to `each`, in the file's order, without holding the file.
    ///
    /// # Errors
    /// The file is not of this form, or a record of it cannot be read; nothing after the error was seen.
    fn read(
        &self,
        input: &mut dyn io::BufRead,
        each: &mut dyn FnMut(ListEntry) -> Result<(), Error>,
    ) -> Result<(), Error>;
}

/// Why a list could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not the form that the adapter reads: a changed header, an HTML page, another file.
    #[error("not a {form} file: {why}")]
    Form {
        /// The adapter.
        form: &'static str,
        /// What is missing or wrong.
        why: String,
    },
    /// A record of the file cannot be read.
    #[error("record {record}: {why}")]
    Record {
        /// Its number, from one.
        record: u64,
        /// What is wrong.
        why: String,
    },
    /// The file could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Every adapter.
pub static ALL: &[&dyn Adapter] = &[];

/// Entries of installed lists, looked up and never walked: the shell's store answers, or a table in memory.
///
/// What is returned are candidates: whether one is the party is the matcher's to say.
pub trait Listed: Sync {
    /// Entries that carry this number, by scheme and folded value.
    fn by_number(&self, scheme: &str, value: &str) -> Vec<ListEntry>;

    /// Entries one of whose names has this blocking key.
    fn by_key(&self, key: &str) -> Vec<ListEntry>;
}
