//! What the user named, as a list of inputs in a fixed order.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::base::budget::Clock;
use crate::cli::Failure;
use crate::cli::args::RunArgs;
use crate::cli::evidence::Desk;
#[cfg(not(feature = "net"))]
use crate::cli::exit::Exit;
#[cfg(feature = "net")]
use crate::model::analysis::SubjectError;
#[cfg(feature = "net")]
use crate::source::client::Environment;
#[cfg(feature = "net")]
use crate::source::locator::Locator;
#[cfg(feature = "net")]
use crate::source::registry::{self, Choice, RemoteFile};
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
    /// To be fetched.
    #[cfg(feature = "net")]
    Remote(Box<RemoteFile>),
    /// Had to be found at a registry and was not.
    #[cfg(feature = "net")]
    NotFound(SubjectError),
}

/// Every input behind the arguments. Packages are looked up here, which may give several files for one.
pub(super) fn collect(
    args: &RunArgs,
    evidence: &Desk,
    clock: &dyn Clock,
) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    let mut stdin = false;
    for subject in &args.subjects {
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
        } else if is_remote(subject) {
            inputs.extend(remote(&path, args, evidence, clock)?);
        } else {
            inputs.push(Input {
                path,
                kind: Kind::Named(subject.clone()),
            });
        }
    }
    Ok(inputs)
}

/// An address or a package; a file of that name is a file.
pub(super) fn is_remote(subject: &Path) -> bool {
    let prefix = subject
        .to_str()
        .and_then(|s| s.split_once(':'))
        .map(|(prefix, _)| prefix);
    let known = matches!(
        prefix,
        Some("http" | "https" | "pypi" | "npm" | "crates" | "deb")
    );
    known && !subject.exists()
}

/// Several files may stand behind this subject.
pub(super) fn is_several(subject: &Path) -> bool {
    subject.is_dir() || (is_remote(subject) && subject.to_string_lossy().starts_with("pypi:"))
}

#[cfg(not(feature = "net"))]
fn remote(path: &str, _: &RunArgs, _: &Desk, _: &dyn Clock) -> Result<Vec<Input>, Failure> {
    Err(Failure {
        exit: Exit::Unavailable,
        error: anyhow!("{path}: built without network support; name a file"),
    })
}

#[cfg(feature = "net")]
fn remote(
    path: &str,
    args: &RunArgs,
    evidence: &Desk,
    clock: &dyn Clock,
) -> Result<Vec<Input>, Failure> {
    let wrong = |why: String| Failure::usage(anyhow!("{path}: {why}"));
    let Some(locator) = Locator::parse(path) else {
        let file = registry::address(path).map_err(wrong)?;
        return Ok(vec![Input {
            path: file.origin.locator.clone(),
            kind: Kind::Remote(Box::new(file)),
        }]);
    };
    let locator = locator.map_err(wrong)?;
    let choice = Choice {
        registry: args.registry.as_deref(),
        file: args.file.as_deref(),
    };
    let env = Environment::of_process();
    Ok(
        match registry::files(&locator, choice, &env, &evidence.wire, clock) {
            Ok(files) => files
                .into_iter()
                .map(|file| Input {
                    path: format!("{}!/{}", file.origin.locator, file.name),
                    kind: Kind::Remote(Box::new(file)),
                })
                .collect(),
            Err(error) => vec![Input {
                path: locator.to_string(),
                kind: Kind::NotFound(error.to_subject_error()),
            }],
        },
    )
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
