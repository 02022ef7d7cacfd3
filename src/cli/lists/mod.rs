//! Installed restricted-party lists: versions kept, swapped in one step, looked up by an index on disk.
//!
//! `lists/ID/` holds one folder a version with the files as they came, `index.bin` and `meta.json`; `current` names the version in use
//! and is replaced last. Whatever happens before that, the old version is whole and in use. The index can be made again from the files.

mod command;
mod index;
mod install;
mod store;
#[cfg(feature = "net")]
mod update;

use std::path::{Path, PathBuf};

#[cfg(feature = "net")]
pub(super) use command::{known, spec};
pub(super) use command::{open, status, summary};
pub(super) use install::{clean, install};
pub(super) use store::Store;
#[cfg(feature = "net")]
pub(super) use update::{Options, update};

/// Folder of the lists inside the data folder.
const FOLDER: &str = "lists";
/// Largest file of a list; the largest published ones have about 300 MB.
const MAX_FILE: u64 = 1 << 30;
/// The file that names the version in use.
const CURRENT: &str = "current";
const META: &str = "meta.json";
const INDEX: &str = "index.bin";
/// Largest `meta.json` or `current`.
const MAX_META: u64 = 1 << 20;

/// The folder of a list in the data folder.
fn folder(data: &Path, id: &str) -> PathBuf {
    data.join(FOLDER).join(id)
}
