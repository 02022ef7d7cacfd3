//! cargo's sparse index (The Cargo Book, "Registry Index"): one file a crate, one JSON object a line.

use reqwest::Url;
use serde::Deserialize;

use super::semver::Version;
use super::{Ask, Error, RemoteFile, origin};
use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::origin::{Edge, Link};
use crate::source::client::Configured;
use crate::source::digest::unhex;
use crate::source::locator::Locator;

#[derive(Deserialize)]
struct Config {
    dl: String,
}

#[derive(Deserialize)]
struct Line {
    name: String,
    vers: String,
    cksum: Option<String>,
    #[serde(default)]
    yanked: bool,
}

/// The one file of the version that `locator` names, or of the newest.
pub(super) fn files(
    locator: &Locator,
    index: &Configured,
    ask: &Ask<'_>,
) -> Result<Vec<RemoteFile>, Error> {
    let join = |path: &str| {
        index
            .url
            .join(path)
            .map_err(|e| Error::malformed(&index.url, e.to_string()))
    };
    let config = ask.document(&join("config.json")?, "application/json, */*")?;
    let malformed = |url: &Url, why: String| Error::malformed(url, why);
    let settings: Config =
        serde_json::from_slice(&config.body).map_err(|e| malformed(&config.base, e.to_string()))?;
    let answer = ask.package(locator, &join(&index_path(&locator.name))?, "*/*")?;
    let text =
        std::str::from_utf8(&answer.body).map_err(|e| malformed(&answer.base, e.to_string()))?;
    let lines: Vec<Line> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        // A line of a form still unknown is about a version that cannot be chosen.
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|line: &Line| line.name.eq_ignore_ascii_case(&locator.name))
        .collect();
    let Some(line) = choose(&lines, locator.version.as_deref()) else {
        return Err(Error::NotThere(format!("the index lists no {locator}")));
    };
    let checksum = line.cksum.as_deref().and_then(unhex);
    let url = download(&settings.dl, line, checksum.as_deref().unwrap_or_default());
    let url = Url::parse(&url).map_err(|e| malformed(&config.base, format!("dl: {e}")))?;
    let url = super::http::without_credentials(&url);
    let mut documents = config.documents;
    documents.extend(answer.documents);
    let mut origin = origin(&locator.at(&line.vers), index, documents);
    origin.url = url.to_string();
    origin.yanked = line.yanked.then(String::new);
    origin.edges.push(Edge::open(
        Link::Anchor,
        "the index",
        "a sparse index carries no signature; what it states rests on the connection",
    ));
    Ok(vec![RemoteFile {
        name: format!("{}-{}.crate", line.name, line.vers),
        digests: checksum
            .map(|c| (DigestAlgorithm::Sha256, c))
            .into_iter()
            .collect(),
        size: None,
        access: ask.access.clone(),
        url,
        origin,
    }])
}

/// The version asked for, build metadata left out where nobody typed it; else the newest that is offered.
fn choose<'l>(lines: &'l [Line], version: Option<&str>) -> Option<&'l Line> {
    if let Some(version) = version {
        let exact = lines.iter().find(|l| l.vers == version);
        let wanted = Version::parse(version);
        return exact.or_else(|| lines.iter().find(|l| Version::parse(&l.vers) == wanted));
    }
    let offered = || {
        let offered = lines.iter().filter(|l| !l.yanked);
        offered.filter_map(|l| Some((Version::parse(&l.vers)?, l)))
    };
    let newest = |all: &mut dyn Iterator<Item = (Version, &'l Line)>| {
        all.max_by(|(a, _), (b, _)| a.cmp(b)).map(|(_, line)| line)
    };
    newest(&mut offered().filter(|(v, _)| !v.is_prerelease())).or_else(|| newest(&mut offered()))
}

/// Where a crate's lines stand.
fn index_path(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let part = |range: std::ops::Range<usize>| name.get(range).unwrap_or_default();
    match name.len() {
        1 => format!("1/{name}"),
        2 => format!("2/{name}"),
        3 => format!("3/{}/{name}", part(0..1)),
        _ => format!("{}/{}/{name}", part(0..2), part(2..4)),
    }
}

/// The folder part of [`index_path`], in the case that is given.
fn prefix(name: &str) -> String {
    let part = |range: std::ops::Range<usize>| name.get(range).unwrap_or_default();
    match name.len() {
        1 => "1".into(),
        2 => "2".into(),
        3 => format!("3/{}", part(0..1)),
        _ => format!("{}/{}", part(0..2), part(2..4)),
    }
}

/// The address of a crate; without any marker the usual end is added.
fn download(template: &str, line: &Line, checksum: &[u8]) -> String {
    const MARKERS: [&str; 5] = [
        "{crate}",
        "{version}",
        "{prefix}",
        "{lowerprefix}",
        "{sha256-checksum}",
    ];
    if !MARKERS.iter().any(|m| template.contains(m)) {
        let template = template.trim_end_matches('/');
        return format!("{template}/{}/{}/download", line.name, line.vers);
    }
    template
        .replace("{crate}", &line.name)
        .replace("{version}", &line.vers)
        .replace("{prefix}", &prefix(&line.name))
        .replace("{lowerprefix}", &prefix(&line.name.to_ascii_lowercase()))
        .replace("{sha256-checksum}", &hex(checksum))
}

#[cfg(test)]
mod tests {
    use super::{Line, choose, download, index_path};

    fn line(vers: &str, yanked: bool) -> Line {
        Line {
            name: "MyCrate".into(),
            vers: vers.into(),
            cksum: None,
            yanked,
        }
    }

    #[test]
    fn paths_are_those_of_the_cargo_book() {
        for (name, path) in [
            ("a", "1/a"),
            ("ab", "2/ab"),
            ("abc", "3/a/abc"),
            ("Cargo", "ca/rg/cargo"),
        ] {
            assert_eq!(index_path(name), path);
        }
    }

    #[test]
    fn the_newest_is_neither_withdrawn_nor_a_pre_release() {
        let lines = [
            line("1.9.0", false),
            line("1.10.0", false),
            line("1.11.0", true),
            line("2.0.0-rc.1", false),
            line("0.1.0+b", false),
        ];
        assert_eq!(choose(&lines, None).unwrap().vers, "1.10.0");
        assert_eq!(choose(&lines, Some("1.11.0")).unwrap().vers, "1.11.0");
        assert_eq!(choose(&lines, Some("0.1.0")).unwrap().vers, "0.1.0+b");
        assert!(choose(&lines, Some("3.0.0")).is_none());
        assert_eq!(choose(&lines[3..4], None).unwrap().vers, "2.0.0-rc.1");
        assert!(choose(&lines[2..3], None).is_none());
        assert!(choose(&[], None).is_none());
    }

    #[test]
    fn addresses_follow_the_template() {
        let crate_ = line("1.0.0", false);
        assert_eq!(
            download("https://h.example/api/", &crate_, &[]),
            "https://h.example/api/MyCrate/1.0.0/download"
        );
        assert_eq!(
            download(
                "https://h.example/{prefix}/{lowerprefix}/{crate}-{version}?{sha256-checksum}",
                &crate_,
                &[0xab]
            ),
            "https://h.example/My/Cr/my/cr/MyCrate-1.0.0?ab"
        );
    }
}
