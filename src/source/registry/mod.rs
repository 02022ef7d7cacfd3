//! What registries state of a package's files: which there are, where they are, by which digests.
//!
//! One file a kind: the simple API of Python (PEP 503, 691, 700), npm's packument, cargo's sparse index, apt's repositories. Each
//! ends in [`RemoteFile`]s that carry the edges of the chain from the registry down to them. Signatures over these documents are
//! not verified here: where one is offered, an edge of unknown status and a gap say so.

mod crates;
mod deb;
mod html;
mod npm;
pub mod pep440;
mod pypi;
pub mod semver;

use std::time::Duration;

use reqwest::Url;

use super::client::{self, Configured, Environment, apt, cargo, pip};
use super::digest;
use super::http::{self, Access, Deadline, Schemes, Site};
use super::locator::{Ecosystem, Locator};
use super::wire::Wire;
use crate::base::blob::ReadAt;
use crate::base::budget::Clock;
use crate::model::analysis::{ErrorKind, SubjectError};
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::Gap;
use crate::model::origin::{Edge, Link, Origin, Registry, Stated};

/// Largest document of a registry; the largest project pages and packuments seen are about 30 MB.
const MAX_DOCUMENT: u64 = 128 << 20;
/// One document may take this long.
const DOCUMENT_TIME: Duration = Duration::from_secs(180);
/// Files of one release that are fetched; the projects with most wheels have a few hundred.
const MAX_FILES: usize = 2000;

/// Why a package cannot be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nobody to ask.
    #[error(transparent)]
    Client(#[from] client::Error),
    /// No good answer.
    #[error("{url}: {error}")]
    Http {
        /// What was asked.
        url: String,
        /// What came of it.
        error: http::Error,
    },
    /// The registry has no such thing.
    #[error("{0}")]
    NotThere(String),
    /// The registry's answer breaks the rules of its kind.
    #[error("{url}: {why}")]
    Malformed {
        /// The document.
        url: String,
        /// What is wrong.
        why: String,
    },
}

impl Error {
    fn malformed(url: &Url, why: impl Into<String>) -> Self {
        Self::Malformed {
            url: url.to_string(),
            why: why.into(),
        }
    }

    /// As a report says it.
    pub fn to_subject_error(&self) -> SubjectError {
        let (kind, reason) = match self {
            Self::Client(client::Error::Nowhere { .. }) => {
                (ErrorKind::Unavailable, "registry-not-configured")
            }
            Self::Client(client::Error::Unusable { .. }) => {
                (ErrorKind::Unavailable, "registry-not-usable")
            }
            Self::Http { error, .. } => match error {
                http::Error::Unreachable(_) => (ErrorKind::Unavailable, "not-fetched"),
                http::Error::Status(_) => (ErrorKind::Unavailable, "answer-not-ok"),
                http::Error::Time(_) => (ErrorKind::Unavailable, "too-slow"),
                http::Error::Size(_) => (ErrorKind::Limit, "over-limit"),
            },
            Self::NotThere(_) => (ErrorKind::Unreadable, "package-not-found"),
            Self::Malformed { .. } => (ErrorKind::Unreadable, "registry-malformed"),
        };
        SubjectError {
            kind,
            reason: reason.into(),
            message: self.to_string(),
        }
    }
}

/// One file that can be fetched, with what leads to it.
#[derive(Debug, Clone)]
pub struct RemoteFile {
    /// Its name, one path component; empty where the address alone names it.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// What may be reached for it.
    pub access: Access,
    /// Digests stated for it.
    pub digests: Vec<(DigestAlgorithm, Vec<u8>)>,
    /// Its size as stated.
    pub size: Option<u64>,
    /// What is known of it before it is fetched.
    pub origin: Origin,
}

/// A file that came.
#[derive(Debug)]
pub struct Fetched {
    /// Its bytes.
    pub file: super::file::FileBlob,
    /// Where it comes from, with the last edge.
    pub origin: Origin,
}

/// What the user asks beside the locator.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'a> {
    /// `--registry`.
    pub registry: Option<&'a str>,
    /// `--file`: with `*` and `?`.
    pub file: Option<&'a str>,
}

