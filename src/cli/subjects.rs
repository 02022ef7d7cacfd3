//! What the user named, as a list of inputs in a fixed order.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::Failure;
use crate::source::walk;

/// One thing to examine.
#[derive(Debug)]
pub(super) struct Input {
    /// As reports name it.
    pub(super) path: String,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// Named by the user: it is an error if it cannot be examined.
    Named(PathBuf),
    /// Met in a directory: passed over where it is of no known format.
    Met(PathBuf),
    /// Standard input.
    Stdin,
    /// Met in a directory and no regular file.
    Skipped,
    /// Could not be entered.
    Unreadable(String),
}

/// Every input behind the arguments.
pub(super) fn collect(subjects: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    let mut stdin = false;
    for subject in subjects {
        let path = subject.to_string_lossy().into_owned();
        if subject.as_os_str() == "-" {
            if stdin {
                return Err(Failure::usage(anyhow!(
                    "standard input can be read only once"
                )));
            }
            stdin = true;
            inputs.push(Input {
                path,
                kind: Kind::Stdin,
            });
        } else if subject.is_dir() {
            inputs.extend(walk::files(subject).into_iter().map(met));
        } else {
            if let Some(what) = locator(subject, &path) {
                return Err(Failure::usage(anyhow!(
                    "{path}: {what} cannot be fetched by this version; name a file"
                )));
            }
            inputs.push(Input {
                path,
                kind: Kind::Named(subject.clone()),
            });
        }
    }
    Ok(inputs)
}

/// Subjects of other kinds, said plainly instead of "no such file"; a file of that name is a file.
fn locator(subject: &Path, path: &str) -> Option<&'static str> {
    if subject.exists() {
        return None;
    }
    match path.split_once(':')? {
        ("http" | "https", _) => Some("an address"),
        ("pypi" | "npm" | "crates" | "deb", _) => Some("a package"),
        _ => None,
    }
}

fn met(entry: walk::Entry) -> Input {
    match entry {
        walk::Entry::File(path) => Input {
            path: path.to_string_lossy().into_owned(),
            kind: Kind::Met(path),
        },
        walk::Entry::Skipped(path) => Input {
            path: path.to_string_lossy().into_owned(),
            kind: Kind::Skipped,
        },
        walk::Entry::Unreadable(path, error) => Input {
            path: path.to_string_lossy().into_owned(),
            kind: Kind::Unreadable(reason(&error)),
        },
    }
}

/// The operating system's words without its number.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}
