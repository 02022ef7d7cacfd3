//! Restricted-party lists: one adapter a published form, each to [`ListEntry`].
//!
//! An adapter is pure: the octets of a file in, entries out. Fetching, keeping and swapping versions is the shell's work. To add a form,
//! write one file here with an [`Adapter`], and name it in [`ALL`] in alphabetical order; to add a list, write `data/lists/ID.toml`.
//!
//! Hostile files: a record has a limit of size, markup has no document type and so no entities of its own, and nothing is held beyond
//! one record, save for the two side tables of the OFAC form, whose rows are counted.

use std::collections::BTreeMap;
use std::io;

use time::Date;

use crate::model::list::ListEntry;

mod country;
mod csl;
mod entries;
mod eu;
mod eu_csv;
mod json;
mod numbers;
mod ofac;
mod opensanctions;
mod seco;
pub mod spec;
#[cfg(test)]
mod tests;
mod uk;
mod un;

pub use crate::base::records::{Error, MAX_RECORD};
pub use country::code as country_code;
pub use spec::Spec;

/// Most records of one file; the largest collection read here holds about half a million.
pub const MAX_RECORDS: u64 = 2_000_000;
/// Most names, numbers or countries of one entry.
const MAX_VALUES: usize = 2000;

/// Takes an entry; an error of its own ends the reading.
pub type Each<'e> = &'e mut dyn FnMut(ListEntry) -> Result<(), Error>;

/// One file of a list: the part it is, and its octets.
pub type Part<'p> = (&'static str, &'p mut dyn io::BufRead);

/// Reads one published form of one list or family of lists.
pub trait Adapter: Sync {
    /// Names the form in `data/lists/` and in messages: `ofac-csv`.
    fn id(&self) -> &'static str;

    /// The files that a list of this form consists of, the one with the entries first; those after it may be missing.
    fn parts(&self) -> &'static [&'static str] {
        &["list"]
    }

    /// Which part a file is that starts with these octets (a few kilobytes), and `None` where it is of another form.
    fn recognise(&self, start: &[u8]) -> Option<&'static str>;

    /// Hands every entry of `list` to `each`, in the file's order; the date that the file gives itself, if it does.
    ///
    /// # Errors
    /// The file is not of this form, or a record of it cannot be read; nothing after the error was seen.
    fn read(
        &self,
        list: &str,
        parts: &mut [Part<'_>],
        each: Each<'_>,
    ) -> Result<Option<Date>, Error>;
}

/// Every adapter, by id.
pub static ALL: &[&dyn Adapter] = &[
    &csl::Csv,
    &csl::Json,
    &eu_csv::Csv,
    &eu::Xml,
    &ofac::Csv,
    &opensanctions::Csv,
    &seco::Xml,
    &uk::Csv,
    &un::Xml,
];

/// The adapter of this id.
pub fn adapter(id: &str) -> Option<&'static dyn Adapter> {
    ALL.iter().copied().find(|a| a.id() == id)
}

/// The adapters that know a file by its first octets, each with the part it takes it for.
pub fn recognise(start: &[u8]) -> Vec<(&'static dyn Adapter, &'static str)> {
    ALL.iter()
        .copied()
        .filter_map(|a| Some((a, a.recognise(start)?)))
        .collect()
}

/// A list that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Its id: `us-ofac-sdn`.
    pub id: String,
    /// The instrument that says what its own entries mean: `US-OFAC-SDN`.
    pub instrument: String,
    /// Its title.
    pub title: String,
    /// The day it stands for: the file's own date, or the day it was fetched.
    pub as_of: Date,
    /// SHA-256 of its files, lower-case hexadecimal; of several, over their digests in order.
    pub sha256: String,
    /// Entries in it.
    pub entries: u64,
    /// Days after which it is stale.
    pub fresh_days: i64,
}

/// An entry with the place in [`Listed::lists`] of the list that it was found in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Index into [`Listed::lists`].
    pub list: usize,
    /// The entry.
    pub entry: ListEntry,
}

/// What the lists answer. One that cannot be read takes nothing away from the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Entries, in the order of [`Listed::lists`].
    pub found: Vec<Found>,
    /// Lists whose answer is none or not whole, by id, each with the reason.
    pub faults: BTreeMap<String, String>,
}

/// Entries of installed lists, looked up and never walked: the shell's store answers, or a table in memory.
///
/// What is returned are candidates: whether one is the party is the matcher's to say. Natural persons are not returned unless the
/// store was told that the user asks for them.
pub trait Listed: Sync {
    /// The lists that answer, in a fixed order. One that is not here was not screened.
    fn lists(&self) -> &[Installed];

    /// Lists that are installed and cannot be read, with the reason.
    fn broken(&self) -> &[(String, String)];

    /// Whether natural persons are returned: only where the user asked.
    fn persons(&self) -> bool {
        false
    }

    /// Entries that carry this number, by scheme and folded value.
    fn by_number(&self, scheme: &str, value: &str) -> Answer;

    /// Entries one of whose names has one of these blocking keys, each once.
    fn by_keys(&self, keys: &[String]) -> Answer;
}

/// No list is installed.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLists;

impl Listed for NoLists {
    fn lists(&self) -> &[Installed] {
        &[]
    }

    fn broken(&self) -> &[(String, String)] {
        &[]
    }

    fn by_number(&self, _: &str, _: &str) -> Answer {
        Answer::default()
    }

    fn by_keys(&self, _: &[String]) -> Answer {
        Answer::default()
    }
}

/// The one part of a form that has one.
fn only<'a, 'p>(
    form: &'static str,
    parts: &'a mut [Part<'p>],
) -> Result<&'a mut (dyn io::BufRead + 'p), Error> {
    match parts {
        [(_, input)] => Ok(&mut **input),
        _ => Err(Error::Form {
            form,
            why: format!("one file makes this list, not {}", parts.len()),
        }),
    }
}
