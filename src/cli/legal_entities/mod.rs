//! Installed files of the LEI system: versions kept as lists are, each one packed file of records looked up by LEI.
//!
//! `gleif/ID/` holds one folder a version with `records.bin` and `meta.json`; `current` names the version in use and is replaced
//! last. The published file itself, several gigabytes, is not kept: its digest is, and it can be imported again.

mod import;
mod input;
mod store;
mod table;

use std::path::{Path, PathBuf};

pub(super) use import::import;
pub(super) use input::given;
pub(super) use store::{Store, status};

use crate::vendor::gleif::DataSet;

/// Folder inside the data folder.
const FOLDER: &str = "gleif";
/// The file that names the version in use.
const CURRENT: &str = "current";
const META: &str = "meta.json";
const RECORDS: &str = "records.bin";
/// Largest `meta.json` or `current`.
const MAX_META: u64 = 1 << 20;

/// The folder of a data set in the data folder.
fn folder(data: &Path, set: DataSet) -> PathBuf {
    data.join(FOLDER).join(set.id())
}
