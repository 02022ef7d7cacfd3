//! What a user names: `[options] URL SUITE [COMPONENT...]` as a line of sources.list(5), the address of a suite, or a copy on disk.

use super::release::fingerprints;
use crate::channel::{Error, Request, address};
use crate::format::updater::yes_or_no;
use crate::model::channel::ClientSwitch;
use crate::model::updater::Effect;

/// Components of one source; real ones have four.
const MAX_COMPONENTS: usize = 64;

/// One suite of one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// Where `dists/` and `pool/` stand; ends in a slash.
    pub(super) root: String,
    /// Where the release file stands; ends in a slash.
    pub(super) dist: String,
    /// The suite as asked for; none for a folder of packages.
    pub(super) suite: Option<String>,
    /// Components as asked for; none for all.
    pub(super) components: Vec<String>,
    /// Fingerprints of which one must sign.
    pub(super) signed_by: Vec<String>,
    pub(super) architecture: String,
    /// What its options switch.
    pub(super) switches: Vec<ClientSwitch>,
}

impl Source {
    pub(super) fn of(request: &Request) -> Result<Self, Error> {
        let wrong = || Error::Target(request.target.clone());
        let (options, rest) = split_options(request.target.trim());
        let mut words = rest.split_ascii_whitespace();
        let url = words.next().ok_or_else(wrong)?;
        let (scheme, authority, path) = address::parts(url).ok_or_else(wrong)?;
        if path.contains(['?', '#']) {
            return Err(wrong());
        }
        let url = format!("{scheme}://{authority}{path}");
        let root = with_slash(&url);
        let suite = words.next().map(str::to_owned);
        let suite = suite.or_else(|| request.options.get("suite").cloned());
        let (root, suite) = match suite {
            Some(suite) => (root, Some(suite)),
            None => match without_suite(&root, &request.files) {
                Some((root, suite)) => (root, Some(suite)),
                None => (root, None),
            },
        };
        let flat = suite.as_deref().is_none_or(|s| s.ends_with('/'));
        let dist = match (&suite, flat) {
            (None, _) => Some(root.clone()),
            (Some(suite), true) if matches!(suite.as_str(), "./" | "/") => Some(root.clone()),
            (Some(suite), true) => address::below(&root, suite),
            (Some(suite), false) => address::below(&root, &format!("dists/{suite}/")),
        };
        let mut source = Self {
            dist: dist.ok_or_else(wrong)?,
            root,
            suite: suite.filter(|_| !flat),
            components: words.take(MAX_COMPONENTS).map(str::to_owned).collect(),
            signed_by: Vec::new(),
            architecture: "amd64".to_owned(),
            switches: Vec::new(),
        };
        for option in options.split_ascii_whitespace() {
            if let Some((name, value)) = option.split_once('=') {
                source.option(name, value);
            }
        }
        for (name, value) in &request.options {
            source.option(name, value);
        }
        Ok(source)
    }

    fn option(&mut self, name: &str, value: &str) {
        let said = yes_or_no(value);
        let (yes, no) = (said == Some(true), said == Some(false));
        let effect = match name.to_ascii_lowercase().as_str() {
            "signed-by" => {
                self.signed_by = fingerprints(value);
                return;
            }
            "arch" | "architecture" => {
                if let Some(first) = value.split(',').next().filter(|a| !a.is_empty()) {
                    self.architecture = first.to_owned();
                }
                return;
            }
            "trusted" | "allow-insecure" | "allow-downgrade-to-insecure" if yes => {
                Effect::AcceptsUnsigned
            }
            "allow-weak" if yes => Effect::WeakDigest,
            "check-valid-until" | "check-date" if no => Effect::IgnoresFreshness,
            _ => return,
        };
        self.switches.push(ClientSwitch {
            name: name.to_ascii_lowercase(),
            value: value.to_owned(),
            effect,
            place: "source".to_owned(),
        });
    }

    /// It is a folder of packages, without components.
    pub(super) fn is_flat(&self) -> bool {
        self.suite.is_none()
    }
}

