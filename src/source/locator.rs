//! Package locators: `pypi:NAME==V`, `npm:NAME@V`, `crates:NAME@V`, `deb:NAME=V`, each with the version optional.
//!
//! Strict on purpose: what a registry's client would read as a range, a tag or an option is refused, because a verdict is about
//! one release. Names: PEP 508, npm's package.json documentation, cargo's manifest documentation, Debian policy 5.6.1.

use std::fmt;

use super::registry::{pep440, semver};
use crate::base::debian_version;

/// Longest name or version: npm's limit for names, and more than any real version.
const MAX_LEN: usize = 214;

/// Which kind of registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ecosystem {
    /// Python packages.
    Pypi,
    /// Node packages.
    Npm,
    /// Rust crates.
    Crates,
    /// Debian packages.
    Deb,
}

impl Ecosystem {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pypi, Self::Npm, Self::Crates, Self::Deb];

    /// The prefix of a locator.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::Npm => "npm",
            Self::Crates => "crates",
            Self::Deb => "deb",
        }
    }

    /// What stands between name and version.
    fn separator(self) -> &'static str {
        match self {
            Self::Pypi => "==",
            Self::Npm | Self::Crates => "@",
            Self::Deb => "=",
        }
    }
}

/// One package, at one version or at the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator {
    /// Whose package.
    pub ecosystem: Ecosystem,
    /// Its name as typed; for npm with its scope.
    pub name: String,
    /// The version; the newest where none is named.
    pub version: Option<String>,
}

impl Locator {
    /// Reads a locator; `None` where the text is none.
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub fn parse(text: &str) -> Option<Result<Self, String>> {
        let (prefix, rest) = text.split_once(':')?;
        let ecosystem = Ecosystem::ALL.into_iter().find(|e| e.name() == prefix)?;
        Some(Self::of(ecosystem, rest))
    }

    fn of(ecosystem: Ecosystem, rest: &str) -> Result<Self, String> {
        let separator = ecosystem.separator();
        // The scope of an npm name begins with the same sign that ends the name.
        let skip = usize::from(rest.starts_with('@'));
        let at = rest
            .get(skip..)
            .and_then(|r| r.find(separator))
            .map(|at| at.saturating_add(skip));
        let (name, version) = match at {
            None => (rest, None),
            Some(at) => {
                let after = at.saturating_add(separator.len());
                let version = rest.get(after..).unwrap_or_default();
                (rest.get(..at).unwrap_or_default(), Some(version))
            }
        };
        let fits = |text: &str| !text.is_empty() && text.len() <= MAX_LEN;
        if !fits(name) || !is_name(ecosystem, name) {
            return Err(format!("`{name}` is no {} package name", ecosystem.name()));
        }
        if let Some(version) = version
            && !(fits(version) && is_version(ecosystem, version))
        {
            return Err(format!(
                "`{version}` is no single {} version; write {}:NAME{separator}VERSION",
                ecosystem.name(),
                ecosystem.name()
            ));
        }
        Ok(Self {
            ecosystem,
            name: name.to_owned(),
            version: version.map(str::to_owned),
        })
    }

    /// The same at this version.
    #[must_use]
    pub fn at(&self, version: &str) -> Self {
        Self {
            version: Some(version.to_owned()),
            ..self.clone()
        }
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.ecosystem.name(), self.name)?;
        match &self.version {
            None => Ok(()),
            Some(version) => write!(f, "{}{version}", self.ecosystem.separator()),
        }
    }
}

fn is_name(ecosystem: Ecosystem, name: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let all = |more: &str| {
        name.chars()
            .all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    match ecosystem {
        Ecosystem::Pypi => {
            all("._-") && edge(name.chars().next()) && edge(name.chars().next_back())
        }
        Ecosystem::Npm => match name.strip_prefix('@') {
            None => is_npm_part(name),
            Some(scoped) => scoped
                .split_once('/')
                .is_some_and(|(scope, name)| is_npm_part(scope) && is_npm_part(name)),
        },
        Ecosystem::Crates => {
            all("_-") && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        }
        Ecosystem::Deb => {
            all("+.-")
                && name.len() >= 2
                && edge(name.chars().next())
                && !name.contains(|c: char| c.is_ascii_uppercase())
        }
    }
}

fn is_npm_part(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with(['.', '_'])
        && part
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c))
}

fn is_version(ecosystem: Ecosystem, version: &str) -> bool {
    match ecosystem {
        Ecosystem::Pypi => pep440::Version::parse(version).is_some(),
        Ecosystem::Npm | Ecosystem::Crates => semver::Version::parse(version).is_some(),
        Ecosystem::Deb => debian_version::Version::parse(version).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Ecosystem, Locator};

    fn read(text: &str) -> (Ecosystem, String, Option<String>) {
        let locator = Locator::parse(text).unwrap().unwrap();
        assert_eq!(locator.to_string(), text);
        (locator.ecosystem, locator.name, locator.version)
    }

    #[test]
    fn every_form_is_read_and_written_back() {
        let v = |text: &str| Some(text.to_owned());
        assert_eq!(
            read("pypi:a.B_c==1.0rc1"),
            (Ecosystem::Pypi, "a.B_c".into(), v("1.0rc1"))
        );
        assert_eq!(read("pypi:x"), (Ecosystem::Pypi, "x".into(), None));
        assert_eq!(
            read("npm:a@1.2.3"),
            (Ecosystem::Npm, "a".into(), v("1.2.3"))
        );
        assert_eq!(
            read("npm:@s/a@1.2.3-b.1"),
            (Ecosystem::Npm, "@s/a".into(), v("1.2.3-b.1"))
        );
        assert_eq!(read("npm:@s/a"), (Ecosystem::Npm, "@s/a".into(), None));
        assert_eq!(
            read("crates:a_b@1.0.0+c"),
            (Ecosystem::Crates, "a_b".into(), v("1.0.0+c"))
        );
        assert_eq!(
            read("deb:libstdc++6=1:2.0~rc1-3+b1"),
            (Ecosystem::Deb, "libstdc++6".into(), v("1:2.0~rc1-3+b1"))
        );
    }

    #[test]
    fn ranges_tags_options_paths_and_empty_parts_are_refused() {
        for wrong in [
            "pypi:",
            "pypi:==1",
            "pypi:a==",
            "pypi:a>=1",
            "pypi:a[b]==1",
            "pypi:a==1.*",
            "pypi:-a",
            "pypi:a/../b",
            "npm:@s",
            "npm:@/a",
            "npm:@s/a/b",
            "npm:a@^1.0.0",
            "npm:a@latest",
            "npm:../a",
            "npm:a@1",
            "npm:a?b",
            "crates:1a",
            "crates:a@1.0",
            "crates:a/b",
            "deb:A",
            "deb:a",
            "deb:ab=",
            "deb:ab=x",
            "deb:ab=1 2",
            "deb:../x",
            "deb:ab=1:2:x y",
        ] {
            assert!(Locator::parse(wrong).unwrap().is_err(), "{wrong}");
        }
        assert!(
            Locator::parse(&format!("pypi:{}", "a".repeat(300)))
                .unwrap()
                .is_err()
        );
    }

    #[test]
    fn what_has_no_known_prefix_is_no_locator() {
        for other in ["a.exe", "C:\\a.exe", "gem:a", "https://h/a", ""] {
            assert!(Locator::parse(other).is_none(), "{other}");
        }
    }
}
