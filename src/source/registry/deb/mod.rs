//! apt's repositories: `InRelease` names `Packages` by digest, `Packages` names the `.deb` by digest (Debian wiki,
//! "DebianRepository/Format").
//!
//! Every link is computed. The OpenPGP signature that the chain hangs on is not verified here, so its first edge is unknown, with
//! the keys named that the configuration allows.

mod packages;
mod release;

use reqwest::Url;

use self::packages::Found;
use self::release::{Index, Release};
use super::{Ask, Error, RemoteFile, is_file_name, origin, stated};
use crate::base::budget::Clock;
use crate::base::debian_version::Version;
use crate::model::extract::Gap;
use crate::model::origin::{Edge, Link, Origin};
use crate::source::client::Configured;
use crate::source::client::apt::{Source, Sources};
use crate::source::digest;
use crate::source::http::{self, Access, Schemes, Site, without_credentials};
use crate::source::locator::Locator;
use crate::source::wire::Wire;

/// Debian's name of the architecture this program was built for; a client would take its own.
pub(super) fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "i386",
        "arm" => "armhf",
        "powerpc64" => "ppc64el",
        "loongarch64" => "loong64",
        other => other,
    }
}

/// A package with the chain that leads to it.
struct Candidate {
    version: Version,
    found: Found,
    source: Source,
    origin: Origin,
    access: Access,
}

/// The one file of the version that `locator` names, or of the newest of all sources, the first source before others.
pub(super) fn files(
    locator: &Locator,
    sources: &Sources,
    architecture: &str,
    wire: &Wire,
    clock: &dyn Clock,
) -> Result<Vec<RemoteFile>, Error> {
    let wanted = locator.version.as_deref().and_then(Version::parse);
    let mut best: Option<Candidate> = None;
    for source in &sources.all {
        let access = Access {
            schemes: Schemes::Both,
            named: Site::of(&source.url).into_iter().collect(),
            hosts: Vec::new(),
            credentials: source.credentials.clone(),
        };
        let ask = Ask {
            wire,
            clock,
            access,
        };
        for candidate in of_source(locator, source, sources, architecture, &ask)? {
            let fits = wanted.as_ref().is_none_or(|w| *w == candidate.version);
            if fits && best.as_ref().is_none_or(|b| candidate.version > b.version) {
                best = Some(candidate);
            }
        }
    }
    let Some(best) = best else {
        return Err(Error::NotThere(format!(
            "no source lists {locator} for {architecture}"
        )));
    };
    Ok(vec![best.into_file(locator)?])
}

impl Candidate {
    fn into_file(self, locator: &Locator) -> Result<RemoteFile, Error> {
        let url = join(&self.source.url, &self.found.filename)?;
        let last = url
            .path_segments()
            .and_then(|mut s| s.next_back())
            .unwrap_or_default();
        if !is_file_name(last) {
            return Err(Error::malformed(&self.source.url, "Filename names no file"));
        }
        let mut origin = self.origin;
        origin.locator = locator.at(&self.found.version).to_string();
        origin.url = url.to_string();
        Ok(RemoteFile {
            name: last.to_owned(),
            access: self.access,
            digests: self.found.digests,
            size: self.found.size,
            url,
            origin,
        })
    }
}

fn of_source(
    locator: &Locator,
    source: &Source,
    sources: &Sources,
    architecture: &str,
    ask: &Ask<'_>,
) -> Result<Vec<Candidate>, Error> {
    let flat = source.suite.ends_with('/');
    let root = match flat {
        true => join(&source.url, source.suite.trim_start_matches("./"))?,
        false => join(&source.url, &format!("dists/{}/", source.suite))?,
    };
    let (release, origin) = release(locator, source, sources, &root, ask)?;
    let folders: Vec<String> = match flat {
        true => vec![String::new()],
        false => source
            .components
            .iter()
            .map(|c| format!("{c}/binary-{architecture}/"))
            .collect(),
    };
    let mut all = Vec::new();
    for folder in folders {
        // A suite need not have every component for every architecture.
        let indexes = release.indexes(&folder);
        if indexes.is_empty() {
            continue;
        }
        let mut origin = origin.clone();
        let text = packages(&root, &release, &indexes, &mut origin, ask)?;
        for found in packages::find(&text, &locator.name, architecture) {
            let Some(version) = Version::parse(&found.version) else {
                continue;
            };
            all.push(Candidate {
                version,
                found,
                source: source.clone(),
                origin: origin.clone(),
                access: ask.access.clone(),
            });
        }
    }
    Ok(all)
}