/// Finds the files of a package.
///
/// # Errors
/// Where there is nobody to ask, no good answer, or no such package.
pub fn files(
    locator: &Locator,
    choice: Choice<'_>,
    env: &Environment,
    wire: &Wire,
    clock: &dyn Clock,
) -> Result<Vec<RemoteFile>, Error> {
    let ask = |access: Access| Ask {
        wire,
        clock,
        access,
    };
    let configured = |own: &dyn Fn() -> Result<Configured, client::Error>| match choice.registry {
        Some(flag) => Configured::by_flag(flag),
        None => own(),
    };
    let mut files = match locator.ecosystem {
        Ecosystem::Pypi => {
            let index = configured(&|| pip::index(env))?;
            pypi::files(locator, &index, &ask(index_access(&index)))?
        }
        Ecosystem::Npm => {
            let scope = locator.name.split_once('/').map(|(scope, _)| scope);
            let index = configured(&|| client::npm::registry(env, scope))?;
            npm::files(locator, &index, &ask(index_access(&index)))?
        }
        Ecosystem::Crates => {
            let index = configured(&|| cargo::index(env))?;
            crates::files(locator, &index, &ask(index_access(&index)))?
        }
        Ecosystem::Deb => {
            let architecture = deb::architecture();
            let sources = match choice.registry {
                Some(flag) => apt::by_flag(flag)?,
                None => apt::sources(env, architecture)?,
            };
            deb::files(locator, &sources, architecture, wire, clock)?
        }
    };
    if let Some(pattern) = choice.file {
        files.retain(|f| matches(pattern, &f.name));
    }
    if files.is_empty() {
        return Err(Error::NotThere(match choice.file {
            Some(pattern) => format!("{locator} has no file `{pattern}`"),
            None => format!("{locator} has no file"),
        }));
    }
    if files.len() > MAX_FILES {
        return Err(Error::NotThere(format!(
            "{locator} has {} files, over the limit of {MAX_FILES}; name some with --file",
            files.len()
        )));
    }
    Ok(files)
}

/// A file by its address, which the user named.
///
/// # Errors
/// Where `text` is no address.
pub fn address(text: &str) -> Result<RemoteFile, String> {
    let url = Url::parse(text).map_err(|e| e.to_string())?;
    let shown = http::without_credentials(&url);
    Ok(RemoteFile {
        name: String::new(),
        access: Access {
            schemes: Schemes::Both,
            named: Site::of(&url).into_iter().collect(),
            hosts: Vec::new(),
            credentials: http::Credential::of_url(&url).into_iter().collect(),
        },
        digests: Vec::new(),
        size: None,
        origin: Origin {
            locator: shown.to_string(),
            registry: None,
            url: shown.to_string(),
            hops: Vec::new(),
            documents: Vec::new(),
            yanked: None,
            stated: Vec::new(),
            edges: Vec::new(),
            gaps: Vec::new(),
        },
        url: shown,
    })
}

impl RemoteFile {
    /// Fetches it and compares what came with what is stated.
    ///
    /// # Errors
    /// Where it does not come whole.
    pub fn fetch(
        &self,
        wire: &Wire,
        max_size: u64,
        deadline: &Deadline<'_>,
        progress: &dyn Fn(u64, Option<u64>),
    ) -> Result<Fetched, Error> {
        // Nothing longer than stated can match, so there is no reason to take more.
        let limit = self.size.map_or(max_size, |stated| stated.min(max_size));
        let http = |error| Error::Http {
            url: self.url.to_string(),
            error,
        };
        let download = wire
            .file(&self.access, &self.url, limit, deadline, progress)
            .map_err(http)?;
        let mut origin = self.origin.clone();
        origin.hops = download.hops;
        if origin.registry.is_some() {
            let edge = self
                .last_edge(&download.file)
                .map_err(|e| http(http::Error::Unreachable(e.to_string())))?;
            origin.edges.push(edge);
        }
        Ok(Fetched {
            file: download.file,
            origin,
        })
    }

    /// By the strongest algorithm alone; where it is stated more than once, one match is enough, as for SRI.
    fn last_edge(&self, file: &dyn ReadAt) -> std::io::Result<Edge> {
        let what = "the registry's statement to the file";
        let Some(algorithm) = self.digests.iter().map(|(a, _)| *a).max() else {
            return Ok(Edge::open(
                Link::File,
                what,
                "no digest of the file is stated",
            ));
        };
        let computed = digest::of(file, algorithm)?.unwrap_or_default();
        let mut stated = self
            .digests
            .iter()
            .filter(|(a, _)| *a == algorithm)
            .map(|(_, d)| d);
        let first = stated.clone().next().cloned().unwrap_or_default();
        let matching = stated.find(|d| **d == computed).cloned();
        Ok(Edge::compared(
            Link::File,
            what,
            algorithm,
            matching.unwrap_or(first),
            computed,
        ))
    }
}