/// `deb [a=b c=d] rest`.
pub(super) fn split_options(line: &str) -> (&str, &str) {
    let line = match line.strip_prefix("deb") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => line,
    };
    match line.strip_prefix('[').and_then(|l| l.split_once(']')) {
        Some((options, rest)) => (options, rest),
        None => ("", line),
    }
}

fn with_slash(url: &str) -> String {
    if url.ends_with('/') {
        url.to_owned()
    } else {
        format!("{url}/")
    }
}

/// The root and suite of the address of a suite or of a file in it, or of a copy on disk that holds one.
fn without_suite(url: &str, files: &[String]) -> Option<(String, String)> {
    if let Some(at) = url.rfind("/dists/") {
        let (root, rest) = url.split_at_checked(at)?;
        let suite = rest.strip_prefix("/dists/")?.trim_end_matches('/');
        let suite = suite
            .strip_suffix("/InRelease")
            .or_else(|| suite.strip_suffix("/Release"))
            .unwrap_or(suite);
        return (!suite.is_empty()).then(|| (format!("{root}/"), suite.to_owned()));
    }
    let mut suites: Vec<&str> = files
        .iter()
        .filter_map(|f| {
            let inside = f.strip_prefix("dists/")?;
            inside
                .strip_suffix("/InRelease")
                .or_else(|| inside.strip_suffix("/Release"))
        })
        .collect();
    suites.sort_unstable();
    suites.first().map(|s| (url.to_owned(), (*s).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::Source;
    use crate::channel::Request;

    fn source(target: &str, files: &[&str]) -> Option<Source> {
        Source::of(&Request {
            target: target.to_owned(),
            files: files.iter().map(|f| (*f).to_owned()).collect(),
            ..Request::default()
        })
        .ok()
    }

    #[test]
    fn every_way_to_name_a_suite_leads_to_its_release_file() {
        for target in [
            "https://h.example/debian sid main",
            "deb [arch=arm64 trusted=yes] https://h.example/debian/ sid main contrib",
            "https://h.example/debian/dists/sid",
            "https://h.example/debian/dists/sid/InRelease",
        ] {
            let found = source(target, &[]).unwrap();
            assert_eq!(
                found.dist, "https://h.example/debian/dists/sid/",
                "{target}"
            );
            assert_eq!(found.root, "https://h.example/debian/");
            assert_eq!(found.suite.as_deref(), Some("sid"));
        }
        let options = source(
            "deb [arch=arm64 trusted=yes] https://h.example/ s main x",
            &[],
        );
        let options = options.unwrap();
        assert_eq!(options.architecture, "arm64");
        assert_eq!(options.switches.len(), 1);
        assert_eq!(options.components, ["main", "x"]);
        for yes in ["YES", "with", "Enable"] {
            let found = source(&format!("[Trusted={yes}] https://h.example/ s"), &[]);
            assert_eq!(found.unwrap().switches[0].name, "trusted");
        }
    }

    #[test]
    fn folders_of_packages_and_copies_on_disk() {
        let flat = source("https://h.example/x ./", &[]).unwrap();
        assert!(flat.is_flat());
        assert_eq!(flat.dist, "https://h.example/x/");
        let flat = source("https://h.example/x amd64/", &[]).unwrap();
        assert_eq!(flat.dist, "https://h.example/x/amd64/");
        let copy = source("file:///", &["dists/a/Release", "pool/x.deb"]).unwrap();
        assert_eq!(copy.dist, "file:///dists/a/");
        let copy = source("file:///", &["InRelease"]).unwrap();
        assert_eq!(copy.dist, "file:///");
    }

    #[test]
    fn what_climbs_or_is_no_address_names_nothing() {
        for wrong in [
            "",
            "sid",
            "ftp://h.example/ sid",
            "https://h.example/ ../../etc main",
            "https://h.example/?x sid main",
        ] {
            assert_eq!(source(wrong, &[]), None, "{wrong}");
        }
    }
}