/// The release file of a suite and the first edge.
fn release(
    locator: &Locator,
    source: &Source,
    sources: &Sources,
    root: &Url,
    ask: &Ask<'_>,
) -> Result<(Release, Origin), Error> {
    let inline = join(root, "InRelease")?;
    let (answer, clear) = match ask.document(&inline, "*/*") {
        Ok(answer) => (answer, true),
        Err(Error::Http {
            error: http::Error::Status(404 | 410),
            ..
        }) => (ask.document(&join(root, "Release")?, "*/*")?, false),
        Err(error) => return Err(error),
    };
    let release =
        Release::read(&answer.body, clear).map_err(|why| Error::malformed(&answer.base, why))?;
    let configured = Configured {
        url: source.url.clone(),
        by: source.by.clone(),
        credentials: Vec::new(),
        beside: sources.beside.clone(),
    };
    let mut origin = origin(locator, &configured, answer.documents);
    let keys = source
        .signed_by
        .as_deref()
        .unwrap_or("any key that apt trusts");
    let reason = if clear {
        format!("the OpenPGP signature was not verified; it should be by {keys}")
    } else {
        format!("a detached signature, if there is one, was not verified; it should be by {keys}")
    };
    origin
        .edges
        .push(Edge::open(Link::Anchor, "keys to the release file", reason));
    origin.gaps.push(Gap {
        what: "OpenPGP signature of the release file".into(),
        why: "not verified by this version".into(),
    });
    origin
        .stated
        .push(stated("Suite asked for", source.suite.clone()));
    origin.stated.push(stated("Signed-By configured", keys));
    for (key, value) in release.stated() {
        origin.stated.push(stated(key, value));
    }
    Ok((release, origin))
}

/// The text of a `Packages` file, with the edge to it. Not every form that a release file lists need be there.
fn packages(
    root: &Url,
    release: &Release,
    indexes: &[Index],
    origin: &mut Origin,
    ask: &Ask<'_>,
) -> Result<String, Error> {
    let mut last = None;
    for index in indexes {
        let path = match (&index.by_hash, release.by_hash) {
            (Some(by_hash), true) => by_hash,
            _ => &index.path,
        };
        let url = join(root, path)?;
        let answer = match ask.document(&url, "*/*") {
            Ok(answer) => answer,
            Err(
                error @ Error::Http {
                    error: http::Error::Status(404 | 410),
                    ..
                },
            ) => {
                last = Some(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        let computed = digest::of(&answer.body, index.algorithm).ok().flatten();
        origin.documents.extend(answer.documents);
        origin.edges.push(Edge::compared(
            Link::Document,
            "the release file to Packages",
            index.algorithm,
            index.digest.clone(),
            computed.unwrap_or_default(),
        ));
        let text = packages::decode(&answer.body, &index.path);
        return text.map_err(|why| Error::malformed(&url, why));
    }
    Err(last.unwrap_or_else(|| Error::malformed(root, "no form of Packages")))
}

/// `path` below `root`; a path that climbs out of it is refused.
fn join(root: &Url, path: &str) -> Result<Url, Error> {
    let climbs = path.starts_with('/')
        || path
            .split('/')
            .any(|part| part == ".." || part.contains('\\'));
    if climbs || path.contains(['?', '#']) {
        return Err(Error::malformed(
            root,
            format!("`{path}` leads out of the repository"),
        ));
    }
    let mut url = without_credentials(root);
    // Set whole and not joined: a part such as `a:b` would be read as another scheme.
    url.set_path(&format!("{}{path}", root.path()));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn a_path_stays_below_its_root() {
        let root = "https://h.example/debian/".parse().unwrap();
        assert_eq!(
            join(&root, "pool/a_1%3a2_all.deb").unwrap().path(),
            "/debian/pool/a_1%3a2_all.deb"
        );
        assert_eq!(
            join(&root, "http://x/").unwrap().path(),
            "/debian/http://x/"
        );
        for wrong in ["../x", "a/../../x", "/x", "a?b", "a\\..\\b"] {
            assert!(join(&root, wrong).is_err(), "{wrong}");
        }
    }
}
