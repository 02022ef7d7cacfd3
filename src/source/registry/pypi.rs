//! The simple API of Python package indexes: JSON (PEP 691, 700) where it is spoken, HTML (PEP 503) otherwise.

use std::collections::BTreeMap;

use reqwest::Url;
use serde::Deserialize;

use super::pep440::Version;
use super::{Answer, Ask, Error, RemoteFile, below, html, is_file_name, origin, stated};
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::Gap;
use crate::model::origin::{Edge, Link, Stated};
use crate::source::client::Configured;
use crate::source::digest::{named, unhex};
use crate::source::locator::Locator;

/// JSON first.
const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// A file as an index lists it.
struct Listed {
    name: String,
    url: String,
    digests: Vec<(DigestAlgorithm, Vec<u8>)>,
    size: Option<u64>,
    yanked: Option<String>,
    stated: Vec<Stated>,
    provenance: bool,
}

/// Every file of the release that `locator` names, or of the newest.
pub(super) fn files(
    locator: &Locator,
    index: &Configured,
    ask: &Ask<'_>,
) -> Result<Vec<RemoteFile>, Error> {
    let name = normalised(&locator.name);
    let mut url = below(&index.url, &[&name]);
    url.set_path(&format!("{}/", url.path()));
    let answer = ask.package(locator, &url, ACCEPT)?;
    let (base, listed) = read(&answer)?;
    let mut releases: BTreeMap<Version, Vec<Listed>> = BTreeMap::new();
    for file in listed {
        // What is named after no rule belongs to no release; indexes of long standing list some.
        if let Some(version) = version_of(&file.name, &name) {
            releases.entry(version).or_default().push(file);
        }
    }
    let version = match &locator.version {
        Some(version) => Version::parse(version),
        None => newest(&releases),
    };
    let Some((version, files)) = version.and_then(|v| releases.remove_entry(&v)) else {
        return Err(Error::NotThere(format!(
            "the index lists no file of {locator}"
        )));
    };
    // The release is named as its own files spell it.
    let spelled = files
        .first()
        .and_then(|f| spelled(&f.name, &name))
        .unwrap_or_default();
    let locator = match &locator.version {
        Some(_) => locator.clone(),
        None => locator.at(&spelled),
    };
    debug_assert!(Version::parse(&spelled).is_none_or(|v| v == version));
    let mut common = origin(&locator, index, answer.documents.clone());
    common.edges.push(Edge::open(
        Link::Anchor,
        "the index",
        "an index page carries no signature; what it states rests on the connection",
    ));
    files
        .into_iter()
        .map(|file| {
            let url = base
                .join(&file.url)
                .map_err(|e| Error::malformed(&answer.base, format!("{}: {e}", file.name)))?;
            let mut origin = common.clone();
            origin.url = super::http::without_credentials(&url).to_string();
            origin.yanked = file.yanked;
            origin.stated = file.stated;
            if file.provenance {
                origin.gaps.push(Gap {
                    what: "provenance attestations of the file".into(),
                    why: "offered by the registry and not examined".into(),
                });
            }
            Ok(RemoteFile {
                name: file.name,
                url: super::http::without_credentials(&url),
                access: ask.access.clone(),
                digests: file.digests,
                size: file.size,
                origin,
            })
        })
        .collect()
}

/// The newest that is neither a pre-release nor withdrawn; a pre-release where there is no other.
fn newest(releases: &BTreeMap<Version, Vec<Listed>>) -> Option<Version> {
    let offered = || {
        let whole = releases.iter().rev();
        whole
            .filter(|(_, files)| files.iter().any(|f| f.yanked.is_none()))
            .map(|(v, _)| v)
    };
    offered()
        .find(|v| !v.is_prerelease())
        .or_else(|| offered().next())
        .cloned()
}

/// PEP 503: runs of `-`, `_` and `.` are one `-`, letters are small.
fn normalised(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.push(c.to_ascii_lowercase()),
        }
    }
    out
}

/// Endings of source distributions; everything else that is built follows the project's version by a hyphen.
const SOURCE: [&str; 7] = [
    ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.Z", ".tar", ".zip",
];
const BUILT: [&str; 5] = [".whl", ".egg", ".exe", ".msi", ".rpm"];

/// The part of a file's name that is its version, for a project of this normalised name.
fn spelled(file: &str, project: &str) -> Option<String> {
    let source = SOURCE.iter().find_map(|e| file.strip_suffix(e));
    let stem = source.or_else(|| BUILT.iter().find_map(|e| file.strip_suffix(e)))?;
    stem.match_indices('-')
        .filter_map(|(at, _)| Some((stem.get(..at)?, stem.get(at.checked_add(1)?..)?)))
        .filter(|(name, _)| normalised(name) == project)
        .find_map(|(_, rest)| {
            // The first hyphen ends the version of what is built; a source archive is a version to its end.
            let until = |text: &str| Version::parse(text).is_some().then(|| text.to_owned());
            match source {
                Some(_) => until(rest),
                None => until(rest.split('-').next().unwrap_or_default())
                    .or_else(|| until(rest.split(".win").next().unwrap_or_default())),
            }
        })
}

fn version_of(file: &str, project: &str) -> Option<Version> {
    Version::parse(&spelled(file, project)?)
}

