//! Trust anchors: those that the user names, else those that the kind's own client trusts on this machine.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::channel::{Dialect, GivenAnchor, Request};
use crate::cli::Failure;
use crate::cli::args::ChannelAsk;
use crate::model::channel::Provenance;
use crate::source::file;

/// Largest keyring or root document.
const MAX_ANCHOR: u64 = 16 << 20;
/// Keyrings of one folder.
const MAX_FILES: usize = 100;

/// The anchors of a request.
pub(super) fn of(
    dialect: &dyn Dialect,
    request: &mut Request,
    ask: &ChannelAsk,
) -> Result<Vec<GivenAnchor>, Failure> {
    let mut given = std::mem::take(&mut request.anchors);
    for path in &ask.keyrings {
        given.push(GivenAnchor {
            bytes: read(path)?,
            provenance: Provenance::UserSupplied(path.display().to_string()),
        });
    }
    if !given.is_empty() {
        return Ok(given);
    }
    for place in dialect.client_anchors(request) {
        let path = PathBuf::from(&place);
        let paths = if path.is_dir() {
            inside(&path)
        } else {
            vec![path]
        };
        for path in paths.iter().filter(|p| p.is_file()) {
            given.push(GivenAnchor {
                bytes: read(path)?,
                provenance: Provenance::DistroKeyring(path.display().to_string()),
            });
        }
    }
    Ok(given)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    file::read(path, MAX_ANCHOR)
        .with_context(|| format!("anchor {}", path.display()))
        .map_err(Failure::usage)
}

fn inside(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let is_keyring = |p: &PathBuf| {
        let ending = p.extension().and_then(|e| e.to_str());
        matches!(ending, Some("gpg" | "asc"))
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(is_keyring)
        .take(MAX_FILES)
        .collect();
    found.sort();
    found
}
