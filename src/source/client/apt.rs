//! apt's configuration: `sources.list`, then `sources.list.d/*.list` and `*.sources` (sources.list(5)).
//!
//! The lists that apt keeps on disk are not read: whoever could write there could vouch for anything.

use std::path::{Path, PathBuf};

use reqwest::Url;

use super::{Configured, Environment, Error, text};
use crate::source::deb822;
use crate::source::http::Credential;

/// Files of one folder; a machine has a dozen.
const MAX_FILES: usize = 1000;

/// One repository at one suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where `dists/` and `pool/` stand.
    pub url: Url,
    /// The suite; one that ends in a slash is a folder of packages itself.
    pub suite: String,
    /// Its components; none for such a folder.
    pub components: Vec<String>,
    /// Keys that may sign it, as configured.
    pub signed_by: Option<String>,
    /// The setting that names it.
    pub by: String,
    /// What it may be shown.
    pub credentials: Vec<Credential>,
}

/// All sources of binary packages, and what was passed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// In apt's order.
    pub all: Vec<Source>,
    /// Sources that cannot be asked over http or https.
    pub beside: Vec<String>,
}

/// What apt would ask for packages of `architecture`.
///
/// # Errors
/// Where there is none, or a file cannot be read.
pub fn sources(env: &Environment, architecture: &str) -> Result<Sources, Error> {
    let mut found = Sources::default();
    let apt = env.etc.join("apt");
    if let Some(list) = text(&apt.join("sources.list"))? {
        of_list(&list, &apt.join("sources.list"), architecture, &mut found)?;
    }
    for path in parts(&apt.join("sources.list.d")) {
        let Some(text) = text(&path)? else { continue };
        if path.extension().is_some_and(|e| e == "list") {
            of_list(&text, &path, architecture, &mut found)?;
        } else {
            of_deb822(&text, &path, architecture, &mut found)?;
        }
    }
    if found.all.is_empty() {
        return Err(Error::Nowhere {
            client: "apt",
            how: "name one in sources.list or sources.list.d",
        });
    }
    Ok(found)
}

/// A source named on the command line: `URL SUITE [COMPONENT…]`, as a line of `sources.list` has it.
///
/// # Errors
/// Where it is not of that form.
pub fn by_flag(value: &str) -> Result<Sources, Error> {
    let mut found = Sources::default();
    one_line(value, "--registry", "", &mut found)?;
    if found.all.is_empty() {
        return Err(Error::Unusable {
            by: "--registry".into(),
            why: "for deb it is \"URL SUITE [COMPONENT...]\" with an http or https address".into(),
        });
    }
    Ok(found)
}

/// Files that apt reads, in its order: by name, with no sign in it that editors and package managers put there.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let is_part = |path: &PathBuf| {
        let kind = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        matches!(kind, "list" | "sources")
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    };
    let paths = entries.filter_map(|e| e.ok().map(|e| e.path()));
    let mut paths: Vec<PathBuf> = paths.filter(is_part).take(MAX_FILES).collect();
    paths.sort();
    paths
}

fn of_list(text: &str, path: &Path, architecture: &str, found: &mut Sources) -> Result<(), Error> {
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        // `deb-src` names sources of source code.
        if let Some(rest) = line
            .strip_prefix("deb")
            .filter(|r| r.starts_with([' ', '\t']))
        {
            one_line(
                rest.trim(),
                &path.display().to_string(),
                architecture,
                found,
            )?;
        }
    }
    Ok(())
}

/// `[option=value …] URI SUITE COMPONENT…`
fn one_line(line: &str, by: &str, architecture: &str, found: &mut Sources) -> Result<(), Error> {
    let mut signed_by = None;
    let mut rest = line;
    if let Some((options, after)) = line.strip_prefix('[').and_then(|l| l.split_once(']')) {
        rest = after;
        for option in options.split_whitespace() {
            match option.split_once('=') {
                Some(("signed-by", value)) => signed_by = Some(value.to_owned()),
                Some(("arch", value)) if !value.split(',').any(|a| a == architecture) => {
                    return Ok(());
                }
                _ => {}
            }
        }
    }
    let mut words = rest.split_whitespace();
    if let (Some(uri), Some(suite)) = (words.next(), words.next()) {
        let components: Vec<&str> = words.collect();
        add(uri, suite, &components, signed_by, by, architecture, found)?;
    }
    Ok(())
}

