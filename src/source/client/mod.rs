//! Where the user's own package clients are configured to look. Files and variables are read; no client is ever run.
//!
//! The addresses that clients have compiled in are not known here, on purpose: which registry answers is the user's word, and
//! the report says which setting gave it.

pub mod apt;
pub mod cargo;
mod ini;
pub mod npm;
pub mod pip;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use reqwest::Url;

use super::file;
use super::http::{Credential, without_credentials};

/// Largest configuration file read; real ones are a few hundred bytes.
const MAX_CONFIG: u64 = 1 << 20;

/// What configuration is looked up by, so that tests need not change the process.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Environment variables.
    pub vars: BTreeMap<String, String>,
    /// Current directory.
    pub cwd: PathBuf,
    /// Folder of system-wide configuration.
    pub etc: PathBuf,
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Self {
        let vars = std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Self {
            vars: vars.collect(),
            cwd: std::env::current_dir().unwrap_or_default(),
            etc: PathBuf::from("/etc"),
        }
    }

    /// A variable that is set and not empty.
    fn var(&self, name: &str) -> Option<&str> {
        self.vars
            .get(name)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    }

    /// A variable, its name in any case, as npm reads them.
    fn var_in_any_case(&self, name: &str) -> Option<&str> {
        let mut found = self
            .vars
            .iter()
            .filter(|(k, _)| k.eq_ignore_ascii_case(name));
        found.find(|(_, v)| !v.is_empty()).map(|(_, v)| v.as_str())
    }

    fn home(&self) -> Option<PathBuf> {
        self.var("HOME")
            .or_else(|| self.var("USERPROFILE"))
            .map(PathBuf::from)
    }

    /// A file below a folder that a variable names.
    fn below(&self, variable: &str, path: &str) -> Option<PathBuf> {
        self.var(variable).map(|dir| Path::new(dir).join(path))
    }
}

/// A registry, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured {
    /// Its address, without credentials.
    pub url: Url,
    /// The setting that names it.
    pub by: String,
    /// What it may be shown.
    pub credentials: Vec<Credential>,
    /// What else the configuration names and nobody asked.
    pub beside: Vec<String>,
}

/// Why there is no registry to ask.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The user's configuration names none.
    #[error("no {client} registry is configured: {how}, or use --registry")]
    Nowhere {
        /// Whose configuration was read.
        client: &'static str,
        /// How to name one.
        how: &'static str,
    },
    /// It names one that cannot be used.
    #[error("{by}: {why}")]
    Unusable {
        /// The setting.
        by: String,
        /// Why not.
        why: String,
    },
}

impl Configured {
    /// A registry named by the user on the command line.
    ///
    /// # Errors
    /// Where `text` is no http or https address.
    pub fn by_flag(text: &str) -> Result<Self, Error> {
        Self::new(text, "--registry")
    }

    fn new(text: &str, by: &str) -> Result<Self, Error> {
        let unusable = |why: &str| Error::Unusable {
            by: by.to_owned(),
            why: why.to_owned(),
        };
        // Cargo marks a registry that is spoken to file by file so.
        let text = text.trim();
        let text = text.strip_prefix("sparse+").unwrap_or(text);
        let url = Url::parse(text).map_err(|_| unusable("not an address"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(unusable("not an http or https address"));
        }
        let mut shown = without_credentials(&url);
        shown.set_query(None);
        // What is below it is joined to it, which takes the last segment away where no slash ends it.
        if !shown.path().ends_with('/') {
            let path = format!("{}/", shown.path());
            shown.set_path(&path);
        }
        Ok(Self {
            url: shown,
            by: by.to_owned(),
            credentials: Credential::of_url(&url).into_iter().collect(),
            beside: Vec::new(),
        })
    }
}

/// A configuration file's text; `None` where there is no such file.
fn text(path: &Path) -> Result<Option<String>, Error> {
    match file::read_text(path, MAX_CONFIG) {
        Ok(text) => Ok(Some(text)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(Error::Unusable {
            by: path.display().to_string(),
            why: error.to_string(),
        }),
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::Environment;
    use std::path::Path;

    /// An environment of its own below `root`.
    pub(in crate::source) fn environment(root: &Path, vars: &[(&str, &str)]) -> Environment {
        let home = root.join("home");
        let mut vars: std::collections::BTreeMap<String, String> = vars
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        vars.entry("HOME".into())
            .or_insert(home.display().to_string());
        Environment {
            vars,
            cwd: root.join("project"),
            etc: root.join("etc"),
        }
    }

    /// Writes a file below `root`.
    pub(in crate::source) fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}
