//! Directories, walked in name order so that two runs see the same list.

use std::io;
use std::path::{Path, PathBuf};

/// Deepest directory nesting followed; deeper trees are made by mistake or malice.
const MAX_DEPTH: usize = 64;

/// A file to examine, or a place that could not be entered.
#[derive(Debug)]
pub enum Entry {
    /// A regular file.
    File(PathBuf),
    /// A symbolic link, device, socket or pipe: not examined.
    Skipped(PathBuf),
    /// A directory or entry that could not be read.
    Unreadable(PathBuf, io::Error),
}

/// Every regular file below `root`, depth first, by name. Symbolic links are not followed: a link may point out of the
/// tree or back into it.
pub fn files(root: &Path) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut stack = vec![(root.to_path_buf(), 0usize)];
    while let Some((path, depth)) = stack.pop() {
        let meta = match std::fs::symlink_metadata(&path) {
            Ok(meta) => meta,
            Err(error) => {
                found.push(Entry::Unreadable(path, error));
                continue;
            }
        };
        if meta.is_file() {
            found.push(Entry::File(path));
        } else if meta.is_dir() {
            match children(&path, depth) {
                Ok(children) => stack.extend(
                    children
                        .into_iter()
                        .rev()
                        .map(|c| (c, depth.saturating_add(1))),
                ),
                Err(error) => found.push(Entry::Unreadable(path, error)),
            }
        } else {
            found.push(Entry::Skipped(path));
        }
    }
    found
}

fn children(dir: &Path, depth: usize) -> io::Result<Vec<PathBuf>> {
    if depth >= MAX_DEPTH {
        return Err(io::Error::other(format!(
            "directories nested more than {MAX_DEPTH} deep"
        )));
    }
    let mut paths = std::fs::read_dir(dir)?
        .map(|e| e.map(|e| e.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::{Entry, files};

    #[test]
    fn files_come_in_name_order_and_links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("b")).unwrap();
        for name in ["c", "a", "b/z", "b/y"] {
            std::fs::write(dir.path().join(name), b"").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(dir.path(), dir.path().join("b/loop")).unwrap();
        let names: Vec<String> = files(dir.path())
            .into_iter()
            .map(|e| match e {
                Entry::File(p) => p
                    .strip_prefix(dir.path())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned(),
                Entry::Skipped(p) => format!("-{}", p.file_name().unwrap().to_string_lossy()),
                Entry::Unreadable(p, e) => panic!("{}: {e}", p.display()),
            })
            .collect();
        #[cfg(unix)]
        assert_eq!(names, ["a", "-loop", "b/y", "b/z", "c"]);
        #[cfg(not(unix))]
        assert_eq!(names, ["a", "b/y", "b/z", "c"]);
    }
}
