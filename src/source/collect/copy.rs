//! A copy of a channel on disk: a mirror's tree, a download, a fixture. `file:///x` is `x` below its root.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::Asker;
use crate::base::blob::ReadAt;
use crate::model::channel::{Fetch, FetchOutcome};
use crate::model::collection::{Collected, Want};
use crate::source::file::FileBlob;
use crate::source::walk::{self, Entry};

/// Files named of one copy, for recognising its kind; a mirror of a whole distribution has more, and needs none of the rest for it.
const MAX_LISTED: usize = 100_000;
/// How much is hashed at once.
const CHUNK: u64 = 1 << 20;
/// Small files are held in memory and their handles given back.
const IN_MEMORY: u64 = 2 << 20;

/// A copy on disk.
#[derive(Debug)]
pub struct Copy {
    root: PathBuf,
}

impl Copy {
    /// The copy below `root`.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn open(root: &Path) -> io::Result<Self> {
        Ok(Self {
            root: std::fs::canonicalize(root)?,
        })
    }

    fn open_file(&self, url: &str) -> io::Result<FileBlob> {
        let path = url.strip_prefix("file:///").unwrap_or_default();
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let full = std::fs::canonicalize(self.root.join(path))?;
        // A mirror's links lead from one suite to another; none of them may lead out.
        if !full.starts_with(&self.root) {
            return Err(io::Error::other("it leads out of the copy"));
        }
        FileBlob::open(&full)
    }
}

impl Asker for Copy {
    fn ask(&self, want: &Want, limit: u64, _: Duration) -> Collected {
        let mut fetch = Fetch {
            url: want.url.clone(),
            ..Fetch::default()
        };
        let mut body: Option<Arc<dyn ReadAt>> = None;
        fetch.outcome = if !want.url.starts_with("file:///") {
            FetchOutcome::Failed("not in the copy on disk".to_owned())
        } else {
            match self.open_file(&want.url) {
                Ok(blob) if blob.size() > limit => {
                    FetchOutcome::Failed(format!("over the limit of {limit} bytes"))
                }
                Ok(blob) => match held(blob) {
                    Ok((held, digest)) => {
                        fetch.size = held.size();
                        fetch.sha256 = digest;
                        body = Some(held);
                        FetchOutcome::Whole
                    }
                    Err(error) => FetchOutcome::Failed(error.to_string()),
                },
                // As a server would say it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => FetchOutcome::Status(404),
                Err(error) => FetchOutcome::Failed(error.to_string()),
            }
        };
        Collected {
            fetch,
            body,
            artifact: want.artifact,
        }
    }
}

/// A file with its SHA-256.
pub(super) fn held(blob: FileBlob) -> io::Result<(Arc<dyn ReadAt>, Vec<u8>)> {
    if blob.size() <= IN_MEMORY {
        let bytes = blob.read_range(0..blob.size())?;
        let digest = Sha256::digest(&bytes).to_vec();
        return Ok((Arc::new(bytes), digest));
    }
    let mut hash = Sha256::new();
    let mut at = 0u64;
    while at < blob.size() {
        let end = at.saturating_add(CHUNK).min(blob.size());
        hash.update(blob.read_range(at..end)?);
        at = end;
    }
    Ok((Arc::new(blob), hash.finalize().to_vec()))
}

/// Files below `root`, with `/` between parts, in name order.
pub fn listed(root: &Path) -> Vec<String> {
    let named = walk::files(root)
        .into_iter()
        .filter_map(|entry| match entry {
            Entry::File(path) => {
                let inside = path.strip_prefix(root).ok()?;
                let parts: Vec<&str> = inside.iter().filter_map(|p| p.to_str()).collect();
                Some(parts.join("/"))
            }
            Entry::Skipped(_) | Entry::Unreadable(..) => None,
        });
    named.take(MAX_LISTED).collect()
}

#[cfg(test)]
mod tests {
    use super::{Asker, Copy, listed};
    use crate::model::channel::FetchOutcome;
    use crate::model::collection::Want;
    use std::time::Duration;

    #[test]
    fn nothing_outside_of_the_copy_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        std::fs::create_dir_all(root.join("a")).unwrap();
        std::fs::write(root.join("a/in"), b"in").unwrap();
        std::fs::write(dir.path().join("out"), b"out").unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(dir.path().join("out"), root.join("link")).unwrap();
            std::os::unix::fs::symlink("a", root.join("b")).unwrap();
        }
        let copy = Copy::open(&root).unwrap();
        let ask = |url: &str, limit| {
            let found = copy.ask(&Want::document(url, "x", limit), limit, Duration::MAX);
            found.fetch.outcome
        };
        assert_eq!(ask("file:///a/in", 2), FetchOutcome::Whole);
        assert!(matches!(ask("file:///a/in", 1), FetchOutcome::Failed(_)));
        assert_eq!(ask("file:///a/none", 9), FetchOutcome::Status(404));
        assert!(matches!(ask("file:///../out", 9), FetchOutcome::Failed(_)));
        assert!(matches!(
            ask("https://h.example/", 9),
            FetchOutcome::Failed(_)
        ));
        #[cfg(unix)]
        {
            assert!(matches!(ask("file:///link", 9), FetchOutcome::Failed(_)));
            assert_eq!(ask("file:///b/in", 9), FetchOutcome::Whole);
        }
        assert_eq!(listed(&root), ["a/in"]);
    }
}
