//! What several subjects share: where peers' suites lie, and the builders that fixtures and hostile variants are made with.
#![allow(dead_code, reason = "a toolbox: each subject uses a part of it")]

pub(crate) mod der;

use std::path::{Path, PathBuf};

/// The crate's own directory.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file or folder of the peers' suites, at `$BONAFIDE_CORPUS` or beside the crate; says so on one line where it is absent.
pub(crate) fn corpus(path: &str) -> Option<PathBuf> {
    let base = std::env::var_os("BONAFIDE_CORPUS")
        .map_or_else(|| root().join("../shared/corpus"), PathBuf::from);
    let found = base.join(path);
    if found.exists() {
        Some(found)
    } else {
        println!("skipped: the suite {path} is not at hand");
        None
    }
}
