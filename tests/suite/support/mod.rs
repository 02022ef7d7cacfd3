//! What several subjects share: where peers' suites lie, and the builders that fixtures and hostile variants are made with.
#![allow(dead_code, reason = "a toolbox: each subject uses a part of it")]

pub(crate) mod anchors;
#[path = "../../../src/format/cab/testing.rs"]
pub(crate) mod cab;
pub(crate) mod cfb;
pub(crate) mod channel;
pub(crate) mod cms;
pub(crate) mod der;
pub(crate) mod divergence;
pub(crate) mod gleif;
pub(crate) mod golden;
pub(crate) mod judge;
pub(crate) mod keys;
pub(crate) mod msi;
pub(crate) mod msix;
pub(crate) mod openpgp;
pub(crate) mod pe;
pub(crate) mod pki;
pub(crate) mod signed;
pub(crate) mod vsix;
pub(crate) mod web;
pub(crate) mod xmldsig;
pub(crate) mod zip;

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

/// A test's own input, whole.
#[expect(
    clippy::disallowed_methods,
    reason = "inputs of tests are small and named by the test"
)]
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of a suite's tab-separated list, by the names in its first line.
pub(crate) fn table(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let text = String::from_utf8(bytes(path)).expect("UTF-8");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    lines
        .map(|line| {
            names
                .iter()
                .zip(line.split('\t'))
                .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
                .collect()
        })
        .collect()
}