fn read(answer: &Answer) -> Result<(Url, Vec<Listed>), Error> {
    let malformed = |why: String| Error::malformed(&answer.base, why);
    // The answer's own form decides: a mirror may send JSON as any type.
    let first = answer.body.iter().find(|b| !b.is_ascii_whitespace());
    if first == Some(&b'{') {
        let project: Project =
            serde_json::from_slice(&answer.body).map_err(|e| malformed(e.to_string()))?;
        let files = project.files.into_iter().map(of_json);
        return Ok((
            answer.base.clone(),
            files.filter(|f| is_file_name(&f.name)).collect(),
        ));
    }
    let text = String::from_utf8_lossy(&answer.body);
    let page =
        html::read(&text).ok_or_else(|| malformed("more links than any project has".into()))?;
    let base = match &page.base {
        Some(base) => answer
            .base
            .join(base)
            .map_err(|e| malformed(e.to_string()))?,
        None => answer.base.clone(),
    };
    let files = page.anchors.into_iter().filter_map(of_html);
    Ok((base, files.filter(|f| is_file_name(&f.name)).collect()))
}

#[derive(Deserialize)]
struct Project {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
    size: Option<u64>,
    #[serde(default)]
    yanked: Yanked,
    #[serde(rename = "upload-time")]
    upload_time: Option<String>,
    provenance: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Yanked {
    Plain(bool),
    Why(String),
}

impl Default for Yanked {
    fn default() -> Self {
        Self::Plain(false)
    }
}

fn of_json(file: File) -> Listed {
    let digests = file
        .hashes
        .iter()
        .filter_map(|(name, value)| Some((named(name)?, unhex(value)?)));
    Listed {
        digests: digests.collect(),
        name: file.filename,
        url: file.url,
        size: file.size,
        yanked: match file.yanked {
            Yanked::Plain(false) => None,
            Yanked::Plain(true) => Some(String::new()),
            Yanked::Why(why) => Some(why),
        },
        stated: file
            .upload_time
            .map(|at| stated("upload-time", at))
            .into_iter()
            .collect(),
        provenance: file.provenance.is_some(),
    }
}

fn of_html(anchor: html::Anchor) -> Option<Listed> {
    let href = anchor.attributes.get("href")?;
    let (_, fragment) = href.split_once('#').unwrap_or((href, ""));
    let digest = fragment.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((named(name)?, unhex(value)?))
    });
    Some(Listed {
        name: anchor.text,
        url: href.clone(),
        digests: digest.into_iter().collect(),
        size: None,
        yanked: anchor.attributes.get("data-yanked").cloned(),
        stated: Vec::new(),
        provenance: anchor.attributes.contains_key("data-provenance"),
    })
}

#[cfg(test)]
mod tests {
    use super::{Answer, normalised, read, spelled};

    #[test]
    fn names_are_normalised_as_pep_503_says() {
        assert_eq!(normalised("Friendly-._.Bard"), "friendly-bard");
        assert_eq!(normalised("a.b_c"), "a-b-c");
    }

    #[test]
    fn a_file_says_its_version_in_every_form_of_name() {
        for (file, project, version) in [
            ("a-1.0.tar.gz", "a", "1.0"),
            ("a_b-1.0rc1.zip", "a-b", "1.0rc1"),
            ("a-b-1.0.tgz", "a-b", "1.0"),
            ("A.B-1.0-py3-none-any.whl", "a-b", "1.0"),
            ("a-1.0-2-cp312-abi3-win_amd64.whl", "a", "1.0"),
            ("a-1.0.win-amd64-py2.7.exe", "a", "1.0"),
            ("a-1.0-py2.7.egg", "a", "1.0"),
        ] {
            assert_eq!(spelled(file, project).as_deref(), Some(version), "{file}");
        }
        for (file, project) in [
            ("a-b-1.0.tar.gz", "a"),
            ("b-1.0.tar.gz", "a"),
            ("a-1.0.txt", "a"),
            ("a.whl", "a"),
            ("", "a"),
        ] {
            assert_eq!(spelled(file, project), None, "{file}");
        }
    }

    #[test]
    fn both_forms_say_the_same_and_names_that_are_paths_are_left_out() {
        let hash = "ab".repeat(32);
        let json = format!(
            r#" {{"meta":{{"api-version":"1.1"}},"name":"a","files":[
            {{"filename":"a-1.whl","url":"a-1.whl","hashes":{{"sha256":"{hash}","blake9":"00"}},"yanked":"why","size":7}},
            {{"filename":"../b","url":"b","hashes":{{}}}}]}}"#
        );
        let html = format!(
            "<a href=\"a-1.whl#sha256={hash}\" data-yanked=\"why\">a-1.whl</a><a href=b>../b</a>"
        );
        for body in [json, html] {
            let answer = Answer {
                body: body.into_bytes(),
                base: "https://h.example/simple/a/".parse().unwrap(),
                documents: Vec::new(),
            };
            let (_, files) = read(&answer).unwrap();
            assert_eq!(files.len(), 1);
            assert_eq!(files[0].digests.len(), 1);
            assert_eq!(files[0].yanked.as_deref(), Some("why"));
        }
    }
}