fn of_deb822(
    text: &str,
    path: &Path,
    architecture: &str,
    found: &mut Sources,
) -> Result<(), Error> {
    for paragraph in deb822::paragraphs(text) {
        let words = |key: &str| paragraph.get(key).unwrap_or_default().split_whitespace();
        let off = paragraph
            .get("Enabled")
            .is_some_and(|e| matches!(e.trim(), "no" | "false" | "0"));
        let elsewhere = paragraph.get("Architectures").is_some()
            && !words("Architectures").any(|a| a == architecture);
        if off || elsewhere || !words("Types").any(|t| t == "deb") {
            continue;
        }
        let components: Vec<&str> = words("Components").collect();
        for uri in words("URIs") {
            for suite in words("Suites") {
                let signed_by = paragraph.get("Signed-By").map(key);
                add(
                    uri,
                    suite,
                    &components,
                    signed_by,
                    &path.display().to_string(),
                    architecture,
                    found,
                )?;
            }
        }
    }
    Ok(())
}

/// A key may stand there whole.
fn key(signed_by: &str) -> String {
    if signed_by.contains("BEGIN PGP") {
        "a key in the source itself".to_owned()
    } else {
        signed_by.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn add(
    uri: &str,
    suite: &str,
    components: &[&str],
    signed_by: Option<String>,
    by: &str,
    architecture: &str,
    found: &mut Sources,
) -> Result<(), Error> {
    if !uri.starts_with("http://") && !uri.starts_with("https://") {
        let scheme = uri.split(':').next().unwrap_or_default();
        found
            .beside
            .push(format!("a source reached by `{scheme}` in {by}"));
        return Ok(());
    }
    let configured = Configured::new(&uri.replace("$(ARCH)", architecture), by)?;
    found.all.push(Source {
        url: configured.url,
        suite: suite.replace("$(ARCH)", architecture),
        components: components.iter().map(|c| (*c).to_owned()).collect(),
        signed_by,
        by: by.to_owned(),
        credentials: configured.credentials,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{environment, write};
    use super::{Error, by_flag, sources};

    #[test]
    fn both_forms_are_read_in_order_and_what_is_off_or_elsewhere_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let env = environment(root, &[]);
        assert!(matches!(sources(&env, "amd64"), Err(Error::Nowhere { .. })));
        write(
            root,
            "etc/apt/sources.list",
            "# deb http://off.example x main\ndeb [arch=amd64,arm64 signed-by=/k.gpg] http://one.example/debian bookworm main contrib # why\ndeb-src http://src.example x main\ndeb [arch=s390x] http://far.example x main\ndeb cdrom:[disk]/ x main\n",
        );
        write(
            root,
            "etc/apt/sources.list.d/b.sources",
            "Types: deb deb-src\nURIs: https://two.example\nSuites: s s-updates\nComponents: main\nSigned-By: /a.gpg\n\nTypes: deb\nURIs: https://off.example\nSuites: s\nEnabled: no\n",
        );
        write(
            root,
            "etc/apt/sources.list.d/a.list",
            "deb https://u:p@flat.example/$(ARCH) ./\n",
        );
        write(
            root,
            "etc/apt/sources.list.d/c.sources.save",
            "Types: deb\nURIs: https://saved.example\nSuites: s\n",
        );
        let found = sources(&env, "amd64").unwrap();
        let said: Vec<String> = found
            .all
            .iter()
            .map(|s| format!("{} {} {}", s.url, s.suite, s.components.join(",")))
            .collect();
        assert_eq!(
            said,
            [
                "http://one.example/debian/ bookworm main,contrib",
                "https://flat.example/amd64/ ./ ",
                "https://two.example/ s main",
                "https://two.example/ s-updates main",
            ]
        );
        assert_eq!(found.all[0].signed_by.as_deref(), Some("/k.gpg"));
        assert_eq!(found.all[1].credentials.len(), 1);
        assert_eq!(found.beside.len(), 1, "{:?}", found.beside);
    }

    #[test]
    fn the_flag_is_a_line_without_its_first_word() {
        let found = by_flag("http://h.example/debian sid main").unwrap();
        assert_eq!(
            (found.all[0].suite.as_str(), found.all[0].by.as_str()),
            ("sid", "--registry")
        );
        for wrong in ["http://h.example/debian", "file:/x sid main", ""] {
            assert!(by_flag(wrong).is_err(), "{wrong}");
        }
    }
}