/// The registry alone may have a private address; files and redirects elsewhere may not.
fn index_access(index: &Configured) -> Access {
    Access {
        schemes: Schemes::Both,
        named: Site::of(&index.url).into_iter().collect(),
        hosts: Vec::new(),
        credentials: index.credentials.clone(),
    }
}

/// What is needed to ask one registry.
struct Ask<'a> {
    wire: &'a Wire,
    clock: &'a dyn Clock,
    access: Access,
}

/// A registry's document with the address that it came from at last.
struct Answer {
    body: Vec<u8>,
    base: Url,
    documents: Vec<String>,
}

impl Ask<'_> {
    /// A document that has to be there.
    fn document(&self, url: &Url, accept: &str) -> Result<Answer, Error> {
        let deadline = Deadline::start(DOCUMENT_TIME, self.clock);
        let http = |error| Error::Http {
            url: url.to_string(),
            error,
        };
        let document = self
            .wire
            .document(&self.access, url, accept, MAX_DOCUMENT, &deadline)
            .map_err(http)?;
        let base = match document.hops.last() {
            Some(last) => Url::parse(last).map_err(|e| Error::malformed(url, e.to_string()))?,
            None => url.clone(),
        };
        let mut documents = vec![url.to_string()];
        documents.extend(document.hops);
        Ok(Answer {
            body: document.body,
            base,
            documents,
        })
    }

    /// The same, saying plainly that the registry does not know the package.
    fn package(&self, locator: &Locator, url: &Url, accept: &str) -> Result<Answer, Error> {
        self.document(url, accept).map_err(|error| match error {
            Error::Http {
                error: http::Error::Status(404 | 410 | 451),
                ..
            } => Error::NotThere(format!(
                "the registry has no {}:{}",
                locator.ecosystem.name(),
                locator.name
            )),
            other => other,
        })
    }
}

/// What the files of one registry have in common.
fn origin(locator: &Locator, index: &Configured, documents: Vec<String>) -> Origin {
    let beside = index.beside.iter().map(|what| Gap {
        what: format!("further registries: {what}"),
        why: "only the first is asked".into(),
    });
    Origin {
        locator: locator.to_string(),
        registry: Some(Registry {
            kind: locator.ecosystem.name(),
            address: index.url.to_string(),
            configured_by: index.by.clone(),
        }),
        url: String::new(),
        hops: Vec::new(),
        documents,
        yanked: None,
        stated: Vec::new(),
        edges: Vec::new(),
        gaps: beside.collect(),
    }
}

fn stated(key: &str, value: impl Into<String>) -> Stated {
    Stated {
        key: key.to_owned(),
        value: value.into(),
    }
}

/// `segments` below the registry's address, each escaped.
fn below(index: &Url, segments: &[&str]) -> Url {
    let mut url = index.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// A name that is one component of a path and nothing else.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0'])
}

/// `*` stands for anything, `?` for one character.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0usize, 0usize);
    // Where to take up again: behind the last star, with one character more given to it.
    let mut retry: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p.saturating_add(1), n));
                p = p.saturating_add(1);
            }
            Some(c) if *c == '?' || name.get(n) == Some(c) => {
                p = p.saturating_add(1);
                n = n.saturating_add(1);
            }
            _ => {
                let Some((after, taken)) = retry else {
                    return false;
                };
                retry = Some((after, taken.saturating_add(1)));
                p = after;
                n = taken.saturating_add(1);
            }
        }
    }
    pattern
        .get(p..)
        .unwrap_or_default()
        .iter()
        .all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::{is_file_name, matches};

    #[test]
    fn patterns_match_whole_names_and_end_soon() {
        for (pattern, name) in [
            ("*", ""),
            ("*.whl", "a.whl"),
            ("a?c", "abc"),
            ("*win*64*", "x-win_amd64.whl"),
            ("a**b", "ab"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("", "a"), ("*.whl", "a.whlx"), ("a?c", "ac"), ("[a]", "a")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
        assert!(!matches(&"*a".repeat(200), &"a".repeat(190)));
    }

    #[test]
    fn a_file_name_leads_nowhere() {
        assert!(is_file_name("a-1.0.whl"));
        for wrong in ["", ".", "..", "a/b", "..\\a", "a\0"] {
            assert!(!is_file_name(wrong));
        }
    }
}
