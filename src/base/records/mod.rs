//! Files of many records, read one record at a time: delimited text and markup.
//!
//! Nothing is held beyond one record, and a record has a limit of size, so that a file of any length costs no more memory than its
//! longest record may.

pub(crate) mod delimited;
pub(crate) mod markup;

use std::io;

/// Longest record of any form, in octets; the longest of real lists, with every alias and remark, stay under 64 KiB.
pub const MAX_RECORD: usize = 1 << 20;

/// Why a file of records could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not the form that is read: a changed header, an HTML page, another file.
    #[error("not a {form} file: {why}")]
    Form {
        /// The form.
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
