//! npm's packument: one JSON document a package, with `dist` for each version (npm registry API, "package metadata").

use std::collections::BTreeMap;

use reqwest::Url;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Ask, Error, RemoteFile, is_file_name, origin, stated};
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::Gap;
use crate::model::origin::{Edge, Link};
use crate::source::base64;
use crate::source::client::Configured;
use crate::source::digest::{named, unhex};
use crate::source::locator::Locator;

/// The short form, where it is spoken.
const ACCEPT: &str = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*";

#[derive(Deserialize)]
struct Packument {
    name: Option<String>,
    #[serde(rename = "dist-tags", default)]
    dist_tags: BTreeMap<String, String>,
    #[serde(default)]
    versions: BTreeMap<String, Version>,
}

#[derive(Deserialize)]
struct Version {
    dist: Dist,
    deprecated: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Dist {
    tarball: String,
    integrity: Option<String>,
    shasum: Option<String>,
    #[serde(default)]
    signatures: Vec<IgnoredAny>,
    attestations: Option<IgnoredAny>,
}

/// The one file of the version that `locator` names, or of the one tagged as latest.
pub(super) fn files(
    locator: &Locator,
    index: &Configured,
    ask: &Ask<'_>,
) -> Result<Vec<RemoteFile>, Error> {
    let url = packument(&index.url, &locator.name);
    let answer = ask.package(locator, &url, ACCEPT)?;
    let malformed = |why: String| Error::malformed(&answer.base, why);
    let mut packument: Packument =
        serde_json::from_slice(&answer.body).map_err(|e| malformed(e.to_string()))?;
    if packument
        .name
        .as_ref()
        .is_some_and(|name| *name != locator.name)
    {
        return Err(malformed("the answer is about another package".into()));
    }
    let latest = packument.dist_tags.remove("latest");
    let wanted = locator.version.clone().or(latest);
    let found = wanted.and_then(|v| packument.versions.remove_entry(&v));
    let Some((number, version)) = found else {
        return Err(Error::NotThere(format!("the registry has no {locator}")));
    };
    let tarball = answer
        .base
        .join(&version.dist.tarball)
        .map_err(|e| malformed(format!("dist.tarball: {e}")))?;
    let tarball = super::http::without_credentials(&tarball);
    let last = tarball
        .path_segments()
        .and_then(|mut s| s.next_back())
        .unwrap_or_default();
    if !is_file_name(last) {
        return Err(malformed("dist.tarball names no file".into()));
    }
    let mut origin = origin(&locator.at(&number), index, answer.documents.clone());
    origin.url = tarball.to_string();
    if let Some(serde_json::Value::String(why)) = &version.deprecated {
        origin.stated.push(stated("deprecated", why));
    }
    let signed = !version.dist.signatures.is_empty();
    origin.edges.push(Edge::open(
        Link::Anchor,
        "the packument",
        if signed {
            "signed by the registry; the signature was not examined"
        } else {
            "no registry signature is offered; what it states rests on the connection"
        },
    ));
    let mut gap = |offered: bool, what: &str| {
        if offered {
            origin.gaps.push(Gap {
                what: what.into(),
                why: "offered by the registry and not examined".into(),
            });
        }
    };
    gap(signed, "registry signatures of the package");
    gap(
        version.dist.attestations.is_some(),
        "provenance attestations of the package",
    );
    Ok(vec![RemoteFile {
        name: last.to_owned(),
        digests: digests(&version.dist),
        size: None,
        access: ask.access.clone(),
        url: tarball,
        origin,
    }])
}

/// The slash of a scoped name is escaped, everything else stands as it is: both by npm's own rule.
fn packument(registry: &Url, name: &str) -> Url {
    let mut url = registry.clone();
    url.set_path(&format!("{}{}", registry.path(), name.replace('/', "%2f")));
    url
}

/// Subresource integrity (W3C), or the older SHA-1.
fn digests(dist: &Dist) -> Vec<(DigestAlgorithm, Vec<u8>)> {
    let integrity = dist.integrity.as_deref().unwrap_or_default();
    let mut digests: Vec<(DigestAlgorithm, Vec<u8>)> = integrity
        .split_whitespace()
        .filter_map(|one| {
            let one = one.split('?').next()?;
            let (name, value) = one.split_once('-')?;
            Some((named(name)?, base64::decode(value)?))
        })
        .collect();
    if digests.is_empty() {
        digests.extend(
            dist.shasum
                .as_deref()
                .and_then(unhex)
                .map(|d| (DigestAlgorithm::Sha1, d)),
        );
    }
    digests
}

#[cfg(test)]
mod tests {
    use super::{Dist, digests, packument};
    use crate::model::digest::DigestAlgorithm;

    #[test]
    fn a_scoped_name_is_one_segment() {
        let registry = "https://h.example/npm/".parse().unwrap();
        assert_eq!(
            packument(&registry, "@s/a").as_str(),
            "https://h.example/npm/@s%2fa"
        );
        assert_eq!(
            packument(&registry, "a.b").as_str(),
            "https://h.example/npm/a.b"
        );
    }

    #[test]
    fn integrity_goes_before_shasum() {
        let dist = |integrity: Option<&str>, shasum: Option<&str>| Dist {
            tarball: String::new(),
            integrity: integrity.map(str::to_owned),
            shasum: shasum.map(str::to_owned),
            signatures: Vec::new(),
            attestations: None,
        };
        let both = digests(&dist(Some("sha1-AAAA sha512-Zm9v?x md9-AA"), Some("00")));
        assert_eq!(
            both,
            [
                (DigestAlgorithm::Sha1, vec![0, 0, 0]),
                (DigestAlgorithm::Sha512, b"foo".to_vec())
            ]
        );
        assert_eq!(
            digests(&dist(None, Some("0102"))),
            [(DigestAlgorithm::Sha1, vec![1, 2])]
        );
        assert!(digests(&dist(Some(""), None)).is_empty());
    }
}
